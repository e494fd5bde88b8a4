//! The reader on whole pages: those of the demo corpus, hostile ones, and any bytes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::{Path, PathBuf};

use chancery_reader::{Lexicon, Selectors};
use chancery_record::{Capture, Release};

mod demo;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn lexicon() -> Lexicon {
    let file = |path: &str| (path.to_owned(), std::fs::read_to_string(root().join(path)).unwrap());
    Lexicon::parse(&[file("rules/common/reader.toml"), file("rules/en/reader.toml")]).unwrap()
}

fn read(page: impl Into<Vec<u8>>) -> Release {
    let capture = Capture { bytes: page.into(), ..Capture::default() };
    chancery_reader::read(&capture, &Selectors::default(), &lexicon()).unwrap()
}
