//! Whole crawls of small sites: what is fetched, kept, left and why.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use chancery_capture::plan::Requisites;
use chancery_capture::{Event, Gone, Tag};
use chancery_warc::RecordKind;

use crate::bench::{Bench, TIDES, Told, missing, paths, plan, plan_at, site, to};
use crate::server::{Reply, Server};

#[test]
fn a_site_is_kept_with_questions_answers_and_ways() {
    let (server, bench) = (site(TIDES), Bench::new());
    let told = bench.crawl(&plan(&server));
    let mut asked = paths(&server);
    asked.sort();
    assert_eq!(asked, ["/", "/list/2", "/r/1", "/r/2", "/r/3"]);
    assert_eq!((told.left("/r/3"), told.report.failed), (vec!["the server answers 404"], 0));
    assert_eq!((told.report.fetched, told.report.releases, told.report.waiting), (5, 2, 0));
    let records = bench.records();
    assert_eq!(records[0].kind, RecordKind::Warcinfo);
    let info = String::from_utf8_lossy(&records[0].body).into_owned();
    assert!(
        info.contains("operator: keeper@library.example\r\n") && info.contains("robots: obey\r\n"),
        "{info}"
    );
    let of = |kind: RecordKind| records.iter().filter(|record| record.kind == kind).count();
    // One more of each: robots.txt, which is missing too.
    assert_eq!((of(RecordKind::Response), of(RecordKind::Request), of(RecordKind::Metadata)), (6, 6, 6));
    let metadata = records
        .iter()
        .find(|r| r.kind == RecordKind::Metadata && r.target_uri() == Some(&server.url("/r/2")));
    let fields = String::from_utf8_lossy(&metadata.unwrap().body).into_owned();
    assert!(fields.contains(&format!("via: {}\r\n", server.url("/list/2"))), "{fields}");
    let response = records
        .iter()
        .find(|r| r.kind == RecordKind::Response && r.target_uri() == Some(&server.url("/r/1")));
    assert_eq!(response.unwrap().body, b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 25\r\n\r\n<h1>The pier is open</h1>");
    assert!(bench.crawl(&plan(&server)).gone().is_empty(), "what never was there is not gone");
}

#[test]
fn a_second_run_asks_for_what_may_be_new_and_keeps_no_body_twice() {
    let rounds = Arc::new(AtomicUsize::new(0));
    let round = rounds.clone();
    let server = Server::start(move |asked| match (asked.path.as_str(), round.load(Ordering::SeqCst)) {
        ("/", _) if asked.header("if-none-match") == Some("\"s\"") => {
            Reply::Bytes(b"HTTP/1.1 304 Not Modified\r\nETag: \"s\"\r\n\r\n".to_vec())
        }
        ("/", _) => Reply::with(
            "200 OK",
            "ETag: \"s\"\r\nContent-Type: text/html\r\n",
            "<a href=/r/1>1</a><a href=/r/2>2</a>",
        ),
        // A new mark at every visit, for the same page.
        ("/r/1", n) => {
            Reply::with("200 OK", &format!("ETag: \"{n}\"\r\nContent-Type: text/html\r\n"), "<p>same")
        }
        ("/r/2", n) => Reply::html(&format!("<p>version {n}")),
        _ => missing(),
    });
    let mut bench = Bench::new();
    bench.crawl(&plan(&server));
    bench.now = "2026-03-20T08:00:00Z".parse().unwrap();
    rounds.store(1, Ordering::SeqCst);
    let told = bench.crawl(&plan(&server));
    assert_eq!((told.report.fetched, told.report.same, told.report.releases), (3, 2, 1));
    assert_eq!(bench.kinds(&server.url("/")), [RecordKind::Response, RecordKind::Revisit]);
    assert_eq!(bench.kinds(&server.url("/r/1")), [RecordKind::Response, RecordKind::Revisit]);
    assert_eq!(bench.kinds(&server.url("/r/2")), [RecordKind::Response, RecordKind::Response]);
    let records = bench.records();
    let revisits: Vec<_> = records.iter().filter(|record| record.kind == RecordKind::Revisit).collect();
    assert!(revisits[0].header("WARC-Profile").unwrap().ends_with("/server-not-modified"));
    assert!(revisits[1].header("WARC-Profile").unwrap().ends_with("/identical-payload-digest"));
    assert_eq!(revisits[1].header("WARC-Refers-To-Target-URI"), Some(server.url("/r/1").as_str()));
}

#[test]
fn one_page_under_two_addresses_is_kept_once() {
    let server =
        site(&[("/", "<a href=/r/1>1</a><a href=/r/2>2</a>"), ("/r/1", "<p>one"), ("/r/2", "<p>one")]);
    let bench = Bench::new();
    let told = bench.crawl(&plan(&server));
    assert_eq!(told.report.same, 1);
    assert_eq!(bench.kinds(&server.url("/r/2")), [RecordKind::Revisit]);
}

#[test]
fn a_release_is_gone_when_it_is_missing_twice() {
    for how in ["404", "410", "home", "soft", "token", "leads", "top"] {
        let is_gone = Arc::new(AtomicBool::new(false));
        let gone = is_gone.clone();
        let times = AtomicUsize::new(0);
        // Another token and another count at every visit.
        let home = move || {
            let n = times.fetch_add(1, Ordering::SeqCst);
            Reply::html(&format!("<input type=hidden value=t{n}><a href=/r/1>1</a> <p>Visitors: {n}"))
        };
        let server = Server::start(move |asked| match asked.path.as_str() {
            "/r/1" if gone.load(Ordering::SeqCst) => match how {
                "404" => missing(),
                "410" => Reply::with("410 Gone", "", ""),
                "home" => to("/"),
                "leads" => Reply::html("<meta http-equiv=refresh content='0; url=/'>"),
                "top" => to("/en/"),
                "token" => home(),
                _ => Reply::html("<a href=/r/1>1</a>"),
            },
            "/" if how == "token" => home(),
            "/" => Reply::html("<a href=/r/1>1</a>"),
            "/r/1" => Reply::html("<p>there"),
            _ => missing(),
        });
        let mut bench = Bench::new();
        let mut visit = |now: &str| {
            bench.now = now.parse().unwrap();
            bench.crawl(&plan(&server)).gone().len()
        };
        assert_eq!(visit("2026-03-02T08:00:00Z"), 0, "{how}");
        is_gone.store(true, Ordering::SeqCst);
        assert_eq!(visit("2026-03-12T08:00:00Z"), 0, "{how}: missing once");
        // A release that was missing once is looked at by the next run, however soon.
        assert_eq!(visit("2026-03-12T09:00:00Z"), 1, "{how}: missing twice");
        is_gone.store(false, Ordering::SeqCst);
        assert_eq!(visit("2026-04-12T09:00:00Z"), 0, "{how}: there again");
    }
}

#[test]
fn a_front_page_that_the_source_does_not_begin_at_is_asked_for_when_a_release_is_altered() {
    let rounds = Arc::new(AtomicUsize::new(0));
    let round = rounds.clone();
    let server = Server::start(move |asked| match (asked.path.as_str(), round.load(Ordering::SeqCst)) {
        ("/", _) => Reply::html("<h1>Ministry</h1><a href=/list>Releases</a>"),
        ("/list", _) => Reply::html("<a href=/r/1>1</a><a href=/r/2>2</a><a href=/r/3>3</a>"),
        ("/r/1", 1..) => Reply::html("<h1>Ministry</h1><a href=/list>Releases</a>"),
        ("/r/2", n @ 1..) => Reply::html(&format!("<p>edited {n}")),
        (path, _) => Reply::html(path),
    });
    let mut bench = Bench::new();
    let plan = plan_at("no-tides", &server.url("/list"));
    bench.crawl(&plan);
    for (visit, now) in ["2026-03-12T08:00:00Z", "2026-03-22T08:00:00Z"].into_iter().enumerate() {
        rounds.store(visit + 1, Ordering::SeqCst);
        bench.now = now.parse().unwrap();
        let told = bench.crawl(&plan);
        let gone = if visit == 0 { vec![] } else { vec![server.url("/r/1")] };
        assert_eq!(told.gone(), gone);
        assert_eq!((told.report.fetched, told.report.waiting), (5, 0), "the first page of the host came too");
        assert_eq!(told.report.releases, 1, "one was edited");
    }
    let asked = paths(&server).iter().filter(|path| *path == "/").count();
    assert_eq!(asked, 2, "not in a run in which nothing was altered");
    let of_front = |record: &chancery_warc::WarcRecord| {
        Tag::of(record).is_some_and(|tag| tag.front) && record.target_uri() == Some(&server.url("/r/1"))
    };
    assert_eq!(bench.records().iter().filter(|record| of_front(record)).count(), 2);
    // The files alone say so too.
    for ending in ["", "-wal", "-shm"] {
        drop(std::fs::remove_file(bench.dir.path().join(format!("frontier.sqlite{ending}"))));
    }
    bench.crawl(&plan);
    assert_eq!(Gone::open(bench.dir.path()).all(), [server.url("/r/1")]);
}

#[test]
fn a_start_page_that_redirects_is_followed_in_every_run() {
    let rounds = Arc::new(AtomicUsize::new(0));
    let round = rounds.clone();
    let server = Server::start(move |asked| match (asked.path.as_str(), round.load(Ordering::SeqCst)) {
        ("/", _) => to("/en/news"),
        ("/en/news", 0) => Reply::html("<a href=/r/1>1</a>"),
        ("/en/news", _) => Reply::html("<a href=/r/1>1</a><a href=/r/2>2</a>"),
        (path, _) => Reply::html(path),
    });
    let bench = Bench::new();
    assert_eq!(bench.crawl(&plan(&server)).report.releases, 1);
    rounds.store(1, Ordering::SeqCst);
    let told = bench.crawl(&plan(&server));
    assert_eq!((told.report.releases, told.report.left_count), (1, 0), "{:?}", told.report.left);
}

#[test]
fn pages_say_what_may_be_kept_and_followed() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/" => Reply::html("<a href=/r/1>1</a><a href=/r/2>2</a><a href=/r/3>3</a>"),
        "/r/1" => Reply::html("<meta name=robots content=noarchive><a href=/r/4>4</a>"),
        "/r/2" => Reply::with(
            "200 OK",
            "X-Robots-Tag: nofollow\r\nContent-Type: text/html\r\n",
            "<a href=/r/5>5</a>",
        ),
        "/r/3" => Reply::html("<a rel=nofollow href=/r/6>6</a>"),
        _ => missing(),
    });
    let bench = Bench::new();
    let told = bench.crawl(&plan(&server));
    assert_eq!(told.left("/r/1"), ["the page forbids that it be kept (noarchive)"]);
    assert_eq!(bench.kinds(&server.url("/r/1")), []);
    let asked = paths(&server);
    assert!(!asked.contains(&"/r/5".to_owned()) && !asked.contains(&"/r/6".to_owned()), "{asked:?}");
}

