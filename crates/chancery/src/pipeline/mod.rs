//! Captures to records: read, then extract, over batches on all cores; what comes out is in the order of what
//! went in, and has the same bytes for any number of threads.

mod alias;
mod feed;
mod long;

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::{io, thread};

use chancery_reader::{Lexicon, PageKind, ReadError, Reading, Selectors};
use chancery_record::{Capture, Media, Record, Release};
use chancery_rules::RuleSet;
use rayon::ThreadPool;
use rayon::prelude::*;

use crate::Error;
use crate::bug;
use crate::input::{Incoming, Inputs, Item, Skip, SkipCounts, SkipReason};
use crate::pdf;
use crate::progress::{Phase, Progress, Step};
use crate::rulesets::Rulesets;
use crate::sources::{Source, Sources};
pub(crate) use feed::Feed;
pub(crate) use long::MOST_EXTRACTED;

/// Name and version of this program, as records name it.
pub const PROGRAM: &str = concat!("chancery ", env!("CARGO_PKG_VERSION"));

/// How much stack a thread has, in bytes: pages nest deeply.
const STACK: usize = 16 << 20;

/// Everything that turns a capture into a record.
pub struct Pipeline {
    rules: Rulesets,
    sources: Sources,
    lexicon: Lexicon,
    threads: ThreadPool,
}

/// What became of one capture.
#[derive(Clone, Debug)]
pub struct Processed {
    /// The capture, as it came in.
    pub incoming: Incoming,
    /// Its record, or why there is none.
    pub outcome: Result<Record, Skip>,
    /// The fault of chancery, where extracting failed: the record is then one without facts.
    pub bug: Option<Skip>,
    /// The source of the page and those parts of it of which the source's selectors gave nothing.
    pub silent: Option<(String, Vec<&'static str>)>,
    /// What the record stands without: a date of the input that is none, facts behind the first part of a long text.
    pub told: Vec<Skip>,
}

/// What became of the items of a batch, in their order.
pub(crate) type Results = Vec<Result<Processed, Skip>>;

/// A capture as it was read.
struct Looked {
    incoming: Incoming,
    release: Result<Release, Skip>,
    silent: Option<(String, Vec<&'static str>)>,
    no_date: Option<Skip>,
}

/// One thing that [`Pipeline::extract`] tells, in the order of the inputs.
#[derive(Clone, Debug)]
pub enum Event {
    /// A record.
    Record(Box<Record>),
    /// Something was left out.
    Skip(Skip),
    /// Chancery failed on a release; its record, without facts, comes next.
    Bug(Skip),
}

/// What a run of [`Pipeline::extract`] did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExtractReport {
    /// Records made.
    pub records: u64,
    /// What was left out.
    pub skipped: SkipCounts,
    /// Releases on which chancery itself failed.
    pub bugs: u64,
    /// Bytes of text in the records.
    pub text_bytes: u64,
    /// Whether the run was asked to stop before its end.
    pub interrupted: bool,
}

impl Pipeline {
    /// A pipeline with these rules and sources on `jobs` threads; `None` takes as many as the machine has.
    ///
    /// # Errors
    /// Where the reader's words have a mistake or the threads cannot be started. Rule sets are compiled when a release
    /// of their language comes.
    pub fn new(rules: Rulesets, sources: Sources, jobs: Option<usize>) -> Result<Self, Error> {
        let lexicon = rules.lexicon()?;
        let threads = rayon::ThreadPoolBuilder::new()
            .num_threads(jobs.unwrap_or(0))
            .stack_size(STACK)
            .build()
            .map_err(|cause| Error::Threads(cause.to_string()))?;
        Ok(Self { rules, sources, lexicon, threads })
    }

    /// The rule sets in force.
    #[must_use]
    pub const fn rules(&self) -> &Rulesets {
        &self.rules
    }

    /// The sources in force.
    #[must_use]
    pub const fn sources(&self) -> &Sources {
        &self.sources
    }

    pub(crate) const fn threads(&self) -> &ThreadPool {
        &self.threads
    }

    /// Reads and extracts a batch. A release on which a phase fails (a bug) does not stop the others.
    ///
    /// # Errors
    /// Where the rules of a language that the batch needs have mistakes.
    pub fn process(&self, batch: Vec<Incoming>) -> Result<Vec<Processed>, Error> {
        let read: Vec<Looked> =
            self.threads.install(|| batch.into_par_iter().map(|incoming| self.look(incoming)).collect());
        let mut rules: BTreeMap<String, Arc<RuleSet>> = BTreeMap::new();
        for language in read.iter().filter_map(|looked| looked.release.as_ref().ok()?.language.clone()) {
            if !rules.contains_key(&language)
                && let Some(set) = self.rules.of_language(&language)?
            {
                rules.insert(language, set);
            }
        }
        let finish = |Looked { incoming, release, silent, no_date }: Looked| match release {
            Err(skip) => Processed { incoming, outcome: Err(skip), bug: None, silent, told: Vec::new() },
            Ok(release) => {
                let set = release.language.as_ref().and_then(|language| rules.get(language));
                let (mut record, bug) = self.extract_one(release, set.map(Arc::as_ref));
                let long = set.and_then(|_| long::is_cut(&record.release.text));
                let long = long.map(|bytes| Skip::error(incoming.place.clone(), SkipReason::LongText(bytes)));
                let told = no_date.into_iter().chain(long).collect();
                record.release.warc = incoming.page.as_ref().map(|page| page.record.place());
                let bug = bug.map(|reason| Skip::error(incoming.place.clone(), reason));
                Processed { incoming, outcome: Ok(record), bug, silent, told }
            }
        };
        Ok(self.threads.install(|| read.into_par_iter().map(finish).collect()))
    }

