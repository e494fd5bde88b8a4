//! What an edit of a release's text gained, lost and altered. Unlike a change of rules it moves everything behind it, so
//! places do not count.

use chancery_record::Record;

use super::facts::{Difference, Fact, altered, facts, take_pairs};

/// Fields that say where or how surely, not what.
const NOT_SAID: [&str; 2] = ["mentions", "confidence"];

/// What `new` says that `old` did not, and the other way round, in the order of the new text.
#[must_use]
pub fn edited(old: &Record, new: &Record) -> Vec<Difference> {
    let (mut before, mut after) = (said(old), said(new));
    take_pairs(&mut before, &mut after, |a, b| {
        a.kind == b.kind && a.words == b.words && a.fields == b.fields
    });
    let mut all = Vec::new();
    // The same words of another speaker; then other words of the same one.
    let alike: [fn(&Fact, &Fact) -> bool; 2] =
        [|a, b| a.words == b.words, |a, b| !a.fields.is_empty() && a.fields == b.fields];
    for alike in alike {
        let pairs = take_pairs(&mut before, &mut after, |a, b| a.kind == b.kind && alike(a, b));
        // The rule that found it is no part of what is said.
        let pair = |(a, b): (Fact, Fact)| altered(&Fact { rule: b.rule.clone(), ..a }, b);
        all.extend(pairs.into_iter().map(|both| Difference::Altered(pair(both))));
    }
    all.extend(before.into_iter().map(Difference::Lost));
    all.extend(after.into_iter().map(Difference::Gained));
    all.sort_by_key(|difference| (difference.fact().span.start, difference.fact().kind));
    all
}

fn said(record: &Record) -> Vec<Fact> {
    let mut all = facts(record);
    for fact in &mut all {
        fact.fields.retain(|(name, _)| !NOT_SAID.contains(name));
    }
    all
}
