//! What else those are called whom a question names: the archive has learned other spellings of names, which acronym
//! stands for which long form, and who held which post when.

use std::cell::Cell;
use std::collections::BTreeSet;

use chancery_index::{KnownAs, Query};
use chancery_text::fold;

use super::Archive;
use super::state::{Narrowed, folded_words};
use crate::Error;

mod plain;

/// So many other names of one are looked for.
const MOST: usize = 20;

/// Of so many names that are asked for other forms are looked for: the others are found as they are written.
const MOST_ASKED: usize = 16;

/// Of so many of them letters may be mistyped.
const MOST_MISTYPED: usize = 4;

/// So many names of the archive are compared with those of one question: what was not compared by then is found as it is
/// written.
const MOST_COMPARED: u64 = 2_000;

/// A name of more words is none, and has no other form.
const LONGEST: usize = 16;

/// Long forms have at least so many words.
const LONG: usize = 2;

/// How many names may still be compared; without end where nobody waits for a question.
pub(super) struct Patience(Cell<u64>);

impl Default for Patience {
    fn default() -> Self {
        Self(Cell::new(u64::MAX))
    }
}

impl Patience {
    /// Whether one more name may be compared.
    pub(super) fn spend(&self) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(1));
        left > 0
    }
}

impl Archive {
    /// What else the people and bodies that `query` asks for are called in this archive.
    ///
    /// # Errors
    /// Where the state cannot be read, or the spellings have a mistake.
    pub fn known_as(&self, query: &Query) -> Result<KnownAs, Error> {
        self.patience.0.set(MOST_COMPARED);
        // One transaction: else each of some hundred small questions would look whether somebody wrote meanwhile.
        let known = self.state.reading(|| self.names_of(query));
        self.patience.0.set(u64::MAX);
        known
    }

    fn names_of(&self, query: &Query) -> Result<KnownAs, Error> {
        let asked = query.names_asked();
        let mut known = KnownAs::default();
        let is_name = |name: &String| name.split_whitespace().count() <= LONGEST;
        for (at, name) in distinct(asked.people.into_iter().filter(is_name)).into_iter().enumerate() {
            let titled = self.titled(&name)?;
            let own = titled.as_ref().map_or(name.as_str(), |(_, own)| own.as_str());
            let others = self.other_spellings(own, at < MOST_MISTYPED)?;
            known.titled.extend(titled.map(|titled| (name.clone(), titled)));
            known.people.insert(name, others);
        }
        for words in asked.plain.into_iter().take(MOST_ASKED) {
            self.plain_names(&words, &mut known)?;
        }
        for name in distinct(asked.bodies.into_iter().filter(is_name)) {
            let others = self.other_forms(&name)?;
            known.bodies.insert(name, others);
        }
        Ok(known)
    }

    /// The title before a name, and the name: a post that releases write so, or a title that everybody knows.
    fn titled(&self, name: &str) -> Result<Option<(String, String)>, Error> {
        let words: Vec<&str> = name.split_whitespace().collect();
        // `Attorney General` is a post itself, and no attorney called General.
        let cuts = if self.state.is_written(name)? { 1..1 } else { 1..words.len() };
        for cut in cuts.rev() {
            let (title, own) = words.split_at(cut);
            let title = title.join(" ");
            if self.state.is_post(&title)? {
                return Ok(Some((title, own.join(" "))));
            }
        }
        let titled = self.state.spellings()?.titled(name);
        Ok(titled.map(|(title, own)| (title.to_owned(), own.to_owned())))
    }

    /// Names that are the one asked for, and have not all its words.
    fn other_spellings(&self, asked: &str, may_be_mistyped: bool) -> Result<Vec<String>, Error> {
        let wanted = words(asked);
        let found = if may_be_mistyped { self.names_like(asked)? } else { self.names_spelt_like(asked)? };
        let found = found.into_iter().map(|name| name.text);
        let mut others: Vec<String> = found.filter(|name| !wanted.is_subset(&words(name))).collect();
        others.truncate(MOST);
        Ok(others)
    }

    /// The acronyms of a long form, and the long forms of an acronym.
    fn other_forms(&self, asked: &str) -> Result<Vec<String>, Error> {
        let wanted = words(asked);
        // Of a longer name (`Ministry of Health and Family`) the acronym is another; and people have none.
        let found = self.names_spelt_like_where(asked, |name| {
            name.bodies > 0 && words(&name.text).len() == wanted.len()
        })?;
        let ids: Vec<i64> = found.into_iter().map(|name| name.id).collect();
        let mut others = BTreeSet::new();
        for id in self.bodies_called(asked)? {
            let long = self.state.name_text(id)?;
            others.extend((words(&long).len() >= LONG).then_some(long));
        }
        if !ids.is_empty() {
            let mut narrowed = Narrowed::default();
            narrowed.one_of("name", &ids);
            let query = "SELECT DISTINCT acronym FROM body JOIN capture c ON c.id = capture
                WHERE c.current AND acronym IS NOT NULL {where} ORDER BY 1";
            others.extend(self.state.rows(query, &narrowed, |row| row.text(0))?.into_iter().flatten());
        }
        others.remove(asked);
        Ok(others.into_iter().take(MOST).collect())
    }
}

/// The first of them, each once.
fn distinct(names: impl Iterator<Item = String>) -> BTreeSet<String> {
    names.take(MOST_ASKED).collect()
}

fn words(name: &str) -> BTreeSet<String> {
    folded_words(&fold(name)).map(String::from).collect()
}

#[cfg(test)]
mod tests {
    use super::Patience;

    #[test]
    fn so_many_names_are_compared_and_no_more() {
        let patience = Patience::default();
        assert!((0..10_000).all(|_| patience.spend()), "where nobody waits there is no end");
        patience.0.set(2);
        assert_eq!([0; 4].map(|_| patience.spend()), [true, true, false, false]);
    }
}
