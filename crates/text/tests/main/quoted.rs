//! Line ends and quotations in the plainest way: each is looked for anew.

use std::collections::BTreeMap;

use chancery_text::{Quotation, Shape};

use super::Piece;

/// The tokens before which a line ends, and whether it only wraps a paragraph.
pub(super) fn line_ends(text: &str, tokens: &[Piece]) -> BTreeMap<usize, bool> {
    let count = |at: usize| {
        let gap = text.get(tokens[at - 1].end..tokens[at].start).unwrap_or("");
        gap.matches('\n').count()
    };
    let word = |at: usize| tokens[at].of(text);
    let lower = |at: usize| tokens[at].shape.has(Shape::LOWER);
    let all: Vec<usize> = (1..tokens.len()).filter(|at| count(*at) > 0).collect();
    let goes_on = |at: usize| lower(at) && !matches!(word(at - 1), "." | "!" | "?" | ":" | ";");
    let mut ends = BTreeMap::new();
    for (n, at) in all.iter().copied().enumerate() {
        // The lines between two blank ones.
        let first = all[..n].iter().rposition(|at| count(*at) > 1).map_or(0, |n| n + 1);
        let start = first.checked_sub(1).map_or(0, |n| all[n]);
        let last = all[n..].iter().position(|at| count(*at) > 1).map_or(all.len(), |m| n + m);
        let begins = |m: usize| if m == first { start } else { all[m - 1] };
        let length = |m: usize| tokens[all[m] - 1].end - tokens[begins(m)].start;
        if count(at) == 1 {
            let longest = (first..last).map(length).max().unwrap_or(0);
            let printed = last - first > 1
                && longest >= 40
                && (first..last).all(|m| length(m) * 3 >= longest * 2)
                && (first..last).any(|m| goes_on(all[m]));
            ends.insert(at, goes_on(at) || (printed && !is_listed(text, tokens, at)));
            continue;
        }
        let paragraph = ends.iter().rev().find(|(_, wrapped)| !**wrapped).map_or(0, |(at, _)| *at);
        let open =
            tokens[at - 1].shape.has(Shape::WORD) || matches!(word(at - 1), "," | ")" | "”" | "’" | "\"");
        let begun = tokens[paragraph].shape.has(Shape::CAP) || !tokens[paragraph].shape.has(Shape::WORD);
        let listed = is_listed(text, tokens, at) || is_listed(text, tokens, paragraph);
        ends.insert(at, open && begun && !listed && lower(at) && length(n) >= 50);
    }
    ends
}

