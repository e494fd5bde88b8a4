//! What crawls into a folder remember of their sources, read without a crawl. Where nothing can be read, because there was
//! none, or another one is at work, nothing is remembered.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags};
use url::Url;

use crate::crawl::FRONTIER;
use crate::discover::key;

/// Releases that were missing on two visits, by the key of their address, with the source.
#[must_use]
pub fn gone(folder: &Path) -> BTreeMap<String, String> {
    let query = "SELECT url, source FROM page WHERE misses >= 2";
    let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?));
    let pages = all(folder, query, row).unwrap_or_default().into_iter();
    pages.filter_map(|(url, source)| Some((key(&Url::parse(&url).ok()?), source))).collect()
}

/// When a page of each source was last asked for.
#[must_use]
pub fn visits(folder: &Path) -> BTreeMap<String, Timestamp> {
    let query = "SELECT source, max(fetched) FROM page WHERE fetched IS NOT NULL GROUP BY source";
    let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?));
    let sources = all(folder, query, row).unwrap_or_default().into_iter();
    sources.filter_map(|(source, at)| Some((source, Timestamp::from_second(at).ok()?))).collect()
}

fn all<T>(
    folder: &Path,
    query: &str,
    row: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(folder.join(FRONTIER), flags)?;
    let mut statement = db.prepare(query)?;
    let rows = statement.query_map([], row)?;
    rows.collect()
}
