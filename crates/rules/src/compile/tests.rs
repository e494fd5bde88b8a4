//! The compiler through its front door: files in, matches or mistakes out.

use crate::{Doc, RuleFile, RuleSet};

fn file(path: &str, text: &str) -> RuleFile {
    RuleFile { path: path.into(), text: text.into() }
}

const LAYERS: &str = "layers = ['first', 'second']\nkinds = []";

fn errors(text: &str) -> Vec<String> {
    match RuleSet::compile("en", &[file("en/layers.toml", LAYERS), file("en/a.toml", text)]) {
        Ok(_) => Vec::new(),
        Err(e) => e.to_string().lines().map(String::from).collect(),
    }
}

/// What the rules find, as `rule: words`.
fn found(text: &str, rules: &str) -> Vec<String> {
    let set = RuleSet::compile("en", &[file("en/layers.toml", LAYERS), file("en/a.toml", rules)])
        .unwrap_or_else(|e| panic!("{e}"));
    let mut doc = Doc::new(text, &set);
    set.annotate(&mut doc, &mut |_, _| {});
    doc.annotations()
        .iter()
        .map(|a| format!("{}: {}", set.info(a.rule.unwrap()).id, doc.words(a.range)))
        .collect()
}

fn rule(id: &str, when: &str, more: &str) -> String {
    format!("[[rule]]\nid = '{id}'\nlayer = 'first'\nfinds = 'x'\nwhen = '{when}'\nyes = ['a']\n{more}\n")
}

#[test]
fn every_mistake_has_its_place_and_all_are_told() {
    let text = "[[rule]]\nid = 'r'\nlayer = 'none'\nfinds = 'x'\nwhen = 'the {rloe} [Cap'\n\n[[list]]\nid = 'role'\nwords = ['x']\n\
                [[rule]]\nid = 's'\nlayer = 'first'\nfinds = 'x'\nwhen = 'é {rolle} a'\nbeats = ['q']\n";
    let all = errors(text);
    assert!(all.iter().any(|e| e.starts_with("en/a.toml:3:9: no layer is called `none`")), "{all:#?}");
    assert!(all.iter().any(|e| e.starts_with("en/a.toml:5:20: this shape is never closed")), "{all:#?}");
    assert!(
        all.iter().any(|e| e.starts_with("en/a.toml:14:12: no list") && e.contains("did you mean `role`")),
        "{all:#?}"
    );
}

#[test]
fn an_id_that_is_given_twice_is_told_with_the_place_of_the_first() {
    let twice = rule("a", "x", "") + &rule("b", "y", "") + &rule("a", "{none}", "");
    let told = errors(&twice);
    assert!(told.iter().any(|e| e.contains("rule `en/a/a` is defined twice")), "{told:#?}");
    assert!(
        told.iter().any(|e| e.contains("the first, a rule, stands at en/a.toml:2; give this one")),
        "{told:#?}"
    );
    let veto = "[[veto]]\nid = 'b'\nfinds = 'x'\nwhen = 'q'\n";
    let told = errors(&(rule("b", "y", "") + veto));
    assert!(told[0].contains("a rule and a veto are both called `en/a/b`"), "{told:#?}");
    let list = "[[list]]\nid = 'l'\nwords = ['w']\n";
    let told = errors(&(list.to_owned() + list + &rule("r", "{l}", "")));
    assert!(told[0].contains("to add to the list that is there write `add = true`"), "{told:#?}");
}

#[test]
fn a_circle_of_beats_and_a_phrase_in_itself_are_refused() {
    let circle = rule("a", "x", "beats = ['b']") + &rule("b", "y", "beats = ['a']");
    assert!(errors(&circle)[0].contains("circle"));
    // What lies beside a circle is not to blame, and each circle is told once, with every place where it can be broken.
    let all = rule("z", "v", "beats = ['a', 'b']")
        + &rule("a", "x", "beats = ['d', 'b']")
        + &rule("b", "y", "beats = ['a']")
        + &rule("d", "z", "beats = ['e']")
        + &rule("e", "u", "")
        + &rule("self", "w", "beats = ['self']");
    let told = errors(&all);
    assert_eq!(told.len(), 2, "{told:#?}");
    assert!(told[0].contains("circle: `en/a/a` beats `en/a/b`, `en/a/b` beats `en/a/a`"), "{told:#?}");
    assert!(told[0].contains("take `b` out of this `beats`, or `a` at en/a.toml:"), "{told:#?}");
    assert!(told[1].contains("`en/a/self` beats `en/a/self`"), "{told:#?}");
    assert!(told[1].contains("(take `self` out of this `beats`)"), "{told:#?}");
    let itself = "[[phrase]]\nid = 'p'\nis = 'a {p}'\n".to_owned() + &rule("r", "{p}", "");
    assert!(errors(&itself)[0].contains("contains itself"));
}

