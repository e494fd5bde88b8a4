//! A [`Query`] as tantivy's: which documents match, and what each match is worth.

use std::ops::Bound;

use chancery_text::fold;
use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, ConstScoreQuery, DisjunctionMaxQuery, EmptyQuery, Occur, PhraseQuery,
    Query as TantivyQuery, RangeQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use crate::IndexError;
use crate::analysis::{name_words, stems, stems_of};
use crate::exact::Exact;
use crate::period::period;
use crate::query::Query;
use crate::schema::Fields;
use crate::words::{Clause, Sign, clauses};

/// What a match is worth, by the field it is found in. A word counts where it is worth most, not in every field.
mod boost {
    /// A passage is the answer itself: so a fact comes before the release that it stands in.
    pub(super) const PASSAGE: f32 = 2.0;
    /// Who asks for a name wants that person before those who speak of the person.
    pub(super) const NAMES: f32 = 2.0;
    /// A headline says what a release is about.
    pub(super) const HEADLINE: f32 = 1.5;
    /// The measure of the others.
    pub(super) const TEXT: f32 = 1.0;
    /// A post says who speaks, not what of.
    pub(super) const POST: f32 = 1.0;
    /// On top, for a fact in a release that is about the words: no more than a nudge between equal passages.
    pub(super) const CONTEXT: f32 = 0.5;
}

/// How far apart, in positions, the words of two bodies of one document lie.
pub(crate) const BODY_GAP: usize = 1000;

/// How far apart the words of one body may lie, summed: less than [`BODY_GAP`], and what tantivy's 8-bit slop can hold.
const BODY_SLOP: u32 = 250;

type Clauses = Vec<(Occur, Box<dyn TantivyQuery>)>;

/// A query ready to run.
pub(crate) struct Plan {
    pub(crate) query: BooleanQuery,
    /// The stems of each clause that must be found: what to highlight.
    pub(crate) wanted: Vec<Vec<String>>,
}

impl Plan {
    /// # Errors
    /// Where the query is not written as it must be, or asks for nothing.
    pub(crate) fn of(query: &Query, fields: &Fields) -> Result<Self, IndexError> {
        let mut wanted = Vec::new();
        let mut parts = filters(query, fields)?;
        for clause in clauses(&query.words)? {
            let stems: Vec<String> =
                stems_of(&mut stems(), &clause.words).into_iter().map(|stem| stem.term).collect();
            let found = Box::new(DisjunctionMaxQuery::new(found(&clause, &stems, fields)));
            if clause.sign == Sign::MustNot {
                parts.push((Occur::MustNot, found));
                continue;
            }
            parts.push((Occur::Must, found));
            parts.push((Occur::Should, in_row(fields.context, &stems, boost::CONTEXT)));
            wanted.push(stems);
        }
        if parts.is_empty() {
            return Err(IndexError::Nothing);
        }
        if parts.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            parts.push((Occur::Must, unscored(AllQuery)));
        }
        Ok(Self { query: BooleanQuery::new(parts), wanted })
    }
}

fn filters(query: &Query, fields: &Fields) -> Result<Clauses, IndexError> {
    let mut parts: Clauses = Vec::new();
    let mut only = |part| parts.push((Occur::Must, part));
    if let Some(kind) = query.kind {
        only(unscored(term(fields.kind, kind.as_str())));
    }
    if let Some(source) = &query.source {
        only(unscored(term(fields.source, source)));
    }
    if let Some(country) = &query.country {
        only(unscored(term(fields.country, &fold(country))));
    }
    if let Some(name) = &query.by {
        for word in filter_words("--by", name)? {
            only(unscored(term(fields.names, &word)));
        }
    }
    if let Some(name) = &query.org {
        only(body(fields.bodies, &filter_words("--org", name)?));
    }
    if let Some(least) = query.min_confidence {
        let least = Bound::Included(Term::from_field_u64(fields.confidence, least.into()));
        only(unscored(RangeQuery::new(least, Bound::Unbounded)));
    }
    let (from, to) = period(query.since.as_deref(), query.until.as_deref())?;
    if from.is_some() || to.is_some() {
        let bound = |day: Option<u64>| {
            day.map_or(Bound::Unbounded, |day| Bound::Included(Term::from_field_u64(fields.published, day)))
        };
        // A document without a date has no value, so it lies in no range, however open.
        let from = Bound::Included(Term::from_field_u64(fields.published, from.unwrap_or(0)));
        only(unscored(RangeQuery::new(from, bound(to))));
    }
    Ok(parts)
}

fn filter_words(option: &'static str, given: &str) -> Result<Vec<String>, IndexError> {
    const MOST: usize = 40;
    let mut words = name_words(given);
    words.sort();
    words.dedup();
    let mend = "give words of the name in any order, or an acronym";
    let mistake =
        |message: &str| IndexError::Filter { option, given: given.into(), message: message.into(), mend };
    match words.len() {
        0 => Err(mistake("there is no word in it")),
        1..=MOST => Ok(words),
        _ => Err(mistake("no name has so many words")),
    }
}

/// All words within the names of one body: they lie near each other, other bodies lie far off.
fn body(field: Field, words: &[String]) -> Box<dyn TantivyQuery> {
    match words {
        [word] => unscored(term(field, word)),
        words => {
            let terms = words.iter().map(|word| Term::from_field_text(field, word)).enumerate().collect();
            unscored(PhraseQuery::new_with_offset_and_slop(terms, BODY_SLOP))
        }
    }
}

/// The places where a clause may be found, one of which is enough.
fn found(clause: &Clause, stems: &[String], fields: &Fields) -> Vec<Box<dyn TantivyQuery>> {
    let words = name_words(&clause.words);
    let names = if clause.phrase || words.len() < 2 {
        in_row(fields.names, &words, boost::NAMES)
    } else {
        let each = words.iter().map(|word| {
            let word: Box<dyn TantivyQuery> = Exact::boxed(term(fields.names, word), boost::NAMES);
            (Occur::Must, word)
        });
        Box::new(BooleanQuery::new(each.collect()))
    };
    vec![
        in_row(fields.passage, stems, boost::PASSAGE),
        in_row(fields.text, stems, boost::TEXT),
        in_row(fields.headline, stems, boost::HEADLINE),
        in_row(fields.post, stems, boost::POST),
        names,
    ]
}

/// The words one after the other; nothing where there are none (all too long to be indexed).
fn in_row(field: Field, words: &[String], boost: f32) -> Box<dyn TantivyQuery> {
    match words {
        [] => Box::new(EmptyQuery),
        [word] => Exact::boxed(term(field, word), boost),
        words => {
            let terms = words.iter().map(|word| Term::from_field_text(field, word)).collect();
            Exact::boxed(PhraseQuery::new(terms), boost)
        }
    }
}

fn term(field: Field, word: &str) -> TermQuery {
    TermQuery::new(Term::from_field_text(field, word), IndexRecordOption::WithFreqs)
}

fn unscored(query: impl TantivyQuery) -> Box<dyn TantivyQuery> {
    Box::new(ConstScoreQuery::new(Box::new(query), 0.0))
}
