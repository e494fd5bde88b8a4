//! What takes up somebody named before: titles that stand alone, `the Foundation`.

use std::collections::{BTreeMap, BTreeSet};

use chancery_rules::{Doc, Range};
use chancery_text::{Shape, fold};
use rustc_hash::FxHashMap;

use crate::State;
use crate::fields::{Fields, entry};
use crate::latest::{Latest, Mentions};
use crate::memory::{Candidates, Memory};
use crate::offices::Offices;
use crate::people::holds_in;
use crate::subjects::{Actor, Found};
use crate::what::What;

/// The people and bodies of a document by the words under which they may be taken up, each looked up once.
pub(crate) struct References<'a, 't> {
    fields: &'a Fields<'a>,
    doc: &'a Doc<'t>,
    state: &'a State,
    pub(crate) offices: Offices<'a, 't>,
    /// Who holds a post whose last words before a preposition are these, and how well it fits.
    ranks: Option<FxHashMap<Vec<String>, BTreeMap<usize, usize>>>,
    holders: FxHashMap<Vec<String>, Option<Candidates>>,
    /// Whom a title meant before.
    meant: FxHashMap<String, usize>,
    bodies: Option<Words>,
    bodies_by_head: FxHashMap<String, (Latest, Latest)>,
    posts: Option<Words>,
    /// Where the bodies are named in which the persons of the text hold posts.
    posts_in: Option<BTreeSet<usize>>,
    /// The head of the issuer's name, folded, and who it is.
    issuer: Option<(String, Actor)>,
    /// Who holds a post by the initials of its title.
    initials: Option<FxHashMap<String, Latest>>,
    holders_by_head: FxHashMap<String, Candidates>,
}

/// Who has a word in a name or title, and as its last word.
#[derive(Default)]
struct Words {
    any: FxHashMap<String, BTreeSet<usize>>,
    last: FxHashMap<String, BTreeSet<usize>>,
}

impl Words {
    fn add(&mut self, n: usize, name: &str) {
        let mut last = None;
        for word in name.split_whitespace().map(fold) {
            self.any.entry(word.clone()).or_default().insert(n);
            last = Some(word);
        }
        if let Some(word) = last {
            self.last.entry(word).or_default().insert(n);
        }
    }
}

/// So many who hold a post, and so many mentions of each, are looked through for one who speaks.
const MENTIONS: usize = 8;

fn members(of: &FxHashMap<String, BTreeSet<usize>>, word: &str) -> Vec<usize> {
    of.get(word).into_iter().flatten().copied().collect()
}

impl<'a, 't> References<'a, 't> {
    pub(crate) fn of(fields: &'a Fields<'a>, doc: &'a Doc<'t>, state: &'a State) -> Self {
        Self {
            fields,
            doc,
            state,
            offices: Offices::of(fields, doc, &state.people),
            ranks: None,
            holders: FxHashMap::default(),
            meant: FxHashMap::default(),
            bodies: None,
            bodies_by_head: FxHashMap::default(),
            posts: None,
            posts_in: None,
            issuer: state.issuer.as_deref().map(|name| issuer(state, name)),
            initials: None,
            holders_by_head: FxHashMap::default(),
        }
    }

    /// Whom a short title that stands alone means: whom it meant before, unless another holder acted in this paragraph;
    /// else the last holder who acted, else the last who was named.
    pub(crate) fn holder(&mut self, f: &Found, title: Range, memory: &Memory) -> Option<usize> {
        let Self { fields, doc, state, .. } = *self;
        let words: Vec<String> = (title.start..title.end).map(|at| fold(doc.word(at))).collect();
        if words.len() > 2 {
            return None;
        }
        let key = words.join(" ");
        let mentions = |n: usize| -> &Mentions { &state.people[n].mentions };
        let ranks = self.ranks.get_or_insert_with(|| ranks(fields, doc, state));
        let candidates = self.holders.entry(words).or_insert_with_key(|words| {
            let ranks = ranks.get(words)?;
            let best = ranks.values().max()?;
            let fitting = ranks.iter().filter(|(_, rank)| *rank == best).map(|(n, _)| *n);
            Some(Candidates::of(fitting.collect(), mentions))
        });
        let candidates = candidates.as_mut()?;
        let block = doc.sentences()[doc.sentence_of(f.range.start)].block;
        let acted = candidates.acted(memory);
        let here = acted.filter(|(_, there)| *there == block).map(|(n, _)| n);
        let before = self.meant.get(&key).copied();
        let named = || candidates.latest().before(title.start, mentions).map(|(_, n)| n);
        let Some(found) = here.or(before).or(acted.map(|(n, _)| n)).or_else(named) else {
            // None of them was named so far: rather one who speaks later than whom somebody meets.
            let speaks = |n: &&usize| {
                let mut first = mentions(**n).iter().take(MENTIONS);
                first.any(|(range, _)| doc.begins(&[fields.lists.speech], range.end))
            };
            let members = candidates.latest().members();
            return members.iter().take(MENTIONS).find(speaks).or(members.first()).copied();
        };
        self.meant.insert(key, found);
        Some(found)
    }

