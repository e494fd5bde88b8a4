//! `rules`: check, test, list and copy out the rule sets.

use std::path::Path;

use chancery::rulesets::Rulesets;
use chancery_rules::{RuleSet, RuleTest};
use serde_json::json;

use crate::command::{Form, RulesAction, WhichRules};
use crate::exit::{Exit, Failure, Outcome};
use crate::phrase;
use crate::screen::Screen;

mod check;
mod kwic;
mod trial;

/// Does what was asked.
pub(crate) fn run(action: RulesAction, screen: &mut Screen) -> Outcome {
    match action {
        RulesAction::Check(job) => check::run(&job, screen),
        RulesAction::Try(job) => trial::run(*job, screen),
        RulesAction::Test(which, filter) => test(&load(&which)?, filter.as_deref(), screen),
        RulesAction::List(which, form) => list(&load(&which)?, form, screen),
        RulesAction::Export(dir) => export(&dir, screen),
    }
}

/// The rules that are meant, with those of an archive laid over them where one is named.
fn load(which: &WhichRules) -> Outcome<Rulesets> {
    Ok(Rulesets::load(which.rules.as_deref(), which.archive.as_deref())?)
}

/// Runs the examples of every rule whose id holds `filter`.
fn test(rules: &Rulesets, filter: Option<&str>, screen: &mut Screen) -> Outcome {
    let (mut passed, mut failed) = (0, 0);
    for set in compiled(rules)? {
        for result in chancery_extract::test_rules(&set)
            .iter()
            .filter(|result| filter.is_none_or(|filter| result.id.contains(filter)))
        {
            let count = phrase::count(result.examples as u64, "example", "examples");
            if result.failures.is_empty() {
                passed += 1;
                screen.line(&format!("ok    {}  ({count})", result.id))?;
            } else {
                failed += 1;
                failure(result, &count, screen)?;
            }
        }
    }
    if passed + failed == 0 {
        let filter = filter.unwrap_or_default();
        return Err(Failure::new(
            format!("no rule's id holds `{filter}`"),
            "`chancery rules list` prints all ids",
        ));
    }
    screen.line(&format!("{passed} passed, {failed} failed"))?;
    Ok(if failed == 0 { Exit::Well } else { Exit::Trouble })
}

fn failure(result: &RuleTest, count: &str, screen: &mut Screen) -> Outcome<()> {
    screen.line(&format!("FAIL  {}  ({count}; {}:{})", result.id, result.file, result.line))?;
    for line in result.failures.iter().flat_map(|failure| failure.lines()) {
        screen.line(&format!("        {line}"))?;
    }
    Ok(())
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
            screen.line(&line)?;
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
