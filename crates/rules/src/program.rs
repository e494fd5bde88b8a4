//! Compiled patterns: tests on one token, items over several, the program that ties them together, and the order in
//! which a program is swept from its end to its beginning.

use std::ops::Range;
use std::sync::OnceLock;

use chancery_text::Shape;
use serde::{Deserialize, Serialize};

use crate::guard::Guard;
use crate::listset::ListSet;
use crate::spelling::Expression;
use crate::symbol::Symbol;

/// A condition on one token, shared by all patterns of a rule set.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum Test {
    Any,
    /// One of these words, by their numbers in order.
    Words(Box<[u32]>),
    /// A word of several parts, by their numbers.
    Word(Box<[u32]>),
    /// This word as written, whose numbers are these.
    Exact(Box<str>, Box<[u32]>),
    Shape(Shape),
    Regex(Expression),
    /// The token lies inside the item.
    Inside(u32),
    /// The item begins at the token.
    Begins(u32),
    /// What can be told from the token's bits, then the rest.
    All(Bits, Box<[(bool, u32)]>),
    /// An entry of one of these lists begins at the token, or one of the tests passes.
    AnyOf(ListSet, Box<[u32]>),
}

/// How a test is best asked.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Nature {
    /// It depends on annotations.
    pub(crate) moving: bool,
    /// It looks at the letters of a token, and is asked only where the answer matters.
    pub(crate) costly: bool,
}

impl Test {
    /// One of these words.
    pub(crate) fn words(mut numbers: Vec<u32>) -> Self {
        numbers.sort_unstable();
        numbers.dedup();
        Self::Words(numbers.into())
    }
}

/// Conditions on the shape of a token and on the lists of which an entry begins there, as sets of bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Bits {
    pub(crate) shape: Shape,
    pub(crate) no_shape: Shape,
    pub(crate) lists: ListSet,
    pub(crate) no_lists: ListSet,
}

/// What an item of several tokens is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum Kind {
    List(u32),
    Annotation(Symbol),
    /// A quotation with its marks.
    Quote,
    /// A phrase that is matched once at a token, whichever patterns ask for it.
    Phrase(u32),
}

/// `{x:key=a|b}`: an item and tests on its data.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Item {
    /// The name it is called by in patterns (for `set`).
    pub(crate) name: Symbol,
    pub(crate) kind: Kind,
    pub(crate) filters: Vec<(Symbol, Vec<Symbol>)>,
}

/// One step of a program; where nothing else is said the next step follows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Step {
    Test(u32),
    Item(u32),
    Split(u32, u32),
    Jump(u32),
    Open(Symbol),
    Close(Symbol),
    /// Look-ahead at the program at `body`, which ends in `Accept`; goes on at `next`.
    Look {
        negative: bool,
        body: u32,
        next: u32,
    },
    Start,
    End,
    Accept,
}

/// What must stand in a sentence for a pattern to match there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Atom {
    Word(u32),
    List(u32),
    Annotation(Symbol),
    Quote,
    /// A token that passes the test.
    Test(u32),
    /// The item, with the data that are asked of it.
    Item(u32),
    /// Two tokens, one after the other, that pass a pair of tests.
    Pair(u32),
    /// The first token of the sentence passes the test.
    Opening(u32),
}

/// One operation of a sweep; each fills the places from which a step leads to the end of a match, `at` the step.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) enum Op {
    Test {
        at: u32,
        test: u32,
    },
    Item {
        at: u32,
        item: u32,
    },
    Copy {
        at: u32,
        from: u32,
    },
    Either {
        at: u32,
        first: u32,
        second: u32,
    },
    /// A run of tokens that pass one test: the loop's split and the test before it in one.
    Run {
        split: u32,
        out: u32,
        test: u32,
    },
    /// The split at the end of the `number`th loop, whose beginning may not be known yet.
    Enter {
        split: u32,
        body: u32,
        out: u32,
        number: u32,
    },
    /// Goes back where the beginning of a loop was reached from more places than its end knew of.
    Again {
        split: u32,
        body: u32,
        back: u32,
    },
    /// Goes past a look-ahead that nothing asks for, or past the rest of a part that cannot be gone through.
    Skip {
        at: u32,
        next: u32,
        to: u32,
    },
    Look {
        at: u32,
        body: u32,
        next: u32,
        negative: bool,
    },
    /// Ends the sweep where no way leads on from a step that every match passes.
    Cut {
        at: u32,
    },
    Start {
        at: u32,
    },
    End {
        at: u32,
    },
    Accept {
        at: u32,
        last: bool,
    },
}

/// A compiled pattern.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Program {
    pub(crate) steps: Vec<Step>,
    /// How the steps are swept, the last first.
    pub(crate) ops: Vec<Op>,
    /// What every match has in order, looked at before the sweep; empty where that is not worth its while. Made when
    /// first asked for.
    #[serde(skip)]
    pub(crate) guard: OnceLock<Box<[Guard]>>,
    /// Of each group at least one stands in every match.
    pub(crate) required: Vec<Vec<Atom>>,
    /// Whether the matched items are asked for afterwards.
    pub(crate) keeps_items: bool,
}

impl Program {
    pub(crate) fn new(steps: Vec<Step>, required: Vec<Vec<Atom>>) -> Self {
        let ops = ops(&steps);
        Self { steps, ops, guard: OnceLock::new(), required, keeps_items: false }
    }
}

