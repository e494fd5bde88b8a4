//! WARC files made elsewhere, taken into an archive.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write as _};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use chancery::archive::{Archive, IngestOptions, IngestReport};
use chancery::input::{Item, Skip};
use chancery::progress::{Progress, Step};
use chancery_record::Meta;
use chancery_warc::{Original, Profile, WarcRecord, Writer};

use crate::bench::{Bench, Told, at_noon, page, text};

/// A crawl: pages at `/news/N`, one day after the other.
pub(crate) fn answer(n: usize, day: usize, headline: &str) -> WarcRecord {
    let body = page(headline, "2023-03-02", &text(n));
    response(
        &format!("https://tides.example/news/{n}"),
        day,
        "200 OK",
        "text/html; charset=utf-8",
        body.as_bytes(),
    )
}

fn response(url: &str, day: usize, status: &str, media: &str, body: &[u8]) -> WarcRecord {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {media}\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n",
        body.len()
    );
    let http = [head.as_bytes(), body, b"\r\n0\r\n\r\n"].concat();
    WarcRecord::response(url, &date(day), http, None)
}

fn date(day: usize) -> String {
    format!("2023-04-{day:02}T09:30:00Z")
}

pub(crate) fn warc(records: &[WarcRecord]) -> Vec<u8> {
    let mut writer = Writer::new(Cursor::new(Vec::new())).unwrap();
    writer.append(&WarcRecord::warcinfo("crawl.warc.gz", &date(1), &[("software", "other/1.0")])).unwrap();
    writer.append_all(records).unwrap();
    writer.into_inner().into_inner()
}

pub(crate) fn revisit(of: &WarcRecord, url: &str, day: usize) -> WarcRecord {
    let original = Original {
        record_id: of.record_id().unwrap(),
        uri: of.target_uri().unwrap(),
        date: of.date().unwrap(),
        payload_digest: of.payload_digest().unwrap(),
    };
    let head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n".to_vec();
    WarcRecord::revisit(url, &date(day), head, None, &original, Profile::IdenticalPayload)
}

fn headlines(bench: &Bench) -> Vec<String> {
    let mut headlines: Vec<_> =
        bench.records().into_iter().map(|record| record.release.headline.unwrap_or_default()).collect();
    headlines.sort();
    headlines
}

fn counts(report: &IngestReport) -> (u64, u64, u64) {
    (report.added, report.versions, report.unchanged)
}

#[test]
fn pages_of_a_crawl_become_releases_and_all_else_is_counted() {
    let bench = Bench::new();
    let first = answer(1, 1, "First mill");
    let png = response("https://tides.example/logo.png", 1, "200 OK", "image/png", b"\x89PNG");
    let pdf = response("https://tides.example/a.pdf", 1, "200 OK", "application/pdf", b"%PDF-1.5");
    let gone = response("https://tides.example/news/9", 1, "404 Not Found", "text/html", b"<p>gone");
    let note = response("https://tides.example/note", 1, "200 OK", "text/plain", text(5).as_bytes());
    let request = WarcRecord::request(
        "https://tides.example/news/1",
        &date(1),
        b"GET / HTTP/1.1\r\n\r\n".to_vec(),
        None,
    );
    let cut = answer(3, 1, "Third mill").with("WARC-Truncated", "length");
    let same = revisit(&first, "https://tides.example/news/1", 2);
    let elsewhere = revisit(&first, "https://tides.example/en/news/1", 2);
    let records = [first, png, pdf, gone, note, request, cut, answer(2, 1, "Second mill"), same, elsewhere];
    bench.write("crawl.warc.gz", warc(&records));
    let report = bench.ingest(&["crawl.warc.gz"]);
    assert_eq!(counts(&report), (4, 0, 0), "{report:#?}");
    let by_reason: BTreeMap<_, _> = report.skipped.by_reason.clone().into_iter().collect();
    let expected =
        [("no-page", 2), ("other-media", 1), ("pdf", 1), ("status", 1), ("truncated", 1), ("unchanged", 1)];
    assert_eq!(by_reason, expected.into_iter().collect());
    assert_eq!(report.skipped.errors, 2, "only the truncated page and the PDF without an end are wrong");
    assert_eq!(headlines(&bench)[1..], ["First mill", "First mill", "Second mill"]);
    let record = bench
        .records()
        .into_iter()
        .find(|r| r.release.url.as_deref() == Some("https://tides.example/en/news/1"));
    let release = record.unwrap().release;
    assert_eq!(release.captured.as_deref(), Some(date(2).as_str()));
    let place = release.warc.unwrap();
    assert_eq!(place.file, "crawl.warc.gz");
    let lies =
        chancery_warc::read_at(fs::File::open(bench.path("crawl.warc.gz")).unwrap(), place.offset).unwrap();
    assert_eq!(
        lies.target_uri(),
        Some("https://tides.example/en/news/1"),
        "the record leads back to its capture"
    );
    let list = fs::read_to_string(bench.dir().join("captures/registered.toml")).unwrap();
    assert!(list.contains("crawl.warc.gz") && list.contains("sha256 = "), "{list}");
    assert!(!bench.dir().join("captures/crawl.warc.gz").exists(), "it is read where it lies");
    assert_eq!(counts(&bench.ingest(&["crawl.warc.gz"])), (0, 0, 4));
}

