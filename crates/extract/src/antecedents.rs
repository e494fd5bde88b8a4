//! Whom a clause takes up that stands between a noun phrase and its verb: `a review by Lord Ray, a former judge, who found`,
//! `Ms Ray met Mr Lim by the sea, thanked`.

use chancery_rules::{Doc, Range};
use chancery_text::Shape;

use crate::fields::Fields;
use crate::subjects::{LINK, Subject, Subjects};

impl Subjects {
    /// Who does something to the one at `n` before a comma and the verb at `cue`: `Ms Ray met Mr Lim by the sea, thanked`.
    pub(crate) fn doer(&self, doc: &Doc<'_>, fields: &Fields<'_>, n: usize, cue: Range) -> Option<&Subject> {
        let (found, lists) = (&self.all[n], &fields.lists);
        let comma = cue.start.checked_sub(1).filter(|at| doc.word(*at) == "," && *at >= found.range.end)?;
        let verb = found.range.start.checked_sub(1)?;
        let deed = doc.begins(&[lists.speech, lists.deed], verb);
        let plain = |at: usize| doc.tokens()[at].shape.has(Shape::LOWER) && !doc.begins(&[lists.human], at);
        if !deed || !found.person() || !(found.range.end..comma).all(plain) {
            return None;
        }
        let sentence = doc.sentences()[doc.sentence_of(verb)].start;
        let before = self.all[n.saturating_sub(3)..n].iter().rev();
        let near = |s: &&Subject| s.range.end <= verb && (s.range.end..verb).all(plain);
        before.take_while(|s| s.range.start >= sentence).find(near).filter(|s| s.free)
    }

    /// The person that `who` after the noun phrase at `n` takes up: itself, or the one whose apposition it is.
    pub(crate) fn antecedent(&self, doc: &Doc<'_>, n: usize) -> Option<usize> {
        let near = |m: &usize| self.all[*m].range.end + LINK >= self.all[n].range.start;
        let before = (n.saturating_sub(3)..n).rev().filter(near);
        let named = |m: &usize| self.all[*m].named() && doc.word(self.all[*m].range.end) == ",";
        if self.all[n].person() { Some(n) } else { before.into_iter().find(named) }
    }

    /// What `which` after the person at `n` takes up: the body or thing of whose apposition they are part.
    pub(crate) fn thing(&self, doc: &Doc<'_>, n: usize) -> Option<usize> {
        let near = |m: &usize| self.all[*m].range.end + LINK >= self.all[n].range.start;
        let before = (n.saturating_sub(3)..n).rev().filter(near);
        let thing = |m: &usize| !self.all[*m].person() && doc.word(self.all[*m].range.end) == ",";
        if self.all[n].person() { before.into_iter().find(thing) } else { None }
    }
}
