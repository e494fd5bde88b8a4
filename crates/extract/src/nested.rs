//! What lies in what: a statement in the passage of another fact, a statement that is nothing but a proposal.

use crate::facts::{Fact, Voice};
use crate::ranges::Ranges;

/// A statement whose cue lies in the passage of another fact is part of that passage; of two facts with the same
/// passage the proposal stays.
pub(crate) fn unnested(facts: Vec<Fact>) -> Vec<Fact> {
    let passages = |facts: &[Fact]| facts.iter().enumerate().map(|(n, f)| (f.text, n)).collect::<Ranges>();
    let texts = passages(&facts);
    let nested = |n: usize, fact: &Fact| {
        let inside = texts.around(fact.cue).into_iter().map(|(_, m)| (m, &facts[m])).any(|(m, other)| {
            other.text != fact.text
                && (other.text.len() > fact.text.len() || n > m)
                && (other.proposal || !fact.proposal)
        });
        let mut around = texts.around(fact.text).into_iter().map(|(_, m)| (m, &facts[m]));
        let twin = |(m, other): (usize, &Fact)| {
            other.text == fact.text
                && ((other.proposal && !fact.proposal) || (other.proposal == fact.proposal && m < n))
        };
        inside || around.any(twin)
    };
    let nested: Vec<bool> = facts.iter().enumerate().map(|(n, fact)| nested(n, fact)).collect();
    let facts = without(facts, nested);
    let texts = passages(&facts);
    // `She said they would ask the Board to wait` is nothing but the proposal.
    let begins = |p: &Fact, f: &Fact| {
        let first = f.cue.end <= f.text.start && p.actor.is_some();
        first && p.who.is_some_and(|who| who.start <= f.text.start + 1 && f.text.contains(&who))
    };
    // A statement whose verb of speaking brings a proposal in is that proposal.
    let swallowed = |f: &Fact| {
        let takes = |p: &Fact| {
            p.proposal
                && (p.text.len() * 2 >= f.text.len()
                    || ((p.matched.contains(&f.cue) || begins(p, f))
                        && p.text.end + 1 >= f.text.end
                        && !f.direct))
        };
        !f.proposal && texts.inside(f.text).any(|(_, n)| takes(&facts[n]))
    };
    let swallowed: Vec<bool> = facts.iter().map(swallowed).collect();
    let mut facts = facts;
    for n in (0..facts.len()).filter(|n| swallowed[*n]) {
        // `They` who would ask are whoever says so.
        let asks = |m: &usize| {
            let p = &facts[*m];
            p.proposal && p.voice == Voice::Anybody && begins(p, &facts[n])
        };
        if let Some(m) = texts.inside(facts[n].text).map(|(_, m)| m).find(asks) {
            facts[m].actor = facts[n].actor.clone();
        }
    }
    without(facts, swallowed)
}

/// The facts that are not `gone`.
fn without(facts: Vec<Fact>, gone: Vec<bool>) -> Vec<Fact> {
    facts.into_iter().zip(gone).filter(|(_, gone)| !gone).map(|(fact, _)| fact).collect()
}
