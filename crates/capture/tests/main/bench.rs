//! Crawls of small sites on loopback: a folder, a clock, hosts with names, and what a crawl did and told.

use std::fs::{self, File};
use std::io::BufReader;
use std::net::IpAddr;
use std::path::Path;
use std::rc::Rc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use chancery_capture::discover::Addresses;
use chancery_capture::plan::Plan;
use chancery_capture::{
    Agent, CaptureError, CrawlJob, CrawlOptions, CrawlReport, Event, Fetcher, Given, Limits, Times, crawl,
};
use chancery_warc::{Reader, RecordKind, WarcRecord};
use jiff::Timestamp;
use regex::Regex;
use tempfile::TempDir;

use crate::server::{Asked, Reply, Server};

/// A folder that is crawled into, a clock, and the hosts that have names.
pub(crate) struct Bench {
    pub(crate) dir: TempDir,
    pub(crate) now: Timestamp,
    pub(crate) hosts: Vec<(String, String)>,
    pub(crate) pages: Vec<(String, url::Url)>,
    pub(crate) options: CrawlOptions,
    pub(crate) times: Times,
    pub(crate) limits: Limits,
}

/// What a crawl did and told.
pub(crate) struct Told {
    pub(crate) report: CrawlReport,
    pub(crate) events: Vec<Event>,
    /// Bytes of answers at once.
    pub(crate) most_at_hand: u64,
}

/// Times in which a busy machine answers too, so that a test shortens the one that it is about.
pub(crate) fn patient() -> Times {
    let long = Duration::from_secs(20);
    Times {
        dns: long,
        connect: long,
        tls: long,
        first_byte: long,
        idle: long,
        whole: long,
        slow: long,
        room: long,
    }
}

impl Bench {
    pub(crate) fn new() -> Self {
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
            times: patient(),
            limits: Limits { body: 200_000, ..Limits::default() },
        }
    }

    pub(crate) fn try_crawl(&self, plans: Vec<Plan>) -> Result<Told, CaptureError> {
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
            .collect();
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
        let fetcher = Rc::new(fetcher);
        let report = crawl(
            &job,
            fetcher.clone(),
            &|| now,
            &mut |event| events.push(event.clone()),
            &AtomicBool::new(false),
        )?;
        Ok(Told { report, events, most_at_hand: fetcher.most_at_hand() })
    }

    pub(crate) fn crawl(&self, plan: &Plan) -> Told {
        self.try_crawl(vec![plan.clone()]).unwrap()
    }

    /// All records that lie in the folder.
    pub(crate) fn records(&self) -> Vec<WarcRecord> {
        let mut names: Vec<_> = warcs(self.dir.path());
        names.sort();
        let open = |path| Reader::new(BufReader::new(File::open(path).unwrap())).unwrap();
        names.into_iter().flat_map(open).map(|record| record.unwrap().1).collect()
    }

    pub(crate) fn kinds(&self, url: &str) -> Vec<RecordKind> {
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

pub(crate) fn warcs(dir: &Path) -> Vec<std::path::PathBuf> {
    let files = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|ending| ending == "gz")).collect()
}

impl Told {
    /// Why a page was left.
    pub(crate) fn left(&self, path: &str) -> Vec<&str> {
        let of_path = |(_, url, _): &&(String, String, String)| url.ends_with(path);
        self.report.left.iter().filter(of_path).map(|(_, _, reason)| reason.as_str()).collect()
    }

    pub(crate) fn gone(&self) -> Vec<&str> {
        let gone = |event: &'_ Event| matches!(event, Event::Gone { .. });
        assert!(self.events.iter().filter(|event| gone(event)).count() <= self.report.gone.len());
        self.report.gone.iter().map(|(_, url)| url.as_str()).collect()
    }
}

/// A plan for the site of a server, whose releases are `/r/…`.
pub(crate) fn plan(server: &Server) -> Plan {
    plan_at("no-tides", &server.url("/"))
}

pub(crate) fn plan_at(source: &str, start: &str) -> Plan {
    let mut plan = Plan::new(source, vec![start.parse().unwrap()]);
    plan.release = vec![Regex::new("^/r/").unwrap()];
    plan
}

/// A server whose pages are these; `robots.txt` and all else is missing.
pub(crate) fn site(pages: &'static [(&'static str, &'static str)]) -> Server {
    Server::start(move |asked| page_of(pages, asked))
}

pub(crate) fn page_of(pages: &[(&str, &str)], asked: &Asked) -> Reply {
    match pages.iter().find(|(path, _)| *path == asked.path) {
        Some((_, body)) => Reply::html(body),
        None => missing(),
    }
}

pub(crate) fn missing() -> Reply {
    Reply::with("404 Not Found", "Content-Type: text/html\r\n", "<p>No such page")
}

pub(crate) fn to(place: &str) -> Reply {
    Reply::with("302 Found", &format!("Location: {place}\r\n"), "")
}

/// The pages that were asked for, without `robots.txt`.
pub(crate) fn paths(server: &Server) -> Vec<String> {
    let mut paths: Vec<String> = server.asked().into_iter().map(|asked| asked.path).collect();
    paths.retain(|path| path != "/robots.txt");
    paths
}

pub(crate) const TIDES: &[(&str, &str)] = &[
    ("/", "<a href=/r/1>Pier</a> <a rel=next href=/list/2>Older</a>"),
    ("/list/2", "<a href=/r/2>Tide tables</a> <a href=/r/1>Pier</a> <a href=/r/3>Lost</a>"),
    ("/r/1", "<h1>The pier is open</h1>"),
    ("/r/2", "<h1>New tide tables</h1>"),
];
