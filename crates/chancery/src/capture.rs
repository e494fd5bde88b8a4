//! Sites into an archive: crawled into WARC files beside its own, then read, extracted and indexed from there.

use std::io;
use std::path::Path;
use std::rc::Rc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use chancery_capture::plan::{PACE, Plan, Requisites};
use chancery_capture::{
    Agent, CrawlJob, CrawlOptions, CrawlReport, Event, Fetcher, Named, SystemResolver, crawl, system_roots,
};
use jiff::Timestamp;
use url::Url;

use crate::Error;
use crate::archive::{Archive, IngestReport, captures_folder, contact_of};
use crate::pipeline::{PROGRAM, Pipeline};
pub use crate::portions::PORTION;
use crate::portions::Portions;
use crate::progress::Progress;
use crate::sources::Sources;

/// Nobody but the owner of a private host may be asked faster than this.
const FASTEST: Duration = Duration::from_millis(100);

/// After a failure nobody is asked again before this.
const SOONEST: Duration = Duration::from_secs(1);

/// What to capture, and how.
#[derive(Clone, Debug, Default)]
pub struct CaptureOptions {
    /// Ids of sources, or addresses of pages.
    pub what: Vec<String>,
    /// Whom the keepers of a site may write to; else `contact` of `archive.toml`, else that of each source.
    pub contact: Option<String>,
    /// Whether hosts that are named, here or in a source, may have addresses that are not public.
    pub allow_private: bool,
    /// Whether nothing is read, extracted and indexed.
    pub capture_only: bool,
    /// The least time between two requests to a host, in place of that of the sources.
    pub pace: Option<Duration>,
    /// How many pages this run may fetch.
    pub pages: Option<u64>,
    /// After how long this run asks for nothing more; `None`: when nothing is to be had within ten minutes.
    pub time: Option<Duration>,
    /// After how many pages what came is read, extracted and indexed while the crawl goes on; `None` for
    /// [`PORTION`].
    pub portion: Option<u64>,
    /// What is fetched besides pages, in place of what the sources say.
    pub requisites: Option<Requisites>,
    /// Releases that were fetched longer ago than this are looked at again; `None` for a week.
    pub refresh: Option<Duration>,
}

/// What a capture did.
#[derive(Clone, Debug, Default)]
pub struct CaptureReport {
    /// The crawl.
    pub crawl: CrawlReport,
    /// What was made of it; `None` where that was not wanted.
    pub ingest: Option<IngestReport>,
}

/// What is to be crawled: the sources, and single pages with theirs.
struct Targets {
    plans: Vec<Plan>,
    pages: Vec<(String, Url)>,
}

impl Targets {
    fn of(what: &[String], sources: &Sources) -> Result<Self, Error> {
        let mut targets = Self { plans: Vec::new(), pages: Vec::new() };
        for name in what {
            let plan = match Url::parse(name).ok().filter(|url| url.host().is_some()) {
                Some(url) => {
                    let plan =
                        sources.of_url(name).map_or_else(|| plan_of_page(&url), |source| source.plan.clone());
                    targets.pages.push((plan.source.clone(), url));
                    plan
                }
                None => match sources.get(name) {
                    Some(source) => source.plan.clone(),
                    None => return Err(Error::NoSource { name: name.clone(), known: known(sources) }),
                },
            };
            if targets.plans.iter().all(|other| other.source != plan.source) {
                targets.plans.push(plan);
            }
        }
        // A source that is named itself is crawled, with all its pages.
        targets.pages.retain(|(source, _)| !what.contains(source));
        Ok(targets)
    }

    /// The hosts that the user, or a source, named.
    fn hosts(&self) -> Named {
        let named =
            self.plans.iter().flat_map(|plan| plan.start.iter().chain(&plan.feeds).chain(&plan.sitemaps));
        named.chain(self.pages.iter().map(|(_, url)| url)).collect()
    }
}

/// A page of no known source: by the name of its host.
fn plan_of_page(url: &Url) -> Plan {
    Plan::new(url.host_str().unwrap_or_default(), vec![url.clone()])
}

fn known(sources: &Sources) -> Vec<String> {
    sources.iter().filter(|source| !source.plan.start.is_empty()).map(|source| source.id.clone()).collect()
}

