//! From text to the words of the index. Two analyses: *stems* for running text, *name words* for names of
//! people and bodies. Queries pass through the same functions, so that both sides always agree.

use chancery_record::Span;
use chancery_text::{fold, fold_into};
use tantivy::tokenizer::{
    RemoveLongFilter, Stemmer, TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager,
};
use unicode_segmentation::{UWordBoundIndices, UnicodeSegmentation};

/// The name under which tantivy finds [`stems`]; part of the schema on disk.
pub(crate) const STEMS: &str = "stems";

/// Longer words are not indexed: such are encoded images and the like, not language.
const LONGEST_WORD: usize = 120;

/// Words as UAX #29 cuts them (hyphens cut, `minister's` stays whole for the stemmer), folded, then stemmed as English.
pub(crate) fn stems() -> TextAnalyzer {
    TextAnalyzer::builder(Words::default())
        .filter(RemoveLongFilter::limit(LONGEST_WORD))
        .filter(Stemmer::default())
        .build()
}

pub(crate) fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(STEMS, stems());
    manager
}

/// One stem of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stem {
    pub(crate) term: String,
    /// Bytes of the text.
    pub(crate) span: Span,
    pub(crate) position: usize,
}

/// The stems of `text` in order.
pub(crate) fn stems_of(analyzer: &mut TextAnalyzer, text: &str) -> Vec<Stem> {
    let mut found = Vec::new();
    analyzer.token_stream(text).process(&mut |token| {
        found.push(Stem {
            term: token.text.clone(),
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
    folded.retain(|c| !matches!(c, '\'' | '\u{02bb}' | '\u{02be}' | '\u{02bf}'));
    folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && word.len() <= LONGEST_WORD)
        .map(String::from)
        .collect()
}

/// A text cut into folded words.
#[derive(Clone, Default)]
struct Words {
    token: Token,
}

struct WordStream<'a> {
    bounds: UWordBoundIndices<'a>,
    token: &'a mut Token,
}

impl Tokenizer for Words {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        self.token.reset();
        WordStream { bounds: text.split_word_bound_indices(), token: &mut self.token }
    }
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        for (at, word) in self.bounds.by_ref() {
            if !word.contains(char::is_alphanumeric) {
                continue;
            }
            self.token.text.clear();
            fold_into(word, &mut self.token.text);
            self.token.text.retain(|c| c != ' ');
            if self.token.text.is_empty() {
                continue;
            }
            self.token.offset_from = at;
            self.token.offset_to = at + word.len();
            self.token.position = self.token.position.wrapping_add(1);
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
        stems_of(&mut stems(), text).into_iter().map(|stem| stem.term).collect()
    }

    #[test]
    fn forms_of_a_word_have_one_stem() {
        assert_eq!(terms("proposals proposed Proposes"), ["propos", "propos", "propos"]);
        assert_eq!(terms("the Ministry's, the ministry’s"), ["the", "ministri", "the", "ministri"]);
        assert_eq!(terms("COVID-19 Zoë"), ["covid", "19", "zoe"]);
    }

    #[test]
    fn a_stem_knows_its_place_in_bytes() {
        let text = "— Émile proposé";
        let found = stems_of(&mut stems(), text);
        assert_eq!(found.iter().map(|s| s.span.of(text)).collect::<Vec<_>>(), ["Émile", "proposé"]);
        assert_eq!(found.iter().map(|s| s.position).collect::<Vec<_>>(), [0, 1]);
    }

    #[test]
    fn spellings_of_a_name_have_the_same_words() {
        for spelling in ["al-Shaibani", "Al Shaibani", "AL‑SHAIBANI", "al-Shaïbani", "al-Sha‘ibani"] {
            assert_eq!(name_words(spelling), ["al", "shaibani"], "{spelling}");
        }
        assert_eq!(name_words("Dr. Ra’ad"), ["dr", "raad"]);
        assert_eq!(name_words(" – "), Vec::<String>::new());
    }
}
