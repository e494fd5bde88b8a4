//! `rules diff`: what a change of rules would gain, lose and alter, fact by fact.

use std::path::Path;

use anstyle::Style;
use chancery::difference::{Comparison, Difference};
use chancery::input::{Place, Skip, SkipReason};
use chancery::pipeline::Pipeline;
use chancery::progress::Progress as _;
use chancery::rulesets::Rulesets;
use chancery::sources::Sources;
use chancery_record::Release;
use serde_json::json;

use super::trial::go_through;
use crate::command::{DiffRules, Form, Texts};
use crate::differing::{object, print};
use crate::exit::{Exit, Failure, Outcome};
use crate::phrase::{count, grouped};
use crate::progress::Watch;
use crate::screen::Screen;

const FAINT: Style = Style::new().dimmed();

/// The word that means the rules of the program.
const BUILT_IN: &str = "built-in";

#[derive(Default)]
struct Counts {
    read: u64,
    differing: u64,
    gained: u64,
    lost: u64,
    altered: u64,
    bugs: u64,
}

/// Compares both over the releases and prints what differs.
pub(super) fn run(job: DiffRules, screen: &mut Screen) -> Outcome {
    let (old, new) = (load(&job.old)?, load(&job.new)?);
    let comparison = Comparison::new(&old, &new)?;
    let watch = if screen.is_terminal() { Watch::without_bar(None)? } else { Watch::new(None)? };
    let archive = if let Texts::Archive(dir) = &job.texts { Some(dir.clone()) } else { None };
    let pipeline = Pipeline::new(new, Sources::load(archive.as_deref())?, job.jobs)?;
    if job.form == Form::Text {
        changes(&comparison, screen)?;
    }
    let mut counts = Counts::default();
    let mut printed = Ok(());
    let report = go_through(&pipeline, job.texts, &watch, |releases| {
        let compared = pipeline.all_at_once(releases, |release| {
            let found = (job.full || comparison.touches(&release)).then(|| comparison.differences(&release));
            (release, found)
        });
        for (release, found) in compared {
            match found {
                None => {}
                Some(Ok(found)) => {
                    counts.add(&found);
                    if printed.is_ok() {
                        printed = tell(&release, &found, job.form, screen);
                    }
                }
                Some(Err(words)) => {
                    counts.bugs += 1;
                    watch.skip(&Skip::error(Place::of(release.id.clone()), SkipReason::Bug(words)));
                }
            }
        }
    });
    watch.end()?;
    printed?;
    let report = report?;
    match job.form {
        Form::Text => screen.line(&counts.told(report.releases))?,
        Form::Json => screen.line(&counts.object(report.releases))?,
    }
    screen.flush()?;
    let exit = watch.close(report.releases, &report.skipped)?;
    if report.interrupted {
        return Err(Failure::Interrupted("what was printed is what was found until then"));
    }
    Ok(if counts.bugs > 0 { Exit::Trouble } else { exit })
}

/// The rules that a word means: the built-in ones, those of a folder, or the built-in ones with an archive's own laid over.
fn load(which: &Path) -> Outcome<Rulesets> {
    if which.as_os_str() == BUILT_IN {
        return Ok(Rulesets::embedded());
    }
    if which.join("archive.toml").is_file() {
        return Ok(Rulesets::load(None, Some(which))?);
    }
    Ok(Rulesets::load(Some(which), None)?)
}

/// What differs in the rules themselves.
fn changes(comparison: &Comparison, screen: &mut Screen) -> Outcome<()> {
    let mut some = false;
    for (language, change) in comparison.changes() {
        some = true;
        let Some(change) = change else {
            screen.line(&format!("{language}: only one side has rules for it"))?;
            continue;
        };
        let rules = count(change.rules().len() as u64, "rule differs", "rules differ");
        let entries: usize = change.lists().values().sum();
        let entries = count(entries as u64, "entry of a list differs", "entries of lists differ");
        let whole = change.whole().map_or_else(String::new, |why| format!(", and {why}"));
        screen.line(&format!("{language}: {rules}, {entries}{whole}"))?;
    }
    if some { Ok(()) } else { screen.line("nothing differs that could change what is found") }
}

impl Counts {
    fn add(&mut self, found: &[Difference]) {
        self.read += 1;
        self.differing += u64::from(!found.is_empty());
        for difference in found {
            match difference {
                Difference::Gained(_) => self.gained += 1,
                Difference::Lost(_) => self.lost += 1,
                Difference::Altered(_) => self.altered += 1,
            }
        }
    }

    /// In percent, of all releases.
    fn share(&self, releases: u64) -> u64 {
        (self.read * 100).div_ceil(releases.max(1))
    }

    fn told(&self, releases: u64) -> String {
        format!(
            "{} gained, {} lost, {} altered in {} of {}; {} could be touched and were read ({} %)",
            grouped(self.gained),
            grouped(self.lost),
            grouped(self.altered),
            grouped(self.differing),
            count(releases, "release", "releases"),
            grouped(self.read),
            self.share(releases),
        )
    }

    fn object(&self, releases: u64) -> String {
        json!({ "summary": {
            "gained": self.gained, "lost": self.lost, "altered": self.altered,
            "releases": releases, "differing": self.differing, "read": self.read,
        }})
        .to_string()
    }
}

fn tell(release: &Release, found: &[Difference], form: Form, screen: &mut Screen) -> Outcome<()> {
    if found.is_empty() {
        return Ok(());
    }
    if form == Form::Json {
        return found.iter().try_for_each(|difference| screen.line(&object(release, difference).to_string()));
    }
    let id = release.alias.as_ref().unwrap_or(&release.id);
    let head = screen.paint(FAINT, &screen.web(id));
    screen.line(&head)?;
    found.iter().try_for_each(|difference| print(difference, screen))
}
