//! When a release was published: what the source's selectors, the page's metadata, the lines that a reader sees, scripts and
//! the address say. Metadata win over what is seen unless they speak of another day of the clock, or the page says plainly
//! that it was published on another day.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::date::{Calendar, Role};
use crate::evidence::{Depth, Ground};
use crate::headline::Headline;
use crate::main_text::Body;
use crate::marks::Marks;
use crate::page::{Page, text_of};
use crate::read::country_of;
use crate::seen::{self, Seen, days_apart};
use crate::{Lexicon, Selectors};

/// Where a date is looked for.
pub(crate) struct Sight<'p> {
    pub(crate) page: &'p Page,
    pub(crate) body: &'p Body,
    pub(crate) headline: &'p Headline,
    pub(crate) url: Option<&'p str>,
    pub(crate) selectors: &'p Selectors,
    pub(crate) calendar: &'p Calendar<'p>,
    pub(crate) lexicon: &'p Lexicon,
    pub(crate) depth: Depth,
}

/// A date and where it stood.
#[derive(Clone, Debug)]
struct Told {
    date: Date,
    from: String,
    /// The hour, where it is that of Greenwich and not of the page.
    hour: Option<i8>,
    /// The same with all that is told of the time, where it tells more than the day.
    time: Option<Timestamp>,
}

impl Told {
    fn new(date: Date, from: impl Into<String>) -> Self {
        Self { date, from: from.into(), hour: None, time: None }
    }
}

impl From<Seen> for Told {
    fn from(seen: Seen) -> Self {
        Self::new(seen.date, seen.from)
    }
}

/// The date of publication, `YYYY-MM-DD`.
pub(crate) fn find(sight: &Sight<'_>) -> Option<String> {
    told(sight).into_iter().next().map(|told| told.date.to_string())
}

/// What speaks for a date, best first.
pub(crate) fn grounds(sight: &Sight<'_>) -> Vec<Ground> {
    told(sight).into_iter().map(|told| Ground::new(told.date.to_string(), told.from)).collect()
}

fn told(sight: &Sight<'_>) -> Vec<Told> {
    let Sight { page, calendar, lexicon, .. } = sight;
    let mut all: Vec<Told> = by_selector(page, sight.selectors, calendar).into_iter().collect();
    let stated: Vec<Told> = stated(sight, &lexicon.meta.date).collect();
    let url = sight.url.map(str::to_owned).or_else(|| page.canonical(lexicon));
    let address = url.and_then(|url| of_address(&url)).map(|date| Told::new(date, "the address"));
    let seen = seen::all(sight);
    if let Some(first) = stated.first() {
        let better = better_than(first, &seen, address.as_ref());
        all.extend(better.or_else(|| at_home(first, &seen, address.as_ref(), sight)));
        all.extend(stated);
        all.extend(seen.into_iter().map(Told::from));
        all.extend(address);
    } else {
        all.extend(unstated(sight, seen, address));
    }
    all
}

/// The dates of a page whose metadata do not say when it was published.
fn unstated(sight: &Sight<'_>, seen: Vec<Seen>, address: Option<Told>) -> Vec<Told> {
    let meta = &sight.lexicon.meta;
    let (near, rest): (Vec<Seen>, Vec<Seen>) = seen.into_iter().partition(|seen| seen.worth >= NEAR);
    let (good, poor): (Vec<Seen>, Vec<Seen>) = rest.into_iter().partition(is_good);
    let mut all: Vec<Told> = near.into_iter().map(Told::from).collect();
    all.extend(in_scripts(sight));
    all.extend(self::stated(sight, &meta.weak_date));
    all.extend(good.into_iter().map(Told::from));
    all.extend(address);
    all.extend(poor.into_iter().map(Told::from));
    all.extend(self::stated(sight, &meta.changed));
    all
}

/// Seconds.
const HALF_DAY: i64 = 12 * 60 * 60;
/// A date that is worth so much more than another is the better one.
const CLEARLY: i32 = 24;
/// From this worth on a date stands where a page shows its own.
const NEAR: i32 = 24;

fn is_good(seen: &Seen) -> bool {
    seen.worth >= 10
}

