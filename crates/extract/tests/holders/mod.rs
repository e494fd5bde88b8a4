//! Whose each post is and in which body, with the English rules.

use crate::record;

/// Each official with the posts, as `title, body`.
fn check(text: &str, wanted: &[(&str, &[&str])]) {
    let record = record(text);
    let found: Vec<(String, Vec<String>)> = record
        .officials
        .iter()
        .map(|official| {
            let post = |post: &chancery_record::Post| {
                let body = post.organization.as_deref().and_then(|id| record.organization(id));
                let parts = [post.title.as_deref(), body.map(|body| body.name.as_str())];
                parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
            };
            (official.name.clone(), official.posts.iter().map(post).collect())
        })
        .collect();
    let wanted: Vec<(String, Vec<String>)> = wanted
        .iter()
        .map(|(name, posts)| ((*name).to_owned(), posts.iter().map(|post| (*post).to_owned()).collect()))
        .collect();
    assert_eq!(found, wanted, "{text}");
}

#[test]
fn a_rank_behind_a_post_is_not_of_its_body() {
    check(
        "The National Roads Agency lead for Toll Roads, Assistant Chief Constable Arno Tellvik, said so.",
        &[("Arno Tellvik", &["lead for Toll Roads, National Roads Agency", "Assistant Chief Constable"])],
    );
    check(
        "National Roads Agency Chairman and Managing Director Arno Tellvik left.",
        &[("Arno Tellvik", &["Chairman, National Roads Agency", "Managing Director, National Roads Agency"])],
    );
}

#[test]
fn a_body_behind_the_name_is_of_the_post_next_to_it() {
    check(
        "Team Captain, Inspector Arno Tellvik of the National Roads Agency, left.",
        &[("Arno Tellvik", &["Team Captain", "Inspector, National Roads Agency"])],
    );
}

#[test]
fn what_one_of_many_is_for_is_no_body_elsewhere() {
    check(
        "The Ministries of Justice and Health met. Arno Tellvik, Deputy Minister for Health Services, left.",
        &[("Arno Tellvik", &["Deputy Minister for Health Services"])],
    );
}

#[test]
fn where_somebody_serves_is_no_part_of_the_title() {
    check(
        "The Agricultural Counsellor at the Embassy, Mr. Arno Tellvik, left.",
        &[("Arno Tellvik", &["Agricultural Counsellor"])],
    );
    check(
        "Assistant Secretary of the Army Arno Tellvik left.",
        &[("Arno Tellvik", &["Assistant Secretary of the Army"])],
    );
}

#[test]
fn quotation_marks_about_a_body_part_no_list() {
    check(
        "The executive director of the NGO “Ports without Borders” (PwB), Mrs. Ada Vandor, the British Ambassador to \
         Kenya, Mr. Arno Tellvik, and the Ambassador of Norway, Mrs. Inga Solvik, left.",
        &[
            ("Ada Vandor", &["executive director, Ports without Borders"]),
            ("Arno Tellvik", &["Ambassador to Kenya"]),
            ("Inga Solvik", &["Ambassador"]),
        ],
    );
}

#[test]
fn a_given_name_alone_is_the_same_person() {
    let record =
        record("The Ports Board thanked Peter Tellvik. Peter will go on. While Peter leads it, it grows.");
    let names: Vec<(&str, usize)> =
        record.persons.iter().map(|person| (person.name.as_str(), person.mentions.len())).collect();
    assert_eq!(names, [("Peter Tellvik", 3)]);
}

#[test]
fn a_seat_in_parliament_is_of_no_other_body() {
    check(
        "Ada Vandor, MP for Westport and Chair of the Ports Select Committee, left.",
        &[("Ada Vandor", &["MP for Westport", "Chair, Ports Select Committee"])],
    );
}

#[test]
fn posts_told_with_their_years_are_in_one_row() {
    check(
        "Arno Tellvik is Chair of the Westport Ports Council (appointed 2010), a trustee of the Orvin Museum Board \
         (appointed 2007), and a Director of Westport Holdings Ltd (appointed 2012).",
        &[(
            "Arno Tellvik",
            &[
                "trustee, Orvin Museum Board",
                "Chair, Westport Ports Council",
                "Director, Westport Holdings Ltd",
            ],
        )],
    );
}

