//! Made pages, each with one thing to find.

use chancery_reader::{DateOrder, Selectors};
use chancery_record::{Capture, Media, Meta};

use crate::{lexicon, read, try_read};

const PARAGRAPH: &str = "The Minister of Tides said on Monday that the tides will rise, and that all boats are to be \
    moved to the upper harbour before the end of the week.";

/// A page with a headline, what is given, and two paragraphs.
fn page(head: &str, between: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head>{head}</head><body><main><h1>Tides will rise next week</h1>{between}\
         <p>{PARAGRAPH}</p><p>{PARAGRAPH}</p></main></body></html>"
    )
}

fn text() -> String {
    format!("{PARAGRAPH}\n\n{PARAGRAPH}")
}

#[test]
fn dates_of_the_persian_and_the_islamic_calendar() {
    let cases = [
        ("<p>سه‌شنبه ۱۲ اسفند ۱۳۹۹</p>", Some("2021-03-02")),
        ("<p>۱۲ حوت ۱۳۹۹</p>", Some("2021-03-02")),
        ("<p>الثلاثاء 18 رجب 1442 هـ</p>", Some("2021-03-02")),
        ("<p>25 ربيع الأول 1442هـ</p>", Some("2020-11-11")),
        // The same day in two calendars, where the moon was seen a day later.
        ("<p>الثلاثاء 19 رجب 1442 هـ الموافق 2 مارس 2021</p>", Some("2021-03-02")),
        ("<p>19 رجب 1442 هـ، 2 مارس 2021 م</p>", Some("2021-03-02")),
        // No year of any calendar in use.
        ("<p>12 اسفند 1021</p>", None),
    ];
    for (between, want) in cases {
        assert_eq!(read(page("", between)).published.as_deref(), want, "{between}");
    }
}

#[test]
fn a_table_of_dates() {
    let json = r#"<script type="application/ld+json">{"@graph":[{"@type":"WebSite","name":"x"},
        {"@type":"NewsArticle","headline":"Tides","datePublished":"2021-03-02T23:30:00+01:00"}]}</script>"#;
    let meta = "<meta property='article:published_time' content='2021-03-02T10:00:00Z'>";
    let cases = [
        (
            json,
            "<p>The harbour was opened on 3 March 1921 by the first Minister of Tides.</p>",
            Some("2021-03-02"),
        ),
        (meta, "", Some("2021-03-02")),
        ("<meta name=dcterms.issued content=20210302>", "", Some("2021-03-02")),
        ("", "<time datetime=2021-03-02>yesterday</time>", Some("2021-03-02")),
        ("", "<p>2 March 2021</p>", Some("2021-03-02")),
        ("", "<p>Tuesday, March 2nd, 2021</p>", Some("2021-03-02")),
        ("", "<p>Published on: 02 Mar. 2021, 10:30 am</p>", Some("2021-03-02")),
        ("", "<p>Cairo, 2nd of March, 2021</p>", Some("2021-03-02")),
        ("", "<p>02/03/2021</p>", Some("2021-03-02")),
        ("", "<p>2.3.2021</p>", Some("2021-03-02")),
        ("", "<p>2021/03/02</p>", Some("2021-03-02")),
        ("", "<p>02-Mar-21</p>", Some("2021-03-02")),
        ("", "<p>2 de marzo de 2021</p>", Some("2021-03-02")),
        ("", "<p>1er août 2021</p>", Some("2021-08-01")),
        ("", "<p>2. März 2021</p>", Some("2021-03-02")),
        ("", "<p>٢ مارس ٢٠٢١</p>", Some("2021-03-02")),
        ("", "<p>12/25/2021</p>", Some("2021-12-25")),
        ("", "<p>Updated 9 April 2022</p><p>Published 2 March 2021</p>", Some("2021-03-02")),
        (
            "",
            "<div class=post-date>Nr. 7 | 31 May 2020 | Harbour Office of the Kingdom</div>",
            Some("2020-05-31"),
        ),
        ("", "<p>31 February 2021</p>", None),
        ("", "<p>2021年3月2日</p>", Some("2021-03-02")),
        ("", "<p>令和3年3月2日（火）</p>", Some("2021-03-02")),
        ("", "<p>2021년 3월 2일</p>", Some("2021-03-02")),
        ("", "<p>2 มีนาคม 2564</p>", Some("2021-03-02")),
        ("", "<p>2. dubna 2021</p>", Some("2021-04-02")),
        ("", "<p>Deadline: 9 March 2021</p><p>2 March 2021</p>", Some("2021-03-02")),
        ("", "<p>Date of event: 9 March 2021</p><p>Posted: 2 March 2021</p>", Some("2021-03-02")),
        ("", "<p>2 آذار/مارس 2021</p>", Some("2021-03-02")),
        ("", "<p>Δημοσιεύτηκε: 2 Μαρτίου 2021</p>", Some("2021-03-02")),
        ("", "<p>२ मार्च २०२१</p>", Some("2021-03-02")),
        ("", "<p>Publié le 2 mars 2021, mis à jour le 9 avril 2022</p>", Some("2021-03-02")),
        ("", "<p>Zuletzt geändert: 9.4.2022</p><p>Veröffentlicht am 2.3.2021</p>", Some("2021-03-02")),
        ("", "<p>By Ana RoeMARCH 2, 2021Updated: APRIL 9, 2022</p>", Some("2021-03-02")),
        ("", "<p>by A. Roe · 2 March 2021 · one comment</p>", Some("2021-03-02")),
        ("<meta name='DC:Date_Issued' content='2021-03-02'>", "", Some("2021-03-02")),
        ("<script>var page = {\"published_at\": \"2021-03-02T10:00:00\"}</script>", "", Some("2021-03-02")),
        // Damaged JSON.
        (
            "<script type='application/ld+json'>{\"datePublished\": \"2021-03-02\", \"a\": }</script>",
            "",
            Some("2021-03-02"),
        ),
        ("", "<p>Room 12, 2021 seats</p>", None),
    ];
    for (head, between, want) in cases {
        let release = read(page(head, between));
        assert_eq!(release.published.as_deref(), want, "{head}{between}");
    }
}

