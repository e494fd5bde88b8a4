//! From a query to its hits, in an order that depends on nothing but the releases.

use std::cell::RefCell;
use std::fmt::Display;
use std::sync::atomic::AtomicU64;

use chancery_record::{Record, Span};
use rustc_hash::FxHashMap;
use tantivy::query::{BooleanQuery, Occur, Query as TantivyQuery};
use tantivy::{DocAddress, Searcher};

use crate::analysis::Stemming;
use crate::bag::Bag;
use crate::card::Card;
use crate::characters::Characters;
use crate::facet::Told;
use crate::fact::facts;
use crate::gather::{Gather, Gathered};
use crate::highlight::{border, cuts, highlights, snippet};
use crate::hit::{FacetCounts, Hit, Hits, Kind, Marks, Month, Unshown};
use crate::leaf::any_release;
use crate::lists::Askable;
use crate::pattern::Stems;
use crate::plan::{Plan, Reach};
use crate::query::{Damage, Facet, Grouping, Query, Sort};
use crate::rank::{Cursor, Rank};
use crate::records::{Place, Records};
use crate::statistics::{Sizes, Statistics};
use crate::wish::{In, Shown, of_part, spans};
use crate::{Index, IndexError};

/// How much of a release is looked at for the best snippet, in bytes; longer texts are rare, and long to look through.
const SNIPPET_TEXT: usize = 1 << 18;

/// So many hits of one release are given, where they are grouped.
const OF_RELEASE: usize = 3;

/// What one search looks at.
struct Look<'s> {
    searcher: &'s Searcher,
    sizes: &'s Sizes,
    statistics: Statistics<'s>,
    plan: Plan,
    sort: Sort,
    wanted: Wanted,
    /// By language.
    stems: RefCell<FxHashMap<&'static str, Stems>>,
}

/// What somebody wants to know.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// The best, and how many there are of what.
    All,
    /// The best alone.
    Best,
}

/// The records that hits are read from, and the one that was read last: facts of one release are often found together.
struct Open<'r> {
    records: &'r dyn Records,
    last: Option<(Place, Record)>,
}

impl Open<'_> {
    fn record(&mut self, place: Place) -> Result<&Record, Box<dyn std::error::Error + Send + Sync>> {
        let record = match self.last.take().filter(|(at, _)| *at == place) {
            Some((_, record)) => record,
            None => self.records.record(place)?,
        };
        Ok(&self.last.insert((place, record)).1)
    }
}

/// What was gathered, and of which state of the index.
struct Found {
    gathered: Gathered,
    state: u64,
    /// Whether only some of the words were asked for.
    widened: bool,
    /// Whether the index is another than when the cursor was made.
    changed: bool,
}

impl Index {
    /// The documents that match `query`, read from `records`, in its order; equals in order of date (newest first), identity of the
    /// release and place in it. The order and the scores depend on the releases alone, not on how they came in.
    ///
    /// # Errors
    /// Where the query is not written as it must be ([`IndexError::Words`], [`IndexError::Filter`], [`IndexError::Nothing`],
    /// [`IndexError::Cursor`]), or the index or a record cannot be read; a record that is not where it was when the index was told
    /// of it is damage to the index, unless the query wants it told beside the answer ([`Damage::IsTold`]).
    pub fn search(&self, query: &Query, records: &dyn Records) -> Result<Hits, IndexError> {
        let searcher = self.reader.searcher();
        let sizes = self.sizes(&searcher)?;
        let (look, found) = self.look(query, Wanted::All, &searcher, &sizes)?;
        let Found { gathered, state, widened, changed } = found;
        let sort = look.sort;
        let kept = gathered.best.len();
        let last = gathered
            .best
            .last()
            .filter(|_| kept == query.offset.saturating_add(query.limit) && query.limit > 0);
        let next = last.map(|(rank, _)| Cursor { sort, state, rank: rank.clone() }.written());
        let mut open = Open { records, last: None };
        let (mut hits, mut unshown) = (Vec::new(), Vec::new());
        for (rank, address) in gathered.best.into_iter().skip(query.offset) {
            let read = if query.grouping == Grouping::Release {
                self.of_release(&look, &mut open, &rank.id.0)?
            } else {
                vec![look.hit(&mut open, rank, address)]
            };
            for hit in read {
                match hit {
                    Ok(hit) => hits.push(hit),
                    Err(damage) if query.damage == Damage::Fails => return Err(self.damaged(&damage)),
                    Err(damage) if unshown.contains(&damage) => {}
                    Err(damage) => unshown.push(damage),
                }
            }
        }
        Ok(Hits {
            query: look.plan.canonical,
            mistakes: look.plan.mistakes,
            widened,
            total: gathered.total,
            hits,
            next,
            changed,
            facets: facets(&query.facets, gathered.facets),
            timeline: gathered.months.into_iter().map(month).collect(),
            unshown,
        })
    }

