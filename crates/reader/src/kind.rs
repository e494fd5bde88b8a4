//! Whether a page is a release at all. A doubtful page is one: a release that is refused is lost, a list that is taken
//! in is seen.

use std::collections::BTreeSet;

use scraper::ElementRef;
use serde::Serialize;

use crate::Lexicon;
use crate::blocks::{self, Block};
use crate::evidence::{cut, is_document};
use crate::fold::{fold, has_words};
use crate::headline::Headline;
use crate::lexicon::{KindWords, TitleWords};
use crate::main_text::{Body, letters};
use crate::marks::Marks;
use crate::page::{Page, attribute, text_of};

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
/// A list says no more than this before its first link, in characters.
const INTRODUCTION: usize = 160;
/// What may stand beside the link of a line, in bytes: a date, and a word.
const BESIDE: usize = 30;
/// A frame shows no more than this while it waits, in characters.
const WAITING: usize = 60;
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
    /// Whether links to pages follow each other, each with a line or two of its own.
    rows: bool,
}

impl Signs {
    pub(crate) fn of(page: &Page, body: &Body, headline: &Headline, lexicon: &Lexicon) -> Self {
        let chars = |block: &Block| letters(&block.text);
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
        // The text of a page of links may be that of one link: then the page as a whole is looked at.
        let whole =
            if plain < SHORT { blocks::of(page.body(), &page.outline, &page.dropped) } else { Vec::new() };
        let all: Vec<&Block> = match whole.is_empty() {
            true => others().collect(),
            false => whole.iter().filter(|block| Some(block.node) != headline.node).collect(),
        };
        let rows = is_rows(page, &all);
        Self { plain, linked, prose: prose || sentences.count() > targets, targets, dated, rows }
    }
}

/// Whether blocks are a list of pages: a link, and what the page behind it is about, many times, with hardly a
/// sentence before the first. A menu has links and nothing about them.
fn is_rows(page: &Page, blocks: &[&Block]) -> bool {
    let leads: Vec<Option<&str>> = blocks.iter().map(|block| leads(page, block)).collect();
    let is_link = |at: usize| leads.get(at).is_some_and(Option::is_some);
    let is_row = |at: &usize| {
        is_link(*at)
            && (blocks.get(*at).is_some_and(|block| block.linked < block.text.len())
                || (at + 1 < blocks.len() && (!is_link(at + 1) || leads.get(*at) == leads.get(at + 1))))
    };
    let rows: Vec<usize> = (0..blocks.len()).filter(is_row).collect();
    let targets: BTreeSet<&str> = rows.iter().filter_map(|at| leads.get(*at).copied().flatten()).collect();
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return false };
    let plain = |from: usize, to: usize| -> usize {
        let run = blocks.get(from..to).unwrap_or_default().iter().zip(from..);
        run.filter(|(_, at)| !is_link(*at)).map(|(block, _)| letters(&block.text)).sum()
    };
    let longest = rows.windows(2).map(|pair| match pair {
        [from, to] => plain(*from, *to),
        _ => 0,
    });
    let within: usize =
        blocks.get(*first..=*last).unwrap_or_default().iter().map(|block| letters(&block.text)).sum();
    targets.len() >= MANY
        && plain(0, *first) <= INTRODUCTION
        && longest.max().unwrap_or(0) <= PROSE
        && plain(*last, blocks.len()) <= PROSE
        && within >= plain(0, *first) + plain(*last + 1, blocks.len())
}

/// The page that a line leads to: half of it or more is a link, or a date stands beside the link.
fn leads<'p>(page: &'p Page, block: &Block) -> Option<&'p str> {
    let beside = block.text.len().saturating_sub(block.linked);
    let is_link = block.linked > 0 && (block.linked * 2 >= block.text.len() || beside <= BESIDE);
    if is_link { target(page, block) } else { None }
}

