//! Names of persons: the finds of one name merged, and its parts found where they stand alone.

use std::collections::BTreeSet;

use chancery_record::MentionKind;
use chancery_rules::{Annotation, Doc, List, Range};
use chancery_text::{Shape, fold, fold_into};
use rustc_hash::FxHashMap;

use crate::bodies::one_line;
use crate::fields::{Fields, entry};
use crate::people::Human;
use crate::phrases::{Phrases, START};

/// One human for each name; a shorter name is that of the one person whose name holds all its words.
pub(crate) fn merge(fields: &Fields<'_>, doc: &Doc<'_>) -> Vec<Human> {
    let mut found: Vec<(Range, Option<usize>, bool)> = doc
        .of_kind(fields.person)
        .into_iter()
        .map(|(_, a)| (a.range, a.rule, a.value(fields.strength) != Some(fields.weak)))
        .collect();
    // Longer names first, so that a short one finds its long one.
    found.sort_by_key(|(range, ..)| (std::cmp::Reverse(range.len()), range.start));
    let mut merging = Merging::default();
    for (range, rule, strong) in found {
        let words: Vec<String> = (range.start..range.end).map(|at| fold(doc.word(at))).collect();
        match merging.owner(&words, range) {
            Some((n, kind)) => {
                merging.people[n].mentions.push((range, kind));
                merging.people[n].strong |= strong;
            }
            None => merging.add(Human {
                name: one_line(doc.words(range)),
                words,
                rule,
                mentions: vec![(range, MentionKind::Full)],
                posts: Vec::new(),
                strong,
            }),
        }
    }
    join_possessives(&mut merging.people);
    join_initials(&mut merging.people);
    merging.people
}

/// `Ann Rayes` in a text on `Ann Raye` is a possessive that lost its mark; so is `Rayes` alone.
fn join_possessives(people: &mut Vec<Human>) {
    let mut named: FxHashMap<&[String], usize> = FxHashMap::default();
    for (n, human) in people.iter().enumerate() {
        named.entry(&human.words).or_insert(n);
        if let Some(last) = human.words.get(1..).and_then(<[String]>::last) {
            named.entry(std::slice::from_ref(last)).or_insert(n);
        }
    }
    let owner = |human: &Human| {
        let mut words = human.words.clone();
        let last = words.last_mut()?;
        last.truncate(last.strip_suffix('s').filter(|stem| stem.len() > 2)?.len());
        named.get(words.as_slice()).copied()
    };
    let owners: Vec<Option<usize>> = people.iter().map(owner).collect();
    for (n, owner) in owners.into_iter().enumerate() {
        if let Some(owner) = owner {
            let mentions = std::mem::take(&mut people[n].mentions);
            let strong = people[n].strong;
            people[owner].mentions.extend(mentions.into_iter().map(|(range, _)| (range, MentionKind::Short)));
            people[owner].strong |= strong;
        }
    }
    people.retain(|human| !human.mentions.is_empty());
}

/// `A. Raye` is the only Raye of the text whose name begins with that letter; so is `Sh. Raye`, of two that are written for
/// one in another script.
fn join_initials(people: &mut Vec<Human>) {
    fn initial(word: &str) -> Option<&str> {
        let letters = word.strip_suffix('.')?;
        ((1..3).contains(&letters.chars().count()) && letters.chars().all(char::is_alphabetic))
            .then_some(letters)
    }
    let mut of_last: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for (n, human) in people.iter().enumerate() {
        // The name of a father may stand last.
        if let Some((first, rest)) = human.words.split_first()
            && initial(first).is_none()
        {
            rest.iter().for_each(|last| of_last.entry(last.clone()).or_default().push(n));
        }
    }
    for n in 0..people.len() {
        let [first, last] = people[n].words.as_slice() else { continue };
        let Some(letter) = initial(first) else { continue };
        let letter = letter.to_owned();
        let bearers = of_last.get(last).map_or(&[][..], Vec::as_slice);
        let mut fitting = bearers.iter().filter(|m| people[**m].words[0].starts_with(&letter));
        if let (Some(owner), None) = (fitting.next().copied(), fitting.next()) {
            let mentions = std::mem::take(&mut people[n].mentions);
            let strong = people[n].strong;
            people[owner].mentions.extend(mentions.into_iter().map(|(range, _)| (range, MentionKind::Short)));
            people[owner].strong |= strong;
        }
    }
    people.retain(|human| !human.mentions.is_empty());
}

/// The words of a name with each initial by itself: `K.A.D. Perera` is `K. A. D. Perera`.
fn spelled(words: &[String]) -> Vec<String> {
    let initials = |word: &str| word.contains('.') && word.split('.').all(|part| part.chars().count() < 2);
    let mut spelled = Vec::with_capacity(words.len());
    for word in words {
        if initials(word) {
            spelled.extend(word.split('.').filter(|part| !part.is_empty()).map(str::to_owned));
        } else {
            spelled.push(word.clone());
        }
    }
    spelled
}

