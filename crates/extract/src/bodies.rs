//! Named bodies of a document: mentions merged, acronyms tied, short forms used alone found.

use std::collections::BTreeMap;

use chancery_record::MentionKind;
use chancery_rules::{Annotation, Doc, List, Range, Symbol};
use chancery_text::{Shape, fold};
use rustc_hash::FxHashMap;

use crate::State;
use crate::acronyms;
use crate::definitions::{initials, without_schemes};
use crate::fields::{Fields, entry};
use crate::many::{self, Several};
use crate::overlap::{drop_nested, drop_surnames, trim};
use crate::partial;
use crate::shortforms;
use crate::wholes::parents;

/// A body with all its mentions.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    pub(crate) name: String,
    pub(crate) acronym: Option<String>,
    pub(crate) kind: Option<Symbol>,
    pub(crate) rule: Option<usize>,
    pub(crate) mentions: Vec<(Range, MentionKind)>,
    /// Index of the body that it is part of.
    pub(crate) parent: Option<usize>,
}

impl Body {
    /// Where the first mention of the name stands.
    pub(crate) fn first(&self) -> Range {
        self.mentions.first().map_or(Range::default(), |(range, _)| *range)
    }
}

/// Merges what the rules found, ties acronyms to their bodies and marks them wherever they stand alone.
pub(crate) fn find(fields: &Fields<'_>, doc: &mut Doc<'_>, state: &mut State) {
    trim(fields, doc);
    drop_nested(doc, fields.organization);
    drop_surnames(fields, doc);
    without_schemes(fields, doc, state);
    widen_by_definitions(fields, doc, state);
    let several = many::part(fields, doc);
    let mut bodies = merged(fields, doc, &several);
    join_plurals(fields, doc, &mut bodies);
    acronyms::tie(fields, doc, state, &mut bodies);
    shortforms::mark(fields, doc, &mut bodies);
    partial::join(fields, doc, &mut bodies);
    for body in &mut bodies {
        body.mentions.sort_by_key(|(range, _)| *range);
        body.mentions.dedup_by_key(|(range, _)| *range);
        let full = body.mentions.iter().filter(|(_, kind)| *kind == MentionKind::Full);
        let longest = full.map(|(range, _)| one_line(doc.words(*range))).rev().max_by_key(String::len);
        body.name = longest.unwrap_or_else(|| body.name.clone());
    }
    bodies.sort_by_key(Body::first);
    parents(fields, doc, &mut bodies);
    let named = bodies.iter().enumerate();
    state.named_bodies = named.flat_map(|(n, b)| b.mentions.iter().map(move |(r, _)| (*r, n))).collect();
    state.bodies = bodies;
}

/// One body for all finds with the same words.
fn merged(fields: &Fields<'_>, doc: &Doc<'_>, several: &Several) -> Vec<Body> {
    let mut bodies: Vec<Body> = Vec::new();
    let mut by_key: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    for (_, found) in doc.of_kind(fields.organization) {
        let range = found.range;
        let one = several.get(&range);
        let mut key = one.map_or_else(|| key(fields, doc, range), |one| many::key(one));
        let mut name = one.cloned().unwrap_or_else(|| one_line(doc.words(range)));
        // `Roads Departments Legal Division`: the mark of a possessive is lost, and its `s` is no part of the name.
        let lost = found.value(fields.lost).is_some() && name.ends_with('s');
        if lost {
            name.pop();
        }
        key.sort_unstable();
        let index = *by_key.entry(key).or_insert_with(|| {
            bodies.push(Body {
                name,
                acronym: None,
                kind: found.value(fields.kind),
                rule: found.rule,
                mentions: Vec::new(),
                parent: None,
            });
            bodies.len() - 1
        });
        let kind = if lost || one.is_some() { MentionKind::Short } else { MentionKind::Full };
        bodies[index].mentions.push((range, kind));
    }
    bodies
}

