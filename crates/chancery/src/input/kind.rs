//! What a file is, by the ending of its name.

use std::io::{self, BufReader, Read};

use chancery_record::Media;

/// The largest window of a zstd stream that is accepted, as a power of two: `zstd --long=27`.
const ZSTD_WINDOW: u32 = 27;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// One release.
    Page(Media),
    /// One release a line, as JSON.
    Lines,
    /// A tar of any of these.
    Tar,
    /// Records of captures.
    Warc,
    /// A zip of WARC files.
    Wacz,
}

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    None,
    Gzip,
    Zstd,
}

/// What a name says of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) holds: Holds,
    pub(super) packing: Packing,
}

/// Splits `name` into what stands before its endings and what they say; `None` for another kind.
pub(super) fn of_name(name: &str) -> Option<(&str, Kind)> {
    let (rest, packing, short_tar) = match cut(name) {
        Some((rest, "gz")) => (rest, Packing::Gzip, false),
        Some((rest, "zst")) => (rest, Packing::Zstd, false),
        Some((rest, "tgz")) => (rest, Packing::Gzip, true),
        Some((rest, "tzst")) => (rest, Packing::Zstd, true),
        _ => (name, Packing::None, false),
    };
    if short_tar {
        return Some((rest, Kind { holds: Holds::Tar, packing }));
    }
    let (stem, ending) = cut(rest)?;
    let holds = match ending {
        "html" | "htm" => Holds::Page(Media::Html),
        "txt" => Holds::Page(Media::Text),
        "pdf" => Holds::Page(Media::Pdf),
        "ndjson" | "jsonl" => Holds::Lines,
        "tar" => Holds::Tar,
        "warc" => Holds::Warc,
        "wacz" if packing == Packing::None => Holds::Wacz,
        _ => return None,
    };
    Some((stem, Kind { holds, packing }))
}

/// The name before its last dot, and the known ending in lower case.
fn cut(name: &str) -> Option<(&str, &'static str)> {
    const ENDINGS: [&str; 13] =
        ["html", "htm", "txt", "pdf", "ndjson", "jsonl", "tar", "gz", "zst", "tgz", "tzst", "warc", "wacz"];
    let (stem, ending) = name.rsplit_once('.')?;
    let known = ENDINGS.iter().find(|known| known.eq_ignore_ascii_case(ending))?;
    let bare = stem.rsplit('/').next().unwrap_or(stem);
    (!bare.is_empty()).then_some((stem, *known))
}

impl Packing {
    /// How something without a name is packed, by its first bytes (RFC 1952, RFC 8878).
    pub(super) fn of_bytes(head: &[u8]) -> Self {
        if head.starts_with(&[0x1F, 0x8B]) {
            Self::Gzip
        } else if head.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]) {
            Self::Zstd
        } else {
            Self::None
        }
    }

    /// `packed` as its unpacked bytes.
    pub(super) fn open<'r>(self, packed: impl Read + 'r) -> io::Result<Box<dyn Read + 'r>> {
        Ok(match self {
            Self::None => Box::new(packed),
            Self::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(BufReader::new(packed))),
            Self::Zstd => {
                let mut decoder = zstd::Decoder::new(packed)?;
                decoder.window_log_max(ZSTD_WINDOW)?;
                Box::new(decoder)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_say_what_a_file_is() {
        let of = |name| of_name(name).map(|(stem, kind)| (stem, kind.holds, kind.packing));
        assert_eq!(of("a/b.v2.HTML"), Some(("a/b.v2", Holds::Page(Media::Html), Packing::None)));
        assert_eq!(of("a.PDF"), Some(("a", Holds::Page(Media::Pdf), Packing::None)));
        assert_eq!(of("b.txt.gz"), Some(("b", Holds::Page(Media::Text), Packing::Gzip)));
        assert_eq!(of("x.jsonl.zst"), Some(("x", Holds::Lines, Packing::Zstd)));
        assert_eq!(of("p.tar.zst"), Some(("p", Holds::Tar, Packing::Zstd)));
        assert_eq!(of("p.tgz"), Some(("p", Holds::Tar, Packing::Gzip)));
        assert_eq!(of("c.warc.gz"), Some(("c", Holds::Warc, Packing::Gzip)));
        assert_eq!(of("c.WACZ"), Some(("c", Holds::Wacz, Packing::None)));
        for other in ["a.doc", "a.wacz.gz", "a.gz", "README", ".html", "a/.txt", "a.json"] {
            assert_eq!(of(other), None, "{other}");
        }
    }
}
