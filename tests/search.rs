//! `search`: hits are the facts themselves.

use crate::kit::{Place, Ran, ferry, page, pier};

fn place() -> Place {
    let place = Place::new();
    place.write("pages/pier.html", pier());
    place.write("pages/ferry.html", ferry());
    place.well(&["ingest", "pages"]);
    place
}

fn hits(ran: &Ran) -> Vec<serde_json::Value> {
    ran.records()
}

#[test]
fn a_statement_is_found_with_its_speaker_post_cue_release_and_date() {
    let ran = place().well(&["search", "pier", "--kind", "statement"]);
    for words in
        ["statement", "Amina Yusuf", "Minister of Fisheries", "stressed", "New pier opens", "2023-05-04"]
    {
        assert!(ran.out.contains(words), "no `{words}` in {ran:#?}");
    }
}

#[test]
fn words_of_other_forms_are_found() {
    let place = place();
    assert!(place.well(&["search", "tank"]).out.contains("fuel tanks"));
    assert!(place.well(&["search", "timetables"]).out.contains("Ferry timetable"));
}

#[test]
fn a_name_is_found_however_it_is_spelled() {
    let place = place();
    for name in ["José Álvarez", "Jose Alvarez", "ALVAREZ", "alvarez"] {
        let ran = place.well(&["search", "--by", name, "--ndjson"]);
        let hits = hits(&ran);
        assert!(hits.iter().any(|hit| hit["speaker"] == "José Álvarez"), "{name}: {ran:#?}");
        assert!(hits.iter().all(|hit| hit["speaker"] != "Amina Yusuf"), "{name}: {ran:#?}");
    }
}

#[test]
fn kinds_bodies_and_dates_narrow() {
    let place = place();
    let ran = place.well(&["search", "--by", "Yusuf", "--kind", "proposal", "--ndjson"]);
    let proposals = hits(&ran);
    assert_eq!(proposals.len(), 1, "{ran:#?}");
    assert!(proposals[0]["passage"].as_str().unwrap().contains("fuel tanks"), "{ran:#?}");
    let by_body = place.well(&["search", "--org", "NHA", "--ndjson"]);
    assert!(hits(&by_body).iter().all(|hit| hit["headline"] == "New pier opens at Skarvik"), "{by_body:#?}");
    assert!(!hits(&by_body).is_empty());
    let later = place.well(&["search", "ferries", "pier", "will", "--since", "2024", "--ndjson"]);
    assert!(hits(&later).iter().all(|hit| hit["published"] == "2024-11-12"), "{later:#?}");
    let none = place.well(&["search", "ferries", "--until", "2023-12"]);
    assert!(none.out.is_empty() && none.err.contains("leaving out --until finds more"), "{none:#?}");
    let none = place.well(&["search", "--by", "Nobody"]);
    assert!(none.err.contains("nothing found; is the spelling right?"), "{none:#?}");
}

#[test]
fn officials_are_found_by_their_post() {
    let ran = place().well(&["search", "deputy", "minister", "--kind", "official", "--ndjson"]);
    assert!(hits(&ran).iter().any(|hit| hit["speaker"] == "José Álvarez"), "{ran:#?}");
}

#[test]
fn json_hits_say_where_the_words_stand() {
    let ran = place().well(&["search", "tanks", "--kind", "proposal", "--ndjson"]);
    let hit = &hits(&ran)[0];
    let highlight = &hit["highlights"][0];
    let at = |name: &str| usize::try_from(highlight[name].as_u64().unwrap()).unwrap();
    let passage: Vec<char> = hit["passage"].as_str().unwrap().chars().collect();
    assert_eq!(passage[at("start")..at("end")].iter().collect::<String>(), "tanks", "{hit:#}");
}

#[test]
fn a_mistake_in_the_words_is_told_with_its_place() {
    let ran = place().run(&["search", "pier \"fuel tanks"]);
    ran.told(2, &["not closed", "pier \"fuel tanks", "help:"]);
}

#[test]
fn no_more_hits_than_the_limit_and_a_word_on_the_rest() {
    let ran = place().well(&["search", "will", "--limit", "1"]);
    assert!(ran.out.contains("  1  ") && !ran.out.contains("  2  "), "{ran:#?}");
    assert!(ran.err.contains("--limit"), "{ran:#?}");
}

#[test]
fn colours_only_where_they_are_wanted() {
    let place = place();
    assert!(!place.well(&["search", "pier"]).out.contains('\u{1b}'));
    assert!(place.well(&["search", "pier", "--color", "always"]).out.contains('\u{1b}'));
    let output =
        place.command(&["search", "pier"]).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1").output().unwrap();
    assert!(!output.stdout.contains(&0x1b));
}

