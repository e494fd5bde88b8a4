//! An element as the blocks of text that a reader sees: paragraphs, headings, list items, quotations, table rows.

use std::collections::hash_map::Entry;

use ego_tree::{NodeId, NodeRef};
use rustc_hash::FxHashMap;
use scraper::{ElementRef, Node};

use crate::boilerplate::Dropped;
use crate::fold::{is_invisible, plain};
use crate::marks::Marks;
use crate::outline::Outline;
use crate::page::attribute;

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Paragraph,
    Heading,
    /// An item of the list with this node.
    Item(NodeId),
    /// A row of the table with this node.
    Row(NodeId),
}

/// One block of text.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) kind: Kind,
    pub(crate) text: String,
    /// Bytes of the text that stand in links.
    pub(crate) linked: usize,
    /// The first link in which some of the text stands.
    pub(crate) link: Option<NodeId>,
    /// The element that holds it.
    pub(crate) node: NodeId,
    /// Whether it stands in a `header`.
    pub(crate) in_header: bool,
}

/// A shorter run of blocks, in bytes, may be said again.
const MIN_RUN: usize = 400;

/// A line break that wrapped text only has for its width (in `pre`), while the text is put together.
const SOFT: char = '\r';

/// Which blocks have their text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Texts {
    All,
    /// Those alone in which a number stands.
    Numbered,
}

/// The blocks of an element in the order of the page, without those in `dropped` elements.
pub(crate) fn of(root: ElementRef<'_>, outline: &Outline, dropped: &Dropped) -> Vec<Block> {
    some(root, outline, dropped, Texts::All)
}

/// All blocks of an element; those without a number have no text.
pub(crate) fn numbered(root: ElementRef<'_>, outline: &Outline) -> Vec<Block> {
    some(root, outline, &Dropped::default(), Texts::Numbered)
}

fn some<'d>(root: ElementRef<'d>, outline: &'d Outline, dropped: &'d Dropped, texts: Texts) -> Vec<Block> {
    let mut walk = Walk {
        outline,
        dropped,
        texts,
        out: Vec::new(),
        text: String::new(),
        later: Vec::new(),
        linked: 0,
        link: None,
        open: None,
        links: 0,
        pre: 0,
        headers: 0,
        kind: Kind::Paragraph,
        node: root.id(),
    };
    walk.children(*root);
    walk.flush();
    walk.out
}

/// Blocks as one text: a blank line between them, a line break between the rows of a table and the items of a list.
pub(crate) fn join(blocks: &[Block]) -> String {
    let mut out = String::new();
    let mut last: Option<Kind> = None;
    for block in blocks {
        match (last, block.kind) {
            (None, _) => {}
            (Some(Kind::Row(a)), Kind::Row(b)) if a == b => out.push('\n'),
            _ => out.push_str("\n\n"),
        }
        out.push_str(&block.text);
        last = Some(block.kind);
    }
    out
}

/// A cell of a table, as a block has it.
struct Cell {
    text: String,
    linked: usize,
    link: Option<NodeId>,
}

struct Walk<'d> {
    outline: &'d Outline,
    dropped: &'d Dropped,
    texts: Texts,
    out: Vec<Block>,
    text: String,
    /// Where texts without a number are not needed: stretches of the open block that are not in its text yet, each with its
    /// innermost link, if it stands in any.
    later: Vec<(&'d str, Option<Option<NodeId>>)>,
    linked: usize,
    /// The first link of the open block, and the innermost one that is open and leads somewhere.
    link: Option<NodeId>,
    open: Option<NodeId>,
    links: usize,
    pre: usize,
    headers: usize,
    kind: Kind,
    node: NodeId,
}

impl<'d> Walk<'d> {
    fn children(&mut self, node: NodeRef<'d, Node>) {
        for child in node.children() {
            match child.value() {
                Node::Text(text) if self.texts == Texts::Numbered && self.pre == 0 => {
                    self.later.push((text, (self.links > 0).then_some(self.open)));
                }
                Node::Text(text) => self.push(text),
                Node::Element(_) => self.element(child),
                _ => {}
            }
        }
    }

    fn element(&mut self, node: NodeRef<'d, Node>) {
        let place = self.outline.place(node.id());
        let marks = self.outline.marks_at(place);
        if marks.has(Marks::CODE) || self.dropped.has(place) {
            return;
        }
        if marks.has(Marks::SHOWN) {
            self.shown(node);
        } else if marks.has(Marks::BLOCK) {
            self.block(node, self.kind, |walk| walk.children(node));
        } else {
            self.children(node);
        }
    }

