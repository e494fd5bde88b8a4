//! One page at a time: what came is kept as it came, and nobody can hold the fetcher, fill it up or lead it inside.

use std::future::Future;
use std::io::{Read as _, Write as _};
use std::net::{IpAddr, TcpListener};
use std::rc::Rc;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use chancery_capture::{
    Addresses, Agent, Ask, Connection, Exchange, FetchError, Fetcher, Given, Limits, Longer, Resolve, Times,
};
use chancery_warc::http::{Head, entity};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned, crypto};

use crate::bench::patient;
use crate::server::{Reply, Server};

/// A certificate that nobody uses, and one for `tides.example`.
fn certificate(name: &str) -> (CertificateDer<'static>, PrivateKeyDer<'static>) {
    let made = rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap();
    (made.cert.der().clone(), PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into()))
}

pub(crate) fn fetcher() -> Fetcher {
    trusting(certificate("tides.example").0)
}

fn trusting(root: CertificateDer<'static>) -> Fetcher {
    let agent =
        Agent { token: "chancery".into(), version: "9.9".into(), contact: "keeper@library.example".into() };
    let loopback: Vec<IpAddr> = vec!["127.0.0.1".parse().unwrap()];
    let hosts = ["tides.example", "inside.example"].map(|host| (host.to_owned(), loopback.clone()));
    let mut fetcher = Fetcher::new(agent, Rc::new(Given(hosts.into())), vec![root]).unwrap();
    fetcher.times = patient();
    fetcher.limits = Limits { body: 100_000, ..Limits::default() };
    fetcher
}

pub(crate) fn ask(url: &str) -> Ask {
    let url = url.parse().unwrap();
    Ask { url, etag: None, last_modified: None, contact: None, body: 100_000, longer: Longer::Fail }
}

pub(crate) fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// The same fetcher, to whom the host of `url` was named.
pub(crate) fn naming(fetcher: &Fetcher, url: &str) -> Fetcher {
    let mut fetcher = fetcher.clone();
    fetcher.named.add(&url.parse().unwrap());
    fetcher
}

fn fetch(fetcher: &Fetcher, url: &str) -> Result<Exchange, FetchError> {
    run(naming(fetcher, url).fetch(&ask(url), &mut None))
}

/// What a report would say of the answer `reply` (sent as it stands, then the connection is closed).
pub(crate) fn told(fetcher: &Fetcher, reply: impl Into<Vec<u8>>) -> String {
    let reply = reply.into();
    let server = Server::start(move |_| {
        let reply = reply.clone();
        Reply::act(move |stream| stream.write_all(&reply))
    });
    match fetch(fetcher, &server.url("/")) {
        Ok(exchange) => format!("fetched: {}", String::from_utf8_lossy(&entity(&exchange.response))),
        Err(error) => error.to_string(),
    }
}

#[test]
fn question_and_answer_are_kept_byte_for_byte() {
    const ANSWER: &[u8] =
        b"HTTP/1.1 200 Quite fine\r\nX-ODD:   spaced  \r\nx-odd: twice\r\nTransfer-Encoding: chunked\r\n\r\n\
        3;note=\"kept\"\r\n<p>\r\n0005\r\nTides\r\n0\r\nX-Trailer: 1\r\n\r\n";
    let server = Server::start(|_| Reply::Bytes(ANSWER.to_vec()));
    let exchange = fetch(&fetcher(), &server.url("/news/1?a=b#part")).unwrap();
    assert_eq!(String::from_utf8_lossy(&exchange.response), String::from_utf8_lossy(ANSWER));
    assert_eq!(&*entity(&exchange.response), b"<p>Tides");
    let request = String::from_utf8(exchange.request).unwrap();
    assert!(request.starts_with("GET /news/1?a=b HTTP/1.1\r\nHost: 127.0.0.1:"), "{request}");
    assert!(request.contains("\r\nUser-Agent: chancery/9.9 (+keeper@library.example)\r\n"), "{request}");
    assert!(request.contains("\r\nFrom: keeper@library.example\r\n"), "{request}");
    assert!(!request.to_lowercase().contains("cookie"), "{request}");
    assert!(request.ends_with("\r\n\r\n"), "{request}");
    assert_eq!(exchange.ip.to_string(), "127.0.0.1");
}

#[test]
fn an_interim_answer_is_no_part_of_the_answer() {
    let server = Server::start(|_| {
        Reply::Bytes(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".to_vec())
    });
    let exchange = fetch(&fetcher(), &server.url("/")).unwrap();
    assert_eq!(exchange.response, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
}

#[test]
fn one_connection_serves_many_pages_and_is_made_again_when_closed() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/last" => Reply::act(|stream| stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx")),
        path => Reply::html(path),
    });
    let (fetcher, mut connection): (_, Option<Connection>) = (naming(&fetcher(), &server.url("/")), None);
    run(async {
        for path in ["/a", "/b", "/last", "/c", "/d"] {
            fetcher.fetch(&ask(&server.url(path)), &mut connection).await.unwrap();
        }
    });
    let connections: Vec<usize> = server.asked().iter().map(|asked| asked.connection).collect();
    assert_eq!(connections, [0, 0, 0, 1, 1]);
}

