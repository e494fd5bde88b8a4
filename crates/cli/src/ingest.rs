//! `ingest`: inputs into an archive, each release once.

use std::path::Path;

use chancery::archive::{Archive, IngestOptions, IngestReport};
use chancery::input::{Input, Inputs};
use chancery::pipeline::Pipeline;
use chancery::rulesets::Rulesets;
use chancery::sources::Sources;
use chancery_record::Meta;

use crate::command::Ingest;
use crate::exit::{Exit, Failure, Outcome};
use crate::phrase::{self, count, grouped};
use crate::progress::Watch;
use crate::screen::Screen;
use crate::{stop, told};

/// So many clashes of identities are told one by one.
const CLASHES: usize = 10;

/// Takes everything in and says what that changed.
pub(crate) fn run(job: Ingest, screen: &mut Screen) -> Outcome {
    if job.again && !job.work.inputs.is_empty() {
        let (archive, rules, jobs) = (job.archive.clone(), job.work.rules.clone(), job.work.jobs);
        let exit = take_all(job, screen)?;
        return again(&archive, rules.as_deref(), jobs, screen)
            .map(|after| if exit == Exit::Well { after } else { exit });
    }
    if job.again {
        return again(&job.archive, job.work.rules.as_deref(), job.work.jobs, screen);
    }
    take_all(job, screen)
}

/// Brings the records that are there up to date with the rules in force, and says how many that took.
fn again(archive: &Path, rules: Option<&Path>, jobs: Option<usize>, screen: &mut Screen) -> Outcome {
    // Nothing is made where there is no archive.
    drop(Archive::open_read(archive)?);
    let watch = Watch::new(None)?;
    let pipeline = pipeline(archive, rules, jobs)?;
    stop::listen()?;
    let report = Archive::create_or_open(archive)?.again(&pipeline, &watch, stop::flag());
    watch.end()?;
    let report = report?;
    let outdated = report.remade + report.kept + report.skipped.total();
    let line = if outdated == 0 {
        "every record is by the rules in force".to_owned()
    } else {
        format!(
            "{} by other rules; {} could be touched by the change and {} made again",
            count(outdated, "record was", "records were"),
            grouped(report.remade),
            if report.remade == 1 { "was" } else { "were" },
        )
    };
    screen.line(&format!("{}: {line}", archive.display()))?;
    screen.flush()?;
    let exit = watch.close(report.remade + report.kept, &report.skipped)?;
    if report.interrupted {
        return Err(Failure::Interrupted("what was made is kept, and the same command goes on from there"));
    }
    Ok(if report.bugs > 0 { Exit::Trouble } else { exit })
}

fn take_all(job: Ingest, screen: &mut Screen) -> Outcome {
    nothing_for_nothing(&job)?;
    let watch = Watch::new(job.work.skipped.as_deref())?;
    let pipeline = pipeline(&job.archive, job.work.rules.as_deref(), job.work.jobs)?;
    stop::listen()?;
    let options = IngestOptions { copy: job.copy, ..IngestOptions::default() };
    let meta = known(job.work.meta, &pipeline)?;
    let report = take_in(&pipeline, &job.archive, job.work.inputs, meta, &options, &watch);
    watch.end()?;
    let report = report?;
    screen.line(&format!("{}: {}", job.archive.display(), summary(&report)))?;
    screen.flush()?;
    clashes(&report);
    silences(&report);
    unknowns(&report, &pipeline);
    let read = report.added + report.versions + report.unchanged;
    let exit = watch.close(read, &report.skipped)?;
    if report.interrupted {
        return Err(Failure::Interrupted(
            "what was taken in is kept, and the same command goes on from there",
        ));
    }
    Ok(if report.bugs > 0 { Exit::Trouble } else { exit })
}

/// A misspelt path must not leave an empty archive behind.
fn nothing_for_nothing(job: &Ingest) -> Outcome<()> {
    let missing = |input: &Input| match input {
        Input::Path(path) if !path.exists() => Some(path.display().to_string()),
        Input::Path(_) | Input::Stdin => None,
    };
    let Some(missing) = job.work.inputs.iter().map(missing).collect::<Option<Vec<_>>>() else {
        return Ok(());
    };
    if missing.is_empty() || job.archive.exists() {
        return Ok(());
    }
    Err(Failure::new(
        format!("{}: there is no such file or folder; no archive was made", missing.join(", ")),
        "check the spelling; a path is relative to the folder you are in",
    ))
}

