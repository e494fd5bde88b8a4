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

    /// The next byte without using it.
    pub(crate) fn peek(&mut self) -> io::Result<Option<u8>> {
        Ok(self.inner.fill_buf()?.first().copied())
    }

    /// The offset behind the next place where `mark` stands, or `None` at the end.
    pub(crate) fn find(&mut self, mark: &[u8]) -> io::Result<Option<u64>> {
        let mut last: Vec<u8> = Vec::with_capacity(mark.len());
        while let Some(byte) = self.peek()? {
            self.consume(1);
            if last.len() == mark.len() {
                last.remove(0);
            }
            last.push(byte);
            if last == mark {
                return Ok(Some(self.at));
            }
        }
        Ok(None)
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
