//! What a release says stays in its text, though it looks like what a page says of itself.

use chancery_reader::Selectors;
use chancery_record::Capture;

use crate::{lexicon, read};

const SAID: &str = "The Minister of Tides, Anna Berg, said on Monday that the new harbour will be opened in the spring, and \
    that ships of all kinds will be able to use it.";

/// The text of a page with a headline, what is given, and a paragraph, without that paragraph.
fn text_before(between: &str) -> String {
    let page = format!(
        "<html lang=en><title>Minister opens harbour</title><body><h1>Minister opens harbour</h1>{between}<p>{SAID}</p></body></html>"
    );
    let text = read(page).text;
    text.strip_suffix(SAID).map(str::trim_end).map(str::to_owned).unwrap_or(text)
}

#[test]
fn a_first_sentence_with_a_day_is_the_release_s_own() {
    for sentence in [
        "Parliament reopened on 3 March 2021.",
        "The ban begins on 3 March 2021.",
        "The report was published on 3 March 2021.",
        "“The ban begins on 3 March 2021.”",
        "国会は2021年3月3日に再開した。",
    ] {
        assert_eq!(text_before(&format!("<p>{sentence}</p>")), sentence);
    }
    // What a page says of itself ends with a point as well.
    for note in [
        "3 March 2021.",
        "Published on 3 March 2021.",
        "Posted by the Ministry of Tides on 3 March 2021.",
        "Budapest, 2021. március 3.",
        "Oslo, 3 March 2021, 10:30 a.m.",
        "Oslo, 3 March 2021",
    ] {
        assert_eq!(text_before(&format!("<p>{note}</p>")), "", "{note}");
    }
}

#[test]
fn a_last_sentence_with_a_day_is_the_release_s_own() {
    let last = |line: &str| {
        let page =
            format!("<html lang=en><h1>Minister opens harbour</h1><p>{SAID}</p><p>{SAID}</p><p>{line}</p>");
        read(page).text
    };
    let sentence = "The report was published on 3 March 2021.";
    assert!(last(sentence).ends_with(sentence), "{}", last(sentence));
    assert!(last("Published on 3 March 2021.").ends_with(SAID));
}

#[test]
fn points_and_days_that_a_release_begins_with_are_its_own() {
    let list = |items: &[&str]| {
        text_before(&format!(
            "<ul>{}</ul>",
            items.iter().map(|item| format!("<li>{item}</li>")).collect::<String>()
        ))
    };
    for points in [
        ["Talks begin on 3 March 2021.", "The ban on nets ends in May.", "Berg leads the talks."],
        ["Talks begin on 3 March 2021", "The ban on nets ends in May", "Berg leads the talks"],
        ["3 March 2021: talks begin", "4 May 2021: the ban ends", "5 June 2021: nets are back"],
    ] {
        assert_eq!(list(&points), points.join("\n\n"));
        assert_eq!(list(&points[..2]), points[..2].join("\n\n"));
    }
    for labels in [
        ["Author: Anna Berg", "Date of publication: 3 March 2021", "Topic: Harbours"],
        ["Oslo, 3 March 2021", "News", "Harbours"],
    ] {
        assert_eq!(list(&labels), "");
    }
}

#[test]
fn a_long_paragraph_with_many_links_is_the_release() {
    let sentence = |n: usize| {
        format!("{SAID} <a href=/office/{n}>The Harbour Authority of the Northern Port</a> agreed. ")
    };
    let release: String = (0..24).map(sentence).collect();
    let office = |n: usize| {
        format!(
            "<p>Our office is open on all days of the week from nine to five, and answers letter number {n}.</p>"
        )
    };
    let offices: String = (0..8).map(office).collect();
    let page = format!(
        "<html lang=en><title>Harbour opens</title><h1>Harbour opens</h1><div><p>{release}</p></div><div>{offices}</div>"
    );
    let text = read(page).text;
    assert!(text.starts_with(SAID) && text.matches(SAID).count() == 24, "{text}");
}

#[test]
fn rows_and_cells_of_a_table_that_are_hidden_or_dropped_are_no_text() {
    let table = "<table><tr><th>Port<th>Catch<tr><td>Oravel<td>200<tr style='display:none'><td>Secret<td>999<tr class=draft><td>Draft<td>777\
        <tbody hidden><tr><td>Unseen<td>888<tbody><tr><td>Ansund<td style='display:none'>SORTKEY<td>300</table>";
    let page = format!(
        "<html lang=en><h1>Minister opens harbour</h1><p>{SAID}</p><div class=wrap><div class=figures>{table}</div></div><p>{SAID}</p>"
    );
    let rows = |more: &str| format!("{SAID}\n\nPort | Catch\nOravel | 200\n{more}Ansund | 300\n\n{SAID}");
    assert_eq!(read(page.clone()).text, rows("Draft | 777\n"));
    let of_source = |selectors: &str| {
        let capture = Capture { bytes: page.clone().into(), ..Capture::default() };
        let selectors: Selectors = toml::from_str(selectors).unwrap();
        chancery_reader::read(&capture, &selectors, lexicon()).unwrap().text
    };
    assert_eq!(of_source("drop = ['tr.draft']"), rows(""));
    // A table that a source asks for is shown, whatever the page calls what it stands in.
    assert_eq!(
        of_source("drop = ['.wrap']\ntext = ['.figures']"),
        "Port | Catch\nOravel | 200\nDraft | 777\nAnsund | 300"
    );
}

#[test]
fn figures_stay_in_their_columns() {
    let rows = |rows: &str| text_before(&format!("<table>{rows}</table>"));
    assert_eq!(
        rows("<tr><th>Port<th>2019<th>2020<tr><td>Oravel<td><td>300<tr><td>Ansund<td>200<td>"),
        "Port | 2019 | 2020\nOravel |  | 300\nAnsund | 200"
    );
    // Names of cells tell how they look.
    assert_eq!(
        rows("<tr><th>Port<th class=share>Share<tr class=related><td>Oravel<td class=share>3"),
        "Port | Share\nOravel | 3"
    );
    // Columns that only keep others apart are none.
    assert_eq!(
        rows("<tr><td>Port<td>&nbsp;<td>Catch<tr><td>Oravel<td><td>300"),
        "Port | Catch\nOravel | 300"
    );
}

#[test]
fn an_era_of_more_years_than_there_are_is_no_date() {
    let page =
        format!("<html lang=ja><h1>Minister opens harbour</h1><p>令和99999999999年3月2日</p><p>{SAID}</p>");
    assert_eq!(read(page).published, None);
}
