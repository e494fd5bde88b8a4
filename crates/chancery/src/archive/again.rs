//! Records after a change of rules: only those that the change can touch are made again from their captures; the others
//! stay as they are, but for the name of the rules in force. Both give the bytes that making all of them again would.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use chancery_record::{Record, Release, WarcPlace};
use chancery_rules::Change;

use super::Writer;
use super::captures::Captures;
use super::segments::Segments;
use super::state::Made;
use super::used_rules;
use super::writer::BATCH;
use crate::Error;
use crate::input::SkipCounts;
use crate::pipeline::{PROGRAM, Pipeline};
use crate::progress::{Phase, Progress, Step};
use crate::rulesets::primary;

/// What [`Writer::again`] did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgainReport {
    /// Records made again from their captures.
    pub remade: u64,
    /// Records that the change cannot touch.
    pub kept: u64,
    /// Captures of which no record could be made now: their old records stay.
    pub skipped: SkipCounts,
    /// Releases on which chancery itself failed; their records have no facts.
    pub bugs: u64,
    /// Whether it was asked to stop before its end; what was done until then is kept.
    pub interrupted: bool,
}

/// What differs between rules that made records and those in force, by language and digest; `None` where nobody knows.
type Changes = BTreeMap<(String, String), Option<Change>>;

impl Writer {
    /// Brings the records of other rules than the pipeline's up to date. Where `stop` becomes true the batch at hand is
    /// finished; the same call again goes on from there.
    ///
    /// # Errors
    /// Where a record or capture cannot be read, the rules have mistakes, or the disk refuses.
    pub fn again(
        mut self,
        pipeline: &Pipeline,
        progress: &dyn Progress,
        stop: &AtomicBool,
    ) -> Result<AgainReport, Error> {
        let mut report =
            AgainReport { remade: self.catch_up(pipeline, progress, stop)?, ..AgainReport::default() };
        let outdated = self.state.records_where(|language, digest| {
            language.and_then(|language| pipeline.rules().digest_of(language)).as_deref() != digest
        })?;
        let mut changes = Changes::new();
        let mut items = 0;
        for batch in outdated.chunks(BATCH as usize) {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            self.bring_up_to_date(batch, pipeline, &mut changes, &mut report, progress)?;
            items += batch.len() as u64;
            progress.step(Step { phase: Phase::Remake, items, bytes: 0, total_bytes: None });
        }
        self.commit()?;
        report.interrupted = stop.load(Ordering::Relaxed);
        if !report.interrupted {
            self.name_rules(pipeline)?;
            let named = self.state.made_with()?.into_iter().filter_map(|(_, digest, _)| digest).collect();
            used_rules::forget_others(&self.dir, &named, pipeline.rules())?;
        }
        self.close()?;
        Ok(report)
    }

    fn bring_up_to_date(
        &mut self,
        batch: &[Made],
        pipeline: &Pipeline,
        changes: &mut Changes,
        report: &mut AgainReport,
        progress: &dyn Progress,
    ) -> Result<(), Error> {
        let (mut segments, files) = (Segments::new(&self.dir), Captures::new(&self.dir)?);
        let mut records: Vec<Option<Record>> = Vec::with_capacity(batch.len());
        let mut touched = Vec::new();
        for made in batch {
            let record = segments.record(&made.place)?;
            if self.is_untouched(&record, pipeline, changes)? {
                records.push(Some(record));
            } else {
                touched.push(files.read(&made.warc)?);
                records.push(None);
            }
        }
        let mut remade = pipeline.process(touched)?.into_iter();
        for (made, record) in batch.iter().zip(records) {
            if let Some(mut record) = record {
                let language = record.release.language.as_deref();
                record.produced_by.rules = language.and_then(|language| pipeline.rules().digest_of(language));
                self.add_record(made.capture, record)?;
                report.kept += 1;
                continue;
            }
            let Some(processed) = remade.next() else { continue };
            if let Some(bug) = &processed.bug {
                report.bugs += 1;
                progress.skip(bug);
            }
            match processed.outcome {
                Ok(record) => {
                    self.add_record(made.capture, at(record, processed.incoming.kept))?;
                    report.remade += 1;
                }
                Err(skip) => {
                    report.skipped.add(&skip);
                    progress.skip(&skip);
                }
            }
        }
        Ok(())
    }

    /// Whether making the record again could change nothing but the name of its rules.
    fn is_untouched(
        &self,
        record: &Record,
        pipeline: &Pipeline,
        changes: &mut Changes,
    ) -> Result<bool, Error> {
        let by = &record.produced_by;
        let same = by.program == PROGRAM && by.sources.as_deref() == Some(pipeline.sources().digest());
        let (Some(language), Some(digest)) = (&record.release.language, &by.rules) else { return Ok(false) };
        if !same {
            return Ok(false);
        }
        let key = (primary(language), digest.clone());
        if !changes.contains_key(&key) {
            let change = used_rules::change(&self.dir, &key.0, digest, pipeline.rules())?;
            changes.insert(key.clone(), change);
        }
        Ok(changes
            .get(&key)
            .and_then(Option::as_ref)
            .is_some_and(|change| !change.touches(&record.release.text)))
    }
}

fn at(record: Record, warc: Option<WarcPlace>) -> Record {
    Record { release: Release { warc, ..record.release }, ..record }
}
