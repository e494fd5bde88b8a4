//! What a crawl tells while it runs, and at its end.

use serde::Serialize;

use crate::frontier::Role;

/// How far a host has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HostState {
    /// The host.
    pub host: String,
    /// Pages asked for in this run.
    pub fetched: u64,
    /// Pages that wait.
    pub waiting: u64,
    /// Until when nothing is asked of it, RFC 3339 in UTC; `None` where only its pace is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Something that happened, fit to be one line of JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// A page was fetched.
    Fetched {
        /// Its address.
        url: String,
        /// Of which source.
        source: String,
        /// What for.
        role: Role,
        /// The status of the answer.
        status: u16,
        /// Bytes of the answer as sent.
        bytes: u64,
        /// How long it took.
        milliseconds: u64,
        /// The page whose body is the same, where one was kept before.
        same_as: Option<String>,
    },
    /// A page is not fetched, or nothing came of it.
    Left {
        /// Its address.
        url: String,
        /// Of which source.
        source: String,
        /// Why.
        reason: String,
    },
    /// A page is tried again later.
    Later {
        /// Its address.
        url: String,
        /// Why.
        reason: String,
        /// When, RFC 3339 in UTC.
        until: String,
    },
    /// Nothing is asked of a host for a while.
    Waiting {
        /// The host.
        host: String,
        /// Why.
        reason: String,
        /// Until when, RFC 3339 in UTC.
        until: String,
    },
    /// A release was missing on two visits.
    Gone {
        /// Its address.
        url: String,
        /// Of which source.
        source: String,
        /// What it answers.
        reason: String,
    },
    /// All until here is on the disk.
    Kept {
        /// Pages fetched in this run.
        pages: u64,
        /// Pages that wait.
        waiting: u64,
        /// Hosts that something waits for.
        hosts: u64,
        /// The hosts that most waits for, first those that are left alone.
        at: Vec<HostState>,
    },
    /// What a user should know of the beginning.
    Note {
        /// In words.
        text: String,
    },
}

/// What a crawl did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CrawlReport {
    /// Pages fetched, of any status.
    pub fetched: u64,
    /// Releases among them that came with a new body.
    pub releases: u64,
    /// Pages whose body had been kept before.
    pub same: u64,
    /// Bytes that came.
    pub bytes: u64,
    /// Pages taken in from WARC files that an earlier run had left without noting them.
    pub recovered: u64,
    /// Pages that were not fetched, or of which nothing came, with the reasons: source, address, reason.
    pub left: Vec<(String, String, String)>,
    /// How many there are, also where not all are listed.
    pub left_count: u64,
    /// Pages among them that something went wrong with: the network, the server, an answer that is broken. One that a
    /// source begins at, and one that was named, is to come in any case; others may be missing or forbidden.
    pub failed: u64,
    /// Releases that were missing on two visits: source, address.
    pub gone: Vec<(String, String)>,
    /// Pages that wait for a later run, and why.
    pub waiting: u64,
    /// What they wait for, each once: a host and its time, a budget.
    pub waits_for: Vec<String>,
    /// Whether some wait because something is in the way, and not only for a budget or for the hours of a source.
    pub held_up: bool,
    /// Whether it was asked to stop.
    pub interrupted: bool,
}
