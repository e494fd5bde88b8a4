//! What else those are called whom a question names: the archive has learned other spellings of names, which acronym
//! stands for which long form, and who held which post when.

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

/// A name of more words is none, and has no other form.
const LONGEST: usize = 16;

/// Long forms have at least so many words.
const LONG: usize = 2;

impl Archive {
    /// What else the people and bodies that `query` asks for are called in this archive.
    ///
    /// # Errors
    /// Where the state cannot be read, or the spellings have a mistake.
    pub fn known_as(&self, query: &Query) -> Result<KnownAs, Error> {
        let asked = query.names_asked();
        let mut known = KnownAs::default();
        let is_name = |name: &String| name.split_whitespace().count() <= LONGEST;
        for (at, name) in distinct(asked.people.into_iter().filter(is_name)).into_iter().enumerate() {
            let others = self.other_spellings(&name, at < MOST_MISTYPED)?;
            if let Some((title, rest)) = self.state.spellings()?.titled(&name) {
                known.titled.insert(name.clone(), (title.to_owned(), rest.to_owned()));
            }
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

    /// Names that are the one asked for, and have not all its words: other spellings, and without a title before it.
    fn other_spellings(&self, asked: &str, may_be_mistyped: bool) -> Result<Vec<String>, Error> {
        let title = self.state.spellings()?.titled(asked);
        let wanted = words(title.map_or(asked, |(_, name)| name));
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
