//! `suggest`: what somebody may want who has typed a few letters.

use anstyle::Style;
use chancery::archive::Archive;

use crate::command::{Form, Typing};
use crate::exit::{Exit, Outcome};
use crate::phrase::count;
use crate::screen::Screen;
use crate::told;
use crate::wrap;

const FAINT: Style = Style::new().dimmed();

/// Prints the suggestions.
pub(crate) fn run(typing: &Typing, screen: &mut Screen) -> Outcome {
    let found = Archive::open_read(&typing.archive)?.suggest(&typing.typed, typing.limit)?;
    let widest = found.iter().map(|found| wrap::columns(&found.text)).max().unwrap_or_default();
    for found in &found {
        if typing.form == Form::Json {
            let json = serde_json::to_string(found).expect("a suggestion holds only strings and numbers");
            screen.line(&json)?;
            continue;
        }
        let releases = count(found.releases, "release", "releases");
        let gap = " ".repeat(widest - wrap::columns(&found.text));
        let about = screen.paint(FAINT, &format!("{:<6}  {releases}", found.kind));
        screen.line(&format!("{}{gap}  {about}", screen.web(&found.text)))?;
    }
    screen.flush()?;
    if found.is_empty() {
        told::say(&format!("nothing begins with `{}`, nor sounds like it", typing.typed));
    } else if found.iter().all(|found| found.variant) {
        told::say(&format!("nothing begins with `{}`; these may be meant", typing.typed));
    }
    Ok(Exit::Well)
}

/// Says what may have been meant by a question that found nothing. Who cannot tell says nothing: the question was answered.
pub(crate) fn mend(archive: &Archive, question: &str) {
    if let Ok(Some(better)) = archive.did_you_mean(question) {
        told::help(&format!("did you mean `{better}`?"));
    }
}
