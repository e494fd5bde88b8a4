//! Phases over fixed inputs, each in a function of its own, so that callgrind can count what happens inside it alone.

use std::hint::black_box;

use chancery::rulesets::Rulesets;
use chancery_record::Release;
use chancery_rules::{Doc, RuleFile, RuleSet};
use chancery_text::{Language, Tokens};

use crate::texts::{demo_texts, release};
use crate::{Result, generated};

/// Runs one phase over the texts of the demo corpus.
pub(crate) fn run(phase: &str) -> Result<()> {
    let releases: Vec<Release> =
        demo_texts()?.into_iter().enumerate().map(|(n, text)| release(n, text)).collect();
    if phase == "load" {
        return counted_load();
    }
    let files = Rulesets::embedded().files_of("en");
    if phase == "compile" {
        return counted_compile(&files);
    }
    if phase == "many" {
        let bodies: Vec<&str> = releases.iter().map(|release| release.text.as_str()).collect();
        let set = compiled(&generated::pairs(&bodies))?;
        return counted_many(&releases, &set);
    }
    if phase == "tokens" {
        return counted_tokens(&releases);
    }
    let set = compiled(&files)?;
    if phase != "dictionary" {
        // What a rule set makes when it is first asked for is made before the counting begins.
        for release in &releases {
            black_box(chancery_extract::extract(release, &set, "bench"));
        }
    }
    match phase {
        "dictionary" => counted_dictionary(&releases, &set),
        "rules" => {
            counted_rules(releases.iter().map(|release| Doc::new(&release.text, &set)).collect(), &set)
        }
        "extract" => counted_extract(&releases, &set),
        _ => Err("the phases are load, compile, tokens, dictionary, rules, many, extract".into()),
    }
}

fn compiled(files: &[RuleFile]) -> Result<RuleSet> {
    RuleSet::compile("en", files).map_err(|errors| errors.to_string().into())
}

/// The rule set that the program carries, at its start.
#[inline(never)]
fn counted_load() -> Result<()> {
    black_box(Rulesets::embedded().of_language("en")?);
    Ok(())
}

/// Files to a rule set, as for those of a folder or of an archive.
#[inline(never)]
fn counted_compile(files: &[RuleFile]) -> Result<()> {
    black_box(compiled(files)?);
    Ok(())
}

/// Texts to tokens and sentences.
#[inline(never)]
fn counted_tokens(releases: &[Release]) -> Result<()> {
    let language = Language::default();
    for release in releases {
        black_box(Tokens::of(&release.text, &language));
    }
    Ok(())
}

/// Texts to tokens and sentences with the entries of all lists.
#[inline(never)]
fn counted_dictionary(releases: &[Release], set: &RuleSet) -> Result<()> {
    for release in releases {
        black_box(Doc::new(&release.text, set));
    }
    Ok(())
}

/// All layers of the English rules, without the steps between them.
#[inline(never)]
fn counted_rules(docs: Vec<Doc<'_>>, set: &RuleSet) -> Result<()> {
    for mut doc in docs {
        set.annotate(&mut doc, &mut |_, _| {});
        black_box(doc);
    }
    Ok(())
}

/// Ten thousand generated rules, texts to annotations.
#[inline(never)]
fn counted_many(releases: &[Release], set: &RuleSet) -> Result<()> {
    for release in releases {
        let mut doc = Doc::new(&release.text, set);
        set.annotate(&mut doc, &mut |_, _| {});
        black_box(doc);
    }
    Ok(())
}

/// Texts to records.
#[inline(never)]
fn counted_extract(releases: &[Release], set: &RuleSet) -> Result<()> {
    for release in releases {
        black_box(chancery_extract::extract(release, set, "bench"));
    }
    Ok(())
}
