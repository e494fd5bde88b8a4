//! Runs the layers of a rule set over a document and settles conflicts.

use std::sync::Mutex;

use crate::doc::{Annotation, Doc, Range, Source};
use crate::lane::{Context, Lane};
use crate::places::Places;
use crate::ruleset::{Layer, Rule, RuleSet, SetValue};
use crate::search::Match;
use crate::trace::Trace;
use crate::trigger::{Index, Present};

/// A match of a rule that asks to become an annotation.
#[derive(Debug)]
struct Candidate {
    rule: usize,
    /// The first token of what the annotation would cover.
    start: usize,
    /// `None` where a match begins of which the end was not looked for yet.
    found: Option<Match>,
}

impl RuleSet {
    /// Runs all layers in order. At each step of the document logic `step` is called with its name.
    pub fn annotate(&self, doc: &mut Doc<'_>, step: &mut dyn FnMut(&str, &mut Doc<'_>)) {
        let mut run = self.spare.take().filter(|run| !run.is_worn()).unwrap_or_else(|| Run::new(self));
        run.all(self, doc, step);
        self.spare.give(run);
    }

    /// As [`RuleSet::annotate`]; what happens is told to the trace.
    pub(crate) fn annotate_with(
        &self,
        doc: &mut Doc<'_>,
        step: &mut dyn FnMut(&str, &mut Doc<'_>),
        trace: &mut Trace,
    ) {
        let mut run = Run::new(self);
        run.work.trace = Some(std::mem::take(trace));
        run.all(self, doc, step);
        *trace = run.work.trace.unwrap_or_default();
    }
}

/// What is reused from sentence to sentence and from text to text: a lane for each size of sentence.
#[derive(Debug)]
pub(crate) struct Run {
    present: Present,
    short: Lane<1>,
    long: Option<Box<Lane<2>>>,
    longest: Option<Box<Lane<9>>>,
    work: Work,
}

/// Memory for the rules and candidates of a layer.
#[derive(Debug, Default)]
struct Work {
    chosen: Vec<u32>,
    candidates: Vec<Candidate>,
    /// What happens, where somebody asks.
    trace: Option<Trace>,
    /// Vetoes that match, each with a range that it forbids.
    forbidden: Vec<(usize, Range)>,
}

/// What was settled among the candidates of a layer.
#[derive(Debug, Default)]
struct Settled {
    claimed: Vec<Range>,
    /// The matches that become annotations, by their rules.
    taken: Vec<(usize, Match)>,
}

impl Run {
    fn new(rules: &RuleSet) -> Self {
        Self {
            present: Present::new(&rules.triggers),
            short: Lane::new(rules),
            long: None,
            longest: None,
            work: Work::default(),
        }
    }

    fn all(&mut self, rules: &RuleSet, doc: &mut Doc<'_>, step: &mut dyn FnMut(&str, &mut Doc<'_>)) {
        self.begin();
        for (number, stretch) in rules.stretches.iter().enumerate() {
            match rules.layers.get(stretch.layers.clone()) {
                Some([Layer::Step(name)]) => step(name, doc),
                // A rule sees one sentence only, so that a sentence can go through all layers up to the next step.
                Some(_) => self.layers(rules, doc, number),
                None => {}
            }
        }
    }

    /// Begins a text.
    fn begin(&mut self) {
        self.present.begin_text();
        self.short.begin_text();
        if let Some(lane) = &mut self.long {
            lane.begin_text();
        }
        if let Some(lane) = &mut self.longest {
            lane.begin_text();
        }
    }

    /// Whether its clocks have run so long that one more text might be too much for them.
    fn is_worn(&self) -> bool {
        self.present.rounds() > u32::MAX / 8
    }

    fn layers(&mut self, rules: &RuleSet, doc: &mut Doc<'_>, stretch: usize) {
        for n in 0..doc.sentences().len() {
            let sentence = doc.sentences()[n];
            let Self { present, short, long, longest, work } = self;
            match sentence.end - sentence.start {
                0..=Places::<1>::MOST_TOKENS => {
                    Turn { rules, present, lane: short, work }.run(doc, n, stretch);
                }
                64..=Places::<2>::MOST_TOKENS => {
                    let lane = long.get_or_insert_with(|| Box::new(Lane::new(rules)));
                    Turn { rules, present, lane, work }.run(doc, n, stretch);
                }
                _ => {
                    let lane = longest.get_or_insert_with(|| Box::new(Lane::new(rules)));
                    Turn { rules, present, lane, work }.run(doc, n, stretch);
                }
            }
        }
    }
}

/// One sentence on its way through layers.
struct Turn<'t, const W: usize> {
    rules: &'t RuleSet,
    present: &'t mut Present,
    lane: &'t mut Lane<W>,
    work: &'t mut Work,
}

