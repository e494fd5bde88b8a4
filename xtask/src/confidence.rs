//! Weights of confidence: fitted to the verdicts and the larger gold, tried on sources that were held out.

mod gold;
mod model;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;

use chancery_extract::{Grounds, extract_with_grounds};
use chancery_record::Record;
use chancery_rules::{RuleFile, RuleSet, Weights};
use serde_json::{Value, json};

use crate::shell::{Result, files, root, say, shown, text_of};
use crate::verdicts::{ALL, Fact, Judged, Piece, chosen, evidence, extracted, facts, keep, verdicts};
use model::{Case, Model, Way, surprise};

/// Where the weights go.
const WEIGHTS: &str = "rules/en/confidence.toml";
/// Kinds of weights.
const KINDS: [&str; 5] = ["official", "person", "organization", "proposal", "statement"];
/// Forces that may draw weights towards 0; the one that does best on sources held out is used.
const PULLS: [f64; 8] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0];
/// How much a fact of the gold may count: rules were tuned on it, so it shows less than a fact of a text nobody read.
const GOLD: [f64; 3] = [0.0, 0.1, 0.3];

/// Fits all weights, writes them, and tells how they do on sources held out.
pub(crate) fn fit() -> Result<()> {
    let (cases, rules) = (cases()?, rules()?);
    let mut text = String::from(
        "# What evidence of a fact is worth, in hundredths of log odds: 0 is even, 220 is nine in ten.\n\
         # Written by `cargo xtask confidence`, from verdicts on what was found in texts that nobody tuned on (tests/verdicts)\n\
         # and from the larger gold; docs/measurements.md tells how far it can be believed. `least`, set by hand from the\n\
         # verdicts: a fact of the kind that is less sure is left out of records, and told by `chancery explain`.\n",
    );
    let mut held_out = BTreeMap::new();
    for kind in KINDS {
        let cases: Vec<&Case> = cases.iter().filter(|case| case.kind == kind).collect();
        let ways = PULLS.iter().flat_map(|pull| GOLD.iter().map(|gold| Way { pull: *pull, gold: *gold }));
        let tried = ways.map(|way| (way, without_source(&cases, way)));
        let best = tried.min_by(|a, b| surprise(&a.1).total_cmp(&surprise(&b.1)));
        let Some((way, told)) = best else { continue };
        let base =
            vec![share(&told); told.len()].into_iter().zip(&told).map(|(sure, (_, right))| (sure, *right));
        say(&format!(
            "{kind}: {} facts, {} of them held out; pull {}, gold counts {}; surprise {:.3}, by the mean alone {:.3}",
            cases.len(),
            told.len(),
            way.pull,
            way.gold,
            surprise(&told),
            surprise(&base.collect::<Vec<_>>()),
        ));
        let mut model = Model::fit(&cases, way);
        // Rules that were taken out since have no facts to weigh.
        model.weights.retain(|(_, value), _| !value.contains('/') || rules.rule(value).is_some());
        let least = rules.weights(kind).map_or(0, Weights::least);
        write(&mut text, kind, &model, least).map_err(|why| why.to_string())?;
        held_out.insert(kind, told);
    }
    let path = root().join(WEIGHTS);
    fs::write(&path, text).map_err(|why| format!("cannot write {}: {why}", shown(&path)))?;
    say(&format!("written: {WEIGHTS}\n\nFacts of sources held out:\n"));
    tell(&held_out);
    Ok(())
}

/// Tells how the weights in force do on the verdicts, which they were fitted to.
pub(crate) fn measure() -> Result<()> {
    let Some(releases) = every_chosen()? else { return skipped() };
    let verdicts = every_verdict()?;
    let mut told: BTreeMap<&str, Vec<(u8, bool)>> = BTreeMap::new();
    for line in extracted("confidence", &releases)? {
        let record: Value = serde_json::from_str(&line).map_err(|why| format!("chancery extract: {why}"))?;
        for found in facts(&record) {
            let right = match verdicts.get(&found.fact) {
                Some(Judged::Right) => true,
                Some(Judged::Wrong) => false,
                Some(Judged::Open) | None => continue,
            };
            told.entry(kind_of(&found.fact))
                .or_default()
                .push((u8::try_from(found.confidence).unwrap_or(100), right));
        }
    }
    say("Facts that the weights were fitted to:\n");
    tell(&told);
    Ok(())
}

