//! `status`: what an archive holds, what it was made with, what it takes on the disk.

use std::collections::BTreeMap;
use std::path::Path;

use anstyle::Style;
use chancery::archive::{Archive, PageCounts, Run, Status};
use chancery::rulesets::Rulesets;
use serde_json::json;

use crate::command::{Form, Stock};
use crate::exit::{Exit, Outcome};
use crate::phrase::{self, count, grouped, size};
use crate::screen::Screen;

const BOLD: Style = Style::new().bold();

/// A language whose rules have mistakes, and how many.
type Broken = (String, usize);

/// Prints the figures.
pub(crate) fn run(stock: &Stock, screen: &mut Screen) -> Outcome {
    let dir = stock.archive.as_path();
    let archive = Archive::open_read(dir)?;
    let rules = Rulesets::load(stock.rules.as_deref(), Some(dir))?;
    let status = archive.status(&rules)?;
    let broken = rules.broken();
    match stock.form {
        Form::Json => screen.line(&as_json(dir, &status, &broken).to_string())?,
        Form::Text => as_text(dir, &status, &broken, screen)?,
    }
    Ok(Exit::Well)
}

fn as_text(dir: &Path, status: &Status, broken: &[Broken], screen: &mut Screen) -> Outcome<()> {
    let mut row = |name: &str, value: &str| screen_row(screen, name, value);
    row("archive", &format!("{} (format {})", dir.display(), status.format))?;
    let versions = count(status.captures, "version", "versions");
    row(
        "releases",
        &format!("{} in {versions}, {} of text", grouped(status.releases), size(status.text_bytes)),
    )?;
    row("pages read", &pages(&status.pages))?;
    if status.removed > 0 {
        row("removed", &format!("{}; `chancery changes` lists them", grouped(status.removed)))?;
    }
    if status.gone > 0 {
        row(
            "gone",
            &format!("{} from their sites; `chancery search has:gone` lists them", grouped(status.gone)),
        )?;
    }
    facts(status, &mut row)?;
    for (index, source) in status.sources.iter().enumerate() {
        let name = source.source.as_deref().unwrap_or("(no source)");
        let span = match (&source.first, &source.last) {
            (Some(first), Some(last)) => format!(", {first} to {last}"),
            _ => String::new(),
        };
        let label = if index == 0 { "sources" } else { "" };
        row(label, &format!("{name}: {}{span}", grouped(source.releases)))?;
    }
    let languages = status.languages.iter().map(|(language, releases)| {
        format!("{} {}", language.as_deref().unwrap_or("unknown"), grouped(*releases))
    });
    row("languages", &languages.collect::<Vec<_>>().join(", "))?;
    for (index, (language, digest)) in status.rules.iter().enumerate() {
        let mistakes = broken.iter().find(|(of, _)| of == language).map(|(_, mistakes)| *mistakes as u64);
        let state = mistakes.map(|mistakes| format!("broken: {}", count(mistakes, "mistake", "mistakes")));
        row(
            if index == 0 { "rules" } else { "" },
            &format!("{language} {}", state.as_ref().unwrap_or(digest)),
        )?;
    }
    let disk = &status.disk;
    let parts = [
        ("captures", disk.captures),
        ("records", disk.records),
        ("index", disk.index),
        ("state", disk.state),
    ];
    let parts = parts.map(|(name, bytes)| format!("{name} {}", size(bytes))).join(", ");
    row("disk", &format!("{} ({parts})", size(disk.total())))?;
    if let Some(run) = &status.last_run {
        row("last run", &last_run(run, status.at_work))?;
    }
    for note in notes(dir, status, broken) {
        row("note", &note)?;
    }
    Ok(())
}

/// `9: 6 releases, 2 listings, 1 error page; only releases are indexed`.
fn pages(read: &PageCounts) -> String {
    let kinds = [
        (read.release, "release", "releases"),
        (read.listing, "listing", "listings"),
        (read.error, "error page", "error pages"),
        (read.shell, "JavaScript shell", "JavaScript shells"),
        (read.other, "other page", "other pages"),
        (read.unreadable, "unreadable", "unreadable"),
    ];
    let kinds = kinds.into_iter().filter(|(pages, ..)| *pages > 0);
    let counts: Vec<_> = kinds.map(|(pages, one, many)| count(pages, one, many)).collect();
    match read.total() - read.release {
        0 => grouped(read.total()),
        _ => format!("{}: {}; only releases are indexed", grouped(read.total()), counts.join(", ")),
    }
}

