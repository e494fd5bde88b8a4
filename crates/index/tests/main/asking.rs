//! Questions and their answers.

use chancery_index::{Field, IndexError, Kind, KnownAs, Mode, Query};
use chancery_record::Span;

use crate::archive::{Kept, Page, ask, index_of, lines, pages, words};

const SOUND: &str = "statement talks Arkan al-Shaïbani: the proposals for digital training were sound";
const SCHOOL: &str = "proposal talks Zoë Ünal: a joint school for « postal clerks »";
const CUSTOMS: &str = "statement talks Ministry of Trade: customs take too long";
const HARBOUR: &str = "statement visit Tom Berg: nothing had been proposed about the harbour";

#[test]
fn facts_are_found_by_the_stem_of_a_word_before_their_releases() {
    let (_folder, index) = index_of(&pages());
    let found = lines(&index, &words("proposing"));
    assert_eq!(
        found[..2],
        [HARBOUR.replace("proposed", "[proposed]"), SOUND.replace("proposals", "[proposals]")],
        "of two passages with one match each the shorter is first"
    );
    assert!(found[2..4].iter().all(|line| line.starts_with("release ")), "{found:?}");
    assert_eq!(found[4..], [SCHOOL], "found by its cue, `proposed`");
    let statements = Query { kind: Some(Kind::Statement), ..words("proposal digital") };
    let marked = SOUND.replace("proposals", "[proposals]").replace("digital", "[digital]");
    assert_eq!(lines(&index, &statements), [marked]);
}

#[test]
fn a_fact_comes_before_the_release_whose_headline_has_the_word_too() {
    let text = "The harbour is old. Envoy Tom Berg said that the harbour needs a pier. The harbour waits.";
    let page = Page::new("r", "2021-01-01", "Harbour news", text);
    let page = page.states("Tom Berg", None, "said", "the harbour needs a pier");
    let (_folder, index) = index_of(&[page.0]);
    let kinds: Vec<Kind> = ask(&index, &words("harbour")).hits.iter().map(|hit| hit.kind).collect();
    assert_eq!(kinds, [Kind::Statement, Kind::Release]);
}

#[test]
fn a_name_is_found_in_every_spelling_and_order_of_its_words() {
    let (_folder, index) = index_of(&pages());
    for name in ["al-Shaibani", "Al Shaibani", "AL‑SHAIBANI", "shaïbani arkan", "Arkan Al-Shaibani"] {
        let by = Query { by: Some(name.into()), kind: Some(Kind::Statement), ..words("") };
        assert_eq!(lines(&index, &by), [SOUND], "{name}");
        let found = ask(&index, &words(name));
        assert!(found.hits.iter().any(|hit| hit.fact.as_deref() == Some("s1")), "{name} as words");
    }
    let by = |name: &str| Query { by: Some(name.into()), ..words("") };
    assert_eq!(lines(&index, &by("unal"))[1], SCHOOL);
    assert_eq!(lines(&index, &by("ministry of trade")), [CUSTOMS]);
    assert_eq!(ask(&index, &by("Arkan Ünal")).total, 0);
}

#[test]
fn a_body_finds_what_it_says_what_its_people_say_and_what_names_it() {
    let (_folder, index) = index_of(&pages());
    for org in ["NPA", "national post authority", "Post Authority"] {
        let found = lines(&index, &Query { org: Some(org.into()), ..words("") });
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[0].starts_with("official talks Zoë Ünal: Zoë Ünal, Chair of"), "{found:?}");
        assert_eq!(found[1], SCHOOL);
        assert!(found[2].starts_with("release talks: "), "{found:?}");
        assert!(found[2].contains("[NPA]") || found[2].contains("[Authority]"), "{found:?}");
    }
    let trade = Query { org: Some("trade ministry".into()), kind: Some(Kind::Statement), ..words("") };
    assert_eq!(lines(&index, &trade), [CUSTOMS]);
    let mixed = Query { org: Some("Ministry Authority".into()), ..words("") };
    assert_eq!(ask(&index, &mixed).total, 0, "words of two bodies make no third");
}

