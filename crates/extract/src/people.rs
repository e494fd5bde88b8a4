//! Named persons of a document: full and short names merged, posts given to their holders, weak names kept or dropped.

use std::collections::BTreeSet;

use chancery_record::MentionKind;
use chancery_rules::{Annotation, Doc, Range, RuleSet};
use chancery_text::{Shape, fold};
use rustc_hash::FxHashMap;

use crate::State;
use crate::bodies::one_line;
use crate::fields::{Fields, entry};
use crate::pairing::{self, Held};

/// A person with all mentions and posts.
#[derive(Clone, Debug)]
pub(crate) struct Human {
    pub(crate) name: String,
    /// The name's words, folded, particles and initials included.
    words: Vec<String>,
    pub(crate) rule: Option<usize>,
    pub(crate) mentions: Vec<(Range, MentionKind)>,
    pub(crate) posts: Vec<Held>,
    strong: bool,
}

/// A post that stands for its holder: `the Minister`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TitleMention {
    pub(crate) range: Range,
    pub(crate) person: usize,
}

/// Merges names, gives posts to holders, keeps or drops weak names, resolves titles that stand alone.
pub(crate) fn find(rules: &RuleSet, fields: &Fields, doc: &mut Doc<'_>, state: &mut State) {
    drop_nested(fields, doc);
    let mut people = merge(fields, doc);
    short_names(rules, fields, doc, &mut people);
    let pairs = pairing::pairs(rules, fields, doc);
    let named = people.iter().enumerate().flat_map(|(n, p)| p.mentions.iter().map(move |(r, _)| (*r, n)));
    let named: FxHashMap<Range, usize> = named.collect();
    for pair in &pairs.held {
        if let Some(person) = named.get(&pair.person).map(|n| &mut people[*n]) {
            person.strong = true;
            if !person.posts.iter().any(|p| p.same(&pair.held, doc)) {
                person.posts.push(pair.held.clone());
            }
        }
    }
    for person in people.iter_mut().filter(|p| !p.strong) {
        person.strong = person.mentions.iter().any(|(r, _)| pairs.linked.contains(r));
    }
    promote(rules, doc, &mut people);
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

/// Of finds that overlap the first longest stays: two layers may find one name.
fn drop_nested(fields: &Fields, doc: &mut Doc<'_>) {
    let found: Vec<(usize, Range)> =
        doc.of_kind(fields.person).into_iter().map(|(n, a)| (n, a.range)).collect();
    let mut end = 0;
    for (n, range) in found {
        if range.start < end {
            doc.remove(n);
        } else {
            end = range.end;
        }
    }
}

/// One human for each name; a shorter name is that of the one person whose name holds all its words.
fn merge(fields: &Fields, doc: &Doc<'_>) -> Vec<Human> {
    let mut found: Vec<(Range, Option<usize>, bool)> = doc
        .of_kind(fields.person)
        .into_iter()
        .map(|(_, a)| (a.range, a.rule, a.value(fields.strength) != Some(fields.weak)))
        .collect();
    // Longer names first, so that a short one finds its long one.
    found.sort_by_key(|(range, ..)| (std::cmp::Reverse(range.len()), range.start));
    let mut people: Vec<Human> = Vec::new();
    // Whose names hold a word, so that a document of many names costs no more for each.
    let mut holders: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for (range, rule, strong) in found {
        let words: Vec<String> = (range.start..range.end).map(|at| fold(doc.word(at))).collect();
        let known = words.last().and_then(|word| holders.get(word)).map_or(&[][..], Vec::as_slice);
        let owner = owner_of(&people, known, &words, range);
        if owner.is_none() {
            for word in words.iter().collect::<BTreeSet<_>>() {
                holders.entry(word.clone()).or_default().push(people.len());
            }
        }
        match owner {
            Some(n) => {
                let kind = if people[n].words == words { MentionKind::Full } else { MentionKind::Short };
                people[n].mentions.push((range, kind));
                people[n].strong |= strong;
            }
            None => people.push(Human {
                name: one_line(doc.words(range)),
                words,
                rule,
                mentions: vec![(range, MentionKind::Full)],
                posts: Vec::new(),
                strong,
            }),
        }
    }
    people
}

/// Whose name holds all these words, of those `known` to hold the last: the same name, else the only one; of several,
/// the one named last before.
fn owner_of(people: &[Human], known: &[usize], words: &[String], range: Range) -> Option<usize> {
    if let Some(same) = known.iter().find(|n| people[**n].words == words) {
        return Some(*same);
    }
    let holds = |p: &Human| words.iter().all(|w| p.words.contains(w)) && p.words.len() > words.len();
    let fitting: Vec<usize> = known.iter().copied().filter(|n| holds(&people[*n])).collect();
    let last_word: Vec<usize> =
        fitting.iter().copied().filter(|n| people[*n].words.last() == words.last()).collect();
    let pool = if last_word.is_empty() { fitting } else { last_word };
    let before =
        |n: &usize| people[*n].mentions.iter().map(|(r, _)| r.start).filter(|s| *s < range.start).max();
    pool.iter().copied().max_by_key(|n| (before(n).is_some(), before(n), std::cmp::Reverse(*n)))
}

/// A part of a known person's name that may stand for them.
struct Part {
    words: Vec<String>,
    person: usize,
    /// Neither the end of the name nor its whole: believed only where no other capital stands beside it.
    inner: bool,
}

/// All parts of names that may stand alone, longest first: the whole, the last word with its particles, inner words.
fn parts(rules: &RuleSet, people: &[Human]) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for (person, human) in people.iter().enumerate().filter(|(_, p)| p.words.len() > 1) {
        let mut add = |words: &[String], inner| parts.push(Part { words: words.to_vec(), person, inner });
        let mut last = human.words.len() - 1;
        add(&human.words, false);
        add(&human.words[last..], false);
        // A particle belongs to the short name too: `El Tarnel`.
        while last > 1 && entry_word(rules, &human.words[last - 1]) {
            last -= 1;
            add(&human.words[last..], false);
        }
        for at in 0..last {
            if human.words[at].chars().filter(|c| c.is_alphabetic()).count() > 3 {
                add(&human.words[at..=at], true);
            }
        }
    }
    parts.sort_by_key(|p| (p.inner, std::cmp::Reverse(p.words.len()), p.person));
    parts
}

