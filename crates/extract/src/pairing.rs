//! Who holds which post: a small grammar of names and posts that stand side by side, the same in every language.
//!
//! A chain is a run of names and posts with nothing but commas, `and`, articles and forms of address between them.
//! [`crate::chain`] reads it. Rules that find `official` tie names to posts over other words: `X, who is the Y`.

use chancery_record::Span;
use chancery_rules::{Annotation, Doc, Range, RuleSet, Symbol};
use chancery_text::{Shape, fold};

use crate::chain;
use crate::fields::{Fields, entry};

/// A post as somebody holds it.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    /// The words of the title; `None` for somebody `from` a body.
    pub(crate) title: Option<Range>,
    /// A token of the body's mention.
    pub(crate) body: Option<Range>,
    pub(crate) country: Option<Symbol>,
    pub(crate) role: Option<Symbol>,
    pub(crate) acting: bool,
    pub(crate) former: bool,
    pub(crate) rule: Option<usize>,
}

impl Held {
    /// Whether two posts say the same of their holder.
    pub(crate) fn same(&self, other: &Self, doc: &Doc<'_>) -> bool {
        let words = |r: Option<Range>| r.map(|r| fold(doc.words(r)));
        words(self.title) == words(other.title) && words(self.body) == words(other.body)
    }

    /// Where the post stands: its title, else its body.
    pub(crate) fn span(&self, doc: &Doc<'_>) -> Span {
        let (start, end) = doc.bytes(self.title.or(self.body).unwrap_or_default());
        Span::new(start, end)
    }
}

/// A person and a post of theirs.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub(crate) person: Range,
    pub(crate) held: Held,
}

/// All pairs of a document, and the posts that stand alone.
pub(crate) struct Pairs {
    pub(crate) held: Vec<Pair>,
    pub(crate) alone: Vec<Range>,
}

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
    /// A semicolon: the list's next item.
    Stop,
}

/// Pairs names and posts of every sentence; explicit pairs of rules that find `official` come first.
pub(crate) fn pairs(rules: &RuleSet, fields: &Fields, doc: &Doc<'_>) -> Pairs {
    let reader = Reader { rules, fields, doc };
    let mut result = Pairs { held: Vec::new(), alone: Vec::new() };
    let taken = reader.explicit(&mut result);
    for sentence in doc.sentences() {
        let mut links = Vec::new();
        for at in sentence.start..sentence.end {
            for (_, a) in doc.starting(at) {
                if a.kind == fields.person {
                    let what = What::Name(a.range);
                    links.push(Link { whole: a.range, what, joint: Joint::Stop, article: false });
                } else if a.kind == fields.post && !taken.contains(&a.range) {
                    links.push(reader.post(a));
                }
            }
        }
        links.sort_by_key(|l| (l.whole.start, l.whole.end));
        let mut chain: Vec<Link> = Vec::new();
        let mut end = 0;
        for mut link in links {
            // What stands inside a post, such as the person whose secretary somebody is, is no link of its own.
            if link.whole.end <= end {
                continue;
            }
            end = link.whole.end;
            if let Some(last) = chain.last() {
                match reader.joint(last.whole.end, link.whole.start) {
                    Some((joint, article)) => (link.joint, link.article) = (joint, article),
                    None => reader.settle(&std::mem::take(&mut chain), &mut result),
                }
            }
            chain.push(link);
        }
        reader.settle(&chain, &mut result);
    }
    reader.bodies_alone(&mut result);
    reader.countries(&mut result);
    result
}

/// What every step of the pairing reads.
struct Reader<'a, 't> {
    rules: &'a RuleSet,
    fields: &'a Fields,
    doc: &'a Doc<'t>,
}

impl Reader<'_, '_> {
    /// Rules that tie a name or pronoun to a post: `X, who is the Y`, `She was Y`. The posts they took.
    fn explicit(&self, result: &mut Pairs) -> Vec<Range> {
        let mut taken = Vec::new();
        for (_, a) in self.doc.of_kind(self.fields.official) {
            let person = a.capture(self.fields.name).or_else(|| {
                a.capture(self.fields.pronoun).and_then(|pronoun| self.person_before(pronoun.start))
            });
            let post = a.capture(self.fields.post).and_then(|range| self.post_at(range));
            let (Some(person), Some(post)) = (person, post) else { continue };
            if let What::Post { held, .. } = self.post(post).what {
                result.held.extend(held.into_iter().map(|held| Pair { person, held }));
                taken.push(post.range);
            }
        }
        taken
    }

    fn post_at(&self, range: Range) -> Option<&Annotation> {
        self.doc
            .starting(range.start)
            .map(|(_, a)| a)
            .find(|a| a.kind == self.fields.post && a.range == range)
    }

