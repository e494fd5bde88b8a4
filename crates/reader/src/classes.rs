//! What the words of class names and ids say of an element.

use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::fold::fold;
use crate::marks::Marks;

/// Words of class names and ids, by the first word of each run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Classes(FxHashMap<String, Vec<(String, Marks)>>);

impl Classes {
    /// What some folded words mark.
    pub(crate) fn marks(&self, words: &str) -> Marks {
        let (mut marks, mut at) = (Marks::default(), 0);
        for word in split(words) {
            for (run, mark) in self.0.get(word).into_iter().flatten() {
                let behind = words.get(at..).and_then(|rest| rest.strip_prefix(run.as_str()));
                if behind.is_some_and(|behind| behind.is_empty() || behind.starts_with(' ')) {
                    marks = marks.and(*mark);
                }
            }
            at += word.len() + 1;
        }
        marks
    }

    /// Adds the words of a file.
    pub(crate) fn extend(&mut self, table: &ClassesTable) {
        for (runs, mark) in [
            (&table.drop, Marks::DROP),
            (&table.drop_light, Marks::DROP_LIGHT),
            (&table.behind, Marks::BEHIND),
            (&table.lead, Marks::LEAD),
            (&table.body, Marks::BODY),
            (&table.headline, Marks::HEADLINE),
            (&table.titled, Marks::TITLED),
            (&table.masthead, Marks::MASTHEAD),
            (&table.consent, Marks::CONSENT),
            (&table.date, Marks::DATE),
            (&table.foreign, Marks::FOREIGN),
            (&table.changed, Marks::CHANGED),
            (&table.perhaps_changed, Marks::PERHAPS_CHANGED),
        ] {
            self.add(runs, mark);
        }
    }

    fn add(&mut self, runs: &[String], mark: Marks) {
        for run in runs.iter().map(|run| fold(run)).filter(|run| !run.is_empty()) {
            let first = run.split(' ').next().unwrap_or_default().to_owned();
            self.0.entry(first).or_default().push((run, mark));
        }
    }
}

/// Words between single blanks. They are short: the library's search for a character takes longer to begin than to search.
fn split(words: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(words);
    std::iter::from_fn(move || {
        let words = rest?;
        let end = words.bytes().position(|byte| byte == b' ');
        rest = end.and_then(|end| words.get(end + 1..));
        words.get(..end.unwrap_or(words.len()))
    })
}

/// Words of class names and ids: runs of words.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ClassesTable {
    /// Marks what is not the release.
    drop: Vec<String>,
    /// The same, where the element holds next to no prose.
    drop_light: Vec<String>,
    /// Marks what readers wrote behind a release; it may be longer than the release.
    behind: Vec<String>,
    /// Marks the paragraph in larger type before the body of a release.
    lead: Vec<String>,
    /// Marks the body of a release.
    body: Vec<String>,
    /// Marks a headline.
    headline: Vec<String>,
    /// Marks what may be a headline, where nothing better is.
    titled: Vec<String>,
    /// Marks what all pages of a site have at their top.
    masthead: Vec<String>,
    /// Marks what asks whether data about the reader may be kept.
    consent: Vec<String>,
    /// Marks a date of publication.
    date: Vec<String>,
    /// Marks what holds dates of other pages and of comments.
    foreign: Vec<String>,
    /// Marks a date of a change.
    changed: Vec<String>,
    /// Marks a date that may be that of a change.
    perhaps_changed: Vec<String>,
}
