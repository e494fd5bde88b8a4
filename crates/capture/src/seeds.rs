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
        if ledger.seed(url, &plan.source, *role)? {
            continue;
        }
        tell_taken(ledger, url, &plan.source)?;
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

/// Tells of a page that a source begins at and that was met for another one before: it stays a page of that one, and a source that was
/// given another id would come to nothing without a word.
fn tell_taken(ledger: &mut Ledger<'_>, url: &Url, source: &str) -> Result<(), CaptureError> {
    let Some(page) = ledger.frontier.of_url(url)?.filter(|page| page.source != source) else { return Ok(()) };
    let text = format!(
        "{url}: {source} begins at it, but it was captured for {} and stays with that one; give the source the id that it had, or an archive of its own",
        page.source
    );
    ledger.tell(&Event::Note { text });
    Ok(())
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
