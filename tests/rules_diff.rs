//! `rules diff` and `ingest --again`: what a change of rules changes, and only that.

use std::fs;
use std::path::Path;

use crate::kit::{Place, ferry, page, pier};

/// Two releases with facts and one that no change here can touch.
fn place() -> Place {
    let place = Place::new();
    place.write("pages/pier.html", pier());
    place.write("pages/ferry.html", ferry());
    let text = "Gate four stays closed at night until the end of the year, because its hinges are being painted. The \
                guards of the gate ask drivers to use the other one.";
    place.write("pages/gate.html", page("Gate four stays closed", "2024-12-01", &[text]));
    place.well(&["rules", "export", "mine"]);
    place
}

/// Takes an entry out of a list of `mine`.
fn without_entry(place: &Place, list: &str, entry: &str) {
    let text = place.read(&format!("mine/en/lists/{list}"));
    let kept: Vec<&str> = text.lines().filter(|line| line.split('\t').next() != Some(entry)).collect();
    assert!(kept.len() < text.lines().count(), "{entry} in {list}");
    place.write(&format!("mine/en/lists/{list}"), kept.join("\n"));
}

#[test]
fn nothing_differs_between_the_rules_and_a_copy() {
    let place = place();
    let ran = place.well(&["rules", "diff", "built-in", "mine", "pages"]);
    assert!(ran.out.contains("nothing differs that could change what is found"), "{ran:#?}");
    assert!(ran.out.ends_with("0 could be touched and were read (0 %)\n"), "{ran:#?}");
}

#[test]
fn facts_that_a_change_loses_and_gains_are_told_one_by_one() {
    let place = place();
    without_entry(&place, "verbs-report.tsv", "stress");
    let ran = place.well(&["rules", "diff", "built-in", "mine", "pages"]);
    assert!(ran.out.contains("en: 0 rules differ"), "{ran:#?}");
    assert!(
        ran.out.contains("  - statement    Amina Yusuf (stressed): the new pier will open in May"),
        "{ran:#?}"
    );
    assert!(ran.out.contains("(en/statements/that-clause)"), "{ran:#?}");
    assert!(!ran.out.contains("José"), "{ran:#?}");
    assert!(ran.out.ends_with("of 3 releases; 1 could be touched and were read (34 %)\n"), "{ran:#?}");
    let back = place.well(&["rules", "diff", "mine", "built-in", "pages"]);
    assert!(back.out.contains("  + statement    Amina Yusuf (stressed)"), "{back:#?}");
}

#[test]
fn facts_that_a_change_alters_say_what_they_were() {
    let place = place();
    let path = "mine/en/lists/verbs-report.tsv";
    let text = place.read(path);
    let line = text.lines().find(|line| line.starts_with("stress\t")).unwrap();
    place.write(path, text.replace(line, &line.replace("act=stress", "act=underline")));
    let ran = place.well(&["rules", "diff", "built-in", "mine", "pages"]);
    assert!(ran.out.contains("act: `stress` → `underline`"), "{ran:#?}");
    assert!(ran.out.contains("0 gained, 0 lost, 1 altered in 1 of 3 releases"), "{ran:#?}");
    let json = place.well(&["rules", "diff", "built-in", "mine", "pages", "--json"]);
    let all = json.records();
    assert_eq!(all[0]["change"], "altered");
    assert_eq!(all[0]["altered"]["act"], serde_json::json!({"before": "stress", "after": "underline"}));
    assert_eq!(all[1]["summary"]["altered"], 1);
}

#[test]
fn a_full_run_says_the_same_and_reads_more() {
    let place = place();
    without_entry(&place, "verbs-report.tsv", "stress");
    let facts = |more: &[&str]| {
        let args = [&["rules", "diff", "built-in", "mine", "pages", "--json"], more].concat();
        let mut all = place.well(&args).records();
        let summary = all.pop().unwrap();
        (all, summary["summary"]["read"].as_u64().unwrap())
    };
    let ((some, read), (all, whole)) = (facts(&[]), facts(&["--full"]));
    assert_eq!(some, all);
    assert_eq!((read, whole), (1, 3));
}

