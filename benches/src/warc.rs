//! How fast WARC files are read, beside `warcio` (PyPI) in the same run: `warc [MEGABYTES]`.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;

use chancery_warc::{Digests, Scan, ScanOptions, WarcRecord, Writer};

use crate::Result;
use crate::clock::seconds;

/// Bytes of each page, on average.
const PAGE: usize = 20_000;
/// Each is timed so often; the fastest counts.
const ROUNDS: usize = 3;
/// What `warcio` does to read every record to its end.
const PYTHON: &str = "import sys, time\nfrom warcio.archiveiterator import ArchiveIterator\nt = time.process_time()\n\
    n = sum(len(r.raw_stream.read()) for r in ArchiveIterator(open(sys.argv[1], 'rb'), no_record_parse=True))\n\
    print(n, time.process_time() - t)";

/// Prints megabytes a second, decompressed, on one core.
pub(crate) fn run(megabytes: usize) -> Result<()> {
    let dir = tempfile::tempdir()?;
    let path = dir.path().join("pages.warc.gz");
    let bytes = write(&path, megabytes * 1_000_000)?;
    let packed = fs::metadata(&path)?.len();
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "{} MB of pages, {} MB packed, one gzip member a record",
        bytes / 1_000_000,
        packed / 1_000_000
    )?;
    let rate = |taken: f64| bytes as f64 / 1e6 / taken;
    for (name, digests) in [("read", Digests::Ignore), ("read, blocks compared with SHA-256", Digests::Check)]
    {
        let taken = fastest(|| read(&path, digests))?;
        writeln!(out, "chancery, {name:<40}{:>8.0} MB/s", rate(taken))?;
    }
    let mut theirs = f64::INFINITY;
    for _ in 0..ROUNDS {
        let Ok(said) = Command::new("python3").args(["-c", PYTHON]).arg(&path).output() else { break };
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        let taken = said.split_whitespace().nth(1).and_then(|taken| taken.parse().ok());
        theirs = theirs.min(taken.unwrap_or(f64::INFINITY));
    }
    if theirs.is_finite() {
        writeln!(out, "warcio,   {:<40}{:>8.0} MB/s", "read", rate(theirs))?;
    } else {
        writeln!(out, "warcio is not installed (pip install warcio): nothing to compare with")?;
    }
    Ok(())
}

/// Writes pages of words until they have so many bytes; returns how many they have.
fn write(path: &Path, bytes: usize) -> Result<u64> {
    let mut writer = Writer::new(File::create(path)?)?;
    let (mut total, mut state) = (0, 1_u64);
    for number in 0.. {
        if total >= bytes {
            break;
        }
        let mut page =
            String::from("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><body>");
        while page.len() < PAGE {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let word = WORDS[(state >> 33) as usize % WORDS.len()];
            page += if state >> 60 == 0 { "</p>\n<p class=\"text\">" } else { " " };
            page += word;
            if state >> 59 & 1 == 0 {
                page += &format!("{:x}", state >> 44);
            }
        }
        total += page.len();
        let url = format!("https://tides.example/news/{number}");
        writer.append(&WarcRecord::response(&url, "2026-03-02T09:30:00Z", page.into_bytes(), None))?;
    }
    Ok(total as u64)
}

const WORDS: [&str; 24] = [
    "ministry",
    "harbour",
    "the",
    "of",
    "tide",
    "Minister",
    "said",
    "that",
    "proposed",
    "ferry",
    "agreement",
    "and",
    "cooperation",
    "in",
    "development",
    "program",
    "officials",
    "Tuesday",
    "visit",
    "statement",
    "with",
    "for",
    "national",
    "authority",
];

fn read(path: &Path, digests: Digests) -> Result<u64> {
    let options = ScanOptions { hold: 64 << 20, digests };
    let mut bytes = 0;
    for scanned in Scan::new(File::open(path)?, 0, options)? {
        let scanned = scanned?;
        if !scanned.flaws.is_empty() {
            return Err(format!("the record at byte {} is odd", scanned.offset).into());
        }
        bytes += scanned.body_length;
    }
    Ok(bytes)
}

/// The least time, in seconds, of some rounds.
fn fastest(mut run: impl FnMut() -> Result<u64>) -> Result<f64> {
    let mut least = f64::INFINITY;
    for _ in 0..ROUNDS {
        let mut done = Ok(0);
        least = least.min(seconds(|| done = run())?);
        done?;
    }
    Ok(least)
}
