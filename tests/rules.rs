//! `rules`: checked, tested, listed and copied out.

use std::fs;

use crate::kit::{Place, pier};

#[test]
fn the_built_in_rules_pass_their_own_examples_one_by_one() {
    let ran = Place::new().well(&["rules", "test"]);
    let last = ran.out.lines().last().unwrap();
    assert!(last.ends_with(" passed, 0 failed"), "{last}");
    assert!(ran.out.lines().any(|line| line.starts_with("ok    en/")), "{}", ran.out);
    assert!(Place::new().well(&["rules", "check"]).out.contains("en"));
}

#[test]
fn rules_can_be_copied_out_changed_and_used() {
    let place = Place::new();
    place.well(&["rules", "export", "mine"]);
    assert!(place.path("mine/en/layers.toml").is_file());
    place.well(&["rules", "check", "--rules", "mine"]);
    place.run(&["rules", "export", "mine"]).told(1, &["mine", "not empty"]);
}

#[test]
fn a_mistake_is_told_with_file_line_column_and_mend() {
    let place = Place::new();
    place.well(&["rules", "export", "mine"]);
    place.write("pier.html", pier());
    let path = place.path("mine/en/mistake.toml");
    let rule = "[[rule]]\nid = 'mistake'\nlayer = 'officials'\nfinds = 'official'\nwhen = 'title:{qualifer} name:[Cap]+'\n\
                say = 'No such list.'\nyes = [{ text = 'The qualifer Ana Roe spoke.', name = 'Ana Roe' }]\n";
    fs::write(&path, rule).unwrap();
    for args in [&["rules", "check", "--rules", "mine"][..], &["extract", "--rules", "mine", "pier.html"]] {
        let ran = place.run(args);
        ran.told(1, &["en/mistake.toml:5:", "qualifer"]);
        assert!(ran.out.is_empty() || !ran.out.contains("chancery/1"), "{ran:#?}");
    }
}

#[test]
fn a_failing_example_names_its_rule() {
    let place = Place::new();
    place.well(&["rules", "export", "mine"]);
    let file = fs::read_dir(place.path("mine/en")).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = file.filter(|path| path.extension().is_some_and(|end| end == "toml")).collect();
    files.sort();
    let (path, text) = files
        .iter()
        .map(|path| (path, fs::read_to_string(path).unwrap()))
        .find(|(_, text)| text.contains("[[rule]]") && text.contains("\nyes"))
        .unwrap();
    // The first rule's first example now has a text in which nothing can be found.
    let start = text.find("[[rule]]").unwrap();
    let yes = start + text[start..].find("\nyes").unwrap();
    let quote = yes + text[yes..].find(['"', '\'']).unwrap();
    let mark = &text[quote..=quote];
    let end = quote + 1 + text[quote + 1..].find(mark).unwrap();
    fs::write(path, format!("{}{mark}Nothing here{}", &text[..quote], &text[end..])).unwrap();
    let ran = place.run(&["rules", "test", "--rules", "mine"]);
    assert_eq!(ran.code, Some(1), "{ran:#?}");
    assert!(ran.out.contains("FAIL  en/"), "{}", ran.out);
    assert!(ran.out.lines().last().unwrap().ends_with(" 1 failed"), "{}", ran.out);
}

#[test]
fn a_folder_without_rules_is_told() {
    let place = Place::new();
    fs::create_dir(place.path("empty")).unwrap();
    place.run(&["rules", "check", "--rules", "empty"]).told(1, &["empty", "no rules", "rules export"]);
    place.run(&["rules", "check", "--rules", "nowhere"]).told(1, &["nowhere"]);
}

#[test]
fn nothing_in_the_built_in_rules_is_doubtful() {
    let ran = Place::new().well(&["rules", "check"]);
    assert!(ran.out.contains("0 mistakes, 0 warnings"), "{ran:#?}");
    let editor = Place::new().well(&["rules", "check", "--json"]);
    assert!(editor.records().iter().all(|finding| finding["severity"] == "note"), "{}", editor.out);
}

/// A rule that is right, and one thing after the other that is not.
const DOUBTS: &str = "[[list]]\nid = 'boat'\nwords = ['ferry', 'Ferry', 'They left. He stayed']\n\
    [[rule]]\nid = 'one'\nlayer = 'names'\nfinds = 'boat-name'\nwhen = 'the {boat} [Cap]'\nyes = ['The ferry Ada sank.']\n\
    [[rule]]\nid = 'two'\nlayer = 'names'\nfinds = 'boat-name'\nwhen = 'the ferry Ada'\nyes = ['x']\nspans = 'name'\n\
    [[rule]]\nid = 'bare'\nlayer = 'names'\nfinds = 'boat-name'\nwhen = 'ship {bota}'\n";

#[test]
fn all_that_is_wrong_or_doubtful_is_told_in_one_run() {
    let place = Place::new();
    place.well(&["rules", "export", "mine"]);
    place.write("mine/en/boats.toml", DOUBTS);
    place.write("mine/en/broken.toml", "[[rule]\n");
    let ran = place.run(&["rules", "check", "--rules", "mine"]);
    ran.told(
        1,
        &[
            "en/broken.toml:1:8",
            "en/boats.toml:21:15",
            "`bota`",
            "did you mean `boat`?",
            "`Ferry` is the same entry as `ferry`",
            "end of a sentence",
            "rule `bare` has no `yes`",
            "captures nothing as `name`",
        ],
    );
    assert!(!ran.err.contains("no `no`"), "notes are told where they are asked for: {}", ran.err);
    assert!(ran.out.contains("2 mistakes, 4 warnings"), "{}", ran.out);
    place.run(&["rules", "check", "--rules", "mine", "--notes"]).told(1, &["rule `bare` has no `no`"]);
}

#[test]
fn editors_get_each_finding_as_an_object() {
    let place = Place::new();
    place.well(&["rules", "export", "mine"]);
    place.write("mine/en/boats.toml", DOUBTS);
    let ran = place.run(&["rules", "check", "--rules", "mine", "--json"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(1), ""), "{ran:#?}");
    let first = &ran.records()[0];
    assert_eq!(first["file"], "mine/en/boats.toml");
    assert_eq!((&first["line"], &first["column"]), (&21.into(), &15.into()), "{first}");
    assert_eq!((&first["end_line"], &first["end_column"]), (&21.into(), &19.into()), "{first}");
    assert_eq!(first["severity"], "error");
    assert!(first["message"].as_str().unwrap().contains("`bota`"), "{first}");
    assert!(first["help"].as_str().unwrap().contains("`boat`"), "{first}");
    let weights: Vec<&str> =
        ["error", "warning", "note"].into_iter().filter(|w| ran.out.contains(w)).collect();
    assert_eq!(weights, ["error", "warning", "note"]);
}
