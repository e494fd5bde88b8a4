//! Bodies without their content coding (RFC 9110, 8.4; RFC 8878; RFC 7932), within limits: what a server packs a thousandfold is a
//! bomb.

use std::borrow::Cow;
use std::io::{self, Read};

use crate::http::{Head, entity};

/// How much a packed body may unpack to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the unpacked body.
    pub bytes: u64,
    /// Unpacked bytes for one packed byte; bodies up to 1 MB may have any.
    pub ratio: u64,
}

/// A body that is small may be packed any number of times over.
const SMALL: u64 = 1 << 20;
/// So many codings may be laid over each other.
const MAX_CODINGS: usize = 3;

/// Why a body cannot be given without its content coding.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodingError {
    /// It unpacks to more than it may.
    #[error("the body unpacks to more than {limit} bytes")]
    TooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
    /// It is packed as no honest page is.
    #[error("the body unpacks to more than {ratio} times its size, which only a trap does")]
    Bomb {
        /// The limit.
        ratio: u64,
    },
    /// A coding that is not known here.
    #[error("the body is in the coding `{coding}`, which is none of gzip, deflate, br and zstd")]
    Unknown {
        /// As `Content-Encoding` names it.
        coding: String,
    },
    /// More codings than any server lays over each other.
    #[error("the body is packed {0} times over")]
    TooMany(usize),
    /// The packed bytes are damaged, and nothing of them can be read.
    #[error("the body cannot be unpacked from {coding}: {cause}")]
    Damaged {
        /// As `Content-Encoding` names it.
        coding: String,
        /// What the unpacker says.
        cause: String,
    },
}

/// The body of an answer as a reader sees it: without transfer coding and content coding.
///
/// A body that says it is packed and is not (some tools unpack it and leave the header) is given as it stands; of one that
/// is torn, what could be unpacked is given.
///
/// # Errors
/// Where it is packed in a way that is not known, beyond `limits`, or damaged from its beginning.
pub fn content<'m>(message: &'m [u8], limits: &Limits) -> Result<Cow<'m, [u8]>, CodingError> {
    let mut codings = Head::of(message).list("Content-Encoding");
    codings.retain(|coding| coding != "identity" && coding != "none");
    let mut body = entity(message);
    if codings.len() > MAX_CODINGS {
        return Err(CodingError::TooMany(codings.len()));
    }
    for coding in codings.iter().rev() {
        if let Some(unpacked) = unpacked(&body, coding, limits)? {
            body = Cow::Owned(unpacked);
        }
    }
    Ok(body)
}

/// `None` where the body is not packed at all.
fn unpacked(body: &[u8], coding: &str, limits: &Limits) -> Result<Option<Vec<u8>>, CodingError> {
    let is_zlib = |head: &[u8]| matches!(head, [a, b, ..] if a & 0x0f == 8 && (u16::from(*a) << 8 | u16::from(*b)) % 31 == 0);
    match coding {
        _ if body.is_empty() => Ok(None),
        "gzip" | "x-gzip" if !body.starts_with(&[0x1f, 0x8b]) => Ok(None),
        "gzip" | "x-gzip" => read(flate2::bufread::MultiGzDecoder::new(body), body, coding, limits),
        "deflate" if is_zlib(body) => read(flate2::bufread::ZlibDecoder::new(body), body, coding, limits),
        // Some servers leave the zlib header out.
        "deflate" => read(flate2::bufread::DeflateDecoder::new(body), body, coding, limits)
            .or_else(|error| if looks_like_text(body) { Ok(None) } else { Err(error) }),
        "br" => read(brotli_decompressor::Decompressor::new(body, 64 * 1024), body, coding, limits)
            .or_else(|error| if looks_like_text(body) { Ok(None) } else { Err(error) }),
        "zstd" if !body.starts_with(crate::unpack::ZSTD) => Ok(None),
        "zstd" => {
            let damaged = |cause: io::Error| CodingError::Damaged {
                coding: coding.to_owned(),
                cause: cause.to_string(),
            };
            let mut decoder = zstd::Decoder::with_buffer(body).map_err(damaged)?;
            // RFC 9659: 8 MB for content of the web.
            decoder.window_log_max(23).map_err(damaged)?;
            read(decoder, body, coding, limits)
        }
        // Some servers name the charset, or nothing that is a coding, and send the page as it is.
        _ if body.trim_ascii_start().starts_with(b"<") => Ok(None),
        other => Err(CodingError::Unknown { coding: other.chars().take(40).collect() }),
    }
}

