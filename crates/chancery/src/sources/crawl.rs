//! The table `[crawl]` of a source file to the plan of a crawl.

use std::time::Duration;

use chancery_capture::plan::{ByDate, Hours, Numbered, Paging, Plan, Requisites, Robots};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use regex::{Regex, RegexBuilder};
use toml::de::DeValue;
use url::Url;

use super::table::Table;

/// The keys of `[crawl]`.
pub(super) const KEYS: [&str; 15] = [
    "start",
    "feeds",
    "sitemaps",
    "next",
    "pages",
    "dates",
    "release",
    "skip",
    "pace",
    "hours",
    "budget",
    "requisites",
    "contact",
    "robots",
    "rhythm",
];
/// A compiled pattern may take as much memory as this, in bytes.
const PATTERN: usize = 1 << 20;
/// The longest pace and the shortest rhythm that make sense.
const LONGEST_PACE: Duration = Duration::from_secs(60 * 60);
const SHORTEST_RHYTHM: Duration = Duration::from_secs(60);

/// Why some words are not what is wanted, and the mend.
type Wrong = (String, String);

/// The plan of `table`, for the source `id`, whose clocks are in `zone`. What is wrong is told, and left at its default.
pub(super) fn plan(id: &str, zone: &TimeZone, table: &Table<'_, '_>) -> Plan {
    let url = "\"https://www.ministry.example/news\"";
    let mut plan = Plan::new(id, table.list("start", url, address));
    plan.feeds = table.list("feeds", url, address);
    plan.sitemaps = table.list("sitemaps", url, address);
    plan.paging = paging(table);
    plan.release = table.list("release", "\"^/news/[0-9]{4}/\"", pattern);
    plan.skip = table.list("skip", "\"/print$\"", pattern);
    if let Some(pace) = table.made("pace", "\"500ms\"", |words| within(words, Duration::ZERO, LONGEST_PACE)) {
        plan.pace = pace;
    }
    let long = Duration::from_secs(366 * 24 * 60 * 60);
    if let Some(rhythm) = table.made("rhythm", "\"6h\"", |words| within(words, SHORTEST_RHYTHM, long)) {
        plan.rhythm = rhythm;
    }
    plan.hours = table.made("hours", "\"22:00-06:00\"", |words| hours(words, zone));
    plan.budget = table.number("budget", 1, "2000");
    if let Some(requisites) = table.made("requisites", "\"documents\"", requisites) {
        plan.requisites = requisites;
    }
    plan.contact = table.made("contact", "\"archive@library.example\"", contact);
    plan.robots = robots(table);
    release_is_no_list(table, &plan);
    plan
}

fn address(words: &str) -> Result<Url, Wrong> {
    let wrong = |why: String| {
        (
            format!("`{words}` is no address: {why}"),
            "write it whole, like https://www.ministry.example/news".into(),
        )
    };
    let url = Url::parse(words.trim()).map_err(|why| wrong(why.to_string()))?;
    match url.scheme() {
        "http" | "https" if url.has_host() => Ok(url),
        scheme => Err(wrong(format!("only http and https are crawled, not {scheme}"))),
    }
}

fn pattern(words: &str) -> Result<Regex, Wrong> {
    let compiled = RegexBuilder::new(words).size_limit(PATTERN).build();
    compiled.map_err(|why| {
        // The library draws the place below the pattern; its last line says what is wrong.
        let why = why.to_string();
        let why = why.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
        let help = "write it for the path of an address, like '^/news/[0-9]{4}/'; in single quotes \\ needs no doubling";
        (format!("`{words}` is no regular expression: {why}"), help.to_owned())
    })
}

