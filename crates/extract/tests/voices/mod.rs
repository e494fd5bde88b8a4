//! Who speaks: pronouns, passive agents, relative clauses, nested facts.

use super::record;

/// Who says or proposes what, in order.
fn voices(text: &str) -> Vec<String> {
    let record = record(text);
    let said = record.statements.iter().map(|s| (s.span, s.speaker.as_deref(), &s.text));
    let proposed = record.proposals.iter().map(|p| (p.span, p.proposer.as_deref(), &p.text));
    let mut all: Vec<_> = said.chain(proposed).collect();
    all.sort();
    all.into_iter().map(|(_, who, text)| format!("{}: {text}", who.unwrap_or_default())).collect()
}

#[test]
fn what_a_quotation_calls_somebody_tells_nothing_of_its_speaker() {
    let text = "Dr Zerai Okoro praised the crews. “A pilot told me that she is glad,” said Dr Okoro. He stressed that the road was open.";
    assert_eq!(voices(text).last().unwrap(), "Zerai Okoro: the road was open");
}

#[test]
fn who_says_something_and_not_whom_they_tell_of_goes_on() {
    let told = "Minister Zerai Okoro denied reports that Governor Teklu Mensah had resigned.";
    let text = format!("{told} He stressed that the road was open.");
    assert_eq!(voices(&text).last().unwrap(), "Zerai Okoro: the road was open");
    let text = format!("{told} Governor Mensah left. He stressed that the road was open.");
    assert_eq!(voices(&text).last().unwrap(), "Teklu Mensah: the road was open");
    let text = "Minister Zerai Okoro said that it works, and Governor Teklu Mensah said that it is cheap. He stressed that the road was open.";
    assert_eq!(voices(text).last().unwrap(), "Teklu Mensah: the road was open");
}

#[test]
fn whoever_hosts_a_meeting_goes_on_and_whoever_attends_does_not() {
    let text = "Minister Zerai Okoro praised the crews.\n\nThe meeting was hosted by Mayor Teklu Mensah. He stressed that the road was open.";
    assert_eq!(voices(text).last().unwrap(), "Teklu Mensah: the road was open");
    let text = "Minister Zerai Okoro opened a meeting hosted by Mayor Teklu Mensah. He stressed that the road was open.";
    assert_eq!(voices(text).last().unwrap(), "Zerai Okoro: the road was open");
    let text = "Minister Zerai Okoro praised the crews. Also present was Mayor Teklu Mensah. He stressed that the road was open.";
    assert_eq!(voices(text).last().unwrap(), "Zerai Okoro: the road was open");
}

#[test]
fn which_takes_up_the_body_and_not_its_chair() {
    let text = "They read a report by the Ports Commission, chaired by Minister Zerai Okoro, which recommended that the road be opened.";
    assert_eq!(voices(text), ["Ports Commission: the road be opened"]);
}

#[test]
fn whoever_told_of_a_proposal_goes_on_after_it() {
    let text = "Minister Zerai Okoro said that Governor Teklu Mensah had called for calm, and urged all crews to open the road.";
    assert_eq!(voices(text).last().unwrap(), "Zerai Okoro: open the road");
}

#[test]
fn what_the_public_is_told_is_rather_of_a_body_than_of_we() {
    let text = "The Ministry of Ports said that the road is closed. We urge all to wait. Drivers are advised to use the bridge.";
    assert_eq!(voices(text).last().unwrap(), "Ministry of Ports: use the bridge");
}

#[test]
fn speech_in_paragraphs_ends_where_figures_or_a_heading_follow() {
    let said = "Minister Zerai Okoro said:\n\nI am glad that the road is open.";
    let next = "Governor Teklu Mensah said:\n\nIt was hard.";
    let text = format!("{said}\n\nThe road cost 40 million and took 3 years.\n\n{next}");
    assert_eq!(voices(&text)[0], "Zerai Okoro: I am glad that the road is open");
    let text = format!("{said}\n\nThe road is a great step for the coast.\n\n{next}");
    assert_eq!(
        voices(&text)[0],
        "Zerai Okoro: I am glad that the road is open.\n\nThe road is a great step for the coast"
    );
    let text = format!("{said}\n\nNotes on the road\n\nThe road is a great step for us.\n\n{next}");
    assert_eq!(voices(&text)[0], "Zerai Okoro: I am glad that the road is open");
}

#[test]
fn direct_speech_stands_between_dashes() {
    let text = "Minister Zerai Okoro opened the road. – I am glad. It was hard – the Minister added.";
    assert_eq!(voices(text), ["Zerai Okoro: I am glad. It was hard"]);
    let text = "– It was hard. That is why I proposed that a centre be built – said Minister Zerai Okoro.";
    assert_eq!(voices(text), ["Zerai Okoro: It was hard", "Zerai Okoro: a centre be built"]);
    assert!(voices("TALLVIK, 3 May – Minister Zerai Okoro said on Monday.").is_empty());
}

#[test]
fn a_title_of_nobody_who_is_named_goes_on() {
    let text = "The Prime Minister spoke to President Zerai Okoro. He stressed that the road was open.";
    assert_eq!(voices(text), ["Prime Minister: the road was open"]);
    let text = "The Minister will meet Minister Ada Ray and stressed that the road was open. Minister Zerai Okoro said: “It works.”";
    assert_eq!(voices(text)[0], "Zerai Okoro: the road was open");
}

