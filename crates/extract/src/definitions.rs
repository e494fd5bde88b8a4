//! Acronyms that the text defines: `Egyptian National Post Organization (ENPO)`. After Schwartz and Hearst,
//! "A simple algorithm for identifying abbreviation definitions in biomedical text" (2003).

use chancery_rules::{Doc, Range};
use chancery_text::{Sentence, Shape};

use crate::State;
use crate::fields::{Fields, entry};

/// A long form and the short form that stands after it, in brackets or after words such as `or`.
#[derive(Clone, Debug)]
pub(crate) struct Definition {
    /// The long form, where its letters fit.
    pub(crate) long: Option<Range>,
    pub(crate) short: Range,
    /// One past the long form: the opening bracket or what stands in its place, or a possessive mark before it.
    pub(crate) end: usize,
    /// Neither its letters nor its capitals prove the short form: only what stands before the bracket can.
    pub(crate) weak: bool,
    /// It is that of a programme.
    pub(crate) scheme: bool,
}

/// Finds every definition of the document.
pub(crate) fn find(fields: &Fields<'_>, doc: &Doc<'_>, state: &mut State) {
    for sentence in doc.sentences() {
        for open in sentence.start + 1..sentence.end {
            let short = if doc.is_sign(open, b'(') {
                if let Some(definition) = explained(doc, open, sentence) {
                    state.definitions.push(definition);
                    continue;
                }
                let named = entry(doc, fields, fields.lists.called, open + 1).map_or(open, |end| end - 1);
                let one = || in_brackets(doc, named, sentence.end);
                // `(PAHO/WHO)` is of both bodies before it, where they tell all of it.
                let both = doc.is_sign(open + 2, b'/').then(|| several(doc, open, sentence)).flatten();
                both.or_else(one).or_else(|| several(doc, open, sentence))
            } else {
                after_or(fields, doc, open, sentence.end)
            };
            let Some(short) = short else { continue };
            let end = open - usize::from(doc.tokens()[open - 1].shape.has(Shape::POSS));
            if short.len() > 1 {
                state.definitions.push(Definition { long: None, short, end, weak: false, scheme: false });
                continue;
            }
            let long = long_form(doc, sentence.start, end, short);
            // Few capitals, or no brackets: only the letters prove it, and no word of the name itself does.
            let word = capitals(doc.words(short)) < Capitals::Half
                && (doc.begins(&[fields.lists.common], short.start)
                    || long.is_some_and(|long| {
                        (long.start..long.end).any(|at| doc.word(at) == doc.words(short))
                    }));
            if word {
                continue;
            }
            let weak = long.is_none() && capitals(doc.words(short)) < Capitals::Half;
            let bracketed = doc.word(open) == "(" && (!weak || is_alone(doc, open));
            let called = entry(doc, fields, fields.lists.called, after_comma(doc, open));
            if long.is_some() || bracketed || called == Some(short.start) {
                state.definitions.push(Definition { long, short, end, weak, scheme: false });
            }
        }
    }
}

/// How many letters of a short form are capitals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Capitals {
    /// None, or the word is too short or long for an acronym.
    None,
    /// The first: `Norad`.
    First,
    /// Two or more: `MinLaw`.
    Some,
    /// Half of them: `FinCEN`.
    Half,
}

/// Whether half of a word's letters are capitals, two at least.
pub(crate) fn is_acronym(word: &str) -> bool {
    capitals(word) == Capitals::Half
}

fn capitals(word: &str) -> Capitals {
    // Most words have no capital at all.
    if word.is_ascii() && !word.bytes().any(|b| b.is_ascii_uppercase()) {
        return Capitals::None;
    }
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = word.chars().filter(|c| c.is_uppercase()).count();
    match capitals {
        _ if !(2..=12).contains(&letters) => Capitals::None,
        2.. if capitals * 2 >= letters => Capitals::Half,
        2.. => Capitals::Some,
        1 if letters >= 4 && word.starts_with(char::is_uppercase) => Capitals::First,
        _ => Capitals::None,
    }
}

/// The short form between brackets: one token, perhaps in quotation marks.
fn in_brackets(doc: &Doc<'_>, open: usize, end: usize) -> Option<Range> {
    let mark = |at: usize| at < end && doc.tokens()[at].shape == Shape::PUNCT && doc.word(at) != ")";
    let at = if mark(open + 1) { open + 2 } else { open + 1 };
    let word = doc.tokens().get(at).filter(|_| at < end)?;
    let quoted = at > open + 1 && mark(at + 1);
    let close = if quoted { at + 2 } else { at + 1 };
    let fits = word.shape.has(Shape::WORD) && capitals(doc.word(at)) > Capitals::None;
    (fits && close < end && matches!(doc.word(close), ")" | "," | ";" | "/"))
        .then_some(Range::new(at, at + 1))
}

/// A short form of several words may have so many, and stand so many words after the beginning of the long form.
const SEVERAL: usize = 4;
const BEFORE: usize = 16;

