//! `read`: what can be typed.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::{ArchiveArgs, MetaArgs};

/// `read`
#[derive(Args, Debug)]
pub(crate) struct ReadArgs {
    /// Files or folders as for `ingest`, - for standard input, or releases of an archive by URL, id or alias.
    #[arg(required = true, value_name = "PAGE", value_hint = ValueHint::AnyPath)]
    pub(crate) pages: Vec<String>,
    /// Say where headline, date, language and text were found, and what else there was.
    #[arg(long)]
    pub(crate) explain: bool,
    /// Print one JSON object a page; its keys are those that `ingest` understands.
    #[arg(long)]
    pub(crate) json: bool,
    /// Print one short line a page: id, title, date, lang, kind, text.
    #[arg(long, conflicts_with_all = ["explain", "json"])]
    pub(crate) ndjson: bool,
    #[command(flatten)]
    pub(crate) archive: ArchiveArgs,
    /// How many pages are read at a time [default: one a core].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: Option<u16>,
    /// Write what was skipped, and why, to this file: one JSON object a line.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) skipped: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) meta: MetaArgs,
}
