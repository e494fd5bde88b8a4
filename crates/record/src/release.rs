//! The text of one press release with what is known of it.

use serde::{Deserialize, Serialize};

/// Where a capture lies in a WARC file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WarcPlace {
    /// Path relative to the archive's `captures/`, or as registered.
    pub file: String,
    /// Byte offset of the gzip member.
    pub offset: u64,
}

/// One press release: its clean text, headline, date and language. Fields are in the order of the record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Release {
    /// Identity, fixed when it is first captured.
    pub id: String,
    /// Readable id `source/date/slug`: an alias.
    pub alias: Option<String>,
    /// Canonical URL.
    pub url: Option<String>,
    /// Id of the source.
    pub source: Option<String>,
    /// `press-release`, `speech`, `statement`, `reply` or `other`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Country of the issuer.
    pub country: Option<String>,
    /// When it was captured, RFC 3339 in UTC; null unless the input says it.
    pub captured: Option<String>,
    /// `sha256:…` of the captured bytes.
    pub digest: String,
    /// `sha256:…` of `text` in UTF-8.
    pub text_sha256: String,
    /// Where the capture lies.
    pub warc: Option<WarcPlace>,
    /// The release's own title line.
    pub headline: Option<String>,
    /// Date of publication, `YYYY-MM-DD`.
    pub published: Option<String>,
    /// BCP 47 language tag; null where nobody can tell.
    pub language: Option<String>,
    /// The issuing body: an organization's id in the record, or its name where the text does not name it.
    pub issuer: Option<String>,
    /// Clean text: paragraphs joined by a blank line, the headline not included.
    pub text: String,
}
