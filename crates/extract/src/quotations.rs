//! What stands in quotation marks: proposals inside a quotation, quotations that stand alone and who signs them.

use std::collections::BTreeMap;

use chancery_rules::{Doc, Range};
use chancery_text::Quotation;
use rustc_hash::FxHashMap;

use crate::State;
use crate::facts::{Fact, Voice};
use crate::fields::Fields;
use crate::passages::Passages;
use crate::ranges::Ranges;
use crate::subjects::Subject;

/// How many tokens may stand before the words of a proposal that is all of its sentence: `We therefore urge`.
const LEAD: usize = 4;
/// A lone quotation of fewer words is a term or a name.
const TERM: usize = 4;
/// The act of an order, and so many of them are passed over at most.
const ORDER: &str = "instruct";
const ORDERS: usize = 4;
/// The line that says whose a quotation is has at most so many tokens.
const SIGNED: usize = 30;

/// The quotation in which a stretch lies.
pub(crate) fn quotation(doc: &Doc<'_>, range: Range) -> Option<Range> {
    // Quotations follow one another.
    let quotes = doc.tokens().quotations();
    let q = quotes.get(quotes.partition_point(|q| q.close < range.end)).filter(|q| q.open < range.start)?;
    Some(Range::new(q.open + 1, q.close + usize::from(!q.closed)))
}

/// A proposal in a quotation is its speaker's, and stands where its sentence is nothing else; the quotation is split
/// around it.
pub(crate) fn proposals_in_quotations(passages: &Passages<'_, '_>, facts: Vec<Fact>) -> Vec<Fact> {
    let doc = passages.doc;
    let direct = facts.iter().filter(|f| !f.proposal && f.direct);
    let spoken: Ranges = direct.enumerate().map(|(n, f)| (f.text, n)).collect();
    let inner = |f: &Fact| {
        // The stop that a rule matched at the end may be outside the passage.
        let matched = Range::new(f.matched.start, f.text.end.max(f.cue.end));
        f.proposal && (f.inner || quotation(doc, f.cue).is_some() || !spoken.around(matched).is_empty())
    };
    let (quoted, facts): (Vec<Fact>, Vec<Fact>) = facts.into_iter().partition(inner);
    if quoted.is_empty() {
        return facts;
    }
    let stops = |at: &usize| matches!(doc.word(*at), "." | "!" | "?");
    let stops: Vec<usize> = (0..doc.tokens().len()).filter(stops).collect();
    let mut clauses: Vec<usize> =
        quoted.iter().filter_map(|proposal| clause(passages, 0, proposal)).collect();
    clauses.sort_unstable();
    let mut splits = Splits::of(facts);
    for mut proposal in quoted {
        // The passage goes no further than the quotation.
        if let Some(quote) = quotation(doc, proposal.cue).filter(|q| proposal.text.end > q.end) {
            let within =
                passages.trimmed(Range::new(proposal.text.start, quote.end.max(proposal.text.start)));
            let Some((text, _)) = within else { continue };
            proposal.text = text;
        }
        let Some((around, text)) = splits.around(proposal.text) else { continue };
        let quote = quotation(doc, proposal.cue).unwrap_or(text);
        let reach =
            Range::new(proposal.text.start.min(proposal.cue.start), proposal.text.end.max(proposal.cue.end));
        let before = stops.partition_point(|at| *at < reach.start).checked_sub(1).map(|n| stops[n] + 1);
        let start = before.filter(|at| *at > quote.start).unwrap_or(quote.start);
        let start = clause(passages, start, &proposal).unwrap_or(start);
        let after = stops.get(stops.partition_point(|at| *at < reach.end)).copied();
        let end = after.filter(|at| *at < quote.end).unwrap_or(quote.end);
        // The clause of another proposal ends this one: `I ask all to come, and I ask them to stay`.
        let next = clauses.get(clauses.partition_point(|at| *at < reach.end)).copied();
        let end = next.filter(|at| *at < end).unwrap_or(end);
        let whole =
            (reach.start <= start + LEAD || fronted(passages, start, &proposal)) && reach.end + 1 >= end;
        // `The President has urged all to act,` said the Minister: what somebody else wants is only told.
        let speaker = splits.facts[around.part].as_ref().and_then(|f| f.actor.as_ref());
        let other =
            matches!(proposal.voice, Voice::Name | Voice::Title) && speaker != proposal.actor.as_ref();
        if whole && !other {
            splits.split(passages, around, proposal, Range::new(start, end));
        }
    }
    splits.facts.into_iter().flatten().collect()
}

