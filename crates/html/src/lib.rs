//! The bytes of a web page to characters, and characters to a tree of elements, in bounded time and memory whatever
//! the page.
//!
//! ```
//! let characters = chancery_html::decode(b"<p>caf\xC3\xA9 <b>open", None, None)?;
//! let tree = chancery_html::tree(&characters.text);
//! assert_eq!(tree.root_element().text().collect::<String>(), "café open");
//! # Ok::<(), chancery_html::NotText>(())
//! ```
//!
//! Invariants: pure functions that never panic; a page that is nested too deeply or is too large loses tags, not text.

mod charset;

mod attributes;
mod build;
mod feed;
mod guard;
mod traits;

pub use attributes::{Attribute, Wanted};
pub use build::{limits, tree, tree_with};
pub use charset::{Decoded, NotText, decode};
