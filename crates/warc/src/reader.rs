//! Records from a file, one after the other or at an offset.

use std::io::{self, BufRead, Read, Seek};

use crate::digest::Digester;
use crate::input;
use crate::unpack::{Begin, GZIP, Packing, Unpacked, WARC, ZSTD};
use crate::{WarcError, WarcRecord, parse};

/// The body of a record may be as long as this, in bytes, where it is held in memory.
pub(crate) const MAX_BODY: u64 = 1 << 30;
/// Of a longer body so many bytes are held, as far as the limit allows them: the headers of HTTP stand there.
const BEGINNING: u64 = 64 << 10;
/// How a record begins that is looked for in unpacked bytes.
const MARK: &[u8] = b"\nWARC/";

/// How to go through a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScanOptions {
    /// Bodies up to this many bytes are held in memory; of longer ones only the beginning, up to 64 KB.
    pub hold: u64,
    /// Whether each block is compared with the digest that its header names.
    pub digests: Digests,
}

/// Whether digests of blocks are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digests {
    /// They are not.
    Ignore,
    /// They are; a record whose block has another digest is given with that flaw.
    Check,
}

/// One record of a file.
#[derive(Debug)]
pub struct Scanned {
    /// Where its gzip member or zstd frame begins, or itself where the file is not packed; in bytes of the file.
    pub offset: u64,
    /// Where the next record begins, in bytes of the file; means something only where it stands [`Self::alone`].
    pub end: u64,
    /// Whether it can be read by itself from its offset: it is the only record of its member, and whole in it.
    pub alone: bool,
    /// The record. Its body is only the beginning where it is longer than [`ScanOptions::hold`].
    pub record: WarcRecord,
    /// Bytes of its body.
    pub body_length: u64,
    /// What is wrong with it though it could be read: lines of the header that are none, a wrong length, a wrong digest.
    pub flaws: Vec<WarcError>,
}

impl Scanned {
    /// Whether the body is all there.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.record.body.len() as u64 == self.body_length
    }
}

/// Goes through the records of a WARC file of any version (0.17 to 1.1), packed by gzip or zstd or not packed (which is told from the
/// bytes), as leniently as it can: what is odd about a record is told with it.
///
/// A record that cannot be read comes as one error, then reading goes on with the next that can be found. Memory is bounded by
/// [`ScanOptions::hold`].
pub struct Scan<R> {
    input: Unpacked<R>,
    options: ScanOptions,
    /// Where to look on for records, where the last one was damaged.
    lost: Option<Lost>,
    done: bool,
}

/// How a record was come upon.
#[derive(Clone, Copy)]
enum Mark {
    /// Its first line stands before the reader.
    Stands,
    /// The beginning of its first line was looked for, and used.
    Found,
}

/// Where reading goes on behind a damage.
#[derive(Clone, Copy)]
enum Lost {
    /// Behind this place of the file.
    Behind(u64),
    /// In the open member.
    Within,
}

impl<R: Read + Seek> Scan<R> {
    /// Reads from `offset` on, where a record begins; 0 is the beginning of the file.
    ///
    /// # Errors
    /// [`WarcError::Io`] where `input` cannot be read, [`WarcError::Damaged`] where its zstd dictionary cannot.
    pub fn new(input: R, offset: u64, options: ScanOptions) -> Result<Self, WarcError> {
        let input = Unpacked::new(input, offset).map_err(|cause| parse::fault(cause, offset, 0))?;
        Ok(Self { input, options, lost: None, done: false })
    }

    /// The offset of the file up to which all was read, where the last record stood alone.
    const fn at(&self) -> u64 {
        self.input.at()
    }

    /// The record at the place where the input stands, or `None` at its end.
    fn read_one(&mut self) -> Result<Option<Scanned>, WarcError> {
        let begin = match self.input.begin() {
            Ok(Some(begin)) => begin,
            Ok(None) => return Ok(None),
            Err(cause) if cause.kind() == io::ErrorKind::UnexpectedEof => {
                return Err(WarcError::HeaderEnds { offset: self.input.member(), got: 0 });
            }
            Err(cause) => return Err(parse::fault(cause, self.input.member(), 0)),
        };
        let read = self.read_begun(begin, Mark::Stands);
        self.input.end_record();
        read.map(Some)
    }

