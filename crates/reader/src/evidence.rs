//! What a release was read from: for each part where the chosen value stood, and what else there was.

use scraper::ElementRef;
use serde::Serialize;
use url::Url;

use crate::fold::squeeze;
use crate::headline::Headline;
use crate::main_text::Body;
use crate::marks::Marks;
use crate::page::{Page, text_of};
use crate::published::Sight;
use crate::{Lexicon, Selectors, language, published};

/// Whether evidence is wanted: gathering it looks at places that need not be looked at otherwise.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// It is not.
    Plain,
    /// It is.
    Explained,
}

/// One value and where it stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ground {
    /// The value, as it was read: `2021-03-02`.
    pub value: String,
    /// Where it stood: `JSON-LD`, `metadata`, `<h1 class="headline">`.
    pub from: String,
}

impl Ground {
    pub(crate) fn new(value: impl Into<String>, from: impl Into<String>) -> Self {
        Self { value: value.into(), from: from.into() }
    }
}

/// The grounds of each part of a release: the first of a list was taken, the others are what else there was, best first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// Of the kind of page.
    pub kind: Vec<Ground>,
    /// Of the charset.
    pub charset: Vec<Ground>,
    /// Of the headline.
    pub headline: Vec<Ground>,
    /// Of the date.
    pub published: Vec<Ground>,
    /// Of the body that published it.
    pub issuer: Vec<Ground>,
    /// Of the language.
    pub language: Vec<Ground>,
    /// Of the text: how much of it there is, and the element that holds it.
    pub text: Vec<Ground>,
    /// Limits that the page goes beyond, in words, and what it lost by it.
    pub limits: Vec<String>,
    /// Documents that the text links to: their whole addresses where the page's own is known.
    pub attachments: Vec<String>,
    /// The language of each paragraph of the text that is long enough to tell, where it is another than that of the text:
    /// which paragraph, from 0, and its tag.
    pub other_languages: Vec<(usize, String)>,
}

/// Values as long as this are enough to know them by, in characters.
const SHOWN: usize = 200;

/// A shorter paragraph does not tell its language, in characters.
const TELLING: usize = 80;

/// The evidence of a page, once its parts are chosen.
pub(crate) fn of(
    page: &Page,
    body: &Body,
    headline: &Headline,
    sight: &Sight<'_>,
    selectors: &Selectors,
    lexicon: &Lexicon,
) -> Evidence {
    Evidence {
        kind: Vec::new(),
        charset: Vec::new(),
        headline: of_headline(page, headline, selectors, lexicon),
        published: published::grounds(sight),
        issuer: Vec::new(),
        language: Vec::new(),
        text: of_text(page, body),
        limits: Vec::new(),
        attachments: attachments(page, sight.url, lexicon),
        other_languages: Vec::new(),
    }
}

impl Evidence {
    /// Adds what only the bytes and the finished text can tell.
    pub(crate) fn complete(
        &mut self,
        charset: &chancery_html::Decoded,
        text: &str,
        declared: Option<&str>,
        lexicon: &Lexicon,
    ) {
        self.limits = chancery_html::limits(&charset.text);
        self.charset = vec![Ground::new(charset.name, charset.from)];
        self.language = language::grounds(text, declared, lexicon);
        let whole = self.language.first().map(|ground| ground.value.clone());
        let paragraphs = text.split("\n\n").enumerate().filter(|(_, text)| text.chars().count() >= TELLING);
        let others = paragraphs.filter_map(|(at, text)| Some((at, language::of(text, None, lexicon)?)));
        self.other_languages = others.filter(|(_, tag)| whole.as_ref() != Some(tag)).collect();
    }
}

/// Links of the text to documents, each once, in the order of the page.
fn attachments(page: &Page, url: Option<&str>, lexicon: &Lexicon) -> Vec<String> {
    let base = url.and_then(|url| Url::parse(url).ok());
    let links =
        page.body().descendent_elements().filter(|e| e.value().name() == "a" && !page.in_dropped(**e));
    let mut out: Vec<String> = Vec::new();
    for href in links.filter_map(|link| link.attr("href")).map(str::trim) {
        let whole =
            base.as_ref().and_then(|base| base.join(href).ok()).map_or_else(|| href.to_owned(), String::from);
        if is_document(href, lexicon) && !out.contains(&whole) {
            out.push(whole);
        }
    }
    out
}

