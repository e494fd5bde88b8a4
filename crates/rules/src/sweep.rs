//! Finding: a program is swept once from its end to its beginning, over all places of a sentence at a time.
//!
//! For each step of a program the sweep gives the places from which that step leads to the end of a match. What
//! stands at the first step are the beginnings of all matches; what stands at the others guides the search for their
//! ends ([`crate::search`]), which never takes a way that leads nowhere.

use crate::known::Known;
use crate::lane::{Context, Lane};
use crate::places::Places;
use crate::program::{Atom, Kind, Op, Program};
use crate::ruleset::Shared;

/// What a sweep of a phrase gave that leads to some of its ends.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answer<const W: usize> {
    pub(crate) ends: Places<W>,
    /// For each step the places that lead there.
    pub(crate) alive: Vec<Places<W>>,
}

impl<const W: usize> Lane<W> {
    /// Fills `alive` with the places from which each step of the program leads to the end of a match.
    pub(crate) fn sweep(&mut self, cx: Context<'_, '_>, program: &Program, alive: &mut Vec<Places<W>>) {
        self.sweep_to(cx, program, self.every, alive);
    }

    /// As [`Lane::sweep`], for matches that end at one of `ends`.
    fn sweep_to(
        &mut self,
        cx: Context<'_, '_>,
        program: &Program,
        ends: Places<W>,
        alive: &mut Vec<Places<W>>,
    ) {
        if alive.len() < program.steps.len() {
            alive.resize(program.steps.len(), Places::NONE);
        }
        // Loops whose end was met, as bits; the 65th and later ones begin anew in each round, which is only slower.
        let mut entered = 0_u64;
        let mut n = 0;
        while let Some(op) = program.ops.get(n) {
            n += 1;
            match *op {
                Op::Enter { split, body, out, number } => {
                    let bit = 1_u64.checked_shl(number).unwrap_or(0);
                    if entered & bit == 0 {
                        alive[body as usize] = Places::NONE;
                        entered |= bit;
                    }
                    alive[split as usize] = alive[out as usize].or(alive[body as usize]);
                }
                Op::Again { split, body, back } => {
                    let more = alive[body as usize].without(alive[split as usize]);
                    if !more.is_empty() {
                        alive[split as usize] = alive[split as usize].or(more);
                        n = back as usize;
                    }
                }
                Op::Skip { at, next, to } if alive[next as usize].is_empty() => {
                    alive[at as usize] = Places::NONE;
                    n = to as usize;
                }
                Op::Cut { at } if alive[at as usize].is_empty() => {
                    alive[0] = Places::NONE;
                    return;
                }
                Op::Skip { .. } | Op::Cut { .. } => {}
                Op::Accept { at, last } => alive[at as usize] = if last { ends } else { self.every },
                Op::Test { at, test } => alive[at as usize] = self.before(cx, test, alive[at as usize + 1]),
                Op::Item { at, item } => {
                    let after = alive[at as usize + 1];
                    alive[at as usize] = if after.is_empty() { after } else { self.over(cx, item, after) };
                }
                Op::Copy { at, from } => alive[at as usize] = alive[from as usize],
                Op::Either { at, first, second } => {
                    alive[at as usize] = alive[first as usize].or(alive[second as usize]);
                }
                Op::Run { split, out, test } => self.run(cx, alive, split, out, test),
                Op::Look { at, body, next, negative } => {
                    let (here, seen) = (alive[next as usize], alive[body as usize]);
                    alive[at as usize] = if negative { here.without(seen) } else { here.and(seen) };
                }
                Op::Start { at } => alive[at as usize] = alive[at as usize + 1].and(self.start()),
                Op::End { at } => alive[at as usize] = alive[at as usize + 1].and(Places::one(0)),
            }
        }
    }

    fn start(&self) -> Places<W> {
        Places::one(self.sentence.len())
    }

    /// The tokens that pass a test and end at one of `ends`.
    #[inline]
    fn before(&mut self, cx: Context<'_, '_>, test: u32, ends: Places<W>) -> Places<W> {
        if ends.is_empty() { ends } else { self.test(cx, test, ends.back().and(self.tokens)) }
    }

    /// A run of tokens that pass a test, and the token before it.
    #[inline]
    fn run(&mut self, cx: Context<'_, '_>, alive: &mut [Places<W>], split: u32, out: u32, test: u32) {
        let after = alive[out as usize];
        let class = if after.is_empty() { after } else { self.test(cx, test, self.tokens) };
        let all = after.back_through(class);
        alive[split as usize] = all;
        alive[split as usize - 1] = all.back().and(class);
    }

    /// The places at which the item begins so that it ends at one of `ends`.
    pub(crate) fn over(&mut self, cx: Context<'_, '_>, number: u32, ends: Places<W>) -> Places<W> {
        let item = &cx.rules.items[number as usize];
        match item.kind {
            Kind::Phrase(phrase) => return self.over_phrase(cx, phrase, ends),
            Kind::List(list) if self.listed(list).is_empty() => return Places::NONE,
            Kind::Annotation(kind) if !cx.present.has(cx.rules.triggers.of(Atom::Annotation(kind))) => {
                return Places::NONE;
            }
            _ => {}
        }
        self.edges(cx, number, item);
        let mut found = Places::NONE;
        for &(start, end) in &self.items[number as usize].what {
            if ends.has(end as usize) {
                found.insert(start as usize);
            }
        }
        found
    }

