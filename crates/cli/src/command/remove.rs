//! What `remove` means.

use std::env;
use std::path::PathBuf;

use super::archive;
use crate::args::RemoveArgs;

/// `remove`
pub(crate) struct Remove {
    /// From which archive.
    pub(crate) archive: PathBuf,
    /// Which releases.
    pub(crate) releases: Vec<String>,
    /// Whether they are brought back.
    pub(crate) undo: bool,
    /// Why.
    pub(crate) reason: Option<String>,
    /// Who decides it.
    pub(crate) by: Option<String>,
}

impl From<RemoveArgs> for Remove {
    fn from(args: RemoveArgs) -> Self {
        let user = || env::var("USER").ok().filter(|user| !user.is_empty());
        Self {
            archive: archive(&args.archive),
            releases: args.releases,
            undo: args.undo,
            reason: args.reason,
            by: args.by.or_else(user),
        }
    }
}
