//! The slow, obvious matcher: all ends by the definition of each form, then the preferred way to the longest of them by
//! trying one way after the other.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::tree::{List, Tree, World};

/// Captures: name, first token, one past the last.
type Captures = Vec<(char, usize, usize)>;

/// A match, with captures in order of their beginnings, longer before shorter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Found {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) captures: Captures,
}

/// Ends of each piece of pattern from each token, once known; pieces by where they lie in memory.
type Known = RefCell<BTreeMap<(*const Tree, usize), BTreeSet<usize>>>;

/// One sentence.
pub(super) struct Slow<'s> {
    world: &'s World,
    text: &'s [char],
    notes: Vec<(usize, usize)>,
    known: Known,
}

impl<'s> Slow<'s> {
    pub(super) fn new(world: &'s World, text: &'s [char]) -> Self {
        let mut slow = Self { world, text, notes: Vec::new(), known: RefCell::default() };
        let notes = slow.matches(&world.note);
        slow.notes = notes.iter().map(|found| (found.start, found.end)).collect();
        slow
    }

    /// The longest match at every token where one begins.
    pub(super) fn matches(&self, tree: &Tree) -> Vec<Found> {
        let steps = Steps::of(tree);
        (0..self.text.len()).filter_map(|at| self.longest(tree, &steps, at, self.text.len())).collect()
    }

    /// The longest match from a token that ends before or at `limit`.
    pub(super) fn longest(&self, tree: &Tree, steps: &Steps<'_>, at: usize, limit: usize) -> Option<Found> {
        let end = self.ends(tree, at).into_iter().rfind(|end| *end > at && *end <= limit)?;
        Some(Found { start: at, end, captures: self.captures(steps, at, end) })
    }

    /// Every end that the pattern can reach from token `at`.
    fn ends(&self, tree: &Tree, at: usize) -> BTreeSet<usize> {
        let key = (std::ptr::from_ref(tree), at);
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        let ends = self.ends_of(tree, at);
        self.known.borrow_mut().insert(key, ends.clone());
        ends
    }

    fn ends_of(&self, tree: &Tree, at: usize) -> BTreeSet<usize> {
        let one = |yes: bool| (yes && at < self.text.len()).then_some(at + 1).into_iter().collect();
        let here = |yes: bool| yes.then_some(at).into_iter().collect();
        match tree {
            Tree::Word(c) => one(self.text.get(at) == Some(c)),
            Tree::Any => one(true),
            Tree::Inside(list) => one(self.inside(*list, at)),
            Tree::Entry(list) => self.entries(*list, at),
            Tree::Note => self.notes.iter().filter(|(start, _)| *start == at).map(|(_, end)| *end).collect(),
            Tree::Phrase => self.ends(&self.world.phrase, at),
            Tree::Look(negative, inner) => here(self.ends(inner, at).is_empty() == *negative),
            Tree::Start => here(at == 0),
            Tree::End => here(at == self.text.len()),
            Tree::Seq(all) => all.iter().fold(BTreeSet::from([at]), |from, part| self.after(part, &from)),
            Tree::Alt(all) => all.iter().flat_map(|part| self.ends(part, at)).collect(),
            Tree::Capture(_, inner) => self.ends(inner, at),
            Tree::Repeat(inner, min, max) => {
                let mut now = (0..*min).fold(BTreeSet::from([at]), |from, _| self.after(inner, &from));
                let mut result = now.clone();
                for _ in *min..max.unwrap_or(u32::MAX) {
                    now = self.after(inner, &now).difference(&result).copied().collect();
                    if now.is_empty() {
                        break;
                    }
                    result.extend(now.iter().copied());
                }
                result
            }
        }
    }

    fn after(&self, tree: &Tree, from: &BTreeSet<usize>) -> BTreeSet<usize> {
        from.iter().flat_map(|at| self.ends(tree, *at)).collect()
    }

    fn entries(&self, list: List, at: usize) -> BTreeSet<usize> {
        let is_entry = |end: &usize| self.world.has(list, &String::from_iter(&self.text[at..*end]));
        (at + 1..=self.text.len().min(at + 3)).filter(is_entry).collect()
    }

    fn inside(&self, list: List, at: usize) -> bool {
        (at.saturating_sub(2)..=at).any(|start| self.entries(list, start).into_iter().any(|end| end > at))
    }

    /// The captures on the preferred way from `at` to `end`.
    fn captures(&self, steps: &Steps<'_>, at: usize, end: usize) -> Captures {
        // A long sentence has too many ways; there a place that led nowhere is not tried again.
        let mut way = Way::new(self, self.text.len() > 8);
        let mut there = way.run(&steps.root, at, &mut |_, here| here == end);
        if way.steps > MOST_STEPS {
            way = Way::new(self, true);
            there = way.run(&steps.root, at, &mut |_, here| here == end);
        }
        assert!(there, "an end that no way leads to");
        way.captures.sort_by_key(|(_, start, end)| (*start, std::cmp::Reverse(*end)));
        way.captures
    }
}

/// So many steps are tried without remembering what led nowhere.
const MOST_STEPS: usize = 2_000;

/// A pattern with its counted repeats written out, each piece with a number.
pub(super) struct Steps<'t> {
    root: Step<'t>,
}

struct Step<'t> {
    id: usize,
    form: Form<'t>,
}