    /// `the PS`, `the Deputy PM`: the last holder of a post of whose title these are the initials.
    pub(crate) fn by_initials(&mut self, who: Range) -> Option<usize> {
        let Self { fields, doc, state, .. } = *self;
        let start = who.start + usize::from(doc.begins(&[fields.lists.doc_article], who.start));
        let short = |at: usize| doc.tokens()[at].shape.has(Shape::UPPER) && doc.word(at).len() < 5;
        if !(start..who.end).any(short) {
            return None;
        }
        let mentions = |n: usize| -> &Mentions { &state.people[n].mentions };
        let all = self.initials.get_or_insert_with(|| {
            let mut found: FxHashMap<String, BTreeSet<usize>> = FxHashMap::default();
            for (n, person) in state.people.iter().enumerate() {
                for title in person.posts.iter().filter_map(|held| held.title) {
                    let preposition = |at: &usize| doc.begins(&[fields.lists.preposition], *at);
                    let head = (title.start..title.end).find(preposition).unwrap_or(title.end);
                    let ends = [head, title.end].map(|end| initials(doc, title.start..end));
                    ends.into_iter().for_each(|letters| {
                        found.entry(letters).or_default().insert(n);
                    });
                }
            }
            let latest = |members: BTreeSet<usize>| Latest::of(members.into_iter().collect(), mentions);
            found.into_iter().map(|(letters, members)| (letters, latest(members))).collect()
        });
        let latest = all.get(&initials(doc, start..who.end))?;
        let last = latest.before(who.start, mentions).map(|(_, n)| n);
        last.or_else(|| latest.members().first().copied())
    }

    /// `the Foundation`: the last body with that word in its name; `the new minister`: the last holder of such a post.
    pub(crate) fn by_head(&mut self, f: &Found, memory: &Memory) -> Option<Actor> {
        let Self { fields, doc, .. } = *self;
        let who = f.who;
        let definite = doc.begins(&[fields.lists.definite], f.range.start)
            || (who.len() == 1 && doc.tokens()[who.start].shape.has(Shape::CAP));
        if !definite || who.len() > 3 {
            return None;
        }
        if f.what == Some(What::Body) && who.len() <= 2 {
            return self.body_by_head(&fold(doc.word(who.end - 1)), who);
        }
        entry(doc, fields, fields.lists.role, who.end - 1)?;
        // Another rank than the lone holder's: the Prime Minister is not the one Minister of the text.
        if (who.start..who.end - 1).any(|at| doc.begins(&[fields.lists.other_rank], at)) {
            return None;
        }
        self.holder_by_head(fold(doc.word(who.end - 1)), who, memory)
    }

    fn body_by_head(&mut self, head: &str, who: Range) -> Option<Actor> {
        let Self { doc, issuer, .. } = self;
        let bodies = &self.state.bodies;
        let mentions = |n: usize| -> &Mentions { &bodies[n].mentions };
        let words = self.bodies.get_or_insert_with(|| {
            let mut words = Words::default();
            bodies.iter().enumerate().for_each(|(n, body)| words.add(n, &body.name));
            words
        });
        let (last, any) = self.bodies_by_head.entry(head.to_owned()).or_insert_with_key(|head| {
            let latest = |of: &FxHashMap<String, BTreeSet<usize>>| Latest::of(members(of, head), mentions);
            (latest(&words.last), latest(&words.any))
        });
        // The issuer, unless another such body was named in the paragraph.
        let block = |at: usize| doc.sentences()[doc.sentence_of(at)].block;
        let posts = self.posts_in.get_or_insert_with(|| bodies_of_posts(self.state));
        let free = |of: &Latest| of.before_but(who.start, mentions, |start| posts.contains(&start));
        let near = free(any).is_some_and(|(start, _)| block(start) == block(who.start));
        if let Some((_, issuer)) = issuer.as_ref().filter(|(own, _)| own == head && !near) {
            return Some(issuer.clone());
        }
        // Without an article a body by its last word comes first: `Council` is rather a City Council.
        let first = if who.len() == 1 { last.before(who.start, mentions) } else { None };
        // One that is named for itself comes before one whose officials are.
        let found = first.or_else(|| free(any)).or_else(|| any.before(who.start, mentions));
        found.map(|(_, n)| Actor::Body(n))
    }

