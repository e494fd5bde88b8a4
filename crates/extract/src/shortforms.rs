//! Short forms of bodies that stand alone: acronyms, the name again, a company by the beginning of its name.

use std::collections::BTreeMap;

use chancery_record::MentionKind;
use chancery_rules::{Annotation, Doc, Range, RuleSet, Symbol};
use chancery_text::Shape;

use crate::bodies::Body;
use crate::fields::{Fields, entry};

/// The words of a form, the body it names and what kind of mention it makes.
struct Form {
    words: Vec<String>,
    body: usize,
    kind: MentionKind,
}

/// Marks every short form that the document ties to a body wherever it stands alone.
pub(crate) fn mark(rules: &RuleSet, fields: &Fields, doc: &mut Doc<'_>, bodies: &mut Vec<Body>) {
    join_twins(bodies);
    let companies = company_forms(rules, fields, doc, bodies);
    for form in &companies {
        let name = form.words.join(" ");
        let twin = bodies.iter().position(|b| b.name == name).filter(|n| *n != form.body);
        if let Some(twin) = twin {
            let mentions = std::mem::take(&mut bodies[twin].mentions);
            bodies[form.body].mentions.extend(mentions.into_iter().map(|(r, _)| (r, MentionKind::Short)));
        }
    }
    let mut forms: BTreeMap<String, Vec<Form>> = BTreeMap::new();
    let whole = bodies.iter().enumerate().filter(|(_, b)| !b.mentions.is_empty());
    let whole = whole.flat_map(|(n, b)| {
        let acronym = b.acronym.clone().map(|a| Form { words: vec![a], body: n, kind: MentionKind::Acronym });
        let words = words(doc, b.first());
        acronym.into_iter().chain([Form { words, body: n, kind: MentionKind::Full }])
    });
    for form in whole.chain(companies) {
        forms.entry(form.words[0].clone()).or_default().push(form);
    }
    for list in forms.values_mut() {
        list.sort_by_key(|form| std::cmp::Reverse(form.words.len()));
    }
    let mut at = 0;
    while at < doc.tokens().len() {
        at = mark_at(rules, fields, doc, bodies, &forms, at);
    }
    bodies.retain(|b| !b.mentions.is_empty());
}

/// Marks the longest form that begins at a token; the token to go on from.
fn mark_at(
    rules: &RuleSet,
    fields: &Fields,
    doc: &mut Doc<'_>,
    bodies: &mut [Body],
    forms: &BTreeMap<String, Vec<Form>>,
    at: usize,
) -> usize {
    let word = doc.word(at);
    // `RHAs`: a plural, or a possessive that lost its mark.
    let stem = word.strip_suffix('s').filter(|stem| stem.len() > 1 && !forms.contains_key(word));
    let found = forms.get(word).or_else(|| stem.and_then(|stem| forms.get(stem)));
    let Some(found) = found else { return at + 1 };
    let fitting = found.iter().find_map(|form| {
        let range = Range::new(at, at + form.words.len());
        let same = (1..form.words.len()).all(|n| doc.word(at + n) == form.words[n]);
        let stemmed = stem.is_some() && (form.words.len() > 1 || form.kind == MentionKind::Full);
        (same && !stemmed && range.end <= doc.tokens().len() && allowed(rules, fields, doc, form, range))
            .then_some((form, range))
    });
    let Some((form, range)) = fitting else { return at + 1 };
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
    let mentions = &mut bodies[form.body].mentions;
    if !mentions.iter().any(|(r, _)| *r == range) {
        mentions.push((range, form.kind));
    }
    range.end
}

