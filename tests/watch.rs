//! `chancery watch`: what is new, what was silently edited, what is gone; on the rhythm of each source.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use crate::changes::{FIRST, page};
use crate::kit::Place;
use crate::loopback::Site;

const LIST: &str = "<html lang=en><h1>News</h1><a href=/news/2024/pier>The new pier opens</a>
    <a href=/news/2024/fees>Fees for moorings stay</a></html>";

fn source(site: &Site) -> String {
    format!(
        "id = \"no-tides\"\nname = \"Ministry of Tides\"\ncountry = \"Norway\"\nlanguage = \"en\"\n[crawl]\nstart = [\"{}\"]\n\
         release = ['^/news/[0-9]{{4}}/']\npace = \"100ms\"\nrhythm = \"1h\"\ncontact = \"archive@library.example\"\n",
        site.url("/news")
    )
}

/// A release of the site: without an address of its own, which another host's would be.
fn release(headline: &str, text: &str, chrome: &str) -> String {
    page(headline, text, chrome)
        .replace("<link rel=canonical href='https://www.tides.example/news/pier'>", "")
}

#[test]
fn a_source_is_kept_fresh() {
    let (place, site) = (Place::new(), Site::new());
    place.write("archive/sources/no-tides.toml", source(&site));
    site.put("/news", LIST);
    site.put("/news/2024/pier", &release("The new pier opens", FIRST, "Home"));
    site.put("/news/2024/fees", &release("Fees for moorings stay", FIRST, "Home"));
    let once = ["watch", "no-tides", "--once", "--allow-private"];
    let first = place.well(&once).out;
    let lines: Vec<&str> = first.lines().collect();
    assert_eq!(lines.len(), 2, "{first}");
    assert!(lines.iter().all(|line| line.starts_with("new     no-tides/2024-03-04/")), "{first}");

    let idle = place.well(&once);
    assert!(idle.out.is_empty() && idle.err.contains("nothing is due; next is no-tides at "), "{idle:?}");
    assert_eq!(place.well(&["watch", "--once"]).out, "", "the archive knows which it has captures of");
    place
        .run(&["watch", "nowhere", "--once"])
        .told(1, &["there is no source `nowhere`", "chancery source list"]);

    // Another second, so that what was fetched is older than now.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    site.put("/news/2024/pier", &release("The new pier opens", &FIRST.replace("May", "June"), "Start page"));
    site.take("/news/2024/fees");
    let again = ["watch", "no-tides", "--now", "--allow-private"];
    let second = place.well(&again).out;
    assert!(
        second.lines().count() == 1
            && second.starts_with("edited  no-tides/2024-03-04/the-new-pier-opens  text"),
        "{second}"
    );
    let third = place.well(&[&again[..], &["--json"]].concat()).records();
    assert!(third.len() == 1 && third[0]["event"] == "gone", "{third:?}");
    assert_eq!(third[0]["url"], site.url("/news/2024/fees"));
    let found = place.well(&["search", "Ada Quill", "--kind", "release"]).out;
    assert_eq!(found.matches("gone from the site").count(), 1, "{found}");
    let shown = place.well(&["show", &site.url("/news/2024/fees"), "--plain"]).out;
    assert!(shown.contains("gone from the site: missing on two visits"), "{shown}");
    // To be listed, and to be left out.
    let listed = |words: &str| place.well(&["search", words, "--kind", "release", "--ndjson"]).records();
    let [gone, there] = [listed("has:gone"), listed("-has:gone")];
    assert!(gone.len() == 1 && there.len() == 1, "{gone:?} {there:?}");
    assert_eq!((&gone[0]["url"], &gone[0]["gone"]), (&site.url("/news/2024/fees").into(), &true.into()));
    assert_eq!(there[0]["url"], site.url("/news/2024/pier"));
    let status = place.well(&["status"]).out;
    assert!(
        status.contains("gone           1 from their sites; `chancery search has:gone` lists them"),
        "{status}"
    );
}

