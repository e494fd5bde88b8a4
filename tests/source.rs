//! `chancery source`: a file checked, tried on a page, and drafted from a site's own pages.

use crate::kit::Place;
use crate::loopback::Site;

const LIST: &str = "<html lang=en><head><title>News | Ministry of Tides</title><meta property='og:site_name' content='Ministry of Tides'>
    <link rel=alternate type=application/rss+xml title=News href=/feed.xml></head><body><h1>News</h1><ul>
    <li><a href='/news/2024/new-pier-opens'>The new pier opens in the spring</a></li>
    <li><a href='/news/2024/fees-for-moorings'>Fees for moorings stay as they are</a></li>
    <li><a href='/news/2023/storm-warning-service'>A storm warning service for all ports</a></li>
    <li><a href='/about'>About</a></li><li><a href='/news/2024/new-pier-opens/print'>Print</a></li>
    <li><a href='https://other.example/'>Other</a></li></ul>
    <a href='/news?page=2'>2</a> <a href='/news?page=3'>3</a></body></html>";

const RELEASE: &str = "<html lang=en><head><title>The new pier opens | Ministry of Tides</title></head><body><article>
    <h1>The new pier opens</h1><time datetime='2024-03-04'>4 March 2024</time><div class='entry-content'>
    <p>The Minister of Tides, Ada Quill, opened the new pier on Monday and thanked all who had built it in a year.</p>
    <p>“The pier is for everybody who lives by the sea,” she said, and added that boats may moor there from May.</p>
    </div></article></body></html>";

const SOURCE: &str = "id = \"no-tides\"\nname = \"Ministry of Tides\"\ncountry = \"Norway\"\nlanguage = \"en\"\n\n[crawl]\n\
    start = [\"https://www.tides.example/news\"]\npages = \"https://www.tides.example/news?page={n}\"\n\
    release = ['^/news/[0-9]{4}/']\nskip = ['/print$']\n\n[read]\nheadline = [\".headline\", \"article h1\"]\ntext = [\".entry-content\"]\n";

#[test]
fn a_mistake_is_told_with_its_place_and_its_mend() {
    let place = Place::new();
    place.write("no-tides.toml", SOURCE.replace("'^/news/[0-9]{4}/'", "'^/news/('").replace("skip", "skp"));
    let ran = place.run(&["source", "check", "no-tides.toml"]);
    ran.told(
        1,
        &[
            "no-tides.toml:9:12",
            "is no regular expression: unclosed group",
            "no-tides.toml:10:1",
            "has no key `skp`",
            "2 mistakes",
        ],
    );
    place
        .run(&["source", "check", "nowhere.toml"])
        .told(1, &["nowhere.toml: cannot read", "check the spelling"]);
    place
        .run(&["source", "check", "no-tides.toml", "--page", "x.html", "--url", "news"])
        .told(2, &["`news` is no address"]);
}

#[test]
fn a_page_shows_what_the_source_gives() {
    let place = Place::new();
    place.write("no-tides.toml", SOURCE);
    place.write("news.html", LIST);
    place.write("pier.html", RELEASE);
    let out = place.well(&["source", "check", "no-tides.toml"]).out;
    assert_eq!(
        out,
        "no-tides.toml: no mistakes; 1 start page, no feeds, no sitemaps, 1 pattern of releases\n"
    );
    let list = place.well(&["source", "check", "no-tides.toml", "--page", "news.html"]).out;
    for told in [
        "links     3 release\n",
        "/news/2024/new-pier-opens  “The new pier opens in the spring”  matches `^/news/[0-9]{4}/`",
        "links     2 list\n",
        "https://www.tides.example/news?page=2  “2”  has the form of the list pages",
        "/about  “About”  no pattern of `release` matches",
        "/print  “Print”  matches `/print$`",
        "of another host, other.example",
        "feed.xml (News), which the source does not name",
    ] {
        assert!(list.contains(told), "{told}\n{list}");
    }
    let url = "https://www.tides.example/news/2024/new-pier-opens";
    let release = place.well(&["source", "check", "no-tides.toml", "--page", "pier.html", "--url", url]).out;
    for told in [
        "headline  The new pier opens  (by `article h1`)\n",
        "date      2024-03-04  (by the reader's own means)\n",
        "“The Minister of Tides, Ada Quill, opened",
        "headline  `.headline` finds nothing on this page\n",
    ] {
        assert!(release.contains(told), "{told}\n{release}");
    }
    let json = place.well(&["source", "check", "no-tides.toml", "--page", "news.html", "--json"]).records();
    assert_eq!(json[0]["links"].as_array().unwrap().len(), 8);
    assert_eq!(json[0]["links"][0]["class"], "release");
}

