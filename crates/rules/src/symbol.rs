//! Words of the rule files (field names, data, kinds) as small numbers.

use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};

/// A word of the rule files; equal words have equal symbols within one rule set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Symbol(pub(crate) u32);

/// All symbols of a rule set.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Symbols {
    words: Vec<Box<str>>,
    /// Their places among the words.
    #[serde(skip)]
    numbers: HashTable<u32>,
}

fn hash_of(word: &str) -> u64 {
    FxBuildHasher.hash_one(word)
}

impl Symbols {
    pub(crate) fn intern(&mut self, word: &str) -> Symbol {
        if let Some(known) = self.get(word) {
            return known;
        }
        let number = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        self.words.push(word.into());
        let Self { words, numbers } = self;
        numbers.insert_unique(hash_of(word), number, |number| hash_of(&words[*number as usize]));
        Symbol(number)
    }

    /// Numbers the words, after they were read from a compiled form.
    pub(crate) fn restore(&mut self) {
        let Self { words, numbers } = self;
        numbers.reserve(words.len(), |number| hash_of(&words[*number as usize]));
        for (number, word) in (0..).zip(&*words) {
            numbers.insert_unique(hash_of(word), number, |number| hash_of(&words[*number as usize]));
        }
    }

    pub(crate) fn get(&self, word: &str) -> Option<Symbol> {
        let is_it = |number: &u32| &*self.words[*number as usize] == word;
        self.numbers.find(hash_of(word), is_it).copied().map(Symbol)
    }

    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    pub(crate) fn word(&self, symbol: Symbol) -> &str {
        self.words.get(symbol.0 as usize).map_or("", |word| word)
    }
}
