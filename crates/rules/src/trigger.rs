//! Triggers: what must stand in a sentence for a rule to match there. A rule whose triggers are not there costs nothing.

use rustc_hash::FxHashMap;

use crate::doc::{Annotation, Doc, Range};
use crate::program::{Atom, Program};
use crate::ruleset::{LayerRules, Rule};
use crate::symbol::Symbol;

/// Groups of triggers, one after the other; of each at least one must stand in a sentence.
#[derive(Clone, Debug, Default)]
pub(crate) struct Groups {
    all: Vec<u32>,
    /// Where each group begins, and where the last ends; empty where there is none.
    borders: Vec<u32>,
}

impl Groups {
    fn push(&mut self, group: &[u32]) {
        if self.borders.is_empty() {
            self.borders.push(0);
        }
        self.all.extend_from_slice(group);
        self.borders.push(narrow(self.all.len()));
    }

    #[inline]
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u32]> {
        self.borders.windows(2).map(|two| &self.all[two[0] as usize..two[1] as usize])
    }
}

/// What a rule or phrase needs in a sentence to match there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Needs {
    /// Words, entries of lists and quotations.
    fixed: Groups,
    /// Annotations.
    moving: Groups,
    /// Groups with tests on tokens, asked last.
    gates: Groups,
}

/// All triggers of a rule set, numbered: words, lists, quotation, annotations, tests.
#[derive(Clone, Debug, Default)]
pub(crate) struct Triggers {
    /// For each word number its trigger, or [`NONE`].
    words: Vec<u32>,
    lists: u32,
    quote: u32,
    kinds: u32,
    tests: u32,
    items: u32,
    openings: u32,
    pairs: u32,
    rules: Vec<Needs>,
    phrases: Vec<Needs>,
}

const NONE: u32 = u32::MAX;

/// How many of each a rule set has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counts {
    pub(crate) words: usize,
    pub(crate) lists: usize,
    pub(crate) symbols: usize,
    pub(crate) tests: usize,
    pub(crate) items: usize,
}

/// A trigger that is no word, entry, quotation or annotation.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Asked {
    Test(u32),
    Item(u32),
    /// The first token of the sentence.
    Opening(u32),
    /// A token and the next.
    Pair(u32),
}

impl Triggers {
    pub(crate) fn new(rules: &[Rule], phrases: &[Program], counts: &Counts) -> Self {
        let mut triggers = Self { words: vec![NONE; counts.words + 1], ..Self::default() };
        let programs = rules.iter().map(|rule| &rule.program).chain(phrases);
        for atom in programs.flat_map(|program| program.required.iter().flatten()) {
            if let Atom::Word(number) = *atom
                && let Some(slot) = triggers.words.get_mut(number as usize)
                && *slot == NONE
            {
                *slot = triggers.lists;
                triggers.lists += 1;
            }
        }
        triggers.quote = triggers.lists + narrow(counts.lists);
        triggers.kinds = triggers.quote + 1;
        triggers.tests = triggers.kinds + narrow(counts.symbols);
        triggers.items = triggers.tests + narrow(counts.tests);
        triggers.openings = triggers.items + narrow(counts.items);
        triggers.pairs = triggers.openings + narrow(counts.tests);
        let needs = |program: &Program| triggers.needs(&program.required);
        let (rules, phrases) =
            (rules.iter().map(|r| needs(&r.program)).collect(), phrases.iter().map(needs).collect());
        Self { rules, phrases, ..triggers }
    }

    fn needs(&self, required: &[Vec<Atom>]) -> Needs {
        let mut needs = Needs::default();
        for group in required {
            let group: Vec<u32> = group.iter().map(|atom| self.of(*atom)).collect();
            match group.iter().max() {
                Some(most) if *most < self.kinds => needs.fixed.push(&group),
                Some(most) if *most < self.tests => needs.moving.push(&group),
                _ => needs.gates.push(&group),
            }
        }
        needs
    }

    pub(crate) fn of(&self, atom: Atom) -> u32 {
        match atom {
            Atom::Word(number) => self.words.get(number as usize).copied().unwrap_or(NONE),
            Atom::List(list) => self.lists + list,
            Atom::Quote => self.quote,
            Atom::Annotation(kind) => self.kinds + kind.0,
            Atom::Test(test) => self.tests + test,
            Atom::Item(item) => self.items + item,
            Atom::Opening(test) => self.openings + test,
            Atom::Pair(pair) => self.pairs + pair,
        }
    }

