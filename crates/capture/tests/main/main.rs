//! Tests through the public items of the crate.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails, and says where")]

mod fuzz;