    /// An element that a text shows in a way of its own.
    fn shown(&mut self, node: NodeRef<'d, Node>) {
        let Some(element) = ElementRef::wrap(node) else { return };
        match element.value().name() {
            "br" => self.line_break(),
            "hr" => self.flush(),
            // Headings are links to themselves on many pages.
            "a" if self.kind == Kind::Heading && is_to_same_page(element) => self.children(node),
            "a" => self.link(element),
            "q" => {
                self.push("“");
                self.children(node);
                self.push("”");
            }
            "table" if is_data(element) => self.table(element),
            "pre" => self.block(node, self.kind, |walk| walk.counted(node, |walk| &mut walk.pre)),
            "header" => self.block(node, self.kind, |walk| walk.counted(node, |walk| &mut walk.headers)),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.block(node, Kind::Heading, |walk| walk.children(node));
            }
            "li" | "dt" | "dd" => {
                let list = node.parent().map_or(node.id(), |list| list.id());
                self.block(node, Kind::Item(list), |walk| walk.children(node));
            }
            _ => self.block(node, self.kind, |walk| walk.children(node)),
        }
    }

    fn link(&mut self, link: ElementRef<'d>) {
        let outer = self.open;
        self.open = attribute(link, "href").map(|_| link.id()).or(outer);
        self.counted(*link, |walk| &mut walk.links);
        self.open = outer;
    }

    fn counted(&mut self, node: NodeRef<'d, Node>, count: impl Fn(&mut Self) -> &mut usize) {
        *count(self) += 1;
        self.children(node);
        *count(self) -= 1;
    }

    fn block(&mut self, node: NodeRef<'d, Node>, kind: Kind, inner: impl FnOnce(&mut Self)) {
        self.flush();
        let outer = (self.kind, self.node);
        (self.kind, self.node) = (kind, node.id());
        inner(self);
        self.flush();
        (self.kind, self.node) = outer;
    }

    fn table(&mut self, table: ElementRef<'d>) {
        self.flush();
        for caption in table.child_elements().filter(|e| e.value().name() == "caption") {
            self.element(*caption);
        }
        let mut rows = Vec::new();
        for row in table.descendent_elements().filter(|e| e.value().name() == "tr") {
            if !self.is_left_out(row, table) {
                let cells = cells(row).filter(|cell| !self.is_left_out(*cell, table));
                rows.push((row.id(), cells.map(|cell| self.cell(cell)).collect::<Vec<Cell>>()));
            }
        }
        // Columns that only keep others apart have no cell with a text.
        let width = rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
        let mut is_told = vec![false; width];
        for (_, cells) in &rows {
            is_told.iter_mut().zip(cells).for_each(|(told, cell)| *told |= !cell.text.is_empty());
        }
        for (node, cells) in rows {
            let mut shown: Vec<&Cell> =
                cells.iter().zip(&is_told).filter(|(_, told)| **told).map(|(cell, _)| cell).collect();
            // An empty cell before others keeps them in their columns.
            shown.truncate(shown.iter().rposition(|cell| !cell.text.is_empty()).map_or(0, |last| last + 1));
            if !shown.is_empty() {
                let text = shown.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join(" | ");
                let linked = shown.iter().map(|cell| cell.linked).sum();
                let link = shown.iter().find_map(|cell| cell.link);
                let (kind, in_header) = (Kind::Row(table.id()), self.headers > 0);
                self.out.push(Block { kind, text, linked, link, node, in_header });
            }
        }
    }

    /// Whether a row or a cell of a table is left out, or what holds it there.
    fn is_left_out(&self, part: ElementRef<'_>, table: ElementRef<'_>) -> bool {
        let (place, whole) = (self.outline.place(part.id()), self.outline.place(table.id()));
        let within = std::iter::successors(Some(place), |place| self.outline.above(*place));
        let mut within = within.take_while(|place| *place > whole);
        within.any(|place| self.dropped.has_part(place, self.outline.marks_at(place)))
    }

    fn cell(&self, cell: ElementRef<'_>) -> Cell {
        let blocks = of(cell, self.outline, self.dropped);
        Cell {
            text: blocks.iter().map(|block| block.text.replace('\n', " ")).collect::<Vec<_>>().join(" "),
            linked: blocks.iter().map(|block| block.linked).sum(),
            link: blocks.iter().find_map(|block| block.link),
        }
    }

    fn push(&mut self, text: &str) {
        self.put();
        self.add(text, (self.links > 0).then_some(self.open));
    }

    /// Adds what was left for later to the open block.
    fn put(&mut self) {
        let mut later = std::mem::take(&mut self.later);
        later.drain(..).for_each(|(text, link)| self.add(text, link));
        self.later = later;
    }

    fn add(&mut self, text: &str, link: Option<Option<NodeId>>) {
        let before = self.text.len();
        let mut rest = text;
        while !rest.is_empty() {
            let (plain, other) = plain(rest);
            self.text.push_str(plain);
            let mut chars = other.chars();
            let Some(c) = chars.next() else { break };
            rest = chars.as_str();
            if c == '\n' && self.pre > 0 {
                self.soft_break();
            } else if c.is_whitespace() {
                if !matches!(self.text.as_bytes().last(), None | Some(b' ' | b'\n' | b'\r')) {
                    self.text.push(' ');
                }
                if self.pre == 0 {
                    rest = rest.trim_ascii_start();
                }
            } else if !is_invisible(c) {
                self.text.push(c);
            }
        }
        if let Some(open) = link {
            let linked = self.text.len().saturating_sub(before);
            self.linked += linked;
            if linked > 0 && !text.trim_ascii().is_empty() {
                self.link = self.link.or(open);
            }
        }
    }

    fn trim(&mut self) {
        self.text.truncate(self.text.trim_end_matches(' ').len());
    }

    /// `<br>`: two of them part paragraphs.
    fn line_break(&mut self) {
        self.put();
        self.trim();
        if self.text.ends_with(['\n', SOFT]) {
            self.flush();
        } else if !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    fn soft_break(&mut self) {
        self.trim();
        if self.text.ends_with(['\n', SOFT]) {
            self.flush();
        } else if !self.text.is_empty() {
            self.text.push(SOFT);
        }
    }

    fn flush(&mut self) {
        let is_told = |(text, _): &(&str, _)| has_number(text);
        if self.text.is_empty() && !self.later.iter().any(is_told) {
            if self.later.iter().any(|(text, _)| text.chars().any(|c| !c.is_whitespace() && !is_invisible(c)))
            {
                let (text, in_header) = (String::new(), self.headers > 0);
                self.out.push(Block {
                    kind: self.kind,
                    text,
                    linked: 0,
                    link: None,
                    node: self.node,
                    in_header,
                });
            }
            self.later.clear();
            (self.linked, self.link) = (0, None);
            return;
        }
        self.put();
        let (linked, link) = (std::mem::take(&mut self.linked), self.link.take());
        let shown = self.text.trim();
        if !shown.is_empty() {
            let is_told = self.texts == Texts::All || has_number(shown);
            let text = if is_told { unwrap_lines(shown) } else { String::new() };
            let (in_header, linked) = (self.headers > 0, linked.min(text.len()));
            self.out.push(Block { kind: self.kind, text, linked, link, node: self.node, in_header });
        }
        self.text.clear();
    }
}

