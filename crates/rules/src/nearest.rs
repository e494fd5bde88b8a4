//! How far the rules of a layer come at a passage, where none of them finds anything: for telling an author why not.
//!
//! Every program is run forward over the sentence, from all tokens at once, with each state once for each token (K.
//! Thompson, "Regular expression search algorithm", CACM 11(6), 1968). A state keeps the way that covers most of the
//! passage, and where no way leads on the item that was wanted.

use std::collections::BTreeMap;
use std::rc::Rc;

use chancery_text::Shape;

use crate::doc::Range;
use crate::lane::{Context, Lane};
use crate::places::Places;
use crate::program::{Atom, Kind, Program, Step, Test};

/// At most so many forms are told of what a rule wanted at one token, or of what it needs in the sentence.
const MOST_WANTED: usize = 3;

/// A rule that matched a part of a passage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Near {
    /// Its index.
    pub rule: usize,
    /// The tokens that it matched. It stopped at the token after them, or at the end of the sentence.
    pub matched: Range,
    /// What it wanted there: any of these.
    pub stops: Vec<Stop>,
    /// What must stand in the sentence for the rule to match and does not: of each group at least one thing.
    pub missing: Vec<Vec<String>>,
    score: Score,
    /// How many more tokens, entries or annotations it needs at least.
    left: u32,
}

/// Something that a rule wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// As it is written in a pattern: `{role:class=minister}`.
    pub wanted: String,
    /// The phrase in which it stands, if it is one that patterns share.
    pub phrase: Option<String>,
}

impl Near {
    /// Greater for what came nearer: by tokens of the passage, then by the share of the pattern that was passed, in
    /// thousandths, then by all tokens.
    pub(crate) fn closeness(&self) -> (u32, u32, u32) {
        let Score { covered, total } = self.score;
        (covered, total * 1000 / (total + self.left).max(1), total)
    }
}

/// How many tokens a way took for what they are: not those that any word would be taken for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Score {
    /// Of the passage.
    covered: u32,
    total: u32,
}

impl Score {
    fn and(self, other: Self) -> Self {
        Self { covered: self.covered + other.covered, total: self.total + other.total }
    }
}

/// The best way to a state; of two that are as good the one that begins later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Way {
    score: Score,
    start: usize,
}

/// Where a way ended without an end of the pattern.
#[derive(Clone, Debug)]
struct Blocked {
    way: Way,
    at: usize,
    left: u32,
    /// Where the step stands: in the program that was walked, or in a phrase.
    phrase: Option<u32>,
    pc: u32,
}

/// All ends of a program from some tokens, and where the ways to others were blocked.
#[derive(Debug, Default)]
struct Walk {
    ends: Vec<(usize, Way)>,
    blocked: Vec<Blocked>,
}

/// The rules that match a part of the passage, in the sentence of the lane as it is now.
pub(crate) fn of_layer<const W: usize>(
    lane: &mut Lane<W>,
    cx: Context<'_, '_>,
    passage: Range,
    rules: &[usize],
) -> Vec<Near> {
    lane.prepare(cx);
    let mut walker = Walker { lane, cx, passage, phrases: BTreeMap::new() };
    rules.iter().filter_map(|rule| walker.rule(*rule)).collect()
}

struct Walker<'w, 't, const W: usize> {
    lane: &'w mut Lane<W>,
    cx: Context<'w, 't>,
    passage: Range,
    /// Phrases that were walked already, by number and token.
    phrases: BTreeMap<(u32, usize), Rc<Walk>>,
}

impl<const W: usize> Walker<'_, '_, W> {
    fn rule(&mut self, rule: usize) -> Option<Near> {
        let program = &self.cx.rules.rules[rule].program;
        let walk = self.walk(program, 0, self.lane.sentence);
        let near = |blocked: &Blocked| Near {
            rule,
            matched: Range::new(blocked.way.start, blocked.at),
            stops: Vec::new(),
            missing: Vec::new(),
            score: blocked.way.score,
            left: blocked.left,
        };
        let best = walk.blocked.iter().filter(|blocked| blocked.way.score.covered > 0).map(near);
        let mut best = best.max_by_key(Near::closeness)?;
        // A match that covers as much is told elsewhere: it won or lost.
        if walk.ends.iter().any(|(_, way)| way.score.covered >= best.score.covered) {
            return None;
        }
        for blocked in &walk.blocked {
            let same = blocked.at == best.matched.end && blocked.way.score == best.score;
            let stop = self.stop(program, blocked);
            if same && !best.stops.contains(&stop) && best.stops.len() < MOST_WANTED {
                best.stops.push(stop);
            }
        }
        best.missing = self.missing(program);
        Some(best)
    }

