//! The record: local ids, byte spans, keys.

use std::collections::BTreeMap;

use chancery_record::{
    Cue, Mention, MentionKind, Organization, Person, Post, Proposal, Record, Release, Span, Statement,
};
use chancery_rules::{Doc, Range, RuleSet};
use chancery_text::fold;
use sha2::{Digest, Sha256};

use crate::State;
use crate::bodies::{Body, one_line};
use crate::facts::{Fact, facts};
use crate::fields::Fields;
use crate::pairing::Held;
use crate::people::Human;
use crate::subjects::Actor;

/// Puts what was found into a record.
pub(crate) fn record(
    release: &Release,
    rules: &RuleSet,
    fields: &Fields,
    doc: &Doc<'_>,
    state: &State,
    program: &str,
) -> Record {
    let facts = facts(rules, fields, doc, state);
    let mut record = Record::new(release.clone(), program);
    record.produced_by.rules = Some(rules.digest().to_owned());
    let builder = Builder { rules, fields, doc, state };
    record.organizations = builder.organizations();
    for (n, human) in state.people.iter().enumerate() {
        let person = builder.person(n, human);
        if person.posts.is_empty() { record.persons.push(person) } else { record.officials.push(person) }
    }
    builder.facts(&mut record, &facts);
    if let Some(issuer) = record.release.issuer.as_deref().map(fold) {
        let named = record
            .organizations
            .iter()
            .find(|g| fold(&g.name) == issuer || g.acronym.as_deref().map(fold) == Some(issuer.clone()));
        if let Some(body) = named {
            record.release.issuer = Some(body.id.clone());
        }
    }
    record
}

struct Builder<'a, 't> {
    rules: &'a RuleSet,
    fields: &'a Fields,
    doc: &'a Doc<'t>,
    state: &'a State,
}

impl Builder<'_, '_> {
    fn span(&self, range: Range) -> Span {
        let (start, end) = self.doc.bytes(range);
        Span::new(start, end)
    }

    fn rule(&self, rule: Option<usize>) -> String {
        rule.map_or_else(|| "document".to_owned(), |r| self.rules.info(r).id.clone())
    }

    fn mentions(&self, all: &[(Range, MentionKind)]) -> Vec<Mention> {
        let mut mentions: Vec<Mention> =
            all.iter().map(|(range, kind)| Mention { span: self.span(*range), kind: *kind }).collect();
        mentions.sort_by_key(|m| m.span);
        mentions.dedup_by_key(|m| m.span);
        mentions
    }

    fn body_id(&self, range: Range) -> Option<String> {
        let inside = |b: &Body| b.mentions.iter().any(|(r, _)| *r == range || r.contains(&range));
        self.state.bodies.iter().position(inside).map(|n| format!("g{}", n + 1))
    }

    fn organizations(&self) -> Vec<Organization> {
        let bodies = self.state.bodies.iter().enumerate();
        bodies
            .map(|(n, body)| {
                let first = body.mentions.first().map_or(Range::default(), |(r, _)| *r);
                Organization {
                    id: format!("g{}", n + 1),
                    name: body.name.clone(),
                    acronym: body.acronym.clone(),
                    kind: body.kind.map(|k| self.rules.word(k).to_owned()),
                    country: self.country_in(first),
                    parent: body.parent.map(|p| format!("g{}", p + 1)),
                    mentions: self.mentions(&body.mentions),
                    rule: self.rule(body.rule),
                }
            })
            .collect()
    }

    /// The country that a name's own words hold.
    fn country_in(&self, range: Range) -> Option<String> {
        (range.start..range.end).find_map(|at| {
            let entries = self.doc.entries(self.rules, "country", at);
            let mut inside = entries.filter(|(end, _)| *end <= range.end);
            let value = inside
                .find_map(|(_, data)| data.iter().find(|(k, _)| *k == self.fields.country).map(|(_, v)| *v));
            value.map(|v| self.rules.word(v).to_owned())
        })
    }

    fn person(&self, n: usize, human: &Human) -> Person {
        let mut mentions = human.mentions.clone();
        mentions.extend(
            self.state.titles.iter().filter(|t| t.person == n).map(|t| (t.range, MentionKind::Title)),
        );
        for s in self.state.speakers.all.iter().filter(|s| s.pronoun && s.actor == Some(Actor::Person(n))) {
            mentions.push((s.range, MentionKind::Pronoun));
        }
        Person {
            id: format!("p{}", n + 1),
            name: human.name.clone(),
            mentions: self.mentions(&mentions),
            posts: human.posts.iter().map(|held| self.post(held)).collect(),
            rule: self.rule(human.rule),
        }
    }

    fn post(&self, held: &Held) -> Post {
        Post {
            title: held.title.map(|t| one_line(self.doc.words(t))),
            organization: held.body.and_then(|b| self.body_id(b)),
            country: held.country.map(|c| self.rules.word(c).to_owned()),
            role: held.role.map(|r| self.rules.word(r).to_owned()),
            acting: held.acting,
            former: held.former,
            span: held.span(self.doc),
            rule: self.rule(held.rule),
        }
    }

    fn actor(&self, actor: Option<&Actor>) -> (Option<String>, Option<String>) {
        match actor {
            Some(Actor::Person(n)) => (Some(self.state.people[*n].name.clone()), Some(format!("p{}", n + 1))),
            Some(Actor::Body(n)) => (Some(self.state.bodies[*n].name.clone()), Some(format!("g{}", n + 1))),
            Some(Actor::Words(words)) => (Some(words.clone()), None),
            None => (None, None),
        }
    }

    fn facts(&self, record: &mut Record, facts: &[Fact]) {
        let mut seen: BTreeMap<(bool, String), usize> = BTreeMap::new();
        for fact in facts {
            let span = self.span(fact.text);
            let text = self.doc.words(fact.text).to_owned();
            let cue_span = self.span(fact.cue);
            let cue = Cue { span: cue_span, text: self.doc.words(fact.cue).to_owned() };
            let occurrence = seen.entry((fact.proposal, fold(&text))).or_default();
            let key = key(&record.release.id, fact.proposal, &text, *occurrence);
            *occurrence += 1;
            let (name, id) = self.actor(fact.actor.as_ref());
            let (act, direct, rule, confidence) =
                (fact.act.clone(), fact.direct, self.rule(fact.rule), fact.confidence);
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
                    about: self.about(span),
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
    fn about(&self, span: Span) -> Vec<String> {
        let inside = |b: &Body| b.mentions.iter().any(|(r, _)| span.contains(&self.span(*r)));
        let bodies = self.state.bodies.iter().enumerate().filter(|(_, b)| inside(b));
        bodies.map(|(n, _)| format!("g{}", n + 1)).collect()
    }
}

/// A fact's key: a digest of release, kind, normalized passage and its occurrence, which survives a change of rules.
fn key(release: &str, proposal: bool, text: &str, occurrence: usize) -> String {
    let mut hash = Sha256::new();
    let kind = if proposal { "proposal" } else { "statement" };
    hash.update(format!("{release}\0{kind}\0{}\0{occurrence}", fold(text)).as_bytes());
    hash.finalize().iter().take(8).map(|b| format!("{b:02x}")).collect()
}
