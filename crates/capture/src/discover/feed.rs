//! Feeds: RSS 0.9 to 2.0, RDF (RSS 1.0), Atom (RFC 4287) and its paging (RFC 5005), JSON Feed.

use jiff::Timestamp;
use url::Url;

use super::xml::{self, Element};
use super::{Addresses, DiscoverError, normalize};

/// A feed may have as many bytes as this.
const MAX_BYTES: usize = 16 << 20;
/// As many items of it are taken.
const MAX_ITEMS: usize = 10_000;

/// What a feed says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Feed {
    /// Its items in their order.
    pub items: Vec<FeedItem>,
    /// The page of the feed with older items (RFC 5005).
    pub next: Option<Url>,
    /// What is wrong with it, where not all of it could be read.
    pub fault: Option<String>,
}

/// One release of a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedItem {
    /// Where it is.
    pub url: Url,
    /// Its headline.
    pub title: Option<String>,
    /// When it was published, or last changed where that is not said.
    pub published: Option<Timestamp>,
}

/// Reads a feed of any kind. One that breaks the rules is read as far as it goes, and says so in [`Feed::fault`].
///
/// # Errors
/// [`DiscoverError`] for what is too large, nested too deeply, or no feed at all.
pub fn feed(bytes: &[u8], base: &Url, addresses: &Addresses) -> Result<Feed, DiscoverError> {
    if bytes.len() > MAX_BYTES {
        return Err(DiscoverError::TooLarge { what: "feed", limit: MAX_BYTES });
    }
    let not_one = |why: String| DiscoverError::NotOne { what: "feed", why };
    let characters = chancery_html::decode(bytes, None, None).map_err(|why| not_one(why.to_string()))?;
    let text = without_declaration(&characters.text);
    if text.starts_with('<') {
        // Before the whole is built: how deep it is.
        if let Err(deep @ DiscoverError::TooDeep { .. }) = xml::elements("feed", text, |_, _| {}) {
            return Err(deep);
        }
    }
    let parser = feed_rs::parser::Builder::new().base_uri(Some(base.as_str())).build();
    match parser.parse(text.as_bytes()) {
        Ok(read) => Ok(of_model(&read, base, addresses)),
        Err(why) => {
            let mut salvaged = salvage(text, base, addresses);
            if salvaged.items.is_empty() {
                return Err(not_one(why.to_string()));
            }
            salvaged.fault = Some(why.to_string());
            Ok(salvaged)
        }
    }
}

/// The characters without `<?xml … ?>`, which names a charset that they no longer have.
pub(super) fn without_declaration(characters: &str) -> &str {
    let text = characters.trim_start_matches('\u{FEFF}').trim_start();
    match text.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")) {
        Some((_, rest)) => rest.trim_start(),
        None => text,
    }
}

fn of_model(read: &feed_rs::model::Feed, base: &Url, addresses: &Addresses) -> Feed {
    let time = |at: &Option<_>| at.as_ref().and_then(seconds);
    let mut feed = Feed::default();
    for entry in read.entries.iter().take(MAX_ITEMS) {
        let is_page = |rel: Option<&str>| rel.is_none_or(|rel| rel == "alternate");
        let link =
            entry.links.iter().find(|link| is_page(link.rel.as_deref())).map(|link| link.href.as_str());
        // A feed without links may have addresses for ids: `guid isPermaLink`.
        if let Some(url) = address(link.unwrap_or(&entry.id), base, addresses) {
            let title = entry.title.as_ref().map(|title| title.content.trim().to_owned());
            let published = time(&entry.published).or_else(|| time(&entry.updated));
            feed.items.push(FeedItem { url, title: title.filter(|title| !title.is_empty()), published });
        }
    }
    let next = read
        .links
        .iter()
        .find(|link| link.rel.as_deref().is_some_and(|rel| matches!(rel, "next" | "prev-archive")));
    feed.next = next.and_then(|link| address(&link.href, base, addresses));
    feed
}

/// A time of the feed library's own kind.
fn seconds<Z: std::fmt::Display>(at: &Z) -> Option<Timestamp> {
    at.to_string().replace(" UTC", "Z").replacen(' ', "T", 1).parse().ok()
}

fn address(text: &str, base: &Url, addresses: &Addresses) -> Option<Url> {
    let text = text.trim();
    (!text.is_empty()).then(|| base.join(text).ok()).flatten().and_then(|url| normalize(&url, addresses))
}

