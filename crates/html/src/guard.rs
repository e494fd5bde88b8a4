//! Keeps hostile pages from the tree builder, whose work grows with the square of open elements and of attributes.
//!
//! One pass over the tags, without building anything: what is nested too deeply loses its tags and keeps its text. The
//! pass follows the standard's rules of nesting nearly, not wholly; `build` checks what comes out.

use std::borrow::Cow;

/// Elements may be nested as deep as this.
const MAX_DEPTH: usize = 400;
/// As many of the elements that a parser opens again after every block (`b`, `font`, …) may be open at once.
const MAX_FORMATTING: usize = 48;
/// A tag may be as long as this, in bytes, and have as many attributes.
const MAX_TAG: usize = 64 * 1024;
const MAX_ATTRIBUTES: usize = 200;
/// A page may have as many tags as this: each is a node in memory.
const MAX_TAGS: usize = 1_000_000;
/// And no more than one in so many bytes, once it has more than [`FREE_TAGS`]: a node takes some 430 bytes, and real pages
/// have a tag in 20 bytes or more.
const BYTES_PER_TAG: usize = 8;
const FREE_TAGS: usize = 20_000;
/// How far up an end tag looks for its start tag.
const MAX_LOOK: usize = 64;

const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
];
/// Elements whose content is no markup.
const RAW: &[&str] = &[
    "script",
    "style",
    "textarea",
    "title",
    "xmp",
    "iframe",
    "noembed",
    "noframes",
    "noscript",
    "plaintext",
];
/// Drawings and formulas, which follow other rules of nesting and hold no text of a release.
const FOREIGN: &[&str] = &["svg", "math"];
const FORMATTING: &[&str] =
    &["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
/// Elements that the end tag of an element around them does not end.
const BOUNDARY: &[&str] =
    &["table", "td", "th", "caption", "template", "object", "applet", "marquee", "button"];
const IN_TABLES: &[&str] = &["td", "th", "tr", "tbody", "thead", "tfoot", "caption", "colgroup"];
/// Elements without meaning for the parser besides those of [`FORMATTING`]: their end tags end nothing but themselves.
const PLAIN: &[&str] = &[
    "abbr", "acronym", "bdi", "bdo", "cite", "data", "del", "dfn", "ins", "kbd", "label", "mark", "output",
    "q", "ruby", "samp", "span", "sub", "sup", "time", "var", "picture", "video", "audio", "canvas",
];

/// Which open elements a start tag ends, and which elements stop the search for them: section 13.2.6 of the standard.
fn ended_by(name: &str) -> Option<(&'static [&'static str], Stop)> {
    Some(match name {
        "p" => (&["p"], Stop::Boundary),
        "li" => (&["li"], Stop::Block),
        "dt" | "dd" => (&["dt", "dd"], Stop::Block),
        "option" | "optgroup" => (&["option"], Stop::Boundary),
        "td" | "th" => (&["td", "th"], Stop::Table),
        "tr" => (&["tr"], Stop::Table),
        "tbody" | "thead" | "tfoot" => (&["tbody", "thead", "tfoot", "tr"], Stop::Table),
        _ => return None,
    })
}

#[derive(Clone, Copy)]
enum Stop {
    Boundary,
    Block,
    Table,
}

impl Stop {
    fn at(self, name: &str) -> bool {
        match self {
            Self::Boundary => is_one(name, BOUNDARY),
            Self::Block => !is_inline(name) && !is_one(name, &["address", "div", "p"]),
            Self::Table => is_one(name, &["table", "template"]),
        }
    }
}

fn is_one(name: &str, of: &[&str]) -> bool {
    of.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Unknown elements behave like `span`; a custom element has a hyphen in its name.
fn is_inline(name: &str) -> bool {
    is_one(name, FORMATTING) || is_one(name, PLAIN) || name.contains('-')
}

/// The page as it is, or without the tags that are too much.
pub(crate) fn tame(page: &str) -> Cow<'_, str> {
    let mut guard = Guard::new(page);
    let mut at = 0;
    while let Some(found) = page.get(at..).and_then(|rest| rest.find('<')) {
        at = guard.markup(at + found).max(at + found + 1);
    }
    guard.finish()
}

