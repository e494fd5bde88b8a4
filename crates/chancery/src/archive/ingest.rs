//! Inputs into an archive: what is new is added, what has changed becomes a version, what is there stays.

use std::sync::atomic::{AtomicBool, Ordering};

use chancery_record::Record;
use jiff::Timestamp;

use super::Writer;
use super::state::{Fingerprint, Latest, Run, media_name};
use crate::Error;
use crate::input::{Basis, Incoming, Inputs, Item, Skip, SkipCounts};
use crate::pipeline::{Feed, Pipeline, Processed};
use crate::progress::{Phase, Progress, Step};

/// So many conflicts are kept in a report; all are counted.
const CONFLICTS_KEPT: usize = 100;

/// How to ingest.
#[derive(Clone, Debug, Default)]
pub struct IngestOptions {
    /// The time of the run; `None` takes the clock's. It stands in the WARC files, never in a record.
    pub now: Option<Timestamp>,
}

/// One identity under which two quite different releases came in: another headline and another date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The identity.
    pub id: String,
    /// Headline and date that were there.
    pub before: String,
    /// Headline and date that came in.
    pub now: String,
    /// Where it came from.
    pub place: String,
    /// The identity under which it is kept, where its path alone had spoken for the other.
    pub kept_as: Option<String>,
}

/// What a run of ingest did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IngestReport {
    /// Releases that were not there.
    pub added: u64,
    /// New versions of releases that were there.
    pub versions: u64,
    /// Releases that were there as they came in.
    pub unchanged: u64,
    /// What was left out; each was told to [`Progress::skip`].
    pub skipped: SkipCounts,
    /// Releases on which chancery itself failed; they are kept without facts.
    pub bugs: u64,
    /// Records that an earlier run, cut off, had left to be made.
    pub recovered: u64,
    /// Bytes of the inputs as they lie on disk.
    pub bytes: u64,
    /// Bytes of text in the records made.
    pub text_bytes: u64,
    /// How often one identity stood for quite different releases.
    pub conflict_count: u64,
    /// The first of them.
    pub conflicts: Vec<Conflict>,
    /// Whether the run was asked to stop before its end. What it had taken in is in the archive.
    pub interrupted: bool,
}

impl Writer {
    /// Takes in what `inputs` hold, after whatever an earlier run left undone, and makes it durable batch by batch.
    /// Where `stop` becomes true the batch at hand is finished and the report says so; the same inputs given again
    /// complete the run.
    ///
    /// # Errors
    /// Where the rules have mistakes, or the disk refuses. What was made durable before is in the archive, and the
    /// same inputs given again complete the run.
    pub fn ingest(
        mut self,
        pipeline: &Pipeline,
        inputs: Inputs,
        options: &IngestOptions,
        progress: &dyn Progress,
        stop: &AtomicBool,
    ) -> Result<IngestReport, Error> {
        let started = time(options.now);
        self.set_date(&started);
        let mut report =
            IngestReport { recovered: self.catch_up(pipeline, progress, stop)?, ..IngestReport::default() };
        let run = self.state.begin_run(&started)?;
        let (total_bytes, bytes) = (inputs.total_bytes(), inputs.bytes_read());
        let mut feed = Feed::start(inputs)?;
        let mut items = 0;
        while let Some(batch) = feed.next_batch(stop) {
            items += batch.len() as u64;
            let unknown = self.unknown(batch, &mut report)?;
            pipeline.items(unknown, &mut |result| self.take(pipeline, result, &mut report, progress))?;
            report.bytes = bytes.load(Ordering::Relaxed);
            progress.step(Step { phase: Phase::Ingest, items, bytes: report.bytes, total_bytes });
        }
        report.interrupted = stop.load(Ordering::Relaxed);
        feed.finish();
        let finished = (!report.interrupted).then(|| time(options.now));
        self.state.begin()?;
        self.state.set_run(run, &report.as_run(started, finished))?;
        self.commit()?;
        self.close()?;
        Ok(report)
    }

    /// The items without the captures that are in the archive already.
    fn unknown(&self, items: Vec<Item>, report: &mut IngestReport) -> Result<Vec<Item>, Error> {
        let mut unknown = Vec::with_capacity(items.len());
        for item in items {
            match item {
                Item::Capture(incoming) if self.is_known(&incoming)? => report.unchanged += 1,
                item => unknown.push(item),
            }
        }
        Ok(unknown)
    }