#[test]
fn a_first_file_is_drafted_from_saved_pages() {
    let place = Place::new();
    place.write("news.html", LIST);
    place.write("pier.html", RELEASE);
    place.write(
        "robots.txt",
        "User-agent: *\nDisallow: /x\nSitemap: https://www.tides.example.no/sitemap.xml\n",
    );
    let url = "https://www.tides.example.no/news";
    let args =
        ["source", "new", url, "--page", "news.html", "--release", "pier.html", "--robots", "robots.txt"];
    let text = place.well(&[&args[..], &["--out", "-"]].concat()).out;
    for line in [
        "id = \"no-tides\"",
        "country = \"Norway\"",
        "timezone = \"Europe/Oslo\"",
        "language = \"en\"",
        "feeds = [\"https://www.tides.example.no/feed.xml\"]",
        "sitemaps = [\"https://www.tides.example.no/sitemap.xml\"]",
        "pages = \"https://www.tides.example.no/news?page={n}\"",
        "release = ['^/news/[0-9]{4}/[^/]+$']   # 3 links of the page have this form",
        "headline = [\"article h1\"]",
        "text = [\".entry-content\"]",
        "date = [\"article time@datetime\"]",
    ] {
        assert!(text.lines().any(|own| own == line), "{line}\n{text}");
    }
    let archive = place.well(&[&args[..], &["--archive", "press"]].concat()).out;
    assert!(archive.starts_with("wrote press/sources/no-tides.toml;"), "{archive}");
    assert_eq!(place.read("press/sources/no-tides.toml"), text);
    let listed = place.well(&["source", "list", "--archive", "press"]).out;
    assert!(listed.contains("no-tides     "), "{listed}");
    place
        .run(&[&args[..], &["--archive", "press"]].concat())
        .told(1, &["there is a file already", "--out FILE"]);
}

/// The page docs/capture.md, command by command, with the pages that it speaks of.
#[test]
fn every_command_of_the_page_runs_as_written() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/capture.md");
    let page = std::fs::read_to_string(path).unwrap();
    let place = Place::new();
    place.write("news.html", LIST.replace("/news?page", "https://www.tides.example.no/news?page"));
    place.write("pier.html", RELEASE);
    place.write("robots.txt", "User-agent: *\nSitemap: https://www.tides.example.no/sitemap.xml\n");
    for words in ["from May", "from June"] {
        let release = crate::changes::page("The new pier opens", words, "Home");
        place.write("pages/pier.html", release.replace("tides.example/", "tides.example.no/"));
        place.well(&["ingest", "pages", "--source", "no-tides"]);
    }
    let (mut ran, mut printed) = (0, String::new());
    for block in page.split("```").skip(1).step_by(2) {
        let (kind, text) = block.split_once('\n').unwrap();
        match kind {
            "sh" => {
                for line in text.lines() {
                    let args: Vec<&str> = line.split_whitespace().skip(1).collect();
                    printed = place.well(&args).out;
                    assert!(!printed.is_empty(), "{line}");
                    ran += 1;
                }
            }
            "text" => assert_eq!(printed, text),
            // They ask a site: `every_command_that_asks_a_site_runs_as_written`.
            _ => {}
        }
    }
    assert_eq!(ran, 6);
    assert!(printed.contains("{+June+}"), "{printed}");
}

