//! Mistakes in source files, each with its place and its mend.

use std::fmt;
use std::ops::Range;

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};

use super::line_and_column;

/// So many bytes of a line are shown, …
const LINE: usize = 200;
/// … and so many behind what is marked.
const MARGIN: usize = 40;

/// One mistake in a source file.
#[derive(Clone, Debug)]
pub struct SourceFault {
    /// The file, as it was named.
    pub path: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
    source: NamedSource<String>,
    at: Range<usize>,
}

impl SourceFault {
    pub(super) fn new(
        path: &str,
        text: &str,
        at: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        let start = at.start.min(text.len());
        let (line, column) = line_and_column(text, start);
        Self {
            path: path.to_owned(),
            line,
            column,
            message: message.into(),
            help: help.into(),
            source: NamedSource::new(path, cut(text, start, at.end)),
            at: start..at.end.clamp(start, text.len()),
        }
    }
}

/// The text with long lines cut behind what is shown of them: the file may be a page in one line.
fn cut(text: &str, start: usize, end: usize) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let marked = if (at..at + line.len()).contains(&start) { end.saturating_sub(at) } else { 0 };
        let room = (LINE.max(marked + MARGIN)..line.len()).find(|end| line.is_char_boundary(*end));
        let room = room.unwrap_or(line.len());
        match line.get(..room).filter(|_| room < line.len()) {
            Some(head) => {
                shown.push_str(head);
                shown.push('…');
                if line.ends_with('\n') {
                    shown.push('\n');
                }
            }
            None => shown.push_str(line),
        }
        at += line.len();
    }
    shown
}

impl fmt::Display for SourceFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SourceFault {}

impl Diagnostic for SourceFault {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.help))
    }
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }
    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let span = LabeledSpan::new(Some("here".into()), self.at.start, self.at.len());
        Some(Box::new(std::iter::once(span)))
    }
}

/// All mistakes of some source files, in the order of the files.
#[derive(Clone, Debug, Default)]
pub struct SourceFaults(pub Vec<SourceFault>);

impl fmt::Display for SourceFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, fault) in self.0.iter().enumerate() {
            let break_before = if n > 0 { "\n" } else { "" };
            write!(f, "{break_before}{}:{}:{}: {}", fault.path, fault.line, fault.column, fault.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for SourceFaults {}
