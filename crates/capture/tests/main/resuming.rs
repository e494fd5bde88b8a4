//! How a crawl goes on after anything: a budget that is spent, a crash, a lost state, a clock that jumps.

use std::fs::{self, File, OpenOptions};
use std::io::BufReader;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chancery_capture::plan::Hours;
use chancery_capture::{Event, visits};
use chancery_warc::Reader;

use crate::bench::{Bench, TIDES, page_of, paths, plan, site, warcs};
use crate::server::{Reply, Server};

#[test]
fn a_crawl_with_a_budget_goes_on_where_it_ended() {
    let (server, mut bench) = (site(TIDES), Bench::new());
    bench.options.pages = Some(2);
    let told = bench.crawl(&plan(&server));
    assert_eq!((told.report.fetched, told.report.waiting > 0), (2, true));
    assert_eq!(told.report.waits_for, ["the pages that this run may fetch"]);
    assert!(!told.report.held_up);
    bench.options.pages = None;
    bench.crawl(&plan(&server));
    let mut asked = paths(&server);
    asked.sort();
    assert_eq!(asked, ["/", "/list/2", "/r/1", "/r/2", "/r/3"]);
}

#[test]
fn a_crawl_that_takes_weeks_finds_what_is_new_meanwhile() {
    let rounds = Arc::new(AtomicUsize::new(0));
    let round = rounds.clone();
    let server = Server::start(move |asked| match (asked.path.as_str(), round.load(Ordering::SeqCst)) {
        ("/", 0) => Reply::html("<a href=/r/1>1</a><a href=/r/2>2</a><a href=/r/3>3</a><a href=/r/4>4</a>"),
        ("/", _) => Reply::html("<a href=/r/9>9</a><a href=/r/1>1</a><a href=/r/2>2</a>"),
        (path, _) => Reply::html(path),
    });
    let mut bench = Bench::new();
    bench.options.pages = Some(2);
    bench.crawl(&plan(&server));
    rounds.store(1, Ordering::SeqCst);
    bench.now = "2026-03-02T09:00:00Z".parse().unwrap();
    bench.crawl(&plan(&server));
    assert_eq!(paths(&server), ["/", "/r/1", "/r/2", "/r/3"], "an hour later there is nothing to look for");
    bench.now = "2026-03-12T09:00:00Z".parse().unwrap();
    assert_eq!(bench.crawl(&plan(&server)).report.waiting, 1);
    bench.options.pages = None;
    bench.crawl(&plan(&server));
    assert_eq!(paths(&server)[4..], ["/", "/r/4", "/r/9"]);
}

#[test]
fn who_asked_for_a_pause_and_is_in_trouble_then_is_not_asked_every_minute() {
    let rounds = Arc::new(AtomicUsize::new(0));
    let round = rounds.clone();
    let server = Server::start(move |asked| match (asked.path.as_str(), round.load(Ordering::SeqCst)) {
        (_, 1) => Reply::act(|_| Ok(())),
        ("/robots.txt", _) => Reply::with("200 OK", "", "User-agent: *\nCrawl-delay: 3600\n"),
        _ => page_of(TIDES, asked),
    });
    let mut bench = Bench::new();
    bench.crawl(&plan(&server));
    let resumes = |bench: &Bench| chancery_capture::resumes(bench.dir.path(), bench.now);
    assert!(resumes(&bench).contains_key("no-tides"));
    rounds.store(1, Ordering::SeqCst);
    bench.now = "2026-03-02T10:00:00Z".parse().unwrap();
    let told = bench.crawl(&plan(&server));
    assert!(told.report.held_up && told.report.waiting > 0, "{:?}", told.report);
    assert!(resumes(&bench).is_empty(), "the next visit comes when the source's rhythm says so");
}

