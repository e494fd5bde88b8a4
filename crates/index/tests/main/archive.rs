//! Small releases with facts, and hits as lines to compare.

use std::sync::Mutex;

use chancery_index::{Hit, Hits, Index, Place, Query, Records, Writer};
use chancery_record::{
    Cue, Mention, MentionKind, Organization, Person, Post, Proposal, Record, Release, Span, Statement,
};
use tempfile::TempDir;

pub(crate) const MEMORY: usize = 15_000_000;

/// A record to which facts are added by their words; each word must stand in the text.
pub(crate) struct Page(pub(crate) Record);

impl Page {
    pub(crate) fn new(id: &str, published: &str, headline: &str, text: &str) -> Self {
        let release = Release {
            id: id.into(),
            alias: Some(format!("xx/{published}/{id}")),
            headline: Some(headline.into()),
            published: Some(published.into()),
            source: Some("xx-mod".into()),
            url: Some(format!("https://example.org/{id}")),
            country: Some("Norland".into()),
            language: Some("en".into()),
            kind: "press-release".into(),
            text: text.into(),
            ..Release::default()
        };
        Self(Record::new(release, "test"))
    }

    fn at(&self, words: &str) -> Span {
        let start = self.0.release.text.find(words).unwrap_or_else(|| panic!("`{words}` stands in the text"));
        Span::new(start, start + words.len())
    }

    pub(crate) fn body(mut self, id: &str, name: &str, acronym: Option<&str>) -> Self {
        let mention = |words, kind| Mention { span: self.at(words), kind };
        let mut mentions = vec![mention(name, MentionKind::Full)];
        mentions.extend(acronym.map(|acronym| mention(acronym, MentionKind::Acronym)));
        self.0.organizations.push(Organization {
            id: id.into(),
            name: name.into(),
            acronym: acronym.map(String::from),
            kind: None,
            country: None,
            parent: None,
            mentions,
            confidence: 90,
            rule: "r/body".into(),
        });
        self
    }

    /// An official with one post for each title, all in the same body.
    pub(crate) fn official(mut self, id: &str, name: &str, titles: &[&str], body: Option<&str>) -> Self {
        let post = |title: &&str| Post {
            title: Some((*title).into()),
            organization: body.map(String::from),
            country: None,
            role: None,
            acting: false,
            former: false,
            confidence: 90,
            span: self.at(title),
            rule: "r/post".into(),
        };
        self.0.officials.push(Person {
            id: id.into(),
            name: name.into(),
            mentions: vec![Mention { span: self.at(name), kind: MentionKind::Full }],
            posts: titles.iter().map(post).collect(),
            confidence: 90,
            rule: "r/post".into(),
        });
        self
    }

    pub(crate) fn states(mut self, by: &str, by_id: Option<&str>, cue: &str, passage: &str) -> Self {
        let number = self.0.statements.len() + 1;
        self.0.statements.push(Statement {
            id: format!("s{number}"),
            key: format!("{}-s{number}", self.0.release.id),
            confidence: 90,
            speaker: Some(by.into()),
            speaker_id: by_id.map(String::from),
            act: "state".into(),
            cue: Cue { span: self.at(cue), text: cue.into() },
            span: self.at(passage),
            text: passage.into(),
            direct: false,
            rule: "r/statement".into(),
        });
        self
    }

    pub(crate) fn proposes(mut self, by: &str, by_id: Option<&str>, cue: &str, passage: &str) -> Self {
        let number = self.0.proposals.len() + 1;
        self.0.proposals.push(Proposal {
            id: format!("q{number}"),
            key: format!("{}-q{number}", self.0.release.id),
            confidence: 90,
            proposer: Some(by.into()),
            proposer_id: by_id.map(String::from),
            act: "propose".into(),
            cue: Cue { span: self.at(cue), text: cue.into() },
            span: self.at(passage),
            text: passage.into(),
            to: vec![],
            about: vec![],
            direct: false,
            rule: "r/proposal".into(),
        });
        self
    }
}

