//! The longest match from a place where one is known to begin, with its captures.
//!
//! The search follows the program in order of preference; the places of the sweep tell which steps lead to an end, and
//! each step is visited once for each token.

use crate::doc::{Capture, Range, Source};
use crate::lane::{Context, Lane};
use crate::places::Places;
use crate::program::{Kind, Program, Step};
use crate::symbol::Symbol;

/// A match before any conflict is settled.
#[derive(Clone, Debug)]
pub(crate) struct Match {
    pub(crate) range: Range,
    pub(crate) captures: Vec<Capture>,
    /// Items that were matched: name, and where their data lies.
    pub(crate) items: Vec<(Symbol, Source)>,
}

/// What happened on the way to a state; a chain back to the start.
#[derive(Clone, Copy, Debug)]
enum Event {
    Open(Symbol, u32),
    Close(Symbol, u32),
    Item(Symbol, Source),
    /// What happened inside a shared phrase.
    Phrase(u32),
}

const ROOT: u32 = u32::MAX;

/// Ends of a phrase from a token, as a stretch of [`Search::ends`].
#[derive(Clone, Copy, Debug, Default)]
struct Ends<const W: usize> {
    at: u32,
    /// Of these ends all are there that can be reached.
    among: Places<W>,
    from: u32,
    to: u32,
}

/// The states that one search has visited, marked by the number of the search.
#[derive(Debug, Default)]
struct Visited {
    marks: Vec<u32>,
    round: u32,
    width: usize,
}

impl Visited {
    /// Begins a search over this many steps and tokens.
    fn begin(&mut self, steps: usize, width: usize) {
        if self.marks.len() < steps * width {
            self.marks.resize(steps * width, 0);
        }
        self.width = width;
        self.round = self.round.wrapping_add(1);
        if self.round == 0 {
            self.marks.fill(0);
            self.round = 1;
        }
    }

    /// Marks a state; whether it was marked before.
    #[inline]
    fn again(&mut self, pc: u32, place: usize) -> bool {
        let slot = pc as usize * self.width + place;
        std::mem::replace(&mut self.marks[slot], self.round) == self.round
    }
}

/// Reused memory of the search.
#[derive(Debug, Default)]
pub(crate) struct Search<const W: usize> {
    /// One for each search that lies within another.
    visited: Vec<Visited>,
    depth: usize,
    stack: Vec<(u32, u32, u32)>,
    events: Vec<(Event, u32)>,
    /// For each shared phrase and token of the sentence its ends, in order of preference, with the events on the way.
    phrases: Vec<Vec<Ends<W>>>,
    ends: Vec<(u32, u32)>,
    shared_events: Vec<(Event, u32)>,
    /// For reading the events of a match back.
    path: Vec<Event>,
    open: Vec<(Symbol, u32)>,
}

impl<const W: usize> Search<W> {
    pub(crate) fn new(phrases: usize) -> Self {
        Self { phrases: vec![Vec::new(); phrases], ..Self::default() }
    }

    /// Begins a sentence.
    pub(crate) fn begin(&mut self) {
        self.ends.clear();
        self.shared_events.clear();
    }

    /// The events of a chain, first to last, those inside shared phrases in their places.
    fn unwind(&self, arena: &[(Event, u32)], last: u32, path: &mut Vec<Event>) {
        let (from, mut cursor) = (path.len(), last);
        while cursor != ROOT {
            let (event, before) = arena[cursor as usize];
            path.push(event);
            cursor = before;
        }
        path[from..].reverse();
        if path[from..].iter().any(|event| matches!(event, Event::Phrase(_))) {
            for event in path.split_off(from) {
                match event {
                    Event::Phrase(inner) => self.unwind(&self.shared_events, inner, path),
                    event => path.push(event),
                }
            }
        }
    }

    /// Captures and items of a path; captures in order of their beginnings, longer before shorter.
    fn read(&mut self, last: u32, keeps_items: bool) -> (Vec<Capture>, Vec<(Symbol, Source)>) {
        let (mut captures, mut items) = (Vec::new(), Vec::new());
        if last == ROOT {
            return (captures, items);
        }
        let mut path = std::mem::take(&mut self.path);
        path.clear();
        self.unwind(&self.events, last, &mut path);
        self.open.clear();
        for event in &path {
            match *event {
                Event::Open(name, at) => self.open.push((name, at)),
                Event::Close(name, end) => {
                    if let Some(n) = self.open.iter().rposition(|(open, _)| *open == name) {
                        let (_, start) = self.open.remove(n);
                        captures.push(Capture { name, range: Range::new(start as usize, end as usize) });
                    }
                }
                Event::Item(name, source) => {
                    if keeps_items {
                        items.push((name, source));
                    }
                }
                Event::Phrase(_) => {}
            }
        }
        self.path = path;
        captures.sort_by_key(|c| (c.range.start, std::cmp::Reverse(c.range.end)));
        (captures, items)
    }
}

/// What stays the same during one search.
#[derive(Clone, Copy)]
struct Way<'w, const W: usize> {
    program: &'w Program,
    alive: &'w [Places<W>],
    limit: usize,
    /// Whether it matches a shared phrase.
    shared: bool,
}

impl<const W: usize> Lane<W> {
    /// The longest match of `program` from token `at` that ends before or at `limit`. `alive` is what a sweep of the
    /// program gave.
    pub(crate) fn longest(
        &mut self,
        cx: Context<'_, '_>,
        program: &Program,
        alive: &[Places<W>],
        at: usize,
        limit: usize,
    ) -> Option<Match> {
        self.search.events.clear();
        let limit = limit.min(self.sentence.end);
        let way = Way { program, alive, limit, shared: false };
        let mut best: Option<(usize, u32)> = None;
        self.reach(cx, &way, at, |end, event| {
            if end > at && best.is_none_or(|(longest, _)| end > longest) {
                best = Some((end, event));
            }
            end == limit
        });
        let (end, event) = best?;
        let (captures, items) = self.search.read(event, program.keeps_items);
        Some(Match { range: Range::new(at, end), captures, items })
    }

