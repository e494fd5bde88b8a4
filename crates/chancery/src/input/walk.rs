//! A folder's files in byte order of their paths, one folder's names at a time.

use std::ffi::OsString;
use std::fs::{self, DirEntry};
use std::path::Path;

use super::{Flow, Place, Run, Skip, SkipReason};

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
    names
        .iter()
        .filter(|(_, kind)| *kind == Entry::File)
        .for_each(|(name, _)| run.expect(&folder.join(name)));
    for (name, kind) in names {
        let path = folder.join(&name);
        let relative = format!("{prefix}{}", name.to_string_lossy());
        let shown = path.display().to_string();
        match kind {
            Entry::Folder => below(run, &path, &format!("{relative}/"))?,
            Entry::File => run.file(&path, &shown, &relative, false)?,
            Entry::Linked => {
                run.skip(Skip { place: Place::of(shown), reason: SkipReason::Linked, is_error: false })?;
            }
            Entry::Other => {
                run.skip(Skip { place: Place::of(shown), reason: SkipReason::OtherKind, is_error: false })?;
            }
        }
    }
    Flow::Continue(())
}

/// What stands in a folder.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Entry {
    Folder,
    File,
    /// A link to a folder: it is not followed, so that no walk goes round in a circle.
    Linked,
    /// A pipe, socket or device, which might never end.
    Other,
}

/// Names in `folder` with what each is, in the byte order of whole paths: a folder sorts as if its name ended in `/`.
fn names(folder: &Path) -> std::io::Result<Vec<(OsString, Entry)>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if !name.as_encoded_bytes().starts_with(b".") {
            names.push((name, kind(&entry)?));
        }
    }
    names.sort_by_cached_key(|(name, kind)| {
        let mut key = name.as_encoded_bytes().to_vec();
        if *kind == Entry::Folder {
            key.push(b'/');
        }
        key
    });
    Ok(names)
}

fn kind(entry: &DirEntry) -> std::io::Result<Entry> {
    let kind = entry.file_type()?;
    if kind.is_symlink() {
        return Ok(match fs::metadata(entry.path()) {
            Ok(meta) if meta.is_dir() => Entry::Linked,
            Ok(meta) if !meta.is_file() => Entry::Other,
            // A link to nothing is told when it is opened.
            _ => Entry::File,
        });
    }
    Ok(if kind.is_dir() {
        Entry::Folder
    } else if kind.is_file() {
        Entry::File
    } else {
        Entry::Other
    })
}

/// Bytes of a file, or of all files below a folder, as they lie on disk; what cannot be asked counts as nothing.
pub(super) fn size(path: &Path) -> u64 {
    match fs::metadata(path) {
        Ok(meta) if meta.is_dir() => names(path).map_or(0, |names| {
            let inside = names.iter().filter(|(_, kind)| matches!(kind, Entry::Folder | Entry::File));
            inside.map(|(name, _)| size(&path.join(name))).sum()
        }),
        Ok(meta) => meta.len(),
        Err(_) => 0,
    }
}
