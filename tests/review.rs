//! How sure a fact is: what is left out, what it is made of, and the walk through what is doubtful.

use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use crate::kit::{Place, Ran, pier, program};

/// Every confidence of a record.
fn confidences(record: &serde_json::Value) -> Vec<u64> {
    let mut all = Vec::new();
    for kind in ["officials", "persons", "organizations", "proposals", "statements"] {
        for fact in record[kind].as_array().unwrap() {
            all.push(fact["confidence"].as_u64().unwrap());
            for post in fact["posts"].as_array().into_iter().flatten() {
                all.push(post["confidence"].as_u64().unwrap());
            }
        }
    }
    all
}

/// Weights that make all statements sure and all else even.
const STATEMENTS: &str = "[[confidence]]\nid = 'statement'\nstart = 300\n";
const EVEN: &str = "[[confidence]]\nid = 'official'\nstart = 0\n[[confidence]]\nid = 'person'\nstart = 0\n\
                    [[confidence]]\nid = 'organization'\nstart = 0\n[[confidence]]\nid = 'proposal'\nstart = -10\n\
                    [confidence.weights.to]\nnone = -30\n";

/// An archive with a release, made with these weights.
fn archive() -> Place {
    let place = Place::new();
    place.write("pier.html", pier());
    place.write("archive/rules/en/mine.toml", format!("{STATEMENTS}{EVEN}"));
    place.well(&["ingest", "pier.html"]);
    place
}

#[test]
fn every_fact_says_how_sure_it_is_and_what_is_doubtful_can_be_left_out() {
    let place = Place::new();
    place.write("pier.html", pier());
    let whole = &place.well(&["extract", "pier.html"]).records()[0];
    let all = confidences(whole);
    assert!(all.len() >= 5 && all.iter().all(|sure| (1..=99).contains(sure)), "{whole:#}");
    assert!(all.iter().any(|sure| *sure > 80), "{whole:#}");
    let nothing = &place.well(&["extract", "--min-confidence", "100", "pier.html"]).records()[0];
    assert!(confidences(nothing).is_empty(), "{nothing:#}");
    assert_eq!(nothing["text"], whole["text"]);
    let same = place.well(&["extract", "--min-confidence", "0", "pier.html"]).out;
    assert_eq!(same, place.well(&["extract", "pier.html"]).out);
    place.run(&["extract", "--min-confidence", "101", "pier.html"]).told(2, &["--min-confidence", "101"]);
}

#[test]
fn a_search_may_ask_for_sure_facts_alone() {
    let place = archive();
    let kinds = |args: &[&str]| -> Vec<String> {
        let hits = place.well(&[&["search", "--ndjson", "--by", "Amina Yusuf"], args].concat()).records();
        hits.iter().map(|hit| hit["kind"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(kinds(&[]).len(), 3);
    assert_eq!(kinds(&["--min-confidence", "90"]), ["statement"]);
    assert_eq!(kinds(&["--min-confidence", "50"]).len(), 2);
    let words = place.well(&["search", "pier", "--ndjson", "--min-confidence", "10"]).records();
    assert!(words.iter().all(|hit| hit["kind"] != "release" && hit["confidence"].is_u64()), "{words:#?}");
}

#[test]
fn explain_says_what_the_confidence_is_made_of() {
    let place = archive();
    let ran = place.well(&["explain", "pier", "fuel tanks"]);
    assert!(ran.out.contains("40 in 100; against it: to none (-30)"), "{ran:#?}");
    let json = &place.well(&["explain", "pier", "fuel tanks", "--json"]).records()[0];
    let sure = &json["facts"][0]["sure"];
    assert_eq!((&sure["confidence"], &sure["start"]), (&40.into(), &(-10).into()), "{json:#}");
    let evidence = sure["evidence"].as_array().unwrap();
    let rule = evidence.iter().find(|piece| piece["of"] == "rule").unwrap();
    assert_eq!(rule["value"], json["facts"][0]["rule"]["id"], "{json:#}");
}

#[test]
fn a_review_in_a_pipe_lists_the_least_sure_first() {
    let place = archive();
    let ran = place.well(&["review"]);
    assert!(ran.out.starts_with(" 40  proposal q1  Amina Yusuf: “"), "{ran:#?}");
    assert!(!ran.out.contains("statement"), "{ran:#?}");
    let listed = place.well(&["review", "--json", "--below", "50"]).records();
    assert_eq!(listed.len(), 1, "{listed:#?}");
    assert_eq!(listed[0]["kind"], "proposal");
    assert_eq!(listed[0]["sure"]["confidence"], 40);
    let none = place.well(&["review", "--below", "10"]);
    assert!(none.out.is_empty() && none.err.contains("no fact below 10"), "{none:#?}");
}

#[test]
fn a_walk_keeps_each_verdict_and_asks_no_fact_twice() {
    if !Path::new("/usr/bin/script").exists() {
        crate::kit::skipped("`script` is not installed, so no test has a terminal");
        return;
    }
    let place = archive();
    let keys = |keys: &str| -> Ran {
        let command = format!("{} review --color never", program().display());
        let mut script = place.other("/usr/bin/script");
        script.args(["-qec", &command, "/dev/null"]).env("TERM", "xterm-256color");
        let mut child =
            script.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(keys.as_bytes()).unwrap();
        child.wait_with_output().unwrap().into()
    };
    let before = place.well(&["review"]).out.lines().count();
    let first = keys("nysq");
    assert!(first.out.contains("proposal q1 by p1: Amina Yusuf"), "{first:#?}");
    assert!(first.out.contains("y right   n wrong   s skip   q quit"), "{first:#?}");
    assert!(first.out.contains("1 called right, 1 wrong"), "{first:#?}");
    let reviews = place.read("archive/reviews.ndjson");
    let lines: Vec<serde_json::Value> =
        reviews.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2, "{reviews}");
    assert_eq!((&lines[0]["kind"], &lines[0]["verdict"]), (&"proposal".into(), &"wrong".into()), "{reviews}");
    assert_eq!(lines[0]["confidence"], 40);
    assert_eq!(place.well(&["review"]).out.lines().count(), before - 2);
    let quit = keys("q").out;
    assert!(!quit.contains("proposal q1") && !quit.contains("kept in"), "{quit}");
    assert!(quit.contains("no verdict was given"), "{quit}");
    // A slip is taken back at once, and the fact is asked again; what was said in the end holds.
    let slip = keys("uyunq").out;
    assert!(slip.contains("no verdict of this walk is left") && slip.contains("taken back"), "{slip}");
    assert!(slip.contains("0 called right, 1 wrong"), "{slip}");
    assert_eq!(place.well(&["review"]).out.lines().count(), before - 3);
    // And later, the last first.
    let undone = place.well(&["review", "--undo"]).out;
    assert!(undone.starts_with("no longer called wrong: "), "{undone}");
    place.well(&["review", "--undo"]);
    let first = place.well(&["review", "--undo"]).out;
    assert!(first.starts_with("no longer called wrong: proposal Amina Yusuf, in "), "{first}");
    assert_eq!(place.well(&["review"]).out.lines().count(), before);
    place.run(&["review", "--undo"]).told(1, &["no verdict stands"]);
}
