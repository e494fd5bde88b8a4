//! `chancery watch`: what is new, what was silently edited, what is gone; on the rhythm of each source.

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
}
