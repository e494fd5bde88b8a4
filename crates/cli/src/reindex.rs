//! `reindex`: the index from the records, and records from their captures where other rules made them.

use chancery::archive::Archive;

use crate::command::Reindex;
use crate::exit::{Exit, Failure, Outcome};
use crate::ingest::pipeline;
use crate::phrase::count;
use crate::progress::Watch;
use crate::screen::Screen;
use crate::stop;

/// Makes it again and says how much there is.
pub(crate) fn run(job: &Reindex, screen: &mut Screen) -> Outcome {
    let watch = Watch::new(None)?;
    // Nothing is read where there is no archive: a message on rules would lead astray.
    let archive = Archive::open_read(&job.archive)?;
    let pipeline = job.records.then(|| pipeline(&job.archive, job.rules.as_deref(), job.jobs)).transpose()?;
    drop(archive);
    stop::listen()?;
    let report = Archive::reindex(&job.archive, pipeline.as_ref(), &watch, stop::flag());
    watch.end()?;
    let report = report?;
    let mut line =
        format!("{}: {} indexed", job.archive.display(), count(report.releases, "release", "releases"));
    if !job.records && report.remade > 0 {
        line +=
            &format!(", {} made again from captures", count(report.remade, "lost record", "lost records"));
    }
    if job.records {
        line += &format!(", {} made again by the rules in force", count(report.remade, "record", "records"));
    }
    screen.line(&line)?;
    screen.flush()?;
    let failed = report.skipped.total();
    if report.interrupted {
        return Err(Failure::Interrupted("what was made is kept, and the same command goes on from there"));
    }
    if failed > 0 {
        let captures = count(failed, "capture", "captures");
        return Err(Failure::new(
            format!("no record can be made now of {captures}"),
            "their old records stay; what is told above each of them says why",
        ));
    }
    Ok(if report.bugs > 0 { Exit::Trouble } else { Exit::Well })
}
