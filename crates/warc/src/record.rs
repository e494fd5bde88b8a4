//! One record: its kind, its named fields and its block.

use std::fmt;
use std::net::IpAddr;

use crate::{digest, http};

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

/// The record that a `revisit` leads back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Original<'o> {
    /// Its `WARC-Record-ID`.
    pub record_id: &'o str,
    /// Its `WARC-Target-URI`.
    pub uri: &'o str,
    /// Its `WARC-Date`.
    pub date: &'o str,
    /// Its `WARC-Payload-Digest`.
    pub payload_digest: &'o str,
}

/// Why a `revisit` may leave the payload out (ISO 28500:2017, 6.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// The payload came again and is the same.
    IdenticalPayload,
    /// The server said `304 Not Modified`.
    NotModified,
}

impl Profile {
    /// The URI that names it.
    #[must_use]
    pub const fn uri(self) -> &'static str {
        match self {
            Self::IdenticalPayload => "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
            Self::NotModified => "http://netpreserve.org/warc/1.1/revisit/server-not-modified",
        }
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

    /// A `response` record: the answer of a server as it came over the wire, headers and body, chunks included.
    ///
    /// `uri` is what was asked for, `date` when the asking began (RFC 3339 in UTC, up to nanoseconds), `ip` the address
    /// that answered. `WARC-Payload-Digest` is of the body as it stands in the block, chunks included: this is what
    /// wget and warcio write and what `warcio check` compares, though the standard's payload has no transfer coding.
    /// ([`http::entity_digest`] is the digest without it, to find pages that are the same.)
    #[must_use]
    pub fn response(uri: &str, date: &str, http: Vec<u8>, ip: Option<IpAddr>) -> Self {
        let payload = digest::sha256(http::body(&http));
        Self::exchange(RecordKind::Response, uri, date, http, ip).with("WARC-Payload-Digest", &payload)
    }

    /// A `request` record: the question as it went over the wire. Join it to its response with [`Self::with`]
    /// `WARC-Concurrent-To`.
    #[must_use]
    pub fn request(uri: &str, date: &str, http: Vec<u8>, ip: Option<IpAddr>) -> Self {
        Self::exchange(RecordKind::Request, uri, date, http, ip)
    }

    /// A `revisit` record: the page was fetched again and is the `original`'s. `head` is the answer's status line and
    /// headers with the blank line behind them; the body is left out.
    #[must_use]
    pub fn revisit(
        uri: &str,
        date: &str,
        head: Vec<u8>,
        ip: Option<IpAddr>,
        original: &Original<'_>,
        profile: Profile,
    ) -> Self {
        Self::exchange(RecordKind::Revisit, uri, date, head, ip)
            .with("WARC-Profile", profile.uri())
            .with("WARC-Refers-To", original.record_id)
            .with("WARC-Refers-To-Target-URI", original.uri)
            .with("WARC-Refers-To-Date", original.date)
            .with("WARC-Payload-Digest", original.payload_digest)
    }

    /// A `metadata` record about the record `about` (its id), as `name: value` lines.
    #[must_use]
    pub fn metadata(uri: &str, date: &str, about: &str, fields: &[(&str, &str)]) -> Self {
        let body = lines(fields);
        let id = digest::uuid_of(&[b"metadata", uri.as_bytes(), date.as_bytes(), about.as_bytes(), &body]);
        let headers = [
            ("WARC-Record-ID", id.as_str()),
            ("WARC-Date", date),
            ("WARC-Target-URI", uri),
            ("WARC-Concurrent-To", about),
            ("Content-Type", "application/warc-fields"),
        ];
        Self { kind: RecordKind::Metadata, headers: owned(&headers), body }
    }

    /// What is common to the records of an exchange over HTTP.
    fn exchange(kind: RecordKind, uri: &str, date: &str, block: Vec<u8>, ip: Option<IpAddr>) -> Self {
        let name = kind.to_string();
        let id = digest::uuid_of(&[name.as_bytes(), uri.as_bytes(), date.as_bytes(), &block]);
        let media = match kind {
            RecordKind::Request => "application/http; msgtype=request",
            _ => "application/http; msgtype=response",
        };
        let headers = [
            ("WARC-Record-ID", id.as_str()),
            ("WARC-Date", date),
            ("WARC-Target-URI", uri),
            ("Content-Type", media),
        ];
        let mut record = Self { kind, headers: owned(&headers), body: block };
        if let Some(ip) = ip {
            record = record.with("WARC-IP-Address", &ip.to_string());
        }
        record
    }

    /// The same with one named field more: `WARC-Concurrent-To`, `WARC-Truncated`, …
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A `warcinfo` record: what the file called `filename` holds and who wrote it, as `name: value` lines.
    #[must_use]
    pub fn warcinfo(filename: &str, date: &str, fields: &[(&str, &str)]) -> Self {
        let body = lines(fields);
        let id = digest::uuid_of(&[b"warcinfo", filename.as_bytes(), &body]);
        let headers = [
            ("WARC-Record-ID", id.as_str()),
            ("WARC-Date", date),
            ("WARC-Filename", filename),
            ("Content-Type", "application/warc-fields"),
        ];
        Self { kind: RecordKind::Warcinfo, headers: owned(&headers), body }
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

    /// The digest of the payload as the header names it.
    #[must_use]
    pub fn payload_digest(&self) -> Option<&str> {
        self.header("WARC-Payload-Digest")
    }

    /// Whether the payload has the digest that the header names; `None` where it names none that is known here, or the
    /// payload is not in this record (a revisit's).
    ///
    /// Both readings of the standard are in use: of the body as it stands, chunks included (wget, warcio), and without transfer
    /// coding (Browsertrix, jwarc). Either will do.
    #[must_use]
    pub fn payload_agrees(&self) -> Option<bool> {
        let named = self.payload_digest().filter(|_| self.kind != RecordKind::Revisit)?;
        if !self.is_http() {
            return digest::agrees(named, &self.body);
        }
        let stands = digest::agrees(named, http::body(&self.body))?;
        Some(stands || digest::agrees(named, &http::entity(&self.body))?)
    }

    /// Whether the block is a message of HTTP.
    #[must_use]
    pub fn is_http(&self) -> bool {
        self.content_type().is_some_and(|media| {
            media.trim_start().get(..16).is_some_and(|media| media.eq_ignore_ascii_case("application/http"))
        })
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

/// A block of `application/warc-fields`. A line break within a value is folded as the standard allows.
fn lines(fields: &[(&str, &str)]) -> Vec<u8> {
    let line = |(name, value): &(&str, &str)| {
        let value: Vec<&str> = value.split(['\r', '\n']).filter(|line| !line.is_empty()).collect();
        format!("{name}: {}\r\n", value.join("\r\n "))
    };
    fields.iter().map(line).collect::<String>().into_bytes()
}
