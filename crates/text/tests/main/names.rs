//! Which spellings are one name: a table of pairs that must and must not be, and what holds for any strings.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use chancery_text::{Likeness, NameTables};
use proptest::prelude::*;

fn tables() -> &'static NameTables {
    static TABLES: OnceLock<NameTables> = OnceLock::new();
    TABLES.get_or_init(|| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules/common/spellings.toml");
        let text = fs::read_to_string(path).expect("the tables lie beside the rules");
        NameTables::parse("spellings.toml", &text).expect("the tables are read")
    })
}

fn pairs() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    include_str!("spellings.tsv").lines().filter(|line| !line.starts_with('#')).map(|line| {
        let mut cells = line.split('\t');
        let mut next = || cells.next().unwrap_or_else(|| panic!("three cells in {line:?}"));
        (next(), next(), next())
    })
}

fn word(likeness: Option<Likeness>) -> &'static str {
    match likeness {
        Some(Likeness::Same) => "same",
        Some(Likeness::Spelling) => "spelling",
        Some(Likeness::Variant) => "variant",
        Some(Likeness::Initials) => "initials",
        Some(Likeness::Typo) => "typo",
        None => "no",
    }
}

#[test]
fn pairs_are_as_near_as_the_table_says() {
    let mut wrong = Vec::new();
    for (expected, asked, name) in pairs() {
        let found = word(tables().compare(asked, name));
        if found != expected {
            wrong.push(format!("{asked} / {name}: {found}, not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(pairs().count() >= 150);
}

/// Whether what was asked for is looked up by keys that the name has.
fn is_found(asked: &str, name: &str) -> bool {
    let keys = tables().keys(name);
    tables().asked(asked).keys().iter().all(|any| any.iter().any(|key| keys.contains(key)))
}

#[test]
fn what_is_alike_is_found_by_its_keys() {
    let alike = pairs().filter(|(likeness, ..)| !matches!(*likeness, "typo" | "no"));
    let missed: Vec<_> = alike.filter(|(_, asked, name)| !is_found(asked, name)).collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn who_asks_for_a_word_looks_up_initials_and_no_other_word_that_begins_alike() {
    for (asked, name) in [("Boris Orlov", "B. Orlov"), ("B. Orlov", "Boris Orlov"), ("b orlov", "B. Orlov")] {
        assert!(is_found(asked, name), "{asked} / {name}");
    }
    let asked: Vec<String> = tables().asked("Boris Orlov").keys().concat();
    for name in ["Bertha Olsen", "Bruno Otto", "Beatrice Obi"] {
        let shared: Vec<_> = tables().keys(name).into_iter().filter(|key| asked.contains(key)).collect();
        assert!(shared.is_empty(), "{name}: {shared:?}");
    }
}

#[test]
fn a_name_rightly_typed_is_found_in_every_spelling_and_not_with_letters_mistyped() {
    for (likeness, asked, name) in pairs() {
        let found = tables().asked(asked).rightly_typed().likeness(name);
        let expected = if likeness == "typo" { "no" } else { likeness };
        assert_eq!(word(found), expected, "{asked} / {name}");
    }
}

#[test]
fn spellings_of_one_name_are_grouped_and_two_names_are_not() {
    let group = |name: &str| tables().group(name);
    for (a, b) in [
        ("Khaled El-Attar", "Khaled Al Attar"),
        ("Karim El Attar", "karim el‑attar"),
        ("Mohamed Salem", "Mohammed Salem"),
        ("Dr. Adel Talaat", "Adel Talaat"),
        ("Talaat, Adel", "Adel Talaat"),
        ("John Moore, Jr.", "JOHN MOORE JR."),
        ("Abdel Fattah Nour", "Abdelfattah Nour"),
        ("José Muñoz", "Jose Munoz"),
        ("Mahmoud Reda", "Mahmud Reda"),
    ] {
        assert_eq!(group(a), group(b), "{a} {b}");
    }
    for (a, b) in [("Hassan Ali", "Hussein Ali"), ("Ana Roe", "Ann Roe"), ("Carlo Moore", "Carla Moore")] {
        assert_ne!(group(a), group(b), "{a} {b}");
    }
    assert_eq!(group(" – "), "");
}

#[test]
fn a_mistake_in_the_tables_has_a_place() {
    let error = NameTables::parse("spellings.toml", "particles = [\"al\"]\nservantz = []\n").unwrap_err();
    assert!(error.to_string().starts_with("spellings.toml:2:1: unknown field `servantz`"), "{error}");
}

/// Strings as names may look, of several scripts.
fn name() -> impl Strategy<Value = String> {
    "([A-Za-zÀ-ž\u{627}-\u{64a}\u{d9a}-\u{dca}А-я一-丏]{1,8}[ '\\-.]{0,2}){1,4}"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_two_strings_are_compared(asked in "\\PC{0,40}", name in "\\PC{0,40}") {
        let _ = tables().compare(&asked, &name);
        let _ = tables().group(&name);
        prop_assert!(tables().keys(&name).is_sorted());
    }

    #[test]
    fn a_name_is_the_same_as_itself(name in name()) {
        let expected = if tables().asked(&name).keys().is_empty() { None } else { Some(Likeness::Same) };
        let found = tables().compare(&name, &name);
        // Initials alone name nobody.
        prop_assert!(found == expected || found.is_none() && name.split([' ', '.', '-']).all(|w| w.chars().count() <= 2), "{found:?}");
    }

    #[test]
    fn letter_case_does_not_count(name in "([A-Za-z]{1,8}[ \\-]?){1,4}", other in "([A-Za-z]{1,8} ?){1,3}") {
        let upper = name.to_uppercase();
        prop_assert_eq!(tables().compare(&name, &other), tables().compare(&upper, &other));
        prop_assert_eq!(tables().group(&name), tables().group(&upper));
        prop_assert_eq!(tables().keys(&name), tables().keys(&upper));
    }

    #[test]
    fn alike_is_found_by_keys(asked in name(), name in name()) {
        let likeness = tables().compare(&asked, &name);
        if likeness.is_some_and(|likeness| likeness < Likeness::Typo) {
            prop_assert!(is_found(&asked, &name), "{likeness:?}");
        }
    }

    #[test]
    fn alike_is_alike_both_ways_for_one_word(a in "[a-z]{3,9}", b in "[a-z]{3,9}") {
        prop_assert_eq!(tables().compare(&a, &b), tables().compare(&b, &a));
    }
}

#[test]
fn names_made_to_be_hard_are_compared_at_once() {
    let initials = "a ".repeat(16);
    let words = "abbas ".repeat(16);
    let alike = "ahmad ahmed ahmd ahmat ".repeat(4);
    for (asked, name) in [(&initials, &words), (&words, &initials), (&words, &alike), (&alike, &words)] {
        assert_ne!(tables().compare(asked, name), Some(Likeness::Same));
        assert!(tables().keys(&name.replace(' ', "-")).len() < 500);
    }
}
