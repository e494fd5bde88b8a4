//! Every clause of the conflict policy, told of the match that it beat.

use super::{Clause, Trace};
use crate::{Doc, RuleFile, RuleSet};

/// The losses at `words` in words: `rule: wanted -> kept (clause by other: taken)`.
fn losses(text: &str, words: &str, rules: &str) -> Vec<String> {
    let file = |path: &str, text: &str| RuleFile { path: path.into(), text: text.into() };
    let files = [file("en/layers.toml", "layers = ['one', 'step:end']"), file("en/a.toml", rules)];
    let set = RuleSet::compile("en", &files).unwrap_or_else(|e| panic!("{e}"));
    let mut doc = Doc::new(text, &set);
    let start = text.find(words).unwrap();
    let mut trace = Trace::of(vec![doc.tokens_between(start, start + words.len())]);
    set.annotate_traced(&mut doc, &mut |_, _| {}, &mut trace);
    let mut plain = Doc::new(text, &set);
    set.annotate(&mut plain, &mut |_, _| {});
    assert_eq!(doc.annotations(), plain.annotations(), "a trace changes nothing");
    let id = |rule: usize| set.info(rule).id.rsplit('/').next().unwrap().to_owned();
    trace
        .losses
        .iter()
        .map(|loss| {
            let kept = loss.kept.map(|kept| format!(" -> {}", doc.words(kept))).unwrap_or_default();
            let clause = match loss.clause {
                Clause::Beats(by) => format!("beats, {}", id(by)),
                other => format!("{other:?}").to_lowercase(),
            };
            let claimed = loss.claimed.map(|at| format!("; claims {}", doc.words(at))).unwrap_or_default();
            format!(
                "{}: {}{kept} ({clause} by {}: {}{claimed})",
                id(loss.rule),
                doc.words(loss.wanted),
                id(loss.by),
                doc.words(loss.taken)
            )
        })
        .collect()
}

fn rule(id: &str, when: &str, more: &str) -> String {
    format!("[[rule]]\nid = '{id}'\nlayer = 'one'\nfinds = 'x'\nwhen = '{when}'\nyes = ['a']\n{more}\n")
}

#[test]
fn every_clause_of_the_policy_is_told() {
    let cases: [(String, &[&str]); 5] = [
        (rule("a", "b c", "") + &rule("b", "a b", ""), &["a: b c (left by b: a b)"]),
        (rule("a", "a b", "") + &rule("b", "a b c", ""), &["a: a b (longer by b: a b c)"]),
        (rule("a", "a b", "") + &rule("b", "a b", ""), &["b: a b (order by a: a b)"]),
        (rule("a", "a b c", "") + &rule("b", "b", "beats = ['a']"), &["a: a b c (beats, b by b: b)"]),
        (
            rule("a", "x:a n:b", "claims = ['n']") + &rule("b", "n:b c", "claims = ['n']"),
            &["b: b c (left by a: a b; claims b)"],
        ),
    ];
    for (rules, expected) in cases {
        assert_eq!(losses("a b c d", "b", &rules), expected, "{rules}");
    }
}

#[test]
fn depth_is_explained_by_a_rule_that_beats() {
    // `top` beats nobody here; that `low` is beaten by `mid` puts it after both.
    let rules = rule("low", "a b c", "") + &rule("mid", "z", "beats = ['low']") + &rule("top", "b", "");
    assert_eq!(losses("a b c", "b", &rules), ["low: a b c (beats, mid by top: b)"]);
    let chain = rule("low", "a b c", "")
        + &rule("mid", "z", "beats = ['low']")
        + &rule("top", "b", "beats = ['mid']");
    assert_eq!(losses("a b c", "b", &chain), ["low: a b c (beats, top by top: b)"]);
}

#[test]
fn a_veto_shortens_or_drops() {
    let veto = "[[veto]]\nid = 'no'\nfinds = 'x'\nwhen = 'a b c'\nyes = ['a b c']\n";
    let rules = rule("r", "a b (c | c d)?", "") + veto;
    assert_eq!(
        losses("a b c d", "c", &rules),
        [] as [&str; 0],
        "what is longer than the forbidden words stands"
    );
    assert_eq!(losses("a b c e", "c", &rules), ["r: a b c (veto by no: a b c)"]);
    let shorter = rule("r", "[lower]+", "") + "[[veto]]\nid = 'no'\nfinds = 'x'\nwhen = '&a [any] b c $'\n";
    assert_eq!(losses("a b c", "a", &shorter), ["r: a b c (veto by no: a b c)"]);
}

#[test]
fn a_match_falls_back_to_a_shorter_end() {
    let rules = rule("short", "c", "beats = ['long']") + &rule("long", "a b c?", "");
    assert_eq!(losses("a b c", "b", &rules), ["long: a b c -> a b (beats, short by short: c)"]);
}

#[test]
fn elsewhere_nothing_is_kept() {
    let rules = rule("a", "a b", "") + &rule("b", "b c", "");
    assert_eq!(losses("a b c. d e", "d", &rules), [] as [&str; 0]);
}

#[test]
fn what_a_step_takes_back_is_told() {
    let file = |path: &str, text: &str| RuleFile { path: path.into(), text: text.into() };
    let files =
        [file("en/layers.toml", "layers = ['one', 'step:end']"), file("en/a.toml", &rule("r", "b", ""))];
    let set = RuleSet::compile("en", &files).unwrap();
    let mut doc = Doc::new("a b c b", &set);
    let mut trace = Trace::of(vec![doc.tokens_between(0, 3)]);
    set.annotate_traced(
        &mut doc,
        &mut |_, doc| {
            let all: Vec<usize> = doc.indices().collect();
            all.into_iter().for_each(|index| doc.remove(index));
        },
        &mut trace,
    );
    assert_eq!(trace.dropped, [(0, "end".to_owned())]);
}
