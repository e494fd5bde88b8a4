//! The record: local ids, byte spans, keys.

use std::collections::BTreeSet;

use chancery_record::{
    Cue, Mention, MentionKind, Organization, Person, Post, Proposal, Record, Release, Span, Statement,
};
use chancery_rules::{Doc, Range, Symbol};
use chancery_text::fold;
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use crate::State;
use crate::bodies::one_line;
use crate::confidence::Witness;
use crate::countries::Countries;
use crate::facts::Fact;
use crate::fields::Fields;
use crate::heading;
use crate::people::Human;
use crate::posts::Held;
use crate::roles::{self, Setting};
use crate::subjects::Actor;

/// Puts what was found into a record.
pub(crate) fn record(
    release: &Release,
    fields: &Fields<'_>,
    doc: &Doc<'_>,
    state: &State,
    facts: &[Fact],
    program: &str,
) -> Record {
    let mut record = Record::new(release.clone(), program);
    record.produced_by.rules = Some(fields.rules.digest().to_owned());
    let countries = Countries { fields, doc }.of_bodies(&state.bodies);
    let witness = Witness::of(fields, doc);
    let home = release.country.as_deref().and_then(|country| fields.rules.symbol(country));
    let builder = Builder { fields, doc, state, countries, witness, home, taken_up: taken_up(state) };
    record.organizations = builder.organizations();
    for (n, human) in state.people.iter().enumerate() {
        let person = builder.person(n, human);
        if person.posts.is_empty() { record.persons.push(person) } else { record.officials.push(person) }
    }
    builder.facts(&mut record, facts);
    heading::read(fields, doc, state, &mut record);
    record
}

/// Where titles and pronouns stand for a person.
fn taken_up(state: &State) -> FxHashMap<usize, Vec<(Range, MentionKind)>> {
    let mut taken_up: FxHashMap<usize, Vec<(Range, MentionKind)>> = FxHashMap::default();
    for title in &state.titles {
        taken_up.entry(title.person).or_default().push((title.range, MentionKind::Title));
    }
    for subject in state.speakers.all.iter().filter(|s| s.pronoun) {
        if let Some(Actor::Person(n)) = subject.actor {
            taken_up.entry(n).or_default().push((subject.range, MentionKind::Pronoun));
        }
    }
    taken_up
}

struct Builder<'a, 't> {
    fields: &'a Fields<'a>,
    doc: &'a Doc<'t>,
    state: &'a State,
    /// The country of each body.
    countries: Vec<Option<Symbol>>,
    witness: Witness<'a, 't>,
    /// The country of who published the release.
    home: Option<Symbol>,
    /// Titles and pronouns of each person.
    taken_up: FxHashMap<usize, Vec<(Range, MentionKind)>>,
}

impl Builder<'_, '_> {
    fn span(&self, range: Range) -> Span {
        let (start, end) = self.doc.bytes(range);
        Span::new(start, end)
    }

    fn rule(&self, rule: Option<usize>) -> String {
        rule.map_or_else(|| "document".to_owned(), |r| self.fields.rules.info(r).id.clone())
    }

    fn mentions(&self, all: &[(Range, MentionKind)]) -> Vec<Mention> {
        let mut mentions: Vec<Mention> =
            all.iter().map(|(range, kind)| Mention { span: self.span(*range), kind: *kind }).collect();
        mentions.sort_by_key(|m| m.span);
        mentions.dedup_by_key(|m| m.span);
        mentions
    }

    fn body(&self, range: Range) -> Option<usize> {
        self.state.named_bodies.around(range).into_iter().map(|(_, n)| n).min()
    }

    fn organizations(&self) -> Vec<Organization> {
        let bodies = self.state.bodies.iter().enumerate();
        bodies
            .map(|(n, body)| Organization {
                id: body_id(n),
                name: body.name.clone(),
                acronym: body.acronym.clone(),
                kind: body.kind.map(|k| self.fields.rules.word(k).to_owned()),
                country: self.countries[n].map(|c| self.fields.rules.word(c).to_owned()),
                parent: body.parent.map(body_id),
                mentions: self.mentions(&body.mentions),
                confidence: self.witness.body(body),
                rule: self.rule(body.rule),
            })
            .collect()
    }

    fn person(&self, n: usize, human: &Human) -> Person {
        let mut mentions = human.mentions.clone();
        mentions.extend(self.taken_up.get(&n).into_iter().flatten());
        Person {
            id: format!("p{}", n + 1),
            name: human.name.clone(),
            mentions: self.mentions(&mentions),
            posts: human.posts.iter().map(|held| self.post(human, held)).collect(),
            confidence: self.witness.person(human),
            rule: self.rule(human.rule),
        }
    }

