//! The order of hits: by score as it is shown, by date or by confidence; equals by date (newest first), identity of the
//! release, place in it. And a place in that order, as a string that a next question goes on from.

use std::cmp::Reverse;

use tantivy::columnar::{Column, StrColumn, TermOrdHit};
use tantivy::{DocId, Score};

use crate::columns::Columns;
use crate::over::Releases;
use crate::query::Sort;

/// Where a hit stands; greater is better.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank<Id> {
    /// What is sorted by. Of a score the hundredths, so that equals on the screen are equals in the order too.
    pub(crate) key: u64,
    /// `None` is least: undated releases come last.
    pub(crate) published: Option<u64>,
    pub(crate) id: Reverse<Id>,
    pub(crate) position: Reverse<u64>,
}

/// Computes ranks within one segment, where identities are compared by their place in its sorted dictionary: that place
/// doubled, plus one, so that identities that the segment lacks have a place between.
pub(crate) struct Ranker {
    sort: Sort,
    published: Column<u64>,
    /// Opened only where it is sorted by.
    confidence: Option<Column<u64>>,
    pub(crate) id: Option<StrColumn>,
    /// Of which release a document is: identity and date are that one's.
    pub(crate) releases: Releases,
}

impl Ranker {
    pub(crate) fn of(columns: &Columns, sort: Sort) -> tantivy::Result<Self> {
        Ok(Self {
            sort,
            published: columns.published.clone(),
            confidence: (sort == Sort::Confidence).then(|| columns.confidence()).transpose()?,
            id: columns.id.clone(),
            releases: columns.releases.clone(),
        })
    }

    /// What is sorted by.
    pub(crate) fn key(&self, doc: DocId, score: Score) -> u64 {
        match self.sort {
            // Scores are positive; `as` cuts what is not at 0.
            Sort::Relevance => (f64::from(score) * 100.0).round() as u64,
            Sort::Newest => self.day(doc).unwrap_or(0),
            Sort::Oldest => self.day(doc).map_or(0, |day| u64::MAX - day),
            Sort::Confidence => {
                let confidence = self.confidence.as_ref().and_then(|column| column.first(doc));
                confidence.map_or(0, |confidence| confidence + 1)
            }
            Sort::Id => 0,
        }
    }

    pub(crate) fn rank(&self, doc: DocId, score: Score) -> Rank<u64> {
        self.rank_of(doc, self.key(doc, score))
    }

    /// The rank of a document of which the key is known.
    pub(crate) fn rank_of(&self, doc: DocId, key: u64) -> Rank<u64> {
        let published = self.day(doc).filter(|_| self.sort != Sort::Id);
        // The facts of a release lie behind it, in order.
        let position = u64::from(doc - self.releases.over(doc));
        Rank { key, published, id: Reverse(self.id_ord(doc) * 2 + 1), position: Reverse(position) }
    }

    pub(crate) fn day(&self, doc: DocId) -> Option<u64> {
        self.published.first(self.releases.over(doc))
    }

    pub(crate) fn id_ord(&self, doc: DocId) -> u64 {
        self.id.as_ref().and_then(|id| id.ords().first(self.releases.over(doc))).unwrap_or_default()
    }

    /// A rank of this segment as one of the whole index.
    pub(crate) fn whole(&self, rank: &Rank<u64>) -> Rank<String> {
        let mut id = String::new();
        if let Some(ids) = &self.id {
            // A dictionary that cannot be read leaves the identity empty, and the hit's card says that it is damaged.
            let _ = ids.ord_to_str(rank.id.0 / 2, &mut id);
        }
        Rank { key: rank.key, published: rank.published, id: Reverse(id), position: rank.position }
    }

    /// A rank of the whole index as one of this segment.
    pub(crate) fn within(&self, rank: &Rank<String>) -> tantivy::Result<Rank<u64>> {
        let place = match &self.id {
            None => 0,
            Some(ids) => match ids.dictionary().term_ord_or_next(rank.id.0.as_bytes())? {
                TermOrdHit::Exact(ord) => ord * 2 + 1,
                TermOrdHit::Next(ord) => ord.saturating_mul(2),
            },
        };
        Ok(Rank { key: rank.key, published: rank.published, id: Reverse(place), position: rank.position })
    }
}

/// A place in the order of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub(crate) sort: Sort,
    /// The last record that the index held: scores of another state of it are others.
    pub(crate) state: u64,
    pub(crate) rank: Rank<String>,
}

impl Cursor {
    /// As a string of letters and digits.
    pub(crate) fn written(&self) -> String {
        let Rank { key, published, id, position } = &self.rank;
        let published = published.map_or(String::new(), |day| day.to_string());
        let plain =
            format!("{} {} {key} {published} {} {}", self.sort.as_str(), self.state, position.0, id.0);
        plain.bytes().map(|byte| format!("{byte:02x}")).collect()
    }

    pub(crate) fn read(written: &str) -> Option<Self> {
        let digits: Vec<u8> =
            written.trim().chars().map(|c| c.to_digit(16)?.try_into().ok()).collect::<Option<_>>()?;
        let bytes = digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte * 16 + digit));
        let plain = String::from_utf8(bytes.collect()).ok()?;
        let mut parts = plain.splitn(6, ' ');
        let mut next = || parts.next();
        let (sort, state, key, published, position, id) =
            (next()?, next()?, next()?, next()?, next()?, next()?);
        Some(Self {
            sort: sort.parse().ok()?,
            state: state.parse().ok()?,
            rank: Rank {
                key: key.parse().ok()?,
                published: if published.is_empty() { None } else { Some(published.parse().ok()?) },
                id: Reverse(id.into()),
                position: Reverse(position.parse().ok()?),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_cursor_is_read_as_it_was_written(key: u64, day in proptest::option::of(0_u64..99_999_999), id in "\\PC{0,20}", position: u64) {
            let rank = Rank { key, published: day, id: Reverse(id), position: Reverse(position) };
            let cursor = Cursor { sort: Sort::Oldest, state: 7, rank };
            prop_assert_eq!(Cursor::read(&cursor.written()), Some(cursor));
        }

        #[test]
        fn any_string_is_a_cursor_or_none(written in "\\PC{0,40}") {
            let _ = Cursor::read(&written);
        }
    }
}
