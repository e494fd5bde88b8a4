//! Standard input: JSON lines, a page or a text, told apart by the first byte that is no blank.

use std::io::{BufRead, BufReader, Read};

use chancery_record::{Capture, Media};

use super::{Counted, Flow, MAX_PAGE, Name, Place, Run, SkipReason, lines};

const NAME: &str = "stdin";

impl Run<'_> {
    /// What standard input holds.
    pub(super) fn stdin(&mut self, stdin: Box<dyn Read + Send>) -> Flow {
        let counted = Counted { inner: stdin, bytes: self.bytes };
        let mut input = BufReader::with_capacity(1 << 16, counted);
        let name = Name { shown: "-", identity: NAME };
        let first = match first_byte(&mut input) {
            Ok(first) => first,
            Err(cause) => return self.error(Place::of("-"), SkipReason::Unreadable(cause.to_string())),
        };
        let media = match first {
            None => return self.error(Place::of("-"), SkipReason::Empty),
            Some(b'{') => return lines::each(self, input, &name),
            Some(b'<') => Media::Html,
            Some(_) => Media::Text,
        };
        let mut bytes = Vec::new();
        match input.take(MAX_PAGE + 1).read_to_end(&mut bytes) {
            Err(cause) => self.error(Place::of("-"), SkipReason::Unreadable(cause.to_string())),
            Ok(_) if bytes.len() as u64 > MAX_PAGE => self.error(Place::of("-"), SkipReason::TooLarge),
            Ok(_) => self.capture(Capture { media, bytes, ..Capture::default() }, Place::of("-"), None, NAME),
        }
    }
}

/// The first byte that is no blank and no byte order mark; what stands before it is used up.
fn first_byte(input: &mut impl BufRead) -> std::io::Result<Option<u8>> {
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
