//! How much memory a page takes while it is read: each page in a process of its own, which tells its peak. The
//! allocator is the system's, not the program's own.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use chancery::rulesets::Rulesets;
use chancery_reader::Selectors;
use chancery_record::{Capture, Media};
use serde_json::{Value, json};

use super::pages::{Page, Pages};
use crate::Result;
use crate::clock::median;
use crate::memory::resident;
use crate::table::{Aim, Row, Table};

/// So many of the largest pages.
const LARGEST: usize = 20;
/// Bytes that a page may take beside a multiple of its own.
const FREE: f64 = 1e6;
/// A page that needs what every page needs, read before the one that counts.
const SMALL: &str =
    "<html lang=en><title>Tides</title><h1>Tides rise</h1><p>The tides rise on 2 March 2026.</p>";

/// Prints a row for the dearest of the largest pages. The program and its rules count too: a page takes again what loading
/// the rules gave back, so what comes on top of them would be too little.
pub(super) fn run(table: &mut Table, pages: &Pages) -> Result<()> {
    let mut largest: Vec<&Page> = pages.all.iter().collect();
    largest.sort_by_key(|page| std::cmp::Reverse(page.html.len()));
    largest.truncate(LARGEST);
    let (dir, mut taken) = (tempfile::tempdir()?, Vec::new());
    for page in largest {
        let path = dir.path().join("page.html");
        fs::write(&path, &page.html)?;
        let told = Command::new(std::env::current_exe()?)
            .arg("reader-page")
            .arg(&path)
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()?;
        let told: Value = serde_json::from_slice(&told.stdout)?;
        let number = |name: &str| told.get(name).and_then(Value::as_f64).unwrap_or(f64::NAN);
        let size = page.html.len() as f64;
        taken.push(((number("peak") * 1e6 - FREE) / size, size, number("own"), number("peak")));
    }
    let middle = median(taken.iter().map(|taken| taken.0).collect());
    let dearest = taken.iter().copied().max_by(|a, b| a.0.total_cmp(&b.0));
    let (value, size, own, peak) = dearest.ok_or("there are no pages")?;
    let note = format!(
        "{peak:.1} MB for a page of {:.0} kB, of it {own:.1} after the rules were loaded; median {middle:.1} ×",
        size / 1e3
    );
    let name = format!("peak of process less 1 MB : page, {} largest", taken.len());
    table.row(&Row { name, value, unit: "×", aim: Aim::AtMost(60.0), note })
}

/// Reads the page of a file and prints as JSON, in MB, the peak of the process, and how far that lies above what was
/// resident before the page came in.
pub(crate) fn one(path: &Path) -> Result<()> {
    let lexicon = Rulesets::embedded().lexicon()?;
    let read = |bytes: Vec<u8>| {
        let charset = Some("utf-8".to_owned());
        let capture = Capture { media: Media::Html, bytes, charset, ..Capture::default() };
        std::hint::black_box(chancery_reader::read_any(&capture, &Selectors::default(), &lexicon))
    };
    let _ = read(SMALL.into());
    let highest = resident("VmHWM:")?;
    // The highest mark begins anew, where the kernel allows it; else the one from before stays in, to our disadvantage.
    let _ = fs::write("/proc/self/clear_refs", "5");
    let before = resident("VmRSS:")?;
    let _ = read(fs::read(path)?);
    let after = resident("VmHWM:")?;
    let told = json!({"own": after - before, "peak": after.max(highest)});
    Ok(writeln!(io::stdout().lock(), "{told}")?)
}
