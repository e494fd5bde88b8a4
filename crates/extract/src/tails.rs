//! What a post is for where no rule knows the words: `Head of Component Two`, `chairperson of Sun Quays Group`.
//!
//! A post before such words stands beside its holder all the same where a sign closes them. Words that go on with what the
//! post is for belong to its title; after a bare title they are rather a body's name.

use chancery_rules::Range;
use chancery_text::Shape;

use crate::fields::entry;
use crate::pairing::{Link, Reader, What};

/// So many words at most.
const LONGEST: usize = 8;
/// So many words at most of a field in small letters.
const FIELD: usize = 4;

/// Unknown words behind a post, up to a sign.
struct Tail {
    end: usize,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Capitalized words that go on at once: `Head of Component` `Two`.
    More,
    /// A field in small letters: `vice minister` `of tides and moorings`.
    Field,
    /// Capitalized words after `of`.
    Name,
}

impl Reader<'_, '_> {
    /// Lets posts of a sentence reach over the unknown words that stand behind them, up to the next sign.
    pub(crate) fn reach(&self, links: &mut [Link], end: usize) {
        let starts: Vec<usize> = links.iter().skip(1).map(|link| link.whole.start).chain([end]).collect();
        for n in 0..links.len() {
            let named = n > 0 && matches!(links[n - 1].what, What::Name(_));
            let beside = named && self.doc.word(links[n - 1].whole.end) == ",";
            let link = &mut links[n];
            let What::Post { held, lower, plural: false, sides: (_, false) } = &mut link.what else {
                continue;
            };
            let bare = held.iter().all(|held| held.body.is_none());
            let Some(title) = held.first().and_then(|held| held.title).filter(|_| bare) else { continue };
            let scoped = (title.start..title.end).any(|at| self.doc.begins(&[self.fields.lists.of], at));
            let Some(tail) = self.tail(link.whole.end, starts[n]) else { continue };
            let fits = match tail.kind {
                Kind::More => scoped,
                Kind::Field => *lower && beside,
                Kind::Name => true,
            };
            if !fits {
                continue;
            }
            if tail.kind != Kind::Name {
                let wider = |title: Range| Range::new(title.start, tail.end);
                held.iter_mut().for_each(|held| held.title = held.title.map(wider));
            }
            link.whole = Range::new(link.whole.start, tail.end);
        }
    }

    /// The unknown words behind a post.
    fn tail(&self, from: usize, to: usize) -> Option<Tail> {
        let (doc, lists) = (self.doc, &self.fields.lists);
        let shape = |at: usize| doc.tokens()[at].shape;
        let of = entry(doc, self.fields, lists.of, from).filter(|end| *end < to);
        let first = of.map_or(from, |end| end + usize::from(doc.begins(&[lists.doc_article], end)));
        let known = |at: usize| doc.begins(&[lists.calendar, lists.hon, lists.posthon, lists.close], at);
        let joins = |at: usize| doc.begins(&[lists.of, lists.and, lists.doc_article], at);
        let capital = |at: usize| shape(at).has(Shape::CAP) || shape(at).has(Shape::NUM);
        let small = |at: usize| shape(at).has(Shape::LOWER) && !doc.begins(&[lists.function], at);
        let run = |word: &dyn Fn(usize) -> bool, longest: usize| {
            let part = |at: &usize| (!known(*at) && word(*at)) || joins(*at);
            let end = (first..to.min(first + longest)).take_while(part).last()? + 1;
            (word(first) && word(end - 1) && self.is_closed(end)).then_some(end)
        };
        let name =
            || run(&capital, LONGEST).map(|end| (end, if of.is_some() { Kind::Name } else { Kind::More }));
        let field = || of.and_then(|_| run(&small, FIELD)).map(|end| (end, Kind::Field));
        name().or_else(field).map(|(end, kind)| Tail { end, kind })
    }

    /// Whether a sign, or the end of the sentence, stands at a token.
    fn is_closed(&self, at: usize) -> bool {
        let sentences = self.doc.sentences();
        sentences[self.doc.sentence_of(at - 1)].end == at
            || matches!(self.doc.word(at), "," | ";" | "." | ")")
    }
}
