//! What a token looks like, as a set of bits.

use serde::{Deserialize, Serialize};

/// A set of shapes; a token has several (`EG-CERT` is a word, capitalized and upper).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Shape(u16);

impl Shape {
    /// Holds a letter or digit.
    pub const WORD: Self = Self(1);
    /// Begins with an upper-case letter, or is a particle joined to such a word (`al-Shaibani`).
    pub const CAP: Self = Self(1 << 1);
    /// At least two letters, none lower case.
    pub const UPPER: Self = Self(1 << 2);
    /// Begins with a lower-case letter.
    pub const LOWER: Self = Self(1 << 3);
    /// Begins with a digit.
    pub const NUM: Self = Self(1 << 4);
    /// No letter and no digit.
    pub const PUNCT: Self = Self(1 << 5);
    /// An initial or a run of them: `K`, `P.M.`
    pub const INIT: Self = Self(1 << 6);
    /// A possessive: `'s`, `’s`, or the apostrophe after a plural.
    pub const POSS: Self = Self(1 << 7);
    /// Letters of a script without case.
    pub const UNCASED: Self = Self(1 << 8);

    /// Both sets together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether every bit of `other` is set.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether any bit of `other` is set.
    #[must_use]
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The set as bits, a bit for each of the constants above in their order.
    #[must_use]
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// How many shapes there are.
    pub const COUNT: usize = 9;

    /// The shape of one token's words.
    #[must_use]
    pub fn of(word: &str) -> Self {
        let (mut first, mut upper, mut lower, mut dotted) = (None, 0, 0, true);
        let mut inner_capital = false;
        let (mut before, mut in_word) = (' ', false);
        for c in word.chars() {
            // General punctuation is no letter; to say so here spares a search in the tables of Unicode.
            let mark = matches!(c, '\u{2010}'..='\u{203a}');
            let was_in_word = std::mem::replace(&mut in_word, !mark && c.is_alphanumeric());
            if in_word && first.is_none() {
                first = Some(c);
            }
            if !mark && c.is_uppercase() {
                upper += 1;
                inner_capital |= matches!(before, '-' | '\u{2010}' | '\u{2011}' | '\'' | '\u{2019}');
                dotted &= !was_in_word;
            } else if !mark && c.is_lowercase() {
                lower += 1;
                dotted = false;
            } else if in_word {
                dotted = false;
            }
            before = c;
        }
        let Some(first) = first else { return Self::PUNCT };
        let mut shape = Self::WORD;
        if first.is_numeric() {
            shape = shape.with(Self::NUM);
        } else if first.is_uppercase() || (first.is_lowercase() && inner_capital) {
            shape = shape.with(Self::CAP);
        }
        if first.is_lowercase() {
            shape = shape.with(Self::LOWER);
        }
        if upper >= 2 && lower == 0 {
            shape = shape.with(Self::UPPER);
        }
        if upper == 0 && lower == 0 && !first.is_numeric() {
            shape = shape.with(Self::UNCASED);
        }
        if dotted && upper >= 1 && !word.contains('-') {
            shape = shape.with(Self::INIT);
        }
        shape
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_of_words() {
        let has = |word, shape| Shape::of(word).has(shape);
        assert!(has("Minister", Shape::CAP) && !has("Minister", Shape::UPPER));
        assert!(has("al-Shaibani", Shape::CAP) && has("al-Shaibani", Shape::LOWER));
        assert!(has("EG-CERT", Shape::UPPER) && has("EG-CERT", Shape::CAP));
        assert!(has("T.R.B.L.", Shape::INIT) && has("K", Shape::INIT) && !has("NTI", Shape::INIT));
        assert!(has("2021", Shape::NUM) && has(",", Shape::PUNCT) && has("وزير", Shape::UNCASED));
    }
}
