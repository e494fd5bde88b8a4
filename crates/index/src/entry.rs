//! A record as the documents of the index: the release, then its facts in the order of the text. Pure.

use chancery_record::{Organization, Person, Post, Record, Span};

use crate::analysis::name_words;
use crate::card::Card;
use crate::fact::{Fact, facts, is_name, posts};

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
    let mut entries = vec![page.release()];
    entries.extend(facts(record).iter().map(|fact| page.fact(fact)));
    entries
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
        Entry { bodies, about, has: self.has.clone(), ..Entry::default() }
    }

    fn fact(&self, fact: &Fact<'r>) -> Entry {
        let (text, span) = (&self.record.release.text, fact.span());
        let card = fact.card(self.record);
        let passage = card.passage.clone().unwrap_or_else(|| span.of(text).into());
        let mut entry = Entry { passage, card, has: self.has.clone(), ..Entry::default() };
        match fact {
            Fact::Statement(_) => entry.is_said(self, fact, &[]),
            Fact::Proposal(p) => {
                entry.is_said(self, fact, &p.about);
                entry.addressed = p.to.iter().map(|name| distinct([name.as_str()])).collect();
            }
            Fact::Official(person, post, _) => {
                entry.speaker_is(self, person, &[post]);
                entry.names_bodies(self, span, &[]);
            }
            Fact::Body(body, _) => {
                entry.add_names(forms(text, body));
                if let Some((_, words)) = self.body(&body.id) {
                    entry.add_body(words);
                }
            }
        }
        entry
    }
}

impl Entry {
    /// What statements and proposals share.
    fn is_said(&mut self, page: &Page<'_>, fact: &Fact<'_>, about: &[String]) {
        let (name, id) = fact.by();
        self.add_names(name);
        if let Some(person) = id.and_then(|id| page.record.person(id)) {
            self.speaker_is(page, person, &posts(person));
        } else if let Some((body, words)) = id.and_then(|id| page.body(id)) {
            self.add_names(forms(&page.record.release.text, body));
            self.add_body(words);
        }
        self.names_bodies(page, fact.span(), about);
    }

    /// The speaker is `person`, who holds `posts`.
    fn speaker_is(&mut self, page: &Page<'_>, person: &Person, posts: &[&Post]) {
        let text = &page.record.release.text;
        self.add_names([person.name.as_str()]);
        self.add_names(person.mentions.iter().filter(|m| is_name(m.kind)).map(|m| m.span.of(text)));
        for post in posts {
            self.post_words.extend(post.title.clone());
            self.roles.extend(post.role.clone());
            if let Some((body, words)) = post.organization.as_deref().and_then(|id| page.body(id)) {
                self.post_words.push(body.name.clone());
                self.post_words.extend(body.acronym.clone());
                self.add_body(words);
            }
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