#[test]
fn an_official_is_told_with_the_full_post() {
    let ran = place().well(&["search", "yusuf", "--kind", "official"]);
    assert!(ran.out.contains("Amina Yusuf — Minister of Fisheries"), "{ran:#?}");
}

#[test]
fn a_snippet_of_a_release_says_that_its_paragraph_goes_on() {
    let place = Place::new();
    let filler = "Nothing of note happened on that long day. ".repeat(10);
    place.write("in/long.txt", format!("{filler}The dredger sailed at noon. {filler}"));
    place.well(&["ingest", "--lang", "en", "in"]);
    let ran = place.well(&["search", "dredger", "--kind", "release"]);
    let passage = ran.out.split_once("… ").unwrap().1;
    assert!(passage.contains("dredger") && passage.contains(" …"), "{ran:#?}");
    // Programs get the words as they stand in the text.
    let hit = hits(&place.well(&["search", "dredger", "--kind", "release", "--ndjson"])).remove(0);
    assert!(!hit["passage"].as_str().unwrap().contains('…'), "{hit:#}");
}

#[test]
fn every_example_of_the_query_page_finds_something_in_the_demo() {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/query.md");
    let page = std::fs::read_to_string(page).unwrap();
    let place = Place::new();
    place.well(&["demo", "--dir", "demo"]);
    let mut examples = 0;
    for block in page.split("```query\n").skip(1) {
        for query in block.split("```").next().unwrap().lines() {
            let ran =
                place.well(&["search", "--archive", "demo/archive", "--ndjson", "--limit", "1", "--", query]);
            assert_eq!(ran.records().len(), 1, "{query}: {ran:#?}");
            examples += 1;
        }
    }
    assert!(examples > 25);
    assert!(place.well(&["help", "query"]).out.contains("Words stand for all their forms"));
}

#[test]
fn an_answer_has_every_form() {
    let place = place();
    let csv = place.well(&["search", "pier", "--kind", "statement", "--csv"]).out;
    let mut lines = csv.lines();
    assert!(lines.next().unwrap().starts_with("kind,date,speaker,post,role,"), "{csv}");
    assert!(lines.next().unwrap().starts_with("statement,2023-05-04,Amina Yusuf,"), "{csv}");
    let ran =
        place.well(&["search", "will", "--limit", "1", "--json", "--facets", "kind,year", "--timeline"]);
    let answer = ran.records().remove(0);
    let total = answer["total"].as_u64().unwrap();
    assert!(total > 1 && answer["hits"].as_array().unwrap().len() == 1, "{ran:#?}");
    let counted = |values: &serde_json::Value| {
        values.as_array().unwrap().iter().map(|value| value["count"].as_u64().unwrap()).sum::<u64>()
    };
    assert_eq!(counted(&answer["facets"][0]["values"]), total, "{ran:#?}");
    assert_eq!(counted(&answer["timeline"]), total, "{ran:#?}");
    let next = answer["next"].as_str().unwrap();
    let second = place.well(&["search", "will", "--limit", "1", "--ndjson", "--after", next]).records();
    assert_ne!(second[0], answer["hits"][0]);
    let drawn = place.well(&["search", "will", "--facets", "--timeline", "--limit", "1"]).out;
    assert!(drawn.contains("by month") && drawn.contains('█'), "{drawn}");
    // Two months with nothing between them for decades are decades.
    place.write(
        "old.html",
        page("An old pier", "1999-01-05", &["The old pier will stay, the ministry said."]),
    );
    place.well(&["ingest", "old.html"]);
    let drawn = place.well(&["search", "will", "--timeline", "--limit", "1"]).out;
    assert!(drawn.contains("by year") && !drawn.contains("1999-02"), "{drawn}");
}

#[test]
fn what_is_wrong_with_a_query_is_told_or_mended() {
    let place = place();
    place.run(&["search", "wo:Yusuf"]).told(2, &["there is no field `wo`", "did you mean `who:`?"]);
    let ran = place.well(&["search", "(pier", "--forgiving", "--ndjson"]);
    assert!(!ran.records().is_empty() && ran.err.contains("this group is not closed"), "{ran:#?}");
    let ran = place.run(&["query", "pier (ferry OR"]);
    ran.told(2, &["this group is not closed", "nothing stands after OR"]);
    assert_eq!(ran.out, "pier ferry\n");
    for query in [
        "x".repeat(100_000),
        vec!["pier"; 10_000].join(" OR "),
        "(".repeat(9000),
        "(a+)+$\u{202e}".repeat(2000),
    ] {
        let ran = place.run(&["search", "--", &query]);
        assert!(
            matches!(ran.code, Some(0 | 2)) && ran.err.len() < 3000,
            "{} bytes: {}",
            ran.err.len(),
            ran.err
        );
    }
}

