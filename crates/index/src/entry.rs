//! A record as the documents of the index: the release, then its facts in the order of the text. Pure.

use chancery_record::{Cue, Mention, MentionKind, Organization, Person, Post, Record, Release, Span};

use crate::analysis::name_words;
use crate::card::Card;
use crate::hit::Kind;

/// One document before it becomes tantivy's.
#[derive(Debug, Default)]
pub(crate) struct Entry {
    /// Titles and bodies of the speaker.
    pub(crate) post_words: Vec<String>,
    /// Name words of the speaker: the canonical name in order, then what other forms add.
    pub(crate) names: Vec<String>,
    /// For each body of the document its name words, each once.
    pub(crate) bodies: Vec<Vec<String>>,
    /// The same for the bodies that the passage names: what it is about.
    pub(crate) about: Vec<Vec<String>>,
    /// The same for those to whom a proposal is put.
    pub(crate) addressed: Vec<Vec<String>>,
    /// Classes of the speaker's posts.
    pub(crate) roles: Vec<String>,
    /// What the release has, as `has:` names it.
    pub(crate) has: Vec<&'static str>,
    /// The words of the fact.
    pub(crate) passage: String,
    /// What a hit shows.
    pub(crate) card: Card,
}

/// The documents of `record`, the release first.
pub(crate) fn entries(record: &Record) -> Vec<Entry> {
    let page = Page::of(record);
    let mut facts = Vec::new();
    for s in &record.statements {
        let said = Said { by: s.speaker.as_ref(), by_id: s.speaker_id.as_deref(), cue: &s.cue, span: s.span };
        let mut entry = said.entry(&page, Kind::Statement, &s.text, &[]);
        entry.card.fact = Some(s.id.clone());
        entry.card.key = Some(s.key.clone());
        entry.card.rule = Some(s.rule.clone());
        entry.card.confidence = Some(s.confidence);
        entry.card.act = Some(s.act.clone());
        entry.card.direct = s.direct;
        facts.push(entry);
    }
    for p in &record.proposals {
        let said =
            Said { by: p.proposer.as_ref(), by_id: p.proposer_id.as_deref(), cue: &p.cue, span: p.span };
        let mut entry = said.entry(&page, Kind::Proposal, &p.text, &p.about);
        entry.card.fact = Some(p.id.clone());
        entry.card.key = Some(p.key.clone());
        entry.card.rule = Some(p.rule.clone());
        entry.card.confidence = Some(p.confidence);
        entry.card.act = Some(p.act.clone());
        entry.card.direct = p.direct;
        entry.card.to.clone_from(&p.to);
        entry.addressed = p.to.iter().map(|name| distinct([name.as_str()])).collect();
        facts.push(entry);
    }
    for person in &record.officials {
        facts.extend(person.posts.iter().map(|post| page.official(person, post)));
    }
    facts.extend(record.organizations.iter().filter_map(|body| page.organization(body)));
    facts.sort_by_key(|entry| (entry.card.span, entry.card.kind));
    facts.insert(0, page.release());
    facts
}

/// A record with what its facts are asked for again and again.
struct Page<'r> {
    record: &'r Record,
    /// Name words of each organization of the record.
    bodies: Vec<Vec<String>>,
    has: Vec<&'static str>,
}

impl<'r> Page<'r> {
    fn of(record: &'r Record) -> Self {
        let text = &record.release.text;
        let bodies = record.organizations.iter().map(|body| distinct(forms(text, body)));
        Self { record, bodies: bodies.collect(), has: has(record) }
    }

    fn body(&self, id: &str) -> Option<(&'r Organization, &[String])> {
        let at = self.record.organizations.iter().position(|body| body.id == id)?;
        Some((self.record.organizations.get(at)?, self.bodies.get(at)?))
    }

    fn entry(&self, kind: Kind) -> Entry {
        Entry { card: Card { kind, ..Card::default() }, has: self.has.clone(), ..Entry::default() }
    }

