//! Why some bytes are no release, and what to do about it.

use crate::PageKind;

/// Why a capture could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// No bytes, or white space only.
    #[error("the page is empty; fetch it again or leave it out")]
    Empty,
    /// A page with nothing to read.
    #[error("the page has no text: {}", if *.script_shell { "its text is made by JavaScript; capture it with a browser, or take the site's feed or API" } else { "it holds only navigation, images or markup; check that the address is that of a release" })]
    NoText {
        /// Whether the page is a frame that scripts fill.
        script_shell: bool,
    },
    /// A page that is something else.
    #[error("the page is no release but {what}: {why}; check that the address is that of a release")]
    NoRelease {
        /// What kind of page it is.
        kind: PageKind,
        /// The same in words.
        what: &'static str,
        /// What speaks for it.
        why: String,
    },
    /// More bytes than a page may have.
    #[error("the page has {bytes} bytes, the limit is {limit}; split it or leave it out")]
    TooLarge {
        /// How many it has.
        bytes: usize,
        /// How many it may have.
        limit: usize,
    },
    /// Not text.
    #[error("the bytes are no text but {what}; convert them to HTML or plain text first")]
    NotText {
        /// What they look like.
        what: &'static str,
    },
}

impl From<chancery_html::NotText> for ReadError {
    fn from(why: chancery_html::NotText) -> Self {
        Self::NotText { what: why.what }
    }
}
