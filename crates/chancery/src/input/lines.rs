//! Files of lines: one JSON object a line, one release an object (NDJSON).

use std::io::BufRead;

use chancery_record::{Capture, Media, Meta};
use serde::{Deserialize, Deserializer};

use super::{Flow, LineRead, Name, Place, Run, SkipReason, bounded_line};

/// What a line says besides its text may be as long as this, in bytes: it is kept in the header of a WARC record.
const MAX_META: usize = 64 << 10;

/// Hands over each line. An unreadable line is told and passed over; a damaged file ends there.
pub(super) fn each(run: &mut Run<'_>, mut input: impl BufRead, name: &Name<'_>) -> Flow {
    let (mut line, mut number, mut offset) = (Vec::new(), 0, 0);
    let mut any = false;
    loop {
        number += 1;
        let place = Place { line: Some(number), offset: Some(offset), ..Place::of(name.shown) };
        let read = match bounded_line(&mut input, &mut line) {
            Ok(read) => read,
            Err(cause) => return run.error(place, SkipReason::Damaged(cause.to_string())),
        };
        match read {
            LineRead::End if any => return Flow::Continue(()),
            LineRead::End => return run.error(Place::of(name.shown), SkipReason::Empty),
            LineRead::Long(length) => {
                any = true;
                offset += length;
                run.error(place, SkipReason::TooLarge)?;
            }
            LineRead::Line(length) => {
                offset += length;
                if !line.iter().all(u8::is_ascii_whitespace) {
                    any = true;
                    one(run, &line, place, name)?;
                }
            }
        }
    }
}

fn one(run: &mut Run<'_>, line: &[u8], mut place: Place, name: &Name<'_>) -> Flow {
    match parse(line) {
        Ok(capture) => run.capture(capture, place, None, name.identity),
        Err(Fault { reason, column }) => {
            place.column = column;
            run.error(place, reason)
        }
    }
}

struct Fault {
    reason: SkipReason,
    column: Option<u64>,
}

/// What a line may say. Keys of a record (`chancery/1`) are understood too, so that records can be given as input.
#[derive(Deserialize)]
struct Line {
    schema: Option<String>,
    #[serde(default, deserialize_with = "word")]
    id: Option<String>,
    url: Option<String>,
    source: Option<String>,
    country: Option<String>,
    issuer: Option<String>,
    lang: Option<String>,
    language: Option<String>,
    date: Option<String>,
    published: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    title: Option<String>,
    headline: Option<String>,
    captured: Option<String>,
    text: Option<String>,
    html: Option<String>,
}

/// An id may be written as a number.
fn word<'de, D: Deserializer<'de>>(input: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Word {
        Text(String),
        Number(serde_json::Number),
    }
    Ok(Option::<Word>::deserialize(input)?.map(|word| match word {
        Word::Text(text) => text,
        Word::Number(number) => number.to_string(),
    }))
}

fn parse(line: &[u8]) -> Result<Capture, Fault> {
    let line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line);
    let text = std::str::from_utf8(line).map_err(|cause| Fault {
        reason: SkipReason::BadJson(format!("the bytes from here on are no UTF-8 ({cause})")),
        column: Some(column(line, cause.valid_up_to())),
    })?;
    let blanks = text.len() - text.trim_start().len();
    if !text.trim_start().starts_with('{') {
        let reason = SkipReason::BadJson("an object would begin with `{` here".into());
        return Err(Fault { reason, column: Some(column(text.as_bytes(), blanks)) });
    }
    let line: Line = serde_json::from_str(text).map_err(|cause| Fault {
        column: Some(column(text.as_bytes(), cause.column().saturating_sub(1))),
        reason: SkipReason::BadJson(without_place(&cause)),
    })?;
    let meta = line.meta();
    let length: usize = serde_json::to_string(&meta).map_or(0, |json| json.len());
    if length > MAX_META {
        let reason = SkipReason::BadJson(format!("all but the text is longer than {} KB", MAX_META >> 10));
        return Err(Fault { reason, column: None });
    }
    let (media, body) = match (filled(line.html), filled(line.text)) {
        (Some(html), _) => (Media::Html, html),
        (None, Some(text)) => (Media::Text, text),
        (None, None) => return Err(Fault { reason: SkipReason::NoField, column: None }),
    };
    // A string of JSON is Unicode, whatever the page says of itself.
    let charset = Some("utf-8".to_owned());
    let captured = filled(line.captured);
    Ok(Capture { meta, media, bytes: body.into_bytes(), charset, captured, ..Capture::default() })
}

impl Line {
    fn meta(&self) -> Meta {
        let pick = |value: &Option<String>| filled(value.clone());
        let is_record = self.schema.as_deref().is_some_and(|schema| schema.starts_with("chancery/"));
        Meta {
            id: pick(&self.id),
            url: pick(&self.url),
            source: pick(&self.source),
            country: pick(&self.country),
            // In a record the issuer may be the id of an organization, which means nothing outside it.
            issuer: pick(&self.issuer).filter(|_| !is_record),
            lang: pick(&self.lang).or_else(|| pick(&self.language)),
            date: pick(&self.date).or_else(|| pick(&self.published)),
            kind: pick(&self.kind),
            title: pick(&self.title).or_else(|| pick(&self.headline)),
        }
    }
}

/// What is only blanks counts as missing.
fn filled(value: Option<String>) -> Option<String> {
    value.filter(|text| !text.trim().is_empty())
}

/// The column, in characters from 1, of the byte at `at`.
fn column(line: &[u8], at: usize) -> u64 {
    let before = line.get(..at.min(line.len())).unwrap_or(line);
    String::from_utf8_lossy(before).chars().count() as u64 + 1
}

/// The parser's words without its own line and column, which count within the line alone.
fn without_place(cause: &serde_json::Error) -> String {
    let message = cause.to_string();
    message.rsplit_once(" at line ").map_or(message.clone(), |(words, _)| words.to_owned())
}
