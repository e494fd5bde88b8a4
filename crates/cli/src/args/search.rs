//! What can be typed behind `search` and `query`.

use clap::{Args, ValueEnum};

use super::ArchiveArgs;

/// Kinds of hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum KindArg {
    /// Whole releases.
    Release,
    /// Who said what.
    Statement,
    /// Who would have whom do what.
    Proposal,
    /// Who holds which post.
    #[value(alias = "post")]
    Official,
    /// Bodies that releases name.
    Body,
}

/// What hits can come together by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GroupArg {
    /// Hits of one release.
    Release,
}

/// `search`
#[derive(Args, Debug)]
pub(crate) struct SearchArgs {
    /// What to look for, in the query language; may be left out beside --by or --org.
    #[arg(value_name = "WORDS")]
    pub(crate) words: Vec<String>,
    /// Only hits of this kind: release, statement, proposal, official or body (bodies are found only so).
    #[arg(long, value_name = "KIND", value_enum, hide_possible_values = true)]
    pub(crate) kind: Option<KindArg>,
    /// Only what this person or body said, proposed or holds; as who:NAME.
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
    /// Only hits of releases that name this organization; as org:NAME.
    #[arg(long, value_name = "NAME")]
    pub(crate) org: Option<String>,
    /// Only releases of this day or later: 2023, 2023-05 or 2023-05-04.
    #[arg(long, value_name = "DATE")]
    pub(crate) since: Option<String>,
    /// Only releases of this day or earlier: 2023, 2023-05 or 2023-05-04.
    #[arg(long, value_name = "DATE")]
    pub(crate) until: Option<String>,
    /// Only facts that are at least this sure, 0 to 100; whole releases are left out.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub(crate) min_confidence: Option<u8>,
    /// Mend or leave out what is wrong with the query, as search boxes do, and say so.
    #[arg(long)]
    pub(crate) forgiving: bool,
    /// The order: relevance, newest, oldest, confidence or id.
    #[arg(long, value_name = "ORDER", default_value = "relevance", hide_default_value = true)]
    pub(crate) sort: String,
    /// Hits of one release together: the first three of each, best release first.
    #[arg(long, value_name = "BY", value_enum, hide_possible_values = true)]
    pub(crate) group: Option<GroupArg>,
    /// How many hits (with --group, releases) to print.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) limit: u32,
    /// Go on after this place, the `next` of an earlier answer in the same order.
    #[arg(long, value_name = "CURSOR")]
    pub(crate) after: Option<String>,
    /// Count all hits by these: kind, speaker, role, body, country, act, source, year, language, or all.
    #[arg(long, value_name = "LIST", value_delimiter = ',', num_args = 0..=1, default_missing_value = "all")]
    pub(crate) facets: Vec<String>,
    /// Count all hits by month or year.
    #[arg(long)]
    pub(crate) timeline: bool,
    /// Print the whole answer as one JSON object: the query as read, total, hits, next, facets, timeline.
    #[arg(long, alias = "answer", group = "form")]
    pub(crate) json: bool,
    /// Print the hits as NDJSON: one JSON object a hit.
    #[arg(long, group = "form")]
    pub(crate) ndjson: bool,
    /// Print the hits as CSV (RFC 4180) with a line of names.
    #[arg(long, group = "form")]
    pub(crate) csv: bool,
    #[command(flatten)]
    pub(crate) archive: ArchiveArgs,
}

/// `query`
#[derive(Args, Debug)]
pub(crate) struct QueryArgs {
    /// A query; it is printed as it is read, with all mistakes.
    #[arg(value_name = "WORDS", required = true)]
    pub(crate) words: Vec<String>,
}
