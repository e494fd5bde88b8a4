//! Who holds which post: a small grammar of names and posts that stand side by side, the same in every language.
//!
//! A chain is a run of names and posts with nothing but commas, `and`, articles and forms of address between them.
//! [`crate::chain`] reads it. Rules that find `official` tie names to posts over other words: `X, who is the Y`.

use std::borrow::Cow;
use std::cell::OnceCell;

use chancery_rules::{Annotation, Doc, List, Range, Symbol};
use chancery_text::{Shape, fold};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::called::Called;
use crate::chain;
use crate::fields::{Fields, entry};
use crate::listed;
use crate::named::Named;
use crate::overlap::{part, share};
use crate::posts::{Held, Pair, Posts, Tie};

/// All pairs of a document, and the posts that stand alone.
pub(crate) struct Pairs {
    pub(crate) held: Vec<Pair>,
    pub(crate) alone: Vec<(Range, Option<Range>)>,
    /// Names that a post or occupation stands beside.
    pub(crate) linked: Vec<Range>,
}

/// The subject of a sentence begins among so many tokens: `The`, and a word before the name.
const SUBJECT: usize = 3;

/// A bracket in a chain holds so many tokens at most, and so many stand between two links.
const ASIDE: usize = 10;
const APART: usize = 14;

/// A name or a post in a chain.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    /// What it covers: a post with its body and country.
    pub(crate) whole: Range,
    pub(crate) what: What,
    /// How it is joined to the one before.
    pub(crate) joint: Joint,
    /// An article stands before it.
    pub(crate) article: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum What {
    Name(Range),
    Post {
        /// The same title in each of its bodies.
        held: Vec<Held>,
        plural: bool,
        /// No word of the title is capitalized.
        lower: bool,
        /// A body or country stands before, after the title.
        sides: (bool, bool),
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Joint {
    /// Nothing, an article, a form of address.
    Direct,
    Comma,
    And,
    CommaAnd,
    /// A colon: the list begins.
    Colon,
    /// A semicolon: the list's next item.
    Stop,
}

/// Pairs names and posts of every sentence; explicit pairs of rules that find `official` come first.
pub(crate) fn pairs(fields: &Fields<'_>, doc: &Doc<'_>) -> Pairs {
    let reader = Reader { fields, doc, bodies: OnceCell::new(), called: OnceCell::new() };
    let officials: Vec<&Annotation> = doc.of_kind(fields.official).into_iter().map(|(_, a)| a).collect();
    let mut result = Pairs { held: Vec::new(), alone: Vec::new(), linked: Vec::new() };
    let taken = reader.explicit(&officials, &mut result);
    let mut lines = Lines::default();
    for n in 0..doc.sentences().len() {
        let links = reader.links(n, &taken);
        if reader.goes_on(n, &links, &mut lines) {
            continue;
        }
        reader.settle(&std::mem::take(&mut lines.links), &mut result);
        reader.sentence(n, links, &mut lines, &mut result);
    }
    reader.settle(&lines.links, &mut result);
    if !officials.is_empty() {
        let mut posts = Posts::of(&mut result.held);
        reader.bodies_alone(&officials, &mut posts);
        reader.countries(&officials, &mut posts);
    }
    result
}

/// A chain that may go on in the next lines: a name on a line of its own, its posts on the lines below.
#[derive(Default)]
struct Lines {
    links: Vec<Link>,
}

/// What every step of the pairing reads.
pub(crate) struct Reader<'a, 't> {
    pub(crate) fields: &'a Fields<'a>,
    pub(crate) doc: &'a Doc<'t>,
    bodies: OnceCell<Named>,
    pub(crate) called: OnceCell<Called<'t>>,
}

impl Reader<'_, '_> {
    /// Names and free posts of sentence `n`, in order. What stands inside a post, such as the person whose secretary
    /// somebody is, is no link of its own.
    fn links(&self, n: usize, taken: &FxHashSet<Range>) -> Vec<Link> {
        let sentence = self.doc.sentences()[n];
        let (mut links, mut posts) = (Vec::new(), Vec::new());
        for (_, a) in (sentence.start..sentence.end).flat_map(|at| self.doc.starting(at)) {
            if a.kind == self.fields.person {
                let what = What::Name(a.range);
                links.push(Link { whole: a.range, what, joint: Joint::Stop, article: false });
            } else if a.kind == self.fields.post && !taken.contains(&a.range) {
                posts.push(Cow::Borrowed(a));
            }
        }
        part(self.fields, self.doc, &mut posts);
        links.extend(posts.iter().map(|post| self.post(post)));
        links.sort_by_key(|l| (l.whole.start, l.whole.end));
        let mut end = 0;
        links.retain(|link| {
            let free = link.whole.end > end;
            end = end.max(link.whole.end);
            free
        });
        self.reach(&mut links, sentence.end);
        links
    }

    /// Reads the chains of a sentence; one that fills a whole line and ends in a name is left open for the next.
    fn sentence(&self, n: usize, links: Vec<Link>, lines: &mut Lines, result: &mut Pairs) {
        let fills = self.fills(n, &links);
        let mut chain: Vec<Link> = Vec::new();
        for mut link in links {
            if let Some(last) = chain.last() {
                match self.joint(last.whole.end, link.whole.start) {
                    Some((joint, article)) => (link.joint, link.article) = (joint, article),
                    None => self.settle(&std::mem::take(&mut chain), result),
                }
            }
            chain.push(link);
        }
        let names = chain.iter().filter(|link| matches!(link.what, What::Name(_))).count();
        if fills && names == 1 && matches!(chain.last(), Some(Link { what: What::Name(_), .. })) {
            lines.links = chain;
        } else {
            self.settle(&chain, result);
        }
    }

    /// Whether sentence `n` is a line of nothing but posts, or of a body, that goes on with the name above.
    fn goes_on(&self, n: usize, links: &[Link], lines: &mut Lines) -> bool {
        let Some(last) = lines.links.last_mut() else { return false };
        if let What::Post { held, sides, .. } = &mut last.what
            && links.is_empty()
            && let Some(body) = self.body_line(n)
        {
            let open = !sides.1 && held.iter().all(|h| h.body.is_none());
            held.iter_mut().filter(|_| open).for_each(|h| h.body = Some(body));
            return open;
        }
        let posts = links.iter().all(|link| matches!(link.what, What::Post { lower: false, .. }));
        if !posts || !self.fills(n, links) {
            return false;
        }
        let mut end = None;
        for link in links {
            // Posts of one line that `and` joins share their body.
            let joint =
                end.and_then(|end| self.joint(end, link.whole.start)).map_or(Joint::Comma, |(j, _)| j);
            end = Some(link.whole.end);
            let joint = if joint == Joint::And { joint } else { Joint::Comma };
            lines.links.push(Link { joint, ..link.clone() });
        }
        true
    }

    /// The body that is the whole of sentence `n`.
    fn body_line(&self, n: usize) -> Option<Range> {
        let sentence = self.doc.sentences()[n];
        let (_, body) =
            self.doc.starting(sentence.start).find(|(_, a)| a.kind == self.fields.organization)?;
        (body.range.end >= sentence.end).then_some(body.range)
    }

    /// Whether sentence `n` holds nothing but these names and posts, and what may stand between them.
    fn fills(&self, n: usize, links: &[Link]) -> bool {
        let sentence = self.doc.sentences()[n];
        let borders = links.iter().map(|link| (link.whole.start, link.whole.end));
        let mut at = sentence.start;
        let joined = borders.clone().all(|(start, end)| {
            let joined = self.joint(at, start).is_some();
            at = end;
            joined
        });
        joined && !links.is_empty() && self.joint(at, sentence.end).is_some()
    }

    /// Rules that tie a name or pronoun to a post: `X, who is the Y`, `She was Y`. The posts they took.
    fn explicit(&self, officials: &[&Annotation], result: &mut Pairs) -> FxHashSet<Range> {
        let mut taken = FxHashSet::default();
        let mut tied: Vec<(Range, &Annotation)> = Vec::new();
        for a in officials {
            let person = a
                .capture(self.fields.name)
                .or_else(|| {
                    a.capture(self.fields.pronoun).and_then(|pronoun| self.person_before(pronoun.start))
                })
                .or_else(|| a.capture(self.fields.surname).and_then(|surname| self.called(surname)));
            let post = a.capture(self.fields.post).and_then(|range| self.post_at(range));
            let (Some(person), Some(post)) = (person, post) else { continue };
            if let What::Post { held, .. } = self.post(post).what {
                result.held.extend(held.into_iter().map(|held| Pair { person, held }));
                taken.insert(post.range);
                tied.push((person, post));
            }
        }
        for (person, post) in tied {
            listed::go_on(self, person, post, &mut taken, &mut result.held);
        }
        self.said_once(&mut result.held);
        taken
    }

    /// `X is Founder and Partner of BODY`: the body is that of the post before `and` too.
    fn said_once(&self, held: &mut [Pair]) {
        let with: FxHashMap<(Range, usize), Range> = held
            .iter()
            .filter_map(|pair| {
                let and = pair.held.title?.start.checked_sub(1)?;
                let joined = entry(self.doc, self.fields, self.fields.lists.and, and) == Some(and + 1);
                let body = pair.held.body.filter(|body| joined && body.start > and)?;
                Some(((pair.person, and), body))
            })
            .collect();
        for pair in held.iter_mut().filter(|pair| pair.held.body.is_none() && pair.held.country.is_none()) {
            let end = pair.held.title.map(|title| (pair.person, title.end));
            pair.held.body = end.and_then(|end| with.get(&end)).copied();
        }
    }

    fn post_at(&self, range: Range) -> Option<&Annotation> {
        self.doc
            .starting(range.start)
            .map(|(_, a)| a)
            .find(|a| a.kind == self.fields.post && a.range == range)
    }

    pub(crate) fn country(&self, range: Range) -> Option<Symbol> {
        self.doc
            .entries(self.fields.rules, self.fields.lists.country, range.start)
            .filter(|(end, _)| *end == range.end)
            .find_map(|(_, data)| data.iter().find(|(k, _)| *k == self.fields.country).map(|(_, v)| *v))
    }

    pub(crate) fn post(&self, a: &Annotation) -> Link {
        let whole = a
            .captures
            .iter()
            .fold(a.range, |w, c| Range::new(w.start.min(c.range.start), w.end.max(c.range.end)));
        let body = a.all(self.fields.body).last();
        let generic = if body.is_none() { self.generic(a) } else { None };
        let held = Held {
            title: self.title(a, generic.is_some()),
            body: body.or(generic).or_else(|| self.owner(whole.start)),
            country: a.all(self.fields.country).last().and_then(|r| self.country(r)),
            role: a.value(self.fields.role),
            acting: a.value(self.fields.acting).is_some(),
            former: a.value(self.fields.former).is_some(),
            tie: Tie::Rule,
            rule: a.rule,
        };
        let also = a.all(self.fields.also).map(|body| Held { body: Some(body), ..held.clone() });
        let mut all: Vec<Held> = std::iter::once(held.clone()).chain(also).collect();
        // An occupation is a post only where the text says with whom, or in what rank: `Chief Nurse`.
        let ranked =
            a.value(self.fields.lifts).is_some() && self.doc.tokens()[a.range.start].shape.has(Shape::CAP);
        all.retain(|h| a.value(self.fields.needs).is_none() || h.body.is_some() || ranked);
        let plural = a.value(self.fields.number) == Some(self.fields.plural);
        let lower = !(a.range.start..a.range.end).any(|t| self.doc.tokens()[t].shape.has(Shape::CAP));
        let sides = (whole.start < a.range.start, whole.end > a.range.end);
        // Quotation marks and a bracket around or after what was captured last belong to it.
        let end = whole.end + usize::from(self.quoted(whole));
        let end = match (self.doc.word(end), self.doc.word(end + 2)) {
            ("(", ")") => end + 3,
            (")", _) => end + 1,
            _ => end,
        };
        let what = What::Post { held: all, plural, lower, sides };
        Link { whole: Range::new(whole.start, end), what, joint: Joint::Stop, article: false }
    }

    /// Whether a quotation mark that opens before the last word of a post closes behind it.
    fn quoted(&self, whole: Range) -> bool {
        let mark = |at: usize| matches!(self.doc.word(at), "\"" | "“" | "”" | "„" | "«" | "»");
        let closes = whole.end < self.doc.tokens().len() && mark(whole.end);
        closes && (whole.start..whole.end).any(mark)
    }

    /// The title's words; `of the Army` stays where no body of the text is meant.
    fn title(&self, a: &Annotation, meant: bool) -> Option<Range> {
        let title = a.capture(self.fields.title)?;
        let capital = |r: &Range| self.doc.tokens()[r.end - 1].shape.has(Shape::CAP);
        // `at the Embassy` tells where somebody serves.
        let of = |r: &Range| self.doc.begins(&[self.fields.lists.of], title.end.min(r.start));
        let kept = a.capture(self.fields.generic);
        let kept = kept.filter(|r| !meant && r.start >= title.end && capital(r) && of(r));
        self.wordy(Range::new(title.start, kept.map_or(title.end, |r| r.end)))
    }

    /// `Director of the Authority`: the body before that is named with this word, else the only one of the text.
    fn generic(&self, a: &Annotation) -> Option<Range> {
        self.called_so(a.capture(self.fields.generic)?.end.checked_sub(1)?, a.range.start)
    }

    /// The body that is meant by the word at a token and no more: the last that is named with it.
    fn called_so(&self, at: usize, before: usize) -> Option<Range> {
        let word = fold(self.doc.word(at));
        let bodies = self.bodies.get_or_init(|| Named::of(self.fields, self.doc));
        let only = || bodies.only(&word, |body| self.doc.words(body));
        bodies
            .last(&word, before)
            .or_else(|| only().filter(|_| self.doc.begins(&[self.fields.lists.later], at)))
    }

    /// `the Authority, through its Director`: the body named last before in the sentence. Where the sentence begins so,
    /// the body with which the one before begins: `The Authority agreed. Its Director, X, left.`
    fn owner(&self, start: usize) -> Option<Range> {
        let at = start.checked_sub(1)?;
        entry(self.doc, self.fields, self.fields.lists.owner, at)?;
        let here = self.doc.sentence_of(at);
        let first = self.doc.sentences()[here].start;
        let starting = |t: usize| self.doc.starting(t).find(|(_, a)| a.kind == self.fields.organization);
        if at > first {
            let named = (first..at).rev().find_map(|t| starting(t).map(|(_, body)| body.range));
            // `The Committee, under its Chairman`: a subject that is no more than its head noun.
            let subject = (first + 1..at).take(SUBJECT).find(|t| self.is_head(*t));
            return named.or_else(|| subject.and_then(|t| self.called_so(t, first)));
        }
        let before = self.doc.sentences()[here.checked_sub(1)?];
        let subject = before.start..before.end.min(before.start + SUBJECT);
        subject.into_iter().find_map(|t| starting(t).map(|(_, body)| body.range))
    }

    /// Whether the head noun of bodies stands alone after an article.
    fn is_head(&self, at: usize) -> bool {
        let article = self.doc.begins(&[self.fields.lists.article], at - 1);
        article
            && self.doc.tokens()[at].shape.has(Shape::CAP)
            && self.doc.begins(&[self.fields.lists.head], at)
    }

    /// A title without a dash or comma at its ends; the stop of what is cut short, as in `a.i.`, stays.
    fn wordy(&self, title: Range) -> Option<Range> {
        let abbreviated =
            |t: usize| t > title.start && self.doc.word(t) == "." && self.doc.word(t - 1).contains('.');
        let word = |t: usize| {
            self.doc.tokens()[t].shape.has(Shape::WORD) || self.doc.word(t) == ")" || abbreviated(t)
        };
        let start = (title.start..title.end).find(|t| word(*t) || self.doc.word(*t) == "(")?;
        (start + 1..=title.end).rev().find(|end| word(end - 1)).map(|end| Range::new(start, end))
    }

    /// How two links are joined and whether an article stands between; `None` where other words do.
    pub(crate) fn joint(&self, from: usize, to: usize) -> Option<(Joint, bool)> {
        if to < from || to - from > APART {
            return None;
        }
        let lists = &self.fields.lists;
        let has = |list: List, at: usize| entry(self.doc, self.fields, list, at);
        let (mut at, mut comma, mut and, mut stop) = (from, false, false, false);
        let (mut article, mut colon) = (false, false);
        while at < to {
            // `His Worship` is a form of address, `his` alone an article.
            if let Some(end) =
                has(lists.hon, at).or_else(|| has(lists.posthon, at)).or_else(|| self.bracket(at, to))
            {
                at = end;
            } else if let Some(end) = has(lists.doc_article, at) {
                (at, article) = (end, true);
            } else if self.doc.word(at) == "(" {
                // A post in brackets after a name.
                (at, comma) = (at + 1, true);
            } else if let Some(end) = has(lists.and, at) {
                (at, and) = (end, true);
            } else if let Some(end) = has(lists.glue, at) {
                colon |= has(lists.colon, at).is_some();
                (at, comma) = (end, true);
            } else if let Some(end) = has(lists.stop, at) {
                (at, stop) = (end, true);
            } else {
                return None;
            }
        }
        let joint = match (comma, and, stop) {
            (_, _, true) => Joint::Stop,
            _ if colon => Joint::Colon,
            (true, true, _) => Joint::CommaAnd,
            (true, false, _) => Joint::Comma,
            (false, true, _) => Joint::And,
            (false, false, _) => Joint::Direct,
        };
        Some((joint, article))
    }

    /// A short bracket, such as an age: one past it.
    fn bracket(&self, at: usize, to: usize) -> Option<usize> {
        let close = (at + 1..to.min(at + ASIDE)).find(|t| self.doc.word(*t) == ")")?;
        (self.doc.word(at) == "(").then_some(close + 1)
    }

    /// Reads one chain and adds its pairs.
    fn settle(&self, links: &[Link], result: &mut Pairs) {
        if links.is_empty() {
            return;
        }
        let closed: Vec<bool> = (0..links.len()).map(|n| self.closes(links, n)).collect();
        let mut links = links.to_vec();
        let pairs = chain::pairs(&links, &closed);
        // Whose each post is, first.
        let mut holders: Vec<Option<usize>> = vec![None; links.len()];
        for (name, post) in &pairs {
            holders[*post].get_or_insert(*name);
        }
        share(self.fields, self.doc, &mut links, &holders);
        for (name, post) in &pairs {
            if let (What::Name(person), What::Post { held, .. }) = (&links[*name].what, &links[*post].what) {
                result.linked.push(*person);
                let tie = chain::tie(&links, *name, *post);
                let pair = |held: &Held| Pair { person: *person, held: Held { tie, ..held.clone() } };
                result.held.extend(held.iter().map(pair));
            }
        }
        for (link, _) in links.iter().zip(&holders).filter(|(_, holder)| holder.is_none()) {
            if let What::Post { held, .. } = &link.what {
                result.alone.extend(held.first().and_then(|h| h.title.map(|title| (title, h.body))));
            }
        }
    }

    /// Whether a definite title is the subject of its sentence, before which a phrase ends in a name: `During talks with X,
    /// the Minister said`, `Thanking X, the Minister said`, `In a statement by his Secretary, X, the Minister said`.
    fn acts(&self, links: &[Link], n: usize) -> bool {
        let (doc, lists, post) = (self.doc, &self.fields.lists, &links[n]);
        let Some(Link { what: What::Name(name), .. }) = n.checked_sub(1).map(|last| &links[last]) else {
            return false;
        };
        let start = doc.sentences()[doc.sentence_of(name.start)].start;
        // The comma between a post and its holder belongs to the phrase.
        let before = n.checked_sub(2).map(|titled| &links[titled]);
        let titled = before.filter(|link| matches!(link.what, What::Post { .. }));
        let first = titled.map_or(name.start, |titled| titled.whole.start);
        let verb = |at: usize| {
            doc.tokens().get(at).is_some_and(|token| token.shape.has(Shape::LOWER))
                && !doc.begins(&[lists.preposition, lists.and, lists.human], at)
        };
        post.article
            && post.joint == Joint::Comma
            && doc.begins(&[lists.definite], post.whole.start - 1)
            && verb(post.whole.end)
            && doc.begins(&[lists.preposition, lists.opening], start)
            && (start..first).all(|at| doc.word(at) != ",")
    }

    /// An apposition is closed by a comma, a stop, or what follows in the chain.
    fn closes(&self, links: &[Link], n: usize) -> bool {
        let end = links[n].whole.end;
        if self.acts(links, n) {
            return false;
        }
        let bracketed =
            || self.doc.word(end - 1) == ")" && self.doc.word(links[n].whole.start.wrapping_sub(1)) == "(";
        n + 1 < links.len()
            || bracketed()
            || end >= self.doc.tokens().len()
            || self.doc.sentences()[self.doc.sentence_of(end - 1)].end == end
            || self.doc.begins(&[self.fields.lists.close], end)
    }
}
