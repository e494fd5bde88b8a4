//! `explain --text`: which rule won, which lost and by which clause, and how far the nearest came.

use serde_json::Value;

use crate::kit::{Place, Ran, pier};

/// A place with these rules in `mine/`, all in one layer.
fn place(rules: &[(&str, &str, &str)], more: &str) -> Place {
    let place = Place::new();
    let blocks = rules.iter().map(|(id, when, more)| {
        format!(
            "[[rule]]\nid = '{id}'\nlayer = 'names'\nfinds = 'person'\nwhen = '{when}'\nsay = 'Says {id}.'\n\
             yes = ['a']\n{more}\n"
        )
    });
    place.write("mine/en/layers.toml", "layers = ['names', 'step:people']");
    place.write("mine/en/a.toml", blocks.collect::<String>() + more);
    place
}

const TEXT: &str = "Ali Ray Tarnel left.";

fn explain(place: &Place, text: &str, more: &[&str]) -> Ran {
    place.well(&[&["explain", "--rules", "mine", "--text", text], more].concat())
}

#[track_caller]
fn tells(ran: &Ran, words: &[&str]) {
    for word in words {
        assert!(ran.out.contains(word), "no `{word}` in {ran:#?}");
    }
}

#[test]
fn the_winner_is_told_with_its_place_and_what_it_says() {
    let place = place(&[("two", "name:(ali ray)", "")], "");
    let ran = explain(&place, TEXT, &[]);
    tells(&ran, &["person p1", "Ali Ray", "en/a/two  (en/a.toml:2, layer names)", "Says two."]);
    assert!(!ran.out.contains("lost") && ran.err.is_empty(), "{ran:#?}");
}

/// Rules as id, pattern and more keys; then what is told of the loser, how it was beaten, and by which clause.
type Case = (&'static [(&'static str, &'static str, &'static str)], &'static str, &'static str, &'static str);

#[test]
fn each_loser_is_told_with_the_clause_that_beat_it() {
    let cases: [Case; 5] = [
        (
            &[("long", "name:(ali ray tarnel)", ""), ("short", "name:ray", "beats = [\"long\"]")],
            "en/a/long  (en/a.toml:2, layer names): “Ali Ray Tarnel”",
            "beaten: en/a/short beats it, and took “Ray”",
            "beats",
        ),
        (
            &[("right", "name:(ray tarnel)", ""), ("left", "name:(ali ray)", "")],
            "en/a/right  (en/a.toml:2, layer names): “Ray Tarnel”",
            "further left: en/a/left begins earlier, and took “Ali Ray”",
            "left",
        ),
        (
            &[("one", "name:ali", ""), ("two", "name:(ali ray)", "")],
            "en/a/one  (en/a.toml:2, layer names): “Ali”",
            "longer: en/a/two ends later, and took “Ali Ray”",
            "longer",
        ),
        (
            &[("first", "name:(ali ray)", ""), ("second", "name:(ali ray)", "")],
            "en/a/second  (en/a.toml:10, layer names): “Ali Ray”",
            "file order: en/a/first stands earlier in the files, and took “Ali Ray”",
            "order",
        ),
        (
            &[("two", "name:(ali ray)", ""), ("claims", "n:ray name:tarnel", "claims = [\"n\"]")],
            "en/a/claims  (en/a.toml:10, layer names): “Ray Tarnel”",
            "what it claims, “Ray”, was taken; further left: en/a/two begins earlier",
            "left",
        ),
    ];
    for (rules, loser, reason, clause) in cases {
        let place = place(rules, "");
        let ran = explain(&place, TEXT, &["ali ray"]);
        tells(&ran, &["person p1", "what lost here:", loser, reason]);
        let json: Value = serde_json::from_str(&explain(&place, TEXT, &["ali ray", "--json"]).out).unwrap();
        assert_eq!(json["losers"][0]["clause"], clause, "{json:#}");
        assert_eq!(json["losers"].as_array().unwrap().len(), 1, "{json:#}");
        assert_eq!(json["facts"][0]["rule"]["file"], "en/a.toml", "{json:#}");
    }
}

#[test]
fn a_veto_is_told_with_its_place_and_a_shorter_end_with_its_words() {
    let veto = "[[veto]]\nid = 'never'\nfinds = 'person'\nwhen = 'ali ray'\n";
    let ran = explain(&place(&[("two", "name:(ali ray)", "")], veto), TEXT, &["Ray"]);
    tells(
        &ran,
        &[
            "no rule found a fact",
            "matches that lost here:",
            "en/a/two",
            "vetoed: en/a/never (en/a.toml:10) forbids “Ali Ray”",
        ],
    );
    let rules = [("last", "name:tarnel", "beats = [\"long\"]"), ("long", "name:(ali ray tarnel?)", "")];
    let ran = explain(&place(&rules, ""), TEXT, &["Tarnel"]);
    tells(&ran, &["beaten: en/a/last beats it, and took “Tarnel”; it fell back to “Ali Ray”"]);
}

