//! Dates as a reader of the page sees them: each with what it says of itself and where it stands.

use std::collections::BTreeSet;

use ego_tree::NodeId;
use jiff::civil::Date;
use scraper::ElementRef;

use crate::blocks::{self, Block};
use crate::date::{Line, Role};
use crate::evidence::{cut, opening};
use crate::fold::ends_sentence;
use crate::marks::Marks;
use crate::page::{attribute, text_of};
use crate::published::{self, Sight};

/// A date on the page.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) date: Date,
    pub(crate) role: Role,
    /// How much speaks for its being the release's own.
    pub(crate) worth: i32,
    /// Where it stands, in words.
    pub(crate) from: String,
}

/// From this worth on a date is the release's own without doubt.
pub(crate) const SURE: i32 = 40;
/// The same for a date that says nothing of itself and stands at the headline.
pub(crate) const PLAIN: i32 = 24;
/// A date of less worth is another page's.
const LEAST: i32 = -8;
/// What the place is worth where another page's dates stand.
const FOREIGN: i32 = -60;
/// What a line is worth less that the page hides.
const UNSEEN: i32 = -20;
/// Elements with more text than this are no date.
const MAX_ELEMENT: usize = 160;
/// The beginning of a text in which a dateline stands.
const DATELINE: usize = 90;

/// All dates on the page, best first; of equal ones the first.
pub(crate) fn all(sight: &Sight<'_>) -> Vec<Seen> {
    let look = Look::new(sight);
    let mut seen = look.elements();
    seen.extend(look.lines());
    seen.extend(look.edges_of_text());
    seen.retain(|seen| seen.worth >= LEAST);
    seen.sort_by_key(|seen| std::cmp::Reverse(seen.worth));
    seen
}

struct Look<'s> {
    sight: &'s Sight<'s>,
    /// All of the page, whatever is left out of the text; without their text where no number stands in it.
    blocks: Vec<Block>,
    /// The first block behind the headline's.
    at: usize,
    /// The month of which the address is.
    month: Option<(i16, i8)>,
    /// Days that the page states in a form for machines.
    stated: BTreeSet<Date>,
}

impl<'s> Look<'s> {
    fn new(sight: &'s Sight<'s>) -> Self {
        let blocks = blocks::numbered(sight.page.body(), &sight.page.outline);
        let top = sight.headline.node.map_or(sight.body.from, |node| sight.page.place(node));
        let at = blocks.iter().position(|block| sight.page.place(block.node) >= top).unwrap_or(0);
        let times = sight.page.marked(sight.page.body(), Marks::DATETIME);
        let times = times.filter_map(|(element, _)| attribute(element, "datetime"));
        let metas = sight.page.named_values(&sight.lexicon.meta.date).map(|(_, value)| value);
        let stated = times.chain(metas).chain(sight.page.json.published.as_deref());
        let stated = stated
            .filter(|value| value.get(4..5) == Some("-"))
            .filter_map(|value| sight.calendar.value(value));
        let stated = stated.collect();
        let month = sight.url.and_then(published::month_of_address);
        Self { sight, blocks, at, month, stated }
    }

    /// Short lines with a date, and little else in them.
    fn lines(&self) -> Vec<Seen> {
        let mut out = Vec::new();
        for (index, block) in self.blocks.iter().enumerate() {
            for line in self.sight.calendar.lines(&block.text) {
                let words = words_worth(&line, &block.text);
                let is_link = block.linked * 10 > block.text.len() * 7;
                let link =
                    if is_link { self.link_worth(block.link.unwrap_or(block.node), line.date) } else { 0 };
                let place = self.place_worth(index, block.node);
                let role = match line.role {
                    Role::Published => "a line of publication",
                    Role::Bare => "a line",
                    Role::Changed => "a line of a change",
                    Role::Other => "a line of another day",
                };
                let from = format!("{role}: “{}”", cut(&block.text));
                let date = self.in_order(&line);
                let place = if self.is_hidden(block.node) { place + UNSEEN } else { place };
                let worth = words + role_worth(line.role, place) + place + link + self.month_worth(date);
                out.push(Seen { date, role: line.role, worth, from });
            }
        }
        out
    }

