//! Sites that behave like nobody should: no hang, no panic, the other hosts go on, and the report says what happened.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use chancery_capture::plan::Requisites;
use chancery_capture::{Event, Times};
use chancery_warc::RecordKind;

use crate::bench::{Bench, TIDES, Told, missing, page_of, paths, plan, plan_at, to};
use crate::server::{Asked, Reply, Server};

#[test]
fn redirects_lead_no_further_than_they_may() {
    let inside = Server::at("127.0.0.9", |_| Reply::html("secret"));
    let secret = inside.url("/secret");
    // The host that was named, at a port that was not.
    let behind = Server::start(|_| Reply::html("secret"));
    let door = behind.url("/r/door");
    let server = Server::start(move |asked| {
        match asked.path.as_str() {
        "/" => Reply::html(
            "<a href=/r/loop>1</a><a href=/r/far/0>2</a><a href=/r/in>3</a><a href=/r/self>4</a><a href=/r/moved>5</a>
             <a href=/r/data>6</a><a href=/r/file>7</a><a href=/r/door>8</a>",
        ),
        "/r/data" => to("data:text/html,<h1>Pier</h1>"),
        "/r/file" => to("file:///etc/passwd"),
        "/r/door" => to(&door),
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
    }
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
    for nowhere in ["/r/data", "/r/file"] {
        assert_eq!(told.left(nowhere), ["it redirects to no address"]);
    }
    let why = "127.0.0.1 is 127.0.0.1, a loopback address: not fetched";
    assert!(told.left("/r/door").contains(&why), "{:?}", told.report.left);
    assert!(behind.asked().is_empty());
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
            || told.report.waits_for.iter().any(|wait| wait.contains(why)),
        "{:?}",
        told.report
    );
}

/// Whatever one host does, the other is crawled, and the report says what happened.
fn beside(bad: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> (Told, Server) {
    let good = Server::at("127.0.0.2", |asked| page_of(TIDES, asked));
    let bad = Server::at("127.0.0.3", bad);
    // Long enough for a megabyte of headers on a busy machine.
    let short = Duration::from_millis(500);
    let mut bench = Bench::new();
    bench.times = Times { first_byte: short, idle: short, whole: Duration::from_secs(1), ..bench.times };
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
    assert_eq!(told.report.waits_for, ["127.0.0.3 until 2026-03-02T09:00:00Z: the server answers 429"]);
    assert_eq!(told.report.waiting, 1);
}

#[test]
fn a_page_in_trouble_holds_up_no_other_page_and_a_storm_the_host() {
    let list = "<a href=/r/1>1</a><a href=/r/2>2</a><a href=/r/3>3</a><a href=/r/4>4</a><a href=/r/5>5</a>";
    let crawl = |bad: &'static [&'static str], status: &'static str| {
        let server = Server::start(move |asked| match asked.path.as_str() {
            "/" => Reply::html(list),
            path if bad.contains(&path) => Reply::with(status, "", "<p>trouble"),
            "/robots.txt" => missing(),
            path => Reply::html(path),
        });
        let mut bench = Bench::new();
        // Longer than a run waits: whoever is left alone at all is left to the next run.
        bench.options.retry = Duration::from_secs(3600);
        let told = bench.crawl(&plan(&server));
        (paths(&server), told)
    };
    let (asked, told) = crawl(&["/r/1", "/r/3", "/r/4"], "500 Oh");
    assert_eq!(asked, ["/", "/r/1", "/r/2", "/r/3", "/r/4", "/r/5"]);
    assert_eq!((told.report.releases, told.report.waiting), (2, 3), "the others came, these are tried again");
    let (asked, told) = crawl(&["/r/1", "/r/2", "/r/3", "/r/4", "/r/5"], "500 Oh");
    assert_eq!(asked, ["/", "/r/1", "/r/2", "/r/3"], "three one after the other are a storm");
    assert_eq!(told.report.waits_for.len(), 1, "{:?}", told.report.waits_for);
    let (asked, _) = crawl(&["/r/1"], "503 Down");
    assert_eq!(asked, ["/", "/r/1"], "the host says that it is in trouble itself");
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
            thread::sleep(Duration::from_millis(1500));
            Ok(())
        }),
        _ => missing(),
    };
    let (told, bad) = beside(move |asked| answer(&asked.path));
    let check = |name: &str, reason: &str| assert_eq!(told.left(&format!("/r/{name}")), [reason], "{name}");
    check("drip", "gave up after 1 s: the whole answer did not come");
    check("endless", "the body is larger than 200000 bytes");
    check("bomb", "the body unpacks to more than 200 times its size, which only a trap does");
    check("short", "the answer is broken: it ends before its end");
    check("wide", "the head of the answer is larger than 65536 bytes");
    check("mute", "gave up after 500 ms: the first byte of the answer did not come");
    assert!(told.left("/r/chunks")[0].starts_with("the answer is broken: "));
    assert!(
        paths(&bad).contains(&"/r/found".to_owned()),
        "links of a page whose charset nobody knows are followed"
    );
}

