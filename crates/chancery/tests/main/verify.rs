//! What `verify` finds, and WACZ files out of an archive.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::AtomicBool;

use chancery::Error;
use chancery::archive::{Archive, ExportOptions, VerifyReport};
use chancery::input::Skip;
use chancery::progress::{Progress, Step};

use crate::bench::{Bench, Told, at_noon, lines};
use crate::warcs::{answer, revisit, warc};

fn verify(bench: &Bench) -> VerifyReport {
    bench.archive().verify(&Told::default(), &AtomicBool::new(false)).unwrap()
}

fn faults(bench: &Bench) -> Vec<String> {
    verify(bench).faults.iter().map(ToString::to_string).collect()
}

/// An archive of three lines and a crawl of two pages, one of them at two addresses.
fn filled() -> Bench {
    let bench = Bench::new();
    bench.write("in.ndjson", lines(10..13));
    let first = answer(1, 1, "First mill");
    let elsewhere = revisit(&first, "https://tides.example/en/news/1", 2);
    bench.write("crawl.warc.gz", warc(&[first, answer(2, 1, "Second mill"), elsewhere]));
    bench.ingest(&["in.ndjson"]);
    bench.ingest(&["crawl.warc.gz"]);
    bench
}

fn damage(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 0x55;
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_whole_archive_is_verified_in_every_part() {
    let report = verify(&filled());
    assert_eq!((report.faults.clone(), report.fault_count), (Vec::new(), 0));
    assert_eq!((report.captures, report.records, report.registered_files), (6, 6, 1));
    // The archive's own file: its warcinfo, three captures, three notes; the crawl: its warcinfo and three records.
    assert_eq!((report.warc_files, report.warc_records, report.block_digests), (2, 11, 11));
    assert_eq!(report.payload_digests, 2);
    assert!(report.index_entries >= 6, "{report:?}");
}

#[test]
fn each_damage_is_told_with_its_place() {
    let bench = filled();
    let path = bench.dir().join("captures/000001.warc.gz");
    damage(&path, 900);
    let told = faults(&bench);
    assert!(told.iter().any(|line| line.contains("000001.warc.gz, at byte ")), "{told:#?}");

    let bench = filled();
    damage(&bench.path("crawl.warc.gz"), 700);
    let told = faults(&bench);
    assert!(
        told.iter().any(|line| line.contains("crawl.warc.gz: it was changed: its SHA-256 is ")),
        "{told:#?}"
    );
    fs::rename(bench.path("crawl.warc.gz"), bench.path("other.warc.gz")).unwrap();
    let told = faults(&bench);
    // One cause is told once, with what it takes away.
    assert!(
        told.len() == 1 && told[0].contains("crawl.warc.gz: `crawl.warc.gz` was moved or deleted; "),
        "{told:#?}"
    );
    assert!(told[0].ends_with("cannot be read") && !told[0].contains("the page"), "{told:#?}");

    let bench = filled();
    fs::remove_dir_all(bench.dir().join("index")).unwrap();
    let told = faults(&bench);
    assert!(told.len() == 1 && told[0].starts_with("index: it cannot be read"), "{told:#?}");

    let bench = filled();
    let segment = fs::read_dir(bench.dir().join("records")).unwrap().next().unwrap().unwrap().path();
    damage(&segment, 60);
    let told = faults(&bench);
    assert!(told.iter().any(|line| line.contains("ndjson.zst, at byte 0")), "{told:#?}");
    fs::remove_file(&segment).unwrap();
    let told = faults(&bench);
    let missing = "it is missing, with 6 records; `chancery reindex --records` makes them again";
    assert!(told.len() == 1 && told[0].ends_with(missing), "{told:#?}");
}

#[test]
fn a_crawl_that_went_on_is_registered_anew() {
    let bench = filled();
    let mut bytes = fs::read(bench.path("crawl.warc.gz")).unwrap();
    bytes.extend(warc(&[answer(7, 5, "Seventh mill")]));
    bench.write("crawl.warc.gz", bytes);
    assert!(faults(&bench)[0].contains("bytes, not "));
    let report = bench.ingest(&["crawl.warc.gz"]);
    assert_eq!((report.added, report.unchanged), (1, 3));
    assert_eq!(faults(&bench), Vec::<String>::new());
}

#[test]
fn a_wacz_holds_the_captures_and_can_be_taken_in_again() {
    let bench = filled();
    let file = bench.path("all.wacz");
    let options = ExportOptions { now: at_noon().now, ..ExportOptions::default() };
    let go = |options: &ExportOptions| {
        bench.archive().export_wacz(&file, options, &Told::default(), &AtomicBool::new(false))
    };
    let report = go(&options).unwrap().unwrap();
    assert_eq!((report.files, report.records, report.pages), (2, 8, 6), "no notes: {report:?}");
    assert!(matches!(go(&options), Err(Error::IsThere { .. })));
    if let Ok(said) = Command::new("wacz").args(["validate", "-f"]).arg(&file).output() {
        let out = String::from_utf8_lossy(&said.stdout).into_owned() + &String::from_utf8_lossy(&said.stderr);
        assert!(said.status.success() && out.contains("the passed WACZ is valid"), "{out}");
    }
    let other = Bench::new();
    fs::copy(&file, other.path("all.wacz")).unwrap();
    assert_eq!(other.ingest(&["all.wacz"]).added, 6);
    assert_eq!(verify(&other).fault_count, 0);

    fs::remove_file(&file).unwrap();
    let only = ExportOptions { source: Some("no-tides".into()), ..options.clone() };
    assert_eq!(go(&only).unwrap().unwrap().pages, 3);
    fs::remove_file(&file).unwrap();
    let none = ExportOptions { source: Some("no-such".into()), ..options };
    assert!(matches!(go(&none), Err(Error::Unknown(_))) && !file.exists());
    assert_eq!(
        fs::read_dir(bench.path(""))
            .unwrap()
            .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().ends_with(".new"))
            .count(),
        0
    );
}

/// Takes more in whenever it hears how far the work has come.
struct Meanwhile<'b>(&'b Bench);

impl Progress for Meanwhile<'_> {
    fn step(&self, step: Step) {
        let from = usize::try_from(step.items).unwrap() + 1000;
        let name = format!("{from}.ndjson");
        self.0.write(&name, lines(from..from + 20));
        assert_eq!(self.0.ingest(&[&name]).added, 20);
    }

    fn skip(&self, _: &Skip) {}

    fn note(&self, _: &str) {}
}

#[test]
fn what_is_written_meanwhile_is_no_damage() {
    let bench = Bench::new();
    bench.write("in.ndjson", lines(0..300));
    bench.ingest(&["in.ndjson"]);
    let report = bench.archive().verify(&Meanwhile(&bench), &AtomicBool::new(false)).unwrap();
    assert_eq!(report.faults, Vec::new());
    assert_eq!(report.left_out, 20, "what came before the records were looked at");
    assert_eq!(bench.records().len(), 340);

    let path = bench.dir().join("captures/000001.warc.gz");
    let whole = fs::read(&path).unwrap();
    let writer = Archive::create_or_open(&bench.dir()).unwrap();
    fs::write(&path, [&whole[..], &whole[..40]].concat()).unwrap();
    let report = verify(&bench);
    assert_eq!((report.faults, report.left_out), (Vec::new(), 1));
    drop(writer);
    assert_eq!(verify(&bench).fault_count, 1, "nobody writes: a torn end is one");
}
