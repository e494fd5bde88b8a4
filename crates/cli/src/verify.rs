//! `verify`: whether an archive is as it was written.

use chancery::archive::{Archive, VerifyReport};

use crate::command::{Form, Verify};
use crate::exit::{Exit, Failure, Outcome};
use crate::phrase::{count, grouped};
use crate::progress::Watch;
use crate::screen::Screen;
use crate::{stop, told};

/// Looks through everything, prints what was looked at, and tells each thing that is wrong.
pub(crate) fn run(job: &Verify, screen: &mut Screen) -> Outcome {
    let archive = Archive::open_read(&job.archive)?;
    let watch = Watch::new(None)?;
    stop::listen()?;
    let report = archive.verify(&watch, stop::flag());
    watch.end()?;
    let report = report?;
    match job.form {
        Form::Json => screen.line(&serde_json::json!(report).to_string())?,
        Form::Text => as_text(&report, screen)?,
    }
    screen.flush()?;
    if job.form == Form::Text {
        report.faults.iter().for_each(|fault| told::say(&fault.to_string()));
        let rest = report.fault_count - report.faults.len() as u64;
        if rest > 0 {
            told::say(&format!("and {} more like these", grouped(rest)));
        }
    }
    if report.left_out > 0 {
        told::say(&format!(
            "somebody writes to the archive: {} just being written and left out; verify again when that is done",
            count(report.left_out, "thing was", "things were")
        ));
    }
    if report.interrupted {
        return Err(Failure::Interrupted("nothing was changed; the same command begins again"));
    }
    if report.fault_count == 0 {
        return Ok(Exit::Well);
    }
    Err(Failure::new(
        format!("{} not as written", count(report.fault_count, "thing is", "things are")),
        "captures: restore the files from a copy, or put a registered one back or change its path in captures/registered.toml; records: `chancery reindex --records` makes them again from the captures; index: `chancery reindex`",
    ))
}

fn as_text(report: &VerifyReport, screen: &mut Screen) -> Outcome<()> {
    let rows = [
        ("WARC files", report.warc_files),
        ("WARC records", report.warc_records),
        ("block digests", report.block_digests),
        ("payload digests", report.payload_digests),
        ("registered files", report.registered_files),
        ("captures", report.captures),
        ("records", report.records),
        ("index entries", report.index_entries),
        ("removed", report.removed),
        ("wrong", report.fault_count),
        ("left out", report.left_out),
    ];
    for (name, number) in rows.into_iter().filter(|(name, number)| *name != "left out" || *number > 0) {
        screen.line(&format!("{name:<17} {}", grouped(number)))?;
    }
    Ok(())
}