fn read(
    mut packed: impl Read,
    body: &[u8],
    coding: &str,
    limits: &Limits,
) -> Result<Option<Vec<u8>>, CodingError> {
    let most = limits.ratio.saturating_mul(body.len() as u64).max(SMALL);
    let mut out = Vec::new();
    let result = packed.by_ref().take(limits.bytes.min(most).saturating_add(1)).read_to_end(&mut out);
    let length = out.len() as u64;
    if length > limits.bytes {
        return Err(CodingError::TooLarge { limit: limits.bytes });
    }
    if length > most {
        return Err(CodingError::Bomb { ratio: limits.ratio });
    }
    match result {
        Err(cause) if out.is_empty() => {
            Err(CodingError::Damaged { coding: coding.to_owned(), cause: cause.to_string() })
        }
        _ => Ok(Some(out)),
    }
}

/// Whether the bytes begin as a page or a text does and no packed body would.
fn looks_like_text(body: &[u8]) -> bool {
    let begin = body.get(..64).unwrap_or(body);
    begin.iter().all(|byte| *byte >= 0x20 || byte.is_ascii_whitespace()) && !begin.is_empty()
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    const LIMITS: Limits = Limits { bytes: 4 << 20, ratio: 200 };

    fn message(coding: &str, body: &[u8]) -> Vec<u8> {
        [format!("HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\n\r\n").as_bytes(), body].concat()
    }

    fn check(coding: &str, body: &[u8], want: Result<&str, &str>) {
        let message = message(coding, body);
        let got = content(&message, &LIMITS).map(|body| String::from_utf8_lossy(&body).into_owned());
        assert_eq!(
            got.map_err(|error| error.to_string()),
            want.map(str::to_owned).map_err(str::to_owned),
            "{coding}"
        );
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut out = GzEncoder::new(Vec::new(), Compression::default());
        out.write_all(bytes).and_then(|()| out.finish()).expect("memory")
    }

    #[test]
    fn every_coding_of_the_web_is_read() {
        let page = "<p>The tide comes in.".repeat(40);
        let (bytes, same) = (page.as_bytes(), Ok(page.as_str()));
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(bytes).expect("memory");
        let mut bare = DeflateEncoder::new(Vec::new(), Compression::default());
        bare.write_all(bytes).expect("memory");
        check("gzip", &gzip(bytes), same);
        check("GZIP, identity", &gzip(bytes), same);
        check("gzip, gzip", &gzip(&gzip(bytes)), same);
        check("deflate", &zlib.finish().expect("memory"), same);
        check("deflate", &bare.finish().expect("memory"), same);
        check("zstd", &zstd::encode_all(bytes, 3).expect("memory"), same);
        // `hello` as the reference encoder of brotli packs it at its lowest level.
        check("br", b"\x0b\x02\x80hello\x03", Ok("hello"));
        check("utf-8", bytes, same);
        for coding in ["gzip", "deflate", "br", "zstd", "none"] {
            check(coding, bytes, same);
            check(coding, b"", Ok(""));
        }
    }

    #[test]
    fn traps_and_damage_are_told() {
        let zeros = vec![0; 3 << 20];
        check(
            "gzip",
            &gzip(&zeros),
            Err("the body unpacks to more than 200 times its size, which only a trap does"),
        );
        let noise: Vec<u8> =
            (0..9_000_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        check("gzip", &gzip(&noise), Err("the body unpacks to more than 4194304 bytes"));
        check(
            "lzw",
            b"x",
            Err("the body is in the coding `lzw`, which is none of gzip, deflate, br and zstd"),
        );
        check("gzip, gzip, gzip, gzip", b"x", Err("the body is packed 4 times over"));
        let whole = gzip(b"The tide comes in and goes out again.");
        let torn = message("gzip", &whole[..whole.len() - 12]);
        assert!(content(&torn, &LIMITS).is_ok_and(|body| body.starts_with(b"The tide")));
        // A wrong checksum, and rubbish behind the end: the page is there all the same.
        let mut wrong = whole.clone();
        let crc = wrong.len() - 8;
        wrong[crc] ^= 1;
        check("gzip", &wrong, Ok("The tide comes in and goes out again."));
        check(
            "gzip",
            &[&whole[..], b"<!-- 0.2 s -->\0\0"].concat(),
            Ok("The tide comes in and goes out again."),
        );
        let mut bad = whole;
        bad.truncate(10);
        assert!(content(&message("gzip", &bad), &LIMITS).is_err());
    }
}