#[test]
fn who_says_come_back_at_once_for_ever_is_left() {
    for after in ["0", "Wed, 21 Oct 2015 07:28:00 GMT", "-5", "soon"] {
        let head = format!("Retry-After: {after}\r\n");
        let server = Server::start(move |asked| match asked.path.as_str() {
            "/robots.txt" => missing(),
            _ => Reply::with("503 Service Unavailable", &head, ""),
        });
        let told = Bench::new().crawl(&plan(&server));
        assert_eq!(paths(&server), ["/", "/"], "{after}");
        assert_eq!((told.left("/"), told.report.failed), (vec!["the server answers 503"], 1), "{after}");
    }
}

#[test]
fn pages_that_lead_on_and_on_are_left() {
    let next = |path: &str| path.trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or(0) + 1;
    let server = Server::start(move |asked| match asked.path.as_str() {
        "/" => Reply::html("<a href=/r/on/0>1</a><a href=/r/same?sid=0>2</a>"),
        path if path.starts_with("/r/on/") => {
            Reply::html(&format!("<meta http-equiv=refresh content='0; url=/r/on/{}'>", next(path)))
        }
        path if path.starts_with("/maps/") => {
            let body =
                format!("<sitemapindex><sitemap><loc>/maps/{}</loc></sitemap></sitemapindex>", next(path));
            Reply::with("200 OK", "Content-Type: application/xml\r\n", body)
        }
        path if path.starts_with("/r/same") => {
            let n: u32 = next(path);
            Reply::html(&format!("<h1>Pier</h1><a data-token={n} href=/r/same?sid={n}>Print</a>"))
        }
        _ => missing(),
    });
    let mut plan = plan(&server);
    plan.sitemaps = vec![server.url("/maps/0").parse().unwrap()];
    let told = Bench::new().crawl(&plan);
    assert_eq!(told.left("/r/on/5"), ["more than 5 redirects"]);
    assert_eq!(told.left("/maps/5"), ["sitemaps within sitemaps, more than 5 deep"]);
    assert!(
        told.left("/r/same?sid=20")[0].contains("is the same page under more than 20 addresses"),
        "{:?}",
        told.report.left
    );
    let asked = paths(&server);
    let of = |start: &str| asked.iter().filter(|path| path.starts_with(start)).count();
    assert_eq!((of("/r/on/"), of("/maps/"), of("/r/same")), (6, 6, 20));
}

#[test]
fn a_sitemap_that_lists_itself_and_one_of_fifty_thousand_pages_are_read() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/map.xml" => {
            let maps = ["/map.xml", "/pages.xml", "/map.xml?again"].map(|path| {
                format!("<sitemap><loc>http://{}{path}</loc></sitemap>", asked.header("host").unwrap())
            });
            Reply::with(
                "200 OK",
                "Content-Type: application/xml\r\n",
                format!("<sitemapindex>{}</sitemapindex>", maps.concat()),
            )
        }
        "/pages.xml" => {
            let host = asked.header("host").unwrap();
            let pages: String =
                (0..50_000).map(|n| format!("<url><loc>http://{host}/r/{n}</loc></url>")).collect();
            Reply::with("200 OK", "Content-Type: application/xml\r\n", format!("<urlset>{pages}</urlset>"))
        }
        path => Reply::html(path),
    });
    let mut bench = Bench::new();
    bench.limits.body = 8 << 20;
    bench.options.pages = Some(10);
    let mut plan = plan(&server);
    plan.sitemaps = vec![server.url("/map.xml").parse().unwrap()];
    let report = bench.crawl(&plan).report;
    assert_eq!((report.fetched, report.fetched + report.waiting), (10, 50_004), "{:?}", report.left);
    assert_eq!(paths(&server).iter().filter(|path| *path == "/map.xml").count(), 1);
}

