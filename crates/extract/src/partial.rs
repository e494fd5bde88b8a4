//! Bodies of a text under names that leave something out: `Ports Society` for the `Ports Society of Kenya`, `Policy
//! Committee` for the `Rural Policy Committee`.

use chancery_record::MentionKind;
use chancery_rules::{Doc, Range};
use chancery_text::{Shape, fold};
use rustc_hash::FxHashMap;

use crate::bodies::{Body, content};
use crate::fields::{Fields, entry};

/// Joins the bodies whose names are parts of just one longer name of the text.
pub(crate) fn join(fields: &Fields<'_>, doc: &Doc<'_>, bodies: &mut Vec<Body>) {
    without_places(fields, doc, bodies);
    parts(fields, doc, bodies);
    bodies.retain(|b| !b.mentions.is_empty());
}

/// So many words without a place are one body's name wherever it stands.
const UNMISTAKABLE: usize = 3;

/// What a later mention leaves out of a name: where the body is, or whose committee it is. The longest that begins at a
/// token and ends before `limit`.
fn place(fields: &Fields<'_>, doc: &Doc<'_>, at: usize, limit: usize) -> Option<usize> {
    let places = [fields.lists.country, fields.lists.place, fields.lists.chamber];
    let ends = places.iter().filter_map(|list| entry(doc, fields, *list, at));
    ends.filter(|end| *end <= limit).max()
}

/// The words of a name without places, and whether it has any.
fn bare(fields: &Fields<'_>, doc: &Doc<'_>, range: Range) -> (Vec<String>, bool) {
    let (mut kept, mut at, mut placed) = (Vec::new(), range.start, false);
    while at < range.end {
        let after = place(fields, doc, at, range.end);
        placed |= after.is_some();
        if after.is_none() {
            kept.extend(content(fields, doc, Range::new(at, at + 1)));
        }
        at = after.unwrap_or(at + 1);
    }
    (kept, placed)
}

fn sorted(words: &[String]) -> Vec<String> {
    let mut words = words.to_vec();
    words.sort_unstable();
    words
}

/// `Ports Society` is the one `Ports Society of Kenya` that the text names before it; under its name turned round
/// (`Roads Department` for the `Kenya Department of Roads`) wherever it stands.
fn without_places(fields: &Fields<'_>, doc: &Doc<'_>, bodies: &mut [Body]) {
    let words: Vec<Vec<String>> = bodies.iter().map(|body| content(fields, doc, body.first())).collect();
    // Names that say more than the words which they are kept under.
    let mut longer: FxHashMap<Vec<String>, Vec<(usize, Vec<String>)>> = FxHashMap::default();
    for (n, body) in bodies.iter().enumerate() {
        let (kept, placed) = bare(fields, doc, body.first());
        if placed && kept.len() < words[n].len() {
            longer.entry(sorted(&kept)).or_default().push((n, kept));
        }
    }
    for short in 0..bodies.len() {
        let range = bodies[short].first();
        let placed = (range.start..range.end).any(|at| place(fields, doc, at, usize::MAX).is_some());
        if words[short].len() < 2 || placed {
            continue;
        }
        let Some(all) = longer.get(&sorted(&words[short])) else { continue };
        let longer: Vec<&(usize, Vec<String>)> =
            all.iter().filter(|(n, _)| !bodies[*n].mentions.is_empty()).collect();
        let [(owner, kept)] = longer[..] else { continue };
        let before = bodies[*owner].first().start < range.start;
        // A long name hardly belongs to two bodies of a text; `Health Department` may.
        if before || *kept != words[short] || words[short].len() >= UNMISTAKABLE {
            give(bodies, short, *owner);
        }
    }
}

/// Gives all mentions of one body to another whose name says more.
fn give(bodies: &mut [Body], short: usize, owner: usize) {
    let mentions = std::mem::take(&mut bodies[short].mentions);
    let short_kind = |kind| if kind == MentionKind::Full { MentionKind::Short } else { kind };
    let acronym = bodies[short].acronym.take();
    bodies[owner].mentions.extend(mentions.into_iter().map(|(r, kind)| (r, short_kind(kind))));
    bodies[owner].acronym = bodies[owner].acronym.take().or(acronym);
}

