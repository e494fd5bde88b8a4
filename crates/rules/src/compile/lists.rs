//! Lists and forms: entries read from files and blocks into the dictionary.

use std::rc::Rc;

use chancery_text::{Language, Tokens, Unmarked, fold};
use regex::Regex;
use toml::Spanned;

use super::{Compiler, KeptEntry, Named, nearest};
use crate::dictionary::Data;
use crate::error::RuleError;
use crate::file::{Blocks, Case, ListBlock};
use crate::list::{Entry, Forms, Where, entries};
use crate::ruleset::{RuleFile, Words};

/// Lists that the tokenizer reads by these names; a rule set without them has none.
const TOKENIZER_LISTS: [&str; 6] = ["abbreviation", "starter", "prefix", "suffix", "possessor", "headplace"];

/// A list has no more entries …
const MOST_ENTRIES: usize = 2_000_000;
/// … and an entry no more words.
pub(crate) const LONGEST_ENTRY: usize = 64;

/// The column that makes one entry match only in its own case, whatever its value.
pub(crate) const EXACT: &str = "exact";

impl Compiler<'_> {
    pub(super) fn read_forms(&mut self, file: &RuleFile, b: &Blocks) {
        for block in &b.forms {
            let mut forms = Forms::default();
            if let Some(path) = &block.file
                && let Some(listed) = self.list_file(file, path)
            {
                forms.irregular = listed.to_vec();
            }
            for rule in &block.rules {
                match Regex::new(rule.ending.get_ref()) {
                    Ok(ending) => forms.rules.push((rule.form.clone(), ending, rule.put.clone())),
                    Err(e) => self.errors.push(
                        RuleError::new(
                            &file.path,
                            &file.text,
                            rule.ending.span(),
                            format!("not a regular expression: {e}"),
                        )
                        .help("write the ending of the lemma, such as `e$`"),
                    ),
                }
            }
            self.forms.insert(block.id.get_ref().clone(), forms);
        }
    }

    /// The entries of the file that a block names, relative to the block's own folder.
    fn list_file(&mut self, file: &RuleFile, path: &Spanned<String>) -> Option<Rc<Vec<Entry>>> {
        let full = beside(file, path);
        if let Some(known) = self.read.get(&full) {
            return Some(Rc::clone(known));
        }
        let Some(found) = self.files.iter().find(|f| f.path == full) else {
            let error =
                RuleError::new(&file.path, &file.text, path.span(), format!("there is no file `{full}`"));
            self.errors
                .push(error.help("paths are relative to the folder of this file, such as `lists/roles.tsv`"));
            return None;
        };
        let (good, bad) = entries(&found.text);
        for (line, message) in bad {
            let start: usize = found.text.split_inclusive('\n').take(line - 1).map(str::len).sum();
            let end = start + found.text.lines().nth(line - 1).map_or(0, str::len);
            let error = RuleError::new(&full, &found.text, start..end, message);
            self.errors.push(error.help("one entry a line, then columns `key=value`, parted by tabs"));
        }
        let good = Rc::new(good);
        self.read.insert(full, Rc::clone(&good));
        Some(good)
    }

    pub(super) fn read_list(&mut self, file: &RuleFile, block: &ListBlock, number: u32) {
        let mut all: Vec<Entry> = block
            .words
            .iter()
            .map(|w| Entry { words: w.get_ref().clone(), data: Vec::new(), line: 0 })
            .collect();
        let listed = block.file.as_ref().and_then(|path| self.list_file(file, path)).unwrap_or_default();
        if let Some(condition) = &block.r#where {
            match Where::parse(condition.get_ref()) {
                Ok(condition) => {
                    all.extend(listed.iter().filter(|e| condition.holds(e)).cloned());
                    // What is only counted is not needed any more.
                    let counted =
                        |(key, value): &(String, String)| key != EXACT && value.parse::<f64>().is_ok();
                    all.iter_mut().for_each(|e| e.data.retain(|column| !counted(column)));
                }
                Err(message) => self.errors.push(
                    RuleError::new(&file.path, &file.text, condition.span(), message)
                        .help("join conditions with `&&`"),
                ),
            }
        } else {
            all.extend(listed.iter().cloned());
        }
        if let Some(forms) = &block.forms {
            match self.forms.get(forms.get_ref()) {
                Some(table) => all = all.iter().flat_map(|e| table.of(e)).collect(),
                None => self.errors.push(
                    RuleError::new(
                        &file.path,
                        &file.text,
                        forms.span(),
                        format!("no [[forms]] is called `{}`", forms.get_ref()),
                    )
                    .help("define it with `[[forms]] id = …`"),
                ),
            }
        }
        if all.len() > MOST_ENTRIES {
            let message = format!(
                "the list `{}` has {} entries, more than {MOST_ENTRIES}",
                block.id.get_ref(),
                all.len()
            );
            let error = RuleError::new(&file.path, &file.text, block.id.span(), message);
            self.errors.push(error.help("take part of it with `where`, or part it into several lists"));
            all.clear();
        }
        self.add_entries(file, block, number, &all);
        self.keep(file, block, number, all);
    }

    /// Keeps the entries where they are to be checked.
    fn keep(&mut self, file: &RuleFile, block: &ListBlock, number: u32, all: Vec<Entry>) {
        let Some(kept) = &mut self.kept else { return };
        let number = number as usize;
        if kept.len() <= number {
            kept.resize_with(number + 1, Vec::new);
        }
        let listed: Option<Rc<str>> = block.file.as_ref().map(|path| beside(file, path).into());
        kept[number].extend(all.into_iter().map(|entry| {
            let exact = block.case == Case::Exact || entry.data.iter().any(|(key, _)| key == EXACT);
            let mut data = entry.data;
            data.extend(block.data.iter().map(|(k, v)| (k.clone(), v.clone())));
            let place = listed.clone().filter(|_| entry.line > 0).map(|listed| (listed, entry.line));
            KeptEntry { words: entry.words, data, exact, place }
        }));
    }

    /// Entries for a list that is defined elsewhere.
    pub(super) fn add_to_list(&mut self, file: &RuleFile, block: &ListBlock) {
        let id = block.id.get_ref();
        if let Some(Named::List(number)) = self.names.get(id) {
            self.read_list(file, block, *number);
            return;
        }
        let lists =
            self.names.iter().filter(|(_, named)| matches!(named, Named::List(_))).map(|(name, _)| name);
        let help = nearest(id, lists).map_or_else(
            || "take `add` out, so that this block defines it".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        let message = format!("there is no list `{id}` to add to");
        self.errors.push(RuleError::new(&file.path, &file.text, block.id.span(), message).help(help));
    }

    fn too_long(&mut self, file: &RuleFile, block: &ListBlock, entry: &Entry, length: usize) {
        let begin: String = entry.words.chars().take(40).collect();
        let message = format!("the entry `{begin}…` has {length} words, more than {LONGEST_ENTRY}");
        let listed = block.file.as_ref().map(|path| beside(file, path));
        let listed = self.files.iter().find(|f| entry.line > 0 && Some(&f.path) == listed.as_ref());
        let error = match listed {
            Some(listed) => {
                let start: usize = listed.text.split_inclusive('\n').take(entry.line - 1).map(str::len).sum();
                RuleError::new(&listed.path, &listed.text, start..start + entry.words.len(), message)
            }
            None => RuleError::new(&file.path, &file.text, block.id.span(), message),
        };
        self.errors.push(error.help("a list holds names and wordings; write a rule for more"));
    }

    fn add_entries(&mut self, file: &RuleFile, block: &ListBlock, number: u32, all: &[Entry]) {
        let constant: Vec<_> =
            block.data.iter().map(|(k, v)| (self.symbols.intern(k), self.symbols.intern(v))).collect();
        for entry in all {
            let mut data = constant.clone();
            let mut exact = block.case == Case::Exact;
            for (key, value) in &entry.data {
                if key == EXACT {
                    exact = true;
                } else {
                    data.push((self.symbols.intern(key), self.symbols.intern(value)));
                }
            }
            // One plain word, as most entries are, needs no cutting.
            if entry.words.bytes().all(|b| b.is_ascii_alphanumeric()) {
                self.dictionary.add(number, &[&entry.words], exact, Data::from(data));
                continue;
            }
            let tokens = Tokens::of(&entry.words, &Language::default());
            let words: Vec<&str> = tokens.iter().map(|t| t.of(&entry.words)).collect();
            if words.len() > LONGEST_ENTRY {
                self.too_long(file, block, entry, words.len());
                continue;
            }
            self.dictionary.add(number, &words, exact, Data::from(data));
        }
    }

    /// The lists that the tokenizer needs, by their names.
    pub(super) fn language_words(&mut self, parsed: &[(&RuleFile, Blocks)]) -> Language {
        let mut words: Vec<Words> = vec![Words::new(); TOKENIZER_LISTS.len()];
        for (file, b) in parsed {
            for list in &b.list {
                let Some(n) = TOKENIZER_LISTS.iter().position(|name| name == list.id.get_ref()) else {
                    continue;
                };
                self.used.insert(list.id.get_ref().clone());
                let listed =
                    list.file.as_ref().and_then(|path| self.list_file(file, path)).unwrap_or_default();
                let own = list.words.iter().map(|w| w.get_ref().as_str());
                words[n].extend(
                    listed.iter().map(|e| e.words.as_str()).chain(own).map(|w| fold(w.trim_end_matches('.'))),
                );
            }
        }
        let unmarked = parsed.iter().find_map(|(_, b)| b.unmarked);
        let unmarked =
            unmarked.map(|lost| Unmarked { words: lost.words, marks: lost.marks, passage: lost.passage });
        let mut words = words.into_iter();
        let mut next = || words.next().unwrap_or_default();
        Language {
            abbreviations: next(),
            starters: next(),
            prefixes: next(),
            suffixes: next(),
            possessors: next(),
            places: next(),
            unmarked,
        }
    }
}

/// The path of a list's file: it is given relative to the folder of the rule file.
pub(crate) fn beside(file: &RuleFile, path: &Spanned<String>) -> String {
    let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    format!("{folder}/{}", path.get_ref())
}
