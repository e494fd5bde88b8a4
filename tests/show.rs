//! `show` and `explain`: a release with its facts, and why each is one.

use crate::kit::{Place, ferry, pier};

fn place() -> Place {
    let place = Place::new();
    let line = |id: &str, url: &str, html: &str, date: &str| {
        serde_json::json!({"id": id, "url": url, "source": "no-tides", "html": html, "date": date})
            .to_string()
    };
    let lines = [
        line("rel-2023-17", "https://tides.example/news/17", &pier(), "2023-05-04"),
        line("rel-2024-03", "https://tides.example/news/3", &ferry(), "2024-11-12"),
    ];
    place.write("lines.ndjson", lines.join("\n"));
    place.well(&["ingest", "lines.ndjson"]);
    place
}

#[test]
fn a_release_is_shown_by_id_alias_beginning_and_address() {
    let place = place();
    let id = place.well(&["search", "pier", "--kind", "release", "--ndjson"]).records()[0].clone();
    let (id, alias) =
        (id["release_id"].as_str().unwrap().to_owned(), id["alias"].as_str().unwrap().to_owned());
    assert!(alias.starts_with("no-tides/2023-05-04/"), "{alias}");
    let beginning = &alias[..alias.len() - 3];
    for name in [id.as_str(), alias.as_str(), beginning, "https://tides.example/news/17"] {
        let ran = place.well(&["show", name]);
        assert!(ran.out.contains("New pier opens at Skarvik"), "{name}: {ran:#?}");
    }
}

#[test]
fn the_number_of_a_hit_is_a_name_too() {
    let place = place();
    place.well(&["search", "ferries", "--kind", "statement"]);
    let ran = place.well(&["show", "1"]);
    assert!(ran.out.contains("Ferry timetable for the winter"), "{ran:#?}");
    place.run(&["show", "40"]).told(1, &["hit number 40", "chancery search"]);
}

#[test]
fn a_beginning_of_several_names_them_all() {
    let place = place();
    place.run(&["show", "no-tides/202"]).told(1, &["2023-05-04", "2024-11-12", "more of the id"]);
    place.run(&["show", "nothing-like-it"]).told(1, &["nothing-like-it", "chancery search"]);
}

#[test]
fn plain_lines_mark_each_fact_below_the_text() {
    let ran = place().well(&["show", "rel-2023-17", "--plain"]);
    let lines: Vec<&str> = ran.out.lines().collect();
    let at = lines
        .iter()
        .position(|line| line.contains("The Minister of Fisheries, Amina Yusuf, stressed"))
        .unwrap();
    let column =
        |line: &str, word: &str| line.chars().count() - line[line.find(word).unwrap()..].chars().count();
    let official = lines[at + 1..].iter().find(|line| line.contains(" official p1")).unwrap();
    let signs = column(official, "~~~~");
    assert_eq!(signs, column(lines[at], "Minister of Fisheries"), "{ran:#?}");
    assert_eq!(column(official, "^^^^"), column(lines[at], "Amina Yusuf"), "{ran:#?}");
    let said = lines[at + 1..].iter().find(|line| line.contains(" statement s1 by p1")).unwrap();
    assert_eq!(column(said, "--------"), column(lines[at], "stressed"), "{ran:#?}");
    assert!(said.contains("en/"), "{ran:#?}");
}

#[test]
fn colours_mark_the_facts_on_a_terminal_and_carets_in_a_pipe() {
    let place = place();
    let coloured = place.well(&["show", "rel-2023-17", "--color", "always"]);
    assert!(coloured.out.contains("\u{1b}[1m\u{1b}[32mAmina Yusuf"), "{coloured:#?}");
    let piped = place.well(&["show", "rel-2023-17"]);
    assert!(piped.out.contains("^^^^") && !piped.out.contains('\u{1b}'), "{piped:#?}");
    for ran in [coloured, piped] {
        assert!(ran.out.contains("Amina Yusuf — Minister of Fisheries"), "{ran:#?}");
        assert!(ran.out.contains("National Harbour Authority (NHA)"), "{ran:#?}");
    }
}

#[test]
fn explain_names_the_rule_its_place_and_what_it_says() {
    let place = place();
    let ran = place.well(&["explain", "rel-2023-17", "the new pier will open"]);
    for words in ["statement s1", "Amina Yusuf", "en/", ".toml:", "the new pier will open in May"] {
        assert!(ran.out.contains(words), "no `{words}` in {ran:#?}");
    }
    let title = place.well(&["explain", "rel-2023-17", "minister of fisheries"]);
    assert!(title.out.contains("post of p1") && title.out.contains(".toml:"), "{title:#?}");
    let numbers = place.well(&["explain", "rel-2023-17", "4", "25"]);
    assert!(numbers.out.contains("Minister of Fisheries"), "{numbers:#?}");
}

#[test]
fn explain_says_where_nothing_was_found() {
    let place = place();
    let ran = place.run(&["explain", "rel-2023-17", "over two years"]);
    assert_eq!(ran.code, Some(0), "{ran:#?}");
    assert!(ran.out.contains("no rule"), "{ran:#?}");
    place.run(&["explain", "rel-2023-17", "a word that is not there"]).told(1, &["a word that is not there"]);
    place.run(&["explain", "rel-2023-17", "90", "20"]).told(2, &["90", "20"]);
}
