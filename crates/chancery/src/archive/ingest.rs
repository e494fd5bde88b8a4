//! Inputs into an archive: what is new is added, what has changed becomes a version, what is there stays.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::panic::resume_unwind;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, Ordering};

use chancery_record::{Record, WarcPlace};
use jiff::Timestamp;

use super::Writer;
use super::known::{apart, of_source};
use super::state::{Column, Fingerprint, Latest, Run, media_name};
use crate::Error;
use crate::input::{Basis, Ends, InWarc, Incoming, Inputs, Item, Resume, Skip, SkipCounts, canonical_url};
use crate::pipeline::{Feed, Pipeline, Processed};
use crate::progress::{Phase, Progress, Step};

/// Under which the state notes how far WARC files of others are taken in.
pub(super) const REGISTERED: &str = "registered";
/// So many conflicts are kept in a report; all are counted.
const CONFLICTS_KEPT: usize = 100;

/// How to ingest.
#[derive(Clone, Debug, Default)]
pub struct IngestOptions {
    /// The time of the run; `None` takes the clock's. It stands in the WARC files, never in a record.
    pub now: Option<Timestamp>,
    /// Whether WARC and WACZ files are copied into the archive. Otherwise they are registered where they lie.
    pub copy: bool,
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
    /// The identity under which it is kept, where its path alone had spoken for the other, or it is of another source.
    pub kept_as: Option<String>,
    /// The source of what was there and of what came in, where two sources give the same id.
    pub sources: Option<(String, String)>,
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
    /// Pages on which all selectors of a source for a part gave nothing, by source and part: the general way was taken.
    pub silent: BTreeMap<(String, &'static str), u64>,
    /// Releases that were taken in though no rules know their language, by language; `None` where nobody can tell it.
    pub without_rules: BTreeMap<Option<String>, u64>,
    /// Releases whose input names a country, by its name.
    said_countries: BTreeMap<String, u64>,
    /// Of them, those of names that no list knows.
    pub unknown_countries: BTreeMap<String, u64>,
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

impl IngestReport {
    /// Counts what a later part of the same work did.
    pub(crate) fn add(&mut self, later: Self) {
        self.added += later.added;
        self.versions += later.versions;
        self.unchanged += later.unchanged;
        self.skipped.add_all(later.skipped);
        self.bugs += later.bugs;
        for (part, count) in later.silent {
            *self.silent.entry(part).or_default() += count;
        }
        for (language, count) in later.without_rules {
            *self.without_rules.entry(language).or_default() += count;
        }
        for (country, count) in later.unknown_countries {
            *self.unknown_countries.entry(country).or_default() += count;
        }
        self.recovered += later.recovered;
        self.bytes += later.bytes;
        self.text_bytes += later.text_bytes;
        self.conflict_count += later.conflict_count;
        self.conflicts.extend(later.conflicts);
        self.conflicts.truncate(CONFLICTS_KEPT);
        self.interrupted |= later.interrupted;
    }
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
        let report = self.ingest_more(pipeline, inputs, options, progress, stop)?;
        self.close()?;
        Ok(report)
    }

    /// The same, and more can be taken in afterwards.
    pub(crate) fn ingest_more(
        &mut self,
        pipeline: &Pipeline,
        inputs: Inputs,
        options: &IngestOptions,
        progress: &dyn Progress,
        stop: &AtomicBool,
    ) -> Result<IngestReport, Error> {
        let started = time(options.now);
        self.set_date(&started);
        self.copy = options.copy;
        let mut report =
            IngestReport { recovered: self.catch_up(pipeline, progress, stop)?, ..IngestReport::default() };
        let run = self.state.begin_run(&started)?;
        self.go_through(pipeline, inputs, &mut report, progress, stop)?;
        self.tell_notes(progress);
        report.unknown_countries = std::mem::take(&mut report.said_countries)
            .into_iter()
            .filter(|(country, _)| pipeline.rules().country(country).is_err())
            .collect();
        report.interrupted = stop.load(Ordering::Relaxed);
        let finished = (!report.interrupted).then(|| time(options.now));
        self.state.begin()?;
        self.state.set_run(run, &report.as_run(started, finished))?;
        self.commit()?;
        self.name_rules(pipeline)?;
        Ok(report)
    }

    /// Takes in all inputs. While one batch is written the next is read and extracted.
    fn go_through(
        &mut self,
        pipeline: &Pipeline,
        inputs: Inputs,
        report: &mut IngestReport,
        progress: &dyn Progress,
        stop: &AtomicBool,
    ) -> Result<(), Error> {
        let resume = self.resume(&inputs, progress)?;
        let inputs = inputs.resumed(resume);
        let (total_bytes, bytes, ends) = (inputs.total_bytes(), inputs.bytes_read(), inputs.ends());
        let mut feed = Feed::start(inputs)?;
        let mut items = 0;
        std::thread::scope(|scope| {
            let mut at_work = None;
            loop {
                let next = match feed.next_batch(|| stop.load(Ordering::Relaxed)) {
                    Some(batch) => {
                        let count = batch.len() as u64;
                        let unknown = self.unknown(batch, report)?;
                        Some((count, scope.spawn(move || pipeline.results(unknown))))
                    }
                    None => None,
                };
                let is_end = next.is_none();
                if let Some((count, results)) = std::mem::replace(&mut at_work, next) {
                    for result in results.join().unwrap_or_else(|panic| resume_unwind(panic))? {
                        self.take(pipeline, result, report, progress)?;
                    }
                    items += count;
                    report.bytes = bytes.load(Ordering::Relaxed);
                    progress.step(Step { phase: Phase::Ingest, items, bytes: report.bytes, total_bytes });
                }
                if is_end {
                    break;
                }
            }
            feed.finish();
            Ok(())
        })?;
        if stop.load(Ordering::Relaxed) { Ok(()) } else { self.mark_ends(&ends, progress) }
    }

    /// Where to go on in WARC files that an earlier run was cut off in.
    fn resume(&self, inputs: &Inputs, progress: &dyn Progress) -> Result<Resume, Error> {
        let marks = self.state.files(REGISTERED)?;
        let mut known = HashMap::new();
        for name in self.state.files_of_pages()? {
            let at = self.registered.find(&WarcPlace { file: name.clone(), offset: 0 });
            let Ok(path) = fs::canonicalize(&at.path) else { continue };
            let mark = marks.iter().find(|(file, _)| *file == name).map_or(0, |(_, bytes)| *bytes);
            let last = self.state.last_of_file(&name)?.unwrap_or_default();
            let is_ours = !self.registered.lists(&path);
            // A file of somebody else that was gone through to its end is looked through again when it is given again.
            let from = if mark == 0 || is_ours { mark.max(last) } else { 0 };
            if from > 0 && mark == 0 && inputs.name(&path) {
                progress.note(&format!("{name}: going on at byte {from}, where an earlier run was cut off"));
            }
            known.insert((path, at.member), from);
        }
        Ok(Box::new(move |at: &InWarc| {
            let path = fs::canonicalize(&at.path).unwrap_or_default();
            known.get(&(path, at.member.clone())).copied().unwrap_or_default()
        }))
    }

    /// Notes the WARC files that were gone through to their ends.
    fn mark_ends(&mut self, ends: &Ends, progress: &dyn Progress) -> Result<(), Error> {
        self.state.begin()?;
        for (at, length) in ends.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            if let Some(name) = self.registered.renew(&at.path)? {
                progress.note(&format!(
                    "{name}: its length has changed since it was registered; it is registered anew"
                ));
            }
            if let Some(place) = self.registered.known(at) {
                self.state.set_file(REGISTERED, &place.file, *length)?;
            }
        }
        Ok(())
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
        if let Ok(Processed { silent: Some((source, parts)), .. }) = &result {
            for part in parts {
                *report.silent.entry((source.clone(), part)).or_default() += 1;
            }
        }
        let (incoming, record, bug, told) = match result {
            Err(left_out) => {
                skip(&left_out);
                return Ok(());
            }
            Ok(Processed { outcome: Err(left_out), incoming, .. }) => {
                skip(&left_out);
                self.state.begin()?;
                return self.state.leave_out(&incoming.capture.id, &left_out.reason);
            }
            Ok(Processed { incoming, outcome: Ok(record), bug, told, .. }) => (incoming, record, bug, told),
        };
        let print = Fingerprint::of(&incoming);
        let arrival = Arrival { incoming, record, print, failed: bug.is_some() };
        // The same capture may have come twice in one batch, or under another path with the same address.
        let joins = self.release_at(&arrival)?;
        let there = |id| self.is_there(id, &arrival.incoming, &arrival.print);
        let joined = joins.as_deref().map_or(Ok(false), there)?;
        if joined || self.is_known(&arrival.incoming)? {
            report.unchanged += 1;
            return Ok(());
        }
        for about in &told {
            report.skipped.add(about);
            progress.skip(about);
        }
        if let Some(bug) = &bug {
            report.bugs += 1;
            progress.skip(bug);
        }
        report.count_unknown(&arrival);
        report.text_bytes += arrival.record.release.text.len() as u64;
        if let Some(id) = joins {
            report.versions += 1;
            return self.add_as(pipeline, id, arrival);
        }
        self.place(pipeline, arrival, report)
    }

