//! Pairs of quotation marks. Paired before sentences are cut, so that no quotation is ever split.

use crate::lines::LineEnd;
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
    /// A single mark that may open a quotation.
    Single,
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
        "\u{2018}" | "'" => Mark::Single,
        _ => return None,
    })
}

/// Whether a mark closes what another opened. Some languages close with what opens in others: „…“ and »…«.
fn closes(kind: Mark, mark: &str, opening: &str) -> bool {
    match kind {
        Mark::Straight => true,
        Mark::Close => opening != "\u{bb}",
        Mark::Open => matches!((opening, mark), ("\u{201e}", "\u{201c}") | ("\u{bb}", "\u{ab}")),
        Mark::Single => false,
    }
}

/// Pairs the quotation marks of a text, those of one kind; what stands between them is in the quotation. Single marks
/// make one where they can be no apostrophes: one before a word, and one that closes.
#[must_use]
pub(crate) fn quotations(text: &str, tokens: &[Token], ends: &[LineEnd]) -> Vec<Quotation> {
    let mut found = Vec::new();
    let mut open: Option<usize> = None;
    let mut paragraphs = ends.iter().filter(|end| !end.wrapped).map(|end| end.at).peekable();
    let mut singles = Singles { text, tokens, ends, hopeless: [0; 2], unsure: [0; 2] };
    let mut next = 0;
    while let Some(token) = tokens.get(next) {
        let at = next;
        next += 1;
        let begins = paragraphs.next_if_eq(&at).is_some();
        let kind = if token.shape.has(Shape::PUNCT) { mark(token.of(text)) } else { None };
        if kind.is_none() && open.is_none() {
            continue;
        }
        if begins && let Some(from) = open {
            // Only a paragraph that begins with an opening mark carries an open quotation on, or one that closes it
            // before another opens.
            if kind.is_some_and(|k| matches!(k, Mark::Open | Mark::Straight)) {
                continue;
            }
            let end = paragraphs.peek().copied().unwrap_or(tokens.len());
            if !carries(text, &tokens[..end], at, from) {
                found.push(Quotation { open: from, close: at - 1, closed: false });
                open = None;
            }
        }
        if let Some(from) = open.filter(|_| doubled(text, tokens, at)) {
            found.push(Quotation { open: from, close: at + 1, closed: true });
            open = None;
            next = at + 2;
            continue;
        }
        match (kind, open) {
            (Some(Mark::Open), None) => open = Some(at),
            (Some(Mark::Straight | Mark::Close), None) if opens(text, tokens, at) => open = Some(at),
            (Some(kind), Some(from)) if closes(kind, token.of(text), tokens[from].of(text)) => {
                found.push(Quotation { open: from, close: at, closed: true });
                open = None;
            }
            (Some(Mark::Single), None) if opens(text, tokens, at) && !shortens(text, tokens, at) => {
                if let Some(close) = singles.close(at) {
                    found.push(Quotation { open: at, close, closed: true });
                    next = close + 1;
                    while paragraphs.next_if(|begin| *begin < next).is_some() {}
                }
            }
            _ => {}
        }
    }
    if let Some(from) = open {
        found.push(Quotation { open: from, close: tokens.len() - 1, closed: false });
    }
    found
}

/// Whether the first double mark from `at` to the end of its paragraph closes what stands open from `from` on.
fn carries(text: &str, tokens: &[Token], at: usize, from: usize) -> bool {
    let double = |token: &Token| {
        let kind = if token.shape.has(Shape::PUNCT) { mark(token.of(text)) } else { None };
        kind.filter(|kind| *kind != Mark::Single)
    };
    let first = (at..tokens.len()).find_map(|at| double(&tokens[at]).map(|kind| (at, kind)));
    first.is_some_and(|(mark, kind)| {
        closes(kind, tokens[mark].of(text), tokens[from].of(text)) && !opens(text, tokens, mark)
    })
}

/// Whether two single marks stand for a double one that closes: `it works,’’ he said`, `it works’’, he said`.
fn doubled(text: &str, tokens: &[Token], at: usize) -> bool {
    let word = tokens[at].of(text);
    let next = tokens.get(at + 1).filter(|next| next.start == tokens[at].end && next.of(text) == word);
    let joined = |next: &Token| {
        tokens.get(at + 2).is_some_and(|word| word.start == next.end && !word.shape.has(Shape::PUNCT))
    };
    matches!(word, "\u{2019}" | "'") && next.is_some_and(|next| !joined(next))
}

/// Where quotations in single marks close.
struct Singles<'t> {
    text: &'t str,
    tokens: &'t [Token],
    ends: &'t [LineEnd],
    /// No curly, no straight mark before these tokens opens a quotation: it was looked for.
    hopeless: [usize; 2],
    /// Before these tokens no mark surely closes one: the first that may does.
    unsure: [usize; 2],
}