/// What JSON-LD and the metadata called by one of `names` say.
fn stated<'s>(sight: &'s Sight<'_>, names: &'s [String]) -> impl Iterator<Item = Told> + 's {
    let is_strong = std::ptr::eq(names, sight.lexicon.meta.date.as_slice());
    let json = sight.page.json.published.iter().filter(move |_| is_strong);
    let json = json.map(|value| (value.as_str(), "JSON-LD `datePublished`".to_owned()));
    let meta = sight.page.named_values(names).map(|(name, value)| (value, format!("metadata `{name}`")));
    json.chain(meta).filter_map(|(value, from)| stamp(sight.calendar, value, from))
}

fn stamp(calendar: &Calendar<'_>, value: &str, from: String) -> Option<Told> {
    let date = calendar.value(value)?;
    let time = value.split_once(['T', ' ']).map(|(_, time)| time.trim());
    let is_utc = |time: &&str| time.ends_with('Z') || time.ends_with("+00:00") || time.ends_with("+0000");
    let hour = time.filter(is_utc).and_then(|time| time.get(..2)?.parse().ok());
    let at = hour.and_then(|_| value.trim().replacen(' ', "T", 1).parse::<Timestamp>().ok());
    // Midnight and noon stand for the day as a whole.
    let time = at.filter(|time| time.as_second() % HALF_DAY != 0);
    Some(Told { date, from, hour, time })
}

/// The day in the land of the site, where metadata tell a time of Greenwich and the page shows no day that confirms it.
fn at_home(stated: &Told, seen: &[Seen], address: Option<&Told>, sight: &Sight<'_>) -> Option<Told> {
    let time = stated.time?;
    let shows = seen.iter().any(|seen| seen.date == stated.date && !seen.is_stamp);
    if shows || address.is_some_and(|address| address.date == stated.date) {
        return None;
    }
    let zones = sight.lexicon.dates.site_zones.get(&country_of(sight.url?)?)?;
    let mut days = zones.iter().map(|zone| Some((time.in_tz(zone).ok()?.date(), zone)));
    let (date, zone) = days.next()??;
    // Where a land has several zones, all have to agree.
    if date == stated.date || !days.all(|day| day.is_some_and(|(day, _)| day == date)) {
        return None;
    }
    Some(Told::new(date, format!("{}, as the day is in {zone}", stated.from)))
}

/// A day that counts more than what metadata say: the one before or after, where theirs is the day of Greenwich and the
/// page shows that of its own place; or one that the page plainly calls the day of publication.
fn better_than(stated: &Told, seen: &[Seen], address: Option<&Told>) -> Option<Told> {
    let own: Vec<&Seen> = seen.iter().filter(|seen| is_good(seen) && !seen.is_stamp).collect();
    let most = own.iter().filter(|seen| !seen.role.is_of_else()).map(|seen| seen.worth).max()?;
    let confirms = |seen: &&&Seen| seen.date == stated.date && !seen.role.is_of_else();
    if own.iter().find(confirms).is_some_and(|seen| seen.worth + CLEARLY >= most) {
        return None;
    }
    let is_other_zone = |date: Date| {
        let (Some(hour), 1) = (stated.hour, days_apart(stated.date, date)) else { return false };
        if date < stated.date { hour < 12 } else { hour >= 10 }
    };
    if let Some(address) = address.filter(|address| is_other_zone(address.date)) {
        return Some(address.clone());
    }
    if let Some(seen) = own.iter().find(|seen| !seen.role.is_of_else() && is_other_zone(seen.date)) {
        return Some(Told::from((*seen).clone()));
    }
    let is_plain = |seen: &&&Seen| match seen.role {
        Role::Published => seen.worth >= seen::SURE,
        Role::Bare => seen.worth >= seen::PLAIN && !seen.is_doubtful,
        Role::Changed | Role::Other => false,
    };
    own.first().filter(is_plain).map(|seen| Told::from((*seen).clone()))
}

fn by_selector(page: &Page, selectors: &Selectors, calendar: &Calendar<'_>) -> Option<Told> {
    selectors.date.iter().find_map(|css| {
        page.select(&css.selector).find_map(|element| {
            let date = match &css.attribute {
                Some(attribute) => calendar.value(element.attr(attribute)?),
                None => calendar.first(&text_of(element)),
            };
            Some(Told::new(date?, format!("selector `{}` of the source", css.source())))
        })
    })
}

