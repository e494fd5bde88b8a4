//! Gzip members (RFC 1952), one after the other by one packer: what it needs to work with is made once, and not for each of the
//! small records that make up most of a crawl.

use std::io;

use flate2::{Compress, Compression, Crc, FlushCompress, Status};

/// The header of a member without a name, a time and a system.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
/// There is always so much room for what comes next, in bytes.
const ROOM: usize = 8 << 10;

/// A packer of gzip members.
pub(crate) struct Gzip(Compress);

impl Gzip {
    pub(crate) fn new() -> Self {
        Self(Compress::new(Compression::default(), false))
    }

    /// Appends one member that holds `parts` to `out`.
    pub(crate) fn member(&mut self, parts: &[&[u8]], out: &mut Vec<u8>) -> io::Result<()> {
        self.0.reset();
        let mut crc = Crc::new();
        out.extend_from_slice(&HEADER);
        for part in parts {
            crc.update(part);
            self.pack(part, FlushCompress::None, out)?;
        }
        self.pack(&[], FlushCompress::Finish, out)?;
        out.extend_from_slice(&crc.sum().to_le_bytes());
        out.extend_from_slice(&crc.amount().to_le_bytes());
        Ok(())
    }

    fn pack(&mut self, mut part: &[u8], flush: FlushCompress, out: &mut Vec<u8>) -> io::Result<()> {
        loop {
            out.reserve(ROOM);
            let before = self.0.total_in();
            let status = self.0.compress_vec(part, out, flush).map_err(io::Error::other)?;
            let taken = usize::try_from(self.0.total_in() - before).unwrap_or(part.len());
            part = part.get(taken..).unwrap_or_default();
            let is_finishing = matches!(flush, FlushCompress::Finish);
            if status == Status::StreamEnd || !is_finishing && part.is_empty() {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::GzBuilder;

    use super::*;

    #[test]
    fn members_are_those_of_a_packer_of_their_own() {
        let mut state = 7_u32;
        let mut noise = |length: usize| -> Vec<u8> {
            let mut next = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                state.to_le_bytes()[3]
            };
            (0..length).map(|_| next()).collect()
        };
        let mut gzip = Gzip::new();
        for body in [Vec::new(), b"<p>The pier is open".repeat(9_000), noise(70_000), noise(1)] {
            let parts: [&[u8]; 3] = [b"WARC/1.1\r\n", &body, b"\r\n\r\n"];
            let mut own = b"before".to_vec();
            gzip.member(&parts, &mut own).unwrap();
            let mut alone = GzBuilder::new().write(b"before".to_vec(), Compression::default());
            parts.iter().for_each(|part| alone.write_all(part).unwrap());
            assert_eq!(own, alone.finish().unwrap(), "{} bytes", body.len());
        }
    }
}
