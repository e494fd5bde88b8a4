//! What a member is packed with: gzip (RFC 1952) or zstd (RFC 8878), unpacked step by step.

use std::io::{self, BufRead, Read};

use flate2::{Crc, Decompress, FlushDecompress, Status};
use zstd::stream::raw::{DParameter, Decoder, Operation};

/// The largest window of a zstd frame that is accepted, as a power of two: `zstd --long=27`.
const ZSTD_WINDOW: u32 = 27;

/// The unpacker of gzip members, one after the other.
pub(crate) struct Gunzip {
    inflate: Decompress,
    crc: Crc,
}

impl Gunzip {
    pub(crate) fn new() -> Self {
        Self { inflate: Decompress::new(false), crc: Crc::new() }
    }

    /// Reads the header of a member.
    pub(crate) fn begin(&mut self, input: &mut impl BufRead) -> io::Result<()> {
        self.inflate.reset(false);
        self.crc.reset();
        let mut fixed = [0_u8; 10];
        input.read_exact(&mut fixed)?;
        let [0x1f, 0x8b, 8, flags, ..] = fixed else { return Err(invalid("invalid gzip header")) };
        if flags & 4 != 0 {
            let mut length = [0_u8; 2];
            input.read_exact(&mut length)?;
            pass_over(input, u64::from(u16::from_le_bytes(length)))?;
        }
        // A name and a comment, each up to a zero.
        for flag in [8, 16] {
            if flags & flag != 0 && input.by_ref().take(1 << 16).skip_until(0)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        if flags & 2 != 0 { pass_over(input, 2) } else { Ok(()) }
    }

    /// Unpacks into `out` and returns how many bytes that were, and whether the member ends with them.
    pub(crate) fn step(&mut self, input: &mut impl BufRead, out: &mut [u8]) -> io::Result<(usize, bool)> {
        let packed = input.fill_buf()?;
        let is_end = packed.is_empty();
        let (before_in, before_out) = (self.inflate.total_in(), self.inflate.total_out());
        let status = self.inflate.decompress(packed, out, FlushDecompress::None);
        let status = status.map_err(|cause| io::Error::new(io::ErrorKind::InvalidData, cause))?;
        let used = usize::try_from(self.inflate.total_in() - before_in).map_err(io::Error::other)?;
        let made = usize::try_from(self.inflate.total_out() - before_out).map_err(io::Error::other)?;
        input.consume(used);
        self.crc.update(out.get(..made).unwrap_or_default());
        if status == Status::StreamEnd {
            let mut trailer = [0_u8; 8];
            input.read_exact(&mut trailer)?;
            let [c0, c1, c2, c3, l0, l1, l2, l3] = trailer;
            if u32::from_le_bytes([c0, c1, c2, c3]) != self.crc.sum()
                || u32::from_le_bytes([l0, l1, l2, l3]) != self.crc.amount()
            {
                return Err(invalid("its checksum does not agree"));
            }
            return Ok((made, true));
        }
        if is_end && made == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok((made, false))
    }
}

/// The unpacker of zstd frames, one after the other.
pub(crate) struct Unzstd(Decoder<'static>);

impl Unzstd {
    pub(crate) fn new(dictionary: &[u8]) -> io::Result<Self> {
        let mut decoder = Decoder::with_dictionary(dictionary)?;
        decoder.set_parameter(DParameter::WindowLogMax(ZSTD_WINDOW))?;
        Ok(Self(decoder))
    }

    pub(crate) fn begin(&mut self) -> io::Result<()> {
        self.0.reinit()
    }

    /// As for [`Gunzip::step`].
    pub(crate) fn step(&mut self, input: &mut impl BufRead, out: &mut [u8]) -> io::Result<(usize, bool)> {
        let packed = input.fill_buf()?;
        let is_end = packed.is_empty();
        let status = self.0.run_on_buffers(packed, out).map_err(|cause| invalid(&cause.to_string()))?;
        input.consume(status.bytes_read);
        let ends = status.remaining == 0;
        if is_end && status.bytes_written == 0 && !ends {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok((status.bytes_written, ends))
    }
}

/// Uses `count` bytes.
pub(crate) fn pass_over(input: &mut impl BufRead, count: u64) -> io::Result<()> {
    let passed = io::copy(&mut input.take(count), &mut io::sink())?;
    if passed == count { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

pub(crate) fn invalid(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}
