//! Why a PDF cannot be read, and what to do about it.

use crate::{MAX_CHARACTERS, MAX_PAGES};

/// Why a PDF gives no page.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PdfError {
    /// It cannot be opened without a password.
    #[error("the PDF is locked with a password; save it again without one")]
    Locked,
    /// It has pages, and no text on any.
    #[error("the PDF has no text, only pictures of its {pages} page{}; run a text recognition on it (OCR) first", if *.pages == 1 { "" } else { "s" })]
    NoText {
        /// How many pages it has.
        pages: usize,
    },
    /// Its pages cannot be found.
    #[error("the PDF is damaged or cut off: {why}; fetch it again")]
    Damaged {
        /// What is wrong.
        why: String,
    },
    /// It has more pages than one release.
    #[error("the PDF has {pages} pages, the limit is {MAX_PAGES}; split it")]
    TooManyPages {
        /// How many it has.
        pages: usize,
    },
    /// It has more characters than one release.
    #[error("the PDF has more than {MAX_CHARACTERS} characters; split it")]
    TooManyCharacters,
}