    /// Reads the record that begins here; the beginning of its first line was used already where it was `Found`.
    fn read_begun(&mut self, begin: Begin, mark: Mark) -> Result<Scanned, WarcError> {
        let offset = begin.offset;
        let mut flaws = Vec::new();
        let head = match mark {
            Mark::Stands => parse::head(&mut self.input, offset, &mut flaws),
            Mark::Found => parse::head(&mut WARC.chain(&mut self.input), offset, &mut flaws),
        };
        let (mut record, length) = match head {
            Ok(head) => head,
            Err(error) => return Err(flaws.into_iter().next().unwrap_or(error)),
        };
        let named = record.block_digest().filter(|_| self.options.digests == Digests::Check);
        let mut digester = named.and_then(Digester::of);
        let mut body = std::mem::take(&mut record.body);
        let hold = self.options.hold;
        let held = (&mut body, if length <= hold { length } else { hold.min(BEGINNING) });
        let mut body_length = length;
        match parse::body(&mut self.input, offset, length, held, digester.as_mut()) {
            Ok(()) => {
                if let Err(flaw) = parse::end_mark(&mut self.input, offset, length) {
                    self.end_of_body(flaw, &mut flaws)?;
                }
            }
            // Its member is whole and no other goes on with it: only the length is wrong.
            Err(flaw @ WarcError::BodyEnds { got, .. }) if self.input.is_whole() => {
                body_length = got;
                flaws.push(flaw);
            }
            Err(error) => return Err(error),
        }
        record.body = body;
        if let Some(got) = digester.and_then(Digester::differs) {
            let expected = record.block_digest().unwrap_or_default().to_owned();
            flaws.push(WarcError::Digest { offset, expected, got });
        }
        let alone = self.finish(begin, body_length)?;
        Ok(Scanned { offset, end: self.at(), alone, record, body_length, flaws })
    }

    /// What a missing end mark means: a flaw where the record's member is whole, an error where the file ends.
    fn end_of_body(&mut self, flaw: WarcError, flaws: &mut Vec<WarcError>) -> Result<(), WarcError> {
        match flaw {
            WarcError::NoEndMark { .. } => self.lost = Some(Lost::Within),
            WarcError::TailEnds { .. } if self.input.is_whole() => {}
            error => return Err(error),
        }
        flaws.push(flaw);
        Ok(())
    }

    /// Goes to the end of the record's member, so that its checksum is compared. Returns whether the record stands alone in it.
    fn finish(&mut self, begin: Begin, length: u64) -> Result<bool, WarcError> {
        let offset = begin.offset;
        let crossed = self.input.crossed(offset);
        self.input.end_record();
        if self.input.packing() == Packing::Plain {
            return Ok(self.lost.is_none());
        }
        loop {
            match self.input.fill_buf() {
                Ok([]) => {
                    self.lost = None;
                    return Ok(begin.first && !crossed);
                }
                Ok([b'\r' | b'\n', ..]) => self.input.consume(1),
                // Another record of the same member, or rubbish behind which there may be one.
                Ok(_) => return Ok(false),
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
                Err(cause) if cause.kind() == io::ErrorKind::UnexpectedEof => {
                    return Err(WarcError::TailEnds { offset, length });
                }
                Err(cause) => return Err(parse::fault(cause, offset, length)),
            }
        }
    }

    /// The next record behind a damage.
    fn find_next(&mut self, lost: Lost) -> Result<Option<Scanned>, WarcError> {
        match lost {
            Lost::Behind(damaged) => self.find_behind(damaged),
            Lost::Within => {
                let damaged = self.input.member();
                match input::find(&mut self.input, MARK) {
                    Ok(true) => self.read_marked(),
                    Ok(false) => self.read_one(),
                    Err(_) => self.find_behind(damaged),
                }
            }
        }
    }

    /// The record of which the mark was just used.
    fn read_marked(&mut self) -> Result<Option<Scanned>, WarcError> {
        let offset = match self.input.packing() {
            Packing::Plain => self.input.at() - WARC.len() as u64,
            _ => self.input.member(),
        };
        let read = self.read_begun(Begin { offset, first: false }, Mark::Found);
        self.input.end_record();
        read.map(Some)
    }

    /// The next record behind `damaged`: every place that looks like a beginning is tried.
    fn find_behind(&mut self, damaged: u64) -> Result<Option<Scanned>, WarcError> {
        let fault = |cause| WarcError::Io { offset: damaged, cause };
        self.input.go(damaged).map_err(fault)?;
        let begins = self.input.input.peek_four().map_err(fault)?;
        let is = |magic: &[u8], used: bool| begins.starts_with(magic) || used;
        let (mark, back) = match self.input.packings_met() {
            (gzip, _) if is(GZIP, gzip) || begins.starts_with(&[GZIP[0]]) => (GZIP, GZIP.len()),
            (_, zstd) if is(ZSTD, zstd) => (ZSTD, ZSTD.len()),
            _ => (MARK, MARK.len() - 1),
        };
        self.input.go(damaged + 1).map_err(fault)?;
        while let Some(behind) = self.input.input.find(mark).map_err(fault)? {
            self.input.go(behind - back as u64).map_err(fault)?;
            match self.read_one() {
                Err(error) if !error.is_of_a_record() => self.input.go(behind).map_err(fault)?,
                found => return found,
            }
        }
        Ok(None)
    }
}

