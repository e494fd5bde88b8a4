//! `rules check`: all that is wrong or doubtful in the rule files, for people and for editors.

use std::path::Path;

use chancery::Error;
use chancery::rulesets::{Rulesets, Unread};
use chancery_rules::{RuleError, Severity};
use serde_json::json;

use super::load;
use crate::command::{CheckRules, Form};
use crate::exit::{Exit, Failure, Outcome};
use crate::phrase;
use crate::screen::Screen;
use crate::told;

/// How many findings of each weight there were.
#[derive(Default)]
struct Counts {
    mistakes: usize,
    warnings: usize,
    notes: usize,
}

/// Looks through every language and tells all findings, then the counts.
pub(super) fn run(job: &CheckRules, screen: &mut Screen) -> Outcome {
    let rules = match load(&job.which) {
        Ok(rules) => rules,
        Err(why) if job.form == Form::Json => return refused(&why, screen),
        Err(why) => return Err(why.into()),
    };
    let mut counts = Counts::default();
    misplaced(&rules, job.form, &mut counts, screen)?;
    if let Err(why) = rules.lexicon() {
        counts.mistakes += 1;
        told::failure(&Failure::from(why));
    }
    for language in rules.languages() {
        let mut found = rules.check(language);
        // Whoever checks an archive's rules cannot better those that they are laid over.
        let all = !rules.has_own();
        found.retain(|finding| finding.severity < Severity::Note || all || rules.is_own(&finding.path));
        counts.add(&found);
        for finding in found.iter().filter(|finding| finding.severity < Severity::Note || job.notes) {
            match job.form {
                Form::Json => screen.line(&line(finding, job.which.rules.as_deref()))?,
                Form::Text => told::diagnostic(finding),
            }
        }
        if job.form == Form::Text && !chancery_rules::is_refused(&found) {
            let count = rules.of_language(language)?.map_or(0, |set| set.rules().count());
            let digest = rules.digest_of(language).unwrap_or_default();
            let count = phrase::count(count as u64, "rule", "rules");
            screen.line(&format!("{language}: {count}, digest {digest}"))?;
        }
    }
    if job.form == Form::Text {
        if let Some(archive) = job.which.archive.as_ref().filter(|_| rules.has_own()) {
            screen.line(&format!("with the archive's own rules: {}", archive.join("rules").display()))?;
        }
        screen.line(&counts.told(job.notes))?;
    }
    Ok(if counts.mistakes == 0 { Exit::Well } else { Exit::Trouble })
}

/// What is wrong with the files as they lie, before any is looked into: files that are not read, lists that are lost.
fn misplaced(rules: &Rulesets, form: Form, counts: &mut Counts, screen: &mut Screen) -> Outcome<()> {
    counts.add(rules.replaced());
    counts.warnings += rules.unread().len();
    for finding in rules.replaced() {
        match form {
            Form::Json => screen.line(&line(finding, None))?,
            Form::Text => told::diagnostic(finding),
        }
    }
    for Unread { path, why, mend } in rules.unread() {
        let message = format!("this file is not read: {why}");
        if form == Form::Json {
            screen.line(&whole_file(&path.display().to_string(), (1, 1), "warning", &message, mend))?;
        } else {
            told::say(&format!("{}: {message}", path.display()));
            told::help(mend);
        }
    }
    Ok(())
}

/// Rules that cannot be looked into at all, as a finding.
fn refused(why: &Error, screen: &mut Screen) -> Outcome {
    let (path, place) = match why {
        Error::NotUtf8 { path, line, column } => (path.display().to_string(), (*line, *column)),
        _ => (String::new(), (1, 1)),
    };
    let help = why.mend().unwrap_or_default();
    screen.line(&whole_file(&path, place, "error", &why.to_string(), &help))?;
    Ok(Exit::Trouble)
}

/// A finding about a file that is not looked into.
fn whole_file(
    path: &str,
    (line, column): (usize, usize),
    severity: &str,
    message: &str,
    help: &str,
) -> String {
    json!({
        "file": path, "line": line, "column": column, "end_line": line, "end_column": column,
        "severity": severity, "message": message, "help": help,
    })
    .to_string()
}

impl Counts {
    fn add(&mut self, found: &[RuleError]) {
        let of = |severity| found.iter().filter(|finding| finding.severity == severity).count();
        self.mistakes += of(Severity::Error);
        self.warnings += of(Severity::Warning);
        self.notes += of(Severity::Note);
    }

    fn told(&self, with_notes: bool) -> String {
        let told = |count: usize, one, many| phrase::count(count as u64, one, many);
        let mut sum =
            [told(self.mistakes, "mistake", "mistakes"), told(self.warnings, "warning", "warnings")]
                .join(", ");
        if self.notes > 0 {
            sum += &format!(", {}", told(self.notes, "note", "notes"));
            if !with_notes {
                sum += " (--notes tells them)";
            }
        }
        sum
    }
}

/// A finding as one object. The file is named as the user can open it where the rules lie in a folder.
fn line(finding: &RuleError, dir: Option<&Path>) -> String {
    let file = dir.map_or_else(|| finding.path.clone(), |dir| dir.join(&finding.path).display().to_string());
    json!({
        "file": file, "line": finding.line, "column": finding.column,
        "end_line": finding.end_line, "end_column": finding.end_column,
        "severity": finding.severity.as_str(), "message": finding.message, "help": finding.help,
    })
    .to_string()
}
