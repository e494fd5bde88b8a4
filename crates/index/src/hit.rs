//! What a search finds.

use std::fmt;
use std::str::FromStr;

use chancery_record::Span;
use serde::{Deserialize, Serialize};

use crate::language::Mistake;
use crate::query::Facet;

/// What a document of the index is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A whole release: its headline and text.
    #[default]
    Release,
    /// What somebody said.
    Statement,
    /// What somebody proposed.
    Proposal,
    /// A post that somebody holds.
    Official,
    /// A body that a release names.
    Body,
}

impl Kind {
    /// All kinds, in the order in which they are told.
    pub const ALL: [Self; 5] = [Self::Release, Self::Statement, Self::Proposal, Self::Official, Self::Body];

    /// The word for it, as in `--kind` and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Statement => "statement",
            Self::Proposal => "proposal",
            Self::Official => "official",
            Self::Body => "body",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word).ok_or_else(|| {
            format!("there is no kind `{word}`: write release, statement, proposal, official or body")
        })
    }
}

/// How many documents of each kind the index holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Whole releases.
    pub releases: u64,
    /// Statements.
    pub statements: u64,
    /// Proposals.
    pub proposals: u64,
    /// Posts of officials.
    pub officials: u64,
    /// Bodies, each once a release.
    pub bodies: u64,
}

/// The answer to a query.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Hits {
    /// The query as it was understood, in its canonical form.
    pub query: String,
    /// What was wrong with it, where mistakes are forgiven.
    pub mistakes: Vec<Mistake>,
    /// Whether nothing has all the plain words, and the hits are what has some of them.
    pub widened: bool,
    /// How many documents match, whatever the limit; how many releases, where hits are grouped by release.
    pub total: u64,
    /// The asked-for stretch of them, best first.
    pub hits: Vec<Hit>,
    /// Where a next question goes on (`after`); `None` where there is no more.
    pub next: Option<String>,
    /// Whether the index has changed since the answer that the cursor is from: by relevance, hits may then come twice or
    /// be passed over.
    pub changed: bool,
    /// What was asked to be counted.
    pub facets: Vec<FacetCounts>,
    /// Documents by month, oldest first, where asked for; `None` holds the undated.
    pub timeline: Vec<Month>,
    /// Releases among the hits that cannot be shown, each once; they are counted all the same. Empty unless
    /// [`Damage::IsTold`](crate::Damage::IsTold) is asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unshown: Vec<Unshown>,
}

/// A release whose record cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unshown {
    /// Its identity.
    pub release_id: String,
    /// Where its record should lie, and what is wrong there.
    pub reason: String,
}

/// How many documents have each value of a facet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FacetCounts {
    /// The facet.
    pub facet: Facet,
    /// The most frequent values, most frequent first, then by value.
    pub values: Vec<Count>,
    /// How many more values there are.
    pub more: u64,
}

/// One value of a facet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Count {
    /// The value, as it is shown.
    pub value: String,
    /// How many documents have it.
    pub count: u64,
}

/// How many documents are of one month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Month {
    /// `YYYY-MM`.
    pub month: Option<String>,
    /// How many.
    pub count: u64,
}

/// What matched outside the passage.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Marks {
    /// In the headline of a release.
    pub headline: Vec<Span>,
    /// In the name of the speaker.
    pub speaker: Vec<Span>,
    /// In the post of the speaker, as `speaker_post` has it.
    pub speaker_post: Vec<Span>,
    /// In the cue.
    pub cue: Vec<Span>,
}

