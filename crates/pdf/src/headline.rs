//! Which paragraph of a PDF is its headline: the type tells, else the place.

use crate::paragraphs::{HEADING, Paragraph};

/// A paragraph of so many characters is prose: the headline stands before it.
const PROSE: usize = 200;
/// A headline is no longer than this, in characters.
const LONG: usize = 300;
/// More words than this do not make a likelier headline.
const WORDS: usize = 6;

/// Its place among the paragraphs. `title` is what the file calls itself, which is often a template's name.
pub(crate) fn find(all: &[Paragraph], body: f64, title: Option<&str>) -> Option<usize> {
    let is_prose =
        |paragraph: &Paragraph| paragraph.size <= HEADING * body && paragraph.text.chars().count() >= PROSE;
    let end = all.iter().position(is_prose).unwrap_or(all.len());
    let first = || {
        let before = all.iter().enumerate().take(end);
        let before = before.filter(|(_, paragraph)| paragraph.cells.is_empty());
        before.filter(|(_, paragraph)| paragraph.page == 1 && paragraph.text.chars().count() <= LONG)
    };
    let folded = |text: &str| {
        let letters = text.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect::<String>()
    };
    let title = title.map(folded).filter(|title| title.chars().count() > 8);
    if let Some((at, _)) = first().find(|(_, paragraph)| title.as_ref() == Some(&folded(&paragraph.text))) {
        return Some(at);
    }
    let words = |paragraph: &Paragraph| {
        let words = paragraph.text.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic));
        words.count().min(WORDS)
    };
    let large = first().filter(|(_, paragraph)| paragraph.size > HEADING * body && words(paragraph) > 0);
    // The name of the house is large, too, and short.
    let best = large.max_by(|(a, x), (b, y)| {
        let score = |paragraph: &Paragraph| paragraph.size * words(paragraph) as f64;
        score(x).total_cmp(&score(y)).then(b.cmp(a))
    });
    if let Some((at, _)) = best {
        return Some(at);
    }
    let is_line = |paragraph: &Paragraph| {
        let text = paragraph.text.trim_end();
        words(paragraph) >= 4 && !text.ends_with(['.', ':', ';', ',']) && text.chars().count() < PROSE
    };
    let score = |paragraph: &Paragraph| words(paragraph) + usize::from(paragraph.centered);
    let plain = first().filter(|(_, paragraph)| is_line(paragraph));
    plain.max_by(|(a, x), (b, y)| score(x).cmp(&score(y)).then(b.cmp(a))).map(|(at, _)| at)
}
