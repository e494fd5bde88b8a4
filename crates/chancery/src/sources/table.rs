//! A table of a source file, read key by key, so that every mistake of a file is told at once and at its place.

use std::cell::RefCell;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::SourceFault;

/// The file that is read, and what was found wrong in it.
pub(super) struct File<'t> {
    pub(super) path: &'t str,
    pub(super) text: &'t str,
    /// The tables below the first one, with their keys.
    tables: &'static [(&'static str, &'static [&'static str])],
    faults: RefCell<Vec<SourceFault>>,
}

/// A value with its place.
pub(super) type Placed<T> = (T, Range<usize>);

impl<'t> File<'t> {
    pub(super) const fn new(
        path: &'t str,
        text: &'t str,
        tables: &'static [(&'static str, &'static [&'static str])],
    ) -> Self {
        Self { path, text, tables, faults: RefCell::new(Vec::new()) }
    }

    pub(super) fn fault(&self, at: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.faults.borrow_mut().push(SourceFault::new(self.path, self.text, at, message, help));
    }

    /// All mistakes, in the order of the file.
    pub(super) fn into_faults(self) -> Vec<SourceFault> {
        let mut faults = self.faults.into_inner();
        faults.sort_by_key(|fault| (fault.line, fault.column));
        faults
    }
}

/// A table of the file.
pub(super) struct Table<'f, 't> {
    pub(super) file: &'f File<'t>,
    table: &'f DeTable<'t>,
    /// Where it stands.
    pub(super) at: Range<usize>,
}

impl<'f, 't> Table<'f, 't> {
    /// The table, of which every key that is not in `known` is told as a mistake.
    pub(super) fn new(
        file: &'f File<'t>,
        table: &'f DeTable<'t>,
        at: Range<usize>,
        name: &str,
        known: &[&str],
    ) -> Self {
        for key in table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            let message = format!("{name} has no key `{}`", key.get_ref());
            let mut belongs = file.tables.iter().filter(|(_, keys)| keys.contains(&key.get_ref().as_ref()));
            let help = match belongs.next() {
                Some((table, _)) => format!("write it below the line `[{table}]`, where it belongs"),
                None => format!("known here are: {}", known.join(", ")),
            };
            file.fault(key.span(), message, help);
        }
        Self { file, table, at }
    }

    pub(super) fn get(&self, key: &str) -> Option<&'f Spanned<DeValue<'t>>> {
        self.table.iter().find(|(own, _)| own.get_ref() == key).map(|(_, value)| value)
    }

    /// A table within this one.
    pub(super) fn table(&self, key: &str, name: &str, known: &[&str]) -> Option<Table<'f, 't>> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(Table::new(self.file, table, value.span(), name, known)),
            other => {
                self.wrong(key, value.span(), other, "a table", &format!("`[{key}]` on a line of its own"));
                None
            }
        }
    }

    fn wrong(&self, key: &str, at: Range<usize>, found: &DeValue<'_>, wanted: &str, example: &str) {
        let found = match found {
            DeValue::String(_) => "words",
            DeValue::Integer(_) | DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.file.fault(
            at,
            format!("`{key}` is {found}, and must be {wanted}"),
            format!("write it like {example}"),
        );
    }

    /// Words, which must not be empty.
    pub(super) fn words(&self, key: &str, example: &str) -> Option<Placed<String>> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::String(words) if words.trim().is_empty() => {
                let help = format!("write it like {key} = {example}, or leave the line out");
                self.file.fault(value.span(), format!("`{key}` is empty"), help);
                None
            }
            DeValue::String(words) => Some((words.trim().to_owned(), value.span())),
            other => {
                self.wrong(
                    key,
                    value.span(),
                    other,
                    "words in quotation marks",
                    &format!("{key} = {example}"),
                );
                None
            }
        }
    }

    /// `true` or `false`.
    pub(super) fn truth(&self, key: &str) -> Option<bool> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::Boolean(truth) => Some(*truth),
            other => {
                self.wrong(key, value.span(), other, "true or false", &format!("{key} = true"));
                None
            }
        }
    }

    /// A whole number of at least `least`.
    pub(super) fn number(&self, key: &str, least: u64, example: &str) -> Option<u64> {
        let value = self.get(key)?;
        let found = match value.get_ref() {
            DeValue::Integer(digits) => u64::from_str_radix(digits.as_str(), digits.radix()).ok(),
            other => {
                self.wrong(key, value.span(), other, "a number", &format!("{key} = {example}"));
                return None;
            }
        };
        let found = found.filter(|number| *number >= least);
        if found.is_none() {
            let message = format!("`{key}` must be a whole number of at least {least}");
            self.file.fault(value.span(), message, format!("write it like {key} = {example}"));
        }
        found
    }

    /// A list of words, each made into something by `make`, whose error is message and mend.
    pub(super) fn list<T>(
        &self,
        key: &str,
        example: &str,
        make: impl Fn(&str) -> Result<T, (String, String)>,
    ) -> Vec<T> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            let example = format!("{key} = [{example}]");
            self.wrong(key, value.span(), value.get_ref(), "a list in square brackets", &example);
            return Vec::new();
        };
        let mut all = Vec::new();
        for item in items.iter() {
            match item.get_ref() {
                DeValue::String(words) => match make(words) {
                    Ok(made) => all.push(made),
                    Err((message, help)) => self.file.fault(item.span(), message, help),
                },
                other => {
                    self.wrong(key, item.span(), other, "a list of words", &format!("{key} = [{example}]"));
                }
            }
        }
        all
    }

    /// Something made of words.
    pub(super) fn made<T>(
        &self,
        key: &str,
        example: &str,
        make: impl Fn(&str) -> Result<T, (String, String)>,
    ) -> Option<T> {
        let (words, at) = self.words(key, example)?;
        make(&words).map_err(|(message, help)| self.file.fault(at, message, help)).ok()
    }
}