/// Names of known persons that stand alone, whole or in part, where no other find covers them.
fn short_names(rules: &RuleSet, fields: &Fields, doc: &mut Doc<'_>, people: &mut [Human]) {
    let parts = parts(rules, people);
    let mut begins: FxHashMap<&str, Vec<&Part>> = FxHashMap::default();
    for part in &parts {
        begins.entry(part.words[0].as_str()).or_default().push(part);
    }
    for at in 0..doc.tokens().len() {
        if !doc.tokens()[at].shape.has(Shape::CAP) || covered(fields, doc, at) {
            continue;
        }
        let Some(parts) = begins.get(fold(doc.word(at)).as_str()) else { continue };
        let named = parts.iter().find(|part| {
            let range = Range::new(at, at + part.words.len());
            let same = range.end <= doc.tokens().len()
                && (range.start..range.end).all(|t| fold(doc.word(t)) == part.words[t - at]);
            let before = || people[part.person].mentions.iter().any(|(r, _)| r.start < at);
            same && match (range.len() > 1, part.inner) {
                // In capitals, or in a headline before the full name.
                (true, _) => true,
                (false, true) => before() && !common(rules, doc, at) && alone(rules, doc, at),
                (false, false) => before() && !common(rules, doc, at),
            }
        });
        let Some(part) = named else { continue };
        let range = Range::new(at, at + part.words.len());
        let rule = people[part.person].rule;
        doc.add(Annotation { kind: fields.person, rule, range, captures: Vec::new(), data: Vec::new() });
        people[part.person].mentions.push((range, MentionKind::Short));
    }
    for person in people {
        person.mentions.sort_by_key(|(range, _)| *range);
    }
}

/// Whether the word at `at` has no capital beside it and is no name of a place.
fn alone(rules: &RuleSet, doc: &Doc<'_>, at: usize) -> bool {
    let capital = |t: usize| doc.tokens().get(t).is_some_and(|token| token.shape.has(Shape::CAP));
    let first = doc.sentences()[doc.sentence_of(at)].start == at;
    let free = ["place", "common", "hon"].iter().all(|list| entry(doc, rules, list, at).is_none());
    free && !first && !capital(at + 1) && !capital(at - 1)
}

fn entry_word(rules: &RuleSet, word: &str) -> bool {
    let doc = Doc::new(word, rules);
    !doc.tokens().is_empty() && entry(&doc, rules, "particle", 0).is_some()
}

