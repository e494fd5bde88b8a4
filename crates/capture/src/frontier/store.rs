//! The file of the frontier.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, OptionalExtension as _, Params, Row, params};
use url::Url;

use super::page::{Fetched, New, Page, Role};
use crate::CaptureError;
use crate::discover::key;

/// The format of the file; another one is made again.
const FORMAT: i64 = 1;
/// Longer than a day nobody is waited for: a time that lies further off was written by a clock that ran ahead.
const LONGEST: i64 = 26 * 60 * 60;

/// Why a host is left alone whose source has hours: whether they are closed is seen anew in each run.
pub(crate) const CLOSED: &str = "its hours are closed";

/// The frontier, held by one process; others may read it meanwhile.
pub(crate) struct Frontier {
    path: PathBuf,
    db: Connection,
    is_open: bool,
    /// Held as long as the crawl is at work.
    _lock: File,
}

/// Where a payload was kept first.
#[derive(Clone, Debug)]
pub(crate) struct First {
    pub(crate) record: String,
    pub(crate) uri: String,
    pub(crate) date: String,
    pub(crate) block: String,
}

/// How a source's beginning is queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seeds {
    /// An earlier run was cut off: only what is unknown.
    Resumed,
    /// A new run: all of it, again.
    Fresh,
}

impl Frontier {
    /// Opens the file at `path`, or makes it; true where it is new or was made again because it was damaged.
    pub(crate) fn open(path: &Path) -> Result<(Self, bool), CaptureError> {
        let fault = |cause| CaptureError::state(path, cause);
        let lock = lock(path)?;
        let opened = Self::connect(path).and_then(|db| {
            let format: i64 = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
            Ok((db, format))
        });
        match opened {
            Ok((db, FORMAT)) => {
                // What an earlier run held back when it broke off.
                db.execute("UPDATE page SET state = 0 WHERE state = 3", []).map_err(fault)?;
                db.execute(&start_index(), []).map_err(fault)?;
                return Ok((Self { path: path.to_owned(), db, is_open: false, _lock: lock }, false));
            }
            Ok((db, _)) => drop(db),
            Err(cause) if is_damage(&cause) => {}
            Err(cause) => return Err(fault(cause)),
        }
        for ending in ["", "-wal", "-shm"] {
            let mut file = path.as_os_str().to_owned();
            file.push(ending);
            match std::fs::remove_file(&file) {
                Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
                    return Err(CaptureError::io(path, cause));
                }
                _ => {}
            }
        }
        let db = Self::connect(path).map_err(fault)?;
        db.execute_batch(include_str!("schema.sql")).map_err(fault)?;
        db.execute(&start_index(), []).map_err(fault)?;
        db.pragma_update(None, "user_version", FORMAT).map_err(fault)?;
        Ok((Self { path: path.to_owned(), db, is_open: false, _lock: lock }, true))
    }

    fn connect(path: &Path) -> rusqlite::Result<Connection> {
        let db = Connection::open(path)?;
        // Readers hold nothing up, but for the moment in which one of them mends what a crash left.
        db.busy_timeout(std::time::Duration::from_secs(5))?;
        db.pragma_update(None, "journal_mode", "WAL")?;
        db.pragma_update(None, "synchronous", "NORMAL")?;
        // Whether it can be written shows by writing.
        db.execute_batch(
            "BEGIN IMMEDIATE; COMMIT; CREATE TEMP TABLE active (id TEXT PRIMARY KEY, run INTEGER) WITHOUT ROWID;
             CREATE TABLE IF NOT EXISTS front (source TEXT, page TEXT, face TEXT NOT NULL, PRIMARY KEY (source, page)) WITHOUT ROWID;
             CREATE TABLE IF NOT EXISTS rest (host TEXT PRIMARY KEY, until INTEGER NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID;
             CREATE TEMP TABLE wanted (id INTEGER PRIMARY KEY);
             CREATE TEMP TABLE paused (id TEXT PRIMARY KEY, run INTEGER) WITHOUT ROWID;",
        )?;
        db.set_prepared_statement_cache_capacity(64);
        Ok(db)
    }

    fn fault(&self) -> impl Fn(rusqlite::Error) -> CaptureError {
        let path = self.path.clone();
        move |cause| CaptureError::state(&path, cause)
    }

    pub(super) fn run(&self, sql: &str, params: impl Params) -> Result<usize, CaptureError> {
        let done = self.db.prepare_cached(sql).and_then(|mut statement| statement.execute(params));
        done.map_err(self.fault())
    }

    fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, CaptureError> {
        let found =
            self.db.prepare_cached(sql).and_then(|mut found| found.query_row(params, read).optional());
        found.map_err(self.fault())
    }

    fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, CaptureError> {
        let found =
            self.db.prepare_cached(sql).and_then(|mut found| found.query_map(params, read)?.collect());
        found.map_err(self.fault())
    }

    /// Begins a group of changes that is there whole or not at all, where none is begun.
    pub(crate) fn begin(&mut self) -> Result<(), CaptureError> {
        if !self.is_open {
            self.run("BEGIN IMMEDIATE", [])?;
            self.is_open = true;
        }
        Ok(())
    }

    /// Makes the group durable.
    pub(crate) fn commit(&mut self) -> Result<(), CaptureError> {
        if self.is_open {
            self.run("COMMIT", [])?;
            self.is_open = false;
        }
        Ok(())
    }

    /// Makes a source one of this run, and says how its beginning is to be queued.
    pub(crate) fn activate(&mut self, source: &str) -> Result<Seeds, CaptureError> {
        let known: Option<(i64, bool)> =
            self.one("SELECT run, finished FROM source WHERE id = ?1", [source], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        let (run, seeds) = match known {
            Some((run, true)) => (run + 1, Seeds::Fresh),
            Some((run, false)) => (run, Seeds::Resumed),
            None => (1, Seeds::Resumed),
        };
        self.run("INSERT OR REPLACE INTO source VALUES (?1, ?2, 0)", params![source, run])?;
        self.run("INSERT OR REPLACE INTO active VALUES (?1, ?2)", params![source, run])?;
        Ok(seeds)
    }

    /// Nothing more of a source is fetched in this run: its pages wait.
    pub(crate) fn pause(&mut self, source: &str) -> Result<(), CaptureError> {
        self.run("INSERT OR IGNORE INTO paused SELECT * FROM active WHERE id = ?1", [source])?;
        self.run("DELETE FROM active WHERE id = ?1", [source]).map(drop)
    }

    /// Sources that were paused count again.
    pub(crate) fn resume_paused(&mut self) -> Result<(), CaptureError> {
        self.run("INSERT OR IGNORE INTO active SELECT * FROM paused", []).map(drop)
    }

    /// The run of a source came to its end.
    pub(crate) fn finish(&mut self, source: &str) -> Result<(), CaptureError> {
        self.run("UPDATE source SET finished = 1 WHERE id = ?1", [source]).map(drop)
    }

    /// Takes note of a page that was met; true where it was not known.
    pub(crate) fn add(&mut self, new: &New<'_>) -> Result<bool, CaptureError> {
        let sql = "INSERT OR IGNORE INTO page
            (key, url, host, source, role, depth, redirects, step, empties, via, state, run, due, reason)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, coalesce((SELECT run FROM source WHERE id = ?4), 1), 0, ?12)";
        let host = host_of(new.url);
        let state = if new.reason.is_some() { 2 } else { 0 };
        let (key, url) = (key(new.url), new.url.as_str());
        let values = params![
            key,
            url,
            host,
            new.source,
            new.role,
            new.depth,
            new.redirects,
            new.step,
            new.empties,
            new.via,
            state,
            new.reason
        ];
        Ok(self.run(sql, values)? > 0)
    }

    /// Queues this very page, whatever is known of it.
    pub(crate) fn want(&mut self, url: &Url) -> Result<(), CaptureError> {
        let key = key(url);
        self.run("UPDATE page SET state = 0, due = 0, tries = 0, reason = NULL WHERE key = ?1", [&key])?;
        self.run("INSERT OR IGNORE INTO wanted SELECT id FROM page WHERE key = ?1", [&key]).map(drop)
    }

    /// Queues a page that is known, where it was not queued in this run of its source yet.
    pub(crate) fn again(&mut self, url: &Url, empties: u32) -> Result<bool, CaptureError> {
        let sql = "UPDATE page SET state = 0, due = 0, tries = 0, reason = NULL, empties = ?2, run = (SELECT run FROM source WHERE id = page.source)
            WHERE key = ?1 AND state > 0 AND run < (SELECT run FROM source WHERE id = page.source)";
        Ok(self.run(sql, params![key(url), empties])? > 0)
    }

    /// Queues a page that is known and was fetched before `time`.
    pub(crate) fn again_if_older(&mut self, url: &Url, time: i64) -> Result<bool, CaptureError> {
        let sql = "UPDATE page SET state = 0, due = 0, tries = 0, reason = NULL WHERE key = ?1 AND state > 0 AND fetched < ?2";
        Ok(self.run(sql, params![key(url), time])? > 0)
    }

    /// Queues releases of a source that were fetched before `time`, or behind `now` by a clock that ran ahead, and those that were
    /// missing at the last visit only.
    pub(crate) fn refresh(&mut self, source: &str, time: i64, now: i64) -> Result<usize, CaptureError> {
        let sql = "UPDATE page SET state = 0, due = 0, tries = 0, run = (SELECT run FROM source WHERE id = page.source)
            WHERE source = ?1 AND role = ?2 AND state > 0 AND fetched IS NOT NULL AND (fetched < ?3 OR fetched > ?4 OR misses = 1)";
        self.run(sql, params![source, Role::Release, time, now])
    }

    /// Queues pages of a source that were left because something stood in the way that may have passed, or because robots.txt
    /// forbade them, which costs no request to see again.
    pub(crate) fn retry(&mut self, source: &str) -> Result<usize, CaptureError> {
        let sql =
            "UPDATE page SET state = 0, due = 0, tries = 0, run = (SELECT run FROM source WHERE id = page.source)
            WHERE source = ?1 AND state = 2 AND (tries > 0 OR reason = ?2)";
        self.run(sql, params![source, crate::robots::FORBIDS])
    }

    /// The hosts that pages of this run wait for, each with the earliest time of one, in seconds.
    pub(crate) fn hosts(&self) -> Result<Vec<(String, i64)>, CaptureError> {
        let sql = format!("SELECT host, min(due) FROM page WHERE state = 0 AND {LIVE} GROUP BY host");
        self.all(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// A host is to be gone on with at a time, in seconds, that this run does not come to: because it asks for that, or because the
    /// time of the run is over.
    pub(crate) fn rest(&mut self, host: &str, until: i64, reason: &str) -> Result<(), CaptureError> {
        self.run("INSERT OR REPLACE INTO rest VALUES (?1, ?2, ?3)", params![host, until, reason]).map(drop)
    }

    /// The hosts that asked an earlier run to be left alone, until when after `now`, in seconds, and why. What is over is forgotten:
    /// should the host be in trouble now, nobody is to come back every minute because of it.
    pub(crate) fn resting(&mut self, now: i64) -> Result<Vec<(String, i64, String)>, CaptureError> {
        self.run("DELETE FROM rest WHERE until <= ?1", [now])?;
        let sql = "SELECT host, until, reason FROM rest WHERE until > ?1 AND until <= ?2 AND reason <> ?3";
        let values = params![now, now.saturating_add(LONGEST), CLOSED];
        self.all(sql, values, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
    }

    /// The page of a host that is to be fetched next at `now`.
    pub(crate) fn next(&self, host: &str, now: i64) -> Result<Option<Page>, CaptureError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM page INDEXED BY page_queue WHERE state = 0 AND host = ?1 AND (due <= ?2 OR due > ?3)
            AND {LIVE} ORDER BY role, id LIMIT 1"
        );
        self.one(&sql, params![host, now, now.saturating_add(LONGEST)], page)
    }

    /// When the next page of a host is due, in seconds; `None` where none waits.
    pub(crate) fn next_due(&self, host: &str) -> Result<Option<i64>, CaptureError> {
        let sql = format!("SELECT min(due) FROM page WHERE state = 0 AND host = ?1 AND {LIVE}");
        Ok(self.one(&sql, [host], |row| row.get(0))?.flatten())
    }

    /// The page with this address.
    pub(crate) fn of_url(&self, url: &Url) -> Result<Option<Page>, CaptureError> {
        self.one(&format!("SELECT {COLUMNS} FROM page WHERE key = ?1"), [key(url)], page)
    }

    /// The page came.
    pub(crate) fn done(&mut self, id: i64, told: &Fetched) -> Result<(), CaptureError> {
        let sql = "UPDATE page SET state = ?2, status = ?3, fetched = ?4, etag = ?5, modified = ?6, digest = coalesce(?7, digest),
            misses = ?8, reason = ?9, tries = 0 WHERE id = ?1";
        let state = if told.reason.is_some() { 2 } else { 1 };
        let values = params![
            id,
            state,
            told.status,
            told.at,
            told.etag,
            told.modified,
            told.digest,
            told.misses,
            told.reason
        ];
        self.run(sql, values).map(drop)
    }

    /// The page is not fetched, for this reason.
    pub(crate) fn leave(&mut self, id: i64, reason: &str) -> Result<(), CaptureError> {
        self.run("UPDATE page SET state = 2, reason = ?2 WHERE id = ?1", params![id, reason]).map(drop)
    }

    /// The page came, and waits for another one to be judged; should this run break off, it is fetched again.
    pub(crate) fn hold(&mut self, id: i64) -> Result<(), CaptureError> {
        self.run("UPDATE page SET state = 3 WHERE id = ?1", [id]).map(drop)
    }

    /// Whether the page that a host begins at is still to come.
    pub(crate) fn waits_for_home(&self, source: &str, host: &str) -> Result<bool, CaptureError> {
        let sql = "SELECT 1 FROM page WHERE state = 0 AND source = ?1 AND host = ?2 AND role = ?3";
        Ok(self.one(sql, params![source, host, Role::Home], |_| Ok(()))?.is_some())
    }

    /// The page was tried, and the next run tries it again.
    pub(crate) fn tried(&mut self, id: i64) -> Result<(), CaptureError> {
        self.run("UPDATE page SET tries = tries + 1 WHERE id = ?1", [id]).map(drop)
    }

    /// The page is tried again at `due`, in seconds.
    pub(crate) fn later(&mut self, id: i64, due: i64, reason: &str) -> Result<(), CaptureError> {
        let sql = "UPDATE page SET due = ?2, tries = tries + 1, reason = ?3 WHERE id = ?1";
        self.run(sql, params![id, due, reason]).map(drop)
    }

    /// The page answers under another spelling of its address: there it is fetched.
    pub(crate) fn moved(&mut self, id: i64, url: &Url) -> Result<(), CaptureError> {
        let sql = "UPDATE page SET url = ?2, host = ?3, redirects = redirects + 1, state = 0, due = 0 WHERE id = ?1";
        self.run(sql, params![id, url.as_str(), host_of(url)]).map(drop)
    }

    /// Where a body was kept first.
    pub(crate) fn first(&self, digest: &str) -> Result<Option<First>, CaptureError> {
        self.one("SELECT record, uri, date, block FROM payload WHERE digest = ?1", [digest], |row| {
            Ok(First { record: row.get(0)?, uri: row.get(1)?, date: row.get(2)?, block: row.get(3)? })
        })
    }

    /// A body is kept; the first place stays.
    pub(crate) fn kept(&mut self, digest: &str, first: &First) -> Result<(), CaptureError> {
        let values = params![digest, first.record, first.uri, first.date, first.block];
        self.run("INSERT OR IGNORE INTO payload VALUES (?1, ?2, ?3, ?4, ?5)", values).map(drop)
    }

    /// Whether this body is that of a page that the source begins at.
    pub(crate) fn is_start(&self, source: &str, digest: &str) -> Result<bool, CaptureError> {
        let sql = format!("SELECT 1 FROM page WHERE source = ?1 AND digest = ?2 AND {}", starts());
        Ok(self.one(&sql, [source, digest], |_| Ok(()))?.is_some())
    }

    /// What a page that the source begins at looks like.
    pub(crate) fn set_front(&mut self, page: &Page, face: &str) -> Result<(), CaptureError> {
        let sql = "INSERT OR REPLACE INTO front VALUES (?1, ?2, ?3)";
        self.run(sql, params![page.source, page.key, face]).map(drop)
    }

    /// Whether a page looks like one that the source begins at.
    pub(crate) fn is_front(&self, source: &str, face: &str) -> Result<bool, CaptureError> {
        let sql = "SELECT 1 FROM front WHERE source = ?1 AND face = ?2";
        Ok(self.one(sql, [source, face], |_| Ok(()))?.is_some())
    }

    /// How far a WARC file is taken in, in bytes.
    pub(crate) fn taken(&self, file: &str) -> Result<u64, CaptureError> {
        let bytes: Option<i64> =
            self.one("SELECT bytes FROM warc WHERE file = ?1", [file], |row| row.get(0))?;
        Ok(bytes.and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or(0))
    }

    /// A WARC file is taken in as far as this.
    pub(crate) fn take(&mut self, file: &str, bytes: u64) -> Result<(), CaptureError> {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        self.run("INSERT OR REPLACE INTO warc VALUES (?1, ?2)", params![file, bytes]).map(drop)
    }

    /// How many pages of this run wait.
    pub(crate) fn waiting(&self) -> Result<u64, CaptureError> {
        let sql = format!("SELECT count(*) FROM page WHERE state = 0 AND {LIVE}");
        Ok(self.one(&sql, [], |row| row.get::<_, i64>(0))?.map_or(0, i64::unsigned_abs))
    }

    /// How many pages of this run wait at each host.
    pub(crate) fn waiting_at_hosts(&self) -> Result<Vec<(String, u64)>, CaptureError> {
        let sql = format!("SELECT host, count(*) FROM page WHERE state = 0 AND {LIVE} GROUP BY host");
        self.all(&sql, [], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs())))
    }

    /// How many pages of a source wait.
    pub(crate) fn waiting_of(&self, source: &str) -> Result<u64, CaptureError> {
        let sql = "SELECT count(*) FROM page WHERE state = 0 AND source = ?1";
        Ok(self.one(sql, [source], |row| row.get::<_, i64>(0))?.map_or(0, i64::unsigned_abs))
    }

    /// Hands over the pages that this run left, with the reasons, in the order in which they were met.
    pub(crate) fn left(&self, mut each: impl FnMut(&str, &str, &str)) -> Result<(), CaptureError> {
        let sql = "SELECT page.source, url, coalesce(reason, '') FROM page LEFT JOIN active ON active.id = page.source
            WHERE state = 2 AND (page.run = active.run OR page.id IN (SELECT id FROM wanted)) ORDER BY page.id";
        let mut walk = || -> rusqlite::Result<()> {
            let mut statement = self.db.prepare(sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let (source, url, reason): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
                each(&source, &url, &reason);
            }
            Ok(())
        };
        walk().map_err(self.fault())
    }

    /// The releases of this run's sources that were missing on two visits.
    pub(crate) fn gone(&self) -> Result<Vec<(String, String)>, CaptureError> {
        let sql = format!(
            "SELECT source, url FROM page WHERE misses >= 2 AND digest IS NOT NULL AND {LIVE} ORDER BY id"
        );
        self.all(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
    }
}

