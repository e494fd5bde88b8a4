//! What is wrong with a query, where, and what to write instead.

use std::fmt;

use chancery_record::Span;
use serde::Serialize;

/// One mistake of a query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mistake {
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub mend: String,
    /// Where, in bytes of the query.
    #[serde(skip)]
    pub span: Span,
    /// The same in code points; the `span` of JSON.
    #[serde(rename = "span")]
    pub span_in_characters: Span,
}

impl Mistake {
    pub(crate) fn new(query: &str, span: Span, message: String, mend: String) -> Self {
        let count = |to: usize| Span::new(0, to).of(query).chars().count();
        Self { message, mend, span, span_in_characters: Span::new(count(span.start), count(span.end)) }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Mistake {}
