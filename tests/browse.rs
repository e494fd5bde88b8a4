//! `people`, `orgs`, `posts`, `proposals`, `person`, `cite`, `suggest`: what an archive holds, without a question.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::kit::{Place, ferry, page, pier};

fn place() -> Place {
    let place = Place::new();
    place.write("pages/pier.html", pier());
    place.write("pages/ferry.html", ferry());
    place.write(
        "pages/visit.html",
        page(
            "Minister meets fishing villages",
            "2024-02-01",
            &[
                "The Minister of Fisheries, Ameena Yousuf, said that the National Harbour Authority will pay for the nets.",
                "The mayor of Skarvik, Omar Yusuf, thanked both for the visit.",
                "The Deputy Minister of Posts, Khaled El-Attar, praised the villages for their work during the winter storms.",
            ],
        ),
    );
    place.well(&["ingest", "--source", "no-tides", "--country", "Norway", "pages"]);
    place
}

fn json(place: &Place, args: &[&str]) -> Value {
    serde_json::from_str(&place.well(args).out).unwrap()
}

#[test]
fn people_have_posts_counts_and_dates() {
    let place = place();
    let people = json(&place, &["people", "--json"]);
    let lines = people["lines"].as_array().unwrap();
    assert_eq!(people["total"], lines.len());
    let attar = lines.iter().find(|line| line["name"] == "Khaled El-Attar").unwrap();
    assert_eq!(attar["post"], "Deputy Minister of Posts");
    assert_eq!(attar["role"], "deputy-minister");
    assert_eq!((&attar["first"], &attar["last"]), (&Value::from("2024-02-01"), &Value::from("2024-02-01")));
    assert_eq!((&attar["country"], &attar["country_inferred"]), (&Value::from("Norway"), &Value::from(true)));
    assert_eq!(attar["statements"], 1);
    let table = place.well(&["people"]);
    for words in ["Khaled El-Attar", "(Norway)", "Deputy Minister of Posts", "2024-02-01"] {
        assert!(table.out.contains(words), "no `{words}` in {table:#?}");
    }
    assert!(table.err.contains("one name in one country, not always one person"), "{table:#?}");
}

#[test]
fn tables_are_narrowed_sorted_and_cut() {
    let place = place();
    let names = |args: &[&str]| -> Vec<String> {
        let lines = place.well(&[args, &["--ndjson"][..]].concat()).records();
        lines.iter().map(|line| line["name"].as_str().unwrap().to_owned()).collect()
    };
    assert!(names(&["people", "--role", "deputy-minister"]).contains(&"Khaled El-Attar".to_owned()));
    assert!(!names(&["people", "--role", "deputy-minister"]).contains(&"Ameena Yousuf".to_owned()));
    assert_eq!(names(&["people", "--match", "alattar"]), ["Khaled El-Attar"]);
    assert_eq!(names(&["people", "--match", "خالد العطار"]), ["Khaled El-Attar"]);
    assert!(
        names(&["people", "--since", "2024", "--until", "2024-03"]).contains(&"Ameena Yousuf".to_owned())
    );
    assert!(!names(&["people", "--until", "2023"]).contains(&"Ameena Yousuf".to_owned()));
    assert!(names(&["people", "--country", "norway"]).len() >= 3);
    assert!(names(&["people", "--country", "Egypt"]).is_empty());
    assert!(
        names(&["people", "--source", "uk-gov"]).is_empty(),
        "a source that is known, and none of its releases"
    );
    let sorted = names(&["people", "--sort", "name"]);
    assert!(sorted.is_sorted(), "{sorted:?}");
    assert_eq!(names(&["people", "--sort", "name", "--limit", "1"]), sorted[..1]);
    place.run(&["people", "--since", "yesterday"]).told(2, &["yesterday", "2021-03-02"]);
    let none = place.well(&["people", "--match", "Nobody"]);
    assert!(none.out.is_empty() && none.err.contains("no people found; fewer filters"), "{none:#?}");
}