#[test]
fn of_a_crawl_of_ours_only_releases_are_taken() {
    let bench = Bench::new();
    let tag = |role: &str| {
        format!(r#"{{"source":"no-tides","role":"{role}","depth":1,"redirects":0,"step":0,"empties":0}}"#)
    };
    let list = answer(1, 1, "All mills").with(chancery_capture::HEADER, &tag("list"));
    let mill = answer(2, 1, "Second mill").with(chancery_capture::HEADER, &tag("release"));
    bench.write("archive/captures/chancery-20230401093000-00001.warc.gz", warc(&[list, mill]));
    bench.write("archive/archive.toml", "format = 1\n");
    let report = bench.ingest(&["archive/captures/chancery-20230401093000-00001.warc.gz"]);
    assert_eq!((report.added, report.skipped.by_reason.get("no-release")), (1, Some(&1)), "{report:#?}");
    let release = &bench.records()[0].release;
    assert_eq!(release.source.as_deref(), Some("no-tides"));
    assert_eq!(release.warc.as_ref().unwrap().file, "chancery-20230401093000-00001.warc.gz");
    assert!(!bench.dir().join("captures/registered.toml").exists(), "it is the archive's own");
    let again = bench.ingest(&["archive/captures/chancery-20230401093000-00001.warc.gz"]);
    assert_eq!((again.added, again.skipped.total()), (0, 0), "what was gone through is not read again");
}

#[test]
fn the_state_is_made_again_from_the_notes_and_the_records_from_the_crawl() {
    let bench = Bench::new();
    let first = answer(1, 1, "First mill");
    let elsewhere = revisit(&first, "https://tides.example/en/news/1", 2);
    bench.write("crawl.warc.gz", warc(&[first, answer(2, 1, "Second mill"), elsewhere]));
    bench.ingest(&["crawl.warc.gz"]);
    let before = bench.records();
    for derived in ["state.sqlite", "records", "index"] {
        let path = bench.dir().join(derived);
        if path.is_dir() { fs::remove_dir_all(path).unwrap() } else { fs::remove_file(path).unwrap() }
    }
    let report = bench.ingest(&["crawl.warc.gz"]);
    assert_eq!(
        (report.recovered, counts(&report)),
        (3, (0, 0, 1)),
        "only the last capture is looked at again"
    );
    assert_eq!(bench.records(), before);
    // A file that was moved: told with its mend, and found again where the list is changed.
    fs::rename(bench.path("crawl.warc.gz"), bench.path("moved.warc.gz")).unwrap();
    fs::remove_dir_all(bench.dir().join("records")).unwrap();
    fs::remove_file(bench.dir().join("state.sqlite")).unwrap();
    bench.write("empty.ndjson", "\n");
    let error = bench.try_ingest(&["empty.ndjson"]).unwrap_err();
    assert!(error.to_string().contains("crawl.warc.gz, at byte "), "{error}");
    assert!(error.mend().unwrap().contains("captures/registered.toml"), "{:?}", error.mend());
    let list = bench.dir().join("captures/registered.toml");
    let text = fs::read_to_string(&list).unwrap();
    fs::write(&list, text.replace("/crawl.warc.gz", "/moved.warc.gz")).unwrap();
    assert_eq!(bench.ingest(&["empty.ndjson"]).recovered, 3);
    assert_eq!(bench.records(), before);
}

#[test]
fn an_edit_is_a_version_and_the_newest_by_time_is_current() {
    let bench = Bench::new();
    bench.write("b.warc.gz", warc(&[answer(1, 3, "Edited"), answer(1, 4, "Edited")]));
    assert_eq!(counts(&bench.ingest(&["b.warc.gz"])), (1, 0, 1));
    bench.write(
        "a.warc.gz",
        warc(&[answer(1, 1, "As it was"), answer(1, 2, "As it was"), answer(1, 5, "As it was")]),
    );
    assert_eq!(counts(&bench.ingest(&["a.warc.gz"])), (0, 2, 1), "once before the edit, once taken back");
    assert_eq!(headlines(&bench), ["As it was"]);
    let id = bench.records()[0].release.id.clone();
    assert_eq!(bench.archive().versions(&id).unwrap().len(), 3);
    assert_eq!(bench.records()[0].release.captured.as_deref(), Some(date(5).as_str()));
    bench.write("c.warc.gz", warc(&[answer(1, 1, "Older still")]));
    bench.ingest(&["c.warc.gz"]);
    assert_eq!(headlines(&bench), ["As it was"], "an older capture does not become current");
}

#[test]
fn a_copy_makes_the_archive_stand_alone() {
    let bench = Bench::new();
    let path = bench.write("crawl.warc.gz", warc(&[answer(1, 1, "First mill")]));
    let writer = Archive::create_or_open(&bench.dir()).unwrap();
    let options = IngestOptions { copy: true, ..at_noon() };
    let inputs = bench.inputs(&["crawl.warc.gz"], Meta::default());
    writer.ingest(&bench.pipeline(), inputs, &options, &Told::default(), &AtomicBool::new(false)).unwrap();
    let copied = fs::read(bench.dir().join("captures/crawl.warc.gz")).unwrap();
    assert_eq!(copied, fs::read(&path).unwrap());
    fs::remove_file(path).unwrap();
    Archive::reindex(&bench.dir(), Some(&bench.pipeline()), &Told::default(), &AtomicBool::new(false))
        .unwrap();
    fs::remove_dir_all(bench.dir().join("records")).unwrap();
    fs::remove_file(bench.dir().join("state.sqlite")).unwrap();
    bench.write("empty.ndjson", "\n");
    assert_eq!(bench.ingest(&["empty.ndjson"]).recovered, 1);
    // Another file of the same name does not take its place.
    bench.write("crawl.warc.gz", warc(&[answer(2, 1, "Second mill")]));
    bench.ingest(&["crawl.warc.gz"]);
    let files: Vec<_> = bench.records().into_iter().map(|record| record.release.warc.unwrap().file).collect();
    assert_eq!(files.iter().filter(|file| *file == "crawl.warc.gz").count(), 1, "{files:?}");
    assert_eq!(files.iter().filter(|file| file.starts_with("crawl~")).count(), 1, "{files:?}");
}

/// Stops after the first batch.
struct StopAtOnce<'s>(&'s AtomicBool, Mutex<Vec<String>>);

