//! All matching documents in one pass: how many there are, the best of them, counts by facet and by month.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::StrColumn;
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use crate::query::{Facet, Sort};
use crate::rank::{Rank, Ranker};

/// What is to be gathered.
pub(crate) struct Gather {
    pub(crate) sort: Sort,
    /// Only what comes after this is kept; all is counted.
    pub(crate) after: Option<Rank<String>>,
    /// So many of the best are kept.
    pub(crate) keep: usize,
    /// Of each release only the best.
    pub(crate) one_a_release: bool,
    pub(crate) facets: Vec<Facet>,
    pub(crate) timeline: bool,
}

/// What was gathered.
#[derive(Default)]
pub(crate) struct Gathered {
    /// Documents, or releases where only one of each is kept.
    pub(crate) total: u64,
    /// In order.
    pub(crate) best: Vec<(Rank<String>, DocAddress)>,
    /// For each facet how many documents have each value.
    pub(crate) facets: Vec<FxHashMap<String, u64>>,
    /// `YYYYMM`, 0 where nobody knows.
    pub(crate) months: BTreeMap<u64, u64>,
}

/// The same within one segment.
pub(crate) struct Within {
    segment: SegmentOrdinal,
    ranker: Ranker,
    after: Option<Rank<u64>>,
    keep: usize,
    total: u64,
    best: BinaryHeap<Reverse<(Rank<u64>, Reverse<DocId>)>>,
    /// Of each release the best, where only that is asked for.
    releases: Option<FxHashMap<u64, (Rank<u64>, DocId)>>,
    facets: Vec<Counter>,
    /// Consecutive documents are mostly of one month.
    months: Option<FxHashMap<u64, u64>>,
}

/// Counts the values of one facet.
enum Counter {
    Values(Option<StrColumn>, Vec<u32>),
    Years(FxHashMap<u64, u64>),
}

/// What a segment gave.
pub(crate) struct Part {
    gathered: Gathered,
    /// Identities of the releases, where these are counted.
    releases: FxHashSet<String>,
}

impl Collector for Gather {
    type Fruit = Gathered;
    type Child = Within;

