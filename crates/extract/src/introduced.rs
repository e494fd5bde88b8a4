//! Paragraphs after a line that says whose they are: `Ada Ray, Director of the Board:`, then what she says without marks.

use chancery_rules::Range;

use crate::State;
use crate::facts::Fact;
use crate::passages::Passages;
use crate::quotations::signature;

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