/// The pages that links outside of menus lead to.
fn links(page: &Page) -> BTreeSet<&str> {
    let all = page.marked(page.body(), Marks::ANCHOR).map(|(link, _)| link);
    let own = all.filter(|link| !page.in_dropped(**link));
    own.filter_map(|link| attribute(link, "href")).filter(|href| is_elsewhere(href)).collect()
}

fn is_elsewhere(href: &str) -> bool {
    !href.starts_with(['#', '?']) && !href.starts_with("mailto:") && !href.starts_with("javascript:")
}

/// The page that a block of links leads to.
fn target<'p>(page: &'p Page, block: &Block) -> Option<&'p str> {
    let own = block.link.and_then(|link| page.html.tree.get(link)).and_then(ElementRef::wrap);
    let href = own.and_then(|link| attribute(link, "href"))?;
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
    let (words, length) = (&lexicon.kinds, letters(text));
    let named = names(page, headline, &lexicon.title);
    let because = |kind: PageKind, why: String| (kind, why);
    if length < SHORT
        && let Some(found) = by_words(signs, &named, length, &fold(text), words)
    {
        return found;
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
    let is_waiting = length <= WAITING && headline.node.is_none() && links(page).is_empty();
    if is_waiting && !signs.dated && page.is_script_shell() {
        return because(PageKind::Shell, "it has scripts, and a word or two for its only text".to_owned());
    }
    // The menu of a frame that scripts fill was all that could be taken for its text. One link, or a document, may be the
    // release itself.
    let is_menu = signs.plain == 0 && (2..MANY).contains(&signs.targets) && headline.node.is_none();
    let has_document = || links(page).iter().any(|href| is_document(href, lexicon));
    if is_menu && !signs.dated && page.is_script_shell() && !has_document() {
        return because(PageKind::Shell, "it has scripts, and links for its only text".to_owned());
    }
    if signs.rows && !signs.dated {
        let why = "links to other pages follow each other, each with a line or two";
        return because(PageKind::Listing, why.to_owned());
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

/// The kind of a page with a short text by the words of its title, its headline and its text.
fn by_words(
    signs: &Signs,
    named: &[String],
    length: usize,
    folded: &str,
    words: &KindWords,
) -> Option<(PageKind, String)> {
    let is_line = length < SHORT / 2;
    if let Some(cue) = error_cue(named, words).filter(|_| !signs.dated) {
        return Some((PageKind::Error, format!("its title or headline is “{}”", cut(cue))));
    }
    let is_said =
        |cue: &&String| folded.contains(cue.as_str()) || named.iter().any(|name| name.contains(cue.as_str()));
    if let Some(cue) = words.error_text.iter().find(is_said).filter(|_| is_line && !signs.dated) {
        return Some((PageKind::Error, format!("it says “{cue}”")));
    }
    let asks = named.iter().find(|name| words.login.contains(name));
    if let Some(cue) = asks.filter(|_| is_line && !signs.prose && !signs.dated) {
        return Some((PageKind::Other, format!("it asks who reads it: “{cue}”")));
    }
    let shell = words.shell.iter().find(|cue| folded.contains(cue.as_str()) && !signs.prose);
    shell.map(|cue| (PageKind::Shell, format!("its text asks for scripts: “{cue}”")))
}

/// What a page calls itself, folded: its headline, and its title in parts.
fn names(page: &Page, headline: &Headline, title: &TitleWords) -> Vec<String> {
    let mut names: Vec<String> = headline.text.iter().map(|text| fold(text)).collect();
    let headings = page.marked(page.body(), Marks::HEADING).map(|(heading, _)| heading);
    let headings = headings.filter(|heading| heading.value().name() == "h1");
    names.extend(headings.map(|heading| fold(&text_of(heading))).filter(|name| !name.is_empty()));
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
            let is_whole = cue.contains(' ') || cue.starts_with(|c: char| c.is_numeric());
            let words = |text: &str| text.split(' ').count();
            *name == cue || (is_whole && has_words(name, cue) && words(name) <= words(cue) + 3)
        })
    };
    names.iter().find(is_error).map(String::as_str)
}