#[test]
fn a_pronoun_is_of_whom_the_sentence_before_tells() {
    check(
        "Ms. Ada Vandor is the new Chair of the Ports Board. She succeeds Mr. Arno Tellvik. She was Director of the \
         National Roads Agency.",
        &[("Ada Vandor", &["Chair, Ports Board", "Director, National Roads Agency"])],
    );
    check(
        "Mr. Arno Tellvik met Ms. Ada Vandor of Westport. She is Director of the National Roads Agency.",
        &[("Ada Vandor", &["Director, National Roads Agency"])],
    );
}

#[test]
fn a_forename_of_one_person_holds_a_post() {
    check(
        "The Ports Board thanked Karina Tellvik. Karina is Director of the National Roads Agency.",
        &[("Karina Tellvik", &["Director, National Roads Agency"])],
    );
    check(
        "The Ports Board thanked Karina Tellvik and Karina Solvik. Karina is Director of the National Roads Agency.",
        &[],
    );
}

#[test]
fn a_title_before_its_verb_is_not_of_the_name_that_a_phrase_ends_in() {
    for phrase in ["During talks with Mr. Lars Moen", "In reply to Mr. Lars Moen", "Thanking Mr. Lars Moen"] {
        let record = record(&format!(
            "The Minister of Ports, Mr. Arno Tellvik, met Mr. Lars Moen. {phrase}, the Minister stressed that the port \
             is open."
        ));
        let posts: Vec<(&str, usize)> =
            record.officials.iter().map(|official| (official.name.as_str(), official.posts.len())).collect();
        assert_eq!(posts, [("Arno Tellvik", 1)], "{phrase}");
        let said = record.statements.iter().find(|s| s.text == "the port is open");
        assert_eq!(said.and_then(|s| s.speaker.as_deref()), Some("Arno Tellvik"), "{phrase}");
    }
    // The post of whom the phrase names stands between commas too.
    check(
        "The Minister of Ports, Mr. Arno Tellvik, left. In a statement by his Press Secretary, Mr. Lars Moen, the \
         Minister said that the port is open.",
        &[("Arno Tellvik", &["Minister of Ports"]), ("Lars Moen", &["Press Secretary"])],
    );
    // Where a comma closes it, the title is an apposition.
    check(
        "During talks with Mr. Lars Moen, the Minister of Ports, the port was opened.",
        &[("Lars Moen", &["Minister of Ports"])],
    );
}

#[test]
fn a_surname_in_capitals_is_no_body() {
    let record = record("Foreign Minister Ada VANDOR said the plan works. VANDOR added that it is cheap.");
    assert!(record.organizations.is_empty(), "{:?}", record.organizations);
    let speakers: Vec<_> = record.statements.iter().map(|said| said.speaker.as_deref()).collect();
    assert_eq!(speakers, [Some("Ada VANDOR"); 2]);
}

#[test]
fn words_that_no_rule_knows_stand_between_a_post_and_its_holder() {
    check(
        "Earlier the Head of Section Four ORV-T, Mr. Arno Tellvik, left.",
        &[("Arno Tellvik", &["Head of Section Four ORV-T"])],
    );
    check(
        "They met Arno Tellvik, vice minister of moorings and lanterns, in May.",
        &[("Arno Tellvik", &["vice minister of moorings and lanterns"])],
    );
}

#[test]
fn a_post_in_brackets_is_closed_whatever_follows() {
    check(
        "Dr. Arno Tellvik (Deputy Director) hinted that rules change.",
        &[("Arno Tellvik", &["Deputy Director"])],
    );
}

#[test]
fn a_short_title_is_the_last_words_of_a_longer_one() {
    check(
        "State Senator Arno Tellvik left. Sen. Tellvik came again.",
        &[("Arno Tellvik", &["State Senator"])],
    );
}
