//! Compiled conditions in the words of the rule language: how an author is told what a rule wanted.
//!
//! They are written from what was compiled, so that no program has to carry its source: equal conditions of all rules
//! share one form, and words stand folded.

use crate::listset::ListSet;
use crate::pattern::SHAPES;
use crate::program::{Atom, Bits, Program, Step, Test};
use crate::ruleset::RuleSet;

/// Of a longer choice only the first are written.
const MOST_CHOICES: usize = 6;

impl RuleSet {
    /// What a step asks for; empty for one that asks for nothing.
    pub(crate) fn written_step(&self, program: &Program, pc: usize) -> String {
        match &program.steps[pc] {
            Step::Test(test) => self.written_test(*test),
            Step::Item(item) => self.written_item(*item, ""),
            Step::Look { negative, body, next } => {
                let sign = if *negative { '!' } else { '&' };
                format!("{sign}{}", self.written_body(program, *body as usize, *next as usize))
            }
            Step::Start => "^".into(),
            Step::End => "$".into(),
            Step::Split(..) | Step::Jump(_) | Step::Open(_) | Step::Close(_) | Step::Accept => String::new(),
        }
    }

    /// The steps of a look-ahead, one after the other; where it goes on to another choice stands a bar.
    fn written_body(&self, program: &Program, from: usize, next: usize) -> String {
        let mut all: Vec<String> = Vec::new();
        let mut pc = from;
        while pc + 1 < next {
            match &program.steps[pc] {
                Step::Jump(_) => all.push("|".into()),
                Step::Look { next, .. } => {
                    all.push(self.written_step(program, pc));
                    pc = *next as usize;
                    continue;
                }
                _ => all.extend(Some(self.written_step(program, pc)).filter(|step| !step.is_empty())),
            }
            pc += 1;
        }
        match &all[..] {
            [one] if !one.contains(' ') => one.clone(),
            _ => format!("({})", all.join(" ")),
        }
    }

    pub(crate) fn written_item(&self, item: u32, mark: &str) -> String {
        let item = &self.items[item as usize];
        let mut written = format!("{{{mark}{}", self.word(item.name));
        for (key, values) in &item.filters {
            let values: Vec<&str> = values.iter().map(|value| self.word(*value)).collect();
            written += &format!(":{}={}", self.word(*key), values.join("|"));
        }
        written + "}"
    }

    pub(crate) fn written_test(&self, test: u32) -> String {
        let is_class = |test: &Test| matches!(test, Test::All(..) | Test::AnyOf(..));
        match (&self.tests[test as usize], self.classes.get(&test)) {
            (test, Some(class)) if is_class(test) => format!("{{{class}}}"),
            (Test::Any, _) => "[any]".into(),
            (Test::Words(numbers), _) => {
                let few = numbers.iter().take(MOST_CHOICES + 1).map(|number| self.written_word(*number));
                choice(few.collect())
            }
            (Test::Word(parts), _) => {
                let parts: Vec<String> =
                    parts.iter().map(|number| self.dictionary.of_number(*number)).collect();
                parts.join("-")
            }
            (Test::Exact(word, _), _) => format!("\"{word}\""),
            (Test::Shape(shape), _) => shapes(shape.bits(), "").join(" & "),
            (Test::Regex(expression), _) => format!("/{}/", expression.source()),
            (Test::Inside(item), _) => self.written_item(*item, "@"),
            (Test::Begins(item), _) => self.written_item(*item, ""),
            (Test::All(bits, rest), _) => self.written_all(bits, rest),
            (Test::AnyOf(lists, rest), _) => {
                let lists = self.written_lists(*lists, "");
                let rest = rest.iter().map(|test| self.written_test(*test));
                choice(lists.into_iter().chain(rest).collect())
            }
        }
    }

    fn written_all(&self, bits: &Bits, rest: &[(bool, u32)]) -> String {
        let mut all = shapes(bits.shape.bits(), "");
        all.extend(self.written_lists(bits.lists, ""));
        let (negative, positive): (Vec<_>, Vec<_>) = rest.iter().partition(|(negative, _)| *negative);
        all.extend(positive.iter().map(|(_, test)| self.written_test(*test)));
        if all.is_empty() {
            all.push("[any]".into());
        }
        all.extend(shapes(bits.no_shape.bits(), "!"));
        all.extend(self.written_lists(bits.no_lists, "!"));
        all.extend(negative.iter().map(|(_, test)| format!("!{}", self.written_test(*test))));
        all.join(" & ")
    }

    /// The lists of a set, in the order of their names.
    fn written_lists(&self, set: ListSet, mark: &str) -> Vec<String> {
        let all = self.list_numbers.iter().filter(|(_, number)| set.has(**number));
        let mut names: Vec<&String> = all.map(|(name, _)| name).collect();
        names.sort();
        names.into_iter().map(|name| format!("{mark}{{{name}}}")).collect()
    }

    /// A word as it would be written in a pattern.
    fn written_word(&self, number: u32) -> String {
        let word = self.dictionary.of_number(number);
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '\'' | '’');
        if !word.is_empty() && word.chars().all(plain) { word } else { format!("\"{word}\"") }
    }

    /// A thing that must stand in a sentence.
    pub(crate) fn written_atom(&self, atom: Atom) -> String {
        match atom {
            Atom::Word(number) => self.written_word(number),
            Atom::List(list) => {
                let names = self.list_numbers.iter().filter(|(_, number)| **number == list);
                names.map(|(name, _)| format!("{{{name}}}")).min().unwrap_or_default()
            }
            Atom::Annotation(kind) => format!("{{{}}}", self.word(kind)),
            Atom::Quote => "{quote}".into(),
            Atom::Test(test) => self.written_test(test),
            Atom::Item(item) => self.written_item(item, ""),
            Atom::Opening(test) => format!("^ {}", self.written_test(test)),
            Atom::Pair(pair) => {
                let (first, then) = self.pairs[pair as usize];
                format!("{} {}", self.written_test(first), self.written_test(then))
            }
        }
    }
}

fn shapes(bits: u16, mark: &str) -> Vec<String> {
    let all = SHAPES.iter().filter(|(_, shape)| shape.bits() & bits != 0);
    all.map(|(name, _)| format!("{mark}[{name}]")).collect()
}

/// One of several; a long choice is cut short.
fn choice(mut all: Vec<String>) -> String {
    let long = all.len() > MOST_CHOICES;
    all.truncate(MOST_CHOICES);
    if long {
        all.push("…".into());
    }
    match &all[..] {
        [one] => one.clone(),
        _ => format!("({})", all.join(" | ")),
    }
}
