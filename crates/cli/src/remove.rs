//! `remove`: a release is taken out of what is searched, listed and counted, and `remove --undo` brings it back.

use chancery::archive::{Archive, Decision, Grounds};
use serde_json::{Value, json};

use crate::command::Remove;
use crate::exit::{Exit, Outcome};
use crate::phrase::count;
use crate::progress::Watch;
use crate::screen::Screen;
use crate::told;

/// Finds all releases that are meant before it touches any of them.
pub(crate) fn run(job: &Remove, screen: &mut Screen) -> Outcome {
    let archive = Archive::open_read(&job.archive)?;
    let mut ids: Vec<String> = Vec::new();
    let mut lines = Vec::new();
    let done = if job.undo { "restored" } else { "removed" };
    for reference in &job.releases {
        let found = archive.find(reference)?;
        if ids.contains(&found.id) {
            continue;
        }
        let release = archive.record(&found.id)?.release;
        let headline = release.headline.as_deref().unwrap_or("(no headline)");
        lines.push(format!("{done} {}: {headline}", release.alias.as_ref().unwrap_or(&found.id)));
        ids.push(found.id);
    }
    drop(archive);
    let grounds = Grounds { by: job.by.clone(), reason: job.reason.clone(), now: None };
    let watch = Watch::new(None)?;
    let writer = Archive::create_or_open(&job.archive)?;
    let written =
        if job.undo { writer.restore(&ids, &grounds, &watch) } else { writer.remove(&ids, &grounds, &watch) };
    watch.end()?;
    written?;
    for line in &lines {
        let line = screen.web(line).into_owned();
        screen.line(&line)?;
    }
    screen.flush()?;
    if !job.undo {
        let releases = count(ids.len() as u64, "release stays", "releases stay");
        told::say(&format!("{releases} in the archive, unsearched; `chancery remove --undo ID` brings back"));
    }
    Ok(Exit::Well)
}

/// `removed 2026-11-26T09:00:00Z by anna: a court order; `chancery remove --undo …` brings it back`
pub(crate) fn in_words(removal: &Decision) -> String {
    format!("removed {}; `chancery remove --undo {}` brings it back", grounds(removal), removal.release)
}

/// `2026-11-26T09:00:00Z by anna: a court order`
pub(crate) fn grounds(decision: &Decision) -> String {
    let by = decision.by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
    let why = decision.reason.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
    format!("{}{by}{why}", decision.at)
}

/// When, by whom and why, as an object.
pub(crate) fn object(decision: &Decision) -> Value {
    json!({ "at": decision.at, "by": decision.by, "reason": decision.reason })
}
