//! A first source file, written from what a site's own pages say. What is guessed says so in a comment.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chancery_capture::discover::{self, Addresses, DiscoverError, Link, normalize};
use chancery_capture::plan::{Kind, Plan, path_and_query};
use chancery_reader::{Css, Lexicon, Matched, Selectors, matched};
use chancery_record::{Capture, Media, Release};
use serde::Deserialize;
use url::Url;

use super::naming::site_name;
use super::{EMBEDDED, Source};

/// A link's words are a headline from so many characters on.
const HEADLINE: usize = 20;
/// So many addresses of a sample are needed for a pattern.
const SAMPLE: usize = 3;

/// Pages of a site, as bytes.
pub struct Samples<'s> {
    /// The address of the list page.
    pub url: &'s Url,
    /// The list page.
    pub list: &'s [u8],
    /// The site's robots.txt, where it was looked at.
    pub robots: Option<&'s str>,
    /// A release and its address, where one was looked at.
    pub release: Option<(&'s Url, &'s [u8])>,
}

/// What is found out about a site.
pub struct Draft {
    /// The id: the country's or other last part of the host, and its first telling part.
    pub id: String,
    /// The text of the source file.
    pub text: String,
    /// A link of the list page that looks like a release, to be looked at as a sample.
    pub sample: Option<Url>,
}

/// Countries by the last part of a host.
#[derive(Deserialize)]
struct Country {
    country: String,
    timezone: Option<String>,
}

/// Selectors that many sites share.
#[derive(Deserialize)]
struct Layouts {
    headline: Vec<String>,
    text: Vec<String>,
    drop: Vec<String>,
    date: Vec<String>,
}

/// Writes a first source file. It passes the check; whether its guesses hold is for a person to say.
///
/// # Errors
/// Where the list page is no page.
pub fn draft(
    samples: &Samples<'_>,
    lexicon: &Lexicon,
    addresses: &Addresses,
) -> Result<Draft, DiscoverError> {
    let plan = Plan::new("new", vec![samples.url.clone()]);
    let page = discover::page(samples.list, None, samples.url, &plan, addresses)?;
    let host = samples.url.host_str().unwrap_or_default();
    let id = id_of(host);
    let own: Vec<&Link> =
        page.links.iter().filter(|link| link.kind != Kind::Outside && link.url != *samples.url).collect();
    let release = release_pattern(&own, samples.url, addresses);
    let mut text = String::from(
        "# Written by `chancery source new` from the site's own pages. Look through every line; sources/TEMPLATE.toml\n# explains them. Then try it: chancery source check FILE --page PAGE.html\n\n",
    );
    head(&mut text, &id, host, samples, &page, lexicon);
    text.push_str("\n[crawl]\n");
    let _ = writeln!(text, "start = [{}]", quoted(samples.url.as_str()));
    let feeds: Vec<String> = page.feeds.iter().map(|(url, _)| quoted(url.as_str())).collect();
    let _ = writeln!(text, "feeds = [{}]", feeds.join(", "));
    let sitemaps = samples.robots.map(sitemaps).unwrap_or_default();
    let sitemaps: Vec<String> = sitemaps.iter().map(|url| quoted(url.as_str())).collect();
    let _ = writeln!(text, "sitemaps = [{}]", sitemaps.join(", "));
    text.push_str(&paging(&page, &own));
    match &release {
        Some(found) => {
            let _ = writeln!(
                text,
                "release = ['{}']   # {} links of the page have this form",
                found.pattern, found.count
            );
        }
        None => text.push_str(
            "release = []   # no form that many links share: write one, such as '^/news/[0-9]{4}/'\n",
        ),
    }
    text.push_str("pace = \"1s\"\nrequisites = \"none\"\n\n[read]\n");
    text.push_str(&selectors(samples));
    Ok(Draft { id, text, sample: release.map(|found| found.sample) })
}

fn quoted(words: &str) -> String {
    toml::Value::String(words.to_owned()).to_string()
}

