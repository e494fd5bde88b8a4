//! Gold with other persons, bodies or titles in it, scored like the gold: how much of a figure rests on words that the
//! rules were written beside. The names come from `tests/swaps`; which takes whose place is drawn by a digest.
//!
//! The idea is that of counterfactual and checklist tests of language processing (Kaushik et al. 2020, Ribeiro et al. 2020).

mod edits;

use std::collections::BTreeSet;

use regex::Regex;
use serde_json::Value;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::measure;
use crate::shell::{Result, root, say, text_of};
use edits::Edits;

/// How many draws a figure is the mean of.
const DRAWS: u64 = 3;

/// What is swapped, as the table calls it.
const SORTS: [(&str, Swap); 3] = [("persons", persons), ("bodies", bodies), ("titles", titles)];

/// Plans the edits of one document.
type Swap = fn(&Value, &Lists, &str) -> Edits;

/// Which names may be drawn: those that were drawn from while rules were mended, those that were not, or both.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Half {
    Both,
    Tuned,
    Held,
}

impl Half {
    /// Whether a name is of this half: the last bit of its SHA-1 says so.
    fn has(self, name: &str) -> bool {
        let held = Sha1::digest(name).last().is_some_and(|byte| byte & 1 == 1);
        self == Self::Both || held == (self == Self::Held)
    }
}

/// Prints the mean F1 of each figure over the draws, for gold as it is and with each sort of name swapped.
pub(crate) fn run(half: Half) -> Result<()> {
    let lists = Lists::read(half)?;
    let (demo, larger) = (root().join("corpora/demo/gold"), root().join("../shared/gold/dev"));
    for (name, folder) in [("corpora/demo", demo), ("larger gold", larger)] {
        if !folder.is_dir() {
            say(&format!("{name}: skipped: it does not lie beside the workspace"));
            continue;
        }
        let gold = super::read(&folder)?;
        let mut columns = vec![("as it is", measure::figures(&gold, &super::records(&gold)?))];
        for (sort, swap) in SORTS {
            let mut all: Vec<Value> = Vec::new();
            for draw in 0..DRAWS {
                all.extend(gold.iter().map(|doc| swapped(doc, swap, &lists, draw)));
            }
            columns.push((sort, measure::figures(&all, &super::records(&all)?)));
        }
        say(&format!("{name}, F1 with other\n{}", table(&columns)));
    }
    Ok(())
}

fn table(columns: &[(&str, Vec<(&'static str, measure::Figure)>)]) -> String {
    let mut report = format!("{:<20}", "");
    for (name, _) in columns {
        report += &format!("{name:>10}");
    }
    for (row, (figure, _)) in columns.iter().take(1).flat_map(|(_, figures)| figures).enumerate() {
        report += &format!("\n{figure:<20}");
        for (_, figures) in columns {
            report += &format!("{:>10.3}", figures.get(row).map_or(0.0, |(_, figure)| figure.f1()));
        }
    }
    report
}

/// A document of gold with names swapped, under an id that says which draw.
fn swapped(doc: &Value, swap: Swap, lists: &Lists, draw: u64) -> Value {
    let id = format!("{}#{draw}", doc["id"].as_str().unwrap_or_default());
    let mut made = swap(doc, lists, &id).apply(doc);
    made["id"] = id.into();
    made
}

/// A line of a list: its columns.
type Row = Vec<String>;

/// The names that take the place of others, and what makes a name one of which kind.
struct Lists {
    persons: Vec<Row>,
    bodies: Vec<Row>,
    titles: Vec<Row>,
    kinds_of_bodies: Vec<(Regex, String)>,
    kinds_of_titles: Vec<(Regex, String)>,
}

impl Lists {
    fn read(half: Half) -> Result<Self> {
        let folder = root().join("tests/swaps");
        let list = |name: &str, columns: usize| -> Result<Vec<Row>> {
            let text = text_of(&folder.join(name))?;
            let rows: Vec<Row> =
                text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect();
            match rows.iter().position(|row: &Row| row.len() != columns) {
                Some(n) => Err(format!("tests/swaps/{name}:{}: {columns} columns are wanted", n + 1)),
                None => Ok(rows.into_iter().filter(|row| half.has(&row[0])).collect()),
            }
        };
        let kinds: toml::Table = toml::from_str(&text_of(&folder.join("kinds.toml"))?)
            .map_err(|why| format!("tests/swaps/kinds.toml: {why}"))?;
        let kinds = |of: &str| -> Result<Vec<(Regex, String)>> {
            let blocks = kinds.get(of).and_then(toml::Value::as_array).into_iter().flatten();
            let part = |block: &toml::Value, key: &str| block.get(key)?.as_str().map(str::to_owned);
            blocks
                .filter_map(|block| Some((part(block, "words")?, part(block, "kind")?)))
                .map(|(words, kind)| Ok((Regex::new(&words).map_err(|why| why.to_string())?, kind)))
                .collect()
        };
        Ok(Self {
            persons: list("persons.tsv", 5)?,
            bodies: list("bodies.tsv", 4)?,
            titles: list("titles.tsv", 2)?,
            kinds_of_bodies: kinds("body")?,
            kinds_of_titles: kinds("title")?,
        })
    }
}

/// The kind of a name; `None` where none is known or it is to be left as it is.
fn kind<'k>(kinds: &'k [(Regex, String)], name: &str) -> Option<&'k str> {
    let small = name.to_lowercase();
    let (_, kind) = kinds.iter().find(|(words, _)| words.is_match(&small))?;
    Some(kind.as_str()).filter(|kind| !kind.is_empty())
}

/// Draws rows of a list, none twice and none whose name the text has.
struct Draw<'d> {
    seed: &'d str,
    text: &'d str,
    drawn: BTreeSet<&'d str>,
}

