//! What crawls into a folder remember of their sources, read without a crawl. Where nothing can be read, because there was
//! none, or another one is at work, nothing is remembered.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags};
use url::Url;

use crate::crawl::FRONTIER;
use crate::discover::key;

/// Releases that were missing on two visits; asked one by one, so that a large frontier costs no more than a small one.
pub struct Gone(Option<Connection>);

impl Gone {
    /// What the crawls into `folder` know.
    #[must_use]
    pub fn open(folder: &Path) -> Self {
        Self(connect(folder).ok())
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

fn connect(folder: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(folder.join(FRONTIER), flags)?;
    // A crawl at work may hold it for days: nobody waits for that, and nobody asks twice.
    db.busy_timeout(Duration::ZERO)?;
    db.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(db)
}
