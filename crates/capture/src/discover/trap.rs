//! Addresses without end: calendars, session ids, parameters and paths that go on for ever. What is noticed is left,
//! with the reason.

use std::collections::HashMap;
use std::fmt;

use jiff::civil::Date;
use url::Url;

use super::Addresses;
use super::address::{has, name_of};
use crate::plan::Kind;

/// An address may be as long as this, in bytes: what old browsers and servers take.
const MAX_LENGTH: usize = 2000;
/// A path may have as many segments.
const MAX_SEGMENTS: usize = 16;
/// A query may have as many parameters.
const MAX_PARAMETERS: usize = 12;
/// A run of segments may stand in a path so many times.
const MAX_REPEATS: usize = 2;
/// Pages that differ only in numbers or parameters, and are no releases: so many of one shape are looked at.
const MAX_OF_SHAPE: u32 = 2_000;
/// The same for pages of a calendar.
const MAX_OF_CALENDAR: u32 = 400;
/// Values that look like session ids: so many different ones of a parameter are looked at.
const MAX_SESSIONS: u32 = 20;
/// A page that comes with the same words under so many addresses is one page.
const MAX_SAME: u32 = 20;
/// So many shapes are remembered.
const MAX_SHAPES: usize = 100_000;

/// Why an address is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trap {
    /// It is too long.
    Long(usize),
    /// Its path has too many segments.
    Deep(usize),
    /// Segments of its path repeat: a relative link that is resolved once more on every page.
    Repeating(String),
    /// It has too many parameters, or one too often.
    Parameters(usize),
    /// A page of a calendar beyond a year from now, or one more of too many.
    Calendar(String),
    /// A parameter whose value is a new one on every page.
    Session(String),
    /// One more address of a page that came under many which differ in parameters.
    Same(String),
    /// One more of very many pages that differ only in numbers and parameters.
    Endless(String),
}

impl fmt::Display for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Long(bytes) => write!(f, "the address has {bytes} bytes, more than {MAX_LENGTH}"),
            Self::Deep(count) => write!(f, "the path has {count} parts, more than {MAX_SEGMENTS}"),
            Self::Repeating(run) => write!(f, "`{run}` repeats in the path"),
            Self::Parameters(count) => {
                write!(f, "the address has {count} parameters, more than {MAX_PARAMETERS}, or one too often")
            }
            Self::Calendar(why) => write!(f, "a calendar without end: {why}"),
            Self::Session(name) => write!(f, "`{name}` has a new value on every page, like a session id"),
            Self::Same(page) => {
                write!(
                    f,
                    "{page} is the same page under more than {MAX_SAME} addresses that differ in parameters"
                )
            }
            Self::Endless(shape) => write!(f, "more than {MAX_OF_SHAPE} pages like {shape}"),
        }
    }
}

/// What was seen of a source so far. Deterministic: the same addresses in the same order give the same answers.
#[derive(Clone, Debug, Default)]
pub struct Traps {
    shapes: HashMap<String, u32>,
    /// By host and path: the words of the last page that came from there, and how often they came one after the other.
    came: HashMap<String, (String, u32)>,
}

impl Traps {
    /// Takes note of a new address. `today` is the day of the crawl. Releases are not counted, only looked at.
    pub fn notice(&mut self, url: &Url, kind: Kind, addresses: &Addresses, today: Date) -> Option<Trap> {
        if let Some(trap) = form(url).or_else(|| self.same(url)) {
            return Some(trap);
        }
        if kind == Kind::Release {
            return None;
        }
        let calendar = calendar(url, addresses);
        if let Some(year) = calendar.flatten()
            && (year > i32::from(today.year()) + 1 || year < 1970)
        {
            return Some(Trap::Calendar(format!("the year {year}")));
        }
        if let Some(name) = session(url)
            && self.count(format!("{} {name}", host_and_path(url))) > MAX_SESSIONS
        {
            return Some(Trap::Session(name.to_owned()));
        }
        let shape = shape(url);
        let count = self.count(shape.clone());
        if calendar.is_some() && count > MAX_OF_CALENDAR {
            return Some(Trap::Calendar(format!("more than {MAX_OF_CALENDAR} pages like {shape}")));
        }
        (count > MAX_OF_SHAPE).then_some(Trap::Endless(shape))
    }