impl<'d> Draw<'d> {
    fn new(seed: &'d str, doc: &'d Value) -> Self {
        Self { seed, text: doc["text"].as_str().unwrap_or_default(), drawn: BTreeSet::new() }
    }

    /// The row of those that are fit whose digest with the seed and the old name comes first.
    fn row(&mut self, of: &'d [Row], old: &str, fit: impl Fn(&Row) -> bool) -> Option<&'d Row> {
        let fresh = of.iter().filter(|row| fit(row) && !self.drawn.contains(row[0].as_str()));
        let fresh = fresh.filter(|row| !self.text.contains(&row[0]));
        let row = fresh.min_by_key(|row| Sha256::digest(format!("{}\t{old}\t{}", self.seed, row[0])))?;
        self.drawn.insert(&row[0]);
        Some(row)
    }
}

/// Every person whose forms in the text are their name, its end or its first word.
fn persons(doc: &Value, lists: &Lists, seed: &str) -> Edits {
    let mut draw = Draw::new(seed, doc);
    let mut edits = Edits::new(doc);
    let people: Vec<&Value> = edits::entities(doc, &["officials", "persons"]);
    let last = |name: &str| name.rsplit(' ').next().unwrap_or_default().to_owned();
    for person in &people {
        let Some(name) = person["name"].as_str().filter(|name| name.contains(' ')) else { continue };
        // Who shares a surname with another keeps it: the new ones would not be shared.
        if people
            .iter()
            .filter(|other| last(other["name"].as_str().unwrap_or_default()) == last(name))
            .count()
            > 1
        {
            continue;
        }
        let sex = if edits.stands_after(person, &["Ms", "Mrs", "Madam", "Miss"]) { "f" } else { "m" };
        let Some(new) = draw.row(&lists.persons, name, |row| row[3] == sex) else { continue };
        let other = |form: &str| match form {
            form if form == name => Some(new[0].clone()),
            form if form.to_lowercase() == name.to_lowercase() => Some(new[0].to_uppercase()),
            form if name.ends_with(&format!(" {form}")) => Some(new[1].clone()),
            form if name.starts_with(&format!("{form} ")) && !form.contains(' ') => Some(new[2].clone()),
            _ => None,
        };
        if edits.mentions(person, other) {
            edits.rename(name, &new[0]);
        }
    }
    edits
}

/// Every body whose forms in the text are its name and its acronym.
fn bodies(doc: &Value, lists: &Lists, seed: &str) -> Edits {
    let mut draw = Draw::new(seed, doc);
    let mut edits = Edits::new(doc);
    for body in edits::entities(doc, &["organizations"]) {
        let name = body["name"].as_str().unwrap_or_default();
        let acronym = body["acronym"].as_str().unwrap_or_default();
        let Some(kind) = kind(&lists.kinds_of_bodies, name) else { continue };
        let fit = |row: &Row| row[3] == kind && (acronym.is_empty() || !row[1].is_empty());
        let Some(new) = draw.row(&lists.bodies, name, fit) else { continue };
        let other = |form: &str| match form {
            form if form == name => Some(new[0].clone()),
            form if form == acronym => Some(new[1].clone()),
            _ => None,
        };
        if edits.mentions(body, other) {
            edits.rename(name, &new[0]);
            edits.rename(acronym, &new[1]);
        }
    }
    edits
}

/// Every title that nothing else is named in, wherever its words stand.
fn titles(doc: &Value, lists: &Lists, seed: &str) -> Edits {
    let mut draw = Draw::new(seed, doc);
    let mut edits = Edits::new(doc);
    let officials = edits::entities(doc, &["officials"]);
    let posts = officials.iter().filter_map(|official| official["posts"].as_array()).flatten();
    let mut held: Vec<&str> = posts.filter_map(|post| post["title"].as_str()).collect();
    // The longest first: a title inside another is not swapped there.
    held.sort_by_key(|title| (std::cmp::Reverse(title.len()), *title));
    held.dedup();
    for title in held {
        let Some(kind) = kind(&lists.kinds_of_titles, title) else { continue };
        if kind == "diplomat" && title.contains(" to ") {
            continue;
        }
        let Some(new) = draw.row(&lists.titles, title, |row| row[1] == kind) else { continue };
        if edits.words(title, &new[0]) {
            edits.rename(title, &new[0]);
        }
    }
    edits
}
