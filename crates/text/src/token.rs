//! Tokens: word borders of UAX #29, mended for names, initials and possessives.

use std::collections::BTreeSet;

use unicode_segmentation::UnicodeSegmentation;

use crate::quote::{Quotation, quotations};
use crate::sentence::{Sentence, sentences};
use crate::{Shape, fold};

/// What a language says of tokens and sentences; all words folded. Comes from a rule set.
#[derive(Clone, Debug, Default)]
pub struct Language {
    /// Words whose full stop ends no sentence (`dr`, `gen`), without the stop.
    pub abbreviations: BTreeSet<String>,
    /// Words that begin a sentence even after an abbreviation (`the`, `he`).
    pub starters: BTreeSet<String>,
    /// What is split off before a hyphen: `then`, `ex`.
    pub prefixes: BTreeSet<String>,
    /// What is split off after a hyphen: `affiliated`, `based`.
    pub suffixes: BTreeSet<String>,
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
}

impl Token {
    /// The token's words.
    #[must_use]
    pub fn of<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

/// A text with its tokens, sentences and quotations.
#[derive(Clone, Debug)]
pub struct Tokens<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    quotations: Vec<Quotation>,
    sentences: Vec<Sentence>,
}

impl<'t> Tokens<'t> {
    /// Cuts `text` into tokens and sentences.
    #[must_use]
    pub fn of(text: &'t str, language: &Language) -> Self {
        let tokens = tokenize(text, language);
        let quotations = quotations(text, &tokens);
        let sentences = sentences(text, &tokens, &quotations, language);
        Self { text, tokens, quotations, sentences }
    }

    /// The text itself.
    #[must_use]
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// Pairs of quotation marks, in order, as tokens.
    #[must_use]
    pub fn quotations(&self) -> &[Quotation] {
        &self.quotations
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

/// Tokens of `text`, white space left out.
pub(crate) fn tokenize(text: &str, language: &Language) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::with_capacity(text.len() / 5);
    for (start, piece) in text.split_word_bound_indices() {
        if piece.chars().all(char::is_whitespace) {
            continue;
        }
        let end = start + piece.len();
        match tokens.last_mut() {
            Some(last) if last.end == start && joins(text, last, start, piece) => last.end = end,
            _ => tokens.push(Token { start, end, shape: Shape::default() }),
        }
    }
    let mut mended = Vec::with_capacity(tokens.len() + tokens.len() / 16);
    for token in tokens {
        match missing_space(text, &token) {
            Some(stop) => {
                let part = |start, end| Token { start, end, shape: Shape::default() };
                mend(text, part(token.start, stop), language, &mut mended);
                mended.push(Token { start: stop, end: stop + 1, shape: Shape::PUNCT });
                mend(text, part(stop + 1, token.end), language, &mut mended);
            }
            None => mend(text, token, language, &mut mended),
        }
    }
    mended
}

/// The full stop inside a token that wants a space after it: `Ms.Tanaka`, `ended.The`.
fn missing_space(text: &str, token: &Token) -> Option<usize> {
    let (before, after) = token.of(text).split_once('.')?;
    let capital = after.chars().next().is_some_and(char::is_uppercase)
        && after.chars().nth(1).is_some_and(char::is_alphabetic);
    let word = before.chars().count() >= 2 && before.chars().next_back().is_some_and(char::is_lowercase);
    (capital && word && !after.contains('.')).then_some(token.start + before.len())
}

const fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}')
}

const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}')
}

/// Whether the piece at `start` belongs to the token before it, which it touches.
fn joins(text: &str, last: &Token, start: usize, piece: &str) -> bool {
    let word = last.of(text);
    let ends_in_word = word.chars().next_back().is_some_and(char::is_alphanumeric);
    let first = piece.chars().next().unwrap_or(' ');
    let after = || text.get(start + piece.len()..).and_then(|rest| rest.chars().next()).unwrap_or(' ');
    if is_hyphen(first) {
        return ends_in_word && after().is_alphanumeric();
    }
    if first == '.' && ends_in_word {
        // A single letter, or letters already dotted: `J.`, `U.S.`
        let mut letters = word.rsplit('.').next().unwrap_or("").chars();
        return letters.next().is_some_and(char::is_uppercase) && letters.next().is_none();
    }
    if first.is_alphanumeric() {
        // After a joined hyphen (`al-` + `Shaibani`) or dot (`K.` + `M`).
        return word.len() > 1
            && word.chars().next_back().is_some_and(|c| is_hyphen(c) || (c == '.' && first.is_uppercase()));
    }
    false
}

