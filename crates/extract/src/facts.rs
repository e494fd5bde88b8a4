//! Proposals and statements: who speaks where nobody is captured, what lies in what, quotations that stand alone.

use chancery_rules::{Annotation, Doc, Range, RuleSet};
use chancery_text::Shape;

use crate::State;
use crate::fields::{Fields, entry};
use crate::subjects::Actor;

/// A proposal or statement before it becomes part of a record.
#[derive(Clone, Debug)]
pub(crate) struct Fact {
    pub(crate) proposal: bool,
    pub(crate) actor: Option<Actor>,
    pub(crate) act: String,
    pub(crate) cue: Range,
    pub(crate) text: Range,
    pub(crate) to: Vec<Range>,
    pub(crate) direct: bool,
    /// How sure, in hundredths: a captured speaker is surer than an inherited one.
    pub(crate) confidence: u8,
    pub(crate) rule: Option<usize>,
}

/// How sure a fact is, by how its speaker was found.
const CAPTURED: u8 = 90;
const INHERITED: u8 = 70;
const ALONE: u8 = 55;

/// All facts of a document, in order.
pub(crate) fn facts(rules: &RuleSet, fields: &Fields, doc: &Doc<'_>, state: &State) -> Vec<Fact> {
    let mut found: Vec<&Annotation> = doc
        .annotations()
        .into_iter()
        .filter(|a| a.kind == fields.proposal || a.kind == fields.statement)
        .collect();
    found.sort_by_key(|a| (a.capture(fields.cue).unwrap_or(a.range).start, a.range.start));
    let mut facts: Vec<Fact> = Vec::new();
    for a in found {
        for text in passages(rules, fields, doc, a) {
            if let Some(fact) = fact(rules, fields, doc, state, a, text, &facts) {
                facts.push(fact);
            }
        }
    }
    let mut facts = unnested(facts);
    lone_quotations(doc, &mut facts);
    facts.retain(|f| f.actor.is_some());
    facts.sort_by_key(|f| (f.text, f.cue));
    facts
}

/// The passages of a match: what it captured, or what stands in the next block.
fn passages(rules: &RuleSet, fields: &Fields, doc: &Doc<'_>, a: &Annotation) -> Vec<Range> {
    let outside = a.rule.and_then(|r| rules.info(r).passage.as_deref());
    let here = doc.sentence_of(a.range.end - 1);
    let sentences = doc.sentences();
    let block = |n: usize| {
        let first = sentences.iter().position(|s| s.block == n)?;
        let last = sentences.iter().rposition(|s| s.block == n)?;
        Some(Range::new(sentences[first].start, sentences[last].end))
    };
    match outside {
        Some("next-block") => block(sentences[here].block + 1).into_iter().collect(),
        Some("next-list") => next_list(doc, sentences[here].block),
        Some("previous-sentence") if here > 0 => {
            vec![Range::new(sentences[here - 1].start, sentences[here - 1].end)]
        }
        _ => a.all(fields.text).collect(),
    }
}

/// The items of the list after a block: the short blocks that follow, or those that begin with a number or bullet.
fn next_list(doc: &Doc<'_>, block: usize) -> Vec<Range> {
    let mut items = Vec::new();
    for sentence in doc.sentences().iter().filter(|s| s.block > block) {
        let expected = block + 1 + items.len();
        if sentence.block != expected {
            if sentence.block > expected {
                break;
            }
            continue;
        }
        let mut start = sentence.start;
        while start < sentence.end && !doc.tokens()[start].shape.has(Shape::WORD) {
            start += 1;
        }
        let end = doc.word(sentence.end - 1);
        let item = start > sentence.start
            || matches!(end, ";" | ",")
            || doc.tokens()[start.min(sentence.end - 1)].shape.has(Shape::LOWER);
        let last = items.len() > 1;
        if !item && !last {
            break;
        }
        items.push(Range::new(start, sentence.end));
        if !item {
            break;
        }
    }
    items
}

fn fact(
    rules: &RuleSet,
    fields: &Fields,
    doc: &Doc<'_>,
    state: &State,
    a: &Annotation,
    text: Range,
    before: &[Fact],
) -> Option<Fact> {
    let cue = a.capture(fields.cue).unwrap_or(a.range);
    let (text, direct) = trimmed(rules, doc, text)?;
    let subject = a.capture(fields.subject).and_then(|range| state.speakers.at(range));
    let sentence = doc.sentences()[doc.sentence_of(cue.start)];
    let here = |f: &&Fact| f.cue.start >= sentence.start && f.cue.start < sentence.end;
    let (actor, confidence) = match subject {
        Some(s) => (s.actor.clone(), CAPTURED),
        None => {
            let last = before.iter().filter(|f| f.cue.start < cue.start);
            let inherited = last
                .clone()
                .filter(here)
                .next_back()
                .and_then(|f| f.actor.clone())
                .or_else(|| state.speakers.first(sentence.start, cue.start).and_then(|s| s.actor.clone()))
                .or_else(|| last.clone().next_back().and_then(|f| f.actor.clone()));
            (inherited, INHERITED)
        }
    };
    let proposal = a.kind == fields.proposal;
    // `This is in addition to …` carries the kind of the last proposal on.
    let carried = || before.iter().rev().find(|f| f.proposal == proposal).map(|f| f.act.clone());
    let act = a.value(fields.act).map(|s| rules.word(s).to_owned());
    let act =
        act.or_else(carried).unwrap_or_else(|| if proposal { "propose".into() } else { "state".into() });
    let to = a.all(fields.to).collect();
    Some(Fact { proposal, actor, act, cue, text, to, direct, confidence, rule: a.rule })
}

