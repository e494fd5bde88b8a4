#![no_main]

#[path = "../src/discover.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|data: &[u8]| target::discover(data));
