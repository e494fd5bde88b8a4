//! The body that published a page: what its metadata, its title, the links to the site's first page, the lines at its
//! headline and its copyright say.

use scraper::ElementRef;
use url::Url;

use crate::blocks::Block;
use crate::boilerplate::Dropped;
use crate::evidence::{Ground, opening};
use crate::fold::{fold, squeeze};
use crate::headline::{Headline, parts};
use crate::main_text::Body;
use crate::marks::Marks;
use crate::page::{Page, attribute, text_of};
use crate::{Lexicon, blocks};

/// A name is no longer than this, in characters.
const MAX_CHARS: usize = 100;
/// Among so many links of a page is the one to the first page of its site.
const LINKS: usize = 60;
/// So many lines before the text may name the issuer.
const LINES: usize = 4;
/// What it is worth that a name reads like that of a body.
const NAMED: i32 = 6;
/// What metadata say counts whatever it reads like.
const METADATA: i32 = 7;
/// An address for a name counts where nothing else does.
const ADDRESS: i32 = 1;

/// A name, folded and as it is written, what it is worth, and where it stands.
struct Candidate {
    folded: String,
    name: String,
    worth: i32,
    from: String,
}

/// What may have published the page, best first.
pub(crate) fn grounds(page: &Page, body: &Body, headline: &Headline, lexicon: &Lexicon) -> Vec<Ground> {
    let mut all = Candidates { lexicon, own: headline.text.as_deref().map(fold), all: Vec::new() };
    if let Some(publisher) = &page.json.publisher {
        all.add(publisher, METADATA + 1, "JSON-LD `publisher`");
    }
    for name in page.meta_values(&lexicon.meta.site) {
        all.add(name, METADATA, "metadata");
    }
    for name in of_title(page, headline, lexicon) {
        all.add(&name, 4, "<title>");
    }
    for name in home_names(page, lexicon) {
        all.add(name, 4, "a link to the site's first page");
    }
    for (element, _) in page.marked(page.body(), Marks::MASTHEAD) {
        all.add(&text_of(element), 3, &opening(element));
    }
    let lines = body.before.iter().chain(over_headline(body, headline)).rev().take(LINES);
    for line in lines.flat_map(|block| block.text.lines()) {
        all.add(line, METADATA - 1, "a line before the text");
    }
    if all.all.iter().all(|candidate| candidate.worth < NAMED) {
        for name in copyrights(page, lexicon) {
            all.add(&name, 2, "a copyright");
        }
    }
    all.best_first()
}

/// Lines of the text that stand over its headline.
fn over_headline<'b>(body: &'b Body, headline: &Headline) -> &'b [Block] {
    let own = headline.text.as_deref().map(fold);
    let is_headline = |block: &Block| Some(block.node) == headline.node || Some(fold(&block.text)) == own;
    let at = body.blocks.iter().position(is_headline);
    at.and_then(|at| body.blocks.get(..at)).unwrap_or_default()
}

struct Candidates<'l> {
    lexicon: &'l Lexicon,
    /// The headline, folded: no issuer.
    own: Option<String>,
    all: Vec<Candidate>,
}

impl Candidates<'_> {
    /// Adds a name; one that metadata do not state must read like that of a body.
    fn add(&mut self, name: &str, worth: i32, from: &str) {
        let is_stated = worth >= METADATA;
        let name = own_name_as_written(squeeze(name), self.lexicon);
        let folded = fold(&name);
        if folded.is_empty() || name.chars().count() > MAX_CHARS || self.own.as_ref() == Some(&folded) {
            return;
        }
        let named = is_name(&folded, self.lexicon);
        if !named && !is_stated {
            return;
        }
        if let Some(known) = self.all.iter_mut().find(|known| known.folded == folded) {
            known.worth += worth;
            return;
        }
        let worth = match named {
            true => worth + NAMED,
            false if is_address(&name) => ADDRESS,
            false => worth,
        };
        let name = name.trim_matches(is_mark).to_owned();
        self.all.push(Candidate { folded, name, worth, from: from.to_owned() });
    }

    fn best_first(mut self) -> Vec<Ground> {
        // Of two the longer says more.
        self.all.sort_by_key(|candidate| std::cmp::Reverse((candidate.worth, candidate.name.len())));
        self.all.into_iter().map(|candidate| Ground::new(candidate.name, candidate.from)).collect()
    }
}