    fn holder_by_head(&mut self, head: String, who: Range, memory: &Memory) -> Option<Actor> {
        let Self { doc, state, .. } = *self;
        let mentions = |n: usize| -> &Mentions { &state.people[n].mentions };
        let words = self.posts.get_or_insert_with(|| {
            let mut words = Words::default();
            for (n, person) in state.people.iter().enumerate() {
                let titles = person.posts.iter().filter_map(|held| held.title);
                titles.for_each(|title| words.add(n, doc.words(title)));
            }
            words
        });
        let holders = self.holders_by_head.entry(head);
        let holders = holders.or_insert_with_key(|head| Candidates::of(members(&words.any, head), mentions));
        let spoke = holders.acted(memory).map(|(n, _)| n);
        let named = || holders.latest().before(who.start, mentions).map(|(_, n)| n);
        let found = spoke.or_else(named).map(Actor::Person);
        found.filter(|actor| !self.elsewhere(who, actor))
    }

    /// Whether the body named in a title or behind it is another one than those in which somebody holds posts.
    pub(crate) fn elsewhere(&self, title: Range, actor: &Actor) -> bool {
        let inside = || self.state.named_bodies.inside(title).next().map(|(range, _)| range);
        let body = || inside().or_else(|| body_behind(self.fields, self.doc, self.state, title.end));
        // Letters alone may be those of a body that the text calls otherwise.
        let body = || body().filter(|body| body.len() > 1);
        matches!(actor, Actor::Person(n) if body().is_some_and(|body| !holds_in(self.state, *n, body)))
    }
}

/// The body that is named behind a title: `the head` `of the Ministry of Ports`.
fn body_behind(fields: &Fields<'_>, doc: &Doc<'_>, state: &State, end: usize) -> Option<Range> {
    let of = entry(doc, fields, fields.lists.of, end)?;
    let start = of + usize::from(doc.begins(&[fields.lists.doc_article], of));
    let bodies = state.named_bodies.touching(Range::new(start, start + 1));
    bodies.first().map(|(range, _)| *range).filter(|range| range.start == start)
}

/// Where mentions of bodies begin that stand in somebody's post: `the Secretary of the Ministry of Ports, Ms Ray`.
fn bodies_of_posts(state: &State) -> BTreeSet<usize> {
    let held = state.people.iter().flat_map(|person| &person.posts).filter_map(|held| held.body);
    let mentions = held.flat_map(|body| state.named_bodies.touching(body));
    mentions.map(|(range, _)| range.start).collect()
}

/// The head of a body's name, folded, the last word before one in lower case; and the body where the text names it.
pub(crate) fn issuer(state: &State, name: &str) -> (String, Actor) {
    let folded = fold(name);
    let body = state.bodies.iter().position(|body| fold(&body.name) == folded);
    let actor = body.map_or_else(|| Actor::Words(name.to_owned()), Actor::Body);
    let head = name.split_whitespace().take_while(|word| !word.starts_with(char::is_lowercase)).last();
    (fold(head.unwrap_or_default()), actor)
}

/// The first letters of the words that begin in capitals, and all of words in capitals.
fn initials(doc: &Doc<'_>, words: std::ops::Range<usize>) -> String {
    let mut letters = String::new();
    for at in words.filter(|at| doc.tokens()[*at].shape.has(Shape::CAP)) {
        let word = doc.word(at);
        let parts = word.split(|c: char| !c.is_alphanumeric());
        if doc.tokens()[at].shape.has(Shape::UPPER) {
            letters.push_str(word);
        } else {
            letters.extend(parts.filter_map(|part| part.chars().next()));
        }
    }
    fold(&letters)
}

/// How well the posts of persons fit the words of a title: 2 the same role, whatever field or words around it, 1 another
/// rank of it.
fn ranks(
    fields: &Fields<'_>,
    doc: &Doc<'_>,
    state: &State,
) -> FxHashMap<Vec<String>, BTreeMap<usize, usize>> {
    let lists = &fields.lists;
    let mut ranks: FxHashMap<Vec<String>, BTreeMap<usize, usize>> = FxHashMap::default();
    let held = state.people.iter().enumerate().flat_map(|(n, p)| p.posts.iter().map(move |held| (n, held)));
    for (n, title) in held.filter_map(|(n, held)| held.title.map(|title| (n, title))) {
        let preposition = |at: &usize| doc.begins(&[lists.preposition], *at);
        let head = (title.start + 1..title.end).find(preposition).unwrap_or(title.end);
        for start in [head.checked_sub(1), head.checked_sub(2)].into_iter().flatten() {
            if start < title.start {
                continue;
            }
            let other = (title.start..start).any(|at| doc.begins(&[lists.other_rank], at));
            let words = (start..head).map(|at| fold(doc.word(at))).collect();
            let rank = ranks.entry(words).or_default().entry(n).or_default();
            *rank = (2 - usize::from(other)).max(*rank);
        }
    }
    ranks
}
