//! What the state is asked of people, bodies, posts and acts: sums by name and country, of current records.

use chancery_text::{Likeness, NameTables};
use rusqlite::types::Value;

use super::State;
use crate::Error;

/// Words that are looked up alike are compared one by one: so many, and no more.
const MOST_COMPARED: u32 = 200;

/// What is looked at: conditions, each with its value.
#[derive(Clone, Debug, Default)]
pub(in crate::archive) struct Narrowed {
    conditions: String,
    values: Vec<Value>,
}

impl Narrowed {
    /// Only where `condition` holds, in which `?` stands for `value`.
    pub(in crate::archive) fn only(&mut self, condition: &str, value: impl Into<Value>) {
        self.values.push(value.into());
        let place = format!("?{}", self.values.len());
        self.conditions += &format!(" AND {}", condition.replace('?', &place));
    }

    /// Only where `column` is one of `names`.
    pub(in crate::archive) fn one_of(&mut self, column: &str, names: &[i64]) {
        let ids: Vec<String> = names.iter().map(i64::to_string).collect();
        self.conditions += &format!(" AND {column} IN ({})", ids.join(","));
    }
}

/// A name with its number.
#[derive(Clone, Debug)]
pub(in crate::archive) struct NameRow {
    pub(in crate::archive) id: i64,
    pub(in crate::archive) text: String,
    pub(in crate::archive) people: u64,
    pub(in crate::archive) bodies: u64,
}

/// Values of one row; what a table sums up differs, so they are taken by their number.
pub(in crate::archive) struct Row<'r>(&'r rusqlite::Row<'r>);

impl Row<'_> {
    pub(in crate::archive) fn text(&self, at: usize) -> rusqlite::Result<Option<String>> {
        self.0.get(at)
    }

    /// The text at `at` where it is one, without a copy.
    pub(in crate::archive) fn str(&self, at: usize) -> rusqlite::Result<Option<&str>> {
        Ok(self.0.get_ref(at)?.as_str_or_null()?)
    }

    pub(in crate::archive) fn number(&self, at: usize) -> rusqlite::Result<i64> {
        Ok(self.0.get::<_, Option<i64>>(at)?.unwrap_or_default())
    }
}