/// Where the clause of a proposal begins that is joined to what is said before: `It works, so we urge all to come`.
fn clause(passages: &Passages<'_, '_>, start: usize, proposal: &Fact) -> Option<usize> {
    let Passages { fields, doc, .. } = *passages;
    if !doc.begins(&[fields.lists.plea], proposal.cue.start) {
        return None;
    }
    let we = proposal.cue.start.checked_sub(1).filter(|at| doc.begins(&[fields.lists.we], *at));
    let who = proposal.who.map(|who| who.start).or(we).unwrap_or(proposal.cue.start).min(proposal.cue.start);
    let joint = who.checked_sub(1).filter(|at| *at > start && doc.begins(&[fields.lists.joining], *at))?;
    Some(if doc.word(joint - 1) == "," { joint - 1 } else { joint })
}

/// Whether only a phrase stands before whoever proposes in a sentence: `As a founder of the Board, Norway is ready to`.
fn fronted(passages: &Passages<'_, '_>, start: usize, proposal: &Fact) -> bool {
    let Passages { fields, doc, .. } = *passages;
    let article = |at: usize| usize::from(doc.begins(&[fields.lists.definite], at - 1));
    let who = proposal.who.map(|who| who.start).filter(|who| start < *who).map(|who| who - article(who));
    let comma = who.is_some_and(|who| start < who && doc.word(who - 1) == ",");
    comma && doc.begins(&[fields.lists.preposition], start)
}

/// Facts, of which direct statements are split around what is proposed in them.
struct Splits {
    facts: Vec<Option<Fact>>,
    /// The passages of the statements, as they first were.
    whole: Ranges,
    /// What is left of a statement that was split: its parts by their beginnings.
    parts: FxHashMap<usize, BTreeMap<usize, usize>>,
}

/// A statement or a part of one: the index of the first whole, and its own.
#[derive(Clone, Copy)]
struct Place {
    whole: usize,
    part: usize,
}

impl Splits {
    fn of(facts: Vec<Fact>) -> Self {
        let direct = facts.iter().enumerate().filter(|(_, f)| !f.proposal && f.direct);
        let whole = direct.map(|(n, f)| (f.text, n)).collect();
        Self { facts: facts.into_iter().map(Some).collect(), whole, parts: FxHashMap::default() }
    }

    /// The first direct statement in which a passage lies, with its own passage.
    fn around(&self, text: Range) -> Option<(Place, Range)> {
        let part = |whole: usize| {
            let part = match self.parts.get(&whole) {
                None => whole,
                Some(parts) => *parts.range(..=text.start).next_back()?.1,
            };
            let passage = self.facts[part].as_ref().map(|f| f.text).filter(|passage| passage.contains(&text));
            passage.map(|passage| (Place { whole, part }, passage))
        };
        let around = self.whole.around(text).into_iter().filter_map(|(_, whole)| part(whole));
        around.min_by_key(|(place, _)| place.part)
    }

    /// Puts a proposal in the place of a stretch of the statement around it, whose speaker it takes.
    fn split(&mut self, passages: &Passages<'_, '_>, place: Place, proposal: Fact, stretch: Range) {
        let Some(statement) = self.facts[place.part].take() else { return };
        let parts = self.parts.entry(place.whole).or_default();
        parts.remove(&statement.text.start);
        for part in
            [Range::new(statement.text.start, stretch.start), Range::new(stretch.end, statement.text.end)]
        {
            if part.len() > 1
                && let Some((text, _)) = passages.trimmed(part)
            {
                parts.insert(text.start, self.facts.len());
                self.facts.push(Some(Fact { text, ..statement.clone() }));
            }
        }
        let (actor, said) = (statement.actor, statement.cue);
        self.facts.push(Some(Fact { actor, direct: true, said, ..proposal }));
    }
}

