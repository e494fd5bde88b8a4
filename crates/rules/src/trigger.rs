//! Triggers: what must stand in a sentence for a rule to match there. A rule whose triggers are not there costs nothing.

use std::cell::Cell;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::compile::Frequency;
use crate::doc::{Annotation, Doc, Range};
use crate::program::{Atom, Item, Kind, Nature, Program};
use crate::ruleset::{LayerRules, Rule};
use crate::symbol::Symbol;

/// Groups of triggers, each once, one after the other; of each that a rule needs at least one must stand in a sentence.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Groups {
    all: Vec<u32>,
    /// Where each group ends.
    ends: Vec<u32>,
    /// Asked for while they are gathered.
    #[serde(skip)]
    numbers: FxHashMap<Box<[u32]>, u32>,
}

impl Groups {
    /// The number of a group; equal groups share one.
    fn number(&mut self, group: Vec<u32>) -> u32 {
        if let Some(known) = self.numbers.get(&*group) {
            return *known;
        }
        let number = narrow(self.ends.len());
        self.all.extend_from_slice(&group);
        self.ends.push(narrow(self.all.len()));
        self.numbers.insert(group.into(), number);
        number
    }

    #[inline]
    fn of(&self, group: u32) -> &[u32] {
        let from = group.checked_sub(1).map_or(0, |before| self.ends[before as usize]);
        &self.all[from as usize..self.ends[group as usize] as usize]
    }
}

/// What a rule or phrase needs in a sentence to match there, as groups by their numbers.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Needs {
    /// Words, entries of lists and quotations.
    fixed: Vec<u32>,
    /// Annotations.
    moving: Vec<u32>,
    /// Groups with tests on tokens, asked last.
    gates: Vec<u32>,
}

/// All triggers of a rule set, numbered: words, lists, quotation, annotations, tests.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
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
    groups: Groups,
    /// Of each group whether it depends on annotations.
    moving: Vec<bool>,
    rules: Vec<Needs>,
    phrases: Vec<Needs>,
    /// Of each word, list and quotation how often it stands in text; empty where that is not known.
    #[serde(skip)]
    often: Vec<u32>,
}

const NONE: u32 = u32::MAX;

/// What triggers a rule set has: how many words, lists and symbols, and its tests and items.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parts<'p> {
    pub(crate) words: usize,
    pub(crate) lists: usize,
    pub(crate) symbols: usize,
    pub(crate) natures: &'p [Nature],
    pub(crate) items: &'p [Item],
    pub(crate) pairs: &'p [(u32, u32)],
    pub(crate) frequency: &'p Frequency,
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
    pub(crate) fn new(rules: &[Rule], phrases: &[Program], parts: &Parts<'_>) -> Self {
        let mut triggers = Self { words: vec![NONE; parts.words + 1], ..Self::default() };
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
        triggers.quote = triggers.lists + narrow(parts.lists);
        triggers.kinds = triggers.quote + 1;
        triggers.tests = triggers.kinds + narrow(parts.symbols);
        triggers.items = triggers.tests + narrow(parts.natures.len());
        triggers.openings = triggers.items + narrow(parts.items.len());
        triggers.pairs = triggers.openings + narrow(parts.natures.len());
        if parts.frequency.is_known() {
            triggers.often = vec![0; triggers.kinds as usize];
            let words = (0..narrow(parts.words + 1)).map(Atom::Word);
            for atom in words.chain((0..narrow(parts.lists)).map(Atom::List)).chain([Atom::Quote]) {
                let trigger = triggers.of(atom) as usize;
                if let Some(often) = triggers.often.get_mut(trigger) {
                    *often = parts.frequency.of(atom);
                }
            }
        }
        triggers.rules = rules.iter().map(|rule| triggers.needs(&rule.program.required)).collect();
        triggers.phrases = phrases.iter().map(|phrase| triggers.needs(&phrase.required)).collect();
        let groups = (0..narrow(triggers.groups.ends.len())).map(|group| triggers.groups.of(group));
        triggers.moving =
            groups.map(|group| group.iter().any(|trigger| triggers.moves(*trigger, parts))).collect();
        triggers
    }

    fn needs(&mut self, required: &[Vec<Atom>]) -> Needs {
        let mut needs = Needs::default();
        for group in required {
            let group: Vec<u32> = group.iter().map(|atom| self.of(*atom)).collect();
            let most = group.iter().max().copied();
            let number = self.groups.number(group);
            match most {
                Some(most) if most < self.kinds => needs.fixed.push(number),
                Some(most) if most < self.tests => needs.moving.push(number),
                _ => needs.gates.push(number),
            }
        }
        needs
    }

    /// Whether a trigger depends on annotations.
    fn moves(&self, trigger: u32, parts: &Parts<'_>) -> bool {
        let test = |test: u32| parts.natures[test as usize].moving;
        match self.asked(trigger) {
            None => trigger >= self.kinds,
            Some(Asked::Test(number) | Asked::Opening(number)) => test(number),
            Some(Asked::Item(item)) => matches!(parts.items[item as usize].kind, Kind::Annotation(_)),
            Some(Asked::Pair(pair)) => {
                let (first, then) = parts.pairs[pair as usize];
                test(first) || test(then)
            }
        }
    }

    /// The triggers of a group.
    #[inline]
    pub(crate) fn group(&self, group: u32) -> &[u32] {
        self.groups.of(group)
    }

    /// Of each group whether it depends on annotations.
    pub(crate) fn moving(&self) -> &[bool] {
        &self.moving
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
    #[inline]
    pub(crate) fn asked(&self, trigger: u32) -> Option<Asked> {
        if trigger < self.tests {
            return None;
        }
        let from = |begin: u32| trigger.checked_sub(begin);
        let pair = from(self.pairs).map(Asked::Pair);
        let opening = || from(self.openings).map(Asked::Opening);
        pair.or_else(opening)
            .or_else(|| from(self.items).map(Asked::Item))
            .or_else(|| from(self.tests).map(Asked::Test))
    }

    pub(crate) fn gates_of_rule(&self, rule: usize) -> &[u32] {
        &self.rules[rule].gates
    }

    pub(crate) fn gates_of_phrase(&self, phrase: u32) -> &[u32] {
        &self.phrases[phrase as usize].gates
    }
}

