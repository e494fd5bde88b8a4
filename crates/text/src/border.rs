//! Where UAX #29 ends sentences, asked between one token and the next.
//!
//! On a line of known characters the rules need only what the tokens so far ended in ([`Ending`]) and what comes next.
//! A line that holds any other character is cut by `unicode-segmentation`; nothing beyond a line end matters to it.

use std::iter::Peekable;
use std::ops::Range;

use unicode_segmentation::{USentenceBoundIndices, UnicodeSegmentation};

use crate::class::{Part, bits, byte, known};
use crate::token::Token;

/// What the text so far ends in, as far as the sentence rules look back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Ending {
    #[default]
    Other,
    /// A letter with case.
    Cased,
    /// A full stop, and whether a letter with case is before it.
    Stop(bool),
    /// A full stop and closing marks.
    StopClosed,
    /// `!` or `?`.
    Term,
    /// `!` or `?` and closing marks.
    TermClosed,
}

impl Ending {
    fn then(self, part: Part) -> Self {
        match (part, self) {
            (Part::Upper | Part::Lower, _) => Self::Cased,
            (Part::Stop, before) => Self::Stop(before == Self::Cased),
            (Part::Term, _) => Self::Term,
            (Part::Close, Self::Stop(_) | Self::StopClosed) => Self::StopClosed,
            (Part::Close, Self::Term | Self::TermClosed) => Self::TermClosed,
            _ => Self::Other,
        }
    }
}

/// The borders of sentences, asked for one gap between tokens after another.
pub(crate) struct Borders<'t> {
    text: &'t str,
    ending: Ending,
    /// Whether a space is before the token that is next to be passed.
    spaced: bool,
    /// Stretches that hold an unknown character, behind `line`.
    wild: &'t [Range<usize>],
    /// The next line that `unicode-segmentation` cuts, and its borders; an empty line at the end of all where no more
    /// is wild.
    line: Range<usize>,
    listed: Peekable<USentenceBoundIndices<'t>>,
}

impl<'t> Borders<'t> {
    pub(crate) fn new(text: &'t str, wild: &'t [Range<usize>]) -> Self {
        let listed = "".split_sentence_bound_indices().peekable();
        let mut borders = Self { text, ending: Ending::Other, spaced: false, wild, line: 0..0, listed };
        borders.next_wild_line();
        borders
    }

    /// As [`Self::between`], or over a line end, which is a border, and behind which nothing before it matters.
    pub(crate) fn over(&mut self, line_end: bool, before: &Token, here: &Token) -> bool {
        if line_end {
            (self.ending, self.spaced) = (Ending::Other, false);
        }
        line_end || self.between(before, here)
    }

    /// Whether a sentence ends between `before` and `here`. To be asked for each pair of neighbours on a line, in order.
    #[inline]
    pub(crate) fn between(&mut self, before: &Token, here: &Token) -> bool {
        if here.start > self.line.start {
            while here.start >= self.line.end {
                self.next_wild_line();
            }
            if before.end > self.line.start {
                return self.is_listed(before.end, here.start);
            }
        }
        self.pass(before);
        self.spaced = here.start > before.end;
        !matches!(self.ending, Ending::Other | Ending::Cased) && self.ends_before(here.start)
    }

    /// Takes a token as read.
    #[inline]
    fn pass(&mut self, token: &Token) {
        let last = self.text.as_bytes().get(token.end - 1).map_or(0, |b| byte(*b));
        if last & (bits::LOWER | bits::UPPER) != 0 {
            self.ending = Ending::Cased;
            return;
        }
        if self.spaced || last & bits::DIGIT != 0 {
            self.ending = Ending::Other;
        }
        if last & bits::DIGIT == 0 {
            let parts = token.of(self.text).chars().map(part);
            self.ending = parts.fold(self.ending, Ending::then);
        }
    }

    /// Whether a sentence ends before the token at `at`, where a full stop or the like is before it.
    fn ends_before(&self, at: usize) -> bool {
        let mut ahead = self.text.get(at..).unwrap_or("").chars().map(part);
        let next = ahead.next().unwrap_or(Part::Other);
        let goes_on = match (self.ending, next) {
            (_, Part::Stop | Part::Term | Part::Continue) => true, // SB8a
            (_, Part::Close) if !self.spaced => true,              // SB9
            (Ending::Stop(_), Part::Numeric) if !self.spaced => true, // SB6
            (Ending::Stop(cased), Part::Upper) if !self.spaced && cased => true, // SB7
            (Ending::Term | Ending::TermClosed, _) => false,       // SB11
            _ => {
                // SB8: a full stop ends no sentence if the next letter is a small one.
                let stops =
                    |p: &Part| matches!(p, Part::Upper | Part::Lower | Part::Line | Part::Stop | Part::Term);
                std::iter::once(next).chain(ahead).find(stops) == Some(Part::Lower)
            }
        };
        !goes_on
    }

    /// Whether a border that `unicode-segmentation` sees on the wild line lies in the gap.
    fn is_listed(&mut self, from: usize, to: usize) -> bool {
        let start = self.line.start;
        let mut found = false;
        while let Some((at, _)) = self.listed.next_if(|(at, _)| start + at <= to) {
            found |= start + at >= from;
        }
        found
    }

    fn next_wild_line(&mut self) {
        let (done, bytes) = (self.line.end, self.text.as_bytes());
        let ahead = self.wild.iter().position(|wild| wild.end > done).unwrap_or(self.wild.len());
        self.wild = self.wild.get(ahead..).unwrap_or_default();
        let Some(wild) = self.wild.first() else {
            self.line = usize::MAX..usize::MAX;
            return;
        };
        let before = bytes.get(..wild.start).unwrap_or_default();
        let start = before.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        let rest = bytes.get(wild.end - 1..).unwrap_or_default();
        let end = rest.iter().position(|b| *b == b'\n').map_or(bytes.len(), |at| wild.end + at);
        self.line = start..end;
        self.listed = self.text.get(start..end).unwrap_or("").split_sentence_bound_indices().peekable();
    }
}

/// What a character is to the sentence rules, on a line where all are known.
fn part(c: char) -> Part {
    known(c).map_or(Part::Other, |(_, part)| part)
}
