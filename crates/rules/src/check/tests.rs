//! Findings through the front door: files in, places and words out.

use crate::{Reading, RuleFile, check};

const LAYERS: &str = "layers = ['first', 'second']\nkinds = ['made']";

/// Of a sailing the ship is read, or the pilot with the port.
const READINGS: &[Reading] = &[
    Reading {
        kind: "sailing",
        reads: &["ship", "pilot", "port", "day"],
        ways: &[&["ship"], &["pilot", "port"]],
        outside: false,
        whole: None,
    },
    Reading { kind: "log", reads: &["text"], ways: &[&["text"]], outside: true, whole: None },
    Reading { kind: "vessel", reads: &[], ways: &[], outside: false, whole: Some("name") },
];

fn found_in(files: &[(&str, &str)]) -> Vec<String> {
    let layers = [("en/layers.toml", LAYERS)];
    let files = layers
        .iter()
        .chain(files)
        .map(|(path, text)| RuleFile { path: (*path).into(), text: (*text).into() });
    let told = check("en", &files.collect::<Vec<_>>(), READINGS).into_iter().map(|e| {
        let help = e.help.unwrap_or_default();
        format!("{}:{}:{}: {}: {} ({help})", e.path, e.line, e.column, e.severity.as_str(), e.message)
    });
    told.collect()
}

fn found(text: &str) -> Vec<String> {
    found_in(&[("en/a.toml", text)])
}

/// A rule with its examples, so that nothing is found but what a test is about.
fn rule(id: &str, when: &str, more: &str) -> String {
    format!(
        "[[rule]]\nid = '{id}'\nlayer = 'first'\nfinds = 'x'\nwhen = '{when}'\nyes = ['a']\nno = ['b']\n{more}\n"
    )
}

#[track_caller]
fn one(text: &str, begin: &str, holds: &[&str]) {
    let all = found(text);
    assert_eq!(all.len(), 1, "{all:#?}");
    assert!(all[0].starts_with(begin), "{all:#?}");
    for words in holds {
        assert!(all[0].contains(words), "{words} in {all:#?}");
    }
}

#[track_caller]
fn nothing(text: &str) {
    let all = found(text);
    assert!(all.is_empty(), "{all:#?}");
}

#[test]
fn a_rule_without_examples_is_told_softly_where_only_near_misses_lack() {
    let bare = "[[rule]]\nid = 'r'\nlayer = 'first'\nfinds = 'x'\nwhen = 'a'\n";
    let all = found(bare);
    assert_eq!(all.len(), 2, "{all:#?}");
    assert!(all[0].starts_with("en/a.toml:2:6: warning: rule `r` has no `yes` (add"), "{all:#?}");
    assert!(all[1].starts_with("en/a.toml:2:6: note: rule `r` has no `no` (add a near miss"), "{all:#?}");
}

#[test]
fn an_unknown_name_is_told_where_it_stands_and_once() {
    let phrase = "[[phrase]]\nid = 'p'\nis = 'the {rloe}'\n[[list]]\nid = 'role'\nwords = ['king']\n";
    let text = phrase.to_owned() + &rule("r", "{p} {role}", "") + &rule("s", "{p}", "");
    one(&text, "en/a.toml:3:12: error: no list", &["`rloe`", "did you mean `role`"]);
}

#[test]
fn all_mistakes_of_all_files_are_told_in_one_run() {
    let broken = "[[rule]]\nid = \n";
    let circle = rule("a", "x", "beats = ['b']") + &rule("b", "y", "beats = ['a']");
    let all =
        found_in(&[("en/a.toml", broken), ("en/b.toml", &circle), ("en/c.toml", &rule("c", "{none}", ""))]);
    for begin in ["en/a.toml:2:", "en/b.toml:", "en/c.toml:5:"] {
        assert!(
            all.iter().any(|told| told.starts_with(begin) && told.contains(": error: ")),
            "{begin}: {all:#?}"
        );
    }
}

