//! Whether a page is a release at all. A doubtful page is one: a release that is refused is lost, a list that is taken
//! in is seen.

use std::collections::BTreeSet;

use scraper::ElementRef;
use serde::Serialize;

use crate::evidence::{cut, is_document};
use crate::fold::{fold, has_words};
use crate::headline::Headline;
use crate::lexicon::{KindWords, TitleWords};
use crate::main_text::Body;
use crate::page::{Page, attribute, text_of};
use crate::{Lexicon, blocks::Block};

/// What kind of page it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PageKind {
    /// A release.
    #[default]
    Release,
    /// Links to other pages, of a section or a search.
    Listing,
    /// What a site says in place of a page that it does not have or does not show.
    Error,
    /// A frame that scripts fill: it has no text of its own.
    Shell,
    /// Anything else.
    Other,
}

impl PageKind {
    /// Its name, as it is printed: `release`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Listing => "listing",
            Self::Error => "error-page",
            Self::Shell => "shell",
            Self::Other => "other",
        }
    }
}

/// A longer text is not that of an error page or of a shell, in characters.
const SHORT: usize = 600;
/// A paragraph as long as this, in characters, is prose: lists have summaries, and these are shorter.
const PROSE: usize = 350;
/// A list leads to at least so many pages.
const MANY: usize = 5;

/// What was looked at before the text was put together.
pub(crate) struct Signs {
    /// Characters of the text that stand in no link, and in links.
    plain: usize,
    linked: usize,
    /// Whether there is a paragraph of prose, or several lines without links that are sentences.
    prose: bool,
    /// Different pages that headings and lines of links lead to.
    targets: usize,
    /// Whether metadata say that this one page was published.
    dated: bool,
}

impl Signs {
    pub(crate) fn of(page: &Page, body: &Body, headline: &Headline, lexicon: &Lexicon) -> Self {
        let chars = |block: &Block| block.text.chars().count();
        let share = |block: &Block| block.linked as f64 / block.text.len().max(1) as f64;
        let others = || body.blocks.iter().filter(|block| Some(block.node) != headline.node);
        let is_link = |block: &Block| share(block) > 0.8;
        let linked = others().filter(|block| is_link(block)).map(chars).sum();
        let plain = others().filter(|block| !is_link(block)).map(chars).sum();
        let sentences = others().filter(|block| share(block) < 0.5 && chars(block) >= 120);
        let prose = others().any(|block| share(block) < 0.5 && chars(block) >= PROSE);
        let dated = page.json.published.is_some() || page.named_values(&lexicon.meta.date).next().is_some();
        let targets: BTreeSet<&str> =
            others().filter(|block| is_link(block)).filter_map(|b| target(page, b)).collect();
        // Links one after the other, without anything between them, are one block.
        let targets = if plain == 0 { targets.len().max(links(page).len()) } else { targets.len() };
        Self { plain, linked, prose: prose || sentences.count() > targets, targets, dated }
    }
}

/// The pages that links outside of menus lead to.
fn links(page: &Page) -> BTreeSet<&str> {
    let all = page.body().descendent_elements().filter(|element| element.value().name() == "a");
    let own = all.filter(|link| !page.in_dropped(**link));
    own.filter_map(|link| attribute(link, "href")).filter(|href| is_elsewhere(href)).collect()
}

fn is_elsewhere(href: &str) -> bool {
    !href.starts_with(['#', '?']) && !href.starts_with("mailto:") && !href.starts_with("javascript:")
}

/// The page that a block of links leads to.
fn target<'p>(page: &'p Page, block: &Block) -> Option<&'p str> {
    let element = page.html.tree.get(block.node).and_then(ElementRef::wrap)?;
    let about = element.ancestors().filter_map(ElementRef::wrap).take(2);
    let href = std::iter::once(element)
        .chain(element.descendent_elements())
        .chain(about)
        .find_map(|e| attribute(e, "href"))?;
    is_elsewhere(href).then_some(href)
}

