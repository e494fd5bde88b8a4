//! Where a passage stands: in the match, in the next paragraphs, in a list; its ends without marks.

use chancery_rules::{Annotation, Doc, Range};
use chancery_text::{ListMark, Quotation, Shape};
use rustc_hash::FxHashSet;

use crate::fields::{Fields, entry};

/// A list has at most so many items, a block quotation so many paragraphs.
const ITEMS: usize = 20;
const PARAGRAPHS: usize = 6;
/// Among so many the last that speaks in the first person is its end.
const OURS: usize = 4;
/// What is said from a dash on has so many tokens before the sentence that names who says it.
const SPOKEN: usize = 160;
/// A heading has no more tokens.
const HEADING: usize = 12;
/// An unmarked item of a list is no longer than this.
const SHORT: usize = 40;
/// What somebody says is rarely all said in a paragraph that is no longer than this.
const BRIEF: usize = 62;
/// A line that says whose the next paragraph is has at most so many tokens.
const LINE: usize = 30;
/// So near the beginning of a paragraph stands what it tells of its news: `Today’s launch comes as`.
const NEWS: usize = 14;

/// What a passage needs to know of its document.
pub(crate) struct Passages<'a, 't> {
    pub(crate) fields: &'a Fields<'a>,
    pub(crate) doc: &'a Doc<'t>,
    /// Blocks in which somebody speaks or proposes.
    voiced: FxHashSet<usize>,
    /// Blocks that announce what follows: `X said:`.
    announcing: FxHashSet<usize>,
}

impl<'a, 't> Passages<'a, 't> {
    pub(crate) fn new(fields: &'a Fields<'a>, doc: &'a Doc<'t>, found: &[&Annotation]) -> Self {
        let block = |a: &&&Annotation| doc.sentences()[doc.sentence_of(a.range.start)].block;
        // Who says `I` goes on with what somebody says.
        let speaks = |a: &&&Annotation| {
            a.capture(fields.subject).is_some_and(|who| !doc.begins(&[fields.lists.we], who.start))
        };
        let outside = |a: &&&Annotation| a.rule.is_some_and(|r| fields.rules.info(r).passage.is_some());
        let voiced = found.iter().filter(speaks).map(|a| block(&a)).collect();
        let announcing = found.iter().filter(outside).map(|a| block(&a)).collect();
        Self { fields, doc, voiced, announcing }
    }

    /// The passages of a match: what it captured, or what stands in the next blocks.
    pub(crate) fn of(&self, a: &Annotation) -> Vec<Range> {
        let outside = a.rule.and_then(|r| self.fields.rules.info(r).passage.as_deref());
        let spoken = a.value(self.fields.k) == Some(self.fields.spoken);
        let sentences = self.doc.sentences();
        let here = self.doc.sentence_of(a.range.end - 1);
        match outside {
            Some("next-block") => self.next_block(a.capture(self.fields.subject), sentences[here].block + 1),
            Some("next-list") => self.next_list(sentences[here].block + 1),
            Some("previous-sentence") if here > 0 => {
                vec![Range::new(sentences[here - 1].start, sentences[here - 1].end)]
            }
            _ if a.kind == self.fields.proposal => {
                a.all(self.fields.text).flat_map(|text| self.items(self.whole(text, spoken))).collect()
            }
            _ => a.all(self.fields.text).map(|text| self.whole(text, spoken)).collect(),
        }
    }

    /// All of a block, if it is there.
    pub(crate) fn block(&self, n: usize) -> Option<Range> {
        let sentences = self.doc.sentences();
        let first = sentences.partition_point(|s| s.block < n);
        let last = sentences.partition_point(|s| s.block <= n);
        (first < last).then(|| Range::new(sentences[first].start, sentences[last - 1].end))
    }

    /// Whether a paragraph tells of a speaker by name: who speaks says `I`.
    fn tells_of(&self, who: Option<Range>, block: Range) -> bool {
        let name = who.map(|who| self.doc.word(who.end - 1));
        let name = name.filter(|name| name.starts_with(char::is_uppercase));
        name.is_some_and(|name| (block.start..block.end).any(|at| self.doc.word(at) == name))
            && !self.is_ours(block)
    }