    /// The release, under another identity, whose address this one has too, and of which it may be a version.
    fn release_at(&self, arrival: &Arrival) -> Result<Option<String>, Error> {
        let release = &arrival.record.release;
        if arrival.incoming.basis == Basis::Given {
            return Ok(None);
        }
        let Some(url) = release.url.as_deref().and_then(canonical_url) else { return Ok(None) };
        for named in self.state.named(Column::Url, url.as_str())? {
            let latest = self.state.latest(&named.id)?;
            if named.id != release.id && latest.is_some_and(|latest| !is_another(&latest, arrival)) {
                return Ok(Some(named.id));
            }
        }
        Ok(None)
    }

    /// Adds a capture under its own identity, or beside the one that has it where that is quite another release.
    fn place(
        &mut self,
        pipeline: &Pipeline,
        arrival: Arrival,
        report: &mut IngestReport,
    ) -> Result<(), Error> {
        let id = &arrival.record.release.id;
        let Some(latest) = self.state.latest(id)? else {
            report.added += 1;
            return self.add(arrival.incoming, arrival.record, &arrival.print);
        };
        if arrival.incoming.basis == Basis::Given
            && let (Some(before), Some(now)) = (&latest.source, &arrival.record.release.source)
            && before != now
        {
            let sources = (before.clone(), now.clone());
            return self.place_beside(pipeline, &latest, sources, arrival, report);
        }
        let conflict = Conflict::between(&latest, &arrival);
        if arrival.incoming.basis == Basis::Path && is_another(&latest, &arrival) {
            let apart = apart(id, &arrival.print);
            report.added += 1;
            report.note(conflict.map(|conflict| Conflict { kept_as: Some(apart.clone()), ..conflict }));
            return self.add_as(pipeline, apart, arrival);
        }
        report.versions += 1;
        report.note(conflict);
        self.add(arrival.incoming, arrival.record, &arrival.print)
    }

