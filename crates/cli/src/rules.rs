//! `rules`: check, test, list and copy out the rule sets.

use std::path::Path;

use chancery::Error;
use chancery::rulesets::Rulesets;
use chancery_rules::RuleSet;
use serde_json::json;

use crate::command::{Form, RulesAction, WhichRules};
use crate::exit::{Exit, Outcome};
use crate::screen::Screen;
use crate::wrap;

mod check;
mod diff;
mod kwic;
mod test;
mod trial;
mod watch;

/// Does what was asked.
pub(crate) fn run(action: RulesAction, screen: &mut Screen) -> Outcome {
    match action {
        RulesAction::Check(job) => check::run(&job, screen),
        RulesAction::Diff(job) => diff::run(*job, screen),
        RulesAction::Try(job) => trial::run(*job, screen),
        RulesAction::Test(job) => test::run(&job, screen),
        RulesAction::List(which, form) => list(&load(&which)?, form, screen),
        RulesAction::Export(dir) => export(&dir, screen),
    }
}

/// The rules that are meant, with those of an archive laid over them where one is named.
fn load(which: &WhichRules) -> Result<Rulesets, Error> {
    match which.archive.as_ref().filter(|dir| !dir.is_dir()) {
        Some(archive) => Err(Error::NoArchive { path: archive.clone() }),
        None => Rulesets::load(which.rules.as_deref(), which.archive.as_deref()),
    }
}

fn list(rules: &Rulesets, form: Form, screen: &mut Screen) -> Outcome {
    for set in compiled(rules)? {
        for rule in set.rules() {
            let line = match form {
                Form::Json => json!({
                    "id": rule.id, "layer": rule.layer, "finds": rule.finds, "say": rule.say,
                    "file": rule.file, "line": rule.line,
                })
                .to_string(),
                Form::Text => format!("{}  ({}): {}", rule.id, rule.finds, rule.say),
            };
            if form == Form::Text && screen.is_terminal() {
                for (number, part) in wrap::lines(&line, screen.width() - 2).into_iter().enumerate() {
                    screen.line(&format!("{}{}", if number == 0 { "" } else { "  " }, part.of(&line)))?;
                }
            } else {
                screen.line(&line)?;
            }
        }
    }
    Ok(Exit::Well)
}

fn export(dir: &Path, screen: &mut Screen) -> Outcome {
    Rulesets::embedded().export(dir)?;
    let dir = dir.display();
    screen.line(&format!("the rules are in {dir}; use them with --rules {dir}, check them with"))?;
    screen.line(&format!("  chancery rules check --rules {dir}"))?;
    Ok(Exit::Well)
}

fn compiled(rules: &Rulesets) -> Outcome<Vec<std::sync::Arc<RuleSet>>> {
    let mut sets = Vec::new();
    for language in rules.languages() {
        sets.extend(rules.of_language(language)?);
    }
    Ok(sets)
}