#[test]
fn a_country_has_many_names_and_what_nobody_has_is_told() {
    let place = place();
    let more = place.path("uk");
    std::fs::create_dir_all(&more).unwrap();
    std::fs::copy(place.path("pages/visit.html"), more.join("visit.html")).unwrap();
    place.well(&["ingest", "--source", "uk-tides", "--country", "United Kingdom", "uk"]);
    for table in ["people", "orgs", "posts", "proposals"] {
        let told = |country: &str| place.well(&[table, "--country", country, "--ndjson"]).out;
        assert_eq!(told("UK"), told("United Kingdom"), "{table}");
        place
            .run(&[table, "--country", "Norwy"])
            .told(1, &["no country is called `Norwy`", "did you mean Norway?"]);
        place
            .run(&[table, "--role", "ministr"])
            .told(1, &["no role is called `ministr`", "did you mean minister?"]);
        place
            .run(&[table, "--source", "no-tide"])
            .told(1, &["no source is called `no-tide`", "did you mean no-tides?"]);
        // Where nothing is near, what there is.
        place
            .run(&[table, "--source", "elsewhere"])
            .told(1, &["`elsewhere`", "no-tides, uk-tides", "chancery status"]);
    }
    assert!(place.well(&["people", "--country", "UK"]).out.contains("Khaled El-Attar"));
    let roles = |role: &str| place.well(&["people", "--role", role, "--ndjson"]).out;
    assert_eq!(roles("Deputy Minister"), roles("deputy-minister"));
    assert!(place.well(&["person", "El-Attar", "--country", "UK"]).out.contains("United Kingdom"));
    place.run(&["person", "El-Attar", "--country", "Narnia"]).told(1, &["no country is called `Narnia`"]);
    place.run(&["export", "wacz", "x.wacz", "--source", "no-tide"]).told(1, &["did you mean no-tides?"]);
}

#[test]
fn bodies_are_found_by_acronym_and_by_long_form() {
    let place = place();
    for asked in ["NHA", "nha", "National Harbour Authority", "national harbour"] {
        let lines = place.well(&["orgs", "--match", asked, "--ndjson"]).records();
        assert_eq!(lines.len(), 1, "{asked}: {lines:#?}");
        assert_eq!(lines[0]["name"], "National Harbour Authority");
        assert_eq!(lines[0]["acronym"], "NHA");
        // The second release names it without its acronym.
        assert_eq!(lines[0]["releases"], 2);
        assert_eq!(lines[0]["first"], "2023-05-04");
    }
}

#[test]
fn posts_tell_who_held_them() {
    let lines = place().well(&["posts", "--role", "minister", "--ndjson"]).records();
    let post = lines.iter().find(|line| line["post"] == "Minister of Fisheries").unwrap();
    let holders: Vec<&str> =
        post["holders"].as_array().unwrap().iter().map(|holder| holder["name"].as_str().unwrap()).collect();
    assert_eq!(holders[0], "Ameena Yousuf");
    assert!(post["releases"].as_u64().unwrap() >= 2);
}

