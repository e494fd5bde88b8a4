//! How long a host is left alone: its pace, what it asks for itself, and how long a run waits for that.

use std::time::{Duration, Instant};

use crate::bench::{Bench, TIDES, missing, page_of, paths, plan, plan_at, site};
use crate::server::{Reply, Server};

#[test]
fn hosts_wait_for_their_pace_and_one_connection_is_enough() {
    let server = site(TIDES);
    let mut bench = Bench::new();
    bench.options.pace = Some(Duration::from_millis(50));
    let begun = std::time::Instant::now();
    bench.crawl(&plan(&server));
    assert!(begun.elapsed() >= Duration::from_millis(250), "six questions have five pauses between them");
    assert_eq!(server.asked().iter().map(|asked| asked.connection).max(), Some(0));
}

#[test]
fn a_delay_that_nobody_means_ends_the_run_and_is_told() {
    for delay in ["1e9", "1e19"] {
        let server = Server::start(move |asked| match asked.path.as_str() {
            "/robots.txt" => Reply::with("200 OK", "", format!("User-agent: *\nCrawl-delay: {delay}\n")),
            _ => page_of(TIDES, asked),
        });
        let told = Bench::new().crawl(&plan(&server));
        assert_eq!(paths(&server), ["/"], "one page a run: {delay}");
        let waits = &told.report.waits_for[0];
        assert!(waits.ends_with("robots.txt asks to wait 86400 s between two pages"), "{waits}");
    }
}

#[test]
fn a_long_delay_is_kept_to_by_the_next_runs_and_they_go_on_when_it_is_over() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/robots.txt" => Reply::with("200 OK", "", "User-agent: *\nCrawl-delay: 3600\n"),
        _ => page_of(TIDES, asked),
    });
    let mut bench = Bench::new();
    let mut visit = |now: &str| {
        bench.now = now.parse().unwrap();
        let report = bench.crawl(&plan(&server)).report;
        let resumes = chancery_capture::resumes(bench.dir.path(), bench.now);
        assert!(!report.held_up, "nothing is wrong: {report:?}");
        (report.fetched, report.waits_for, resumes.get("no-tides").map(ToString::to_string))
    };
    let waits = |until: &str| {
        vec![format!("127.0.0.1 until {until}: robots.txt asks to wait 3600 s between two pages")]
    };
    let nine = "2026-03-02T09:00:00Z";
    assert_eq!(visit("2026-03-02T08:00:00Z"), (1, waits(nine), Some(nine.to_owned())));
    assert_eq!(visit("2026-03-02T08:30:00Z"), (0, waits(nine), Some(nine.to_owned())), "not yet");
    let ten = "2026-03-02T10:00:01Z";
    assert_eq!(visit("2026-03-02T09:00:01Z"), (1, waits(ten), Some(ten.to_owned())));
    assert_eq!(visit("2026-03-02T10:00:02Z").0, 1);
    // A clock that jumps back by more than anybody is waited for holds nothing up.
    assert_eq!(visit("2026-02-20T10:00:00Z").0, 1);
    assert_eq!(visit("2026-03-05T10:00:00Z").0, 1, "days later, first what is new is looked for");
    assert_eq!(visit("2026-03-05T11:00:01Z").2, None, "nothing waits any more");
}

/// A site of three pages, whose `robots.txt` asks for a delay.
fn delaying(ip: &str, delay: &'static str) -> Server {
    Server::at(ip, move |asked| match asked.path.as_str() {
        "/robots.txt" => Reply::with("200 OK", "", format!("User-agent: *\nCrawl-delay: {delay}\n")),
        "/" => Reply::html("<a href=/r/1>1</a><a href=/r/2>2</a>"),
        path => Reply::html(path),
    })
}

#[test]
fn a_run_that_has_time_waits_for_a_long_delay() {
    let server = delaying("127.0.0.1", "0.5");
    let mut bench = Bench::new();
    bench.options.time = Some(Duration::from_secs(600));
    let report = bench.crawl(&plan(&server)).report;
    assert_eq!((report.fetched, report.waiting, report.held_up), (3, 0, false), "{report:?}");
    assert!(report.waits_for.is_empty(), "{report:?}");
    // One that is longer than its time ends it at once.
    let server = delaying("127.0.0.1", "3600");
    let mut bench = Bench::new();
    bench.options.time = Some(Duration::from_secs(600));
    let report = bench.crawl(&plan(&server)).report;
    let wait = "127.0.0.1 until 2026-03-02T09:00:00Z: robots.txt asks to wait 3600 s between two pages";
    assert_eq!((report.fetched, report.waiting, report.held_up), (1, 2, false));
    assert_eq!(report.waits_for, [wait]);
}