/// The items of a feed that the library refuses.
fn salvage(text: &str, base: &Url, addresses: &Addresses) -> Feed {
    let mut feed = Feed::default();
    let (mut link, mut guid, mut title) = (None, None, None);
    let is_item = |name: &str| matches!(name, "item" | "entry");
    // That it breaks off is known already.
    let _ = xml::elements("feed", text, |around: &[Element], element| {
        let in_item = around.last().is_some_and(|above| is_item(&above.name));
        match element.name.as_str() {
            "link" if in_item && element.attribute("rel").is_none_or(|rel| rel == "alternate") => {
                let found = element.attribute("href").unwrap_or(&element.text);
                link = link.take().or_else(|| address(found, base, addresses));
            }
            "guid" | "id" if in_item => {
                guid = address(&element.text, base, addresses).filter(|_| element.text.contains("://"));
            }
            "title" if in_item => {
                title = Some(element.text.trim().to_owned()).filter(|title| !title.is_empty());
            }
            name if is_item(name) => {
                if let Some(url) = link.take().or_else(|| guid.take())
                    && feed.items.len() < MAX_ITEMS
                {
                    feed.items.push(FeedItem { url, title: title.take(), published: None });
                }
                (guid, title) = (None, None);
            }
            _ => {}
        }
    });
    feed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Feed, DiscoverError> {
        feed(text.as_bytes(), &Url::parse("https://tides.example/feed.xml").unwrap(), &Addresses::default())
    }

    fn told(feed: &Feed) -> Vec<String> {
        let of = |item: &FeedItem| {
            let published = item.published.map(|at| at.to_string()).unwrap_or_default();
            format!("{} {} {published}", item.url.path(), item.title.as_deref().unwrap_or("-"))
        };
        feed.items.iter().map(of).collect()
    }

    #[test]
    fn feeds_of_every_kind() {
        let rss = "<?xml version='1.0' encoding='ISO-8859-1'?><rss version='2.0'><channel><title>T</title>
            <item><title>Pier opens</title><link>/news/1</link><pubDate>Mon, 04 Mar 2024 10:00:00 +0100</pubDate></item>
            <item><title>Fees &amp; dues</title><guid>https://tides.example/news/2</guid></item></channel></rss>";
        assert_eq!(
            told(&read(rss).unwrap()),
            ["/news/1 Pier opens 2024-03-04T09:00:00Z", "/news/2 Fees & dues "]
        );
        let rdf = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>
            <channel rdf:about='https://tides.example/'><title>T</title><link>https://tides.example/</link></channel>
            <item rdf:about='https://tides.example/news/3'><title>Three</title><link>https://tides.example/news/3</link></item></rdf:RDF>";
        assert_eq!(told(&read(rdf).unwrap()), ["/news/3 Three "]);
        let atom = "<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title><id>x</id><updated>2024-03-04T00:00:00Z</updated>
            <link rel='next' href='/feed.xml?page=2'/>
            <entry><id>tag:4</id><title>Four</title><updated>2024-03-04T08:00:00Z</updated>
            <link rel='self' href='/x.atom'/><link rel='alternate' href='/news/4#c'/></entry></feed>";
        let based = "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://tides.example/en/'><title>T</title><id>x</id>
            <updated>2024-03-04T00:00:00Z</updated><entry xml:base='press/'><id>tag:5</id><title>Five</title>
            <updated>2024-03-04T08:00:00Z</updated><link href='5.html'/></entry></feed>";
        assert_eq!(told(&read(based).unwrap()), ["/en/press/5.html Five 2024-03-04T08:00:00Z"]);
        let atom = read(atom).unwrap();
        assert_eq!(told(&atom), ["/news/4 Four 2024-03-04T08:00:00Z"]);
        assert_eq!(atom.next.unwrap().as_str(), "https://tides.example/feed.xml?page=2");
    }

    #[test]
    fn a_broken_feed_gives_what_it_can() {
        let cut =
            "<rss version='2.0'><channel><item><title>A</title><link>https://tides.example/1</link></item>
            <item><title>B & C</title><link>https://tides.example/2</link></item><item><title>D";
        let feed = read(cut).unwrap();
        assert_eq!(told(&feed), ["/1 A ", "/2 B & C "]);
        assert!(feed.fault.is_some());
        let odd =
            "<rss version='3'><channel><item><link>https://tides.example/1</link></item></channel></rss>";
        assert_eq!(told(&read(odd).unwrap()), ["/1 - "]);
    }

    #[test]
    fn what_is_no_feed_is_told() {
        assert!(read("<!doctype html><p>Not found</p>").unwrap_err().to_string().starts_with("no feed: "));
        assert!(read("").is_err());
        let deep = format!("<rss version='2.0'>{}", "<a>".repeat(1000));
        assert_eq!(read(&deep).unwrap_err().to_string(), "feed with elements nested more than 200 deep");
        assert!(matches!(read(&" ".repeat(MAX_BYTES + 1)), Err(DiscoverError::TooLarge { .. })));
        let bomb = "<!DOCTYPE rss [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]><rss version='2.0'><channel>
            <item><title>&b;</title><link>https://tides.example/1</link></item></channel></rss>";
        let title = read(bomb).map(|feed| feed.items[0].title.clone());
        assert!(title.is_err() || title.is_ok_and(|title| title.is_none_or(|title| title.len() < 20)));
    }
}
