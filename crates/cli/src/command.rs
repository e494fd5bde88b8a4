//! What was typed, and what it means: archives found, numbers and kinds read. The rest of the program sees only this.

mod browse;
mod capture;
mod question;
mod read;
mod remove;
mod rules;
mod sites;

use std::env;
use std::path::{Path, PathBuf};

use chancery::archive::{lies_at, locate};
use chancery::input::Input;
use chancery_index::Query;
use chancery_record::Meta;
use clap_complete::Shell;

use crate::args::{
    ArchiveArgs, ExplainArgs, ExtractArgs, IngestArgs, MetaArgs, ShowArgs, TypedCommand, TypedExport,
    WorkArgs,
};
use crate::exit::{Failure, Outcome};
pub(crate) use read::{PageLook, ReadPages, Wanted};

pub(crate) use browse::{Browse, Cite, Lines, Table, Typing, Who};

pub(crate) use capture::Capture;
pub(crate) use remove::Remove;
use rules::rules_action;
pub(crate) use rules::{CheckRules, DiffRules, RulesAction, TestRules, Texts, TryRules, WhichRules};
pub(crate) use sites::{Changes, CheckSource, NewSource, Out, Site, SourceAction, Watching};

/// A command that makes sense.
pub(crate) enum Command {
    /// Make the demo below this folder.
    Demo(PathBuf),
    /// Take inputs into an archive.
    Ingest(Ingest),
    /// Print pages as they are read.
    Read(Box<ReadPages>),
    /// Fetch sites into an archive.
    Capture(Box<Capture>),
    /// Print records.
    Extract(Extract),
    /// Find facts.
    Search(Question),
    /// List what an archive holds.
    Browse(Browse),
    /// Show one person.
    Person(Who),
    /// Cite a fact.
    Cite(Cite),
    /// Suggest what to type.
    Suggest(Typing),
    /// How a query is read.
    Query(String),
    /// Print a release.
    Show(Wish),
    /// Say why.
    Explain(Doubt),
    /// Tell what an archive holds.
    Status(Stock),
    /// Take releases out, or bring them back.
    Remove(Remove),
    /// Make the index again.
    Reindex(Reindex),
    /// Go through doubtful facts.
    Review(Review),
    /// Compare an archive with what was written.
    Verify(Verify),
    /// Write captures for other programs.
    Export(Export),
    /// Something about rules.
    Rules(RulesAction),
    /// Keep sources fresh.
    Watch(Watching),
    /// Something about sources.
    Source(SourceAction),
    /// Tell what was edited.
    Changes(Changes),
    /// Completions for a shell.
    Completions(Shell),
    /// What the program calls itself with to read a PDF.
    PdfPage,
}

/// How an answer is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// To be read.
    Text,
    /// To be read by programs.
    Json,
}

/// Inputs and how they are worked through.
pub(crate) struct Work {
    /// What to read.
    pub(crate) inputs: Vec<Input>,
    /// Rules in place of the built-in ones.
    pub(crate) rules: Option<PathBuf>,
    /// Threads; `None` is one a core.
    pub(crate) jobs: Option<usize>,
    /// Where to list what was skipped.
    pub(crate) skipped: Option<PathBuf>,
    /// What the inputs do not say themselves.
    pub(crate) meta: Meta,
}

/// `extract`
pub(crate) struct Extract {
    /// What, and how.
    pub(crate) work: Work,
    /// Facts that are less sure are left out.
    pub(crate) least: Option<u8>,
}

/// `ingest`
pub(crate) struct Ingest {
    /// Into which archive.
    pub(crate) archive: PathBuf,
    /// What, and how.
    pub(crate) work: Work,
    /// Whether records of other rules are brought up to date.
    pub(crate) again: bool,
    /// Whether WARC and WACZ files are copied into the archive.
    pub(crate) copy: bool,
}

/// `search`
pub(crate) struct Question {
    /// In which archive.
    pub(crate) archive: PathBuf,
    /// What to look for.
    pub(crate) query: Query,
    /// How to print the answer.
    pub(crate) form: AnswerForm,
}

/// How an answer of a search is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AnswerForm {
    /// To be read.
    Text,
    /// One JSON object a hit.
    Lines,
    /// One JSON object.
    Whole,
    /// Comma-separated values.
    Csv,
}

/// How a release is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// In colours where they show, else with carets.
    Best,
    /// With carets.
    Plain,
    /// As a line of JSON.
    Json,
}

/// `show`
pub(crate) struct Wish {
    /// From which archive.
    pub(crate) archive: PathBuf,
    /// Which release.
    pub(crate) id: String,
    /// How.
    pub(crate) look: Look,
}

