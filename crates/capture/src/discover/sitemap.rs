//! Sitemaps as sitemaps.org has them: XML, an index of others, plain text; packed with gzip or not.

use std::io::Read as _;

use flate2::read::MultiGzDecoder;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use url::Url;

use super::feed::without_declaration;
use super::xml;
use super::{Addresses, DiscoverError, normalize};

/// A sitemap may have as many bytes as this, unpacked: the protocol says 50 MB.
const MAX_BYTES: usize = 52_428_800;
/// The protocol says 50,000 addresses; what comes after twice as many is left.
const MAX_ITEMS: usize = 100_000;

/// What a sitemap says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sitemap {
    /// Pages in their order.
    pub pages: Vec<SitemapItem>,
    /// Further sitemaps: this one is an index.
    pub sitemaps: Vec<SitemapItem>,
    /// What is wrong with it, where not all of it could be read.
    pub fault: Option<String>,
}

/// One address of a sitemap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SitemapItem {
    /// Where it is.
    pub url: Url,
    /// When it last changed; the beginning of the day in UTC where only that is said.
    pub modified: Option<Timestamp>,
}

/// Reads a sitemap of any form. A feed counts as one, as the protocol has it. One that breaks off is read as far as
/// it goes, and says so in [`Sitemap::fault`].
///
/// # Errors
/// [`DiscoverError`] for what is too large, nested too deeply, or no sitemap at all.
pub fn sitemap(bytes: &[u8], base: &Url, addresses: &Addresses) -> Result<Sitemap, DiscoverError> {
    let not_one = |why: String| DiscoverError::NotOne { what: "sitemap", why };
    let (bytes, torn) = unpacked(bytes)?;
    let characters = chancery_html::decode(&bytes, None, None).map_err(|why| not_one(why.to_string()))?;
    let text = without_declaration(&characters.text);
    let mut found =
        if text.starts_with('<') { of_xml(text, base, addresses)? } else { of_lines(text, addresses) };
    found.fault = found.fault.or(torn);
    if !found.pages.is_empty() || !found.sitemaps.is_empty() {
        return Ok(found);
    }
    match super::feed(&bytes, base, addresses) {
        Ok(feed) => {
            let pages =
                feed.items.into_iter().map(|item| SitemapItem { url: item.url, modified: item.published });
            Ok(Sitemap { pages: pages.collect(), sitemaps: Vec::new(), fault: feed.fault })
        }
        // An empty one is one.
        Err(_) if text.starts_with("<urlset") || text.starts_with("<sitemapindex") => Ok(found),
        Err(_) => Err(found.fault.map_or_else(|| not_one("it names no address".into()), not_one)),
    }
}

/// The bytes without gzip; where the end is missing, those before it and what is wrong.
fn unpacked(bytes: &[u8]) -> Result<(Vec<u8>, Option<String>), DiscoverError> {
    let too_large = || DiscoverError::TooLarge { what: "sitemap", limit: MAX_BYTES };
    if !bytes.starts_with(b"\x1F\x8B") {
        return if bytes.len() > MAX_BYTES { Err(too_large()) } else { Ok((bytes.to_vec(), None)) };
    }
    let mut out = Vec::new();
    let limit = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX) + 1;
    let read = MultiGzDecoder::new(bytes).take(limit).read_to_end(&mut out);
    if out.len() > MAX_BYTES {
        return Err(too_large());
    }
    Ok((out, read.err().map(|why| format!("its gzip is broken: {why}"))))
}

fn of_xml(text: &str, base: &Url, addresses: &Addresses) -> Result<Sitemap, DiscoverError> {
    let mut found = Sitemap::default();
    let (mut url, mut modified) = (None, None);
    let read = xml::elements("sitemap", text, |around, element| {
        let within = around.last().map(|above| above.name.as_str()).unwrap_or_default();
        match (element.name.as_str(), within) {
            ("loc", "url" | "sitemap") => {
                url = base.join(element.text.trim()).ok().and_then(|url| normalize(&url, addresses));
            }
            ("lastmod", "url" | "sitemap") => modified = time(element.text.trim()),
            (kind @ ("url" | "sitemap"), _) => {
                let list = if kind == "url" { &mut found.pages } else { &mut found.sitemaps };
                if let Some(url) = url.take().filter(|_| list.len() < MAX_ITEMS) {
                    list.push(SitemapItem { url, modified });
                }
                modified = None;
            }
            _ => {}
        }
    });
    match read {
        Err(deep @ DiscoverError::TooDeep { .. }) => return Err(deep),
        Err(DiscoverError::NotOne { why, .. }) => found.fault = Some(why),
        _ => {}
    }
    Ok(found)
}

