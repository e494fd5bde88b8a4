//! `source`: check, list and draft the files that say how ministries' sites are crawled and read.

use std::fs;
use std::path::Path;

use chancery::rulesets::Rulesets;
use chancery::sources::{Samples, Sources, draft};
use serde_json::json;

use crate::command::{Form, NewSource, Out, SourceAction};
use crate::exit::{Exit, Failure, Outcome};
use crate::phrase;
use crate::screen::Screen;

mod check;

/// Does what was asked.
pub(crate) fn run(action: SourceAction, screen: &mut Screen) -> Outcome {
    match action {
        SourceAction::Check(job) => check::run(&job, screen),
        SourceAction::List(archive, form) => list(&archive, form, screen),
        SourceAction::New(job) => new(&job, screen),
    }
}

fn list(archive: &Path, form: Form, screen: &mut Screen) -> Outcome {
    for source in Sources::load(Some(archive))?.iter() {
        let plan = &source.plan;
        let line = match form {
            Form::Json => json!({
                "id": source.id, "name": source.name, "country": source.country, "language": source.language,
                "verified": source.verified, "start": plan.start.iter().map(url::Url::as_str).collect::<Vec<_>>(),
                "feeds": plan.feeds.len(), "sitemaps": plan.sitemaps.len(), "rhythm_seconds": plan.rhythm.as_secs(),
            })
            .to_string(),
            Form::Text => {
                let country = source.country.as_deref().unwrap_or("no country");
                let state = if source.verified { "tried" } else { "not tried yet" };
                format!("{:<12} {} ({country}), {state}", source.id, source.name)
            }
        };
        screen.line(&line)?;
    }
    Ok(Exit::Well)
}

/// Writes a first source file.
fn new(job: &NewSource, screen: &mut Screen) -> Outcome {
    let list = bytes_of(&job.page)?;
    let robots = job.robots.as_deref().map(bytes_of).transpose()?;
    let robots = robots.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let release = job.release.as_deref().map(bytes_of).transpose()?;
    let rules = Rulesets::embedded();
    let (lexicon, sources) = (rules.lexicon()?, Sources::load(None)?);
    let samples = Samples {
        url: &job.url,
        list: &list,
        robots: robots.as_deref(),
        release: release.as_deref().map(|bytes| (&job.url, bytes)),
    };
    let draft = draft(&samples, &lexicon, sources.addresses()).map_err(|why| {
        Failure::new(format!("{}: {why}", job.page.display()), "give a page of HTML that lists releases")
    })?;
    draft.source().map_err(Failure::Sources)?;
    let path = match &job.out {
        Out::Screen => {
            screen.line(draft.text.trim_end())?;
            return Ok(Exit::Well);
        }
        Out::File(path) => path.clone(),
        Out::Archive(archive) => archive.join("sources").join(format!("{}.toml", draft.id)),
    };
    write(&path, &draft.text)?;
    let page = job.release.as_ref().unwrap_or(&job.page);
    screen.line(&format!("wrote {}; look through it, and try it with", path.display()))?;
    screen.line(&format!("  chancery source check {} --page {}", path.display(), page.display()))?;
    if path.file_stem().is_none_or(|stem| stem != draft.id.as_str()) {
        screen.line(&format!("  (its id is {}: the file is to be called {}.toml)", draft.id, draft.id))?;
    }
    Ok(Exit::Well)
}

/// Writes a file that must not be there.
fn write(path: &Path, text: &str) -> Outcome<()> {
    if path.exists() {
        let message = format!("{}: there is a file already", path.display());
        return Err(Failure::new(message, "name another with --out FILE, or - to print it"));
    }
    let folder = path.parent().map(Path::to_owned).filter(|folder| !folder.as_os_str().is_empty());
    let made = folder.map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, text));
    made.map_err(|why| {
        Failure::new(
            format!("{}: cannot write: {why}", path.display()),
            "name a place that you may write to with --out FILE",
        )
    })
}

/// The bytes of a file that was named.
fn bytes_of(path: &Path) -> Outcome<Vec<u8>> {
    fs::read(path).map_err(|why| {
        let mend = "check the spelling; a path is relative to the folder you are in";
        Failure::new(format!("{}: cannot read: {why}", path.display()), mend)
    })
}

/// `3 start pages, 1 feed, no sitemaps`.
fn found(parts: &[(usize, &str, &str)]) -> String {
    let told = parts.iter().map(|(count, one, many)| match count {
        0 => format!("no {many}"),
        count => phrase::count(*count as u64, one, many),
    });
    told.collect::<Vec<_>>().join(", ")
}

/// The file as a source, or its mistakes told under the name by which it was given.
fn parse(path: &Path) -> Outcome<chancery::sources::Source> {
    let text = String::from_utf8(bytes_of(path)?).map_err(|why| {
        Failure::new(format!("{}: no UTF-8: {why}", path.display()), "save the file as UTF-8")
    })?;
    chancery::sources::Source::parse(&path.display().to_string(), &text).map_err(Failure::Sources)
}