/// How one list page leads to the next: at most one of `next`, `pages` and `dates`.
fn paging(table: &Table<'_, '_>) -> Paging {
    let given: Vec<&str> =
        ["next", "pages", "dates"].into_iter().filter(|key| table.get(key).is_some()).collect();
    if let [first, second, ..] = given.as_slice()
        && let Some(value) = table.get(second)
    {
        let help = format!("keep one of {} and take the other out", given.join(", "));
        table.file.fault(
            value.span(),
            format!("`{second}` and `{first}` both say how list pages follow"),
            help,
        );
    }
    match given.first() {
        Some(&"next") => {
            let selector = |words: &str| {
                let help = "write a CSS selector of the link to the next page, like \"a[rel=next]\" or \".pager .next a\"";
                Paging::by_selector(words).map_err(|why| (why, help.to_owned()))
            };
            table.made("next", "\"a[rel=next]\"", selector)
        }
        Some(&"pages") => numbered(table).map(Paging::Numbered),
        Some(&"dates") => by_date(table).map(Paging::ByDate),
        _ => None,
    }
    .unwrap_or(Paging::None)
}

fn numbered(table: &Table<'_, '_>) -> Option<Numbered> {
    let example = "\"https://www.ministry.example/news?page={n}\"";
    let template = |words: &str| template(words, &["{n}"], "{n}", example);
    if matches!(table.get("pages")?.get_ref(), DeValue::String(_)) {
        let template = table.made("pages", example, template)?;
        return Some(Numbered { template, from: 2, step: 1 });
    }
    let pages = table.table("pages", "`pages`", &["url", "from", "step"])?;
    if pages.get("url").is_none() {
        let help = format!("write pages = {{ url = {example}, from = 0 }}");
        pages.file.fault(pages.at.clone(), "`pages` has no `url`", help);
    }
    let template = pages.made("url", example, template)?;
    let from = if pages.get("from").is_some() { pages.number("from", 0, "2")? } else { 2 };
    let step = if pages.get("step").is_some() { pages.number("step", 1, "10")? } else { 1 };
    Some(Numbered { template, from, step })
}

fn by_date(table: &Table<'_, '_>) -> Option<ByDate> {
    let example = "\"https://www.ministry.example/news/{yyyy}/{mm}\"";
    let template =
        |words: &str| template(words, &["{yyyy}"], "{yyyy}, and {mm} and {dd} where it has them", example);
    if matches!(table.get("dates")?.get_ref(), DeValue::String(_)) {
        return Some(ByDate { template: table.made("dates", example, template)?, since: None });
    }
    let dates = table.table("dates", "`dates`", &["url", "since"])?;
    if dates.get("url").is_none() {
        let help = format!("write dates = {{ url = {example}, since = \"2010-01\" }}");
        dates.file.fault(dates.at.clone(), "`dates` has no `url`", help);
    }
    let template = dates.made("url", example, template)?;
    let since = dates.made("since", "\"2010-01\"", |words| {
        let whole = match words.len() {
            4 => format!("{words}-01-01"),
            7 => format!("{words}-01"),
            _ => words.to_owned(),
        };
        let wrong = |why: jiff::Error| {
            (format!("`{words}` is no date: {why}"), "write it like 2010, 2010-03 or 2010-03-15".into())
        };
        whole.parse::<Date>().map_err(wrong)
    });
    Some(ByDate { template, since })
}

/// An address with places to fill.
fn template(words: &str, needed: &[&str], what: &str, example: &str) -> Result<String, Wrong> {
    let help = format!("write it like {example}");
    if let Some(missing) = needed.iter().find(|place| !words.contains(**place)) {
        return Err((format!("`{words}` has no {missing}: it must hold {what}"), help));
    }
    let known = ["{n}", "{yyyy}", "{mm}", "{m}", "{dd}", "{d}"];
    let filled = known.iter().fold(words.to_owned(), |filled, place| filled.replace(place, "11"));
    if filled.contains(['{', '}']) {
        return Err((
            format!("`{words}` holds a place that is not known"),
            format!("known are {}", known.join(", ")),
        ));
    }
    address(&filled).map(|_| words.to_owned()).map_err(|(why, _)| (why, help))
}

