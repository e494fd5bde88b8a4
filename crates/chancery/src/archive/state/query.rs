//! What the state is asked.

use chancery_record::WarcPlace;
use rusqlite::{Row, params};

use super::{Facts, Fingerprint, Latest, Run, State, Version, natural, number};
use crate::Error;
use crate::archive::segments::Place;
use crate::archive::status::SourceStatus;

/// A release as a reference may mean it.
pub(in crate::archive) struct Named {
    pub(in crate::archive) id: String,
    pub(in crate::archive) alias: Option<String>,
}

/// A record that is there: its capture, where that lies, and where the record does.
pub(in crate::archive) struct Made {
    pub(in crate::archive) capture: i64,
    pub(in crate::archive) warc: WarcPlace,
    pub(in crate::archive) place: Place,
}

/// A capture with all that must lead back to it.
pub(in crate::archive) struct Checked {
    pub(in crate::archive) release: String,
    pub(in crate::archive) digest: String,
    pub(in crate::archive) current: bool,
    pub(in crate::archive) failed: Option<String>,
    /// Where its page lies.
    pub(in crate::archive) warc: WarcPlace,
    /// Where it is written or noted.
    pub(in crate::archive) read_from: WarcPlace,
    /// Where its record lies.
    pub(in crate::archive) record: Option<Place>,
    /// The number of its record.
    pub(in crate::archive) seq: u64,
}

/// Sums over all current records.
pub(in crate::archive) struct Sums {
    pub(in crate::archive) releases: u64,
    pub(in crate::archive) text_bytes: u64,
    pub(in crate::archive) facts: Facts,
}

/// The character behind all others: the end of a range of beginnings.
const LAST: char = char::MAX;

impl State {
    /// Whether this version of this release is there already.
    pub(in crate::archive) fn knows(&self, release: &str, print: &Fingerprint) -> Result<bool, Error> {
        let query =
            "SELECT 1 FROM capture WHERE release = ?1 AND digest = ?2 AND meta = ?3 AND failed IS NULL";
        Ok(self.one(query, params![release, print.digest, print.meta], |_| Ok(()))?.is_some())
    }

    /// Where captures of a release with these bytes are written or noted, the newest first.
    pub(in crate::archive) fn of_bytes(&self, release: &str, digest: &str) -> Result<Vec<WarcPlace>, Error> {
        let query = "SELECT coalesce(note_file, file), coalesce(note_offset, offset) FROM capture
            WHERE release = ?1 AND digest = ?2 AND failed IS NULL ORDER BY version DESC";
        self.all(query, [release, digest], |row| warc(row, 0))
    }

    /// The capture that lies at `place`.
    pub(in crate::archive) fn capture_at(&self, place: &WarcPlace) -> Result<Option<i64>, Error> {
        let query = "SELECT id FROM capture WHERE file = ?1 AND offset = ?2";
        self.one(query, params![place.file, number(place.offset)], |row| row.get(0))
    }

    /// The newest version of a release.
    pub(in crate::archive) fn latest(&self, release: &str) -> Result<Option<Latest>, Error> {
        let query = "SELECT media, coalesce(record.source, capture.source), headline, published
            FROM capture LEFT JOIN record ON record.capture = capture.id
            WHERE release = ?1 ORDER BY version DESC LIMIT 1";
        self.one(query, [release], |row| {
            Ok(Latest {
                media: row.get(0)?,
                source: row.get(1)?,
                headline: row.get(2)?,
                published: row.get(3)?,
            })
        })
    }

    /// Whether another release has this readable id.
    pub(in crate::archive) fn alias_is_taken(&self, alias: &str, release: &str) -> Result<bool, Error> {
        let query = "SELECT 1 FROM record JOIN capture ON capture.id = record.capture
            WHERE alias = ?1 AND release <> ?2 LIMIT 1";
        Ok(self.one(query, [alias, release], |_| Ok(()))?.is_some())
    }

    /// Whether the newest capture of a release at the time `captured` was as this one.
    pub(in crate::archive) fn was_so(
        &self,
        release: &str,
        print: &Fingerprint,
        captured: &str,
    ) -> Result<bool, Error> {
        let query = "SELECT digest = ?2 AND meta = ?3 FROM capture WHERE release = ?1
            AND coalesce(captured, '') <= ?4 AND failed IS NULL ORDER BY coalesce(captured, '') DESC, version DESC LIMIT 1";
        let same = self.one(query, params![release, print.digest, print.meta, captured], |row| row.get(0))?;
        Ok(same.unwrap_or_default())
    }

    /// The WARC files, as the archive calls them, in which pages lie that it did not write itself.
    pub(in crate::archive) fn files_of_pages(&self) -> Result<Vec<String>, Error> {
        let query = "SELECT DISTINCT file FROM capture WHERE note_file IS NOT NULL ORDER BY file";
        self.all(query, [], |row| row.get(0))
    }

