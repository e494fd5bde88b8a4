//! Rows of words to lines in reading order: one column after the other.

use crate::direction::logical;
use crate::rows::{Row, Word, rows};

/// What parts two columns is at least this wide, in parts of the type's size.
const GUTTER: f64 = 0.8;
/// A column has at least so many lines, and this many characters in the middle one: less is a table.
const LINES: usize = 3;
const CHARS: usize = 14;
/// Columns end where so much room follows a row, in parts of the type's size.
const ROOM: f64 = 4.0;
/// Columns within columns go so deep.
const DEPTH: usize = 6;

/// A line as it is written.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) text: String,
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) y: f64,
    pub(crate) size: f64,
    /// How wide its first word is, and the edges of its column.
    pub(crate) first: f64,
    pub(crate) column: (f64, f64),
}

/// The lines of some words in reading order.
pub(crate) fn lines(words: Vec<Word>, rtl: bool) -> Vec<Line> {
    let mut out = Vec::new();
    read(words, rtl, DEPTH, &mut out);
    out
}

fn read(words: Vec<Word>, rtl: bool, depth: usize, out: &mut Vec<Line>) {
    let rows = rows(words);
    let mut plain: Vec<Row> = Vec::new();
    let mut at = 0;
    while let Some(row) = rows.get(at) {
        let band = if depth == 0 { None } else { rows.get(at..).and_then(band) };
        let Some((count, gutter)) = band else {
            plain.push(row.clone());
            at += 1;
            continue;
        };
        flush(&mut plain, rtl, out);
        let words = rows.iter().skip(at).take(count).flatten().cloned();
        let (left, right): (Vec<Word>, Vec<Word>) = words.partition(|word| word.right <= gutter);
        let (first, second) = if rtl { (right, left) } else { (left, right) };
        read(first, rtl, depth - 1, out);
        read(second, rtl, depth - 1, out);
        at += count;
    }
    flush(&mut plain, rtl, out);
}

fn flush(rows: &mut Vec<Row>, rtl: bool, out: &mut Vec<Line>) {
    let words = || rows.iter().flatten();
    let left = words().map(|word| word.left).fold(f64::INFINITY, f64::min);
    let right = words().map(|word| word.right).fold(f64::NEG_INFINITY, f64::max);
    out.extend(rows.iter().filter_map(|row| line(row, rtl, (left, right))));
    rows.clear();
}

fn line(row: &[Word], rtl: bool, column: (f64, f64)) -> Option<Line> {
    let (first, last) = (row.first()?, row.last()?);
    let shown = row.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
    let begins = if rtl { last } else { first };
    // The size that most of it has: raised numbers are smaller, initials larger.
    let mut sizes: Vec<f64> = row.iter().flat_map(|word| word.text.chars().map(|_| word.size)).collect();
    sizes.sort_by(f64::total_cmp);
    Some(Line {
        text: logical(&shown, rtl),
        left: first.left,
        right: row.iter().map(|word| word.right).fold(last.right, f64::max),
        y: first.y,
        size: sizes.get(sizes.len() / 2).copied()?,
        first: begins.right - begins.left,
        column,
    })
}

/// Two columns that begin with the first of these rows: how many rows they take, and where what parts them ends.
fn band(rows: &[Row]) -> Option<(usize, f64)> {
    let size = rows.first()?.first()?.size;
    let mut free = gaps(rows.first()?, size);
    let mut found: Option<(usize, f64)> = None;
    for (count, row) in rows.iter().enumerate() {
        let is_far = count > 0
            && rows
                .get(count - 1)
                .and_then(|above| Some(row.first()?.y - above.first()?.y))
                .is_some_and(|room| room > ROOM * size);
        if is_far {
            break;
        }
        free = common(&free, &gaps(row, size), size);
        let inner = free.iter().filter(|(from, to)| from.is_finite() && to.is_finite());
        let widest = inner.max_by(|a, b| (a.1 - a.0).total_cmp(&(b.1 - b.0)));
        if let Some((_, to)) = widest {
            found = Some((count + 1, *to));
        } else if free.is_empty() {
            break;
        }
    }
    let (count, gutter) = found?;
    are_columns(rows.get(..count)?, gutter).then_some((count, gutter))
}

/// The room between and beside the words of a row.
fn gaps(row: &[Word], size: f64) -> Vec<(f64, f64)> {
    let mut gaps = Vec::new();
    let mut from = f64::NEG_INFINITY;
    for word in row {
        if word.left - from >= GUTTER * size {
            gaps.push((from, word.left));
        }
        from = from.max(word.right);
    }
    gaps.push((from, f64::INFINITY));
    gaps
}

fn common(a: &[(f64, f64)], b: &[(f64, f64)], size: f64) -> Vec<(f64, f64)> {
    let both = a.iter().flat_map(|x| b.iter().map(move |y| (x.0.max(y.0), x.1.min(y.1))));
    both.filter(|(from, to)| to - from >= GUTTER * size).collect()
}

/// Whether both sides are prose: tables have short cells.
fn are_columns(rows: &[Row], gutter: f64) -> bool {
    let mut sides = [Vec::new(), Vec::new()];
    for row in rows {
        let chars = |is_left: bool| -> usize {
            let side = row.iter().filter(|word| (word.right <= gutter) == is_left);
            side.map(|word| word.text.chars().count() + 1).sum()
        };
        let [left, right] = &mut sides;
        left.extend(Some(chars(true)).filter(|count| *count > 0));
        right.extend(Some(chars(false)).filter(|count| *count > 0));
    }
    sides.iter_mut().all(|side| {
        side.sort_unstable();
        side.len() >= LINES && side.get(side.len() / 2).is_some_and(|middle| *middle >= CHARS)
    })
}
