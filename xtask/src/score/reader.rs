//! How well pages are read: the public scorer on its three sets, where it lies beside the workspace, the peers beside it,
//! both halves of each set, and the floors.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::floors;
use crate::shell::{Result, both, checked, last_lines, program, root, say, scratch};
use crate::step::Outcome;

/// The measures over halves, on top of the public scorer's.
const HALVES: &str = include_str!("../reader.py");

/// Prints the tables.
pub(crate) fn run() -> Result<()> {
    match outcome()? {
        Outcome::Counted { failed, report, .. } => {
            say(&report);
            if failed > 0 { Err("a figure of the reader is below its floor".into()) } else { Ok(()) }
        }
        Outcome::Skipped(why) => {
            say(&format!("skipped: {why}"));
            Ok(())
        }
    }
}

/// Reads the sets and compares with the floors.
pub(crate) fn outcome() -> Result<Outcome> {
    let scorer = root().join("../shared/eval/html");
    if !scorer.join("score_reader.py").is_file() {
        return Ok(Outcome::Skipped("no sets of pages lie beside the workspace".into()));
    }
    if Command::new("python3").arg("--version").output().is_err() {
        return Ok(Outcome::Skipped("python3 is not installed".into()));
    }
    let answers = scratch("score-reader")?;
    let read = format!("ours={} read --ndjson -", program()?.display());
    let mut command = Command::new("python3");
    command
        .arg(scorer.join("score_reader.py"))
        .args(["--runs", "0", "--add", &read, "--answers"])
        .arg(&answers);
    let output = command.output().map_err(|why| format!("cannot run python3: {why}"))?;
    let mut report = last_lines(&both(&output), 100);
    if !output.status.success() {
        return Err(format!("the scorer failed\n{report}"));
    }
    let (table, low) = halves(&scorer, &answers)?;
    report += &table;
    let passed = floors("reader")?.len().saturating_sub(low);
    Ok(Outcome::Counted { passed, failed: low, report })
}

/// The table of both halves, and how many figures are below their floor.
fn halves(scorer: &Path, answers: &Path) -> Result<(String, usize)> {
    let script = answers.join("halves.py");
    fs::write(&script, HALVES).map_err(|why| format!("cannot write {}: {why}", script.display()))?;
    let output = Command::new("python3").arg(&script).arg(scorer).arg(answers).output();
    let output = checked("the measures over halves", output)?;
    let sets: Value = serde_json::from_slice(&output.stdout).map_err(|why| why.to_string())?;
    let floors = floors("reader")?;
    let mut table =
        format!("\n{:<28}{:>7}{:>7}   half A (95 %)           half B (95 %)", "figure", "all", "floor");
    let mut low = 0;
    for (set, figures) in sets.as_object().into_iter().flatten() {
        let short = set.split('_').next().unwrap_or(set);
        for (figure, values) in figures.as_object().into_iter().flatten() {
            let name = format!("{short}_{figure}");
            let all = values["all"].as_f64().unwrap_or(0.0);
            let floor = floors.get(&name).copied().unwrap_or(0.0);
            let half = |side: &str| {
                let value = |at: usize| values[side][at].as_f64().unwrap_or(0.0);
                format!("{:.3} ({:.3}–{:.3})", value(0), value(1), value(2))
            };
            let mark = if all < floor { "  below its floor" } else { "" };
            low += usize::from(!mark.is_empty());
            table += &format!("\n{name:<28}{all:>7.4}{floor:>7.3}   {:<24}{}{mark}", half("a"), half("b"));
        }
    }
    Ok((table, low))
}
