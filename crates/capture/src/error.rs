//! What can go wrong with one fetch, in words that a crawl report can carry.

use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use thiserror::Error;

/// A stage of a fetch, each with a time of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The name of the host to its addresses.
    Dns,
    /// The TCP connection.
    Connect,
    /// The TLS handshake.
    Tls,
    /// From the request to the first byte of the answer.
    FirstByte,
    /// Between two pieces of the answer.
    Idle,
    /// Enough of it to go on with.
    Slow,
    /// Enough of a large answer that others waited for.
    Room,
    /// All of it.
    Whole,
}

impl Stage {
    /// What was waited for.
    const fn awaited(self) -> &'static str {
        match self {
            Self::Dns => "the address of the host",
            Self::Connect => "the connection",
            Self::Tls => "the TLS handshake",
            Self::FirstByte => "the first byte of the answer",
            Self::Idle => "the next piece of the answer",
            Self::Slow => "more than a drip of the answer",
            Self::Room => "more than a trickle of a large answer, while others waited for its room",
            Self::Whole => "the whole answer",
        }
    }
}

/// Why a page could not be fetched. The message is for a crawl report: it names no address of the page, which stands
/// beside it.
#[derive(Debug, Error)]
pub enum FetchError {
    /// The address is none that is fetched.
    #[error("the address is not fetched: {0}")]
    Address(String),
    /// The host is a private, loopback, link-local or other address that the public web has no business with.
    #[error("{host} is {address}, {what}: not fetched")]
    Private {
        /// The host as the address names it.
        host: String,
        /// What it resolved to.
        address: IpAddr,
        /// What kind of address that is.
        what: &'static str,
    },
    /// The host has no address.
    #[error("the host {host} is not found: {why}")]
    NoHost {
        /// The host.
        host: String,
        /// What the resolver said.
        why: String,
    },
    /// A stage took too long.
    #[error("gave up after {}: {} did not come", shown(*after), stage.awaited())]
    Timeout {
        /// Which stage.
        stage: Stage,
        /// How long it was waited for.
        after: Duration,
    },
    /// The connection could not be made.
    #[error("no connection: {0}")]
    Connect(#[source] io::Error),
    /// TLS failed.
    #[error("no secure connection: {0}")]
    Tls(String),
    /// The host is not who it says it is.
    #[error("no secure connection: {0}")]
    Certificate(String),
    /// The answer breaks HTTP, or ends too early.
    #[error("the answer is broken: {0}")]
    Http(String),
    /// The answer is larger than it may be.
    #[error("{what} is larger than {limit} bytes")]
    TooLarge {
        /// What of it.
        what: &'static str,
        /// What it may be.
        limit: u64,
    },
}

impl FetchError {
    /// Whether trying again may help, but not soon: what took so long, or is no matter of a moment.
    #[must_use]
    pub const fn is_lasting(&self) -> bool {
        matches!(
            self,
            Self::Certificate(_) | Self::Timeout { stage: Stage::Whole | Stage::Slow | Stage::FirstByte, .. }
        )
    }

    /// How much it speaks against the host: one that keeps its visitors waiting is not waited for five times.
    pub(crate) const fn weight(&self) -> u32 {
        match self {
            Self::Certificate(_) => 9,
            Self::Timeout { .. } => 3,
            _ => 1,
        }
    }

    /// Whether trying again later may help.
    #[must_use]
    pub const fn may_pass(&self) -> bool {
        match self {
            Self::NoHost { .. }
            | Self::Timeout { .. }
            | Self::Connect(_)
            | Self::Tls(_)
            | Self::Certificate(_)
            | Self::Http(_) => true,
            Self::Address(_) | Self::Private { .. } | Self::TooLarge { .. } => false,
        }
    }
}

/// A time in seconds, or in milliseconds where it is shorter.
fn shown(time: Duration) -> String {
    match time.as_millis() {
        short @ 0..1000 => format!("{short} ms"),
        _ => format!("{} s", time.as_secs()),
    }
}

/// Why a crawl could not go on. What was kept until then is whole, and the same crawl goes on from there.
#[derive(Debug, Error)]
pub enum CaptureError {
    /// A WARC file cannot be written or read.
    #[error(transparent)]
    Warc(#[from] chancery_warc::RollError),
    /// The frontier refuses.
    #[error("{}: {cause}", path.display())]
    State {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        #[source]
        cause: rusqlite::Error,
    },
    /// Another process crawls into the same folder.
    #[error("{}: another capture is at work on this archive", path.display())]
    Busy {
        /// The file that it holds.
        path: PathBuf,
    },
    /// A file or folder refuses.
    #[error("{}: {cause}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// The fetcher could not be started.
    #[error("the network cannot be used: {0}")]
    Network(io::Error),
    /// The system gives no thread for the writing of the files.
    #[error("no thread can be started: {0}")]
    Thread(io::Error),
}

impl CaptureError {
    pub(crate) fn io(path: &Path, cause: io::Error) -> Self {
        Self::Io { path: path.to_owned(), cause }
    }

    pub(crate) fn state(path: &Path, cause: rusqlite::Error) -> Self {
        let path = path.to_owned();
        match cause.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => {
                Self::Busy { path }
            }
            _ => Self::State { path, cause },
        }
    }
}
