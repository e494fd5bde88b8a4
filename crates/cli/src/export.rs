//! `export`: captures out of an archive in a form that other programs read.

use chancery::archive::{Archive, ExportOptions, NOWHERE};

use crate::command::Export;
use crate::exit::{Failure, Outcome};
use crate::phrase::{count, size};
use crate::progress::Watch;
use crate::screen::Screen;
use crate::stop;

/// Writes the WACZ and says what is in it.
pub(crate) fn run(job: &Export, screen: &mut Screen) -> Outcome {
    let archive = Archive::open_read(&job.archive)?;
    let watch = Watch::new(None)?;
    stop::listen()?;
    let options = ExportOptions { source: job.source.clone(), ..ExportOptions::default() };
    let report = archive.export_wacz(&job.file, &options, &watch, stop::flag());
    watch.end()?;
    let Some(report) = report? else {
        return Err(Failure::Interrupted("nothing was left; the same command begins again"));
    };
    screen.line(&format!(
        "{}: {} in {}, {}, {}",
        job.file.display(),
        count(report.records, "record", "records"),
        count(report.files, "WARC file", "WARC files"),
        count(report.pages, "page", "pages"),
        size(report.bytes),
    ))?;
    if report.nowhere > 0 {
        let pages = count(report.nowhere, "page has no address", "pages have no address");
        screen.line(&format!("{pages} on the web, and can be replayed below {NOWHERE}"))?;
    }
    screen.flush()?;
    watch.close(report.records, &report.skipped)
}