#[test]
fn another_spelling_of_a_name_is_found_and_said() {
    let place = place();
    let ran = place.well(&["search", "who:\"Amina Youssef\"", "--kind", "statement"]);
    assert!(ran.out.contains("Amina Yusuf (as "), "{ran:#?}");
    let hits = place.well(&["search", "--by", "Minister Yusuf", "--kind", "statement", "--ndjson"]).records();
    assert!(!hits.is_empty() && hits.iter().all(|hit| hit["speaker"] == "Amina Yusuf"), "{hits:#?}");
    // A post as the releases write it stands before a name, too.
    for name in ["Minister of Fisheries Yusuf", "Minister of Fisheries Amina Youssef"] {
        let hits = place.well(&["search", "--by", name, "--kind", "statement", "--ndjson"]).records();
        assert!(
            !hits.is_empty() && hits.iter().all(|hit| hit["speaker"] == "Amina Yusuf"),
            "{name}: {hits:#?}"
        );
    }
}

/// Plain words find names as `who:` does; a post before a name finds who held it then, also where a release leaves it out.
#[test]
fn names_and_posts_in_plain_words() {
    let place = place();
    let told = |day: &str, text: &str| {
        crate::kit::page(
            "Harbours",
            day,
            &[text, "The harbours are open to all who come by sea, as they were before, and will stay so."],
        )
    };
    for (day, text) in [
        ("2023-09-01", "Amina Yusuf said that the harbours need new cranes before the winter comes."),
        (
            "2024-02-01",
            "The Minister of Fisheries, Amina Yusuf, said that the cranes of the harbours are new.",
        ),
        ("2025-02-01", "Amina Yusuf said that she will write a book about cranes and harbours."),
    ] {
        place.write(&format!("more/{day}.html"), told(day, text));
    }
    place.well(&["ingest", "more"]);
    let ran = place.well(&["search", "Youssef", "pier"]);
    assert!(ran.out.contains("(as Yusuf)"), "{ran:#?}");
    let days = |query: &str| {
        let hits = hits(&place.well(&["search", "--kind", "statement", "--ndjson", "--", query]));
        let mut days: Vec<String> =
            hits.iter().map(|hit| hit["published"].as_str().unwrap().to_owned()).collect();
        days.sort();
        days
    };
    assert_eq!(days("Minister Yusuf"), ["2023-05-04", "2023-09-01", "2024-02-01"]);
    assert_eq!(days("cranes Minister Yusuf"), ["2023-09-01", "2024-02-01"]);
    let first = hits(&place.well(&["search", "who:\"Minister Yusuf\" cranes", "--ndjson"])).remove(0);
    assert_eq!((&first["published"], &first["variant"]), (&"2024-02-01".into(), &false.into()), "{first:#}");
}

#[test]
fn arabic_is_found_with_and_without_what_is_written_to_a_word() {
    let place = Place::new();
    let text = "قال الوزير إن المدارسَ ستفتح أبوابها للمعلمين، وإن الكـــتاب سيصل بالبريد.";
    place.write("ar.ndjson", format!("{{\"id\":\"a\",\"language\":\"ar\",\"text\":\"{text}\"}}"));
    place.well(&["ingest", "ar.ndjson"]);
    for word in ["وزير", "الوزير", "مدارس", "معلمون", "كتاب", "والكتاب", "بريد"]
    {
        let hits = hits(&place.well(&["search", word, "--ndjson"]));
        assert!(hits.len() == 1 && hits[0]["highlights"] != serde_json::json!([]), "{word}: {hits:#?}");
    }
}

#[test]
fn an_acronym_finds_the_long_form_that_other_releases_gave_it() {
    let place = Place::new();
    let first = "The National Tide Agency (NTA) opened. The National Tide Agency (NTA) is new.";
    let second = "Officials of the National Tide Agency met on Monday.";
    let lines = [("first", first), ("second", second)]
        .map(|(id, text)| format!("{{\"id\":\"{id}\",\"text\":\"{text}\"}}"));
    place.write("texts.ndjson", lines.join("\n"));
    place.well(&["ingest", "texts.ndjson"]);
    for org in ["org:NTA", "org:\"National Tide Agency\"", "NTA", "what is the NTA"] {
        let hits = place.well(&["search", org, "--kind", "release", "--ndjson"]).records();
        assert_eq!(hits.len(), 2, "{org}: {hits:#?}");
    }
}

