//! Whom a pronoun or one word of a name takes up where a post is told of them.

use chancery_rules::{Doc, Range, Symbol};
use rustc_hash::FxHashMap;

use crate::fields::{Fields, told};
use crate::pairing::Reader;

/// Whom a pronoun means is named so many sentences before it at most.
const NEAR: usize = 3;
/// The pronoun that is the subject of a sentence stands among so many tokens: `Earlier, she`.
const SUBJECT: usize = 4;
/// A form of address stands so many tokens before the name.
const ADDRESS: usize = 3;

/// The names of persons by their last and their first word, in order.
#[derive(Default)]
pub(crate) struct Called<'t> {
    last: FxHashMap<&'t str, Vec<Range>>,
    first: FxHashMap<&'t str, Vec<Range>>,
}

impl<'t> Called<'t> {
    fn of(fields: &Fields<'_>, doc: &Doc<'t>) -> Self {
        let mut called = Self::default();
        for (_, a) in doc.of_kind(fields.person).into_iter().filter(|(_, a)| a.range.len() > 1) {
            called.last.entry(doc.word(a.range.end - 1)).or_default().push(a.range);
            called.first.entry(doc.word(a.range.start)).or_default().push(a.range);
        }
        called
    }

    /// The last name before a token that ends in a word; else the one that begins with it, where only one does.
    fn before(&self, doc: &Doc<'_>, word: &str, at: usize) -> Option<Range> {
        let last = |names: &[Range]| {
            names.partition_point(|name| name.end <= at).checked_sub(1).map(|last| names[last])
        };
        if let Some(names) = self.last.get(word) {
            return last(names);
        }
        let names = self.first.get(word)?;
        let same = |name: &Range| doc.word(name.end - 1) == doc.word(names[0].end - 1);
        last(names).filter(|_| names.iter().all(same))
    }
}

impl Reader<'_, '_> {
    /// Whom one word of a name takes up: the last person before whose name ends so, else the only one whose name begins so.
    pub(crate) fn called(&self, word: Range) -> Option<Range> {
        let called = self.called.get_or_init(|| Called::of(self.fields, self.doc));
        called.before(self.doc, self.doc.word(word.start), word.start)
    }

    /// Whom a pronoun at `at` takes up: the first person of the nearest earlier sentence that names one whom it may mean.
    /// A sentence that the same pronoun begins names others.
    pub(crate) fn person_before(&self, at: usize) -> Option<Range> {
        let gender = self.pronoun(at);
        let here = self.doc.sentence_of(at);
        let near = (here.saturating_sub(NEAR)..here).rev();
        near.filter(|n| gender.is_none() || !self.begins_with(*n, gender)).find_map(|n| {
            let sentence = self.doc.sentences()[n];
            let names = (sentence.start..sentence.end).flat_map(|t| self.doc.starting(t));
            let mut names = names.filter(|(_, a)| a.kind == self.fields.person).map(|(_, a)| a.range);
            names.find(|name| !self.is_other(*name, gender))
        })
    }

    /// What the pronoun at a token tells of whom it means.
    fn pronoun(&self, at: usize) -> Option<Symbol> {
        told(self.doc, self.fields, &[self.fields.lists.pronoun], at)
    }

    /// Whether a pronoun of this gender is the subject with which a sentence begins, after a word and a comma at most.
    fn begins_with(&self, sentence: usize, gender: Option<Symbol>) -> bool {
        let sentence = self.doc.sentences()[sentence];
        let person = |at: usize| self.doc.starting(at).any(|(_, a)| a.kind == self.fields.person);
        let near = sentence.start..sentence.end.min(sentence.start + SUBJECT);
        let mut near = near.take_while(|at| !person(*at));
        near.any(|at| self.pronoun(at) == gender && self.doc.begins(&[self.fields.lists.pronoun], at))
    }

    /// Whether the form of address before a name tells that a pronoun of this gender does not mean it.
    fn is_other(&self, name: Range, gender: Option<Symbol>) -> bool {
        let lists = &self.fields.lists;
        let address = (name.start.saturating_sub(ADDRESS)..name.start)
            .rev()
            .take_while(|at| self.doc.begins(&[lists.hon], *at) || self.doc.word(*at) == ".")
            .find_map(|at| told(self.doc, self.fields, &[lists.gender, lists.gender_f], at));
        gender.is_some() && address.is_some_and(|address| Some(address) != gender)
    }
}
