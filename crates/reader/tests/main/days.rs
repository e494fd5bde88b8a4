//! The release's own day among other days of its page.

use chancery_record::{Media, Meta, Release};

use crate::{read, root, try_read};

const PARAGRAPH: &str = "The Minister of Tides said on Monday that the tides will rise, and that all boats are to be \
    moved to the upper harbour before the end of the week.";

/// A page with a headline, what stands at it, two paragraphs, and what stands behind them.
fn page(head: &str, at_headline: &str, behind: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head>{head}</head><body><main><h1>Tides will rise next week</h1>{at_headline}\
         <p>{PARAGRAPH}</p><p>{PARAGRAPH}</p></main>{behind}</body></html>"
    )
}

fn day(page: &str) -> Option<String> {
    read(page).published
}

fn at(url: &str, page: &str) -> Release {
    try_read(page, Media::Html, Meta { url: Some(url.to_owned()), ..Meta::default() }).unwrap()
}

#[test]
fn days_of_a_list_of_other_pages_are_not_the_releases_own() {
    let card = |day: &str| {
        format!(
            "<div class=card><span class=about><h3>Publish date</h3> <time>{day}</time></span><p>Boats</p></div>"
        )
    };
    let cards = ["17 January 2019", "24 June 2020", "9 November 2020"].map(card).concat();
    let own = "<div class=facts><h4>Published</h4> <time>2 March 2021</time></div>";
    // The list stands before the release's own facts.
    let behind = format!("<section>{cards}</section><section>{own}</section>");
    let long = format!("<p>{PARAGRAPH}</p>").repeat(14);
    assert_eq!(day(&page("", &long, &behind)).as_deref(), Some("2021-03-02"));
}

#[test]
fn a_word_for_publication_before_each_of_many_days_is_about_what_the_text_is_about() {
    let book = |author: &str, day: &str| {
        format!(
            "<li><p><b>Author:</b> {author}<br><b>Released:</b> {day} by Harbour Press<br><b>Kind:</b> tales</p>"
        )
    };
    let books =
        [book("A. Roe", "5 May 2020"), book("B. Poe", "6 June 2020"), book("C. Doe", "7 July 2020")].concat();
    let page = page(
        "",
        &format!("<p>by Ana · 2 March 2021 at 3:00 am · One comment so far</p><ul>{books}</ul>"),
        "",
    );
    assert_eq!(at("https://a.example/2021/03/books", &page).published.as_deref(), Some("2021-03-02"));
}

#[test]
fn the_day_in_a_headline_is_that_of_what_happened() {
    let page = page("", "<p>Skarvik, 4 March 2021, no. 17/2021, harbour office</p>", "").replace(
        "Tides will rise next week",
        "Remarks of the Minister of Tides at the harbour on 2 March 2021",
    );
    assert_eq!(day(&page).as_deref(), Some("2021-03-04"));
    // Where no other day stands there it is the best that there is.
    let alone = page.replace("Skarvik, 4 March 2021, no. 17/2021, harbour office", "Harbour office");
    assert_eq!(day(&alone).as_deref(), Some("2021-03-02"));
}

#[test]
fn days_from_one_to_another_are_those_of_an_event() {
    for span in ["Races (2021/3/11-12)", "Races (2021.3.11～14)"] {
        assert_eq!(
            day(&page("", &format!("<p>{span}</p><p>Harbour office, 2 March 2021</p>"), "")).as_deref(),
            Some("2021-03-02"),
            "{span}"
        );
    }
    // An hour and the minutes that reading takes are no later day.
    for line in ["2021-03-02-06:08", "March 2, 2021 - 8 minutes"] {
        assert_eq!(day(&page("", &format!("<p>{line}</p>"), "")).as_deref(), Some("2021-03-02"), "{line}");
    }
}

#[test]
fn a_long_note_behind_the_text_tells_the_day() {
    let note = |words: &str| {
        format!(
            "<div class=post-footer>{words} by <a href=/roe>Ana Roe</a> and is filed under <a href=/boats>Boats</a>, \
             <a href=/harbours>Harbours</a>, <a href=/tides>Tides</a>. You can follow any responses to this entry.</div>"
        )
    };
    let of = |words: &str| day(&page("", "", &note(words)));
    assert_eq!(
        of("This entry was posted on Tuesday, 2 March 2021 at 5:00 pm").as_deref(),
        Some("2021-03-02")
    );
    assert_eq!(of("Dieser Beitrag wurde am 2. März 2021 um 14:48").as_deref(), Some("2021-03-02"));
    assert_eq!(of("The boats that were moved on Tuesday, 2 March 2021"), None);
}

