//! The smallest questions, as tantivy's: one [`Pattern`], or one property, looked for in the fields where it can stand.

use std::ops::Bound;
use std::sync::Arc;

use tantivy::Term;
use tantivy::query::{
    BooleanQuery, ConstScoreQuery, DisjunctionMaxQuery, EmptyQuery, FuzzyTermQuery, Occur, PhraseQuery,
    Query, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use crate::affixes::beginnings;
use crate::analysis::{PART_GAP, Stemming};
use crate::bag::Bag;
use crate::bm25f::{Bm25f, Holds, Part};
use crate::exact::Exact;
use crate::hit::Kind;
use crate::holders::Holders;
use crate::key::key_term;
use crate::near::Near;
use crate::pattern::{Pattern, Spelling};
use crate::ranking::{RANKING, Worth};
use crate::schema::Fields;
use crate::under::{self, Under};
use crate::wording::{distinct, kind_called};

/// How far apart the words of one name may lie, summed: less than two names do, and what tantivy's 8-bit slop can hold.
const NAME_SLOP: u32 = PART_GAP as u32 - 1;
const _: () = assert!(NAME_SLOP <= u8::MAX as u32);

pub(crate) type Leaf = Box<dyn Query>;

/// Where words are looked for, and how they become stems.
#[derive(Clone, Copy)]
pub(crate) struct Leaves<'a> {
    pub(crate) fields: &'a Fields,
    pub(crate) stemmings: &'a [Stemming],
    pub(crate) bodies: &'a Arc<Holders>,
    pub(crate) releases: &'a Arc<Holders>,
}

impl Leaves<'_> {
    /// What `found` finds, except for bodies.
    pub(crate) fn without_bodies(&self, found: Leaf) -> Leaf {
        match found.downcast::<Bag>() {
            Ok(bag) => Box::new(Bag { without: Some(Arc::clone(self.bodies)), ..*bag }),
            Err(found) => Box::new(BooleanQuery::new(vec![
                (Occur::Must, found),
                (Occur::MustNot, property(self.fields.kind, Kind::Body.as_str())),
            ])),
        }
    }

    /// What matches `pattern`: in the passage or text, the headline of a release, the posts or the names of a speaker.
    pub(crate) fn pattern(&self, pattern: &Pattern) -> Leaf {
        match pattern {
            Pattern::Stem(word) => Exact::boxed(self.bm25f(word, &[], 1.0), 1.0),
            Pattern::Row(words) => self.row(words),
            Pattern::Near(words, between) => self.near(words, *between),
            Pattern::Prefix(start) => self.prefix(start),
            Pattern::Fuzzy(spelling) => self.fuzzy(spelling),
            Pattern::Any(words) => either(words.iter().map(|word| self.as_it_stands(word))),
        }
    }

    /// A word in any form, in any field, weighed by BM25F; or, where it is a name, in other spellings.
    pub(crate) fn bm25f(&self, folded: &str, spelt: &[String], boost: f32) -> Bm25f {
        let (fields, ranking) = (self.fields, &*RANKING);
        let name = |word: &str, worth| {
            let part = part(Term::from_field_text(fields.names, word), worth, ranking.fact, Of::Fact);
            Part { holds: Holds::Name, ..part }
        };
        let mut parts = vec![name(folded, ranking.names)];
        parts.extend(spelt.iter().map(|word| name(word, ranking.spelt)));
        for stemming in self.stemmings {
            let stem = stemming.stem(folded);
            for (field, worth, lift, of) in [
                (fields.passage, ranking.passage, ranking.fact, Of::Fact),
                (fields.stem_text, ranking.text, 1.0, Of::Release),
                (fields.headline, ranking.headline, 1.0, Of::Release),
                (fields.post, ranking.post, ranking.fact, Of::Fact),
                (fields.cue, ranking.cue, ranking.fact, Of::Fact),
                (fields.headline, ranking.context, 1.0, Of::Context),
            ] {
                let part = part(Term::from_field_text(field, &stem), worth, lift, of);
                let is_over = of == Of::Context;
                let holds = if field == fields.cue || is_over { Holds::Beside } else { Holds::Stem };
                parts.push(Part { holds, over: is_over.then(|| Arc::clone(self.releases)), ..part });
            }
        }
        if let Some(kind) = kind_called(folded) {
            let of_kind = Term::from_field_text(fields.kind, kind.as_str());
            let part = part(of_kind, ranking.kind, ranking.fact, Of::Context);
            parts.push(Part { holds: Holds::Beside, ..part });
        }
        self.weighed(folded, parts, boost)
    }

    fn weighed(&self, folded: &str, parts: Vec<Part>, boost: f32) -> Bm25f {
        let (exact, other_form) = (Term::from_field_text(self.fields.words, folded), RANKING.other_form);
        Bm25f { parts, exact, other_form, boost, k1: RANKING.k1, releases: self.releases() }
    }

    /// A post that has all the words, worth more the shorter it is and where they stand one after the other. In another form
    /// (`House` for `housing`) they are worth little: nothing else tells what is meant.
    pub(crate) fn post(&self, words: &[String]) -> Leaf {
        let of = self.fields.post;
        let other_form = RANKING.other_form_alone;
        either(self.stemmings.iter().map(|stemming| {
            let stems: Vec<String> = words.iter().map(|word| stemming.stem(word).into_owned()).collect();
            let all = one_name(of, &distinct(stems.clone()));
            let mut parts: Vec<(Occur, Leaf)> = vec![(Occur::Must, all)];
            for (field, words, share) in
                [(of, &stems[..], other_form), (self.fields.words, words, 1.0 - other_form)]
            {
                let each = distinct(words.to_vec());
                let each = each.iter().map(|word| row(field, std::slice::from_ref(word), share));
                let worth = std::iter::once(row(field, words, RANKING.row * share)).chain(each);
                parts.extend(worth.map(|leaf| (Occur::Should, leaf)));
            }
            Box::new(BooleanQuery::new(parts)) as Leaf
        }))
    }

    /// A word in any form, in the passage of a fact or the headline of a release.
    pub(crate) fn passage(&self, folded: &str) -> Leaf {
        let ranking = &*RANKING;
        let mut parts = Vec::new();
        for stemming in self.stemmings {
            let stem = stemming.stem(folded);
            for (field, lift, of) in
                [(self.fields.passage, ranking.fact, Of::Fact), (self.fields.headline, 1.0, Of::Release)]
            {
                parts.push(part(Term::from_field_text(field, &stem), ranking.passage, lift, of));
            }
        }
        Exact::boxed(self.weighed(folded, parts, 1.0), 1.0)
    }

    fn releases(&self) -> Term {
        Term::from_field_text(self.fields.kind, Kind::Release.as_str())
    }

    /// Words one after the other, as they stand; nothing where there are none (all too long to be indexed).
    fn row(&self, words: &[String]) -> Leaf {
        best([
            row(self.fields.words, words, RANKING.row),
            row(self.fields.names, words, RANKING.names.weight),
        ])
    }

    fn near(&self, words: &[String], between: usize) -> Leaf {
        let near = |field| Near { field, words: words.to_vec(), between };
        // The words' own worth orders what is found, as it would without the condition.
        let mut parts: Vec<(Occur, Leaf)> = vec![(
            Occur::Must,
            either([unscored(near(self.fields.words)), unscored(near(self.fields.names))]),
        )];
        let words = words.iter().map(|word| self.pattern(&Pattern::Stem(word.clone())));
        parts.extend(words.map(|word| (Occur::Should, word)));
        Box::new(BooleanQuery::new(parts))
    }

    fn prefix(&self, start: &str) -> Leaf {
        let prefix = |field| {
            best(beginnings(start).iter().map(|start| {
                let term = Term::from_field_text(field, start);
                Exact::boxed(FuzzyTermQuery::new_prefix(term, 0, true), RANKING.variant)
            }))
        };
        self.variant(start, [prefix(self.fields.words), prefix(self.fields.names)])
    }

    fn fuzzy(&self, spelling: &Spelling) -> Leaf {
        let fuzzy = |field| {
            let term = Term::from_field_text(field, &spelling.word);
            Exact::boxed(FuzzyTermQuery::new(term, spelling.distance, true), RANKING.variant)
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
            Exact::boxed(term(self.fields.words, word), RANKING.text.weight),
            Exact::boxed(term(self.fields.names, word), RANKING.names.weight),
        ])
    }
}