    /// Whether a paragraph speaks in the first person. `Your` among other capitals is part of a name.
    pub(crate) fn is_ours(&self, block: Range) -> bool {
        let doc = self.doc;
        let inside = |at: usize| at > block.start && doc.tokens()[at - 1].shape.has(Shape::WORD);
        let capital = |at: usize| {
            let mut letters = doc.word(at).chars();
            letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_alphabetic)
        };
        (block.start..block.end)
            .any(|at| doc.begins(&[self.fields.lists.we], at) && !(inside(at) && capital(at)))
    }

    /// Whether a paragraph tells figures, as the release does after somebody spoke in the first person. `21st` is none, nor
    /// is that of a name: `Covid-19`.
    fn tells_figures(&self, block: Range) -> bool {
        let figure = |word: &str| {
            let number = word.trim_start_matches(|c: char| !c.is_alphanumeric());
            let unit = number.trim_start_matches(|c: char| !c.is_alphabetic());
            number.starts_with(|c: char| c.is_ascii_digit()) && unit.chars().count() < 2
        };
        (block.start..block.end).any(|at| figure(self.doc.word(at)))
    }

    /// Whether a paragraph tells how its news came about: `The launch comes as`, `Meanwhile`.
    fn tells_news(&self, block: Range) -> bool {
        let near = block.start..block.end.min(block.start + NEWS);
        near.into_iter().any(|at| self.doc.begins(&[self.fields.lists.news], at))
    }

    /// Whether a line says whose the next paragraph is: `Ms Ray, Director:`.
    pub(crate) fn introduces(&self, block: Range) -> bool {
        block.len() <= LINE && self.doc.word(block.end - 1) == ":" && self.names(block)
    }

    /// Whether somebody is named in a paragraph.
    fn names(&self, block: Range) -> bool {
        let named = |at: usize| self.doc.starting(at).any(|(_, a)| a.kind == self.fields.person);
        (block.start..block.end).any(named)
    }

    /// Whether the second paragraph after `X said:` goes on with what X says: it takes something up (`This will help`), or
    /// the first was brief, and this one is no news.
    fn follows(&self, first: Range, block: Range) -> bool {
        let takes_up = self.doc.begins(&[self.fields.lists.this], block.start);
        let brief = first.len() <= BRIEF && !self.tells_figures(block) && !self.names(block);
        takes_up || (brief && self.mark(first.start).is_none())
    }

    /// Whether a paragraph goes on with what somebody says: `That is why`, `is a huge boost`.
    fn goes_on(&self, block: Range) -> bool {
        let opens = self.doc.begins(&[self.fields.lists.opinion], block.start);
        let judges = || (block.start..block.end).any(|at| self.doc.begins(&[self.fields.lists.judging], at));
        (opens || judges()) && !self.tells_figures(block)
    }

    /// Whether a paragraph is the last of the document and names nobody, as that which tells who else was there does.
    fn closes(&self, n: usize, block: Range) -> bool {
        self.block(n + 1).is_none() && !self.names(block) && !self.tells_figures(block)
    }

    /// Whether a paragraph is a heading: short and without a stop.
    fn heads(&self, block: Range) -> bool {
        let word = |at: usize| self.doc.tokens()[at].shape.has(Shape::WORD);
        block.len() <= HEADING && word(block.end - 1)
    }

    /// What follows `X said:`. Where marks are kept, each quotation that has paragraphs of its own; else the paragraphs
    /// up to the next `X said:` or to one that tells of X, or to the last that speaks in the first person; and one that
    /// ends the document right after the first.
    pub(crate) fn next_block(&self, who: Option<Range>, n: usize) -> Vec<Range> {
        let Some(first) = self.block(n) else { return Vec::new() };
        let quotes = self.doc.tokens().quotations();
        if let Ok(quote) = quotes.binary_search_by_key(&first.start, |q| q.open) {
            let more = quotes.get(quote + 1..).unwrap_or_default();
            let first = Range::new(first.start, quotes[quote].close + 1);
            return std::iter::once(first).chain(self.quoted_blocks(first.end, more)).collect();
        }
        let (mut end, mut ours) = (first.end, self.is_ours(first));
        for next in n + 1..n + PARAGRAPHS {
            let Some(block) = self.block(next) else { break };
            if self.announcing.contains(&next) || self.introduces(block) || self.tells_of(who, block) {
                let before = self.block(next - 1).unwrap_or(first);
                let stopped = matches!(self.doc.word(before.end - 1), "." | "!" | "?");
                let told = before.start >= end
                    && ((ours && self.tells_figures(before))
                        || self.tells_news(before)
                        || (next >= n + OURS && !self.is_ours(before)));
                return vec![Range::new(first.start, if stopped && !told { before.end } else { end })];
            }
            let begins = |list| self.doc.begins(&[list], block.start);
            let closes = next == n + 1 && self.closes(next, block);
            // `We have staff ready to help`: what somebody offers inside does not end it.
            let same = begins(self.fields.lists.we) || (closes && begins(self.fields.lists.opinion));
            if (self.voiced.contains(&next) && !same) || self.heads(block) {
                break;
            }
            let second = || next == n + 1 && self.follows(first, block);
            let goes_on = || !self.tells_news(block) && (closes || self.goes_on(block) || second());
            if (self.is_ours(block) && next < n + OURS) || (block.start == end && goes_on()) {
                (end, ours) = (block.end, true);
            }
        }
        vec![Range::new(first.start, end)]
    }

    /// The quotations after a token of which each is all of its paragraphs, one after another; the next line says of
    /// none whose it is.
    fn quoted_blocks(&self, mut end: usize, quotes: &[Quotation]) -> Vec<Range> {
        let sentences = self.doc.sentences();
        let block_at = |at: usize| sentences.get(self.doc.sentence_of(at)).map(|s| s.block);
        let mut found = Vec::new();
        for quote in quotes {
            let (Some(from), Some(to)) = (block_at(quote.open), block_at(quote.close)) else { break };
            let (Some(first), Some(last)) = (self.block(from), self.block(to)) else { break };
            let whole = first.start == quote.open && last.end == quote.close + 1;
            let signed = self.block(to + 1).is_some_and(|next| is_dash(self.doc.word(next.start)));
            let voiced = (from..=to).any(|n| self.voiced.contains(&n));
            if quote.open != end || !whole || signed || voiced {
                break;
            }
            end = quote.close + 1;
            found.push(Range::new(quote.open, end));
        }
        found
    }

    /// A paragraph that begins with a dash is spoken from there on: `– We won. It was hard, said X.` What is `spoken` up to
    /// a dash begins at one in the midst too: `It rained. – We won. It was hard – said X.`
    fn whole(&self, text: Range, spoken: bool) -> Range {
        let doc = self.doc;
        let sentence = doc.sentences()[doc.sentence_of(text.start)];
        let Some(block) = self.block(sentence.block) else { return text };
        if text.start > sentence.start + 1 {
            return text;
        }
        let stopped = |at: usize| matches!(doc.word(at - 1), "." | "!" | "?" | "…");
        let opens = |at: &usize| {
            let first = *at == block.start || (spoken && stopped(*at));
            first && is_dash(doc.word(*at))
        };
        let from = if spoken { text.start.saturating_sub(SPOKEN).max(block.start) } else { block.start };
        let to = if spoken { text.start } else { block.start + 1 };
        (from..to).rev().find(opens).map_or(text, |dash| Range::new(dash + 1, text.end))
    }

    /// Whether direct speech between dashes begins with this passage: `– It works – said X.`
    pub(crate) fn behind_dash(&self, text: Range) -> bool {
        text.start.checked_sub(1).is_some_and(|at| is_dash(self.doc.word(at)))
    }

    /// The mark of a list's item at a token.
    fn mark(&self, at: usize) -> Option<ListMark> {
        ListMark::at(self.doc.tokens().text(), self.doc.tokens(), at)
    }

    /// The items of a list inside a passage: `urged: (a) …; (b) …`. A passage with words of its own before them is one.
    fn items(&self, text: Range) -> Vec<Range> {
        let doc = self.doc;
        let parted = |at: usize| {
            at <= text.start + 1
                || matches!(doc.word(at - 1), ":" | ";" | ",")
                || doc.begins(&[self.fields.lists.and], at - 1)
        };
        let bracketed = |at: &usize| doc.word(*at) == "(" || doc.word(at + 1) == ")";
        let mut marks: Vec<(usize, ListMark)> = Vec::new();
        for at in (text.start..text.end.saturating_sub(2)).filter(bracketed) {
            let next = marks.last().map_or(1, |(_, last)| last.place + 1);
            let first = marks.first().map(|(_, first)| *first);
            let mark = self.mark(at).filter(|mark| mark.place == next && doc.word(mark.end - 1) == ")");
            if let Some(mark) =
                mark.filter(|mark| parted(at) && first.is_none_or(|first| first.goes_on(mark)))
            {
                marks.push((at, mark));
            }
        }
        let alone = marks.first().is_some_and(|(at, _)| *at <= text.start + 1);
        if marks.len() < 2 || !alone {
            return vec![text];
        }
        let ends = marks.iter().skip(1).map(|(at, _)| *at).chain([text.end]);
        marks.iter().zip(ends).map(|((_, mark), end)| Range::new(mark.end, end)).collect()
    }

    /// The first sentences of the items of the list that begins with a block: the blocks that a number, a bullet, a
    /// small letter or a semicolon marks, and the last after them; else short blocks that nobody speaks in.
    fn next_list(&self, first: usize) -> Vec<Range> {
        let announced = first.checked_sub(1).and_then(|n| self.block(n));
        let mut list = List { outer: announced.and_then(|block| self.mark(block.start)), ..List::default() };
        let mut items = Vec::new();
        for n in first..first + ITEMS {
            let Some(item) = self.block(n).and_then(|block| self.item(n, block)) else { break };
            if !list.takes(&item) {
                break;
            }
            if !item.opens {
                items.push(item.words);
            }
        }
        items
    }

    /// A block as an item of a list.
    fn item(&self, n: usize, block: Range) -> Option<Item> {
        let doc = self.doc;
        let mark = self.mark(block.start);
        let mut start = mark.map_or(block.start, |mark| mark.end);
        while start < block.end && !doc.tokens()[start].shape.has(Shape::WORD) {
            start += 1;
        }
        // `• 1. Roads`: a number behind a bullet.
        if let Some(mark) = self.mark(start) {
            start = mark.end;
        }
        if start >= block.end {
            return None;
        }
        let last = doc.word(block.end - 1);
        let goes_on = matches!(last, ";" | "," | ":") || doc.begins(&[self.fields.lists.and], block.end - 1);
        let quotes = doc.tokens().quotations();
        let quote = quotes.get(quotes.partition_point(|q| q.open < block.start));
        let spoken = self.voiced.contains(&n) || quote.is_some_and(|q| q.open < block.end);
        let sentence = doc.sentences()[doc.sentence_of(start)];
        Some(Item {
            words: Range::new(start, sentence.end.min(block.end)),
            mark,
            bullet: start > block.start,
            lower: doc.tokens()[start].shape.has(Shape::LOWER),
            goes_on,
            opens: last == ":",
            plain: block.len() <= SHORT && !spoken && matches!(last, "." | "!"),
        })
    }

    /// A passage without marks and stops at its ends; whether it stood in quotation marks.
    pub(crate) fn trimmed(&self, text: Range) -> Option<(Range, bool)> {
        let (mut start, mut end) = (text.start, text.end);
        let doc = self.doc;
        // Quotations follow one another: only those that touch the passage count.
        let all = doc.tokens().quotations();
        let from = all.partition_point(|q| q.close + 1 < start);
        let quotes = &all[from..all.partition_point(|q| q.open <= end).max(from)];
        let quoted = quotes
            .iter()
            .any(|q| q.open <= start + 1 && q.close + 1 >= end && q.open < end && q.close >= start);
        let within = quotes.iter().any(|q| q.open < start && q.close >= end);
        let stop =
            |at: usize| matches!(doc.word(at), "," | ";" | ":" | "." | "–" | "—" | "!" | "?" | "-" | "…");
        let and = |end: usize| entry(doc, self.fields, self.fields.lists.and, end - 1) == Some(end);
        // A mark that opens an open quotation again at a paragraph is none of the words.
        let again = |at: usize| {
            matches!(doc.word(at), "“" | "\"" | "„" | "«") && within && quotes.iter().all(|q| q.open != at)
        };
        loop {
            while start < end && (stop(start) || again(start)) {
                start += 1;
            }
            while end > start && (stop(end - 1) || and(end)) {
                end -= 1;
            }
            // A mark whose other one stands among the words, `“green” growth`, is one of the words.
            let opened = quotes.iter().find(|q| q.open == start && start < end);
            let closed = quotes.iter().find(|q| q.closed && q.close + 1 == end && start < end);
            let starts = opened.is_some_and(|q| !q.closed || q.close + 1 >= end);
            let ends = closed.is_some_and(|q| q.open <= start);
            if !starts && !ends {
                break;
            }
            start += usize::from(starts);
            end -= usize::from(ends);
            // Two single marks may stand for one that closes.
            let half = ends && end > start && matches!(doc.word(end - 1), "\u{2019}" | "'");
            end -= usize::from(half && doc.word(end - 1) == doc.word(end));
        }
        let said = (start..end).any(|at| doc.tokens()[at].shape.has(Shape::WORD));
        said.then_some((Range::new(start, end), quoted || within))
    }
}