/// The people found so far, so kept that a document of many names costs no more for each.
#[derive(Default)]
struct Merging {
    people: Vec<Human>,
    by_name: FxHashMap<Vec<String>, usize>,
    /// Whose names hold a word.
    holders: FxHashMap<String, Vec<usize>>,
    /// Of how many words the names are that come now.
    len: usize,
    /// Who may be meant by names of so many words, and in which of these pools a person is.
    pools: FxHashMap<Vec<String>, usize>,
    all: Vec<Pool>,
    pools_of: FxHashMap<usize, Vec<usize>>,
}

/// Whose longer names hold all words of a short one.
struct Pool {
    first: Option<usize>,
    /// Where they are named, and who, in order; of one alone nothing is kept.
    starts: Vec<(usize, usize)>,
    /// The last of the mentions that were added since.
    last: Option<(usize, usize)>,
}

impl Merging {
    fn add(&mut self, human: Human) {
        let n = self.people.len();
        for word in human.words.iter().collect::<BTreeSet<_>>() {
            self.holders.entry(word.clone()).or_default().push(n);
        }
        self.by_name.insert(spelled(&human.words), n);
        self.people.push(human);
    }

    /// Whose name holds all these words: the same name, else the only one; of several, the one named last before.
    fn owner(&mut self, words: &[String], range: Range) -> Option<(usize, MentionKind)> {
        if let Some(same) = self.by_name.get(&spelled(words)) {
            return Some((*same, MentionKind::Full));
        }
        if words.len() != self.len {
            (self.pools, self.all, self.pools_of) = Default::default();
            self.len = words.len();
        }
        let pool = match self.pools.get(words) {
            Some(known) => *known,
            None => self.pool(words),
        };
        let pool = &self.all[pool];
        let earlier = pool.starts.partition_point(|(start, _)| *start < range.start);
        let before = earlier.checked_sub(1).map(|n| pool.starts[n]).max(pool.last);
        let owner = before.map(|(_, n)| n).or(pool.first)?;
        // Names of the same length come in the order of the text.
        for n in self.pools_of.get(&owner).into_iter().flatten() {
            self.all[*n].last = Some((range.start, owner));
        }
        Some((owner, MentionKind::Short))
    }

    /// Makes the pool of a name: those with the same last word, if any.
    fn pool(&mut self, words: &[String]) -> usize {
        let of_word = |word: &String| self.holders.get(word).map_or(&[][..], Vec::as_slice);
        let rarest = words.iter().map(of_word).min_by_key(|list| list.len()).unwrap_or_default();
        let holds = |n: &usize| {
            let longer = &self.people[*n].words;
            longer.len() > words.len() && words.iter().all(|word| longer.contains(word))
        };
        let fitting: Vec<usize> = rarest.iter().copied().filter(holds).collect();
        let ends = |n: &usize| self.people[*n].words.last() == words.last();
        let last_word: Vec<usize> = fitting.iter().copied().filter(ends).collect();
        let members = if last_word.is_empty() { fitting } else { last_word };
        let mut starts: Vec<(usize, usize)> = Vec::new();
        if members.len() > 1 {
            for n in &members {
                starts.extend(self.people[*n].mentions.iter().map(|(range, _)| (range.start, *n)));
                self.pools_of.entry(*n).or_default().push(self.all.len());
            }
            starts.sort_unstable();
        }
        self.pools.insert(words.to_vec(), self.all.len());
        self.all.push(Pool { first: members.first().copied(), starts, last: None });
        self.all.len() - 1
    }
}

/// Whom a part of a name may stand for: of several, who comes first in the list.
#[derive(Default)]
struct Part {
    /// The part is of several words.
    long: Option<usize>,
    /// The part is the last word of a name that was named before.
    last: Option<usize>,
    /// The part is another word of a name that was named before: believed only where no other capital stands beside it.
    inner: Option<usize>,
}

/// All parts of names that may stand alone: the whole, the last word with its particles, inner words.
struct Parts<'p> {
    parts: Phrases<'p, Part>,
    /// The single words of each name, and whether they are inner ones.
    words: Vec<Vec<(usize, bool)>>,
    /// Who was not yet named, with the token where that happens, the next at the end.
    unnamed: Vec<(usize, usize)>,
}

