//! `rules check`: all that is wrong or doubtful in the rule files, for people and for editors.

use std::path::Path;

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
    let rules = load(&job.which)?;
    let mut counts = Counts::default();
    if let Err(why) = rules.lexicon() {
        counts.mistakes += 1;
        told::failure(&Failure::from(why));
    }
    for language in rules.languages() {
        let found = chancery_rules::check(language, &rules.files_of(language));
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
        screen.line(&counts.told(job.notes))?;
    }
    Ok(if counts.mistakes == 0 { Exit::Well } else { Exit::Trouble })
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
