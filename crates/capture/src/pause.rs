//! How long a host is left alone: for its pace, because it asks for that, or because it is in trouble.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::CaptureError;
use crate::crawl::Run;
use crate::event::Event;
use crate::frontier::Page;
use crate::ledger::Ledger;
use crate::plan::PACE;

/// Nobody waits longer than this before the next request because answers are slow.
const SLOWEST: Duration = Duration::from_secs(30);
/// A longer `Retry-After` is a mistake.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Why a host is left alone, and until when.
#[derive(Clone, Debug)]
pub(crate) struct Pause {
    /// As events tell it.
    pub(crate) until: String,
    pub(crate) reason: String,
    /// The host, or its source, asks for it: nothing is wrong.
    pub(crate) is_wish: bool,
}

impl Run<'_> {
    /// How long this run still waits where it has nothing else to do.
    pub(crate) fn patience(&self) -> Duration {
        let left = |ends: Instant| ends.saturating_duration_since(Instant::now());
        self.ends.map_or(self.job.options.patience, left)
    }

    /// What robots.txt asks to wait after a page.
    pub(crate) fn delay(&self, page: &Page) -> Duration {
        let host = self.hosts.get(&page.host);
        let gate = host.and_then(|host| host.gate(&page.url.origin().ascii_serialization()));
        gate.map_or(Duration::ZERO, |gate| gate.delay())
    }

    /// The next request to the host has its time.
    pub(crate) fn pace(
        &mut self,
        host: &str,
        source: &str,
        delay: Duration,
        took: Duration,
    ) -> Result<(), CaptureError> {
        let plan = self.ledger.plan(source);
        let own = self.job.options.pace.or(plan.map(|plan| plan.pace)).unwrap_or(PACE);
        let slow = if own.is_zero() { Duration::ZERO } else { (took * 2).min(SLOWEST) };
        if delay > self.job.options.patience {
            let reason = format!("robots.txt asks to wait {} s between two pages", delay.as_secs());
            return self.wished(host, delay, &reason);
        }
        if let Some(host) = self.hosts.get_mut(host) {
            host.wait(own.max(delay).max(slow));
        }
        Ok(())
    }

    /// Leaves a host alone because it, or its source, asks for that. Should this run be over before, the runs to come keep to it
    /// too, and nothing is wrong.
    pub(crate) fn wished(&mut self, host: &str, time: Duration, reason: &str) -> Result<(), CaptureError> {
        if time > self.job.options.patience {
            self.ledger.frontier.rest(host, self.until(time).as_second(), reason)?;
        }
        self.leave_alone(host, time, reason, true);
        Ok(())
    }

    /// Leaves those hosts alone that asked an earlier run for it.
    pub(crate) fn keep_resting(&mut self) -> Result<(), CaptureError> {
        let now = (self.clock)().as_second();
        for (host, until, reason) in self.ledger.frontier.resting(now)? {
            if self.hosts.contains_key(&host) {
                self.wished(&host, Duration::from_secs((until - now).unsigned_abs()), &reason)?;
            }
        }
        Ok(())
    }

    /// The time of this run is over before that of these hosts: who visits sources as they are due goes on with them at once.
    pub(crate) fn leave_unfinished(&mut self) -> Result<(), CaptureError> {
        let now = (self.clock)().as_second();
        for (name, _) in self.hosts.iter().filter(|(_, host)| host.is_unfinished()) {
            self.ledger.frontier.rest(name, now, "the time of a run was over")?;
        }
        Ok(())
    }

    /// A host failed: it is left alone, each time for longer, and in the end for the rest of the run.
    pub(crate) fn failed(
        &mut self,
        name: &str,
        weight: u32,
        after: Option<Duration>,
        reason: &str,
    ) -> Result<(), CaptureError> {
        let Some(host) = self.hosts.get_mut(name) else { return Ok(()) };
        host.failures = host.failures.saturating_add(weight).max(1);
        let failures = host.failures;
        let far = after.filter(|after| *after > self.job.options.patience);
        if let Some(far) = far {
            return self.wished(name, far, reason);
        }
        let backoff = self.backoff(failures - 1);
        let gives_up = failures > self.job.options.tries + 1;
        let own = if gives_up { self.patience().saturating_add(backoff) } else { backoff };
        let wait = match after {
            Some(after) if gives_up => after.max(own),
            Some(after) => after,
            None => own,
        };
        self.leave_alone(name, wait, reason, false);
        Ok(())
    }

    /// How long is waited after so many failures and one more.
    pub(crate) fn backoff(&self, failures: u32) -> Duration {
        self.job.options.retry.saturating_mul(2_u32.saturating_pow(failures.min(16)))
    }

    /// Asks a host for nothing for so long; for the rest of the run where it is in trouble for longer than this run waits.
    fn leave_alone(&mut self, name: &str, time: Duration, reason: &str, is_wish: bool) {
        let until = Ledger::shown(self.until(time));
        let gives_up = !is_wish && time > self.patience();
        let Some(host) = self.hosts.get_mut(name) else { return };
        host.pause = Some(Pause { until: until.clone(), reason: reason.to_owned(), is_wish });
        if gives_up {
            host.set_aside();
            self.ledger.report.held_up = true;
            self.ledger.report.waits_for.push(format!("{name} until {until}: {reason}"));
        } else {
            host.wait(time);
        }
        self.ledger.tell(&Event::Waiting { host: name.to_owned(), reason: reason.to_owned(), until });
    }

    /// Takes down whom pages wait for that this run did not wait for itself.
    pub(crate) fn tell_pauses(&mut self) -> Result<(), CaptureError> {
        let waiting = self.ledger.frontier.waiting_at_hosts()?;
        let now = Instant::now();
        let pauses = waiting.iter().filter_map(|(name, _)| {
            let host = self.hosts.get(name)?;
            let pause = host.pause.as_ref().filter(|pause| pause.is_wish && !host.is_ready(now))?;
            Some(format!("{name} until {}: {}", pause.until, pause.reason))
        });
        self.ledger.report.waits_for.extend(pauses);
        Ok(())
    }

    /// The time that comes so long after now.
    pub(crate) fn until(&self, time: Duration) -> Timestamp {
        let now = (self.clock)();
        let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
        Timestamp::from_second(now.as_second().saturating_add(seconds)).unwrap_or(now)
    }
}

/// How long `Retry-After` asks to wait: seconds, or a date (RFC 9110, 10.2.3).
pub(crate) fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let seconds = match value.trim().parse::<u64>() {
        Ok(seconds) => seconds,
        Err(_) => {
            let until = jiff::fmt::rfc2822::parse(value.trim()).ok()?.timestamp();
            (until.as_second() - now.as_second()).max(0).unsigned_abs()
        }
    };
    Some(Duration::from_secs(seconds).min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now: Timestamp = "2015-10-21T07:27:00Z".parse().unwrap();
        let seconds = |value: &str| retry_after(value, now).map(|time| time.as_secs());
        assert_eq!(seconds(" 120 "), Some(120));
        assert_eq!(seconds("Wed, 21 Oct 2015 07:28:00 GMT"), Some(60));
        assert_eq!(seconds("Wed, 21 Oct 2015 07:26:00 GMT"), Some(0));
        assert_eq!(seconds("99999999"), Some(86_400));
        assert_eq!(seconds("soon"), None);
    }
}
