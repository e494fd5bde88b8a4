#![no_main]

#[path = "../src/warc.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|data: &[u8]| target::warc(data));
