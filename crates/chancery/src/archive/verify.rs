//! Whether an archive is as it was written: every digest, and every way back from what is derived to its capture.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use chancery_index::{Index, IndexError, documents_of};
use chancery_warc::{Digests, Scan, ScanOptions, Scanned};
use serde::Serialize;

use super::captures::{self, Captures};
use super::holdings::{Holding, holdings};
use super::registered::{Registered, digest_of};
use super::segments::Segments;
use super::state::Checked;
use super::{Archive, lock, removals, writer};
use crate::Error;
use crate::input::{digest, open_warc, reason};
use crate::progress::{Phase, Progress, Step};

/// Payloads are compared with their digests up to this many bytes; blocks of any length are.
const OPTIONS: ScanOptions = ScanOptions { hold: 256 << 20, digests: Digests::Check };
/// So many faults are kept; all are counted.
const FAULTS_KEPT: usize = 1000;

/// Something that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The file, as the archive or the system calls it.
    pub file: String,
    /// Where in it, in bytes.
    pub offset: Option<u64>,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.offset {
            Some(offset) => write!(f, "{}, at byte {offset}: {}", self.file, self.what),
            None => write!(f, "{}: {}", self.file, self.what),
        }
    }
}

/// What [`Archive::verify`] looked at, and what it found wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct VerifyReport {
    /// WARC files that were read to their ends.
    pub warc_files: u64,
    /// Records in them.
    pub warc_records: u64,
    /// Blocks that were compared with their digests.
    pub block_digests: u64,
    /// Payloads that were.
    pub payload_digests: u64,
    /// Registered files that were compared with their digests.
    pub registered_files: u64,
    /// Captures of releases that were found where the archive says, with their digests.
    pub captures: u64,
    /// Records that lead back to their captures.
    pub records: u64,
    /// Releases that are taken out, as `decisions/removals.toml` says, and are not in the index.
    pub removed: u64,
    /// Documents of the index that lead back to their records.
    pub index_entries: u64,
    /// How much is wrong.
    pub fault_count: u64,
    /// The first things that are.
    pub faults: Vec<Fault>,
    /// What was left out because somebody was writing it meanwhile.
    pub left_out: u64,
    /// Whether it was asked to stop before its end.
    pub interrupted: bool,
}

struct Run<'r> {
    report: VerifyReport,
    progress: &'r dyn Progress,
    stop: &'r AtomicBool,
    items: u64,
    /// Registered files that cannot be opened: why, and how many captures lie in each.
    lost: BTreeMap<PathBuf, (String, u64)>,
    /// Segments of records that are missing, and how many records lie in each.
    lost_segments: BTreeMap<String, u64>,
    /// The archive's folder.
    dir: &'r Path,
    /// Whether somebody was seen writing to it.
    writing: bool,
    /// How far each WARC file of the archive was written for good when this began.
    ends: BTreeMap<String, u64>,
    /// The last record that the index must have: what came later was written while this ran.
    last: u64,
    /// Releases whose entries in the index are not looked at: their current records came later, or are missing.
    passed: BTreeSet<String>,
}

/// The documents that the index has of each release, and the last record that it has for good.
type Indexed = Result<(u64, BTreeMap<String, u64>), IndexError>;

impl Archive {
    /// Reads everything that the archive holds and compares it with what was written: blocks, payloads and registered files
    /// with their digests; each record's way back to its capture; each index entry's way back to its record.
    ///
    /// # Errors
    /// Where the state or a list of files cannot be read. What is wrong with captures, records and index is in the report.
    pub fn verify(&self, progress: &dyn Progress, stop: &AtomicBool) -> Result<VerifyReport, Error> {
        let mut run = self.begin(progress, stop)?;
        // The index follows the records: looked at first, it can hold nothing that they do not.
        let indexed = self.indexed();
        if let (true, Ok((last, _))) = (run.writing, &indexed) {
            run.last = run.last.min(*last);
        }
        self.verify_registered(&mut run)?;
        for holding in holdings(&self.dir)? {
            run.warc_file(&holding);
        }
        let documents = self.verify_records(&mut run)?;
        self.verify_removals(&mut run)?;
        run.tell_lost();
        self.verify_index(&mut run, indexed, documents);
        run.report.interrupted = stop.load(Ordering::Relaxed);
        Ok(run.report)
    }