#[test]
fn a_page_that_is_named_is_fetched_alone() {
    let (server, mut bench) = (site(TIDES), Bench::new());
    bench.pages = vec![("no-tides".into(), server.url("/r/1").parse().unwrap())];
    for visits in 1..3 {
        let told = bench.crawl(&plan(&server));
        assert_eq!((told.report.fetched, told.report.waiting), (1, 0));
        assert_eq!(paths(&server), vec!["/r/1"; visits]);
    }
    bench.pages.clear();
    assert_eq!(bench.crawl(&plan(&server)).report.fetched, 4, "the rest, without the one that is there");
}

#[test]
fn a_page_that_is_named_comes_with_what_shows_it() {
    let server = site(&[
        ("/r/1", "<img src=/pier.png><a href=/r/2>Older</a><a href=/fees.pdf>Fees</a>"),
        ("/r/2", "<p>older"),
    ]);
    for (requisites, want) in [
        (Requisites::None, &["/r/1"][..]),
        (Requisites::Documents, &["/r/1", "/fees.pdf"]),
        (Requisites::All, &["/r/1", "/fees.pdf", "/pier.png"]),
    ] {
        let mut bench = Bench::new();
        bench.pages = vec![("no-tides".into(), server.url("/r/1").parse().unwrap())];
        let mut plan = plan(&server);
        plan.requisites = requisites;
        let before = paths(&server).len();
        bench.crawl(&plan);
        assert_eq!(paths(&server)[before..], *want, "{requisites:?}");
    }
}

