//! Why a match won or lost, and what came near: kept while a document is annotated, for those who ask.
//!
//! [`RuleSet::annotate`] keeps none of it. [`RuleSet::annotate_traced`] gives the same annotations, and a [`Trace`] of
//! what happened at some stretches of the text.

use std::cmp::Reverse;

use crate::doc::{Doc, Range};
use crate::lane::{Context, Lane};
use crate::nearest::{self, Near};
use crate::ruleset::{Layer, Rule, RuleSet};
use crate::search::Match;

/// At most so many rules are told as nearest.
const MOST_NEAR: usize = 5;

/// The clause of the policy by which one match came before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clause {
    /// A veto forbids the words.
    Veto,
    /// The match's rule is deeper in `beats`: the rule with this index beats it.
    Beats(usize),
    /// The other begins earlier.
    Left,
    /// Both begin together, the other ends later.
    Longer,
    /// Both cover the same words, the other rule stands earlier in the files.
    Order,
}

/// A match that did not become an annotation, or only with a shorter end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// Index of its rule.
    pub rule: usize,
    /// The tokens that it would have covered.
    pub wanted: Range,
    /// The tokens that it covers after it fell back to a shorter end.
    pub kept: Option<Range>,
    /// Index of the rule or veto that came first.
    pub by: usize,
    /// The tokens that this one covers.
    pub taken: Range,
    /// Why it came first.
    pub clause: Clause,
    /// Where the rule says what it `claims`: the part of it that was taken.
    pub claimed: Option<Range>,
}

/// What happened at some stretches of a text.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    passages: Vec<Range>,
    nearest: bool,
    /// Matches that lost, in the order of sentences and layers.
    pub losses: Vec<Loss>,
    /// The rules that came nearest at the first stretch, the nearest first; where that was asked for.
    pub near: Vec<Near>,
    /// Annotations, by their index, that a step of the document logic took back, with its name.
    pub dropped: Vec<(usize, String)>,
}

impl Trace {
    /// A trace of what happens at these stretches of tokens.
    #[must_use]
    pub fn of(passages: Vec<Range>) -> Self {
        Self { passages, ..Self::default() }
    }

    /// Looks for the rules that come nearest at the first stretch, too.
    #[must_use]
    pub fn with_nearest(mut self) -> Self {
        self.nearest = true;
        self
    }

    fn concerns(&self, range: Range) -> bool {
        self.passages.iter().any(|passage| passage.overlaps(&range))
    }

    /// A layer is about to run over the sentence of the lane.
    pub(crate) fn before<const W: usize>(&mut self, lane: &mut Lane<W>, cx: Context<'_, '_>, layer: usize) {
        let Some(passage) = self.passages.first().copied().filter(|_| self.nearest) else { return };
        if let Some(Layer::Rules(rules)) = cx.rules.layers.get(layer)
            && lane.sentence.overlaps(&passage)
        {
            self.near.extend(nearest::of_layer(lane, cx, passage, &rules.rules));
            self.near.sort_by(|a, b| b.closeness().cmp(&a.closeness()).then(a.rule.cmp(&b.rule)));
            self.near.truncate(MOST_NEAR);
        }
    }

    /// A match was shortened or dropped for the words that a veto forbids.
    pub(crate) fn vetoed(
        &mut self,
        rule: usize,
        wanted: Range,
        kept: Option<Range>,
        veto: usize,
        forbidden: &[Range],
    ) {
        let taken = forbidden.iter().find(|range| range.contains(&wanted));
        if let Some(&taken) = taken.filter(|_| self.concerns(wanted) && kept != Some(wanted)) {
            self.losses.push(Loss {
                rule,
                wanted,
                kept,
                by: veto,
                taken,
                clause: Clause::Veto,
                claimed: None,
            });
        }
    }

    /// A match had its turn after those in `taken`.
    pub(crate) fn settled(
        &mut self,
        rules: &[Rule],
        taken: &[(usize, Match)],
        rule: usize,
        found: &Match,
        kept: Option<&Match>,
    ) {
        let own = &rules[rule];
        let (wanted, kept) = (own.span_of(found), kept.map(|kept| own.span_of(kept)));
        if !self.concerns(wanted) || kept == Some(wanted) {
            return;
        }
        let claims: Vec<Range> = own.claims_of(found).collect();
        let first = taken.iter().find_map(|(by, winner)| {
            let lost = claims.iter().find(|claim| rules[*by].claims_of(winner).any(|c| c.overlaps(claim)))?;
            Some((*by, rules[*by].span_of(winner), *lost))
        });
        let Some((by, taken, lost)) = first else { return };
        // A later beginning of the same match is nobody's question.
        if by == rule && taken.contains(&wanted) {
            return;
        }
        // What the winner wanted before it was shortened decided when its turn came.
        let before = self.losses.iter().rfind(|loss| loss.rule == by && loss.kept == Some(taken));
        let first = before.map_or(taken, |loss| loss.wanted);
        let clause = clause(rules, (by, first), (rule, wanted));
        let claimed = own.claims.is_some().then_some(lost);
        self.losses.push(Loss { rule, wanted, kept, by, taken, clause, claimed });
    }
}

/// Why the first of two matches came before the second.
fn clause(rules: &[Rule], (by, first): (usize, Range), (rule, second): (usize, Range)) -> Clause {
    if rules[by].depth < rules[rule].depth {
        return Clause::Beats(beater(rules, by, rule));
    }
    if first.start < second.start {
        Clause::Left
    } else if Reverse(first.end) < Reverse(second.end) {
        Clause::Longer
    } else {
        Clause::Order
    }
}

/// The rule that beats `loser`: the winner, where it does so by itself or through others; else one that makes it deep.
fn beater(rules: &[Rule], winner: usize, loser: usize) -> usize {
    let mut seen = vec![winner];
    let mut next = 0;
    while let Some(&rule) = seen.get(next) {
        next += 1;
        for &beaten in &rules[rule].beats {
            if beaten == loser {
                return winner;
            }
            if !seen.contains(&beaten) {
                seen.push(beaten);
            }
        }
    }
    let beats = |n: &usize| rules[*n].beats.contains(&loser) && rules[*n].depth + 1 == rules[loser].depth;
    (0..rules.len()).find(beats).unwrap_or(winner)
}

impl RuleSet {
    /// As [`RuleSet::annotate`], and keeps what happened where the trace asks for it.
    pub fn annotate_traced(
        &self,
        doc: &mut Doc<'_>,
        step: &mut dyn FnMut(&str, &mut Doc<'_>),
        trace: &mut Trace,
    ) {
        let mut dropped = Vec::new();
        let mut watched = |name: &str, doc: &mut Doc<'_>| {
            let before: Vec<usize> = doc.indices().collect();
            step(name, doc);
            let gone = before.into_iter().filter(|index| !doc.is_live(*index));
            dropped.extend(gone.map(|index| (index, name.to_owned())));
        };
        self.annotate_with(doc, &mut watched, trace);
        let concerned = dropped.into_iter().filter(|(index, _)| trace.concerns(doc.annotation(*index).range));
        let concerned: Vec<_> = concerned.collect();
        trace.dropped.extend(concerned);
    }
}

#[cfg(test)]
mod tests;