#[test]
fn the_day_of_an_address() {
    let url = Some("https://tides.example/2021/03/02/tides".to_owned());
    let release = try_read(page("", ""), Media::Html, Meta { url, ..Meta::default() }).unwrap();
    assert_eq!(release.published.as_deref(), Some("2021-03-02"));
}

#[test]
fn the_language_says_whose_years_numbers_count() {
    let of = |language: &str, day: &str| {
        let page = page("", &format!("<p>{day}</p>")).replace("lang=en", &format!("lang={language}"));
        read(page).published
    };
    assert_eq!(of("fa", "۱۳۹۹/۱۲/۱۲").as_deref(), Some("2021-03-02"));
    assert_eq!(of("ar", "1442/07/18").as_deref(), Some("2021-03-02"));
    assert_eq!(of("ar", "١٨/٠٧/١٤٤٢").as_deref(), Some("2021-03-02"));
    assert_eq!(of("en", "1399/12/12"), None);
}

#[test]
fn the_source_says_how_numbers_are_read() {
    let capture = Capture { bytes: page("", "<p>03/04/2021</p>").into(), ..Capture::default() };
    let date = |order| {
        let selectors = Selectors { date_order: Some(order), ..Selectors::default() };
        chancery_reader::read(&capture, &selectors, lexicon()).unwrap().published.unwrap()
    };
    assert_eq!(date(DateOrder::Dmy), "2021-04-03");
    assert_eq!(date(DateOrder::Mdy), "2021-03-04");
    let american = page("", "<p>03/04/2021</p>").replace("lang=en", "lang=en-US");
    assert_eq!(read(american).published.unwrap(), "2021-03-04");
}

#[test]
fn what_the_page_puts_about_the_text_is_left_out() {
    let around = [
        "<p class=date>2 March 2021</p>",
        "<p>Tides will rise next week</p>",
        "<p>FOR IMMEDIATE RELEASE</p>",
        "<p>Share this page</p><ul class=share><li><a href=x>Chirp</a></ul>",
        "<figure><img src=x><figcaption>The Minister of Tides at the harbour, in a boat of his own</figcaption></figure>",
        "<div style='display: none'>Words that nobody sees, as long as a whole sentence of the text.</div>",
        "<div class='cookie-notice'><p>We use cookies to make this site work, and others to count you.</p></div>",
        "<aside><p>The harbour was built in 1903 and has since been widened two times.</p></aside>",
        "<form><label>Search</label><input></form>",
    ];
    for between in around {
        assert_eq!(read(page("", between)).text, text(), "{between}");
    }
    let related = format!("{}<h2>Related links</h2><ul><li><a href=x>Older tides</a></ul>", page("", ""));
    assert_eq!(read(related).text, text());
}

