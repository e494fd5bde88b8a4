//! Acronyms tied to the bodies whose they are: in brackets, before a name, well-known, or by their letters alone.

use std::collections::{BTreeMap, BTreeSet};

use chancery_record::MentionKind;
use chancery_rules::{Doc, Range};
use chancery_text::{Shape, fold};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::State;
use crate::bodies::Body;
use crate::definitions::{Definition, fits, initials, is_acronym, tells};
use crate::fields::Fields;

/// Gives each body the acronym that the text ties to it.
pub(crate) fn tie(fields: &Fields<'_>, doc: &Doc<'_>, state: &State, bodies: &mut Vec<Body>) {
    in_brackets(fields, doc, state, bodies);
    before(fields, doc, bodies);
    known(fields, doc, bodies);
    by_letters(fields, doc, bodies);
}

/// The acronym in brackets directly after a body is its own, if its letters are or if it is one for certain
/// (`European Consumer Organisation (BEUC)`); so is one after a body and its place, and a name of one word directly
/// after a body (`Finnish Environment Institute (Syke)`), unless it is one of several that never stand alone: places.
fn in_brackets(fields: &Fields<'_>, doc: &Doc<'_>, state: &State, bodies: &mut [Body]) {
    let mut ending = Ending::default();
    for (n, body) in bodies.iter().enumerate().filter(|_| !state.definitions.is_empty()) {
        body.mentions.iter().for_each(|(range, _)| ending.add(n, *range));
    }
    let places = places(fields, doc, state);
    for definition in &state.definitions {
        let short = definition.short;
        let Some((owner, range)) = ending.owner(doc, definition) else { continue };
        if doc.begins(&[fields.lists.country], short.start) && definition.long != Some(range) {
            continue;
        }
        let body = &mut bodies[owner];
        if body.acronym.as_deref().is_some_and(|a| a != doc.words(short)) {
            continue;
        }
        let first = doc.words(short).chars().next().map(|c| c.to_lowercase().to_string());
        let begins = |w: &str| w.chars().next().map(|c| c.to_lowercase().to_string()) == first;
        let near = range.end == definition.end;
        let own = if short.len() > 1 {
            near && range.len() > short.len() && tells(doc, range, short)
        } else if definition.weak {
            near && is_name(fields, doc, short.start) && !places.contains(doc.word(short.start))
        } else if near {
            definition.long.is_some()
                || body.name.split(|c: char| !c.is_alphanumeric()).any(begins)
                || certain(fields, doc, short.start)
        } else {
            initials(doc, range, short)
        };
        if own {
            body.acronym = Some(doc.words(short).to_owned());
            body.mentions.push((short, MentionKind::Acronym));
            ending.add(owner, short);
        }
    }
}

/// The words in brackets after bodies that are places: one that stands elsewhere as a place does, and each of several
/// that never stand alone, with which a list tells where bodies are.
fn places<'t>(fields: &Fields<'_>, doc: &Doc<'t>, state: &State) -> FxHashSet<&'t str> {
    let weak = state.definitions.iter().filter(|definition| definition.weak);
    let mut lonely: FxHashSet<&str> = weak.map(|definition| doc.word(definition.short.start)).collect();
    let mut placed = FxHashSet::default();
    if lonely.is_empty() {
        return placed;
    }
    let capital = |at: usize| doc.tokens().get(at).is_some_and(|token| token.shape.has(Shape::CAP));
    for at in (1..doc.tokens().len()).filter(|at| capital(*at) && !capital(at + 1)) {
        if doc.begins(&[fields.lists.at, fields.lists.within], at - 1) {
            placed.insert(doc.word(at));
        } else if !capital(at - 1) && doc.word(at - 1) != "(" {
            lonely.remove(doc.word(at));
        }
    }
    if lonely.len() < 2 {
        lonely.retain(|word| placed.contains(word));
    }
    lonely
}

/// Whether a word in brackets is a name that the rules know no place, person or ordinary word by.
fn is_name(fields: &Fields<'_>, doc: &Doc<'_>, at: usize) -> bool {
    let lists = &fields.lists;
    let other = [
        lists.place,
        lists.country,
        lists.common,
        lists.ordinary,
        lists.function,
        lists.hon,
        lists.posthon,
        lists.noacr,
        lists.notbody,
        lists.role,
        lists.company,
        lists.head,
    ];
    !doc.begins(&other, at) && doc.starting(at).all(|(_, a)| a.kind != fields.person)
}

/// Whether a token is three to six capitals and nothing else that is known; of seven or eight no ordinary word either.
fn certain(fields: &Fields<'_>, doc: &Doc<'_>, at: usize) -> bool {
    let lists = &fields.lists;
    let other = [lists.place, lists.posthon, lists.noacr, lists.notbody, lists.role];
    let length = doc.word(at).chars().count();
    doc.tokens()[at].shape.has(Shape::UPPER)
        && (3..=8).contains(&length)
        && !(length > 6 && doc.begins(&[lists.common, lists.ordinary, lists.function, lists.company], at))
        && doc.word(at).chars().all(char::is_uppercase)
        && !doc.begins(&other, at)
}

