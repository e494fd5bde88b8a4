//! What every node of a page is, looked up once: its place, where it ends, and what its names and attributes say. What is
//! looked for later reads it here and need not look at attributes again.

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use rustc_hash::FxHashMap;
use scraper::node::Element;
use scraper::{ElementRef, Html};

use crate::classes::Classes;
use crate::page::class_words;

/// What an element says of itself: a set of the constants below.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks(u32);

impl Marks {
    /// Class and id: hints of the lexicon.
    pub(crate) const DROP: Self = Self(1);
    pub(crate) const DROP_LIGHT: Self = Self(1 << 1);
    pub(crate) const BEHIND: Self = Self(1 << 2);
    pub(crate) const LEAD: Self = Self(1 << 3);
    pub(crate) const BODY: Self = Self(1 << 4);
    pub(crate) const HEADLINE: Self = Self(1 << 5);
    pub(crate) const DATE: Self = Self(1 << 6);
    pub(crate) const FOREIGN: Self = Self(1 << 7);
    pub(crate) const CHANGED: Self = Self(1 << 8);
    /// Not shown: `hidden`, or a style that hides.
    pub(crate) const HIDDEN: Self = Self(1 << 9);
    /// A role of what stands beside the main part of a page.
    pub(crate) const BESIDE: Self = Self(1 << 10);
    /// By its name or its role.
    pub(crate) const ARTICLE: Self = Self(1 << 11);
    pub(crate) const MAIN: Self = Self(1 << 12);
    /// `itemprop=articleBody`, `itemprop=headline`, and any that begins with `date`.
    pub(crate) const ARTICLE_BODY: Self = Self(1 << 13);
    pub(crate) const ITS_HEADLINE: Self = Self(1 << 14);
    pub(crate) const ITS_DATE: Self = Self(1 << 15);
    /// It has an attribute that names metadata: `name`, `property`, `itemprop`, `http-equiv`.
    pub(crate) const NAMED: Self = Self(1 << 16);
    /// It has the attribute `datetime`.
    pub(crate) const DATETIME: Self = Self(1 << 17);
    /// By its name: `script`, `title`, `link`, a heading or what may be called one, `time`.
    pub(crate) const SCRIPT: Self = Self(1 << 18);
    pub(crate) const TITLE: Self = Self(1 << 19);
    pub(crate) const LINK: Self = Self(1 << 20);
    pub(crate) const HEADING: Self = Self(1 << 21);
    pub(crate) const TIME: Self = Self(1 << 22);
    /// Class and id again: what may be a headline, and what stands at the top of all pages of a site.
    pub(crate) const TITLED: Self = Self(1 << 23);
    pub(crate) const MASTHEAD: Self = Self(1 << 24);
    /// What asks whether data about the reader may be kept.
    pub(crate) const CONSENT: Self = Self(1 << 25);
    /// The hints of class names.
    const HINTS: Self = Self(((1 << 9) - 1) | (7 << 23));

    pub(crate) const fn has(self, one: Self) -> bool {
        self.0 & one.0 != 0
    }

    /// Without what class and id say.
    pub(crate) const fn unnamed(self) -> Self {
        Self(self.0 & !Self::HINTS.0)
    }

    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn of(element: &Element, classes: &Classes, known: &mut FxHashMap<String, Self>) -> Self {
        let mut marks = match element.name() {
            "script" => Self::SCRIPT,
            "title" => Self::TITLE,
            "link" => Self::LINK,
            "h1" | "h2" | "h3" | "h4" | "h5" => Self::HEADING,
            "time" => Self::TIME,
            "article" => Self::ARTICLE,
            "main" => Self::MAIN,
            _ => Self::default(),
        };
        let (mut class, mut id) = (None, None);
        for (name, value) in element.attrs() {
            marks = marks.and(match name {
                "class" => {
                    class = Some(value);
                    Self::default()
                }
                "id" => {
                    id = Some(value);
                    Self::default()
                }
                "style" if hides(value) => Self::HIDDEN,
                "hidden" => Self::HIDDEN,
                "role" => of_role(value),
                "itemprop" => of_property(value).and(Self::NAMED),
                "name" | "property" | "http-equiv" => Self::NAMED,
                "datetime" => Self::DATETIME,
                _ => Self::default(),
            });
        }
        if class.is_none() && id.is_none() {
            return marks;
        }
        marks.and(of_names(class, id, classes, known))
    }
}

