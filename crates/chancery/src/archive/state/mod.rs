//! `state.sqlite`: where each capture and record lies. Derived, and never the only copy of anything.

mod browse;
mod facts;
mod left_out;
mod query;
mod removed;

pub(super) use browse::{NameRow, Narrowed, Row as BrowsedRow};
pub(super) use facts::folded_words;
pub(super) use query::{Checked, Column, Listed, Made, Named};

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chancery_record::{Media, Meta, Record, WarcPlace};
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Row, params};

use super::segments::Place;
use crate::Error;
use crate::input::{Incoming, canonical_url, digest, short_digest};
use facts::Names;

pub(super) const FILE: &str = "state.sqlite";
const JOURNAL: &str = "state.sqlite-journal";
/// The version of the tables, kept as `user_version` together with that of the spellings; a state of another version is made
/// again. At most 127.
const LAYOUT: i64 = 11;
/// How long a statement waits for another process to be done with the file.
const PATIENCE: Duration = Duration::from_secs(20);

/// The open database.
pub(super) struct State {
    db: Connection,
    path: PathBuf,
    names: Names,
}

/// How many facts there are, by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Persons with a post, one for each release that names them.
    pub officials: u64,
    /// Persons without one.
    pub persons: u64,
    /// Bodies.
    pub organizations: u64,
    /// Proposals.
    pub proposals: u64,
    /// Statements.
    pub statements: u64,
}

/// One run of ingest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// When it began, RFC 3339 in UTC.
    pub started: String,
    /// When it ended; `None` where it was cut off.
    pub finished: Option<String>,
    /// Releases that it added.
    pub added: u64,
    /// New versions of releases that were there.
    pub versions: u64,
    /// Releases that were there already.
    pub unchanged: u64,
    /// What it left out.
    pub skipped: u64,
    /// The same by reason, as [`crate::input::SkipReason::name`] has it.
    pub reasons: BTreeMap<String, u64>,
}

/// One version of a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// From 1.
    pub version: u32,
    /// `sha256:…` of the captured bytes.
    pub digest: String,
    /// Where the capture lies.
    pub warc: WarcPlace,
    /// Where the archive wrote it, or noted where it lies.
    pub(super) noted: WarcPlace,
    /// Whether it is the one that is searched.
    pub current: bool,
    /// Whether it is the one that would be, where the release is taken out.
    pub(super) latest: bool,
    /// Its headline; `None` too where there is no record of it.
    pub headline: Option<String>,
    /// Its date of publication.
    pub published: Option<String>,
    /// Why there is no record of it, where there is none.
    pub failed: Option<String>,
}

/// What tells one version of a release from another.
pub(super) struct Fingerprint {
    /// Of the bytes.
    pub(super) digest: String,
    /// Of what the input said.
    pub(super) meta: String,
}

impl Fingerprint {
    pub(super) fn of(incoming: &Incoming) -> Self {
        let capture = &incoming.capture;
        // A page that a crawl found again at another time is the same.
        let captured = capture.captured.as_ref().filter(|_| incoming.page.is_none());
        Self::new(digest(&capture.bytes), &capture.meta, capture.charset.as_ref(), captured)
    }

    pub(super) fn new(
        digest: String,
        meta: &Meta,
        charset: Option<&String>,
        captured: Option<&String>,
    ) -> Self {
        let said = (meta, charset, captured);
        let said = serde_json::to_vec(&said).expect("what an input says is only strings");
        Self { digest, meta: short_digest(&said) }
    }
}

/// What is noted of a capture besides its fingerprint and place.
pub(super) struct CaptureRow {
    release: String,
    media: Media,
    source: Option<String>,
    captured: Option<String>,
}

impl CaptureRow {
    pub(super) fn of(incoming: &Incoming) -> Self {
        let capture = &incoming.capture;
        let source = capture.meta.source.clone();
        Self::new(capture.id.clone(), capture.media, source, capture.captured.clone())
    }

    pub(super) const fn new(
        release: String,
        media: Media,
        source: Option<String>,
        captured: Option<String>,
    ) -> Self {
        Self { release, media, source, captured }
    }
}

/// The newest version of a release, to compare with one that comes in.
pub(super) struct Latest {
    pub(super) media: String,
    pub(super) source: Option<String>,
    pub(super) headline: Option<String>,
    pub(super) published: Option<String>,
}

pub(super) const fn media_name(media: Media) -> &'static str {
    match media {
        Media::Html => "html",
        Media::Text => "text",
        Media::Pdf => "pdf",
    }
}