/// A passage without marks and stops at its ends; whether it stood in quotation marks.
fn trimmed(rules: &RuleSet, doc: &Doc<'_>, text: Range) -> Option<(Range, bool)> {
    let (mut start, mut end) = (text.start, text.end);
    let quotes = doc.tokens().quotations();
    let quoted =
        quotes.iter().any(|q| q.open <= start + 1 && q.close + 1 >= end && q.open < end && q.close >= start);
    let within = quotes.iter().any(|q| q.open < start && q.close >= end);
    let mark = |at: usize| quotes.iter().any(|q| q.open == at || (q.close == at && q.closed));
    let edge = |at: usize| {
        mark(at) || matches!(doc.word(at), "," | ";" | ":" | "." | "–" | "—" | "!" | "?" | "-" | "…")
    };
    while start < end && edge(start) {
        start += 1;
    }
    while end > start && (edge(end - 1) || entry(doc, rules, "doc-and", end - 1) == Some(end)) {
        end -= 1;
    }
    (start < end).then_some((Range::new(start, end), quoted || within))
}

/// A statement whose cue lies in the passage of another fact is part of that passage; of two facts with the same
/// passage the proposal stays.
fn unnested(facts: Vec<Fact>) -> Vec<Fact> {
    let keep: Vec<bool> = facts
        .iter()
        .enumerate()
        .map(|(n, fact)| {
            !facts.iter().enumerate().any(|(m, other)| {
                let inside = other.text.contains(&fact.cue)
                    && other.text != fact.text
                    && (other.text.len() > fact.text.len() || n > m);
                let twin = other.text == fact.text
                    && ((other.proposal && !fact.proposal) || (other.proposal == fact.proposal && m < n));
                m != n && (twin || (inside && !(fact.proposal && !other.proposal)))
            })
        })
        .collect();
    let mut keep = keep.into_iter();
    let facts: Vec<Fact> = facts.into_iter().filter(|_| keep.next().unwrap_or(true)).collect();
    // A proposal inside a statement takes the passage over where it begins soon after it.
    let swallowed: Vec<bool> = facts
        .iter()
        .map(|f| {
            !f.proposal
                && facts
                    .iter()
                    .any(|p| p.proposal && f.text.contains(&p.text) && p.text.len() * 2 >= f.text.len())
        })
        .collect();
    let mut swallowed = swallowed.into_iter();
    facts.into_iter().filter(|_| !swallowed.next().unwrap_or(false)).collect()
}

/// Quotations of some length that no fact covers: the speaker and cue are those of the nearest fact before, in the
/// same or the last paragraph, else after.
fn lone_quotations(doc: &Doc<'_>, facts: &mut Vec<Fact>) {
    let mut added = Vec::new();
    for quote in doc.tokens().quotations() {
        let inner = Range::new(quote.open + 1, quote.close + usize::from(!quote.closed));
        if inner.len() < 6 || facts.iter().any(|f| f.text.overlaps(&inner) || f.cue.overlaps(&inner)) {
            continue;
        }
        // A quotation inside a sentence is a term or a name; a lone one begins its sentence.
        let sentence = doc.sentences()[doc.sentence_of(quote.open)];
        if quote.open != sentence.start || inner.end + 3 < sentence.end {
            continue;
        }
        let block = |f: &&Fact| doc.sentences()[doc.sentence_of(f.cue.start)].block;
        let before = facts
            .iter()
            .filter(|f| f.cue.start < quote.open && block(f) + 2 >= sentence.block)
            .max_by_key(|f| f.cue.start);
        let after = facts
            .iter()
            .filter(|f| f.cue.start > quote.close && block(f) <= sentence.block + 1)
            .min_by_key(|f| f.cue.start);
        let Some(near) = before.or(after) else { continue };
        let mut end = inner.end;
        while end > inner.start && matches!(doc.word(end - 1), "." | "," | "!" | "?") {
            end -= 1;
        }
        added.push(Fact {
            proposal: false,
            actor: near.actor.clone(),
            act: if near.proposal { "state".into() } else { near.act.clone() },
            cue: near.cue,
            text: Range::new(inner.start, end),
            to: Vec::new(),
            direct: true,
            confidence: ALONE,
            rule: near.rule,
        });
    }
    facts.extend(added);
}
