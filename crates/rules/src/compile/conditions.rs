//! Conditions on one token: shared by all patterns, and turned into bits where they can be.

use std::ops::Range;

use chancery_text::fold;

use super::Named;
use super::patterns::Patterns;
use crate::listset::ListSet;
use crate::pattern::{Item as Reference, Node};
use crate::program::{Bits, Kind, Test};
use crate::spelling::Expression;

impl Patterns<'_, '_> {
    pub(super) fn class(&mut self, reference: &Reference) -> Option<u32> {
        self.compiler.uses(&reference.name);
        if let Some(known) = self.compiler.classes.get(&reference.name) {
            return Some(*known);
        }
        let Some(Named::Class(node)) = self.compiler.names.get(&reference.name).cloned() else { return None };
        if self.open.contains(&reference.name) {
            let message = format!("the class `{}` contains itself", reference.name);
            self.fail(&reference.at, message, "a class may not refer to itself, nor through another");
            return None;
        }
        self.open.push(reference.name.clone());
        let test = self.test(&node);
        self.open.pop();
        if let Some(test) = test {
            self.compiler.classes.insert(reference.name.clone(), test);
        }
        test
    }

    /// A node as a condition on one token.
    pub(super) fn test(&mut self, node: &Node) -> Option<u32> {
        let test = match node {
            Node::Word(word) => match self.compiler.dictionary.intern_token(word)[..] {
                [one] => Test::words(vec![one]),
                ref parts => Test::Word(parts.into()),
            },
            // A sign is the same in any case.
            Node::Exact(word) if !word.chars().any(char::is_alphanumeric) && !fold(word).is_empty() => {
                Test::words(vec![self.compiler.dictionary.intern(&fold(word))])
            }
            Node::Exact(word) => {
                let numbers = self.compiler.dictionary.intern_token(&fold(word));
                Test::Exact(word.as_str().into(), numbers.into())
            }
            Node::Shape(None) => Test::Any,
            Node::Shape(Some(shape)) => Test::Shape(*shape),
            Node::Regex(source, at) => self.regex(source, at)?,
            Node::Inside(reference) => Test::Inside(self.item(reference)?),
            Node::Item(reference)
                if matches!(self.compiler.names.get(&reference.name), Some(Named::Class(_))) =>
            {
                return self.class(reference);
            }
            Node::Item(reference) => self.begins(reference)?,
            Node::All(all) => {
                let mut tests = Vec::new();
                for (negative, node) in all {
                    tests.push((*negative, self.test(node)?));
                }
                self.all(tests)
            }
            Node::Look(negative, inner) => {
                let inner = self.test(inner)?;
                self.all(vec![(*negative, inner)])
            }
            Node::Alt(all) if let Some(words) = self.words(all) => Test::words(words),
            Node::Alt(all) => {
                let tests: Option<Vec<u32>> = all.iter().map(|n| self.test(n)).collect();
                self.any_of(&tests?)
            }
            _ => {
                self.fail(
                    &(0..1),
                    "a class tests one token".into(),
                    "write words, shapes, `{list}`, `{@list}`, joined by `&` and `|`",
                );
                return None;
            }
        };
        Some(self.share(test))
    }

    /// The numbers of the words, where all nodes are words of one part.
    fn words(&mut self, all: &[Node]) -> Option<Vec<u32>> {
        let mut numbers = Vec::with_capacity(all.len());
        for node in all {
            let Node::Word(word) = node else { return None };
            let [number] = self.compiler.dictionary.intern_token(word)[..] else { return None };
            numbers.push(number);
        }
        Some(numbers)
    }

