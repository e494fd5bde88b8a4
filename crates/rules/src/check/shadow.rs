//! Rules that can never win, because another of their layer matches wherever they do and comes first.
//!
//! It is proved or not said: the words of one pattern are all among those of the other (inclusion of two automata, by
//! pairs of a state of the one and a set of states of the other), within a budget. Look-aheads of the winner count only
//! where the loser has the same; those of the loser may be left out, which only makes it match more.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chancery_text::fold;

use super::at;
use crate::compile::{Compiled, Named};
use crate::error::RuleError;
use crate::file::RuleBlock;
use crate::pattern::{self, Item, Node};
use crate::ruleset::{Layer, Rule, RuleFile};

/// A pattern with more states is not looked at.
const MOST_STATES: usize = 600;
/// So many pairs are looked at for two rules …
const MOST_PAIRS: usize = 2_000;
/// … and for all rules of a language.
const MOST_WORK: usize = 3_000_000;

pub(super) fn check(done: &Compiled<'_>, found: &mut Vec<RuleError>) {
    let mut blocks: BTreeMap<String, (&RuleFile, &RuleBlock)> = BTreeMap::new();
    for (file, b) in &done.parsed {
        let stem = file.path.strip_suffix(".toml").unwrap_or(&file.path);
        blocks.extend(b.rule.iter().map(|block| (format!("{stem}/{}", block.id.get_ref()), (*file, block))));
    }
    let mut work = MOST_WORK;
    for layer in &done.set.layers {
        let Layer::Rules(layer) = layer else { continue };
        let (rules, vetoes) = (&layer.rules, &layer.vetoes);
        let vetoed: BTreeSet<_> = vetoes.iter().map(|n| done.set.rules[*n].finds).collect();
        let all: Vec<Candidate<'_>> = rules
            .iter()
            .filter_map(|n| Candidate::of(done, *n, blocks.get(&done.set.rules[*n].info.id)?))
            .collect();
        for loser in &all {
            let mut winners = all.iter().filter(|winner| {
                let fair = winner.rule.finds == loser.rule.finds || !vetoed.contains(&winner.rule.finds);
                fair && winner.comes_before(loser)
            });
            if let Some(winner) = winners.find(|winner| winner.covers(loser, &mut work)) {
                found.push(told(winner, loser));
            }
        }
    }
}

fn told(winner: &Candidate<'_>, loser: &Candidate<'_>) -> RuleError {
    let (id, other) = (loser.block.id.get_ref(), winner.block.id.get_ref());
    let message = format!("the rule `{id}` can never win");
    let place = format!("{}:{}", winner.rule.info.file, winner.rule.info.line);
    let help = format!(
        "`{other}` ({place}) matches wherever it does, and comes first: name `{other}` in `beats`, make one of them \
         narrower, or take one out"
    );
    at(loser.file, &loser.block.id, message).help(help).warning()
}

/// A rule with its pattern as an automaton.
struct Candidate<'d> {
    index: usize,
    rule: &'d Rule,
    file: &'d RuleFile,
    block: &'d RuleBlock,
    /// The pattern written out, captures included: equal for equal patterns.
    written: String,
    /// Captures that every match has.
    certain: BTreeSet<String>,
    automaton: Automaton,
}

impl<'d> Candidate<'d> {
    fn of(
        done: &'d Compiled<'_>,
        index: usize,
        (file, block): &(&'d RuleFile, &'d RuleBlock),
    ) -> Option<Self> {
        let node = written_out(done, &pattern::parse(block.when.get_ref()).ok()?, &mut MOST_STATES.clone())?;
        if nullable(&node) {
            return None;
        }
        let mut certain = BTreeSet::new();
        captured(&node, &mut certain);
        let mut automaton = Automaton::default();
        let (start, end) = (automaton.state(), automaton.state());
        automaton.add(&node, start, end);
        let fits = automaton.edges.len() <= MOST_STATES;
        fits.then(|| Self {
            index,
            rule: &done.set.rules[index],
            file,
            block,
            written: canonical(&node),
            certain,
            automaton,
        })
    }

    /// Whether every match of this rule comes before a match of `other` that begins at the same token and is no longer.
    fn comes_before(&self, other: &Self) -> bool {
        (self.rule.depth, self.index) < (other.rule.depth, other.index) && self.index != other.index
    }

