//! What goes to standard error: notes while the program works, and why it ended.

use std::io::{self, IsTerminal, Write};

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme};

use crate::exit::Failure;
use crate::screen::{self, harmless};
use crate::wrap;

/// A line for the user beside the output; nobody listening is nobody's fault.
pub(crate) fn say(message: &str) {
    let mut err = io::stderr().lock();
    if !io::stderr().is_terminal() {
        let _ = writeln!(err, "chancery: {message}");
        return;
    }
    let message = format!("chancery: {}", harmless(message));
    // Further lines are set in, so that the next message is seen to begin.
    for (number, line) in wrap::lines(&message, screen::width(true) - 2).into_iter().enumerate() {
        let _ = writeln!(err, "{}{}", if number == 0 { "" } else { "  " }, line.of(&message));
    }
}

/// What to do about what was just said.
pub(crate) fn help(mend: &str) {
    let mut err = io::stderr().lock();
    let _ = writeln!(err, "  help: {mend}");
}

/// Why the program ended early.
pub(crate) fn failure(failure: &Failure) {
    match failure {
        Failure::ClosedPipe => {}
        Failure::Interrupted(so) => say(&format!("interrupted; {so}")),
        Failure::Usage(message, mend) => {
            say(message);
            help(mend);
        }
        Failure::Question(error) => diagnostic(error.as_ref()),
        Failure::Report(report) => {
            say(&report.to_string());
            if let Some(mend) = report.help() {
                help(&mend.to_string());
            }
        }
        Failure::Pattern(errors) => errors.0.iter().for_each(|error| diagnostic(error)),
        Failure::Sources(faults) => {
            for fault in &faults.0 {
                diagnostic(fault);
            }
            let count = crate::phrase::count(faults.0.len() as u64, "mistake", "mistakes");
            say(&format!("{count} in source files; nothing was done"));
        }
        Failure::Rules(language, errors) => {
            for error in &errors.0 {
                diagnostic(error);
            }
            let count = errors.0.len();
            let mistakes = if count == 1 { "1 mistake".to_owned() } else { format!("{count} mistakes") };
            say(&format!("{mistakes} in the rules for `{language}`; nothing was done"));
        }
    }
}

/// A mistake in a file, with the line it stands in.
pub(crate) fn diagnostic(what: &dyn Diagnostic) {
    let terminal =
        io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let theme = if terminal { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let mut text = String::new();
    let drawn = GraphicalReportHandler::new_themed(theme)
        .with_width(screen::width(io::stderr().is_terminal()))
        .render_report(&mut text, what);
    if drawn.is_err() {
        text = format!("{what}\n");
    }
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
