//! Help and completions.

use crate::kit::Place;

const COMMANDS: &[&[&str]] = &[
    &["demo"],
    &["ingest"],
    &["extract"],
    &["search"],
    &["people"],
    &["orgs"],
    &["posts"],
    &["proposals"],
    &["person"],
    &["cite"],
    &["suggest"],
    &["query"],
    &["show"],
    &["explain"],
    &["status"],
    &["reindex"],
    &["rules"],
    &["rules", "check"],
    &["rules", "try"],
    &["rules", "diff"],
    &["rules", "test"],
    &["rules", "list"],
    &["rules", "export"],
    &["watch"],
    &["source"],
    &["source", "check"],
    &["source", "list"],
    &["source", "new"],
    &["changes"],
    &["completions"],
];

#[test]
fn every_command_has_an_example_in_its_help() {
    let place = Place::new();
    for command in COMMANDS {
        let ran = place.well(&[command, &["--help"][..]].concat());
        assert!(ran.out.contains("Example"), "{command:?}: {}", ran.out);
        assert!(ran.out.contains(&format!("  chancery {}", command.join(" "))), "{command:?}: {}", ran.out);
    }
    assert!(place.well(&["--help"]).out.contains("Exit codes"));
}

#[test]
fn every_shell_gets_completions() {
    let place = Place::new();
    for (shell, word) in
        [("bash", "_chancery"), ("zsh", "#compdef chancery"), ("fish", "complete -c chancery")]
    {
        let ran = place.well(&["completions", shell]);
        assert!(ran.out.contains(word) && ran.out.contains("ingest"), "{shell}: {}", ran.out);
    }
}

#[test]
fn wrong_usage_has_exit_code_2() {
    let place = Place::new();
    place.run(&["serach", "x"]).told(2, &["serach", "search"]);
    place.run(&["ingest"]).told(2, &["PATH"]);
    place.run(&["search"]).told(2, &["WORDS"]);
    place.write("gate.txt", "The gate is closed.");
    place.well(&["ingest", "gate.txt"]);
    place.run(&["search", "x", "--since", "last week"]).told(2, &["last week", "2021-03-02"]);
    place.run(&["search", "x", "--kind", "speech"]).told(2, &["speech", "statement"]);
    place.run(&["extract", "--jobs", "0", "x"]).told(2, &["--jobs"]);
    place.run(&["extract", "--type", "rumour", "x"]).told(2, &["rumour", "press-release"]);
    place.run(&["ingest", "--archive", "gate.txt", "gate.txt"]).told(1, &["gate.txt", "name another folder"]);
}

#[test]
fn the_version_is_told() {
    let ran = Place::new().well(&["--version"]);
    assert_eq!(ran.out.trim(), format!("chancery {}", env!("CARGO_PKG_VERSION")));
}

#[test]
fn the_query_language_is_told_without_marks_of_a_page() {
    let place = Place::new();
    let ran = place.well(&["help", "query"]);
    assert!(!ran.out.contains("```") && !ran.out.contains("|---"), "{}", ran.out);
    for words in
        ["\nThe query language\n", "\n  fishing ports\n", "`said-by:` `proposed-by:` `who:`  statements"]
    {
        assert!(ran.out.contains(words), "no {words:?} in {}", ran.out);
    }
    // A line that goes on is as long as it can be.
    let lines: Vec<&str> = ran.out.lines().collect();
    let begins = |line: &str| line.starts_with(|c: char| c.is_lowercase());
    for pair in lines.windows(2).filter(|pair| begins(pair[1]) && !pair[0].is_empty()) {
        let word = pair[1].split(' ').next().unwrap_or_default();
        assert!(pair[0].chars().count() + 1 + word.chars().count() > 100, "{pair:#?}");
    }
}
