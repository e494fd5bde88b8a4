//! Short forms of bodies that stand alone: acronyms, the name again, a company by the beginning of its name.

use std::collections::BTreeMap;

use chancery_record::MentionKind;
use chancery_rules::{Annotation, Doc, List, Range, Symbol};
use chancery_text::Shape;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::bodies::Body;
use crate::fields::{Fields, entry};
use crate::phrases::{Phrases, START};

/// The body that some words name and what kind of mention they make.
#[derive(Clone, Copy)]
struct Form {
    body: usize,
    kind: MentionKind,
}

/// The beginning of a company's name that may stand for the whole.
struct Beginning {
    range: Range,
    body: usize,
}

/// Marks every short form that the document ties to a body wherever it stands alone.
pub(crate) fn mark(fields: &Fields<'_>, doc: &mut Doc<'_>, bodies: &mut Vec<Body>) {
    join_twins(bodies);
    let companies = companies(fields, doc, bodies);
    join_beginnings(doc, bodies, &companies);
    let acronyms: Vec<Option<String>> = bodies.iter().map(|b| b.acronym.clone()).collect();
    let mut marking = Marking {
        fields,
        forms: forms(doc, bodies, &acronyms, &companies),
        known: bodies
            .iter()
            .enumerate()
            .flat_map(|(n, b)| b.mentions.iter().map(move |(r, _)| (n, *r)))
            .collect(),
    };
    let mut at = 0;
    while at < doc.tokens().len() {
        at = marking.mark_at(doc, bodies, at);
    }
    bodies.retain(|b| !b.mentions.is_empty());
}

/// A body that is called like the beginning of a company's name is that company.
fn join_beginnings(doc: &Doc<'_>, bodies: &mut [Body], companies: &[Beginning]) {
    if companies.is_empty() {
        return;
    }
    let first = first_of_name(bodies);
    let twin = |company: &Beginning| {
        let twin = first.get(words(doc, company.range).collect::<Vec<_>>().join(" ").as_str());
        twin.filter(|n| **n != company.body).map(|n| (*n, company.body))
    };
    let twins: Vec<(usize, usize)> = companies.iter().filter_map(twin).collect();
    for (twin, owner) in twins {
        let mentions = std::mem::take(&mut bodies[twin].mentions);
        bodies[owner].mentions.extend(mentions.into_iter().map(|(r, _)| (r, MentionKind::Short)));
    }
}

/// The first body of each name.
fn first_of_name(bodies: &[Body]) -> FxHashMap<&str, usize> {
    let mut first: FxHashMap<&str, usize> = FxHashMap::default();
    for (n, body) in bodies.iter().enumerate() {
        first.entry(&body.name).or_insert(n);
    }
    first
}

/// All forms by their words: acronym and name of each body, then the beginnings of companies' names. Of forms with the
/// same words that make the same kind of mention the first stays.
fn forms<'w>(
    doc: &Doc<'w>,
    bodies: &[Body],
    acronyms: &'w [Option<String>],
    companies: &[Beginning],
) -> Phrases<'w, Vec<Form>> {
    let mut forms: Phrases<'w, Vec<Form>> = Phrases::new();
    let add = |same: &mut Vec<Form>, form: Form| {
        if !same.iter().any(|f| f.kind == form.kind) {
            same.push(form);
        }
    };
    for (body, acronym) in acronyms.iter().enumerate().filter(|(n, _)| !bodies[*n].mentions.is_empty()) {
        if let Some(acronym) = acronym {
            // Of several words, or of one that nowhere stands by itself.
            let mention = bodies[body].mentions.iter().map(|(range, _)| *range);
            let several = mention.filter(|range| range.len() > 1).find(|range| doc.words(*range) == acronym);
            let form = Form { body, kind: MentionKind::Acronym };
            match several {
                Some(range) => add(forms.entry(words(doc, range)), form),
                None => add(forms.entry([acronym.as_str()]), form),
            }
        }
        // What stands under a plural head is no name by itself: `Health` of the `Ministries of Justice and Health`.
        let full = bodies[body].mentions.iter().find(|(_, kind)| *kind == MentionKind::Full);
        if let Some((range, _)) = full {
            add(forms.entry(words(doc, *range)), Form { body, kind: MentionKind::Full });
        }
    }
    for company in companies {
        let form = Form { body: company.body, kind: MentionKind::Short };
        add(forms.entry(words(doc, company.range)), form);
    }
    forms
}