/// The short form of several words between brackets, all of which the words before them tell: each is one of them, or
/// is made of their first letters: `Ports Centre for the Study of Seas (Ports CSS)`.
fn several(doc: &Doc<'_>, open: usize, sentence: &Sentence) -> Option<Range> {
    let cap = |at: usize| doc.tokens().get(at).is_some_and(|token| token.shape.has(Shape::CAP));
    let mark = |at: usize| doc.tokens().get(at).is_some_and(|token| token.shape == Shape::PUNCT);
    let start = if mark(open + 1) { open + 2 } else { open + 1 };
    let stroke = |at: usize| doc.is_sign(at, b'/') && at > start;
    let len = (start..sentence.end).take(SEVERAL + 1).take_while(|at| cap(*at) || stroke(*at)).count();
    let end = start + len;
    let close = if start > open + 1 { end + 1 } else { end };
    if !(2..=SEVERAL).contains(&len) || doc.word(close) != ")" || !(start == open + 1 || mark(end)) {
        return None;
    }
    let before = Range::new(sentence.start.max(open.saturating_sub(BEFORE)), open);
    let short = Range::new(start, end);
    tells(doc, before, short).then_some(short)
}

/// A short form before the bracket that holds the long one, where each of its letters begins a capitalized word of that
/// and nothing else does: `Dsil (Defence Seas and Islands Laboratory)`.
fn explained(doc: &Doc<'_>, open: usize, sentence: &Sentence) -> Option<Definition> {
    let short = Range::new(open - 1, open);
    if !doc.tokens()[short.start].shape.has(Shape::CAP) || capitals(doc.words(short)) == Capitals::None {
        return None;
    }
    let small = |at: usize| doc.tokens()[at].shape.has(Shape::LOWER) && doc.word(at).len() <= 3;
    let cap = |at: usize| doc.tokens()[at].shape.has(Shape::CAP);
    let inside = |at: &usize| cap(*at) || small(*at) || matches!(doc.word(*at), "," | "&");
    let end = open + 1 + (open + 1..sentence.end).take(BEFORE).take_while(inside).count();
    let letters = (open + 1..end).filter(|at| cap(*at)).filter_map(|at| doc.word(at).chars().next());
    let told = letters.flat_map(char::to_lowercase).eq(doc.words(short).chars().flat_map(char::to_lowercase));
    let long = Range::new(open + 1, end);
    (told && long.len() > 2 && doc.word(end) == ")").then_some(Definition {
        long: Some(long),
        short,
        end,
        weak: false,
        scheme: false,
    })
}

/// Whether each of several words is one of these words, or made of the first letters of some.
pub(crate) fn tells(doc: &Doc<'_>, long: Range, short: Range) -> bool {
    let capitals = (long.start..long.end).filter(|at| doc.tokens()[*at].shape.has(Shape::CAP));
    let firsts: String = capitals.filter_map(|at| doc.word(at).chars().next()).collect();
    let told = |at: usize| {
        let again = (long.start..long.end).any(|word| doc.word(word) == doc.word(at));
        again || (is_acronym(doc.word(at)) && firsts.contains(doc.word(at)))
    };
    (short.start..short.end).all(told)
}

/// Whether a bracket holds one word and no more.
fn is_alone(doc: &Doc<'_>, open: usize) -> bool {
    doc.word(open + 2) == ")"
}

/// The short form after `, or` and the like.
fn after_or(fields: &Fields<'_>, doc: &Doc<'_>, open: usize, end: usize) -> Option<Range> {
    let links = |at: usize| {
        entry(doc, fields, fields.lists.or, at).or_else(|| entry(doc, fields, fields.lists.called, at))
    };
    let at = links(after_comma(doc, open))?;
    // What follows a comma or goes on with such words began before.
    if !doc.is_sign(open, b',') && (doc.is_sign(open - 1, b',') || links(open - 1).is_some()) {
        return None;
    }
    let fits = at < end && capitals(doc.word(at)) >= Capitals::Half;
    fits.then_some(Range::new(at, at + 1))
}

fn after_comma(doc: &Doc<'_>, at: usize) -> usize {
    at + usize::from(doc.is_sign(at, b','))
}

/// Whether a word for a programme follows the brackets of a definition: `the Rural Ports Aid (RPA) scheme`.
fn is_scheme(fields: &Fields<'_>, doc: &Doc<'_>, short: Range) -> bool {
    let lower = |at: usize| doc.tokens().get(at).is_some_and(|token| token.shape.has(Shape::LOWER));
    if doc.word(short.end) != ")" || !lower(short.end + 1) || doc.begins(&[fields.lists.known], short.start) {
        return false;
    }
    let mut entries = doc.entries(fields.rules, fields.lists.notbody, short.end + 1);
    entries.any(|(_, data)| data.contains(&(fields.place_kind, fields.programme)))
}

