//! Extraction with the English rule set: what a reader of a record may rely on, and the document logic case by case.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod bodies;
mod classes;
mod holders;
mod passages;
mod voices;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use chancery_extract::extract;
use chancery_record::{Record, Release, Span};
use chancery_rules::{RuleFile, RuleSet};
use proptest::prelude::*;

fn english() -> &'static RuleSet {
    static RULES: OnceLock<RuleSet> = OnceLock::new();
    RULES.get_or_init(|| {
        let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
        let mut files = Vec::new();
        let mut folders: Vec<PathBuf> = vec![base.join("common"), base.join("en")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if !path.ends_with("reader.toml") && !path.ends_with("spellings.toml") {
                    let name = path.strip_prefix(&base).unwrap().to_str().unwrap().replace('\\', "/");
                    files.push(RuleFile { path: name, text: fs::read_to_string(&path).unwrap() });
                }
            }
        }
        RuleSet::compile("en", &files).unwrap_or_else(|e| panic!("{e}"))
    })
}

fn record(text: &str) -> Record {
    extract(&Release { id: "r".into(), text: text.into(), ..Release::default() }, english(), "test")
}

/// All spans of a record, each with the words that the record says stand there, where it says them.
fn spans(record: &Record) -> Vec<(Span, Option<String>)> {
    let mut all = Vec::new();
    for person in record.people() {
        all.extend(person.mentions.iter().map(|m| (m.span, None)));
        all.extend(person.posts.iter().map(|p| (p.span, None)));
    }
    all.extend(record.organizations.iter().flat_map(|g| g.mentions.iter().map(|m| (m.span, None))));
    for p in &record.proposals {
        all.extend([(p.span, Some(p.text.clone())), (p.cue.span, Some(p.cue.text.clone()))]);
    }
    for s in &record.statements {
        all.extend([(s.span, Some(s.text.clone())), (s.cue.span, Some(s.cue.text.clone()))]);
    }
    all
}

fn sound(text: &str) {
    let record = record(text);
    for (span, words) in spans(&record) {
        let found = text.get(span.start..span.end);
        assert!(found.is_some_and(|f| !f.is_empty()), "{span:?} is no stretch of {text:?}");
        if let Some(words) = words {
            assert_eq!(found, Some(words.as_str()));
        }
    }
    let known = |id: &Option<String>| {
        id.as_deref().is_none_or(|id| record.person(id).is_some() || record.organization(id).is_some())
    };
    assert!(record.proposals.iter().all(|p| known(&p.proposer_id)));
    assert!(record.statements.iter().all(|s| known(&s.speaker_id)));
    let bodies = record.officials.iter().flat_map(|o| &o.posts).filter_map(|p| p.organization.as_deref());
    assert!(bodies.into_iter().all(|id| record.organization(id).is_some()));
    assert_eq!(Record::from_json(&record.to_json()).unwrap(), record);
}

/// Pieces of which odd releases are made.
const PIECES: [&str; 44] = [
    "The",
    "Minister",
    "of",
    "Health",
    "Dr.",
    "Amina",
    "Őrsi",
    "el",
    "Ray-Kwame",
    "said",
    "that",
    "“",
    "”",
    "\"",
    ",",
    ".",
    "\n\n",
    "\n",
    "and",
    "stressed",
    "the",
    "need",
    "to",
    "proposed",
    "(",
    "ABC",
    ")",
    "National",
    "Authority",
    "He",
    "they",
    "both",
    "sides",
    "urged",
    "’s",
    "Acting",
    "Director",
    "Kenya",
    "Iraqi",
    "وزير",
    "日本",
    "ready",
    "recommends:",
    "U.S.",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_words_in_any_order_give_a_sound_record(words in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..60)) {
        sound(&words.join(" "));
    }

    #[test]
    fn any_text_gives_a_sound_record(text in "\\PC{0,80}") {
        sound(&text);
    }
}

