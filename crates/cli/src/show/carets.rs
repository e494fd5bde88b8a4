//! A release's text with lines below it that mark each fact: for pipes, reports and eyes that see no colours.
//!
//! ```text
//!  7 | The Deputy Harbour Minister Ana Roe stressed that the pier opens in May.
//!    |     ~~~~~~~~~~~~~~~~~~~~~~~ ^^^^^^^  official p3  en/officials/bare-role
//!    |                                     --------      .....................  statement s1 by p3  …
//! ```

use chancery_record::Span;

use super::marks::{Fact, Kind};
use crate::screen::Screen;
use crate::wrap::columns;

/// What the signs mean.
pub(crate) const LEGEND: &str = "^ person   ~ post   = organization   - cue   . passage";

/// A line of `text` with its number, and a line of signs for each fact in it.
pub(crate) fn lines(screen: &Screen, text: &str, number: usize, line: Span, facts: &[Fact]) -> Vec<String> {
    let mut out = vec![format!("{number:>3} | {}", screen.web(line.of(text))).trim_end().to_owned()];
    for fact in facts {
        let mut here: Vec<_> = fact.marks.iter().filter(|mark| mark.span.overlaps(&line)).collect();
        if here.is_empty() {
            continue;
        }
        here.sort_by_key(|mark| mark.kind);
        let strokes: Vec<(Span, char)> = here.iter().map(|mark| (mark.span, sign(mark.kind))).collect();
        let mut rules: Vec<&str> = here.iter().map(|mark| mark.rule.as_str()).collect();
        rules.sort_unstable();
        rules.dedup();
        // The rule of a post says more than that of the name beside it.
        if let Some(post) = here.iter().find(|mark| mark.kind == Kind::Post) {
            rules = vec![&post.rule];
        }
        let signs = drawn(screen, text, line, &strokes);
        out.push(format!("    | {signs}  {}  {}", screen.web(&fact.label), rules.join(" ")));
    }
    out
}

const fn sign(kind: Kind) -> char {
    match kind {
        Kind::Official | Kind::Person => '^',
        Kind::Post => '~',
        Kind::Organization => '=',
        Kind::Cue => '-',
        Kind::Statement | Kind::Proposal => '.',
    }
}

/// One sign for each column of the line; later strokes lie above earlier ones.
pub(crate) fn drawn(screen: &Screen, text: &str, line: Span, strokes: &[(Span, char)]) -> String {
    let mut signs = String::new();
    let mut at = line.start;
    for c in line.of(text).chars() {
        let here = Span::new(at, at + c.len_utf8());
        let sign = strokes.iter().rev().find(|(span, _)| span.contains(&here)).map_or(' ', |(_, sign)| *sign);
        let mut buffer = [0; 4];
        let taken = columns(&screen.web(c.encode_utf8(&mut buffer)));
        signs.extend(std::iter::repeat_n(sign, taken));
        at = here.end;
    }
    signs.truncate(signs.trim_end().len());
    signs
}
