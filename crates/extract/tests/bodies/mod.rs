//! Which letters and names are bodies, with the English rules.

use crate::record;

/// The names of all bodies of a text.
fn check(text: &str, wanted: &[&str]) {
    let record = record(text);
    let found: Vec<&str> = record.organizations.iter().map(|body| body.name.as_str()).collect();
    assert_eq!(found, wanted, "{text}");
}

#[test]
fn a_law_that_a_body_is_named_in_is_none() {
    let record = record("The plan stands in the Supreme Court of Seas Act (SCSA). It was amended.");
    assert!(record.organizations.iter().all(|body| body.acronym.is_none() && !body.name.ends_with("Act")));
}

#[test]
fn ordinary_words_are_a_body_where_their_letters_act() {
    check("They work on Safe Clean Harbours (SCH). The study was funded by SCH, and it works.", &[]);
    check(
        "They work on Safe Clean Harbours (SCH). The study was funded by SCH. SCH announced it.",
        &["Safe Clean Harbours"],
    );
}

#[test]
fn the_stop_of_a_sentence_is_no_part_of_a_firm() {
    check("The pier was built by Orvin Ports Ltd.\n\nIt is open.", &["Orvin Ports Ltd"]);
    check("The pier was sold to Orvin Holdings Inc. in May.", &["Orvin Holdings Inc."]);
    check("The pier was sold to Orvin Holdings, Inc.\n\nIt is open.", &["Orvin Holdings, Inc."]);
    check("The members are:\n\nOrvin Holdings Inc.\n\nTesmark Works", &["Orvin Holdings Inc."]);
}

#[test]
fn letters_leave_out_the_place_before_a_head() {
    let found =
        record("The hall of the Orvin Department of Quays Conservation is open. DQC’s officers are glad.");
    assert_eq!(found.organizations[0].acronym.as_deref(), Some("DQC"));
    let found =
        record("The hall of the Orvin Department of Quays Conservation is open. ODC’s officers are glad.");
    assert_eq!(found.organizations[0].acronym, None);
}

#[test]
fn letters_of_an_honour_are_those_of_a_body_where_no_name_stands_before_them() {
    let letters = |rest: &str| {
        let found = record(&format!("The hall of the School of Advanced Navigation is open. {rest}"));
        found.organizations[0].acronym.clone()
    };
    assert_eq!(letters("The staff of SAN are glad.").as_deref(), Some("SAN"));
    assert_eq!(letters("Mr. Arno Tellvik, SAN, is glad. Ms. Ada Vandor SAN left."), None);
}
