//! Rule files as written: TOML blocks with the places of their strings.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use crate::error::RuleError;
use crate::ruleset::RuleFile;

/// All blocks of one rule file.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Blocks {
    /// Only in `layers.toml`: the layers in their order; `step:x` is a step of the document logic.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    pub(crate) layers: Vec<Spanned<String>>,
    /// Only in `layers.toml`: kinds of annotation that steps make.
    pub(crate) kinds: Vec<String>,
    /// Only in `layers.toml`: when a sentence has lost its punctuation.
    pub(crate) unmarked: Option<UnmarkedBlock>,
    /// Only in `layers.toml`: where it is counted how often words stand in text. Rules are then looked at where their
    /// rarest words stand; what they find does not change.
    pub(crate) frequency: Option<FrequencyBlock>,
    /// Words to look for.
    pub(crate) list: Vec<ListBlock>,
    /// Named pieces of pattern, for reuse.
    pub(crate) phrase: Vec<PatternBlock>,
    /// Conditions on one token, joined by ` & `.
    pub(crate) class: Vec<PatternBlock>,
    /// How a language builds the forms of its lemmas.
    pub(crate) forms: Vec<FormsBlock>,
    /// What makes a fact, or an annotation for later layers.
    pub(crate) rule: Vec<RuleBlock>,
    /// What forbids a fact.
    pub(crate) veto: Vec<VetoBlock>,
    /// Rules and vetoes that are switched off.
    pub(crate) off: Vec<OffBlock>,
    /// What evidence is worth: how sure facts of a kind are.
    pub(crate) confidence: Vec<ConfidenceBlock>,
    #[cfg_attr(feature = "schema", schemars(skip))]
    pub(crate) evidence: Vec<Spanned<toml::Value>>,
}

/// When a sentence has lost its punctuation, and what is believed of it then.
#[derive(Clone, Copy, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct UnmarkedBlock {
    /// It has so many tokens at least.
    pub(crate) words: usize,
    /// It has fewer marks than that to a hundred tokens.
    pub(crate) marks: usize,
    /// No passage that somebody says or proposes there is longer.
    pub(crate) passage: usize,
}

/// Counts of words in text.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct FrequencyBlock {
    /// A file of words, relative to this file: one a line, then columns `key=value` parted by tabs.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub(crate) file: Spanned<String>,
    /// The column that holds the counts.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub(crate) column: Spanned<String>,
}

/// Words to look for: entries of one or more words, in the block or in a file.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct ListBlock {
    /// The name that patterns use: `{id}`. Letters, digits, `-` and `_`.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub(crate) id: Spanned<String>,
    /// Whether the entries are added to the list of this id, which another block defines.
    #[serde(default)]
    pub(crate) add: bool,
    /// A file of entries, relative to this file: one a line, then columns `key=value` parted by tabs.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(crate) file: Option<Spanned<String>>,
    /// Entries without data.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    pub(crate) words: Vec<Spanned<String>>,
    /// Whether case, accents, hyphen and space matter: `fold` (they do not) or `exact`.
    #[serde(default)]
    pub(crate) case: Case,
    /// Takes part of the file: `weak != 1 && lower >= 20`.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(crate) r#where: Option<Spanned<String>>,
    /// The `[[forms]]` by which each entry, a lemma, gets its forms.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(crate) forms: Option<Spanned<String>>,
    /// Data for every entry of the block.
    #[serde(default)]
    pub(crate) data: BTreeMap<String, String>,
}

/// `fold`: case, accents, hyphen and space do not matter. `exact`: they do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub(crate) enum Case {
    #[default]
    Fold,
    Exact,
}

/// A pattern with a name.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct PatternBlock {
    /// The name that patterns use: `{id}`.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub(crate) id: Spanned<String>,
    /// The pattern.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub(crate) is: Spanned<String>,
}

/// How a language builds the forms of its lemmas.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct FormsBlock {
    /// The name that lists use: `forms = "id"`.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub(crate) id: Spanned<String>,
    /// A file of irregular lemmas: `say`, then `past=said`.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(crate) file: Option<Spanned<String>>,
    /// Rules of endings; the first of a form that fits is used.
    #[serde(default)]
    pub(crate) rules: Vec<FormRule>,
}

/// One way to build a form.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct FormRule {
    /// The form: `past`.
    pub(crate) form: String,
    /// A regular expression for the end of the lemma: `e$`.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub(crate) ending: Spanned<String>,
    /// What stands in its place: `ed`.
    pub(crate) put: String,
}