/// For each token where a mention ends the first body whose it is, with its first such mention.
#[derive(Default)]
struct Ending(FxHashMap<usize, (usize, Range)>);

impl Ending {
    fn add(&mut self, body: usize, range: Range) {
        let first = self.0.entry(range.end).or_insert((body, range));
        if body < first.0 {
            *first = (body, range);
        }
    }

    /// The body that ends where a definition's brackets open, with nothing but commas and names of places between.
    fn owner(&self, doc: &Doc<'_>, definition: &Definition) -> Option<(usize, Range)> {
        let glue = |at: usize| matches!(doc.word(at), "," | ".") || doc.tokens()[at].shape.has(Shape::CAP);
        let mut end = definition.end;
        loop {
            let here = self.0.get(&end).copied();
            if here.is_some() || end == 0 || end + 4 < definition.end || !glue(end - 1) {
                return here;
            }
            end -= 1;
        }
    }
}

/// An acronym before a comma or bracket and the body whose letters it takes: `NRA, the National Roads Authority`.
fn before(fields: &Fields<'_>, doc: &Doc<'_>, bodies: &mut [Body]) {
    for body in bodies.iter_mut().filter(|b| b.acronym.is_none()) {
        let found = body.mentions.iter().find_map(|(range, _)| {
            let article = range.start > 0 && doc.begins(&[fields.lists.article], range.start - 1);
            let sign = range.start.checked_sub(1 + usize::from(article))?;
            let at = sign.checked_sub(1)?;
            let short = Range::new(at, sign);
            // `President and CEO, Centre for Education`: the letters of a post.
            let fitting = matches!(doc.word(sign), "," | "(")
                && !doc.begins(&[fields.lists.role, fields.lists.posthon], at)
                && doc.tokens()[at].shape.has(Shape::UPPER)
                && range.len() > 1
                && fits(doc, *range, short);
            fitting.then_some(short)
        });
        if let Some(short) = found {
            body.acronym = Some(doc.words(short).to_owned());
            body.mentions.push((short, MentionKind::Acronym));
        }
    }
}

/// Well-known acronyms that stand beside the body's full name in the text are its acronyms.
fn known(fields: &Fields<'_>, doc: &Doc<'_>, bodies: &mut Vec<Body>) {
    let full_name = |body: &Body| {
        let range = body.first();
        doc.entries(fields.rules, fields.lists.known, range.start)
            .filter(|(end, _)| *end == range.end)
            .find_map(|(_, data)| data.iter().find(|(k, _)| *k == fields.full).map(|(_, v)| *v))
    };
    let full = bodies.iter().enumerate().filter_map(|(n, body)| full_name(body).map(|full| (n, full)));
    let full: Vec<(usize, String)> = full.map(|(n, name)| (n, fold(fields.rules.word(name)))).collect();
    if full.is_empty() {
        return;
    }
    let mut named: FxHashMap<String, usize> = FxHashMap::default();
    for (n, body) in bodies.iter().enumerate() {
        named.entry(fold(&body.name)).or_insert(n);
    }
    let moved: Vec<(usize, usize)> =
        full.iter().filter_map(|(n, name)| named.get(name).map(|owner| (*n, *owner))).collect();
    for (from, to) in moved.iter().rev() {
        let (name, mentions) = (bodies[*from].name.clone(), std::mem::take(&mut bodies[*from].mentions));
        bodies[*to].acronym.get_or_insert(name);
        bodies[*to].mentions.extend(mentions.into_iter().map(|(r, _)| (r, MentionKind::Acronym)));
    }
    bodies.retain(|b| !b.mentions.is_empty());
}