/// Quotations of some length that no fact covers: of whoever stands on a line beside them, or is the speaker of the
/// quotation right before them; else the speaker and cue are those of the nearest fact before, in the same or the last
/// paragraph, else after.
pub(crate) fn lone_quotations(fields: &Fields<'_>, doc: &Doc<'_>, state: &State, facts: &mut Vec<Fact>) {
    if doc.tokens().quotations().is_empty() {
        return;
    }
    let texts: Ranges = facts.iter().enumerate().map(|(n, f)| (f.text, n)).collect();
    let cues: Ranges = facts.iter().enumerate().map(|(n, f)| (f.said, n)).collect();
    let voiced = Voiced::of(doc, facts);
    let signatures = Signatures { fields, doc, state };
    let mut added: Vec<Fact> = Vec::new();
    let mut last: Option<Signed> = None;
    for quote in doc.tokens().quotations() {
        let inner = Range::new(quote.open + 1, quote.close + usize::from(!quote.closed));
        if inner.len() < TERM {
            continue;
        }
        let mut near = texts.touching(inner).into_iter().chain(cues.touching(inner));
        if near.any(|(_, n)| !inner.contains(&facts[n].cue)) {
            continue;
        }
        // A quotation inside a sentence is a term or a name; a lone one begins its sentence.
        let sentence = doc.sentences()[doc.sentence_of(quote.open)];
        if quote.open != sentence.start || inner.end + 3 < sentence.end {
            continue;
        }
        let signed = signatures.of(quote, last.as_ref());
        let signer = signed.as_ref().map(|signed| signed.fact.clone());
        last = signed;
        let Some(near) = signer.or_else(|| voiced.nearest(doc, facts, quote.open, sentence.block)) else {
            continue;
        };
        let stray = |at: usize| matches!(doc.word(at), "." | "," | "!" | "?" | "“" | "\"");
        let mut end = inner.end;
        while end > inner.start && stray(end - 1) {
            end -= 1;
        }
        let text = Range::new(inner.start, end);
        added.push(Fact { proposal: false, text, to: Vec::new(), direct: true, ..near });
    }
    facts.extend(added);
}

/// Who signs a quotation that has paragraphs of its own.
struct Signed {
    fact: Fact,
    /// Where the quotation ends.
    end: usize,
    /// The line that signs it stands before it.
    ahead: bool,
}

/// The lines beside quotations that say whose they are.
struct Signatures<'a, 't> {
    fields: &'a Fields<'a>,
    doc: &'a Doc<'t>,
    state: &'a State,
}

impl Signatures<'_, '_> {
    /// Who says a quotation that has paragraphs of its own: the name on a line before it that ends in a colon
    /// (`Quotes attributable to Ms Ray:`), or in the name (`Minister for Ports, Ada Ray`); the name on a line right after it
    /// (`– Ms Ray, Minister`); the one who said the quotation right before it. Lines that stand before are not those of
    /// the quotation before them.
    fn of(&self, quote: &Quotation, last: Option<&Signed>) -> Option<Signed> {
        let (doc, sentences) = (self.doc, self.doc.sentences());
        let here = doc.sentence_of(quote.open);
        let signed = |fact: Fact, ahead: bool| Signed { fact, end: quote.close + 1, ahead };
        let before = here.checked_sub(1).and_then(|n| self.line(n));
        let own = before.filter(|line| last.is_none_or(|last| last.ahead || last.end != line.start));
        let heading = own.and_then(|line| self.heads(line));
        if let Some(who) = heading {
            return Some(signed(signature(who), true));
        }
        // `About the Board` is a heading.
        let after = self.line(doc.sentence_of(quote.close) + 1).filter(|line| self.is_signature(*line));
        let signer = after.filter(|_| last.is_none_or(|last| !last.ahead)).and_then(|line| {
            let who = self.named(line, 2).filter(|s| s.free)?;
            Some(signed(signature(who), false))
        });
        let goes_on = || {
            let last = last.filter(|last| last.ahead && last.end == sentences[here].start)?;
            Some(signed(last.fact.clone(), true))
        };
        signer
            .or_else(|| own.and_then(|line| self.colon(line)).map(|who| signed(signature(who), true)))
            .or_else(goes_on)
    }

