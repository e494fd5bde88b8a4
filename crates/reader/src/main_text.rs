//! Where on a page the release stands.
//!
//! Every block of text has a value: its length less what stands in links, less a toll that short lines do not earn.
//! The element whose blocks are worth most holds the release; one that the page itself marks as its article or its
//! body is preferred where it is worth nearly as much.

use ego_tree::iter::Edge;
use ego_tree::{NodeId, NodeRef};
use rustc_hash::{FxHashMap, FxHashSet};
use scraper::{ElementRef, Node};

use crate::Selectors;
use crate::blocks::{self, Block, Kind};
use crate::boilerplate::{self, Names};
use crate::fold::squeeze;
use crate::outline::Marks;
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
    let all = blocks::of(page.body(), &page.dropped);
    let values = Values::of(page, &all);
    let root = values.preferred(page).map_or(page.body(), |id| element(page, id));
    let within = |block: &Block| page.outline.is_within(block.node, root.id());
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
    Body::new(page, blocks::of(page.body(), &FxHashSet::default()))
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
            out.extend(blocks::of(element, &page.dropped));
            continue;
        };
        let text = squeeze(attribute(element, name).unwrap_or_default());
        if !text.is_empty() {
            let (kind, node) = (Kind::Paragraph, element.id());
            out.push(Block { kind, text, linked: 0, node, in_header: false });
        }
    }
    out
}

fn element(page: &Page, id: NodeId) -> ElementRef<'_> {
    page.html.tree.get(id).and_then(ElementRef::wrap).unwrap_or(page.body())
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
            && (letters >= MIN_PROSE || block.text.ends_with(SENTENCE_ENDS));
        place > headline && is_prose
    };
    let lead: Vec<Block> = std::mem::take(&mut body.before).into_iter().filter(is_lead).collect();
    body.blocks.splice(0..0, lead);
    body.blocks = blocks::without_repeated(std::mem::take(&mut body.blocks));
}

/// A lead has so many characters, and one of so many need not end like a sentence.
const MIN_LEAD: usize = 50;
const MIN_PROSE: usize = 100;
const SENTENCE_ENDS: [char; 9] = ['.', '!', '?', '…', '”', '"', '“', '»', '。'];

/// A block worth as much is a paragraph of prose; an element is wider with so many tenths of another's prose.
const PROSE: i64 = 60;
const WIDER: i64 = 17;
/// A text worth less is short; a block worth as much is a line of one.
const SHORT: i64 = 200;
const LINE: i64 = 5;

/// What the blocks of every element are worth together.
struct Values {
    sums: FxHashMap<NodeId, i64>,
    /// What the paragraphs of every element are worth, whatever stands between them.
    prose: FxHashMap<NodeId, i64>,
    /// The same of lines that are worth something.
    lines: FxHashMap<NodeId, i64>,
    best: Option<NodeId>,
}

impl Values {
    fn of(page: &Page, all: &[Block]) -> Self {
        let mut own: FxHashMap<NodeId, [i64; 3]> = FxHashMap::default();
        for block in all {
            let [sum, prose, lines] = own.entry(block.node).or_default();
            let value = value(block);
            *sum += value;
            *prose += if value >= PROSE { value } else { 0 };
            *lines += if value >= LINE { value } else { 0 };
        }
        let none = FxHashMap::default;
        let mut values = Self { sums: none(), prose: none(), lines: none(), best: None };
        let mut open: Vec<[i64; 3]> = vec![[0; 3]];
        for edge in page.body().traverse() {
            match edge {
                Edge::Open(node) if node.value().is_element() => {
                    open.push(own.get(&node.id()).copied().unwrap_or_default());
                }
                Edge::Close(node) if node.value().is_element() => {
                    let own @ [sum, prose, lines] = open.pop().unwrap_or_default();
                    if let Some(above) = open.last_mut() {
                        above.iter_mut().zip(own).for_each(|(above, own)| *above += own);
                    }
                    values.sums.insert(node.id(), sum);
                    values.prose.insert(node.id(), prose);
                    values.lines.insert(node.id(), lines);
                }
                _ => {}
            }
        }
        values.best = values.best_within(*page.body()).map(|best| values.widened(page, best));
        values
    }

