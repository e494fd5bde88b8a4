//! `remove` and its undo: nothing is deleted, nothing of it is found, and every step can be traced.

use std::fs;

use serde_json::Value;

use crate::kit::{Place, ferry, pier};

const PIER: &str = "2023-05-04/new-pier-opens-at-skarvik";

fn place() -> Place {
    let place = Place::new();
    place.write("pages/pier.html", pier());
    place.write("pages/ferry.html", ferry());
    place.well(&["ingest", "pages"]);
    place
}

fn remove(place: &Place) {
    let ran = place.well(&["remove", PIER, "--reason", "court order 12", "--by", "Ana Roe"]);
    assert_eq!(ran.out, format!("removed {PIER}: New pier opens at Skarvik\n"));
    assert!(ran.err.contains("chancery remove --undo"), "{ran:#?}");
}

fn found(place: &Place, words: &str) -> usize {
    place.well(&["search", words, "--ndjson"]).records().len()
}

fn json(place: &Place, args: &[&str]) -> Value {
    serde_json::from_str(&place.well(args).out).unwrap()
}

/// Nothing of the pier is found, whatever is asked; all of the ferry is.
#[track_caller]
fn is_out(place: &Place) {
    assert_eq!(
        (found(place, "pier"), found(place, "who:Yusuf"), found(place, "winter kind:release")),
        (0, 0, 1)
    );
    assert!(!place.well(&["people"]).out.contains("Yusuf"));
    let status = json(place, &["status", "--json"]);
    assert_eq!((&status["releases"], &status["removed"]), (&1.into(), &1.into()), "{status:#}");
    let checked = json(place, &["verify", "--json"]);
    assert_eq!((&checked["removed"], &checked["fault_count"]), (&1.into(), &0.into()), "{checked:#}");
}

#[test]
fn a_removed_release_is_shown_as_such_and_found_no_more_until_the_undo() {
    let place = place();
    let before = found(&place, "pier");
    remove(&place);
    is_out(&place);
    let shown = place.well(&["show", PIER]);
    assert!(shown.out.contains("by Ana Roe: court order 12"), "{shown:#?}");
    let record = json(&place, &["show", PIER, "--json"]);
    assert_eq!(
        (&record["removed"]["reason"], &record["headline"]),
        (&"court order 12".into(), &"New pier opens at Skarvik".into())
    );
    place.run(&["cite", PIER]).told(1, &["was removed", "court order 12", "help: `chancery remove --undo"]);

    // What is derived can be made again, and the page may come again, the same or another version.
    place.well(&["reindex"]);
    is_out(&place);
    fs::remove_file(place.path("archive/state.sqlite")).unwrap();
    is_out(&place);
    place.well(&["ingest", "pages"]);
    place.write("pages/pier.html", pier().replace("in May", "in June"));
    assert!(place.well(&["ingest", "pages"]).out.contains("1 new version"));
    is_out(&place);

    let ran = place.well(&["remove", "--undo", PIER, "--reason", "quashed", "--by", "Ben Tor"]);
    assert_eq!(ran.out, format!("restored {PIER}: New pier opens at Skarvik\n"));
    assert_eq!((found(&place, "pier"), found(&place, "\"in June\" kind:release")), (before, 1));
    assert_eq!(json(&place, &["verify", "--json"])["fault_count"], 0);
    assert!(!place.well(&["show", PIER]).out.contains("court order"));
    let decided: Vec<Value> = place.well(&["changes", "--json"]).records();
    let decided: Vec<_> = decided.iter().filter(|line| line["change"].is_string()).collect();
    let told = |at: usize, key: &str| decided[at][key].as_str().unwrap().to_owned();
    assert_eq!(
        (told(0, "change"), told(0, "by"), told(0, "reason")),
        ("removed".into(), "Ana Roe".into(), "court order 12".into())
    );
    assert_eq!(
        (told(1, "change"), told(1, "by"), told(1, "alias")),
        ("restored".into(), "Ben Tor".into(), PIER.into())
    );
    assert!(place.well(&["changes", PIER]).out.contains("removed"));
}

#[test]
fn a_removal_or_undo_that_was_cut_off_is_completed_by_the_next_run() {
    let place = place();
    let copy = |from: &str, to: &str| {
        let _ = fs::remove_dir_all(place.path(to));
        fs::create_dir(place.path(to)).unwrap();
        for entry in fs::read_dir(place.path(from)).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), place.path(to).join(entry.file_name())).unwrap();
        }
    };
    // What lies on the disk where the run ends after the decision, and where it ends before the index.
    copy("archive/index", "index-before");
    fs::copy(place.path("archive/state.sqlite"), place.path("state-before")).unwrap();
    remove(&place);
    copy("index-before", "archive/index");
    fs::copy(place.path("state-before"), place.path("archive/state.sqlite")).unwrap();
    place.run(&["verify"]).told(1, &["the next run that writes takes it out"]);
    place.well(&["ingest", "pages"]);
    is_out(&place);

    copy("archive/index", "index-before");
    place.well(&["remove", "--undo", PIER]);
    copy("index-before", "archive/index");
    assert_eq!(found(&place, "who:Yusuf"), 0);
    place.well(&["ingest", "pages"]);
    assert!(found(&place, "who:Yusuf") > 0);
    assert_eq!(json(&place, &["verify", "--json"])["fault_count"], 0);
}

#[test]
fn what_cannot_be_removed_is_told_and_nothing_is_changed() {
    let place = place();
    place.run(&["remove", PIER]).told(2, &["--reason"]);
    place
        .run(&["remove", PIER, "nothing-like-it", "--reason", "x"])
        .told(1, &["no release is called `nothing-like-it`"]);
    place.run(&["remove", "--undo", PIER]).told(1, &["is not removed", "help: `chancery changes`"]);
    place.run(&["remove", PIER, "--reason", "x", "--archive", "other"]).told(1, &["there is no archive"]);
    assert!(!place.path("archive/decisions").exists() && !place.path("other").exists());
    remove(&place);
    place.run(&["remove", PIER, "--reason", "again"]).told(1, &["was removed", "by Ana Roe: court order 12"]);
    let file = place.read("archive/decisions/removals.toml");
    assert_eq!(file.matches("[[decision]]").count(), 1, "{file}");
    // Who writes there by hand is told where it went wrong; reading goes on.
    place.write("archive/decisions/removals.toml", file.replace("reason =", "raeson ="));
    place
        .run(&["ingest", "pages"])
        .told(1, &["removals.toml:4:1: a removal needs a `reason`", "help: mend the file"]);
    place.run(&["verify"]).told(1, &["a removal needs a `reason`"]);
    assert_eq!(found(&place, "pier"), 0);
}
