//! What a crawl has captured, read, extracted and indexed while it goes on: a crawl of days is to show something on its first
//! day. The crawl does not wait for that; a portion begins when the one before it is done.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::{Scope, ScopedJoinHandle};
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

/// The files of a crawl, each as far as it was whole at some moment, in bytes: the crawl writes on behind that.
type Whole = BTreeMap<PathBuf, u64>;

/// The crawl's side: hears what comes, and has it taken in beside the crawl.
pub(crate) struct Portions<'s, 'p> {
    dir: &'p Path,
    least: u64,
    /// Taken by the thread only while it has nothing to do, so that nothing piles up.
    orders: SyncSender<Whole>,
    told: Receiver<Told>,
    thread: ScopedJoinHandle<'s, Reading<'p>>,
    pages: u64,
    last: Instant,
}

/// What a user should know of a portion; of its steps nothing, since those of the crawl are shown.
enum Told {
    Skip(Skip),
    Note(String),
}

impl<'s, 'p: 's> Portions<'s, 'p> {
    /// Starts the thread that takes in; `least` pages that came are a portion.
    pub(crate) fn start(
        scope: &'s Scope<'s, '_>,
        (dir, writer): (&'p Path, Writer),
        pipeline: &'p Pipeline,
        least: u64,
        stop: &'p AtomicBool,
    ) -> Self {
        let (orders, work) = sync_channel::<Whole>(0);
        let (tell, told) = channel();
        let mut reading =
            Reading { dir, pipeline, stop, writer: Some(writer), report: IngestReport::default() };
        let thread = scope.spawn(move || {
            for whole in work {
                if reading.take_in(Some(whole), &Aside(tell.clone())).is_err() {
                    // The end of the crawl tries it again, and tells.
                    reading.writer = None;
                }
            }
            reading
        });
        Self { dir, least, orders, told, thread, pages: 0, last: Instant::now() }
    }

    /// Hands over what came, where that is enough. All of it is on the disk, and nobody writes at this moment.
    pub(crate) fn hear(&mut self, event: &Event, progress: &dyn Progress) {
        self.pass_on(progress);
        let Event::Kept { pages, .. } = event else { return };
        let came = pages.saturating_sub(self.pages);
        if came == 0 || came < self.least && self.last.elapsed() < TIME {
            return;
        }
        // What cannot be looked at now is looked at when the crawl ends.
        let Ok(whole) = whole(self.dir) else { return };
        if self.orders.try_send(whole).is_ok() {
            (self.pages, self.last) = (*pages, Instant::now());
        }
    }

    fn pass_on(&self, progress: &dyn Progress) {
        for told in self.told.try_iter() {
            match told {
                Told::Skip(skip) => progress.skip(&skip),
                Told::Note(note) => progress.note(&note),
            }
        }
    }

    /// Waits for the portion at hand, then takes in the rest. Returns what all portions came to.
    pub(crate) fn end(self, progress: &dyn Progress) -> Result<IngestReport, Error> {
        let Self { orders, told, thread, .. } = self;
        drop(orders);
        for told in told {
            match told {
                Told::Skip(skip) => progress.skip(&skip),
                Told::Note(note) => progress.note(&note),
            }
        }
        thread.join().unwrap_or_else(|panic| resume_unwind(panic)).end(progress)
    }
}

/// How far the files of the crawl go at this moment.
fn whole(dir: &Path) -> std::io::Result<Whole> {
    let mut whole = Whole::new();
    for entry in std::fs::read_dir(captures_folder(dir))? {
        let entry = entry?;
        if entry.file_name().to_str().is_some_and(chancery_capture::is_crawl_file) {
            whole.insert(entry.path(), entry.metadata()?.len());
        }
    }
    Ok(whole)
}

/// The archive's side: the right to write to it, and how much of the crawl is in it.
struct Reading<'p> {
    dir: &'p Path,
    pipeline: &'p Pipeline,
    stop: &'p AtomicBool,
    /// `None` after a portion that failed.
    writer: Option<Writer>,
    report: IngestReport,
}

impl Reading<'_> {
    /// Takes in the rest. Returns what all portions came to.
    fn end(mut self, progress: &dyn Progress) -> Result<IngestReport, Error> {
        if self.writer.is_none() {
            self.writer = Some(Archive::create_or_open(self.dir)?);
        }
        self.take_in(None, progress)?;
        if let Some(writer) = self.writer {
            writer.close()?;
        }
        Ok(self.report)
    }

    /// Reads, extracts and indexes what the files of the crawl hold that is not in the archive yet; up to where they were
    /// `until`, where somebody writes to them.
    fn take_in(&mut self, until: Option<Whole>, progress: &dyn Progress) -> Result<(), Error> {
        let Some(writer) = &mut self.writer else { return Ok(()) };
        let folder = captures_folder(self.dir);
        let whole = match until {
            Some(until) => until,
            None => whole(self.dir).map_err(|cause| Error::io(&folder, "read", cause))?,
        };
        let inputs = whole.keys().cloned().map(Input::from).collect();
        let inputs = Inputs::new(inputs, Meta::default(), self.pipeline.sources()).until(whole);
        let options = IngestOptions::default();
        let report = writer.ingest_more(self.pipeline, inputs, &options, progress, self.stop)?;
        self.report.add(report);
        Ok(())
    }
}

/// Hands on what a user should know, from the thread that takes in.
struct Aside(Sender<Told>);

impl Progress for Aside {
    fn step(&self, _: Step) {}

    fn skip(&self, skip: &Skip) {
        // Where nobody hears any more the crawl has panicked.
        let _ = self.0.send(Told::Skip(skip.clone()));
    }

    fn note(&self, message: &str) {
        let _ = self.0.send(Told::Note(message.to_owned()));
    }
}
