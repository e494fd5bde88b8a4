//! `ingest` and `status`: what is taken in, once and only once.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::kit::{Place, ferry, page, pier};

fn place() -> Place {
    let place = Place::new();
    place.write("pages/a/pier.html", pier());
    place.write("pages/b/ferry.html", ferry());
    place
}

#[test]
fn a_folder_of_pages_becomes_an_archive() {
    let place = place();
    let ran = place.well(&["ingest", "pages"]);
    assert!(ran.out.contains("2 new"), "{ran:#?}");
    assert!(place.path("archive/archive.toml").is_file());
    let status = place.well(&["status"]);
    assert!(status.out.contains('2'), "{status:#?}");
}

#[test]
fn a_second_run_adds_nothing_and_says_so() {
    let place = place();
    place.well(&["ingest", "pages"]);
    let ran = place.well(&["ingest", "pages"]);
    assert!(ran.out.contains("nothing new"), "{ran:#?}");
    let status: serde_json::Value = serde_json::from_str(&place.well(&["status", "--json"]).out).unwrap();
    assert_eq!(status["releases"], 2, "{status:#}");
}

#[test]
fn a_changed_page_is_a_new_version_of_the_same_release() {
    let place = place();
    place.well(&["ingest", "pages"]);
    place.write("pages/a/pier.html", pier().replace("open in May", "open in June"));
    let ran = place.well(&["ingest", "pages"]);
    assert!(ran.out.contains("1 new version"), "{ran:#?}");
    let status: serde_json::Value = serde_json::from_str(&place.well(&["status", "--json"]).out).unwrap();
    assert_eq!((&status["releases"], &status["versions"]), (&2.into(), &3.into()), "{status:#}");
    let found = place.well(&["search", "pier", "June", "--kind", "release"]);
    assert!(found.out.contains("New pier opens"), "{found:#?}");
    // Only the current version is searched.
    let old = place.well(&["search", "\"open in May\""]);
    assert!(!old.out.contains("New pier opens"), "{old:#?}");
}

#[test]
fn the_archive_is_found_as_the_help_says() {
    let place = place();
    place.well(&["ingest", "--archive", "press", "pages"]);
    assert!(place.path("press/archive.toml").is_file());
    // From within, by the nearest parent.
    let mut inside = place.command(&["search", "ferries"]);
    let output = inside.current_dir(place.path("press/captures")).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains("Ferry timetable"), "{output:?}");
    // By the environment.
    let output = place.command(&["search", "ferries"]).env("CHANCERY_ARCHIVE", "press").output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains("Ferry timetable"), "{output:?}");
    // Without any of these, ./archive, which is not there.
    place.run(&["search", "ferries"]).told(1, &["there is no archive at", "archive", "chancery ingest"]);
}

#[test]
fn every_kind_of_input_is_read() {
    let place = Place::new();
    let line = |id: &str, text: &str| {
        serde_json::json!({"id": id, "lang": "en", "date": "2020-01-02", "title": id, "text": text})
            .to_string()
    };
    place.write("in/page.html", pier());
    place.write("in/plain.txt", "The Minister of Ports, Ana Roe, said that the gate is closed at night.");
    place.write(
        "in/lines.ndjson",
        format!("{}\n{}\n", line("one", "A first text."), line("two", "A second text.")),
    );
    place.write("in/more.jsonl", line("three", "A third text."));
    let gz = place.other("gzip").args(["-c", "in/more.jsonl"]).output().unwrap().stdout;
    place.write("in/packed.jsonl.gz", gz);
    fs::create_dir(place.path("tarred")).unwrap();
    fs::write(place.path("tarred/ferry.html"), ferry()).unwrap();
    let tar = place.other("tar").args(["-cf", "in/pages.tar", "tarred"]).status().unwrap();
    assert!(tar.success());
    let ran = place.well(&["ingest", "in"]);
    // `three` comes twice with the same bytes: once plain, once packed.
    assert!(ran.out.contains("6 new"), "{ran:#?}");
}

