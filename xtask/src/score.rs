//! Figures against gold, and the floors below which they must not fall.
//!
//! The demo corpus is measured here; the larger gold, where it lies beside the workspace, by its own scorer.

pub(crate) mod measure;
pub(crate) mod reader;
pub(crate) mod search;
pub(crate) mod swapped;

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
    let gold = read(&root().join("corpora/demo/gold"))?;
    let records = records(&gold)?;

    let figures = measure::all(&gold, &records);
    let floors = floors_of(&root().join("corpora/demo/floors.toml"), None)?;
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

/// The documents of a folder of gold.
fn read(folder: &Path) -> Result<Vec<Value>> {
    let mut gold = Vec::new();
    // The annotators' notes lie in a folder below.
    for path in files(folder, &[".json"]).iter().filter(|path| path.parent() == Some(folder)) {
        let parsed = serde_json::from_str::<Value>(&text_of(path)?);
        gold.push(parsed.map_err(|why| format!("{}: {why}", shown(path)))?);
    }
    if gold.is_empty() { Err(format!("{} holds no gold", folder.display())) } else { Ok(gold) }
}

/// The program's records of the texts of gold.
fn records(gold: &[Value]) -> Result<Vec<Value>> {
    let lines =
        gold.iter().map(|doc| json!({"id": doc["id"], "lang": "en", "text": doc["text"]}).to_string());
    let input = scratch("score-texts")?.join("texts.ndjson");
    fs::write(&input, lines.collect::<Vec<_>>().join("\n")).map_err(|why| why.to_string())?;
    let records = text_of(&extracted(&input)?)?;
    Ok(records.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
}

/// Fewer things of a source than these say little about it.
const ENOUGH: usize = 30;
/// So far a source may lie under the mean.
const SPREAD: f64 = 0.08;

/// Prints each figure for every source that has enough of it, and marks those far under the mean.
pub(crate) fn by_source() -> Result<()> {
    let (demo, larger) = (root().join("corpora/demo/gold"), root().join("../shared/gold/dev"));
    for (name, folder) in [("corpora/demo", demo), ("larger gold", larger)] {
        if !folder.is_dir() {
            say(&format!("{name}: skipped: it does not lie beside the workspace"));
            continue;
        }
        let gold = read(&folder)?;
        let records = records(&gold)?;
        let source =
            |doc: &Value| doc["id"].as_str().unwrap_or_default().split("__").next().map(str::to_owned);
        let mut sources: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for doc in &gold {
            sources.entry(source(doc).unwrap_or_default()).or_default().push(doc.clone());
        }
        let of_source: Vec<_> =
            sources.iter().map(|(source, docs)| (source, measure::all(docs, &records))).collect();
        let mut report =
            format!("{name}\n{:<20}{:>7}  {}", "", "mean", "F1 of each source (things in its gold)");
        for (n, (figure, mean)) in measure::all(&gold, &records).iter().enumerate() {
            report += &format!("\n{figure:<20}{:>7.3}", mean.f1());
            for (source, figures) in &of_source {
                let (_, mine) = figures[n];
                if mine.gold >= ENOUGH {
                    let low = if mine.f1() < mean.f1() - SPREAD { " FAR UNDER" } else { "" };
                    report += &format!("  {source} {:.3} ({}){low}", mine.f1(), mine.gold);
                }
            }
        }
        say(&report);
    }
    Ok(())
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
    let floors = floors_of(&root().join("tests/floors.toml"), None)?;
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

/// The least of each figure in a table of `tests/floors.toml`.
fn floors(table: &str) -> Result<BTreeMap<String, f64>> {
    floors_of(&root().join("tests/floors.toml"), Some(table))
}

/// The least of each figure: those before all tables, or those of one table.
fn floors_of(path: &Path, table: Option<&str>) -> Result<BTreeMap<String, f64>> {
    let file: toml::Table =
        toml::from_str(&text_of(path)?).map_err(|why| format!("{}: {why}", shown(path)))?;
    let of_table = table.and_then(|table| file.get(table)?.as_table());
    let figures = if table.is_some() { of_table } else { Some(&file) };
    let figures = figures.into_iter().flatten();
    Ok(figures.filter_map(|(name, floor)| Some((name.clone(), floor.as_float()?))).collect())
}
