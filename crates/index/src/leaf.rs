//! The smallest questions, as tantivy's: one [`Pattern`], or one property, looked for in the fields where it can stand.

use std::ops::Bound;

use tantivy::Term;
use tantivy::query::{
    BooleanQuery, ConstScoreQuery, DisjunctionMaxQuery, EmptyQuery, FuzzyTermQuery, Occur, PhraseQuery,
    Query, RangeQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use crate::analysis::{PART_GAP, Stemming};
use crate::bm25f::{Bm25f, Part};
use crate::exact::Exact;
use crate::near::Near;
use crate::pattern::{Pattern, Spelling};
use crate::schema::Fields;

/// What an occurrence is worth, by the field it stands in.
mod weight {
    /// The measure of the others: the words of a passage, or of a text.
    pub(super) const TEXT: f32 = 1.0;
    /// A headline says what a release is about.
    pub(super) const HEADLINE: f32 = 2.0;
    /// A post says who speaks, not what of.
    pub(super) const POST: f32 = 0.4;
    /// Who asks for a name wants that person before those who speak of the person.
    pub(super) const NAMES: f32 = 2.0;
    /// The headline over a fact: no more than a nudge between equal passages.
    pub(super) const CONTEXT: f32 = 0.3;
    /// What a row of words is worth beside the words themselves.
    pub(super) const ROW: f32 = 1.5;
    /// What a word that only begins or is spelt alike is worth.
    pub(super) const VARIANT: f32 = 1.0;
}

/// A passage is the answer itself: so a fact comes before the release that it stands in.
const FACT: f32 = 2.0;

/// How far apart the words of one body may lie, summed: less than [`PART_GAP`], and what tantivy's 8-bit slop can hold.
const BODY_SLOP: u32 = 250;
const _: () = assert!((BODY_SLOP as usize) < PART_GAP);

pub(crate) type Leaf = Box<dyn Query>;

/// Where words are looked for, and how they become stems.
#[derive(Clone, Copy)]
pub(crate) struct Leaves<'a> {
    pub(crate) fields: &'a Fields,
    pub(crate) stemmings: &'a [Stemming],
}

impl Leaves<'_> {
    /// What matches `pattern`: in the passage or text, the headline of a release, the posts or the names of a speaker.
    pub(crate) fn pattern(&self, pattern: &Pattern) -> Leaf {
        match pattern {
            Pattern::Stem(word) => self.word(word, 1.0),
            Pattern::Row(words) => self.row(words),
            Pattern::Near(words, between) => self.near(words, *between),
            Pattern::Prefix(start) => self.prefix(start),
            Pattern::Fuzzy(spelling) => self.fuzzy(spelling),
            Pattern::Any(words) => either(words.iter().map(|word| self.as_it_stands(word))),
        }
    }

    /// A word in any form, in any field, weighed by BM25F.
    pub(crate) fn word(&self, folded: &str, boost: f32) -> Leaf {
        let fields = self.fields;
        let mut parts = vec![Part {
            term: Term::from_field_text(fields.names, folded),
            weight: weight::NAMES,
            lift: FACT,
            has_lengths: false,
            finds: true,
        }];
        for stemming in self.stemmings {
            let stem = stemming.stem(folded);
            let mut part = |field, weight, lift, has_lengths, finds| {
                let term = Term::from_field_text(field, &stem);
                parts.push(Part { term, weight, lift, has_lengths, finds });
            };
            part(fields.passage, weight::TEXT, FACT, true, true);
            part(fields.stem_text, weight::TEXT, 1.0, true, true);
            part(fields.headline, weight::HEADLINE, 1.0, true, true);
            part(fields.post, weight::POST, FACT, false, true);
            part(fields.context, weight::CONTEXT, 1.0, true, false);
        }
        Exact::boxed(Bm25f { parts, boost }, 1.0)
    }

    /// A word in any form, in the passage of a fact or the headline of a release.
    pub(crate) fn passage(&self, folded: &str) -> Leaf {
        let mut parts = Vec::new();
        for stemming in self.stemmings {
            let stem = stemming.stem(folded);
            for (field, lift) in [(self.fields.passage, FACT), (self.fields.headline, 1.0)] {
                let term = Term::from_field_text(field, &stem);
                parts.push(Part { term, weight: weight::TEXT, lift, has_lengths: true, finds: true });
            }
        }
        Exact::boxed(Bm25f { parts, boost: 1.0 }, 1.0)
    }

    /// Words one after the other, as they stand; nothing where there are none (all too long to be indexed).
    fn row(&self, words: &[String]) -> Leaf {
        best([row(self.fields.words, words, weight::ROW), row(self.fields.names, words, weight::NAMES)])
    }

    fn near(&self, words: &[String], between: usize) -> Leaf {
        let near = |field| Near { field, words: words.to_vec(), between };
        // The words' own worth orders what is found, as it would without the condition.
        let mut parts: Vec<(Occur, Leaf)> = vec![(
            Occur::Must,
            either([unscored(near(self.fields.words)), unscored(near(self.fields.names))]),
        )];
        parts.extend(words.iter().map(|word| (Occur::Should, self.word(word, 1.0))));
        Box::new(BooleanQuery::new(parts))
    }

    fn prefix(&self, start: &str) -> Leaf {
        let prefix = |field| {
            let term = Term::from_field_text(field, start);
            Exact::boxed(FuzzyTermQuery::new_prefix(term, 0, true), weight::VARIANT)
        };
        self.variant(start, [prefix(self.fields.words), prefix(self.fields.names)])
    }

    fn fuzzy(&self, spelling: &Spelling) -> Leaf {
        let fuzzy = |field| {
            let term = Term::from_field_text(field, &spelling.word);
            Exact::boxed(FuzzyTermQuery::new(term, spelling.distance, true), weight::VARIANT)
        };
        self.variant(&spelling.word, [fuzzy(self.fields.words), fuzzy(self.fields.names)])
    }

    /// One of `variants`; who has the word itself comes before who has only a variant of it.
    fn variant(&self, word: &str, variants: [Leaf; 2]) -> Leaf {
        Box::new(BooleanQuery::new(vec![
            (Occur::Must, best(variants)),
            (Occur::Should, self.as_it_stands(word)),
        ]))
    }

    fn as_it_stands(&self, word: &str) -> Leaf {
        best([
            Exact::boxed(term(self.fields.words, word), weight::TEXT),
            Exact::boxed(term(self.fields.names, word), weight::NAMES),
        ])
    }
}

