//! The hits of the last search, so that `3` can mean the third.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::format::write_whole;

const FILE: &str = "last-search.json";

/// One hit of a search, as it is remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastHit {
    /// The release's id.
    pub release: String,
    /// The fact's id local to the record (`s1`, `q2`, `p3`); `None` for a hit that is the release itself.
    pub fact: Option<String>,
}

/// Remembers `hits` in the archive at `dir`. A reader may have no right to write there: then nothing is remembered.
pub(super) fn remember(dir: &Path, hits: &[LastHit]) {
    if let Ok(json) = serde_json::to_vec(hits) {
        // Losing the memory of a search is no fault of the search, which was answered already.
        drop(write_whole(&dir.join(FILE), &json));
    }
}

/// The hits of the last search; none where nothing is remembered.
pub(super) fn recall(dir: &Path) -> Vec<LastHit> {
    let json = fs::read(dir.join(FILE)).unwrap_or_default();
    serde_json::from_slice(&json).unwrap_or_default()
}
