//! `query`: how a query is read.

use chancery_index::parse_forgiving;

use crate::exit::{Exit, Failure, Outcome};
use crate::screen::Screen;
use crate::told;

/// Prints a query in its canonical form, and what is wrong with it.
pub(crate) fn run(words: &str, screen: &mut Screen) -> Outcome {
    let reading = parse_forgiving(words);
    for mistake in &reading.mistakes {
        told::say(&format!("at character {}: {}", mistake.span_in_characters.start + 1, mistake.message));
        told::help(&mistake.mend);
    }
    let Some(expr) = reading.expr else {
        return Err(Failure::Usage(
            "there is no word to search for".into(),
            "write words, or a field such as role:minister".into(),
        ));
    };
    screen.line(&screen.web(&expr.to_string()))?;
    screen.flush()?;
    Ok(if reading.mistakes.is_empty() { Exit::Well } else { Exit::Usage })
}