/// All releases that were judged, where they lie beside the workspace.
fn every_chosen() -> Result<Option<Vec<Value>>> {
    let mut releases = Vec::new();
    for sample in &ALL {
        let Some(more) = chosen(sample)? else { return Ok(None) };
        releases.extend(more);
    }
    Ok(Some(releases))
}

fn every_verdict() -> Result<BTreeMap<Fact, Judged>> {
    let mut all = BTreeMap::new();
    for sample in &ALL {
        all.extend(verdicts(sample)?);
    }
    Ok(all)
}

/// The kind of weights of a fact.
fn kind_of(fact: &Fact) -> &'static str {
    match fact.kind.as_str() {
        "official" => "official",
        "body" => "organization",
        "proposal" => "proposal",
        "statement" => "statement",
        _ => "person",
    }
}

fn skipped() -> Result<()> {
    say("confidence: skipped: the releases do not lie beside the workspace (../shared/corpora)");
    Ok(())
}

fn tell(told: &BTreeMap<&str, Vec<(u8, bool)>>) {
    say("| facts | said | how many | mean said | right in a hundred |\n|---|---|---|---|---|");
    table::print("all", &told.values().flatten().copied().collect::<Vec<_>>());
    for kind in KINDS {
        table::print(kind, told.get(kind).map_or(&[], Vec::as_slice));
    }
}

/// The share of facts that are right, in hundredths.
fn share(told: &[(u8, bool)]) -> u8 {
    let right = told.iter().filter(|(_, right)| *right).count();
    u8::try_from(right * 100 / told.len().max(1)).unwrap_or(99).clamp(1, 99)
}

/// What models say of each fresh fact that were fitted without its source, with whether it is right.
fn without_source(cases: &[&Case], way: Way) -> Vec<(u8, bool)> {
    let sources: BTreeSet<&str> =
        cases.iter().filter(|case| case.fresh).map(|case| case.source.as_str()).collect();
    let mut told = Vec::new();
    for source in sources {
        let others: Vec<&Case> = cases.iter().filter(|case| case.source != source).copied().collect();
        let model = Model::fit(&others, way);
        let held_out = cases.iter().filter(|case| case.fresh && case.source == source);
        told.extend(held_out.map(|case| (model.sure(&case.evidence), case.right)));
    }
    told
}

/// Every judged fact with its evidence: of the chosen releases as it is kept, of the gold as it is now.
fn cases() -> Result<Vec<Case>> {
    let evidence = evidence()?;
    let mut cases = Vec::new();
    for (fact, judged) in every_verdict()? {
        let Some(evidence) = evidence.get(&fact.key()) else { continue };
        let right = match judged {
            Judged::Right => true,
            Judged::Wrong => false,
            Judged::Open => continue,
        };
        let source = fact.release.split('/').next().unwrap_or_default().to_owned();
        let (kind, evidence) = (kind_of(&fact), evidence.clone());
        cases.push(Case { kind, source, evidence, right, fresh: true });
    }
    gold_cases(&mut cases)?;
    Ok(cases)
}

