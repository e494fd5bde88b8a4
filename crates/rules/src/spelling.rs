//! Which regular expressions match a token: asked once for each word, whatever the text, since words come again.

use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

use regex::Regex;
use regex_syntax::hir::literal::{ExtractKind, Extractor, Seq};
use regex_syntax::hir::{Class, Hir, HirKind};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::dictionary::short_key;

/// A regular expression that is matched against whole tokens.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Expression {
    source: Box<str>,
    /// Compiled when it is first asked: most texts ask few of them.
    #[serde(skip)]
    regex: Arc<OnceLock<Regex>>,
    /// Its number in the rule set.
    number: u32,
    /// Bytes with which a match may begin and end; most tokens have others.
    first: Bytes,
    last: Bytes,
}

/// A set of bytes.
type Bytes = [u64; 4];

/// An expression of more weight may grow too large for the library: it is compiled at once, to tell so.
const SMALL: usize = 100_000;

/// About how many states an expression grows to.
fn weight(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len(),
        // A range of characters is several of bytes.
        HirKind::Class(Class::Unicode(class)) => class.ranges().len() * 12,
        HirKind::Class(Class::Bytes(_)) => 1,
        HirKind::Repetition(repeat) => {
            let times = repeat.max.unwrap_or(repeat.min + 1) as usize;
            weight(&repeat.sub).saturating_mul(times.max(1))
        }
        HirKind::Capture(capture) => weight(&capture.sub),
        HirKind::Concat(all) | HirKind::Alternation(all) => {
            all.iter().fold(1, |sum, one| sum.saturating_add(weight(one)))
        }
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Eq for Expression {}

impl Hash for Expression {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.number.hash(state);
    }
}

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    /// The expression is none, or one that grows too large.
    pub(crate) fn new(source: &str, number: u32) -> Result<Self, regex::Error> {
        let hir = regex_syntax::parse(source).ok();
        let (first, last) =
            (ends(hir.as_ref(), &ExtractKind::Prefix), ends(hir.as_ref(), &ExtractKind::Suffix));
        let regex = OnceLock::new();
        if hir.as_ref().is_none_or(|hir| weight(hir) > SMALL) {
            let _ = regex.set(Regex::new(&whole(source))?);
        }
        Ok(Self { source: source.into(), regex: Arc::new(regex), number, first, last })
    }

    fn regex(&self) -> &Regex {
        let made =
            || Regex::new(&whole(&self.source)).expect("it was parsed, and is too small to grow too large");
        self.regex.get_or_init(made)
    }

    /// As it is written in a pattern.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// Whether a word with this first and last byte may match.
    #[inline]
    pub(crate) fn may_match(&self, ends: Option<(u8, u8)>) -> bool {
        let has = |set: &Bytes, byte: u8| set[usize::from(byte / 64)] >> (byte % 64) & 1 != 0;
        ends.is_none_or(|(first, last)| has(&self.first, first) && has(&self.last, last))
    }
}

fn whole(source: &str) -> String {
    format!("^(?:{source})$")
}

/// The bytes with which a match begins or ends; all where they cannot be told.
fn ends(hir: Option<&Hir>, kind: &ExtractKind) -> Bytes {
    let mut extractor = Extractor::new();
    // One byte of each is all that is asked for: longer ones would be put together for nothing.
    extractor.kind(kind.clone()).limit_class(256).limit_literal_len(1);
    let all = hir.map(|hir| extractor.extract(hir));
    let mut set = [0; 4];
    for literal in all.as_ref().and_then(Seq::literals).unwrap_or_default() {
        let bytes = literal.as_bytes();
        let byte = if matches!(kind, ExtractKind::Prefix) { bytes.first() } else { bytes.last() };
        match byte {
            Some(byte) => set[usize::from(byte / 64)] |= 1 << (byte % 64),
            None => return [u64::MAX; 4],
        }
    }
    if set == [0; 4] { [u64::MAX; 4] } else { set }
}

/// The expressions that a word was asked for, and those that match it, as bits.
#[derive(Clone, Copy, Debug, Default)]
struct Answers {
    asked: [u64; WORDS],
    yes: [u64; WORDS],
}

/// Answers to so many times 64 expressions are kept: those of one word fill a line of a cache.
const WORDS: usize = 4;

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

    /// Whether the expression matches the word of token `at`, which is asked for where it is not known.
    pub(crate) fn matches<'t>(
        &mut self,
        at: usize,
        word: impl Fn() -> &'t str,
        expression: &Expression,
    ) -> bool {
        let regex = || expression.regex();
        let (place, bit) = ((expression.number / 64) as usize, 1_u64 << (expression.number % 64));
        if place >= WORDS {
            // These are asked again and again, which is only slower.
            return regex().is_match(word());
        }
        let slot = self.slot(at, &word);
        let answers = &mut self.answers[slot];
        let (asked, yes) = (&mut answers.asked[place], &mut answers.yes[place]);
        if *asked & bit == 0 {
            *asked |= bit;
            if regex().is_match(word()) {
                *yes |= bit;
            }
        }
        *yes & bit != 0
    }

    fn slot<'t>(&mut self, at: usize, word: &impl Fn() -> &'t str) -> usize {
        if self.tokens.len() <= at {
            self.tokens.resize(at + 1, NONE);
        }
        let slot = &mut self.tokens[at];
        if *slot == NONE {
            let next = u32::try_from(self.answers.len()).unwrap_or(NONE - 1);
            *slot = short_key(word()).map_or(next, |key| *self.words.entry(key).or_insert(next));
            if *slot == next {
                self.answers.push(Answers::default());
            }
        }
        *slot as usize
    }
}

#[cfg(test)]
mod tests {
    use super::{Expression, Spelling};

    #[test]
    fn an_expression_matches_whole_words_only() {
        for (source, yes, no) in [
            ("[a-z]+ing", "going", ["Going", "goings", "ing"]),
            (r"([A-Z]\.-?)+", "K.M.", ["k.m.", "KM", "K.M"]),
            (".{2,4}", "naïf", ["n", "naïve", ""]),
            ("[\"“]", "“", ["”", "a", "““"]),
            ("(?i)mc[a-z]+", "McAra", ["Mc", "xMcAra", "Mc-Ara"]),
            ("a?b?", "ab", ["ba", "abc", "c"]),
        ] {
            let expression = Expression::new(source, 0).unwrap();
            let mut spelling = Spelling::default();
            let ends = |word: &str| word.bytes().next().zip(word.bytes().last());
            assert!(
                expression.may_match(ends(yes)) && spelling.matches(0, || yes, &expression),
                "{source} {yes}"
            );
            for (at, word) in no.iter().enumerate() {
                assert!(!spelling.matches(at + 1, || word, &expression), "{source} {word}");
            }
        }
        assert!(Expression::new("(", 0).is_err());
    }
}
