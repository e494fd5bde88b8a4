//! What can be typed: commands, flags and their help. What it means is `command.rs`'s to say.

mod browse;
mod capture;
mod guide;
pub(crate) mod minus;
mod read;
mod remove;
mod rules;
mod search;
mod sites;

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Effects, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;

pub(crate) use browse::{BrowseArgs, CiteArgs, CiteFormat, FormArgs, PersonArgs, SortArg, SuggestArgs};
pub(crate) use capture::{CaptureArgs, RequisitesArg};
pub(crate) use read::ReadArgs;
pub(crate) use remove::RemoveArgs;
pub(crate) use rules::{RulesArgs, RulesTryArgs, TextsArgs, TypedRulesAction, WhichArgs};
pub(crate) use search::{KindArg, QueryArgs, SearchArgs};
pub(crate) use sites::{
    ChangesArgs, SourceArgs, SourceCheckArgs, SourceNewArgs, TypedSourceAction, WatchArgs,
};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().effects(Effects::BOLD))
    .usage(AnsiColor::Green.on_default().effects(Effects::BOLD))
    .literal(AnsiColor::Cyan.on_default().effects(Effects::BOLD))
    .placeholder(AnsiColor::Cyan.on_default());

/// Turns ministry press releases into a searchable archive of officials, organizations, proposals and statements.
#[derive(Debug, Parser)]
#[command(name = "chancery", version, styles = STYLES, max_term_width = 100, arg_required_else_help = true)]
#[command(after_help = "Examples:\n  chancery demo                      see it work on a small corpus\n  \
    chancery ingest releases/          take a folder of pages into ./archive\n  \
    chancery search \"fuel tanks\"       find who said what\n\n\
    Exit codes: 0 all well; 1 something went wrong or was skipped; 2 wrong usage; 130 interrupted.")]
