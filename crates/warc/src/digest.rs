//! Digests of blocks and payloads, as WARC headers write them: `algorithm:value`.

use std::fmt::Write as _;

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha512};

/// `sha256:` and 64 hexadecimal digits.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
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

/// A digest that a header names, to be compared with what comes through. The value may be spelled in hexadecimal
/// digits, base32 or base64: which of them is told by its length.
pub(crate) struct Digester {
    algorithm: &'static str,
    hash: Hash,
    named: String,
}

enum Hash {
    Md5(Md5),
    Sha1(Sha1),
    Sha256(Sha256),
    Sha512(Box<Sha512>),
}

impl Digester {
    /// Of `named`; `None` where algorithm or spelling is not known here.
    pub(crate) fn of(named: &str) -> Option<Self> {
        let (algorithm, value) = named.split_once(':')?;
        let (algorithm, hash, bytes) = match algorithm.to_ascii_lowercase().replace('-', "").as_str() {
            "md5" => ("md5", Hash::Md5(Md5::new()), 16),
            "sha1" => ("sha1", Hash::Sha1(Sha1::new()), 20),
            "sha256" => ("sha256", Hash::Sha256(Sha256::new()), 32),
            "sha512" => ("sha512", Hash::Sha512(Box::new(Sha512::new())), 64),
            _ => return None,
        };
        let named = value.trim().trim_end_matches('=').to_owned();
        let bytes: usize = bytes;
        let known = [bytes * 2, (bytes * 8).div_ceil(5), (bytes * 4).div_ceil(3)].contains(&named.len());
        known.then_some(Self { algorithm, hash, named })
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        match &mut self.hash {
            Hash::Md5(hash) => hash.update(bytes),
            Hash::Sha1(hash) => hash.update(bytes),
            Hash::Sha256(hash) => hash.update(bytes),
            Hash::Sha512(hash) => hash.update(bytes),
        }
    }

    /// The digest that was found, in hexadecimal digits, where it is another than the named one.
    pub(crate) fn differs(self) -> Option<String> {
        let bytes = match self.hash {
            Hash::Md5(hash) => hash.finalize().to_vec(),
            Hash::Sha1(hash) => hash.finalize().to_vec(),
            Hash::Sha256(hash) => hash.finalize().to_vec(),
            Hash::Sha512(hash) => hash.finalize().to_vec(),
        };
        let hex = hex(&bytes);
        let same = match self.named.len() {
            length if length == bytes.len() * 2 => self.named.eq_ignore_ascii_case(&hex),
            length if length == (bytes.len() * 8).div_ceil(5) => {
                self.named.eq_ignore_ascii_case(&grouped(&bytes, 5, BASE32))
            }
            _ => self.named.replace('-', "+").replace('_', "/") == grouped(&bytes, 6, BASE64),
        };
        (!same).then(|| format!("{}:{hex}", self.algorithm))
    }
}

/// Whether `body` has the digest that a header names: `None` where the algorithm or the spelling is not known here.
pub(crate) fn agrees(named: &str, body: &[u8]) -> Option<bool> {
    let mut digester = Digester::of(named)?;
    digester.update(body);
    Some(digester.differs().is_none())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        write!(out, "{byte:02x}").expect("writing to a string cannot fail");
        out
    })
}

const BASE32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base32 or base64 of RFC 4648 without padding: `bits` bits a letter.
fn grouped(bytes: &[u8], bits: u32, letters: &[u8]) -> String {
    let letter = |value: u32| char::from(letters.get(value as usize).copied().unwrap_or_default());
    let mask = (1 << bits) - 1;
    let (mut out, mut held, mut count) = (String::new(), 0_u32, 0);
    for byte in bytes {
        held = held << 8 & 0xffff | u32::from(*byte);
        count += 8;
        while count >= bits {
            count -= bits;
            out.push(letter(held >> count & mask));
        }
    }
    if count > 0 {
        out.push(letter(held << (bits - count) & mask));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_spelled_as_the_standards_say() {
        assert_eq!(grouped(b"foobar", 5, BASE32), "MZXW6YTBOI", "RFC 4648, section 10");
        assert_eq!(grouped(b"foobar", 6, BASE64), "Zm9vYmFy");
        assert_eq!(grouped(b"fooba", 6, BASE64), "Zm9vYmE");
        assert!(sha256(b"").starts_with("sha256:e3b0c44298fc1c149afb"));
        let empty = [
            "sha256:4OYMIQUY7QOBJGX36TEJS35ZEQT24QPEMSNZGTFESWMRW6CSXBKQ====",
            "SHA-256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
            "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ",
            "sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "md5:d41d8cd98f00b204e9800998ecf8427e",
        ];
        for named in empty {
            assert_eq!((agrees(named, b""), agrees(named, b"x")), (Some(true), Some(false)), "{named}");
        }
        assert_eq!(agrees(&sha256(b"x"), b"y"), Some(false));
        assert_eq!((agrees("sha1:ABC", b""), agrees("crc:00", b""), agrees("odd", b"")), (None, None, None));
    }

    #[test]
    fn an_id_depends_on_where_the_parts_meet() {
        assert_ne!(uuid_of(&[b"ab", b"c"]), uuid_of(&[b"a", b"bc"]));
        assert_eq!(uuid_of(&[b"ab"]).len(), "<urn:uuid:00000000-0000-8000-8000-000000000000>".len());
    }
}