impl State {
    /// Opens the state to be read; `None` where it is missing, damaged or of another layout.
    pub(super) fn open_read(dir: &Path) -> Result<Option<Self>, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        match Self::open(dir, flags, |_| true)? {
            None if dir.join(JOURNAL).exists() => {
                // A writer was killed within a commit. Opening to write takes that back, where it is allowed.
                let to_write = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                drop(Self::open(dir, to_write, |_| true)?);
                Self::open(dir, flags, |_| true)
            }
            state => Ok(state),
        }
    }

    /// Opens the state to be written, and looks through all of it; `None` as for reading.
    pub(super) fn open_write(dir: &Path) -> Result<Option<Self>, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Self::open(dir, flags, |db| {
            let check = db.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
            check.is_ok_and(|answer| answer == "ok")
        })
    }

    fn open(dir: &Path, flags: OpenFlags, sound: fn(&Connection) -> bool) -> Result<Option<Self>, Error> {
        let path = dir.join(FILE);
        if !path.exists() {
            return Ok(None);
        }
        fs::File::open(&path).map_err(|cause| Error::io(&path, "read", cause))?;
        let Ok(db) = Connection::open_with_flags(&path, flags) else { return Ok(None) };
        db.busy_timeout(PATIENCE).map_err(|cause| Error::state(&path, cause))?;
        let layout = db.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0));
        let tables = db.query_row("SELECT count(*) FROM file", [], |row| row.get::<_, i64>(0));
        let names = Names::of(dir)?;
        let ours = names.layout(LAYOUT);
        let is_ours = layout.is_ok_and(|layout| layout == ours) && tables.is_ok() && sound(&db);
        Ok(is_ours.then_some(Self { db, path, names }))
    }

    /// Makes an empty state in place of whatever is there.
    pub(super) fn create(dir: &Path) -> Result<Self, Error> {
        let path = dir.join(FILE);
        let left_out = left_out::noted(&path);
        for old in [path.clone(), dir.join(JOURNAL)] {
            if old.exists() {
                fs::remove_file(&old).map_err(|cause| Error::io(&old, "write", cause))?;
            }
        }
        let db = Connection::open(&path).map_err(|cause| Error::state(&path, cause))?;
        let state = Self::begin_empty(db, path, Names::of(dir)?)?;
        state.begin()?;
        state.take_over(left_out)?;
        state.commit()?;
        Ok(state)
    }

    /// Makes an empty state in memory.
    pub(super) fn in_memory(dir: &Path) -> Result<Self, Error> {
        let path = dir.join(FILE);
        let db = Connection::open_in_memory().map_err(|cause| Error::state(&path, cause))?;
        Self::begin_empty(db, path, Names::of(dir)?)
    }

    fn begin_empty(db: Connection, path: PathBuf, names: Names) -> Result<Self, Error> {
        let tables = include_str!("schema.sql");
        let made = format!("BEGIN; {tables} PRAGMA user_version = {}; COMMIT;", names.layout(LAYOUT));
        db.busy_timeout(PATIENCE)
            .and_then(|()| db.execute_batch(&made))
            .map_err(|cause| Error::state(&path, cause))?;
        Ok(Self { db, path, names })
    }

    /// Keeps what a transaction writes in memory until it ends: a transaction that spills shuts readers out.
    pub(super) fn let_others_read(&self) -> Result<(), Error> {
        self.run("PRAGMA cache_spill = OFF")
    }

    /// Begins a transaction: what is written is seen by this connection at once, by others after [`State::commit`].
    pub(super) fn begin(&self) -> Result<(), Error> {
        if self.db.is_autocommit() { self.run("BEGIN IMMEDIATE") } else { Ok(()) }
    }

    /// Ends the transaction, where one was begun.
    pub(super) fn commit(&self) -> Result<(), Error> {
        if self.db.is_autocommit() {
            return Ok(());
        }
        self.write_counts()?;
        self.run("COMMIT")
    }

    /// Asks in one transaction, so that all answers are of one state.
    pub(super) fn reading<T>(&self, ask: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
        if !self.db.is_autocommit() {
            return ask();
        }
        self.run("BEGIN")?;
        let told = ask();
        self.run("COMMIT")?;
        told
    }

    fn run(&self, statements: &str) -> Result<(), Error> {
        self.db.execute_batch(statements).map_err(|cause| self.fault(cause))
    }

    fn fault(&self, cause: rusqlite::Error) -> Error {
        Error::state(&self.path, cause)
    }

    fn write(&self, statement: &str, values: impl rusqlite::Params) -> Result<(), Error> {
        let mut prepared = self.db.prepare_cached(statement).map_err(|cause| self.fault(cause))?;
        prepared.execute(values).map(drop).map_err(|cause| self.fault(cause))
    }

    fn one<T>(
        &self,
        query: &str,
        values: impl rusqlite::Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, Error> {
        let mut prepared = self.db.prepare_cached(query).map_err(|cause| self.fault(cause))?;
        prepared.query_row(values, read).optional().map_err(|cause| self.fault(cause))
    }

    fn all<T>(
        &self,
        query: &str,
        values: impl rusqlite::Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Error> {
        let mut prepared = self.db.prepare_cached(query).map_err(|cause| self.fault(cause))?;
        let rows = prepared.query_map(values, read).map_err(|cause| self.fault(cause))?;
        rows.collect::<rusqlite::Result<_>>().map_err(|cause| self.fault(cause))
    }

    /// Adds a capture as the next version of its release and returns its number.
    pub(super) fn add_capture(
        &self,
        row: &CaptureRow,
        print: &Fingerprint,
        warc: &WarcPlace,
        note: Option<&WarcPlace>,
    ) -> Result<i64, Error> {
        let offset = number(warc.offset);
        self.write(
            "INSERT INTO capture (release, version, digest, meta, media, source, file, offset, captured, note_file,
                note_offset) VALUES (?1, (SELECT coalesce(max(version), 0) + 1 FROM capture WHERE release = ?1),
                ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                row.release,
                print.digest,
                print.meta,
                media_name(row.media),
                row.source,
                warc.file,
                offset,
                row.captured,
                note.map(|note| &note.file),
                note.map(|note| number(note.offset)),
            ],
        )?;
        Ok(self.db.last_insert_rowid())
    }

    /// Notes why there is no record of a capture.
    pub(super) fn set_failed(&self, capture: i64, why: &str) -> Result<(), Error> {
        self.write("UPDATE capture SET failed = ?2 WHERE id = ?1", params![capture, why])
    }

    /// Adds the record of a capture in place of an earlier one, and finds out which version of its release is current.
    pub(super) fn add_record(
        &self,
        capture: i64,
        seq: u64,
        place: &Place,
        record: &Record,
    ) -> Result<(), Error> {
        let release = &record.release;
        let url = release.url.as_deref().and_then(canonical_url).map(String::from);
        self.write(
            "INSERT OR REPLACE INTO record VALUES
                (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
            params![
                capture,
                number(seq),
                place.segment,
                number(place.frame),
                place.line,
                release.alias,
                url,
                release.source,
                release.language,
                release.published,
                release.headline,
                record.produced_by.rules,
                number(release.text.len() as u64),
                number(record.officials.len() as u64),
                number(record.persons.len() as u64),
                number(record.organizations.len() as u64),
                number(record.proposals.len() as u64),
                number(record.statements.len() as u64),
            ],
        )?;
        self.set_facts(capture, record)?;
        self.write("UPDATE capture SET failed = NULL WHERE id = ?1", [capture])?;
        self.settle(&release.id)
    }

    /// Notes that the first `bytes` of a file are taken in.
    pub(super) fn set_file(&self, folder: &str, name: &str, bytes: u64) -> Result<(), Error> {
        self.write("INSERT OR REPLACE INTO file VALUES (?1, ?2, ?3)", params![folder, name, number(bytes)])
    }

    /// Notes that a run began, and returns its number.
    pub(super) fn begin_run(&self, started: &str) -> Result<i64, Error> {
        self.write("INSERT INTO run (started) VALUES (?1)", [started])?;
        Ok(self.db.last_insert_rowid())
    }

    /// Notes what a run has done so far, and that it ended where it has.
    pub(super) fn set_run(&self, id: i64, run: &Run) -> Result<(), Error> {
        let reasons = serde_json::to_string(&run.reasons).expect("names and counts are JSON");
        self.write(
            "UPDATE run SET finished = ?2, added = ?3, versions = ?4, unchanged = ?5, skipped = ?6, reasons = ?7
                WHERE id = ?1",
            params![
                id,
                run.finished,
                number(run.added),
                number(run.versions),
                number(run.unchanged),
                number(run.skipped),
                reasons
            ],
        )
    }
}

/// A count or offset as SQLite keeps it.
fn number(value: u64) -> i64 {
    i64::try_from(value).expect("no file is longer than 2^63 bytes")
}

/// A count or offset as it was kept.
fn natural(value: i64) -> u64 {
    u64::try_from(value).unwrap_or_default()
}