/// What may stand about a name and is not part of it.
fn is_mark(c: char) -> bool {
    c.is_whitespace()
        || c.is_ascii_punctuation() && c != ')'
        || matches!(c, '–' | '—' | '«' | '»' | '·' | '•' | '：')
}

/// A folded name without what the site calls itself beside it: *Ministry of Tides* of *Ministry of Tides - Official
/// Website*.
pub(crate) fn own_name<'n>(folded: &'n str, lexicon: &Lexicon) -> &'n str {
    let about = lexicon.issuers.site.iter();
    let left = about.filter_map(|words| folded.strip_suffix(words).or_else(|| folded.strip_prefix(words)));
    let is_own = |left: &&str| (left.contains(' ') || !left.is_ascii()) && is_name(left, lexicon);
    left.map(|left| left.trim_matches(is_mark)).find(is_own).unwrap_or(folded)
}

/// The same of a name as it is written.
fn own_name_as_written(name: String, lexicon: &Lexicon) -> String {
    let folded = fold(&name);
    let own = own_name(&folded, lexicon);
    if own.len() == folded.len() {
        return name;
    }
    let chars: Vec<char> = name.chars().collect();
    let window = chars.windows(own.chars().count()).map(|chars| chars.iter().collect::<String>());
    window.into_iter().find(|part| fold(part) == own).unwrap_or(name)
}

/// Whether a name is the address of a site: `tides.example`.
fn is_address(name: &str) -> bool {
    let mut labels = name.split('.').rev();
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let last = labels.next().unwrap_or_default();
    let mut others = labels.peekable();
    last.len() > 1
        && last.bytes().all(|byte| byte.is_ascii_alphabetic())
        && others.peek().is_some()
        && others.all(is_label)
}

/// Whether a folded line reads like the name of a body that publishes releases.
pub(crate) fn is_name(folded: &str, lexicon: &Lexicon) -> bool {
    folded.split(' ').count() <= 14 && lexicon.issuers.names.are(folded) && !lexicon.issuers.not.are(folded)
}

/// The parts of a page's title beside its headline.
fn of_title(page: &Page, headline: &Headline, lexicon: &Lexicon) -> Vec<String> {
    let Some(title) = page.title().map(text_of) else { return Vec::new() };
    let mut names = parts(&title, &lexicon.title.separators);
    let labelled = |part: String| {
        let pieces: Vec<String> = part.split(": ").map(squeeze).collect();
        let is_named = pieces.len() > 1 && pieces.iter().any(|piece| is_name(&fold(piece), lexicon));
        if is_named { pieces } else { vec![part] }
    };
    names = names.into_iter().flat_map(labelled).collect();
    if let Some(own) = headline.text.as_deref().filter(|own| own.len() > 8) {
        let rest = title.split(own).filter(|rest| rest.len() < title.len());
        names.extend(rest.flat_map(|rest| parts(rest, &lexicon.title.separators)));
        // A name that the title ends with needs no mark before it.
        let dashed = |part: &String| part.split([':', '-']).map(squeeze).collect::<Vec<_>>();
        names.extend(names.clone().iter().flat_map(dashed));
    }
    names.sort_unstable();
    names.dedup();
    names.iter().map(|name| name.trim_matches(is_mark).to_owned()).collect()
}

