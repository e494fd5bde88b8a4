//! What the index promises, in one run over the same releases: how long it takes to write beside tantivy alone, how large it
//! is, how fast it answers and suggests, and how all that grows.
//!
//! Every time is one of processors, of a thread or of the whole process: other programs that run beside do not count.

mod asked;
mod growth;
mod writing;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use chancery::archive::Archive;
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

/// Prints the table. `program` is the release program, `dir` a folder for an archive of the releases, taken as it is where it
/// is there.
pub(crate) fn run(program: &Path, dir: &Path) -> Result<()> {
    let archive = archive(program, dir)?;
    let mut table = Table::begin()?;
    let written = writing::run(&mut table, &archive)?;
    asked::run(&mut table, &archive, written.path())?;
    growth::run(&mut table, dir)?;
    table.end()
}

/// An archive of the releases.
fn archive(program: &Path, dir: &Path) -> Result<Archive> {
    let path = dir.join("archive");
    if !path.join("archive.toml").exists() {
        std::fs::create_dir_all(dir)?;
        let bulk = Path::new(env!("CARGO_MANIFEST_DIR")).join(BULK);
        let input = if bulk.exists() { bulk } else { demo(dir)? };
        let mut command = Command::new(program);
        command.args(["ingest", "--archive"]).arg(&path).arg(&input);
        let status = command.stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null()).status()?;
        if !status.success() {
            return Err(format!("the releases could not be taken in: {status}").into());
        }
    }
    Ok(Archive::open_read(&path)?)
}

fn demo(dir: &Path) -> Result<PathBuf> {
    let texts = Texts::load(DEMO_TEXT, None)?;
    line(&format!("{} releases: {}", texts.all.len(), texts.origin))?;
    texts.write(dir)
}

/// The records of an archive over and over, each time with other ids, so many.
fn records(archive: &Archive, most: usize) -> impl Iterator<Item = Result<Record>> {
    let round = |round: usize| {
        let records = archive.records().into_iter().flatten();
        records.map(move |record| {
            let mut record = record?;
            record.release.id = format!("{round}/{}", record.release.id);
            Ok(record)
        })
    };
    (0..).flat_map(round).take(most)
}
