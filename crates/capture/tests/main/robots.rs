//! What `robots.txt` is obeyed to, sentence by sentence of RFC 9309, and where it is in trouble itself.

use std::io::Write as _;
use std::thread;
use std::time::Duration;

use chancery_capture::plan::Robots;
use chancery_capture::{Event, Times};

use crate::bench::{Bench, TIDES, missing, page_of, paths, plan, to};
use crate::server::{Reply, Server};

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
            times: Times { first_byte: Duration::from_millis(600), ..Bench::new().times },
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
            thread::sleep(Duration::from_millis(1800));
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
    assert!(told.report.waits_for[0].ends_with("robots.txt cannot be read: the server answers 500"));
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
fn robots_in_other_charsets_forbid_what_they_forbid() {
    const RULES: &str = "User-agent: *\r\nDisallow: /r/2\r\n";
    let wide = |unit: fn(u16) -> [u8; 2]| RULES.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
    let with = |mark: &[u8], text: Vec<u8>| [mark, &text].concat();
    for robots in [
        with(b"\xef\xbb\xbf", RULES.into()),
        with(b"\xff\xfe", wide(u16::to_le_bytes)),
        with(b"\xfe\xff", wide(u16::to_be_bytes)),
    ] {
        let server = Server::start(move |asked| match asked.path.as_str() {
            "/robots.txt" => Reply::with("200 OK", "Content-Type: text/plain\r\n", &robots),
            _ => page_of(TIDES, asked),
        });
        let told = Bench::new().crawl(&plan(&server));
        assert_eq!(told.left("/r/2"), ["robots.txt forbids it"]);
        assert!(paths(&server).contains(&"/r/1".to_owned()));
    }
}

#[test]
fn robots_that_unpack_to_a_bomb_allow_nothing() {
    let bomb = {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(&vec![b' '; 40 << 20]).unwrap();
        packer.finish().unwrap()
    };
    let server = Server::start(move |asked| match asked.path.as_str() {
        "/robots.txt" => Reply::with("200 OK", "Content-Encoding: gzip\r\n", &bomb),
        _ => Reply::html("<p>there"),
    });
    let told = Bench::new().crawl(&plan(&server));
    assert!(paths(&server).is_empty());
    assert!(told.report.waits_for[0].contains("robots.txt cannot be read: the body unpacks to more than"));
}

/// What is asked for of a site whose list names these pages, where `robots.txt` is this.
fn asked_for(robots: &str, pages: &[&str]) -> Vec<String> {
    let list: String = pages.iter().map(|page| format!("<a href='/r{page}'>1</a>")).collect();
    let robots = robots.to_owned();
    let server = Server::start(move |asked| match asked.path.as_str() {
        "/robots.txt" => Reply::with("200 OK", "Content-Type: text/plain\r\n", &robots),
        "/" => Reply::html(&list),
        path => Reply::html(path),
    });
    Bench::new().crawl(&plan(&server));
    let came = paths(&server).into_iter().filter(|path| path != "/");
    came.map(|path| path.trim_start_matches("/r").to_owned()).collect()
}

