//! `pdf-page`, which the program calls itself with: a PDF read in a process of its own, under limits that hold for it alone.

use std::io::{self, Write as _};

use chancery::pdf;

use crate::exit::{Exit, Failure, Outcome};
use crate::screen::Screen;

/// The command's name.
const COMMAND: &str = "pdf-page";

/// PDF is read by this program, called once more. Where it cannot be found, PDF is skipped and that is told.
pub(crate) fn read_by_self() {
    if let Ok(program) = std::env::current_exe() {
        pdf::read_by(program, COMMAND);
    }
}

/// Reads a PDF from standard input and writes its page.
pub(crate) fn run(screen: &mut Screen) -> Outcome {
    limit().map_err(|cause| {
        Failure::new(format!("cannot set limits for reading a PDF: {cause}"), "try again")
    })?;
    match pdf::answer(io::stdin().lock(), screen.writer()) {
        Ok(()) => Ok(Exit::Well),
        Err(why) => {
            // The program that waits says it; it is gone, if this cannot be written.
            let _ = writeln!(io::stderr(), "{why}");
            Ok(Exit::Trouble)
        }
    }
}

#[cfg(unix)]
fn limit() -> io::Result<()> {
    use nix::sys::resource::{Resource, setrlimit};
    setrlimit(Resource::RLIMIT_CPU, pdf::SECONDS, pdf::SECONDS)?;
    setrlimit(Resource::RLIMIT_CORE, 0, 0)?;
    setrlimit(Resource::RLIMIT_DATA, pdf::MEMORY, pdf::MEMORY)?;
    Ok(())
}

/// Other systems have no such limits; the program that waits ends it after a while.
#[cfg(not(unix))]
fn limit() -> io::Result<()> {
    Ok(())
}
