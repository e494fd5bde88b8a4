//! The query language: what can be asked, read from a string with all mistakes and their places, and printed again in
//! one canonical form.
//!
//! Read by recursive descent, by hand: every mistake is told with its place, and reading goes on after it, so that one
//! reader serves both the strict and the forgiving mode. A combinator library would give up at the first mistake.
//!
//! ```text
//! or    = and ("OR" and)*
//! and   = row ("AND" row)*
//! row   = item+                        plain words of one row are one bag
//! item  = ("NOT" | "-")* (group | leaf)
//! group = "(" or ")"
//! leaf  = word | prefix* | fuzzy~1 | "phrase" | "near words"~3 | field:value | field:(value OR value)
//! ```

mod cursor;
mod expr;
mod field;
mod leaf;
mod mistake;
mod parse;
mod print;
#[cfg(test)]
mod tests;
mod value;

pub use expr::{Expr, Leaf};
pub use field::Field;
pub(crate) use leaf::FARTHEST;
pub use mistake::Mistake;
pub(crate) use parse::read;
pub use parse::{Reading, parse, parse_forgiving};
pub use value::Value;
pub(crate) use value::{GONE, Wrong, one_of};
