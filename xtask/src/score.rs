//! Figures against gold, and the floors below which they must not fall.
//!
//! The demo corpus is measured here; the larger gold, where it lies beside the workspace, by its own scorer.

pub(crate) mod measure;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::shell::{Result, both, checked, files, last_lines, program, root, say, scratch, shown, text_of};
use crate::step::Outcome;

/// Prints both tables.
pub(crate) fn run() -> Result<()> {
    let mut low = false;
    for (name, outcome) in [("corpora/demo", demo()?), ("larger gold", gold()?)] {
        match outcome {
            Outcome::Counted { failed, report, .. } => {
                say(&format!("{name}\n{report}"));
                low |= failed > 0;
            }
            Outcome::Skipped(why) => say(&format!("{name}: skipped: {why}")),
        }
    }
    if low { Err("a figure is below its floor".into()) } else { Ok(()) }
}

/// The program's records of the demo gold's texts, against that gold.
pub(crate) fn demo() -> Result<Outcome> {
    let mut gold = Vec::new();
    let folder = root().join("corpora/demo/gold");
    // The annotators' notes lie in a folder below.
    for path in files(&folder, &[".json"]).iter().filter(|path| path.parent() == Some(&folder)) {
        let parsed = serde_json::from_str::<Value>(&text_of(path)?);
        gold.push(parsed.map_err(|why| format!("{}: {why}", shown(path)))?);
    }
    if gold.is_empty() {
        return Err("corpora/demo/gold holds no gold".into());
    }
    let lines =
        gold.iter().map(|doc| json!({"id": doc["id"], "lang": "en", "text": doc["text"]}).to_string());
    let input = scratch("score-demo")?.join("texts.ndjson");
    fs::write(&input, lines.collect::<Vec<_>>().join("\n")).map_err(|why| why.to_string())?;
    let records = text_of(&extracted(&input)?)?;
    let records: Vec<Value> = records.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();

    let figures = measure::all(&gold, &records);
    let floors = floors(&root().join("corpora/demo/floors.toml"))?;
    let mut report =
        format!("{:<20}{:>7}{:>7}{:>7}{:>7}{:>8}{:>8}", "", "P", "R", "F1", "floor", "gold", "found");
    let mut failed = 0;
    for (name, figure) in &figures {
        let floor = floors.get(*name).copied().unwrap_or(0.0);
        let mark = if figure.f1() < floor { "  below its floor" } else { "" };
        failed += usize::from(!mark.is_empty());
        report += &format!(
            "\n{name:<20}{:>7.3}{:>7.3}{:>7.3}{floor:>7.2}{:>8}{:>8}{mark}",
            figure.precision(),
            figure.recall(),
            figure.f1(),
            figure.gold,
            figure.found,
        );
    }
    Ok(Outcome::Counted { passed: figures.len() - failed, failed, report })
}

/// The program's records of the larger gold, scored by the scorer that lies beside it.
pub(crate) fn gold() -> Result<Outcome> {
    let beside = root().join("../shared");
    let (gold, scorer) = (beside.join("gold/dev"), beside.join("eval/score.py"));
    if !gold.join("text").is_dir() || !scorer.is_file() {
        return Ok(Outcome::Skipped("no larger gold lies beside the workspace".into()));
    }
    if Command::new("python3").arg("--version").output().is_err() {
        return Ok(Outcome::Skipped("python3 is not installed".into()));
    }
    scratch("score-gold")?;
    let records = extracted(&gold.join("text"))?;
    let floors = floors(&root().join("tests/floors.toml"))?;
    let mut command = Command::new("python3");
    command.arg(&scorer).arg("--gold").arg(&gold).arg("--system").arg(&records);
    for (name, floor) in &floors {
        command.arg("--floor").arg(format!("{name}={floor}"));
    }
    let output = command.output().map_err(|why| format!("cannot run python3: {why}"))?;
    let report = last_lines(&both(&output), 60);
    let low = report.lines().filter(|line| line.starts_with("below the floor")).count();
    let failed = if output.status.success() { 0 } else { low.max(1) };
    Ok(Outcome::Counted { passed: floors.len().saturating_sub(failed), failed, report })
}

/// What `chancery extract` prints for an input, in a file.
fn extracted(input: &Path) -> Result<PathBuf> {
    let output = Command::new(program()?).arg("extract").arg(input).output();
    let output = checked("chancery extract", output)?;
    let path = crate::shell::target().join("xtask").join("records.ndjson");
    fs::write(&path, output.stdout).map_err(|why| format!("cannot write {}: {why}", path.display()))?;
    Ok(path)
}

/// The least F1 of each figure.
fn floors(path: &Path) -> Result<BTreeMap<String, f64>> {
    toml::from_str(&text_of(path)?).map_err(|why| format!("{}: {why}", shown(path)))
}
