//! All matching documents in one pass: how many there are, the best of them, counts by facet and by month.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::atomic::{AtomicU64, Ordering};

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::query::Weight;
use tantivy::{DocAddress, DocId, DocSet as _, Score, SegmentOrdinal, SegmentReader, TERMINATED};

use crate::columns::Columns;
use crate::exact::STEP;
use crate::facet::{Scratch, Told, Values};
use crate::hit::Count;
use crate::query::{Facet, Sort};
use crate::rank::{Rank, Ranker};
use crate::statistics::Sizes;
use crate::sweep::Sweep;

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
    /// Nobody asks how many there are: what cannot be among the best may be passed over.
    pub(crate) only_best: bool,
    pub(crate) sizes: &'s Sizes,
    /// Whether what is gathered is what [`Bag`](crate::bag::Bag) finds.
    pub(crate) is_bag: bool,
    /// What a document must be worth at least to be among the best, as far as is known.
    pub(crate) floor: AtomicU64,
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
    most: usize,
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
    /// The same where facts have the value of their release.
    OfReleases(Values),
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
    ranker: Ranker,
    best: Vec<(Rank<u64>, DocAddress)>,
    facets: Vec<Counter>,
    months: Option<Days>,
    /// Identities of the releases, where these are counted.
    releases: FxHashSet<String>,
}

