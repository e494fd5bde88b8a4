//! Named bodies of a document: mentions merged, acronyms tied, short forms used alone found.

use std::collections::BTreeMap;

use chancery_record::MentionKind;
use chancery_rules::{Annotation, Doc, Range, RuleSet, Symbol};
use chancery_text::{Shape, fold};

use crate::State;
use crate::acronyms;
use crate::fields::{Fields, entry};
use crate::shortforms;

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
pub(crate) fn find(rules: &RuleSet, fields: &Fields, doc: &mut Doc<'_>, state: &mut State) {
    trim(fields, doc);
    widen_by_definitions(rules, fields, doc, state);
    let mut bodies = merged(rules, fields, doc);
    join_plurals(rules, doc, &mut bodies);
    acronyms::tie(rules, fields, doc, state, &mut bodies);
    shortforms::mark(rules, fields, doc, &mut bodies);
    same_with_country(rules, doc, &mut bodies);
    for body in &mut bodies {
        body.mentions.sort_by_key(|(range, _)| *range);
        body.mentions.dedup_by_key(|(range, _)| *range);
        let full = body.mentions.iter().filter(|(_, kind)| *kind == MentionKind::Full);
        let longest = full.map(|(range, _)| one_line(doc.words(*range))).rev().max_by_key(String::len);
        body.name = longest.unwrap_or_else(|| body.name.clone());
    }
    bodies.sort_by_key(Body::first);
    parents(rules, doc, &mut bodies);
    state.bodies = bodies;
}

