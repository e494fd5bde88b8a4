//! Rows whose words stand below one another, with the same room between: tables.

use crate::columns::LOOK;
use crate::direction::logical;
use crate::rows::{Row, Word};

/// What parts two cells is at least this wide, in parts of the type's size.
const GAP: f64 = 1.0;
/// A table has at least so many rows of two cells or more.
const ROWS: usize = 3;
/// A table ends where so much room follows a row, in parts of the type's size.
const ROOM: f64 = 4.0;
/// Marks and numbers before the items of a list are no longer than this, in characters.
const MARK: usize = 3;
/// Lines of prose end this near to the edge of their column, most of them, in parts of its width.
const RAGGED: f64 = 0.2;

/// What sentences end with in scripts without capitals.
const STOPS: [char; 12] = ['.', '!', '?', '…', '。', '！', '？', '।', '॥', '؟', '۔', '።'];

/// A stretch without words, from left to right.
type Gap = (f64, f64);

/// A table at the beginning of some rows.
pub(crate) struct Table {
    /// How many of the rows are the table's.
    pub(crate) count: usize,
    /// Its rows: the words of each, and its cells in the order of reading.
    pub(crate) rows: Vec<(Row, Vec<String>)>,
}

/// The table that begins with the first of these rows.
pub(crate) fn at_first(rows: &[Row], rtl: bool) -> Option<Table> {
    let size = rows.first()?.first()?.size;
    let rows = rows.get(..LOOK.min(rows.len()))?;
    let mut free = inner(&gaps(rows.first()?, GAP * size));
    if free.is_empty() {
        return None;
    }
    let mut count = 1;
    for (above, row) in rows.iter().zip(rows.iter().skip(1)) {
        let both = shared(&free, &gaps(row, GAP * size), GAP * size);
        // A line across what parts the columns is none of the table's, unless it has cells itself.
        let is_across = both.len() < free.len() && inner(&gaps(row, GAP * size)).is_empty();
        if both.is_empty() || is_across || distance(above, row) > ROOM * size {
            break;
        }
        (free, count) = (both, count + 1);
    }
    let cells: Vec<Vec<Vec<&Word>>> = rows.iter().take(count).map(|row| parted(row, &free, rtl)).collect();
    let is_wide = |cells: &Vec<Vec<&Word>>| cells.iter().filter(|cell| !cell.is_empty()).count() > 1;
    let last = cells.iter().rposition(is_wide)?;
    // What is alone in its row below the last one is the end of a cell, or the text that follows.
    let goes_on = |at: &usize| {
        let alone = cells.get(*at).and_then(|cells| cells.first()).is_some_and(Vec::is_empty);
        alone && is_near(rows, *at, &cells)
    };
    let count = last + 1 + (last + 1..count).take_while(goes_on).count();
    let cells = cells.get(..count)?;
    if cells.iter().filter(|cells| is_wide(cells)).count() < ROWS || is_list(cells) {
        return None;
    }
    Some(Table { count, rows: joined(rows, cells, rtl) })
}

/// Whether what stands left and right of `gutter` are cells of a table though they are long: those of the first column end
/// anywhere, and none goes on in the next line: with a small letter, or in a script without capitals up to a stop.
pub(crate) fn has_long_cells(rows: &[Row], gutter: f64, rtl: bool) -> bool {
    let first = |row: &Row| {
        let side: Vec<Word> = row.iter().filter(|word| (word.right <= gutter) != rtl).cloned().collect();
        Some(side).filter(|side| !side.is_empty())
    };
    let lines: Vec<Row> = rows.iter().filter_map(first).collect();
    let length = |row: &Row| Some(row.last()?.right - row.first()?.left);
    let mut lengths: Vec<f64> = lines.iter().filter_map(length).collect();
    lengths.sort_by(f64::total_cmp);
    let (Some(middle), Some(most)) = (lengths.get(lengths.len() / 2), lengths.last()) else { return false };
    let begins_small = |row: &Row| {
        let word = if rtl { row.last() } else { row.first() };
        word.and_then(|word| word.text.chars().next()).is_some_and(char::is_lowercase)
    };
    let has_both = |row: &&Row| first(row).is_some_and(|side| side.len() < row.len());
    let both = rows.iter().filter(has_both).count();
    let goes_on = if has_capitals(rows) {
        lines.iter().any(begins_small)
    } else {
        both < rows.len() || rows.iter().any(|row| ends_sentence(row, gutter))
    };
    *middle < (1.0 - RAGGED) * most && both >= ROWS && !goes_on
}

/// Whether most letters are those of a script that has capitals.
fn has_capitals(rows: &[Row]) -> bool {
    let letters = || rows.iter().flatten().flat_map(|word| word.text.chars()).filter(|c| c.is_alphabetic());
    letters().filter(|c| c.is_lowercase() || c.is_uppercase()).count() * 2 > letters().count()
}

