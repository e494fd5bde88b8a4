//! Time that a processor spent, which does not grow while other programs run beside, and ratios of two times.

use std::hint::black_box;
use std::process::Command;
use std::time::Duration;

use nix::sys::resource::{UsageWho, getrusage};
use nix::time::{ClockId, clock_gettime};

use crate::Result;

/// Seconds that this thread took for `work`.
pub(crate) fn seconds<T>(work: impl FnOnce() -> T) -> Result<f64> {
    let now = || Ok::<_, nix::Error>(Duration::from(clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID)?));
    let begun = now()?;
    black_box(work());
    Ok(now()?.saturating_sub(begun).as_secs_f64())
}

/// Seconds of user time that a command took from its start to its end.
pub(crate) fn user_seconds(command: &mut Command) -> Result<f64> {
    let now = || {
        let time = getrusage(UsageWho::RUSAGE_CHILDREN)?.user_time();
        Ok::<_, nix::Error>(time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6)
    };
    let begun = now()?;
    let status = command.status();
    let status = status.map_err(|why| format!("cannot run {}: {why}", command.get_program().display()))?;
    if !status.success() {
        return Err(format!("the program ended with {status}").into());
    }
    Ok(now()? - begun)
}

/// Two sides measured in turns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Compared {
    /// Seconds of the first side.
    pub(crate) first: f64,
    /// Seconds of the second side.
    pub(crate) second: f64,
    /// How many times as long the second took.
    pub(crate) ratio: f64,
}

/// Measures two sides in turns and takes the medians: what happens beside befalls both.
pub(crate) fn compare(
    rounds: usize,
    mut first: impl FnMut() -> Result<f64>,
    mut second: impl FnMut() -> Result<f64>,
) -> Result<Compared> {
    let mut all = Vec::new();
    for round in 0..rounds {
        // Who begins changes, so that what slowly grows is no side's alone.
        let (a, b) = if round % 2 == 0 {
            let a = first()?;
            (a, second()?)
        } else {
            let b = second()?;
            (first()?, b)
        };
        all.push((a, b, b / a));
    }
    Ok(Compared {
        first: median(all.iter().map(|all| all.0).collect()),
        second: median(all.iter().map(|all| all.1).collect()),
        ratio: median(all.iter().map(|all| all.2).collect()),
    })
}

/// The middle of some numbers.
pub(crate) fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
}
