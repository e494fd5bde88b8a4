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
        let rules = if fields.is_empty() { None } else { Some(Rulesets::load(None, Some(&self.dir))?) };
        let Some(rules) = rules else { return Ok(lists) };
        for field in fields {
            match field {
                Field::Role => values(&rules, &ROLES).iter().for_each(|role| lists.add(*field, role, role)),
                Field::Act => values(&rules, &ACTS).iter().for_each(|act| lists.add(*field, act, act)),
                Field::Lang => rules.languages().iter().for_each(|tag| lists.add(*field, tag, tag)),
                Field::Country => {
                    rules.countries().iter().for_each(|(asked, country)| lists.add(*field, asked, country));
                }
                Field::Source => {
                    let sources = Sources::load(Some(&self.dir))?;
                    sources.iter().for_each(|source| lists.add(*field, &source.id, &source.id));
                }
                _ => {}
            }
        }
        Ok(lists)
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
