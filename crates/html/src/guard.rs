//! Keeps hostile pages from the tree builder, whose work grows with the square of open elements and of attributes.
//!
//! One pass over the tags, without building anything: what is nested too deeply loses its tags and keeps its text. The
//! pass follows the standard's rules of nesting nearly, not wholly; `build` checks what comes out.

use std::ops::Range;

use crate::traits::Traits;

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

/// Which open elements a start tag of a lower-case name ends, and which elements stop the search for them: section
/// 13.2.6 of the standard.
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
    fn at(self, open: &Open<'_>) -> bool {
        match self {
            Self::Boundary => open.traits.has(Traits::BOUNDARY),
            Self::Block => !open.traits.is_inline() && !is_one(open.name, &["address", "div", "p"]),
            Self::Table => open.traits.has(Traits::TABLE),
        }
    }
}

fn is_one(name: &str, of: &[&str]) -> bool {
    of.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// A piece of markup.
#[derive(Debug)]
pub(crate) struct Markup<'p> {
    /// Where it begins.
    pub(crate) at: usize,
    /// Where its tag ends.
    pub(crate) tag: usize,
    /// Where all of it ends.
    pub(crate) end: usize,
    /// The name of its element as it is written; of a tag alone.
    pub(crate) name: &'p str,
    /// Whether elements of this name are opened again: they are told apart by all of their attributes.
    pub(crate) is_told_apart: bool,
    pub(crate) kind: Kind,
    pub(crate) fate: Fate,
}

/// What a piece of markup is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Start,
    /// An element whose content is no markup, with the place of its end tag.
    Raw(Option<Range<usize>>),
    End,
    Comment,
    /// A declaration, or what is taken for a comment.
    Declaration,
    /// A sign that begins nothing.
    Sign,
}

/// What becomes of a piece of markup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Kept,
    /// The tag is left out, with nothing or a blank in its place.
    Gone,
    Blank,
    /// The tag loses its attributes.
    Bare,
}

/// Which limits a page goes beyond, and how many of its tags lost something by it.
pub(crate) fn lost(page: &str) -> Vec<String> {
    let mut guard = Guard::new(page);
    let mut at = 0;
    while let Some(markup) = guard.next(at) {
        at = markup.end;
    }
    let Guard { max_tags, lost: Lost { deep, many, long }, .. } = guard;
    let told = [
        (
            deep,
            format!(
                "tags left out: elements are nested {MAX_DEPTH} deep at most, {MAX_FORMATTING} of them for how letters look"
            ),
        ),
        (many, format!("tags left out: a page of this size may have {max_tags}")),
        (long, format!("tags without their attributes: a tag may have {MAX_ATTRIBUTES}, in {MAX_TAG} bytes")),
    ];
    told.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect()
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
        if !is_end && Traits::of(name).has(Traits::RAW) {
            at = guard.raw_end(guard.tag_end(at).0, name).map_or(page.len(), |close| close.end);
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
            _ if Traits::of(name).is_inline() => "",
            _ => "<p>",
        });
        copied = at;
    }
    out.push_str(page.get(copied..).unwrap_or_default());
    out
}

/// An open element.
struct Open<'p> {
    name: &'p str,
    traits: Traits,
    /// Whether its tag was kept.
    kept: bool,
}

/// Start tags that went beyond a limit.
struct Lost {
    deep: usize,
    many: usize,
    long: usize,
}

pub(crate) struct Guard<'p> {
    page: &'p str,
    lost: Lost,
    open: Vec<Open<'p>>,
    formatting: usize,
    tags: usize,
    max_tags: usize,
    /// Whether the rest of the page has no end tag of a drawing or formula.
    foreign_unclosed: bool,
}

impl<'p> Guard<'p> {
    pub(crate) const fn new(page: &'p str) -> Self {
        let by_size = page.len() / BYTES_PER_TAG;
        let by_size = if by_size < FREE_TAGS { FREE_TAGS } else { by_size };
        let max_tags = if by_size < MAX_TAGS { by_size } else { MAX_TAGS };
        Self {
            page,
            lost: Lost { deep: 0, many: 0, long: 0 },
            open: Vec::new(),
            formatting: 0,
            tags: 0,
            max_tags,
            foreign_unclosed: false,
        }
    }

