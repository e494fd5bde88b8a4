//! What a crawl has captured, read, extracted and indexed while it is at work: a crawl of days is to show something on its
//! first day.

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use chancery_capture::Event;
use chancery_record::Meta;

use crate::Error;
use crate::archive::{Archive, IngestOptions, IngestReport, Writer, captures_folder};
use crate::input::{Input, Inputs, Skip};
use crate::pipeline::Pipeline;
use crate::progress::{Progress, Step};

/// So many pages that came are a portion, where nothing else is asked for …
pub const PORTION: u64 = 1000;
/// … or what came in such a time.
const TIME: Duration = Duration::from_secs(300);
/// The crawl stands still while a portion is taken in: for at most a part of the time as small as this.
const SHARE: u32 = 4;

/// The right to write to an archive into which a crawl is at work, and how much of the crawl is in it.
pub(crate) struct Portions<'p> {
    dir: &'p Path,
    pipeline: &'p Pipeline,
    progress: &'p dyn Progress,
    stop: &'p AtomicBool,
    /// `None` after a portion that failed: the end of the crawl tries it again, and tells.
    writer: Option<Writer>,
    report: IngestReport,
    /// So many pages that came are a portion.
    pub(crate) least: u64,
    pages: u64,
    last: Instant,
    took: Duration,
}

impl<'p> Portions<'p> {
    pub(crate) fn new(
        dir: &'p Path,
        writer: Writer,
        pipeline: &'p Pipeline,
        progress: &'p dyn Progress,
        stop: &'p AtomicBool,
    ) -> Self {
        let (writer, report) = (Some(writer), IngestReport::default());
        let (last, took) = (Instant::now(), Duration::ZERO);
        Self { dir, pipeline, progress, stop, writer, report, least: PORTION, pages: 0, last, took }
    }

    /// Takes in what came, where that is enough and all of it is on the disk: nobody writes to the files meanwhile.
    pub(crate) fn hear(&mut self, event: &Event) {
        let Event::Kept { pages, .. } = event else { return };
        let came = pages.saturating_sub(self.pages);
        let (passed, rest) = (self.last.elapsed(), self.took * SHARE);
        if came > 0 && passed >= rest && (came >= self.least || passed >= TIME) {
            let begun = Instant::now();
            if self.take_in(&Aside(self.progress)).is_err() {
                self.writer = None;
            }
            (self.pages, self.last, self.took) = (*pages, Instant::now(), begun.elapsed());
        }
    }

    /// Takes in the rest. Returns what all portions came to.
    pub(crate) fn end(mut self) -> Result<IngestReport, Error> {
        if self.writer.is_none() {
            self.writer = Some(Archive::create_or_open(self.dir)?);
        }
        self.take_in(self.progress)?;
        if let Some(writer) = self.writer {
            writer.close()?;
        }
        Ok(self.report)
    }

    /// Reads, extracts and indexes what the files of the crawl hold that is not in the archive yet.
    fn take_in(&mut self, progress: &dyn Progress) -> Result<(), Error> {
        let Some(writer) = &mut self.writer else { return Ok(()) };
        let folder = captures_folder(self.dir);
        let mut files = Vec::new();
        for entry in std::fs::read_dir(&folder).map_err(|cause| Error::io(&folder, "read", cause))? {
            let entry = entry.map_err(|cause| Error::io(&folder, "read", cause))?;
            let is_ours = entry.file_name().to_str().is_some_and(chancery_capture::is_crawl_file);
            files.extend(is_ours.then(|| entry.path()));
        }
        files.sort();
        let inputs = files.into_iter().map(Input::from).collect();
        let inputs = Inputs::new(inputs, Meta::default(), self.pipeline.sources());
        let options = IngestOptions::default();
        let report = writer.ingest_more(self.pipeline, inputs, &options, progress, self.stop)?;
        self.report.add(report);
        Ok(())
    }
}

/// Tells what a user should know of a portion, but no steps: those of the crawl are shown.
struct Aside<'p>(&'p dyn Progress);

impl Progress for Aside<'_> {
    fn step(&self, _: Step) {}

    fn skip(&self, skip: &Skip) {
        self.0.skip(skip);
    }

    fn note(&self, message: &str) {
        self.0.note(message);
    }
}
