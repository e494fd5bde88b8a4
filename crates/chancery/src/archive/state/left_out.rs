//! Pages that were read and are no releases: they are counted, not kept.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::{State, natural};
use crate::Error;
use crate::input::SkipReason;

/// Identity and reason of each page.
pub(super) type Pages = Vec<(String, String)>;

impl State {
    /// Notes that a page is not taken in, and why; what was noted of it before no longer holds.
    pub(in crate::archive) fn leave_out(&self, id: &str, reason: &SkipReason) -> Result<(), Error> {
        self.write("INSERT OR REPLACE INTO left_out VALUES (?1, ?2)", [id, reason.name()])
    }

    /// Notes that a page is a release after all.
    pub(in crate::archive) fn no_longer_out(&self, id: &str) -> Result<(), Error> {
        self.write("DELETE FROM left_out WHERE id = ?1", [id])
    }

    /// How many pages are left out, by the name of the reason. A page that was a release on an earlier visit is one still.
    pub(in crate::archive) fn left_out(&self) -> Result<Vec<(String, u64)>, Error> {
        let query = "SELECT reason, count(*) FROM left_out
            WHERE NOT EXISTS (SELECT 1 FROM capture WHERE capture.release = left_out.id AND capture.current)
            GROUP BY reason ORDER BY reason";
        self.all(query, [], |row| Ok((row.get(0)?, natural(row.get(1)?))))
    }

    pub(super) fn take_over(&self, pages: Pages) -> Result<(), Error> {
        for (id, reason) in pages {
            self.write("INSERT INTO left_out VALUES (?1, ?2)", [id, reason])?;
        }
        Ok(())
    }
}

/// The pages that the state at `path` notes; none where it cannot be read. No other file could tell them again.
pub(super) fn noted(path: &Path) -> Pages {
    let read = || -> rusqlite::Result<Pages> {
        let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let mut pages = db.prepare("SELECT id, reason FROM left_out")?;
        let rows = pages.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect()
    };
    read().unwrap_or_default()
}
