//! One line a figure: what was measured, its aim, whether it is met, and what peers reach.

use std::io::{self, Write};

use crate::Result;

/// What a figure should be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Aim {
    AtMost(f64),
    AtLeast(f64),
    /// Only told.
    None,
}

/// A figure.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) value: f64,
    /// `×`, `MB/s`, `ms`.
    pub(crate) unit: &'static str,
    pub(crate) aim: Aim,
    /// Speeds and sizes behind it.
    pub(crate) note: String,
}

/// The table as it grows.
#[derive(Default)]
pub(crate) struct Table {
    missed: usize,
    rows: usize,
}

impl Table {
    /// Prints the head.
    pub(crate) fn begin() -> Result<Self> {
        line(&format!("{:<46}{:>10}  {:<12}{:<8}{}", "", "measured", "aim", "", "speeds and sizes"))?;
        Ok(Self::default())
    }

    /// Prints a figure.
    pub(crate) fn row(&mut self, row: &Row) -> Result<()> {
        let Row { name, value, unit, aim, note } = row;
        let (aim, met) = match aim {
            Aim::AtMost(most) => (format!("≤ {most} {unit}"), value <= most),
            Aim::AtLeast(least) => (format!("≥ {least} {unit}"), value >= least),
            Aim::None => (String::new(), true),
        };
        let word = match (aim.is_empty(), met) {
            (true, _) => "",
            (_, true) => "met",
            (_, false) => "MISSED",
        };
        self.rows += usize::from(!aim.is_empty());
        self.missed += usize::from(!met);
        let value = format!("{value:.2} {unit}");
        line(&format!("{name:<46}{value:>10}  {aim:<12}{word:<8}{note}"))
    }

    /// Prints how many aims were met.
    pub(crate) fn end(&self) -> Result<()> {
        line(&format!("{} of {} aims met", self.rows - self.missed, self.rows))
    }
}

/// Prints a line; flushed, so that a slow row does not hide the one before it.
pub(crate) fn line(line: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

/// Speed in megabytes a second, as told in notes.
pub(crate) fn rate(bytes: usize, seconds: f64) -> String {
    format!("{:.2} MB/s", bytes as f64 / 1e6 / seconds)
}