#[test]
fn lists_phrases_classes_and_forms_that_nothing_uses_are_told() {
    let text = "[[list]]\nid = 'l'\nwords = ['w']\n[[phrase]]\nid = 'p'\nis = '{l}'\n[[class]]\nid = 'c'\nis = '[Cap]'\n\
                [[forms]]\nid = 'f'\n";
    let all = found(text);
    let lines: Vec<&str> = all.iter().filter_map(|told| told.split(": warning: ").nth(1)).collect();
    assert_eq!(lines.len(), 4, "{all:#?}");
    for (line, words) in
        lines.iter().zip(["the list `l`", "the phrase `p`", "the class `c`", "the forms `f`"])
    {
        assert!(line.contains(words), "{all:#?}");
    }
    // What a used phrase uses is used; the document logic reads its own lists.
    nothing(&(text.split("[[class]]").next().unwrap().to_owned() + &rule("r", "{p}", "")));
    nothing("[[list]]\nid = 'doc-l'\nwords = ['w']\n");
}

#[test]
fn a_rule_with_a_mistake_still_uses_its_lists() {
    let text = "[[list]]\nid = 'l'\nwords = ['w']\n".to_owned() + &rule("r", "{l} {none}", "");
    one(&text, "en/a.toml:8:14: error", &["`none`"]);
}

#[test]
fn entries_that_stand_twice_are_told() {
    let uses = rule("r", "{l}", "");
    let list = |words: &str, more: &str| format!("[[list]]\nid = 'l'\nwords = {words}\n{more}\n") + &uses;
    one(
        &list("['vice chair', 'Vice-Chair']", ""),
        "en/a.toml:3:24: warning: `Vice-Chair` is the same entry as `vice chair`",
        &["hyphen"],
    );
    one(
        &list("['IT', 'IT']", "case = 'exact'"),
        "en/a.toml:3:16: warning: `IT` stands twice",
        &["take one out"],
    );
    nothing(&list("['IT', 'it']", "case = 'exact'"));
    let file = "[[list]]\nid = 'l'\nfile = 'lists/l.tsv'\n".to_owned() + &uses;
    let all =
        found_in(&[("en/a.toml", &file), ("en/lists/l.tsv", "# l\nchair\tk=a\nchair\tk=b\nChair\tk=a\n")]);
    assert_eq!(all.len(), 1, "{all:#?}");
    assert!(all[0].starts_with("en/lists/l.tsv:4:1: warning: `Chair` is the same"), "{all:#?}");
    assert!(all[0].contains("at line 2"), "{all:#?}");
}

#[test]
fn entries_that_no_text_can_hold_are_told() {
    let list = |words: &str| format!("[[list]]\nid = 'l'\nwords = [{words}]\n") + &rule("r", "{l}", "");
    one(&list("'ok', ''"), "en/a.toml:3:16: warning: the entry `` holds no word", &["take the line out"]);
    one(&list("'They left. He stayed'"), "en/a.toml:3:10: warning: the entry", &["end of a sentence"]);
    // Only where case counts does it matter how the entry is cut.
    let cut = list("'ex-King'") + "[[list]]\nid = 'prefix'\nwords = ['ex']\n";
    nothing(&cut);
    let exact = cut.replacen("id = 'l'", "id = 'l'\ncase = 'exact'", 1);
    one(
        &exact,
        "en/a.toml:4:10: warning: the entry `ex-King` can never match: in a text it is cut into",
        &["prefix"],
    );
    nothing(&list("'St John’s', 'U.S.', 'Director-General', 'a/b', 'Crédit Agricole'"));
    one(
        "[[list]]\nid = 'l'\n[[rule]]\nid = 'r'\nlayer = 'first'\nfinds = 'x'\nwhen = '{l}'\nyes = ['a']\nno = ['b']\n",
        "en/a.toml:2:6: warning: the list `l` has no entry",
        &["`words`"],
    );
}