#[test]
fn a_rule_with_a_mistake_is_told_once() {
    let text = rule("a", "{rloe}", "") + &rule("b", "x", "beats = ['a']");
    assert_eq!(errors(&text).len(), 1);
    assert_eq!(errors(&rule("b", "x", "beats = ['c']")).len(), 1);
}

#[test]
fn leftmost_then_longest_then_file_order() {
    let rules = rule("short", "a b", "") + &rule("long", "a b c", "") + &rule("later", "b c d", "");
    assert_eq!(found("a b c d", &rules), ["en/a/long: a b c"]);
    let same = rule("one", "a b", "") + &rule("two", "a [any]", "");
    assert_eq!(found("a b", &same), ["en/a/one: a b"]);
}

#[test]
fn beats_comes_before_leftmost() {
    let rules = rule("left", "a b", "") + &rule("right", "b c", "beats = ['left']");
    assert_eq!(found("a b c", &rules), ["en/a/right: b c"]);
}

#[test]
fn a_vetoed_match_falls_back_to_a_shorter_end() {
    let veto = "[[veto]]\nid = 'v'\nfinds = 'x'\nwhen = '[Cap]+ Street'\n";
    let rules = rule("name", "[Cap]+", "") + veto;
    assert_eq!(found("Ali Ray", &rules), ["en/a/name: Ali Ray"]);
    assert!(found("Ali Street", &rules).is_empty());
}

#[test]
fn claims_let_two_matches_share_what_they_do_not_claim() {
    let rules = rule("say", "cue:(said | added) text:([any]+)", "claims = ['cue']");
    assert_eq!(found("said that and added more", &rules).len(), 2);
}

#[test]
fn items_classes_look_aheads_and_data() {
    let rules =
        "[[list]]\nid = 'role'\nfile = 'lists/roles.tsv'\n[[class]]\nid = 'part'\nis = '[Cap] & !{@role}'\n"
            .to_owned()
            + "[[rule]]\nid = 'post'\nlayer = 'first'\nfinds = 'post'\nwhen = 'title:{role:class=minister} !of name:({part}{1,3})'\n"
            + "set = { role = 'role.class' }\nspans = 'title'\nyes = ['x']\n";
    let files = [
        file("en/layers.toml", LAYERS),
        file("en/a.toml", &rules),
        file(
            "en/lists/roles.tsv",
            "prime minister\tclass=minister\nminister\tclass=minister\nking\tclass=king\n",
        ),
    ];
    let set = RuleSet::compile("en", &files).unwrap();
    let mut doc = Doc::new("Prime-Minister Ali Ray King. King Ali. Minister of Ali.", &set);
    set.annotate(&mut doc, &mut |_, _| {});
    let all = doc.annotations();
    assert_eq!(all.len(), 1);
    assert_eq!(doc.words(all[0].range), "Prime-Minister");
    assert_eq!(doc.words(all[0].capture(set.symbol("name").unwrap()).unwrap()), "Ali Ray");
    assert_eq!(set.word(all[0].value(set.symbol("role").unwrap()).unwrap()), "minister");
}

#[test]
fn a_list_with_a_condition_keeps_the_case_of_its_entries_and_no_entry_runs_over_a_dash() {
    let rules = "[[list]]\nid = 'org'\nfile = 'lists/orgs.tsv'\nwhere = 'weak != 1'\n".to_owned()
        + &rule("r", "{org}", "").replace("yes = ['a']", "yes = ['IN']");
    let files = [
        file("en/layers.toml", LAYERS),
        file("en/a.toml", &rules),
        file("en/lists/orgs.tsv", "IN\texact=1\nthe bank\nweak\tweak=1\n"),
    ];
    let set = RuleSet::compile("en", &files).unwrap();
    let mut doc = Doc::new("in IN weak – the – bank the bank –", &set);
    set.annotate(&mut doc, &mut |_, _| {});
    let found: Vec<&str> = doc.annotations().iter().map(|a| doc.words(a.range)).collect();
    assert_eq!(found, ["IN", "the bank"]);
}