#[test]
fn a_front_page_in_place_of_a_release_is_noticed_and_makes_no_version_of_it() {
    let (place, site) = (Place::new(), Site::new());
    place.write("archive/sources/no-tides.toml", source(&site));
    // Another count at every visit, as such pages have it.
    let front = |visitors: u32| {
        format!(
            "<html lang=en><h1>Ministry of Tides</h1><a href=/news>News</a><p>Visitors: {visitors}</html>"
        )
    };
    site.put("/", &front(1));
    site.put("/news", LIST);
    for name in ["pier", "fees"] {
        site.put(&format!("/news/2024/{name}"), &release(&format!("The {name} of Skarvik"), FIRST, "Home"));
    }
    let now = ["watch", "no-tides", "--now", "--allow-private"];
    place.well(&now);
    for visit in 2..4 {
        std::thread::sleep(std::time::Duration::from_millis(1100));
        site.put("/", &front(visit * 10));
        site.put("/news/2024/fees", &front(visit * 10 + 1));
        let told = place.well(&now).out;
        let is_told = told.starts_with(&format!("gone    {}", site.url("/news/2024/fees")));
        assert!(
            told.lines().count() == usize::from(visit == 3) && is_told == (visit == 3),
            "{visit}: {told}"
        );
    }
    let found = place.well(&["search", "has:gone \"the fees of Skarvik\"", "--kind", "release", "--ndjson"]);
    let found = found.records();
    assert!(found.len() == 1 && found[0]["gone"] == true, "its text is still what is searched: {found:?}");
    let changes = place.well(&["changes"]).out;
    assert_eq!(
        changes, "no release was edited between two captures\n",
        "a front page is no edit of a release"
    );

    // Also while a crawl is at work on the archive.
    let crawl = ["capture", "no-tides", "--allow-private", "--pace", "2s", "--log", "json"];
    let mut crawl = place.command(&crawl).stdout(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(crawl.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let found = place.well(&["search", "has:gone", "--kind", "release"]).out;
    assert!(first.contains("fetched") && found.contains("gone from the site"), "{first} {found}");
    crawl.kill().unwrap();
    crawl.wait().unwrap();
}

#[test]
fn a_site_that_wants_long_pauses_is_gone_on_with_when_it_may_be() {
    let (place, site) = (Place::new(), Site::new());
    place.write("archive/sources/no-tides.toml", source(&site));
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 700\n");
    site.put("/news", LIST);
    site.put("/news/2024/pier", &release("The new pier opens", FIRST, "Home"));
    let once = ["watch", "no-tides", "--once", "--allow-private"];
    let now = jiff::Timestamp::now();
    place.well(&once).told(
        0,
        &[
            "1 page fetched; 2 pages wait: 127.0.0.1 until 20",
            ": robots.txt asks to wait 700 s between two pages",
        ],
    );
    let idle = place.well(&once).err;
    let (_, at) = idle.split_once("nothing is due; next is no-tides at ").unwrap();
    let at: jiff::Timestamp = at.split(' ').next().unwrap().parse().unwrap();
    let wait = at.as_second() - now.as_second();
    assert!((699..1200).contains(&wait), "when it may be gone on with, not an hour later: {wait}");
    // Who asks all the same is told, and the site is not.
    let capture = ["capture", "no-tides", "--allow-private"];
    let told = place.well(&capture).out;
    assert!(
        told.contains("0 pages fetched") && told.contains("2 pages wait for the next run: 127.0.0.1 until "),
        "{told}"
    );
}

#[test]
fn what_a_visit_had_no_time_for_is_taken_up_by_the_next() {
    let (place, site) = (Place::new(), Site::new());
    place.write("archive/sources/no-tides.toml", source(&site).replace("pace = \"100ms\"", "pace = \"2s\""));
    site.put("/news", LIST);
    site.put("/news/2024/pier", &release("The new pier opens", FIRST, "Home"));
    site.put("/news/2024/fees", &release("Fees for moorings stay", FIRST, "Home"));
    let once = ["watch", "no-tides", "--once", "--allow-private"];
    let first = place.well(&[&once[..], &["--max-time", "3s"]].concat());
    first.told(0, &["the time that this run may take"]);
    assert!(first.out.is_empty(), "{first:?}");
    let second = place.well(&once);
    assert_eq!(second.out.lines().count(), 2, "not an hour later, when the source is due: {second:?}");
    assert!(place.well(&once).err.contains("nothing is due; next is no-tides at "));
}
