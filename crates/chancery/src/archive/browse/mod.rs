//! People, bodies, posts and proposals of an archive as tables: counted, with first and last date, narrowed and sorted.
//!
//! Nobody knows yet which releases mean the same person. Until then those with the same name (all spellings that sound
//! alike) in the same country are one line; the country is that of the post or body where the text tells it, else the issuer's.

mod bodies;
mod making;
mod names;
mod people;
mod portrait;
mod posts;
mod proposals;
mod ready;
mod suggest;
mod tally;
mod understood;

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde::Serialize;

use super::Archive;
pub use bodies::BodyLine;
pub(super) use making::renew;
pub use names::NameFound;
pub use people::PersonLine;
pub(super) use people::post_in_words;
pub use portrait::{ActCount, Portrait, PortraitPost, Together};
pub use posts::{Holder, PostLine};
pub use proposals::ProposalLine;
pub(super) use ready::Ready;
pub use suggest::Suggestion;
pub use understood::UnknownValue;

/// What of an archive is looked at; what is `None` does not narrow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// A country, by any name once it is [understood](Archive::understood), else by its English one.
    pub country: Option<String>,
    /// Class of a post: `deputy-minister`.
    pub role: Option<String>,
    /// Id of a source.
    pub source: Option<String>,
    /// First day: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    pub since: Option<String>,
    /// Last day, written alike.
    pub until: Option<String>,
    /// A name in any spelling.
    pub matching: Option<String>,
}

/// By what lines are sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Most releases first.
    #[default]
    Releases,
    /// By name.
    Name,
    /// Who was first met earliest comes first.
    First,
    /// Who was last met latest comes first.
    Last,
}

/// Lines of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Listing<T> {
    /// How many there are, whatever the limit.
    pub total: u64,
    /// The first of them.
    pub lines: Vec<T>,
    /// Whether `matching` found nothing but names with letters mistyped.
    pub mistyped: bool,
}

/// The releases that say something: how many, the first and the last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Extent {
    /// How many releases.
    pub releases: u64,
    /// Date of the first that has one, `YYYY-MM-DD`.
    pub first: Option<String>,
    /// Date of the last.
    pub last: Option<String>,
}

impl Extent {
    fn add(&mut self, other: &Self) {
        self.releases += other.releases;
        self.first = [self.first.take(), other.first.clone()].into_iter().flatten().min();
        self.last = self.last.take().max(other.last.clone());
    }
}

impl Order {
    /// How two lines stand to each other; equals by name.
    fn compare(self, a: (&Extent, &str), b: (&Extent, &str)) -> Ordering {
        let by = match self {
            Self::Releases => b.0.releases.cmp(&a.0.releases),
            Self::Name => Ordering::Equal,
            // Without a date last.
            Self::First => (a.0.first.is_none(), &a.0.first).cmp(&(b.0.first.is_none(), &b.0.first)),
            Self::Last => b.0.last.cmp(&a.0.last),
        };
        by.then_with(|| a.1.to_lowercase().cmp(&b.1.to_lowercase())).then_with(|| a.1.cmp(b.1))
    }
}

/// Spellings of one name with how many releases have each.
#[derive(Clone, Debug, Default)]
struct Spellings(BTreeMap<String, u64>);

impl Spellings {
    fn add(&mut self, spelling: String, releases: u64) {
        *self.0.entry(spelling).or_default() += releases;
    }

    /// The most frequent one, and the others in their order.
    fn into_parts(self) -> (String, Vec<String>) {
        let mut all: Vec<(String, u64)> = self.0.into_iter().collect();
        all.sort_by(|(a, a_count), (b, b_count)| b_count.cmp(a_count).then_with(|| a.cmp(b)));
        let mut all = all.into_iter().map(|(spelling, _)| spelling);
        (all.next().unwrap_or_default(), all.collect())
    }
}

/// `20210302` as `2021-03-02`.
fn as_date(day: u64) -> String {
    format!("{:04}-{:02}-{:02}", day / 10_000, day / 100 % 100, day % 100)
}
