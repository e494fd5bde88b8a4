//! `rules try`: a pattern over real releases.

use crate::kit::{Place, Ran, ferry, pier};

fn place() -> Place {
    let place = Place::new();
    place.write("pages/pier.html", pier());
    place.write("pages/ferry.html", ferry());
    place
}

#[test]
fn a_pattern_is_shown_in_the_middle_of_its_lines_with_captures_in_columns() {
    let place = place();
    let mut command =
        place.command(&["rules", "try", "title:({role} of [Cap]) \",\" name:{person}", "pages/pier.html"]);
    let ran: Ran = command.env("COLUMNS", "120").output().unwrap().into();
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines[0].split_whitespace().collect::<Vec<_>>(), ["title", "name"], "{ran:#?}");
    assert!(lines[1].contains("pier"), "{ran:#?}");
    let (before, after) = lines[2].split_once("  Minister of Fisheries, Amina Yusuf  ").unwrap();
    assert!(before.ends_with("The") && before.starts_with("   "), "{ran:#?}");
    assert!(after.starts_with(", stressed that"), "{ran:#?}");
    assert!(after.ends_with("Minister of Fisheries  Amina Yusuf"), "{ran:#?}");
    assert_eq!(lines[3], "1 match in 1 of 1 release", "{ran:#?}");
    assert!(lines.iter().all(|line| line.chars().count() <= 120), "{ran:#?}");
}

#[test]
fn an_archive_is_gone_through_with_its_own_rules() {
    let place = place();
    place.well(&["ingest", "pages"]);
    place
        .write("archive/rules/en/craft.toml", "[[list]]\nid = \"craft\"\nwords = [\"ferries\", \"ferry\"]\n");
    let ran = place.well(&["rules", "try", "{craft} will"]);
    assert!(ran.out.contains("  ferries will  "), "{ran:#?}");
    assert!(ran.out.ends_with("1 match in 1 of 2 releases\n"), "{ran:#?}");
    // Without the archive the list is not known.
    place.run(&["rules", "try", "{craft} will", "pages"]).told(2, &["pattern:1:2", "`craft`"]);
    // With it, over releases that it does not hold.
    place.write("more/more.html", ferry().replace("ferries will", "the ferry will"));
    let ran = place.well(&["rules", "try", "{craft} will", "more", "--archive", "archive"]);
    assert!(ran.out.contains("  ferry will  "), "{ran:#?}");
    assert!(ran.out.ends_with("1 match in 1 of 1 release\n"), "{ran:#?}");
    let nowhere = ["rules", "try", "the", "more", "--archive", "nowhere"];
    place.run(&nowhere).told(1, &["there is no archive at nowhere"]);
}

#[test]
fn programs_get_each_match_as_an_object_in_code_points() {
    let place = place();
    let ran = place.well(&[
        "rules",
        "try",
        "name:{person} \",\" said that what:([any] will run)",
        "pages",
        "--json",
    ]);
    let found = ran.records().remove(0);
    assert_eq!(found["text"], "José Álvarez, said that ferries will run");
    let (start, end) = (found["start"].as_u64().unwrap(), found["end"].as_u64().unwrap());
    assert_eq!(
        usize::try_from(end - start).unwrap(),
        "José Álvarez, said that ferries will run".chars().count()
    );
    assert_eq!(found["captures"]["name"][0]["text"], "José Álvarez");
    assert_eq!(found["captures"]["what"][0]["text"], "ferries will run");
    assert!(found["sentence"].as_str().unwrap().starts_with("The Deputy Minister"), "{found}");
}

#[test]
fn a_layer_sees_what_earlier_layers_found_and_no_more() {
    let place = place();
    let run = |layer: &str| place.well(&["rules", "try", "{person}", "pages", "--layer", layer]).out;
    assert!(run("names").ends_with("no match in 2 releases\n"));
    assert!(run("statements").contains("José Álvarez"));
    place
        .run(&["rules", "try", "{person}", "pages", "--layer", "nmaes"])
        .told(2, &["`nmaes`", "there are:", "names"]);
}

#[test]
fn wordings_are_counted_and_lines_limited() {
    let place = place();
    let ran = place.well(&["rules", "try", "the [lower]", "pages", "--count", "--limit", "2"]);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines.len(), 3, "{ran:#?}");
    let count = |line: &str| line.split_whitespace().next().unwrap().parse::<u64>().unwrap();
    assert!(count(lines[0]) >= count(lines[1]), "{ran:#?}");
    assert!(lines[2].contains("2 of") && lines[2].contains("--limit"), "{ran:#?}");
    let shown = place.well(&["rules", "try", "the [lower]", "pages", "--limit", "1"]);
    assert!(shown.out.lines().last().unwrap().contains("; 1 of"), "{shown:#?}");
    let json = place.well(&["rules", "try", "the [lower]", "pages", "--json", "--limit", "3"]);
    assert_eq!(json.records().len(), 3);
}

#[test]
fn a_mistake_in_the_pattern_is_pointed_at() {
    let place = place();
    let ran = place.run(&["rules", "try", "the [cap] of", "pages"]);
    ran.told(2, &["pattern:1:6", "the [cap] of", "─", "the shapes are"]);
    place.run(&["rules", "try", "(the", "pages"]).told(2, &["never closed", "close it with"]);
    // A mistake in the rules is another matter.
    place.well(&["rules", "export", "mine"]);
    place.write("mine/en/broken.toml", "[[rule]\n");
    place.run(&["rules", "try", "the", "pages", "--rules", "mine"]).told(1, &["en/broken.toml:1:8"]);
}

#[test]
fn it_is_coloured_where_colours_are_wanted() {
    let place = place();
    let ran = place.well(&["rules", "try", "what:pier", "pages", "--color", "always"]);
    assert!(ran.out.contains("\u{1b}[1m\u{1b}[31mpier"), "{ran:#?}");
    assert!(!place.well(&["rules", "try", "what:pier", "pages"]).out.contains('\u{1b}'));
}

#[test]
fn without_a_path_an_archive_is_wanted() {
    Place::new().run(&["rules", "try", "the"]).told(1, &["there is no archive", "chancery ingest"]);
    let beside = Place::new().run(&["rules", "try", "the", "pages", "--archive", "press"]);
    beside.told(1, &["there is no archive at press"]);
}
