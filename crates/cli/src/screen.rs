//! Where output goes: standard output with its colours and width, a closed pipe as a quiet end, text of the web
//! made harmless before a terminal sees it.

use std::borrow::Cow;
use std::env;
use std::io::{self, BufWriter, IsTerminal, Write};

use anstyle::Style;

use crate::args::When;
use crate::exit::Outcome;

/// Width where there is no terminal to ask.
const WIDTH: usize = 100;
/// Lines longer than this are hard to read, however wide the terminal.
const WIDEST: usize = 120;

/// Nothing is made to fit less than this.
const NARROWEST: usize = 40;

/// Standard output.
pub(crate) struct Screen {
    out: BufWriter<Box<dyn Write>>,
    terminal: bool,
    colour: bool,
    width: usize,
}

impl Screen {
    /// Standard output as it is.
    pub(crate) fn stdout(when: When) -> Self {
        let terminal = io::stdout().is_terminal();
        let plain = set("NO_COLOR") || env::var_os("TERM").is_some_and(|term| term == "dumb");
        let colour = match when {
            When::Always => true,
            When::Never => false,
            When::Auto => (terminal && !plain) || (set("CLICOLOR_FORCE") && !set("NO_COLOR")),
        };
        Self { out: BufWriter::new(Box::new(io::stdout())), terminal, colour, width: width(terminal) }
    }

    /// How many columns a line may take.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// Whether somebody looks at it.
    pub(crate) fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Whether colours show.
    pub(crate) fn colour(&self) -> bool {
        self.colour
    }

    /// Text in a style, where colours show.
    pub(crate) fn paint(&self, style: Style, text: &str) -> String {
        if self.colour && !text.is_empty() {
            format!("{}{text}{}", style.render(), style.render_reset())
        } else {
            text.to_owned()
        }
    }

    /// Text of the web, its control characters escaped: what is read by people may end on a terminal, through a pager too.
    /// JSON and CSV have it as it is.
    #[expect(clippy::unused_self, reason = "what is printed on a screen goes through it")]
    pub(crate) fn web<'t>(&self, text: &'t str) -> Cow<'t, str> {
        harmless(text)
    }

    /// One line.
    pub(crate) fn line(&mut self, line: &str) -> Outcome<()> {
        self.out.write_all(line.as_bytes())?;
        self.out.write_all(b"\n")?;
        Ok(())
    }

    /// All that was written goes out now.
    pub(crate) fn flush(&mut self) -> Outcome<()> {
        Ok(self.out.flush()?)
    }

    /// As a plain writer, for what writes whole lines itself.
    pub(crate) fn writer(&mut self) -> &mut dyn Write {
        &mut self.out
    }
}

/// How many columns a line may take on a stream that is a `terminal` or none.
pub(crate) fn width(terminal: bool) -> usize {
    let asked = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let shown = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    asked.or_else(|| shown().filter(|_| terminal)).unwrap_or(WIDTH).clamp(NARROWEST, WIDEST)
}

fn set(name: &str) -> bool {
    env::var_os(name).is_some_and(|value| !value.is_empty())
}

/// Text whose control characters are written out: a page must not move the cursor, retitle the window or
/// hide what it says. Line ends and tabs stay.
pub(crate) fn harmless(text: &str) -> Cow<'_, str> {
    if !text.chars().any(risky) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if risky(c) {
            safe.push_str(&format!("\\u{{{:x}}}", u32::from(c)));
        } else {
            safe.push(c);
        }
    }
    Cow::Owned(safe)
}

/// C0 and C1 controls, and the marks that turn the direction of writing (Trojan Source, CVE-2021-42574).
fn risky(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn escape_sequences_of_a_page_are_written_out() {
        assert_eq!(harmless("a\u{1b}[2Jb\r\u{202e}c"), "a\\u{1b}[2Jb\\u{d}\\u{202e}c");
    }

    #[test]
    fn common_text_is_left_as_it_is() {
        let text = "Café\n\tالوزير";
        assert!(matches!(harmless(text), std::borrow::Cow::Borrowed(_)));
    }
}