#[test]
fn bodies_of_many_hosts_at_once_do_not_fill_the_memory() {
    let size = 2 << 20;
    let servers: Vec<Server> = (0..50)
        .map(|n| {
            Server::at(&format!("127.0.1.{}", n + 1), move |asked| match asked.path.as_str() {
                "/robots.txt" => missing(),
                _ => Reply::with("200 OK", "Content-Type: text/html\r\n", vec![b'x'; size]),
            })
        })
        .collect();
    let plans: Vec<_> =
        servers.iter().enumerate().map(|(n, server)| plan_at(&format!("no-{n}"), &server.url("/"))).collect();
    let mut bench = Bench::new();
    bench.limits.body = 4 << 20;
    bench.limits.flight = 8 << 20;
    let told = bench.try_crawl(plans).unwrap();
    assert_eq!((told.report.fetched, told.report.left_count), (50, 0), "{:?}", told.report.left);
    // 50 times 256 KB that are free, 8 MB for all, and one that goes beyond.
    let most = told.most_at_hand;
    assert!(
        most > size as u64 && most < (50 << 18) + (8 << 20) + size as u64 + (1 << 20),
        "{most} bytes at once"
    );
}

#[test]
fn a_page_cannot_make_its_links_lead_inside() {
    let inside = Server::at("127.0.0.9", |_| Reply::html("secret"));
    let base = inside.url("/");
    let server = Server::start(move |asked| match asked.path.as_str() {
        "/" => Reply::html(&format!(
            "<base href='{base}'><a href=/r/1>1</a><link rel=next href=/r/2><meta http-equiv=refresh content='0;url=/r/3'>"
        )),
        _ => missing(),
    });
    Bench::new().crawl(&plan(&server));
    assert_eq!(paths(&server), ["/"]);
    assert!(inside.asked().is_empty());
}

#[test]
fn marks_and_answers_that_make_no_sense_do_no_harm() {
    let visits = AtomicUsize::new(0);
    let server = Server::start(move |asked| match asked.path.as_str() {
        "/" if asked.header("if-none-match").is_some() => Reply::html("a mark that cannot be sent"),
        "/" => Reply::with(
            "200 OK",
            "ETag: \"t\u{ef}d\u{7}e\"\r\nLast-Modified: gestern\r\nContent-Type: text/html\r\n",
            "<a href=/r/never>1</a><a href=/r/1>2</a>",
        ),
        "/r/never" => Reply::Bytes(b"HTTP/1.1 304 Not Modified\r\n\r\n".to_vec()),
        "/r/1" => Reply::html(&format!("<p>{}", visits.fetch_add(1, Ordering::SeqCst))),
        _ => missing(),
    });
    let mut bench = Bench::new();
    let told = bench.crawl(&plan(&server));
    assert_eq!(told.left("/r/never"), ["the server says that it has not changed, and it never came"]);
    bench.now = "2026-03-20T08:00:00Z".parse().unwrap();
    bench.crawl(&plan(&server));
    assert_eq!(paths(&server).iter().filter(|path| *path == "/r/1").count(), 2, "the list was read again");
}

#[test]
fn a_host_that_lies_about_itself_in_tls_holds_up_nobody() {
    // It speaks no TLS; and the certificate of the other one, which does, is trusted by nobody: both in one crawl.
    let good = Server::at("127.0.0.2", |asked| page_of(TIDES, asked));
    let plain = Server::at("127.0.0.3", |asked| page_of(TIDES, asked));
    let bench = Bench::new();
    let url = plain.url("/").replace("http:", "https:");
    let told = bench.try_crawl(vec![plan_at("bad", &url), plan_at("good", &good.url("/"))]).unwrap();
    assert_eq!(paths(&good).len(), 5, "the other host goes on");
    assert!(plain.asked().is_empty(), "nothing is asked without the security that was asked for");
    let why = "robots.txt cannot be read: no secure connection: ";
    assert!(
        told.report.held_up && told.report.waits_for.iter().any(|wait| wait.contains(why)),
        "{:?}",
        told.report
    );
}

/// A host at this address that takes no more connections: more wait already than it lets wait. They end with what is given back.
fn full(ip: &str) -> (std::net::SocketAddr, Vec<std::net::TcpStream>, std::net::TcpListener) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
    let listener = {
        let _inside = runtime.enter();
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind((ip.parse::<std::net::IpAddr>().unwrap(), 0).into()).unwrap();
        socket.listen(1).unwrap().into_std().unwrap()
    };
    let address = listener.local_addr().unwrap();
    let connect = || std::net::TcpStream::connect_timeout(&address, Duration::from_millis(300));
    let waiting: Vec<_> = std::iter::repeat_with(connect).map_while(Result::ok).take(100).collect();
    assert!(waiting.len() < 100, "this system lets any number wait");
    (address, waiting, listener)
}

