//! Verdicts on what the program found in random releases: which releases, which facts, right or wrong.
//!
//! The releases are no part of the project; a verdict names its fact by release, kind, place and a digest of what the
//! fact says, so that it holds for that fact only and gives nothing of the text away.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::shell::{Result, checked, each_release, program, root, scratch, shown, text_of};

/// Releases that were judged at one time, as a stretch of the choice, and the file of their verdicts.
pub(crate) struct Sample {
    pub(crate) file: &'static str,
    from: usize,
    to: usize,
}

/// Judged before the rules were mended on them.
pub(crate) const FIRST: Sample = Sample { file: "tests/verdicts/en.tsv", from: 0, to: 200 };
/// Judged after that.
pub(crate) const SECOND: Sample = Sample { file: "tests/verdicts/en-second.tsv", from: 200, to: 300 };
/// Judged later, before any of it was read: what a new release may expect. No weight is fitted to it.
pub(crate) const THIRD: Sample = Sample { file: "tests/verdicts/en-third.tsv", from: 300, to: 400 };
/// Proposals alone, judged on 26 November on other releases, after the rules had been mended on some of these. Their
/// releases are those that the file names.
pub(crate) const PROPOSALS: Sample = Sample { file: "tests/verdicts/en-proposals.tsv", from: 0, to: 0 };
/// Judged of releases that were kept unread while rules were mended on others that day, and read afterwards. Its releases
/// are those that the file names.
pub(crate) const FOURTH: Sample = Sample { file: "tests/verdicts/en-fourth.tsv", from: 0, to: 0 };
/// The same, the next time: what a new release may expect.
pub(crate) const FIFTH: Sample = Sample { file: "tests/verdicts/en-fifth.tsv", from: 0, to: 0 };
/// The same, once more, without the releases on which changes were looked at.
pub(crate) const SIXTH: Sample = Sample { file: "tests/verdicts/en-sixth.tsv", from: 0, to: 0 };
/// The same, after a day on which rules were mended with other names in the gold. No weight is fitted to it.
pub(crate) const SEVENTH: Sample = Sample { file: "tests/verdicts/en-seventh.tsv", from: 0, to: 0 };
/// The same, after a day on which rules were mended on releases of other ministries. No weight is fitted to it.
pub(crate) const EIGHTH: Sample = Sample { file: "tests/verdicts/en-eighth.tsv", from: 0, to: 0 };
/// The weights of confidence are fitted to these.
pub(crate) const ALL: [Sample; 6] = [FIRST, SECOND, FOURTH, FIFTH, SIXTH, PROPOSALS];
/// What was missed in the first.
const MISSED: &str = "tests/verdicts/en-missed.tsv";
/// What was seen of each judged fact when it was judged.
pub(crate) const EVIDENCE: &str = "tests/verdicts/en-evidence.tsv";
/// The files of releases, below `../shared/corpora`.
const CORPORA: [&str; 2] = ["demo_open_licence.jsonl", "bulk_en_sample.jsonl.zst"];
/// What counts as a press release, as the files call it.
const TYPES: [&str; 4] = ["press_release", "press-release", "statements-releases", "release"];

/// Kinds of facts, in the order in which they are told; `name` is the name of an official.
pub(crate) const KINDS: [&str; 6] = ["official", "name", "person", "body", "proposal", "statement"];

/// What a judge said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Judged {
    Right,
    Wrong,
    /// The guidelines leave it open.
    Open,
}

/// One fact: where it stands, and a digest of what it says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fact {
    pub(crate) release: String,
    pub(crate) kind: String,
    pub(crate) start: u64,
    pub(crate) end: u64,
    pub(crate) digest: String,
}

impl Fact {
    /// A short name for it.
    pub(crate) fn key(&self) -> String {
        let Self { release, kind, start, end, digest } = self;
        hex(&format!("{release}\t{kind}\t{start}\t{end}\t{digest}")).chars().take(12).collect()
    }
}

/// Evidence: its sort and its value.
pub(crate) type Piece = (String, String);

/// What was overlooked when the verdicts were given.
pub(crate) struct Miss {
    pub(crate) release: String,
    pub(crate) kind: String,
    pub(crate) start: u64,
    pub(crate) end: u64,
}