#[test]
fn a_word_comes_before_others_of_its_stem() {
    let house = "The House voted. The House rose, and the Whip of the House, Ann Berg, said that the House is the House.";
    let house = Page::new("house", "2022-01-01", "The House", house);
    let house = house.official("p1", "Ann Berg", &["Whip of the House"], None);
    let house = house.states("Ann Berg", Some("p1"), "said", "the House is the House");
    let filler = "Nothing of note was said on that long day in the valley. ".repeat(20);
    let town =
        Page::new("town", "2021-01-01", "A town", &format!("{filler}There is little housing. {filler}"));
    let (_folder, index) = index_of(&[house.0, town.0]);
    let found = |query: &str| ask(&index, &words(query)).hits.remove(0).release_id;
    assert_eq!((found("housing"), found("house")), ("town".into(), "house".into()));
    assert_eq!(ask(&index, &words("housing")).total, 4, "the others of the stem are found after it");
}

#[test]
fn a_post_comes_before_those_that_only_share_a_stem_with_it() {
    let page = |id: &str, title: &str| {
        Page::new(id, "2021-01-01", "Posts", &format!("{title} Ivo Tarn came."))
            .official("p1", "Ivo Tarn", &[title], None)
            .0
    };
    let (_folder, index) = index_of(&[
        page("house", "House Speaker"),
        page("housing", "Secretary of Housing and Urban Development"),
    ]);
    let found = |query: &str| {
        let hits = ask(&index, &words(query)).hits.into_iter();
        hits.filter(|hit| hit.kind == Kind::Official).map(|hit| hit.release_id).collect::<Vec<_>>()
    };
    assert_eq!(found("post:housing"), ["housing", "house"]);
    assert_eq!(found("post:house"), ["house", "housing"]);
}

#[test]
fn a_part_of_a_year_lifts_the_releases_of_that_time() {
    let page = |day: &str| Page::new(day, day, "Ships", "Ships sailed in the summer of 2022, or in May.").0;
    let (_folder, index) = index_of(&["2022-12-01", "2022-07-15", "2022-05-02", "2021-07-15"].map(page));
    let first = |query: &str| ask(&index, &words(query)).hits.remove(0).release_id;
    assert_eq!(first("where did ships sail in the summer of 2022"), "2022-07-15");
    assert_eq!(first("ships in 2022"), "2022-12-01", "without it the newest of the year");
}

#[test]
fn what_was_proposed_is_a_recommendation_whatever_its_words() {
    let text = "Chair Ivo Tarn called for more boats. He said that the boats are old. The boats have had many \
                recommendations, and recommendations there will be.";
    let page = Page::new("r", "2021-01-01", "Boats", text);
    let page = page.proposes("Ivo Tarn", None, "called for", "more boats");
    let page = page.states("Ivo Tarn", None, "said", "the boats are old");
    let (_folder, index) = index_of(&[page.0]);
    let found = lines(&index, &words("recommendations boats"));
    assert_eq!(found[0], "proposal r Ivo Tarn: more [boats]", "{found:?}");
    assert!(found.iter().all(|line| !line.starts_with("statement")), "{found:?}");
    let alone = ask(&index, &words("recommendations")).hits;
    assert!(alone.iter().all(|hit| hit.kind == Kind::Release), "alone it finds what has the word");
}

#[test]
fn a_word_of_arabic_is_found_by_its_beginning_behind_an_article() {
    let mut page = Page::new("r", "2021-01-01", "Mail", "قال وزير البريد إن الرسائل تصل");
    page.0.release.language = Some("ar".into());
    let (_folder, index) = index_of(&[page.0]);
    for query in ["بريد*", "البري*", "رسا*"] {
        let hits = ask(&index, &words(query)).hits;
        assert_eq!(hits.len(), 1, "{query}");
        assert_eq!(hits[0].highlights.len(), 1, "{query}: {:?}", hits[0].highlights);
    }
    assert_eq!(ask(&index, &words("ريد*")).total, 0);
}