/// Where a word is looked for, and what it is worth there.
fn part(term: Term, worth: Worth, lift: f32, of: Of) -> Part {
    let (finds, is_of_releases) = (of != Of::Context, of == Of::Release);
    Part {
        term,
        weight: worth.weight,
        lift,
        length: worth.length,
        is_of_releases,
        finds,
        holds: Holds::Stem,
        over: None,
    }
}

/// What a field is one of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Release,
    Fact,
    /// What stands around a fact.
    Context,
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
            unscored(PhraseQuery::new_with_offset_and_slop(terms, NAME_SLOP))
        }
    }
}

/// A property, as a whole.
pub(crate) fn property(field: Field, value: &str) -> Leaf {
    unscored(term(field, value))
}

/// A property that a release has, and its facts with it.
pub(crate) fn of_release(field: Field, value: &str, releases: &Arc<Holders>) -> Leaf {
    let holds = under::Holds::Property(Term::from_field_text(field, value));
    unscored(Under { holds, releases: Arc::clone(releases) })
}

/// Releases of a time with their facts: days as numbers, both within; who has no date is of no time.
pub(crate) fn in_days(first: Option<u64>, last: Option<u64>, releases: &Arc<Holders>) -> Leaf {
    let holds = under::Holds::Days(first.unwrap_or(0), last.unwrap_or(u64::MAX));
    unscored(Under { holds, releases: Arc::clone(releases) })
}

/// The releases `ids` with their facts.
pub(crate) fn any_release<'i>(field: Field, ids: impl IntoIterator<Item = &'i str>) -> Leaf {
    unscored(TermSetQuery::new(ids.into_iter().map(|id| key_term(field, id))))
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
