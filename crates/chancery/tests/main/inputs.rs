//! Each kind of input, in its order.

use std::io::Write as _;

use chancery::input::{Basis, Incoming, Item};
use chancery_record::Media;

use crate::bench::{Bench, line, lines, page, text};

fn captures(items: Vec<Item>) -> Vec<Incoming> {
    let captures = items.into_iter().map(|item| match item {
        Item::Capture(incoming) => *incoming,
        Item::Skip(skip) => panic!("skipped: {skip}"),
    });
    captures.collect()
}

fn ids(items: Vec<Item>) -> Vec<String> {
    captures(items).into_iter().map(|incoming| incoming.capture.id).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tape = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        tape.append_data(&mut header, name, *bytes).unwrap();
    }
    tape.into_inner().unwrap()
}

#[test]
fn a_folder_is_walked_in_byte_order_of_paths_and_names_are_without_ending() {
    let bench = Bench::new();
    for name in ["b.html", "a/z.txt", "a.html", "a/b/c.htm", "Z.txt", ".git/x.txt", "é.txt"] {
        bench.write(&format!("in/{name}"), text(1));
    }
    assert_eq!(ids(bench.items(&["in"], b"")), ["Z", "a", "a/b/c", "a/z", "b", "é"]);
}

#[test]
fn a_file_by_itself_has_its_name() {
    let bench = Bench::new();
    bench.write("deep/down/2021.tides.txt", text(1));
    let items = captures(bench.items(&["deep/down/2021.tides.txt"], b""));
    assert_eq!((items[0].capture.id.as_str(), items[0].basis), ("2021.tides", Basis::Path));
    assert_eq!(
        (items[0].capture.media, items[0].capture.bytes.as_slice()),
        (Media::Text, text(1).as_bytes())
    );
}

#[test]
fn packed_files_are_what_is_in_them() {
    let bench = Bench::new();
    let html = page("Tides", "2024-01-02", &text(2));
    bench.write("in/a.html.gz", gzip(html.as_bytes()));
    bench.write("in/b.txt.zst", zstd::encode_all(text(3).as_bytes(), 1).unwrap());
    bench.write("in/c.jsonl.zst", zstd::encode_all(lines(4..6).as_bytes(), 1).unwrap());
    bench.write("in/d.ndjson.gz", gzip(lines(6..7).as_bytes()));
    // Two gzip members behind each other are one file, as `cat` makes them.
    bench.write("in/e.ndjson.gz", [gzip(lines(7..8).as_bytes()), gzip(lines(8..9).as_bytes())].concat());
    let items = captures(bench.items(&["in"], b""));
    let ids: Vec<&str> = items.iter().map(|item| item.capture.id.as_str()).collect();
    assert_eq!(ids, ["a", "b", "tides-00004", "tides-00005", "tides-00006", "tides-00007", "tides-00008"]);
    assert_eq!(items[0].capture.bytes, html.as_bytes());
    assert_eq!(items[1].capture.bytes, text(3).as_bytes());
}

#[test]
fn a_tar_is_a_folder_of_its_members() {
    let bench = Bench::new();
    let html = page("Tides", "2024-01-02", &text(2));
    let tape = tar(&[
        ("news/2.html", html.as_bytes()),
        ("news/1.html", html.as_bytes()),
        ("l.jsonl", lines(1..3).as_bytes()),
    ]);
    bench.write("in/pages.tar", &tape);
    bench.write("in/pages.v2.tar.gz", gzip(&tape));
    // A window of 128 MB, which unpackers refuse unless told otherwise.
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
    encoder.window_log(27).unwrap();
    encoder.long_distance_matching(true).unwrap();
    encoder.write_all(&tape).unwrap();
    bench.write("long.tar.zst", encoder.finish().unwrap());

    assert_eq!(ids(bench.items(&["long.tar.zst"], b"")), ["news/2", "news/1", "tides-00001", "tides-00002"]);
    let of_folder = ids(bench.items(&["in"], b""));
    assert_eq!(of_folder[..2], ["pages/news/2", "pages/news/1"]);
    assert_eq!(of_folder[4..6], ["pages.v2/news/2", "pages.v2/news/1"]);
    let items = captures(bench.items(&["in/pages.tar"], b""));
    assert!(
        items[1].place.to_string().ends_with("pages.tar, news/1.html, at byte 1536"),
        "{}",
        items[1].place
    );
}

