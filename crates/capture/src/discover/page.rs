//! The links of a page, what each is for its source, and which page is the next of a list.

use std::collections::HashSet;

use chancery_html::NotText;
use scraper::{ElementRef, Html};
use url::Url;

use super::{Addresses, DiscoverError, RobotsTag, normalize, style};
use crate::plan::{Kind, Paging, Plan, Requisites};

/// A page may have as many bytes as this.
const MAX_BYTES: usize = 32 << 20;
/// As many links of a page are taken: a list page of all years may have thousands.
const MAX_LINKS: usize = 20_000;
/// As many characters of a link's words are kept.
const MAX_WORDS: usize = 300;
/// As many candidates of a `srcset` are looked at.
const MAX_SET: usize = 50;

/// What a page leads to. No address stands twice.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Links in the order of the page.
    pub links: Vec<Link>,
    /// The list page after this one.
    pub next: Option<Url>,
    /// The address that the page itself says is its own (`rel=canonical`).
    pub canonical: Option<Url>,
    /// Feeds that the page names (`rel=alternate`), each with its title.
    pub feeds: Vec<(Url, String)>,
    /// Where the page sends its reader by itself (`http-equiv=refresh`).
    pub refresh: Option<Url>,
    /// The page's title (`<title>`).
    pub title: Option<String>,
    /// What the page forbids.
    pub robots: RobotsTag,
    /// What is needed to show the page as it was; nothing where the plan wants nothing.
    pub requisites: Vec<Requisite>,
    /// A digest of the words that a reader sees.
    pub words: String,
    /// A digest of these words without digits, and of where the links lead: the same for two answers of one page that differ
    /// in a token, a counter, the time. `None` where the page has no links.
    pub face: Option<String>,
}

/// A link of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where it leads, in its one spelling.
    pub url: Url,
    /// Its words, or the `title` or picture's `alt` where it has none.
    pub words: String,
    /// Whether the page asks that it not be followed.
    pub nofollow: bool,
    /// What the address is for the source.
    pub kind: Kind,
}

/// What a page needs besides itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requisite {
    /// Where it is.
    pub url: Url,
    /// Whether it is a document that the page links to, and no part of how the page looks.
    pub document: bool,
}

/// Looks through a page that was fetched from `base`. `charset` is what the transport said.
///
/// # Errors
/// [`DiscoverError`] for what is too large, or no text.
pub fn page(
    bytes: &[u8],
    charset: Option<&str>,
    base: &Url,
    plan: &Plan,
    addresses: &Addresses,
) -> Result<Page, DiscoverError> {
    if bytes.len() > MAX_BYTES {
        return Err(DiscoverError::TooLarge { what: "page", limit: MAX_BYTES });
    }
    let not_one = |why: NotText| DiscoverError::NotOne { what: "page", why: why.to_string() };
    let country = base.domain().and_then(|domain| domain.rsplit('.').next());
    let characters = chancery_html::decode(bytes, charset, country).map_err(not_one)?;
    let html = chancery_html::tree(&characters.text);
    let mut look = Look::new(base, plan, addresses, &html);
    for element in html.root_element().descendent_elements() {
        look.at(element);
    }
    if let Paging::Next(selector) = &plan.paging {
        let found = html.select(selector).find_map(|element| look.target_within(element));
        look.page.next = found.filter(|next| next != base);
    }
    let words = visible(&html);
    look.page.face = look.face(&words);
    look.page.words = chancery_warc::sha256(words.as_bytes());
    Ok(look.page)
}

/// The words of a page, each behind a blank, without what is for programs.
fn visible(html: &Html) -> String {
    let mut out = String::new();
    for node in html.tree.root().descendants() {
        let Some(text) = node.value().as_text() else { continue };
        let within = node.parent().and_then(|parent| Some(parent.value().as_element()?.name()));
        if !matches!(within, Some("script" | "style" | "template" | "noscript")) {
            text.split_whitespace().for_each(|word| {
                out.push(' ');
                out.push_str(word);
            });
        }
    }
    out
}

