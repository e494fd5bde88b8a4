//! What records say of people and bodies, taken into the state.

use std::cell::{OnceCell, RefCell};
use std::path::Path;

use chancery_record::{Organization, Person, Record};
use chancery_text::{NameTables, fold};
use rusqlite::params;
use rustc_hash::{FxHashMap, FxHashSet};

use super::State;
use crate::Error;
use crate::rulesets::Spellings;

/// More names than are kept in memory while an archive is written.
const KNOWN: usize = 200_000;

/// Words as short as this are written together with the next one by some.
const SHORT_WORD: usize = 3;

/// The spellings in force, read when they are first needed, and the names that have a number.
pub(super) struct Names {
    spellings: Spellings,
    tables: OnceCell<NameTables>,
    known: RefCell<FxHashMap<String, i64>>,
    /// What the counts of names have to grow by at the end of the transaction: people, bodies, posts.
    counts: RefCell<FxHashMap<i64, [i64; 3]>>,
}

/// What a name is the name of.
#[derive(Clone, Copy)]
enum Of {
    Person = 0,
    Body = 1,
    Post = 2,
}

impl Names {
    pub(super) fn of(dir: &Path) -> Result<Self, Error> {
        let spellings = Spellings::of_archive(dir)?;
        Ok(Self { spellings, tables: OnceCell::new(), known: RefCell::default(), counts: RefCell::default() })
    }

    /// The version of the tables: that of their layout and that of the spellings that names are looked up by.
    pub(super) fn layout(&self, layout: i64) -> i64 {
        i64::from(self.spellings.short_digest()) << 7 | layout
    }

    fn tables(&self) -> Result<&NameTables, Error> {
        if let Some(tables) = self.tables.get() {
            return Ok(tables);
        }
        let tables = self.spellings.tables()?;
        Ok(self.tables.get_or_init(|| tables))
    }
}

impl State {
    /// What is known of spellings.
    pub(in crate::archive) fn spellings(&self) -> Result<&NameTables, Error> {
        self.names.tables()
    }

    /// Takes in the people, bodies, posts and acts of a record, in place of those of an earlier record of the capture.
    pub(super) fn set_facts(&self, capture: i64, record: &Record) -> Result<(), Error> {
        for (table, column, of) in
            [("person", "name", Of::Person), ("body", "name", Of::Body), ("post", "title", Of::Post)]
        {
            let query = format!("SELECT {column} FROM {table} WHERE capture = ?1 AND {column} IS NOT NULL");
            for id in self.all(&query, [capture], |row| row.get(0))? {
                self.count(id, of, -1);
            }
        }
        for table in ["person", "post", "body", "said"] {
            self.write(&format!("DELETE FROM {table} WHERE capture = ?1"), [capture])?;
        }
        for person in record.people() {
            self.add_person(capture, record, person)?;
        }
        for body in &record.organizations {
            self.add_body(capture, record, body)?;
        }
        for said in &record.statements {
            let name = said.speaker.as_deref().map(|name| self.name(name)).transpose()?;
            self.write(
                "INSERT INTO said VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL, NULL)",
                params![capture, said.id, said.speaker_id, name, said.act, said.direct],
            )?;
        }
        for put in &record.proposals {
            let name = put.proposer.as_deref().map(|name| self.name(name)).transpose()?;
            let to = Some(put.to.join("; ")).filter(|to| !to.is_empty());
            self.write(
                "INSERT INTO said VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![capture, put.id, put.proposer_id, name, put.act, put.direct, put.text, to],
            )?;
        }
        Ok(())
    }

