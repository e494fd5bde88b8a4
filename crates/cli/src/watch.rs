//! `watch`: keeps sources fresh on their own rhythm, and tells what is new, what was silently edited and what is gone.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use chancery::archive::{Archive, Arrival};
use chancery::capture::{CaptureOptions, CaptureReport, capture};
use chancery::pipeline::Pipeline;
use chancery::progress::Silent;
use chancery_capture::Event;
use jiff::Timestamp;
use serde_json::json;

use crate::changes;
use crate::command::{Form, Watching};
use crate::exit::{Exit, Failure, Outcome};
use crate::ingest::pipeline;
use crate::phrase::count;
use crate::screen::Screen;
use crate::{stop, told};

/// How often it is looked whether somebody wants to stop.
const LOOK_UP: Duration = Duration::from_millis(200);
/// A source that could not be reached is not asked again before this.
const LEAST: Duration = Duration::from_secs(60);

/// Visits what is due; once, or until Ctrl-C.
pub(crate) fn run(job: &Watching, screen: &mut Screen) -> Outcome {
    let pipeline = pipeline(&job.archive, None, job.jobs)?;
    let watched = watched(job, &pipeline)?;
    stop::listen()?;
    let mut exit = Exit::Well;
    let mut tried = Timestamp::UNIX_EPOCH;
    loop {
        let now = Timestamp::now();
        let due = Due::of(&job.archive);
        let due_at = |source: &(String, Duration)| due.at(source).unwrap_or(Timestamp::UNIX_EPOCH);
        let due: Vec<String> = watched
            .iter()
            .filter(|source| job.now || due_at(source) <= now)
            .map(|(id, _)| id.clone())
            .collect();
        if !due.is_empty() {
            exit = visit(job, &pipeline, due, screen)?;
            tried = Timestamp::now();
        } else if job.once {
            let next = watched.iter().map(|source| (due_at(source), &source.0)).min();
            let next = next.map(|(at, id)| format!("; next is {id} at {at:.0}")).unwrap_or_default();
            told::say(&format!("nothing is due{next} (--now visits without waiting)"));
        }
        if job.once || job.now {
            return Ok(exit);
        }
        let due = Due::of(&job.archive);
        let next = watched.iter().map(|source| due.at(source).unwrap_or(tried)).min().unwrap_or(tried);
        wait_until(next.max(tried.checked_add(LEAST).unwrap_or(next)))?;
    }
}

/// When sources are to be visited next.
struct Due {
    seen: BTreeMap<String, Timestamp>,
    /// A crawl that a host asked to wait for longer than a run waits goes on as soon as it may; one whose time was over, at once.
    resumes: BTreeMap<String, Timestamp>,
}

impl Due {
    fn of(archive: &Path) -> Self {
        Self { seen: Archive::visits(archive), resumes: Archive::resumes(archive) }
    }

    /// `None` where the source was never visited.
    fn at(&self, (id, rhythm): &(String, Duration)) -> Option<Timestamp> {
        let visit = self.seen.get(id)?.checked_add(*rhythm).ok()?;
        Some(self.resumes.get(id).map_or(visit, |resumes| visit.min(*resumes)))
    }
}

/// Ids and rhythms: of the sources that were named, else of those that the archive has captures of.
fn watched(job: &Watching, pipeline: &Pipeline) -> Outcome<Vec<(String, Duration)>> {
    let seen = Archive::visits(&job.archive);
    let mut all = Vec::new();
    for id in &job.sources {
        let Some(source) = pipeline.sources().get(id) else {
            let mend = "`chancery source list` names them; `chancery source new URL` drafts one";
            return Err(Failure::new(format!("there is no source `{id}`"), mend));
        };
        all.push((source.id.clone(), source.plan.rhythm));
    }
    if job.sources.is_empty() {
        let known = pipeline.sources().iter().filter(|source| seen.contains_key(&source.id));
        all.extend(known.map(|source| (source.id.clone(), source.plan.rhythm)));
    }
    if all.is_empty() {
        let mend = "name one: chancery watch SOURCE; `chancery source list` names them";
        return Err(Failure::new("nothing was captured into this archive yet", mend));
    }
    Ok(all)
}