/// Everything that turns pages into records, with the rules and sources that the archive brings.
pub(crate) fn pipeline(archive: &Path, rules: Option<&Path>, jobs: Option<usize>) -> Outcome<Pipeline> {
    Ok(Pipeline::new(Rulesets::load(rules, Some(archive))?, Sources::load(Some(archive))?, jobs)?)
}

/// What is said of all inputs, with the country by the name that records have.
///
/// # Errors
/// Where no list of the rules in force knows the country.
pub(crate) fn known(meta: Meta, pipeline: &Pipeline) -> Outcome<Meta> {
    let country = meta.country.as_deref().map(|name| pipeline.rules().country(name)).transpose()?;
    Ok(Meta { country, ..meta })
}

/// Takes inputs into the archive, which is made where there is none.
pub(crate) fn take_in(
    pipeline: &Pipeline,
    archive: &Path,
    inputs: Vec<Input>,
    meta: Meta,
    options: &IngestOptions,
    watch: &Watch,
) -> Outcome<IngestReport> {
    let writer = Archive::create_or_open(archive)?;
    let inputs = Inputs::new(inputs, meta, pipeline.sources());
    Ok(writer.ingest(pipeline, inputs, options, watch, stop::flag())?)
}

/// `12 new, 1 new version, 3 there already`, or that nothing is new.
pub(crate) fn summary(report: &IngestReport) -> String {
    let there = report.unchanged;
    if report.added + report.versions + report.recovered == 0 {
        return match there {
            0 => "nothing new".into(),
            there => format!("nothing new; {} there already", count(there, "release is", "releases are")),
        };
    }
    let mut parts = Vec::new();
    if report.added > 0 || report.versions == 0 {
        parts.push(format!("{} new", grouped(report.added)));
    }
    if report.versions > 0 {
        parts.push(count(report.versions, "new version", "new versions"));
    }
    if there > 0 {
        parts.push(format!("{} there already", grouped(there)));
    }
    if report.recovered > 0 {
        parts.push(format!("{} completed that an earlier run had left", grouped(report.recovered)));
    }
    parts.join(", ")
}

/// Sources whose selectors found nothing: the site may have changed.
fn silences(report: &IngestReport) {
    for ((source, part), pages) in &report.silent {
        let pages = count(*pages, "page", "pages");
        told::say(&format!(
            "source `{source}`: its selectors of the {part} gave nothing on {pages}; the general way was taken"
        ));
        told::help(&format!(
            "`chancery source check sources/{source}.toml --page PAGE` shows what each selector finds"
        ));
    }
}

/// Languages without rules, and countries that no list knows.
fn unknowns(report: &IngestReport, pipeline: &Pipeline) {
    if !report.without_rules.is_empty() {
        told::say(&phrase::without_rules(
            report.without_rules.iter().map(|(tag, count)| (tag.as_ref(), *count)),
        ));
        told::help(
            "--lang says the language where it was not recognized; docs/writing-rules.md tells how rules are written",
        );
    }
    for (name, releases) in report.unknown_countries.iter().take(CLASHES) {
        if let Err(why) = pipeline.rules().country(name) {
            told::say(&format!("{why} ({})", count(*releases, "release", "releases")));
        }
    }
    let rest = report.unknown_countries.len().saturating_sub(CLASHES) as u64;
    if rest > 0 {
        told::say(&format!("and {} that no list knows", count(rest, "more country", "more countries")));
    }
}

/// Releases that came in under an identity that stood for quite another one.
fn clashes(report: &IngestReport) {
    for clash in report.conflicts.iter().take(CLASHES) {
        if let (Some((first, second)), Some(kept_as)) = (&clash.sources, &clash.kept_as) {
            told::say(&format!(
                "{}: source `{first}` has a release with the id `{}` already; that of `{second}`, `{}`, is kept as `{kept_as}`",
                clash.place, clash.id, clash.now
            ));
            continue;
        }
        let kept = clash
            .kept_as
            .as_ref()
            .map_or_else(|| "kept as a new version".to_owned(), |id| format!("kept apart as `{id}`"));
        told::say(&format!(
            "{}: `{}` was `{}` and is now `{}`; {kept}",
            clash.place, clash.id, clash.before, clash.now
        ));
    }
    let rest = report.conflict_count.saturating_sub(CLASHES as u64);
    if rest > 0 {
        told::say(&format!("and {} more like these", grouped(rest)));
    }
}
