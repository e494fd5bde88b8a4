//! Pages that are no release, and honest releases that look a little like one.

use chancery_reader::{PageKind, ReadError, Selectors, read_any};
use chancery_record::{Capture, Media, Meta};

use crate::{lexicon, try_read};

const PROSE: &str = "The Minister of Tides said on Monday that the tides will rise, and that all boats are to be moved to \
    the upper harbour before the end of the week, where the harbour office has made room for two hundred of them.";

fn check(page: &str, url: Option<&str>, want: PageKind) {
    let meta = Meta { url: url.map(str::to_owned), ..Meta::default() };
    let capture = Capture { bytes: page.into(), media: Media::Html, meta, ..Capture::default() };
    let read = read_any(&capture, &Selectors::default(), lexicon()).unwrap();
    assert_eq!(read.kind, want, "{}: {page}", read.why);
}

fn list(count: usize, teaser: &str) -> String {
    let item = |n| {
        format!("<div class=item><h3><a href=/news/{n}>Harbour number {n} is opened</a></h3>{teaser}</div>")
    };
    (0..count).map(item).collect()
}

#[test]
fn lists_and_searches_are_no_releases() {
    let page = |title: &str, body: &str| {
        format!("<html lang=en><title>{title}</title><h1>{title}</h1><main>{body}</main>")
    };
    check(&page("News", &list(12, "<p>4 May 2021</p>")), None, PageKind::Listing);
    check(
        &page("Search results", &list(8, "<p>The harbour is opened by the Minister.</p>")),
        None,
        PageKind::Listing,
    );
    let url = Some("https://tides.example/?s=harbour");
    check(
        &page("Harbour", &list(8, "<p>The harbour is opened by the Minister.</p>")),
        url,
        PageKind::Listing,
    );
}

#[test]
fn a_list_of_bare_links_under_an_introduction_is_no_release() {
    // The links stand in the body itself: each leads to a page of its own.
    let links: String =
        (0..12).map(|n| format!("<a href=/news/{n}>Harbour number {n} is opened</a><br><br>")).collect();
    let page =
        format!("<html lang=en><title>News</title><h1>News</h1>All news of the ministry.<br><br>{links}");
    check(&page, None, PageKind::Listing);
    // One link to one page, said again and again, is no list.
    let again = "<a href=/call>Call the harbour office</a><br><br>".repeat(12);
    let page =
        format!("<html lang=en><title>Office</title><h1>Office</h1>The office is open.<br><br>{again}");
    check(&page, None, PageKind::Release);
}

#[test]
fn links_each_with_what_it_leads_to_are_a_list() {
    let teaser = "<span>4 May 2021</span><p>The harbour was opened by the Minister of Tides, who thanked the crews of the \
        boats for their patience, and by the people of the town.</p>";
    let rows: String = (1..9)
        .map(|n| format!("<tr><td>0{n}/05/2021<td><a href=/news/{n}>Harbour number {n} opened</a>"))
        .collect();
    // Cards are all link, with a title and a day deep in it.
    let cards: String = (1..9)
        .map(|n| format!("<li><a href=/news/{n}><div><div><p>Harbour number {n} opened</p><p>{n} May 2021</p></div></div></a>"))
        .collect();
    for body in [
        list(8, teaser),
        format!("<table><tr><th>Day<th>Title{rows}</table>"),
        format!("<p>Statements by year.</p><ul>{cards}</ul>"),
    ] {
        check(
            &format!("<html lang=en><title>News</title><h1>News</h1><main>{body}"),
            None,
            PageKind::Listing,
        );
    }
    // A menu that is not called one, and a release of two lines.
    let menu: String = (0..8).map(|n| format!("<li><a href=/part/{n}>Part {n} of the office</a>")).collect();
    let page = format!(
        "<html lang=en><title>Harbour closed</title><div><ul>{menu}</ul></div><div><h1>Harbour closed</h1>\
         <p>The harbour of Skarvik is closed today.</p><p>The Office of Tides will open it on Friday.</p></div>"
    );
    check(&page, None, PageKind::Release);
}

#[test]
fn pages_that_ask_who_reads_them_and_frames_that_wait() {
    let login = "<title>Sign in</title><form><h1>Sign in</h1><input><input type=password><p>Forgot your password?</p></form>";
    check(login, None, PageKind::Other);
    let waits =
        "<title>Viewer</title><script src=a.js></script><div id=app><div>Loading, please wait…</div></div>";
    check(waits, None, PageKind::Shell);
    let missing =
        "<title>Office of Tides</title><h2>Oh!</h2><p>The page you are looking for has been moved.</p>";
    check(missing, None, PageKind::Error);
}

