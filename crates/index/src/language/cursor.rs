//! A query, read character by character.

use chancery_record::Span;

/// Where reading stands.
pub(super) struct Cursor<'q> {
    pub(super) query: &'q str,
    pub(super) at: usize,
}

impl<'q> Cursor<'q> {
    pub(super) fn rest(&self) -> &'q str {
        self.query.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn second(&self) -> Option<char> {
        self.rest().chars().nth(1)
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    /// Goes on while characters are such.
    pub(super) fn take_while(&mut self, such: impl Fn(char) -> bool) -> &'q str {
        let rest = self.rest();
        let end = rest.find(|c| !such(c)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    pub(super) fn skip_space(&mut self) {
        self.take_while(|c| c.is_whitespace() || is_invisible(c));
    }

    /// From `start` to where reading stands.
    pub(super) fn since(&self, start: usize) -> Span {
        Span::new(start, self.at)
    }
}

/// What is closed by any of its like: people copy them from everywhere.
pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\u{201c}'..='\u{201f}' | '«' | '»')
}

/// Characters without width, or that only turn the direction of others: they come with copied text, and nobody means them.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        || c.is_control()
}

/// `text` without what nobody sees, each run of white space one space.
pub(super) fn visible(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() {
            if !clean.is_empty() && !clean.ends_with(' ') {
                clean.push(' ');
            }
        } else if !is_invisible(c) {
            clean.push(c);
        }
    }
    clean.truncate(clean.trim_end().len());
    clean
}

/// Without what stands around its letters and digits.
pub(super) fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}