/// The kind of a page with this text, and why.
pub(crate) fn of(
    page: &Page,
    signs: &Signs,
    headline: &Headline,
    url: Option<&str>,
    text: &str,
    lexicon: &Lexicon,
) -> (PageKind, String) {
    let words = &lexicon.kinds;
    let length = text.chars().count();
    let named = names(page, headline, &lexicon.title);
    let because = |kind: PageKind, why: String| (kind, why);
    if let Some(cue) = error_cue(&named, words).filter(|_| length < SHORT && !signs.dated) {
        return because(PageKind::Error, format!("its title or headline is “{}”", cut(cue)));
    }
    let folded = if length < SHORT { fold(text) } else { String::new() };
    if let Some(cue) = words.shell.iter().find(|cue| folded.contains(cue.as_str()) && !signs.prose) {
        return because(PageKind::Shell, format!("its text asks for scripts: “{cue}”"));
    }
    if text.trim().is_empty() {
        let targets = links(page).len();
        if targets >= MANY && !signs.dated {
            return because(PageKind::Listing, format!("it has links to {targets} pages and no other text"));
        }
        return match page.is_script_shell() {
            true => because(PageKind::Shell, "it has scripts and no text".to_owned()),
            false => because(PageKind::Other, "it has no text".to_owned()),
        };
    }
    // The menu of a frame that scripts fill was all that could be taken for its text. One link, or a document, may be the
    // release itself.
    let is_menu = signs.plain == 0 && (2..MANY).contains(&signs.targets) && headline.node.is_none();
    let has_document = || links(page).iter().any(|href| is_document(href, lexicon));
    if is_menu && !signs.dated && page.is_script_shell() && !has_document() {
        return because(PageKind::Shell, "it has scripts, and links for its only text".to_owned());
    }
    if signs.targets >= MANY && !signs.prose && !signs.dated {
        // One word alone is a search's only where it is all: *Search and rescue* is a headline.
        let is_cue = |name: &str, cue: &str| name == cue || (cue.contains(' ') && has_words(name, cue));
        let search = named.iter().find(|name| words.search.iter().any(|cue| is_cue(name, cue)));
        let is_search = search.is_some()
            || url.is_some_and(|url| words.search_urls.iter().any(|part| url.contains(part.as_str())));
        let (linked, all) = (signs.linked, signs.linked + signs.plain);
        if is_search || linked * 2 > all {
            let how = if is_search { "it answers a search; " } else { "" };
            let targets = signs.targets;
            return because(
                PageKind::Listing,
                format!(
                    "{how}{linked} of its {all} characters are links, to {targets} pages, and there is no prose"
                ),
            );
        }
    }
    let why = if signs.prose { "it has prose" } else { "nothing speaks against it" };
    because(PageKind::Release, why.to_owned())
}

/// What a page calls itself, folded: its headline, and its title in parts.
fn names(page: &Page, headline: &Headline, title: &TitleWords) -> Vec<String> {
    let mut names: Vec<String> = headline.text.iter().map(|text| fold(text)).collect();
    let whole = page.title().map(text_of).unwrap_or_default();
    let mut parts = vec![whole.as_str()];
    for separator in &title.separators {
        parts = parts.into_iter().flat_map(|part| part.split(separator.as_str())).collect();
    }
    names.extend(parts.into_iter().map(fold).filter(|part| !part.is_empty()));
    names
}

/// The name that is an error's: the whole of it, or it begins with a cue and is hardly longer.
fn error_cue<'n>(names: &'n [String], words: &KindWords) -> Option<&'n str> {
    let is_error = |name: &&String| {
        words.error.iter().any(|cue| {
            *name == cue || (has_words(name, cue) && name.split(' ').count() <= cue.split(' ').count() + 3)
        })
    };
    names.iter().find(is_error).map(String::as_str)
}