/// Whether a text has a digit or another sign for a number.
fn has_number(text: &str) -> bool {
    let may = |byte: u8| byte.is_ascii_digit() || !byte.is_ascii();
    text.bytes().fold(false, |any, byte| any | may(byte)) && text.chars().any(char::is_numeric)
}

/// Joins the lines of text that was wrapped by hand, and keeps those that stand for themselves, as in an address.
fn unwrap_lines(text: &str) -> String {
    if !text.contains(['\n', SOFT]) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut last_break = None;
    // The width of the line before, as it was wrapped.
    let mut width = 0;
    for line in text.split_inclusive(['\n', SOFT]) {
        let next = line.trim();
        let goes_on = next.starts_with(char::is_lowercase)
            || (last_break == Some(SOFT) && width >= 45)
            || (width >= 60 && !out.ends_with(['.', '!', '?', ':', ';', '”', '"', '؟', '।']));
        if last_break.is_some() {
            out.push(if goes_on { ' ' } else { '\n' });
        }
        out.push_str(next);
        width = next.chars().count();
        last_break = line.chars().last().filter(|c| matches!(*c, '\n' | SOFT));
    }
    out
}

/// Leaves out what a page holds twice, for wide and for narrow screens: longer runs of blocks that repeat earlier ones
/// in the same order. Lists that say a thing again keep it.
pub(crate) fn without_repeated(blocks: Vec<Block>) -> Vec<Block> {
    let mut first: FxHashMap<&str, usize> = FxHashMap::default();
    let earlier: Vec<Option<usize>> = blocks
        .iter()
        .enumerate()
        .map(|(at, block)| match first.entry(block.text.as_str()) {
            Entry::Occupied(known) => Some(*known.get()),
            Entry::Vacant(new) => {
                new.insert(at);
                None
            }
        })
        .collect();
    let mut repeated = vec![false; blocks.len()];
    let mut from = 0;
    while from < blocks.len() {
        let goes_on = |at: &usize| match (earlier.get(at - 1), earlier.get(*at)) {
            (Some(Some(last)), Some(Some(this))) => *this > *last && *this <= *last + 3,
            _ => false,
        };
        let to = (from + 1..).take_while(goes_on).last().map_or(from + 1, |last| last + 1);
        let run = blocks.get(from..to).unwrap_or_default();
        let letters: usize = run.iter().map(|block| block.text.len()).sum();
        let is_copy = letters >= MIN_RUN && earlier.get(from).is_some_and(Option::is_some);
        repeated.iter_mut().take(to).skip(from).for_each(|mark| *mark = is_copy);
        from = to;
    }
    let mut marks = repeated.into_iter();
    blocks.into_iter().filter(|_| marks.next() != Some(true)).collect()
}

