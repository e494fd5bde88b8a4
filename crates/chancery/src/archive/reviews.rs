//! What a person said of doubtful facts: `reviews.ndjson`, a line for each verdict, only ever added to. It is the user's own
//! work: nothing in the archive is made from it, and nothing takes it away.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use chancery_record::{Record, Span};
use serde::{Deserialize, Serialize};

use super::ingest::time;
use crate::Error;

const FILE: &str = "reviews.ndjson";

/// A fact as a review names it: by what it says and where, so that it is the same fact under other rules.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ReviewedFact {
    /// The release's id.
    pub id: String,
    /// Digest of the release's text.
    pub text_sha256: String,
    /// `official`, `person`, `organization`, `proposal` or `statement`.
    pub kind: String,
    /// Where it begins in the text, in code points.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// What it says, in words: name and post, speaker.
    pub says: String,
}

/// What was said of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It is right.
    Right,
    /// It is wrong.
    Wrong,
    /// What was said before is taken back.
    Withdrawn,
}

#[derive(Serialize, Deserialize)]
struct Line {
    #[serde(flatten)]
    fact: ReviewedFact,
    verdict: Verdict,
    confidence: u8,
    at: String,
}

impl ReviewedFact {
    /// A fact of a record, at a span of its text.
    #[must_use]
    pub fn of(record: &Record, kind: &str, span: Span, says: String) -> Self {
        let text = &record.release.text;
        let characters = |to: usize| Span::new(0, to).of(text).chars().count();
        Self {
            id: record.release.id.clone(),
            text_sha256: record.release.text_sha256.clone(),
            kind: kind.to_owned(),
            start: characters(span.start),
            end: characters(span.end),
            says,
        }
    }
}

/// All facts that have a verdict.
pub(super) fn read(dir: &Path) -> Result<BTreeSet<ReviewedFact>, Error> {
    Ok(standing(dir)?.into_iter().map(|line| line.fact).collect())
}

/// The verdict that was given last and was not taken back: of which fact, which it is, and how sure the fact was.
pub(super) fn last(dir: &Path) -> Result<Option<(ReviewedFact, Verdict, u8)>, Error> {
    Ok(standing(dir)?.pop().map(|line| (line.fact, line.verdict, line.confidence)))
}

/// The lines whose verdict holds, in the order in which they were given: the last word on each fact.
fn standing(dir: &Path) -> Result<Vec<Line>, Error> {
    let path = dir.join(FILE);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(Error::io(&path, "read", cause)),
    };
    // A line that is no review, such as one that was cut off within a letter, reviews nothing.
    let lines = bytes.split(|byte| *byte == b'\n');
    let lines: Vec<Line> = lines.filter_map(|line| serde_json::from_slice(line).ok()).collect();
    let mut said = BTreeSet::new();
    let mut standing: Vec<Line> =
        lines.into_iter().rev().filter(|line| said.insert(line.fact.clone())).collect();
    standing.retain(|line| line.verdict != Verdict::Withdrawn);
    standing.reverse();
    Ok(standing)
}

/// Adds a verdict; it is on the disk when this returns.
pub(super) fn add(dir: &Path, fact: &ReviewedFact, verdict: Verdict, confidence: u8) -> Result<(), Error> {
    let path = dir.join(FILE);
    let line = Line { fact: fact.clone(), verdict, confidence, at: time(None) };
    let json = serde_json::to_string(&line).expect("a review holds only strings and numbers");
    let write = || -> io::Result<()> {
        let mut file = OpenOptions::new().create(true).append(true).read(true).open(&path)?;
        // What was cut off before gets a line of its own.
        let whole = fs::read(&path)?.last().is_none_or(|byte| *byte == b'\n');
        let start = if whole { "" } else { "\n" };
        file.write_all(format!("{start}{json}\n").as_bytes())?;
        file.sync_all()
    };
    write().map_err(|cause| Error::io(&path, "write", cause))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_are_added_and_a_line_cut_off_costs_only_itself() {
        let dir = tempfile::tempdir().unwrap();
        let mut record = Record::new(chancery_record::Release::default(), "test");
        record.release.text = "Zoë Ünal said so.".into();
        let fact = ReviewedFact::of(&record, "person", Span::new(5, 10), "Ünal".into());
        assert_eq!((fact.start, fact.end), (4, 8));
        assert!(read(dir.path()).unwrap().is_empty());
        add(dir.path(), &fact, Verdict::Wrong, 40).unwrap();
        let path = dir.path().join(FILE);
        let line = fs::read_to_string(&path).unwrap();
        assert!(line.contains(r#""verdict":"wrong","confidence":40"#), "{line}");
        // Within the first letter of the name.
        fs::write(&path, &line.as_bytes()[..=line.find('Ü').unwrap()]).unwrap();
        assert!(read(dir.path()).unwrap().is_empty());
        add(dir.path(), &fact, Verdict::Right, 40).unwrap();
        assert_eq!(read(dir.path()).unwrap(), BTreeSet::from([fact.clone()]));
        let other = ReviewedFact { start: 0, ..fact.clone() };
        add(dir.path(), &other, Verdict::Wrong, 30).unwrap();
        assert_eq!(last(dir.path()).unwrap(), Some((other.clone(), Verdict::Wrong, 30)));
        add(dir.path(), &other, Verdict::Withdrawn, 30).unwrap();
        assert_eq!(last(dir.path()).unwrap(), Some((fact.clone(), Verdict::Right, 40)));
        assert_eq!(read(dir.path()).unwrap(), BTreeSet::from([fact]));
    }
}
