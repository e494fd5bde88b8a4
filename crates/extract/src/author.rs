//! Who writes or speaks in the first person: the byline, the signature, the label before what each of several says.

use chancery_rules::{Doc, Range};
use chancery_text::Shape;
use rustc_hash::FxHashMap;

use crate::State;
use crate::fields::{Fields, entry};
use crate::ranges::Ranges;

/// A byline stands among so many first lines, a signature among so many last ones.
const LINES: usize = 4;
/// Forms of address stand among so many first lines.
const OPENING: usize = 10;
/// No byline, signature or label has more tokens.
const LINE: usize = 24;
const LABEL: usize = 7;

/// Who is `I`, from which token on.
#[derive(Debug, Default)]
pub(crate) struct Authors {
    /// Whoever writes the text, if one person does.
    writer: Option<usize>,
    /// Labels by their first token; of those that name nobody known nobody is the speaker.
    labels: Vec<(usize, Option<usize>)>,
}

impl Authors {
    pub(crate) fn of(fields: &Fields<'_>, doc: &Doc<'_>, state: &State, people: &Ranges) -> Self {
        if state.people.is_empty() {
            return Self::default();
        }
        let lines = Lines { fields, doc, people, blocks: blocks(doc) };
        Self { writer: lines.byline().or_else(|| lines.signature()), labels: lines.labels() }
    }

    /// Who is `I` at a token.
    pub(crate) fn at(&self, token: usize) -> Option<usize> {
        match self.labels.partition_point(|(start, _)| *start <= token).checked_sub(1) {
            Some(label) => self.labels[label].1,
            None => self.writer,
        }
    }
}

/// The paragraphs and lines of a document.
fn blocks(doc: &Doc<'_>) -> Vec<Range> {
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

struct Lines<'a, 't> {
    fields: &'a Fields<'a>,
    doc: &'a Doc<'t>,
    people: &'a Ranges,
    blocks: Vec<Range>,
}

impl Lines<'_, '_> {
    /// `Statement by Minister Ray` among the first lines, else `Ada Ray, Minister of Ports`, if these name one person. A
    /// name on a line of its own may be that of somebody who is addressed.
    fn byline(&self) -> Option<usize> {
        let first = || self.blocks.iter().take(LINES).copied().filter(|block| block.len() <= LINE);
        let one = |mut named: Vec<usize>| {
            named.dedup();
            if let [one] = named[..] { Some(one) } else { None }
        };
        let addresses =
            |line: &Range| entry(self.doc, self.fields, self.fields.lists.salute, line.start).is_some();
        let by: Vec<usize> = first().filter_map(|block| self.by(block)).collect();
        if !by.is_empty() || self.blocks.iter().take(OPENING).any(addresses) {
            return one(by);
        }
        one(first().filter_map(|block| self.signed(block)).collect())
    }

    /// Whom a line names that is no sentence, first of all.
    fn signed(&self, line: Range) -> Option<usize> {
        if self.stopped(line) {
            return None;
        }
        let hon = |at: usize| entry(self.doc, self.fields, self.fields.lists.hon, at);
        let start = std::iter::successors(Some(line.start), |at| hon(*at)).last()?;
        let (name, person) = self.people.inside(line).find(|(range, _)| range.start == start)?;
        (name.end == line.end || self.doc.word(name.end) == ",").then_some(person)
    }

    /// The one person that a line names after words such as `statement by`.
    fn by(&self, line: Range) -> Option<usize> {
        let by = (line.start..line.end)
            .find_map(|at| entry(self.doc, self.fields, self.fields.lists.byline, at))?;
        let mut named = self.people.inside(Range::new(by, line.end)).map(|(_, person)| person);
        let first = named.next()?;
        (!self.stopped(line) && named.all(|other| other == first)).then_some(first)
    }

    /// Whether a line ends as a sentence does.
    fn stopped(&self, line: Range) -> bool {
        matches!(self.doc.word(line.end - 1), "." | "!" | "?" | ":" | ";")
    }

    /// The name below `Sincerely,`.
    fn signature(&self) -> Option<usize> {
        let last = self.blocks.len().saturating_sub(LINES);
        let closes =
            |at: usize| entry(self.doc, self.fields, self.fields.lists.closing, self.blocks[at].start);
        let closing = (last..self.blocks.len()).find(|at| closes(*at).is_some())?;
        let end = closes(closing)?;
        // On the same line, or on the next.
        let rest = Range::new(end, self.blocks[closing].end);
        let below = self.blocks.get(closing + 1).copied();
        let after = |line: Range| self.people.inside(line).next().map(|(_, person)| person);
        after(rest).or_else(|| below.filter(|line| line.len() <= LINE).and_then(after))
    }

    /// `MINISTER RAY:` at the beginning of paragraphs; whom they name. What a name in capitals begins, or one that comes
    /// again, goes on up to the next.
    fn labels(&self) -> Vec<(usize, Option<usize>)> {
        let found: Vec<(Range, Label)> =
            self.blocks.iter().filter_map(|block| Some((*block, self.label(*block)?))).collect();
        let mut times: FxHashMap<usize, usize> = FxHashMap::default();
        found.iter().filter_map(|(_, label)| label.person).for_each(|n| *times.entry(n).or_default() += 1);
        let mut labels = Vec::new();
        for (block, label) in found {
            labels.push((block.start, label.person));
            let again = label.person.is_some_and(|n| times[&n] > 1);
            if !label.capitals && !again {
                labels.push((block.end, None));
            }
        }
        labels
    }

    fn label(&self, block: Range) -> Option<Label> {
        let limit = block.end.min(block.start + LABEL);
        let colon = (block.start + 1..limit).find(|at| self.doc.word(*at) == ":")?;
        let label = Range::new(block.start, colon);
        let shape = |at: usize| self.doc.tokens()[at].shape;
        // A person, or words in capitals of which nobody is known.
        let person =
            self.people.inside(label).find(|(range, _)| range.end == colon).map(|(_, person)| person);
        let capitals = (label.start..label.end).all(|at| {
            shape(at).has(Shape::UPPER) || shape(at).has(Shape::INIT) || shape(at).has(Shape::PUNCT)
        });
        (colon + 1 < block.end && (person.is_some() || capitals)).then_some(Label { person, capitals })
    }
}

/// Whom a label before a colon names.
struct Label {
    person: Option<usize>,
    capitals: bool,
}
