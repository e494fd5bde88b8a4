//! From text to the words of the index. Three analyses: *words* as they stand, folded, for phrases, prefixes and the like;
//! *stems* of them for ranking; *name words* for names of people and bodies. Queries and highlights pass through the same
//! functions, so that all sides always agree.

use std::borrow::Cow;

use chancery_record::Span;
use chancery_text::{fold, fold_into};
use frostem::{Algorithm, Stemmer};
use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};
use unicode_segmentation::{UWordBoundIndices, UnicodeSegmentation};

use crate::affixes::Affixes;
use crate::language::FARTHEST;

/// The name under which tantivy finds the tokenizer of words; part of the schema on disk.
pub(crate) const WORDS: &str = "words";

/// The same for stems.
pub(crate) const STEMS: &str = "stems";

/// Between two parts of one field: no phrase runs over it, nor words near each other.
pub(crate) const PART: char = '\u{1e}';

/// Around the language of a text that is not English, before the text.
const MARK: char = '\u{1f}';

/// How many positions lie between two parts, or two rows of name words: just more than words near each other may lie apart,
/// because small numbers take less room.
pub(crate) const PART_GAP: usize = FARTHEST as usize + 1;

/// Longer words are not indexed: such are encoded images and the like, not language.
const LONGEST_WORD: usize = 120;

/// Languages with a stemmer, by the first part of their tag (BCP 47). English comes first: it is what is meant where
/// nothing is said, and its stems bear no mark.
const STEMMERS: [(&str, Algorithm); 16] = [
    ("en", Algorithm::English),
    ("da", Algorithm::Danish),
    ("de", Algorithm::German),
    ("el", Algorithm::Greek),
    ("es", Algorithm::Spanish),
    ("fi", Algorithm::Finnish),
    ("fr", Algorithm::French),
    ("hu", Algorithm::Hungarian),
    ("it", Algorithm::Italian),
    ("nl", Algorithm::Dutch),
    ("no", Algorithm::Norwegian),
    ("pt", Algorithm::Portuguese),
    ("ro", Algorithm::Romanian),
    ("ru", Algorithm::Russian),
    ("sv", Algorithm::Swedish),
    ("tr", Algorithm::Turkish),
];

/// How words of one language become stems. The stems of each language are terms of their own: `fr␟nation` beside `nation`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stemming {
    language: &'static str,
    algorithm: Option<Algorithm>,
    affixes: Option<&'static Affixes>,
}

impl Stemming {
    /// That of a language, by its tag; English where nobody can tell, and none where the language has no stemmer.
    pub(crate) fn of(language: Option<&str>) -> Self {
        let primary = language.and_then(|tag| tag.split(['-', '_']).next()).unwrap_or("en");
        let primary = if matches!(primary, "nb" | "nn") { "no" } else { primary };
        if let Some((language, affixes)) = Affixes::of(primary) {
            return Self { language, algorithm: None, affixes: Some(affixes) };
        }
        let known = STEMMERS.iter().find(|(tag, _)| *tag == primary);
        let (language, algorithm) = known.map_or(("", None), |(language, is)| (*language, Some(*is)));
        Self { language, algorithm, affixes: None }
    }

    /// The language, empty where it has no stemmer.
    pub(crate) fn language(&self) -> &'static str {
        self.language
    }

    /// The term for a folded word.
    pub(crate) fn stem<'w>(self, folded: &'w str) -> Cow<'w, str> {
        let stem = match (self.affixes, self.algorithm) {
            (Some(affixes), _) => Cow::Borrowed(affixes.stem(folded)),
            (None, Some(algorithm)) => Stemmer::new(algorithm).stem(folded),
            (None, None) => Cow::Borrowed(folded),
        };
        if self.language == "en" { stem } else { Cow::Owned(format!("{}{MARK}{stem}", self.language)) }
    }

    /// `text` with its language before it where that is not English.
    pub(crate) fn marked(self, text: &str) -> String {
        if self.language == "en" { text.into() } else { format!("{MARK}{}{MARK}{text}", self.language) }
    }
}

pub(crate) fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(WORDS, TextAnalyzer::builder(Words::default()).build());
    manager.register(STEMS, TextAnalyzer::builder(Words { stems: true, ..Words::default() }).build());
    manager
}

/// One word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// As the index knows it: folded, not stemmed.
    pub(crate) folded: String,
    /// Bytes of the text.
    pub(crate) span: Span,
    pub(crate) position: usize,
}

/// The words of `text` in order, as UAX #29 cuts them: hyphens cut, `minister's` stays whole.
pub(crate) fn words_of(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    let mut words = Words::default();
    words.token_stream(text).process(&mut |token| {
        found.push(Word {
            folded: token.text.clone(),
            span: Span::new(token.offset_from, token.offset_to),
            position: token.position,
        });
    });
    found
}

