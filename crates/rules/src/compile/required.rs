//! What must stand in a sentence for a pattern to match there.

use super::Named;
use super::patterns::Patterns;
use crate::pattern::{Item as Reference, Node};
use crate::program::Atom;
use crate::symbol::Symbol;

/// A match that needs one of more than this many things is looked for everywhere.
const MOST_ATOMS: usize = 64;

impl Patterns<'_, '_> {
    /// What must stand in a sentence where the node matches: of each group at least one.
    pub(super) fn required(&mut self, node: &Node) -> Vec<Vec<Atom>> {
        match node {
            Node::Word(word) => {
                let numbers = self.compiler.dictionary.intern_token(word);
                numbers.first().map(|n| vec![vec![Atom::Word(*n)]]).unwrap_or_default()
            }
            Node::Item(reference) | Node::Inside(reference) => self.required_item(reference),
            Node::All(all) => {
                let positive: Vec<&Node> =
                    all.iter().filter(|(negative, _)| !negative).map(|(_, n)| n).collect();
                positive.into_iter().flat_map(|n| self.required(n)).collect()
            }
            Node::Seq(all) => {
                let mut groups: Vec<Vec<Atom>> = all.iter().flat_map(|n| self.required(n)).collect();
                groups.sort_by_key(Vec::len);
                groups.dedup();
                groups
            }
            Node::Alt(all) => {
                // One group of each alternative, the smallest, together make a group.
                let mut union = Vec::new();
                for node in all {
                    match self.required(node).into_iter().min_by_key(Vec::len) {
                        Some(group) => union.extend(group),
                        None => return Vec::new(),
                    }
                }
                union.sort_unstable();
                union.dedup();
                if union.len() <= MOST_ATOMS { vec![union] } else { Vec::new() }
            }
            Node::Repeat(inner, min, _) if *min > 0 => self.required(inner),
            Node::Capture(_, inner) => self.required(inner),
            _ => Vec::new(),
        }
    }

    pub(super) fn required_item(&mut self, reference: &Reference) -> Vec<Vec<Atom>> {
        match self.compiler.names.get(&reference.name).cloned() {
            Some(Named::List(list)) => vec![vec![Atom::List(list)]],
            Some(Named::Annotation) => {
                let kind: Symbol = self.compiler.symbols.intern(&reference.name);
                vec![vec![Atom::Annotation(kind)]]
            }
            Some(Named::Phrase(node) | Named::Class(node)) => {
                if self.open.contains(&reference.name) {
                    return Vec::new();
                }
                self.open.push(reference.name.clone());
                let required = self.required(&node);
                self.open.pop();
                required
            }
            None if reference.name == "quote" => vec![vec![Atom::Quote]],
            None => Vec::new(),
        }
    }
}
