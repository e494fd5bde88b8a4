//! The reader on whole pages: those of the demo corpus, made ones, hostile ones, and any bytes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use chancery_reader::{Lexicon, ReadError, Selectors};
use chancery_record::{Capture, Media, Meta, Release};

mod days;
mod demo;
mod fuzz;
mod hostile;
mod issuers;
mod kept;
mod kinds;
mod makes;
mod pages;
mod saved;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn lexicon() -> &'static Lexicon {
    static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
        let file = |path: &str| (path.to_owned(), std::fs::read_to_string(root().join(path)).unwrap());
        Lexicon::parse(&[file("rules/common/reader.toml"), file("rules/en/reader.toml")]).unwrap()
    });
    &LEXICON
}

fn try_read(bytes: impl Into<Vec<u8>>, media: Media, meta: Meta) -> Result<Release, ReadError> {
    let capture = Capture { bytes: bytes.into(), media, meta, ..Capture::default() };
    chancery_reader::read(&capture, &Selectors::default(), lexicon())
}

/// A page without any word from the input.
fn read(page: impl Into<Vec<u8>>) -> Release {
    try_read(page, Media::Html, Meta::default()).unwrap()
}
