//! How a hit of a search looks: who said what, the words that were looked for, and where it stands.

use anstyle::{AnsiColor, Style};
use chancery_index::{Hit, Kind};
use chancery_record::Span;

use crate::exit::Outcome;
use crate::screen::Screen;
use crate::wrap;

/// Room left of a hit for its number.
const INDENT: usize = 5;

const NUMBER: Style = Style::new().bold();
const NAME: Style = AnsiColor::Green.on_default().bold();
const POST: Style = AnsiColor::Yellow.on_default();
const CUE: Style = AnsiColor::Magenta.on_default();
const FOUND: Style = AnsiColor::Red.on_default().bold();
const FAINT: Style = Style::new().dimmed();

/// Prints one hit under its number.
pub(crate) fn print(number: usize, hit: &Hit, screen: &mut Screen) -> Outcome<()> {
    let label = screen.paint(NUMBER, &format!("{number:>3}  "));
    let head = head(hit, screen);
    screen.line(&format!("{label}{head}"))?;
    for line in wrap::lines(&hit.passage, screen.width() - INDENT) {
        let words = found(screen, &hit.passage, line, &hit.highlights);
        if !words.is_empty() {
            screen.line(&format!("{:INDENT$}{words}", ""))?;
        }
    }
    let foot = foot(hit, screen);
    screen.line(&format!("{:INDENT$}{foot}", ""))?;
    screen.line("")
}

/// `statement  Ana Roe — Minister of Tides — stressed:`
fn head(hit: &Hit, screen: &Screen) -> String {
    let kind = screen.paint(FAINT, hit.kind.as_str());
    if hit.kind == Kind::Release {
        let headline = hit.headline.as_deref().unwrap_or("(no headline)");
        return format!("{kind}  {}", screen.paint(NAME, &screen.web(headline)));
    }
    let name = hit.speaker.as_deref().unwrap_or("somebody unnamed");
    let mut head = format!("{kind}  {}", screen.paint(NAME, &screen.web(name)));
    // An official's passage is the post itself, and a body that speaks is its own post.
    let post = hit.speaker_post.as_deref().filter(|post| hit.kind != Kind::Official && *post != name);
    if let Some(post) = post {
        head += &format!(" — {}", screen.paint(POST, &screen.web(post)));
    }
    let state = match (hit.acting, hit.former) {
        (true, _) => " (acting)",
        (_, true) => " (former)",
        _ => "",
    };
    head += state;
    if let Some(cue) = &hit.cue {
        head += &format!(" — {}", screen.paint(CUE, &screen.web(cue)));
    }
    head + if hit.direct { ": “…”" } else { ":" }
}

/// Where it stands: headline, date, id. A release has said its headline already.
fn foot(hit: &Hit, screen: &Screen) -> String {
    let headline = hit.headline.as_deref().filter(|_| hit.kind != Kind::Release);
    let id = hit.alias.as_ref().unwrap_or(&hit.release_id);
    let parts = [headline, hit.published.as_deref(), Some(id.as_str())];
    let foot = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    screen.paint(FAINT, &screen.web(&foot))
}

/// A line of the passage with what was looked for in a colour of its own.
fn found(screen: &Screen, passage: &str, line: Span, highlights: &[Span]) -> String {
    let mut out = String::new();
    let mut at = line.start;
    for found in highlights.iter().filter(|found| found.overlaps(&line)) {
        let (start, end) = (found.start.max(at), found.end.min(line.end));
        out += &screen.web(Span::new(at, start).of(passage));
        out += &screen.paint(FOUND, &screen.web(Span::new(start, end).of(passage)));
        at = end;
    }
    out + &screen.web(Span::new(at, line.end).of(passage))
}
