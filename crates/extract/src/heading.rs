//! What a text says of itself: the place and date it was written at, and the body that issues it.

use chancery_record::{Dateline, Record, Span};
use chancery_rules::{Annotation, Doc, Range, Symbol};
use chancery_text::fold;

use crate::State;
use crate::bodies::one_line;
use crate::fields::Fields;
use crate::reference::issuer as issuer_named;
use crate::subjects::Actor;

/// A dateline and a letterhead stand among so many first sentences, a footer among so many last ones.
const NEAR: usize = 4;

/// Puts dateline, issuer and date into a record, where the input does not say them.
pub(crate) fn read(fields: &Fields<'_>, doc: &Doc<'_>, state: &State, record: &mut Record) {
    record.dateline = dateline(fields, doc);
    let date = record.dateline.as_ref().and_then(|line| line.date.clone());
    record.release.published = record.release.published.take().or(date);
    let said = record.release.issuer.as_deref().map(fold);
    let named = said.as_ref().and_then(|said| {
        let same = |name: &str| fold(name) == *said;
        record.organizations.iter().find(|g| same(&g.name) || g.acronym.as_deref().is_some_and(same))
    });
    let named = named.map(|body| body.id.clone());
    let found =
        || said.is_none().then(|| issuer(fields, doc, state)).flatten().map(|n| format!("g{}", n + 1));
    if let Some(id) = named.or_else(found) {
        record.release.issuer = Some(id);
    }
}

/// The line of place and date, if a rule finds one near the beginning.
fn dateline(fields: &Fields<'_>, doc: &Doc<'_>) -> Option<Dateline> {
    let first = near_beginning(doc, fields.dateline).next()?;
    let place = first.capture(fields.place)?;
    let (start, end) =
        doc.bytes(first.capture(fields.date).map_or(place, |date| Range::new(place.start, date.end)));
    let date = first.capture(fields.date).and_then(|range| date(fields, doc, range));
    Some(Dateline {
        place: one_line(doc.words(place)),
        date,
        span: Span::new(start, end),
        rule: rule(fields, first),
    })
}

fn near_beginning<'d>(doc: &'d Doc<'_>, kind: Symbol) -> impl Iterator<Item = &'d Annotation> {
    let end = doc.sentences().get(NEAR - 1).or(doc.sentences().last()).map_or(0, |sentence| sentence.end);
    let found = doc.of_kind(kind).into_iter().map(|(_, found)| found);
    found.filter(move |found| found.range.start < end)
}

fn rule(fields: &Fields<'_>, found: &Annotation) -> String {
    found.rule.map_or_else(|| "document".to_owned(), |rule| fields.rules.info(rule).id.clone())
}

/// A date of month, day and year, `YYYY-MM-DD`; one without a year is none.
fn date(fields: &Fields<'_>, doc: &Doc<'_>, range: Range) -> Option<String> {
    let month = (range.start..range.end).find_map(|at| {
        let months = doc.entries(fields.rules, fields.lists.calendar, at);
        let mut numbers = months.filter(|(_, data)| data.contains(&(fields.place_kind, fields.month)));
        numbers.find_map(|(_, data)| data.iter().find(|(key, _)| *key == fields.number).map(|(_, n)| *n))
    })?;
    let month: i8 = fields.rules.word(month).parse().ok()?;
    let digits = |at: usize| doc.word(at).trim_end_matches(char::is_alphabetic).parse::<i16>().ok();
    let numbers: Vec<i16> = (range.start..range.end).filter_map(digits).collect();
    let day = numbers.iter().find(|n| (1..=31).contains(*n))?;
    let year = numbers.iter().find(|n| (1900..=2100).contains(*n))?;
    let day: i8 = (*day).try_into().ok()?;
    jiff::civil::Date::new(*year, month, day).ok().map(|date| date.to_string())
}

/// Who issues the text: as the input says, else as the text does.
pub(crate) fn issuing(fields: &Fields<'_>, doc: &Doc<'_>, state: &State) -> Option<Actor> {
    match &state.issuer {
        Some(name) => Some(issuer_named(state, name).1),
        None => issuer(fields, doc, state).map(Actor::Body),
    }
}

/// The body that issues the text: of a letterhead, else of a footer, else the one that speaks first.
fn issuer(fields: &Fields<'_>, doc: &Doc<'_>, state: &State) -> Option<usize> {
    let near = near_beginning(doc, fields.issuer);
    let from = doc.sentences().len().saturating_sub(NEAR);
    let last = doc.sentences().get(from).map_or(0, |sentence| sentence.start);
    let all = doc.of_kind(fields.issuer);
    let footers = all.iter().map(|(_, found)| *found).filter(|found| found.range.start >= last);
    let candidates: Vec<&Annotation> = near.chain(footers).collect();
    let of = |kind| candidates.iter().find(move |found| found.value(fields.k) == Some(kind));
    let best = of(fields.letterhead).or_else(|| of(fields.footer)).or_else(|| of(fields.lead))?;
    let body = best.capture(fields.body)?;
    let around = state.named_bodies.around(body).into_iter();
    around.map(|(_, n)| n).min()
}
