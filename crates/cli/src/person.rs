//! `person`: all that an archive holds of one person on one screen.

use std::collections::{BTreeMap, BTreeSet};

use anstyle::{AnsiColor, Style};
use chancery::archive::{ActCount, Archive, Filter, Portrait, Together};

use crate::browse::{dates, table};
use crate::command::{Form, Who};
use crate::exit::{Exit, Failure, Outcome};
use crate::phrase::{count, grouped};
use crate::screen::Screen;
use crate::told;
use crate::wrap;

const BOLD: Style = Style::new().bold();
const NAME: Style = AnsiColor::Green.on_default().bold();
const FAINT: Style = Style::new().dimmed();

/// So many years stand beside each other; earlier ones are one column.
const YEARS: usize = 8;
/// So many posts are listed.
const POSTS: usize = 12;
/// So many others of a like name are listed.
const OTHERS: usize = 5;

/// Prints the portrait.
pub(crate) fn run(who: &Who, screen: &mut Screen) -> Outcome {
    let archive = Archive::open_read(&who.archive)?;
    let of = archive.understood(&Filter { country: who.country.clone(), ..Filter::default() })?;
    let Some(portrait) = archive.portrait(&who.name, of.country.as_deref())? else {
        return Err(nobody(&archive, who));
    };
    if who.form == Form::Json {
        let json =
            serde_json::to_string(&portrait).expect("a portrait holds only strings, numbers and lists");
        screen.line(&json)?;
        return Ok(Exit::Well);
    }
    head(&portrait, screen)?;
    posts(&portrait, screen)?;
    acts(&portrait.acts, screen)?;
    together("In the same releases", &portrait.people, screen)?;
    together("Bodies in the same releases", &portrait.bodies, screen)?;
    others(&portrait, screen)?;
    screen.flush()?;
    if portrait.variant {
        told::say(&format!("`{}` is found as {}", who.name, portrait.person.name));
    }
    told::say("a person is here one name in one country: it may be two people, or half of one");
    Ok(Exit::Well)
}

/// The error for a name that nobody has, with names that begin alike.
fn nobody(archive: &Archive, who: &Who) -> Failure {
    let near = archive.suggest(&who.name, 5).unwrap_or_default();
    let near: Vec<String> =
        near.into_iter().filter(|near| near.kind == "person").map(|near| near.text).collect();
    let mend = match (near.is_empty(), &who.country) {
        (false, None) => format!("is one of these meant? {}", near.join(", ")),
        (_, Some(_)) => "another country, or none, may find the name".into(),
        (true, None) => "`chancery people` lists everybody; a surname alone is enough".into(),
    };
    Failure::new(format!("nobody is called `{}`", who.name), mend)
}

fn head(portrait: &Portrait, screen: &mut Screen) -> Outcome<()> {
    let person = &portrait.person;
    let name = screen.paint(NAME, &screen.web(&person.name));
    let country = match (&person.country, person.country_inferred) {
        (Some(country), true) => format!("  {country}, after the issuer"),
        (Some(country), false) => format!("  {country}"),
        (None, _) => String::new(),
    };
    screen.line(&format!("{name}{}", screen.web(&country)))?;
    let mut about = vec![count(person.extent.releases, "release", "releases")];
    about.extend(Some(dates(&person.extent)).filter(|dates| !dates.is_empty()));
    about.push(count(person.statements, "statement", "statements"));
    about.push(count(person.proposals, "proposal", "proposals"));
    let about = screen.paint(FAINT, &about.join(" · "));
    screen.line(&about)?;
    if !person.also.is_empty() {
        let also = format!("also written {}", person.also.join(", "));
        for line in wrap::lines(&also, screen.width()) {
            let line = screen.paint(FAINT, &screen.web(line.of(&also)));
            screen.line(&line)?;
        }
    }
    Ok(())
}

fn heading(words: &str, screen: &mut Screen) -> Outcome<()> {
    let words = screen.paint(BOLD, words);
    screen.line("")?;
    screen.line(&words)
}

