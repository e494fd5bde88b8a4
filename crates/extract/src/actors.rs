//! Who acts in a fact: whoever is named beside the verb, else whoever the sentence, the list or the text names; whom a
//! proposal is put to.

use chancery_rules::{Annotation, Doc, Range};
use chancery_text::Shape;

use crate::State;
use crate::bodies::one_line;
use crate::facts::{Fact, Told, Voice};
use crate::fields::Fields;
use crate::heading;
use crate::passages::Passages;
use crate::quotations::quotation;
use crate::subjects::{Actor, Subject};
use crate::unheaded::unheaded;

/// The act of an offer, which somebody may voice for others.
const OFFER: &str = "offer";

/// The act of an order, which somebody above gives: `Officials were instructed to`.
const ORDER: &str = "instruct";

/// The acts of verbs that tell what things show, too.
const SHOWING: [&str; 2] = ["stress", "affirm"];

/// Who acts in a fact.
pub(crate) struct Acting<'s> {
    /// Whoever is named beside the verb.
    pub(crate) subject: Option<&'s Subject>,
    pub(crate) actor: Option<Actor>,
    pub(crate) voice: Voice,
    /// What is said or proposed, without those who say it.
    pub(crate) text: Range,
}

/// Who acts in a match; none if nobody does: `the signing of the treaty with Norway underscores`.
pub(crate) fn acting<'s>(
    passages: &Passages<'_, '_>,
    state: &'s State,
    a: &Annotation,
    mut text: Range,
    told: &Told,
) -> Option<Acting<'s>> {
    let Passages { fields, doc, .. } = *passages;
    let cue = a.capture(fields.cue).unwrap_or(a.range);
    let subject = a.capture(fields.subject).and_then(|range| state.speakers.speaker(doc, fields, range, cue));
    let act = a.value(fields.act).map(|act| fields.rules.word(act));
    let Some(s) = subject else {
        let unsaid = a.value(fields.k) == Some(fields.unsaid);
        let issuer = || (issuer(passages, state, told, cue), Voice::Issuer);
        let above = if unsaid && act == Some(ORDER) { commander(doc, state, told, cue) } else { None };
        let (actor, voice) = match above {
            Some(person) => (Some(person), Voice::Before),
            None if unsaid => issuer(),
            None => unnamed(passages, state, told, cue, text),
        };
        return Some(Acting { subject, actor, voice, text });
    };
    let all = state.speakers.joined(doc, fields, s, cue, text);
    // The first of them are no part of what is said before.
    if let Some(all) = all.filter(|all| text.start < all.start && all.start < text.end) {
        text = passages.trimmed(Range::new(text.start, all.start))?.0;
    }
    let whole = if all.is_none() { unheaded(doc, fields, s, cue) } else { None };
    if whole.is_some() && shows(fields, doc, a, cue) {
        return None;
    }
    let other = if s.pronoun { unaddressed(passages, state, a, s) } else { None };
    let (actor, voice) = match all.or(whole) {
        None if other.is_some() => (other, Voice::Pronoun),
        Some(all) => match state.speakers.from(all.start).first().filter(|one| one.range == all) {
            Some(one) => (one.actor.clone(), one.voice()),
            None => (Some(Actor::Words(one_line(doc.words(all)))), s.voice()),
        },
        None => voiced(passages, told, s, cue, act).unwrap_or_else(|| named(passages, told, s, cue)),
    };
    Some(Acting { subject, actor, voice, text })
}

/// So far before a pronoun who may be meant is looked for.
const NEAR: usize = 3;

/// Whom a pronoun means that seems to be the one whom the proposal is put to: `Ms Ray met Mr Lim. She asked Lim to wait`.
fn unaddressed(
    passages: &Passages<'_, '_>,
    state: &State,
    a: &Annotation,
    subject: &Subject,
) -> Option<Actor> {
    let Passages { fields, doc, .. } = *passages;
    let Some(Actor::Person(n)) = subject.actor else { return None };
    let addressed = |n: usize| {
        a.all(fields.to).any(|to| state.people[n].mentions.iter().any(|(name, _)| to.contains(name)))
    };
    if a.kind != fields.proposal || !addressed(n) {
        return None;
    }
    let sentence = doc.sentence_of(subject.range.start);
    let before = state.speakers.all.iter().rev().skip_while(|s| s.range.start >= subject.range.start);
    let mut near = before.take_while(|s| doc.sentence_of(s.range.start) + NEAR > sentence);
    let other = |s: &&Subject| matches!(s.actor, Some(Actor::Person(m)) if m != n && !addressed(m));
    near.find(|s| s.free && other(s)).and_then(|s| s.actor.clone())
}

