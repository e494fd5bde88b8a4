//! The fuzz target `query` over its seeds, as they are and with changes: no panic, no hang.

#[path = "../../../../fuzz/src/seeds.rs"]
mod seeds;
#[path = "../../../../fuzz/src/query.rs"]
mod target;

/// Pieces that mean something to the parser.
const PIECES: [&str; 22] = [
    "(",
    ")",
    "\"",
    "«",
    "”",
    "~",
    "~3",
    "*",
    "-",
    ":",
    " OR ",
    " AND ",
    " NOT ",
    "who:",
    "since:2021-",
    "on:",
    "confidence:>",
    "kind:statement",
    "\u{200b}",
    "\u{202e}",
    "é",
    "ا",
];

#[test]
fn every_seed_runs() {
    seeds::each("query", 8, target::query);
}

#[test]
fn changed_seeds_run() {
    seeds::changed("query", 2_000, &PIECES, target::query);
}