    /// Adds a capture whose id another source has given too, under that id with its own source.
    fn place_beside(
        &mut self,
        pipeline: &Pipeline,
        latest: &Latest,
        sources: (String, String),
        arrival: Arrival,
        report: &mut IngestReport,
    ) -> Result<(), Error> {
        let id = of_source(&arrival.record.release.id, &sources.1);
        if self.is_there(&id, &arrival.incoming, &arrival.print)? {
            report.unchanged += 1;
            return Ok(());
        }
        if let Some(own) = self.state.latest(&id)? {
            report.versions += 1;
            report.note(
                Conflict::between(&own, &arrival).map(|conflict| Conflict { id: id.clone(), ..conflict }),
            );
        } else {
            report.added += 1;
            let clash = Conflict::of(latest, &arrival);
            report.note(Some(Conflict { kept_as: Some(id.clone()), sources: Some(sources), ..clash }));
        }
        self.add_as(pipeline, id, arrival)
    }

    /// Adds a capture under the identity `id`. The identity is part of the keys of facts: the record is made again.
    fn add_as(&mut self, pipeline: &Pipeline, id: String, arrival: Arrival) -> Result<(), Error> {
        let Arrival { mut incoming, print, .. } = arrival;
        incoming.capture.id = id;
        for processed in pipeline.process(vec![incoming])? {
            if let Ok(record) = processed.outcome {
                self.add(processed.incoming, record, &print)?;
            }
        }
        Ok(())
    }
}

