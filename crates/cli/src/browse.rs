//! `people`, `orgs`, `posts`, `proposals`: tables of what an archive holds.

use chancery::archive::{
    Archive, BodyLine, Extent, Holder, LastHit, Listing, PersonLine, PostLine, ProposalLine,
};
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, TableStyle};
use serde::Serialize;

use crate::command::{Browse, Lines, Table};
use crate::exit::{Exit, Outcome};
use crate::phrase;
use crate::screen::Screen;
use crate::search;
use crate::told;
use crate::wrap;

/// A line under the names of the columns, and nothing else.
pub(crate) const RULED: TableStyle =
    TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// Columns whose values are numbers.
const NUMBERS: [&str; 2] = ["releases", "all"];
/// Columns that are never broken into lines.
const NARROW: [&str; 6] = ["first", "last", "date", "dates", "releases", "acronym"];

/// What a column of words wants at least.
const WORDS: usize = 12;
/// What stands between two columns.
const BETWEEN: usize = 3;

/// A line of a table in words.
trait Line: Serialize {
    /// Names of the columns on a terminal.
    const COLUMNS: &'static [&'static str];
    /// What they hold.
    fn cells(&self) -> Vec<String>;
    /// Names of the columns of comma-separated values.
    const FIELDS: &'static [&'static str];
    /// What they hold.
    fn fields(&self) -> Vec<String>;
    /// Whether its number means it to `show`, `cite` and `explain`.
    const NUMBERED: bool = false;
    /// One and many of them.
    const WORDS: [&'static str; 2];
    /// How they are told apart, for a reader who would take a line for more than it is.
    const GROUPED: &'static str;
}

/// Prints a table.
pub(crate) fn run(job: &Browse, screen: &mut Screen) -> Outcome {
    let archive = Archive::open_read(&job.archive)?;
    let filter = archive.understood(&job.filter)?;
    match job.table {
        Table::People => print(&archive.people(&filter, job.order, job.limit)?, job, screen),
        Table::Bodies => print(&archive.bodies(&filter, job.order, job.limit)?, job, screen),
        Table::Posts => print(&archive.posts(&filter, job.order, job.limit)?, job, screen),
        Table::Proposals => {
            let listing = archive.proposals(&filter, job.order, job.limit)?;
            let hit = |line: &ProposalLine| LastHit {
                release: line.release_id.clone(),
                fact: Some(line.fact.clone()),
            };
            search::remember(&archive, &listing.lines.iter().map(hit).collect::<Vec<_>>());
            print(&listing, job, screen)
        }
    }
}

fn print<L: Line>(listing: &Listing<L>, job: &Browse, screen: &mut Screen) -> Outcome {
    let json = |line: &dyn erased::Json| line.json();
    match job.lines {
        Lines::Table if listing.lines.is_empty() => {}
        Lines::Table if L::NUMBERED => {
            let columns: Vec<&str> = std::iter::once("#").chain(L::COLUMNS.iter().copied()).collect();
            let rows = (1..).zip(&listing.lines).map(|(number, line): (usize, _)| {
                std::iter::once(number.to_string()).chain(line.cells()).collect()
            });
            table(&columns, rows, screen)?;
        }
        Lines::Table => table(L::COLUMNS, listing.lines.iter().map(Line::cells), screen)?,
        Lines::Json => screen.line(&json(listing))?,
        Lines::Ndjson => {
            for line in &listing.lines {
                screen.line(&json(line))?;
            }
        }
        Lines::Csv => {
            csv(L::FIELDS.iter().map(ToString::to_string), screen)?;
            for line in &listing.lines {
                csv(line.fields().into_iter(), screen)?;
            }
        }
    }
    screen.flush()?;
    let (shown, [one, many]) = (listing.lines.len() as u64, L::WORDS);
    if listing.total == 0 {
        let mend = if job.filter == chancery::archive::Filter::default() {
            "; the archive names none"
        } else {
            "; fewer filters find more"
        };
        told::say(&format!("no {many} found{mend}"));
        return Ok(Exit::Well);
    }
    if listing.mistyped {
        told::say("no name is spelt so; these may be meant");
    }
    if job.lines == Lines::Table {
        let total = phrase::count(listing.total, one, many);
        let more = if shown < listing.total { "; more with --limit" } else { "" };
        told::say(&format!("{} of {total} shown{more}; {}", phrase::grouped(shown), L::GROUPED));
    }
    Ok(Exit::Well)
}

/// Anything as a line of JSON.
mod erased {
    use serde::Serialize;

    pub(super) trait Json {
        fn json(&self) -> String;
    }

    impl<T: Serialize> Json for T {
        fn json(&self) -> String {
            serde_json::to_string(self).expect("lines hold only strings, numbers and lists")
        }
    }
}