/// Whether a verb tells what things show as often as what somebody says: `underscores`, `reaffirms the need`.
fn shows(fields: &Fields<'_>, doc: &Doc<'_>, a: &Annotation, cue: Range) -> bool {
    let lists = &fields.lists;
    let act = a.value(fields.act).map(|act| fields.rules.word(act));
    let stands = doc.begins(&[lists.stand], cue.start) && !doc.begins(&[lists.propose], cue.start);
    act.is_some_and(|act| SHOWING.contains(&act)) || (a.kind == fields.proposal && stands)
}

/// The forms of a verb in the present.
const PRESENT: [&str; 2] = ["s", "base"];
/// So many words stand before a participle that begins a sentence, and before who acts after its comma.
const FRONT: usize = 3;

/// Who is meant by the subject of a verb, and how that is known.
fn named(passages: &Passages<'_, '_>, told: &Told, subject: &Subject, cue: Range) -> (Option<Actor>, Voice) {
    // Speech that goes on after `X said:` and its first paragraphs.
    if subject.first_person && told.block.is_some() {
        return (told.block.clone(), Voice::Before);
    }
    if subject.we
        && let Some(speaker) = in_block(passages, told, cue)
    {
        return (Some(speaker), Voice::Before);
    }
    let one_of_us = || subject.we.then(|| collective(passages, told, cue)).flatten();
    one_of_us().map_or_else(|| (subject.actor.clone(), subject.voice()), |actor| (Some(actor), Voice::Before))
}

/// The person whose unmarked paragraphs after `X said:` a verb stands in.
fn in_block(passages: &Passages<'_, '_>, told: &Told, cue: Range) -> Option<Actor> {
    let block = &told.facts[told.unmarked?];
    if cue.start < block.text.start || block.text.end < cue.end {
        return None;
    }
    let unmarked = quotation(passages.doc, cue).is_none();
    block.actor.clone().filter(|actor| unmarked && matches!(actor, Actor::Person(_)))
}

/// Who voices the offer of a body or country in a clause that goes on: `she said that it works and that the Board is ready
/// to help`; in paragraphs after `she said:`.
fn voiced(
    passages: &Passages<'_, '_>,
    told: &Told,
    subject: &Subject,
    cue: Range,
    act: Option<&str>,
) -> Option<(Option<Actor>, Voice)> {
    let doc = passages.doc;
    let clause =
        subject.range.start.checked_sub(1).is_some_and(|at| doc.begins(&[passages.fields.lists.that], at));
    if act != Some(OFFER) || matches!(subject.actor, Some(Actor::Person(_))) {
        return None;
    }
    if let Some(speaker) = in_block(passages, told, cue) {
        return Some((Some(speaker), Voice::Before));
    }
    if !clause {
        return None;
    }
    let start = doc.sentences()[doc.sentence_of(cue.start)].start;
    let last = told.before(cue.start).checked_sub(1).map(|n| &told.facts[n])?;
    let by_person = last.cue.start >= start && matches!(last.actor, Some(Actor::Person(_)));
    by_person.then(|| (last.actor.clone(), Voice::Clause))
}

