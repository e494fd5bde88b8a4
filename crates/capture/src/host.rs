//! One host: its one connection, what its `robots.txt` says, and when it may be asked again.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use tokio::time::Instant;

use crate::Connection;
use crate::pause::Pause;
use crate::robots::Gate;

/// `robots.txt` is asked for again after a day (RFC 9309, 2.4).
const FRESH: Duration = Duration::from_secs(24 * 60 * 60);

/// No run lasts longer.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// A host that something waits for.
pub(crate) struct Host {
    connection: Option<Connection>,
    gates: BTreeMap<String, (Instant, Rc<Gate>)>,
    ready: Instant,
    /// A task is at work on it.
    is_busy: bool,
    /// Nothing waits for it.
    is_idle: bool,
    /// It is left alone for the rest of the run.
    is_aside: bool,
    /// Why it is left alone; nothing where only its pace is kept.
    pub(crate) pause: Option<Pause>,
    /// Failures one after the other.
    pub(crate) failures: u32,
    /// Answers of 429, 500 and above one after the other.
    pub(crate) faults: u32,
    /// Pages asked for in this run.
    pub(crate) pages: u64,
}

impl Host {
    pub(crate) fn new() -> Self {
        Self {
            connection: None,
            gates: BTreeMap::new(),
            ready: Instant::now(),
            is_busy: false,
            is_idle: false,
            is_aside: false,
            pause: None,
            failures: 0,
            faults: 0,
            pages: 0,
        }
    }

    pub(crate) fn is_ready(&self, now: Instant) -> bool {
        !self.is_busy && !self.is_idle && !self.is_aside && self.ready <= now
    }

    /// When it may be asked again; `None` where nothing waits for it, and where somebody is at it.
    pub(crate) fn wakes(&self) -> Option<Instant> {
        (!self.is_busy && !self.is_idle && !self.is_aside).then_some(self.ready)
    }

    /// Whether it is to be asked again in this run, and did not ask for the pause itself.
    pub(crate) fn is_unfinished(&self) -> bool {
        self.wakes().is_some() && self.pause.as_ref().is_none_or(|pause| !pause.is_wish)
    }

    /// Something new waits for it.
    pub(crate) fn wake(&mut self) {
        self.is_idle = false;
    }

    /// Nothing is due: for so many seconds, or at all.
    pub(crate) fn rest(&mut self, seconds: Option<i64>) {
        match seconds {
            Some(seconds) => self.wait(Duration::from_secs(seconds.max(1).unsigned_abs())),
            None => self.is_idle = true,
        }
    }

    /// Nobody asks it for so long.
    pub(crate) fn wait(&mut self, time: Duration) {
        self.ready = self.ready.max(Instant::now() + time.min(LONGEST));
    }

    /// It is left alone for the rest of the run.
    pub(crate) fn set_aside(&mut self) {
        self.is_aside = true;
        self.connection = None;
    }

    /// A task begins.
    pub(crate) fn begin(&mut self) -> Option<Connection> {
        self.is_busy = true;
        self.pause = None;
        self.connection.take()
    }

    /// The task ended.
    pub(crate) fn end(&mut self, connection: Option<Connection>) {
        self.is_busy = false;
        self.connection = connection;
    }

    /// What `robots.txt` of an origin says, where it is known.
    pub(crate) fn gate(&self, origin: &str) -> Option<Rc<Gate>> {
        let (at, gate) = self.gates.get(origin)?;
        (at.elapsed() < FRESH).then(|| gate.clone())
    }

    pub(crate) fn set_gate(&mut self, origin: String, gate: Gate) {
        self.gates.insert(origin, (Instant::now(), Rc::new(gate)));
    }
}
