//! Captures to records, whatever the number of threads, and whatever comes in.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use chancery::input::Inputs;
use chancery::pipeline::{Event, ExtractReport, PROGRAM};
use chancery_record::{Meta, Record};

use crate::bench::{Bench, Told, line, lines, page, rules, text};

fn extract(bench: &Bench, paths: &[&str]) -> (Vec<Record>, ExtractReport) {
    let mut records = Vec::new();
    let inputs = bench.inputs(paths, Meta::default());
    let report = bench
        .pipeline()
        .extract(inputs, &Told::default(), &AtomicBool::new(false), |event| {
            if let Event::Record(record) = event {
                records.push(*record);
            }
            Ok(())
        })
        .unwrap();
    (records, report)
}

#[test]
fn records_come_in_the_order_of_the_inputs_with_the_same_bytes_for_any_threads() {
    let mut bench = Bench::new();
    bench.write("in/a.jsonl", lines(0..700));
    bench.write("in/b.html", page("Tides & mills", "2024-01-02", &text(3)));
    bench.write("in/c.doc", "x");
    let all =
        |bench: &Bench| -> Vec<String> { extract(bench, &["in"]).0.iter().map(Record::to_json).collect() };
    bench.jobs = 1;
    let one = all(&bench);
    bench.jobs = 4;
    assert!(one == all(&bench), "four threads give other bytes than one");
    assert_eq!(one.len(), 701);
    assert!(one[699].contains("\"id\":\"tides-00699\"") && one[700].contains("\"id\":\"b\""));
}

#[test]
fn a_record_says_what_made_it_and_what_the_input_said() {
    let bench = Bench::new();
    bench.write("a.jsonl", lines(5..6));
    let (records, report) = extract(&bench, &["a.jsonl"]);
    let release = &records[0].release;
    assert_eq!(release.alias.as_deref(), Some("no-tides/2023-06-06/tide-mill-number-5-opened"));
    assert_eq!(release.digest, chancery::input::digest(text(5).as_bytes()));
    assert_eq!(
        (release.language.as_deref(), release.captured.as_deref(), &release.warc),
        (Some("en"), None, &None)
    );
    assert_eq!(records[0].produced_by.program, PROGRAM);
    assert_eq!(records[0].produced_by.rules, rules().digest_of("en"));
    assert_eq!((report.records, report.text_bytes), (1, text(5).len() as u64));
}

#[test]
fn a_language_without_rules_gives_a_record_without_facts() {
    let bench = Bench::new();
    let text =
        "Statsråden åpnet den nye tidevannsmølla i Kvitnes på tirsdag, og takket alle som hadde bygget den.";
    bench.write("a.jsonl", serde_json::json!({"id": "nb", "lang": "nb", "text": text}).to_string());
    let (records, _) = extract(&bench, &["a.jsonl"]);
    assert_eq!((records[0].release.text.as_str(), &records[0].produced_by.rules), (text, &None));
}

#[test]
fn the_source_of_a_page_is_told_by_the_address_that_it_gives_as_its_own() {
    let bench = Bench::new();
    bench.write(
        "archive/sources/no-tides.toml",
        "id = \"no-tides\"\nname = \"Ministry of Tides\"\ncountry = \"Norway\"\n[crawl]\nstart = [\"https://tides.example/\"]\n\
         [read]\nheadline = [\"h2\"]\n",
    );
    let own = "<link rel=\"canonical\" href=\"https://www.tides.example/news/3\"></head>";
    let html = page("Tides", "2024-01-02", &text(3))
        .replace("</head>", own)
        .replace("<article>", "<article><h2>High tides</h2>");
    bench.write("a.html", html);
    let release = extract(&bench, &["a.html"]).0.remove(0).release;
    assert_eq!((release.id.as_str(), release.source.as_deref()), ("a", Some("no-tides")));
    assert_eq!(
        (release.country.as_deref(), release.headline.as_deref()),
        (Some("Norway"), Some("High tides"))
    );
}

#[test]
fn a_page_without_text_is_told_with_its_place_and_the_others_come() {
    let bench = Bench::new();
    bench.write("in/a.html", "<html><body><script>draw()</script></body></html>");
    bench.write("in/b.html", page("Tides", "2024-01-02", &text(3)));
    bench.write("in/c.html", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &[0; 400]].concat());
    let (records, report) = extract(&bench, &["in"]);
    assert_eq!(records.len(), 1);
    let reasons = &report.skipped.by_reason;
    assert_eq!((reasons["shell"], reasons["not-text"], report.skipped.errors), (1, 1, 2));
}

#[test]
fn a_closed_output_ends_the_run() {
    let bench = Bench::new();
    bench.write("a.jsonl", lines(0..50));
    let inputs = bench.inputs(&["a.jsonl"], Meta::default());
    let closed = bench.pipeline().extract(inputs, &Told::default(), &AtomicBool::new(false), |_| {
        Err(io::ErrorKind::BrokenPipe.into())
    });
    assert!(closed.unwrap_err().is_closed_pipe());
}

/// Gives a line, asks to stop, and then never ends.
struct Endless {
    line: io::Cursor<Vec<u8>>,
    stop: std::sync::Arc<AtomicBool>,
}

impl io::Read for Endless {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.line.read(buf)?;
        if n == 0 {
            self.stop.store(true, Ordering::Relaxed);
            std::thread::park();
        }
        Ok(n)
    }
}

#[test]
fn a_line_of_a_pipe_is_answered_at_once_and_a_wish_to_stop_too() {
    let bench = Bench::new();
    let stop = std::sync::Arc::new(AtomicBool::new(false));
    let stdin = Endless { line: io::Cursor::new((line(1) + "\n").into_bytes()), stop: stop.clone() };
    let pipeline = bench.pipeline();
    let inputs = Inputs::new(vec![std::path::PathBuf::from("-").into()], Meta::default(), pipeline.sources())
        .with_stdin(Box::new(stdin));
    let report = pipeline.extract(inputs, &Told::default(), &stop, |_| Ok(())).unwrap();
    assert!(report.interrupted && report.records <= 1, "{report:?}");
}