    fn for_segment(&self, segment: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<Within> {
        let ranker = Ranker::of(reader, self.sort)?;
        let facets = self.facets.iter().map(|facet| match facet.column() {
            None => Ok(Counter::Years(FxHashMap::default())),
            Some(name) => {
                let column = reader.fast_fields().str(name)?;
                let values = column.as_ref().map_or(0, |column| column.num_terms());
                Ok(Counter::Values(column, vec![0; values]))
            }
        });
        let facets = facets.collect::<tantivy::Result<_>>()?;
        Ok(Within {
            segment,
            after: self.after.as_ref().map(|after| ranker.within(after)).transpose()?,
            ranker,
            keep: self.keep,
            total: 0,
            best: BinaryHeap::new(),
            releases: self.one_a_release.then(FxHashMap::default),
            facets,
            months: self.timeline.then(FxHashMap::default),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.sort == Sort::Relevance && self.keep > 0
    }

    #[expect(clippy::iter_over_hash_type, reason = "sums do not depend on the order")]
    fn merge_fruits(&self, parts: Vec<Part>) -> tantivy::Result<Gathered> {
        let mut whole = Gathered::default();
        whole.facets.resize_with(self.facets.len(), FxHashMap::default);
        let mut releases = FxHashSet::default();
        for part in parts {
            whole.total += part.gathered.total;
            whole.best.extend(part.gathered.best);
            releases.extend(part.releases);
            for (into, from) in whole.facets.iter_mut().zip(part.gathered.facets) {
                for (value, count) in from {
                    *into.entry(value).or_default() += count;
                }
            }
            for (month, count) in part.gathered.months {
                *whole.months.entry(month).or_default() += count;
            }
        }
        whole.best.sort_by(|a, b| b.cmp(a));
        if self.one_a_release {
            whole.total = releases.len() as u64;
            let mut seen = FxHashSet::default();
            whole.best.retain(|(rank, _)| seen.insert(rank.id.0.clone()));
        }
        whole.best.truncate(self.keep);
        Ok(whole)
    }
}

impl SegmentCollector for Within {
    type Fruit = Part;

    fn collect(&mut self, doc: DocId, score: Score) {
        self.total += 1;
        for facet in &mut self.facets {
            facet.count(doc, &self.ranker);
        }
        if let Some(months) = &mut self.months {
            *months.entry(self.ranker.day(doc).unwrap_or(0) / 100).or_default() += 1;
        }
        if let Some(releases) = &mut self.releases {
            let rank = self.ranker.rank(doc, score);
            let best = releases.entry(self.ranker.id_ord(doc)).or_insert((rank.clone(), doc));
            if rank > best.0 {
                *best = (rank, doc);
            }
        } else if self.keep > 0 {
            let rank = self.ranker.rank(doc, score);
            self.offer(rank, doc);
        }
    }

    fn harvest(mut self) -> Part {
        let mut ids = FxHashSet::default();
        if let Some(releases) = self.releases.take() {
            let mut releases: Vec<_> = releases.into_iter().collect();
            releases.sort_unstable_by_key(|(ord, _)| *ord);
            for (ord, (rank, doc)) in releases {
                let mut id = String::new();
                if let Some(column) = &self.ranker.id {
                    // As for a rank: an empty identity shows that the index is damaged.
                    let _ = column.ord_to_str(ord, &mut id);
                }
                ids.insert(id);
                self.offer(rank, doc);
            }
        }
        let best = self.best.into_vec().into_iter();
        let best = best.map(|Reverse((rank, Reverse(doc)))| {
            (self.ranker.whole(&rank), DocAddress::new(self.segment, doc))
        });
        let gathered = Gathered {
            total: self.total,
            best: best.collect(),
            facets: self.facets.into_iter().map(Counter::told).collect(),
            months: self.months.unwrap_or_default().into_iter().collect(),
        };
        Part { gathered, releases: ids }
    }
}

impl Within {
    /// Keeps the document where it is among the best of those that come after what was seen.
    fn offer(&mut self, rank: Rank<u64>, doc: DocId) {
        if self.after.as_ref().is_some_and(|after| rank >= *after) {
            return;
        }
        if self.best.len() < self.keep {
            self.best.push(Reverse((rank, Reverse(doc))));
        } else if let Some(mut least) = self.best.peek_mut()
            && rank > least.0.0
        {
            *least = Reverse((rank, Reverse(doc)));
        }
    }
}

impl Counter {
    fn count(&mut self, doc: DocId, ranker: &Ranker) {
        match self {
            Self::Years(years) => *years.entry(ranker.day(doc).unwrap_or(0) / 10_000).or_default() += 1,
            Self::Values(None, _) => {}
            Self::Values(Some(column), counts) => {
                for ord in column.ords().values_for_doc(doc) {
                    if let Some(count) = usize::try_from(ord).ok().and_then(|ord| counts.get_mut(ord)) {
                        *count += 1;
                    }
                }
            }
        }
    }

    fn told(self) -> FxHashMap<String, u64> {
        match self {
            Self::Years(years) => {
                let years = years.into_iter().filter(|(year, _)| *year > 0);
                years.map(|(year, count)| (format!("{year:04}"), count)).collect()
            }
            Self::Values(None, _) => FxHashMap::default(),
            Self::Values(Some(column), counts) => {
                let ords: Vec<u64> =
                    (0..).zip(&counts).filter(|(_, count)| **count > 0).map(|(ord, _)| ord).collect();
                let mut told = counts.into_iter().filter(|count| *count > 0);
                let mut values = FxHashMap::default();
                // A dictionary that cannot be read gives no values; the cards of the hits say that it is damaged.
                let _ = column.dictionary().sorted_ords_to_term_cb(&ords, |value| {
                    let count = told.next().unwrap_or_default();
                    values.insert(String::from_utf8_lossy(value).into_owned(), count.into());
                });
                values
            }
        }
    }
}
