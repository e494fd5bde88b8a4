//! How a caller hears of work under way. No terminal is known here: the program draws, a server logs, a test counts.

use crate::input::Skip;

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Finding out where each capture and record lies, or mending after a run that was cut off.
    Recover,
    /// Reading and extracting what the inputs hold.
    Ingest,
    /// Making records again that other rules had made.
    Remake,
    /// Bringing the index up to date.
    Index,
    /// Comparing everything with what was written.
    Verify,
    /// Writing captures for other programs.
    Export,
}

impl Phase {
    /// What is being done, in the user's words: `reading releases`.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Recover => "looking through the archive",
            Self::Ingest => "reading releases",
            Self::Remake => "making records again",
            Self::Index => "indexing",
            Self::Verify => "verifying",
            Self::Export => "exporting",
        }
    }
}

/// How far the work has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// What is being done.
    pub phase: Phase,
    /// Releases done in this phase, skipped ones included.
    pub items: u64,
    /// Bytes of the inputs as they lie on disk (packed where they are packed) that were taken in.
    pub bytes: u64,
    /// Bytes of all inputs as they lie on disk; `None` where nobody can tell, as with standard input.
    pub total_bytes: Option<u64>,
}

/// Hears of work under way. Called from the thread that called, after each batch, at most some hundred times a second.
pub trait Progress {
    /// Work has come this far.
    fn step(&self, step: Step);

    /// Something was left out of an ingest, or a phase failed on it (a bug).
    fn skip(&self, skip: &Skip);

    /// Something that a user should be told at once, such as a state that had to be made again.
    fn note(&self, message: &str);
}

/// Listens to nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn step(&self, _: Step) {}

    fn skip(&self, _: &Skip) {}

    fn note(&self, _: &str) {}
}
