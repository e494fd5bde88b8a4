//! Releases that are taken out: what is searched, listed and counted is what is current, and of these nothing is.

use rusqlite::params;

use super::{State, number};
use crate::Error;
use crate::archive::removals::{Act, Decision};

impl State {
    /// Why a release is out; `None` where it is not.
    pub(in crate::archive) fn removal(&self, release: &str) -> Result<Option<Decision>, Error> {
        self.one(&format!("{REMOVED} WHERE release = ?1"), [release], decision)
    }

    /// All that is out, in the order of identities.
    pub(in crate::archive) fn removals(&self) -> Result<Vec<Decision>, Error> {
        self.all(&format!("{REMOVED} ORDER BY release"), [], decision)
    }

    /// Takes a release out, also one that is still to come.
    pub(in crate::archive) fn set_removal(&self, removal: &Decision) -> Result<(), Error> {
        self.write(
            "INSERT OR REPLACE INTO removed VALUES (?1, ?2, ?3, ?4)",
            params![removal.release, removal.at, removal.by, removal.reason],
        )?;
        self.settle(&removal.release)
    }

    /// Brings a release back. Its record gets a new number, by which the index knows that it lacks it.
    pub(in crate::archive) fn take_back(&self, release: &str) -> Result<(), Error> {
        self.write("DELETE FROM removed WHERE release = ?1", [release])?;
        self.settle(release)?;
        let seq = number(self.last_seq()? + 1);
        self.write(
            "UPDATE record SET seq = ?2 WHERE capture = (SELECT id FROM capture WHERE release = ?1 AND current)",
            params![release, seq],
        )
    }

    /// Finds out which version of a release is the latest with a record: one captured later, and where nobody says when,
    /// one taken in later. It is current where the release is not taken out.
    pub(in crate::archive) fn settle(&self, release: &str) -> Result<(), Error> {
        self.write(
            "UPDATE capture SET latest = (id = newest.of), current = (id = newest.of AND NOT newest.removed)
             FROM (SELECT c.id AS of, EXISTS (SELECT 1 FROM removed WHERE release = ?1) AS removed
                   FROM capture c JOIN record ON record.capture = c.id
                   WHERE c.release = ?1 ORDER BY coalesce(c.captured, '9999') DESC, c.version DESC LIMIT 1) AS newest
             WHERE release = ?1",
            [release],
        )
    }
}

const REMOVED: &str = "SELECT release, at, by, reason FROM removed";

fn decision(row: &rusqlite::Row<'_>) -> rusqlite::Result<Decision> {
    Ok(Decision {
        act: Act::Removed,
        release: row.get(0)?,
        at: row.get(1)?,
        by: row.get(2)?,
        reason: row.get(3)?,
    })
}
