//! What cannot be read is told with its place and mend; all else is done.

use std::fs::File;
use std::io::Write;

use crate::kit::{Place, ferry, pier};

/// Ingests `pages` beside one bad input; the good page must be there afterwards.
fn check(place: &Place, bad: &str, words: &[&str]) {
    place.write("good/pier.html", pier());
    let ran = place.run(&["ingest", bad, "good"]);
    ran.told(1, words);
    assert!(ran.out.contains("1 new"), "{ran:#?}");
    let found = place.well(&["search", "pier", "--kind", "release"]);
    assert!(found.out.contains("New pier opens"), "{found:#?}");
    // A filter behaves alike.
    let ran = place.run(&["extract", bad, "good"]);
    ran.told(1, words);
    assert!(ran.records().iter().any(|record| record["headline"] == "New pier opens at Skarvik"));
}

#[test]
fn a_missing_path() {
    check(&Place::new(), "nowhere", &["nowhere", "no such file", "check the spelling"]);
}

#[test]
fn nothing_but_missing_paths_makes_no_archive() {
    let place = Place::new();
    let ran = place.run(&["ingest", "nowhere", "gone.html"]);
    ran.told(1, &["nowhere, gone.html", "no archive was made", "check the spelling"]);
    assert!(!place.path("archive").exists(), "{ran:#?}");
}

#[test]
fn an_empty_file() {
    let place = Place::new();
    place.write("empty.html", "");
    check(&place, "empty.html", &["empty.html", "is empty"]);
}

#[test]
fn a_page_without_text() {
    let place = Place::new();
    place.write("bare.html", "<html><body><img src=\"x.png\"></body></html>");
    check(&place, "bare.html", &["bare.html"]);
}

#[test]
fn a_file_of_another_kind_that_was_asked_for() {
    let place = Place::new();
    place.write("table.xlsx", "PK");
    check(&place, "table.xlsx", &["table.xlsx", ".html"]);
}

#[test]
fn a_wrong_line_among_good_ones() {
    let place = Place::new();
    place.write(
        "lines.ndjson",
        "{\"id\":\"one\",\"text\":\"A first text.\"}\n{\"id\": oops}\n{\"id\":\"three\"}\n{\"id\":\"four\",\"text\":\"A fourth.\"}\n",
    );
    let ran = place.run(&["ingest", "lines.ndjson"]);
    ran.told(1, &["lines.ndjson:2", "lines.ndjson:3", "text"]);
    assert!(ran.out.contains("2 new") && ran.err.contains("2 skipped"), "{ran:#?}");
}

#[test]
fn broken_utf8_in_a_line_and_in_a_page() {
    let place = Place::new();
    place.write(
        "lines.ndjson",
        b"{\"id\":\"one\",\"text\":\"A \xff text.\"}\n{\"id\":\"two\",\"text\":\"A second.\"}\n",
    );
    let ran = place.run(&["ingest", "lines.ndjson"]);
    ran.told(1, &["lines.ndjson:1"]);
    // A page says its charset, or is guessed: broken bytes never stop it.
    let mut bytes = ferry().into_bytes();
    let at = bytes.windows(4).position(|four| four == b"talk").unwrap();
    bytes[at] = 0xff;
    place.write("ferry.html", bytes);
    let records = place.well(&["extract", "ferry.html"]).records();
    assert_eq!(records[0]["headline"], "Ferry timetable for the winter");
}

#[test]
fn a_page_of_100_megabytes() {
    let place = Place::new();
    let mut file = File::create(place.path("huge.html")).unwrap();
    file.write_all(b"<html><body><p>").unwrap();
    let block = "The harbour is closed. ".repeat(50_000);
    for _ in 0..(100_000_000 / block.len()) {
        file.write_all(block.as_bytes()).unwrap();
    }
    drop(file);
    check(&place, "huge.html", &["huge.html", "larger than", "split it"]);
}

#[test]
fn skipped_inputs_are_listed_in_a_file() {
    let place = Place::new();
    place.write("in/empty.html", "");
    place.write("in/pier.html", pier());
    let ran = place.run(&["extract", "--skipped", "skipped.ndjson", "in"]);
    ran.told(1, &["1 skipped"]);
    let listed = place.read("skipped.ndjson");
    let skip: serde_json::Value = serde_json::from_str(listed.trim()).unwrap();
    assert_eq!(skip["reason"], "empty", "{skip:#}");
    assert!(skip["path"].as_str().unwrap().ends_with("empty.html"), "{skip:#}");
    place.run(&["extract", "--skipped", "no/such/folder/x", "in"]).told(1, &["no/such/folder/x"]);
}

