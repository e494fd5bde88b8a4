//! The words that tests ask for: where each stands in a sentence is found in one pass, and a test puts together its own.

use serde::{Deserialize, Serialize};

use crate::program::Test;

const NONE: u32 = u32::MAX;

/// The words that some test asks for, numbered from 0, and those of each test.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Asking {
    /// For each word number its number here, or [`NONE`].
    numbers: Vec<u32>,
    count: u32,
    /// The words of all tests, one test after the other, and where those of each begin.
    words: Vec<u32>,
    from: Vec<u32>,
}

impl Asking {
    /// Those of all tests that ask for words of one part; `most` is the largest number of a word.
    pub(crate) fn new(tests: &[Test], most: usize) -> Self {
        let mut asking = Self { numbers: vec![NONE; most + 1], from: vec![0], ..Self::default() };
        for test in tests {
            let words = match test {
                Test::Words(words) => &**words,
                Test::Exact(_, parts) if parts.len() == 1 => parts,
                _ => &[],
            };
            for word in words {
                let number = &mut asking.numbers[*word as usize];
                if *number == NONE {
                    *number = asking.count;
                    asking.count += 1;
                }
                asking.words.push(*number);
            }
            asking.from.push(u32::try_from(asking.words.len()).unwrap_or(NONE));
        }
        asking
    }

    /// How many words are asked for.
    pub(crate) fn count(&self) -> usize {
        self.count as usize
    }

    /// The number here of a word, if some test asks for it.
    #[inline]
    pub(crate) fn number(&self, word: u32) -> Option<usize> {
        self.numbers.get(word as usize).filter(|number| **number != NONE).map(|number| *number as usize)
    }

    /// The words of one part that a test asks for, by their numbers here.
    #[inline]
    pub(crate) fn of(&self, test: u32) -> &[u32] {
        let test = test as usize;
        &self.words[self.from[test] as usize..self.from[test + 1] as usize]
    }
}