/// What finds of one body share: the words of its name, where the country it may begin with has one name only, so that
/// `U.S. Ports Service` is the `United States Ports Service`.
fn key(fields: &Fields<'_>, doc: &Doc<'_>, range: Range) -> Vec<String> {
    let named = doc.entries(fields.rules, fields.lists.country, range.start).filter(|(end, data)| {
        let demonym = data.iter().any(|(k, v)| *k == fields.form && *v == fields.demonym);
        *end < range.end && !demonym
    });
    let country = |(end, data): (usize, &[(Symbol, Symbol)])| {
        data.iter().find(|(k, _)| *k == fields.country).map(|(_, v)| (end, *v))
    };
    let Some((end, country)) = named.filter_map(country).max_by_key(|(end, _)| *end) else {
        return content(fields, doc, range);
    };
    let mut words = vec![fold(fields.rules.word(country))];
    words.extend(content(fields, doc, Range::new(end, range.end)));
    words
}

/// `Ports Departments` in a text on the `Ports Department` is a possessive that lost its mark.
fn join_plurals(fields: &Fields<'_>, doc: &Doc<'_>, bodies: &mut Vec<Body>) {
    let keys: Vec<Vec<String>> = bodies
        .iter()
        .map(|body| {
            let mut key = content(fields, doc, body.first());
            key.sort_unstable();
            key
        })
        .collect();
    let mut of_key: FxHashMap<&[String], usize> = FxHashMap::default();
    for (n, key) in keys.iter().enumerate() {
        of_key.entry(key).or_insert(n);
    }
    for (n, key) in keys.iter().enumerate() {
        let without = |at: usize| {
            let stem = key[at].strip_suffix('s')?;
            let mut other = key.clone();
            stem.clone_into(&mut other[at]);
            of_key.get(other.as_slice()).copied()
        };
        if let Some(owner) = (0..key.len()).filter_map(without).min() {
            let mentions = std::mem::take(&mut bodies[n].mentions);
            bodies[owner].mentions.extend(mentions.into_iter().map(|(r, _)| (r, MentionKind::Short)));
        }
    }
    bodies.retain(|b| !b.mentions.is_empty());
}

/// The words of a body without small words: `Justice Department` has those of `Department of Justice`.
pub(crate) fn content(fields: &Fields<'_>, doc: &Doc<'_>, range: Range) -> Vec<String> {
    (range.start..range.end)
        .filter(|at| doc.tokens()[*at].shape.has(Shape::CAP) || doc.tokens()[*at].shape.has(Shape::NUM))
        .filter(|at| !doc.begins(&[fields.lists.article], *at))
        .map(|at| fold(doc.word(at)))
        .collect()
}

