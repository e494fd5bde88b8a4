//! Which archive a command means.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::format::FILE;

/// The archive that a command means: the one that is named `explicit`ly (`--archive`), else the one that the
/// environment names (`CHANCERY_ARCHIVE`, where it is not empty), else the nearest folder from `here` upwards that
/// holds `archive.toml`, else `archive` below `here`.
#[must_use]
pub fn locate(explicit: Option<&Path>, environment: Option<&OsStr>, here: &Path) -> PathBuf {
    if let Some(dir) = explicit {
        return dir.to_owned();
    }
    if let Some(dir) = environment.filter(|dir| !dir.is_empty()) {
        return PathBuf::from(dir);
    }
    let parent = here.ancestors().find(|dir| dir.join(FILE).is_file());
    parent.map_or_else(|| here.join("archive"), Path::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_wins_then_the_environment_then_the_nearest_parent() {
        let root = tempfile::tempdir().unwrap();
        let below = root.path().join("notes/2021");
        std::fs::create_dir_all(&below).unwrap();
        let env = Some(OsStr::new("/srv/press"));
        assert_eq!(locate(Some(Path::new("a")), env, &below), Path::new("a"));
        assert_eq!(locate(None, env, &below), Path::new("/srv/press"));
        assert_eq!(locate(None, Some(OsStr::new("")), &below), below.join("archive"));
        std::fs::write(root.path().join(FILE), "format = 1\n").unwrap();
        assert_eq!(locate(None, None, &below), root.path());
    }
}