fn gold_cases(cases: &mut Vec<Case>) -> Result<()> {
    let folder = root().join("../shared/gold/dev");
    let mut gold = Vec::new();
    for path in files(&folder, &[".json"]).iter().filter(|path| path.parent() == Some(&folder)) {
        let read = serde_json::from_str::<Value>(&text_of(path)?);
        gold.push(read.map_err(|why| format!("{}: {why}", path.display()))?);
    }
    if gold.is_empty() {
        say("the larger gold does not lie beside the workspace: without it the weights come out otherwise");
        return Ok(());
    }
    let rules = rules()?;
    let texts = gold.iter().map(|doc| json!({"id": doc["id"], "text": doc["text"]}));
    for line in extracted("confidence", &texts.collect::<Vec<_>>())? {
        let (record, grounds) = weighed(&line, &rules)?;
        let Some(doc) = gold.iter().find(|doc| doc["id"] == record["id"]) else { continue };
        let source = doc["id"].as_str().and_then(|id| id.split("__").next()).unwrap_or_default();
        let right = gold::judge(doc, &record);
        for ground in &grounds {
            if let Some(right) = right.get(&(ground.kind, ground.id.clone(), ground.post)) {
                let (source, evidence) = (source.replace('-', "_"), pieces(ground));
                cases.push(Case { kind: ground.kind, source, evidence, right: *right, fresh: false });
            }
        }
    }
    Ok(())
}

/// Keeps the evidence of every judged fact that the program finds now, where none was kept yet. What was seen when a fact
/// was judged stays: a mistake that was mended in these releases is still made in others, and evidence of before and after
/// must not be mixed, since what is mended could be told from it.
pub(crate) fn gather() -> Result<()> {
    let Some(releases) = every_chosen()? else { return skipped() };
    let (rules, verdicts, mut kept) = (rules()?, every_verdict()?, evidence()?);
    let before = kept.len();
    for line in extracted("confidence", &releases)? {
        let (record, grounds) = weighed(&line, &rules)?;
        for found in facts(&record).iter().filter(|found| verdicts.contains_key(&found.fact)) {
            let kind = kind_of(&found.fact);
            let same =
                |ground: &&Grounds| ground.kind == kind && ground.id == found.id && ground.post == found.post;
            if let Some(ground) = grounds.iter().find(same) {
                kept.entry(found.fact.key()).or_insert_with(|| pieces(ground));
            }
        }
    }
    let known: BTreeSet<String> = verdicts.keys().map(Fact::key).collect();
    kept.retain(|key, _| known.contains(key));
    keep(&kept)?;
    say(&format!("evidence of {} judged facts is kept ({before} before)", kept.len()));
    Ok(())
}

fn pieces(ground: &Grounds) -> Vec<Piece> {
    ground.evidence.iter().map(|piece| (piece.of.to_owned(), piece.value.clone())).collect()
}

/// A record with the grounds of its facts.
fn weighed(line: &str, rules: &RuleSet) -> Result<(Value, Vec<Grounds>)> {
    let record = serde_json::from_str(line).map_err(|why| format!("chancery extract: {why}"))?;
    let release = Record::from_json(line).map_err(|why| why.to_string())?.release;
    Ok((record, extract_with_grounds(&release, rules, "xtask").1))
}

/// The English rules as they lie in the workspace.
fn rules() -> Result<RuleSet> {
    let folder = root().join("rules");
    let mut all = Vec::new();
    for path in files(&folder, &[".toml", ".tsv", ".txt"]) {
        let name = path.strip_prefix(&folder).unwrap_or(&path).display().to_string();
        let wanted = name.starts_with("en/") || name.starts_with("common/");
        if wanted && !name.ends_with("reader.toml") && !name.ends_with("spellings.toml") {
            all.push(RuleFile { path: name, text: text_of(&path)? });
        }
    }
    RuleSet::compile("en", &all).map_err(|why| why.to_string())
}

/// A block of weights, by sort of evidence.
fn write(text: &mut String, kind: &str, model: &Model, least: u8) -> std::fmt::Result {
    write!(text, "\n[[confidence]]\nid = \"{kind}\"\nstart = {}\n", model.start)?;
    if least > 0 {
        writeln!(text, "least = {least}")?;
    }
    let mut sort = "";
    for ((of, value), weight) in &model.weights {
        if of != sort {
            write!(text, "\n[confidence.weights.{of}]\n")?;
            sort = of;
        }
        writeln!(text, "\"{value}\" = {weight}")?;
    }
    Ok(())
}