/// `my-mrh` of `www.mrh.gov.my`.
fn id_of(host: &str) -> String {
    let labels: Vec<&str> = discover_bare(host).split('.').collect();
    let first = labels.first().copied().unwrap_or("source");
    let last = labels.last().copied().filter(|_| labels.len() > 1).unwrap_or("x");
    let id: String = format!("{last}-{first}").to_ascii_lowercase();
    id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

fn discover_bare(host: &str) -> &str {
    chancery_capture::plan::bare_host(host)
}

/// What a page says of itself.
fn said(url: &Url, bytes: &[u8], lexicon: &Lexicon) -> Option<Release> {
    let meta = chancery_record::Meta { url: Some(url.to_string()), ..chancery_record::Meta::default() };
    let capture = Capture { bytes: bytes.to_vec(), media: Media::Html, meta, ..Capture::default() };
    // A list page is no release, and tells who it is all the same.
    chancery_reader::read_any(&capture, &Selectors::default(), lexicon).ok().map(|reading| reading.release)
}

/// What the site calls itself: as its pages say, else what their titles have in common.
fn name_of(
    samples: &Samples<'_>,
    list: &discover::Page,
    of_list: Option<&Release>,
    of_release: Option<&Release>,
) -> Option<String> {
    let named = [of_release, of_list].into_iter().flatten().find_map(|said| said.issuer.clone());
    named.filter(|name| !name.trim().is_empty()).or_else(|| {
        let headline = of_list.and_then(|said| said.headline.as_deref());
        let release = samples.release.and_then(|(url, bytes)| {
            discover::page(bytes, None, url, &Plan::new("new", Vec::new()), &Addresses::default()).ok()
        });
        let release = release.and_then(|page| page.title);
        site_name(list.title.as_deref().unwrap_or_default(), headline, release.as_deref())
    })
}

fn head(
    text: &mut String,
    id: &str,
    host: &str,
    samples: &Samples<'_>,
    list: &discover::Page,
    lexicon: &Lexicon,
) {
    let of_list = said(samples.url, samples.list, lexicon);
    let of_release = samples.release.and_then(|(url, bytes)| said(url, bytes, lexicon));
    let issuer = name_of(samples, list, of_list.as_ref(), of_release.as_ref());
    let language = of_release.or(of_list).and_then(|release| release.language);
    let _ = writeln!(text, "id = {}", quoted(id));
    match issuer {
        Some(name) => {
            let _ = writeln!(
                text,
                "name = {}   # as the site calls itself: write the body that issues the releases",
                quoted(&name)
            );
        }
        None => {
            let _ = writeln!(
                text,
                "name = {}   # the page does not say it: write the body that issues the releases",
                quoted(host)
            );
        }
    }
    let last = host.rsplit('.').next().unwrap_or_default();
    let country =
        shared::<BTreeMap<String, Country>>("common/countries.toml").and_then(|mut all| all.remove(last));
    match country {
        Some(Country { country, timezone }) => {
            let _ = writeln!(text, "country = {}", quoted(&country));
            let _ = match timezone {
                Some(zone) => writeln!(text, "timezone = {}", quoted(&zone)),
                None => writeln!(text, "# timezone = \"…\"   # the country has several"),
            };
        }
        None => text.push_str("# country = \"…\"   # the host does not say it\n# timezone = \"…\"\n"),
    }
    if let Some(language) = language {
        let _ = writeln!(text, "language = {}", quoted(&language));
    }
    text.push_str("verified = false   # true only after it was tried on real pages, old ones and new ones\n");
}

/// A file that all sources share.
fn shared<T: for<'d> Deserialize<'d>>(path: &str) -> Option<T> {
    let text = EMBEDDED.get_file(path)?.contents_utf8()?;
    toml::from_str(text).ok()
}

/// The sitemaps that a robots.txt names.
fn sitemaps(robots: &str) -> Vec<Url> {
    let lines = robots.lines().filter_map(|line| line.split_once(':'));
    let named = lines.filter(|(key, _)| key.trim().eq_ignore_ascii_case("sitemap"));
    named.filter_map(|(_, url)| Url::parse(url.trim()).ok()).collect()
}

/// The line that says how list pages follow: links whose words are 2, 3 … and whose addresses differ in one number, or
/// `rel=next`.
fn paging(page: &discover::Page, own: &[&Link]) -> String {
    let by_number = |number: &str| own.iter().find(|link| link.words == number).map(|link| link.url.as_str());
    if let (Some(two), Some(three)) = (by_number("2"), by_number("3"))
        && let Some((template, from, step)) = numbered(two, three)
    {
        let url = quoted(&template);
        return match (from, step) {
            (2, 1) => format!("pages = {url}\n"),
            _ => format!("pages = {{ url = {url}, from = {from}, step = {step} }}\n"),
        };
    }
    match page.next {
        Some(_) => "next = \"[rel~=next]\"\n".to_owned(),
        None => "# No link to a next page was found: write `next`, `pages` or `dates` where the list has several pages.\n".to_owned(),
    }
}

/// The template of two addresses that differ in one number, the first number and the step.
fn numbered(two: &str, three: &str) -> Option<(String, u64, u64)> {
    let digits = |text: &str| -> Vec<(usize, usize)> {
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for (at, _) in text.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
            match runs.last_mut() {
                Some((_, end)) if *end == at => *end = at + 1,
                _ => runs.push((at, at + 1)),
            }
        }
        runs
    };
    for (start, end) in digits(two).into_iter().rev() {
        let (before, number, after) = (two.get(..start)?, two.get(start..end)?, two.get(end..)?);
        let other = three.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
        let (first, second): (u64, u64) = match (number.parse(), other.map(str::parse)) {
            (Ok(first), Some(Ok(second))) => (first, second),
            _ => continue,
        };
        if second > first {
            return Some((format!("{before}{{n}}{after}"), first, second - first));
        }
    }
    None
}