#[test]
fn a_run_ends_when_its_time_is_over_and_the_next_goes_on() {
    let (server, mut bench) = (site(TIDES), Bench::new());
    bench.options.pace = Some(Duration::from_millis(300));
    bench.options.time = Some(Duration::from_millis(500));
    let report = bench.crawl(&plan(&server)).report;
    assert!(report.fetched < 5 && report.waiting > 0 && !report.held_up, "{report:?}");
    assert_eq!(report.waits_for, ["the time that this run may take"]);
    let resumes =
        |bench: &Bench| chancery_capture::resumes(bench.dir.path(), bench.now).get("no-tides").copied();
    assert_eq!(resumes(&bench), Some(bench.now), "the next visit is due at once");
    // Nor does a host that is never waited for keep it at work.
    let endless = Server::at("127.0.0.2", |asked| {
        std::thread::sleep(Duration::from_millis(30));
        let next = asked.path.trim_start_matches("/r/").parse::<u32>().unwrap_or(0) + 1;
        if next > 100 || asked.path == "/robots.txt" {
            missing()
        } else {
            Reply::html(&format!("<a href=/r/{next}>on</a>"))
        }
    });
    bench.options.pace = Some(Duration::ZERO);
    let report = bench.crawl(&plan_at("endless", &endless.url("/"))).report;
    assert!(report.fetched < 60, "{report:?}");
    assert_eq!(report.waits_for, ["the time that this run may take"]);
    (bench.options.time, bench.options.pace) = (None, Some(Duration::ZERO));
    assert_eq!(bench.crawl(&plan(&server)).report.waiting, 0);
    assert_eq!(resumes(&bench), None, "nothing waits any more");
    let mut asked = paths(&server);
    asked.sort();
    assert_eq!(asked, ["/", "/list/2", "/r/1", "/r/2", "/r/3"], "none twice");
}

#[test]
fn a_host_whose_long_pause_is_over_while_others_are_at_work_is_gone_on_with() {
    let (pausing, busy) =
        (delaying("127.0.0.1", "0.5"), Server::at("127.0.0.2", |asked| page_of(TIDES, asked)));
    let mut bench = Bench::new();
    bench.options.pace = None;
    let plans = [("slow", &pausing, 1), ("busy", &busy, 390)].map(|(source, server, pace)| {
        let mut plan = plan_at(source, &server.url("/"));
        plan.pace = Duration::from_millis(pace);
        plan
    });
    let report = bench.try_crawl(plans.into()).unwrap().report;
    assert_eq!((paths(&pausing).len(), report.waiting), (3, 0), "{report:?}");
}

#[test]
fn a_page_that_breaks_off_is_no_reason_to_ask_sooner() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/robots.txt" => Reply::with("200 OK", "", "User-agent: *\nCrawl-delay: 3600\n"),
        _ => Reply::with("200 OK", "Transfer-Encoding: chunked\r\n", "zz"),
    });
    let told = Bench::new().crawl(&plan(&server));
    assert_eq!((paths(&server).len(), told.report.waiting), (1, 1), "{:?}", told.report);
}

#[test]
fn who_says_when_to_come_back_is_in_no_trouble() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/robots.txt" => missing(),
        _ => Reply::with("503 Closed for the night", "Retry-After: 3600\r\n", ""),
    });
    let mut bench = Bench::new();
    let report = bench.crawl(&plan(&server)).report;
    assert_eq!((report.held_up, report.waiting), (false, 1), "{report:?}");
    assert_eq!(report.waits_for, ["127.0.0.1 until 2026-03-02T09:00:00Z: the server answers 503"]);
    bench.now = "2026-03-02T08:59:00Z".parse().unwrap();
    bench.crawl(&plan(&server));
    assert_eq!(paths(&server), ["/"], "the next run keeps to it");
}

#[test]
fn slow_answers_make_the_pace_slower() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/robots.txt" => missing(),
        path => {
            std::thread::sleep(Duration::from_millis(100));
            page_of(TIDES, &crate::server::Asked { path: path.to_owned(), ..asked.clone() })
        }
    });
    let mut bench = Bench::new();
    bench.options.pace = None;
    let mut plan = plan(&server);
    plan.pace = Duration::from_millis(1);
    let begun = Instant::now();
    assert_eq!(bench.crawl(&plan).report.fetched, 5);
    assert!(
        begun.elapsed() >= Duration::from_millis(5 * 100 + 4 * 200),
        "twice as long as the answer before took"
    );
}

#[test]
fn a_source_spends_its_budget_and_no_more_a_run() {
    let (server, bench) = (site(TIDES), Bench::new());
    let mut plan = plan(&server);
    plan.budget = Some(2);
    let report = bench.crawl(&plan).report;
    assert_eq!((report.fetched, report.held_up), (2, false));
    assert_eq!(report.waits_for, ["no-tides: its budget of 2 pages a run"]);
    bench.crawl(&plan);
    assert_eq!(paths(&server).len(), 4);
}
