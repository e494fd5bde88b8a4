//! Releases of which something holds, with all their facts: what is the same for a release and its facts (its date, what it
//! has, its type) is kept of the release alone.

use std::sync::Arc;

use tantivy::columnar::Column;
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, Term};

use crate::blocks::Blocks;
use crate::holders::Holders;
use crate::over::{FACTS, Releases};

/// What holds of a release.
#[derive(Clone, Debug)]
pub(crate) enum Holds {
    /// It has a property.
    Property(Term),
    /// Its day lies between these two, both within; one without a day lies between none.
    Days(u64, u64),
}

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct Under {
    pub(crate) holds: Holds,
    pub(crate) releases: Arc<Holders>,
}

impl Query for Under {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for Under {
    fn scorer(&self, reader: &SegmentReader, _: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let releases = Releases::of(&self.releases, reader)?;
        let list = match &self.holds {
            Holds::Property(term) => match Blocks::of(term, reader)? {
                Some(postings) => List::Property(postings),
                None => return Ok(Box::new(EmptyScorer)),
            },
            Holds::Days(first, last) => List::Days(reader.fast_fields().u64("published")?, (*first, *last)),
        };
        let mut scorer = UnderScorer { list, releases, doc: 0, end: 0 };
        scorer.settle(0);
        Ok(Box::new(scorer))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        let score = if scorer.seek(doc) == doc { scorer.score() } else { 0.0 };
        Ok(Explanation::new("what holds of the release", score))
    }
}

/// The releases of one segment.
enum List {
    Property(Blocks),
    Days(Column<u64>, (u64, u64)),
}

struct UnderScorer {
    list: List,
    releases: Releases,
    doc: DocId,
    /// The first document behind the facts of the release at hand.
    end: DocId,
}

impl UnderScorer {
    /// The first of the releases from `release` on.
    fn from(&mut self, release: DocId) -> DocId {
        match &mut self.list {
            List::Property(postings) => postings.seek(release),
            List::Days(days, (first, last)) => {
                let mut release = release;
                while release < self.releases.all() {
                    if days.first(release).is_some_and(|day| (*first..=*last).contains(&day)) {
                        return release;
                    }
                    release = self.releases.end(release);
                }
                TERMINATED
            }
        }
    }

    /// Stands at the first document from `target` on.
    fn settle(&mut self, target: DocId) -> DocId {
        let is_there = target < self.releases.all();
        let release = if is_there { self.from(self.releases.over(target)) } else { TERMINATED };
        if release == TERMINATED {
            (self.doc, self.end) = (TERMINATED, TERMINATED);
        } else {
            (self.doc, self.end) = (target.max(release), self.releases.end(release));
        }
        self.doc
    }
}

impl DocSet for UnderScorer {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED { TERMINATED } else { self.seek(self.doc + 1) }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if target >= self.end {
            return self.settle(target);
        }
        self.doc = self.doc.max(target);
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        match &self.list {
            List::Property(postings) => postings.count().saturating_mul(FACTS).min(self.releases.all()),
            List::Days(..) => self.releases.all(),
        }
    }
}

impl Scorer for UnderScorer {
    fn score(&mut self) -> Score {
        1.0
    }
}
