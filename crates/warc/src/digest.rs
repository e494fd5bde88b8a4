//! Digests of blocks, as WARC headers write them.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// `sha256:` and 64 hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    format!("sha256:{}", hex(&Sha256::digest(bytes)))
}

/// A `urn:uuid:` that depends on `parts` alone (a version 8 UUID, RFC 9562, of their SHA-256).
pub(crate) fn uuid_of(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_le_bytes().as_slice());
        hash.update(part);
    }
    let mut bytes = [0_u8; 16];
    bytes.iter_mut().zip(hash.finalize()).for_each(|(to, from)| *to = from);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let parts = [&bytes[..4], &bytes[4..6], &bytes[6..8], &bytes[8..10], &bytes[10..]].map(hex);
    format!("<urn:uuid:{}>", parts.join("-"))
}

/// Whether `body` has the digest that a header names: `None` where the algorithm or the spelling is not known here.
/// Both spellings in use are read, hexadecimal and base32.
pub(crate) fn agrees(named: &str, body: &[u8]) -> Option<bool> {
    let (algorithm, value) = named.split_once(':')?;
    if !algorithm.eq_ignore_ascii_case("sha256") && !algorithm.eq_ignore_ascii_case("sha-256") {
        return None;
    }
    let digest = Sha256::digest(body);
    match value.trim_end_matches('=').len() {
        64 => Some(value.eq_ignore_ascii_case(&hex(&digest))),
        52 => Some(value.trim_end_matches('=').eq_ignore_ascii_case(&base32(&digest))),
        _ => None,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        write!(out, "{byte:02x}").expect("writing to a string cannot fail");
        out
    })
}

/// Base32 of RFC 4648 without padding.
fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut out = String::new();
    for group in bytes.chunks(5) {
        let mut bits = [0_u8; 8];
        bits[3..].iter_mut().zip(group).for_each(|(to, from)| *to = *from);
        let bits = u64::from_be_bytes(bits);
        let letters = (group.len() * 8).div_ceil(5);
        out.extend((0..letters).map(|i| char::from(LETTERS[(bits >> (35 - 5 * i) & 31) as usize])));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_spelled_as_the_standards_say() {
        assert_eq!(base32(b"foobar"), "MZXW6YTBOI", "RFC 4648, section 10");
        assert!(sha256(b"").starts_with("sha256:e3b0c44298fc1c149afb"));
        assert_eq!(
            agrees("sha256:4OYMIQUY7QOBJGX36TEJS35ZEQT24QPEMSNZGTFESWMRW6CSXBKQ====", b""),
            Some(true)
        );
        assert_eq!(agrees(&sha256(b"x"), b"y"), Some(false));
        assert_eq!(agrees("sha1:ABC", b""), None);
    }

    #[test]
    fn an_id_depends_on_where_the_parts_meet() {
        assert_ne!(uuid_of(&[b"ab", b"c"]), uuid_of(&[b"a", b"bc"]));
        assert_eq!(uuid_of(&[b"ab"]).len(), "<urn:uuid:00000000-0000-8000-8000-000000000000>".len());
    }
}