    fn post(&self, human: &Human, held: &Held) -> Post {
        Post {
            title: held.title.map(|t| one_line(self.doc.words(t))),
            organization: held.body.and_then(|b| self.body(b)).map(body_id),
            country: self.country(held).map(|c| self.fields.rules.word(c).to_owned()),
            role: self.role(held).map(|r| self.fields.rules.word(r).to_owned()),
            acting: held.acting,
            former: held.former,
            confidence: self.witness.post(human, held),
            span: held.span(self.doc),
            rule: self.rule(held.rule),
        }
    }

    /// The country of a post: said with it, in its title, or in the name of its body.
    fn country(&self, held: &Held) -> Option<Symbol> {
        let countries = Countries { fields: self.fields, doc: self.doc };
        let body = || {
            let n = held.body.and_then(|b| self.body(b))?;
            let country = self.countries[n].or_else(|| countries.beside(held.body?));
            country.filter(|_| !countries.is_of_many(self.state.bodies[n].kind))
        };
        held.country.or_else(|| countries.of_title(held.title?)).or_else(body)
    }

    /// The class of a post: by the words of its title, else as its rule says.
    fn role(&self, held: &Held) -> Option<Symbol> {
        let body = held.body.and_then(|b| self.body(b)).and_then(|n| self.state.bodies[n].kind);
        let country = self.country(held);
        let home = self.home.filter(|_| country.is_none());
        let before = held.body.zip(held.title).filter(|(body, title)| body.end == title.start);
        let setting = Setting { body, country, home, before: before.map(|(body, _)| body.start) };
        let by_words = held.title.and_then(|title| roles::class(self.fields, self.doc, title, setting));
        by_words.or(held.role)
    }

    fn actor(&self, actor: Option<&Actor>) -> (Option<String>, Option<String>) {
        match actor {
            Some(Actor::Person(n)) => (Some(self.state.people[*n].name.clone()), Some(format!("p{}", n + 1))),
            Some(Actor::Body(n)) => (Some(self.state.bodies[*n].name.clone()), Some(body_id(*n))),
            Some(Actor::Words(words)) => (Some(words.clone()), None),
            None => (None, None),
        }
    }

    fn facts(&self, record: &mut Record, facts: &[Fact]) {
        let mut seen: FxHashMap<(bool, String), usize> = FxHashMap::default();
        for fact in facts {
            let span = self.span(fact.text);
            let text = self.doc.words(fact.text).to_owned();
            let cue_span = self.span(fact.cue);
            let cue = Cue { span: cue_span, text: self.doc.words(fact.cue).to_owned() };
            let folded = fold(&text);
            let occurrence = seen.get(&(fact.proposal, folded.clone())).copied().unwrap_or(0);
            let key = key(&record.release.id, fact.proposal, &folded, occurrence);
            seen.insert((fact.proposal, folded), occurrence + 1);
            let (name, id) = self.actor(fact.actor.as_ref());
            let (act, direct, rule) = (fact.act.clone(), fact.direct, self.rule(fact.rule));
            let confidence = self.witness.fact(fact);
            if fact.proposal {
                record.proposals.push(Proposal {
                    id: format!("q{}", record.proposals.len() + 1),
                    key,
                    confidence,
                    proposer: name,
                    proposer_id: id,
                    act,
                    cue,
                    span,
                    text,
                    to: fact.to.iter().map(|r| one_line(self.doc.words(*r))).collect(),
                    about: self.about(fact.text),
                    direct,
                    rule,
                });
            } else {
                record.statements.push(Statement {
                    id: format!("s{}", record.statements.len() + 1),
                    key,
                    confidence,
                    speaker: name,
                    speaker_id: id,
                    act,
                    cue,
                    span,
                    text,
                    direct,
                    rule,
                });
            }
        }
    }

    /// Ids of the bodies that a passage names.
    fn about(&self, passage: Range) -> Vec<String> {
        let bodies: BTreeSet<usize> = self.state.named_bodies.inside(passage).map(|(_, n)| n).collect();
        bodies.into_iter().map(body_id).collect()
    }
}

fn body_id(n: usize) -> String {
    format!("g{}", n + 1)
}

/// A fact's key: a digest of release, kind, normalized passage and its occurrence, which survives a change of rules.
fn key(release: &str, proposal: bool, folded: &str, occurrence: usize) -> String {
    let mut hash = Sha256::new();
    let kind = if proposal { "proposal" } else { "statement" };
    hash.update(format!("{release}\0{kind}\0{folded}\0{occurrence}").as_bytes());
    hash.finalize().iter().take(8).map(|b| format!("{b:02x}")).collect()
}
