//! A [`Query`] as tantivy's: which documents match, and what each match is worth.

use chancery_text::fold;
use tantivy::query::{AllQuery, BooleanQuery, Occur};

use crate::IndexError;
use crate::analysis::{name_words, words_of};
use crate::hit::Kind;
use crate::leaf::{Leaf, Leaves, best, between, every, one_name, property, row, unscored};
use crate::pattern::Pattern;
use crate::period::period;
use crate::query::Query;
use crate::schema::Fields;
use crate::words::{Clause, Sign, clauses};

type Clauses = Vec<(Occur, Leaf)>;

/// A query ready to run.
pub(crate) struct Plan {
    pub(crate) query: BooleanQuery,
    /// What must or may be found: what to highlight.
    pub(crate) wanted: Vec<Pattern>,
}

impl Plan {
    /// # Errors
    /// Where the query is not written as it must be, or asks for nothing.
    pub(crate) fn of(query: &Query, leaves: Leaves<'_>) -> Result<Self, IndexError> {
        let fields = leaves.fields;
        let mut wanted = Vec::new();
        let mut parts = filters(query, fields)?;
        for clause in clauses(&query.words)? {
            let pattern = pattern(&clause);
            let mut found = leaves.pattern(&pattern);
            let words = name_words(&clause.words);
            if !clause.phrase && words.len() > 1 {
                let names =
                    every(words.iter().map(|word| row(fields.names, std::slice::from_ref(word), 1.0)));
                found = best([found, names]);
            }
            if clause.sign == Sign::MustNot {
                parts.push((Occur::MustNot, found));
                continue;
            }
            parts.push((Occur::Must, found));
            wanted.push(pattern);
        }
        if parts.is_empty() {
            return Err(IndexError::Nothing);
        }
        if query.kind.is_none() {
            parts.push((Occur::MustNot, property(fields.kind, Kind::Body.as_str())));
        }
        if parts.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            parts.push((Occur::Must, unscored(AllQuery)));
        }
        Ok(Self { query: BooleanQuery::new(parts), wanted })
    }
}

fn pattern(clause: &Clause) -> Pattern {
    let mut words: Vec<String> = words_of(&clause.words).into_iter().map(|word| word.folded).collect();
    match words.len() {
        1 if !clause.phrase => Pattern::Stem(words.remove(0)),
        _ => Pattern::Row(words),
    }
}

fn filters(query: &Query, fields: &Fields) -> Result<Clauses, IndexError> {
    let mut parts: Clauses = Vec::new();
    let mut only = |part| parts.push((Occur::Must, part));
    if let Some(kind) = query.kind {
        only(property(fields.kind, kind.as_str()));
    }
    if let Some(source) = &query.source {
        only(property(fields.source, source));
    }
    if let Some(country) = &query.country {
        only(property(fields.country, &fold(country)));
    }
    if let Some(name) = &query.by {
        for word in filter_words("--by", name)? {
            only(property(fields.names, &word));
        }
    }
    if let Some(name) = &query.org {
        only(one_name(fields.bodies, &filter_words("--org", name)?));
    }
    if let Some(least) = query.min_confidence {
        only(between(fields.confidence, Some(least.into()), None));
    }
    let (from, to) = period(query.since.as_deref(), query.until.as_deref())?;
    if from.is_some() || to.is_some() {
        only(between(fields.published, from, to));
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
