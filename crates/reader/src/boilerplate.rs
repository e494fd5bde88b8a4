//! Which elements of a page do not belong to a release: by their kind, their role, their class, or because they are
//! hidden.

use std::collections::{HashMap, HashSet};

use ego_tree::iter::Edge;
use ego_tree::{NodeId, NodeRef};
use scraper::{ElementRef, Node};

use crate::page::{Page, class_words};
use crate::{Lexicon, Selectors};

/// An element with less prose than this, in bytes, is light.
const LIGHT: usize = 250;

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

fn is_beside_role(role: &str) -> bool {
    let roles =
        "navigation banner contentinfo complementary search dialog alertdialog menu menubar toolbar tablist";
    roles.split(' ').any(|known| known.eq_ignore_ascii_case(role.trim()))
}

fn is_hidden(element: ElementRef<'_>) -> bool {
    let style = element.attr("style").unwrap_or_default().to_ascii_lowercase().replace(' ', "");
    element.attr("hidden").is_some() || style.contains("display:none") || style.contains("visibility:hidden")
}

/// Whether the names of classes and ids are believed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Names {
    Believed,
    Ignored,
}

/// The elements that are left out of the text. What holds much of the page's prose stays, whatever it is called: some
/// pages stand as a whole in a form, or in a block called `sidebar-layout`.
pub(crate) fn find(page: &Page, selectors: &Selectors, lexicon: &Lexicon, trust: Names) -> HashSet<NodeId> {
    let body = page.body();
    let weights = weigh(body);
    let whole = weights.get(&body.id()).map_or(0, |w| w.prose);
    let mut dropped: HashSet<NodeId> = HashSet::new();
    for css in &selectors.drop {
        dropped.extend(page.select(&css.selector).map(|element| element.id()));
    }
    for element in body.descendent_elements() {
        let name = element.value().name();
        if element == body || matches!(name, "main" | "body" | "html") {
            continue;
        }
        let weight = weights.get(&element.id()).copied().unwrap_or_default();
        let words = if trust == Names::Believed { class_words(element) } else { String::new() };
        if is_behind(name, weight, &words, whole, lexicon) {
            dropped.insert(element.id());
            continue;
        }
        let heavy = weight.prose * 5 > whole * 2;
        let by_kind = is_beside(name)
            || (name == "figure" && !weight.quoted)
            || is_hidden(element)
            || element.attr("role").is_some_and(is_beside_role);
        let by_name = || {
            !weight.headline && name != "article" && is_named_beside(element, &words, weight.prose, lexicon)
        };
        let page_header = name == "header" && !weight.headline && !within_article(element);
        if !heavy && (by_kind || page_header || by_name()) {
            dropped.insert(element.id());
        }
    }
    dropped
}

/// Whether an element holds what readers wrote behind the release: that may be longer than the release itself.
fn is_behind(name: &str, weight: Weight, words: &str, whole: usize, lexicon: &Lexicon) -> bool {
    let is_named = || !words.is_empty() && lexicon.classes.behind.are_in(words);
    !weight.headline
        && matches!(name, "div" | "section" | "ol" | "ul" | "dl" | "li" | "aside" | "table" | "form")
        && weight.before > LIGHT
        && whole - weight.prose > LIGHT
        && is_named()
}

fn is_named_beside(element: ElementRef<'_>, words: &str, prose: usize, lexicon: &Lexicon) -> bool {
    let classes = &lexicon.classes;
    let is_light = || {
        prose < LIGHT
            && classes.drop_light.are_in(words)
            && !classes.lead.are_in(words)
            && !is_word_of_sentence(element)
    };
    !words.is_empty() && (classes.drop.are_in(words) || is_light())
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

fn within_article(element: ElementRef<'_>) -> bool {
    let mut above = element.ancestors().filter_map(ElementRef::wrap);
    above.any(|e| {
        matches!(e.value().name(), "article" | "main") || e.attr("role").is_some_and(|r| r == "main")
    })
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

fn weigh(body: ElementRef<'_>) -> HashMap<NodeId, Weight> {
    let mut weights = HashMap::new();
    let mut open = vec![Weight::default()];
    let (mut links, mut code, mut before) = (0_usize, 0_usize, 0_usize);
    for edge in body.traverse() {
        match edge {
            Edge::Open(node) => {
                if let Some(text) = node.value().as_text()
                    && links + code == 0
                    && let Some(weight) = open.last_mut()
                {
                    let length = text.split_whitespace().map(|word| word.len() + 1).sum::<usize>();
                    let length = if length > 40 { length } else { 0 };
                    weight.prose += length;
                    before += length;
                } else if let Some(element) = node.value().as_element() {
                    links += usize::from(element.name() == "a");
                    code += usize::from(is_code(element.name()));
                    let headline = matches!(element.name(), "h1" | "main");
                    let quoted = matches!(element.name(), "blockquote" | "table" | "q");
                    open.push(Weight { prose: 0, before, headline, quoted });
                }
            }
            Edge::Close(node) => {
                let Some(element) = node.value().as_element() else { continue };
                links -= usize::from(element.name() == "a");
                code -= usize::from(is_code(element.name()));
                let weight = open.pop().unwrap_or_default();
                if let Some(above) = open.last_mut() {
                    above.prose += weight.prose;
                    above.headline |= weight.headline;
                    above.quoted |= weight.quoted;
                }
                weights.insert(node.id(), weight);
            }
        }
    }
    weights
}
