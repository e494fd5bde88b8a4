//! `extract`: a filter fit for pipes.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use crate::kit::{Place, ferry, page, pier};

#[test]
fn a_page_gives_a_record_with_its_facts() {
    let place = Place::new();
    place.write("pier.html", pier());
    let records = place.well(&["extract", "pier.html"]).records();
    let record = &records[0];
    assert_eq!(record["schema"], "chancery/1");
    assert_eq!(record["id"], "pier");
    assert_eq!(record["headline"], "New pier opens at Skarvik");
    assert_eq!(record["published"], "2023-05-04");
    assert_eq!(record["language"], "en");
    assert_eq!(record["officials"][0]["name"], "Amina Yusuf", "{record:#}");
    assert_eq!(record["officials"][0]["posts"][0]["title"], "Minister of Fisheries", "{record:#}");
    assert_eq!(record["statements"][0]["speaker"], "Amina Yusuf", "{record:#}");
    assert_eq!(record["statements"][0]["text"], "the new pier will open in May", "{record:#}");
    assert_eq!(record["proposals"][0]["proposer"], "Amina Yusuf", "{record:#}");
    let bodies = record["organizations"].as_array().unwrap();
    let authority = bodies.iter().find(|body| body["acronym"] == "NHA");
    assert_eq!(authority.unwrap()["name"], "National Harbour Authority", "{record:#}");
}

#[test]
fn spans_count_characters_not_bytes() {
    let place = Place::new();
    place.write("ferry.html", ferry());
    let record = &place.well(&["extract", "ferry.html"]).records()[0];
    let text: Vec<char> = record["text"].as_str().unwrap().chars().collect();
    let mention = &record["officials"][0]["mentions"][0];
    let at = |name: &str| usize::try_from(mention[name].as_u64().unwrap()).unwrap();
    let words: String = text[at("start")..at("end")].iter().collect();
    assert_eq!(words, "José Álvarez");
    let said = &record["statements"][0];
    let at = |name: &str| usize::try_from(said[name].as_u64().unwrap()).unwrap();
    let words: String = text[at("start")..at("end")].iter().collect();
    assert_eq!(words, said["text"].as_str().unwrap());
}