#[test]
fn tests_and_captures_that_lead_nowhere_are_told() {
    let list = "[[list]]\nid = 'l'\nwords = ['w']\ndata = { kind = 'a' }\n";
    let with = |when: &str, more: &str| list.to_owned() + &rule("r", when, more);
    one(
        &with("{l:kind=b}", ""),
        "en/a.toml:9:10: warning: no entry of the list `l` has `kind=b`",
        &["there are: a"],
    );
    one(
        &with("{l:knd=a}", ""),
        "en/a.toml:9:10: warning: no entry of the list `l` has a column `knd`",
        &["columns are: kind"],
    );
    one(
        &with("name:{l}", "spans = 'nam'"),
        "en/a.toml:12:9: warning: the pattern captures nothing as `nam`",
        &["did you mean `name`"],
    );
    one(
        &with("name:{l}", "claims = ['cue']"),
        "en/a.toml:12:11: warning: the pattern captures nothing as `cue`",
        &[],
    );
    one(
        &with("{l}", "set = { k = 'm.kind' }"),
        "en/a.toml:12:13: warning: the pattern has no `{m}`",
        &["refers to: l"],
    );
    one(
        &with("{l}", "set = { k = 'l.knd' }"),
        "en/a.toml:12:13: warning: no entry of the list `l` has a column `knd`",
        &[],
    );
    nothing(&with("name:{l:kind=a|b}", "spans = 'name'\nclaims = []\nset = { k = 'l.kind', c = 'word' }"));
}

#[test]
fn what_grows_too_large_is_refused_at_once() {
    // Twice the size at each phrase: written out, more items than there are atoms.
    let mut laughs = "[[phrase]]\nid = 'p0'\nis = 'ha'\n".to_owned();
    for n in 1..80 {
        laughs += &format!("[[phrase]]\nid = 'p{n}'\nis = '{{p{}}} {{p{}}}'\n", n - 1, n - 1);
    }
    let all = found(&(laughs.clone() + &rule("r", "{p79}", "")));
    assert!(all.iter().any(|told| told.contains("more than 32 deep in one another")), "{all:#?}");
    let all = found(&(laughs + &rule("r", "{p20}", "")));
    assert!(all.iter().any(|told| told.contains("`p20` grows to more than 200000 items")), "{all:#?}");
    let word = "x ".repeat(65);
    one(
        &(format!("[[list]]\nid = 'l'\nwords = ['{word}']\n") + &rule("r", "{l}", "")),
        "en/a.toml:2:6: error: the entry",
        &["65 words", "more than 64"],
    );
}

/// Whether the second of two rules is told to be one that can never win.
fn shadowed(first: &str, second: &str) -> bool {
    let text =
        "[[list]]\nid = 'l'\nwords = ['w']\ndata = { k = 'a' }\n".to_owned() + &rule("uses", "z {l}", "");
    let all = found(&(text + &rule("one", first, "") + &rule("two", second, "")));
    assert!(
        all.iter().all(|told| told.contains("the rule `two` can never win (`one` (en/a.toml:")),
        "{all:#?}"
    );
    !all.is_empty()
}

#[test]
fn a_rule_that_can_never_win_is_told() {
    for (first, second) in [
        ("the [any] of", "the king of"),
        ("a b", "a b"),
        ("a b?", "a"),
        ("a (b | c)+ d", "a b c b d"),
        ("{l}", "{l:k=a}"),
        ("[Cap]+", "[Cap]{2,5}"),
        ("for name:[any]", "\"For\" \"X\""),
        ("a", "a !b"),
        ("(a | b)*  c", "(a* b*)+ c"),
    ] {
        assert!(shadowed(first, second), "{second} after {first}");
    }
}

