//! Tests through the program's own doors: what a user types, what they read, and the exit code.

#![expect(
    clippy::unwrap_used,
    clippy::string_slice,
    reason = "a test that cannot go on fails, and says where"
)]

mod bad_input;
mod browse;
mod capture;
mod capture_ends;
mod changes;
mod demo;
mod explain;
mod extract;
mod help;
mod ingest;
mod interrupted;
mod kit;
mod limits;
mod loopback;
mod manual;
mod output;
mod pdf;
mod pdf_pages;
mod read;
mod reindex;
mod remove;
mod replay;
mod review;
mod rules;
mod rules_diff;
mod rules_own;
mod rules_try;
mod rules_watch;
mod search;
mod show;
mod source;
mod terminal;
mod warc;
mod watch;