fn is_dash(word: &str) -> bool {
    matches!(word, "–" | "—" | "-" | "―")
}

/// A paragraph that may be an item of a list.
struct Item {
    words: Range,
    mark: Option<ListMark>,
    /// A mark of whatever kind stands before its words.
    bullet: bool,
    /// It begins in lower case.
    lower: bool,
    /// Another item follows: it ends in a semicolon, a comma or `and`.
    goes_on: bool,
    /// A list inside the list follows.
    opens: bool,
    /// A short paragraph that nobody speaks in.
    plain: bool,
}

/// What is known of a list after some of its items.
#[derive(Default)]
struct List {
    /// The mark of the paragraph that announces the list.
    outer: Option<ListMark>,
    first: Option<Begun>,
    /// After an item that ends the list no other is taken.
    ended: bool,
    /// The last item ended in a full stop.
    closed: bool,
}

/// How a list begins.
#[derive(Clone, Copy)]
struct Begun {
    mark: Option<ListMark>,
    bullet: bool,
    /// Its items are told by marks, lower case or what they end in.
    marked: bool,
}

impl List {
    /// Whether an item is the next of the list.
    fn takes(&mut self, item: &Item) -> bool {
        let marked = item.goes_on || item.bullet || item.lower;
        let begun = Begun { mark: item.mark, bullet: item.bullet, marked };
        let first = *self.first.get_or_insert(begun);
        // After an item with a bullet or number that ends in a full stop, a paragraph without one is no item.
        let done = first.bullet && self.closed && !item.bullet;
        if self.ended || done || self.resumes(item, first) || !(first.marked || item.plain) {
            return false;
        }
        self.closed = !item.goes_on;
        self.ended = first.marked && !item.goes_on && !item.bullet;
        true
    }

    /// Whether an item is the next of another list: of that to which the announcing paragraph belongs, or one that
    /// counts otherwise.
    fn resumes(&self, item: &Item, first: Begun) -> bool {
        let Some(mark) = item.mark else { return false };
        let outer = self.outer.is_some_and(|outer| outer.kind == mark.kind && outer.place + 1 == mark.place);
        let other = self.closed && first.mark.is_some_and(|first| !first.goes_on(&mark));
        outer || other
    }
}