pub(crate) struct Typed {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: TypedCommand,
    /// Colours in what is printed.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", hide_possible_values = true)]
    pub(crate) color: When,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum TypedCommand {
    /// Make an archive of the small corpus that the program carries, and look around in it.
    #[command(after_help = "Example:\n  chancery demo --dir first-look")]
    Demo(DemoArgs),
    /// Take releases into an archive: pages, texts, PDF, NDJSON, tar archives, WARC and WACZ files, folders of them.
    #[command(after_help = "Examples:\n  chancery ingest --source no-tides --country Norway pages/\n  \
        chancery ingest releases.ndjson.zst\n  chancery ingest crawl.warc.gz    the pages of a crawl, read where they lie\n  chancery ingest --again          after a change of rules\n  zcat releases.ndjson.gz | chancery ingest -")]
    Ingest(IngestArgs),
    /// Print the text of a page with its headline, date and language, and say where each was found.
    #[command(after_help = "Examples:\n  chancery read page.html --explain\n  \
        chancery read https://tides.example/news/17 --archive press/\n  \
        chancery read --json pages/ | jq .date\n  chancery read release.pdf\n  chancery read --ndjson - < pages.ndjson > texts.ndjson\n\n\
        A page that is no release is read too; its kind says what it is.")]
    Read(ReadArgs),
    /// Fetch the releases of ministries' sites into an archive, politely; go on where an earlier run ended.
    #[command(after_help = "Examples:\n  chancery capture no-tides --contact archive@library.example\n  \
        chancery capture https://www.tides.example/news/pier\n  \
        chancery capture no-tides --max-time 8h        a night, long pauses waited for\n  \
        chancery capture no-tides --log json | jq 'select(.event == \"left\")'\n\n\
        robots.txt is obeyed, one connection a host is open, and Ctrl-C loses nothing.")]
    Capture(CaptureArgs),
    /// Print a record for each release as NDJSON, without an archive.
    #[command(after_help = "Examples:\n  chancery extract page.html | jq .officials\n  \
        cat releases.ndjson | chancery extract - > records.ndjson\n  \
        chancery extract --min-confidence 80 releases/      what is right four times in five, and whom it names")]
    Extract(ExtractArgs),
    /// Find statements, proposals, officials and releases.
    #[command(after_help = "Examples:\n  chancery search fuel tanks --kind statement --since 2023-01-01\n  \
        chancery search 'who:\"Amina Yusuf\" has:proposal -harbour'\n  chancery search harbour --ndjson | jq .passage\n  \
        chancery search role:minister --facets act,year --timeline\n  \
        chancery search --forgiving --kind release --ndjson -- \"$Q\" | jq -c '[.release_id,.score]'\n\n\
        Words in \"quotation marks\" stand together; `chancery help query` explains the whole language. The hits are \
        numbered, and `chancery show 3` opens the third.")]
    Search(SearchArgs),
    /// List the people that releases name: with country, post, number of releases, first and last date.
    #[command(after_help = "Examples:\n  chancery people --role minister --since 2023\n  \
        chancery people --match alattar\n  chancery people --country Norway --sort last --csv > people.csv\n\n\
        Names that are spelt alike in the same country are one line, until it is known which releases mean one person.")]
    People(BrowseArgs),
    /// List the bodies that releases name: with acronym, type, country, number of releases, first and last date.
    #[command(
        after_help = "Examples:\n  chancery orgs --match NHA\n  chancery orgs --sort name --limit 100 --json | jq .lines"
    )]
    Orgs(BrowseArgs),
    /// List the posts that releases give, and who held them.
    #[command(
        after_help = "Examples:\n  chancery posts --role deputy-minister\n  chancery posts --match \"Amina Yusuf\""
    )]
    Posts(BrowseArgs),
    /// List what was proposed, by whom, to whom and when.
    #[command(
        after_help = "Examples:\n  chancery proposals --sort last\n  chancery proposals --match Yusuf --ndjson | jq .text"
    )]
    Proposals(BrowseArgs),
    /// Show one person: posts with dates, what was said by act and year, who else is named.
    #[command(
        after_help = "Examples:\n  chancery person Yusuf\n  chancery person amina youssef --json | jq .posts\n\n\
        The name may be spelt in any way, be a surname alone, or have a title before it: `chancery person Minister Yusuf`."
    )]
    Person(PersonArgs),
    /// Print a fact as a citation: quote, speaker, post, release, date, address, capture.
    #[command(
        after_help = "Examples:\n  chancery cite 3\n  chancery cite no-tides/2023-05-04/new-pier s1 --json\n  \
        chancery cite 1 --format bibtex >> sources.bib\n  chancery cite 1 --all-versions"
    )]
    Cite(CiteArgs),
    /// Suggest names and posts for what is being typed.
    #[command(after_help = "Examples:\n  chancery suggest am\n  chancery suggest minister of f --json")]
    Suggest(SuggestArgs),
    /// Explain the query language, and how a query is read.
    #[command(after_long_help = guide::query(),
        after_help = "Example:\n  chancery query 'pier (ferry OR harbor~) role:minister'\n\n`chancery help query` explains the language.")]
    Query(QueryArgs),
    /// Print a release with its facts marked in the text.
    #[command(after_help = "Examples:\n  chancery show 3\n  chancery show no-tides/2023-05-04/new-pier\n  \
        chancery show https://tides.example/news/17 --plain")]
    Show(ShowArgs),
    /// Say which rule made a fact and which lost; where there is none, which rules came nearest and where they stopped.
    #[command(after_help = "Examples:\n  chancery explain 3\n  chancery explain 3 \"Minister of Tides\"\n  \
        chancery explain 3 120 164\n  chancery explain --text \"The Harbour Minister, Ana Roe, left.\" --rules my-rules/")]
    Explain(ExplainArgs),
    /// Go through the doubtful facts of an archive and call each right or wrong; in a pipe, list them.
    #[command(after_help = "Examples:\n  chancery review\n  chancery review --below 40 --archive press/\n  \
        chancery review --json | jq .passage\n\n\
        Verdicts are added to reviews.ndjson in the archive; a fact that has one is not asked again.")]
    Review(ReviewArgs),
    /// Say what an archive holds: counts, rules, room on the disk.
    #[command(after_help = "Example:\n  chancery status --archive press/")]
    Status(StatusArgs),
    /// Take releases out of what is searched, listed and counted; --undo brings them back.
    #[command(
        override_usage = "chancery remove --reason <TEXT> [OPTIONS] <ID>...\n       chancery remove --undo [OPTIONS] <ID>...",
        after_help = "Examples:\n  chancery remove 3 --reason \"published by mistake\"\n  \
        chancery remove no-tides/2023-05-04/new-pier --reason \"court order 12/2026\" --by \"Ana Roe\"\n  \
        chancery remove --undo no-tides/2023-05-04/new-pier\n\n\
        Nothing is deleted: captures and records stay, and `chancery show` shows the release as removed.\n\
        New versions of it stay out too. decisions/removals.toml keeps every removal and its undo;\n\
        `chancery changes` lists them."
    )]
    Remove(RemoveArgs),
    /// Make the index again from the records, and on request records from their captures.
    #[command(after_help = "Examples:\n  chancery reindex --archive press/\n  \
        chancery reindex --records      after a change of rules")]
    Reindex(ReindexArgs),
    /// Compare an archive with what was written: every digest, and every way back to a capture.
    #[command(
        after_help = "Examples:\n  chancery verify\n  chancery verify --json --archive press/ | jq .faults\n\n\
        Nothing is changed. Exit code 1 where anything is wrong."
    )]
    Verify(VerifyArgs),
    /// Write captures in a form that other programs read.
    #[command(after_help = "Example:\n  chancery export wacz press.wacz --source no-tides")]
    Export(ExportArgs),
    /// Check, test, list and copy out the rules.
    #[command(after_help = "Examples:\n  chancery rules test\n  chancery rules check --rules my-rules/")]
    Rules(RulesArgs),
    /// Keep sources fresh on their own rhythm; tell what is new, what was silently edited and what is gone.
    #[command(
        after_help = "Examples:\n  chancery watch\n  chancery watch no-tides --contact archive@library.example\n  \
        chancery watch --once               visit what is due: a line for cron\n  \
        chancery watch --once --json | jq 'select(.event == \"edited\")'"
    )]
    Watch(WatchArgs),
    /// Check, list and draft the files that say how ministries' sites are crawled and read.
    #[command(after_help = "Examples:\n  chancery source list\n  \
        chancery source check no-tides.toml --page pier.html")]
    Source(SourceArgs),
    /// List releases that were silently edited; of one release, show what was.
    #[command(
        after_help = "Examples:\n  chancery changes\n  chancery changes no-tides/2023-05-04/new-pier\n  \
        chancery changes --json | jq 'select(.headline)'\n\n\
        Both versions are read by the same reader: only headline, date or text count, never a menu or a token."
    )]
    Changes(ChangesArgs),
    /// Print completions for a shell.
    #[command(after_help = "Example:\n  \
        chancery completions bash > ~/.local/share/bash-completion/completions/chancery")]
    Completions(CompletionsArgs),
    /// Read a PDF from standard input and print it as a page. The program calls itself so, to be safe from what it reads.
    #[command(hide = true, name = "pdf-page")]
    PdfPage,
}

