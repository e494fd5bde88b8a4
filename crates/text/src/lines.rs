//! Line ends: which of them part paragraphs, and which only wrap the lines of one. Texts that were printed once keep
//! the lines of the page, sometimes with a blank line after each.

use crate::{ListMark, Shape, Token};

/// A line end between two tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LineEnd {
    /// The first token after it.
    pub(crate) at: usize,
    /// Whether the paragraph goes on after it.
    pub(crate) wrapped: bool,
}

/// A line of a printed page has at least so many bytes.
const PRINTED: usize = 40;
/// A line before a blank line was hardly wrapped where it has fewer.
const LONG: usize = 50;

/// All line ends between tokens, in order.
pub(crate) fn line_ends(text: &str, tokens: &[Token]) -> Vec<LineEnd> {
    let bytes = text.as_bytes();
    let mut lines = Lines { text, tokens, found: Vec::new(), group: 0, start: 0, paragraph: 0 };
    for (before, pair) in tokens.windows(2).enumerate() {
        let [last, here] = pair else { continue };
        let gap = bytes.get(last.end..here.start).unwrap_or_default();
        if matches!(gap, [] | b" ") {
            continue;
        }
        match gap.iter().filter(|b| **b == b'\n').count() {
            0 => {}
            1 => lines.line(before + 1),
            _ => lines.blank(before + 1),
        }
    }
    lines.settle(tokens.len());
    lines.found
}

struct Lines<'t> {
    text: &'t str,
    tokens: &'t [Token],
    found: Vec<LineEnd>,
    /// The first line end since the last blank line.
    group: usize,
    /// The first token of the lines since the last blank line, and of the paragraph that goes on.
    start: usize,
    paragraph: usize,
}

impl Lines<'_> {
    fn word(&self, at: usize) -> &str {
        self.tokens[at].of(self.text)
    }

    fn has(&self, at: usize, shape: Shape) -> bool {
        self.tokens[at].shape.has(shape)
    }

    /// A line end without a blank line: a paragraph goes on in lower case after a word or comma.
    fn line(&mut self, at: usize) {
        let stopped = matches!(self.word(at - 1), "." | "!" | "?" | ":" | ";");
        self.found.push(LineEnd { at, wrapped: self.has(at, Shape::LOWER) && !stopped });
    }

    /// A blank line: a long line goes on behind it in lower case where a sentence was begun that has no end.
    fn blank(&mut self, at: usize) {
        self.settle(at);
        let line = self.found.last().filter(|_| self.found.len() > self.group);
        let line = line.map_or(self.start, |end| end.at);
        let open = self.has(at - 1, Shape::WORD) || matches!(self.word(at - 1), "," | ")" | "”" | "’" | "\"");
        let long = self.tokens[at - 1].end - self.tokens[line].start >= LONG;
        let begun = self.has(self.paragraph, Shape::CAP) || !self.has(self.paragraph, Shape::WORD);
        let goes_on = self.has(at, Shape::LOWER)
            && ListMark::at(self.text, self.tokens, at).is_none()
            && ListMark::at(self.text, self.tokens, self.paragraph).is_none();
        let wrapped = open && long && begun && goes_on;
        self.found.push(LineEnd { at, wrapped });
        (self.group, self.start) = (self.found.len(), at);
        if !wrapped {
            self.paragraph = at;
        }
    }

    /// Settles the lines up to a blank line: where they are as long as printed lines are, and one of them surely goes
    /// on, all do.
    fn settle(&mut self, end: usize) {
        let (tokens, text) = (self.tokens, self.text);
        let group = self.found.get_mut(self.group..).unwrap_or_default();
        let mut from = self.start;
        let mut lengths = Vec::with_capacity(group.len());
        for line in group.iter() {
            lengths.push(tokens[line.at - 1].end - tokens[from].start);
            from = line.at;
        }
        let longest = lengths.iter().copied().max().unwrap_or(0);
        let even = lengths.iter().all(|length| length * 3 >= longest * 2);
        let printed =
            lengths.len() > 1 && even && longest >= PRINTED && group.iter().any(|line| line.wrapped);
        for line in group {
            line.wrapped |= printed && ListMark::at(text, tokens, line.at).is_none();
            if !line.wrapped {
                self.paragraph = line.at;
            }
        }
        debug_assert!(self.paragraph <= end, "a paragraph begins before it ends");
    }
}

#[cfg(test)]
mod tests {
    use crate::{Language, Tokens};

    /// How many paragraphs a text has.
    fn paragraphs(text: &str) -> usize {
        Tokens::of(text, &Language::default()).sentences().last().map_or(0, |last| last.block + 1)
    }

    #[test]
    fn printed_lines_are_one_paragraph() {
        assert_eq!(paragraphs("The board met\nand the port opened."), 1);
        assert_eq!(paragraphs("The Board\nPress Office"), 2);
        let lines = "The members of the board met in the house of the\nPort Authority on Monday, and they looked at the\nplans of the new harbour. They were pleased with\nOrvin Works, who drew them.";
        assert_eq!(paragraphs(lines), 1);
        assert_eq!(paragraphs(&lines.replace("\nOrvin", "\n- Orvin")), 2);
    }

    #[test]
    fn a_sentence_goes_on_after_a_blank_line() {
        let line = "The members of the board met in the house of the Port Authority and";
        assert_eq!(
            paragraphs(&format!(
                "{line}\n\nlooked at the plans of the new harbour, which were drawn by\n\nthe Works. It rained."
            )),
            1
        );
        assert_eq!(paragraphs(&format!("{line}.\n\nlooked at")), 2);
        assert_eq!(paragraphs(&format!("{line}\n\na. looked at")), 2);
        assert_eq!(paragraphs(&format!("{line}\n\nLooked at")), 2);
        assert_eq!(paragraphs("The board will\n\nlook at plans"), 2);
        assert_eq!(paragraphs(&format!("build {line};\n\nmend roads")), 2);
        assert_eq!(paragraphs(&format!("• build {line}\n\nmend roads")), 2);
    }
}
