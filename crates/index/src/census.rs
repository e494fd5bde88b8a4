//! How many documents the index holds of each release: what a check of an archive compares with its records.

use std::collections::BTreeMap;

use chancery_record::Record;
use tantivy::DocSet as _;
use tantivy::schema::IndexRecordOption;

use crate::fact::facts;
use crate::{Index, IndexError};

impl Index {
    /// The number of documents of each release, by its id. Deleted ones do not count.
    ///
    /// # Errors
    /// Where the index is damaged or the system refuses to read it.
    pub fn documents(&self) -> Result<BTreeMap<String, u64>, IndexError> {
        self.count_documents().map_err(|error| IndexError::read(&self.dir, error))
    }

    fn count_documents(&self) -> tantivy::Result<BTreeMap<String, u64>> {
        let mut counts = BTreeMap::new();
        for segment in self.reader.searcher().segment_readers() {
            let inverted = segment.inverted_index(self.fields.key)?;
            let mut terms = inverted.terms().stream()?;
            while terms.advance() {
                let mut postings =
                    inverted.read_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)?;
                let mut alive = 0;
                while postings.doc() != tantivy::TERMINATED {
                    alive += u64::from(!segment.is_deleted(postings.doc()));
                    postings.advance();
                }
                if alive > 0 {
                    let id = String::from_utf8_lossy(terms.key()).into_owned();
                    *counts.entry(id).or_default() += alive;
                }
            }
        }
        Ok(counts)
    }
}

/// How many documents an index holds of a record: the release and its facts.
#[must_use]
pub fn documents_of(record: &Record) -> u64 {
    1 + facts(record).len() as u64
}
