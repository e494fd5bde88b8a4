//! The matcher against a slow, obvious one: sets of ends, by the definition of each form.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::{Doc, RuleFile, RuleSet};

/// A small pattern.
#[derive(Clone, Debug)]
enum Tree {
    Word(char),
    Any,
    Seq(Vec<Tree>),
    Alt(Vec<Tree>),
    Repeat(Box<Tree>, u32, Option<u32>),
    NotAhead(char),
}

impl Tree {
    fn written(&self) -> String {
        match self {
            Self::Word(c) => c.to_string(),
            Self::Any => "[any]".into(),
            Self::Seq(all) => format!("({})", all.iter().map(Self::written).collect::<Vec<_>>().join(" ")),
            Self::Alt(all) => format!("({})", all.iter().map(Self::written).collect::<Vec<_>>().join(" | ")),
            Self::Repeat(inner, 0, Some(1)) => format!("({})?", inner.written()),
            Self::Repeat(inner, 0, None) => format!("({})*", inner.written()),
            Self::Repeat(inner, 1, None) => format!("({})+", inner.written()),
            Self::Repeat(inner, min, max) => format!("({}){{{min},{}}}", inner.written(), max.unwrap_or(9)),
            Self::NotAhead(c) => format!("!{c} [any]"),
        }
    }

    /// Every end that the pattern can reach from token `at`.
    fn ends(&self, text: &[char], at: usize) -> BTreeSet<usize> {
        match self {
            Self::Word(c) => (text.get(at) == Some(c)).then_some(at + 1).into_iter().collect(),
            Self::Any => (at < text.len()).then_some(at + 1).into_iter().collect(),
            Self::NotAhead(c) => (at < text.len() && text[at] != *c).then_some(at + 1).into_iter().collect(),
            Self::Seq(all) => all.iter().fold(BTreeSet::from([at]), |from, part| {
                from.into_iter().flat_map(|at| part.ends(text, at)).collect()
            }),
            Self::Alt(all) => all.iter().flat_map(|part| part.ends(text, at)).collect(),
            Self::Repeat(inner, min, max) => {
                let mut result = BTreeSet::new();
                let mut now = BTreeSet::from([at]);
                for round in 0..=max.unwrap_or(text.len() as u32 + min) {
                    if round >= *min {
                        result.extend(now.iter().copied());
                    }
                    now = now.into_iter().flat_map(|at| inner.ends(text, at)).collect();
                }
                result
            }
        }
    }
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        4 => prop::sample::select(vec!['a', 'b', 'c']).prop_map(Tree::Word),
        1 => Just(Tree::Any),
        1 => prop::sample::select(vec!['a', 'b']).prop_map(Tree::NotAhead),
    ];
    leaf.prop_recursive(4, 20, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Tree::Seq),
            prop::collection::vec(inner.clone(), 1..4).prop_map(Tree::Alt),
            (inner.clone(), 0_u32..2).prop_map(|(t, min)| Tree::Repeat(Box::new(t), min, None)),
            (inner, 0_u32..3, 1_u32..3).prop_map(|(t, min, more)| Tree::Repeat(
                Box::new(t),
                min,
                Some(min + more)
            )),
        ]
    })
}

proptest! {
    #[test]
    fn longest_ends_agree_with_a_slow_matcher(tree in tree(), text in prop::collection::vec(prop::sample::select(vec!['a', 'b', 'c', 'd']), 1..9)) {
        let rule = format!(
            "[[rule]]\nid = 'r'\nlayer = 'one'\nfinds = 'x'\nwhen = '{}'\nclaims = []\nyes = ['a']\n",
            tree.written()
        );
        let file = |path: &str, text: &str| RuleFile { path: path.into(), text: text.into() };
        let rules = RuleSet::compile("en", &[file("en/layers.toml", "layers = ['one']"), file("en/a.toml", &rule)]).unwrap();
        let words: Vec<String> = text.iter().map(char::to_string).collect();
        let words = words.join(" ");
        let mut doc = Doc::new(&words, &rules);
        rules.annotate(&mut doc, &mut |_, _| {});
        let found: Vec<(usize, usize)> = doc.annotations().iter().map(|a| (a.range.start, a.range.end)).collect();
        let expected: Vec<(usize, usize)> = (0..text.len())
            .filter_map(|at| tree.ends(&text, at).into_iter().filter(|end| *end > at).max().map(|end| (at, end)))
            .collect();
        prop_assert_eq!(found, expected, "{}", tree.written());
    }
}
