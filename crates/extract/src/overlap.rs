//! Finds that overlap or end in a sign, and bodies between posts: whose each is where it stands beside two, and which posts share it.

use std::borrow::Cow;

use chancery_rules::{Annotation, Doc, Range, Symbol};
use chancery_text::Shape;
use rustc_hash::FxHashSet;

use crate::fields::{Fields, entry};
use crate::pairing::{Joint, Link, What};
use crate::posts::Held;

/// A sign at the end of a find is no part of a name: `Statutory Boards –`; nor is the stop of its sentence.
pub(crate) fn trim(fields: &Fields, doc: &mut Doc<'_>) {
    let signs: Vec<(usize, Annotation)> = doc
        .of_kind(fields.organization)
        .into_iter()
        .filter(|(_, a)| doc.tokens()[a.range.end - 1].shape.has(Shape::PUNCT))
        .filter(|(_, a)| match doc.word(a.range.end - 1) {
            "-" | "–" | "—" | "," => true,
            "." => is_stopped(fields, doc, a.range),
            _ => false,
        })
        .map(|(n, a)| (n, a.clone()))
        .collect();
    for (n, mut annotation) in signs {
        doc.remove(n);
        annotation.range.end -= 1;
        if !annotation.range.is_empty() {
            doc.add(annotation);
        }
    }
}

/// Whether the stop that marks the short form of a firm's kind ends its sentence: `It was built by Orvin Ltd.` A line of
/// names alone is no sentence, and a form that a comma sets apart is written with its stop: `Orvin, Inc.`
fn is_stopped(fields: &Fields, doc: &Doc<'_>, firm: Range) -> bool {
    let sentence = doc.sentences()[doc.sentence_of(firm.start)];
    let form = || doc.begins(&[fields.lists.company], firm.end - 2);
    let tells = || (sentence.start..firm.start).any(|at| doc.tokens()[at].shape.has(Shape::LOWER));
    let apart = || doc.word(firm.end - 3) == ",";
    sentence.end == firm.end && firm.len() > 2 && form() && !apart() && tells()
}

/// Of finds of a kind that overlap the first longest stays: two layers may find one name.
pub(crate) fn drop_nested(doc: &mut Doc<'_>, kind: Symbol) {
    let found: Vec<(usize, Range)> = doc.of_kind(kind).into_iter().map(|(n, a)| (n, a.range)).collect();
    let mut end = 0;
    for (n, range) in found {
        if range.start < end {
            doc.remove(n);
        } else {
            end = range.end;
        }
    }
}