impl<'p> Parts<'p> {
    fn of(fields: &Fields<'_>, doc: &Doc<'_>, people: &'p [Human]) -> Self {
        let (mut parts, mut words, mut unnamed) = (Phrases::new(), Vec::new(), Vec::new());
        let mut particles: FxHashMap<&str, bool> = FxHashMap::default();
        for (person, human) in people.iter().enumerate() {
            words.push(Vec::new());
            let name: Vec<&str> = human.words.iter().map(String::as_str).collect();
            // What is added to a name is not its last word: `Orvin Jr.`
            let len = name.len() - added(fields, doc, human);
            let Some(mut last) = len.checked_sub(1).filter(|last| *last > 0) else { continue };
            let mut long = |from: usize| {
                let place = parts.place(name[from..].iter().copied());
                let part: &mut Part = parts.value_mut(place);
                part.long.get_or_insert(person);
            };
            long(0);
            if len < name.len() {
                long(last);
            }
            // A particle belongs to the short name too: `El Tarnel`.
            while last > 1
                && *particles
                    .entry(name[last - 1])
                    .or_insert_with_key(|word| is_in(fields, fields.lists.particle, word))
            {
                last -= 1;
                long(last);
            }
            words[person].push((parts.place([name[len - 1]]), false));
            for word in &name[..last] {
                // A short one is no sign of a name but where it is that of a family, which stands first: `Li`.
                let family = || word == &name[0] && is_in(fields, fields.lists.family, word);
                if word.chars().filter(|c| c.is_alphabetic()).count() > 3 || family() {
                    words[person].push((parts.place([*word]), true));
                }
            }
            unnamed.extend(human.mentions.iter().map(|(range, _)| range.start).min().map(|at| (at, person)));
        }
        unnamed.sort_unstable_by(|a, b| b.cmp(a));
        Self { parts, words, unnamed }
    }

    /// Now the words of a person's name may stand alone.
    fn name(&mut self, person: usize) {
        for (place, inner) in std::mem::take(&mut self.words[person]) {
            let part = self.parts.value_mut(place);
            let known = if inner { &mut part.inner } else { &mut part.last };
            *known = Some(known.map_or(person, |first| first.min(person)));
        }
    }

    /// Who is named by the longest part that begins at a token, and one past its end. Tokens are asked in their order.
    /// A particle in small letters begins a part of several words only.
    fn at(&mut self, fields: &Fields<'_>, doc: &Doc<'_>, at: usize) -> Option<(usize, usize)> {
        // The folded word begins with the same letter, in lower case.
        let letter = doc.word(at).bytes().next().filter(u8::is_ascii_alphabetic);
        if letter.is_some_and(|letter| !self.parts.may_begin(letter.to_ascii_lowercase())) {
            return None;
        }
        while let Some((_, person)) = self.unnamed.pop_if(|(first, _)| *first < at) {
            self.name(person);
        }
        let mut folded = String::new();
        let mut after = |place: usize, at: usize| {
            folded.clear();
            fold_into(doc.word(at), &mut folded);
            self.parts.next(place, &folded)
        };
        let single = after(START, at)?;
        let (mut place, mut longest) = (single, None);
        for here in at + 1..doc.tokens().len() {
            let Some(next) = after(place, here) else { break };
            // In capitals, or in a headline before the full name.
            longest = self.parts.value(next).long.map(|person| (person, here + 1)).or(longest);
            place = next;
        }
        let part = self.parts.value(single);
        let found = longest.or_else(|| {
            if !doc.tokens()[at].shape.has(Shape::CAP) {
                return None;
            }
            let person = part.last.or_else(|| part.inner.filter(|_| alone(fields, doc, at)))?;
            let sure = !common(fields, doc, at) || (part.last.is_some() && titled(fields, doc, at));
            sure.then_some((person, at + 1))
        });
        if let Some((person, _)) = found {
            self.name(person);
        }
        found
    }
}

/// So many words at most of a title before a name are looked at.
const LONGEST_TITLE: usize = 4;

/// Names of known persons that stand alone, whole or in part, where no other find covers them.
pub(crate) fn short_names(fields: &Fields<'_>, doc: &mut Doc<'_>, people: &mut [Human]) {
    let mut parts = Parts::of(fields, doc, people);
    let mut covered = Covered::of(fields, doc);
    let mut found: Vec<(usize, Range)> = Vec::new();
    for at in 0..doc.tokens().len() {
        let begins = doc.tokens()[at].shape.has(Shape::CAP) || doc.begins(&[fields.lists.particle], at);
        if !begins || covered.0[at] {
            continue;
        }
        let Some((person, end)) = parts.at(fields, doc, at) else { continue };
        let (range, rule) = (Range::new(at, end), people[person].rule);
        doc.add(Annotation { kind: fields.person, rule, range, captures: Vec::new(), data: Vec::new() });
        covered.add(range);
        found.push((person, range));
    }
    for (person, range) in found {
        people[person].mentions.push((range, MentionKind::Short));
    }
    for person in people {
        person.mentions.sort_by_key(|(range, _)| *range);
    }
}

