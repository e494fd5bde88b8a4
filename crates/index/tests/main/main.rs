//! The index through its public doors: records in, hits out, in real folders.

#![expect(clippy::unwrap_used, reason = "a helper of tests may end the test")]

mod archive;
mod asking;
mod fuzz;
mod keeping;
mod paging;
mod truth;