fn is_to_same_page(link: ElementRef<'_>) -> bool {
    attribute(link, "href").is_none_or(|to| to.trim_start().starts_with('#'))
}

fn cells<'a>(row: ElementRef<'a>) -> impl Iterator<Item = ElementRef<'a>> {
    row.child_elements().filter(|cell| matches!(cell.value().name(), "td" | "th"))
}

/// Whether a table holds data and is not there for the layout of a page: rows of two or more short cells.
fn is_data(table: ElementRef<'_>) -> bool {
    let (mut rows, mut wide) = (0, 0);
    for element in table.descendent_elements().skip(1) {
        match element.value().name() {
            "table" | "h1" | "h2" | "article" | "main" | "form" => return false,
            "td" | "th" => {
                let length: usize = element.text().flat_map(str::split_whitespace).map(|w| w.len() + 1).sum();
                if length > 600 {
                    return false;
                }
            }
            "tr" => {
                rows += 1;
                wide += usize::from(cells(element).count() > 1);
            }
            _ => {}
        }
    }
    rows > 0 && wide * 2 >= rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classes::Classes;
    use scraper::Html;

    fn text(html: &str) -> String {
        let page = Html::parse_document(html);
        let outline = Outline::of(&page, &Classes::default());
        join(&of(page.root_element(), &outline, &Dropped::default()))
    }

    #[test]
    fn a_table_of_blocks() {
        let cases = [
            ("paragraphs", "<p>One</p><p>Two\n  three</p>", "One\n\nTwo three"),
            ("inline", "<p>Min<b>ister</b> <i>Ivo </i>Tarnel<span>,</span> MP", "Minister Ivo Tarnel, MP"),
            ("no-break space", "<p>5&nbsp;&nbsp;million&shy;aire&#8203;s", "5 millionaires"),
            ("two breaks", "<div>One<br>\n<br/>Two</div>", "One\n\nTwo"),
            ("one break", "<p>Ministry of Tides<br>1 Quay Road", "Ministry of Tides\n1 Quay Road"),
            ("a break in a sentence", "<p>The tides<br>rise", "The tides rise"),
            ("list", "<p>He said:<ul><li>One<li><p>Two</ul>After", "He said:\n\nOne\n\nTwo\n\nAfter"),
            ("heading, quotation", "<h2>Head</h2><blockquote>Quote</blockquote>", "Head\n\nQuote"),
            (
                "rows",
                "<table><tr><th>Port<th>Rise<tr><td>A<td><p>2</p><p>m</p></table>x",
                "Port | Rise\nA | 2 m\n\nx",
            ),
            ("layout table", "<table><tr><td><h1>A</h1><p>B</td><td>C</td></tr></table>", "A\n\nB\n\nC"),
            ("text between blocks", "one<div>two</div>three", "one\n\ntwo\n\nthree"),
            ("quotation marks", "<p>He said <q>so</q>.", "He said “so”."),
            ("code", "<p>a<script>b</script><style>c</style><noscript>d</noscript>e", "ae"),
            (
                "wrapped by hand",
                "<pre>The Minister of Tides said on Monday that the\nTides will rise.\n\nNext</pre>",
                "The Minister of Tides said on Monday that the Tides will rise.\n\nNext",
            ),
        ];
        for (name, html, want) in cases {
            assert_eq!(text(html), want, "{name}");
        }
    }
}
