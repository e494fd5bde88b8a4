//! The web to WARC: pages of ministries fetched politely and kept byte for byte, with the way to go on after any
//! interruption.
//!
//! Invariants: this crate knows neither the reader nor the index (they meet in `chancery`); nothing but http and https
//! is fetched, and no private address unless its very host was named; what is on the disk is written before the state
//! that says so; the clock, the addresses of hosts and the network come in as arguments.

pub mod discover;
pub mod plan;

mod crawl;

mod frontier;
mod host;
mod ledger;
mod look;
mod memory;
mod parts;
mod replay;
mod seeds;

mod arrival;
mod keep;
mod pause;

mod address;
mod connection;
mod error;
mod event;
mod fetch;
mod flight;
mod limits;
mod named;
mod resolve;
mod robots;
mod scribe;
mod visit;
mod wire;

pub use connection::Connection;
pub use crawl::{CrawlJob, CrawlOptions, crawl};
pub use error::{CaptureError, FetchError, Stage};
pub use event::{CrawlReport, Event, HostState};
pub use fetch::{Agent, Ask, Exchange, Fetcher, Longer, system_roots};
pub use frontier::Role;
pub use keep::{HEADER, Tag};
pub use limits::{Limits, Times};
pub use memory::{Gone, resumes, visits};
pub use named::Named;
pub use replay::is_crawl_file;
pub use resolve::{Addresses, Given, Resolve, SystemResolver};
pub use visit::{Visited, Visitor};
