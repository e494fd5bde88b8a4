//! Where on a page the release stands.
//!
//! Every block of text has a value: its length less what stands in links, less a toll that short lines do not earn.
//! The element whose blocks are worth most holds the release; one that the page itself marks as its article or its
//! body is preferred where it is worth nearly as much.

use std::cmp::Reverse;
use std::ops::Range;

use ego_tree::NodeId;
use scraper::ElementRef;

use crate::Selectors;
use crate::blocks::{self, Block, Kind};
use crate::boilerplate::{self, Dropped, Names};
use crate::fold::{ends_sentence, squeeze};
use crate::marks::Marks;
use crate::page::{Page, attribute};

/// The blocks of the release, and where they stand.
#[derive(Debug, Default)]
pub(crate) struct Body {
    pub(crate) blocks: Vec<Block>,
    /// Those that stand before them on the page.
    pub(crate) before: Vec<Block>,
    /// The place of the first and last block in the order of the page.
    pub(crate) from: usize,
    pub(crate) to: usize,
}

impl Body {
    fn new(page: &Page, blocks: Vec<Block>) -> Self {
        let places = || blocks.iter().map(|block| page.place(block.node));
        let (from, to) = (places().min().unwrap_or(0), places().max().unwrap_or(0));
        Self { blocks, before: Vec::new(), from, to }
    }

    fn letters(&self) -> usize {
        self.blocks.iter().map(|block| block.text.len() - block.linked).sum()
    }
}

pub(crate) fn find(page: &mut Page, selectors: &Selectors) -> Body {
    if let Some(blocks) =
        selectors.text.iter().map(|css| by_selector(page, css)).find(|blocks| !blocks.is_empty())
    {
        return Body::new(page, blocks);
    }
    let body = by_value(page);
    if body.letters() >= TOO_SHORT {
        return body;
    }
    // Some pages stand as a whole in an element that is called like what is left out.
    let dropped = boilerplate::find(page, selectors, Names::Ignored);
    let believed = std::mem::replace(&mut page.dropped, dropped);
    let other = by_value(page);
    if other.letters() > 3 * body.letters() {
        return other;
    }
    page.dropped = believed;
    body
}

/// The text of a page is seldom shorter than this, in bytes.
const TOO_SHORT: usize = 160;

/// The blocks of the element that is worth most.
fn by_value(page: &Page) -> Body {
    let all = blocks::of(page.body(), &page.outline, &page.dropped);
    // The values are given back before the texts are put apart.
    let preferred = Values::of(page, &all).preferred(page);
    let root = preferred.map_or(page.body(), |place| element(page, place));
    let root_places = page.outline.range(root.id());
    let within = |block: &Block| root_places.contains(&page.place(block.node));
    let (blocks, mut before): (Vec<Block>, Vec<Block>) = all.into_iter().partition(within);
    let mut blocks = blocks::without_repeated(blocks);
    if root.ancestors().filter_map(ElementRef::wrap).any(|above| above.value().name() == "header") {
        blocks.iter_mut().for_each(|block| block.in_header = false);
    }
    if !blocks.is_empty() {
        let body = Body::new(page, blocks);
        before.retain(|block| page.place(block.node) < body.from);
        return Body { before, ..body };
    }
    // A page that consists of what is usually left out: better that than nothing.
    Body::new(page, blocks::of(page.body(), &page.outline, &Dropped::default()))
}

fn by_selector(page: &Page, css: &crate::Css) -> Vec<Block> {
    let mut taken: Vec<NodeId> = Vec::new();
    let mut out = Vec::new();
    for element in page.select(&css.selector) {
        if element.ancestors().any(|above| taken.contains(&above.id())) {
            continue;
        }
        taken.push(element.id());
        let Some(name) = &css.attribute else {
            out.extend(blocks::of(element, &page.outline, &page.dropped));
            continue;
        };
        let text = squeeze(attribute(element, name).unwrap_or_default());
        if !text.is_empty() {
            let (kind, node) = (Kind::Paragraph, element.id());
            out.push(Block { kind, text, linked: 0, link: None, node, in_header: false });
        }
    }
    out
}

