//! The fuzz target `reader` over its seeds, as they are and with changes: no panic, no hang.

#[path = "../../../../fuzz/src/seeds.rs"]
mod seeds;
#[path = "../../../../fuzz/src/reader.rs"]
mod target;

#[test]
fn every_seed_runs() {
    seeds::each("reader", 5, target::reader);
}

#[test]
fn changed_seeds_run() {
    seeds::changed("reader", 256, &[], target::reader);
}
