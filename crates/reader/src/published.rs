//! When a release was published: what the source's selectors, the page's metadata, the lines about the headline and
//! the address say, in this order.

use scraper::ElementRef;

use crate::blocks;
use crate::date::Calendar;
use crate::headline::Headline;
use crate::main_text::Body;
use crate::page::{Page, class_words, text_of};
use crate::{Lexicon, Selectors};

/// So many blocks before the headline and after it are looked at.
const NEAR: usize = 6;

pub(crate) fn find(
    page: &Page,
    body: &Body,
    headline: &Headline,
    url: Option<&str>,
    selectors: &Selectors,
    calendar: &Calendar<'_>,
    lexicon: &Lexicon,
) -> Option<String> {
    by_selector(page, selectors, calendar)
        .or_else(|| page.json.published.as_deref().and_then(|date| calendar.value(date)))
        .or_else(|| page.meta_values(&lexicon.meta.date).find_map(|date| calendar.value(date)))
        .or_else(|| visible(page, body, headline, calendar, lexicon))
        .or_else(|| page.meta_values(&lexicon.meta.weak_date).find_map(|date| calendar.value(date)))
        .or_else(|| url.or(page.canonical(lexicon).as_deref()).and_then(of_address))
}

fn by_selector(page: &Page, selectors: &Selectors, calendar: &Calendar<'_>) -> Option<String> {
    selectors.date.iter().find_map(|css| {
        page.select(&css.selector).find_map(|element| match &css.attribute {
            Some(attribute) => calendar.value(element.attr(attribute)?),
            None => calendar.first(&text_of(element)),
        })
    })
}

/// What a reader sees: elements made for dates, then lines near the headline, then lines that speak of publication,
/// then the beginning of the text.
fn visible(
    page: &Page,
    body: &Body,
    headline: &Headline,
    calendar: &Calendar<'_>,
    lexicon: &Lexicon,
) -> Option<String> {
    let top = headline.node.map_or(body.from, |node| page.place(node));
    let times =
        || page.body().descendent_elements().filter(|e| e.value().name() == "time" && !page.in_dropped(**e));
    let distance = |e: &ElementRef<'_>| page.place(e.id()).abs_diff(top);
    let of_time = |e: ElementRef<'_>| {
        e.attr("datetime").and_then(|value| calendar.value(value)).or_else(|| calendar.first(&text_of(e)))
    };
    let near_time = times().filter(|e| page.place(e.id()) <= body.to).min_by_key(distance).and_then(of_time);
    near_time
        .or_else(|| near_lines(page, body, top, calendar))
        .or_else(|| by_class(page, top, calendar, lexicon))
        .or_else(|| labelled(page, calendar))
        .or_else(|| times().min_by_key(distance).and_then(of_time))
        .or_else(|| body.blocks.first().and_then(|block| dateline(&block.text, calendar)))
        .or_else(|| {
            body.blocks.last().filter(|b| b.text.chars().count() < 80).and_then(|b| calendar.first(&b.text))
        })
}

/// Lines near the headline that tell the date and little else; those after it first, and those that tell nothing else
/// before all.
fn near_lines(page: &Page, body: &Body, top: usize, calendar: &Calendar<'_>) -> Option<String> {
    let all = blocks::of(page.body(), &std::collections::HashSet::new());
    let at = all.iter().position(|block| page.place(block.node) >= top).unwrap_or(0);
    let after = all.iter().skip(at).take_while(|block| page.place(block.node) <= body.to).take(2 * NEAR);
    let before = all.iter().take(at).rev().take(NEAR);
    let dated = |block: &blocks::Block| Some((calendar.of_line(&block.text)?, block.text.ends_with('.')));
    let lines: Vec<_> = after.chain(before).filter_map(dated).collect();
    let published = || lines.iter().filter(|(line, _)| line.published || !line.updated);
    let only = published().find(|(line, _)| line.is_only_date());
    let short = || published().find(|(line, is_sentence)| line.other_words <= 6 && !is_sentence);
    let changed = || lines.iter().find(|(line, _)| line.updated && line.is_only_date());
    only.or_else(short).or_else(changed).map(|(line, _)| line.date.clone())
}

fn by_class(page: &Page, top: usize, calendar: &Calendar<'_>, lexicon: &Lexicon) -> Option<String> {
    let is_date = |e: &ElementRef<'_>| {
        let words = class_words(*e);
        !words.is_empty() && lexicon.classes.date.are_in(&words)
    };
    let dated = page.body().descendent_elements().filter(is_date).filter_map(|e| {
        let text = text_of(e);
        if text.chars().count() > 160 {
            return None;
        }
        Some((page.place(e.id()).abs_diff(top), calendar.first(&text)?))
    });
    dated.min_by_key(|(distance, _)| *distance).map(|(_, date)| date)
}

/// A line anywhere that speaks of publication, else one that speaks of a change.
fn labelled(page: &Page, calendar: &Calendar<'_>) -> Option<String> {
    let all = blocks::of(page.body(), &std::collections::HashSet::new());
    let lines: Vec<_> = all.iter().filter_map(|block| calendar.of_line(&block.text)).collect();
    let published = lines.iter().find(|line| line.published && !line.updated);
    let line = published.or_else(|| lines.iter().find(|line| line.updated && line.is_only_date()));
    line.map(|line| line.date.clone())
}

/// `CAIRO, 2 March 2021 - The Minister …`.
fn dateline(text: &str, calendar: &Calendar<'_>) -> Option<String> {
    calendar.first(&text.chars().take(80).collect::<String>())
}

/// A path like `/2021/03/12/` or `/2021-03-12-tides`.
fn of_address(url: &str) -> Option<String> {
    let path = url::Url::parse(url).ok()?.path().to_owned();
    let parts: Vec<&str> = path.split(['/', '-', '_', '.']).collect();
    let number = |part: &str, digits: &[usize]| {
        (digits.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.to_owned())
    };
    let whole = parts.iter().find_map(|part| {
        let digits = part.get(..8).filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?;
        let rest = part.get(8..)?;
        let is_date = !rest.starts_with(|c: char| c.is_ascii_digit());
        let at = |from: usize, to: usize| digits.get(from..to)?.parse::<i16>().ok();
        if is_date { valid(at(0, 4)?, at(4, 6)?.try_into().ok()?, at(6, 8)?.try_into().ok()?) } else { None }
    });
    let parted = parts.windows(3).find_map(|three| {
        let [year, month, day] = three else { return None };
        let (year, month, day) = (number(year, &[4])?, number(month, &[1, 2])?, number(day, &[1, 2])?);
        valid(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    });
    parted.or(whole)
}

fn valid(year: i16, month: i8, day: i8) -> Option<String> {
    let date = jiff::civil::Date::new(year, month, day).ok()?;
    (1980..=2100).contains(&year).then(|| date.to_string())
}

#[cfg(test)]
mod tests {
    use super::of_address;

    #[test]
    fn a_table_of_addresses() {
        for (url, want) in [
            ("https://a.example/news/2021/03/12/tides", Some("2021-03-12")),
            ("https://a.example/2021-3-2-tides.html", Some("2021-03-02")),
            ("https://a.example/20210302IPR99999/tides", Some("2021-03-02")),
            ("https://a.example/news/123456789012", None),
            ("https://a.example/2021/03/tides", None),
            ("not an address", None),
        ] {
            assert_eq!(of_address(url).as_deref(), want, "{url}");
        }
    }
}