    /// Whom a pronoun at `at` takes up: the first person of the nearest earlier sentence that names one.
    fn person_before(&self, at: usize) -> Option<Range> {
        let here = self.doc.sentence_of(at);
        (here.saturating_sub(3)..here).rev().find_map(|n| {
            let sentence = self.doc.sentences()[n];
            let mut names = (sentence.start..sentence.end).flat_map(|t| self.doc.starting(t));
            names.find(|(_, a)| a.kind == self.fields.person).map(|(_, a)| a.range)
        })
    }

    /// Names with a body and no title: `X from BODY`, `the BODY delegation included X`. A post that already stands
    /// before the name takes the body.
    fn bodies_alone(&self, result: &mut Pairs) {
        for (_, a) in self.doc.of_kind(self.fields.official) {
            let Some(body) = a.capture(self.fields.body).filter(|_| a.capture(self.fields.post).is_none())
            else {
                continue;
            };
            let Some(person) = a.capture(self.fields.name) else {
                self.members(a, body, result);
                continue;
            };
            let mut mine = result.held.iter_mut().filter(|p| p.person == person).peekable();
            if mine.peek().is_none() {
                result.held.push(Pair { person, held: self.bare(a, body) });
            } else if let Some(pair) = mine.find(|p| p.held.body.is_none()) {
                pair.held.body = Some(body);
            }
        }
    }

    /// `Prime Minister X of COUNTRY`: a post directly before the name takes the country.
    fn countries(&self, result: &mut Pairs) {
        for (_, a) in self.doc.of_kind(self.fields.official) {
            let (Some(person), Some(country), None) =
                (a.capture(self.fields.name), a.capture(self.fields.country), a.capture(self.fields.post))
            else {
                continue;
            };
            let country = self.country(country);
            let mine = result.held.iter_mut().filter(|p| p.person == person);
            for pair in mine.filter(|p| p.held.body.is_none()) {
                pair.held.country = pair.held.country.or(country);
            }
        }
    }

    /// Everybody named after `a` in its sentence who has no post is of the body.
    fn members(&self, a: &Annotation, body: Range, result: &mut Pairs) {
        let end = self.doc.sentences()[self.doc.sentence_of(a.range.start)].end;
        let names = (a.range.end..end).flat_map(|t| self.doc.starting(t));
        let people: Vec<Range> =
            names.filter(|(_, n)| n.kind == self.fields.person).map(|(_, n)| n.range).collect();
        for person in people {
            if !result.held.iter().any(|p| p.person == person) {
                result.held.push(Pair { person, held: self.bare(a, body) });
            }
        }
    }

    const fn bare(&self, a: &Annotation, body: Range) -> Held {
        Held {
            title: None,
            body: Some(body),
            country: None,
            role: None,
            acting: false,
            former: false,
            rule: a.rule,
        }
    }

    fn country(&self, range: Range) -> Option<Symbol> {
        self.doc
            .entries(self.rules, "country", range.start)
            .filter(|(end, _)| *end == range.end)
            .find_map(|(_, data)| data.iter().find(|(k, _)| *k == self.fields.country).map(|(_, v)| *v))
    }

    fn post(&self, a: &Annotation) -> Link {
        let whole = a
            .captures
            .iter()
            .fold(a.range, |w, c| Range::new(w.start.min(c.range.start), w.end.max(c.range.end)));
        let held = Held {
            title: a.capture(self.fields.title).and_then(|r| self.wordy(r)),
            body: a.all(self.fields.body).last(),
            country: a.all(self.fields.country).last().and_then(|r| self.country(r)),
            role: a.value(self.fields.role),
            acting: a.value(self.fields.acting).is_some(),
            former: a.value(self.fields.former).is_some(),
            rule: a.rule,
        };
        let also = a.all(self.fields.also).map(|body| Held { body: Some(body), ..held.clone() });
        let all: Vec<Held> = std::iter::once(held.clone()).chain(also).collect();
        let plural = a.value(self.fields.number) == Some(self.fields.plural);
        let lower = !(a.range.start..a.range.end).any(|t| self.doc.tokens()[t].shape.has(Shape::CAP));
        let sides = (whole.start < a.range.start, whole.end > a.range.end);
        // A bracket around or after what was captured last belongs to it.
        let end = match (self.doc.word(whole.end), self.doc.word(whole.end + 2)) {
            ("(", ")") => whole.end + 3,
            (")", _) => whole.end + 1,
            _ => whole.end,
        };
        let what = What::Post { held: all, plural, lower, sides };
        Link { whole: Range::new(whole.start, end), what, joint: Joint::Stop, article: false }
    }

