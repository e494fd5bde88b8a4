//! What an element says of itself by its name, its attributes, its class and its id.

use html5ever::LocalName;
use rustc_hash::FxHashMap;
use scraper::node::Element;

use crate::classes::Classes;
use crate::page::class_words;

/// What an element says of itself: a set of the constants below.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks(u64);

impl Marks {
    /// Class and id: hints of the lexicon.
    pub(crate) const DROP: Self = Self(1);
    pub(crate) const DROP_LIGHT: Self = Self(1 << 1);
    pub(crate) const BEHIND: Self = Self(1 << 2);
    pub(crate) const LEAD: Self = Self(1 << 3);
    pub(crate) const BODY: Self = Self(1 << 4);
    pub(crate) const HEADLINE: Self = Self(1 << 5);
    pub(crate) const DATE: Self = Self(1 << 6);
    pub(crate) const FOREIGN: Self = Self(1 << 7);
    pub(crate) const CHANGED: Self = Self(1 << 8);
    /// Not shown: `hidden`, or a style that hides.
    pub(crate) const HIDDEN: Self = Self(1 << 9);
    /// A role of what stands beside the main part of a page.
    pub(crate) const BESIDE: Self = Self(1 << 10);
    /// By its name or its role.
    pub(crate) const ARTICLE: Self = Self(1 << 11);
    pub(crate) const MAIN: Self = Self(1 << 12);
    /// `itemprop=articleBody`, `itemprop=headline`, and any that begins with `date`.
    pub(crate) const ARTICLE_BODY: Self = Self(1 << 13);
    pub(crate) const ITS_HEADLINE: Self = Self(1 << 14);
    pub(crate) const ITS_DATE: Self = Self(1 << 15);
    /// It has an attribute that names metadata: `name`, `property`, `itemprop`, `http-equiv`.
    pub(crate) const NAMED: Self = Self(1 << 16);
    /// It has the attribute `datetime`.
    pub(crate) const DATETIME: Self = Self(1 << 17);
    /// By its name: `script`, `title`, `link`, a heading or what may be called one, `time`.
    pub(crate) const SCRIPT: Self = Self(1 << 18);
    pub(crate) const TITLE: Self = Self(1 << 19);
    pub(crate) const LINK: Self = Self(1 << 20);
    pub(crate) const HEADING: Self = Self(1 << 21);
    pub(crate) const TIME: Self = Self(1 << 22);
    /// Class and id again: what may be a headline, and what stands at the top of all pages of a site.
    pub(crate) const TITLED: Self = Self(1 << 23);
    pub(crate) const MASTHEAD: Self = Self(1 << 24);
    /// What asks whether data about the reader may be kept.
    pub(crate) const CONSENT: Self = Self(1 << 25);
    /// It is an element at all.
    pub(crate) const ELEMENT: Self = Self(1 << 26);
    /// By its name alone: what is never shown as text, a link, what stands beside a text, a figure, a header, the whole of a
    /// page, an article.
    pub(crate) const CODE: Self = Self(1 << 27);
    pub(crate) const ANCHOR: Self = Self(1 << 28);
    pub(crate) const ASIDE: Self = Self(1 << 29);
    pub(crate) const FIGURE: Self = Self(1 << 30);
    pub(crate) const HEADER: Self = Self(1 << 31);
    pub(crate) const WHOLE: Self = Self(1 << 32);
    pub(crate) const ARTICLE_ITSELF: Self = Self(1 << 33);
    /// By its name: what may hold a list of comments, what has the headline of a page in it, quotations and tables.
    pub(crate) const HOLDER: Self = Self(1 << 34);
    pub(crate) const TOPPED: Self = Self(1 << 35);
    pub(crate) const QUOTED: Self = Self(1 << 36);
    /// By its name: part of a line, part of a text, and a block of one.
    pub(crate) const INLINE: Self = Self(1 << 37);
    pub(crate) const PART: Self = Self(1 << 38);
    pub(crate) const BLOCK: Self = Self(1 << 39);
    /// By its name: an element that a text has its own way of showing.
    pub(crate) const SHOWN: Self = Self(1 << 40);
    /// One of [`Marks::TOPPED`], of [`Marks::QUOTED`] is it or stands in it; the outline finds it out.
    pub(crate) const HOLDS_TOPPED: Self = Self(1 << 41);
    pub(crate) const HOLDS_QUOTED: Self = Self(1 << 42);
    /// Class and id once more: a word that feeds give to the day of a change and many pages to that of publication.
    pub(crate) const PERHAPS_CHANGED: Self = Self(1 << 43);
    /// The hints of class names.
    const HINTS: Self = Self(((1 << 9) - 1) | (7 << 23) | (1 << 43));

    pub(crate) const fn has(self, one: Self) -> bool {
        self.0 & one.0 != 0
    }

    /// Without what class and id say.
    pub(crate) const fn unnamed(self) -> Self {
        Self(self.0 & !Self::HINTS.0)
    }

    /// Those that it has of some.
    pub(crate) const fn of_both(self, some: Self) -> Self {
        Self(self.0 & some.0)
    }

    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What `element` says; what names and classes say is looked up once a page.
    pub(crate) fn of(element: &Element, classes: &Classes, known: &mut Seen) -> Self {
        let local = &element.name.local;
        let mut marks = match known.names.get(local) {
            Some(marks) => *marks,
            None => {
                let marks = of_name(local).and(Self::ELEMENT);
                known.names.insert(local.clone(), marks);
                marks
            }
        };
        let (mut class, mut id) = (None, None);
        for (name, value) in element.attrs() {
            marks = marks.and(match name {
                "class" => {
                    class = Some(value);
                    Self::default()
                }
                "id" => {
                    id = Some(value);
                    Self::default()
                }
                "style" if hides(value) => Self::HIDDEN,
                "hidden" => Self::HIDDEN,
                "role" => of_role(value),
                "itemprop" => of_property(value).and(Self::NAMED),
                "name" | "property" | "http-equiv" => Self::NAMED,
                "datetime" => Self::DATETIME,
                _ => Self::default(),
            });
        }
        if class.is_none() && id.is_none() {
            return marks;
        }
        marks.and(of_names(class, id, classes, &mut known.classes))
    }
}

