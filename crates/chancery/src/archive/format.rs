//! `archive.toml`: what makes a folder an archive, and of which format.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use serde::Deserialize;

use super::FORMAT;
use crate::Error;
use crate::pipeline::PROGRAM;
use crate::sources::line_and_column;

pub(super) const FILE: &str = "archive.toml";

/// What an archive's folder may hold before it is one: decisions of the user, and what a cut-off beginning leaves.
const MAY_BE_THERE: [&str; 5] = ["rules", "sources", "decisions", "lock", "archive.toml.new"];

#[derive(Deserialize)]
struct ArchiveFile {
    format: toml::Spanned<u64>,
    /// Words are whom to write to; anything else is the user's own.
    contact: Option<toml::Value>,
}

/// Checks that `dir` is an archive of a format that this program knows.
pub(super) fn check(dir: &Path) -> Result<(), Error> {
    let path = dir.join(FILE);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(cause) if matches!(cause.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Err(Error::NoArchive { path: dir.to_owned() });
        }
        Err(cause) => return Err(Error::io(path, "read", cause)),
    };
    let found = *parsed(&path, &text)?.format.get_ref();
    if found > FORMAT {
        return Err(Error::NewerFormat { path: dir.to_owned(), found, known: FORMAT });
    }
    Ok(())
}

/// Whom the keepers of sites may write to, as `archive.toml` says: `None` where it does not, and where there is none yet.
pub(super) fn contact(dir: &Path) -> Result<Option<String>, Error> {
    let path = dir.join(FILE);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(cause) if matches!(cause.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(cause) => return Err(Error::io(path, "read", cause)),
    };
    Ok(parsed(&path, &text)?.contact.and_then(|contact| contact.as_str().map(str::to_owned)))
}

fn parsed(path: &Path, text: &str) -> Result<ArchiveFile, Error> {
    toml::from_str(text).map_err(|cause| {
        let (line, column) = line_and_column(text, cause.span().map_or(0, |span| span.start));
        Error::ArchiveFile { path: path.to_owned(), line, column, message: cause.message().to_owned() }
    })
}

/// Makes `dir` an archive where it is none yet.
pub(super) fn create(dir: &Path) -> Result<(), Error> {
    match check(dir) {
        Err(Error::NoArchive { .. }) => {}
        other => return other,
    }
    fs::create_dir_all(dir).map_err(|cause| Error::io(dir, "create", cause))?;
    for entry in fs::read_dir(dir).map_err(|cause| Error::io(dir, "read", cause))? {
        let name = entry.map_err(|cause| Error::io(dir, "read", cause))?.file_name();
        let hidden = name.as_encoded_bytes().starts_with(b".");
        if !hidden && !MAY_BE_THERE.iter().any(|known| *known == name) {
            return Err(Error::NotAnArchive { path: dir.to_owned() });
        }
    }
    let text = format!(
        "# An archive of press releases, made by {PROGRAM}. `chancery status` describes it.\nformat = {FORMAT}\n"
    );
    write_whole(&dir.join(FILE), text.as_bytes())
}

/// The table that names the rules.
const RULES: &str = "[rules]";

/// Names in `archive.toml` the rules in force, by language. What else stands there is the user's and stays as it is.
pub(super) fn name_rules(dir: &Path, digests: &[(String, String)]) -> Result<(), Error> {
    let path = dir.join(FILE);
    let before = fs::read_to_string(&path).map_err(|cause| Error::io(&path, "read", cause))?;
    let mut in_table = false;
    let mut kept = String::new();
    for line in before.lines() {
        if line.trim_start().starts_with('[') {
            in_table = line.trim_start().starts_with(RULES);
        }
        if !in_table {
            kept += line;
            kept.push('\n');
        }
    }
    let named: toml::Table =
        digests.iter().map(|(language, digest)| (language.clone(), digest.as_str().into())).collect();
    let text = format!(
        "{}\n\n{RULES}  # with which the last run made its records; written by it\n{named}",
        kept.trim_end()
    );
    if text == before {
        return Ok(());
    }
    // Where the user has another `rules` of their own, both cannot stand in one file.
    parsed(&path, &text)?;
    write_whole(&path, text.as_bytes())
}

/// Writes a small file so that it is there whole or not at all.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let new = path.with_extension(format!("{}.new", path.extension().unwrap_or_default().to_string_lossy()));
    let write = || -> io::Result<()> {
        let mut file = fs::File::create(&new)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&new, path)
    };
    write().map_err(|cause| Error::io(path, "write", cause))
}
