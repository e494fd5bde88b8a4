//! `rules test`: every `yes` and `no`, once or again at each change.

use std::collections::BTreeMap;

use chancery::rulesets::Rulesets;
use chancery_rules::RuleTest;

use super::watch::Watched;
use super::{compiled, load};
use crate::command::TestRules;
use crate::exit::{Exit, Failure, Outcome};
use crate::phrase;
use crate::screen::Screen;
use crate::{stop, told};

/// Runs the examples of every rule whose id holds the filter.
pub(super) fn run(job: &TestRules, screen: &mut Screen) -> Outcome {
    if job.watch {
        return again_and_again(job, screen);
    }
    let results = results(&load(&job.which)?, job.filter.as_deref())?;
    for result in &results {
        tell(result, "", screen)?;
    }
    sum(&results, screen)
}

fn results(rules: &Rulesets, filter: Option<&str>) -> Outcome<Vec<RuleTest>> {
    let mut all = Vec::new();
    for set in compiled(rules)? {
        all.extend(chancery_extract::test_rules(&set));
    }
    all.retain(|result| filter.is_none_or(|filter| result.id.contains(filter)));
    if all.is_empty() {
        let filter = filter.unwrap_or_default();
        return Err(Failure::new(
            format!("no rule's id holds `{filter}`"),
            "`chancery rules list` prints all ids",
        ));
    }
    Ok(all)
}

/// One rule, with what is new about it.
fn tell(result: &RuleTest, news: &str, screen: &mut Screen) -> Outcome<()> {
    let count = phrase::count(result.examples as u64, "example", "examples");
    if result.failures.is_empty() {
        return screen.line(&format!("ok    {}  ({count}){news}", result.id));
    }
    screen.line(&format!("FAIL  {}  ({count}; {}:{}){news}", result.id, result.file, result.line))?;
    for line in result.failures.iter().flat_map(|failure| failure.lines()) {
        screen.line(&format!("        {line}"))?;
    }
    Ok(())
}

fn sum(results: &[RuleTest], screen: &mut Screen) -> Outcome {
    let failed = results.iter().filter(|result| !result.failures.is_empty()).count();
    screen.line(&format!("{} passed, {failed} failed", results.len() - failed))?;
    Ok(if failed == 0 { Exit::Well } else { Exit::Trouble })
}

/// Tests now and at every change of a file, and tells only what is new, until Ctrl-C.
fn again_and_again(job: &TestRules, screen: &mut Screen) -> Outcome {
    let own = job.which.archive.as_ref().map(|archive| archive.join("rules"));
    let dirs: Vec<_> = job.which.rules.iter().chain(&own).cloned().collect();
    if dirs.is_empty() {
        let message = "the rules that the program carries do not change";
        return Err(Failure::Usage(
            message.into(),
            "name a folder with --rules, or an archive with --archive".into(),
        ));
    }
    stop::listen()?;
    let mut watched = Watched::new(dirs);
    let mut before: BTreeMap<String, RuleTest> = BTreeMap::new();
    let mut changed = Vec::new();
    loop {
        for path in &changed {
            screen.line(&format!("changed: {path}"))?;
        }
        match load(&job.which).map_err(Failure::from).and_then(|rules| results(&rules, job.filter.as_deref()))
        {
            Ok(results) => {
                news(&before, &results, screen)?;
                sum(&results, screen)?;
                before = results.into_iter().map(|result| (result.id.clone(), result)).collect();
            }
            Err(Failure::ClosedPipe) => return Err(Failure::ClosedPipe),
            // A file is often wrong while it is being written.
            Err(failure) => told::failure(&failure),
        }
        screen.flush()?;
        match watched.next_change(stop::flag()) {
            Some(paths) => changed = paths,
            None => return Err(Failure::Interrupted("nothing is watched any more")),
        }
    }
}

/// Rules that fail, and rules of which something else is known now than before.
fn news(before: &BTreeMap<String, RuleTest>, results: &[RuleTest], screen: &mut Screen) -> Outcome<()> {
    for result in results {
        let news =
            match before.get(&result.id) {
                _ if before.is_empty() => "",
                None => "  new",
                Some(was) if was.failures == result.failures && was.examples == result.examples => {
                    if result.failures.is_empty() {
                        continue;
                    }
                    "  as before"
                }
                Some(was) if was.failures.is_empty() != result.failures.is_empty() => {
                    if was.failures.is_empty() { "  was ok" } else { "  failed before" }
                }
                Some(_) => "  changed",
            };
        if !before.is_empty() || !result.failures.is_empty() {
            tell(result, news, screen)?;
        }
    }
    for gone in before.keys().filter(|id| !results.iter().any(|result| result.id == **id)) {
        screen.line(&format!("gone  {gone}"))?;
    }
    Ok(())
}
