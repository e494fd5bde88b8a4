//! What must stand in a text for the rules to match there.

use std::collections::{BTreeMap, BTreeSet};

use chancery_text::{Language, Tokens, fold};
use rustc_hash::FxHashMap;

use super::parts;
use crate::compile::{Compiled, Named};
use crate::pattern::{self, Item, Node};

/// One thing that must be there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Need {
    /// A part of a word, folded.
    Word(String),
    /// An entry of a list.
    List(String),
    /// An annotation of a kind.
    Kind(String),
    Quotation,
}

/// Of each group at least one must be there.
type Groups = Vec<Vec<Need>>;

/// What all rules of one version need, those that changed apart.
#[derive(Clone, Debug)]
pub(super) struct Needs {
    changed: Vec<Groups>,
    /// For each rule what it finds and what it needs.
    makers: Vec<(String, Groups)>,
    /// Kinds that steps of the document logic make.
    given: BTreeSet<String>,
    /// Entries of all lists by the first part of their words: the list, and all parts.
    entries: FxHashMap<String, Vec<(u32, Vec<String>)>>,
    lists: Vec<String>,
}

impl Needs {
    pub(super) fn of(done: &Compiled<'_>, is_changed: &dyn Fn(&str) -> bool) -> Self {
        let (mut changed, mut makers) = (Vec::new(), Vec::new());
        for (file, b) in &done.parsed {
            let stem = file.path.strip_suffix(".toml").unwrap_or(&file.path);
            let rules = b.rule.iter().map(|r| (&r.id, &r.when, Some(r.finds.get_ref())));
            let vetoes = b.veto.iter().map(|v| (&v.id, &v.when, None));
            for (id, when, finds) in rules.chain(vetoes) {
                let groups =
                    pattern::parse(when.get_ref()).map(|node| groups(done, &node)).unwrap_or_default();
                if is_changed(&format!("{stem}/{}", id.get_ref())) {
                    changed.push(groups.clone());
                }
                makers.extend(finds.map(|finds| (finds.clone(), groups)));
            }
        }
        let given = done.parsed.iter().flat_map(|(_, b)| b.kinds.iter().cloned()).collect();
        let mut entries: FxHashMap<String, Vec<(u32, Vec<String>)>> = FxHashMap::default();
        let mut lists = vec![String::new(); done.lists.len()];
        let numbered: BTreeMap<u32, &String> = done
            .names
            .iter()
            .filter_map(|(name, named)| if let Named::List(n) = named { Some((*n, name)) } else { None })
            .collect();
        for (number, list) in (0..).zip(&done.lists) {
            if let Some(name) = numbered.get(&number) {
                lists[number as usize].clone_from(name);
            }
            for entry in list {
                let parts = parts(&entry.words);
                if let Some(first) = parts.first() {
                    entries.entry(first.clone()).or_default().push((number, parts));
                }
            }
        }
        Self { changed, makers, given, entries, lists }
    }

    /// Whether some changed rule may match where this is present.
    pub(super) fn may_match(&self, present: &Present) -> bool {
        if self.changed.is_empty() {
            return false;
        }
        let lists = self.lists_in(present);
        let mut kinds: BTreeSet<&str> = self.given.iter().map(String::as_str).collect();
        loop {
            let before = kinds.len();
            for (kind, groups) in &self.makers {
                if !kinds.contains(kind.as_str()) && met(groups, present, &lists, &kinds) {
                    kinds.insert(kind);
                }
            }
            if kinds.len() == before {
                break;
            }
        }
        self.changed.iter().any(|groups| met(groups, present, &lists, &kinds))
    }

    fn lists_in(&self, present: &Present) -> BTreeSet<&str> {
        let mut there = vec![false; self.lists.len()];
        for (list, parts) in present.words.iter().filter_map(|word| self.entries.get(word)).flatten() {
            let list = *list as usize;
            there[list] = there[list] || present.has_all(parts);
        }
        self.lists.iter().zip(there).filter(|(_, there)| *there).map(|(name, _)| name.as_str()).collect()
    }
}

fn met(groups: &Groups, present: &Present, lists: &BTreeSet<&str>, kinds: &BTreeSet<&str>) -> bool {
    groups.iter().all(|group| {
        group.iter().any(|need| match need {
            Need::Word(part) => present.words.contains(part),
            Need::List(name) => lists.contains(name.as_str()),
            Need::Kind(kind) => kinds.contains(kind.as_str()),
            Need::Quotation => present.quotation,
        })
    })
}

/// What stands in a text, whatever its order.
pub(super) struct Present {
    words: BTreeSet<String>,
    quotation: bool,
}

impl Present {
    pub(super) fn of(text: &str, language: &Language) -> Self {
        let tokens = Tokens::of(text, language);
        let mut words = BTreeSet::new();
        for token in tokens.iter() {
            let folded = fold(token.of(text));
            for part in folded.split(' ') {
                if !words.contains(part) {
                    words.insert(part.to_owned());
                }
            }
        }
        Self { words, quotation: !tokens.quotations().is_empty() }
    }

    pub(super) fn has_all(&self, parts: &[String]) -> bool {
        parts.iter().all(|part| self.words.contains(part))
    }
}

/// What must be there where the node matches.
fn groups(done: &Compiled<'_>, node: &Node) -> Groups {
    match node {
        Node::Word(word) => word.split(' ').map(|part| vec![Need::Word(part.to_owned())]).collect(),
        Node::Exact(word) => fold(word).split(' ').map(|part| vec![Need::Word(part.to_owned())]).collect(),
        Node::Item(item) | Node::Inside(item) => of_item(done, item),
        Node::All(all) => {
            all.iter().filter(|(not, _)| !not).flat_map(|(_, node)| groups(done, node)).collect()
        }
        Node::Seq(all) => all.iter().flat_map(|node| groups(done, node)).collect(),
        Node::Alt(all) => {
            // One group of each alternative, the smallest, together make a group.
            let mut union = Vec::new();
            for node in all {
                match groups(done, node).into_iter().min_by_key(Vec::len) {
                    Some(group) => union.extend(group),
                    None => return Vec::new(),
                }
            }
            union.sort();
            union.dedup();
            vec![union]
        }
        Node::Repeat(inner, min, _) if *min > 0 => groups(done, inner),
        Node::Capture(_, inner) => groups(done, inner),
        _ => Vec::new(),
    }
}

fn of_item(done: &Compiled<'_>, item: &Item) -> Groups {
    match done.names.get(&item.name) {
        Some(Named::List(_)) => vec![vec![Need::List(item.name.clone())]],
        Some(Named::Annotation) => vec![vec![Need::Kind(item.name.clone())]],
        Some(Named::Phrase(node) | Named::Class(node)) => groups(done, node),
        None => vec![vec![Need::Quotation]],
    }
}