/// What the marking of short forms knows.
struct Marking<'a, 'w> {
    fields: &'a Fields<'a>,
    forms: Phrases<'w, Vec<Form>>,
    /// Bodies with their mentions.
    known: FxHashSet<(usize, Range)>,
}

impl Marking<'_, '_> {
    /// Marks the longest form that begins at a token; the token to go on from.
    fn mark_at(&mut self, doc: &mut Doc<'_>, bodies: &mut [Body], at: usize) -> usize {
        let Some((form, range)) = self.form_at(doc, at) else { return at + 1 };
        let fields = self.fields;
        let own = doc.starting(at).any(|(_, a)| a.kind == fields.organization && a.range == range);
        // A name of a person that is only this form, or holds the acronym, was none.
        let persons: Vec<usize> = (at.saturating_sub(6)..=at)
            .flat_map(|start| doc.starting(start))
            .filter(|(_, a)| a.kind == fields.person && a.range.overlaps(&range))
            .map(|(n, _)| n)
            .collect();
        persons.into_iter().for_each(|n| doc.remove(n));
        if !own {
            let body = &bodies[form.body];
            let data = body.kind.map(|k| (fields.kind, k)).into_iter().collect();
            let (kind, rule) = (fields.organization, body.rule);
            doc.add(Annotation { kind, rule, range, captures: Vec::new(), data });
        }
        if self.known.insert((form.body, range)) {
            bodies[form.body].mentions.push((range, form.kind));
        }
        range.end
    }

    /// The longest form that begins at a token and may be a mention there.
    fn form_at(&self, doc: &Doc<'_>, at: usize) -> Option<(Form, Range)> {
        let allowed = |form: &&Form, range: Range| allowed(self.fields, doc, form.kind, range);
        let word = doc.word(at);
        if self.forms.next(START, word).is_some() {
            let places = self.forms.walk((at..doc.tokens().len()).map(|at| doc.word(at)));
            let places: Vec<usize> = places.collect();
            return (1..=places.len()).rev().find_map(|len| {
                let range = Range::new(at, at + len);
                let form = self.forms.value(places[len - 1]).iter().find(|form| allowed(form, range))?;
                Some((*form, range))
            });
        }
        // `RHAs`: a plural, or a possessive that lost its mark.
        let place = word.strip_suffix('s').filter(|stem| stem.len() > 1)?;
        let place = self.forms.next(START, place)?;
        let range = Range::new(at, at + 1);
        let mut forms = self.forms.value(place).iter().filter(|form| form.kind != MentionKind::Full);
        forms.find(|form| allowed(form, range)).map(|form| (*form, range))
    }
}

/// Whether a form may be a mention here: nothing else covers it, and no name goes on beside it.
fn allowed(fields: &Fields<'_>, doc: &Doc<'_>, form: MentionKind, range: Range) -> bool {
    let covers = |kind: Symbol| {
        (range.start.saturating_sub(16)..range.end).any(|start| {
            doc.starting(start).any(|(_, a)| a.kind == kind && a.range.overlaps(&range) && a.range != range)
        })
    };
    let acronym = form == MentionKind::Acronym;
    let covered = covers(fields.organization) || (!acronym && covers(fields.person));
    let law = (range.end..doc.tokens().len())
        .take(4)
        .take_while(|at| doc.tokens()[*at].shape.has(Shape::CAP))
        .any(|at| doc.begins(&[fields.lists.law], at));
    if covered || law || form != MentionKind::Short {
        return !covered && !law;
    }
    let name_word = |at: usize| {
        doc.tokens().get(at).is_some_and(|t| t.shape.has(Shape::CAP) && !t.shape.has(Shape::POSS))
    };
    let sentence = doc.sentences()[doc.sentence_of(range.start)];
    let before = range.start > sentence.start
        && name_word(range.start - 1)
        && !doc.begins(&[fields.lists.function], range.start - 1);
    let role = doc.begins(&[fields.lists.role], range.end);
    let after = range.end < sentence.end && name_word(range.end) && !role;
    let ordinary = range.start == sentence.start
        && range.len() == 1
        && doc.begins(&[fields.lists.ordinary], range.start)
        && !doc.begins(&[fields.lists.and], range.end);
    !before && !after && !ordinary
}

