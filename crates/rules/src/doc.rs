//! A text on its way through the layers: tokens, entries of lists, and the annotations found so far.

use chancery_text::{Quotation, Sentence, Token, Tokens};

use crate::dictionary::Hit;
use crate::listset::ListSet;
use crate::program::{Item, Kind};
use crate::ruleset::{List, RuleSet};
use crate::symbol::Symbol;

/// A stretch of tokens, `end` exclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Range {
    /// First token.
    pub start: usize,
    /// One past the last token.
    pub end: usize,
}

impl Range {
    /// From `start` to `end`, exclusive.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Whether the two share a token.
    #[must_use]
    pub const fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether `other` lies inside.
    #[must_use]
    pub const fn contains(&self, other: &Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// How many tokens.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether it holds no token.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.end <= self.start
    }
}

/// A named part of a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capture {
    /// The field.
    pub name: Symbol,
    /// Its tokens.
    pub range: Range,
}

/// What a rule (or a step of the document logic) found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// What it is: `person`, `organization`, `np`, …
    pub kind: Symbol,
    /// Index of the rule in the rule set; `None` for a step.
    pub rule: Option<usize>,
    /// All tokens of the match.
    pub range: Range,
    /// Named parts, in order of their beginnings.
    pub captures: Vec<Capture>,
    /// Data put on by `set`.
    pub data: Vec<(Symbol, Symbol)>,
}

impl Annotation {
    /// The first capture of this name.
    #[must_use]
    pub fn capture(&self, name: Symbol) -> Option<Range> {
        self.captures.iter().find(|c| c.name == name).map(|c| c.range)
    }

    /// All captures of this name.
    pub fn all(&self, name: Symbol) -> impl Iterator<Item = Range> + '_ {
        self.captures.iter().filter(move |c| c.name == name).map(|c| c.range)
    }

    /// The value of this key.
    #[must_use]
    pub fn value(&self, key: Symbol) -> Option<Symbol> {
        self.data.iter().find(|(k, _)| *k == key).map(|(_, v)| *v)
    }
}

const NONE: u32 = u32::MAX;

/// A text with everything that is known of it so far.
#[derive(Clone, Debug)]
pub struct Doc<'t> {
    tokens: Tokens<'t>,
    /// Word numbers of all parts of tokens, and where each token's begin.
    numbers: Vec<u32>,
    parts: Vec<u32>,
    /// The word number of each token of one part.
    single: Vec<u32>,
    hits: Vec<Hit>,
    hits_at: Vec<u32>,
    /// For each token the lists of which an entry begins there.
    lists: Vec<ListSet>,
    annotations: Vec<Annotation>,
    live: Vec<bool>,
    /// Chains through `next`: annotations by their first token.
    first: Vec<u32>,
    next: Vec<u32>,
}

impl<'t> Doc<'t> {
    /// Cuts `text` into tokens and looks all lists up, in one pass each.
    #[must_use]
    pub fn new(text: &'t str, rules: &RuleSet) -> Self {
        let tokens = Tokens::of(text, &rules.language);
        let mut numbers = Vec::with_capacity(tokens.len() + tokens.len() / 8);
        let mut parts = Vec::with_capacity(tokens.len() + 1);
        for at in 0..tokens.len() {
            parts.push(small(numbers.len()));
            numbers.extend(tokens.parts(at).map(|part| rules.dictionary.word(part)));
        }
        parts.push(small(numbers.len()));
        let single =
            parts.windows(2).map(|w| if w[1] == w[0] + 1 { numbers[w[0] as usize] } else { NONE }).collect();
        let mut hits = Vec::with_capacity(tokens.len());
        let mut hits_at = Vec::with_capacity(tokens.len() + 1);
        for sentence in tokens.sentences() {
            for at in sentence.start..sentence.end {
                hits_at.push(small(hits.len()));
                let part = |n: usize| parts[n] as usize..parts[n + 1] as usize;
                rules.dictionary.hits(at, sentence.end, part, &numbers, |n| tokens[n].of(text), &mut hits);
            }
        }
        hits_at.push(small(hits.len()));
        let first = vec![NONE; tokens.len() + 1];
        let mut lists = vec![ListSet::default(); tokens.len()];
        for hit in &hits {
            lists[hit.at as usize].insert(hit.list);
        }
        Self {
            tokens,
            numbers,
            parts,
            single,
            hits,
            hits_at,
            lists,
            annotations: Vec::new(),
            live: Vec::new(),
            first,
            next: Vec::new(),
        }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &'t str {
        self.tokens.text()
    }

