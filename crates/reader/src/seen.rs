//! Dates as a reader of the page sees them: each with what it says of itself and where it stands.

use std::collections::BTreeSet;
use std::ops::Range;

use ego_tree::NodeId;
use jiff::civil::Date;
use rustc_hash::FxHashMap;
use scraper::ElementRef;

use crate::blocks::{self, Block};
use crate::date::{Line, Role};
use crate::evidence::{Depth, cut, opening};
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
    /// Whether it is told in a form for machines alone: a reader does not see it.
    pub(crate) is_stamp: bool,
    /// Whether it may be that of a change.
    pub(crate) is_doubtful: bool,
    /// Where it stands, in words; empty where nobody asks.
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
/// What the line is worth less that is the headline, or has it: its day is that of what happened.
const HEADLINE: i32 = -16;
/// What is worth less where elements of the same make have this many other days: it is a list.
const LISTED: i32 = -20;
const MANY: usize = 3;
/// What a word for publication is worth less where many days have it.
const TELLS_LESS: i32 = 10;
/// From this worth on a place is at the headline.
const AT_HEADLINE: i32 = 16;
/// Elements with more text than this are no date.
const MAX_ELEMENT: usize = 160;
/// What a note behind the text is worth.
const NOTE: i32 = 16;
/// A larger element is more than one entry of a list, in nodes.
const MAX_HOLDER: usize = 12;
/// The beginning of a text in which a dateline stands.
const DATELINE: usize = 90;

/// All dates on the page, best first; of equal ones the first.
pub(crate) fn all(sight: &Sight<'_>) -> Vec<Seen> {
    let look = Look::new(sight);
    let (mut seen, listed) = look.elements();
    seen.extend(look.lines(&listed));
    seen.extend(look.edges_of_text());
    seen.retain(|seen| seen.worth >= LEAST);
    let published = seen.iter().filter(|seen| seen.role == Role::Published).map(|seen| seen.date);
    if published.collect::<BTreeSet<Date>>().len() >= MANY {
        // Each of many things has its day of publication: the word tells less.
        seen.iter_mut().filter(|seen| seen.role == Role::Published).for_each(|seen| seen.worth -= TELLS_LESS);
    }
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

    /// Where a date stands, where that is asked for.
    fn tells(&self, from: impl FnOnce() -> String) -> String {
        if self.sight.depth == Depth::Explained { from() } else { String::new() }
    }

    /// Short lines with a date, and little else in them; of longer ones behind the text what begins like a note.
    fn lines(&self, listed: &[Range<usize>]) -> Vec<Seen> {
        let mut out = Vec::new();
        for (index, block) in self.blocks.iter().enumerate() {
            out.extend(self.note(index, block));
            let lines = self.sight.calendar.lines(&block.text);
            if lines.is_empty() {
                continue;
            }
            let is_headline = self.is_headline(block);
            let is_listed = self.is_listed(block.node, listed);
            for line in lines {
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
                let from = self.tells(|| format!("{role}: “{}”", cut(&block.text)));
                let date = self.in_order(&line);
                let place = if self.is_hidden(block.node) { place + UNSEEN } else { place };
                let mut worth = words + role_worth(line.role, place) + place + link + self.month_worth(date);
                if is_headline && !line.is_only_date() {
                    worth += HEADLINE;
                }
                if is_listed && place < AT_HEADLINE {
                    worth += LISTED;
                }
                out.push(Seen {
                    date,
                    role: line.role,
                    worth,
                    is_stamp: is_stamp(&block.text),
                    is_doubtful: false,
                    from,
                });
            }
        }
        out
    }

    /// The day of a long line behind the text that begins like a note: `This entry was posted on 2 March 2021 and is
    /// filed under …`.
    fn note(&self, index: usize, block: &Block) -> Option<Seen> {
        let date = self.sight.calendar.of_note(&block.text)?;
        let place = self.place_worth(index, block.node).min(0);
        let from = self.tells(|| format!("a note: “{}”", cut(&block.text)));
        let worth = NOTE + place + self.month_worth(date);
        Some(Seen { date, role: Role::Published, worth, is_stamp: false, is_doubtful: false, from })
    }

    /// Whether a block is the headline, or has it and more.
    fn is_headline(&self, block: &Block) -> bool {
        let (page, headline) = (self.sight.page, self.sight.headline);
        let is_within = |node| page.outline.range(node).contains(&page.place(block.node));
        headline.node.is_some_and(is_within)
            || headline.text.as_ref().is_some_and(|text| block.text.contains(text.as_str()))
    }

    /// Whether a node is one of a list, stands in one or holds one.
    fn is_listed(&self, node: NodeId, listed: &[Range<usize>]) -> bool {
        let own = self.sight.page.outline.range(node);
        listed
            .iter()
            .any(|one| one.contains(&own.start) || own.contains(&one.start) && own.len() < MAX_HOLDER)
    }

    /// Elements made for dates, and those that are called so; beside them the places of those that are of a list.
    fn elements(&self) -> (Vec<Seen>, Vec<Range<usize>>) {
        let page = self.sight.page;
        let mut out = Vec::new();
        let mut makes: Vec<(Make<'_>, Range<usize>, bool)> = Vec::new();
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
            makes.push((make_of(element), page.outline.range(element.id()), place >= AT_HEADLINE));
            let is_stamp = lines.is_empty() || is_stamp(&text);
            let is_doubtful = role == Role::Bare && marks.has(Marks::PERHAPS_CHANGED);
            let from = self.tells(|| opening(element));
            out.push(Seen { date, role, worth, is_stamp, is_doubtful, from });
        }
        let mut days: FxHashMap<Make<'_>, BTreeSet<Date>> = FxHashMap::default();
        for (seen, (make, ..)) in out.iter().zip(&makes) {
            days.entry(*make).or_default().insert(seen.date);
        }
        let mut listed = Vec::new();
        for (seen, (make, range, is_near)) in out.iter_mut().zip(makes) {
            if !is_near && days.get(&make).is_some_and(|days| days.len() >= MANY) {
                seen.worth += LISTED;
                listed.push(range);
            }
        }
        (out, listed)
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
                    is_stamp: false,
                    is_doubtful: false,
                    from: self.tells(|| format!("the beginning of the text: “{start}”")),
                });
            }
        }
        let last = blocks.last().filter(|block| block.text.chars().count() < DATELINE);
        if let Some(date) = last.and_then(|block| calendar.first(&block.text)) {
            let from = self.tells(|| "the end of the text".to_owned());
            out.push(Seen { date, role: Role::Bare, worth: 2, is_stamp: false, is_doubtful: false, from });
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

/// Of which make an element is: its name, its class, and the class of what is around it.
type Make<'p> = (&'p str, &'p str, &'p str);

fn make_of(element: ElementRef<'_>) -> Make<'_> {
    let above = element.parent().and_then(ElementRef::wrap);
    let class = |element| attribute(element, "class").unwrap_or_default();
    (element.value().name(), class(element), above.map(class).unwrap_or_default())
}

/// Whether a text is a time as machines write it: `2021-03-02T10:00:00Z`.
fn is_stamp(text: &str) -> bool {
    let mut bytes = text.trim().bytes();
    bytes.nth(4) == Some(b'-') && bytes.nth(5) == Some(b'T')
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
    match line.other_weight {
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
