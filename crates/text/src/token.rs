//! Tokens: word borders of UAX #29, mended for names, initials and possessives.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::Shape;
use crate::cut::{Cut, cut};
use crate::fold::fold_into;
use crate::lines::line_ends;
use crate::lost;
use crate::quote::{Quotation, quotations};
use crate::sentence::{Sentence, sentences};

/// What a language says of tokens and sentences; all words folded. Comes from a rule set.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Language {
    /// Words whose full stop ends no sentence (`dr`, `gen`), without the stop.
    pub abbreviations: BTreeSet<String>,
    /// Words that begin a sentence even after an abbreviation (`the`, `he`).
    pub starters: BTreeSet<String>,
    /// Abbreviations before a name (`mr`, `ms`): what begins a sentence elsewhere is a name there where another capital
    /// follows, as in `Ms. An Oravel`.
    pub addresses: BTreeSet<String>,
    /// What is split off before a hyphen: `then`, `ex`.
    pub prefixes: BTreeSet<String>,
    /// What is split off after a hyphen: `affiliated`, `based`.
    pub suffixes: BTreeSet<String>,
    /// What owns something where it stands in the plural before a name, in a text without apostrophes: `department`.
    pub possessors: BTreeSet<String>,
    /// Places whose name in capitals stands before the first sentence: `geneva`.
    pub places: BTreeSet<String>,
    /// When a sentence has lost its marks; `None` where that is never asked.
    pub unmarked: Option<Unmarked>,
}

/// A sentence of `words` tokens or more, with fewer than `marks` marks to a hundred tokens, has lost its punctuation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unmarked {
    /// So many tokens at least.
    pub words: usize,
    /// Fewer marks than that to a hundred tokens.
    pub marks: usize,
    /// No passage that somebody says or proposes there is longer.
    pub passage: usize,
}

/// One token: bytes of the text and its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What it looks like.
    pub shape: Shape,
    /// Its number in [`Folds`], or 0 where its folded form is its bytes in lower case.
    fold: u32,
}

impl Token {
    /// A token whose folded form is its bytes in lower case.
    #[inline]
    pub(crate) const fn plain(start: usize, end: usize, shape: Shape) -> Self {
        Self { start, end, shape, fold: 0 }
    }

    /// The token's words.
    #[must_use]
    pub fn of<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

/// The folded forms of a text's tokens: the text in lower case, and one after another what is folded otherwise.
#[derive(Clone, Debug, Default)]
pub(crate) struct Folds {
    lower: String,
    other: String,
    /// Where each form in `other` ends.
    ends: Vec<usize>,
}

impl Folds {
    /// For a text of which no token is cut yet.
    pub(crate) fn new(text: &str) -> Self {
        Self { lower: text.to_ascii_lowercase(), ..Self::default() }
    }

    /// Folds `word` for a token of its own kind.
    pub(crate) fn add(&mut self, token: Token, word: &str) -> Token {
        fold_into(word, &mut self.other);
        self.ends.push(self.other.len());
        Token { fold: u32::try_from(self.ends.len()).unwrap_or(u32::MAX), ..token }
    }

    /// The folded form of a token.
    #[inline]
    pub(crate) fn of(&self, token: &Token) -> &str {
        if token.fold == 0 {
            return self.lower.get(token.start..token.end).unwrap_or("");
        }
        let at = token.fold as usize;
        let start = at.checked_sub(2).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(at - 1).and_then(|end| self.other.get(start..*end)).unwrap_or("")
    }
}

/// A text with its tokens, sentences and quotations.
#[derive(Clone, Debug)]
pub struct Tokens<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    folds: Folds,
    quotations: Vec<Quotation>,
    sentences: Vec<Sentence>,
    /// Stretches that lost their punctuation, in order, and the longest passage there.
    unmarked: Vec<std::ops::Range<usize>>,
    passage: usize,
    lost: bool,
}

impl<'t> Tokens<'t> {
    /// Cuts `text` into tokens and sentences.
    #[must_use]
    pub fn of(text: &'t str, language: &Language) -> Self {
        let mut cut = cut(text, language);
        let lost = lost::split(text, &mut cut, language);
        let ends = line_ends(text, &cut.tokens);
        let quotations = quotations(text, &cut.tokens, &ends);
        let (sentences, unmarked) = sentences(text, &cut, &quotations, &ends, language);
        let Cut { tokens, folds, .. } = cut;
        let passage = language.unmarked.map_or(usize::MAX, |lost| lost.passage);
        Self { text, tokens, folds, quotations, sentences, unmarked, passage, lost }
    }

    /// The text itself.
    #[must_use]
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// What [`fold`](crate::fold) makes of the token at `at`, without the work; nothing where there is no such token.
    #[inline]
    #[must_use]
    pub fn folded(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| self.folds.of(token))
    }

    /// The parts of the folded token at `at` between hyphens; a token that folds to nothing has one empty part.
    #[inline]
    pub fn parts(&self, at: usize) -> impl Iterator<Item = &str> {
        let plain = self.tokens.get(at).is_some_and(|token| token.fold == 0);
        let mut rest = Some(self.folded(at));
        std::iter::from_fn(move || {
            let here = rest.take()?;
            if plain {
                return Some(here);
            }
            let Some((part, after)) = here.split_once(' ') else { return Some(here) };
            rest = Some(after);
            Some(part)
        })
    }

    /// Pairs of quotation marks, in order, as tokens.
    #[must_use]
    pub fn quotations(&self) -> &[Quotation] {
        &self.quotations
    }

    /// The longest passage that may be believed at a token, if punctuation is lost there.
    #[must_use]
    pub fn unmarked(&self, at: usize) -> Option<usize> {
        let n = self.unmarked.partition_point(|stretch| stretch.end <= at);
        self.unmarked.get(n).filter(|stretch| stretch.start <= at).map(|_| self.passage)
    }

    /// Whether the text lost its apostrophes, and its quotation marks with them: possessives are without their mark, and
    /// no quotation stands in it.
    #[must_use]
    pub fn lost_marks(&self) -> bool {
        self.lost && self.quotations.is_empty()
    }

    /// Sentences in order, as ranges of tokens.
    #[must_use]
    pub fn sentences(&self) -> &[Sentence] {
        &self.sentences
    }
}

impl std::ops::Deref for Tokens<'_> {
    type Target = [Token];
    fn deref(&self) -> &[Token] {
        &self.tokens
    }
}