/// What is found while walking over the elements once.
struct Look<'p> {
    base: Url,
    plan: &'p Plan,
    addresses: &'p Addresses,
    page: Page,
    seen: HashSet<Url>,
    needed: HashSet<Url>,
}

impl<'p> Look<'p> {
    fn new(base: &Url, plan: &'p Plan, addresses: &'p Addresses, html: &Html) -> Self {
        let all = html.root_element().descendent_elements();
        let mut bases = all.filter(|element| element.value().name() == "base");
        let own = bases.find_map(|element| element.attr("href")).and_then(|href| base.join(href.trim()).ok());
        let base = own.filter(|own| matches!(own.scheme(), "http" | "https")).unwrap_or_else(|| base.clone());
        Self { base, plan, addresses, page: Page::default(), seen: HashSet::new(), needed: HashSet::new() }
    }

    fn face(&self, words: &str) -> Option<String> {
        let links = self.page.links.iter().map(|link| link.url.as_str());
        let links = links.collect::<Vec<_>>().join("\n");
        let words: String = words.chars().filter(|c| !c.is_numeric()).collect();
        (!links.is_empty()).then(|| chancery_warc::sha256(format!("{links}\n{words}").as_bytes()))
    }

    fn at(&mut self, element: ElementRef<'_>) {
        if let Some(css) = element.attr("style") {
            self.styled(css);
        }
        match element.value().name() {
            "a" | "area" => self.link(element, "href"),
            "frame" | "iframe" => self.link(element, "src"),
            "link" => self.head_link(element),
            "meta" => self.meta(element),
            "style" => self.styled(&element.text().collect::<String>()),
            // Pictures have titles too.
            "title" if self.page.title.is_none() => self.page.title = Some(words(element)),
            "img" | "source" | "video" | "audio" | "script" | "input" | "embed" | "object" => {
                self.part(element);
            }
            _ => {}
        }
    }

    /// Where an attribute leads: white space as browsers have it, resolved, in its one spelling.
    fn target(&self, value: &str) -> Option<Url> {
        let value = value.trim();
        if value.is_empty() || value.starts_with('#') {
            return None;
        }
        normalize(&self.base.join(value).ok()?, self.addresses)
    }

    /// Where an element, or the first link in it, leads.
    fn target_within(&self, element: ElementRef<'_>) -> Option<Url> {
        let own = element.attr("href");
        let within = || element.descendent_elements().find_map(|inner| inner.attr("href"));
        self.target(own.or_else(within)?)
    }

    fn link(&mut self, element: ElementRef<'_>, attribute: &str) {
        let rel = |word: &str| has_word(element.attr("rel"), word);
        let Some(url) = element.attr(attribute).and_then(|value| self.target(value)) else { return };
        if rel("next") && !matches!(self.plan.paging, Paging::Next(_)) && url != self.base {
            self.page.next.get_or_insert_with(|| url.clone());
        }
        if self.plan.requisites != Requisites::None && self.addresses.is_document(&url) {
            self.need(url.clone(), true);
        }
        if self.page.links.len() >= MAX_LINKS || !self.seen.insert(url.clone()) {
            return;
        }
        let nofollow = ["nofollow", "ugc", "sponsored"].iter().any(|word| rel(word));
        let kind = self.plan.kind_of(&url);
        self.page.links.push(Link { url, words: words(element), nofollow, kind });
    }