/// Every judged fact of a sample with its verdict.
pub(crate) fn verdicts(sample: &Sample) -> Result<BTreeMap<Fact, Judged>> {
    let mut all = BTreeMap::new();
    for (number, columns) in rows(sample.file)? {
        let wrong = |what: &str| format!("{}:{number}: {what}", sample.file);
        let [release, kind, start, end, digest, verdict, ..] = &columns[..] else {
            return Err(wrong("seven columns are wanted, parted by tabs"));
        };
        let verdict = match verdict.as_str() {
            "ok" => Judged::Right,
            "no" => Judged::Wrong,
            "open" => Judged::Open,
            other => return Err(wrong(&format!("`{other}` is none of ok, no, open"))),
        };
        let (release, digest) = (release.clone(), digest.clone());
        let (kind, start, end) = place(kind, start, end).map_err(|what| wrong(&what))?;
        if all.insert(Fact { release, kind, start, end, digest }, verdict).is_some() {
            return Err(wrong("the fact has a verdict already"));
        }
    }
    Ok(all)
}

/// All that was overlooked.
pub(crate) fn missed() -> Result<Vec<Miss>> {
    let mut all = Vec::new();
    for (number, columns) in rows(MISSED)? {
        let wrong = |what: &str| format!("{MISSED}:{number}: {what}");
        let [release, kind, start, end, ..] = &columns[..] else {
            return Err(wrong("five columns are wanted, parted by tabs"));
        };
        let (kind, start, end) = place(kind, start, end).map_err(|what| wrong(&what))?;
        all.push(Miss { release: release.clone(), kind, start, end });
    }
    Ok(all)
}

/// The evidence of judged facts, by their keys.
pub(crate) fn evidence() -> Result<BTreeMap<String, Vec<Piece>>> {
    let mut all = BTreeMap::new();
    for (number, columns) in rows(EVIDENCE)? {
        let Some((key, pieces)) = columns.split_first() else { continue };
        let parts =
            pieces.iter().map(|piece| piece.split_once('=').map(|(of, value)| (of.into(), value.into())));
        let parts: Option<Vec<Piece>> = parts.collect();
        let parts =
            parts.ok_or_else(|| format!("{EVIDENCE}:{number}: `sort=value` is wanted in each column"))?;
        all.insert(key.clone(), parts);
    }
    Ok(all)
}

/// Writes the evidence anew.
pub(crate) fn keep(evidence: &BTreeMap<String, Vec<Piece>>) -> Result<()> {
    let mut text = String::from(
        "# What was seen of each fact when it was judged; written by `cargo xtask confidence --gather`.\n\
         # key of the fact\tsort=value\t…\n",
    );
    for (key, pieces) in evidence {
        let pieces: Vec<String> = pieces.iter().map(|(of, value)| format!("{of}={value}")).collect();
        text += &format!("{key}\t{}\n", pieces.join("\t"));
    }
    let path = root().join(EVIDENCE);
    fs::write(&path, text).map_err(|why| format!("cannot write {}: {why}", shown(&path)))
}

fn place(kind: &str, start: &str, end: &str) -> std::result::Result<(String, u64, u64), String> {
    if !KINDS.contains(&kind) {
        return Err(format!("`{kind}` is none of {}", KINDS.join(", ")));
    }
    match (start.parse(), end.parse()) {
        (Ok(start), Ok(end)) if start < end => Ok((kind.to_owned(), start, end)),
        _ => Err(format!("`{start}` to `{end}` is no place")),
    }
}

/// The columns of every line that is no comment, with its number.
fn rows(path: &str) -> Result<Vec<(usize, Vec<String>)>> {
    let text = text_of(&root().join(path))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    Ok(lines.map(|(n, line)| (n + 1, line.split('\t').map(str::to_owned).collect())).collect())
}

/// The releases of a sample, as their files have them; `None` where the files do not lie beside the workspace.
pub(crate) fn chosen(sample: &Sample) -> Result<Option<Vec<Value>>> {
    let folder = root().join("../shared/corpora");
    let mut releases: BTreeMap<String, Value> = BTreeMap::new();
    for name in CORPORA {
        let path = folder.join(name);
        if !path.is_file() {
            return Ok(None);
        }
        each_release(&path, &mut |release| {
            let id = release["id"].as_str().unwrap_or_default().to_owned();
            if TYPES.contains(&release["type"].as_str().unwrap_or_default()) {
                releases.entry(id).or_insert(release);
            }
        })?;
    }
    let mut releases: Vec<(String, Value)> =
        releases.into_iter().map(|(id, release)| (hex(&format!("chancery:{id}")), release)).collect();
    releases.sort_by(|a, b| a.0.cmp(&b.0));
    let named: BTreeSet<String> = match sample.to {
        0 => verdicts(sample)?.into_keys().map(|fact| fact.release).collect(),
        _ => BTreeSet::new(),
    };
    let to = if sample.to == 0 { releases.len() } else { sample.to };
    let of_sample = releases.into_iter().take(to).skip(sample.from).map(|(_, release)| release);
    let is_named = |release: &Value| release["id"].as_str().is_some_and(|id| named.contains(id));
    Ok(Some(of_sample.filter(|release| sample.to > 0 || is_named(release)).collect()))
}

