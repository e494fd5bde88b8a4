//! What else somebody or something that a query names is called in the archive. The index knows words, not who they mean: who
//! asks it may know more, and says so beside the query.

use std::collections::BTreeMap;

use crate::language::{Expr, Field, Leaf, Value, parse_forgiving};
use crate::query::Query;

/// Other names of what a query asks for, by the name as it is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownAs {
    /// Other spellings of people and bodies behind `who:`, `said-by:` and `proposed-by:`.
    pub people: BTreeMap<String, Vec<String>>,
    /// Acronyms of long forms, and long forms of acronyms, behind `org:`.
    pub bodies: BTreeMap<String, Vec<String>>,
}

impl KnownAs {
    pub(crate) fn people(&self, asked: &str) -> &[String] {
        self.people.get(asked).map_or(&[], Vec::as_slice)
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
    /// Behind `org:`, and as [`Query::org`].
    pub bodies: Vec<String>,
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
            Expr::Words(_) | Expr::Leaf(_) => {}
        }
    }
}
