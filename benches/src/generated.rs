//! Rule sets made to be large: ten times the English rules, thousands of rules over lists of words that stand in the
//! texts, long lists.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use chancery_rules::RuleFile;
use toml::{Table, Value};

use crate::Result;

/// Lists that the tokenizer reads by their names.
const TOKENIZER_LISTS: [&str; 4] = ["abbreviation", "starter", "prefix", "suffix"];
/// A list of more entries is one of names; copies of rules share it as authors would.
const MOST_CUES: usize = 400;

/// A file of rules.
pub(crate) fn file(path: impl Into<String>, text: impl Into<String>) -> RuleFile {
    RuleFile { path: path.into(), text: text.into() }
}

/// Puts other words in the place of those of a rule set: for each the word that stands `shift` places further in the
/// order of frequency, so that a copy of a rule has about as many sentences to look at as the rule itself.
struct Other<'w> {
    words: &'w [String],
    ranks: BTreeMap<&'w str, usize>,
    shift: usize,
}

impl Other<'_> {
    fn word(&self, word: &str) -> String {
        match self.ranks.get(word) {
            Some(rank) => self.words.get(rank + self.shift).unwrap_or(&self.words[self.shift]).clone(),
            None => format!("{word}{}", "x".repeat(self.shift)),
        }
    }

    fn words(&self, text: &str) -> String {
        text.split(' ').map(|word| self.word(word)).collect::<Vec<_>>().join(" ")
    }

    /// A pattern with its bare words changed, and its references to lists of cues those of their copies.
    fn pattern(&self, pattern: &str, lists: &BTreeSet<String>) -> String {
        let mut made = String::new();
        let mut rest = pattern;
        while let Some(first) = rest.chars().next() {
            let close = match first {
                '"' => Some('"'),
                '[' => Some(']'),
                '/' => Some('/'),
                '{' => Some('}'),
                _ => None,
            };
            let length = match close {
                Some(close) => {
                    1 + rest.chars().skip(1).take_while(|c| *c != close).map(char::len_utf8).sum::<usize>()
                        + 1
                }
                None if first.is_alphanumeric() => rest.find(|c: char| !is_of_word(c)).unwrap_or(rest.len()),
                None => first.len_utf8(),
            };
            let (piece, after) = rest.split_at(length.min(rest.len()));
            if first == '{' {
                made += &self.reference(piece, lists);
            } else if first.is_alphabetic() && !after.starts_with(':') {
                made += &self.word(piece);
            } else {
                made += piece;
            }
            rest = after;
        }
        made
    }

    fn reference(&self, piece: &str, lists: &BTreeSet<String>) -> String {
        let inner = piece.trim_matches(['{', '}', '@']);
        let name = inner.split(':').next().unwrap_or(inner);
        if lists.contains(name) { piece.replacen(name, &self.copy(name), 1) } else { piece.to_owned() }
    }

    fn copy(&self, list: &str) -> String {
        format!("{list}-{}", self.shift)
    }
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '\'' | '’')
}

/// The files of a rule set with nine copies of every rule and veto, each under an id of its own and with other words and
/// other lists of cues. Phrases, classes and lists of names are shared, as they are by the rules of one language.
pub(crate) fn ten_times(files: &[RuleFile], frequent: &[&str]) -> Result<Vec<RuleFile>> {
    let words: Vec<String> =
        frequent.iter().filter(|w| w.chars().all(char::is_lowercase)).map(|w| (*w).to_owned()).collect();
    let ranks: BTreeMap<&str, usize> = words.iter().enumerate().map(|(n, w)| (w.as_str(), n)).collect();
    let mut made = files.to_vec();
    for shift in 1..10 {
        let other = Other { words: &words, ranks: ranks.clone(), shift };
        let lists = cue_lists(files, &other, &mut made)?;
        for source in files.iter().filter(|f| f.path.ends_with(".toml")) {
            let table: Table = toml::from_str(&source.text)?;
            let mut copy = Table::new();
            for key in ["rule", "veto"] {
                let blocks = table.get(key).and_then(Value::as_array);
                let blocks: Vec<Value> = blocks
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_table)
                    .map(|block| Value::Table(changed(block, &other, &lists)))
                    .collect();
                if !blocks.is_empty() {
                    copy.insert(key.into(), Value::Array(blocks));
                }
            }
            let path = source.path.replace(".toml", &format!("-{shift}.toml"));
            made.push(file(path, toml::to_string(&copy)?));
        }
    }
    Ok(made)
}

