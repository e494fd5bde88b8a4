//! A page to the tree builder of the library.
//!
//! What is plain, nearly all of a page, is handed to the tree builder as a whole: the guard has found it already, and to read it
//! once more character by character takes longer than all other work on the tree. Whatever else the standard knows (references,
//! declarations, tags that are written oddly) the library's own tokenizer reads. It is asked from the first
//! character on that it alone understands up to the end of the next markup that surely ends where it seems to end.

use std::ops::Range;

use ego_tree::Tree;
use html5ever::driver::{self, ParseOpts, Parser};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult};
use html5ever::{Attribute, LocalName, QualName, ns};
use rustc_hash::FxHashMap;
use scraper::{Html, HtmlTreeSink, Node};

use crate::attributes::{Shape, Slimmer, Wanted};
use crate::guard::{Fate, Guard, Kind, Markup};

/// After so many bytes the tree is looked at.
const STEP: usize = 16 * 1024;
/// A tree may be as deep as this, and have as many nodes.
pub(crate) const MAX_DEPTH: usize = 1000;
pub(crate) const MAX_NODES: usize = 4_000_000;
/// Room is made for no more nodes than this before they are there.
const MAX_ROOM: usize = 1 << 15;

/// A tree that grows.
pub(crate) struct Builder<'p> {
    page: &'p str,
    /// The same, for the tree to share.
    shared: StrTendril,
    parser: Parser<HtmlTreeSink>,
    slimmer: Slimmer<'p>,
    names: FxHashMap<&'p str, LocalName>,
    /// Whether the tokenizer may be in the midst of something.
    is_open: bool,
    /// Whether nobody else can tell where what it is in ends.
    is_lost: bool,
    /// Whether the tree is beyond a limit.
    is_full: bool,
    looked_at: usize,
}

impl<'p> Builder<'p> {
    pub(crate) fn new(page: &'p str, wanted: &'p Wanted<'p>) -> Self {
        // The mark of byte order is gone already.
        let mut options = ParseOpts::default();
        options.tokenizer.discard_bom = false;
        let mut html = Html::new_document();
        // Every tag makes a node, or ends one behind which a text may stand.
        let room = memchr::memchr_iter(b'<', page.as_bytes()).count();
        html.tree = Tree::with_capacity(Node::Document, room.min(MAX_ROOM) + 16);
        Self {
            page,
            shared: StrTendril::from_slice(page),
            parser: driver::parse_document(HtmlTreeSink::new(html), options),
            slimmer: Slimmer::new(wanted),
            names: FxHashMap::default(),
            is_open: false,
            is_lost: false,
            is_full: false,
            looked_at: 0,
        }
    }

    /// The tree of the page behind the guard, if it stays within the limits.
    pub(crate) fn tamed(mut self) -> Option<Html> {
        let mut guard = Guard::new(self.page);
        let (mut from, mut at) = (0, 0);
        while let Some(markup) = guard.next(at) {
            at = markup.end;
            if markup.kind == Kind::Sign {
                continue;
            }
            self.text(from..markup.at);
            self.markup(&markup);
            from = at;
            if at - self.looked_at >= STEP {
                self.look(at);
            }
            if self.is_full {
                return None;
            }
        }
        self.text(from..self.page.len());
        self.finish()
    }

    /// The tree of the page as it is, if it stays within the limits.
    pub(crate) fn whole(mut self) -> Option<Html> {
        self.tokenize(0..self.page.len());
        self.finish()
    }

    fn finish(self) -> Option<Html> {
        if self.is_full { None } else { Some(self.parser.finish()) }
    }

    /// Looks whether the tree is within the limits.
    fn look(&mut self, at: usize) {
        self.looked_at = at;
        let html = self.parser.tokenizer.sink.sink.0.borrow();
        let mut nodes = html.tree.nodes();
        let is_deep = nodes.next_back().is_some_and(|last| last.ancestors().nth(MAX_DEPTH).is_some());
        self.is_full |= is_deep || nodes.len() >= MAX_NODES;
    }

