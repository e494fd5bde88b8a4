//! A fact of an archive as it can be cited: the words, who says them in which post, when, where it is written, and what
//! proves it.

use chancery_record::{MentionKind, Person, Record, Span};
use serde::Serialize;

use super::{Archive, Found, Version};
use crate::Error;

/// So many characters before and after a passage tell it from others of the same words.
const CONTEXT: usize = 32;

/// A fact, or a whole release, as one version of a release has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Citation {
    /// `release`, `statement`, `proposal`, `official`, `person` or `body`.
    pub kind: String,
    /// The words: of a statement or proposal its passage, of a person or body the name; `None` for a release.
    pub quote: Option<String>,
    /// Whether the release has them in quotation marks.
    pub direct: bool,
    /// `stress`, `propose`, …
    pub act: Option<String>,
    /// The words of the release that make it one: `denied`, `proposed`.
    pub cue: Option<String>,
    /// Who says or proposes it.
    pub speaker: Option<String>,
    /// The post of the speaker that the release gives.
    pub post: Option<String>,
    /// Headline of the release.
    pub headline: Option<String>,
    /// The body that published it.
    pub issuer: Option<String>,
    /// Country of the issuer.
    pub country: Option<String>,
    /// Date of publication, `YYYY-MM-DD`.
    pub published: Option<String>,
    /// Language of the release.
    pub language: Option<String>,
    /// Where it was.
    pub url: Option<String>,
    /// Identity of the release.
    pub release: String,
    /// Readable id of the release.
    pub alias: Option<String>,
    /// Local id of the fact.
    pub fact: Option<String>,
    /// Key of the fact, the same in all versions that have it.
    pub key: Option<String>,
    /// When the page was captured, RFC 3339 in UTC; `None` where the input did not say.
    pub captured: Option<String>,
    /// `sha256:…` of the captured bytes.
    pub digest: String,
    /// `sha256:…` of the text.
    pub text_sha256: String,
    /// Which version of the release, from 1, and of how many.
    pub version: CitedVersion,
    /// Where the quote stands in the text.
    pub selector: Option<Selector>,
}

/// A version of a release among the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CitedVersion {
    /// From 1.
    pub number: u32,
    /// How many there are.
    pub of: u32,
    /// Whether it is the one that is searched.
    pub current: bool,
}

/// Where a quote stands: W3C Web Annotation, `TextPositionSelector` and `TextQuoteSelector` in one. Code points.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Selector {
    /// First character.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// What stands before.
    pub prefix: String,
    /// The words themselves.
    pub exact: String,
    /// What stands after.
    pub suffix: String,
}

impl Archive {
    /// The citation of a fact, by its local id or its key, or of the whole release; as the current version has it.
    ///
    /// # Errors
    /// Where there is no such release, it is taken out, or its record cannot be read. `None` where the release has no such fact.
    pub fn cite(&self, found: &Found) -> Result<Option<Citation>, Error> {
        if let Some(removal) = self.removal(&found.id)? {
            return Err(Error::Removed { removal: Box::new(removal) });
        }
        let versions = self.versions(&found.id)?;
        let record = self.record(&found.id)?;
        let current = versions.iter().find(|version| version.current);
        Ok(current.and_then(|version| citation(&record, found.fact.as_deref(), version, versions.len())))
    }

    /// The same for every version that has a record, oldest first; those without the fact are left out.
    ///
    /// # Errors
    /// As for [`Archive::cite`].
    pub fn cite_versions(&self, found: &Found) -> Result<Vec<Citation>, Error> {
        let Some(current) = self.cite(found)? else { return Ok(Vec::new()) };
        // In another version the same fact has another local id: statements and proposals go by key, names by their words.
        let fact = current.key.clone().or_else(|| current.quote.clone());
        let versions = self.versions(&found.id)?;
        let mut citations = Vec::new();
        for version in
            versions.iter().filter(|version| version.headline.is_some() || version.failed.is_none())
        {
            let Ok(record) = self.record_of_version(&found.id, version.version) else { continue };
            let fact = found.fact.as_ref().and(fact.as_deref());
            citations.extend(citation(&record, fact, version, versions.len()));
        }
        Ok(citations)
    }
}

/// What of a record a reference means.
struct Meant<'r> {
    kind: &'static str,
    quote: &'r str,
    span: Span,
    act: Option<&'r str>,
    cue: Option<&'r str>,
    by: Option<&'r String>,
    by_id: Option<&'r str>,
    local: &'r str,
    key: Option<&'r str>,
    direct: bool,
}

