//! Running heads, running feet and page numbers, which stand on page after page and belong to none.

use std::collections::BTreeMap;

use crate::rows::{Row, Word, rows};

/// So many rows at the top and at the bottom of a page may be running ones.
const ROWS: usize = 3;
/// A page number stands further from the text than its lines are from each other, in parts of their distance.
const APART: f64 = 1.5;
/// How far lines are apart on a page that has next to none, in parts of the type's size.
const SPACING: f64 = 1.5;
/// What may stand beside a page number, and between it and how many there are.
const BESIDE: &str = "-–—[](){}|·•~. \u{a0}";
const BETWEEN: &str = "/|-–—";
/// The zeros of the scripts in which pages are counted.
const ZEROS: [char; 17] = [
    '0', '\u{660}', '\u{6F0}', '\u{966}', '\u{9E6}', '\u{A66}', '\u{AE6}', '\u{B66}', '\u{BE6}', '\u{C66}',
    '\u{CE6}', '\u{D66}', '\u{E50}', '\u{ED0}', '\u{1040}', '\u{17E0}', '\u{FF10}',
];

/// Where rows alike stand: the number of a page, and the numbers that the row has there.
type On = Vec<(usize, Vec<u64>)>;

/// The pages without them.
pub(crate) fn without(pages: Vec<Vec<Word>>) -> Vec<Vec<Word>> {
    let pages: Vec<Vec<Row>> = pages.into_iter().map(rows).collect();
    let mut seen: BTreeMap<(bool, String), On> = BTreeMap::new();
    for (number, page) in pages.iter().enumerate() {
        for (at, row) in page.iter().enumerate() {
            for is_top in edges(at, page.len()) {
                seen.entry((is_top, key(row))).or_default().push((number, numbers(&text(row))));
            }
        }
    }
    let is_running = |number: usize, is_top: bool, row: &Row| {
        let own = numbers(&text(row));
        let on = seen.get(&(is_top, key(row)));
        on.is_some_and(|on| on.iter().any(|(other, their)| is_same((number, &own), (*other, their))))
    };
    let left = pages.iter().enumerate().map(|(number, page)| {
        let rows = page.iter().enumerate();
        let mut running: Vec<bool> = rows
            .map(|(at, row)| edges(at, page.len()).into_iter().any(|is_top| is_running(number, is_top, row)))
            .collect();
        for is_top in [true, false] {
            let at = outermost(&running, is_top).filter(|at| is_number(page, *at, is_top));
            at.and_then(|at| running.get_mut(at)).into_iter().for_each(|mark| *mark = true);
        }
        let rows = page.iter().zip(running).filter(|(_, is_running)| !is_running);
        rows.flat_map(|(row, _)| row.clone()).collect()
    });
    left.collect()
}

/// Whether a row that is like one of a page near by runs on: its numbers are the same there, or count pages. Figures of a
/// table do neither.
fn is_same((page, own): (usize, &[u64]), (other, their): (usize, &[u64])) -> bool {
    let apart = page.abs_diff(other);
    let step = u64::try_from(apart).unwrap_or(u64::MAX);
    let counts = |(own, their): (&u64, &u64)| {
        let on = if other > page { their.checked_sub(*own) } else { own.checked_sub(*their) };
        // A sheet may hold two pages.
        own == their || on.is_some_and(|on| on == step || on == 2 * step)
    };
    // Heads of left and of right pages differ.
    (1..=2).contains(&apart) && own.len() == their.len() && own.iter().zip(their).all(counts)
}

/// The first row from the top, or from the bottom, that does not run.
fn outermost(running: &[bool], is_top: bool) -> Option<usize> {
    let is_own = |is_running: &bool| !is_running;
    let at = if is_top { running.iter().position(is_own) } else { running.iter().rposition(is_own) };
    at.filter(|at| edges(*at, running.len()).contains(&is_top))
}

/// Whether a row is among the topmost (`true`) and the lowest (`false`).
fn edges(at: usize, of: usize) -> Vec<bool> {
    let top = (at < ROWS).then_some(true);
    let bottom = (at + ROWS >= of).then_some(false);
    top.into_iter().chain(bottom).collect()
}

fn text(row: &Row) -> String {
    row.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// What is the same on all pages: the words with their numbers made one, and the size of the type.
fn key(row: &Row) -> String {
    let size = row.first().map_or(0.0, |word| word.size);
    let mut out = format!("{:.0} ", size * 2.0);
    let mut in_number = false;
    for c in text(row).chars() {
        if !c.is_numeric() {
            out.push(c);
        } else if !in_number {
            out.push('#');
        }
        in_number = c.is_numeric();
    }
    out
}

/// The numbers in a text.
fn numbers(text: &str) -> Vec<u64> {
    let all = text.split(|c: char| !c.is_numeric()).filter(|number| !number.is_empty());
    let value =
        |number: &str| number.chars().fold(0_u64, |sum, c| sum.saturating_mul(10).saturating_add(digit(c)));
    all.map(value).collect()
}

fn digit(c: char) -> u64 {
    let of = |zero: char| u32::from(c).checked_sub(u32::from(zero)).filter(|digit| *digit < 10);
    ZEROS.into_iter().find_map(of).unwrap_or_default().into()
}

/// Whether the outermost row of a page is a page number, which stands apart: the last word of a text may be a number, and the last
/// row of a table may hold some.
fn is_number(page: &[Row], at: usize, is_top: bool) -> bool {
    let y = |at: usize| page.get(at).and_then(|row| row.first()).map(|word| word.y);
    let room = |at: usize| Some((y(at + 1)? - y(at)?).abs());
    let Some(row) = page.get(at).filter(|row| is_counted(&text(row))) else { return false };
    let size = row.first().map_or(0.0, |word| word.size);
    let beside = |other: usize| other == at || other + 1 == at;
    let mut usual: Vec<f64> = (0..page.len()).filter(|other| !beside(*other)).filter_map(room).collect();
    usual.sort_by(f64::total_cmp);
    let usual = usual.get(usual.len() / 2).copied().unwrap_or(SPACING * size);
    let inner = if is_top { room(at) } else { at.checked_sub(1).and_then(room) };
    inner.is_none_or(|inner| inner > APART * usual)
}

/// `3`, `- 3 -`, `3 / 7`.
fn is_counted(text: &str) -> bool {
    let is_beside = |c: char| BESIDE.contains(c);
    let bare = text.trim_matches(is_beside);
    let is_one =
        |number: &str| (1..=4).contains(&number.chars().count()) && number.chars().all(char::is_numeric);
    let of = bare.split_once(|c: char| BETWEEN.contains(c));
    is_one(bare) || of.is_some_and(|(own, all)| is_one(own.trim()) && is_one(all.trim()))
}
