//! Two who speak together: `Minister Ray and officials of the Board said`, `…, said Minister Ray and Mr Lim`.

use chancery_rules::{Doc, Range};
use chancery_text::Shape;

use crate::fields::{Fields, entry};
use crate::subjects::{Actor, Subject, Subjects, link};

/// So many words may say what kind of people a collective is.
const KIND: usize = 3;
/// A name stands so near after `and`, with a title between at most.
const TITLE: usize = 12;
/// No more tokens stand in brackets after a name; no more subjects end in it.
const BRACKET: usize = 12;
const SUBJECTS: usize = 8;
/// No more tokens stand in what somebody and those joined to them are called.
const LONG: usize = 120;

impl Subjects {
    /// Where all who speak stand, if others are joined to the speaker of the verb at `cue`. What is said, `text`, may
    /// come first and have taken in the first of them: `It works, the Board, the Bank and the Fund said`.
    pub(crate) fn joined(
        &self,
        doc: &Doc<'_>,
        fields: &Fields<'_>,
        speaker: &Subject,
        cue: Range,
        text: Range,
    ) -> Option<Range> {
        let sentence = doc.sentences()[doc.sentence_of(cue.start)];
        let whole = Range::new(sentence.start, sentence.end);
        if !whole.contains(&speaker.range) {
            return None;
        }
        if cue.end <= speaker.range.start {
            return behind(doc, fields, speaker, whole);
        }
        let joint = Joint { subjects: self, doc, fields, sentence: whole };
        joint.ahead(speaker, Some(text.end).filter(|_| text.start < speaker.range.start))
    }

    /// Where all stand who begin a sentence with its first subject, before a token: `A, B and C sent a letter, asking`.
    pub(crate) fn together(
        &self,
        doc: &Doc<'_>,
        fields: &Fields<'_>,
        first: &Subject,
        limit: usize,
    ) -> Option<Range> {
        let (mut end, mut pair) = (first.range.end, false);
        let small = |at: usize| {
            let shape = doc.tokens()[at].shape;
            shape.has(Shape::PUNCT) || shape.has(Shape::UPPER) || doc.begins(&[fields.lists.doc_article], at)
        };
        for next in self.from(end).iter().take_while(|s| s.range.end <= limit) {
            let gap = end..next.range.start;
            let joint = gap.clone().any(|at| and(doc, fields, at));
            let near = gap.len() <= BRACKET && gap.clone().all(|at| small(at) || and(doc, fields, at));
            if pair || next.pronoun || gap.is_empty() || !near {
                break;
            }
            pair = joint;
            end = next.range.end;
            // `and Minister of Roads Ada Ray`: her title stands before her.
            let titled = self.from(end).iter().find(|s| s.named()).filter(|s| {
                let title = end..s.range.start;
                !next.named() && title.len() <= TITLE && title.clone().all(|at| link(doc, fields, at))
            });
            end = titled.filter(|s| s.range.end <= limit).map_or(end, |s| s.range.end);
        }
        pair.then_some(Range::new(first.range.start, end))
    }

    /// The subject that ends before a token, with letters in brackets after it.
    fn ending(&self, doc: &Doc<'_>, end: usize) -> Option<&Subject> {
        let bracket = |at: usize| (at.saturating_sub(BRACKET)..at).rev().find(|at| doc.word(*at) == "(");
        let open = end.checked_sub(1).filter(|at| doc.word(*at) == ")").and_then(bracket);
        let name = open.unwrap_or(end);
        let near = self.all.partition_point(|s| s.range.start < end);
        let mut before = self.all[near.saturating_sub(SUBJECTS)..near].iter().rev();
        before.find(|s| s.range.end == end || s.range.end == name)
    }
}

/// What the looking for others before a speaker reads.
struct Joint<'a, 't> {
    subjects: &'a Subjects,
    doc: &'a Doc<'t>,
    fields: &'a Fields<'a>,
    sentence: Range,
}

