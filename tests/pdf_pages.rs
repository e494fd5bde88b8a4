//! What stands at the edges of the pages of a PDF, and what stands beside each other on them.

use crate::kit::Place;
use crate::pdf::{Shown, pages, read};

/// What is read of a PDF of these pages.
fn text(all: &[&Shown<'_>], map: &str) -> String {
    let place = Place::new();
    place.write("page.pdf", pages(all, map));
    read(&place, "page.pdf")["text"].as_str().unwrap().to_owned()
}

const HEAD: (u32, u32, u32, &str) = (60, 740, 18, "Minister opens new harbour at Skarvik");
const FIRST: (u32, u32, u32, &str) = (
    60,
    700,
    10,
    "The Minister of Tides, Mira Solberg, said that the works at the harbour of Skarvik cost nearly",
);

#[test]
fn a_number_that_ends_a_text_is_no_page_number() {
    let text = text(
        &[&[
            HEAD,
            FIRST,
            (
                60,
                686,
                10,
                "as much as those at Lomen, and that they are to be complete with all quays and the bridge before",
            ),
            (60, 672, 10, "2025."),
        ]],
        "",
    );
    assert!(text.ends_with("all quays and the bridge before 2025."), "{text}");
}

#[test]
fn a_number_that_ends_the_first_page_is_no_page_number() {
    let next = [
        (
            60,
            700,
            10,
            "crowns, of which the National Harbour Agency pays the half, and that boats of all kinds will be",
        ),
        (60, 686, 10, "able to use it in the summer."),
    ];
    let text = text(&[&[HEAD, FIRST, (60, 686, 10, "12,000")], &next], "");
    assert!(text.contains("cost nearly 12,000 crowns, of which"), "{text}");
}

#[test]
fn figures_at_the_edges_of_pages_are_those_of_a_table() {
    let row = |y: u32, cells: [&'static str; 3]| {
        [(60, y, 10, cells[0]), (250, y, 10, cells[1]), (400, y, 10, cells[2])]
    };
    let rows = |all: &[[&'static str; 3]]| -> Vec<(u32, u32, u32, &'static str)> {
        all.iter()
            .zip(0..)
            .flat_map(|(cells, at)| row(680 - 16 * at, *cells))
            .filter(|piece| !piece.3.is_empty())
            .collect()
    };
    let first = rows(&[
        ["Year", "Skarvik", "Lomen"],
        ["2018", "1,200", "1,300"],
        ["2019", "2,200", "2,500"],
        ["", "450", "600"],
    ]);
    let next = rows(&[
        ["2021", "3,100", "3,900"],
        ["2022", "4,100", "4,800"],
        ["2023", "510", "700"],
        ["2024", "120", ""],
    ]);
    let text = text(&[&[&[HEAD, FIRST], &first[..]].concat(), &next], "");
    for figures in
        ["2018 | 1,200 | 1,300", "2019 | 2,200 | 2,500\n | 450 | 600", "2021 | 3,100 | 3,900", "2024 | 120"]
    {
        assert!(text.contains(figures), "{text}");
    }
}

#[test]
fn page_numbers_are_no_text() {
    let line = (60, 686, 10, "as much as those at Lomen, and that the harbour will be open in the spring.");
    let numbered = |number: &'static str| [FIRST, line, (300, 40, 10, number)];
    // Set apart, on a page alone; and right below the text, where they count the pages.
    let alone = text(&[&[&[HEAD], &numbered("- 1 -")[..]].concat()], "");
    assert!(alone.ends_with("in the spring."), "{alone}");
    let near = |number: &'static str| [FIRST, line, (300, 672, 10, number)];
    for [one, two, three] in [["7", "8", "9"], ["1 / 3", "2 / 3", "3 / 3"], ["1. [12]", "2. [13]", "3. [14]"]]
    {
        let text = text(&[&[&[HEAD], &near(one)[..]].concat(), &near(two), &near(three)], "");
        assert!(!text.chars().any(char::is_numeric), "{text}");
    }
}

/// A map of the letters of ASCII to those of Devanagari, and of the point to its stop.
fn devanagari() -> String {
    let letters = ('a'..='z').chain('A'..='Z').map(|c| (c, said(c)));
    let all: String = letters
        .chain([(' ', ' '), ('.', '।')])
        .map(|(c, to)| format!("<{:02X}> <{:04X}>\n", u32::from(c), u32::from(to)))
        .collect();
    format!(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def 1 begincodespacerange \
         <00> <FF> endcodespacerange 54 beginbfchar\n{all}endbfchar endcmap end end"
    )
}

fn said(c: char) -> char {
    match c {
        '.' => '।',
        'a'..='z' | 'A'..='Z' => {
            char::from_u32(0x915 + u32::from(c.to_ascii_lowercase()) - u32::from('a')).unwrap()
        }
        _ => c,
    }
}

#[test]
fn columns_of_a_script_without_capitals_are_read_one_after_the_other() {
    let left = [
        "Minister Berg said that the harbour",
        "of Oravel was closed.",
        "She thanked the people.",
        "It will open again.",
        "Ships come in spring",
        "and in the summer too.",
    ];
    let right = [
        "The works were begun in Norway in",
        "the year before last.",
        "Anna Berg was there",
        "and met with others.",
        "All plans were seen",
        "and were agreed on.",
    ];
    let said = |text: &str| text.chars().map(said).collect::<String>();
    let lines = |left: &[&'static str], right: &[&'static str]| {
        let column = |x: u32, lines: &[&'static str]| -> Vec<(u32, u32, u32, &'static str)> {
            lines.iter().zip(0..).map(|(line, at)| (x, 700 - 14 * at, 10, *line)).collect()
        };
        text(&[&[&[HEAD], &column(60, left)[..], &column(330, right)[..]].concat()], &devanagari())
    };
    let columns = lines(&left, &right);
    let at = |line: &str| columns.find(&said(line)).unwrap_or_else(|| panic!("{line}: {columns}"));
    assert!(!columns.contains('|') && at("and in the summer too.") < at("The works were begun"), "{columns}");
    // Names and posts have no stops, and each has its own beside it.
    let names = ["Mira Solberg", "Tomas Vik of Upper Ravnsund", "Ida Holm Andersen", "Per Nilsen of Aas"];
    let posts = [
        "Minister of Tides",
        "Deputy Minister for Lighthouses",
        "Director of the Agency",
        "Harbour Master of Vik",
    ];
    let table = lines(&names, &posts);
    assert!(table.contains(&said("Mira Solberg | Minister of Tides")), "{table}");
}

/// Each row was looked at together with all that follow it: a test that does not end has failed.
#[test]
fn a_page_of_a_great_many_rows_is_read() {
    let rows: Vec<(u32, u32, u32, &str)> = (0..20_000)
        .map(|at| (60, 400_000 - 14 * at, 10, "The Minister of Tides said that boats are safe."))
        .collect();
    let list = rows
        .iter()
        .flat_map(|(_, y, size, text)| [(60, *y, *size, "1."), (90, *y, *size, *text)])
        .collect::<Vec<_>>();
    for page in [rows, list] {
        let text = text(&[&page], "");
        assert_eq!(text.matches("boats are safe").count(), 20_000);
    }
}
