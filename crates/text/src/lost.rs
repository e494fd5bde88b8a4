//! Possessives that lost their apostrophe: `the Roads Departments Legal Division`.
//!
//! Some archives keep texts without apostrophes. Whether a text is one of them is decided once, from all of it; then the
//! `s` of a name becomes a token of its own there, as it is where the apostrophe stands.

use rustc_hash::FxHashSet;

use crate::Shape;
use crate::cut::Cut;
use crate::token::{Language, Token};

/// A shorter text may do without apostrophes.
const LONG: usize = 100;

/// Splits the lost possessives of a text off the names before them; whether there are any.
pub(crate) fn split(text: &str, cut: &mut Cut, language: &Language) -> bool {
    if language.possessors.is_empty() || cut.tokens.len() < LONG || has_apostrophes(text, cut) {
        return false;
    }
    let words = Words { text, cut, language };
    let may_own: Vec<usize> = (1..cut.tokens.len()).filter(|at| words.may_own(*at)).collect();
    if may_own.is_empty() {
        return false;
    }
    let alone = words.alone(&may_own);
    let owns = |at: &usize| words.owns(*at, &alone);
    let owners: Vec<usize> = may_own.into_iter().filter(owns).collect();
    let lost = !owners.is_empty();
    let mut next = owners.into_iter().peekable();
    let mut tokens = Vec::with_capacity(cut.tokens.len() + next.len());
    for (at, token) in cut.tokens.iter().enumerate() {
        if next.next_if_eq(&at).is_some() {
            let stem = text.get(token.start..token.end - 1).unwrap_or("");
            tokens.push(Token::plain(token.start, token.end - 1, Shape::of(stem)));
            let mark = Shape::WORD.with(Shape::LOWER).with(Shape::POSS);
            tokens.push(Token::plain(token.end - 1, token.end, mark));
        } else {
            tokens.push(*token);
        }
    }
    cut.tokens = tokens;
    lost
}

/// Whether an apostrophe stands in a word or after one.
fn has_apostrophes(text: &str, cut: &Cut) -> bool {
    let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    let inside = |(at, mark): (usize, &str)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + mark.len()..).and_then(|after| after.chars().next());
        letter(before) && letter(after)
    };
    cut.tokens.iter().any(|token| token.shape.has(Shape::POSS))
        || text.match_indices(['\'', '\u{2019}']).any(inside)
}

struct Words<'a> {
    text: &'a str,
    cut: &'a Cut,
    language: &'a Language,
}

impl Words<'_> {
    fn word(&self, at: usize) -> &str {
        self.cut.tokens.get(at).map_or("", |token| token.of(self.text))
    }

    fn capital(&self, at: usize) -> bool {
        self.cut.tokens.get(at).is_some_and(|token| token.shape.has(Shape::CAP))
    }

    /// The word before its last `s`.
    fn stem(&self, at: usize) -> Option<&str> {
        self.word(at).strip_suffix('s').filter(|stem| stem.len() > 1 && stem.is_ascii())
    }

    /// Whether a token is a capitalized word in `s` with another capitalized word or a bracket behind it.
    fn may_own(&self, at: usize) -> bool {
        let token = &self.cut.tokens[at];
        let plain = token.shape.has(Shape::CAP) && !token.shape.has(Shape::UPPER);
        plain && (self.capital(at + 1) || self.word(at + 1) == "(") && self.stem(at).is_some()
    }

    /// What in the text proves an owner: an acronym that stands alone, the three words of `Department of Roads`.
    fn alone<'w>(&'w self, owners: &[usize]) -> FxHashSet<(&'w str, &'w str, &'w str)> {
        let wanted: FxHashSet<&str> = owners.iter().filter_map(|at| self.stem(*at)).collect();
        let mut alone = FxHashSet::default();
        for at in 2..self.cut.tokens.len() {
            let word = self.word(at);
            if wanted.contains(word) {
                alone.insert(("", "", word));
                alone.insert((self.word(at - 2), self.word(at - 1), word));
            }
        }
        alone
    }

    fn owns(&self, at: usize, alone: &FxHashSet<(&str, &str, &str)>) -> bool {
        let Some(stem) = self.stem(at) else { return false };
        let small = self.cut.tokens.get(at - 1).is_some_and(|token| token.shape.has(Shape::LOWER));
        let listed = self.language.possessors.contains(&stem.to_ascii_lowercase());
        let acronym = stem.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        let again = at > 1 && self.capital(at - 2) && small;
        listed
            || (acronym && alone.contains(&("", "", stem)))
            || (again && alone.contains(&(self.word(at - 2), self.word(at - 1), stem)))
    }
}

#[cfg(test)]
mod tests {
    use crate::{Language, Tokens};

    fn words(text: &str) -> Vec<String> {
        let language = Language { possessors: ["department".to_owned()].into(), ..Language::default() };
        // Long enough to be sure that its apostrophes are lost.
        let text = format!("{text} {}", "It rained. ".repeat(50));
        let tokens = Tokens::of(&text, &language);
        tokens.iter().map(|t| t.of(&text).to_owned()).take_while(|word| word != "It").collect()
    }

    #[test]
    fn lost_possessives_are_split_off() {
        assert_eq!(
            words("the Roads Departments Legal Team"),
            ["the", "Roads", "Department", "s", "Legal", "Team"]
        );
        assert_eq!(words("RPAs Legal Team of RPA"), ["RPAs", "Legal", "Team", "of", "RPA"]);
        assert_eq!(words("of RPAs Legal Team of RPA"), ["of", "RPA", "s", "Legal", "Team", "of", "RPA"]);
        assert_eq!(
            words("the Board of Seas Legal Team, Board of Sea"),
            ["the", "Board", "of", "Sea", "s", "Legal", "Team", ",", "Board", "of", "Sea"]
        );
    }

    #[test]
    fn a_text_without_marks_is_told_from_one_that_needs_none() {
        let language = Language { possessors: ["department".to_owned()].into(), ..Language::default() };
        let lost =
            |text: &str| Tokens::of(&format!("{text} {}", "It rained. ".repeat(50)), &language).lost_marks();
        assert!(lost("the Roads Departments Legal Team"));
        assert!(!lost("the Roads Department"));
        assert!(!lost("the “Roads Departments Legal Team”"));
    }

    #[test]
    fn plurals_stay() {
        assert_eq!(words("the Roads Departments met"), ["the", "Roads", "Departments", "met"]);
        assert_eq!(words("the RPAs Legal Team"), ["the", "RPAs", "Legal", "Team"]);
        assert_eq!(words("Ann's Roads Departments Legal Team")[3], "Departments");
    }
}