#[test]
fn posts_of_other_ranks_and_bodies_are_other_posts() {
    let place = Place::new();
    let said = "The Minister of Ports, Omar Yusuf, met the Deputy Minister of Ports, Ameena Haddad, and the Director-General of Ports, Lena Berg. The FBI helped. The Federal Bureau of Investigation (FBI) thanked them.";
    let alone = "The FBI thanked the Minister of Ports, Omar Yusuf, and it thanked the Deputy Minister of Ports, Ameena Haddad.";
    place.write("a.html", page("Meeting on the ports", "2024-02-01", &[said]));
    place.write("b.html", page("Thanks", "2024-03-01", &[alone]));
    place.well(&["ingest", "--country", "Norway", "a.html", "b.html"]);
    let holders = |args: &[&str]| -> Vec<(String, Vec<String>)> {
        let name = |value: &Value| value["name"].as_str().unwrap().to_owned();
        let of = |line: &Value| line["holders"].as_array().unwrap().iter().map(name).collect();
        let lines = place.well(args).records();
        lines.iter().map(|line| (line["post"].as_str().unwrap().to_owned(), of(line))).collect()
    };
    let one = |post: &str, name: &str| (post.to_owned(), vec![name.to_owned()]);
    let all = [
        one("Deputy Minister of Ports", "Ameena Haddad"),
        one("Director-General of Ports", "Lena Berg"),
        one("Minister of Ports", "Omar Yusuf"),
    ];
    assert_eq!(holders(&["posts", "--sort", "name", "--ndjson"]), all);
    // By the holder, and by words of the post.
    assert_eq!(holders(&["posts", "--match", "Haddad", "--ndjson"]), all[..1]);
    assert_eq!(holders(&["posts", "--match", "deputy ports", "--ndjson"]), all[..1]);
    // Bodies that a release gives their short form, and those that another calls by it alone.
    let names = place.well(&["orgs", "--match", "FBI", "--ndjson"]).records();
    let names: Vec<&str> = names.iter().map(|line| line["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["FBI", "Federal Bureau of Investigation"]);
}

#[test]
fn csv_has_a_line_a_proposal_and_quotes_what_must_be() {
    let place = place();
    let csv = place.well(&["proposals", "--csv"]);
    let mut lines = csv.out.lines();
    assert_eq!(lines.next(), Some("proposer,post,act,text,to,releases,first,last,release,fact"));
    assert!(csv.out.contains("Amina Yusuf,Minister of Fisheries,propose,"), "{csv:#?}");
    let posts = place.well(&["people", "--match", "El-Attar", "--csv"]);
    assert!(posts.out.lines().nth(1).unwrap().starts_with("Khaled El-Attar,,Norway,true,"), "{posts:#?}");
}

#[test]
fn a_numbered_proposal_is_shown_and_cited() {
    let place = place();
    let table = place.well(&["proposals"]);
    assert!(table.out.contains("fuel tanks"), "{table:#?}");
    let cited = json(&place, &["cite", "1", "--json"]);
    assert_eq!(cited["kind"], "proposal");
    assert!(cited["quote"].as_str().unwrap().contains("fuel tanks"), "{cited:#}");
    assert!(place.well(&["show", "1", "--plain"]).out.contains("fuel tanks"));
}

#[test]
fn a_person_has_posts_acts_and_company() {
    let place = place();
    let shown = place.well(&["person", "Minister", "alattar"]);
    for words in
        ["Khaled El-Attar", "Posts", "Deputy Minister of Posts", "Said and proposed", "praise", "2024"]
    {
        assert!(shown.out.contains(words), "no `{words}` in {shown:#?}");
    }
    assert!(shown.out.contains("In the same releases\nAmeena Yousuf (1), Omar Yusuf (1)"), "{shown:#?}");
    assert!(shown.err.contains("`Minister alattar` is found as Khaled El-Attar"), "{shown:#?}");
    let yusuf = json(&place, &["person", "yusuf", "--json"]);
    // Two spellings that sound alike are one line; another first name is another.
    let names = [&yusuf["name"], &yusuf["also"][0]];
    assert!(
        names.contains(&&Value::from("Amina Yusuf")) && names.contains(&&Value::from("Ameena Yousuf")),
        "{yusuf:#}"
    );
    assert_eq!(yusuf["others"][0]["name"], "Omar Yusuf", "{yusuf:#}");
    assert!(
        yusuf["acts"].as_array().unwrap().iter().any(|act| act["proposal"] == true && act["year"] == "2023")
    );
    place
        .run(&["person", "Khaled", "Nobody"])
        .told(1, &["nobody is called `Khaled Nobody`", "chancery people"]);
    place.run(&["person", "yusuf", "--country", "Peru"]).told(1, &["another country"]);
}

#[test]
fn a_citation_has_quote_speaker_release_and_proof() {
    let place = place();
    place.well(&["search", "pier", "--kind", "statement"]);
    let cited = place.well(&["cite", "1"]);
    for words in [
        "Amina Yusuf (Minister of Fisheries), as reported in the release (stress: “stressed”): the new pier will open in May. “New",
        "“New pier opens at Skarvik”",
        "Norway",
        "2023-05-04",
        "sha256:",
        "version 1 of 1",
    ] {
        assert!(cited.out.contains(words), "no `{words}` in {cited:#?}");
    }
    let found = json(&place, &["cite", "1", "--json"]);
    let record: Value = serde_json::from_str(&place.well(&["show", "1", "--json"]).out).unwrap();
    let text: Vec<char> = record["text"].as_str().unwrap().chars().collect();
    let at = |key: &str| usize::try_from(found["selector"][key].as_u64().unwrap()).unwrap();
    assert_eq!(
        text[at("start")..at("end")].iter().collect::<String>(),
        found["selector"]["exact"].as_str().unwrap()
    );
    assert_eq!(found["digest"], record["digest"]);
    let csl = json(&place, &["cite", "1", "--format", "csl"]);
    assert_eq!(csl[0]["issued"]["date-parts"], serde_json::json!([[2023, 5, 4]]));
    let bibtex = place.well(&["cite", "1", "--format", "bibtex"]).out;
    assert!(bibtex.starts_with("@misc{") && bibtex.contains("date = {2023-05-04}"), "{bibtex}");
    // Marks would make the release's words the minister's own.
    for cited in [&cited.out, &bibtex, &csl.to_string()] {
        assert!(!cited.contains("“the new"), "{cited}");
        let words = "as reported in the release (stress: “stressed”): the new pier will open in May";
        assert!(cited.contains(words), "{cited}");
    }
    assert_eq!((&found["act"], &found["cue"]), (&"stress".into(), &"stressed".into()), "{found:#}");
    place.run(&["cite", "1", "s99"]).told(1, &["no fact `s99`", "chancery show 1"]);
    place.run(&["cite", "no-such-release"]).told(1, &["no-such-release"]);
}

#[test]
fn a_denial_is_not_cited_as_what_it_denies() {
    let place = Place::new();
    let words = "The Minister of Fisheries, Amina Yusuf, denied that the quota had been sold to foreign companies. \
                 The work took two years and was paid for by the state budget and the communities of the coast.";
    place.write("pages/quota.html", page("Quota not sold", "2023-05-04", &[words]));
    place.well(&["ingest", "pages"]);
    place.well(&["search", "act:deny"]);
    for form in ["text", "csl", "bibtex"] {
        let cited = place.well(&["cite", "1", "--format", form]).out;
        assert!(cited.contains("(deny: “denied”): "), "{form}: {cited}");
        assert!(cited.contains("the quota had been sold"), "{form}: {cited}");
    }
}

#[test]
fn what_stands_in_quotation_marks_is_cited_in_them() {
    let place = Place::new();
    let words = "The Minister of Fisheries, Amina Yusuf, said: “The pier is open to every boat that can reach it.” \
                 The work took two years and was paid for by the state budget and the communities of the coast.";
    place.write("pages/open.html", page("New pier opens at Skarvik", "2023-05-04", &[words]));
    place.well(&["ingest", "pages"]);
    place.well(&["search", "pier", "--kind", "statement"]);
    for form in ["text", "csl", "bibtex"] {
        let cited = place.well(&["cite", "1", "--format", form]).out;
        assert!(cited.contains("“The pier is open to every boat that can reach it"), "{form}: {cited}");
        assert!(cited.contains(" (state: “said”)"), "{form}: {cited}");
        assert!(!cited.contains("as reported"), "{form}: {cited}");
    }
}

#[test]
fn every_version_with_the_fact_is_cited() {
    let place = place();
    let edited = pier().replace("National Harbour", "Royal Harbour");
    place.write("pages/pier.html", edited);
    place.well(&["ingest", "--source", "no-tides", "--country", "Norway", "pages"]);
    place.well(&["search", "pier", "--kind", "statement"]);
    let current = json(&place, &["cite", "1", "--json"]);
    assert_eq!(
        (&current["version"]["number"], &current["version"]["of"]),
        (&Value::from(2), &Value::from(2))
    );
    let all = place.well(&["cite", "1", "--json", "--all-versions"]).records();
    assert_eq!(all.len(), 2, "{all:#?}");
    assert_eq!(all[0]["key"], all[1]["key"]);
    assert_ne!(all[0]["digest"], all[1]["digest"]);
    assert!(place.well(&["cite", "1", "--all-versions"]).out.contains("version 1 of 2, superseded"));
    // What only a version that is no longer current says is not counted.
    let bodies = place.well(&["orgs", "--match", "NHA", "--ndjson"]).records();
    assert!(bodies.iter().all(|body| body["name"] != "National Harbour Authority"), "{bodies:#?}");
}

#[test]
fn suggestions_go_on_from_what_is_typed() {
    let place = place();
    let texts = |args: &[&str]| -> Vec<(String, bool)> {
        let found = place.well(&[&["suggest", "--json"], args].concat()).records();
        let text =
            |line: &Value| (line["text"].as_str().unwrap().to_owned(), line["variant"].as_bool().unwrap());
        found.iter().map(text).collect()
    };
    let is_in =
        |found: &[(String, bool)], text: &str, variant: bool| found.contains(&(text.to_owned(), variant));
    assert!(is_in(&texts(&["kha"]), "Khaled El-Attar", false));
    assert!(is_in(&texts(&["att"]), "Khaled El-Attar", false));
    assert!(is_in(&texts(&["deputy", "min"]), "Deputy Minister of Posts", false));
    assert!(is_in(&texts(&["k"]), "Khaled El-Attar", false));
    assert!(is_in(&texts(&["alattar"]), "Khaled El-Attar", true));
    assert!(is_in(&texts(&["alvraez"]), "José Álvarez", true));
    assert_eq!(place.well(&["suggest", "--json", "nha"]).records()[0]["text"], "National Harbour Authority");
    let shown = place.well(&["suggest", "national", "harb"]);
    assert!(shown.out.contains("National Harbour Authority  body    2 releases"), "{shown:#?}");
    assert!(texts(&["timet"]).contains(&("timetable".to_owned(), false)), "words of texts follow");
    let none = place.well(&["suggest", "zzzz"]);
    assert!(none.out.is_empty() && none.err.contains("nothing begins with `zzzz`"), "{none:#?}");
}

#[test]
fn a_search_that_finds_nothing_says_what_may_be_meant() {
    let place = place();
    let ran = place.well(&["search", "timteable"]);
    assert!(ran.out.is_empty() && ran.err.contains("did you mean `timetable`?"), "{ran:#?}");
    let ran = place.well(&["search", "harbour", "authorty", "Alvraez"]);
    assert!(ran.err.contains("did you mean `harbour authority alvarez`?"), "{ran:#?}");
    for fine in ["harbour zzzzzz", "pier -pier"] {
        let ran = place.well(&["search", "--", fine]);
        assert!(!ran.err.contains("did you mean"), "{ran:#?}");
    }
}

#[test]
fn odd_names_are_answered() {
    let place = place();
    let long = "a".repeat(20_000);
    for odd in [
        "",
        " ",
        "—",
        "\u{200b}",
        "\u{202e}x",
        "%_",
        "'; DROP TABLE name; --",
        "a b c d e f g h i j k l m n o p q",
        &long,
    ] {
        for command in ["suggest", "person"] {
            let ran = place.run(&[command, "--", odd]);
            assert!(
                matches!(ran.code, Some(0 | 1)) && !ran.err.contains("panicked"),
                "{command} {odd:?}: {ran:#?}"
            );
        }
        place.well(&["people", "--match", odd]);
    }
}

#[test]
fn spellings_of_an_archive_of_its_own_count() {
    let place = place();
    let own =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules/common/spellings.toml"))
            .unwrap();
    let own = own.replace("same = [\n", "same = [\n  [\"khaled\", \"caleb\"],\n");
    assert!(place.well(&["people", "--match", "Caleb Attar"]).out.is_empty());
    place.write("archive/rules/common/spellings.toml", own);
    assert!(place.well(&["people", "--match", "Caleb Attar"]).out.contains("Khaled El-Attar"));
    place.write("archive/rules/common/spellings.toml", "particles = 3\n");
    place.run(&["people", "--match", "Caleb"]).told(1, &["spellings.toml:1:13"]);
}

#[test]
fn every_command_of_the_page_runs_as_it_is_written() {
    let place = place();
    let page =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/people.md")).unwrap();
    let commands: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("chancery ")).collect();
    assert!(commands.len() >= 18, "{commands:?}");
    for command in commands {
        let ran = place.well(&command.split_whitespace().collect::<Vec<_>>());
        assert!(!ran.out.is_empty(), "chancery {command} prints nothing: {ran:#?}");
    }
}

#[test]
fn a_narrow_terminal_gets_lines_below_each_other() {
    let place = place();
    for table in ["people", "orgs", "posts", "proposals"] {
        let mut command = place.command(&[table]);
        let ran: crate::kit::Ran = command.env("COLUMNS", "40").output().unwrap().into();
        let longest = ran.out.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(longest <= 40, "{table}: {}", ran.out);
        let letters = ran
            .out
            .lines()
            .filter(|line| line.trim().chars().count() < 3 && line.contains(char::is_alphabetic))
            .count();
        assert_eq!(letters, 0, "{table}: {}", ran.out);
    }
    let ran: crate::kit::Ran = place.command(&["people"]).env("COLUMNS", "40").output().unwrap().into();
    assert!(ran.out.contains("\n  country: (Norway)\n  post: Minister of Fisheries\n"), "{}", ran.out);
    let mut command = place.command(&["search", "wo:Yusuf and some more words that make it long"]);
    let ran: crate::kit::Ran = command.env("COLUMNS", "40").output().unwrap().into();
    assert!(
        ran.err
            .lines()
            .filter(|line| line.contains("help") || line.contains("×"))
            .all(|line| line.chars().count() <= 40),
        "{}",
        ran.err
    );
}