#[test]
fn what_has_not_changed_is_asked_for_with_its_marks() {
    let server =
        Server::start(|asked| match (asked.header("if-none-match"), asked.header("if-modified-since")) {
            (Some("\"v1\""), Some("Tue, 02 Mar 2021 08:00:00 GMT")) => {
                Reply::Bytes(b"HTTP/1.1 304 Not Modified\r\nETag: \"v1\"\r\n\r\n".to_vec())
            }
            _ => Reply::html("<p>new"),
        });
    let (etag, last_modified) = (Some("\"v1\"".into()), Some("Tue, 02 Mar 2021 08:00:00 GMT".into()));
    let ask = Ask { etag, last_modified, ..ask(&server.url("/")) };
    let exchange = run(naming(&fetcher(), &server.url("/")).fetch(&ask, &mut None)).unwrap();
    assert_eq!(Head::of(&exchange.response).status, 304);
}

#[test]
fn a_host_inside_is_not_asked_unless_it_was_named() {
    let server = Server::start(|_| Reply::html("secret"));
    let port = server.address.port();
    let mut fetcher = fetcher();
    fetcher.named.add(&format!("http://tides.example:{port}").parse().unwrap());
    let get = |url: &str| run(fetcher.fetch(&ask(&url.replace("PORT", &port.to_string())), &mut None));
    let check = |url: &str, want: &str| match get(url) {
        Ok(_) => panic!("{url} was fetched"),
        Err(error) => assert_eq!(error.to_string(), want, "{url}"),
    };
    check("http://127.0.0.1:PORT/", "127.0.0.1 is 127.0.0.1, a loopback address: not fetched");
    check("http://2130706433:PORT/", "127.0.0.1 is 127.0.0.1, a loopback address: not fetched");
    check("http://0x7f.1:PORT/", "127.0.0.1 is 127.0.0.1, a loopback address: not fetched");
    check(
        "http://[::ffff:127.0.0.1]:PORT/",
        "[::ffff:7f00:1] is ::ffff:127.0.0.1, a loopback address: not fetched",
    );
    check(
        "http://[64:ff9b::7f00:1]:PORT/",
        "[64:ff9b::7f00:1] is 64:ff9b::7f00:1, a loopback address: not fetched",
    );
    check("http://inside.example:PORT/", "inside.example is 127.0.0.1, a loopback address: not fetched");
    check("http://nowhere.example:PORT/", "the host nowhere.example is not found: no such host is given");
    check("ftp://tides.example/", "the address is not fetched: `ftp:` is neither http nor https");
    check("http://a:b@tides.example:PORT/", "the address is not fetched: it holds a user name");
    let long = format!("http://tides.example:PORT/{}", "a".repeat(2100));
    check(&long, "the address is not fetched: it is longer than 2048 characters");
    assert!(server.asked().is_empty());
    // Another port of a host that was named is none that was named.
    let other = Server::start(|_| Reply::html("secret"));
    let want = "tides.example is 127.0.0.1, a loopback address: not fetched";
    check(&format!("http://tides.example:{}/", other.address.port()), want);
    assert!(other.asked().is_empty());
    assert!(get("http://tides.example:PORT/").is_ok());
}

#[test]
fn nobody_keeps_the_fetcher_waiting() {
    let short = Duration::from_millis(150);
    let mute = Server::start(|_| Reply::act(|stream| stream.read(&mut [0; 9]).map(drop)));
    let stuck = Server::start(|_| {
        Reply::act(|stream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<p>")?;
            stream.read(&mut [0; 9]).map(drop)
        })
    });
    let drip = |head: &'static [u8]| {
        Server::start(move |_| {
            Reply::act(move |stream| {
                stream.write_all(head)?;
                loop {
                    stream.write_all(b"x")?;
                    thread::sleep(Duration::from_millis(10));
                }
            })
        })
    };
    let told = |times: Times, server: &Server| {
        let mut fetcher = fetcher();
        fetcher.times = times;
        fetch(&fetcher, &server.url("/")).unwrap_err().to_string()
    };
    let first = Times { first_byte: short, ..patient() };
    assert_eq!(told(first, &mute), "gave up after 150 ms: the first byte of the answer did not come");
    let idle = Times { idle: short, ..patient() };
    assert_eq!(told(idle, &stuck), "gave up after 150 ms: the next piece of the answer did not come");
    let whole = Times { whole: short, ..patient() };
    let body = drip(b"HTTP/1.1 200 OK\r\n\r\n");
    assert_eq!(told(whole, &body), "gave up after 150 ms: the whole answer did not come");
    let head = drip(b"HTTP/1.1 200 OK\r\nX-Slow: ");
    assert_eq!(told(whole, &head), "gave up after 150 ms: the whole answer did not come");
}