/// Whether a form may be a mention here: nothing else covers it, and no name goes on beside it.
fn allowed(rules: &RuleSet, fields: &Fields, doc: &Doc<'_>, form: &Form, range: Range) -> bool {
    let covers = |kind: Symbol| {
        (range.start.saturating_sub(16)..range.end).any(|start| {
            doc.starting(start).any(|(_, a)| a.kind == kind && a.range.overlaps(&range) && a.range != range)
        })
    };
    let acronym = form.kind == MentionKind::Acronym;
    let covered = covers(fields.organization) || (!acronym && covers(fields.person));
    let law = (range.end..doc.tokens().len())
        .take(4)
        .take_while(|at| doc.tokens()[*at].shape.has(Shape::CAP))
        .any(|at| entry(doc, rules, "law", at).is_some());
    if covered || law || form.kind != MentionKind::Short {
        return !covered && !law;
    }
    let name_word = |at: usize| {
        doc.tokens().get(at).is_some_and(|t| t.shape.has(Shape::CAP) && !t.shape.has(Shape::POSS))
    };
    let sentence = doc.sentences()[doc.sentence_of(range.start)];
    let before = range.start > sentence.start
        && name_word(range.start - 1)
        && entry(doc, rules, "function", range.start - 1).is_none();
    let role = entry(doc, rules, "role", range.end).is_some();
    let after = range.end < sentence.end && name_word(range.end) && !role;
    let ordinary = range.start == sentence.start
        && range.len() == 1
        && entry(doc, rules, "ordinary", range.start).is_some()
        && entry(doc, rules, "doc-and", range.end).is_none();
    !before && !after && !ordinary
}

/// A body that is only the acronym of another, found before it was known whose it is.
fn join_twins(bodies: &mut [Body]) {
    let owners: BTreeMap<String, usize> =
        bodies.iter().enumerate().filter_map(|(n, b)| b.acronym.clone().map(|a| (a, n))).collect();
    for (acronym, owner) in owners {
        if let Some(twin) = bodies.iter().position(|b| b.name == acronym)
            && twin != owner
        {
            let mentions = std::mem::take(&mut bodies[twin].mentions);
            bodies[owner].mentions.extend(mentions.into_iter().map(|(r, _)| (r, MentionKind::Acronym)));
        }
    }
}

/// The beginnings of company names that may stand for the whole: without legal form, heads and ordinary words.
fn company_forms(rules: &RuleSet, fields: &Fields, doc: &Doc<'_>, bodies: &[Body]) -> Vec<Form> {
    let mut forms = Vec::new();
    for (n, body) in bodies.iter().enumerate() {
        if body.kind != Some(fields.company) || body.mentions.is_empty() {
            continue;
        }
        let range = body.first();
        let is = |list: &str, at: usize| entry(doc, rules, list, at).is_some();
        let legal =
            |at: usize| doc.tokens()[at].shape.has(Shape::PUNCT) || is("company", at) || is("head", at);
        let strip = |mut end: usize, over: &dyn Fn(usize) -> bool| {
            while end > range.start + 1 && over(end - 1) {
                end -= 1;
            }
            end
        };
        let bare = strip(range.end, &legal);
        let core = strip(bare, &|at| legal(at) || is("common", at));
        for end in [bare, core] {
            let here = Range::new(range.start, end);
            let place =
                ["place", "country", "function", "body-start"].iter().any(|list| is(list, range.start));
            if end < range.end && !place && !stands_for_place(rules, doc, here) {
                forms.push(Form { words: words(doc, here), body: n, kind: MentionKind::Short });
            }
        }
        forms.dedup_by(|a, b| a.words == b.words && a.body == b.body);
    }
    forms
}

/// Whether the words stand after `in` or `near` somewhere: the company has its name from a place.
fn stands_for_place(rules: &RuleSet, doc: &Doc<'_>, range: Range) -> bool {
    let words = words(doc, range);
    (1..doc.tokens().len().saturating_sub(words.len())).any(|at| {
        entry(doc, rules, "doc-in", at - 1) == Some(at)
            && words.iter().enumerate().all(|(n, word)| doc.word(at + n) == word)
    })
}

fn words(doc: &Doc<'_>, range: Range) -> Vec<String> {
    (range.start..range.end).map(|at| doc.word(at).to_owned()).collect()
}