#[test]
fn an_archive_of_a_newer_format() {
    let place = Place::new();
    place.write("good/pier.html", pier());
    place.well(&["ingest", "good"]);
    let settings = place.read("archive/archive.toml");
    place.write("archive/archive.toml", settings.replace("format = 1", "format = 99"));
    for args in [&["ingest", "good"][..], &["search", "pier"], &["status"], &["show", "pier"]] {
        place.run(args).told(1, &["99", "newest chancery"]);
    }
    assert!(place.read("archive/archive.toml").contains("format = 99"));
}

#[test]
fn a_settings_file_that_is_no_toml() {
    let place = Place::new();
    place.write("good/pier.html", pier());
    place.well(&["ingest", "good"]);
    place.write("archive/archive.toml", "format = = 1\n");
    place.run(&["search", "pier"]).told(1, &["archive.toml:1:", "format = 1"]);
}

#[test]
fn a_folder_that_holds_something_else() {
    let place = Place::new();
    place.write("good/pier.html", pier());
    place.write("photos/cat.jpg", "meow");
    place.run(&["ingest", "--archive", "photos", "good"]).told(1, &["photos", "not empty", "--archive"]);
    assert_eq!(place.read("photos/cat.jpg"), "meow");
}

#[test]
fn control_characters_of_a_page_reach_a_pipe_untouched() {
    let place = Place::new();
    place.write("a.txt", "The gate is \u{1b}[2Jclosed at night, the ministry writes.");
    let record = &place.well(&["extract", "--lang", "en", "a.txt"]).records()[0];
    assert!(record["text"].as_str().unwrap().contains('\u{1b}'), "{record:#}");
}

#[test]
fn a_line_that_is_no_object_is_told_in_plain_words() {
    let place = Place::new();
    place.write("lines.ndjson", "  [1, 2]\n\"words\"\n{\"id\":\"a\",\"text\":\"The gate is closed.\"}\n");
    let ran = place.run(&["extract", "lines.ndjson"]);
    ran.told(1, &["lines.ndjson:1:3:", "lines.ndjson:2:1:", "an object would begin with `{` here"]);
    assert_eq!(ran.records().len(), 1, "{ran:#?}");
}

/// Whatever is asked gets an answer, or a message with a place and a mend.
#[test]
fn hostile_questions_are_answered_or_told() {
    let place = Place::new();
    place.write("pages/pier.html", pier());
    place.well(&["ingest", "pages"]);
    let long = |piece: &str| piece.repeat(100_000 / piece.len());
    let or = (0..10_000).map(|number| format!("w{number}")).collect::<Vec<_>>().join(" OR ");
    for (question, told) in [
        ("\"fuel tanks", Some("this phrase is not closed")),
        ("((pier OR (ferry", Some("this group is not closed")),
        ("wo:Yusuf", Some("there is no field `wo`")),
        ("on:2021-02-30", Some("there is no day 30")),
        ("(a+)+$", None),
        ("p* a*", Some("begin with one letter")),
        ("\"pier ferry\"~1000", Some("wants a number up to")),
        ("\u{200b}pi\u{200d}er", None),
        ("\u{202e}pier\u{202c}", None),
        ("\u{200b}", Some("no word to search for")),
        ("AND OR NOT", Some("nothing stands before AND")),
        ("confidence:900", Some("from 0 to 100")),
        ("pier role:ministr", Some("did you mean role:minister?")),
        ("pier country:Norwy", Some("did you mean country:Norway?")),
        ("pier source:nowhere", Some("`source:` knows no `nowhere`")),
        ("pier act:laugh", Some("write one of")),
        // The lists know these, and the archive holds none: that is an answer.
        ("pier role:judge", None),
        ("pier country:\"kingdom of norway\"", None),
        (&long("a"), Some("more than")),
        (&long("\""), Some("more than")),
        (&long("("), Some("more than")),
        (&or, Some("more than")),
        (&long("word "), Some("more than")),
        (&"(a*)~ [a-z]{9}+? ".repeat(900), Some("begin with one letter")),
        (&["minist~2"; 250].join(" OR "), Some("more than 16 words")),
        (&"\u{202e}\u{200b}*~-\u{feff}".repeat(400), Some("no word to search for")),
    ] {
        let shown: String = question.chars().take(40).collect();
        let ran = place.run(&["search", "--", question]);
        match told {
            Some(words) => ran.told(2, &[words, "help:"]),
            None => assert!(ran.code == Some(0) && !ran.err.contains("panicked"), "{shown}: {ran:#?}"),
        }
        let ran = place.run(&["search", "--forgiving", "--json", "--", question]);
        assert!(ran.code == Some(0) && !ran.err.contains("panicked"), "{shown}: {ran:#?}");
        let answer = &ran.records()[0];
        let mistakes = answer["mistakes"].as_array().map_or(0, Vec::len);
        assert!(told.is_none() || mistakes > 0, "{shown}: {answer:#}");
    }
}