/// A resolver that counts, and never answers.
#[derive(Default)]
struct Mute(std::cell::Cell<u32>);

impl Resolve for Mute {
    fn resolve<'a>(&'a self, _: &'a str) -> Addresses<'a> {
        self.0.set(self.0.get() + 1);
        Box::pin(std::future::pending())
    }
}

#[test]
fn names_are_resolved_once_and_all_their_addresses_are_looked_at() {
    let agent = fetcher().agent;
    let mute = Rc::new(Mute::default());
    let mut waiting = Fetcher::new(agent.clone(), mute.clone(), vec![]).unwrap();
    waiting.times.dns = Duration::from_millis(100);
    let told = run(waiting.fetch(&ask("http://tides.example/"), &mut None)).unwrap_err();
    assert_eq!(told.to_string(), "gave up after 100 ms: the address of the host did not come");
    assert_eq!(mute.0.get(), 1);
    // One address of the public web does not make up for one inside.
    let both = ["2000::1", "127.0.0.1"].map(|ip| ip.parse().unwrap());
    let given = Given([("tides.example".to_owned(), both.to_vec())].into());
    let fetcher = Fetcher::new(agent, Rc::new(given), vec![]).unwrap();
    let told = run(fetcher.fetch(&ask("http://tides.example/"), &mut None)).unwrap_err();
    assert_eq!(told.to_string(), "tides.example is 127.0.0.1, a loopback address: not fetched");
}

#[test]
fn a_handshake_that_never_ends_is_given_up() {
    let mute = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut fetcher = fetcher();
    fetcher.times.tls = Duration::from_millis(150);
    let url = format!("https://tides.example:{}/", mute.local_addr().unwrap().port());
    let told = fetch(&fetcher, &url).unwrap_err().to_string();
    assert_eq!(told, "gave up after 150 ms: the TLS handshake did not come");
}

#[test]
fn nobody_fills_the_fetcher_up() {
    let endless = Server::start(|_| {
        Reply::act(|stream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
            loop {
                stream.write_all(&[b'x'; 9999])?;
            }
        })
    });
    let told_of = |fetcher: &Fetcher| fetch(fetcher, &endless.url("/")).unwrap_err().to_string();
    assert_eq!(told_of(&fetcher()), "the body is larger than 100000 bytes");
    let cut = Ask { longer: Longer::Cut, ..ask(&endless.url("/robots.txt")) };
    let exchange = run(naming(&fetcher(), &endless.url("/")).fetch(&cut, &mut None)).unwrap();
    assert!(exchange.cut && exchange.response.len() >= 100_000, "{}", exchange.response.len());

    let fetcher = fetcher();
    let wide = format!("HTTP/1.1 200 OK\r\nX-Wide: {}\r\n\r\n", "x".repeat(1 << 20));
    assert_eq!(told(&fetcher, wide), "the head of the answer is larger than 65536 bytes");
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "X-Many: 1\r\n".repeat(5000));
    assert!(told(&fetcher, many).starts_with("the "), "headers without end");
    let interim = "HTTP/1.1 100 Continue\r\n\r\n".repeat(200_000);
    assert!(told(&fetcher, interim).starts_with("the answer is broken: "));
}

#[test]
fn broken_answers_are_told() {
    let fetcher = fetcher();
    let told = |reply: &str| told(&fetcher, reply);
    assert_eq!(
        told("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort"),
        "the answer is broken: it ends before its end"
    );
    assert_eq!(told("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nlonger"), "fetched: lo");
    assert!(
        told("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc")
            .starts_with("the answer is broken: ")
    );
    assert!(
        told("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc")
            .starts_with("the answer is broken: ")
    );
    let huge = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc";
    assert!(told(huge).starts_with("the answer is broken: "));
    let cut = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n";
    assert_eq!(told(cut), "the answer is broken: it ends before its end");
    assert!(told("SSH-2.0-OpenSSH_9.6\r\n").starts_with("the answer is broken: "));
    assert_eq!(told(""), "the answer is broken: it ends before its end");
    assert_eq!(told("HTTP/1.0 200 OK\r\n\r\nuntil the end"), "fetched: until the end");
}

