//! The crawl: one connection a host, each at its own pace; what comes is kept first and noted then.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chancery_warc::{FILE_LIMIT, RollOptions, Rolling};
use jiff::Timestamp;
use tokio::task::{JoinSet, LocalSet};
use tokio::time::{Instant, sleep_until};
use url::Url;

use crate::discover::Addresses;
use crate::event::{CrawlReport, Event, HostState};
use crate::fetch::{Exchange, Fetcher};
use crate::frontier::{CLOSED, Frontier, Page, Role, Seeds};
use crate::host::Host;
use crate::ledger::Ledger;
use crate::plan::{Plan, Robots};
use crate::robots::Gate;
use crate::scribe::Scribe;
use crate::seeds::{info, sow};
use crate::{CaptureError, Connection, FetchError};

/// How the names of a crawl's WARC files begin.
pub(crate) const PREFIX: &str = "crawl";
/// The file of the frontier, beside the WARC files.
pub(crate) const FRONTIER: &str = "frontier.sqlite";
/// So many pages are written before all is made durable …
const COMMIT_PAGES: u32 = 500;
/// … or as long as this goes by.
const COMMIT_TIME: Duration = Duration::from_secs(1);
/// How far all is, is told as often as this also while nothing comes.
const TELL: Duration = Duration::from_secs(60);
/// How often it is looked whether somebody wants to stop.
const LOOK_UP: Duration = Duration::from_millis(100);
/// So many hosts are told of while a crawl runs.
const HOSTS_TOLD: usize = 20;
/// So many pages are listed in a report as left.
const LEFT_LISTED: usize = 100_000;

/// What is to be crawled, and where to.
#[derive(Clone, Debug)]
pub struct CrawlJob {
    /// The sources.
    pub plans: Vec<Plan>,
    /// Pages that were named one by one, each with its source, which is not crawled otherwise then.
    pub pages: Vec<(String, Url)>,
    /// What is known of addresses in general.
    pub addresses: Addresses,
    /// The folder of the WARC files.
    pub folder: PathBuf,
    /// Name and version of the program, as the files name it.
    pub software: String,
    /// When the crawl began.
    pub begun: Timestamp,
    /// How.
    pub options: CrawlOptions,
}

impl CrawlJob {
    /// Whether a source is crawled, and not only pages of it fetched.
    pub(crate) fn is_crawled(&self, source: &str) -> bool {
        self.pages.iter().all(|(own, _)| own != source)
    }
}

/// How to crawl.
#[derive(Clone, Debug)]
pub struct CrawlOptions {
    /// The least time between two requests to a host, in place of that of the sources. Zero: no waiting at all.
    pub pace: Option<Duration>,
    /// How many pages this run may fetch.
    pub pages: Option<u64>,
    /// How long this run may take, and waits therefore; `None`: until nothing is to be had within [`CrawlOptions::patience`].
    /// Nothing is begun after it; what is on its way then comes to its end.
    pub time: Option<Duration>,
    /// How many hosts are asked at once.
    pub lanes: usize,
    /// A run without a time ends where nothing else is to be had than from hosts that want to be left alone for longer than
    /// this.
    pub patience: Duration,
    /// After a failure this long is waited, after the next twice as long.
    pub retry: Duration,
    /// How often a page is tried in one run.
    pub tries: u32,
    /// Releases that were fetched longer ago than this are looked at again by a new run.
    pub refresh: Duration,
    /// A WARC file is closed when it is longer than this, in bytes.
    pub file: u64,
}

impl Default for CrawlOptions {
    fn default() -> Self {
        Self {
            pace: None,
            pages: None,
            time: None,
            lanes: 64,
            patience: Duration::from_secs(600),
            retry: Duration::from_secs(5),
            tries: 3,
            refresh: Duration::from_secs(7 * 24 * 60 * 60),
            file: FILE_LIMIT,
        }
    }
}

/// Crawls until nothing waits, the budget is spent, or `stop` becomes true. Whatever ends it, the same call again goes
/// on from there.
///
/// # Errors
/// Where the disk or the frontier refuses, or another process crawls into the same folder.
pub fn crawl(
    job: &CrawlJob,
    fetcher: Rc<Fetcher>,
    clock: &dyn Fn() -> Timestamp,
    tell: &mut dyn FnMut(&Event),
    stop: &AtomicBool,
) -> Result<CrawlReport, CaptureError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(CaptureError::Network)?;
    let mut run = Run::open(job, fetcher, clock, tell)?;
    LocalSet::new().block_on(&runtime, async {
        run.go(stop).await?;
        run.end(stop)
    })
}