/// Who is `we`: the body, country or group that alone speaks before in the same paragraph, in the present as `we` do.
fn collective(passages: &Passages<'_, '_>, told: &Told, cue: Range) -> Option<Actor> {
    let Passages { fields, doc, .. } = *passages;
    if quotation(doc, cue).is_some() {
        return None;
    }
    let sentence = |at: usize| doc.sentences()[doc.sentence_of(at)];
    let before = told.facts[..told.before(cue.start)].iter().rev();
    let here = before.take_while(|f| sentence(f.cue.start).block == sentence(cue.start).block);
    let mut here = here.filter(|f| f.actor.is_some() && !f.direct && !f.inner);
    let last = here.next()?;
    let verbs = [fields.lists.speech, fields.lists.stand, fields.lists.propose];
    let present =
        verbs.iter().flat_map(|list| doc.entries(fields.rules, *list, last.cue.start)).any(|(_, data)| {
            data.iter().any(|(key, form)| *key == fields.form && PRESENT.contains(&fields.rules.word(*form)))
        });
    let own = (sentence(last.cue.start).start..last.cue.start).any(|at| doc.begins(&[fields.lists.we], at));
    let many = match last.voice {
        Voice::Body | Voice::Group => present && !own,
        // Whoever was `we` before.
        Voice::Before => true,
        _ => false,
    };
    let alone = here.all(|f| f.actor == last.actor);
    last.actor.clone().filter(|actor| many && alone && !matches!(actor, Actor::Person(_)))
}

/// Who acts where nobody is named beside the verb: in a list whoever is named above it.
fn unnamed(
    passages: &Passages<'_, '_>,
    state: &State,
    told: &Told,
    cue: Range,
    text: Range,
) -> (Option<Actor>, Voice) {
    let doc = passages.doc;
    let start = doc.sentences()[doc.sentence_of(cue.start)].start;
    let named = listed(doc, state, cue).or_else(|| fronted(doc, state, cue, text));
    let named = named.map(|actor| (Some(actor), Voice::Subject));
    named.unwrap_or_else(|| inherited(passages, state, told, cue, start))
}

/// Who acts in the main clause behind a participle that begins the sentence: `While urging calm, Ms Ray said`.
fn fronted(doc: &Doc<'_>, state: &State, cue: Range, text: Range) -> Option<Actor> {
    let sentence = doc.sentences()[doc.sentence_of(cue.start)];
    let begins = cue.start <= sentence.start + FRONT && cue.end <= text.start && text.end < sentence.end;
    if !begins || doc.word(text.end) != "," {
        return None;
    }
    let main = state.speakers.from(text.end).iter().find(|s| s.free)?;
    let near = main.range.start <= text.end + FRONT && main.range.end < sentence.end;
    main.actor.clone().filter(|_| near)
}

/// Who speaks where nobody is named beside the verb: whoever spoke before in the sentence, else its subject, else whoever
/// spoke last.
fn inherited(
    passages: &Passages<'_, '_>,
    state: &State,
    told: &Told,
    cue: Range,
    start: usize,
) -> (Option<Actor>, Voice) {
    let last = told.before(cue.start).checked_sub(1);
    let here = last.filter(|n| told.facts[*n].cue.start >= start).map(|n| outer(told, n, start, cue));
    let last = last.map(|n| &told.facts[n]);
    // `According to the Board, Ms Ray left, saying`: not the Board says so, but she of whom it tells.
    let heard = here.filter(|f| passages.doc.begins(&[passages.fields.lists.voice], f.cue.start));
    let heard = heard.filter(|f| f.cue.end <= f.text.start).and_then(|f| {
        let told_of = state.speakers.first(passages.doc, passages.fields, f.text.start, cue.start);
        told_of.and_then(|s| s.actor.clone())
    });
    if heard.is_some() {
        return (heard, Voice::Subject);
    }
    let clause = here.and_then(|f| f.actor.clone()).map(|actor| (Some(actor), Voice::Clause));
    let subject = || {
        let Passages { fields, doc, .. } = *passages;
        let first = state.speakers.first(doc, fields, start, cue.start)?;
        let all = state.speakers.together(doc, fields, first, cue.start);
        let all = all.map(|all| Actor::Words(one_line(doc.words(all))));
        all.or_else(|| first.actor.clone()).map(|actor| (Some(actor), Voice::Subject))
    };
    let before = || (last.and_then(|f| f.actor.clone()), Voice::Before);
    clause.or_else(subject).unwrap_or_else(before)
}

