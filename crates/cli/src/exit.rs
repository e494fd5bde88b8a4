//! How the program ends: every exit code, and every reason to end early.

use std::io;
use std::process::ExitCode;

use chancery::Error;
use chancery::sources::SourceFaults;
use chancery_index::IndexError;
use chancery_rules::RuleErrors;

/// The paths under which the rules tell mistakes in what was typed.
const TYPED: [&str; 2] = ["pattern", "--layer"];

/// Exit codes, all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All was done.
    Well = 0,
    /// Something went wrong or was skipped; the rest was done.
    Trouble = 1,
    /// The command was not understood.
    Usage = 2,
    /// Ctrl-C: 128 and the number of the signal, as shells have it.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command ended early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Whoever read the output has gone; nothing is wrong.
    ClosedPipe,
    /// The command makes no sense: what, and the mend.
    Usage(String, String),
    /// What is asked of the index makes no sense, with the place in the words.
    Question(Box<IndexError>),
    /// What went wrong, with its place and mend.
    Report(miette::Report),
    /// The rules of a language have mistakes.
    Rules(String, RuleErrors),
    /// Source files have mistakes.
    Sources(SourceFaults),
    /// A pattern that was typed has mistakes.
    Pattern(RuleErrors),
    /// The user stopped it; what that means for what was done.
    Interrupted(&'static str),
}

/// What a command does.
pub(crate) type Outcome<T = Exit> = Result<T, Failure>;

impl Failure {
    /// Something went wrong, and what to do.
    pub(crate) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        let diagnostic = miette::MietteDiagnostic::new(message).with_help(help);
        Self::Report(diagnostic.into())
    }

    /// Chancery itself failed.
    pub(crate) fn bug(words: &str) -> Self {
        Self::new(
            format!("chancery failed, which is a bug: {words}"),
            "please report this with the command; what an archive held is whole, and the same command may be run again",
        )
    }

    /// The exit code that tells of it.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::ClosedPipe => Exit::Well,
            Self::Usage(..) | Self::Question(_) | Self::Pattern(_) => Exit::Usage,
            Self::Report(_) | Self::Rules(..) | Self::Sources(_) => Exit::Trouble,
            Self::Interrupted(_) => Exit::Interrupted,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        if error.is_closed_pipe() {
            return Self::ClosedPipe;
        }
        match error {
            Error::Rules { errors, .. } if is_typed(&errors) => Self::Pattern(errors),
            Error::Rules { language, errors } => Self::Rules(language, errors),
            Error::NoCountry { .. } => {
                Self::Usage(format!("--country: {error}"), error.mend().unwrap_or_default())
            }
            Error::NoAddress { .. } => {
                Self::Usage(format!("--contact: {error}"), error.mend().unwrap_or_default())
            }
            Error::Sources(faults) => Self::Sources(faults),
            Error::Index { cause, .. } if is_usage(&cause) => Self::Question(cause),
            other => match other.mend() {
                Some(mend) => Self::new(other.to_string(), mend),
                None => Self::Report(miette::MietteDiagnostic::new(other.to_string()).into()),
            },
        }
    }
}

/// Whether all mistakes are in what was typed, none in a file.
fn is_typed(errors: &RuleErrors) -> bool {
    errors.0.iter().all(|error| TYPED.contains(&error.path.as_str()))
}

/// Whether the question is wrong, not the index.
fn is_usage(error: &IndexError) -> bool {
    matches!(
        error,
        IndexError::Words { .. }
            | IndexError::Filter { .. }
            | IndexError::Cursor { .. }
            | IndexError::Nothing
    )
}

impl From<io::Error> for Failure {
    /// Of writing to standard output: the only stream that commands write to themselves.
    fn from(why: io::Error) -> Self {
        if why.kind() == io::ErrorKind::BrokenPipe {
            Self::ClosedPipe
        } else {
            Self::new(format!("cannot write the output: {why}"), "is there room where the output goes?")
        }
    }
}
