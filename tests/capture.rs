//! A ministry's site into an archive, by the program: from a real server on loopback, killed and gone on with.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::kit::{Place, page, said};

/// How often a crawl is killed; `cargo xtask soak` kills it more often.
const KILLS: u64 = 20;
/// Releases of the site that is crawled while it is killed.
const RELEASES: usize = 2_000;
/// Releases on one list page.
const LISTED: usize = 50;
/// Among what was asked for while the last release is held back.
const HELD: &str = "held";

/// A site of so many releases on list pages that follow each other; counts how often each page was asked for.
pub(crate) struct Site {
    port: u16,
    asked: Arc<Mutex<BTreeMap<String, usize>>>,
}

impl Site {
    pub(crate) fn of(releases: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(BTreeMap::new()));
        let count = asked.clone();
        // Ends with the process of the tests.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let count = count.clone();
                thread::spawn(move || serve(&stream, releases, &count));
            }
        });
        Self { port, asked }
    }

    /// How often each page was asked for, without `robots.txt`.
    pub(crate) fn asked(&self) -> BTreeMap<String, usize> {
        let mut asked = self.asked.lock().unwrap().clone();
        asked.remove("/robots.txt");
        asked
    }

    /// An archive that knows the site as the source `xx-tides`.
    pub(crate) fn place(&self) -> Place {
        let place = Place::new();
        let source = format!(
            "id = \"xx-tides\"\nname = \"Ministry of Tides\"\nlanguage = \"en\"\n\n[crawl]\n\
             start = [\"http://127.0.0.1:{}/news\"]\nrelease = [\"^/news/[0-9]+$\"]\n",
            self.port
        );
        place.write("archive/sources/xx-tides.toml", source);
        place
    }
}

fn serve(stream: &TcpStream, releases: usize, asked: &Mutex<BTreeMap<String, usize>>) {
    let (mut lines, mut out) = (BufReader::new(stream), stream);
    let mut line = String::new();
    while lines.read_line(&mut line).is_ok_and(|length| length > 0) {
        let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
        while lines.read_line(&mut line).is_ok_and(|length| length > 2) {}
        line.clear();
        *asked.lock().unwrap().entry(path.clone()).or_default() += 1;
        // The last release may be held back.
        while path == format!("/news/{}", releases - 1) && asked.lock().unwrap().contains_key(HELD) {
            thread::sleep(Duration::from_millis(20));
        }
        let (status, body) =
            answer(&path, releases).map_or(("404 Not Found", String::new()), |body| ("200 OK", body));
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        if out.write_all(&[head.as_bytes(), body.as_bytes()].concat()).is_err() {
            return;
        }
    }
}

fn answer(path: &str, releases: usize) -> Option<String> {
    let list =
        path.strip_prefix("/news?page=").map_or((path == "/news").then_some(0), |number| number.parse().ok());
    if let Some(list) = list {
        let shown = (list * LISTED..releases).take(LISTED);
        let links: String =
            shown.map(|number| format!("<li><a href=/news/{number}>Gate {number}</a>")).collect();
        let next = ((list + 1) * LISTED < releases)
            .then(|| format!("<a rel=next href='/news?page={}'>Older</a>", list + 1));
        return Some(format!("<ul>{links}</ul>{}", next.unwrap_or_default()));
    }
    let number: usize = path.strip_prefix("/news/")?.parse().ok().filter(|number| *number < releases)?;
    let text = format!(
        "The Minister of Ports, Ana Roe, said that gate {number} is closed at night. The National Harbour Authority \
         (NHA) proposed that the guards of gate {number} be paid more."
    );
    Some(page(&format!("Gate {number}"), "2024-01-01", &[&text, &text]))
}

const FAST: [&str; 6] =
    ["--contact", "keeper@library.example", "--allow-private", "--pace", "0", "--log=json"];

pub(crate) fn args<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["capture", "xx-tides"], &FAST[..], more].concat()
}

