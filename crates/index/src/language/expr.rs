//! What a query says, whatever the way it was written.

use super::{Field, Value};

/// A query as a tree. Equal trees print alike and find alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// Plain words side by side: a bag. Up to three must all be found; of more, one in three (words that every text has
    /// do not count), and who has more of them comes first.
    Words(Vec<String>),
    /// One thing to look for.
    Leaf(Leaf),
    /// All of them; at least two, none of them `And`.
    And(Vec<Expr>),
    /// Any of them; at least two, none of them `Or`.
    Or(Vec<Expr>),
    /// What does not match it; never a `Not`.
    Not(Box<Expr>),
}

/// One thing to look for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leaf {
    /// `"words as they stand"`.
    Phrase(String),
    /// `"words near each other"~3`: in any order, with at most so many others between them in all.
    Near(String, u8),
    /// `minist*`.
    Prefix(String),
    /// `Talat~`: as many letters may differ as the length of the word allows, or as are given.
    Fuzzy(String, Option<u8>),
    /// `role:minister`.
    Field(Field, Value),
}

impl Expr {
    /// All of `parts`; `None` where there is none.
    pub(crate) fn all(parts: Vec<Self>) -> Option<Self> {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Self::And(inner) => flat.extend(inner),
                part => flat.push(part),
            }
        }
        if flat.len() > 1 { Some(Self::And(flat)) } else { flat.pop() }
    }

    /// Any of `parts`; `None` where there is none.
    pub(crate) fn any(parts: Vec<Self>) -> Option<Self> {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Self::Or(inner) => flat.extend(inner),
                part => flat.push(part),
            }
        }
        if flat.len() > 1 { Some(Self::Or(flat)) } else { flat.pop() }
    }

    /// What does not match it; twice is not at all.
    pub(crate) fn negated(self) -> Self {
        match self {
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }

    /// Whether `wanted` holds of a field that the query asks for, not of one that it excludes.
    pub(crate) fn asks_for(&self, wanted: &impl Fn(Field, &Value) -> bool) -> bool {
        match self {
            Self::Leaf(Leaf::Field(field, value)) => wanted(*field, value),
            Self::And(parts) | Self::Or(parts) => parts.iter().any(|part| part.asks_for(wanted)),
            Self::Words(_) | Self::Leaf(_) | Self::Not(_) => false,
        }
    }
}