/// What the links to the site's first page are called, those that say no more than that left out.
pub(crate) fn home_names<'p>(page: &'p Page, lexicon: &Lexicon) -> &'p [String] {
    page.home.get_or_init(|| {
        let links = page.marked(page.body(), Marks::ANCHOR).map(|(link, _)| link);
        let home = links.take(LINKS).filter(|link| attribute(*link, "href").is_some_and(is_first_page));
        let names = home.flat_map(|link| {
            let images = link.descendent_elements().filter(|element| element.value().name() == "img");
            let alt = images.filter_map(|image| attribute(image, "alt")).map(squeeze);
            let title = attribute(link, "title").map(squeeze);
            let blocks = blocks::of(link, &page.outline, &Dropped::default());
            blocks.into_iter().map(|block| block.text).chain(alt).chain(title)
        });
        let is_said = |name: &String| !name.is_empty() && !lexicon.issuers.home.contains(&fold(name));
        names.filter(is_said).collect()
    })
}

/// Whether a link leads to the first page of a site: `/`, `index.html`, `https://tides.example`, `/en`.
fn is_first_page(href: &str) -> bool {
    let href = href.trim();
    if is_deep(href) {
        return false;
    }
    let path = match Url::parse(href) {
        Ok(url) if url.query().is_none() => url.path().to_owned(),
        Ok(_) => return false,
        Err(_) => href.to_owned(),
    };
    let path = path.trim_start_matches(['.', '/']).trim_end_matches('/').to_ascii_lowercase();
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_language =
        |part: &str| matches!(part.len(), 0 | 2) && part.bytes().all(|b| b.is_ascii_lowercase());
    let is_page = |part: &str| {
        let stem = part.split('.').next().unwrap_or_default();
        matches!(stem, "index" | "default" | "home" | "main")
    };
    let folders = path.matches('/').count();
    (folders == 0 && (is_language(&path) && !href.starts_with('#') && !href.is_empty() || is_page(name)))
        || (folders == 1 && is_page(name) && path.split('/').next().is_some_and(is_language))
}

/// Whether an address leads two folders or more below the first page of a site, as most do: told without reading all of it.
fn is_deep(href: &str) -> bool {
    let Some(rest) = href.strip_prefix("https://").or_else(|| href.strip_prefix("http://")) else {
        return false;
    };
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    let path = path.split_once('/').map(|(_, path)| path).unwrap_or_default();
    let is_plain = path.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_'));
    is_plain && path.trim_matches('/').matches('/').count() > 1
}

/// The names in lines with a copyright.
fn copyrights(page: &Page, lexicon: &Lexicon) -> Vec<String> {
    let rights = &lexicon.issuers.rights;
    let lines = page.html.tree.nodes().filter_map(|node| {
        let is_right = |text: &str| lexicon.issuers.any_right.is_in(text);
        node.value().as_text().filter(|text| text.len() < 4 * MAX_CHARS && is_right(text))?;
        let line = text_of(node.parent().and_then(ElementRef::wrap)?);
        let line = line.replace(" - ", "|");
        Some(rights.iter().fold(line, |line, right| line.replace(right.as_str(), "|")))
    });
    let is_between = |c: char| {
        matches!(c, ',' | '.' | '|' | '–' | '•' | '(' | ')' | ':' | '：' | '\u{3000}') || c.is_numeric()
    };
    let pieces = lines.filter(|line| line.chars().count() <= 2 * MAX_CHARS).flat_map(move |line| {
        line.split(is_between).map(squeeze).filter(|piece| piece.chars().count() > 2).collect::<Vec<_>>()
    });
    pieces.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_page_of_a_site() {
        for (href, want) in [
            ("/", true),
            ("https://tides.example", true),
            ("https://tides.example/en/", true),
            ("../index.htm", true),
            ("/en/Home.aspx", true),
            ("#", false),
            ("", false),
            ("/news", false),
            ("https://social.example/tides", false),
            ("/about/index.html", false),
        ] {
            assert_eq!(is_first_page(href), want, "{href}");
        }
    }
}
