//! Proposals and statements: who speaks where nobody is captured, what lies in what, quotations that stand alone.

use chancery_rules::{Annotation, Doc, Range, RuleSet};

use crate::State;
use crate::fields::Fields;
use crate::near::Near;
use crate::passages::Passages;
use crate::subjects::Actor;

/// A proposal or statement before it becomes part of a record.
#[derive(Clone, Debug)]
pub(crate) struct Fact {
    pub(crate) proposal: bool,
    pub(crate) actor: Option<Actor>,
    pub(crate) act: String,
    pub(crate) cue: Range,
    /// The verb of speaking around the passage, and all that its rule matched.
    said: Range,
    matched: Range,
    pub(crate) text: Range,
    pub(crate) to: Vec<Range>,
    pub(crate) direct: bool,
    /// A proposal only where it stands in what somebody says.
    inner: bool,
    /// How sure, in hundredths: a captured speaker is surer than an inherited one.
    pub(crate) confidence: u8,
    pub(crate) rule: Option<usize>,
}

/// How sure a fact is, by how its speaker was found.
const CAPTURED: u8 = 90;
const INHERITED: u8 = 70;
const ALONE: u8 = 55;
/// How many tokens may stand before the words of a proposal that is all of its sentence: `We therefore urge`.
const LEAD: usize = 4;
/// A lone quotation of fewer words is a term or a name.
const TERM: usize = 4;
/// The line that says whose a quotation is has at most so many tokens.
const SIGNED: usize = 30;

/// All facts of a document, in order.
pub(crate) fn facts(rules: &RuleSet, fields: &Fields, doc: &Doc<'_>, state: &State) -> Vec<Fact> {
    let mut found: Vec<&Annotation> = doc
        .annotations()
        .into_iter()
        .filter(|a| a.kind == fields.proposal || a.kind == fields.statement)
        .collect();
    found.sort_by_key(|a| (a.capture(fields.cue).unwrap_or(a.range).start, a.range.start));
    let passages = Passages::new(rules, fields, doc, &found);
    let mut facts: Vec<Fact> = Vec::new();
    for a in found {
        for text in passages.of(a) {
            if let Some(fact) = fact(&passages, state, a, text, &facts) {
                facts.push(fact);
            }
        }
    }
    lone_quotations(doc, state, &mut facts);
    let mut facts = unnested(proposals_in_quotations(&passages, facts));
    facts.retain(|f| f.actor.is_some());
    facts.sort_by_key(|f| (f.text, f.cue));
    facts
}

fn fact(
    passages: &Passages<'_, '_>,
    state: &State,
    a: &Annotation,
    text: Range,
    before: &[Fact],
) -> Option<Fact> {
    let Passages { rules, fields, doc, .. } = *passages;
    let cue = a.capture(fields.cue).unwrap_or(a.range);
    let proposal = a.kind == fields.proposal;
    let (text, quoted) = passages.trimmed(text)?;
    // One quoted word is a name or a term.
    if !proposal && quoted && text.len() == 1 {
        return None;
    }
    // A paragraph after `said:` is direct speech though its marks are lost.
    let outside = a.rule.and_then(|r| rules.info(r).passage.as_deref());
    let direct = quoted || outside == Some("next-block");
    // What a quotation reports is part of the quotation.
    if !proposal && quotation(doc, cue).is_some() {
        return None;
    }
    let subject = a.capture(fields.subject).and_then(|range| state.speakers.speaker(doc, rules, range, cue));
    let sentence = doc.sentences()[doc.sentence_of(cue.start)];
    let here = |f: &&Fact| f.cue.start >= sentence.start && f.cue.start < sentence.end;
    let (actor, confidence) = match subject {
        Some(s) => (s.actor.clone(), CAPTURED),
        None if a.value(fields.k) == Some(fields.unsaid) => (issuer(doc, state, before, cue), INHERITED),
        None => {
            let last = before.iter().filter(|f| f.cue.start < cue.start);
            let inherited = last
                .clone()
                .rfind(here)
                .and_then(|f| f.actor.clone())
                .or_else(|| {
                    let first = state.speakers.first(doc, rules, sentence.start, cue.start);
                    first.and_then(|s| s.actor.clone())
                })
                .or_else(|| last.clone().next_back().and_then(|f| f.actor.clone()));
            (inherited, INHERITED)
        }
    };
    // `This is in addition to …` carries the kind of the proposal in the sentence before on.
    let (actor, act) = match a.value(fields.act) {
        Some(act) => (actor, rules.word(act).to_owned()),
        None if proposal => {
            let here = doc.sentence_of(cue.start);
            let near = |f: &&Fact| {
                let there = doc.sentence_of(f.cue.start);
                f.proposal && there + 3 >= here && doc.sentences()[there].block == sentence.block
            };
            let last = before.iter().rev().find(near)?;
            (last.actor.clone(), last.act.clone())
        }
        None => (actor, "state".to_owned()),
    };
    let to = a.all(fields.to).collect();
    let (said, matched) = (cue, a.range);
    let inner = a.value(fields.k) == Some(fields.quoted);
    Some(Fact { proposal, actor, act, cue, said, matched, text, to, direct, inner, confidence, rule: a.rule })
}

