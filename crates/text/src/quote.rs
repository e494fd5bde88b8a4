//! Pairs of quotation marks. Paired before sentences are cut, so that no quotation is ever split.

use crate::{Shape, Token};

/// A quotation as tokens: the opening mark and the closing mark. A quotation that goes on over paragraphs
/// (each begins with an opening mark, only the last is closed) is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quotation {
    /// Token of the opening mark.
    pub open: usize,
    /// Token of the closing mark; where none stands, the last token of the paragraph.
    pub close: usize,
    /// Whether a closing mark stands.
    pub closed: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    Open,
    Close,
    Straight,
}

#[inline]
fn mark(word: &str) -> Option<Mark> {
    if !matches!(word.as_bytes(), [b'"' | b'\'' | b'`' | 128.., ..]) {
        return None;
    }
    Some(match word {
        "\u{201c}" | "\u{ab}" | "\u{201e}" => Mark::Open,
        "\u{201d}" | "\u{bb}" => Mark::Close,
        "\"" | "\u{201f}" | "''" | "``" => Mark::Straight,
        _ => return None,
    })
}

/// Pairs the double quotation marks of a text; single ones are apostrophes as often as not and are left alone.
#[must_use]
pub fn quotations(text: &str, tokens: &[Token]) -> Vec<Quotation> {
    let mut found = Vec::new();
    let mut open: Option<usize> = None;
    for (at, token) in tokens.iter().enumerate() {
        let kind = if token.shape.has(Shape::PUNCT) { mark(token.of(text)) } else { None };
        if kind.is_none() && open.is_none() {
            continue;
        }
        if let Some(from) = open
            && text.get(tokens[at - 1].end..token.start).is_some_and(|gap| gap.contains('\n'))
        {
            // Only a paragraph that begins with an opening mark carries an open quotation on.
            if kind.is_some_and(|k| k != Mark::Close) {
                continue;
            }
            found.push(Quotation { open: from, close: at - 1, closed: false });
            open = None;
        }
        match (kind, open) {
            (Some(Mark::Open), None) => open = Some(at),
            (Some(Mark::Close), Some(from)) => {
                found.push(Quotation { open: from, close: at, closed: true });
                open = None;
            }
            (Some(Mark::Straight), None) if opens(text, tokens, at) => open = Some(at),
            (Some(Mark::Straight), Some(from)) => {
                found.push(Quotation { open: from, close: at, closed: true });
                open = None;
            }
            _ => {}
        }
    }
    if let Some(from) = open {
        found.push(Quotation { open: from, close: tokens.len() - 1, closed: false });
    }
    found
}

/// A straight mark opens where a word follows it at once; an inch mark or a stray mark does not.
fn opens(text: &str, tokens: &[Token], at: usize) -> bool {
    let touches_next = tokens.get(at + 1).is_some_and(|next| next.start == tokens[at].end);
    let touches_last = at > 0
        && tokens[at - 1].end == tokens[at].start
        && text
            .get(tokens[at - 1].start..tokens[at - 1].end)
            .is_some_and(|w| w.chars().all(char::is_alphanumeric));
    touches_next && !touches_last
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "a test may panic")]
mod tests {
    use crate::{Language, Tokens};

    fn quoted(text: &str) -> Vec<String> {
        let tokens = Tokens::of(text, &Language::default());
        tokens
            .quotations()
            .iter()
            .map(|q| text[tokens[q.open].start..tokens[q.close].end].to_owned())
            .collect()
    }

    #[test]
    fn quotations_are_paired() {
        assert_eq!(quoted("“We did,” he said, “and will.”"), ["“We did,”", "“and will.”"]);
        assert_eq!(quoted("\"A. B.\" she said."), ["\"A. B.\""]);
        assert_eq!(quoted("“One.\n\n“Two.” End."), ["“One.\n\n“Two.”"]);
        assert_eq!(quoted("“Never closed.\n\nNext."), ["“Never closed."]);
        assert_eq!(quoted("a 5\" pipe"), Vec::<String>::new());
    }
}
