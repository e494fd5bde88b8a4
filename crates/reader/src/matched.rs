//! What each selector of a source finds on a page: what is reported where one finds nothing.

use chancery_html::NotText;
use scraper::ElementRef;

use crate::page::text_of;
use crate::selectors::{Css, Selectors};

/// As many characters of what is found are shown.
const SHOWN: usize = 120;

/// What one selector finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matched {
    /// The list it stands in: `headline`, `text`, `drop`, `date`.
    pub part: &'static str,
    /// The selector as it was written.
    pub css: String,
    /// How many elements it finds.
    pub count: usize,
    /// The beginning of what the first of them gives.
    pub begins: String,
}

/// Tries every selector on a page. `charset` is what the transport said.
///
/// # Errors
/// [`NotText`] for what is no page.
pub fn matched(bytes: &[u8], charset: Option<&str>, selectors: &Selectors) -> Result<Vec<Matched>, NotText> {
    let html = chancery_html::tree(&chancery_html::decode(bytes, charset, None)?);
    let lists = [
        ("headline", &selectors.headline),
        ("text", &selectors.text),
        ("drop", &selectors.drop),
        ("date", &selectors.date),
    ];
    let one = |part: &'static str, css: &Css| {
        let gives = |element: ElementRef<'_>| match &css.attribute {
            Some(name) => element.attr(name).map(str::to_owned),
            None => Some(text_of(element)),
        };
        let found: Vec<String> =
            html.select(&css.selector).filter_map(gives).filter(|text| !text.trim().is_empty()).collect();
        let begins = found.first().map(|text| text.trim().chars().take(SHOWN).collect()).unwrap_or_default();
        Matched { part, css: css.source().to_owned(), count: found.len(), begins }
    };
    Ok(lists.iter().flat_map(|(part, list)| list.iter().map(|css| one(part, css))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_selector_says_what_it_finds() {
        let css = |text: &str| Css::try_from(text.to_owned()).unwrap();
        let selectors = Selectors {
            headline: vec![css("h2"), css("h1")],
            date: vec![css("time@datetime")],
            ..Selectors::default()
        };
        let page = b"<h1>New  pier</h1><p>x</p><time datetime='2024-03-04'>Monday</time><time>Tuesday</time>";
        let found = matched(page, None, &selectors).unwrap();
        let told: Vec<_> =
            found.iter().map(|m| (m.part, m.css.as_str(), m.count, m.begins.as_str())).collect();
        assert_eq!(
            told,
            [
                ("headline", "h2", 0, ""),
                ("headline", "h1", 1, "New pier"),
                ("date", "time@datetime", 1, "2024-03-04")
            ]
        );
    }
}
