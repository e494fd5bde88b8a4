//! The records as an index asks for them: by where they lie.

use std::cell::RefCell;
use std::error::Error;
use std::path::Path;

use chancery_index::{Place, Records};
use chancery_record::Record;

use super::segments::Segments;

/// The records of an archive. Segments only grow, so that what an index was told of lies where it lay, whatever is written
/// meanwhile; after damage they are made again, and a checksum tells one record from another in its place.
pub(super) struct Shelf(RefCell<Segments>);

impl Shelf {
    pub(super) fn new(dir: &Path) -> Self {
        Self(RefCell::new(Segments::new(dir)))
    }
}

impl Records for Shelf {
    fn record(&self, place: Place) -> Result<Record, Box<dyn Error + Send + Sync>> {
        let mut segments = self.0.borrow_mut();
        segments.shown(place).or_else(|_| {
            segments.forget();
            Ok(segments.shown(place)?)
        })
    }
}