/// Whether what stands left or right of `gutter` in a row ends like a sentence, in whichever direction it runs.
fn ends_sentence(row: &Row, gutter: f64) -> bool {
    let (left, right): (Vec<&Word>, Vec<&Word>) = row.iter().partition(|word| word.right <= gutter);
    [left, right].iter().any(|side| {
        let ends = side.first().into_iter().chain(side.last());
        ends.into_iter().any(|word| word.text.starts_with(STOPS) || word.text.ends_with(STOPS))
    })
}

/// The stretches between, before and behind the words of a row that are at least so wide.
pub(crate) fn gaps(row: &[Word], least: f64) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let mut from = f64::NEG_INFINITY;
    for word in row {
        if word.left - from >= least {
            gaps.push((from, word.left));
        }
        from = from.max(word.right);
    }
    gaps.push((from, f64::INFINITY));
    gaps
}

/// What is free in both, where it is at least so wide.
pub(crate) fn shared(a: &[Gap], b: &[Gap], least: f64) -> Vec<Gap> {
    let both = a.iter().flat_map(|x| b.iter().map(move |y| (x.0.max(y.0), x.1.min(y.1))));
    both.filter(|(from, to)| to - from >= least).collect()
}

fn inner(gaps: &[Gap]) -> Vec<Gap> {
    gaps.iter().filter(|(from, to)| from.is_finite() && to.is_finite()).copied().collect()
}

fn distance(above: &[Word], row: &[Word]) -> f64 {
    let y = |row: &[Word]| row.first().map_or(0.0, |word| word.y);
    y(row) - y(above)
}

/// The words of a row by column, in the order of reading.
fn parted<'a>(row: &'a [Word], free: &[Gap], rtl: bool) -> Vec<Vec<&'a Word>> {
    let mut cells: Vec<Vec<&Word>> = vec![Vec::new(); free.len() + 1];
    for word in row {
        let column = free.iter().filter(|(_, to)| *to <= word.left + 0.01).count();
        if let Some(cell) = cells.get_mut(column) {
            cell.push(word);
        }
    }
    if rtl {
        cells.reverse();
    }
    cells
}

/// Whether a row is no further from the one above than most rows of cells are from theirs.
fn is_near(rows: &[Row], at: usize, cells: &[Vec<Vec<&Word>>]) -> bool {
    let room = |at: usize| Some(distance(rows.get(at.checked_sub(1)?)?, rows.get(at)?));
    let begins =
        |at: &usize| cells.get(*at).and_then(|cells| cells.first()).is_some_and(|first| !first.is_empty());
    let mut all: Vec<f64> = (1..cells.len()).filter(begins).filter_map(room).collect();
    all.sort_by(f64::total_cmp);
    let usual = all.get(all.len() / 2).copied().unwrap_or(f64::INFINITY);
    room(at).is_some_and(|room| room <= 1.05 * usual)
}

/// A list: marks or numbers, and beside them the items.
fn is_list(cells: &[Vec<Vec<&Word>>]) -> bool {
    let chars = |cell: &Vec<&Word>| cell.iter().map(|word| word.text.chars().count()).sum::<usize>();
    let is_item = |cells: &Vec<Vec<&Word>>| cells.first().is_none_or(|first| chars(first) <= MARK);
    cells.iter().all(|cells| cells.len() == 2 && is_item(cells))
}

/// Whether a figure stands below another: no figure goes on in the next line.
fn has_figures(above: &[String], cells: &[String]) -> bool {
    let is_figure = |cell: &str| cell.contains(char::is_numeric) && !cell.contains(char::is_alphabetic);
    above.iter().zip(cells).any(|(above, cell)| is_figure(above) && is_figure(cell))
}

/// Rows of cells; a line without a first cell goes on with the row above, but for figures.
fn joined(rows: &[Row], cells: &[Vec<Vec<&Word>>], rtl: bool) -> Vec<(Row, Vec<String>)> {
    let mut out: Vec<(Row, Vec<String>)> = Vec::new();
    for (at, (row, cells_here)) in rows.iter().zip(cells).enumerate() {
        let words = |cell: &Vec<&Word>| {
            let shown: Vec<&str> = cell.iter().map(|word| word.text.as_str()).collect();
            logical(&shown.join(" "), rtl)
        };
        let texts: Vec<String> = cells_here.iter().map(words).collect();
        let is_rest = texts.first().is_some_and(String::is_empty)
            && is_near(rows, at, cells)
            && !out.last().is_some_and(|(_, above)| has_figures(above, &texts));
        match out.last_mut().filter(|_| is_rest) {
            Some((all, open)) => {
                all.extend(row.iter().cloned());
                for (cell, more) in open.iter_mut().zip(texts).filter(|(_, more)| !more.is_empty()) {
                    if !cell.is_empty() {
                        cell.push(' ');
                    }
                    cell.push_str(&more);
                }
            }
            None => out.push((row.clone(), texts)),
        }
    }
    out
}