    /// Where the captures of a source lie, or of all, of which there is a record; with what a list of pages says of them.
    /// Those of releases that are taken out are left out.
    pub(in crate::archive) fn pages_of(
        &self,
        source: Option<&str>,
    ) -> Result<Vec<(WarcPlace, Listed)>, Error> {
        let query = "SELECT file, offset, headline, capture.release, url FROM capture JOIN record ON record.capture = capture.id
            WHERE (?1 IS NULL OR coalesce(record.source, capture.source) = ?1)
            AND NOT EXISTS (SELECT 1 FROM removed WHERE removed.release = capture.release) ORDER BY file, offset";
        self.all(query, [source], |row| {
            Ok((warc(row, 0)?, Listed { headline: row.get(2)?, release: row.get(3)?, url: row.get(4)? }))
        })
    }

    /// All captures with what belongs to them, in the order in which they were written.
    pub(in crate::archive) fn all_captures(&self) -> Result<Vec<Checked>, Error> {
        let query = "SELECT release, digest, current, failed, file, offset, coalesce(note_file, file),
            coalesce(note_offset, offset), segment, frame, line, coalesce(seq, 0)
            FROM capture LEFT JOIN record ON record.capture = capture.id ORDER BY id";
        self.all(query, [], |row| {
            let segment: Option<String> = row.get(8)?;
            Ok(Checked {
                release: row.get(0)?,
                digest: row.get(1)?,
                current: row.get(2)?,
                failed: row.get(3)?,
                warc: warc(row, 4)?,
                read_from: warc(row, 6)?,
                record: segment.is_some().then(|| place(row, 8)).transpose()?,
                seq: natural(row.get(11)?),
            })
        })
    }

    /// The offset of the last capture of a WARC file that was registered.
    pub(in crate::archive) fn last_of_file(&self, file: &str) -> Result<Option<u64>, Error> {
        let query = "SELECT max(offset) FROM capture WHERE file = ?1";
        Ok(self.one(query, [file], |row| row.get::<_, Option<i64>>(0))?.flatten().map(natural))
    }

    /// Captures without a record that have not failed, and where each is written or noted, after the capture `after`, at most `limit`.
    pub(in crate::archive) fn without_record(
        &self,
        after: i64,
        limit: u32,
    ) -> Result<Vec<(i64, WarcPlace)>, Error> {
        let query = "SELECT id, coalesce(note_file, file), coalesce(note_offset, offset) FROM capture LEFT JOIN record ON record.capture = capture.id
            WHERE id > ?1 AND record.capture IS NULL AND failed IS NULL ORDER BY id LIMIT ?2";
        self.all(query, params![after, limit], |row| Ok((row.get(0)?, warc(row, 1)?)))
    }

    /// Captures whose records, by language and digest of rules, are `wanted`; in the order in which they were written.
    pub(in crate::archive) fn with_record(
        &self,
        wanted: impl Fn(Option<&str>, Option<&str>) -> bool,
    ) -> Result<Vec<(i64, WarcPlace)>, Error> {
        let query = "SELECT id, coalesce(note_file, file), coalesce(note_offset, offset), language, rules FROM capture
            JOIN record ON record.capture = capture.id ORDER BY id";
        let rows = self.all(query, [], |row| {
            let (language, rules): (Option<String>, Option<String>) = (row.get(3)?, row.get(4)?);
            Ok(wanted(language.as_deref(), rules.as_deref()).then_some((row.get(0)?, warc(row, 1)?)))
        })?;
        Ok(rows.into_iter().flatten().collect())
    }

    /// Records that, by language and digest of rules, are `wanted`; in the order in which they were written.
    pub(in crate::archive) fn records_where(
        &self,
        wanted: impl Fn(Option<&str>, Option<&str>) -> bool,
    ) -> Result<Vec<Made>, Error> {
        let query = "SELECT id, coalesce(note_file, file), coalesce(note_offset, offset), segment, frame, line, language, rules FROM capture
            JOIN record ON record.capture = capture.id ORDER BY id";
        let rows = self.all(query, [], |row| {
            let (language, rules): (Option<String>, Option<String>) = (row.get(6)?, row.get(7)?);
            if !wanted(language.as_deref(), rules.as_deref()) {
                return Ok(None);
            }
            Ok(Some(Made { capture: row.get(0)?, warc: warc(row, 1)?, place: place(row, 3)? }))
        })?;
        Ok(rows.into_iter().flatten().collect())
    }

