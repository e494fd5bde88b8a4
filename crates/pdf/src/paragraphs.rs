//! Lines to paragraphs; words that were parted at the end of a line are made whole.

use std::collections::BTreeSet;

use crate::columns::Line;

/// Type that is so much larger than that of the text is a heading's.
pub(crate) const HEADING: f64 = 1.12;
/// Lines of one paragraph differ no more in size.
const SAME: f64 = 1.1;
/// Lines of one paragraph are no further apart, in parts of the usual distance.
const APART: f64 = 1.3;
/// A first line is set in by this, in parts of the type's size.
const INDENT: f64 = 0.8;

/// A paragraph or heading.
#[derive(Clone, Debug)]
pub(crate) struct Paragraph {
    pub(crate) text: String,
    pub(crate) size: f64,
    /// The page on which it begins, from 1.
    pub(crate) page: usize,
    /// Whether it stands in the middle of its column, with room on both sides.
    pub(crate) centered: bool,
    /// Its cells, where it is a row of a table.
    pub(crate) cells: Vec<String>,
}

/// The size that most characters have.
pub(crate) fn body_size(pages: &[Vec<Line>]) -> f64 {
    let mut sizes: Vec<(f64, usize)> =
        pages.iter().flatten().map(|line| (line.size, line.text.chars().count())).collect();
    sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = sizes.iter().map(|(_, count)| count).sum::<usize>() / 2;
    let mut sum = 0;
    let middle = sizes.iter().find(|(_, count)| {
        sum += count;
        sum > half
    });
    middle.map_or(10.0, |(size, _)| *size)
}

/// The paragraphs of all pages.
pub(crate) fn of(pages: &[Vec<Line>], rtl: bool) -> Vec<Paragraph> {
    let body = body_size(pages);
    let usual = usual_distance(pages, body);
    let words = Words::of(pages);
    let mut out: Vec<Paragraph> = Vec::new();
    let mut last: Option<&Line> = None;
    let lines = pages.iter().zip(1..).flat_map(|(page, number)| page.iter().map(move |line| (line, number)));
    for (line, page) in lines {
        let text = line.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let goes_on = last.is_some_and(|last| goes_on(last, line, body, usual, rtl));
        match out.last_mut().filter(|_| goes_on) {
            Some(open) => {
                words.join(&mut open.text, &text);
                open.centered &= is_centered(line);
            }
            None => out.push(Paragraph {
                text,
                size: line.size,
                page,
                centered: is_centered(line),
                cells: line.cells.clone(),
            }),
        }
        last = Some(line);
    }
    out.retain(|paragraph| !paragraph.text.is_empty());
    out
}

/// How far lines of the text are apart, most often.
fn usual_distance(pages: &[Vec<Line>], body: f64) -> f64 {
    let pairs = pages.iter().flat_map(|page| page.iter().zip(page.iter().skip(1)));
    let near =
        pairs.map(|(above, line)| line.y - above.y).filter(|room| (0.5 * body..3.0 * body).contains(room));
    let mut all: Vec<f64> = near.collect();
    all.sort_by(f64::total_cmp);
    // Most lines lie within paragraphs: the lower third is the distance there.
    all.get(all.len() / 3).copied().unwrap_or(1.2 * body)
}

fn is_centered(line: &Line) -> bool {
    let (left, right) = (line.left - line.column.0, line.column.1 - line.right);
    left > 2.0 * line.size && (left - right).abs() < 1.0 * line.size
}

/// Whether a line belongs to the paragraph of the line before it.
fn goes_on(last: &Line, line: &Line, body: f64, usual: f64, rtl: bool) -> bool {
    if !line.cells.is_empty() || !last.cells.is_empty() {
        return false;
    }
    if line.size > SAME * last.size || last.size > SAME * line.size || is_item(&line.text) {
        return false;
    }
    let room = line.y - last.y;
    let is_heading = line.size > HEADING * body;
    let is_small = line.text.chars().next().is_some_and(char::is_lowercase);
    let ends = last.text.trim_end().ends_with(['.', '!', '?', ':', '؟', '。', '”', '"', '»']);
    if room <= 0.0 || line.column != last.column && room > 3.0 * usual {
        // The next column or page.
        return !is_heading && (is_parted(&last.text) || (!ends && (is_small || is_full(last, line, rtl))));
    }
    if room > APART * usual * (line.size / body).max(1.0) {
        return false;
    }
    if is_heading || (is_centered(line) && is_centered(last)) {
        return true;
    }
    let set_in = |line: &Line| if rtl { line.column.1 - line.right } else { line.left - line.column.0 };
    let begins = set_in(line) > set_in(last) + INDENT * line.size && ends;
    !begins && (is_full(last, line, rtl) || (is_small && !ends))
}

/// Whether the next line's first word would have had no room at the end of a line.
fn is_full(last: &Line, line: &Line, rtl: bool) -> bool {
    let room = if rtl { last.left - last.column.0 } else { last.column.1 - last.right };
    is_parted(&last.text) || room < line.first + 0.6 * last.size
}

/// An item of a list.
fn is_item(text: &str) -> bool {
    let mut chars = text.trim_start().chars();
    let is_mark = chars.next().is_some_and(|c| {
        matches!(
            c,
            '•' | '·'
                | '▪'
                | '■'
                | '●'
                | '○'
                | '◦'
                | '–'
                | '—'
                | '*'
                | '-'
                | '➢'
                | '✓'
                | '\u{F0B7}'
                | '\u{F0A7}'
        )
    });
    is_mark && chars.next().is_some_and(char::is_whitespace)
}

fn is_parted(text: &str) -> bool {
    let mut back = text.chars().rev();
    let hyphen = back.next().is_some_and(|c| matches!(c, '-' | '\u{2010}' | '\u{AD}'));
    hyphen && back.next().is_some_and(char::is_alphabetic)
}

/// The words that stand whole within lines: they tell how a word is written that a line's end parted.
struct Words(BTreeSet<String>);

impl Words {
    fn of(pages: &[Vec<Line>]) -> Self {
        let mut all = BTreeSet::new();
        for line in pages.iter().flatten() {
            let words: Vec<String> = line.text.split_whitespace().map(bare).collect();
            let count = words.len();
            all.extend(words.into_iter().take(count.saturating_sub(1)));
        }
        Self(all)
    }

    /// Adds a line to the text of a paragraph.
    fn join(&self, text: &mut String, line: &str) {
        let is_soft = text.ends_with('\u{AD}');
        let is_small = line.chars().next().is_some_and(char::is_lowercase);
        if !is_parted(text) || !(is_small || is_soft) {
            let has_hyphen = is_parted(text);
            if !has_hyphen {
                text.push(' ');
            }
            text.push_str(line);
            return;
        }
        let before = text.rsplit(char::is_whitespace).next().map(bare).unwrap_or_default();
        let after = line.split(char::is_whitespace).next().map(bare).unwrap_or_default();
        let stem = before.trim_end_matches(['-', '\u{2010}', '\u{AD}']);
        let keeps = !is_soft
            && !self.0.contains(&format!("{stem}{after}"))
            && self.0.contains(&format!("{stem}-{after}"));
        if !keeps {
            text.pop();
        }
        text.push_str(line);
    }
}

fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric() && c != '-').to_lowercase()
}