impl Collector for Gather<'_> {
    type Fruit = Gathered;
    type Child = Within;

    fn for_segment(&self, segment: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<Within> {
        let columns = match self.sizes.columns.get(segment as usize) {
            Some(columns) => columns,
            None => &Columns::of(reader, &self.sizes.releases)?,
        };
        let ranker = Ranker::of(columns, self.sort)?;
        let facets = self.facets.iter().map(|facet| match facet.column() {
            None => Ok(Counter::Years(Days::cut_to(YEAR))),
            Some(_) if facet.is_of_releases() => {
                columns.values(*facet).map(|values| Counter::OfReleases(Values::of(values)))
            }
            Some(_) => columns.values(*facet).map(|values| Counter::Values(Values::of(values))),
        });
        let facets = facets.collect::<tantivy::Result<_>>()?;
        Ok(Within {
            segment,
            after: self.after.as_ref().map(|after| ranker.within(after)).transpose()?,
            ranker,
            most: self.keep,
            total: 0,
            best: BinaryHeap::new(),
            releases: self.one_a_release.then(FxHashMap::default),
            facets,
            months: self.timeline.then(|| Days::cut_to(MONTH)),
            block: (self.timeline || !self.facets.is_empty()).then(|| Vec::with_capacity(BLOCK)),
            scratch: Scratch::default(),
        })
    }

    fn collect_segment(
        &self,
        weight: &dyn Weight,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<Part> {
        let mut within = self.for_segment(segment, reader)?;
        let is_alive = |doc| !reader.is_deleted(doc);
        if !self.requires_scoring() {
            weight.for_each_no_score(reader, &mut |docs| {
                docs.iter().filter(|doc| is_alive(**doc)).for_each(|doc| within.collect(*doc, 0.0));
            })?;
            return Ok(within.harvest());
        }
        let mut scorer =
            if self.is_bag && !self.one_a_release { Some(weight.scorer(reader, 1.0)?) } else { None };
        if let Some(sweep) = scorer.as_mut().and_then(|scorer| scorer.downcast_mut::<Sweep>()) {
            self.sweep(sweep, &mut within, is_alive);
        } else {
            weight.for_each(reader, &mut |doc, score| {
                if is_alive(doc) {
                    within.collect(doc, score);
                }
            })?;
        }
        Ok(within.harvest())
    }

    fn requires_scoring(&self) -> bool {
        self.sort == Sort::Relevance && self.keep > 0
    }

    fn merge_fruits(&self, parts: Vec<Part>) -> tantivy::Result<Gathered> {
        let mut whole = Gathered::default();
        let mut releases = FxHashSet::default();
        let (mut best, mut rankers) = (Vec::new(), Vec::new());
        let mut counters: Vec<Vec<Counter>> = self.facets.iter().map(|_| Vec::new()).collect();
        for part in parts {
            whole.total += part.total;
            best.extend(part.best.into_iter().map(|(rank, address)| (rank, address, rankers.len())));
            rankers.push(part.ranker);
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
        if !self.one_a_release {
            best = foremost(best, self.keep);
        }
        let known = best.into_iter().filter_map(|(rank, address, part): (Rank<u64>, _, usize)| {
            Some((rankers.get(part)?.whole(&rank), address))
        });
        whole.best = known.collect();
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

/// The least score whose hundredths are `key`, and somewhat less.
fn worth(key: u64) -> Score {
    ((key as f64 - 0.5) / 100.0) as Score - STEP
}

/// Those of which so many can be the first by what is known without their identities, which take long to look up.
fn foremost<T>(mut best: Vec<(Rank<u64>, DocAddress, T)>, keep: usize) -> Vec<(Rank<u64>, DocAddress, T)> {
    let order = |rank: &Rank<u64>| Reverse((rank.key, rank.published));
    if let Some(last) = keep.checked_sub(1).filter(|last| *last < best.len()) {
        best.select_nth_unstable_by_key(last, |(rank, ..)| order(rank));
        let bound = best.get(last).map(|(rank, ..)| order(rank));
        best.retain(|(rank, ..)| Some(order(rank)) <= bound);
    }
    best
}

impl Gather<'_> {
    /// Gathers plain words: a document that cannot be among the best is counted, and no more.
    fn sweep(&self, sweep: &mut Sweep, within: &mut Within, is_alive: impl Fn(DocId) -> bool) {
        let mut floor = self.floor.load(Ordering::Relaxed);
        let mut least = worth(floor);
        if self.only_best {
            sweep.only_from(least);
        }
        while sweep.doc() != TERMINATED {
            let doc = sweep.doc();
            if is_alive(doc) {
                within.count(doc);
                if (floor == 0 || sweep.may_reach(least))
                    && let Some(score) = sweep.score_from(least)
                {
                    within.keep(doc, score);
                    if within.floor() > floor {
                        (floor, least) = (within.floor(), worth(within.floor()));
                        if self.only_best {
                            sweep.only_from(least);
                        }
                    }
                }
            }
            sweep.advance();
        }
        self.floor.store(floor, Ordering::Relaxed);
    }

    fn told(&self, facet: Facet, counters: Vec<Counter>) -> tantivy::Result<Told> {
        let (mut values, mut years) = (Vec::new(), BTreeMap::new());
        for counter in counters {
            match counter {
                Counter::Values(counted) | Counter::OfReleases(counted) => values.push(counted),
                Counter::Years(counted) => {
                    for (year, count) in counted.told().into_iter().filter(|(year, _)| *year > 0) {
                        *years.entry(year).or_insert(0) += count;
                    }
                }
            }
        }
        if facet.column().is_some() {
            return self.sizes.numberings.told(facet, &values, VALUES);
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
        self.count(doc);
        self.keep(doc, score);
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
        let best =
            best.map(|Reverse((rank, Reverse(doc)))| (rank, DocAddress::new(self.segment, doc))).collect();
        Part {
            total: self.total,
            ranker: self.ranker,
            best,
            facets: self.facets,
            months: self.months,
            releases: ids,
        }
    }
}

impl Within {
    fn count(&mut self, doc: DocId) {
        self.total += 1;
        if let Some(block) = &mut self.block {
            block.push(doc);
            if block.len() == BLOCK {
                self.count_block();
            }
        }
    }

    fn keep(&mut self, doc: DocId, score: Score) {
        if let Some(releases) = &mut self.releases {
            let rank = self.ranker.rank(doc, score);
            let best = releases.entry(self.ranker.id_ord(doc)).or_insert((rank.clone(), doc));
            if rank > best.0 {
                *best = (rank, doc);
            }
        } else if self.most > 0 {
            let key = self.ranker.key(doc, score);
            // Of most documents nothing more than what is sorted by needs to be looked up.
            let is_full = self.best.len() >= self.most;
            if !is_full || self.best.peek().is_some_and(|least| key >= least.0.0.key) {
                self.offer(self.ranker.rank_of(doc, key), doc);
            }
        }
    }

    fn count_block(&mut self) {
        let Some(block) = &mut self.block else { return };
        for facet in &mut self.facets {
            match facet {
                Counter::Values(values) => values.count(block, &mut self.scratch),
                Counter::OfReleases(values) => values.count_of_releases(block, &self.ranker.releases),
                Counter::Years(days) => days.count(block, &self.ranker),
            }
        }
        if let Some(days) = &mut self.months {
            days.count(block, &self.ranker);
        }
        block.clear();
    }

    /// The key of the least of the best, once there are enough of them.
    fn floor(&self) -> u64 {
        let least = self.best.peek().filter(|_| self.best.len() >= self.most);
        least.map_or(0, |least| least.0.0.key)
    }

    /// Keeps the document where it is among the best of those that come after what was seen.
    fn offer(&mut self, rank: Rank<u64>, doc: DocId) {
        if self.after.as_ref().is_some_and(|after| rank >= *after) {
            return;
        }
        if self.best.len() < self.most {
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
