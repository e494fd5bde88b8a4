//! What a change of rule files can touch: which releases have to be read again, told from their words alone.
//!
//! A release is left alone where it holds no entry that a list gained, lost or has with other data, and where no changed
//! rule (as it was or as it is) can match in it: for a match certain words, entries and annotations must be there, and an
//! annotation only where a rule can match that makes it. Where it cannot be told the release is read.

use std::collections::{BTreeMap, BTreeSet};

use chancery_text::{Language, Tokens, fold};

use crate::compile::{Compiled, KeptEntry, Named, Purpose, compile_all};
use crate::error::RuleErrors;
use crate::file::{RuleBlock, VetoBlock};
use crate::pattern::{self, Node};
use crate::ruleset::RuleFile;

mod needs;

use needs::{Needs, Present};

/// What differs between two versions of a language's rule files, as far as it can change what they find.
///
/// ```
/// use chancery_rules::{Change, RuleFile};
///
/// let layers = RuleFile { path: "en/layers.toml".into(), text: "layers = ['first']".into() };
/// let list = |words: &str| RuleFile {
///     path: "en/a.toml".into(),
///     text: format!(
///         "[[list]]\nid = 'boat'\nwords = [{words}]\n[[rule]]\nid = 'r'\nlayer = 'first'\nfinds = 'x'\nwhen = 'the {{boat}}'\n"
///     ),
/// };
/// let (old, new) = ([layers.clone(), list("'tug'")], [layers, list("'tug', 'ferry'")]);
/// let change = Change::between("en", &old, &new)?;
/// assert!(change.touches("The ferry left."));
/// assert!(!change.touches("The tug left."));
/// # Ok::<(), chancery_rules::RuleErrors>(())
/// ```
#[derive(Clone, Debug)]
pub struct Change {
    whole: Option<&'static str>,
    language: Language,
    rules: Vec<String>,
    lists: BTreeMap<String, usize>,
    /// Changed entries, as the parts of their words.
    entries: Vec<Vec<String>>,
    sides: [Needs; 2],
}

impl Change {
    /// Compares two versions of the files of a language.
    ///
    /// # Errors
    /// Where one of them has mistakes: all of them.
    pub fn between(language: &str, old: &[RuleFile], new: &[RuleFile]) -> Result<Self, RuleErrors> {
        let compiled = |files| {
            let done = compile_all(language, files, &Purpose::Check);
            if done.errors.is_empty() { Ok(done) } else { Err(RuleErrors(done.errors)) }
        };
        let (old, new) = (compiled(old)?, compiled(new)?);
        let (lists, entries) = changed_entries(&old, &new);
        let (before, after) = (Signed::all(&old), Signed::all(&new));
        let changed = changed_rules(&before, &after);
        let is_changed = |id: &str| changed.contains(id);
        let sides = [Needs::of(&old, &is_changed), Needs::of(&new, &is_changed)];
        Ok(Self {
            whole: whole(&old, &new),
            language: new.set.language.clone(),
            rules: changed.into_iter().collect(),
            lists,
            entries,
            sides,
        })
    }

    /// Whether nothing differs that could change what is found.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.whole.is_none() && self.rules.is_empty() && self.lists.is_empty()
    }

    /// Why every release is touched, where every one is: the layers or the tokenizer's words differ.
    #[must_use]
    pub fn whole(&self) -> Option<&str> {
        self.whole
    }

    /// Full ids of the rules and vetoes that were added, taken out or changed.
    #[must_use]
    pub fn rules(&self) -> &[String] {
        &self.rules
    }

    /// Lists with entries that were added, taken out or changed, and how many.
    #[must_use]
    pub fn lists(&self) -> &BTreeMap<String, usize> {
        &self.lists
    }

    /// Whether the change may alter what is found in a text. Where it says no, both versions find the same.
    #[must_use]
    pub fn touches(&self, text: &str) -> bool {
        if self.whole.is_some() {
            return true;
        }
        if self.is_nothing() {
            return false;
        }
        let present = Present::of(text, &self.language);
        self.entries.iter().any(|parts| present.has_all(parts))
            || self.sides.iter().any(|side| side.may_match(&present))
    }
}

/// What makes every release one that is touched.
fn whole(old: &Compiled<'_>, new: &Compiled<'_>) -> Option<&'static str> {
    let layers = |done: &Compiled<'_>| -> Vec<String> {
        done.parsed.iter().flat_map(|(_, b)| &b.layers).map(|layer| layer.get_ref().clone()).collect()
    };
    if layers(old) != layers(new) {
        return Some("the layers differ");
    }
    if old.set.weights != new.set.weights {
        return Some("the weights of confidence differ");
    }
    let words = |language: &Language| {
        let Language { abbreviations, starters, addresses, prefixes, suffixes, possessors, places, unmarked } =
            language;
        (
            [abbreviations, starters, addresses, prefixes, suffixes, possessors, places].map(Clone::clone),
            *unmarked,
        )
    };
    (words(&old.set.language) != words(&new.set.language)).then_some("the tokenizer's words differ")
}

/// Parts of an entry's words as the dictionary has them.
fn parts(words: &str) -> Vec<String> {
    let tokens = Tokens::of(words, &Language::default());
    let folded: Vec<String> = tokens.iter().map(|t| fold(t.of(words))).collect();
    folded.iter().flat_map(|word| word.split(' ')).map(str::to_owned).collect()
}

/// What the entries of a list say of the same parts of words, in their order: the words where case counts, and the data.
type Said = Vec<(Option<String>, BTreeSet<(String, String)>)>;

fn said(list: &[KeptEntry]) -> BTreeMap<Vec<String>, Said> {
    let mut all: BTreeMap<Vec<String>, Said> = BTreeMap::new();
    for entry in list {
        let words = entry.exact.then(|| entry.words.clone());
        all.entry(parts(&entry.words)).or_default().push((words, entry.data.iter().cloned().collect()));
    }
    all
}

