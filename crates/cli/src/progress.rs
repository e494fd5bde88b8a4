//! How far the work has come, drawn on standard error where that is a terminal, and what is left out, told as it happens.

use std::cell::{Cell, RefCell};
use std::io::{self, IsTerminal};
use std::path::Path;

use chancery::input::{Skip, SkipCounts};
use chancery::progress::{Phase, Progress, Step};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::exit::{Failure, Outcome};
use crate::report::Skips;
use crate::told;

/// A bar with its counts, and the list of what is left out.
pub(crate) struct Watch {
    bar: ProgressBar,
    phase: Cell<Option<Phase>>,
    skips: RefCell<Skips>,
    failed: RefCell<Option<Failure>>,
}

impl Watch {
    /// A bar on a terminal, silence in a file or a pipe; and a list of what is left out, where the user wants one.
    pub(crate) fn new(skipped: Option<&Path>) -> Outcome<Self> {
        let shown = io::stderr().is_terminal();
        let target =
            if shown { ProgressDrawTarget::stderr_with_hz(10) } else { ProgressDrawTarget::hidden() };
        Self::on(target, skipped)
    }

    /// No bar: the terminal shows the output itself.
    pub(crate) fn without_bar(skipped: Option<&Path>) -> Outcome<Self> {
        Self::on(ProgressDrawTarget::hidden(), skipped)
    }

    fn on(target: ProgressDrawTarget, skipped: Option<&Path>) -> Outcome<Self> {
        Ok(Self {
            bar: ProgressBar::with_draw_target(None, target),
            phase: Cell::new(None),
            skips: RefCell::new(Skips::new(skipped)?),
            failed: RefCell::new(None),
        })
    }

    /// Takes the bar away. A list that could not be written is told now.
    pub(crate) fn end(&self) -> Outcome<()> {
        self.bar.finish_and_clear();
        self.failed.take().map_or(Ok(()), Err)
    }

    /// The closing line of what was left out, and how to end.
    pub(crate) fn close(&self, read: u64, counts: &SkipCounts) -> Outcome {
        self.skips.borrow_mut().close(read, counts)
    }

    /// Another phase has other units; the look follows what is known.
    fn dress(&self, step: Step) {
        let template = if step.total_bytes.is_some() {
            "{msg} {wide_bar} {bytes}/{total_bytes}, {eta} left"
        } else {
            "{spinner} {msg} {elapsed}"
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
        }
        self.bar.reset();
    }
}

impl Progress for Watch {
    fn step(&self, step: Step) {
        if self.phase.replace(Some(step.phase)) != Some(step.phase) {
            self.dress(step);
        }
        if let Some(total) = step.total_bytes {
            self.bar.set_length(total);
            self.bar.set_position(step.bytes);
        }
        self.bar.set_message(format!("{}: {}", step.phase.label(), step.items));
        self.bar.tick();
    }

    fn note(&self, message: &str) {
        self.bar.suspend(|| told::say(message));
    }

    fn skip(&self, skip: &Skip) {
        let added = self.bar.suspend(|| self.skips.borrow_mut().add(skip));
        if let Err(failure) = added {
            self.failed.borrow_mut().get_or_insert(failure);
        }
    }
}
