//! What can go wrong, each with its place and its mend.

use std::io;
use std::path::{Path, PathBuf};

use chancery_capture::CaptureError;
use chancery_index::IndexError;
use chancery_reader::LexiconError;
use chancery_rules::RuleErrors;
use chancery_text::NamesError;
use chancery_warc::WarcError;
use thiserror::Error;

use crate::archive::{Decision, UnknownValue};
use crate::sources::SourceFaults;

/// Why an operation on an archive, a rule set or a source could not be done. The message says what is wrong and
/// where; [`Error::mend`] what to do.
#[derive(Debug, Error)]
pub enum Error {
    /// No archive lies at this path.
    #[error("there is no archive at {}", path.display())]
    NoArchive {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The archive was written by a newer program.
    #[error("{}: the archive has format {found}, this program knows formats up to {known}", path.display())]
    NewerFormat {
        /// The archive.
        path: PathBuf,
        /// Its format.
        found: u64,
        /// The newest format this program knows.
        known: u64,
    },
    /// `archive.toml` cannot be understood.
    #[error("{}:{line}:{column}: {message}", path.display())]
    ArchiveFile {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// A file of rules or sources is no text in UTF-8.
    #[error("{}:{line}:{column}: the file is not written in UTF-8", path.display())]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// Line of the first byte that is wrong, from 1.
        line: usize,
        /// Its column in characters, from 1.
        column: usize,
    },
    /// The file of what was taken out and brought back cannot be understood.
    #[error("{}:{line}:{column}: {message}", path.display())]
    Decisions {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// A release is taken out.
    #[error("`{}` was removed {}", removal.release, removed(removal))]
    Removed {
        /// When, by whom and why.
        removal: Box<Decision>,
    },
    /// A release that is to be brought back is not taken out.
    #[error("`{release}` is not removed")]
    NotRemoved {
        /// The release.
        release: String,
    },
    /// The folder holds something else.
    #[error("{}: the folder is not empty and holds no archive", path.display())]
    NotAnArchive {
        /// The folder.
        path: PathBuf,
    },
    /// Another process writes to the archive.
    #[error("{}: the archive is being written by {}", path.display(), holder(*pid))]
    Locked {
        /// The archive.
        path: PathBuf,
        /// The process that holds the lock, where it said so.
        pid: Option<u32>,
    },
    /// The disk, or the user's share of it, is full.
    #[error("{}: no space is left", path.display())]
    DiskFull {
        /// What was being written.
        path: PathBuf,
    },
    /// The user may not read or write a file.
    #[error("{}: no permission to {doing}", path.display())]
    NoPermission {
        /// The file or folder.
        path: PathBuf,
        /// `read`, `write`, `create`.
        doing: &'static str,
    },
    /// Any other fault of a file.
    #[error("{}: cannot {doing}: {cause}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// `read`, `write`, `create`.
        doing: &'static str,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// A capture file is damaged.
    #[error("{}: {cause}", path.display())]
    Warc {
        /// The file.
        path: PathBuf,
        /// What is wrong, with the offset.
        #[source]
        cause: WarcError,
    },
    /// A page cannot be read from a WARC file that is registered.
    #[error("{}, at byte {offset}: the page cannot be read: {why}", path.display())]
    Registered {
        /// The file.
        path: PathBuf,
        /// Where the page's record begins.
        offset: u64,
        /// What is wrong.
        why: String,
    },
    /// What is to be written is there already.
    #[error("{} is there already", path.display())]
    IsThere {
        /// The file.
        path: PathBuf,
    },
    /// There is nothing of a source to export.
    #[error("the archive has no releases of the source `{source_id}`")]
    NoCaptures {
        /// Its id.
        source_id: String,
    },
    /// A segment of records is damaged.
    #[error("{}, at byte {offset}: the records cannot be read: {cause}", path.display())]
    Segment {
        /// The file.
        path: PathBuf,
        /// Where the frame begins.
        offset: u64,
        /// What is wrong.
        cause: String,
    },
    /// `state.sqlite` refuses.
    #[error("{}: {cause}", path.display())]
    State {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        #[source]
        cause: rusqlite::Error,
    },
    /// The index refuses, or the query is none; the message names the folder where it is the index.
    #[error("{cause}")]
    Index {
        /// The folder of the index.
        path: PathBuf,
        /// What it said.
        #[source]
        cause: Box<IndexError>,
    },
    /// A rule set does not compile: every mistake with its file, line and column.
    #[error("the rules for `{language}` have mistakes")]
    Rules {
        /// The language of the rule set.
        language: String,
        /// All that is wrong.
        errors: RuleErrors,
    },
    /// The reader's words do not parse.
    #[error("the reader's words have a mistake: {0}")]
    Lexicon(#[source] Box<LexiconError>),
    /// The tables of spellings do not parse.
    #[error("the spellings of names have a mistake: {0}")]
    Names(#[source] Box<NamesError>),
    /// Source files have mistakes: every one with its file, line and column.
    #[error("{0}")]
    Sources(SourceFaults),
    /// No source is called so.
    #[error("no source is called `{name}`{}", nearest(known))]
    NoSource {
        /// What was asked for.
        name: String,
        /// Those that could be meant.
        known: Vec<String>,
    },
    /// No country is called so.
    #[error("no country is called `{name}`{}", nearest(known))]
    NoCountry {
        /// What was asked for.
        name: String,
        /// Those that could be meant.
        known: Vec<String>,
    },
    /// A filter asks for what nothing has.
    #[error("{0}")]
    Unknown(UnknownValue),
    /// Nobody says whom the keepers of a site may write to.
    #[error("nobody says whom the keepers of {source_id} may write to")]
    NoContact {
        /// The source.
        source_id: String,
    },
    /// The contact cannot be sent with a request.
    #[error(
        "the contact `{contact}` cannot be sent with a request: it holds characters other than plain ones"
    )]
    BadContact {
        /// As it was given.
        contact: String,
    },
    /// What stands for whom the keepers of a site may write to is no address.
    #[error("`{given}` is no address of mail or of a page")]
    NoAddress {
        /// What was given.
        given: String,
    },
    /// Sites are not to be asked so fast.
    #[error("a pace under {} ms is for hosts of your own", least.as_millis())]
    TooFast {
        /// The least time between two requests.
        least: std::time::Duration,
    },
    /// The network cannot be used.
    #[error("the network cannot be used: {0}")]
    Network(#[source] io::Error),
    /// A folder of rules holds no rules.
    #[error("{}: the folder holds no rules", path.display())]
    NoRules {
        /// The folder.
        path: PathBuf,
    },
    /// A folder that is to be written holds something.
    #[error("{}: the folder is not empty", path.display())]
    NotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// More than one release is meant by a reference.
    #[error("`{reference}` may mean{}{}", below(candidates), if *more { "\n    and others" } else { "" })]
    Ambiguous {
        /// What was asked for.
        reference: String,
        /// What it may mean, by readable ids, at most 20.
        candidates: Vec<String>,
        /// Whether it may mean others too.
        more: bool,
    },
    /// No release is meant by a reference.
    #[error("no release is called `{reference}`{}", nearest(suggestions))]
    NotFound {
        /// What was asked for.
        reference: String,
        /// What was perhaps meant.
        suggestions: Vec<String>,
    },
    /// A hit's number, but there was no search, or it had fewer hits.
    #[error("there is no hit number {number}: the last search {}", match hits { 0 => "found nothing, or there was none".to_owned(), n => format!("had {n}") })]
    NoHit {
        /// The number that was asked for.
        number: usize,
        /// How many hits the last search had.
        hits: usize,
    },
    /// The caller's sink refused what was made, such as a closed pipe.
    #[error("cannot write the output: {0}")]
    Sink(#[source] io::Error),
    /// The threads could not be started.
    #[error("the threads cannot be started: {0}")]
    Threads(String),
}

fn holder(pid: Option<u32>) -> String {
    pid.map_or_else(|| "another process".to_owned(), |pid| format!("process {pid}"))
}

/// `on 2026-11-26 by anna: a court order`.
fn removed(removal: &Decision) -> String {
    let day = removal.at.get(..10).unwrap_or(&removal.at);
    let by = removal.by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
    format!("on {day}{by}: {}", removal.reason.as_deref().unwrap_or("no reason given"))
}

/// Each on a line of its own, fit to be copied.
fn below(candidates: &[String]) -> String {
    candidates.iter().map(|candidate| format!("\n    {candidate}")).collect()
}

fn nearest(suggestions: &[String]) -> String {
    if suggestions.is_empty() {
        return String::new();
    }
    format!("; near it: {}", suggestions.join(", "))
}

impl Error {
    /// The error for what the system said when `doing` (`read`, `write`, `create`) something to `path`.
    pub(crate) fn io(path: impl AsRef<Path>, doing: &'static str, cause: io::Error) -> Self {
        let path = path.as_ref().to_owned();
        match cause.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                Self::DiskFull { path }
            }
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::NoPermission { path, doing }
            }
            _ => Self::Io { path, doing, cause },
        }
    }

    /// The error for a capture file, told as a fault of the disk where it is one.
    pub(crate) fn warc(path: &Path, cause: WarcError) -> Self {
        match cause {
            WarcError::Io { cause, .. } => Self::io(path, "read or write", cause),
            cause => Self::Warc { path: path.to_owned(), cause },
        }
    }

    /// The error for the state, told as a fault of the disk where it is one.
    pub(crate) fn state(path: &Path, cause: rusqlite::Error) -> Self {
        let path = path.to_owned();
        match cause.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::DiskFull { path },
            Some(rusqlite::ErrorCode::ReadOnly | rusqlite::ErrorCode::PermissionDenied) => {
                Self::NoPermission { path, doing: "write" }
            }
            _ => Self::State { path, cause },
        }
    }