/// Rows under the names of their columns, as wide as the terminal.
pub(crate) fn table(
    columns: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
    screen: &mut Screen,
) -> Outcome<()> {
    let rows: Vec<Vec<String>> = rows.collect();
    if is_too_narrow(columns, &rows, screen.width()) {
        return stacked(columns, &rows, screen);
    }
    let mut table = comfy_table::Table::new();
    let width = u16::try_from(screen.width()).unwrap_or(u16::MAX);
    table.load_style(RULED).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(width).set_header(columns.to_vec());
    for row in rows {
        table.add_row(row.iter().map(|cell| screen.web(cell).into_owned()).collect::<Vec<_>>());
    }
    for (at, name) in columns.iter().enumerate() {
        let Some(column) = table.column_mut(at) else { continue };
        if NUMBERS.contains(name) || is_year(name) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        if NARROW.contains(name) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    let drawn = table.to_string();
    for line in drawn.lines() {
        screen.line(line.trim_end())?;
    }
    Ok(())
}

/// Whether the columns would be cut into letters: words want some room, numbers and dates all of theirs.
pub(crate) fn is_too_narrow(columns: &[&str], rows: &[Vec<String>], width: usize) -> bool {
    let least = columns.iter().enumerate().map(|(at, name)| {
        let cells = rows.iter().filter_map(|row| row.get(at)).map(|cell| wrap::columns(cell));
        let widest = cells.max().unwrap_or_default().max(wrap::columns(name));
        let whole = NARROW.contains(name) || NUMBERS.contains(name) || is_year(name);
        BETWEEN + if whole { widest } else { widest.min(WORDS) }
    });
    least.sum::<usize>() > width
}

/// Rows below each other, each with the names of its columns: for a narrow terminal.
pub(crate) fn stacked(columns: &[&str], rows: &[Vec<String>], screen: &mut Screen) -> Outcome<()> {
    for row in rows {
        for (at, (name, cell)) in
            columns.iter().zip(row).enumerate().filter(|(_, (_, cell))| !cell.is_empty())
        {
            let cell = screen.web(cell).into_owned();
            let (told, indent) = if at == 0 { (cell, 0) } else { (format!("{name}: {cell}"), 2) };
            for (number, line) in wrap::lines(&told, screen.width() - 4).into_iter().enumerate() {
                let indent = if number == 0 { indent } else { 4 };
                screen.line(&format!("{}{}", " ".repeat(indent), line.of(&told)))?;
            }
        }
    }
    Ok(())
}

fn is_year(column: &str) -> bool {
    column.len() == 4 && column.bytes().all(|byte| byte.is_ascii_digit())
}

/// One record of comma-separated values, RFC 4180.
fn csv(fields: impl Iterator<Item = String>, screen: &mut Screen) -> Outcome<()> {
    let quoted = |field: String| {
        if field.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", field.replace('"', "\"\""))
        } else {
            field
        }
    };
    let line = fields.map(quoted).collect::<Vec<_>>().join(",");
    screen.line(&line)
}

fn text(value: Option<&String>) -> String {
    value.cloned().unwrap_or_default()
}

/// `(Norway)` where only the issuer tells it.
fn country(name: Option<&String>, inferred: bool) -> String {
    name.map_or_else(String::new, |name| if inferred { format!("({name})") } else { name.clone() })
}

/// `2021-03-02`, or the first and the last day.
pub(crate) fn dates(extent: &Extent) -> String {
    match (&extent.first, &extent.last) {
        (Some(first), Some(last)) if first != last => format!("{first} – {last}"),
        (Some(day), _) | (_, Some(day)) => day.clone(),
        _ => String::new(),
    }
}

/// What comma-separated values tell of releases.
fn extent(extent: &Extent) -> [String; 3] {
    [extent.releases.to_string(), text(extent.first.as_ref()), text(extent.last.as_ref())]
}

const GROUPED: &str = "a line is one name in one country, not always one person; (country) is the issuer's";

impl Line for PersonLine {
    const COLUMNS: &'static [&'static str] = &["name", "country", "post", "releases", "first", "last"];
    const FIELDS: &'static [&'static str] = &[
        "name",
        "also",
        "country",
        "country_inferred",
        "post",
        "role",
        "releases",
        "first",
        "last",
        "statements",
        "proposals",
    ];
    const WORDS: [&'static str; 2] = ["person", "people"];
    const GROUPED: &'static str = GROUPED;

    fn cells(&self) -> Vec<String> {
        vec![
            self.name.clone(),
            country(self.country.as_ref(), self.country_inferred),
            text(self.post.as_ref()),
            phrase::grouped(self.extent.releases),
            text(self.extent.first.as_ref()),
            text(self.extent.last.as_ref()),
        ]
    }

    fn fields(&self) -> Vec<String> {
        let [releases, first, last] = extent(&self.extent);
        vec![
            self.name.clone(),
            self.also.join("; "),
            text(self.country.as_ref()),
            self.country_inferred.to_string(),
            text(self.post.as_ref()),
            text(self.role.as_ref()),
            releases,
            first,
            last,
            self.statements.to_string(),
            self.proposals.to_string(),
        ]
    }
}

