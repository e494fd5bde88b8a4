//! Entries of lists that stand twice, or that no text can hold.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use chancery_text::{Language, Tokens, fold};

use super::at;
use crate::compile::{Compiled, KeptEntry, LONGEST_ENTRY, Named, beside};
use crate::doc::Doc;
use crate::error::RuleError;
use crate::file::{Case, ListBlock};
use crate::list::EXACT;
use crate::list::{Entry, listed};
use crate::ruleset::RuleFile;

/// So many findings of a kind are told of one list; the last says how many more there are.
const TOLD: usize = 20;

pub(super) fn check(done: &Compiled<'_>, files: &[RuleFile], found: &mut Vec<RuleError>) {
    // A file is looked through once, however many lists take part of it: with case where all of them do.
    let mut read: BTreeMap<String, bool> = BTreeMap::new();
    for (file, b) in &done.parsed {
        for block in &b.list {
            if let Some(path) = &block.file {
                *read.entry(beside(file, path)).or_insert(true) &= block.case == Case::Exact;
            }
            found.extend(words_twice(file, block).told());
        }
    }
    for file in files.iter().filter(|f| !f.path.ends_with(".toml")) {
        if let Some(exact) = read.get(&file.path) {
            found.extend(lines_twice(file, *exact).told());
        }
    }
    let mut told = BTreeSet::new();
    for (file, b) in &done.parsed {
        for block in &b.list {
            let Some(Named::List(number)) = done.names.get(block.id.get_ref()) else { continue };
            let Some(list) = done.lists.get(*number as usize) else { continue };
            if list.is_empty() {
                let error = at(file, &block.id, format!("the list `{}` has no entry", block.id.get_ref()));
                found.push(
                    error
                        .help("give it `words`, or a `file` with a line that `where` lets through")
                        .warning(),
                );
            }
            found.extend(never(done, files, file, block, list, &mut told).told());
        }
    }
}

/// The first findings in a list, and how many more there are: each holds its whole file, and a list may have thousands.
#[derive(Default)]
struct Few {
    first: Vec<RuleError>,
    more: usize,
}

impl Few {
    fn add(&mut self, finding: impl FnOnce() -> RuleError) {
        if self.first.len() < TOLD {
            self.first.push(finding());
        } else {
            self.more += 1;
        }
    }

    /// The findings; the last says how many are left.
    fn told(mut self) -> Vec<RuleError> {
        if self.more > 0
            && let Some(last) = self.first.last_mut()
        {
            last.message += &format!(" (and {} more like this in the list)", self.more);
        }
        self.first
    }
}

/// What decides whether two entries are the same.
fn key(words: &str, exact: bool, data: &[(String, String)]) -> (String, Vec<(String, String)>) {
    let exact = exact || data.iter().any(|(k, _)| k == EXACT);
    let mut data = data.to_vec();
    data.sort();
    let words = if exact { words.to_owned() } else { folded(words) };
    (words, data)
}

fn folded(words: &str) -> String {
    let tokens = Tokens::of(words, &Language::default());
    let all: Vec<String> = tokens.iter().map(|t| fold(t.of(words))).collect();
    all.join(" ")
}

fn twice(words: &str, first: &str, place: &str) -> (String, String) {
    if words == first {
        return (
            format!("`{words}` stands twice in the list"),
            format!("the first stands {place}; take one out"),
        );
    }
    (
        format!("`{words}` is the same entry as `{first}`"),
        format!(
            "which stands {place}; case, accents, hyphen and space do not matter in this list: take one out"
        ),
    )
}

/// Lines of a list file that say the same.
fn lines_twice(file: &RuleFile, exact: bool) -> Few {
    let mut seen: BTreeMap<_, Entry<'_>> = BTreeMap::new();
    let mut found = Few::default();
    let (list, _) = listed(&file.text);
    for entry in list.entries() {
        let data: Vec<(String, String)> =
            entry.data.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let key = key(entry.words, exact, &data);
        if let Some(first) = seen.get(&key) {
            found.add(|| {
                let (message, help) = twice(entry.words, first.words, &format!("at line {}", first.line));
                at_line(file, entry.line, message).help(help).warning()
            });
        } else {
            seen.insert(key, entry);
        }
    }
    found
}

/// Words of a block that say the same.
fn words_twice(file: &RuleFile, block: &ListBlock) -> Few {
    let mut seen: BTreeMap<_, &str> = BTreeMap::new();
    let mut found = Few::default();
    for word in &block.words {
        let key = key(word.get_ref(), block.case == Case::Exact, &[]);
        match seen.get(&key) {
            Some(first) => {
                found.add(|| {
                    let (message, help) = twice(word.get_ref(), first, "before it");
                    at(file, word, message).help(help).warning()
                });
            }
            None => {
                seen.insert(key, word.get_ref());
            }
        }
    }
    found
}