    /// The error for the index, told as a fault of the disk where it is one.
    /// Whether the fault is of an index that is missing, damaged or of another version: it can be made again from the
    /// records ([`crate::archive::Archive::reindex`]), and nothing is lost.
    #[must_use]
    pub fn is_of_derived(&self) -> bool {
        let Self::Index { cause, .. } = self else { return false };
        match cause.as_ref() {
            IndexError::Missing { .. } | IndexError::Version { .. } | IndexError::Damaged { .. } => true,
            // A file that the list of segments names and the folder lacks.
            IndexError::Io { doing: "read", reason, .. } => reason.ends_with("is missing"),
            _ => false,
        }
    }

    pub(crate) fn index(path: &Path, cause: IndexError) -> Self {
        // The cause lies in types of the index's own library; the system's number stands at the end of its words.
        let told = match &cause {
            IndexError::Io { doing, reason, .. } => Some((*doing, reason)),
            IndexError::Damaged { reason, .. } => Some(("write", reason)),
            _ => None,
        };
        if let Some((doing, reason)) = told
            && let Some((_, number)) = reason.rsplit_once("(os error ")
            && let Some((number, _)) = number.split_once(')')
            && let Ok(number) = number.parse()
        {
            match Self::io(path, doing, io::Error::from_raw_os_error(number)) {
                Self::Io { .. } => {}
                known => return known,
            }
        }
        Self::Index { path: path.to_owned(), cause: Box::new(cause) }
    }

