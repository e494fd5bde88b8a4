//! What else somebody or something that a query names is called in the archive. The index knows words, not who they mean: who
//! asks it may know more, and says so beside the query.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::language::{Expr, Field, GONE, Leaf, Value, parse_forgiving};
use crate::query::Query;

/// Other names of what a query asks for, by the name as it is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownAs {
    /// Other spellings of people and bodies behind `who:`, `said-by:` and `proposed-by:`.
    pub people: BTreeMap<String, Vec<String>>,
    /// Acronyms of long forms, and long forms of acronyms, behind `org:` and in plain words.
    pub bodies: BTreeMap<String, Vec<String>>,
    /// Of names behind `who:`, `said-by:` and `proposed-by:` that have a title before them, as asked for: the title and the
    /// name.
    pub titled: BTreeMap<String, (String, String)>,
    /// Words of names in other spellings, by a plain word, all folded.
    pub words: BTreeMap<String, Vec<String>>,
    /// Who is meant by rows of plain words that are a post and a name.
    pub holders: Vec<Holder>,
}

/// A post and a name side by side in plain words, and when who is so called held that post.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// The words of the query, as they stand in it.
    pub row: Vec<String>,
    /// Names, in every spelling.
    pub names: Vec<String>,
    /// The first and the last day on which a release says so, as it gives them.
    pub days: (String, String),
}

impl KnownAs {
    pub(crate) fn people(&self, asked: &str) -> &[String] {
        self.people.get(asked).map_or(&[], Vec::as_slice)
    }

    /// The name that is asked for, and the title before it.
    pub(crate) fn titled<'a>(&'a self, asked: &'a str) -> (Option<&'a str>, &'a str) {
        self.titled.get(asked).map_or((None, asked), |(title, name)| (Some(title), name))
    }

    /// Other spellings of a plain word, folded.
    pub(crate) fn word(&self, folded: &str) -> &[String] {
        self.words.get(folded).map_or(&[], Vec::as_slice)
    }

    /// The holders that `words` name, with where they do.
    pub(crate) fn holders<'a>(
        &'a self,
        words: &'a [String],
    ) -> impl Iterator<Item = (Range<usize>, &'a Holder)> {
        self.holders.iter().filter_map(|holder| {
            let length = holder.row.len().max(1);
            let at = words.windows(length).position(|window| window == holder.row)?;
            Some((at..at + length, holder))
        })
    }

    pub(crate) fn bodies(&self, asked: &str) -> &[String] {
        self.bodies.get(asked).map_or(&[], Vec::as_slice)
    }
}

/// The names that a query asks for, as it has them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamesAsked {
    /// Behind `who:`, `said-by:`, `proposed-by:`, and as [`Query::by`].
    pub people: Vec<String>,
    /// Behind `org:`, as [`Query::org`], and what in plain words may be an acronym or a long form.
    pub bodies: Vec<String>,
    /// Plain words that stand side by side, as they are written.
    pub plain: Vec<Vec<String>>,
}

impl Query {
    /// The names that are asked for, to look up what else they are called ([`Query::known_as`]).
    #[must_use]
    pub fn names_asked(&self) -> NamesAsked {
        let mut names = NamesAsked::default();
        names.people.extend(self.by.clone());
        names.bodies.extend(self.org.clone());
        if let Some(expr) = parse_forgiving(&self.words).expr {
            names.take(&expr);
        }
        names
    }

    /// Whether `has:gone` stands in it anywhere, so that [`Query::gone`] is needed.
    #[must_use]
    pub fn asks_for_gone(&self) -> bool {
        parse_forgiving(&self.words).expr.is_some_and(|expr| names_gone(&expr))
    }
}

fn names_gone(expr: &Expr) -> bool {
    match expr {
        Expr::Leaf(Leaf::Field(Field::Has, Value::Text(text))) => text == GONE,
        Expr::And(parts) | Expr::Or(parts) => parts.iter().any(names_gone),
        Expr::Not(inner) => names_gone(inner),
        Expr::Words(_) | Expr::Leaf(_) => false,
    }
}

impl NamesAsked {
    fn take(&mut self, expr: &Expr) {
        match expr {
            Expr::Leaf(Leaf::Field(field, Value::Text(text))) => match field {
                Field::Who | Field::SaidBy | Field::ProposedBy => self.people.push(text.clone()),
                Field::Org => self.bodies.push(text.clone()),
                _ => {}
            },
            Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| self.take(part)),
            Expr::Not(inner) => self.take(inner),
            Expr::Words(words) => {
                self.bodies.extend(may_be_bodies(words).into_iter().map(|(_, name)| name));
                self.plain.push(words.clone());
            }
            Expr::Leaf(_) => {}
        }
    }
}

/// So many names are looked for in plain words.
const MOST: usize = 4;

/// Longer rows are no names.
const LONGEST: usize = 12;

/// A small word within a name has at most so many letters: `Board of Trade`.
const SMALL: usize = 3;

/// What in plain words may name a body, and which of them it is: a word in capitals, or a row of words that begin with
/// capitals, with one small word between two of them at most.
pub(crate) fn may_be_bodies(words: &[String]) -> Vec<(Range<usize>, String)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let end = end_of_name(words, at);
        if (2..=LONGEST).contains(&(end - at)) {
            found.push(at..end);
        }
        found.extend(
            (at..end).filter(|at| words.get(*at).is_some_and(|word| is_acronym(word))).map(|at| at..at + 1),
        );
        at = end.max(at + 1);
    }
    found.truncate(MOST);
    let named = |range: Range<usize>| Some((range.clone(), words.get(range)?.join(" ")));
    found.into_iter().filter_map(named).collect()
}

/// Where the row of words with capitals ends that begins at `at`; `at` itself where none does.
fn end_of_name(words: &[String], at: usize) -> usize {
    let begins = |at: usize| words.get(at).is_some_and(|word| word.starts_with(char::is_uppercase));
    let is_small = |at: usize| words.get(at).is_some_and(|word| word.chars().count() <= SMALL);
    let mut end = at;
    while begins(end) || (end > at && is_small(end) && begins(end + 1)) {
        end += 1;
    }
    end
}

fn is_acronym(word: &str) -> bool {
    word.chars().count() > 1 && word.chars().all(|c| c.is_uppercase() || c.is_numeric())
}