impl<R: Read + Seek> Iterator for Scan<R> {
    type Item = Result<Scanned, WarcError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let found = match self.lost.take() {
            None => self.read_one(),
            Some(lost) => self.find_next(lost),
        };
        match &found {
            Ok(Some(_)) => {}
            Ok(None) | Err(WarcError::Io { .. }) => self.done = true,
            Err(error) => self.lost = Some(self.where_to_look_on(error)),
        }
        found.transpose()
    }
}

impl<R: Read + Seek> Scan<R> {
    /// A member that can be unpacked may hold other records; in a file that is not packed the length may be wrong.
    fn where_to_look_on(&self, error: &WarcError) -> Lost {
        let unpacks = matches!(
            error,
            WarcError::NotARecord { .. }
                | WarcError::HeaderLine { .. }
                | WarcError::HeaderMissing { .. }
                | WarcError::TooLarge { .. }
        );
        match self.input.packing() {
            Packing::Gzip | Packing::Zstd if unpacks => Lost::Within,
            _ => Lost::Behind(error.offset().unwrap_or_default()),
        }
    }
}

/// Reads the records of a WARC file with their offsets, each whole in memory, and takes none that is not as it was written: an odd
/// record comes as an error, and reading goes on behind it. This is how files are read that this crate wrote; see [`Scan`] for others.
pub struct Reader<R>(Scan<R>);

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
        Scan::new(input, offset, ScanOptions { hold: MAX_BODY, digests: Digests::Check }).map(Self)
    }

    /// Reads on to the end and returns where the last whole record ends: what stands behind it was torn by a crash and
    /// may be cut off.
    ///
    /// # Errors
    /// The error of a damaged record that whole records follow: it is no torn end, and cutting there would lose them.
    pub fn scan_end(mut self) -> Result<u64, WarcError> {
        self.0.options.hold = 0;
        let mut end = self.0.at();
        let mut torn: Option<WarcError> = None;
        while let Some(record) = self.0.next() {
            let sound = record.and_then(sound);
            match (sound, torn.take()) {
                (Ok(_), None) => end = self.0.at(),
                (Ok(_), Some(earlier)) => return Err(earlier),
                (Err(error @ WarcError::Io { .. }), _) => return Err(error),
                (Err(error), earlier) => torn = Some(earlier.unwrap_or(error)),
            }
        }
        Ok(end)
    }
}

/// The record, where nothing is wrong with it.
fn sound(scanned: Scanned) -> Result<Scanned, WarcError> {
    match scanned.flaws.into_iter().next() {
        Some(flaw) => Err(flaw),
        None => Ok(Scanned { flaws: Vec::new(), ..scanned }),
    }
}

impl<R: Read + Seek> Iterator for Reader<R> {
    type Item = Result<(u64, WarcRecord), WarcError>;

    fn next(&mut self) -> Option<Self::Item> {
        let read = self.0.next()?.and_then(sound).and_then(|scanned| {
            let offset = scanned.offset;
            if scanned.is_held() {
                return Ok((offset, scanned.record));
            }
            Err(WarcError::TooLarge { offset, part: "body", limit: self.0.options.hold })
        });
        Some(read)
    }
}

/// The record whose member begins at `offset`.
///
/// # Errors
/// Any [`WarcError`] but [`WarcError::BadHeader`]; [`WarcError::NotARecord`] where the file ends at `offset`.
pub fn read_at<R: Read + Seek>(input: R, offset: u64) -> Result<WarcRecord, WarcError> {
    match Reader::from_offset(input, offset)?.next() {
        Some(record) => record.map(|(_, record)| record),
        None => Err(WarcError::NotARecord { offset, found: "the end of the file".to_owned() }),
    }
}

/// The record at `offset` as leniently as [`Scan`] gives it, with what is odd about it.
///
/// # Errors
/// As for [`read_at`].
pub fn scan_at<R: Read + Seek>(input: R, offset: u64, options: ScanOptions) -> Result<Scanned, WarcError> {
    match Scan::new(input, offset, options)?.next() {
        Some(scanned) => scanned,
        None => Err(WarcError::NotARecord { offset, found: "the end of the file".to_owned() }),
    }
}
