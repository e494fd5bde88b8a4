//! Ctrl-C and worse: the archive stays usable, and the same command goes on from there.

use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::kit::{Place, page, pier};

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

#[test]
fn reading_goes_on_while_a_run_writes() {
    let place = place();
    place.write("pages/pier.html", pier());
    place.well(&["ingest", "pages"]);
    let mut child = under_way(&place);
    let mut asked = 0;
    while asked < 5 && child.try_wait().unwrap().is_none() {
        let found = place.well(&["search", "\"northern shore\"", "--kind", "release", "--ndjson"]).records();
        assert_eq!(found.len(), 1, "{found:#?}");
        place.well(&["people"]);
        asked += 1;
    }
    assert!(asked > 0, "the run ended before anything was asked");
    send(&child, "-KILL");
    child.wait().unwrap();
}

/// How often an ingestion is killed here; `cargo xtask soak` asks for more.
const KILLS: u64 = 20;
/// So many releases come in with each run.
const EACH: u64 = 25;

#[test]
fn twenty_ingest_kills_lose_nothing_and_double_nothing() {
    let kills = std::env::var("CHANCERY_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(KILLS);
    let place = Place::new();
    let write = |run: u64| {
        let lines = (run * EACH..(run + 1) * EACH).map(|number| {
            let text =
                format!("The Minister of Ports, Ana Roe, said that gate g{number} is closed at night.");
            serde_json::json!({"id": format!("gate-{number}"), "lang": "en", "text": text}).to_string() + "\n"
        });
        place.write(&format!("lines/{run}.ndjson"), lines.collect::<String>());
    };
    write(0);
    let begun = Instant::now();
    place.well(&["ingest", "lines"]);
    // From before the first byte to after the last: a whole run takes about so long, and longer as the archive grows.
    let whole = u64::try_from(begun.elapsed().as_millis()).unwrap().max(50);
    let mut dice: u64 = 20_261_126;
    let mut cut_off = 0;
    for run in 1..=kills {
        write(run);
        let mut command = place.command(&["ingest", "lines"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // Knuth's generator: the same moments in every run of the test.
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        thread::sleep(Duration::from_millis((dice >> 33) % (whole + whole / 4)));
        child.kill().unwrap();
        cut_off += u64::from(child.wait().unwrap().code().is_none());
    }
    assert!(cut_off > kills / 4, "only {cut_off} of {kills} runs were cut off");
    place.well(&["ingest", "lines"]);
    // The index holds exactly the documents of each record, and each release can be found by a word of its own.
    place.well(&["verify"]);
    let releases = (kills + 1) * EACH;
    // No search lists more than ten thousand.
    let limit = (releases * 2).min(10_000).to_string();
    for (kind, words) in [("release", "gate"), ("statement", "said-by:Roe")] {
        let found = place.well(&["search", words, "--kind", kind, "--ndjson", "--limit", &limit]).records();
        let mut ids: Vec<&str> = found.iter().map(|hit| hit["release_id"].as_str().unwrap()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!((found.len() as u64, ids.len() as u64), (releases, releases), "{kind}");
    }
    assert_eq!(place.well(&["search", "g7", "--kind", "release", "--ndjson"]).records().len(), 1);
}
