//! The bodies of an archive.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;

use super::super::state::Narrowed;
use super::tally::{Pass, Tally, in_order, shortlist};
use super::{Extent, Filter, Listing, Order};
use crate::Error;
use crate::archive::Archive;

/// A body: all of one name in one country.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BodyLine {
    /// The most frequent spelling.
    pub name: String,
    /// The other spellings, most frequent first.
    pub also: Vec<String>,
    /// The short form that most releases tie to it.
    pub acronym: Option<String>,
    /// Class of its head noun: `ministry`, `agency`, …
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Its own, else the issuer's.
    pub country: Option<String>,
    /// Whether no text tells the country.
    pub country_inferred: bool,
    /// Releases that name it.
    #[serde(flatten)]
    pub extent: Extent,
    /// Statements and proposals that it makes itself.
    pub acts: u64,
}

impl Archive {
    /// Bodies, narrowed by `filter` (in which `matching` may be an acronym), the first `limit` of them.
    ///
    /// # Errors
    /// As for [`Archive::people`].
    pub fn bodies(&self, filter: &Filter, order: Order, limit: usize) -> Result<Listing<BodyLine>, Error> {
        // Acronyms are no names of their own: the bodies that have one are found by it.
        let by_acronym = match &filter.matching {
            Some(asked) => self.bodies_called(asked)?,
            None => Vec::new(),
        };
        let (narrowed, mistyped) = if by_acronym.is_empty() {
            self.conditions(filter, "name")?
        } else {
            let rest = Filter { matching: None, ..filter.clone() };
            let (mut narrowed, _) = self.conditions(&rest, "name")?;
            // Some releases give the short form alone, as a name.
            let named = self.names_like(filter.matching.as_deref().unwrap_or_default())?;
            let named = named.iter().filter(|found| !found.is_mistyped()).map(|found| found.id);
            narrowed.one_of("name", &by_acronym.iter().copied().chain(named).collect::<Vec<_>>());
            (narrowed, false)
        };
        let mut pass = self.pass(filter)?;
        let with_role = filter.role.as_deref().map(|role| self.bodies_with(role)).transpose()?;
        let query =
            "SELECT capture, name, country, inferred, said FROM body WHERE 1 {where} ORDER BY capture, local";
        let mut bodies: FxHashMap<(i64, i64, usize), Tally> = FxHashMap::default();
        self.state.each(query, &narrowed, |row| {
            let (capture, name) = (row.number(0)?, row.number(1)?);
            let Some(day) = pass.day(capture) else { return Ok(()) };
            if with_role.as_ref().is_some_and(|bodies| !bodies.contains(&(capture, name))) {
                return Ok(());
            }
            let tally = bodies.entry((pass.wording(name), 0, pass.country(row.str(2)?))).or_default();
            tally.add(capture, day);
            tally.spelled(name);
            tally.told |= row.number(3)? == 0;
            tally.acts[0] += row.number(4)?.unsigned_abs();
            Ok(())
        })?;
        let bodies = in_order(bodies);
        let total = bodies.len() as u64;
        let mut lines = Vec::new();
        for tally in shortlist(bodies, order, limit) {
            let (name, also) = self.spellings(&tally)?;
            lines.push((BodyLine { name, also, extent: tally.extent(), ..BodyLine::default() }, tally));
        }
        lines.sort_by(|(a, _), (b, _)| order.compare((&a.extent, &a.name), (&b.extent, &b.name)));
        lines.truncate(limit);
        let whole = |(line, tally): (BodyLine, Tally)| self.with_forms(line, &tally, &pass);
        let lines = lines.into_iter().map(whole).collect::<Result<_, _>>()?;
        Ok(Listing { total, lines, mistyped })
    }

    /// The line with its acronym, type and country.
    fn with_forms(&self, mut line: BodyLine, tally: &Tally, pass: &Pass) -> Result<BodyLine, Error> {
        line.country = pass.country_name(tally.key.2);
        line.country_inferred = line.country.is_some() && !tally.told;
        line.acts = tally.acts[0];
        let mut narrowed = Narrowed::default();
        narrowed.one_of("name", &tally.spellings.iter().map(|(name, _)| *name).collect::<Vec<_>>());
        narrowed.only("country IS ?", line.country.clone());
        let most = |column: &str| {
            let query = format!(
                "SELECT {column} FROM body JOIN capture c ON c.id = capture WHERE c.current AND {column} IS NOT NULL {{where}}
                GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
            );
            Ok::<_, Error>(
                self.state.rows(&query, &narrowed, |row| row.text(0))?.into_iter().next().flatten(),
            )
        };
        (line.acronym, line.kind) = (most("acronym")?, most("kind")?);
        Ok(line)
    }

    /// Numbers of the names of bodies that some release gives this short form.
    pub(in crate::archive) fn bodies_called(&self, acronym: &str) -> Result<Vec<i64>, Error> {
        let mut narrowed = Narrowed::default();
        narrowed.only("acronym = ? COLLATE NOCASE", acronym.trim().to_owned());
        let query = "SELECT DISTINCT name FROM body JOIN capture c ON c.id = capture WHERE c.current {where}";
        self.state.rows(query, &narrowed, |row| row.number(0))
    }

    /// Bodies in which somebody holds a post of a class: capture and name.
    fn bodies_with(&self, role: &str) -> Result<FxHashSet<(i64, i64)>, Error> {
        let mut narrowed = Narrowed::default();
        narrowed.only("role = ?", role.to_owned());
        let query = "SELECT capture, body FROM post WHERE body IS NOT NULL {where}";
        Ok(self
            .state
            .rows(query, &narrowed, |row| Ok((row.number(0)?, row.number(1)?)))?
            .into_iter()
            .collect())
    }
}