/// One address a line. A text with other lines is none.
fn of_lines(text: &str, addresses: &Addresses) -> Sitemap {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(MAX_ITEMS);
    let url = |line: &str| Url::parse(line).ok().and_then(|url| normalize(&url, addresses));
    let pages: Option<Vec<_>> =
        lines.map(|line| Some(SitemapItem { url: url(line)?, modified: None })).collect();
    Sitemap { pages: pages.unwrap_or_default(), ..Sitemap::default() }
}

/// A date or time as W3C's note has it.
fn time(text: &str) -> Option<Timestamp> {
    let whole = text.parse().ok();
    whole.or_else(|| {
        let day: Date = text.get(..10)?.parse().ok()?;
        day.to_zoned_datetime(TimeZone::UTC).ok().map(|midnight| midnight.timestamp())
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn read(bytes: &[u8]) -> Result<Sitemap, DiscoverError> {
        sitemap(bytes, &Url::parse("https://tides.example/sitemap.xml").unwrap(), &Addresses::default())
    }

    fn told(items: &[SitemapItem]) -> Vec<String> {
        let of = |item: &SitemapItem| {
            format!("{} {}", item.url, item.modified.map(|at| at.to_string()).unwrap_or_default())
        };
        items.iter().map(of).collect()
    }

    const PAGES: &str = "<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>
        <url><loc> https://tides.example/n/1 </loc><lastmod>2024-03-04</lastmod></url>
        <url><loc>https://tides.example/n?a=1&amp;b=2</loc><lastmod>2024-03-04T10:00:00+01:00</lastmod>
        <image:image xmlns:image='x'><image:loc>https://tides.example/p.jpg</image:loc></image:image></url>
        <url><loc>mailto:x@tides.example</loc></url><url><lastmod>2024</lastmod></url></urlset>";

    #[test]
    fn sitemaps_of_every_form() {
        let want = [
            "https://tides.example/n/1 2024-03-04T00:00:00Z",
            "https://tides.example/n?a=1&b=2 2024-03-04T09:00:00Z",
        ];
        assert_eq!(told(&read(PAGES.as_bytes()).unwrap().pages), want);
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packed.write_all(PAGES.as_bytes()).unwrap();
        let packed = packed.finish().unwrap();
        assert_eq!(told(&read(&packed).unwrap().pages), want);
        let index = "<sitemapindex><sitemap><loc>/s1.xml.gz</loc></sitemap></sitemapindex>";
        assert_eq!(told(&read(index.as_bytes()).unwrap().sitemaps), ["https://tides.example/s1.xml.gz "]);
        let lines = "\u{FEFF}https://tides.example/a\r\n\r\nhttps://tides.example/b#x\n";
        assert_eq!(
            told(&read(lines.as_bytes()).unwrap().pages),
            ["https://tides.example/a ", "https://tides.example/b "]
        );
        let feed =
            "<rss version='2.0'><channel><item><link>https://tides.example/1</link></item></channel></rss>";
        assert_eq!(told(&read(feed.as_bytes()).unwrap().pages), ["https://tides.example/1 "]);
        assert_eq!(read(b"<urlset></urlset>").unwrap(), Sitemap::default());
    }

    #[test]
    fn a_torn_sitemap_gives_what_it_can() {
        let torn = PAGES.split("<image:image").next().unwrap();
        let found = read(torn.as_bytes()).unwrap();
        assert_eq!(found.pages.len(), 2);
        assert_eq!(found.fault.as_deref(), Some("it ends within <url>"));
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
        packed.write_all(PAGES.repeat(50).as_bytes()).unwrap();
        let packed = packed.finish().unwrap();
        let found = read(&packed[..packed.len() / 2]).unwrap();
        assert!(found.pages.len() > 10 && found.fault.is_some(), "{:?}", found.fault);
    }

    #[test]
    fn what_is_no_sitemap_or_a_bomb_is_told() {
        assert!(read(b"<html><body>404</body></html>").unwrap_err().to_string().starts_with("no sitemap"));
        assert!(read(b"Not found").is_err());
        let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        bomb.write_all(&vec![b' '; MAX_BYTES + 1]).unwrap();
        assert!(matches!(read(&bomb.finish().unwrap()), Err(DiscoverError::TooLarge { .. })));
    }
}
