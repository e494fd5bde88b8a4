//! Pages read and no more: their text, headline, date and language, and on request where each comes from.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use chancery_reader::{Evidence, Reading, read_any, read_explained};
use serde_json::{Value, json};

use crate::Error;
use crate::input::{Incoming, Inputs, Item, Place, Skip, SkipCounts};
use crate::pipeline::{Feed, Pipeline};
use crate::progress::{Phase, Progress, Step};

/// Whether evidence is gathered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grounds {
    /// The parts alone.
    Left,
    /// Where each part comes from, too.
    Gathered,
}

/// One page as it was read.
#[derive(Clone, Debug)]
pub struct ReadPage {
    /// Where it was found.
    pub place: Place,
    /// The id that its input gives it, else its identity.
    pub id: String,
    /// Its parts.
    pub reading: Reading,
    /// Where they come from; empty unless it was asked for.
    pub evidence: Evidence,
}

impl ReadPage {
    /// What kind of page it is, in a word: `release`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        self.reading.kind.name()
    }

    /// Id, title, date, language, kind and text, as one JSON object.
    #[must_use]
    pub fn line(&self) -> Value {
        let release = &self.reading.release;
        json!({
            "id": self.id, "title": release.headline, "date": release.published, "lang": release.language,
            "kind": self.kind(), "text": release.text,
        })
    }

    /// All that is known, as one JSON object; its keys are those of an input line, so that it can be given as input.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let release = &self.reading.release;
        let mut page = json!({
            "id": self.id, "url": release.url, "source": release.source, "kind": self.kind(),
            "why": self.reading.why, "title": release.headline, "date": release.published,
            "lang": release.language, "issuer": release.issuer, "text": release.text,
        });
        if self.evidence != Evidence::default() {
            page["evidence"] = json!(self.evidence);
        }
        page
    }
}

/// How [`Pipeline::pages`] went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PagesReport {
    /// Pages handed on.
    pub pages: u64,
    /// What was left out; each was told to [`Progress::skip`].
    pub skipped: SkipCounts,
    /// Whether it was asked to stop before its end.
    pub interrupted: bool,
}

impl Pipeline {
    /// Reads one capture.
    ///
    /// # Errors
    /// Why it cannot be read, with its place.
    pub fn page(&self, mut incoming: Incoming, grounds: Grounds) -> Result<ReadPage, Skip> {
        let url = |(reading, _): &(Reading, Evidence)| reading.release.url.clone();
        let read = self.as_its_source(&mut incoming, url, |capture, selectors, lexicon| match grounds {
            Grounds::Left => Ok((read_any(capture, selectors, lexicon)?, Evidence::default())),
            Grounds::Gathered => read_explained(capture, selectors, lexicon),
        });
        let Incoming { capture, place, .. } = incoming;
        let id = capture.meta.id.unwrap_or(capture.id);
        match read {
            Ok((reading, evidence)) => Ok(ReadPage { place, id, reading, evidence }),
            Err(reason) => Err(Skip::error(place, reason)),
        }
    }

    /// Reads all pages of `inputs` on all threads and hands them on in their order, each as soon as those before it are
    /// done. Where `stop` becomes true it ends after the batch at hand.
    ///
    /// # Errors
    /// Where `sink` refuses ([`Error::is_closed_pipe`] tells a closed pipe).
    pub fn pages(
        &self,
        inputs: Inputs,
        grounds: Grounds,
        progress: &dyn Progress,
        stop: &AtomicBool,
        mut sink: impl FnMut(ReadPage) -> io::Result<()>,
    ) -> Result<PagesReport, Error> {
        let mut report = PagesReport::default();
        let (total_bytes, bytes) = (inputs.total_bytes(), inputs.bytes_read());
        let mut feed = Feed::start(inputs)?;
        let mut items = 0;
        while let Some(batch) = feed.next_batch(|| stop.load(Ordering::Relaxed)) {
            items += batch.len() as u64;
            let read = self.all_at_once(batch, |item| match item {
                Item::Capture(incoming) => self.page(*incoming, grounds),
                Item::Skip(skip) => Err(skip),
            });
            for page in read {
                match page {
                    Ok(page) => {
                        report.pages += 1;
                        sink(page).map_err(Error::Sink)?;
                    }
                    Err(skip) => {
                        report.skipped.add(&skip);
                        progress.skip(&skip);
                    }
                }
            }
            let bytes = bytes.load(Ordering::Relaxed);
            progress.step(Step { phase: Phase::Ingest, items, bytes, total_bytes });
        }
        report.interrupted = stop.load(Ordering::Relaxed);
        feed.finish();
        Ok(report)
    }
}
