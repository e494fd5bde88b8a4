//! Lists and forms: entries read from files and blocks into the dictionary.

use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;

use chancery_text::{Language, Tokens, Unmarked, fold};
use regex::Regex;
use toml::Spanned;

use super::{Compiler, Named, nearest};
use crate::error::RuleError;
use crate::file::{Blocks, Case, ListBlock};
use crate::list::{Column, EXACT, Entry, Forms, Listed, Where, is_number, listed};
use crate::ruleset::{RuleFile, Words};
use crate::symbol::Symbol;

/// Lists that the tokenizer reads by these names; a rule set without them has none.
const TOKENIZER_LISTS: [&str; 7] =
    ["abbreviation", "starter", "salutation", "prefix", "suffix", "possessor", "headplace"];

/// A list has no more entries …
const MOST_ENTRIES: usize = 2_000_000;
/// … and an entry no more words.
pub(crate) const LONGEST_ENTRY: usize = 64;

/// An entry as it went into the dictionary, with what its block says of all of them.
pub(crate) struct KeptEntry {
    pub(crate) words: String,
    pub(crate) data: Vec<(String, String)>,
    /// Whether case counts.
    pub(crate) exact: bool,
    /// The file of a list and the line in it; `None` for a word of a block.
    pub(crate) place: Option<(Rc<str>, usize)>,
}

/// An entry of a list with its words in one of their forms.
struct Wording<'e> {
    words: Cow<'e, str>,
    entry: Entry<'e>,
    form: Option<&'e str>,
    /// Whether columns that only count something are left out: a condition has asked for them.
    uncounted: bool,
}

impl<'e> Wording<'e> {
    /// Its columns, but for those of which none is asked for.
    fn columns(&self) -> &'e [Column<'e>] {
        if self.uncounted && self.entry.counts { &[] } else { self.entry.data }
    }

    /// What its columns say, and where it is a form, of what.
    fn data(&self) -> impl Iterator<Item = Column<'e>> + use<'e> {
        let (entry, uncounted) = (self.entry, self.uncounted);
        let columns = self.columns().iter().copied();
        let columns = columns.filter(move |(k, v)| !(uncounted && *k != EXACT && is_number(v)));
        let form = self.form.map(|form| [("lemma", entry.words), ("form", form)]);
        columns.chain(form.into_iter().flatten())
    }
}