/// The lists that differ, each with the number of its entries that do, and the parts of all these entries.
fn changed_entries(old: &Compiled<'_>, new: &Compiled<'_>) -> (BTreeMap<String, usize>, Vec<Vec<String>>) {
    let (old, new) = (lists(old), lists(new));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let (mut changed, mut all) = (BTreeMap::new(), BTreeSet::new());
    let none = BTreeMap::new();
    for name in names {
        let (before, after) = (old.get(name).unwrap_or(&none), new.get(name).unwrap_or(&none));
        let differ: BTreeSet<&Vec<String>> =
            before.keys().chain(after.keys()).filter(|key| before.get(*key) != after.get(*key)).collect();
        if !differ.is_empty() {
            changed.insert(name.clone(), differ.len());
            all.extend(differ.into_iter().cloned());
        }
    }
    (changed, all.into_iter().collect())
}

fn lists(done: &Compiled<'_>) -> BTreeMap<String, BTreeMap<Vec<String>, Said>> {
    let numbered = done.names.iter().filter_map(|(name, named)| match named {
        Named::List(number) => Some((name.clone(), said(done.lists.get(*number as usize)?))),
        _ => None,
    });
    numbered.collect()
}

/// A rule or veto with all that decides what it finds, but for the entries of its lists.
struct Signed {
    id: String,
    /// The layer; empty for a veto.
    layer: String,
    signature: String,
}

impl Signed {
    /// All rules and vetoes, in the order in which they count.
    fn all(done: &Compiled<'_>) -> Vec<Self> {
        let mut blocks: BTreeMap<String, String> = BTreeMap::new();
        for (file, b) in &done.parsed {
            let stem = file.path.strip_suffix(".toml").unwrap_or(&file.path);
            let rules = b.rule.iter().map(|r| (r.id.get_ref(), of_rule(done, r)));
            let vetoes = b.veto.iter().map(|v| (v.id.get_ref(), of_veto(done, v)));
            blocks.extend(rules.chain(vetoes).map(|(id, sign)| (format!("{stem}/{id}"), sign)));
        }
        let signed = done.set.rules.iter().map(|rule| Self {
            id: rule.info.id.clone(),
            layer: rule.info.layer.clone(),
            signature: format!("{} {}", rule.depth, blocks.get(&rule.info.id).map_or("", String::as_str)),
        });
        signed.collect()
    }
}

fn of_rule(done: &Compiled<'_>, rule: &RuleBlock) -> String {
    let claims = rule.claims.as_ref().map(|all| all.iter().map(|n| n.get_ref().as_str()).collect::<Vec<_>>());
    let set: Vec<(&String, &String)> = rule.set.iter().map(|(key, value)| (key, value.get_ref())).collect();
    let text = |value: &Option<toml::Spanned<String>>| value.as_ref().map(|v| v.get_ref().clone());
    format!(
        "{} {} {} {claims:?} {:?} {set:?} {:?} {:?}",
        rule.layer.get_ref(),
        rule.finds.get_ref(),
        written(done, rule.when.get_ref()),
        text(&rule.spans),
        text(&rule.speaker),
        text(&rule.passage),
    )
}

fn of_veto(done: &Compiled<'_>, veto: &VetoBlock) -> String {
    let spans = veto.spans.as_ref().map(toml::Spanned::get_ref);
    format!("veto {} {} {spans:?}", veto.finds.get_ref(), written(done, veto.when.get_ref()))
}

/// A pattern with the definitions of all names it comes to, and what each name is.
fn written(done: &Compiled<'_>, when: &str) -> String {
    let (mut text, mut seen) = (when.to_owned(), BTreeSet::new());
    let Ok(node) = pattern::parse(when) else { return text };
    let mut names: Vec<String> = node.references().into_iter().map(|item| item.name.clone()).collect();
    while let Some(name) = names.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        let mut define = |what: &str, inner: &Node| {
            text += &format!("\n{what} {name} = {inner:?}");
            names.extend(inner.references().into_iter().map(|item| item.name.clone()));
        };
        match done.names.get(&name) {
            Some(Named::Phrase(inner)) => define("phrase", inner),
            Some(Named::Class(inner)) => define("class", inner),
            Some(Named::List(_)) => text += &format!("\nlist {name}"),
            Some(Named::Annotation) | None => {}
        }
    }
    text
}

/// Ids of all rules and vetoes that are not on both sides the same, nor in the same order.
fn changed_rules(old: &[Signed], new: &[Signed]) -> BTreeSet<String> {
    let signatures = |all: &[Signed]| -> BTreeMap<String, String> {
        all.iter().map(|rule| (rule.id.clone(), rule.signature.clone())).collect()
    };
    let (before, after) = (signatures(old), signatures(new));
    let ids = before.keys().chain(after.keys());
    let mut changed: BTreeSet<String> = ids.filter(|id| before.get(*id) != after.get(*id)).cloned().collect();
    // Where rules of a layer (or vetoes) changed places among each other, all of them count as changed.
    let layers: BTreeSet<&String> = old.iter().chain(new).map(|rule| &rule.layer).collect();
    let mut moved = BTreeSet::new();
    for layer in layers {
        let order = |all: &'_ [Signed]| -> Vec<String> {
            let kept = all.iter().filter(|rule| rule.layer == *layer && !changed.contains(&rule.id));
            kept.map(|rule| rule.id.clone()).collect()
        };
        let (first, second) = (order(old), order(new));
        if first != second {
            moved.extend(first);
        }
    }
    changed.extend(moved);
    changed
}

#[cfg(test)]
mod tests;