#[test]
fn no_rule_is_told_that_may_win() {
    for (first, second) in [
        ("the king of", "the [any] of"),
        ("a b", "a"),
        ("a", "a b"),
        ("a", "b a"),
        ("{l:k=a}", "{l}"),
        ("a !b", "a"),
        ("^ a", "a"),
        ("[Cap]{2,5}", "[Cap]+"),
        ("\"For\"", "for"),
        ("[any]", "{l}"),
        ("(a b)+", "a b a"),
    ] {
        assert!(!shadowed(first, second), "{second} after {first}");
    }
}

#[test]
fn what_comes_first_decides_with_claims_and_layers() {
    let beats = rule("one", "a [any]", "") + &rule("two", "a b", "beats = ['one']");
    nothing(&beats);
    let layers = rule("one", "a", "") + &rule("two", "a", "").replace("'first'", "'second'");
    nothing(&layers);
    let claims = |one: &str, two: &str| rule("one", "c:a b", one) + &rule("two", "c:a b", two);
    nothing(&claims("claims = ['c']", ""));
    one(&claims("claims = ['c']", "claims = ['c']"), "en/a.toml:10:6: warning", &["can never win"]);
    // Where nothing is claimed nothing conflicts.
    nothing(&claims("claims = []", "claims = []"));
    // Another veto may take away the first rule's match alone.
    let other = rule("one", "a", "") + &rule("two", "a", "").replace("'x'", "'y'");
    one(&other, "en/a.toml:10:6: warning", &["can never win"]);
    nothing(&(other + "[[veto]]\nid = 'v'\nfinds = 'x'\nwhen = 'a'\nyes = ['a']\n"));
}

#[test]
fn what_a_file_that_cannot_be_read_defines_is_missed_nowhere() {
    let broken = "[[list]]\nid = 'role'\nwords = ['king']\n[[rule\n";
    let text = rule("r", "{role}", "") + &rule("s", "{none}", "");
    let all = found_in(&[("en/a.toml", broken), ("en/b.toml", &text)]);
    assert_eq!(all.len(), 2, "{all:#?}");
    assert!(all[0].starts_with("en/a.toml:4:"), "{all:#?}");
    assert!(all[1].starts_with("en/b.toml:13:10: error: no list") && all[1].contains("`none`"), "{all:#?}");
}

#[test]
fn a_kind_that_nobody_reads_is_told_where_it_is_nearly_another() {
    let other = (rule("r", "a", "") + &rule("q", "d", "")).replace("'x'", "'organization'");
    let mine = rule("s", "b", "").replace("'x'", "'organisation'");
    let all = found_in(&[("en/a.toml", &other), ("en/b.toml", &mine)]);
    assert_eq!(all.len(), 1, "{all:#?}");
    assert!(
        all.iter().any(|one| one.contains("en/b.toml:4:9") && one.contains("did you mean `organization`?")),
        "{all:#?}"
    );
    // One that another pattern reads is no slip.
    let reads = mine + &rule("t", "c {organisation}", "").replace("'x'", "'y'");
    let all = found_in(&[("en/a.toml", &other), ("en/b.toml", &reads)]);
    assert!(!all.iter().any(|one| one.contains("nothing reads")), "{all:#?}");
}

#[test]
fn a_veto_on_what_nobody_finds_and_a_kind_that_comes_later_are_told() {
    let veto = "[[veto]]\nid = 'v'\nfinds = 'z'\nwhen = 'a'\nyes = ['a']\n";
    let far = rule("r", "a b", "").replace("'x'", "'vessel'");
    one(&(far + veto), "en/a.toml:11:9: warning: no rule finds the kind `z`", &["there are: vessel"]);
    let late =
        rule("r", "{y} b", "") + &rule("s", "c", "").replace("'x'", "'y'").replace("'first'", "'second'");
    one(&late, "en/a.toml:5:10: warning: `{y}` is found in a later layer", &["`second`"]);
}

#[test]
fn ids_that_nothing_could_name_and_losers_of_other_layers_are_told() {
    one(&rule("a b", "x", ""), "en/a.toml:2:6: warning: `a b` is no good id of a rule", &["letters, digits"]);
    let other = rule("r", "a c", "beats = ['s']") + &rule("s", "b", "").replace("'first'", "'second'");
    one(&other, "en/a.toml:8:10: warning: `s` is a rule of the layer `second`", &["within a layer"]);
}