/// The words of a name: folded, hyphens cut, apostrophes and the signs for hamza and ayn dropped, so that
/// `al-Shaibani` is `AL SHAIBANI` and `Ra’ad` is `Raad`.
pub(crate) fn name_words(name: &str) -> Vec<String> {
    let mut folded = fold(name);
    folded.retain(|c| !is_sign(c));
    folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && word.len() <= LONGEST_WORD)
        .map(String::from)
        .collect()
}

/// Apostrophes (as folding leaves them) and the signs for hamza and ayn.
fn is_sign(c: char) -> bool {
    matches!(c, '\'' | '\u{02bb}' | '\u{02be}' | '\u{02bf}')
}

/// Folds one word of a text: `Minister’s` is `minister`, `Ra‘ad` is `raad`.
fn fold_word(word: &str, into: &mut String) {
    into.clear();
    fold_into(word, into);
    into.retain(|c| c != ' ');
    if into.ends_with("'s") {
        into.truncate(into.len() - 2);
    }
    into.retain(|c| !is_sign(c));
}

/// A text cut into folded words, or their stems.
#[derive(Clone, Default)]
struct Words {
    token: Token,
    stems: bool,
}

struct WordStream<'a> {
    bounds: UWordBoundIndices<'a>,
    /// Bytes before what `bounds` cuts.
    before: usize,
    stemming: Option<Stemming>,
    token: &'a mut Token,
}

impl Tokenizer for Words {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        self.token.reset();
        let marked = text.strip_prefix(MARK).and_then(|rest| rest.split_once(MARK));
        let (language, body) = marked.map_or((None, text), |(language, body)| (Some(language), body));
        WordStream {
            bounds: body.split_word_bound_indices(),
            before: text.len() - body.len(),
            stemming: self.stems.then(|| Stemming::of(language)),
            token: &mut self.token,
        }
    }
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        for (at, word) in self.bounds.by_ref() {
            if word.starts_with(PART) {
                self.token.position = self.token.position.wrapping_add(PART_GAP);
            }
            if !word.contains(char::is_alphanumeric) {
                continue;
            }
            fold_word(word, &mut self.token.text);
            if self.token.text.is_empty() {
                continue;
            }
            self.token.position = self.token.position.wrapping_add(1);
            if self.token.text.len() > LONGEST_WORD {
                continue;
            }
            if let Some(stemming) = self.stemming {
                self.token.text = stemming.stem(&self.token.text).into_owned();
            }
            self.token.offset_from = self.before + at;
            self.token.offset_to = self.before + at + word.len();
            return true;
        }
        false
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<String> {
        let mut stems = Words { stems: true, ..Words::default() };
        let mut found = Vec::new();
        stems.token_stream(text).process(&mut |token| found.push(token.text.clone()));
        found
    }

    fn folded(text: &str) -> Vec<String> {
        words_of(text).into_iter().map(|word| word.folded).collect()
    }

    #[test]
    fn forms_of_a_word_have_one_stem() {
        assert_eq!(terms("proposals proposed Proposes"), ["propos", "propos", "propos"]);
        assert_eq!(terms("the Ministry's, the ministry’s"), ["the", "ministri", "the", "ministri"]);
        assert_eq!(terms("COVID-19 Zoë"), ["covid", "19", "zoe"]);
    }

    #[test]
    fn each_language_has_stems_of_its_own() {
        let french = Stemming::of(Some("fr-CA"));
        assert_eq!(terms(&french.marked("les nations")), ["fr\u{1f}le", "fr\u{1f}nation"]);
        assert_eq!(french.stem("nations"), "fr\u{1f}nation");
        assert_eq!(Stemming::of(None).stem("nations"), "nation");
        assert_eq!(Stemming::of(Some("sw")).stem("mataifa"), "\u{1f}mataifa");
        assert_eq!(folded(&french.marked("Les Nations")), ["les", "nations"]);
    }

    #[test]
    fn a_word_knows_its_place() {
        let text = "— Émile proposé\u{1e}ici";
        let found = words_of(text);
        assert_eq!(found.iter().map(|s| s.span.of(text)).collect::<Vec<_>>(), ["Émile", "proposé", "ici"]);
        assert_eq!(found.iter().map(|s| s.position).collect::<Vec<_>>(), [0, 1, 2 + PART_GAP]);
    }

    #[test]
    fn spellings_of_a_name_have_the_same_words() {
        for spelling in ["al-Shaibani", "Al Shaibani", "AL‑SHAIBANI", "al-Shaïbani", "al-Sha‘ibani"] {
            assert_eq!(name_words(spelling), ["al", "shaibani"], "{spelling}");
            assert_eq!(folded(spelling), ["al", "shaibani"], "{spelling}");
        }
        assert_eq!(name_words("Dr. Ra’ad"), ["dr", "raad"]);
        assert_eq!(folded("Ra’ad’s"), ["raad"]);
        assert_eq!(name_words(" – "), Vec::<String>::new());
    }
}
