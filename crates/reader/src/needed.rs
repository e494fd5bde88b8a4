//! Which attributes of a page are needed to read it.

use chancery_html::Attribute;

use crate::Selectors;
use crate::marks::hides;

/// What a reading needs.
pub(crate) struct Needed {
    /// The selectors of the source, as they are written, in lower case.
    css: String,
}

impl Needed {
    pub(crate) fn new(selectors: &Selectors) -> Self {
        Self { css: selectors.sources().to_ascii_lowercase() }
    }

    /// Whether an attribute may tell something.
    pub(crate) fn has(&self, attribute: Attribute<'_>) -> bool {
        let Attribute { element, name, value } = attribute;
        let is_needed = match name {
            "class" | "id" | "href" | "content" | "datetime" | "hidden" | "itemprop" | "name"
            | "property" | "http-equiv" | "role" => true,
            // What hides needs no character that is written as a reference, and may have one.
            "style" => hides(value) || value.contains('&'),
            "type" => element == "script",
            "rel" => element == "link",
            "alt" => element == "img",
            "title" => element == "a",
            _ => false,
        };
        is_needed || !self.css.is_empty() && (self.css.contains(name) || self.css.contains('\\'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Css;

    #[test]
    fn what_a_selector_names_is_needed() {
        let selectors = |css: &str| {
            let date = vec![Css::try_from(css.to_owned()).unwrap()];
            Selectors { date, ..Selectors::default() }
        };
        let has = |css: &str, name: &str| {
            let attribute = Attribute { element: "time", name, value: "x" };
            Needed::new(&selectors(css)).has(attribute)
        };
        for (css, name, want) in [
            ("time@data-day", "data-day", true),
            ("[DATA-Day] time", "data-day", true),
            ("[data\\2d day]", "data-day", true),
            ("time", "data-day", false),
            ("time", "datetime", true),
        ] {
            assert_eq!(has(css, name), want, "{css} {name}");
        }
        assert!(!Needed::new(&Selectors::default()).has(Attribute {
            element: "p",
            name: "type",
            value: "x"
        }));
    }
}