/// Who speaks in `residents are urged to`: whoever spoke last in the paragraph, else the last body that did, else the
/// first that is named.
fn issuer(doc: &Doc<'_>, state: &State, before: &[Fact], cue: Range) -> Option<Actor> {
    let block = |at: usize| doc.sentences()[doc.sentence_of(at)].block;
    let earlier = || before.iter().rev().filter(|f| f.cue.start < cue.start && f.actor.is_some());
    let body = |f: &&Fact| matches!(f.actor, Some(Actor::Body(_)));
    let here = earlier().find(|f| block(f.cue.start) == block(cue.start) && quotation(doc, f.cue).is_none());
    let spoke = here.or_else(|| earlier().find(body)).and_then(|f| f.actor.clone());
    let first = |n: &usize| state.bodies[*n].mentions.iter().map(|(r, _)| r.start).min();
    spoke.or_else(|| (0..state.bodies.len()).min_by_key(first).map(Actor::Body))
}

/// The quotation in which a stretch lies.
fn quotation(doc: &Doc<'_>, range: Range) -> Option<Range> {
    let around = doc.tokens().quotations().iter().find(|q| q.open < range.start && q.close >= range.end);
    around.map(|q| Range::new(q.open + 1, q.close + usize::from(!q.closed)))
}

/// A proposal in a quotation is its speaker's, and stands where its sentence is nothing else; the quotation is split
/// around it.
fn proposals_in_quotations(passages: &Passages<'_, '_>, facts: Vec<Fact>) -> Vec<Fact> {
    let doc = passages.doc;
    let spoken: Vec<Range> = facts.iter().filter(|f| !f.proposal && f.direct).map(|f| f.text).collect();
    let inner = |f: &Fact| {
        f.proposal
            && (f.inner || quotation(doc, f.cue).is_some() || spoken.iter().any(|s| s.contains(&f.matched)))
    };
    let (quoted, mut facts): (Vec<Fact>, Vec<Fact>) = facts.into_iter().partition(inner);
    for mut proposal in quoted {
        // The passage goes no further than the quotation.
        if let Some(quote) = quotation(doc, proposal.cue).filter(|q| proposal.text.end > q.end) {
            let within =
                passages.trimmed(Range::new(proposal.text.start, quote.end.max(proposal.text.start)));
            let Some((text, _)) = within else { continue };
            proposal.text = text;
        }
        let stop = |at: usize| matches!(doc.word(at), "." | "!" | "?");
        let around = facts.iter().position(|f| !f.proposal && f.direct && f.text.contains(&proposal.text));
        let Some(around) = around else { continue };
        let quote = quotation(doc, proposal.cue).unwrap_or(facts[around].text);
        let reach =
            Range::new(proposal.text.start.min(proposal.cue.start), proposal.text.end.max(proposal.cue.end));
        let start = (quote.start..reach.start).rev().find(|at| stop(*at)).map_or(quote.start, |at| at + 1);
        let end = (reach.end..quote.end).find(|at| stop(*at)).unwrap_or(quote.end);
        let whole = reach.start <= start + LEAD && reach.end + 1 >= end;
        if !whole {
            continue;
        }
        let statement = facts.remove(around);
        proposal.actor = statement.actor.clone();
        proposal.direct = true;
        proposal.said = statement.cue;
        for part in [Range::new(statement.text.start, start), Range::new(end, statement.text.end)] {
            if part.len() > 1
                && let Some((text, _)) = passages.trimmed(part)
            {
                facts.push(Fact { text, ..statement.clone() });
            }
        }
        facts.push(proposal);
    }
    facts
}

