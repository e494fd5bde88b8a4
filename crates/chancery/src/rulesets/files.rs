//! Which files of a folder of rules are for what. The build reads this file too, to compile the rules that are carried.

/// The reader's words, which are no rules.
pub(crate) const READER_FILE: &str = "reader.toml";
/// How names are spelt, which no record depends on: neither compiled nor part of a digest.
pub(crate) const SPELLINGS: &str = "common/spellings.toml";
/// Files of all languages.
pub(crate) const COMMON: &str = "common";

/// Whether a file is read at all.
pub(crate) fn is_rule_file(path: &str) -> bool {
    [".toml", ".tsv", ".txt", ".csv"].iter().any(|ending| path.ends_with(ending))
}

/// Whether records of a language depend on a file.
pub(crate) fn belongs(path: &str, language: &str) -> bool {
    path != SPELLINGS
        && path.split_once('/').is_some_and(|(folder, _)| folder == language || folder == COMMON)
}

/// Whether a file is part of the rule set of a language.
pub(crate) fn is_compiled(path: &str, language: &str) -> bool {
    belongs(path, language) && !path.ends_with(READER_FILE)
}