    fn release(&self) -> Entry {
        let mut bodies = self.bodies.clone();
        // An issuer that the text does not name stands in the record by its name instead of an id.
        if let Some(issuer) = self.record.release.issuer.as_deref().filter(|id| self.body(id).is_none()) {
            bodies.push(distinct([issuer]));
        }
        // A release is about what its headline names.
        let headline = name_words(self.record.release.headline.as_deref().unwrap_or_default());
        let in_headline = |body: &&Organization| {
            let names = [Some(body.name.as_str()), body.acronym.as_deref()];
            names.into_iter().flatten().any(|name| stand_in_row(&name_words(name), &headline))
        };
        let about = self.record.organizations.iter().zip(&self.bodies);
        let about = about.filter(|(body, _)| in_headline(body)).map(|(_, words)| words.clone()).collect();
        let card = card(&self.record.release);
        Entry { bodies, about, has: self.has.clone(), card, ..Entry::default() }
    }

    /// A body, where the text names it first by its name.
    fn organization(&self, body: &Organization) -> Option<Entry> {
        let first = body.mentions.iter().filter(|m| is_name(m.kind)).min_by_key(|m| (m.kind, m.span))?;
        let mut entry = self.entry(Kind::Body);
        entry.card.fact = Some(body.id.clone());
        entry.card.rule = Some(body.rule.clone());
        entry.card.confidence = Some(body.confidence);
        entry.stands_at(first.span, &self.record.release.text);
        entry.card.speaker = Some(body.name.clone());
        entry.body_is(body);
        entry.add_names(forms(&self.record.release.text, body));
        entry.add_body(self.body(&body.id)?.1);
        Some(entry)
    }

    fn official(&self, person: &Person, post: &Post) -> Entry {
        let span = with_nearest_name(person, post.span);
        let mut entry = self.entry(Kind::Official);
        entry.card.fact = Some(person.id.clone());
        entry.card.rule = Some(post.rule.clone());
        entry.card.confidence = Some(post.confidence);
        entry.stands_at(span, &self.record.release.text);
        entry.speaker_is(self, person, &[post]);
        entry.names_bodies(self, span, &[]);
        entry
    }
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

/// What statements and proposals share.
struct Said<'r> {
    by: Option<&'r String>,
    by_id: Option<&'r str>,
    cue: &'r Cue,
    span: Span,
}

impl Said<'_> {
    fn entry(&self, page: &Page<'_>, kind: Kind, passage: &str, about: &[String]) -> Entry {
        let mut entry = page.entry(kind);
        entry.card.cue = Some(self.cue.text.clone());
        entry.card.cue_span = Some((self.cue.span.start, self.cue.span.end));
        entry.stands_at(self.span, &page.record.release.text);
        if entry.passage != passage {
            entry.passage = passage.into();
            entry.card.passage = Some(passage.into());
        }
        entry.card.speaker = self.by.cloned();
        entry.card.speaker_id = self.by_id.map(String::from);
        entry.add_names(self.by.map(String::as_str));
        if let Some(person) = self.by_id.and_then(|id| page.record.person(id)) {
            // The post to show is one that is still held, as the text gives it first.
            let mut posts: Vec<&Post> = person.posts.iter().collect();
            posts.sort_by_key(|post| post.former);
            entry.speaker_is(page, person, &posts);
        } else if let Some((body, words)) = self.by_id.and_then(|id| page.body(id)) {
            entry.body_is(body);
            entry.add_names(forms(&page.record.release.text, body));
            entry.add_body(words);
        }
        entry.names_bodies(page, self.span, about);
        entry
    }
}

impl Entry {
    /// What is found is what stands in `text` at `span`.
    fn stands_at(&mut self, span: Span, text: &str) {
        self.passage = span.of(text).into();
        self.card.span = Some((span.start, span.end));
    }

