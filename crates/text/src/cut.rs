//! The one pass over a text that finds its tokens, their shapes and their folded forms.
//!
//! Three ways, each taken as far as it surely gives what `unicode-segmentation` gives: plain words and marks of ASCII
//! byte by byte; stretches between white space with hyphens, apostrophes or known letters character by character; and
//! for a character that is not [`known`] `unicode-segmentation` itself, on the stretch around it. Borders before white
//! space and after a line end depend on nothing beyond them, so that such a stretch can be cut by itself.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::Shape;
use crate::class::{Word, bits, byte, byte_at, known};
use crate::mend::{joins, makes_plural, mend, missing_space};
use crate::token::{Folds, Language, Token};

/// What the pass finds.
pub(crate) struct Cut {
    pub(crate) tokens: Vec<Token>,
    pub(crate) folds: Folds,
    /// Bytes around characters that are not known, which the sentence rules have to look at again.
    pub(crate) wild: Vec<Range<usize>>,
}

/// Cuts a text into tokens, white space left out.
pub(crate) fn cut(text: &str, language: &Language) -> Cut {
    let tokens = Vec::with_capacity(text.len() / 4);
    let cut = Cut { tokens, folds: Folds::new(text), wild: Vec::new() };
    let mut cutter = Cutter { text, bytes: text.as_bytes(), language, cut, scratch: String::new() };
    let (mut at, mut white) = (0, 0);
    while let Some(first) = text.as_bytes().get(at) {
        if byte(*first) & bits::WHITE == 0 {
            at = match cutter.plain(at) {
                Some(end) => end,
                None => cutter.stretch(at, white),
            };
            white = at;
        } else {
            at += 1;
        }
    }
    cutter.cut
}

struct Cutter<'t> {
    text: &'t str,
    bytes: &'t [u8],
    language: &'t Language,
    cut: Cut,
    scratch: String,
}

