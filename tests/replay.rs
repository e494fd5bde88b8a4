//! What was captured played back by players of others: pywb, and ReplayWeb.page in a browser, in the state in which they are
//! installed.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use crate::kit::{Place, skipped};
use crate::loopback::Site;

/// pywb at work on a collection; it ends with the test.
struct Player {
    child: Child,
    port: u16,
}

impl Drop for Player {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Player {
    /// Plays the WACZ `name`; `None` where pywb is not installed.
    fn of(place: &Place, name: &str) -> Option<Self> {
        let manager = |args: &[&str]| place.other("wb-manager").args(args).output();
        if manager(&["init", "press"]).is_err() {
            skipped("pywb is not installed (pip install pywb)");
            return None;
        }
        let added = manager(&["add", "--unpack-wacz", "press", name]).unwrap();
        assert!(added.status.success(), "{added:?}");
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut wayback = place.other("wayback");
        wayback.args(["-b", "127.0.0.1", "-p", &port.to_string()]);
        let child = wayback.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let player = Self { child, port };
        let is_up = || TcpStream::connect(("127.0.0.1", port)).is_ok();
        assert!(
            (0..600).any(|_| is_up() || {
                thread::sleep(Duration::from_millis(100));
                false
            }),
            "pywb does not start"
        );
        Some(player)
    }

    /// The body of what it shows at a path, which is there.
    fn get(&self, path: &str) -> Vec<u8> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(stream, "GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{}\r\n\r\n", self.port).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let text = String::from_utf8_lossy(&answer).into_owned();
        assert!(text.lines().next().is_some_and(|first| first.contains(" 200 ")), "{path}: {text}");
        let head = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        answer.split_off(head + 4)
    }
}

/// What the crawl wrote is as the standard has it, by a checker of others.
fn checked(place: &Place) {
    let files = std::fs::read_dir(place.path("archive/captures")).unwrap().map(|entry| entry.unwrap().path());
    let crawls = files.filter(|path| path.to_string_lossy().ends_with(".warc.gz"));
    let Ok(said) = place.other("warcio").args(["check", "-v"]).args(crawls).output() else {
        return skipped("warcio is not installed (pip install warcio)");
    };
    let out = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(said.status.success() && out.contains("digest pass") && !out.contains("fail"), "{out}");
}

#[test]
fn a_page_is_played_back_with_all_that_shows_it() {
    let (place, site) = (Place::new(), Site::new());
    let page = "<html lang=en><head><link rel=stylesheet href=/look/a.css></head><body><h1>The pier is open</h1>
        <img src=/pier.png><p>The Minister of Ports, Ana Roe, said that the pier is open again. <a href=fees.pdf>Fees</a></body></html>";
    site.put("/news/pier", page);
    site.put("/look/a.css", "@import 'b.css'; h1 { background: url(/look/sand.png) }");
    site.put("/look/b.css", "p { color: navy }");
    let parts = ["/pier.png", "/look/sand.png", "/news/fees.pdf"];
    for (number, part) in parts.iter().enumerate() {
        site.put_file(part, vec![number as u8, 0, 255, 13, 10]);
    }
    let url = site.url("/news/pier");
    let fast = ["--requisites", "all", "--contact", "a@library.example", "--allow-private", "--pace", "0"];
    place.well(&[&["capture", &url], &fast[..]].concat());
    // Once more: what is as it was is a revisit, which is played back as what it was then.
    place.well(&[&["capture", &url], &fast[..]].concat());
    place.well(&["export", "wacz", "press.wacz"]);
    checked(&place);
    for part in parts {
        site.take(part);
    }
    let Some(player) = Player::of(&place, "press.wacz") else { return };
    let text = |path: &str| String::from_utf8(player.get(path)).unwrap();
    // As it was, byte for byte …
    assert_eq!(text(&format!("/press/2id_/{url}")), page);
    for (number, part) in parts.iter().enumerate() {
        let played = player.get(&format!("/press/2id_/{}", site.url(part)));
        assert_eq!(played, [number as u8, 0, 255, 13, 10], "{part}");
    }
    let now = format!("/press/{}id_/{url}", jiff::Timestamp::now().strftime("%Y%m%d%H%M%S"));
    assert_eq!(text(&now), page, "the revisit");
    // … and as a reader sees it, whose browser is led to what was kept.
    let shown = text(&format!("/press/2mp_/{url}"));
    for part in ["/look/a.css", "/pier.png"] {
        assert!(shown.contains(&format!("_/{}", site.url(part))), "{part}: {shown}");
    }
    let sheet = text(&format!("/press/2cs_/{}", site.url("/look/a.css")));
    assert!(sheet.contains(&format!("_/{}", site.url("/look/sand.png"))), "{sheet}");
    assert_eq!(text(&format!("/press/2cs_/{}", site.url("/look/b.css"))), "p { color: navy }");
}

