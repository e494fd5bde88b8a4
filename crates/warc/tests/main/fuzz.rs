//! The fuzz target `warc` over its seeds, as they are and with changes: no panic, no hang.

#[path = "../../../../fuzz/src/seeds.rs"]
mod seeds;
#[path = "../../../../fuzz/src/warc.rs"]
mod target;

#[test]
fn every_seed_runs() {
    seeds::each("warc", 6, target::warc);
}

#[test]
fn changed_seeds_run() {
    seeds::changed("warc", 256, &[], target::warc);
}
