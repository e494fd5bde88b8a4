//! Counting in one pass over a table: what sounds alike in one country is one, and only what is shown gets its words.
//!
//! Sums over joins and groups in SQL took eight times as long on 20,000 releases.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use super::super::state::Narrowed;
use super::{Extent, Filter, NameFound, Order, as_date};
use crate::Error;
use crate::archive::{Archive, writer};

/// A day as a number (`20210302`); 1 for a release without a date, 0 for one that is not looked at.
type Day = u32;
const UNDATED: Day = 1;

/// What a pass over a table needs to know of each row.
pub(super) struct Pass {
    /// By the number of the capture.
    days: Vec<Day>,
    /// Sound and wording, by the number of the name.
    sounds: Vec<(i64, i64)>,
    countries: Countries,
}

/// Countries by number; 0 is none.
#[derive(Default)]
struct Countries {
    names: Vec<String>,
    numbers: FxHashMap<String, usize>,
}

/// How often, and when, something was met.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    /// What its spellings share, and the number of its country.
    pub(super) key: (i64, i64, usize),
    releases: u64,
    first: Option<Day>,
    last: Option<Day>,
    last_capture: i64,
    /// Whether a text tells the country.
    pub(super) told: bool,
    /// Numbers of names with how often each was met.
    pub(super) spellings: Vec<(i64, u64)>,
    /// What else is summed up: acts.
    pub(super) acts: [u64; 2],
}

impl Tally {
    /// Counts a release, once.
    pub(super) fn add(&mut self, capture: i64, day: Day) {
        if self.last_capture == capture {
            return;
        }
        self.last_capture = capture;
        self.releases += 1;
        if day > UNDATED {
            self.first = Some(self.first.map_or(day, |first| first.min(day)));
            self.last = self.last.max(Some(day));
        }
    }

    pub(super) fn spelled(&mut self, name: i64) {
        match self.spellings.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => self.spellings.push((name, 1)),
        }
    }

    pub(super) fn extent(&self) -> Extent {
        let date = |day: Option<Day>| day.map(|day| as_date(day.into()));
        Extent { releases: self.releases, first: date(self.first), last: date(self.last) }
    }

    /// What `order` sorts by, names apart.
    fn rank(&self, order: Order) -> (bool, Reverse<u64>, Day) {
        match order {
            Order::Releases => (false, Reverse(self.releases), 0),
            Order::Name => (false, Reverse(0), 0),
            Order::First => (self.first.is_none(), Reverse(0), self.first.unwrap_or_default()),
            Order::Last => (false, Reverse(self.last.unwrap_or_default().into()), 0),
        }
    }
}

/// Those that can be among the first `limit`: their names, which are costly, decide between equals only.
pub(super) fn shortlist(mut tallies: Vec<Tally>, order: Order, limit: usize) -> Vec<Tally> {
    if limit == 0 {
        return Vec::new();
    }
    if tallies.len() > limit {
        let (_, last, _) = tallies.select_nth_unstable_by_key(limit - 1, |tally| tally.rank(order));
        let last = last.rank(order);
        tallies.retain(|tally| tally.rank(order) <= last);
    }
    tallies
}

impl Pass {
    /// The day of a release; `None` where it is not looked at.
    pub(super) fn day(&self, capture: i64) -> Option<Day> {
        let day = usize::try_from(capture).ok().and_then(|at| self.days.get(at)).copied();
        day.filter(|day| *day > 0)
    }

    /// What the spellings of a person's name share.
    pub(super) fn sound(&self, name: i64) -> i64 {
        self.shared(name).0
    }

    /// What the spellings of a title or body share.
    pub(super) fn wording(&self, name: i64) -> i64 {
        self.shared(name).1
    }

    fn shared(&self, name: i64) -> (i64, i64) {
        usize::try_from(name).ok().and_then(|at| self.sounds.get(at)).copied().unwrap_or((name, name))
    }