#[test]
fn a_page_that_stands_in_a_form_or_in_layout_tables_is_read() {
    let form = format!("<form id=aspnetForm><h1>Tides</h1><p>{PARAGRAPH}</p><p>{PARAGRAPH}</p></form>");
    assert_eq!(read(form).text, text());
    let tables = format!(
        "<table><tr><td><a href=a>Home</a><br><a href=b>News</a></td><td><table><tr><td><b>Tides</b></td></tr>\
         <tr><td>{PARAGRAPH}<br><br>{PARAGRAPH}</td></tr></table></td></tr></table>"
    );
    assert!(read(tables).text.ends_with(&text()));
}

/// Which of two days is the release's own.
#[test]
fn a_table_of_days_that_disagree() {
    let meta = |value: &str| format!("<meta property='article:published_time' content='{value}'>");
    let cases = [
        // The clock of Greenwich is in the next day already; the page shows its own.
        (meta("2021-03-03T02:10:00Z"), "<p>2 March 2021</p>", "2021-03-02"),
        (meta("2021-03-01T22:10:00+00:00"), "<p>2 March 2021</p>", "2021-03-02"),
        // With the clock of the page itself there is nothing to mend, unless the page speaks plainly.
        (
            meta("2021-03-03T02:10:00-05:00"),
            "<p>The office is open until 2 March 2021 in all three harbours.</p>",
            "2021-03-03",
        ),
        // What stands at the headline is the day that the issuer shows.
        (meta("2021-02-20"), "<p>Published 2 March 2021</p>", "2021-03-02"),
        (meta("2021-02-20"), "<p>2 March 2021</p>", "2021-03-02"),
        (
            "<script type='application/ld+json'>{\"datePublished\":\"2021-03-02T23:30:00+01:00\"}</script>"
                .to_owned(),
            "<p>3 March 2021</p>",
            "2021-03-03",
        ),
        // A change is no publication.
        (meta("2021-03-02"), "<p>Last updated: 9 April 2022</p>", "2021-03-02"),
        // Numbers that may be read in two ways are read as the page reads them elsewhere.
        (String::new(), "<time datetime=2021-03-02></time><p>03/02/2021</p>", "2021-03-02"),
        // What the page hides counts less, where it shows one.
        (
            String::new(),
            "<div style='visibility: hidden'>9 April 2022</div><p><a href=/archive/2021/03/02/>2 March 2021</a></p>",
            "2021-03-02",
        ),
        // Another release's day stands in the link to it.
        (String::new(), "<p>2 March 2021</p><p><a href=/other>9 April 2022</a></p>", "2021-03-02"),
    ];
    for (head, between, want) in cases {
        let release = read(page(&head, between));
        assert_eq!(release.published.as_deref(), Some(want), "{head}{between}");
    }
}

#[test]
fn a_copyright_and_a_comment_tell_no_day() {
    let tail = format!(
        "{}<section class=comments><p>Ole, 5 June 2022</p><p>When?</p></section><footer>© 1 January 2023</footer>",
        page("", "")
    );
    assert_eq!(read(tail).published, None);
}

#[test]
fn a_table_of_headlines() {
    let cases = [
        (
            "<h1>Ministry of Tides</h1><h2>Tides rise at last</h2>",
            "Tides rise at last | Ministry of Tides",
            "Tides rise at last",
        ),
        ("<h1>Tides rise at last</h1>", "News - Ministry of Tides", "Tides rise at last"),
        (
            "<h1><a href=/>Ministry of Tides</a></h1>",
            "Ministry of Tides – Tides rise at last",
            "Tides rise at last",
        ),
        (
            "<h1>Latest news</h1><article><h1>Tides &amp; boats:<br>an update</h1></article>",
            "Tides & boats: an update",
            "Tides & boats: an update",
        ),
        ("", "Tides rise at last :: Ministry of Tides", "Tides rise at last"),
        ("<div class=entry-title>Tides rise at last</div>", "Ministry of Tides", "Tides rise at last"),
    ];
    for (heading, title, want) in cases {
        let page = format!(
            "<html><head><title>{title}</title><meta property=og:site_name content='Ministry of Tides'></head>\
             <body>{heading}<p>{PARAGRAPH}</p><p>{PARAGRAPH}</p></body></html>"
        );
        let release = read(page);
        assert_eq!(release.headline.as_deref(), Some(want), "{heading} {title}");
        assert_eq!(release.issuer.as_deref(), Some("Ministry of Tides"));
    }
}