    /// Elements made for dates, and those that are called so.
    fn elements(&self) -> Vec<Seen> {
        let page = self.sight.page;
        let mut out = Vec::new();
        let dates = Marks::TIME.and(Marks::DATE).and(Marks::ITS_DATE);
        for (element, marks) in page.marked(page.body(), dates) {
            if matches!(element.value().name(), "meta" | "link" | "body") {
                continue;
            }
            let property = attribute(element, "itemprop").unwrap_or_default().to_ascii_lowercase();
            let text = text_of(element);
            if text.chars().count() > MAX_ELEMENT {
                continue;
            }
            let stated = attribute(element, "datetime").or_else(|| attribute(element, "content"));
            let stated = stated.and_then(|value| self.sight.calendar.value(value));
            // What is shown is the day where the page is at home; what is stated may be one elsewhere.
            let lines = self.sight.calendar.lines(&text);
            let shown = lines.iter().find(|line| stated.is_none_or(|date| days_apart(date, line.date) <= 1));
            let Some(date) = shown
                .map(|line| self.in_order(line))
                .or(stated)
                .or_else(|| lines.first().map(|line| self.in_order(line)))
            else {
                continue;
            };
            let role = self.role_of(element, marks, &property, shown.map(|line| line.role));
            let index = self.index_of(element.id());
            let is_link = element
                .ancestors()
                .filter_map(ElementRef::wrap)
                .take(3)
                .any(|above| above.value().name() == "a");
            let link = if is_link { self.link_worth(element.id(), date) } else { 0 };
            let place = self.place_worth(index, element.id());
            let worth = 12 + role_worth(role, place) + place + link + self.month_worth(date);
            out.push(Seen { date, role, worth, from: opening(element) });
        }
        out
    }

    /// What an element says of its date: by its names, its words, and the words before it.
    fn role_of(&self, element: ElementRef<'_>, marks: Marks, property: &str, shown: Option<Role>) -> Role {
        let calendar = self.sight.calendar;
        if property.contains("datemodified") || marks.has(Marks::CHANGED) {
            return Role::Changed;
        }
        if property.contains("datepublished") {
            return Role::Published;
        }
        if let Some(role @ (Role::Published | Role::Changed | Role::Other)) = shown {
            return role;
        }
        let mut before = String::new();
        for node in element.prev_siblings().take(3) {
            let text = match ElementRef::wrap(node) {
                Some(sibling) => text_of(sibling),
                None => node.value().as_text().map(|text| text.to_string()).unwrap_or_default(),
            };
            before = format!("{text} {before}");
            if !text.trim().is_empty() {
                break;
            }
        }
        if before.trim().is_empty()
            && let Some(above) = element.parent().and_then(ElementRef::wrap)
        {
            let sibling = above.prev_siblings().find_map(ElementRef::wrap);
            before = sibling.map(text_of).unwrap_or_default();
        }
        if before.chars().count() < 60 { calendar.role(&before) } else { Role::Bare }
    }

    /// The first line of a text may begin with place and date, its last may end with them.
    fn edges_of_text(&self) -> Vec<Seen> {
        let blocks = &self.sight.body.blocks;
        let calendar = self.sight.calendar;
        let mut out = Vec::new();
        for block in blocks.iter().take(2) {
            let start: String = block.text.chars().take(DATELINE).collect();
            if let Some(date) = calendar.first(&start) {
                out.push(Seen {
                    date,
                    role: Role::Bare,
                    worth: 4,
                    from: format!("the beginning of the text: “{start}”"),
                });
            }
        }
        let last = blocks.last().filter(|block| block.text.chars().count() < DATELINE);
        if let Some(date) = last.and_then(|block| calendar.first(&block.text)) {
            out.push(Seen { date, role: Role::Bare, worth: 2, from: "the end of the text".to_owned() });
        }
        out
    }

    /// Near the headline is best, within the text good, behind it or beside it bad.
    fn place_worth(&self, index: usize, node: NodeId) -> i32 {
        let (page, body) = (self.sight.page, self.sight.body);
        let place = page.place(node);
        let near = if index >= self.at {
            match index - self.at {
                0..=4 => 24,
                5..=12 => 14,
                _ if place <= body.to => 4,
                _ => -8,
            }
        } else {
            match self.at - index {
                1..=3 => 16,
                4..=8 => 8,
                _ => -6,
            }
        };
        let beside = page.html.tree.get(node).is_some_and(|node| page.in_dropped(node));
        if beside && self.is_foreign(node) {
            return FOREIGN;
        }
        // What a page says of itself stands at its headline.
        near - if !beside {
            0
        } else if near >= 16 && self.is_note(node) {
            4
        } else {
            12
        }
    }

    /// Whether a node stands in comments, a footer, related pages and the like: its date is not the release's.
    fn is_foreign(&self, node: NodeId) -> bool {
        let about = self
            .sight
            .page
            .html
            .tree
            .get(node)
            .into_iter()
            .flat_map(|node| std::iter::once(node).chain(node.ancestors()).filter_map(ElementRef::wrap));
        about.take_while(|element| element.value().name() != "body").any(|element| {
            (element.value().name() == "footer" && !in_article(element))
                || self.sight.page.outline.marks(element).has(Marks::FOREIGN)
        })
    }