/// What a task brought.
enum Done {
    Page {
        host: String,
        page: Box<Page>,
        connection: Option<Connection>,
        result: Result<Exchange, FetchError>,
        at: Timestamp,
    },
    Robots {
        host: String,
        origin: String,
        source: String,
        connection: Option<Connection>,
        answers: Vec<Exchange>,
        gate: Gate,
        at: Timestamp,
    },
}

/// A crawl at work.
pub(crate) struct Run<'a> {
    pub(crate) job: &'a CrawlJob,
    pub(crate) ledger: Ledger<'a>,
    pub(crate) scribe: Scribe,
    pub(crate) fetcher: Rc<Fetcher>,
    pub(crate) clock: &'a dyn Fn() -> Timestamp,
    pub(crate) hosts: BTreeMap<String, Host>,
    tasks: JoinSet<Done>,
    /// Pages fetched, by source.
    pub(crate) spent: BTreeMap<String, u64>,
    pub(crate) pending: u32,
    last: Instant,
    /// When its time is over, where it has one.
    pub(crate) ends: Option<Instant>,
    /// Origins whose first page was asked for because a release of theirs came altered.
    pub(crate) homes: BTreeSet<String>,
    /// Such a release of each, until that page has come.
    pub(crate) held: BTreeMap<String, (Page, Exchange, Timestamp)>,
}

impl<'a> Run<'a> {
    fn open(
        job: &'a CrawlJob,
        fetcher: Rc<Fetcher>,
        clock: &'a dyn Fn() -> Timestamp,
        tell: &'a mut dyn FnMut(&Event),
    ) -> Result<Self, CaptureError> {
        let ends = job.options.time.and_then(|time| Instant::now().checked_add(time));
        std::fs::create_dir_all(&job.folder).map_err(|cause| CaptureError::io(&job.folder, cause))?;
        let (frontier, is_new) = Frontier::open(&job.folder.join(FRONTIER))?;
        let mut ledger = Ledger::new(job, fetcher.limits, frontier, tell);
        ledger.frontier.begin()?;
        let seeds: Vec<(&Plan, Seeds)> = job
            .plans
            .iter()
            .filter(|plan| job.is_crawled(&plan.source))
            .map(|plan| Ok((plan, ledger.frontier.activate(&plan.source)?)))
            .collect::<Result<_, CaptureError>>()?;
        ledger.frontier.commit()?;
        ledger.replay(&job.folder, &fetcher.agent.token)?;
        if is_new && ledger.report.recovered > 0 {
            let text = "the frontier was missing or damaged: made again from the captures".to_owned();
            ledger.tell(&Event::Note { text });
        }
        ledger.frontier.begin()?;
        for (plan, seeds) in seeds {
            sow(&mut ledger, plan, seeds)?;
        }
        for (source, url) in &job.pages {
            ledger.seed(url, source, Role::Release)?;
            ledger.frontier.want(url)?;
        }
        ledger.frontier.commit()?;
        let options =
            RollOptions { prefix: PREFIX.to_owned(), limit: job.options.file, info: info(job, &fetcher) };
        let known = |file: &str| ledger.frontier.taken(file).unwrap_or(0);
        let (rolling, cut) = Rolling::open(&job.folder, options, known)?;
        if let Some(cut) = cut {
            let text = format!(
                "{}: an earlier run was cut off while it wrote; {} bytes of a torn record are cut off, and the page is fetched again",
                cut.path.display(),
                cut.lost
            );
            ledger.tell(&Event::Note { text });
        }
        let mut run = Self {
            job,
            ledger,
            scribe: Scribe::start(rolling)?,
            fetcher,
            clock,
            hosts: BTreeMap::new(),
            tasks: JoinSet::new(),
            spent: BTreeMap::new(),
            pending: 0,
            last: Instant::now(),
            ends,
            homes: BTreeSet::new(),
            held: BTreeMap::new(),
        };
        for (host, _) in run.ledger.frontier.hosts()? {
            run.hosts.insert(host, Host::new());
        }
        run.ledger.frontier.begin()?;
        run.keep_resting()?;
        run.ledger.frontier.commit()?;
        Ok(run)
    }

    async fn go(&mut self, stop: &AtomicBool) -> Result<(), CaptureError> {
        while !stop.load(Ordering::Relaxed) {
            let wake = self.start_ready()?;
            if self.tasks.is_empty() {
                let Some(wait) = wake.map(|wake| wake.saturating_duration_since(Instant::now())) else {
                    return Ok(());
                };
                if wait > self.patience() {
                    let is_long = wait > self.job.options.patience;
                    self.ledger.report.held_up |= is_long && self.hosts.values().any(Host::is_unfinished);
                    return Ok(());
                }
            }
            let alarm = wake.unwrap_or_else(|| Instant::now() + LOOK_UP).min(Instant::now() + LOOK_UP);
            tokio::select! {
                Some(done) = self.tasks.join_next(), if !self.tasks.is_empty() => match done {
                    Ok(done) => self.take(done)?,
                    Err(cause) => std::panic::resume_unwind(cause.into_panic()),
                },
                () = sleep_until(alarm) => {}
            }
            let since = self.last.elapsed();
            if self.pending >= COMMIT_PAGES || self.pending > 0 && since >= COMMIT_TIME || since >= TELL {
                self.commit()?;
            }
        }
        Ok(())
    }

