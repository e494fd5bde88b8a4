//! Which facts of a record are right by gold: names, posts and bodies as the gold has them, passages that pair up.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::score::measure::{folded, matched, names, posts, said};

/// Whether facts are right, by kind of weights, id, and number of the post.
pub(super) type Right = BTreeMap<(&'static str, String, Option<usize>), bool>;

/// Judges every fact of a record by its gold.
pub(super) fn judge(gold: &Value, record: &Value) -> Right {
    let list = |doc: &Value, field: &str| doc[field].as_array().cloned().unwrap_or_default();
    let id = |entity: &Value| entity["id"].as_str().unwrap_or_default().to_owned();
    let people = names(&[list(gold, "persons"), list(gold, "officials")].concat());
    let held = posts(gold);
    let bodies: BTreeSet<(String, String)> = list(gold, "organizations")
        .iter()
        .map(|body| (folded(&body["name"]), folded(&body["acronym"])))
        .collect();
    let named: BTreeMap<String, Value> =
        list(record, "organizations").into_iter().map(|body| (id(&body), body["name"].clone())).collect();
    let mut right = Right::new();
    for person in [list(record, "officials"), list(record, "persons")].concat() {
        let name = folded(&person["name"]);
        right.insert(("person", id(&person), None), people.contains(&name));
        for (n, post) in list(&person, "posts").iter().enumerate() {
            let body = post["organization"].as_str().and_then(|body| named.get(body)).unwrap_or(&Value::Null);
            let as_held = held.contains(&(name.clone(), folded(&post["title"]), folded(body)));
            right.insert(("official", id(&person), Some(n)), as_held);
        }
    }
    for body in list(record, "organizations") {
        let known = bodies.contains(&(folded(&body["name"]), folded(&body["acronym"])));
        right.insert(("organization", id(&body), None), known);
    }
    for (kind, field, who) in [("proposal", "proposals", "proposer"), ("statement", "statements", "speaker")]
    {
        let pairs = matched(&said(gold, field, who), &said(record, field, who));
        let paired: BTreeSet<usize> = pairs.into_values().collect();
        for (n, fact) in list(record, field).iter().enumerate() {
            right.insert((kind, id(fact), None), paired.contains(&n));
        }
    }
    right
}
