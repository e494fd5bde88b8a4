//! Which elements of a page do not belong to a release: by their kind, their role, their class, or because they are
//! hidden.

use ego_tree::iter::Edge;
use ego_tree::{NodeId, NodeRef};
use rustc_hash::FxHashSet;
use scraper::{ElementRef, Node};

use crate::Selectors;
use crate::outline::Marks;
use crate::page::Page;

/// An element with less prose than this, in bytes, is light.
const LIGHT: usize = 250;
/// A stretch of text of more bytes than this is prose.
const STRETCH: usize = 40;

/// Elements whose content is never shown as text.
pub(crate) fn is_code(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "noscript"
            | "template"
            | "head"
            | "iframe"
            | "object"
            | "embed"
            | "video"
            | "audio"
            | "canvas"
            | "map"
            | "select"
            | "textarea"
            | "datalist"
            | "button"
            | "progress"
            | "meter"
            | "svg"
            | "math"
    )
}

fn is_beside(name: &str) -> bool {
    matches!(name, "nav" | "footer" | "aside" | "form" | "dialog" | "figcaption" | "menu" | "label")
}

/// Whether the names of classes and ids are believed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Names {
    Believed,
    Ignored,
}

/// The elements that are left out of the text. What holds much of the page's prose stays, whatever it is called: some
/// pages stand as a whole in a form, or in a block called `sidebar-layout`.
pub(crate) fn find(page: &Page, selectors: &Selectors, trust: Names) -> FxHashSet<NodeId> {
    let body = page.body();
    let weights = weigh(body);
    let whole = weights.first().map_or(0, |w| w.prose);
    let mut dropped = FxHashSet::default();
    for css in &selectors.drop {
        dropped.extend(page.select(&css.selector).map(|element| element.id()));
    }
    // The elements come in the order in which they were weighed.
    for (element, weight) in body.descendent_elements().zip(weights) {
        let name = element.value().name();
        if element == body || matches!(name, "main" | "body" | "html") {
            continue;
        }
        let marks = page.outline.marks(element);
        let marks = if trust == Names::Believed { marks } else { marks.unnamed() };
        let is_consent = marks.has(Marks::CONSENT) && !weight.headline && whole > weight.prose;
        if is_consent || is_behind(name, weight, marks, whole) {
            dropped.insert(element.id());
            continue;
        }
        let heavy = weight.prose * 5 > whole * 2;
        let by_kind = is_beside(name)
            || (name == "figure" && !weight.quoted)
            || marks.has(Marks::HIDDEN.and(Marks::BESIDE));
        let by_name =
            || !weight.headline && name != "article" && is_named_beside(element, marks, weight.prose);
        let page_header = name == "header" && !weight.headline && !within_article(page, element);
        if !heavy && (by_kind || page_header || by_name()) {
            dropped.insert(element.id());
        }
    }
    dropped
}

/// Whether an element holds what readers wrote behind the release: that may be longer than the release itself.
fn is_behind(name: &str, weight: Weight, marks: Marks, whole: usize) -> bool {
    marks.has(Marks::BEHIND)
        && !weight.headline
        && matches!(name, "div" | "section" | "ol" | "ul" | "dl" | "li" | "aside" | "table" | "form")
        && weight.before > LIGHT
        && whole - weight.prose > LIGHT
}

fn is_named_beside(element: ElementRef<'_>, marks: Marks, prose: usize) -> bool {
    let is_light = || {
        prose < LIGHT
            && marks.has(Marks::DROP_LIGHT)
            && !marks.has(Marks::LEAD)
            && !is_word_of_sentence(element)
    };
    marks.has(Marks::DROP) || is_light()
}

/// Whether an element is a word or two of the sentence around it, such as a link that is laid out as a button.
fn is_word_of_sentence(element: ElementRef<'_>) -> bool {
    let has_words = |node: NodeRef<'_, Node>| match node.value() {
        Node::Text(text) => has_three_words(text),
        Node::Element(beside) => {
            is_inline(beside.name())
                && beside.name() != "a"
                && node.descendants().filter_map(|n| n.value().as_text()).any(|text| has_three_words(text))
        }
        _ => false,
    };
    is_inline(element.value().name()) && element.prev_siblings().chain(element.next_siblings()).any(has_words)
}

fn has_three_words(text: &str) -> bool {
    text.split_whitespace().nth(2).is_some()
}

fn is_inline(name: &str) -> bool {
    matches!(name, "a" | "span" | "b" | "strong" | "em" | "i" | "u" | "font" | "small" | "abbr" | "mark")
}

fn within_article(page: &Page, element: ElementRef<'_>) -> bool {
    let mut above = element.ancestors().filter_map(ElementRef::wrap);
    above.any(|e| matches!(e.value().name(), "article" | "main") || page.outline.marks(e).has(Marks::MAIN))
}

/// What an element holds.
#[derive(Clone, Copy, Default)]
struct Weight {
    /// Characters of longer stretches of text outside of links.
    prose: usize,
    /// The same, of what stands before it on the page.
    before: usize,
    /// Whether an `h1` or `main` stands in it.
    headline: bool,
    /// Whether a quotation or a table stands in it.
    quoted: bool,
}

/// The weights of an element and of all elements within, in the order of the page.
fn weigh(body: ElementRef<'_>) -> Vec<Weight> {
    let mut weights: Vec<Weight> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let (mut links, mut code, mut before) = (0_usize, 0_usize, 0_usize);
    for edge in body.traverse() {
        match edge {
            Edge::Open(node) => {
                if let Some(text) = node.value().as_text()
                    && links + code == 0
                    && let Some(weight) = open.last().and_then(|at| weights.get_mut(*at))
                    && text.len() >= STRETCH
                {
                    let length = text.split_whitespace().map(|word| word.len() + 1).sum::<usize>();
                    let length = if length > STRETCH { length } else { 0 };
                    weight.prose += length;
                    before += length;
                } else if let Some(element) = node.value().as_element() {
                    links += usize::from(element.name() == "a");
                    code += usize::from(is_code(element.name()));
                    let headline = matches!(element.name(), "h1" | "main");
                    let quoted = matches!(element.name(), "blockquote" | "table" | "q");
                    open.push(weights.len());
                    weights.push(Weight { prose: 0, before, headline, quoted });
                }
            }
            Edge::Close(node) => {
                let Some(element) = node.value().as_element() else { continue };
                links -= usize::from(element.name() == "a");
                code -= usize::from(is_code(element.name()));
                let weight = open.pop().and_then(|at| weights.get(at)).copied().unwrap_or_default();
                if let Some(above) = open.last().and_then(|at| weights.get_mut(*at)) {
                    above.prose += weight.prose;
                    above.headline |= weight.headline;
                    above.quoted |= weight.quoted;
                }
            }
        }
    }
    weights
}
