//! One pattern to its program: phrases written out, classes and tests shared.

use super::{Compiler, Named, Place, nearest};
use crate::pattern::{Item as Reference, Node};
use crate::program::{Atom, Item, Kind, Program, Step};

/// No program is longer: a phrase in a phrase in a phrase grows fast.
const MOST_STEPS: usize = 20_000;
/// A phrase of fewer steps is written out where it is used.
const LEAST_STEPS: usize = 6;

pub(super) struct Patterns<'c, 'f> {
    pub(super) compiler: &'c mut Compiler<'f>,
    place: Place<'c>,
    steps: Vec<Step>,
    /// Phrases being written out, to refuse recursion.
    pub(super) open: Vec<String>,
    pub(super) failed: bool,
}

impl<'c, 'f> Patterns<'c, 'f> {
    pub(super) fn new(compiler: &'c mut Compiler<'f>, place: Place<'c>) -> Self {
        Self { compiler, place, steps: Vec::new(), open: Vec::new(), failed: false }
    }

    /// The program of a pattern; `None` where it has a mistake, which is then among the compiler's errors.
    pub(super) fn program(mut self, node: &Node) -> Option<Program> {
        let required = self.required(node);
        self.requiring(node, required)
    }

    /// As `program`, where what the pattern requires is known.
    fn requiring(mut self, node: &Node, required: Vec<Vec<Atom>>) -> Option<Program> {
        self.emit(node);
        self.steps.push(Step::Accept);
        if self.steps.len() > MOST_STEPS {
            let message = format!("this pattern grows to more than {MOST_STEPS} steps");
            self.fail(&(0..1), message, "make its phrases or repeats smaller");
        }
        (!self.failed).then(|| Program::new(self.steps, required))
    }

    pub(super) fn fail(&mut self, at: &std::ops::Range<usize>, message: String, help: impl Into<String>) {
        self.failed = true;
        // A mistake inside a phrase is told at the reference to it.
        let at = if self.open.is_empty() { at.clone() } else { 0..1 };
        let error = self.place.error(&at, message).help(help);
        self.compiler.errors.push(error);
    }

    fn here(&self) -> u32 {
        u32::try_from(self.steps.len()).unwrap_or(u32::MAX)
    }

    fn emit(&mut self, node: &Node) {
        if self.steps.len() > MOST_STEPS || self.failed {
            return;
        }
        match node {
            Node::Seq(all) => self.sequence(all),
            Node::Alt(all) if all.iter().all(|n| self.single(n)) => self.emit_test(node),
            Node::Alt(all) => self.alternatives(all),
            Node::Repeat(inner, min, max) => self.repeat(inner, *min, *max),
            Node::Capture(name, inner) => {
                let name = self.compiler.symbols.intern(name);
                self.steps.push(Step::Open(name));
                self.emit(inner);
                self.steps.push(Step::Close(name));
            }
            Node::Look(negative, inner) => {
                let at = self.steps.len();
                self.steps.push(Step::Accept);
                let body = self.here();
                self.emit(inner);
                self.steps.push(Step::Accept);
                self.steps[at] = Step::Look { negative: *negative, body, next: self.here() };
            }
            Node::Start => self.steps.push(Step::Start),
            Node::End => self.steps.push(Step::End),
            Node::Item(reference) => self.reference(reference),
            _ => self.emit_test(node),
        }
    }

    fn emit_test(&mut self, node: &Node) {
        if let Some(test) = self.test(node) {
            self.steps.push(Step::Test(test));
        }
    }

    /// A sequence; look-aheads at one token and the token itself become one test: `!{brk} ![punct] [any]`.
    fn sequence(&mut self, all: &[Node]) {
        let mut from = 0;
        while from < all.len() {
            let looks = all[from..].iter().take_while(|n| self.looks_at_one(n)).count();
            let taken = all.get(from + looks).filter(|n| looks > 0 && self.single(n));
            if let Some(node) = taken {
                let mut conditions = vec![(false, node.clone())];
                conditions.extend(all[from..from + looks].iter().map(|look| match look {
                    Node::Look(negative, inner) => (*negative, (**inner).clone()),
                    other => (false, other.clone()),
                }));
                self.emit_test(&Node::All(conditions));
                from += looks + 1;
            } else {
                self.emit(&all[from]);
                from += 1;
            }
        }
    }

    /// Whether a node takes exactly one token and captures nothing.
    pub(super) fn single(&self, node: &Node) -> bool {
        match node {
            Node::Word(_)
            | Node::Exact(_)
            | Node::Shape(_)
            | Node::Regex(..)
            | Node::Inside(_)
            | Node::All(_) => true,
            Node::Item(reference) => {
                matches!(self.compiler.names.get(&reference.name), Some(Named::Class(_)))
            }
            Node::Alt(all) => all.iter().all(|n| self.single(n)),
            _ => false,
        }
    }

    /// Whether a node is a look-ahead that can be told at one token.
    fn looks_at_one(&self, node: &Node) -> bool {
        let Node::Look(_, inner) = node else { return false };
        match &**inner {
            Node::Item(reference) => {
                reference.name == "quote"
                    || matches!(
                        self.compiler.names.get(&reference.name),
                        Some(Named::List(_) | Named::Annotation | Named::Class(_))
                    )
            }
            other => self.single(other),
        }
    }

