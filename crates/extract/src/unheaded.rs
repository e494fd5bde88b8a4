//! Noun phrases before a verb whose head no rule takes for a speaker: `the signing of the treaty with Norway underscores`.

use chancery_rules::{Doc, List, Range};
use chancery_text::Shape;

use crate::fields::{Fields, entry};
use crate::subjects::Subject;

/// So many articles stand before a noun at most; no phrase has more tokens before it.
const ARTICLES: usize = 2;
const PHRASE: usize = 24;

/// Whether a noun phrase, with its articles, begins its sentence or clause.
pub(crate) fn opens(doc: &Doc<'_>, fields: &Fields<'_>, phrase: Range) -> bool {
    let lists = &fields.lists;
    let sentence = doc.sentences()[doc.sentence_of(phrase.start)];
    let from = phrase.start.saturating_sub(ARTICLES).max(sentence.start);
    let article = |at: &usize| doc.begins(&[lists.article, lists.doc_article], *at);
    let start = (from..phrase.start).rev().take_while(article).last().unwrap_or(phrase.start);
    let before = start.checked_sub(1).filter(|at| *at >= sentence.start);
    before.is_none_or(|at| doc.tokens()[at].shape.has(Shape::PUNCT) || doc.begins(&[lists.that], at))
}

/// The whole noun phrase at whose end this subject stands, behind a preposition, right before the verb at `cue`.
pub(crate) fn unheaded(doc: &Doc<'_>, fields: &Fields<'_>, subject: &Subject, cue: Range) -> Option<Range> {
    let lists = &fields.lists;
    let sentence = doc.sentences()[doc.sentence_of(cue.start)];
    let shape = |at: usize| doc.tokens()[at].shape;
    let begins = |of: &[List], at: usize| doc.begins(of, at);
    let clause = [lists.human, lists.that, lists.and];
    let small = |at: usize| shape(at).has(Shape::LOWER) && !begins(&clause, at);
    if subject.free
        || subject.titled
        || subject.range.end > cue.start
        || !(subject.range.end..cue.start).all(small)
    {
        return None;
    }
    let article = |at: &usize| begins(&[lists.article, lists.doc_article], *at);
    let first = subject.range.start;
    let articles = (first.saturating_sub(ARTICLES)..first).rev().take_while(article).last();
    let governed = articles.unwrap_or(first);
    let preposition = governed.checked_sub(1)?;
    if entry(doc, fields, lists.preposition, preposition) != Some(governed) {
        return None;
    }
    let verbs = [lists.speech, lists.act, lists.deed, lists.stand, lists.propose];
    let from = preposition.saturating_sub(PHRASE).max(sentence.start);
    // After an article it is a noun: `the signing of`.
    let verb = |at: usize| begins(&verbs, at) && !(at > sentence.start && article(&(at - 1)));
    let inside = |at: &usize| {
        let word = shape(*at).has(Shape::WORD) || shape(*at).has(Shape::POSS);
        word && !verb(*at) && !begins(&clause, *at)
    };
    let start = (from..preposition).rev().take_while(inside).last()?;
    let before = start.checked_sub(1).filter(|at| *at >= sentence.start);
    let whole = before.is_none_or(|at| shape(at).has(Shape::PUNCT) || begins(&[lists.that], at));
    (whole && !begins(&[lists.preposition], start)).then_some(Range::new(start, subject.range.end))
}