/// Two releases: talks on the post in Norland, and a visit of its envoy.
pub(crate) fn pages() -> Vec<Record> {
    let talks = Page::new(
        "talks",
        "2021-03-02",
        "Norland and Sudland discuss the mail",
        "The Minister of Posts Arkan al-Shaïbani met a delegation on Tuesday.\n\n\
         Al-Shaïbani stressed that the proposals for digital training were sound. Zoë Ünal, Chair of the \
         National Post Authority (NPA), proposed a joint school for « postal clerks ».\n\n\
         The Ministry of Trade noted that customs take too long.",
    )
    .body("g1", "National Post Authority", Some("NPA"))
    .body("g2", "Ministry of Trade", None)
    .official("p1", "Arkan al-Shaïbani", &["Minister of Posts"], None)
    .official("p2", "Zoë Ünal", &["Chair of the National Post Authority"], Some("g1"))
    .states("Arkan al-Shaïbani", Some("p1"), "stressed", "the proposals for digital training were sound")
    .states("Ministry of Trade", Some("g2"), "noted", "customs take too long")
    .proposes("Zoë Ünal", Some("p2"), "proposed", "a joint school for « postal clerks »");
    let visit = Page::new(
        "visit",
        "2021-04-01",
        "Envoy visits the harbour",
        "Envoy Tom Berg said that nothing had been proposed about the harbour.",
    )
    .official("p1", "Tom Berg", &["Envoy"], None)
    .states("Tom Berg", Some("p1"), "said", "nothing had been proposed about the harbour");
    vec![talks.0, visit.0]
}

/// The records that tests put into an index, all in one row.
pub(crate) struct Kept;

static KEPT: Mutex<Vec<Record>> = Mutex::new(Vec::new());

impl Records for Kept {
    fn record(&self, place: Place) -> Result<Record, Box<dyn std::error::Error + Send + Sync>> {
        let kept = KEPT.lock().unwrap();
        Ok(kept.get(place.line as usize).cloned().ok_or("it is gone")?)
    }
}

/// Keeps `record` and puts it into an index.
pub(crate) fn put(writer: &mut Writer, record: &Record, seq: u64) {
    let mut kept = KEPT.lock().unwrap();
    kept.push(record.clone());
    let place = Place { line: kept.len() as u32 - 1, ..Place::default() };
    writer.put(record, seq, place).unwrap();
}

/// An index of `records` in a new folder, numbered from 1.
pub(crate) fn index_of(records: &[Record]) -> (TempDir, Index) {
    let folder = tempfile::tempdir().unwrap();
    let index = Index::create(folder.path()).unwrap();
    let mut writer = index.writer(MEMORY).unwrap();
    for (seq, record) in (1..).zip(records) {
        put(&mut writer, record, seq);
    }
    writer.commit().unwrap();
    (folder, index)
}

pub(crate) fn words(words: &str) -> Query {
    Query { words: words.into(), limit: 1000, ..Query::default() }
}

pub(crate) fn ask(index: &Index, query: &Query) -> Hits {
    let hits = index.search(query, &Kept).unwrap_or_else(|error| panic!("{error}: {query:?}"));
    assert!(query.limit < 1000 || hits.total == hits.hits.len() as u64);
    hits
}

/// `statement talks Zoë Ünal: the [words] of the passage`.
pub(crate) fn line(hit: &Hit) -> String {
    let mut passage = hit.passage.clone();
    for span in hit.highlights.iter().rev() {
        passage.insert(span.end, ']');
        passage.insert(span.start, '[');
    }
    let speaker = hit.speaker.as_ref().map(|speaker| format!(" {speaker}")).unwrap_or_default();
    format!("{} {}{speaker}: {passage}", hit.kind, hit.release_id)
}

pub(crate) fn lines(index: &Index, query: &Query) -> Vec<String> {
    ask(index, query).hits.iter().map(line).collect()
}