    fn is_known(&self, incoming: &Incoming) -> Result<bool, Error> {
        let print = Fingerprint::of(incoming);
        let id = &incoming.capture.id;
        Ok(self.state.knows(id, &print)?
            || incoming.basis == Basis::Path && self.state.knows(&apart(id, &print), &print)?)
    }

    /// Takes in one result: a capture with its record, or what was left out.
    fn take(
        &mut self,
        pipeline: &Pipeline,
        result: Result<Processed, Skip>,
        report: &mut IngestReport,
        progress: &dyn Progress,
    ) -> Result<(), Error> {
        let mut skip = |skip: &Skip| {
            report.skipped.add(skip);
            progress.skip(skip);
        };
        let (incoming, record, bug) = match result {
            Err(left_out) | Ok(Processed { outcome: Err(left_out), .. }) => {
                skip(&left_out);
                return Ok(());
            }
            Ok(Processed { incoming, outcome: Ok(record), bug }) => (incoming, record, bug),
        };
        // The same capture may have come twice in one batch.
        if self.is_known(&incoming)? {
            report.unchanged += 1;
            return Ok(());
        }
        if let Some(bug) = &bug {
            report.bugs += 1;
            progress.skip(bug);
        }
        report.text_bytes += record.release.text.len() as u64;
        let print = Fingerprint::of(&incoming);
        let Some(latest) = self.state.latest(&incoming.capture.id)? else {
            report.added += 1;
            return self.add(incoming, record, &print);
        };
        let is_another = incoming.basis == Basis::Path && is_another(&latest, &incoming, &record);
        let conflict = Conflict::between(&latest, &incoming, &record);
        if !is_another {
            report.versions += 1;
            report.note(conflict);
            return self.add(incoming, record, &print);
        }
        let mut incoming = incoming;
        incoming.capture.id = apart(&incoming.capture.id, &print);
        let kept_as = Some(incoming.capture.id.clone());
        report.note(conflict.map(|conflict| Conflict { kept_as, ..conflict }));
        // The identity is part of the keys of facts: the record is made again under the new one.
        for processed in pipeline.process(vec![incoming])? {
            if let Ok(record) = processed.outcome {
                report.added += 1;
                self.add(processed.incoming, record, &print)?;
            }
        }
        Ok(())
    }
}

/// The identity of a release whose path is that of another.
fn apart(id: &str, print: &Fingerprint) -> String {
    let digest = print.digest.trim_start_matches("sha256:");
    format!("{id}~{}", digest.chars().take(8).collect::<String>())
}

/// Whether what came in under a path is another release than the one that has this path already, and no new version
/// of it: pages of two folders may have the same names.
fn is_another(latest: &Latest, incoming: &Incoming, record: &Record) -> bool {
    let release = &record.release;
    let differ = |a: &Option<String>, b: &Option<String>| a.is_some() && b.is_some() && a != b;
    let same_date = latest.published.is_some() && latest.published == release.published;
    latest.media != media_name(incoming.capture.media)
        || differ(&latest.source, &release.source)
        || differ(&latest.headline, &release.headline) && !same_date
}

impl Conflict {
    /// What came in and what was there, where both headline and date differ.
    fn between(latest: &Latest, incoming: &Incoming, record: &Record) -> Option<Self> {
        let release = &record.release;
        let differ = latest.headline != release.headline && latest.published != release.published;
        let name = |headline: &Option<String>, date: &Option<String>| {
            let headline = headline.as_deref().unwrap_or("no headline");
            format!("{headline} ({})", date.as_deref().unwrap_or("no date"))
        };
        differ.then(|| Self {
            id: release.id.clone(),
            before: name(&latest.headline, &latest.published),
            now: name(&release.headline, &release.published),
            place: incoming.place.to_string(),
            kept_as: None,
        })
    }
}

impl IngestReport {
    fn note(&mut self, conflict: Option<Conflict>) {
        self.conflict_count += u64::from(conflict.is_some());
        self.conflicts.extend(conflict.filter(|_| self.conflicts.len() < CONFLICTS_KEPT));
    }

    fn as_run(&self, started: String, finished: Option<String>) -> Run {
        let (added, versions, unchanged) = (self.added, self.versions, self.unchanged);
        Run { started, finished, added, versions, unchanged, skipped: self.skipped.total() }
    }
}

/// The time in whole seconds, RFC 3339 in UTC.
fn time(now: Option<Timestamp>) -> String {
    now.unwrap_or_else(Timestamp::now).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
