//! `read`: the text of pages, and where each part of them was found.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::kit::{Place, ferry, pier};

fn lines(out: &str) -> Vec<Value> {
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_page_is_printed_and_explained() {
    let place = Place::new();
    place.write("pier.html", pier());
    let plain = place.well(&["read", "pier.html"]).out;
    assert!(plain.starts_with("New pier opens at Skarvik\n2023-05-04 · en"), "{plain}");
    assert!(plain.contains("The Minister of Fisheries"), "{plain}");
    let told = place.well(&["read", "pier.html", "--explain"]).out;
    assert!(told.contains("headline  New pier opens at Skarvik — <h1>"), "{told}");
    assert!(told.contains("date      2023-05-04 — "), "{told}");
    assert!(told.contains("language  en — "), "{told}");
    assert!(!told.contains("limit "), "{told}");
    place.write("deep.html", format!("{}{}", "<div>".repeat(1000), pier()));
    let told = place.well(&["read", "deep.html", "--explain"]).out;
    assert!(told.contains("Minister of Fisheries, Amina Yusuf"), "{told}");
    assert!(told.contains("limit     6"), "{told}");
    assert!(told.contains("tags left out: elements are nested 400 deep at most"), "{told}");
}

#[test]
fn what_was_not_taken_is_named() {
    let place = Place::new();
    let page = "<html lang=en><title>Tides rise | Office of Tides</title>
        <meta property='article:published_time' content='2021-03-02T10:00:00Z'>
        <h1>Tides rise</h1><p>Published 4 March 2021</p>
        <p>The Minister of Tides said on Monday that the tides will rise, and that boats are to be moved.</p>";
    place.write("tides.html", page);
    let read = &lines(&place.well(&["read", "tides.html", "--json", "--explain"]).out)[0];
    // The day that the page shows, then the one that only programs see.
    let dates: Vec<&str> = read["evidence"]["published"]
        .as_array()
        .unwrap()
        .iter()
        .map(|g| g["value"].as_str().unwrap())
        .collect();
    assert_eq!(dates[..2], ["2021-03-04", "2021-03-02"], "{read:#}");
    assert_eq!(read["evidence"]["headline"][1]["from"], "<title>", "{read:#}");
}

#[test]
fn lines_are_answered_in_order_and_a_bad_one_is_counted() {
    let place = Place::new();
    let mut input = String::new();
    for number in 0..50 {
        let html = pier().replace("New pier", &format!("Pier {number}"));
        input += &json!({"id": format!("p{number}"), "url": format!("https://tides.example/{number}"), "html": html})
            .to_string();
        input += "\n";
        if number == 20 {
            input += "{\"id\": broken\n";
        }
    }
    let ran = place.feed(&["read", "--ndjson", "-"], &input);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.err.contains("-:22:8: the line is no JSON of a release"), "{}", ran.err);
    assert!(ran.err.contains("1 skipped (bad-json 1"), "{}", ran.err);
    let read = lines(&ran.out);
    assert_eq!(read.len(), 50);
    for (number, line) in read.iter().enumerate() {
        assert_eq!(line["id"], format!("p{number}"));
        assert_eq!(line["title"], format!("Pier {number} opens at Skarvik"));
        assert_eq!((&line["date"], &line["lang"]), (&json!("2023-05-04"), &json!("en")));
        assert!(line["text"].as_str().unwrap().contains("Amina Yusuf"), "{line}");
    }
    let one = place.feed(&["read", "--ndjson", "--jobs", "1", "-"], &input);
    assert_eq!(one.out, ran.out);
}

#[test]
fn an_answer_comes_before_the_next_question() {
    let place = Place::new();
    let mut command = place.command(&["read", "--ndjson", "-"]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let (mut to, from) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let mut answers = BufReader::new(from).lines();
    for name in ["first", "second"] {
        writeln!(to, "{}", json!({"id": name, "html": ferry()})).unwrap();
        let answer: Value = serde_json::from_str(&answers.next().unwrap().unwrap()).unwrap();
        assert_eq!(answer["id"], name);
    }
    drop(to);
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_release_of_an_archive_is_read_from_its_capture() {
    let place = Place::new();
    let line = json!({"id": "x1", "url": "https://tides.example/news/17", "html": pier()});
    place.write("in.ndjson", format!("{line}\n"));
    place.well(&["ingest", "in.ndjson"]);
    let told = place.well(&["read", "https://tides.example/news/17", "--explain"]).out;
    assert!(told.starts_with("New pier opens at Skarvik\n2023-05-04"), "{told}");
    let ran = place.run(&["read", "nowhere.html", "--archive", "none"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("there is no file `nowhere.html`, and no archive at none"), "{}", ran.err);
}
