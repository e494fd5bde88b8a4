//! How a capture ends: with which exit code, after Ctrl-C, on a full disk, in an archive that cannot be written, beside another one.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::capture::{Site, args, report};
use crate::kit::{Place, Ran, program};
use crate::limits::{as_nobody, rights};
use crate::loopback;

const LIST: &str =
    "<html lang=en><h1>News</h1><a href=/news/1>Pier</a> <a href=/news/2>Lost</a> <a href=/news/3>Shut</a>";
const PIER: &str = "<html lang=en><h1>The pier is open</h1><p>The Minister of Ports, Ana Roe, said that the pier is open again.";

/// An archive that knows a small site, whose release 2 is missing and whose release 3 must not be fetched.
fn small() -> (Place, loopback::Site) {
    let (place, site) = (Place::new(), loopback::Site::new());
    let source = format!(
        "id = \"no-tides\"\nname = \"Ministry of Tides\"\nlanguage = \"en\"\n\n[crawl]\nstart = [\"{}\"]\n\
         release = [\"^/news/[0-9]+$\"]\n",
        site.url("/news")
    );
    place.write("archive/sources/no-tides.toml", source);
    site.put("/robots.txt", "User-agent: *\nDisallow: /news/3\n");
    site.put("/news", LIST);
    site.put("/news/1", PIER);
    (place, site)
}

fn capture<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let fast = ["--contact", "keeper@library.example", "--allow-private", "--pace", "0"];
    [&["capture", "no-tides"], &fast[..], more].concat()
}

#[test]
fn what_a_site_does_not_have_or_forbids_is_told_and_is_no_failure() {
    let (place, site) = small();
    let ran = place.well(&capture(&["--skipped", "left.ndjson"]));
    assert!(
        ran.out.starts_with("archive: 3 pages fetched; 1 new\nnothing came of 2 pages:\n"),
        "{}",
        ran.out
    );
    assert!(
        ran.out.contains("1 robots.txt forbids it") && ran.out.contains("1 the server answers 404"),
        "{}",
        ran.out
    );
    let left = place.read("left.ndjson");
    assert!(left.contains(&site.url("/news/2")) && left.contains(&site.url("/news/3")), "{left}");
    // A budget is spent by order. What was missing once, and what was forbidden, wait too: that may have passed.
    site.put("/news", &LIST.replace("/news/2", "/news/4"));
    site.put("/news/4", PIER);
    let ran = place.well(&capture(&["--pages", "1"]));
    assert!(
        ran.out.contains("3 pages wait for the next run: the pages that this run may fetch"),
        "{}",
        ran.out
    );
    // Without the page that the source begins at there is nothing to be had.
    place.well(&capture(&[]));
    site.take("/news");
    let ran = place.run(&capture(&[]));
    assert!(ran.code == Some(1) && ran.out.contains("the server answers 404"), "{ran:#?}");
    // Nor without a page that was named.
    let named = site.url("/news/2");
    let ran = place.run(&["capture", &named, "--contact", "a@b.example", "--allow-private", "--pace", "0"]);
    assert!(ran.code == Some(1) && ran.out.contains("the server answers 404"), "{ran:#?}");
}

pub(crate) fn send(child: &Child, signal: &str) {
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

/// Starts a crawl and waits until it has asked for so many pages.
fn under_way(place: &Place, site: &Site, pages: usize) -> Child {
    let mut command = place.command(&args(&["--capture-only"]));
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let begun = Instant::now();
    while site.asked().len() < pages {
        assert!(begun.elapsed() < Duration::from_secs(60), "nothing was asked for in a minute");
        thread::sleep(Duration::from_millis(5));
    }
    child
}

#[test]
fn ctrl_c_ends_a_crawl_with_130_and_the_next_one_goes_on() {
    let site = Site::of(1_000);
    let place = site.place();
    let child = under_way(&place, &site, 50);
    // Beside it no other one writes, and nothing is lost by trying.
    place.run(&args(&[])).told(1, &["is being written by", "help:"]);
    send(&child, "-INT");
    let output = child.wait_with_output().unwrap();
    let ran: Ran = output.into();
    ran.told(130, &["interrupted", "goes on from there"]);
    assert!(report(&ran.out)["interrupted"].as_bool().unwrap(), "{}", ran.out);
    let before = site.asked().len();
    assert!(before < 1_000, "it stopped: {before}");
    assert_eq!(report(&place.well(&args(&["--capture-only"])).out)["waiting"], 0);
    let asked = site.asked();
    assert_eq!(asked.keys().filter(|path| path.starts_with("/news/")).count(), 1_000);
    let twice: usize = asked.values().map(|times| times - 1).sum();
    assert!(twice <= 1, "what was on its way is asked for again, and no other: {twice}");
}

#[test]
fn a_run_that_may_not_last_longer_leaves_the_rest_to_the_next() {
    let (place, _site) = small();
    let told = |more: &[&str]| {
        place.run(
            &[&["capture", "no-tides", "--contact", "a@library.example", "--allow-private"], more].concat(),
        )
    };
    let ran = told(&["--pace", "900ms", "--max-time", "1s"]);
    assert!(
        ran.code == Some(0) && ran.out.contains("for the next run: the time that this run may take"),
        "{ran:#?}"
    );
    assert_eq!(told(&["--pace", "0", "--max-time", "8h"]).code, Some(0));
    assert!(place.well(&["search", "pier", "--kind", "release"]).out.contains("The pier is open"));
    told(&["--max-time", "0"]).told(2, &["in no time nothing can be fetched", "90min or 8h"]);
    told(&["--max-time", "8 days"]).told(2, &["write it like 750ms"]);
}

#[test]
fn a_disk_that_fills_up_is_told_and_the_next_crawl_goes_on() {
    let site = Site::of(200);
    let place = site.place();
    let mut command = place.other("/bin/sh");
    // In blocks of 512 bytes: the files of the archive that is made fit, those of the crawl soon do not.
    command.args(["-c", "ulimit -f 400; exec \"$0\" \"$@\""]).arg(program()).args(args(&["--capture-only"]));
    let ran: Ran = command.output().unwrap().into();
    ran.told(1, &["archive/captures/", "no space is left", "help:"]);
    assert_eq!(report(&place.well(&args(&[])).out)["waiting"], 0);
    place.well(&["verify"]);
    assert_eq!(
        place.well(&["search", "guards", "--kind", "release", "--limit", "500", "--ndjson"]).records().len(),
        200
    );
}

#[test]
fn an_archive_that_cannot_be_written_is_told_and_stays_as_it_was() {
    let (place, _site) = small();
    place.well(&capture(&[]));
    let files = || {
        let mut files: Vec<_> =
            fs::read_dir(place.path("archive/captures")).unwrap().map(|e| e.unwrap().path()).collect();
        files.sort();
        files.iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect::<Vec<_>>()
    };
    let before = files();
    rights(&place.path("archive/captures"), 0o555);
    rights(&place.path("archive"), 0o555);
    let Some(ran) = as_nobody(&place, &capture(&[])) else { return };
    ran.told(1, &["archive/", "no permission to write", "help:"]);
    rights(&place.path("archive"), 0o755);
    rights(&place.path("archive/captures"), 0o755);
    assert_eq!(files(), before);
    place.well(&["verify"]);
}