    /// What has to be asked of the tokens, for a trigger that is no word, entry, quotation or annotation.
    pub(crate) fn asked(&self, trigger: u32) -> Option<Asked> {
        let from = |begin: u32| trigger.checked_sub(begin);
        let pair = from(self.pairs).map(Asked::Pair);
        let opening = || from(self.openings).map(Asked::Opening);
        pair.or_else(opening)
            .or_else(|| from(self.items).map(Asked::Item))
            .or_else(|| from(self.tests).map(Asked::Test))
    }

    pub(crate) fn gates_of_rule(&self, rule: usize) -> &Groups {
        &self.rules[rule].gates
    }

    pub(crate) fn gates_of_phrase(&self, phrase: u32) -> &Groups {
        &self.phrases[phrase as usize].gates
    }
}

/// The rules and vetoes of layers that run one after the other, by what they need.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index {
    /// Slot and rule of each entry. A layer has two slots: one for its rules, one for its vetoes.
    entries: Vec<(u32, u32)>,
    /// For each entry the rarest trigger that it needs beside the one by which it is looked at, else [`NONE`]: one look turns
    /// most entries down.
    first: Vec<u32>,
    /// For each entry all groups of words, lists and quotation but that trigger and the one by which it is looked at.
    others: Vec<Groups>,
    /// For each word, list and quotation the entries that are looked at where it stands, as stretches of `looked_at`.
    by_trigger: Vec<u32>,
    looked_at: Vec<u32>,
    /// For each slot the rules that need nothing of the kind.
    always: Vec<Vec<u32>>,
}

impl Index {
    /// Puts each rule where the fewest others are.
    pub(crate) fn new(triggers: &Triggers, layers: &[&LayerRules]) -> Self {
        let slots = layers.iter().flat_map(|layer| [&layer.rules, &layer.vetoes]);
        let mut index = Self::default();
        for (slot, rules) in (0..).zip(slots) {
            index.entries.extend(rules.iter().map(|rule| (slot, narrow(*rule))));
            index.always.push(Vec::new());
        }
        let mut crowd: FxHashMap<u32, u32> = FxHashMap::default();
        let all = index.entries.iter().flat_map(|(_, rule)| triggers.rules[*rule as usize].fixed.all.iter());
        for trigger in all {
            *crowd.entry(*trigger).or_default() += 1;
        }
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for (number, (slot, rule)) in (0..).zip(&index.entries) {
            let crowded = |group: &&[u32]| group.iter().map(|trigger| crowd[trigger]).sum::<u32>();
            let mut groups: Vec<&[u32]> = triggers.rules[*rule as usize].fixed.iter().collect();
            groups.sort_by_key(crowded);
            let mut groups = groups.into_iter();
            match groups.next() {
                None => index.always[*slot as usize].push(*rule),
                Some(group) => pairs.extend(group.iter().map(|trigger| (*trigger, number))),
            }
            let (mut first, mut others) = (NONE, Groups::default());
            for group in groups {
                match group {
                    [sole] if first == NONE => first = *sole,
                    _ => others.push(group),
                }
            }
            index.first.push(first);
            index.others.push(others);
        }
        pairs.sort_unstable();
        index.by_trigger =
            (0..=triggers.kinds).map(|t| narrow(pairs.partition_point(|(other, _)| *other < t))).collect();
        index.looked_at = pairs.into_iter().map(|(_, entry)| entry).collect();
        index
    }

    fn looked_at(&self, trigger: u32) -> &[u32] {
        let (from, to) = (self.by_trigger[trigger as usize], self.by_trigger[trigger as usize + 1]);
        &self.looked_at[from as usize..to as usize]
    }
}

/// What stands in the current sentence, and the rules that may match there.
#[derive(Debug)]
pub(crate) struct Present {
    /// The round in which each trigger was last seen; not for tests.
    seen: Vec<u32>,
    round: u32,
    /// Words, lists and quotation that stand there.
    fixed: Vec<u32>,
    /// The same of all sentences of the text that were met, one after the other, and where each sentence's are.
    of_text: Vec<u32>,
    of_sentence: Vec<std::ops::Range<usize>>,
    /// The annotations that begin in the sentence: kind, tokens and index.
    annotations: Vec<(Symbol, Range, usize)>,
    /// The round in which each entry of the index was last chosen.
    chosen: Vec<u32>,
    /// For each slot of the index the rules of which all that is fixed stands there.
    slots: Vec<Vec<u32>>,
}

impl Present {
    pub(crate) fn new(triggers: &Triggers) -> Self {
        Self {
            seen: vec![0; triggers.tests as usize],
            round: 0,
            fixed: Vec::new(),
            of_text: Vec::new(),
            of_sentence: Vec::new(),
            annotations: Vec::new(),
            chosen: Vec::new(),
            slots: Vec::new(),
        }
    }

