//! Scores that do not depend on how the index is cut into segments.
//!
//! tantivy sums scores as `f32` in an order that depends on the segment, and such sums differ in their last bits with the
//! order. Rounding each summand to a multiple of 1/1024 makes every sum exact (up to 16,384), hence the same in any order.

use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SeekDangerResult, SegmentReader, Term};

const GRID: Score = 1024.0;

/// From one multiple to the next: no rounding changes a score by more.
pub(crate) const STEP: Score = 1.0 / GRID;

/// A query whose score is multiplied by `boost` and rounded to the grid.
#[derive(Debug)]
pub(crate) struct Exact {
    query: Box<dyn Query>,
    boost: Score,
}

impl Exact {
    pub(crate) fn boxed(query: impl Query, boost: Score) -> Box<dyn Query> {
        Box::new(Self { query: Box::new(query), boost })
    }
}

impl Clone for Exact {
    fn clone(&self) -> Self {
        Self { query: self.query.box_clone(), boost: self.boost }
    }
}

impl Query for Exact {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(ExactWeight { weight: self.query.weight(scoring)?, boost: self.boost }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.query.query_terms(visitor);
    }
}

struct ExactWeight {
    weight: Box<dyn Weight>,
    boost: Score,
}

impl Weight for ExactWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let scorer = self.weight.scorer(reader, boost * self.boost)?;
        Ok(Box::new(ExactScorer { scorer }))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.weight.explain(reader, doc)
    }

    fn count(&self, reader: &SegmentReader) -> tantivy::Result<u32> {
        self.weight.count(reader)
    }
}

struct ExactScorer {
    scorer: Box<dyn Scorer>,
}

impl DocSet for ExactScorer {
    fn advance(&mut self) -> DocId {
        self.scorer.advance()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.scorer.seek(target)
    }

    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        self.scorer.seek_danger(target)
    }

    fn doc(&self) -> DocId {
        self.scorer.doc()
    }

    fn size_hint(&self) -> u32 {
        self.scorer.size_hint()
    }

    fn cost(&self) -> u64 {
        self.scorer.cost()
    }
}

impl Scorer for ExactScorer {
    fn score(&mut self) -> Score {
        on_grid(self.scorer.score())
    }
}

/// The nearest multiple of 1/1024.
pub(crate) fn on_grid(score: Score) -> Score {
    (score * GRID).round() / GRID
}