/// Where in a text.
pub(crate) enum Where {
    /// The fact that was found.
    Hit,
    /// All of it.
    Everywhere,
    /// These words.
    Words(String),
    /// From and to, in characters, end exclusive.
    Characters(usize, usize),
}

/// What is explained.
pub(crate) enum Subject {
    /// A release of an archive, by its id.
    Release(PathBuf, String),
    /// A text in a language, by the rules with those of an archive, where there is one.
    Text {
        /// The text.
        text: String,
        /// The tag of its language.
        language: String,
        /// The archive.
        archive: Option<PathBuf>,
    },
}

impl Subject {
    /// The archive whose own rules count.
    pub(crate) fn archive(&self) -> Option<&Path> {
        match self {
            Self::Release(archive, _) => Some(archive),
            Self::Text { archive, .. } => archive.as_deref(),
        }
    }
}

/// `explain`
pub(crate) struct Doubt {
    /// Of what.
    pub(crate) subject: Subject,
    /// Which words of it.
    pub(crate) place: Where,
    /// Rules in place of the built-in ones.
    pub(crate) rules: Option<PathBuf>,
    /// How to print it.
    pub(crate) form: Form,
}

/// `review`
pub(crate) struct Review {
    /// Of which archive.
    pub(crate) archive: PathBuf,
    /// Facts that are less sure than this.
    pub(crate) below: u8,
    /// Whether the last verdict is taken back, and nothing else done.
    pub(crate) undo: bool,
    /// How to print them where nobody walks through them.
    pub(crate) form: Form,
}

/// `status`
pub(crate) struct Stock {
    /// Of which archive.
    pub(crate) archive: PathBuf,
    /// Rules in place of the built-in ones.
    pub(crate) rules: Option<PathBuf>,
    /// How to print it.
    pub(crate) form: Form,
}

/// `reindex`
pub(crate) struct Reindex {
    /// Of which archive.
    pub(crate) archive: PathBuf,
    /// Whether records of other rules are made again first.
    pub(crate) records: bool,
    /// Rules in place of the built-in ones.
    pub(crate) rules: Option<PathBuf>,
    /// Threads; `None` is one a core.
    pub(crate) jobs: Option<usize>,
}

/// `verify`
pub(crate) struct Verify {
    /// Which archive.
    pub(crate) archive: PathBuf,
    /// How to print it.
    pub(crate) form: Form,
}

/// `export wacz`
pub(crate) struct Export {
    /// From which archive.
    pub(crate) archive: PathBuf,
    /// Where to.
    pub(crate) file: PathBuf,
    /// Only captures of this source.
    pub(crate) source: Option<String>,
}

impl Command {
    /// What was typed, understood.
    ///
    /// # Errors
    /// Where it makes no sense: exit code 2.
    pub(crate) fn of(typed: TypedCommand) -> Outcome<Self> {
        Ok(match typed {
            TypedCommand::Demo(args) => Self::Demo(args.dir),
            TypedCommand::Ingest(args) => Self::Ingest(ingest(args)),
            TypedCommand::Capture(args) => Self::Capture(Box::new(capture::capture(args))),
            TypedCommand::Extract(args) => Self::Extract(extract(args)),
            TypedCommand::Read(args) => Self::Read(Box::new(args.into())),
            TypedCommand::Search(args) => Self::Search(question::question(args)?),
            TypedCommand::Query(args) => {
                Self::Query(args.words.iter().map(|word| word.trim_start()).collect::<Vec<_>>().join(" "))
            }
            TypedCommand::People(args) => Self::Browse(Browse::of(Table::People, args)),
            TypedCommand::Orgs(args) => Self::Browse(Browse::of(Table::Bodies, args)),
            TypedCommand::Posts(args) => Self::Browse(Browse::of(Table::Posts, args)),
            TypedCommand::Proposals(args) => Self::Browse(Browse::of(Table::Proposals, args)),
            TypedCommand::Person(args) => Self::Person(args.into()),
            TypedCommand::Cite(args) => Self::Cite(args.into()),
            TypedCommand::Suggest(args) => Self::Suggest(args.into()),
            TypedCommand::Show(args) => Self::Show(wish(args)),
            TypedCommand::Explain(args) => Self::Explain(doubt(args)?),
            TypedCommand::Review(args) => Self::Review(Review {
                undo: args.undo,
                archive: archive(&args.archive),
                below: args.below,
                form: form(args.json),
            }),
            TypedCommand::Status(args) => Self::Status(Stock {
                archive: archive(&args.archive),
                rules: args.rules.rules,
                form: form(args.json),
            }),
            TypedCommand::Remove(args) => Self::Remove(args.into()),
            TypedCommand::Reindex(args) => Self::Reindex(Reindex {
                archive: archive(&args.archive),
                records: args.records,
                rules: args.rules,
                jobs: args.jobs.map(usize::from),
            }),
            TypedCommand::Verify(args) => {
                Self::Verify(Verify { archive: archive(&args.archive), form: form(args.json) })
            }
            TypedCommand::Export(args) => {
                let TypedExport::Wacz(args) = args.form;
                let archive = archive(&args.archive);
                Self::Export(Export { archive, file: args.file, source: args.source })
            }
            TypedCommand::Rules(args) => Self::Rules(rules_action(args.action)),
            TypedCommand::Watch(args) => Self::Watch(sites::watching(args)),
            TypedCommand::Source(args) => Self::Source(sites::source(args.action)?),
            TypedCommand::Changes(args) => Self::Changes(sites::changes(args)),
            TypedCommand::Completions(args) => Self::Completions(args.shell),
            TypedCommand::PdfPage => Self::PdfPage,
        })
    }
}

