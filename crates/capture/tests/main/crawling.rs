//! Whole crawls of small sites: what is fetched, kept, left and why, and how a crawl goes on after anything.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{BufReader, Write as _};
use std::net::IpAddr;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use chancery_capture::discover::Addresses;
use chancery_capture::plan::{Plan, Requisites, Robots};
use chancery_capture::{
    Agent, CaptureError, CrawlJob, CrawlOptions, CrawlReport, Event, Fetcher, Given, Limits, Times, crawl,
};
use chancery_warc::{Reader, RecordKind, WarcRecord};
use jiff::Timestamp;
use regex::Regex;
use tempfile::TempDir;

use crate::server::{Asked, Reply, Server};

/// A folder that is crawled into, a clock, and the hosts that have names.
struct Bench {
    dir: TempDir,
    now: Timestamp,
    hosts: Vec<(String, String)>,
    pages: Vec<(String, url::Url)>,
    options: CrawlOptions,
    times: Times,
    limits: Limits,
}

/// What a crawl did and told.
struct Told {
    report: CrawlReport,
    events: Vec<Event>,
}

impl Bench {
    fn new() -> Self {
        let long = Duration::from_secs(20);
        Self {
            dir: tempfile::tempdir().unwrap(),
            now: "2026-03-02T08:00:00Z".parse().unwrap(),
            hosts: Vec::new(),
            pages: Vec::new(),
            options: CrawlOptions {
                pace: Some(Duration::ZERO),
                retry: Duration::from_millis(30),
                patience: Duration::from_millis(400),
                tries: 2,
                ..CrawlOptions::default()
            },
            times: Times { dns: long, connect: long, tls: long, first_byte: long, idle: long, whole: long },
            limits: Limits { body: 200_000, ..Limits::default() },
        }
    }

    fn try_crawl(&self, plans: Vec<Plan>) -> Result<Told, CaptureError> {
        let agent =
            Agent { token: "chancery".into(), version: "9".into(), contact: "keeper@library.example".into() };
        let hosts =
            self.hosts.iter().map(|(name, ip)| (name.clone(), vec![ip.parse::<IpAddr>().unwrap()])).collect();
        let root =
            rcgen::generate_simple_self_signed(vec!["x.example".to_owned()]).unwrap().cert.der().clone();
        let mut fetcher = Fetcher::new(agent, Rc::new(Given(hosts)), vec![root]).unwrap();
        (fetcher.times, fetcher.limits) = (self.times, self.limits);
        fetcher.named = plans
            .iter()
            .flat_map(|plan| plan.start.iter().chain(&plan.feeds).chain(&plan.sitemaps))
            .filter_map(|url| url.host_str().map(str::to_owned))
            .collect::<BTreeSet<_>>();
        let job = CrawlJob {
            plans,
            pages: self.pages.clone(),
            addresses: Addresses { documents: vec!["pdf".into()], ..Addresses::default() },
            folder: self.dir.path().to_owned(),
            software: "chancery 9".into(),
            begun: self.now,
            options: self.options.clone(),
        };
        let mut events = Vec::new();
        let now = self.now;
        let report = crawl(
            &job,
            Rc::new(fetcher),
            &|| now,
            &mut |event| events.push(event.clone()),
            &AtomicBool::new(false),
        )?;
        Ok(Told { report, events })
    }

    fn crawl(&self, plan: &Plan) -> Told {
        self.try_crawl(vec![plan.clone()]).unwrap()
    }

    /// All records that lie in the folder.
    fn records(&self) -> Vec<WarcRecord> {
        let mut names: Vec<_> = warcs(self.dir.path());
        names.sort();
        let open = |path| Reader::new(BufReader::new(File::open(path).unwrap())).unwrap();
        names.into_iter().flat_map(open).map(|record| record.unwrap().1).collect()
    }

    fn kinds(&self, url: &str) -> Vec<RecordKind> {
        let of_url = |record: &WarcRecord| record.target_uri() == Some(url);
        let answers = [RecordKind::Response, RecordKind::Revisit];
        self.records()
            .into_iter()
            .filter(of_url)
            .map(|record| record.kind)
            .filter(|kind| answers.contains(kind))
            .collect()
    }
}

fn warcs(dir: &Path) -> Vec<std::path::PathBuf> {
    let files = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|ending| ending == "gz")).collect()
}

impl Told {
    /// Why a page was left.
    fn left(&self, path: &str) -> Vec<&str> {
        let of_path = |(_, url, _): &&(String, String, String)| url.ends_with(path);
        self.report.left.iter().filter(of_path).map(|(_, _, reason)| reason.as_str()).collect()
    }

