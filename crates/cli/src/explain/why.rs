//! What the rules did at a place of a text, in spans of the text.

use chancery::rulesets::{AllOn, SwitchedOff};
use chancery_record::Span;
use chancery_rules::{Clause, Doc, Loss, Near, Range, RuleInfo, RuleSet, Stop, Trace};

use crate::show::marks::{Fact, Kind, Mark};

/// Why there is what there is at a place.
pub(crate) struct Why<'r> {
    /// The matches that lost there.
    pub(crate) losers: Vec<Loser<'r>>,
    /// What rules found and the document logic made no fact of.
    pub(crate) unused: Vec<Unused<'r>>,
    /// Where there is no fact: the rules that came nearest.
    pub(crate) nearest: Vec<Nearest<'r>>,
    /// What rules would find there that are switched off.
    pub(crate) asleep: Vec<Asleep<'r>>,
}

/// What a rule that is switched off would find.
#[derive(PartialEq, Eq)]
pub(crate) struct Asleep<'r> {
    pub(crate) rule: &'r RuleInfo,
    pub(crate) span: Span,
    /// Where it is switched off.
    pub(crate) off: &'r SwitchedOff,
}

/// A match that lost, or only kept a shorter end.
#[derive(PartialEq, Eq)]
pub(crate) struct Loser<'r> {
    pub(crate) rule: &'r RuleInfo,
    pub(crate) wanted: Span,
    pub(crate) kept: Option<Span>,
    /// The rule or veto that came first.
    pub(crate) by: &'r RuleInfo,
    pub(crate) taken: Span,
    pub(crate) clause: Clause,
    /// The rule that beats it, where that is the clause.
    pub(crate) beater: Option<&'r RuleInfo>,
    /// Of what it claims the part that was taken.
    pub(crate) claimed: Option<Span>,
}

/// An annotation without a fact.
pub(crate) struct Unused<'r> {
    pub(crate) rule: &'r RuleInfo,
    pub(crate) span: Span,
    /// The step of the document logic that took it back.
    pub(crate) step: Option<String>,
}

/// A rule that matched a part of the place.
pub(crate) struct Nearest<'r> {
    pub(crate) rule: &'r RuleInfo,
    pub(crate) sentence: Span,
    pub(crate) matched: Span,
    /// The token where it stopped; `None` where the sentence ended.
    pub(crate) stopped: Option<Span>,
    pub(crate) stops: Vec<Stop>,
    pub(crate) missing: Vec<Vec<String>>,
}

impl<'r> Why<'r> {
    /// Runs the rules over the text once more. Beside facts only what lost to their rules is told.
    pub(crate) fn of(
        set: &'r RuleSet,
        all_on: Option<&'r AllOn>,
        text: &str,
        places: &[Span],
        facts: &[Fact],
        meant: &[(&Fact, &Mark)],
    ) -> Self {
        let (doc, trace) = chancery_extract::annotate_traced(set, text, places);
        let layers: Vec<&str> =
            meant.iter().filter_map(|(_, mark)| Some(set.rule(&mark.rule)?.layer.as_str())).collect();
        let asked = |loser: &Loser| meant.is_empty() || layers.contains(&loser.rule.layer.as_str());
        let mut losers: Vec<Loser> = Vec::new();
        for loser in trace.losses.iter().map(|loss| loser(set, &doc, loss)).filter(asked) {
            if !losers.contains(&loser) {
                losers.push(loser);
            }
        }
        let unused = unused(set, &doc, &trace, places, facts);
        let near = if meant.is_empty() { trace.near } else { Vec::new() };
        let nearest = near.into_iter().map(|near| nearest(set, &doc, near)).collect();
        let asleep = all_on.map_or_else(Vec::new, |all_on| asleep(all_on, text, places));
        Self { losers, unused, nearest, asleep }
    }
}

fn span(doc: &Doc<'_>, range: Range) -> Span {
    let (start, end) = doc.bytes(range);
    Span::new(start, end)
}

fn loser<'r>(set: &'r RuleSet, doc: &Doc<'_>, loss: &Loss) -> Loser<'r> {
    Loser {
        rule: set.info(loss.rule),
        wanted: span(doc, loss.wanted),
        kept: loss.kept.map(|range| span(doc, range)),
        by: set.info(loss.by),
        taken: span(doc, loss.taken),
        clause: loss.clause,
        beater: if let Clause::Beats(rule) = loss.clause { Some(set.info(rule)) } else { None },
        claimed: loss.claimed.map(|range| span(doc, range)),
    }
}

/// What was taken back at the places, and what stayed there of a kind that facts are made from, and lies in none.
fn unused<'r>(
    set: &'r RuleSet,
    doc: &Doc<'_>,
    trace: &Trace,
    places: &[Span],
    facts: &[Fact],
) -> Vec<Unused<'r>> {
    let is_fact =
        |span: &Span| facts.iter().flat_map(|fact| &fact.marks).any(|mark| mark.span.overlaps(span));
    let found =
        |index: usize, step: Option<String>| {
            let annotation = doc.annotation(index);
            let (rule, span) = (set.info(annotation.rule?), span(doc, annotation.range));
            let counts = Kind::ALL.iter().any(|kind| kind.name() == rule.finds);
            (counts && places.iter().any(|place| place.overlaps(&span)) && !is_fact(&span))
                .then_some(Unused { rule, span, step })
        };
    let dropped = trace.dropped.iter().filter_map(|(index, step)| found(*index, Some(step.clone())));
    dropped.chain(doc.indices().filter_map(|index| found(index, None))).collect()
}

/// What rules that are switched off find at the places where they are in force like all others.
fn asleep<'r>(all_on: &'r AllOn, text: &str, places: &[Span]) -> Vec<Asleep<'r>> {
    let doc = chancery_extract::annotate(&all_on.set, text);
    let mut all: Vec<Asleep<'r>> = Vec::new();
    for annotation in doc.annotations() {
        let Some(rule) = annotation.rule.map(|rule| all_on.set.info(rule)) else { continue };
        let Some(off) = all_on.off.iter().find(|off| off.rule == rule.id) else { continue };
        let found = Asleep { rule, span: span(&doc, annotation.range), off };
        if places.iter().any(|place| place.overlaps(&found.span)) && !all.contains(&found) {
            all.push(found);
        }
    }
    all
}

fn nearest<'r>(set: &'r RuleSet, doc: &Doc<'_>, near: Near) -> Nearest<'r> {
    let sentence = &doc.sentences()[doc.sentence_of(near.matched.start)];
    let at = near.matched.end;
    Nearest {
        rule: set.info(near.rule),
        sentence: span(doc, Range::new(sentence.start, sentence.end)),
        matched: span(doc, near.matched),
        stopped: (at < sentence.end).then(|| span(doc, Range::new(at, at + 1))),
        stops: near.stops,
        missing: near.missing,
    }
}