/// The last line of a log.
pub(crate) fn report(out: &str) -> Value {
    let last: Value = serde_json::from_str(out.lines().last().unwrap()).unwrap();
    assert_eq!(last["event"], "report", "{last:#}");
    last["crawl"].clone()
}

#[test]
fn a_site_is_captured_read_and_found() {
    let site = Site::of(3);
    let place = site.place();
    let ran = place.well(&[
        "capture",
        "xx-tides",
        "--contact",
        "keeper@library.example",
        "--allow-private",
        "--pace",
        "0",
    ]);
    assert_eq!(ran.out, "archive: 4 pages fetched; 3 new\n");
    let hits = place.well(&["search", "guards of gate 2", "--ndjson"]).records();
    assert!(!hits.is_empty());
    let shown = place.well(&["show", &format!("http://127.0.0.1:{}/news/1", site.port), "--json"]).out;
    assert!(shown.contains("Gate 1") && shown.contains("\"xx-tides\""), "{shown}");
    // The list is looked at again, what it lists is there.
    let again = place.well(&[
        "capture",
        "xx-tides",
        "--contact",
        "keeper@library.example",
        "--allow-private",
        "--pace",
        "0",
    ]);
    assert_eq!(again.out, "archive: 1 page fetched, 1 as before; nothing new\n");
    // The archive may say itself whom the keepers of sites may write to.
    let own = ["capture", "xx-tides", "--allow-private", "--pace", "0"];
    place.run(&own).told(1, &["nobody says whom the keepers of xx-tides may write to", "archive.toml"]);
    let settings = format!("contact = \"keeper@library.example\"\n{}", place.read("archive/archive.toml"));
    place.write("archive/archive.toml", settings);
    assert_eq!(place.well(&own).out, again.out);
}

#[test]
fn a_crawl_at_work_is_searchable_and_reads_what_reading_afterwards_does() {
    let releases = 60;
    let site = Site::of(releases);
    site.asked.lock().unwrap().insert(HELD.to_owned(), 1);
    let place = site.place();
    let mut command = place.command(&args(&["--portion", "20"]));
    // Into a file: nobody reads a pipe meanwhile.
    let log = std::fs::File::create(place.path("log.ndjson")).unwrap();
    let mut child = command.stdout(log).stderr(Stdio::null()).spawn().unwrap();
    let finds = || !place.run(&["search", "guards", "--ndjson"]).out.is_empty();
    let found = (0..500).any(|_| {
        thread::sleep(Duration::from_millis(50));
        finds()
    });
    site.asked.lock().unwrap().remove(HELD);
    child.wait().unwrap();
    assert!(found, "the crawl cannot end before the last release has come, and that came after this");
    let last: Value = serde_json::from_str(place.read("log.ndjson").lines().last().unwrap()).unwrap();
    assert_eq!(last["archive"]["added"], releases, "nothing lost, nothing twice: {last:#}");
    // The same captures, read when the crawl was over.
    let after = site.place();
    let captures = place.path("archive/captures");
    after.write("archive/archive.toml", place.read("archive/archive.toml"));
    for entry in std::fs::read_dir(&captures).unwrap().map(Result::unwrap) {
        if entry.path().extension().is_some_and(|ending| ending == "gz") {
            let name = format!("archive/captures/{}", entry.file_name().to_str().unwrap());
            after.write(&name, std::fs::read(entry.path()).unwrap());
        }
    }
    after.well(&args(&["--pages", "1"]));
    let all = ["search", "gate", "--sort", "id", "--limit", "10000", "--ndjson"];
    let (hits, hits_after) = (place.well(&all).out, after.well(&all).out);
    assert!(
        hits.lines().count() >= releases && hits == hits_after,
        "other records than reading afterwards makes"
    );
}