    /// The speaker is `person`, who holds `posts`; the first of them is shown.
    fn speaker_is(&mut self, page: &Page<'_>, person: &Person, posts: &[&Post]) {
        let text = &page.record.release.text;
        self.card.speaker.get_or_insert_with(|| person.name.clone());
        self.card.speaker_id = Some(person.id.clone());
        self.add_names([person.name.as_str()]);
        self.add_names(person.mentions.iter().filter(|m| is_name(m.kind)).map(|m| m.span.of(text)));
        for (rank, post) in posts.iter().enumerate() {
            let body = post.organization.as_deref().and_then(|id| page.body(id));
            if rank == 0 {
                self.card.title.clone_from(&post.title);
                self.card.role.clone_from(&post.role);
                if let Some((body, _)) = body {
                    self.body_is(body);
                }
                self.in_country(post.country.as_ref());
                self.card.acting = post.acting;
                self.card.former = post.former;
            }
            self.post_words.extend(post.title.clone());
            self.roles.extend(post.role.clone());
            if let Some((body, words)) = body {
                self.post_words.push(body.name.clone());
                self.post_words.extend(body.acronym.clone());
                self.add_body(words);
            }
        }
    }

    /// The body that is shown.
    fn body_is(&mut self, body: &Organization) {
        self.card.organization = Some(body.name.clone());
        self.card.acronym.clone_from(&body.acronym);
        self.in_country(body.country.as_ref());
    }

    /// The country that the text tells; where it tells none, that of the issuer stays.
    fn in_country(&mut self, told: Option<&String>) {
        if let Some(country) = told {
            self.card.country = Some(country.clone());
        }
    }

    /// Adds the bodies that the text names within `span`, and those of `about`.
    fn names_bodies(&mut self, page: &Page<'_>, span: Span, about: &[String]) {
        for (body, words) in page.record.organizations.iter().zip(&page.bodies) {
            if about.contains(&body.id) || body.mentions.iter().any(|m| m.span.overlaps(&span)) {
                self.add_body(words);
                self.about.push(words.clone());
            }
        }
    }

    fn add_body(&mut self, words: &[String]) {
        if !self.bodies.iter().any(|known| known == words) {
            self.bodies.push(words.to_vec());
        }
    }

    fn add_names<'n>(&mut self, names: impl IntoIterator<Item = &'n str>) {
        for word in names.into_iter().flat_map(name_words) {
            if !self.names.contains(&word) {
                self.names.push(word);
            }
        }
    }
}

/// Titles and pronouns stand for a name but are none.
fn is_name(kind: MentionKind) -> bool {
    matches!(kind, MentionKind::Full | MentionKind::Short | MentionKind::Acronym)
}

/// The name of a body, its acronym, and how `text` names it.
fn forms<'r>(text: &'r str, body: &'r Organization) -> impl Iterator<Item = &'r str> {
    let mentions = body.mentions.iter().filter(|m| is_name(m.kind)).map(|m| m.span.of(text));
    [body.name.as_str()].into_iter().chain(body.acronym.as_deref()).chain(mentions)
}

/// Whether `row` stands somewhere in `words`, in order and without anything between.
pub(crate) fn stand_in_row(row: &[String], words: &[String]) -> bool {
    !row.is_empty() && words.windows(row.len()).any(|window| window == row)
}

/// What `has:` can ask for of a release.
fn has(record: &Record) -> Vec<&'static str> {
    let direct = record.statements.iter().any(|s| s.direct) || record.proposals.iter().any(|p| p.direct);
    let release = &record.release;
    let all = [
        ("statement", !record.statements.is_empty()),
        ("proposal", !record.proposals.is_empty()),
        ("official", !record.officials.is_empty()),
        ("person", !record.persons.is_empty()),
        ("body", !record.organizations.is_empty()),
        ("quotation", direct),
        ("date", release.published.is_some()),
        ("headline", release.headline.is_some()),
        ("link", release.url.is_some()),
    ];
    all.into_iter().filter(|(_, has)| *has).map(|(name, _)| name).collect()
}

/// The name words of `names`, each once, in order.
fn distinct<'n>(names: impl IntoIterator<Item = &'n str>) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in names.into_iter().flat_map(name_words) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

fn card(release: &Release) -> Card {
    Card {
        kind: Kind::Release,
        alias: release.alias.clone(),
        headline: release.headline.clone(),
        published: release.published.clone(),
        source: release.source.clone(),
        url: release.url.clone(),
        country: release.country.clone(),
        language: release.language.clone(),
        release_type: Some(release.kind.clone()),
        ..Card::default()
    }
}