impl<const W: usize> Turn<'_, W> {
    fn run(&mut self, doc: &mut Doc<'_>, sentence: usize, number: usize) {
        let stretch = &self.rules.stretches[number];
        self.lane.begin(&doc.sentences()[sentence], sentence, number);
        self.present.begin(&self.rules.triggers, doc, sentence, self.lane.sentence);
        self.present.choose(&self.rules.triggers, &stretch.index);
        for layer in 0..stretch.layers.len() {
            if let Some(trace) = &mut self.work.trace {
                let cx = Context { rules: self.rules, doc, present: self.present };
                trace.before(self.lane, cx, stretch.layers.start + layer);
            }
            self.layer(doc, &stretch.index, layer);
        }
    }

    fn layer(&mut self, doc: &mut Doc<'_>, index: &Index, layer: usize) {
        let mut chosen = std::mem::take(&mut self.work.chosen);
        self.present.rules(&self.rules.triggers, index, 2 * layer, &mut chosen);
        for rule in &chosen {
            self.gather(doc, *rule as usize);
        }
        if !self.work.candidates.is_empty() {
            self.present.rules(&self.rules.triggers, index, 2 * layer + 1, &mut chosen);
            chosen.sort_unstable();
            self.work.forbidden.clear();
            for veto in &chosen {
                self.forbid(doc, *veto as usize);
            }
            self.veto(doc);
            self.settle(doc);
        }
        self.work.chosen = chosen;
    }

    /// Gathers what a veto forbids in this sentence.
    fn forbid(&mut self, doc: &Doc<'_>, index: usize) {
        let veto = &self.rules.rules[index];
        let forbidden = &mut self.work.forbidden;
        each_match(self.lane, Context { rules: self.rules, doc, present: self.present }, index, |found| {
            forbidden.push((index, veto.span_of(&found)));
        });
    }

    /// Gathers the candidates of a rule.
    fn gather(&mut self, doc: &Doc<'_>, index: usize) {
        let rule = &self.rules.rules[index];
        let cx = Context { rules: self.rules, doc, present: self.present };
        let all = &mut self.work.candidates;
        if self.work.trace.is_some() || !rule.covers_its_beginning() {
            each_match(self.lane, cx, index, |found| {
                all.push(Candidate { rule: index, start: rule.span_of(&found).start, found: Some(found) });
            });
        } else if let Some(alive) = matching(self.lane, cx, index) {
            // Most of them begin at a token that another takes, and need not be looked for.
            let starts = alive[0].in_order().filter(|place| *place > 0).map(|place| self.lane.token(place));
            all.extend(starts.map(|start| Candidate { rule: index, start, found: None }));
            self.lane.keep(index, alive);
        }
    }

    /// Vetoed candidates fall back to their next shorter end, until none is vetoed.
    fn veto(&mut self, doc: &Doc<'_>) {
        if self.work.forbidden.is_empty() {
            return;
        }
        let mut kept = Vec::with_capacity(self.work.candidates.len());
        for mut candidate in std::mem::take(&mut self.work.candidates) {
            if let Some(found) = candidate.found {
                let Some(found) = self.not_vetoed(doc, candidate.rule, found) else { continue };
                candidate.start = self.rules.rules[candidate.rule].span_of(&found).start;
                candidate.found = Some(found);
            }
            kept.push(candidate);
        }
        self.work.candidates = kept;
    }

    /// A match, or the next shorter one from the same token that no veto forbids.
    fn not_vetoed(&mut self, doc: &Doc<'_>, index: usize, found: Match) -> Option<Match> {
        let Some((veto, range)) = self.forbidding(index, &found) else { return Some(found) };
        let rule = &self.rules.rules[index];
        let Range { start, end } = found.range;
        let shorter = self.allowed(doc, index, start, end - 1);
        if let Some(trace) = &mut self.work.trace {
            let kept = shorter.as_ref().map(|shorter| rule.span_of(shorter));
            trace.vetoed(index, rule.span_of(&found), kept, veto, &[range]);
        }
        shorter
    }

    /// The first veto that forbids a match, and the range that it does not allow.
    fn forbidding(&self, rule: usize, found: &Match) -> Option<(usize, Range)> {
        let rules = &self.rules.rules;
        let span = rules[rule].span_of(found);
        let mut all = self.work.forbidden.iter();
        all.find(|(veto, range)| rules[*veto].finds == rules[rule].finds && range.contains(&span)).copied()
    }

    /// The longest match from a token that ends before or at `limit` and that no veto forbids.
    fn allowed(&mut self, doc: &Doc<'_>, rule: usize, at: usize, limit: usize) -> Option<Match> {
        let cx = Context { rules: self.rules, doc, present: self.present };
        let program = &self.rules.rules[rule].program;
        let alive = self.lane.swept(cx, rule);
        let mut limit = limit;
        let found = loop {
            let found = if limit > at { self.lane.longest(cx, program, &alive, at, limit) } else { None };
            match found {
                Some(found) if self.forbidding(rule, &found).is_some() => limit = found.range.end - 1,
                found => break found,
            }
        };
        self.lane.keep(rule, alive);
        found
    }

    /// Takes candidates in order of the conflict policy where what they claim is free.
    fn settle(&mut self, doc: &mut Doc<'_>) {
        let rules = &self.rules.rules;
        let order = |c: &Candidate| (rules[c.rule].depth, c.start);
        let mut all = std::mem::take(&mut self.work.candidates);
        all.sort_by_key(order);
        let mut settled = Settled::default();
        // Those that begin together.
        let mut group: Vec<(usize, Match)> = Vec::new();
        let mut all = all.into_iter().peekable();
        while let Some(first) = all.next() {
            let place = order(&first);
            let mut next = Some(first);
            while let Some(Candidate { rule, start, found }) = next {
                let found = found.or_else(|| self.looked_for(doc, &settled, rule, start));
                group.extend(found.map(|found| (rule, found)));
                next = all.next_if(|c| order(c) == place);
            }
            group.sort_by_key(|(rule, found)| (std::cmp::Reverse(rules[*rule].span_of(found).end), *rule));
            for (rule, found) in group.drain(..) {
                self.settle_one(doc, &mut settled, rule, found);
            }
        }
        let mut taken = settled.taken;
        taken.sort_by_key(|(rule, found)| (found.range, *rule));
        for (rule, found) in taken {
            let annotation = self.annotation(doc, rule, found);
            let index = doc.add(annotation);
            self.present.add(&self.rules.triggers, doc.annotation(index), index);
        }
        self.lane.change();
    }

    /// The longest match of a rule from a token where one begins and that no veto forbids; `None` where the token is taken.
    fn looked_for(&mut self, doc: &Doc<'_>, settled: &Settled, rule: usize, start: usize) -> Option<Match> {
        let first = Range::new(start, start + 1);
        if settled.claimed.iter().any(|claimed| claimed.overlaps(&first)) {
            return None;
        }
        self.allowed(doc, rule, start, self.lane.sentence.end)
    }

    /// Takes a match, or the longest shorter one from the same token, if what it claims is free.
    fn settle_one(&mut self, doc: &Doc<'_>, settled: &mut Settled, index: usize, mut found: Match) {
        let rules = &self.rules.rules;
        let rule = &rules[index];
        let Settled { claimed, taken } = settled;
        let wanted = self.work.trace.is_some().then(|| found.clone());
        let free = loop {
            if rule.claims_of(&found).all(|range| !claimed.iter().any(|c| c.overlaps(&range))) {
                claimed.extend(rule.claims_of(&found));
                break true;
            }
            // A shorter end may still be free.
            let limit = rule.free_end(&found, claimed);
            match limit.and_then(|limit| self.allowed(doc, index, found.range.start, limit)) {
                Some(shorter) => found = shorter,
                None => break false,
            }
        };
        if let (Some(trace), Some(wanted)) = (&mut self.work.trace, wanted) {
            trace.settled(rules, taken, index, &wanted, free.then_some(&found));
        }
        // Where the part that the rule spans matched no token there is nothing to mark.
        if free && !rule.span_of(&found).is_empty() {
            taken.push((index, found));
        }
    }

    fn annotation(&self, doc: &Doc<'_>, index: usize, found: Match) -> Annotation {
        let rule = &self.rules.rules[index];
        let mut data = Vec::new();
        for (key, value) in &rule.set {
            let value = match value {
                SetValue::Constant(word) => Some(*word),
                SetValue::Item(item, field) => {
                    found.items.iter().filter(|(name, _)| name == item).find_map(|(_, source)| {
                        let fields = match source {
                            Source::None => return None,
                            Source::Entry(data) => self.rules.dictionary.data(*data),
                            Source::Annotation(n) => doc.annotation(*n).data.as_slice(),
                        };
                        fields.iter().find(|(k, _)| k == field).map(|(_, v)| *v)
                    })
                }
            };
            data.extend(value.map(|v| (*key, v)));
        }
        let range = rule.span_of(&found);
        Annotation { kind: rule.finds, rule: Some(index), range, captures: found.captures, data }
    }
}