impl Progress for StopAtOnce<'_> {
    fn step(&self, _: Step) {
        self.0.store(true, Ordering::Relaxed);
    }
    fn skip(&self, _: &Skip) {}
    fn note(&self, note: &str) {
        self.1.lock().unwrap().push(note.to_owned());
    }
}

#[test]
fn a_run_that_was_cut_off_goes_on_where_it_was() {
    let bench = Bench::new();
    let mut records: Vec<_> = (0..700).map(|n| answer(n, 1, &format!("Mill number {n:03}"))).collect();
    records.push(revisit(&records[0], "https://tides.example/again", 2));
    bench.write("crawl.warc.gz", warc(&records));
    let stop = AtomicBool::new(false);
    let told = StopAtOnce(&stop, Mutex::default());
    let inputs = bench.inputs(&["crawl.warc.gz"], Meta::default());
    let writer = Archive::create_or_open(&bench.dir()).unwrap();
    let first = writer.ingest(&bench.pipeline(), inputs, &at_noon(), &told, &stop).unwrap();
    assert!(first.interrupted && first.added > 0 && first.added < 700, "{first:?}");
    let progress = Told::default();
    let inputs = bench.inputs(&["crawl.warc.gz"], Meta::default());
    let writer = Archive::create_or_open(&bench.dir()).unwrap();
    let rest =
        writer.ingest(&bench.pipeline(), inputs, &at_noon(), &progress, &AtomicBool::new(false)).unwrap();
    assert_eq!(
        (first.added + rest.added, rest.unchanged),
        (701, 1),
        "the last capture is looked at again: {rest:?}"
    );
    let notes = progress.notes.lock().unwrap();
    assert!(notes.iter().any(|note| note.starts_with("crawl.warc.gz: going on at byte ")), "{notes:?}");
    assert_eq!(bench.records().len(), 701);
}

