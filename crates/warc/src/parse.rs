//! One record from a stream of unpacked bytes.

use std::io::{self, BufRead, Read};

use crate::{RecordKind, WarcError, WarcRecord, digest};

/// The header of a record may be as long as this, in bytes.
pub(crate) const MAX_HEADER: u64 = 256 * 1024;
/// The body of a record may be as long as this, in bytes: it is held in memory.
pub(crate) const MAX_BODY: u64 = 1 << 30;

/// Reads one record, up to and with the end mark behind its body.
pub(crate) fn record(input: &mut impl BufRead, offset: u64) -> Result<WarcRecord, WarcError> {
    let (mut record, length) = head(input, offset)?;
    let read = input.by_ref().take(length).read_to_end(&mut record.body);
    let got = record.body.len() as u64;
    match read {
        Ok(_) if got == length => {}
        Ok(_) => return Err(WarcError::BodyEnds { offset, expected: length, got }),
        Err(cause) if cause.kind() == io::ErrorKind::UnexpectedEof => {
            return Err(WarcError::BodyEnds { offset, expected: length, got });
        }
        Err(cause) => return Err(fault(cause, offset, got)),
    }
    end_mark(input, offset, length)?;
    let named = record.block_digest().unwrap_or_default();
    if digest::agrees(named, &record.body) == Some(false) {
        let (expected, got) = (named.to_owned(), digest::sha256(&record.body));
        return Err(WarcError::Digest { offset, expected, got });
    }
    Ok(record)
}

/// What an error of the stream means; `got` bytes of it could be read.
pub(crate) fn fault(cause: io::Error, offset: u64, got: u64) -> WarcError {
    match cause.kind() {
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => WarcError::Damaged { offset, got, cause },
        _ => WarcError::Io { offset, cause },
    }
}

/// The two line breaks behind a body. Some writers leave only line feeds: both are read.
fn end_mark(input: &mut impl BufRead, offset: u64, length: u64) -> Result<(), WarcError> {
    for _ in 0..2 {
        let mut line = Vec::new();
        match input.by_ref().take(2).read_until(b'\n', &mut line) {
            Ok(_) if line == b"\r\n" || line == b"\n" => {}
            Ok(_) if line.is_empty() || line == b"\r" => return Err(WarcError::TailEnds { offset, length }),
            Ok(_) => return Err(WarcError::NoEndMark { offset, length }),
            Err(cause) if cause.kind() == io::ErrorKind::UnexpectedEof => {
                return Err(WarcError::TailEnds { offset, length });
            }
            Err(cause) => return Err(fault(cause, offset, length)),
        }
    }
    Ok(())
}

/// Kind and headers, and the length of the body that follows.
fn head(input: &mut impl BufRead, offset: u64) -> Result<(WarcRecord, u64), WarcError> {
    let mut lines = Lines { input: input.take(MAX_HEADER), offset, used: 0, number: 0 };
    let version = lines.next_line()?;
    if !version.starts_with(b"WARC/1.") && !version.starts_with(b"WARC/0.") {
        return Err(WarcError::NotARecord { offset, found: shown(&version) });
    }
    let mut headers: Vec<(String, String)> = Vec::new();
    loop {
        let line = lines.next_line()?;
        if line.is_empty() {
            break;
        }
        let text = String::from_utf8_lossy(&line);
        if text.starts_with([' ', '\t']) {
            let (_, value) = headers.last_mut().ok_or_else(|| lines.fault(&line, "continues no header"))?;
            value.push(' ');
            value.push_str(text.trim());
            continue;
        }
        let (name, value) = text.split_once(':').ok_or_else(|| lines.fault(&line, "has no colon"))?;
        headers.push((name.trim().to_owned(), value.trim_matches([' ', '\t']).to_owned()));
    }
    let mut take = |name: &'static str| {
        let at = headers.iter().position(|(n, _)| n.eq_ignore_ascii_case(name));
        at.map(|at| headers.remove(at).1).ok_or(WarcError::HeaderMissing { offset, name })
    };
    let kind = RecordKind::of(&take("WARC-Type")?);
    let length = take("Content-Length")?;
    let Ok(length) = length.parse::<u64>() else {
        let line = format!("Content-Length: {length}");
        return Err(lines.fault(line.as_bytes(), "is no number of bytes"));
    };
    if length > MAX_BODY {
        return Err(WarcError::TooLarge { offset, part: "body", limit: MAX_BODY });
    }
    Ok((WarcRecord { kind, headers, body: Vec::new() }, length))
}

/// The lines of a header, within its limit.
struct Lines<R> {
    input: io::Take<R>,
    offset: u64,
    used: u64,
    number: usize,
}

impl<R: BufRead> Lines<R> {
    fn next_line(&mut self) -> Result<Vec<u8>, WarcError> {
        let (offset, mut line) = (self.offset, Vec::new());
        self.number += 1;
        let read = self.input.read_until(b'\n', &mut line);
        self.used += line.len() as u64;
        match read {
            Ok(_) if line.last() == Some(&b'\n') => {}
            Ok(_) if self.used >= MAX_HEADER && self.number > 1 => {
                return Err(WarcError::TooLarge { offset, part: "header", limit: MAX_HEADER });
            }
            Err(cause) if cause.kind() != io::ErrorKind::UnexpectedEof => {
                return Err(fault(cause, offset, self.used));
            }
            _ if self.number == 1 && !line.starts_with(b"WARC/") && !b"WARC/".starts_with(&line) => {
                return Err(WarcError::NotARecord { offset, found: shown(&line) });
            }
            _ => return Err(WarcError::HeaderEnds { offset, got: self.used }),
        }
        line.pop();
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        Ok(line)
    }

    fn fault(&self, line: &[u8], why: &'static str) -> WarcError {
        WarcError::HeaderLine { offset: self.offset, line: self.number, text: shown(line), why }
    }
}

/// The beginning of some bytes, fit for a message.
fn shown(bytes: &[u8]) -> String {
    bytes.iter().take(40).copied().map(std::ascii::escape_default).map(|c| c.to_string()).collect()
}
