//! `search`: facts that hold the words, best first.

use chancery::archive::{Archive, LastHit};
use chancery_index::Query;

use crate::command::{Form, Question};
use crate::exit::{Exit, Outcome};
use crate::hits;
use crate::phrase;
use crate::screen::Screen;
use crate::suggest;
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
        told::say(&format!("nothing found{}", wider(&question.query)));
        suggest::mend(&archive, &question.query.words);
    } else if shown < found.total {
        let total = phrase::count(found.total, "hit", "hits");
        told::say(&format!("{} of {total} shown; more with --limit", phrase::grouped(shown)));
    }
    Ok(Exit::Well)
}

/// What would find more: what the question has too much of.
fn wider(query: &Query) -> String {
    let options = [
        ("--kind", query.kind.is_some()),
        ("--by", query.by.is_some()),
        ("--org", query.org.is_some()),
        ("--since", query.since.is_some()),
        ("--until", query.until.is_some()),
        ("--min-confidence", query.min_confidence.is_some()),
    ];
    let given: Vec<&str> = options.iter().filter(|(_, given)| *given).map(|(name, _)| *name).collect();
    let words = query.words.split_whitespace().count();
    match (words > 1, given.len()) {
        (true, 0) => "; fewer words find more".into(),
        (true, _) => format!("; fewer words find more, and so does leaving out {}", given.join(" or ")),
        (false, 0) => "; another spelling or a wider word may find more".into(),
        (false, 1) if words == 0 => "; is the spelling right?".into(),
        (false, _) => format!("; leaving out {} finds more", given.join(" or ")),
    }
}
