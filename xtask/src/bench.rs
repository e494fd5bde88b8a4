//! Speeds: ratios within one run, throughput and memory of the release program, counts of instructions.

mod capture;
mod counts;
mod site;

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

pub(crate) use capture::run as capture;
pub(crate) use counts::{bless, check, outcome};

use crate::shell::{Result, cargo, checked, files, program, root, say, scratch, target, text_of};

/// Sizes at which memory is named, in releases.
const SIZES: [usize; 2] = [5_000, 20_000];

/// Prints the table of ratios that the rule engine promises.
pub(crate) fn ratios() -> Result<()> {
    let program = program()?;
    table(Command::new(benches()?).arg("ratios").arg(program))
}

/// Prints how fast WARC files are read, beside `warcio`.
pub(crate) fn warc() -> Result<()> {
    table(Command::new(benches()?).arg("warc"))
}

/// Prints how fast pages are read and in how much memory, beside `scraper` alone and `trafilatura`.
pub(crate) fn reader() -> Result<()> {
    table(Command::new(benches()?).arg("reader"))
}

/// Prints what the index promises: its times and sizes beside tantivy alone, how fast it answers and suggests, how it grows;
/// all of it, or the parts that are named.
pub(crate) fn search(parts: &[&str]) -> Result<()> {
    let (program, dir) = (program()?, scratch("search")?);
    table(Command::new(benches()?).arg("search").arg(program).arg(dir).args(parts))
}

/// Lets the benches print a table.
fn table(benches: &mut Command) -> Result<()> {
    match benches.stdin(Stdio::null()).status() {
        Ok(ended) if ended.success() => Ok(()),
        Ok(ended) => Err(format!("the table was not finished: {ended}")),
        Err(why) => Err(format!("cannot run the benches: {why}")),
    }
}

/// The program of the benches, built if need be; together with the program itself, so that both are linked with the same
/// crates and nothing is built twice.
fn benches() -> Result<PathBuf> {
    let both = ["build", "--release", "--package", "chancery-cli", "--package", "chancery-benches"];
    checked("cargo build --release of the benches", cargo(&both).output())?;
    Ok(target().join("release").join("chancery-benches"))
}

/// Measures extraction and ingestion of the files given, else of the demo corpus's texts repeated.
pub(crate) fn bulk_runs(inputs: &[&str]) -> Result<()> {
    let program = program()?;
    let dir = scratch("bench")?;
    say(&format!("{:<44}{:>10}{:>12}{:>10}{:>12}", "", "releases", "seconds", "per s", "peak MB"));
    if inputs.is_empty() {
        for size in SIZES {
            let (file, bytes) = bulk(&dir, size)?;
            measure(&program, &dir, &format!("demo texts × {size}"), &[file], Some(bytes))?;
        }
    } else {
        let paths: Vec<PathBuf> = inputs.iter().map(PathBuf::from).collect();
        let name = |path: &PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let names: Vec<String> = paths.iter().map(name).collect();
        measure(&program, &dir, &names.join(" "), &paths, None)?;
    }
    Ok(())
}

fn measure(program: &Path, dir: &Path, name: &str, paths: &[PathBuf], bytes: Option<u64>) -> Result<()> {
    for jobs in ["1", "2"] {
        let out = dir.join("records.ndjson");
        let run = timed(Command::new(program).args(["extract", "--jobs", jobs]).args(paths), &out)?;
        row(&format!("extract --jobs {jobs}: {name}"), &run, lines(&out)?);
        if let Some(bytes) = bytes {
            let rate = bytes as f64 / 1e6 / run.seconds;
            say(&format!("{:<44}{rate:>10.2} MB/s of text", ""));
        }
    }
    let archive = dir.join("archive");
    let _ = fs::remove_dir_all(&archive);
    let out = dir.join("ingested.txt");
    let run = timed(Command::new(program).args(["ingest", "--archive"]).arg(&archive).args(paths), &out)?;
    lines(&out)?;
    row(&format!("ingest: {name}"), &run, lines(&dir.join("records.ndjson"))?);
    Ok(())
}

fn row(name: &str, run: &Run, releases: usize) {
    let rate = releases as f64 / run.seconds;
    say(&format!("{name:<44}{releases:>10}{:>12.1}{rate:>10.0}{:>12.0}", run.seconds, run.peak));
}

/// How long a run took, how much of that a core worked for it, and its peak resident memory in MB (10^6 bytes).
struct Run {
    seconds: f64,
    cpu: f64,
    peak: f64,
}

/// Runs a command to its end, looking at its memory as it runs.
fn timed(command: &mut Command, out: &Path) -> Result<Run> {
    let out = File::create(out).map_err(|why| why.to_string())?;
    let begun = Instant::now();
    let child = command.stdout(out).stdin(Stdio::null()).spawn();
    let mut child = child.map_err(|why| format!("cannot run the program: {why}"))?;
    let status = format!("/proc/{}/status", child.id());
    let stat = format!("/proc/{}/stat", child.id());
    let (mut peak, mut cpu): (f64, f64) = (0.0, 0.0);
    loop {
        // The kernel keeps the highest mark, so only the last look before the end matters.
        let text = fs::read_to_string(&status).unwrap_or_default();
        let mark = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0");
        let kib: f64 = mark.split_whitespace().next().and_then(|kib| kib.parse().ok()).unwrap_or(0.0);
        peak = peak.max(kib * 1024.0 / 1e6);
        cpu = cpu.max(worked(&fs::read_to_string(&stat).unwrap_or_default()));
        match child.try_wait() {
            Ok(None) => std::thread::sleep(Duration::from_millis(5)),
            // Skipped inputs give exit code 1; a signal gives none.
            Ok(Some(ended)) if ended.code().is_some_and(|code| code <= 1) => break,
            Ok(Some(ended)) => return Err(format!("the program ended with {ended}")),
            Err(why) => return Err(why.to_string()),
        }
    }
    Ok(Run { seconds: begun.elapsed().as_secs_f64(), cpu, peak })
}

/// Seconds that a process had a core, by its line in `/proc`: fields 14 and 15, in hundredths.
fn worked(stat: &str) -> f64 {
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// The demo corpus's texts over and over, each release with an id of its own, as NDJSON; and the bytes of text.
fn bulk(dir: &Path, releases: usize) -> Result<(PathBuf, u64)> {
    let mut texts = Vec::new();
    for path in files(&root().join("corpora/demo/gold/text"), &[".txt"]) {
        texts.push(text_of(&path)?);
    }
    if texts.is_empty() {
        return Err("corpora/demo/gold/text holds no texts".into());
    }
    let path = dir.join(format!("bulk-{releases}.ndjson"));
    let file = File::create(&path).map_err(|why| format!("cannot write {}: {why}", path.display()))?;
    let mut file = std::io::BufWriter::new(file);
    let mut bytes = 0;
    for (number, text) in texts.iter().cycle().take(releases).enumerate() {
        bytes += text.len() as u64;
        let line = json!({"id": format!("bulk/{number}"), "lang": "en", "text": text});
        writeln!(file, "{line}").map_err(|why| why.to_string())?;
    }
    file.flush().map_err(|why| why.to_string())?;
    Ok((path, bytes))
}

/// How many lines a run printed; none is no run to be measured.
fn lines(path: &Path) -> Result<usize> {
    let bytes = fs::read(path).map_err(|why| why.to_string())?;
    match bytes.iter().filter(|byte| **byte == b'\n').count() {
        0 => Err("the program printed nothing; its message stands above".into()),
        lines => Ok(lines),
    }
}
