//! The records that an index was made of, where they lie: what a hit shows is read from there and is not kept twice.

use std::error::Error;

use chancery_record::Record;

/// Where a record lies. What the numbers mean is known to the keeper of the records alone; an index gives them back as it got
/// them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Number of the file, below 2^24.
    pub file: u32,
    /// Where in it, below 2^40.
    pub offset: u64,
    /// Which of those that begin there.
    pub line: u32,
    /// A checksum of the record, so that another one in its place is not taken for it.
    pub check: u32,
}

/// Bits of [`Place::offset`].
const OFFSET: u32 = 40;

impl Place {
    /// As two numbers, the first of which grows as records are written.
    pub(crate) fn numbers(self) -> [u64; 2] {
        [
            u64::from(self.file) << OFFSET | self.offset,
            u64::from(self.line) << u32::BITS | u64::from(self.check),
        ]
    }

    /// The place that [`Place::numbers`] gives so.
    pub(crate) const fn of([place, line]: [u64; 2]) -> Self {
        Self {
            file: (place >> OFFSET) as u32,
            offset: place & ((1 << OFFSET) - 1),
            line: (line >> u32::BITS) as u32,
            check: line as u32,
        }
    }
}

/// Keeps records, and reads them again.
pub trait Records {
    /// The record at `place`, as it was when the index was told of it.
    ///
    /// # Errors
    /// Where it lies there no longer, or cannot be read.
    fn record(&self, place: Place) -> Result<Record, Box<dyn Error + Send + Sync>>;
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::Mutex;

    use proptest::prelude::*;

    use super::*;
    use crate::Writer;

    /// The records that tests put into an index, all in one row.
    pub(crate) struct Kept;

    static KEPT: Mutex<Vec<Record>> = Mutex::new(Vec::new());

    impl Records for Kept {
        fn record(&self, place: Place) -> Result<Record, Box<dyn Error + Send + Sync>> {
            Ok(KEPT.lock().unwrap().get(place.line as usize).cloned().ok_or("it is gone")?)
        }
    }

    /// Keeps `record` and puts it into an index.
    pub(crate) fn put(writer: &mut Writer, record: &Record, seq: u64) {
        let mut kept = KEPT.lock().unwrap();
        kept.push(record.clone());
        let place = Place { line: kept.len() as u32 - 1, ..Place::default() };
        writer.put(record, seq, place).unwrap();
    }

    proptest! {
        #[test]
        fn a_place_is_read_as_it_was_written(file in 0_u32..1 << 24, offset in 0_u64..1 << OFFSET, line: u32, check: u32) {
            let place = Place { file, offset, line, check };
            prop_assert_eq!(Place::of(place.numbers()), place);
        }
    }
}