/// Adds copies of all lists of cues with other words; the names of those that were copied.
fn cue_lists(files: &[RuleFile], other: &Other<'_>, made: &mut Vec<RuleFile>) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for source in files.iter().filter(|f| f.path.ends_with(".toml")) {
        let table: Table = toml::from_str(&source.text)?;
        let mut copies = Vec::new();
        for block in table.get("list").and_then(Value::as_array).into_iter().flatten() {
            let Some(block) = block.as_table() else { continue };
            let name = block.get("id").and_then(Value::as_str).unwrap_or_default();
            let folder = source.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let path = block.get("file").and_then(Value::as_str).map(|path| format!("{folder}/{path}"));
            let listed = path.and_then(|path| files.iter().find(|f| f.path == path));
            if TOKENIZER_LISTS.contains(&name) || listed.is_some_and(|f| f.text.lines().count() > MOST_CUES) {
                continue;
            }
            let mut copy = block.clone();
            copy.insert("id".into(), other.copy(name).into());
            if let Some(words) = copy.get_mut("words").and_then(Value::as_array_mut) {
                for word in words {
                    *word = other.words(word.as_str().unwrap_or_default()).into();
                }
            }
            if let Some(listed) = listed {
                let path = format!("{}-{name}-{}", listed.path, other.shift);
                let relative = path.strip_prefix(folder).unwrap_or(&path).trim_start_matches('/').to_owned();
                copy.insert("file".into(), relative.into());
                made.push(file(path, other_entries(&listed.text, other)));
            }
            copies.push(Value::Table(copy));
            names.insert(name.to_owned());
        }
        if !copies.is_empty() {
            let blocks = Table::from_iter([("list".to_owned(), Value::Array(copies))]);
            let path = source.path.replace(".toml", &format!("-lists-{}.toml", other.shift));
            made.push(file(path, toml::to_string(&blocks)?));
        }
    }
    Ok(names)
}

/// A list file with other words and the same columns.
fn other_entries(text: &str, other: &Other<'_>) -> String {
    let mut made = String::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (words, columns) = line.split_once('\t').unwrap_or((line, ""));
        let _ = writeln!(made, "{}\t{columns}", other.words(words.trim()));
    }
    made
}

/// A rule or veto with other words.
fn changed(block: &Table, other: &Other<'_>, lists: &BTreeSet<String>) -> Table {
    let mut block = block.clone();
    block.remove("yes");
    block.remove("no");
    if let Some(Value::String(when)) = block.get_mut("when") {
        let pattern = other.pattern(when, lists);
        // A rule without a word of its own is told from its copies by a word that may not stand first.
        *when = if pattern == *when { format!("!{} ({pattern})", other.word("the")) } else { pattern };
    }
    if let Some(Value::Table(set)) = block.get_mut("set") {
        for (_, value) in set.iter_mut() {
            if let Some((list, field)) = value.as_str().and_then(|value| value.split_once('.'))
                && lists.contains(list)
            {
                *value = format!("{}.{field}", other.copy(list)).into();
            }
        }
    }
    block
}

/// A hundred lists times a hundred: `name:([Cap]+) {a} of {b}` for each pair, every match in conflict with its like. The
/// words are those that stand before and after `of` in the texts, so that the rules do find.
pub(crate) fn pairs(texts: &[&str]) -> Vec<RuleFile> {
    const LISTS: usize = 100;
    let (mut before, mut after) = (BTreeSet::new(), BTreeSet::new());
    for text in texts {
        let words: Vec<&str> = text.split_whitespace().collect();
        for three in words.windows(3) {
            if let [first, "of", last] = three {
                before.insert(first.to_lowercase());
                after.insert(last.trim_end_matches(|c: char| !c.is_alphabetic()).to_lowercase());
            }
        }
    }
    let mut files = vec![file("en/layers.toml", "layers = ['pairs']")];
    for (side, words) in [("a", &before), ("b", &after)] {
        let words: Vec<&String> =
            words.iter().filter(|w| !w.is_empty() && w.chars().all(char::is_alphabetic)).collect();
        let mut text = String::new();
        for list in 0..LISTS {
            let own: Vec<String> = words.iter().skip(list).step_by(LISTS).map(|w| format!("'{w}'")).collect();
            let _ = writeln!(text, "[[list]]\nid = '{side}{list}'\nwords = [{}]", own.join(", "));
        }
        files.push(file(format!("en/lists-{side}.toml"), text));
    }
    for a in 0..LISTS {
        let mut text = String::new();
        for b in 0..LISTS {
            let _ = writeln!(
                text,
                "[[rule]]\nid = 'r{b}'\nlayer = 'pairs'\nfinds = 'pair'\nwhen = 'name:([Cap]+) {{a{a}}} of {{b{b}}}'"
            );
        }
        files.push(file(format!("en/pairs-{a}.toml"), text));
    }
    files
}

/// A rule over a list of so many names of two or three capitalized words; the first thousand are the same in any.
pub(crate) fn names(count: usize, frequent: &[&str], layer: &str) -> Vec<RuleFile> {
    let caps: Vec<&&str> = frequent.iter().filter(|w| w.starts_with(char::is_uppercase)).collect();
    let mut names = BTreeSet::new();
    // Steps that share no factor with the number of words give pairs in no order.
    let mut n = 0_usize;
    while names.len() < count && !caps.is_empty() {
        let pick = |step: usize| caps[(n * step + n / caps.len()) % caps.len()];
        let third = if n.is_multiple_of(3) { format!(" {}", pick(7_919)) } else { String::new() };
        names.insert(format!("{} {}{third}", pick(31), pick(1_009)));
        n += 1;
    }
    let lines: Vec<String> = names.into_iter().collect();
    let rule = format!(
        "[[list]]\nid = 'bench-names'\nfile = 'lists/bench-names.tsv'\n[[rule]]\nid = 'named'\nlayer = '{layer}'\n\
         finds = 'bench-named'\nwhen = 'name:{{bench-names}} [lower]'\n"
    );
    vec![file("en/bench.toml", rule), file("en/lists/bench-names.tsv", lines.join("\n"))]
}
