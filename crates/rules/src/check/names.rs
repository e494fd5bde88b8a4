//! Names that lead nowhere: captures that no pattern makes, data that no entry has.

use std::collections::BTreeSet;

use toml::Spanned;

use super::{at, inside};
use crate::compile::{Compiled, KeptEntry, Named, nearest};
use crate::error::RuleError;
use crate::file::{Blocks, RuleBlock};
use crate::pattern::{self, Item, Node};
use crate::ruleset::RuleFile;

/// So many values are named in a mend.
const NAMED: usize = 12;

pub(super) fn check(done: &Compiled<'_>, file: &RuleFile, b: &Blocks, found: &mut Vec<RuleError>) {
    let phrases = b.phrase.iter().chain(&b.class).map(|p| &p.is);
    let whens = b.rule.iter().map(|r| &r.when).chain(b.veto.iter().map(|v| &v.when));
    for string in phrases.chain(whens) {
        let Ok(node) = pattern::parse(string.get_ref()) else { continue };
        for item in node.references() {
            found.extend(
                filters(done, item)
                    .map(|(message, help)| inside(file, string, &item.at, message).help(help).warning()),
            );
        }
    }
    for rule in &b.rule {
        captures(done, file, rule, found);
    }
    for veto in &b.veto {
        if let (Ok(node), Some(spans)) = (pattern::parse(veto.when.get_ref()), &veto.spans) {
            found.extend(uncaptured(&Inner::of(done, &node), file, spans));
        }
    }
}

/// The captures and names that a pattern holds, those of its phrases too.
pub(super) struct Inner<'d> {
    pub(super) captures: BTreeSet<String>,
    names: BTreeSet<&'d str>,
}

impl<'d> Inner<'d> {
    pub(super) fn of(done: &'d Compiled<'_>, node: &Node) -> Self {
        let mut inner = Self { captures: BTreeSet::new(), names: BTreeSet::new() };
        inner.add(done, node);
        inner
    }

    fn add(&mut self, done: &'d Compiled<'_>, node: &Node) {
        node.each(&mut |node| {
            if let Node::Capture(name, _) = node {
                self.captures.insert(name.clone());
            }
        });
        for item in node.references() {
            let Some((name, named)) = done.names.get_key_value(&item.name) else { continue };
            if let (true, Named::Phrase(inner)) = (self.names.insert(name), named) {
                self.add(done, inner);
            }
        }
    }
}

/// `spans`, `claims` and `set` name parts of the pattern.
fn captures(done: &Compiled<'_>, file: &RuleFile, rule: &RuleBlock, found: &mut Vec<RuleError>) {
    let Ok(node) = pattern::parse(rule.when.get_ref()) else { return };
    let inner = Inner::of(done, &node);
    for name in rule.spans.iter().chain(rule.claims.iter().flatten()) {
        found.extend(uncaptured(&inner, file, name));
    }
    for value in rule.set.values() {
        let Some((item, field)) = value.get_ref().split_once('.') else { continue };
        if !inner.names.contains(item) {
            let message = format!("the pattern has no `{{{item}}}` from which to take `{field}`");
            let known: Vec<&str> = inner.names.iter().copied().collect();
            let help = if known.is_empty() {
                "it holds no reference at all; a word without a dot is put on as it is".to_owned()
            } else {
                format!("it refers to: {}", known.join(", "))
            };
            found.push(at(file, value, message).help(help).warning());
        } else if let Some(Named::List(number)) = done.names.get(item)
            && let Some(list) = done.lists.get(*number as usize)
            && !values(list, field).is_empty()
        {
            // Some entry has it.
        } else if let Some(Named::List(number)) = done.names.get(item)
            && let Some(list) = done.lists.get(*number as usize)
        {
            let message = format!("no entry of the list `{item}` has a column `{field}`");
            found.push(at(file, value, message).help(columns(list)).warning());
        }
    }
}

fn uncaptured(inner: &Inner<'_>, file: &RuleFile, name: &Spanned<String>) -> Option<RuleError> {
    if inner.captures.contains(name.get_ref()) {
        return None;
    }
    let help = nearest(name.get_ref(), inner.captures.iter()).map_or_else(
        || format!("write `{}:( … )` in the pattern", name.get_ref()),
        |near| format!("did you mean `{near}`?"),
    );
    let message = format!("the pattern captures nothing as `{}`", name.get_ref());
    Some(at(file, name, message).help(help).warning())
}

/// A test on the data of a list that no entry passes: what is wrong, and what there is.
fn filters(done: &Compiled<'_>, item: &Item) -> Option<(String, String)> {
    let Some(Named::List(number)) = done.names.get(&item.name) else { return None };
    let list = done.lists.get(*number as usize)?;
    let passes = |entry: &KeptEntry, (key, wanted): &(String, Vec<String>)| {
        entry.data.iter().any(|(k, v)| k == key && wanted.contains(v))
    };
    if item.filters.is_empty() || list.iter().any(|e| item.filters.iter().all(|f| passes(e, f))) {
        return None;
    }
    let name = &item.name;
    for filter @ (key, wanted) in &item.filters {
        let values = values(list, key);
        if values.is_empty() {
            return Some((format!("no entry of the list `{name}` has a column `{key}`"), columns(list)));
        }
        if !list.iter().any(|e| passes(e, filter)) {
            let message = format!("no entry of the list `{name}` has `{key}={}`", wanted.join("|"));
            return Some((message, format!("there are: {}", some(&values))));
        }
    }
    Some((
        format!("no entry of the list `{name}` passes all these tests"),
        "each holds for some entry, but never all at once".into(),
    ))
}

/// All values of a column.
fn values<'l>(list: &'l [KeptEntry], key: &str) -> BTreeSet<&'l str> {
    let data = list.iter().flat_map(|e| &e.data);
    data.filter(|(k, _)| k == key).map(|(_, v)| v.as_str()).collect()
}

fn columns(list: &[KeptEntry]) -> String {
    let data = list.iter().flat_map(|e| &e.data);
    let keys: BTreeSet<&str> = data.map(|(k, _)| k.as_str()).collect();
    if keys.is_empty() {
        "its entries have no columns".into()
    } else {
        format!("its columns are: {}", some(&keys))
    }
}

fn some(all: &BTreeSet<&str>) -> String {
    let named = all.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    if all.len() > NAMED { format!("{named}, …") } else { named }
}