/// What a sweep of a rule gave, where it matches in the sentence.
fn matching<const W: usize>(lane: &mut Lane<W>, cx: Context<'_, '_>, rule: usize) -> Option<Vec<Places<W>>> {
    lane.prepare(cx);
    if !lane.opens(cx, cx.rules.triggers.gates_of_rule(rule)) {
        return None;
    }
    if !lane.may_match(cx, &cx.rules.rules[rule].program, lane.every) {
        return None;
    }
    let alive = lane.swept(cx, rule);
    if alive[0].without(Places::one(0)).is_empty() {
        lane.give_back(alive);
        return None;
    }
    Some(alive)
}

/// Calls `each` with the longest match of a rule at every token where one begins.
fn each_match<const W: usize>(
    lane: &mut Lane<W>,
    cx: Context<'_, '_>,
    rule: usize,
    mut each: impl FnMut(Match),
) {
    let Some(alive) = matching(lane, cx, rule) else { return };
    let program = &cx.rules.rules[rule].program;
    for place in alive[0].in_order().filter(|place| *place > 0) {
        if let Some(found) = lane.longest(cx, program, &alive, lane.token(place), lane.sentence.end) {
            each(found);
        }
    }
    lane.keep(rule, alive);
}

/// Runs at rest. A clone of a rule set begins without.
#[derive(Debug, Default)]
pub(crate) struct Spare(Mutex<Vec<Run>>);

