//! What every node of a page is, looked up once: its place, where it ends, what its names and attributes say, and how much
//! prose it holds. What is looked for later reads it here and need not look at the tree again.

use std::hash::{Hash, Hasher};

use ego_tree::NodeId;
use scraper::{ElementRef, Html, Node};

use crate::classes::Classes;
use crate::marks::{Marks, Seen};

/// A stretch of text of more bytes than this is prose.
const STRETCH: usize = 40;
/// What an element passes on to the one around it.
const HOLDS: Marks = Marks::HOLDS_TOPPED.and(Marks::HOLDS_QUOTED);
/// No node.
const NONE: u32 = u32::MAX;

/// What is known of a node.
#[derive(Clone, Copy)]
struct Known {
    id: NodeId,
    marks: Marks,
    /// The place behind the last node within.
    end: u32,
    /// The place of the node around it.
    above: u32,
    /// As in [`Weight`]. A large page has millions of nodes: no more is kept of each than must be.
    prose: u32,
    before: u32,
}

/// What an element holds.
#[derive(Clone, Copy, Default)]
pub(crate) struct Weight {
    /// Characters of longer stretches of text outside of links.
    prose: u32,
    /// The same, of what stands before it on the page.
    before: u32,
    /// Which of [`Marks::HOLDS_TOPPED`] and the like it has.
    holds: Marks,
}

impl Weight {
    pub(crate) const fn prose(self) -> usize {
        self.prose as usize
    }

    pub(crate) const fn before(self) -> usize {
        self.before as usize
    }

    /// Whether an `h1` or `main` stands in it.
    pub(crate) const fn headline(self) -> bool {
        self.holds.has(Marks::HOLDS_TOPPED)
    }

    /// Whether a quotation or a table stands in it.
    pub(crate) const fn quoted(self) -> bool {
        self.holds.has(Marks::HOLDS_QUOTED)
    }
}

/// The nodes of a page in its order.
#[derive(Default)]
pub(crate) struct Outline {
    /// By the number of a node.
    places: Vec<u32>,
    nodes: Vec<Known>,
}

impl Outline {
    pub(crate) fn of(html: &Html, classes: &Classes) -> Self {
        let count = html.tree.nodes().len();
        let outline = Self { places: vec![NONE; count + 1], nodes: Vec::with_capacity(count) };
        let mut walk =
            Walk { outline, classes, seen: Seen::default(), above: NONE, links: 0, code: 0, before: 0 };
        let mut next = Some(html.tree.root());
        while let Some(node) = next {
            walk.open(node.id(), node.value());
            next = node.first_child();
            let mut last = Some(node);
            while let (None, Some(node)) = (next, last) {
                walk.close();
                next = node.next_sibling();
                last = node.parent();
            }
        }
        walk.outline
    }

    /// Where a node stands in the order of the page.
    pub(crate) fn place(&self, node: NodeId) -> usize {
        match self.places.get(number(node)) {
            Some(place) if *place != NONE => *place as usize,
            _ => usize::MAX,
        }
    }

    pub(crate) fn marks(&self, element: ElementRef<'_>) -> Marks {
        self.marks_at(self.place(element.id()))
    }

    pub(crate) fn marks_at(&self, place: usize) -> Marks {
        self.nodes.get(place).map(|known| known.marks).unwrap_or_default()
    }

    /// What an element holds.
    pub(crate) fn weight_at(&self, place: usize) -> Weight {
        let weight = |known: &Known| {
            let Known { prose, before, marks, .. } = *known;
            Weight { prose, before, holds: marks.of_both(HOLDS) }
        };
        self.nodes.get(place).map(weight).unwrap_or_default()
    }

    /// The node at a place.
    pub(crate) fn node_at(&self, place: usize) -> Option<NodeId> {
        self.nodes.get(place).map(|known| known.id)
    }

    /// The place of the node around the one at a place.
    pub(crate) fn above(&self, place: usize) -> Option<usize> {
        self.nodes.get(place).map(|known| known.above).filter(|above| *above != NONE).map(|at| at as usize)
    }

    /// The places of a node and all within.
    pub(crate) fn range(&self, node: NodeId) -> std::ops::Range<usize> {
        let from = self.place(node);
        from..self.end_of(from)
    }

    /// The place behind the last node within the one at a place.
    pub(crate) fn end_of(&self, place: usize) -> usize {
        self.nodes.get(place).map_or(place, |known| known.end as usize)
    }