/// A picture of 60 to 40 points, as PNG.
const PICTURE: &[u8] = include_bytes!("replay/picture.png");

/// What a reader sees of these pages of press.wacz in a browser, and of those that their first links lead to; `None` where there
/// is no browser, or nothing that plays a WACZ in it.
fn seen(place: &Place, pages: &[&str]) -> Option<Vec<serde_json::Value>> {
    if place.other("chromium").arg("--version").output().is_err() {
        skipped("chromium is not installed (apt-get install chromium)");
        return None;
    }
    let resolve = "require.resolve('playwright-core'); require.resolve('replaywebpage/index.html')";
    if !place.other("node").args(["-e", resolve]).output().is_ok_and(|found| found.status.success()) {
        skipped(
            "playwright-core and replaywebpage are not installed, or NODE_PATH does not name their folder (npm)",
        );
        return None;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/replay/browser.cjs");
    let mut browser = place.other("node");
    let ran = browser.arg(script).arg(".").args(pages).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let lines = String::from_utf8(ran.stdout).unwrap();
    Some(lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

#[test]
fn a_reader_sees_a_page_in_a_browser_as_it_was() {
    let (place, site) = (Place::new(), Site::new());
    let page = "<!doctype html><html lang=en><head><meta charset=utf-8><title>Pier</title><link rel=stylesheet href=/look/a.css></head>
        <body><h1>The pier is open</h1><img src=/pier.png><script src=/look/a.js></script><p>The Minister of Ports, Ana Roe, said
        that the pier of Åsgård is open again. <a href=fees>Fees</a></body></html>";
    // As servers send it: packed, and in pieces.
    place.write("pier.html", page);
    let packed = place.other("gzip").args(["-c", "pier.html"]).output().unwrap().stdout;
    let mut pieces = format!("{:x}\r\n", packed.len()).into_bytes();
    pieces.extend(packed);
    pieces.extend(b"\r\n0\r\n\r\n");
    site.put_with("/news/pier", "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", pieces);
    let fees = "<html lang=en><title>Fees</title><p>The Minister of Ports, Ana Roe, said that fees stay as they are.";
    // The second time it is not sent again.
    site.put_with("/news/fees", "ETag: \"1\"\r\n", fees.into());
    site.put("/look/a.css", "@import 'b.css'; h1 { background: url(sand.png) }");
    site.put("/look/b.css", "p { color: rgb(0, 0, 128) }");
    site.put("/look/a.js", "document.title = 'Pier of Ports'");
    site.put_file("/pier.png", PICTURE.to_vec());
    site.put_file("/look/sand.png", PICTURE.to_vec());
    let (pier, fees) = (site.url("/news/pier"), site.url("/news/fees"));
    let fast = ["--requisites", "all", "--contact", "a@library.example", "--allow-private", "--pace", "0"];
    // Twice, so that each is a revisit too, in a second of its own, as an index of captures counts them.
    place.well(&[&["capture", &pier, &fees], &fast[..]].concat());
    std::thread::sleep(std::time::Duration::from_millis(1100));
    place.well(&[&["capture", &pier, &fees], &fast[..]].concat());
    place.well(&["export", "wacz", "press.wacz"]);
    let parts = ["/news/pier", "/look/a.css", "/look/b.css", "/look/a.js", "/pier.png", "/look/sand.png"];
    parts.iter().for_each(|path| site.take(path));

    let Some(seen) = seen(&place, &[&pier, &fees]) else { return };
    let [pier, led, fees] = seen.as_slice() else {
        panic!("the page, where its link leads, the other page: {seen:#?}")
    };
    let text = pier["text"].as_str().unwrap();
    assert!(
        text.contains("The pier is open\n") && text.contains("the pier of Åsgård is open again. Fees"),
        "{text}"
    );
    assert_eq!(pier["title"], "Pier of Ports", "its script ran");
    assert_eq!(pier["color"], "rgb(0, 0, 128)", "its sheet, and the one that that names");
    assert_eq!(pier["pictures"], serde_json::json!([60]), "as many points wide as it is");
    let came = |path: &str| pier["parts"].as_array().unwrap().contains(&serde_json::json!([path, 200]));
    for part in &parts[1..] {
        assert!(came(part), "{part}: {pier:#}");
    }
    for fees in [led, fees] {
        assert!(fees["text"].as_str().unwrap().contains("fees stay as they are"), "{fees:#}");
    }
}
