//! The WARC files within a WACZ (WACZ 1.1.1): entries of a zip that are stored as they are, so that a record can be reached
//! without unpacking.

use std::io::{self, Read, Seek, SeekFrom, Write};

use zip::{CompressionMethod, ZipArchive};

use crate::WarcError;

/// A WARC file within a WACZ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name in the zip: `archive/data.warc.gz`.
    pub name: String,
    /// Where its bytes begin, in bytes of the zip.
    pub start: u64,
    /// How many they are.
    pub length: u64,
    /// Whether they stand there as they are; else they are packed once more and cannot be read in place ([`unpack_member`]).
    pub stored: bool,
}

/// The WARC files of the WACZ that `input` is, in the order of their names.
///
/// # Errors
/// [`WarcError::Io`] where it cannot be read; [`WarcError::Damaged`] where it is no zip.
pub fn members(input: impl Read + Seek) -> Result<Vec<Member>, WarcError> {
    let fault = |cause: zip::result::ZipError| match cause {
        zip::result::ZipError::Io(cause) if cause.raw_os_error().is_some() => {
            WarcError::Io { offset: 0, cause }
        }
        other => WarcError::Damaged {
            offset: 0,
            got: 0,
            cause: io::Error::new(io::ErrorKind::InvalidData, other.to_string()),
        },
    };
    let mut zip = ZipArchive::new(input).map_err(fault)?;
    let mut members = Vec::new();
    for index in 0..zip.len() {
        let entry = zip.by_index_raw(index).map_err(fault)?;
        let name = entry.name().map_err(fault)?.into_owned();
        let is_warc = [".warc", ".warc.gz", ".warc.zst"].iter().any(|ending| name.ends_with(ending));
        if entry.is_file() && name.starts_with("archive/") && is_warc {
            let stored = entry.compression() == CompressionMethod::Stored && !entry.encrypted();
            let Some(start) = entry.data_start() else { continue };
            members.push(Member { name, start, length: entry.compressed_size(), stored });
        }
    }
    members.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(members)
}

/// Honest WARC files are packed within a zip to no less than a part of their size as small as this …
const RATIO: u64 = 100;
/// … where they are larger than this, in bytes.
const SMALL: u64 = 64 << 20;

/// Writes what the member `name` of a WACZ unpacks to, where it is not stored as it is.
///
/// # Errors
/// [`WarcError::Io`] where either cannot be read or written; [`WarcError::Damaged`] where the member is encrypted, packed in a way
/// that is not known, damaged, or unpacks to more than anybody means.
pub fn unpack_member(input: impl Read + Seek, name: &str, out: &mut impl Write) -> Result<(), WarcError> {
    let damaged = |cause: io::Error| WarcError::Damaged { offset: 0, got: 0, cause };
    let invalid = |words: String| damaged(io::Error::new(io::ErrorKind::InvalidData, words));
    let mut zip = ZipArchive::new(input).map_err(|cause| invalid(cause.to_string()))?;
    let entry = zip.by_name(name).map_err(|cause| invalid(cause.to_string()))?;
    let most = entry.compressed_size().saturating_mul(RATIO).max(SMALL);
    let mut unpacked = entry.take(most + 1);
    let mut piece = vec![0; 1 << 16];
    let mut written = 0;
    loop {
        let n = unpacked.read(&mut piece).map_err(damaged)?;
        let read = piece.get(..n).unwrap_or_default();
        if read.is_empty() {
            return Ok(());
        }
        written += n as u64;
        if written > most {
            return Err(invalid(format!("it unpacks to more than {most} bytes")));
        }
        out.write_all(read).map_err(|cause| WarcError::Io { offset: 0, cause })?;
    }
}

/// A part of a file as if it were one by itself.
pub struct Part<R> {
    inner: R,
    start: u64,
    length: u64,
    at: u64,
}

impl<R: Read + Seek> Part<R> {
    /// The `length` bytes from `start` on.
    pub const fn new(inner: R, start: u64, length: u64) -> Self {
        Self { inner, start, length, at: 0 }
    }

    /// All of a file.
    ///
    /// # Errors
    /// Where its length cannot be found.
    pub fn whole(mut inner: R) -> io::Result<Self> {
        let length = inner.seek(SeekFrom::End(0))?;
        inner.seek(SeekFrom::Start(0))?;
        Ok(Self::new(inner, 0, length))
    }

    /// The same, no longer than `length` bytes.
    #[must_use]
    pub fn until(mut self, length: u64) -> Self {
        self.length = self.length.min(length);
        self
    }

    /// How many bytes it has.
    pub const fn length(&self) -> u64 {
        self.length
    }
}

impl<R: Read + Seek> Read for Part<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.length.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let wanted = left.min(buf.len());
        if wanted == 0 {
            return Ok(0);
        }
        // Whoever holds the file may have read elsewhere in it; a seek to where it stands costs nothing.
        self.inner.seek(SeekFrom::Start(self.start.saturating_add(self.at)))?;
        let n = self.inner.read(buf.get_mut(..wanted).unwrap_or_default())?;
        self.at += n as u64;
        Ok(n)
    }
}

impl<R: Read + Seek> Seek for Part<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let to = match to {
            SeekFrom::Start(to) => Some(to),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = to.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}
