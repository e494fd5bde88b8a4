#![no_main]

#[path = "../src/query.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|data: &[u8]| target::query(data));