    fn begin<'r>(&'r self, progress: &'r dyn Progress, stop: &'r AtomicBool) -> Result<Run<'r>, Error> {
        let writing = lock::is_held(&self.dir);
        let folders = [captures::FOLDER, super::ingest::REGISTERED];
        let mut ends = BTreeMap::new();
        for folder in folders {
            ends.extend(self.state.files(folder)?);
        }
        Ok(Run {
            report: VerifyReport::default(),
            progress,
            stop,
            items: 0,
            lost: BTreeMap::new(),
            lost_segments: BTreeMap::new(),
            dir: &self.dir,
            writing,
            ends,
            last: self.state.last_seq()?,
            passed: BTreeSet::new(),
        })
    }

    fn indexed(&self) -> Indexed {
        let index = Index::open(self.dir.join(writer::INDEX))?;
        let last = index.last_seq()?.unwrap_or_default();
        index.reload()?;
        Ok((last, index.documents()?))
    }

    fn verify_registered(&self, run: &mut Run<'_>) -> Result<(), Error> {
        let registered = Registered::load(&self.dir)?;
        for entry in registered.entries() {
            let path = registered.path(entry);
            let shown = path.display().to_string();
            match digest_of(&path) {
                Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
                    run.lost.insert(path, (format!("`{}` was moved or deleted", entry.name), 0));
                }
                Err(cause) => {
                    run.lost.insert(path, (format!("it cannot be read: {cause}"), 0));
                }
                Ok((bytes, _)) if bytes != entry.bytes => {
                    run.wrong(
                        &shown,
                        None,
                        format!("it has {bytes} bytes, not {} as when it was registered", entry.bytes),
                    );
                }
                Ok((_, sha256)) if sha256 != entry.sha256 => {
                    run.wrong(
                        &shown,
                        None,
                        format!("it was changed: its SHA-256 is {sha256}, not {}", entry.sha256),
                    );
                }
                Ok(_) => run.report.registered_files += 1,
            }
        }
        Ok(())
    }

    /// Looks at each capture and its record. Returns how many documents the index must hold of each release.
    fn verify_records(&self, run: &mut Run<'_>) -> Result<BTreeMap<String, u64>, Error> {
        let (files, mut segments) = (Captures::new(&self.dir)?, Segments::new(&self.dir));
        let mut documents = BTreeMap::new();
        for capture in self.state.all_captures()? {
            if run.step() {
                break;
            }
            match files.read(&capture.read_from) {
                Err(Error::Registered { path, .. }) if run.lost.contains_key(&path) => {
                    run.lost.entry(path).and_modify(|(_, captures)| *captures += 1);
                }
                Err(error) => run.wrong(&capture.warc.file, Some(capture.warc.offset), error.to_string()),
                Ok(incoming) => {
                    let got = digest(&incoming.capture.bytes);
                    if got == capture.digest && incoming.capture.id == capture.release {
                        run.report.captures += 1;
                    } else {
                        let what = format!(
                            "the capture of `{}` has the digest {got}, not {}",
                            capture.release, capture.digest
                        );
                        run.wrong(&capture.warc.file, Some(capture.warc.offset), what);
                    }
                }
            }
            run.record(&mut segments, &capture, &mut documents);
        }
        Ok(documents)
    }

    /// Compares what is taken out with what was decided.
    fn verify_removals(&self, run: &mut Run<'_>) -> Result<(), Error> {
        let shown = removals::path(&self.dir).display().to_string();
        let decided = match removals::read(&self.dir) {
            Ok(decisions) => removals::in_force(decisions),
            Err(error) => {
                run.wrong(&shown, None, error.to_string());
                return Ok(());
            }
        };
        for (release, decision) in &decided {
            if self.state.removal(release)?.as_ref() != Some(decision) {
                run.wrong(
                    &shown,
                    None,
                    format!("it removes `{release}`; the next run that writes takes it out"),
                );
            } else if self.state.current_place(release)?.is_none() {
                run.wrong(&shown, None, format!("it removes `{release}`, of which there is no record"));
            } else {
                run.report.removed += 1;
            }
        }
        for removal in self.state.removals()? {
            if !decided.contains_key(&removal.release) {
                let release = removal.release;
                run.wrong(
                    &shown,
                    None,
                    format!("it does not remove `{release}`; the next run that writes brings it back"),
                );
            }
        }
        Ok(())
    }

    fn verify_index(&self, run: &mut Run<'_>, indexed: Indexed, mut documents: BTreeMap<String, u64>) {
        if run.stop.load(Ordering::Relaxed) {
            return;
        }
        let found = match indexed {
            Ok((_, found)) => found,
            Err(_) if run.is_written_to() => {
                run.report.left_out += documents.len() as u64;
                return;
            }
            Err(error) => return run.wrong(writer::INDEX, None, format!("it cannot be read: {error}")),
        };
        for (id, count) in found {
            let taken_out = || matches!(self.state.removal(&id), Ok(Some(_)));
            if run.passed.contains(&id) || run.writing && taken_out() {
                documents.remove(&id);
                continue;
            }
            match documents.remove(&id) {
                Some(expected) if expected == count => run.report.index_entries += count,
                Some(expected) => {
                    run.wrong(
                        writer::INDEX,
                        None,
                        format!("it has {count} entries of `{id}`, its record {expected}"),
                    );
                }
                None => run.wrong(
                    writer::INDEX,
                    None,
                    format!("it has `{id}`, of which there is no current record"),
                ),
            }
        }
        for id in documents.into_keys() {
            run.wrong(writer::INDEX, None, format!("it lacks `{id}`; `chancery reindex` makes it again"));
        }
    }
}

