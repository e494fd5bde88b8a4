//! The fuzz target `discover` over its seeds, as they are and with changes: no panic, no hang.

#[path = "../../../../fuzz/src/seeds.rs"]
mod seeds;
#[path = "../../../../fuzz/src/discover.rs"]
mod target;

#[test]
fn every_seed_runs() {
    seeds::each("discover", 6, target::discover);
}

#[test]
fn changed_seeds_run() {
    seeds::changed("discover", 256, &[], target::discover);
}
