//! Which tests ask for a word: the words of a sentence answer all of them in one pass.

use crate::program::Test;

/// For each word number the tests that it passes, one word after the other.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asking {
    /// Where the tests of each word begin, and where those of the last end.
    from: Vec<u32>,
    tests: Vec<u32>,
}

impl Asking {
    /// Those of all tests that ask for words of one part; `words` is the largest number of a word.
    pub(crate) fn new(tests: &[Test], words: usize) -> Self {
        let asked = |test: &Test| if let Test::Words(words) = test { words.to_vec() } else { Vec::new() };
        let mut pairs: Vec<(u32, u32)> = (0..)
            .zip(tests)
            .flat_map(|(n, test)| asked(test).into_iter().map(move |word| (word, n)))
            .collect();
        pairs.sort_unstable();
        let mut from = vec![0; words + 2];
        for (word, _) in &pairs {
            from[*word as usize + 1] += 1;
        }
        for word in 1..from.len() {
            from[word] += from[word - 1];
        }
        Self { from, tests: pairs.into_iter().map(|(_, test)| test).collect() }
    }

    /// The tests that a word passes; none for a number that is of no word.
    #[inline]
    pub(crate) fn of(&self, word: u32) -> &[u32] {
        let at = word as usize;
        let (Some(from), Some(to)) = (self.from.get(at), self.from.get(at.saturating_add(1))) else {
            return &[];
        };
        self.tests.get(*from as usize..*to as usize).unwrap_or_default()
    }
}
