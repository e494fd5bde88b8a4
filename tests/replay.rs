//! What was captured played back by a player of others: pywb, in the state in which it is installed.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
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
