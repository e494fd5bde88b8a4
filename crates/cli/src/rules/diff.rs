//! `rules diff`: what a change of rules would gain, lose and alter, fact by fact.

use std::path::Path;

use anstyle::{AnsiColor, Style};
use chancery::difference::{Comparison, Difference, Fact};
use chancery::input::{Place, Skip, SkipReason};
use chancery::pipeline::Pipeline;
use chancery::progress::Progress as _;
use chancery::rulesets::Rulesets;
use chancery::sources::Sources;
use chancery_record::Release;
use serde_json::{Map, Value, json};

use super::trial::{flat, go_through};
use crate::command::{DiffRules, Form, Texts};
use crate::exit::{Exit, Failure, Outcome};
use crate::phrase::{count, grouped};
use crate::progress::Watch;
use crate::screen::Screen;
use crate::wrap;

const GAINED: Style = AnsiColor::Green.on_default();
const LOST: Style = AnsiColor::Red.on_default();
const ALTERED: Style = AnsiColor::Yellow.on_default();
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
        return found.iter().try_for_each(|difference| screen.line(&object(release, difference)));
    }
    let id = release.alias.as_ref().unwrap_or(&release.id);
    let head = screen.paint(FAINT, &screen.web(id));
    screen.line(&head)?;
    found.iter().try_for_each(|difference| print(difference, screen))
}

/// `  + statement  Ana Roe (stressed): the pier opens  (en/statements/that-clause)`
fn print(difference: &Difference, screen: &mut Screen) -> Outcome<()> {
    let (sign, style) = match difference {
        Difference::Gained(_) => ('+', GAINED),
        Difference::Lost(_) => ('-', LOST),
        Difference::Altered(_) => ('~', ALTERED),
    };
    let fact = difference.fact();
    let text = format!("{}  ({})", words(fact), fact.rule);
    let head = screen.paint(style, &format!("  {sign} {:<13}", fact.kind));
    for (number, line) in wrap::lines(&text, screen.width().saturating_sub(17)).iter().enumerate() {
        let begin = if number == 0 { head.clone() } else { " ".repeat(17) };
        let line = format!("{begin}{}", screen.web(line.of(&text)));
        screen.line(&line)?;
    }
    if let Difference::Altered(altered) = difference {
        for (field, before, after) in &altered.fields {
            let named = |value: &str| {
                if value.is_empty() { "nothing".to_owned() } else { format!("`{}`", flat(value)) }
            };
            let line = format!("                 {field}: {} → {}", named(before), named(after));
            let line = screen.web(&line).into_owned();
            screen.line(&line)?;
        }
    }
    Ok(())
}

/// The fact in a line: who and what.
fn words(fact: &Fact) -> String {
    let field = |name: &str| {
        fact.fields.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value.as_str())
    };
    let who = match fact.kind {
        "statement" => field("speaker"),
        "proposal" => field("proposer"),
        "post" => field("holder"),
        _ => return flat(&fact.words),
    };
    let who = if who.is_empty() { "somebody unnamed" } else { who };
    let cue = field("cue");
    let cue = if cue.is_empty() { String::new() } else { format!(" ({})", flat(cue)) };
    format!("{who}{cue}: {}", flat(&fact.words))
}

fn object(release: &Release, difference: &Difference) -> String {
    let place = |byte: usize| release.text.get(..byte).map_or(0, |before| before.chars().count());
    let fact = difference.fact();
    let fields: Map<String, Value> = fact
        .fields
        .iter()
        .filter(|(name, _)| *name != "mentions")
        .map(|(k, v)| ((*k).to_owned(), json!(v)))
        .collect();
    let what = match difference {
        Difference::Gained(_) => "gained",
        Difference::Lost(_) => "lost",
        Difference::Altered(_) => "altered",
    };
    let mut object = json!({
        "id": release.id, "alias": release.alias, "change": what, "kind": fact.kind, "text": fact.words,
        "start": place(fact.span.start), "end": place(fact.span.end), "fields": fields, "rule": fact.rule,
    });
    if let Difference::Altered(altered) = difference {
        let changed = altered
            .fields
            .iter()
            .map(|(name, before, after)| ((*name).to_owned(), json!({ "before": before, "after": after })));
        object["altered"] = Value::Object(changed.collect());
    }
    object.to_string()
}
