//! Acronyms tied to the bodies whose they are: in brackets, before a name, well-known, or by their letters alone.

use std::collections::BTreeSet;

use chancery_record::MentionKind;
use chancery_rules::{Doc, Range, RuleSet};
use chancery_text::{Shape, fold};

use crate::State;
use crate::bodies::Body;
use crate::definitions::{Definition, fits, initials, is_acronym};
use crate::fields::{Fields, entry};

/// Gives each body the acronym that the text ties to it.
pub(crate) fn tie(rules: &RuleSet, fields: &Fields, doc: &Doc<'_>, state: &State, bodies: &mut Vec<Body>) {
    in_brackets(rules, doc, state, bodies);
    before(rules, doc, bodies);
    known(rules, fields, doc, bodies);
    by_letters(rules, doc, bodies);
}

/// The acronym in brackets directly after a body is its own, if its letters are or if it is one for certain
/// (`European Consumer Organisation (BEUC)`); so is one after a body and its place.
fn in_brackets(rules: &RuleSet, doc: &Doc<'_>, state: &State, bodies: &mut [Body]) {
    for definition in &state.definitions {
        let short = definition.short;
        let Some((owner, range)) = owner(doc, definition, bodies) else { continue };
        if entry(doc, rules, "country", short.start).is_some() && definition.long != Some(range) {
            continue;
        }
        let body = &mut bodies[owner];
        if body.acronym.as_deref().is_some_and(|a| a != doc.words(short)) {
            continue;
        }
        let first = doc.words(short).chars().next().map(|c| c.to_lowercase().to_string());
        let begins = |w: &str| w.chars().next().map(|c| c.to_lowercase().to_string()) == first;
        let near = range.end == definition.open;
        let own = if near {
            definition.long.is_some()
                || body.name.split(|c: char| !c.is_alphanumeric()).any(begins)
                || (doc.word(definition.open) == "(" && certain(rules, doc, short.start))
        } else {
            initials(doc, range, short)
        };
        if own {
            body.acronym = Some(doc.words(short).to_owned());
            body.mentions.push((short, MentionKind::Acronym));
        }
    }
}

/// Whether a token is three to six capitals and nothing else that is known.
fn certain(rules: &RuleSet, doc: &Doc<'_>, at: usize) -> bool {
    let other = ["place", "posthon", "noacr", "notbody", "role"];
    doc.tokens()[at].shape.has(Shape::UPPER)
        && (3..=6).contains(&doc.word(at).chars().count())
        && doc.word(at).chars().all(char::is_uppercase)
        && other.iter().all(|list| entry(doc, rules, list, at).is_none())
}

/// The body that ends where a definition's brackets open, with nothing but commas and names of places between.
fn owner(doc: &Doc<'_>, definition: &Definition, bodies: &[Body]) -> Option<(usize, Range)> {
    let glue = |at: usize| matches!(doc.word(at), "," | ".") || doc.tokens()[at].shape.has(Shape::CAP);
    let mut end = definition.open;
    loop {
        let here = bodies
            .iter()
            .enumerate()
            .find_map(|(n, b)| b.mentions.iter().find(|(r, _)| r.end == end).map(|(range, _)| (n, *range)));
        if here.is_some() || end == 0 || end + 4 < definition.open || !glue(end - 1) {
            return here;
        }
        end -= 1;
    }
}

/// An acronym before a comma or bracket and the body whose letters it takes: `NRA, the National Roads Authority`.
fn before(rules: &RuleSet, doc: &Doc<'_>, bodies: &mut [Body]) {
    for body in bodies.iter_mut().filter(|b| b.acronym.is_none()) {
        let found = body.mentions.iter().find_map(|(range, _)| {
            let article = range.start > 0 && entry(doc, rules, "article", range.start - 1).is_some();
            let sign = range.start.checked_sub(1 + usize::from(article))?;
            let at = sign.checked_sub(1)?;
            let short = Range::new(at, sign);
            let fitting = matches!(doc.word(sign), "," | "(")
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
fn known(rules: &RuleSet, fields: &Fields, doc: &Doc<'_>, bodies: &mut Vec<Body>) {
    let mut moved: Vec<(usize, usize)> = Vec::new();
    for (n, body) in bodies.iter().enumerate() {
        let range = body.first();
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

/// An acronym that the text never explains is that of the one body whose words begin with its letters, in their order:
/// `MoPS` in a text on the `Ministry of Ports and Shipping`.
fn by_letters(rules: &RuleSet, doc: &Doc<'_>, bodies: &mut [Body]) {
    let named: BTreeSet<String> = bodies.iter().flat_map(|b| b.acronym.iter().cloned()).collect();
    let nothing = ["country", "place", "posthon", "role"];
    let mut shorts: BTreeSet<&str> = BTreeSet::new();
    for at in 0..doc.tokens().len() {
        let word = doc.word(at);
        if word.chars().count() > 2
            && is_acronym(word)
            && !named.contains(word)
            && nothing.iter().all(|list| entry(doc, rules, list, at).is_none())
        {
            shorts.insert(word);
        }
    }
    for short in shorts {
        let letters: Vec<char> = short.chars().flat_map(char::to_lowercase).collect();
        let whose: Vec<usize> = (0..bodies.len())
            .filter(|n| bodies[*n].first().len() > 2 && bodies[*n].acronym.is_none())
            .filter(|n| spells(doc, bodies[*n].first(), &letters))
            .collect();
        if let [owner] = whose[..] {
            bodies[owner].acronym = Some(short.to_owned());
        }
    }
}

/// Whether the capitalized words of a name begin with these letters, one each; the small words between may take one.
fn spells(doc: &Doc<'_>, name: Range, letters: &[char]) -> bool {
    let mut reached = BTreeSet::from([0]);
    for at in name.start..name.end {
        let shape = doc.tokens()[at].shape;
        if !shape.has(Shape::WORD) {
            continue;
        }
        let first = doc.word(at).chars().flat_map(char::to_lowercase).next();
        let taken = reached.iter().filter(|n| letters.get(**n).copied() == first).map(|n| n + 1).collect();
        reached = if shape.has(Shape::CAP) { taken } else { reached.union(&taken).copied().collect() };
    }
    reached.contains(&letters.len())
}
