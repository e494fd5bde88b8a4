//! The facts of two records of one release, side by side.

use chancery_record::{Mention, Organization, Person, Post, Proposal, Record, Span, Statement};

/// One fact, with all that is said of it, free of ids that are local to a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// `person`, `post`, `organization`, `proposal` or `statement`.
    pub kind: &'static str,
    /// The words by which it is known: a name, a passage.
    pub words: String,
    /// Where it stands: its first mention, its title, its cue.
    pub span: Span,
    /// Everything else, by field.
    pub fields: Vec<(&'static str, String)>,
    /// The rule that found it.
    pub rule: String,
}

/// A fact that both find, with the fields that differ: before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Altered {
    /// As it is now.
    pub fact: Fact,
    /// Field, before, after.
    pub fields: Vec<(&'static str, String, String)>,
}

/// What differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// Only the new rules find it.
    Gained(Fact),
    /// Only the old rules find it.
    Lost(Fact),
    /// Both find it, and say different things of it.
    Altered(Altered),
}

impl Difference {
    /// The fact.
    #[must_use]
    pub const fn fact(&self) -> &Fact {
        match self {
            Self::Gained(fact) | Self::Lost(fact) => fact,
            Self::Altered(altered) => &altered.fact,
        }
    }
}

/// What `new` gained, lost and alters, in the order of the text.
pub(super) fn differences(old: &Record, new: &Record) -> Vec<Difference> {
    let (mut before, mut after) = (facts(old), facts(new));
    take_pairs(&mut before, &mut after, |a, b| a == b);
    let mut all = Vec::new();
    let alike: [fn(&Fact, &Fact) -> bool; 3] = [
        |a, b| a.words == b.words && a.span == b.span,
        |a, b| a.words == b.words,
        |a, b| a.span.start == b.span.start,
    ];
    for alike in alike {
        let pairs = take_pairs(&mut before, &mut after, |a, b| a.kind == b.kind && alike(a, b));
        all.extend(pairs.into_iter().map(|(a, b)| Difference::Altered(altered(&a, b))));
    }
    all.extend(before.into_iter().map(Difference::Lost));
    all.extend(after.into_iter().map(Difference::Gained));
    all.sort_by_key(|difference| (difference.fact().span.start, difference.fact().kind));
    all
}

/// Takes out facts of both that belong together.
pub(super) fn take_pairs(
    before: &mut Vec<Fact>,
    after: &mut Vec<Fact>,
    alike: impl Fn(&Fact, &Fact) -> bool,
) -> Vec<(Fact, Fact)> {
    let mut pairs = Vec::new();
    let mut rest = Vec::with_capacity(before.len());
    for fact in before.drain(..) {
        match after.iter().position(|other| alike(&fact, other)) {
            Some(at) => pairs.push((fact, after.remove(at))),
            None => rest.push(fact),
        }
    }
    *before = rest;
    pairs
}

pub(super) fn altered(old: &Fact, new: Fact) -> Altered {
    let mut fields = Vec::new();
    if old.words != new.words {
        fields.push(("words", old.words.clone(), new.words.clone()));
    }
    for ((name, before), (_, after)) in old.fields.iter().zip(&new.fields) {
        if before != after {
            fields.push((*name, before.clone(), after.clone()));
        }
    }
    if old.rule != new.rule {
        fields.push(("rule", old.rule.clone(), new.rule.clone()));
    }
    if fields.is_empty() {
        let place = |span: Span| format!("{}..{}", span.start, span.end);
        fields.push(("place", place(old.span), place(new.span)));
    }
    Altered { fact: new, fields }
}

pub(super) fn facts(record: &Record) -> Vec<Fact> {
    let people = record.people().flat_map(|person| {
        let posts = person.posts.iter().map(|held| post(record, person, held));
        std::iter::once(named_person(person)).chain(posts)
    });
    let bodies = record.organizations.iter().map(|body| organization(record, body));
    let proposals = record.proposals.iter().map(|put| proposal(record, put));
    people.chain(bodies).chain(proposals).chain(record.statements.iter().map(statement)).collect()
}

fn first(mentions: &[Mention]) -> Span {
    mentions.first().map_or(Span::default(), |mention| mention.span)
}

fn mentions(all: &[Mention]) -> String {
    all.iter().map(|m| format!("{}..{}", m.span.start, m.span.end)).collect::<Vec<_>>().join(" ")
}

fn some(value: Option<&String>) -> String {
    value.cloned().unwrap_or_default()
}

fn body_name(record: &Record, id: Option<&String>) -> String {
    id.map_or_else(String::new, |id| {
        record.organization(id).map_or_else(|| id.clone(), |body| body.name.clone())
    })
}

fn named_person(person: &Person) -> Fact {
    Fact {
        kind: "person",
        words: person.name.clone(),
        span: first(&person.mentions),
        fields: vec![("mentions", mentions(&person.mentions))],
        rule: person.rule.clone(),
    }
}

fn post(record: &Record, person: &Person, post: &Post) -> Fact {
    let body = body_name(record, post.organization.as_ref());
    Fact {
        kind: "post",
        words: post.title.clone().unwrap_or_else(|| format!("from {body}")),
        span: post.span,
        fields: vec![
            ("holder", person.name.clone()),
            ("organization", body),
            ("country", some(post.country.as_ref())),
            ("role", some(post.role.as_ref())),
            ("acting", post.acting.to_string()),
            ("former", post.former.to_string()),
        ],
        rule: post.rule.clone(),
    }
}

fn organization(record: &Record, body: &Organization) -> Fact {
    Fact {
        kind: "organization",
        words: body.name.clone(),
        span: first(&body.mentions),
        fields: vec![
            ("acronym", some(body.acronym.as_ref())),
            ("type", some(body.kind.as_ref())),
            ("country", some(body.country.as_ref())),
            ("parent", body_name(record, body.parent.as_ref())),
            ("mentions", mentions(&body.mentions)),
        ],
        rule: body.rule.clone(),
    }
}

fn proposal(record: &Record, put: &Proposal) -> Fact {
    let about: Vec<String> = put.about.iter().map(|id| body_name(record, Some(id))).collect();
    Fact {
        kind: "proposal",
        words: put.text.clone(),
        span: put.cue.span,
        fields: vec![
            ("proposer", some(put.proposer.as_ref())),
            ("act", put.act.clone()),
            ("cue", put.cue.text.clone()),
            ("to", put.to.join("; ")),
            ("about", about.join("; ")),
            ("direct", put.direct.to_string()),
            ("confidence", put.confidence.to_string()),
        ],
        rule: put.rule.clone(),
    }
}

fn statement(said: &Statement) -> Fact {
    Fact {
        kind: "statement",
        words: said.text.clone(),
        span: said.cue.span,
        fields: vec![
            ("speaker", some(said.speaker.as_ref())),
            ("act", said.act.clone()),
            ("cue", said.cue.text.clone()),
            ("direct", said.direct.to_string()),
            ("confidence", said.confidence.to_string()),
        ],
        rule: said.rule.clone(),
    }
}