#[test]
fn a_language_and_a_country_that_are_none() {
    let place = Place::new();
    place.write("good/pier.html", pier());
    for (option, value, mend) in [
        ("--lang", "English", "pt-BR"),
        ("--lang", "not a tag", "pt-BR"),
        ("--country", "Narnia", "--source"),
        ("--country", "Norwy", "Norway"),
    ] {
        for command in ["ingest", "extract"] {
            place.run(&[command, option, value, "good"]).told(2, &[value, option, mend]);
        }
    }
    assert!(!place.path("archive").exists());
    let ran = place.well(&["extract", "--lang", "EN-gb", "--country", "kingdom of norway", "good"]);
    let record = &ran.records()[0];
    assert_eq!((&record["language"], &record["country"]), (&"en-GB".into(), &"Norway".into()), "{ran:#?}");
}

#[test]
fn a_date_that_is_none_is_told_and_its_release_taken_in() {
    let place = Place::new();
    let line = |id: &str, date: &str| {
        format!("{{\"id\":\"{id}\",\"date\":\"{date}\",\"text\":\"The gate is closed.\"}}\n")
    };
    place.write("lines.ndjson", line("a", "2024-13-45") + &line("b", "2024-03-05"));
    for command in ["ingest", "extract"] {
        let ran = place.run(&[command, "lines.ndjson", "--skipped", "left.ndjson"]);
        ran.told(1, &["lines.ndjson:1: `2024-13-45` is no date", "2021-03-02", "1 without the date"]);
        assert!(!ran.err.contains("skipped") && !ran.err.contains("ndjson:2"), "{ran:#?}");
        assert!(place.read("left.ndjson").contains("\"no-date\""));
    }
    assert!(place.well(&["status"]).out.contains("2 in 2 versions"));
}

#[test]
fn containers_with_nothing_in_them_are_empty() {
    let place = Place::new();
    place.write("none.tar", [0; 1024]);
    place.write("none.warc", "");
    // The gzip of nothing.
    place.write("none.warc.gz", [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    for file in ["none.tar", "none.warc", "none.warc.gz"] {
        place.run(&["ingest", file]).told(1, &[file, "is empty", "take the file out"]);
    }
}

#[test]
fn the_mend_fits_what_is_wrong() {
    let place = Place::new();
    place.write("good/pier.html", pier());
    place.well(&["ingest", "good"]);
    place.write("noise.txt", [0x00, 0xff, 0x9c, 0x01, 0x02].repeat(400));
    let ran = place.run(&["ingest", "noise.txt"]);
    ran.told(1, &["noise.txt", "no text but", "`file NAME`"]);
    assert!(!ran.err.contains("as .txt"), "{ran:#?}");
    place.write("noise.wacz", "PK and no more");
    let ran = place.run(&["ingest", "noise.wacz"]);
    ran.told(1, &["noise.wacz", "no ZIP archive"]);
    assert!(!ran.err.contains("gzip") && !ran.err.contains("EOCD"), "{ran:#?}");
    place.run(&["read", "/nonexist"]).told(1, &["there is no file `/nonexist`", "no release is called"]);
    let ran = place.run(&["capture", "https://tides.example/a", "--contact", "me"]);
    ran.told(2, &["--contact", "`me` is no address", "archive@library.example"]);
}
