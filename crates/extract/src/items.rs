//! Lists whose items begin with a verb, under a line that names who acts: `The Council:`, then `Welcomes the truce;`.

use chancery_rules::{Annotation, Doc, Range};
use chancery_text::{ListMark, Shape};
use rustc_hash::FxHashMap;

use crate::State;
use crate::fields::Fields;
use crate::subjects::link;

/// A list has at most so many items, the line above it so many tokens.
const ITEMS: usize = 80;
const LINE: usize = 60;

/// Who acts in the sentence that begins an item: an index of the subjects.
pub(crate) type Items = FxHashMap<usize, usize>;

/// Marks the first word of each such item, so that rules can tell that its subject was named above.
pub(crate) fn find(fields: &Fields<'_>, doc: &mut Doc<'_>, state: &State) -> Items {
    let blocks = blocks(doc);
    let mut items = Items::default();
    let mut firsts = Vec::new();
    let mut at = 0;
    while at < blocks.len() {
        let subject = subject(fields, doc, state, blocks[at]);
        at += 1;
        let Some(subject) = subject else { continue };
        let found = listed(fields, doc, &blocks[at..]);
        at += found.len();
        for first in found.into_iter().flatten() {
            items.insert(doc.sentence_of(first), subject);
            firsts.push(first);
        }
    }
    for first in firsts {
        let (range, captures, data) = (Range::new(first, first + 1), Vec::new(), Vec::new());
        doc.add(Annotation { kind: fields.item_verb, rule: None, range, captures, data });
    }
    items
}

/// The paragraphs and lines of a document.
pub(crate) fn blocks(doc: &Doc<'_>) -> Vec<Range> {
    let mut blocks: Vec<Range> = Vec::new();
    let mut last = None;
    for sentence in doc.sentences() {
        match blocks.last_mut().filter(|_| last == Some(sentence.block)) {
            Some(block) => block.end = sentence.end,
            None => blocks.push(Range::new(sentence.start, sentence.end)),
        }
        last = Some(sentence.block);
    }
    blocks
}

/// Who is named at the beginning of a short line that ends in a colon, before any verb.
fn subject(fields: &Fields<'_>, doc: &Doc<'_>, state: &State, line: Range) -> Option<usize> {
    if line.len() > LINE || doc.word(line.end - 1) != ":" {
        return None;
    }
    let start = begin(doc, line);
    let subjects = &state.speakers.all;
    let first = subjects.partition_point(|s| s.range.start < start);
    let found = subjects.get(first).filter(|s| s.range.start <= start + 1 && s.actor.is_some())?;
    // `of the Union` may follow, and after a comma whatever tells of the meeting.
    let mut after = found.range.end;
    while after < line.end && !matches!(doc.word(after), ":" | ",") && link(doc, fields, after) {
        after += 1;
    }
    (after < line.end && matches!(doc.word(after), ":" | ",")).then_some(first)
}

/// The first word of an item, after its mark.
fn begin(doc: &Doc<'_>, block: Range) -> usize {
    let mark = ListMark::at(doc.tokens().text(), doc.tokens(), block.start);
    let start = mark.map_or(block.start, |mark| mark.end);
    (start..block.end).find(|at| doc.tokens()[*at].shape.has(Shape::WORD)).unwrap_or(block.end)
}

/// The items of the list that begins with the first of these blocks: the first word of each that begins with a verb.
fn listed(fields: &Fields<'_>, doc: &Doc<'_>, blocks: &[Range]) -> Vec<Option<usize>> {
    let lists = &fields.lists;
    let verbs = [lists.speech, lists.stand, lists.propose, lists.deed];
    let mut found: Vec<Option<usize>> = Vec::new();
    let mut ended = false;
    for block in blocks.iter().take(ITEMS) {
        let start = begin(doc, *block);
        let marked = start > block.start;
        // `Strongly condemns`: a word may stand before the verb.
        let verb = (start..block.end.min(start + 2)).any(|at| doc.begins(&verbs, at));
        let goes_on = matches!(doc.word(block.end - 1), ";" | ",") || doc.begins(&[lists.and], block.end - 1);
        if start >= block.end || (ended && !marked) || !(verb || marked && !found.is_empty()) {
            break;
        }
        found.push(Some(start).filter(|_| verb));
        ended = !goes_on && !marked && found.len() > 1;
    }
    found
}