    fn head_link(&mut self, element: ElementRef<'_>) {
        let rel = |word: &str| has_word(element.attr("rel"), word);
        let Some(url) = element.attr("href").and_then(|value| self.target(value)) else { return };
        let kind = element.attr("type").unwrap_or_default().to_ascii_lowercase();
        if rel("canonical") {
            self.page.canonical.get_or_insert_with(|| url.clone());
        }
        if rel("next") && !matches!(self.plan.paging, Paging::Next(_)) && url != self.base {
            self.page.next.get_or_insert_with(|| url.clone());
        }
        if rel("alternate") && ["rss", "atom", "rdf", "feed+json"].iter().any(|feed| kind.contains(feed)) {
            let title = element.attr("title").unwrap_or_default().trim().to_owned();
            self.page.feeds.push((url.clone(), title));
        }
        if self.plan.requisites == Requisites::All
            && ["stylesheet", "icon", "preload", "manifest"].iter().any(|word| rel(word))
        {
            self.need(url, false);
        }
    }

    fn meta(&mut self, element: ElementRef<'_>) {
        let content = element.attr("content").unwrap_or_default();
        let is = |attribute: &str, name: &str| {
            element.attr(attribute).is_some_and(|own| own.trim().eq_ignore_ascii_case(name))
        };
        if is("name", "robots") || is("name", "chancery") {
            self.page.robots.add(content, &[]);
        }
        if is("http-equiv", "refresh") {
            let address = content.split_once(';').map(|(_, rest)| rest.trim());
            let address = address.map(|rest| match rest.get(..4) {
                Some(start) if start.eq_ignore_ascii_case("url=") => rest.get(4..).unwrap_or_default(),
                _ => rest,
            });
            let target = address.and_then(|address| self.target(address.trim_matches(['\'', '"'])));
            self.page.refresh = self.page.refresh.take().or(target);
        }
    }

    /// Pictures, sounds, scripts.
    fn part(&mut self, element: ElementRef<'_>) {
        if self.plan.requisites != Requisites::All {
            return;
        }
        let single = ["src", "poster", "data"].into_iter().filter_map(|name| element.attr(name));
        // Commas stand in addresses too, but one that parts candidates has white space behind it.
        let set = element.attr("srcset").unwrap_or_default();
        let set = set.split(", ").take(MAX_SET).filter_map(|candidate| candidate.split_whitespace().next());
        let found: Vec<Url> = single.chain(set).filter_map(|value| self.target(value)).collect();
        for url in found {
            self.need(url, false);
        }
    }

    /// Pictures and fonts that a part of a style sheet names.
    fn styled(&mut self, css: &str) {
        if self.plan.requisites == Requisites::All {
            for url in style(css, &self.base, self.addresses) {
                self.need(url, false);
            }
        }
    }

    fn need(&mut self, url: Url, document: bool) {
        if self.page.requisites.len() < MAX_LINKS && self.needed.insert(url.clone()) {
            self.page.requisites.push(Requisite { url, document });
        }
    }
}

fn has_word(value: Option<&str>, word: &str) -> bool {
    value.is_some_and(|value| value.split_whitespace().any(|own| own.eq_ignore_ascii_case(word)))
}

