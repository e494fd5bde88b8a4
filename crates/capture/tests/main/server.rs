//! A server on loopback that says exactly what a test wants it to say, byte for byte.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// A question that came in.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    /// The number of the connection it came over.
    pub(crate) connection: usize,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// What it answers.
pub(crate) enum Reply {
    /// These bytes; the connection stays open.
    Bytes(Vec<u8>),
    /// Whatever this writes; then the connection is closed.
    Act(Box<dyn FnOnce(&mut TcpStream) + Send>),
}

impl Reply {
    /// Something that writes for itself. It ends where nobody listens any more.
    pub(crate) fn act(act: impl FnOnce(&mut TcpStream) -> std::io::Result<()> + Send + 'static) -> Self {
        Self::Act(Box::new(|stream| drop(act(stream))))
    }

    /// A page with these headers.
    pub(crate) fn with(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let mut bytes =
            format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n", body.len()).into_bytes();
        bytes.extend_from_slice(body);
        Self::Bytes(bytes)
    }

    /// A page of HTML.
    pub(crate) fn html(body: &str) -> Self {
        Self::with("200 OK", "Content-Type: text/html; charset=utf-8\r\n", body)
    }
}

type Site = dyn Fn(&Asked) -> Reply + Send + Sync;

/// A server; it ends when dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    stop: Arc<AtomicBool>,
}

impl Server {
    /// Serves a site at 127.0.0.1.
    pub(crate) fn start(site: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        Self::at("127.0.0.1", site)
    }

    /// Serves a site at an address of loopback.
    pub(crate) fn at(ip: &str, site: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((ip, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let (asked, stop) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (log, ends, site): (_, _, Arc<Site>) = (asked.clone(), stop.clone(), Arc::new(site));
        thread::spawn(move || {
            for (connection, stream) in listener.incoming().enumerate() {
                if ends.load(Ordering::SeqCst) {
                    break;
                }
                let (Ok(stream), log, site) = (stream, log.clone(), site.clone()) else { continue };
                thread::spawn(move || serve(stream, connection, &log, &*site));
            }
        });
        Self { address, asked, stop }
    }

    /// An address on this server, by its number.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// All questions until now.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes the one who waits for connections.
        drop(TcpStream::connect(self.address));
    }
}

fn serve(stream: TcpStream, connection: usize, log: &Mutex<Vec<Asked>>, site: &Site) {
    let Ok(mut out) = stream.try_clone() else { return };
    stream.set_nodelay(true).unwrap();
    let mut lines = BufReader::new(stream);
    while let Some(asked) = read(&mut lines, connection) {
        log.lock().unwrap().push(asked.clone());
        match site(&asked) {
            Reply::Bytes(bytes) if out.write_all(&bytes).is_ok() => {}
            Reply::Bytes(_) => return,
            Reply::Act(act) => return act(&mut out),
        }
    }
}

fn read(lines: &mut impl BufRead, connection: usize) -> Option<Asked> {
    let mut line = String::new();
    lines.read_line(&mut line).ok().filter(|length| *length > 0)?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = Vec::new();
    loop {
        line.clear();
        lines.read_line(&mut line).ok().filter(|length| *length > 0)?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) => headers.push((name.to_owned(), value.to_owned())),
            None => return Some(Asked { path, headers, connection }),
        }
    }
}
