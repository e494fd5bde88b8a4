//! The bytes of a page to a release: charset, main text, headline, date, language, issuer.
//!
//! ```
//! use chancery_reader::{Lexicon, Selectors, read};
//! use chancery_record::{Capture, Media};
//!
//! let page = "<html lang=en><title>Tides rise | Ministry of Tides</title><h1>Tides rise</h1>
//!     <p>The Minister of Tides said on Monday that the tides will rise, and that boats are to be moved.</p>";
//! let capture = Capture { bytes: page.into(), media: Media::Html, ..Capture::default() };
//! let release = read(&capture, &Selectors::default(), &Lexicon::default())?;
//! assert_eq!(release.headline.as_deref(), Some("Tides rise"));
//! assert!(release.text.starts_with("The Minister of Tides said"));
//! # Ok::<(), chancery_reader::ReadError>(())
//! ```
//!
//! Invariants: reading is a pure function and never panics, whatever the bytes; it fails only for what is no
//! document. No word of any language and no site stands in this crate: they are in a [`Lexicon`] and in [`Selectors`].

mod read;

mod blocks;
mod boilerplate;
mod jsonld;
mod main_text;
mod marks;
mod needed;
mod outline;
mod page;

mod calendars;
mod classes;
mod clean;
mod cues;
mod date;
mod headline;
mod issuer;
mod language;
mod published;
mod seen;
mod titled;
mod tokens;

mod evidence;
mod kind;

mod error;
mod fold;
mod lexicon;
mod matched;
mod selectors;

pub use error::ReadError;
pub use evidence::{Evidence, Ground};
pub use kind::PageKind;
pub use lexicon::{Lexicon, LexiconError};
pub use matched::{Matched, matched};
pub use read::{Reading, read, read_any, read_explained};
pub use selectors::{Css, DateOrder, Selectors};