/// One found document, with all that is needed to print it.
///
/// Spans count bytes in the program and code points in JSON, as everywhere in chancery.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Hit {
    /// What it is.
    pub kind: Kind,
    /// How well it matches, rounded to hundredths; 0 where only filters were given. Comparable within one answer.
    pub score: f64,
    /// Identity of the release.
    pub release_id: String,
    /// Readable id of the release.
    pub alias: Option<String>,
    /// Headline of the release.
    pub headline: Option<String>,
    /// Date of the release, `YYYY-MM-DD`.
    pub published: Option<String>,
    /// Id of the source.
    pub source: Option<String>,
    /// Where the release was.
    pub url: Option<String>,
    /// Country of the speaker's post or body where the text tells it, else of the issuer.
    pub country: Option<String>,
    /// Whether the country of a fact is taken over from the issuer.
    pub country_inferred: bool,
    /// Language of the release.
    pub language: Option<String>,
    /// Type of the release: `press-release`, `speech`, …
    #[serde(rename = "type")]
    pub release_type: String,
    /// Local id of the fact in its record: `s1`, `q2`, `p3`.
    pub fact: Option<String>,
    /// Key of a statement or proposal, stable across records.
    pub key: Option<String>,
    /// Rule that found the fact.
    pub rule: Option<String>,
    /// How sure the fact is, 0 to 100; null for a release.
    pub confidence: Option<u8>,
    /// Who speaks, proposes or holds the post.
    pub speaker: Option<String>,
    /// Whether the speaker was asked for in another spelling.
    #[serde(rename = "variant")]
    pub is_variant: bool,
    /// Local id of the speaker in the record; null for a collective.
    pub speaker_id: Option<String>,
    /// The post in which the speaker speaks, in words: the title, and the body where the title does not name it.
    pub speaker_post: Option<String>,
    /// Words of that post.
    pub title: Option<String>,
    /// Class of that post, independent of wording: `deputy-minister`.
    pub role: Option<String>,
    /// Body of that post, or the body that speaks.
    pub organization: Option<String>,
    /// Acronym of that body.
    pub acronym: Option<String>,
    /// Whether the post is held for the time being only.
    pub acting: bool,
    /// Whether the post is held no more.
    pub former: bool,
    /// Class of the cue: `stress`, `propose`, …
    pub act: Option<String>,
    /// The word that makes it a statement or proposal.
    pub cue: Option<String>,
    /// The words of the fact; of a release, a snippet around the best match.
    pub passage: String,
    /// Whether the passage is a snippet that begins within a paragraph.
    #[serde(skip)]
    pub cut_before: bool,
    /// Whether the passage is a snippet that ends within a paragraph.
    #[serde(skip)]
    pub cut_after: bool,
    /// What matched, in bytes of `passage`, in order, without overlap.
    #[serde(skip)]
    pub highlights: Vec<Span>,
    /// The same in code points; the `highlights` of JSON.
    #[serde(rename = "highlights")]
    pub highlights_in_characters: Vec<Span>,
    /// What matched elsewhere, in bytes.
    #[serde(skip)]
    pub marks: Marks,
    /// The same in code points; the `marks` of JSON.
    #[serde(rename = "marks")]
    pub marks_in_characters: Marks,
    /// How many hits the release has in all, where hits are grouped by release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_release: Option<u64>,
    /// Where the passage stands, in bytes of the release's text.
    #[serde(skip)]
    pub span: Span,
    /// The same in code points; the `span` of JSON.
    #[serde(rename = "span")]
    pub span_in_characters: Span,
    /// Where the cue stands, in bytes of the release's text.
    #[serde(skip)]
    pub cue_span: Option<Span>,
    /// The same in code points; the `cue_span` of JSON.
    #[serde(rename = "cue_span")]
    pub cue_span_in_characters: Option<Span>,
    /// Whether the passage stands in quotation marks.
    pub direct: bool,
    /// To whom a proposal is put, as the text names them.
    pub to: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_read_as_they_are_written() {
        for kind in Kind::ALL {
            assert_eq!(kind.to_string().parse(), Ok(kind));
        }
        assert!("speech".parse::<Kind>().unwrap_err().contains("`speech`"));
    }

    #[test]
    fn json_counts_code_points() {
        let hit = Hit {
            passage: "Émile".into(),
            span: Span::new(3, 9),
            span_in_characters: Span::new(2, 7),
            ..Hit::default()
        };
        let json = serde_json::to_value(hit).unwrap();
        assert_eq!(json["span"], serde_json::json!({"start": 2, "end": 7}));
        assert_eq!(json["kind"], "release");
    }
}
