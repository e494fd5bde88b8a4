//! What can be typed to browse an archive, to cite from it and to be helped with what to type.

use clap::{Args, ValueEnum};

use super::ArchiveArgs;

/// By what lines are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SortArg {
    /// Most releases first.
    Releases,
    /// By name.
    Name,
    /// By the first date, earliest first.
    First,
    /// By the last date, latest first.
    Last,
}

/// How lines are printed.
#[derive(Args, Debug)]
#[command(next_help_heading = "How it is printed")]
pub(crate) struct FormArgs {
    /// Print one JSON object.
    #[arg(long, group = "form")]
    pub(crate) json: bool,
    /// Print one JSON object a line.
    #[arg(long, group = "form")]
    pub(crate) ndjson: bool,
    /// Print comma-separated values (RFC 4180) with the names of the columns first.
    #[arg(long, group = "form")]
    pub(crate) csv: bool,
}

/// `people`, `orgs`, `posts`, `proposals`
#[derive(Args, Debug)]
pub(crate) struct BrowseArgs {
    /// Only of this country, by any English name of it: of the post or body where the text tells it, else of the issuer.
    #[arg(long, value_name = "NAME")]
    pub(crate) country: Option<String>,
    /// Only who holds a post of this class, such as deputy-minister (docs/roles.md lists them).
    #[arg(long, value_name = "ROLE")]
    pub(crate) role: Option<String>,
    /// Only in releases of the source with this id.
    #[arg(long, value_name = "ID")]
    pub(crate) source: Option<String>,
    /// Only in releases of this day or later: 2023, 2023-05 or 2023-05-04.
    #[arg(long, value_name = "DATE")]
    pub(crate) since: Option<String>,
    /// Only in releases of this day or earlier: 2023, 2023-05 or 2023-05-04.
    #[arg(long, value_name = "DATE")]
    pub(crate) until: Option<String>,
    /// Only names that are this one, or hold it, in any spelling; of posts also those that have these words.
    #[arg(long = "match", value_name = "NAME")]
    pub(crate) matching: Option<String>,
    /// By what lines are sorted: releases, name, first or last.
    #[arg(long, value_name = "BY", value_enum, default_value = "releases", hide_possible_values = true)]
    pub(crate) sort: SortArg,
    /// How many lines to print.
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) limit: u32,
    #[command(flatten)]
    pub(crate) form: FormArgs,
    #[command(flatten)]
    pub(crate) archive: ArchiveArgs,
}

/// `person`
#[derive(Args, Debug)]
pub(crate) struct PersonArgs {
    /// The name in any spelling, or a part of it, with or without a title.
    #[arg(value_name = "NAME", required = true)]
    pub(crate) name: Vec<String>,
    /// Only of this country, by any English name of it.
    #[arg(long, value_name = "NAME")]
    pub(crate) country: Option<String>,
    /// Print one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) archive: ArchiveArgs,
}

/// How a citation is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CiteFormat {
    /// As a sentence.
    Text,
    /// As one JSON object with all that is known.
    Json,
    /// As CSL-JSON, which reference managers read.
    Csl,
    /// As `BibTeX`.
    Bibtex,
}

/// `cite`
#[derive(Args, Debug)]
pub(crate) struct CiteArgs {
    /// The number of a hit of the last search, or an id, an alias, the beginning of one, or a URL.
    #[arg(value_name = "HIT")]
    pub(crate) hit: String,
    /// Which fact of the release: s1, q2, p3, g4 as `show` lists them, or a fact's key.
    #[arg(value_name = "FACT")]
    pub(crate) fact: Option<String>,
    /// Cite every version of the release that has the fact, oldest first.
    #[arg(long)]
    pub(crate) all_versions: bool,
    /// How it is written: text, json, csl or bibtex.
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "text", hide_possible_values = true)]
    pub(crate) format: CiteFormat,
    /// The same as --format json.
    #[arg(long, conflicts_with = "format")]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) archive: ArchiveArgs,
}

/// `suggest`
#[derive(Args, Debug)]
pub(crate) struct SuggestArgs {
    /// What was typed so far; its last word may go on.
    #[arg(value_name = "PREFIX", required = true)]
    pub(crate) typed: Vec<String>,
    /// How many suggestions to print.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(crate) limit: u32,
    /// Print one JSON object a line.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) archive: ArchiveArgs,
}
