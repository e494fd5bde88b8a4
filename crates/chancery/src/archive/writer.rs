//! The one who writes to an archive. Captures are written first, then records, then the state, then the index; each
//! is found again from the one before it, whatever cuts the run off.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use chancery_index::{Index, IndexError};
use chancery_record::{Record, WarcPlace};
use chancery_warc::WarcRecord;

use super::browse;
use super::captures::{self, CaptureWriter, Captures};
use super::format;
use super::lock::Lock;
use super::recover::{self, Ends};
use super::registered::Registered;
use super::segments::{self, SegmentWriter, Segments};
use super::state::{CaptureRow, Fingerprint, State};
use super::used_rules;
use crate::Error;
use crate::input::{InWarc, Incoming, short_digest};
use crate::pipeline::Pipeline;
use crate::progress::{Phase, Progress, Step};

/// The folder of the index.
pub(super) const INDEX: &str = "index";
/// Memory for the index while it is written, in bytes.
const INDEX_MEMORY: usize = 64_000_000;
/// So many releases are written before all is made durable …
const COMMIT_RELEASES: u32 = 1000;
/// … or so many bytes of them.
const COMMIT_BYTES: usize = 32 << 20;
/// So many captures are read at once to be made into records.
pub(super) const BATCH: u32 = 256;

/// The right to write to an archive, with everything that this needs open.
pub struct Writer {
    pub(super) dir: PathBuf,
    lock: Lock,
    pub(super) state: State,
    captures: CaptureWriter,
    segments: SegmentWriter,
    index: chancery_index::Writer,
    /// The last record that the index has for good.
    indexed: u64,
    seq: u64,
    pending: u32,
    pending_bytes: usize,
    notes: Vec<String>,
    /// WARC files that lie elsewhere.
    pub(super) registered: Registered,
    /// Whether such files are copied.
    pub(super) copy: bool,
    /// Files of which records were copied in this run.
    copied: BTreeSet<PathBuf>,
}

impl Writer {
    pub(super) fn open(dir: &Path) -> Result<Self, Error> {
        format::create(dir)?;
        let lock = Lock::take(dir)?;
        Self::open_locked(dir, lock, false)
    }

    /// Opens what the holder of the lock writes to; the index is begun anew where `fresh_index` says so.
    pub(super) fn open_locked(dir: &Path, lock: Lock, fresh_index: bool) -> Result<Self, Error> {
        let mut notes = Vec::new();
        let state = match State::open_write(dir)? {
            Some(state) if recover::fits(dir, &state)? => state,
            _ => {
                if dir.join(captures::FOLDER).exists() {
                    notes.push("state.sqlite was missing, damaged or behind the files: made again".into());
                }
                State::create(dir)?
            }
        };
        let Ends { captures, after_capture_file, records, notes: more } = recover::take_in(dir, &state)?;
        notes.extend(more);
        state.let_others_read()?;
        let captures = match &after_capture_file {
            Some(last) => CaptureWriter::after(dir, last)?,
            None => CaptureWriter::open(dir, captures)?,
        };
        let segments = SegmentWriter::open(dir, records)?;
        let seq = state.last_seq()?;
        let (mut index, indexed) =
            if fresh_index { (renew_index(dir)?, 0) } else { open_index(dir, seq, &mut notes)? };
        take_out(&mut index, &state, dir)?;
        let registered = Registered::load(dir)?;
        let dir = dir.to_owned();
        let (pending, pending_bytes) = (0, 0);
        Ok(Self {
            dir,
            lock,
            state,
            captures,
            segments,
            index,
            indexed,
            seq,
            pending,
            pending_bytes,
            notes,
            registered,
            copy: false,
            copied: BTreeSet::new(),
        })
    }

    /// Ends the writing without keeping what was not committed; the lock is still held.
    pub(super) fn give_up(self) -> (PathBuf, Lock) {
        (self.dir, self.lock)
    }

    /// Sets the time that captures name from here on, RFC 3339 in UTC.
    pub(super) fn set_date(&mut self, date: &str) {
        self.captures.set_date(date);
    }

    /// Tells what a user should know of the opening, once.
    pub(super) fn tell_notes(&mut self, progress: &dyn Progress) {
        self.notes.drain(..).for_each(|note| progress.note(&note));
    }

    /// Names in `archive.toml` the rules that made the newest records, and keeps them.
    pub(super) fn name_rules(&self, pipeline: &Pipeline) -> Result<(), Error> {
        used_rules::keep(&self.dir, pipeline.rules())?;
        format::name_rules(&self.dir, pipeline.rules().digests())
    }

