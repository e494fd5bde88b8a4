//! The matcher against a slow, obvious one, on random patterns and random sentences.
//!
//! A random rule set ([`tree`]) is compiled once and run over a document of several sentences; for each of its patterns
//! and each sentence the matches and captures must be those of a backtracking reference ([`slow`]), and which of them
//! become annotations what the policy says of candidates that are compared one by one ([`policy`]).

use proptest::prelude::*;
use proptest::test_runner::Config;

use crate::{Annotation, Doc, RuleFile, RuleSet};
use slow::{Found, Slow};
use tree::{Tree, World};

mod policy;
mod slow;
mod tree;

/// A sentence of one-letter words.
pub(super) type Words = Vec<char>;

/// Compiles blocks of TOML over the lists of a world.
fn compiled(world: &World, blocks: &str) -> RuleSet {
    let file = |path: &str, text: String| RuleFile { path: path.into(), text };
    // Some rule sets count words, others do not: that may change no match.
    let counted = ["", "frequency = { file = 'lists/counts.tsv', column = 'n' }"][blocks.len() % 2];
    let files = [
        file("en/layers.toml", format!("layers = ['early', 'late']\n{counted}")),
        file("en/lists/counts.tsv", "a\tn=500\nb\tn=200\nc\tn=1\n".into()),
        file("en/a.toml", format!("{}{blocks}", world.blocks())),
        file("en/lists/m.tsv", world.list_file()),
    ];
    RuleSet::compile("en", &files).unwrap_or_else(|errors| panic!("{:?}\n{blocks}", errors.0))
}

/// One document of all sentences, a paragraph each.
fn text_of(sentences: &[Words]) -> String {
    let line = |words: &Words| words.iter().map(char::to_string).collect::<Vec<_>>().join(" ");
    sentences.iter().map(line).collect::<Vec<_>>().join("\n\n")
}

/// What the rule `id` found in the sentence that begins at token `from`.
fn found(rules: &RuleSet, all: &[&Annotation], id: &str, from: usize, len: usize) -> Vec<Found> {
    let here = |a: &&&Annotation| {
        let own = a.rule.is_some_and(|rule| rules.info(rule).id.rsplit('/').next() == Some(id));
        own && (from..from + len).contains(&a.range.start)
    };
    let name = |symbol| rules.word(symbol).chars().next().unwrap_or(' ');
    all.iter()
        .filter(here)
        .map(|a| Found {
            start: a.range.start - from,
            end: a.range.end - from,
            captures: a
                .captures
                .iter()
                .map(|c| (name(c.name), c.range.start - from, c.range.end - from))
                .collect(),
        })
        .collect()
}

/// All patterns over all sentences: the longest match at each token, with its captures.
fn agree(world: &World, patterns: &[Tree], sentences: &[Words]) -> Result<(), TestCaseError> {
    let rule = |(n, tree): (usize, &Tree)| {
        format!(
            "[[rule]]\nid = 'r{n}'\nlayer = 'late'\nfinds = 'x'\nwhen = '{}'\nclaims = []\nyes = ['a']\n",
            tree.written()
        )
    };
    let blocks: String = patterns.iter().enumerate().map(rule).collect();
    let rules = compiled(world, &blocks);
    let text = text_of(sentences);
    let mut doc = Doc::new(&text, &rules);
    prop_assert_eq!(doc.sentences().len(), sentences.len());
    rules.annotate(&mut doc, &mut |_, _| {});
    let annotations = doc.annotations();
    let mut from = 0;
    for words in sentences {
        let slow = Slow::new(world, words);
        for (n, tree) in patterns.iter().enumerate() {
            let expected = slow.matches(tree);
            let found = found(&rules, &annotations, &format!("r{n}"), from, words.len());
            prop_assert_eq!(found, expected, "{} over {:?}", tree.written(), words);
        }
        from += words.len();
    }
    Ok(())
}

fn words(length: impl Into<prop::collection::SizeRange>) -> impl Strategy<Value = Words> {
    prop::collection::vec(prop::sample::select(vec!['a', 'a', 'b', 'b', 'c', 'd', 'e']), length)
}

/// Sentences on both sides of the sizes at which the engine takes other ways, among short ones.
fn uneven() -> impl Strategy<Value = Vec<Words>> {
    let long = prop_oneof![words(60..68), words(123..132), words(200..300), words(505..=512)];
    (words(1..9), long, words(1..9)).prop_map(|(a, b, c)| vec![a, b, c])
}

proptest! {
    // 1,600 rule sets of 8 patterns over 8 sentences: 102,400 pairs of a pattern and a sentence.
    #![proptest_config(Config::with_cases(1_600))]

    #[test]
    fn matches_and_captures_agree_with_a_slow_matcher(
        world in tree::world(),
        patterns in prop::collection::vec(tree::tree(), 8),
        sentences in prop::collection::vec(words(1..9), 8),
    ) {
        agree(&world, &patterns, &sentences)?;
    }
}

proptest! {
    #![proptest_config(Config::with_cases(100))]

    #[test]
    fn long_sentences_agree_with_a_slow_matcher(
        world in tree::world(),
        patterns in prop::collection::vec(tree::tree(), 4),
        sentences in uneven(),
    ) {
        agree(&world, &patterns, &sentences)?;
    }
}