    fn stop(&self, program: &Program, blocked: &Blocked) -> Stop {
        let rules = self.cx.rules;
        let Some(phrase) = blocked.phrase else {
            return Stop { wanted: rules.written_step(program, blocked.pc as usize), phrase: None };
        };
        let name = rules.items.iter().find(|item| item.kind == Kind::Phrase(phrase)).map(|item| item.name);
        let inner = &rules.phrases[phrase as usize].program;
        Stop {
            wanted: rules.written_step(inner, blocked.pc as usize),
            phrase: name.map(|name| rules.word(name).to_owned()),
        }
    }

    /// The groups of words, entries and annotations that a match needs, of which none stands in the sentence.
    fn missing(&self, program: &Program) -> Vec<Vec<String>> {
        let Context { rules, present, .. } = self.cx;
        // Tests say no more than what was wanted at the token where the rule stopped.
        let told =
            |atom: &Atom| matches!(atom, Atom::Word(_) | Atom::List(_) | Atom::Annotation(_) | Atom::Quote);
        let absent = |atom: &Atom| told(atom) && !present.has(rules.triggers.of(*atom));
        let groups = program.required.iter().filter(|group| group.iter().all(absent));
        let mut groups: Vec<Vec<String>> =
            groups.map(|group| group.iter().map(|atom| rules.written_atom(*atom)).collect()).collect();
        groups.truncate(MOST_WANTED);
        groups
    }

    /// Follows a program from its step `entry` at each of the tokens `starts`.
    fn walk(&mut self, program: &Program, entry: u32, starts: Range) -> Walk {
        let (from, last) = (starts.start, self.lane.sentence.end);
        let left = left(program);
        let mut walk = Walk::default();
        let mut reached: Vec<BTreeMap<u32, Way>> = vec![BTreeMap::new(); last - from + 1];
        for at in from..=last {
            if at < starts.end || at == from {
                offer(&mut reached[at - from], entry, Way { score: Score::default(), start: at });
            }
            self.close(program, at, &mut reached[at - from]);
            let states = std::mem::take(&mut reached[at - from]);
            for (pc, way) in states {
                let blocked = Blocked { way, at, left: left[pc as usize], phrase: None, pc };
                match program.steps[pc as usize] {
                    Step::Accept => walk.ends.push((at, way)),
                    Step::Test(test) if self.passes(test, at) => {
                        let score = way.score.and(self.score(at, at + 1, self.is_telling(test)));
                        offer(&mut reached[at + 1 - from], pc + 1, Way { score, ..way });
                    }
                    Step::Item(item) => {
                        let ends = self.item(item, &blocked, left[pc as usize + 1], &mut walk.blocked);
                        for (end, score) in ends {
                            let way = Way { score: way.score.and(score), ..way };
                            offer(&mut reached[end - from], pc + 1, way);
                        }
                    }
                    Step::Test(_) | Step::Look { .. } | Step::Start | Step::End => walk.blocked.push(blocked),
                    Step::Split(..) | Step::Jump(_) | Step::Open(_) | Step::Close(_) => {}
                }
            }
        }
        walk
    }

    /// Adds all states that are reached without taking a token; what remains of look-aheads and anchors did not hold.
    fn close(&mut self, program: &Program, at: usize, states: &mut BTreeMap<u32, Way>) {
        let mut work: Vec<u32> = states.keys().copied().collect();
        let mut held: BTreeMap<u32, bool> = BTreeMap::new();
        while let Some(pc) = work.pop() {
            let Some(way) = states.get(&pc).copied() else { continue };
            let next = match program.steps[pc as usize] {
                Step::Split(first, second) => [Some(first), Some(second)],
                Step::Jump(to) => [Some(to), None],
                Step::Open(_) | Step::Close(_) => [Some(pc + 1), None],
                Step::Start => [(at == self.lane.sentence.start).then_some(pc + 1), None],
                Step::End => [(at == self.lane.sentence.end).then_some(pc + 1), None],
                Step::Look { negative, body, next } => {
                    let holds = match held.get(&pc) {
                        Some(known) => *known,
                        None => {
                            let inner = self.walk(program, body, Range::new(at, at));
                            let holds = inner.ends.is_empty() == negative;
                            held.insert(pc, holds);
                            holds
                        }
                    };
                    [holds.then_some(next), None]
                }
                Step::Test(_) | Step::Item(_) | Step::Accept => continue,
            };
            for to in next.into_iter().flatten() {
                if offer(states, to, way) {
                    work.push(to);
                }
            }
            if matches!(program.steps[pc as usize], Step::Start | Step::End) && next[0].is_some() {
                held.insert(pc, true);
            }
        }
        states.retain(|pc, _| held.get(pc) != Some(&true));
    }