/// The text of a page with its paragraphs, headings and nothing else: every other tag is gone.
pub(crate) fn flatten(page: &str) -> String {
    let mut out = String::with_capacity(page.len() / 2);
    let guard = Guard::new(page);
    let (mut at, mut copied) = (0, 0);
    while let Some(found) = page.get(at..).and_then(|rest| rest.find('<')) {
        let tag = at + found;
        at = tag + 1;
        let is_end = page.get(at..).is_some_and(|rest| rest.starts_with('/'));
        let name = guard.name(at + usize::from(is_end));
        if !is_end && is_one(name, RAW) {
            at = guard.raw_end(guard.tag_end(at).0, name).unwrap_or(page.len());
            if is_one(name, &["title"]) {
                continue;
            }
        } else if page.get(tag..).is_some_and(|rest| rest.starts_with("<!--")) {
            at = page.get(tag..).and_then(|rest| rest.find("-->")).map_or(page.len(), |end| tag + end + 3);
        } else if name.bytes().next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'!') {
            at = guard.tag_end(at).0;
        } else {
            continue;
        }
        out.push_str(page.get(copied..tag).unwrap_or_default());
        out.push_str(match name {
            "h1" | "H1" if is_end => "</h1>",
            "h1" | "H1" => "<h1>",
            _ if is_inline(name) => "",
            _ => "<p>",
        });
        copied = at;
    }
    out.push_str(page.get(copied..).unwrap_or_default());
    out
}

struct Guard<'p> {
    page: &'p str,
    /// The open elements: their names, and whether their tags were kept.
    open: Vec<(&'p str, bool)>,
    formatting: usize,
    tags: usize,
    max_tags: usize,
    /// Whether the rest of the page has no end tag of a drawing or formula.
    foreign_unclosed: bool,
    out: String,
    copied: usize,
}

impl<'p> Guard<'p> {
    const fn new(page: &'p str) -> Self {
        let out = String::new();
        let by_size = page.len() / BYTES_PER_TAG;
        let by_size = if by_size < FREE_TAGS { FREE_TAGS } else { by_size };
        let max_tags = if by_size < MAX_TAGS { by_size } else { MAX_TAGS };
        Self {
            page,
            open: Vec::new(),
            formatting: 0,
            tags: 0,
            max_tags,
            foreign_unclosed: false,
            out,
            copied: 0,
        }
    }

    /// Looks at the markup that begins at `at` and returns where it ends.
    fn markup(&mut self, at: usize) -> usize {
        let bytes = self.page.as_bytes();
        let end_of = |mark: &str| {
            let found = self.page.get(at..).and_then(|rest| rest.find(mark));
            found.map_or(self.page.len(), |found| at + found + mark.len())
        };
        match bytes.get(at + 1) {
            Some(b'!') if bytes.get(at + 2..at + 4) == Some(b"--") => end_of("-->"),
            Some(b'!' | b'?') => end_of(">"),
            Some(b'/') if bytes.get(at + 2).is_some_and(u8::is_ascii_alphabetic) => {
                let (end, _) = self.tag_end(at + 2);
                self.end_tag(at, end);
                end
            }
            Some(letter) if letter.is_ascii_alphabetic() => {
                let (end, attributes) = self.tag_end(at + 1);
                self.start_tag(at, end, attributes)
            }
            _ => at + 1,
        }
    }

    /// Where a tag ends, and about how many attributes it has: quoted values may hold `>`.
    fn tag_end(&self, from: usize) -> (usize, usize) {
        let (mut quote, mut attributes, mut last) = (0_u8, 0, b' ');
        for (i, &byte) in self.page.as_bytes().get(from..).unwrap_or_default().iter().enumerate() {
            match byte {
                b'>' if quote == 0 => return (from + i + 1, attributes),
                b'"' | b'\'' if quote == 0 && last == b'=' => quote = byte,
                _ if quote != 0 && byte == quote => quote = 0,
                _ if quote == 0 && (last.is_ascii_whitespace() || matches!(last, b'/' | b'"' | b'\'')) => {
                    attributes += usize::from(!byte.is_ascii_whitespace());
                }
                _ => {}
            }
            if !(byte.is_ascii_whitespace() && last == b'=') {
                last = byte;
            }
        }
        (self.page.len(), attributes)
    }

    fn name(&self, from: usize) -> &'p str {
        let rest = self.page.get(from..).unwrap_or_default();
        let end = rest.bytes().take(32).position(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/'));
        rest.get(..end.unwrap_or(0)).unwrap_or_default()
    }

    fn start_tag(&mut self, at: usize, end: usize, attributes: usize) -> usize {
        let name = self.name(at + 1);
        if is_one(name, FOREIGN) {
            let closed = if self.foreign_unclosed { None } else { self.raw_end(end, name) };
            self.foreign_unclosed |= closed.is_none();
            self.cut(at, closed.unwrap_or(end), " ");
            return closed.unwrap_or(end);
        }
        self.tags += 1;
        let formatting = is_one(name, FORMATTING);
        let keep = self.tags < self.max_tags
            && self.open.len() < MAX_DEPTH
            && !(formatting && self.formatting >= MAX_FORMATTING);
        if self.tags >= self.max_tags || (!keep && !is_one(name, VOID) && !is_one(name, RAW)) {
            self.cut(at, end, " ");
        } else if attributes > MAX_ATTRIBUTES || end - at > MAX_TAG {
            self.cut(at, end, &format!("<{name}>"));
        }
        if is_one(name, VOID) {
            return end;
        }
        if is_one(name, RAW) {
            return self.raw_end(end, name).unwrap_or(self.page.len());
        }
        if is_one(name, IN_TABLES) && !self.open.iter().any(|(open, _)| is_one(open, &["table", "template"]))
        {
            // Parts of a table outside of any are no elements.
            return end;
        }
        if let Some((ends, stop)) = ended_by(&name.to_ascii_lowercase())
            && let Some(up) = self.look_up(ends, |open| stop.at(open))
        {
            self.open.truncate(up);
        }
        self.formatting += usize::from(formatting && keep);
        self.open.push((name, keep));
        end
    }

