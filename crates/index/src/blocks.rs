//! The postings of one term in one segment, block by block: as slices, which are gone through many times as fast as one posting
//! after the other.

use tantivy::postings::BlockSegmentPostings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, SegmentReader, TERMINATED, Term};

/// See the module.
pub(crate) struct Blocks {
    /// Boxed because it is large and often moved.
    block: Box<BlockSegmentPostings>,
    at: usize,
}

impl Blocks {
    /// Those of `term` in a segment; `None` where it has none.
    pub(crate) fn of(term: &Term, reader: &SegmentReader) -> tantivy::Result<Option<Self>> {
        let inverted = reader.inverted_index(term.field())?;
        let block = inverted.read_block_postings(term, IndexRecordOption::WithFreqs)?;
        Ok(block.map(Self::new))
    }

    pub(crate) fn new(postings: BlockSegmentPostings) -> Self {
        Self { block: Box::new(postings), at: 0 }
    }

    /// How many there are.
    pub(crate) fn count(&self) -> u32 {
        self.block.doc_freq()
    }

    pub(crate) fn doc(&self) -> DocId {
        self.block.docs().get(self.at).copied().unwrap_or(TERMINATED)
    }

    pub(crate) fn seek(&mut self, target: DocId) -> DocId {
        if self.doc() < target {
            self.at = self.block.seek(target);
        }
        self.doc()
    }

    /// How often the term stands in `doc`, which none asked for before lies behind.
    pub(crate) fn in_doc(&mut self, doc: DocId) -> u32 {
        if self.seek(doc) == doc { self.times() } else { 0 }
    }

    /// How often it stands in the document at hand.
    pub(crate) fn times(&self) -> u32 {
        // A property is there or not: how often is not kept.
        self.block.freqs().get(self.at).copied().unwrap_or(1)
    }

    /// Goes through the postings before `end`.
    pub(crate) fn each(&mut self, end: DocId, mut visit: impl FnMut(DocId, u32)) {
        loop {
            let docs = self.block.docs().get(self.at..).unwrap_or_default();
            let freqs = self.block.freqs().get(self.at..).unwrap_or_default();
            let Some(last) = docs.last() else { return };
            let count = if *last < end { docs.len() } else { docs.partition_point(|doc| *doc < end) };
            if freqs.is_empty() {
                docs.iter().take(count).for_each(|doc| visit(*doc, 1));
            } else {
                docs.iter().zip(freqs).take(count).for_each(|(doc, freq)| visit(*doc, *freq));
            }
            self.at += count;
            if count < docs.len() {
                return;
            }
            self.block.advance();
            self.at = 0;
        }
    }
}