/// An acronym that the text never explains is that of the one body whose words begin with its letters, in their order:
/// `MoPS` in a text on the `Ministry of Ports and Shipping`.
fn by_letters(fields: &Fields<'_>, doc: &Doc<'_>, bodies: &mut [Body]) {
    let lists = &fields.lists;
    let other = [lists.country, lists.place, lists.role];
    // Letters that somebody has behind a name are a body's too where they stand elsewhere.
    let behind = |at: usize| doc.word(at) == "," || doc.tokens()[at].shape.has(Shape::CAP);
    let honour = |at: usize| doc.begins(&[lists.posthon], at) && at.checked_sub(1).is_none_or(behind);
    let mut shorts: BTreeSet<&str> = BTreeSet::new();
    for (at, token) in doc.tokens().iter().enumerate() {
        // Two capitals and another letter at least.
        let word = doc.word(at);
        let plain = word.is_ascii() && word.bytes().filter(u8::is_ascii_uppercase).count() < 2;
        if plain || token.end - token.start < 3 {
            continue;
        }
        if is_acronym(word) && word.chars().count() > 2 && !doc.begins(&other, at) && !honour(at) {
            shorts.insert(word);
        }
    }
    for short in bodies.iter().filter_map(|b| b.acronym.as_deref()) {
        shorts.remove(short);
    }
    if shorts.is_empty() {
        return;
    }
    // `DPS` of the `Orvin Department of Ports and Shipping`: the place before is left out where the whole tells nothing.
    let whole = |body: &Body| Some(body.first());
    let placed = |body: &Body| unplaced(fields, doc, body.first());
    for name in [&whole as &dyn Fn(&Body) -> Option<Range>, &placed] {
        let mut initials = Initials::of(doc, bodies, name);
        shorts.retain(|short| {
            let letters: Vec<char> = short.chars().flat_map(char::to_lowercase).collect();
            let owner = initials.take(&letters);
            if let Some(owner) = owner {
                bodies[owner].acronym = Some((*short).to_owned());
            }
            owner.is_none()
        });
    }
}

/// A name from its head on, behind words that tell where the body is: `Department of Ports` of the `Orvin Department of Ports`.
fn unplaced(fields: &Fields<'_>, doc: &Doc<'_>, name: Range) -> Option<Range> {
    let head = (name.start + 1..name.end).find(|at| doc.begins(&[fields.lists.head], *at))?;
    doc.begins(&[fields.lists.of], head + 1).then_some(Range::new(head, name.end))
}

/// How the words of a name begin: the letter, and whether the word is capitalized, so that an acronym must take it.
type Beginnings = Vec<(Option<char>, bool)>;

/// Bodies without an acronym by the beginnings of their words.
#[derive(Default)]
struct Initials {
    /// By the letters that an acronym must take: the names that have them, each with its bodies.
    names: BTreeMap<Vec<char>, BTreeMap<Beginnings, Vec<usize>>>,
}

impl Initials {
    fn of(doc: &Doc<'_>, bodies: &[Body], name: &dyn Fn(&Body) -> Option<Range>) -> Self {
        let mut all = Self::default();
        for (n, body) in bodies.iter().enumerate().filter(|(_, body)| body.acronym.is_none()) {
            if let Some(name) = name(body).filter(|name| name.len() > 2) {
                let begins = beginnings(doc, name);
                let taken = begins.iter().filter(|(_, cap)| *cap).filter_map(|(letter, _)| *letter).collect();
                all.names.entry(taken).or_default().entry(begins).or_default().push(n);
            }
        }
        all
    }

    /// The one body whose name these letters spell; it is taken out.
    fn take(&mut self, letters: &[char]) -> Option<usize> {
        let mut found: Vec<(Vec<char>, Beginnings)> = Vec::new();
        let mut open = vec![(Vec::new(), 0)];
        while let Some((taken, at)) = open.pop() {
            if let Some(names) = self.names.get(&taken) {
                for (begins, bodies) in names {
                    match bodies[..] {
                        _ if !spells(begins, letters) => {}
                        [] => {}
                        [_] if found.is_empty() => found.push((taken.clone(), begins.clone())),
                        _ => return None,
                    }
                }
            }
            // Whatever else of the letters a name must take: each at its first place.
            for (n, letter) in letters.iter().enumerate().skip(at) {
                if letters[at..n].contains(letter) {
                    continue;
                }
                let more: Vec<char> = taken.iter().chain([letter]).copied().collect();
                let known = self.names.range(more.clone()..).next();
                if known.is_some_and(|(name, _)| name.starts_with(&more)) {
                    open.push((more, n + 1));
                }
            }
        }
        let (taken, begins) = found.pop()?;
        self.names.get_mut(&taken)?.get_mut(&begins)?.pop()
    }
}

fn beginnings(doc: &Doc<'_>, name: Range) -> Beginnings {
    let words = (name.start..name.end).filter(|at| doc.tokens()[*at].shape.has(Shape::WORD));
    let first = |at: usize| doc.word(at).chars().flat_map(char::to_lowercase).next();
    words.map(|at| (first(at), doc.tokens()[at].shape.has(Shape::CAP))).collect()
}

/// Whether capitalized words begin with these letters, one each; the small words between may take one.
fn spells(begins: &Beginnings, letters: &[char]) -> bool {
    let mut reached = BTreeSet::from([0]);
    for (first, capital) in begins {
        let taken = reached.iter().filter(|n| letters.get(**n) == first.as_ref()).map(|n| n + 1).collect();
        reached = if *capital { taken } else { reached.union(&taken).copied().collect() };
    }
    reached.contains(&letters.len())
}
