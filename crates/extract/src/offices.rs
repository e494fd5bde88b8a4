//! Titles of one country's office: the Kenyan Foreign Minister is not the Norwegian one.

use chancery_rules::{Doc, Range, Symbol};
use chancery_text::{Shape, fold};
use rustc_hash::FxHashMap;

use crate::fields::{Fields, entry};
use crate::people::Human;

/// Who holds which post for which country.
pub(crate) struct Offices<'a, 't> {
    fields: &'a Fields<'a>,
    doc: &'a Doc<'t>,
    people: &'a [Human],
    /// By country and the last word of the title before a preposition.
    holders: Option<FxHashMap<(Symbol, String), usize>>,
}

impl<'a, 't> Offices<'a, 't> {
    pub(crate) const fn of(fields: &'a Fields<'a>, doc: &'a Doc<'t>, people: &'a [Human]) -> Self {
        Self { fields, doc, people, holders: None }
    }

    /// Whom a title means that seemed to mean a person: that person, unless all their posts are of another country than
    /// the title names; then whoever holds such a post for that one, if anybody does.
    pub(crate) fn holder(&mut self, title: Range, person: usize) -> Option<usize> {
        let Some(country) = self.country(title) else { return Some(person) };
        let posts = &self.people[person].posts;
        let other = posts.iter().any(|held| held.country.is_some());
        if !other || posts.iter().any(|held| held.country == Some(country)) {
            return Some(person);
        }
        let head = self.head(title)?;
        let (fields, doc, people) = (self.fields, self.doc, self.people);
        let holders = self.holders.get_or_insert_with(|| {
            let mut holders = FxHashMap::default();
            for (n, human) in people.iter().enumerate() {
                let posts = human.posts.iter().filter_map(|held| Some((held.country?, held.title?)));
                for (country, title) in posts {
                    if let Some(head) = head_of(fields, doc, title) {
                        holders.entry((country, head)).or_insert(n);
                    }
                }
            }
            holders
        });
        holders.get(&(country, head)).copied()
    }

    fn head(&self, title: Range) -> Option<String> {
        head_of(self.fields, self.doc, title)
    }

    /// The country that is named before the head of a title, else right behind it: `the Kenyan Foreign Minister`, `Kenya’s
    /// Ambassador to Japan`, `the Ambassador of Kenya`.
    fn country(&self, title: Range) -> Option<Symbol> {
        let Self { fields, doc, .. } = *self;
        let preposition = |at: &usize| doc.begins(&[fields.lists.preposition], *at);
        let named = |at: usize| {
            let mut entries = doc.entries(fields.rules, fields.lists.country, at);
            entries.find_map(|(_, data)| data.iter().find(|(k, _)| *k == fields.country).map(|(_, v)| *v))
        };
        let head = (title.start..title.end).find(preposition).unwrap_or(title.end);
        let behind = || {
            let of = entry(doc, fields, fields.lists.genitive, head)?;
            let body = doc.starting(of).any(|(_, a)| a.kind == fields.organization);
            let demonym = doc.tokens().get(of + 1).is_some_and(|next| next.shape.has(Shape::CAP));
            named(of).filter(|_| !body && !demonym)
        };
        (title.start..head).find_map(named).or_else(behind)
    }
}

/// The last word of a title before a preposition, folded.
fn head_of(fields: &Fields<'_>, doc: &Doc<'_>, title: Range) -> Option<String> {
    let preposition = |at: &usize| doc.begins(&[fields.lists.preposition], *at);
    let end = (title.start..title.end).find(preposition).unwrap_or(title.end);
    end.checked_sub(1).filter(|last| *last >= title.start).map(|last| fold(doc.word(last)))
}