/// A statement whose cue lies in the passage of another fact is part of that passage; of two facts with the same
/// passage the proposal stays.
fn unnested(facts: Vec<Fact>) -> Vec<Fact> {
    let near = Near::of(&facts);
    let keep: Vec<bool> = facts
        .iter()
        .enumerate()
        .map(|(n, fact)| {
            !near.touching(&facts, fact.cue, fact.text).any(|(m, other)| {
                let inside = other.text.contains(&fact.cue)
                    && other.text != fact.text
                    && (other.text.len() > fact.text.len() || n > m);
                let twin = other.text == fact.text
                    && ((other.proposal && !fact.proposal) || (other.proposal == fact.proposal && m < n));
                m != n && (twin || (inside && (other.proposal || !fact.proposal)))
            })
        })
        .collect();
    let mut keep = keep.into_iter();
    let facts: Vec<Fact> = facts.into_iter().filter(|_| keep.next().unwrap_or(true)).collect();
    let near = Near::of(&facts);
    // A statement whose verb of speaking brings a proposal in is that proposal.
    let swallowed: Vec<bool> = facts
        .iter()
        .map(|f| {
            let takes = |p: &&Fact| {
                p.proposal
                    && f.text.contains(&p.text)
                    && (p.text.len() * 2 >= f.text.len()
                        || (p.matched.contains(&f.cue) && p.text.end + 1 >= f.text.end && !f.direct))
            };
            !f.proposal && near.touching(&facts, f.cue, f.text).any(|(_, p)| takes(&p))
        })
        .collect();
    let mut swallowed = swallowed.into_iter();
    facts.into_iter().filter(|_| !swallowed.next().unwrap_or(false)).collect()
}

/// Quotations of some length that no fact covers: the speaker and cue are those of the nearest fact before, in the
/// same or the last paragraph, else after.
fn lone_quotations(doc: &Doc<'_>, state: &State, facts: &mut Vec<Fact>) {
    let mut added: Vec<Fact> = Vec::new();
    for quote in doc.tokens().quotations() {
        let inner = Range::new(quote.open + 1, quote.close + usize::from(!quote.closed));
        let around =
            |f: &Fact| !inner.contains(&f.cue) && (f.text.overlaps(&inner) || f.said.overlaps(&inner));
        if inner.len() < TERM || facts.iter().any(around) {
            continue;
        }
        // A quotation inside a sentence is a term or a name; a lone one begins its sentence.
        let sentence = doc.sentences()[doc.sentence_of(quote.open)];
        if quote.open != sentence.start || inner.end + 3 < sentence.end {
            continue;
        }
        let signed = signature(doc, state, quote.open);
        let Some(near) = signed.or_else(|| nearest(doc, facts, quote.open, sentence.block)) else { continue };
        let mut end = inner.end;
        while end > inner.start && matches!(doc.word(end - 1), "." | "," | "!" | "?") {
            end -= 1;
        }
        let text = Range::new(inner.start, end);
        added.push(Fact { proposal: false, text, to: Vec::new(), direct: true, confidence: ALONE, ..near });
    }
    facts.extend(added);
}

