//! What depends on what: tests and phrases that depend on annotations are asked again when some were added.

use std::sync::OnceLock;

use crate::program::{Item, Kind, Nature, Program, Step, Test};
use crate::ruleset::Shared;

/// How each test is best asked. A test is made after those it is made of.
pub(super) fn natures(tests: &[Test], items: &[Item]) -> Vec<Nature> {
    let mut natures: Vec<Nature> = Vec::with_capacity(tests.len());
    for test in tests {
        let moving = |item: u32| matches!(items[item as usize].kind, Kind::Annotation(_));
        let of_all = |mut rest: Box<dyn Iterator<Item = u32> + '_>| {
            rest.try_fold(Nature::default(), |all, test| {
                let one = natures.get(test as usize)?;
                Some(Nature { moving: all.moving || one.moving, ..Nature::default() })
            })
        };
        let nature = match test {
            Test::Inside(item) | Test::Begins(item) => {
                Some(Nature { moving: moving(*item), ..Nature::default() })
            }
            Test::Regex(..) => Some(Nature { costly: true, ..Nature::default() }),
            Test::All(_, rest) => of_all(Box::new(rest.iter().map(|(_, test)| *test))),
            Test::AnyOf(_, rest) => of_all(Box::new(rest.iter().copied())),
            Test::Any | Test::Words(..) | Test::Word(_) | Test::Exact(..) | Test::Shape(_) => None,
        };
        natures.push(nature.unwrap_or_default());
    }
    natures
}

/// The phrases with what each depends on. A phrase is made after those it holds.
pub(super) fn shared_phrases(programs: Vec<Program>, tests: &[Nature], items: &[Item]) -> Vec<Shared> {
    let mut all: Vec<Shared> = Vec::with_capacity(programs.len());
    for program in programs {
        let moving = program.steps.iter().any(|step| match step {
            Step::Test(test) => tests[*test as usize].moving,
            Step::Item(item) => match items[*item as usize].kind {
                Kind::Annotation(_) => true,
                Kind::Phrase(inner) => all.get(inner as usize).is_none_or(|inner| inner.moving),
                Kind::List(_) | Kind::Quote => false,
            },
            _ => false,
        });
        all.push(Shared { program, moving, piece: OnceLock::new() });
    }
    all
}
