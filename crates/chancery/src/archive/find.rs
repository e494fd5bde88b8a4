//! Which release a user means.

use std::path::Path;

use super::last_search::recall;
use super::state::{Column, Named, State};
use crate::Error;
use crate::input::canonical_url;

/// So many candidates are named.
const CANDIDATES: usize = 20;
/// So many suggestions are made.
const SUGGESTIONS: usize = 3;
/// Words shorter than this, in characters, suggest nothing.
const TELLING_WORD: usize = 4;

/// The release that a reference means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its id.
    pub id: String,
    /// The fact that the hit of the last search is, by its id local to the record; `None` for a release.
    pub fact: Option<String>,
    /// How it was found.
    pub by: FoundBy,
}

/// How a release was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoundBy {
    /// By the number of a hit of the last search.
    Hit,
    /// By its id.
    Id,
    /// By its readable id.
    Alias,
    /// By its address.
    Url,
    /// By the beginning of its id or readable id.
    Beginning,
}

pub(super) fn find(dir: &Path, state: &State, reference: &str) -> Result<Found, Error> {
    let reference = reference.trim();
    if let Some(id) = reference.strip_prefix("id:") {
        let found = state.named(Column::Id, id)?;
        return one(found, FoundBy::Id, reference)?.map_or_else(|| not_found(state, id), Ok);
    }
    let number = reference.parse::<usize>().ok().filter(|number| *number > 0);
    let hits = number.map(|_| recall(dir)).unwrap_or_default();
    if let Some(hit) = number.and_then(|number| hits.get(number - 1)) {
        return Ok(Found { id: hit.release.clone(), fact: hit.fact.clone(), by: FoundBy::Hit });
    }
    let url = canonical_url(reference).map(String::from);
    let exact = [
        (Column::Id, Some(reference), FoundBy::Id),
        (Column::Alias, Some(reference), FoundBy::Alias),
        (Column::Url, url.as_deref(), FoundBy::Url),
    ];
    for (column, value, by) in exact {
        let found = value.map_or_else(|| Ok(Vec::new()), |value| state.named(column, value))?;
        if let Some(found) = one(found, by, reference)? {
            return Ok(found);
        }
    }
    if !reference.is_empty() {
        let mut found = state.beginning(Column::Id, reference)?;
        found.extend(state.beginning(Column::Alias, reference)?);
        found.sort_by(|a, b| a.id.cmp(&b.id));
        found.dedup_by(|a, b| a.id == b.id);
        if let Some(found) = one(found, FoundBy::Beginning, reference)? {
            return Ok(found);
        }
    }
    match number {
        Some(number) => Err(Error::NoHit { number, hits: hits.len() }),
        None => not_found(state, reference),
    }
}

/// The one release among `found`, if there is one.
fn one(mut found: Vec<Named>, by: FoundBy, reference: &str) -> Result<Option<Found>, Error> {
    match found.len() {
        0 => Ok(None),
        1 => Ok(found.pop().map(|named| Found { id: named.id, fact: None, by })),
        count => {
            let names = found.into_iter().take(CANDIDATES).map(readable).collect();
            Err(Error::Ambiguous {
                reference: reference.to_owned(),
                candidates: names,
                more: count > CANDIDATES,
            })
        }
    }
}

fn readable(named: Named) -> String {
    named.alias.unwrap_or(named.id)
}

/// The error for a reference that means nothing, with the releases that share most of its words.
fn not_found(state: &State, reference: &str) -> Result<Found, Error> {
    let words = reference.split(|c: char| !c.is_alphanumeric());
    let mut telling: Vec<&str> = words.filter(|word| word.chars().count() >= TELLING_WORD).collect();
    telling.sort_unstable();
    telling.dedup();
    let mut near: Vec<(usize, String)> = Vec::new();
    for word in telling {
        for named in state.holding(word)?.into_iter().map(readable) {
            match near.iter_mut().find(|(_, known)| *known == named) {
                Some((shared, _)) => *shared += 1,
                None => near.push((1, named)),
            }
        }
    }
    near.sort_by(|(a, a_name), (b, b_name)| b.cmp(a).then_with(|| a_name.cmp(b_name)));
    let suggestions = near.into_iter().take(SUGGESTIONS).map(|(_, name)| name).collect();
    Err(Error::NotFound { reference: reference.to_owned(), suggestions })
}
