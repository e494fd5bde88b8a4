//! What becomes of time, memory and answers as an index grows: each size in a process of its own, which tells its peak.

use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use chancery::archive::Archive;
use chancery_index::Index;
use serde_json::{Value, json};

use super::asked::Times;
use super::writing;
use crate::Result;
use crate::memory::resident;
use crate::table::{Aim, Row, Table};

/// Releases, the same over and over under new ids.
const SIZES: [usize; 3] = [5_000, 20_000, 80_000];

/// Prints a row for each size.
pub(super) fn run(table: &mut Table, dir: &Path) -> Result<()> {
    let mut first = None;
    for size in SIZES {
        let command = Command::new(std::env::current_exe()?)
            .args(["search-size", &size.to_string()])
            .arg(dir)
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()?;
        let told: Value = serde_json::from_slice(&command.stdout)?;
        let number = |name: &str| told.get(name).and_then(Value::as_f64).unwrap_or(f64::NAN);
        let each = number("seconds") / number("text");
        let value = each / *first.get_or_insert(each);
        let aim = if value == 1.0 { Aim::None } else { Aim::AtMost(1.1) };
        let note = format!(
            "{:.1} s of processors, {:.2} MB/s; peak {:.0} MB, of it own {:.0}; index {:.1} MB; questions {:.2} and {:.2} ms",
            number("seconds"),
            number("text") / 1e6 / number("seconds"),
            number("peak"),
            number("own"),
            number("size") / 1e6,
            number("median"),
            number("p99"),
        );
        let name = format!("{size} releases : {}, time for the same text", SIZES[0]);
        table.row(&Row { name, value, unit: "×", aim, note })?;
    }
    Ok(())
}

/// Writes an index of so many releases of the archive in `dir`, asks it, and prints what that took as JSON.
pub(crate) fn one(dir: &Path, releases: usize) -> Result<()> {
    let archive = Archive::open_read(&dir.join("archive"))?;
    let index = tempfile::tempdir()?;
    let written = writing::ours(&archive, releases, index.path())?;
    let peak = resident("VmHWM:")?;
    let times = Times::of(&Index::open(index.path())?, &archive)?;
    let told = json!({
        "seconds": written.seconds, "text": written.text, "peak": peak, "own": written.own,
        "size": writing::size(index.path())?, "median": times.median(), "p99": times.p99(),
    });
    Ok(writeln!(io::stdout().lock(), "{told}")?)
}
