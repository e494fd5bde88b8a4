//! Files in a folder of rules that no rule set has: put into the wrong place, they would be passed over without a word.

use std::fs;
use std::path::{Path, PathBuf};

use super::files::{COMMON, is_rule_file};
use super::{EMBEDDED, is_reader_file};

/// Endings of what may lie beside rules: explanations of them.
const BESIDE: [&str; 2] = [".md", ".json"];

/// A file that was not read, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The file.
    pub path: PathBuf,
    /// Why it was not read.
    pub why: String,
    /// What to do.
    pub mend: String,
}

/// All files below `dir`, hidden ones left out, that no rule set has, in the order of their paths.
pub(super) fn files(dir: &Path) -> Vec<Unread> {
    let mut all = Vec::new();
    walk(dir, "", &mut all);
    all.sort_by(|a, b| a.path.cmp(&b.path));
    all
}

fn walk(dir: &Path, prefix: &str, all: &mut Vec<Unread>) {
    // What cannot be read has been told by whoever read the rules.
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let (path, relative) = (entry.path(), format!("{prefix}{name}"));
        if name.starts_with('.') {
            continue;
        }
        if path.is_dir() {
            walk(&path, &format!("{relative}/"), all);
        } else if let Some((why, mend)) = why_not(&relative) {
            all.push(Unread { path, why, mend });
        }
    }
}

/// Why a file, by its path below the folder of rules, is not read; `None` where it is.
fn why_not(relative: &str) -> Option<(String, String)> {
    if BESIDE.iter().any(|ending| relative.ends_with(ending)) || EMBEDDED.get_file(relative).is_some() {
        return None;
    }
    let Some((folder, _)) = relative.split_once('/') else {
        let mend = format!("move it into the folder of a language: en/{relative}");
        return Some(("a file of rules lies in the folder of its language".into(), mend));
    };
    if !is_rule_file(relative) {
        let mend = "give it the ending .toml, or for a list .tsv, .txt or .csv".into();
        return Some(("files of rules are told by their ending".into(), mend));
    }
    let small = folder.to_lowercase();
    let is_language = (2..=8).contains(&folder.len()) && folder.bytes().all(|b| b.is_ascii_lowercase());
    if folder == COMMON || is_language || is_reader_file(relative) {
        return None;
    }
    let mend = if EMBEDDED.get_dir(&small).is_some() {
        format!("did you mean {small}/?")
    } else {
        "folders are called as languages are tagged: en, fr, ar".into()
    };
    Some((format!("no language is called `{folder}`"), mend))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_in_the_wrong_place_is_told() {
        let dir = tempfile::tempdir().unwrap();
        for path in [
            "own.toml",
            "en/own.TOML",
            "EN/own.toml",
            "en/own.toml",
            "en/lists/a.tsv",
            "README.md",
            "xx/a.toml",
        ] {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let told: Vec<String> = files(dir.path())
            .iter()
            .map(|one| format!("{}: {}", one.path.strip_prefix(dir.path()).unwrap().display(), one.mend))
            .collect();
        assert_eq!(
            told,
            [
                "EN/own.toml: did you mean en/?",
                "en/own.TOML: give it the ending .toml, or for a list .tsv, .txt or .csv",
                "own.toml: move it into the folder of a language: en/own.toml",
            ]
        );
    }
}