impl Singles<'_> {
    fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.of(self.text))
    }

    /// The mark that closes what the one at `open` opens: in its paragraph, or in the next ones where each begins with
    /// an opening mark. After a plural it closes only where the text cannot go on as after an apostrophe, or no other
    /// does.
    fn close(&mut self, open: usize) -> Option<usize> {
        let opening = self.word(open);
        let kind = usize::from(opening == "'");
        if open < self.hopeless[kind] {
            return None;
        }
        let closing = if opening == "'" { "'" } else { "\u{2019}" };
        let mut paragraphs = self.ends.get(self.ends.partition_point(|end| end.at <= open)..)?.iter();
        let mut paragraph = paragraphs.by_ref().find(|end| !end.wrapped);
        let mut last = None;
        let mut at = open + 1;
        while at < self.tokens.len() {
            if paragraph.is_some_and(|end| end.at == at) {
                if self.word(at) != opening {
                    break;
                }
                paragraph = paragraphs.by_ref().find(|end| !end.wrapped);
            } else if self.word(at) == closing && self.closes(at) {
                let sure = !self.tokens[at].shape.has(Shape::POSS) || self.ends_clause(at);
                if sure || open < self.unsure[kind] {
                    return Some(at);
                }
                last = last.or(Some(at));
            } else if self.word(at) == opening && opens(self.text, self.tokens, at) {
                break;
            }
            at += 1;
        }
        let known = if last.is_none() { &mut self.hopeless } else { &mut self.unsure };
        known[kind] = at;
        last
    }

    /// Whether a mark touches what is before it, and no word after it.
    fn closes(&self, at: usize) -> bool {
        let (before, mark) = (&self.tokens[at - 1], &self.tokens[at]);
        let joined =
            self.tokens.get(at + 1).is_some_and(|next| next.start == mark.end && next.shape.has(Shape::WORD));
        before.end == mark.start && !joined
    }

    /// Whether a stop or comma, a closing bracket or the end of the paragraph follows a mark.
    fn ends_clause(&self, at: usize) -> bool {
        let end =
            self.ends.binary_search_by_key(&(at + 1), |end| end.at).is_ok_and(|n| !self.ends[n].wrapped);
        end || matches!(self.word(at + 1), "" | "," | "." | ";" | ":" | "!" | "?" | ")" | "–" | "—")
    }
}

/// Whether a mark stands for the digits of a year: `the ‘90s`.
fn shortens(text: &str, tokens: &[Token], at: usize) -> bool {
    tokens.get(at + 1).is_some_and(|next| next.shape.has(Shape::NUM) && next.of(text).ends_with('s'))
}

/// A mark opens where a word follows it at once; an inch mark, a stray mark or an apostrophe does not.
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
        assert_eq!(
            quoted("„Low and high“, he said, „and low and right”."),
            ["„Low and high“", "„and low and right”"]
        );
        assert_eq!(
            quoted("»One,« he said. «Two,» she said. ”Three,” they said."),
            ["»One,«", "«Two,»", "”Three,”"]
        );
        assert_eq!(quoted("a 5\" pipe, a 5” pipe"), Vec::<String>::new());
        assert_eq!(quoted("“One line that\nwas wrapped,” he said."), ["“One line that\nwas wrapped,”"]);
    }

    #[test]
    fn marks_may_be_lost_or_of_another_kind() {
        assert_eq!(quoted("“It works,’’ he said. “It is good.”"), ["“It works,’’", "“It is good.”"]);
        assert_eq!(
            quoted("“It works’’, he said; “all is 'ready''. Good."),
            ["“It works’’", "“all is 'ready''"]
        );
        assert_eq!(quoted("\"One.\n\nTwo.\" End."), ["\"One.\n\nTwo.\""]);
        assert_eq!(quoted("\"One.\n\nTwo. \"Three.\" End."), ["\"One.", "\"Three.\""]);
    }

    #[test]
    fn single_marks_are_no_apostrophes() {
        assert_eq!(quoted("‘We’ve won,’ he said. ‘It wasn’t hard.’"), ["‘We’ve won,’", "‘It wasn’t hard.’"]);
        assert_eq!(quoted("'We've won,' he said. 'It's good'"), ["'We've won,'", "'It's good'"]);
        assert_eq!(quoted("‘The crews’ work is done,’ he said."), ["‘The crews’ work is done,’"]);
        assert_eq!(quoted("a list of ‘red lines’ and of ‘ways’."), ["‘red lines’", "‘ways’"]);
        assert_eq!(quoted("“A ‘red line’ it is,” he said."), ["“A ‘red line’ it is,”"]);
        assert_eq!(quoted("‘It is “good” now,’ he said."), ["‘It is “good” now,’"]);
        assert_eq!(quoted("‘One.\n\n‘Two.’ End."), ["‘One.\n\n‘Two.’"]);
        assert_eq!(quoted("the crews’ and the ministers’ work"), Vec::<String>::new());
        assert_eq!(quoted("the crews' work and the ministers' work"), Vec::<String>::new());
        assert_eq!(quoted("‘Never closed.\n\nThe crews’ work."), Vec::<String>::new());
        assert_eq!(quoted("Fishermen of the '90s and the crews' boats"), Vec::<String>::new());
    }
}
