//! What crawls into a folder remember of their sources, read without a crawl, also while one is at work. Where there was none
//! nothing is remembered.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use url::Url;

use crate::crawl::FRONTIER;
use crate::discover::key;

/// So long a reader waits, where the files are being mended after a crash.
const PATIENCE: Duration = Duration::from_millis(100);

/// Releases that were missing on two visits; asked one by one, so that a large frontier costs no more than a small one.
pub struct Gone(Option<Connection>);

impl Gone {
    /// What the crawls into `folder` know.
    #[must_use]
    pub fn open(folder: &Path) -> Self {
        Self(connect(folder).ok())
    }

    /// All of them, in the order in which they were met: their addresses.
    #[must_use]
    pub fn all(&self) -> Vec<String> {
        let query = "SELECT url FROM page WHERE misses >= 2 AND digest IS NOT NULL ORDER BY id";
        let read = |db: &Connection| {
            let mut found = db.prepare(query)?;
            let rows = found.query_map([], |row| row.get(0))?;
            rows.collect::<rusqlite::Result<_>>()
        };
        self.0.as_ref().and_then(|db| read(db).ok()).unwrap_or_default()
    }

    /// Whether the page at `url` is one of them.
    #[must_use]
    pub fn has(&self, url: &Url) -> bool {
        let query = "SELECT 1 FROM page WHERE key = ?1 AND misses >= 2 AND digest IS NOT NULL";
        let found = self.0.as_ref().map(|db| db.query_row(query, [key(url)], |_| Ok(())));
        found.is_some_and(|found| found.is_ok())
    }
}

/// When a page of each source was last asked for. What a clock that ran ahead has noted behind `now` does not count: a source
/// would be left alone until then.
#[must_use]
pub fn visits(folder: &Path, now: Timestamp) -> BTreeMap<String, Timestamp> {
    let now = now.as_second();
    let query = &format!("SELECT source, max(fetched) FROM page WHERE fetched <= {now} GROUP BY source");
    let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?));
    let sources = all(folder, query, row).unwrap_or_default().into_iter();
    sources.filter_map(|(source, at)| Some((source, Timestamp::from_second(at).ok()?))).collect()
}

/// When each source may be gone on with whose last run ended because a host asked to be asked later, or because its time was over.
#[must_use]
pub fn resumes(folder: &Path, now: Timestamp) -> BTreeMap<String, Timestamp> {
    let query = "SELECT source, min(max(due, until)) FROM page JOIN rest ON rest.host = page.host WHERE state = 0 GROUP BY source";
    let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?));
    let sources = all(folder, query, row).unwrap_or_default().into_iter();
    let at = |at: i64| Timestamp::from_second(at.max(now.as_second())).ok();
    sources.filter_map(|(source, time)| Some((source, at(time)?))).collect()
}

fn all<T>(
    folder: &Path,
    query: &str,
    row: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    let db = connect(folder)?;
    let mut statement = db.prepare(query)?;
    let rows = statement.query_map([], row)?;
    rows.collect()
}

/// A folder that may not be written takes no notes of who reads: there the file is read as it lies, where nothing waits beside it to
/// be merged into it.
fn connect(folder: &Path) -> rusqlite::Result<Connection> {
    let path = folder.join(FRONTIER);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = Connection::open_with_flags(&path, flags).and_then(ready);
    match (opened, Url::from_file_path(std::path::absolute(&path).unwrap_or(path))) {
        (Err(cause), Ok(mut at))
            if matches!(cause.sqlite_error_code(), Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly)) =>
        {
            at.set_query(Some("immutable=1"));
            let flags = flags | OpenFlags::SQLITE_OPEN_URI;
            Connection::open_with_flags(at.as_str(), flags).and_then(ready)
        }
        (opened, _) => opened,
    }
}

fn ready(db: Connection) -> rusqlite::Result<Connection> {
    db.busy_timeout(PATIENCE)?;
    db.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(db)
}