    pub(super) fn country(&mut self, name: Option<&str>) -> usize {
        let Some(name) = name else { return 0 };
        if let Some(number) = self.countries.numbers.get(name) {
            return *number;
        }
        self.countries.names.push(name.to_owned());
        let number = self.countries.names.len();
        self.countries.numbers.insert(name.to_owned(), number);
        number
    }

    pub(super) fn country_name(&self, number: usize) -> Option<String> {
        number.checked_sub(1).and_then(|at| self.countries.names.get(at)).cloned()
    }
}

/// Tallies in the order of their keys.
pub(super) fn in_order(tallies: FxHashMap<(i64, i64, usize), Tally>) -> Vec<Tally> {
    let mut all: Vec<Tally> = tallies.into_iter().map(|(key, tally)| Tally { key, ..tally }).collect();
    all.sort_unstable_by_key(|tally| tally.key);
    all
}

impl Archive {
    /// What a pass needs to know: the current releases that `filter` leaves.
    pub(super) fn pass(&self, filter: &Filter) -> Result<Pass, Error> {
        let mut narrowed = Narrowed::default();
        if let Some(source) = &filter.source {
            narrowed.only("r.source = ?", source.clone());
        }
        self.only_period(filter, &mut narrowed)?;
        let mut days: Vec<Day> = Vec::new();
        let query = "SELECT c.id, r.published FROM capture c JOIN record r ON r.capture = c.id WHERE c.current {where}";
        self.state.each(query, &narrowed, |row| {
            let at = usize::try_from(row.number(0)?).unwrap_or_default();
            if days.len() <= at {
                days.resize(at + 1, 0);
            }
            if let Some(day) = days.get_mut(at) {
                *day = row.str(1)?.map_or(UNDATED, as_number);
            }
            Ok(())
        })?;
        Ok(Pass { days, sounds: self.state.sounds()?, countries: Countries::default() })
    }

    /// The conditions of a filter on a table with the columns `capture`, `country` and `name`, and whether only names with
    /// letters mistyped are left.
    pub(super) fn conditions(&self, filter: &Filter, name: &str) -> Result<(Narrowed, bool), Error> {
        let mut narrowed = Narrowed::default();
        if let Some(of) = &filter.country {
            narrowed.only("country = ? COLLATE NOCASE", of.clone());
        }
        let mut mistyped = false;
        if let Some(asked) = &filter.matching {
            let found = self.names_like(asked)?;
            mistyped = found.iter().all(NameFound::is_mistyped) && !found.is_empty();
            narrowed.one_of(name, &found.iter().map(|found| found.id).collect::<Vec<_>>());
        }
        Ok((narrowed, mistyped))
    }

    /// Only releases of the period of a filter.
    pub(super) fn only_period(&self, filter: &Filter, narrowed: &mut Narrowed) -> Result<(), Error> {
        let fault = |cause| Error::index(&self.dir.join(writer::INDEX), cause);
        let (from, to) =
            chancery_index::period(filter.since.as_deref(), filter.until.as_deref()).map_err(fault)?;
        if let Some(from) = from {
            narrowed.only("r.published >= ?", as_date(from));
        }
        if let Some(to) = to {
            narrowed.only("r.published <= ?", as_date(to));
        }
        Ok(())
    }

    /// The words of spellings, the most frequent one first.
    pub(super) fn spellings(&self, tally: &Tally) -> Result<(String, Vec<String>), Error> {
        let mut spellings = super::Spellings::default();
        for (name, count) in &tally.spellings {
            spellings.add(self.state.name_text(*name)?, *count);
        }
        Ok(spellings.into_parts())
    }
}

fn as_number(date: &str) -> Day {
    date.bytes()
        .filter(u8::is_ascii_digit)
        .fold(0, |sum: Day, digit| sum.saturating_mul(10) + Day::from(digit - b'0'))
        .max(UNDATED)
}