enum Form<'t> {
    /// Ends, the longest first.
    Leaf(&'t Tree),
    Phrase,
    Seq(Vec<Step<'t>>),
    Alt(Vec<Step<'t>>),
    Maybe(Box<Step<'t>>),
    /// At least once; the number is that of the choice after each round.
    Loop(Box<Step<'t>>, usize),
    Capture(char, Box<Step<'t>>),
}

impl<'t> Steps<'t> {
    pub(super) fn of(tree: &'t Tree) -> Self {
        Self { root: step(tree, &mut 0) }
    }
}

fn number(last: &mut usize) -> usize {
    *last += 1;
    *last
}

fn step<'t>(tree: &'t Tree, last: &mut usize) -> Step<'t> {
    let id = number(last);
    let form = match tree {
        Tree::Phrase => Form::Phrase,
        Tree::Seq(all) => Form::Seq(all.iter().map(|tree| step(tree, last)).collect()),
        Tree::Alt(all) => Form::Alt(all.iter().map(|tree| step(tree, last)).collect()),
        Tree::Capture(name, inner) => Form::Capture(*name, Box::new(step(inner, last))),
        Tree::Repeat(inner, min, Some(max)) => {
            let mut rest = None;
            for _ in *min..*max {
                let mut all = vec![step(inner, last)];
                all.extend(rest);
                let round = Step { id: number(last), form: Form::Seq(all) };
                rest = Some(Step { id: number(last), form: Form::Maybe(Box::new(round)) });
            }
            let all = (0..*min).map(|_| step(inner, last));
            Form::Seq(all.collect::<Vec<_>>().into_iter().chain(rest).collect())
        }
        Tree::Repeat(inner, min, None) => {
            let mut all: Vec<Step<'t>> = (1..*min).map(|_| step(inner, last)).collect();
            let round = Box::new(step(inner, last));
            let again = Step { id: number(last), form: Form::Loop(round, number(last)) };
            if *min == 0 {
                Form::Maybe(Box::new(again))
            } else {
                all.push(again);
                Form::Seq(all)
            }
        }
        leaf => Form::Leaf(leaf),
    };
    Step { id, form }
}

/// What is done after a piece has matched up to a token: whether the rest leads to the end that is wanted.
type Rest<'r, 'w, 's> = &'r mut dyn FnMut(&mut Way<'w, 's>, usize) -> bool;

/// One way through a pattern, tried piece after piece; what leads nowhere is taken back.
struct Way<'w, 's> {
    slow: &'w Slow<'s>,
    /// Pieces that were begun on this way, each with its token: none is begun twice at one token, else a way had no end.
    begun: Vec<(usize, usize)>,
    /// The same over all ways, where what led nowhere is remembered.
    marked: Option<HashSet<(usize, usize)>>,
    captures: Captures,
    steps: usize,
}

impl<'w, 's> Way<'w, 's> {
    fn new(slow: &'w Slow<'s>, marks: bool) -> Self {
        let marked = marks.then(HashSet::new);
        Self { slow, begun: Vec::new(), marked, captures: Vec::new(), steps: 0 }
    }

    /// Begins a piece at a token and goes on with `then`, unless it was begun there before.
    fn begin(&mut self, id: usize, at: usize, then: impl FnOnce(&mut Self) -> bool) -> bool {
        self.steps += 1;
        if let Some(marked) = &mut self.marked {
            return marked.insert((id, at)) && then(self);
        }
        let again = self.begun.iter().rev().take_while(|(_, token)| *token == at).any(|(own, _)| *own == id);
        if again || self.steps > MOST_STEPS {
            return false;
        }
        self.begun.push((id, at));
        let depth = self.begun.len();
        let there = then(self);
        self.begun.truncate(depth - 1);
        there
    }

    fn run(&mut self, step: &Step<'_>, at: usize, rest: Rest<'_, 'w, 's>) -> bool {
        self.begin(step.id, at, |way| match &step.form {
            Form::Leaf(tree) => {
                let ends = way.slow.ends(tree, at);
                ends.into_iter().rev().any(|end| rest(way, end))
            }
            Form::Phrase => way.phrase(at, rest),
            Form::Seq(all) => way.sequence(all, at, rest),
            Form::Alt(all) => all.iter().any(|one| way.run(one, at, rest)),
            Form::Maybe(inner) => way.run(inner, at, rest) || rest(way, at),
            Form::Loop(inner, again) => way.rounds(inner, *again, at, rest),
            Form::Capture(name, inner) => way.run(inner, at, &mut |way, end| {
                way.captures.push((*name, at, end));
                let depth = way.captures.len();
                let there = rest(way, end);
                if !there {
                    way.captures.truncate(depth - 1);
                }
                there
            }),
        })
    }

    fn sequence(&mut self, all: &[Step<'_>], at: usize, rest: Rest<'_, 'w, 's>) -> bool {
        match all.split_first() {
            None => rest(self, at),
            Some((first, others)) => self.run(first, at, &mut |way, here| way.sequence(others, here, rest)),
        }
    }

    fn rounds(&mut self, inner: &Step<'_>, again: usize, at: usize, rest: Rest<'_, 'w, 's>) -> bool {
        self.run(inner, at, &mut |way, here| {
            way.begin(again, here, |way| way.rounds(inner, again, here, rest) || rest(way, here))
        })
    }

    /// A shared phrase is matched by itself: each of its ends once, in order of preference.
    fn phrase(&mut self, at: usize, rest: Rest<'_, 'w, 's>) -> bool {
        let steps = Steps::of(&self.slow.world.phrase);
        let mut inner = Way::new(self.slow, true);
        let mut ends: Vec<(usize, Captures)> = Vec::new();
        inner.run(&steps.root, at, &mut |way, end| {
            if ends.iter().all(|(known, _)| *known != end) {
                ends.push((end, way.captures.clone()));
            }
            false
        });
        let depth = self.captures.len();
        ends.into_iter().any(|(end, captures)| {
            self.captures.extend(captures);
            let there = rest(self, end);
            if !there {
                self.captures.truncate(depth);
            }
            there
        })
    }
}
