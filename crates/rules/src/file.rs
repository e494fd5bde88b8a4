//! Rule files as written: TOML blocks with the places of their strings.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use crate::error::RuleError;
use crate::ruleset::RuleFile;

/// All blocks of one file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Blocks {
    /// Only in `layers.toml`: the order of layers and steps.
    pub(crate) layers: Vec<Spanned<String>>,
    /// Only in `layers.toml`: kinds of annotation that steps make.
    pub(crate) kinds: Vec<String>,
    pub(crate) list: Vec<ListBlock>,
    pub(crate) phrase: Vec<PatternBlock>,
    pub(crate) class: Vec<PatternBlock>,
    pub(crate) forms: Vec<FormsBlock>,
    pub(crate) rule: Vec<RuleBlock>,
    pub(crate) veto: Vec<VetoBlock>,
    pub(crate) evidence: Vec<Spanned<toml::Value>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListBlock {
    pub(crate) id: Spanned<String>,
    pub(crate) file: Option<Spanned<String>>,
    #[serde(default)]
    pub(crate) words: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) case: Case,
    pub(crate) r#where: Option<Spanned<String>>,
    pub(crate) forms: Option<Spanned<String>>,
    /// Data for every entry of the block.
    #[serde(default)]
    pub(crate) data: BTreeMap<String, String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Case {
    #[default]
    Fold,
    Exact,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PatternBlock {
    pub(crate) id: Spanned<String>,
    pub(crate) is: Spanned<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FormsBlock {
    pub(crate) id: Spanned<String>,
    pub(crate) file: Option<Spanned<String>>,
    #[serde(default)]
    pub(crate) rules: Vec<FormRule>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FormRule {
    pub(crate) form: String,
    pub(crate) ending: Spanned<String>,
    pub(crate) put: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleBlock {
    pub(crate) id: Spanned<String>,
    pub(crate) layer: Spanned<String>,
    pub(crate) finds: Spanned<String>,
    pub(crate) when: Spanned<String>,
    #[serde(default)]
    pub(crate) beats: Vec<Spanned<String>>,
    pub(crate) claims: Option<Vec<Spanned<String>>>,
    /// The capture that the annotation covers; the whole match without it.
    pub(crate) spans: Option<Spanned<String>>,
    #[serde(default)]
    pub(crate) set: BTreeMap<String, Spanned<String>>,
    pub(crate) speaker: Option<Spanned<String>>,
    pub(crate) passage: Option<Spanned<String>>,
    pub(crate) weight: Option<Spanned<i32>>,
    #[serde(default)]
    pub(crate) say: String,
    #[serde(default)]
    pub(crate) yes: Vec<Spanned<Example>>,
    #[serde(default)]
    pub(crate) no: Vec<Spanned<Example>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VetoBlock {
    pub(crate) id: Spanned<String>,
    pub(crate) finds: Spanned<String>,
    pub(crate) when: Spanned<String>,
    pub(crate) spans: Option<Spanned<String>>,
    #[serde(default)]
    pub(crate) say: String,
    #[serde(default)]
    pub(crate) yes: Vec<Spanned<Example>>,
    #[serde(default)]
    pub(crate) no: Vec<Spanned<Example>>,
}

/// A sentence, or a sentence with what the rule must capture in it.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Example {
    Text(String),
    Fields(BTreeMap<String, String>),
}

impl Example {
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Fields(fields) => fields.get("text").map_or("", String::as_str),
        }
    }

    /// What must be captured, by field.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let fields = match self {
            Self::Text(_) => None,
            Self::Fields(fields) => Some(fields),
        };
        fields.into_iter().flatten().filter(|(k, _)| *k != "text").map(|(k, v)| (k.as_str(), v.as_str()))
    }
}

/// Reads the blocks of a file; a mistake of TOML or an unknown key becomes an error with its place.
pub(crate) fn blocks(file: &RuleFile) -> Result<Blocks, Box<RuleError>> {
    toml::from_str(&file.text).map_err(|e| {
        let at = e.span().unwrap_or(0..0);
        let message = e.message().to_owned();
        let error = RuleError::new(&file.path, &file.text, at, message);
        Box::new(error.help("see docs/writing-rules.md for the blocks and their keys"))
    })
}

/// Where the inside of a string begins: after its opening quotes.
pub(crate) fn inside(text: &str, at: &Range<usize>) -> usize {
    let opening = text.get(at.clone()).unwrap_or("");
    let quotes = if opening.starts_with("'''") || opening.starts_with("\"\"\"") { 3 } else { 1 };
    at.start + quotes
}