    /// Whether the record of a capture is its release's current one.
    pub(in crate::archive) fn is_current(&self, capture: i64) -> Result<bool, Error> {
        let current = self.one("SELECT current FROM capture WHERE id = ?1", [capture], |row| row.get(0))?;
        Ok(current.unwrap_or_default())
    }

    /// The number of the last record; 0 where there is none.
    pub(in crate::archive) fn last_seq(&self) -> Result<u64, Error> {
        let last = self.one("SELECT coalesce(max(seq), 0) FROM record", [], |row| row.get(0))?;
        Ok(natural(last.unwrap_or_default()))
    }

    /// How far each file of a folder is taken in, in the order of names.
    pub(in crate::archive) fn files(&self, folder: &str) -> Result<Vec<(String, u64)>, Error> {
        let query = "SELECT name, bytes FROM file WHERE folder = ?1 ORDER BY name";
        self.all(query, [folder], |row| Ok((row.get(0)?, natural(row.get(1)?))))
    }

    /// Where the latest record of a release lies, also of one that is taken out.
    pub(in crate::archive) fn current_place(&self, release: &str) -> Result<Option<Place>, Error> {
        let query = "SELECT segment, frame, line FROM record JOIN capture ON capture.id = record.capture
            WHERE release = ?1 AND latest";
        self.one(query, [release], |row| place(row, 0))
    }

    /// Where the record of a version of a release lies.
    pub(in crate::archive) fn version_place(
        &self,
        release: &str,
        version: u32,
    ) -> Result<Option<Place>, Error> {
        let query = "SELECT segment, frame, line FROM record JOIN capture ON capture.id = record.capture
            WHERE release = ?1 AND version = ?2";
        self.one(query, params![release, version], |row| place(row, 0))
    }

    /// Number and place of the current records after the number `seq`, in their order.
    pub(in crate::archive) fn current_places(&self, seq: u64) -> Result<Vec<(u64, Place)>, Error> {
        let query = "SELECT seq, segment, frame, line FROM record JOIN capture ON capture.id = record.capture
            WHERE seq > ?1 AND current ORDER BY seq";
        self.all(query, [number(seq)], |row| Ok((natural(row.get(0)?), place(row, 1)?)))
    }

    /// Releases of which there are several versions, in the order of their ids.
    pub(in crate::archive) fn with_versions(&self) -> Result<Vec<String>, Error> {
        let query = "SELECT release FROM capture GROUP BY release HAVING count(*) > 1 ORDER BY release";
        self.all(query, [], |row| row.get(0))
    }

    /// The number of the newest capture; 0 where there is none.
    pub(in crate::archive) fn last_capture(&self) -> Result<i64, Error> {
        let found = self.one("SELECT coalesce(max(id), 0) FROM capture", [], |row| row.get(0))?;
        Ok(found.unwrap_or(0))
    }

