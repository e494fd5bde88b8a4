//! Who speaks: noun phrases that can, each resolved to a person, a body or a collective's words.

use chancery_rules::{Annotation, Doc, Range, RuleSet, Symbol};

use crate::State;
use crate::bodies::one_line;
use crate::fields::{Fields, entry};

/// Who acts in a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Actor {
    Person(usize),
    Body(usize),
    /// A collective, a country, an unknown: the words as they stand.
    Words(String),
}

/// A noun phrase that can speak, with who it is.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    pub(crate) range: Range,
    pub(crate) actor: Option<Actor>,
    pub(crate) pronoun: bool,
    /// Not after a preposition: may be the subject of its sentence.
    pub(crate) free: bool,
}

/// All subjects of a document, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Subjects {
    pub(crate) all: Vec<Subject>,
}

impl Subjects {
    /// The subject that covers this range, or begins in it.
    pub(crate) fn at(&self, range: Range) -> Option<&Subject> {
        self.all
            .iter()
            .find(|s| s.range == range)
            .or_else(|| self.all.iter().filter(|s| s.range.overlaps(&range)).max_by_key(|s| s.range.len()))
    }

    /// The first subject of a sentence that no preposition governs, before `limit`.
    pub(crate) fn first(&self, start: usize, limit: usize) -> Option<&Subject> {
        let mut within = self.all.iter().filter(|s| s.range.start >= start && s.range.end <= limit);
        within.find(|s| s.free)
    }
}

/// Resolves what the rules marked as able to speak.
pub(crate) fn find(rules: &RuleSet, fields: &Fields, doc: &mut Doc<'_>, state: &mut State) {
    let found: Vec<(Range, Option<Symbol>, Option<Symbol>, Range)> = doc
        .of_kind(fields.subject)
        .into_iter()
        .map(|(_, a)| {
            (a.capture(fields.who).unwrap_or(a.range), a.value(fields.k), a.value(fields.pronoun), a.range)
        })
        .collect();
    let mut last = Last::default();
    let mut all: Vec<Subject> = Vec::new();
    for (who, kind, pronoun, range) in found {
        let sentence = doc.sentences()[doc.sentence_of(range.start)];
        if last.block != Some(sentence.block) {
            last.block = Some(sentence.block);
            last.collective = None;
        }
        let free = range.start == 0 || entry(doc, rules, "doc-preposition", range.start - 1).is_none();
        let pronoun = pronoun.map(|p| rules.word(p).to_owned());
        let actor = match pronoun.as_deref() {
            Some("he") => last.person.map(Actor::Person),
            Some("it") => last.body.clone(),
            Some("they") => last.collective.clone().or_else(|| Some(Actor::Words(one_line(doc.words(who))))),
            Some(_) => Some(Actor::Words(one_line(doc.words(who)))),
            None => resolve(fields, doc, state, who, kind == Some(fields.collective)),
        };
        if pronoun.is_none()
            && let Some(actor) = &actor
        {
            last.seen(actor, free);
        }
        all.push(Subject { range, actor, pronoun: pronoun.is_some(), free });
    }
    let _ = Annotation {
        kind: fields.subject,
        rule: None,
        range: Range::default(),
        captures: Vec::new(),
        data: Vec::new(),
    };
    state.speakers = Subjects { all };
}

/// Who was named last.
#[derive(Default)]
struct Last {
    block: Option<usize>,
    person: Option<usize>,
    body: Option<Actor>,
    collective: Option<Actor>,
}

impl Last {
    fn seen(&mut self, actor: &Actor, free: bool) {
        match actor {
            Actor::Person(n) if free || self.person.is_none() => self.person = Some(*n),
            Actor::Person(_) => {}
            Actor::Body(_) => self.body = Some(actor.clone()),
            Actor::Words(_) => {
                self.collective = Some(actor.clone());
                self.body = Some(actor.clone());
            }
        }
    }
}

/// The person, body or holder that stands at a range; else the words.
fn resolve(fields: &Fields, doc: &Doc<'_>, state: &State, who: Range, collective: bool) -> Option<Actor> {
    if !collective {
        let person = state.people.iter().position(|p| p.mentions.iter().any(|(r, _)| who.contains(r)));
        if let Some(n) = person {
            return Some(Actor::Person(n));
        }
        if let Some(title) = state.titles.iter().find(|t| who.contains(&t.range) || t.range.contains(&who)) {
            return Some(Actor::Person(title.person));
        }
        let body = state.bodies.iter().position(|b| b.mentions.iter().any(|(r, _)| who.contains(r)));
        if let Some(n) = body {
            return Some(Actor::Body(n));
        }
    }
    let _ = fields;
    let words = one_line(doc.words(who));
    (!words.is_empty()).then_some(Actor::Words(words))
}
