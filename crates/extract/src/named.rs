//! Bodies by the words of their names: which one a head noun alone means.

use chancery_rules::{Doc, Range};
use chancery_text::fold;
use rustc_hash::FxHashMap;

use crate::fields::Fields;

/// The bodies of a document in order, and which of them hold a word.
#[derive(Default)]
pub(crate) struct Named {
    all: Vec<Range>,
    /// The greatest end of each body and those before it.
    ends: Vec<usize>,
    holding: FxHashMap<String, Vec<usize>>,
}

impl Named {
    pub(crate) fn of(fields: &Fields<'_>, doc: &Doc<'_>) -> Self {
        let bodies = doc.of_kind(fields.organization).into_iter();
        let all = bodies.map(|(_, body)| body.range).collect();
        let mut named = Self { all, ..Self::default() };
        let mut end = 0;
        for (n, body) in named.all.iter().enumerate() {
            end = body.end.max(end);
            named.ends.push(end);
            for at in body.start..body.end {
                named.holding.entry(fold(doc.word(at))).or_default().push(n);
            }
        }
        named
    }

    /// The last body with this word that ends before a token, as all before it do.
    pub(crate) fn last(&self, word: &str, before: usize) -> Option<Range> {
        let ended = self.ends.partition_point(|end| *end <= before);
        let holding = self.holding.get(word)?;
        let last = holding.partition_point(|n| *n < ended).checked_sub(1)?;
        Some(self.all[holding[last]])
    }

    /// The body with this word, where all with it are called the same.
    pub(crate) fn only<'t>(&self, word: &str, called: impl Fn(Range) -> &'t str) -> Option<Range> {
        let (first, rest) = self.holding.get(word)?.split_first()?;
        let same = |n: &usize| called(self.all[*n]) == called(self.all[*first]);
        rest.iter().all(same).then_some(self.all[*first])
    }
}
