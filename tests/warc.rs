//! WARC files of other programs in, a WACZ out, and whether all is as it was written.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Command;
use std::thread;

use crate::kit::{Place, Ran, ferry, page, pier, program, skipped};

/// A server on this machine that answers so many requests: chunked for `/pier`, plain for all else.
fn serve(requests: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming().take(requests) {
            let mut stream = stream.unwrap();
            let mut asked = [0; 4096];
            let n = stream.read(&mut asked).unwrap();
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n";
            let answer = if asked[..n].starts_with(b"GET /pier") {
                let page = pier();
                let (one, two) = page.split_at(100);
                format!(
                    "{head}Transfer-Encoding: chunked\r\n\r\n64\r\n{one}\r\n{:x}\r\n{two}\r\n0\r\n\r\n",
                    two.len()
                )
            } else {
                let page = ferry();
                format!("{head}Content-Length: {}\r\n\r\n{page}", page.len())
            };
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    address
}

/// Whether a program can be run here.
fn is_there(name: &str) -> bool {
    let there = Command::new(name).arg("--version").output().is_ok();
    if !there {
        skipped(&format!("{name} is not installed"));
    }
    there
}

/// A crawl of two pages by wget.
fn wget(place: &Place) -> bool {
    if !is_there("wget") {
        return false;
    }
    let address = serve(2);
    let mut wget = place.other("wget");
    wget.args(["-q", "--no-proxy", "--warc-file=crawl", "-O", "/dev/null"]);
    let ran = wget.args([format!("{address}/pier"), format!("{address}/ferry")]).output().unwrap();
    assert!(ran.status.success(), "{ran:?}");
    true
}

#[test]
fn what_wget_crawled_is_taken_in_verified_and_exported() {
    let place = Place::new();
    if !wget(&place) {
        return;
    }
    let ran = place.well(&["ingest", "crawl.warc.gz"]);
    assert!(ran.out.contains("2 new") && ran.err.contains("no-page"), "{ran:#?}");
    let found = place.well(&["search", "pier", "--kind", "release"]);
    assert!(found.out.contains("New pier opens"), "{found:#?}");
    assert!(place.well(&["ingest", "crawl.warc.gz"]).out.contains("2 releases are there already"));
    let ran = place.well(&["verify"]);
    assert!(ran.out.contains("captures          2") && ran.out.contains("wrong             0"), "{ran:#?}");
    let ran = place.well(&["export", "wacz", "press.wacz"]);
    assert!(ran.out.starts_with("press.wacz: ") && ran.out.contains("2 pages"), "{ran:#?}");
    place.run(&["export", "wacz", "press.wacz"]).told(1, &["press.wacz is there already", "help:"]);
    place.run(&["export", "wacz", "x.wacz", "--source", "no-such"]).told(1, &["no-such", "chancery status"]);
    place.well(&["ingest", "--archive", "other", "--copy", "press.wacz"]);
    place.well(&["verify", "--archive", "other"]);
    if is_there("wacz") {
        let said = place.other("wacz").args(["validate", "-f", "press.wacz"]).output().unwrap();
        assert!(String::from_utf8_lossy(&said.stdout).contains("the passed WACZ is valid"), "{said:?}");
    }
}

#[test]
fn what_is_not_as_written_is_told_with_its_place() {
    let place = Place::new();
    place.write("pages/pier.html", pier());
    place.write("pages/ferry.html", ferry());
    place.well(&["ingest", "pages"]);
    let file = place.path("archive/captures/000001.warc.gz");
    let mut bytes = fs::read(&file).unwrap();
    bytes[700] ^= 0x10;
    fs::write(&file, &bytes).unwrap();
    place
        .run(&["verify"])
        .told(1, &["000001.warc.gz, at byte ", "not as written", "restore the files from a copy"]);
    let ran = place.run(&["verify", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert!(ran.code == Some(1) && report["fault_count"].as_u64().unwrap() > 0, "{report:#}");
    assert!(report["faults"][0]["file"].as_str().unwrap().ends_with("000001.warc.gz"), "{report:#}");
    assert_eq!(fs::read(&file).unwrap(), bytes, "nothing is changed");
}

#[test]
fn a_file_that_moved_is_told_and_found_again() {
    let place = Place::new();
    if !wget(&place) {
        return;
    }
    place.well(&["ingest", "crawl.warc.gz"]);
    fs::create_dir(place.path("shelf")).unwrap();
    fs::rename(place.path("crawl.warc.gz"), place.path("shelf/crawl.warc.gz")).unwrap();
    place.run(&["verify"]).told(1, &["crawl.warc.gz", "was moved or deleted"]);
    let list = place.read("archive/captures/registered.toml");
    place.write("archive/captures/registered.toml", list.replace("/crawl.warc.gz", "/shelf/crawl.warc.gz"));
    place.well(&["verify"]);
}

#[test]
fn an_export_that_finds_no_room_leaves_nothing() {
    let place = Place::new();
    place.write("pages/pier.html", pier());
    place.well(&["ingest", "--source", "no-tides", "pages"]);
    let mut command = place.other("/bin/sh");
    command.args(["-c", "ulimit -f 1; exec \"$0\" export wacz press.wacz"]).arg(program());
    let ran: Ran = command.output().unwrap().into();
    ran.told(1, &["press.wacz", "no space is left"]);
    let left: Vec<_> =
        fs::read_dir(place.path(".")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains("wacz")), "{left:?}");
    place.well(&["export", "wacz", "press.wacz", "--source", "no-tides"]);
}

#[test]
fn pages_that_no_crawl_brought_can_be_replayed_and_a_wacz_that_is_packed_once_more_is_read() {
    const PACK: &str = "import zipfile\n\
        a = zipfile.ZipFile('press.wacz')\n\
        b = zipfile.ZipFile('packed.wacz', 'w', zipfile.ZIP_DEFLATED)\n\
        for i in a.namelist(): b.writestr(i, a.read(i))\n\
        b.close()\n\
        print(a.read('pages/pages.jsonl').decode())\n";
    let place = Place::new();
    // One names its own address, the other has none.
    let own = "<link rel=canonical href='https://www.tides.example/news/pier'></head>";
    place.write("pages/pier.html", pier().replace("</head>", own));
    place.write("pages/old/the ferry.html", ferry());
    place.well(&["ingest", "pages"]);
    let told = place.well(&["export", "wacz", "press.wacz"]).out;
    assert!(
        told.contains("2 pages")
            && told.contains(
                "1 page has no address on the web, and can be replayed below http://pages.invalid/"
            ),
        "{told}"
    );
    if !is_there("python3") {
        return;
    }
    let packed = place.other("python3").args(["-c", PACK]).output().unwrap();
    let pages = String::from_utf8_lossy(&packed.stdout).into_owned();
    assert!(
        pages.contains("\"https://www.tides.example/news/pier\"")
            && pages.contains("\"http://pages.invalid/"),
        "{pages} {packed:?}"
    );
    if is_there("wacz") {
        let said = place.other("wacz").args(["validate", "-f", "press.wacz"]).output().unwrap();
        assert!(String::from_utf8_lossy(&said.stdout).contains("the passed WACZ is valid"), "{said:?}");
    }
    for (name, archive) in [("press.wacz", "one"), ("packed.wacz", "two")] {
        let ran = place.well(&["ingest", "--archive", archive, name]);
        assert!(ran.out.contains("2 new"), "{name}: {ran:?}");
        place.well(&["verify", "--archive", archive]);
        let found = place.well(&["search", "ferries", "--archive", archive, "--kind", "release"]).out;
        assert!(found.contains("Ferry timetable"), "{name}: {found}");
    }
    // What was packed is copied: the file is needed no more, and brings nothing twice.
    assert!(
        place
            .well(&["ingest", "--archive", "two", "packed.wacz"])
            .out
            .contains("2 releases are there already")
    );
    fs::remove_file(place.path("packed.wacz")).unwrap();
    place.well(&["verify", "--archive", "two"]);
    place.well(&["export", "wacz", "again.wacz", "--archive", "two"]);
}

#[test]
fn what_warcio_wrote_is_taken_in() {
    const WRITE: &str = "import sys, io\nfrom warcio.warcwriter import WARCWriter\n\
        from warcio.statusandheaders import StatusAndHeaders\n\
        w = WARCWriter(open('made.warc.gz', 'wb'), gzip=True)\n\
        h = StatusAndHeaders('200 OK', [('Content-Type', 'text/html')], protocol='HTTP/1.1')\n\
        w.write_record(w.create_warcinfo_record('made.warc.gz', {'software': 'warcio'}))\n\
        w.write_record(w.create_warc_record('https://tides.example/1', 'response', payload=open('p.html', 'rb'), http_headers=h))\n";
    if !is_there("warcio") {
        return;
    }
    let place = Place::new();
    place.write("p.html", pier());
    let made = place.other("python3").args(["-c", WRITE]).output().unwrap();
    assert!(made.status.success(), "{made:?}");
    assert!(place.well(&["ingest", "made.warc.gz"]).out.contains("1 new"));
    // What is written here is read by warcio, and nothing is wrong with it.
    place.well(&["export", "wacz", "press.wacz"]);
    let mut files = vec!["archive/captures/000001.warc.gz".to_owned()];
    let mut unzip = place.other("python3");
    let unzipped = unzip.args(["-m", "zipfile", "-e", "press.wacz", "out"]).output().unwrap();
    assert!(unzipped.status.success(), "{unzipped:?}");
    files.extend(
        fs::read_dir(place.path("out/archive"))
            .unwrap()
            .map(|entry| entry.unwrap().path().display().to_string()),
    );
    let said = place.other("warcio").arg("check").arg("-v").args(&files).output().unwrap();
    let out = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(said.status.success() && out.contains("digest pass") && !out.contains("failed"), "{out}");
    let index = place.other("warcio").arg("index").args(&files).output().unwrap();
    assert!(String::from_utf8_lossy(&index.stdout).contains("https://tides.example/1"), "{index:?}");
}

#[test]
fn of_a_crawl_by_browsertrix_each_page_is_taken_in_once() {
    if !is_there("warcio") {
        return;
    }
    let place = Place::new();
    place.write("pier.html", pier());
    place.write("ferry.html", ferry());
    let text = "The Minister of Ports, Ana Roe, said that the ports of the county stay open over the winter.";
    place.write("ports.html", page("Ports stay open", "2024-12-01", &[text, text]));
    // A part of a page that its script asked for.
    place.write(
        "menu.html",
        page("Menu", "2024-12-01", &["The Minister, the ministry, the deputy minister, news and contact."]),
    );
    let made = place.other("python3").args(["-c", include_str!("warc/browsertrix.py")]).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    if is_there("wacz") {
        let said = place.other("wacz").args(["validate", "-f", "crawl.wacz"]).output().unwrap();
        assert!(String::from_utf8_lossy(&said.stdout).contains("the passed WACZ is valid"), "{said:?}");
    }
    for (archive, given) in [("one", "crawl.wacz"), ("two", "crawl")] {
        let ran = place.well(&["ingest", "--archive", archive, given]);
        assert!(
            ran.out.contains("5 new") && ran.err.contains("no-release 3") && ran.err.contains("unchanged 1"),
            "{ran:#?}"
        );
        let found = place
            .well(&["search", "minister", "--archive", archive, "--kind", "release", "--ndjson"])
            .records();
        let mut paths: Vec<_> = found
            .iter()
            .map(|hit| hit["url"].as_str().unwrap().trim_start_matches("https://www.tides.example"))
            .collect();
        paths.sort_unstable();
        let pages = ["/en/news/ferry", "/en/news/pier", "/news/ferry", "/news/pier", "/news/ports"];
        assert_eq!(paths, pages, "{given}");
        let again = place.well(&["ingest", "--archive", archive, given]);
        assert!(again.out.contains("5 releases are there already"), "{again:#?}");
        place.well(&["verify", "--archive", archive]);
    }
    place.well(&["export", "wacz", "press.wacz", "--archive", "one"]);
    let ran = place.well(&["ingest", "--archive", "three", "--copy", "press.wacz"]);
    assert!(ran.out.contains("5 new"), "{ran:#?}");
}

/// A WARC file of these pages, not packed.
fn warc(pages: &[(&str, String)]) -> String {
    let record = |(number, (url, page)): (usize, &(&str, String))| {
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}");
        format!(
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-00000000000{number}>\r\n\
             WARC-Date: 2024-03-04T09:00:00Z\r\nWARC-Target-URI: {url}\r\nContent-Type: application/http; msgtype=response\r\n\
             Content-Length: {}\r\n\r\n{answer}\r\n\r\n",
            answer.len()
        )
    };
    pages.iter().enumerate().map(record).collect()
}

#[test]
fn a_file_that_packs_all_records_as_one_is_taken_in() {
    let place = Place::new();
    place.write(
        "crawl.warc",
        warc(&[("https://tides.example/news/1", pier()), ("https://tides.example/news/2", ferry())]),
    );
    assert!(place.other("gzip").arg("crawl.warc").output().unwrap().status.success());
    let ran = place.well(&["ingest", "crawl.warc.gz"]);
    assert!(
        ran.out.contains("2 new") && ran.err.contains("the pages are copied into the archive"),
        "{ran:#?}"
    );
    assert!(place.well(&["ingest", "crawl.warc.gz"]).out.contains("2 releases are there already"));
    // From here on the archive needs the file no more.
    fs::remove_file(place.path("crawl.warc.gz")).unwrap();
    place.well(&["verify"]);
    place.well(&["reindex", "--records"]);
    let found = place.well(&["search", "ferries", "--kind", "release", "--ndjson"]).records();
    assert_eq!(found[0]["url"], "https://tides.example/news/2", "{found:#?}");
    place.well(&["export", "wacz", "press.wacz"]);
    place.well(&["ingest", "--archive", "other", "--copy", "press.wacz"]);
    place.well(&["verify", "--archive", "other"]);
}

#[test]
fn of_a_crawl_of_others_only_releases_of_the_source_that_is_named_are_taken() {
    let place = Place::new();
    let source = "id = \"xx-tides\"\nname = \"Ministry of Tides\"\nlanguage = \"en\"\n\n[crawl]\n\
                  start = [\"https://tides.example/news\"]\nrelease = [\"^/news/[0-9]+$\"]\n";
    place.write("archive/sources/xx-tides.toml", source);
    let pages = [
        ("https://tides.example/news/1", pier()),
        ("https://tides.example/about", ferry()),
        ("https://other.example/news/2", ferry()),
    ];
    place.write("crawl.warc", warc(&pages));
    let ran = place.well(&["ingest", "--source", "xx-tides", "crawl.warc"]);
    assert!(ran.out.contains("1 new") && ran.err.contains("not-of-source 2"), "{ran:#?}");
    assert!(place.well(&["ingest", "crawl.warc"]).out.contains("2 new"), "without a source all pages are");
}
