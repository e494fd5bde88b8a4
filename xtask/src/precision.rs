//! How much of what the program finds is right, on random releases: against committed verdicts.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::shell::{Result, say};
use crate::verdicts::{
    EIGHTH, FIFTH, FIRST, FOURTH, Fact, Judged, KINDS, SECOND, SEVENTH, SIXTH, Sample, THIRD, chosen,
    extracted, facts, missed, verdicts,
};

/// How the facts of one kind fare.
#[derive(Default)]
struct Row {
    right: usize,
    wrong: usize,
    open: usize,
    unjudged: usize,
    lost: usize,
    mended: usize,
}

/// The confidences from which on precision is told.
const LEAST: [u64; 4] = [60, 70, 80, 90];

/// All samples that say what a new release may expect, in the order in which they were judged.
const SAMPLES: [Sample; 8] = [FIRST, SECOND, THIRD, FOURTH, FIFTH, SIXTH, SEVENTH, EIGHTH];

/// Prints the ids of the chosen releases.
pub(crate) fn choose() -> Result<()> {
    for sample in SAMPLES {
        let Some(releases) = chosen(&sample)? else { return skipped() };
        releases.iter().for_each(|release| say(release["id"].as_str().unwrap_or_default()));
    }
    Ok(())
}

fn skipped() -> Result<()> {
    say("precision: skipped: the releases do not lie beside the workspace (../shared/corpora)");
    Ok(())
}

/// Prints precision by kind of fact, and the facts that nobody judged yet with `list`.
pub(crate) fn run(list: bool) -> Result<()> {
    for sample in SAMPLES {
        let Some(releases) = chosen(&sample)? else { return skipped() };
        let found = of_sample(&sample, &releases, list)?;
        if sample.file == FIRST.file {
            misses(&found)?;
            say("");
        }
    }
    Ok(())
}

/// Prints the figures of one sample; gives the facts that are found in it.
fn of_sample(sample: &Sample, releases: &[Value], list: bool) -> Result<BTreeSet<Fact>> {
    let verdicts = verdicts(sample)?;
    let records: Vec<Value> = extracted("precision", releases)?
        .iter()
        .map(|line| serde_json::from_str(line).map_err(|why| format!("chancery extract: {why}")))
        .collect::<Result<_>>()?;
    let sure: BTreeMap<Fact, u64> =
        records.iter().flat_map(facts).map(|found| (found.fact, found.confidence)).collect();
    let found: BTreeSet<Fact> = sure.keys().cloned().collect();
    say(&format!(
        "{}: {} releases, {} verdicts; a fact whose words, holder or place changed has none\n",
        sample.file,
        records.len(),
        verdicts.len()
    ));
    table(&found, &verdicts);
    say("");
    by_confidence(&sure, &verdicts);
    say("");
    if list {
        say("facts without a verdict:");
        for fact in found.iter().filter(|fact| !verdicts.contains_key(fact)) {
            say(&format!("{}\t{}\t{}\t{}\t{}", fact.release, fact.kind, fact.start, fact.end, fact.digest));
        }
        say("");
    }
    Ok(found)
}

fn table(found: &BTreeSet<Fact>, verdicts: &BTreeMap<Fact, Judged>) {
    let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
    for fact in found {
        let row = rows.entry(&fact.kind).or_default();
        match verdicts.get(fact) {
            Some(Judged::Right) => row.right += 1,
            Some(Judged::Wrong) => row.wrong += 1,
            Some(Judged::Open) => row.open += 1,
            None => row.unjudged += 1,
        }
    }
    for (fact, judged) in verdicts.iter().filter(|(fact, _)| !found.contains(fact)) {
        let row = rows.entry(&fact.kind).or_default();
        match judged {
            Judged::Right => row.lost += 1,
            Judged::Wrong => row.mended += 1,
            Judged::Open => {}
        }
    }
    let names = ["precision", "right", "wrong", "open", "unjudged", "right, lost", "wrong, gone"];
    let head: String = names.iter().map(|name| format!("{name:>13}")).collect();
    say(&format!("{:<10}{head}", ""));
    for kind in KINDS {
        let row = rows.remove(kind).unwrap_or_default();
        let judged = row.right + row.wrong;
        let precision = if judged == 0 { "–".into() } else { thousandths(row.right, judged) };
        let counts = [row.right, row.wrong, row.open, row.unjudged, row.lost, row.mended];
        let counts: String = counts.iter().map(|count| format!("{count:>13}")).collect();
        say(&format!("{kind:<10}{precision:>13}{counts}"));
    }
}

/// What `--min-confidence` would give: how much is right of the facts that are at least so sure, and in brackets how much
/// of all that was judged these are.
fn by_confidence(sure: &BTreeMap<Fact, u64>, verdicts: &BTreeMap<Fact, Judged>) {
    let head: String = LEAST.iter().map(|least| format!("{:>15}", format!("{least} and more"))).collect();
    say(&format!("{:<10}{head}", "sure"));
    for kind in KINDS {
        let decided: Vec<(u64, bool)> = sure
            .iter()
            .filter(|(fact, _)| fact.kind == kind)
            .filter_map(|(fact, sure)| Some((*sure, verdicts.get(fact)?)))
            .filter(|(_, judged)| **judged != Judged::Open)
            .map(|(sure, judged)| (sure, *judged == Judged::Right))
            .collect();
        let cells = LEAST.iter().map(|least| {
            let kept: Vec<bool> =
                decided.iter().filter(|(sure, _)| sure >= least).map(|(_, right)| *right).collect();
            let right = kept.iter().filter(|right| **right).count();
            if kept.is_empty() {
                return "–".into();
            }
            format!("{} ({})", thousandths(right, kept.len()), thousandths(kept.len(), decided.len()))
        });
        let cells: String = cells.map(|cell: String| format!("{cell:>15}")).collect();
        say(&format!("{kind:<10}{cells}"));
    }
}

/// A share, to the nearest thousandth.
fn thousandths(part: usize, whole: usize) -> String {
    let share = (part * 1000 + whole / 2) / whole;
    if share >= 1000 { "1.000".into() } else { format!(".{share:03}") }
}

/// How much of what was once overlooked is found now, by place.
fn misses(found: &BTreeSet<Fact>) -> Result<()> {
    let missed = missed()?;
    for kind in KINDS {
        let of_kind: Vec<_> = missed.iter().filter(|miss| miss.kind == kind).collect();
        let now = of_kind.iter().filter(|miss| {
            let here = |fact: &Fact| fact.release == miss.release && fact.kind == kind;
            found.iter().any(|fact| here(fact) && fact.start < miss.end && miss.start < fact.end)
        });
        say(&format!(
            "{kind:<10} missed on 40 releases: {:>3}, of which something is found there now: {}",
            of_kind.len(),
            now.count()
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::thousandths;

    #[test]
    fn shares_are_rounded_to_the_nearest() {
        assert_eq!(
            (thousandths(2, 3), thousandths(3, 3), thousandths(1, 40)),
            (".667".into(), "1.000".into(), ".025".into())
        );
    }
}