/// Marks the definitions of programmes, unless a rule found a body right before the brackets or the name ends as that of
/// one does, and takes back what rules found in their names and letters.
pub(crate) fn without_schemes(fields: &Fields<'_>, doc: &mut Doc<'_>, state: &mut State) {
    for definition in &mut state.definitions {
        let Some(long) = definition.long.filter(|_| is_scheme(fields, doc, definition.short)) else {
            continue;
        };
        let finds = doc.of_kind(fields.organization);
        let plural = (fields.number, fields.plural);
        let one = doc
            .entries(fields.rules, fields.lists.head, long.end - 1)
            .any(|(_, data)| !data.contains(&plural));
        let scheme = !one && finds.iter().all(|(_, a)| a.range.end != long.end);
        let own = |range: Range| long.contains(&range) || doc.words(range) == doc.words(definition.short);
        let gone: Vec<usize> =
            finds.iter().filter(|(_, a)| scheme && own(a.range)).map(|(n, _)| *n).collect();
        definition.scheme = scheme;
        gone.into_iter().for_each(|n| doc.remove(n));
    }
}

/// Whether the letters of a short form can be taken out of these words, the first from the beginning of a word.
pub(crate) fn fits(doc: &Doc<'_>, long: Range, short: Range) -> bool {
    long_form(doc, long.start, long.end, short).is_some()
}

/// Whether each capital of a short form begins a word of the name of its own, in whatever order.
pub(crate) fn initials(doc: &Doc<'_>, long: Range, short: Range) -> bool {
    let mut begins: Vec<char> = (long.start..long.end)
        .filter_map(|at| doc.word(at).chars().next())
        .flat_map(char::to_lowercase)
        .collect();
    let mut letters = doc.words(short).chars().filter(|c| c.is_uppercase()).flat_map(char::to_lowercase);
    letters.all(|c| begins.iter().position(|b| *b == c).map(|n| begins.swap_remove(n)).is_some())
}

/// The words before the bracket whose letters the short form takes, from its last letter back to its first, which
/// must begin a word. There are at least two of them.
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
        left = take_back(&word, &letters, left, doc.tokens()[at].shape.has(Shape::CAP));
    }
    let cap = doc.tokens().get(at).is_some_and(|t| t.shape.has(Shape::CAP));
    (left == 0 && cap && words > 1).then_some(Range::new(at, open))
}

/// Takes letters of the short form out of one word, last first; how many are left. The first letter of all must be
/// the first of a capitalized word.
fn take_back(word: &[char], letters: &[char], mut left: usize, cap: bool) -> usize {
    let mut at = word.len();
    while left > 0 && at > 0 {
        at -= 1;
        let begins = at == 0 || matches!(word[at - 1], '-' | '\u{2011}');
        if word[at] == letters[left - 1] && (left > 1 || (begins && cap)) {
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
        let file = |path: &str, text: &str| RuleFile { path: path.into(), text: text.into() };
        let list = "[[list]]\nid = 'doc-or'\nwords = ['or', 'known as', 'also known as']\n\
            [[list]]\nid = 'doc-called'\nwords = ['known by its French acronym']";
        let files = [file("en/layers.toml", "layers = []"), file("en/words.toml", list)];
        let rules = RuleSet::compile("en", &files).unwrap();
        let doc = Doc::new(text, &rules);
        let mut state = State::default();
        find(&Fields::of(&rules), &doc, &mut state);
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
            ("the Housing Board’s (HB) plan", "Housing Board", "HB"),
            ("the Seas Institute (Tyke) said", "", "Tyke"),
            ("the Rural Ports Board also known as RPB left", "Rural Ports Board", "RPB"),
            ("the Rural Ports Board, known by its French acronym COPRU, left", "", "COPRU"),
            ("the Rural Ports Board known by its French acronym COPRU met the", "", "COPRU"),
            ("the Ministry of Law (MinLaw) said", "Ministry of Law", "MinLaw"),
            ("the Chairman of the Rural Ports Board, or RPB, said", "Rural Ports Board", "RPB"),
            ("the Ports Centre for the Control of Seas (Ports CCS) said", "", "Ports CCS"),
            ("the Rural Bank National Trust (“Rural Trust”) said", "", "Rural Trust"),
            ("the Rural Ports Bank/Inland Sea Bank (RPB/ISB) said", "", "RPB/ISB"),
            ("the Rural Ports Bank (RPB/ISB) said", "Rural Ports Bank", "RPB"),
            (
                "staff of Dpisl (Defence Ports, Islands and Seas Laboratory) left",
                "Defence Ports, Islands and Seas Laboratory",
                "Dpisl",
            ),
        ] {
            assert_eq!(defined(text), [(long.to_owned(), short.to_owned())], "{text}");
        }
        for text in [
            "in March (see below) and (1)",
            "Ports (Rtd) left",
            "the Rural Bank (Ann Ray) left",
            "the Roads Authority (the Authority) or US",
        ] {
            assert!(defined(text).is_empty(), "{text}");
        }
    }
}
