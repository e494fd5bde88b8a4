//! Named bodies of a document: mentions merged, acronyms tied, acronyms used alone found.

use std::collections::BTreeMap;

use chancery_record::MentionKind;
use chancery_rules::{Annotation, Doc, Range, RuleSet, Symbol};
use chancery_text::{Shape, fold};
use rustc_hash::FxHashMap;

use crate::State;
use crate::fields::{Fields, entry};

/// A body with all its mentions.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    pub(crate) name: String,
    pub(crate) acronym: Option<String>,
    pub(crate) kind: Option<Symbol>,
    pub(crate) rule: Option<usize>,
    pub(crate) mentions: Vec<(Range, MentionKind)>,
}

/// Merges what the rules found, ties acronyms to their bodies and marks them wherever they stand alone.
pub(crate) fn find(rules: &RuleSet, fields: &Fields, doc: &mut Doc<'_>, state: &mut State) {
    widen_by_definitions(rules, fields, doc, state);
    let mut bodies: Vec<Body> = Vec::new();
    let mut by_key: BTreeMap<String, usize> = BTreeMap::new();
    let found: Vec<(Range, Option<usize>, Option<Symbol>)> = doc
        .of_kind(fields.organization)
        .into_iter()
        .map(|(_, a)| (a.range, a.rule, a.value(fields.kind)))
        .collect();
    for (range, rule, kind) in found {
        let name = doc.words(range);
        let index = *by_key.entry(key(rules, doc, range)).or_insert_with(|| {
            bodies.push(Body { name: one_line(name), acronym: None, kind, rule, mentions: Vec::new() });
            bodies.len() - 1
        });
        bodies[index].mentions.push((range, MentionKind::Full));
    }
    tie_acronyms(rules, doc, state, &mut bodies);
    known_acronyms(rules, fields, doc, &mut bodies);
    mark_acronyms(fields, doc, &mut bodies);
    for body in &mut bodies {
        body.mentions.sort_by_key(|(range, _)| *range);
        body.mentions.dedup_by_key(|(range, _)| *range);
    }
    bodies.sort_by_key(|b| b.mentions.first().map(|(r, _)| *r));
    state.bodies = bodies;
}

/// The words of a body without order and small words: `Justice Department` is `Department of Justice`.
fn key(rules: &RuleSet, doc: &Doc<'_>, range: Range) -> String {
    let content = (range.start..range.end)
        .filter(|at| doc.tokens()[*at].shape.has(Shape::CAP) || doc.tokens()[*at].shape.has(Shape::NUM))
        .filter(|at| entry(doc, rules, "article", *at).is_none());
    let mut words: Vec<String> = content.map(|at| fold(doc.word(at))).collect();
    words.sort_unstable();
    words.join(" ")
}

