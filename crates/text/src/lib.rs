//! Sentences, tokens, shapes and the one folding of spellings that rules, names and queries share.
//!
//! A text becomes a [`Tokens`] value in one pass: word borders are those of UAX #29 (`unicode-segmentation`),
//! mended for what press releases need: hyphenated words stay one token (`al-Shaibani`, `EG-CERT`), dotted
//! initials stay one token (`U.S.`, `T.R.B.L.`), a possessive `'s` is a token of its own, and so is its `s` in a text
//! that lost its apostrophes. Sentences follow
//! UAX #29 too, but are never cut after an abbreviation or inside a quotation. Shapes and folded forms are made in the
//! same pass; [`Tokens::folded`] costs nothing more.
//!
//! Latin text is cut by own code, anything else by `unicode-segmentation`, with the same result; `class` says which
//! characters are known, `cut` and `border` what may be cut by itself.
//!
//! ```
//! use chancery_text::{Language, Tokens, fold};
//!
//! let language = Language::default();
//! let tokens = Tokens::of("Arkan al-Shaibani's plan. It works.", &language);
//! let words: Vec<&str> = tokens.iter().map(|t| t.of(tokens.text())).collect();
//! assert_eq!(words, ["Arkan", "al-Shaibani", "'s", "plan", ".", "It", "works", "."]);
//! assert_eq!(tokens.sentences().len(), 2);
//! assert_eq!(fold("Al‑Shaïbani"), fold("al shaibani"));
//! ```
//!
//! Invariant: no word of any language stands here; abbreviations and the like come in as a [`Language`].
//! No I/O, no clock, no thread.

mod border;
mod class;
mod cut;
mod fold;
mod lines;
mod lost;
mod mark;
mod mend;
mod names;
mod quote;
mod sentence;
mod shape;
mod token;

pub use fold::{fold, fold_into};
pub use mark::{ListMark, MarkKind};
pub use names::{Asked, Likeness, NameTables, NamesError, edits};
pub use quote::Quotation;
pub use sentence::{LONGEST_SENTENCE, Sentence};
pub use shape::Shape;
pub use token::{Language, Token, Tokens, Unmarked};
