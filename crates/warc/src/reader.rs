//! Records from a file, one after the other or at an offset.

use std::io::{self, BufRead, BufReader, Read, Seek};

use flate2::bufread::GzDecoder;

use crate::input::Input;
use crate::{WarcError, WarcRecord, parse};

/// The first bytes of a gzip member that is packed by deflate.
const GZIP: &[u8] = &[0x1f, 0x8b, 0x08];
/// How a record begins that is not packed.
const PLAIN: &[u8] = b"\nWARC/1.";

/// Reads the records of a `.warc` or `.warc.gz` file with their offsets (which of the two is told from the bytes).
///
/// A damaged record comes as one error, then reading goes on with the next record that can be found.
pub struct Reader<R> {
    input: Input<R>,
    /// Where the damaged record begins that was reported last.
    damaged: Option<u64>,
    done: bool,
}

impl<R: Read + Seek> Reader<R> {
    /// Reads from the beginning of `input`.
    ///
    /// # Errors
    /// [`WarcError::Io`] where `input` cannot be read.
    pub fn new(input: R) -> Result<Self, WarcError> {
        Self::from_offset(input, 0)
    }

    /// Reads from `offset` on, where a record begins.
    ///
    /// # Errors
    /// [`WarcError::Io`] where `input` cannot be read.
    pub fn from_offset(input: R, offset: u64) -> Result<Self, WarcError> {
        let input = Input::new(input, offset).map_err(|cause| WarcError::Io { offset, cause })?;
        Ok(Self { input, damaged: None, done: false })
    }

    /// Reads on to the end and returns where the last whole record ends: what stands behind it was torn by a crash and
    /// may be cut off.
    ///
    /// # Errors
    /// The error of a damaged record that whole records follow: it is no torn end, and cutting there would lose them.
    pub fn scan_end(mut self) -> Result<u64, WarcError> {
        let mut end = self.input.at();
        let mut torn: Option<WarcError> = None;
        while let Some(record) = self.next() {
            match (record, torn.take()) {
                (Ok(_), None) => end = self.input.at(),
                (Ok(_), Some(earlier)) => return Err(earlier),
                (Err(error @ WarcError::Io { .. }), _) => return Err(error),
                (Err(error), earlier) => torn = Some(earlier.unwrap_or(error)),
            }
        }
        Ok(end)
    }

    /// The record at the place where the input stands, or `None` at its end.
    fn read_one(&mut self) -> Result<Option<(u64, WarcRecord)>, WarcError> {
        let offset = self.input.at();
        let fault = |cause| WarcError::Io { offset, cause };
        match self.input.peek().map_err(fault)? {
            None => Ok(None),
            Some(first) if first == GZIP[0] => member(&mut self.input, offset).map(|r| Some((offset, r))),
            Some(_) => {
                while matches!(self.input.peek().map_err(fault)?, Some(b'\r' | b'\n')) {
                    self.input.consume(1);
                }
                let offset = self.input.at();
                if self.input.peek().map_err(fault)?.is_none() {
                    return Ok(None);
                }
                parse::record(&mut self.input, offset).map(|record| Some((offset, record)))
            }
        }
    }

    /// The next record behind a damaged one: every place that looks like a beginning is tried.
    fn find_next(&mut self, damaged: u64) -> Result<Option<(u64, WarcRecord)>, WarcError> {
        let fault = |cause| WarcError::Io { offset: damaged, cause };
        self.input.go(damaged).map_err(fault)?;
        let packed = self.input.peek().map_err(fault)? == Some(GZIP[0]);
        let (mark, begins) = if packed { (GZIP, GZIP.len() as u64) } else { (PLAIN, PLAIN.len() as u64 - 1) };
        self.input.go(damaged + 1).map_err(fault)?;
        while let Some(behind) = self.input.find(mark).map_err(fault)? {
            self.input.go(behind - begins).map_err(fault)?;
            match self.read_one() {
                Err(error) if !error.is_of_a_record() => self.input.go(behind).map_err(fault)?,
                found => return found,
            }
        }
        Ok(None)
    }
}

impl<R: Read + Seek> Iterator for Reader<R> {
    type Item = Result<(u64, WarcRecord), WarcError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let found = match self.damaged.take() {
            None => self.read_one(),
            Some(offset) => self.find_next(offset),
        };
        match &found {
            Ok(Some(_)) => {}
            Ok(None) | Err(WarcError::Io { .. }) => self.done = true,
            Err(error) => self.damaged = error.offset(),
        }
        found.transpose()
    }
}

/// The record whose member begins at `offset`.
///
/// # Errors
/// Any [`WarcError`] but [`WarcError::BadHeader`]; [`WarcError::NotARecord`] where the file ends at `offset`.
pub fn read_at<R: Read + Seek>(input: R, offset: u64) -> Result<WarcRecord, WarcError> {
    match Reader::from_offset(input, offset)?.read_one()? {
        Some((_, record)) => Ok(record),
        None => Err(WarcError::NotARecord { offset, found: "the end of the file".to_owned() }),
    }
}

/// One gzip member, which must hold one record.
fn member<R: Read + Seek>(input: &mut Input<R>, offset: u64) -> Result<WarcRecord, WarcError> {
    let mut unpacked = BufReader::with_capacity(32 * 1024, GzDecoder::new(input));
    let record = parse::record(&mut unpacked, offset)?;
    let length = record.body.len() as u64;
    let mut more = [0_u8; 5];
    let mut got = 0;
    // Reading to the end of the member makes the decoder check length and checksum.
    while got < more.len() {
        match unpacked.read(&mut more[got..]) {
            Ok(0) => break,
            Ok(n) => got += n,
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
            Err(cause) if cause.kind() == io::ErrorKind::UnexpectedEof => {
                return Err(WarcError::TailEnds { offset, length });
            }
            Err(cause) => return Err(parse::fault(cause, offset, length)),
        }
    }
    match &more[..got] {
        [] => Ok(record),
        b"WARC/" => Err(WarcError::ManyRecords { offset }),
        _ => Err(WarcError::NoEndMark { offset, length }),
    }
}
