//! The words that releases are made of: to go on from what is typed, and to tell what may have been meant.

use chancery_text::fold;
use rustc_hash::FxHashMap;
use tantivy::Term;
use tantivy::collector::Count;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;

use crate::hit::Kind;
use crate::{Index, IndexError};

/// A word with how often it is met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordCount {
    /// Folded, as it is looked for.
    pub word: String,
    /// Releases whose headline or text has it.
    pub releases: u64,
}

impl Index {
    /// How many releases and facts have a folded word as it stands: what was replaced may be counted still.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn frequency(&self, folded: &str) -> Result<u64, IndexError> {
        let term = Term::from_field_text(self.fields.words, folded);
        self.reader.searcher().doc_freq(&term).map_err(|error| IndexError::read(&self.dir, error))
    }

    /// Words that begin so (folded) and are `wanted`, the most frequent first, at most `limit`.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn vocabulary(
        &self,
        beginning: &str,
        wanted: impl Fn(&str) -> bool,
        limit: usize,
    ) -> Result<Vec<WordCount>, IndexError> {
        let fault = |error| IndexError::read(&self.dir, error);
        let from = fold(beginning);
        let to = format!("{from}{}", char::MAX);
        let searcher = self.reader.searcher();
        let mut found: FxHashMap<String, u64> = FxHashMap::default();
        for segment in searcher.segment_readers() {
            let words = segment.inverted_index(self.fields.words).map_err(fault)?;
            let range = words.terms().range().ge(from.as_bytes()).lt(to.as_bytes());
            let mut range = range.into_stream().map_err(|error| fault(error.into()))?;
            while range.advance() {
                let Ok(word) = std::str::from_utf8(range.key()) else { continue };
                if wanted(word) {
                    *found.entry(word.to_owned()).or_default() += u64::from(range.value().doc_freq);
                }
            }
        }
        let mut found: Vec<(String, u64)> = found.into_iter().collect();
        found.sort_unstable_by(|(a, a_count), (b, b_count)| b_count.cmp(a_count).then_with(|| a.cmp(b)));
        found.truncate(limit);
        let counted = found.into_iter().map(|(word, _)| {
            let term = |field, text: &str| -> Box<dyn Query> {
                Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::Basic))
            };
            let both = vec![
                (Occur::Must, term(self.fields.words, &word)),
                (Occur::Must, term(self.fields.kind, Kind::Release.as_str())),
            ];
            let releases = searcher.search(&BooleanQuery::new(both), &Count).map_err(fault)?;
            Ok(WordCount { word, releases: releases as u64 })
        });
        counted.collect()
    }
}
