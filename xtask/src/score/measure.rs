//! Precision, recall and F1 of records against gold, summed over documents.
//!
//! A name or a span is right where it is the same as in the gold; a passage, where its actor is the same and
//! seven tenths of its words are. What no reader would count as a difference (case, quotes, dashes, spaces, a
//! leading article) is folded first.

mod details;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

/// Passages share at least this much of their words to be the same passage.
const SAME_PASSAGE: f64 = 0.7;
/// Actors share at least this much of theirs.
const SAME_ACTOR: f64 = 0.8;

/// What was looked for, found, and right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Figure {
    /// How many stand in the gold.
    pub(super) gold: usize,
    /// How many the program found.
    pub(super) found: usize,
    /// How many of those are right.
    pub(super) right: usize,
}

impl Figure {
    /// How much of what was found is right; 1 where there was nothing to find and nothing found.
    pub(super) fn precision(self) -> f64 {
        match (self.found, self.gold) {
            (0, 0) => 1.0,
            (0, _) => 0.0,
            (found, _) => ratio(self.right, found),
        }
    }

    /// How much of what there was is found.
    pub(super) fn recall(self) -> f64 {
        if self.gold == 0 { 1.0 } else { ratio(self.right, self.gold) }
    }

    /// The harmonic mean of both.
    pub(super) fn f1(self) -> f64 {
        let (p, r) = (self.precision(), self.recall());
        if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 }
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    f64::from(u32::try_from(part).unwrap_or(u32::MAX)) / f64::from(u32::try_from(whole).unwrap_or(u32::MAX))
}

/// The figures of [`figures`] and of [`details`].
pub(super) fn all(gold: &[Value], records: &[Value]) -> Vec<(&'static str, Figure)> {
    let mut figures = figures(gold, records);
    figures.extend(details::figures(gold, records));
    figures
}

/// Every figure by name, over all documents; a document without a record counts as an empty one.
pub(super) fn figures(gold: &[Value], records: &[Value]) -> Vec<(&'static str, Figure)> {
    type Items = fn(&Value) -> BTreeSet<String>;
    let sets: [(&str, Items); 7] = [
        ("person_spans", |doc| spans(&[list(doc, "persons"), list(doc, "officials")].concat())),
        ("official_names", |doc| names(list(doc, "officials"))),
        ("official_titles", |doc| {
            posts(doc).into_iter().map(|(name, title, _)| format!("{name}|{title}")).collect()
        }),
        ("official_records", |doc| {
            posts(doc).into_iter().map(|(n, t, body)| format!("{n}|{t}|{body}")).collect()
        }),
        ("organization_spans", |doc| spans(list(doc, "organizations"))),
        ("organization_names", |doc| names(list(doc, "organizations"))),
        ("acronyms", acronyms),
    ];
    let passages = [("proposals", "proposer"), ("statements", "speaker")];
    let mut figures: Vec<(&str, Figure)> = sets
        .iter()
        .map(|(name, _)| *name)
        .chain(passages.map(|(name, _)| name))
        .map(|name| (name, Figure::default()))
        .collect();
    for doc in gold {
        let record = records.iter().find(|record| record["id"] == doc["id"]).unwrap_or(&Value::Null);
        for ((_, items), (_, figure)) in sets.iter().zip(&mut figures) {
            let (wanted, found) = (items(doc), items(record));
            figure.gold += wanted.len();
            figure.found += found.len();
            figure.right += wanted.intersection(&found).count();
        }
        for ((field, who), (_, figure)) in passages.iter().zip(figures.iter_mut().skip(sets.len())) {
            let (wanted, found) = (said(doc, field, who), said(record, field, who));
            figure.gold += wanted.len();
            figure.found += found.len();
            figure.right += matched(&wanted, &found).len();
        }
    }
    figures
}

fn list<'v>(doc: &'v Value, field: &str) -> &'v [Value] {
    doc[field].as_array().map_or(&[], Vec::as_slice)
}

/// Where names stand; a pronoun or a title alone is no name.
fn spans(entities: &[Value]) -> BTreeSet<String> {
    let mentions = entities.iter().flat_map(|entity| list(entity, "mentions"));
    let named = mentions.filter(|m| !matches!(m["kind"].as_str(), Some("pronoun" | "title" | "generic")));
    named.map(|mention| format!("{}-{}", mention["start"], mention["end"])).collect()
}

pub(crate) fn names(entities: &[Value]) -> BTreeSet<String> {
    entities.iter().map(|entity| folded(&entity["name"])).collect()
}

fn acronyms(doc: &Value) -> BTreeSet<String> {
    let bodies = list(doc, "organizations")
        .iter()
        .filter(|body| body["acronym"].as_str().is_some_and(|a| !a.is_empty()));
    bodies.map(|body| format!("{}|{}", folded(&body["name"]), folded(&body["acronym"]))).collect()
}

/// Person, title and body of each post. A shorter wording of a post that the person also has is left out.
pub(crate) fn posts(doc: &Value) -> BTreeSet<(String, String, String)> {
    let bodies: BTreeMap<&str, &Value> = list(doc, "organizations")
        .iter()
        .filter_map(|body| Some((body["id"].as_str()?, &body["name"])))
        .collect();
    let mut posts = BTreeSet::new();
    for person in list(doc, "officials") {
        let held: BTreeSet<(String, String)> = list(person, "posts")
            .iter()
            .map(|post| {
                let body = &post["organization"];
                let body = body.as_str().and_then(|id| bodies.get(id).copied()).unwrap_or(body);
                (folded(&post["title"]), folded(body))
            })
            .collect();
        for (title, body) in &held {
            let mine: BTreeSet<&str> = words(title).into_iter().collect();
            let covered = held.iter().any(|(other, its)| {
                let others: BTreeSet<&str> = words(other).into_iter().collect();
                mine.is_subset(&others) && mine.len() < others.len() && (body.is_empty() || body == its)
            });
            if !covered {
                posts.insert((folded(&person["name"]), title.clone(), body.clone()));
            }
        }
    }
    posts
}