#[test]
fn a_day_for_machines_confirms_nothing_that_a_reader_sees() {
    let of = |time: &str| {
        let hidden = "<meta property='article:published_time' content='2021-03-01T20:35:36+01:00'>";
        day(&page(hidden, &format!("{time}<p>Skarvik, 2 March 2021, 58/21</p>"), ""))
    };
    let machine =
        |text: &str| format!("<time itemprop=datePublished datetime=2021-03-01T20:35:36+01:00>{text}</time>");
    assert_eq!(of(&machine("2021-03-01T20:35:36+01:00")).as_deref(), Some("2021-03-02"));
    assert_eq!(of(&machine("")).as_deref(), Some("2021-03-02"));
    // A day that is shown does.
    assert_eq!(of(&machine("1 March 2021")).as_deref(), Some("2021-03-01"));
}

#[test]
fn a_day_that_may_be_of_a_change_does_not_outdo_metadata() {
    let of = |class: &str, head: &str| {
        day(&page(
            head,
            &format!("<div style='display:none'><span class='{class}'>9 April 2022</span></div>"),
            "",
        ))
    };
    let head = "<meta property='article:published_time' content='2021-03-02'>";
    assert_eq!(of("post-date date updated", head).as_deref(), Some("2021-03-02"));
    assert_eq!(of("post-date date updated", "").as_deref(), Some("2022-04-09"));
    assert_eq!(of("post-date date", head).as_deref(), Some("2022-04-09"));
}

#[test]
fn a_time_of_greenwich_is_the_day_where_the_site_is_at_home() {
    let of = |host: &str, time: &str, shown: &str| {
        let head = format!("<meta property='article:published_time' content='{time}'>");
        at(&format!("https://{host}/tides"), &page(&head, shown, "")).published.unwrap()
    };
    for (host, time, want) in [
        // In the morning of New Zealand, in the evening of Canada, at midnight of summer and winter in Germany.
        ("tides.govt.nz", "2021-03-01T20:10:00Z", "2021-03-02"),
        ("tides.example.ca", "2021-03-03T00:23:33.312Z", "2021-03-02"),
        ("tides.example.de", "2021-07-01T22:00:00+00:00", "2021-07-02"),
        ("tides.example.de", "2021-03-01T22:00:00Z", "2021-03-01"),
        ("tides.example.de", "2021-03-01T23:00:00Z", "2021-03-02"),
        // In Newfoundland it is still the day before, in British Columbia too, but not at this hour.
        ("tides.example.ca", "2021-03-02T05:00:00Z", "2021-03-02"),
        // Midnight and noon stand for the day; a clock of another place is that place's.
        ("tides.govt.nz", "2021-03-02T12:00:00Z", "2021-03-02"),
        ("tides.example.ca", "2021-03-02T00:00:00Z", "2021-03-02"),
        ("tides.govt.nz", "2021-03-01T20:10:00-05:00", "2021-03-01"),
        // No land.
        ("tides.example", "2021-03-01T20:10:00Z", "2021-03-01"),
    ] {
        assert_eq!(of(host, time, ""), want, "{host} {time}");
    }
    // What the page shows counts more.
    assert_eq!(of("tides.govt.nz", "2021-03-01T20:10:00Z", "<p>1 March 2021</p>"), "2021-03-01");
}

#[test]
fn all_zones_of_the_clock_are_known() {
    let text = std::fs::read_to_string(root().join("rules/common/reader.toml")).unwrap();
    let rules: toml::Table = toml::from_str(&text).unwrap();
    let zones = rules["dates"]["site_zones"].as_table().unwrap();
    assert!(zones.len() > 100);
    for zone in zones.values().flat_map(|zones| zones.as_array().unwrap()) {
        jiff::tz::TimeZone::get(zone.as_str().unwrap()).unwrap();
    }
}
