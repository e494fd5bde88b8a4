//! A parsed page with what its head says.

use std::cell::OnceCell;

use ego_tree::{NodeId, NodeRef};
use scraper::{ElementRef, Html, Node, Selector};
use url::Url;

use crate::boilerplate::{self, Dropped};
use crate::evidence::Depth;
use crate::fold::{fold, squeeze};
use crate::jsonld::JsonLd;
use crate::lexicon::plain_name;
use crate::marks::{Marks, is_code};
use crate::needed::Needed;
use crate::outline::Outline;
use crate::{Lexicon, Selectors};

pub(crate) struct Page {
    pub(crate) html: Html,
    pub(crate) json: JsonLd,
    /// Names (`name`, `property`, `itemprop`, lower case) and values, in the order of the page.
    metas: Vec<(String, String)>,
    pub(crate) outline: Outline,
    /// Elements that do not belong to a release.
    pub(crate) dropped: Dropped,
    scripts: usize,
    /// What the links to the site's first page are called, once it was asked for.
    pub(crate) home: OnceCell<Vec<String>>,
}

impl Page {
    /// The page of some characters; where evidence is wanted, with all of its attributes.
    pub(crate) fn parse(characters: &str, selectors: &Selectors, lexicon: &Lexicon, depth: Depth) -> Self {
        let needed = Needed::new(selectors);
        let html = match depth {
            Depth::Plain => chancery_html::tree_with(characters, &|attribute| needed.has(attribute)),
            Depth::Explained => chancery_html::tree(characters),
        };
        let outline = Outline::of(&html, &lexicon.classes);
        let (json, dropped) = (JsonLd::default(), Dropped::default());
        let (metas, home) = (Vec::new(), OnceCell::new());
        let mut page = Self { html, json, metas, outline, dropped, scripts: 0, home };
        page.look_at_head();
        page.dropped = boilerplate::find(&page, selectors, boilerplate::Names::Believed);
        page
    }

    fn look_at_head(&mut self) {
        let (mut json, mut metas, mut scripts) = (JsonLd::default(), Vec::new(), 0);
        for (element, marks) in self.marked(self.html.root_element(), Marks::NAMED.and(Marks::SCRIPT)) {
            if marks.has(Marks::SCRIPT) {
                let kind = attribute(element, "type").unwrap_or_default().trim();
                match kind.eq_ignore_ascii_case("application/ld+json") {
                    true => json.add(&element.text().collect::<String>()),
                    false => scripts += 1,
                }
                continue;
            }
            let names = ["name", "property", "itemprop", "http-equiv"].map(|name| attribute(element, name));
            let value = attribute(element, "content").or_else(|| attribute(element, "datetime"));
            let value = value.map_or_else(|| text_of(element).chars().take(500).collect(), str::to_owned);
            let all = names.iter().flatten().flat_map(|names| names.split_whitespace());
            metas.extend(all.map(|name| (plain_name(name), value.clone())));
        }
        (self.json, self.metas, self.scripts) = (json, metas, scripts);
    }

    /// The values of the metadata called by one of `names`, those of the first name first.
    pub(crate) fn meta_values<'p>(&'p self, names: &'p [String]) -> impl Iterator<Item = &'p str> {
        let of = |name: &'p String| self.metas.iter().filter(move |(own, _)| own == name);
        names.iter().flat_map(of).map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// The same, each with the name that the page gives it. Names that differ in their marks alone are one.
    pub(crate) fn named_values<'p>(
        &'p self,
        names: &'p [String],
    ) -> impl Iterator<Item = (&'p str, &'p str)> {
        let is_called = |own: &str, name: &str| {
            own.strip_suffix(name)
                .is_some_and(|rest| rest.is_empty() || (name.len() > 6 && rest.ends_with(':')))
        };
        let of = move |name: &'p String| self.metas.iter().filter(move |(own, _)| is_called(own, name));
        let named = names.iter().flat_map(of).map(|(name, value)| (name.as_str(), value.trim()));
        named.filter(|(_, value)| !value.is_empty())
    }

    pub(crate) fn meta_value(&self, names: &[String]) -> Option<&str> {
        let found = names
            .iter()
            .find_map(|name| self.metas.iter().find(|(own, v)| own == name && !v.trim().is_empty()));
        found.map(|(_, value)| value.trim())
    }

