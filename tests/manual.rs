//! The author's manual: every rule on its page compiles and passes its own examples, every command runs as written.

use std::fs;
use std::path::Path;

use crate::kit::{Place, ferry, pier};

/// The fenced blocks of the page with their info strings.
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in page.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => open = Some((info.trim().to_owned(), String::new())),
            (Some(_), Some(_)) => all.extend(open.take()),
            (Some((_, text)), None) => *text += &format!("{line}\n"),
            (None, None) => {}
        }
    }
    all
}

fn page() -> String {
    named("writing-rules.md")
}

fn named(page: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(page)).unwrap()
}

#[test]
fn every_rule_of_the_manual_passes_its_own_examples() {
    let place = Place::new();
    let mut rules = String::new();
    for (_, text) in blocks(&page()).into_iter().filter(|(info, _)| info == "toml") {
        if text.starts_with("layers") {
            place.write("manual/en/layers.toml", text);
        } else {
            rules += &text;
        }
    }
    assert!(rules.matches("[[rule]]").count() >= 12, "{rules}");
    place.write("manual/en/boats.toml", &rules);
    let checked = place.well(&["rules", "check", "--rules", "manual", "--notes"]);
    assert!(checked.out.ends_with("0 mistakes, 0 warnings\n"), "{checked:#?}");
    let tested = place.run(&["rules", "test", "--rules", "manual"]);
    assert_eq!(tested.code, Some(0), "{}", tested.out);
}

#[test]
fn every_command_of_the_manual_runs_as_it_is_written() {
    let place = Place::new();
    place.write("releases/pier.html", pier());
    place.write("releases/ferry.html", ferry());
    let all = blocks(&page());
    let own: String =
        all.iter().filter(|(info, _)| info == "toml own").map(|(_, text)| text.as_str()).collect();
    assert!(own.contains("[[off]]"));
    place.write("archive/rules/en/own.toml", own);
    place.well(&["ingest", "releases"]);
    let commands: Vec<&str> = all
        .iter()
        .filter(|(info, _)| info == "sh")
        .flat_map(|(_, text)| text.lines())
        .map(|line| line.split("  #").next().unwrap().trim())
        .collect();
    assert!(commands.len() >= 12, "{commands:?}");
    for command in commands {
        let line =
            command.strip_prefix("chancery ").unwrap_or_else(|| panic!("no command of ours: {command}"));
        place.well(&words(line).iter().map(String::as_str).collect::<Vec<_>>());
    }
}

/// The words of a command line, as far as single quotes go.
fn words(line: &str) -> Vec<String> {
    let mut all = Vec::new();
    for (number, part) in line.split('\'').enumerate() {
        if number % 2 == 1 {
            all.push(part.to_owned());
        } else {
            all.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    all
}

#[test]
fn every_command_on_keeping_an_archive_runs_as_it_is_written() {
    let place = Place::new();
    place.write("releases/pier.html", pier());
    place.write("releases/ferry.html", ferry());
    place.well(&["ingest", "releases"]);
    let all = blocks(&named("keeping.md"));
    let lines: Vec<&str> =
        all.iter().filter(|(info, _)| info == "sh").flat_map(|(_, text)| text.lines()).collect();
    assert!(lines.len() >= 15, "{lines:?}");
    for line in lines {
        let given = words(line);
        let (program, args) = given.split_first().unwrap();
        if program == "chancery" {
            place.well(&args.iter().map(String::as_str).collect::<Vec<_>>());
        } else {
            assert!(place.other(program).args(args).status().unwrap().success(), "{line}");
        }
    }
    // All of it was mended on the way.
    assert!(place.well(&["search", "pier"]).out.contains("New pier opens"));
}
