//! Names in plain words: other spellings of them, and whom a post and a name side by side mean.

use std::collections::BTreeSet;

use chancery_index::{Holder, KnownAs};
use chancery_text::fold;

use super::super::Archive;
use super::super::state::{Narrowed, folded_words};
use crate::Error;

/// Of a longer question so many words are looked at.
const MOST_WORDS: usize = 12;
/// A shorter word is no name, but may be an article before one.
const SHORTEST: usize = 4;
/// What so many names have is a name, however often it is a word.
const MANY_NAMES: usize = 50;
/// A name is a word of releases at most so many times as often as it is one of people.
const MOSTLY: u64 = 4;
/// So many words may stand between a title and the name: `Secretary of State Blinken`.
const WITHIN_POST: usize = 4;
/// So many other spellings of a word are looked for.
const MOST_SPELLINGS: usize = 8;
/// So many people of one name are looked at.
const MOST_PEOPLE: usize = 200;

impl Archive {
    /// Adds to `known` what the archive knows of names among plain `words`.
    pub(super) fn plain_names(&self, words: &[String], known: &mut KnownAs) -> Result<(), Error> {
        let words = words.get(..words.len().min(MOST_WORDS)).unwrap_or(words);
        for (at, word) in words.iter().enumerate() {
            let folded = fold(word);
            if folded.chars().count() < SHORTEST || folded.contains(' ') || !self.is_name(&folded)? {
                continue;
            }
            self.add_spellings(&folded, &folded, known)?;
            let before = at.checked_sub(1).and_then(|before| words.get(before)).map(|before| fold(before));
            if let Some(before) = before.filter(|before| before.chars().count() < SHORTEST) {
                let pair = format!("{before} {folded}");
                self.add_spellings(&pair, &folded, known)?;
                self.add_spellings(&pair, &before, known)?;
            }
        }
        let tables = self.state.spellings()?;
        let title = words.iter().position(|word| tables.is_title(&fold(word)));
        let holder = title.map(|title| self.holder(words, title)).transpose()?.flatten();
        known.holders.extend(holder);
        Ok(())
    }

    /// The spellings of `asked` that names have, for the plain word `folded`.
    fn add_spellings(&self, asked: &str, folded: &str, known: &mut KnownAs) -> Result<(), Error> {
        let ways = self.words_spelt_like(asked)?;
        let others = ways.into_iter().filter_map(|way| <[String; 1]>::try_from(way).ok());
        let others = others.flatten().filter(|other| other != folded);
        let spelt = known.words.entry(folded.to_owned()).or_default();
        spelt.extend(others);
        spelt.sort();
        spelt.dedup();
        spelt.truncate(MOST_SPELLINGS);
        Ok(())
    }

    /// Words of names that are this one in another spelling.
    fn words_spelt_like(&self, folded: &str) -> Result<Vec<Vec<String>>, Error> {
        self.state.words_spelt_like(self.state.spellings()?, folded, || self.patience.spend())
    }

    /// Whether a word is one of people's names more than of the language, or none that the archive knows.
    fn is_name(&self, folded: &str) -> Result<bool, Error> {
        let (names, people) = self.state.people_with_word(folded, MANY_NAMES)?;
        if names >= MANY_NAMES as u64 {
            return Ok(true);
        }
        let found = self.word_count(folded)?;
        Ok(found == 0 || people > 0 && found <= people * MOSTLY)
    }

    /// Whom the words from `title` on mean, where they are a post and the name of somebody who held it.
    fn holder(&self, words: &[String], title: usize) -> Result<Option<Holder>, Error> {
        for first in (title + 1..words.len()).take(WITHIN_POST) {
            let mut ids = self.people_with(words.get(first).map_or("", String::as_str))?;
            let mut end = first + 1;
            while let (false, Some(next)) = (ids.is_empty(), words.get(end)) {
                let more = self.people_with(next)?;
                let both: BTreeSet<i64> = ids.intersection(&more).copied().collect();
                if both.is_empty() {
                    break;
                }
                (ids, end) = (both, end + 1);
            }
            let post = words.get(title..first).unwrap_or_default();
            let Some(held) = self.held(ids, post)? else { continue };
            // `Foreign Minister Talaat`: what stands before the title may belong to it.
            let (mut begin, mut held) = (title, held);
            while let Some(before) = begin.checked_sub(1) {
                let post = words.get(before..first).unwrap_or_default();
                let Some(more) = self.held(held.ids.clone(), post)? else { break };
                (begin, held) = (before, more);
            }
            let mut names = BTreeSet::new();
            for id in &held.ids {
                names.insert(self.state.name_text(*id)?);
            }
            let row = words.get(begin..end).unwrap_or_default().to_vec();
            return Ok(Some(Holder { row, names: names.into_iter().collect(), days: held.days }));
        }
        Ok(None)
    }

    /// Names of people that have a word, or one that is spelt otherwise.
    fn people_with(&self, word: &str) -> Result<BTreeSet<i64>, Error> {
        let folded = fold(word);
        if folded.chars().count() < SHORTEST {
            return Ok(BTreeSet::new());
        }
        let mut ids: BTreeSet<i64> = self.state.names_with_word(&folded)?.into_iter().collect();
        for way in self.words_spelt_like(&folded)? {
            if let [single] = way.as_slice() {
                ids.extend(self.state.names_with_word(single)?);
            }
        }
        Ok(ids)
    }

    /// Those of the people `ids` who held a post that has all words of `post`, and when releases say so.
    fn held(&self, ids: BTreeSet<i64>, post: &[String]) -> Result<Option<Held>, Error> {
        let ids: Vec<i64> = ids.into_iter().take(MOST_PEOPLE).collect();
        if ids.is_empty() {
            return Ok(None);
        }
        let wanted: BTreeSet<String> = post.iter().map(|word| fold(word)).collect();
        let mut narrowed = Narrowed::default();
        narrowed.one_of("p.name", &ids);
        let query = "SELECT p.name, r.published, t.text, b.text FROM person p
            JOIN post o ON o.capture = p.capture AND o.person = p.local JOIN capture c ON c.id = p.capture
            JOIN record r ON r.capture = p.capture LEFT JOIN name t ON t.id = o.title LEFT JOIN name b ON b.id = o.body
            WHERE c.current AND NOT o.former AND r.published IS NOT NULL {where}";
        let rows = self.state.rows(query, &narrowed, |row| {
            let told = [row.text(2)?, row.text(3)?].map(Option::unwrap_or_default).join(" ");
            Ok((row.number(0)?, row.text(1)?.unwrap_or_default(), told))
        })?;
        let mut held: Option<Held> = None;
        for (id, day, told) in rows {
            let told = fold(&told);
            let told: BTreeSet<&str> = folded_words(&told).collect();
            if !wanted.iter().all(|word| told.contains(word.as_str())) {
                continue;
            }
            let held =
                held.get_or_insert_with(|| Held { ids: BTreeSet::new(), days: (day.clone(), day.clone()) });
            held.ids.insert(id);
            held.days.0 = held.days.0.clone().min(day.clone());
            held.days.1 = held.days.1.clone().max(day);
        }
        Ok(held)
    }
}

/// Who held a post.
struct Held {
    ids: BTreeSet<i64>,
    /// The first and the last day on which a release says so.
    days: (String, String),
}