    fn at(&self, range: Range<usize>) -> &'p str {
        self.page.get(range).unwrap_or_default()
    }

    /// A part of the page.
    fn part(&self, range: Range<usize>) -> StrTendril {
        let ends = (u32::try_from(range.start), u32::try_from(range.len()));
        let part = if let (Ok(start), Ok(length)) = ends {
            self.shared.try_subtendril(start, length).ok()
        } else {
            None
        };
        part.unwrap_or_default()
    }

    /// Hands a token to the tree builder; whether what follows is the content of an element that has no markup.
    fn give(&self, token: Token) -> bool {
        let answer = self.parser.tokenizer.sink.process_token(token, 1);
        matches!(answer, TokenSinkResult::RawData(_))
    }

    /// Lets the tokenizer read a part of the page.
    fn tokenize(&mut self, range: Range<usize>) {
        let mut from = range.start;
        while from < range.end && !self.is_full {
            let mut to = range.end.min(from + STEP);
            while !self.page.is_char_boundary(to) {
                to += 1;
            }
            self.parser.process(self.part(from..to));
            from = to;
            if from < range.end {
                self.look(from);
            }
        }
    }

    fn text(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        if self.is_open || self.is_lost {
            return self.tokenize(range);
        }
        let text = self.at(range.clone());
        let plain = memchr::memchr3(b'&', b'<', 0, text.as_bytes()).unwrap_or(text.len());
        let (plain, odd) = (range.start..range.start + plain, range.start + plain..range.end);
        if !plain.is_empty() {
            self.give(Token::CharacterTokens(self.part(plain)));
        }
        if !odd.is_empty() {
            self.is_open = is_open(self.at(odd.clone()));
            self.tokenize(odd);
        }
    }

    fn markup(&mut self, markup: &Markup<'p>) {
        match markup.fate {
            Fate::Kept => return self.kept(markup),
            Fate::Gone => {}
            Fate::Blank if self.is_open || self.is_lost => self.parser.process(" ".into()),
            Fate::Blank => {
                self.give(Token::CharacterTokens(" ".into()));
            }
            Fate::Bare => {
                self.parser.process(format!("<{}>", markup.name).into());
                self.is_open = false;
            }
        }
        if markup.tag < markup.end {
            // What was content is content of what is around it, or not.
            self.is_lost = true;
            self.tokenize(markup.tag..markup.end);
        }
    }

    fn kept(&mut self, markup: &Markup<'p>) {
        let is_direct = !self.is_open && !self.is_lost;
        match &markup.kind {
            Kind::Start => {
                let shape = self.shape(markup);
                match shape {
                    Shape::Plain { self_closing } if is_direct => {
                        self.start(markup, self_closing);
                    }
                    _ => self.slimmed(markup, shape),
                }
            }
            Kind::Raw(close) => self.raw(markup, close.as_ref()),
            Kind::End => {
                let name = markup.at + 2..markup.at + 2 + markup.name.len();
                let shape = self.slimmer.look(self.at(name.end..markup.tag), markup.name, true);
                if is_direct && matches!(shape, Shape::Plain { .. }) && self.slimmer.kept().is_empty() {
                    self.end(markup.name);
                } else {
                    self.slimmed(markup, shape);
                }
            }
            Kind::Comment => {
                let (range, comment) = (markup.at..markup.end, markup.at + 4..markup.end.saturating_sub(3));
                let text = self.page.get(comment.clone());
                let is_whole = self.at(range.clone()).ends_with("-->")
                    && text.is_none_or(|text| !text.starts_with("->") && !text.contains("--!>"));
                if is_direct && is_whole && text.is_some_and(|text| !text.contains('\0')) {
                    self.give(Token::CommentToken(self.part(comment)));
                } else {
                    self.tokenize(range);
                    self.closed(is_whole);
                }
            }
            Kind::Declaration => {
                self.tokenize(markup.at..markup.end);
                self.closed(true);
            }
            // Is text.
            Kind::Sign => {}
        }
    }

    /// After something that the tokenizer has read to its end, surely or not.
    fn closed(&mut self, surely: bool) {
        self.is_lost |= !surely;
        self.is_open = false;
    }

    fn shape(&mut self, markup: &Markup<'p>) -> Shape {
        let from = markup.at + 1 + markup.name.len();
        self.slimmer.look(self.at(from..markup.tag), markup.name, markup.is_told_apart)
    }

    /// Lets the tokenizer read the tag last looked at, without what is unwanted.
    fn slimmed(&mut self, markup: &Markup<'p>, shape: Shape) {
        let is_end = markup.kind == Kind::End;
        let from = markup.at + 1 + usize::from(is_end) + markup.name.len();
        let mut at = markup.at;
        for place in 0..self.slimmer.unwanted().len() {
            let Some(range) = self.slimmer.unwanted().get(place).cloned() else { break };
            self.tokenize(at..from + range.start);
            at = from + range.end;
        }
        self.tokenize(at..markup.tag);
        self.closed(shape != Shape::Unsure);
    }

    fn name(&mut self, name: &'p str) -> LocalName {
        self.names.entry(name).or_insert_with(|| LocalName::from(name)).clone()
    }

    /// Hands over the start tag last looked at; whether its content is no markup.
    fn start(&mut self, markup: &Markup<'p>, self_closing: bool) -> bool {
        let from = markup.at + 1 + markup.name.len();
        let mut attrs: Vec<Attribute> = Vec::with_capacity(self.slimmer.kept().len());
        let mut had_duplicate_attributes = false;
        for place in 0..self.slimmer.kept().len() {
            let Some((name, value)) = self.slimmer.kept().get(place).cloned() else { break };
            let name = self.name(self.at(from + name.start..from + name.end));
            if attrs.iter().any(|attribute| attribute.name.local == name) {
                had_duplicate_attributes = true;
                continue;
            }
            let value = self.part(from + value.start..from + value.end);
            attrs.push(Attribute { name: QualName::new(None, ns!(), name), value });
        }
        let name = self.name(markup.name);
        let kind = TagKind::StartTag;
        self.give(Token::TagToken(Tag { kind, name, self_closing, attrs, had_duplicate_attributes }))
    }

    fn end(&mut self, name: &'p str) {
        let (kind, name) = (TagKind::EndTag, self.name(name));
        let (self_closing, attrs, had_duplicate_attributes) = (false, Vec::new(), false);
        self.give(Token::TagToken(Tag { kind, name, self_closing, attrs, had_duplicate_attributes }));
    }

    /// An element whose content is no markup, unless it stands where the tree builder wants none.
    fn raw(&mut self, markup: &Markup<'p>, close: Option<&Range<usize>>) {
        let shape = self.shape(markup);
        let content = markup.tag..close.map_or(markup.end, |close| close.start);
        let text = self.at(content.clone());
        let name = markup.name;
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        // In a comment within a script, its end tag may be that of another.
        let is_twofold = is("script")
            && memchr::memmem::find(text.as_bytes(), b"<!--").is_some()
            && text.to_ascii_lowercase().contains("<script");
        let is_closed = close.is_some_and(|close| is_bare_end(self.at(close.clone()), name));
        let is_sure = is_closed && !is_twofold && shape != Shape::Unsure && !is("plaintext");
        let has_references = is("title") || is("textarea");
        let is_plain = memchr::memchr2(if has_references { b'&' } else { 0 }, 0, text.as_bytes()).is_none();
        let is_markup = text.contains('<');
        match shape {
            Shape::Plain { self_closing } if is_sure && is_plain && !self.is_open && !self.is_lost => {
                if self.start(markup, self_closing) {
                    if !content.is_empty() {
                        self.give(Token::CharacterTokens(self.part(content)));
                    }
                    return self.end(name);
                }
                self.tokenize(markup.tag..markup.end);
                self.closed(!is_markup);
            }
            _ => {
                let before = self.last().0;
                self.slimmed(markup, shape);
                let (nodes, is_own) = self.last();
                let is_taken = nodes > before && is_own.is_some_and(|own| is(&own));
                self.tokenize(markup.tag..markup.end);
                self.closed(is_sure && (is_taken || !is_markup));
            }
        }
    }

    /// How many nodes there are, and the name of the last one.
    fn last(&self) -> (usize, Option<LocalName>) {
        let html = self.parser.tokenizer.sink.sink.0.borrow();
        let mut nodes = html.tree.nodes();
        let count = nodes.len();
        let last = nodes.next_back().and_then(|node| node.value().as_element());
        (count, last.map(|element| element.name.local.clone()))
    }
}

