//! The nearest rules: how far each came, and where it stopped.

use crate::{Doc, RuleFile, RuleSet, Trace};

const LISTS: &str = "[[list]]\nid = 'role'\nwords = ['minister', 'judge']\n\
    [[list]]\nid = 'land'\nwords = ['norway', 'new zealand']\n\
    [[class]]\nid = 'plain'\nis = '[lower] & !{role}'\n\
    [[phrase]]\nid = 'post'\nis = '{role} of the {land} (and the {land}) now'\n";

/// The nearest rules at `words`: `rule: matched > what was wanted [what is missing]`.
fn near(text: &str, words: &str, patterns: &[&str]) -> Vec<String> {
    let rules = patterns.iter().enumerate().map(|(n, when)| {
        format!("[[rule]]\nid = 'r{n}'\nlayer = 'one'\nfinds = 'x'\nwhen = '''{when}'''\nyes = ['a']\n")
    });
    let rules: String = LISTS.to_owned() + &rules.collect::<String>();
    let file = |path: &str, text: &str| RuleFile { path: path.into(), text: text.into() };
    let files = [file("en/layers.toml", "layers = ['one']"), file("en/a.toml", &rules)];
    let set = RuleSet::compile("en", &files).unwrap_or_else(|e| panic!("{e}"));
    let mut doc = Doc::new(text, &set);
    let start = text.find(words).unwrap();
    let passage = doc.tokens_between(start, start + words.len());
    let mut trace = Trace::of(vec![passage]).with_nearest();
    set.annotate_traced(&mut doc, &mut |_, _| {}, &mut trace);
    trace
        .near
        .iter()
        .map(|near| {
            let stops = near.stops.iter().map(|stop| {
                let phrase = stop.phrase.as_ref().map(|name| format!(" in {name}")).unwrap_or_default();
                format!("{}{phrase}", stop.wanted)
            });
            let missing: Vec<String> =
                near.missing.iter().map(|group| format!(" [{}]", group.join(" "))).collect();
            let id = set.info(near.rule).id.rsplit('/').next().unwrap();
            let stops: Vec<String> = stops.collect();
            format!("{id}: {} > {}{}", doc.words(near.matched), stops.join(" or "), missing.concat())
        })
        .collect()
}

#[test]
fn the_item_where_a_rule_stopped_is_told_as_it_is_written() {
    for (pattern, expected) in [
        ("the {role} {land}", "r0: The Minister > {land} [{land}]"),
        ("the {role} for x", "r0: The Minister > for [for] [x]"),
        ("the {role} \"Of\" x", "r0: The Minister > \"Of\" [x]"),
        ("the {role} [Cap]", "r0: The Minister > [Cap]"),
        ("the {role} /[0-9]+/", "r0: The Minister > /[0-9]+/"),
        ("the {role} (in | for) x", "r0: The Minister > (in | for) [x] [in for]"),
        ("the {role} ([num] | [UPPER] x) y", "r0: The Minister > [num] or [UPPER] [y]"),
        ("the {role} of tides {plain} {plain} ^", "r0: The Minister of Tides > {plain}"),
        ("the {role} !of [any] y", "r0: The Minister > [any] & !of [y]"),
        ("the {role} !(of tides) [any] [any] y", "r0: The Minister > !(of tides) [y]"),
        ("the {role} of {@land}", "r0: The Minister of > {@land} [{land}]"),
        ("the {role} $", "r0: The Minister > $"),
        ("the {role} \",\"? for? y", "r0: The Minister > \",\" or for or y [y]"),
    ] {
        let told = near("The Minister of Tides, Ana Roe, left.", "Minister", &[pattern]);
        assert_eq!(told, [expected], "{pattern}");
    }
}

#[test]
fn what_matches_is_not_near() {
    assert!(near("The Minister of Tides left.", "Minister", &["the {role} Of"]).is_empty());
}

#[test]
fn a_stop_within_a_phrase_names_it() {
    let told = near("The minister of the New Zealand left.", "New Zealand", &["the {post}"]);
    assert_eq!(told, ["r0: The minister of the New Zealand > and in post [and] [now]"]);
}

#[test]
fn the_nearest_comes_first_and_what_takes_anything_is_not_near() {
    let text = "The minister of the tides left early.";
    let told =
        near(text, "minister of the", &["{role} of y", "{role} of the y", "[any]+ y", "x y", "[word] z"]);
    assert_eq!(told, ["r1: minister of the > y [y]", "r0: minister of > y [y]"]);
    assert!(near(text, "early", &["{role} of y"]).is_empty(), "it does not reach the passage");
}

#[test]
fn at_most_five_are_told() {
    let many = ["the a", "the b", "the c", "the d", "the e", "the f"];
    assert_eq!(near("The minister left.", "The", &many).len(), 5);
}

#[test]
fn loops_and_empty_parts_come_to_an_end() {
    let told = near("a a a a b", "a a a", &["((a? | (a)*)* (a+)?)+ y"]);
    assert_eq!(told, ["r0: a a a a > a or y [y]"]);
}
