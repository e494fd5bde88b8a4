//! Who may know whom, as ARCHITECTURE.md has it.

use serde_json::Value;

use crate::shell::{Result, cargo, checked, files, root, shown, text_of};

/// Each crate and the crates that it may use. What is not here may use nothing of the workspace.
const ARROWS: [(&str, &[&str]); 14] = [
    ("chancery-record", &[]),
    ("chancery-text", &[]),
    ("chancery-html", &[]),
    ("chancery-pdf", &[]),
    ("chancery-warc", &[]),
    ("chancery-capture", &["chancery-html", "chancery-warc"]),
    ("chancery-rules", &["chancery-text"]),
    ("chancery-reader", &["chancery-html", "chancery-record"]),
    ("chancery-extract", &["chancery-record", "chancery-rules", "chancery-text"]),
    ("chancery-index", &["chancery-record", "chancery-text"]),
    (
        "chancery",
        &[
            "chancery-capture",
            "chancery-record",
            "chancery-text",
            "chancery-rules",
            "chancery-pdf",
            "chancery-reader",
            "chancery-extract",
            "chancery-warc",
            "chancery-index",
        ],
    ),
    // The program speaks the types of records, rules and hits; the phases it reaches through `chancery`, but for the
    // examples of the rules, which need the steps of `extract`.
    (
        "chancery-cli",
        &[
            "chancery",
            "chancery-capture",
            "chancery-extract",
            "chancery-record",
            "chancery-rules",
            "chancery-index",
        ],
    ),
    // What measures each phase by itself knows each phase.
    (
        "chancery-benches",
        &[
            "chancery",
            "chancery-extract",
            "chancery-html",
            "chancery-index",
            "chancery-reader",
            "chancery-record",
            "chancery-rules",
            "chancery-text",
            "chancery-warc",
        ],
    ),
    // It writes the schema of the rule files, and weighs the evidence of facts.
    ("xtask", &["chancery-extract", "chancery-record", "chancery-rules"]),
];

/// Crates that do no I/O, ask no clock and start no thread.
const PURE: [&str; 7] = ["record", "text", "html", "pdf", "rules", "reader", "extract"];

/// What a pure crate does not name.
const IMPURE: [&str; 8] = [
    "std::fs",
    "std::net",
    "std::env",
    "std::thread",
    "std::process",
    "SystemTime",
    "Instant::now",
    "rayon::",
];

/// Arrows that ARCHITECTURE.md does not draw.
pub(super) fn between_crates() -> Result<Vec<String>> {
    let output = cargo(&["metadata", "--no-deps", "--format-version", "1"]).output();
    let output = checked("cargo metadata", output)?;
    let metadata: Value = serde_json::from_slice(&output.stdout).map_err(|why| why.to_string())?;
    let packages = metadata["packages"].as_array().cloned().unwrap_or_default();
    let ours: Vec<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
    let mut wrong = Vec::new();
    for package in &packages {
        let name = package["name"].as_str().unwrap_or_default();
        let allowed = ARROWS.iter().find(|(from, _)| *from == name).map_or(&[][..], |(_, to)| to);
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let to = dependency["name"].as_str().unwrap_or_default();
            if ours.contains(&to) && !allowed.contains(&to) {
                wrong.push(format!("{name} uses {to}: ARCHITECTURE.md draws no such arrow"));
            }
        }
    }
    Ok(wrong)
}

/// Places where a pure crate reaches for the outside world.
pub(super) fn purity() -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for name in PURE {
        for path in files(&root().join("crates").join(name).join("src"), &[".rs"]) {
            let text = text_of(&path)?;
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            for (number, line) in code.lines().enumerate().filter(|(_, line)| !line.trim().starts_with("//"))
            {
                if let Some(word) = IMPURE.iter().find(|word| line.contains(**word)) {
                    let at = format!("{}:{}", shown(&path), number + 1);
                    wrong.push(format!("{at}: `{word}` in a pure crate: take it as an argument"));
                }
            }
        }
    }
    Ok(wrong)
}