#[test]
fn standard_input_is_lines() {
    let place = Place::new();
    let ran = place.feed(
        &["ingest", "--country", "Norway", "--source", "no-tides", "-"],
        "{\"id\":\"one\",\"text\":\"The gate is closed at night.\",\"lang\":\"en\"}\n",
    );
    assert_eq!(ran.code, Some(0), "{ran:#?}");
    let record: serde_json::Value =
        serde_json::from_str(&place.well(&["show", "one", "--json"]).out).unwrap();
    assert_eq!((&record["country"], &record["source"]), (&"Norway".into(), &"no-tides".into()), "{record:#}");
}

#[test]
fn standard_input_may_be_packed_or_a_tar() {
    let place = place();
    let lines = place.write("lines.ndjson", "{\"id\":\"one\",\"text\":\"The gate is closed at night.\"}\n");
    let gz = place.other("gzip").arg("-c").arg(lines).output().unwrap().stdout;
    let tar = place.other("tar").args(["-czf", "-", "-C", "pages", "a", "b"]).output().unwrap().stdout;
    assert!(place.feed(&["ingest", "-"], &gz).out.contains("1 new"));
    let ran = place.feed(&["ingest", "-"], &tar);
    assert!(ran.out.contains("2 new"), "{ran:#?}");
    // The same pages as a folder.
    assert!(place.well(&["ingest", "pages"]).out.contains("nothing new"));
    let cut = &gz[..gz.len() - 8];
    let ran = place.feed(&["ingest", "--archive", "other", "-"], cut);
    ran.told(1, &["-", "damaged", "help:"]);
}

#[test]
fn what_is_no_release_is_skipped_and_counted_by_reason() {
    let place = place();
    place.write("pages/logo.png", [0x89, b'P', b'N', b'G']);
    place.write("pages/style.css", "p {}");
    let ran = place.well(&["ingest", "pages"]);
    let said = format!("{}{}", ran.out, ran.err);
    assert!(said.contains("2 new") && said.contains("2 skipped"), "{ran:#?}");
}

#[test]
fn captures_are_kept_as_they_came() {
    let place = place();
    place.well(&["ingest", "pages"]);
    let warc = fs::read_dir(place.path("archive/captures")).unwrap().next().unwrap().unwrap().path();
    let unpacked = place.other("gzip").arg("-dc").arg(&warc).output().unwrap().stdout;
    let text = String::from_utf8_lossy(&unpacked).into_owned();
    assert!(text.contains(&pier()) && text.contains(&ferry()), "{text}");
    assert!(text.contains("WARC-Type: resource"), "{text}");
}

#[test]
fn two_pages_of_one_name_in_two_folders_are_two_releases() {
    let place = Place::new();
    let body = "The gate of the old harbour is closed at night, and opens again at six in the morning.";
    place.write("pages/2020/01.html", page("The gate", "2020-01-01", &[body]));
    place.write("pages/2021/01.html", page("The other gate", "2021-01-01", &[body]));
    let ran = place.well(&["ingest", "pages"]);
    assert!(ran.out.contains("2 new"), "{ran:#?}");
}

