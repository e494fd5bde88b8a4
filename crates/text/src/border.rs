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
    tokens: &'t [Token],
    /// What the tokens before `passed` end in.
    ending: Ending,
    passed: usize,
    /// Whether white space is behind them.
    spaced: bool,
    /// Stretches that hold an unknown character, behind `line`.
    wild: &'t [Range<usize>],
    /// The next line that `unicode-segmentation` cuts, and its borders; an empty line at the end of all where no more
    /// is wild.
    line: Range<usize>,
    listed: Peekable<USentenceBoundIndices<'t>>,
}

impl<'t> Borders<'t> {
    pub(crate) fn new(text: &'t str, tokens: &'t [Token], wild: &'t [Range<usize>]) -> Self {
        let listed = "".split_sentence_bound_indices().peekable();
        let (ending, line) = (Ending::Other, 0..0);
        let mut borders = Self { text, tokens, ending, passed: 0, spaced: false, wild, line, listed };
        borders.next_wild_line();
        borders
    }

    /// Whether it is plain that no sentence ends between two neighbours: after a letter or digit, with no more than a
    /// space between them.
    #[inline]
    pub(crate) fn is_inside(&self, before: &Token, here: &Token) -> bool {
        let bytes = self.text.as_bytes();
        let class = |at: usize| bytes.get(at).map_or(0, |b| byte(*b));
        let gap = here.start - before.end;
        class(before.end - 1) & bits::WORD != 0
            && (gap == 0 || (gap == 1 && bytes.get(before.end) == Some(&b' ')))
    }

    /// Goes over a line end, behind which nothing before it matters.
    pub(crate) fn line_end(&mut self, at: usize) {
        (self.ending, self.passed, self.spaced) = (Ending::Other, at, false);
    }

    /// Whether a sentence ends between token `at` and the one before it. To be asked in order, for each such pair on a
    /// line that is not plainly inside a sentence.
    pub(crate) fn before(&mut self, at: usize) -> bool {
        let (before, here) = (&self.tokens[at - 1], &self.tokens[at]);
        if here.start > self.line.start {
            while here.start >= self.line.end {
                self.next_wild_line();
            }
            if before.end > self.line.start {
                return self.is_listed(before.end, here.start);
            }
        }
        self.pass(at - 1);
        self.spaced = here.start > before.end;
        !matches!(self.ending, Ending::Other | Ending::Cased) && self.ends_before(here.start)
    }

    /// Takes a token as read, and those before it that are plainly inside a sentence.
    fn pass(&mut self, at: usize) {
        let token = &self.tokens[at];
        if at > self.passed {
            let last = &self.tokens[at - 1];
            let byte = self.text.as_bytes().get(last.end - 1).map_or(0, |b| byte(*b));
            self.ending = if byte & bits::DIGIT == 0 { Ending::Cased } else { Ending::Other };
            self.spaced = token.start > last.end;
        }
        let before = if self.spaced { Ending::Other } else { self.ending };
        self.ending = token.of(self.text).chars().map(part).fold(before, Ending::then);
        self.passed = at + 1;
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