/// A capture that is to be added, with its record.
struct Arrival {
    incoming: Incoming,
    record: Record,
    print: Fingerprint,
    /// Whether chancery itself failed on it.
    failed: bool,
}

/// Whether what came in under a path or address is another release than the one that has it already, and no new
/// version of it: pages of two folders may have the same names, and sites name their front page as the address of all.
fn is_another(latest: &Latest, arrival: &Arrival) -> bool {
    let release = &arrival.record.release;
    let differ = |a: &Option<String>, b: &Option<String>| a.is_some() && b.is_some() && a != b;
    let same_date = latest.published.is_some() && latest.published == release.published;
    latest.media != media_name(arrival.incoming.capture.media)
        || differ(&latest.source, &release.source)
        || differ(&latest.headline, &release.headline) && !same_date
}

impl Conflict {
    /// What came in and what was there, where both headline and date differ.
    fn between(latest: &Latest, arrival: &Arrival) -> Option<Self> {
        let release = &arrival.record.release;
        let differ = latest.headline != release.headline && latest.published != release.published;
        differ.then(|| Self::of(latest, arrival))
    }

    fn of(latest: &Latest, arrival: &Arrival) -> Self {
        let release = &arrival.record.release;
        let name = |headline: &Option<String>, date: &Option<String>| {
            let headline = headline.as_deref().unwrap_or("no headline");
            format!("{headline} ({})", date.as_deref().unwrap_or("no date"))
        };
        Self {
            id: release.id.clone(),
            before: name(&latest.headline, &latest.published),
            now: name(&release.headline, &release.published),
            place: arrival.incoming.place.to_string(),
            kept_as: None,
            sources: None,
        }
    }
}

impl IngestReport {
    fn note(&mut self, conflict: Option<Conflict>) {
        self.conflict_count += u64::from(conflict.is_some());
        self.conflicts.extend(conflict.filter(|_| self.conflicts.len() < CONFLICTS_KEPT));
    }

    /// Counts what neither rules nor lists know of a release that is taken in.
    fn count_unknown(&mut self, arrival: &Arrival) {
        let record = &arrival.record;
        if record.produced_by.rules.is_none() && !arrival.failed {
            *self.without_rules.entry(record.release.language.clone()).or_default() += 1;
        }
        if let Some(country) = &arrival.incoming.capture.meta.country {
            *self.said_countries.entry(country.clone()).or_default() += 1;
        }
    }

    fn as_run(&self, started: String, finished: Option<String>) -> Run {
        let (added, versions, unchanged) = (self.added, self.versions, self.unchanged);
        let skipped = self.skipped.total();
        let reasons = self.skipped.left_out().map(|(reason, count)| (reason.to_owned(), count)).collect();
        Run { started, finished, added, versions, unchanged, skipped, reasons }
    }
}

/// The time in whole seconds, RFC 3339 in UTC.
pub(super) fn time(now: Option<Timestamp>) -> String {
    now.unwrap_or_else(Timestamp::now).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