/// Pages give many elements the same class: each is looked at once.
fn of_names(
    class: Option<&str>,
    id: Option<&str>,
    classes: &Classes,
    known: &mut FxHashMap<String, Marks>,
) -> Marks {
    if id.is_none()
        && let Some(class) = class
    {
        if let Some(marks) = known.get(class) {
            return *marks;
        }
        let marks = classes.marks(&class_words(Some(class), None));
        known.insert(class.to_owned(), marks);
        return marks;
    }
    classes.marks(&class_words(class, id))
}

fn hides(style: &str) -> bool {
    // A style that hides has one of these letters; most have neither.
    if !style.contains(['y', 'Y']) {
        return false;
    }
    let style = style.to_ascii_lowercase().replace(' ', "");
    style.contains("display:none") || style.contains("visibility:hidden")
}

fn of_role(role: &str) -> Marks {
    let exact = match role {
        "article" => Marks::ARTICLE,
        "main" => Marks::MAIN,
        _ => Marks::default(),
    };
    let beside =
        "navigation banner contentinfo complementary search dialog alertdialog menu menubar toolbar tablist";
    match beside.split(' ').any(|known| known.eq_ignore_ascii_case(role.trim())) {
        true => exact.and(Marks::BESIDE),
        false => exact,
    }
}

fn of_property(property: &str) -> Marks {
    let mut marks = Marks::default();
    for one in property.split_whitespace() {
        marks = marks.and(match one {
            "articleBody" => Marks::ARTICLE_BODY,
            "headline" => Marks::ITS_HEADLINE,
            _ => Marks::default(),
        });
    }
    match property.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("date")) {
        true => marks.and(Marks::ITS_DATE),
        false => marks,
    }
}

/// What is known of a node.
struct Known {
    id: NodeId,
    /// The place behind the last node within.
    end: usize,
    marks: Marks,
}

/// The nodes of a page in its order.
#[derive(Default)]
pub(crate) struct Outline {
    places: FxHashMap<NodeId, usize>,
    nodes: Vec<Known>,
}

impl Outline {
    pub(crate) fn of(html: &Html, classes: &Classes) -> Self {
        let count = html.tree.nodes().len();
        let mut places = FxHashMap::with_capacity_and_hasher(count, rustc_hash::FxBuildHasher);
        let mut nodes: Vec<Known> = Vec::with_capacity(count);
        let (mut open, mut known) = (Vec::new(), FxHashMap::default());
        for edge in html.tree.root().traverse() {
            match edge {
                Edge::Open(node) => {
                    let at = nodes.len();
                    places.insert(node.id(), at);
                    let element = node.value().as_element();
                    let marks = element.map(|element| Marks::of(element, classes, &mut known));
                    nodes.push(Known { id: node.id(), end: at + 1, marks: marks.unwrap_or_default() });
                    open.push(at);
                }
                Edge::Close(_) => {
                    let behind = nodes.len();
                    if let Some(known) = open.pop().and_then(|at| nodes.get_mut(at)) {
                        known.end = behind;
                    }
                }
            }
        }
        Self { places, nodes }
    }

    /// Where a node stands in the order of the page.
    pub(crate) fn place(&self, node: NodeId) -> usize {
        self.places.get(&node).copied().unwrap_or(usize::MAX)
    }

    pub(crate) fn marks(&self, element: ElementRef<'_>) -> Marks {
        self.nodes.get(self.place(element.id())).map(|known| known.marks).unwrap_or_default()
    }

    /// The elements with one of these marks that are `root` or stand in it, in the order of the page.
    pub(crate) fn marked<'p>(
        &'p self,
        html: &'p Html,
        root: ElementRef<'p>,
        marks: Marks,
    ) -> impl Iterator<Item = (ElementRef<'p>, Marks)> {
        let from = self.place(root.id());
        let end = self.nodes.get(from).map_or(from, |known| known.end);
        let within = self.nodes.get(from..end).unwrap_or_default();
        let found = within.iter().filter(move |known| known.marks.has(marks));
        found.filter_map(|known| Some((ElementRef::wrap(html.tree.get(known.id)?)?, known.marks)))
    }

    /// Whether a node is another one or stands in it.
    pub(crate) fn is_within(&self, node: NodeId, other: NodeId) -> bool {
        let (at, from) = (self.place(node), self.place(other));
        at >= from && self.nodes.get(from).is_some_and(|known| at < known.end)
    }
}
