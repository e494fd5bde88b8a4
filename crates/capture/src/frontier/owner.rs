//! Whose a page is: that of the source that met it first, until another one meets it that is crawled while the first is not.

use rusqlite::params;

use super::page::{New, Role};
use super::store::Frontier;
use crate::CaptureError;
use crate::discover::key;

impl Frontier {
    /// Gives a page of a source that is not at work to the one that met it now, as if nobody had fetched it; true where that was
    /// done. A release that came stays with the source that brought it.
    pub(crate) fn take_over(&mut self, new: &New<'_>) -> Result<bool, CaptureError> {
        // What the server said of its page for the other source would keep the page from being looked through.
        let sql = "UPDATE page SET source = ?2, role = ?3, depth = ?4, redirects = ?5, step = ?6, empties = ?7, via = ?8,
            state = 0, due = 0, tries = 0, reason = NULL, etag = NULL, modified = NULL, misses = 0,
            run = coalesce((SELECT run FROM source WHERE id = ?2), 1)
            WHERE key = ?1 AND source <> ?2 AND (digest IS NULL OR (role < ?9 AND ?3 < ?9))
            AND source NOT IN (SELECT id FROM active UNION SELECT id FROM paused) AND id NOT IN (SELECT id FROM wanted)";
        let values = params![
            key(new.url),
            new.source,
            new.role,
            new.depth,
            new.redirects,
            new.step,
            new.empties,
            new.via,
            Role::Release
        ];
        Ok(self.run(sql, values)? > 0)
    }
}
