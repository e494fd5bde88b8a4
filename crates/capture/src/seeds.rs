//! How a run begins: what is queued of each source, and what its files say of themselves.

use std::time::Duration;

use url::Url;

use crate::CaptureError;
use crate::crawl::CrawlJob;
use crate::event::Event;
use crate::fetch::Fetcher;
use crate::frontier::{Role, Seeds};
use crate::ledger::Ledger;
use crate::plan::{Paging, Plan, Robots};

/// Queues the beginning of a source.
pub(crate) fn sow(ledger: &mut Ledger<'_>, plan: &Plan, seeds: Seeds) -> Result<(), CaptureError> {
    let mut first: Vec<(Url, Role)> = Vec::new();
    first.extend(plan.start.iter().map(|url| (url.clone(), Role::Start)));
    first.extend(plan.feeds.iter().map(|url| (url.clone(), Role::Feed)));
    first.extend(plan.sitemaps.iter().map(|url| (url.clone(), Role::Sitemap)));
    if let (Paging::ByDate(dates), true) = (&plan.paging, plan.start.is_empty()) {
        let today = ledger.job.begun.to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
        first.extend(dates.page(today, 0).map(|url| (url, Role::Start)));
    }
    let now = ledger.job.begun.as_second();
    let before = |time: Duration| now.saturating_sub(i64::try_from(time.as_secs()).unwrap_or(i64::MAX));
    for (url, role) in &first {
        let before_it = ledger.frontier.of_url(url)?.map(|page| page.source);
        let is_new = ledger.seed(url, &plan.source, *role)?;
        if let Some(other) = before_it.filter(|other| *other != plan.source) {
            tell_shared(ledger, url, &plan.source, &other, is_new);
        }
        if is_new {
            continue;
        }
        match seeds {
            Seeds::Fresh => ledger.frontier.again(url, 0)?,
            // A run that takes weeks, for its budget or for long pauses, finds what is new meanwhile all the same.
            Seeds::Resumed => ledger.frontier.again_if_older(url, before(plan.rhythm))?,
        };
    }
    if seeds == Seeds::Fresh {
        ledger.frontier.refresh(&plan.source, before(ledger.job.options.refresh), now)?;
        ledger.frontier.retry(&plan.source)?;
    }
    Ok(())
}

/// Tells of a page that a source begins at and that was met for another one before: the page goes over to the source, unless the
/// other one is at work in the same run.
fn tell_shared(ledger: &mut Ledger<'_>, url: &Url, source: &str, other: &str, is_taken: bool) {
    let text = if is_taken {
        format!(
            "{url}: captured for {other} before, and now for {source}; releases that came stay with {other}"
        )
    } else {
        format!(
            "{url}: {source} begins at it, and so does {other}, for which it is fetched in this run; capture them one after the other"
        )
    };
    ledger.tell(&Event::Note { text });
}

/// What a file says of itself and of the manners of its crawl.
pub(crate) fn info(job: &CrawlJob, fetcher: &Fetcher) -> Vec<(String, String)> {
    let mut info = vec![
        ("software".to_owned(), job.software.clone()),
        ("format".to_owned(), "WARC File Format 1.1".to_owned()),
        ("operator".to_owned(), fetcher.agent.contact.clone()),
        ("http-header-user-agent".to_owned(), fetcher.agent.header()),
        ("robots".to_owned(), "obey".to_owned()),
    ];
    for plan in &job.plans {
        if let Robots::Ignore { reason } = &plan.robots {
            info.push(("robots".to_owned(), format!("ignored for {}: {reason}", plan.source)));
        }
    }
    info
}
