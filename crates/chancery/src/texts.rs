//! Releases to look at with rules, without making records of them: those of an archive, or of inputs.

use std::sync::atomic::{AtomicBool, Ordering};

use chancery_record::Release;
use rayon::prelude::*;

use crate::Error;
use crate::archive::Archive;
use crate::input::{Inputs, Item, Skip, SkipCounts};
use crate::pipeline::{Feed, Pipeline};
use crate::progress::{Phase, Progress, Step};

/// So many releases of an archive are handed on at a time.
const BATCH: usize = 256;

/// Where releases are taken from.
pub enum Origin<'a> {
    /// The current releases of an archive, as they were read when they came in.
    Archive(&'a Archive),
    /// Files, folders, standard input: read now.
    Inputs(Box<Inputs>),
}

/// How [`Pipeline::releases`] went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextsReport {
    /// Releases handed on.
    pub releases: u64,
    /// What was left out; each was told to [`Progress::skip`].
    pub skipped: SkipCounts,
    /// Whether it was asked to stop before its end.
    pub interrupted: bool,
}

impl Pipeline {
    /// Hands all releases of `origin` on in their order, in batches. Where `stop` becomes true it ends after the batch at
    /// hand.
    ///
    /// # Errors
    /// Where a record of the archive cannot be read, or `each` refuses.
    pub fn releases(
        &self,
        origin: Origin<'_>,
        progress: &dyn Progress,
        stop: &AtomicBool,
        mut each: impl FnMut(Vec<Release>) -> Result<(), Error>,
    ) -> Result<TextsReport, Error> {
        let mut report = TextsReport::default();
        match origin {
            Origin::Archive(archive) => of_archive(archive, &mut report, progress, stop, &mut each)?,
            Origin::Inputs(inputs) => self.of_inputs(*inputs, &mut report, progress, stop, &mut each)?,
        }
        report.interrupted = stop.load(Ordering::Relaxed);
        Ok(report)
    }

    /// What `work` makes of each, on all threads, in their order.
    pub fn all_at_once<T: Send, R: Send>(&self, all: Vec<T>, work: impl Fn(T) -> R + Send + Sync) -> Vec<R> {
        self.threads().install(|| all.into_par_iter().map(work).collect())
    }

    fn of_inputs(
        &self,
        inputs: Inputs,
        report: &mut TextsReport,
        progress: &dyn Progress,
        stop: &AtomicBool,
        each: &mut dyn FnMut(Vec<Release>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let (total_bytes, bytes) = (inputs.total_bytes(), inputs.bytes_read());
        let mut feed = Feed::start(inputs)?;
        let mut items = 0;
        while let Some(batch) = feed.next_batch(|| stop.load(Ordering::Relaxed)) {
            items += batch.len() as u64;
            let read: Vec<Result<Release, Skip>> = self.all_at_once(batch, |item| match item {
                Item::Capture(incoming) => self.read(*incoming).1,
                Item::Skip(skip) => Err(skip),
            });
            let mut releases = Vec::with_capacity(read.len());
            for release in read {
                match release {
                    Ok(release) => releases.push(release),
                    Err(skip) => {
                        report.skipped.add(&skip);
                        progress.skip(&skip);
                    }
                }
            }
            report.releases += releases.len() as u64;
            each(releases)?;
            let bytes = bytes.load(Ordering::Relaxed);
            progress.step(Step { phase: Phase::Ingest, items, bytes, total_bytes });
        }
        feed.finish();
        Ok(())
    }
}

fn of_archive(
    archive: &Archive,
    report: &mut TextsReport,
    progress: &dyn Progress,
    stop: &AtomicBool,
    each: &mut dyn FnMut(Vec<Release>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut records = archive.records()?;
    while !stop.load(Ordering::Relaxed) {
        let batch = records.by_ref().take(BATCH).map(|record| Ok(record?.release));
        let batch = batch.collect::<Result<Vec<_>, Error>>()?;
        if batch.is_empty() {
            break;
        }
        report.releases += batch.len() as u64;
        each(batch)?;
        progress.step(Step { phase: Phase::Ingest, items: report.releases, bytes: 0, total_bytes: None });
    }
    Ok(())
}