/// The words one after the other in one field.
pub(crate) fn row(field: Field, words: &[String], boost: f32) -> Leaf {
    match words {
        [] => Box::new(EmptyQuery),
        [word] => Exact::boxed(term(field, word), boost),
        words => {
            let terms = words.iter().map(|word| Term::from_field_text(field, word)).collect();
            Exact::boxed(PhraseQuery::new(terms), boost)
        }
    }
}

/// All words within one part of a field whose parts are names: they lie near each other, other parts lie far off.
pub(crate) fn one_name(field: Field, words: &[String]) -> Leaf {
    match words {
        [] => Box::new(EmptyQuery),
        [word] => unscored(term(field, word)),
        words => {
            let terms = words.iter().map(|word| Term::from_field_text(field, word)).enumerate().collect();
            unscored(PhraseQuery::new_with_offset_and_slop(terms, BODY_SLOP))
        }
    }
}

/// A property, as a whole.
pub(crate) fn property(field: Field, value: &str) -> Leaf {
    unscored(term(field, value))
}

/// A number between two bounds, both within; what has no number lies between none.
pub(crate) fn between(field: Field, least: Option<u64>, most: Option<u64>) -> Leaf {
    let bound = |number| Bound::Included(Term::from_field_u64(field, number));
    unscored(RangeQuery::new(bound(least.unwrap_or(0)), most.map_or(Bound::Unbounded, bound)))
}

/// What matches any of them, worth what the best is worth.
pub(crate) fn best(leaves: impl IntoIterator<Item = Leaf>) -> Leaf {
    Box::new(DisjunctionMaxQuery::new(leaves.into_iter().collect()))
}

/// What matches any of them, worth their sum.
pub(crate) fn either(leaves: impl IntoIterator<Item = Leaf>) -> Leaf {
    Box::new(BooleanQuery::union(leaves.into_iter().collect()))
}

/// What matches all of them.
pub(crate) fn every(leaves: impl IntoIterator<Item = Leaf>) -> Leaf {
    Box::new(BooleanQuery::intersection(leaves.into_iter().collect()))
}

pub(crate) fn unscored(query: impl Query) -> Leaf {
    Box::new(ConstScoreQuery::new(Box::new(query), 0.0))
}

fn term(field: Field, word: &str) -> TermQuery {
    TermQuery::new(Term::from_field_text(field, word), IndexRecordOption::WithFreqs)
}
