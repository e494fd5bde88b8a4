//! The fuzz targets over their seeds, as they are and with changes: no panic, no hang.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails, and says where")]

#[path = "../../../fuzz/src/seeds.rs"]
mod seeds;
#[path = "../../../fuzz/src/lib.rs"]
#[expect(unreachable_pub, reason = "a crate of its own where it is fuzzed")]
mod targets;

#[test]
fn every_seed_of_every_target_runs() {
    seeds::each("rule_file", 4, targets::rule_file);
    seeds::each("pattern", 4, targets::pattern);
    seeds::each("matcher", 4, targets::matcher);
}

/// Pieces that mean something to the readers.
const PIECES: [&str; 24] = [
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "|",
    "!",
    "&",
    "?",
    "*",
    "+",
    "{2,4}",
    "{@role}",
    "{of}",
    "\"",
    "'",
    "/",
    "a:",
    "^",
    "$",
    "\n",
    "é’s",
    "[[rule]]\n",
];

#[test]
fn changed_seeds_run_too() {
    seeds::changed("rule_file", 334, &PIECES, targets::rule_file);
    seeds::changed("pattern", 334, &PIECES, targets::pattern);
    seeds::changed("matcher", 334, &PIECES, targets::matcher);
}
