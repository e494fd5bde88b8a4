//! Rules are tested where they stand: every `yes` must match and every `no` must not.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::doc::Doc;
use crate::file::Example;
use crate::ruleset::{Rule, RuleSet};

/// The examples of one rule.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Kept", into = "Kept")]
pub(crate) struct Examples {
    yes: Vec<Example>,
    no: Vec<Example>,
}

/// Examples as a compiled form has them, each as its fields.
#[derive(Serialize, Deserialize)]
struct Kept {
    yes: Vec<BTreeMap<String, String>>,
    no: Vec<BTreeMap<String, String>>,
}

impl From<Kept> for Examples {
    fn from(kept: Kept) -> Self {
        let read = |all: Vec<_>| all.into_iter().map(Example::Fields).collect();
        Self { yes: read(kept.yes), no: read(kept.no) }
    }
}

impl From<Examples> for Kept {
    fn from(examples: Examples) -> Self {
        let keep = |all: Vec<Example>| all.into_iter().map(Example::into_fields).collect();
        Self { yes: keep(examples.yes), no: keep(examples.no) }
    }
}

impl Examples {
    pub(crate) fn of(yes: &[Spanned<Example>], no: &[Spanned<Example>]) -> Self {
        let plain = |all: &[Spanned<Example>]| all.iter().map(|e| e.get_ref().clone()).collect();
        Self { yes: plain(yes), no: plain(no) }
    }
}

/// How one rule did on its own examples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleTest {
    /// `en/officials/scoped-role`.
    pub id: String,
    /// The rule's file.
    pub file: String,
    /// 1-based line of the rule.
    pub line: usize,
    /// How many examples it has.
    pub examples: usize,
    /// One sentence for each example that went wrong.
    pub failures: Vec<String>,
}

impl RuleSet {
    /// Runs every rule's own examples. `annotate` runs the whole program of layers and steps over a text.
    pub fn test(&self, mut annotate: impl for<'t> FnMut(&RuleSet, &'t str) -> Doc<'t>) -> Vec<RuleTest> {
        self.rules
            .iter()
            .enumerate()
            .map(|(index, rule)| {
                let mut failures = Vec::new();
                for example in &rule.examples.yes {
                    let doc = annotate(self, example.text());
                    failures.extend(self.wrong_yes(&doc, index, rule, example));
                }
                for example in &rule.examples.no {
                    let doc = annotate(self, example.text());
                    if let Some(words) = self.matches_of(&doc, index, rule).first() {
                        failures.push(format!("must not match, but finds `{words}` in: {}", example.text()));
                    }
                }
                RuleTest {
                    id: rule.info.id.clone(),
                    file: rule.info.file.clone(),
                    line: rule.info.line,
                    examples: rule.examples.yes.len() + rule.examples.no.len(),
                    failures,
                }
            })
            .collect()
    }

    /// The words of everything that a rule found, or that a veto matches.
    fn matches_of(&self, doc: &Doc<'_>, index: usize, rule: &Rule) -> Vec<String> {
        if !rule.info.layer.is_empty() {
            let own = doc.annotations().into_iter().filter(|a| a.rule == Some(index));
            return own.map(|a| doc.words(a.range).to_owned()).collect();
        }
        self.alone(doc, index).into_iter().map(|range| doc.words(range).to_owned()).collect()
    }

    fn wrong_yes(&self, doc: &Doc<'_>, index: usize, rule: &Rule, example: &Example) -> Option<String> {
        let text = example.text();
        if self.matches_of(doc, index, rule).is_empty() {
            let others: Vec<String> = doc
                .annotations()
                .into_iter()
                .filter(|a| a.kind == rule.finds)
                .map(|a| {
                    let by = a.rule.map_or("a step", |r| self.info(r).id.as_str());
                    format!("{by}: `{}`", doc.words(a.range))
                })
                .collect();
            let instead =
                if others.is_empty() { String::new() } else { format!(" (instead: {})", others.join("; ")) };
            return Some(format!("must match, but does not: {text}{instead}"));
        }
        let own: Vec<_> = doc.annotations().into_iter().filter(|a| a.rule == Some(index)).collect();
        let fits = |a: &crate::Annotation| {
            example.fields().all(|(key, value)| {
                self.symbol(key).is_some_and(|key| {
                    a.all(key).any(|range| doc.words(range) == value)
                        || a.value(key).is_some_and(|v| self.word(v) == value)
                })
            })
        };
        if own.is_empty() || own.iter().any(|a| fits(a)) {
            return None;
        }
        let seen: Vec<String> = own
            .iter()
            .flat_map(|a| {
                a.captures.iter().map(|c| format!("{} = `{}`", self.word(c.name), doc.words(c.range)))
            })
            .collect();
        let wanted: Vec<String> = example.fields().map(|(k, v)| format!("{k} = `{v}`")).collect();
        Some(format!("wants {}, finds {} in: {text}", wanted.join(", "), seen.join(", ")))
    }
}