/// What makes a fact, or an annotation for later layers.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleBlock {
    /// Its name; the full id is language/file/id.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub(crate) id: Spanned<String>,
    /// One of the layers in layers.toml; it sees what earlier layers found.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub(crate) layer: Spanned<String>,
    /// What it leaves on the tokens: `person`, `organization`, `post`, `official`, `proposal`, `statement`, or a kind that
    /// later layers read.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub(crate) finds: Spanned<String>,
    /// The pattern; in single quotes, so that a backslash is a backslash.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub(crate) when: Spanned<String>,
    /// Rules that lose to this one before leftmost and longest count.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    pub(crate) beats: Vec<Spanned<String>>,
    /// Captures that two matches may not share; without it, all that the match covers.
    #[cfg_attr(feature = "schema", schemars(with = "Option<Vec<String>>"))]
    pub(crate) claims: Option<Vec<Spanned<String>>>,
    /// The capture that the annotation covers; the whole match without it.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(crate) spans: Option<Spanned<String>>,
    /// Data that the annotation carries: a word, or `list.column` of an entry that was matched.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, String>"))]
    pub(crate) set: BTreeMap<String, Spanned<String>>,
    /// `inherit`: where no speaker was captured, that of the fact before.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(crate) speaker: Option<Spanned<String>>,
    /// Where what is said stands, if outside the sentence: `next-block`, `next-list`, `previous-sentence`.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(crate) passage: Option<Spanned<String>>,
    #[cfg_attr(feature = "schema", schemars(skip))]
    pub(crate) weight: Option<Spanned<i32>>,
    /// Its reason, in a sentence.
    #[serde(default)]
    pub(crate) say: String,
    /// Sentences in which it must match.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<Example>"))]
    pub(crate) yes: Vec<Spanned<Example>>,
    /// Near misses: sentences in which it must not match.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<Example>"))]
    pub(crate) no: Vec<Spanned<Example>>,
}

/// What forbids a fact: what it matches may not become one of this kind.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct VetoBlock {
    /// Its name; the full id is language/file/id.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub(crate) id: Spanned<String>,
    /// The kind that it forbids.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub(crate) finds: Spanned<String>,
    /// The pattern.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub(crate) when: Spanned<String>,
    /// The capture that is forbidden; the whole match without it.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(crate) spans: Option<Spanned<String>>,
    /// Its reason, in a sentence.
    #[serde(default)]
    pub(crate) say: String,
    /// Sentences in which it must match.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<Example>"))]
    pub(crate) yes: Vec<Spanned<Example>>,
    /// Near misses: sentences in which it must not match.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<Example>"))]
    pub(crate) no: Vec<Spanned<Example>>,
}

/// A rule or veto that is switched off.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct OffBlock {
    /// Its full id: `en/statements/that-clause`.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub(crate) rule: Spanned<String>,
    /// Why, in a sentence.
    #[serde(default)]
    #[expect(dead_code, reason = "a reason is for those who read the file")]
    pub(crate) say: String,
}

/// What evidence is worth for facts of one kind. All numbers are log odds in hundredths: 0 is even, 220 is nine in ten.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfidenceBlock {
    /// The kind of facts: `official`, `person`, `organization`, `proposal`, `statement`.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub(crate) id: Spanned<String>,
    /// How sure a fact is before any evidence.
    pub(crate) start: i32,
    /// Facts that are less sure, 0 to 100, are left out of records: they are more often wrong than they help.
    #[serde(default)]
    pub(crate) least: u8,
    /// By sort of evidence (`rule`, `mentions`, …), then by its value.
    #[serde(default)]
    pub(crate) weights: BTreeMap<String, BTreeMap<String, i32>>,
}

/// A sentence, or a sentence (`text`) with what the rule must capture in it.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

    /// The sentence as the field `text`, and what must be captured.
    pub(crate) fn into_fields(self) -> BTreeMap<String, String> {
        match self {
            Self::Text(text) => BTreeMap::from([("text".to_owned(), text)]),
            Self::Fields(fields) => fields,
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

/// The JSON schema of a rule file, for editors.
#[cfg(feature = "schema")]
#[must_use]
pub fn schema() -> String {
    let mut schema = schemars::schema_for!(Blocks);
    schema.insert("title".into(), "A rule file of chancery".into());
    format!("{:#}", schema.as_value())
}
