//! Records to and from one line of JSON: the one place where byte offsets become code points.

use thiserror::Error;

use crate::{Record, Span};

/// Why a line is no record.
#[derive(Debug, Error)]
pub enum RecordError {
    /// The line is no JSON of a record.
    #[error("not a record: {0}")]
    Json(#[from] serde_json::Error),
    /// The line is a record of another schema.
    #[error("the record has schema `{0}`, this program reads `chancery/1`")]
    Schema(String),
}

impl Record {
    /// The record as one line of JSON without a line end; spans count code points.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut wire = self.clone();
        if !self.release.text.is_ascii() {
            let table = CodePoints::of(&self.release.text);
            wire.each_span(|span| *span = Span::new(table.of_byte(span.start), table.of_byte(span.end)));
        }
        serde_json::to_string(&wire).expect("a record holds only strings, numbers and lists")
    }

    /// A record from a line that [`Record::to_json`] wrote; spans count bytes again.
    ///
    /// # Errors
    /// Where the line is no JSON, no record, or of another schema.
    pub fn from_json(line: &str) -> Result<Self, RecordError> {
        let mut record: Self = serde_json::from_str(line)?;
        if record.schema != Self::SCHEMA {
            return Err(RecordError::Schema(record.schema));
        }
        if !record.release.text.is_ascii() {
            let mut bytes: Vec<usize> = record.release.text.char_indices().map(|(at, _)| at).collect();
            bytes.push(record.release.text.len());
            let last = bytes.len() - 1;
            record
                .each_span(|span| *span = Span::new(bytes[span.start.min(last)], bytes[span.end.min(last)]));
        }
        Ok(record)
    }
}

/// For each byte that begins a character, how many characters lie before it: one count in 64 bytes is kept.
struct CodePoints<'t> {
    text: &'t [u8],
    before: Vec<usize>,
}

const STRIDE: usize = 64;

impl<'t> CodePoints<'t> {
    fn of(text: &'t str) -> Self {
        let text = text.as_bytes();
        let mut before = Vec::with_capacity(text.len() / STRIDE + 1);
        let mut count = 0;
        for block in text.chunks(STRIDE) {
            before.push(count);
            count += count_starts(block);
        }
        before.push(count);
        Self { text, before }
    }

    fn of_byte(&self, byte: usize) -> usize {
        let byte = byte.min(self.text.len());
        let block = byte / STRIDE;
        self.before[block] + count_starts(&self.text[block * STRIDE..byte])
    }
}

fn count_starts(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| (**byte as i8) >= -0x40).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Mention, MentionKind, Person, Release};

    #[test]
    fn offsets_are_code_points_in_json_and_bytes_inside() {
        let text = "Mme Zoë Ünal — né à Øre — parla à Émile.".repeat(5);
        let at = text.rfind("Émile").unwrap();
        let mut record = Record::new(Release { text: text.clone(), ..Release::default() }, "test");
        record.persons.push(Person {
            id: "p1".into(),
            name: "Émile".into(),
            mentions: vec![Mention { span: Span::new(at, at + "Émile".len()), kind: MentionKind::Full }],
            posts: vec![],
            confidence: 50,
            rule: "x".into(),
        });
        let line = record.to_json();
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        let start = value["persons"][0]["mentions"][0]["start"].as_u64().unwrap() as usize;
        assert_eq!(text.chars().skip(start).take(5).collect::<String>(), "Émile");
        assert_eq!(Record::from_json(&line).unwrap(), record);
    }

    #[test]
    fn another_schema_is_refused_by_name() {
        let line = Record::new(Release::default(), "test").to_json().replace("chancery/1", "chancery/9");
        assert!(Record::from_json(&line).unwrap_err().to_string().contains("chancery/9"));
    }
}
