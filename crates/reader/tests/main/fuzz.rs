//! The fuzz target `reader` over its seeds, as they are and with changes: no panic, no hang.

use std::fs;
use std::path::Path;

use proptest::prelude::*;

#[path = "../../../../fuzz/src/reader.rs"]
mod target;

fn seeds() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds/reader");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

#[test]
fn every_seed_runs() {
    let seeds = seeds();
    assert!(seeds.len() >= 5);
    seeds.iter().for_each(|seed| target::reader(seed));
}

proptest! {
    #[test]
    fn changed_seeds_run(
        seed in prop::sample::select(seeds()),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), prop::collection::vec(any::<u8>(), 0..4)), 1..6),
    ) {
        let mut bytes = seed;
        for (at, instead) in cuts {
            let at = at.index(bytes.len() + 1);
            bytes.splice(at..(at + 1).min(bytes.len()), instead);
        }
        target::reader(&bytes);
    }
}
