//! Keywords in context: each match in the middle of its line, what stands around it on both sides, and what it captured
//! in columns.

use anstyle::{AnsiColor, Style};
use chancery::trial::Match;
use chancery_record::{Release, Span};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::exit::Outcome;
use crate::phrase::flat;
use crate::screen::Screen;

const FOUND: Style = AnsiColor::Red.on_default().bold();
const CAPTURED: Style = AnsiColor::Yellow.on_default();
const FAINT: Style = Style::new().dimmed();

/// No column is wider: a match, a capture.
const WIDEST_MATCH: usize = 36;
const WIDEST_CAPTURE: usize = 24;
/// What stands around a match has at least this much room on each side.
const LEAST_CONTEXT: usize = 18;
/// Between columns.
const GAP: &str = "  ";

/// One match with its surroundings, each part in one line.
pub(super) struct Line {
    /// The release by its readable id.
    release: String,
    before: String,
    words: String,
    after: String,
    captures: Vec<(String, String)>,
}

impl Line {
    pub(super) fn of(release: &Release, found: &Match) -> Self {
        let text = &release.text;
        let around = |start, end| flat(Span::new(start, end).of(text));
        let captures = found.captures.iter().map(|(name, span)| (name.clone(), flat(span.of(text))));
        Self {
            release: release.alias.as_ref().unwrap_or(&release.id).clone(),
            before: around(found.sentence.start, found.span.start),
            words: flat(found.span.of(text)),
            after: around(found.span.end, found.sentence.end.max(found.span.end)),
            captures: captures.collect(),
        }
    }

    /// What was captured by a name; several captures parted by a bar.
    fn capture(&self, name: &str) -> String {
        let all = self.captures.iter().filter(|(known, _)| known == name).map(|(_, words)| words.as_str());
        all.collect::<Vec<_>>().join(" | ")
    }
}

/// The widths of the columns.
pub(super) struct Kwic {
    context: usize,
    words: usize,
    captures: Vec<(String, usize)>,
}

impl Kwic {
    /// Columns in which these lines fit a screen of this width.
    pub(super) fn of(lines: &[Line], width: usize) -> Self {
        let mut names: Vec<String> = Vec::new();
        for (name, _) in lines.iter().flat_map(|line| &line.captures) {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        let widest = |most: usize, of: &dyn Fn(&Line) -> String| {
            lines.iter().map(|line| of(line).width()).max().unwrap_or(0).min(most)
        };
        let words = widest(WIDEST_MATCH, &|line| line.words.clone()).max(1);
        let room = width.saturating_sub(words + 2 * (LEAST_CONTEXT + GAP.len()));
        let share = room.checked_div(names.len()).unwrap_or(0).saturating_sub(GAP.len());
        let captures: Vec<(String, usize)> = names
            .into_iter()
            .map(|name| {
                let own = widest(WIDEST_CAPTURE, &|line| line.capture(&name)).max(name.width());
                (name, own.min(share.max(6)))
            })
            .collect();
        let taken: usize = captures.iter().map(|(_, width)| width + GAP.len()).sum();
        let context = width.saturating_sub(words + taken + 2 * GAP.len()) / 2;
        Self { context: context.max(LEAST_CONTEXT), words, captures }
    }

    /// Prints the lines under the names of their releases.
    pub(super) fn print(&self, lines: &[Line], screen: &mut Screen) -> Outcome<()> {
        if !self.captures.is_empty() {
            let indent = self.context * 2 + self.words + 2 * GAP.len();
            let names = self.captures.iter().map(|(name, width)| format!("{GAP}{}", left(name, *width)));
            let head = format!("{}{}", " ".repeat(indent), names.collect::<String>());
            let head = screen.paint(FAINT, head.trim_end());
            screen.line(&head)?;
        }
        let mut release = "";
        for line in lines {
            if line.release != release {
                release = &line.release;
                let head = screen.paint(FAINT, &screen.web(release));
                screen.line(&head)?;
            }
            let line = self.line(line, screen);
            screen.line(line.trim_end())?;
        }
        Ok(())
    }

    fn line(&self, line: &Line, screen: &Screen) -> String {
        let safe = |words: String| screen.web(&words).into_owned();
        let mut out = safe(right(&line.before, self.context));
        out += GAP;
        out += &screen.paint(FOUND, &safe(left(&line.words, self.words)));
        out += GAP;
        out += &safe(left(&line.after, self.context));
        for (name, width) in &self.captures {
            out += GAP;
            out += &screen.paint(CAPTURED, &safe(left(&line.capture(name), *width)));
        }
        out
    }
}

/// The beginning of the words in exactly `width` columns.
fn left(words: &str, width: usize) -> String {
    if words.width() <= width {
        return format!("{words}{}", " ".repeat(width - words.width()));
    }
    let kept = fitting(words.chars(), width.saturating_sub(1));
    let kept = format!("{}…", kept.into_iter().collect::<String>());
    format!("{kept}{}", " ".repeat(width.saturating_sub(kept.width())))
}

/// The end of the words in exactly `width` columns.
fn right(words: &str, width: usize) -> String {
    if words.width() <= width {
        return format!("{}{words}", " ".repeat(width - words.width()));
    }
    let kept = fitting(words.chars().rev(), width.saturating_sub(1));
    let kept = format!("…{}", kept.into_iter().rev().collect::<String>());
    format!("{}{kept}", " ".repeat(width.saturating_sub(kept.width())))
}

/// As many characters as fit.
fn fitting(chars: impl Iterator<Item = char>, width: usize) -> Vec<char> {
    let mut taken = 0;
    let fits = |c: &char| {
        taken += c.width().unwrap_or(0);
        taken <= width
    };
    chars.take_while(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::{left, right};

    #[test]
    fn words_are_cut_at_the_side_that_is_farther_from_the_match() {
        assert_eq!(left("the pier", 10), "the pier  ");
        assert_eq!(right("the pier", 10), "  the pier");
        assert_eq!(left("the new pier", 8), "the new…");
        assert_eq!(right("the new pier", 8), "…ew pier");
        // A wide character is never cut in two.
        assert_eq!(left("漢字漢字", 6), "漢字… ");
    }
}
