//! How well a search ranks: questions with judged answers (`tests/search/questions.toml`), nDCG@10 by kind of question.
//!
//! Kalervo Järvelin, Jaana Kekäläinen: *Cumulated gain-based evaluation of IR techniques*, ACM TOIS 2002; the gain of
//! a grade `g` is `2^g - 1`, and the best possible order gives 1.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::floors;
use crate::shell::{Result, checked, program, root, say, scratch, text_of};
use crate::step::Outcome;

/// So many answers are looked at.
const TOP: usize = 10;
/// So many hits are asked for: several may be of one speaker in one release, who counts once.
const HITS: &str = "60";

/// A question, and how it went.
struct Asked {
    kind: String,
    held: bool,
    gain: f64,
}

/// Prints both tables.
pub(crate) fn run() -> Result<()> {
    let mut low = false;
    for outcome in [demo()?, open()?] {
        match outcome {
            Outcome::Counted { failed, report, .. } => {
                say(&report);
                low |= failed > 0;
            }
            Outcome::Skipped(why) => say(&format!("skipped: {why}")),
        }
    }
    if low { Err("a figure of search is below its floor".into()) } else { Ok(()) }
}

/// The questions over the demo corpus alone.
pub(crate) fn demo() -> Result<Outcome> {
    measured("demo", &[])
}

/// The questions over it and the releases with open licences beside the workspace.
fn open() -> Result<Outcome> {
    let beside = root().join("../shared/corpora/demo_open_licence.jsonl");
    if !beside.is_file() {
        return Ok(Outcome::Skipped("no releases with open licences lie beside the workspace".into()));
    }
    measured("open", &[beside])
}

fn measured(corpus: &str, more: &[PathBuf]) -> Result<Outcome> {
    let archive = scratch(&format!("score-search-{corpus}"))?.join("archive");
    let demo =
        ["ke-mdec", "my-mrh", "no-mfca", "vd-mwe"].map(|source| root().join("corpora/demo").join(source));
    let ingest =
        Command::new(program()?).arg("ingest").arg("--archive").arg(&archive).args(demo).args(more).output();
    checked("chancery ingest", ingest)?;
    let file: toml::Table = toml::from_str(&text_of(&root().join("tests/search/questions.toml"))?)
        .map_err(|why| format!("tests/search/questions.toml: {why}"))?;
    let mut all = Vec::new();
    for question in file.get("question").and_then(toml::Value::as_array).into_iter().flatten() {
        let text = |key: &str| question.get(key).and_then(toml::Value::as_str).unwrap_or_default();
        if text("corpus") != corpus {
            continue;
        }
        let held = question.get("held").and_then(toml::Value::as_bool).unwrap_or_default();
        let grades = question.get("grades").and_then(toml::Value::as_table).into_iter().flatten();
        let grades = grades.filter_map(|(unit, grade)| Some((unit.clone(), grade.as_integer()?))).collect();
        let gain = ndcg(&answers(&archive, text("ask"))?, &grades);
        all.push(Asked { kind: text("kind").into(), held, gain });
    }
    report(corpus, &all)
}

/// What a query finds, in order, each once: a release by its id, a fact by that and the last word of its speaker.
fn answers(archive: &Path, ask: &str) -> Result<Vec<String>> {
    let mut command = Command::new(program()?);
    command.args(["search", "--ndjson", "--limit", HITS, "--archive"]).arg(archive).args(["--", ask]);
    let output = checked(&format!("chancery search {ask}"), command.output())?;
    let mut units = Vec::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let hit: Value = serde_json::from_str(line).map_err(|why| format!("{ask}: {why}"))?;
        let release = hit["release_id"].as_str().unwrap_or_default();
        let unit = match hit["kind"].as_str() {
            Some("release") => release.to_owned(),
            _ => format!("{release}#{}", last_word(hit["speaker"].as_str().unwrap_or_default())),
        };
        if !units.contains(&unit) {
            units.push(unit);
        }
    }
    Ok(units)
}

/// The last word of a name, small and without marks.
fn last_word(name: &str) -> String {
    let plain: String = name.nfd().filter(|c| !is_combining_mark(*c)).collect::<String>().to_lowercase();
    let mut words = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.next_back().unwrap_or("?").into()
}

fn ndcg(answers: &[String], grades: &BTreeMap<String, i64>) -> f64 {
    let gain = |grades: &[i64]| -> f64 {
        let places = grades.iter().take(TOP).enumerate();
        places.map(|(place, grade)| (2_f64.powf(*grade as f64) - 1.0) / ((place + 2) as f64).log2()).sum()
    };
    let found: Vec<i64> = answers.iter().map(|unit| grades.get(unit).copied().unwrap_or(0)).collect();
    let mut best: Vec<i64> = grades.values().copied().collect();
    best.sort_unstable_by(|a, b| b.cmp(a));
    let best = gain(&best);
    if best > 0.0 { gain(&found) / best } else { 0.0 }
}

fn report(corpus: &str, all: &[Asked]) -> Result<Outcome> {
    let mean = |wanted: &dyn Fn(&Asked) -> bool| -> (usize, f64) {
        let gains: Vec<f64> = all.iter().filter(|asked| wanted(asked)).map(|asked| asked.gain).collect();
        (gains.len(), gains.iter().sum::<f64>() / gains.len().max(1) as f64)
    };
    let mut kinds: Vec<&str> = Vec::new();
    for asked in all {
        if !kinds.contains(&asked.kind.as_str()) {
            kinds.push(&asked.kind);
        }
    }
    let mut table = format!("{:<26}{:>10}{:>9}", format!("{corpus}: nDCG@10"), "questions", "mean");
    for kind in kinds {
        let (count, gain) = mean(&|asked| asked.kind == kind);
        table += &format!("\n{kind:<26}{count:>10}{gain:>9.3}");
    }
    let floors = floors("search")?;
    let mut failed = 0;
    for (name, (count, gain)) in
        [("all", mean(&|_| true)), ("tuned", mean(&|asked| !asked.held)), ("held", mean(&|asked| asked.held))]
    {
        let floor = floors.get(&format!("{corpus}_{name}")).copied().unwrap_or(0.0);
        let mark = if gain < floor { "  below its floor" } else { "" };
        failed += usize::from(gain < floor);
        table += &format!("\n{name:<26}{count:>10}{gain:>9.3}  floor {floor:.2}{mark}");
    }
    Ok(Outcome::Counted { passed: 3 - failed, failed, report: table })
}

#[cfg(test)]
mod tests {
    use super::{last_word, ndcg};
    use std::collections::BTreeMap;

    #[test]
    fn the_best_order_gives_one_and_another_gives_less() {
        let grades: BTreeMap<String, i64> = [("a".into(), 3), ("b".into(), 1)].into();
        let order = |units: &[&str]| units.iter().map(|unit| (*unit).to_owned()).collect::<Vec<_>>();
        assert!((ndcg(&order(&["a", "b"]), &grades) - 1.0).abs() < 1e-9);
        assert!(ndcg(&order(&["b", "a"]), &grades) < 1.0);
        assert!(ndcg(&order(&["c"]), &grades).abs() < 1e-9);
        assert_eq!(last_word("Aïssata Sissoko-Ndiaye"), "ndiaye");
    }
}
