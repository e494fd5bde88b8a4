//! `demo`: what a newcomer sees first.

use crate::kit::Place;

#[test]
fn the_demo_makes_an_archive_prints_tables_and_says_what_to_try() {
    let place = Place::new();
    let ran = place.well(&["demo"]);
    for heading in ["Officials (", "Bodies with acronyms (", "Proposals (", "What to try next"] {
        assert!(ran.out.contains(heading), "no `{heading}` in {ran:#?}");
    }
    assert!(ran.out.contains("1 new version"), "{ran:#?}");
    assert!(place.path("chancery-demo/archive/archive.toml").is_file());
    let again = place.well(&["demo"]);
    assert!(again.out.contains("nothing new"), "{again:#?}");
}

#[test]
fn what_the_demo_says_to_try_works_as_printed() {
    let place = Place::new();
    let ran = place.well(&["demo", "--dir", "here"]);
    let next = ran.out.split("What to try next").nth(1).unwrap();
    let commands: Vec<&str> = next.lines().map(str::trim).filter(|line| line.contains("chancery")).collect();
    assert!(commands.len() >= 3, "{ran:#?}");
    for command in commands {
        let output = place.other("sh").args(["-c", command]).output().unwrap();
        assert!(output.status.success() && !output.stdout.is_empty(), "{command}: {output:?}");
    }
}

#[test]
fn tables_fit_the_width_that_is_given() {
    let place = Place::new();
    let output = place.command(&["demo"]).env("COLUMNS", "72").output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    // Commands to copy stay on one line, and an id is never broken.
    let tables = out.split("What to try next").next().unwrap();
    let breakable = |line: &&str| !line.contains("chancery") && line.trim().contains(' ');
    let long: Vec<&str> = tables.lines().filter(breakable).filter(|line| line.chars().count() > 72).collect();
    assert!(long.is_empty(), "{long:#?}");
}
