//! The hits of the last search, so that `3` can mean the third. They are kept in the archive; who may only read it keeps
//! them among the states of programs in the home folder, where the XDG Base Directory Specification has them.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::format::write_whole;
use crate::input::short_digest;

const FILE: &str = "last-search.json";

/// One hit of a search, as it is remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastHit {
    /// The release's id.
    pub release: String,
    /// The fact's id local to the record (`s1`, `q2`, `p3`); `None` for a hit that is the release itself.
    pub fact: Option<String>,
}

/// Remembers `hits` of the archive at `dir`; whether that was possible anywhere.
pub(super) fn remember(dir: &Path, hits: &[LastHit]) -> bool {
    let Ok(json) = serde_json::to_vec(hits) else { return false };
    let elsewhere = elsewhere(dir);
    if write_whole(&dir.join(FILE), &json).is_ok() {
        // What was kept there while the archive could not be written is older.
        return elsewhere.is_none_or(|path| !path.exists() || fs::remove_file(path).is_ok());
    }
    elsewhere.is_some_and(|path| {
        path.parent().is_some_and(|folder| fs::create_dir_all(folder).is_ok())
            && write_whole(&path, &json).is_ok()
    })
}

/// The hits of the last search; none where nothing is remembered.
pub(super) fn recall(dir: &Path) -> Vec<LastHit> {
    let own = elsewhere(dir).and_then(|path| fs::read(path).ok());
    let json = own.or_else(|| fs::read(dir.join(FILE)).ok()).unwrap_or_default();
    serde_json::from_slice(&json).unwrap_or_default()
}

/// Where the hits are kept of an archive that may not be written.
fn elsewhere(dir: &Path) -> Option<PathBuf> {
    let named = env::var_os("XDG_STATE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let states = named.or_else(|| Some(env::home_dir()?.join(".local/state")))?;
    let dir = fs::canonicalize(dir).ok()?;
    let name = format!("{}-{FILE}", short_digest(dir.as_os_str().as_encoded_bytes()));
    Some(states.join("chancery").join(name))
}
