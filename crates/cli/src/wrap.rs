//! Lines that fit the terminal, as spans of the text they come from.

use chancery_record::Span;
use unicode_width::UnicodeWidthStr;

/// How many columns a text takes on a terminal.
pub(crate) fn columns(text: &str) -> usize {
    text.width()
}

/// The lines of `text`, none wider than `width` unless a single word is; spaces at a break belong to no line.
/// An empty line of the text is an empty span.
pub(crate) fn lines(text: &str, width: usize) -> Vec<Span> {
    let mut lines = Vec::new();
    let mut start = 0;
    for paragraph in text.split('\n') {
        wrap(paragraph, start, width, &mut lines);
        start += paragraph.len() + 1;
    }
    lines
}

fn wrap(paragraph: &str, offset: usize, width: usize, lines: &mut Vec<Span>) {
    let mut line: Option<(Span, usize)> = None;
    for (at, word) in words(paragraph) {
        let span = Span::new(offset + at, offset + at + word.len());
        line = match line {
            None => Some((span, columns(word))),
            Some((open, taken)) => {
                let gap = span.start - open.end;
                let wider = taken + gap + columns(word);
                if wider <= width {
                    Some((Span::new(open.start, span.end), wider))
                } else {
                    lines.push(open);
                    Some((span, columns(word)))
                }
            }
        };
    }
    lines.push(line.map_or(Span::new(offset, offset), |(open, _)| open));
}

/// The words of a text with their byte offsets; white space of any kind parts them.
pub(crate) fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let begin = text.as_ptr() as usize;
    let words = text.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty());
    // A word is a part of the text, so the distance of their addresses is its offset.
    words.map(move |word| (word.as_ptr() as usize - begin, word))
}

#[cfg(test)]
mod tests {
    use super::lines;

    fn check(text: &str, width: usize, expected: &[&str]) {
        let wrapped: Vec<&str> = lines(text, width).iter().map(|span| span.of(text)).collect();
        assert_eq!(wrapped, expected);
    }

    #[test]
    fn words_go_to_the_next_line_whole() {
        check("the pier opens in May", 10, &["the pier", "opens in", "May"]);
    }

    #[test]
    fn paragraphs_and_empty_lines_stay() {
        check("one\n\ntwo", 10, &["one", "", "two"]);
    }

    #[test]
    fn a_word_wider_than_the_line_stands_alone() {
        check("a incomprehensible b", 6, &["a", "incomprehensible", "b"]);
    }

    #[test]
    fn wide_characters_take_two_columns() {
        check("漢字 漢字", 8, &["漢字", "漢字"]);
    }
}