/// White space of a name that goes over a line end becomes one space.
pub(crate) fn one_line(name: &str) -> String {
    // Nearly all names are words with single spaces between.
    let mut last = b' ';
    let plain = name.bytes().all(|byte| {
        let fits = byte.is_ascii_graphic() || (byte == b' ' && last != b' ');
        last = byte;
        fits
    });
    if plain && last != b' ' {
        return name.to_owned();
    }
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A long form that the letters of its acronym prove is a body if its head is one; it replaces a shorter find.
fn widen_by_definitions(fields: &Fields<'_>, doc: &mut Doc<'_>, state: &State) {
    let mut by_words: Option<ByWords> = None;
    for definition in &state.definitions {
        let one = |long: &Range| !of_many(fields, doc, *long, definition.short) && !definition.scheme;
        let Some(long) = definition.long.filter(one) else { continue };
        let inside: Vec<(usize, Range, Option<Symbol>, Option<usize>)> =
            touching(doc, fields.organization, long)
                .into_iter()
                .map(|(n, a)| (n, a.range, a.value(fields.kind), a.rule))
                .collect();
        if inside.iter().any(|(_, r, ..)| r.contains(&long) && !parted(fields, doc, *r, long)) {
            continue;
        }
        // Letters taken from words before a find, where its own words begin with all of them, from who leads it, or
        // from whose it is: `Chile's National Forest Corporation (CONAF)`.
        let post = is_post(fields, doc, long);
        let land = entry(doc, fields, fields.lists.country, long.start);
        let owned = |r: &Range| {
            land.is_some_and(|end| end + 1 == r.start && doc.tokens()[end].shape.has(Shape::POSS))
        };
        let enough = |r: &Range| post || owned(r) || initials(doc, *r, definition.short);
        if inside.iter().any(|(_, r, ..)| r.end == long.end && enough(r)) {
            continue;
        }
        let head = head(fields, doc, long);
        if head.is_none() {
            let known = by_words.get_or_insert_with(|| ByWords::of(fields, doc));
            if post || !inside.is_empty() || !acronym_proves(fields, doc, known, long, definition.short) {
                continue;
            }
        }
        if !touching(doc, fields.person, long).is_empty() {
            continue;
        }
        let kind = head.and_then(|head| {
            doc.entries(fields.rules, fields.lists.head, head)
                .find_map(|(_, data)| data.iter().find(|(k, _)| *k == fields.kind).map(|(_, v)| *v))
        });
        let last = inside.iter().find(|(_, r, ..)| r.end == long.end);
        let (kind, rule) = last.map_or((kind, None), |(_, _, k, rule)| (k.or(kind), *rule));
        let first = inside.iter().map(|(_, r, ..)| r.start).min().map_or(long.start, |s| s.min(long.start));
        let parted = parted(fields, doc, Range::new(first, long.end), long);
        let start = if parted { long.start } else { first };
        inside.iter().for_each(|(n, ..)| doc.remove(*n));
        let data: Vec<(Symbol, Symbol)> = kind.map(|k| (fields.kind, k)).into_iter().collect();
        let mut add = |range: Range| {
            let (kind, captures, data) = (fields.organization, Vec::new(), data.clone());
            let n = doc.add(Annotation { kind, rule, range, captures, data });
            if let Some(known) = &mut by_words {
                known.add(doc.words(range), n);
            }
        };
        add(Range::new(start, long.end));
        if parted {
            add(Range::new(first, start));
        }
    }
}

/// Annotations of a kind that share a token with a range of one sentence, longer before shorter.
fn touching<'d>(doc: &'d Doc<'_>, kind: Symbol, range: Range) -> Vec<(usize, &'d Annotation)> {
    // What rules and definitions find lies within one sentence.
    let start = doc.sentences()[doc.sentence_of(range.start)].start;
    let near = (start..range.end).flat_map(|at| doc.starting(at));
    let mut found: Vec<_> = near.filter(|(_, a)| a.kind == kind && a.range.overlaps(&range)).collect();
    found.sort_by_key(|(n, a)| (a.range.start, std::cmp::Reverse(a.range.end), *n));
    found
}

/// Finds of bodies by their words; some may have been taken back.
struct ByWords<'t>(FxHashMap<&'t str, Vec<usize>>);

impl<'t> ByWords<'t> {
    fn of(fields: &Fields<'_>, doc: &Doc<'t>) -> Self {
        let mut known = Self(FxHashMap::default());
        for (n, a) in doc.of_kind(fields.organization) {
            known.add(doc.words(a.range), n);
        }
        known
    }

    fn add(&mut self, words: &'t str, n: usize) {
        self.0.entry(words).or_default().push(n);
    }

    /// Those of these words that still stand.
    fn finds(&self, doc: &Doc<'_>, words: &str) -> Vec<usize> {
        let all = self.0.get(words).map_or(&[][..], Vec::as_slice).iter();
        let stands = |n: &usize| doc.starting(doc.annotation(*n).range.start).any(|(m, _)| m == *n);
        all.copied().filter(stands).collect()
    }
}

/// Whether a long form tells of people by their role, or its short form is a plural: `Training Providers (TPs)`.
fn of_many(fields: &Fields<'_>, doc: &Doc<'_>, long: Range, short: Range) -> bool {
    let role = (long.start..long.end).any(|at| entry(doc, fields, fields.lists.role, at) == Some(long.end));
    let stem = doc.words(short).strip_suffix('s');
    role || stem.is_some_and(|stem| stem.len() > 1 && stem.chars().all(char::is_uppercase))
}

/// Whether a long form without a certain head is what somebody holds: `Minister of Ports and Seas (MOPS)`.
fn is_post(fields: &Fields<'_>, doc: &Doc<'_>, long: Range) -> bool {
    let mut roles = doc.entries(fields.rules, fields.lists.role, long.start);
    roles.any(|(end, _)| doc.begins(&[fields.lists.of], end))
}

