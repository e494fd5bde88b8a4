//! Why an index cannot be opened, written or searched; each with its place and its mend.

use std::fmt::Display;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use chancery_record::Span;
use miette::{Diagnostic, SourceSpan};
use tantivy::TantivyError;
use tantivy::directory::error::{LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
use thiserror::Error;

use crate::highlight::border;
use crate::language::Mistake;

/// The mend of whatever is wrong with the files of an index: it is derived, nothing is lost with it.
const REINDEX: &str =
    "the index is made from the records: `chancery reindex` makes it again, nothing is lost";

/// Why an index cannot be opened, written or searched.
#[derive(Debug, Error, Diagnostic)]
pub enum IndexError {
    /// No index lies there.
    #[error("there is no index in {}", dir.display())]
    #[diagnostic(help("the index is made from the records: `chancery reindex` makes it"))]
    Missing {
        /// Where it was looked for.
        dir: PathBuf,
    },
    /// An index is to be made where one lies already.
    #[error("there is an index in {} already", dir.display())]
    #[diagnostic(help("open it, or remove the folder to make it again from the records"))]
    Exists {
        /// Where it lies.
        dir: PathBuf,
    },
    /// The index was made by a program that lays it out otherwise.
    #[error("the index in {} has {found}, this program reads version {known}", dir.display())]
    #[diagnostic(help("{REINDEX}; an index of a newer version asks for the program that made it"))]
    Version {
        /// Where it lies.
        dir: PathBuf,
        /// What it says of its version.
        found: String,
        /// The version that this program reads and writes.
        known: u32,
    },
    /// The files of the index contradict each other or cannot be understood.
    #[error("the index in {} is damaged: {reason}", dir.display())]
    #[diagnostic(help("{REINDEX}"))]
    Damaged {
        /// Where it lies.
        dir: PathBuf,
        /// What does not hold.
        reason: String,
    },
    /// Another program is writing the index.
    #[error("another program is writing the index in {}", dir.display())]
    #[diagnostic(help("wait until it has ended; searching goes on meanwhile"))]
    Locked {
        /// Where it lies.
        dir: PathBuf,
    },
    /// The system refuses to read or write a file of the index.
    #[error("cannot {doing} the index in {}: {reason}", dir.display())]
    #[diagnostic(help(
        "what was committed before is still there; mend the cause and run the same command again"
    ))]
    Io {
        /// `read` or `write`.
        doing: &'static str,
        /// Where it lies.
        dir: PathBuf,
        /// What the system says.
        reason: String,
        /// The whole story.
        #[source]
        source: Box<TantivyError>,
    },
    /// The words of a query are not written as the query language wants them.
    #[error("{message}")]
    Words {
        /// What is wrong first.
        message: String,
        /// The words as they were given; of a long query, those around the mistake.
        #[source_code]
        words: String,
        /// Where in them, in bytes.
        #[label("here")]
        place: SourceSpan,
        /// What to write instead.
        #[help]
        mend: String,
        /// All that is wrong, with places in the whole query.
        mistakes: Vec<Mistake>,
    },
    /// What is to go on from is no place in an answer to this query.
    #[error("{message}")]
    #[diagnostic(help(
        "give the `next` of an earlier answer as it is, with the same order; without it, the answer begins anew"
    ))]
    Cursor {
        /// What is wrong with it.
        message: String,
    },
    /// A filter of a query holds nothing that could be looked for, or is no date.
    #[error("`{option} {given}`: {message}")]
    #[diagnostic(help("{mend}"))]
    Filter {
        /// The filter, as `--since`.
        option: &'static str,
        /// What was given.
        given: String,
        /// What is wrong with it.
        message: String,
        /// What to write instead.
        mend: String,
    },
    /// Neither words nor a filter.
    #[error("nothing to search for")]
    #[diagnostic(help("give words, or a filter such as --kind, --by, --org, --since"))]
    Nothing,
}

