//! Runs one program from one token: Thompson's simulation, each state visited once for each token.

use chancery_text::Sentence;

use crate::doc::{Capture, Doc, Range, Source};
use crate::program::{Item, Kind, Program, Step, Test};
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
    /// What happened inside a shared phrase.
    Phrase(u32),
}

const ROOT: u32 = u32::MAX;

/// What stays the same during one search.
#[derive(Clone, Copy)]
struct Search<'s, 't> {
    rules: &'s RuleSet,
    doc: &'s Doc<'t>,
    steps: &'s [Step],
    /// Where it begins, and where it must end.
    at: usize,
    limit: usize,
    /// How many searches it lies within, each with its own memory of states.
    depth: usize,
    /// Whether it matches a shared phrase.
    shared: bool,
}

/// Ends of a phrase from a token, as a stretch of [`Matcher::ends`]; not looked for yet where `known` is false.
#[derive(Clone, Copy, Debug, Default)]
struct Ends {
    known: bool,
    from: u32,
    to: u32,
}

/// What is known of a test at a token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Answer {
    #[default]
    Unknown,
    No,
    Yes,
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
    fn again(&mut self, pc: u32, token: usize) -> bool {
        let slot = pc as usize * self.width + token;
        std::mem::replace(&mut self.marks[slot], self.round) == self.round
    }
}

/// Reused memory of the search, and the answers to tests in the current sentence.
#[derive(Debug, Default)]
pub(crate) struct Matcher {
    visited: Vec<Visited>,
    stack: Vec<(u32, u32, u32)>,
    events: Vec<(Event, u32)>,
    /// One for each test and token of the sentence; a row is cleared when its test is first asked.
    answers: Vec<Answer>,
    answered: Vec<u32>,
    /// For each shared phrase and token of the sentence its ends, in order of preference, with the events on the way;
    /// a row is cleared when its phrase is first asked for.
    phrases: Vec<Ends>,
    asked: Vec<u32>,
    /// Counts sentences and layers, to tell which rows are of this one.
    round: u32,
    ends: Vec<(u32, u32)>,
    shared_events: Vec<(Event, u32)>,
    /// For reading the events of a match back.
    path: Vec<Event>,
    open: Vec<(Symbol, u32)>,
    sentence: Range,
}

impl Matcher {
    /// Begins a sentence: forgets the answers of the last one. To be called again when annotations were added.
    pub(crate) fn begin(&mut self, rules: &RuleSet, sentence: &Sentence) {
        self.sentence = Range::new(sentence.start, sentence.end);
        self.round += 1;
        grow(&mut self.answers, rules.tests.len() * self.sentence.len());
        grow(&mut self.answered, rules.tests.len());
        grow(&mut self.phrases, rules.phrases.len() * (self.sentence.len() + 1));
        grow(&mut self.asked, rules.phrases.len());
        self.ends.clear();
        self.shared_events.clear();
    }