#[test]
fn a_post_alone_is_ranked_by_how_well_it_is_what_was_asked_for() {
    let page = |id: &str, day: &str, title: &str| {
        Page::new(id, day, "Piers", &format!("{title} Ivo Tarn came."))
            .official("p1", "Ivo Tarn", &[title], None)
            .0
    };
    let (_folder, index) = index_of(&[
        page("deputy", "2023-01-01", "Deputy Minister of Ports and Roads"),
        page("old", "2021-01-01", "Minister of Ports"),
        page("new", "2022-01-01", "Minister of Ports"),
        page("ports", "2024-01-01", "Chair of Ports for the Minister"),
    ]);
    let found = |query: &str| {
        let hits = ask(&index, &words(query)).hits.into_iter();
        hits.map(|hit| hit.release_id).collect::<Vec<_>>()
    };
    assert_eq!(found("post:\"minister of ports\""), ["new", "old", "deputy", "ports"]);
    assert_eq!(found("post:minister since:2023"), ["ports", "deputy"], "equally long, the newest first");
}

#[test]
fn plain_words_find_names_in_other_spellings_and_say_so() {
    let page = |id: &str, name: &str| {
        let text = format!("{name} said that it rains.");
        Page::new(id, "2021-01-01", "Rain", &text).states(name, None, "said", "it rains").0
    };
    let (_folder, index) = index_of(&[page("a", "Khaled Attar"), page("b", "Khaled Alattar")]);
    let spelt = [("alattar".to_owned(), vec!["attar".to_owned()])];
    let known_as = KnownAs { words: spelt.into(), ..KnownAs::default() };
    for query in ["alattar", "Alattar rain", "Khaled Alattar"] {
        let hits = ask(&index, &Query { known_as: known_as.clone(), ..words(query) }).hits;
        let facts = hits.iter().filter(|hit| hit.kind == Kind::Statement);
        let told: Vec<_> = facts.map(|hit| (hit.speaker.as_deref().unwrap(), hit.is_variant)).collect();
        assert_eq!(told, [("Khaled Alattar", false), ("Khaled Attar", true)], "{query}");
    }
}

#[test]
fn who_held_a_post_then_is_found_where_the_release_does_not_tell_it() {
    let page = |day: &str| {
        Page::new(day, day, "Rain", "Tarn said that it rains.").states("Tarn", None, "said", "it rains").0
    };
    let (_folder, index) = index_of(&[page("2020-01-01"), page("2021-06-01"), page("2023-01-01")]);
    let holder = chancery_index::Holder {
        row: vec!["Minister".into(), "Tarn".into()],
        names: vec!["Ivo Tarn".into(), "Tarn".into()],
        days: ("2021-01-01".into(), "2022".into()),
    };
    let known_as = KnownAs { holders: vec![holder], ..KnownAs::default() };
    let found = |query: &str| {
        let hits = ask(&index, &Query { known_as: known_as.clone(), ..words(query) }).hits.into_iter();
        hits.map(|hit| (hit.release_id, hit.marks.speaker.len())).collect::<Vec<_>>()
    };
    assert_eq!(found("Minister Tarn"), [("2021-06-01".into(), 1)]);
    assert_eq!(found("rain Minister Tarn"), [("2021-06-01".into(), 1)]);
}

#[test]
fn the_borders_of_a_period_are_within_it() {
    let (_folder, index) = index_of(&pages());
    let period = |since: &str, until: &str| {
        let some = |date: &str| (!date.is_empty()).then(|| date.to_owned());
        let query = Query { since: some(since), until: some(until), kind: Some(Kind::Release), ..words("") };
        ask(&index, &query).hits.into_iter().map(|hit| hit.release_id).collect::<Vec<_>>()
    };
    assert_eq!(period("2021", ""), ["visit", "talks"]);
    assert_eq!(period("2021-03-02", "2021-03-02"), ["talks"]);
    assert_eq!(period("2021-03-03", "2021-04"), ["visit"]);
    assert_eq!(period("", "2021-03"), ["talks"]);
    assert_eq!(period("2022", ""), Vec::<String>::new());
}