#[test]
fn links_and_nothing_else_are_a_list() {
    let link = |n| format!("<a href=/news/{n}>Harbour number {n} is opened</a>");
    let all =
        |open: &str, close: &str| (0..8).map(|n| format!("{open}{}{close}", link(n))).collect::<String>();
    for (head, body) in [
        ("", list(8, "")),
        ("", format!("<ul>{}</ul>", all("<li>", "</li>"))),
        ("", all("", "")),
        ("<h1>News</h1>", all("", " ")),
        ("<h1>News</h1>", format!("<div>{}</div>", all("<div>", "</div>"))),
        ("<script>x()</script><h1>News</h1>", format!("<main>{}</main>", all("<p>", "</p>"))),
    ] {
        let page = format!("<html lang=en><title>News</title><body>{head}{body}");
        check(&page, Some("https://tides.example/news"), PageKind::Listing);
    }
}

#[test]
fn what_a_site_says_in_place_of_a_page_is_no_release() {
    for (title, text) in [
        ("404 - Page not found", "<p>We are sorry. The page that you look for is not here.</p>"),
        ("Page not found | Office of Tides", "<p>Try the <a href=/search>search</a>.</p>"),
        ("Seite nicht gefunden", "<p>Die Seite gibt es nicht mehr.</p>"),
        ("403 Forbidden", "<p>You may not see this.</p>"),
    ] {
        check(&format!("<title>{title}</title><h1>{title}</h1>{text}"), None, PageKind::Error);
    }
    let page = "<title>404 Not Found</title><h1>Not Found</h1><p>The page is not on this server.</p>";
    let told = try_read(page, Media::Html, Meta::default()).unwrap_err();
    assert!(matches!(told, ReadError::NoRelease { kind: PageKind::Error, .. }), "{told}");
    assert!(told.to_string().contains("its title or headline is “"), "{told}");
}

#[test]
fn a_frame_that_scripts_fill_is_said_to_be_one() {
    for body in [
        "<div id=root></div><script src=app.js></script>",
        "<noscript>You need to enable JavaScript to run this app.</noscript><div id=app></div><script src=a.js></script>",
        "<div id=app><p>Please enable JavaScript to see this site.</p></div><script src=a.js></script>",
        "<nav><ul><li><a href=/>Home</a><li><a href=/news>News</a><li><a href=/us>About us</a></ul></nav>
         <div id=root></div><script src=app.js></script>",
    ] {
        check(&format!("<title>Office of Tides</title>{body}"), None, PageKind::Shell);
    }
    let told = try_read(
        "<title>Tides</title><div id=root></div><script src=a.js></script>",
        Media::Html,
        Meta::default(),
    );
    assert!(told.unwrap_err().to_string().contains("its text is made by JavaScript"));
}

#[test]
fn honest_releases_are_not_refused() {
    for body in [
        // A release with many links behind it.
        format!("<h1>Tides rise</h1><p>{PROSE}</p><p>{PROSE}</p><ul>{}</ul>", list(9, "")),
        // A short release.
        "<h1>Harbour opened</h1><p>The Minister of Tides opened the harbour of Skarvik today.</p>".to_owned(),
        // One that speaks of a search, and of what was not found.
        format!("<h1>Search for the boat: not found</h1><p>{PROSE}</p>"),
        format!("<h1>Search and rescue at sea</h1><p>{PROSE}</p><ul>{}</ul>", list(6, "")),
        // One about scripts.
        format!("<h1>Office asks people to enable JavaScript</h1><p>{PROSE}</p><p>{PROSE}</p>"),
        // A list of documents that the metadata call published on a day.
        format!(
            "<meta property='article:published_time' content='2021-03-02'><h1>Orders of the day</h1>{}",
            list(9, "")
        ),
        // Documents, on a page with scripts.
        "<p><a href=statement.pdf>Statement</a></p><p><a href=annex.pdf>Annex</a></p><script src=a.js></script>".to_owned(),
        // Quotations in short lines.
        format!(
            "<h1>What they say</h1>{}",
            "<p>\u{201c}A good day for the harbour,\u{201d} said the Minister of Tides.</p>".repeat(9)
        ),
    ] {
        check(
            &format!("<html lang=en><title>Office of Tides</title><main>{body}</main>"),
            None,
            PageKind::Release,
        );
    }
}
