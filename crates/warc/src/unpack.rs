//! The unpacked bytes of a file, member by member: gzip, zstd (with the dictionary frame of `.warc.zst`), or neither.
//!
//! Most files have one member a record. Some have all records in one stream, some cut the stream into blocks without
//! regard to records: a record may go on in the next member, unless that begins with a record of its own.

use std::io::{self, BufRead, Read, Seek};

use crate::input::Input;
use crate::member::{Gunzip, Unzstd, invalid, pass_over};

/// How every version of the format begins.
pub(crate) const WARC: &[u8] = b"WARC/";
/// The first bytes of a gzip member that is packed by deflate.
pub(crate) const GZIP: &[u8] = &[0x1f, 0x8b, 0x08];
/// The first bytes of a zstd frame.
pub(crate) const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
/// The first bytes of the skippable frame that holds the dictionary of a `.warc.zst` file.
const DICTIONARY: &[u8] = &[0x5d, 0x2a, 0x4d, 0x18];
/// A dictionary may be as long as this, in bytes.
const MAX_DICTIONARY: u32 = 32 << 20;
/// Bytes unpacked at once.
const STEP: usize = 64 * 1024;

/// What the open member is packed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    /// No member is open.
    Closed,
    Plain,
    Gzip,
    Zstd,
}

pub(crate) struct Unpacked<R> {
    pub(crate) input: Input<R>,
    packing: Packing,
    /// Where the open member begins.
    member: u64,
    /// Whether all of the open member is unpacked.
    ended: bool,
    /// Whether the record at hand may go on in the next member.
    crossing: bool,
    /// Whether the open member begins with the next record: the record at hand has come to its end.
    held_back: bool,
    out: Vec<u8>,
    at: usize,
    filled: usize,
    /// Bytes of the open member that were used.
    used: u64,
    gzip: Option<Gunzip>,
    zstd: Option<Unzstd>,
    dictionary: Vec<u8>,
}

/// Where a record begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Begin {
    /// Of its member, or of itself in a file that is not packed.
    pub(crate) offset: u64,
    /// Whether it is the first of its member.
    pub(crate) first: bool,
}

impl<R: Read + Seek> Unpacked<R> {
    pub(crate) fn new(input: R, offset: u64) -> io::Result<Self> {
        let mut input = Input::new(input, 0)?;
        let dictionary = if input.peek_four()? == DICTIONARY { dictionary(&mut input)? } else { Vec::new() };
        input.go(offset)?;
        Ok(Self {
            input,
            packing: Packing::Closed,
            member: offset,
            ended: true,
            crossing: false,
            held_back: false,
            out: vec![0; STEP],
            at: 0,
            filled: 0,
            used: 0,
            gzip: None,
            zstd: None,
            dictionary,
        })
    }

    /// Goes to `offset` of the packed file, where a member may begin.
    pub(crate) fn go(&mut self, offset: u64) -> io::Result<()> {
        self.close();
        self.input.go(offset)
    }

    pub(crate) const fn packing(&self) -> Packing {
        self.packing
    }

    /// Where the open member begins.
    pub(crate) const fn member(&self) -> u64 {
        self.member
    }

    /// The offset of the file up to which all was used, where the last record stood alone.
    pub(crate) const fn at(&self) -> u64 {
        if self.held_back { self.member } else { self.input.at() }
    }

    /// Whether a record that begins at `offset` goes on in another member than its first.
    pub(crate) const fn crossed(&self, offset: u64) -> bool {
        !matches!(self.packing, Packing::Plain) && !self.held_back && self.member != offset
    }

    /// Whether the open member was unpacked to its end and its checksum agrees.
    pub(crate) const fn is_whole(&self) -> bool {
        self.held_back || self.ended && !matches!(self.packing, Packing::Plain | Packing::Closed)
    }

    /// Whether there were members of gzip, and of zstd.
    pub(crate) const fn packings_met(&self) -> (bool, bool) {
        (self.gzip.is_some(), self.zstd.is_some())
    }

    fn close(&mut self) {
        (self.packing, self.ended, self.held_back, self.crossing) = (Packing::Closed, true, false, false);
        (self.at, self.filled, self.used) = (0, 0, 0);
    }

    /// Goes to the next record; `None` at the end of the file.
    pub(crate) fn begin(&mut self) -> io::Result<Option<Begin>> {
        (self.crossing, self.held_back) = (false, false);
        let mut blank = 0;
        loop {
            match self.fill_buf()?.first().copied() {
                Some(b'\r' | b'\n') => {
                    self.consume(1);
                    blank += 1;
                }
                Some(_) => break,
                None if self.packing == Packing::Plain => return Ok(None),
                None if self.open()? => blank = 0,
                None => return Ok(None),
            }
        }
        let first = self.packing == Packing::Plain || self.used == blank;
        let offset = if self.packing == Packing::Plain { self.input.at() } else { self.member };
        self.crossing = true;
        Ok(Some(Begin { offset, first }))
    }