impl Cutter<'_> {
    /// Takes a word or mark of ASCII at `at` that nothing before or after it can join; its end.
    #[inline]
    fn plain(&mut self, at: usize) -> Option<usize> {
        let first = byte_at(self.bytes, at);
        if first & bits::WORD == 0 {
            return self.mark(at, first);
        }
        let rest = self.bytes.get(at..).unwrap_or_default().iter();
        let end = at + rest.take_while(|b| byte(**b) & bits::WORD != 0).count();
        let next = byte_at(self.bytes, end);
        if next & bits::HARD != 0 || (next & bits::JOINER != 0 && self.may_join(at, end)) {
            return None;
        }
        let shape = if first & bits::LOWER != 0 {
            Shape::WORD.with(Shape::LOWER)
        } else {
            let first = if first & bits::DIGIT != 0 { Shape::NUM } else { Shape::CAP };
            Shape::WORD.with(first).with(self.capitals(at, end))
        };
        self.cut.tokens.push(Token::plain(at, end, shape));
        Some(end)
    }

    /// What the capitals of a word of ASCII letters and digits make of its shape, beyond its first letter.
    #[inline]
    fn capitals(&self, at: usize, end: usize) -> Shape {
        let word = self.bytes.get(at..end).unwrap_or_default();
        match word {
            [.., b'a'..=b'z'] => Shape::default(),
            [b'A'..=b'Z'] => Shape::INIT,
            _ if word.iter().any(u8::is_ascii_lowercase) => Shape::default(),
            _ if word.iter().filter(|b| b.is_ascii_uppercase()).count() > 1 => Shape::UPPER,
            _ => Shape::default(),
        }
    }

    /// Whether the joining mark at `end` may belong to the word `at..end`.
    fn may_join(&self, at: usize, end: usize) -> bool {
        let after = byte_at(self.bytes, end + 1);
        let joined = match self.bytes.get(end) {
            Some(b',' | b';') => after & bits::DIGIT,
            Some(b'&') => after & bits::UPPER,
            _ => after & bits::WORD,
        };
        let initial = matches!(self.bytes.get(at..=end), Some([b'A'..=b'Z', b'.']));
        joined | (after & bits::HARD) != 0 || initial
    }

    /// Takes a mark of ASCII at `at`, where nothing before it can be joined by it; its end.
    #[inline]
    fn mark(&mut self, at: usize, class: u8) -> Option<usize> {
        if (class | byte_at(self.bytes, at + 1)) & bits::HARD != 0 {
            return None;
        }
        if class & bits::FOLDS != 0 {
            self.push(at, at + 1, Shape::PUNCT);
            return Some(at + 1);
        }
        let mut shape = Shape::PUNCT;
        if self.bytes.get(at) == Some(&b'\'') {
            let before = at.checked_sub(1).and_then(|before| self.bytes.get(before));
            if before.is_some_and(|b| makes_plural(char::from(*b))) {
                shape = shape.with(Shape::POSS);
            }
        }
        self.cut.tokens.push(Token::plain(at, at + 1, shape));
        Some(at + 1)
    }

    /// Takes all from `at` up to white space, where the white space before `at` begins at `white`; its end.
    fn stretch(&mut self, at: usize, white: usize) -> usize {
        let mut end = at;
        while let Some(b) = self.bytes.get(end).copied()
            && byte(b) & bits::WHITE == 0
        {
            end += match b {
                ..128 => 1,
                _ => match self.char_at(end) {
                    Some(c) if known(c).is_some() => c.len_utf8(),
                    _ => return self.window(at, end, white),
                },
            };
        }
        let mut pending = None;
        let mut from = at;
        while from < end {
            let to = self.piece_end(from, end);
            self.piece(from, to, &mut pending);
            from = to;
        }
        self.flush(pending);
        end
    }

    /// As [`Self::stretch`], where the character at `unknown` is not known: up to white space after ASCII, or over a
    /// line end. A mark without a place of its own at `at` belongs to the white space before it.
    fn window(&mut self, at: usize, unknown: usize, white: usize) -> usize {
        let mut end = unknown;
        let mut before = bits::HARD;
        while let Some(b) = self.bytes.get(end).copied() {
            let after_ascii = before & (bits::HARD | bits::WHITE) == 0;
            if byte(b) & bits::WHITE != 0 && after_ascii {
                break;
            }
            end += 1;
            if b == b'\n' {
                break;
            }
            before = if b.is_ascii() { byte(b) & bits::WHITE } else { bits::HARD };
        }
        let start = if self.bytes.get(at).is_some_and(u8::is_ascii) { at } else { white };
        let mut pending = None;
        let mut from = start;
        for piece in self.text.get(start..end).unwrap_or("").split_word_bounds() {
            self.piece(from, from + piece.len(), &mut pending);
            from += piece.len();
        }
        self.flush(pending);
        self.cut.wild.push(at..end);
        end
    }

    fn char_at(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    /// What the character at `at` is to the word rules, and how long it is. All before `end` is known.
    fn word_at(&self, at: usize, end: usize) -> (Word, usize) {
        let c = if at < end { self.char_at(at).unwrap_or(' ') } else { ' ' };
        (known(c).map_or(Word::Other, |(word, _)| word), c.len_utf8())
    }

    /// One past the piece that begins at `at`, by the word rules of UAX #29; all up to `end` is known and no white space.
    fn piece_end(&self, mut at: usize, end: usize) -> usize {
        let (mut last, len) = self.word_at(at, end);
        at += len;
        if !matches!(last, Word::Letter | Word::Digit | Word::Underscore) {
            return at;
        }
        loop {
            let (class, len) = self.word_at(at, end);
            let joined = match (last, class) {
                (_, Word::Letter | Word::Digit | Word::Underscore) => {
                    last = class;
                    at += len;
                    continue;
                }
                (Word::Letter, Word::MidLetter | Word::MidBoth) => Word::Letter,
                (Word::Digit, Word::MidNum | Word::MidBoth) => Word::Digit,
                _ => return at,
            };
            let (after, len_after) = self.word_at(at + len, end);
            if after != joined {
                return at;
            }
            at += len + len_after;
        }
    }

    /// Joins a piece to the token that it touches, or begins a new one with it.
    fn piece(&mut self, start: usize, end: usize, pending: &mut Option<(usize, usize)>) {
        if self.text.get(start..end).is_none_or(|piece| piece.chars().all(char::is_whitespace)) {
            return;
        }
        if let Some((from, to)) = *pending
            && to == start
            && joins(self.text, &Token::plain(from, to, Shape::default()), start, end)
        {
            *pending = Some((from, end));
            return;
        }
        self.flush(pending.replace((start, end)));
    }

    /// Mends a token that no further piece joins.
    fn flush(&mut self, pending: Option<(usize, usize)>) {
        let Some((start, end)) = pending else { return };
        match missing_space(self.text.get(start..end).unwrap_or("")) {
            Some(stop) => {
                let stop = start + stop;
                self.mended(start, stop);
                self.push(stop, stop + 1, Shape::PUNCT);
                self.mended(stop + 1, end);
            }
            None => self.mended(start, end),
        }
    }

    fn mended(&mut self, start: usize, end: usize) {
        let mut scratch = std::mem::take(&mut self.scratch);
        mend(self.text, (start, end), self.language, &mut scratch, |from, to, extra| {
            let shape = Shape::of(self.text.get(from..to).unwrap_or("")).with(extra);
            self.push(from, to, shape);
        });
        self.scratch = scratch;
    }

    /// Adds a token of any bytes, with its folded form where that is not its bytes in lower case.
    fn push(&mut self, start: usize, end: usize, shape: Shape) {
        let word = self.text.get(start..end).unwrap_or("");
        let token = Token::plain(start, end, shape);
        let folds = word.bytes().any(|b| !b.is_ascii() || byte(b) & bits::FOLDS != 0);
        self.cut.tokens.push(if folds { self.cut.folds.add(token, word) } else { token });
    }
}
