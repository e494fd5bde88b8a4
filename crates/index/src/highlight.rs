//! What of a text made it found, and the stretch of a long text that shows it best. Spans are bytes.

use chancery_record::Span;

/// How long a snippet is at most, in bytes (about three lines of a terminal).
const SNIPPET: usize = 240;

/// How much of it may stand before the first match.
const LEAD: usize = 80;

/// A word or row of words that belongs to a match of one clause of the query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Match {
    pub(crate) span: Span,
    pub(crate) clause: usize,
}

/// The matches that lie within `window`, counted from its start, without overlap.
pub(crate) fn highlights(matches: &[Match], window: Span) -> Vec<Span> {
    let mut spans: Vec<Span> = matches
        .iter()
        .filter(|found| window.contains(&found.span))
        .map(|found| Span::new(found.span.start - window.start, found.span.end - window.start))
        .collect();
    spans.sort();
    let mut merged: Vec<Span> = Vec::new();
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}

/// The stretch of `text` to show: within one paragraph, on borders of words, around the place where most clauses match; the
/// beginning of the text where nothing does.
pub(crate) fn snippet(text: &str, matches: &[Match]) -> Span {
    let beginning = text.len() - text.trim_start().len();
    let first = best(text, matches).unwrap_or(Span::new(beginning, beginning));
    let paragraph = paragraph(text, first.start);
    let start = if first.start - paragraph.start <= LEAD {
        paragraph.start
    } else {
        let floor = border(text, first.start - LEAD);
        let before = Span::new(floor, first.start).of(text);
        before.find(char::is_whitespace).map_or(floor, |at| floor + at)
    };
    let end = if paragraph.end - start <= SNIPPET {
        paragraph.end
    } else {
        let ceiling = border(text, start + SNIPPET);
        let shown = Span::new(start, ceiling).of(text);
        shown.rfind(char::is_whitespace).map_or(ceiling, |at| start + at)
    };
    // A phrase may be longer than a snippet, or run over the end of a paragraph.
    trimmed(text, Span::new(start, end.max(first.end)))
}

/// Whether the paragraph of a snippet goes on before it, and after it.
pub(crate) fn cuts(text: &str, snippet: Span) -> (bool, bool) {
    let paragraph = trimmed(text, paragraph(text, snippet.start));
    (paragraph.start < snippet.start, snippet.end < paragraph.end)
}

/// The first match of the window with most clauses, most matches, and the earliest of those.
fn best(text: &str, matches: &[Match]) -> Option<Span> {
    let mut best: Option<((usize, usize), Span)> = None;
    for (at, first) in matches.iter().enumerate() {
        let reach = border(text, first.span.start + SNIPPET - LEAD);
        let line = Span::new(first.span.start, reach).of(text).find('\n');
        let reach = line.map_or(reach, |newline| first.span.start + newline);
        let window = matches.get(at..).unwrap_or_default().iter();
        let window: Vec<usize> =
            window.take_while(|m| m.span.end <= reach).map(|found| found.clause).collect();
        let mut clauses = window.clone();
        clauses.sort_unstable();
        clauses.dedup();
        let worth = (clauses.len(), window.len());
        if best.is_none_or(|(most, _)| worth > most) {
            best = Some((worth, first.span));
        }
    }
    best.map(|(_, span)| span)
}

/// The line of `text` around the byte `at`.
fn paragraph(text: &str, at: usize) -> Span {
    let before = Span::new(0, at).of(text).rfind('\n').map_or(0, |newline| newline + 1);
    let after = Span::new(at, text.len()).of(text).find('\n').map_or(text.len(), |newline| at + newline);
    Span::new(before, after)
}

/// The last border of characters at or before the byte `at`.
pub(crate) fn border(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

fn trimmed(text: &str, span: Span) -> Span {
    let words = span.of(text);
    let start = span.start + words.len() - words.trim_start().len();
    Span::new(start, start + words.trim().len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Stemming, words_of};
    use crate::pattern::{Cut, Pattern, Stems};
    use proptest::prelude::*;

    fn pattern(words: &str) -> Pattern {
        let mut words: Vec<String> = words_of(words).into_iter().map(|word| word.folded).collect();
        if words.len() == 1 { Pattern::Stem(words.remove(0)) } else { Pattern::Row(words) }
    }

    fn found(text: &str, wanted: &[&str]) -> Vec<Match> {
        let cut = Cut::of(text, &Stems::new(Stemming::of(None)));
        let mut found = Vec::new();
        for (clause, words) in wanted.iter().enumerate() {
            let spans = pattern(words).matches(&cut).into_iter().flatten();
            found.extend(spans.map(|span| Match { span, clause }));
        }
        found.sort();
        found
    }

    fn marked(text: &str, wanted: &[&str]) -> String {
        let matches = found(text, wanted);
        let window = snippet(text, &matches);
        let mut shown = window.of(text).to_owned();
        for span in highlights(&matches, window).into_iter().rev() {
            shown.insert(span.end, ']');
            shown.insert(span.start, '[');
        }
        shown
    }

    #[test]
    fn stems_and_rows_are_marked() {
        assert_eq!(marked("He proposed proposals.", &["propose"]), "He [proposed] [proposals].");
        assert_eq!(marked("The Post of national post", &["national post"]), "The Post of [national post]");
        assert_eq!(
            marked("Arkan al-Shaibani spoke", &["al-Shaibani", "Shaibani"]),
            "Arkan [al-Shaibani] spoke"
        );
        assert_eq!(marked("no match here", &["post"]), "no match here");
        assert_eq!(marked("  first line\nsecond", &[]), "first line");
        assert_eq!(marked("", &["post"]), "");
    }

    #[test]
    fn a_snippet_shows_the_place_where_most_words_meet() {
        let filler = "Nothing of note happened on that long day. ".repeat(20);
        let text = format!("The post.\n\n{filler}\n\n{filler}The national post office grew. {filler}");
        let shown = marked(&text, &["post", "national"]);
        assert!(shown.contains("The [national] [post] office"), "{shown}");
        assert!(shown.len() <= SNIPPET + 4, "{shown}");
        assert!(!shown.contains('\n'));
    }

    #[test]
    fn a_snippet_within_a_paragraph_is_cut_on_both_sides() {
        let filler = "Nothing of note happened on that long day. ".repeat(20);
        let text = format!("{filler}The post grew. {filler}");
        let window = snippet(&text, &found(&text, &["post"]));
        assert_eq!(cuts(&text, window), (true, true));
        assert_eq!(cuts(" whole \nnext", Span::new(1, 6)), (false, false));
    }

    proptest! {
        #[test]
        fn spans_lie_on_borders_of_characters(text in "(\\PC|é| post |\n){0,400}", word in "post|é|\\PC{1,5}") {
            let matches = found(&text, &[&word]);
            let window = snippet(&text, &matches);
            let shown = text.get(window.start..window.end);
            prop_assert!(shown.is_some());
            for span in highlights(&matches, window) {
                let mark = shown.and_then(|shown| shown.get(span.start..span.end));
                prop_assert!(mark.is_some_and(|mark| !mark.is_empty()));
            }
            prop_assert!(matches.is_empty() || !highlights(&matches, window).is_empty());
        }
    }
}
