//! How long an index takes to write, beside tantivy that gets the same documents made, and how large it is.

use std::fs;
use std::path::Path;
use std::time::Instant;

use chancery::archive::Archive;
use chancery_index::{Bare, Index, Space};
use tempfile::TempDir;

use super::{COMMIT, MEMORY, RELEASES, records};
use crate::Result;
use crate::clock::{Meter, compare};
use crate::memory::resident;
use crate::table::{Aim, Row, Table, rate};

/// Threads of both writers.
const THREADS: usize = 2;
/// Releases and rounds of the comparison.
const COMPARED: usize = 5_000;
const ROUNDS: usize = 5;
/// What takes less than such a part of the room is not told.
const TOLD: u64 = 200;

/// Prints how long writing takes.
pub(super) fn time(table: &mut Table, archive: &Archive) -> Result<()> {
    let both = compare(
        ROUNDS,
        || bare(archive, COMPARED),
        || {
            let dir = tempfile::tempdir()?;
            Ok(ours(archive, COMPARED, dir.path())?.seconds)
        },
    )?;
    table.row(&Row {
        name: format!("index {COMPARED} releases : tantivy alone"),
        value: both.ratio,
        unit: "×",
        aim: Aim::AtMost(1.15),
        note: format!("{:.2} s and {:.2} s of processors, {THREADS} threads", both.second, both.first),
    })
}

/// The index of all releases; its folder is gone when it is dropped.
pub(super) struct All {
    pub(super) dir: TempDir,
    written: Written,
}

/// Writes the index of all releases.
pub(super) fn all(archive: &Archive) -> Result<All> {
    let dir = tempfile::tempdir()?;
    let written = ours(archive, RELEASES, dir.path())?;
    Ok(All { dir, written })
}

/// Prints how large the index is, and what takes the room.
pub(super) fn size_of(table: &mut Table, all: &All) -> Result<()> {
    let (written, size) = (&all.written, size(all.dir.path())?);
    table.row(&Row {
        name: format!("size of the index : text, {RELEASES} releases"),
        value: size as f64 / written.text as f64,
        unit: "×",
        aim: Aim::AtMost(1.0),
        note: format!(
            "{:.1} MB of text, {:.1} MB of index; written at {} of processors, {:.1} s on the clock",
            written.text as f64 / 1e6,
            size as f64 / 1e6,
            rate(written.text, written.seconds),
            written.clock,
        ),
    })?;
    let space = Index::open(all.dir.path())?.space()?;
    for Space { part, field, bytes } in space.into_iter().filter(|space| space.bytes * TOLD > size) {
        table.row(&Row {
            name: format!("  {part} {field}"),
            value: bytes as f64 / written.text as f64,
            unit: "×",
            aim: Aim::None,
            note: format!("{:.2} MB", bytes as f64 / 1e6),
        })?;
    }
    Ok(())
}

/// What writing took.
pub(super) struct Written {
    /// Seconds of processors, without those that reading the records took.
    pub(super) seconds: f64,
    /// Seconds that went by, reading included.
    pub(super) clock: f64,
    /// Bytes of text.
    pub(super) text: usize,
    /// The most memory that was the process's own, files that it maps left out, in MB (10^6 bytes).
    pub(super) own: f64,
}

/// Writes an index of so many releases.
pub(super) fn ours(archive: &Archive, releases: usize, dir: &Path) -> Result<Written> {
    let begun = Instant::now();
    let mut meter = Meter::start()?;
    let mut writer = Index::create(dir)?.writer_with_threads(MEMORY, THREADS)?;
    let (mut text, mut own) = (0, 0.0_f64);
    let mut records = records(archive, releases);
    for seq in 1.. {
        let Some(record) = meter.apart(|| records.next())? else { break };
        let (record, place) = record?;
        text += record.release.text.len();
        writer.put(&record, seq, place)?;
        if seq % COMMIT as u64 == 0 {
            own = own.max(resident("RssAnon:")?);
            writer.commit()?;
        }
    }
    writer.close()?;
    Ok(Written { seconds: meter.seconds()?, clock: begun.elapsed().as_secs_f64(), text, own })
}

/// Writes the same documents with tantivy alone; making them does not count.
fn bare(archive: &Archive, releases: usize) -> Result<f64> {
    let dir = tempfile::tempdir()?;
    let mut meter = Meter::start()?;
    let mut writer = Bare::create(dir.path(), MEMORY, THREADS)?;
    let mut records = records(archive, releases);
    for number in 1.. {
        let prepared = meter.apart(|| {
            let next = records.next();
            next.map(|next| next.map(|(record, place)| writer.prepare(&record, place)))
        })?;
        let Some(prepared) = prepared else { break };
        writer.add(prepared?)?;
        if number % COMMIT == 0 {
            writer.commit()?;
        }
    }
    writer.close()?;
    meter.seconds()
}

/// Bytes of all files of a folder.
pub(super) fn size(dir: &Path) -> Result<u64> {
    let mut sum = 0;
    for entry in fs::read_dir(dir)? {
        sum += entry?.metadata()?.len();
    }
    Ok(sum)
}
