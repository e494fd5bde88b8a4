//! What the fields of closed lists can ask for: what the index holds, and what lists outside of it know. Anything else is
//! a mistake, where silence would be taken for an answer.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use chancery_text::fold;
use tantivy::{Searcher, Term};

use crate::Index;
use crate::language::{Field, Value, Wrong, one_of, read};
use crate::query::Query;
use crate::schema::Fields;

/// Of longer lists only what the index holds is told.
const MOST_TOLD: usize = 40;

/// Values of fields that may be asked for though the index holds none of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lists(BTreeMap<Field, BTreeMap<String, String>>);

impl Lists {
    /// Adds a value: as it may be asked for, and as the index would have it.
    pub fn add(&mut self, field: Field, asked: &str, meant: &str) {
        self.0.entry(field).or_default().insert(fold(asked), meant.to_owned());
    }

    fn meant(&self, field: Field, asked: &str) -> Option<&String> {
        self.0.get(&field)?.get(&fold(asked))
    }

    fn values(&self, field: Field) -> impl Iterator<Item = &String> {
        self.0.get(&field).into_iter().flat_map(BTreeMap::values)
    }
}

/// What may be asked for here.
#[derive(Clone, Copy)]
pub(crate) struct Askable<'a> {
    pub(crate) searcher: &'a Searcher,
    pub(crate) fields: &'a Fields,
    pub(crate) lists: &'a Lists,
}

impl Askable<'_> {
    /// The value as the index has it, where the index holds it or a list knows it.
    pub(crate) fn meant(&self, field: Field, value: Value) -> Result<Value, Wrong> {
        let Value::Text(text) = &value else { return Ok(value) };
        let Some((of, column, term)) = self.closed(field, text) else { return Ok(value) };
        if self.holds(&Term::from_field_text(of, &term)) {
            return Ok(value);
        }
        if let Some(meant) = self.lists.meant(field, text) {
            return Ok(Value::Text(meant.clone()));
        }
        let held = self.held(column);
        let mut known: BTreeSet<&str> = held.iter().map(String::as_str).collect();
        known.extend(self.lists.values(field).map(String::as_str));
        let known: Vec<&str> = known.into_iter().collect();
        let held: Vec<&str> = held.iter().map(String::as_str).collect();
        one_of(field, text, &known, if known.len() > MOST_TOLD { &held } else { &known })
    }

    /// The field of the index, its column and the term that a value is, where the field has a closed list of them.
    fn closed(&self, field: Field, text: &str) -> Option<(tantivy::schema::Field, &'static str, String)> {
        let fields = self.fields;
        Some(match field {
            Field::Role => (fields.role, "role", text.to_owned()),
            Field::Act => (fields.act, "act", text.to_owned()),
            Field::Source => (fields.source, "source", text.to_owned()),
            Field::Lang => (fields.lang, "lang", primary(text).to_owned()),
            Field::Country => (fields.country, "country_name", fold(text)),
            _ => return None,
        })
    }

    /// An index that cannot be read holds everything: the search itself says what is wrong with it.
    fn holds(&self, term: &Term) -> bool {
        self.searcher.doc_freq(term).map_or(true, |count| count > 0)
    }

    /// The values of a column, as they are shown.
    fn held(&self, column: &str) -> BTreeSet<String> {
        let mut held = BTreeSet::new();
        for segment in self.searcher.segment_readers() {
            let Ok(Some(values)) = segment.fast_fields().str(column) else { continue };
            let Ok(mut values) = values.dictionary().stream() else { continue };
            while values.advance() {
                held.extend(std::str::from_utf8(values.key()).map(str::to_owned));
            }
        }
        held
    }
}

impl Index {
    /// The fields for which `query` asks for a value that the index does not hold: a list may know it ([`Query::lists`]).
    #[must_use]
    pub fn unheld(&self, query: &Query) -> BTreeSet<Field> {
        let searcher = self.reader.searcher();
        let here = Askable { searcher: &searcher, fields: &self.fields, lists: &Lists::default() };
        let unheld = RefCell::new(BTreeSet::new());
        let look = |field, value: Value| {
            let asked = if let Value::Text(text) = &value { here.closed(field, text) } else { None };
            if asked.is_some_and(|(of, _, term)| !here.holds(&Term::from_field_text(of, &term))) {
                unheld.borrow_mut().insert(field);
            }
            Ok(value)
        };
        read(&query.words, &look);
        for (field, given) in [(Field::Source, &query.source), (Field::Country, &query.country)] {
            if let Some(Ok(value)) = given.as_deref().map(|given| Value::read(field, given)) {
                let _ = look(field, value);
            }
        }
        unheld.into_inner()
    }
}

/// The first part of a tag of a language.
pub(crate) fn primary(tag: &str) -> &str {
    tag.split(['-', '_']).next().unwrap_or(tag)
}
