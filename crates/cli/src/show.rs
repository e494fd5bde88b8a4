//! `show`: a release with its facts marked in the text, and listed below it.

pub(crate) mod carets;
pub(crate) mod coloured;
pub(crate) mod marks;

use anstyle::Style;
use chancery::archive::{Archive, Decision};
use chancery_record::{Record, Release, Span};

use crate::command::{Look, Wish};
use crate::exit::{Exit, Outcome};
use crate::phrase;
use crate::remove as removed;
use crate::screen::Screen;
use crate::wrap;
use marks::Fact;

const BOLD: Style = Style::new().bold();
const GONE: Style = anstyle::AnsiColor::Yellow.on_default();
const FAINT: Style = Style::new().dimmed();
/// What stands before a numbered line: `123 | `.
const MARGIN: usize = 6;

/// Prints one release.
pub(crate) fn run(wish: &Wish, screen: &mut Screen) -> Outcome {
    let archive = Archive::open_read(&wish.archive)?;
    let found = archive.find(&wish.id)?;
    let record = archive.record(&found.id)?;
    let removal = archive.removal(&found.id)?;
    if wish.look == Look::Json {
        screen.line(&json(&record, removal.as_ref()))?;
        return Ok(Exit::Well);
    }
    let gone = archive.gone().has(record.release.url.as_deref());
    let gone = gone.then(|| "gone from the site: missing on two visits".to_owned());
    let warnings: Vec<String> = removal.as_ref().map(removed::in_words).into_iter().chain(gone).collect();
    head(&record, &warnings, screen)?;
    let facts = marks::facts(&record);
    if wish.look == Look::Best && screen.colour() {
        coloured_text(&record.release.text, &facts, screen)?;
    } else {
        plain_text(&record.release.text, &facts, screen)?;
    }
    listed(&record, found.fact.as_deref(), screen)?;
    Ok(Exit::Well)
}

/// The record; of a release that is removed, with who removed it, when and why.
fn json(record: &Record, removal: Option<&Decision>) -> String {
    let line = record.to_json();
    let Some(removal) = removal else { return line };
    match serde_json::from_str(&line) {
        Ok(serde_json::Value::Object(mut object)) => {
            object.insert("removed".into(), removed::object(removal));
            serde_json::Value::Object(object).to_string()
        }
        _ => line,
    }
}

fn head(record: &Record, warnings: &[String], screen: &mut Screen) -> Outcome<()> {
    let release = &record.release;
    let headline = release.headline.as_deref().unwrap_or("(no headline)");
    for line in wrap::lines(headline, screen.width()) {
        let line = screen.paint(BOLD, &screen.web(line.of(headline)));
        screen.line(&line)?;
    }
    let about =
        [release.published.as_deref(), issuer(record), release.country.as_deref(), Some(&release.kind)];
    let about = about.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let about = screen.paint(FAINT, &screen.web(&about));
    screen.line(&about)?;
    for warning in warnings {
        let warning = screen.paint(GONE, &screen.web(warning));
        screen.line(&warning)?;
    }
    for name in names(release) {
        let name = screen.paint(FAINT, &screen.web(name));
        screen.line(&name)?;
    }
    screen.line("")
}

/// The issuing body by its name.
fn issuer(record: &Record) -> Option<&str> {
    let issuer = record.release.issuer.as_deref()?;
    Some(record.organization(issuer).map_or(issuer, |body| &body.name))
}

/// What the release can be called by.
fn names(release: &Release) -> impl Iterator<Item = &str> {
    let id = Some(release.id.as_str()).filter(|id| Some(*id) != release.url.as_deref());
    [release.alias.as_deref(), id, release.url.as_deref()].into_iter().flatten()
}

fn coloured_text(text: &str, facts: &[Fact], screen: &mut Screen) -> Outcome<()> {
    for line in wrap::lines(text, screen.width()) {
        let line = coloured::line(screen, text, line, facts);
        screen.line(&line)?;
    }
    let legend = coloured::legend(screen);
    screen.line("")?;
    screen.line(&legend)
}

fn plain_text(text: &str, facts: &[Fact], screen: &mut Screen) -> Outcome<()> {
    for (index, line) in wrap::lines(text, screen.width() - MARGIN).into_iter().enumerate() {
        for line in carets::lines(screen, text, index + 1, line, facts) {
            screen.line(&line)?;
        }
    }
    screen.line("")?;
    screen.line(carets::LEGEND)
}

/// Every fact of the record in words, kind by kind; an arrow points at the one that was searched for.
fn listed(record: &Record, hit: Option<&str>, screen: &mut Screen) -> Outcome<()> {
    let officials = record.officials.iter().map(|person| {
        let posts = phrase::posts(record, person);
        (person.id.as_str(), format!("{} — {posts}", person.name))
    });
    section("Officials", officials, hit, screen)?;
    let persons = record.persons.iter().map(|person| (person.id.as_str(), person.name.clone()));
    section("Other persons", persons, hit, screen)?;
    let bodies = record.organizations.iter().map(|body| (body.id.as_str(), phrase::body(body)));
    section("Organizations", bodies, hit, screen)?;
    let proposals = record.proposals.iter().map(|put| {
        let who = phrase::actor(put.proposer.as_ref());
        let to = if put.to.is_empty() { String::new() } else { format!(" (to {})", put.to.join(", ")) };
        (put.id.as_str(), format!("{who} — {}{to}: {}", put.cue.text, quoted(&put.text, put.direct)))
    });
    section("Proposals", proposals, hit, screen)?;
    let statements = record.statements.iter().map(|said| {
        let who = phrase::actor(said.speaker.as_ref());
        (said.id.as_str(), format!("{who} — {}: {}", said.cue.text, quoted(&said.text, said.direct)))
    });
    section("Statements", statements, hit, screen)
}

fn quoted(passage: &str, direct: bool) -> String {
    // A passage may hold line ends of the text; in the list it is one paragraph.
    let passage = passage.split_whitespace().collect::<Vec<_>>().join(" ");
    if direct { format!("“{passage}”") } else { passage }
}

fn section<'f>(
    heading: &str,
    facts: impl Iterator<Item = (&'f str, String)>,
    hit: Option<&str>,
    screen: &mut Screen,
) -> Outcome<()> {
    let mut facts = facts.peekable();
    if facts.peek().is_none() {
        return Ok(());
    }
    screen.line("")?;
    let heading = screen.paint(BOLD, heading);
    screen.line(&heading)?;
    for (id, words) in facts {
        let mut label = if hit == Some(id) { format!("→ {id}") } else { id.to_owned() };
        let lines: Vec<Span> = wrap::lines(&words, screen.width() - MARGIN);
        for line in lines {
            let line = format!("{label:>4}  {}", screen.web(line.of(&words)));
            screen.line(&line)?;
            label.clear();
        }
    }
    Ok(())
}
