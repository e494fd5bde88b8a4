//! Named persons of a document: full and short names merged, posts given to their holders, weak names kept or dropped.

use std::collections::BTreeSet;

use chancery_record::MentionKind;
use chancery_rules::{Annotation, Doc, List, Range};
use chancery_text::fold;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::State;
use crate::fields::Fields;
use crate::latest::{Latest, Mentions};
use crate::names::{merge, short_names};
use crate::namesakes::{move_to_holders, part_consorts, part_titles};
use crate::overlap::drop_nested;
use crate::pairing;
use crate::posts::{Held, without_repeats};

/// A person with all mentions and posts.
#[derive(Clone, Debug)]
pub(crate) struct Human {
    pub(crate) name: String,
    /// The name's words, folded, particles and initials included.
    pub(crate) words: Vec<String>,
    pub(crate) rule: Option<usize>,
    pub(crate) mentions: Vec<(Range, MentionKind)>,
    pub(crate) posts: Vec<Held>,
    pub(crate) strong: bool,
}

/// A post that stands for its holder: `the Minister`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TitleMention {
    pub(crate) range: Range,
    pub(crate) person: usize,
}

/// Merges names, gives posts to holders, keeps or drops weak names, resolves titles that stand alone.
pub(crate) fn find(fields: &Fields<'_>, doc: &mut Doc<'_>, state: &mut State) {
    drop_nested(doc, fields.person);
    let mut people = merge(fields, doc);
    short_names(fields, doc, &mut people);
    let mut pairs = pairing::pairs(fields, doc);
    let named = people.iter().enumerate().flat_map(|(n, p)| p.mentions.iter().map(move |(r, _)| (*r, n)));
    let mut named: FxHashMap<Range, usize> = named.collect();
    part_titles(fields, doc, &named, &mut pairs);
    move_to_holders(fields, doc, &mut people, &mut named, &pairs);
    part_consorts(fields, doc, &mut people, &mut named, &pairs);
    let mut known = FxHashSet::default();
    for pair in &pairs.held {
        if let Some(n) = named.get(&pair.person) {
            people[*n].strong = true;
            if known.insert((*n, pair.held.said(doc))) {
                people[*n].posts.push(pair.held.clone());
            }
        }
    }
    people.iter_mut().for_each(|person| without_repeats(fields, doc, &mut person.posts));
    let linked: FxHashSet<Range> = pairs.linked.into_iter().collect();
    for person in people.iter_mut().filter(|p| !p.strong) {
        person.strong = person.mentions.iter().any(|(r, _)| linked.contains(r));
    }
    promote(fields, doc, &mut people);
    let (kept, dropped): (Vec<Human>, Vec<Human>) = people.into_iter().partition(|p| p.strong);
    for human in dropped {
        for (range, _) in human.mentions {
            let gone: Vec<usize> = doc
                .starting(range.start)
                .filter(|(_, a)| a.kind == fields.person && a.range == range)
                .map(|(n, _)| n)
                .collect();
            gone.into_iter().for_each(|n| doc.remove(n));
        }
    }
    let mut people = kept;
    people.sort_by_key(|p| p.mentions.first().map(|(r, _)| *r));
    state.people = people;
    titles(fields, doc, state, &pairs.alone);
}

/// No name has more tokens.
const LONGEST_NAME: usize = 32;

/// A weak name is believed where it occurs again and not as a place's, stands beside a believed one, or where it speaks.
fn promote(fields: &Fields<'_>, doc: &Doc<'_>, people: &mut [Human]) {
    let lists = &fields.lists;
    let is = |list: List, at: usize| doc.begins(&[list], at);
    let joins = [lists.glue, lists.and, lists.hon, lists.posthon];
    let beside = |range: Range, strong: &[Range]| {
        let from = strong.partition_point(|s| s.start + LONGEST_NAME < range.start);
        strong[from..].iter().take_while(|s| s.start <= range.end + 3).any(|s| {
            let (a, b) = if s.end <= range.start { (s.end, range.start) } else { (range.end, s.start) };
            a < b && b - a <= 3 && (a..b).all(|t| doc.begins(&joins, t))
        })
    };
    let after = |list: List, range: &Range| range.start > 0 && is(list, range.start - 1);
    for _ in 0..2 {
        let mut strong: Vec<Range> =
            people.iter().filter(|p| p.strong).flat_map(|p| p.mentions.iter().map(|(r, _)| *r)).collect();
        strong.sort_unstable();
        for person in people.iter_mut().filter(|p| !p.strong) {
            let ranges = || person.mentions.iter().map(|(r, _)| r);
            let placed = ranges().any(|r| after(lists.at, r));
            let speaks = |r: &Range| {
                let closed = after(lists.glue, r) && doc.word(r.end) == ",";
                is(lists.speech, r.end + usize::from(closed)) || after(lists.speech, r)
            };
            let human =
                |r: &Range| is(lists.human, r.end) || (doc.word(r.end) == "," && is(lists.human, r.end + 1));
            person.strong = (person.mentions.len() > 1 && !placed)
                || ranges().any(|r| speaks(r) || human(r) || beside(*r, &strong));
        }
    }
}

