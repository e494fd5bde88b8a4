//! Whatever cuts a run off or damages a file, the archive is usable and the next run completes it.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};

use chancery::archive::{Archive, Grounds, ReindexReport};
use chancery::progress::Silent;

use crate::bench::{Bench, Told, as_nobody, at_noon, lines, rules};

const CAPTURES: &str = "captures/000001.warc.gz";
const RECORDS: &str = "records/000001.ndjson.zst";

fn cut(path: &Path, bytes: u64) {
    let file = OpenOptions::new().write(true).open(path).unwrap();
    file.set_len(bytes).unwrap();
}

fn length(path: &Path) -> u64 {
    fs::metadata(path).unwrap().len()
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::copy(from, to).unwrap();
    }
}

fn remove(path: &Path) {
    if path.is_dir() {
        fs::remove_dir_all(path).unwrap();
    } else {
        fs::remove_file(path).unwrap();
    }
}

/// An archive of 100 releases to which 60 more were added, with what it was before these.
fn two_runs() -> (Bench, PathBuf) {
    let bench = Bench::new();
    bench.write("a.jsonl", lines(0..100));
    bench.write("b.jsonl", lines(100..160));
    bench.ingest(&["a.jsonl"]);
    let before = bench.path("before");
    copy(&bench.dir(), &before);
    bench.ingest(&["b.jsonl"]);
    (bench, before)
}

/// The next run of the same input completes the archive without doubles.
fn check_completes(bench: &Bench, added: u64, recovered: u64) {
    let report = bench.ingest(&["a.jsonl", "b.jsonl"]);
    assert_eq!((report.added, report.recovered, report.versions), (added, recovered, 0), "{report:?}");
    assert_eq!(report.unchanged, 160 - added);
    check_whole(bench);
    assert_eq!(bench.ingest(&["a.jsonl", "b.jsonl"]).unchanged, 160);
}

fn check_whole(bench: &Bench) {
    let ids: Vec<String> = bench.records().into_iter().map(|record| record.release.id).collect();
    let all: Vec<String> = (0..160).map(|n| format!("tides-{n:05}")).collect();
    assert_eq!(ids, all);
    assert_eq!(bench.search("dredger"), all, "each is found once");
    let status = bench.archive().status(&rules()).unwrap();
    assert_eq!((status.captures, status.not_indexed), (160, Some(0)));
}

/// Puts back some parts of the archive to what they were before the second run.
fn put_back(bench: &Bench, before: &Path, parts: &[&str]) {
    for part in parts {
        let path = bench.dir().join(part);
        remove(&path);
        copy(&before.join(part), &path);
    }
}

#[test]
fn killed_while_captures_were_written() {
    let (bench, before) = two_runs();
    let whole = length(&before.join(CAPTURES));
    let more = length(&bench.dir().join(CAPTURES)) - whole;
    put_back(&bench, &before, &["records", "index", "state.sqlite"]);
    cut(&bench.dir().join(CAPTURES), whole + more / 2);
    assert_eq!(bench.records().len(), 100, "reading goes on");
    let report = bench.ingest(&["b.jsonl"]);
    assert!(report.recovered > 20 && report.recovered < 40, "{report:?}");
    assert_eq!(report.recovered + report.added, 60);
    check_whole(&bench);
}

#[test]
fn killed_after_the_captures() {
    let (bench, before) = two_runs();
    put_back(&bench, &before, &["records", "index", "state.sqlite"]);
    check_completes(&bench, 0, 60);
}

#[test]
fn killed_while_records_were_written() {
    let (bench, before) = two_runs();
    let whole = length(&before.join(RECORDS));
    put_back(&bench, &before, &["index", "state.sqlite"]);
    cut(&bench.dir().join(RECORDS), whole + 700);
    assert_eq!(bench.records().len(), 100);
    check_completes(&bench, 0, 60);
}

#[test]
fn killed_after_the_records() {
    let (bench, before) = two_runs();
    put_back(&bench, &before, &["index", "state.sqlite"]);
    check_completes(&bench, 0, 0);
}

#[test]
fn killed_after_the_state() {
    let (bench, before) = two_runs();
    put_back(&bench, &before, &["index"]);
    assert_eq!(bench.archive().status(&rules()).unwrap().not_indexed, Some(60));
    check_completes(&bench, 0, 0);
}

#[test]
fn killed_while_the_archive_was_made() {
    let bench = Bench::new();
    bench.write("a.jsonl", lines(0..100));
    bench.write("b.jsonl", lines(100..160));
    bench.write("archive/archive.toml.new", "form");
    bench.ingest(&["a.jsonl"]);
    cut(&bench.dir().join(CAPTURES), 40);
    for part in ["records", "index", "state.sqlite"] {
        remove(&bench.dir().join(part));
    }
    check_completes(&bench, 160, 0);
}