#[test]
fn json_is_one_answer_and_ndjson_a_line_a_hit() {
    let place = place();
    let whole: serde_json::Value =
        serde_json::from_str(&place.well(&["search", "pier", "--json"]).out).unwrap();
    let hits = place.well(&["search", "pier", "--ndjson"]).records();
    assert_eq!(whole["hits"].as_array().unwrap().len(), hits.len());
    assert_eq!(whole["hits"][0], hits[0]);
}

#[test]
fn words_that_nothing_has_together_are_found_apart_and_mistakes_are_told() {
    let ran = place().well(&["search", "ferries", "peir"]);
    assert!(
        ran.err.contains("nothing has all of these words") && ran.err.contains("ferries pier"),
        "{ran:#?}"
    );
    assert!(ran.out.contains("Ferry timetable"), "{ran:#?}");
}

#[test]
fn a_leading_minus_excludes_wherever_options_stand() {
    let place = place();
    let all = place.well(&["search", "will", "--kind", "release", "--ndjson"]).records();
    assert_eq!(all.len(), 2, "{all:#?}");
    for args in [
        &["search", "will", "-ferry", "--kind", "release", "--ndjson"][..],
        &["search", "--ndjson", "--kind", "release", "will", "-ferries"],
        &["search", "-harbours", "-ferry", "will", "--ndjson", "--kind", "release", "--limit", "5"],
    ] {
        let ran = place.run(args);
        let found: Vec<_> = ran.records().iter().map(|hit| hit["headline"].clone()).collect();
        let wanted = if args.contains(&"-harbours") { vec![] } else { vec!["New pier opens at Skarvik"] };
        assert_eq!((ran.code, found), (Some(0), wanted.into_iter().map(Into::into).collect()), "{args:?}");
    }
    assert!(place.well(&["query", "pier", "-ferry"]).out.contains("-ferry"));
    assert!(place.well(&["search", "-h"]).out.contains("Usage: chancery search"));
    place.run(&["search", "pier", "--limt", "5"]).told(2, &["--limit"]);
}

#[test]
fn what_makes_no_sense_is_wrong_usage() {
    let place = place();
    for (args, words) in [
        (&["query", "(pier"][..], &["character"][..]),
        (&["search", "(pier"], &["pier"]),
        (&["search", "pier", "--after", "xyz"], &["`next` of an earlier answer"]),
        (&["search", "since:2025 until:2021 pier"], &["2021", "ends before it begins", "2025"]),
        (&["search", "pier", "--since", "2025", "--until", "2021"], &["ends before it begins"]),
        (&["search", "pier", "--ndjson", "--facets"], &["--facets", "--ndjson", "--json"]),
        (&["search", "pier", "--csv", "--timeline"], &["--timeline", "--csv", "--json"]),
    ] {
        let ran = place.run(args);
        ran.told(2, words);
        assert!(!ran.err.contains("reindex"), "{ran:#?}");
    }
}

#[test]
fn numbers_mean_the_last_search_where_the_archive_may_not_be_written() {
    let place = place();
    place.well(&["search", "ferries", "--kind", "statement"]);
    // Where this folder stands the archive cannot take in what was found.
    std::fs::create_dir(place.path("archive/last-search.json.new")).unwrap();
    let quiet = place.well(&["search", "pier", "--kind", "statement"]);
    assert!(!quiet.err.contains("numbers"), "{quiet:#?}");
    assert!(place.well(&["cite", "1"]).out.contains("the new pier will open"));
    std::fs::remove_dir_all(place.path(".local")).unwrap();
    place.write(".local", "no folder");
    let told = place.well(&["search", "pier", "--kind", "statement"]);
    assert!(told.err.contains("the numbers of these hits can be kept neither"), "{told:#?}");
    std::fs::remove_dir(place.path("archive/last-search.json.new")).unwrap();
    place.well(&["search", "pier", "--kind", "statement"]);
    assert!(place.well(&["cite", "1"]).out.contains("the new pier will open"));
}

#[test]
fn only_what_is_really_near_is_suggested_for_a_value() {
    let place = place();
    let far = place.run(&["search", "act:reject"]);
    far.told(2, &["`act:` knows no `reject`", "write one of "]);
    assert!(!far.err.contains("did you mean"), "{far:#?}");
    place.run(&["search", "act:denny"]).told(2, &["did you mean act:deny?"]);
    let roles = place.run(&["search", "role:xx"]);
    roles.told(2, &["write one of academic, "]);
}
