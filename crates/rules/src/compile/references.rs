//! Names that patterns use, looked at before anything is compiled: each mistake is told once, where it stands, and not
//! again at every rule that comes upon it.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use toml::Spanned;

use super::{Compiler, Named, Place, nearest};
use crate::error::RuleError;
use crate::file::Blocks;
use crate::pattern::{Item, Node};
use crate::ruleset::RuleFile;

/// The one name that patterns may use and no file defines.
const QUOTE: &str = "quote";
/// So deep may phrases lie in one another …
const DEEPEST: usize = 32;
/// … and so many items may a pattern have with all its phrases written out: a phrase in a phrase in a phrase grows fast.
const LARGEST: u64 = 200_000;

impl Compiler<'_> {
    /// Tells unknown names in phrases and classes, and phrases and classes that contain themselves.
    pub(super) fn references(&mut self, parsed: &[(&RuleFile, Blocks)]) {
        let mut mistakes = Vec::new();
        for (file, b) in parsed {
            for block in b.phrase.iter().chain(&b.class) {
                let id = block.id.get_ref();
                let Some(Named::Phrase(node) | Named::Class(node)) = self.names.get(id) else { continue };
                let place = Place::of(file, &block.is);
                let found = self.wrong(node, Some(id)).into_iter().map(|wrong| wrong.told(&place));
                let before = mistakes.len();
                mistakes.extend(found);
                if mistakes.len() > before {
                    self.broken.insert(id.clone());
                }
            }
        }
        self.errors.extend(mistakes);
        self.spread();
        self.growth(parsed);
        self.spread();
    }

    /// Tells phrases and classes that lie too deep in one another, or that grow too large once all are written out.
    fn growth(&mut self, parsed: &[(&RuleFile, Blocks)]) {
        let mut known: FxHashMap<&str, (usize, u64)> = FxHashMap::default();
        let mut deep: BTreeSet<&str> = BTreeSet::new();
        let whole = self.names.iter().filter(|(name, _)| !self.broken.contains(*name));
        let own: Vec<(&str, Own<'_>)> = whole
            .filter_map(|(name, named)| match named {
                Named::Phrase(node) | Named::Class(node) => Some((name.as_str(), Own::of(node))),
                Named::List(_) | Named::Annotation => None,
            })
            .collect();
        for round in 0..=DEEPEST {
            let grown: FxHashMap<&str, (usize, u64)> =
                own.iter().map(|(name, own)| (*name, own.grown(&known))).collect();
            if grown == known {
                break;
            }
            if round == DEEPEST {
                deep = grown
                    .iter()
                    .filter(|(name, grown)| known.get(*name) != Some(grown))
                    .map(|(name, _)| *name)
                    .collect();
            }
            known = grown;
        }
        let mut mistakes = Vec::new();
        let mut broken = Vec::new();
        for (file, b) in parsed {
            for block in b.phrase.iter().chain(&b.class) {
                let id = block.id.get_ref();
                let message = if deep.contains(id.as_str()) {
                    format!("`{id}` uses phrases that lie more than {DEEPEST} deep in one another")
                } else if known.get(id.as_str()).is_some_and(|(_, size)| *size > LARGEST) {
                    format!("`{id}` grows to more than {LARGEST} items once its phrases are written out")
                } else {
                    continue;
                };
                let error = RuleError::new(&file.path, &file.text, block.id.span(), message);
                mistakes.push(error.help("use fewer phrases within phrases"));
                broken.push(id.clone());
            }
        }
        let sizes = known.into_iter().map(|(name, (_, size))| (name.to_owned(), size)).collect();
        self.sizes = sizes;
        self.errors.extend(mistakes);
        self.broken.extend(broken);
    }

    /// Whether the pattern of a rule can be compiled: every name in it leads somewhere, and it does not grow too large.
    pub(super) fn is_sound(&mut self, file: &RuleFile, when: &Spanned<String>, node: &Node) -> bool {
        let place = Place::of(file, when);
        let wrong = self.wrong(node, None);
        self.errors.extend(wrong.into_iter().map(|wrong| wrong.told(&place)));
        if !self.is_whole(node) {
            return false;
        }
        let inner = node.references().into_iter().filter_map(|item| self.sizes.get(&item.name));
        let size = inner.fold(0_u64, |sum, size| sum.saturating_add(*size));
        if size > LARGEST {
            let message =
                format!("this pattern grows to more than {LARGEST} items once its phrases are written out");
            let error = RuleError::new(&file.path, &file.text, when.span(), message);
            self.errors.push(error.help("use fewer phrases within phrases"));
        }
        size <= LARGEST
    }

    /// References that lead nowhere, or back to the phrase or class `own`.
    fn wrong(&self, node: &Node, own: Option<&str>) -> Vec<Wrong> {
        let mut all = Vec::new();
        for item in node.references() {
            if !self.names.contains_key(&item.name) && item.name != QUOTE {
                all.push(Wrong::unknown(item, self.names.keys()));
            } else if let Some(own) = own
                && self.leads_to(&item.name, own)
            {
                let what =
                    if matches!(self.names.get(own), Some(Named::Class(_))) { "class" } else { "phrase" };
                all.push(Wrong {
                    at: item.at.clone(),
                    message: format!("the {what} `{own}` contains itself"),
                    help: format!("a {what} may not refer to itself, nor through another"),
                    unknown: None,
                });
            }
        }
        all
    }

    /// Whether the name is `own`, or that of a phrase or class which uses it.
    fn leads_to(&self, name: &str, own: &str) -> bool {
        let (mut seen, mut stack) = (BTreeSet::new(), vec![name]);
        while let Some(name) = stack.pop() {
            if name == own {
                return true;
            }
            if let Some(Named::Phrase(node) | Named::Class(node)) = self.names.get(name)
                && seen.insert(name)
            {
                stack.extend(node.references().into_iter().map(|item| item.name.as_str()));
            }
        }
        false
    }

    /// What uses something broken is broken too.
    fn spread(&mut self) {
        loop {
            let more: Vec<String> = self
                .names
                .iter()
                .filter(|(name, named)| match named {
                    Named::Phrase(node) | Named::Class(node) => {
                        !self.broken.contains(*name) && !self.is_whole(node)
                    }
                    _ => false,
                })
                .map(|(name, _)| name.clone())
                .collect();
            if more.is_empty() {
                return;
            }
            self.broken.extend(more);
        }
    }

    /// Whether every name in a pattern can be used.
    pub(super) fn is_whole(&self, node: &Node) -> bool {
        node.references().into_iter().all(|item| {
            !self.broken.contains(&item.name) && (self.names.contains_key(&item.name) || item.name == QUOTE)
        })
    }
}

