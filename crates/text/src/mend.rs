//! What press releases need beyond the word borders of UAX #29: hyphens and dotted initials join, possessives and the
//! prefixes and suffixes of a language part.

use crate::token::{Language, Token};
use crate::{Shape, fold_into};

/// The full stop inside a token that wants a space after it: `Ms.Tanaka`, `ended.The`.
pub(crate) fn missing_space(word: &str) -> Option<usize> {
    let (before, after) = word.split_once('.')?;
    let mut rest = after.chars();
    let capital = rest.next().is_some_and(char::is_uppercase) && rest.next().is_some_and(char::is_alphabetic);
    let mut end = before.chars().rev();
    let ends_low = end.next().is_some_and(char::is_lowercase) && end.next().is_some();
    (capital && ends_low && !after.contains('.')).then_some(before.len())
}

const fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}')
}

const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}')
}

/// Whether the piece `start..end` belongs to the token before it, which it touches.
pub(crate) fn joins(text: &str, last: &Token, start: usize, end: usize) -> bool {
    let first_of = |at: usize| text.get(at..).and_then(|rest| rest.chars().next()).unwrap_or(' ');
    let word = last.of(text);
    let before = word.chars().next_back().unwrap_or(' ');
    let first = first_of(start);
    if is_hyphen(first) {
        return before.is_alphanumeric() && first_of(end).is_alphanumeric();
    }
    if first == '&' {
        return word.chars().all(char::is_uppercase) && is_short(text, end);
    }
    if first == '.' && before.is_alphanumeric() {
        // A single letter, or letters already dotted: `J.`, `U.S.`
        let mut letters = word.rsplit('.').next().unwrap_or("").chars();
        return letters.next().is_some_and(char::is_uppercase) && letters.next().is_none();
    }
    // After a joined hyphen (`al-` + `Shaibani`), dot (`K.` + `M`) or `&` (`R&` + `D`).
    first.is_alphanumeric()
        && word.len() > 1
        && (is_hyphen(before) || (matches!(before, '.' | '&') && first.is_uppercase()))
}

/// A word of capitals after `&` has so many at most.
const SHORT: usize = 6;

/// Whether a few capitals and no other letters stand at a place: `D` after `R&`.
fn is_short(text: &str, at: usize) -> bool {
    let rest = text.get(at..).unwrap_or("").chars();
    let word: Vec<char> = rest.take_while(|c| c.is_alphanumeric()).take(SHORT + 1).collect();
    (1..=SHORT).contains(&word.len()) && word.iter().all(|c| c.is_uppercase())
}

/// Splits possessives and the language's prefixes and suffixes off the token `from..to`; calls `push` with each part.
pub(crate) fn mend(
    text: &str,
    (from, to): (usize, usize),
    language: &Language,
    scratch: &mut String,
    mut push: impl FnMut(usize, usize, Shape),
) {
    let (mut start, mut end) = (from, possessive(text, from, to).unwrap_or(to));
    let owner_ends = end;
    let mut late = None;
    if let Some(body) = text.get(start..end)
        && body.contains(is_hyphen)
    {
        let mut listed = |words: &std::collections::BTreeSet<String>, word: &str| {
            scratch.clear();
            fold_into(word, scratch);
            words.contains(scratch.as_str())
        };
        if let Some((head, rest)) = body.split_once(is_hyphen)
            && listed(&language.prefixes, head)
        {
            push(start, start + head.len(), Shape::default());
            start = end - rest.len();
        }
        if let Some((head, tail)) = text.get(start..end).and_then(|body| body.rsplit_once(is_hyphen))
            && listed(&language.suffixes, tail)
        {
            late = Some((end - tail.len(), end));
            end = start + head.len();
        }
    }
    if start < end {
        let plural = is_lone_apostrophe(text, start, end);
        push(start, end, if plural { Shape::POSS } else { Shape::default() });
    }
    if let Some((from, to)) = late {
        push(from, to, Shape::default());
    }
    if owner_ends < to {
        push(owner_ends, to, Shape::POSS);
    }
}

/// Where the `'s` at the end of a token begins.
fn possessive(text: &str, from: usize, to: usize) -> Option<usize> {
    let mut tail = text.get(from..to)?.char_indices().rev();
    match (tail.next(), tail.next()) {
        (Some((_, 's' | 'S')), Some((mark, c))) if is_apostrophe(c) && mark > 0 => Some(from + mark),
        _ => None,
    }
}

/// Whether a token is an apostrophe that makes the plural before it a possessive.
fn is_lone_apostrophe(text: &str, start: usize, end: usize) -> bool {
    matches!(text.get(start..end), Some("'" | "\u{2019}"))
        && text.get(..start).and_then(|before| before.chars().next_back()).is_some_and(makes_plural)
}

/// Whether an apostrophe after this letter can be a possessive.
pub(crate) const fn makes_plural(c: char) -> bool {
    matches!(c, 's' | 'S' | 'z' | 'x')
}