    /// The next markup from `at` on.
    pub(crate) fn next(&mut self, at: usize) -> Option<Markup<'p>> {
        let rest = self.page.as_bytes().get(at..)?;
        Some(self.markup(at + memchr::memchr(b'<', rest)?))
    }

    /// The markup that begins at `at`.
    fn markup(&mut self, at: usize) -> Markup<'p> {
        let bytes = self.page.as_bytes();
        let end_of = |mark: &str| {
            let rest = bytes.get(at..).unwrap_or_default();
            let found = memchr::memmem::find(rest, mark.as_bytes());
            found.map_or(self.page.len(), |found| at + found + mark.len())
        };
        let other = |kind: Kind, end: usize| Markup {
            at,
            tag: end,
            end,
            name: "",
            is_told_apart: false,
            kind,
            fate: Fate::Kept,
        };
        match bytes.get(at + 1) {
            Some(b'!') if bytes.get(at + 2..at + 4) == Some(b"--") => other(Kind::Comment, end_of("-->")),
            Some(b'/') if bytes.get(at + 2).is_some_and(u8::is_ascii_alphabetic) => {
                let (end, _) = self.tag_end(at + 2);
                self.end_tag(at, end)
            }
            // What begins like a declaration, or like an end tag without a name, is a comment.
            Some(b'!' | b'?' | b'/') => other(Kind::Declaration, end_of(">")),
            Some(letter) if letter.is_ascii_alphabetic() => {
                let (end, attributes) = self.tag_end(at + 1);
                self.start_tag(at, end, attributes)
            }
            _ => other(Kind::Sign, at + 1),
        }
    }

    /// Where a tag ends, and about how many attributes it has, where they may be too many: quoted values may hold `>`.
    fn tag_end(&self, from: usize) -> (usize, usize) {
        let bytes = self.page.as_bytes().get(from..).unwrap_or_default();
        let mut at = 0;
        let end = loop {
            let rest = bytes.get(at..).unwrap_or_default();
            let Some(found) = memchr::memchr3(b'>', b'"', b'\'', rest) else { break bytes.len() };
            let byte = rest.get(found).copied().unwrap_or(b'>');
            at += found + 1;
            if byte == b'>' {
                break at;
            }
            // A quotation mark opens a value behind `=` alone.
            let before = bytes.get(..at - 1).unwrap_or_default().trim_ascii_end();
            if before.last() == Some(&b'=') {
                let value = bytes.get(at..).unwrap_or_default();
                let Some(found) = memchr::memchr(byte, value) else { break bytes.len() };
                at += found + 1;
            }
        };
        let tag = bytes.get(..end).unwrap_or_default();
        // Each takes two bytes or more.
        (from + end, if tag.len() > 2 * MAX_ATTRIBUTES { attributes(tag) } else { 0 })
    }

    fn name(&self, from: usize) -> &'p str {
        let rest = self.page.get(from..).unwrap_or_default();
        let end = rest.bytes().position(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/'));
        rest.get(..end.unwrap_or(0)).unwrap_or_default()
    }

    fn start_tag(&mut self, at: usize, tag: usize, attributes: usize) -> Markup<'p> {
        let name = self.name(at + 1);
        let traits = Traits::of(name);
        let formatting = traits.has(Traits::FORMATTING);
        let is_told_apart = formatting && name != "a";
        let mut markup =
            Markup { at, tag, end: tag, name, is_told_apart, kind: Kind::Start, fate: Fate::Kept };
        if traits.has(Traits::FOREIGN) {
            let closed = if self.foreign_unclosed { None } else { self.raw_end(tag, name) };
            self.foreign_unclosed |= closed.is_none();
            let end = closed.map_or(tag, |close| close.end);
            return Markup { tag: end, end, fate: Fate::Blank, ..markup };
        }
        self.tags += 1;
        let keep = self.tags < self.max_tags
            && self.open.len() < MAX_DEPTH
            && !(formatting && self.formatting >= MAX_FORMATTING);
        if self.tags >= self.max_tags || (!keep && !traits.has(Traits::VOID.and(Traits::RAW))) {
            markup.fate = Fate::Blank;
            let lost = &mut self.lost;
            *if self.tags >= self.max_tags { &mut lost.many } else { &mut lost.deep } += 1;
        } else if attributes > MAX_ATTRIBUTES || tag - at > MAX_TAG {
            markup.fate = Fate::Bare;
            self.lost.long += 1;
        }
        if traits.has(Traits::VOID) {
            return markup;
        }
        if traits.has(Traits::RAW) {
            let close = self.raw_end(tag, name);
            let end = close.as_ref().map_or(self.page.len(), |close| close.end);
            return Markup { end, kind: Kind::Raw(close), ..markup };
        }
        if traits.has(Traits::IN_TABLES) && !self.open.iter().any(|open| open.traits.has(Traits::TABLE)) {
            // Parts of a table outside of any are no elements.
            return markup;
        }
        if traits.has(Traits::ENDS)
            && let Some((ends, stop)) = ended_by(&name.to_ascii_lowercase())
            && let Some(up) = self.look_up(ends, |open| stop.at(open))
        {
            self.open.truncate(up);
        }
        self.formatting += usize::from(formatting && keep);
        self.open.push(Open { name, traits, kept: keep });
        markup
    }

    /// The place of the nearest open element with one of these names, unless an element that stops the search is nearer.
    fn look_up(&self, names: &[&str], stop: impl Fn(&Open<'_>) -> bool) -> Option<usize> {
        for (at, open) in self.open.iter().enumerate().rev().take(MAX_LOOK) {
            if is_one(open.name, names) {
                return Some(at);
            }
            if stop(open) {
                return None;
            }
        }
        None
    }

    fn end_tag(&mut self, at: usize, end: usize) -> Markup<'p> {
        let name = self.name(at + 2);
        let traits = Traits::of(name);
        let mut markup =
            Markup { at, tag: end, end, name, is_told_apart: false, kind: Kind::End, fate: Fate::Kept };
        let found = if traits.has(Traits::FORMATTING) {
            self.look_up(&[name], |open| open.traits.has(Traits::BOUNDARY))
        } else if traits.is_inline() {
            self.look_up(&[name], |open| !open.traits.is_inline())
        } else if traits.has(Traits::BOUNDARY.and(Traits::ITEM)) {
            self.look_up(&[name], |open| open.traits.has(Traits::TABLE))
        } else {
            self.look_up(&[name], |open| open.traits.has(Traits::BOUNDARY))
        };
        let Some(up) = found else {
            // An end tag without a start tag still costs a look at all open elements. These two make an element.
            self.tags += 1;
            if self.tags >= self.max_tags || !is_one(name, &["p", "br"]) {
                markup.fate = Fate::Gone;
            }
            return markup;
        };
        let kept = self.open.get(up).is_some_and(|open| open.kept);
        if traits.has(Traits::FORMATTING) {
            // Blocks within it stay open.
            self.open.remove(up);
            self.formatting = self.formatting.saturating_sub(usize::from(kept));
        } else {
            self.open.truncate(up);
        }
        if !kept {
            markup.fate = Fate::Blank;
        }
        markup
    }

    /// Where the end tag of a raw element stands, which must not be taken for one of a start tag.
    fn raw_end(&self, from: usize, name: &str) -> Option<Range<usize>> {
        let bytes = self.page.as_bytes();
        let mut at = from;
        while let Some(found) = memchr::memchr(b'<', bytes.get(at..).unwrap_or_default()) {
            let begin = at + found;
            at = begin + 1;
            if bytes.get(at) != Some(&b'/') {
                continue;
            }
            at += 1;
            let is_named =
                bytes.get(at..at + name.len()).is_some_and(|b| b.eq_ignore_ascii_case(name.as_bytes()));
            let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/');
            if is_named && bytes.get(at + name.len()).is_none_or(ends) {
                return Some(begin..self.tag_end(at).0);
            }
        }
        None
    }
}

