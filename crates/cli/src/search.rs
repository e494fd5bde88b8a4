//! `search`: facts that hold the words, best first.

use chancery::archive::{Archive, LastHit};

use crate::command::{Form, Question};
use crate::exit::{Exit, Outcome};
use crate::hits;
use crate::phrase;
use crate::screen::Screen;
use crate::told;

/// Asks the index, prints the hits, and remembers them by their numbers.
pub(crate) fn run(question: &Question, screen: &mut Screen) -> Outcome {
    let archive = Archive::open_read(&question.archive)?;
    let found = archive.search(&question.query)?;
    let last =
        found.hits.iter().map(|hit| LastHit { release: hit.release_id.clone(), fact: hit.fact.clone() });
    archive.remember(&last.collect::<Vec<_>>());
    for (index, hit) in found.hits.iter().enumerate() {
        match question.form {
            Form::Json => {
                let line = serde_json::to_string(hit).expect("a hit holds only strings, numbers and lists");
                screen.line(&line)?;
            }
            Form::Text => hits::print(index + 1, hit, screen)?,
        }
    }
    screen.flush()?;
    let shown = found.hits.len() as u64;
    if found.total == 0 {
        told::say("nothing found; fewer words find more, and so does leaving out --kind, --since or --until");
    } else if shown < found.total {
        let total = phrase::count(found.total, "hit", "hits");
        told::say(&format!("{} of {total} shown; more with --limit", phrase::grouped(shown)));
    }
    Ok(Exit::Well)
}
