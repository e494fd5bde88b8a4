//! What is the same release, what is a version of it, and what is another.

use crate::bench::{Bench, line, lines, page, text};

fn counts(bench: &Bench, paths: &[&str]) -> (u64, u64, u64) {
    let report = bench.ingest(paths);
    (report.added, report.versions, report.unchanged)
}

fn with_address(html: &str, address: &str) -> String {
    html.replace("</head>", &format!("<link rel=\"canonical\" href=\"{address}\"></head>"))
}

#[test]
fn the_same_input_again_adds_nothing() {
    let bench = Bench::new();
    bench.write("in/a.jsonl", lines(0..30));
    bench.write("in/b.html", page("Tides", "2024-01-02", &text(3)));
    bench.write("in/c.txt", text(4));
    assert_eq!(counts(&bench, &["in"]), (32, 0, 0));
    let before = bench.records();
    assert_eq!(counts(&bench, &["in"]), (0, 0, 32));
    assert_eq!(counts(&bench, &["in", "in/a.jsonl"]), (0, 0, 62));
    assert_eq!(bench.records(), before);
}

#[test]
fn a_changed_page_is_a_new_version_of_the_same_release() {
    let bench = Bench::new();
    bench.write("in/mill.html", page("Mill opened", "2024-01-02", &text(3)));
    bench.ingest(&["in"]);
    bench.write(
        "in/mill.html",
        page("Mill opened", "2024-01-02", &text(3).replace("every morning", "at night")),
    );
    assert_eq!(counts(&bench, &["in"]), (0, 1, 0));

    let archive = bench.archive();
    let versions = archive.versions("mill").unwrap();
    assert_eq!(versions.iter().map(|v| (v.version, v.current)).collect::<Vec<_>>(), [(1, false), (2, true)]);
    assert!(archive.record("mill").unwrap().release.text.contains("at night"));
    assert!(archive.record_of_version("mill", 1).unwrap().release.text.contains("every morning"));
    assert_eq!(bench.search("night"), ["mill"]);
    assert_eq!(bench.search("morning"), [] as [&str; 0], "the old version is not searched");
    assert_eq!(bench.records().len(), 1);

    bench.write("in/mill.html", page("Mill opened", "2024-01-02", &text(3)));
    assert_eq!(counts(&bench, &["in"]), (0, 0, 1), "the first version is known");
}

#[test]
fn the_same_address_with_other_bytes_is_a_version_whatever_the_path() {
    let bench = Bench::new();
    let html = with_address(&page("Mill opened", "2024-01-02", &text(3)), "https://tides.example/3");
    bench.write("in/mill.html", &html);
    bench.write("later/saved again.html", html.replace("every morning", "at night"));
    assert_eq!(counts(&bench, &["in"]), (1, 0, 0));
    assert_eq!(counts(&bench, &["later"]), (0, 1, 0));
    assert_eq!(counts(&bench, &["later"]), (0, 0, 1));
    assert_eq!(bench.archive().versions("mill").unwrap().len(), 2);

    let line = |text: &str| {
        serde_json::json!({"url": "http://tides.example/9#top", "lang": "en", "text": text}).to_string()
    };
    bench.write("a.jsonl", line(&text(9)));
    bench.write("b.jsonl", line(&text(9).replace("every", "each")));
    assert_eq!(counts(&bench, &["a.jsonl"]), (1, 0, 0));
    assert_eq!(counts(&bench, &["b.jsonl"]), (0, 1, 0));
}

#[test]
fn pages_of_two_folders_with_the_same_name_are_two_releases() {
    let bench = Bench::new();
    bench.write("a/1.html", page("Mill opened", "2024-01-02", &text(3)));
    bench.write("b/1.html", page("Harbour closed", "2023-05-06", &text(4)));
    bench.ingest(&["a"]);
    let report = bench.ingest(&["b"]);
    assert_eq!((report.added, report.versions, report.conflict_count), (1, 0, 1));
    let conflict = &report.conflicts[0];
    assert_eq!(
        (conflict.before.as_str(), conflict.now.as_str()),
        ("Mill opened (2024-01-02)", "Harbour closed (2023-05-06)")
    );
    let kept_as = conflict.kept_as.clone().unwrap();
    assert!(kept_as.starts_with("1~"), "{kept_as}");
    assert_eq!(bench.archive().record(&kept_as).unwrap().release.headline.as_deref(), Some("Harbour closed"));
    assert_eq!(counts(&bench, &["a", "b"]), (0, 0, 2));
}

#[test]
fn a_site_that_names_its_front_page_as_the_address_of_all_pages_loses_none() {
    let bench = Bench::new();
    for n in 0..5 {
        let html = page(&format!("Mill {n} opened"), &format!("2024-01-0{}", n + 1), &text(n));
        bench.write(&format!("in/{n}.html"), with_address(&html, "https://tides.example/"));
    }
    assert_eq!(counts(&bench, &["in"]), (5, 0, 0));
    assert_eq!(counts(&bench, &["in"]), (0, 0, 5));
}

#[test]
fn an_id_that_is_given_is_believed_and_a_clash_is_told() {
    let bench = Bench::new();
    bench.write("a.jsonl", line(1));
    bench.ingest(&["a.jsonl"]);
    bench.write("a.jsonl", line(2).replace("tides-00002", "tides-00001"));
    let report = bench.ingest(&["a.jsonl"]);
    assert_eq!((report.added, report.versions, report.conflict_count), (0, 1, 1));
    assert_eq!(report.conflicts[0].kept_as, None);
}

#[test]
fn metadata_put_right_is_a_version() {
    let bench = Bench::new();
    bench.write("a.jsonl", line(1));
    bench.ingest(&["a.jsonl"]);
    bench.write("a.jsonl", line(1).replace("Norway", "Iceland"));
    assert_eq!(counts(&bench, &["a.jsonl"]), (0, 1, 0));
    assert_eq!(bench.records()[0].release.country.as_deref(), Some("Iceland"));
}

#[test]
fn two_releases_of_a_day_with_the_same_headline_have_two_readable_ids() {
    let bench = Bench::new();
    bench.write("a.jsonl", format!("{}\n{}", line(1), line(1).replace("tides-00001", "other")));
    bench.ingest(&["a.jsonl"]);
    let aliases: Vec<String> =
        bench.records().into_iter().map(|record| record.release.alias.unwrap()).collect();
    let [other, first] = aliases.as_slice() else { panic!("{aliases:?}") };
    assert!(other.starts_with(&format!("{first}-")), "{aliases:?}");
    assert_eq!(bench.archive().find(other).unwrap().id, "other");
}