    /// A regular expression; equal ones are compiled once and have one number, so that they are one test.
    fn regex(&mut self, source: &str, at: &Range<usize>) -> Option<Test> {
        if let Some(known) = self.compiler.expressions.get(source) {
            return Some(Test::Regex(known.clone()));
        }
        let number = u32::try_from(self.compiler.expressions.len()).unwrap_or(u32::MAX);
        match Expression::new(source, number) {
            Ok(expression) => {
                self.compiler.expressions.insert(source.to_owned(), expression.clone());
                Some(Test::Regex(expression))
            }
            Err(e) => {
                let message = format!("not a regular expression: {}", last_line(&e.to_string()));
                self.fail(at, message, "it is matched against one whole token");
                None
            }
        }
    }

    pub(super) fn begins(&mut self, reference: &Reference) -> Option<Test> {
        let item = self.item(reference)?;
        Some(self.item_begins(item))
    }

    /// An entry or annotation begins at the token: a bit, where the whole list will do.
    pub(super) fn item_begins(&self, item: u32) -> Test {
        let found = &self.compiler.items[item as usize];
        match found.kind {
            Kind::List(list) if found.filters.is_empty() && list < ListSet::MOST => {
                Test::AnyOf(ListSet::one(list), Box::default())
            }
            _ => Test::Begins(item),
        }
    }

    /// Conditions that must all hold; those on shapes and lists become bits.
    pub(super) fn all(&self, tests: Vec<(bool, u32)>) -> Test {
        let (mut bits, mut rest) = (Bits::default(), Vec::new());
        for (negative, test) in tests {
            match (&self.compiler.tests[test as usize], negative) {
                (Test::Any, false) => {}
                (Test::Shape(shape), false) => bits.shape = bits.shape.with(*shape),
                (Test::Shape(shape), true) => bits.no_shape = bits.no_shape.with(*shape),
                (Test::AnyOf(lists, more), false) if more.is_empty() && lists.len() == 1 => {
                    bits.lists = bits.lists.with(*lists);
                }
                (Test::AnyOf(lists, more), true) if more.is_empty() => {
                    bits.no_lists = bits.no_lists.with(*lists);
                }
                (Test::All(inner, more), false) => {
                    bits.shape = bits.shape.with(inner.shape);
                    bits.no_shape = bits.no_shape.with(inner.no_shape);
                    bits.lists = bits.lists.with(inner.lists);
                    bits.no_lists = bits.no_lists.with(inner.no_lists);
                    rest.extend(more.iter().copied());
                }
                _ => rest.push((negative, test)),
            }
        }
        // Expressions last: by then few tokens are left to ask.
        rest.sort_by_key(|(_, test)| matches!(self.compiler.tests[*test as usize], Test::Regex(..)));
        Test::All(bits, rest.into())
    }

    /// Conditions of which one must hold; those on lists become bits.
    pub(super) fn any_of(&mut self, tests: &[u32]) -> Test {
        let (mut lists, mut words, mut rest) = (ListSet::default(), Vec::new(), Vec::new());
        for test in tests {
            match &self.compiler.tests[*test as usize] {
                Test::AnyOf(inner, more) => {
                    lists = lists.with(*inner);
                    rest.extend(more.iter().copied());
                }
                Test::Words(all) => words.extend(all.iter().copied()),
                _ => rest.push(*test),
            }
        }
        if lists.is_empty() && rest.is_empty() && !words.is_empty() {
            return Test::words(words);
        }
        if !words.is_empty() {
            rest.push(self.share(Test::words(words)));
        }
        rest.sort_unstable();
        rest.dedup();
        Test::AnyOf(lists, rest.into())
    }

    /// The number of a test; equal tests share one.
    pub(super) fn share(&mut self, test: Test) -> u32 {
        if let Some(known) = self.compiler.test_numbers.get(&test) {
            return *known;
        }
        let number = u32::try_from(self.compiler.tests.len()).unwrap_or(u32::MAX);
        self.compiler.tests.push(test.clone());
        self.compiler.test_numbers.insert(test, number);
        number
    }
}

fn last_line(text: &str) -> &str {
    text.lines().last().unwrap_or(text).trim()
}