/// Splits possessives and the language's prefixes and suffixes off a token.
fn mend(text: &str, token: Token, language: &Language, out: &mut Vec<Token>) {
    let word = token.of(text);
    let mut push = |start: usize, end: usize, extra: Shape| {
        let shape = Shape::of(text.get(start..end).unwrap_or("")).with(extra);
        out.push(Token { start, end, shape });
    };
    let mut end = token.end;
    let mut possessive = None;
    let mut tail = word.char_indices().rev();
    if let (Some((at, 's' | 'S')), Some((mark, c))) = (tail.next(), tail.next())
        && is_apostrophe(c)
        && mark > 0
        && at > mark
    {
        end = token.start + mark;
        possessive = Some((end, token.end));
    }
    let mut start = token.start;
    let mut late = None;
    if let Some(body) = text.get(start..end)
        && body.contains(is_hyphen)
    {
        if let Some((head, _)) = body.split_once(is_hyphen)
            && language.prefixes.contains(&fold(head))
        {
            push(start, start + head.len(), Shape::default());
            let hyphen =
                text.get(start + head.len()..).and_then(|t| t.chars().next()).map_or(1, char::len_utf8);
            start += head.len() + hyphen;
        }
        if let Some((at, hyphen)) =
            text.get(start..end).and_then(|b| b.char_indices().rfind(|(_, c)| is_hyphen(*c)))
        {
            let suffix = start + at + hyphen.len_utf8();
            if language.suffixes.contains(&fold(text.get(suffix..end).unwrap_or(""))) {
                late = Some((suffix, end));
                end = start + at;
            }
        }
    }
    if start < end {
        let lone = end - start <= 3
            && text
                .get(start..end)
                .is_some_and(|w| w.chars().count() == 1 && is_apostrophe(w.chars().next().unwrap_or(' ')));
        let after_word = start > 0
            && text
                .get(..start)
                .and_then(|t| t.chars().next_back())
                .is_some_and(|c| matches!(c, 's' | 'S' | 'z' | 'x'));
        push(start, end, if lone && after_word { Shape::POSS } else { Shape::default() });
    }
    if let Some((from, to)) = late {
        push(from, to, Shape::default());
    }
    if let Some((from, to)) = possessive {
        push(from, to, Shape::POSS);
    }
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "a test may panic")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str) -> Vec<&str> {
        let language = Language {
            prefixes: ["then", "ex"].map(String::from).into(),
            suffixes: ["affiliated", "based"].map(String::from).into(),
            ..Language::default()
        };
        tokenize(text, &language).iter().map(|t| t.of(text)).collect()
    }

    #[test]
    fn tokens_of_press_releases() {
        for (text, expected) in [
            ("Egypt's ICT", vec!["Egypt", "'s", "ICT"]),
            ("ministers’ plan", vec!["ministers", "’", "plan"]),
            ("the then-Minister El-Sayed", vec!["the", "then", "Minister", "El-Sayed"]),
            ("MCIT-affiliated EG-CERT", vec!["MCIT", "affiliated", "EG-CERT"]),
            ("T.R.V.S. Tesmarekha, U.S.", vec!["T.R.V.S.", "Tesmarekha", ",", "U.S."]),
            ("Dr. J. Smith (UPU)", vec!["Dr", ".", "J.", "Smith", "(", "UPU", ")"]),
            ("A – B, 3.5 per cent", vec!["A", "–", "B", ",", "3.5", "per", "cent"]),
            ("Ms.Tanaka", vec!["Ms", ".", "Tanaka"]),
            ("Dao'an O’Neill", vec!["Dao'an", "O’Neill"]),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn tokens_cover_all_but_white_space(text in "\\PC{0,60}") {
            let tokens = tokenize(&text, &Language::default());
            let mut at = 0;
            for token in &tokens {
                prop_assert!(token.start >= at && token.end > token.start);
                prop_assert!(text.is_char_boundary(token.start) && text.is_char_boundary(token.end));
                prop_assert!(text[at..token.start].trim().is_empty());
                at = token.end;
            }
            prop_assert!(text[at..].trim().is_empty());
        }
    }
}
