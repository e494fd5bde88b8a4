//! All matching documents in one pass: how many there are, the best of them, counts by facet and by month.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use crate::facet::{Numberings, Scratch, Told, Values};
use crate::hit::Count;
use crate::query::{Facet, Sort};
use crate::rank::{Rank, Ranker};

/// So many documents are counted at once.
const BLOCK: usize = 512;

/// So many values of a facet are told.
const VALUES: usize = 20;

/// What is to be gathered.
pub(crate) struct Gather<'s> {
    pub(crate) sort: Sort,
    /// Only what comes after this is kept; all is counted.
    pub(crate) after: Option<Rank<String>>,
    /// So many of the best are kept.
    pub(crate) keep: usize,
    /// Of each release only the best.
    pub(crate) one_a_release: bool,
    pub(crate) facets: Vec<Facet>,
    pub(crate) timeline: bool,
    pub(crate) numberings: &'s Numberings,
}

/// What was gathered.
#[derive(Default)]
pub(crate) struct Gathered {
    /// Documents, or releases where only one of each is kept.
    pub(crate) total: u64,
    /// In order.
    pub(crate) best: Vec<(Rank<String>, DocAddress)>,
    /// For each facet the most frequent values.
    pub(crate) facets: Vec<Told>,
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
    months: Option<Days>,
    /// Documents that are still to be counted, where anything is.
    block: Option<Vec<DocId>>,
    scratch: Scratch,
}

/// Counts the values of one facet.
enum Counter {
    Values(Values),
    Years(Days),
}

/// Counts days, cut to months or years: consecutive documents are mostly of one day, and are added up together.
struct Days {
    /// What a day is divided by.
    cut: u64,
    counts: FxHashMap<u64, u64>,
    last: (u64, u64),
}

/// What a segment gave.
pub(crate) struct Part {
    total: u64,
    best: Vec<(Rank<String>, DocAddress)>,
    facets: Vec<Counter>,
    months: Option<Days>,
    /// Identities of the releases, where these are counted.
    releases: FxHashSet<String>,
}

impl Collector for Gather<'_> {
    type Fruit = Gathered;
    type Child = Within;

    fn for_segment(&self, segment: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<Within> {
        let ranker = Ranker::of(reader, self.sort)?;
        let facets = self.facets.iter().map(|facet| match facet.column() {
            None => Ok(Counter::Years(Days::cut_to(YEAR))),
            Some(name) => Values::of(reader, name).map(Counter::Values),
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
            months: self.timeline.then(|| Days::cut_to(MONTH)),
            block: (self.timeline || !self.facets.is_empty()).then(|| Vec::with_capacity(BLOCK)),
            scratch: Scratch::default(),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.sort == Sort::Relevance && self.keep > 0
    }

    fn merge_fruits(&self, parts: Vec<Part>) -> tantivy::Result<Gathered> {
        let mut whole = Gathered::default();
        let mut releases = FxHashSet::default();
        let mut counters: Vec<Vec<Counter>> = self.facets.iter().map(|_| Vec::new()).collect();
        for part in parts {
            whole.total += part.total;
            whole.best.extend(part.best);
            releases.extend(part.releases);
            for (into, from) in counters.iter_mut().zip(part.facets) {
                into.push(from);
            }
            for (month, count) in part.months.into_iter().flat_map(Days::told) {
                *whole.months.entry(month).or_default() += count;
            }
        }
        for (facet, counters) in self.facets.iter().zip(counters) {
            whole.facets.push(self.told(*facet, counters)?);
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

impl Gather<'_> {
    fn told(&self, facet: Facet, counters: Vec<Counter>) -> tantivy::Result<Told> {
        let (mut values, mut years) = (Vec::new(), BTreeMap::new());
        for counter in counters {
            match counter {
                Counter::Values(counted) => values.push(counted),
                Counter::Years(counted) => {
                    for (year, count) in counted.told().into_iter().filter(|(year, _)| *year > 0) {
                        *years.entry(year).or_insert(0) += count;
                    }
                }
            }
        }
        if facet.column().is_some() {
            return self.numberings.told(facet, &values, VALUES);
        }
        let mut years: Vec<Count> =
            years.into_iter().map(|(year, count)| Count { value: format!("{year:04}"), count }).collect();
        years.sort_by_key(|year| Reverse(year.count));
        let more = years.len().saturating_sub(VALUES);
        years.truncate(VALUES);
        Ok((years, more as u64))
    }
}

impl SegmentCollector for Within {
    type Fruit = Part;

    fn collect(&mut self, doc: DocId, score: Score) {
        self.total += 1;
        if let Some(block) = &mut self.block {
            block.push(doc);
            if block.len() == BLOCK {
                self.count_block();
            }
        }
        if let Some(releases) = &mut self.releases {
            let rank = self.ranker.rank(doc, score);
            let best = releases.entry(self.ranker.id_ord(doc)).or_insert((rank.clone(), doc));
            if rank > best.0 {
                *best = (rank, doc);
            }
        } else if self.keep > 0 {
            let key = self.ranker.key(doc, score);
            // Of most documents nothing more than what is sorted by needs to be looked up.
            let is_full = self.best.len() >= self.keep;
            if !is_full || self.best.peek().is_some_and(|least| key >= least.0.0.key) {
                self.offer(self.ranker.rank_of(doc, key), doc);
            }
        }
    }

    fn harvest(mut self) -> Part {
        self.count_block();
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
        Part {
            total: self.total,
            best: best.collect(),
            facets: self.facets,
            months: self.months,
            releases: ids,
        }
    }
}

impl Within {
    fn count_block(&mut self) {
        let Some(block) = &mut self.block else { return };
        for facet in &mut self.facets {
            match facet {
                Counter::Values(values) => values.count(block, &mut self.scratch),
                Counter::Years(days) => days.count(block, &self.ranker),
            }
        }
        if let Some(days) = &mut self.months {
            days.count(block, &self.ranker);
        }
        block.clear();
    }

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

/// `YYYYMMDD` becomes `YYYYMM`, and `YYYY`.
const MONTH: u64 = 100;
const YEAR: u64 = 10_000;

impl Days {
    fn cut_to(cut: u64) -> Self {
        Self { cut, counts: FxHashMap::default(), last: (0, 0) }
    }

    fn count(&mut self, docs: &[DocId], ranker: &Ranker) {
        for doc in docs {
            let day = ranker.day(*doc).unwrap_or(0);
            if day != self.last.0 {
                self.add_last();
                self.last.0 = day;
            }
            self.last.1 += 1;
        }
    }

    fn add_last(&mut self) {
        let (day, times) = std::mem::take(&mut self.last);
        if times > 0 {
            *self.counts.entry(day / self.cut).or_default() += times;
        }
    }

    fn told(mut self) -> Vec<(u64, u64)> {
        self.add_last();
        self.counts.into_iter().collect()
    }
}
