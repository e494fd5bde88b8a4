//! What browsing, citing and suggesting mean.

use std::path::PathBuf;

use chancery::archive::{Filter, Order};

use super::{Form, archive, form};
use crate::args::{BrowseArgs, CiteArgs, CiteFormat, FormArgs, PersonArgs, SortArg, SuggestArgs};

/// What is browsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Table {
    /// People.
    People,
    /// Bodies.
    Bodies,
    /// Posts and who held them.
    Posts,
    /// Proposals.
    Proposals,
}

/// How lines are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lines {
    /// As a table to be read.
    Table,
    /// As one JSON object.
    Json,
    /// As one JSON object a line.
    Ndjson,
    /// As comma-separated values.
    Csv,
}

impl From<&FormArgs> for Lines {
    fn from(args: &FormArgs) -> Self {
        match (args.json, args.ndjson, args.csv) {
            (true, ..) => Self::Json,
            (_, true, _) => Self::Ndjson,
            (.., true) => Self::Csv,
            _ => Self::Table,
        }
    }
}

/// `people`, `orgs`, `posts`, `proposals`
pub(crate) struct Browse {
    /// Of which archive.
    pub(crate) archive: PathBuf,
    /// What.
    pub(crate) table: Table,
    /// Which of them.
    pub(crate) filter: Filter,
    /// In which order.
    pub(crate) order: Order,
    /// So many are printed.
    pub(crate) limit: usize,
    /// How.
    pub(crate) lines: Lines,
}

impl Browse {
    /// What was typed, understood.
    pub(crate) fn of(table: Table, args: BrowseArgs) -> Self {
        Self {
            archive: archive(&args.archive),
            table,
            order: match args.sort {
                SortArg::Releases => Order::Releases,
                SortArg::Name => Order::Name,
                SortArg::First => Order::First,
                SortArg::Last => Order::Last,
            },
            limit: args.limit as usize,
            lines: Lines::from(&args.form),
            filter: Filter {
                country: args.country,
                role: args.role,
                source: args.source,
                since: args.since,
                until: args.until,
                matching: args.matching,
            },
        }
    }
}

/// `person`
pub(crate) struct Who {
    /// Of which archive.
    pub(crate) archive: PathBuf,
    /// The name as it was typed.
    pub(crate) name: String,
    /// Of which country.
    pub(crate) country: Option<String>,
    /// How to print it.
    pub(crate) form: Form,
}

impl From<PersonArgs> for Who {
    fn from(args: PersonArgs) -> Self {
        Self {
            archive: archive(&args.archive),
            name: args.name.join(" "),
            country: args.country,
            form: form(args.json),
        }
    }
}

/// `cite`
pub(crate) struct Cite {
    /// From which archive.
    pub(crate) archive: PathBuf,
    /// Which hit or release.
    pub(crate) hit: String,
    /// Which fact of it.
    pub(crate) fact: Option<String>,
    /// Whether every version is cited.
    pub(crate) all_versions: bool,
    /// How it is written.
    pub(crate) format: CiteFormat,
}

impl From<CiteArgs> for Cite {
    fn from(args: CiteArgs) -> Self {
        Self {
            archive: archive(&args.archive),
            hit: args.hit,
            fact: args.fact,
            all_versions: args.all_versions,
            format: if args.json { CiteFormat::Json } else { args.format },
        }
    }
}

/// `suggest`
pub(crate) struct Typing {
    /// From which archive.
    pub(crate) archive: PathBuf,
    /// What was typed so far.
    pub(crate) typed: String,
    /// So many suggestions.
    pub(crate) limit: usize,
    /// How to print them.
    pub(crate) form: Form,
}

impl From<SuggestArgs> for Typing {
    fn from(args: SuggestArgs) -> Self {
        Self {
            archive: archive(&args.archive),
            typed: args.typed.join(" "),
            limit: args.limit as usize,
            form: form(args.json),
        }
    }
}