/// Whether an end tag has nothing but its name.
fn is_bare_end(tag: &str, name: &str) -> bool {
    let inner = tag.strip_prefix("</").and_then(|rest| rest.strip_suffix('>'));
    inner.is_some_and(|inner| inner.trim_ascii_end().eq_ignore_ascii_case(name))
}

/// Whether a text may end within a reference or right behind one, or with a sign that may begin a tag.
fn is_open(text: &str) -> bool {
    let bytes = text.as_bytes();
    let behind = memchr::memrchr(b'&', bytes).and_then(|last| bytes.get(last + 1..));
    let is_reference = behind.is_some_and(|behind| {
        let end = behind.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'#');
        end.is_none_or(|end| end + 1 == behind.len())
    });
    is_reference || bytes.last() == Some(&b'<')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use scraper::Html;

    use crate::guard::tests::tame;
    use crate::tree;

    const PIECES: &str = "<p> </p> <p_a=1_b='&amp;'> <P_X=1> </P> & &amp &nbsp; &#x41 &not ; # x _ \n \r\n \r \0 < </ <! <!-- --> --!> -> <!doctype_html> <script> <SCRIPT>
        </script> </script_ > <title> </title> <style> </style> </styles> <textarea> </textarea> <select> </select> <frameset> <table> </table> <td> <pre> ' \" = / /> é <a_href=x/> <br/> <br_/_>
        <?x> <plaintext> <noscript> </noscript> <template> </template> <b> </b> <i_class=x_class=y> </i_x> <svg> </svg> <![CDATA[ ]]> <iframe> </iframe> <meta_charset=x> <a_b=\"c>d\">
        <x-y-with-a-name-that-is-longer-than-any-other> </body> <body_id=1> </html> <li> <option> <input_type=hidden/>";

    fn page() -> impl Strategy<Value = String> {
        let pieces: Vec<String> = PIECES
            .split(' ')
            .map(|piece| piece.trim_matches(['\n', ' ']).replace('_', " "))
            .chain(["\n", "\r\n", "\r", "a text "].map(str::to_owned))
            .collect();
        prop::collection::vec(prop::sample::select(pieces), 0..14).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]
        #[test]
        fn the_tree_is_the_one_of_the_library(page in page()) {
            // What is left out must not join two halves of one end of line.
            let lines = page.replace("\r\n", "\n").replace('\r', "\n");
            prop_assert_eq!(tree(&page), Html::parse_document(&tame(&lines)));
        }
    }

    #[test]
    fn a_table_of_odd_pages() {
        for page in [
            "",
            "\u{FEFF}<p>x",
            "a&b<p>c&amp;<b>d</b>&nbsp",
            "<title>a &amp; b</title><p>x",
            "<p>&nbsp;<script>if (a < b) x()</script><p>y<b>z",
            "<script><!-- <script> </script> --></script><p>x",
            "<frameset><style><p>x</style><frame>",
            "<textarea>\n\nx</textarea><pre>\n\ny\r\n\r\nz\rw",
            "<!--> x --><!-- a --!> b --><!---> c --><p>d",
            "<p>a < b <c <d>e<</p>f",
            "<table>x<tr>y<td>z</table>&copy<p>w",
        ] {
            assert_eq!(tree(page), Html::parse_document(&tame(page)), "{page}");
        }
    }
}