/// The lines that the program prints for releases, in their order.
pub(crate) fn extracted(name: &str, releases: &[Value]) -> Result<Vec<String>> {
    let input: PathBuf = scratch(name)?.join("releases.ndjson");
    let lines: Vec<String> = releases.iter().map(Value::to_string).collect();
    fs::write(&input, lines.join("\n")).map_err(|why| format!("cannot write {}: {why}", shown(&input)))?;
    let output = Command::new(program()?).args(["extract", "--lang", "en"]).arg(&input).output();
    let output = checked("chancery extract", output)?;
    Ok(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
}

/// A fact of a record, with its id in it, and which post of a person it is.
pub(crate) struct Found {
    pub(crate) fact: Fact,
    pub(crate) id: String,
    pub(crate) post: Option<usize>,
    /// What the record says of it: 0 to 100.
    pub(crate) confidence: u64,
}

/// Every fact of a record: an official's is one post; a person's (where there is no post) and a body's stand at the
/// first mention.
pub(crate) fn facts(record: &Value) -> Vec<Found> {
    let release = record["id"].as_str().unwrap_or_default();
    let mut found = Vec::new();
    let mut add = |kind: &str, post: Option<usize>, whole: &Value, at: &Value, says: &[&Value]| {
        let fact = Fact {
            release: release.to_owned(),
            kind: kind.to_owned(),
            start: at["start"].as_u64().unwrap_or_default(),
            end: at["end"].as_u64().unwrap_or_default(),
            digest: digest(says),
        };
        let id = whole["id"].as_str().unwrap_or_default().to_owned();
        let weighed = if post.is_some() { at } else { whole };
        found.push(Found { fact, id, post, confidence: weighed["confidence"].as_u64().unwrap_or_default() });
    };
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let bodies = list(&record["organizations"]);
    for person in list(&record["officials"]) {
        add("name", None, &person, &person["mentions"][0], &[&person["name"]]);
        for (n, post) in list(&person["posts"]).iter().enumerate() {
            let body = bodies
                .iter()
                .find(|body| !post["organization"].is_null() && body["id"] == post["organization"]);
            let body = body.map_or(&Value::Null, |body| &body["name"]);
            let says = [&person["name"], &post["title"], body, &post["acting"], &post["former"]];
            add("official", Some(n), &person, post, &says);
        }
    }
    for person in list(&record["persons"]) {
        add("person", None, &person, &person["mentions"][0], &[&person["name"]]);
    }
    for body in &bodies {
        add("body", None, body, &body["mentions"][0], &[&body["name"], &body["acronym"]]);
    }
    for put in list(&record["proposals"]) {
        add("proposal", None, &put, &put, &[&put["proposer"], &put["text"]]);
    }
    for said in list(&record["statements"]) {
        add("statement", None, &said, &said, &[&said["speaker"], &said["text"]]);
    }
    found
}

/// Eight digits of a digest over all that a fact says.
fn digest(says: &[&Value]) -> String {
    let words = says.iter().map(|value| match value {
        Value::String(words) => words.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    });
    hex(&words.collect::<Vec<_>>().join("\t")).chars().take(8).collect()
}

fn hex(words: &str) -> String {
    Sha256::digest(words.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_verdict_and_miss_can_be_read() {
        let verdicts = verdicts(&FIRST).unwrap();
        for kind in KINDS {
            assert!(verdicts.keys().any(|fact| fact.kind == kind), "{kind}");
        }
        assert!(super::verdicts(&SECOND).unwrap().len() > 1000);
        assert!(missed().unwrap().len() > 40);
        let evidence = evidence().unwrap();
        assert!(verdicts.keys().all(|fact| evidence.contains_key(&fact.key())));
    }

    #[test]
    fn a_fact_is_another_where_it_says_something_else() {
        let record = |title: &str| {
            json!({"id": "r", "organizations": [{"id": "g1", "name": "Ports Board", "mentions": [{"start": 9, "end": 20}]}],
                "officials": [{"id": "p1", "name": "Ana Roe", "posts":
                    [{"title": title, "organization": "g1", "acting": false, "former": true, "start": 0, "end": 5, "confidence": 80}]}]})
        };
        let (one, two) = (facts(&record("Chair")), facts(&record("Deputy Chair")));
        assert_eq!((one.len(), one[1].confidence, one[1].post), (3, 80, Some(0)));
        assert_eq!((one[1].fact.start, one[1].fact.end), (two[1].fact.start, two[1].fact.end));
        assert_ne!(one[1].fact.digest, two[1].fact.digest);
        assert_eq!((&one[0].fact, &one[2].fact), (&two[0].fact, &two[2].fact));
    }
}