    /// Whether this rule, where it comes first, leaves nothing to `other`.
    fn covers(&self, other: &Self, work: &mut usize) -> bool {
        let plain = |rule: &Rule| rule.claims.is_none() && rule.spans.is_none();
        if plain(self.rule) && plain(other.rule) {
            return self.automaton.includes(&other.automaton, work);
        }
        let names = |block: &RuleBlock| -> Option<BTreeSet<String>> {
            Some(block.claims.as_ref()?.iter().map(|name| name.get_ref().clone()).collect())
        };
        let spans = |block: &RuleBlock| block.spans.as_ref().map(|name| name.get_ref().clone());
        // What is claimed must be there in every match: what claims nothing conflicts with nothing.
        let claims = names(self.block);
        let real = match (&claims, spans(self.block)) {
            (Some(claims), _) => claims.iter().any(|name| self.certain.contains(name)),
            (None, Some(spans)) => self.certain.contains(&spans),
            (None, None) => true,
        };
        real && self.written == other.written
            && claims == names(other.block)
            && spans(self.block) == spans(other.block)
    }
}

/// The pattern with its phrases in place of their names; `None` where it grows too large.
fn written_out(done: &Compiled<'_>, node: &Node, room: &mut usize) -> Option<Node> {
    *room = room.checked_sub(1)?;
    let all = |nodes: &[Node], room: &mut usize| -> Option<Vec<Node>> {
        nodes.iter().map(|node| written_out(done, node, room)).collect()
    };
    Some(match node {
        Node::Seq(nodes) => Node::Seq(all(nodes, room)?),
        Node::Alt(nodes) => Node::Alt(all(nodes, room)?),
        Node::Repeat(inner, min, max) => Node::Repeat(Box::new(written_out(done, inner, room)?), *min, *max),
        Node::Capture(name, inner) => Node::Capture(name.clone(), Box::new(written_out(done, inner, room)?)),
        Node::Item(item) => match done.names.get(&item.name) {
            Some(Named::Phrase(inner)) => written_out(done, inner, room)?,
            _ => node.clone(),
        },
        other => other.clone(),
    })
}

fn nullable(node: &Node) -> bool {
    match node {
        Node::Seq(all) => all.iter().all(nullable),
        Node::Alt(all) => all.iter().any(nullable),
        Node::Repeat(inner, min, _) => *min == 0 || nullable(inner),
        Node::Capture(_, inner) => nullable(inner),
        Node::Look(..) | Node::Start | Node::End => true,
        _ => false,
    }
}

/// Captures of something that every match holds.
fn captured(node: &Node, names: &mut BTreeSet<String>) {
    match node {
        Node::Seq(all) => all.iter().for_each(|node| captured(node, names)),
        Node::Repeat(inner, min, _) if *min > 0 => captured(inner, names),
        Node::Capture(name, inner) => {
            if !nullable(inner) {
                names.insert(name.clone());
            }
            captured(inner, names);
        }
        _ => {}
    }
}

/// A node as text in which equal nodes are equal, wherever they stand.
fn canonical(node: &Node) -> String {
    let all = |nodes: &[Node], with: &str| nodes.iter().map(canonical).collect::<Vec<_>>().join(with);
    let item = |item: &Item| {
        let filters = item.filters.iter().map(|(key, values)| format!(":{key}={}", values.join("|")));
        format!("{}{}", item.name, filters.collect::<String>())
    };
    match node {
        Node::Word(word) => format!("<{word}>"),
        Node::Exact(word) => format!("{word:?}"),
        Node::Shape(shape) => format!("{shape:?}"),
        Node::Regex(source, _) => format!("/{source}/"),
        Node::Item(reference) => format!("{{{}}}", item(reference)),
        Node::Inside(reference) => format!("{{@{}}}", item(reference)),
        Node::All(nodes) => {
            let mut parts: Vec<String> = nodes
                .iter()
                .map(|(not, node)| format!("{}{}", if *not { "!" } else { "" }, canonical(node)))
                .collect();
            parts.sort();
            format!("({})", parts.join("&"))
        }
        Node::Seq(nodes) => format!("({})", all(nodes, " ")),
        Node::Alt(nodes) => format!("({})", all(nodes, "|")),
        Node::Repeat(inner, min, max) => format!("{}{{{min},{max:?}}}", canonical(inner)),
        Node::Capture(name, inner) => format!("{name}:{}", canonical(inner)),
        Node::Look(negative, inner) => format!("{}{}", if *negative { '!' } else { '&' }, canonical(inner)),
        Node::Start => "^".into(),
        Node::End => "$".into(),
    }
}

/// What an edge takes.
#[derive(Clone, Debug, PartialEq)]
enum Letter {
    Nothing,
    /// A condition that takes no token.
    Condition(String),
    Any,
    Word(String),
    Exact(String),
    /// Any other test on one token.
    Token(String),
    Item(String, Vec<(String, Vec<String>)>),
}