    /// Takes note of a page that came, by a digest of its words.
    pub fn came(&mut self, url: &Url, words: &str) {
        let place = host_and_path(url);
        if url.query().is_none() || self.came.len() >= MAX_SHAPES && !self.came.contains_key(&place) {
            return;
        }
        let (last, count) = self.came.entry(place).or_default();
        if last == words {
            *count = count.saturating_add(1);
        } else {
            (*last, *count) = (words.to_owned(), 1);
        }
    }

    /// Whether an address leads to a page that came too often.
    #[must_use]
    pub fn same(&self, url: &Url) -> Option<Trap> {
        let place = url.query().map(|_| host_and_path(url))?;
        self.came.get(&place).filter(|(_, count)| *count >= MAX_SAME).map(|_| Trap::Same(place))
    }

    fn count(&mut self, shape: String) -> u32 {
        if self.shapes.len() >= MAX_SHAPES && !self.shapes.contains_key(&shape) {
            return 0;
        }
        let count = self.shapes.entry(shape).or_default();
        *count = count.saturating_add(1);
        *count
    }
}

/// What is wrong with an address by itself.
fn form(url: &Url) -> Option<Trap> {
    if url.as_str().len() > MAX_LENGTH {
        return Some(Trap::Long(url.as_str().len()));
    }
    let segments: Vec<&str> = url.path().split('/').filter(|segment| !segment.is_empty()).collect();
    if segments.len() > MAX_SEGMENTS {
        return Some(Trap::Deep(segments.len()));
    }
    if let Some(run) = repeated(&segments) {
        return Some(Trap::Repeating(run));
    }
    let names: Vec<&str> =
        url.query().map(|query| query.split('&').map(name_of).collect()).unwrap_or_default();
    // `field[]=a&field[]=b` is how forms send lists: a few of them are honest.
    let most =
        names.iter().map(|name| names.iter().filter(|other| *other == name).count()).max().unwrap_or(0);
    (names.len() > MAX_PARAMETERS || most > MAX_PARAMETERS / 2).then_some(Trap::Parameters(names.len()))
}

/// A run of segments that stands more than twice in a row: `a/a/a`, `a/b/a/b/a/b`. Numbers (dates) do not count.
fn repeated(segments: &[&str]) -> Option<String> {
    let is_word = |run: &[&str]| run.iter().any(|segment| segment.bytes().any(|byte| !byte.is_ascii_digit()));
    for length in 1..=segments.len() / (MAX_REPEATS + 1) {
        for start in 0..=segments.len() - length * (MAX_REPEATS + 1) {
            let run = segments.get(start..start + length).unwrap_or_default();
            let more = (1..=MAX_REPEATS)
                .all(|n| segments.get(start + n * length..start + (n + 1) * length) == Some(run));
            if more && is_word(run) {
                return Some(run.join("/"));
            }
        }
    }
    None
}

/// The year that an address of a calendar names, if any; `None` where its parameters and segments name no calendar.
fn calendar(url: &Url, addresses: &Addresses) -> Option<Option<i32>> {
    let mut values: Vec<&str> = Vec::new();
    let mut named = false;
    let segments: Vec<&str> = url.path().split('/').collect();
    if let Some(at) = segments.iter().position(|segment| has(&addresses.calendar, segment)) {
        named = true;
        values.extend(segments.get(at + 1..).unwrap_or_default());
    }
    for part in url.query().unwrap_or_default().split('&') {
        if has(&addresses.calendar, name_of(part)) {
            named = true;
            values.extend(part.split('=').nth(1));
        }
    }
    named.then(|| values.iter().find_map(|value| year(value)))
}

/// A number of four digits at the beginning of a value, alone or before a `-`: `2031`, `2031-05`.
fn year(value: &str) -> Option<i32> {
    let digits = value.split('-').next()?;
    (digits.len() == 4 || digits.len() == 5).then(|| digits.parse().ok()).flatten()
}

