//! Mistakes in rule files, each with its place and its mend.

use std::fmt;

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};

/// How much a finding weighs, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The rules cannot be loaded.
    Error,
    /// They can, but something in them can have no effect, or not the one that was meant.
    Warning,
    /// All is right, and could be better.
    Note,
}

impl Severity {
    /// `error`, `warning`, `note`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// One mistake in a rule file, or one doubt about it.
#[derive(Clone, Debug)]
pub struct RuleError {
    /// Path as given, `en/officials.toml`.
    pub path: String,
    /// 1-based line.
    pub line: usize,
    /// 1-based column, in code points.
    pub column: usize,
    /// 1-based line in which it ends.
    pub end_line: usize,
    /// 1-based column after its last code point.
    pub end_column: usize,
    /// What is wrong.
    pub message: String,
    /// What stands at the place.
    pub label: String,
    /// What to do.
    pub help: Option<String>,
    /// Whether it forbids loading.
    pub severity: Severity,
    /// The name that is not known, where it is about one.
    pub(crate) unknown: Option<String>,
    source: NamedSource<String>,
    at: std::ops::Range<usize>,
}

impl RuleError {
    pub(crate) fn new(
        path: &str,
        text: &str,
        at: std::ops::Range<usize>,
        message: impl Into<String>,
    ) -> Self {
        let start = at.start.min(text.len());
        let end = at.end.clamp(start, text.len());
        let (line, column) = line_and_column(text, start);
        let (end_line, end_column) = line_and_column(text, end);
        Self {
            path: path.to_owned(),
            line,
            column,
            end_line,
            end_column,
            message: message.into(),
            label: "here".into(),
            help: None,
            severity: Severity::Error,
            unknown: None,
            source: NamedSource::new(path, text.to_owned()),
            at: start..end,
        }
    }

    pub(crate) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says that a name is not known; where a file cannot be read, that may be the file's fault.
    pub(crate) fn unknown(mut self, name: &str) -> Self {
        self.unknown = Some(name.rsplit('/').next().unwrap_or(name).to_owned());
        self
    }

    /// A warning about `at`, bytes of a rule file, from whoever puts files together.
    #[must_use]
    pub fn doubt(
        file: &crate::RuleFile,
        at: std::ops::Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self::new(&file.path, &file.text, at, message).help(help).warning()
    }

    pub(crate) fn warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    pub(crate) fn note(mut self) -> Self {
        self.severity = Severity::Note;
        self
    }
}

/// Where a byte of a text stands: line and column from 1, the column in code points.
fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or("");
    let line_start = before.rfind('\n').map_or(0, |n| n + 1);
    (before.matches('\n').count() + 1, before.get(line_start..).unwrap_or("").chars().count() + 1)
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for RuleError {}

impl Diagnostic for RuleError {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Note => miette::Severity::Advice,
        })
    }
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }
    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let span = LabeledSpan::new(Some(self.label.clone()), self.at.start, self.at.len());
        Some(Box::new(std::iter::once(span)))
    }
}

/// All mistakes of one load, worst first.
#[derive(Clone, Debug, Default)]
pub struct RuleErrors(pub Vec<RuleError>);

impl fmt::Display for RuleErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, e) in self.0.iter().enumerate() {
            if n > 0 {
                writeln!(f)?;
            }
            write!(f, "{}:{}:{}: {}", e.path, e.line, e.column, e.message)?;
            if let Some(help) = &e.help {
                write!(f, " ({help})")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for RuleErrors {}