    /// A title without a dash or comma at its ends.
    fn wordy(&self, title: Range) -> Option<Range> {
        let word = |t: usize| self.doc.tokens()[t].shape.has(Shape::WORD) || self.doc.word(t) == ")";
        let start = (title.start..title.end).find(|t| word(*t) || self.doc.word(*t) == "(")?;
        (start + 1..=title.end).rev().find(|end| word(end - 1)).map(|end| Range::new(start, end))
    }

    /// How two links are joined and whether an article stands between; `None` where other words do.
    fn joint(&self, from: usize, to: usize) -> Option<(Joint, bool)> {
        if to < from || to - from > 10 {
            return None;
        }
        let has = |list: &str, at: usize| entry(self.doc, self.rules, list, at);
        let (mut at, mut comma, mut and, mut stop, mut article) = (from, false, false, false, false);
        while at < to {
            if let Some(end) = has("doc-article", at) {
                (at, article) = (end, true);
            } else if let Some(end) =
                has("hon", at).or_else(|| has("posthon", at)).or_else(|| self.bracket(at, to))
            {
                at = end;
            } else if self.doc.word(at) == "(" {
                // A post in brackets after a name.
                (at, comma) = (at + 1, true);
            } else if let Some(end) = has("doc-and", at) {
                (at, and) = (end, true);
            } else if let Some(end) = has("doc-glue", at) {
                (at, comma) = (end, true);
            } else if let Some(end) = has("doc-stop", at) {
                (at, stop) = (end, true);
            } else {
                return None;
            }
        }
        let joint = match (comma, and, stop) {
            (_, _, true) => Joint::Stop,
            (true, true, _) => Joint::CommaAnd,
            (true, false, _) => Joint::Comma,
            (false, true, _) => Joint::And,
            (false, false, _) => Joint::Direct,
        };
        Some((joint, article))
    }

    /// A short bracket, such as an age: one past it.
    fn bracket(&self, at: usize, to: usize) -> Option<usize> {
        let close = (at + 1..to.min(at + 6)).find(|t| self.doc.word(*t) == ")")?;
        (self.doc.word(at) == "(").then_some(close + 1)
    }

    /// Reads one chain and adds its pairs.
    fn settle(&self, links: &[Link], result: &mut Pairs) {
        let closed: Vec<bool> = (0..links.len()).map(|n| self.closes(links, n)).collect();
        let mut links = links.to_vec();
        let pairs = chain::pairs(&links, &closed);
        share(&mut links, &pairs);
        for (name, post) in &pairs {
            if let (What::Name(person), What::Post { held, .. }) = (&links[*name].what, &links[*post].what) {
                result.held.extend(held.iter().map(|held| Pair { person: *person, held: held.clone() }));
            }
        }
        for (n, link) in links.iter().enumerate() {
            if let What::Post { held, .. } = &link.what
                && !pairs.iter().any(|(_, p)| *p == n)
            {
                result.alone.extend(held.first().and_then(|h| h.title));
            }
        }
    }

    /// An apposition is closed by a comma, a stop, or what follows in the chain.
    fn closes(&self, links: &[Link], n: usize) -> bool {
        let end = links[n].whole.end;
        n + 1 < links.len()
            || end >= self.doc.tokens().len()
            || self.doc.sentences()[self.doc.sentence_of(end - 1)].end == end
            || entry(self.doc, self.rules, "doc-close", end).is_some()
    }
}

/// A body or country said once for two posts joined by `and` is that of both: after the last, or before the first.
fn share(links: &mut [Link], pairs: &[(usize, usize)]) {
    let holder = |n: usize| pairs.iter().find(|(_, p)| *p == n).map(|(name, _)| *name);
    let joined = |links: &[Link], n: usize, joints: &[Joint]| {
        n > 0
            && joints.contains(&links[n].joint)
            && !links[n].article
            && holder(n).is_some()
            && holder(n) == holder(n - 1)
    };
    let give = |links: &mut [Link], from: usize, to: usize| {
        let What::Post { held: giver, .. } = links[from].what.clone() else { return };
        if let (Some(g), What::Post { held, sides: (false, false), .. }) =
            (giver.first(), &mut links[to].what)
        {
            for mine in held {
                (mine.body, mine.country) = (mine.body.or(g.body), mine.country.or(g.country));
            }
        }
    };
    for n in (1..links.len()).rev() {
        if joined(links, n, &[Joint::And]) && matches!(links[n].what, What::Post { sides: (_, true), .. }) {
            give(links, n, n - 1);
        }
    }
    for n in 1..links.len() {
        let listed = joined(links, n, &[Joint::And, Joint::Comma]);
        if listed && matches!(links[n - 1].what, What::Post { sides: (true, _), .. }) {
            give(links, n - 1, n);
        }
    }
}
