//! What an answer holds beside its hits: counts and a timeline; and its hits as comma-separated values.

use std::collections::BTreeMap;

use anstyle::{AnsiColor, Style};
use chancery_index::{Count, FacetCounts, Hit, Hits, Month};

use crate::exit::Outcome;
use crate::phrase::grouped;
use crate::screen::Screen;
use crate::wrap::columns;

const HEADING: Style = Style::new().bold();
const BAR: Style = AnsiColor::Cyan.on_default();

/// Longer timelines are drawn by year.
const MONTHS: u32 = 24;

/// Columns of the CSV.
const COLUMNS: [&str; 24] = [
    "kind",
    "date",
    "speaker",
    "post",
    "role",
    "organization",
    "acronym",
    "act",
    "cue",
    "direct",
    "passage",
    "to",
    "country",
    "country_inferred",
    "language",
    "source",
    "type",
    "headline",
    "release",
    "alias",
    "url",
    "fact",
    "rule",
    "confidence",
];

/// Each facet with its values, most frequent first.
pub(crate) fn facets(facets: &[FacetCounts], screen: &mut Screen) -> Outcome<()> {
    for facet in facets.iter().filter(|facet| !facet.values.is_empty()) {
        screen.line(&screen.paint(HEADING, facet.facet.as_str()))?;
        bars(&facet.values, screen)?;
        if facet.more > 0 {
            screen.line(&format!("  … and {} more", grouped(facet.more)))?;
        }
        screen.line("")?;
    }
    Ok(())
}

/// Hits by month, or by year where there are many months from the first to the last.
pub(crate) fn timeline(months: &[Month], screen: &mut Screen) -> Outcome<()> {
    if months.is_empty() {
        return Ok(());
    }
    let mut stretches: BTreeMap<String, u64> = BTreeMap::new();
    let ordinals = || months.iter().filter_map(|month| ordinal(month.month.as_deref()?));
    let (first, last) = (ordinals().min().unwrap_or_default(), ordinals().max().unwrap_or_default());
    let by_year = last - first >= MONTHS;
    for Month { month, count } in months {
        let Some(month) = month else { continue };
        let year = month.split('-').next().unwrap_or(month);
        *stretches.entry(if by_year { year } else { month }.to_owned()).or_default() += count;
    }
    let mut counts: Vec<Count> = Vec::new();
    for (value, count) in stretches {
        // A stretch without hits is part of the picture.
        while let Some(gap) = counts.last().and_then(|last| after(&last.value)).filter(|gap| *gap < value) {
            counts.push(Count { value: gap, count: 0 });
        }
        counts.push(Count { value, count });
    }
    let undated = months.iter().filter(|month| month.month.is_none()).map(|month| month.count).sum();
    if undated > 0 {
        counts.push(Count { value: "undated".into(), count: undated });
    }
    screen.line(&screen.paint(HEADING, if by_year { "by year" } else { "by month" }))?;
    bars(&counts, screen)?;
    screen.line("")
}

/// Which month since the year 0 this is.
fn ordinal(month: &str) -> Option<u32> {
    let (year, month) = month.split_once('-')?;
    Some(year.parse::<u32>().ok()? * 12 + month.parse::<u32>().ok()?)
}

/// The month or year after this one.
fn after(stretch: &str) -> Option<String> {
    let (year, month) = stretch.split_once('-').map_or((stretch, None), |(year, month)| (year, Some(month)));
    let year: u32 = year.parse().ok()?;
    Some(match month.map(str::parse::<u32>).transpose().ok()? {
        None => format!("{:04}", year + 1),
        Some(12) => format!("{:04}-01", year + 1),
        Some(month) => format!("{year:04}-{:02}", month + 1),
    })
}

/// A line for each count: its name, its number, and a bar as long as it is large.
fn bars(counts: &[Count], screen: &mut Screen) -> Outcome<()> {
    const NAME: usize = 44;
    let most = counts.iter().map(|count| count.count).max().unwrap_or(0).max(1);
    let names: Vec<String> = counts.iter().map(|count| cut(&screen.web(&count.value), NAME)).collect();
    let name_width = names.iter().map(|name| columns(name)).max().unwrap_or(0);
    let number_width = grouped(most).len();
    let room = screen.width().saturating_sub(name_width + number_width + 6).clamp(10, 60) as u64;
    for (name, count) in names.iter().zip(counts) {
        let gap = " ".repeat(name_width - columns(name));
        let eighths = count.count * room * 8 / most;
        let bar = screen.paint(BAR, &bar(eighths));
        let line = format!("  {name}{gap}  {:>number_width$}  {bar}", grouped(count.count));
        screen.line(line.trim_end())?;
    }
    Ok(())
}

/// A bar of so many eighths of a character.
fn bar(eighths: u64) -> String {
    let whole = usize::try_from(eighths / 8).unwrap_or(0);
    let part = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let rest = usize::try_from(eighths % 8).ok().and_then(|rest| part.get(rest)).copied().unwrap_or("");
    "█".repeat(whole) + rest
}

/// `text`, cut to a width in columns.
fn cut(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.into();
    }
    let mut short = String::new();
    for c in text.chars() {
        if columns(&short) + 2 > width {
            break;
        }
        short.push(c);
    }
    short + "…"
}

/// The hits as comma-separated values, under a line of names.
pub(crate) fn csv(found: &Hits, screen: &mut Screen) -> Outcome<()> {
    screen.line(&COLUMNS.join(","))?;
    for hit in &found.hits {
        let cells: Vec<String> = cells(hit).iter().map(|cell| quoted(cell)).collect();
        screen.line(&cells.join(","))?;
    }
    Ok(())
}

fn cells(hit: &Hit) -> [String; 24] {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        hit.kind.to_string(),
        text(&hit.published),
        text(&hit.speaker),
        text(&hit.speaker_post),
        text(&hit.role),
        text(&hit.organization),
        text(&hit.acronym),
        text(&hit.act),
        text(&hit.cue),
        hit.direct.to_string(),
        hit.passage.clone(),
        hit.to.join("; "),
        text(&hit.country),
        hit.country_inferred.to_string(),
        text(&hit.language),
        text(&hit.source),
        hit.release_type.clone(),
        text(&hit.headline),
        hit.release_id.clone(),
        text(&hit.alias),
        text(&hit.url),
        text(&hit.fact),
        text(&hit.rule),
        hit.confidence.map(|confidence| confidence.to_string()).unwrap_or_default(),
    ]
}

/// A cell as RFC 4180 has it.
fn quoted(cell: &str) -> String {
    if cell.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_and_years_follow_one_another() {
        assert_eq!(after("2021-12").as_deref(), Some("2022-01"));
        assert_eq!(after("2021-02").as_deref(), Some("2021-03"));
        assert_eq!(after("1999").as_deref(), Some("2000"));
        assert_eq!(after("undated"), None);
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        assert_eq!(quoted("plain"), "plain");
        assert_eq!(quoted("one, \"two\"\n"), "\"one, \"\"two\"\"\n\"");
    }

    #[test]
    fn bars_are_as_long_as_they_should_be() {
        assert_eq!(bar(0), "");
        assert_eq!(bar(19), "██▍");
        assert_eq!(cut("Ingeborg Næss", 8), "Ingebor…");
    }
}