/// A time like `500ms`, `2s`, `5m`, `6h`, `1d`.
fn duration(words: &str) -> Option<Duration> {
    let end = words.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = words.split_at_checked(end)?;
    let number: u64 = number.parse().ok()?;
    let seconds = |each: u64| number.checked_mul(each).map(Duration::from_secs);
    match unit.trim() {
        "ms" => Some(Duration::from_millis(number)),
        "s" => seconds(1),
        "m" => seconds(60),
        "h" => seconds(60 * 60),
        "d" => seconds(24 * 60 * 60),
        _ => None,
    }
}

fn within(words: &str, least: Duration, most: Duration) -> Result<Duration, Wrong> {
    let help = || "write a number and ms, s, m, h or d, like \"500ms\", \"2s\" or \"6h\"".to_owned();
    let found = duration(words).ok_or_else(|| (format!("`{words}` is no length of time"), help()))?;
    if found < least || found > most {
        let message = format!("`{words}` is not between {} s and {} s", least.as_secs(), most.as_secs());
        return Err((message, help()));
    }
    Ok(found)
}

/// `22:00-06:00`.
fn hours(words: &str, zone: &TimeZone) -> Result<Hours, Wrong> {
    let minute = |clock: &str| {
        let (hour, minute) = clock.trim().split_once(':')?;
        let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
        ((hour < 24 && minute < 60) || (hour, minute) == (24, 0)).then_some(hour * 60 + minute)
    };
    let both = words.split_once('-').and_then(|(from, to)| Some((minute(from)? % (24 * 60), minute(to)?)));
    match both {
        Some((from, to)) if from != to => Ok(Hours { from, to, zone: zone.clone() }),
        _ => {
            let help = "write two times of the site's own clock, like \"22:00-06:00\"";
            Err((format!("`{words}` are no hours of a day"), help.to_owned()))
        }
    }
}

fn requisites(words: &str) -> Result<Requisites, Wrong> {
    match words {
        "none" => Ok(Requisites::None),
        "documents" => Ok(Requisites::Documents),
        "all" => Ok(Requisites::All),
        _ => {
            let help = "write \"none\", \"documents\" (linked PDF and the like) or \"all\" (pictures and styles too)";
            Err((format!("`{words}` says not what is fetched besides pages"), help.to_owned()))
        }
    }
}

/// An address of mail or of a page.
fn contact(words: &str) -> Result<String, Wrong> {
    let is_mail = words.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    if (is_mail || address(words).is_ok()) && !words.contains(char::is_whitespace) {
        return Ok(words.to_owned());
    }
    let help = "write an address of mail or of a page with one, like \"archive@library.example\"";
    Err((format!("nobody can be reached at `{words}`"), help.to_owned()))
}

fn robots(table: &Table<'_, '_>) -> Robots {
    let Some(robots) = table.table("robots", "`robots`", &["ignore", "reason"]) else { return Robots::Obey };
    let ignore = robots.truth("ignore").unwrap_or(false);
    let reason = robots.words("reason", "\"legal deposit, act 1 of 2024\"").map(|(words, _)| words);
    match (ignore, reason) {
        (false, _) => Robots::Obey,
        (true, Some(reason)) => Robots::Ignore { reason },
        (true, None) => {
            if robots.get("reason").is_none() {
                let help = "write robots = { ignore = true, reason = \"legal deposit, act 1 of 2024\" }; the reason is kept with every capture";
                robots.file.fault(robots.at.clone(), "robots.txt is ignored without a reason", help);
            }
            Robots::Obey
        }
    }
}

/// A pattern that takes list pages for releases would make releases of them.
fn release_is_no_list(table: &Table<'_, '_>, plan: &Plan) {
    let Some(value) = table.get("release") else { return };
    for url in &plan.start {
        let path = chancery_capture::plan::path_and_query(url);
        if let Some(pattern) = plan.release.iter().find(|release| release.is_match(&path)) {
            let message = format!("`{pattern}` takes the list page {path} for a release");
            table.file.fault(
                value.span(),
                message,
                "make it longer, or end it with what only releases have, like '/[0-9]{4}/'",
            );
        }
    }
}