#[test]
fn everything_that_is_derived_is_made_again() {
    let (bench, _) = two_runs();
    let records = bench.records();
    for parts in [&["state.sqlite"][..], &["index"], &["records"], &["records", "index", "state.sqlite"]] {
        for part in parts {
            remove(&bench.dir().join(part));
        }
        check_completes(&bench, 0, if parts.contains(&"records") { 160 } else { 0 });
        assert!(bench.records() == records, "the records are the same after {parts:?} were lost");
    }
}

#[test]
fn a_damaged_state_is_made_again_for_readers_too() {
    let (bench, _) = two_runs();
    let records = bench.records();
    let state = bench.dir().join("state.sqlite");
    let bytes = fs::read(&state).unwrap();
    for damage in [b"no database".to_vec(), Vec::new(), bytes[..bytes.len() / 3].to_vec()] {
        fs::write(&state, damage).unwrap();
        check_completes(&bench, 0, 0);
    }
    fs::remove_file(&state).unwrap();
    // Somebody writes: the reader makes a state in memory.
    let lock = fs::File::open(bench.dir().join("lock")).unwrap();
    lock.lock().unwrap();
    assert!(bench.records() == records);
    assert!(!state.exists());
    drop(lock);
    assert!(bench.records() == records);
    assert!(state.exists());
}

#[test]
fn a_damaged_capture_costs_itself_alone_and_is_never_cut_off() {
    let (bench, _) = two_runs();
    let path = bench.dir().join(CAPTURES);
    let whole = length(&path);
    let warc = bench.archive().record("tides-00159").unwrap().release.warc.unwrap();
    let mut bytes = fs::read(&path).unwrap();
    let at = usize::try_from(warc.offset).unwrap() + 60;
    bytes[at] ^= 0xff;
    fs::write(&path, bytes).unwrap();
    fs::remove_file(bench.dir().join("state.sqlite")).unwrap();
    fs::remove_dir_all(bench.dir().join("records")).unwrap();
    let report = bench.ingest(&["b.jsonl"]);
    assert_eq!((report.recovered, report.added, report.unchanged), (159, 1, 59));
    assert_eq!(length(&path), whole, "the file with the damage is left as it is");
    assert!(bench.dir().join("captures/000002.warc.gz").exists());
    check_whole(&bench);
}

#[test]
fn the_index_is_made_again_on_demand() {
    let (bench, _) = two_runs();
    fs::remove_dir_all(bench.dir().join("index")).unwrap();
    let query = chancery_index::Query { words: "dredger".into(), ..Default::default() };
    assert!(bench.archive().search(&query).is_err());
    let report = Archive::reindex(&bench.dir(), None, &Silent, &false.into()).unwrap();
    assert_eq!(report, ReindexReport { releases: 160, ..ReindexReport::default() });
    check_whole(&bench);
}

/// A release that only one word finds, as a reader is shown it.
fn the_27th(
    index: &chancery_index::Index,
    archive: &Archive,
) -> Result<Vec<String>, chancery_index::IndexError> {
    let query = chancery_index::Query { words: "\"mill number 27\"".into(), ..Default::default() };
    let shown = index.search(&query, archive.shelf())?;
    Ok(shown
        .hits
        .into_iter()
        .map(|hit| format!("{} {:?} {}", hit.release_id, hit.headline, hit.passage))
        .collect())
}

#[test]
fn who_reads_an_older_state_is_shown_the_records_of_that_state() {
    let (bench, _) = two_runs();
    let (archive, index) = (bench.archive(), chancery_index::Index::open(bench.dir().join("index")).unwrap());
    let before = the_27th(&index, &archive).unwrap();
    assert!(before.iter().any(|hit| hit.starts_with("tides-00027 ")), "{before:?}");
    bench.write("a.jsonl", lines(0..100).replace("mill number 27", "mill number 27 again"));
    assert_eq!(bench.ingest(&["a.jsonl"]).versions, 1);
    assert_eq!(the_27th(&index, &archive).unwrap(), before, "it looks at what it opened");
    index.reload().unwrap();
    let after = the_27th(&index, &archive).unwrap();
    assert!(after.iter().any(|hit| hit.contains("mill number 27 again")), "{after:?}");
    // Out and back again: the record lies where it lay.
    let grounds = Grounds { by: None, reason: Some("a test".into()), now: None };
    let ids = ["tides-00027".to_owned()];
    Archive::create_or_open(&bench.dir()).unwrap().remove(&ids, &grounds, &Silent).unwrap();
    assert_eq!(the_27th(&index, &archive).unwrap(), after);
    index.reload().unwrap();
    assert_eq!(the_27th(&index, &archive).unwrap(), [""; 0]);
    Archive::create_or_open(&bench.dir()).unwrap().restore(&ids, &grounds, &Silent).unwrap();
    index.reload().unwrap();
    assert_eq!(the_27th(&index, &archive).unwrap(), after);
}

