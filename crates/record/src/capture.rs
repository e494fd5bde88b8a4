//! What came in: the bytes of one page or file, and what the input says of them.

use serde::{Deserialize, Serialize};

/// What an input says of a release besides its text. Every field may be missing; a field of an NDJSON line
/// wins over a flag of the command, a flag over the source file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Meta {
    /// The id that the input gives.
    pub id: Option<String>,
    /// Where the page was.
    pub url: Option<String>,
    /// The id of the source, a file in `sources/`.
    pub source: Option<String>,
    /// Country of the issuer, its English name.
    pub country: Option<String>,
    /// The body that published the release.
    pub issuer: Option<String>,
    /// BCP 47 language tag.
    pub lang: Option<String>,
    /// Date of publication, `YYYY-MM-DD`.
    pub date: Option<String>,
    /// `press-release`, `speech`, `statement`, `reply`, `other`, or what the input says.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The headline (the field is called `title` in an input line).
    pub title: Option<String>,
}

impl Meta {
    /// This, with the holes filled from `other`.
    #[must_use]
    pub fn or(self, other: &Self) -> Self {
        let pick = |a: Option<String>, b: &Option<String>| a.or_else(|| b.clone());
        Self {
            id: pick(self.id, &other.id),
            url: pick(self.url, &other.url),
            source: pick(self.source, &other.source),
            country: pick(self.country, &other.country),
            issuer: pick(self.issuer, &other.issuer),
            lang: pick(self.lang, &other.lang),
            date: pick(self.date, &other.date),
            kind: pick(self.kind, &other.kind),
            title: pick(self.title, &other.title),
        }
    }
}

/// What kind of bytes a capture holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Media {
    /// An HTML page, in any charset.
    #[default]
    Html,
    /// The body of a release as plain text, as it stands.
    Text,
    /// A PDF document.
    Pdf,
}

/// The bytes of one page or file as they came; never changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capture {
    /// The release's identity (see `archive.md`): fixed when it is first captured.
    pub id: String,
    /// What the input says.
    pub meta: Meta,
    /// HTML, plain text or PDF.
    pub media: Media,
    /// The bytes as they came.
    pub bytes: Vec<u8>,
    /// The text of a PDF as a page of HTML: made from the bytes whenever they are read, and not kept.
    pub rendering: Option<String>,
    /// The charset that the transport names (`Content-Type: …; charset=`), if any.
    pub charset: Option<String>,
    /// When it was captured, RFC 3339 in UTC; `None` unless the input says it.
    pub captured: Option<String>,
}
