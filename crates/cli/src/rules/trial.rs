//! `rules try`: a concordance of a pattern over real releases, the words of each match in the middle of their line.

use std::collections::BTreeMap;

use chancery::archive::Archive;
use chancery::input::{Inputs, Place, Skip, SkipReason};
use chancery::pipeline::Pipeline;
use chancery::progress::Progress as _;
use chancery::sources::Sources;
use chancery::texts::{Origin, TextsReport};
use chancery::trial::{Match, Trial};
use chancery_record::{Meta, Release};
use serde_json::{Map, Value, json};

use super::kwic::{Kwic, Line};
use crate::command::{Form, Texts, TryRules};
use crate::exit::{Exit, Failure, Outcome};
use crate::phrase::flat;
use crate::phrase::{count, grouped};
use crate::progress::Watch;
use crate::screen::Screen;
use crate::stop;

/// What was found so far.
#[derive(Default)]
struct Found {
    matches: u64,
    releases: u64,
    bugs: u64,
    /// The first lines, as many as are wanted.
    lines: Vec<Line>,
    /// How often each wording was matched.
    wordings: BTreeMap<String, u64>,
}

/// Goes through the releases and prints what the pattern matches.
pub(super) fn run(job: TryRules, screen: &mut Screen) -> Outcome {
    let rules = super::load(&job.which)?;
    let trial = Trial::new(&rules, &job.pattern, job.layer.as_deref()).map_err(Failure::from)?;
    let watch = if screen.is_terminal() { Watch::without_bar(None)? } else { Watch::new(None)? };
    let sources = Sources::load(job.which.archive.as_deref())?;
    let pipeline = Pipeline::new(rules, sources, job.jobs)?;
    let mut found = Found::default();
    let mut printed = Ok(());
    let report = go_through(&pipeline, job.texts, &watch, |releases| {
        let matched = pipeline.all_at_once(releases, |release| {
            let found = trial.matches(&release);
            (release, found)
        });
        for (release, matches) in matched {
            match matches {
                Ok(matches) if printed.is_ok() => {
                    let lines = found.take(&release, &matches, job.limit);
                    if job.form == Form::Json && !job.counts {
                        printed = matches[..lines].iter().try_for_each(|m| screen.line(&object(&release, m)));
                    }
                }
                Ok(_) => {}
                Err(words) => {
                    found.bugs += 1;
                    let place = Place::of(release.id.clone());
                    watch.skip(&Skip::error(place, SkipReason::Bug(words)));
                }
            }
        }
    });
    watch.end()?;
    printed?;
    let report = report?;
    match job.form {
        Form::Json if job.counts => wordings_as_json(&found, job.limit, screen)?,
        Form::Json => {}
        Form::Text if job.counts => wordings(&found, job.limit, screen)?,
        Form::Text => Kwic::of(&found.lines, screen.width()).print(&found.lines, screen)?,
    }
    if job.form == Form::Text {
        screen.line(&sum(&found, &report, job.limit, job.counts))?;
    }
    screen.flush()?;
    let exit = watch.close(report.releases, &report.skipped)?;
    if report.interrupted {
        return Err(Failure::Interrupted("what was printed is what was found until then"));
    }
    Ok(if found.bugs > 0 { Exit::Trouble } else { exit })
}

/// Hands the releases on that are meant.
pub(super) fn go_through(
    pipeline: &Pipeline,
    texts: Texts,
    watch: &Watch,
    mut each: impl FnMut(Vec<Release>),
) -> Outcome<TextsReport> {
    stop::listen()?;
    let mut each = |releases| {
        each(releases);
        Ok(())
    };
    Ok(match texts {
        Texts::Archive(dir) => {
            let archive = Archive::open_read(&dir)?;
            pipeline.releases(Origin::Archive(&archive), watch, stop::flag(), &mut each)?
        }
        Texts::Inputs(inputs) => {
            let inputs = Inputs::new(inputs, Meta::default(), pipeline.sources());
            pipeline.releases(Origin::Inputs(Box::new(inputs)), watch, stop::flag(), &mut each)?
        }
    })
}

impl Found {
    /// Counts the matches of a release; how many of them are still to be shown.
    fn take(&mut self, release: &Release, matches: &[Match], limit: usize) -> usize {
        let room =
            limit.saturating_sub(usize::try_from(self.matches).unwrap_or(usize::MAX)).min(matches.len());
        self.matches += matches.len() as u64;
        self.releases += u64::from(!matches.is_empty());
        self.lines.extend(matches.iter().take(room).map(|found| Line::of(release, found)));
        for found in matches {
            *self.wordings.entry(flat(found.span.of(&release.text))).or_default() += 1;
        }
        room
    }

    /// Wordings with their counts, the most frequent first.
    fn by_count(&self, limit: usize) -> Vec<(&String, u64)> {
        let mut all: Vec<(&String, u64)> =
            self.wordings.iter().map(|(words, count)| (words, *count)).collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        all.truncate(limit);
        all
    }
}

fn wordings(found: &Found, limit: usize, screen: &mut Screen) -> Outcome<()> {
    for (words, count) in found.by_count(limit) {
        let line = format!("{:>7}  {}", grouped(count), screen.web(words));
        screen.line(&line)?;
    }
    Ok(())
}

fn wordings_as_json(found: &Found, limit: usize, screen: &mut Screen) -> Outcome<()> {
    for (words, count) in found.by_count(limit) {
        screen.line(&json!({ "text": words, "count": count }).to_string())?;
    }
    Ok(())
}

/// `23 matches in 9 of 40 releases; the first 10 are shown (--limit N shows more)`
fn sum(found: &Found, report: &TextsReport, limit: usize, counts: bool) -> String {
    let releases = count(report.releases, "release", "releases");
    let mut sum = if found.matches == 0 {
        format!("no match in {releases}")
    } else {
        let matches = count(found.matches, "match", "matches");
        format!("{matches} in {} of {releases}", grouped(found.releases))
    };
    let (all, what) =
        if counts { (found.wordings.len() as u64, "wordings") } else { (found.matches, "matches") };
    if all > limit as u64 {
        sum += &format!(
            "; {} of {} {what} are shown (--limit N shows more)",
            grouped(limit as u64),
            grouped(all)
        );
    }
    sum
}

/// A match as one object; places are in code points, as in a record.
fn object(release: &Release, found: &Match) -> String {
    let text = &release.text;
    let place = |byte: usize| text.get(..byte).map_or(0, |before| before.chars().count());
    let mut captures = Map::new();
    for (name, span) in &found.captures {
        let part = json!({ "start": place(span.start), "end": place(span.end), "text": span.of(text) });
        if let Value::Array(all) = captures.entry(name.as_str()).or_insert_with(|| json!([])) {
            all.push(part);
        }
    }
    json!({
        "id": release.id, "alias": release.alias, "published": release.published,
        "start": place(found.span.start), "end": place(found.span.end), "text": found.span.of(text),
        "captures": captures, "sentence": found.sentence.of(text),
    })
    .to_string()
}
