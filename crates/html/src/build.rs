//! Characters to a tree of elements, in bounded time and memory whatever the page.

use html5ever::driver::{self, ParseOpts, Parser};
use html5ever::tendril::TendrilSink;
use scraper::{Html, HtmlTreeSink};

use crate::attributes::Wanted;
use crate::guard;

/// After so many bytes the tree is looked at.
const STEP: usize = 16 * 1024;
/// A tree may be as deep as this, and have as many nodes.
const MAX_DEPTH: usize = 1000;
const MAX_NODES: usize = 4_000_000;

/// The tree of a page. One that grows too deep or too large in spite of the guard is built from its paragraphs alone.
#[must_use]
pub fn tree(page: &str) -> Html {
    tree_with(page, &|_| true)
}

/// The tree of a page, with the attributes alone that are wanted: most of a page's attributes tell nothing to who reads it, and
/// each costs more than all other work on it.
///
/// Attributes that the tree builder itself looks at stay in any case, and so do those whose names are not plain.
#[must_use]
pub fn tree_with(page: &str, wanted: &Wanted<'_>) -> Html {
    let tree = tamed(page, wanted).or_else(|| {
        let mut builder = Builder::new();
        builder.feed(&guard::flatten(page)).then(|| builder.finish())
    });
    tree.unwrap_or_else(|| Html::parse_document(""))
}

/// The limits that a page goes beyond, in words, each with what it lost by it; none of nearly every page.
#[must_use]
pub fn limits(page: &str) -> Vec<String> {
    let mut told = guard::lost(page);
    if tamed(page, &|_| true).is_none() {
        told.push(format!(
            "all tags but paragraphs left out: a tree is {MAX_DEPTH} deep at most, of {MAX_NODES} nodes"
        ));
    }
    told
}

fn tamed(page: &str, wanted: &Wanted<'_>) -> Option<Html> {
    let mut builder = Builder::new();
    guard::tame(page, wanted, STEP, &mut |piece| builder.feed(piece)).then(|| builder.finish())
}

/// A tree that grows.
struct Builder(Parser<HtmlTreeSink>);

impl Builder {
    fn new() -> Self {
        Self(driver::parse_document(HtmlTreeSink::new(Html::new_document()), ParseOpts::default()))
    }

    /// Adds a piece of the page; whether the tree is still within the limits.
    fn feed(&mut self, piece: &str) -> bool {
        let mut rest = piece;
        while !rest.is_empty() {
            let end = (STEP.min(rest.len())..=rest.len()).find(|at| rest.is_char_boundary(*at));
            let (step, next) = rest.split_at_checked(end.unwrap_or(rest.len())).unwrap_or((rest, ""));
            self.0.process(step.into());
            rest = next;
            let html = self.0.tokenizer.sink.sink.0.borrow();
            let mut nodes = html.tree.nodes();
            let is_deep = nodes.next_back().is_some_and(|last| last.ancestors().nth(MAX_DEPTH).is_some());
            if is_deep || nodes.len() >= MAX_NODES {
                return false;
            }
        }
        true
    }

    fn finish(self) -> Html {
        self.0.finish()
    }
}

#[cfg(test)]
mod tests {
    use ego_tree::iter::Edge;
    use proptest::prelude::*;

    use super::*;

    const TAGS: &str = "<p> </p> <div> </div> <b> </b> <i_class=x> </i> <a_href=x> </a> <span> </span> <x-y> </x-y> <ul> </ul> <li> </li>
        <table> </table> <tr> </tr> <td> </td> <th> <tbody> </tbody> <caption> </caption> <button> </button> <h2> </h2> <dl> <dd> </dd>
        <select> </select> <option> </option> <svg> </svg> <math> <template> </template> <object> </object> <form> </form> <noscript>
        </noscript> <ruby> <rt> </ruby> <pre> </pre> <title> </title> x <br> </body> <body> <html> <head> </head> <frameset> <label>
        <center> <unknown> </unknown> <nobr> <h1> </h1> <!-- -->";

    fn size(html: &Html) -> (usize, usize) {
        let (mut depth, mut deepest, mut nodes) = (0_usize, 0, 0);
        for edge in html.tree.root().traverse() {
            match edge {
                Edge::Open(_) => {
                    depth += 1;
                    nodes += 1;
                    deepest = deepest.max(depth);
                }
                Edge::Close(_) => depth -= 1,
            }
        }
        (deepest, nodes)
    }

    proptest! {
        #[test]
        fn a_tree_stays_flat_and_small(
            tags in prop::collection::vec(prop::sample::select(TAGS.split_whitespace().collect::<Vec<_>>()), 1..7),
        ) {
            let page = tags.concat().replace('_', " ").repeat(2000);
            let mut flat = Builder::new();
            prop_assert!(flat.feed(&guard::flatten(&page)));
            for html in [tree(&page), flat.finish()] {
                let (deepest, nodes) = size(&html);
                prop_assert!(deepest < 4 * MAX_DEPTH && nodes < 50 * page.len(), "{:?}: {} deep, {} nodes", tags, deepest, nodes);
            }
        }
    }

    #[test]
    fn a_page_that_is_too_deep_keeps_its_paragraphs() {
        let flat = guard::flatten(
            "<title>T</title><style>s</style><!-- <p> --><div class=x>One <b>two</b></div><h1>Head</h1>a < b",
        );
        assert_eq!(flat, "<title>T</title><p><p>One two<p><h1>Head</h1>a < b");
    }
}