    /// The error for a crawl, told as a fault of the disk where it is one.
    pub(crate) fn capture(error: CaptureError) -> Self {
        match error {
            CaptureError::Warc(at) => Self::warc(&at.path, at.cause),
            CaptureError::State { path, cause } => Self::state(&path, cause),
            CaptureError::Busy { path } => {
                let archive = path.parent().and_then(Path::parent).unwrap_or(&path);
                Self::Locked { path: archive.to_owned(), pid: None }
            }
            CaptureError::Io { path, cause } => Self::io(path, "write", cause),
            CaptureError::Network(cause) => Self::Network(cause),
            CaptureError::Thread(cause) => Self::Threads(cause.to_string()),
        }
    }

    /// What to do about it; `None` where the message says it already, or where nobody can tell.
    #[must_use]
    pub fn mend(&self) -> Option<String> {
        let text = match self {
            Self::NoArchive { .. } => "make one with `chancery ingest PATH`, or name one with --archive DIR".into(),
            Self::NewerFormat { .. } => "install the newest chancery; nothing was changed".into(),
            Self::ArchiveFile { .. } => "mend the file, or restore it: `format = 1` is all it needs".into(),
            Self::NotUtf8 { .. } => "save it as UTF-8: most editors ask for the encoding under `save as`".into(),
            Self::Decisions { .. } | Self::Removed { .. } | Self::NotRemoved { .. } => return self.mend_removal(),
            Self::NotAnArchive { .. } => "name a new or empty folder with --archive DIR".into(),
            Self::Locked { .. } => "wait until it is done, or stop it; reading is possible meanwhile".into(),
            Self::DiskFull { .. } => {
                "make room and run the same command again: what is in the archive is whole, and the run goes on from there".into()
            }
            Self::NoPermission { .. } => "run as the owner, or change the rights (`ls -l` shows them)".into(),
            Self::Io { cause, .. } if cause.kind() == io::ErrorKind::NotFound => {
                "check the spelling; a path is relative to the folder you are in".into()
            }
            Self::Io { cause, .. }
                if matches!(cause.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory) =>
            {
                "a file stands where a folder is wanted: name another folder".into()
            }
            Self::Io { .. } => return None,
            Self::Warc { .. } => "restore the file from a copy; captures are never rewritten".into(),
            Self::Registered { path, .. } => {
                format!("put {} back as it was, or change its path in captures/registered.toml", path.display())
            }
            Self::IsThere { .. } => "name another file, or take this one away first".into(),
            Self::NoCaptures { .. } => "`chancery status` names the sources of the archive".into(),
            Self::Segment { path, .. } => {
                format!(
                    "`chancery reindex --records` makes again from the captures what cannot be read of {}",
                    path.display()
                )
            }
            Self::State { path, .. } => {
                format!("delete {}: it is made again from captures and records", path.display())
            }
            Self::Index { .. } => {
                "`chancery reindex` makes it again from the records; nothing is lost".into()
            }
            Self::Rules { .. } => "mend the rules; `chancery rules check` shows all mistakes".into(),
            Self::Lexicon(_) => "mend the file `reader.toml` that it names".into(),
            Self::Names(_) => "mend the file `spellings.toml` that it names, or leave it out".into(),
            Self::Sources(_) => "see sources/TEMPLATE.toml, which explains each line".into(),
            Self::NoSource { .. } | Self::NoCountry { .. } | Self::NoContact { .. } | Self::NoAddress { .. } | Self::TooFast { .. } => {
                self.mend_of_wish().into()
            }
            Self::BadContact { .. } => "write it in ASCII: an address of mail, or of a page".into(),
            Self::Network(_) => "is there a network, and may this program use it?".into(),
            Self::NoRules { .. } => "`chancery rules export DIR` writes the built-in ones".into(),
            Self::NotEmpty { .. } => "name a new or empty folder".into(),
            Self::Ambiguous { .. } => "give more of the id".into(),
            Self::NotFound { .. } => "search for it with `chancery search WORDS`".into(),
            Self::NoHit { .. } => "search first: `chancery search WORDS`".into(),
            Self::Unknown(value) => value.mend(),
            Self::Sink(_) => return None,
            Self::Threads(_) => "try --jobs 1, or end other programs: the system gives no more threads".into(),
        };
        Some(text)
    }

