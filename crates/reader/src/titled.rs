//! A headline that no heading shows and the page's title does not say: the line before the text that looks like one.

use scraper::ElementRef;

use crate::Lexicon;
use crate::blocks::Block;
use crate::fold::{ends_sentence, fold};
use crate::headline::{Headline, Said};
use crate::issuer;
use crate::main_text::{Body, letters};
use crate::marks::Marks;
use crate::page::{Page, text_of};

/// A headline has so many characters.
const CHARS: std::ops::RangeInclusive<usize> = 8..=250;
/// A block with so many characters is prose: the headline stands before it.
const PROSE: usize = 120;
/// Headlines stand within so many lines before the first prose.
const NEAR: usize = 6;

/// The line, where there is one.
pub(crate) fn find(page: &Page, body: &Body, said: &Said, lexicon: &Lexicon) -> Option<Headline> {
    let lines: Vec<&Block> = body.before.iter().chain(&body.blocks).collect();
    let first = lines.iter().position(|block| is_prose(block)).unwrap_or(lines.len());
    let end = lines.get(first).map_or(usize::MAX, |block| page.place(block.node));
    let from = lines.get(first.saturating_sub(NEAR)).map_or(0, |block| page.place(block.node));
    let is_free = |text: &str| {
        let folded = fold(text);
        CHARS.contains(&letters(text))
            && !said.is_site(&folded)
            && !lexicon.lines.drop.are(&folded)
            && !lexicon.lines.end.are(&folded)
            && !issuer::is_name(&folded, lexicon)
    };
    let marks = Marks::HEADING.and(Marks::HEADLINE).and(Marks::TITLED);
    let marked = page.marked(page.body(), marks).filter_map(|(element, _)| {
        let place = page.place(element.id());
        let text = text_of(element);
        let is_here = place < end && place >= from && !page.in_dropped(*element) && is_free(&text);
        is_here.then_some(Headline { text: Some(text), node: Some(element.id()) })
    });
    let bold = || {
        let near = lines.get(first.saturating_sub(NEAR)..first).unwrap_or_default();
        let line = near.iter().rev().find(|block| is_free(&block.text) && is_bold(page, block))?;
        Some(Headline { text: Some(line.text.clone()), node: Some(line.node) })
    };
    marked.last().or_else(bold)
}

fn is_prose(block: &Block) -> bool {
    block.linked * 2 < block.text.len()
        && (letters(&block.text) >= PROSE
            || (letters(&block.text) >= PROSE / 2
                && (block.text.ends_with(['”', '"']) || ends_sentence(&block.text))))
}

/// Whether all of a block is set in bold letters.
fn is_bold(page: &Page, block: &Block) -> bool {
    let Some(element) = page.html.tree.get(block.node).and_then(ElementRef::wrap) else { return false };
    let bold =
        element.descendent_elements().find(|inner| matches!(inner.value().name(), "b" | "strong" | "big"));
    bold.is_some_and(|bold| text_of(bold) == block.text)
}