#[test]
fn entries_in_quotation_marks_and_several_in_one_are_told_where_none_is_meant() {
    let list = |words: &str| format!("[[list]]\nid = 'l'\nwords = {words}\n") + &rule("r", "{l}", "");
    one(
        &list("['tug', '\"ferry\"']"),
        "en/a.toml:3:17: warning: the entry `\"ferry\"` stands",
        &["write `ferry`"],
    );
    one(
        &list("['tug, ferry, pilot boat']"),
        "en/a.toml:3:10: warning: `tug, ferry, pilot boat` is one entry",
        &["each for itself"],
    );
    one(
        &list("['Tug, Ferry, Pilot Boat']"),
        "en/a.toml:3:10: warning: `Tug, Ferry, Pilot Boat`",
        &["each for itself"],
    );
    // Names with commas, signs and numbers are meant, and so is what stands beside such names.
    nothing(&list("['Office of Tugs, Ferries and Pilots', 'tug, ferry']"));
    nothing(&list("['Elm Bay, Norway', ',', '1,000', 'o\u{2019}clock']"));
    let file = "[[list]]\nid = 'l'\nfile = 'lists/l.tsv'\n".to_owned() + &rule("r", "{l}", "");
    let all = found_in(&[("en/a.toml", &file), ("en/lists/l.tsv", "tug\n“pilot boat”\tk=a\nferry; barge\n")]);
    assert_eq!(all.len(), 2, "{all:#?}");
    assert!(all[0].starts_with("en/lists/l.tsv:2:1: warning: the entry `“pilot boat”`"), "{all:#?}");
    assert!(all[1].starts_with("en/lists/l.tsv:3:1: warning: `ferry; barge` is one entry"), "{all:#?}");
}

#[test]
fn a_rule_of_which_nothing_can_come_is_told_with_what_is_read() {
    let of = |kind: &str, when: &str, more: &str| {
        rule("r", when, more).replace("finds = 'x'", &format!("finds = '{kind}'"))
    };
    nothing(&of("sailing", "ship:a", ""));
    nothing(&of("sailing", "pilot:a to port:b", ""));
    // Another kind is nobody's business; a capture of a phrase counts.
    nothing(&of("trip", "shp:a", ""));
    nothing(&("[[phrase]]\nid = 'p'\nis = 'ship:a'\n".to_owned() + &of("sailing", "{p} b", "")));
    one(
        &of("sailing", "the ship", ""),
        "en/a.toml:5:8: warning: no sailing can come of this rule",
        &["captures nothing", "write `ship:( … )`"],
    );
    one(
        &of("sailing", "pilot:a", ""),
        "en/a.toml:5:8",
        &["of the capture `ship`, or of `pilot` and `port`", "write `ship:( … )`"],
    );
    one(&of("sailing", "the shpi:a", ""), "en/a.toml:5:13", &["did you mean `ship` in place of `shpi`?"]);
    one(
        &of("sailing", "ship:a adn:b dya:c", ""),
        "en/a.toml:5:22: warning: nothing reads the capture `dya`",
        &["did you mean `day`?"],
    );
    // What the rule itself uses has its name by intention.
    nothing(&of("sailing", "ship:a dya:c", "claims = ['dya']"));
    one(&of("log", "a", ""), "en/a.toml:5:8", &["or say with `passage`"]);
    nothing(&of("log", "a", "passage = 'next-block'"));
    one(
        &of("vessel", "the name:a", ""),
        "en/a.toml:5:8: warning: all of the match becomes the vessel",
        &["add `spans = \"name\"`"],
    );
    nothing(&of("vessel", "the name:a", "spans = 'name'"));
    nothing(&of("vessel", "the a", ""));
}