/// Who said it, and the passage.
pub(crate) fn said(doc: &Value, field: &str, who: &str) -> Vec<(String, String)> {
    let actor = |reference: &Value| {
        let everyone =
            ["persons", "officials", "organizations"].into_iter().flat_map(|field| list(doc, field));
        let named = everyone.into_iter().find(|entity| !reference.is_null() && entity["id"] == *reference);
        named.map_or_else(|| folded(reference), |entity| folded(&entity["name"]))
    };
    list(doc, field).iter().map(|passage| (actor(&passage[who]), folded(&passage["text"]))).collect()
}

/// Which passages pair up, the most alike first, each once: places in the gold and among what was found.
pub(crate) fn matched(gold: &[(String, String)], found: &[(String, String)]) -> BTreeMap<usize, usize> {
    let mut pairs = Vec::new();
    for (i, wanted) in gold.iter().enumerate() {
        for (j, other) in found.iter().enumerate() {
            if wanted.0 == other.0 || shared(&wanted.0, &other.0) >= SAME_ACTOR {
                pairs.push((shared(&wanted.1, &other.1), i, j));
            }
        }
    }
    pairs.sort_by(|a, b| b.partial_cmp(a).expect("a share is a number"));
    let (mut of_gold, mut of_found) = (BTreeMap::new(), BTreeSet::new());
    for (share, i, j) in pairs {
        if share >= SAME_PASSAGE && !of_gold.contains_key(&i) && of_found.insert(j) {
            of_gold.insert(i, j);
        }
    }
    of_gold
}

/// Twice the words in common, of the words of both.
fn shared(a: &str, b: &str) -> f64 {
    let counted = |text| {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        words(text).into_iter().for_each(|word| *counts.entry(word).or_default() += 1);
        counts
    };
    let (a, b) = (counted(a), counted(b));
    let both: usize = a.iter().map(|(word, count)| count.min(b.get(word).unwrap_or(&0))).sum();
    let all = a.values().sum::<usize>() + b.values().sum::<usize>();
    if both == 0 { 0.0 } else { ratio(2 * both, all) }
}

fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect()
}

/// A text without what no reader would count as a difference.
pub(crate) fn folded(value: &Value) -> String {
    let text: String = value.as_str().unwrap_or_default().nfkc().collect::<String>().to_lowercase();
    let plain = text.chars().filter(|c| !matches!(c, '“' | '”' | '"')).map(|c| match c {
        '‘' | '’' | '´' | '`' => '\'',
        '‐'..='―' => '-',
        other => other,
    });
    let text: String = plain.collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = text.trim_matches([' ', '.', ',', ';', ':', '\'']);
    let bare = ["the ", "a ", "an "].iter().find_map(|article| text.strip_prefix(article));
    bare.unwrap_or(text).to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(gold: &Value, record: &Value, name: &str) -> (usize, usize, usize) {
        let figures = figures(std::slice::from_ref(gold), std::slice::from_ref(record));
        let (_, figure) = figures.iter().find(|(figure, _)| *figure == name).unwrap();
        (figure.gold, figure.found, figure.right)
    }

    #[test]
    fn articles_and_quotes_are_no_difference() {
        let gold = json!({"id": 1, "organizations": [{"id": "g1", "name": "Harbour Users’ Council"}]});
        let record = json!({"id": 1, "organizations": [{"id": "g7", "name": "the Harbour users' Council"}]});
        assert_eq!(check(&gold, &record, "organization_names"), (1, 1, 1));
    }

    #[test]
    fn a_shorter_wording_of_a_post_is_neither_right_nor_wrong() {
        let post = |title: &str| json!({"title": title, "organization": null});
        let gold = json!({"id": 1, "officials": [{"name": "Ana Roe", "posts": [post("Minister of Tides")]}]});
        let record = json!({"id": 1, "officials":
            [{"name": "Ana Roe", "posts": [post("Minister"), post("Minister of Tides")]}]});
        assert_eq!(check(&gold, &record, "official_records"), (1, 1, 1));
    }

    #[test]
    fn a_passage_needs_its_speaker_and_most_of_its_words() {
        let gold = json!({"id": 1, "officials": [{"id": "p1", "name": "Ana Roe"}], "statements":
            [{"speaker": "p1", "text": "the pier opens in May"}, {"speaker": "p1", "text": "fares will not rise"}]});
        let record = json!({"id": 1, "statements":
            [{"speaker": "Ana Roe", "text": "the pier opens in May this year"}, {"speaker": "Bo Lind", "text": "fares will not rise"}]});
        assert_eq!(check(&gold, &record, "statements"), (2, 2, 1));
    }

    #[test]
    fn a_document_without_a_record_counts_as_missed() {
        let gold = json!({"id": 1, "officials": [{"name": "Ana Roe"}]});
        assert_eq!(check(&gold, &json!({"id": 2}), "official_names"), (1, 0, 0));
    }
}
