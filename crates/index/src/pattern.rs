//! What a clause looks for in running text. The plan asks the index for it, and highlights look for it again in what is
//! shown: so one definition says for both what matches.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use chancery_record::Span;
use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder};
use rustc_hash::FxHashMap;

use crate::affixes::beginnings;
use crate::analysis::{Stemming, Word, words_of};
use crate::near::{stretches, wanted};

/// One thing to look for. All words are folded.
pub(crate) enum Pattern {
    /// A word in any form that has its stem.
    Stem(String),
    /// Words as they stand, one after the other.
    Row(Vec<String>),
    /// Words as they stand, in any order, with at most so many others between them in all.
    Near(Vec<String>, usize),
    /// Words that begin so.
    Prefix(String),
    /// Words that differ by few letters.
    Fuzzy(Spelling),
    /// Any of these words, as they stand.
    Any(Vec<String>),
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stem(word) => write!(f, "Stem({word})"),
            Self::Row(words) => write!(f, "Row({words:?})"),
            Self::Near(words, between) => write!(f, "Near({words:?}, {between})"),
            Self::Prefix(word) => write!(f, "Prefix({word})"),
            Self::Fuzzy(spelling) => write!(f, "Fuzzy({}, {})", spelling.word, spelling.distance),
            Self::Any(words) => write!(f, "Any({words:?})"),
        }
    }
}

/// A word and how many letters may be missing, added, changed or swapped with their neighbour.
pub(crate) struct Spelling {
    pub(crate) word: String,
    pub(crate) distance: u8,
    automaton: DFA,
}

impl Spelling {
    pub(crate) fn new(word: String, distance: u8) -> Self {
        let automaton = LevenshteinAutomatonBuilder::new(distance, true).build_dfa(&word);
        Self { word, distance, automaton }
    }

    fn is_near(&self, word: &str) -> bool {
        matches!(self.automaton.eval(word), Distance::Exact(distance) if distance <= self.distance)
    }
}

/// A text cut into words, with the stem of each.
pub(crate) struct Cut {
    words: Vec<Word>,
    stems: Vec<Rc<str>>,
    stemming: Stemming,
}

impl Cut {
    pub(crate) fn of(text: &str, stems: &Stems) -> Self {
        let words = words_of(text);
        let of_words = words.iter().map(|word| stems.of(&word.folded)).collect();
        Self { words, stems: of_words, stemming: stems.stemming }
    }
}

/// The stems of the words of one language that were met so far: the texts of an answer share most of their words, and to
/// look a stem up is quicker than to find it.
pub(crate) struct Stems {
    stemming: Stemming,
    known: RefCell<FxHashMap<String, Rc<str>>>,
}

impl Stems {
    pub(crate) fn new(stemming: Stemming) -> Self {
        Self { stemming, known: RefCell::default() }
    }

    fn of(&self, folded: &str) -> Rc<str> {
        if let Some(stem) = self.known.borrow().get(folded) {
            return Rc::clone(stem);
        }
        let stem: Rc<str> = self.stemming.stem(folded).into();
        self.known.borrow_mut().insert(folded.into(), Rc::clone(&stem));
        stem
    }
}

impl Pattern {
    /// All places of a text where it matches, in order: each the spans of the words that make the match.
    pub(crate) fn matches(&self, cut: &Cut) -> Vec<Vec<Span>> {
        match self {
            Self::Stem(word) => {
                let stem = cut.stemming.stem(word);
                let same = cut.words.iter().zip(&cut.stems).filter(|(_, of)| ***of == *stem);
                same.map(|(word, _)| vec![word.span]).collect()
            }
            Self::Row(words) => rows(&cut.words, words),
            Self::Near(words, between) => near(&cut.words, words, *between),
            Self::Prefix(start) => {
                let starts = beginnings(start);
                single(&cut.words, |word| starts.iter().any(|start| word.starts_with(start.as_str())))
            }
            Self::Fuzzy(spelling) => single(&cut.words, |word| spelling.is_near(word)),
            Self::Any(words) => single(&cut.words, |word| words.iter().any(|any| any == word)),
        }
    }
}

fn single(words: &[Word], fits: impl Fn(&str) -> bool) -> Vec<Vec<Span>> {
    words.iter().filter(|word| fits(&word.folded)).map(|word| vec![word.span]).collect()
}

fn rows(words: &[Word], row: &[String]) -> Vec<Vec<Span>> {
    let mut found = Vec::new();
    for window in words.windows(row.len().max(1)) {
        let (Some(first), Some(last)) = (window.first(), window.last()) else { continue };
        let same = window.iter().map(|word| &word.folded).eq(row);
        if same && last.position - first.position == row.len() - 1 {
            // One mark over the whole row: what stands between its words is part of it.
            found.push(vec![Span::new(first.span.start, last.span.end)]);
        }
    }
    found
}

/// The shortest stretches that hold all `words` of the pattern with at most `between` others.
fn near(words: &[Word], pattern: &[String], between: usize) -> Vec<Vec<Span>> {
    let wanted = wanted(pattern);
    let times: Vec<usize> = wanted.iter().map(|(_, times)| *times).collect();
    let (mut places, mut spans) = (Vec::new(), Vec::new());
    for word in words {
        if let Some(at) = wanted.iter().position(|(known, _)| **known == word.folded) {
            places.push((u32::try_from(word.position).unwrap_or(u32::MAX), at));
            spans.push(word.span);
        }
    }
    let found = stretches(&places, &times, pattern.len() + between).into_iter();
    found.filter_map(|(from, to)| spans.get(from..to)).map(<[Span]>::to_vec).collect()
}
