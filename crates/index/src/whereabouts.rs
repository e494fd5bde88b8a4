//! Where a term stands, segment by segment: looked up once for all that a question asks of it. Each look into a dictionary
//! costs as much as going through hundreds of postings.

use std::sync::Arc;

use tantivy::index::SegmentId;
use tantivy::postings::{SegmentPostings, TermInfo};
use tantivy::query::EnableScoring;
use tantivy::schema::IndexRecordOption;
use tantivy::{SegmentReader, Term};

use crate::blocks::Blocks;

/// See the module.
#[derive(Clone)]
pub(crate) struct Whereabouts(Option<Arc<[(SegmentId, TermInfo)]>>);

impl Whereabouts {
    /// Looks `term` up where `scoring` says in which segments.
    pub(crate) fn of(term: &Term, scoring: EnableScoring<'_>) -> tantivy::Result<Self> {
        let EnableScoring::Enabled { searcher, .. } = scoring else { return Ok(Self(None)) };
        let mut known = Vec::new();
        for reader in searcher.segment_readers() {
            if let Some(info) = reader.inverted_index(term.field())?.get_term_info(term)? {
                known.push((reader.segment_id(), info));
            }
        }
        Ok(Self(Some(known.into())))
    }

    /// Whether it is known to stand nowhere.
    pub(crate) fn is_nowhere(&self) -> bool {
        self.0.as_ref().is_some_and(|known| known.is_empty())
    }

    /// In how many documents of these segments `term` stands.
    pub(crate) fn count(&self, term: &Term, scoring: EnableScoring<'_>) -> tantivy::Result<u64> {
        let EnableScoring::Enabled { searcher, statistics_provider } = scoring else { return Ok(0) };
        match &self.0 {
            // Without deletions they are the living ones.
            Some(known) if !searcher.segment_readers().iter().any(SegmentReader::has_deletes) => {
                Ok(known.iter().map(|(_, info)| u64::from(info.doc_freq)).sum())
            }
            _ => statistics_provider.doc_freq(term),
        }
    }

    /// The postings of `term` in one segment; `None` where it has none.
    pub(crate) fn postings(
        &self,
        term: &Term,
        reader: &SegmentReader,
        option: IndexRecordOption,
    ) -> tantivy::Result<Option<SegmentPostings>> {
        let Some(info) = self.within(term, reader)? else { return Ok(None) };
        let inverted = reader.inverted_index(term.field())?;
        Ok(Some(inverted.read_postings_from_terminfo(&info, option)?))
    }

    /// The same block by block.
    pub(crate) fn blocks(&self, term: &Term, reader: &SegmentReader) -> tantivy::Result<Option<Blocks>> {
        let Some(info) = self.within(term, reader)? else { return Ok(None) };
        let inverted = reader.inverted_index(term.field())?;
        let postings = inverted.read_block_postings_from_terminfo(&info, IndexRecordOption::WithFreqs)?;
        Ok(Some(Blocks::new(postings)))
    }

    fn within(&self, term: &Term, reader: &SegmentReader) -> tantivy::Result<Option<TermInfo>> {
        let Some(known) = &self.0 else {
            return Ok(reader.inverted_index(term.field())?.get_term_info(term)?);
        };
        let segment = reader.segment_id();
        Ok(known.iter().find(|(of, _)| *of == segment).map(|(_, info)| info.clone()))
    }
}
