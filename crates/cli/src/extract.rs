//! `extract`: records on standard output, in the order of the input.

use std::io::{self, Write};

use chancery::input::Inputs;
use chancery::pipeline::{Event, Pipeline};
use chancery::progress::Progress as _;
use chancery::rulesets::Rulesets;
use chancery::sources::Sources;

use crate::command::Extract;
use crate::exit::{Exit, Failure, Outcome};
use crate::ingest::known;
use crate::progress::Watch;
use crate::screen::Screen;
use crate::stop;

/// Reads every input and prints its records.
pub(crate) fn run(job: Extract, screen: &mut Screen) -> Outcome {
    let Extract { work: job, least } = job;
    let skipped = job.skipped.as_deref();
    let watch = if screen.is_terminal() { Watch::without_bar(skipped)? } else { Watch::new(skipped)? };
    let pipeline =
        Pipeline::new(Rulesets::load(job.rules.as_deref(), None)?, Sources::load(None)?, job.jobs)?;
    let inputs = Inputs::new(job.inputs, known(job.meta, &pipeline)?, pipeline.sources());
    stop::listen()?;
    let report =
        pipeline.extract(inputs, &watch, stop::flag(), |event| tell(event, least, screen.writer(), &watch));
    watch.end()?;
    let report = report?;
    screen.flush()?;
    let exit = watch.close(report.records, &report.skipped)?;
    if report.interrupted {
        return Err(Failure::Interrupted("what was printed is whole records"));
    }
    Ok(if report.bugs > 0 { Exit::Trouble } else { exit })
}

fn tell(event: Event, least: Option<u8>, out: &mut dyn Write, watch: &Watch) -> io::Result<()> {
    match event {
        Event::Record(mut record) => {
            least.into_iter().for_each(|least| record.leave_out_below(least));
            out.write_all(record.to_json().as_bytes())?;
            out.write_all(b"\n")?;
            // Who asks line by line has each answer at once; a record is as long as a buffer anyway.
            out.flush()
        }
        Event::Skip(skip) | Event::Bug(skip) => {
            watch.skip(&skip);
            Ok(())
        }
    }
}
