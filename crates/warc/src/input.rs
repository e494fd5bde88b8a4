//! A buffered input that knows how many bytes of it were used.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

pub(crate) struct Input<R> {
    inner: BufReader<R>,
    at: u64,
}

impl<R: Read + Seek> Input<R> {
    pub(crate) fn new(inner: R, at: u64) -> io::Result<Self> {
        let mut input = Self { inner: BufReader::with_capacity(64 * 1024, inner), at: 0 };
        input.go(at)?;
        Ok(input)
    }

    /// The offset of the next byte.
    pub(crate) const fn at(&self) -> u64 {
        self.at
    }

    pub(crate) fn go(&mut self, at: u64) -> io::Result<()> {
        self.at = self.inner.seek(SeekFrom::Start(at))?;
        Ok(())
    }

    /// The next four bytes without using them, or as many as there are.
    pub(crate) fn peek_four(&mut self) -> io::Result<Vec<u8>> {
        let mut four = Vec::with_capacity(4);
        self.inner.by_ref().take(4).read_to_end(&mut four)?;
        self.inner.seek_relative(-i64::try_from(four.len()).unwrap_or_default())?;
        Ok(four)
    }

    /// The offset behind the next place where `mark` stands, or `None` at the end.
    pub(crate) fn find(&mut self, mark: &[u8]) -> io::Result<Option<u64>> {
        Ok(find(self, mark)?.then_some(self.at))
    }
}

/// Uses what comes up to and with the next place where `mark` stands; `false` where it does not come any more.
pub(crate) fn find(input: &mut impl BufRead, mark: &[u8]) -> io::Result<bool> {
    let Some(first) = mark.first() else { return Ok(true) };
    let mut last: Vec<u8> = Vec::with_capacity(mark.len());
    loop {
        let bytes = input.fill_buf()?;
        if bytes.is_empty() {
            return Ok(false);
        }
        // Most bytes cannot begin the mark and are passed over at once.
        let idle =
            if last.is_empty() { bytes.iter().position(|b| b == first).unwrap_or(bytes.len()) } else { 0 };
        if idle > 0 {
            input.consume(idle);
            continue;
        }
        last.extend(bytes.first());
        input.consume(1);
        while !mark.starts_with(&last) {
            last.remove(0);
        }
        if last == mark {
            return Ok(true);
        }
    }
}

impl<R: Read + Seek> Read for Input<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.at += n as u64;
        Ok(n)
    }
}

impl<R: Read + Seek> BufRead for Input<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, n: usize) {
        self.at += n as u64;
        self.inner.consume(n);
    }
}
