//! Bytes to code points for many spans of one text, without counting it anew for each.

use chancery_record::Span;

/// How many bytes lie between two counts that are kept.
const STRIDE: usize = 256;

/// A text with its code points counted.
pub(crate) struct Characters<'t> {
    text: &'t [u8],
    /// Code points before each multiple of [`STRIDE`].
    before: Vec<usize>,
}

impl<'t> Characters<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        let text = text.as_bytes();
        let mut before = vec![0];
        let mut count = 0;
        for block in text.chunks(STRIDE) {
            count += starts(block);
            before.push(count);
        }
        Self { text, before }
    }

    /// `span` from bytes to code points; what lies behind the end is cut.
    pub(crate) fn of_bytes(&self, span: Span) -> Span {
        Span::new(self.of_byte(span.start), self.of_byte(span.end))
    }

    fn of_byte(&self, byte: usize) -> usize {
        let byte = byte.min(self.text.len());
        let block = byte / STRIDE;
        let rest = self.text.get(block * STRIDE..byte).map_or(0, starts);
        self.before.get(block).map_or(0, |before| before + rest)
    }
}

/// How many characters begin in these bytes of UTF-8: all bytes but `10xxxxxx` begin one.
fn starts(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn counts_as_the_slow_way_does(text in "\\PC{0,900}", part in 0.0..1.0f64) {
            let characters = Characters::of(&text);
            let at = (text.chars().count() as f64 * part) as usize;
            let byte = text.char_indices().nth(at).map_or(text.len(), |(byte, _)| byte);
            let span = characters.of_bytes(Span::new(byte, text.len()));
            prop_assert_eq!(span, Span::new(at, text.chars().count()));
        }
    }
}