/// Whether a capitalized word at `at` may be an ordinary word.
fn common(rules: &RuleSet, doc: &Doc<'_>, at: usize) -> bool {
    ["ordinary", "function", "country"].iter().any(|list| entry(doc, rules, list, at).is_some())
}

fn covered(fields: &Fields, doc: &Doc<'_>, at: usize) -> bool {
    (at.saturating_sub(12)..=at).any(|start| {
        doc.starting(start)
            .any(|(_, a)| (a.kind == fields.person || a.kind == fields.organization) && a.range.end > at)
    })
}

/// No name has more tokens.
const LONGEST_NAME: usize = 32;

/// A weak name is believed where it occurs again and not as a place's, stands beside a believed one, or where it speaks.
fn promote(rules: &RuleSet, doc: &Doc<'_>, people: &mut [Human]) {
    let is = |list: &str, at: usize| entry(doc, rules, list, at).is_some();
    let beside = |range: Range, strong: &[Range]| {
        let from = strong.partition_point(|s| s.start + LONGEST_NAME < range.start);
        strong[from..].iter().take_while(|s| s.start <= range.end + 3).any(|s| {
            let (a, b) = if s.end <= range.start { (s.end, range.start) } else { (range.end, s.start) };
            let between = |t: usize| ["doc-glue", "doc-and", "hon", "posthon"].iter().any(|l| is(l, t));
            a < b && b - a <= 3 && (a..b).all(between)
        })
    };
    let after = |list: &str, range: &Range| range.start > 0 && is(list, range.start - 1);
    for _ in 0..2 {
        let mut strong: Vec<Range> =
            people.iter().filter(|p| p.strong).flat_map(|p| p.mentions.iter().map(|(r, _)| *r)).collect();
        strong.sort_unstable();
        for person in people.iter_mut().filter(|p| !p.strong) {
            let ranges = || person.mentions.iter().map(|(r, _)| r);
            let placed = ranges().any(|r| after("doc-at", r));
            let speaks = |r: &Range| {
                let closed = after("doc-glue", r) && doc.word(r.end) == ",";
                is("doc-speech", r.end + usize::from(closed)) || after("doc-speech", r)
            };
            let human =
                |r: &Range| is("doc-human", r.end) || (doc.word(r.end) == "," && is("doc-human", r.end + 1));
            person.strong = (person.mentions.len() > 1 && !placed)
                || ranges().any(|r| speaks(r) || human(r) || beside(*r, &strong));
        }
    }
}

/// A post that nobody stands beside is held by the person whose post covers all its words.
fn titles(fields: &Fields, doc: &mut Doc<'_>, state: &mut State, alone: &[Range]) {
    let words_of =
        |range: Range| (range.start..range.end).map(|at| fold(doc.word(at))).collect::<Vec<String>>();
    // The titles that hold a word, each with its holder.
    let mut held: FxHashMap<String, Vec<(usize, Range)>> = FxHashMap::default();
    for (n, person) in state.people.iter().enumerate() {
        for title in person.posts.iter().filter_map(|h| h.title) {
            for word in words_of(title).into_iter().collect::<BTreeSet<_>>() {
                held.entry(word).or_default().push((n, title));
            }
        }
    }
    let mut found = Vec::new();
    for range in alone {
        let words = words_of(*range);
        let covers = |title: Range| {
            let all = words_of(title);
            if all == words { 2 } else { usize::from(words.iter().all(|w| all.contains(w))) }
        };
        let near = words.first().and_then(|word| held.get(word)).map_or(&[][..], Vec::as_slice);
        // Exact before partial, then the latest before the title, else the first of all.
        let best = near
            .iter()
            .filter_map(|(n, title)| {
                let fit = Some(covers(*title)).filter(|fit| *fit > 0)?;
                let mentions = state.people[*n].mentions.iter().map(|(r, _)| r.start);
                let latest = mentions.filter(|s| *s < range.start).max();
                Some((fit, latest.is_some(), latest, std::cmp::Reverse(*n)))
            })
            .max();
        found.extend(best.map(|(.., std::cmp::Reverse(person))| TitleMention { range: *range, person }));
    }
    for title in found {
        let (range, captures, data) = (title.range, Vec::new(), Vec::new());
        doc.add(Annotation { kind: fields.holder, rule: None, range, captures, data });
        state.titles.push(title);
    }
}