/// Who says a quotation that has a paragraph of its own: the name on a line right after it (`– Ms Ray, Minister`), or on
/// a line before it that ends in a colon (`Quotes attributable to Ms Ray:`).
fn signature(doc: &Doc<'_>, state: &State, open: usize) -> Option<Fact> {
    let sentences = doc.sentences();
    let here = doc.sentence_of(open);
    let block = |n: usize| sentences.get(n).map(|s| s.block);
    // A sentence that is all of its paragraph.
    let line = |n: usize| {
        let alone = block(n) != block(n + 1) && n.checked_sub(1).is_none_or(|p| block(p) != block(n));
        sentences.get(n).filter(|_| alone).map(|s| Range::new(s.start, s.end))
    };
    let after = line(here + 1).filter(|l| {
        let marked = matches!(doc.word(l.start), "–" | "—" | "-" | "―" | "~" | "•");
        let stopped = matches!(doc.word(l.end - 1), "." | ":" | "!" | "?" | "”");
        l.len() <= SIGNED
            && !stopped
            && (marked || !doc.tokens().quotations().iter().any(|q| l.contains(&Range::new(q.open, q.close))))
    });
    let before = || {
        let line = here.checked_sub(1).and_then(line)?;
        (doc.word(line.end - 1) == ":" && line.len() <= SIGNED).then_some(line)
    };
    let named = |l: &Range, at: usize| {
        state
            .speakers
            .all
            .iter()
            .find(|s| s.range.start <= l.start + at && l.contains(&s.range) && s.speaks())
    };
    let signer = after.and_then(|l| named(&l, 2)).or_else(|| before().and_then(|l| named(&l, SIGNED)))?;
    let cue = signer.range;
    Some(Fact {
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
        confidence: ALONE,
        rule: None,
    })
}

/// The nearest fact before a quotation, in the same or the last paragraphs, else after it.
fn nearest(doc: &Doc<'_>, facts: &[Fact], open: usize, block: usize) -> Option<Fact> {
    let of = |f: &&Fact| doc.sentences()[doc.sentence_of(f.said.start)].block;
    let voiced = || facts.iter().filter(|f| quotation(doc, f.said).is_none());
    let before = voiced().filter(|f| f.said.start < open && of(f) + 2 >= block).max_by_key(|f| f.said.start);
    let after = voiced().filter(|f| f.said.start > open && of(f) <= block + 1).min_by_key(|f| f.said.start);
    let near = before.or(after)?;
    let act = if near.proposal { "state".into() } else { near.act.clone() };
    Some(Fact { act, cue: near.said, matched: near.said, ..near.clone() })
}

#[cfg(test)]
mod tests {
    use chancery_record::Release;
    use chancery_rules::{RuleFile, RuleSet};

