//! A capture to a release: what the input says wins over what the page says.

use chancery_html::Decoded;
use chancery_record::{Capture, Media, Release};
use sha2::{Digest, Sha256};
use url::Url;

use crate::date::Calendar;
use crate::evidence::Depth;
use crate::fold::squeeze;
use crate::kind::Signs;
use crate::page::Page;
use crate::published::Sight;
use crate::{
    Evidence, Ground, Lexicon, PageKind, ReadError, Selectors, clean, evidence, headline, issuer, kind,
    language, main_text, published,
};

/// A page may have as many bytes as this.
const MAX_BYTES: usize = 64 << 20;

/// A page as it was read, whatever kind of page it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What kind of page it is.
    pub kind: PageKind,
    /// What speaks for this kind.
    pub why: String,
    /// Parts (`headline`, `text`, `date`) for which the source has selectors that gave nothing: the general way was taken.
    pub silent: Vec<&'static str>,
    /// The date that the input says, where it is none: the page's own was taken, if it has one.
    pub no_date: Option<String>,
    /// Its text, headline and the like; the text of a page that is no release may be empty.
    pub release: Release,
}

/// Reads a capture: finds text, headline, date, language, issuer and canonical address.
///
/// Fields of the capture's `meta` win over the page. `alias` and `warc` stay empty: the caller knows them.
///
/// # Errors
/// [`ReadError`] for what is no document (nothing, too much, or not text) and for what is no release.
pub fn read(capture: &Capture, selectors: &Selectors, lexicon: &Lexicon) -> Result<Release, ReadError> {
    read_any(capture, selectors, lexicon)?.into_release()
}

impl Reading {
    /// The release that the page is.
    ///
    /// # Errors
    /// What it is instead.
    pub fn into_release(self) -> Result<Release, ReadError> {
        let Self { kind, why, release, .. } = self;
        let what = match kind {
            PageKind::Release => return Ok(release),
            PageKind::Shell => return Err(ReadError::NoText { script_shell: true }),
            PageKind::Other => return Err(ReadError::NoText { script_shell: false }),
            PageKind::Listing => "a list of other pages",
            PageKind::Error => "what a site says in place of a page",
        };
        Err(ReadError::NoRelease { kind, what, why })
    }
}

/// Reads a capture like [`read`], and hands it over whatever kind of page it is.
///
/// # Errors
/// [`ReadError`] for what is no document.
pub fn read_any(capture: &Capture, selectors: &Selectors, lexicon: &Lexicon) -> Result<Reading, ReadError> {
    Ok(read_with(capture, selectors, lexicon, Depth::Plain)?.0)
}

/// Reads a capture like [`read_any`], and says where each part comes from.
///
/// # Errors
/// [`ReadError`] for what is no document.
pub fn read_explained(
    capture: &Capture,
    selectors: &Selectors,
    lexicon: &Lexicon,
) -> Result<(Reading, Evidence), ReadError> {
    read_with(capture, selectors, lexicon, Depth::Explained)
}

fn read_with(
    capture: &Capture,
    selectors: &Selectors,
    lexicon: &Lexicon,
    depth: Depth,
) -> Result<(Reading, Evidence), ReadError> {
    let (bytes, limit) = (capture.bytes.len(), MAX_BYTES);
    if bytes > limit {
        return Err(ReadError::TooLarge { bytes, limit });
    }
    if capture.bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(ReadError::Empty);
    }
    let country = capture.meta.url.as_deref().and_then(country_of);
    let characters = match &capture.rendering {
        Some(page) => Decoded { text: page.into(), name: "UTF-8", from: "the PDF's own tables" },
        None => chancery_html::decode(&capture.bytes, capture.charset.as_deref(), country.as_deref())?,
    };
    let mut found = match capture.media {
        Media::Text => from_text(&characters.text, capture, lexicon)?,
        Media::Html | Media::Pdf => from_page(&characters.text, capture, selectors, lexicon, depth),
    };
    let mut evidence = std::mem::take(&mut found.evidence);
    if depth == Depth::Explained {
        evidence.complete(&characters, &found.text, found.declared.as_deref(), lexicon);
    }
    let (kind, why) = (found.kind, std::mem::take(&mut found.why));
    evidence.kind = vec![Ground::new(kind.name(), why.clone())];
    let silent = std::mem::take(&mut found.silent);
    let no_date = capture.meta.date.as_deref().map(str::trim).filter(|date| !date.is_empty());
    let no_date = no_date.filter(|date| calendar(capture, selectors, lexicon, None).value(date).is_none());
    let no_date = no_date.map(str::to_owned);
    Ok((
        Reading { kind, why, silent, no_date, release: release(capture, selectors, lexicon, found) },
        evidence,
    ))
}

/// What a page says of itself.
#[derive(Default)]
struct Found {
    kind: PageKind,
    why: String,
    silent: Vec<&'static str>,
    text: String,
    headline: Option<String>,
    published: Option<String>,
    declared: Option<String>,
    language: Option<String>,
    issuer: Option<String>,
    url: Option<String>,
    evidence: Evidence,
}