/// About how many attributes a tag has.
fn attributes(tag: &[u8]) -> usize {
    let (mut quote, mut attributes, mut last) = (0_u8, 0, b' ');
    for &byte in tag {
        match byte {
            b'"' | b'\'' if quote == 0 && last == b'=' => quote = byte,
            _ if quote != 0 && byte == quote => quote = 0,
            b'>' if quote == 0 => break,
            _ if quote == 0 && (last.is_ascii_whitespace() || matches!(last, b'/' | b'"' | b'\'')) => {
                attributes += usize::from(!byte.is_ascii_whitespace());
            }
            _ => {}
        }
        if !(byte.is_ascii_whitespace() && last == b'=') {
            last = byte;
        }
    }
    attributes
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The page behind the guard.
    pub(crate) fn tame(page: &str) -> String {
        let part = |range: Range<usize>| page.get(range).unwrap();
        let (mut guard, mut out, mut at) = (Guard::new(page), String::new(), 0);
        while let Some(markup) = guard.next(at) {
            out += part(at..markup.at);
            out += &match markup.fate {
                Fate::Kept => part(markup.at..markup.tag).to_owned(),
                Fate::Gone => String::new(),
                Fate::Blank => " ".to_owned(),
                Fate::Bare => format!("<{}>", markup.name),
            };
            out += part(markup.tag..markup.end);
            at = markup.end;
        }
        out + part(at..page.len())
    }

    #[test]
    fn an_ordinary_page_is_left_as_it_is() {
        let page = "<!-- <b> --><p a='>'>One<p>two<br>three<script>if (a<b) '</p>'</script><ul><li>x<li>y</ul><p>z</p>";
        assert_eq!(tame(page), page);
        let many = format!("<ul>{}</ul>{}", "<li><a href=x>x</a>".repeat(2000), "<p>y".repeat(2000));
        assert_eq!(tame(&many), many);
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
        assert_eq!(tame(&dense), dense);
        let attributes: String = (0..1000).map(|i| format!(" a{i}={i}")).collect();
        assert_eq!(tame(&format!("<p{attributes}>x</p>")), "<p>x</p>");
        assert!(
            lost(&deep)
                .iter()
                .all(|told| told.starts_with("600 tags left out: elements are nested 400 deep"))
        );
        assert!(lost(&"<p>".repeat(700_000)).iter().all(|told| told.contains("may have 262500")));
        assert_eq!(
            (lost(&deep).len(), lost(&dense).len(), lost(&format!("<p{attributes}>x")).len()),
            (1, 0, 1)
        );
    }
}