#[test]
fn a_line_before_speech_may_tell_of_the_body_in_a_clause() {
    let text = "Zerai Okoro, Deputy Chief Officer at the Harbour Centre, which has received a new roof, said:\n\nWe are glad.\n\nThis is a huge boost for the coast.\n\nThe road is long.";
    assert_eq!(voices(text), ["Zerai Okoro: We are glad.\n\nThis is a huge boost for the coast"]);
}

#[test]
fn quotations_whose_marks_are_lost_or_of_another_kind_are_whole() {
    let text = "“It works well for all,’’ Minister Zerai Okoro said.";
    assert_eq!(voices(text), ["Zerai Okoro: It works well for all"]);
    let text = "Minister Zerai Okoro said: \"It works.\n\nWe are glad of it.\" He left.";
    assert_eq!(voices(text), ["Zerai Okoro: It works.\n\nWe are glad of it"]);
}

#[test]
fn orders_by_nobody_named_are_those_of_the_last_person() {
    let first = "President Teklu Mensah toured the harbour of Orvin.\n\nThe pier is closed.";
    let text = format!("{first}\n\nOfficials were also instructed to mend the pier.");
    assert_eq!(voices(&text), ["Teklu Mensah: mend the pier"]);
    let text = format!(
        "{first}\n\nThe Ministry of Ports and its offices were instructed to:\n\n- mend the pier;\n- hire more crews."
    );
    assert_eq!(voices(&text), ["Teklu Mensah: mend the pier", "Teklu Mensah: hire more crews"]);
    // Whoever is ordered gives no order.
    let text = format!("{first} Governor Zerai Okoro was instructed to mend the pier.");
    assert!(!voices(&text).iter().any(|voice| voice.starts_with("Zerai")), "{:?}", voices(&text));
}

#[test]
fn a_pronoun_that_proposes_is_not_the_one_who_is_asked() {
    let text =
        "Board Chair Zerai Okoro welcomed Minister Teklu Mensah. He appealed to Mensah to send a nurse.";
    assert_eq!(voices(text).last().unwrap(), "Zerai Okoro: send a nurse");
    let text = "Board Chair Zerai Okoro welcomed Minister Teklu Mensah. He appealed to all to send a nurse.";
    assert_eq!(voices(text).last().unwrap(), "Zerai Okoro: send a nurse");
}

#[test]
fn the_head_of_one_body_is_not_that_of_another() {
    let text = "Minister Zerai Okoro is the Head of the Office for Ports. The head of the Ministry of Roads stressed that it works.";
    assert_eq!(voices(text), ["The head of the Ministry of Roads: it works"]);
    let text = "Minister Zerai Okoro is the Head of the Office for Ports. The head of the Office for Ports stressed that it works.";
    assert_eq!(voices(text), ["Zerai Okoro: it works"]);
}

#[test]
fn two_calls_in_one_sentence_of_a_quotation_are_both_told() {
    let text = "“I ask firms to come forward with their fears, and I ask the staff to stay,” Dr Okoro said.";
    assert_eq!(voices(text), ["Okoro: come forward with their fears", "Okoro: stay"]);
}

#[test]
fn an_order_lends_no_quotation_its_speaker() {
    let text = "Dr Zerai Okoro says that the pier is old.\n\nThe Government instructed owners to mend their piers.\n\n“It was long and hard work for us all.”";
    assert_eq!(voices(text).last().unwrap(), "Zerai Okoro: It was long and hard work for us all");
}

#[test]
fn the_holder_of_a_post_elsewhere_does_not_speak() {
    let text = "Mr. Zerai Okoro, Director General of the Ports Board, spoke. The Director General of the Roads Board said that it works.";
    assert_eq!(voices(text), ["Director General: it works"]);
    let text = "Mr. Zerai Okoro, Director General of the Ports Board, spoke. The Director General of the Board said that it works.";
    assert_eq!(voices(text), ["Zerai Okoro: it works"]);
    let text = "Mr. Zerai Okoro, Ambassador of Norway, spoke. The Ambassador of Kenya said that it works.";
    assert_eq!(voices(text), ["The Ambassador: it works"]);
}

#[test]
fn what_somebody_says_they_will_ask_is_told_once() {
    assert_eq!(
        voices("Ms Zerai Okoro said they would ask the Board to review the fee."),
        ["Zerai Okoro: review the fee"]
    );
}

#[test]
fn a_line_of_a_name_signs_the_paragraph_before_it() {
    let told = "The ministry printed the report today.";
    let (glad, hope) =
        ("I am glad that the road is open. I thank the crews", "We hope that it helps our towns");
    let text = format!(
        "{told}\n\n{glad}.\n\nMinister of Ports Zerai Okoro\n\n{hope}.\n\nTeklu Mensah, Director of Roads"
    );
    assert_eq!(voices(&text), [format!("Zerai Okoro: {glad}"), format!("Teklu Mensah: {hope}")]);
    // Names below each other are a list, and a letter is all of whoever signs it.
    let need = "The road is dear to our towns.";
    assert!(voices(&format!("{told}\n\n{need}\n\nMr Zerai Okoro\n\nMr Teklu Mensah")).is_empty());
    assert!(voices(&format!("{need}\n\nOur towns are far.\n\nMinister of Ports Zerai Okoro")).is_empty());
}