#[test]
fn one_sentence_without_an_end_is_read_to_its_end() {
    let text = "Minister Amina Rayko said that the Authority and ".repeat(2000);
    let record = record(&text);
    assert!(record.people().next().is_some());
    sound(&text);
}

/// What a text gives, a line a fact, as a reader would tell it.
fn told(text: &str) -> String {
    let record = record(text);
    let mut lines = Vec::new();
    let body =
        |id: &Option<String>| id.as_deref().and_then(|id| record.organization(id)).map(|g| g.name.as_str());
    for official in &record.officials {
        for post in &official.posts {
            let parts = [post.title.as_deref(), body(&post.organization), post.country.as_deref()];
            let parts: Vec<&str> = parts.into_iter().flatten().collect();
            let state = if post.acting {
                " [acting]"
            } else if post.former {
                " [former]"
            } else {
                ""
            };
            lines.push(format!("{}: {}{state}", official.name, parts.join(", ")));
        }
    }
    lines.extend(record.persons.iter().map(|p| p.name.clone()));
    lines.extend(
        record.organizations.iter().filter_map(|g| Some(format!("{} ({})", g.name, g.acronym.as_deref()?))),
    );
    for p in &record.proposals {
        lines.push(format!("{} would {}: {}", p.proposer.as_deref().unwrap_or("?"), p.act, p.text));
    }
    for s in &record.statements {
        lines.push(format!("{} {}: {}", s.speaker.as_deref().unwrap_or("?"), s.act, s.text));
    }
    lines.join("\n")
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(told(text), expected.join("\n"), "in: {text}");
}

#[test]
fn a_portfolio_ends_where_a_name_begins() {
    check(
        "The Deputy Health Minister for Nursing, Pharmacies and Rural Clinics Tarek El Bannan left.",
        &["Tarek El Bannan: Deputy Health Minister for Nursing, Pharmacies and Rural Clinics"],
    );
}

#[test]
fn a_pronoun_takes_the_last_speaker() {
    check(
        "Minister Tarek Bannan met the envoy. He stressed that trust matters.",
        &["Tarek Bannan: Minister", "Tarek Bannan stress: trust matters"],
    );
}

#[test]
fn who_signs_a_text_is_i() {
    let state = "Ada Bannan state: the road is open";
    let post = "Ada Bannan: Minister of Ports";
    check("Ada Bannan, Minister of Ports\n\nI believe it. I said that the road is open.", &[post, state]);
    check("Statement by Ada Bannan, Minister of Ports\n\nI said that the road is open.", &[post, state]);
    check(
        "Dear Sir:\n\nI said that the road is open.\n\nSincerely,\n\nAda Bannan\nMinister of Ports",
        &[post, state],
    );
    check(
        "Ada Bannan, Minister of Ports\n\nLadies and gentlemen,\n\nI said that the road is open.",
        &[post, "I state: the road is open"],
    );
}

#[test]
fn who_stands_before_a_colon_is_i() {
    let text = "They met Minister Ada Bannan.\n\nMINISTER BANNAN: Good morning.\n\nI said that the road is open.\n\nQUESTION: I said that it rained.";
    let found = ["Ada Bannan: Minister", "Ada Bannan state: the road is open", "I state: it rained"];
    check(text, &found);
}

#[test]
fn speech_without_marks_goes_on_in_the_first_person() {
    let text = "The road is open, said Minister Ada Bannan. It was long. We thank all. It rained.";
    let found = [
        "Ada Bannan: Minister",
        "Ada Bannan state: The road is open",
        "Ada Bannan state: It was long. We thank all",
    ];
    check(text, &found);
    let text = "Minister Ada Bannan said, The road is open. We thank all. It rained.";
    check(text, &["Ada Bannan: Minister", "Ada Bannan state: The road is open. We thank all"]);
    let text =
        "We were late. The road is open, said Minister Ada Bannan. Mr Zerai Okoro said that we are late.";
    let found = [
        "Ada Bannan: Minister",
        "Zerai Okoro",
        "Ada Bannan state: We were late. The road is open",
        "Zerai Okoro state: we are late",
    ];
    check(text, &found);
}