#[test]
fn a_later_layer_sees_an_earlier_one() {
    let rules = rule("name", "[Cap] [Cap]", "").replace("'x'", "'person'")
        + "[[rule]]\nid = 'late'\nlayer = 'second'\nfinds = 'y'\nwhen = '{person} spoke'\nyes = ['a']\n";
    assert_eq!(found("Ali Ray spoke", &rules), ["en/a/name: Ali Ray", "en/a/late: Ali Ray spoke"]);
}

#[test]
fn a_quotation_is_one_item() {
    let rules = rule("quoted", "said text:{quote}", "");
    assert_eq!(found("He said “One. Two.” Then.", &rules), ["en/a/quoted: said “One. Two.”"]);
}

#[test]
fn nested_optional_parts_stay_cheap() {
    // Backtracking would need 2^40 steps here.
    let when = "(a? a? a? a? a? a? a? a? a? a? ){4} b";
    let text = "a ".repeat(400);
    assert!(found(&text, &rule("deep", when, "")).is_empty());
}

#[test]
fn a_layer_has_a_largest_size() {
    // 64 rounds of 60 words are 3,840 steps a rule.
    let when = format!("({}){{64}}", vec!["[any] a"; 30].join(" "));
    let many = |count: usize| -> String { (0..count).map(|n| rule(&format!("r{n}"), &when, "")).collect() };
    assert!(errors(&many(100)).is_empty());
    let told = errors(&many(110));
    assert!(told[0].starts_with("en/layers.toml:1:11: the rules of the layer `first` have"), "{told:#?}");
    assert!(told[0].contains("more than 400000") && told[0].contains("two layers"), "{told:#?}");
}

#[test]
fn the_template_compiles_without_a_warning_and_passes_its_own_examples() {
    let template = include_str!("../../../../rules/TEMPLATE.toml");
    let files = [file("en/layers.toml", "layers = ['posts']"), file("en/template.toml", template)];
    let set = RuleSet::compile("en", &files).unwrap_or_else(|e| panic!("{e}"));
    let found = crate::check("en", &files, &[]);
    assert!(found.is_empty(), "{found:?}");
    let tests = set.test(|rules, text| {
        let mut doc = Doc::new(text, rules);
        rules.annotate(&mut doc, &mut |_, _| {});
        doc
    });
    assert_eq!(tests.len(), 2);
    assert!(tests.iter().all(|t| t.failures.is_empty() && t.examples > 0), "{tests:#?}");
}

#[test]
fn counts_of_words_change_no_match_and_a_wrong_column_is_told() {
    let compiled = |frequency: &str| {
        let files = [
            file("en/layers.toml", &format!("{LAYERS}\n{frequency}")),
            file("en/lists/counts.tsv", "the\tn=700\nof\tn=400\ncouncil\tn=2\n"),
            file("en/a.toml", &rule("r", "(the | of) [any]? council", "")),
        ];
        RuleSet::compile("en", &files)
    };
    for frequency in ["", "frequency = { file = 'lists/counts.tsv', column = 'n' }"] {
        let set = compiled(frequency).unwrap();
        let mut doc = Doc::new("The new council met. The council of Ali. Of the town.", &set);
        set.annotate(&mut doc, &mut |_, _| {});
        let found: Vec<&str> = doc.annotations().iter().map(|a| doc.words(a.range)).collect();
        assert_eq!(found, ["The new council", "The council"]);
    }
    let wrong = compiled("frequency = { file = 'lists/counts.tsv', column = 'm' }").unwrap_err().to_string();
    assert!(wrong.contains("en/layers.toml:3:51: no entry has a count in a column `m`"), "{wrong}");
    let none = compiled("frequency = { file = 'lists/none.tsv', column = 'n' }").unwrap_err().to_string();
    assert!(none.contains("there is no file `en/lists/none.tsv`"), "{none}");
}
