//! One record from a stream of unpacked bytes.

use std::io::{self, BufRead, Read as _};

use crate::digest::Digester;
use crate::unpack::WARC;
use crate::{RecordKind, WarcError, WarcRecord};

/// The header of a record may be as long as this, in bytes.
pub(crate) const MAX_HEADER: u64 = 256 * 1024;

/// Kind and headers, and the length of the body that follows. A line that is no header is passed over and told in
/// `flaws`.
pub(crate) fn head(
    input: &mut impl BufRead,
    offset: u64,
    flaws: &mut Vec<WarcError>,
) -> Result<(WarcRecord, u64), WarcError> {
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
            match headers.last_mut() {
                Some((_, value)) => {
                    value.push(' ');
                    value.push_str(text.trim());
                }
                None => flaws.push(lines.fault(&line, "continues no header")),
            }
            continue;
        }
        match text.split_once(':') {
            Some((name, value)) => {
                headers.push((name.trim().to_owned(), value.trim_matches([' ', '\t']).to_owned()));
            }
            None => flaws.push(lines.fault(&line, "has no colon")),
        }
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
    Ok((WarcRecord { kind, headers, body: Vec::new() }, length))
}

/// Reads a body of `length` bytes, the first `hold` of them into `held`, and all through `digester`.
pub(crate) fn body(
    input: &mut impl BufRead,
    offset: u64,
    length: u64,
    (held, hold): (&mut Vec<u8>, u64),
    mut digester: Option<&mut Digester>,
) -> Result<(), WarcError> {
    /// So many bytes are made room for before they have come.
    const ROOM: u64 = 1 << 20;
    held.reserve(usize::try_from(hold.min(length).min(ROOM)).unwrap_or_default());
    let mut got = 0;
    while got < length {
        let bytes = match input.fill_buf() {
            Ok(bytes) => bytes,
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => continue,
            Err(cause) if cause.kind() == io::ErrorKind::UnexpectedEof => &[],
            Err(cause) => return Err(fault(cause, offset, got)),
        };
        if bytes.is_empty() {
            return Err(WarcError::BodyEnds { offset, expected: length, got });
        }
        let taken = usize::try_from(length - got).unwrap_or(usize::MAX).min(bytes.len());
        let bytes = bytes.get(..taken).unwrap_or_default();
        let room = usize::try_from(hold.saturating_sub(got)).unwrap_or(usize::MAX).min(taken);
        held.extend_from_slice(bytes.get(..room).unwrap_or_default());
        if let Some(digester) = &mut digester {
            digester.update(bytes);
        }
        input.consume(taken);
        got += taken as u64;
    }
    Ok(())
}

/// What an error of the stream means; `got` bytes of it could be read.
pub(crate) fn fault(cause: io::Error, offset: u64, got: u64) -> WarcError {
    match cause.kind() {
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => WarcError::Damaged { offset, got, cause },
        _ => WarcError::Io { offset, cause },
    }
}

/// The two line breaks behind a body. Some writers leave only line feeds: both are read.
pub(crate) fn end_mark(input: &mut impl BufRead, offset: u64, length: u64) -> Result<(), WarcError> {
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
            _ if self.number == 1 && !line.starts_with(WARC) && !WARC.starts_with(&line) => {
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
