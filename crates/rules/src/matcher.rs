//! Runs one program from one token: Thompson's simulation, each state visited once for each token.

use chancery_text::Sentence;

use crate::doc::{Capture, Doc, Range, Source};
use crate::program::{Item, Program, Step, Test};
use crate::ruleset::RuleSet;
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
}

const ROOT: u32 = u32::MAX;

/// What stays the same during one search.
struct Search<'s, 't> {
    rules: &'s RuleSet,
    doc: &'s Doc<'t>,
    steps: &'s [Step],
    /// Where it begins, and where it must end.
    at: usize,
    limit: usize,
    width: usize,
    round: u32,
}

/// Reused memory of the search, and the answers to tests in the current sentence.
#[derive(Debug, Default)]
pub(crate) struct Matcher {
    visited: Vec<u32>,
    round: u32,
    stack: Vec<(u32, u32, u32)>,
    events: Vec<(Event, u32)>,
    /// 0 unknown, 1 false, 2 true; one for each test and token of the sentence.
    answers: Vec<u8>,
    sentence: Range,
}

impl Matcher {
    /// Begins a sentence: forgets the answers of the last one. To be called again when annotations were added.
    pub(crate) fn begin(&mut self, rules: &RuleSet, sentence: &Sentence) {
        self.sentence = Range::new(sentence.start, sentence.end);
        self.answers.clear();
        self.answers.resize(rules.tests.len() * self.sentence.len(), 0);
    }

    #[inline]
    fn test(&mut self, rules: &RuleSet, doc: &Doc<'_>, test: u32, at: usize) -> bool {
        match &rules.tests[test as usize] {
            Test::Any => true,
            Test::Shape(shape) => doc.tokens()[at].shape.has(*shape),
            Test::Word(numbers) => doc.numbers(at) == &**numbers,
            Test::Exact(word) => doc.word(at) == &**word,
            Test::AnyOf(lists, rest) if rest.is_empty() => doc.list_bits(at) & lists != 0,
            Test::All(bits, rest) => {
                bits.fit(doc.tokens()[at].shape, doc.list_bits(at))
                    && (rest.is_empty() || self.remembered(rules, doc, test, at))
            }
            _ => self.remembered(rules, doc, test, at),
        }
    }

    /// The answer to a test that costs something, asked once for each token.
    fn remembered(&mut self, rules: &RuleSet, doc: &Doc<'_>, test: u32, at: usize) -> bool {
        let slot = test as usize * self.sentence.len() + (at - self.sentence.start);
        if self.answers[slot] == 0 {
            if let Test::Inside(item) = &rules.tests[test as usize] {
                self.cover(rules, doc, test, &rules.items[*item as usize]);
            } else {
                self.answers[slot] = 1 + u8::from(self.ask(rules, doc, test, at));
            }
        }
        self.answers[slot] == 2
    }

    fn ask(&mut self, rules: &RuleSet, doc: &Doc<'_>, test: u32, at: usize) -> bool {
        match &rules.tests[test as usize] {
            Test::Regex(regex) => regex.is_match(doc.word(at)),
            Test::Begins(item) => self.begins(rules, doc, *item, at),
            Test::All(_, rest) => {
                rest.iter().all(|(negative, test)| self.test(rules, doc, *test, at) != *negative)
            }
            Test::AnyOf(lists, rest) => {
                doc.list_bits(at) & lists != 0 || rest.iter().any(|test| self.test(rules, doc, *test, at))
            }
            _ => self.test(rules, doc, test, at),
        }
    }

    /// Answers `{@x}` for every token of the sentence at once.
    fn cover(&mut self, rules: &RuleSet, doc: &Doc<'_>, test: u32, item: &Item) {
        let (start, width) = (self.sentence.start, self.sentence.len());
        let row = test as usize * width;
        self.answers[row..row + width].fill(1);
        for at in start..self.sentence.end {
            doc.item_ends(rules, item, at, |end, _| {
                let end = end.min(self.sentence.end) - start;
                self.answers[row + at - start..row + end].fill(2);
            });
        }
    }

    fn begins(&self, rules: &RuleSet, doc: &Doc<'_>, item: u32, at: usize) -> bool {
        let mut hit = false;
        doc.item_ends(rules, &rules.items[item as usize], at, |end, _| hit |= end <= self.sentence.end);
        hit
    }

    /// Whether a match of `program` may begin at token `at`.
    #[inline]
    pub(crate) fn may_begin(&mut self, rules: &RuleSet, doc: &Doc<'_>, program: &Program, at: usize) -> bool {
        program.first.is_none_or(|first| self.test(rules, doc, first, at))
    }

    /// The longest match of `program` from token `at` that ends before or at `limit`.
    pub(crate) fn longest(
        &mut self,
        rules: &RuleSet,
        doc: &Doc<'_>,
        program: &Program,
        at: usize,
        limit: usize,
    ) -> Option<Match> {
        self.events.clear();
        let (end, event) = self.search(rules, doc, &program.steps, 0, at, limit.min(self.sentence.end))?;
        let (mut captures, mut items, mut open) = (Vec::new(), Vec::new(), Vec::new());
        let mut path = Vec::new();
        let mut cursor = event;
        while cursor != ROOT {
            let (event, before) = self.events[cursor as usize];
            path.push(event);
            cursor = before;
        }
        for event in path.into_iter().rev() {
            match event {
                Event::Open(name, at) => open.push((name, at)),
                Event::Close(name, end) => {
                    if let Some(n) = open.iter().rposition(|(o, _)| *o == name) {
                        let (_, start) = open.remove(n);
                        captures.push(Capture { name, range: Range::new(start as usize, end as usize) });
                    }
                }
                Event::Item(name, source) => items.push((name, source)),
            }
        }
        captures.sort_by_key(|c| (c.range.start, std::cmp::Reverse(c.range.end)));
        Some(Match { range: Range::new(at, end), captures, items })
    }

