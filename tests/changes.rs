//! `chancery changes`: what counts as a silent edit, and how it is shown.

use crate::kit::Place;

/// A page with this headline, text and chrome around it.
pub(crate) fn page(headline: &str, text: &str, chrome: &str) -> String {
    format!(
        "<html lang=en><head><meta name=csrf-token content='{chrome}'><title>{headline} | Ministry of Tides</title>
        <link rel=canonical href='https://www.tides.example/news/pier'><meta property='article:published_time' content='2024-03-04'></head>
        <body><nav><a href=/a>{chrome}</a></nav><article><h1>{headline}</h1>
        <p>The Minister of Tides, Ada Quill, opened the new pier on Monday and thanked all who had built it.</p>
        <p>{text}</p></article><aside class=sidebar>{chrome}</aside></body></html>"
    )
}

pub(crate) const FIRST: &str =
    "The Minister of Tides, Ada Quill, stressed that boats may moor there from May.";

fn ingest(place: &Place, page: &str) {
    place.write("pages/pier.html", page);
    place.well(&["ingest", "pages"]);
}

#[test]
fn a_token_or_a_menu_is_no_edit() {
    let place = Place::new();
    ingest(&place, &page("The new pier opens", FIRST, "Home"));
    ingest(&place, &page("The new pier opens", FIRST, "Start page, 83ab11"));
    ingest(&place, &page("The new  pier opens", &FIRST.replace("boats", "\n boats"), "x"));
    let status: serde_json::Value = serde_json::from_str(&place.well(&["status", "--json"]).out).unwrap();
    assert!(status.to_string().contains('3'), "three versions are kept: {status}");
    assert_eq!(place.well(&["changes"]).out, "no release was edited between two captures\n");
    assert_eq!(place.well(&["changes", "--json"]).out, "");
}

#[test]
fn a_better_reader_is_no_edit() {
    let place = Place::new();
    let source = |drop: &str| {
        format!(
            "id = \"no-tides\"\nname = \"Ministry of Tides\"\nlanguage = \"en\"\n[crawl]\nstart = [\"https://www.tides.example/news\"]\n\
             [read]\ntext = [\"article\"]\ndrop = [{drop}]\n"
        )
    };
    let noted = |note: &str, text: &str| {
        let note =
            format!("<p class=note>{note} is what others read this morning on this site.</p></article>");
        page("The new pier opens", text, "Home").replace("</article>", &note)
    };
    let finds = |word: &str| !place.run(&["search", word, "--kind", "release", "--ndjson"]).out.is_empty();
    // At first a note of the site is taken for text.
    place.write("archive/sources/no-tides.toml", source(""));
    ingest(&place, &noted("Kettledrum", FIRST));
    assert!(finds("Kettledrum"));
    place.write("archive/sources/no-tides.toml", source("\".note\""));
    ingest(&place, &noted("Trombone", FIRST));
    assert!(finds("moor") && !finds("Trombone"));
    assert_eq!(place.well(&["changes"]).out, "no release was edited between two captures\n");
    // What was edited is told all the same.
    ingest(&place, &noted("Trombone", &FIRST.replace("May", "June")));
    let listed = place.well(&["changes"]).out;
    assert!(listed.lines().count() == 1 && listed.contains("  text  version 1 → version 3"), "{listed}");
}

#[test]
fn a_headline_and_a_text_that_changed_are_told_with_the_facts() {
    let place = Place::new();
    ingest(&place, &page("The new pier opens", FIRST, "Home"));
    ingest(&place, &page("The new pier opens", &FIRST.replace("May", "June"), "Menu"));
    ingest(&place, &page("The new pier opened late", &FIRST.replace("May", "June"), "Menu"));
    let listed = place.well(&["changes"]).out;
    let lines: Vec<&str> = listed.lines().collect();
    assert_eq!(lines.len(), 2, "{listed}");
    assert!(lines[0].contains("  text  version 1 → version 2"), "{listed}");
    assert!(lines[1].contains("  headline  version 2 → version 3"), "{listed}");
    let json = place.well(&["changes", "--json"]).records();
    assert_eq!((&json[0]["text"], &json[0]["headline"]), (&true.into(), &serde_json::Value::Null));
    assert_eq!(json[1]["headline"]["after"], "The new pier opened late");
    let full = place.well(&["changes", "https://www.tides.example/news/pier"]).out;
    for told in [
        "[-May.-]",
        "{+June.+}",
        "(1 paragraph as before)",
        "- headline: The new pier opens",
        "+ headline: The new pier opened late",
    ] {
        assert!(full.contains(told), "{told}\n{full}");
    }
    assert!(full.contains("~ statement") && full.contains("Ada Quill (stressed): "), "{full}");
    let json = place.well(&["changes", "https://www.tides.example/news/pier", "--json"]).records();
    assert!(json[0]["facts"].to_string().contains("June"), "{json:#?}");
    assert_eq!(json[0]["paragraphs"][0][1]["change"], "removed");
    place.run(&["changes", "nowhere"]).told(1, &["no release is called `nowhere`"]);
}