    fn add_person(&self, capture: i64, record: &Record, person: &Person) -> Result<(), Error> {
        let issuer = record.release.country.as_deref();
        let own = person.posts.iter().find_map(|post| post.country.as_deref());
        let by = |id: &Option<String>| id.as_ref() == Some(&person.id);
        let said = record.statements.iter().filter(|said| by(&said.speaker_id)).count();
        let proposed = record.proposals.iter().filter(|put| by(&put.proposer_id)).count();
        let name = self.name(&person.name)?;
        self.count(name, Of::Person, 1);
        self.write(
            "INSERT OR IGNORE INTO person VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                capture,
                person.id,
                name,
                own.or(issuer),
                own.is_none(),
                !person.posts.is_empty(),
                said as i64,
                proposed as i64
            ],
        )?;
        for (number, post) in person.posts.iter().enumerate() {
            let body = post.organization.as_deref().and_then(|id| record.organization(id));
            let own = post.country.as_deref().or_else(|| body.and_then(|body| body.country.as_deref()));
            let title = post.title.as_deref().map(|title| self.name(title)).transpose()?;
            if let Some(title) = title {
                self.count(title, Of::Post, 1);
            }
            let body_name = body.map(|body| self.name(&body.name)).transpose()?;
            self.write(
                "INSERT INTO post VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                params![
                    capture,
                    person.id,
                    number as i64,
                    title,
                    body_name,
                    post.role,
                    own.or(issuer),
                    own.is_none(),
                    post.acting,
                    post.former
                ],
            )?;
        }
        Ok(())
    }

    fn add_body(&self, capture: i64, record: &Record, body: &Organization) -> Result<(), Error> {
        let country = body.country.as_deref().or(record.release.country.as_deref());
        let by = |id: &Option<String>| id.as_ref() == Some(&body.id);
        let said = record.statements.iter().filter(|said| by(&said.speaker_id)).count()
            + record.proposals.iter().filter(|put| by(&put.proposer_id)).count();
        let name = self.name(&body.name)?;
        self.count(name, Of::Body, 1);
        self.write(
            "INSERT OR IGNORE INTO body VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                capture,
                body.id,
                name,
                body.acronym,
                body.kind,
                country,
                body.country.is_none(),
                said as i64
            ],
        )
    }

    /// The number of a name, given when it is first met.
    fn name(&self, text: &str) -> Result<i64, Error> {
        if let Some(id) = self.names.known.borrow().get(text) {
            return Ok(*id);
        }
        let known = self.one("SELECT id FROM name WHERE text = ?1", [text], |row| row.get(0))?;
        let id = match known {
            Some(id) => id,
            None => {
                let tables = self.names.tables()?;
                // A name without a letter that sounds is its own.
                let told = |shared: String| if shared.is_empty() { text.to_owned() } else { shared };
                let sound = told(tables.group(text));
                let wording = format!("={}", told(tables.wording(text)));
                self.write("INSERT INTO name (text, sound, wording) VALUES (?1, 0, 0)", [text])?;
                let id = self.db.last_insert_rowid();
                let (sound, wording) = (self.first_of(&sound, id)?, self.first_of(&wording, id)?);
                self.write("UPDATE name SET sound = ?2, wording = ?3 WHERE id = ?1", [id, sound, wording])?;
                for key in tables.keys(text) {
                    self.write("INSERT OR IGNORE INTO name_key VALUES (?1, ?2)", params![key, id])?;
                }
                self.add_words(text, id)?;
                id
            }
        };
        let mut known = self.names.known.borrow_mut();
        if known.len() < KNOWN {
            known.insert(text.to_owned(), id);
        }
        Ok(id)
    }

    /// The first name with this sound or wording: `id` where there was none.
    fn first_of(&self, sound: &str, id: i64) -> Result<i64, Error> {
        self.write("INSERT OR IGNORE INTO sound VALUES (?1, ?2)", params![sound, id])?;
        Ok(self.one("SELECT name FROM sound WHERE text = ?1", [sound], |row| row.get(0))?.unwrap_or(id))
    }

    /// The words of a new name; those that no name had get keys of their own.
    fn add_words(&self, text: &str, id: i64) -> Result<(), Error> {
        let tables = self.names.tables()?;
        let folded = fold(text);
        let words: Vec<&str> = folded_words(&folded).collect();
        for word in &words {
            let known = "SELECT 1 FROM name_word WHERE word = ?1 LIMIT 1";
            let is_known = self.one(known, [word], |_| Ok(()))?.is_some();
            self.write("INSERT OR IGNORE INTO name_word VALUES (?1, ?2)", params![word, id])?;
            if !is_known {
                self.add_word_keys(word, &tables.keys(word))?;
            }
        }
        for pair in words.windows(2) {
            // `El Attar` is `Elattar` elsewhere, and `Prime Minister` is nowhere one word.
            if let [first, second] = pair
                && first.chars().count() <= SHORT_WORD
            {
                let own: FxHashSet<String> =
                    [first, second].iter().flat_map(|word| tables.keys(word)).collect();
                let pair = format!("{first} {second}");
                let keys: Vec<String> =
                    tables.keys(&pair).into_iter().filter(|key| !own.contains(key)).collect();
                self.add_word_keys(&pair, &keys)?;
            }
        }
        Ok(())
    }

    fn add_word_keys(&self, word: &str, keys: &[String]) -> Result<(), Error> {
        // By its first letter alone, `a.` or `a:`, a word is not looked up.
        for key in keys.iter().filter(|key| !key.ends_with(['.', ':'])) {
            self.write("INSERT OR IGNORE INTO word_key VALUES (?1, ?2)", params![key, word])?;
        }
        Ok(())
    }

    fn count(&self, name: i64, of: Of, more: i64) {
        let mut counts = self.names.counts.borrow_mut();
        if let Some(count) = counts.entry(name).or_default().get_mut(of as usize) {
            *count += more;
        }
    }

    /// Writes how often names were met since the last call.
    pub(super) fn write_counts(&self) -> Result<(), Error> {
        let mut counts: Vec<_> = self.names.counts.borrow_mut().drain().collect();
        counts.sort_unstable();
        for (id, [people, bodies, posts]) in counts {
            self.write(
                "UPDATE name SET people = people + ?2, bodies = bodies + ?3, posts = posts + ?4 WHERE id = ?1",
                params![id, people, bodies, posts],
            )?;
        }
        Ok(())
    }
}

/// The words of what is folded.
pub(in crate::archive) fn folded_words(folded: &str) -> impl Iterator<Item = &str> {
    folded
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '.' | '/' | '"'))
        .filter(|w| !w.is_empty())
}
