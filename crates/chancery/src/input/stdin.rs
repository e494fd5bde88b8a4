//! Standard input: JSON lines, a page, a text or a tar, packed or not, told apart by its first bytes.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use chancery_record::{Capture, Media};

use super::kind::Packing;
use super::{Counted, Flow, MAX_PAGE, Name, Place, Run, SkipReason, lines, tape, unread};

const NAME: &str = "stdin";

/// So many bytes tell what it is: the first block of a tar.
const HEAD: u64 = 512;

impl Run<'_> {
    /// What standard input holds.
    pub(super) fn stdin(&mut self, stdin: Box<dyn Read + Send>) -> Flow {
        match opened(Counted { inner: stdin, bytes: self.bytes }) {
            Err(cause) => self.error(Place::of("-"), unread(&cause)),
            // A tar is the folder of its members, as one that was asked for by name.
            Ok((true, input)) => tape::each(self, input, &Name { shown: "-", identity: "" }),
            Ok((false, input)) => self.lines_or_page(BufReader::with_capacity(1 << 16, input)),
        }
    }

    fn lines_or_page(&mut self, mut input: BufReader<impl Read>) -> Flow {
        let first = match first_byte(&mut input) {
            Ok(first) => first,
            Err(cause) => return self.error(Place::of("-"), unread(&cause)),
        };
        let is_pdf = input.fill_buf().is_ok_and(|head| head.starts_with(b"%PDF-"));
        let media = match first {
            None => return self.error(Place::of("-"), SkipReason::Empty),
            Some(_) if is_pdf => Media::Pdf,
            Some(b'{') => return lines::each(self, input, &Name { shown: "-", identity: NAME }),
            Some(b'<') => Media::Html,
            Some(_) => Media::Text,
        };
        let mut bytes = Vec::new();
        match input.take(MAX_PAGE + 1).read_to_end(&mut bytes) {
            Err(cause) => self.error(Place::of("-"), unread(&cause)),
            Ok(_) if bytes.len() as u64 > MAX_PAGE => self.error(Place::of("-"), SkipReason::TooLarge),
            Ok(_) => self.capture(Capture { media, bytes, ..Capture::default() }, Place::of("-"), None, NAME),
        }
    }
}

/// The unpacked bytes of `input`, and whether they are a tar.
fn opened<'r>(input: impl Read + 'r) -> io::Result<(bool, Box<dyn Read + 'r>)> {
    let (mut head, mut whole) = peeked(Box::new(input))?;
    let packing = Packing::of_bytes(&head);
    if packing != Packing::None {
        (head, whole) = peeked(packing.open(whole)?)?;
    }
    Ok((head.get(257..262) == Some(b"ustar"), whole))
}

/// The first bytes, and all of them. After a line of JSON no more is waited for: who sends one may wait for its answer.
fn peeked<'r>(mut input: Box<dyn Read + 'r>) -> io::Result<(Vec<u8>, Box<dyn Read + 'r>)> {
    let mut head = Vec::new();
    let mut start = BufReader::with_capacity(HEAD as usize, input.by_ref().take(HEAD));
    loop {
        let more = start.fill_buf()?;
        let read = more.len();
        head.extend_from_slice(more);
        start.consume(read);
        if read == 0 || is_line(&head) {
            break;
        }
    }
    Ok((head.clone(), Box::new(Cursor::new(head).chain(input))))
}

/// Whether these bytes hold a line of JSON; the head of a tar is full of zeros.
fn is_line(head: &[u8]) -> bool {
    head.trim_ascii_start().starts_with(b"{") && head.contains(&b'\n') && !head.contains(&0)
}

/// The first byte that is no blank and no byte order mark; what stands before it is used up.
fn first_byte(input: &mut impl BufRead) -> io::Result<Option<u8>> {
    const MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];
    if input.fill_buf()?.starts_with(&MARK) {
        input.consume(MARK.len());
    }
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            return Ok(None);
        }
        let blanks = buffer.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        if let Some(byte) = buffer.get(blanks) {
            let byte = *byte;
            input.consume(blanks);
            return Ok(Some(byte));
        }
        input.consume(blanks);
    }
}
