//! One record: its kind, its named fields and its block.

use std::fmt;

use crate::digest;

/// The type of a record (`WARC-Type`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordKind {
    /// About the file itself.
    Warcinfo,
    /// A whole answer of a server.
    Response,
    /// A resource without protocol headers.
    Resource,
    /// About another record.
    Metadata,
    /// A whole question to a server.
    Request,
    /// The same content as an earlier record.
    Revisit,
    /// Any other type, as it is written.
    Other(String),
}

impl RecordKind {
    /// The kind that `WARC-Type` names.
    #[must_use]
    pub fn of(name: &str) -> Self {
        match name.to_ascii_lowercase().as_str() {
            "warcinfo" => Self::Warcinfo,
            "response" => Self::Response,
            "resource" => Self::Resource,
            "metadata" => Self::Metadata,
            "request" => Self::Request,
            "revisit" => Self::Revisit,
            _ => Self::Other(name.to_owned()),
        }
    }
}

impl fmt::Display for RecordKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Warcinfo => "warcinfo",
            Self::Response => "response",
            Self::Resource => "resource",
            Self::Metadata => "metadata",
            Self::Request => "request",
            Self::Revisit => "revisit",
            Self::Other(name) => name,
        })
    }
}

/// One WARC record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WarcRecord {
    /// Its type.
    pub kind: RecordKind,
    /// The named fields in their order, without `WARC-Type` and `Content-Length`, which follow from `kind` and `body`.
    /// The writer adds `WARC-Block-Digest`.
    pub headers: Vec<(String, String)>,
    /// The block.
    pub body: Vec<u8>,
}

impl WarcRecord {
    /// A `resource` record: `body` as it was found at `uri`. `date` is RFC 3339 in UTC. The record's id is made from
    /// `uri` and `body` alone: the same page has the same id in every archive.
    #[must_use]
    pub fn resource(uri: &str, date: &str, content_type: &str, body: Vec<u8>) -> Self {
        let id = digest::uuid_of(&[b"resource", uri.as_bytes(), &body]);
        let headers = [
            ("WARC-Record-ID", id.as_str()),
            ("WARC-Date", date),
            ("WARC-Target-URI", uri),
            ("Content-Type", content_type),
        ];
        Self { kind: RecordKind::Resource, headers: owned(&headers), body }
    }

    /// A `warcinfo` record: what the file called `filename` holds and who wrote it, as `name: value` lines.
    #[must_use]
    pub fn warcinfo(filename: &str, date: &str, fields: &[(&str, &str)]) -> Self {
        let body: String = fields.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let id = digest::uuid_of(&[b"warcinfo", filename.as_bytes(), body.as_bytes()]);
        let headers = [
            ("WARC-Record-ID", id.as_str()),
            ("WARC-Date", date),
            ("WARC-Filename", filename),
            ("Content-Type", "application/warc-fields"),
        ];
        Self { kind: RecordKind::Warcinfo, headers: owned(&headers), body: body.into_bytes() }
    }

    /// The first value of a header; names are compared without regard to case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Where the content was found. (WARC 1.0 put the address into angle brackets; they are taken off.)
    #[must_use]
    pub fn target_uri(&self) -> Option<&str> {
        let uri = self.header("WARC-Target-URI")?;
        Some(uri.strip_prefix('<').and_then(|uri| uri.strip_suffix('>')).unwrap_or(uri))
    }

    /// When it was captured, RFC 3339 in UTC.
    #[must_use]
    pub fn date(&self) -> Option<&str> {
        self.header("WARC-Date")
    }

    /// The record's id, `<urn:uuid:…>`.
    #[must_use]
    pub fn record_id(&self) -> Option<&str> {
        self.header("WARC-Record-ID")
    }

    /// The digest of the block as the header names it, `sha256:…`.
    #[must_use]
    pub fn block_digest(&self) -> Option<&str> {
        self.header("WARC-Block-Digest")
    }

    /// The media type of the block.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.header("Content-Type")
    }
}

fn owned(headers: &[(&str, &str)]) -> Vec<(String, String)> {
    headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}
