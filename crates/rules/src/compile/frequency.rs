//! How often words, entries and the like stand in text, as far as a rule set counts it.

use chancery_text::fold;

use super::Compiler;
use crate::dictionary::Dictionary;
use crate::error::RuleError;
use crate::file::Blocks;
use crate::program::Atom;
use crate::ruleset::RuleFile;

/// Of a million words of text …
const MILLION: u64 = 1_000_000;
/// … so many are taken to be a word that is not counted,
const UNCOUNTED: u32 = 10;
/// and so many what no list of words can count: marks, annotations and quotations.
const UNKNOWN: u32 = 12_000;

/// Of a list so many entries are counted at most, evenly spread over it, for all of them.
const MOST_COUNTED: usize = 500;

/// Of a million words of text, how many are a word or begin an entry of a list. Empty where the rule set counts nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Frequency {
    /// By the number of the word; those beyond are not counted.
    words: Vec<u32>,
    lists: Vec<u32>,
}

impl Frequency {
    /// Whether the rule set counts words.
    pub(crate) fn is_known(&self) -> bool {
        !self.words.is_empty()
    }

    fn set(&mut self, word: u32, share: u32) {
        let word = word as usize;
        if self.words.len() <= word {
            self.words.resize(word + 1, UNCOUNTED);
        }
        self.words[word] = share;
    }

    /// Takes note of a word of a pattern: no list of words counts marks.
    pub(super) fn see(&mut self, number: u32, word: &str) {
        if self.is_known() && !word.chars().any(char::is_alphanumeric) {
            self.set(number, UNKNOWN);
        }
    }

    fn of_word(&self, number: u32) -> u32 {
        self.words.get(number as usize).copied().unwrap_or(UNCOUNTED)
    }

    /// Adds entries to what a list has: one is no more frequent than its rarest word.
    pub(super) fn add_entries<'w>(
        &mut self,
        list: u32,
        entries: impl ExactSizeIterator<Item = &'w str>,
        dictionary: &Dictionary,
    ) {
        if !self.is_known() {
            return;
        }
        let step = entries.len().div_ceil(MOST_COUNTED).max(1);
        let mut all = 0_u32;
        for entry in entries.step_by(step) {
            let folded = fold(entry);
            let rarest = folded.split(' ').map(|word| self.of_word(dictionary.word(word))).min();
            all = all.saturating_add(rarest.unwrap_or(UNCOUNTED));
        }
        let list = list as usize;
        if self.lists.len() <= list {
            self.lists.resize(list + 1, 0);
        }
        let all = all.saturating_mul(u32::try_from(step).unwrap_or(u32::MAX));
        self.lists[list] = self.lists[list].saturating_add(all);
    }

    /// Of a million words, about how many are or begin what is asked for.
    pub(crate) fn of(&self, atom: Atom) -> u32 {
        match atom {
            Atom::Word(number) => self.of_word(number),
            Atom::List(list) => self.lists.get(list as usize).copied().unwrap_or(UNCOUNTED),
            _ => UNKNOWN,
        }
    }
}

impl Compiler<'_> {
    /// Reads how often words stand in text.
    pub(super) fn read_frequency(&mut self, parsed: &[(&RuleFile, Blocks)]) {
        let Some((file, block)) = parsed.iter().find_map(|(file, b)| Some((file, b.frequency.as_ref()?)))
        else {
            return;
        };
        let Some(listed) = self.list_file(file, &block.file) else { return };
        let counts = listed.entries().filter_map(|entry| {
            let (_, count) = entry.data.iter().find(|(key, _)| key == block.column.get_ref())?;
            Some((entry.words, count.parse::<u64>().ok()?))
        });
        let counts: Vec<(&str, u64)> = counts.collect();
        if counts.is_empty() {
            let (column, at) = (block.column.get_ref(), block.column.span());
            let message = format!("no entry has a count in a column `{column}`");
            let error = RuleError::new(&file.path, &file.text, at, message);
            self.errors.push(error.help("name a column whose values are whole numbers, such as `lower`"));
        }
        let total = counts.iter().map(|(_, count)| count).sum::<u64>().max(1);
        for (word, count) in counts {
            let share = u32::try_from(count.saturating_mul(MILLION) / total).unwrap_or(u32::MAX);
            if share > UNCOUNTED {
                let number = self.dictionary.intern(&fold(word));
                self.frequency.set(number, share);
            }
        }
    }
}
