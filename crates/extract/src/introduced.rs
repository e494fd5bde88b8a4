//! Paragraphs beside a line that says whose they are: `Ada Ray, Director of the Board:`, then what she says without marks;
//! or what she says, then `Director of the Board Ada Ray`.

use chancery_rules::Range;

use crate::State;
use crate::facts::Fact;
use crate::passages::Passages;
use crate::quotations::signature;
use crate::ranges::Ranges;
use crate::subjects::{Actor, Subject};

/// So near to the beginning of a line stands who speaks: a form of address may come first.
const FIRST: usize = 2;

/// Adds what stands after lines that name a person before a colon, if it speaks in the first person and nobody was heard
/// there.
pub(crate) fn introduced(passages: &Passages<'_, '_>, state: &State, facts: &mut Vec<Fact>) {
    let Passages { doc, .. } = *passages;
    let mut added: Vec<Fact> = Vec::new();
    for line in doc.sentences().iter().filter(|s| doc.word(s.end - 1) == ":") {
        let whole = Range::new(line.start, line.end);
        if passages.block(line.block) != Some(whole) || !passages.introduces(whole) {
            continue;
        }
        let near = state.speakers.from(line.start).iter().take_while(|s| s.range.start <= line.start + FIRST);
        let Some(who) = near.into_iter().find(|s| s.named()) else { continue };
        let next = passages.block(line.block + 1).filter(|next| {
            let quotes = doc.tokens().quotations();
            let quoted = quotes.binary_search_by_key(&next.start, |q| q.open).is_ok();
            let heard = |f: &Fact| whole.contains(&f.cue) || f.text.overlaps(next);
            !quoted && passages.is_ours(*next) && !facts.iter().any(heard)
        });
        if next.is_none() {
            continue;
        }
        for text in passages.next_block(Some(who.range), line.block + 1) {
            if let Some((text, _)) = passages.trimmed(text) {
                added.push(Fact { text, ..signature(who) });
            }
        }
    }
    facts.extend(added);
}

/// Adds paragraphs without marks in the first person, of whoever stands alone on the line after them, if nobody by name was
/// heard there. What speaks so from its first paragraph, as a letter does, is no release with words of others in it.
pub(crate) fn signed(passages: &Passages<'_, '_>, state: &State, facts: &mut Vec<Fact>) {
    let heard: Ranges = facts.iter().enumerate().map(|(n, fact)| (fact.text, n)).collect();
    let named = |n: usize| matches!(facts[n].actor, Some(Actor::Person(_) | Actor::Body(_)));
    let anonymous = |text: &Range| heard.touching(*text).iter().all(|(_, n)| !named(*n));
    let signed: Vec<(&Subject, Range)> = passages
        .doc
        .sentences()
        .iter()
        .filter_map(|line| signing(passages, state, Range::new(line.start, line.end), line.block))
        .filter(|(_, text)| anonymous(text))
        .collect();
    if signed.is_empty() {
        return;
    }
    // What `I` or `we` say there is part of it; what they propose is told by whoever signs.
    let texts: Ranges = signed.iter().enumerate().map(|(n, (_, text))| (*text, n)).collect();
    let within = |fact: &Fact| texts.touching(fact.text).first().map(|(_, n)| signed[*n].0);
    facts.retain(|fact| fact.proposal || within(fact).is_none());
    for fact in facts.iter_mut() {
        if let Some(who) = within(fact) {
            fact.actor.clone_from(&who.actor);
        }
    }
    facts.extend(signed.iter().map(|(who, text)| Fact { text: *text, ..signature(who) }));
}

/// Who signs with a line, and the paragraph before it that they sign. One of many names below each other signs nothing.
fn signing<'s>(
    passages: &Passages<'_, '_>,
    state: &'s State,
    line: Range,
    block: usize,
) -> Option<(&'s Subject, Range)> {
    let who = signer(passages, state, line, block)?;
    let next = passages.block(block + 1);
    if next.is_some_and(|next| signer(passages, state, next, block + 1).is_some()) {
        return None;
    }
    Some((who, unsigned(passages, block.checked_sub(1)?)?))
}

/// The person who is all of a paragraph, perhaps with a post behind a comma.
fn signer<'s>(
    passages: &Passages<'_, '_>,
    state: &'s State,
    line: Range,
    block: usize,
) -> Option<&'s Subject> {
    let doc = passages.doc;
    let stopped = matches!(doc.word(line.end - 1), "." | ":" | "!" | "?" | "”");
    if stopped || passages.block(block) != Some(line) {
        return None;
    }
    let near = state.speakers.from(line.start).iter().take_while(|s| s.range.start <= line.start);
    let who = near.into_iter().find(|s| s.named())?;
    (who.range.end == line.end || doc.word(who.range.end) == ",").then_some(who)
}

/// The words of a paragraph in the first person without marks, before which another stands that is not.
fn unsigned(passages: &Passages<'_, '_>, block: usize) -> Option<Range> {
    let doc = passages.doc;
    let own = passages.block(block).filter(|own| passages.is_ours(*own))?;
    let before = passages.block(block.checked_sub(1)?)?;
    let quotes = doc.tokens().quotations();
    let quoted =
        quotes.get(quotes.partition_point(|q| q.close < own.start)).is_some_and(|q| q.open < own.end);
    let ends = matches!(doc.word(own.end - 1), "." | "!");
    (ends && !quoted && !passages.is_ours(before))
        .then(|| passages.trimmed(own))
        .flatten()
        .map(|(text, _)| text)
}