    /// A sentence that is all of its paragraph.
    fn line(&self, n: usize) -> Option<Range> {
        let sentences = self.doc.sentences();
        let block = |n: usize| sentences.get(n).map(|s| s.block);
        let alone = block(n) != block(n + 1) && n.checked_sub(1).is_none_or(|p| block(p) != block(n));
        sentences.get(n).filter(|_| alone).map(|s| Range::new(s.start, s.end)).filter(|l| l.len() <= SIGNED)
    }

    /// Whether a line after a quotation may be its signature.
    fn is_signature(&self, line: Range) -> bool {
        let doc = self.doc;
        let all = doc.tokens().quotations();
        let quotes =
            all.get(all.partition_point(|q| q.open < line.start)).is_some_and(|q| q.close <= line.end);
        let marked = matches!(doc.word(line.start), "–" | "—" | "-" | "―" | "~" | "•");
        let stopped = matches!(doc.word(line.end - 1), "." | ":" | "!" | "?" | "”");
        !stopped && (marked || !quotes)
    }

    /// Who is named in a line, so near to its beginning.
    fn named(&self, line: Range, at: usize) -> Option<&Subject> {
        let mut first =
            self.state.speakers.from(line.start).iter().take_while(|s| s.range.start <= line.start + at);
        first.find(|s| line.contains(&s.range) && s.speaks())
    }

    /// Who is named in a line before a colon.
    fn colon(&self, line: Range) -> Option<&Subject> {
        (self.doc.word(line.end - 1) == ":").then(|| self.named(line, SIGNED)).flatten()
    }

    /// The person with whose name a line ends, perhaps before letters and a colon, and of whom nothing else is told.
    fn heads(&self, line: Range) -> Option<&Subject> {
        let (doc, lists) = (self.doc, &self.fields.lists);
        let who = self.state.speakers.from(line.start).iter().take_while(|s| s.range.end <= line.end);
        let who = who.filter(|s| s.named()).last()?;
        let after = |at: usize| matches!(doc.word(at), ":" | ",") || doc.begins(&[lists.posthon], at);
        let verb = |at: usize| doc.begins(&[lists.speech, lists.act, lists.deed, lists.stand], at);
        let told = (line.start..who.range.start).any(verb);
        ((who.range.end..line.end).all(after) && !told).then_some(who)
    }
}

/// What somebody says whose line stands beside a quotation.
pub(crate) fn signature(signer: &Subject) -> Fact {
    let cue = signer.range;
    Fact {
        proposal: false,
        actor: signer.actor.clone(),
        act: "state".into(),
        cue,
        said: cue,
        matched: cue,
        text: cue,
        to: Vec::new(),
        direct: true,
        inner: false,
        voice: Voice::Signed,
        who: None,
        rule: None,
    }
}

/// The facts outside quotations, by where their verbs of speaking stand.
struct Voiced(Vec<(usize, usize)>);

impl Voiced {
    fn of(doc: &Doc<'_>, facts: &[Fact]) -> Self {
        let voiced = facts.iter().enumerate().filter(|(_, f)| quotation(doc, f.said).is_none());
        let mut all: Vec<(usize, usize)> = voiced.map(|(n, f)| (f.said.start, n)).collect();
        all.sort_unstable();
        Self(all)
    }

    /// The nearest fact before a quotation, in the same or the last paragraphs, else after it.
    fn nearest(&self, doc: &Doc<'_>, facts: &[Fact], open: usize, block: usize) -> Option<Fact> {
        let of = |said: usize| doc.sentences()[doc.sentence_of(said)].block;
        let before = self.0[..self.0.partition_point(|(said, _)| *said < open)].iter().rev().copied();
        let after = || self.0.get(self.0.partition_point(|(said, _)| *said <= open)).copied();
        let mut before = before.take_while(|(said, _)| of(*said) + 2 >= block).peekable();
        let last = before.peek().copied();
        // An order tells what somebody did, not that they spoke.
        let before = before.take(ORDERS).find(|(_, n)| facts[*n].act != ORDER).or(last);
        let (_, near) = before.or_else(|| after().filter(|(said, _)| of(*said) <= block + 1))?;
        let near = &facts[near];
        let act = if near.proposal { "state".into() } else { near.act.clone() };
        let (cue, matched) = (near.said, near.said);
        Some(Fact { act, cue, matched, voice: Voice::Alone, who: None, ..near.clone() })
    }
}