#[test]
fn a_host_that_takes_no_connection_holds_up_nobody() {
    let good = Server::at("127.0.0.2", |asked| page_of(TIDES, asked));
    let (bad, _waiting, _listener) = full("127.0.0.3");
    let mut bench = Bench::new();
    bench.times.connect = Duration::from_millis(200);
    let plans = vec![plan_at("bad", &format!("http://{bad}/")), plan_at("good", &good.url("/"))];
    let told = bench.try_crawl(plans).unwrap();
    assert_eq!(paths(&good).len(), 5, "the other host goes on");
    let why = "127.0.0.3: robots.txt cannot be read: gave up after 200 ms: the connection did not come";
    let waits = told.report.waits_for.iter().map(|wait| wait.split_once(" until ").unwrap());
    let waits: Vec<_> =
        waits.map(|(host, rest)| format!("{host}: {}", rest.split_once(": ").unwrap().1)).collect();
    assert_eq!((waits, told.report.waiting), (vec![why.to_owned()], 1), "{:?}", told.report);
}

#[test]
fn a_large_answer_that_trickles_keeps_no_other_large_one_waiting() {
    let is_held = Arc::new(AtomicBool::new(false));
    let (held, holds, tries) = (is_held.clone(), is_held, AtomicUsize::new(0));
    let trickle = Server::at("127.0.0.2", move |asked| match asked.path.as_str() {
        "/robots.txt" => missing(),
        _ if tries.fetch_add(1, Ordering::SeqCst) > 0 => Reply::html("<p>at once"),
        _ => {
            let holds = holds.clone();
            Reply::act(move |stream| {
                stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
                stream.write_all(&vec![b'x'; 1 << 20])?;
                holds.store(true, Ordering::SeqCst);
                loop {
                    stream.write_all(&[b'x'; 99])?;
                    thread::sleep(Duration::from_millis(20));
                }
            })
        }
    });
    let large = Server::at("127.0.0.3", move |asked| match asked.path.as_str() {
        // Its page is asked for when the other one has all the room.
        "/robots.txt" => {
            while !held.load(Ordering::SeqCst) {
                thread::sleep(Duration::from_millis(5));
            }
            missing()
        }
        _ => Reply::with("200 OK", "Content-Type: text/html\r\n", vec![b'x'; 2 << 20]),
    });
    let mut bench = Bench::new();
    (bench.limits.body, bench.limits.flight) = (4 << 20, 512 << 10);
    (bench.times.room, bench.times.whole) = (Duration::from_millis(300), Duration::from_secs(4));
    let told =
        bench.try_crawl(vec![plan_at("slow", &trickle.url("/")), plan_at("large", &large.url("/"))]).unwrap();
    assert_eq!((told.report.fetched, told.report.waiting), (2, 0), "{:?}", told.report);
    let later = told.events.iter().find_map(|event| match event {
        Event::Later { reason, .. } => Some(reason.as_str()),
        _ => None,
    });
    let why = "gave up after 300 ms: more than a trickle of a large answer, while others waited for its room did not come";
    assert_eq!(later, Some(why));
}

#[test]
fn addresses_that_are_too_long_or_too_far_from_the_beginning_are_left() {
    let long = format!("/r/{}", "a".repeat(2100));
    let server = Server::start(move |asked| match asked.path.as_str() {
        "/" => Reply::html(&format!("<a href={long}>1</a><a href=/r/1>2</a>")),
        "/robots.txt" => missing(),
        path => {
            let next: u32 = path.trim_start_matches("/r/").parse::<u32>().unwrap() + 1;
            Reply::html(&format!("<a href=/r/{next}>more</a>"))
        }
    });
    let mut bench = Bench::new();
    bench.limits.depth = 3;
    let told = bench.crawl(&plan(&server));
    assert_eq!(paths(&server), ["/", "/r/1", "/r/2", "/r/3"]);
    assert_eq!(told.left("/r/4"), ["more than 3 links from a start page"]);
    assert_eq!(told.left("aaa"), ["its address is longer than 2048 characters"]);
}