    fn passes(&mut self, test: u32, at: usize) -> bool {
        let place = self.lane.place(at);
        place > 0 && !self.lane.test(self.cx, test, Places::one(place)).is_empty()
    }

    fn score(&self, start: usize, end: usize, telling: bool) -> Score {
        let count = |from: usize, to: usize| u32::try_from(to.saturating_sub(from)).unwrap_or(u32::MAX);
        let covered = count(start.max(self.passage.start), end.min(self.passage.end));
        if telling { Score { covered, total: count(start, end) } } else { Score::default() }
    }

    /// Whether a test asks for more than any word: what passes it tells that the rule is near.
    fn is_telling(&self, test: u32) -> bool {
        let plain = |shape: Shape| Shape::WORD.has(shape);
        match &self.cx.rules.tests[test as usize] {
            Test::Any => false,
            Test::Shape(shape) => !plain(*shape),
            Test::All(bits, rest) => {
                !plain(bits.shape)
                    || !bits.lists.is_empty()
                    || rest.iter().any(|(negative, test)| !negative && self.is_telling(*test))
            }
            _ => true,
        }
    }

    /// The ends of an item from the token of `here`, each with what it adds to the way; or why it has none.
    fn item(
        &mut self,
        item: u32,
        here: &Blocked,
        after: u32,
        blocked: &mut Vec<Blocked>,
    ) -> Vec<(usize, Score)> {
        let Context { rules, doc, .. } = self.cx;
        let (at, last) = (here.at, self.lane.sentence.end);
        let mut ends = Vec::new();
        let mut inside = false;
        if let Kind::Phrase(phrase) = rules.items[item as usize].kind {
            let walk = self.phrase(phrase, at);
            ends.extend(walk.ends.iter().map(|(end, way)| (*end, way.score)));
            for inner in walk.blocked.iter().filter(|inner| inner.way.score.total > 0) {
                inside = true;
                let way = Way { score: here.way.score.and(inner.way.score), ..here.way };
                let phrase = inner.phrase.or(Some(phrase));
                blocked.push(Blocked { way, at: inner.at, left: inner.left + after, phrase, pc: inner.pc });
            }
        } else if at < last {
            doc.item_ends(rules, &rules.items[item as usize], at, |end, _| {
                if end <= last {
                    ends.push((end, self.score(at, end, true)));
                }
            });
        }
        if ends.is_empty() && !inside {
            blocked.push(here.clone());
        }
        ends
    }

    fn phrase(&mut self, phrase: u32, at: usize) -> Rc<Walk> {
        if let Some(known) = self.phrases.get(&(phrase, at)) {
            return Rc::clone(known);
        }
        let program = &self.cx.rules.phrases[phrase as usize].program;
        let walk = Rc::new(self.walk(program, 0, Range::new(at, at)));
        self.phrases.insert((phrase, at), Rc::clone(&walk));
        walk
    }
}

/// Puts a way on a state; whether it is better than the one that was known.
fn offer(states: &mut BTreeMap<u32, Way>, pc: u32, way: Way) -> bool {
    match states.get_mut(&pc) {
        Some(known) if *known >= way => false,
        Some(known) => {
            *known = way;
            true
        }
        None => {
            states.insert(pc, way);
            true
        }
    }
}

/// For each step how many tokens, entries or annotations are needed at least from it to the end of the pattern. Only
/// the end of a loop leads back, which is no shorter way.
fn left(program: &Program) -> Vec<u32> {
    let mut left = vec![0_u32; program.steps.len() + 1];
    for pc in (0..program.steps.len()).rev() {
        let after = |to: u32| if to as usize > pc { left[to as usize] } else { u32::MAX };
        left[pc] = match program.steps[pc] {
            Step::Test(_) | Step::Item(_) => left[pc + 1].saturating_add(1),
            Step::Split(first, second) => after(first).min(after(second)),
            Step::Jump(to) | Step::Look { next: to, .. } => after(to),
            Step::Open(_) | Step::Close(_) | Step::Start | Step::End => left[pc + 1],
            Step::Accept => 0,
        };
    }
    left
}

#[cfg(test)]
mod tests;
