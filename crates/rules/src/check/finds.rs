//! What rules find and beat: kinds that nobody reads, kinds that come too late, rules that cannot be beaten.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;

use super::{at, inside};
use crate::compile::{Compiled, Named, full_id, nearest};
use crate::error::RuleError;
use crate::file::{Blocks, RuleBlock};
use crate::pattern;
use crate::ruleset::RuleFile;

pub(super) fn check(done: &Compiled<'_>, found: &mut Vec<RuleError>) {
    let all = Kinds::of(done);
    for (file, b) in &done.parsed {
        for rule in &b.rule {
            found.extend(all.misspelt(file, &rule.finds));
            found.extend(ill_named("rule", file, &rule.id));
            all.too_late(done, file, rule, found);
            other_layers(done, file, rule, found);
        }
        for veto in &b.veto {
            found.extend(all.vetoes_nothing(file, &veto.finds));
            found.extend(ill_named("veto", file, &veto.id));
        }
    }
}

/// The kinds of annotation of a rule set.
struct Kinds<'d> {
    /// The paths of the files with rules that find a kind, one a rule.
    found: BTreeMap<String, Vec<&'d str>>,
    /// The layers in which rules find it.
    made: BTreeMap<&'d str, BTreeSet<&'d str>>,
    /// Kinds that patterns refer to.
    read: BTreeSet<String>,
    /// Kinds that steps make.
    stepped: BTreeSet<&'d str>,
    /// The layers in their order.
    layers: Vec<&'d str>,
}

impl<'d> Kinds<'d> {
    fn of(done: &'d Compiled<'_>) -> Self {
        let mut all = Self {
            found: BTreeMap::new(),
            made: BTreeMap::new(),
            read: BTreeSet::new(),
            stepped: BTreeSet::new(),
            layers: Vec::new(),
        };
        for (file, b) in &done.parsed {
            all.layers.extend(b.layers.iter().map(|layer| layer.get_ref().as_str()));
            all.stepped.extend(b.kinds.iter().map(String::as_str));
            for rule in &b.rule {
                let kind = rule.finds.get_ref();
                all.found.entry(kind.clone()).or_default().push(&file.path);
                all.made.entry(kind).or_default().insert(rule.layer.get_ref());
            }
            all.read.extend(references(b).into_iter().map(|(_, item)| item.name));
        }
        all
    }

    /// A kind that one file finds, that no pattern reads, and that is nearly the name of another which more rules find.
    fn misspelt(&self, file: &RuleFile, finds: &Spanned<String>) -> Option<RuleError> {
        let kind = finds.get_ref();
        let by = self.found.get(kind)?;
        if by.iter().any(|path| *path != file.path) || self.read.contains(kind) {
            return None;
        }
        let others = self.found.iter().filter(|(other, others)| *other != kind && others.len() > by.len());
        let near = nearest(kind, others.map(|(other, _)| other))?;
        let error = at(file, finds, format!("nothing reads the kind `{kind}`"));
        Some(error.help(format!("did you mean `{near}`?")).warning())
    }

    /// A veto on what no rule finds.
    fn vetoes_nothing(&self, file: &RuleFile, finds: &Spanned<String>) -> Option<RuleError> {
        let kind = finds.get_ref();
        if self.found.contains_key(kind) || self.stepped.contains(kind.as_str()) {
            return None;
        }
        let error =
            at(file, finds, format!("no rule finds the kind `{kind}`, so that this takes nothing away"));
        let help = nearest(kind, self.found.keys()).map_or_else(
            || format!("there are: {}", self.found.keys().cloned().collect::<Vec<_>>().join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        Some(error.help(help).warning())
    }

    /// References to kinds that only later layers find.
    fn too_late(&self, done: &Compiled<'_>, file: &RuleFile, rule: &RuleBlock, found: &mut Vec<RuleError>) {
        let place = |layer: &str| self.layers.iter().position(|other| *other == layer);
        let Some(own) = place(rule.layer.get_ref()) else { return };
        let Ok(node) = pattern::parse(rule.when.get_ref()) else { return };
        for item in node.references() {
            let Some(Named::Annotation) = done.names.get(&item.name) else { continue };
            let Some(made) = self.made.get(item.name.as_str()) else { continue };
            let is_late = made.iter().all(|layer| place(layer).is_some_and(|made| made > own));
            if is_late && !self.stepped.contains(item.name.as_str()) {
                let layers: Vec<&str> = made.iter().copied().collect();
                let message =
                    format!("`{{{}}}` is found in a later layer: none stands in the text yet", item.name);
                let help = format!("put the rule into the layer `{}` or one after it", layers.join("` or `"));
                found.push(inside(file, &rule.when, &item.at, message).help(help).warning());
            }
        }
    }
}

/// What the patterns of rules, vetoes, phrases and classes refer to.
fn references(b: &Blocks) -> Vec<(&Spanned<String>, pattern::Item)> {
    let phrases = b.phrase.iter().chain(&b.class).map(|p| &p.is);
    let whens = b.rule.iter().map(|r| &r.when).chain(b.veto.iter().map(|v| &v.when));
    let mut all = Vec::new();
    for string in phrases.chain(whens) {
        let Ok(node) = pattern::parse(string.get_ref()) else { continue };
        all.extend(node.references().into_iter().map(|item| (string, item.clone())));
    }
    all
}

/// An id by which `off`, `beats` and a filter could not name it.
fn ill_named(what: &str, file: &RuleFile, id: &Spanned<String>) -> Option<RuleError> {
    let name = id.get_ref();
    let is_good = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    (!is_good).then(|| {
        let error = at(file, id, format!("`{name}` is no good id of a {what}"));
        error.help("letters, digits, `-` and `_` only").warning()
    })
}

/// Rules of other layers that it says to beat: the layers settle that.
fn other_layers(done: &Compiled<'_>, file: &RuleFile, rule: &RuleBlock, found: &mut Vec<RuleError>) {
    for loser in &rule.beats {
        let name = loser.get_ref();
        let layers: Vec<&str> = done
            .parsed
            .iter()
            .flat_map(|(there, b)| b.rule.iter().map(move |other| (there, other)))
            .filter(|(there, other)| {
                full_id(there, other.id.get_ref()) == *name
                    || (there.path == file.path && other.id.get_ref() == name)
            })
            .map(|(_, other)| other.layer.get_ref().as_str())
            .collect();
        if !layers.is_empty() && !layers.contains(&rule.layer.get_ref().as_str()) {
            let message =
                format!("`{name}` is a rule of the layer `{}`, which `beats` does not reach", layers[0]);
            let help = format!("`beats` decides within a layer; this rule's is `{}`", rule.layer.get_ref());
            found.push(at(file, loser, message).help(help).warning());
        }
    }
}