    /// Ends the record at hand: the bytes of its member that follow do not belong to it.
    pub(crate) const fn end_record(&mut self) {
        self.crossing = false;
    }

    /// Opens the next member; `false` at the end of the file.
    fn open(&mut self) -> io::Result<bool> {
        self.close();
        loop {
            self.member = self.input.at();
            let magic = self.input.peek_four()?;
            match magic.as_slice() {
                [] => return Ok(false),
                [0x1f, ..] => {
                    self.packing = Packing::Gzip;
                    self.ended = false;
                    self.gzip.get_or_insert_with(Gunzip::new).begin(&mut self.input)?;
                    return Ok(true);
                }
                four if four == ZSTD => {
                    self.packing = Packing::Zstd;
                    self.ended = false;
                    let zstd = match self.zstd.take() {
                        Some(zstd) => zstd,
                        None => Unzstd::new(&self.dictionary)?,
                    };
                    self.zstd.insert(zstd).begin()?;
                    return Ok(true);
                }
                [0x50..=0x5f, 0x2a, 0x4d, 0x18] => {
                    let length = skippable(&mut self.input)?;
                    pass_over(&mut self.input, u64::from(length))?;
                }
                _ => {
                    (self.packing, self.ended) = (Packing::Plain, false);
                    return Ok(true);
                }
            }
        }
    }

    /// Unpacks more of the open member.
    fn step(&mut self) -> io::Result<()> {
        let stepped = match (self.packing, &mut self.gzip, &mut self.zstd) {
            (Packing::Gzip, Some(gzip), _) => gzip.step(&mut self.input, &mut self.out),
            (Packing::Zstd, _, Some(zstd)) => zstd.step(&mut self.input, &mut self.out),
            _ => Ok((0, true)),
        };
        (self.at, self.filled) = (0, 0);
        (self.filled, self.ended) = stepped?;
        Ok(())
    }

    /// Goes on with the record at hand in the next member, where that begins with no record of its own.
    fn cross(&mut self) -> io::Result<bool> {
        let magic = self.input.peek_four()?;
        if !magic.starts_with(GZIP) && magic != ZSTD {
            return Ok(false);
        }
        let from = self.input.at();
        self.crossing = false;
        let mut opened = self.open();
        while opened.is_ok() && self.filled == 0 && !self.ended {
            opened = self.step().map(|()| true);
        }
        if !matches!(opened, Ok(true)) {
            self.go(from)?;
            return Ok(false);
        }
        self.held_back = self.out.get(..self.filled).is_some_and(|out| out.starts_with(WARC));
        self.crossing = !self.held_back;
        Ok(!self.held_back)
    }
}

impl<R: Read + Seek> Read for Unpacked<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let mut bytes = self.fill_buf()?;
        let n = bytes.read(buf)?;
        self.consume(n);
        Ok(n)
    }
}

impl<R: Read + Seek> BufRead for Unpacked<R> {
    /// Empty at the end of the member, or of the record where it goes on in the next.
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.packing == Packing::Plain {
            return self.input.fill_buf();
        }
        while self.at == self.filled && !self.held_back {
            if !self.ended {
                self.step()?;
            } else if self.packing == Packing::Closed || !self.crossing || !self.cross()? {
                break;
            }
        }
        if self.held_back {
            return Ok(&[]);
        }
        Ok(self.out.get(self.at..self.filled).unwrap_or_default())
    }

    fn consume(&mut self, n: usize) {
        if self.packing == Packing::Plain {
            self.input.consume(n);
        } else {
            self.at += n;
        }
        self.used += n as u64;
    }
}

/// The length of a skippable frame, at whose magic number the input stands.
fn skippable(input: &mut impl BufRead) -> io::Result<u32> {
    let mut head = [0_u8; 8];
    input.read_exact(&mut head)?;
    let [.., l0, l1, l2, l3] = head;
    Ok(u32::from_le_bytes([l0, l1, l2, l3]))
}

/// The dictionary at the beginning of a `.warc.zst` file, which may be packed itself.
fn dictionary(input: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let length = skippable(input)?;
    if length > MAX_DICTIONARY {
        return Err(invalid("its zstd dictionary is larger than 32 MB"));
    }
    let mut bytes = vec![0; length as usize];
    input.read_exact(&mut bytes)?;
    if !bytes.starts_with(ZSTD) {
        return Ok(bytes);
    }
    let mut unpacked = Vec::new();
    let decoder = zstd::Decoder::new(bytes.as_slice())?;
    decoder.take(u64::from(MAX_DICTIONARY)).read_to_end(&mut unpacked)?;
    Ok(unpacked)
}
