//! Compiled patterns: tests on one token, items over several, and the program that ties them together.

use chancery_text::Shape;
use regex::Regex;

use crate::symbol::Symbol;

/// A condition on one token, shared by all patterns of a rule set.
#[derive(Clone, Debug)]
pub(crate) enum Test {
    Any,
    /// Word numbers of the token's parts.
    Word(Box<[u32]>),
    Exact(Box<str>),
    Shape(Shape),
    Regex(Regex),
    /// The token lies inside the item.
    Inside(u32),
    /// The item begins at the token.
    Begins(u32),
    All(Box<[(bool, u32)]>),
    AnyOf(Box<[u32]>),
}

/// What an item of several tokens is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    List(u32),
    Annotation(Symbol),
    /// A quotation with its marks.
    Quote,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
    /// At least one of these stands in every match; empty where nothing can be said.
    pub(crate) required: Vec<Atom>,
    /// A match begins with one of these tests or items; `None` where it can begin with anything.
    pub(crate) first: Option<Vec<First>>,
}

/// How a match may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum First {
    Test(u32),
    Item(u32),
}
