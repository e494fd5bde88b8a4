//! Ctrl-C and worse: the archive stays usable, and the same command goes on from there.

use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::kit::{Place, page};

/// More releases than can be done before the signal comes.
const RELEASES: usize = 3_000;

fn place() -> Place {
    let place = Place::new();
    let mut lines = String::new();
    for number in 0..RELEASES {
        let text = format!(
            "The Minister of Ports, Ana Roe, said that gate {number} is closed at night. The National Harbour \
             Authority (NHA) proposed that the guards of gate {number} be paid more, and called for talks in spring."
        );
        let html = page(&format!("Gate {number}"), "2024-01-01", &[&text, &text]);
        lines += &serde_json::json!({"id": format!("gate-{number}"), "html": html}).to_string();
        lines.push('\n');
    }
    place.write("lines.ndjson", lines);
    place
}

/// Starts an ingestion and waits until something of it is on the disk.
fn under_way(place: &Place) -> Child {
    let mut command = place.command(&["ingest", "--jobs", "1", "lines.ndjson"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let begun = Instant::now();
    while std::fs::read_dir(place.path("archive/captures")).map_or(0, Iterator::count) == 0 {
        assert!(begun.elapsed() < Duration::from_secs(60), "nothing was written in a minute");
        thread::sleep(Duration::from_millis(5));
    }
    child
}

fn send(child: &Child, signal: &str) {
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

/// The same command again: every release is there, once.
fn goes_on(place: &Place) {
    place.well(&["ingest", "lines.ndjson"]);
    let status: serde_json::Value = serde_json::from_str(&place.well(&["status", "--json"]).out).unwrap();
    assert_eq!(
        (&status["releases"], &status["versions"]),
        (&RELEASES.into(), &RELEASES.into()),
        "{status:#}"
    );
    let last = place
        .well(&["search", &format!("\"Gate {}\"", RELEASES - 1), "--kind", "release", "--ndjson"])
        .records();
    assert_eq!(last.len(), 1, "{last:#?}");
}

#[test]
fn ctrl_c_stops_with_130_and_the_run_resumes() {
    let place = place();
    let child = under_way(&place);
    send(&child, "-INT");
    let output = child.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(130), "{told}");
    assert!(told.contains("interrupted") && told.contains("goes on from there"), "{told}");
    place.well(&["status"]);
    goes_on(&place);
}

#[test]
fn a_killed_run_loses_nothing() {
    let place = place();
    let mut child = under_way(&place);
    thread::sleep(Duration::from_millis(50));
    send(&child, "-KILL");
    child.wait().unwrap();
    place.well(&["status"]);
    goes_on(&place);
}

#[test]
fn only_one_run_writes_at_a_time() {
    let place = place();
    let mut child = under_way(&place);
    place.run(&["ingest", "lines.ndjson"]).told(1, &["is being written by", "help:"]);
    // Reading needs no lock.
    place.well(&["status"]);
    send(&child, "-KILL");
    child.wait().unwrap();
}
