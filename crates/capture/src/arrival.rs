//! What becomes of a page after an answer, or after none.

use std::time::Duration;

use jiff::Timestamp;

use crate::crawl::Run;
use crate::event::Event;
use crate::fetch::Exchange;
use crate::frontier::{Page, Role};
use crate::keep::{How, Tag, keep};
use crate::ledger::{Follow, Ledger};
use crate::look::{Answer, look};
use crate::pause::retry_after;
use crate::plan::Robots;
use crate::robots::Gate;
use crate::{CaptureError, FetchError, Stage};

/// So many answers of 500 and above one after the other are no longer the trouble of single pages.
const STORM: u32 = 3;

impl Run<'_> {
    pub(crate) fn robots_came(
        &mut self,
        host: &str,
        origin: String,
        source: &str,
        answers: &[Exchange],
        gate: Gate,
        at: Timestamp,
    ) -> Result<(), CaptureError> {
        let tag = Tag {
            source: source.to_owned(),
            role: Role::Robots,
            depth: 0,
            redirects: 0,
            step: 0,
            empties: 0,
            front: false,
        };
        let mut took = Duration::ZERO;
        for exchange in answers {
            keep(&mut self.scribe, exchange, (&tag, None), How::Whole, at)?;
            self.pending += 1;
            took = exchange.took;
        }
        if let Gate::Unreachable { why, weight } = &gate {
            let reason = format!("robots.txt cannot be read: {why}");
            return self.failed(host, *weight, None, &reason);
        }
        // A delay that is longer than the run waits begins after the first page.
        let delay = Some(gate.delay()).filter(|delay| *delay <= self.job.options.patience);
        if let Some(host) = self.hosts.get_mut(host) {
            host.failures = 0;
            host.set_gate(origin, gate);
        }
        self.pace(host, source, delay.unwrap_or_default(), took)
    }

    pub(crate) fn page_came(
        &mut self,
        page: &Page,
        exchange: &Exchange,
        at: Timestamp,
    ) -> Result<(), CaptureError> {
        let answer = Answer::of(exchange, at);
        let status = answer.head.status;
        self.pace(&page.host, &page.source, self.delay(page), exchange.took)?;
        self.ledger.report.fetched += 1;
        self.ledger.report.bytes += exchange.response.len() as u64;
        *self.spent.entry(page.source.clone()).or_default() += 1;
        if matches!(status, 429 | 500..) {
            self.tell_fetched(page, exchange, status, None);
            let after = answer.head.header("Retry-After").and_then(|value| retry_after(value, at));
            let reason = format!("the server answers {status}");
            if self.is_of_host(&page.host, status, after) {
                self.failed(&page.host, 1, after, &reason)?;
            }
            return self.again_or_leave(page, after, &reason);
        }
        if let Some(host) = self.hosts.get_mut(&page.host) {
            (host.failures, host.faults) = (0, 0);
        }
        if self.ledger.is_altered(page, &answer) && self.asks_home(page)? {
            let origin = page.url.origin().ascii_serialization();
            self.held.insert(origin, (page.clone(), exchange.clone(), at));
            return Ok(());
        }
        self.keep_and_settle(page, exchange, &answer)
    }

    /// Whether an altered release waits until the page is known that its host begins at: that page may have come in its place.
    /// It is asked for once a run; one release of a host waits for it at most.
    fn asks_home(&mut self, page: &Page) -> Result<bool, CaptureError> {
        let origin = page.url.origin().ascii_serialization();
        if !self.job.is_crawled(&page.source) || !self.homes.insert(origin) {
            return Ok(false);
        }
        let asks = self.ledger.ask_home(page)?;
        if asks {
            self.ledger.frontier.hold(page.id)?;
        }
        Ok(asks)
    }

    /// Goes on with the release that waited for the first page of its host, as far as that came.
    pub(crate) fn home_came(&mut self, page: &Page) -> Result<(), CaptureError> {
        if page.role != Role::Home || self.ledger.frontier.waits_for_home(&page.source, &page.host)? {
            return Ok(());
        }
        let (held, others) =
            std::mem::take(&mut self.held).into_iter().partition(|(_, (held, ..))| held.host == page.host);
        self.held = others;
        held.into_values().try_for_each(|(page, exchange, at)| self.settle_held(&page, &exchange, at))
    }

    /// Judges a release without waiting any longer.
    pub(crate) fn settle_held(
        &mut self,
        page: &Page,
        exchange: &Exchange,
        at: Timestamp,
    ) -> Result<(), CaptureError> {
        self.keep_and_settle(page, exchange, &Answer::of(exchange, at))
    }

    /// Whether a bad answer is the host's trouble, and not only that of one page: it says so itself, or many come one after the other.
    fn is_of_host(&mut self, name: &str, status: u16, after: Option<Duration>) -> bool {
        let Some(host) = self.hosts.get_mut(name) else { return false };
        host.faults = host.faults.saturating_add(1);
        matches!(status, 429 | 503) || after.is_some() || host.faults >= STORM
    }

    fn keep_and_settle(
        &mut self,
        page: &Page,
        exchange: &Exchange,
        answer: &Answer<'_>,
    ) -> Result<(), CaptureError> {
        let Some(plan) = self.ledger.plan(&page.source) else { return Ok(()) };
        let obeys = plan.robots == Robots::Obey;
        let token = &self.fetcher.agent.token;
        let (found, tags) = look(page, answer, plan, &self.job.addresses, &self.fetcher.limits, token);
        let status = answer.head.status;
        if tags.noarchive && obeys {
            self.tell_fetched(page, exchange, status, None);
            return self.ledger.leave(page, "the page forbids that it be kept (noarchive)");
        }
        let digest = match status {
            200 => Some(&answer.digest),
            304 => page.digest.as_ref(),
            _ => None,
        };
        let first = match digest {
            Some(digest) => self.ledger.frontier.first(digest)?,
            None => None,
        };
        let how = match (&first, status) {
            (Some(first), 304) => How::NotModified(first),
            (Some(first), _) => How::Same(first),
            (None, _) => How::Whole,
        };
        let front = self.ledger.is_front(page, answer, &found)?;
        let tag = Tag { front, ..Tag::of_page(page) };
        let about = (&tag, page.via.as_deref());
        let kept = keep(&mut self.scribe, exchange, about, how, answer.at)?;
        self.pending += 1;
        if let (Some(kept), 200) = (&kept, status) {
            self.ledger.frontier.kept(&answer.digest, kept)?;
        }
        self.ledger.report.same += u64::from(first.is_some());
        self.tell_fetched(page, exchange, status, first.map(|first| first.uri));
        let follow = match self.job.is_crawled(&page.source) {
            _ if tags.nofollow && obeys => Follow::Nothing,
            true => Follow::All,
            false => Follow::Parts,
        };
        self.ledger.settle(page, answer, found, follow)
    }

    fn tell_fetched(&mut self, page: &Page, exchange: &Exchange, status: u16, same_as: Option<String>) {
        self.ledger.tell(&Event::Fetched {
            url: page.url.to_string(),
            source: page.source.clone(),
            role: page.role,
            status,
            bytes: exchange.response.len() as u64,
            milliseconds: u64::try_from(exchange.took.as_millis()).unwrap_or(u64::MAX),
            same_as,
        });
    }

    pub(crate) fn page_failed(&mut self, page: &Page, why: &FetchError) -> Result<(), CaptureError> {
        let reason = why.to_string();
        self.pending += 1;
        self.pace(&page.host, &page.source, self.delay(page), Duration::ZERO)?;
        if !why.may_pass() {
            return self.ledger.fail(page, &reason);
        }
        // A page that breaks off is that page's fault; who does not answer at all is in trouble.
        let is_of_host = matches!(
            why,
            FetchError::NoHost { .. }
                | FetchError::Connect(_)
                | FetchError::Tls(_)
                | FetchError::Certificate(_)
                | FetchError::Timeout {
                    stage: Stage::Dns | Stage::Connect | Stage::Tls | Stage::FirstByte,
                    ..
                }
        );
        if is_of_host {
            self.failed(&page.host, why.weight(), None, &reason)?;
        }
        if why.is_lasting() {
            // The next run tries it once more.
            self.ledger.frontier.tried(page.id)?;
            return self.ledger.fail(page, &reason);
        }
        self.again_or_leave(page, None, &reason)
    }

    /// Tries a page again later, where it was not tried too often.
    fn again_or_leave(
        &mut self,
        page: &Page,
        after: Option<Duration>,
        reason: &str,
    ) -> Result<(), CaptureError> {
        self.pending += 1;
        // Who is asked to come back another day does; who is told to come back at once, again and again, does not.
        let is_far = after.is_some_and(|after| after > self.job.options.patience);
        if page.tries + 1 >= self.job.options.tries && !is_far {
            return self.ledger.fail(page, reason);
        }
        let wait = after.unwrap_or_else(|| self.backoff(page.tries));
        let until = self.until(wait);
        self.ledger.frontier.later(page.id, until.as_second(), reason)?;
        let event = Event::Later {
            url: page.url.to_string(),
            reason: reason.to_owned(),
            until: Ledger::shown(until),
        };
        self.ledger.tell(&event);
        Ok(())
    }
}
