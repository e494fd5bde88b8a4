//! The web to WARC: pages of ministries fetched politely and kept byte for byte, with the way to go on after any
//! interruption.
//!
//! Invariants: this crate knows neither the reader nor the index (they meet in `chancery`); nothing but http and https
//! is fetched, and no private address unless its very host was named; what is on the disk is written before the state
//! that says so; the clock, the addresses of hosts and the network come in as arguments.

pub mod discover;
pub mod plan;

mod address;
mod connection;
mod error;
mod fetch;
mod limits;
mod resolve;
mod wire;

pub use connection::Connection;
pub use error::{FetchError, Stage};
pub use fetch::{Agent, Ask, Exchange, Fetcher, Longer, system_roots};
pub use limits::{Limits, Times};
pub use resolve::{Addresses, Given, Resolve, SystemResolver};