fn posts(portrait: &Portrait, screen: &mut Screen) -> Outcome<()> {
    if portrait.posts.is_empty() {
        return Ok(());
    }
    heading("Posts", screen)?;
    // What few releases say is often somebody else's post: the most frequent ones, the latest first.
    let mut counts: Vec<u64> = portrait.posts.iter().map(|post| post.extent.releases).collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    let least = counts.get(POSTS).map_or(0, |count| count + 1);
    let shown = portrait.posts.iter().filter(|post| post.extent.releases >= least);
    let shown: Vec<_> = if least > 1 { shown.collect() } else { portrait.posts.iter().take(POSTS).collect() };
    let rows = shown.iter().map(|post| {
        let state = match (post.acting, post.former) {
            (_, true) => " (former)",
            (true, _) => " (acting)",
            _ => "",
        };
        let date = |date: &Option<String>| date.clone().unwrap_or_default();
        let words = format!("{}{state}", post.post);
        vec![date(&post.extent.first), date(&post.extent.last), words, grouped(post.extent.releases)]
    });
    table(&["first", "last", "post", "releases"], rows, screen)?;
    match portrait.posts.len() - shown.len() {
        0 => Ok(()),
        more => screen.line(&format!("… and {more} less frequent: --json tells all")),
    }
}

/// Acts by year: a row an act, a column a year.
fn acts(acts: &[ActCount], screen: &mut Screen) -> Outcome<()> {
    if acts.is_empty() {
        return Ok(());
    }
    heading("Said and proposed", screen)?;
    let years: BTreeSet<&str> = acts.iter().map(year).collect();
    let years: Vec<&str> = years.into_iter().collect();
    let late = years.get(years.len().saturating_sub(YEARS)..).unwrap_or_default();
    let early = years.len() > late.len();
    let mut rows: BTreeMap<(bool, &str), BTreeMap<&str, u64>> = BTreeMap::new();
    for act in acts {
        let column = if late.contains(&year(act)) { year(act) } else { "" };
        *rows.entry((act.proposal, &act.act)).or_default().entry(column).or_default() += act.count;
    }
    let earlier = format!("before {}", late.first().copied().unwrap_or_default());
    let mut columns = vec!["act"];
    columns.extend(early.then_some(earlier.as_str()));
    columns.extend(late);
    columns.push("all");
    let rows = rows.into_iter().map(|((proposal, act), counts)| {
        let cell = |column: &str| counts.get(column).map_or_else(|| "·".into(), |count| grouped(*count));
        let mut row = vec![if proposal { format!("{act} (proposal)") } else { act.to_owned() }];
        row.extend(early.then(|| cell("")));
        row.extend(late.iter().map(|year| cell(year)));
        row.push(grouped(counts.values().sum()));
        row
    });
    table(&columns, rows, screen)
}

fn year(act: &ActCount) -> &str {
    act.year.as_deref().unwrap_or("undated")
}

fn together(words: &str, names: &[Together], screen: &mut Screen) -> Outcome<()> {
    if names.is_empty() {
        return Ok(());
    }
    heading(words, screen)?;
    let names: Vec<String> =
        names.iter().map(|name| format!("{} ({})", name.name, grouped(name.releases))).collect();
    let names = names.join(", ");
    for line in wrap::lines(&names, screen.width()) {
        let line = screen.web(line.of(&names)).into_owned();
        screen.line(&line)?;
    }
    Ok(())
}

fn others(portrait: &Portrait, screen: &mut Screen) -> Outcome<()> {
    let others = &portrait.others;
    if others.is_empty() {
        return Ok(());
    }
    heading("Others of a like name", screen)?;
    for other in others.iter().take(OTHERS) {
        let country = other.country.as_ref().map_or_else(String::new, |country| format!(" ({country})"));
        let post = other.post.as_ref().map_or_else(String::new, |post| format!(", {post}"));
        let releases = count(other.extent.releases, "release", "releases");
        let words = format!("{}{country}{post}, {releases}", other.name);
        for line in wrap::lines(&words, screen.width()) {
            let line = screen.web(line.of(&words)).into_owned();
            screen.line(&line)?;
        }
    }
    match portrait.others_total.saturating_sub(OTHERS as u64) {
        0 => Ok(()),
        more => screen.line(&format!("… and {more} more: chancery people --match NAME")),
    }
}
