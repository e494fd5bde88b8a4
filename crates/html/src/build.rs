//! Characters to a tree of elements, in bounded time and memory whatever the page.

use std::borrow::Cow;

use scraper::Html;

use crate::attributes::Wanted;
use crate::feed::{Builder, MAX_DEPTH, MAX_NODES};
use crate::guard;

/// A page is as long as this at most, in bytes; what stands behind is left out.
const MAX_BYTES: usize = 1 << 31;

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
    let page = &preprocessed(page);
    let tree = Builder::new(page, wanted).tamed().or_else(|| {
        let flat = guard::flatten(page);
        Builder::new(&flat, wanted).whole()
    });
    tree.unwrap_or_else(|| Html::parse_document(""))
}

/// The limits that a page goes beyond, in words, each with what it lost by it; none of nearly every page.
#[must_use]
pub fn limits(page: &str) -> Vec<String> {
    let page = &preprocessed(page);
    let mut told = guard::lost(page);
    if Builder::new(page, &|_| true).tamed().is_none() {
        told.push(format!(
            "all tags but paragraphs left out: a tree is {MAX_DEPTH} deep at most, of {MAX_NODES} nodes"
        ));
    }
    told
}

/// A page without a mark of byte order, all ends of lines the same: section 13.2.3.5 of the standard.
fn preprocessed(page: &str) -> Cow<'_, str> {
    let mut end = page.len().min(MAX_BYTES);
    while !page.is_char_boundary(end) {
        end -= 1;
    }
    let page = page.get(..end).unwrap_or_default();
    let page = page.strip_prefix('\u{FEFF}').unwrap_or(page);
    if memchr::memchr(b'\r', page.as_bytes()).is_none() {
        return Cow::Borrowed(page);
    }
    let mut out = String::with_capacity(page.len());
    let mut parts = page.split('\r');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        if !part.starts_with('\n') {
            out.push('\n');
        }
        out.push_str(part);
    }
    Cow::Owned(out)
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
            let flat = guard::flatten(&page);
            let flat = Builder::new(&flat, &|_| true).whole();
            prop_assert!(flat.is_some());
            for html in [Some(tree(&page)), flat].into_iter().flatten() {
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
