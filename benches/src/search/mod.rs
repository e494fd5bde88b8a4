//! What the index promises, in one run over the same releases: how long it takes to write beside tantivy alone, how large it
//! is, how fast it answers and suggests, and how all that grows.
//!
//! Every time is one of processors, of a thread or of the whole process: other programs that run beside do not count.

mod asked;
mod growth;
mod writing;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use chancery::archive::Archive;
use chancery_index::{Place, Records};
use chancery_record::Record;

use crate::Result;
use crate::table::{Table, line};
use crate::texts::Texts;

pub(crate) use growth::one as one_size;

/// Releases to measure on, beside the workspace.
const BULK: &str = "../../shared/corpora/bulk_en_sample.jsonl.zst";
/// So many releases are measured on.
const RELEASES: usize = 20_000;
/// Bytes of text where the demo corpus is repeated instead.
const DEMO_TEXT: usize = 72_000_000;
/// Memory of a writer, as `chancery ingest` gives it.
const MEMORY: usize = 64_000_000;
/// Commits come as often as in `chancery ingest`.
const COMMIT: usize = 1000;

/// What can be measured by itself, in the order in which it is told.
const PARTS: [&str; 6] = ["time", "size", "facets", "ids", "suggest", "growth"];

/// Prints the table, or those parts of it that are named. `program` is the release program, `dir` a folder for an archive of
/// the releases, taken as it is where it is there.
pub(crate) fn run(program: &Path, dir: &Path, parts: &[&str]) -> Result<()> {
    if let Some(unknown) = parts.iter().find(|part| !PARTS.contains(part)) {
        return Err(format!("there is no part `{unknown}`: name some of {}", PARTS.join(", ")).into());
    }
    let wants = |part: &str| parts.is_empty() || parts.contains(&part);
    let archive = archive(program, dir)?;
    let mut table = Table::begin()?;
    if wants("time") {
        writing::time(&mut table, &archive)?;
    }
    if ["size", "facets", "ids"].into_iter().any(wants) {
        let written = writing::all(&archive)?;
        if wants("size") {
            writing::size_of(&mut table, &written)?;
        }
        if wants("facets") {
            asked::facets(&mut table, &archive, written.dir.path())?;
        }
        if wants("ids") {
            asked::ids(&mut table, written.dir.path())?;
        }
    }
    if wants("suggest") {
        asked::suggestions(&mut table, &archive)?;
    }
    if wants("growth") {
        growth::run(&mut table, dir)?;
    }
    table.end()
}

/// An archive of the releases.
fn archive(program: &Path, dir: &Path) -> Result<Archive> {
    let path = dir.join("archive");
    if !path.join("archive.toml").exists() {
        std::fs::create_dir_all(dir)?;
        let bulk = Path::new(env!("CARGO_MANIFEST_DIR")).join(BULK);
        let (input, given) = if bulk.exists() { (bulk, RELEASES) } else { demo(dir)? };
        let begun = Instant::now();
        let mut command = Command::new(program);
        let command = command.args(["ingest", "--archive"]).arg(&path).arg(&input).stdin(Stdio::null());
        let done = command.stdout(Stdio::null()).output()?;
        let said = String::from_utf8_lossy(&done.stderr);
        // Exit code 1 says too that one release among thousands has a date that is none: that is told, and is no failure.
        let taken = match done.status.code() {
            Some(0 | 1) => Archive::open_read(&path)?.records()?.count(),
            _ => 0,
        };
        if taken * 100 < given * 99 {
            // What was begun is not taken for whole next time.
            std::fs::remove_dir_all(&path)?;
            let ended = done.status;
            return Err(format!(
                "{taken} of {given} releases were taken in, {ended}; the program said:\n{said}"
            )
            .into());
        }
        line(&format!(
            "{taken} releases taken in, {:.0} s on the clock; {}",
            begun.elapsed().as_secs_f64(),
            said.trim()
        ))?;
    }
    Ok(Archive::open_read(&path)?)
}

/// A file of the texts of the demo corpus, and how many releases it holds.
fn demo(dir: &Path) -> Result<(PathBuf, usize)> {
    let texts = Texts::load(DEMO_TEXT, None)?;
    line(&format!("{} releases: {}", texts.all.len(), texts.origin))?;
    Ok((texts.write(dir)?, texts.all.len()))
}

/// Where the number of a round stands in that of a file.
const ROUND: u32 = 16;

/// The records of an archive under the ids that [`records`] gives them.
struct Rounds<'a>(&'a dyn Records);

impl Records for Rounds<'_> {
    fn record(&self, place: Place) -> std::result::Result<Record, Box<dyn std::error::Error + Send + Sync>> {
        let round = place.file >> ROUND;
        let record = self.0.record(Place { file: place.file & ((1 << ROUND) - 1), ..place })?;
        Ok(renamed(record, round))
    }
}

fn renamed(mut record: Record, round: u32) -> Record {
    record.release.id = format!("{round}/{}", record.release.id);
    record
}

/// The records of an archive over and over, each time with other ids, so many, with the places where [`Rounds`] finds them.
fn records(archive: &Archive, most: usize) -> impl Iterator<Item = Result<(Record, Place)>> {
    let round = |round: u32| {
        let records = archive.placed_records().into_iter().flatten();
        records.map(move |record| {
            let (record, place) = record?;
            Ok((renamed(record, round), Place { file: place.file | round << ROUND, ..place }))
        })
    };
    (0..).flat_map(round).take(most)
}