    fn sum(&self, node: NodeId) -> i64 {
        self.sums.get(&node).copied().unwrap_or(i64::MIN)
    }

    /// The element worth most; of several the innermost.
    fn best_within(&self, root: NodeRef<'_, Node>) -> Option<NodeId> {
        let mut best: Option<(i64, NodeId)> = None;
        for edge in root.traverse() {
            if let Edge::Close(node) = edge
                && is_container(node)
            {
                let sum = self.sum(node.id());
                if sum > 0 && best.is_none_or(|(most, _)| sum > most) {
                    best = Some((sum, node.id()));
                }
            }
        }
        best.map(|(_, id)| id)
    }

    /// The element, or the nearest one around it that holds far more paragraphs: those of a long text may stand in
    /// several elements, and what stands between them must not hide them.
    fn widened(&self, page: &Page, best: NodeId) -> NodeId {
        // The paragraphs of a short text are lines.
        let counted = if self.sum(best) < SHORT { &self.lines } else { &self.prose };
        let prose = |id: NodeId| counted.get(&id).copied().unwrap_or(0);
        // A lead is the beginning of what stands in the element around it.
        let mut widest = best;
        if page.outline.marks(element(page, best)).has(Marks::LEAD)
            && let Some(above) = element(page, best).parent()
            && self.lines.get(&above.id()) > self.lines.get(&best)
        {
            widest = above.id();
        }
        for above in element(page, best).ancestors().filter(|node| node.value().is_element()) {
            if prose(above.id()) * 10 > prose(widest) * WIDER {
                widest = above.id();
            }
        }
        widest
    }

    /// The best element, unless the page marks another one that is worth nearly as much.
    fn preferred(&self, page: &Page) -> Option<NodeId> {
        let best = self.best?;
        let most = self.sum(best);
        let marks = [(60, Marks::ARTICLE_BODY.and(Marks::BODY)), (60, Marks::ARTICLE), (50, Marks::MAIN)];
        for (percent, marks) in marks {
            let marked = page.marked(page.body(), marks).map(|(element, _)| element);
            let marked = marked.filter(|element| !page.in_dropped(**element));
            let found = marked.map(|e| (self.sum(e.id()), e)).reduce(|a, b| if b.0 > a.0 { b } else { a });
            if let Some((sum, element)) = found
                && sum > 0
                && sum * 100 >= most * percent
            {
                return self.best_within(*element).or(Some(element.id()));
            }
        }
        Some(best)
    }
}

/// Elements that a release may stand in: not a single paragraph or item of it.
fn is_container(node: NodeRef<'_, Node>) -> bool {
    let name = node.value().as_element().map_or("", |element| element.name());
    !matches!(
        name,
        "" | "p"
            | "li"
            | "ul"
            | "ol"
            | "dl"
            | "dd"
            | "dt"
            | "tr"
            | "tbody"
            | "table"
            | "blockquote"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "a"
            | "span"
            | "b"
            | "strong"
            | "em"
            | "i"
            | "font"
            | "pre"
    )
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
    if text.is_ascii() { text.len() } else { text.chars().map(of).sum() }
}

fn value(block: &Block) -> i64 {
    let bytes = block.text.len().max(1);
    let letters = letters(&block.text);
    let linked = letters * block.linked / bytes;
    let toll = match block.kind {
        Kind::Row(_) => 0,
        Kind::Heading => 10,
        Kind::Item(_) | Kind::Paragraph => 30,
    };
    let worth = i64::try_from(letters.min(2000)).unwrap_or(0) - 2 * i64::try_from(linked).unwrap_or(0) - toll;
    worth.max(-60)
}
