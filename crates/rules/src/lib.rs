//! The rule language: rule files in, a compiled [`RuleSet`] out; a text in, annotations out.
//!
//! Rules are data (TOML files and lists); this crate knows tokens, layers and patterns, and nothing of officials
//! or of any language. A [`RuleSet`] is compiled once; [`RuleSet::annotate`] then runs its layers in order over a
//! [`Doc`], where each layer sees what the earlier ones found.
//!
//! ```
//! use chancery_rules::{Doc, RuleFile, RuleSet};
//!
//! let file = |path: &str, text: &str| RuleFile { path: path.into(), text: text.into() };
//! let rules = RuleSet::compile("en", &[
//!     file("en/layers.toml", "layers = ['officials']"),
//!     file("en/posts.toml", r#"
//!         [[list]]
//!         id = "role"
//!         words = ["minister", "under-secretary"]
//!         [[rule]]
//!         id = "role-name"
//!         layer = "officials"
//!         finds = "official"
//!         when = 'title:{role} name:([Cap]+)'
//!         say = "A role directly before a name is held by that person."
//!         yes = [{ text = "The Minister Ivo Tarnel spoke.", name = "Ivo Tarnel" }]
//!         no = ["The minister spoke."]
//!     "#),
//! ]).unwrap();
//! let mut doc = Doc::new("Under Secretary Ali Ray left.", &rules);
//! rules.annotate(&mut doc, &mut |_, _| {});
//! let found = &doc.annotations()[0];
//! assert_eq!(doc.words(found.capture(rules.symbol("name").unwrap()).unwrap()), "Ali Ray");
//! ```
//!
//! How a match is found: a pattern is compiled to a small program (Thompson's construction) whose states are visited
//! at most once for each token from one start, and a sentence has a longest length, so that the work is linear in the
//! text. Which match wins: vetoes, then depth in `beats`, then leftmost, then longest, then file order.
//!
//! Invariants: no backtracking over a state twice; the same text and files give the same annotations; every
//! annotation carries its rule. No I/O, no clock, no thread.

mod compile;
mod dictionary;
mod doc;
mod engine;
mod error;
mod examples;
mod file;
mod list;
mod matcher;
mod pattern;
mod program;
mod ruleset;
mod symbol;

pub use doc::{Annotation, Capture, Doc, Range};
pub use error::{RuleError, RuleErrors};
pub use examples::RuleTest;
pub use ruleset::{Layer, RuleFile, RuleInfo, RuleSet};
pub use symbol::Symbol;