#[test]
fn a_hit_whose_record_is_lost_or_another_is_told_and_never_shown() {
    let (bench, _) = two_runs();
    let (archive, index) = (bench.archive(), chancery_index::Index::open(bench.dir().join("index")).unwrap());
    let before = the_27th(&index, &archive).unwrap();
    let path = bench.dir().join(RECORDS);
    let whole = fs::read(&path).unwrap();
    let mut torn = whole.clone();
    torn.iter_mut().step_by(97).for_each(|byte| *byte ^= 0x55);
    // Another archive has other records at the same places.
    let other = Bench::new();
    other.write("a.jsonl", lines(0..160).replace("dredger", "steamer"));
    other.ingest(&["a.jsonl"]);
    let others = fs::read(other.dir().join(RECORDS)).unwrap();
    for bytes in [Vec::new(), whole[..whole.len() / 5].to_vec(), vec![0; whole.len()], torn, others] {
        fs::write(&path, bytes).unwrap();
        let query = chancery_index::Query {
            words: "\"mill number 27\"".into(),
            damage: chancery_index::Damage::IsTold,
            ..Default::default()
        };
        let around = index.search(&query, bench.archive().shelf()).unwrap();
        let unshown: Vec<_> = around.unshown.iter().map(|release| release.release_id.as_str()).collect();
        assert_eq!((around.hits.len(), unshown), (0, vec!["tides-00027"]), "{around:#?}");
        let error = the_27th(&index, &bench.archive()).unwrap_err();
        assert!(matches!(error, chancery_index::IndexError::Damaged { .. }), "{error}");
        assert!(error.to_string().contains("tides-00027 cannot be shown"), "{error}");
    }
    fs::remove_file(&path).unwrap();
    assert!(the_27th(&index, &bench.archive()).unwrap_err().to_string().contains("the file is missing"));
    fs::write(&path, whole).unwrap();
    assert_eq!(the_27th(&index, &bench.archive()).unwrap(), before);
}

#[test]
fn what_was_made_again_is_told() {
    let (bench, _) = two_runs();
    fs::remove_file(bench.dir().join("state.sqlite")).unwrap();
    let told = Told::default();
    let writer = Archive::create_or_open(&bench.dir()).unwrap();
    let inputs = bench.inputs(&["a.jsonl"], chancery_record::Meta::default());
    writer.ingest(&bench.pipeline(), inputs, &at_noon(), &told, &false.into()).unwrap();
    assert_eq!(
        told.notes.into_inner().unwrap(),
        ["state.sqlite was missing, damaged or behind the files: made again"]
    );
}

/// No file may grow beyond what the shell allows: to a program the same as a full disk.
#[cfg(unix)]
#[test]
fn a_full_disk_is_told_and_what_was_there_is_kept() {
    const SMALL: &str = "CHANCERY_TEST_SMALL_DISK";
    if let Some(folder) = std::env::var_os(SMALL) {
        let bench = Bench::of(folder.into());
        let full = bench.try_ingest(&["b.jsonl"]).unwrap_err();
        assert!(full.to_string().ends_with("captures/000001.warc.gz: no space is left"), "{full}");
        assert!(full.mend().unwrap().starts_with("make room and run the same command again"));
        assert_eq!(bench.records().len(), 100);
        return;
    }
    let bench = Bench::new();
    bench.write("a.jsonl", lines(0..100));
    bench.write("b.jsonl", lines(100..160));
    bench.ingest(&["a.jsonl"]);
    let blocks = (length(&bench.dir().join(CAPTURES)) + 9000) / 512;
    let child = std::process::Command::new("sh")
        .arg("-c")
        .arg(format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" --exact \"$1\""))
        .arg(std::env::current_exe().unwrap())
        .arg("broken::a_full_disk_is_told_and_what_was_there_is_kept")
        .env(SMALL, bench.path(""))
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success() && told.contains("1 passed"), "{told}");
    let report = bench.ingest(&["b.jsonl"]);
    assert!(report.recovered > 0 && report.recovered + report.added == 60, "{report:?}");
    check_whole(&bench);
}

#[cfg(unix)]
#[test]
fn an_archive_without_rights_is_told_and_can_be_read() {
    use std::os::unix::fs::PermissionsExt as _;
    if as_nobody("broken::an_archive_without_rights_is_told_and_can_be_read") {
        return;
    }
    let (bench, _) = two_runs();
    let set = |mode| {
        for part in ["", "captures", "records", "index", "lock", "state.sqlite"] {
            fs::set_permissions(bench.dir().join(part), fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    set(0o555);
    let told = bench.try_ingest(&["a.jsonl"]).unwrap_err();
    let records = bench.records();
    set(0o755);
    assert!(told.to_string().ends_with("lock: no permission to write"), "{told}");
    assert_eq!(records.len(), 160);
}