    /// Makes what an earlier run left undone: records of captures that have none, then the index of records that it
    /// lacks. Returns how many records it made.
    pub(super) fn catch_up(
        &mut self,
        pipeline: &Pipeline,
        progress: &dyn Progress,
        stop: &AtomicBool,
    ) -> Result<u64, Error> {
        self.tell_notes(progress);
        self.index_rest(progress)?;
        let files = Captures::new(&self.dir)?;
        let (mut after, mut made, mut items) = (0, 0, 0);
        loop {
            let missing = self.state.without_record(after, BATCH)?;
            let Some((last, _)) = missing.last() else { break };
            if stop.load(Ordering::Relaxed) {
                break;
            }
            after = *last;
            let incoming =
                missing.iter().map(|(_, place)| files.read(place)).collect::<Result<Vec<_>, _>>()?;
            for ((capture, _), processed) in missing.into_iter().zip(pipeline.process(incoming)?) {
                match processed.outcome {
                    Ok(mut record) => {
                        self.state.begin()?;
                        self.state.no_longer_out(&record.release.id)?;
                        record.release.warc = processed.incoming.kept;
                        self.add_record(capture, record)?;
                        made += 1;
                    }
                    Err(skip) => {
                        self.state.begin()?;
                        self.state.set_failed(capture, &skip.reason.to_string())?;
                        self.state.leave_out(&processed.incoming.capture.id, &skip.reason)?;
                    }
                }
                items += 1;
            }
            progress.step(Step { phase: Phase::Recover, items, bytes: 0, total_bytes: None });
        }
        self.commit()?;
        Ok(made)
    }

    /// Puts into the index what it lacks of the records.
    pub(super) fn index_rest(&mut self, progress: &dyn Progress) -> Result<(), Error> {
        let missing = self.state.current_places(self.indexed)?;
        let mut segments = Segments::new(&self.dir);
        for (items, (seq, place)) in (1..).zip(&missing) {
            let (record, shown) = segments.placed(place)?;
            self.put(&record, *seq, shown)?;
            if items % u64::from(BATCH) == 0 {
                progress.step(Step { phase: Phase::Index, items, bytes: 0, total_bytes: None });
            }
        }
        if missing.is_empty() { Ok(()) } else { self.commit_index() }
    }

    /// Makes the index follow the state where decisions have changed it.
    pub(super) fn follow_state(&mut self, progress: &dyn Progress) -> Result<(), Error> {
        self.seq = self.state.last_seq()?;
        take_out(&mut self.index, &self.state, &self.dir)?;
        self.index_rest(progress)
    }

    fn put(&mut self, record: &Record, seq: u64, place: chancery_index::Place) -> Result<(), Error> {
        self.index.put(record, seq, place).map_err(|cause| Error::index(&self.dir.join(INDEX), cause))
    }

    /// Writes a capture and its record, as the next version of its release.
    pub(super) fn add(
        &mut self,
        incoming: Incoming,
        mut record: Record,
        print: &Fingerprint,
    ) -> Result<(), Error> {
        self.pending_bytes += incoming.capture.bytes.len();
        let row = CaptureRow::of(&incoming);
        let (place, note) = match incoming.page.clone() {
            None => (self.captures.append(incoming)?, None),
            Some(page) => {
                let record = match &page.whole {
                    Some(whole) => self.copied(&page.record, whole)?,
                    None => self.place_of(&page.record)?,
                };
                let payload = page.payload.as_ref().map(|at| self.place_of(at)).transpose()?;
                let lies = (record.clone(), payload);
                let note = self.captures.append_note(&incoming, &page.record_id, lies, &print.digest)?;
                (record, Some(note))
            }
        };
        self.state.begin()?;
        self.state.no_longer_out(&record.release.id)?;
        let capture = self.state.add_capture(&row, print, &place, note.as_ref())?;
        record.release.warc = Some(place);
        self.add_record(capture, record)
    }

    /// Copies a record that cannot be read again where it lies.
    fn copied(&mut self, at: &InWarc, record: &WarcRecord) -> Result<WarcPlace, Error> {
        if self.copied.insert(at.path.clone()) {
            self.notes.push(format!(
                "{}: it packs many records as one, of which none can be read by itself: the pages are copied into the archive",
                at.path.display()
            ));
        }
        self.captures.put(&captures::not_own(record))
    }