/// The rules and vetoes of layers that run one after the other, by what they need.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Index {
    /// Slot and rule of each entry. A layer has two slots: one for its rules, one for its vetoes.
    entries: Vec<(u32, u32)>,
    /// For each entry all groups of words, lists and quotation but that trigger and the one by which it is looked at.
    others: Vec<Vec<u32>>,
    /// For each word, list and quotation the entries that are looked at where it stands, as stretches of `looked_at`.
    by_trigger: Vec<u32>,
    /// Entries, each with the rarest trigger that it needs beside the one by which it is looked at, else [`NONE`]: one look
    /// turns most of them down.
    looked_at: Vec<(u32, u32)>,
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
        let all = index.entries.iter().flat_map(|(_, rule)| &triggers.rules[*rule as usize].fixed);
        for trigger in all.flat_map(|group| triggers.group(*group)) {
            *crowd.entry(*trigger).or_default() += 1;
        }
        let mut pairs: Vec<(u32, u32, u32)> = Vec::new();
        for (number, (slot, rule)) in (0..).zip(&index.entries) {
            let crowded = |group: &u32| {
                let group = triggers.group(*group).iter();
                let often = |trigger: &u32| triggers.often.get(*trigger as usize).copied().unwrap_or(0);
                let stands = group.clone().map(often).fold(0, u32::saturating_add);
                (stands, group.map(|trigger| crowd[trigger]).sum::<u32>())
            };
            let mut groups = triggers.rules[*rule as usize].fixed.clone();
            groups.sort_by_key(crowded);
            let (mut first, mut others) = (NONE, Vec::new());
            for group in groups.iter().skip(1) {
                match triggers.group(*group) {
                    [sole] if first == NONE => first = *sole,
                    _ => others.push(*group),
                }
            }
            match groups.first() {
                None => index.always[*slot as usize].push(*rule),
                Some(group) => {
                    pairs.extend(triggers.group(*group).iter().map(|trigger| (*trigger, number, first)));
                }
            }
            index.others.push(others);
        }
        pairs.sort_unstable();
        index.by_trigger =
            (0..=triggers.kinds).map(|t| narrow(pairs.partition_point(|(other, ..)| *other < t))).collect();
        index.looked_at = pairs.into_iter().map(|(_, entry, first)| (entry, first)).collect();
        index
    }

    fn looked_at(&self, trigger: u32) -> &[(u32, u32)] {
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
    /// For each group of words, lists and quotation the round in which it was last asked for, times two, and one more where
    /// one of the group stands there.
    groups: Vec<Cell<u32>>,
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
            groups: vec![Cell::new(0); triggers.moving.len()],
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
    pub(crate) fn choose(&mut self, triggers: &Triggers, index: &Index) {
        if self.chosen.len() < index.entries.len() {
            self.chosen.resize(index.entries.len(), 0);
        }
        self.slots.resize_with(self.slots.len().max(index.always.len()), Vec::new);
        for slot in &mut self.slots {
            slot.clear();
        }
        for trigger in &self.fixed {
            for &(entry, first) in index.looked_at(*trigger) {
                let entry = entry as usize;
                if first != NONE && !self.has(first) {
                    continue;
                }
                let before = std::mem::replace(&mut self.chosen[entry], self.round);
                if before != self.round && self.all(triggers, &index.others[entry]) {
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
        out.extend(all.filter(|rule| self.annotated(triggers, &triggers.rules[**rule as usize].moving)));
    }

    /// Whether everything but tests that a phrase needs stands in the sentence.
    pub(crate) fn may_match(&self, triggers: &Triggers, phrase: u32) -> bool {
        let needs = &triggers.phrases[phrase as usize];
        self.all(triggers, &needs.fixed) && self.annotated(triggers, &needs.moving)
    }

    /// Whether of each of these groups of words, lists and quotation one stands in the sentence.
    #[inline]
    fn all(&self, triggers: &Triggers, groups: &[u32]) -> bool {
        groups.iter().all(|group| {
            let known = &self.groups[*group as usize];
            if known.get() >> 1 != self.round {
                let stands = triggers.group(*group).iter().any(|trigger| self.has(*trigger));
                known.set(self.round << 1 | u32::from(stands));
            }
            known.get() & 1 != 0
        })
    }

    /// The same of groups with annotations.
    fn annotated(&self, triggers: &Triggers, groups: &[u32]) -> bool {
        groups.iter().all(|group| triggers.group(*group).iter().any(|trigger| self.has(*trigger)))
    }

    /// Whether a trigger stands in the sentence; not for tests.
    #[inline]
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