    /// Reads one capture with the selectors and defaults of its source.
    pub(crate) fn read(&self, incoming: Incoming) -> (Incoming, Result<Release, Skip>) {
        let Looked { incoming, release, .. } = self.look(incoming);
        (incoming, release)
    }

    fn look(&self, mut incoming: Incoming) -> Looked {
        let url = |reading: &Reading| reading.release.url.clone();
        let read = self.as_its_source(&mut incoming, url, chancery_reader::read_any);
        let silent = read.as_ref().ok().filter(|reading| !reading.silent.is_empty());
        let silent =
            silent.and_then(|reading| Some((reading.release.source.clone()?, reading.silent.clone())));
        let no_date = read.as_ref().ok().and_then(|reading| reading.no_date.clone());
        let no_date = no_date.map(|date| Skip::error(incoming.place.clone(), SkipReason::NoDate(date)));
        let release = read
            .and_then(|reading| reading.into_release().map_err(|cause| why_not(&cause)))
            .map(|release| Release { alias: alias::of(&release), ..release })
            .map_err(|reason| Skip::page(incoming.place.clone(), reason));
        Looked { incoming, release, silent, no_date }
    }

    /// What `read` makes of a capture with the selectors and defaults of its source: the one that the input names, else
    /// that of its address, else that of the address which the page gives as its own.
    pub(crate) fn as_its_source<T>(
        &self,
        incoming: &mut Incoming,
        url: impl Fn(&T) -> Option<String>,
        read: impl Fn(&Capture, &Selectors, &Lexicon) -> Result<T, ReadError>,
    ) -> Result<T, SkipReason> {
        self.render(incoming)?;
        let meta = &incoming.capture.meta;
        let source = match (&meta.source, &meta.url) {
            (Some(id), _) => self.sources.get(id),
            (None, Some(url)) => self.sources.of_url(url),
            (None, None) => None,
        };
        let (is_open, is_said) = (source.is_none(), meta.source.is_some());
        let done = self.read_as(incoming, source, &read);
        if is_open && !is_said {
            let own = done.as_ref().ok().and_then(|done| self.sources.of_url(&url(done)?));
            if own.is_some() {
                return self.read_as(incoming, own, &read);
            }
        }
        done
    }

    /// Makes the page that a PDF is read by.
    fn render(&self, incoming: &mut Incoming) -> Result<(), SkipReason> {
        let capture = &mut incoming.capture;
        if capture.media == Media::Pdf && capture.rendering.is_none() {
            capture.rendering = Some(pdf::page(&capture.bytes).map_err(SkipReason::Pdf)?);
        }
        Ok(())
    }

    fn read_as<T>(
        &self,
        incoming: &mut Incoming,
        source: Option<&Source>,
        read: &impl Fn(&Capture, &Selectors, &Lexicon) -> Result<T, ReadError>,
    ) -> Result<T, SkipReason> {
        let said = incoming.capture.meta.clone();
        let nothing = Selectors::default();
        let selectors = source.map_or(&nothing, |source| &source.read);
        if let Some(source) = source {
            incoming.capture.meta = said.clone().or(&source.defaults());
        }
        let capture = &incoming.capture;
        let done = guarded(&capture.id, || read(capture, selectors, &self.lexicon))
            .and_then(|read| read.map_err(|cause| why_not(&cause)));
        incoming.capture.meta = said;
        done
    }

    fn extract_one(&self, mut release: Release, rules: Option<&RuleSet>) -> (Record, Option<SkipReason>) {
        let whole = long::cut(&mut release.text);
        let extracted = guarded(&release.id, || match rules {
            Some(rules) => chancery_extract::extract(&release, rules, PROGRAM),
            None => Record::new(release.clone(), PROGRAM),
        });
        let (mut record, bug) = match extracted {
            Ok(record) => (record, None),
            Err(bug) => (Record::new(release, PROGRAM), Some(bug)),
        };
        if let Some(whole) = whole {
            record.release.text = whole;
        }
        let language = record.release.language.as_deref();
        record.produced_by.rules = match bug {
            None => language.and_then(|language| self.rules.digest_of(language)),
            Some(_) => None,
        };
        record.produced_by.sources = Some(self.sources.digest().to_owned());
        (record, bug)
    }

