//! No rule and no code knows a person of the gold: what is measured must not be written down.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::shell::{Result, files, root, shown, text_of};

/// Files of rules and code that name a person of the demo gold.
pub(super) fn of_gold() -> Result<Vec<String>> {
    let names = people()?;
    let mut wrong = Vec::new();
    for dir in ["rules", "crates", "sources"] {
        for path in files(&root().join(dir), &[".rs", ".toml", ".tsv", ".txt", ".csv"]) {
            let text = text_of(&path)?;
            for name in names.iter().filter(|name| text.contains(name.as_str())) {
                wrong.push(format!("{}: names {name}, who is in corpora/demo/gold", shown(&path)));
            }
        }
    }
    Ok(wrong)
}

/// Full names; a name of one word may well be a word of its own.
fn people() -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for path in files(&root().join("corpora/demo/gold"), &[".json"]) {
        let text = text_of(&path)?;
        let gold: Value = serde_json::from_str(&text).map_err(|why| format!("{}: {why}", shown(&path)))?;
        for list in ["officials", "persons"] {
            let people = gold[list].as_array().into_iter().flatten();
            let people = people.filter_map(|person| person["name"].as_str());
            names.extend(people.filter(|name| name.contains(' ')).map(str::to_owned));
        }
    }
    Ok(names)
}
