//! A site on this machine: paths with their answers, which may change while it is up.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// By path what is sent: headers of its own, and a body. What is not there answers 404, and what the reader has, by an `ETag`
/// among the headers, 304.
type Pages = Arc<Mutex<BTreeMap<String, (String, Vec<u8>)>>>;

/// The site; it goes down with the test.
pub(crate) struct Site {
    pages: Pages,
    port: u16,
}

impl Site {
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let pages = Pages::default();
        let served = Arc::clone(&pages);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let pages = Arc::clone(&served);
                thread::spawn(move || answer(stream, &pages));
            }
        });
        Self { pages, port }
    }

    /// The address of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Puts a page there; its `SITE` becomes the site's address.
    pub(crate) fn put(&self, path: &str, body: &str) {
        let body = body.replace("SITE", &self.url(""));
        self.put_file(path, body.into_bytes());
    }

    /// Puts a file there as it is.
    pub(crate) fn put_file(&self, path: &str, body: Vec<u8>) {
        self.put_with(path, "", body);
    }

    /// Puts a file there that is sent with these headers.
    pub(crate) fn put_with(&self, path: &str, headers: &str, body: Vec<u8>) {
        self.pages.lock().unwrap().insert(path.to_owned(), (headers.to_owned(), body));
    }

    /// Takes a page away.
    pub(crate) fn take(&self, path: &str) {
        self.pages.lock().unwrap().remove(path);
    }
}

/// Answers the requests of one connection until it is closed.
fn answer(mut stream: TcpStream, pages: &Pages) {
    let mut lines = BufReader::new(stream.try_clone().unwrap());
    loop {
        let mut first = String::new();
        if lines.read_line(&mut first).unwrap_or(0) == 0 {
            return;
        }
        let (mut line, mut has) = (String::new(), None);
        while lines.read_line(&mut line).unwrap_or(0) > 2 {
            let (name, value) = line.split_once(':').unwrap_or_default();
            if name.eq_ignore_ascii_case("If-None-Match") {
                has = Some(format!("ETag: {}\r\n", value.trim()));
            }
            line.clear();
        }
        let path = first.split(' ').nth(1).unwrap_or("/").to_owned();
        let found = pages.lock().unwrap().get(&path).cloned();
        let kind = match path.rsplit('.').next() {
            Some("txt") => "text/plain",
            Some("css") => "text/css",
            Some("png") => "image/png",
            Some("pdf") => "application/pdf",
            _ => "text/html; charset=utf-8",
        };
        let (status, (headers, body)) = match found {
            Some((headers, _)) if has.is_some_and(|has| headers.contains(&has)) => {
                ("304 Not Modified", (headers, Vec::new()))
            }
            Some(found) => ("200 OK", found),
            None => ("404 Not Found", (String::new(), b"<p>Not here</p>".to_vec())),
        };
        let length = match headers.contains("Transfer-Encoding") {
            true => String::new(),
            false => format!("Content-Length: {}\r\n", body.len()),
        };
        let head = format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{headers}{length}\r\n");
        if stream.write_all(&[head.as_bytes(), &body].concat()).is_err() {
            return;
        }
    }
}
