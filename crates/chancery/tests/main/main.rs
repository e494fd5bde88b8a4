//! Inputs, rule sets, pipeline and archive through the crate's own doors.

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test that cannot go on says so")]

mod archive;
mod bench;
mod broken;
mod changes;
mod identity;
mod inputs;
mod pipeline;
mod rulesets;
mod skips;
mod verify;
mod warcs;