fn wish(args: ShowArgs) -> Wish {
    let look = match (args.plain, args.json) {
        (_, true) => Look::Json,
        (true, _) => Look::Plain,
        _ => Look::Best,
    };
    Wish { archive: archive(&args.archive), id: args.id, look }
}

fn form(json: bool) -> Form {
    if json { Form::Json } else { Form::Text }
}

fn ingest(args: IngestArgs) -> Ingest {
    let work = work(args.paths, args.rules.rules, args.work, args.meta);
    Ingest { archive: archive(&args.archive), work, again: args.again, copy: args.copy }
}

fn extract(mut args: ExtractArgs) -> Extract {
    if args.paths.is_empty() {
        args.paths.push("-".into());
    }
    let work = work(args.paths, args.rules.rules, args.work, args.meta);
    Extract { work, least: args.min_confidence }
}

fn work(paths: Vec<PathBuf>, rules: Option<PathBuf>, args: WorkArgs, said: MetaArgs) -> Work {
    let inputs = paths.into_iter().map(Input::from).collect();
    Work { inputs, rules, jobs: args.jobs.map(usize::from), skipped: args.skipped, meta: meta(said) }
}

fn meta(args: MetaArgs) -> Meta {
    Meta {
        source: args.source,
        country: args.country,
        issuer: args.issuer,
        lang: args.lang,
        kind: args.kind,
        ..Meta::default()
    }
}

/// Two numbers are a place; anything else is words.
fn doubt(args: ExplainArgs) -> Outcome<Doubt> {
    // Beside a text there is no id: the first word is one of the text.
    let (id, words) = match (args.id, &args.text) {
        (Some(id), None) => (id, args.place),
        (first, _) => (String::new(), first.into_iter().chain(args.place).collect()),
    };
    let numbers: Vec<usize> = words.iter().filter_map(|word| word.parse().ok()).collect();
    let place = match (numbers.as_slice(), words.len()) {
        ([start, end], 2) if start < end => Where::Characters(*start, *end),
        ([start, end], 2) => {
            let message = format!("nothing stands between {start} and {end}");
            return Err(Failure::Usage(message, "give START before END, END exclusive".into()));
        }
        (_, 0) if args.text.is_some() => Where::Everywhere,
        (_, 0) => Where::Hit,
        _ => Where::Words(words.join(" ")),
    };
    let subject = match args.text {
        Some(text) => {
            let named = archive(&args.archive);
            // One that was named must be there; another counts where it is.
            let archive = (args.archive.archive.is_some() || lies_at(&named)).then_some(named);
            Subject::Text { text, language: args.lang.unwrap_or_else(|| "en".into()), archive }
        }
        None => Subject::Release(archive(&args.archive), id),
    };
    Ok(Doubt { subject, place, rules: args.rules.rules, form: form(args.json) })
}

/// The archive that is meant, whether it is there or not.
fn archive(args: &ArchiveArgs) -> PathBuf {
    let here = env::current_dir().unwrap_or_default();
    let found = locate(args.archive.as_deref(), env::var_os("CHANCERY_ARCHIVE").as_deref(), &here);
    // What lies below here is called as the user would call it.
    found
        .strip_prefix(&here)
        .ok()
        .filter(|below| !below.as_os_str().is_empty())
        .map_or(found.clone(), Into::into)
}
