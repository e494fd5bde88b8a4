//! A release's text with its facts in colours.

use anstyle::{AnsiColor, Style};
use chancery_record::Span;

use super::marks::{Fact, Kind};
use crate::screen::Screen;

/// The style of each kind. Passages underline what stands in them; names keep their own colour inside.
pub(crate) fn style(kind: Kind) -> Style {
    match kind {
        Kind::Official => AnsiColor::Green.on_default().bold(),
        Kind::Person => AnsiColor::Green.on_default(),
        Kind::Post => AnsiColor::Yellow.on_default(),
        Kind::Organization => AnsiColor::Cyan.on_default(),
        Kind::Cue => AnsiColor::Magenta.on_default().bold(),
        Kind::Statement => Style::new().underline(),
        Kind::Proposal => AnsiColor::Blue.on_default().underline(),
    }
}

/// A line of `text` with every fact in its colour.
pub(crate) fn line(screen: &Screen, text: &str, line: Span, facts: &[Fact]) -> String {
    let marks: Vec<_> =
        facts.iter().flat_map(|fact| &fact.marks).filter(|mark| mark.span.overlaps(&line)).collect();
    let mut borders: Vec<usize> = vec![line.start, line.end];
    borders.extend(marks.iter().flat_map(|mark| [mark.span.start, mark.span.end]));
    borders.retain(|border| (line.start..=line.end).contains(border));
    borders.sort_unstable();
    borders.dedup();
    let mut out = String::new();
    for pair in borders.windows(2) {
        let run = Span::new(pair[0], pair[1]);
        let mut kinds: Vec<Kind> =
            marks.iter().filter(|mark| mark.span.contains(&run)).map(|mark| mark.kind).collect();
        kinds.sort_unstable();
        out += &screen.paint(layered(&kinds), &screen.web(run.of(text)));
    }
    out
}

/// The names of the kinds in their styles, in one line.
pub(crate) fn legend(screen: &Screen) -> String {
    Kind::ALL.map(|kind| screen.paint(style(kind), kind.name())).join("  ")
}

/// What lies further out first: each layer adds its underline, the innermost colour wins.
fn layered(kinds: &[Kind]) -> Style {
    kinds.iter().fold(Style::new(), |outer, kind| {
        let inner = style(*kind);
        let colour = inner.get_fg_color().or(outer.get_fg_color());
        outer.fg_color(colour).effects(outer.get_effects() | inner.get_effects())
    })
}