    pub(crate) fn body(&self) -> ElementRef<'_> {
        let root = self.html.root_element();
        root.child_elements().find(|child| child.value().name() == "body").unwrap_or(root)
    }

    /// Where a node stands in the order of the page.
    pub(crate) fn place(&self, node: NodeId) -> usize {
        self.outline.place(node)
    }

    /// The first `title`.
    pub(crate) fn title(&self) -> Option<ElementRef<'_>> {
        self.marked(self.html.root_element(), Marks::TITLE).next().map(|(element, _)| element)
    }

    /// The elements with one of these marks that are `root` or stand in it, in the order of the page.
    pub(crate) fn marked<'p>(
        &'p self,
        root: ElementRef<'p>,
        marks: Marks,
    ) -> impl Iterator<Item = (ElementRef<'p>, Marks)> {
        self.outline.marked(&self.html, root, marks)
    }

    pub(crate) fn select<'p>(&'p self, selector: &'p Selector) -> impl Iterator<Item = ElementRef<'p>> {
        self.html.select(selector)
    }

    pub(crate) fn in_dropped(&self, node: NodeRef<'_, Node>) -> bool {
        self.dropped.holds(self.place(node.id()))
    }

    pub(crate) fn declared_language(&self, lexicon: &Lexicon) -> Option<String> {
        let html = self.html.root_element();
        let own = attribute(html, "lang")
            .or_else(|| attribute(html, "xml:lang"))
            .or_else(|| attribute(self.body(), "lang"));
        own.or_else(|| self.meta_value(&lexicon.meta.language))
            .map(|tag| tag.trim().replace('_', "-"))
            .filter(|tag| {
                tag.split('-').next().is_some_and(|code| matches!(code.len(), 2 | 3) && code.is_ascii())
            })
    }

    pub(crate) fn canonical(&self, lexicon: &Lexicon) -> Option<String> {
        let is_canonical = |link: &ElementRef<'_>| {
            attribute(*link, "rel")
                .is_some_and(|rel| rel.split_whitespace().any(|r| r.eq_ignore_ascii_case("canonical")))
        };
        let mut links = self.marked(self.html.root_element(), Marks::LINK).map(|(link, _)| link);
        let link = links.find(is_canonical).and_then(|link| attribute(link, "href"));
        let values = link.into_iter().chain(self.meta_value(&lexicon.meta.url));
        let is_whole = |url: &&str| Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        values.map(str::trim).find(is_whole).map(str::to_owned)
    }

    /// Whether the page is a frame that scripts fill: scripts, and next to no words.
    pub(crate) fn is_script_shell(&self) -> bool {
        self.scripts > 0 && text_of(self.body()).chars().count() < 400
    }
}

/// What is looked for in single elements is never longer than this, in bytes.
const MAX_TEXT: usize = 4000;

/// The words of an element, squeezed, scripts and styles left out; cut where they are too many for a headline or a date.
pub(crate) fn text_of(element: ElementRef<'_>) -> String {
    let mut out = String::new();
    for node in element.descendants() {
        if let Some(text) = node.value().as_text()
            && !node.parent().and_then(ElementRef::wrap).is_some_and(|e| is_code(e.value().name()))
        {
            crate::fold::push_squeezed(&mut out, text);
        } else if node.value().as_element().is_some_and(|e| e.name() == "br") {
            out.push(' ');
        }
        if out.len() > MAX_TEXT {
            break;
        }
    }
    squeeze(&out)
}

/// The value of an attribute. The library makes a name of its own for every question, which takes longer than a look at
/// the few attributes that an element has.
pub(crate) fn attribute<'p>(element: ElementRef<'p>, name: &str) -> Option<&'p str> {
    element.value().attrs().find(|(own, _)| *own == name).map(|(_, value)| value)
}

/// The words of a class and an id, folded: `pageHeader--main` is `page header main`.
pub(crate) fn class_words(class: Option<&str>, id: Option<&str>) -> String {
    if [class, id].into_iter().flatten().all(str::is_ascii) {
        let mut out = Vec::with_capacity(64);
        for name in [class, id].into_iter().flatten() {
            push_ascii_words(&mut out, name);
        }
        out.truncate(out.trim_ascii_end().len());
        return String::from_utf8(out).unwrap_or_default();
    }
    let mut out = String::with_capacity(64);
    for name in [class, id].into_iter().flatten() {
        let mut lower = false;
        for c in name.chars() {
            if c.is_uppercase() && lower {
                out.push(' ');
            }
            lower = c.is_lowercase();
            out.push(if c.is_alphanumeric() { c } else { ' ' });
        }
        out.push(' ');
    }
    fold(&out)
}

/// The same of a name in ASCII, a blank behind it.
fn push_ascii_words(out: &mut Vec<u8>, name: &str) {
    let (mut lower, mut parted) = (false, true);
    for byte in name.bytes() {
        let is_word = byte.is_ascii_alphanumeric();
        if !parted && (!is_word || lower && byte.is_ascii_uppercase()) {
            out.push(b' ');
            parted = true;
        }
        if is_word {
            out.push(byte.to_ascii_lowercase());
            parted = false;
        }
        lower = byte.is_ascii_lowercase();
    }
    if !parted {
        out.push(b' ');
    }
}
