//! Rows of words to lines in reading order: one column after the other.

use crate::direction::logical;
use crate::rows::{Row, Word, rows};
use crate::tables::{self, gaps, shared};

/// What parts two columns is at least this wide, in parts of the type's size.
const GUTTER: f64 = 0.8;
/// A column has at least so many lines, and this many characters in the middle one: less is a table.
const LINES: usize = 3;
const CHARS: usize = 14;
/// Columns end where so much room follows a row, in parts of the type's size.
const ROOM: f64 = 4.0;
/// Two columns and a table are looked for in so many rows: a page has far fewer.
pub(crate) const LOOK: usize = 250;
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
    /// Its cells, where it is a row of a table.
    pub(crate) cells: Vec<String>,
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
        let rest = rows.get(at..).unwrap_or_default();
        let columns = if depth == 0 { None } else { band(rest, rtl) };
        if columns.is_none()
            && let Some(table) = tables::at_first(rest, rtl)
        {
            flush(&mut plain, rtl, out);
            table_lines(table.rows, rtl, out);
            at += table.count;
            continue;
        }
        let Some((count, gutter)) = columns else {
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
    let column = edges(rows.iter().flatten());
    out.extend(rows.iter().filter_map(|row| line(row, rtl, column)));
    rows.clear();
}

/// Where words begin and end.
fn edges<'a>(words: impl Iterator<Item = &'a Word>) -> (f64, f64) {
    let none = (f64::INFINITY, f64::NEG_INFINITY);
    words.fold(none, |(left, right), word| (left.min(word.left), right.max(word.right)))
}

fn table_lines(rows: Vec<(Row, Vec<String>)>, rtl: bool, out: &mut Vec<Line>) {
    let column = edges(rows.iter().flat_map(|(row, _)| row));
    for (row, cells) in rows {
        let text = cells.iter().filter(|cell| !cell.is_empty()).cloned().collect::<Vec<_>>().join(" ");
        out.extend(line(&row, rtl, column).map(|line| Line { text, cells, ..line }));
    }
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
        cells: Vec::new(),
    })
}

/// Two columns that begin with the first of these rows: how many rows they take, and where what parts them ends.
fn band(rows: &[Row], rtl: bool) -> Option<(usize, f64)> {
    let size = rows.first()?.first()?.size;
    let mut free = gaps(rows.first()?, GUTTER * size);
    let mut found: Option<(usize, f64)> = None;
    for (count, row) in rows.iter().take(LOOK).enumerate() {
        let is_far = count > 0
            && rows
                .get(count - 1)
                .and_then(|above| Some(row.first()?.y - above.first()?.y))
                .is_some_and(|room| room > ROOM * size);
        if is_far {
            break;
        }
        free = shared(&free, &gaps(row, GUTTER * size), GUTTER * size);
        let inner = free.iter().filter(|(from, to)| from.is_finite() && to.is_finite());
        let widest = inner.max_by(|a, b| (a.1 - a.0).total_cmp(&(b.1 - b.0)));
        if let Some((_, to)) = widest {
            found = Some((count + 1, *to));
        } else if found.is_some() {
            // A line across what parted them ends the columns.
            break;
        }
    }
    let (count, gutter) = found?;
    let rows = rows.get(..count)?;
    (are_columns(rows, gutter) && !tables::has_long_cells(rows, gutter, rtl)).then_some((count, gutter))
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
