//! How fast an index answers, and an archive suggests.

use std::path::Path;

use chancery::archive::Archive;
use chancery_index::{Facet, Index, Query};

use super::{RELEASES, Rounds};
use crate::Result;
use crate::clock::{compare, median, seconds};
use crate::table::{Aim, Row, Table};

/// Questions, and what somebody has typed.
const QUESTIONS: &str = include_str!("../../queries.txt");
const TYPED: &str = include_str!("../../typed.txt");
/// The facets that are counted with each question: those with the most values, and years.
const FACETS: [Facet; 4] = [Facet::Speaker, Facet::Body, Facet::Act, Facet::Year];
/// Each question is asked so often; its median counts.
const ROUNDS: usize = 3;

/// Prints the rows of questions with facets, and of a question to an index that is not open yet.
pub(super) fn facets(table: &mut Table, archive: &Archive, dir: &Path) -> Result<()> {
    let index = Index::open(dir)?;
    let times = Times::of(&index, archive)?;
    let documents = index.documents()?.values().sum::<u64>();
    let note = format!(
        "{} questions over {RELEASES} releases with their facts, {documents} documents; slowest {:.2} ms: {}",
        times.all.len(),
        times.slowest().0,
        times.slowest().1,
    );
    let aim = Aim::AtMost(2.0);
    table.row(&Row {
        name: "top 10 and four facets: median".into(),
        value: times.median(),
        unit: "ms",
        aim,
        note,
    })?;
    let (aim, note) = (Aim::AtMost(15.0), String::new());
    table.row(&Row {
        name: "top 10 and four facets: p99".into(),
        value: times.p99(),
        unit: "ms",
        aim,
        note,
    })?;
    opening(table, archive, dir)
}

/// Milliseconds of each question.
pub(super) struct Times {
    all: Vec<(f64, String)>,
}

impl Times {
    /// Asks all questions; each once before it is timed.
    pub(super) fn of(index: &Index, archive: &Archive) -> Result<Self> {
        let records = Rounds(archive.shelf());
        Self::over(QUESTIONS, |question| {
            let query = Query { words: question.into(), facets: FACETS.to_vec(), ..Query::default() };
            index.search(&query, &records).map_err(|why| format!("{question}: {why}"))?;
            Ok(())
        })
    }

    fn over(lines: &str, mut ask: impl FnMut(&str) -> Result<()>) -> Result<Self> {
        let mut all = Vec::new();
        for line in lines.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            ask(line)?;
            let times = (0..ROUNDS).map(|_| {
                let mut done = Ok(());
                let taken = seconds(|| done = ask(line))?;
                done.map(|()| taken * 1e3)
            });
            all.push((median(times.collect::<Result<_>>()?), line.to_owned()));
        }
        all.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        Ok(Self { all })
    }

    pub(super) fn median(&self) -> f64 {
        median(self.all.iter().map(|(time, _)| *time).collect())
    }

    /// The time that one in a hundred takes longer than.
    pub(super) fn p99(&self) -> f64 {
        let at = (self.all.len() * 99).div_ceil(100).saturating_sub(1);
        self.all.get(at).map_or(f64::NAN, |(time, _)| *time)
    }

    fn slowest(&self) -> (f64, &str) {
        self.all.last().map_or((f64::NAN, ""), |(time, line)| (*time, line))
    }
}

/// Identities and scores for plain words, beside tantivy's own parser, BM25 and collector over the same index.
pub(super) fn ids(table: &mut Table, dir: &Path) -> Result<()> {
    let index = Index::open(dir)?;
    let plain = QUESTIONS.lines().skip_while(|line| *line != "# plain words").skip(1);
    let plain: Vec<&str> =
        plain.take_while(|line| !line.starts_with('#')).filter(|line| !line.is_empty()).collect();
    let all = |ask: &dyn Fn(&str) -> Result<usize>| {
        let mut done = Ok(());
        let taken = seconds(|| done = plain.iter().try_for_each(|words| ask(words).map(drop)))?;
        done.map(|()| taken)
    };
    let ours = |words: &str| Ok(index.ids(&Query { words: words.into(), ..Query::default() })?.len());
    let same = |words: &str| Ok(index.bare_words(words, 10)?.len());
    let text = |words: &str| Ok(index.bare_text(words, 10)?.len());
    for (name, theirs, aim) in [
        (
            "ids and scores : tantivy, the same fields",
            &same as &dyn Fn(&str) -> Result<usize>,
            Aim::AtMost(1.3),
        ),
        ("the same : tantivy, one field of text", &text, Aim::None),
    ] {
        let both = compare(7, || all(theirs), || all(&ours))?;
        let note = format!(
            "{:.2} ms and {:.2} ms for each of {} questions of plain words",
            both.second * 1e3 / plain.len() as f64,
            both.first * 1e3 / plain.len() as f64,
            plain.len()
        );
        table.row(&Row { name: name.into(), value: both.ratio, unit: "×", aim, note })?;
    }
    Ok(())
}

/// What a question costs that is asked of an index not open yet, as on a command line.
fn opening(table: &mut Table, archive: &Archive, dir: &Path) -> Result<()> {
    let query = Query { words: "budget".into(), ..Query::default() };
    let times = (0..7).map(|_| {
        // Nothing of the records is in memory either.
        let archive = Archive::open_read(archive.dir())?;
        let records = Rounds(archive.shelf());
        let mut done = Ok(0);
        let taken = seconds(|| {
            let answer = Index::open(dir).and_then(|index| index.search(&query, &records));
            done = answer.map(|hits| hits.total);
        })?;
        done?;
        Ok(taken * 1e3)
    });
    let value = median(times.collect::<Result<_>>()?);
    let note = "`budget`, the ten best".into();
    table.row(&Row {
        name: "opening the index and one question".into(),
        value,
        unit: "ms",
        aim: Aim::None,
        note,
    })
}

/// What an open archive suggests; what opening it costs is told beside.
pub(super) fn suggestions(table: &mut Table, archive: &Archive) -> Result<()> {
    let times = Times::over(TYPED, |typed| {
        archive.suggest(typed, 10)?;
        Ok(())
    })?;
    let note = format!(
        "{} beginnings; median {:.2} ms, slowest {:.2} ms: {}",
        times.all.len(),
        times.median(),
        times.slowest().0,
        times.slowest().1,
    );
    table.row(&Row {
        name: "suggestions: p99".into(),
        value: times.p99(),
        unit: "ms",
        aim: Aim::AtMost(5.0),
        note,
    })
}
