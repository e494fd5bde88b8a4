//! What can be typed after `remove`.

use clap::Args;

use super::ArchiveArgs;

/// `remove`
#[derive(Args, Debug)]
pub(crate) struct RemoveArgs {
    /// Ids, aliases, beginnings of them, URLs, or numbers of hits of the last search.
    #[arg(value_name = "ID", required = true)]
    pub(crate) releases: Vec<String>,
    /// Why; required but with --undo. Kept with the time in decisions/removals.toml.
    #[arg(long, value_name = "TEXT", required_unless_present = "undo",
        value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(crate) reason: Option<String>,
    /// Bring the releases back.
    #[arg(long)]
    pub(crate) undo: bool,
    /// Who decides it [default: $USER].
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
    #[command(flatten)]
    pub(crate) archive: ArchiveArgs,
}
