//! How a hit of a search looks: who said what, the words that were looked for, and where it stands.

use anstyle::{AnsiColor, Style};
use chancery_index::{Hit, Kind};
use chancery_record::Span;

use crate::exit::Outcome;
use crate::painted::Painted;
use crate::phrase;
use crate::screen::Screen;

/// Room left of a hit for its number.
const INDENT: usize = 5;

const NUMBER: Style = Style::new().bold();
const NAME: Style = AnsiColor::Green.on_default().bold();
const POST: Style = AnsiColor::Yellow.on_default();
const CUE: Style = AnsiColor::Magenta.on_default();
const FOUND: Style = AnsiColor::Red.on_default().bold();
const FAINT: Style = Style::new().dimmed();

/// What is said of a release that is no longer on the site.
const GONE: &str = "gone from the site";

/// Prints the release that the hits after it stand in; `gone` where it is no longer on the site.
pub(crate) fn release(hit: &Hit, gone: bool, screen: &mut Screen) -> Outcome<()> {
    let headline = hit.headline.as_deref().unwrap_or("(no headline)");
    let mut head = Painted::marked(headline, &hit.marks.headline, FOUND);
    let gone = gone.then_some(GONE);
    let about = [hit.published.as_deref(), hit.alias.as_deref(), gone];
    let about: Vec<&str> = about.into_iter().flatten().collect();
    let count = phrase::count(hit.in_release.unwrap_or_default(), "hit", "hits");
    head.push(FAINT, &format!("  {} · {count}", about.join(" · ")));
    for line in head.lines(screen, screen.width()) {
        screen.line(&line)?;
    }
    screen.line("")
}

/// Prints one hit under its number; `gone` where its release is no longer on the site.
pub(crate) fn print(number: usize, hit: &Hit, gone: bool, screen: &mut Screen) -> Outcome<()> {
    let mut label = screen.paint(NUMBER, &format!("{number:>3}  "));
    let passage = passage(hit);
    // Where hits of one release come together, its headline stands over them.
    let foot = if hit.in_release.is_some() { Vec::new() } else { foot(hit, gone) };
    let parts = [vec![head(hit), passage], foot].concat();
    for line in parts.iter().flat_map(|part| part.lines(screen, screen.width() - INDENT)).collect::<Vec<_>>()
    {
        if !line.is_empty() {
            screen.line(&format!("{label}{line}"))?;
            label = " ".repeat(INDENT);
        }
    }
    screen.line("")
}

/// `statement  Ana Roe — Minister of Tides — stressed:`
fn head(hit: &Hit) -> Painted {
    let mut head = Painted::default();
    head.push(FAINT, hit.kind.as_str());
    head.plain("  ");
    if hit.kind == Kind::Release {
        marked(&mut head, NAME, hit.headline.as_deref().unwrap_or("(no headline)"), &hit.marks.headline);
        return head;
    }
    let name = hit.speaker.as_deref().unwrap_or("somebody unnamed");
    marked(&mut head, NAME, name, &hit.marks.speaker);
    if hit.is_variant {
        let marks = &hit.marks.speaker;
        let found = marks.first().zip(marks.last()).map(|(first, last)| Span::new(first.start, last.end));
        head.push(FAINT, &format!(" (as {})", found.map_or(name, |found| found.of(name))));
    }
    // A body that speaks is its own post, and what the passage says word for word is not said twice.
    let post = hit.speaker_post.as_deref().filter(|post| *post != name && *post != hit.passage);
    if let Some(post) = post {
        head.plain(" — ");
        marked(&mut head, POST, post, &hit.marks.speaker_post);
    }
    head.plain(match (hit.acting, hit.former) {
        (true, _) => " (acting)",
        (_, true) => " (former)",
        _ => "",
    });
    if let Some(cue) = &hit.cue {
        head.plain(" — ");
        marked(&mut head, CUE, cue, &hit.marks.cue);
    }
    head.plain(if hit.direct { ", in quotation marks:" } else { ":" });
    head
}

/// Text in a style, but for what was found in it.
fn marked(head: &mut Painted, style: Style, text: &str, found: &[Span]) {
    let mut at = 0;
    for span in found.iter().filter(|span| span.end <= text.len()) {
        head.push(style, Span::new(at, span.start).of(text));
        head.push(FOUND, span.of(text));
        at = span.end;
    }
    head.push(style, Span::new(at, text.len()).of(text));
}

/// The words of the fact; a stretch of a release says by `…` where its paragraph goes on.
fn passage(hit: &Hit) -> Painted {
    let (before, after) = (if hit.cut_before { "… " } else { "" }, if hit.cut_after { " …" } else { "" });
    let shift = |span: &Span| Span::new(span.start + before.len(), span.end + before.len());
    let highlights: Vec<Span> = hit.highlights.iter().map(shift).collect();
    Painted::marked(&format!("{before}{}{after}", hit.passage), &highlights, FOUND)
}

/// Where it stands: headline (which a release has said already) and date, then the id.
fn foot(hit: &Hit, gone: bool) -> Vec<Painted> {
    let headline = hit.headline.as_deref().filter(|_| hit.kind != Kind::Release);
    let about: Vec<&str> =
        [headline, hit.published.as_deref(), gone.then_some(GONE)].into_iter().flatten().collect();
    let id = hit.alias.as_ref().unwrap_or(&hit.release_id);
    let faint = |text: &str| {
        let mut part = Painted::default();
        part.push(FAINT, text);
        part
    };
    vec![faint(&about.join(" · ")), faint(id)]
}
