//! Ctrl-C: the first asks the work to stop at the next safe place, the second ends the program at once.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::exit::{Exit, Failure, Outcome};
use crate::told;

static STOP: AtomicBool = AtomicBool::new(false);

/// Begins to listen.
pub(crate) fn listen() -> Outcome<()> {
    ctrlc::set_handler(on_signal)
        .map_err(|why| Failure::new(format!("cannot listen for Ctrl-C: {why}"), "run the command again"))
}

/// True once the user wants to stop.
pub(crate) fn flag() -> &'static AtomicBool {
    &STOP
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
