//! Completions for a shell.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::args::Typed;
use crate::exit::{Exit, Outcome};
use crate::screen::Screen;

/// Prints the script that a shell loads.
pub(crate) fn run(shell: Shell, screen: &mut Screen) -> Outcome {
    // The library's own writing panics where nobody reads on, or the disk is full.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Typed::command(), "chancery", &mut script);
    screen.writer().write_all(&script)?;
    Ok(Exit::Well)
}
