//! What somebody may want who has typed a few letters: names of people and bodies, and posts.

use std::collections::BTreeMap;

use chancery_text::fold;
use serde::Serialize;

use super::super::state::{NameRow, Narrowed, folded_words};
use super::Spellings;
use crate::Error;
use crate::archive::Archive;

/// Beginnings as short as this fit so many names that the most frequent ones are looked through instead.
const SHORT: usize = 3;
/// So many of them.
const FREQUENT: u32 = 3000;

/// Something to search for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// The most frequent spelling.
    pub text: String,
    /// `person`, `body` or `post`.
    pub kind: String,
    /// Releases that name it.
    pub releases: u64,
    /// Whether it is another spelling of what was typed, or what may have been meant, and not its continuation.
    pub variant: bool,
}

impl Archive {
    /// What may be meant by `typed`, whose last word may go on: the most frequent first, at most `limit`. Where nothing
    /// begins so, names in other spellings; where there is none, names with letters mistyped.
    ///
    /// # Errors
    /// Where the state cannot be read, or the spellings have a mistake.
    pub fn suggest(&self, typed: &str, limit: usize) -> Result<Vec<Suggestion>, Error> {
        let folded = fold(typed);
        let words: Vec<&str> = folded_words(&folded).collect();
        let Some((last, before)) = words.split_last() else { return Ok(Vec::new()) };
        let mut rows = self.beginning(last, before, limit)?;
        let mut found = self.suggestions(rows.drain(..), false)?;
        if found.is_empty() {
            let mut others = Vec::new();
            for name in self.names_like(typed)? {
                others.extend(self.state.name_row(name.id)?);
            }
            if others.is_empty() {
                others = self.near(&words, limit)?;
            }
            found = self.suggestions(others.into_iter(), true)?;
        }
        found.truncate(limit);
        Ok(found)
    }

    /// Names with a word that may be one of `words` with letters mistyped: with all others beside it, else without.
    fn near(&self, words: &[&str], limit: usize) -> Result<Vec<NameRow>, Error> {
        let mut loose = Vec::new();
        let mut strict = Vec::new();
        for (at, word) in words.iter().enumerate() {
            let rest: Vec<&str> =
                words.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, word)| *word).collect();
            for near in self.words_near(word)? {
                strict.extend(self.beginning(&near, &rest, limit)?);
                loose.extend(self.beginning(&near, &[], limit)?);
            }
        }
        Ok(if strict.is_empty() { loose } else { strict })
    }

    /// Names with a word that begins with `last` and all words of `before`.
    fn beginning(&self, last: &str, before: &[&str], limit: usize) -> Result<Vec<NameRow>, Error> {
        let fits = |row: &NameRow| {
            let folded = fold(&row.text);
            let words: Vec<&str> = folded_words(&folded).collect();
            words.iter().any(|word| word.starts_with(last)) && before.iter().all(|word| words.contains(word))
        };
        if last.chars().count() <= SHORT {
            let frequent = self.state.frequent_names(FREQUENT)?;
            let found: Vec<NameRow> = frequent.into_iter().filter(fits).collect();
            if found.len() >= limit {
                return Ok(found);
            }
        }
        Ok(self.state.names_beginning(last)?.into_iter().filter(fits).collect())
    }

    /// Names by kind, spellings of one together, the most frequent first, with the releases that name each today.
    fn suggestions(
        &self,
        rows: impl Iterator<Item = NameRow>,
        variant: bool,
    ) -> Result<Vec<Suggestion>, Error> {
        let mut all: BTreeMap<(&str, String), (Spellings, Vec<i64>, u64)> = BTreeMap::new();
        for row in rows {
            let kinds = [("person", row.people), ("body", row.bodies), ("post", row.posts)];
            for (kind, times) in kinds.into_iter().filter(|(_, times)| *times > 0) {
                let same = if kind == "post" { fold(&row.text) } else { row.sound.to_string() };
                let (spellings, ids, sum) = all.entry((kind, same)).or_default();
                spellings.add(row.text.clone(), times);
                ids.push(row.id);
                *sum += times;
            }
        }
        let mut all: Vec<_> = all.into_iter().collect();
        all.sort_by(|(a, (_, _, a_sum)), (b, (_, _, b_sum))| b_sum.cmp(a_sum).then_with(|| a.cmp(b)));
        all.truncate(20);
        let mut found = Vec::new();
        for ((kind, _), (spellings, ids, _)) in all {
            let releases = self.releases_naming(kind, &ids)?;
            if releases > 0 {
                found.push(Suggestion {
                    text: spellings.into_parts().0,
                    kind: kind.into(),
                    releases,
                    variant,
                });
            }
        }
        found.sort_by_key(|found| std::cmp::Reverse(found.releases));
        Ok(found)
    }

    fn releases_naming(&self, kind: &str, ids: &[i64]) -> Result<u64, Error> {
        let (table, column) = match kind {
            "person" => ("person", "name"),
            "body" => ("body", "name"),
            _ => ("post", "title"),
        };
        let mut narrowed = Narrowed::default();
        narrowed.one_of(column, ids);
        let query = format!(
            "SELECT count(DISTINCT capture) FROM {table} JOIN capture c ON c.id = capture WHERE c.current {{where}}"
        );
        let counts = self.state.rows(&query, &narrowed, |row| row.number(0))?;
        Ok(counts.first().copied().unwrap_or_default().unsigned_abs())
    }
}