#[test]
fn a_forename_tells_he_from_she() {
    let text =
        "Sarah Tesmarek met Robert Okorun. Then he said that the road was open. She said that it was long.";
    let said = ["Robert Okorun state: the road was open", "Sarah Tesmarek state: it was long"];
    check(text, &["Sarah Tesmarek", "Robert Okorun", said[0], said[1]]);
}

#[test]
fn all_who_speak_together_are_the_speaker() {
    let text = "The road is open, announced Minister Ada Bannan of the Ports Board and Mr Zerai Okoro, Director of Roads.";
    let together = "Minister Ada Bannan of the Ports Board and Mr Zerai Okoro, Director of Roads";
    let posts = ["Ada Bannan: Minister, Ports Board", "Zerai Okoro: Director of Roads"];
    check(text, &[posts[0], posts[1], &format!("{together} announce: The road is open")]);
    let text = "Ms Ada Bannan and local health officials said that the road was open.";
    check(text, &["Ada Bannan", "Ms Ada Bannan and local health officials state: the road was open"]);
    let text = "The road is open, said Minister Ada Bannan, Chair and Director of the Ports Board.";
    assert_eq!(record(text).statements[0].speaker.as_deref(), Some("Ada Bannan"));
}

#[test]
fn a_title_alone_is_its_holder() {
    check(
        "The Prime Minister, Zerai Okoro, arrived. The Prime Minister said that the road was open.",
        &["Zerai Okoro: Prime Minister", "Zerai Okoro state: the road was open"],
    );
    // The only minister of the text is not the prime minister.
    check(
        "They met Minister Zerai Okoro. The Prime Minister said that the road was open.",
        &["Zerai Okoro: Minister", "Prime Minister state: the road was open"],
    );
}

#[test]
fn a_body_in_a_post_is_found_by_its_acronym_later() {
    check(
        "The National Ports Authority (NPA) Chairman Orvil Tesmarek proposed new berths. He stated that NPA is ready to share its tools.",
        &[
            "Orvil Tesmarek: Chairman, National Ports Authority",
            "National Ports Authority (NPA)",
            "Orvil Tesmarek would propose: new berths",
            "Orvil Tesmarek would offer: share its tools",
        ],
    );
}

#[test]
fn posts_on_the_lines_below_a_name_are_its_own() {
    let text = "Zerai Okoro MP\nMinister of Ports\nMinister for Youth\n\nTarek Bannan\nPress Secretary\nPorts Board\n\nThe road is open.";
    let found = &[
        "Zerai Okoro: Minister of Ports",
        "Zerai Okoro: Minister for Youth",
        "Tarek Bannan: Press Secretary, Ports Board",
    ];
    check(text, found);
}

#[test]
fn a_body_said_by_its_last_word_is_the_one_named_before() {
    let text = "The National Ports Authority met. The Director of the Authority, Mr Zerai Okoro, spoke.";
    check(text, &["Zerai Okoro: Director, National Ports Authority"]);
    let text = "It was announced by the National Ports Authority, through its Director, Mr Zerai Okoro.";
    check(text, &["Zerai Okoro: Director, National Ports Authority"]);
}

#[test]
fn a_list_after_a_colon_shares_its_post() {
    let text =
        "Members of the Ports Board: Dr Zerai Okoro (Chairperson); Ms Ada Bannan; and Mr Tarek Tesmar.";
    let found = &[
        "Zerai Okoro: Members, Ports Board",
        "Zerai Okoro: Chairperson",
        "Ada Bannan: Members, Ports Board",
        "Tarek Tesmar: Members, Ports Board",
    ];
    check(text, found);
}

#[test]
fn an_occupation_is_a_post_only_with_a_body() {
    let text = "They met Mr Tarek Bannan, a student at the National Ports University.";
    check(text, &["Tarek Bannan: student, National Ports University"]);
    assert!(record("They met businessman Zerai Okoro.").officials.is_empty());
}