/// So many steps of a part are spared, or it is gone through to its beginning.
const LEAST_SPARED: usize = 2;
/// A look-ahead of fewer steps is done whether asked for or not.
const LEAST_SKIPPED: u32 = 3;

/// The steps in the order of a sweep. Every step but the split at the end of a loop leads to later steps only.
fn ops(steps: &[Step]) -> Vec<Op> {
    let mut ops = Vec::with_capacity(steps.len() + 4);
    // Loops by the step they begin at: the split at their end, and the operation after it.
    let mut loops: Vec<(u32, u32, u32)> = Vec::new();
    let mut skips: Vec<(u32, usize)> = Vec::new();
    let mut in_run = None;
    let (cuts, parts) = (cuts(steps), parts(steps));
    for pc in (0..steps.len()).rev() {
        let at = narrow(pc);
        // The body of a look-ahead ends here: where nothing asks for it, it need not be looked at.
        if let Step::Accept = steps[pc]
            && let Some(look) = look_of(steps, pc)
            && at - look > LEAST_SKIPPED
        {
            skips.push((look, ops.len()));
            ops.push(Op::Skip { at: look, next: at + 1, to: 0 });
        }
        match steps[pc] {
            Step::Test(_) if in_run.take() == Some(pc) => {}
            Step::Test(test) => ops.push(Op::Test { at, test }),
            Step::Item(item) => ops.push(Op::Item { at, item }),
            Step::Split(body, out) if body < at => match steps[body as usize] {
                Step::Test(test) if body + 1 == at => {
                    in_run = Some(body as usize);
                    ops.push(Op::Run { split: at, out, test });
                }
                _ => {
                    ops.push(Op::Enter { split: at, body, out, number: narrow(loops.len()) });
                    loops.push((body, at, narrow(ops.len())));
                }
            },
            Step::Split(first, second) => ops.push(Op::Either { at, first, second }),
            Step::Jump(from) => ops.push(Op::Copy { at, from }),
            Step::Open(_) | Step::Close(_) => ops.push(Op::Copy { at, from: at + 1 }),
            Step::Look { negative, body, next } => ops.push(Op::Look { at, body, next, negative }),
            Step::Start => ops.push(Op::Start { at }),
            Step::End => ops.push(Op::End { at }),
            Step::Accept => ops.push(Op::Accept { at, last: pc + 1 == steps.len() }),
        }
        if cuts[pc] && matches!(steps[pc], Step::Test(_) | Step::Item(_) | Step::Start | Step::End) {
            ops.push(Op::Cut { at });
        }
        if let Some(start) = parts[pc].filter(|_| matches!(steps[pc], Step::Test(_) | Step::Item(_))) {
            skips.push((start, ops.len()));
            ops.push(Op::Skip { at: start, next: at, to: 0 });
        }
        let after = narrow(ops.len());
        for (_, op) in skips.extract_if(.., |(start, _)| *start == at) {
            if let Some(Op::Skip { to, .. }) = ops.get_mut(op) {
                *to = after;
            }
        }
        // The innermost of the loops that begin here was met last.
        for &(body, split, back) in loops.iter().rev().filter(|(body, ..)| *body == at) {
            ops.push(Op::Again { split, body, back });
        }
    }
    ops
}

/// The steps that every match passes: no step before one leads past it.
fn cuts(steps: &[Step]) -> Vec<bool> {
    let mut cuts = Vec::with_capacity(steps.len());
    passed(steps, 0..steps.len(), |_, is_passed| cuts.push(is_passed));
    cuts
}

/// Tells of each step of a stretch whether every way through it passes the step.
fn passed(steps: &[Step], stretch: Range<usize>, mut tell: impl FnMut(usize, bool)) {
    let mut farthest = 0;
    for pc in stretch {
        tell(pc, farthest <= pc);
        let to = match steps[pc] {
            Step::Split(first, second) => first.max(second) as usize,
            Step::Jump(to) | Step::Look { next: to, .. } => to as usize,
            _ => 0,
        };
        farthest = farthest.max(to);
    }
}

/// For each step that every way through a part passes where that part begins: a branch of a choice, or what may be left
/// out or repeated; the innermost one, and only where there is something to be spared.
fn parts(steps: &[Step]) -> Vec<Option<u32>> {
    let mut parts = vec![None; steps.len()];
    let mut mark = |part: Range<usize>| {
        let start = part.start;
        passed(steps, part, |pc, is_passed| {
            if is_passed && pc - start >= LEAST_SPARED {
                parts[pc] = Some(narrow(start));
            }
        });
    };
    for (pc, step) in steps.iter().enumerate() {
        let &Step::Split(_, second) = step else { continue };
        let second = second as usize;
        if second <= pc + 1 {
            continue;
        }
        match steps.get(second - 1) {
            Some(Step::Jump(out)) if *out as usize >= second => {
                mark(pc + 1..second - 1);
                mark(second..*out as usize);
            }
            _ => mark(pc + 1..second),
        }
    }
    parts
}

/// The look-ahead whose body ends at the step `end`.
fn look_of(steps: &[Step], end: usize) -> Option<u32> {
    let is_it = |step: &Step| matches!(step, Step::Look { next, .. } if *next as usize == end + 1);
    steps.get(..end)?.iter().rposition(is_it).map(narrow)
}

fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