#[test]
fn undated_releases_are_in_no_period_and_come_last() {
    let mut undated = Page::new("undated", "2021-01-01", "A note", "No date.").0;
    undated.release.published = None;
    let mut all = pages();
    all.push(undated);
    let (_folder, index) = index_of(&all);
    let releases = Query { kind: Some(Kind::Release), ..words("") };
    let ids = |query| ask(&index, &query).hits.into_iter().map(|hit| hit.release_id).collect::<Vec<_>>();
    assert_eq!(ids(releases.clone()), ["visit", "talks", "undated"]);
    assert_eq!(ids(Query { until: Some("2030".into()), ..releases }), ["visit", "talks"]);
}

#[test]
fn phrases_stand_as_they_are_and_exclusions_are_left_out() {
    let (_folder, index) = index_of(&pages());
    let statements = |text: &str| lines(&index, &Query { kind: Some(Kind::Statement), ..words(text) });
    assert_eq!(statements("\"digital training\""), [SOUND.replace("digital training", "[digital training]")]);
    assert_eq!(statements("\"training digital\""), Vec::<String>::new());
    assert_eq!(statements("proposal -harbour"), [SOUND.replace("proposals", "[proposals]")]);
    assert_eq!(statements("-proposal"), [CUSTOMS]);
    assert_eq!(statements("-\"too long\" -\"digital training\""), [HARBOUR]);
}

#[test]
fn browsing_lists_the_newest_first_and_pages_through() {
    let (_folder, index) = index_of(&pages());
    let all = Query { country: Some("norland".into()), ..words("") };
    let whole = lines(&index, &all);
    assert!(whole[0].starts_with("release visit: Envoy Tom Berg said"), "{whole:?}");
    assert!(whole[1].starts_with("official visit Tom Berg: Envoy Tom Berg"), "{whole:?}");
    assert_eq!(whole[2], HARBOUR);
    assert_eq!(whole.len(), 9);
    let page = Query { limit: 3, offset: 2, ..all.clone() };
    assert_eq!(lines(&index, &page), whole[2..5]);
    assert_eq!(ask(&index, &Query { limit: 0, ..all.clone() }).total, 9);
    let beyond = index.search(&Query { limit: usize::MAX, offset: 9, ..all.clone() }, &Kept).unwrap();
    assert_eq!((beyond.total, beyond.hits.len()), (9, 0));
    assert_eq!(ask(&index, &Query { source: Some("xx-mod".into()), ..all.clone() }).total, 9);
    let other = index.search(&Query { source: Some("yy".into()), ..all }, &Kept).unwrap_err();
    assert_eq!(other.to_string(), "`--source yy`: `source:` knows no `yy`");
}

#[test]
fn a_hit_can_be_printed_without_its_record() {
    let records = pages();
    let (_folder, index) = index_of(&records);
    let hit = ask(&index, &words("clerk school")).hits.remove(0);
    assert_eq!(hit.speaker_post.as_deref(), Some("Chair of the National Post Authority"));
    assert_eq!(hit.title, hit.speaker_post);
    assert_eq!(hit.organization.as_deref(), Some("National Post Authority"));
    assert_eq!(hit.acronym.as_deref(), Some("NPA"));
    assert_eq!((hit.cue.as_deref(), hit.act.as_deref()), (Some("proposed"), Some("propose")));
    assert_eq!((hit.fact.as_deref(), hit.key.as_deref()), (Some("q1"), Some("talks-q1")));
    assert_eq!((hit.speaker_id.as_deref(), hit.rule.as_deref()), (Some("p2"), Some("r/proposal")));
    assert_eq!(hit.headline.as_deref(), Some("Norland and Sudland discuss the mail"));
    assert_eq!(hit.url.as_deref(), Some("https://example.org/talks"));
    let text = &records[0].release.text;
    assert_eq!(hit.span.of(text), hit.passage);
    assert_eq!(hit.cue_span.unwrap_or_default().of(text), "proposed");
    let json = serde_json::to_value(&hit).unwrap();
    let characters: Vec<char> = text.chars().collect();
    let start = json["span"]["start"].as_u64().unwrap() as usize;
    assert_eq!(characters[start..start + 6].iter().collect::<String>(), "a join");
    assert_eq!(json["highlights"][1], serde_json::json!({"start": 28, "end": 34}));
    assert_eq!(hit.highlights[1], Span::new(29, 35));
}

