//! Which elements of a page do not belong to a release: by their kind, their role, their class, or because they are
//! hidden.

use ego_tree::NodeRef;
use scraper::{ElementRef, Node};

use crate::Selectors;
use crate::marks::Marks;
use crate::outline::{Outline, Places, Weight};
use crate::page::Page;

/// An element with less prose than this, in bytes, is light.
const LIGHT: usize = 250;

/// What is left out of the text.
#[derive(Debug, Default)]
pub(crate) struct Dropped {
    elements: Places,
    /// They and all within.
    within: Places,
    /// Those that the source asks for; empty where it asks for none.
    asked: Places,
}

impl Dropped {
    fn new(outline: &Outline, elements: Places, asked: Places) -> Self {
        let mut within = Places::none(outline);
        for place in 0..outline.len() {
            if elements.has(place) || outline.above(place).is_some_and(|above| within.has(above)) {
                within.insert(place);
            }
        }
        Self { elements, within, asked }
    }

    /// Whether a part of a table is left out: it is hidden, or the source drops it. The names of rows and cells tell how they
    /// look, not what they are.
    pub(crate) fn has_part(&self, place: usize, marks: Marks) -> bool {
        self.has(place) && (marks.has(Marks::HIDDEN) || self.asked.has(place))
    }

    /// Whether the element at a place is left out.
    pub(crate) fn has(&self, place: usize) -> bool {
        self.elements.has(place)
    }

    /// Whether the node at a place is left out or stands in what is.
    pub(crate) fn holds(&self, place: usize) -> bool {
        self.within.has(place)
    }
}

/// Whether the names of classes and ids are believed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Names {
    Believed,
    Ignored,
}

/// The elements that are left out of the text. What holds much of the page's prose stays, whatever it is called: some
/// pages stand as a whole in a form, or in a block called `sidebar-layout`.
pub(crate) fn find(page: &Page, selectors: &Selectors, trust: Names) -> Dropped {
    let (body, outline) = (page.body(), &page.outline);
    let places = outline.range(body.id());
    let whole = outline.weight_at(places.start).prose();
    let mut dropped = Places::none(outline);
    for css in &selectors.drop {
        page.select(&css.selector).for_each(|element| dropped.insert(page.place(element.id())));
    }
    let asked = if selectors.drop.is_empty() { Places::default() } else { dropped.clone() };
    for place in places.skip(1) {
        let marks = outline.marks_at(place);
        if !marks.has(Marks::ELEMENT) || marks.has(Marks::WHOLE) {
            continue;
        }
        let marks = if trust == Names::Believed { marks } else { marks.unnamed() };
        if is_dropped(page, place, marks, outline.weight_at(place), whole) {
            dropped.insert(place);
        }
    }
    Dropped::new(outline, dropped, asked)
}

/// Whether the element at a place is left out of a page with `whole` prose.
fn is_dropped(page: &Page, place: usize, marks: Marks, weight: Weight, whole: usize) -> bool {
    let is_consent = marks.has(Marks::CONSENT) && !weight.headline() && whole > weight.prose();
    if is_consent || is_behind(weight, marks, whole) {
        return true;
    }
    let heavy = weight.prose() * 5 > whole * 2;
    let by_kind = marks.has(Marks::ASIDE.and(Marks::HIDDEN).and(Marks::BESIDE))
        || (marks.has(Marks::FIGURE) && !weight.quoted());
    let by_name = || {
        !weight.headline()
            && !marks.has(Marks::ARTICLE_ITSELF)
            && is_named_beside(page, place, marks, weight.prose())
    };
    let page_header =
        || marks.has(Marks::HEADER) && !weight.headline() && !within_article(&page.outline, place);
    !heavy && (by_kind || page_header() || by_name())
}

/// Whether an element holds what readers wrote behind the release: that may be longer than the release itself.
fn is_behind(weight: Weight, marks: Marks, whole: usize) -> bool {
    marks.has(Marks::BEHIND)
        && !weight.headline()
        && marks.has(Marks::HOLDER)
        && weight.before() > LIGHT
        && whole - weight.prose() > LIGHT
}

fn is_named_beside(page: &Page, place: usize, marks: Marks, prose: usize) -> bool {
    let is_light = || {
        prose < LIGHT
            && marks.has(Marks::DROP_LIGHT)
            && !marks.has(Marks::LEAD)
            && !(marks.has(Marks::INLINE) && is_word_of_sentence(page, place))
    };
    marks.has(Marks::DROP) || is_light()
}

/// The words of a sentence around an element stand in one of so many nodes before or behind it, each with no more than so many
/// nodes within.
const NEAR: usize = 16;
const WITHIN: usize = 256;

/// Whether what is laid out in a line is a word or two of the sentence around it, such as a link that looks like a button.
fn is_word_of_sentence(page: &Page, place: usize) -> bool {
    let outline = &page.outline;
    let has_words = |node: NodeRef<'_, Node>| match node.value() {
        Node::Text(text) => has_three_words(text),
        Node::Element(_) => {
            let beside = outline.marks_at(outline.place(node.id()));
            let texts = || node.descendants().take(WITHIN).filter_map(|n| n.value().as_text());
            beside.has(Marks::INLINE)
                && !beside.has(Marks::ANCHOR)
                && texts().any(|text| has_three_words(text))
        }
        _ => false,
    };
    let element = outline.node_at(place).and_then(|id| ElementRef::wrap(page.html.tree.get(id)?));
    element.is_some_and(|element| {
        element.prev_siblings().take(NEAR).chain(element.next_siblings().take(NEAR)).any(has_words)
    })
}

fn has_three_words(text: &str) -> bool {
    text.split_whitespace().nth(2).is_some()
}

fn within_article(outline: &Outline, place: usize) -> bool {
    let above = std::iter::successors(outline.above(place), |place| outline.above(*place));
    above.into_iter().any(|place| outline.marks_at(place).has(Marks::ARTICLE_ITSELF.and(Marks::MAIN)))
}