impl IndexError {
    /// The first of `mistakes` in `words`, and all that come after.
    pub(crate) fn words(words: &str, mistakes: Vec<Mistake>) -> Self {
        let first = mistakes.first().cloned();
        let (span, message, mend) = first.map_or_else(
            || (Span::new(0, words.len()), String::from("this is no query"), String::new()),
            |first| (first.span, first.message, first.mend),
        );
        let (words, span) = around(words, span);
        let mut mend = mend;
        for more in mistakes.iter().skip(1).take(3) {
            mend += &format!(
                "\nalso, at character {}: {}; {}",
                more.span_in_characters.start + 1,
                more.message,
                more.mend
            );
        }
        Self::Words { message, words, place: (span.start, span.len()).into(), mend, mistakes }
    }

    pub(crate) fn damaged(dir: &Path, reason: &dyn Display) -> Self {
        Self::Damaged { dir: dir.into(), reason: reason.to_string() }
    }

    pub(crate) fn read(dir: &Path, error: TantivyError) -> Self {
        Self::of("read", dir, error)
    }

    pub(crate) fn write(dir: &Path, error: TantivyError) -> Self {
        Self::of("write", dir, error)
    }

    fn of(doing: &'static str, dir: &Path, error: TantivyError) -> Self {
        match error {
            TantivyError::LockFailure(LockError::LockBusy, _) => Self::Locked { dir: dir.into() },
            TantivyError::DataCorruption(what) => Self::damaged(dir, &format!("{what:?}")),
            TantivyError::SchemaError(what) | TantivyError::InternalError(what) => Self::damaged(dir, &what),
            error => match damage(&error) {
                Some(reason) => Self::Damaged { dir: dir.into(), reason },
                None => Self::Io { doing, dir: dir.into(), reason: reason(&error), source: Box::new(error) },
            },
        }
    }
}

/// A long query cut to what stands around `span`, and the span in that.
fn around(words: &str, span: Span) -> (String, Span) {
    const SHOWN: usize = 60;
    if words.len() <= 4 * SHOWN {
        return (words.into(), span);
    }
    let start = border(words, span.start.saturating_sub(SHOWN));
    let end = border(words, (span.start + SHOWN).min(words.len()));
    let shown = Span::new(start, end).of(words).to_owned();
    (shown, Span::new(span.start - start, span.end.min(end) - start))
}

/// What is wrong with the files of an index, where it is not the system that refuses to read them: they are gone, cut off, or hold
/// other bytes than were written.
fn damage(error: &TantivyError) -> Option<String> {
    let of_bytes =
        |io: &std::io::Error| matches!(io.kind(), ErrorKind::InvalidData | ErrorKind::UnexpectedEof);
    match error {
        TantivyError::OpenReadError(OpenReadError::IoError { io_error, filepath }) if of_bytes(io_error) => {
            Some(format!("{} is not as it was written", filepath.display()))
        }
        TantivyError::OpenReadError(
            OpenReadError::IncompatibleIndex(_) | OpenReadError::FileDoesNotExist(_),
        ) => Some(reason(error)),
        TantivyError::IoError(io) if of_bytes(io) => Some(io.to_string()),
        _ => None,
    }
}

/// The innermost cause in plain words: `No space left on device (os error 28)` instead of a nest of types.
fn reason(error: &TantivyError) -> String {
    match error {
        TantivyError::IoError(io)
        | TantivyError::LockFailure(LockError::IoError(io), _)
        | TantivyError::OpenDirectoryError(OpenDirectoryError::IoError { io_error: io, .. })
        | TantivyError::OpenReadError(OpenReadError::IoError { io_error: io, .. })
        | TantivyError::OpenWriteError(OpenWriteError::IoError { io_error: io, .. }) => io.to_string(),
        TantivyError::OpenReadError(OpenReadError::FileDoesNotExist(path)) => {
            format!("{} is missing", path.display())
        }
        error => error.to_string(),
    }
}