/// A page that this run may fetch: one of its sources, or one that was named.
const LIVE: &str = "(source IN (SELECT id FROM active) OR id IN (SELECT id FROM wanted))";

/// The host by which politeness goes.
pub(crate) fn host_of(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

const COLUMNS: &str = "id, key, url, host, source, role, depth, redirects, step, empties, via, tries, fetched, etag, modified, digest, misses";

fn page(row: &Row<'_>) -> rusqlite::Result<Page> {
    let text: String = row.get(2)?;
    let url = Url::parse(&text).map_err(|cause| {
        rusqlite::Error::FromSqlConversionFailure(2, rusqlite::types::Type::Text, Box::new(cause))
    })?;
    Ok(Page {
        id: row.get(0)?,
        key: row.get(1)?,
        url,
        host: row.get(3)?,
        source: row.get(4)?,
        role: row.get(5)?,
        depth: row.get(6)?,
        redirects: row.get(7)?,
        step: row.get(8)?,
        empties: row.get(9)?,
        via: row.get(10)?,
        tries: row.get(11)?,
        fetched: row.get(12)?,
        etag: row.get(13)?,
        modified: row.get(14)?,
        digest: row.get(15)?,
        misses: row.get(16)?,
    })
}

/// The pages that sources begin at, written out: only so is their index used.
fn starts() -> String {
    format!("role = {}", Role::Start as i64)
}

/// Finds a start page by its body: every release is compared with them. A frontier of before gets it when it is opened.
fn start_index() -> String {
    format!("CREATE INDEX IF NOT EXISTS page_start ON page (source, digest) WHERE {}", starts())
}

/// Takes the right to crawl; the system frees it when the process ends, however it ends.
fn lock(path: &Path) -> Result<File, CaptureError> {
    let path = path.with_extension("lock");
    let file = File::options().create(true).append(true).open(&path);
    let file = file.map_err(|cause| CaptureError::io(&path, cause))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(CaptureError::Busy { path }),
        Err(TryLockError::Error(cause)) => Err(CaptureError::io(&path, cause)),
    }
}

fn is_damage(cause: &rusqlite::Error) -> bool {
    matches!(cause.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}
