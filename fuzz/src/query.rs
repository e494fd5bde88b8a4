//! Any bytes as a query: read in both modes, with every mistake at its place, and printed as it is read again.

use chancery_index::{parse, parse_forgiving};

/// Reads the bytes as a query.
pub(crate) fn query(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let reading = parse_forgiving(&text);
    for mistake in &reading.mistakes {
        let place = text.get(mistake.span.start..mistake.span.end);
        assert!(place.is_some() && !mistake.message.is_empty() && !mistake.mend.is_empty(), "{mistake:?}");
    }
    match parse(&text) {
        Ok(expr) => assert!(reading.mistakes.is_empty() && expr == reading.expr),
        Err(mistakes) => assert_eq!(mistakes, reading.mistakes),
    }
    if let Some(expr) = reading.expr {
        assert_eq!(parse(&expr.to_string()), Ok(Some(expr)));
    }
}