#[test]
fn a_release_shows_the_best_place_of_its_text() {
    let filler = "It was a day like any other in the house. ".repeat(30);
    let text = format!("{filler}\n\nThe tariff of the canal was raised.\n\n{filler}");
    let (_folder, index) = index_of(&[Page::new("r", "2021-01-01", "News", &text).0]);
    let hit = ask(&index, &words("canal tariffs")).hits.remove(0);
    assert_eq!(hit.passage, "The tariff of the canal was raised.");
    assert_eq!(hit.span.of(&text), hit.passage);
    let marked: Vec<&str> = hit.highlights.iter().map(|span| span.of(&hit.passage)).collect();
    assert_eq!(marked, ["tariff", "canal"]);
}

#[test]
fn words_may_meet_in_passage_name_and_post() {
    let (_folder, index) = index_of(&pages());
    let found = |text: &str| ask(&index, &Query { kind: Some(Kind::Statement), ..words(text) }).total;
    assert_eq!(found("Shaibani training"), 1);
    assert_eq!(found("minister training"), 1);
    assert_eq!(found("Berg AND training"), 0);
    assert_eq!(found("Sudland"), 0, "the headline alone makes no fact a hit");
}

#[test]
fn mistakes_are_told() {
    let (_folder, index) = index_of(&pages());
    let told = |query: Query| index.search(&query, &Kept).unwrap_err().to_string();
    assert_eq!(told(words("the \"open phrase")), "this phrase is not closed");
    assert_eq!(told(words(" ")), "nothing to search for");
    assert_eq!(told(Query { by: Some("…".into()), ..words("") }), "`--by …`: there is no word in it");
    let error = index.search(&Query { since: Some("March".into()), ..words("post") }, &Kept).unwrap_err();
    assert!(matches!(error, IndexError::Filter { mend, .. } if mend.contains("YYYY-MM")));
}

#[test]
fn a_value_that_neither_index_nor_list_knows_is_a_mistake_and_no_silence() {
    let (_folder, index) = index_of(&pages());
    let told = |query: &str| match index.search(&words(query), &Kept).unwrap_err() {
        IndexError::Words { message, mend, mistakes, .. } => {
            (message, mend, mistakes[0].span_in_characters.start)
        }
        other => panic!("{other}"),
    };
    for (query, message, mend) in [
        ("post act:propos", "`act:` knows no `propos`", "did you mean act:propose? It is one of propose"),
        ("post country:Norlnad", "`country:` knows no `Norlnad`", "did you mean country:Norland?"),
        ("post source:mod", "`source:` knows no `mod`", "write one of xx-mod"),
        ("post lang:english", "`lang:` knows no `english`", "did you mean lang:en?"),
        ("post (role:king)", "`role:` knows no `king`", "there is none here: leave role: out"),
    ] {
        let (told, help, at) = told(query);
        assert_eq!(told, message, "{query}");
        assert!(help.starts_with(mend), "{query}: {help}");
        assert!(at >= 5, "{query}: {at}");
    }
    // A list knows more than the index holds: that nothing is found is then an answer.
    let mut query = words("role:monarch country:\"the Norlands\"");
    assert_eq!(index.unheld(&query).into_iter().collect::<Vec<_>>(), [Field::Role, Field::Country]);
    query.lists.add(Field::Role, "monarch", "monarch");
    query.lists.add(Field::Country, "The Norlands", "Norland");
    let found = ask(&index, &query);
    assert_eq!((found.total, found.query.as_str()), (0, "role:monarch country:Norland"));
    let forgiven = Query { mode: Mode::Forgiving, ..words("act:propos harbour") };
    let found = ask(&index, &forgiven);
    assert_eq!((found.mistakes.len(), found.query.as_str(), found.total), (1, "harbour", 2));
}