#[test]
fn the_nearest_rule_is_drawn_under_the_sentence() {
    let lists = "[[list]]\nid = 'land'\nwords = ['norway']\n";
    let place = place(&[("of", "name:(minister of the) {land}", ""), ("far", "x y", "")], lists);
    let text = "They left. The Minister of the Tides left.";
    let ran = explain(&place, text, &["Minister of"]);
    tells(&ran, &["no rule found a fact", "the nearest rules", "en/a/of  (en/a.toml:2, layer names)"]);
    tells(&ran, &["it needs `{land}` in the sentence, and there is none"]);
    let lines: Vec<&str> = ran.out.lines().collect();
    let at = lines.iter().position(|line| line.trim() == "The Minister of the Tides left.").unwrap();
    let column = |line: &str, word: &str| line.find(word).unwrap();
    assert_eq!(lines[at + 1].trim(), "^^^^^^^^^^^^^^^ |", "{ran:#?}");
    assert_eq!(column(lines[at + 1], "^"), column(lines[at], "Minister"), "{ran:#?}");
    assert_eq!(column(lines[at + 1], "|"), column(lines[at], "Tides"), "{ran:#?}");
    assert_eq!(column(lines[at + 2], "here `{land}` was wanted"), column(lines[at], "Tides"), "{ran:#?}");
    assert!(!ran.out.contains("en/a/far"), "{ran:#?}");
    let json: Value = serde_json::from_str(&explain(&place, text, &["Minister of", "--json"]).out).unwrap();
    let near = &json["nearest"][0];
    assert_eq!(near["matched"]["text"], "Minister of the", "{json:#}");
    assert_eq!(near["stopped"]["text"], "Tides", "{json:#}");
    assert_eq!(near["wanted"][0]["item"], "{land}", "{json:#}");
    assert_eq!(near["missing"][0][0], "{land}", "{json:#}");
}

#[test]
fn the_end_of_the_sentence_may_stop_a_rule() {
    let ran = explain(&place(&[("r", "name:(ali ray) left now", "")], ""), "Ali Ray left", &[]);
    tells(&ran, &["^^^^^^^^^^^^|", "the sentence ends, `now` was wanted"]);
}

#[test]
fn a_long_sentence_is_drawn_in_lines_that_fit() {
    let place = place(&[("r", "name:(ali ray) /[0-9]+/", "")], "");
    let text = format!("{}Ali Ray left the house.", "it was said again and again that ".repeat(8));
    let ran = explain(&place, &text, &["Ali"]);
    assert!(ran.out.lines().all(|line| line.chars().count() <= 100), "{ran:#?}");
    tells(&ran, &["^^^^^^^ |", "here `/[0-9]+/` was wanted"]);
}

#[test]
fn where_nothing_is_near_that_is_said() {
    let ran = explain(&place(&[("r", "name:(ali ray)", "")], ""), "Nothing of the kind.", &[]);
    tells(&ran, &["no rule found a fact", "no rule came near"]);
}

#[test]
fn what_the_document_logic_takes_back_is_told() {
    let weak = [("weak", "name:(ali ray)", "set = { strength = \"weak\" }")];
    let ran = explain(&place(&weak, ""), "Here Ali Ray left.", &["Ali"]);
    tells(&ran, &["no fact was made of it:", "en/a/weak", "“Ali Ray”", "the step `people`"]);
}

#[test]
fn what_is_too_little_sure_is_left_out_and_told() {
    let least = |least: u8| format!("[[confidence]]\nid = 'person'\nstart = -100\nleast = {least}\n");
    let place = place(&[("two", "name:(ali ray)", "")], &least(28));
    let ran = explain(&place, TEXT, &[]);
    tells(
        &ran,
        &[
            "no rule found a fact",
            "left out as too little sure: Ali Ray, 27 in 100, where 28 is the least for its kind (person)",
        ],
    );
    assert!(!ran.out.contains("person p1"), "{ran:#?}");
    let place = self::place(&[("two", "name:(ali ray)", "")], &least(27));
    tells(&explain(&place, TEXT, &[]), &["person p1", "Ali Ray"]);
}

#[test]
fn a_release_of_the_archive_is_explained_in_full_too() {
    let place = Place::new();
    place.write("pier.html", pier());
    place.well(&["ingest", "pier.html", "--lang", "en"]);
    place.well(&["search", "pier", "--kind", "release"]);
    let ran = place.well(&["explain", "1", "over two years", "--json"]);
    let json: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(json["places"][0]["text"], "over two years", "{json:#}");
    assert_eq!(json["facts"], serde_json::json!([]), "{json:#}");
    let near = json["nearest"].as_array().unwrap();
    assert!(near.len() <= 5 && near.iter().all(|rule| rule["wanted"][0]["item"] != ""), "{json:#}");
    let won = place.well(&["explain", "1", "the new pier will open", "--json"]);
    let json: Value = serde_json::from_str(&won.out).unwrap();
    assert!(json["facts"][0]["rule"]["line"].is_u64(), "{json:#}");
}

#[test]
fn what_makes_no_sense_is_refused() {
    let place = Place::new();
    place.run(&["explain", "--text", TEXT, "--lang", "xx"]).told(2, &["`xx`", "en"]);
    place.run(&["explain", "--text", TEXT, "Amina"]).told(1, &["`Amina`"]);
    place.run(&["explain", "--text", TEXT, "0", "900"]).told(2, &["20 characters"]);
    place.run(&["explain"]).told(2, &["ID"]);
}
