//! A site on this machine that answers as fast as it can: at every address of loopback that it is asked by, one with pages of
//! its own.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use crate::shell::Result;

/// Addresses of a sitemap.
const LISTED: usize = 10_000;
/// Bodies that are made beforehand; each page is one of them with its number.
const BODIES: usize = 64;

/// The site: so many releases of so many bytes on each host.
pub(super) struct Site {
    pub(super) port: u16,
}

struct Pages {
    releases: usize,
    bodies: Vec<String>,
}

impl Site {
    /// Serves until the process ends.
    pub(super) fn start(releases: usize, bytes: usize) -> Result<Self> {
        let listener =
            TcpListener::bind("0.0.0.0:0").map_err(|why| format!("no site can be served: {why}"))?;
        let port = listener.local_addr().map_err(|why| why.to_string())?.port();
        let pages = Arc::new(Pages { releases, bodies: (0..BODIES).map(|seed| body(seed, bytes)).collect() });
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let pages = pages.clone();
                thread::spawn(move || pages.serve(&stream));
            }
        });
        Ok(Self { port })
    }
}

impl Pages {
    fn serve(&self, stream: &TcpStream) {
        let _ = stream.set_nodelay(true);
        let host = stream.local_addr().map(|address| address.ip().to_string()).unwrap_or_default();
        let (mut lines, mut out) = (BufReader::new(stream), stream);
        let mut line = String::new();
        while lines.read_line(&mut line).is_ok_and(|length| length > 0) {
            let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
            while lines.read_line(&mut line).is_ok_and(|length| length > 2) {
                line.clear();
            }
            line.clear();
            let answer = self.answer(&host, &path);
            if out.write_all(answer.as_bytes()).is_err() {
                return;
            }
        }
    }

    fn answer(&self, host: &str, path: &str) -> String {
        let body = if path == "/news" {
            Some("<a href=/news/0>The first release</a>".to_owned())
        } else if let Some(number) = number(path, "/news/") {
            let body = self.bodies.get(number % BODIES).map(String::as_str).unwrap_or_default();
            Some(format!("<h1>Release {number} of {host}</h1>{body}"))
        } else {
            number(path, "/sitemap/").map(|number| self.sitemap(number))
        };
        let (status, body) = body.map_or(("404 Not Found", String::new()), |body| ("200 OK", body));
        format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
    }

    fn sitemap(&self, number: usize) -> String {
        let mut out = String::from("<urlset>");
        for release in (number * LISTED..self.releases).take(LISTED) {
            let _ = write!(out, "<url><loc>/news/{release}</loc></url>");
        }
        out + "</urlset>"
    }
}

fn number(path: &str, start: &str) -> Option<usize> {
    path.strip_prefix(start)?.parse().ok()
}

/// The addresses of the sitemaps of a host.
pub(super) fn sitemaps(host: &str, releases: usize) -> Vec<String> {
    (0..releases.div_ceil(LISTED)).map(|number| format!("{host}/sitemap/{number}")).collect()
}

/// Words with numbers in between, which pack about as pages of ministries do.
fn body(seed: usize, bytes: usize) -> String {
    const WORDS: [&str; 12] = [
        "the",
        "Minister",
        "said",
        "that",
        "harbour",
        "agreement",
        "of",
        "ferry",
        "and",
        "national",
        "tide",
        "proposed",
    ];
    let mut state = seed as u64 + 1;
    let mut out = String::with_capacity(bytes + 64);
    while out.len() < bytes {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let word = usize::try_from(state >> 33).unwrap_or_default();
        out += WORDS.get(word % WORDS.len()).copied().unwrap_or_default();
        out += if state >> 60 == 0 { "</p>\n<p class=\"text\">" } else { " " };
        if state >> 59 & 1 == 0 {
            let _ = write!(out, "{:x} ", state >> 44);
        }
    }
    out
}
