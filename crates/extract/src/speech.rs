//! Speech that stands without quotation marks: `The road is open, said Minister Ray. We built it.`

use chancery_rules::{Doc, Range};
use chancery_text::Shape;
use rustc_hash::FxHashMap;

use crate::facts::Fact;
use crate::fields::Fields;
use crate::passages::Passages;
use crate::subjects::Actor;

/// Speech goes on over so many sentences at most.
const SENTENCES: usize = 12;
/// The act of plain saying: what is announced is told, not spoken.
const SAY: &str = "state";

/// In a text without quotation marks, the sentences around what somebody said that go on in the first person, in the
/// same paragraph, are that speaker's too; in one that lost its apostrophes as well, all after it are.
pub(crate) fn unmarked(passages: &Passages<'_, '_>, facts: &mut Vec<Fact>) {
    let doc = passages.doc;
    if !doc.tokens().quotations().is_empty() {
        return;
    }
    let mut spoken: FxHashMap<usize, bool> = FxHashMap::default();
    for fact in facts.iter() {
        let named = matches!(fact.actor, Some(Actor::Person(_) | Actor::Body(_)));
        *spoken.entry(doc.sentence_of(fact.cue.start)).or_default() |= named;
    }
    let speech = Speech { fields: passages.fields, doc, spoken };
    let mut runs = Vec::new();
    // A document that somebody quotes does not go on.
    let quoted = |f: &Fact| doc.begins(&[passages.fields.lists.voice], f.cue.start);
    for fact in facts.iter_mut().filter(|f| !f.proposal && !f.direct && f.actor.is_some() && !quoted(f)) {
        let here = doc.sentence_of(fact.cue.start);
        let after = fact.text.end <= fact.cue.start;
        let person = matches!(fact.actor, Some(Actor::Person(_)));
        let all = person && fact.act == SAY && doc.tokens().lost_marks();
        let run = speech.after(here, all).map(|end| Range::new(doc.sentences()[here].end, end));
        if after {
            if let Some(start) =
                speech.before(here).filter(|_| fact.text.start <= doc.sentences()[here].start + 1)
            {
                fact.text.start = start;
            }
            if let Some((text, _)) = run.and_then(|run| passages.trimmed(run)) {
                runs.push(Fact { text, direct: true, to: Vec::new(), ..fact.clone() });
            }
        } else if let Some(run) = run.filter(|_| person)
            && speech.opens(fact)
            && let Some((text, _)) = passages.trimmed(Range::new(fact.text.start, run.end))
        {
            fact.text = text;
        }
    }
    facts.extend(runs);
}

struct Speech<'a, 't> {
    fields: &'a Fields<'a>,
    doc: &'a Doc<'t>,
    /// Sentences in which somebody speaks, and whether it is a person or body by name.
    spoken: FxHashMap<usize, bool>,
}

impl Speech<'_, '_> {
    /// Whether a sentence speaks in the first person.
    fn first_person(&self, sentence: usize) -> bool {
        let sentence = self.doc.sentences()[sentence];
        (sentence.start..sentence.end).any(|at| self.doc.begins(&[self.fields.lists.we], at))
    }

    /// Whether a sentence is of this paragraph and nobody else is named as its speaker.
    fn goes_on(&self, here: usize, other: usize) -> bool {
        let sentences = self.doc.sentences();
        sentences.get(other).is_some_and(|s| s.block == sentences[here].block)
            && self.spoken.get(&other) != Some(&true)
    }

    /// One past the last sentence after this one that goes on in the first person, or at all.
    fn after(&self, here: usize, all: bool) -> Option<usize> {
        let going = (here + 1..here + 1 + SENTENCES).take_while(|n| self.goes_on(here, *n));
        going.filter(|n| all || self.first_person(*n)).last().map(|n| self.doc.sentences()[n].end)
    }

    /// Where the paragraph begins, if it speaks in the first person up to this sentence.
    fn before(&self, here: usize) -> Option<usize> {
        let from = here.saturating_sub(SENTENCES);
        let first = (from..here).rev().take_while(|n| self.goes_on(here, *n)).last()?;
        let begins = first
            .checked_sub(1)
            .is_none_or(|n| self.doc.sentences()[n].block < self.doc.sentences()[here].block);
        (begins && (first..here).any(|n| self.first_person(n))).then(|| self.doc.sentences()[first].start)
    }

    /// Whether what is said begins as a sentence does: `Ray said, We built it.`
    fn opens(&self, fact: &Fact) -> bool {
        let capital = self.doc.tokens()[fact.text.start].shape.has(Shape::CAP);
        capital && fact.text.start > fact.cue.end && matches!(self.doc.word(fact.text.start - 1), "," | ":")
    }
}
