//! Where the facts of a record stand in its text.

use chancery_record::{Mention, Person, Record, Span};

/// What a stretch of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// What is said.
    Statement,
    /// What is proposed.
    Proposal,
    /// The words of a post.
    Post,
    /// A body.
    Organization,
    /// Somebody without a post.
    Person,
    /// Somebody who holds one.
    Official,
    /// The word that makes a passage a statement or a proposal.
    Cue,
}

impl Kind {
    /// All kinds, in the order of the legend.
    pub(crate) const ALL: [Self; 7] = [
        Self::Official,
        Self::Post,
        Self::Person,
        Self::Organization,
        Self::Cue,
        Self::Statement,
        Self::Proposal,
    ];

    /// Its name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Statement => "statement",
            Self::Proposal => "proposal",
            Self::Post => "post",
            Self::Organization => "organization",
            Self::Person => "person",
            Self::Official => "official",
            Self::Cue => "cue",
        }
    }
}

/// One fact and the stretches of text that belong to it.
#[derive(Clone, Debug)]
pub(crate) struct Fact {
    /// What it is: `official p3`, `statement s1 by p3`.
    pub(crate) label: String,
    /// Id within the record: `s1`.
    pub(crate) id: String,
    /// Its stretches, each with the rule that found it.
    pub(crate) marks: Vec<Mark>,
}

/// A stretch of text that belongs to a fact.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    /// Where.
    pub(crate) span: Span,
    /// As what.
    pub(crate) kind: Kind,
    /// By which rule.
    pub(crate) rule: String,
}

/// Every fact of a record: people, bodies, statements, proposals.
pub(crate) fn facts(record: &Record) -> Vec<Fact> {
    let people = record.people().map(person);
    let bodies = record.organizations.iter().map(|body| Fact {
        label: format!("organization {}", body.id),
        id: body.id.clone(),
        marks: named(&body.mentions, Kind::Organization, &body.rule),
    });
    let statements = record.statements.iter().map(|said| Fact {
        label: format!("statement {}{}", said.id, by(said.speaker_id.as_ref(), said.speaker.as_ref())),
        id: said.id.clone(),
        marks: passage(said.cue.span, said.span, Kind::Statement, &said.rule),
    });
    let proposals = record.proposals.iter().map(|put| Fact {
        label: format!("proposal {}{}", put.id, by(put.proposer_id.as_ref(), put.proposer.as_ref())),
        id: put.id.clone(),
        marks: passage(put.cue.span, put.span, Kind::Proposal, &put.rule),
    });
    people.chain(bodies).chain(statements).chain(proposals).collect()
}

fn person(person: &Person) -> Fact {
    let kind = if person.posts.is_empty() { Kind::Person } else { Kind::Official };
    let posts = person.posts.iter();
    let mut marks: Vec<Mark> =
        posts.map(|post| Mark { span: post.span, kind: Kind::Post, rule: post.rule.clone() }).collect();
    marks.extend(named(&person.mentions, kind, &person.rule));
    Fact { label: format!("{} {}", kind.name(), person.id), id: person.id.clone(), marks }
}

fn named(mentions: &[Mention], kind: Kind, rule: &str) -> Vec<Mark> {
    mentions.iter().map(|mention| Mark { span: mention.span, kind, rule: rule.to_owned() }).collect()
}

fn passage(cue: Span, span: Span, kind: Kind, rule: &str) -> Vec<Mark> {
    vec![
        Mark { span, kind, rule: rule.to_owned() },
        Mark { span: cue, kind: Kind::Cue, rule: rule.to_owned() },
    ]
}

fn by(id: Option<&String>, name: Option<&String>) -> String {
    id.or(name).map_or_else(String::new, |who| format!(" by {who}"))
}