#[test]
fn forgiving_answers_even_where_nothing_is_left_of_the_question() {
    let (_folder, index) = index_of(&pages());
    for nothing in ["on:2021-02-30", "", " \u{200b}", "AND OR NOT", "role:nobody", "()"] {
        let found = ask(&index, &Query { mode: Mode::Forgiving, ..words(nothing) });
        assert!(found.total == 0 && !found.mistakes.is_empty(), "{nothing}: {found:?}");
    }
}

/// A release on an outage, in which an apology names neither cable nor outage.
fn outage() -> chancery_record::Record {
    let text = "The cable broke. Envoy Tom Berg apologised to patients who were sent home. Ana Roe said that ships may \
                anchor again.";
    Page::new("r", "2021-01-01", "Outage of the cable", text)
        .states("Tom Berg", None, "apologised", "to patients who were sent home")
        .states("Ana Roe", None, "said", "ships may anchor again")
        .0
}

#[test]
fn the_headline_over_a_fact_counts_beside_what_the_fact_says() {
    let (_folder, index) = index_of(&[outage()]);
    let statements = |query: &str| lines(&index, &Query { kind: Some(Kind::Statement), ..words(query) });
    assert_eq!(
        statements("patients cable outage"),
        ["statement r Tom Berg: to [patients] who were sent home"],
        "what the headline has is not marked"
    );
    assert_eq!(statements("cable outage"), Vec::<String>::new(), "of the fact itself nothing is found");
}

#[test]
fn the_cue_is_found_and_marked() {
    let (_folder, index) = index_of(&[outage()]);
    let statements = Query { kind: Some(Kind::Statement), ..words("apologising outage") };
    let hit = ask(&index, &statements).hits.remove(0);
    assert_eq!(hit.speaker.as_deref(), Some("Tom Berg"));
    assert_eq!(hit.marks.cue, [Span::new(0, 10)]);
}

#[test]
fn where_nothing_has_all_words_what_has_some_is_found_and_said_to_be() {
    let (_folder, index) = index_of(&pages());
    let found = ask(&index, &words("harbour zeppelins"));
    assert!(found.widened && found.total == 2, "{found:?}");
    let found = ask(&index, &words("\"no such phrase\" harbour"));
    assert!(found.widened && found.total == 2, "{found:?}");
    for strict in ["harbour AND zeppelins", "zeppelins", "\"no such phrase\"", "harbour -harbour"] {
        let found = ask(&index, &words(strict));
        assert!(!found.widened && found.total == 0, "{strict}: {found:?}");
    }
    assert!(!ask(&index, &words("harbour envoy")).widened);
}

#[test]
fn a_long_question_finds_what_has_two_of_its_words() {
    let (_folder, index) = index_of(&pages());
    let question = "which of all the ambassadors, consuls and envoys who came by ferry last summer (if any) said \
                    anything whatsoever about lighthouses, ships or the harbour - and to whom?";
    let found = lines(&index, &Query { mode: chancery_index::Mode::Forgiving, ..words(question) });
    let best = "statement visit Tom Berg: nothing had been proposed about the [harbour]";
    assert_eq!(found.first().map(String::as_str), Some(best), "{found:?}");
}