/// Whether rules found the acronym of a long form without a head to be a body; where the long form is an event, a
/// programme or a law, or ordinary words whose letters do nothing, those finds are taken back.
fn acronym_proves(
    fields: &Fields<'_>,
    doc: &mut Doc<'_>,
    known: &ByWords<'_>,
    long: Range,
    short: Range,
) -> bool {
    let finds = known.finds(doc, doc.words(short));
    let named = (long.start..long.end).any(|at| {
        let ends = |end: usize| end == long.end || doc.begins(&[fields.lists.of], end);
        entry(doc, fields, fields.lists.notbody, at).is_some_and(ends)
    });
    // `Drug Free Communities (DFC)`: ordinary words with letters of which nothing is told that only a body does.
    let places = [fields.lists.country, fields.lists.place];
    let plain = |at: usize| doc.begins(&[fields.lists.common], at) && !doc.begins(&places, at);
    let ordinary = |at: usize| plain(at) || !doc.tokens()[at].shape.has(Shape::CAP);
    let acts = doc.begins(&[fields.lists.known], short.start)
        || finds.iter().any(|n| doc.annotation(*n).value(fields.acts).is_some());
    let nobody = named || (!acts && (long.start..long.end).all(ordinary));
    if nobody {
        finds.iter().for_each(|n| doc.remove(*n));
    }
    !nobody && !finds.is_empty()
}

/// Whether a find that begins before the long form is two bodies, the first of which ends in its own head.
fn parted(fields: &Fields<'_>, doc: &Doc<'_>, found: Range, long: Range) -> bool {
    found.start + 1 < long.start
        && entry(doc, fields, fields.lists.head_strong, long.start - 1) == Some(long.start)
}

