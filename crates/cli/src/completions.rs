//! Completions for a shell.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::args::Typed;
use crate::exit::{Exit, Outcome};
use crate::screen::Screen;

/// Prints the script that a shell loads.
pub(crate) fn run(shell: Shell, screen: &mut Screen) -> Outcome {
    clap_complete::generate(shell, &mut Typed::command(), "chancery", screen.writer());
    Ok(Exit::Well)
}
