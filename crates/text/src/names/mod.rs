//! Names in every spelling: the third level of the one folding.
//!
//! Three levels tell how near two spellings are. *Case*: letter case, width and white space do not count. *Spelling*:
//! nor do diacritics, hyphens and apostrophes ([`crate::fold`]). *Name key*: nor does what differs between the ways of
//! writing one name: articles and particles, doubled letters, `ou` and `u`, Arabic script and Latin letters.
//!
//! A name is looked up by its keys ([`NameTables::keys`]), which are coarse: they bring candidates, and
//! [`NameTables::compare`] says of each whether it is the name that was asked for, and how near. All that is known of
//! letters and words comes in as [`NameTables`], read from `rules/common/spellings.toml`.

mod abjad;
mod alike;
mod compare;
mod sound;
mod tables;
mod typo;
mod unit;

pub use compare::{Asked, Likeness};
pub use tables::{NameTables, NamesError};
pub use typo::edits;
