//! What was worked out of a sentence, each with the time of the clock at which it was.

use crate::places::Places;

/// Something that was worked out at a time of the clock.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known<T> {
    pub(crate) at: u32,
    pub(crate) what: T,
}

/// Where a test passes, as far as that was worked out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tested<const W: usize> {
    pub(crate) at: u32,
    /// Whether it depends on annotations.
    pub(crate) moving: bool,
    /// The stretches of layers in which it was ever asked, as bits.
    pub(crate) asked_in: u16,
    pub(crate) what: Places<W>,
}

/// Whether one of a group of triggers stands in the sentence, as far as that was worked out.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Gate {
    pub(crate) at: u32,
    /// Whether it depends on annotations.
    pub(crate) moving: bool,
    pub(crate) open: bool,
}

/// The entries of a list in the sentence.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Listed<const W: usize> {
    /// The tokens at which one begins.
    pub(crate) places: Places<W>,
    /// The last of them, by its number in the sentence.
    pub(crate) last: u32,
}

impl<const W: usize> Default for Listed<W> {
    fn default() -> Self {
        Self { places: Places::NONE, last: u32::MAX }
    }
}

/// What is known of the words of a sentence, kept until the text is done.
#[derive(Clone, Debug, Default)]
pub(crate) struct OfWords<const W: usize> {
    pub(crate) tests: Vec<(u32, Places<W>)>,
    pub(crate) shapes: Vec<Places<W>>,
    /// The first and last byte of each token, the last token first.
    pub(crate) ends: Vec<Option<(u8, u8)>>,
    pub(crate) lists: Vec<(u32, Listed<W>)>,
    pub(crate) before: Vec<u32>,
}

impl<const W: usize> OfWords<W> {
    pub(crate) fn clear(&mut self) {
        self.tests.clear();
        self.shapes.clear();
        self.ends.clear();
        self.lists.clear();
        self.before.clear();
    }
}
