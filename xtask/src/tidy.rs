//! What no compiler checks: arrows between crates, heads of files, links, lengths, names.

mod arrows;
mod files;
mod links;
mod names;

use crate::shell::{Result, say};
use crate::step::Outcome;

/// What tidy found: `wrong` fails, `notes` are only told.
#[derive(Default)]
pub(crate) struct Findings {
    checks: usize,
    wrong: Vec<String>,
    notes: Vec<String>,
}

impl From<Findings> for Outcome {
    fn from(found: Findings) -> Self {
        let report = [found.wrong.as_slice(), &found.notes].concat().join("\n");
        Self::Counted { passed: found.checks, failed: found.wrong.len(), report }
    }
}

impl Findings {
    /// One check is done; these are the lines of what it found wrong.
    fn check(&mut self, wrong: Vec<String>) {
        if wrong.is_empty() {
            self.checks += 1;
        }
        self.wrong.extend(wrong);
    }
}

/// All checks.
pub(crate) fn outcome() -> Result<Findings> {
    let mut found = Findings::default();
    found.check(arrows::between_crates()?);
    found.check(arrows::purity()?);
    found.check(files::heads()?);
    found.check(links::dead()?);
    found.check(names::of_gold()?);
    found.notes.extend(files::long()?);
    Ok(found)
}

/// Prints what is wrong.
pub(crate) fn run() -> Result<()> {
    let found = outcome()?;
    for line in found.notes.iter().chain(&found.wrong) {
        say(line);
    }
    match found.wrong.len() {
        0 => {
            say(&format!("tidy: {} checks, nothing wrong", found.checks));
            Ok(())
        }
        count => Err(format!("{count} things are untidy")),
    }
}
