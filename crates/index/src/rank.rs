//! The order of hits: score as it is shown, date (newest first), identity of the release, place in it.

use std::cmp::Reverse;

use tantivy::collector::sort_key::NaturalComparator;
use tantivy::collector::{SegmentSortKeyComputer, SortKeyComputer};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, Score, SegmentReader};

/// Where a hit stands; greater is better.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank<Id> {
    /// The score as it is shown, so that equals on the screen are equals in the order too.
    pub(crate) hundredths: u64,
    /// `None` is least: undated releases come last.
    published: Option<u64>,
    pub(crate) id: Reverse<Id>,
    position: Reverse<u64>,
}

/// Computes ranks in one piece: a chain of tantivy's own keys (0.27) lost the ascending order of its later ones.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ranking;

/// The columns of one segment.
pub(crate) struct SegmentRanking {
    published: Column<u64>,
    id: Option<StrColumn>,
    position: Column<u64>,
}

impl SortKeyComputer for Ranking {
    type SortKey = Rank<String>;
    type Child = SegmentRanking;
    type Comparator = NaturalComparator;

    fn requires_scoring(&self) -> bool {
        true
    }

    fn segment_sort_key_computer(&self, segment: &SegmentReader) -> tantivy::Result<SegmentRanking> {
        let columns = segment.fast_fields();
        Ok(SegmentRanking {
            published: columns.u64("published")?,
            id: columns.str("id")?,
            position: columns.u64("position")?,
        })
    }
}

impl SegmentSortKeyComputer for SegmentRanking {
    type SortKey = Rank<String>;
    // Within a segment identities are compared by their place in its sorted dictionary.
    type SegmentSortKey = Rank<u64>;
    type SegmentComparator = NaturalComparator;

    fn segment_sort_key(&mut self, doc: DocId, score: Score) -> Rank<u64> {
        Rank {
            // Scores are positive; `as` cuts what is not at 0.
            hundredths: (f64::from(score) * 100.0).round() as u64,
            published: self.published.first(doc),
            id: Reverse(self.id.as_ref().and_then(|id| id.ords().first(doc)).unwrap_or_default()),
            position: Reverse(self.position.first(doc).unwrap_or_default()),
        }
    }

    fn convert_segment_sort_key(&self, rank: Rank<u64>) -> Rank<String> {
        let mut id = String::new();
        if let Some(ids) = &self.id {
            // A dictionary that cannot be read leaves the identity empty, and the hit's card says that it is damaged.
            let _ = ids.ord_to_str(rank.id.0, &mut id);
        }
        Rank {
            hundredths: rank.hundredths,
            published: rank.published,
            id: Reverse(id),
            position: rank.position,
        }
    }
}
