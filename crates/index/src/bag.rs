//! Plain words side by side: so many of them must be found, and one of those in the document itself. What stands around a
//! fact (the headline over it) counts as found beside what the fact says: who asks for `cable outage apology` wants the
//! apology under the headline of the outage, and not every sentence under that headline.

use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, Term};

use crate::bm25f::{Bm25f, Bm25fScorer, Bm25fWeight, Stops};
use crate::exact::on_grid;
use crate::ranking::RANKING;

/// The words, and how many of them must be found.
#[derive(Clone, Debug)]
pub(crate) struct Bag {
    pub(crate) words: Vec<Bm25f>,
    pub(crate) least: usize,
}

impl Query for Bag {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let words = self.words.iter().map(|word| word.prepared(scoring)).collect::<tantivy::Result<_>>()?;
        Ok(Box::new(BagWeight { words, least: self.least }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.words.iter().for_each(|word| word.query_terms(visitor));
    }
}

struct BagWeight {
    words: Vec<Bm25fWeight>,
    least: usize,
}

impl Weight for BagWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut words = Vec::with_capacity(self.words.len());
        for word in &self.words {
            words.extend(word.word(reader, boost, Stops::Anywhere)?);
        }
        if words.len() < self.least {
            return Ok(Box::new(EmptyScorer));
        }
        // The rarest leads: the others are asked only where it stands. Sums are exact, so the order changes no score.
        words.sort_by_key(DocSet::size_hint);
        let mut scorer = BagScorer { words, all: self.words.len(), least: self.least.max(1), doc: 0 };
        scorer.settle(0);
        Ok(Box::new(scorer))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        let score = if scorer.seek(doc) == doc { scorer.score() } else { 0.0 };
        Ok(Explanation::new("words side by side, each by BM25F", score))
    }
}

struct BagScorer {
    /// Those that the segment has.
    words: Vec<Bm25fScorer>,
    /// How many are looked for.
    all: usize,
    least: usize,
    doc: DocId,
}

impl BagScorer {
    /// Stands at the first document from `target` on that has enough of the words.
    fn settle(&mut self, target: DocId) -> DocId {
        let mut target = target;
        self.doc = loop {
            let next = if self.least == self.words.len() { self.all(target) } else { self.any(target) };
            if next == TERMINATED {
                break TERMINATED;
            }
            let here = self.words.iter().filter(|word| word.doc() == next);
            let (count, found) = here.fold((0, false), |(n, found), word| (n + 1, found || word.is_found()));
            if found && count >= self.least {
                break next;
            }
            target = next + 1;
        };
        self.doc
    }

    /// The next document that any word has.
    fn any(&mut self, target: DocId) -> DocId {
        let mut next = TERMINATED;
        for word in &mut self.words {
            let doc = if word.doc() < target { word.seek(target) } else { word.doc() };
            next = next.min(doc);
        }
        next
    }

    /// The next document that all words have.
    fn all(&mut self, target: DocId) -> DocId {
        let mut target = target;
        loop {
            let mut furthest = target;
            for word in &mut self.words {
                if word.doc() < furthest {
                    word.seek(furthest);
                }
                furthest = furthest.max(word.doc());
            }
            if furthest == TERMINATED || self.words.iter().all(|word| word.doc() == furthest) {
                return furthest;
            }
            target = furthest;
        }
    }
}

impl DocSet for BagScorer {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED { TERMINATED } else { self.settle(self.doc + 1) }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target { self.doc } else { self.settle(target) }
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        let hints = self.words.iter().map(DocSet::size_hint);
        if self.least == self.words.len() {
            hints.min().unwrap_or(0)
        } else {
            hints.fold(0, u32::saturating_add)
        }
    }
}

impl Scorer for BagScorer {
    fn score(&mut self) -> Score {
        let (mut count, mut sum) = (0_u16, 0.0);
        for word in self.words.iter_mut().filter(|word| word.doc() == self.doc) {
            sum += on_grid(word.score());
            count += 1;
        }
        let share = Score::from(count) / self.all as Score;
        on_grid(sum * share.powf(RANKING.coordination))
    }
}