/// So many words stand at most between a title and its body: `of the`.
const OF: usize = 2;

/// A post that nobody stands beside is held by the person whose post covers all its words: exact before partial, then
/// the one named last before the title, else the first of all.
fn titles(fields: &Fields<'_>, doc: &mut Doc<'_>, state: &mut State, alone: &[(Range, Option<Range>)]) {
    if alone.is_empty() {
        return;
    }
    let mentions = |n: usize| -> &Mentions { &state.people[n].mentions };
    let titles = Titles::of(doc, &state.people);
    let mut holders: FxHashMap<Vec<String>, Latest> = FxHashMap::default();
    let mut found = Vec::new();
    for (range, body) in alone {
        let words = folded(doc, *range);
        let holders =
            holders.entry(words).or_insert_with_key(|words| Latest::of(titles.holders(words), mentions));
        let last = holders.before(range.start, mentions).map(|(_, n)| n);
        let person = last.or_else(|| holders.members().first().copied());
        // The head of the Ministry is not the head of the Office; nor is a Director General, if the body's name follows.
        let behind = |body: Range| body.start > range.end && body.start <= range.end + OF && body.len() > 1;
        let body = body.filter(|body| range.len() == 1 || behind(*body));
        let other = |n: &usize| body.is_some_and(|body| !holds_in(state, *n, body));
        let person = person.filter(|n| !other(n));
        found.extend(person.map(|person| TitleMention { range: *range, person }));
    }
    for title in found {
        let (range, captures, data) = (title.range, Vec::new(), Vec::new());
        doc.add(Annotation { kind: fields.holder, rule: None, range, captures, data });
        state.titles.push(title);
    }
}

/// Whether a post of a person may be in the body that is named at a place: one of theirs is, or in one whose name or
/// letters that body carries too (`CPT Secretariat`), or none is told to be in any.
pub(crate) fn holds_in(state: &State, person: usize, body: Range) -> bool {
    let named = |place: Range| state.named_bodies.touching(place).first().map(|(_, n)| *n);
    let carries = |whole: &str, part: &str| whole.split_whitespace().any(|word| word == part);
    let Some(here) = named(body) else { return true };
    let kin = |n: usize| {
        let (held, other) = (&state.bodies[n], &state.bodies[here]);
        let letters = held.acronym.as_deref().is_some_and(|letters| carries(&other.name, letters));
        n == here || letters || other.name.contains(&held.name) || held.name.contains(&other.name)
    };
    let mut told = state.people[person].posts.iter().filter_map(|held| held.body).peekable();
    told.peek().is_none() || told.any(|place| named(place).is_none_or(kin))
}

fn folded(doc: &Doc<'_>, range: Range) -> Vec<String> {
    (range.start..range.end).map(|at| fold(doc.word(at))).collect()
}

/// The words of all titles, each with its holder, and which titles hold a word.
struct Titles {
    all: Vec<(usize, Vec<String>)>,
    holding: FxHashMap<String, Vec<usize>>,
}

impl Titles {
    fn of(doc: &Doc<'_>, people: &[Human]) -> Self {
        let mut titles = Self { all: Vec::new(), holding: FxHashMap::default() };
        for (n, person) in people.iter().enumerate() {
            for title in person.posts.iter().filter_map(|held| held.title) {
                let words = folded(doc, title);
                for word in words.iter().collect::<BTreeSet<_>>() {
                    titles.holding.entry(word.clone()).or_default().push(titles.all.len());
                }
                titles.all.push((n, words));
            }
        }
        titles
    }

    /// Who holds a title of just these words, else who holds one with all of them.
    fn holders(&self, words: &[String]) -> Vec<usize> {
        let of_word = |word: &String| self.holding.get(word).map_or(&[][..], Vec::as_slice);
        let rarest = words.iter().map(of_word).min_by_key(|list| list.len()).unwrap_or_default();
        let near = || rarest.iter().map(|n| &self.all[*n]);
        let exact: BTreeSet<usize> = near().filter(|(_, all)| all == words).map(|(n, _)| *n).collect();
        let covers = |all: &[String]| words.iter().all(|word| all.contains(word));
        let partial = || near().filter(|(_, all)| covers(all)).map(|(n, _)| *n).collect();
        let holders: BTreeSet<usize> = if exact.is_empty() { partial() } else { exact };
        holders.into_iter().collect()
    }
}
