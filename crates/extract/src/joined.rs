//! Two who speak together: `Minister Ray and officials of the Board said`, `…, said Minister Ray and Mr Lim`.

use chancery_rules::{Doc, Range};
use chancery_text::Shape;

use crate::bodies::one_line;
use crate::fields::{Fields, entry};
use crate::subjects::{Actor, Subject, Subjects, link};

/// So many words may say what kind of people a collective is.
const KIND: usize = 3;
/// A name stands so near after `and`, with a title between at most.
const TITLE: usize = 12;
/// No more tokens stand in what somebody and those joined to them are called.
const LONG: usize = 120;

impl Subjects {
    /// All who speak, in the words of the text, where others are joined to the speaker of the verb at `cue`.
    pub(crate) fn joined(
        &self,
        doc: &Doc<'_>,
        fields: &Fields<'_>,
        speaker: &Subject,
        cue: Range,
    ) -> Option<Actor> {
        let sentence = doc.sentences()[doc.sentence_of(cue.start)];
        let whole = Range::new(sentence.start, sentence.end);
        if !whole.contains(&speaker.range) {
            return None;
        }
        let all = if cue.end <= speaker.range.start {
            behind(doc, fields, speaker, whole)
        } else {
            self.ahead(doc, fields, speaker, whole)
        };
        all.map(|all| Actor::Words(one_line(doc.words(all))))
    }

    /// Those before the speaker of a verb: who begins the sentence, if `and` joins the two and no verb stands before.
    fn ahead(&self, doc: &Doc<'_>, fields: &Fields<'_>, speaker: &Subject, sentence: Range) -> Option<Range> {
        let lists = &fields.lists;
        // What kind of officials they are may stand before: `and health officials`.
        let words = if speaker.group() { KIND } else { 0 };
        let small = |at: &usize| doc.tokens()[*at].shape.has(Shape::LOWER) && !and(doc, fields, *at);
        let start = speaker.range.start;
        let kind = (start.saturating_sub(words)..start).rev().take_while(small).last().unwrap_or(start);
        let joint = kind.checked_sub(1).filter(|at| and(doc, fields, *at))?;
        let comma = joint.checked_sub(1).filter(|at| doc.word(*at) == ",");
        let end = comma.unwrap_or(joint);
        let before = self.all.partition_point(|s| s.range.start < speaker.range.start).checked_sub(1)?;
        let other = self.all.get(before).filter(|s| s.range.end == end && s.free)?;
        // `Minister of Ports and Minister of Roads Ada Ray` is one; of a longer list the rest is not known.
        let post = speaker.named() && !other.named() && matches!(other.actor, Some(Actor::Person(_)));
        let list = comma.is_some() && other.range.start.checked_sub(1).is_some_and(|at| doc.word(at) == ",");
        if post || list {
            return None;
        }
        let verbs = [lists.speech, lists.act, lists.deed, lists.stand, lists.propose, lists.human];
        let verb = (sentence.start..other.range.start).any(|at| doc.begins(&verbs, at));
        let all = Range::new(other.range.start, speaker.range.end);
        (!verb && sentence.contains(&all) && other.actor != speaker.actor).then_some(all)
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