    /// How many nodes there are.
    pub(crate) const fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The elements with one of these marks that are `root` or stand in it, in the order of the page.
    pub(crate) fn marked<'p>(
        &'p self,
        html: &'p Html,
        root: ElementRef<'p>,
        marks: Marks,
    ) -> impl Iterator<Item = (ElementRef<'p>, Marks)> {
        let within = self.nodes.get(self.range(root.id())).unwrap_or_default();
        let found = within.iter().filter(move |known| known.marks.has(marks));
        found.filter_map(|known| Some((ElementRef::wrap(html.tree.get(known.id)?)?, known.marks)))
    }
}

/// Some of the places of a page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places(Vec<bool>);

impl Places {
    /// None of the places of a page.
    pub(crate) fn none(outline: &Outline) -> Self {
        Self(vec![false; outline.len()])
    }

    pub(crate) fn insert(&mut self, place: usize) {
        if let Some(mark) = self.0.get_mut(place) {
            *mark = true;
        }
    }

    pub(crate) fn has(&self, place: usize) -> bool {
        self.0.get(place).copied().unwrap_or(false)
    }
}

/// The way through a page from its beginning to its end.
struct Walk<'c> {
    outline: Outline,
    classes: &'c Classes,
    seen: Seen,
    /// The innermost open node.
    above: u32,
    /// Open links, and open elements whose content is never shown.
    links: usize,
    code: usize,
    /// Prose so far.
    before: u32,
}

impl Walk<'_> {
    fn open(&mut self, id: NodeId, node: &Node) {
        let at = u32::try_from(self.outline.nodes.len()).unwrap_or(NONE);
        if let Some(place) = self.outline.places.get_mut(number(id)) {
            *place = at;
        }
        let (mut marks, mut own, before) = (Marks::default(), 0, self.before);
        match node {
            Node::Text(text) if self.links + self.code == 0 => {
                own = prose(text);
                self.before = self.before.saturating_add(own);
            }
            Node::Element(element) => {
                marks = Marks::of(element, self.classes, &mut self.seen);
                for (mark, holds) in
                    [(Marks::TOPPED, Marks::HOLDS_TOPPED), (Marks::QUOTED, Marks::HOLDS_QUOTED)]
                {
                    if marks.has(mark) {
                        marks = marks.and(holds);
                    }
                }
                self.links += usize::from(marks.has(Marks::ANCHOR));
                self.code += usize::from(marks.has(Marks::CODE));
            }
            _ => {}
        }
        self.outline.nodes.push(Known { id, marks, end: at + 1, above: self.above, prose: own, before });
        self.above = at;
    }

    /// Closes the innermost open node.
    fn close(&mut self) {
        let behind = u32::try_from(self.outline.nodes.len()).unwrap_or(NONE);
        let Some(known) = self.outline.nodes.get_mut(self.above as usize) else { return };
        known.end = behind;
        let Known { marks, above, prose, .. } = *known;
        self.links -= usize::from(marks.has(Marks::ANCHOR));
        self.code -= usize::from(marks.has(Marks::CODE));
        self.above = above;
        if let Some(known) = self.outline.nodes.get_mut(above as usize) {
            known.prose = known.prose.saturating_add(prose);
            known.marks = known.marks.and(marks.of_both(HOLDS));
        }
    }
}

/// Characters of a stretch of text, where it is a long one.
fn prose(text: &str) -> u32 {
    if text.len() < STRETCH {
        return 0;
    }
    let length = if text.is_ascii() {
        length_in_ascii(text)
    } else {
        text.split_whitespace().map(|word| word.len() + 1).sum()
    };
    if length > STRETCH { u32::try_from(length).unwrap_or(NONE) } else { 0 }
}

/// The same length of words with a space behind each, byte by byte.
fn length_in_ascii(text: &str) -> usize {
    let is_word = |byte: u8| !matches!(byte, b'\t'..=b'\r' | b' ');
    let mut before = false;
    text.bytes().fold(0, |length, byte| {
        let begins = is_word(byte) && !before;
        before = is_word(byte);
        length + usize::from(before) + usize::from(begins)
    })
}

/// The number of a node in its tree. The library tells it to hashers alone.
fn number(node: NodeId) -> usize {
    let mut number = Number(0);
    node.hash(&mut number);
    number.0
}

struct Number(usize);

impl Hasher for Number {
    fn finish(&self) -> u64 {
        self.0 as u64
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |number, byte| number << 8 | usize::from(*byte));
    }

    fn write_usize(&mut self, number: usize) {
        self.0 = number;
    }
}
