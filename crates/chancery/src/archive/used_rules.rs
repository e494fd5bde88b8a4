//! The rules that made the records of an archive, kept so that a change of rules can be told: `used-rules/*.json.zst`, a
//! file for each language and digest. Derived: where one is missing, records of those rules are made again from scratch.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use chancery_rules::{Change, RuleFile};

use super::format::write_whole;
use crate::Error;
use crate::rulesets::{Rulesets, is_reader_file};

const FOLDER: &str = "used-rules";
const LEVEL: i32 = 9;

fn path(dir: &Path, digest: &str) -> PathBuf {
    let name: String = digest.trim_start_matches("sha256:").chars().take(32).collect();
    dir.join(FOLDER).join(format!("{name}.json.zst"))
}

/// Keeps the rules in force.
pub(super) fn keep(dir: &Path, rules: &Rulesets) -> Result<(), Error> {
    for (language, digest) in rules.digests() {
        let path = path(dir, digest);
        if path.exists() {
            continue;
        }
        let folder = dir.join(FOLDER);
        fs::create_dir_all(&folder).map_err(|cause| Error::io(&folder, "create", cause))?;
        let files: Vec<(String, String)> =
            rules.all_files_of(language).into_iter().map(|file| (file.path, file.text)).collect();
        let json = serde_json::to_vec(&files).expect("pairs of strings are JSON");
        let packed =
            zstd::encode_all(json.as_slice(), LEVEL).map_err(|cause| Error::io(&path, "write", cause))?;
        write_whole(&path, &packed)?;
    }
    Ok(())
}

/// What differs between the rules of this digest and those in force; `None` where nobody can tell.
pub(super) fn change(
    dir: &Path,
    language: &str,
    digest: &str,
    now: &Rulesets,
) -> Result<Option<Change>, Error> {
    let path = path(dir, digest);
    let packed = match fs::read(&path) {
        Ok(packed) => packed,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(Error::io(&path, "read", cause)),
    };
    // A damaged file, like none, only costs time.
    let Some(json) = zstd::decode_all(packed.as_slice()).ok() else { return Ok(None) };
    let Ok(files) = serde_json::from_slice::<Vec<(String, String)>>(&json) else { return Ok(None) };
    let old = files.into_iter().map(|(path, text)| RuleFile { path, text });
    let (old_reader, old): (Vec<_>, Vec<_>) = old.partition(|file| is_reader_file(&file.path));
    let (new_reader, new): (Vec<_>, Vec<_>) =
        now.all_files_of(language).into_iter().partition(|file| is_reader_file(&file.path));
    // Other words for reading pages may give other texts; old rules may be none to this program.
    if old_reader != new_reader {
        return Ok(None);
    }
    Ok(Change::between(language, &old, &new).ok())
}

/// Takes away rules that no record names and that are not in force.
pub(super) fn forget_others(dir: &Path, named: &BTreeSet<String>, rules: &Rulesets) -> Result<(), Error> {
    let in_force = rules.digests().iter().map(|(_, digest)| digest);
    let kept: BTreeSet<PathBuf> = named.iter().chain(in_force).map(|digest| path(dir, digest)).collect();
    let Ok(entries) = fs::read_dir(dir.join(FOLDER)) else { return Ok(()) };
    for entry in entries.flatten().map(|entry| entry.path()).filter(|path| !kept.contains(path)) {
        fs::remove_file(&entry).map_err(|cause| Error::io(&entry, "write", cause))?;
    }
    Ok(())
}
