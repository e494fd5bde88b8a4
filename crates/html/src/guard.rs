//! Keeps hostile pages from the tree builder, whose work grows with the square of open elements and of attributes.
//!
//! One pass over the tags, without building anything: what is nested too deeply loses its tags and keeps its text. The
//! pass follows the standard's rules of nesting nearly, not wholly; `build` checks what comes out.

use crate::attributes::{Slimmer, Wanted};
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

/// Gives the page as it is, or without the tags that are too much and the attributes that nobody wants, in pieces of about
/// `step` bytes, until `give` says no; whether it never did.
pub(crate) fn tame<'p>(
    page: &'p str,
    wanted: &'p Wanted<'p>,
    step: usize,
    give: &mut dyn FnMut(&str) -> bool,
) -> bool {
    let mut guard = Guard::new(page);
    guard.slimmer = Some(Slimmer::new(wanted));
    let mut at = 0;
    while let Some(next) = guard.step(at) {
        at = next;
        if guard.out.len() >= step {
            if !give(&guard.out) {
                return false;
            }
            guard.out.clear();
        }
    }
    give(&guard.out) && give(page.get(guard.copied..).unwrap_or_default())
}

/// Which limits a page goes beyond, and how many of its tags lost something by it.
pub(crate) fn lost(page: &str) -> Vec<String> {
    let mut guard = Guard::new(page);
    let mut at = 0;
    while let Some(next) = guard.step(at) {
        at = next;
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

struct Guard<'p> {
    page: &'p str,
    lost: Lost,
    open: Vec<Open<'p>>,
    formatting: usize,
    tags: usize,
    max_tags: usize,
    /// Whether the rest of the page has no end tag of a drawing or formula.
    foreign_unclosed: bool,
    /// Where attributes may be left out.
    slimmer: Option<Slimmer<'p>>,
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
            lost: Lost { deep: 0, many: 0, long: 0 },
            open: Vec::new(),
            formatting: 0,
            tags: 0,
            max_tags,
            foreign_unclosed: false,
            slimmer: None,
            out,
            copied: 0,
        }
    }

    /// Looks at the next markup from `at` on and returns where it ends.
    fn step(&mut self, at: usize) -> Option<usize> {
        let rest = self.page.as_bytes().get(at..)?;
        let found = at + memchr::memchr(b'<', rest)?;
        Some(self.markup(found).max(found + 1))
    }

    /// Looks at the markup that begins at `at` and returns where it ends.
    fn markup(&mut self, at: usize) -> usize {
        let bytes = self.page.as_bytes();
        let end_of = |mark: &str| {
            let rest = bytes.get(at..).unwrap_or_default();
            let found = memchr::memmem::find(rest, mark.as_bytes());
            found.map_or(self.page.len(), |found| at + found + mark.len())
        };
        match bytes.get(at + 1) {
            Some(b'!') if bytes.get(at + 2..at + 4) == Some(b"--") => end_of("-->"),
            Some(b'/') if bytes.get(at + 2).is_some_and(u8::is_ascii_alphabetic) => {
                let (end, _) = self.tag_end(at + 2);
                self.end_tag(at, end);
                end
            }
            // What begins like a declaration, or like an end tag without a name, is a comment.
            Some(b'!' | b'?' | b'/') => end_of(">"),
            Some(letter) if letter.is_ascii_alphabetic() => {
                let (end, attributes) = self.tag_end(at + 1);
                self.start_tag(at, end, attributes)
            }
            _ => at + 1,
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
        let end = rest.bytes().take(32).position(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/'));
        rest.get(..end.unwrap_or(0)).unwrap_or_default()
    }

    fn start_tag(&mut self, at: usize, end: usize, attributes: usize) -> usize {
        let name = self.name(at + 1);
        let traits = Traits::of(name);
        if traits.has(Traits::FOREIGN) {
            let closed = if self.foreign_unclosed { None } else { self.raw_end(end, name) };
            self.foreign_unclosed |= closed.is_none();
            self.cut(at, closed.unwrap_or(end), " ");
            return closed.unwrap_or(end);
        }
        self.tags += 1;
        let formatting = traits.has(Traits::FORMATTING);
        let keep = self.tags < self.max_tags
            && self.open.len() < MAX_DEPTH
            && !(formatting && self.formatting >= MAX_FORMATTING);
        if self.tags >= self.max_tags || (!keep && !traits.has(Traits::VOID.and(Traits::RAW))) {
            self.cut(at, end, " ");
            let lost = &mut self.lost;
            *if self.tags >= self.max_tags { &mut lost.many } else { &mut lost.deep } += 1;
        } else if attributes > MAX_ATTRIBUTES || end - at > MAX_TAG {
            self.cut(at, end, &format!("<{name}>"));
            self.lost.long += 1;
        } else if !formatting || name == "a" {
            // Elements that are opened again are told apart by their attributes.
            self.slim(at + 1 + name.len(), end, name);
        }
        if traits.has(Traits::VOID) {
            return end;
        }
        if traits.has(Traits::RAW) {
            return self.raw_end(end, name).unwrap_or(self.page.len());
        }
        if traits.has(Traits::IN_TABLES) && !self.open.iter().any(|open| open.traits.has(Traits::TABLE)) {
            // Parts of a table outside of any are no elements.
            return end;
        }
        if traits.has(Traits::ENDS)
            && let Some((ends, stop)) = ended_by(&name.to_ascii_lowercase())
            && let Some(up) = self.look_up(ends, |open| stop.at(open))
        {
            self.open.truncate(up);
        }
        self.formatting += usize::from(formatting && keep);
        self.open.push(Open { name, traits, kept: keep });
        end
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

    fn end_tag(&mut self, at: usize, end: usize) {
        let name = self.name(at + 2);
        let traits = Traits::of(name);
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
                self.cut(at, end, "");
            }
            return;
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
            self.cut(at, end, " ");
        }
    }

    /// Where a raw element ends, with its end tag, which must not be taken for one of a start tag.
    fn raw_end(&self, from: usize, name: &str) -> Option<usize> {
        let bytes = self.page.as_bytes();
        let mut at = from;
        while let Some(found) = memchr::memchr(b'<', bytes.get(at..).unwrap_or_default()) {
            at += found + 1;
            if bytes.get(at) != Some(&b'/') {
                continue;
            }
            at += 1;
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

    /// Leaves out the attributes of a tag that nobody wants; they stand from `from` on.
    fn slim(&mut self, from: usize, end: usize, name: &str) {
        let Some(mut slimmer) = self.slimmer.take() else { return };
        if end > from + 1 {
            slimmer.look(self.page.get(from..end).unwrap_or_default(), name);
            for range in slimmer.unwanted() {
                self.cut(from + range.start, from + range.end, "");
            }
        }
        self.slimmer = Some(slimmer);
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
mod tests {
    use super::*;

    fn tame(page: &str) -> String {
        let mut out = String::new();
        let give = &mut |piece: &str| {
            out += piece;
            true
        };
        assert!(super::tame(page, &|_| true, 100, give));
        out
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
