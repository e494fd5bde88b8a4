//! Runs the layers of a rule set over a document and settles conflicts.

use chancery_text::Sentence;

use crate::doc::{Annotation, Doc, Range, Source};
use crate::matcher::{Match, Matcher};
use crate::program::{Atom, Program};
use crate::ruleset::{Layer, Rule, RuleSet, SetValue};
use crate::symbol::Symbol;

/// A match of a rule that asks to become an annotation.
#[derive(Debug)]
struct Candidate {
    rule: usize,
    found: Match,
}

impl RuleSet {
    /// Runs all layers in order. At each step of the document logic `step` is called with its name.
    pub fn annotate(&self, doc: &mut Doc<'_>, step: &mut dyn FnMut(&str, &mut Doc<'_>)) {
        let mut run = Run::new(self);
        for layer in &self.layers {
            match layer {
                Layer::Step(name) => step(name, doc),
                Layer::Rules { rules, vetoes, .. } if !rules.is_empty() => {
                    for n in 0..doc.sentences().len() {
                        run.sentence(doc, n, rules, vetoes);
                    }
                }
                Layer::Rules { .. } => {}
            }
        }
    }
}

/// What is reused from sentence to sentence.
struct Run<'r> {
    rules: &'r RuleSet,
    matcher: Matcher,
    present: Present,
    candidates: Vec<Candidate>,
}

impl<'r> Run<'r> {
    fn new(rules: &'r RuleSet) -> Self {
        let present = Present {
            words: vec![0; rules.dictionary.words()],
            lists: vec![0; rules.lists.len()],
            kinds: vec![0; rules.symbol_count()],
            ..Present::default()
        };
        Self { rules, matcher: Matcher::default(), present, candidates: Vec::new() }
    }

    fn sentence(&mut self, doc: &mut Doc<'_>, n: usize, rules: &[usize], vetoes: &[usize]) {
        let sentence = doc.sentences()[n];
        self.present.look(doc, &sentence);
        let mut begun = false;
        for &index in rules {
            let rule = &self.rules.rules[index];
            if !self.present.may_match(&rule.program) {
                continue;
            }
            if !begun {
                self.matcher.begin(self.rules, &sentence);
                begun = true;
            }
            self.collect(doc, &sentence, index, rule);
        }
        if self.candidates.is_empty() {
            return;
        }
        self.veto(doc, &sentence, vetoes);
        self.settle(doc);
    }

    /// All longest matches of a rule, one for each start.
    fn collect(&mut self, doc: &Doc<'_>, sentence: &Sentence, index: usize, rule: &Rule) {
        for at in sentence.start..sentence.end {
            if self.matcher.may_begin(self.rules, doc, &rule.program, at)
                && let Some(found) = self.matcher.longest(self.rules, doc, &rule.program, at, sentence.end)
            {
                self.candidates.push(Candidate { rule: index, found });
            }
        }
    }

    /// Vetoed candidates fall back to their next shorter end, until none is vetoed.
    fn veto(&mut self, doc: &Doc<'_>, sentence: &Sentence, vetoes: &[usize]) {
        for &index in vetoes {
            let veto = &self.rules.rules[index];
            if !self.present.may_match(&veto.program) {
                continue;
            }
            let forbidden: Vec<Range> = (sentence.start..sentence.end)
                .filter_map(|at| self.matcher.longest(self.rules, doc, &veto.program, at, sentence.end))
                .map(|found| veto.span_of(&found))
                .collect();
            if forbidden.is_empty() {
                continue;
            }
            let mut kept = Vec::with_capacity(self.candidates.len());
            for mut candidate in std::mem::take(&mut self.candidates) {
                let rule = &self.rules.rules[candidate.rule];
                if rule.finds == veto.finds {
                    let Some(found) = self.shorten(doc, rule, candidate.found, &forbidden) else { continue };
                    candidate.found = found;
                }
                kept.push(candidate);
            }
            self.candidates = kept;
        }
    }

    fn shorten(
        &mut self,
        doc: &Doc<'_>,
        rule: &Rule,
        mut found: Match,
        forbidden: &[Range],
    ) -> Option<Match> {
        while forbidden.iter().any(|f| f.contains(&rule.span_of(&found))) {
            let limit = found.range.end - 1;
            if limit <= found.range.start {
                return None;
            }
            found = self.matcher.longest(self.rules, doc, &rule.program, found.range.start, limit)?;
        }
        Some(found)
    }

