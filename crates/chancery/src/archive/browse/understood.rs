//! What a filter asks for, as the archive writes it: a country by any of its names; what neither the archive nor a list
//! knows is told, where an empty table would be taken for an answer.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chancery_index::Field;
use chancery_text::fold;

use super::super::Archive;
use super::super::state::Narrowed;
use super::Filter;
use crate::Error;

/// So many near values are told, and so many of all where none is near.
const NEAR: usize = 3;
const TOLD: usize = 12;

/// A value that nothing in the archive has and no list knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownValue {
    what: &'static str,
    given: String,
    near: Vec<String>,
    held: Vec<String>,
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no {} is called `{}`", self.what, self.given)
    }
}

impl UnknownValue {
    /// What may be meant.
    pub(crate) fn mend(&self) -> String {
        let all =
            if self.what == "source" { "; `chancery status` names the sources of the archive" } else { "" };
        self.instead() + all
    }

    fn instead(&self) -> String {
        if !self.near.is_empty() {
            return format!("did you mean {}?", self.near.join(" or "));
        }
        if self.held.is_empty() {
            return format!("the archive holds nothing that has a {0}: leave --{0} out", self.what);
        }
        let told = self.held.iter().take(TOLD).map(String::as_str).collect::<Vec<_>>().join(", ");
        let more = self.held.len().saturating_sub(TOLD);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("the archive holds {told}{more}")
    }
}

impl Archive {
    /// A filter with its country, role and source as the archive writes them.
    ///
    /// # Errors
    /// [`Error::Unknown`] for a value that neither the archive nor a list has; where rules or sources of the archive's own
    /// cannot be read.
    pub fn understood(&self, filter: &Filter) -> Result<Filter, Error> {
        let mut filter = filter.clone();
        for (field, value) in [
            (Field::Country, &mut filter.country),
            (Field::Role, &mut filter.role),
            (Field::Source, &mut filter.source),
        ] {
            if let Some(given) = value {
                *value = Some(self.meant(field, given)?);
            }
        }
        Ok(filter)
    }

    fn meant(&self, field: Field, given: &str) -> Result<String, Error> {
        // `Deputy Minister` is the class `deputy-minister`.
        let key = |value: &str| {
            let folded = fold(value.trim());
            if field == Field::Role { folded.replace(' ', "-") } else { folded }
        };
        let mut known: BTreeMap<String, String> =
            self.listed(field)?.into_iter().map(|(asked, meant)| (key(&asked), meant)).collect();
        let asked = key(given);
        if let Some(meant) = known.get(&asked) {
            return Ok(meant.clone());
        }
        let held = self.values_of(field)?;
        known.extend(held.iter().map(|value| (key(value), value.clone())));
        if let Some(meant) = known.get(&asked) {
            return Ok(meant.clone());
        }
        let near = near(&asked, &known);
        let unknown = UnknownValue { what: field.name(), given: given.to_owned(), near, held };
        Err(Error::Unknown(unknown))
    }

    /// What current releases have of a field.
    fn values_of(&self, field: Field) -> Result<Vec<String>, Error> {
        let query = match field {
            Field::Source => "SELECT DISTINCT source FROM record",
            Field::Role => "SELECT DISTINCT role FROM post",
            _ => "SELECT country FROM person UNION SELECT country FROM body UNION SELECT country FROM post",
        };
        let rows = self.state.rows(query, &Narrowed::default(), |row| row.text(0))?;
        let all: BTreeSet<String> = rows.into_iter().flatten().collect();
        Ok(all.into_iter().collect())
    }
}

/// The values that are spelt most like what was asked for, else those of which it is the beginning.
fn near(asked: &str, known: &BTreeMap<String, String>) -> Vec<String> {
    let most = asked.chars().count().div_ceil(4);
    let mut near: Vec<(usize, &String)> = known
        .iter()
        .map(|(key, value)| (strsim::osa_distance(asked, key), value))
        .filter(|(distance, _)| *distance <= most)
        .collect();
    if near.is_empty() && asked.chars().count() > 1 {
        near.extend(known.iter().filter(|(key, _)| key.starts_with(asked)).map(|(_, value)| (0, value)));
    }
    near.sort();
    let mut found: Vec<String> = Vec::new();
    for (_, value) in near {
        if found.len() < NEAR && !found.contains(value) {
            found.push(value.clone());
        }
    }
    found
}