    /// Starts what may be started. Returns when the next host is ready; `None` where none waits.
    fn start_ready(&mut self) -> Result<Option<Instant>, CaptureError> {
        for host in std::mem::take(&mut self.ledger.woken) {
            self.hosts.entry(host).or_insert_with(Host::new).wake();
        }
        let now = Instant::now();
        let ready: Vec<String> =
            self.hosts.iter().filter(|(_, host)| host.is_ready(now)).map(|(name, _)| name.clone()).collect();
        for name in ready {
            if self.tasks.len() >= self.job.options.lanes || self.is_spent() || self.is_over() {
                break;
            }
            self.start(&name)?;
        }
        if self.is_spent() || self.is_over() {
            return Ok(None);
        }
        Ok(self.hosts.values().filter_map(Host::wakes).min())
    }

    /// Whether the run may fetch no more.
    fn is_spent(&self) -> bool {
        let begun = self.ledger.report.fetched + self.tasks.len() as u64;
        self.job.options.pages.is_some_and(|pages| begun >= pages)
    }

    /// Whether the time of the run is over.
    fn is_over(&self) -> bool {
        self.ends.is_some_and(|ends| ends <= Instant::now())
    }

    /// Starts the next page of a host, or its `robots.txt` where that is not known.
    fn start(&mut self, name: &str) -> Result<(), CaptureError> {
        let at = (self.clock)();
        self.ledger.frontier.begin()?;
        loop {
            let Some(page) = self.ledger.frontier.next(name, at.as_second())? else {
                let due = self.ledger.frontier.next_due(name)?;
                if let Some(host) = self.hosts.get_mut(name) {
                    host.rest(due.map(|due| due - at.as_second()));
                }
                return Ok(());
            };
            let Some(plan) = self.ledger.plan(&page.source) else {
                return self.ledger.leave(&page, "its source is unknown");
            };
            if let Some(reason) = self.ledger.same(&page) {
                self.ledger.leave(&page, &reason)?;
                continue;
            }
            let Some(host) = self.hosts.get_mut(name) else { return Ok(()) };
            if host.pages >= self.fetcher.limits.pages {
                let limit = self.fetcher.limits.pages;
                host.set_aside();
                self.ledger.report.waits_for.push(format!("{name}: {limit} pages of one host are a run"));
                return Ok(());
            }
            if plan
                .budget
                .is_some_and(|most| self.spent.get(&plan.source).is_some_and(|spent| *spent >= most))
            {
                self.ledger.frontier.pause(&plan.source)?;
                let budget =
                    format!("{}: its budget of {} pages a run", plan.source, plan.budget.unwrap_or(0));
                self.ledger.report.waits_for.push(budget);
                continue;
            }
            if let Some(until) = plan.hours.as_ref().and_then(|hours| hours.wait(at)) {
                let wait = (until.as_second() - at.as_second()).unsigned_abs();
                return self.wished(name, Duration::from_secs(wait), CLOSED);
            }
            if plan.robots == Robots::Obey {
                let origin = page.url.origin().ascii_serialization();
                match host.gate(&origin) {
                    None => {
                        let connection = host.begin();
                        self.ask_robots(name.to_owned(), origin, &page, plan, connection, at);
                        return Ok(());
                    }
                    Some(gate) => {
                        if let Some(reason) = gate.forbids(&page.url) {
                            self.ledger.leave(&page, &reason)?;
                            continue;
                        }
                    }
                }
            }
            let connection = host.begin();
            host.pages += 1;
            self.ask_page(name.to_owned(), page, plan, connection, at);
            return Ok(());
        }
    }

    fn ask_robots(
        &mut self,
        host: String,
        origin: String,
        page: &Page,
        plan: &Plan,
        connection: Option<Connection>,
        at: Timestamp,
    ) {
        let (fetcher, contact) = (self.fetcher.clone(), plan.contact.clone());
        let (url, source) = (page.url.clone(), page.source.clone());
        self.tasks.spawn_local(async move {
            let mut connection = connection;
            let (answers, gate) = crate::robots::ask(&fetcher, &url, contact, &mut connection).await;
            Done::Robots { host, origin, source, connection, answers, gate, at }
        });
    }