    /// Takes candidates in order of the conflict policy where what they claim is free.
    fn settle(&mut self, doc: &mut Doc<'_>) {
        let rules = &self.rules.rules;
        self.candidates.sort_by_key(|c| {
            let range = rules[c.rule].span_of(&c.found);
            (rules[c.rule].depth, range.start, std::cmp::Reverse(range.end), c.rule)
        });
        let mut claimed: Vec<Range> = Vec::new();
        let mut taken: Vec<(usize, Match)> = Vec::new();
        for candidate in std::mem::take(&mut self.candidates) {
            let rule = &rules[candidate.rule];
            let mut found = candidate.found;
            let free = loop {
                let claims = rule.claims_of(&found);
                if !claims.iter().any(|range| claimed.iter().any(|c| c.overlaps(range))) {
                    claimed.extend(claims);
                    break true;
                }
                // A shorter end may still be free.
                let limit = found.range.end - 1;
                if limit <= found.range.start || rule.claims.is_some() {
                    break false;
                }
                match self.matcher.longest(self.rules, doc, &rule.program, found.range.start, limit) {
                    Some(shorter) => found = shorter,
                    None => break false,
                }
            };
            if free {
                taken.push((candidate.rule, found));
            }
        }
        taken.sort_by_key(|(rule, found)| (found.range, *rule));
        for (rule, found) in taken {
            let annotation = self.annotation(doc, rule, found);
            doc.add(annotation);
        }
    }

    fn annotation(&self, doc: &Doc<'_>, index: usize, found: Match) -> Annotation {
        let rule = &self.rules.rules[index];
        let mut data = Vec::new();
        for (key, value) in &rule.set {
            let value = match value {
                SetValue::Constant(word) => Some(*word),
                SetValue::Item(item, field) => {
                    found.items.iter().filter(|(name, _)| name == item).find_map(|(_, source)| {
                        let fields = match source {
                            Source::None => return None,
                            Source::Entry(data) => self.rules.dictionary.data(*data),
                            Source::Annotation(n) => doc.annotation(*n).data.as_slice(),
                        };
                        fields.iter().find(|(k, _)| k == field).map(|(_, v)| *v)
                    })
                }
            };
            data.extend(value.map(|v| (*key, v)));
        }
        let range = rule.span_of(&found);
        Annotation { kind: rule.finds, rule: Some(index), range, captures: found.captures, data }
    }
}

impl Rule {
    /// The tokens that the annotation covers: the named part where the rule says `spans`, else the whole match.
    fn span_of(&self, found: &Match) -> Range {
        self.spans.and_then(|n| found.captures.iter().find(|c| c.name == n)).map_or(found.range, |c| c.range)
    }

    /// What a match claims: what it covers, or the named captures.
    fn claims_of(&self, found: &Match) -> Vec<Range> {
        match &self.claims {
            None => vec![self.span_of(found)],
            Some(names) => {
                found.captures.iter().filter(|c| names.contains(&c.name)).map(|c| c.range).collect()
            }
        }
    }
}

/// What stands in the current sentence, marked by the number of the round.
#[derive(Debug, Default)]
struct Present {
    round: u32,
    words: Vec<u32>,
    lists: Vec<u32>,
    kinds: Vec<u32>,
    quote: u32,
}

impl Present {
    fn look(&mut self, doc: &Doc<'_>, sentence: &Sentence) {
        self.round += 1;
        for at in sentence.start..sentence.end {
            for number in doc.numbers(at) {
                self.words[*number as usize] = self.round;
            }
            for hit in doc.hits(at) {
                self.lists[hit.list as usize] = self.round;
            }
            for (_, annotation) in doc.starting(at) {
                self.mark_kind(annotation.kind);
            }
        }
        let quotes = doc.tokens().quotations();
        let next = quotes.partition_point(|q| q.open < sentence.start);
        if quotes.get(next).is_some_and(|q| q.open < sentence.end) {
            self.quote = self.round;
        }
    }

    fn mark_kind(&mut self, kind: Symbol) {
        if let Some(slot) = self.kinds.get_mut(kind.0 as usize) {
            *slot = self.round;
        }
    }

    /// Whether of every group that the program requires something stands in the sentence.
    fn may_match(&self, program: &Program) -> bool {
        program.required.iter().all(|group| group.iter().any(|atom| self.has(*atom)))
    }

    fn has(&self, atom: Atom) -> bool {
        match atom {
            Atom::Word(number) => self.words[number as usize] == self.round,
            Atom::List(list) => self.lists[list as usize] == self.round,
            Atom::Annotation(kind) => self.kinds[kind.0 as usize] == self.round,
            Atom::Quote => self.quote == self.round,
        }
    }
}