#[test]
fn a_line_says_what_it_knows_and_flags_fill_the_holes() {
    let bench = Bench::new();
    let bare = serde_json::json!({"id": 7, "title": null, "date": "", "text": text(1)}).to_string();
    let html = serde_json::json!({"url": "https://tides.example/9", "html": page("T", "2024-01-02", &text(1)), "text": "no"});
    bench.write("a.ndjson", format!("\u{feff}{}\n\n{bare}\r\n{html}", line(3)));
    let flags = chancery_record::Meta {
        country: Some("Iceland".into()),
        kind: Some("speech".into()),
        ..Default::default()
    };
    let mut items = Vec::new();
    bench.inputs(&["a.ndjson"], flags).each(|item| {
        items.push(item);
        std::ops::ControlFlow::Continue(())
    });
    let items = captures(items);
    let meta = |n: usize| &items[n].capture.meta;
    assert_eq!((meta(0).country.as_deref(), meta(0).kind.as_deref()), (Some("Norway"), Some("speech")));
    assert_eq!(meta(0).title.as_deref(), Some("Tide mill number 3 opened"));
    assert_eq!((meta(1).country.as_deref(), &meta(1).title, &meta(1).date), (Some("Iceland"), &None, &None));
    assert_eq!((items[1].capture.id.as_str(), items[1].place.line), ("7", Some(3)));
    assert_eq!((items[2].capture.media, items[2].basis), (Media::Html, Basis::Url));
}

#[test]
fn a_record_can_be_given_as_input_and_keeps_its_id() {
    let bench = Bench::new();
    let release = chancery_record::Release {
        id: "kept".into(),
        headline: Some("Tides".into()),
        published: Some("2024-01-02".into()),
        language: Some("en".into()),
        issuer: Some("g1".into()),
        text: text(1),
        ..Default::default()
    };
    let record = chancery_record::Record::new(release, "test").to_json();
    let items = captures(bench.items(&["-"], record.as_bytes()));
    let capture = &items[0].capture;
    assert_eq!(capture.id, "kept");
    assert_eq!(capture.meta.title.as_deref(), Some("Tides"));
    assert_eq!(capture.meta.date.as_deref(), Some("2024-01-02"));
    assert_eq!((capture.meta.lang.as_deref(), &capture.meta.issuer), (Some("en"), &None));
    assert_eq!(capture.bytes, text(1).as_bytes());
}

#[test]
fn standard_input_is_told_by_its_first_byte() {
    let bench = Bench::new();
    let of = |bytes: &[u8]| captures(bench.items(&["-"], bytes));
    assert_eq!(of(format!("\n \u{feff}{}", text(1)).as_bytes())[0].capture.media, Media::Text);
    let html = of(b"\xEF\xBB\xBF \n<p>Tides rise");
    assert_eq!(
        (html[0].capture.media, html[0].capture.bytes.as_slice()),
        (Media::Html, &b"<p>Tides rise"[..])
    );
    assert_eq!(html[0].basis, Basis::Bytes);
    let found = of(format!("  \n{}", lines(0..3)).as_bytes());
    assert_eq!(found.len(), 3);
    let again = of(b"<p>Tides rise");
    assert_eq!(html[0].capture.id, again[0].capture.id, "the same bytes are the same release");
    assert!(html[0].capture.id.starts_with("stdin/"), "{}", html[0].capture.id);
}
