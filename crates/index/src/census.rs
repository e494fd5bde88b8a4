//! How many documents the index holds of each release: what a check of an archive compares with its records.

use std::collections::BTreeMap;

use chancery_record::Record;
use tantivy::SegmentReader;

use crate::fact::facts;
use crate::holders::Holders;
use crate::over::Releases;
use crate::{Index, IndexError};

impl Index {
    /// The number of documents of each release, by its id. Deleted ones do not count.
    ///
    /// # Errors
    /// Where the index is damaged or the system refuses to read it.
    pub fn documents(&self) -> Result<BTreeMap<String, u64>, IndexError> {
        let searcher = self.reader.searcher();
        let sizes = self.sizes(&searcher)?;
        let mut counts = BTreeMap::new();
        for segment in searcher.segment_readers() {
            count(segment, &sizes.releases, &mut counts)
                .map_err(|error| IndexError::read(&self.dir, error))?;
        }
        Ok(counts)
    }
}

/// Adds the documents of `segment`.
fn count(
    segment: &SegmentReader,
    releases: &Holders,
    counts: &mut BTreeMap<String, u64>,
) -> tantivy::Result<()> {
    let Some(ids) = segment.fast_fields().str("id")? else { return Ok(()) };
    let releases = Releases::of(releases, segment)?;
    let mut alive = segment.doc_ids_alive().map(|doc| releases.over(doc)).peekable();
    let mut id = String::new();
    while let Some(release) = alive.next() {
        let mut of_release = 1;
        while alive.next_if_eq(&release).is_some() {
            of_release += 1;
        }
        id.clear();
        if let Some(ord) = ids.ords().first(release) {
            ids.ord_to_str(ord, &mut id)?;
        }
        *counts.entry(id.clone()).or_default() += of_release;
    }
    Ok(())
}

/// How many documents an index holds of a record: the release and its facts.
#[must_use]
pub fn documents_of(record: &Record) -> u64 {
    1 + facts(record).len() as u64
}
