//! What an answer leads to, before anything is kept: a page may forbid that.

use chancery_warc::http::{Head, entity_digest};
use jiff::Timestamp;
use url::Url;

use crate::discover::{self, Addresses, Feed, RobotsTag, Sitemap};
use crate::fetch::Exchange;
use crate::frontier::{Page, Role};
use crate::limits::Limits;
use crate::plan::Plan;

/// An answer, from the network or from a file.
pub(crate) struct Answer<'a> {
    pub(crate) message: &'a [u8],
    pub(crate) head: Head,
    /// Of the entity body.
    pub(crate) digest: String,
    pub(crate) at: Timestamp,
}

impl<'a> Answer<'a> {
    /// The answer that came at this time.
    pub(crate) fn of(exchange: &'a Exchange, at: Timestamp) -> Self {
        let message = &exchange.response;
        Self { message, head: Head::of(message), digest: entity_digest(message), at }
    }
}

/// What was found in an answer.
pub(crate) enum Found {
    /// Nothing that leads anywhere.
    Nothing,
    /// A page.
    Page(Box<discover::Page>),
    /// A feed.
    Feed(Feed),
    /// A sitemap.
    Sitemap(Sitemap),
    /// What a style sheet needs.
    Style(Vec<Url>),
    /// Not what it was fetched for, or damaged.
    Fault(String),
}

/// Looks through an answer; with what it forbids.
pub(crate) fn look(
    page: &Page,
    answer: &Answer<'_>,
    plan: &Plan,
    addresses: &Addresses,
    limits: &Limits,
    token: &str,
) -> (Found, RobotsTag) {
    let mut robots = RobotsTag::default();
    let tags = answer.head.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("x-robots-tag"));
    for (_, value) in tags {
        robots.add(value, &[token]);
    }
    if answer.head.status != 200 {
        return (Found::Nothing, robots);
    }
    let content = match chancery_warc::content(answer.message, &limits.unpacked) {
        Ok(content) => content,
        Err(why) => return (Found::Fault(why.to_string()), robots),
    };
    let found = match page.role {
        Role::Feed => discover::feed(&content, &page.url, addresses).map(Found::Feed),
        Role::Sitemap => discover::sitemap(&content, &page.url, addresses).map(Found::Sitemap),
        Role::Requisite if is_style(&answer.head) => {
            Ok(Found::Style(discover::style(&String::from_utf8_lossy(&content), &page.url, addresses)))
        }
        Role::Document | Role::Requisite | Role::Robots => return (Found::Nothing, robots),
        _ if !is_html(&answer.head) => return (Found::Nothing, robots),
        _ => {
            let charset = answer.head.charset();
            discover::page(&content, charset.as_deref(), &page.url, plan, addresses)
                .map(|page| Found::Page(Box::new(page)))
        }
    };
    let found = found.unwrap_or_else(|why| Found::Fault(why.to_string()));
    if let Found::Page(page) = &found {
        robots = robots.with(page.robots);
    }
    (found, robots)
}

fn is_style(head: &Head) -> bool {
    head.media_type().is_some_and(|media| media == "text/css")
}

/// Whether it says that it is a page, or does not say what it is.
fn is_html(head: &Head) -> bool {
    head.media_type().is_none_or(|media| matches!(media.as_str(), "text/html" | "application/xhtml+xml"))
}
