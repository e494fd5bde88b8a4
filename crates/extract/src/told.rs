//! What tests of the document logic ask: the record of a text by rules of their own.

use chancery_record::{Record, Release};
use chancery_rules::{RuleFile, RuleSet};

/// The record of a text by the rules and lists in `words`, in these layers.
pub(crate) fn record_of(layers: &str, words: &str, text: &str) -> Record {
    let file = |path: &str, text: &str| RuleFile { path: path.into(), text: text.into() };
    let layers = format!("layers = {layers}");
    let rules =
        RuleSet::compile("en", &[file("en/layers.toml", &layers), file("en/words.toml", words)]).unwrap();
    crate::extract(&Release { text: text.into(), ..Release::default() }, &rules, "test")
}