/// Whether a link leads to a document: PDF and the like.
pub(crate) fn is_document(href: &str, lexicon: &Lexicon) -> bool {
    let path = href.split(['?', '#']).next().unwrap_or(href).to_ascii_lowercase();
    path.rsplit_once('.').is_some_and(|(_, end)| lexicon.meta.documents.iter().any(|known| known == end))
}

fn of_headline(page: &Page, headline: &Headline, selectors: &Selectors, lexicon: &Lexicon) -> Vec<Ground> {
    let shown = |node| page.html.tree.get(node).and_then(ElementRef::wrap).map(opening);
    let meta =
        page.meta_values(&lexicon.meta.headline).map(|value| (value.to_owned(), "metadata".to_owned()));
    let json = page.json.headline.clone().map(|value| (value, "JSON-LD `headline`".to_owned()));
    let title = page.title().map(|title| (text_of(title), "<title>".to_owned()));
    let headings = page.body().descendent_elements().filter(|e| e.value().name() == "h1");
    let headings = headings.map(|heading| (text_of(heading), opening(heading)));
    let others: Vec<(String, String)> = json
        .into_iter()
        .chain(meta)
        .chain(headings)
        .chain(title)
        .map(|(v, from)| (squeeze(&v), from))
        .collect();
    let mut grounds = Vec::new();
    if let Some(text) = &headline.text {
        let by_selector = selectors
            .headline
            .iter()
            .any(|css| page.select(&css.selector).any(|e| Some(e.id()) == headline.node));
        let element = headline.node.and_then(shown);
        let from = match element {
            Some(element) if by_selector => format!("selector of the source: {element}"),
            Some(element) => element,
            // Part of a longer title, where no place has exactly these words.
            None => others
                .iter()
                .find(|(value, _)| value == text)
                .or_else(|| others.iter().find(|(value, _)| value.contains(text.as_str())))
                .map_or_else(|| "a selector of the source".to_owned(), |(_, from)| from.clone()),
        };
        grounds.push(Ground::new(text.clone(), from));
    }
    for (value, from) in others {
        if !value.is_empty() && grounds.iter().all(|ground: &Ground| ground.value != value) {
            grounds.push(Ground::new(cut(&value), from));
        }
    }
    grounds
}

/// The innermost element that holds all blocks; then what the page itself marks as an article or its body.
fn of_text(page: &Page, body: &Body) -> Vec<Ground> {
    let letters = |count: usize| format!("{count} characters");
    let mut grounds = Vec::new();
    let root = root_of(page, body);
    if let Some(root) = root {
        let count = body.blocks.iter().map(|block| block.text.chars().count()).sum();
        grounds.push(Ground::new(letters(count), opening(root)));
    }
    let marked = page.body().descendent_elements().filter(|element| {
        page.outline.marks(*element).has(Marks::BODY) || matches!(element.value().name(), "article" | "main")
    });
    let others = marked.filter(|element| Some(element.id()) != root.map(|root| root.id()));
    let others = others.map(|e| (squeeze(&e.text().collect::<String>()).chars().count(), e));
    let mut others: Vec<(usize, ElementRef<'_>)> = others.filter(|(count, _)| *count > 0).collect();
    others.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    grounds.extend(others.into_iter().take(3).map(|(count, e)| Ground::new(letters(count), opening(e))));
    grounds
}

fn root_of<'p>(page: &'p Page, body: &Body) -> Option<ElementRef<'p>> {
    let path = |node| {
        let node = page.html.tree.get(node)?;
        let mut path: Vec<_> = node.ancestors().map(|above| above.id()).collect();
        path.reverse();
        path.push(node.id());
        Some(path)
    };
    let mut paths = body.blocks.iter().filter_map(|block| path(block.node));
    let mut common = paths.next()?;
    for path in paths {
        let same = common.iter().zip(&path).take_while(|(a, b)| a == b).count();
        common.truncate(same);
    }
    page.html.tree.get(*common.last()?).and_then(ElementRef::wrap)
}

/// The opening tag of an element, as far as it tells what the element is.
pub(crate) fn opening(element: ElementRef<'_>) -> String {
    let value = element.value();
    let mut out = format!("<{}", value.name());
    for name in ["id", "class", "itemprop", "datetime"] {
        if let Some(attribute) = value.attr(name).filter(|attribute| !attribute.trim().is_empty()) {
            out += &format!(" {name}=\"{}\"", cut(&squeeze(attribute)));
        }
    }
    out + ">"
}

/// The beginning of a long value.
pub(crate) fn cut(value: &str) -> String {
    match value.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{} …", value.get(..end).unwrap_or_default()),
        None => value.to_owned(),
    }
}
