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
//!     file("en/layers.toml", "layers = ['recipe']"),
//!     file("en/recipe.toml", r#"
//!         [[list]]
//!         id = "unit"
//!         words = ["g", "ml", "cup", "cups", "spoon", "spoons"]
//!         [[list]]
//!         id = "food"
//!         words = ["rye flour", "flour", "egg", "eggs", "butter"]
//!         [[rule]]
//!         id = "ingredient"
//!         layer = "recipe"
//!         finds = "ingredient"
//!         when = 'amount:([num] {unit}?) of? name:{food}'
//!         say = "An amount before a food is what a recipe asks for."
//!         yes = [{ text = "Add 2 cups of flour.", amount = "2 cups", name = "flour" }]
//!         no = ["Sift the flour."]
//!     "#),
//! ]).unwrap();
//! let mut doc = Doc::new("Whisk 200 g of rye flour with 3 eggs.", &rules);
//! rules.annotate(&mut doc, &mut |_, _| {});
//! let name = rules.symbol("name").unwrap();
//! let found: Vec<&str> = doc.annotations().iter().map(|a| doc.words(a.capture(name).unwrap())).collect();
//! assert_eq!(found, ["rye flour", "eggs"]);
//! ```
//!
//! How a match is found, from the outside in:
//!
//! 1. Words, entries of lists and annotations that stand in a sentence trigger the rules that need them
//!    (`trigger.rs`); all other rules cost nothing there. Where the words that tests ask for stand is found in one pass
//!    (`asking.rs`).
//! 2. A triggered rule is swept once, from its end to its beginning, over all places of the sentence at a time: sets of
//!    places are bits, and a run of tokens is one addition (`places.rs`, `sweep.rs`). That tells where matches begin.
//! 3. From each such place the longest match and its captures are searched for, along ways that the sweep has shown to
//!    lead to an end (`search.rs`).
//!
//! A sentence has a longest length, so that the work is linear in the text. Which match wins (`engine.rs`): vetoes, then
//! depth in `beats`, then leftmost, then longest, then file order. Who asks why a match won or lost, or how far a rule
//! came, has a [`Trace`] kept (`trace.rs`, `nearest.rs`); nobody else pays for it.
//!
//! Invariants: no backtracking over a state twice; the same text and files give the same annotations; every
//! annotation carries its rule. No I/O, no clock, no thread.

mod asking;
mod carried;
mod change;
mod check;
mod compile;
mod confidence;
mod dictionary;
mod doc;
mod engine;
mod error;
mod examples;
mod file;
mod guard;
mod known;
mod lane;
mod list;
mod listset;
mod nearest;
mod pattern;
mod places;
mod program;
mod ruleset;
mod search;
mod spelling;
mod sweep;
mod symbol;
mod trace;
mod trigger;
mod written;

pub use change::Change;
pub use check::{Reading, check, is_refused};
pub use confidence::{Weights, confidence};
pub use doc::{Annotation, Capture, Doc, Range};
pub use error::{RuleError, RuleErrors, Severity};
pub use examples::RuleTest;
#[cfg(feature = "schema")]
pub use file::schema;
pub use nearest::{Near, Stop};
pub use ruleset::{Layer, LayerRules, List, RuleFile, RuleInfo, RuleSet};
pub use symbol::Symbol;
pub use trace::{Clause, Loss, Trace};
