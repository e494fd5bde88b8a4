//! `capture`: ministries' sites into an archive, politely, and what became of each page.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use chancery::capture::{CaptureReport, capture};
use chancery_capture::Event;
use serde_json::json;

use crate::command::{Capture, Form};
use crate::crawling::Lines;
use crate::exit::{Exit, Failure, Outcome};
use crate::ingest::{pipeline, summary};
use crate::phrase::{count, grouped};
use crate::progress::Watch;
use crate::screen::Screen;
use crate::{stop, told};

/// So many addresses are shown of each reason why pages were left.
const SHOWN: usize = 3;

/// Captures, and says what that brought.
pub(crate) fn run(job: &Capture, screen: &mut Screen) -> Outcome {
    let watch = Watch::new(None)?;
    let pipeline = pipeline(&job.archive, job.rules.as_deref(), job.jobs)?;
    let list = job.skipped.as_deref().map(List::new).transpose()?;
    stop::listen()?;
    let log = Log::new(job.log, screen);
    let report =
        capture(&job.archive, &pipeline, &job.options, &mut |event| log.take(event), &watch, stop::flag());
    watch.end()?;
    let screen = log.end()?;
    let report = report?;
    if let Some(list) = list {
        list.write(&report)?;
    }
    match job.log {
        Form::Json => screen.line(&as_json(&report).to_string())?,
        Form::Text => print(&job.archive, &report, screen)?,
    }
    screen.flush()?;
    if report.crawl.interrupted {
        return Err(Failure::Interrupted(
            "what was captured is kept, and the same command goes on from there",
        ));
    }
    Ok(if is_well(&report) { Exit::Well } else { Exit::Trouble })
}

/// Whether nothing went wrong: pages that a site does not have, or forbids, are its own business, and so are those that this run was
/// told to leave to the next one.
fn is_well(report: &CaptureReport) -> bool {
    let crawl = &report.crawl;
    let skipped = report.ingest.as_ref().is_some_and(|ingest| ingest.skipped.errors > 0 || ingest.bugs > 0);
    crawl.failed == 0 && (crawl.waiting == 0 || !crawl.held_up) && !skipped
}

/// Events as they come: lines of JSON, or a line on the terminal and what a user should know.
struct Log<'s> {
    form: Form,
    inner: RefCell<Inner<'s>>,
}

struct Inner<'s> {
    screen: &'s mut Screen,
    failed: Option<Failure>,
    lines: Lines,
}

impl<'s> Log<'s> {
    fn new(form: Form, screen: &'s mut Screen) -> Self {
        let lines = Lines::new(form == Form::Text);
        Self { form, inner: RefCell::new(Inner { screen, failed: None, lines }) }
    }

    fn take(&self, event: &Event) {
        match self.form {
            Form::Json => self.line(event),
            Form::Text => self.show(event),
        }
    }

    fn line(&self, event: &Event) {
        let mut inner = self.inner.borrow_mut();
        let line = serde_json::to_string(event).expect("an event is only words and numbers");
        if let Err(why) = inner.screen.line(&line).and_then(|()| inner.screen.flush()) {
            // Whoever read the lines has gone: the crawl ends where it can be gone on with.
            inner.failed.get_or_insert(why);
            stop::ask();
        }
    }

    fn show(&self, event: &Event) {
        let mut inner = self.inner.borrow_mut();
        let say = |words: &str| inner.lines.suspend(|| told::say(words));
        match event {
            Event::Waiting { host, reason, until } => {
                say(&format!("{host}: {reason}; left alone until {until}"));
            }
            Event::Gone { url, reason, .. } => say(&format!("gone: {url}: {reason}, as on the visit before")),
            Event::Note { text } => say(text),
            Event::Fetched { .. } | Event::Kept { .. } | Event::Left { .. } | Event::Later { .. } => {}
        }
        inner.lines.take(event);
    }

    fn end(self) -> Outcome<&'s mut Screen> {
        let inner = self.inner.into_inner();
        inner.lines.clear();
        inner.failed.map_or(Ok(inner.screen), Err)
    }
}

/// The list of what was not fetched: one JSON object a line.
struct List<'p> {
    path: &'p Path,
    file: BufWriter<File>,
}

impl<'p> List<'p> {
    fn new(path: &'p Path) -> Outcome<Self> {
        let file = File::create(path).map_err(|why| unwritable(path, &why))?;
        Ok(Self { path, file: BufWriter::new(file) })
    }

    fn write(mut self, report: &CaptureReport) -> Outcome<()> {
        for (source, url, reason) in &report.crawl.left {
            let line = json!({ "source": source, "url": url, "reason": reason });
            writeln!(self.file, "{line}").map_err(|why| unwritable(self.path, &why))?;
        }
        self.file.flush().map_err(|why| unwritable(self.path, &why))
    }
}

fn unwritable(path: &Path, why: &io::Error) -> Failure {
    Failure::new(
        format!("cannot write the list of what was not fetched to {}: {why}", path.display()),
        "name a file in a folder that exists and that you may write",
    )
}

/// The last line of the log.
fn as_json(report: &CaptureReport) -> serde_json::Value {
    let made = report.ingest.as_ref().map(
        |ingest| json!({ "added": ingest.added, "versions": ingest.versions, "unchanged": ingest.unchanged }),
    );
    json!({ "event": "report", "crawl": report.crawl, "archive": made })
}

fn print(archive: &Path, report: &CaptureReport, screen: &mut Screen) -> Outcome<()> {
    let crawl = &report.crawl;
    let mut parts = vec![format!("{} fetched", count(crawl.fetched, "page", "pages"))];
    if crawl.same > 0 {
        parts.push(format!("{} as before", grouped(crawl.same)));
    }
    if crawl.recovered > 0 {
        parts.push(format!("{} found in the files of an earlier run", grouped(crawl.recovered)));
    }
    let made = report.ingest.as_ref().map(|ingest| format!("; {}", summary(ingest))).unwrap_or_default();
    screen.line(&format!("{}: {}{made}", archive.display(), parts.join(", ")))?;
    left(report, screen)?;
    for (_, url) in &crawl.gone {
        screen.line(&format!("gone, missing on two visits: {url}"))?;
    }
    if crawl.waiting > 0 {
        let pages = count(crawl.waiting, "page waits", "pages wait");
        let why = crawl.waits_for.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("; ");
        let more = crawl.waits_for.len().saturating_sub(SHOWN);
        let more = if more > 0 { format!("; and {more} more") } else { String::new() };
        let why = if why.is_empty() { why } else { format!(": {why}{more}") };
        screen.line(&format!("{pages} for the next run{why}"))?;
    }
    Ok(())
}

/// What was not fetched, by reason, the most frequent first.
fn left(report: &CaptureReport, screen: &mut Screen) -> Outcome<()> {
    let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (_, url, reason) in &report.crawl.left {
        reasons.entry(reason).or_default().push(url);
    }
    let mut reasons: Vec<(&str, Vec<&str>)> = reasons.into_iter().collect();
    reasons.sort_by_key(|(reason, urls)| (usize::MAX - urls.len(), *reason));
    if report.crawl.left_count > 0 {
        screen.line(&format!("nothing came of {}:", count(report.crawl.left_count, "page", "pages")))?;
    }
    for (reason, urls) in reasons {
        screen.line(&format!("  {} {reason}", grouped(urls.len() as u64)))?;
        for url in urls.iter().take(SHOWN) {
            screen.line(&format!("      {url}"))?;
        }
        if urls.len() > SHOWN {
            screen.line(&format!("      and {} more; --skipped FILE lists all", urls.len() - SHOWN))?;
        }
    }
    Ok(())
}