#[test]
fn acting_and_former_are_told() {
    let text = "Acting Director Zerai Okoro met former Minister Tarek Bannan.";
    check(text, &["Zerai Okoro: Acting Director [acting]", "Tarek Bannan: former Minister [former]"]);
    let text = "They met Mr Tarek Bannan. Before joining the agency, he was Director of Ports.";
    check(text, &["Tarek Bannan: Director of Ports [former]"]);
}

#[test]
fn direct_speech_has_no_marks_at_its_ends() {
    let text = "“The road is open,” said Minister Tarek Bannan.";
    check(text, &["Tarek Bannan: Minister", "Tarek Bannan state: The road is open"]);
    assert!(record(text).statements[0].direct);
}

#[test]
fn a_rank_is_in_the_force_before_it() {
    let text = "They met Orvin Defence Force (ODF) Commodore Ada Tellvik.";
    check(text, &["Ada Tellvik: Commodore, Orvin Defence Force", "Orvin Defence Force (ODF)"]);
    let text = "They met the Commander of the Orvin Navy Admiral Ada Tellvik.";
    check(text, &["Ada Tellvik: Commander, Orvin Navy", "Ada Tellvik: Admiral"]);
    let text = "Present were Zerai Okoro, Commissioner of Police, Orvin Defence Force Commander Ada Tellvik and others.";
    check(text, &["Zerai Okoro: Commissioner of Police", "Ada Tellvik: Commander, Orvin Defence Force"]);
}

#[test]
fn a_title_with_its_own_place_takes_no_other_body() {
    let text = "They met Zerai Okoro, Governor of Lagos and Chairman of the National Ports Council.";
    check(
        text,
        &["Zerai Okoro: Governor of Lagos, Nigeria", "Zerai Okoro: Chairman, National Ports Council"],
    );
    let text =
        "They met Zerai Okoro, Adviser to the Minister of Ports and Chair of the National Ports Council.";
    check(
        text,
        &["Zerai Okoro: Adviser to the Minister of Ports", "Zerai Okoro: Chair, National Ports Council"],
    );
}

#[test]
fn a_bare_repeat_of_a_post_is_the_same_post() {
    let text = "They met Mr Zerai Okoro, Permanent Secretary of the Ministry of Ports. Permanent Secretary Zerai Okoro left.";
    check(text, &["Zerai Okoro: Permanent Secretary, Ministry of Ports"]);
    let text = "Minister Zerai Okoro left. They met Zerai Okoro, Minister of Ports.";
    check(text, &["Zerai Okoro: Minister of Ports"]);
    let text = "Acting Director Zerai Okoro left. They met Zerai Okoro, Director of the Ports Board.";
    check(text, &["Zerai Okoro: Acting Director [acting]", "Zerai Okoro: Director, Ports Board"]);
}

#[test]
fn a_shorter_or_plural_wording_of_a_post_is_the_same_post() {
    let text = "They met National Ports Director Zerai Okoro. Director Zerai Okoro left.";
    check(text, &["Zerai Okoro: National Ports Director"]);
    let text = "Deputy Director Zerai Okoro left. Director Zerai Okoro came back.";
    check(text, &["Zerai Okoro: Deputy Director", "Zerai Okoro: Director"]);
    let text = "Senator Ada Bannan left. Senators Ada Bannan and Zerai Okoro came back.";
    check(text, &["Ada Bannan: Senator", "Zerai Okoro: Senators"]);
}

#[test]
fn a_body_said_once_is_that_of_all_who_share_the_title() {
    let text = "It was led by Trial Attorneys Ada Bannan and Zerai Okoro of the National Ports Authority.";
    let found = &[
        "Ada Bannan: Trial Attorneys, National Ports Authority",
        "Zerai Okoro: Trial Attorneys, National Ports Authority",
    ];
    check(text, found);
}