/// Crawls into the archive at `dir`, which is made where there is none, and takes in what came, portion by portion while the crawl is
/// at work. The same call again goes on where this one ended, whatever ended it.
///
/// # Errors
/// Where a source is unknown, nobody says whom the keepers of a site may write to, another process writes to the
/// archive, or the disk refuses. What was captured until then is whole.
pub fn capture(
    dir: &Path,
    pipeline: &Pipeline,
    options: &CaptureOptions,
    tell: &mut dyn FnMut(&Event),
    progress: &dyn Progress,
    stop: &AtomicBool,
) -> Result<CaptureReport, Error> {
    let targets = Targets::of(&options.what, pipeline.sources())?;
    let slowest = options.pace.unwrap_or(PACE);
    if slowest < FASTEST && !options.allow_private {
        return Err(Error::TooFast { least: FASTEST });
    }
    let contact = contact(dir, options, &targets)?;
    let writer = Archive::create_or_open(dir)?;
    let sources = pipeline.sources();
    if options.capture_only {
        let crawl = run(dir, sources, options, targets, contact, tell, stop)?;
        return Ok(CaptureReport { crawl, ingest: None });
    }
    let least = options.portion.unwrap_or(PORTION);
    std::thread::scope(|scope| {
        let mut portions = Portions::start(scope, (dir, writer), pipeline, least, stop);
        let mut hear = |event: &Event| {
            tell(event);
            portions.hear(event, progress);
        };
        let crawl = run(dir, sources, options, targets, contact, &mut hear, stop)?;
        Ok(CaptureReport { crawl, ingest: Some(portions.end(progress)?) })
    })
}

/// Whom the keepers may write to: `--contact`, else the archive's own, else each source must have one.
fn contact(dir: &Path, options: &CaptureOptions, targets: &Targets) -> Result<Option<String>, Error> {
    let given = match &options.contact {
        Some(given) => Some(given.clone()),
        None => contact_of(dir)?,
    };
    let given = given.filter(|given| !given.trim().is_empty());
    let sent = given.iter().chain(targets.plans.iter().filter_map(|plan| plan.contact.as_ref()));
    if let Some(contact) =
        sent.into_iter().find(|contact| !contact.bytes().all(|byte| (0x20..0x7f).contains(&byte)))
    {
        return Err(Error::BadContact { contact: contact.clone() });
    }
    if let Some(given) = given.as_deref().filter(|given| !names_an_address(given)) {
        return Err(Error::NoAddress { given: given.to_owned() });
    }
    match targets.plans.iter().find(|plan| plan.contact.is_none()) {
        Some(plan) if given.is_none() => Err(Error::NoContact { source_id: plan.source.clone() }),
        _ => Ok(given),
    }
}

/// Whether one of the words is an address of mail or of a page.
fn names_an_address(given: &str) -> bool {
    let page = |word: &str| {
        Url::parse(word).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
    };
    let mail = |word: &str| {
        let word = word.strip_prefix("mailto:").unwrap_or(word);
        word.split_once('@')
            .is_some_and(|(who, host)| !who.is_empty() && host.contains('.') && !host.contains('@'))
    };
    let mut words = given.split(|c: char| c.is_whitespace() || "<>(),;\"".contains(c));
    words.any(|word| page(word) || mail(word))
}

fn run(
    dir: &Path,
    sources: &Sources,
    options: &CaptureOptions,
    mut targets: Targets,
    contact: Option<String>,
    tell: &mut dyn FnMut(&Event),
    stop: &AtomicBool,
) -> Result<CrawlReport, Error> {
    if contact.is_some() {
        targets.plans.iter_mut().for_each(|plan| plan.contact = None);
    }
    if let Some(requisites) = options.requisites {
        targets.plans.iter_mut().for_each(|plan| plan.requisites = requisites);
    }
    let first = targets.plans.iter().find_map(|plan| plan.contact.clone());
    let (name, version) = PROGRAM.split_once(' ').unwrap_or((PROGRAM, "0"));
    let agent = Agent {
        token: name.to_owned(),
        version: version.to_owned(),
        contact: contact.or(first).unwrap_or_default(),
    };
    let mut fetcher = Fetcher::new(agent, Rc::new(SystemResolver), system_roots())
        .map_err(|cause| Error::Network(io::Error::other(cause)))?;
    if options.allow_private {
        fetcher.named = targets.hosts();
    }
    let usual = CrawlOptions::default();
    let job = CrawlJob {
        plans: targets.plans,
        pages: targets.pages,
        addresses: sources.addresses().clone(),
        folder: captures_folder(dir),
        software: PROGRAM.to_owned(),
        begun: Timestamp::now(),
        options: CrawlOptions {
            pace: options.pace,
            pages: options.pages,
            time: options.time,
            refresh: options.refresh.unwrap_or(usual.refresh),
            // Who is to be asked slowly is to be asked again slowly.
            retry: options.pace.map_or(usual.retry, |pace| pace.saturating_mul(10).max(SOONEST)),
            ..usual
        },
    };
    crawl(&job, Rc::new(fetcher), &Timestamp::now, tell, stop).map_err(Error::capture)
}
