//! An author's own additions: `archive/rules/` laid over the built-in rules, block by block.

use crate::kit::{Place, ferry, pier};

/// An archive with rules of its own, not yet filled.
fn place(own: &str) -> Place {
    let place = Place::new();
    place.write("pages/pier.html", pier().replace("Minister of Fisheries", "Pierwarden of Skarvik"));
    place.write("pages/ferry.html", ferry());
    place.write("archive/rules/en/own.toml", own);
    place
}

fn records(place: &Place) -> Vec<serde_json::Value> {
    place.well(&["ingest", "pages"]);
    let show = |id: &str| place.well(&["show", id, "--json"]).records().remove(0);
    vec![show("2023-05-04"), show("2024-11-12")]
}

/// Twenty words for a list that the built-in rules have.
const WORDS: &str = "[[list]]\nid = 'role'\nadd = true\ndata = { class = 'director' }\nwords = ['pierwarden', 'lockmaster', \
    'ferrymaster', 'buoy keeper', 'tide reader', 'crane warden', 'dockreeve', 'net inspector', 'ice pilot', \
    'fog signaller', 'wharf steward', 'quay marshal', 'slip overseer', 'basin keeper', 'jetty warden', 'beacon \
    tender', 'mooring chief', 'ballast master', 'hatch warden', 'tally chief']\n";

#[test]
fn twenty_words_are_added_to_a_list() {
    let before = place("");
    let titles = |place: &Place| -> Vec<String> {
        let records = records(place);
        let posts = records
            .iter()
            .flat_map(|r| r["officials"].as_array().unwrap())
            .flat_map(|o| o["posts"].as_array().unwrap());
        posts.map(|post| post["title"].as_str().unwrap_or_default().to_owned()).collect()
    };
    let old = titles(&before);
    assert!(!old.iter().any(|title| title.contains("Pierwarden")), "{old:?}");
    let now = titles(&place(WORDS));
    assert!(now.iter().any(|title| title == "Pierwarden of Skarvik"), "{now:?}");
    // What the list had it still has.
    assert!(now.iter().any(|title| title == "Deputy Minister of Transport"), "{now:?}");
}

#[test]
fn a_rule_is_switched_off() {
    let off = "[[off]]\nrule = 'en/statements/that-clause'\nsay = 'Not in this archive.'\n";
    let of = |place: &Place| {
        records(place).iter().map(|r| r["statements"].as_array().unwrap().len()).sum::<usize>()
    };
    assert_eq!(of(&place("")), 2);
    let place = place(off);
    let facts = records(&place);
    let rules: Vec<&str> = facts
        .iter()
        .flat_map(|r| r["statements"].as_array().unwrap())
        .filter_map(|s| s["rule"].as_str())
        .collect();
    assert!(!rules.contains(&"en/statements/that-clause"), "{rules:?}");
    let listed = place.well(&["rules", "list", "--archive", "archive"]);
    assert!(!listed.out.contains("en/statements/that-clause "), "{}", listed.out);
}

#[test]
fn a_rule_is_added_and_all_are_checked_and_tested_together() {
    let rule = "[[rule]]\nid = 'craft'\nlayer = 'bodies'\nfinds = 'organization'\nwhen = 'name:(MV [Cap])'\nspans = 'name'\n\
        say = 'A ship acts.'\nyes = [{ text = 'The MV Skarvik left.', name = 'MV Skarvik' }]\nno = ['The MV left.']\n";
    let place = place(&(WORDS.to_owned() + rule));
    let checked = place.well(&["rules", "check", "--archive", "archive"]);
    assert!(checked.out.contains("0 mistakes, 0 warnings"), "{checked:#?}");
    let tested = place.well(&["rules", "test", "--archive", "archive"]);
    assert!(
        tested.out.contains("ok    en/own/craft") && tested.out.contains("ok    en/statements/"),
        "{}",
        tested.out
    );
    // A test that fails is the author's own, named like all others.
    place.write("archive/rules/en/own.toml", rule.replace("The MV left.", "The MV Skarvik left."));
    let failed = place.run(&["rules", "test", "--archive", "archive", "en/own"]);
    assert_eq!(failed.code, Some(1), "{failed:#?}");
    assert!(failed.out.contains("FAIL  en/own/craft"), "{}", failed.out);
}

