//! `search`: facts that hold the words, best first.

use std::collections::BTreeSet;

use chancery::Error;
use chancery::archive::{Archive, Gone, LastHit};
use chancery_index::{Damage, Grouping, Hit, Hits, Kind, Query, Unshown};
use serde::Serialize;

use crate::command::{AnswerForm, Question};
use crate::exit::{Exit, Failure, Outcome};
use crate::progress::Watch;
use crate::screen::Screen;
use crate::{answer, hits, phrase, stop, suggest, told};

/// Where less is found a word may be mistyped.
const FEW: u64 = 3;

/// Asks the index, prints the hits, and remembers them by their numbers.
pub(crate) fn run(question: &Question, screen: &mut Screen) -> Outcome {
    let archive = Archive::open_read(&question.archive)?;
    let found = found(&archive, question)?;
    for mistake in &found.mistakes {
        let read = &found.query;
        told::say(&format!("{} (mended: {read})", mistake.message));
    }
    let last =
        found.hits.iter().map(|hit| LastHit { release: hit.release_id.clone(), fact: hit.fact.clone() });
    remember(&archive, &last.collect::<Vec<_>>());
    let gone = archive.gone();
    match question.form {
        AnswerForm::Text => text(&found, &gone, screen)?,
        AnswerForm::Lines => {
            for hit in &found.hits {
                json(&Told { hit, gone: gone.has(hit.url.as_deref()) }, screen)?;
            }
        }
        AnswerForm::Whole => json(&found, screen)?,
        AnswerForm::Csv => answer::csv(&found, screen)?,
    }
    screen.flush()?;
    if question.form != AnswerForm::Whole {
        tell(question, &found);
    }
    if found.total < FEW || found.widened {
        suggest::mend(&archive, &question.query.words);
    }
    Ok(unshown(&found))
}

/// Remembers hits by their numbers, or says that the numbers mean nothing.
pub(crate) fn remember(archive: &Archive, hits: &[LastHit]) {
    if !archive.remember(hits) {
        told::say(
            "the numbers of these hits can be kept neither in the archive nor in the home folder: to `show` and `cite` they may mean hits of an earlier search",
        );
        told::help("name a hit by the id of its release and, after it, of its fact: `--json` prints both");
    }
}

/// The answer of the index; where there is none of this version, or it is damaged, it is made again from the records first.
fn found(archive: &Archive, question: &Question) -> Outcome<Hits> {
    let fault = match archive.search(&question.query) {
        Err(fault @ Error::Index { .. }) if fault.is_of_derived() => fault,
        answer => return Ok(answer?),
    };
    told::say(&format!("{fault}: it is made again from the records"));
    let watch = Watch::new(None)?;
    stop::listen()?;
    let made = Archive::reindex(archive.dir(), None, &watch, stop::flag());
    watch.end()?;
    match made {
        Ok(report) if report.interrupted => Err(Failure::Interrupted("the same command begins anew")),
        Ok(_) => Ok(archive.search(&question.query)?),
        // Who may only read cannot mend it: what can be read is shown, else the first fault says who can.
        Err(cause) => {
            let query = Query { damage: Damage::IsTold, ..question.query.clone() };
            let Ok(found) = archive.search(&query) else { return Err(fault.into()) };
            told::say(&format!("{cause}: what can be read is shown"));
            Ok(found)
        }
    }
}

/// Says which releases cannot be shown, and what to do; how that ends.
fn unshown(found: &Hits) -> Exit {
    for Unshown { release_id, reason } in &found.unshown {
        told::say(&format!("{release_id} is found but cannot be shown: {reason}"));
    }
    if found.unshown.is_empty() {
        return Exit::Well;
    }
    told::help(
        "whoever may write the archive makes these records again from the captures: `chancery reindex --records`; nothing is lost",
    );
    Exit::Trouble
}

fn json(what: &impl Serialize, screen: &mut Screen) -> Outcome<()> {
    screen.line(&serde_json::to_string(what).expect("an answer holds only strings, numbers and lists"))
}

/// A hit as a line of JSON.
#[derive(Serialize)]
struct Told<'h> {
    #[serde(flatten)]
    hit: &'h Hit,
    /// Whether its release is no longer on the site.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    gone: bool,
}

fn text(found: &Hits, gone: &Gone, screen: &mut Screen) -> Outcome<()> {
    let mut release = None;
    for (index, hit) in found.hits.iter().enumerate() {
        let gone = gone.has(hit.url.as_deref());
        if hit.in_release.is_some() && release != Some(&hit.release_id) {
            hits::release(hit, gone, screen)?;
        }
        release = Some(&hit.release_id);
        hits::print(index + 1, hit, gone, screen)?;
    }
    answer::facets(&found.facets, screen)?;
    answer::timeline(&found.timeline, screen)
}

/// What is beside the hits: that there are none, or more.
fn tell(question: &Question, found: &Hits) {
    let query = &question.query;
    let grouped = query.grouping == Grouping::Release;
    let releases: BTreeSet<&str> = found.hits.iter().map(|hit| hit.release_id.as_str()).collect();
    let shown = if grouped { releases.len() } else { found.hits.len() } as u64;
    if found.changed {
        told::say(
            "the archive has changed since the place to go on from: hits may be passed over or come twice",
        );
    }
    if found.widened {
        told::say("nothing has all of these words: the hits have some of them");
    }
    if found.total > 1 && found.hits.iter().all(|hit| hit.kind == Kind::Body) && !found.hits.is_empty() {
        told::say("every release that names a body is a hit: `chancery orgs` counts each body once");
    }
    if found.total == 0 {
        told::say(&format!("nothing found{}", wider(query)));
    } else if shown < found.total {
        let (one, many) = if grouped { ("release", "releases") } else { ("hit", "hits") };
        let total = phrase::count(found.total, one, many);
        let more = match &found.next {
            // Programs, and who pages already, want the place; on a screen it would only be long.
            Some(next) if question.form != AnswerForm::Text || query.after.is_some() => {
                format!("the next: --after {next}")
            }
            Some(_) => "more with --limit".into(),
            None => "these are the last".into(),
        };
        told::say(&format!("{} of {total} shown; {more}", phrase::grouped(shown)));
    }
}

/// What would find more: what the question has too much of.
fn wider(query: &Query) -> String {
    let options = [
        ("--kind", query.kind.is_some()),
        ("--by", query.by.is_some()),
        ("--org", query.org.is_some()),
        ("--since", query.since.is_some()),
        ("--until", query.until.is_some()),
        ("--min-confidence", query.min_confidence.is_some()),
    ];
    let given: Vec<&str> = options.iter().filter(|(_, given)| *given).map(|(name, _)| *name).collect();
    let words = query.words.split_whitespace().count();
    match (words > 1, given.len()) {
        (true, 0) => "; fewer words find more".into(),
        (true, _) => format!("; fewer words find more, and so does leaving out {}", given.join(" or ")),
        (false, 0) => "; another spelling or a wider word may find more".into(),
        (false, 1) if words == 0 => "; is the spelling right?".into(),
        (false, _) => format!("; leaving out {} finds more", given.join(" or ")),
    }
}
