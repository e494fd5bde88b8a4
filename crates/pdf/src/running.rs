//! Running heads, running feet and page numbers, which stand on page after page and belong to none.

use std::collections::BTreeMap;

use crate::rows::{Row, Word, rows};

/// So many rows at the top and at the bottom of a page may be running ones.
const ROWS: usize = 3;

/// The pages without them.
pub(crate) fn without(pages: Vec<Vec<Word>>) -> Vec<Vec<Word>> {
    let pages: Vec<Vec<Row>> = pages.into_iter().map(rows).collect();
    let mut seen: BTreeMap<(bool, String), Vec<usize>> = BTreeMap::new();
    for (number, page) in pages.iter().enumerate() {
        for (at, row) in page.iter().enumerate() {
            for is_top in edges(at, page.len()) {
                let on = seen.entry((is_top, key(row))).or_default();
                if on.last() != Some(&number) {
                    on.push(number);
                }
            }
        }
    }
    let is_running = |number: usize, is_top: bool, row: &Row| {
        // Heads of left and of right pages differ.
        let on = seen.get(&(is_top, key(row)));
        on.is_some_and(|on| on.iter().any(|other| (1..=2).contains(&number.abs_diff(*other))))
            || is_number(row)
    };
    let left = pages.iter().enumerate().map(|(number, page)| {
        let rows = page.iter().enumerate().filter(|(at, row)| {
            !edges(*at, page.len()).into_iter().any(|is_top| is_running(number, is_top, row))
        });
        rows.flat_map(|(_, row)| row.clone()).collect()
    });
    left.collect()
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

/// `3`, `- 3 -`, `3 / 7`; a date has more numbers.
fn is_number(row: &Row) -> bool {
    let text = text(row);
    let numbers = text.split(|c: char| !c.is_numeric()).filter(|number| !number.is_empty()).count();
    (1..=2).contains(&numbers) && !text.chars().any(char::is_alphabetic) && text.chars().count() <= 11
}
