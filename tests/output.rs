//! JSON for programs: every field that is printed is told in `docs/output.md`.

use std::collections::BTreeSet;
use std::path::Path;

use crate::kit::{Place, pier};

/// Names of all fields at any depth; those below `rules` are languages.
fn fields(value: &serde_json::Value, into: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(object) => {
            for (name, value) in object {
                into.insert(name.clone());
                if !["rules", "captures", "evidence"].contains(&name.as_str()) {
                    fields(value, into);
                }
            }
        }
        serde_json::Value::Array(list) => list.iter().for_each(|value| fields(value, into)),
        _ => {}
    }
}

#[test]
fn every_field_is_documented() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/output.md");
    let page = std::fs::read_to_string(page).unwrap();
    let place = Place::new();
    place.write("pages/pier.html", pier());
    place.write("pages/logo.png", [0x89, b'P', b'N', b'G']);
    place.well(&["ingest", "pages", "--skipped", "skipped.ndjson"]);
    place.write("pages/pier.html", pier().replace("open in May", "open in June"));
    place.well(&["ingest", "pages"]);
    let mut names = BTreeSet::new();
    for args in [
        &["show", "2023-05-04", "--json"][..],
        &["search", "pier", "--ndjson"],
        &["search", "yusuf", "--ndjson"],
        &["status", "--json"],
        &["people", "--json"],
        &["orgs", "--json"],
        &["posts", "--json"],
        &["proposals", "--json"],
        &["person", "yusuf", "--json"],
        &["suggest", "yus", "--json"],
        &["cite", "2023-05-04", "s1", "--json"],
        &["changes", "2023-05-04", "--json"],
        &["source", "list", "--json"],
        &["rules", "try", "{role}", "--json", "--limit", "1"],
        &["verify", "--json"],
        &["review", "--json", "--below", "100"],
    ] {
        for object in place.well(args).records() {
            fields(&object, &mut names);
        }
    }
    fields(&serde_json::from_str(&place.read("skipped.ndjson")).unwrap(), &mut names);
    assert!(names.len() > 60, "{names:?}");
    let missing: Vec<_> = names.iter().filter(|name| !page.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "not in docs/output.md: {missing:?}");
}