#[test]
fn each_sentence_of_the_standard_on_groups_and_rules() {
    let check = |why: &str, robots: &str, pages: &[&str], want: &[&str]| {
        assert_eq!(asked_for(robots, pages), want, "{why}: {robots:?}");
    };
    let two = &["/a", "/b"][..];
    check("2.2.1: names are compared without case", "User-Agent: CHANCERY\nDisallow: /r/a", two, &["/b"]);
    check(
        "2.2.1: a group of its own counts alone",
        "User-agent: *\nDisallow: /\n\nUser-agent: chancery\nDisallow: /r/a",
        two,
        &["/b"],
    );
    check(
        "2.2.1: groups of one name are one",
        "User-agent: chancery\nDisallow: /r/a\n\nUser-agent: other\nDisallow: /r/c\n\nUser-agent: chancery\nDisallow: /r/b",
        &["/a", "/b", "/c"],
        &["/c"],
    );
    check(
        "2.2.1: one group for several",
        "User-agent: other\nUser-agent: chancery\nDisallow: /r/a",
        two,
        &["/b"],
    );
    check("2.2.1: without a group that counts all is allowed", "User-agent: other\nDisallow: /", two, two);
    check("2.2.1: a longer name is another", "User-agent: chancerybot\nDisallow: /", two, two);
    check("2.2.2: the longest rule counts", "User-agent: *\nDisallow: /r/\nAllow: /r/a", two, &["/a"]);
    check("2.2.2: also above the shorter one", "User-agent: *\nAllow: /r/a\nDisallow: /r/", two, &["/a"]);
    check(
        "2.2.2: of two of one length it is the one that allows",
        "User-agent: *\nDisallow: /r/a\nAllow: /r/a",
        two,
        two,
    );
    check("2.2.2: without a rule that matches it is allowed", "User-agent: *\nDisallow: /x", two, two);
    check("2.2.2: paths are compared with case", "User-agent: *\nDisallow: /r/A", two, two);
    check("2.2.2: an empty rule forbids nothing", "User-agent: *\nDisallow:", two, two);
    check(
        "2.2.2: octets are compared, encoded or not",
        "User-agent: *\nDisallow: /r/%7Epier\nDisallow: /r/b\u{e5}t",
        &["/~pier", "/b%C3%A5t", "/c"],
        &["/c"],
    );
    check("2.2.2: the query counts", "User-agent: *\nDisallow: /r/a?p=", &["/a?p=1", "/a?q=1"], &["/a?q=1"]);
    check(
        "2.2.3: # begins a comment",
        "# all\nUser-agent: * # everybody\nDisallow: /r/a # not this",
        two,
        &["/b"],
    );
    check("2.2.3: $ is the end", "User-agent: *\nDisallow: /r/a$", &["/a", "/ab"], &["/ab"]);
    check(
        "2.2.3: * is anything",
        "User-agent: *\nDisallow: /r/*/print\nDisallow: /*.pdf$",
        &["/a/print", "/a/x/print", "/a.pdf", "/a.pdfs", "/print"],
        &["/a.pdfs", "/print"],
    );
    check(
        "2.2.4: other lines end no group",
        "User-agent: *\nSitemap: https://x.example/s.xml\nDisallow: /r/a",
        two,
        &["/b"],
    );
    check(
        "2.2: lines end in CR, LF or both",
        "User-agent: *\rDisallow: /r/a\r\nDisallow: /r/c\n",
        &["/a", "/b", "/c"],
        &["/b"],
    );
    check(
        "2.3.1.5: what is no rule is passed over",
        "<html>\nUser-agent: *\n::: \u{0}\nDisallow /r/b\nDisallow: /r/a\n",
        &["/a", "/c"],
        &["/c"],
    );
}

#[test]
fn a_file_that_is_elsewhere_is_looked_for_up_to_five_redirects() {
    let crawl = |redirects: u32| {
        let server = Server::start(move |asked| {
            let hop = match asked.path.as_str() {
                "/robots.txt" => Some(0),
                path => path.strip_prefix("/hop/").and_then(|hop| hop.parse().ok()),
            };
            match hop {
                Some(hop) if hop < redirects => to(&format!("/hop/{}", hop + 1)),
                Some(_) => Reply::with("200 OK", "", "User-agent: *\nDisallow: /r/2\n"),
                None => page_of(TIDES, asked),
            }
        });
        let told = Bench::new().crawl(&plan(&server));
        (told.left("/r/2") == ["robots.txt forbids it"], paths(&server).contains(&"/r/1".to_owned()))
    };
    assert_eq!(crawl(1), (true, true));
    assert_eq!(crawl(5), (true, true), "2.3.1.2: at least five are followed");
    assert_eq!(crawl(6), (false, true), "2.3.1.2: after more it is one that is not there");
    // Another host's file counts for the host that leads there, where it may be asked at all.
    let inside = Server::at("127.0.0.9", |_| Reply::with("200 OK", "", "User-agent: *\nAllow: /\n"));
    let place = inside.url("/robots.txt");
    let server = Server::start(move |asked| match asked.path.as_str() {
        "/robots.txt" => to(&place),
        _ => page_of(TIDES, asked),
    });
    let told = Bench::new().crawl(&plan(&server));
    assert!(paths(&server).is_empty() && inside.asked().is_empty(), "nobody knows what it says");
    assert!(told.report.waits_for[0].contains("a loopback address: not fetched"), "{:?}", told.report);
}

#[test]
fn a_file_that_is_not_there_allows_all_and_one_that_does_not_come_nothing() {
    let crawl = |status: &'static str| {
        let server = Server::start(move |asked| match asked.path.as_str() {
            "/robots.txt" => Reply::with(status, "", "User-agent: *\nDisallow: /\n"),
            _ => page_of(TIDES, asked),
        });
        Bench::new().crawl(&plan(&server));
        paths(&server).len()
    };
    for status in ["400 Bad", "401 Who", "403 No", "404 None", "410 Gone", "451 Law"] {
        assert_eq!(crawl(status), 5, "2.3.1.3: {status}");
    }
    for status in ["500 Oh", "502 Bad", "503 Later", "504 Late", "429 Slow down"] {
        assert_eq!(crawl(status), 0, "2.3.1.4: {status}");
    }
}

#[test]
fn the_line_that_crosses_the_limit_is_no_rule() {
    let rule = "User-agent: *\nDisallow: /r/2\n";
    // `Disallow: /` is all of the line that lies within the 500 KiB.
    let filling = (500 << 10) - rule.len() - "\nDisallow: /".len();
    let robots = format!("{rule}{}\nDisallow: /private\nDisallow: /r/1\n", "#".repeat(filling));
    assert_eq!(asked_for(&robots, &["/1", "/2"]), ["/1"]);
}