/// What was looked up on a page.
#[derive(Default)]
pub(crate) struct Seen {
    names: FxHashMap<LocalName, Marks>,
    classes: FxHashMap<String, Marks>,
}

/// What the name of an element says.
fn of_name(name: &str) -> Marks {
    let mut marks = match name {
        "script" => Marks::SCRIPT,
        "title" => Marks::TITLE,
        "link" => Marks::LINK,
        "h1" | "h2" | "h3" | "h4" | "h5" => Marks::HEADING,
        "time" => Marks::TIME,
        "article" => Marks::ARTICLE.and(Marks::ARTICLE_ITSELF),
        "main" => Marks::MAIN,
        "a" => Marks::ANCHOR,
        "figure" => Marks::FIGURE,
        "header" => Marks::HEADER,
        "nav" | "footer" | "aside" | "form" | "dialog" | "figcaption" | "menu" | "label" => Marks::ASIDE,
        _ => Marks::default(),
    };
    for (is_so, mark) in [
        (is_code(name), Marks::CODE),
        (matches!(name, "main" | "body" | "html"), Marks::WHOLE),
        (
            matches!(name, "div" | "section" | "ol" | "ul" | "dl" | "li" | "aside" | "table" | "form"),
            Marks::HOLDER,
        ),
        (matches!(name, "h1" | "main"), Marks::TOPPED),
        (matches!(name, "blockquote" | "table" | "q"), Marks::QUOTED),
        (is_inline(name), Marks::INLINE),
        (is_part(name), Marks::PART),
        (is_block(name), Marks::BLOCK),
        (is_shown(name), Marks::SHOWN),
    ] {
        marks = if is_so { marks.and(mark) } else { marks };
    }
    marks
}

/// Elements whose content is never shown as text.
pub(crate) fn is_code(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "noscript"
            | "template"
            | "head"
            | "iframe"
            | "object"
            | "embed"
            | "video"
            | "audio"
            | "canvas"
            | "map"
            | "select"
            | "textarea"
            | "datalist"
            | "button"
            | "progress"
            | "meter"
            | "svg"
            | "math"
    )
}

/// Words of a line.
fn is_inline(name: &str) -> bool {
    matches!(name, "a" | "span" | "b" | "strong" | "em" | "i" | "u" | "font" | "small" | "abbr" | "mark")
}

/// Whether an element is a paragraph, an item, a word of a text: a release does not stand in it.
fn is_part(name: &str) -> bool {
    matches!(
        name,
        "p" | "li"
            | "ul"
            | "ol"
            | "dl"
            | "dd"
            | "dt"
            | "tr"
            | "tbody"
            | "table"
            | "blockquote"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "a"
            | "span"
            | "b"
            | "strong"
            | "em"
            | "i"
            | "font"
            | "pre"
    )
}

/// What begins a line of its own.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "hgroup"
            | "html"
            | "legend"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
            | "search"
    )
}

/// What a text shows in a way of its own.
fn is_shown(name: &str) -> bool {
    matches!(
        name,
        "br" | "hr"
            | "a"
            | "q"
            | "table"
            | "pre"
            | "header"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "li"
            | "dt"
            | "dd"
    )
}

/// Pages give many elements the same class: each is looked at once.
fn of_names(
    class: Option<&str>,
    id: Option<&str>,
    classes: &Classes,
    known: &mut FxHashMap<String, Marks>,
) -> Marks {
    if id.is_none()
        && let Some(class) = class
    {
        if let Some(marks) = known.get(class) {
            return *marks;
        }
        let marks = classes.marks(&class_words(Some(class), None));
        known.insert(class.to_owned(), marks);
        return marks;
    }
    classes.marks(&class_words(class, id))
}

/// Whether a style hides what it is of.
pub(crate) fn hides(style: &str) -> bool {
    // A style that hides has one of these letters; most have neither.
    if !style.bytes().any(|byte| matches!(byte, b'y' | b'Y')) {
        return false;
    }
    let style = style.to_ascii_lowercase().replace(' ', "");
    style.contains("display:none") || style.contains("visibility:hidden")
}

fn of_role(role: &str) -> Marks {
    let exact = match role {
        "article" => Marks::ARTICLE,
        "main" => Marks::MAIN,
        _ => Marks::default(),
    };
    let beside =
        "navigation banner contentinfo complementary search dialog alertdialog menu menubar toolbar tablist";
    match beside.split(' ').any(|known| known.eq_ignore_ascii_case(role.trim())) {
        true => exact.and(Marks::BESIDE),
        false => exact,
    }
}

fn of_property(property: &str) -> Marks {
    let mut marks = Marks::default();
    for one in property.split_whitespace() {
        marks = marks.and(match one {
            "articleBody" => Marks::ARTICLE_BODY,
            "headline" => Marks::ITS_HEADLINE,
            "description" | "abstract" => Marks::LEAD,
            _ => Marks::default(),
        });
    }
    match property.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("date")) {
        true => marks.and(Marks::ITS_DATE),
        false => marks,
    }
}
