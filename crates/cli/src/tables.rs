//! Tables of what an archive holds, as `demo` prints them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chancery_record::Record;
use comfy_table::{ContentArrangement, LineStyle, Table, TableStyle};

use crate::browse;
use crate::exit::Outcome;
use crate::phrase;
use crate::screen::Screen;

/// A line under the names of the columns, and nothing else.
const RULED: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// A table under its heading.
pub(crate) struct Sheet {
    heading: String,
    columns: &'static [&'static str],
    /// Each entry with its rows.
    entries: Vec<Vec<Vec<String>>>,
}

impl Sheet {
    /// Officials with every post and the years in which releases give it; who holds most posts comes first.
    pub(crate) fn officials(records: &[Record]) -> Self {
        let mut people: BTreeMap<&str, BTreeMap<String, Years>> = BTreeMap::new();
        for record in records {
            let year = record.release.published.as_deref().and_then(|date| date.split('-').next());
            for person in &record.officials {
                let posts = people.entry(&person.name).or_default();
                for post in &person.posts {
                    posts.entry(phrase::post(record, post)).or_default().add(year);
                }
            }
        }
        let mut people: Vec<(&str, Vec<(String, Years)>)> =
            people.into_iter().map(|(name, posts)| (name, in_full(posts))).collect();
        people.sort_by_key(|(name, posts)| (Reverse(posts.len()), *name));
        let entries = people.into_iter().map(|(name, posts)| {
            // The name stands before the first post only.
            let names = std::iter::once(name).chain(std::iter::repeat(""));
            let rows =
                names.zip(posts).map(|(name, (post, years))| vec![name.to_owned(), years.to_string(), post]);
            rows.collect()
        });
        let entries = entries.collect();
        Self { heading: "Officials".into(), columns: &["name", "year", "post"], entries }
    }

    /// Bodies that have an acronym, by how many releases name them.
    pub(crate) fn bodies(records: &[Record]) -> Self {
        let mut bodies: BTreeMap<(String, String), (usize, Option<String>)> = BTreeMap::new();
        for body in records.iter().flat_map(|record| &record.organizations) {
            if let Some(acronym) = &body.acronym {
                let seen = bodies.entry((body.name.clone(), acronym.clone())).or_default();
                seen.0 += 1;
                seen.1 = seen.1.take().or_else(|| body.kind.clone());
            }
        }
        let mut bodies: Vec<_> = bodies.into_iter().collect();
        bodies.sort_by_key(|(names, (releases, _))| (Reverse(*releases), names.clone()));
        let entries = bodies.into_iter().map(|((name, acronym), (releases, kind))| {
            vec![vec![acronym, name, kind.unwrap_or_default(), releases.to_string()]]
        });
        let entries = entries.collect();
        Self {
            heading: "Bodies with acronyms".into(),
            columns: &["acronym", "name", "kind", "releases"],
            entries,
        }
    }

    /// Proposals and who made them, by date.
    pub(crate) fn proposals(records: &[Record]) -> Self {
        let mut rows = Vec::new();
        for record in records {
            for proposal in &record.proposals {
                let date = record.release.published.clone().unwrap_or_default();
                let who = phrase::actor(proposal.proposer.as_ref()).to_owned();
                rows.push(vec![date, who, proposal.act.clone(), proposal.text.clone()]);
            }
        }
        rows.sort();
        Self {
            heading: "Proposals".into(),
            columns: &["date", "who", "act", "what"],
            entries: rows.into_iter().map(|row| vec![row]).collect(),
        }
    }

    /// Prints the heading with its count and the first `limit` rows, and says how many more there are.
    pub(crate) fn print(&self, limit: usize, more: Option<&str>, screen: &mut Screen) -> Outcome<()> {
        screen.line("")?;
        let heading = format!("{} ({})", self.heading, phrase::grouped(self.entries.len() as u64));
        let heading = screen.paint(anstyle::Style::new().bold(), &heading);
        screen.line(&heading)?;
        if self.entries.is_empty() {
            return screen.line("none found");
        }
        let rows: Vec<Vec<String>> = self.entries.iter().take(limit).flatten().cloned().collect();
        if browse::is_too_narrow(self.columns, &rows, screen.width()) {
            browse::stacked(self.columns, &rows, screen)?;
            return self.rest(limit, more, screen);
        }
        let mut table = Table::new();
        let width = u16::try_from(screen.width()).unwrap_or(u16::MAX);
        table.load_style(RULED).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(width).set_header(self.columns.to_vec());
        for row in &rows {
            table.add_row(row.iter().map(|cell| screen.web(cell).into_owned()).collect::<Vec<_>>());
        }
        let drawn = table.to_string();
        for line in drawn.lines() {
            screen.line(line.trim_end())?;
        }
        self.rest(limit, more, screen)
    }

    /// Says how many entries were not printed.
    fn rest(&self, limit: usize, more: Option<&str>, screen: &mut Screen) -> Outcome<()> {
        match self.entries.len().saturating_sub(limit) {
            0 => Ok(()),
            rest => {
                let more = more.map_or_else(String::new, |command| format!(": {command}"));
                screen.line(&format!("… and {rest} more{more}"))
            }
        }
    }
}

/// The years in which releases say something.
#[derive(Default)]
struct Years(BTreeSet<String>);

impl Years {
    fn add(&mut self, year: Option<&str>) {
        self.0.extend(year.map(str::to_owned));
    }
}

impl fmt::Display for Years {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0.first(), self.0.last()) {
            (Some(first), Some(last)) if first != last => write!(f, "{first}–{last}"),
            (Some(year), _) => f.write_str(year),
            _ => Ok(()),
        }
    }
}

/// Posts by year, without those that only begin what another says in full: `Minister` beside `Minister of Tides`.
fn in_full(posts: BTreeMap<String, Years>) -> Vec<(String, Years)> {
    let all: Vec<String> = posts.keys().cloned().collect();
    let begins = |post: &str| {
        let mut rest = all.iter().filter_map(|other| other.strip_prefix(post));
        rest.any(|rest| rest.starts_with([' ', ',']))
    };
    let mut posts: Vec<(String, Years)> = posts.into_iter().filter(|(post, _)| !begins(post)).collect();
    posts.sort_by(|(a, a_years), (b, b_years)| {
        a_years.0.first().cmp(&b_years.0.first()).then_with(|| a.cmp(b))
    });
    posts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn posts_stand_by_year_and_once_in_full() {
        let held =
            [("Minister", "2022"), ("Minister of Tides", "2022"), ("Deputy Minister of Tides", "2019")];
        let mut posts: BTreeMap<String, Years> = BTreeMap::new();
        for (post, year) in held.into_iter().chain([("Minister of Tides", "2024"), ("Mayor", "2018")]) {
            posts.entry(post.into()).or_default().add(Some(year));
        }
        let shown: Vec<String> =
            in_full(posts).iter().map(|(post, years)| format!("{years} {post}")).collect();
        let expected = ["2018 Mayor", "2019 Deputy Minister of Tides", "2022–2024 Minister of Tides"];
        assert_eq!(shown, expected);
    }
}
