//! What somebody may want who has typed a few letters: names of people and bodies, and posts.

use std::collections::BTreeMap;

use chancery_index::{Index, IndexError, WordCount};
use chancery_text::{edits, fold};
use serde::Serialize;

use super::super::state::{NameRow, Narrowed, folded_words};
use super::Spellings;
use super::names::LONGEST_MISTAKE;
use crate::Error;
use crate::archive::{Archive, writer};

/// Beginnings as short as this fit so many names that the most frequent ones are looked through instead.
const SHORT: usize = 3;
/// Shorter words are not mended.
const SHORTEST_MISTAKE: usize = 4;
/// So many words that may be meant are weighed.
const NEAR_WORDS: usize = 20;
/// So many characters of what was typed are looked at.
const MOST_TYPED: usize = 200;
/// A word that so few releases have may be one that many have, so many times as many.
const RARE: u64 = 2;
const MANY: u64 = 50;
/// So many words of a question are looked at.
const MOST_WORDS: usize = 12;
/// So many of the most frequent names.
const FREQUENT: u32 = 3000;

/// Something to search for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// The most frequent spelling.
    pub text: String,
    /// `person`, `body`, `post` or `word`.
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
        let typed: String = typed.chars().take(MOST_TYPED).collect();
        let folded = fold(&typed);
        let words: Vec<&str> = folded_words(&folded).collect();
        let Some((last, before)) = words.split_last() else { return Ok(Vec::new()) };
        let mut rows = self.beginning(last, before, limit)?;
        let mut found = self.suggestions(rows.drain(..), false)?;
        if found.is_empty() {
            let mut others = self.frequent_names_like(&typed, limit)?;
            if others.is_empty() {
                others = self.near(&words, limit)?;
            }
            found = self.suggestions(others.into_iter(), true)?;
        }
        if found.len() < limit && before.is_empty() && !found.iter().any(|found| found.variant) {
            found.extend(self.words_beginning(last, limit - found.len())?);
        }
        found.truncate(limit);
        Ok(found)
    }

    /// Words of releases; none where the index is missing.
    fn words_beginning(&self, beginning: &str, limit: usize) -> Result<Vec<Suggestion>, Error> {
        let Some(words) = self.vocabulary(beginning, |_| true, limit)? else { return Ok(Vec::new()) };
        let word = |count: WordCount| Suggestion {
            text: count.word,
            kind: "word".into(),
            releases: count.releases,
            variant: false,
        };
        Ok(words.into_iter().filter(|count| count.releases > 0).map(word).collect())
    }

    /// Words of releases that begin so and are wanted, the most frequent first; `None` where there is no index.
    fn vocabulary(
        &self,
        beginning: &str,
        wanted: impl Fn(&str) -> bool,
        limit: usize,
    ) -> Result<Option<Vec<WordCount>>, Error> {
        let dir = self.dir.join(writer::INDEX);
        match Index::open(&dir).and_then(|index| index.vocabulary(beginning, wanted, limit)) {
            Ok(words) => Ok(Some(words)),
            // An index that must be made again is no reason to suggest no names.
            Err(IndexError::Missing { .. } | IndexError::Version { .. }) => Ok(None),
            Err(cause) => Err(Error::index(&dir, cause)),
        }
    }

    /// The words of a question with those that no release has, or hardly any, written as one that is near; `None` where nothing is nearer.
    /// Only what was typed by itself is looked at: no phrase, no field, nothing after a minus.
    ///
    /// # Errors
    /// Where the state or the index cannot be read, or the spellings have a mistake.
    pub fn did_you_mean(&self, question: &str) -> Result<Option<String>, Error> {
        let mut better = Vec::new();
        let mut changed = false;
        let plain = !question.contains(['"', '(', ')', ':', '*', '~']);
        for word in question.split_whitespace().take(MOST_WORDS) {
            let near = if plain { self.nearer(word)? } else { None };
            changed |= near.is_some();
            better.push(near.unwrap_or_else(|| word.to_owned()));
        }
        Ok(changed.then(|| better.join(" ")))
    }

    /// The most frequent word that a word of which there is none may be.
    fn nearer(&self, word: &str) -> Result<Option<String>, Error> {
        let folded = fold(word);
        let letters = folded.chars().count();
        if !(SHORTEST_MISTAKE..=LONGEST_MISTAKE).contains(&letters)
            || !folded.chars().all(char::is_alphabetic)
        {
            return Ok(None);
        }
        if !self.state.names_with_word(&folded)?.is_empty() {
            return Ok(None);
        }
        let Some(first) = folded.chars().next() else { return Ok(None) };
        let most = usize::from(self.state.spellings()?.typos(&folded).max(1));
        let is_near = |near: &str| near == folded || edits(&folded, near, most).is_some();
        let found = self.vocabulary(&first.to_string(), is_near, NEAR_WORDS)?.unwrap_or_default();
        let known = found.iter().find(|found| found.word == folded).map_or(0, |found| found.releases);
        // A word that hardly any release has may be mistyped in them too: then many have the one that was meant.
        let may_be_meant = |near: &WordCount| near.word != folded && near.releases >= known * MANY;
        let found: Vec<WordCount> = found.into_iter().filter(may_be_meant).collect();
        if known > RARE || (known > 0 && found.is_empty()) {
            return Ok(None);
        }
        // One wrong letter before two, then what is more frequent.
        let best = found
            .iter()
            .min_by_key(|found| (edits(&folded, &found.word, most), std::cmp::Reverse(found.releases)));
        let name = self.words_near(&folded)?.into_iter().min_by_key(|near| edits(&folded, near, most));
        Ok(best.map(|found| found.word.clone()).or(name))
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