#[test]
fn those_of_a_side_are_of_its_body() {
    let found = &["Ada Bannan: Secretary-General, Ports Board", "Tarek Tesmar: Director, Ports Board"];
    check("Ports Board side: Ms Ada Bannan, Secretary-General, and Mr Tarek Tesmar, Director.", found);
    check(
        "Ports Board side:\nMs Ada Bannan, Secretary-General\nMr Tarek Tesmar, Director\n\nThe road is open.",
        found,
    );
    check(
        "It was attended by, from the Ports Board’s side, Ms Ada Bannan, Secretary-General, and Mr Tarek Tesmar, Director.",
        found,
    );
}

#[test]
fn short_names_stand_alone() {
    let names = |text: &str| -> Vec<String> {
        let record = record(text);
        let mentions = record.people().flat_map(|p| &p.mentions);
        let mut spans: Vec<Span> = mentions.map(|m| m.span).collect();
        spans.sort_unstable();
        spans.iter().map(|span| span.of(text).to_owned()).collect()
    };
    let text = "They met Ms. Norhalina Orvin. Norhalina said that the road was open.";
    assert_eq!(names(text), ["Norhalina Orvin", "Norhalina"]);
    let text = "They met Mr. Dan Pernell Jr. in Oslo. Pernell Jr. said that the road was open. Pernell left.";
    assert_eq!(names(text), ["Dan Pernell Jr.", "Pernell Jr.", "Pernell"]);
    let text =
        "They met Mr. Tarek van den Tesmar. In the evening, van den Tesmar said that the road was open.";
    assert_eq!(names(text), ["Tarek van den Tesmar", "van den Tesmar"]);
    let text = "They met Mr. Tarek T. Long. It took Minister Long long. Long roads were closed.";
    assert_eq!(names(text), ["Tarek T. Long", "Long"]);
    let text = "They met Mr. Wu Norhal in Oslo. Wu said that the road was open.";
    assert_eq!(names(text), ["Wu Norhal", "Wu"]);
    let text = "They met Ms. An Norhalina. She said that the road was open.";
    assert_eq!(names(text)[0], "An Norhalina");
}

#[test]
fn a_name_that_lost_its_apostrophe_is_the_same_name() {
    check("They met Mr. Zerai Okoro. Mr. Zerai Okoros road was long.", &["Zerai Okoro"]);
}

#[test]
fn a_rank_with_its_state_in_brackets_is_one_title() {
    let text = "They met Major General (Ret.) Ghazi Bannan. Director (Ag.) Mrs Ada Tesmar left.";
    check(text, &["Ghazi Bannan: Major General (Ret.)", "Ada Tesmar: Director (Ag.)"]);
}

#[test]
fn an_acronym_of_another_language_is_tied_to_the_body_before() {
    let text = "The Rural Ports Agency, known by its French acronym ANAPOR, met the Minister of Ports.";
    check(text, &["Rural Ports Agency (ANAPOR)"]);
    let text = "The National Agency for Rural Ports, also known as NARP, met the Minister of Ports.";
    check(text, &["National Agency for Rural Ports (NARP)"]);
    let text = "The Orvin Seas Institute (Tyke) met the Minister of Ports. Tyke left.";
    check(text, &["Orvin Seas Institute (Tyke)"]);
    let text = "They met the Minister of Trade, Industry and Energy (MOTIE) Zerai Okoro. MOTIE said that the road was open.";
    check(text, &["Zerai Okoro: Minister of Trade, Industry and Energy", "MOTIE state: the road was open"]);
}

#[test]
fn places_in_brackets_are_no_acronyms() {
    for text in [
        "They met the Orvin Seas Institute (Tallvik) and the Minister of Ports. They spoke in Tallvik.",
        "They met the Orvin Seas Institute (Tallvik) and the Orvin Ports Board (Ostervik).",
    ] {
        assert!(record(text).organizations.iter().all(|g| g.acronym.is_none()), "{text}");
    }
}
