//! The bytes of a PDF to a plain web page: its paragraphs and headings in reading order, words that were parted at
//! line ends made whole, running heads and page numbers left out.
//!
//! What comes out is read like any other page, so that headline, date and text of a PDF are found by the same evidence.
//!
//! Invariants: a pure function. It may panic, take long or take much memory on bytes that were made to do so, since the
//! crate that reads PDF may: `chancery` runs it in a process of its own, under limits.

mod glyphs;

mod columns;
mod direction;
mod rows;
mod tables;

mod paragraphs;
mod running;

mod headline;
mod page;

mod error;

pub use error::PdfError;
pub use page::page;

/// A PDF may have as many pages as this.
pub const MAX_PAGES: usize = 2_000;
/// A PDF may have as many characters as this.
pub const MAX_CHARACTERS: usize = 2_000_000;