    fn reference(&mut self, reference: &Reference) {
        self.compiler.uses(&reference.name);
        match self.compiler.names.get(&reference.name).cloned() {
            Some(Named::Phrase(node)) => {
                if self.open.contains(&reference.name) {
                    let message = format!("the phrase `{}` contains itself", reference.name);
                    self.fail(
                        &reference.at,
                        message,
                        "a phrase may not refer to itself, nor through another",
                    );
                    return;
                }
                if let Some(item) = self.phrase(&reference.name, &node) {
                    self.steps.push(Step::Item(item));
                    return;
                }
                self.open.push(reference.name.clone());
                self.emit(&node);
                self.open.pop();
            }
            Some(Named::Class(_)) => {
                if let Some(test) = self.class(reference) {
                    self.steps.push(Step::Test(test));
                }
            }
            _ => {
                if let Some(item) = self.item(reference) {
                    self.steps.push(Step::Item(item));
                }
            }
        }
    }

    /// The item of a phrase that is worth matching once for all patterns; `None` where it is written out instead.
    fn phrase(&mut self, name: &str, node: &Node) -> Option<u32> {
        let number = match self.compiler.phrase_numbers.get(name) {
            Some(known) => *known,
            None => {
                let required = self.required_named(name, node);
                let mut open = self.open.clone();
                open.push(name.to_owned());
                let inner = Patterns {
                    compiler: &mut *self.compiler,
                    place: self.place,
                    steps: Vec::new(),
                    open,
                    failed: false,
                };
                let Some(program) = inner.requiring(node, required) else {
                    self.failed = true;
                    return None;
                };
                // A run has many ends, and a short phrase is soon matched again.
                let shared = !matches!(node, Node::Repeat(..)) && program.steps.len() >= LEAST_STEPS;
                let number = shared.then(|| {
                    self.compiler.phrases.push(program);
                    u32::try_from(self.compiler.phrases.len() - 1).unwrap_or(u32::MAX)
                });
                self.compiler.phrase_numbers.insert(name.to_owned(), number);
                number
            }
        };
        let symbol = self.compiler.symbols.intern(name);
        Some(self.share_item(Item { name: symbol, kind: Kind::Phrase(number?), filters: Vec::new() }))
    }

    fn alternatives(&mut self, all: &[Node]) {
        let mut ends = Vec::new();
        for (n, node) in all.iter().enumerate() {
            if n + 1 == all.len() {
                self.emit(node);
                break;
            }
            let split = self.steps.len();
            self.steps.push(Step::Accept);
            let first = self.here();
            self.emit(node);
            ends.push(self.steps.len());
            self.steps.push(Step::Accept);
            self.steps[split] = Step::Split(first, self.here());
        }
        let out = self.here();
        for end in ends {
            self.steps[end] = Step::Jump(out);
        }
    }

    fn repeat(&mut self, inner: &Node, min: u32, max: Option<u32>) {
        let Some(max) = max else {
            // At least once, then back to the last round; perhaps not at all.
            let skip = (min == 0).then_some(self.steps.len());
            if skip.is_some() {
                self.steps.push(Step::Accept);
            }
            let mut body = self.here();
            for _ in 0..min.max(1) {
                body = self.here();
                self.emit(inner);
            }
            let out = self.here() + 1;
            self.steps.push(Step::Split(body, out));
            if let Some(skip) = skip {
                self.steps[skip] = Step::Split(body, out);
            }
            return;
        };
        for _ in 0..min {
            self.emit(inner);
        }
        let mut splits = Vec::new();
        for _ in min..max {
            splits.push(self.steps.len());
            self.steps.push(Step::Accept);
            self.emit(inner);
        }
        let out = self.here();
        for split in splits {
            let body = u32::try_from(split + 1).unwrap_or(u32::MAX);
            self.steps[split] = Step::Split(body, out);
        }
    }

    /// The item of a reference to a list, an annotation or a quotation.
    pub(super) fn item(&mut self, reference: &Reference) -> Option<u32> {
        self.compiler.uses(&reference.name);
        let name = self.compiler.symbols.intern(&reference.name);
        let kind = match self.compiler.names.get(&reference.name) {
            Some(Named::List(list)) => Kind::List(*list),
            Some(Named::Annotation) => Kind::Annotation(name),
            None if reference.name == "quote" => Kind::Quote,
            Some(Named::Phrase(_) | Named::Class(_)) => {
                let message = format!(
                    "`{}` is a phrase or class, which has no entries to lie inside of",
                    reference.name
                );
                self.fail(&reference.at, message, "use a list or an annotation here");
                return None;
            }
            None => {
                let message = format!("no list, phrase, class or annotation is called `{}`", reference.name);
                let help = nearest(&reference.name, self.compiler.names.keys()).map_or_else(
                    || {
                        "define it with [[list]], [[phrase]] or [[class]], or by a rule that finds it"
                            .to_owned()
                    },
                    |near| format!("did you mean `{near}`?"),
                );
                self.fail(&reference.at, message, help);
                return None;
            }
        };
        let symbols = &mut self.compiler.symbols;
        let filters = reference
            .filters
            .iter()
            .map(|(key, values)| (symbols.intern(key), values.iter().map(|v| symbols.intern(v)).collect()))
            .collect();
        Some(self.share_item(Item { name, kind, filters }))
    }

    /// The number of an item; equal items share one.
    fn share_item(&mut self, item: Item) -> u32 {
        if let Some(known) = self.compiler.item_numbers.get(&item) {
            return *known;
        }
        let number = u32::try_from(self.compiler.items.len()).unwrap_or(u32::MAX);
        self.compiler.items.push(item.clone());
        self.compiler.item_numbers.insert(item, number);
        number
    }
}
