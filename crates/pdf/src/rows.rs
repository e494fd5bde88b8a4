//! Characters to words, and words that stand on one line to rows.

use crate::glyphs::Glyph;

/// Signs of one word stand no further apart than this, in parts of their size.
const SPACE: f64 = 0.18;
/// Signs stand on one line that differ no more than this in height, in parts of their size: raised numbers are on it.
const BASE: f64 = 0.4;

/// A word as it is shown.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) y: f64,
    pub(crate) size: f64,
    pub(crate) text: String,
}

/// The words of a page, line by line.
pub(crate) fn words(mut glyphs: Vec<Glyph>) -> Vec<Word> {
    glyphs.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut words = Vec::new();
    let mut line: Vec<Glyph> = Vec::new();
    for glyph in glyphs {
        let is_on = line.first().is_none_or(|first| glyph.y - first.y <= BASE * first.size.min(glyph.size));
        if !is_on {
            in_line(std::mem::take(&mut line), &mut words);
        }
        line.push(glyph);
    }
    in_line(line, &mut words);
    words
}

fn in_line(mut line: Vec<Glyph>, words: &mut Vec<Word>) {
    line.sort_by(|a, b| a.x.total_cmp(&b.x));
    let mut open: Option<Word> = None;
    let mut last: Option<Glyph> = None;
    for glyph in line {
        if glyph.text.trim().is_empty() {
            words.extend(open.take());
            continue;
        }
        // Some programs print bold type by printing twice.
        let is_twice = last.as_ref().is_some_and(|last| {
            last.text == glyph.text
                && glyph.x - last.x < 0.15 * glyph.size
                && glyph.x - last.x < 0.5 * glyph.width
        });
        if is_twice {
            continue;
        }
        match &mut open {
            Some(word) if glyph.x - word.right <= SPACE * glyph.size => {
                word.right = word.right.max(glyph.x + glyph.width);
                word.size = word.size.max(glyph.size);
                word.text += &glyph.text;
            }
            _ => {
                words.extend(open.take());
                let (left, right) = (glyph.x, glyph.x + glyph.width);
                open = Some(Word { left, right, y: glyph.y, size: glyph.size, text: glyph.text.clone() });
            }
        }
        last = Some(glyph);
    }
    words.extend(open);
}

/// Words on one line, from left to right.
pub(crate) type Row = Vec<Word>;

/// Rows from top to bottom.
pub(crate) fn rows(mut words: Vec<Word>) -> Vec<Row> {
    words.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut rows: Vec<Row> = Vec::new();
    for word in words {
        match rows.last_mut() {
            Some(row)
                if row.first().is_some_and(|first| word.y - first.y <= BASE * first.size.min(word.size)) =>
            {
                row.push(word);
            }
            _ => rows.push(vec![word]),
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| a.left.total_cmp(&b.left));
    }
    rows
}
