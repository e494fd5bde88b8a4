//! The release's own title line.

use ego_tree::NodeId;
use scraper::ElementRef;

use crate::fold::{fold, squeeze};
use crate::main_text::Body;
use crate::marks::Marks;
use crate::page::{Page, text_of};
use crate::{Lexicon, Selectors, issuer, titled};

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
        let shown = [Marks::HEADING.and(Marks::HEADLINE).and(Marks::ITS_HEADLINE), Marks::TITLED];
        // Where metadata say the headline, a line that is called like one adds nothing.
        let passes = if said.meta.is_empty() { 2 } else { 1 };
        let shown =
            shown.into_iter().take(passes).find_map(|marks| by_heading(page, body, &said, marks, lexicon));
        shown.unwrap_or_else(|| {
            let best = said.best(lexicon);
            let is_site = best.as_deref().is_none_or(|best| said.is_only_site(best, lexicon));
            let shown = if is_site { titled::find(page, body, &said, lexicon) } else { None };
            shown.unwrap_or(Headline { text: best, node: None })
        })
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
pub(crate) struct Said {
    /// From metadata, best first.
    meta: Vec<String>,
    /// `<title>`, whole and cut at its separators.
    title: Option<String>,
    parts: Vec<String>,
    /// All of these, folded.
    folded: Vec<String>,
    /// Names of the site, folded.
    sites: Vec<String>,
}

impl Said {
    fn of(page: &Page, lexicon: &Lexicon) -> Self {
        let meta = page.json.headline.as_deref().into_iter().chain(page.meta_values(&lexicon.meta.headline));
        // Some pages escape twice; metadata hold no markup.
        let meta: Vec<String> =
            meta.map(|text| squeeze(&unescaped(text))).filter(|text| !text.is_empty()).collect();
        let title = page.title().map(text_of_title).filter(|title| !title.is_empty());
        let parts: Vec<String> =
            title.iter().flat_map(|title| parts(title, &lexicon.title.separators)).collect();
        let folded = meta.iter().chain(&parts).chain(&title).map(|text| fold(text)).collect();
        let sites = page.meta_value(&lexicon.meta.site).or(page.json.publisher.as_deref()).map(fold);
        let home = issuer::home_names(page, lexicon);
        let sites = sites.into_iter().chain(home.iter().map(|name| fold(name))).collect();
        Self { meta, title, parts, folded, sites }
    }

    /// How well a heading agrees with it: 3 the same, 2 the beginning of one is the other, 1 its end, 0 not at all.
    fn agrees(&self, folded: &str) -> i32 {
        if folded.is_empty() || self.is_site(folded) {
            return 0;
        }
        if self.folded.iter().any(|text| text == folded) {
            return 3;
        }
        let begins = |text: &String| {
            text.len().min(folded.len()) > 15
                && (text.starts_with(folded) || folded.starts_with(text.as_str()))
        };
        if self.folded.iter().any(begins) {
            return 2;
        }
        let ends = |text: &String| folded.len() > 15 && text.ends_with(folded);
        i32::from(self.folded.iter().any(ends))
    }

    /// Whether a folded line is the site's name.
    pub(crate) fn is_site(&self, folded: &str) -> bool {
        self.sites.iter().any(|site| site == folded)
    }

    /// Whether a title says no more than whose page it is, or what kind of page.
    fn is_only_site(&self, title: &str, lexicon: &Lexicon) -> bool {
        title
            .split(|c: char| matches!(c, ':' | '|' | '–' | '-') || c.is_numeric())
            .map(fold)
            .filter(|part| !part.is_empty())
            .all(|part| {
                self.is_site(&part)
                    || lexicon.lines.drop.are(&part)
                    || issuer::is_name(issuer::own_name(&part, lexicon), lexicon)
                    || part.chars().count() < 8
            })
    }

    /// The best guess without a heading on the page.
    fn best(&self, lexicon: &Lexicon) -> Option<String> {
        let is_site = |text: &str| self.is_site(&fold(text));
        let of_meta = self.meta.iter().find(|text| !is_site(text)).map(|meta| {
            // The same title with the site's name behind it.
            let part = self.parts.iter().find(|part| part.len() > 15 && meta.starts_with(part.as_str()));
            part.unwrap_or(meta).clone()
        });
        let others = || self.parts.iter().filter(|part| !is_site(part));
        let says_more = |part: &&String| !self.is_only_site(part, lexicon);
        let of_title = || longest(others().filter(says_more)).or_else(|| longest(others())).cloned();
        of_meta.or_else(of_title).or_else(|| self.title.clone())
    }
}

/// The first part, unless another is half as long again.
fn longest<'p>(parts: impl Iterator<Item = &'p String>) -> Option<&'p String> {
    parts.fold(None, |a, b| match a {
        Some(a) if a.len() * 3 >= b.len() * 2 => Some(a),
        _ => Some(b),
    })
}

fn by_heading(page: &Page, body: &Body, said: &Said, marks: Marks, lexicon: &Lexicon) -> Option<Headline> {
    let mut best: Option<(i32, Headline)> = None;
    for (element, marks) in page.marked(page.body(), marks) {
        let level = level(element, marks);
        if level == 0 {
            continue;
        }
        let text = text_of(element);
        let folded = fold(&text);
        if issuer::is_name(&folded, lexicon) && is_masthead(page, element) {
            continue;
        }
        if folded.is_empty() || said.is_site(&folded) || text.chars().count() > MAX_CHARS {
            continue;
        }
        let agrees = said.agrees(&folded);
        let place = page.place(element.id());
        let near = place <= body.from || (place <= body.to && is_first_half(place, body));
        let words = folded.split(' ').count();
        let outside = i32::from(page.in_dropped(*element));
        let agreement = if agrees == 1 { 1 } else { 4 * agrees };
        let score = agreement + 2 * level + 3 * i32::from(near) + 3 * i32::from(words > 2) - 6 * outside;
        if (agrees > 0 || (level > 1 && near)) && best.as_ref().is_none_or(|(most, _)| score > *most) {
            best = Some((score, Headline { text: Some(text), node: Some(element.id()) }));
        }
    }
    best.map(|(_, headline)| headline)
}

/// Whether an element stands in what all pages of the site have at their top.
fn is_masthead(page: &Page, element: ElementRef<'_>) -> bool {
    let about = std::iter::once(element).chain(element.ancestors().filter_map(ElementRef::wrap));
    about.take(4).any(|element| page.outline.marks(element).has(Marks::MASTHEAD))
}

fn is_first_half(place: usize, body: &Body) -> bool {
    place.saturating_sub(body.from) * 2 <= body.to.saturating_sub(body.from)
}

/// 3 for what is marked as the headline, 2 for `h1` and what is called a headline, 1 for other headings and titles.
fn level(element: ElementRef<'_>, marks: Marks) -> i32 {
    if marks.has(Marks::ITS_HEADLINE) {
        return 3;
    }
    let heading = match element.value().name() {
        "h1" => 2,
        "h2" | "h3" | "h4" => 1,
        "div" | "p" | "span" | "td" | "strong" | "b" => i32::from(marks.has(Marks::TITLED)),
        _ => return 0,
    };
    if marks.has(Marks::HEADLINE) { 2 } else { heading }
}

fn text_of_title(element: ElementRef<'_>) -> String {
    squeeze(&element.text().collect::<String>())
}

/// A page's title cut at its separators, longest separators first.
pub(crate) fn parts(title: &str, separators: &[String]) -> Vec<String> {
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