#[test]
fn a_wacz_is_read_in_place() {
    let bench = Bench::new();
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in [
        ("datapackage.json", b"{}".to_vec()),
        ("archive/b.warc.gz", warc(&[answer(2, 1, "Second mill")])),
        ("archive/a.warc.gz", warc(&[answer(1, 1, "First mill")])),
    ] {
        zip.start_file(name, stored).unwrap();
        zip.write_all(&bytes).unwrap();
    }
    bench.write("crawl.wacz", zip.finish().unwrap().into_inner());
    assert_eq!(counts(&bench.ingest(&["crawl.wacz"])), (2, 0, 0));
    let files: Vec<_> = bench.records().into_iter().map(|record| record.release.warc.unwrap().file).collect();
    assert!(files.contains(&"crawl.wacz/archive/a.warc.gz".to_owned()), "{files:?}");
    let before = bench.records();
    fs::remove_dir_all(bench.dir().join("records")).unwrap();
    fs::remove_file(bench.dir().join("state.sqlite")).unwrap();
    assert_eq!(bench.ingest(&["crawl.wacz"]).recovered, 2);
    assert_eq!(bench.records(), before);
}

#[test]
fn damage_and_odd_packing_are_told_with_their_place() {
    let bench = Bench::new();
    let good = warc(&[answer(1, 1, "First mill")]);
    let mut bad = warc(&[answer(2, 1, "Second mill"), answer(3, 1, "Third mill")]);
    let middle = bad.len() / 2;
    bad[middle..middle + 20].fill(0xaa);
    bench.write("w/good.warc.gz", &good);
    bench.write("w/bad.warc.gz", bad);
    bench.write("w/no.wacz", b"no zip at all");
    let mut stream = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    for record in 4..6 {
        let mut plain = Vec::new();
        let member = warc(&[answer(record, 1, "Stream")]);
        std::io::copy(&mut flate2::read::MultiGzDecoder::new(member.as_slice()), &mut plain).unwrap();
        stream.write_all(&plain).unwrap();
    }
    bench.write("w/stream.warc.gz", stream.finish().unwrap());
    let told: Vec<String> = bench
        .items(&["w"], b"")
        .into_iter()
        .filter_map(|item| match item {
            Item::Skip(skip) if skip.is_error => Some(skip.to_string()),
            _ => None,
        })
        .collect();
    let has = |words: &str| told.iter().any(|line| line.contains(words));
    assert!(has("bad.warc.gz, at byte ") && has("no.wacz: it is damaged"), "{told:#?}");
    // Records packed as one stream are read all the same.
    assert!(!has("stream.warc.gz"), "{told:#?}");
    assert_eq!(counts(&bench.ingest(&["w/good.warc.gz"])), (1, 0, 0));
}