fn element(page: &Page, place: usize) -> ElementRef<'_> {
    let node = page.outline.node_at(place).and_then(|id| page.html.tree.get(id));
    node.and_then(ElementRef::wrap).unwrap_or(page.body())
}

/// The paragraphs between a headline and the body that does not hold them: the lead of the release.
pub(crate) fn lead(page: &Page, body: &mut Body, headline: Option<NodeId>) {
    let Some(headline) = headline.map(|node| page.place(node)) else { return };
    let is_lead = |block: &Block| {
        let place = page.place(block.node);
        let letters = block.text.chars().count();
        let is_prose = block.linked * 10 < block.text.len() * 3
            && !matches!(block.kind, Kind::Row(_))
            && letters >= MIN_LEAD
            && (letters >= MIN_PROSE || block.text.ends_with(QUOTED) || ends_sentence(&block.text));
        place > headline && is_prose
    };
    let lead: Vec<Block> = std::mem::take(&mut body.before).into_iter().filter(is_lead).collect();
    body.blocks.splice(0..0, lead);
    body.blocks = blocks::without_repeated(std::mem::take(&mut body.blocks));
}

/// A lead has so many characters, and one of so many need not end like a sentence.
const MIN_LEAD: usize = 50;
const MIN_PROSE: usize = 100;
const QUOTED: [char; 4] = ['”', '"', '“', '»'];

/// A block worth as much is a paragraph of prose; an element is wider with so many tenths of another's prose.
const PROSE: i32 = 60;
const WIDER: i64 = 17;
/// A text worth less is short; a block worth as much is a line of one.
const SHORT: i64 = 200;
const LINE: i32 = 5;

/// What the blocks of an element are worth together. A block is worth no more than its letters, and a page has millions of
/// nodes: small numbers do.
#[derive(Clone, Copy, Default)]
struct Value {
    sum: i32,
    /// What its paragraphs are worth, whatever stands between them.
    prose: i32,
    /// The same of lines that are worth something.
    lines: i32,
}

impl Value {
    fn add(&mut self, other: Self) {
        self.sum = self.sum.saturating_add(other.sum);
        self.prose = self.prose.saturating_add(other.prose);
        self.lines = self.lines.saturating_add(other.lines);
    }
}

/// What the blocks of every element are worth together.
struct Values {
    /// The places of the body.
    places: Range<usize>,
    /// Of every node of the body, in its order.
    all: Vec<Value>,
    best: Option<usize>,
}

impl Values {
    fn of(page: &Page, blocks: &[Block]) -> Self {
        let places = page.outline.range(page.body().id());
        let mut all = vec![Value::default(); places.len()];
        for block in blocks {
            let at = page.place(block.node).wrapping_sub(places.start);
            let worth = value(block);
            if let Some(value) = all.get_mut(at) {
                let of = |least: i32| if worth >= least { worth } else { 0 };
                value.add(Value { sum: worth, prose: of(PROSE), lines: of(LINE) });
            }
        }
        // What stands in a node comes behind it.
        for (at, place) in places.clone().enumerate().skip(1).rev() {
            let own = all.get(at).copied().unwrap_or_default();
            let above = page.outline.above(place).map(|above| above.wrapping_sub(places.start));
            if let Some(above) = above.and_then(|above| all.get_mut(above)) {
                above.add(own);
            }
        }
        let mut values = Self { places: places.clone(), all, best: None };
        values.best = values.best_within(page, places).map(|best| values.widened(page, best));
        values
    }

    /// The value of the node at a place; nothing of those outside of the body.
    fn at(&self, place: usize) -> Option<Value> {
        self.all.get(place.wrapping_sub(self.places.start)).copied()
    }

    fn sum(&self, place: usize) -> i64 {
        self.at(place).map_or(i64::MIN, |value| value.sum.into())
    }

