//! Time that a processor spent, which does not grow while other programs run beside, and ratios of two times.

use std::hint::black_box;
use std::process::Command;
use std::time::Duration;

use nix::sys::resource::{UsageWho, getrusage};
use nix::time::{ClockId, clock_gettime};

use crate::Result;

/// Seconds that this thread took for `work`.
pub(crate) fn seconds<T>(work: impl FnOnce() -> T) -> Result<f64> {
    let begun = now(ClockId::CLOCK_THREAD_CPUTIME_ID)?;
    black_box(work());
    Ok((now(ClockId::CLOCK_THREAD_CPUTIME_ID)? - begun).as_secs_f64())
}

fn now(clock: ClockId) -> Result<Duration> {
    Ok(Duration::from(clock_gettime(clock)?))
}

/// Seconds that all threads of this process take together, without what is done apart.
pub(crate) struct Meter {
    begun: Duration,
    apart: f64,
}

impl Meter {
    /// Begins to count.
    pub(crate) fn start() -> Result<Self> {
        Ok(Self { begun: now(ClockId::CLOCK_PROCESS_CPUTIME_ID)?, apart: 0.0 })
    }

    /// Does something on this thread that does not count.
    pub(crate) fn apart<T>(&mut self, work: impl FnOnce() -> T) -> Result<T> {
        let mut done = None;
        self.apart += seconds(|| done = Some(work()))?;
        Ok(done.ok_or("nothing was done")?)
    }

    /// Seconds so far.
    pub(crate) fn seconds(&self) -> Result<f64> {
        Ok((now(ClockId::CLOCK_PROCESS_CPUTIME_ID)? - self.begun).as_secs_f64() - self.apart)
    }
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
