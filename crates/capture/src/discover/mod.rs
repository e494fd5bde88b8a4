//! What a page, a feed or a sitemap leads to: links, further list pages, and which of them are releases. Pure: bytes
//! and rules in, addresses out.
//!
//! ```
//! use chancery_capture::discover::{Addresses, page};
//! use chancery_capture::plan::{Kind, Plan};
//! use url::Url;
//!
//! let base = Url::parse("https://www.tides.example/news")?;
//! let mut plan = Plan::new("no-tides", vec![base.clone()]);
//! plan.release = vec![regex::Regex::new("^/news/[0-9]{4}/")?];
//! let found = page(b"<a href='/news/2024/pier?utm_source=x#top'>New pier</a>", None, &base, &plan, &Addresses::default())?;
//! assert_eq!(found.links[0].url.as_str(), "https://www.tides.example/news/2024/pier?utm_source=x");
//! assert_eq!(found.links[0].kind, Kind::Release);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod page;

mod feed;
mod sitemap;
mod style;
mod xml;

mod address;
mod robots_tag;
mod trap;

pub use address::{Addresses, key, normalize};
pub use feed::{Feed, FeedItem, feed};
pub use page::{Link, Page, Requisite, page};
pub use robots_tag::RobotsTag;
pub use sitemap::{Sitemap, SitemapItem, sitemap};
pub use style::style;
pub use trap::{Trap, Traps};

use thiserror::Error;

/// Why nothing was found in some bytes.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DiscoverError {
    /// More bytes than are looked through.
    #[error("{what} of more than {limit} bytes")]
    TooLarge {
        /// What it is, `a feed`.
        what: &'static str,
        /// How many it may have.
        limit: usize,
    },
    /// Elements within elements, more than any honest file has.
    #[error("{what} with elements nested more than {limit} deep")]
    TooDeep {
        /// What it is.
        what: &'static str,
        /// How deep they may be.
        limit: usize,
    },
    /// Something else than was asked for.
    #[error("no {what}: {why}")]
    NotOne {
        /// What was looked for.
        what: &'static str,
        /// What was found wrong.
        why: String,
    },
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::plan::{Kind, Plan, Requisites};

    const PIECES: &str = "< > </ /> <a_href= <a_href='/x?a=1#b'> </a> <url> </url> <loc> </loc> <urlset> <sitemapindex> <sitemap> <rss_version='2.0'>
        <channel> <item> <link> </link> </item> <entry> <feed_xmlns='http://www.w3.org/2005/Atom'> <![CDATA[ ]]> <!-- --> &amp; & &#x0; &#999999999; <?xml ?>
        <!DOCTYPE <base_href='//x'> <meta_name=robots_content= <meta_http-equiv=refresh_content='0;url=é'> srcset=' http://a.example/ https:// [ % %e
        \u{1F}\u{8B} é ; = ' \" {\"version\":\"https://jsonfeed.org/version/1\",\"items\":[";

    proptest! {
        #[test]
        fn any_bytes_are_looked_through(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            look_through(&bytes);
        }

        #[test]
        fn any_pieces_are_looked_through(
            pieces in prop::collection::vec(prop::sample::select(PIECES.split_whitespace().collect::<Vec<_>>()), 0..60),
        ) {
            look_through(pieces.join(" ").replace('_', " ").as_bytes());
        }

        #[test]
        fn one_spelling_stays_as_it_is(text in "https?://[a-z.]{1,9}[/a-zA-Z0-9%;=&?.#~é]{0,40}") {
            if let Ok(url) = url::Url::parse(&text) && let Some(once) = normalize(&url, &Addresses::default()) {
                prop_assert_eq!(normalize(&once, &Addresses::default()), Some(once.clone()));
                let _ = Traps::default().notice(&once, Kind::Other, &Addresses::default(), jiff::civil::date(2024, 1, 1));
            }
        }
    }

    fn look_through(bytes: &[u8]) {
        let base = url::Url::parse("https://tides.example/a/b").unwrap();
        let mut plan = Plan::new("x", vec![base.clone()]);
        plan.requisites = Requisites::All;
        let addresses = Addresses::default();
        let _ = (feed(bytes, &base, &addresses), sitemap(bytes, &base, &addresses));
        if let Ok(page) = page(bytes, None, &base, &plan, &addresses) {
            assert!(page.links.iter().all(|link| link.url.fragment().is_none()));
        }
    }
}
