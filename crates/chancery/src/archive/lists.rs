//! What a question may ask for though the archive holds none of it: classes of posts and of cues that the rules tell apart,
//! countries that their lists name, languages that they know, sources that are described.

use std::collections::BTreeSet;

use chancery_index::{Field, Lists};

use super::Archive;
use crate::Error;
use crate::rulesets::Rulesets;
use crate::sources::Sources;

/// What rules write before the class of a post, and of a cue.
const ROLES: [&str; 2] = ["class", "role"];
const ACTS: [&str; 1] = ["act"];

impl Archive {
    /// The values of `fields` that lists know.
    ///
    /// # Errors
    /// Where rules or sources of the archive's own cannot be read.
    pub(super) fn lists(&self, fields: &BTreeSet<Field>) -> Result<Lists, Error> {
        let mut lists = Lists::default();
        for field in fields {
            for (asked, meant) in self.listed(*field)? {
                lists.add(*field, &asked, &meant);
            }
        }
        Ok(lists)
    }

    /// The values of a field that lists know: as each may be asked for, and what it means.
    pub(super) fn listed(&self, field: Field) -> Result<Vec<(String, String)>, Error> {
        let itself = |value: &str| (value.to_owned(), value.to_owned());
        if field == Field::Source {
            return Ok(Sources::load(Some(&self.dir))?.iter().map(|source| itself(&source.id)).collect());
        }
        let rules = Rulesets::load(None, Some(&self.dir))?;
        Ok(match field {
            Field::Role => values(&rules, &ROLES).into_iter().map(itself).collect(),
            Field::Act => values(&rules, &ACTS).into_iter().map(itself).collect(),
            Field::Lang => rules.languages().into_iter().map(itself).collect(),
            Field::Country => {
                rules.countries().into_iter().map(|(asked, country)| (asked, country.to_owned())).collect()
            }
            _ => Vec::new(),
        })
    }
}

/// The words behind `names` in all files: `class=minister` in a list, `act = "call"` in a rule. What a rule only passes on
/// (`role.class`) is none.
fn values<'r>(rules: &'r Rulesets, names: &[&str]) -> BTreeSet<&'r str> {
    let mut found = BTreeSet::new();
    for line in rules.texts().flat_map(|(_, text)| text.lines()) {
        for name in names {
            for (at, _) in line.match_indices(name) {
                let (before, after) = line.split_at(at);
                let after = after.get(name.len()..).and_then(|rest| rest.trim_start().strip_prefix('='));
                let Some(after) = after.filter(|_| !before.ends_with(is_of_word)) else { continue };
                let after = after.trim_start().trim_start_matches('"');
                let (value, rest) = after.split_at(after.find(|c| !is_of_word(c)).unwrap_or(after.len()));
                // `role=1` marks words that are a post as well, and names no class.
                if value.starts_with(|c: char| c.is_ascii_alphabetic()) && !rest.starts_with('.') {
                    found.insert(value);
                }
            }
        }
    }
    found
}

fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}