impl Line for BodyLine {
    const COLUMNS: &'static [&'static str] =
        &["name", "acronym", "type", "country", "releases", "first", "last"];
    const FIELDS: &'static [&'static str] = &[
        "name",
        "also",
        "acronym",
        "type",
        "country",
        "country_inferred",
        "releases",
        "first",
        "last",
        "acts",
    ];
    const WORDS: [&'static str; 2] = ["organization", "organizations"];
    const GROUPED: &'static str =
        "a line is one name in one country, not always one body; (country) is the issuer's";

    fn cells(&self) -> Vec<String> {
        vec![
            self.name.clone(),
            text(self.acronym.as_ref()),
            text(self.kind.as_ref()),
            country(self.country.as_ref(), self.country_inferred),
            phrase::grouped(self.extent.releases),
            text(self.extent.first.as_ref()),
            text(self.extent.last.as_ref()),
        ]
    }

    fn fields(&self) -> Vec<String> {
        let [releases, first, last] = extent(&self.extent);
        vec![
            self.name.clone(),
            self.also.join("; "),
            text(self.acronym.as_ref()),
            text(self.kind.as_ref()),
            text(self.country.as_ref()),
            self.country_inferred.to_string(),
            releases,
            first,
            last,
            self.acts.to_string(),
        ]
    }
}

/// So many holders of a post are named.
const HOLDERS: usize = 3;

impl Line for PostLine {
    const COLUMNS: &'static [&'static str] =
        &["post", "country", "holders, latest first", "releases", "first", "last"];
    const FIELDS: &'static [&'static str] =
        &["post", "role", "country", "country_inferred", "holders", "releases", "first", "last"];
    const WORDS: [&'static str; 2] = ["post", "posts"];
    const GROUPED: &'static str =
        "a line is one wording in one country, not always one post; (country) is the issuer's";

    fn cells(&self) -> Vec<String> {
        let mut holders = names(self.holders.iter().take(HOLDERS)).join(", ");
        if self.holders.len() > HOLDERS {
            holders += &format!(" and {} more", self.holders.len() - HOLDERS);
        }
        vec![
            self.post.clone(),
            country(self.country.as_ref(), self.country_inferred),
            holders,
            phrase::grouped(self.extent.releases),
            text(self.extent.first.as_ref()),
            text(self.extent.last.as_ref()),
        ]
    }

    fn fields(&self) -> Vec<String> {
        let [releases, first, last] = extent(&self.extent);
        vec![
            self.post.clone(),
            text(self.role.as_ref()),
            text(self.country.as_ref()),
            self.country_inferred.to_string(),
            names(self.holders.iter()).join("; "),
            releases,
            first,
            last,
        ]
    }
}

fn names<'h>(holders: impl Iterator<Item = &'h Holder>) -> Vec<String> {
    holders.map(|holder| holder.name.clone()).collect()
}

impl Line for ProposalLine {
    const COLUMNS: &'static [&'static str] = &["date", "who", "act", "what"];
    const FIELDS: &'static [&'static str] =
        &["proposer", "post", "act", "text", "to", "releases", "first", "last", "release", "fact"];
    const NUMBERED: bool = true;
    const WORDS: [&'static str; 2] = ["proposal", "proposals"];
    const GROUPED: &'static str =
        "the same words by the same name are one line; `chancery cite 3` cites the third";

    fn cells(&self) -> Vec<String> {
        let to = self.to.as_ref().map_or_else(String::new, |to| format!(" (to {to})"));
        let post = self.post.as_ref().map_or_else(String::new, |post| format!(", {post}"));
        vec![
            text(self.extent.first.as_ref()),
            format!("{}{post}", phrase::actor(self.proposer.as_ref())),
            format!("{}{to}", self.act),
            self.text.split_whitespace().collect::<Vec<_>>().join(" "),
        ]
    }

    fn fields(&self) -> Vec<String> {
        let [releases, first, last] = extent(&self.extent);
        vec![
            text(self.proposer.as_ref()),
            text(self.post.as_ref()),
            self.act.clone(),
            self.text.clone(),
            text(self.to.as_ref()),
            releases,
            first,
            last,
            self.release.clone(),
            self.fact.clone(),
        ]
    }
}
