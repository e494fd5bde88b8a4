//! Compiled patterns: tests on one token, items over several, and the program that ties them together.

use chancery_text::Shape;
use regex::Regex;

use crate::symbol::Symbol;

/// A condition on one token, shared by all patterns of a rule set.
#[derive(Clone, Debug)]
pub(crate) enum Test {
    Any,
    /// One of these words, by their numbers in order.
    Words(Box<[u32]>),
    /// A word of several parts, by their numbers.
    Word(Box<[u32]>),
    Exact(Box<str>),
    Shape(Shape),
    Regex(Regex),
    /// The token lies inside the item.
    Inside(u32),
    /// The item begins at the token.
    Begins(u32),
    /// What can be told from the token's bits, then the rest.
    All(Bits, Box<[(bool, u32)]>),
    /// An entry of one of these lists begins at the token, or one of the tests passes.
    AnyOf(u128, Box<[u32]>),
}

/// Conditions on the shape of a token and on the lists of which an entry begins there, as sets of bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bits {
    pub(crate) shape: Shape,
    pub(crate) no_shape: Shape,
    pub(crate) lists: u128,
    pub(crate) no_lists: u128,
}

impl Bits {
    /// Whether a token of this shape, at which entries of these lists begin, fits.
    #[inline]
    pub(crate) fn fit(&self, shape: Shape, lists: u128) -> bool {
        shape.has(self.shape)
            && !shape.meets(self.no_shape)
            && lists & self.lists == self.lists
            && lists & self.no_lists == 0
    }
}

/// The bit of a list; the lists after the first 128 of a rule set have none and are looked up.
pub(crate) fn list_bit(list: u32) -> u128 {
    1_u128.checked_shl(list).unwrap_or(0)
}

/// What an item of several tokens is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    List(u32),
    Annotation(Symbol),
    /// A quotation with its marks.
    Quote,
    /// A phrase that is matched once at a token, whichever patterns ask for it.
    Phrase(u32),
}

/// `{x:key=a|b}`: an item and tests on its data.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Item {
    /// The name it is called by in patterns (for `set`).
    pub(crate) name: Symbol,
    pub(crate) kind: Kind,
    pub(crate) filters: Vec<(Symbol, Vec<Symbol>)>,
}

/// One step of a program; where nothing else is said the next step follows.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Test(u32),
    Item(u32),
    Split(u32, u32),
    Jump(u32),
    Open(Symbol),
    Close(Symbol),
    /// Look-ahead at the program at `body`, which ends in `Accept`; goes on at `next`.
    Look {
        negative: bool,
        body: u32,
        next: u32,
    },
    Start,
    End,
    Accept,
}

/// What must stand in a sentence for a pattern to match there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Atom {
    Word(u32),
    List(u32),
    Annotation(Symbol),
    Quote,
}

/// A compiled pattern.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub(crate) steps: Vec<Step>,
    /// Of each group at least one stands in every match.
    pub(crate) required: Vec<Vec<Atom>>,
    /// A test that every first token of a match passes, shared by programs that begin alike; `None` where a match can
    /// begin with anything.
    pub(crate) first: Option<u32>,
    /// Tests of which a first token passes one.
    pub(crate) starts: Vec<u32>,
    /// Whether it matches no token at all.
    pub(crate) nullable: bool,
    /// Whether the matched items are asked for afterwards.
    pub(crate) keeps_items: bool,
}
