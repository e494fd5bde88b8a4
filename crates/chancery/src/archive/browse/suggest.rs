//! What somebody may want who has typed a few letters: names of people and bodies, and posts.

use std::rc::Rc;

use chancery_index::{Index, IndexError, WordCount};
use chancery_text::{edits, fold};
use serde::Serialize;

use super::super::state::folded_words;
use super::making;
use super::names::LONGEST_MISTAKE;
use super::ready::{KINDS, Ready};
use crate::Error;
use crate::archive::{Archive, writer};

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
        let ready = self.ready()?;
        let mut variant = false;
        let mut numbers = ready.beginning(last, before, limit);
        if numbers.is_empty() {
            variant = true;
            numbers = self.spelt_otherwise(&ready, &words, limit)?;
        }
        if numbers.is_empty() {
            numbers = self.near(&ready, &words, limit)?;
        }
        let mut found: Vec<Suggestion> =
            numbers.into_iter().filter_map(|at| suggestion(&ready, at, variant)).collect();
        if found.len() < limit && before.is_empty() && !found.iter().any(|found| found.variant) {
            found.extend(self.words_beginning(last, limit - found.len())?);
        }
        found.truncate(limit);
        Ok(found)
    }

    /// What may be suggested in the archive as it is now.
    fn ready(&self) -> Result<Rc<Ready>, Error> {
        let stamp = self.state.stamp()?;
        let mut kept = self.ready.borrow_mut();
        if let Some((_, ready)) = kept.as_ref().filter(|(made_of, _)| *made_of == stamp) {
            return Ok(Rc::clone(ready));
        }
        let ready = Rc::new(making::load(&self.dir, &self.state, &stamp)?);
        *kept = Some((stamp, Rc::clone(&ready)));
        Ok(ready)
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
        self.with_index(|index| index.vocabulary(beginning, wanted, limit))
    }

    /// How many releases and facts have a folded word; 0 where there is no index.
    pub(in crate::archive) fn word_count(&self, folded: &str) -> Result<u64, Error> {
        Ok(self.with_index(|index| index.frequency(folded))?.unwrap_or_default())
    }

    /// What the index says, opened once; `None` where there is none.
    fn with_index<T>(&self, ask: impl FnOnce(&Index) -> Result<T, IndexError>) -> Result<Option<T>, Error> {
        let dir = self.dir.join(writer::INDEX);
        let mut kept = self.index.borrow_mut();
        let index = match kept.take() {
            Some(index) => Ok(index),
            None => Index::open(&dir),
        };
        match index.and_then(|index| Ok((ask(&index)?, index))) {
            Ok((told, index)) => {
                *kept = Some(index);
                Ok(Some(told))
            }
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

    /// What has a word that is spelt otherwise for each of `words`, or for all of them written as one.
    fn spelt_otherwise(&self, ready: &Ready, words: &[&str], limit: usize) -> Result<Vec<u32>, Error> {
        let tables = self.state.spellings()?;
        let mut groups = Vec::new();
        for word in words {
            let mut alike = self.state.words_spelt_like(tables, word, || true)?;
            alike.push(vec![(*word).to_owned()]);
            groups.push(alike);
        }
        let joined = self.state.words_spelt_like(tables, &words.concat(), || true)?;
        let mut found = all_ways(ready, &groups, limit);
        found.extend(all_ways(ready, &[joined], limit));
        found.sort_unstable();
        found.dedup();
        found.truncate(limit);
        Ok(found)
    }

    /// What has a word that may be one of `words` with letters mistyped: with all others beside it, else without.
    fn near(&self, ready: &Ready, words: &[&str], limit: usize) -> Result<Vec<u32>, Error> {
        let tables = self.state.spellings()?;
        let (mut loose, mut strict) = (Vec::new(), Vec::new());
        for (at, word) in words.iter().enumerate() {
            let most = usize::from(tables.typos(word));
            let length = word.chars().count();
            let Some(first) = word.chars().next().filter(|_| most > 0 && length <= LONGEST_MISTAKE) else {
                continue;
            };
            let rest: Vec<&str> =
                words.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, word)| *word).collect();
            // The cheap question first: there are thousands of words.
            let near = ready.words_from(first).filter(|near| edits(word, near, most).is_some());
            for near in near.filter(|near| tables.is_mistyped(word, near)) {
                strict.extend(ready.beginning(near, &rest, limit));
                loose.extend(ready.beginning(near, &[], limit));
            }
        }
        let mut found = if strict.is_empty() { loose } else { strict };
        found.sort_unstable();
        found.dedup();
        found.truncate(limit);
        Ok(found)
    }
}

/// The first of what has, of each group, all words of one way to write it.
fn all_ways(ready: &Ready, groups: &[Vec<Vec<String>>], limit: usize) -> Vec<u32> {
    // Ways of one word are one group of words; of a way of several words each is wanted.
    let Some((first, rest)) = groups.split_first() else { return Vec::new() };
    let single =
        |group: &Vec<Vec<String>>| group.iter().filter(|way| way.len() == 1).flatten().cloned().collect();
    let rest: Vec<Vec<String>> = rest.iter().map(single).collect();
    let mut found = ready.with_words(&[&[single(first)], &rest[..]].concat(), limit);
    for way in first.iter().filter(|way| way.len() > 1) {
        let each = way.iter().map(|word| vec![word.clone()]);
        found.extend(ready.with_words(&each.chain(rest.iter().cloned()).collect::<Vec<_>>(), limit));
    }
    found
}

fn suggestion(ready: &Ready, number: u32, variant: bool) -> Option<Suggestion> {
    let item = ready.item(number)?;
    let kind = *KINDS.get(usize::from(item.kind))?;
    Some(Suggestion { text: item.text, kind: kind.into(), releases: item.releases.into(), variant })
}