#[test]
fn names_that_the_archive_knows_are_found_after_the_one_that_was_asked_for() {
    let page = |id: &str, name: &str| {
        let text = format!("{name} said that it rains.");
        Page::new(id, "2021-01-01", "Rain", &text).states(name, None, "said", "it rains").0
    };
    let (_folder, index) = index_of(&[page("a", "Khaled El-Attar"), page("b", "Khalid Alattar")]);
    let mut query = words("who:\"khalid alattar\"");
    assert_eq!(query.names_asked().people, ["khalid alattar"]);
    assert_eq!(ask(&index, &query).total, 1);
    let others = vec!["Khaled El-Attar".to_owned()];
    query.known_as = KnownAs { people: [("khalid alattar".to_owned(), others)].into(), ..KnownAs::default() };
    let hits = ask(&index, &query).hits;
    let told: Vec<_> = hits.iter().map(|hit| (hit.speaker.as_deref().unwrap(), hit.is_variant)).collect();
    assert_eq!(told, [("Khalid Alattar", false), ("Khaled El-Attar", true)]);
    let marked: Vec<_> = hits[1].marks.speaker.iter().map(|span| span.of("Khaled El-Attar")).collect();
    assert_eq!(marked, ["Khaled", "El", "Attar"]);
}

#[test]
fn an_acronym_in_plain_words_finds_the_long_form_after_itself() {
    let page = |id: &str, text: &str| Page::new(id, "2021-01-01", "Mail", text).0;
    let (_folder, index) = index_of(&[
        page("long", "The National Post Authority sells stamps."),
        page("short", "The NPA sells stamps and parcels."),
        page("other", "The national mail sells stamps."),
    ]);
    let mut query = words("what is NPA selling");
    assert_eq!(query.names_asked().bodies, ["NPA"]);
    assert_eq!(words("the National Post Authority stamps").names_asked().bodies, ["National Post Authority"]);
    assert_eq!(words("stamps and parcels").names_asked().bodies, Vec::<String>::new());
    let others = vec!["National Post Authority".to_owned()];
    query.known_as = KnownAs { bodies: [("NPA".to_owned(), others)].into(), ..KnownAs::default() };
    assert_eq!(
        lines(&index, &query),
        [
            "release short: The [NPA] [sells] stamps and parcels.",
            "release long: The [National Post Authority] [sells] stamps."
        ]
    );
    let alone = Query { words: "NPA".into(), ..query };
    assert_eq!(ask(&index, &alone).total, 2);
}

#[test]
fn a_stem_of_one_language_matches_no_word_of_another() {
    let page = |id: &str, lang: &str, text: &str| {
        let mut record = Page::new(id, "2021-01-01", "", text).0;
        record.release.language = Some(lang.into());
        record
    };
    let (_folder, index) =
        index_of(&[page("en", "en", "The organs were sold."), page("es", "es", "La organización vendió.")]);
    let found = |asked: &str| {
        let hits = ask(&index, &words(asked)).hits.into_iter();
        hits.map(|hit| hit.release_id).collect::<Vec<_>>()
    };
    // `organs` and `organización` have the stems `organ` and `organiz`; `organización` in English keeps its ending.
    assert_eq!(found("organ"), ["en"]);
    assert_eq!(found("organizaciones"), ["es"]);
}

#[test]
fn what_holds_of_a_release_holds_of_its_facts_and_of_no_others() {
    let mut all = pages();
    let bare = Page::new("bare", "2021-02-01", "Nothing", "Nobody said anything.").0;
    all.insert(1, bare.clone());
    for number in 0..30 {
        let mut more = bare.clone();
        more.release.id = format!("bare{number}");
        all.push(more);
    }
    let (_folder, index) = index_of(&all);
    let found = |query: &str| {
        let hits = ask(&index, &words(query)).hits;
        hits.iter()
            .map(|hit| format!("{} {}", hit.kind, hit.release_id))
            .collect::<std::collections::BTreeSet<_>>()
    };
    let talks = ["official talks", "proposal talks", "release talks", "statement talks"].map(String::from);
    assert_eq!(found("has:proposal"), talks.into());
    let visit = ["official visit", "release visit", "statement visit"].map(String::from);
    assert_eq!(found("has:official -has:proposal"), visit.clone().into());
    assert_eq!(found("since:2021-04 type:press-release"), visit.into());
    assert_eq!(found("type:speech").len(), 0);
    assert_eq!(found("until:2021-02").len(), 31);
    assert_eq!(ask(&index, &words("delegation has:official")).total, 1);
}