/// A body that two posts would take is of the one that it stands closer to: after a comma of the post behind it, else
/// of the one before: `the Chief of Police, Orvin Navy Commander X`, `the Commander of the Orvin Navy Commodore X`.
pub(crate) fn part(fields: &Fields<'_>, doc: &Doc<'_>, posts: &mut [Cow<'_, Annotation>]) {
    for n in 1..posts.len() {
        let (before, behind) = (&posts[n - 1], &posts[n]);
        let (from, to) = (start(behind), end(before));
        if from < before.range.end || from >= to || behind.range.start < to {
            continue;
        }
        let comma = from.checked_sub(1).is_some_and(|at| doc.begins(&[fields.lists.glue], at));
        if comma {
            posts[n - 1].to_mut().captures.retain(|c| c.range.end <= from);
        } else {
            posts[n].to_mut().captures.retain(|c| c.range.start >= to);
        }
    }
}

/// Where a post begins, with what stands before its title.
fn start(post: &Annotation) -> usize {
    post.captures.iter().map(|c| c.range.start).fold(post.range.start, usize::min)
}

/// Where a post ends, with what stands after its title.
fn end(post: &Annotation) -> usize {
    post.captures.iter().map(|c| c.range.end).fold(post.range.end, usize::max)
}

/// Whether a title begins with a place, ends in `of` and a place, or says to whom its holder is something: `Orvin State
/// Superintendent`, `Adviser to the President`.
fn is_placed(fields: &Fields<'_>, doc: &Doc<'_>, title: Range) -> bool {
    let lists = &fields.lists;
    if entry(doc, fields, lists.place, title.start).is_some_and(|end| end < title.end) {
        return true;
    }
    if (title.start + 1..title.end).any(|at| doc.begins(&[lists.to_whom], at)) {
        return true;
    }
    let ends = |list, at: usize| entry(doc, fields, list, at) == Some(title.end);
    (title.start + 1..title.end)
        .any(|at| doc.begins(&[lists.of], at - 1) && (ends(lists.place, at) || ends(lists.country, at)))
}

/// Whether a post after a comma is the rank that its holder is addressed by: `the Ports Police spokesperson, Inspector X`.
fn is_rank(fields: &Fields<'_>, doc: &Doc<'_>, links: &[Link], n: usize) -> bool {
    let named = links.get(n + 1).is_some_and(|next| {
        matches!(next.what, What::Name(_)) && next.joint == Joint::Direct && links[n].joint == Joint::Comma
    });
    let What::Post { held, plural: false, sides: (false, false), .. } = &links[n].what else { return false };
    let addressed = [fields.military, fields.police, fields.parliamentarian];
    let rank = |title: Range| {
        doc.entries(fields.rules, fields.lists.role, title.start)
            .any(|(end, data)| end == title.end && data.iter().any(|(key, _)| *key == fields.rank))
    };
    named
        && held.iter().all(|held| held.role.is_some_and(|role| addressed.contains(&role)))
        && held.first().and_then(|held| held.title).is_some_and(rank)
}

/// A body or country said once for two posts joined by `and` is that of both: after the last, or before the first. A
/// title that names a place or person of its own takes none: `Prince of Orvin and Chairman of the Ports Council`.
pub(crate) fn share(fields: &Fields<'_>, doc: &Doc<'_>, links: &mut [Link], holders: &[Option<usize>]) {
    let joined = |links: &[Link], n: usize, joints: &[Joint]| {
        n > 0
            && joints.contains(&links[n].joint)
            && !links[n].article
            && holders[n].is_some()
            && holders[n] == holders[n - 1]
    };
    let give = |links: &mut [Link], from: usize, to: usize| {
        let What::Post { held: giver, .. } = &links[from].what else { return };
        let Some((body, country)) = giver.first().map(|giver| (giver.body, giver.country)) else { return };
        if let What::Post { held, sides: (false, false), .. } = &mut links[to].what {
            // Who sits in a parliament sits in no other body by that: `MP for Orvin and Chair of the Ports Committee`.
            let placed = |held: &Held| {
                let seat = held.role == Some(fields.parliamentarian);
                seat || held.title.is_some_and(|title| is_placed(fields, doc, title))
            };
            for mine in held.iter_mut().filter(|held| !placed(held)) {
                (mine.body, mine.country) = (mine.body.or(body), mine.country.or(country));
            }
        }
    };
    for n in (1..links.len()).rev() {
        if joined(links, n, &[Joint::And]) && matches!(links[n].what, What::Post { sides: (_, true), .. }) {
            give(links, n, n - 1);
        }
    }
    for n in 1..links.len() {
        let listed = joined(links, n, &[Joint::And, Joint::Comma]) && !is_rank(fields, doc, links, n);
        if listed && matches!(links[n - 1].what, What::Post { sides: (true, _), .. }) {
            give(links, n - 1, n);
        }
    }
}

/// A surname in capitals that stands alone is of whoever bears it, not the letters of a body: `Ada VANDOR … VANDOR`.
pub(crate) fn drop_surnames(fields: &Fields<'_>, doc: &mut Doc<'_>) {
    let in_capitals = |at: usize| doc.tokens()[at].shape.has(Shape::UPPER);
    let surname = |range: Range| {
        let last = range.end.checked_sub(1).filter(|last| *last > range.start)?;
        (in_capitals(last) && !in_capitals(range.start)).then(|| doc.word(last))
    };
    let persons = doc.of_kind(fields.person);
    let surnames: FxHashSet<&str> = persons.into_iter().filter_map(|(_, a)| surname(a.range)).collect();
    if surnames.is_empty() {
        return;
    }
    let bodies = doc.of_kind(fields.organization).into_iter();
    let alone = bodies.filter(|(_, a)| a.range.len() == 1 && surnames.contains(doc.word(a.range.start)));
    let gone: Vec<usize> = alone.map(|(n, _)| n).collect();
    gone.into_iter().for_each(|n| doc.remove(n));
}