/// The fact in whose passage the one at `n` stands, in a sentence that begins at `start`, if that passage has ended
/// before the verb at `cue`: `Ms Ray said that the Board asked for help and proposed a fund`.
fn outer(told: &Told, n: usize, start: usize, cue: Range) -> &Fact {
    let inner = &told.facts[n];
    let before = told.facts[..n].iter().rev().take_while(|f| f.cue.start >= start);
    let around = |f: &&Fact| f.text.contains(&inner.cue) && f.text.end <= cue.start && f.actor.is_some();
    before.filter(around).last().unwrap_or(inner)
}

/// Who acts in the item of a list that begins with the verb at `cue`, with a word before it at most.
fn listed(doc: &Doc<'_>, state: &State, cue: Range) -> Option<Actor> {
    let sentence = doc.sentence_of(cue.start);
    let subject = *state.items.get(&sentence)?;
    let start = doc.sentences()[sentence].start;
    let first = (start..cue.start).filter(|at| doc.tokens()[*at].shape.has(Shape::WORD));
    // A number or letter may stand before the item.
    (first.count() <= 2).then(|| state.speakers.all[subject].actor.clone()).flatten()
}

/// Whom a proposal is put to, without a clause that tells of them (`, who attended,`) and the comma after it.
pub(crate) fn addressee(fields: &Fields<'_>, doc: &Doc<'_>, range: Range) -> Range {
    let clause = |at: &usize| doc.word(*at) == "," && doc.begins(&[fields.lists.human], at + 1);
    let end = (range.start + 1..range.end).find(clause).unwrap_or(range.end);
    let comma = end > range.start + 1 && doc.word(end - 1) == ",";
    Range::new(range.start, end - usize::from(comma))
}

/// Who orders in `Officials were instructed to`: the last person before the sentence, in any paragraph, who spoke or was
/// the subject; nobody whom the sentence itself names, for they are ordered.
fn commander(doc: &Doc<'_>, state: &State, told: &Told, cue: Range) -> Option<Actor> {
    let sentence = doc.sentences()[doc.sentence_of(cue.start)];
    let person = |actor: &Option<Actor>| matches!(actor, Some(Actor::Person(_)));
    let here = state.speakers.from(sentence.start).iter().take_while(|s| s.range.end <= cue.start);
    let ordered: Vec<&Actor> = here.filter_map(|s| s.actor.as_ref()).collect();
    let above = |actor: &Option<Actor>| person(actor) && !actor.iter().any(|a| ordered.contains(&a));
    let mut subjects = state.speakers.all.iter().rev().skip_while(|s| s.range.start >= sentence.start);
    let subject = subjects.find(|s| s.free && above(&s.actor));
    let fact = told.facts[..told.before(sentence.start)].iter().rev().find(|f| above(&f.actor));
    let subject = subject.map(|s| (s.range.start, s.actor.clone()));
    let fact = fact.map(|f| (f.cue.start, f.actor.clone()));
    subject.into_iter().chain(fact).max_by_key(|(at, _)| *at).and_then(|(_, actor)| actor)
}

/// Who speaks in `residents are urged to`: whoever spoke last in the paragraph, else who issues the text, else the last
/// body that spoke, else the first that is named.
fn issuer(passages: &Passages<'_, '_>, state: &State, told: &Told, cue: Range) -> Option<Actor> {
    let doc = passages.doc;
    let block = |at: usize| doc.sentences()[doc.sentence_of(at)].block;
    let last = told.before(cue.start).checked_sub(1);
    let here = |n: usize| Some(&told.facts[n]).filter(|f| block(f.cue.start) == block(cue.start));
    let body = || last.and_then(|n| told.by_body[n]).and_then(here);
    let here = last.and_then(|n| told.open[n]).and_then(here);
    // `We` is rather the body that spoke there.
    let nobody = here.is_some_and(|f| f.voice == Voice::Anybody);
    let here = if nobody { body() } else { here }.and_then(|f| f.actor.clone());
    let issuer = || heading::issuing(passages.fields, doc, state);
    let spoke = || last.and_then(|n| told.by_body[n]).and_then(|n| told.facts[n].actor.clone());
    // Bodies stand in the order of their first mentions.
    let first = || Some(Actor::Body(0)).filter(|_| !state.bodies.is_empty());
    here.or_else(issuer).or_else(spoke).or_else(first)
}
