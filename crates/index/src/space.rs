//! What takes the room: the bytes of an index by what they are for.

use std::collections::BTreeMap;

use tantivy::space_usage::PerFieldSpaceUsage;

use crate::{Index, IndexError};

/// Bytes of one kind of data, of one field where the kind has fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Space {
    /// `postings`, `positions`, `terms`, `lengths`, `columns` or `stored`.
    pub part: &'static str,
    /// Name of the field; empty for what is stored, which is packed together.
    pub field: String,
    /// Bytes on the disk.
    pub bytes: u64,
}

impl Index {
    /// What takes the room, the largest first.
    ///
    /// # Errors
    /// Where the index is damaged or the system refuses to read it.
    pub fn space(&self) -> Result<Vec<Space>, IndexError> {
        let usage = self.reader.searcher().space_usage();
        let usage = usage.map_err(|error| IndexError::read(&self.dir, error.into()))?;
        let mut sums: BTreeMap<(&'static str, String), u64> = BTreeMap::new();
        let mut add = |part, field: &str, bytes| *sums.entry((part, field.into())).or_default() += bytes;
        for segment in usage.segments() {
            let by_field: [(&str, &PerFieldSpaceUsage); 5] = [
                ("postings", segment.postings()),
                ("positions", segment.positions()),
                ("terms", segment.termdict()),
                ("lengths", segment.fieldnorms()),
                ("columns", segment.fast_fields()),
            ];
            for (part, fields) in by_field {
                for field in fields.fields() {
                    add(part, field.field_name(), field.total().get_bytes());
                }
            }
            add("stored", "", segment.store().total().get_bytes());
        }
        let all = sums.into_iter().map(|((part, field), bytes)| Space { part, field, bytes });
        let mut all: Vec<Space> = all.filter(|space| space.bytes > 0).collect();
        all.sort_by_key(|space| std::cmp::Reverse(space.bytes));
        Ok(all)
    }
}
