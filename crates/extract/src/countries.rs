//! The country of a body or of a post, where words of the text say it.

use chancery_rules::{Doc, Range, Symbol};

use crate::bodies::Body;
use crate::fields::Fields;

/// Finds the countries that words name: by lists of countries, peoples and places.
pub(crate) struct Countries<'a> {
    pub(crate) fields: &'a Fields<'a>,
    pub(crate) doc: &'a Doc<'a>,
}

impl Countries<'_> {
    /// The country of each body: of its name; else of the words directly before or after a mention (`Japan's Ministry
    /// of Finance`); else of the body that it is part of. A body of many countries has none but that of its name.
    pub(crate) fn of_bodies(&self, bodies: &[Body]) -> Vec<Option<Symbol>> {
        let mut found: Vec<Option<Symbol>> = bodies.iter().map(|body| self.of_body(body)).collect();
        for (n, body) in bodies.iter().enumerate() {
            if found[n].is_none() && !self.is_of_many(body.kind) {
                found[n] = body.parent.and_then(|whole| found[whole]);
            }
        }
        found
    }

    /// Whether bodies of a type belong to no single country.
    pub(crate) fn is_of_many(&self, kind: Option<Symbol>) -> bool {
        kind == Some(self.fields.international)
    }

    fn of_body(&self, body: &Body) -> Option<Symbol> {
        let ranges = || body.mentions.iter().map(|(range, _)| *range);
        let known = ranges().find_map(|range| self.known(range));
        let named = || ranges().find_map(|range| self.single(range, body.kind == Some(self.fields.mission)));
        // `Japan's Ministry of Finance` and `Kenya's Ministry of Finance` in one text: of neither.
        let beside = || {
            let mut told = ranges().filter_map(|range| self.beside(range));
            let first = told.next()?;
            told.all(|other| other == first).then_some(first)
        };
        known.or_else(named).or_else(|| beside().filter(|_| !self.is_of_many(body.kind)))
    }

    /// The country that stands directly before or after a mention of a body.
    pub(crate) fn beside(&self, range: Range) -> Option<Symbol> {
        self.before(range).or_else(|| self.after(range))
    }

    /// What the list of known bodies says.
    fn known(&self, range: Range) -> Option<Symbol> {
        let entries = self.doc.entries(self.fields.rules, self.fields.lists.known, range.start);
        entries.filter(|(end, _)| *end == range.end).find_map(|(_, data)| self.country(data))
    }

    /// The only country that some words name; with `first`, the first one.
    fn single(&self, range: Range, first: bool) -> Option<Symbol> {
        let mut found = None;
        let mut at = range.start;
        while at < range.end {
            let Some((end, country)) = self.at(at, range.end) else {
                at += 1;
                continue;
            };
            match (found, country) {
                (None, country) => found = country,
                (Some(one), Some(other)) if one != other && !first => return None,
                _ => {}
            }
            at = end;
        }
        found
    }

    /// The longest country, people or place that begins at a token, and the country that it tells.
    fn at(&self, at: usize, limit: usize) -> Option<(usize, Option<Symbol>)> {
        let lists = [self.fields.lists.country, self.fields.lists.place];
        let entries = lists.into_iter().flat_map(|list| self.doc.entries(self.fields.rules, list, at));
        let fitting = entries.filter(|(end, _)| *end <= limit).map(|(end, data)| (end, self.country(data)));
        fitting.reduce(|best, next| if next.0 > best.0 { next } else { best })
    }

    /// `Japan's`, `the Japanese`, directly before a name.
    fn before(&self, range: Range) -> Option<Symbol> {
        let owned = range.start.checked_sub(1).filter(|at| self.is_possessive(*at)).unwrap_or(range.start);
        let sentence = self.doc.sentences().get(self.doc.sentence_of(range.start))?;
        let starts = sentence.start.max(owned.saturating_sub(5))..owned;
        let mut ending = starts.filter_map(|at| self.at(at, owned)).filter(|(end, _)| *end == owned);
        ending.find_map(|(_, country)| country)
    }

    fn is_possessive(&self, at: usize) -> bool {
        self.doc.tokens()[at].shape.has(chancery_text::Shape::POSS)
    }

    /// `of Japan`, directly after a name.
    fn after(&self, range: Range) -> Option<Symbol> {
        let sentence = self.doc.sentences().get(self.doc.sentence_of(range.start))?;
        let links = self.doc.entries(self.fields.rules, self.fields.lists.genitive, range.end);
        let mut starts = links.map(|(end, _)| end).filter(|end| *end < sentence.end);
        starts.find_map(|start| self.named(start, sentence.end))
    }

    /// The country whose office a title names: `Texas Governor`, `Mayor of Shanghai`.
    pub(crate) fn of_title(&self, title: Range) -> Option<Symbol> {
        let first = self.at(title.start, title.end).and_then(|(_, country)| country);
        let links = (title.start..title.end).flat_map(|at| {
            self.doc.entries(self.fields.rules, self.fields.lists.genitive, at).map(|(end, _)| end)
        });
        let mut ends = links.filter(|end| *end < title.end);
        first.or_else(|| ends.find_map(|end| self.named(end, title.end)))
    }

    /// As [`Self::at`], where the words are a name: `of American Studies` tells of no country's office.
    fn named(&self, at: usize, limit: usize) -> Option<Symbol> {
        let entries = self.doc.entries(self.fields.rules, self.fields.lists.country, at);
        let mut peoples = entries.filter(|(_, data)| data.contains(&(self.fields.form, self.fields.demonym)));
        if peoples.next().is_some() { None } else { self.at(at, limit)?.1 }
    }

    /// What the data of an entry say; a name of many things says nothing.
    fn country(&self, data: &[(Symbol, Symbol)]) -> Option<Symbol> {
        let sure = data.iter().all(|(key, _)| *key != self.fields.weak);
        data.iter().filter(|_| sure).find(|(key, _)| *key == self.fields.country).map(|(_, value)| *value)
    }
}
