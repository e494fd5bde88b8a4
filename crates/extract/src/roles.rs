//! The class of a post: a minister, a deputy minister, the head of an agency. What a word says of it stands in lists.
//!
//! `role` gives each head its class. `role-context` gives heads whose class hangs on what the post is of (`President` of
//! a country, a company, a court): one column for each type of body, kind of place or word after the head. `mod` gives
//! words before the head that lower a class (`deputy`): one column for each class that is lowered.

use chancery_rules::{Doc, List, Range, Symbol};
use chancery_text::fold;

use crate::fields::Fields;

/// What is known of a post beside the words of its title.
#[derive(Clone, Copy, Default)]
pub(crate) struct Setting {
    /// The type of the body that it is held in.
    pub(crate) body: Option<Symbol>,
    /// The country that it is a post of.
    pub(crate) country: Option<Symbol>,
    /// The country of who published the release, where nothing tells that of the post.
    pub(crate) home: Option<Symbol>,
    /// Where a body begins that stands directly before the title: `Treasury Secretary`.
    pub(crate) before: Option<usize>,
}

type Columns<'d> = &'d [(Symbol, Symbol)];

/// The class of a title; `None` where no list knows its head.
pub(crate) fn class(fields: &Fields<'_>, doc: &Doc<'_>, title: Range, setting: Setting) -> Option<Symbol> {
    let title = Title { fields, doc, range: title };
    let (head, columns) = title.head()?;
    let context = title.context(head).and_then(|(start, columns)| {
        let value = title.in_context(Range::new(start, head.end), columns, setting)?;
        Some((start, value))
    });
    let (start, class) = context.or_else(|| Some((head.start, value(columns, fields.class)?)))?;
    Some(title.lowered(start, class))
}

struct Title<'a> {
    fields: &'a Fields<'a>,
    doc: &'a Doc<'a>,
    range: Range,
}

impl<'a> Title<'a> {
    fn entries(&self, list: List, at: usize) -> impl Iterator<Item = (Range, Columns<'a>)> {
        let within = self.range.end;
        let entries = self.doc.entries(self.fields.rules, list, at);
        entries.filter(move |(end, _)| *end <= within).map(move |(end, data)| (Range::new(at, end), data))
    }

    /// The role that the title is about, and its columns: the last before what it is for, in its longest form.
    fn head(&self) -> Option<(Range, Columns<'a>)> {
        let lists = &self.fields.lists;
        let mut best: Option<(Range, Columns<'a>)> = None;
        for at in self.range.start..self.range.end {
            let ends = self.doc.begins(&[lists.preposition, lists.and], at) || self.is_mark(at);
            if best.is_some_and(|(head, _)| ends && head.end <= at) {
                break;
            }
            for (range, columns) in self.entries(lists.role, at) {
                // A nominee for a post is told by the post.
                if value(columns, self.fields.coming).is_none()
                    && best.is_none_or(|(head, _)| range.end > head.end)
                {
                    best = Some((range, columns));
                }
            }
        }
        best
    }

    fn is_mark(&self, at: usize) -> bool {
        self.doc.word(at).chars().all(|c| !c.is_alphanumeric())
    }

    /// The longest entry of heads with a context that ends where the head does, with no more before it than a deputy's
    /// words: a regional director is no director.
    fn context(&self, head: Range) -> Option<(usize, Columns<'a>)> {
        let list = self.fields.lists.role_context;
        (head.start..head.end).find_map(|at| {
            let mut entries = self.entries(list, at);
            let (range, columns) = entries.find(|(range, _)| range.end == head.end)?;
            (head.start..at).all(|at| self.says_no_more(at)).then_some((range.start, columns))
        })
    }

    /// What the columns say of this setting: the body, where the title says nothing else; the words of the title that
    /// name a body or a place; the word after the head; the country.
    fn in_context(&self, head: Range, columns: Columns<'a>, setting: Setting) -> Option<Symbol> {
        let fields = self.fields;
        let scoped = head.end < self.range.end && self.doc.word(head.end) != "(";
        let unspecified = (self.range.start..head.start).all(|at| self.says_no_more(at));
        let body = setting.body.filter(|_| unspecified && !scoped).and_then(|kind| value(columns, kind));
        let after = || {
            let word = fold(self.doc.word(head.end));
            let article = self.doc.begins(&[fields.lists.article], head.end + 1);
            let key = if article { format!("{word}-the") } else { word };
            value(columns, fields.rules.symbol(&key).filter(|_| scoped && unspecified)?)
        };
        body.or_else(|| self.named_kind(head, columns))
            .or_else(after)
            .or_else(|| setting.country.and_then(|country| value(columns, country)))
            .or_else(|| setting.home.filter(|_| unspecified && !scoped).and_then(|home| value(columns, home)))
            .or_else(|| {
                self.is_for_a_field(head.start, setting).then(|| value(columns, fields.field)).flatten()
            })
            .or_else(|| setting.body.and_then(|_| value(columns, fields.body)))
    }

    /// Whether what the post is for stands directly before the head: `Health Secretary`.
    fn is_for_a_field(&self, head: usize, setting: Setting) -> bool {
        (setting.before.unwrap_or(self.range.start)..head).any(|at| {
            let mut entries =
                self.entries(self.fields.lists.modifier, at).filter(|(range, _)| range.end == head);
            entries.any(|(_, columns)| value(columns, self.fields.portfolio).is_some())
        })
    }

    /// Whether a word before the head tells nothing of what the post is for: `deputy`, `acting`, `senior`.
    fn says_no_more(&self, at: usize) -> bool {
        let mut entries = self.entries(self.fields.lists.modifier, at);
        // A field of government says more, and so does what makes an occupation a post: `regional`.
        let telling = [self.fields.portfolio, self.fields.lifts];
        entries.any(|(_, columns)| columns.iter().any(|(key, _)| !telling.contains(key)))
    }

    /// The kinds of bodies and places that the title's other words name. After the head a body has an article: `Director of
    /// Engineering Services` leads no service.
    fn named_kind(&self, head: Range, columns: Columns<'a>) -> Option<Symbol> {
        let lists = &self.fields.lists;
        let article = self.doc.begins(&[lists.article], head.end + 1);
        let after = (head.end..self.range.end).map(|at| (at, article));
        let before = (self.range.start..head.start).map(|at| (at, true));
        after.chain(before).find_map(|(at, body)| {
            let bodies = self.entries(lists.head, at).filter(|_| body);
            let kinds = bodies.chain(self.entries(lists.place, at)).filter_map(|(_, data)| {
                value(data, self.fields.kind).or_else(|| value(data, self.fields.place_kind))
            });
            kinds.filter_map(|kind| value(columns, kind)).last()
        })
    }

    /// The class of a deputy, where a word before the head makes it one.
    fn lowered(&self, head: usize, class: Symbol) -> Symbol {
        (self.range.start..head).fold(class, |class, at| {
            let columns = self.entries(self.fields.lists.modifier, at).map(|(_, columns)| columns).last();
            columns.and_then(|columns| value(columns, class)).unwrap_or(class)
        })
    }
}

fn value(columns: &[(Symbol, Symbol)], key: Symbol) -> Option<Symbol> {
    columns.iter().find(|(k, _)| *k == key).map(|(_, v)| *v)
}
