//! Where a source's pages hold their parts: the `[read]` table of a source file.

use scraper::Selector;
use serde::Deserialize;

use crate::page::Page;

/// The `[read]` table of a source file. Each list is tried in order; the first that gives something wins, and where
/// none does, the general way is taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Selectors {
    /// The headline.
    pub headline: Vec<Css>,
    /// The text of the release; all elements that match are taken.
    pub text: Vec<Css>,
    /// What is left out of the text.
    pub drop: Vec<Css>,
    /// The date of publication.
    pub date: Vec<Css>,
    /// How `03/04/2021` is to be read here. (A source file has it outside of the table.)
    pub date_order: Option<DateOrder>,
}

impl Selectors {
    /// All of them as they were written.
    pub(crate) fn sources(&self) -> String {
        let all = self.headline.iter().chain(&self.text).chain(&self.drop).chain(&self.date);
        all.map(Css::source).collect::<Vec<_>>().join("\n")
    }

    /// The parts of which every selector finds nothing on a page.
    pub(crate) fn silent_on(&self, page: &Page) -> Vec<&'static str> {
        let parts = [("headline", &self.headline), ("text", &self.text), ("date", &self.date)];
        let is_silent = |list: &[Css]| {
            !list.is_empty() && list.iter().all(|css| page.select(&css.selector).next().is_none())
        };
        parts.into_iter().filter(|(_, list)| is_silent(list)).map(|(part, _)| part).collect()
    }
}

/// How a date in numbers is to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DateOrder {
    /// Day, month, year.
    #[default]
    Dmy,
    /// Month, day, year.
    Mdy,
    /// Year, month, day.
    Ymd,
}

/// A CSS selector, optionally with the attribute to take instead of the text: `time@datetime`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Css {
    /// As it was written.
    source: String,
    pub(crate) selector: Selector,
    pub(crate) attribute: Option<String>,
}

impl Css {
    /// The selector as it was written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }
}

impl TryFrom<String> for Css {
    type Error = String;

    fn try_from(source: String) -> Result<Self, String> {
        let is_name = |name: &str| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_:".contains(c))
        };
        let (css, attribute) = match source.rsplit_once('@') {
            Some((css, name)) if is_name(name.trim()) => (css, Some(name.trim().to_ascii_lowercase())),
            _ => (source.as_str(), None),
        };
        let Ok(selector) = Selector::parse(css.trim()) else {
            return Err(format!("`{source}` is no CSS selector"));
        };
        Ok(Self { selector, attribute, source })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribute_stands_behind_the_selector() {
        let attribute = |css: &str| Css::try_from(css.to_owned()).unwrap().attribute;
        assert_eq!(attribute("time@datetime").as_deref(), Some("datetime"));
        assert_eq!(attribute("a[href='mailto:x@y.example']"), None);
        assert_eq!(attribute("meta[name='date'] @content").as_deref(), Some("content"));
    }

    #[test]
    fn selectors_and_words_go_to_every_thread() {
        fn check<T: Send + Sync>() {}
        check::<Selectors>();
        check::<crate::Lexicon>();
    }
}