fn citation(record: &Record, fact: Option<&str>, version: &Version, of: usize) -> Option<Citation> {
    let release = &record.release;
    let issuer = release.issuer.as_deref();
    let issuer = issuer.map(|id| record.organization(id).map_or(id, |body| body.name.as_str()));
    let whole = Citation {
        kind: "release".into(),
        headline: release.headline.clone(),
        issuer: issuer.map(String::from),
        country: release.country.clone(),
        published: release.published.clone(),
        language: release.language.clone(),
        url: release.url.clone(),
        release: release.id.clone(),
        alias: release.alias.clone(),
        captured: release.captured.clone(),
        digest: version.digest.clone(),
        text_sha256: release.text_sha256.clone(),
        version: CitedVersion {
            number: version.version,
            of: u32::try_from(of).unwrap_or(u32::MAX),
            current: version.current,
        },
        ..Citation::default()
    };
    let Some(fact) = fact else { return Some(whole) };
    let meant = meant(record, fact)?;
    let person = meant.by_id.and_then(|id| record.person(id));
    Some(Citation {
        kind: meant.kind.into(),
        quote: Some(meant.quote.into()),
        direct: meant.direct,
        act: meant.act.map(String::from),
        cue: meant.cue.map(String::from),
        speaker: meant.by.cloned(),
        post: person.and_then(|person| post(record, person)),
        fact: Some(meant.local.into()),
        key: meant.key.map(String::from),
        selector: Some(selector(&release.text, meant.span)),
        ..whole
    })
}

fn meant<'r>(record: &'r Record, fact: &str) -> Option<Meant<'r>> {
    let said = record.statements.iter().find(|said| said.id == fact || said.key == fact).map(|said| Meant {
        kind: "statement",
        quote: &said.text,
        span: said.span,
        act: Some(&said.act),
        cue: cue(&said.cue.text),
        by: said.speaker.as_ref(),
        by_id: said.speaker_id.as_deref(),
        local: &said.id,
        key: Some(&said.key),
        direct: said.direct,
    });
    let put = record.proposals.iter().find(|put| put.id == fact || put.key == fact).map(|put| Meant {
        kind: "proposal",
        quote: &put.text,
        span: put.span,
        act: Some(&put.act),
        cue: cue(&put.cue.text),
        by: put.proposer.as_ref(),
        by_id: put.proposer_id.as_deref(),
        local: &put.id,
        key: Some(&put.key),
        direct: put.direct,
    });
    let named = |kind, id: &'r str, name: &'r str, mentions: &[chancery_record::Mention]| {
        let full = mentions.iter().find(|m| m.kind == MentionKind::Full).or(mentions.first());
        let span = full.map_or(Span::default(), |mention| mention.span);
        let by_id = Some(id).filter(|_| kind != "body");
        Meant {
            kind,
            quote: name,
            span,
            act: None,
            cue: None,
            by: None,
            by_id,
            local: id,
            key: None,
            direct: false,
        }
    };
    let person = record.people().find(|person| person.id == fact || person.name == fact).map(|person| {
        let kind = if person.posts.is_empty() { "person" } else { "official" };
        named(kind, &person.id, &person.name, &person.mentions)
    });
    let body = record.organizations.iter().find(|body| body.id == fact || body.name == fact);
    let body = body.map(|body| named("body", &body.id, &body.name, &body.mentions));
    said.or(put).or(person).or(body)
}

/// The words of a cue; a passage after a name and a colon has none.
fn cue(words: &str) -> Option<&str> {
    Some(words.trim()).filter(|words| words.chars().any(char::is_alphanumeric))
}

/// The post that is still held, as the text gives it first.
fn post(record: &Record, person: &Person) -> Option<String> {
    let post = person.posts.iter().min_by_key(|post| post.former)?;
    let body = post.organization.as_deref().and_then(|id| record.organization(id));
    super::browse::post_in_words(post.title.as_deref(), body.map(|body| body.name.as_str()))
}

fn selector(text: &str, span: Span) -> Selector {
    let before = Span::new(0, span.start).of(text);
    let after = Span::new(span.end, text.len()).of(text);
    let start = before.chars().count();
    let exact = span.of(text);
    Selector {
        start,
        end: start + exact.chars().count(),
        prefix: before.chars().skip(start.saturating_sub(CONTEXT)).collect(),
        exact: exact.into(),
        suffix: after.chars().take(CONTEXT).collect(),
    }
}
