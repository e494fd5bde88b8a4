//! Attributes that nobody wants, found before a tree is built.

use std::ops::Range;

/// An attribute as it is written, its name and that of its element in lower case.
#[derive(Clone, Copy, Debug)]
pub struct Attribute<'p> {
    /// The name of its element.
    pub element: &'p str,
    /// Its own name.
    pub name: &'p str,
    /// Its value, without quotation marks, references to characters as they are.
    pub value: &'p str,
}

/// Whether an attribute is wanted.
pub type Wanted<'w> = dyn Fn(Attribute<'_>) -> bool + 'w;

/// What a byte is within a tag: a set of the constants below.
const KINDS: [u8; 256] = kinds();
/// White space.
const SPACE: u8 = 1;
/// Ends a name.
const END: u8 = 1 << 1;
/// Is part of a plain name.
const PLAIN: u8 = 1 << 2;

const fn kinds() -> [u8; 256] {
    let mut kinds = [0; 256];
    let mut byte = 0;
    while byte < kinds.len() {
        #[expect(clippy::indexing_slicing, reason = "within the length; a constant cannot look up otherwise")]
        #[expect(clippy::cast_possible_truncation, reason = "a table of bytes")]
        {
            kinds[byte] = match byte as u8 {
                b' ' | b'\t' | b'\n' | b'\x0C' | b'\r' => SPACE | END,
                b'/' | b'>' | b'=' => END,
                b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b':' | b'.' | b'@' => PLAIN,
                _ => 0,
            };
        }
        byte += 1;
    }
    kinds
}

fn kind(byte: u8) -> u8 {
    KINDS.get(usize::from(byte)).copied().unwrap_or(0)
}

/// How a tag is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// What stands in it is what it says: small letters, no references, no character that means another.
    Plain { self_closing: bool },
    /// It ends where it seems to end.
    Whole,
    /// Nobody knows but who reads it character by character.
    Unsure,
}

/// Finds the attributes of a tag, and which of them are unwanted, tag by tag.
pub(crate) struct Slimmer<'w> {
    wanted: &'w Wanted<'w>,
    /// Of the tag last looked at: names and values of the attributes that stay.
    kept: Vec<(Range<usize>, Range<usize>)>,
    /// The bytes that may go.
    unwanted: Vec<Range<usize>>,
    /// And the names of what stood there.
    names: Vec<Range<usize>>,
}

impl<'w> Slimmer<'w> {
    pub(crate) const fn new(wanted: &'w Wanted<'w>) -> Self {
        Self { wanted, kept: Vec::new(), unwanted: Vec::new(), names: Vec::new() }
    }

    /// The bytes that may go, in their order.
    pub(crate) fn unwanted(&self) -> &[Range<usize>] {
        &self.unwanted
    }

    /// Names and values of the attributes that stay, in their order.
    pub(crate) fn kept(&self) -> &[(Range<usize>, Range<usize>)] {
        &self.kept
    }

    /// Looks at `tag`, what follows the name of an element up to and with its `>`: section 13.2.5.32 and on of the standard.
    /// All attributes stay where `all` is so.
    pub(crate) fn look(&mut self, tag: &str, element: &str, all: bool) -> Shape {
        self.kept.clear();
        self.unwanted.clear();
        self.names.clear();
        let is_plain = !element.is_empty()
            && element.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        match self.attributes(tag, element, all || !is_plain) {
            Some(Shape::Plain { .. }) if !is_plain => Shape::Whole,
            Some(shape) => shape,
            None => {
                // What does not end like a tag is left as it is.
                self.unwanted.clear();
                Shape::Unsure
            }
        }
    }

    /// Goes through the attributes; `None` where they do not end with the tag.
    fn attributes(&mut self, tag: &str, element: &str, all: bool) -> Option<Shape> {
        let bytes = tag.as_bytes();
        let skip = |mut at: usize| {
            while bytes.get(at).is_some_and(|byte| kind(*byte) & SPACE != 0) {
                at += 1;
            }
            at
        };
        let (mut at, mut is_plain, mut closes_at) = (0, true, usize::MAX);
        loop {
            let before = at;
            at = skip(at);
            match *bytes.get(at)? {
                b'/' => {
                    at += 1;
                    closes_at = at;
                    continue;
                }
                b'>' if at + 1 != bytes.len() => return None,
                b'>' if is_plain => return Some(Shape::Plain { self_closing: closes_at == at }),
                b'>' => return Some(Shape::Whole),
                _ => {}
            }
            // The first character belongs to the name whatever it is.
            let from = at;
            let mut of_all = kind(*bytes.get(at)?);
            at += 1;
            loop {
                let kind = kind(*bytes.get(at)?);
                if kind & END != 0 {
                    break;
                }
                of_all &= kind;
                at += 1;
            }
            let (name, sign) = (from..at, skip(at));
            let mut value = 0..0;
            if bytes.get(sign) == Some(&b'=') {
                (value, at) = value_of(bytes, skip(sign + 1))?;
            }
            // A name that begins with `=` would become the value of what stands before this one.
            let is_parting = bytes.get(skip(at)) == Some(&b'=');
            let is_name = of_all & PLAIN != 0;
            if is_name && !is_parting && !all && self.may_go(tag, element, name.clone(), value.clone()) {
                let is_parted = bytes.get(at).is_some_and(|byte| *byte == b'>' || kind(*byte) & SPACE != 0);
                self.add(if is_parted { before } else { from }..at, name);
            } else {
                let means = bytes.get(value.clone()).unwrap_or_default();
                is_plain &= is_name && memchr::memchr2(b'&', 0, means).is_none();
                self.kept.push((name, value));
            }
        }
    }

