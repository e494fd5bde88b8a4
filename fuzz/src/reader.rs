//! Any bytes as a page and as a text. Neither may panic or hang, and what is read twice is the same.

use std::sync::LazyLock;

use chancery_reader::{Lexicon, Selectors, read};
use chancery_record::{Capture, Media};

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let words = [include_str!("../../rules/common/reader.toml"), include_str!("../../rules/en/reader.toml")];
    let files = words.map(|text| ("reader.toml".to_owned(), text.to_owned()));
    Lexicon::parse(&files).unwrap_or_default()
});

/// Reads the bytes as each of them.
pub(crate) fn reader(data: &[u8]) {
    for media in [Media::Html, Media::Text] {
        let capture = Capture { bytes: data.to_vec(), media, ..Capture::default() };
        let first = read(&capture, &Selectors::default(), &LEXICON);
        if let Ok(release) = &first {
            assert!(!release.text.trim().is_empty(), "a release without text");
            assert_eq!(Some(release), read(&capture, &Selectors::default(), &LEXICON).ok().as_ref());
        }
    }
}
