//! The columns of one segment, each opened when it is first asked for and kept for as long as the searcher: finding a column
//! by its name takes longer than many a question.

use std::sync::OnceLock;

use tantivy::SegmentReader;
use tantivy::columnar::{Column, StrColumn};
use tantivy::fastfield::FastFieldReaders;

use crate::query::Facet;

/// See the module.
pub(crate) struct Columns {
    all: FastFieldReaders,
    pub(crate) published: Column<u64>,
    pub(crate) position: Column<u64>,
    pub(crate) id: Option<StrColumn>,
    confidence: OnceLock<Column<u64>>,
    values: [OnceLock<Option<StrColumn>>; Facet::ALL.len()],
}

impl std::fmt::Debug for Columns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Columns")
    }
}

impl Columns {
    pub(crate) fn of(segment: &SegmentReader) -> tantivy::Result<Self> {
        let all = segment.fast_fields().clone();
        Ok(Self {
            published: all.u64("published")?,
            position: all.u64("position")?,
            id: all.str("id")?,
            all,
            confidence: OnceLock::new(),
            values: Default::default(),
        })
    }

    pub(crate) fn confidence(&self) -> tantivy::Result<Column<u64>> {
        if let Some(column) = self.confidence.get() {
            return Ok(column.clone());
        }
        let column = self.all.u64("confidence")?;
        Ok(self.confidence.get_or_init(|| column).clone())
    }

    /// The values of a facet; `None` where it has no column, or the segment none of its values.
    pub(crate) fn values(&self, facet: Facet) -> tantivy::Result<Option<StrColumn>> {
        let (Some(name), Some(kept)) = (facet.column(), self.values.get(facet.number())) else {
            return Ok(None);
        };
        if let Some(column) = kept.get() {
            return Ok(column.clone());
        }
        let column = self.all.str(name)?;
        Ok(kept.get_or_init(|| column).clone())
    }
}