#[test]
fn a_rule_of_which_no_fact_can_come_is_told_with_what_lacks() {
    let rule = |id: &str, layer: &str, finds: &str, when: &str| {
        format!(
            "[[rule]]\nid = '{id}'\nlayer = '{layer}'\nfinds = '{finds}'\nwhen = '{when}'\nyes = ['x']\nsay = 'A.'\n"
        )
    };
    let own = [
        rule("grunts", "statements", "statement", "sub:{sub} cue:grunts ([any]+)"),
        rule("mutters", "statements", "statement", "sub:{sub} cue:mutters txet:([any]+)"),
        rule("sits", "officials", "official", "{person} sits as post:{post}"),
        rule("whom", "proposals", "proposal", "sbu:{sub} cue:begs text:([any]+)"),
        rule("skipper", "names", "person", "Skipper name:([Cap]+)"),
        rule("growls", "statements", "statement", "sub:{sub} cue:growls text:([any]+)"),
    ];
    let place = place(&own.concat());
    let checked = place.run(&["rules", "check", "--archive", "archive"]);
    checked.told(
        0,
        &[
            "en/own.toml:5:8",
            "no statement can come of this rule: one is made of the capture `text`",
            "write `text:( … )`",
            "en/own.toml:12:31",
            "did you mean `text` in place of `txet`?",
            "en/own.toml:19:8",
            "no official can come of this rule",
            "write `name:( … )`",
            "en/own.toml:26:9",
            "nothing reads the capture `sbu`",
            "did you mean `sub`?",
            "en/own.toml:33:8",
            "add `spans = \"name\"`",
        ],
    );
    assert!(checked.out.contains("0 mistakes, 5 warnings"), "{checked:#?}");
    assert!(!checked.err.contains("own.toml:40"), "a rule that is right was told: {}", checked.err);
}

#[test]
fn explain_names_a_rule_that_is_switched_off() {
    let off = "[[off]]\nrule = 'en/statements/that-clause'\n";
    let text = "The Minister of Fisheries, Amina Yusuf, stressed that the pier is open.";
    let place = place(off);
    place.well(&["ingest", "pages"]);
    let asked = ["explain", "--text", text, "--archive", "archive"];
    let told = place.well(&asked).out;
    let words = ["switched off", "en/statements/that-clause", "(en/own.toml:2)"];
    assert!(words.iter().all(|word| told.contains(word)), "{told}");
    let json = place.well(&[&asked[..], &["--json"]].concat()).records().remove(0);
    assert_eq!(json["off"][0]["rule"]["id"], "en/statements/that-clause", "{json:#}");
    assert_eq!((&json["off"][0]["by"]["line"], &json["off"][0]["finds"]), (&2.into(), &"statement".into()));
    // Where it would not match, and where it is in force, there is nothing to tell.
    let elsewhere = place.well(&["explain", "--text", "The pier is open.", "--archive", "archive"]).out;
    assert!(!elsewhere.contains("switched off"), "{elsewhere}");
    place.write("archive/rules/en/own.toml", "");
    assert!(!place.well(&asked).out.contains("switched off"));
}

#[test]
fn what_leads_nowhere_is_told() {
    let own =
        "[[list]]\nid = 'rolle'\nadd = true\nwords = ['x']\n[[off]]\nrule = 'en/statements/that-claus'\n";
    let ran = place(own).run(&["rules", "check", "--archive", "archive"]);
    ran.told(1, &["en/own.toml:2:6", "no list `rolle` to add to", "did you mean `role`?"]);
    ran.told(
        1,
        &["en/own.toml:6:8", "`en/statements/that-claus`", "did you mean `en/statements/that-clause`?"],
    );
}