#[test]
fn selectors_are_tried_in_order_and_fall_back() {
    let selectors: Selectors = toml::from_str(
        "headline = ['.none', '.second']\ntext = ['#none', '.body']\ndrop = ['.box']\ndate = ['.none', 'b@data-day']",
    )
    .unwrap();
    let bytes = format!(
        "<h1>Site</h1><p class=second>Tides rise</p><p>{PARAGRAPH}</p>\
         <div class=body><b data-day=2021-03-02></b><p>Short text.</p><div class=box>A box</div></div>"
    );
    let release =
        chancery_reader::read(&Capture { bytes: bytes.into(), ..Capture::default() }, &selectors, lexicon())
            .unwrap();
    assert_eq!(release.text, "Short text.");
    assert_eq!(release.headline.as_deref(), Some("Tides rise"));
    assert_eq!(release.published.as_deref(), Some("2021-03-02"));
    let other = Capture { bytes: page("", "").into(), ..Capture::default() };
    assert_eq!(chancery_reader::read(&other, &selectors, lexicon()).unwrap().text, text());
    let error = toml::from_str::<Selectors>("text = ['p >> q']").unwrap_err().to_string();
    assert!(error.contains("line 1") && error.contains("`p >> q` is no CSS selector"), "{error}");
}

#[test]
fn what_the_input_says_wins() {
    let meta = Meta {
        title: Some("Another headline".into()),
        date: Some("5 May 2020".into()),
        lang: Some("fr".into()),
        issuer: Some("Harbour Office".into()),
        kind: Some("press_release".into()),
        url: Some("https://given.example/1".into()),
        country: Some("Norway".into()),
        source: Some("no-tides".into()),
        id: None,
    };
    let head = "<link rel=canonical href='https://page.example/1'><meta property=og:site_name content=Tides>";
    let release = try_read(page(head, "<p>2 March 2021</p>"), Media::Html, meta).unwrap();
    assert_eq!(release.headline.as_deref(), Some("Another headline"));
    assert_eq!(release.published.as_deref(), Some("2020-05-05"));
    assert_eq!(release.language.as_deref(), Some("fr"));
    assert_eq!(release.issuer.as_deref(), Some("Harbour Office"));
    assert_eq!(release.url.as_deref(), Some("https://given.example/1"));
    assert_eq!((release.kind.as_str(), release.country.as_deref()), ("press-release", Some("Norway")));
    assert_eq!(release.text, text(), "the page's own headline is not in the text either");
    assert_eq!(read(page(head, "")).url.as_deref(), Some("https://page.example/1"));
}

#[test]
fn plain_text_is_kept_as_it_stands() {
    let bytes = b"\xEF\xBB\xBF\n\nHeadline?\r\n\r\n  The Minister\xC2\xA0said \r\nso.  \n\n";
    let release = try_read(*bytes, Media::Text, Meta::default()).unwrap();
    assert_eq!(release.text, "Headline?\n\n  The Minister\u{a0}said \nso.  ");
    assert_eq!((release.headline, release.published), (None, None));
    assert_eq!(release.kind, "press-release");
    let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert!(release.digest.starts_with("sha256:") && release.digest.len() == empty.len());
    assert_ne!(release.digest, release.text_sha256);
}

#[test]
fn the_language_is_that_of_the_text() {
    assert_eq!(read(page("", "")).language.as_deref(), Some("en"));
    assert_eq!(read(page("", "").replace("lang=en", "lang=en-US")).language.as_deref(), Some("en"));
    assert_eq!(
        read(page("", "").replace("lang=en", "lang=ar")).language.as_deref(),
        Some("en"),
        "a wrong attribute"
    );
    let french = "La ministre des marées a déclaré lundi que les eaux monteront et que tous les bateaux seront déplacés.";
    assert_eq!(try_read(french, Media::Text, Meta::default()).unwrap().language.as_deref(), Some("fr"));
    assert_eq!(try_read("Ok.", Media::Text, Meta::default()).unwrap().language, None);
}