fn language(tag: &str) -> Result<String, String> {
    chancery::sources::language_tag(tag).map_err(|(wrong, mend)| format!("{wrong}; {mend}"))
}

/// Which archive.
#[derive(Args, Debug)]
pub(crate) struct ArchiveArgs {
    /// The archive's folder [default: $CHANCERY_ARCHIVE, else the nearest parent with archive.toml, else ./archive].
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) archive: Option<PathBuf>,
}

/// Which rules.
#[derive(Args, Debug)]
pub(crate) struct RulesDir {
    /// A folder of rules in place of those that the program carries.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) rules: Option<PathBuf>,
}

/// What the inputs do not say themselves.
#[derive(Args, Debug)]
#[command(next_help_heading = "What the input does not say itself")]
pub(crate) struct MetaArgs {
    /// Id of the source, such as `no-tides`.
    #[arg(long, value_name = "ID")]
    pub(crate) source: Option<String>,
    /// Country of the issuer, its English name.
    #[arg(long, value_name = "NAME")]
    pub(crate) country: Option<String>,
    /// The body that published the releases.
    #[arg(long, value_name = "NAME")]
    pub(crate) issuer: Option<String>,
    /// Language of the releases, such as `en`.
    #[arg(long, value_name = "TAG", value_parser = language)]
    pub(crate) lang: Option<String>,
    /// press-release, speech, statement, reply or other.
    #[arg(long = "type", value_name = "TYPE", hide_possible_values = true,
        value_parser = ["press-release", "speech", "statement", "reply", "other"])]
    pub(crate) kind: Option<String>,
}

/// How inputs are worked through.
#[derive(Args, Debug)]
pub(crate) struct WorkArgs {
    /// How many releases are read at a time [default: one a core].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: Option<u16>,
    /// Write what was skipped, and why, to this file: one JSON object a line.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) skipped: Option<PathBuf>,
}

/// `demo`
#[derive(Args, Debug)]
pub(crate) struct DemoArgs {
    /// Where to make the archive.
    #[arg(long, value_name = "DIR", default_value = "chancery-demo", value_hint = ValueHint::DirPath)]
    pub(crate) dir: PathBuf,
}

/// `ingest`
#[derive(Args, Debug)]
pub(crate) struct IngestArgs {
    /// Files (.html .txt .pdf .ndjson .jsonl .tar .warc, also .gz or .zst; .wacz), folders, or - for standard input
    /// (NDJSON, a page, a text or a tar, packed or not).
    #[arg(required_unless_present = "again", value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    /// Bring records of other rules than those in force up to date: only those that the change of rules can touch are
    /// made again. PATHs may be left out.
    #[arg(long)]
    pub(crate) again: bool,
    /// Copy WARC and WACZ files into the archive. Otherwise they are registered and read where they lie.
    #[arg(long)]
    pub(crate) copy: bool,
    #[command(flatten)]
    pub(crate) archive: ArchiveArgs,
    #[command(flatten)]
    pub(crate) rules: RulesDir,
    #[command(flatten)]
    pub(crate) work: WorkArgs,
    #[command(flatten)]
    pub(crate) meta: MetaArgs,
}

