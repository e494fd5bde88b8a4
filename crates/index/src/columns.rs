//! The columns of one segment, each opened when it is first asked for and kept for as long as the searcher: finding a column
//! by its name takes longer than many a question.

use std::sync::OnceLock;

use tantivy::columnar::{Column, StrColumn};
use tantivy::fastfield::FastFieldReaders;
use tantivy::{DocId, SegmentReader};

use crate::holders::Holders;
use crate::over::Releases;
use crate::query::Facet;
use crate::records::Place;

/// See the module.
pub(crate) struct Columns {
    all: FastFieldReaders,
    /// Of releases, as are dates and places: their facts have the same.
    pub(crate) id: Option<StrColumn>,
    pub(crate) published: Column<u64>,
    pub(crate) releases: Releases,
    place: [Column<u64>; 2],
    confidence: OnceLock<Column<u64>>,
    values: [OnceLock<Option<StrColumn>>; Facet::ALL.len()],
}

impl std::fmt::Debug for Columns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Columns")
    }
}

impl Columns {
    pub(crate) fn of(segment: &SegmentReader, releases: &Holders) -> tantivy::Result<Self> {
        let all = segment.fast_fields().clone();
        Ok(Self {
            published: all.u64("published")?,
            releases: Releases::of(releases, segment)?,
            id: all.str("id")?,
            place: [all.u64("place")?, all.u64("line")?],
            all,
            confidence: OnceLock::new(),
            values: Default::default(),
        })
    }

    /// Where the record of a release lies; `None` where the document is none.
    pub(crate) fn place(&self, release: DocId) -> Option<Place> {
        let [place, line] = &self.place;
        Some(Place::of([place.first(release)?, line.first(release)?]))
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