/// Tokens that a find of a person or body covers.
struct Covered(Vec<bool>);

/// A find covers so many tokens from its first at most.
const COVERS: usize = 13;

impl Covered {
    fn of(fields: &Fields<'_>, doc: &Doc<'_>) -> Self {
        let mut covered = Self(vec![false; doc.tokens().len()]);
        for a in doc.annotations() {
            if a.kind == fields.person || a.kind == fields.organization {
                covered.add(a.range);
            }
        }
        covered
    }

    fn add(&mut self, range: Range) {
        let end = range.end.min(range.start + COVERS);
        if let Some(tokens) = self.0.get_mut(range.start..end) {
            tokens.fill(true);
        }
    }
}

/// Whether the word at `at` has no capital beside it and is no name of a place; at the beginning of a sentence it must
/// be one that speaks or a given name.
fn alone(fields: &Fields<'_>, doc: &Doc<'_>, at: usize) -> bool {
    let lists = &fields.lists;
    let capital = |t: usize| doc.tokens().get(t).is_some_and(|token| token.shape.has(Shape::CAP));
    // `Peter will go`; `While Peter went`.
    let goes_on = |t: usize| {
        doc.tokens().get(t).is_some_and(|token| token.shape.has(Shape::LOWER) || token.shape.has(Shape::POSS))
    };
    let given = doc.begins(&[lists.forename], at) && goes_on(at + 1);
    let opens = doc.sentences()[doc.sentence_of(at)].start;
    let first = opens == at && !given && !doc.begins(&[lists.speech], at + 1);
    let other = doc.begins(&[lists.place, lists.common, lists.hon], at);
    let small = |t: usize| t == opens && given && doc.begins(&[lists.function], t);
    let before = at.checked_sub(1).is_some_and(|t| capital(t) && !small(t));
    !other && !first && !capital(at + 1) && !before
}

/// How many of the last words of a name are an addition to it, such as `Jr.`
fn added(fields: &Fields<'_>, doc: &Doc<'_>, human: &Human) -> usize {
    let Some((name, _)) = human.mentions.first() else { return 0 };
    let ends = |at: &usize| entry(doc, fields, fields.lists.name_suffix, *at) == Some(name.end);
    let start = (name.start + 1..name.end)
        .find(ends)
        .map_or(name.end, |at| if doc.word(at - 1) == "," { at - 1 } else { at });
    name.end - start
}

/// Whether a word is an entry of a list.
fn is_in(fields: &Fields<'_>, list: List, word: &str) -> bool {
    Doc::new(word, fields.rules).begins(&[list], 0)
}

/// Whether a title or a form of address ends right before the word at `at`, and no other capital stands behind it.
fn titled(fields: &Fields<'_>, doc: &Doc<'_>, at: usize) -> bool {
    let ends = |from: usize| {
        [fields.lists.role, fields.lists.hon]
            .into_iter()
            .any(|list| entry(doc, fields, list, from) == Some(at))
    };
    let capital = doc.tokens().get(at + 1).is_some_and(|token| token.shape.has(Shape::CAP));
    !capital && (at.saturating_sub(LONGEST_TITLE)..at).any(ends)
}

/// Whether a capitalized word at `at` may be an ordinary word.
fn common(fields: &Fields<'_>, doc: &Doc<'_>, at: usize) -> bool {
    let lists = &fields.lists;
    doc.begins(&[lists.ordinary, lists.function, lists.country], at)
}

#[cfg(test)]
mod tests {
    use crate::told::record_of;

    const WORDS: &str = r#"
        [[rule]]
        id = "name"
        layer = "names"
        finds = "person"
        when = 'Mr name:([Cap] [Cap]{1,2})'
        spans = "name"
        say = "Two or three words after Mr."
        yes = ["Mr Ann Raye"]
    "#;

    #[test]
    fn initials_are_of_the_one_whose_name_begins_so() {
        for (text, names) in [
            (
                "Mr Sherzad Orvin Tolev met Mr A. Raye. Mr Sh. Orvin left.",
                vec!["Sherzad Orvin Tolev", "A. Raye"],
            ),
            ("Mr Bo Raye met Mr B. Raye.", vec!["Bo Raye"]),
            ("Mr Bo Raye met Mr C. Raye.", vec!["Bo Raye", "C. Raye"]),
        ] {
            let record = record_of("['names', 'step:people']", WORDS, text);
            let found: Vec<&str> = record.persons.iter().map(|person| person.name.as_str()).collect();
            assert_eq!(found, names, "{text}");
        }
    }
}
