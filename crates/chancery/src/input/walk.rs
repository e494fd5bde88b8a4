//! A folder's files in byte order of their paths, one folder's names at a time.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use super::{Flow, Place, Run, SkipReason};

/// Hands over each file below `folder`. Hidden files and folders (`.git`, `.DS_Store`) are passed over unsaid.
pub(super) fn folder(run: &mut Run<'_>, folder: &Path) -> Flow {
    below(run, folder, "")
}

fn below(run: &mut Run<'_>, folder: &Path, prefix: &str) -> Flow {
    let names = match names(folder) {
        Ok(names) => names,
        Err(cause) => {
            return run
                .error(Place::of(folder.display().to_string()), SkipReason::Unreadable(cause.to_string()));
        }
    };
    for (name, is_folder) in names {
        let path = folder.join(&name);
        let relative = format!("{prefix}{}", name.to_string_lossy());
        if is_folder {
            below(run, &path, &format!("{relative}/"))?;
        } else {
            run.file(&path, &path.display().to_string(), &relative, false)?;
        }
    }
    Flow::Continue(())
}

/// Names in `folder` with whether each is a folder, in the byte order of whole paths: a folder sorts as if its name
/// ended in `/`. A link to a folder is not followed, so that no walk goes round in a circle.
fn names(folder: &Path) -> std::io::Result<Vec<(OsString, bool)>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (name, kind) = (entry.file_name(), entry.file_type()?);
        let hidden = name.as_encoded_bytes().starts_with(b".");
        let linked_folder = kind.is_symlink() && fs::metadata(entry.path()).is_ok_and(|meta| meta.is_dir());
        if !hidden && !linked_folder {
            names.push((name, kind.is_dir()));
        }
    }
    names.sort_by_cached_key(|(name, is_folder)| {
        let mut key = name.as_encoded_bytes().to_vec();
        if *is_folder {
            key.push(b'/');
        }
        key
    });
    Ok(names)
}

/// Bytes of a file, or of all files below a folder, as they lie on disk; what cannot be asked counts as nothing.
pub(super) fn size(path: &Path) -> u64 {
    match fs::metadata(path) {
        Ok(meta) if meta.is_dir() => {
            names(path).map_or(0, |names| names.iter().map(|(name, _)| size(&path.join(name))).sum())
        }
        Ok(meta) => meta.len(),
        Err(_) => 0,
    }
}