    fn gone(&self) -> Vec<&str> {
        let gone = |event: &'_ Event| matches!(event, Event::Gone { .. });
        assert!(self.events.iter().filter(|event| gone(event)).count() <= self.report.gone.len());
        self.report.gone.iter().map(|(_, url)| url.as_str()).collect()
    }
}

/// A plan for the site of a server, whose releases are `/r/…`.
fn plan(server: &Server) -> Plan {
    plan_at("no-tides", &server.url("/"))
}

fn plan_at(source: &str, start: &str) -> Plan {
    let mut plan = Plan::new(source, vec![start.parse().unwrap()]);
    plan.release = vec![Regex::new("^/r/").unwrap()];
    plan
}

/// A server whose pages are these; `robots.txt` and all else is missing.
fn site(pages: &'static [(&'static str, &'static str)]) -> Server {
    Server::start(move |asked| page_of(pages, asked))
}

fn page_of(pages: &[(&str, &str)], asked: &Asked) -> Reply {
    match pages.iter().find(|(path, _)| *path == asked.path) {
        Some((_, body)) => Reply::html(body),
        None => missing(),
    }
}

fn missing() -> Reply {
    Reply::with("404 Not Found", "Content-Type: text/html\r\n", "<p>No such page")
}

fn to(place: &str) -> Reply {
    Reply::with("302 Found", &format!("Location: {place}\r\n"), "")
}

/// The pages that were asked for, without `robots.txt`.
fn paths(server: &Server) -> Vec<String> {
    let mut paths: Vec<String> = server.asked().into_iter().map(|asked| asked.path).collect();
    paths.retain(|path| path != "/robots.txt");
    paths
}

const TIDES: &[(&str, &str)] = &[
    ("/", "<a href=/r/1>Pier</a> <a rel=next href=/list/2>Older</a>"),
    ("/list/2", "<a href=/r/2>Tide tables</a> <a href=/r/1>Pier</a> <a href=/r/3>Lost</a>"),
    ("/r/1", "<h1>The pier is open</h1>"),
    ("/r/2", "<h1>New tide tables</h1>"),
];