#[test]
fn records_come_in_the_order_of_the_input_and_the_same_for_any_number_of_jobs() {
    let place = Place::new();
    for number in 0..40 {
        let text = if number % 2 == 0 { pier() } else { ferry() };
        place.write(&format!("pages/{number:02}.html"), text.replace("New pier", &format!("Pier {number}")));
    }
    place.write(
        "lines.ndjson",
        "{\"id\":\"z\",\"text\":\"One text.\"}\n{\"id\":\"a\",\"text\":\"Another.\"}\n",
    );
    let one = place.well(&["extract", "--jobs", "1", "lines.ndjson", "pages"]).out;
    let two = place.well(&["extract", "--jobs", "2", "lines.ndjson", "pages"]).out;
    assert_eq!(one, two);
    let ids: Vec<String> = one
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["id"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(ids.len(), 42);
    assert_eq!(ids[..2], ["z", "a"]);
    assert!(ids[2].contains("00") && ids[41].contains("39"), "{ids:?}");
}

#[test]
fn standard_input_is_read_where_no_path_is_given() {
    let place = Place::new();
    let line = "{\"id\":\"one\",\"lang\":\"en\",\"text\":\"Minister of Fisheries Amina Yusuf said that nets are safe.\"}\n";
    for args in [&["extract"][..], &["extract", "-"]] {
        let ran = place.feed(args, line);
        assert_eq!(ran.code, Some(0), "{ran:#?}");
        assert_eq!(ran.records()[0]["officials"][0]["name"], "Amina Yusuf");
    }
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let place = Place::new();
    for number in 0..400 {
        place.write(&format!("pages/{number:03}.html"), pier());
    }
    let mut command = place.command(&["extract", "pages"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    reader.read_line(&mut first).unwrap();
    drop(reader);
    let output = child.wait_with_output().unwrap();
    assert!(first.starts_with("{\"schema\":\"chancery/1\""), "{first}");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
}

#[test]
fn a_record_comes_before_the_next_input_and_a_closed_pipe_ends_the_wait() {
    let place = Place::new();
    let line = "{\"id\":\"gate\",\"lang\":\"en\",\"text\":\"The gate is closed at night.\"}\n";
    let mut command = place.command(&["extract", "-"]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(line.as_bytes()).unwrap();
    let mut first = String::new();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    reader.read_line(&mut first).unwrap();
    assert!(first.contains("\"gate\""), "{first}");
    drop(reader);
    input.write_all(line.as_bytes()).unwrap();
    // The input stays open: who waited for its end would wait for ever.
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
    drop(input);
}

#[test]
fn a_language_without_rules_is_kept_without_facts() {
    let place = Place::new();
    let text =
        "Вчера министр сообщил, что новый порт откроется в мае и будет работать круглый год без перерыва.";
    place.write("ru.html", page("Новый порт", "2023-01-01", &[text]).replace("lang=\"en\"", "lang=\"ru\""));
    let record = &place.well(&["extract", "ru.html"]).records()[0];
    assert_eq!(record["language"], "ru");
    assert!(record["produced_by"]["rules"].is_null(), "{record:#}");
    assert!(record["text"].as_str().unwrap().contains("министр"));
}

#[test]
fn flags_say_what_the_input_does_not() {
    let place = Place::new();
    place.write("a.txt", "The gate is closed at night, the ministry writes.");
    let ran = place.well(&["extract", "--country", "Kenya", "--lang", "en", "--type", "speech", "a.txt"]);
    let record = &ran.records()[0];
    assert_eq!((&record["country"], &record["type"]), (&"Kenya".into(), &"speech".into()));
    assert_eq!(record["text"], "The gate is closed at night, the ministry writes.");
}

#[test]
fn other_rules_can_be_given() {
    let place = Place::new();
    place.write("pier.html", pier());
    place.well(&["rules", "export", "mine"]);
    let same = place.well(&["extract", "--rules", "mine", "pier.html"]).out;
    assert_eq!(same, place.well(&["extract", "pier.html"]).out);
}

#[test]
fn a_secretary_is_what_secretaries_of_the_country_are() {
    let place = Place::new();
    let line = |country: &str, title: &str| {
        let text = format!("{title} Arno Tellvik said that the pier is open.");
        serde_json::json!({"id": format!("{country} {title}"), "lang": "en", "country": country, "text": text})
    };
    let cases = [
        ("United States", "Secretary", "minister"),
        ("United States", "Deputy Secretary", "deputy-minister"),
        ("United States", "Permanent Secretary", "secretary"),
        ("Kenya", "Secretary", "secretary"),
        ("Australia", "Treasury Secretary", "secretary"),
    ];
    let lines: String =
        cases.iter().map(|(country, title, _)| format!("{}\n", line(country, title))).collect();
    let records = place.feed(&["extract", "-"], lines).records();
    for (record, (country, title, role)) in records.iter().zip(cases) {
        assert_eq!(record["officials"][0]["posts"][0]["role"], role, "{country}, {title}: {record:#}");
    }
    assert_eq!(records.len(), 5);
}

#[test]
fn facts_of_a_very_long_text_are_those_of_its_beginning_and_that_is_told() {
    let place = Place::new();
    let text =
        format!("Minister Ana Roe said that the port will close. {}", "The gate is shut. ".repeat(30_000));
    let text = text + "Minister Ben Tor said that the mill will open.";
    let line = serde_json::json!({"id": "long", "lang": "en", "text": text}).to_string();
    let ran = place.feed(&["extract", "-"], line);
    ran.told(1, &["its text has 540 KB: it is kept whole", "in the first 500 KB alone", "help: split it"]);
    let record = &ran.records()[0];
    assert!(record["text"].as_str().unwrap().ends_with("the mill will open."));
    assert_eq!(record["officials"].as_array().unwrap().len(), 1, "{}", record["officials"]);
}