#[test]
fn a_site_with_hours_is_asked_in_them_alone() {
    let (server, mut bench) = (site(TIDES), Bench::new());
    let mut plan = plan(&server);
    plan.hours = Some(Hours { from: 22 * 60, to: 6 * 60, zone: jiff::tz::TimeZone::UTC });
    let told = bench.crawl(&plan);
    assert!(server.asked().is_empty(), "it is eight in the morning");
    assert_eq!(told.report.waits_for, ["127.0.0.1 until 2026-03-02T22:00:00Z: its hours are closed"]);
    assert!(!told.report.held_up && told.report.waiting == 1, "{:?}", told.report);
    let resumes = chancery_capture::resumes(bench.dir.path(), bench.now);
    assert_eq!(resumes["no-tides"].to_string(), "2026-03-02T22:00:00Z");
    // Hours that were changed since count at once.
    bench.now = "2026-03-02T09:30:00Z".parse().unwrap();
    plan.hours = Some(Hours { from: 9 * 60, to: 17 * 60, zone: jiff::tz::TimeZone::UTC });
    assert_eq!(bench.crawl(&plan).report.fetched, 5);
}

#[test]
fn a_lost_frontier_is_made_again_from_the_captures() {
    let (server, bench) = (site(TIDES), Bench::new());
    bench.crawl(&plan(&server));
    let before = server.asked().len();
    for damage in ["", "no database at all, but long enough to look like one file of them"] {
        for name in ["frontier.sqlite", "frontier.sqlite-wal", "frontier.sqlite-shm"] {
            drop(fs::remove_file(bench.dir.path().join(name)));
        }
        if !damage.is_empty() {
            fs::write(bench.dir.path().join("frontier.sqlite"), damage.repeat(50)).unwrap();
        }
        let told = bench.crawl(&plan(&server));
        assert_eq!((told.report.fetched, told.report.recovered), (0, 5));
        assert_eq!(server.asked().len(), before, "nothing is fetched twice");
        assert!(told.events.iter().any(|event| matches!(event, Event::Note { text } if text.starts_with("the frontier was missing or damaged"))));
    }
}

#[test]
fn a_torn_end_is_cut_off_and_the_page_fetched_again() {
    let (server, bench) = (site(TIDES), Bench::new());
    bench.crawl(&plan(&server));
    let whole = bench.records().len();
    let file = warcs(bench.dir.path()).remove(0);
    for name in ["frontier.sqlite", "frontier.sqlite-wal", "frontier.sqlite-shm"] {
        drop(fs::remove_file(bench.dir.path().join(name)));
    }
    // Into the answer of the last page: its question and the way to it are lost with it.
    let mut records = Reader::new(BufReader::new(File::open(&file).unwrap())).unwrap();
    let offsets: Vec<u64> = records.by_ref().map(|record| record.unwrap().0).collect();
    OpenOptions::new().write(true).open(&file).unwrap().set_len(offsets[offsets.len() - 3] + 50).unwrap();
    let told = bench.crawl(&plan(&server));
    assert_eq!((told.report.fetched, told.report.recovered), (1, 4));
    assert!(told.events.iter().any(
        |event| matches!(event, Event::Note { text } if text.contains("bytes of a torn record are cut off"))
    ));
    // One more than before: the robots.txt of another run.
    assert_eq!(bench.records().len(), whole + 3);
}

#[test]
fn two_crawls_into_one_folder_are_told_apart() {
    let (server, bench) = (site(TIDES), Bench::new());
    bench.crawl(&plan(&server));
    let held = rusqlite::Connection::open(bench.dir.path().join("frontier.sqlite")).unwrap();
    held.execute_batch("PRAGMA locking_mode=EXCLUSIVE; BEGIN IMMEDIATE;").unwrap();
    let told = bench.try_crawl(vec![plan(&server)]).err().unwrap().to_string();
    assert!(told.ends_with("another capture is at work on this archive"), "{told}");
}

