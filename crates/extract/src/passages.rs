//! Where a passage stands: in the match, in the next paragraphs, in a list; its ends without marks.

use chancery_rules::{Annotation, Doc, Range};
use chancery_text::Shape;
use rustc_hash::FxHashSet;

use crate::fields::{Fields, entry};

/// A list has at most so many items, a block quotation so many paragraphs.
const ITEMS: usize = 20;
const PARAGRAPHS: usize = 4;
/// An unmarked item of a list is no longer than this.
const SHORT: usize = 40;

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
        let speaks = |a: &&&Annotation| a.capture(fields.subject).is_some();
        let outside = |a: &&&Annotation| a.rule.is_some_and(|r| fields.rules.info(r).passage.is_some());
        let voiced = found.iter().filter(speaks).map(|a| block(&a)).collect();
        let announcing = found.iter().filter(outside).map(|a| block(&a)).collect();
        Self { fields, doc, voiced, announcing }
    }

    /// The passages of a match: what it captured, or what stands in the next blocks.
    pub(crate) fn of(&self, a: &Annotation) -> Vec<Range> {
        let outside = a.rule.and_then(|r| self.fields.rules.info(r).passage.as_deref());
        let sentences = self.doc.sentences();
        let here = self.doc.sentence_of(a.range.end - 1);
        match outside {
            Some("next-block") => self.next_block(sentences[here].block + 1).into_iter().collect(),
            Some("next-list") => self.next_list(sentences[here].block + 1),
            Some("previous-sentence") if here > 0 => {
                vec![Range::new(sentences[here - 1].start, sentences[here - 1].end)]
            }
            _ => a.all(self.fields.text).map(|text| self.whole(text)).collect(),
        }
    }

    /// All of a block, if it is there.
    fn block(&self, n: usize) -> Option<Range> {
        let sentences = self.doc.sentences();
        let first = sentences.partition_point(|s| s.block < n);
        let last = sentences.partition_point(|s| s.block <= n);
        (first < last).then(|| Range::new(sentences[first].start, sentences[last - 1].end))
    }

    /// A block that is quoted, with the paragraphs that go on with it: to the end of the quotation where marks are
    /// kept, else up to the next `X said:`, or to the last that speaks in the first person.
    fn next_block(&self, n: usize) -> Option<Range> {
        let first = self.block(n)?;
        let quotes = self.doc.tokens().quotations();
        if let Ok(quote) = quotes.binary_search_by_key(&first.start, |q| q.open) {
            return Some(Range::new(first.start, quotes[quote].close + 1));
        }
        let mut end = first.end;
        for next in n + 1..n + PARAGRAPHS {
            let Some(block) = self.block(next) else { break };
            if self.announcing.contains(&next) {
                let before = self.block(next - 1)?;
                let stopped = matches!(self.doc.word(before.end - 1), "." | "!" | "?");
                return Some(Range::new(first.start, if stopped { before.end } else { end }));
            }
            if self.voiced.contains(&next) {
                break;
            }
            if (block.start..block.end).any(|at| self.doc.begins(&[self.fields.lists.we], at)) {
                end = block.end;
            }
        }
        Some(Range::new(first.start, end))
    }

    /// A paragraph that begins with a dash is spoken from there on: `– We won. It was hard, said X.`
    fn whole(&self, text: Range) -> Range {
        let sentence = self.doc.sentences()[self.doc.sentence_of(text.start)];
        let Some(block) = self.block(sentence.block) else { return text };
        let dash = matches!(self.doc.word(block.start), "–" | "—" | "-" | "―");
        let from = text.start <= sentence.start + 1;
        if dash && from { Range::new(block.start + 1, text.end) } else { text }
    }

    /// The first sentences of the items of the list that begins with a block: the blocks that a number, a bullet, a
    /// small letter or a semicolon marks, and the last after them; else short blocks that nobody speaks in.
    fn next_list(&self, first: usize) -> Vec<Range> {
        let mut items = Vec::new();
        let mut open = true;
        let (mut marked, mut bullet, mut closed) = (false, false, false);
        for n in first..first + ITEMS {
            let Some(block) = self.block(n) else { break };
            let mut start = block.start;
            while start < block.end && !self.doc.tokens()[start].shape.has(Shape::WORD) {
                start += 1;
            }
            // `5.1. Ms Ray`: a number that a stop or a bracket follows.
            let stop = |at: usize| matches!(self.doc.word(at), "." | ")");
            let counts = |at: usize| self.doc.tokens()[at].shape.has(Shape::NUM);
            if start + 2 < block.end && counts(start) && stop(start + 1) {
                start += 2;
            }
            if start == block.end {
                break;
            }
            let last = self.doc.word(block.end - 1);
            let and = self.doc.begins(&[self.fields.lists.and], block.end - 1);
            let goes_on = matches!(last, ";" | ",") || and;
            let mark = start > block.start || self.doc.tokens()[start].shape.has(Shape::LOWER);
            if n == first {
                marked = goes_on || mark;
                bullet = start > block.start;
            }
            // After an item with a bullet or number that ends in a full stop, a paragraph without one is no item.
            let done = bullet && closed && start == block.start;
            let quotes = self.doc.tokens().quotations();
            let quote = quotes.get(quotes.partition_point(|q| q.open < block.start));
            let spoken = self.voiced.contains(&n) || quote.is_some_and(|q| q.open < block.end);
            let plain = block.len() <= SHORT && !spoken && matches!(last, "." | "!");
            if done || !(open && (marked || plain)) {
                break;
            }
            closed = !goes_on;
            open = !marked || goes_on || (mark && start > block.start);
            let sentence = self.doc.sentences()[self.doc.sentence_of(start)];
            items.push(Range::new(start, sentence.end.min(block.end)));
        }
        items
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
        let mark = |at: usize| quotes.iter().any(|q| q.open == at || (q.close == at && q.closed));
        let edge = |at: usize| {
            mark(at) || matches!(doc.word(at), "," | ";" | ":" | "." | "–" | "—" | "!" | "?" | "-" | "…")
        };
        while start < end && edge(start) {
            start += 1;
        }
        while end > start
            && (edge(end - 1) || entry(doc, self.fields, self.fields.lists.and, end - 1) == Some(end))
        {
            end -= 1;
        }
        let said = (start..end).any(|at| doc.tokens()[at].shape.has(Shape::WORD));
        said.then_some((Range::new(start, end), quoted || within))
    }
}
