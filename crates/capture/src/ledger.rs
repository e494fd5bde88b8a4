//! What an answer means for the frontier: which page is done, left, missing, moved, and what comes to the queue.

use std::collections::BTreeMap;

use chancery_warc::http::Head;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use url::Url;

use crate::crawl::CrawlJob;
use crate::discover::{Traps, key};
use crate::event::{CrawlReport, Event};
use crate::frontier::{Fetched, Frontier, New, Page, Role, host_of};
use crate::limits::Limits;
use crate::look::{Answer, Found};
use crate::plan::{Kind, Paging, Plan};
use crate::{CaptureError, discover};

/// So many addresses that were left as traps are noted one by one; all are counted.
const TRAPS_NOTED: u64 = 10_000;
/// Days of a list by date without anything, before it is taken for the beginning of the site.
const EMPTY_DATES: u32 = 24;
/// List pages without anything new, in a crawl that sees them for the first time.
const EMPTY_LISTS: u32 = 3;

/// An index of sitemaps holds sitemaps, and no further indexes; some do.
pub(crate) const NESTED: u32 = 5;

/// Why a release is missing though something came.
pub(crate) const FRONT: &str = "the page is the one that the source begins at";

/// What of an answer is gone after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Follow {
    /// All that the source's plan says.
    All,
    /// What the page needs to be shown as it was: it was named by itself.
    Parts,
    /// Nothing.
    Nothing,
}

/// The frontier, with what is needed to judge an answer.
pub(crate) struct Ledger<'a> {
    pub(crate) job: &'a CrawlJob,
    pub(crate) limits: Limits,
    pub(crate) frontier: Frontier,
    pub(crate) report: CrawlReport,
    pub(crate) tell: &'a mut dyn FnMut(&Event),
    /// Hosts that something new waits for.
    pub(crate) woken: Vec<String>,
    traps: BTreeMap<String, Traps>,
    trapped: u64,
}

impl<'a> Ledger<'a> {
    pub(crate) fn new(
        job: &'a CrawlJob,
        limits: Limits,
        frontier: Frontier,
        tell: &'a mut dyn FnMut(&Event),
    ) -> Self {
        let (traps, woken, report) = (BTreeMap::new(), Vec::new(), CrawlReport::default());
        Self { job, limits, frontier, report, tell, woken, traps, trapped: 0 }
    }

