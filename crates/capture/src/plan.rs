//! What a crawl of one source is to do: addresses, what is a release, and manners. Made by whoever reads source files;
//! nothing here knows how they are written.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use regex::Regex;
use scraper::Selector;
use url::Url;

/// The least time between two requests to a host where a source says nothing.
pub const PACE: Duration = Duration::from_millis(500);
/// How long a source is left alone where it says nothing.
pub const RHYTHM: Duration = Duration::from_secs(6 * 60 * 60);

/// How one source is crawled.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Id of the source, `no-tides`.
    pub source: String,
    /// Pages that list releases, newest first.
    pub start: Vec<Url>,
    /// RSS, RDF or Atom feeds.
    pub feeds: Vec<Url>,
    /// Sitemaps and indexes of sitemaps.
    pub sitemaps: Vec<Url>,
    /// How one list page leads to the next.
    pub paging: Paging,
    /// What is a release, by the path and query of its address; none where it is not known.
    pub release: Vec<Regex>,
    /// What is never fetched, by path and query; wins over `release`.
    pub skip: Vec<Regex>,
    /// The least time between two requests to a host.
    pub pace: Duration,
    /// The hours in which requests may be made; `None` for any.
    pub hours: Option<Hours>,
    /// How many pages one run may fetch; `None` for as many as there are.
    pub budget: Option<u64>,
    /// What is fetched besides pages.
    pub requisites: Requisites,
    /// Whom the site's keepers may write to, where the source has its own.
    pub contact: Option<String>,
    /// Whether robots.txt is obeyed.
    pub robots: Robots,
    /// How long after a visit the source is looked at again.
    pub rhythm: Duration,
}

impl Plan {
    /// A plan that begins at these pages and knows nothing else.
    #[must_use]
    pub fn new(source: impl Into<String>, start: Vec<Url>) -> Self {
        Self {
            source: source.into(),
            start,
            feeds: Vec::new(),
            sitemaps: Vec::new(),
            paging: Paging::None,
            release: Vec::new(),
            skip: Vec::new(),
            pace: PACE,
            hours: None,
            budget: None,
            requisites: Requisites::None,
            contact: None,
            robots: Robots::Obey,
            rhythm: RHYTHM,
        }
    }

    /// Whether an address lies on a host of the source: one of its start pages, feeds, sitemaps or list pages, with
    /// or without `www.`.
    #[must_use]
    pub fn is_own(&self, url: &Url) -> bool {
        let Some(host) = url.host_str().map(bare_host) else { return false };
        let named = self.start.iter().chain(&self.feeds).chain(&self.sitemaps);
        named.filter_map(Url::host_str).map(bare_host).any(|own| own == host)
    }

    /// What an address is for this source.
    #[must_use]
    pub fn kind_of(&self, url: &Url) -> Kind {
        let path = path_and_query(url);
        if !matches!(url.scheme(), "http" | "https") || !self.is_own(url) {
            Kind::Outside
        } else if self.skip.iter().any(|skip| skip.is_match(&path)) {
            Kind::Skipped
        } else if self.release.iter().any(|release| release.is_match(&path)) {
            Kind::Release
        } else {
            Kind::Other
        }
    }
}

/// What an address is for a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A release, by the source's own patterns.
    Release,
    /// A page of the source that is neither a release nor to be skipped.
    Other,
    /// A page that the source says to leave.
    Skipped,
    /// A page of another host, or no web page.
    Outside,
}

/// How one list page leads to the next.
#[derive(Clone, Debug)]
pub enum Paging {
    /// There is but one list page, or the pages say `rel=next` themselves.
    None,
    /// By a link that this selector finds.
    Next(Selector),
    /// By numbers.
    Numbered(Numbered),
    /// By dates, from today back.
    ByDate(ByDate),
}

impl Paging {
    /// By a link that the CSS selector finds.
    ///
    /// # Errors
    /// Where it is no selector: what is wrong.
    pub fn by_selector(css: &str) -> Result<Self, String> {
        Selector::parse(css).map(Self::Next).map_err(|why| format!("`{css}` is no CSS selector: {why}"))
    }
}