impl Joint<'_, '_> {
    /// Where those stand whom `and` and commas join to a speaker, with the speaker, if no verb stands before: they begin
    /// the sentence, or its main clause. `said` is the end of what is said, where it comes first.
    fn ahead(&self, speaker: &Subject, said: Option<usize>) -> Option<Range> {
        let Self { doc, fields, sentence, .. } = *self;
        let pair = (speaker.range.start..speaker.range.end).any(|at| and(doc, fields, at));
        let beside = self.beside(speaker);
        if beside.is_none() && !(pair && speaker.group()) {
            return None;
        }
        let person = speaker.named() || beside.is_some_and(Subject::named);
        let beside = beside.map_or(speaker.range.start, |other| other.range.start);
        let start = self.listed(beside, said.is_some());
        let comma = start.checked_sub(1).is_some_and(|at| doc.word(at) == ",");
        if start == speaker.range.start || !sentence.contains(&Range::new(start, speaker.range.end)) {
            return None;
        }
        let lists = &fields.lists;
        let verbs = [lists.speech, lists.act, lists.deed, lists.stand, lists.propose, lists.human];
        let verb = |at: usize| doc.begins(&verbs, at);
        // `Noting its progress, A, B and C said`: before the last comma another clause ends.
        let fronted = doc.begins(&[lists.preposition], sentence.start) || verb(sentence.start);
        let after = said.is_some_and(|end| start < beside || end + 1 == start);
        let clause = comma && (fronted || after);
        let begins = clause || !(sentence.start..start).any(verb);
        // Of a longer list the rest is not known.
        let part = comma && !clause && doc.word(speaker.range.start.saturating_sub(2)) == ",";
        // `Ms Ray, Director of the Bank and member of the Board, said`: one person, and what she is.
        let first = self.subjects.from(start).first().filter(|s| s.named() && start < beside && !person);
        let end = first.map_or(speaker.range.end, |first| first.range.end);
        (begins && !part).then_some(Range::new(start, end))
    }

    /// Who stands before the speaker and `and`.
    fn beside(&self, speaker: &Subject) -> Option<&Subject> {
        let Self { doc, fields, sentence, .. } = *self;
        // What kind of officials they are may stand before: `and health officials`.
        let words = if speaker.group() { KIND } else { 0 };
        let small = |at: &usize| doc.tokens()[*at].shape.has(Shape::LOWER) && !and(doc, fields, *at);
        let start = speaker.range.start;
        let kind = (start.saturating_sub(words)..start).rev().take_while(small).last().unwrap_or(start);
        let joint = kind.checked_sub(1).filter(|at| and(doc, fields, *at))?;
        let comma = joint.checked_sub(1).filter(|at| doc.word(*at) == ",");
        let other = self.subjects.ending(doc, comma.unwrap_or(joint)).filter(|s| s.free)?;
        // `Minister of Ports and Minister of Roads Ada Ray` is one.
        let post = speaker.named() && !other.named() && matches!(other.actor, Some(Actor::Person(_)));
        (!post && other.range.start >= sentence.start && other.actor != speaker.actor).then_some(other)
    }

    /// Where a list begins that goes on at a token: each of it stands behind a mark, or begins the sentence. In what was
    /// said before, only bodies are taken for part of it.
    fn listed(&self, mut start: usize, spoken: bool) -> usize {
        let Self { doc, sentence, .. } = *self;
        let mark = |at: usize| at <= sentence.start || doc.tokens()[at - 1].shape.has(Shape::PUNCT);
        while let Some(comma) = start.checked_sub(1).filter(|at| doc.word(*at) == ",")
            && let Some(other) = self.subjects.ending(doc, comma)
            && other.free
            && other.range.start < start
            && mark(other.range.start)
            && (!spoken || matches!(other.actor, Some(Actor::Body(_))))
        {
            start = other.range.start;
        }
        start
    }
}

/// Those after the verb: the rest of the sentence, if it is nothing but names, and `and` joins another person.
fn behind(doc: &Doc<'_>, fields: &Fields<'_>, speaker: &Subject, sentence: Range) -> Option<Range> {
    let stop = matches!(doc.word(sentence.end - 1), "." | "!");
    let end = sentence.end - usize::from(stop);
    let rest = Range::new(speaker.range.end, end);
    let quiet = |at: usize| {
        link(doc, fields, at)
            || doc.tokens()[at].shape.has(Shape::NUM)
            || doc.begins(&[fields.lists.stop], at)
    };
    if !speaker.person() || rest.len() > LONG || !(rest.start..rest.end).all(quiet) {
        return None;
    }
    let name = |at: usize| doc.starting(at).any(|(_, a)| a.kind == fields.person);
    let after = |joint: usize| (joint + 1..rest.end.min(joint + TITLE)).any(name);
    let joined = (rest.start..rest.end).any(|at| and(doc, fields, at) && after(at));
    joined.then_some(Range::new(speaker.range.start, end))
}

/// Whether a word that joins two stands at a token.
fn and(doc: &Doc<'_>, fields: &Fields<'_>, at: usize) -> bool {
    entry(doc, fields, fields.lists.and, at) == Some(at + 1)
}
