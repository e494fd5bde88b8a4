//! Where a noun phrase stands: as the subject of a clause, and of which.

use chancery_rules::{Doc, Range};
use chancery_text::Shape;

use crate::fields::{Fields, entry};
use crate::subjects::Finder;

/// No more tokens stand between the words `according to` and who speaks.
const LINK: usize = 14;
/// No more tokens has what tells that somebody does what is told: `was presided over by`.
const AGENT: usize = 4;
/// So many words stand between a subject and its verb: `has also said`.
const SMALL: usize = 3;

impl Finder<'_, '_> {
    /// Whether no preposition governs what begins at a token, over an article and small words before it.
    pub(crate) fn free(&self, start: usize) -> bool {
        for at in (start.saturating_sub(3)..start).rev() {
            if self.doc.begins(&[self.fields.lists.preposition], at) {
                return false;
            }
            let article = self.doc.begins(&[self.fields.lists.doc_article], at);
            let small = self.doc.tokens()[at].shape.has(Shape::LOWER) && !self.verb(at);
            if !article && !small {
                return true;
            }
        }
        true
    }

    fn verb(&self, at: usize) -> bool {
        let lists = &self.fields.lists;
        let verbs = [lists.speech, lists.act, lists.deed, lists.stand, lists.propose, lists.and];
        self.doc.begins(&verbs, at)
    }

    /// Whether a verb of acting stands right after, or a verb of speaking right before in `…, said X`.
    pub(crate) fn verb_beside(&self, range: Range) -> bool {
        let and = |at: usize| self.doc.begins(&[self.fields.lists.and], at);
        let end = (range.end..(range.end + 6).min(self.doc.tokens().len()))
            .find(|at| self.doc.word(*at) != "," && !self.doc.begins(&[self.fields.lists.posthon], *at))
            .unwrap_or(range.end);
        // `X, said Y`: Y speaks.
        let name = |at: usize| {
            at < self.doc.tokens().len()
                && (self.doc.tokens()[at].shape.has(Shape::CAP)
                    || self.doc.begins(&[self.fields.lists.doc_article], at))
        };
        let inverted = end == range.end + 1 && self.doc.word(range.end) == "," && name(end + 1);
        let after = end < self.doc.tokens().len() && self.verb(end) && !and(end) && !inverted;
        let before = range.start >= 2
            && self.doc.begins(&[self.fields.lists.speech], range.start - 1)
            && !self.doc.tokens()[range.start - 2].shape.has(Shape::WORD);
        after || before
    }

    /// Whether `whose` stands right before.
    pub(crate) fn relative(&self, start: usize) -> bool {
        start.checked_sub(1).is_some_and(|at| self.doc.begins(&[self.fields.lists.human], at))
    }

    /// Whether words like `according to` stand a few words before, or the sentence turns to somebody: `As for Ms Ray, she`.
    pub(crate) fn voiced(&self, range: Range) -> bool {
        let voice = |at: usize| entry(self.doc, self.fields, self.fields.lists.voice, at);
        (range.start.saturating_sub(LINK)..range.start)
            .filter_map(voice)
            .any(|end| end <= range.start && (end..range.start).all(|at| !self.verb(at)))
            || self.turns_to(range)
    }

    /// Whether somebody is told of from here on: `As for Ms Ray, she`.
    fn turns_to(&self, range: Range) -> bool {
        let Self { fields, doc, .. } = *self;
        let start = doc.sentences()[doc.sentence_of(range.start)].start;
        let told = doc.word(range.end) == "," && range.start <= start + SMALL;
        told && entry(doc, fields, fields.lists.turning, start).is_some()
    }

    /// Whether words like `hosted by` stand right before.
    pub(crate) fn agent(&self, start: usize) -> bool {
        let by = |at: usize| entry(self.doc, self.fields, self.fields.lists.agent, at);
        (start.saturating_sub(AGENT)..start).any(|at| by(at) == Some(start))
    }

    /// Whether a noun phrase begins a clause of its own: `, and Mr Lim said`.
    fn coordinate(&self, phrase: Range) -> bool {
        let Self { fields, doc, .. } = *self;
        let lists = &fields.lists;
        let Some(before) = phrase.start.checked_sub(1) else { return true };
        let joint = doc.word(before) == ";" || doc.begins(&[lists.and, lists.but], before);
        let says = [lists.speech, lists.stand, lists.propose];
        let end = (phrase.end + SMALL).min(doc.tokens().len());
        joint && (phrase.end..end).any(|at| doc.begins(&says, at))
    }
}

/// What is known of a sentence before the noun phrase that comes next.
#[derive(Default)]
pub(crate) struct Clauses {
    sentence: Option<usize>,
    /// Up to where its words are read.
    at: usize,
    /// Who acts in its main clause, by the order of naming.
    main: Option<usize>,
    /// What follows is said or asked by whoever acts in the main clause.
    reported: bool,
    /// It lists who else was there.
    attending: bool,
}

impl Clauses {
    /// Reads on up to the noun phrase that begins at a token.
    pub(crate) fn read(&mut self, fields: &Fields<'_>, doc: &Doc<'_>, sentence: usize, start: usize) {
        if self.sentence != Some(sentence) {
            let at = doc.sentences()[sentence].start;
            *self = Self { sentence: Some(sentence), at, ..Self::default() };
        }
        let lists = &fields.lists;
        let reporting = [lists.that, lists.speech, lists.stand, lists.propose];
        for at in self.at..start {
            self.reported |= self.main.is_some() && doc.begins(&reporting, at);
            self.attending |= self.main.is_none() && doc.begins(&[lists.attending], at);
        }
        self.at = self.at.max(start);
    }

    /// Whether the sentence lists who else was there: `Also present were`.
    pub(crate) const fn attending(&self) -> bool {
        self.attending
    }

    /// Who acts in the main clause, if what comes next stands in what they say: `Ms Ray said that Mr Lim left`.
    pub(crate) fn under(&self, finder: &Finder<'_, '_>, phrase: Range) -> Option<usize> {
        let main = self.main.filter(|_| self.reported)?;
        (!finder.coordinate(phrase)).then_some(main)
    }

    /// The one that acts next in the sentence, by the order of naming.
    pub(crate) fn acts(&mut self, seen: usize) {
        self.main.get_or_insert(seen);
    }
}