/// What scripts hold under a key of publication: `"published_at": "2021-03-02`.
fn in_scripts(sight: &Sight<'_>) -> Option<Told> {
    let keys = &sight.lexicon.dates.script_keys;
    let mut scripts = sight.page.marked(sight.page.html.root_element(), Marks::SCRIPT);
    scripts.find_map(|(script, _)| {
        let text: String = script.text().collect();
        let folded = text.to_ascii_lowercase();
        keys.iter().find_map(|key| {
            folded.match_indices(key.as_str()).find_map(|(at, _)| {
                let rest = folded.get(at + key.len()..)?;
                let value = rest.trim_start_matches(['"', '\'', '\\', ' ', ':', '=']);
                let gap = rest.len() - value.len();
                let value = value.get(..10).filter(|_| (1..=8).contains(&gap))?;
                let date = sight.calendar.value(value)?;
                Some(Told::new(date, format!("a script: `{key}`")))
            })
        })
    })
}

/// A path like `/2021/03/12/` or `/2021-03-12-tides`.
fn of_address(url: &str) -> Option<Date> {
    let path = url::Url::parse(url).ok()?.path().to_owned();
    let parts: Vec<&str> = path.split(['/', '-', '_', '.']).collect();
    let number = |part: &str, digits: &[usize]| {
        (digits.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.to_owned())
    };
    let whole = parts.iter().find_map(|part| {
        // `t20210302_123.html` is of the same kind.
        let part = part.strip_prefix(|c: char| c.is_ascii_alphabetic()).unwrap_or(part);
        let digits = part.get(..8).filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?;
        let rest = part.get(8..)?;
        let is_date = !rest.starts_with(|c: char| c.is_ascii_digit());
        let at = |from: usize, to: usize| digits.get(from..to)?.parse::<i16>().ok();
        if is_date { valid(at(0, 4)?, at(4, 6)?.try_into().ok()?, at(6, 8)?.try_into().ok()?) } else { None }
    });
    let parted = parts.windows(3).find_map(|three| {
        let [year, month, day] = three else { return None };
        let (year, month, day) = (number(year, &[4])?, number(month, &[1, 2])?, number(day, &[1, 2])?);
        valid(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    });
    parted.or(whole)
}

/// The month of a path like `/2021/03/tides`, `/2021-03/tides` or `/202103/tides`.
pub(crate) fn month_of_address(url: &str) -> Option<(i16, i8)> {
    let path = url::Url::parse(url).ok()?.path().to_owned();
    let parts: Vec<&str> = path.split('/').collect();
    parts.windows(2).find_map(|two| {
        let [year, month] = two else { return None };
        let is_number = |part: &str, digits| part.len() == digits && part.bytes().all(|b| b.is_ascii_digit());
        let (year, month) = match year.len() {
            6 => (year.get(..4)?, year.get(4..)?),
            7 => year.split_once('-')?,
            _ => (*year, *month),
        };
        let is_month = is_number(year, 4) && is_number(month, 2);
        let date = if is_month { valid(year.parse().ok()?, month.parse().ok()?, 1) } else { None };
        date.map(|date| (date.year(), date.month()))
    })
}

fn valid(year: i16, month: i8, day: i8) -> Option<Date> {
    Date::new(year, month, day).ok().filter(|_| (1980..=2100).contains(&year))
}

#[cfg(test)]
mod tests {
    use super::{month_of_address, of_address};

    #[test]
    fn a_table_of_addresses() {
        for (url, want) in [
            ("https://a.example/news/2021/03/12/tides", Some("2021-03-12")),
            ("https://a.example/2021-3-2-tides.html", Some("2021-03-02")),
            ("https://a.example/20210302IPR99999/tides", Some("2021-03-02")),
            ("https://a.example/202103/t20210302_1234567.html", Some("2021-03-02")),
            ("https://a.example/at20210302_1234567.html", None),
            ("https://a.example/news/123456789012", None),
            ("https://a.example/2021/03/tides", None),
            ("not an address", None),
        ] {
            assert_eq!(of_address(url).map(|date| date.to_string()).as_deref(), want, "{url}");
        }
        for (path, want) in [
            ("2021/03/tides", Some((2021, 3))),
            ("news/2021-03/tides", Some((2021, 3))),
            ("202103/tides", Some((2021, 3))),
            // A number of an article, and one that has no such month.
            ("news/202103", None),
            ("news/202113/tides", None),
        ] {
            assert_eq!(month_of_address(&format!("https://a.example/{path}")), want, "{path}");
        }
    }
}
