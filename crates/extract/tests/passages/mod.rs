//! Where passages stand: lists, paragraphs after a colon, quotations, wrapped lines.

use super::{check, record};

#[test]
fn each_item_of_a_list_is_a_proposal() {
    let list =
        "urged all states to:\n\n(a) open the port by June;\n\n(b) pay the crews; and\n\n(c) mend the road.";
    let found = &[
        "Zerai Okoro: Minister of Ports",
        "Zerai Okoro would call: open the port by June",
        "Zerai Okoro would call: pay the crews",
        "Zerai Okoro would call: mend the road",
    ];
    check(&format!("3. The Minister of Ports, Mr Zerai Okoro, {list}"), found);
    // The next paragraph of the communiqué is none.
    check(&format!("3. The Minister of Ports, Mr Zerai Okoro, {list}\n\n4. It rained on Monday."), found);
    let text = "The Minister of Ports, Mr Zerai Okoro, recommended that: (a) the port be opened by June; (b) the crews be paid; and (c) the road be mended.";
    let found = &[
        "Zerai Okoro: Minister of Ports",
        "Zerai Okoro would recommend: the port be opened by June",
        "Zerai Okoro would recommend: the crews be paid",
        "Zerai Okoro would recommend: the road be mended",
    ];
    check(text, found);
}

#[test]
fn quotations_after_a_colon_are_of_one_speaker() {
    let said = "Minister Zerai Okoro said:";
    let text = format!("{said}\n\n“The road is open.”\n\n“It was hard. We are glad.”\n\nIt rained.");
    let found = &[
        "Zerai Okoro: Minister",
        "Zerai Okoro state: The road is open",
        "Zerai Okoro state: It was hard. We are glad",
    ];
    check(&text, found);
    let text = format!("{said}\n\n“The road is open.\n\n“It was hard. We are glad.”\n\nIt rained.");
    let found =
        &["Zerai Okoro: Minister", "Zerai Okoro state: The road is open.\n\n“It was hard. We are glad"];
    check(&text, found);
    let text = format!("{said}\n\nThe road is open.\n\nI am grateful to the crews.\n\nThe crews left.");
    let found =
        &["Zerai Okoro: Minister", "Zerai Okoro state: The road is open.\n\nI am grateful to the crews"];
    check(&text, found);
}

#[test]
fn single_marks_quote() {
    let text = "‘We’ve opened the road,’ said Minister Zerai Okoro. ‘The crews’ work is done,’ he added.";
    let found = &[
        "Zerai Okoro: Minister",
        "Zerai Okoro state: We’ve opened the road",
        "Zerai Okoro state: The crews’ work is done",
    ];
    check(text, found);
    assert!(record(text).statements.iter().all(|s| s.direct));
    let text = "“Is the road open?” asked Minister Zerai Okoro.";
    check(text, &["Zerai Okoro: Minister", "Zerai Okoro ask: Is the road open"]);
}

#[test]
fn a_sentence_goes_on_over_the_lines_of_a_page() {
    let text =
        "The Minister of Ports, Mr Zerai Okoro, said on Monday in Tallvik that the road\n\nwas open to all.";
    check(text, &["Zerai Okoro: Minister of Ports", "Zerai Okoro state: the road\n\nwas open to all"]);
}

#[test]
fn a_title_of_another_country_is_not_its_holder_here() {
    let text = "Norwegian Foreign Minister Zerai Okoro met the Kenyan side. The Kenyan Foreign Minister said that the road was open. The Norwegian Foreign Minister said that it was long.";
    let told: Vec<_> = record(text).statements.iter().filter_map(|s| s.speaker.clone()).collect();
    assert_eq!(told, ["The Kenyan Foreign Minister", "Zerai Okoro"]);
}