impl<'f> Compiler<'f> {
    pub(super) fn read_forms(&mut self, file: &RuleFile, b: &Blocks) {
        for block in &b.forms {
            let mut forms = Forms::default();
            if let Some(path) = &block.file
                && let Some(listed) = self.list_file(file, path)
            {
                forms.irregular = listed;
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
            self.forms.insert(block.id.get_ref().clone(), Rc::new(forms));
        }
    }

    /// The entries of the file that a block names, relative to the block's own folder.
    pub(super) fn list_file(&mut self, file: &RuleFile, path: &Spanned<String>) -> Option<Rc<Listed<'f>>> {
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
        let (good, bad) = listed(&found.text);
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
        let listed = block.file.as_ref().and_then(|path| self.list_file(file, path)).unwrap_or_default();
        let entries = self.taken(file, block, &listed);
        let forms = self.forms_of(file, block);
        let uncounted = block.r#where.is_some();
        let mut all: Vec<Wording<'_>> = match &forms {
            None => entries
                .into_iter()
                .map(|entry| Wording { words: entry.words.into(), entry, form: None, uncounted })
                .collect(),
            Some(forms) => entries
                .into_iter()
                .flat_map(|entry| {
                    let all = forms.of(entry.words).into_iter();
                    all.map(move |(words, form)| Wording { words, entry, form: Some(form), uncounted })
                })
                .collect(),
        };
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
        self.frequency.add_entries(number, all.iter().map(|wording| &*wording.words), &self.dictionary);
        self.add_entries(file, block, number, &all);
        self.keep(file, block, number, all);
    }

    /// The entries of a block: its own words, and those of its file for which its condition holds.
    fn taken<'e>(&mut self, file: &RuleFile, block: &'e ListBlock, listed: &'e Listed<'e>) -> Vec<Entry<'e>> {
        let mut all: Vec<_> = block.words.iter().map(|words| Entry::of_block(words.get_ref())).collect();
        let Some(condition) = &block.r#where else {
            all.reserve_exact(listed.len());
            all.extend(listed.entries());
            return all;
        };
        match Where::parse(condition.get_ref()) {
            Ok(where_true) => all.extend(listed.entries().filter(|e| where_true.holds(e))),
            Err(message) => self.errors.push(
                RuleError::new(&file.path, &file.text, condition.span(), message)
                    .help("join conditions with `&&`"),
            ),
        }
        all
    }

    /// The forms that a block asks for.
    fn forms_of(&mut self, file: &RuleFile, block: &ListBlock) -> Option<Rc<Forms<'f>>> {
        let name = block.forms.as_ref()?;
        let known = self.forms.get(name.get_ref()).cloned();
        if known.is_none() {
            let message = format!("no [[forms]] is called `{}`", name.get_ref());
            let error = RuleError::new(&file.path, &file.text, name.span(), message);
            self.errors.push(error.help("define it with `[[forms]] id = …`").unknown(name.get_ref()));
        }
        known
    }

    /// Keeps the entries where they are to be checked.
    fn keep(&mut self, file: &RuleFile, block: &ListBlock, number: u32, all: Vec<Wording<'_>>) {
        let Some(kept) = &mut self.kept else { return };
        let number = number as usize;
        if kept.len() <= number {
            kept.resize_with(number + 1, Vec::new);
        }
        let listed: Option<Rc<str>> = block.file.as_ref().map(|path| beside(file, path).into());
        let own = |(k, v): (&str, &str)| (k.to_owned(), v.to_owned());
        kept[number].extend(all.into_iter().map(|wording| {
            let exact = block.case == Case::Exact || wording.data().any(|(key, _)| key == EXACT);
            let mut data: Vec<(String, String)> = wording.data().map(own).collect();
            data.extend(block.data.iter().map(|(k, v)| (k.clone(), v.clone())));
            let line = wording.entry.line;
            let place = listed.clone().filter(|_| line > 0).map(|listed| (listed, line));
            KeptEntry { words: wording.words.into_owned(), data, exact, place }
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
        let error = RuleError::new(&file.path, &file.text, block.id.span(), message);
        self.errors.push(error.help(help).unknown(id));
    }

    fn too_long(&mut self, file: &RuleFile, block: &ListBlock, wording: &Wording<'_>, length: usize) {
        let begin: String = wording.words.chars().take(40).collect();
        let message = format!("the entry `{begin}…` has {length} words, more than {LONGEST_ENTRY}");
        let listed = block.file.as_ref().map(|path| beside(file, path));
        let line = wording.entry.line;
        let listed = self.files.iter().find(|f| line > 0 && Some(&f.path) == listed.as_ref());
        let error = match listed {
            Some(listed) => {
                let start: usize = listed.text.split_inclusive('\n').take(line - 1).map(str::len).sum();
                RuleError::new(&listed.path, &listed.text, start..start + wording.words.len(), message)
            }
            None => RuleError::new(&file.path, &file.text, block.id.span(), message),
        };
        self.errors.push(error.help("a list holds names and wordings; write a rule for more"));
    }

    fn add_entries(&mut self, file: &RuleFile, block: &ListBlock, number: u32, all: &[Wording<'_>]) {
        let constant: Vec<_> =
            block.data.iter().map(|(k, v)| (self.symbols.intern(k), self.symbols.intern(v))).collect();
        // Entries of one kind stand together: most say the same as the one before.
        let mut before: Option<(&[Column<'_>], (u32, bool))> = None;
        let mut symbols = Vec::new();
        for wording in all {
            let known = before.filter(|(columns, _)| wording.form.is_none() && *columns == wording.columns());
            let (data, exact) =
                known.map_or_else(|| self.data_of(&constant, wording, &mut symbols), |(_, data)| data);
            before = wording.form.is_none().then_some((wording.columns(), (data, exact)));
            let exact = exact || block.case == Case::Exact;
            // Several lists take entries from one file, whose words lead to the same place each time.
            let place = wording.entry.node.filter(|_| wording.form.is_none());
            if let Some(node) = place.map(Cell::get).filter(|node| *node != 0 && !exact) {
                self.dictionary.end(node, number, 0, data);
                continue;
            }
            let words = &*wording.words;
            let node = if is_plain(words) && words.len() < LONGEST_ENTRY {
                self.dictionary.add_plain(number, words, exact, data)
            } else {
                let tokens = Tokens::of(words, &Language::default());
                if tokens.len() > LONGEST_ENTRY {
                    self.too_long(file, block, wording, tokens.len());
                    continue;
                }
                let tokens: Vec<&str> = tokens.iter().map(|t| t.of(words)).collect();
                self.dictionary.add(number, &tokens, exact, data)
            };
            if let Some(place) = place {
                place.set(node);
            }
        }
    }

    /// Puts the data of an entry into the dictionary, and tells whether its columns say that its case counts.
    fn data_of(
        &mut self,
        constant: &[(Symbol, Symbol)],
        wording: &Wording<'_>,
        data: &mut Vec<(Symbol, Symbol)>,
    ) -> (u32, bool) {
        let mut exact = false;
        data.clear();
        data.extend_from_slice(constant);
        for (key, value) in wording.data() {
            if key == EXACT {
                exact = true;
            } else {
                data.push((self.symbols.intern(key), self.symbols.intern(value)));
            }
        }
        (self.dictionary.keep(data), exact)
    }

    /// The lists that the tokenizer needs, by their names.
    pub(super) fn language_words(&mut self, parsed: &[(&RuleFile, Blocks)]) -> Language {
        let mut words: Vec<Words> = vec![Words::new(); TOKENIZER_LISTS.len()];
        for (file, b) in parsed {
            for list in &b.list {
                let Some(n) = TOKENIZER_LISTS.iter().position(|name| name == list.id.get_ref()) else {
                    continue;
                };
                self.uses(list.id.get_ref());
                let listed =
                    list.file.as_ref().and_then(|path| self.list_file(file, path)).unwrap_or_default();
                let own = list.words.iter().map(|w| w.get_ref().as_str());
                words[n].extend(
                    listed.entries().map(|e| e.words).chain(own).map(|w| fold(w.trim_end_matches('.'))),
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
            addresses: next(),
            prefixes: next(),
            suffixes: next(),
            possessors: next(),
            places: next(),
            unmarked,
        }
    }
}

/// Whether an entry is made of words of ASCII letters and digits, as most are: they need no cutting.
fn is_plain(words: &str) -> bool {
    let mut before = b' ';
    let plain = words.bytes().all(|b| {
        let before = std::mem::replace(&mut before, b);
        b.is_ascii_alphanumeric() || b == b' ' && before != b' '
    });
    plain && (before != b' ' || words.is_empty())
}

/// The path of a list's file: it is given relative to the folder of the rule file.
pub(crate) fn beside(file: &RuleFile, path: &Spanned<String>) -> String {
    let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    format!("{folder}/{}", path.get_ref())
}

#[cfg(test)]
mod tests {
    use chancery_text::{Language, Tokens};
    use proptest::prelude::*;

    use super::is_plain;

    proptest! {
        #[test]
        fn plain_words_are_cut_as_any_text_is(words in "[A-Za-z0-9]{1,5}( [A-Za-z0-9]{1,5}){0,4}") {
            prop_assert!(is_plain(&words));
            let tokens = Tokens::of(&words, &Language::default());
            let cut: Vec<&str> = tokens.iter().map(|t| t.of(&words)).collect();
            prop_assert_eq!(cut, words.split(' ').collect::<Vec<_>>());
        }

        #[test]
        fn other_words_are_not_plain(words in "[a-z]{0,3}( | {2}|[a-z]-[a-z]|é|'s|\\.|\t)[a-z]{0,3} ?") {
            let single = words.split(' ').all(|w| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase()));
            prop_assert_eq!(is_plain(&words), single);
        }
    }
}