/// `extract`
#[derive(Args, Debug)]
pub(crate) struct ExtractArgs {
    /// Files, folders, or - for standard input (also where no path is given).
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    /// Leave out facts that are less sure than this, 0 to 100; a person or body whom a fact that stays names stays too.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub(crate) min_confidence: Option<u8>,
    #[command(flatten)]
    pub(crate) rules: RulesDir,
    #[command(flatten)]
    pub(crate) work: WorkArgs,
    #[command(flatten)]
    pub(crate) meta: MetaArgs,
}

/// `show`
#[derive(Args, Debug)]
pub(crate) struct ShowArgs {
    /// An id, an alias, the beginning of one, a URL, or the number of a hit of the last search.
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// Mark facts with lines of carets below the text in place of colours.
    #[arg(long)]
    pub(crate) plain: bool,
    /// Print the record as one line of JSON.
    #[arg(long, conflicts_with = "plain")]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) archive: ArchiveArgs,
}

/// `explain`
#[derive(Args, Debug)]
pub(crate) struct ExplainArgs {
    /// An id, an alias, the beginning of one, a URL, or the number of a hit of the last search.
    #[arg(value_name = "ID", required_unless_present = "text")]
    pub(crate) id: Option<String>,
    /// Words as they stand in the text, the id of a fact of the release, such as s1, or two numbers: START and END in
    /// characters, END exclusive. May be left out after the number of a hit: then it is the hit that is explained.
    #[arg(value_name = "WORDS|FACT|START END")]
    pub(crate) place: Vec<String>,
    /// Run the rules, with the archive's own, over this text in place of a release; WORDS are then words of it, or left
    /// out for all of it.
    #[arg(long, value_name = "TEXT")]
    pub(crate) text: Option<String>,
    /// Language of the text [default: en].
    #[arg(long, value_name = "TAG", requires = "text", value_parser = language)]
    pub(crate) lang: Option<String>,
    /// Print the answer as one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) rules: RulesDir,
    #[command(flatten)]
    pub(crate) archive: ArchiveArgs,
}

/// `review`
#[derive(Args, Debug)]
pub(crate) struct ReviewArgs {
    /// Facts that are less sure than this, 0 to 100.
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u8).range(0..=100))]
    pub(crate) below: u8,
    /// Take the last verdict back that was given in this archive, and say which; once more for the one before.
    #[arg(long, conflicts_with_all = ["below", "json"])]
    pub(crate) undo: bool,
    /// List them as NDJSON.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) archive: ArchiveArgs,
}

/// `status`
#[derive(Args, Debug)]
pub(crate) struct StatusArgs {
    /// Print the figures as one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) rules: RulesDir,
    #[command(flatten)]
    pub(crate) archive: ArchiveArgs,
}

/// `verify`
#[derive(Args, Debug)]
pub(crate) struct VerifyArgs {
    /// Print the figures and what is wrong as one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) archive: ArchiveArgs,
}

/// `export`
#[derive(Args, Debug)]
pub(crate) struct ExportArgs {
    /// In which form.
    #[command(subcommand)]
    pub(crate) form: TypedExport,
}

/// The forms of `export`.
#[derive(Debug, Subcommand)]
pub(crate) enum TypedExport {
    /// A WACZ 1.1.1: the WARC files with their index and the list of pages, as players of web archives open it.
    #[command(
        after_help = "Examples:\n  chancery export wacz press.wacz\n  chancery export wacz tides.wacz --source no-tides"
    )]
    Wacz(ExportWaczArgs),
}

/// `export wacz`
#[derive(Args, Debug)]
pub(crate) struct ExportWaczArgs {
    /// The file to write; it must not be there yet.
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    /// Only captures of this source.
    #[arg(long, value_name = "ID")]
    pub(crate) source: Option<String>,
    #[command(flatten)]
    pub(crate) archive: ArchiveArgs,
}

/// `reindex`
#[derive(Args, Debug)]
pub(crate) struct ReindexArgs {
    /// Make records from their captures where they are missing or other rules than those in force have made them.
    #[arg(long)]
    pub(crate) records: bool,
    /// A folder of rules in place of those that the program carries.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, requires = "records")]
    pub(crate) rules: Option<PathBuf>,
    /// How many releases are read at a time [default: one a core].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024), requires = "records")]
    pub(crate) jobs: Option<u16>,
    #[command(flatten)]
    pub(crate) archive: ArchiveArgs,
}

/// `completions`
#[derive(Args, Debug)]
pub(crate) struct CompletionsArgs {
    /// bash, zsh, fish, elvish or powershell.
    #[arg(value_name = "SHELL", value_enum, hide_possible_values = true)]
    pub(crate) shell: Shell,
}
