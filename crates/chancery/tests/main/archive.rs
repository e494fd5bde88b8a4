//! An archive is found, filled, searched, asked and described.

use std::fs;
use std::sync::atomic::AtomicBool;

use chancery::Error;
use chancery::archive::{Archive, FoundBy, LastHit};
use chancery_record::Meta;

use crate::bench::{Bench, Told, at_noon, lines, page, rules, text};

#[test]
fn what_goes_in_can_be_searched_and_read_again() {
    let bench = Bench::new();
    bench.write("in/a.jsonl", lines(0..40));
    bench.write(
        "in/b.html",
        page(
            "Grønne møller",
            "2024-01-02",
            "The windmills of Rødskjær stand still today, said the Minister Ingrid Vik.",
        ),
    );
    let report = bench.ingest(&["in"]);
    assert_eq!((report.added, report.skipped.total(), report.interrupted), (41, 0, false));
    assert_eq!(report.bytes, bench.inputs(&["in"], Meta::default()).total_bytes().unwrap());
    assert_eq!(bench.search("windmill"), ["b"]);
    let record = bench.archive().record("tides-00007").unwrap();
    assert_eq!(record.release.text, text(7));
    let warc = record.release.warc.unwrap();
    let file = fs::File::open(bench.dir().join("captures").join(warc.file)).unwrap();
    let capture = chancery_warc::read_at(file, warc.offset).unwrap();
    assert_eq!(capture.body, text(7).as_bytes());
    assert_eq!(capture.target_uri(), Some("https://tides.example/news/7"));
    assert_eq!(capture.date(), Some("2024-05-06T12:00:00Z"));
}

#[test]
fn an_archive_has_the_same_bytes_for_any_number_of_threads() {
    let make = |jobs| {
        let mut bench = Bench::new();
        bench.jobs = jobs;
        bench.write("in/a.jsonl", lines(0..1500));
        bench.write("in/b.html", page("Tides", "2024-01-02", &text(3)));
        bench.ingest(&["in"]);
        let read = |name: &str| fs::read(bench.dir().join(name)).unwrap();
        (read("captures/000001.warc.gz"), read("records/000001.ndjson.zst"))
    };
    let (one, four) = (make(1), make(4));
    assert!(one.0 == four.0, "captures differ");
    assert!(one.1 == four.1, "records differ");
}

#[test]
fn a_release_is_found_by_each_of_its_names() {
    let bench = Bench::new();
    bench.write("in/a.jsonl", lines(10..30));
    bench.write("in/b.txt", text(1));
    bench.ingest(&["in"]);
    let archive = bench.archive();
    let check = |reference: &str, id: &str, by: FoundBy| {
        let found = archive.find(reference).unwrap();
        assert_eq!((found.id.as_str(), found.by), (id, by), "{reference}");
    };
    check("tides-00012", "tides-00012", FoundBy::Id);
    check("b", "b", FoundBy::Id);
    check("no-tides/2023-01-13/tide-mill-number-12-opened", "tides-00012", FoundBy::Alias);
    check("https://tides.example/news/12#top", "tides-00012", FoundBy::Url);
    check("no-tides/2023-01-13", "tides-00012", FoundBy::Beginning);

    let told = |reference: &str| archive.find(reference).unwrap_err().to_string();
    assert!(
        told("tides-0001").starts_with(
            "`tides-0001` may mean\n    no-tides/2023-11-11/tide-mill-number-10-opened\n    no-"
        )
    );
    assert_eq!(
        told("tide-mill-number-12-opened"),
        "no release is called `tide-mill-number-12-opened`; near it: no-tides/2023-01-13/tide-mill-number-12-opened, \
         no-tides/2023-01-25/tide-mill-number-24-opened, no-tides/2023-02-14/tide-mill-number-13-opened"
    );
    assert_eq!(told("xyzzy"), "no release is called `xyzzy`");
    assert_eq!(told("3"), "there is no hit number 3: the last search found nothing, or there was none");

    let hits = ["tides-00020", "b"].map(|id| LastHit { release: id.into(), fact: None });
    archive.remember(&hits);
    check("2", "b", FoundBy::Hit);
    assert_eq!(told("3"), "there is no hit number 3: the last search had 2");
    check("id:b", "b", FoundBy::Id);
}

