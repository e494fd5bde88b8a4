//! `rules`: what may be typed.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use super::{ArchiveArgs, RulesDir};

/// `rules`
#[derive(Args, Debug)]
pub(crate) struct RulesArgs {
    /// What to do with them.
    #[command(subcommand)]
    pub(crate) action: TypedRulesAction,
}

/// What to do with rules.
#[derive(Debug, Subcommand)]
pub(crate) enum TypedRulesAction {
    /// Read every rule file and say all that is wrong or doubtful, with file, line, column and mend.
    #[command(after_help = "Examples:\n  chancery rules check --rules my-rules/\n  \
        chancery rules check --archive press/ --json")]
    Check(RulesCheckArgs),
    /// Show what a pattern matches in real releases, each match in the middle of its line.
    #[command(after_help = "Examples:\n  chancery rules try '{role} for [Cap]+' --archive press/\n  \
        chancery rules try 'name:{person} (said | added)' releases/ --json | jq .captures\n  \
        chancery rules try '{ministry} of' --count\n  \
        chancery rules try '{my-list} of' new-releases/ --archive press/\n\n\
        The pattern may use every list, phrase, class and annotation of the rules. It runs after all layers, or with \
        --layer before one of them; nothing competes with it.")]
    Try(RulesTryArgs),
    /// Say what a change of rules would gain, lose and alter, fact by fact.
    #[command(after_help = "Examples:\n  chancery rules diff built-in my-rules/ --archive press/\n  \
        chancery rules diff built-in press/      what the archive's own rules change\n  \
        chancery rules diff old/ new/ releases/ --json | jq 'select(.change == \"lost\")'\n\n\
        OLD and NEW are folders of rules, `built-in`, or an archive, whose own rules are laid over the built-in ones. \
        Only releases that the change can touch are read.")]
    Diff(RulesDiffArgs),
    /// Run the `yes` and `no` examples of every rule.
    #[command(after_help = "Examples:\n  chancery rules test\n  chancery rules test en/officials\n  \
        chancery rules test --rules my-rules/ --watch")]
    Test(RulesTestArgs),
    /// List every rule with what it finds.
    #[command(after_help = "Example:\n  chancery rules list --json | jq .say")]
    List(RulesListArgs),
    /// Copy the rules that the program carries into a folder, to read or change them.
    #[command(after_help = "Example:\n  chancery rules export my-rules/")]
    Export(RulesExportArgs),
}

/// Which rules, and whose additions.
#[derive(Args, Debug)]
pub(crate) struct WhichArgs {
    #[command(flatten)]
    pub(crate) rules: RulesDir,
    /// Lay the rules of this archive (its folder `rules/`) over them [default, without --rules: the archive that is
    /// found in $CHANCERY_ARCHIVE, in the nearest parent with archive.toml, or in ./archive].
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) archive: Option<PathBuf>,
}

/// `rules check`
#[derive(Args, Debug)]
pub(crate) struct RulesCheckArgs {
    /// Tell notes too: what is right and could be better, such as a rule without a near miss.
    #[arg(long)]
    pub(crate) notes: bool,
    /// Print one JSON object a finding, notes included, as editors want it: file, line, column, end, severity, message,
    /// help.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) which: WhichArgs,
}

/// Which releases rules are looked at with.
#[derive(Args, Debug)]
pub(crate) struct TextsArgs {
    /// Files, folders, or - for standard input; without any, the releases of the archive.
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath, conflicts_with = "archive")]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) archive: ArchiveArgs,
}

/// `rules try`
#[derive(Args, Debug)]
pub(crate) struct RulesTryArgs {
    /// The pattern, as in a rule's `when`; in single quotes, so that the shell leaves it alone.
    #[arg(value_name = "PATTERN")]
    pub(crate) pattern: String,
    /// Files, folders, or - for standard input; without any, the releases of the archive.
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    /// The archive whose releases, lists and rules are taken; beside PATH only its lists and rules [default, without PATH:
    /// $CHANCERY_ARCHIVE, else the nearest parent with archive.toml, else ./archive].
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) archive: Option<PathBuf>,
    /// Run it before this layer, where it sees what earlier layers found.
    #[arg(long, value_name = "NAME")]
    pub(crate) layer: Option<String>,
    /// How many matches to print; all are counted.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) limit: u32,
    /// Count how often each wording is matched, in place of printing the matches.
    #[arg(long)]
    pub(crate) count: bool,
    /// Print one JSON object a match.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) rules: RulesDir,
    /// How many releases are read at a time [default: one a core].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: Option<u16>,
}

/// `rules diff`
#[derive(Args, Debug)]
pub(crate) struct RulesDiffArgs {
    /// The rules as they were.
    #[arg(value_name = "OLD", value_hint = ValueHint::DirPath)]
    pub(crate) old: PathBuf,
    /// The rules as they are to be.
    #[arg(value_name = "NEW", value_hint = ValueHint::DirPath)]
    pub(crate) new: PathBuf,
    #[command(flatten)]
    pub(crate) texts: TextsArgs,
    /// Read all releases, also those that the change cannot touch.
    #[arg(long)]
    pub(crate) full: bool,
    /// Print one JSON object a fact, and a summary.
    #[arg(long)]
    pub(crate) json: bool,
    /// How many releases are read at a time [default: one a core].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: Option<u16>,
}

/// `rules test`
#[derive(Args, Debug)]
pub(crate) struct RulesTestArgs {
    /// Only rules whose id holds this.
    #[arg(value_name = "FILTER")]
    pub(crate) filter: Option<String>,
    /// Go on until Ctrl-C: test again whenever a file changes, and say what is new.
    #[arg(long)]
    pub(crate) watch: bool,
    #[command(flatten)]
    pub(crate) which: WhichArgs,
}

/// `rules list`
#[derive(Args, Debug)]
pub(crate) struct RulesListArgs {
    /// Print one JSON object a rule.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) which: WhichArgs,
}

/// `rules export`
#[derive(Args, Debug)]
pub(crate) struct RulesExportArgs {
    /// A folder that does not exist or is empty.
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) dir: PathBuf,
}