/// A form that many links share.
struct Shape {
    pattern: String,
    count: usize,
    sample: Url,
}

/// The commonest form of the links whose words are as long as headlines.
fn release_pattern(own: &[&Link], list: &Url, addresses: &Addresses) -> Option<Shape> {
    let mut shapes: BTreeMap<String, Vec<&Link>> = BTreeMap::new();
    for link in own {
        let is_page = !addresses.is_media(&link.url) && !addresses.is_document(&link.url);
        if is_page && link.words.chars().count() >= HEADLINE && link.url.path().len() > 1 {
            shapes.entry(pattern_of(&link.url)).or_default().push(link);
        }
    }
    let list = normalize(list, addresses).map(|list| path_and_query(&list)).unwrap_or_default();
    let fits = |pattern: &str| regex::Regex::new(pattern).is_ok_and(|pattern| !pattern.is_match(&list));
    let best = shapes.into_iter().filter(|(pattern, links)| links.len() >= SAMPLE && fits(pattern));
    let (pattern, links) = best.max_by_key(|(pattern, links)| (links.len(), pattern.len()))?;
    Some(Shape { pattern, count: links.len(), sample: links.first()?.url.clone() })
}

/// The form of an address: years, numbers and slugs by their kind, all else as it stands.
fn pattern_of(url: &Url) -> String {
    let mut out = String::from("^");
    let segments: Vec<&str> = url.path().trim_start_matches('/').split('/').collect();
    for (at, segment) in segments.iter().enumerate() {
        let is_last = at + 1 == segments.len();
        let is_number = !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit());
        out.push('/');
        match segment.len() {
            4 if is_number && (segment.starts_with("19") || segment.starts_with("20")) => {
                out.push_str("[0-9]{4}");
            }
            2 if is_number => out.push_str("[0-9]{2}"),
            _ if is_number => out.push_str("[0-9]+"),
            0 => {}
            _ if is_last => match segment.rsplit_once('.').filter(|(_, ending)| ending.len() <= 5) {
                Some((_, ending)) => {
                    let _ = write!(out, "[^/]+\\.{}", regex::escape(ending));
                }
                None => out.push_str("[^/]+"),
            },
            // A long segment in the middle is a slug or an id too: `20190712IPR56948`.
            _ if segment.len() > 12 && segment.bytes().any(|byte| byte.is_ascii_digit()) => {
                out.push_str("[^/]+");
            }
            _ => out.push_str(&regex::escape(segment)),
        }
    }
    if let Some(query) = url.query() {
        let name = |part: &str| regex::escape(part.split('=').next().unwrap_or_default());
        let names: Vec<String> = query.split('&').map(name).collect();
        let _ = write!(out, "\\?{}=[^&]+", names.join("=[^&]+&"));
    }
    out.push('$');
    out
}

/// The lines of `[read]`, of selectors that fit the sample release.
fn selectors(samples: &Samples<'_>) -> String {
    let Some((_, bytes)) = samples.release else {
        return "# Give a release with --release PAGE.html to have selectors proposed; without any the reader finds the parts by itself.\n".to_owned();
    };
    let Some(layouts) = shared::<Layouts>("common/layouts.toml") else { return String::new() };
    let css = |all: &[String]| all.iter().filter_map(|css| Css::try_from(css.clone()).ok()).collect();
    let tried = Selectors {
        headline: css(&layouts.headline),
        text: css(&layouts.text),
        drop: css(&layouts.drop),
        date: css(&layouts.date),
        date_order: None,
    };
    let found = matched(bytes, None, &tried).unwrap_or_default();
    let first = |part: &str, fits: fn(&Matched) -> bool| {
        found.iter().find(|m| m.part == part && fits(m)).map(|m| m.css.clone())
    };
    let line = |part: &str, css: Option<String>| match css {
        Some(css) => format!("{part} = [{}]\n", quoted(&css)),
        None => format!(
            "# {part}: none of the usual selectors fits; the reader finds it by itself, or write one\n"
        ),
    };
    let drops: Vec<String> =
        found.iter().filter(|m| m.part == "drop" && m.count > 0).map(|m| quoted(&m.css)).collect();
    let mut out = line("headline", first("headline", |m| m.count == 1));
    out += &line("text", first("text", |m| m.count == 1 && m.begins.len() > 80));
    if !drops.is_empty() {
        let _ = writeln!(out, "drop = [{}]", drops.join(", "));
    }
    out + &line("date", first("date", |m| m.count == 1 && m.begins.chars().any(|c| c.is_ascii_digit())))
}

impl Draft {
    /// The draft as a source, which it always is.
    ///
    /// # Errors
    /// The mistakes of the draft, which are chancery's own.
    pub fn source(&self) -> Result<Source, super::SourceFaults> {
        Source::parse(&format!("{}.toml", self.id), &self.text)
    }
}
