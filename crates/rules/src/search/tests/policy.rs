//! Which matches become annotations: the policy, one candidate after the other.

use super::slow::{Found, Slow, Steps};
use super::tree::{self, Tree, World};
use super::{Words, compiled, found, text_of, words};
use crate::Doc;
use proptest::prelude::*;
use proptest::test_runner::Config;

/// A rule or a veto.
#[derive(Clone, Debug)]
struct Settled {
    tree: Tree,
    finds: char,
    spans: Option<char>,
    claims: Claims,
    /// Numbers of later rules that it beats.
    beats: Vec<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Claims {
    Whole,
    Nothing,
    Named(char),
}

type Span = (usize, usize);

impl Settled {
    fn written(&self, id: &str, is_veto: bool) -> String {
        let block = if is_veto { "veto" } else { "rule" };
        let mut toml =
            format!("[[{block}]]\nid = '{id}'\nfinds = '{}'\nwhen = '{}'\n", self.finds, self.tree.written());
        toml.extend(self.spans.map(|name| format!("spans = '{name}'\n")));
        if !is_veto {
            toml += "layer = 'late'\n";
            toml += &match self.claims {
                Claims::Whole => String::new(),
                Claims::Nothing => "claims = []\n".into(),
                Claims::Named(name) => format!("claims = ['{name}']\n"),
            };
            let beats: Vec<String> = self.beats.iter().map(|n| format!("'r{n}'")).collect();
            toml += &format!("beats = [{}]\n", beats.join(", "));
        }
        toml
    }

    fn span(&self, found: &Found) -> Span {
        let named = found.captures.iter().find(|(name, ..)| Some(*name) == self.spans);
        named.map_or((found.start, found.end), |(_, start, end)| (*start, *end))
    }

    fn claimed(&self, found: &Found) -> Vec<Span> {
        match self.claims {
            Claims::Whole => vec![self.span(found)],
            Claims::Nothing => Vec::new(),
            Claims::Named(own) => {
                let named = found.captures.iter().filter(|(name, ..)| *name == own);
                named.map(|(_, start, end)| (*start, *end)).collect()
            }
        }
    }
}

/// How many rules stand between a rule and one that nobody beats, by the longest way.
fn depth(rules: &[Settled], n: usize) -> usize {
    let winners = rules.iter().enumerate().filter(|(_, rule)| rule.beats.contains(&n));
    winners.map(|(winner, _)| depth(rules, winner) + 1).max().unwrap_or(0)
}

/// What is taken of a sentence: the number of the rule, the span of the annotation, the match.
fn taken(slow: &Slow<'_>, rules: &[Settled], vetoes: &[Settled]) -> Vec<(usize, Span, Found)> {
    let forbidden: Vec<(char, Span)> = vetoes
        .iter()
        .flat_map(|veto| slow.matches(&veto.tree).into_iter().map(|found| (veto.finds, veto.span(&found))))
        .collect();
    let is_vetoed = |rule: &Settled, found: &Found| {
        let (start, end) = rule.span(found);
        forbidden.iter().any(|(finds, (from, to))| *finds == rule.finds && *from <= start && end <= *to)
    };
    // The next shorter end that no veto forbids.
    let shorter = |n: usize, found: &Found| {
        let rule: &Settled = &rules[n];
        let steps = Steps::of(&rule.tree);
        let mut found = found.clone();
        loop {
            found = slow.longest(&rule.tree, &steps, found.start, found.end - 1)?;
            if !is_vetoed(rule, &found) {
                return Some(found);
            }
        }
    };
    let mut candidates = Vec::new();
    for (n, rule) in rules.iter().enumerate() {
        for found in slow.matches(&rule.tree) {
            let found = if is_vetoed(rule, &found) { shorter(n, &found) } else { Some(found) };
            candidates.extend(found.map(|found| (n, found)));
        }
    }
    candidates.sort_by_key(|(n, found)| {
        let (start, end) = rules[*n].span(found);
        (depth(rules, *n), start, std::cmp::Reverse(end), *n)
    });
    let mut claimed: Vec<Span> = Vec::new();
    let mut taken = Vec::new();
    for (n, first) in candidates {
        let mut next = Some(first);
        while let Some(found) = next.take() {
            let own = rules[n].claimed(&found);
            if own.iter().all(|(start, end)| !claimed.iter().any(|(from, to)| start < to && from < end)) {
                claimed.extend(own);
                // Where the part that the rule spans holds no token there is nothing to mark.
                let span = rules[n].span(&found);
                if span.0 < span.1 {
                    taken.push((n, span, found));
                }
            } else if rules[n].claims == Claims::Whole {
                next = shorter(n, &found);
            }
        }
    }
    taken
}

fn settled() -> impl Strategy<Value = Settled> {
    let name = || prop::sample::select(vec!['x', 'y']);
    let claims = prop_oneof![
        4 => Just(Claims::Whole),
        1 => Just(Claims::Nothing),
        2 => name().prop_map(Claims::Named)
    ];
    let spans = prop::option::weighted(0.3, name());
    let beats = prop::collection::vec(1_usize..4, 0..3);
    let kind = prop::sample::select(vec!['s', 't']);
    (tree::small_tree(), kind, spans, claims, beats).prop_map(|(tree, finds, spans, claims, beats)| Settled {
        tree,
        finds,
        spans,
        claims,
        beats,
    })
}

fn rules() -> impl Strategy<Value = Vec<Settled>> {
    prop::collection::vec(settled(), 1..6).prop_map(|mut rules| {
        let count = rules.len();
        for (n, rule) in rules.iter_mut().enumerate() {
            // So many rules further on: no circle.
            rule.beats = rule.beats.iter().map(|on| n + on).filter(|other| *other < count).collect();
        }
        rules
    })
}

fn agree(
    world: &World,
    rules: &[Settled],
    vetoes: &[Settled],
    sentences: &[Words],
) -> Result<(), TestCaseError> {
    let mut blocks = String::new();
    for (n, rule) in rules.iter().enumerate() {
        blocks += &rule.written(&format!("r{n}"), false);
    }
    for (n, veto) in vetoes.iter().enumerate() {
        blocks += &veto.written(&format!("v{n}"), true);
    }
    let set = compiled(world, &blocks);
    for words in sentences {
        // A document each.
        let text = text_of(std::slice::from_ref(words));
        let mut doc = Doc::new(&text, &set);
        set.annotate(&mut doc, &mut |_, _| {});
        let expected = taken(&Slow::new(world, words), rules, vetoes);
        for n in 0..rules.len() {
            let mut own: Vec<Found> = expected
                .iter()
                .filter(|(rule, ..)| *rule == n)
                .map(|(_, (start, end), found)| Found { start: *start, end: *end, ..found.clone() })
                .collect();
            let mut found = found(&set, &doc.annotations(), &format!("r{n}"), 0, words.len() + 1);
            own.sort();
            found.sort();
            prop_assert_eq!(found, own, "rule {} over {:?} of\n{}", n, words, &blocks);
        }
    }
    Ok(())
}

proptest! {
    // 1,500 rule sets over 8 sentences.
    #![proptest_config(Config::with_cases(1_500))]

    #[test]
    fn what_is_taken_follows_the_policy(
        world in tree::world(),
        rules in rules(),
        vetoes in prop::collection::vec(settled(), 0..3),
        sentences in prop::collection::vec(words(1..9), 8),
    ) {
        agree(&world, &rules, &vetoes, &sentences)?;
    }
}