    fn mend_removal(&self) -> Option<String> {
        Some(match self {
            Self::Decisions { .. } => {
                "mend the file: each [[decision]] has `act` (removed or restored), `release`, `at` and a `reason`".into()
            }
            Self::Removed { removal } => format!("`chancery remove --undo {}` brings it back", removal.release),
            Self::NotRemoved { .. } => "`chancery changes` lists what was removed".into(),
            _ => return None,
        })
    }

    /// The mend of what was wished of a source, a country or a crawl.
    const fn mend_of_wish(&self) -> &'static str {
        match self {
            Self::NoCountry { .. } => {
                "give its English name, such as `Norway`; one that no list knows is written in a file of sources/ (`country = \"…\"`), which --source names"
            }
            Self::NoContact { .. } => {
                "give an address of mail or of a page with --contact, or as `contact = \"…\"` in archive.toml: it is sent with every request"
            }
            Self::NoAddress { .. } => {
                "write it like archive@library.example or https://library.example/archive: the keepers of a site read it"
            }
            Self::TooFast { .. } => "leave --pace out, or say --allow-private for a host of your own",
            _ => {
                "`chancery source list` shows all; `chancery source new URL` drafts one; a single page is given by its address"
            }
        }
    }

    /// Whether the output was closed by its reader, which ends a program quietly.
    #[must_use]
    pub fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Sink(cause) if cause.kind() == io::ErrorKind::BrokenPipe)
    }
}
