//! The crate through its own doors: discovery on any bytes; fetching from real servers on loopback, some of which behave
//! like the sites of ministries, some like nobody should.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bench;
mod crawling;
mod fetching;
mod fuzz;
mod hostile;
mod odd;
mod pausing;
mod resuming;
mod robots;
mod server;