/// A name that is the end of just one longer name (`Policy Committee`, `Rural Policy Committee`), or its beginning
/// before a preposition (`Ports Fund`, `Ports Fund for Development`) or its legal form, is that body's.
fn parts(fields: &Fields<'_>, doc: &Doc<'_>, bodies: &mut [Body]) {
    let key = |range: Range| fold(doc.words(range));
    let mut named: FxHashMap<String, usize> = FxHashMap::default();
    for (n, body) in bodies.iter().enumerate().filter(|(_, body)| !body.mentions.is_empty()) {
        if content(fields, doc, body.first()).len() > 1 {
            named.entry(key(body.first())).or_insert(n);
        }
    }
    let mut longer: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
    for (n, body) in bodies.iter().enumerate().filter(|(_, body)| !body.mentions.is_empty()) {
        let whole = body.first();
        for part in left_out(fields, doc, whole) {
            let short = named.get(&key(part)).filter(|short| **short != n);
            // `President, Global Trade Ports Fund`: of several words said once, later, some may be the post's.
            let short = short.filter(|short| {
                let later = bodies[**short].first().start < whole.start;
                !(later && part.start > whole.start + 1 && body.mentions.len() == 1)
            });
            longer.entry(*short.unwrap_or(&n)).or_default().extend(short.map(|_| n));
        }
    }
    let mut shorts: Vec<usize> = longer.keys().copied().collect();
    // The longest first, so that a chain of shorter names ends at one body.
    shorts.sort_by_key(|n| (std::cmp::Reverse(bodies[*n].first().len()), *n));
    let mut moved: FxHashMap<usize, usize> = FxHashMap::default();
    for short in shorts {
        let mut owners: Vec<usize> = longer[&short].iter().map(|n| *moved.get(n).unwrap_or(n)).collect();
        owners.sort_unstable();
        owners.dedup();
        if let [owner] = owners[..] {
            give(bodies, short, owner);
            moved.insert(short, owner);
        }
    }
}

/// The parts of a name that may stand for the whole of it.
fn left_out<'d>(fields: &'d Fields<'_>, doc: &'d Doc<'_>, whole: Range) -> impl Iterator<Item = Range> + 'd {
    let lists = &fields.lists;
    // A well-known body is no part of another.
    let known = move |part: &Range| entry(doc, fields, lists.known, part.start) == Some(part.end);
    // `Kenya Ports Limited`: what firms are called at the end.
    let legal = move |at: usize| entry(doc, fields, lists.company, at) == Some(whole.end);
    let begins = (whole.start + 2..whole.end)
        .filter(move |at| doc.begins(&[lists.preposition], *at) || legal(*at))
        // `Orvin Ports, Inc.`: nor does the comma before it belong to the name.
        .map(move |at| Range::new(whole.start, at - usize::from(doc.word(at - 1) == ",")))
        .filter(move |part| part.len() > 1);
    // Before the end stand capitalized words only, none of which is a body's head, a place or whose the body is.
    let plain = move |at: &usize| {
        let other = [lists.head_strong, lists.country, lists.place, lists.chamber];
        doc.tokens()[*at].shape.has(Shape::CAP) && !doc.begins(&other, *at)
    };
    let ends = (whole.start..whole.end).take_while(plain).map(move |at| Range::new(at + 1, whole.end));
    begins.chain(ends).filter(move |part| !known(part))
}

#[cfg(test)]
mod tests {
    use crate::told::record_of;

    const WORDS: &str = r#"
        [[list]]
        id = "head"
        words = ["committee", "fund", "department"]
        [[list]]
        id = "head-strong"
        words = ["committee", "fund", "department"]
        [[list]]
        id = "article"
        words = ["the"]
        [[list]]
        id = "country"
        words = ["Kenya"]
        [[list]]
        id = "doc-preposition"
        words = ["of", "for"]
        [[rule]]
        id = "body"
        layer = "bodies"
        finds = "organization"
        when = '[Cap]{0,3} &[Cap] {head} ((of | for) [Cap]{1,2})?'
        say = "Words before a head."
        yes = ["Ports Fund"]
    "#;

    /// Every body of a text as `name: mentions`.
    fn check(text: &str, expected: &[&str]) {
        let record = record_of("['bodies', 'step:bodies']", WORDS, text);
        let told = record.organizations.iter().map(|o| {
            let mentions: Vec<&str> = o.mentions.iter().map(|m| m.span.of(text)).collect();
            format!("{}: {}", o.name, mentions.join(", "))
        });
        assert_eq!(told.collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn the_end_or_beginning_of_one_name_is_the_same_body() {
        check(
            "the Policy Committee met. the Rural Policy Committee left.",
            &["Rural Policy Committee: Policy Committee, Rural Policy Committee"],
        );
        check(
            "the Ports Fund for Development met. the Ports Fund left.",
            &["Ports Fund for Development: Ports Fund for Development, Ports Fund"],
        );
        check(
            "the Policy Committee, the Rural Policy Committee, the New Rural Policy Committee met.",
            &[
                "New Rural Policy Committee: Policy Committee, Rural Policy Committee, New Rural Policy Committee",
            ],
        );
    }

    #[test]
    fn of_two_longer_names_neither_is_meant() {
        check(
            "the Rural Policy Committee, the Urban Policy Committee and the Policy Committee met.",
            &[
                "Rural Policy Committee: Rural Policy Committee",
                "Urban Policy Committee: Urban Policy Committee",
                "Policy Committee: Policy Committee",
            ],
        );
        check(
            "the Roads Department Policy Committee and the Policy Committee met.",
            &[
                "Roads Department Policy Committee: Roads Department Policy Committee",
                "Policy Committee: Policy Committee",
            ],
        );
    }

    #[test]
    fn a_country_is_left_out_of_a_name() {
        check(
            "the Roads Department met. the Kenya Department of Roads left.",
            &["Kenya Department of Roads: Roads Department, Kenya Department of Roads"],
        );
        check(
            "the Roads Department met. the Kenya Roads Department left.",
            &["Roads Department: Roads Department", "Kenya Roads Department: Kenya Roads Department"],
        );
    }
}