    /// The tokens.
    #[must_use]
    pub fn tokens(&self) -> &Tokens<'t> {
        &self.tokens
    }

    /// The sentences.
    #[must_use]
    pub fn sentences(&self) -> &[Sentence] {
        self.tokens.sentences()
    }

    /// The sentence that holds token `at`, as its index.
    #[must_use]
    pub fn sentence_of(&self, at: usize) -> usize {
        self.sentences().partition_point(|s| s.end <= at)
    }

    /// First and one past the last byte of a range of tokens.
    #[must_use]
    pub fn bytes(&self, range: Range) -> (usize, usize) {
        if range.is_empty() || range.end > self.tokens.len() {
            return (0, 0);
        }
        (self.tokens[range.start].start, self.tokens[range.end - 1].end)
    }

    /// The words of a range of tokens, as they stand.
    #[must_use]
    pub fn words(&self, range: Range) -> &'t str {
        let (start, end) = self.bytes(range);
        self.text().get(start..end).unwrap_or("")
    }

    /// One token's words.
    #[must_use]
    pub fn word(&self, at: usize) -> &'t str {
        self.tokens.get(at).map_or("", |t| t.of(self.text()))
    }

    /// Whether a token is this one sign of ASCII.
    #[must_use]
    #[inline]
    pub fn is_sign(&self, at: usize, sign: u8) -> bool {
        let bytes = self.text().as_bytes();
        self.tokens.get(at).is_some_and(|t| t.end == t.start + 1 && bytes.get(t.start) == Some(&sign))
    }

    /// The first and last byte of the token at `at`.
    #[inline]
    pub(crate) fn ends_of_word(&self, at: usize) -> Option<(u8, u8)> {
        let token = self.tokens.get(at)?;
        let bytes = self.text().as_bytes();
        Some((*bytes.get(token.start)?, *bytes.get(token.end.checked_sub(1)?)?))
    }

    /// Everything found so far that was not taken back, in the order it was found.
    #[must_use]
    pub fn annotations(&self) -> Vec<&Annotation> {
        self.of_any().map(|(_, a)| a).collect()
    }

    fn of_any(&self) -> impl Iterator<Item = (usize, &Annotation)> {
        self.annotations.iter().enumerate().filter(|(n, _)| self.live[*n])
    }

    /// The indices of everything found so far that was not taken back.
    pub fn indices(&self) -> impl Iterator<Item = usize> + '_ {
        self.of_any().map(|(index, _)| index)
    }

    /// Whether an annotation was not taken back.
    #[must_use]
    pub fn is_live(&self, index: usize) -> bool {
        self.live[index]
    }

    /// The tokens of which a byte lies between two places of the text.
    #[must_use]
    pub fn tokens_between(&self, start: usize, end: usize) -> Range {
        let first = self.tokens.partition_point(|token| token.end <= start);
        Range::new(first, self.tokens.partition_point(|token| token.start < end).max(first))
    }

    /// Annotations of one kind with their index, in order of their first token, longer before shorter.
    #[must_use]
    pub fn of_kind(&self, kind: Symbol) -> Vec<(usize, &Annotation)> {
        let mut all: Vec<_> = self.of_any().filter(|(_, a)| a.kind == kind).collect();
        all.sort_by_key(|(n, a)| (a.range.start, std::cmp::Reverse(a.range.end), *n));
        all
    }

    /// An annotation by its index.
    #[must_use]
    pub fn annotation(&self, index: usize) -> &Annotation {
        &self.annotations[index]
    }

    /// Puts an annotation on the tokens; its index.
    pub fn add(&mut self, annotation: Annotation) -> usize {
        let (index, at) = (self.annotations.len(), annotation.range.start);
        self.annotations.push(annotation);
        self.live.push(true);
        self.next.push(self.first[at]);
        self.first[at] = small(index);
        index
    }

    /// Takes an annotation back: later layers no longer see it.
    pub fn remove(&mut self, index: usize) {
        self.live[index] = false;
    }

    /// Annotations that begin at a token.
    pub fn starting(&self, at: usize) -> impl Iterator<Item = (usize, &Annotation)> {
        let mut cursor = self.first.get(at).copied().unwrap_or(NONE);
        std::iter::from_fn(move || {
            while cursor != NONE {
                let index = cursor as usize;
                cursor = self.next[index];
                if self.live[index] {
                    return Some((index, &self.annotations[index]));
                }
            }
            None
        })
    }

    pub(crate) fn hits(&self, at: usize) -> &[Hit] {
        &self.hits[self.hits_at[at] as usize..self.hits_at[at + 1] as usize]
    }

    /// Whether an entry of one of these lists begins at token `at`.
    #[must_use]
    #[inline]
    pub fn begins(&self, lists: &[List], at: usize) -> bool {
        let Some(here) = self.lists.get(at) else { return false };
        lists.iter().any(|list| {
            here.has(list.number)
                || list.number >= ListSet::MOST && self.hits(at).iter().any(|hit| hit.list == list.number)
        })
    }

    /// Entries of the list `list` that begin at token `at`: one past their last token, and their data.
    pub fn entries<'d>(
        &'d self,
        rules: &'d RuleSet,
        list: List,
        at: usize,
    ) -> impl Iterator<Item = (usize, &'d [(Symbol, Symbol)])> + 'd {
        let hits = if self.begins(&[list], at) { self.hits(at) } else { &[] };
        let here = hits.iter().filter(move |h| h.list == list.number);
        here.map(|h| (h.end as usize, rules.dictionary.data(h.data)))
    }

    /// The word numbers of a range of tokens, of no word for those of several parts.
    #[inline]
    pub(crate) fn single_numbers(&self, range: Range) -> &[u32] {
        &self.single[range.start..range.end]
    }

    pub(crate) fn tokens_in(&self, range: Range) -> &[Token] {
        &self.tokens[range.start..range.end]
    }

    /// All word numbers of a range of tokens.
    pub(crate) fn numbers_in(&self, range: Range) -> &[u32] {
        &self.numbers[self.parts[range.start] as usize..self.parts[range.end] as usize]
    }

    /// All entries that begin in a range of tokens.
    pub(crate) fn hits_in(&self, range: Range) -> &[Hit] {
        &self.hits[self.hits_at[range.start] as usize..self.hits_at[range.end] as usize]
    }

    /// The quotations that begin in a range of tokens.
    pub(crate) fn quotations_in(&self, range: Range) -> &[Quotation] {
        let quotes = self.tokens.quotations();
        let at = |token: usize| quotes.partition_point(|q| q.open < token);
        &quotes[at(range.start)..at(range.end)]
    }

    /// Word numbers of a token.
    pub(crate) fn numbers(&self, at: usize) -> &[u32] {
        &self.numbers[self.parts[at] as usize..self.parts[at + 1] as usize]
    }

    /// Calls `each` with the end (exclusive) of every stretch that the item matches from token `at`, and where its data lies.
    pub(crate) fn item_ends(
        &self,
        rules: &RuleSet,
        item: &Item,
        at: usize,
        mut each: impl FnMut(usize, Source),
    ) {
        match item.kind {
            Kind::List(list) => {
                if list < ListSet::MOST && !self.lists[at].has(list) {
                    return;
                }
                for hit in self.hits(at).iter().filter(|h| h.list == list) {
                    if rules.passes(hit, item) {
                        each(hit.end as usize, Source::Entry(hit.data));
                    }
                }
            }
            Kind::Annotation(kind) => {
                for (index, a) in self.starting(at) {
                    if a.kind == kind && item.fits(&a.data) {
                        each(a.range.end, Source::Annotation(index));
                    }
                }
            }
            Kind::Quote => {
                let quotes = self.tokens.quotations();
                if let Ok(n) = quotes.binary_search_by_key(&at, |q| q.open) {
                    each(quotes[n].close + 1, Source::None);
                }
            }
            // The matcher's own.
            Kind::Phrase(_) => {}
        }
    }
}

/// Where the data of a matched item lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    None,
    Entry(u32),
    Annotation(usize),
}

impl Item {
    /// Whether data pass all tests of the item.
    pub(crate) fn fits(&self, data: &[(Symbol, Symbol)]) -> bool {
        self.filters.iter().all(|(key, values)| data.iter().any(|(k, v)| k == key && values.contains(v)))
    }
}

impl RuleSet {
    /// Whether the data of an entry pass all tests of the item.
    pub(crate) fn passes(&self, hit: &Hit, item: &Item) -> bool {
        item.filters.is_empty() || item.fits(self.dictionary.data(hit.data))
    }
}

fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(NONE)
}