    #[inline]
    fn test(&mut self, rules: &RuleSet, doc: &Doc<'_>, test: u32, at: usize) -> bool {
        match &rules.tests[test as usize] {
            Test::Any => true,
            Test::Shape(shape) => doc.tokens()[at].shape.has(*shape),
            Test::Words(all) => match &**all {
                [one] => doc.number(at) == *one,
                all => all.binary_search(&doc.number(at)).is_ok(),
            },
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
        let width = self.sentence.len();
        let row = test as usize * width;
        if self.answered[test as usize] != self.round {
            self.answered[test as usize] = self.round;
            if let Test::Inside(item) = &rules.tests[test as usize] {
                self.cover(rules, doc, row, &rules.items[*item as usize]);
            } else {
                self.answers[row..row + width].fill(Answer::Unknown);
            }
        }
        let slot = row + at - self.sentence.start;
        if self.answers[slot] == Answer::Unknown {
            let yes = self.ask(rules, doc, test, at);
            self.answers[slot] = if yes { Answer::Yes } else { Answer::No };
        }
        self.answers[slot] == Answer::Yes
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
    fn cover(&mut self, rules: &RuleSet, doc: &Doc<'_>, row: usize, item: &Item) {
        let (start, width) = (self.sentence.start, self.sentence.len());
        self.answers[row..row + width].fill(Answer::No);
        for at in start..self.sentence.end {
            doc.item_ends(rules, item, at, |end, _| {
                let end = end.min(self.sentence.end) - start;
                self.answers[row + at - start..row + end].fill(Answer::Yes);
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
        let limit = limit.min(self.sentence.end);
        let search = Search { rules, doc, steps: &program.steps, at, limit, depth: 0, shared: false };
        let (end, event) = self.search(&search, 0)?;
        let mut path = std::mem::take(&mut self.path);
        path.clear();
        self.unwind(&self.events, event, &mut path);
        let (mut captures, mut items) = (Vec::new(), Vec::new());
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
                    if program.keeps_items {
                        items.push((name, source));
                    }
                }
                Event::Phrase(_) => {}
            }
        }
        self.path = path;
        captures.sort_by_key(|c| (c.range.start, std::cmp::Reverse(c.range.end)));
        Some(Match { range: Range::new(at, end), captures, items })
    }

    /// The events of a chain, first to last, those inside shared phrases in their places.
    fn unwind(&self, arena: &[(Event, u32)], last: u32, path: &mut Vec<Event>) {
        if last == ROOT {
            return;
        }
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

    /// The longest accepting end from step `pc`, and the events on the way to it.
    fn search(&mut self, search: &Search<'_, '_>, pc: u32) -> Option<(usize, u32)> {
        let mut best: Option<(usize, u32)> = None;
        self.reach(search, pc, |end, event| {
            if end > search.at && best.is_none_or(|(longest, _)| end > longest) {
                best = Some((end, event));
            }
            end == search.limit
        });
        best
    }

    /// Visits every state that can be reached from step `pc` at the search's token, in order of preference, and calls
    /// `accept` with each end and the events on the way, until it says that this is enough.
    fn reach(&mut self, search: &Search<'_, '_>, pc: u32, mut accept: impl FnMut(usize, u32) -> bool) {
        if self.visited.len() <= search.depth {
            self.visited.push(Visited::default());
        }
        self.visited[search.depth].begin(search.steps.len(), search.limit - search.at + 1);
        let base = self.stack.len();
        self.stack.push((pc, narrow(search.at), ROOT));
        while self.stack.len() > base {
            let Some((pc, here, event)) = self.stack.pop() else { break };
            if let Some((end, event)) = self.follow(search, pc, here, event)
                && accept(end, event)
            {
                self.stack.truncate(base);
            }
        }
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
            if self.visited[search.depth].again(pc, here as usize - search.at) {
                return None;
            }
            match &steps[pc as usize] {
                Step::Test(test) => {
                    if here as usize >= limit || !self.test(rules, doc, *test, here as usize) {
                        return None;
                    }
                    here += 1;
                }
                Step::Item(item) => {
                    self.push_ends(search, *item, pc + 1, here, event);
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
                Step::Open(name) => event = self.event(search, Event::Open(*name, here), event),
                Step::Close(name) => event = self.event(search, Event::Close(*name, here), event),
                Step::Look { negative, body, next } => {
                    if self.ahead(search, *body, here as usize) == *negative {
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

    fn event(&mut self, search: &Search<'_, '_>, event: Event, before: u32) -> u32 {
        let arena = if search.shared { &mut self.shared_events } else { &mut self.events };
        arena.push((event, before));
        narrow(arena.len() - 1)
    }

    /// Puts the ends of an item on the stack: of an entry or annotation the longest on top, of a phrase the preferred.
    fn push_ends(&mut self, search: &Search<'_, '_>, item: u32, pc: u32, here: u32, event: u32) {
        let item = &search.rules.items[item as usize];
        if let Kind::Phrase(phrase) = item.kind {
            let ends = self.phrase(search, phrase, here as usize);
            for n in (ends.from..ends.to).rev() {
                let (end, inner) = self.ends[n as usize];
                if end as usize <= search.limit {
                    let event =
                        if inner == ROOT { event } else { self.event(search, Event::Phrase(inner), event) };
                    self.stack.push((pc, end, event));
                }
            }
            return;
        }
        if here as usize >= search.limit {
            return;
        }
        let from = self.stack.len();
        let arena = if search.shared { &mut self.shared_events } else { &mut self.events };
        let stack = &mut self.stack;
        search.doc.item_ends(search.rules, item, here as usize, |end, source| {
            if end <= search.limit {
                arena.push((Event::Item(item.name, source), event));
                stack.push((pc, narrow(end), narrow(arena.len() - 1)));
            }
        });
        self.stack[from..].sort_by_key(|(_, end, _)| *end);
    }

    /// All ends of a shared phrase from a token, looked for once.
    fn phrase(&mut self, search: &Search<'_, '_>, phrase: u32, at: usize) -> Ends {
        let width = self.sentence.len() + 1;
        let row = phrase as usize * width;
        if self.asked[phrase as usize] != self.round {
            self.asked[phrase as usize] = self.round;
            self.phrases[row..row + width].fill(Ends::default());
        }
        let slot = row + at - self.sentence.start;
        if !self.phrases[slot].known {
            let steps = &search.rules.phrases[phrase as usize].steps;
            let limit = self.sentence.end;
            let inner = Search { steps, at, limit, depth: search.depth + 1, shared: true, ..*search };
            let mut found = Vec::new();
            self.reach(&inner, 0, |end, event| {
                found.push((narrow(end), event));
                false
            });
            let from = narrow(self.ends.len());
            self.ends.extend(found);
            self.phrases[slot] = Ends { known: true, from, to: narrow(self.ends.len()) };
        }
        self.phrases[slot]
    }

    /// Whether the look-ahead at `body` matches from token `at`, within the sentence.
    fn ahead(&mut self, search: &Search<'_, '_>, body: u32, at: usize) -> bool {
        // A look-ahead of one test or item, by far the most, needs no search of its own.
        match (&search.steps[body as usize], search.steps.get(body as usize + 1)) {
            (Step::Test(test), Some(Step::Accept)) => {
                return at < self.sentence.end && self.test(search.rules, search.doc, *test, at);
            }
            (Step::Item(item), Some(Step::Accept)) => {
                if let Kind::Phrase(phrase) = search.rules.items[*item as usize].kind {
                    let ends = self.phrase(search, phrase, at);
                    return ends.from < ends.to;
                }
                return at < self.sentence.end && self.begins(search.rules, search.doc, *item, at);
            }
            (Step::End, Some(Step::Accept)) => return at == self.sentence.end,
            _ => {}
        }
        // A group looks at most this far ahead, so that a look-ahead costs no more than a constant.
        let limit = (at + LONGEST_LOOK).min(self.sentence.end);
        let inner = Search { at, limit, depth: search.depth + 1, ..*search };
        self.search(&inner, body).is_some()
    }
}

/// How many tokens a look-ahead group may span.
const LONGEST_LOOK: usize = 16;

/// Makes a table at least this long.
fn grow<T: Clone + Default>(table: &mut Vec<T>, len: usize) {
    if table.len() < len {
        table.resize(len, T::default());
    }
}

fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
