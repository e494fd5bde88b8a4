//! What was left out of the input: told as it happens, listed in a file where the user wants it, counted at the end.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use chancery::input::{Skip, SkipCounts};
use serde_json::json;

use crate::exit::{Exit, Failure, Outcome};
use crate::phrase;
use crate::told;

/// So many are told one by one; the rest is counted.
const TOLD: u64 = 20;

/// Everything left out so far.
pub(crate) struct Skips {
    list: Option<(PathBuf, BufWriter<File>)>,
    told: u64,
    mended: BTreeSet<&'static str>,
}

impl Skips {
    /// With a list in a file, where the user wants one.
    pub(crate) fn new(list: Option<&Path>) -> Outcome<Self> {
        let list = list.map(|path| match File::create(path) {
            Ok(file) => Ok((path.to_owned(), BufWriter::new(file))),
            Err(why) => Err(unwritable(path, &why)),
        });
        Ok(Self { list: list.transpose()?, told: 0, mended: BTreeSet::new() })
    }

    /// Tells and lists one thing that was left out. What was only met in a folder and is no release is not told.
    pub(crate) fn add(&mut self, skip: &Skip) -> Outcome<()> {
        if skip.is_error {
            self.told += 1;
            if self.told <= TOLD {
                told::say(&skip.to_string());
                // The mend of each kind is said once.
                if self.mended.insert(skip.reason.name()) {
                    told::help(skip.reason.mend());
                }
            } else if self.told == TOLD + 1 {
                told::say("what else is skipped is only counted; list it with --skipped FILE");
            }
        }
        let Some((path, list)) = &mut self.list else { return Ok(()) };
        let line = json!({
            "path": skip.place.path, "line": skip.place.line, "column": skip.place.column,
            "offset": skip.place.offset, "reason": skip.reason.name(), "message": skip.reason.to_string(),
            "mend": skip.reason.mend(), "error": skip.is_error,
        });
        writeln!(list, "{line}").map_err(|why| unwritable(path, &why))
    }

    /// The list is whole.
    pub(crate) fn finish(&mut self) -> Outcome<()> {
        let Some((path, list)) = &mut self.list else { return Ok(()) };
        list.flush().map_err(|why| unwritable(path, &why))
    }

    /// How to end, and the closing line: how much was read, and what was skipped by reason.
    pub(crate) fn close(&mut self, read: u64, counts: &SkipCounts) -> Outcome {
        self.finish()?;
        let exit = if counts.errors > 0 { Exit::Trouble } else { Exit::Well };
        let list = if self.list.is_some() { "" } else { "; list them with --skipped FILE" };
        let read = phrase::count(read, "release", "releases");
        if counts.undated() > 0 {
            let undated = phrase::grouped(counts.undated());
            told::say(&format!(
                "{read} read, {undated} without the date that the input gives (exit code {}){list}",
                exit as u8
            ));
        }
        if counts.long() > 0 {
            let long = phrase::grouped(counts.long());
            told::say(&format!(
                "{read} read, {long} with facts of the beginning of the text alone (exit code {}){list}",
                exit as u8
            ));
        }
        if counts.total() == 0 {
            return Ok(exit);
        }
        let reasons = phrase::reasons(counts.left_out());
        let skipped = phrase::grouped(counts.total());
        told::say(&format!("{read} read, {skipped} skipped ({reasons}; exit code {}){list}", exit as u8));
        Ok(exit)
    }
}

fn unwritable(path: &Path, why: &std::io::Error) -> Failure {
    Failure::new(
        format!("cannot write the list of what was skipped to {}: {why}", path.display()),
        "name a file in a folder that exists and that you may write",
    )
}