#[test]
fn kills_while_what_came_is_read_lose_nothing_and_bring_nothing_twice() {
    let releases = 150;
    let site = Site::of(releases);
    let place = site.place();
    let portions = args(&["--portion", "10"]);
    let mut dice: u64 = 7;
    for _ in 0..5 {
        let mut child = place.command(&portions).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // The rules are loaded first; then pages come, and the first of them are read.
        thread::sleep(Duration::from_millis(400 + (dice >> 33) % 900));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    place.well(&portions);
    let all = ["search", "gate", "--kind", "release", "--sort", "id", "--limit", "1000", "--ndjson"];
    let mut urls: Vec<String> =
        place.well(&all).records().iter().map(|hit| hit["url"].as_str().unwrap().to_owned()).collect();
    assert_eq!(urls.len(), releases);
    urls.dedup();
    assert_eq!(urls.len(), releases, "none is there twice");
    let verified = place.well(&["verify"]).out;
    assert!(verified.contains(&format!("captures          {releases}")), "one capture of each: {verified}");
    assert!(verified.contains("wrong             0"), "{verified}");
}

#[test]
fn nobody_is_asked_without_manners() {
    let site = Site::of(1);
    let place = site.place();
    let check = |args: &[&str], words: &[&str]| place.run(&[&["capture"], args].concat()).told(1, words);
    check(&["xx-tides"], &["nobody says whom the keepers of xx-tides may write to", "--contact"]);
    let contact = "k\u{e9}eper@b.example";
    check(&["xx-tides", "--contact", contact], &["cannot be sent with a request", "write it in ASCII"]);
    check(
        &["xx-gone", "--contact", "a@b.example"],
        &["no source is called `xx-gone`", "xx-tides", "chancery source list"],
    );
    check(
        &["xx-tides", "--contact", "a@b.example", "--pace", "10ms"],
        &["a pace under 100 ms is for hosts of your own"],
    );
    check(&["xx-tides", "--contact", "a@b.example"], &[]);
    assert!(site.asked().is_empty(), "a private address is not asked unless that is allowed");
}

#[test]
fn twenty_kills_lose_nothing_and_fetch_next_to_nothing_twice() {
    let kills = std::env::var("CHANCERY_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(KILLS);
    // More kills need more to be crawled, or the last ones find nothing at work.
    let releases = RELEASES.max(usize::try_from(kills).unwrap() * 150 / 2);
    let site = Site::of(releases);
    let place = site.place();
    let mut at_work = 0;
    let mut dice: u64 = 20_261_126;
    for _ in 0..kills {
        let mut command = place.command(&args(&["--capture-only"]));
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // Knuth's generator: moments that are the same in every run of the test, and fall anywhere in a crawl.
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        thread::sleep(Duration::from_millis(150 + (dice >> 33) % 500));
        at_work += u64::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
    }
    if kills != KILLS {
        said(&format!("{at_work} of {kills} kills fell into a crawl at work, of {releases} releases"));
    }
    let last = place.well(&args(&["--capture-only"]));
    assert_eq!(report(&last.out)["waiting"], 0);
    let asked = site.asked();
    let came = asked.iter().filter(|(path, _)| path.starts_with("/news/")).count();
    assert_eq!(came, releases, "none is lost");
    // At a kill one page may be on its way, and a list page may have come whose links were not noted yet.
    let twice: usize = asked.values().map(|times| times - 1).sum();
    assert!(twice as u64 <= 2 * kills, "{twice} pages were fetched again after {kills} kills");
    // Every page lies whole in the files: they alone make the frontier again, and nothing is fetched.
    for ending in ["", "-wal", "-shm"] {
        drop(std::fs::remove_file(place.path(&format!("archive/captures/frontier.sqlite{ending}"))));
    }
    let again = report(&place.well(&args(&["--capture-only"])).out);
    assert_eq!((&again["fetched"], &again["waiting"]), (&0.into(), &0.into()), "{again:#}");
    assert!(again["recovered"].as_u64().unwrap() >= (releases + releases / LISTED) as u64, "{again:#}");
}