impl Run<'_> {
    /// One cause is one fault, however many captures it takes away.
    fn tell_lost(&mut self) {
        for (path, (why, captures)) in std::mem::take(&mut self.lost) {
            let more = match captures {
                0 => String::new(),
                1 => "; 1 capture in it cannot be read".to_owned(),
                captures => format!("; {captures} captures in it cannot be read"),
            };
            self.wrong(&path.display().to_string(), None, why + &more);
        }
        for (segment, records) in std::mem::take(&mut self.lost_segments) {
            let records = if records == 1 { "1 record".to_owned() } else { format!("{records} records") };
            let what =
                format!("it is missing, with {records}; `chancery reindex --records` makes them again");
            self.wrong(&segment, None, what);
        }
    }

    /// Whether somebody writes to the archive, or did so when this was asked before.
    fn is_written_to(&mut self) -> bool {
        self.writing = self.writing || lock::is_held(self.dir);
        self.writing
    }

    /// Whether what stands in a WARC file from `offset` on is just being written.
    fn is_being_written(&mut self, holding: &Holding, offset: Option<u64>) -> bool {
        let end = self.ends.get(&holding.name).copied().unwrap_or_default();
        holding.at.path.starts_with(self.dir.join(captures::FOLDER))
            && offset.is_none_or(|offset| offset >= end)
            && self.is_written_to()
    }

    fn wrong(&mut self, file: &str, offset: Option<u64>, what: String) {
        self.report.fault_count += 1;
        if self.report.faults.len() < FAULTS_KEPT {
            self.report.faults.push(Fault { file: file.to_owned(), offset, what });
        }
    }

    /// Tells how far it has come; whether it is to stop.
    fn step(&mut self) -> bool {
        self.items += 1;
        if self.items.is_multiple_of(256) {
            let items = self.items;
            self.progress.step(Step { phase: Phase::Verify, items, bytes: 0, total_bytes: None });
        }
        self.stop.load(Ordering::Relaxed)
    }

    /// Reads a WARC file to its end.
    fn warc_file(&mut self, holding: &Holding) {
        let shown = holding.at.path.display().to_string();
        let shown = holding.at.member.as_ref().map_or(shown.clone(), |member| format!("{shown}, {member}"));
        let file = match open_warc(&holding.at) {
            Ok(file) => file,
            // A registered file that is not there is told already.
            Err(_) if !holding.at.path.exists() => return,
            Err(why) => return self.wrong(&shown, None, why.to_string()),
        };
        let scan = match Scan::new(file, 0, OPTIONS) {
            Ok(scan) => scan,
            Err(error) if self.is_being_written(holding, error.offset()) => {
                self.report.left_out += 1;
                return;
            }
            Err(error) => return self.wrong(&shown, error.offset(), reason(error).to_string()),
        };
        for scanned in scan {
            if self.step() {
                return;
            }
            match scanned {
                Err(error) if self.is_being_written(holding, error.offset()) => self.report.left_out += 1,
                Err(error) => self.wrong(&shown, error.offset(), reason(error).to_string()),
                Ok(scanned) => self.warc_record(&shown, &scanned),
            }
        }
        self.report.warc_files += 1;
    }

    fn warc_record(&mut self, shown: &str, scanned: &Scanned) {
        let (record, at) = (&scanned.record, Some(scanned.offset));
        self.report.warc_records += 1;
        self.report.block_digests += u64::from(record.block_digest().is_some());
        for flaw in &scanned.flaws {
            let words = flaw.to_string();
            self.wrong(shown, at, words.split_once(": ").map_or(words.clone(), |(_, bare)| bare.to_owned()));
        }
        if !scanned.is_held() {
            return;
        }
        match record.payload_agrees() {
            Some(true) => self.report.payload_digests += 1,
            Some(false) => {
                let named = record.payload_digest().unwrap_or_default();
                self.wrong(
                    shown,
                    at,
                    format!("the payload has another digest than its header says, {named}"),
                );
            }
            None => {}
        }
    }

    /// Looks at the record of a capture.
    fn record(&mut self, segments: &mut Segments, capture: &Checked, documents: &mut BTreeMap<String, u64>) {
        let Some(place) = &capture.record else {
            if capture.failed.is_none() && self.is_written_to() {
                self.report.left_out += 1;
            } else if capture.failed.is_none() {
                let what = format!("there is no record of `{}` yet; the next run makes it", capture.release);
                self.wrong(&capture.warc.file, Some(capture.warc.offset), what);
            }
            return;
        };
        let record = match segments.record(place) {
            Ok(record) => record,
            Err(_) if !segments.path(&place.segment).exists() => {
                *self.lost_segments.entry(place.segment.clone()).or_default() += 1;
                self.passed.insert(capture.release.clone());
                return;
            }
            Err(error) => return self.wrong(&place.segment, Some(place.frame), error.to_string()),
        };
        let release = &record.release;
        let leads_back = release.warc.as_ref() == Some(&capture.warc)
            && release.id == capture.release
            && release.digest == capture.digest;
        if leads_back {
            self.report.records += 1;
        } else {
            let lies = release
                .warc
                .as_ref()
                .map_or("nowhere".to_owned(), |warc| format!("{}:{}", warc.file, warc.offset));
            let what = format!("the record of `{}` leads to {lies}, which is not its capture", release.id);
            self.wrong(&place.segment, Some(place.frame), what);
        }
        if capture.current && capture.seq > self.last {
            self.report.left_out += 1;
            self.passed.insert(release.id.clone());
        } else if capture.current {
            documents.insert(release.id.clone(), documents_of(&record));
        }
    }
}
