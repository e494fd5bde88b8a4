//! Files that the program itself can write: the help pages, the tables of rules and of classes of posts, the output shown in the README.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::readme::{Place, examples, itself};
use crate::shell::{Result, checked, program, root, say, shown, text_of};

/// The JSON schema of the rule files.
const SCHEMA: &str = "docs/rules.schema.json";

/// Writes every generated file anew.
pub(crate) fn write() -> Result<()> {
    for (path, text) in generated()? {
        put(&path, &text)?;
    }
    let path = root().join("README.md");
    put(&path, &readme(&text_of(&path)?)?)
}

/// Fails where a generated file is out of step. The README's output is compared where its commands are run.
pub(crate) fn check() -> Result<()> {
    let mut stale = Vec::new();
    for (path, text) in generated()? {
        if fs::read_to_string(&path).unwrap_or_default() != text {
            stale.push(shown(&path));
        }
    }
    if stale.is_empty() {
        Ok(())
    } else {
        Err(format!("out of step: {}; cargo xtask codegen writes them anew", stale.join(", ")))
    }
}

fn put(path: &PathBuf, text: &str) -> Result<()> {
    if fs::read_to_string(path).unwrap_or_default() != text {
        fs::write(path, text).map_err(|why| format!("cannot write {}: {why}", shown(path)))?;
        say(&format!("written: {}", shown(path)));
    }
    Ok(())
}

fn generated() -> Result<Vec<(PathBuf, String)>> {
    Ok(vec![
        (root().join("docs/commands.md"), commands()?),
        (root().join("docs/rules.md"), rules()?),
        (root().join("docs/roles.md"), crate::roles::page()?),
        (root().join(SCHEMA), chancery_rules::schema() + "\n"),
    ])
}

/// The help page of every command.
fn commands() -> Result<String> {
    let mut page = String::from(
        "# Commands\n\nWhat `chancery COMMAND --help` prints. This page is generated: `cargo xtask codegen`.\n",
    );
    let list = [
        "",
        "demo",
        "ingest",
        "capture",
        "read",
        "extract",
        "search",
        "query",
        "people",
        "orgs",
        "posts",
        "proposals",
        "person",
        "cite",
        "suggest",
        "show",
        "explain",
        "review",
        "status",
        "remove",
        "reindex",
        "verify",
        "export",
        "export wacz",
        "rules",
        "rules check",
        "rules try",
        "rules diff",
        "rules test",
        "rules list",
        "rules export",
        "watch",
        "source",
        "source check",
        "source list",
        "source new",
        "changes",
        "completions",
    ];
    for name in list {
        let mut args: Vec<&str> = name.split_whitespace().collect();
        args.push("--help");
        let heading = format!("chancery {name}");
        page += &format!("\n## {}\n\n```text\n{}\n```\n", heading.trim(), told(&args)?.trim_end());
    }
    Ok(page)
}

/// One line a rule, with what it says of itself.
fn rules() -> Result<String> {
    let listed = told(&["rules", "list", "--json"])?;
    let mut page = String::from(
        "# Rules\n\nEvery built-in rule, in the order of its layer. How to write one: [writing-rules.md](writing-rules.md). This page is \
         generated: `cargo xtask codegen`.\n\n\
         | rule | finds | says |\n|---|---|---|\n",
    );
    for line in listed.lines() {
        let rule: serde_json::Value =
            serde_json::from_str(line).map_err(|why| format!("rules list: {why}"))?;
        let field = |name: &str| rule[name].as_str().unwrap_or_default().replace('|', "\\|");
        page += &format!("| `{}` | {} | {} |\n", field("id"), field("finds"), field("say"));
    }
    Ok(page)
}

fn told(args: &[&str]) -> Result<String> {
    let output = Command::new(program()?).args(args).env("COLUMNS", "100").env("NO_COLOR", "1").output();
    let output = checked(&format!("chancery {}", args.join(" ")), output)?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The page with each shown output replaced by what the command prints now. Output that ends in `…` keeps its length;
/// output with a `…` inside stays as it is.
fn readme(page: &str) -> Result<String> {
    let place = Place::new()?;
    let mut lines: Vec<String> = page.lines().map(str::to_owned).collect();
    let mut replacements = Vec::new();
    for example in examples(page).iter().filter(|example| !itself(&example.command)) {
        let printed = place.printed(&example.command)?;
        let shown: Vec<&str> = example.output.trim_end().lines().collect();
        match shown.iter().position(|line| *line == "…") {
            None if shown.is_empty() => {}
            None => replacements.push((example.lines, printed)),
            Some(last) if last + 1 == shown.len() => {
                let lines = printed.lines().take(last).chain(["…"]);
                replacements.push((example.lines, lines.collect::<Vec<_>>().join("\n")));
            }
            Some(_) => {}
        }
    }
    for ((from, to), printed) in replacements.into_iter().rev() {
        lines.splice(from..to, printed.trim_end().lines().map(|line| line.trim_end().to_owned()));
    }
    Ok(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::shell::{files, root, shown, text_of};

    /// The keys that an object of the schema, behind its reference, knows.
    fn keys(schema: &Value, at: &Value) -> Vec<String> {
        let name =
            at["items"]["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/")).unwrap_or_default();
        schema["$defs"][name]["properties"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(key, _)| key.clone())
            .collect()
    }

    #[test]
    fn every_key_of_every_rule_file_is_in_the_schema() {
        let schema: Value = serde_json::from_str(&chancery_rules::schema()).unwrap();
        let mut seen = 0;
        for path in files(&root().join("rules"), &[".toml"]) {
            let no_rules = ["reader.toml", "spellings.toml", "questions.toml", "affixes.toml"];
            if no_rules.iter().any(|name| path.ends_with(name)) {
                continue;
            }
            let file: toml::Table = text_of(&path).unwrap().parse().unwrap();
            for (kind, blocks) in &file {
                let known = &schema["properties"][kind];
                assert!(known.is_object(), "{}: {kind}", shown(&path));
                for block in blocks.as_array().into_iter().flatten().filter_map(|block| block.as_table()) {
                    let known = keys(&schema, known);
                    for key in block.keys() {
                        assert!(known.contains(key), "{}: {kind}.{key} is none of {known:?}", shown(&path));
                        seen += 1;
                    }
                }
            }
        }
        assert!(seen > 500, "{seen}");
        assert_eq!(
            schema["$defs"]["RuleBlock"]["required"],
            serde_json::json!(["id", "layer", "finds", "when"])
        );
        assert_eq!(schema["$defs"]["RuleBlock"]["additionalProperties"], false);
    }
}
