//! The names of an archive that are the one that is asked for.

use std::collections::BTreeSet;

use chancery_text::{Likeness, edits, fold};

use super::super::state::{NameRow, folded_words};
use super::Archive;
use crate::Error;

/// So many names are looked at one by one.
const FEW: usize = 100;
/// Longer words are no mistyped ones.
pub(super) const LONGEST_MISTAKE: usize = 40;
/// A name of the archive, and how near it is to what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameFound {
    pub(in crate::archive) id: i64,
    /// As releases write it.
    pub text: String,
    /// How near it is.
    pub likeness: Likeness,
}

impl NameFound {
    /// Whether it is another name unless a letter was mistyped.
    #[must_use]
    pub fn is_mistyped(&self) -> bool {
        self.likeness == Likeness::Typo
    }
}

impl Archive {
    /// The names of people and bodies that are alike to `asked`, the nearest first; those with letters mistyped only where
    /// there is no other.
    ///
    /// # Errors
    /// Where the state cannot be read, or the spellings have a mistake.
    pub fn names_like(&self, asked: &str) -> Result<Vec<NameFound>, Error> {
        let found = self.names_spelt_like(asked)?;
        if !found.is_empty() {
            return Ok(found);
        }
        let mut found = self.mistyped(&self.state.spellings()?.asked(asked))?;
        sort(&mut found);
        Ok(found)
    }

    /// The same without those with letters mistyped, which cost more to look for.
    pub(in crate::archive) fn names_spelt_like(&self, asked: &str) -> Result<Vec<NameFound>, Error> {
        self.names_spelt_like_where(asked, |_| true)
    }

    /// The same of those that fit alone: to compare two names takes long.
    pub(in crate::archive) fn names_spelt_like_where(
        &self,
        asked: &str,
        fits: impl Fn(&NameRow) -> bool,
    ) -> Result<Vec<NameFound>, Error> {
        let asked = self.state.spellings()?.asked(asked).rightly_typed();
        let mut candidates: Option<BTreeSet<i64>> = None;
        // Long keys are rare ones: the first often leave so few names that the others need not be looked up.
        let mut all = asked.keys();
        all.sort_by_key(|keys| std::cmp::Reverse(keys.iter().map(String::len).max()));
        for keys in all {
            if candidates.as_ref().is_some_and(|candidates| candidates.len() <= FEW) {
                break;
            }
            let found: BTreeSet<i64> = self.state.names_by_keys(&keys)?.into_iter().collect();
            candidates = Some(match candidates {
                Some(before) => before.intersection(&found).copied().collect(),
                None => found,
            });
        }
        let mut found = Vec::new();
        let candidates = candidates.unwrap_or_default();
        for row in self.named(candidates)?.into_iter().filter(fits) {
            if let Some(likeness) = asked.likeness(&row.text).filter(|likeness| *likeness < Likeness::Typo) {
                found.push(NameFound { id: row.id, text: row.text, likeness });
            }
        }
        sort(&mut found);
        Ok(found)
    }

    /// Names of people and bodies by their numbers, as long as there is patience.
    fn named(&self, ids: impl IntoIterator<Item = i64>) -> Result<Vec<NameRow>, Error> {
        let rows = ids
            .into_iter()
            .take_while(|_| self.patience.spend())
            .filter_map(|id| self.state.name_row(id).transpose());
        let rows = rows.filter(|row| row.as_ref().map_or(true, |row| row.people + row.bodies > 0));
        rows.collect()
    }

    /// Names in which a word of what was asked for is written with other letters, as many as its length allows.
    fn mistyped(&self, asked: &chancery_text::Asked<'_>) -> Result<Vec<NameFound>, Error> {
        let mut ids = BTreeSet::new();
        for word in folded_words(&fold(asked.text())) {
            for near in self.words_near(word)? {
                ids.extend(self.state.names_with_word(&near)?);
            }
        }
        let mut found = Vec::new();
        for row in self.named(ids)? {
            if let Some(likeness) = asked.likeness(&row.text) {
                found.push(NameFound { id: row.id, text: row.text, likeness });
            }
        }
        Ok(found)
    }

    /// Words of names that `word` may be with letters mistyped.
    pub(super) fn words_near(&self, word: &str) -> Result<Vec<String>, Error> {
        let tables = self.state.spellings()?;
        let most = usize::from(tables.typos(word));
        let Some(first) = word.chars().next().filter(|_| most > 0 && word.chars().count() <= LONGEST_MISTAKE)
        else {
            return Ok(Vec::new());
        };
        let length = word.chars().count();
        let near = self.state.words_like(&first.to_string(), length.saturating_sub(most), length + most)?;
        // The cheap question first: there are thousands of words.
        let near = near.into_iter().filter(|near| edits(word, near, most).is_some());
        Ok(near.filter(|near| tables.is_mistyped(word, near)).collect())
    }
}

/// The nearest first.
fn sort(found: &mut [NameFound]) {
    found.sort_by(|a, b| a.likeness.cmp(&b.likeness).then_with(|| a.text.cmp(&b.text)));
}