/// A parameter whose value looks like a session id: 16 and more hexadecimal digits, or letters and digits mixed.
fn session(url: &Url) -> Option<&str> {
    url.query()?.split('&').find_map(|part| {
        let (name, value) = part.split_once('=')?;
        let digits = value.bytes().filter(u8::is_ascii_digit).count();
        let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
        (value.len() >= 16 && digits + letters == value.len() && digits >= 4 && letters >= 4).then_some(name)
    })
}

fn host_and_path(url: &Url) -> String {
    format!("{}{}", url.host_str().unwrap_or_default(), url.path())
}

/// The address with every run of digits as `0` and every parameter's value left out.
fn shape(url: &Url) -> String {
    let mut out = String::new();
    for c in host_and_path(url).chars() {
        if !c.is_ascii_digit() {
            out.push(c);
        } else if !out.ends_with('0') {
            out.push('0');
        }
    }
    let mut names: Vec<&str> =
        url.query().map(|query| query.split('&').map(name_of).collect()).unwrap_or_default();
    names.sort_unstable();
    if !names.is_empty() {
        out.push('?');
        out.push_str(&names.join("&"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses() -> Addresses {
        Addresses { calendar: vec!["calendar".into(), "month".into(), "date".into()], ..Addresses::default() }
    }

    fn first(text: &str) -> Option<String> {
        let today = jiff::civil::date(2024, 3, 4);
        let url = Url::parse(text).unwrap();
        Traps::default().notice(&url, Kind::Other, &addresses(), today).map(|trap| trap.to_string())
    }

    #[test]
    fn honest_addresses_pass() {
        for url in [
            "https://tides.example/news/2024/03/04/pier",
            "https://tides.example/en/en/news",
            "https://tides.example/archive/2011/11/11/11",
            "https://tides.example/news?page=3&topic[]=a&topic[]=b&sort=date",
            "https://tides.example/calendar/2024-12",
            "https://tides.example/doc?id=9f86d081884c7d659a2feaa0c55ad015",
        ] {
            assert_eq!(first(url), None, "{url}");
        }
    }

    #[test]
    fn traps_are_named() {
        let long = format!("https://tides.example/{}", "a".repeat(2000));
        let deep = format!("https://tides.example{}", (0..17).map(|n| format!("/s{n}")).collect::<String>());
        let many =
            format!("https://tides.example/?{}", (0..13).map(|n| format!("a{n}=1&")).collect::<String>());
        let often = format!("https://tides.example/?{}", "f=1&".repeat(8));
        let cases = [
            (long.as_str(), "the address has 2022 bytes, more than 2000"),
            (&deep, "the path has 17 parts, more than 16"),
            ("https://tides.example/a/news/news/news/b", "`news` repeats in the path"),
            ("https://tides.example/x/a/b/a/b/a/b", "`a/b` repeats in the path"),
            (&many, "the address has 14 parameters, more than 12, or one too often"),
            (&often, "the address has 9 parameters, more than 12, or one too often"),
            ("https://tides.example/calendar/2031/07", "a calendar without end: the year 2031"),
            ("https://tides.example/events?month=1890-01", "a calendar without end: the year 1890"),
        ];
        for (url, want) in cases {
            assert_eq!(first(url).as_deref(), Some(want), "{url}");
        }
    }

    #[test]
    fn what_never_ends_is_noticed_in_time() {
        let (today, mut traps) = (jiff::civil::date(2024, 3, 4), Traps::default());
        let mut until = |make: &dyn Fn(u32) -> String, kind| {
            (0..3000).find_map(|n| {
                let url = Url::parse(&make(n)).unwrap();
                traps.notice(&url, kind, &addresses(), today).map(|trap| (n, trap.to_string()))
            })
        };
        let list = until(&|n| format!("https://tides.example/list?page={n}&sort=x"), Kind::Other);
        assert_eq!(list, Some((2000, "more than 2000 pages like tides.example/list?page&sort".into())));
        let day = until(&|n| format!("https://tides.example/events?date=2023-{n}"), Kind::Other);
        assert_eq!(day.unwrap().0, 400);
        let session = until(&|n| format!("https://tides.example/a?tok=abcdef0123456789{n}"), Kind::Other);
        assert_eq!(session, Some((20, "`tok` has a new value on every page, like a session id".into())));
        assert_eq!(until(&|n| format!("https://tides.example/news?id={n}"), Kind::Release), None);
    }
}
