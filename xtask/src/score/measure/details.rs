//! What goes with a fact: the class of a post, the force of a statement or proposal, whom a proposal is put to and
//! which bodies it is about. Only facts that are right count, so that an error is counted once.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Figure, folded, list, matched, said};

/// Every figure by name; what the gold does not say is not asked.
pub(super) fn figures(gold: &[Value], records: &[Value]) -> Vec<(&'static str, Figure)> {
    let mut figures: Vec<(&str, Figure)> =
        ["post_roles", "proposal_acts", "proposal_to", "proposal_about", "statement_acts"]
            .map(|name| (name, Figure::default()))
            .into();
    for doc in gold {
        let record = records.iter().find(|record| record["id"] == doc["id"]).unwrap_or(&Value::Null);
        let [roles, proposed, to, about, stated] = figures.as_mut_slice() else { continue };
        let (wanted, found) = (classes(doc), classes(record));
        for (post, class) in &wanted {
            if let Some((_, other)) = found.iter().find(|(other, _)| other == post) {
                roles.1.add_one(class == other);
            }
        }
        for (mine, other) in pairs(doc, record, "proposals", "proposer") {
            proposed.1.add_one(act(mine) == act(other));
            if mine["to"].is_array() {
                to.1.add(&words(mine, "to"), &words(other, "to"));
                about.1.add(&bodies(doc, mine), &bodies(record, other));
            }
        }
        for (mine, other) in pairs(doc, record, "statements", "speaker") {
            if mine["act"].is_string() {
                stated.1.add_one(mine["act"] == other["act"]);
            }
        }
    }
    figures
}

impl Figure {
    fn add_one(&mut self, right: bool) {
        *self = Self { gold: self.gold + 1, found: self.found + 1, right: self.right + usize::from(right) };
    }

    fn add(&mut self, wanted: &BTreeSet<String>, found: &BTreeSet<String>) {
        self.gold += wanted.len();
        self.found += found.len();
        self.right += wanted.intersection(found).count();
    }
}

/// Holder and title of each post, and its class.
fn classes(doc: &Value) -> Vec<((String, String), &str)> {
    let posts = list(doc, "officials").iter().flat_map(|person| {
        let name = folded(&person["name"]);
        list(person, "posts").iter().map(move |post| (name.clone(), post))
    });
    let titled =
        posts.filter_map(|(name, post)| Some(((name, folded(&post["title"])), post["role"].as_str()?)));
    titled.collect()
}

/// The facts of the gold and those found that are the same.
fn pairs<'v>(doc: &'v Value, record: &'v Value, field: &str, who: &str) -> Vec<(&'v Value, &'v Value)> {
    let pairs = matched(&said(doc, field, who), &said(record, field, who));
    pairs.into_iter().map(|(mine, other)| (&list(doc, field)[mine], &list(record, field)[other])).collect()
}

/// The gold calls the force of a proposal its kind or its act.
fn act(proposal: &Value) -> &Value {
    if proposal["kind"].is_string() { &proposal["kind"] } else { &proposal["act"] }
}

fn words(fact: &Value, field: &str) -> BTreeSet<String> {
    list(fact, field).iter().map(folded).collect()
}

/// Names of the bodies that a proposal is about.
fn bodies(doc: &Value, proposal: &Value) -> BTreeSet<String> {
    let about = list(proposal, "about");
    let named = list(doc, "organizations").iter().filter(|body| about.contains(&body["id"]));
    named.map(|body| folded(&body["name"])).collect()
}
