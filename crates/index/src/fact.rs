//! The facts of a record in the order of the index, and what a hit shows of each. Pure.
//!
//! A fact is found in the index and shown from its record, by its place in this order: whoever changes which facts there are or
//! how they are ordered raises the version of the layout.

use chancery_record::{
    Cue, Mention, MentionKind, Organization, Person, Post, Proposal, Record, Span, Statement,
};

use crate::card::Card;
use crate::hit::Kind;

/// One fact.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fact<'r> {
    Statement(&'r Statement),
    Proposal(&'r Proposal),
    /// A post, and where it stands with its holder.
    Official(&'r Person, &'r Post, Span),
    /// A body, and where it is named first.
    Body(&'r Organization, Span),
}

/// The facts of `record` that can be found, as they stand in the text.
pub(crate) fn facts(record: &Record) -> Vec<Fact<'_>> {
    let mut facts: Vec<Fact<'_>> = record.statements.iter().map(Fact::Statement).collect();
    facts.extend(record.proposals.iter().map(Fact::Proposal));
    for person in &record.officials {
        let post = |post| Fact::Official(person, post, with_nearest_name(person, post.span));
        facts.extend(person.posts.iter().map(post));
    }
    facts.extend(record.organizations.iter().filter_map(|body| Some(Fact::Body(body, named_first(body)?))));
    facts.sort_by_key(|fact| (fact.span(), fact.kind()));
    facts
}

impl<'r> Fact<'r> {
    pub(crate) const fn kind(&self) -> Kind {
        match self {
            Self::Statement(_) => Kind::Statement,
            Self::Proposal(_) => Kind::Proposal,
            Self::Official(..) => Kind::Official,
            Self::Body(..) => Kind::Body,
        }
    }

    pub(crate) const fn span(&self) -> Span {
        match self {
            Self::Statement(Statement { span, .. })
            | Self::Proposal(Proposal { span, .. })
            | Self::Official(_, _, span)
            | Self::Body(_, span) => *span,
        }
    }

    /// Who speaks or proposes: name and id.
    pub(crate) fn by(&self) -> (Option<&'r str>, Option<&'r str>) {
        match self {
            Self::Statement(s) => (s.speaker.as_deref(), s.speaker_id.as_deref()),
            Self::Proposal(p) => (p.proposer.as_deref(), p.proposer_id.as_deref()),
            Self::Official(..) | Self::Body(..) => (None, None),
        }
    }

    /// What a hit shows of it; `record` is the one that it is of.
    pub(crate) fn card(&self, record: &'r Record) -> Card {
        let span = self.span();
        let mut card = Card { kind: self.kind(), span: Some((span.start, span.end)), ..Card::default() };
        match self {
            Self::Statement(s) => {
                card.is_called(&s.id, &s.rule, s.confidence);
                card.key = Some(s.key.clone());
                card.act = Some(s.act.clone());
                card.direct = s.direct;
                card.says(self.by(), &s.cue, &s.text, span, record);
            }
            Self::Proposal(p) => {
                card.is_called(&p.id, &p.rule, p.confidence);
                card.key = Some(p.key.clone());
                card.act = Some(p.act.clone());
                card.direct = p.direct;
                card.to.clone_from(&p.to);
                card.says(self.by(), &p.cue, &p.text, span, record);
            }
            Self::Official(person, post, _) => {
                card.is_called(&person.id, &post.rule, post.confidence);
                card.speaker_is(person, Some(post), record);
            }
            Self::Body(body, _) => {
                card.is_called(&body.id, &body.rule, body.confidence);
                card.speaker = Some(body.name.clone());
                card.body_is(body);
            }
        }
        card
    }
}

impl Card {
    fn is_called(&mut self, id: &str, rule: &str, confidence: u8) {
        self.fact = Some(id.into());
        self.rule = Some(rule.into());
        self.confidence = Some(confidence);
    }

    /// What statements and proposals share.
    fn says(
        &mut self,
        by: (Option<&str>, Option<&str>),
        cue: &Cue,
        passage: &str,
        span: Span,
        record: &Record,
    ) {
        self.cue = Some(cue.text.clone());
        self.cue_span = Some((cue.span.start, cue.span.end));
        if span.of(&record.release.text) != passage {
            self.passage = Some(passage.into());
        }
        let (name, id) = by;
        self.speaker = name.map(String::from);
        self.speaker_id = id.map(String::from);
        if let Some(person) = id.and_then(|id| record.person(id)) {
            self.speaker_is(person, posts(person).first().copied(), record);
        } else if let Some(body) = id.and_then(|id| record.organization(id)) {
            self.body_is(body);
        }
    }

    /// The speaker is `person`, shown with `post`.
    fn speaker_is(&mut self, person: &Person, post: Option<&Post>, record: &Record) {
        self.speaker.get_or_insert_with(|| person.name.clone());
        self.speaker_id = Some(person.id.clone());
        let Some(post) = post else { return };
        self.title.clone_from(&post.title);
        self.role.clone_from(&post.role);
        if let Some(body) = post.organization.as_deref().and_then(|id| record.organization(id)) {
            self.body_is(body);
        }
        self.in_country(post.country.as_ref());
        self.acting = post.acting;
        self.former = post.former;
    }

    /// The body that is shown.
    fn body_is(&mut self, body: &Organization) {
        self.organization = Some(body.name.clone());
        self.acronym.clone_from(&body.acronym);
        self.in_country(body.country.as_ref());
    }

    /// The country that the text tells; where it tells none, that of the issuer stays.
    fn in_country(&mut self, told: Option<&String>) {
        if let Some(country) = told {
            self.country = Some(country.clone());
        }
    }
}

/// The posts of a person, the one to show first: one that is still held, as the text gives it first.
pub(crate) fn posts(person: &Person) -> Vec<&Post> {
    let mut posts: Vec<&Post> = person.posts.iter().collect();
    posts.sort_by_key(|post| post.former);
    posts
}

/// A post is shown with the name beside it: `Deputy Minister Ivo El Tarnel`. Where the name stands farther off
/// than a comma, an article and a few words, the title alone is shown.
fn with_nearest_name(person: &Person, post: Span) -> Span {
    const BESIDE: usize = 40;
    let gap = |m: &Mention| m.span.start.saturating_sub(post.end).max(post.start.saturating_sub(m.span.end));
    person
        .mentions
        .iter()
        .filter(|m| is_name(m.kind) && gap(m) <= BESIDE)
        .min_by_key(|m| (gap(m), m.span))
        .map_or(post, |m| Span::new(post.start.min(m.span.start), post.end.max(m.span.end)))
}

/// Where the text names a body first by its name, if it does.
fn named_first(body: &Organization) -> Option<Span> {
    body.mentions.iter().filter(|m| is_name(m.kind)).min_by_key(|m| (m.kind, m.span)).map(|m| m.span)
}

/// Titles and pronouns stand for a name but are none.
pub(crate) fn is_name(kind: MentionKind) -> bool {
    matches!(kind, MentionKind::Full | MentionKind::Short | MentionKind::Acronym)
}
