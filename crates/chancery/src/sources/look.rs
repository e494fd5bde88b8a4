//! What a source gives on a page: its selectors, what is read, and what its links are.

use chancery_capture::discover::{self, Addresses, DiscoverError, RobotsTag};
use chancery_capture::plan::{Kind, Paging, path_and_query};
use chancery_reader::{Lexicon, Matched, ReadError, matched};
use chancery_record::{Capture, Media, Meta, Release};
use url::Url;

use super::Source;

/// A page as a source sees it.
pub struct Look {
    /// What each selector of `[read]` finds.
    pub selectors: Vec<Matched>,
    /// The release that is read, or why none is.
    pub release: Result<Release, ReadError>,
    /// The links of the page.
    pub links: Vec<Seen>,
    /// The address that the page says is its own.
    pub own: Option<Url>,
    /// The list page after this one.
    pub next: Option<Url>,
    /// Feeds that the page names, with their titles.
    pub feeds: Vec<(Url, String)>,
    /// What the page forbids.
    pub robots: RobotsTag,
}

/// A link and what it is for the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Where it leads.
    pub url: Url,
    /// Its words.
    pub words: String,
    /// What it is.
    pub class: Class,
    /// Why.
    pub why: String,
}

/// What a link is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// A release.
    Release,
    /// A page of the list of releases.
    List,
    /// Another page of the site: it is not fetched.
    Other,
    /// A page that the source says to leave.
    Skipped,
    /// A page of another site.
    Outside,
}

impl Class {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 5] = [Self::Release, Self::List, Self::Other, Self::Skipped, Self::Outside];

    /// `release`, `list`, `other`, `skipped`, `outside`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::List => "list",
            Self::Other => "other",
            Self::Skipped => "skipped",
            Self::Outside => "outside",
        }
    }
}

impl Source {
    /// Looks at a page of the site that was fetched from `url`.
    ///
    /// # Errors
    /// Where the bytes are no page.
    pub fn look(
        &self,
        bytes: &[u8],
        url: &Url,
        lexicon: &Lexicon,
        addresses: &Addresses,
    ) -> Result<Look, DiscoverError> {
        let page = discover::page(bytes, None, url, &self.plan, addresses)?;
        let not_one = |why: String| DiscoverError::NotOne { what: "page", why };
        let selectors = matched(bytes, None, &self.read).map_err(|why| not_one(why.to_string()))?;
        let meta = Meta { url: Some(url.to_string()), ..self.defaults() };
        let capture = Capture { bytes: bytes.to_vec(), media: Media::Html, meta, ..Capture::default() };
        let release = chancery_reader::read(&capture, &self.read, lexicon);
        let next = page.next;
        let links = page.links.into_iter().map(|link| {
            let (class, why) = self.class_of(&link.url, link.kind, next.as_ref(), addresses);
            Seen { url: link.url, words: link.words, class, why }
        });
        Ok(Look {
            selectors,
            release,
            links: links.collect(),
            own: page.canonical,
            next,
            feeds: page.feeds,
            robots: page.robots,
        })
    }

    fn class_of(&self, url: &Url, kind: Kind, next: Option<&Url>, addresses: &Addresses) -> (Class, String) {
        let path = path_and_query(url);
        let pattern = |patterns: &[regex::Regex]| {
            let found = patterns.iter().find(|pattern| pattern.is_match(&path));
            found.map(|pattern| format!("matches `{pattern}`")).unwrap_or_default()
        };
        match kind {
            Kind::Outside => {
                (Class::Outside, format!("of another host, {}", url.host_str().unwrap_or("none")))
            }
            Kind::Skipped => (Class::Skipped, pattern(&self.plan.skip)),
            Kind::Release => (Class::Release, pattern(&self.plan.release)),
            Kind::Other if next == Some(url) => (Class::List, "the next page".into()),
            Kind::Other if self.plan.start.iter().any(|start| discover::key(start) == discover::key(url)) => {
                (Class::List, "a start page".into())
            }
            Kind::Other if self.is_paged(url) => (Class::List, "has the form of the list pages".into()),
            Kind::Other if addresses.is_media(url) => {
                (Class::Other, "ends like a file that is no page".into())
            }
            Kind::Other if addresses.is_document(url) => (Class::Other, "a document".into()),
            Kind::Other if self.plan.release.is_empty() => {
                (Class::Other, "the source has no `release`".into())
            }
            Kind::Other => (Class::Other, "no pattern of `release` matches".into()),
        }
    }

    /// Whether an address has the form of `pages` or `dates`.
    fn is_paged(&self, url: &Url) -> bool {
        let template = match &self.plan.paging {
            Paging::Numbered(pages) => &pages.template,
            Paging::ByDate(dates) => &dates.template,
            Paging::None | Paging::Next(_) => return false,
        };
        // Each place stands for a number; all else for itself.
        let mut form = regex::escape(template);
        for place in ["n", "yyyy", "mm", "m", "dd", "d"] {
            form = form.replace(&format!("\\{{{place}\\}}"), "[0-9]+");
        }
        regex::Regex::new(&format!("^{form}$")).is_ok_and(|form| form.is_match(url.as_str()))
    }
}