/// A body that is only the acronym of another, found before it was known whose it is.
fn join_twins(bodies: &mut [Body]) {
    let owners: BTreeMap<&str, usize> =
        bodies.iter().enumerate().filter_map(|(n, b)| b.acronym.as_deref().map(|a| (a, n))).collect();
    if owners.is_empty() {
        return;
    }
    let first = first_of_name(bodies);
    let twin = |(acronym, owner): (&str, usize)| first.get(acronym).map(|twin| (*twin, owner));
    let twins: Vec<(usize, usize)> =
        owners.into_iter().filter_map(twin).filter(|(twin, owner)| twin != owner).collect();
    for (twin, owner) in twins {
        let mentions = std::mem::take(&mut bodies[twin].mentions);
        bodies[owner].mentions.extend(mentions.into_iter().map(|(r, _)| (r, MentionKind::Acronym)));
    }
}

/// The beginnings of company names that may stand for the whole: without legal form, heads and ordinary words.
fn companies(fields: &Fields<'_>, doc: &Doc<'_>, bodies: &[Body]) -> Vec<Beginning> {
    let lists = &fields.lists;
    let is = |list: List, at: usize| doc.begins(&[list], at);
    let legal =
        |at: usize| doc.tokens()[at].shape.has(Shape::PUNCT) || is(lists.company, at) || is(lists.head, at);
    let other = [lists.place, lists.country, lists.function, lists.body_start];
    let mut found: Vec<Beginning> = Vec::new();
    for (body, company) in bodies.iter().enumerate() {
        let whole = company.first();
        if company.kind != Some(fields.company) || whole.is_empty() || doc.begins(&other, whole.start) {
            continue;
        }
        let strip = |mut end: usize, over: &dyn Fn(usize) -> bool| {
            while end > whole.start + 1 && over(end - 1) {
                end -= 1;
            }
            end
        };
        let bare = strip(whole.end, &legal);
        let core = strip(bare, &|at| legal(at) || is(lists.common, at));
        let ends = [Some(bare), Some(core).filter(|core| *core != bare)];
        // A long form that only its acronym proves is no company for certain: `Defence` alone is what it is for.
        let plain =
            |end: usize| company.rule.is_none() && end == whole.start + 1 && is(lists.common, whole.start);
        let shorter = ends.into_iter().flatten().filter(|end| *end < whole.end && !plain(*end));
        found.extend(shorter.map(|end| Beginning { range: Range::new(whole.start, end), body }));
    }
    if !found.is_empty() {
        without_places(fields, doc, &mut found);
    }
    found
}

/// Drops the beginnings that stand after `in` or `near` somewhere: those companies have their names from places.
fn without_places(fields: &Fields<'_>, doc: &Doc<'_>, companies: &mut Vec<Beginning>) {
    let mut places: Phrases<'_, bool> = Phrases::new();
    for company in companies.iter() {
        places.entry(words(doc, company.range));
    }
    let len = doc.tokens().len();
    for at in 1..len {
        if entry(doc, fields, fields.lists.within, at - 1) == Some(at) {
            let mut place = START;
            for next in at..len - 1 {
                let Some(there) = places.next(place, doc.word(next)) else { break };
                place = there;
                *places.value_mut(place) = true;
            }
        }
    }
    companies.retain(|company| !*places.entry(words(doc, company.range)));
}

fn words<'t>(doc: &Doc<'t>, range: Range) -> impl Iterator<Item = &'t str> {
    (range.start..range.end).map(|at| doc.word(at))
}
