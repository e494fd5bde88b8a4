//! Who holds which post: a small grammar of names and posts that stand side by side, the same in every language.
//!
//! A chain is a run of names and posts with nothing but commas, `and`, articles and forms of address between them. A
//! post directly before a name is its own. Else the chain is read in the direction that leaves fewer posts without a
//! holder: posts first (`Secretary to the Treasury, Dr. X, Governor, Dr. Y`) or names first (`X, Director, Y, Chair`).

use chancery_record::Span;
use chancery_rules::{Doc, Range, RuleSet, Symbol};
use chancery_text::fold;

use crate::State;
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
struct Link {
    /// What it covers: a post with its body and country.
    whole: Range,
    what: What,
    /// How it is joined to the one before.
    joint: Joint,
}

#[derive(Clone, Debug)]
enum What {
    Name(Range),
    Post { held: Held, plural: bool },
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Joint {
    /// Nothing, an article, a form of address.
    Direct,
    Comma,
    And,
    CommaAnd,
    /// A semicolon: the list's next item.
    Stop,
}

/// Pairs names and posts of every sentence; explicit pairs of rules that find `official` come first.
pub(crate) fn pairs(rules: &RuleSet, fields: &Fields, doc: &Doc<'_>, state: &State) -> Pairs {
    let mut result = Pairs { held: Vec::new(), alone: Vec::new() };
    explicit(rules, fields, doc, &mut result);
    let _ = state;
    for sentence in doc.sentences() {
        let mut links = Vec::new();
        for at in sentence.start..sentence.end {
            for (_, a) in doc.starting(at) {
                if a.kind == fields.person {
                    links.push(Link { whole: a.range, what: What::Name(a.range), joint: Joint::Stop });
                } else if a.kind == fields.post {
                    links.push(post(rules, fields, doc, a));
                }
            }
        }
        links.sort_by_key(|l| (l.whole.start, l.whole.end));
        let mut chain: Vec<Link> = Vec::new();
        for mut link in links {
            if let Some(last) = chain.last() {
                match joint(rules, doc, last.whole.end, link.whole.start) {
                    Some(joint) => link.joint = joint,
                    None => settle(rules, doc, &std::mem::take(&mut chain), &mut result),
                }
            }
            chain.push(link);
        }
        settle(rules, doc, &chain, &mut result);
    }
    result
}

/// Rules that tie a name to a post by themselves: `X, who is the Y`, `from BODY`.
fn explicit(rules: &RuleSet, fields: &Fields, doc: &Doc<'_>, result: &mut Pairs) {
    for (_, a) in doc.of_kind(fields.official) {
        let Some(name) = a.capture(fields.name) else { continue };
        let held = Held {
            title: a.capture(fields.title),
            body: a.capture(fields.body),
            country: a.capture(fields.country).and_then(|r| country(rules, fields, doc, r)),
            role: a.value(fields.role),
            acting: a.value(fields.acting).is_some(),
            former: a.value(fields.former).is_some(),
            rule: a.rule,
        };
        result.held.push(Pair { person: name, held });
    }
}

fn country(rules: &RuleSet, fields: &Fields, doc: &Doc<'_>, range: Range) -> Option<Symbol> {
    doc.entries(rules, "country", range.start)
        .filter(|(end, _)| *end == range.end)
        .find_map(|(_, data)| data.iter().find(|(k, _)| *k == fields.country).map(|(_, v)| *v))
}

fn post(rules: &RuleSet, fields: &Fields, doc: &Doc<'_>, a: &chancery_rules::Annotation) -> Link {
    let whole = a
        .captures
        .iter()
        .fold(a.range, |w, c| Range::new(w.start.min(c.range.start), w.end.max(c.range.end)));
    let held = Held {
        title: a.capture(fields.title),
        body: a.all(fields.body).last(),
        country: a.all(fields.country).last().and_then(|r| country(rules, fields, doc, r)),
        role: a.value(fields.role),
        acting: a.value(fields.acting).is_some(),
        former: a.value(fields.former).is_some(),
        rule: a.rule,
    };
    let plural = a.value(fields.number) == Some(fields.plural);
    // A bracket after the body belongs to it.
    let end =
        if doc.word(whole.end) == "(" && doc.word(whole.end + 2) == ")" { whole.end + 3 } else { whole.end };
    Link { whole: Range::new(whole.start, end), what: What::Post { held, plural }, joint: Joint::Stop }
}

/// How two links are joined; `None` where other words stand between them.
fn joint(rules: &RuleSet, doc: &Doc<'_>, from: usize, to: usize) -> Option<Joint> {
    if to < from || to - from > 8 {
        return None;
    }
    let (mut at, mut comma, mut and, mut stop) = (from, false, false, false);
    while at < to {
        if let Some(end) =
            ["hon", "posthon", "doc-article"].iter().find_map(|list| entry(doc, rules, list, at))
        {
            at = end;
        } else if let Some(end) = entry(doc, rules, "doc-and", at) {
            (at, and) = (end, true);
        } else if let Some(end) = entry(doc, rules, "doc-glue", at) {
            (at, comma) = (end, true);
        } else if let Some(end) = entry(doc, rules, "doc-stop", at) {
            (at, stop) = (end, true);
        } else {
            return None;
        }
    }
    Some(match (comma, and, stop) {
        (_, _, true) => Joint::Stop,
        (true, true, _) => Joint::CommaAnd,
        (true, false, _) => Joint::Comma,
        (false, true, _) => Joint::And,
        (false, false, _) => Joint::Direct,
    })
}

/// Reads one chain and adds its pairs.
fn settle(rules: &RuleSet, doc: &Doc<'_>, chain: &[Link], result: &mut Pairs) {
    if chain.is_empty() {
        return;
    }
    let known: Vec<bool> = chain.iter().map(|l| matches!(l.what, What::Name(name) if result.held.iter().any(|p| p.person == name && p.held.title.is_some()))).collect();
    let forward = posts_first(chain);
    let backward = names_first(rules, doc, chain);
    let unheld = |pairs: &[(usize, usize)]| {
        (0..chain.len())
            .filter(|n| matches!(chain[*n].what, What::Post { .. }) && !pairs.iter().any(|(_, p)| p == n))
            .count()
    };
    let ends_in_post = matches!(chain.last().map(|l| &l.what), Some(What::Post { .. }));
    let pairs = match unheld(&forward).cmp(&unheld(&backward)) {
        std::cmp::Ordering::Less => forward,
        std::cmp::Ordering::Greater => backward,
        std::cmp::Ordering::Equal if ends_in_post => backward,
        std::cmp::Ordering::Equal => forward,
    };
    for (name, post) in &pairs {
        if let (What::Name(person), What::Post { held, .. }) = (&chain[*name].what, &chain[*post].what)
            && !known[*name]
        {
            result.held.push(Pair { person: *person, held: held.clone() });
        }
    }
    for (n, link) in chain.iter().enumerate() {
        if let What::Post { held, .. } = &link.what
            && !pairs.iter().any(|(_, p)| *p == n)
            && let Some(title) = held.title
        {
            result.alone.push(title);
        }
    }
}

/// Posts belong to the next name: `(name, post)` as indices of the chain.
fn posts_first(chain: &[Link]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let mut waiting: Vec<usize> = Vec::new();
    let mut shared: Vec<usize> = Vec::new();
    for (n, link) in chain.iter().enumerate() {
        match &link.what {
            What::Post { .. } => {
                if link.joint == Joint::Stop {
                    waiting.clear();
                }
                waiting.push(n);
                shared.clear();
            }
            What::Name(_) => {
                if !waiting.is_empty() {
                    pairs.extend(waiting.iter().map(|p| (n, *p)));
                    shared = waiting
                        .iter()
                        .copied()
                        .filter(|p| matches!(&chain[*p].what, What::Post { plural: true, .. }))
                        .collect();
                    waiting.clear();
                } else {
                    // A plural title is that of every name of the list.
                    pairs.extend(shared.iter().map(|p| (n, *p)));
                }
            }
        }
    }
    pairs
}

/// Posts belong to the name before them, but one directly before a name is that name's.
fn names_first(rules: &RuleSet, doc: &Doc<'_>, chain: &[Link]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let mut name: Option<usize> = None;
    let mut names: Vec<usize> = Vec::new();
    for (n, link) in chain.iter().enumerate() {
        match &link.what {
            What::Name(_) => {
                if name.is_some_and(|last| last + 1 != n) {
                    names.clear();
                }
                name = Some(n);
                names.push(n);
            }
            What::Post { plural, .. } => {
                let next_name =
                    chain.get(n + 1).filter(|l| matches!(l.what, What::Name(_)) && l.joint == Joint::Direct);
                if next_name.is_some() {
                    pairs.push((n + 1, n));
                    // Posts joined by `and` right before it are that name's too.
                    let mut back = n;
                    while back > 0
                        && chain[back].joint == Joint::And
                        && matches!(chain[back - 1].what, What::Post { .. })
                        && !pairs.iter().any(|(_, p)| *p == back - 1)
                    {
                        back -= 1;
                        pairs.push((n + 1, back));
                    }
                    continue;
                }
                let Some(holder) = name else { continue };
                if link.joint == Joint::Stop
                    || (holder + 1 == n && link.joint == Joint::Direct && !closes(rules, doc, chain, n))
                {
                    continue;
                }
                if holder + 1 == n && matches!(link.joint, Joint::And | Joint::CommaAnd) && !plural {
                    continue;
                }
                if !closes(rules, doc, chain, n) {
                    continue;
                }
                if *plural {
                    pairs.extend(names.iter().map(|name| (*name, n)));
                } else {
                    pairs.push((holder, n));
                }
            }
        }
    }
    pairs
}

/// An apposition is closed by a comma, a stop, or what follows in the chain.
fn closes(rules: &RuleSet, doc: &Doc<'_>, chain: &[Link], n: usize) -> bool {
    let end = chain[n].whole.end;
    n + 1 < chain.len()
        || end >= doc.tokens().len()
        || doc.sentences()[doc.sentence_of(end - 1)].end == end
        || entry(doc, rules, "doc-close", end).is_some()
}