#[test]
fn a_clock_that_jumps_back_loses_nothing() {
    let (server, mut bench) = (site(TIDES), Bench::new());
    bench.crawl(&plan(&server));
    bench.now = "2020-01-01T00:00:00Z".parse().unwrap();
    let told = bench.crawl(&plan(&server));
    assert_eq!(told.report.waiting, 0);
    assert!(
        paths(&server).iter().filter(|path| *path == "/").count() == 2,
        "the beginning is looked at again"
    );
}

#[test]
fn a_folder_that_cannot_be_written_is_told() {
    let (server, bench) = (site(TIDES), Bench::new());
    let folder = bench.dir.path().join("frontier.sqlite");
    fs::create_dir(&folder).unwrap();
    let told = bench.try_crawl(vec![plan(&server)]).err().unwrap().to_string();
    assert!(told.starts_with(&folder.display().to_string()), "{told}");
    assert!(server.asked().is_empty());
}

#[test]
fn files_are_closed_when_they_are_full_and_all_of_them_are_read() {
    let (server, mut bench) = (site(TIDES), Bench::new());
    bench.options.file = 1500;
    bench.crawl(&plan(&server));
    let files = warcs(bench.dir.path()).len();
    assert!(files > 1, "{files}");
    drop(fs::remove_file(bench.dir.path().join("frontier.sqlite")));
    assert_eq!(bench.crawl(&plan(&server)).report.recovered, 5);
}

#[test]
fn a_visit_that_a_clock_dates_ahead_keeps_nobody_from_the_next() {
    let (server, mut bench) = (site(TIDES), Bench::new());
    let real = bench.now;
    bench.now = "2036-01-01T00:00:00Z".parse().unwrap();
    bench.crawl(&plan(&server));
    assert!(visits(bench.dir.path(), real).is_empty());
    assert_eq!(visits(bench.dir.path(), bench.now).len(), 1);
    // Nor are releases left alone until the year in which they seem to have been fetched.
    bench.now = real;
    bench.crawl(&plan(&server));
    assert_eq!(paths(&server).iter().filter(|path| *path == "/r/1").count(), 2);
}

#[test]
fn what_stood_in_the_way_is_tried_again_by_the_next_run_and_told_again() {
    let rounds = Arc::new(AtomicUsize::new(0));
    let round = rounds.clone();
    let server = Server::start(move |asked| match (asked.path.as_str(), round.load(Ordering::SeqCst)) {
        ("/robots.txt", 0) => Reply::with("200 OK", "", "User-agent: *\nDisallow: /r/1\n"),
        ("/r/2", 0 | 1) => Reply::with("200 OK", "Transfer-Encoding: chunked\r\n", "zz"),
        _ => page_of(TIDES, asked),
    });
    let bench = Bench::new();
    let told = bench.crawl(&plan(&server));
    assert_eq!((told.left("/r/1"), told.left("/r/2").len()), (vec!["robots.txt forbids it"], 1));
    rounds.store(1, Ordering::SeqCst);
    let told = bench.crawl(&plan(&server));
    assert_eq!((told.left("/r/1").len(), told.left("/r/2").len()), (0, 1), "{:?}", told.report.left);
    rounds.store(2, Ordering::SeqCst);
    let told = bench.crawl(&plan(&server));
    assert_eq!((told.report.releases, told.left("/r/2").len()), (1, 0), "{:?}", told.report.left);
}

#[test]
fn pages_beyond_those_of_one_run_wait_for_the_next() {
    let (server, mut bench) = (site(TIDES), Bench::new());
    bench.limits.pages = 2;
    let told = bench.crawl(&plan(&server));
    assert_eq!((told.report.fetched, told.report.held_up), (2, false));
    assert!(told.report.waiting > 0 && told.report.waits_for[0].ends_with("2 pages of one host are a run"));
    bench.limits.pages = 100;
    bench.crawl(&plan(&server));
    let mut asked = paths(&server);
    asked.sort();
    assert_eq!(asked, ["/", "/list/2", "/r/1", "/r/2", "/r/3"]);
}