impl Spare {
    fn take(&self) -> Option<Run> {
        self.0.lock().ok()?.pop()
    }

    fn give(&self, run: Run) {
        if let Ok(mut all) = self.0.lock() {
            all.push(run);
        }
    }
}

impl Clone for Spare {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl RuleSet {
    /// The words of everything that a rule matches by itself, whatever wins.
    pub(crate) fn alone(&self, doc: &Doc<'_>, rule: usize) -> Vec<Range> {
        let mut lane: Lane<9> = Lane::new(self);
        let mut present = Present::new(&self.triggers);
        let mut found = Vec::new();
        for (number, sentence) in doc.sentences().iter().enumerate() {
            lane.begin(sentence, number, 0);
            present.begin(&self.triggers, doc, number, lane.sentence);
            let cx = Context { rules: self, doc, present: &present };
            each_match(&mut lane, cx, rule, |one| found.push(one.range));
        }
        found
    }
}

impl Rule {
    /// The tokens that the annotation covers: the named part where the rule says `spans`, else the whole match.
    pub(crate) fn span_of(&self, found: &Match) -> Range {
        self.spans.and_then(|n| found.captures.iter().find(|c| c.name == n)).map_or(found.range, |c| c.range)
    }

    /// Whether every match claims the token at which it begins.
    fn covers_its_beginning(&self) -> bool {
        self.claims.is_none() && self.spans.is_none()
    }

    /// Where a shorter match from the same token has to end so that what it claims may be free; `None` where none can be.
    fn free_end(&self, found: &Match, claimed: &[Range]) -> Option<usize> {
        if self.claims.is_some() {
            return None;
        }
        let next = found.range.end - 1;
        if self.spans.is_some() {
            return Some(next);
        }
        // Every match from here covers its first token, and may go on up to the first that is claimed.
        let clashes = claimed.iter().filter(|c| c.overlaps(&found.range));
        let first = clashes.map(|c| c.start).min().unwrap_or(next);
        (first > found.range.start).then_some(first.min(next))
    }

    /// What a match claims: what it covers, or the named captures.
    pub(crate) fn claims_of(&self, found: &Match) -> impl Iterator<Item = Range> {
        let whole = self.claims.is_none().then(|| self.span_of(found));
        let named = self
            .claims
            .iter()
            .flat_map(|names| found.captures.iter().filter(|c| names.contains(&c.name)).map(|c| c.range));
        whole.into_iter().chain(named)
    }
}

#[cfg(test)]
mod tests {
    use crate::{Doc, RuleFile, RuleSet};

    #[test]
    fn a_match_whose_spanned_part_is_empty_marks_nothing() {
        let rule = "[[rule]]\nid = 'a'\nlayer = 'l'\nfinds = 'name'\nwhen = 'mr name:([Cap]?)'\nspans = 'name'\nsay = 'A name.'\nyes = ['Mr Ray']";
        let file = |path: &str, text: &str| RuleFile { path: path.into(), text: text.into() };
        let files = [file("en/layers.toml", "layers = ['l']"), file("en/a.toml", rule)];
        let rules = RuleSet::compile("en", &files).unwrap();
        let mut doc = Doc::new("Mr Ray met the mr of the house.", &rules);
        rules.annotate(&mut doc, &mut |_, _| {});
        let found: Vec<&str> = doc.annotations().iter().map(|a| doc.words(a.range)).collect();
        assert_eq!(found, ["Ray"]);
    }
}