/// White space of a name that goes over a line end becomes one space.
pub(crate) fn one_line(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A long form that the letters of its acronym prove is a body if its head is one; it replaces a shorter find.
fn widen_by_definitions(rules: &RuleSet, fields: &Fields, doc: &mut Doc<'_>, state: &State) {
    for definition in &state.definitions {
        let Some(long) = definition.long else { continue };
        let inside: Vec<(usize, Range, Option<Symbol>, Option<usize>)> = doc
            .of_kind(fields.organization)
            .into_iter()
            .filter(|(_, a)| a.range.overlaps(&long))
            .map(|(n, a)| (n, a.range, a.value(fields.kind), a.rule))
            .collect();
        if inside.iter().any(|(_, r, ..)| r.contains(&long)) {
            continue;
        }
        let head = (long.start..long.end).find(|at| {
            let next = at + 1;
            entry(doc, rules, "head", *at).is_some()
                && (next == long.end || entry(doc, rules, "doc-of", next).is_some())
        });
        let Some(head) = head else { continue };
        if doc.of_kind(fields.person).iter().any(|(_, p)| p.range.overlaps(&long)) {
            continue;
        }
        let kind = doc
            .entries(rules, "head", head)
            .find_map(|(_, data)| data.iter().find(|(k, _)| *k == fields.kind).map(|(_, v)| *v));
        let last = inside.iter().find(|(_, r, ..)| r.end == long.end);
        let (kind, rule) = last.map_or((kind, None), |(_, _, k, rule)| (k.or(kind), *rule));
        let start = inside.iter().map(|(_, r, ..)| r.start).min().map_or(long.start, |s| s.min(long.start));
        inside.iter().for_each(|(n, ..)| doc.remove(*n));
        doc.add(Annotation {
            kind: fields.organization,
            rule,
            range: Range::new(start, long.end),
            captures: Vec::new(),
            data: kind.map(|k| (fields.kind, k)).into_iter().collect(),
        });
    }
}

/// The acronym in brackets directly after a body is its own, if its first letter is one of the body's.
fn tie_acronyms(rules: &RuleSet, doc: &Doc<'_>, state: &State, bodies: &mut [Body]) {
    for definition in &state.definitions {
        let end = definition.open;
        let owner = bodies.iter_mut().find(|b| b.mentions.iter().any(|(r, _)| r.end == end));
        let Some(body) = owner else { continue };
        if entry(doc, rules, "country", definition.short.start).is_some() || body.acronym.is_some() {
            continue;
        }
        let first = doc.words(definition.short).chars().next().map(|c| c.to_lowercase().to_string());
        let fits = definition.long.is_some()
            || body
                .name
                .split(|c: char| !c.is_alphanumeric())
                .any(|w| w.chars().next().map(|c| c.to_lowercase().to_string()) == first);
        if fits {
            body.acronym = Some(doc.words(definition.short).to_owned());
            body.mentions.push((definition.short, MentionKind::Acronym));
        }
    }
}

/// Well-known acronyms that stand beside the body's full name in the text are its acronyms.
fn known_acronyms(rules: &RuleSet, fields: &Fields, doc: &Doc<'_>, bodies: &mut Vec<Body>) {
    let mut moved: Vec<(usize, usize)> = Vec::new();
    for (n, body) in bodies.iter().enumerate() {
        let Some((range, _)) = body.mentions.first() else { continue };
        let full = doc
            .entries(rules, "known", range.start)
            .filter(|(end, _)| *end == range.end)
            .find_map(|(_, data)| data.iter().find(|(k, _)| *k == fields.full).map(|(_, v)| *v));
        let Some(full) = full.map(|f| fold(rules.word(f))) else { continue };
        if let Some(owner) = bodies.iter().position(|b| fold(&b.name) == full) {
            moved.push((n, owner));
        }
    }
    for (from, to) in moved.iter().rev() {
        let (name, mentions) = (bodies[*from].name.clone(), std::mem::take(&mut bodies[*from].mentions));
        bodies[*to].acronym.get_or_insert(name);
        bodies[*to].mentions.extend(mentions.into_iter().map(|(r, _)| (r, MentionKind::Acronym)));
    }
    bodies.retain(|b| !b.mentions.is_empty());
}

/// Marks every acronym that the document ties to a body wherever it stands alone.
fn mark_acronyms(fields: &Fields, doc: &mut Doc<'_>, bodies: &mut Vec<Body>) {
    let owners: FxHashMap<String, usize> =
        bodies.iter().enumerate().filter_map(|(n, b)| b.acronym.clone().map(|a| (a, n))).collect();
    if owners.is_empty() {
        return;
    }
    // A body that is only the acronym itself, found before it was known whose it is.
    for (acronym, owner) in owners.iter().collect::<BTreeMap<_, _>>() {
        if let Some(twin) = bodies.iter().position(|b| b.name == **acronym)
            && twin != *owner
        {
            let mentions = std::mem::take(&mut bodies[twin].mentions);
            bodies[*owner].mentions.extend(mentions.into_iter().map(|(r, _)| (r, MentionKind::Acronym)));
        }
    }
    for at in 0..doc.tokens().len() {
        let Some(owner) = owners.get(doc.word(at)) else { continue };
        let here = Range::new(at, at + 1);
        let taken = doc.of_kind(fields.organization).iter().any(|(_, a)| a.range.overlaps(&here));
        if !taken {
            let body = &bodies[*owner];
            let data = body.kind.map(|k| (fields.kind, k)).into_iter().collect();
            doc.add(Annotation {
                kind: fields.organization,
                rule: body.rule,
                range: here,
                captures: Vec::new(),
                data,
            });
            bodies[*owner].mentions.push((here, MentionKind::Acronym));
        } else if doc.starting(at).any(|(_, a)| a.kind == fields.organization && a.range == here) {
            bodies[*owner].mentions.push((here, MentionKind::Acronym));
        }
    }
    bodies.retain(|b| !b.mentions.is_empty());
}