    /// The place of the nearest open element with one of these names, unless an element that stops the search is nearer.
    fn look_up(&self, names: &[&str], stop: impl Fn(&str) -> bool) -> Option<usize> {
        for (at, (open, _)) in self.open.iter().enumerate().rev().take(MAX_LOOK) {
            if is_one(open, names) {
                return Some(at);
            }
            if stop(open) {
                return None;
            }
        }
        None
    }

    fn end_tag(&mut self, at: usize, end: usize) {
        let name = self.name(at + 2);
        let found = if is_one(name, FORMATTING) {
            self.look_up(&[name], |open| is_one(open, BOUNDARY))
        } else if is_inline(name) {
            self.look_up(&[name], |open| !is_inline(open))
        } else if is_one(name, BOUNDARY)
            || ended_by(&name.to_ascii_lowercase()).is_some_and(|_| name.len() == 2)
        {
            self.look_up(&[name], |open| is_one(open, &["table", "template"]))
        } else {
            self.look_up(&[name], |open| is_one(open, BOUNDARY))
        };
        let Some(up) = found else {
            // An end tag without a start tag still costs a look at all open elements. These two make an element.
            self.tags += 1;
            if self.tags >= self.max_tags || !is_one(name, &["p", "br"]) {
                self.cut(at, end, "");
            }
            return;
        };
        let kept = self.open.get(up).is_some_and(|(_, kept)| *kept);
        if is_one(name, FORMATTING) {
            // Blocks within it stay open.
            self.open.remove(up);
            self.formatting = self.formatting.saturating_sub(usize::from(kept));
        } else {
            self.open.truncate(up);
        }
        if !kept {
            self.cut(at, end, " ");
        }
    }

    /// Where a raw element ends, with its end tag, which must not be taken for one of a start tag.
    fn raw_end(&self, from: usize, name: &str) -> Option<usize> {
        let bytes = self.page.as_bytes();
        let mut at = from;
        while let Some(found) = self.page.get(at..).and_then(|rest| rest.find("</")) {
            at += found + 2;
            if bytes.get(at..at + name.len()).is_some_and(|b| b.eq_ignore_ascii_case(name.as_bytes())) {
                return Some(self.tag_end(at).0);
            }
        }
        None
    }

    fn cut(&mut self, at: usize, end: usize, instead: &str) {
        self.out.push_str(self.page.get(self.copied..at).unwrap_or_default());
        self.out.push_str(instead);
        self.copied = end;
    }

    fn finish(mut self) -> Cow<'p, str> {
        if self.copied == 0 {
            return Cow::Borrowed(self.page);
        }
        self.out.push_str(self.page.get(self.copied..).unwrap_or_default());
        Cow::Owned(self.out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinary_page_is_left_as_it_is() {
        let page = "<!-- <b> --><p a='>'>One<p>two<br>three<script>if (a<b) '</p>'</script><ul><li>x<li>y</ul><p>z</p>";
        assert!(matches!(tame(page), Cow::Borrowed(_)), "{}", tame(page));
        let many = format!("<ul>{}</ul>{}", "<li><a href=x>x</a>".repeat(2000), "<p>y".repeat(2000));
        assert!(matches!(tame(&many), Cow::Borrowed(_)));
    }

    #[test]
    fn what_is_too_much_loses_its_tags_and_keeps_its_text() {
        let deep = format!("{}text{}", "<div>".repeat(1000), "</div>".repeat(1000));
        let tamed = tame(&deep);
        assert_eq!(tamed.matches("<div>").count(), MAX_DEPTH);
        assert_eq!(tamed.matches("</div>").count(), MAX_DEPTH);
        assert!(tamed.contains("text"));
        assert_eq!(tame(&"<div><b>x</div>".repeat(1000)).matches("<b>").count(), MAX_FORMATTING);
        // More tags than a page of its size has: the first stay, and all of the text.
        let many = tame(&"<p>".repeat(700_000)).matches("<p>").count();
        assert!((200_000..300_000).contains(&many), "{many}");
        let dense = "<li>ab".repeat(15_000);
        assert!(matches!(tame(&dense), Cow::Borrowed(_)));
        let attributes: String = (0..1000).map(|i| format!(" a{i}={i}")).collect();
        assert_eq!(tame(&format!("<p{attributes}>x</p>")), "<p>x</p>");
    }
}