#[test]
fn nobody_is_sent_a_cookie_back() {
    let server = Server::start(|_| {
        Reply::with("200 OK", "Set-Cookie: id=1; Path=/\r\nContent-Type: text/html\r\n", "<p>there")
    });
    let (fetcher, mut connection) = (naming(&fetcher(), &server.url("/")), None);
    run(async {
        for path in ["/a", "/b"] {
            fetcher.fetch(&ask(&server.url(path)), &mut connection).await.unwrap();
        }
    });
    assert!(server.asked().iter().all(|asked| asked.header("cookie").is_none()));
}

#[test]
fn what_comes_behind_the_end_is_no_answer_to_the_next_question() {
    let second = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged";
    for (head, body) in [
        ("Transfer-Encoding: chunked\r\n\r\n", "3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n"),
        ("Content-Length: 3\r\n\r\n", "abc"),
    ] {
        let first = format!("HTTP/1.1 200 OK\r\n{head}{body}");
        let server = Server::start(move |asked| match asked.path.as_str() {
            "/1" => Reply::Bytes(format!("HTTP/1.1 200 OK\r\n{head}{body}{second}").into_bytes()),
            _ => Reply::html("<p>second"),
        });
        let fetcher = naming(&fetcher(), &server.url("/"));
        run(async {
            let mut connection = None;
            let one = fetcher.fetch(&ask(&server.url("/1")), &mut connection).await.unwrap();
            assert_eq!(one.response, first.as_bytes());
            let two = fetcher.fetch(&ask(&server.url("/2")), &mut connection).await.unwrap();
            assert!(two.response.ends_with(b"<p>second"));
        });
    }
}

#[test]
fn a_drip_is_given_up_long_before_the_whole_time_is_over() {
    let drip = Server::start(|_| {
        Reply::act(|stream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
            loop {
                stream.write_all(b"x")?;
                thread::sleep(Duration::from_millis(50));
            }
        })
    });
    let mut fetcher = fetcher();
    fetcher.times.slow = Duration::from_secs(1);
    let told = fetch(&fetcher, &drip.url("/")).unwrap_err();
    assert_eq!(told.to_string(), "gave up after 1 s: more than a drip of the answer did not come");
    assert!(told.is_lasting());
}

#[test]
fn a_bomb_is_not_unpacked() {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(&vec![0; 30 << 20]).unwrap();
    let bomb = packer.finish().unwrap();
    let server = Server::start(move |_| Reply::with("200 OK", "Content-Encoding: gzip\r\n", &bomb));
    let fetcher = fetcher();
    let exchange = fetch(&fetcher, &server.url("/")).unwrap();
    let told = chancery_warc::content(&exchange.response, &fetcher.limits.unpacked).unwrap_err();
    assert_eq!(told.to_string(), "the body unpacks to more than 200 times its size, which only a trap does");
}

/// A server that speaks TLS, with a certificate for `name`; the port. It answers one question.
fn secure(name: &str, farewell: bool) -> (u16, CertificateDer<'static>) {
    let (cert, key) = certificate(name);
    let config = ServerConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.clone()], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut tls = StreamOwned::new(ServerConnection::new(Arc::new(config)).unwrap(), stream);
        // Where the asker does not trust the certificate there is nothing to read.
        if tls.read(&mut [0; 4096]).is_ok() {
            tls.write_all(b"HTTP/1.1 200 OK\r\n\r\n<p>safe").unwrap();
            tls.flush().unwrap();
            if farewell {
                tls.conn.send_close_notify();
                tls.flush().unwrap();
            }
        }
    });
    (port, cert)
}

#[test]
fn secure_pages_are_kept_as_they_came_inside_of_tls() {
    for farewell in [true, false] {
        let (port, cert) = secure("tides.example", farewell);
        let exchange = fetch(&trusting(cert), &format!("https://tides.example:{port}/")).unwrap();
        assert_eq!(exchange.response, b"HTTP/1.1 200 OK\r\n\r\n<p>safe");
    }
}

#[test]
fn broken_tls_is_told_and_never_passed_over() {
    let told = |fetcher: &Fetcher, port: u16| {
        fetch(fetcher, &format!("https://tides.example:{port}/")).unwrap_err().to_string()
    };
    let (port, _) = secure("tides.example", true);
    assert!(told(&fetcher(), port).starts_with("no secure connection: "), "a certificate that nobody trusts");
    let (port, cert) = secure("other.example", true);
    let other = fetch(&trusting(cert), &format!("https://tides.example:{port}/")).unwrap_err();
    assert_eq!(other.to_string(), "no secure connection: its certificate is that of another host");
    assert!(other.is_lasting(), "no matter of a moment");
    let noise = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = noise.local_addr().unwrap().port();
    thread::spawn(move || noise.accept().unwrap().0.write_all(&[7; 999]));
    assert!(told(&fetcher(), port).starts_with("no secure connection: "), "no TLS at all");
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    assert!(told(&fetcher(), gone).starts_with("no connection: "), "nobody there");
}