impl Letter {
    /// Whether it takes all that `other` takes, and as many tokens of it.
    fn includes(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, Self::Word(_) | Self::Exact(_) | Self::Token(_)) => true,
            (Self::Word(word), Self::Exact(exact)) => *word == fold(exact),
            (Self::Item(name, tests), Self::Item(other, others)) => {
                let implied = |(key, values): &(String, Vec<String>)| {
                    others.iter().any(|(k, v)| k == key && v.iter().all(|value| values.contains(value)))
                };
                name == other && tests.iter().all(implied)
            }
            _ => self == other,
        }
    }
}

/// States by number with their edges; 0 is the first, 1 the last.
#[derive(Default)]
struct Automaton {
    edges: Vec<Vec<(Letter, usize)>>,
}

impl Automaton {
    fn state(&mut self) -> usize {
        self.edges.push(Vec::new());
        self.edges.len() - 1
    }

    fn edge(&mut self, from: usize, letter: Letter, to: usize) {
        self.edges[from].push((letter, to));
    }

    fn add(&mut self, node: &Node, from: usize, to: usize) {
        if self.edges.len() > MOST_STATES {
            return;
        }
        match node {
            Node::Seq(all) => {
                let mut here = from;
                for node in all {
                    let next = self.state();
                    self.add(node, here, next);
                    here = next;
                }
                self.edge(here, Letter::Nothing, to);
            }
            Node::Alt(all) => all.iter().for_each(|node| self.add(node, from, to)),
            Node::Capture(_, inner) => self.add(inner, from, to),
            Node::Repeat(inner, min, max) => self.repeat(inner, *min, *max, from, to),
            Node::Look(..) | Node::Start | Node::End => {
                self.edge(from, Letter::Condition(canonical(node)), to);
            }
            Node::Word(word) => self.edge(from, Letter::Word(word.clone()), to),
            Node::Exact(word) => self.edge(from, Letter::Exact(word.clone()), to),
            Node::Shape(None) => self.edge(from, Letter::Any, to),
            Node::Item(item) => self.edge(from, Letter::Item(item.name.clone(), item.filters.clone()), to),
            Node::Shape(Some(_)) | Node::Regex(..) | Node::Inside(_) | Node::All(_) => {
                self.edge(from, Letter::Token(canonical(node)), to);
            }
        }
    }

    fn repeat(&mut self, inner: &Node, min: u32, max: Option<u32>, from: usize, to: usize) {
        let mut here = self.state();
        self.edge(from, Letter::Nothing, here);
        for _ in 0..min {
            let next = self.state();
            self.add(inner, here, next);
            here = next;
        }
        match max {
            None => {
                // A state of its own, so that the way back leads to this repeat alone.
                let round = self.state();
                self.edge(here, Letter::Nothing, round);
                let back = self.state();
                self.add(inner, round, back);
                self.edge(back, Letter::Nothing, round);
                self.edge(round, Letter::Nothing, to);
            }
            Some(max) => {
                self.edge(here, Letter::Nothing, to);
                for _ in min..max {
                    let next = self.state();
                    self.add(inner, here, next);
                    self.edge(next, Letter::Nothing, to);
                    here = next;
                }
            }
        }
    }

    /// All states that are reached from these without taking anything.
    fn closed(&self, states: impl IntoIterator<Item = usize>) -> Vec<usize> {
        let mut all: BTreeSet<usize> = BTreeSet::new();
        let mut stack: Vec<usize> = states.into_iter().collect();
        while let Some(state) = stack.pop() {
            if all.insert(state) {
                let free = self.edges[state].iter().filter(|(letter, _)| *letter == Letter::Nothing);
                stack.extend(free.map(|(_, to)| *to));
            }
        }
        all.into_iter().collect()
    }

    fn step(&self, states: &[usize], taken: &Letter) -> Vec<usize> {
        let edges = states.iter().flat_map(|state| &self.edges[*state]);
        edges.filter(|(letter, _)| letter.includes(taken)).map(|(_, to)| *to).collect()
    }

    /// Whether it matches all that `other` matches; false too where that would cost too much to find out.
    fn includes(&self, other: &Self, work: &mut usize) -> bool {
        let mut seen: HashSet<(usize, Vec<usize>)> = HashSet::new();
        let mut stack = vec![(0, self.closed([0]))];
        while let Some((state, here)) = stack.pop() {
            if here.is_empty() || (state == 1 && !here.contains(&1)) {
                return false;
            }
            if !seen.insert((state, here.clone())) {
                continue;
            }
            if seen.len() > MOST_PAIRS || *work == 0 {
                return false;
            }
            *work -= 1;
            for (letter, to) in &other.edges[state] {
                let next = match letter {
                    Letter::Nothing => here.clone(),
                    Letter::Condition(_) => self.closed(here.iter().copied().chain(self.step(&here, letter))),
                    _ => self.closed(self.step(&here, letter)),
                };
                stack.push((*to, next));
            }
        }
        true
    }
}