    /// How many sentences were begun.
    pub(crate) fn rounds(&self) -> u32 {
        self.round
    }

    /// Begins a text.
    pub(crate) fn begin_text(&mut self) {
        self.of_text.clear();
        self.of_sentence.clear();
    }

    /// Looks at the words, entries and quotations of the `number`th sentence, which stay, and at its annotations.
    pub(crate) fn begin(&mut self, triggers: &Triggers, doc: &Doc<'_>, number: usize, sentence: Range) {
        self.round += 1;
        self.fixed.clear();
        self.annotations.clear();
        if let Some(known) = self.of_sentence.get(number) {
            self.fixed.extend_from_slice(&self.of_text[known.clone()]);
            for trigger in &self.fixed {
                self.seen[*trigger as usize] = self.round;
            }
        } else {
            self.look(triggers, doc, sentence);
            let from = self.of_text.len();
            self.of_text.extend_from_slice(&self.fixed);
            self.of_sentence.push(from..self.of_text.len());
        }
        for at in sentence.start..sentence.end {
            for (index, annotation) in doc.starting(at) {
                self.add(triggers, annotation, index);
            }
        }
    }

    fn look(&mut self, triggers: &Triggers, doc: &Doc<'_>, sentence: Range) {
        for number in doc.numbers_in(sentence) {
            if let Some(trigger) = triggers.words.get(*number as usize) {
                see(&mut self.seen, self.round, *trigger, &mut self.fixed);
            }
        }
        for hit in doc.hits_in(sentence) {
            see(&mut self.seen, self.round, triggers.lists + hit.list, &mut self.fixed);
        }
        if !doc.quotations_in(sentence).is_empty() {
            see(&mut self.seen, self.round, triggers.quote, &mut self.fixed);
        }
    }

    /// An annotation was added to the sentence.
    pub(crate) fn add(&mut self, triggers: &Triggers, annotation: &Annotation, index: usize) {
        self.annotations.push((annotation.kind, annotation.range, index));
        if let Some(seen) = self.seen.get_mut(triggers.kinds.saturating_add(annotation.kind.0) as usize) {
            *seen = self.round;
        }
    }

    /// The annotations that begin in the sentence: kind, tokens and index.
    pub(crate) fn annotations(&self) -> &[(Symbol, Range, usize)] {
        &self.annotations
    }

    /// Chooses the rules of an index of which everything fixed stands in the sentence.
    pub(crate) fn choose(&mut self, index: &Index) {
        if self.chosen.len() < index.entries.len() {
            self.chosen.resize(index.entries.len(), 0);
        }
        self.slots.resize_with(self.slots.len().max(index.always.len()), Vec::new);
        for slot in &mut self.slots {
            slot.clear();
        }
        for trigger in &self.fixed {
            for &entry in index.looked_at(*trigger) {
                let (entry, first) = (entry as usize, index.first[entry as usize]);
                if first != NONE && !self.has(first) {
                    continue;
                }
                let before = std::mem::replace(&mut self.chosen[entry], self.round);
                if before != self.round && self.all(&index.others[entry]) {
                    let (slot, rule) = index.entries[entry];
                    self.slots[slot as usize].push(rule);
                }
            }
        }
    }

    /// The rules of a slot of which all words, entries and annotations stand in the sentence.
    pub(crate) fn rules(&self, triggers: &Triggers, index: &Index, slot: usize, out: &mut Vec<u32>) {
        out.clear();
        let all = self.slots[slot].iter().chain(&index.always[slot]);
        out.extend(all.filter(|rule| self.all(&triggers.rules[**rule as usize].moving)));
    }

    /// Whether everything but tests that a phrase needs stands in the sentence.
    pub(crate) fn may_match(&self, triggers: &Triggers, phrase: u32) -> bool {
        let needs = &triggers.phrases[phrase as usize];
        self.all(&needs.fixed) && self.all(&needs.moving)
    }

    fn all(&self, groups: &Groups) -> bool {
        groups.iter().all(|group| group.iter().any(|trigger| self.has(*trigger)))
    }

    /// Whether a trigger stands in the sentence; not for tests.
    pub(crate) fn has(&self, trigger: u32) -> bool {
        self.seen.get(trigger as usize) == Some(&self.round)
    }
}

fn see(seen: &mut [u32], round: u32, trigger: u32, new: &mut Vec<u32>) {
    if let Some(at) = seen.get_mut(trigger as usize)
        && *at != round
    {
        *at = round;
        new.push(trigger);
    }
}

fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