#[test]
fn a_style_sheet_comes_with_what_it_names() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/r/1" => Reply::html(
            "<link rel=stylesheet href=/css/a.css><style>p { background: url(/sand.png) }</style>
            <p style=\"background: url('/sea.png')\">The pier is open",
        ),
        "/css/a.css" => Reply::with(
            "200 OK",
            "Content-Type: text/css\r\n",
            "@import 'a.css?1'; @font-face { src: url(../sans.woff2) }",
        ),
        path if path.starts_with("/css/a.css?") => {
            let next: u32 = path.rsplit('?').next().unwrap().parse::<u32>().unwrap() + 1;
            Reply::with("200 OK", "Content-Type: text/css\r\n", format!("@import 'a.css?{next}';"))
        }
        "/robots.txt" => missing(),
        path => Reply::with("200 OK", "Content-Type: image/png\r\n", path),
    });
    let mut bench = Bench::new();
    bench.pages = vec![("no-tides".into(), server.url("/r/1").parse().unwrap())];
    let mut plan = plan(&server);
    plan.requisites = Requisites::All;
    let told = bench.crawl(&plan);
    let asked = paths(&server);
    for part in ["/css/a.css", "/sand.png", "/sea.png", "/sans.woff2", "/css/a.css?1"] {
        assert!(asked.contains(&part.to_owned()), "{part}: {asked:?}");
    }
    assert_eq!(asked.len(), 10, "a sheet that names sheets for ever is left: {asked:?}");
    assert_eq!((told.report.waiting, told.report.failed), (0, 0), "{:?}", told.report);
}