    /// The plan of a source.
    pub(crate) fn plan(&self, source: &str) -> Option<&'a Plan> {
        self.job.plans.iter().find(|plan| plan.source == source)
    }

    pub(crate) fn tell(&mut self, event: &Event) {
        (self.tell)(event);
    }

    /// A page is not fetched, or nothing came of it.
    pub(crate) fn leave(&mut self, page: &Page, reason: &str) -> Result<(), CaptureError> {
        self.frontier.leave(page.id, reason)?;
        self.tell_left(page, reason);
        Ok(())
    }

    /// Something went wrong with a page.
    pub(crate) fn fail(&mut self, page: &Page, reason: &str) -> Result<(), CaptureError> {
        self.report.failed += u64::from(!self.is_wanted(page));
        self.leave(page, reason)
    }

    /// Whether it is one that was asked for by itself.
    fn is_wanted(&self, page: &Page) -> bool {
        matches!(page.role, Role::Start | Role::Feed | Role::Sitemap) && page.via.is_none()
            || self.job.pages.iter().any(|(_, url)| *url == page.url)
    }

    fn tell_left(&mut self, page: &Page, reason: &str) {
        self.report.left_count += 1;
        self.report.failed += u64::from(self.is_wanted(page));
        let (url, source) = (page.url.to_string(), page.source.clone());
        self.tell(&Event::Left { url, source, reason: reason.to_owned() });
    }

    /// Queues a page at which a source begins.
    pub(crate) fn seed(&mut self, url: &Url, source: &str, role: Role) -> Result<bool, CaptureError> {
        let new =
            New { url, source, role, depth: 0, redirects: 0, step: 0, empties: 0, via: None, reason: None };
        self.queue(&new)
    }

    pub(crate) fn queue(&mut self, new: &New<'_>) -> Result<bool, CaptureError> {
        let mut is_new = self.frontier.add(new)?;
        // As after a change of a source's id: the crawl goes on from what it met, whoever met it before.
        if !is_new && new.reason.is_none() && self.job.is_crawled(new.source) {
            is_new = self.frontier.take_over(new)?;
        }
        if is_new && new.reason.is_none() {
            if !self.job.is_crawled(new.source) {
                self.frontier.want(new.url)?;
            }
            self.woken.push(host_of(new.url));
        }
        Ok(is_new)
    }

    /// Takes note of an answer and of what was found in it.
    pub(crate) fn settle(
        &mut self,
        page: &Page,
        answer: &Answer<'_>,
        found: Found,
        follow: Follow,
    ) -> Result<(), CaptureError> {
        let head = &answer.head;
        // Only the marks of the page itself are sent back: those of what came in its place would bring that again.
        let marks = (page.etag.clone(), page.modified.clone());
        let at = answer.at.as_second();
        let mut told =
            Fetched { status: head.status, at, etag: marks.0, modified: marks.1, ..Fetched::default() };
        match head.status {
            200 => {
                if self.is_front(page, answer, &found)? {
                    return self.missing(page, told, FRONT);
                }
                told.digest = Some(answer.digest.clone());
                told.etag = head.header("ETag").map(str::to_owned);
                told.modified = head.header("Last-Modified").map(str::to_owned);
                self.frontier.done(page.id, &told)?;
                self.came(page, &found)?;
                if page.role == Role::Release {
                    self.report.releases += u64::from(page.digest.as_ref() != Some(&answer.digest));
                }
                match follow {
                    Follow::Nothing => Ok(()),
                    _ => self.follow(page, found, follow),
                }
            }
            304 if page.digest.is_none() => {
                self.end(page, told, "the server says that it has not changed, and it never came")
            }
            304 => self.frontier.done(page.id, &told),
            301 | 302 | 303 | 307 | 308 => self.redirected(page, head, told),
            404 | 410 => self.missing(page, told, &format!("the server answers {}", head.status)),
            status => self.end(page, told, &format!("the server answers {status}")),
        }
    }

    /// Whether a release is what the source begins at, but for tokens, counters and the time; or sends its reader there.
    pub(crate) fn is_front(
        &self,
        page: &Page,
        answer: &Answer<'_>,
        found: &Found,
    ) -> Result<bool, CaptureError> {
        if page.role != Role::Release || answer.head.status != 200 {
            return Ok(false);
        }
        if self.frontier.is_start(&page.source, &answer.digest)? {
            return Ok(true);
        }
        let Found::Page(found) = found else { return Ok(false) };
        let plan = self.plan(&page.source);
        if plan.is_some_and(|plan| found.refresh.as_ref().is_some_and(|place| is_home(plan, page, place))) {
            return Ok(true);
        }
        found.face.as_ref().map_or(Ok(false), |face| self.frontier.is_front(&page.source, face))
    }

    /// Whether a release that was there before comes with another body.
    pub(crate) fn is_altered(&self, page: &Page, answer: &Answer<'_>) -> bool {
        let before = page.digest.as_ref().filter(|_| page.role == Role::Release && answer.head.status == 200);
        before.is_some_and(|before| *before != answer.digest)
    }

    /// Queues the page that the host of a release begins at; false where this run has asked for it already.
    pub(crate) fn ask_home(&mut self, page: &Page) -> Result<bool, CaptureError> {
        let Ok(home) = page.url.join("/") else { return Ok(false) };
        let via = Some(page.url.as_str());
        let new = New {
            url: &home,
            source: &page.source,
            role: Role::Home,
            depth: 0,
            redirects: 0,
            step: 0,
            empties: 0,
            via,
            reason: None,
        };
        let asks = self.queue(&new)? || self.frontier.again(&home, 0)?;
        if asks {
            self.woken.push(host_of(&home));
        }
        Ok(asks)
    }

    /// Remembers what a page looks like.
    fn came(&mut self, page: &Page, found: &Found) -> Result<(), CaptureError> {
        let Found::Page(found) = found else { return Ok(()) };
        if let (Role::Start | Role::Home, Some(face)) = (page.role, &found.face) {
            self.frontier.set_front(page, face)?;
        }
        self.traps.entry(page.source.clone()).or_default().came(&page.url, &found.words);
        Ok(())
    }

    /// Why a page that waits is not worth fetching: it came under other addresses.
    pub(crate) fn same(&self, page: &Page) -> Option<String> {
        let traps = self.traps.get(&page.source).filter(|_| page.role == Role::Release)?;
        traps.same(&page.url).map(|trap| trap.to_string())
    }

    /// The answer came, and nothing comes of it.
    fn end(&mut self, page: &Page, told: Fetched, reason: &str) -> Result<(), CaptureError> {
        self.frontier.done(page.id, &Fetched { reason: Some(reason.to_owned()), ..told })?;
        self.tell_left(page, reason);
        Ok(())
    }

    /// The page is not there. A release that was there is gone when it is missing a second time.
    pub(crate) fn missing(&mut self, page: &Page, told: Fetched, reason: &str) -> Result<(), CaptureError> {
        let misses = if page.role == Role::Release { page.misses.saturating_add(1) } else { 0 };
        // A link that never led anywhere is no release that is gone.
        if misses == 2 && page.digest.is_some() {
            let (url, source) = (page.url.to_string(), page.source.clone());
            self.tell(&Event::Gone { url, source, reason: reason.to_owned() });
        }
        self.end(page, Fetched { misses, ..told }, reason)
    }

    fn redirected(&mut self, page: &Page, head: &Head, told: Fetched) -> Result<(), CaptureError> {
        let place = head.header("Location").and_then(|place| page.url.join(place).ok());
        let place = place.and_then(|place| discover::normalize(&place, &self.job.addresses));
        let Some(place) = place else {
            return self.end(page, told, "it redirects to no address");
        };
        if page.redirects >= self.limits.redirects {
            return self.end(page, told, &format!("more than {} redirects", self.limits.redirects));
        }
        if key(&place) == page.key {
            if place == page.url {
                return self.end(page, told, "it redirects to itself");
            }
            // http to https, or to `www.`: the same page under another spelling.
            self.frontier.moved(page.id, &place)?;
            self.woken.push(host_of(&place));
            return Ok(());
        }
        let Some(plan) = self.plan(&page.source) else {
            return self.end(page, told, "its source is unknown");
        };
        if page.role == Role::Release && is_home(plan, page, &place) {
            return self.missing(page, told, "it leads to the page that the site begins at");
        }
        let is_part = matches!(page.role, Role::Document | Role::Requisite);
        if !is_part && !plan.is_own(&place) {
            return self.end(page, told, &format!("it leads to another site: {place}"));
        }
        let is_new = self.queue(&New::redirected(page, &place))?;
        if !is_new && page.via.as_deref() == Some(place.as_str()) {
            return self.end(page, told, &format!("it redirects in a circle: {place}"));
        }
        // What leads to other pages is looked at in every run, also where the way to it is a redirect that is known.
        if !is_new && page.role < Role::Release && self.frontier.again(&place, page.empties)? {
            self.woken.push(host_of(&place));
        }
        self.frontier.done(page.id, &told)
    }

    /// Queues what was found.
    fn follow(&mut self, page: &Page, found: Found, follow: Follow) -> Result<(), CaptureError> {
        let Some(plan) = self.plan(&page.source) else { return Ok(()) };
        match found {
            Found::Nothing => Ok(()),
            Found::Fault(why) => self.fail(page, &why),
            Found::Style(parts) => self.follow_style(page, plan, &parts),
            Found::Page(_) if page.role == Role::Home => Ok(()),
            Found::Page(found) if follow == Follow::Parts => self.follow_parts(page, plan, &found),
            Found::Page(found) => self.follow_page(page, plan, &found),
            Found::Feed(feed) => {
                let mut new = 0;
                for item in &feed.items {
                    let is_release = plan.release.is_empty() && plan.is_own(&item.url);
                    if is_release || plan.kind_of(&item.url) == Kind::Release {
                        new += u32::from(self.link(page, &item.url, Role::Release)?);
                    }
                }
                match feed.next.filter(|next| new > 0 && plan.is_own(next)) {
                    Some(next) => self.list(page, &next, Role::Feed, 0),
                    None => Ok(()),
                }
            }
            Found::Sitemap(map) => {
                for item in map.sitemaps.iter().filter(|item| plan.is_own(&item.url)) {
                    if page.step >= NESTED {
                        let reason = format!("sitemaps within sitemaps, more than {NESTED} deep");
                        self.leave(page, &reason)?;
                        break;
                    }
                    self.list(page, &item.url, Role::Sitemap, 0)?;
                }
                for item in &map.pages {
                    if plan.kind_of(&item.url) != Kind::Release {
                        continue;
                    }
                    self.link(page, &item.url, Role::Release)?;
                    // What is said to change in the future is fetched again then.
                    if let Some(time) = item.modified.filter(|time| *time <= self.job.begun)
                        && self.frontier.again_if_older(&item.url, time.as_second())?
                    {
                        self.woken.push(host_of(&item.url));
                    }
                }
                Ok(())
            }
        }
    }

    fn follow_page(&mut self, page: &Page, plan: &Plan, found: &discover::Page) -> Result<(), CaptureError> {
        let is_list = matches!(page.role, Role::Start | Role::List);
        let mut new = 0;
        // What is neither a release nor a page of the list is not the archive's business.
        for link in found.links.iter().filter(|link| !link.nofollow && link.kind == Kind::Release) {
            new += u32::from(self.link(page, &link.url, Role::Release)?);
        }
        if let Some(place) = found.refresh.as_ref().filter(|place| plan.is_own(place)) {
            self.refreshed(page, place)?;
        }
        self.follow_parts(page, plan, found)?;
        if is_list { self.turn(page, plan, found, new) } else { Ok(()) }
    }

    /// A page that sends its reader on by itself: another kind of redirect.
    fn refreshed(&mut self, page: &Page, place: &Url) -> Result<(), CaptureError> {
        if key(place) == page.key {
            return Ok(());
        }
        if page.redirects >= self.limits.redirects {
            let reason = format!("more than {} redirects", self.limits.redirects);
            return self.leave(page, &reason);
        }
        self.queue(&New::redirected(page, place)).map(drop)
    }

    /// To the next list page, as long as there is something new.
    fn turn(
        &mut self,
        page: &Page,
        plan: &Plan,
        found: &discover::Page,
        new: u32,
    ) -> Result<(), CaptureError> {
        let is_first_visit = page.fetched.is_none();
        let by_date = matches!(plan.paging, Paging::ByDate(_));
        let empties = if new > 0 { 0 } else { page.empties + 1 };
        let most = match (is_first_visit, by_date, &plan.paging) {
            (true, true, Paging::ByDate(dates)) if dates.since.is_some() => u32::MAX,
            (true, true, _) => EMPTY_DATES,
            (true, false, _) => EMPTY_LISTS,
            (false, true, _) => 1,
            (false, false, _) => 0,
        };
        if empties > most {
            return Ok(());
        }
        let step = if page.role == Role::List { page.step + 1 } else { 0 };
        let next = match &plan.paging {
            Paging::None | Paging::Next(_) => found.next.clone(),
            Paging::Numbered(numbered) => numbered.page(u64::from(step)),
            Paging::ByDate(dates) => dates.page(self.today(), step),
        };
        match next.filter(|next| plan.is_own(next)) {
            Some(next) => self.list(page, &next, Role::List, empties),
            None => Ok(()),
        }
    }

    fn today(&self) -> jiff::civil::Date {
        self.job.begun.to_zoned_datetime(TimeZone::UTC).date()
    }

    /// Queues a page that continues a list: also where it is known, once a run.
    fn list(&mut self, page: &Page, url: &Url, role: Role, empties: u32) -> Result<(), CaptureError> {
        let step = if page.role == role { page.step + 1 } else { 0 };
        let new = New {
            url,
            source: &page.source,
            role,
            depth: page.depth,
            redirects: 0,
            step,
            empties,
            via: Some(page.url.as_str()),
            reason: None,
        };
        if !self.queue(&new)? && self.frontier.again(url, empties)? {
            self.woken.push(host_of(url));
        }
        Ok(())
    }

    /// Queues a page that is linked to, where it is not known and no trap; true where it is new.
    pub(crate) fn link(&mut self, page: &Page, url: &Url, role: Role) -> Result<bool, CaptureError> {
        let today = self.today();
        let depth = page.depth + 1;
        let mut reason = None;
        if url.as_str().len() > self.limits.url {
            reason = Some(format!("its address is longer than {} characters", self.limits.url));
        } else if depth > self.limits.depth {
            reason = Some(format!("more than {} links from a start page", self.limits.depth));
        } else if self.frontier.of_url(url)?.is_some() {
            return Ok(false);
        } else if let Some(trap) = self.traps.entry(page.source.clone()).or_default().notice(
            url,
            Kind::Release,
            &self.job.addresses,
            today,
        ) {
            reason = Some(trap.to_string());
        }
        if reason.is_some() {
            self.trapped += 1;
            if self.trapped > TRAPS_NOTED {
                self.report.left_count += 1;
                return Ok(false);
            }
        }
        let new = New {
            url,
            source: &page.source,
            role,
            depth,
            redirects: 0,
            step: 0,
            empties: 0,
            via: Some(page.url.as_str()),
            reason: reason.as_deref(),
        };
        let is_new = self.queue(&new)?;
        if let (true, Some(reason)) = (is_new, reason) {
            self.report.left_count += 1;
            self.tell(&Event::Left { url: url.to_string(), source: page.source.clone(), reason });
            return Ok(false);
        }
        Ok(is_new)
    }

    /// A time as events tell it.
    pub(crate) fn shown(at: Timestamp) -> String {
        at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }
}

/// Whether a release leads to the front page of its site: the root, a page that the source begins at, or, where the release was
/// there before, a page of at most one segment that is no release by the source's own patterns.
fn is_home(plan: &Plan, page: &Page, place: &Url) -> bool {
    let is_start = || plan.start.iter().any(|start| key(start) == key(place));
    let segments = place.path_segments().into_iter().flatten().filter(|segment| !segment.is_empty()).count();
    let was_there = page.digest.is_some() && !plan.release.is_empty();
    let is_top = was_there && segments <= 1 && place.query().is_none();
    place.path() == "/" || is_start() || is_top && plan.kind_of(place) == Kind::Other
}