    fn add(&mut self, range: Range<usize>, name: Range<usize>) {
        self.names.push(name);
        match self.unwanted.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => self.unwanted.push(range),
        }
    }

    /// Whether an attribute of a tag may be left out.
    fn may_go(&self, tag: &str, element: &str, name: Range<usize>, value: Range<usize>) -> bool {
        let (Some(name), Some(value)) = (tag.get(name), tag.get(value)) else { return false };
        if is_of_builder(element, name) {
            return false;
        }
        // The first of two attributes of one name counts: where it is gone, the second must not take its place.
        let is_second = || self.names.iter().any(|earlier| tag.get(earlier.clone()) == Some(name));
        !(self.wanted)(Attribute { element, name, value }) || is_second()
    }
}

/// The value that begins at `at`, and where the attribute ends.
fn value_of(bytes: &[u8], at: usize) -> Option<(Range<usize>, usize)> {
    let rest = bytes.get(at..)?;
    match rest.first()? {
        quote @ (b'"' | b'\'') => {
            let length = memchr::memchr(*quote, rest.get(1..)?)?;
            Some((at + 1..at + 1 + length, at + length + 2))
        }
        _ => {
            let length = rest.iter().position(|byte| *byte == b'>' || kind(*byte) & SPACE != 0)?;
            Some((at..at + length, at + length))
        }
    }
}

/// What the tree builder looks at. A page may have these two elements again: what the first says counts.
fn is_of_builder(element: &str, name: &str) -> bool {
    match element {
        "html" | "body" | "template" => true,
        "input" => name == "type",
        "meta" => matches!(name, "charset" | "content" | "http-equiv"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use scraper::{Html, Node};

    use crate::{tree, tree_with};

    /// Every element with its attributes, and every text.
    fn told(html: &Html, wanted: impl Fn(&str) -> bool) -> Vec<String> {
        let attributes = |element: &scraper::node::Element| {
            let told = element.attrs().filter(|(name, _)| wanted(name));
            told.map(|(name, value)| format!(" {name}={value:?}")).collect::<Vec<_>>().concat()
        };
        let one = |node: &Node| match node {
            Node::Element(element) => format!("<{}{}>", element.name(), attributes(element)),
            other => format!("{other:?}"),
        };
        html.tree.root().descendants().map(|node| one(node.value())).collect()
    }

    #[test]
    fn what_is_wanted_stays() {
        let of = |page: &str| {
            let html = tree_with(page, &|attribute| attribute.name == "class" && attribute.value != "no");
            told(&html, |_| true).concat().replace("Document<html><head><body>", "")
        };
        for (page, want) in [
            ("<p id=1 class=a x>", r#"<p class="a">"#),
            ("<p id='>' class = 'a'/>", r#"<p class="a">"#),
            ("<p class=no class=a>", "<p>"),
            ("<p x=\"a&amp;b\" ID=1 y>", r#"<p id="1">"#),
            ("<p =x y=>z", r#"<p =x="">Text("z")"#),
            ("</ id<p id id>", r#"DocumentComment(<!-- " id<p id id" -->)<html><head><body>"#),
            ("<p é x=1 ==2>", r#"<p =="2" x="1" é="">"#),
            ("<font x=1><a x=1>", r#"<font x="1"><a>"#),
            (
                "<x-element-with-a-name-longer-than-others id=1 class=a>x",
                r#"<x-element-with-a-name-longer-than-others class="a">Text("x")"#,
            ),
        ] {
            assert_eq!(of(page), want, "{page}");
        }
    }

    proptest! {
        #[test]
        fn nothing_else_changes(page in "(<(p|a|b|font|td|input|meta|P)?([ \n/]{0,2}(id|x|y-z|CLASS|type|=|\"|'|<|é)([ ]?=[ ]?(\"[a>&;' ]{0,3}\"|'[a>\" ]{0,2}'|a/|\"|))?){0,4}>?|</p>|</a>|t &lt;|<!--|-->|<table>){0,12}") {
            let wanted = |name: &str| name == "x";
            let slim = tree_with(&page, &|attribute| wanted(attribute.name));
            prop_assert_eq!(told(&slim, wanted), told(&tree(&page), wanted));
        }
    }
}
