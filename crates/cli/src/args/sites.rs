//! What can be typed of ministries' sites: `source`, `changes`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueHint};

use super::ArchiveArgs;
use super::capture::some_time;

/// `source`
#[derive(Args, Debug)]
pub(crate) struct SourceArgs {
    /// What to do with them.
    #[command(subcommand)]
    pub(crate) action: TypedSourceAction,
}

/// What to do with sources.
#[derive(Debug, Subcommand)]
pub(crate) enum TypedSourceAction {
    /// Read a source file and say all that is wrong, with file, line, column and mend; with a page, what the source
    /// gives on it.
    #[command(after_help = "Examples:\n  chancery source check sources/no-tides.toml\n  \
        chancery source check no-tides.toml --page news.html --url https://www.tides.example/news\n  \
        chancery source check no-tides.toml --page pier.html --json | jq .release.headline")]
    Check(SourceCheckArgs),
    /// List the sources that the program carries and those of an archive.
    #[command(
        after_help = "Examples:\n  chancery source list\n  chancery source list --json | jq 'select(.verified)'"
    )]
    List(SourceListArgs),
    /// Look at a site and write a first source file: feeds, sitemaps, how list pages follow, the form of releases,
    /// selectors.
    #[command(after_help = "Examples:\n  \
        chancery source new https://www.tides.example/news --contact archive@library.example\n  \
        chancery source new https://www.tides.example/news --page news.html --release pier.html --out no-tides.toml\n\n\
        Every guess is for you to look through; `chancery source check FILE --page PAGE.html` tries it.")]
    New(SourceNewArgs),
}

/// `source check`
#[derive(Args, Debug)]
pub(crate) struct SourceCheckArgs {
    /// The source file.
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    /// A page of the site: show what the source gives on it.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) page: Option<PathBuf>,
    /// Where the page was [default: the address that it says itself, else the first start page].
    #[arg(long, value_name = "URL", requires = "page", value_hint = ValueHint::Url)]
    pub(crate) url: Option<String>,
    /// Print one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

/// `source list`
#[derive(Args, Debug)]
pub(crate) struct SourceListArgs {
    /// Print one JSON object a source.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) archive: ArchiveArgs,
}

/// `source new`
#[derive(Args, Debug)]
pub(crate) struct SourceNewArgs {
    /// The page that lists releases.
    #[arg(value_name = "URL", value_hint = ValueHint::Url)]
    pub(crate) url: String,
    /// The list page as it was saved; without it the site is asked for the page, its robots.txt and one release, politely.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) page: Option<PathBuf>,
    /// A release as it was saved: selectors are tried on it.
    #[arg(long, value_name = "FILE", requires = "page", value_hint = ValueHint::FilePath)]
    pub(crate) release: Option<PathBuf>,
    /// The site's robots.txt as it was saved: sitemaps are named in it.
    #[arg(long, value_name = "FILE", requires = "page", value_hint = ValueHint::FilePath)]
    pub(crate) robots: Option<PathBuf>,
    /// Whom the site's keepers may write to: an address of mail or of a page, sent with every request.
    #[arg(long, value_name = "ADDRESS", required_unless_present = "page")]
    pub(crate) contact: Option<String>,
    /// The host of URL may have a private address.
    #[arg(long)]
    pub(crate) allow_private: bool,
    /// Where to write it; - prints it [default: sources/NAME.toml in the archive].
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) archive: ArchiveArgs,
}

/// `watch`
#[derive(Args, Debug)]
pub(crate) struct WatchArgs {
    /// Sources by their ids; without any, those that the archive has captures of.
    #[arg(value_name = "SOURCE")]
    pub(crate) sources: Vec<String>,
    /// Visit what is due and end: for cron.
    #[arg(long)]
    pub(crate) once: bool,
    /// Visit once, at once, due or not, and look at every release again, not only at those of more than a week ago.
    #[arg(long, conflicts_with = "once")]
    pub(crate) now: bool,
    /// Let a visit ask for nothing more after so long, `55min` or `8h`, and leave the rest to the next one, which is due at once. Pauses
    /// that a host asks for are waited for within that time [default: until nothing is to be had within ten minutes].
    #[arg(long, value_name = "TIME", value_parser = some_time)]
    pub(crate) max_time: Option<Duration>,
    /// Whom a site's keepers may write to: an address of mail or of a page [default: `contact` of archive.toml, else of
    /// the source].
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) contact: Option<String>,
    /// Hosts that a source names may have private addresses.
    #[arg(long)]
    pub(crate) allow_private: bool,
    /// Print one JSON object for each release that is new, edited or gone.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) archive: ArchiveArgs,
    /// How many releases are read at a time [default: one a core].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: Option<u16>,
}

/// `changes`
#[derive(Args, Debug)]
pub(crate) struct ChangesArgs {
    /// An id, an alias, the beginning of one, a URL, or the number of a hit: show what was edited in this release.
    #[arg(value_name = "ID")]
    pub(crate) id: Option<String>,
    /// Print one JSON object an edit.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) archive: ArchiveArgs,
}