#[test]
fn a_text_is_explained_by_the_archives_own_rules() {
    let place = place(WORDS);
    records(&place);
    let text = "The Pierwarden of Skarvik, Amina Yusuf, stressed that the pier is open.";
    for archive in [&[][..], &["--archive", "archive"]] {
        let ran = place.well(&[&["explain", "--text", text][..], archive].concat());
        assert!(ran.out.contains("Pierwarden of Skarvik"), "{ran:#?}");
    }
    place.run(&["explain", "--text", text, "--archive", "nowhere"]).told(1, &["no archive at nowhere"]);
}

#[test]
fn status_says_that_the_rules_are_broken() {
    let place = place("");
    records(&place);
    place.write("archive/rules/en/own.toml", "[[rule]]\nid = 'craft'\nwhen = '{nolist}'\n");
    let told = place.well(&["status"]).out;
    assert!(
        told.contains("en broken: ") && told.contains("chancery rules check --archive archive"),
        "{told}"
    );
    assert!(!told.contains("other rules"), "{told}");
    let json = place.well(&["status", "--json"]).records().remove(0);
    assert!(json["broken_rules"]["en"].as_u64().unwrap() > 0, "{json:#}");
    place.run(&["rules", "check", "--archive", "archive"]).told(1, &["en/own.toml:1", "layer"]);
}

#[test]
fn what_an_author_loses_without_noticing_is_told() {
    let place = place("[[list]]\nid = 'role'\nwords = ['pierwarden']\n");
    place.write("archive/rules/own.toml", "");
    place.write("archive/rules/en/more.TOML", "");
    place.well(&["ingest", "pages"]);
    place.run(&["rules", "check"]).told(
        0,
        &[
            "this takes the place of the list `role` and its",
            "write `add = true`",
            "own.toml: this file is not read",
            "move it into the folder of a language: en/own.toml",
            "more.TOML: this file is not read",
        ],
    );
    // Where it is meant, and nothing lies astray, there is nothing to tell of that.
    place.write("archive/rules/en/own.toml", "[[list]]\nid = 'role'\nadd = false\nwords = ['pierwarden']\n");
    std::fs::remove_file(place.path("archive/rules/own.toml")).unwrap();
    std::fs::remove_file(place.path("archive/rules/en/more.TOML")).unwrap();
    let checked = place.run(&["rules", "check"]);
    assert!(!checked.err.contains("takes the place") && !checked.err.contains("not read"), "{}", checked.err);
}

#[test]
fn a_list_with_a_byte_order_mark_keeps_its_first_entry_and_latin_1_is_told_with_its_place() {
    let place = place("[[list]]\nid = 'role'\nadd = true\ndata = { class = 'director' }\nfile = 'own.tsv'\n");
    place.write("archive/rules/en/own.tsv", "\u{feff}pierwarden\n");
    let records = records(&place);
    assert!(
        records[0]["officials"].to_string().contains("Pierwarden of Skarvik"),
        "{}",
        records[0]["officials"]
    );
    std::fs::write(place.path("archive/rules/en/own.tsv"), b"pierwarden\nb\xe5tsmann\n").unwrap();
    let checked = place.run(&["rules", "check", "--json"]);
    let found = checked.records();
    assert_eq!((found[0]["line"].as_u64(), found[0]["column"].as_u64()), (Some(2), Some(2)), "{found:?}");
    assert!(found[0]["file"].as_str().unwrap().ends_with("own.tsv"), "{found:?}");
    assert!(found[0]["help"].as_str().unwrap().contains("UTF-8"), "{found:?}");
}

#[test]
fn an_archive_that_is_not_there_is_told() {
    let place = Place::new();
    for command in [["check"], ["list"], ["test"]] {
        place
            .run(&["rules", command[0], "--archive", "nowhere"])
            .told(1, &["there is no archive at nowhere"]);
    }
}
