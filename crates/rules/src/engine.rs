//! Runs the layers of a rule set over a document and settles conflicts.

use chancery_text::Sentence;
use rustc_hash::FxHashMap;

use crate::doc::{Annotation, Doc, Range, Source};
use crate::matcher::{Match, Matcher};
use crate::program::{Atom, Program};
use crate::ruleset::{Layer, Rule, RuleSet, SetValue};

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
        Self { rules, matcher: Matcher::default(), present: Present::of(rules), candidates: Vec::new() }
    }

    fn sentence(&mut self, doc: &mut Doc<'_>, n: usize, rules: &[usize], vetoes: &[usize]) {
        let sentence = doc.sentences()[n];
        self.present.look(doc, &sentence);
        let mut begun = false;
        for &index in rules {
            let rule = &self.rules.rules[index];
            let Some(last) = self.present.last_start(&rule.program, &sentence) else { continue };
            if !begun {
                self.matcher.begin(self.rules, &sentence);
                begun = true;
            }
            self.collect(doc, &sentence, last, index, rule);
        }
        if self.candidates.is_empty() {
            return;
        }
        self.veto(doc, &sentence, vetoes);
        self.settle(doc);
    }

    /// All longest matches of a rule, one for each start.
    fn collect(&mut self, doc: &Doc<'_>, sentence: &Sentence, last: usize, index: usize, rule: &Rule) {
        for at in sentence.start..=last {
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
            let Some(last) = self.present.last_start(&veto.program, sentence) else { continue };
            let mut forbidden: Vec<Range> = Vec::new();
            for at in sentence.start..=last {
                if self.matcher.may_begin(self.rules, doc, &veto.program, at)
                    && let Some(found) =
                        self.matcher.longest(self.rules, doc, &veto.program, at, sentence.end)
                {
                    forbidden.push(veto.span_of(&found));
                }
            }
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

/// What stands in the current sentence: the number of its round, and the last token where it stands. Of words only those
/// that some program requires are kept.
#[derive(Debug, Default)]
struct Present {
    round: u32,
    words: FxHashMap<u32, Seen>,
    lists: Vec<Seen>,
    kinds: Vec<Seen>,
    quote: Seen,
}

#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    round: u32,
    last: usize,
}

impl Seen {
    fn mark(&mut self, round: u32, last: usize) {
        let known = if self.round == round { self.last } else { 0 };
        *self = Self { round, last: known.max(last) };
    }
}

impl Present {
    fn of(rules: &RuleSet) -> Self {
        Self {
            words: rules.required_words.iter().map(|number| (*number, Seen::default())).collect(),
            lists: vec![Seen::default(); rules.lists.len()],
            kinds: vec![Seen::default(); rules.symbol_count()],
            ..Self::default()
        }
    }

    fn look(&mut self, doc: &Doc<'_>, sentence: &Sentence) {
        self.round += 1;
        let round = self.round;
        for at in sentence.start..sentence.end {
            for number in doc.numbers(at) {
                if let Some(seen) = self.words.get_mut(number) {
                    seen.mark(round, at);
                }
            }
            for hit in doc.hits(at) {
                self.lists[hit.list as usize].mark(round, hit.end as usize - 1);
            }
            for (_, annotation) in doc.starting(at) {
                if let Some(seen) = self.kinds.get_mut(annotation.kind.0 as usize) {
                    seen.mark(round, annotation.range.end.saturating_sub(1));
                }
            }
        }
        let quotes = doc.tokens().quotations();
        let within = quotes.partition_point(|q| q.open < sentence.end);
        if let Some(last) =
            within.checked_sub(1).map(|n| quotes[n].open).filter(|open| *open >= sentence.start)
        {
            self.quote.mark(round, last);
        }
    }

    /// The last token where a match may begin, so that everything the program requires still lies ahead; `None` where
    /// something required does not stand in the sentence.
    fn last_start(&self, program: &Program, sentence: &Sentence) -> Option<usize> {
        let mut last = sentence.end - 1;
        for group in &program.required {
            last = last.min(group.iter().filter_map(|atom| self.last(*atom)).max()?);
        }
        Some(last)
    }

    fn last(&self, atom: Atom) -> Option<usize> {
        let seen = match atom {
            Atom::Word(number) => *self.words.get(&number)?,
            Atom::List(list) => self.lists[list as usize],
            Atom::Annotation(kind) => self.kinds[kind.0 as usize],
            Atom::Quote => self.quote,
        };
        (seen.round == self.round).then_some(seen.last)
    }
}