    /// Goes through `inputs` and hands each record, and each thing left out, to `sink`, in the order of the inputs.
    /// Where `stop` becomes true it ends after the batch at hand.
    ///
    /// # Errors
    /// Where the rules of a language have mistakes, or `sink` refuses ([`Error::is_closed_pipe`] tells a closed pipe).
    pub fn extract(
        &self,
        inputs: Inputs,
        progress: &dyn Progress,
        stop: &AtomicBool,
        mut sink: impl FnMut(Event) -> io::Result<()>,
    ) -> Result<ExtractReport, Error> {
        let (total_bytes, bytes) = (inputs.total_bytes(), inputs.bytes_read());
        let mut report = ExtractReport::default();
        let feed = Feed::start(inputs)?;
        let mut items = 0;
        // A batch is handed on while the next one is worked on, so that no core waits for the sink.
        let (send, batches) = sync_channel(1);
        let closed = AtomicBool::new(false);
        let mut hand_on = |batch: Results| {
            items += batch.len() as u64;
            for result in batch {
                report.count(&result);
                events(result).into_iter().try_for_each(&mut sink).map_err(Error::Sink)?;
            }
            let bytes = bytes.load(Ordering::Relaxed);
            progress.step(Step { phase: Phase::Ingest, items, bytes, total_bytes });
            Ok(())
        };
        thread::scope(|scope| {
            let is_over = || stop.load(Ordering::Relaxed) || closed.load(Ordering::Relaxed);
            let work = scope.spawn(move || self.feed_on(feed, is_over, &send));
            let done = batches.iter().try_for_each(|batch| hand_on(batch?));
            // Who waits for more input is told that nobody wants it.
            closed.store(done.is_err(), Ordering::Relaxed);
            drop(batches);
            work.join().unwrap_or_else(|bug| resume_unwind(bug));
            done
        })?;
        report.interrupted = stop.load(Ordering::Relaxed);
        Ok(report)
    }

    /// Works on batch after batch, until there is none, rules turn out to be wrong or nobody takes the results.
    fn feed_on(&self, mut feed: Feed, is_over: impl Fn() -> bool, send: &SyncSender<Result<Results, Error>>) {
        while let Some(batch) = feed.next_batch(&is_over) {
            let results = self.results(batch);
            let is_last = results.is_err();
            if send.send(results).is_err() || is_last {
                return;
            }
        }
        feed.finish();
    }

    /// What becomes of `items`, in their order.
    pub(crate) fn results(&self, items: Vec<Item>) -> Result<Results, Error> {
        let mut captures = Vec::with_capacity(items.len());
        // `None` stands where a capture was.
        let mut order: Vec<Option<Skip>> = Vec::with_capacity(items.len());
        for item in items {
            match item {
                Item::Capture(incoming) => {
                    captures.push(*incoming);
                    order.push(None);
                }
                Item::Skip(skip) => order.push(Some(skip)),
            }
        }
        let mut processed = self.process(captures)?.into_iter();
        let results = order.into_iter().map(|skip| match skip {
            Some(skip) => Err(skip),
            None => Ok(processed.next().expect("each capture of a batch comes out of it")),
        });
        Ok(results.collect())
    }
}

impl ExtractReport {
    fn count(&mut self, result: &Result<Processed, Skip>) {
        match result {
            Err(skip) | Ok(Processed { outcome: Err(skip), .. }) => self.skipped.add(skip),
            Ok(Processed { outcome: Ok(record), bug, told, .. }) => {
                told.iter().for_each(|about| self.skipped.add(about));
                self.records += 1;
                self.bugs += u64::from(bug.is_some());
                self.text_bytes += record.release.text.len() as u64;
            }
        }
    }
}

fn events(result: Result<Processed, Skip>) -> Vec<Event> {
    match result {
        Err(skip) | Ok(Processed { outcome: Err(skip), .. }) => vec![Event::Skip(skip)],
        Ok(Processed { outcome: Ok(record), bug, told, .. }) => {
            let told = told.into_iter().map(Event::Skip).chain(bug.map(Event::Bug));
            told.chain([Event::Record(Box::new(record))]).collect()
        }
    }
}

/// Why a page gave no release, by its kind.
fn why_not(cause: &ReadError) -> SkipReason {
    let told = cause.to_string();
    match cause {
        ReadError::NotText { .. } => SkipReason::NotText(told),
        ReadError::NoText { script_shell: true } => SkipReason::Shell(told),
        ReadError::NoRelease { kind: PageKind::Listing, .. } => SkipReason::Listing(told),
        ReadError::NoRelease { .. } => SkipReason::ErrorPage(told),
        _ => SkipReason::NoText(told),
    }
}

/// Runs a phase on the release `id`. A panic, which is a bug, becomes the reason with the panic's words.
fn guarded<T>(id: &str, phase: impl FnOnce() -> T) -> Result<T, SkipReason> {
    bug::caught(phase).map_err(|words| SkipReason::Bug(format!("release `{id}`: {words}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phase_that_fails_is_told_with_the_release() {
        assert_eq!(guarded("tides-1", || 7), Ok(7));
        let number = 3;
        let bug = guarded("tides-1", || assert!(number > 5, "no mill number {number}"));
        let told = bug.unwrap_err().to_string();
        assert!(
            told.starts_with("chancery failed on it, which is a bug: release `tides-1`: no mill number 3"),
            "{told}"
        );
    }
}