    const LAYERS: &str =
        "layers = ['names', 'bodies', 'step:bodies', 'step:people', 'subjects', 'step:subjects', 'facts']";
    const RULES: &str = r#"
        [[list]]
        id = "doc-preposition"
        words = ["of", "by"]
        [[list]]
        id = "doc-article"
        words = ["the", "a"]
        [[list]]
        id = "doc-speech"
        words = ["said", "urge", "met"]
        [[list]]
        id = "doc-self"
        words = ["we"]
        [[list]]
        id = "pronoun"
        words = ["she", "they"]
        [[list]]
        id = "collective"
        words = ["delegates", "Committee", "report"]
        data = { kind = "people" }
        [[rule]]
        id = "mr"
        layer = "names"
        finds = "person"
        when = 'Ms name:([Cap]+)'
        spans = "name"
        say = "A name."
        yes = ["Ms Ray left."]
        [[rule]]
        id = "person"
        layer = "subjects"
        finds = "sub"
        when = 'Ms who:{person}'
        say = "A person."
        yes = ["Ms Ray left."]
        [[rule]]
        id = "she"
        layer = "subjects"
        finds = "sub"
        when = 'who:she'
        set = { pronoun = "he" }
        say = "A pronoun."
        yes = ["she left."]
        [[rule]]
        id = "they"
        layer = "subjects"
        finds = "sub"
        when = 'who:they'
        set = { pronoun = "they" }
        say = "A pronoun."
        yes = ["they left."]
        [[rule]]
        id = "group"
        layer = "subjects"
        finds = "sub"
        when = 'who:(the? {collective})'
        set = { k = "collective", what = "people" }
        say = "A group."
        yes = ["The delegates left."]
        [[rule]]
        id = "said"
        layer = "facts"
        finds = "statement"
        when = 'sub:{sub} ("," Ms {person} ",")? cue:said !":" text:((!{quote} [any])+)'
        claims = ["cue"]
        say = "Said."
        yes = ["Ms Ray said it works."]
        [[rule]]
        id = "after"
        layer = "facts"
        finds = "statement"
        when = '(text:{quote} | text:([any]+) ",") cue:said sub:{sub}'
        claims = ["cue"]
        say = "Said after."
        yes = ["It works, said Ms Ray."]
        [[rule]]
        id = "block"
        layer = "facts"
        finds = "statement"
        when = 'sub:{sub} cue:said ":" $'
        claims = ["cue"]
        passage = "next-block"
        say = "A block."
        yes = ["Ms Ray said:"]
        [[rule]]
        id = "list"
        layer = "facts"
        finds = "proposal"
        when = 'sub:{sub} cue:asks ":" $'
        set = { act = "call" }
        claims = ["cue"]
        passage = "next-list"
        say = "A list."
        yes = ["The Committee asks:"]
        [[rule]]
        id = "urge"
        layer = "facts"
        finds = "proposal"
        when = 'cue:urge text:((!"." [any])+)'
        set = { act = "call" }
        claims = ["cue"]
        say = "Urge."
        yes = ["We urge all to act."]
    "#;

    /// The facts of a text, one a line: who, and what.
    fn check(text: &str, wanted: &[(&str, &str)]) {
        let file = |path: &str, text: &str| RuleFile { path: path.into(), text: text.into() };
        let rules = RuleSet::compile("en", &[file("en/layers.toml", LAYERS), file("en/a.toml", RULES)])
            .unwrap_or_else(|e| panic!("{e}"));
        let record = crate::extract(&Release { text: text.into(), ..Release::default() }, &rules, "test");
        let said = record.statements.iter().map(|s| (s.span, s.speaker.clone(), s.text.clone()));
        let proposed = record.proposals.iter().map(|p| (p.span, p.proposer.clone(), p.text.clone()));
        let mut found: Vec<_> = said.chain(proposed).collect();
        found.sort();
        let found: Vec<(String, String)> =
            found.into_iter().map(|(_, who, text)| (who.unwrap_or_default(), text)).collect();
        let wanted: Vec<(String, String)> =
            wanted.iter().map(|(who, text)| ((*who).to_owned(), (*text).to_owned())).collect();
        assert_eq!(found, wanted, "{text}");
    }

    #[test]
    fn the_head_of_a_noun_phrase_speaks() {
        check("Ms Ray of the Committee said it works.", &[("Ray", "it works")]);
        check("The Committee, Ms Ray, said it works.", &[("Ray", "it works")]);
    }

    #[test]
    fn pronouns_take_up_who_acted() {
        check("Ms Ray met Ms Lim. Then she said it works.", &[("Ray", "it works")]);
        check("The delegates met Ms Lim. Then they said it works.", &[("The delegates", "it works")]);
    }

    #[test]
    fn passages_may_stand_outside_their_sentence() {
        check(
            "Ms Ray said:\n\nIt works.\n\nNow we wait.\n\nNothing else.",
            &[("Ray", "It works.\n\nNow we wait")],
        );
        check(
            "The Committee asks:\n\nmend the roads;\n\nclose the mine.\n\nHeading",
            &[("The Committee", "mend the roads"), ("The Committee", "close the mine")],
        );
        check("– It works. It is good, said Ms Ray.", &[("Ray", "It works. It is good")]);
    }

    #[test]
    fn a_proposal_in_a_quotation_is_its_speakers() {
        check(
            "“It works. We urge all to act. Good,” said Ms Ray.",
            &[("Ray", "It works"), ("Ray", "all to act"), ("Ray", "Good")],
        );
    }
}