#[test]
fn what_is_no_document_is_told_with_its_mend() {
    let say = |bytes: &[u8]| try_read(bytes, Media::Html, Meta::default()).unwrap_err().to_string();
    assert_eq!(say(b" \n"), "the page is empty; fetch it again or leave it out");
    assert_eq!(
        say(b"<html><body><div id=root></div><script src=app.js></script></body></html>"),
        "the page has no text: its text is made by JavaScript; capture it with a browser, or take the site's feed or API"
    );
    assert_eq!(
        say(b"<html><body><img src=a></body></html>"),
        "the page has no text: it holds only navigation, images or markup; check that the address is that of a release"
    );
    assert_eq!(
        say(b"%PDF-1.4"),
        "the bytes are no text but a PDF document; convert them to HTML or plain text first"
    );
    assert_eq!(
        say(&vec![b' '; (64 << 20) + 1]),
        "the page has 67108865 bytes, the limit is 67108864; split it or leave it out"
    );
}

#[test]
fn a_lead_between_the_headline_and_the_body_belongs_to_the_text() {
    let lead = "The harbour has to be ready by Friday evening, the ministry says in a note to all captains.";
    let page = format!(
        "<header><h1>Tides rise</h1><p class=byline>By Ivo Tarnel</p><div class='teaser-text'><p>{lead}</p></div></header>\
         <div class=article-body><p>{PARAGRAPH}</p><p>{PARAGRAPH}</p></div>"
    );
    assert_eq!(read(page).text, format!("{lead}\n\n{}", text()));
}

#[test]
fn what_readers_wrote_is_left_out_even_where_it_is_longer_than_the_release() {
    let comments = "<li class=comment><p>I have seen many tides in my life, and this one is by far the highest of all.</p>".repeat(40);
    let page = page("", "") + &format!("<div id=comments><ol>{comments}</ol></div>");
    assert_eq!(read(page).text, text());
}

#[test]
fn a_page_that_holds_its_text_twice_is_read_once_and_a_repeated_line_twice() {
    let parts: Vec<String> =
        (1..6).map(|i| format!("<p>Port number {i} is to be closed on the evening of the third Monday, says the harbour office.</p>")).collect();
    let all = parts.concat();
    let text = read(format!("<h1>Tides</h1><div class=wide>{all}</div><div class=narrow>{all}</div>")).text;
    assert_eq!(text.matches("Port number 3").count(), 1, "{text}");
    let line = "<li>Two counts of sailing without a lamp</li>";
    let list = format!("<h1>Tides</h1><p>{PARAGRAPH}</p><ul>{line}<li>One count of mooring</li>{line}</ul>");
    assert_eq!(read(list).text.matches("sailing without a lamp").count(), 2);
}

#[test]
fn a_page_within_an_element_called_like_what_is_left_out_is_read() {
    let page = format!(
        "<div class=related><h2>Tides</h2><p><a href=x>Tides</a></p></div><div class='newsletter-box'><p>{PARAGRAPH}</p></div>"
    );
    assert!(read(page).text.contains(PARAGRAPH));
}

#[test]
fn evidence_names_documents_paragraphs_of_other_languages_and_silent_selectors() {
    let french = "Le ministre des marées a déclaré lundi que les bateaux seront déplacés vers le port supérieur avant la \
        fin de la semaine, et que les travaux commenceront au printemps.";
    let page = page(
        "",
        &format!(
            "<p>{french}</p><p>See <a href='/files/plan.pdf'>the plan</a> and <a href=/other>more</a>.</p>"
        ),
    );
    let selectors: Selectors = toml::from_str("text = ['.gone']\nheadline = ['h1']").unwrap();
    let meta = Meta { url: Some("https://tides.example/news/1".into()), ..Meta::default() };
    let capture = Capture { bytes: page.into(), media: Media::Html, meta, ..Capture::default() };
    let (reading, evidence) = chancery_reader::read_explained(&capture, &selectors, lexicon()).unwrap();
    assert_eq!(reading.silent, ["text"]);
    assert!(reading.release.text.contains("The Minister of Tides said"), "{}", reading.release.text);
    assert_eq!(evidence.attachments, ["https://tides.example/files/plan.pdf"]);
    // What the release's text as a whole is in goes first; the rest is told by its place.
    let whole = reading.release.language.as_deref();
    assert!(evidence.other_languages.iter().all(|(_, tag)| Some(tag.as_str()) != whole), "{evidence:?}");
    assert_eq!(evidence.other_languages.len(), if whole == Some("fr") { 2 } else { 1 }, "{evidence:?}");
}