/// List pages with numbers in their addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbered {
    /// The address with `{n}` for the number.
    pub template: String,
    /// The number of the first page that is not a start page.
    pub from: u64,
    /// From one number to the next; more than 1 where a site counts releases and not pages.
    pub step: u64,
}

impl Numbered {
    /// The address of the list page at `index`, counted from 0; `None` where the numbers end or it makes no address.
    #[must_use]
    pub fn page(&self, index: u64) -> Option<Url> {
        let number = index.checked_mul(self.step)?.checked_add(self.from)?;
        Url::parse(&self.template.replace("{n}", &number.to_string())).ok()
    }
}

/// List pages with a year, month or day in their addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByDate {
    /// The address with `{yyyy}` and, where they are in it, `{mm}` (or `{m}`) and `{dd}` (or `{d}`).
    pub template: String,
    /// The day of the oldest release; where it is not known, a crawl ends after list pages without anything.
    pub since: Option<Date>,
}

impl ByDate {
    /// The address of the list page `index` steps (days, months or years, as the address has them) before that of
    /// `today`; `None` beyond [`ByDate::since`].
    #[must_use]
    pub fn page(&self, today: Date, index: u32) -> Option<Url> {
        let back = i64::from(index);
        let has = |names: [&str; 2]| names.iter().any(|name| self.template.contains(name));
        let (span, day) = if has(["{dd}", "{d}"]) {
            (jiff::Span::new().try_days(back).ok()?, today)
        } else if has(["{mm}", "{m}"]) {
            (jiff::Span::new().try_months(back).ok()?, today.first_of_month())
        } else {
            (jiff::Span::new().try_years(back).ok()?, today.first_of_year())
        };
        let day = day.checked_sub(span).ok()?;
        if day.year() < 1990 || self.since.is_some_and(|since| self.ends_before(day, since)) {
            return None;
        }
        let address = self.template.replace("{yyyy}", &format!("{:04}", day.year()));
        let address =
            address.replace("{mm}", &format!("{:02}", day.month())).replace("{m}", &day.month().to_string());
        let address =
            address.replace("{dd}", &format!("{:02}", day.day())).replace("{d}", &day.day().to_string());
        Url::parse(&address).ok()
    }

    /// Whether the list page that begins at `day` ends before `since`.
    fn ends_before(&self, day: Date, since: Date) -> bool {
        let last = if self.template.contains("{dd}") || self.template.contains("{d}") {
            day
        } else if self.template.contains("{mm}") || self.template.contains("{m}") {
            day.last_of_month()
        } else {
            day.last_of_year()
        };
        last < since
    }
}

/// What is fetched besides pages, so that what is kept can be shown as it was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Requisites {
    /// Nothing.
    #[default]
    None,
    /// Linked documents: PDF and the like.
    Documents,
    /// Documents, pictures, styles, scripts, fonts.
    All,
}

/// Whether robots.txt is obeyed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Robots {
    /// It is (RFC 9309).
    #[default]
    Obey,
    /// It is not, for this reason, which is written into the capture: legal deposit, the ministry's own consent.
    Ignore {
        /// The reason in words.
        reason: String,
    },
}

/// The hours of a day in which a site may be visited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours {
    /// Minutes after midnight.
    pub from: u16,
    /// Minutes after midnight, exclusive; before `from` where the hours go over midnight.
    pub to: u16,
    /// The site's own clock.
    pub zone: TimeZone,
}