    fn ask_page(
        &mut self,
        host: String,
        page: Page,
        plan: &Plan,
        connection: Option<Connection>,
        at: Timestamp,
    ) {
        let fetcher = self.fetcher.clone();
        let ask = crate::fetch::Ask {
            url: page.url.clone(),
            etag: page.etag.clone(),
            last_modified: page.modified.clone(),
            contact: plan.contact.clone(),
            body: fetcher.limits.body,
            longer: crate::fetch::Longer::Fail,
        };
        self.tasks.spawn_local(async move {
            let mut connection = connection;
            let result = fetcher.fetch(&ask, &mut connection).await;
            Done::Page { host, page: Box::new(page), connection, result, at }
        });
    }

    fn take(&mut self, done: Done) -> Result<(), CaptureError> {
        self.ledger.frontier.begin()?;
        match done {
            Done::Robots { host, origin, source, connection, answers, gate, at } => {
                self.give_back(&host, connection);
                self.robots_came(&host, origin, &source, &answers, gate, at)
            }
            Done::Page { host, page, connection, result, at } => {
                self.give_back(&host, connection);
                match result {
                    Ok(exchange) => self.page_came(&page, &exchange, at)?,
                    Err(why) => self.page_failed(&page, &why)?,
                }
                self.home_came(&page)
            }
        }
    }

    fn give_back(&mut self, host: &str, connection: Option<Connection>) {
        if let Some(host) = self.hosts.get_mut(host) {
            host.end(connection);
        }
    }

    /// Makes all that was written durable: the files first, then what says so.
    fn commit(&mut self) -> Result<(), CaptureError> {
        for (file, end) in self.scribe.sync()? {
            self.ledger.frontier.take(&file, end)?;
        }
        self.ledger.frontier.commit()?;
        (self.pending, self.last) = (0, Instant::now());
        let mut at = self.states()?;
        let (waiting, hosts) = (at.iter().map(|state| state.waiting).sum(), at.len() as u64);
        at.truncate(HOSTS_TOLD);
        let pages = self.ledger.report.fetched;
        self.ledger.tell(&Event::Kept { pages, waiting, hosts, at });
        Ok(())
    }

    /// How far the hosts have come that something waits for, first those that are left alone, then those that most waits for.
    fn states(&self) -> Result<Vec<HostState>, CaptureError> {
        let state = |(name, waiting): (String, u64)| {
            let host = self.hosts.get(&name);
            let pause = host.and_then(|host| host.pause.clone());
            let (until, reason) = pause.map(|pause| (pause.until, pause.reason)).unzip();
            HostState { fetched: host.map_or(0, |host| host.pages), host: name, waiting, until, reason }
        };
        let mut states: Vec<_> = self.ledger.frontier.waiting_at_hosts()?.into_iter().map(state).collect();
        states.sort_by_key(|state| (state.until.is_none(), u64::MAX - state.waiting));
        Ok(states)
    }

    fn end(&mut self, stop: &AtomicBool) -> Result<CrawlReport, CaptureError> {
        self.ledger.frontier.begin()?;
        for (page, exchange, at) in std::mem::take(&mut self.held).into_values() {
            self.settle_held(&page, &exchange, at)?;
        }
        self.ledger.frontier.resume_paused()?;
        let interrupted = stop.load(Ordering::Relaxed);
        for plan in &self.job.plans {
            if !interrupted
                && self.job.is_crawled(&plan.source)
                && self.ledger.frontier.waiting_of(&plan.source)? == 0
            {
                self.ledger.frontier.finish(&plan.source)?;
            }
        }
        let is_spent = self.is_spent();
        let is_over = self.ends.is_some() && !is_spent && self.hosts.values().any(Host::is_unfinished);
        if is_over && !interrupted {
            self.leave_unfinished()?;
        }
        self.commit()?;
        self.tell_pauses()?;
        let mut report = std::mem::take(&mut self.ledger.report);
        report.interrupted = interrupted;
        report.waiting = self.ledger.frontier.waiting()?;
        report.gone = self.ledger.frontier.gone()?;
        self.ledger.frontier.left(|source, url, reason| {
            if report.left.len() < LEFT_LISTED {
                report.left.push((source.to_owned(), url.to_owned(), reason.to_owned()));
            }
        })?;
        report.left_count = report.left_count.max(report.left.len() as u64);
        if report.waiting > 0 && is_spent {
            report.waits_for.push("the pages that this run may fetch".to_owned());
        }
        if report.waiting > 0 && is_over {
            report.waits_for.push("the time that this run may take".to_owned());
        }
        Ok(report)
    }
}