    /// The identities of the releases of the best documents for `query`, each with its score, in the order of [`Index::search`]:
    /// for those who need no more of a hit.
    ///
    /// # Errors
    /// As for [`Index::search`].
    pub fn ids(&self, query: &Query) -> Result<Vec<(String, f64)>, IndexError> {
        let searcher = self.reader.searcher();
        let sizes = self.sizes(&searcher)?;
        let (look, found) = self.look(query, Wanted::Best, &searcher, &sizes)?;
        let best = found.gathered.best.into_iter().skip(query.offset);
        let is_scored = look.sort == Sort::Relevance;
        Ok(best.map(|(rank, _)| (rank.id.0, if is_scored { rank.key as f64 / 100.0 } else { 0.0 })).collect())
    }

    /// Reads the query and gathers what it finds: with all of its words, else with some of them where it allows that.
    fn look<'s>(
        &self,
        query: &Query,
        wanted: Wanted,
        searcher: &'s Searcher,
        sizes: &'s Sizes,
    ) -> Result<(Look<'s>, Found), IndexError> {
        let leaves = sizes.leaves(&self.fields);
        let askable = Askable { searcher, fields: &self.fields, lists: &query.lists };
        let plan = Plan::of(query, askable, leaves, Reach::AllOfFew)?;
        // Filters alone weigh nothing: the newest come first, and cursors hold whatever comes in meanwhile.
        let sort = if query.sort == Sort::Relevance && !plan.is_weighed { Sort::Newest } else { query.sort };
        // Only who goes on from a place asks of which state it is.
        let asks = wanted == Wanted::All || query.after.is_some();
        let state = if asks { self.last_seq()?.unwrap_or_default() } else { 0 };
        let after = query.after.as_deref().map(|written| cursor(written, sort)).transpose()?;
        let changed = after.as_ref().is_some_and(|after| after.state != state);
        let mut look = Look {
            searcher,
            sizes,
            statistics: Statistics::new(searcher, sizes),
            plan,
            sort,
            wanted,
            stems: RefCell::default(),
        };
        let mut gathered =
            look.gather(query, sizes, after.clone()).map_err(|error| self.cannot_read(error))?;
        let widens = gathered.total == 0 && look.plan.can_widen;
        if widens {
            look.plan = Plan::of(query, askable, leaves, Reach::Some)?;
            gathered = look.gather(query, sizes, after).map_err(|error| self.cannot_read(error))?;
        }
        let widened = widens && gathered.total > 0;
        Ok((look, Found { gathered, state, widened, changed }))
    }

    /// The first hits of one release, as far as its record can be read.
    fn of_release(
        &self,
        look: &Look<'_>,
        open: &mut Open<'_>,
        id: &str,
    ) -> Result<Vec<Result<Hit, Unshown>>, IndexError> {
        let of_release = any_release(self.fields.key, [id]);
        let both = vec![(Occur::Must, look.plan.query.box_clone()), (Occur::Must, of_release)];
        let question = Query { limit: OF_RELEASE, ..Query::default() };
        let found = look.run(&BooleanQuery::new(both), &question, look.sizes, None);
        let found = found.map_err(|error| self.cannot_read(error))?;
        let (best, in_release) = (found.best.into_iter(), Some(found.total));
        let hits =
            best.map(|(rank, address)| look.hit(open, rank, address).map(|hit| Hit { in_release, ..hit }));
        Ok(hits.collect())
    }

    fn damaged(&self, Unshown { release_id, reason }: &Unshown) -> IndexError {
        IndexError::damaged(&self.dir, &format!("{release_id} cannot be shown: {reason}"))
    }

    fn cannot_read(&self, error: tantivy::TantivyError) -> IndexError {
        IndexError::read(&self.dir, error)
    }
}

