//! An exchange as records of a WARC file: the answer (or that it is one already kept), the question, and how the page
//! was come by.

use chancery_warc::http::head_length;
use chancery_warc::{Original, Profile, WarcRecord};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::CaptureError;
use crate::fetch::Exchange;
use crate::frontier::{First, Page, Role};
use crate::scribe::Scribe;

/// The header of an answer's record that says what it was fetched for, as JSON.
pub const HEADER: &str = "Chancery-Crawl";

/// What a page was fetched for. With the record itself it is all that a frontier is made again from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// The source.
    pub source: String,
    /// What for.
    pub role: Role,
    /// Links from a start page.
    pub depth: u32,
    /// Redirects one after the other that led here.
    pub redirects: u32,
    /// Which of the list pages it is, from 0.
    pub step: u32,
    /// List pages in a row before it that gave nothing new.
    pub empties: u32,
    /// Whether in place of the release came what its site begins at.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub front: bool,
}

impl Tag {
    /// What a record says, where it is the answer of a crawl.
    #[must_use]
    pub fn of(record: &WarcRecord) -> Option<Self> {
        serde_json::from_str(record.header(HEADER)?).ok()
    }

    pub(crate) fn of_page(page: &Page) -> Self {
        Self {
            source: page.source.clone(),
            role: page.role,
            depth: page.depth,
            redirects: page.redirects,
            step: page.step,
            empties: page.empties,
            front: false,
        }
    }
}

/// How an answer is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) enum How<'k> {
    /// Whole.
    Whole,
    /// As the body that was kept before.
    Same(&'k First),
    /// As what the server says has not changed.
    NotModified(&'k First),
}

/// Has an exchange written; gives back where its body lies now, where it is kept whole.
pub(crate) fn keep(
    scribe: &mut Scribe,
    exchange: &Exchange,
    about: (&Tag, Option<&str>),
    how: How<'_>,
    at: Timestamp,
) -> Result<Option<First>, CaptureError> {
    let (tag, via) = about;
    let (uri, date) = (exchange.url.as_str(), date(at));
    let tagged = serde_json::to_string(tag).expect("a tag is only words and numbers");
    let mut answer = match how {
        How::Whole => WarcRecord::response(uri, &date, exchange.response.clone(), Some(exchange.ip)),
        How::Same(first) | How::NotModified(first) => {
            let head = exchange.response.get(..head_length(&exchange.response)).unwrap_or_default().to_vec();
            let profile = match how {
                How::NotModified(_) => Profile::NotModified,
                _ => Profile::IdenticalPayload,
            };
            let original = Original {
                record_id: &first.record,
                uri: &first.uri,
                date: &first.date,
                payload_digest: &first.block,
            };
            WarcRecord::revisit(uri, &date, head, Some(exchange.ip), &original, profile)
        }
    };
    answer = answer.with(HEADER, &tagged);
    if exchange.cut {
        answer = answer.with("WARC-Truncated", "length");
    }
    let id = answer.record_id().unwrap_or_default().to_owned();
    let first = matches!(how, How::Whole).then(|| First {
        record: id.clone(),
        uri: uri.to_owned(),
        block: answer.payload_digest().unwrap_or_default().to_owned(),
        date: date.clone(),
    });
    let request = WarcRecord::request(uri, &date, exchange.request.clone(), Some(exchange.ip))
        .with("WARC-Concurrent-To", &id);
    let took = exchange.took.as_millis().to_string();
    let hops = tag.depth.to_string();
    let mut fields = vec![("fetchTimeMs", took.as_str()), ("hopsFromSeed", hops.as_str())];
    fields.extend(via.map(|via| ("via", via)));
    let metadata = WarcRecord::metadata(uri, &date, &id, &fields);
    scribe.append(vec![answer, request, metadata], date)?;
    Ok(first)
}

/// A time as WARC records have it: RFC 3339 in UTC, to the microsecond.
pub(crate) fn date(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string()
}
