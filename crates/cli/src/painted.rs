//! Text in several styles that is wrapped as one.

use anstyle::Style;
use chancery_record::Span;

use crate::screen::Screen;
use crate::wrap;

/// A text and the styles of its stretches, in order and without overlap.
#[derive(Clone, Default)]
pub(crate) struct Painted {
    text: String,
    styles: Vec<(Span, Style)>,
}

impl Painted {
    /// More text in a style.
    pub(crate) fn push(&mut self, style: Style, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        self.styles.push((Span::new(start, self.text.len()), style));
    }

    /// More text as it is.
    pub(crate) fn plain(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// A text with some stretches in one style.
    pub(crate) fn marked(text: &str, stretches: &[Span], style: Style) -> Self {
        Self { text: text.to_owned(), styles: stretches.iter().map(|span| (*span, style)).collect() }
    }

    /// The lines, none wider than `width` unless a single word is.
    pub(crate) fn lines(&self, screen: &Screen, width: usize) -> Vec<String> {
        wrap::lines(&self.text, width).into_iter().map(|line| self.line(screen, line)).collect()
    }

    fn line(&self, screen: &Screen, line: Span) -> String {
        let mut out = String::new();
        let mut at = line.start;
        for (span, style) in self.styles.iter().filter(|(span, _)| span.overlaps(&line)) {
            let (start, end) = (span.start.max(at), span.end.min(line.end));
            out += &screen.web(Span::new(at, start).of(&self.text));
            out += &screen.paint(*style, &screen.web(Span::new(start, end).of(&self.text)));
            at = end;
        }
        out + &screen.web(Span::new(at, line.end).of(&self.text))
    }
}