fn from_text(characters: &str, capture: &Capture, lexicon: &Lexicon) -> Result<Found, ReadError> {
    let text = characters.replace("\r\n", "\n");
    let text = text.trim_matches(['\n', '\u{FEFF}']).to_owned();
    if text.trim().is_empty() {
        return Err(ReadError::Empty);
    }
    let language = language(&text, None, capture, lexicon);
    Ok(Found { why: "it is a text".to_owned(), text, language, ..Found::default() })
}

fn from_page(
    characters: &str,
    capture: &Capture,
    selectors: &Selectors,
    lexicon: &Lexicon,
    depth: Depth,
) -> Found {
    let mut page = Page::parse(characters, selectors, lexicon, depth);
    let declared = page.declared_language(lexicon);
    let calendar = calendar(capture, selectors, lexicon, declared.as_deref());
    let mut body = main_text::find(&mut page, selectors);
    let headline = headline::find(&page, &body, selectors, lexicon);
    main_text::lead(&page, &mut body, headline.node);
    let (url, calendar) = (capture.meta.url.as_deref(), &calendar);
    let sight =
        Sight { page: &page, body: &body, headline: &headline, url, selectors, calendar, lexicon, depth };
    let published = published::find(&sight);
    let mut evidence = match depth {
        Depth::Plain => Evidence::default(),
        Depth::Explained => evidence::of(&page, &body, &headline, &sight, selectors, lexicon),
    };
    let signs = Signs::of(&page, &body, &headline, lexicon);
    let issuers = issuer::grounds(&page, &body, &headline, lexicon);
    let issuer = issuers.first().map(|ground| ground.value.clone());
    if depth == Depth::Explained {
        evidence.issuer = issuers;
    }
    let title = capture.meta.title.as_deref().or(headline.text.as_deref());
    let text = clean::text(body, &headline, title, calendar, &lexicon.lines);
    let (kind, why) = kind::of(&page, &signs, &headline, url, &text, lexicon);
    let language = language(&text, declared.as_deref(), capture, lexicon);
    let silent = selectors.silent_on(&page);
    let url = page.canonical(lexicon);
    Found {
        kind,
        why,
        silent,
        text,
        headline: headline.text,
        published,
        declared,
        language,
        issuer,
        url,
        evidence,
    }
}

/// The language of a text, looked for only where the input does not say it.
fn language(
    text: &str,
    declared: Option<&str>,
    Capture { meta, .. }: &Capture,
    lexicon: &Lexicon,
) -> Option<String> {
    said(meta.lang.as_deref()).or_else(|| language::of(text, declared, lexicon))
}

/// What the input says of a field, where it says anything.
fn said(field: Option<&str>) -> Option<String> {
    field.map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned)
}

fn calendar<'l>(
    capture: &Capture,
    selectors: &Selectors,
    lexicon: &'l Lexicon,
    declared: Option<&str>,
) -> Calendar<'l> {
    let tag = capture.meta.lang.as_deref().or(declared).unwrap_or_default().to_ascii_lowercase();
    let country = capture.meta.url.as_deref().and_then(country_of);
    let of_site = country.as_ref().and_then(|site| lexicon.dates.site_orders.get(site).copied());
    let order = selectors.date_order.or_else(|| lexicon.dates.orders.get(&tag).copied()).or(of_site);
    let language = tag.split('-').next().unwrap_or_default().to_owned();
    let short = |tag: &str| lexicon.dates.short_years.get(tag).copied();
    let short_year = short(&tag).or_else(|| country.as_deref().and_then(short));
    Calendar { words: &lexicon.dates, order: order.unwrap_or_default(), language, short_year }
}

fn release(capture: &Capture, selectors: &Selectors, lexicon: &Lexicon, found: Found) -> Release {
    let meta = &capture.meta;
    let said = |field: &Option<String>| said(field.as_deref());
    let calendar = calendar(capture, selectors, lexicon, None);
    let digest = sha256(&capture.bytes);
    // A text is often read as it came.
    let is_as_it_came = found.text.as_bytes() == &*capture.bytes;
    let text_sha256 = if is_as_it_came { digest.clone() } else { sha256(found.text.as_bytes()) };
    let kind = said(&meta.kind).map(|kind| kind.to_lowercase().replace(['_', ' '], "-"));
    Release {
        id: capture.id.clone(),
        alias: None,
        url: said(&meta.url).or(found.url),
        source: said(&meta.source),
        kind: kind.unwrap_or_else(|| "press-release".to_owned()),
        country: said(&meta.country),
        captured: capture.captured.clone(),
        digest,
        text_sha256,
        warc: None,
        headline: said(&meta.title).map(|title| squeeze(&title)).or(found.headline),
        published: said(&meta.date)
            .and_then(|date| calendar.value(&date))
            .map(|date| date.to_string())
            .or(found.published),
        language: found.language,
        issuer: said(&meta.issuer).or(found.issuer),
        text: found.text,
    }
}

/// The last part of an address's host, a hint at its charset.
pub(crate) fn country_of(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    url.domain()?.rsplit('.').next().map(str::to_owned)
}

fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}
