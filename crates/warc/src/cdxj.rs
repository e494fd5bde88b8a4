//! An index of captures: one line a record, `key timestamp {json}`, sorted (CDXJ, as pywb and WACZ 1.1.1 have it).

use serde::{Deserialize, Serialize};

use crate::http::{self, Head};
use crate::{RecordKind, WarcRecord, digest, surt};

/// What an index says of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexEntry {
    /// Where it was found.
    pub url: String,
    /// The media type; `warc/revisit` for a revisit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mime: Option<String>,
    /// The status of HTTP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The digest of the payload.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// Bytes of its member, in digits.
    pub length: String,
    /// Where its member begins, in digits.
    pub offset: String,
    /// The name of the WARC file.
    pub filename: String,
}

impl IndexEntry {
    /// The entry of a record that lies there; `None` for one that an index leaves out: requests, and what is told in
    /// fields about other records.
    #[must_use]
    pub fn of(record: &WarcRecord, filename: &str, offset: u64, length: u64) -> Option<Self> {
        let is_page = match record.kind {
            RecordKind::Response | RecordKind::Revisit => true,
            RecordKind::Resource | RecordKind::Metadata => {
                record.content_type().is_some_and(|media| media != "application/warc-fields")
            }
            _ => false,
        };
        let url = record.target_uri().filter(|_| is_page)?.to_owned();
        let head = record.is_http().then(|| Head::of(&record.body));
        let mime = match (&record.kind, &head) {
            (RecordKind::Revisit, _) => Some("warc/revisit".to_owned()),
            (_, Some(head)) => head.media_type(),
            (_, None) => record.content_type().and_then(|media| media.split(';').next()).map(str::to_owned),
        };
        let status = head.as_ref().filter(|head| head.status > 0).map(|head| head.status.to_string());
        let payload = || if head.is_some() { http::body(&record.body) } else { &record.body };
        let digest = record.payload_digest().or_else(|| record.block_digest().filter(|_| head.is_none()));
        let digest = digest.map_or_else(|| digest::sha256(payload()), str::to_owned);
        Some(Self {
            url,
            mime,
            status,
            digest: Some(digest),
            length: length.to_string(),
            offset: offset.to_string(),
            filename: filename.to_owned(),
        })
    }

    /// The line of the index, with its line end; `date` is the record's, RFC 3339.
    ///
    /// # Panics
    /// Never: the entry is only strings.
    #[must_use]
    pub fn line(&self, date: &str) -> String {
        let json = serde_json::to_string(self).expect("an entry is only strings");
        format!("{} {} {json}\n", surt::surt(&self.url), timestamp(date))
    }

    /// Key, timestamp and entry of a line; `None` where it is none.
    #[must_use]
    pub fn parse(line: &str) -> Option<(&str, &str, Self)> {
        let (key, rest) = line.trim_end().split_once(' ')?;
        let (timestamp, json) = rest.split_once(' ')?;
        Some((key, timestamp, serde_json::from_str(json).ok()?))
    }
}

/// The fourteen digits of a time: `2026-03-02T09:30:00.5Z` is `20260302093000`.
#[must_use]
pub fn timestamp(date: &str) -> String {
    let whole = date.split('.').next().unwrap_or_default();
    let mut digits: String = whole.chars().filter(char::is_ascii_digit).take(14).collect();
    // The standard allows a date without time, or a year alone.
    let rest = "00000101000000".get(digits.len()..).unwrap_or_default();
    digits.push_str(rest);
    digits
}
