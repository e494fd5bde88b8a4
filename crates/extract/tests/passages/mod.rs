//! Where passages stand: lists, paragraphs after a colon, quotations, wrapped lines.

use chancery_extract::extract;
use chancery_record::Release;

use super::{check, english, record};

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
fn some_words_in_quotation_marks_keep_both_of_them() {
    let text = "The Minister of Ports, Mr Zerai Okoro, said that “slow” roads would open. He said “new” roads were wanted. He called the visit “historic”. “It is good,” he said.";
    let found = &[
        "Zerai Okoro: Minister of Ports",
        "Zerai Okoro state: “slow” roads would open",
        "Zerai Okoro state: “new” roads were wanted",
        "Zerai Okoro describe: the visit “historic”",
        "Zerai Okoro state: It is good",
    ];
    check(text, found);
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

/// Who speaks in a text under a headline.
fn speakers(headline: Option<&str>, text: &str) -> Vec<String> {
    let headline = headline.map(str::to_owned);
    let release = Release { id: "r".into(), headline, text: text.into(), ..Release::default() };
    extract(&release, english(), "test").statements.into_iter().filter_map(|s| s.speaker).collect()
}

#[test]
fn the_first_person_is_whoever_the_byline_or_headline_names() {
    let said = "Good morning.\n\nI thank the crews for their work on the road.";
    let long = "Opening address by Dr Zerai Okoro, Minister for Ports, Inland Waters and Coastal Roads, at the launch of the Second National Ferry Week and the Tallvik Harbour Prize, on 4 May 2031";
    assert_eq!(speakers(None, &format!("{long}\n\n{said}")), ["Zerai Okoro"]);
    let headline = Some("Speech by Minister Zerai Okoro at the Mirela Stan Hall");
    assert_eq!(speakers(headline, said), ["Zerai Okoro"]);
    let met = "I met Dr Zerai Okoro there and I thank the crews for their work.";
    assert_eq!(speakers(Some("Statement by Ms Mirela Stan on Zerai Okoro"), met), ["Mirela Stan"]);
    assert_eq!(
        speakers(Some("Statement by the President on the Choice of Dr Zerai Okoro"), met),
        ["President"]
    );
    assert_eq!(speakers(Some("Statement by Ms Mirela Stan and Mr Zerai Okoro"), said), ["I"]);
    assert_eq!(speakers(Some("Port opened by Minister Zerai Okoro"), said), ["I"]);
    assert_eq!(speakers(None, &format!("{said}\n\nJOSEPH B. OKORO JR.")), ["JOSEPH B. OKORO JR."]);
    let titled = format!("{said}\n\nMR Z T OKORO, MP\nMINISTER OF PORTS");
    assert_eq!(speakers(None, &titled), ["Z T OKORO"]);
    let joint = "The Hon Mirela Stan MP\nTreasurer\n\nJoint media release with\nSenator the Hon Ada Rusk\n\n";
    assert_eq!(speakers(None, &format!("{joint}{met}")), ["Mirela Stan"]);
}

#[test]
fn the_whole_noun_phrase_before_a_verb_speaks() {
    let works = "the works begin in May";
    let three = "the Ministry of Ports, the World Bank and the African Union";
    assert_eq!(speakers(None, &format!("The works begin in May, {three} announced.")), [three]);
    assert_eq!(
        speakers(None, &format!("Speaking as Minister of Ports, Ms Mirela Stan said that {works}.")),
        ["Mirela Stan"]
    );
    let pact = "The signing of the pact between Kenya and Norway underscores the value of trade.";
    assert_eq!(speakers(None, pact), [""; 0]);
}

#[test]
fn we_is_the_body_that_alone_speaks_before_in_the_paragraph() {
    let proposers =
        |text: &str| record(text).proposals.into_iter().filter_map(|p| p.proposer).collect::<Vec<_>>();
    let urge = "We urge all parties to act.";
    assert_eq!(proposers(&format!("The World Bank welcomes the truce. {urge}")), ["World Bank"]);
    assert_eq!(proposers(&format!("The World Bank condemned the raid. {urge}")), ["We"]);
    assert_eq!(proposers(&format!("Kenya welcomes the truce. Norway condemns the raid. {urge}")), ["We"]);
    assert_eq!(proposers(&format!("The World Bank welcomes the truce.\n\n{urge}")), ["We"]);
}

#[test]
fn a_label_may_be_the_title_of_the_speaker() {
    let talk = "THE MINISTER: Good morning. I thank the crews for their work.\n\nQ Why?\n\nTHE MINISTER: I urge the crews to rest.";
    assert_eq!(speakers(Some("Remarks by Minister Zerai Okoro on the Road"), talk), ["Zerai Okoro"]);
    assert_eq!(speakers(Some("Remarks on the Road"), talk), ["I"]);
}

#[test]
fn items_that_begin_with_a_verb_are_of_whoever_the_line_above_names() {
    let items = "1. Takes note of the briefing;\n\n2. Strongly condemns the raid on the port;\n\n3. Urges all states to share their data;\n\n4. Decides to meet in May.\n\nThe crews left.";
    let found =
        &["Coastal Council would call: share their data", "Coastal Council condemn: the raid on the port"];
    check(&format!("The Coastal Council, meeting in Tallvik on 4 May:\n\n{items}"), found);
    let lines = "The Ministers:\n- welcomed the truce;\n- called on all parties to respect the truce; and\n- stressed the importance of trade.";
    let found = &[
        "The Ministers would call: respect the truce",
        "The Ministers welcome: the truce",
        "The Ministers stress: the importance of trade",
    ];
    check(lines, found);
}

#[test]
fn initials_of_a_title_mean_its_holder() {
    let met = "The Deputy Prime Minister, Zerai Okoro, met Prime Minister Mirela Stan and Principal Secretary Tarek Bannan.";
    let said = |who: &str| {
        record(&format!("{met} {who} said that the road was open.")).statements[0].speaker.clone()
    };
    assert_eq!(said("The Deputy PM").as_deref(), Some("Zerai Okoro"));
    assert_eq!(said("The DPM").as_deref(), Some("Zerai Okoro"));
    assert_eq!(said("The PM").as_deref(), Some("Mirela Stan"));
    assert_eq!(said("The PS").as_deref(), Some("Tarek Bannan"));
}

#[test]
fn a_body_said_once_is_that_of_both_posts() {
    check(
        "Mirela Stan is Founder and Partner of Northern Light Capital LLC.",
        &[
            "Mirela Stan: Partner, Northern Light Capital LLC",
            "Mirela Stan: Founder, Northern Light Capital LLC",
        ],
    );
}

#[test]
fn a_short_form_of_a_title_is_no_second_post() {
    check("Senator Mirela Stan left. Sen. Mirela Stan is back.", &["Mirela Stan: Senator"]);
}

#[test]
fn acronyms_may_hold_a_sign_or_follow_words_that_bring_them_in() {
    let text =
        "The Ports & Harbours Authority (P&HA) met the Coastal Bank (hereinafter referred to as “COBA”).";
    let found = record(text).organizations;
    let told: Vec<_> = found.iter().map(|o| (o.name.as_str(), o.acronym.as_deref())).collect();
    assert_eq!(told, [("Ports & Harbours Authority", Some("P&HA")), ("Coastal Bank", Some("COBA"))]);
}

#[test]
fn a_plural_title_before_a_list_is_that_of_each_with_a_body() {
    let named = "Zerai Okoro, Ministry of Ports";
    let list = |between: &str, end: &str| format!("{named}{between}Mirela Stan, Ministry of Roads{end}");
    let found = &[
        "Zerai Okoro: Permanent Secretaries, Ministry of Ports",
        "Mirela Stan: Permanent Secretaries, Ministry of Roads",
    ];
    check(
        &format!("The President appointed the following as Permanent Secretaries: {}", list("; ", ".")),
        found,
    );
    check(
        &format!("The following are the new Permanent Secretaries:\n\n{}", list("\n", "\n\nIt rained.")),
        found,
    );
}

#[test]
fn initials_are_the_same_with_and_without_spaces() {
    check(
        "Hon. K. A. D. Perera, Minister of Ports, left. Mr K.A.D. Perera is back.",
        &["K. A. D. Perera: Minister of Ports"],
    );
}

#[test]
fn a_body_of_two_countries_is_of_neither_and_its_posts_of_their_own() {
    let text = "Zerai Okoro, Director of Japan’s Ministry of Ports, met Mirela Stan, Director of Norway’s Ministry of Ports, in Tallvik.";
    let found = &[
        "Zerai Okoro: Director, Ministry of Ports, Japan",
        "Mirela Stan: Director, Ministry of Ports, Norway",
    ];
    check(text, found);
    assert_eq!(record(text).organizations[0].country, None);
}

#[test]
fn whom_a_quotation_tells_of_is_not_who_speaks_around_it() {
    let text = "Governor Mirela Stan came. Minister Zerai Okoro said the road is open. “The Governor has done her part. It is open,” he said.";
    assert_eq!(speakers(None, text), ["Zerai Okoro", "Zerai Okoro"]);
}

#[test]
fn the_ministry_is_the_issuer_unless_another_was_just_named() {
    let by = |issuer: &str, text: &str| {
        let issuer = Some(issuer.to_owned());
        let release = Release { id: "r".into(), issuer, text: text.into(), ..Release::default() };
        extract(&release, english(), "test").statements[0].speaker.clone()
    };
    let said = |text: &str| by("Ministry of Ports", text);
    let met = "The Ministry of Roads opened the bridge.";
    assert_eq!(
        said("It rained. The Ministry said that the road was open.").as_deref(),
        Some("Ministry of Ports")
    );
    assert_eq!(
        said(&format!("{met}\n\nThe Ministry said that the road was open.")).as_deref(),
        Some("Ministry of Ports")
    );
    assert_eq!(
        said(&format!("{met} The Ministry said that the road was open.")).as_deref(),
        Some("Ministry of Roads")
    );
    let post = "Mr Zerai Okoro, Secretary of the Ministry of Roads, came.";
    assert_eq!(
        said(&format!("{post} The Ministry said that the road was open.")).as_deref(),
        Some("Ministry of Ports")
    );
    let noted = "The Cabinet noted that the road was open.";
    assert_eq!(by("Office of the Cabinet of Ports", noted).as_deref(), Some("The Cabinet"));
}

#[test]
fn speech_in_paragraphs_of_their_own_goes_on_in_the_first_person() {
    let text = "Minister Zerai Okoro said:\n\n“The road is open.”\n\nThe crews left.\n\nI thank the crews for their work.";
    let found = &[
        "Zerai Okoro: Minister",
        "Zerai Okoro state: The road is open",
        "Zerai Okoro thank: the crews for their work",
    ];
    check(text, found);
}

#[test]
fn speech_without_marks_ends_where_its_speaker_is_told_of() {
    let text = "Minister Zerai Okoro said:\n\nThe road is open.\n\nIt took a year.\n\nMinister Okoro came by boat.\n\n\
        Director Ana Roe said:\n\nThe boats go at noon.";
    let found = &[
        "Zerai Okoro: Minister",
        "Ana Roe: Director",
        "Zerai Okoro state: The road is open.\n\nIt took a year",
        "Ana Roe state: The boats go at noon",
    ];
    check(text, found);
}

#[test]
fn who_speaks_in_paragraphs_of_their_own_is_we_and_offers_for_a_body() {
    let text = "Minister Zerai Okoro said:\n\nThe road is open. As a neighbour, the Board is willing to lend the boats.\n\n\
        We call on all crews to mend the bridges.";
    let found = &[
        "Zerai Okoro: Minister",
        "Zerai Okoro would offer: lend the boats",
        "Zerai Okoro would call: mend the bridges",
        "Zerai Okoro state: The road is open",
    ];
    check(text, found);
}
