//! What stands before the items of a list: bullets, numbers, letters.

use crate::{Shape, Token};

/// The mark at the beginning of an item of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListMark {
    /// What it counts with.
    pub kind: MarkKind,
    /// Its place in the list, from 1, as far as it tells: `3.` and `(c)` are the third, a bullet tells nothing.
    pub place: usize,
    /// One past its last token.
    pub end: usize,
}

/// What a list counts its items with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// A dot, dash or the like, the same for each item.
    Bullet,
    /// Numbers: `1.`, `(2)`.
    Number,
    /// Letters: `a.`, `(b)`.
    Letter,
    /// Small Roman numbers: `(i)`, `iv.`.
    Roman,
}

impl ListMark {
    /// The mark that begins at a token; none where nothing stands behind it.
    #[must_use]
    pub fn at(text: &str, tokens: &[Token], at: usize) -> Option<Self> {
        let word = |at: usize| tokens.get(at).map_or("", |token| token.of(text));
        let first = tokens.get(at)?;
        if first.shape.has(Shape::PUNCT)
            && matches!(word(at), "•" | "·" | "●" | "▪" | "-" | "–" | "—" | "*" | "+" | "◦" | "‣" | "○")
        {
            return Some(Self { kind: MarkKind::Bullet, place: 0, end: at + 1 });
        }
        let open = usize::from(word(at) == "(");
        let counter = tokens.get(at + open)?;
        let stop = tokens.get(at + open + 1)?;
        let closed = word(at + open + 1) == ")" || (open == 0 && word(at + open + 1) == ".");
        let touching = counter.end == stop.start && (open == 0 || first.end == counter.start);
        if !closed || !touching {
            return None;
        }
        let (kind, place) = counted(counter.of(text))?;
        let end = at + open + 2;
        let parted = tokens.get(end).is_some_and(|next| next.start > stop.end);
        parted.then_some(Self { kind, place, end })
    }

    /// Whether `next` may stand before a later item of a list whose first mark this is. `(i)` may go on after `(h)`.
    #[must_use]
    pub fn goes_on(&self, next: &Self) -> bool {
        self.kind == next.kind || (self.kind == MarkKind::Letter && next.kind == MarkKind::Roman)
    }
}

/// Small Roman numbers in their order; no list has more items.
const ROMAN: [&str; 20] = [
    "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi",
    "xvii", "xviii", "xix", "xx",
];

/// What a short word counts: `3`, `c`, `iii`.
fn counted(word: &str) -> Option<(MarkKind, usize)> {
    if word.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        // Of `5.1` the last part counts.
        let parts = word.split('.').map(|part| part.parse().ok().filter(|place| *place < 1000));
        let last = parts.collect::<Option<Vec<usize>>>()?.pop()?;
        return Some((MarkKind::Number, last));
    }
    if let Some(n) = ROMAN.iter().position(|roman| *roman == word) {
        return Some((MarkKind::Roman, n + 1));
    }
    match word.as_bytes() {
        [letter] if letter.is_ascii_alphabetic() => {
            Some((MarkKind::Letter, usize::from(letter.to_ascii_lowercase() - b'a') + 1))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{ListMark, MarkKind};
    use crate::{Language, Tokens};

    fn mark(text: &str) -> Option<(MarkKind, usize, String)> {
        let tokens = Tokens::of(text, &Language::default());
        let mark = ListMark::at(text, &tokens, 0)?;
        Some((mark.kind, mark.place, text.get(tokens[mark.end].start..).unwrap_or("").to_owned()))
    }

    #[test]
    fn lists_count_in_many_ways() {
        for (text, kind, place) in [
            ("3. Roads", MarkKind::Number, 3),
            ("(12) Roads", MarkKind::Number, 12),
            ("5.1. Roads", MarkKind::Number, 1),
            ("b) Roads", MarkKind::Letter, 2),
            ("(c) Roads", MarkKind::Letter, 3),
            ("iv. Roads", MarkKind::Roman, 4),
            ("(i) Roads", MarkKind::Roman, 1),
            ("• Roads", MarkKind::Bullet, 0),
            ("– Roads", MarkKind::Bullet, 0),
        ] {
            assert_eq!(mark(text), Some((kind, place, "Roads".to_owned())), "{text}");
        }
        for text in
            ["Roads", "3 roads", "3.5 km", "(see below) Roads", "J. Roads", "2021. Roads", "a road", "3."]
        {
            assert_eq!(mark(text), None, "{text}");
        }
    }
}