/// Whether the mark of a list's item begins at a token.
fn is_listed(text: &str, tokens: &[Piece], at: usize) -> bool {
    let rest = tokens.get(at..).unwrap_or_default();
    let words: Vec<&str> = rest.iter().take(4).map(|token| token.of(text)).collect();
    let touching = |n: usize| rest.get(n + 1).is_some_and(|next| rest[n].end == next.start);
    let apart = |n: usize| rest.get(n + 1).is_some_and(|next| rest[n].end < next.start);
    let counts = |word: &str| {
        (word.len() <= 3 || word.contains('.'))
            && !word.is_empty()
            && word.split('.').all(|part| {
                part.parse::<u16>().is_ok_and(|n| n < 1000) && part.bytes().all(|b| b.is_ascii_digit())
            })
            || matches!(word.as_bytes(), [letter] if letter.is_ascii_alphabetic())
            || (word.len() <= 5 && word.bytes().all(|b| matches!(b, b'i' | b'v' | b'x')))
    };
    match words[..] {
        ["•" | "·" | "●" | "▪" | "-" | "–" | "—" | "*" | "+" | "◦" | "‣" | "○", ..] => true,
        ["(", word, ")", _, ..] => counts(word) && touching(0) && touching(1) && apart(2),
        [word, "." | ")", _, ..] => counts(word) && touching(0) && apart(1),
        _ => false,
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    Open,
    Close,
    Straight,
    Single,
}

fn mark(word: &str) -> Option<Mark> {
    Some(match word {
        "\u{201c}" | "\u{ab}" | "\u{201e}" => Mark::Open,
        "\u{201d}" | "\u{bb}" => Mark::Close,
        "\"" | "\u{201f}" | "''" | "``" => Mark::Straight,
        "\u{2018}" | "'" => Mark::Single,
        _ => return None,
    })
}

/// Whether a mark closes what another opens.
fn matches_opening(opening: &str, mark: &str) -> bool {
    let straight = matches!(mark, "\"" | "\u{201f}" | "''" | "``");
    straight
        || match opening {
            "\u{bb}" => mark == "\u{ab}",
            "\u{201e}" => matches!(mark, "\u{201c}" | "\u{201d}" | "\u{bb}"),
            _ => matches!(mark, "\u{201d}" | "\u{bb}"),
        }
}

/// Pairs the quotation marks of a text; single ones only where they can be no apostrophes.
pub(super) fn quotations(text: &str, tokens: &[Piece], ends: &BTreeMap<usize, bool>) -> Vec<Quotation> {
    let mut found = Vec::new();
    let mut open: Option<usize> = None;
    let mut passed = 0;
    for (at, token) in tokens.iter().enumerate() {
        if at < passed {
            continue;
        }
        let kind = mark(token.of(text));
        if ends.get(&at) == Some(&false)
            && let Some(from) = open
        {
            // Only a paragraph that begins with an opening mark carries an open quotation on.
            if kind.is_some_and(|k| matches!(k, Mark::Open | Mark::Straight)) {
                continue;
            }
            // Or one whose first double mark closes it.
            let parted = |n: &usize| ends.get(n) == Some(&false);
            let end = (at + 1..tokens.len()).find(parted).unwrap_or(tokens.len());
            let double = |n: &usize| mark(tokens[*n].of(text)).is_some_and(|k| !matches!(k, Mark::Single));
            let carried = (at..end).find(double).is_some_and(|n| {
                matches_opening(tokens[from].of(text), tokens[n].of(text)) && !opens(text, &tokens[..end], n)
            });
            if !carried {
                found.push(Quotation { open: from, close: at - 1, closed: false });
                open = None;
            }
        }
        // Two single marks stand for a double one that closes, unless a word touches them behind.
        let word = token.of(text);
        let two = tokens.get(at + 1).is_some_and(|next| next.start == token.end && next.of(text) == word);
        let joined = |end: usize| {
            tokens.get(at + 2).is_some_and(|word| word.start == end && !word.shape.has(Shape::PUNCT))
        };
        if let Some(from) = open.filter(|_| two && matches!(word, "\u{2019}" | "'"))
            && !joined(tokens[at + 1].end)
        {
            found.push(Quotation { open: from, close: at + 1, closed: true });
            open = None;
            passed = at + 2;
            continue;
        }
        match (kind, open) {
            (Some(Mark::Open), None) => open = Some(at),
            (Some(Mark::Straight | Mark::Close), None) if opens(text, tokens, at) => open = Some(at),
            (Some(Mark::Open | Mark::Close | Mark::Straight), Some(from))
                if matches_opening(tokens[from].of(text), token.of(text)) =>
            {
                found.push(Quotation { open: from, close: at, closed: true });
                open = None;
            }
            (Some(Mark::Single), None) if opens(text, tokens, at) && !shortens(text, tokens, at) => {
                if let Some(close) = single_close(text, tokens, ends, at) {
                    found.push(Quotation { open: at, close, closed: true });
                    passed = close + 1;
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

/// The mark that closes what a single one opens.
fn single_close(text: &str, tokens: &[Piece], ends: &BTreeMap<usize, bool>, open: usize) -> Option<usize> {
    let word = |at: usize| tokens.get(at).map_or("", |token| token.of(text));
    let (opening, parted) = (word(open), |at: usize| ends.get(&at) == Some(&false));
    let closing = if opening == "'" { "'" } else { "’" };
    let reach = (open + 1..tokens.len()).find(|at| {
        if parted(*at) {
            word(*at) != opening
        } else {
            word(*at) == opening && opens(text, tokens, *at) && !(word(*at) == closing && closes(tokens, *at))
        }
    });
    let marks = (open + 1..reach.unwrap_or(tokens.len()))
        .filter(|at| word(*at) == closing && closes(tokens, *at) && !parted(*at));
    let sure = |at: &usize| {
        let stop = matches!(word(at + 1), "" | "," | "." | ";" | ":" | "!" | "?" | ")" | "–" | "—");
        !tokens[*at].shape.has(Shape::POSS) || stop || parted(at + 1)
    };
    let marks: Vec<usize> = marks.collect();
    marks.iter().copied().find(sure).or(marks.first().copied())
}

/// Whether a mark touches what is before it, and no word after it.
fn closes(tokens: &[Piece], at: usize) -> bool {
    let joined =
        tokens.get(at + 1).is_some_and(|next| next.start == tokens[at].end && next.shape.has(Shape::WORD));
    tokens[at - 1].end == tokens[at].start && !joined
}

/// Whether a mark stands for the digits of a year: `the ‘90s`.
fn shortens(text: &str, tokens: &[Piece], at: usize) -> bool {
    tokens.get(at + 1).is_some_and(|next| next.shape.has(Shape::NUM) && next.of(text).ends_with('s'))
}

/// A straight mark opens where a word follows it at once; an inch mark or a stray mark does not.
fn opens(text: &str, tokens: &[Piece], at: usize) -> bool {
    let touches_next = tokens.get(at + 1).is_some_and(|next| next.start == tokens[at].end);
    let touches_last = at > 0
        && tokens[at - 1].end == tokens[at].start
        && text
            .get(tokens[at - 1].start..tokens[at - 1].end)
            .is_some_and(|w| w.chars().all(char::is_alphanumeric));
    touches_next && !touches_last
}