impl State {
    /// The rows of `query`, whose `{where}` takes the conditions.
    pub(in crate::archive) fn rows<T>(
        &self,
        query: &str,
        narrowed: &Narrowed,
        read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Error> {
        let query = query.replace("{where}", &narrowed.conditions);
        let values = rusqlite::params_from_iter(narrowed.values.iter());
        self.all(&query, values, |row| read(&Row(row)))
    }

    /// Hands each row of `query` on, whose `{where}` takes the conditions.
    pub(in crate::archive) fn each(
        &self,
        query: &str,
        narrowed: &Narrowed,
        mut each: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
    ) -> Result<(), Error> {
        let query = query.replace("{where}", &narrowed.conditions);
        let values = rusqlite::params_from_iter(narrowed.values.iter());
        self.all(&query, values, |row| each(&Row(row))).map(|_: Vec<()>| ())
    }

    /// The version of the tables and of the spellings.
    pub(in crate::archive) fn version(&self) -> Result<i64, Error> {
        Ok(self.one("PRAGMA user_version", [], |row| row.get(0))?.unwrap_or_default())
    }

    /// The text of the name with this number.
    pub(in crate::archive) fn name_text(&self, id: i64) -> Result<String, Error> {
        let text = self.one("SELECT text FROM name WHERE id = ?1", [id], |row| row.get(0))?;
        Ok(text.unwrap_or_default())
    }

    /// For each name its sound and its wording, by its number.
    pub(in crate::archive) fn sounds(&self) -> Result<Vec<(i64, i64)>, Error> {
        let mut sounds = Vec::new();
        self.each("SELECT id, sound, wording FROM name", &Narrowed::default(), |row| {
            let at = usize::try_from(row.number(0)?).unwrap_or_default();
            if sounds.len() <= at {
                sounds.resize(at + 1, (0, 0));
            }
            if let Some(sound) = sounds.get_mut(at) {
                *sound = (row.number(1)?, row.number(2)?);
            }
            Ok(())
        })?;
        Ok(sounds)
    }

    /// Names that have a word, in any spelling of one folding.
    pub(in crate::archive) fn names_with(&self, word: &str) -> Result<Vec<i64>, Error> {
        self.all("SELECT name FROM name_word WHERE word = ?1", [word], |row| row.get(0))
    }

    /// Numbers of the names that are looked up by one of `keys`, in no order, and some several times.
    pub(in crate::archive) fn names_by_keys(&self, keys: &[String]) -> Result<Vec<i64>, Error> {
        let places = vec!["?"; keys.len()].join(",");
        let query = format!("SELECT name FROM name_key WHERE key IN ({places})");
        self.all(&query, rusqlite::params_from_iter(keys), |row| row.get(0))
    }

    /// The words of names that are `word` in another spelling; neighbours that are written as one word there together. Words
    /// are compared while `may_go_on`.
    pub(in crate::archive) fn words_spelt_like(
        &self,
        tables: &NameTables,
        word: &str,
        may_go_on: impl Fn() -> bool,
    ) -> Result<Vec<Vec<String>>, Error> {
        let asked = tables.asked(word).rightly_typed();
        let keys: Vec<String> = asked.keys().into_iter().flatten().collect();
        let places = vec!["?"; keys.len()].join(",");
        let query =
            format!("SELECT DISTINCT word FROM word_key WHERE key IN ({places}) LIMIT {MOST_COMPARED}");
        let found: Vec<String> = self.all(&query, rusqlite::params_from_iter(keys), |row| row.get(0))?;
        let alike = found.into_iter().take_while(|_| may_go_on()).filter(|found| {
            found != word && asked.likeness(found).is_some_and(|likeness| likeness < Likeness::Initials)
        });
        Ok(alike.map(|found| found.split(' ').map(String::from).collect()).collect())
    }

    /// The name with this number.
    pub(in crate::archive) fn name_row(&self, id: i64) -> Result<Option<NameRow>, Error> {
        self.one(&format!("{NAME} WHERE id = ?1"), [id], name_row)
    }

    /// Words of names that begin with `first` and have a length between two, each once.
    pub(in crate::archive) fn words_like(
        &self,
        first: &str,
        shortest: usize,
        longest: usize,
    ) -> Result<Vec<String>, Error> {
        let query = "SELECT DISTINCT word FROM name_word WHERE word >= ?1 AND word < ?2 AND length(word) BETWEEN ?3 AND ?4";
        let last = format!("{first}{}", char::MAX);
        self.all(query, rusqlite::params![first, last, shortest as i64, longest as i64], |row| row.get(0))
    }

    /// Whether releases have a name or a post of these words, written so.
    pub(in crate::archive) fn is_written(&self, name: &str) -> Result<bool, Error> {
        Ok(self.one("SELECT 1 FROM name WHERE text = ?1", [name], |_| Ok(()))?.is_some())
    }

    /// Whether releases have a post of these words, written so.
    pub(in crate::archive) fn is_post(&self, title: &str) -> Result<bool, Error> {
        let query = "SELECT 1 FROM name WHERE text = ?1 AND posts > 0";
        Ok(self.one(query, [title], |_| Ok(()))?.is_some())
    }

    /// How many names have a word, of which no more than `most` are counted, and how often these are names of people.
    pub(in crate::archive) fn people_with_word(&self, word: &str, most: usize) -> Result<(u64, u64), Error> {
        let query = "SELECT count(*), coalesce(sum(n.people), 0) FROM (SELECT name FROM name_word WHERE word = ?1 LIMIT ?2) w
            JOIN name n ON n.id = w.name";
        let count = |row: &rusqlite::Row<'_>, at| row.get::<_, i64>(at).map(super::natural);
        let found = self
            .one(query, rusqlite::params![word, most as i64], |row| Ok((count(row, 0)?, count(row, 1)?)))?;
        Ok(found.unwrap_or_default())
    }

    /// Numbers of the names that have a word.
    pub(in crate::archive) fn names_with_word(&self, word: &str) -> Result<Vec<i64>, Error> {
        self.all("SELECT name FROM name_word WHERE word = ?1 ORDER BY name", [word], |row| row.get(0))
    }
}

const NAME: &str = "SELECT id, text, people, bodies FROM name";

fn name_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<NameRow> {
    let count = |at| row.get::<_, i64>(at).map(super::natural);
    Ok(NameRow { id: row.get(0)?, text: row.get(1)?, people: count(2)?, bodies: count(3)? })
}