#[test]
fn only_releases_are_taken_in_and_the_rest_is_counted() {
    let place = Place::new();
    place.write("pages/pier.html", pier());
    place.write(
        "pages/gone.html",
        "<title>404 Not Found</title><h1>Not Found</h1><p>The page is not here.</p>",
    );
    let item = |n| format!("<h3><a href=/news/{n}>Harbour number {n} is opened</a></h3><p>4 May 2021</p>");
    let list: String = (0..12).map(item).collect();
    place.write("pages/news.html", format!("<title>News</title><h1>News</h1><main>{list}</main>"));
    let ran = place.well(&["ingest", "pages", "--skipped", "skipped.ndjson"]);
    assert!(
        ran.err.contains("1 release read, 2 skipped (error-page 1, listing 1; exit code 0)"),
        "{}",
        ran.err
    );
    let skipped = place.read("skipped.ndjson");
    assert!(skipped.contains("its title or headline is “"), "{skipped}");
    place.write("app.html", "<title>Tides</title><div id=root></div><script src=a.js></script>");
    let ran = place.run(&["ingest", "app.html"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("its text is made by JavaScript"), "{}", ran.err);
}

#[test]
fn what_was_read_is_counted_by_kind_and_stays_so() {
    let place = Place::new();
    let pages = |place: &Place| {
        let status: serde_json::Value = serde_json::from_str(&place.well(&["status", "--json"]).out).unwrap();
        ["release", "listing", "error_page", "shell", "other", "unreadable"]
            .map(|kind| status["pages"][kind].as_u64().unwrap())
    };
    place.write("pages/pier.html", pier());
    let gone = "<title>404 Not Found</title><h1>Not Found</h1><p>The page is not here.</p>";
    place.write("pages/gone.html", gone);
    place.write("pages/2021/gone.html", gone);
    let item = |n| format!("<h3><a href=/news/{n}>Harbour number {n} is opened</a></h3><p>4 May 2021</p>");
    let list: String = (0..12).map(item).collect();
    place.write("pages/news.html", format!("<title>News</title><h1>News</h1><main>{list}</main>"));
    place.write("pages/app.html", "<title>Tides</title><div id=root></div><script src=a.js></script>");
    place.write("pages/blank.html", "<title>Tides</title><img src=a.png>");
    place.write("pages/broken.pdf", "%PDF-1.4\nno more of it\n");
    place.write("pages/logo.png", [0x89, b'P', b'N', b'G']);
    place.run(&["ingest", "pages"]);
    assert_eq!(pages(&place), [1, 1, 2, 1, 1, 1]);
    let told = place.well(&["status"]).out;
    let read = "7: 1 release, 1 listing, 2 error pages, 1 JavaScript shell, 1 other page, 1 unreadable; only releases are indexed";
    assert!(told.contains(read), "{told}");
    let reasons = "7 skipped (error-page 2, listing 1, no-text 1, other-kind 1, pdf 1, shell 1)";
    assert!(told.contains(reasons), "{told}");
    // The same pages count once, and one that is a release now is none of the others.
    place.write("pages/blank.html", ferry());
    place.run(&["ingest", "pages"]);
    assert_eq!(pages(&place), [2, 1, 2, 1, 0, 1]);
}

#[test]
fn what_was_left_out_is_still_known_when_the_state_is_made_again() {
    let place = place();
    place.write("pages/app.html", "<title>Tides</title><div id=root></div><script src=a.js></script>");
    place.run(&["ingest", "pages"]);
    let status = place.well(&["status"]).out;
    assert!(status.contains("3: 2 releases, 1 JavaScript shell"), "{status}");
    // Other spellings of names: what the state knows of names is made again.
    let built_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules/common/spellings.toml");
    let own = fs::read_to_string(built_in).unwrap();
    place.write("archive/rules/common/spellings.toml", format!("{own}\n# Our own.\n"));
    place.write("more/late.txt", "The Minister of Ports, Ana Roe, said that the gate is closed at night.");
    let again = place.run(&["ingest", "more"]);
    assert!(again.err.contains("state.sqlite") && again.err.contains("made again"), "{again:#?}");
    let status = place.well(&["status"]).out;
    assert!(status.contains("4: 3 releases, 1 JavaScript shell"), "{status}");
}

#[test]
fn selectors_that_give_nothing_are_told_and_the_text_is_there() {
    let place = Place::new();
    let source = "id = \"no-piers\"\nname = \"Office of Piers\"\nlanguage = \"en\"\n\n[crawl]\nstart = [\"https://piers.example/news\"]\n\n[read]\ntext = [\".gone\"]\n";
    place.write("archive/sources/no-piers.toml", source);
    let line = serde_json::json!({"id": "x", "source": "no-piers", "html": pier()});
    place.write("in.ndjson", format!("{line}\n"));
    let ran = place.well(&["ingest", "in.ndjson"]);
    let told =
        "source `no-piers`: its selectors of the text gave nothing on 1 page; the general way was taken";
    assert!(ran.err.contains(told), "{}", ran.err);
    let shown = place.well(&["show", "x", "--plain"]).out;
    assert!(shown.contains("Amina Yusuf"), "{shown}");
}

#[test]
fn an_id_that_two_sources_give_is_two_releases() {
    let place = Place::new();
    let line = |source: &str, title: &str, text: &str| {
        serde_json::json!({"id": "1", "source": source, "lang": "en", "title": title, "text": text})
            .to_string()
    };
    let gate = "The harbour gate is closed at night.";
    let mill = line("b", "The mill", "The mill turns in the morning.");
    place.write("in.ndjson", format!("{}\n{mill}\n", line("a", "The gate", gate)));
    let ran = place.well(&["ingest", "in.ndjson"]);
    assert!(ran.out.contains("2 new") && !ran.out.contains("version"), "{ran:#?}");
    assert!(ran.err.contains("source `a` has a release with the id `1` already"), "{ran:#?}");
    assert!(ran.err.contains("is kept as `1~b`"), "{ran:#?}");
    for (id, source) in [("id:1", "a"), ("id:1~b", "b")] {
        let record = &place.well(&["show", id, "--json"]).records()[0];
        assert_eq!(record["source"], source, "{record:#}");
    }
    assert!(place.well(&["ingest", "in.ndjson"]).out.contains("nothing new; 2 releases are there already"));
    // What changes of the second is a version of the second.
    place.write("in.ndjson", mill.replace("morning", "evening"));
    assert!(place.well(&["ingest", "in.ndjson"]).out.contains("1 new version"));
    let found = place.well(&["search", "evening", "--kind", "release", "--ndjson"]).records();
    assert_eq!(found[0]["release_id"], "1~b", "{found:#?}");
    assert!(place.well(&["show", "id:1"]).out.contains("The gate"));
    assert_eq!(place.well(&["verify"]).code, Some(0));
}

#[test]
fn the_same_bytes_with_less_said_of_them_are_there_already() {
    let place = place();
    let flags = ["--source", "ta-harb", "--country", "Norway", "--issuer", "Harbour Office"];
    place.well(&[&["ingest", "pages"][..], &flags].concat());
    let again = place.well(&["ingest", "pages"]);
    assert!(again.out.contains("nothing new; 2 releases are there already"), "{again:#?}");
    let record = &place.well(&["show", "a/pier", "--json"]).records()[0];
    assert_eq!((&record["source"], &record["country"]), (&"ta-harb".into(), &"Norway".into()), "{record:#}");
    // What is said anew is a version.
    let more = place.well(&["ingest", "pages", "--source", "ta-harb", "--country", "Iceland"]);
    assert!(more.out.contains("2 new versions"), "{more:#?}");
}

#[test]
fn while_a_run_is_at_work_status_says_so_and_verify_finds_nothing_wrong() {
    let place = place();
    place.well(&["ingest", "pages"]);
    let mut ingest = place.command(&["ingest", "-"]);
    let mut ingest =
        ingest.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    while !place.well(&["status"]).out.contains("it is at work") {
        assert!(begun.elapsed() < Duration::from_secs(30), "{}", place.well(&["status"]).out);
        sleep(Duration::from_millis(10));
    }
    place.well(&["verify"]);
    ingest.kill().unwrap();
    ingest.wait().unwrap();
    assert!(place.well(&["status"]).out.contains("cut off before its end"));
}

#[test]
fn languages_without_rules_and_unknown_countries_are_told() {
    let place = Place::new();
    let line = |id: &str, lang: &str, country: &str| serde_json::json!({"id": id, "lang": lang, "country": country, "title": id, "text": "Der Hafen ist offen."});
    let lines = [line("a", "de", "Norway"), line("b", "de", "Norwy"), line("c", "en", "Norway")];
    place.write("in.ndjson", lines.map(|line| format!("{line}\n")).concat());
    let ran = place.well(&["ingest", "in.ndjson"]);
    assert!(ran.err.contains("2 releases are in a language without rules (de 2)"), "{ran:#?}");
    assert!(ran.err.contains("no country is called `Norwy`") && ran.err.contains("(1 release)"), "{ran:#?}");
    let status = place.well(&["status"]);
    assert!(status.out.contains("2 releases are in a language without rules (de 2)"), "{status:#?}");
}