#[test]
fn an_archives_own_additions_can_be_compared() {
    let place = place();
    place.well(&["ingest", "pages"]);
    place.write("archive/rules/en/gates.toml", GATES);
    let ran = place.well(&["rules", "diff", "built-in", "archive"]);
    assert!(ran.out.contains("en: 1 rule differs"), "{ran:#?}");
    assert!(ran.out.contains("  + organization Gate"), "{ran:#?}");
    assert!(ran.out.ends_with("of 3 releases; 1 could be touched and were read (34 %)\n"), "{ran:#?}");
    place.run(&["rules", "diff", "built-in", "nowhere", "pages"]).told(1, &["nowhere"]);
}

/// A rule that touches one release of the three.
const GATES: &str = "[[rule]]\nid = \"gate\"\nlayer = \"bodies\"\nfinds = \"organization\"\nwhen = 'name:(gate four)'\n\
    spans = \"name\"\nsay = \"A gate.\"\nyes = [\"Gate four stays closed.\"]\nno = [\"Gate five stays closed.\"]\n";

/// All records of an archive by id.
fn records(place: &Place, archive: &str) -> Vec<String> {
    let ids = place
        .well(&["search", "the", "--kind", "release", "--ndjson", "--limit", "100", "--archive", archive])
        .records();
    let mut all: Vec<String> = ids
        .iter()
        .map(|hit| {
            place.well(&["show", hit["release_id"].as_str().unwrap(), "--json", "--archive", archive]).out
        })
        .collect();
    all.sort();
    all
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn ingest_again_makes_only_what_was_touched_and_leaves_the_bytes_of_a_full_run() {
    let place = place();
    place.well(&["ingest", "pages", "--archive", "some"]);
    place.write("some/rules/en/gates.toml", GATES);
    copy(&place.path("some"), &place.path("all"));
    let before = records(&place, "some");
    let ran = place.well(&["ingest", "--again", "--archive", "some"]);
    assert_eq!(
        ran.out,
        "some: 3 records were by other rules; 1 could be touched by the change and was made again\n"
    );
    place.well(&["reindex", "--records", "--archive", "all"]);
    let after = records(&place, "some");
    assert_eq!(after, records(&place, "all"));
    assert_ne!(after, before);
    assert_eq!(after.len(), 3);
    // The fact is found, and nothing is left to do.
    let found =
        place.well(&["search", "--org", "Gate four", "--kind", "release", "--archive", "some", "--ndjson"]);
    assert_eq!(found.records().len(), 1, "{found:#?}");
    let status = place.well(&["status", "--json", "--archive", "some"]).records().remove(0);
    assert_eq!(status["made_with_other_rules"], 0, "{status:#}");
    let again = place.well(&["ingest", "--again", "--archive", "some"]);
    assert_eq!(again.out, "some: every record is by the rules in force\n");
}

#[test]
fn where_the_old_rules_are_lost_everything_is_made_again() {
    let place = place();
    place.well(&["ingest", "pages"]);
    fs::remove_dir_all(place.path("archive/used-rules")).unwrap();
    place.write("archive/rules/en/gates.toml", GATES);
    let ran = place.well(&["ingest", "--again", "pages"]);
    assert!(ran.out.contains("3 records were by other rules; 3 could be touched"), "{ran:#?}");
    let kept = fs::read_dir(place.path("archive/used-rules")).unwrap().count();
    assert_eq!(kept, 1, "rules that no record names are not kept");
}

#[test]
fn ingest_again_wants_an_archive() {
    let place = Place::new();
    place.run(&["ingest", "--again"]).told(1, &["there is no archive", "chancery ingest"]);
    assert!(!place.path("archive").exists());
    place.run(&["ingest"]).told(2, &["PATH"]);
}