/// Entries that are not found in their own words, or only with signs that nobody meant.
fn never(
    done: &Compiled<'_>,
    files: &[RuleFile],
    file: &RuleFile,
    block: &ListBlock,
    list: &[KeptEntry],
    told: &mut BTreeSet<(String, usize)>,
) -> Few {
    let mut found = Few::default();
    let commas = !list.iter().any(|entry| has_comma(&entry.words) && !is_joined(&entry.words));
    for entry in list {
        let plain = !entry.words.is_empty() && entry.words.bytes().all(|b| b.is_ascii_alphanumeric());
        if plain {
            continue;
        }
        let why = slipped(&entry.words, commas).or_else(|| why_never(done, block.id.get_ref(), &entry.words));
        let Some((message, help)) = why else { continue };
        if let Some((path, line)) = &entry.place {
            let listed = files.iter().find(|f| *f.path == **path);
            if let Some(listed) = listed.filter(|_| told.insert((path.to_string(), *line))) {
                found.add(|| at_line(listed, *line, message).help(help).warning());
            }
        } else if let Some(word) = block.words.iter().find(|w| *w.get_ref() == entry.words) {
            found.add(|| at(file, word, message).help(help).warning());
        }
    }
    found
}

/// Signs that entries are parted by where several are written as one.
const PARTING: [char; 5] = [',', ';', '،', '、', '，'];
/// Pairs of marks in which an entry may have been put.
const MARKS: [(char, char); 8] =
    [('"', '"'), ('\'', '\''), ('“', '”'), ('„', '“'), ('„', '”'), ('‘', '’'), ('«', '»'), ('»', '«')];

fn has_comma(words: &str) -> bool {
    words.contains(PARTING) && words.contains(char::is_alphabetic)
}

/// Whether an entry reads like several: parts of few words, with a capital only where they are three or more, since many
/// a name has a comma.
fn is_joined(words: &str) -> bool {
    let parts: Vec<&str> = words.split(PARTING).map(str::trim).collect();
    let short = |most| parts.iter().all(|part| part.split_whitespace().count() <= most);
    parts.len() > 1
        && parts.iter().all(|part| part.contains(char::is_alphabetic))
        && if words.contains(char::is_uppercase) { parts.len() > 2 && short(2) } else { short(3) }
}

/// An entry in quotation marks, or several that were written as one where the list has no comma by intention: a text would
/// have to have the signs too.
fn slipped(words: &str, commas: bool) -> Option<(String, String)> {
    let inner = MARKS.iter().find_map(|(open, close)| words.strip_prefix(*open)?.strip_suffix(*close));
    if let Some(inner) = inner.filter(|inner| inner.contains(char::is_alphanumeric)) {
        let message = format!("the entry `{words}` stands in quotation marks, which a text must have too");
        return Some((message, format!("write `{inner}`")));
    }
    (commas && has_comma(words) && is_joined(words)).then(|| {
        let message = format!("`{words}` is one entry, found only where a text has all of it with its commas");
        (message, "if several are meant, write each for itself: on a line of its own, or in marks of its own in `words`".into())
    })
}

fn why_never(done: &Compiled<'_>, list: &str, words: &str) -> Option<(String, String)> {
    let doc = Doc::new(words, &done.set);
    let len = doc.tokens().len();
    // One that is too long has been told.
    if len > LONGEST_ENTRY {
        return None;
    }
    if len > 0 && doc.entries(&done.set, done.set.list(list), 0).any(|(end, _)| end == len) {
        return None;
    }
    Some(if folded(words).trim().is_empty() {
        (format!("the entry `{words}` holds no word"), "write the word, or take the line out".into())
    } else if doc.sentences().len() > 1 {
        (
            format!("the entry `{words}` runs over the end of a sentence, so that it can never match"),
            "leave out what ends the sentence, or name the abbreviation in the list `abbreviation`".into(),
        )
    } else {
        let tokens: Vec<&str> = doc.tokens().iter().map(|t| t.of(words)).collect();
        (
            format!("the entry `{words}` can never match: in a text it is cut into `{}`", tokens.join("` `")),
            "write it as it is cut, or change the tokenizer's lists (`prefix`, `suffix`, `abbreviation`)"
                .into(),
        )
    })
}

fn at_line(file: &RuleFile, line: usize, message: String) -> RuleError {
    RuleError::new(&file.path, &file.text, words_of_line(&file.text, line), message)
}

/// Where the entry stands in a line, from 1.
fn words_of_line(text: &str, line: usize) -> Range<usize> {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let words = text.get(start..).and_then(|rest| rest.split(['\t', '\n']).next()).unwrap_or_default();
    start..start + words.trim_end().len()
}
