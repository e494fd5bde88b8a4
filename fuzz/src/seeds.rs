//! The seeds of a target as plain tests: as they are, and with changes. Each crate's tests take this file in beside their target.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// The seeds of the target `name`, in the order of their names.
fn seeds(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds").join(name);
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Runs `target` over its seeds, of which there are at least so many.
pub(crate) fn each(name: &str, least: usize, target: fn(&[u8])) {
    let seeds = seeds(name);
    assert!(seeds.len() >= least, "{name} has {} seeds", seeds.len());
    seeds.iter().for_each(|seed| target(seed));
}

/// Runs `target` over so many changed seeds: some bytes of each give way to others, or to `pieces` that mean something to it.
pub(crate) fn changed(name: &str, cases: u32, pieces: &'static [&'static str], target: fn(&[u8])) {
    let bytes = prop::collection::vec(any::<u8>(), 0..4);
    let piece = match pieces {
        [] => bytes.boxed(),
        pieces => {
            prop_oneof![bytes, prop::sample::select(pieces).prop_map(|piece| piece.as_bytes().to_vec())]
                .boxed()
        }
    };
    let cut = (any::<prop::sample::Index>(), 0_usize..6, piece);
    let changes = (prop::sample::select(seeds(name)), prop::collection::vec(cut, 1..6));
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let ran = runner.run(&changes, |(mut seed, cuts)| {
        for (at, length, instead) in cuts {
            let at = at.index(seed.len() + 1);
            seed.splice(at..(at + length).min(seed.len()), instead);
        }
        target(&seed);
        Ok(())
    });
    ran.unwrap();
}