    /// Visits every state that can be reached from step `pc` at token `at`, in order of preference; the longest accepting
    /// end and the events on the way to it.
    fn search(
        &mut self,
        rules: &RuleSet,
        doc: &Doc<'_>,
        steps: &[Step],
        pc: u32,
        at: usize,
        limit: usize,
    ) -> Option<(usize, u32)> {
        let width = limit - at + 1;
        let needed = steps.len() * width;
        if self.visited.len() < needed {
            self.visited.resize(needed, 0);
        }
        self.round = self.round.wrapping_add(1);
        if self.round == 0 {
            self.visited.fill(0);
            self.round = 1;
        }
        let search = Search { rules, doc, steps, at, limit, width, round: self.round };
        let mut best: Option<(usize, u32)> = None;
        let base = self.stack.len();
        self.stack.push((pc, narrow(at), ROOT));
        while self.stack.len() > base {
            let Some((pc, here, event)) = self.stack.pop() else { break };
            if let Some((end, event)) = self.follow(&search, pc, here, event)
                && end > at
                && best.is_none_or(|(longest, _)| end > longest)
            {
                best = Some((end, event));
                if end == limit {
                    self.stack.truncate(base);
                }
            }
        }
        best
    }

    /// Follows one path until it ends; the end and the events where it accepts.
    fn follow(
        &mut self,
        search: &Search<'_, '_>,
        mut pc: u32,
        mut here: u32,
        mut event: u32,
    ) -> Option<(usize, u32)> {
        let Search { rules, doc, steps, limit, .. } = *search;
        loop {
            let slot = pc as usize * search.width + (here as usize - search.at);
            if self.visited[slot] == search.round {
                return None;
            }
            self.visited[slot] = search.round;
            match &steps[pc as usize] {
                Step::Test(test) => {
                    if here as usize >= limit || !self.test(rules, doc, *test, here as usize) {
                        return None;
                    }
                    here += 1;
                }
                Step::Item(item) => {
                    if (here as usize) < limit {
                        self.push_ends(search, *item, pc + 1, here, event);
                    }
                    return None;
                }
                Step::Split(first, second) => {
                    self.stack.push((*second, here, event));
                    pc = *first;
                    continue;
                }
                Step::Jump(to) => {
                    pc = *to;
                    continue;
                }
                Step::Open(name) => event = self.event(Event::Open(*name, here), event),
                Step::Close(name) => event = self.event(Event::Close(*name, here), event),
                Step::Look { negative, body, next } => {
                    if self.ahead(rules, doc, steps, *body, here as usize) == *negative {
                        return None;
                    }
                    pc = *next;
                    continue;
                }
                Step::Start if here as usize == self.sentence.start => {}
                Step::End if here as usize == self.sentence.end => {}
                Step::Start | Step::End => return None,
                Step::Accept => return Some((here as usize, event)),
            }
            pc += 1;
        }
    }

    fn event(&mut self, event: Event, before: u32) -> u32 {
        self.events.push((event, before));
        narrow(self.events.len() - 1)
    }

    /// Puts the ends of an item on the stack, the longest on top.
    fn push_ends(&mut self, search: &Search<'_, '_>, item: u32, pc: u32, here: u32, event: u32) {
        let item = &search.rules.items[item as usize];
        let from = self.stack.len();
        search.doc.item_ends(search.rules, item, here as usize, |end, source| {
            if end <= search.limit {
                self.events.push((Event::Item(item.name, source), event));
                self.stack.push((pc, narrow(end), narrow(self.events.len() - 1)));
            }
        });
        self.stack[from..].sort_by_key(|(_, end, _)| *end);
    }

    /// Whether the look-ahead at `body` matches from token `at`, within the sentence.
    fn ahead(&mut self, rules: &RuleSet, doc: &Doc<'_>, steps: &[Step], body: u32, at: usize) -> bool {
        // A look-ahead of one test or item, by far the most, needs no search of its own.
        match (&steps[body as usize], steps.get(body as usize + 1)) {
            (Step::Test(test), Some(Step::Accept)) => {
                return at < self.sentence.end && self.test(rules, doc, *test, at);
            }
            (Step::Item(item), Some(Step::Accept)) => {
                return at < self.sentence.end && self.begins(rules, doc, *item, at);
            }
            (Step::End, Some(Step::Accept)) => return at == self.sentence.end,
            _ => {}
        }
        let mut inner =
            Self { answers: std::mem::take(&mut self.answers), sentence: self.sentence, ..Self::default() };
        // A group looks at most this far ahead, so that a look-ahead costs no more than a constant.
        let limit = (at + LONGEST_LOOK).min(self.sentence.end);
        let found = inner.search(rules, doc, steps, body, at, limit).is_some();
        self.answers = inner.answers;
        found
    }
}

/// How many tokens a look-ahead group may span.
const LONGEST_LOOK: usize = 16;

fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