/// How many items a pattern has of its own, and what it refers to.
struct Own<'n> {
    size: u64,
    references: Vec<&'n Item>,
}

impl<'n> Own<'n> {
    fn of(node: &'n Node) -> Self {
        let mut size = 0;
        node.each(&mut |_| size += 1);
        Self { size, references: node.references() }
    }

    /// How deep phrases lie in it, and how many items it has with all of them written out, as far as these are known.
    fn grown(&self, known: &FxHashMap<&str, (usize, u64)>) -> (usize, u64) {
        let (mut depth, mut size) = (0, self.size);
        for item in &self.references {
            if let Some((inner, more)) = known.get(item.name.as_str()) {
                depth = depth.max(inner + 1);
                size = size.saturating_add(*more);
            }
        }
        (depth, size)
    }
}

/// A reference that is wrong.
struct Wrong {
    at: std::ops::Range<usize>,
    message: String,
    help: String,
    /// The name, where nobody knows it.
    unknown: Option<String>,
}

impl Wrong {
    fn unknown<'n>(item: &Item, names: impl Iterator<Item = &'n String>) -> Self {
        let help = nearest(&item.name, names).map_or_else(
            || "define it with [[list]], [[phrase]] or [[class]], or by a rule that finds it".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        let message = format!("no list, phrase, class or annotation is called `{}`", item.name);
        Self { at: item.at.clone(), message, help, unknown: Some(item.name.clone()) }
    }

    fn told(self, place: &Place<'_>) -> RuleError {
        let error = place.error(&self.at, self.message).help(self.help);
        match &self.unknown {
            Some(name) => error.unknown(name),
            None => error,
        }
    }
}