/// The head noun of a long form: one that is certain, at the end or before `of`; at the end also a weaker one that ends
/// no event, programme or law; of companies only after a word that is no ordinary one.
fn head(fields: &Fields<'_>, doc: &Doc<'_>, long: Range) -> Option<usize> {
    let lists = &fields.lists;
    let (rare, post) = (!doc.begins(&[lists.common], long.start), is_post(fields, doc, long));
    // `Supreme Court of Judicature Act`.
    if entry(doc, fields, lists.law, long.end - 1) == Some(long.end) {
        return None;
    }
    for at in long.start..long.end {
        let is = |list: List| entry(doc, fields, list, at).filter(|end| *end <= long.end);
        let ends = |end: usize| end == long.end || doc.begins(&[fields.lists.of], end);
        let weak = is(lists.head) == Some(long.end) && (rare || is(lists.firm).is_none());
        if is(lists.head_strong).is_some_and(ends) {
            return Some(at);
        }
        if is(lists.notbody).is_some_and(ends) {
            return None;
        }
        if weak && !post {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::told::record_of;

    const WORDS: &str = r#"
        [[list]]
        id = "head"
        words = ["authority", "board", "ministry", "society", "division", "company", "plan"]
        [[list]]
        id = "head-strong"
        words = ["authority", "board", "ministry", "society", "division"]
        [[list]]
        id = "firm"
        words = ["company"]
        data = { type = "company" }
        [[list]]
        id = "notbody"
        words = ["plan"]
        data = { kind = "programme" }
        [[list]]
        id = "article"
        words = ["the"]
        [[list]]
        id = "country"
        words = ["Kenya", "Keny"]
        data = { country = "Kenya" }
        [[list]]
        id = "law"
        words = ["act"]
        [[list]]
        id = "doc-of"
        words = ["of"]
        [[list]]
        id = "doc-gen"
        words = ["of the"]
        [[list]]
        id = "doc-in"
        words = ["in"]
        [[list]]
        id = "role"
        words = ["minister", "SEO"]
        [[rule]]
        id = "lost"
        layer = "early"
        finds = "organization"
        when = 'name:(ports divisions) [Cap]'
        spans = "name"
        set = { lost = "1" }
        say = "A possessive that lost its mark."
        yes = ["Ports Divisions Office"]
        [[rule]]
        id = "whole"
        layer = "early"
        finds = "organization"
        when = 'friends of the ports board'
        say = "A name that holds another."
        yes = ["Friends of the Ports Board"]
        [[rule]]
        id = "said"
        layer = "bodies"
        finds = "organization"
        when = 'name:([UPPER]) said'
        spans = "name"
        say = "Capitals that say something."
        yes = ["MTU said"]
        [[rule]]
        id = "head"
        layer = "bodies"
        finds = "organization"
        when = '[Cap] & !the ({firm} | [Cap]{0,3} &[Cap] {head-strong} (of [Cap]{1,2})?)'
        set = { type = "firm.type" }
        say = "Words before a head."
        yes = ["Ports Board"]
    "#;

    /// Every body of a text as `name (acronym) < whole: mentions`.
    fn check(text: &str, expected: &[&str]) {
        let record = record_of("['step:definitions', 'early', 'bodies', 'step:bodies']", WORDS, text);
        let name = |id: &str| record.organizations.iter().find(|o| o.id == id).map(|o| o.name.clone());
        let told: Vec<String> = record
            .organizations
            .iter()
            .map(|o| {
                let acronym = o.acronym.as_ref().map_or(String::new(), |a| format!(" ({a})"));
                let whole = o.parent.as_deref().and_then(name).map_or(String::new(), |w| format!(" < {w}"));
                let mentions: Vec<&str> = o.mentions.iter().map(|m| m.span.of(text)).collect();
                format!("{}{acronym}{whole}: {}", o.name, mentions.join(", "))
            })
            .collect();
        assert_eq!(told, expected, "{text}");
    }

    #[test]
    fn acronyms_stand_alone_and_in_whatever_order() {
        check(
            "The Rural Ports Authority (RPA) met. RPA's plan and the RPAs list. The RPA Act is law.",
            &["Rural Ports Authority (RPA): Rural Ports Authority, RPA, RPA, RPAs"],
        );
        check("RPB, the Rural Ports Board, met.", &["Rural Ports Board (RPB): RPB, Rural Ports Board"]);
        check("The Ports Board, Lamu, (PB) met.", &["Ports Board (PB): Ports Board, PB"]);
        // Whose a body is does not belong to its name, though the letters begin there.
        check(
            "They met Kenya's National Ports Board (KNPB).",
            &["National Ports Board (KNPB): National Ports Board, KNPB"],
        );
        // The letters of a post are no acronym of the body after it.
        check(
            "Ann Raye, SEO, Sea Estate Orvin Board, left.",
            &["Sea Estate Orvin Board: Sea Estate Orvin Board"],
        );
        check("The Great Ports Plan (GPP) began.", &[]);
        check("They use the Rural Aid to Societies (RAS) plan. RAS said so.", &[]);
    }

    #[test]
    fn brackets_belong_to_the_name_before() {
        check(
            "The Rural Ports Authority’s (RPA) plan failed. RPA met.",
            &["Rural Ports Authority (RPA): Rural Ports Authority, RPA, RPA"],
        );
        check(
            "Anna at the Island Inland Authority (AII) left.",
            &["Island Inland Authority (AII): Island Inland Authority, AII"],
        );
        check(
            "The Roads Authority (Tyke) met. Tyke left. The Ports Board (Kenya) met.",
            &["Roads Authority (Tyke): Roads Authority, Tyke, Tyke", "Ports Board: Ports Board"],
        );
        check("The Minister of Trade and Utilities (MTU) left. MTU said so.", &["MTU: MTU, MTU"]);
        check("The Minister of Trade and Company (MTC) left. MTC said so.", &["MTC: MTC, MTC"]);
    }

    #[test]
    fn one_body_has_many_names() {
        check(
            "The Ports Society of Kenya met. The Ports Society left.",
            &["Ports Society of Kenya: Ports Society of Kenya, Ports Society"],
        );
        check(
            "The Orvin Company paid. It is said that Orvin failed. Orvin Road is long.",
            &["Orvin Company: Orvin Company, Orvin"],
        );
        check(
            "The Kenya Ports Board met. So did the Keny Ports Board.",
            &["Kenya Ports Board: Kenya Ports Board, Keny Ports Board"],
        );
        check("The Ports Divisions Office met.", &["Ports Division: Ports Divisions"]);
        check(
            "The Friends of the Ports Board met.",
            &["Friends of the Ports Board: Friends of the Ports Board"],
        );
    }

    #[test]
    fn parts_know_their_whole() {
        check(
            "The Legal Division of the Ports Authority met. Kenya Ports Board's Trade Division left.",
            &[
                "Legal Division < Ports Authority: Legal Division",
                "Ports Authority: Ports Authority",
                "Kenya Ports Board: Kenya Ports Board",
                "Trade Division < Kenya Ports Board: Trade Division",
            ],
        );
    }
}
