//! What is derived, made again: the index from the records, and records from their captures where other rules made them.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::captures::Captures;
use super::lock::Lock;
use super::state::State;
use super::writer::{BATCH, INDEX};
use super::{Archive, Writer, format};
use crate::Error;
use crate::input::SkipCounts;
use crate::pipeline::Pipeline;
use crate::progress::{Phase, Progress, Step};
use crate::rulesets::Rulesets;
use crate::sources::Sources;

/// What [`Archive::reindex`] did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReindexReport {
    /// Releases in the index.
    pub releases: u64,
    /// Records made from their captures.
    pub remade: u64,
    /// Captures of which no record could be made now: their old records stay.
    pub skipped: SkipCounts,
    /// Releases on which chancery itself failed; their records have no facts.
    pub bugs: u64,
    /// Whether it was asked to stop before its end; what was done until then is kept.
    pub interrupted: bool,
}

impl Archive {
    /// Makes the index of the archive at `dir` again from its records. Records that are missing or damaged are made again
    /// from their captures first, by the rules in force. With a `pipeline`, those that other rules than the pipeline's have
    /// made are made again as well. Where `stop` becomes true, the batch
    /// at hand is finished; the same call again goes on from there.
    ///
    /// # Errors
    /// As for [`Archive::create_or_open`]; and where `dir` is no archive, a record or capture cannot be read, or the
    /// rules have mistakes.
    pub fn reindex(
        dir: &Path,
        pipeline: Option<&Pipeline>,
        progress: &dyn Progress,
        stop: &AtomicBool,
    ) -> Result<ReindexReport, Error> {
        format::check(dir)?;
        let lock = Lock::take(dir)?;
        let index = dir.join(INDEX);
        if index.exists() {
            fs::remove_dir_all(&index).map_err(|cause| Error::io(&index, "write", cause))?;
        }
        let mut writer = Writer::open_locked(dir, lock, true)?;
        writer.tell_notes(progress);
        writer = match writer.index_rest(progress) {
            // The file is as long as it was, so its damage was not seen before.
            Err(Error::Segment { .. }) => writer.look_again(progress)?,
            done => done.map(|()| writer)?,
        };
        let mut report = ReindexReport::default();
        match pipeline {
            Some(pipeline) => writer.remake(pipeline, &mut report, progress, stop)?,
            None => report.remade = writer.complete(progress, stop)?,
        }
        report.releases = writer.state.sums()?.releases;
        report.interrupted = stop.load(Ordering::Relaxed);
        writer.close()?;
        Ok(report)
    }
}

impl Writer {
    /// Reads captures and records anew, whatever the state knows of them, and indexes what is whole.
    fn look_again(self, progress: &dyn Progress) -> Result<Self, Error> {
        let (dir, lock) = self.give_up();
        drop(State::create(&dir)?);
        let mut writer = Self::open_locked(&dir, lock, true)?;
        writer.tell_notes(progress);
        writer.index_rest(progress)?;
        Ok(writer)
    }

    /// Makes the records that are missing, by the rules in force. Returns how many those were; where none is missing, no
    /// rules are loaded.
    fn complete(&mut self, progress: &dyn Progress, stop: &AtomicBool) -> Result<u64, Error> {
        if self.state.without_record(0, 1)?.is_empty() {
            return Ok(0);
        }
        let rules = Rulesets::load(None, Some(&self.dir))?;
        let pipeline = Pipeline::new(rules, Sources::load(Some(&self.dir))?, None)?;
        self.catch_up(&pipeline, progress, stop)
    }

    /// Makes records that are missing, and those again that other rules have made, of all versions, the oldest first.
    fn remake(
        &mut self,
        pipeline: &Pipeline,
        report: &mut ReindexReport,
        progress: &dyn Progress,
        stop: &AtomicBool,
    ) -> Result<(), Error> {
        report.remade = self.catch_up(pipeline, progress, stop)?;
        let files = Captures::new(&self.dir)?;
        let outdated = self.state.with_record(|language, made_with| {
            language.and_then(|language| pipeline.rules().digest_of(language)).as_deref() != made_with
        })?;
        let mut items = 0;
        for batch in outdated.chunks(BATCH as usize) {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            let incoming = batch.iter().map(|(_, place)| files.read(place)).collect::<Result<Vec<_>, _>>()?;
            for ((capture, _), processed) in batch.iter().zip(pipeline.process(incoming)?) {
                if let Some(bug) = &processed.bug {
                    report.bugs += 1;
                    progress.skip(bug);
                }
                match processed.outcome {
                    Ok(mut record) => {
                        record.release.warc = processed.incoming.kept;
                        self.add_record(*capture, record)?;
                        report.remade += 1;
                    }
                    Err(skip) => {
                        report.skipped.add(&skip);
                        progress.skip(&skip);
                    }
                }
                items += 1;
            }
            progress.step(Step { phase: Phase::Remake, items, bytes: 0, total_bytes: None });
        }
        self.commit()?;
        if !stop.load(Ordering::Relaxed) {
            self.name_rules(pipeline)?;
        }
        Ok(())
    }
}