#[test]
fn status_tells_counts_rules_and_disk() {
    let bench = Bench::new();
    bench.write("in/a.jsonl", lines(0..20));
    bench.write("in/b.txt", text(1));
    bench.write("in/c.doc", "x");
    bench.ingest(&["in"]);
    let status = bench.archive().status(&rules()).unwrap();
    assert_eq!((status.releases, status.captures, status.without_record), (21, 21, 0));
    assert_eq!((status.made_with_other_rules, status.not_indexed), (0, Some(0)));
    assert_eq!(status.languages, [(Some("en".into()), 21)]);
    let sources: Vec<_> =
        status.sources.iter().map(|s| (s.source.as_deref(), s.releases, s.first.as_deref())).collect();
    assert_eq!(sources, [(Some("no-tides"), 20, Some("2023-01-01")), (None, 1, None)]);
    let run = status.last_run.unwrap();
    assert_eq!((run.added, run.skipped, run.finished.as_deref()), (21, 1, Some("2024-05-06T12:00:00Z")));
    let sum = (0..20).chain([1]).map(|n| text(n).len() as u64).sum::<u64>();
    assert_eq!(status.text_bytes, sum);
    assert!(status.disk.captures > 1000 && status.disk.records > 1000 && status.disk.index > 1000);

    bench.write("archive/rules/en/officials.toml", "[[list]]\nid = \"role\"\nwords = [\"tide keeper\"]\n");
    let other =
        chancery::rulesets::Rulesets::load(Some(&crate::bench::rules_dir()), Some(&bench.dir())).unwrap();
    assert_eq!(bench.archive().status(&other).unwrap().made_with_other_rules, 21);
}

#[test]
fn one_writes_and_others_read() {
    let bench = Bench::new();
    bench.write("a.jsonl", lines(0..3));
    bench.ingest(&["a.jsonl"]);
    let writer = Archive::create_or_open(&bench.dir()).unwrap();
    let second = Archive::create_or_open(&bench.dir()).err().unwrap();
    let told =
        format!("{}: the archive is being written by process {}", bench.dir().display(), std::process::id());
    assert_eq!(second.to_string(), told);
    assert!(second.mend().unwrap().starts_with("wait until it is done"));
    assert_eq!(bench.records().len(), 3, "reading needs no lock");
    assert_eq!(bench.search("dredger").len(), 3);
    drop(writer);
    bench.ingest(&["a.jsonl"]);
}

#[test]
fn what_is_no_archive_is_told() {
    let bench = Bench::new();
    let check = |error: Option<Error>, told: &str| {
        let error = error.expect("it is no archive");
        assert_eq!(error.to_string().replace(&bench.path("").display().to_string(), ""), told);
        assert!(error.mend().is_some());
    };
    check(Archive::open_read(&bench.path("none")).err(), "there is no archive at none");
    bench.write("full/notes.txt", "x");
    check(
        Archive::create_or_open(&bench.path("full")).err(),
        "full: the folder is not empty and holds no archive",
    );
    bench.write("new/archive.toml", "format = 2\n");
    let newer = "new: the archive has format 2, this program knows formats up to 1";
    check(Archive::open_read(&bench.path("new")).err(), newer);
    check(Archive::create_or_open(&bench.path("new")).err(), newer);
    assert_eq!(fs::read_dir(bench.path("new")).unwrap().count(), 1, "nothing was changed");
    bench.write("odd/archive.toml", "# mine\nformat = \"x\"\n");
    let odd = Archive::open_read(&bench.path("odd")).err().unwrap().to_string();
    assert!(odd.contains("odd/archive.toml:2:10: "), "{odd}");
    bench.write("file", "x");
    assert!(
        Archive::open_read(&bench.path("file")).is_err()
            && Archive::create_or_open(&bench.path("file")).is_err()
    );
}