    /// Releases and versions of the captures after the one with this number, in the order in which they came.
    pub(in crate::archive) fn arrived(&self, after: i64) -> Result<Vec<(String, u32)>, Error> {
        let query = "SELECT release, version FROM capture WHERE id > ?1 AND failed IS NULL ORDER BY id";
        self.all(query, [after], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// The versions of a release, oldest first.
    pub(in crate::archive) fn versions(&self, release: &str) -> Result<Vec<Version>, Error> {
        let query = "SELECT file, offset, version, digest, current, headline, published, failed,
            coalesce(note_file, file), coalesce(note_offset, offset), latest
            FROM capture LEFT JOIN record ON record.capture = capture.id WHERE release = ?1 ORDER BY version";
        self.all(query, [release], |row| {
            Ok(Version {
                warc: warc(row, 0)?,
                version: row.get(2)?,
                digest: row.get(3)?,
                current: row.get(4)?,
                headline: row.get(5)?,
                published: row.get(6)?,
                failed: row.get(7)?,
                noted: warc(row, 8)?,
                latest: row.get(10)?,
            })
        })
    }

    /// Releases whose id, readable id or address is exactly this.
    pub(in crate::archive) fn named(&self, column: Column, value: &str) -> Result<Vec<Named>, Error> {
        let query = format!("{NAMED} AND {} = ?1 ORDER BY release LIMIT 21", column.name());
        self.all(&query, [value], named)
    }

    /// Releases whose id or readable id begins so.
    pub(in crate::archive) fn beginning(&self, column: Column, value: &str) -> Result<Vec<Named>, Error> {
        let name = column.name();
        let query = format!("{NAMED} AND {name} >= ?1 AND {name} < ?2 ORDER BY release LIMIT 21");
        self.all(&query, [value, &format!("{value}{LAST}")], named)
    }

    /// Releases whose id, readable id or headline holds a word, at most 50.
    pub(in crate::archive) fn holding(&self, word: &str) -> Result<Vec<Named>, Error> {
        let query = format!(
            "{NAMED} AND (instr(lower(release), ?1) OR instr(alias, ?1) OR instr(lower(headline), ?1)) LIMIT 50"
        );
        self.all(&query, [word.to_lowercase()], named)
    }

    /// Sums over all current records.
    pub(in crate::archive) fn sums(&self) -> Result<Sums, Error> {
        let query = "SELECT count(*), total(text_bytes), total(officials), total(persons), total(organizations),
            total(proposals), total(statements) FROM record JOIN capture ON capture.id = record.capture WHERE current";
        let sums = self.one(query, [], |row| {
            let sum = |column| row.get::<_, f64>(column).map(whole);
            Ok(Sums {
                releases: natural(row.get(0)?),
                text_bytes: sum(1)?,
                facts: Facts {
                    officials: sum(2)?,
                    persons: sum(3)?,
                    organizations: sum(4)?,
                    proposals: sum(5)?,
                    statements: sum(6)?,
                },
            })
        })?;
        Ok(sums.unwrap_or(Sums { releases: 0, text_bytes: 0, facts: Facts::default() }))
    }

    /// How many captures there are, and how many have no record.
    pub(in crate::archive) fn captures(&self) -> Result<(u64, u64), Error> {
        let query = "SELECT count(*), count(*) - count(record.capture)
            FROM capture LEFT JOIN record ON record.capture = capture.id";
        let counts = self.one(query, [], |row| Ok((natural(row.get(0)?), natural(row.get(1)?))))?;
        Ok(counts.unwrap_or_default())
    }

    /// Releases and dates by source.
    pub(in crate::archive) fn sources(&self) -> Result<Vec<SourceStatus>, Error> {
        let query = "SELECT record.source, count(*), min(published), max(published)
            FROM record JOIN capture ON capture.id = record.capture WHERE current GROUP BY 1 ORDER BY 1 NULLS LAST";
        self.all(query, [], |row| {
            Ok(SourceStatus {
                source: row.get(0)?,
                releases: natural(row.get(1)?),
                first: row.get(2)?,
                last: row.get(3)?,
            })
        })
    }

    /// Current records by language and by the digest of the rules that made them.
    #[expect(clippy::type_complexity, reason = "one row: language, rules, count")]
    pub(in crate::archive) fn made_with(&self) -> Result<Vec<(Option<String>, Option<String>, u64)>, Error> {
        let query = "SELECT language, rules, count(*) FROM record JOIN capture ON capture.id = record.capture
            WHERE current GROUP BY 1, 2 ORDER BY 1, 2";
        self.all(query, [], |row| Ok((row.get(0)?, row.get(1)?, natural(row.get(2)?))))
    }

    /// The last run.
    pub(in crate::archive) fn last_run(&self) -> Result<Option<Run>, Error> {
        let query = "SELECT started, finished, added, versions, unchanged, skipped, reasons FROM run
            ORDER BY id DESC LIMIT 1";
        self.one(query, [], |row| {
            Ok(Run {
                started: row.get(0)?,
                finished: row.get(1)?,
                added: natural(row.get(2)?),
                versions: natural(row.get(3)?),
                unchanged: natural(row.get(4)?),
                skipped: natural(row.get(5)?),
                reasons: serde_json::from_str(&row.get::<_, String>(6)?).unwrap_or_default(),
            })
        })
    }
}

/// What a list of pages says of a capture.
#[derive(Clone, Debug)]
pub(in crate::archive) struct Listed {
    pub(in crate::archive) headline: Option<String>,
    /// The id of its release.
    pub(in crate::archive) release: String,
    /// The address that the page itself gives as its own, or its input.
    pub(in crate::archive) url: Option<String>,
}

/// By what a release is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::archive) enum Column {
    Id,
    Alias,
    Url,
}

impl Column {
    const fn name(self) -> &'static str {
        match self {
            Self::Id => "release",
            Self::Alias => "alias",
            Self::Url => "url",
        }
    }
}

const NAMED: &str =
    "SELECT release, alias FROM record JOIN capture ON capture.id = record.capture WHERE latest";

fn named(row: &Row<'_>) -> rusqlite::Result<Named> {
    Ok(Named { id: row.get(0)?, alias: row.get(1)? })
}

fn place(row: &Row<'_>, from: usize) -> rusqlite::Result<Place> {
    Ok(Place { segment: row.get(from)?, frame: natural(row.get(from + 1)?), line: row.get(from + 2)? })
}

fn warc(row: &Row<'_>, from: usize) -> rusqlite::Result<WarcPlace> {
    Ok(WarcPlace { file: row.get(from)?, offset: natural(row.get(from + 1)?) })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a sum of lengths is a whole number above zero"
)]
fn whole(sum: f64) -> u64 {
    sum as u64
}