impl Hours {
    /// `None` where the site may be visited at this time; else the time from which it may.
    #[must_use]
    pub fn wait(&self, now: Timestamp) -> Option<Timestamp> {
        let here = now.to_zoned_datetime(self.zone.clone());
        let minute = u16::from(here.hour().unsigned_abs()) * 60 + u16::from(here.minute().unsigned_abs());
        let open = if self.from <= self.to {
            (self.from..self.to).contains(&minute)
        } else {
            minute >= self.from || minute < self.to
        };
        if open {
            return None;
        }
        let at = |day: Date| {
            let (hour, minute) = (self.from / 60, self.from % 60);
            let time = jiff::civil::time(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0);
            day.to_datetime(time).to_zoned_datetime(self.zone.clone()).ok().map(|zoned| zoned.timestamp())
        };
        let today = at(here.date()).filter(|opens| *opens > now);
        today.or_else(|| at(here.date().tomorrow().ok()?))
    }
}

/// A host without the `www.` that most sites answer with and without.
#[must_use]
pub fn bare_host(host: &str) -> &str {
    host.strip_prefix("www.").unwrap_or(host)
}

/// What patterns for releases are matched with: path, and `?` and query where there is one.
#[must_use]
pub fn path_and_query(url: &Url) -> String {
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn an_address_is_what_the_source_says() {
        let mut plan = Plan::new("no-tides", vec![url("https://www.tides.example/news")]);
        plan.release = vec![Regex::new("^/news/[0-9]{4}/").unwrap()];
        plan.skip = vec![Regex::new("/print$").unwrap()];
        let kind = |text| plan.kind_of(&url(text));
        assert_eq!(kind("https://tides.example/news/2024/pier"), Kind::Release);
        assert_eq!(kind("https://www.tides.example/news/2024/pier/print"), Kind::Skipped);
        assert_eq!(kind("https://www.tides.example/about"), Kind::Other);
        assert_eq!(kind("https://other.example/news/2024/pier"), Kind::Outside);
        assert_eq!(kind("mailto:press@tides.example"), Kind::Outside);
    }

    #[test]
    fn list_pages_by_number_and_by_date() {
        let numbered = Numbered { template: "https://t.example/?start={n}".into(), from: 20, step: 20 };
        assert_eq!(numbered.page(2).unwrap().as_str(), "https://t.example/?start=60");
        assert_eq!(numbered.page(u64::MAX), None);
        let today = jiff::civil::date(2024, 3, 31);
        let months = ByDate {
            template: "https://t.example/{yyyy}/{mm}".into(),
            since: Some(jiff::civil::date(2024, 1, 15)),
        };
        let pages: Vec<String> = (0..9).map_while(|n| months.page(today, n)).map(String::from).collect();
        assert_eq!(
            pages,
            ["https://t.example/2024/03", "https://t.example/2024/02", "https://t.example/2024/01"]
        );
        let days = ByDate { template: "https://t.example/{yyyy}/{m}/{d}".into(), since: None };
        assert_eq!(days.page(today, 31).unwrap().as_str(), "https://t.example/2024/2/29");
        let years = ByDate { template: "https://t.example/{yyyy}".into(), since: None };
        assert_eq!((0..9999).map_while(|n| years.page(today, n)).count(), 35);
    }

    #[test]
    fn closed_hours_tell_when_they_end() {
        let night = Hours { from: 22 * 60, to: 6 * 60, zone: TimeZone::get("Europe/Oslo").unwrap() };
        let wait = |now: &str| night.wait(now.parse().unwrap()).map(|at| at.to_string());
        assert_eq!(wait("2024-07-01T20:30:00Z"), None);
        assert_eq!(wait("2024-07-02T03:59:00Z"), None);
        assert_eq!(wait("2024-07-02T04:00:00Z").as_deref(), Some("2024-07-02T20:00:00Z"));
        let day = Hours { from: 9 * 60, to: 17 * 60, zone: TimeZone::UTC };
        let wait = |now: &str| day.wait(now.parse().unwrap()).map(|at| at.to_string());
        assert_eq!(wait("2024-07-01T08:00:00Z").as_deref(), Some("2024-07-01T09:00:00Z"));
        assert_eq!(wait("2024-07-01T17:00:00Z").as_deref(), Some("2024-07-02T09:00:00Z"));
    }
}