    /// Visits every state that leads to an end, in order of preference, and calls `accept` with each end and the events
    /// on the way, until it says that this is enough.
    fn reach(
        &mut self,
        cx: Context<'_, '_>,
        way: &Way<'_, W>,
        at: usize,
        mut accept: impl FnMut(usize, u32) -> bool,
    ) {
        let search = &mut self.search;
        if search.visited.len() <= search.depth {
            search.visited.push(Visited::default());
        }
        search.visited[search.depth].begin(way.program.steps.len(), self.sentence.len() + 1);
        let base = search.stack.len();
        search.stack.push((0, narrow(at), ROOT));
        while self.search.stack.len() > base {
            let Some((pc, here, event)) = self.search.stack.pop() else { break };
            if let Some((end, event)) = self.follow(cx, way, pc, here, event)
                && accept(end, event)
            {
                self.search.stack.truncate(base);
            }
        }
    }

    /// Follows one path until it ends; the end and the events where it accepts.
    fn follow(
        &mut self,
        cx: Context<'_, '_>,
        way: &Way<'_, W>,
        mut pc: u32,
        mut here: u32,
        mut event: u32,
    ) -> Option<(usize, u32)> {
        loop {
            if here as usize > way.limit {
                return None;
            }
            let place = self.place(here as usize);
            if !way.alive[pc as usize].has(place) || self.search.visited[self.search.depth].again(pc, place) {
                return None;
            }
            match &way.program.steps[pc as usize] {
                Step::Test(_) => here += 1,
                Step::Item(item) => {
                    self.push_ends(cx, way, *item, pc + 1, here, event);
                    return None;
                }
                Step::Split(first, second) => {
                    self.search.stack.push((*second, here, event));
                    pc = *first;
                    continue;
                }
                Step::Jump(to) | Step::Look { next: to, .. } => {
                    pc = *to;
                    continue;
                }
                Step::Open(name) => event = self.event(way, Event::Open(*name, here), event),
                Step::Close(name) => event = self.event(way, Event::Close(*name, here), event),
                Step::Start | Step::End => {}
                Step::Accept => return Some((here as usize, event)),
            }
            pc += 1;
        }
    }

    fn event(&mut self, way: &Way<'_, W>, event: Event, before: u32) -> u32 {
        let arena = if way.shared { &mut self.search.shared_events } else { &mut self.search.events };
        arena.push((event, before));
        narrow(arena.len() - 1)
    }

    /// Puts the ends of an item on the stack: of an entry or annotation the longest on top, of a phrase the preferred.
    fn push_ends(
        &mut self,
        cx: Context<'_, '_>,
        way: &Way<'_, W>,
        item: u32,
        pc: u32,
        here: u32,
        event: u32,
    ) {
        let item = &cx.rules.items[item as usize];
        if let Kind::Phrase(phrase) = item.kind {
            let ends = self.phrase_ends(cx, phrase, here as usize, way.alive[pc as usize]);
            for n in (ends.from..ends.to).rev() {
                let (end, inner) = self.search.ends[n as usize];
                if end as usize <= way.limit && way.alive[pc as usize].has(self.place(end as usize)) {
                    let event =
                        if inner == ROOT { event } else { self.event(way, Event::Phrase(inner), event) };
                    self.search.stack.push((pc, end, event));
                }
            }
            return;
        }
        let from = self.search.stack.len();
        let last = self.sentence.end;
        let Search { stack, events, shared_events, .. } = &mut self.search;
        let arena = if way.shared { shared_events } else { events };
        cx.doc.item_ends(cx.rules, item, here as usize, |end, source| {
            if end <= way.limit && way.alive[pc as usize].has(last - end) {
                arena.push((Event::Item(item.name, source), event));
                stack.push((pc, narrow(end), narrow(arena.len() - 1)));
            }
        });
        stack[from..].sort_by_key(|(_, end, _)| *end);
    }

    /// The ends of a shared phrase from a token, those of `among` at least, looked for once.
    fn phrase_ends(&mut self, cx: Context<'_, '_>, phrase: u32, at: usize, among: Places<W>) -> Ends<W> {
        let shared = &cx.rules.phrases[phrase as usize];
        let place = self.place(at);
        let row = &mut self.search.phrases[phrase as usize];
        if row.len() <= place {
            row.resize(place + 1, Ends::default());
        }
        let known = self.search.phrases[phrase as usize][place];
        if self.holds(known.at, shared.moving) && among.without(known.among).is_empty() {
            return known;
        }
        let (slot, answer) = self.take_out(cx, phrase, among);
        let way =
            Way { program: &shared.program, alive: &answer.alive, limit: self.sentence.end, shared: true };
        let mut found = Vec::new();
        self.search.depth += 1;
        self.reach(cx, &way, at, |end, event| {
            found.push((narrow(end), event));
            false
        });
        self.search.depth -= 1;
        // What nothing reaches need not be looked for again either.
        let among = among.or(answer.ends);
        self.put_back(phrase, slot, answer);
        let from = narrow(self.search.ends.len());
        self.search.ends.extend(found);
        let ends = Ends { at: self.now(), among, from, to: narrow(self.search.ends.len()) };
        self.search.phrases[phrase as usize][place] = ends;
        ends
    }
}

fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
