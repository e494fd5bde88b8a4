//! Named steps with their time, and the sum at the end.

use std::time::Instant;

use crate::shell::{Result, say};

/// What a step found.
pub(crate) enum Outcome {
    /// So many tests or checks passed and failed, with what there is to read.
    Counted {
        /// How many passed.
        passed: usize,
        /// How many failed.
        failed: usize,
        /// What to read of it; printed where something failed, and for figures.
        report: String,
    },
    /// Not run, and why.
    Skipped(String),
}

impl Outcome {
    /// One check that passed.
    pub(crate) fn passed() -> Self {
        Self::Counted { passed: 1, failed: 0, report: String::new() }
    }
}

/// Steps that ran, and what they found.
#[derive(Default)]
pub(crate) struct Steps {
    passed: usize,
    failed: usize,
    skipped: usize,
}

impl Steps {
    /// Runs one step, prints its line, and goes on whatever it found.
    pub(crate) fn run(&mut self, name: &str, step: impl FnOnce() -> Result<Outcome>) {
        say(&format!("     {name} …"));
        let begun = Instant::now();
        let outcome = step();
        let seconds = begun.elapsed().as_secs_f64();
        match outcome {
            Ok(Outcome::Counted { passed, failed, report }) => {
                self.passed += passed;
                self.failed += failed;
                let word = if failed == 0 { "ok  " } else { "FAIL" };
                say(&format!("{word} {name}: {passed} passed, {failed} failed ({seconds:.1} s)"));
                if !report.is_empty() {
                    say(&report);
                }
            }
            Ok(Outcome::Skipped(why)) => {
                self.skipped += 1;
                say(&format!("skip {name}: {why}"));
            }
            Err(message) => {
                self.failed += 1;
                say(&format!("FAIL {name} ({seconds:.1} s)\n{message}"));
            }
        }
    }

    /// The closing line, and an error where anything failed.
    pub(crate) fn close(self) -> Result<()> {
        if self.skipped > 0 {
            say(&format!("{} steps skipped, as said above", self.skipped));
        }
        say(&format!("{} passed, {} failed", self.passed, self.failed));
        if self.failed == 0 { Ok(()) } else { Err("not all is well; see FAIL above".into()) }
    }
}
