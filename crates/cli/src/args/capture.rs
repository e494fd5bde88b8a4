//! What can be typed of `capture`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum, ValueHint};

use super::{ArchiveArgs, RulesDir};

/// `capture`
#[derive(Args, Debug)]
pub(crate) struct CaptureArgs {
    /// Sources by their ids (`chancery source list`), or addresses of single pages.
    #[arg(required = true, value_name = "SOURCE|URL")]
    pub(crate) what: Vec<String>,
    /// Whom a site's keepers may write to: an address of mail or of a page. It is sent with every request [default: `contact`
    /// of archive.toml, else of the source].
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) contact: Option<String>,
    /// Keep the pages and make no records of them; `chancery capture` without this flag, or any later one, does.
    #[arg(long)]
    pub(crate) capture_only: bool,
    /// The least time between two requests to a host, `2s` or `750ms`, in place of what the sources say.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) pace: Option<Duration>,
    /// Fetch so many pages and leave the rest to the next run.
    #[arg(long, value_name = "N")]
    pub(crate) pages: Option<u64>,
    /// Ask for nothing more after so long, `90min` or `8h`, and leave the rest to the next run. Pauses that a host asks for, and hours
    /// in which it may be asked, are waited for within that time [default: until nothing is to be had within ten minutes].
    #[arg(long, value_name = "TIME", value_parser = some_time)]
    pub(crate) max_time: Option<Duration>,
    /// Read and index what came, each time that so many pages are there [default: 1000, or five minutes].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) portion: Option<u64>,
    /// What to fetch besides pages, in place of what the sources say: with `all` a WACZ of them shows them as they were.
    #[arg(long, value_name = "WHAT")]
    pub(crate) requisites: Option<RequisitesArg>,
    /// Hosts that you name, here or in a source, may have private addresses. Those that a page leads to never may.
    #[arg(long)]
    pub(crate) allow_private: bool,
    /// Tell each event as a line of JSON on standard output.
    #[arg(long, value_name = "FORM")]
    pub(crate) log: Option<LogArg>,
    #[command(flatten)]
    pub(crate) archive: ArchiveArgs,
    #[command(flatten)]
    pub(crate) rules: RulesDir,
    /// How many releases are read at a time [default: one a core].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: Option<u16>,
    /// Write what was not fetched, and why, to this file: one JSON object a line.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) skipped: Option<PathBuf>,
}

/// What is fetched besides pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RequisitesArg {
    /// Nothing.
    None,
    /// Documents that a release links to: PDF and the like.
    Documents,
    /// Documents, pictures, styles, scripts, fonts.
    All,
}

/// How events are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogArg {
    /// One JSON object a line.
    Json,
}

/// A time that is not over before it began.
pub(super) fn some_time(words: &str) -> Result<Duration, String> {
    match time(words)? {
        Duration::ZERO => Err("in no time nothing can be fetched; write it like 90min or 8h".to_owned()),
        time => Ok(time),
    }
}

/// A time: a number and `ms`, `s`, `min` or `h`.
fn time(words: &str) -> Result<Duration, String> {
    let digits = words.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let number: u64 = digits.trim().parse().map_err(|why| format!("{why}; write it like 750ms or 2s"))?;
    match words.get(digits.len()..).unwrap_or_default() {
        "ms" => Ok(Duration::from_millis(number)),
        "s" => Ok(Duration::from_secs(number)),
        "min" => Ok(Duration::from_secs(number.saturating_mul(60))),
        "h" => Ok(Duration::from_secs(number.saturating_mul(60 * 60))),
        "" if number == 0 => Ok(Duration::ZERO),
        _ => Err("write it like 750ms, 2s, 1min or 8h".to_owned()),
    }
}