fn notes(told: &Told) -> Vec<&str> {
    let note = |event: &'_ Event| matches!(event, Event::Note { .. });
    let notes = told.events.iter().filter(|event| note(event));
    notes
        .filter_map(|event| if let Event::Note { text } = event { Some(text.as_str()) } else { None })
        .collect()
}

#[test]
fn a_source_goes_on_from_a_page_that_was_captured_under_another_id() {
    let rounds = Arc::new(AtomicUsize::new(0));
    let round = rounds.clone();
    let server = Server::start(move |asked| match (asked.path.as_str(), round.load(Ordering::SeqCst)) {
        ("/", _) if asked.header("if-none-match").is_some() => {
            Reply::Bytes(b"HTTP/1.1 304 Not Modified\r\nETag: \"s\"\r\n\r\n".to_vec())
        }
        // The server's mark does not change with the page, so that a question by it would hide what is new.
        ("/", n) => Reply::with(
            "200 OK",
            "ETag: \"s\"\r\nContent-Type: text/html\r\n",
            format!("<a href=/r/{n}>new</a> <a href=/r/0>0</a> <a rel=next href=/list/2>Older</a>"),
        ),
        ("/list/2", n) => Reply::html(&format!("<a href=/r/1{n}>older</a>")),
        (path, _) if path.starts_with("/r/") => Reply::html(&format!("<p>Release {path}")),
        _ => missing(),
    });
    let bench = Bench::new();
    bench.crawl(&plan(&server));
    rounds.store(1, Ordering::SeqCst);
    let before = paths(&server).len();
    let harbours = plan_at("no-harbours", &server.url("/"));
    let told = bench.crawl(&harbours);
    assert_eq!(paths(&server)[before..], ["/", "/list/2", "/r/1", "/r/11"]);
    assert_eq!(told.report.releases, 2);
    let why = "captured for no-tides before, and now for no-harbours; releases that came stay with no-tides";
    assert_eq!(notes(&told), [format!("{}: {why}", server.url("/"))]);
    // Told once; from then on it is a source like any other.
    let again = bench.crawl(&harbours);
    assert!(notes(&again).is_empty(), "{:?}", notes(&again));
    assert_eq!(again.report.waiting, 0);
    // Two at work at once share no page.
    let both = bench.try_crawl(vec![harbours, plan(&server)]).unwrap();
    assert!(notes(&both)[0].contains("no-tides begins at it, and so does no-harbours"), "{:?}", notes(&both));
}
