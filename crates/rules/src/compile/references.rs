//! Names that patterns use, looked at before anything is compiled: each mistake is told once, where it stands, and not
//! again at every rule that comes upon it.

use std::collections::BTreeSet;

use toml::Spanned;

use super::{Compiler, Named, Place, nearest};
use crate::error::RuleError;
use crate::file::Blocks;
use crate::pattern::{Item, Node};
use crate::ruleset::RuleFile;

/// The one name that patterns may use and no file defines.
const QUOTE: &str = "quote";

impl Compiler<'_> {
    /// Tells unknown names in all patterns, and phrases and classes that contain themselves.
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
            let whens = b.rule.iter().map(|r| &r.when).chain(b.veto.iter().map(|v| &v.when));
            for when in whens {
                mistakes.extend(self.wrong_when(file, when));
            }
        }
        self.errors.extend(mistakes);
        self.spread();
    }

    fn wrong_when(&self, file: &RuleFile, when: &Spanned<String>) -> Vec<RuleError> {
        // A pattern that cannot be read is told when it is compiled.
        let Ok(node) = crate::pattern::parse(when.get_ref()) else { return Vec::new() };
        let place = Place::of(file, when);
        self.wrong(&node, None).into_iter().map(|wrong| wrong.told(&place)).collect()
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

/// A reference that is wrong.
struct Wrong {
    at: std::ops::Range<usize>,
    message: String,
    help: String,
}

impl Wrong {
    fn unknown<'n>(item: &Item, names: impl Iterator<Item = &'n String>) -> Self {
        let help = nearest(&item.name, names).map_or_else(
            || "define it with [[list]], [[phrase]] or [[class]], or by a rule that finds it".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        let message = format!("no list, phrase, class or annotation is called `{}`", item.name);
        Self { at: item.at.clone(), message, help }
    }

    fn told(self, place: &Place<'_>) -> RuleError {
        place.error(&self.at, self.message).help(self.help)
    }
}