    /// The place of the element worth most; of several that of the innermost, of those the first.
    fn best_within(&self, page: &Page, places: Range<usize>) -> Option<usize> {
        let outline = &page.outline;
        let is_container = |place: &usize| {
            let marks = outline.marks_at(*place);
            marks.has(Marks::ELEMENT) && !marks.has(Marks::PART)
        };
        let worth = places.filter(is_container).map(|place| (self.sum(place), place));
        let best = worth.filter(|(sum, _)| *sum > 0);
        best.max_by_key(|(sum, place)| (*sum, Reverse(outline.end_of(*place)), *place))
            .map(|(_, place)| place)
    }

    /// The element, or the nearest one around it that holds far more paragraphs: those of a long text may stand in
    /// several elements, and what stands between them must not hide them.
    fn widened(&self, page: &Page, best: usize) -> usize {
        // The paragraphs of a short text are lines.
        let is_short = self.sum(best) < SHORT;
        let prose = |place: usize| {
            self.at(place).map_or(0, |value| i64::from(if is_short { value.lines } else { value.prose }))
        };
        let lines = |place: usize| self.at(place).map(|value| value.lines);
        let outline = &page.outline;
        // A lead is the beginning of what stands in the element around it.
        let mut widest = best;
        if outline.marks_at(best).has(Marks::LEAD)
            && let Some(above) = outline.above(best)
            && lines(above) > lines(best)
        {
            widest = above;
        }
        let around = std::iter::successors(outline.above(best), |place| outline.above(*place));
        for above in around.filter(|place| outline.marks_at(*place).has(Marks::ELEMENT)) {
            if prose(above) * 10 > prose(widest) * WIDER {
                widest = above;
            }
        }
        widest
    }

    /// The best element, unless the page marks another one that is worth nearly as much.
    fn preferred(&self, page: &Page) -> Option<usize> {
        let best = self.best?;
        let most = self.sum(best);
        let marks = [(60, Marks::ARTICLE_BODY.and(Marks::BODY)), (60, Marks::ARTICLE), (50, Marks::MAIN)];
        for (percent, marks) in marks {
            let marked = page.marked(page.body(), marks).map(|(element, _)| page.place(element.id()));
            let marked = marked.filter(|place| !page.dropped.holds(*place));
            let found = marked.map(|place| (self.sum(place), place));
            let found = found.reduce(|a, b| if b.0 > a.0 { b } else { a });
            if let Some((sum, place)) = found
                && sum > 0
                && sum * 100 >= most * percent
            {
                return self.best_within(page, place..page.outline.end_of(place)).or(Some(place));
            }
        }
        Some(best)
    }
}

/// Characters of a text; one that stands for a word or half a word counts as the letters of such a word.
pub(crate) fn letters(text: &str) -> usize {
    let of = |c: char| match c {
        '\u{3040}'..='\u{30FF}'
        | '\u{3400}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7AF}'
        | '\u{F900}'..='\u{FAFF}' => 3,
        _ => 1,
    };
    // The characters that count for more begin with a byte of these; letters with accents and quotation marks do not.
    if text.bytes().fold(false, |any, byte| any | matches!(byte, 0xE3..=0xEF)) {
        text.chars().map(of).sum()
    } else {
        text.chars().count()
    }
}

/// No more letters of a block count, and of its links no more than their share of these.
const COUNTED: usize = 2000;

fn value(block: &Block) -> i32 {
    let bytes = block.text.len().max(1);
    let letters = letters(&block.text).min(COUNTED);
    let linked = letters * block.linked.min(bytes) / bytes;
    let toll = match block.kind {
        Kind::Row(_) => 0,
        Kind::Heading => 10,
        Kind::Item(_) | Kind::Paragraph => 30,
    };
    let worth = i64::try_from(letters).unwrap_or(0) - 2 * i64::try_from(linked).unwrap_or(0) - toll;
    i32::try_from(worth.max(-60)).unwrap_or(i32::MAX)
}
