//! Tables of what an archive holds, as `demo` prints them.

use std::collections::{BTreeMap, BTreeSet};

use chancery_record::Record;
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{ContentArrangement, Table};

use crate::exit::Outcome;
use crate::phrase;
use crate::screen::Screen;

/// A table under its heading.
pub(crate) struct Sheet {
    heading: String,
    columns: &'static [&'static str],
    rows: Vec<Vec<String>>,
}

impl Sheet {
    /// Officials with every post, by name; who holds a post in more releases comes first.
    pub(crate) fn officials(records: &[Record]) -> Self {
        let mut posts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut releases: BTreeMap<String, usize> = BTreeMap::new();
        for record in records {
            for person in &record.officials {
                *releases.entry(person.name.clone()).or_default() += 1;
                let held = posts.entry(person.name.clone()).or_default();
                held.extend(person.posts.iter().map(|post| phrase::post(record, post)));
            }
        }
        let mut people: Vec<(String, BTreeSet<String>)> = posts.into_iter().collect();
        people.sort_by_key(|(name, held)| (std::cmp::Reverse((held.len(), releases[name])), name.clone()));
        let rows = people.into_iter().map(|(name, held)| vec![name, joined(held)]).collect();
        Self { heading: "Officials".into(), columns: &["name", "posts"], rows }
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
        bodies.sort_by_key(|(names, (releases, _))| (std::cmp::Reverse(*releases), names.clone()));
        let rows = bodies.into_iter().map(|((name, acronym), (releases, kind))| {
            vec![acronym, name, kind.unwrap_or_default(), releases.to_string()]
        });
        let rows = rows.collect();
        Self {
            heading: "Bodies with acronyms".into(),
            columns: &["acronym", "name", "kind", "releases"],
            rows,
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
        Self { heading: "Proposals".into(), columns: &["date", "who", "act", "what"], rows }
    }

    /// Prints the heading with its count and the first `limit` rows, and says how many more there are.
    pub(crate) fn print(&self, limit: usize, more: &str, screen: &mut Screen) -> Outcome<()> {
        screen.line("")?;
        let heading = format!("{} ({})", self.heading, phrase::grouped(self.rows.len() as u64));
        let heading = screen.paint(anstyle::Style::new().bold(), &heading);
        screen.line(&heading)?;
        if self.rows.is_empty() {
            return screen.line("none found");
        }
        let mut table = Table::new();
        let width = u16::try_from(screen.width()).unwrap_or(u16::MAX);
        table.load_style(UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(width).set_header(self.columns.to_vec());
        for row in self.rows.iter().take(limit) {
            table.add_row(row.iter().map(|cell| screen.web(cell).into_owned()).collect::<Vec<_>>());
        }
        let drawn = table.to_string();
        for line in drawn.lines() {
            screen.line(line.trim_end())?;
        }
        match self.rows.len().saturating_sub(limit) {
            0 => Ok(()),
            rest => screen.line(&format!("… and {rest} more: {more}")),
        }
    }
}

fn joined(words: BTreeSet<String>) -> String {
    words.into_iter().collect::<Vec<_>>().join("\n")
}
