#![no_main]

#[path = "../src/reader.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|data: &[u8]| target::reader(data));