/// The other commands of the page: a site on loopback answers for the one that they name, and is allowed to.
#[test]
fn every_command_that_asks_a_site_runs_as_written() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/capture.md");
    let page = std::fs::read_to_string(path).unwrap();
    let (place, site) = (Place::new(), Site::new());
    site.put("/news", LIST);
    site.put("/news/2024/new-pier-opens", RELEASE);
    let own = site.url("");
    let source = SOURCE.replace("https://www.tides.example", &own);
    let source =
        source.replace("[crawl]\n", "[crawl]\ncontact = \"archive@library.example\"\npace = \"100ms\"\n");
    place.write("archive/sources/no-tides.toml", source);
    site.put(
        "/news/pier",
        "<html lang=en><h1>The pier</h1><img src=/pier.png><p>The pier is open to all again.</html>",
    );
    site.put_file("/pier.png", b"no picture, but bytes".to_vec());
    let mut ran = Vec::new();
    for block in page.split("```console\n").skip(1) {
        for line in block.split("```").next().unwrap().lines() {
            let words = line.replace("https://www.tides.example.no", &own);
            let words: Vec<&str> = words.split_whitespace().skip(1).chain(["--allow-private"]).collect();
            if words[0] == "watch" && !words.contains(&"--once") {
                let mut child = place.command(&words).spawn().unwrap();
                std::thread::sleep(std::time::Duration::from_millis(1500));
                crate::capture_ends::send(&child, "-INT");
                assert_eq!(child.wait().unwrap().code(), Some(130), "{line}");
            } else {
                let said = place.well(&words);
                let told = match words[..2] {
                    ["source", "new"] => said.out.starts_with("wrote archive/sources/"),
                    ["capture", "no-tides"] if words.contains(&"--max-time") => {
                        said.out.contains("nothing new")
                    }
                    ["capture", "no-tides"] => said.out.contains("1 new"),
                    ["watch", "--once"] => said.err.contains("nothing is due; next is no-tides at "),
                    _ => said.out.contains("2 pages fetched"),
                };
                assert!(told, "{line}: {said:?}");
            }
            ran.push(words.join(" "));
        }
    }
    assert_eq!(ran.len(), 6, "{ran:#?}");
}

#[test]
fn a_site_is_asked_as_politely_as_by_a_crawl() {
    let (place, site) = (Place::new(), Site::new());
    site.put("/news", LIST);
    site.put("/news/2024/new-pier-opens", RELEASE);
    site.put("/robots.txt", "User-agent: *\nDisallow: /closed\nSitemap: SITE/sitemap.xml\n");
    let url = site.url("/news");
    let asked =
        ["source", "new", &url, "--contact", "archive@library.example", "--allow-private", "--out", "-"];
    let text = place.well(&asked).out;
    for part in [
        "headline = [\"article h1\"]".to_owned(),
        format!("sitemaps = [\"{}\"]", site.url("/sitemap.xml")),
        format!("pages = \"{}\"", site.url("/news?page={n}")),
        "release = ['^/news/[0-9]{4}/[^/]+$']".to_owned(),
    ] {
        assert!(text.contains(&part), "{part}\n{text}");
    }
    assert!(
        text.contains("name = \"Ministry of Tides\"   # as the site calls itself"),
        "as og:site_name says: {text}"
    );
    // Where no page says it, by what the titles of the pages have in common.
    let meta = "<meta property='og:site_name' content='Ministry of Tides'>";
    site.put("/news", &LIST.replace(meta, "").replace("News | Ministry of Tides", "News – Ministry of Ebb"));
    site.put(
        "/news/2024/new-pier-opens",
        &RELEASE.replace("opens | Ministry of Tides", "opens – Ministry of Ebb"),
    );
    let text = place.well(&asked).out;
    assert!(text.contains("name = \"Ministry of Ebb\"   # as the site calls itself"), "{text}");
    place.run(&["source", "new", &url]).told(2, &["--contact"]);
    let private = ["source", "new", &url, "--contact", "archive@library.example", "--out", "-"];
    place.run(&private).told(1, &["127.0.0.1", "not fetched", "say --allow-private"]);
    let closed = site.url("/closed/news");
    let closed =
        ["source", "new", &closed, "--contact", "a@library.example", "--allow-private", "--out", "-"];
    place.run(&closed).told(1, &["robots.txt forbids it", "--page FILE"]);
}

#[test]
fn a_page_given_as_a_source_is_told_shortly_and_as_json() {
    let place = Place::new();
    place.write(
        "page.toml",
        format!("<!doctype html><html><body>{}</body></html>", "<p>tides</p>".repeat(800)),
    );
    let ran = place.run(&["source", "check", "page.toml"]);
    ran.told(1, &["page.toml:1:", "…"]);
    assert!(ran.err.lines().all(|line| line.chars().count() < 320), "{ran:#?}");
    let ran = place.run(&["source", "check", "page.toml", "--json"]);
    assert_eq!(ran.code, Some(1), "{ran:#?}");
    let faults = ran.records();
    assert!(!faults.is_empty() && faults.iter().all(|fault| fault["severity"] == "error"), "{faults:#?}");
    assert_eq!((&faults[0]["file"], &faults[0]["line"]), (&"page.toml".into(), &1.into()));
}