/// A sign at the end of a find is no part of a name: `Statutory Boards –`.
fn trim(fields: &Fields, doc: &mut Doc<'_>) {
    let signs: Vec<(usize, Annotation)> = doc
        .of_kind(fields.organization)
        .into_iter()
        .filter(|(_, a)| doc.tokens()[a.range.end - 1].shape.has(Shape::PUNCT))
        .filter(|(_, a)| matches!(doc.word(a.range.end - 1), "-" | "–" | "—" | ","))
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

/// One body for all finds with the same words.
fn merged(rules: &RuleSet, fields: &Fields, doc: &Doc<'_>) -> Vec<Body> {
    let mut bodies: Vec<Body> = Vec::new();
    let mut by_key: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    for (_, found) in doc.of_kind(fields.organization) {
        let range = found.range;
        let mut key = content(rules, doc, range);
        key.sort_unstable();
        let index = *by_key.entry(key).or_insert_with(|| {
            bodies.push(Body {
                name: one_line(doc.words(range)),
                acronym: None,
                kind: found.value(fields.kind),
                rule: found.rule,
                mentions: Vec::new(),
                parent: None,
            });
            bodies.len() - 1
        });
        bodies[index].mentions.push((range, MentionKind::Full));
    }
    bodies
}

/// `Ports Departments` in a text on the `Ports Department` is a possessive that lost its mark.
fn join_plurals(rules: &RuleSet, doc: &Doc<'_>, bodies: &mut Vec<Body>) {
    let keys: Vec<Vec<String>> = bodies
        .iter()
        .map(|body| {
            let mut key = content(rules, doc, body.first());
            key.sort_unstable();
            key
        })
        .collect();
    let plural = |long: &[String], short: &[String]| {
        let mut other = long.iter().zip(short).filter(|(a, b)| a != b);
        let one = other.next().is_some_and(|(a, b)| a.strip_suffix('s') == Some(b));
        long.len() == short.len() && one && other.next().is_none()
    };
    for n in 0..bodies.len() {
        if let Some(owner) = (0..bodies.len()).find(|m| plural(&keys[n], &keys[*m])) {
            let mentions = std::mem::take(&mut bodies[n].mentions);
            bodies[owner].mentions.extend(mentions.into_iter().map(|(r, _)| (r, MentionKind::Short)));
        }
    }
    bodies.retain(|b| !b.mentions.is_empty());
}

/// The words of a body without small words: `Justice Department` has those of `Department of Justice`.
fn content(rules: &RuleSet, doc: &Doc<'_>, range: Range) -> Vec<String> {
    (range.start..range.end)
        .filter(|at| doc.tokens()[*at].shape.has(Shape::CAP) || doc.tokens()[*at].shape.has(Shape::NUM))
        .filter(|at| entry(doc, rules, "article", *at).is_none())
        .map(|at| fold(doc.word(at)))
        .collect()
}

/// White space of a name that goes over a line end becomes one space.
pub(crate) fn one_line(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A long form that the letters of its acronym prove is a body if its head is one; it replaces a shorter find.
fn widen_by_definitions(rules: &RuleSet, fields: &Fields, doc: &mut Doc<'_>, state: &State) {
    for definition in &state.definitions {
        let Some(long) = definition.long.filter(|long| !of_many(rules, doc, *long, definition.short)) else {
            continue;
        };
        let inside: Vec<(usize, Range, Option<Symbol>, Option<usize>)> = doc
            .of_kind(fields.organization)
            .into_iter()
            .filter(|(_, a)| a.range.overlaps(&long))
            .map(|(n, a)| (n, a.range, a.value(fields.kind), a.rule))
            .collect();
        if inside.iter().any(|(_, r, ..)| r.contains(&long) && !parted(rules, doc, *r, long)) {
            continue;
        }
        let head = head(rules, doc, long);
        if head.is_none()
            && (!inside.is_empty() || !acronym_proves(rules, fields, doc, long, definition.short))
        {
            continue;
        }
        if doc.of_kind(fields.person).iter().any(|(_, p)| p.range.overlaps(&long)) {
            continue;
        }
        let kind = head.and_then(|head| {
            doc.entries(rules, "head", head)
                .find_map(|(_, data)| data.iter().find(|(k, _)| *k == fields.kind).map(|(_, v)| *v))
        });
        let last = inside.iter().find(|(_, r, ..)| r.end == long.end);
        let (kind, rule) = last.map_or((kind, None), |(_, _, k, rule)| (k.or(kind), *rule));
        let first = inside.iter().map(|(_, r, ..)| r.start).min().map_or(long.start, |s| s.min(long.start));
        let parted = parted(rules, doc, Range::new(first, long.end), long);
        let start = if parted { long.start } else { first };
        inside.iter().for_each(|(n, ..)| doc.remove(*n));
        let data: Vec<(Symbol, Symbol)> = kind.map(|k| (fields.kind, k)).into_iter().collect();
        let mut add = |range: Range| {
            doc.add(Annotation {
                kind: fields.organization,
                rule,
                range,
                captures: Vec::new(),
                data: data.clone(),
            })
        };
        add(Range::new(start, long.end));
        if parted {
            add(Range::new(first, start));
        }
    }
}

/// Whether a long form tells of people by their role, or its short form is a plural: `Training Providers (TPs)`.
fn of_many(rules: &RuleSet, doc: &Doc<'_>, long: Range, short: Range) -> bool {
    let role = (long.start..long.end).any(|at| entry(doc, rules, "role", at) == Some(long.end));
    let stem = doc.words(short).strip_suffix('s');
    role || stem.is_some_and(|stem| stem.len() > 1 && stem.chars().all(char::is_uppercase))
}

/// Whether rules found the acronym of a long form without a head to be a body; where the long form is an event, a
/// programme or a law, those finds are taken back.
fn acronym_proves(rules: &RuleSet, fields: &Fields, doc: &mut Doc<'_>, long: Range, short: Range) -> bool {
    let finds: Vec<usize> = doc
        .of_kind(fields.organization)
        .into_iter()
        .filter(|(_, a)| doc.words(a.range) == doc.words(short))
        .map(|(n, _)| n)
        .collect();
    let nobody = (long.start..long.end).any(|at| {
        let ends = |end: usize| end == long.end || entry(doc, rules, "doc-of", end).is_some();
        entry(doc, rules, "notbody", at).is_some_and(ends)
    });
    if nobody {
        finds.iter().for_each(|n| doc.remove(*n));
    }
    !nobody && !finds.is_empty()
}

/// Whether a find that begins before the long form is two bodies, the first of which ends in its own head.
fn parted(rules: &RuleSet, doc: &Doc<'_>, found: Range, long: Range) -> bool {
    found.start + 1 < long.start && entry(doc, rules, "head-strong", long.start - 1) == Some(long.start)
}

/// The head noun of a long form: one that is certain, at the end or before `of`; at the end also a weaker one that ends
/// no event, programme or law; of companies only after a word that is no ordinary one.
fn head(rules: &RuleSet, doc: &Doc<'_>, long: Range) -> Option<usize> {
    let rare = entry(doc, rules, "common", long.start).is_none();
    for at in long.start..long.end {
        let is = |list: &str| entry(doc, rules, list, at).filter(|end| *end <= long.end);
        let ends = |end: usize| end == long.end || entry(doc, rules, "doc-of", end).is_some();
        let weak = is("head") == Some(long.end) && (rare || is("doc-firm").is_none());
        if is("head-strong").is_some_and(ends) {
            return Some(at);
        }
        if is("notbody").is_some_and(ends) {
            return None;
        }
        if weak {
            return Some(at);
        }
    }
    None
}

/// What a later mention leaves out of a name: where the body is, or whose committee it is.
const WHERE: [&str; 3] = ["country", "place", "chamber"];

/// `Ports Society` is the one `Ports Society of Kenya` that the text names before it.
fn same_with_country(rules: &RuleSet, doc: &Doc<'_>, bodies: &mut Vec<Body>) {
    let local = |at: usize, end: usize| {
        WHERE.iter().any(|list| entry(doc, rules, list, at).is_some_and(|e| e <= end))
    };
    let bare: Vec<(Vec<String>, Vec<String>)> = bodies
        .iter()
        .map(|body| {
            let range = body.first();
            let mut kept = Vec::new();
            let mut at = range.start;
            while at < range.end {
                let place = WHERE
                    .iter()
                    .filter_map(|list| entry(doc, rules, list, at))
                    .filter(|end| *end <= range.end)
                    .max();
                if place.is_none() {
                    kept.extend(content(rules, doc, Range::new(at, at + 1)));
                }
                at = place.unwrap_or(at + 1);
            }
            (content(rules, doc, range), kept)
        })
        .collect();
    for short in 0..bodies.len() {
        let (words, _) = &bare[short];
        if words.len() < 2
            || (bodies[short].first().start..bodies[short].first().end).any(|at| local(at, usize::MAX))
        {
            continue;
        }
        let longer: Vec<usize> = (0..bodies.len())
            .filter(|n| {
                bare[*n].1 == *words && bare[*n].0.len() > words.len() && !bodies[*n].mentions.is_empty()
            })
            .collect();
        let [owner] = longer[..] else { continue };
        if bodies[owner].first().start < bodies[short].first().start {
            let mentions = std::mem::take(&mut bodies[short].mentions);
            let short_kind = |kind| if kind == MentionKind::Full { MentionKind::Short } else { kind };
            let acronym = bodies[short].acronym.take();
            bodies[owner].mentions.extend(mentions.into_iter().map(|(r, kind)| (r, short_kind(kind))));
            bodies[owner].acronym = bodies[owner].acronym.take().or(acronym);
        }
    }
    bodies.retain(|b| !b.mentions.is_empty());
}

/// A body directly before `of the` and another body is part of it; so is one after another's possessive.
fn parents(rules: &RuleSet, doc: &Doc<'_>, bodies: &mut [Body]) {
    let beginning: BTreeMap<usize, usize> = bodies
        .iter()
        .enumerate()
        .flat_map(|(n, body)| body.mentions.iter().map(move |(range, _)| (range.start, n)))
        .collect();
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (n, body) in bodies.iter().enumerate() {
        for (range, _) in &body.mentions {
            let bracket = doc.word(range.end) == "(" && doc.word(range.end + 2) == ")";
            let end = if bracket { range.end + 3 } else { range.end };
            let links = doc.entries(rules, "doc-gen", end).map(|(after, _)| after);
            let whole = links.filter_map(|after| beginning.get(&after)).next();
            found.extend(whole.map(|whole| (n, *whole)));
            let owned = doc.tokens().get(range.end).is_some_and(|t| t.shape.has(Shape::POSS));
            let part = owned.then(|| beginning.get(&(range.end + 1))).flatten();
            found.extend(part.map(|part| (*part, n)));
        }
    }
    for (part, whole) in found {
        let loops = bodies[whole].parent == Some(part) || part == whole;
        if bodies[part].parent.is_none() && !loops {
            bodies[part].parent = Some(whole);
        }
    }
}

#[cfg(test)]
mod tests {
    use chancery_record::Release;
    use chancery_rules::{RuleFile, RuleSet};

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
        [[list]]
        id = "article"
        words = ["the"]
        [[list]]
        id = "country"
        words = ["Kenya"]
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
        let file = |path: &str, text: &str| RuleFile { path: path.into(), text: text.into() };
        let layers = "layers = ['step:definitions', 'bodies', 'step:bodies']";
        let files = [file("en/layers.toml", layers), file("en/words.toml", WORDS)];
        let rules = RuleSet::compile("en", &files).unwrap();
        let release = Release { text: text.into(), ..Release::default() };
        let record = crate::extract(&release, &rules, "test");
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
        check("The Great Ports Plan (GPP) began.", &[]);
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