    /// Whether a node is left out of the text for the name alone of what holds it.
    fn is_note(&self, node: NodeId) -> bool {
        let page = self.sight.page;
        let node = page.html.tree.get(node).into_iter();
        let mut about =
            node.flat_map(|node| std::iter::once(node).chain(node.ancestors()).filter_map(ElementRef::wrap));
        let dropped = about.find(|element| page.dropped.has(page.place(element.id())));
        dropped.is_some_and(|element| {
            let marks = page.outline.marks(element);
            marks.has(Marks::DROP_LIGHT) && !marks.has(Marks::DROP.and(Marks::FOREIGN).and(Marks::BESIDE))
        })
    }

    fn index_of(&self, node: NodeId) -> usize {
        let place = self.sight.page.place(node);
        let after = self.blocks.partition_point(|block| self.sight.page.place(block.node) <= place);
        after.saturating_sub(1)
    }

    /// A date in a link to this page is its own, one in a link to another page is the other's; one to all pages of that
    /// day says nothing.
    fn link_worth(&self, link: NodeId, date: Date) -> i32 {
        match self.link_about(link) {
            Some(link) if self.is_here(link) => 14,
            Some(link) if is_of_day(link, date) => 0,
            _ => -15,
        }
    }

    /// A date in numbers that may be read in two ways is read as the page states it elsewhere.
    fn in_order(&self, line: &Line) -> Date {
        let other = line.other_way.filter(|other| self.stated.contains(other));
        other.filter(|_| !self.stated.contains(&line.date)).unwrap_or(line.date)
    }

    /// A day in the month of the address is rather the page's own than one in another month.
    fn month_worth(&self, date: Date) -> i32 {
        match self.month {
            Some(month) if month == (date.year(), date.month()) => 10,
            Some(_) => -10,
            None => 0,
        }
    }

    /// Whether an element or one about it hides what it holds.
    fn is_hidden(&self, node: NodeId) -> bool {
        let page = self.sight.page;
        let node = page.html.tree.get(node).into_iter();
        let mut about =
            node.flat_map(|node| std::iter::once(node).chain(node.ancestors()).filter_map(ElementRef::wrap));
        about.any(|element| page.outline.marks(element).has(Marks::HIDDEN))
    }

    /// Where the link about a node leads to, without what stands behind the path.
    fn link_about(&self, node: NodeId) -> Option<&'s str> {
        let element = self.sight.page.html.tree.get(node).and_then(ElementRef::wrap)?;
        let about = element.ancestors().filter_map(ElementRef::wrap).take(3).chain([element]);
        about.clone().find_map(|e| attribute(e, "href")).map(path_of)
    }

    /// Whether a link leads to this very page.
    fn is_here(&self, link: &str) -> bool {
        let own = path_of(self.sight.url.unwrap_or_default());
        !own.is_empty() && !link.is_empty() && (own == link || own.ends_with(link) && link.starts_with('/'))
    }
}

/// A link without what stands behind the path.
fn path_of(link: &str) -> &str {
    link.split(['?', '#']).next().unwrap_or(link).trim_end_matches('/')
}

/// Whether a link leads to all pages of a day: `/blog/2021/03/12/`.
fn is_of_day(link: &str, date: Date) -> bool {
    let (year, month, day) = (date.year(), date.month(), date.day());
    link.ends_with(&format!("/{year}/{month:02}/{day:02}"))
        || link.ends_with(&format!("/{year}/{month}/{day}"))
}

fn role_worth(role: Role, place: i32) -> i32 {
    match role {
        Role::Published if place >= 8 => 22,
        Role::Published => 12,
        Role::Bare => 0,
        Role::Changed => -9,
        Role::Other => -40,
    }
}

fn words_worth(line: &Line, text: &str) -> i32 {
    let is_sentence = ends_sentence(text);
    match line.other_words {
        0..=2 => 10,
        3..=6 if !is_sentence => 4,
        3..=10 if line.role == Role::Published => 4,
        7..=12 if !is_sentence => -8,
        _ => -26,
    }
}

/// Whether an element stands in an article: its foot is the article's, not the page's.
fn in_article(element: ElementRef<'_>) -> bool {
    element.ancestors().filter_map(ElementRef::wrap).any(|above| above.value().name() == "article")
}

/// How many days lie between two dates.
pub(crate) fn days_apart(a: Date, b: Date) -> i32 {
    a.until(b).map_or(i32::MAX, |span| span.get_days().abs())
}