impl Look<'_> {
    /// The hit at `address`, with what its record shows of it.
    fn hit(&self, open: &mut Open<'_>, rank: Rank<String>, address: DocAddress) -> Result<Hit, Unshown> {
        let id = rank.id.0;
        let damaged = |why: &dyn Display| Unshown { release_id: id.clone(), reason: why.to_string() };
        // The documents of a release lie one after the other, the release first.
        let before = u32::try_from(rank.position.0).ok();
        let first = before.and_then(|before| address.doc_id.checked_sub(before));
        let columns = self.sizes.columns.get(address.segment_ord as usize);
        let place = first.zip(columns).and_then(|(first, columns)| columns.place(first));
        let place = place.ok_or_else(|| damaged(&"its release is missing"))?;
        let record = open.record(place).map_err(|why| damaged(&why))?;
        if record.release.id != id {
            return Err(damaged(&format!("{} lies in its place", record.release.id)));
        }
        // A release has nothing to show besides what its facts show of it.
        let card = match rank.position.0.checked_sub(1) {
            None => Some(Card::default()),
            Some(at) => {
                facts(record).get(usize::try_from(at).unwrap_or(usize::MAX)).map(|fact| fact.card(record))
            }
        };
        let card = card.ok_or_else(|| damaged(&"its record has no such fact"))?;
        let score = if self.sort == Sort::Relevance { rank.key as f64 / 100.0 } else { 0.0 };
        let shown = card.into_hit(&record.release, score);
        let mut hit = shown.ok_or_else(|| damaged(&"a passage lies outside the text"))?;
        let text = &record.release.text;
        self.mark(&mut hit, text.get(..border(text, SNIPPET_TEXT)).unwrap_or_default());
        Ok(hit)
    }

    fn gather(&self, query: &Query, sizes: &Sizes, after: Option<Cursor>) -> tantivy::Result<Gathered> {
        self.run(&*self.plan.query, query, sizes, after)
    }

    fn run(
        &self,
        found: &dyn TantivyQuery,
        query: &Query,
        sizes: &Sizes,
        after: Option<Cursor>,
    ) -> tantivy::Result<Gathered> {
        let all = usize::try_from(sizes.documents).unwrap_or(usize::MAX);
        let gather = Gather {
            sort: self.sort,
            after: after.map(|after| after.rank),
            keep: query.limit.saturating_add(query.offset).min(all),
            one_a_release: query.grouping == Grouping::Release,
            facets: query.facets.clone(),
            timeline: query.timeline,
            only_best: self.wanted == Wanted::Best,
            sizes,
            is_bag: found.is::<Bag>(),
            floor: AtomicU64::new(0),
        };
        self.searcher.search_with_statistics_provider(found, &gather, &self.statistics)
    }

    /// Marks what matched; of a release, cuts the snippet from its `text` that shows most of it.
    fn mark(&self, hit: &mut Hit, text: &str) {
        let stemming = Stemming::of(hit.language.as_deref());
        let mut stems = self.stems.borrow_mut();
        let stems = stems.entry(stemming.language()).or_insert_with(|| Stems::new(stemming));
        let is_release = hit.kind == Kind::Release;
        let headline = hit.headline.as_deref().filter(|_| is_release);
        let passage = if is_release { text } else { &hit.passage };
        let around = hit.headline.as_deref().filter(|_| !is_release);
        let others =
            [headline, hit.speaker.as_deref(), hit.speaker_post.as_deref(), hit.cue.as_deref(), around];
        let shown = Shown::of(hit.kind, stems, passage, others);
        let marks = shown.marks(&self.plan.wish);
        hit.is_variant = shown.is_variant(&self.plan.wish);
        let found = of_part(&marks, In::Passage);
        if is_release {
            let window = snippet(text, &found);
            hit.passage = window.of(text).into();
            (hit.cut_before, hit.cut_after) = cuts(text, window);
            hit.span = window;
            hit.span_in_characters = Characters::of(text).of_bytes(window);
            hit.highlights = highlights(&found, window);
        } else {
            hit.highlights = highlights(&found, Span::new(0, hit.passage.len()));
        }
        hit.highlights_in_characters = in_characters(&hit.passage, &hit.highlights);
        let [headline, name, post, cue] = [
            (In::Headline, &hit.headline),
            (In::Name, &hit.speaker),
            (In::Post, &hit.speaker_post),
            (In::Cue, &hit.cue),
        ]
        .map(|(part, text)| {
            let text = text.as_deref().unwrap_or_default();
            let bytes = spans(&marks, part, text.len());
            (in_characters(text, &bytes), bytes)
        });
        hit.marks_in_characters =
            Marks { headline: headline.0, speaker: name.0, speaker_post: post.0, cue: cue.0 };
        hit.marks = Marks { headline: headline.1, speaker: name.1, speaker_post: post.1, cue: cue.1 };
    }
}

fn in_characters(text: &str, spans: &[Span]) -> Vec<Span> {
    let characters = Characters::of(text);
    spans.iter().map(|span| characters.of_bytes(*span)).collect()
}

fn cursor(written: &str, sort: Sort) -> Result<Cursor, IndexError> {
    let read = Cursor::read(written);
    let cursor =
        read.ok_or_else(|| IndexError::Cursor { message: "this is no place to go on from".into() })?;
    if cursor.sort == sort {
        return Ok(cursor);
    }
    let message = format!(
        "this place is from an answer in the order `{}`, and this one is in the order `{}`",
        cursor.sort.as_str(),
        sort.as_str()
    );
    Err(IndexError::Cursor { message })
}

fn facets(asked: &[Facet], told: Vec<Told>) -> Vec<FacetCounts> {
    let facets = asked.iter().zip(told);
    facets.map(|(facet, (values, more))| FacetCounts { facet: *facet, values, more }).collect()
}

fn month((number, count): (u64, u64)) -> Month {
    let month = (number > 0).then(|| format!("{:04}-{:02}", number / 100, number % 100));
    Month { month, count }
}