    /// What the archive calls a record of a WARC file, which is registered now where it was not.
    fn place_of(&mut self, at: &InWarc) -> Result<WarcPlace, Error> {
        if self.registered.known(at).is_none() {
            self.registered.add(&at.path, self.copy)?;
        }
        let unknown = || Error::io(&at.path, "read", std::io::ErrorKind::NotFound.into());
        self.registered.known(at).ok_or_else(unknown)
    }

    /// Writes the record of a capture, which the index gets where it is its release's current one.
    pub(super) fn add_record(&mut self, capture: i64, mut record: Record) -> Result<(), Error> {
        self.state.begin()?;
        let release = &mut record.release;
        if let Some(alias) = &release.alias
            && self.state.alias_is_taken(alias, &release.id)?
        {
            let suffix: String = short_digest(release.id.as_bytes()).chars().take(6).collect();
            release.alias = Some(format!("{alias}-{suffix}"));
        }
        self.seq += 1;
        let (place, shown) = self.segments.append(&record)?;
        self.state.add_record(capture, self.seq, &place, &record)?;
        if self.state.is_current(capture)? {
            self.put(&record, self.seq, shown)?;
        }
        self.pending += 1;
        self.pending_bytes += record.release.text.len();
        if self.pending >= COMMIT_RELEASES || self.pending_bytes >= COMMIT_BYTES {
            self.commit()?;
        }
        Ok(())
    }

    /// Makes all that was written durable, in the order in which it can be found again.
    pub(super) fn commit(&mut self) -> Result<(), Error> {
        if self.pending > 0 {
            self.state.begin()?;
            for (file, bytes) in self.captures.commit()? {
                self.state.set_file(captures::FOLDER, &file, bytes)?;
            }
            for (segment, bytes) in self.segments.commit()? {
                self.state.set_file(segments::FOLDER, &segment, bytes)?;
            }
        }
        self.state.commit()?;
        if self.pending > 0 {
            self.commit_index()?;
        }
        (self.pending, self.pending_bytes) = (0, 0);
        Ok(())
    }

    fn commit_index(&mut self) -> Result<(), Error> {
        self.index.commit().map_err(|cause| Error::index(&self.dir.join(INDEX), cause))?;
        self.indexed = self.seq;
        Ok(())
    }

    /// Ends the writing. All must have been committed.
    pub(crate) fn close(self) -> Result<(), Error> {
        let dir = self.dir.join(INDEX);
        self.index.close().map_err(|cause| Error::index(&dir, cause))?;
        browse::renew(&self.dir, &self.state)
    }
}

/// Takes releases that are taken out of the archive out of the index too, where it has them; the next commit makes that last.
fn take_out(index: &mut chancery_index::Writer, state: &State, dir: &Path) -> Result<(), Error> {
    for removal in state.removals()? {
        index.remove(&removal.release).map_err(|cause| Error::index(&dir.join(INDEX), cause))?;
    }
    Ok(())
}

/// Opens the index, or makes it again where it is missing, damaged or ahead of the records; with the last record that
/// it holds.
fn open_index(
    dir: &Path,
    last: u64,
    notes: &mut Vec<String>,
) -> Result<(chancery_index::Writer, u64), Error> {
    let path = dir.join(INDEX);
    let fault = |cause| Error::index(&path, cause);
    let opened = Index::open(&path).and_then(|index| {
        let seq = index.last_seq()?.unwrap_or_default();
        Ok((index.writer_with_threads(INDEX_MEMORY, 2)?, seq))
    });
    match opened {
        Ok((writer, seq)) if seq <= last => return Ok((writer, seq)),
        Ok(_) => notes.push("the index was ahead of the records: made again".into()),
        Err(IndexError::Missing { .. }) if last == 0 => {}
        Err(
            cause @ (IndexError::Missing { .. } | IndexError::Version { .. } | IndexError::Damaged { .. }),
        ) => {
            notes.push(format!("{cause}: made again"));
        }
        Err(cause) => return Err(fault(cause)),
    }
    Ok((renew_index(dir)?, 0))
}

/// An empty index in place of whatever is there.
fn renew_index(dir: &Path) -> Result<chancery_index::Writer, Error> {
    let path = dir.join(INDEX);
    if path.exists() {
        fs::remove_dir_all(&path).map_err(|cause| Error::io(&path, "write", cause))?;
    }
    Index::create(&path)
        .and_then(|index| index.writer_with_threads(INDEX_MEMORY, 2))
        .map_err(|cause| Error::index(&path, cause))
}
