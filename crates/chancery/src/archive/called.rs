//! What else those are called whom a question names: the archive has learned other spellings of names, and which acronym
//! stands for which long form.

use std::collections::BTreeSet;

use chancery_index::{KnownAs, Query};
use chancery_text::{Likeness, fold};

use super::Archive;
use super::state::{Narrowed, folded_words};
use crate::Error;

/// So many other names of one are looked for.
const MOST: usize = 20;

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
        for name in asked.people {
            let others = self.other_spellings(&name)?;
            known.people.insert(name, others);
        }
        for name in asked.bodies {
            let others = self.other_forms(&name)?;
            known.bodies.insert(name, others);
        }
        Ok(known)
    }

    /// Names that are the one asked for, and have not all its words: other spellings, and without a title before it.
    fn other_spellings(&self, asked: &str) -> Result<Vec<String>, Error> {
        let wanted = words(asked);
        let found = self.names_like(asked)?.into_iter().map(|name| name.text);
        let mut others: Vec<String> = found.filter(|name| !wanted.is_subset(&words(name))).collect();
        others.truncate(MOST);
        Ok(others)
    }

    /// The acronyms of a long form, and the long forms of an acronym.
    fn other_forms(&self, asked: &str) -> Result<Vec<String>, Error> {
        let wanted = words(asked);
        let mut ids = Vec::new();
        for name in self.names_like(asked)? {
            // Of a longer name (`Ministry of Health and Family`) the acronym is another.
            if name.likeness < Likeness::Typo && words(&name.text).len() == wanted.len() {
                ids.push(name.id);
            }
        }
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

fn words(name: &str) -> BTreeSet<String> {
    folded_words(&fold(name)).map(String::from).collect()
}
