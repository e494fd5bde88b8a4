//! Words of the rule files (field names, data, kinds) as small numbers.

use rustc_hash::FxHashMap;

/// A word of the rule files; equal words have equal symbols within one rule set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(pub(crate) u32);

/// All symbols of a rule set.
#[derive(Clone, Debug, Default)]
pub(crate) struct Symbols {
    words: Vec<String>,
    numbers: FxHashMap<String, u32>,
}

impl Symbols {
    pub(crate) fn intern(&mut self, word: &str) -> Symbol {
        if let Some(number) = self.numbers.get(word) {
            return Symbol(*number);
        }
        let number = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        self.words.push(word.to_owned());
        self.numbers.insert(word.to_owned(), number);
        Symbol(number)
    }

    pub(crate) fn get(&self, word: &str) -> Option<Symbol> {
        self.numbers.get(word).copied().map(Symbol)
    }

    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    pub(crate) fn word(&self, symbol: Symbol) -> &str {
        self.words.get(symbol.0 as usize).map_or("", String::as_str)
    }
}