#[test]
fn rules_may_lie_there_before_the_archive() {
    let bench = Bench::new();
    bench.write("archive/rules/en/mine.toml", "");
    bench.write("a.jsonl", lines(0..2));
    assert_eq!(bench.ingest(&["a.jsonl"]).added, 2);
}

#[test]
fn a_run_can_be_stopped_and_the_same_input_completes_it() {
    let bench = Bench::new();
    bench.write("a.jsonl", lines(0..900));
    let pipeline = bench.pipeline();
    let stop = AtomicBool::new(false);
    /// Asks to stop after the first batch.
    struct Once<'s>(&'s AtomicBool);
    impl chancery::progress::Progress for Once<'_> {
        fn step(&self, _: chancery::progress::Step) {
            self.0.store(true, std::sync::atomic::Ordering::Relaxed);
        }
        fn skip(&self, _: &chancery::input::Skip) {}
        fn note(&self, _: &str) {}
    }
    let inputs = bench.inputs(&["a.jsonl"], Meta::default());
    let writer = Archive::create_or_open(&bench.dir()).unwrap();
    let report = writer.ingest(&pipeline, inputs, &at_noon(), &Once(&stop), &stop).unwrap();
    assert!(report.interrupted && report.added > 0 && report.added < 900, "{report:?}");
    assert_eq!(bench.records().len() as u64, report.added);
    assert_eq!(bench.archive().status(&rules()).unwrap().last_run.unwrap().finished, None);
    let rest = bench.ingest(&["a.jsonl"]);
    assert_eq!((rest.added, rest.unchanged), (900 - report.added, report.added));
    assert_eq!(bench.search("dredger").len(), 900);
}

#[test]
fn others_read_what_is_durable_while_one_writes() {
    /// Reads and searches whenever the writer has done a batch.
    struct Reading<'b>(&'b Bench, std::cell::RefCell<Vec<(usize, usize)>>);
    impl chancery::progress::Progress for Reading<'_> {
        fn step(&self, _: chancery::progress::Step) {
            self.1.borrow_mut().push((self.0.records().len(), self.0.search("dredger").len()));
        }
        fn skip(&self, _: &chancery::input::Skip) {}
        fn note(&self, _: &str) {}
    }
    let bench = Bench::new();
    bench.write("a.jsonl", lines(0..1500));
    let reading = Reading(&bench, std::cell::RefCell::default());
    let writer = Archive::create_or_open(&bench.dir()).unwrap();
    let inputs = bench.inputs(&["a.jsonl"], Meta::default());
    writer.ingest(&bench.pipeline(), inputs, &at_noon(), &reading, &AtomicBool::new(false)).unwrap();
    let mut seen = reading.1.into_inner();
    seen.dedup();
    assert_eq!(seen, [(0, 0), (1000, 1000)], "a thousand at a time, found as soon as they are there");
    assert_eq!(bench.records().len(), 1500);
}

#[test]
fn skips_and_progress_are_told() {
    let bench = Bench::new();
    bench.write("in/a.jsonl", lines(0..3) + "{\n");
    bench.write("in/b.html", "<script>draw()</script>");
    let told = Told::default();
    let writer = Archive::create_or_open(&bench.dir()).unwrap();
    let inputs = bench.inputs(&["in"], Meta::default());
    let report =
        writer.ingest(&bench.pipeline(), inputs, &at_noon(), &told, &AtomicBool::new(false)).unwrap();
    assert_eq!((report.added, report.skipped.errors), (3, 2));
    let skips = told.skips.into_inner().unwrap();
    assert!(
        skips[0].contains("a.jsonl:4:") && skips[1].contains("b.html: the page has no text"),
        "{skips:?}"
    );
    let last = *told.steps.into_inner().unwrap().last().unwrap();
    assert_eq!((last.items, Some(last.bytes)), (5, last.total_bytes));
}
