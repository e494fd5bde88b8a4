//! The documents that have a term, a bit for each, by segment: kept for what nearly every question asks.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use tantivy::index::SegmentId;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet as _, SegmentReader, TERMINATED, Term};

/// See the module.
#[derive(Debug)]
pub(crate) struct Holders {
    term: Term,
    known: FxHashMap<SegmentId, Arc<[u64]>>,
}

impl Holders {
    pub(crate) fn new(term: Term, segments: &[SegmentReader]) -> tantivy::Result<Self> {
        let mut holders = Self { term, known: FxHashMap::default() };
        for segment in segments {
            let bits = holders.read(segment)?;
            holders.known.insert(segment.segment_id(), bits);
        }
        Ok(holders)
    }

    pub(crate) fn of(&self, segment: &SegmentReader) -> tantivy::Result<Arc<[u64]>> {
        match self.known.get(&segment.segment_id()) {
            Some(bits) => Ok(Arc::clone(bits)),
            None => self.read(segment),
        }
    }

    fn read(&self, segment: &SegmentReader) -> tantivy::Result<Arc<[u64]>> {
        let mut bits = vec![0_u64; segment.max_doc() as usize / 64 + 1];
        let inverted = segment.inverted_index(self.term.field())?;
        if let Some(mut postings) = inverted.read_postings(&self.term, IndexRecordOption::Basic)? {
            while postings.doc() != TERMINATED {
                if let Some(bits) = bits.get_mut(postings.doc() as usize / 64) {
                    *bits |= 1 << (postings.doc() % 64);
                }
                postings.advance();
            }
        }
        Ok(bits.into())
    }
}
