//! The release's own title line.

use ego_tree::NodeId;
use scraper::ElementRef;

use crate::fold::{fold, squeeze};
use crate::main_text::Body;
use crate::outline::Marks;
use crate::page::{Page, text_of};
use crate::{Lexicon, Selectors};

/// The headline, and the element that shows it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Headline {
    pub(crate) text: Option<String>,
    pub(crate) node: Option<NodeId>,
}

/// A title longer than this is a text.
const MAX_CHARS: usize = 400;

pub(crate) fn find(page: &Page, body: &Body, selectors: &Selectors, lexicon: &Lexicon) -> Headline {
    by_selector(page, selectors).unwrap_or_else(|| {
        let said = Said::of(page, lexicon);
        by_heading(page, body, &said).unwrap_or_else(|| Headline { text: said.best(), node: None })
    })
}

fn by_selector(page: &Page, selectors: &Selectors) -> Option<Headline> {
    selectors.headline.iter().find_map(|css| {
        page.select(&css.selector).find_map(|element| {
            let text = match &css.attribute {
                Some(attribute) => squeeze(element.attr(attribute)?),
                None => text_of(element),
            };
            let node = css.attribute.is_none().then(|| element.id());
            (!text.is_empty()).then_some(Headline { text: Some(text), node })
        })
    })
}

/// What the page's head says its title is.
struct Said {
    /// From metadata, best first.
    meta: Vec<String>,
    /// `<title>`, whole and cut at its separators.
    title: Option<String>,
    parts: Vec<String>,
    site: Option<String>,
}

impl Said {
    fn of(page: &Page, lexicon: &Lexicon) -> Self {
        let meta = page.json.headline.as_deref().into_iter().chain(page.meta_values(&lexicon.meta.headline));
        // Some pages escape twice; metadata hold no markup.
        let meta = meta.map(|text| squeeze(&unescaped(text))).filter(|text| !text.is_empty()).collect();
        let title = page.title().map(text_of_title).filter(|title| !title.is_empty());
        let parts = title.iter().flat_map(|title| parts(title, &lexicon.title.separators)).collect();
        let site = page.meta_value(&lexicon.meta.site).or(page.json.publisher.as_deref()).map(fold);
        Self { meta, title, parts, site }
    }

    /// How well a heading agrees with it: 3 the same, 2 the beginning of one is the other, 0 not at all.
    fn agrees(&self, folded: &str) -> i32 {
        if folded.is_empty() || self.site.as_deref() == Some(folded) {
            return 0;
        }
        let all = || self.meta.iter().chain(&self.parts).chain(&self.title).map(|text| fold(text));
        if all().any(|text| text == folded) {
            return 3;
        }
        let begins = |text: String| {
            text.len().min(folded.len()) > 15 && (text.starts_with(folded) || folded.starts_with(&text))
        };
        if all().any(begins) { 2 } else { 0 }
    }

    /// The best guess without a heading on the page.
    fn best(&self) -> Option<String> {
        let is_site = |text: &str| self.site.as_deref() == Some(fold(text).as_str());
        let of_meta = self.meta.iter().find(|text| !is_site(text)).map(|meta| {
            // The same title with the site's name behind it.
            let part = self.parts.iter().find(|part| part.len() > 15 && meta.starts_with(part.as_str()));
            part.unwrap_or(meta).clone()
        });
        let longest = || {
            self.parts.iter().filter(|p| !is_site(p)).fold(None::<&String>, |a, b| match a {
                Some(a) if a.len() * 3 >= b.len() * 2 => Some(a),
                _ => Some(b),
            })
        };
        of_meta.or_else(|| longest().cloned()).or_else(|| self.title.clone())
    }
}

fn by_heading(page: &Page, body: &Body, said: &Said) -> Option<Headline> {
    let mut best: Option<(i32, Headline)> = None;
    let headings = Marks::HEADING.and(Marks::HEADLINE).and(Marks::ITS_HEADLINE);
    for (element, marks) in page.marked(page.body(), headings) {
        let level = level(element, marks);
        if level == 0 {
            continue;
        }
        let text = text_of(element);
        let folded = fold(&text);
        if folded.is_empty()
            || said.site.as_deref() == Some(folded.as_str())
            || text.chars().count() > MAX_CHARS
        {
            continue;
        }
        let agrees = said.agrees(&folded);
        let place = page.place(element.id());
        let near = place <= body.from || (place <= body.to && is_first_half(place, body));
        let words = folded.split(' ').count();
        let outside = i32::from(page.in_dropped(*element));
        let score = 4 * agrees + 2 * level + 3 * i32::from(near) + 3 * i32::from(words > 2) - 6 * outside;
        if (agrees > 0 || (level > 1 && near)) && best.as_ref().is_none_or(|(most, _)| score > *most) {
            best = Some((score, Headline { text: Some(text), node: Some(element.id()) }));
        }
    }
    best.map(|(_, headline)| headline)
}

fn is_first_half(place: usize, body: &Body) -> bool {
    place.saturating_sub(body.from) * 2 <= body.to.saturating_sub(body.from)
}

/// 3 for what is marked as the headline, 2 for `h1` and what is called a headline, 1 for other headings.
fn level(element: ElementRef<'_>, marks: Marks) -> i32 {
    if marks.has(Marks::ITS_HEADLINE) {
        return 3;
    }
    let heading = match element.value().name() {
        "h1" => 2,
        "h2" | "h3" | "h4" => 1,
        "div" | "p" | "span" | "td" | "strong" | "b" => 0,
        _ => return 0,
    };
    if marks.has(Marks::HEADLINE) { 2 } else { heading }
}

fn text_of_title(element: ElementRef<'_>) -> String {
    squeeze(&element.text().collect::<String>())
}

/// A page's title cut at its separators, longest separators first.
fn parts(title: &str, separators: &[String]) -> Vec<String> {
    let mut parts = vec![title.to_owned()];
    for separator in separators {
        let cut = |part: String| part.split(separator.as_str()).map(squeeze).collect::<Vec<_>>();
        parts = parts.into_iter().flat_map(cut).collect();
    }
    parts.retain(|part| !part.is_empty());
    parts
}

fn unescaped(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    scraper::Html::parse_fragment(&text.replace('<', "&lt;")).root_element().text().collect()
}