fn last_run(run: &Run, at_work: bool) -> String {
    let ended = match (&run.finished, at_work) {
        (Some(_), _) => "",
        (None, true) => " so far; it is at work",
        (None, false) => ", cut off before its end",
    };
    let versions = count(run.versions, "new version", "new versions");
    let reasons = run.reasons.iter().map(|(reason, count)| (reason.as_str(), *count));
    let skipped = match run.skipped {
        0 => String::new(),
        skipped => format!(", {} skipped ({})", grouped(skipped), phrase::reasons(reasons)),
    };
    format!("{}: {} new, {versions}{skipped}{ended}", run.started, grouped(run.added))
}

fn facts(status: &Status, row: &mut impl FnMut(&str, &str) -> Outcome<()>) -> Outcome<()> {
    let facts = &status.facts;
    row("officials", &grouped(facts.officials))?;
    row("persons", &format!("{} without a post", grouped(facts.persons)))?;
    row("organizations", &grouped(facts.organizations))?;
    row("proposals", &grouped(facts.proposals))?;
    row("statements", &grouped(facts.statements))
}

fn screen_row(screen: &mut Screen, name: &str, value: &str) -> Outcome<()> {
    let label = screen.paint(BOLD, &format!("{name:<15}"));
    let value = screen.web(value);
    let line = format!("{label}{value}");
    screen.line(line.trim_end())
}

/// What a user may want to do something about.
fn notes(dir: &Path, status: &Status, broken: &[Broken]) -> Vec<String> {
    let mut notes = Vec::new();
    if !broken.is_empty() {
        let check = format!("`chancery rules check --archive {}` shows the mistakes", dir.display());
        notes.push(format!("nothing is taken in until the rules are mended; {check}"));
    } else if status.made_with_other_rules > 0 {
        let releases = count(status.made_with_other_rules, "record was", "records were");
        notes.push(format!("{releases} made with other rules than those in force; `chancery ingest --again` brings them up to date"));
    }
    if !status.without_rules.is_empty() {
        notes.push(phrase::without_rules(
            status.without_rules.iter().map(|(tag, count)| (tag.as_ref(), *count)),
        ));
    }
    if status.without_record > 0 {
        let captures = count(status.without_record, "capture has", "captures have");
        notes.push(format!("{captures} no record: they cannot be read, or the next ingest completes them"));
    }
    match status.not_indexed {
        Some(0) => {}
        Some(missing) => {
            let records = count(missing, "record is", "records are");
            notes.push(format!("{records} not in the index yet; the next ingest puts them in"));
        }
        None => notes.push("the index cannot be read; `chancery reindex` makes it again".into()),
    }
    notes
}

fn as_json(dir: &Path, status: &Status, broken: &[Broken]) -> serde_json::Value {
    let sources = status.sources.iter().map(|source| {
        json!({"source": source.source, "releases": source.releases, "first": source.first, "last": source.last})
    });
    let languages = status
        .languages
        .iter()
        .map(|(language, releases)| json!({"language": language, "releases": releases}));
    let run = status.last_run.as_ref().map(|run| {
        json!({
            "started": run.started, "finished": run.finished, "added": run.added, "versions": run.versions,
            "unchanged": run.unchanged, "skipped": run.skipped,
            "reasons": run.reasons.iter().map(|(reason, count)| json!({"reason": reason, "count": count})).collect::<Vec<_>>(),
        })
    });
    let read = &status.pages;
    json!({
        "archive": dir.display().to_string(), "format": status.format, "releases": status.releases,
        "pages": {
            "release": read.release, "listing": read.listing, "error_page": read.error, "shell": read.shell,
            "other": read.other, "unreadable": read.unreadable,
        },
        "removed": status.removed, "gone": status.gone,
        "versions": status.captures, "without_record": status.without_record, "text_bytes": status.text_bytes,
        "officials": status.facts.officials, "persons": status.facts.persons,
        "organizations": status.facts.organizations, "proposals": status.facts.proposals,
        "statements": status.facts.statements, "sources": sources.collect::<Vec<_>>(),
        "languages": languages.collect::<Vec<_>>(),
        "without_rules": status.without_rules.iter().map(|(tag, count)| json!({"language": tag, "releases": count})).collect::<Vec<_>>(), "rules": status.rules.iter().cloned().collect::<BTreeMap<_, _>>(),
        "broken_rules": broken.iter().cloned().collect::<BTreeMap<_, _>>(),
        "made_with_other_rules": status.made_with_other_rules, "not_indexed": status.not_indexed,
        "disk": {
            "captures": status.disk.captures, "records": status.disk.records, "index": status.disk.index,
            "state": status.disk.state,
        },
        "at_work": status.at_work, "last_run": run,
    })
}