    fn over_phrase(&mut self, cx: Context<'_, '_>, phrase: u32, ends: Places<W>) -> Places<W> {
        let moving = cx.rules.phrases[phrase as usize].moving;
        if !self.is_open(cx, phrase, moving) {
            return Places::NONE;
        }
        // What leads to several ends is what leads to each of them: where none ends need not be looked at again.
        let known = &self.barren[phrase as usize];
        let barren = if self.holds(known.at, moving) { known.what } else { Places::NONE };
        let ends = ends.without(barren);
        if ends.is_empty() {
            return ends;
        }
        for known in &self.answers[phrase as usize] {
            if self.holds(known.at, moving) && known.what.ends.without(barren) == ends {
                return known.what.alive[0];
            }
        }
        let program = &cx.rules.phrases[phrase as usize].program;
        let mut found = Places::NONE;
        if self.may_match(cx, program, ends) {
            let mut alive = self.borrow();
            self.sweep_to(cx, program, ends, &mut alive);
            found = alive[0];
            if found.is_empty() {
                self.give_back(alive);
            } else {
                self.answered(phrase, moving, Answer { ends, alive });
            }
        }
        if found.is_empty() {
            self.barren[phrase as usize] = Known { at: self.clock, what: barren.or(ends) };
        }
        found
    }

    /// Keeps what a sweep of a phrase gave in place of what no longer holds, else of the oldest.
    fn answered(&mut self, phrase: u32, moving: bool, what: Answer<W>) {
        let answers = &self.answers[phrase as usize];
        let stale = answers.iter().position(|known| !self.holds(known.at, moving));
        let slot = stale.unwrap_or(answers.len() - 1);
        let answers = &mut self.answers[phrase as usize];
        answers[..=slot].rotate_right(1);
        let old = std::mem::replace(&mut answers[0], Known { at: self.clock, what });
        self.give_back(old.what.alive);
    }

    /// Whether everything that a phrase needs stands in the sentence.
    fn is_open(&mut self, cx: Context<'_, '_>, phrase: u32, moving: bool) -> bool {
        let known = &self.open[phrase as usize];
        if self.holds(known.at, moving) {
            return known.what;
        }
        let triggers = &cx.rules.triggers;
        let what = cx.present.may_match(triggers, phrase) && self.opens(cx, triggers.gates_of_phrase(phrase));
        self.open[phrase as usize] = Known { at: self.clock, what };
        what
    }

    /// The sweep of a phrase to ends among which are `ends`, with its place in `answers`, to which [`Lane::put_back`] returns it.
    pub(crate) fn take_out(
        &mut self,
        cx: Context<'_, '_>,
        phrase: u32,
        ends: Places<W>,
    ) -> (usize, Answer<W>) {
        let number = phrase as usize;
        let Shared { program, moving, .. } = &cx.rules.phrases[number];
        let known = &self.barren[number];
        let ends = if self.holds(known.at, *moving) { ends.without(known.what) } else { ends };
        let has = |known: &Known<Answer<W>>| {
            self.holds(known.at, *moving) && ends.without(known.what.ends).is_empty()
        };
        let slot = self.answers[number].iter().position(has).unwrap_or_else(|| {
            let mut alive = self.borrow();
            self.sweep(cx, program, &mut alive);
            self.answered(phrase, *moving, Answer { ends: self.every, alive });
            0
        });
        (slot, std::mem::take(&mut self.answers[number][slot].what))
    }

    pub(crate) fn put_back(&mut self, phrase: u32, slot: usize, answer: Answer<W>) {
        self.answers[phrase as usize][slot].what = answer;
    }

    /// Memory for a sweep; [`Lane::give_back`] returns it.
    pub(crate) fn borrow(&mut self) -> Vec<Places<W>> {
        self.spare.pop().unwrap_or_default()
    }

    pub(crate) fn give_back(&mut self, alive: Vec<Places<W>>) {
        self.spare.push(alive);
    }

    /// The sweep of a rule, made anew if it was not kept; [`Lane::keep`] returns it.
    pub(crate) fn swept(&mut self, cx: Context<'_, '_>, rule: usize) -> Vec<Places<W>> {
        if let Some(n) = self.kept.iter().position(|(kept, _)| *kept == rule) {
            return self.kept.swap_remove(n).1;
        }
        let mut alive = self.borrow();
        self.sweep(cx, &cx.rules.rules[rule].program, &mut alive);
        alive
    }

    /// Keeps the sweep of a rule until annotations are added.
    pub(crate) fn keep(&mut self, rule: usize, alive: Vec<Places<W>>) {
        self.kept.push((rule, alive));
    }

    pub(crate) fn drop_kept(&mut self) {
        self.spare.extend(self.kept.drain(..).map(|(_, alive)| alive));
    }
}