#[test]
fn a_site_is_kept_with_questions_answers_and_ways() {
    let (server, bench) = (site(TIDES), Bench::new());
    let told = bench.crawl(&plan(&server));
    let mut asked = paths(&server);
    asked.sort();
    assert_eq!(asked, ["/", "/list/2", "/r/1", "/r/2", "/r/3"]);
    assert_eq!(told.left("/r/3"), ["the server answers 404"]);
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
    for how in ["404", "410", "home", "soft"] {
        let is_gone = Arc::new(AtomicBool::new(false));
        let gone = is_gone.clone();
        let server = Server::start(move |asked| match asked.path.as_str() {
            "/r/1" if gone.load(Ordering::SeqCst) => match how {
                "404" => missing(),
                "410" => Reply::with("410 Gone", "", ""),
                "home" => to("/"),
                _ => Reply::html("<a href=/r/1>1</a>"),
            },
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
fn robots_are_obeyed_as_the_standard_says() {
    let with_robots = |robots: Reply| {
        let robots = std::sync::Mutex::new(Some(robots));
        Server::start(move |asked| match asked.path.as_str() {
            "/robots.txt" => robots.lock().unwrap().take().unwrap_or_else(missing),
            "/" => Reply::html("<a href=/r/1>1</a><a href=/r/secret/2>2</a>"),
            _ => Reply::html(&asked.path),
        })
    };
    let crawled = |robots: Reply| {
        let server = with_robots(robots);
        let bench = Bench {
            times: Times { first_byte: Duration::from_millis(150), ..Bench::new().times },
            ..Bench::new()
        };
        let told = bench.crawl(&plan(&server));
        (paths(&server), told)
    };
    let ours = "User-agent: *\nDisallow: /\n\nUser-agent: Chancery\nDisallow: /r/secret/\n";
    let (asked, told) = crawled(Reply::with("200 OK", "", ours));
    assert_eq!(asked, ["/", "/r/1"]);
    assert_eq!(told.left("/r/secret/2"), ["robots.txt forbids it"]);
    let (asked, _) = crawled(missing());
    assert_eq!(asked.len(), 3);
    // 50 MB of it: what stands in the first 500 KiB counts.
    let huge = format!("{ours}# {}\n", "x".repeat(50 << 20));
    let (asked, _) = crawled(Reply::with("200 OK", "", huge));
    assert_eq!(asked, ["/", "/r/1"]);
    for trouble in [
        Reply::with("503 Service Unavailable", "", ""),
        Reply::act(|_| {
            thread::sleep(Duration::from_millis(700));
            Ok(())
        }),
    ] {
        let server = Server::start(|_| Reply::with("500 Oh", "", ""));
        drop(server);
        let (_, told) = crawled(trouble);
        let waited = |event: &Event| matches!(event, Event::Waiting { reason, .. } if reason.starts_with("robots.txt cannot be read: "));
        assert!(told.events.iter().any(waited), "{:?}", told.events);
        assert_eq!(told.report.waiting, 0, "it came at the second try");
    }
}

#[test]
fn robots_that_never_answer_keep_the_pages_for_a_later_run() {
    let server = Server::start(|_| Reply::with("500 Oh", "", ""));
    let told = Bench::new().crawl(&plan(&server));
    assert_eq!((told.report.fetched, told.report.waiting), (0, 1));
    assert!(told.report.waits_for.unwrap().ends_with("robots.txt cannot be read: the server answers 500"));
}

#[test]
fn robots_are_passed_over_only_with_a_reason_that_is_kept() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/robots.txt" => Reply::with("200 OK", "", "User-agent: *\nDisallow: /\n"),
        path => Reply::html(path),
    });
    let mut plan = plan(&server);
    plan.robots = Robots::Ignore { reason: "legal deposit, act of 1989".into() };
    let bench = Bench::new();
    bench.crawl(&plan);
    assert_eq!(paths(&server), ["/"]);
    let info = String::from_utf8_lossy(&bench.records()[0].body).into_owned();
    assert!(info.contains("robots: ignored for no-tides: legal deposit, act of 1989\r\n"), "{info}");
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
fn redirects_lead_no_further_than_they_may() {
    let inside = Server::at("127.0.0.9", |_| Reply::html("secret"));
    let secret = inside.url("/secret");
    let server = Server::start(move |asked| match asked.path.as_str() {
        "/" => Reply::html(
            "<a href=/r/loop>1</a><a href=/r/far/0>2</a><a href=/r/in>3</a><a href=/r/self>4</a><a href=/r/moved>5</a>",
        ),
        "/r/loop" => to("/r/pool"),
        "/r/pool" => to("/r/loop"),
        "/r/self" => to("/r/self"),
        "/r/in" => to(&secret),
        "/r/moved" => to("/r/here"),
        "/r/here" => Reply::html("<p>here"),
        path => match path.strip_prefix("/r/far/").and_then(|n| n.parse::<u32>().ok()) {
            Some(n) => to(&format!("/r/far/{}", n + 1)),
            None => missing(),
        },
    });
    let mut bench = Bench::new();
    bench.hosts = vec![("tides.example".into(), "127.0.0.1".into())];
    let mut plan = plan(&server);
    let told = bench.crawl(&plan);
    assert_eq!(told.left("/r/pool").len(), 1, "{:?}", told.report.left);
    assert!(told.left("/r/pool")[0].starts_with("it redirects in a circle: "), "{:?}", told.report.left);
    assert_eq!(told.left("/r/self"), ["it redirects to itself"]);
    assert_eq!(told.left("/r/far/5"), ["more than 5 redirects"]);
    assert_eq!(told.left("/r/in"), [format!("it leads to another site: {}", inside.url("/secret"))]);
    assert_eq!(bench.kinds(&server.url("/r/here")), [RecordKind::Response]);

    // A part of a page may lie elsewhere, but never inside.
    let picture = inside.url("/picture");
    let showing = Server::start(move |asked| match asked.path.as_str() {
        "/" => Reply::html(&format!("<img src={picture}>")),
        _ => missing(),
    });
    plan = plan_at("no-shows", &showing.url("/"));
    plan.requisites = Requisites::All;
    let told = bench.crawl(&plan);
    assert!(inside.asked().is_empty());
    let why = "127.0.0.9 is 127.0.0.9, a loopback address: not fetched";
    assert!(
        told.report.left.iter().any(|(_, _, reason)| reason.contains(why))
            || told.report.waits_for.as_ref().is_some_and(|wait| wait.contains(why)),
        "{:?}",
        told.report
    );
}

/// Whatever one host does, the other is crawled, and the report says what happened.
fn beside(bad: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> (Told, Server) {
    let good = Server::at("127.0.0.2", |asked| page_of(TIDES, asked));
    let bad = Server::at("127.0.0.3", bad);
    let short = Duration::from_millis(200);
    let mut bench = Bench::new();
    bench.times = Times { first_byte: short, idle: short, whole: Duration::from_millis(500), ..bench.times };
    let told = bench.try_crawl(vec![plan_at("bad", &bad.url("/")), plan_at("good", &good.url("/"))]).unwrap();
    assert_eq!(paths(&good).len(), 5, "the other host goes on");
    (told, bad)
}

#[test]
fn a_host_in_trouble_holds_up_nobody() {
    let (told, bad) = beside(|asked| match asked.path.as_str() {
        "/robots.txt" => missing(),
        _ => Reply::with("500 Oh", "", "<p>trouble"),
    });
    assert_eq!(paths(&bad), ["/", "/"]);
    assert_eq!(told.left("127.0.0.3:"), Vec::<&str>::new());
    assert!(
        told.report
            .left
            .iter()
            .any(|(source, _, reason)| source == "bad" && reason == "the server answers 500")
    );

    let (told, _) = beside(|asked| match asked.path.as_str() {
        "/robots.txt" => missing(),
        _ => Reply::with("429 Slow down", "Retry-After: 3600\r\n", ""),
    });
    assert_eq!(
        told.report.waits_for.as_deref(),
        Some("127.0.0.3 until 2026-03-02T09:00:00Z: the server answers 429")
    );
    assert_eq!(told.report.waiting, 1);
}

#[test]
fn hostile_answers_hold_up_nobody() {
    let packed = {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(&vec![0; 40 << 20]).unwrap();
        packer.finish().unwrap()
    };
    let answer = move |path: &str| match path {
        "/" => {
            let all = ["drip", "endless", "bomb", "short", "chunks", "wide", "charset", "mute"];
            Reply::html(&all.map(|name| format!("<a href=/r/{name}>{name}</a>")).concat())
        }
        "/r/drip" => Reply::act(|stream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
            loop {
                stream.write_all(b"x")?;
                thread::sleep(Duration::from_millis(20));
            }
        }),
        "/r/endless" => Reply::act(|stream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
            loop {
                stream.write_all(&[b'x'; 9999])?;
            }
        }),
        "/r/bomb" => Reply::with("200 OK", "Content-Type: text/html\r\nContent-Encoding: gzip\r\n", &packed),
        "/r/short" => {
            Reply::act(|stream| stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nx"))
        }
        "/r/chunks" => Reply::act(|stream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
        }),
        "/r/wide" => Reply::with("200 OK", &format!("X: {}\r\n", "x".repeat(1 << 20)), ""),
        "/r/charset" => Reply::with(
            "200 OK",
            "Content-Type: text/html; charset=klingon\r\n",
            b"<p>\xff\xe9 <a href=/r/found>x</a>",
        ),
        "/r/found" => Reply::html("<p>found"),
        "/r/mute" => Reply::act(|_| {
            thread::sleep(Duration::from_millis(500));
            Ok(())
        }),
        _ => missing(),
    };
    let (told, bad) = beside(move |asked| answer(&asked.path));
    let check = |name: &str, reason: &str| assert_eq!(told.left(&format!("/r/{name}")), [reason], "{name}");
    check("drip", "gave up after 500 ms: the whole answer did not come");
    check("endless", "the body is larger than 200000 bytes");
    check("bomb", "the body unpacks to more than 200 times its size, which only a trap does");
    check("short", "the answer is broken: it ends before its end");
    check("wide", "the head of the answer is larger than 65536 bytes");
    check("mute", "gave up after 200 ms: the first byte of the answer did not come");
    assert!(told.left("/r/chunks")[0].starts_with("the answer is broken: "));
    assert!(
        paths(&bad).contains(&"/r/found".to_owned()),
        "links of a page whose charset nobody knows are followed"
    );
}

#[test]
fn a_crawl_with_a_budget_goes_on_where_it_ended() {
    let (server, mut bench) = (site(TIDES), Bench::new());
    bench.options.pages = Some(2);
    let told = bench.crawl(&plan(&server));
    assert_eq!((told.report.fetched, told.report.waiting > 0), (2, true));
    assert_eq!(told.report.waits_for.as_deref(), Some("the pages that this run may fetch"));
    bench.options.pages = None;
    bench.crawl(&plan(&server));
    let mut asked = paths(&server);
    asked.sort();
    assert_eq!(asked, ["/", "/list/2", "/r/1", "/r/2", "/r/3"]);
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
fn hosts_wait_for_their_pace_and_one_connection_is_enough() {
    let server = site(TIDES);
    let mut bench = Bench::new();
    bench.options.pace = Some(Duration::from_millis(50));
    let begun = std::time::Instant::now();
    bench.crawl(&plan(&server));
    assert!(begun.elapsed() >= Duration::from_millis(250), "six questions have five pauses between them");
    assert_eq!(server.asked().iter().map(|asked| asked.connection).max(), Some(0));
}
