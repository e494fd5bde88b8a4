//! Acronyms that the text defines: `Egyptian National Post Organization (ENPO)`. After Schwartz and Hearst,
//! "A simple algorithm for identifying abbreviation definitions in biomedical text" (2003).

use chancery_rules::{Doc, Range};
use chancery_text::Shape;

use crate::State;

/// A long form and the short form that stands in brackets after it.
#[derive(Clone, Debug)]
pub(crate) struct Definition {
    /// The long form, where its letters fit.
    pub(crate) long: Option<Range>,
    pub(crate) short: Range,
    /// The token of the opening bracket.
    pub(crate) open: usize,
}

/// Finds every definition of the document.
pub(crate) fn find(doc: &Doc<'_>, state: &mut State) {
    for sentence in doc.sentences() {
        for open in sentence.start + 1..sentence.end {
            if doc.word(open) == "("
                && let Some(short) = short_form(doc, open, sentence.end)
            {
                let long = long_form(doc, sentence.start, open, short);
                state.definitions.push(Definition { long, short, open });
            }
        }
    }
}

/// The short form between brackets: one token in capitals, perhaps in quotation marks or after an article.
fn short_form(doc: &Doc<'_>, open: usize, end: usize) -> Option<Range> {
    let quoted = |at: usize| at < end && doc.tokens()[at].shape == Shape::PUNCT;
    let mut at = open + 1;
    if quoted(at) && doc.word(at) != ")" {
        at += 1;
    }
    let word = doc.tokens().get(at).filter(|_| at < end)?;
    let letters = doc.word(at).chars().filter(|c| c.is_alphabetic()).count();
    let capitals = doc.word(at).chars().filter(|c| c.is_uppercase()).count();
    let close = if quoted(at + 1) && doc.word(at + 1) != ")" { at + 2 } else { at + 1 };
    let fits = word.shape.has(Shape::WORD)
        && (2..=12).contains(&letters)
        && capitals * 2 >= letters
        && capitals >= 2;
    (fits && close < end && matches!(doc.word(close), ")" | "," | ";" | "/"))
        .then_some(Range::new(at, at + 1))
}

/// The words before the bracket whose letters the short form takes, from its last letter back to its first, which
/// must begin a word.
fn long_form(doc: &Doc<'_>, start: usize, open: usize, short: Range) -> Option<Range> {
    let letters: Vec<char> =
        doc.words(short).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let most = (letters.len() + 5).min(letters.len() * 2);
    let (mut left, mut at, mut words) = (letters.len(), open, 0);
    while left > 0 && at > start {
        at -= 1;
        if !doc.tokens()[at].shape.has(Shape::WORD) {
            if matches!(doc.word(at), "," | "&" | "/") || doc.tokens()[at].shape.has(Shape::POSS) {
                continue;
            }
            return None;
        }
        words += 1;
        if words > most {
            return None;
        }
        let word: Vec<char> = doc.word(at).chars().flat_map(char::to_lowercase).collect();
        left = take_back(&word, &letters, left);
    }
    let cap = doc.tokens().get(at).is_some_and(|t| t.shape.has(Shape::CAP));
    (left == 0 && cap).then_some(Range::new(at, open))
}

/// Takes letters of the short form out of one word, last first; how many are left. The first letter of all must be
/// the first of its word.
fn take_back(word: &[char], letters: &[char], mut left: usize) -> usize {
    let mut at = word.len();
    while left > 0 && at > 0 {
        at -= 1;
        let begins = at == 0 || matches!(word[at - 1], '-' | '\u{2011}');
        if word[at] == letters[left - 1] && (left > 1 || begins) {
            left -= 1;
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use chancery_rules::{RuleFile, RuleSet};

    fn defined(text: &str) -> Vec<(String, String)> {
        let layers = RuleFile { path: "en/layers.toml".into(), text: "layers = []".into() };
        let rules = RuleSet::compile("en", &[layers]).unwrap();
        let doc = Doc::new(text, &rules);
        let mut state = State::default();
        find(&doc, &mut state);
        let words = |r: Option<Range>| r.map_or(String::new(), |r| doc.words(r).to_owned());
        state.definitions.iter().map(|d| (words(d.long), words(Some(d.short)))).collect()
    }

    #[test]
    fn letters_are_taken_from_the_last_back() {
        for (text, long, short) in [
            ("the National Roads Authority (NRA) said", "National Roads Authority", "NRA"),
            (
                "the Ministry of Ports and Inland Transport (MPIT)",
                "Ministry of Ports and Inland Transport",
                "MPIT",
            ),
            (
                "a Norwegian Computer Emergency Team (NO-CERT) was",
                "Norwegian Computer Emergency Team",
                "NO-CERT",
            ),
            ("the Housing Board (“HB”), which", "Housing Board", "HB"),
        ] {
            assert_eq!(defined(text), [(long.to_owned(), short.to_owned())], "{text}");
        }
        assert!(defined("in March (see below) and (1)").is_empty());
    }
}
