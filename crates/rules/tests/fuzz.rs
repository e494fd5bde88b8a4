//! The fuzz targets over their seeds, as they are and with changes: no panic, no hang.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails, and says where")]

#[path = "../../../fuzz/src/lib.rs"]
#[expect(unreachable_pub, reason = "a crate of its own where it is fuzzed")]
mod targets;

use std::fs;
use std::path::Path;

use proptest::prelude::*;

/// Takes any bytes.
type Target = fn(&[u8]);

const TARGETS: [(&str, Target); 3] =
    [("rule_file", targets::rule_file), ("pattern", targets::pattern), ("matcher", targets::matcher)];

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds").join(target);
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

#[test]
fn every_seed_of_every_target_runs() {
    for (name, target) in TARGETS {
        let seeds = seeds(name);
        assert!(seeds.len() >= 4, "{name}");
        seeds.iter().for_each(|seed| target(seed));
    }
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_seeds_run_too(
        target in 0..TARGETS.len(),
        which in any::<prop::sample::Index>(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..6, 0..PIECES.len()), 1..6),
    ) {
        let (name, target) = TARGETS[target];
        let seeds = seeds(name);
        let mut data = which.get(&seeds).clone();
        for (place, length, piece) in cuts {
            let at = place.index(data.len() + 1);
            let end = (at + length).min(data.len());
            data.splice(at..end, PIECES[piece].bytes());
        }
        target(&data);
    }
}