/// One visit to the sources that are due, and what it brought.
fn visit(job: &Watching, pipeline: &Pipeline, due: Vec<String>, screen: &mut Screen) -> Outcome {
    let before = match Archive::open_read(&job.archive) {
        Ok(archive) => archive.last_capture()?,
        Err(_) => 0,
    };
    let options = CaptureOptions {
        what: due,
        contact: job.contact.clone(),
        time: job.time,
        allow_private: job.allow_private,
        refresh: job.now.then_some(Duration::ZERO),
        ..CaptureOptions::default()
    };
    let mut gone = Vec::new();
    let mut note = |event: &Event| {
        if let Event::Gone { url, source, reason } = event {
            gone.push((url.clone(), source.clone(), reason.clone()));
        }
    };
    let report = capture(&job.archive, pipeline, &options, &mut note, &Silent, stop::flag())?;
    let archive = Archive::open_read(&job.archive)?;
    for arrival in archive.arrivals(before, pipeline)? {
        tell(&arrival, job.form, screen)?;
    }
    for (url, source, reason) in gone {
        let line = match job.form {
            Form::Json => {
                json!({ "event": "gone", "source": source, "url": url, "reason": reason }).to_string()
            }
            Form::Text => format!("gone    {url}  {reason}"),
        };
        screen.line(&line)?;
    }
    screen.flush()?;
    ended(&report)
}

fn tell(arrival: &Arrival, form: Form, screen: &mut Screen) -> Outcome<()> {
    match (arrival, form) {
        (Arrival::New { id, alias, headline }, Form::Json) => screen
            .line(&json!({ "event": "new", "id": id, "alias": alias, "headline": headline }).to_string()),
        (Arrival::New { id, alias, headline }, Form::Text) => {
            let line = format!(
                "new     {}  {}",
                alias.as_ref().unwrap_or(id),
                headline.as_deref().unwrap_or_default()
            );
            let line = screen.web(line.trim_end()).into_owned();
            screen.line(&line)
        }
        (Arrival::Edited(edit), Form::Json) => {
            let mut fields = changes::fields(edit);
            fields.insert("event".into(), "edited".into());
            screen.line(&serde_json::Value::Object(fields).to_string())
        }
        (Arrival::Edited(edit), Form::Text) => {
            let line =
                format!("edited  {}  {}", edit.alias.as_ref().unwrap_or(&edit.id), changes::what(edit));
            let line = screen.web(&line).into_owned();
            screen.line(&line)
        }
    }
}

/// How the visit ended: whether a source gave nothing at all, or something went wrong inside.
fn ended(report: &CaptureReport) -> Outcome {
    if report.crawl.interrupted {
        return Err(Failure::Interrupted("what came is kept, and the same command goes on from there"));
    }
    let ingest = report.ingest.as_ref();
    let failed = ingest.is_some_and(|ingest| ingest.skipped.errors > 0 || ingest.bugs > 0);
    if report.crawl.fetched == 0 && (report.crawl.held_up || report.crawl.waiting == 0) {
        let left =
            report.crawl.left.first().map(|(_, url, why)| format!("; {url}: {why}")).unwrap_or_default();
        told::say(&format!("nothing could be fetched{left}"));
        return Ok(Exit::Trouble);
    }
    let mut words = format!("{} fetched", count(report.crawl.fetched, "page", "pages"));
    if report.crawl.waiting > 0 {
        let why = report.crawl.waits_for.join("; ");
        words += &format!("; {}: {why}", count(report.crawl.waiting, "page waits", "pages wait"));
    }
    told::say(&words);
    Ok(if failed { Exit::Trouble } else { Exit::Well })
}

fn wait_until(at: Timestamp) -> Outcome<()> {
    while Timestamp::now() < at {
        if stop::flag().load(std::sync::atomic::Ordering::Relaxed) {
            return Err(Failure::Interrupted("what came is kept, and the same command goes on from there"));
        }
        std::thread::sleep(LOOK_UP);
    }
    Ok(())
}
