//! Which regular expressions match a token: asked once for each word, whatever the text, since words come again.

use regex::Regex;
use rustc_hash::FxHashMap;

use crate::dictionary::short_key;

/// The expressions that a word was asked for, and those that match it, as bits.
#[derive(Clone, Copy, Debug, Default)]
struct Answers {
    asked: u64,
    yes: u64,
}

/// The memory of answers.
#[derive(Debug, Default)]
pub(crate) struct Spelling {
    answers: Vec<Answers>,
    /// Short words by their keys: where their answers are. Longer ones are rare and get new answers for each token.
    words: FxHashMap<u128, u32>,
    /// For each token of the text where its answers are.
    tokens: Vec<u32>,
}

const NONE: u32 = u32::MAX;

/// At the beginning of a text that finds more words known than this, all are forgotten.
const MOST_WORDS: usize = 1 << 16;

impl Spelling {
    /// Begins a text.
    pub(crate) fn begin(&mut self) {
        self.tokens.clear();
        if self.answers.len() > MOST_WORDS {
            self.answers.clear();
            self.words.clear();
        }
    }

    /// Whether the expression of this number matches the word, which is token `at`.
    pub(crate) fn matches(&mut self, at: usize, word: &str, regex: &Regex, number: u32) -> bool {
        // The 65th and later ones are asked again and again, which is only slower.
        let Some(bit) = 1_u64.checked_shl(number) else { return regex.is_match(word) };
        let slot = self.slot(at, word);
        let Answers { asked, yes } = &mut self.answers[slot];
        if *asked & bit == 0 {
            *asked |= bit;
            if regex.is_match(word) {
                *yes |= bit;
            }
        }
        *yes & bit != 0
    }

    fn slot(&mut self, at: usize, word: &str) -> usize {
        if self.tokens.len() <= at {
            self.tokens.resize(at + 1, NONE);
        }
        let slot = &mut self.tokens[at];
        if *slot == NONE {
            let next = u32::try_from(self.answers.len()).unwrap_or(NONE - 1);
            *slot = short_key(word).map_or(next, |key| *self.words.entry(key).or_insert(next));
            if *slot == next {
                self.answers.push(Answers::default());
            }
        }
        *slot as usize
    }
}