/// The words of a link, squeezed.
fn words(element: ElementRef<'_>) -> String {
    let mut out = String::new();
    let alt = element.descendent_elements().find_map(|inner| inner.attr("alt"));
    let own = element.text().map(str::to_owned).collect::<Vec<_>>().concat();
    let all = if own.trim().is_empty() { element.attr("title").or(alt).unwrap_or_default() } else { &own };
    for word in all.split_whitespace() {
        if out.chars().count() + word.chars().count() >= MAX_WORDS {
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use regex::Regex;
    use scraper::Selector;

    use super::*;

    fn look(html: &str, change: impl FnOnce(&mut Plan)) -> Page {
        let base = Url::parse("https://tides.example/news/index.php?page=1").unwrap();
        let mut plan = Plan::new("no-tides", vec![base.clone()]);
        plan.release = vec![Regex::new("^/news/[0-9]+").unwrap()];
        change(&mut plan);
        let addresses = Addresses { documents: vec!["pdf".into()], ..Addresses::default() };
        page(html.as_bytes(), None, &base, &plan, &addresses).unwrap()
    }

    fn links(page: &Page) -> Vec<String> {
        page.links.iter().map(|link| format!("{} {:?} {}", link.url, link.kind, link.words)).collect()
    }

    #[test]
    fn links_are_resolved_and_named_once() {
        let page = look(
            "<a href=' 7/pier '>New\n <b>pier</b></a><a href=/news/7/pier#top>again</a><a href='#x'>here</a><a>none</a>
             <a href='?page=2'>2</a><a href='//other.example/n'>there</a><a href='mailto:a@b.example'>mail</a>
             <a href=/i><img alt='A map' src=m.png></a><area href=/area title=Area><a href='http://[bad'>bad</a>",
            |_| {},
        );
        let want = [
            "https://tides.example/news/7/pier Release New pier",
            "https://tides.example/news/index.php?page=2 Other 2",
            "https://other.example/n Outside there",
            "https://tides.example/i Other A map",
            "https://tides.example/area Other Area",
        ];
        assert_eq!(links(&page), want);
        let page = look("<base href=/en/><base href=/no/><a href=1>one</a>", |_| {});
        assert_eq!(links(&page), ["https://tides.example/en/1 Other one"]);
    }

    #[test]
    fn a_page_says_what_it_forbids_and_where_it_belongs() {
        let page = look(
            "<meta name=Robots content='noarchive,nofollow'><link rel=canonical href=/news/7>
             <link rel=alternate type=application/rss+xml title=News href=/feed><link rel=alternate hreflang=no href=/no>
             <meta http-equiv=Refresh content=\"0; URL='/moved'\"><a rel='external nofollow' href=/x>x</a>",
            |_| {},
        );
        assert_eq!(page.robots, RobotsTag { noarchive: true, nofollow: true, noindex: false });
        assert_eq!(page.canonical.unwrap().path(), "/news/7");
        assert_eq!(page.feeds, [(Url::parse("https://tides.example/feed").unwrap(), "News".to_owned())]);
        assert_eq!(page.refresh.unwrap().path(), "/moved");
        assert!(page.links[0].nofollow);
    }

    #[test]
    fn the_next_page_is_found() {
        let next =
            |html: &str, paging: Paging| look(html, |plan| plan.paging = paging).next.map(String::from);
        let css = |css: &str| Paging::Next(Selector::parse(css).unwrap());
        let two = Some("https://tides.example/news/index.php?page=2".to_owned());
        assert_eq!(next("<a rel=next href='?page=2'>", Paging::None), two);
        assert_eq!(next("<link rel='prefetch next' href='?page=2'>", Paging::None), two);
        assert_eq!(next("<li class=next><a href='?page=2'>»</a></li>", css(".next")), two);
        assert_eq!(next("<a rel=next href='?page=9'></a><a class=more href='?page=2'>", css("a.more")), two);
        assert_eq!(next("<a class=more href='?page=1'>", css("a.more")), None, "not the page itself");
        assert_eq!(next("<p>end</p>", css("a.more")), None);
    }

    #[test]
    fn requisites_are_what_the_plan_wants() {
        let html = "<link rel=stylesheet href=/s.css><img src=/a.png srcset='/b.png 1x, /c,d.png 2x'><script src=/j.js></script>
            <a href=/annex.PDF>Annex</a>";
        let of = |wanted| {
            let page = look(html, |plan| plan.requisites = wanted);
            page.requisites
                .iter()
                .map(|r| format!("{}{}", r.url.path(), if r.document { "!" } else { "" }))
                .collect::<Vec<_>>()
        };
        assert!(of(Requisites::None).is_empty());
        assert_eq!(of(Requisites::Documents), ["/annex.PDF!"]);
        assert_eq!(of(Requisites::All), ["/s.css", "/a.png", "/b.png", "/c,d.png", "/j.js", "/annex.PDF!"]);
    }
}
