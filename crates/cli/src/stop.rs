//! Signals. Ctrl-C: the first asks the work to stop at the next safe place, the second ends the program at once.
//! A file that may not grow on is an error like a full disk, no end of the program.

#[cfg(unix)]
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::exit::{Exit, Failure, Outcome};
use crate::told;

static STOP: AtomicBool = AtomicBool::new(false);
static LISTENING: AtomicBool = AtomicBool::new(false);

/// Begins to listen; once is enough.
pub(crate) fn listen() -> Outcome<()> {
    if LISTENING.swap(true, Ordering::SeqCst) {
        return Ok(());
    }
    ctrlc::set_handler(on_signal)
        .map_err(|why| Failure::new(format!("cannot listen for Ctrl-C: {why}"), "run the command again"))
}

/// A write beyond the size that a file may have (`ulimit -f`) fails from here on, where the system would else end the
/// program without a word.
#[cfg(unix)]
pub(crate) fn outlive_full_files() {
    use signal_hook::consts::SIGXFSZ;
    // Where it cannot be done the system's way remains.
    let _ = signal_hook::flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)));
}

/// Other systems know no such signal.
#[cfg(not(unix))]
pub(crate) fn outlive_full_files() {}

/// True once the user wants to stop.
pub(crate) fn flag() -> &'static AtomicBool {
    &STOP
}

/// Asks the work to stop at the next safe place.
pub(crate) fn ask() {
    STOP.store(true, Ordering::SeqCst);
}

fn on_signal() {
    if STOP.swap(true, Ordering::SeqCst) {
        at_once();
    }
    told::say("stopping; press Ctrl-C again to end at once");
}

#[expect(clippy::exit, reason = "a second Ctrl-C must end the program even where the work does not look up")]
fn at_once() -> ! {
    std::process::exit(Exit::Interrupted as i32)
}
