//! What `capture` means.

use std::path::PathBuf;

use chancery::capture::CaptureOptions;
use chancery_capture::plan::Requisites;

use super::{Form, archive};
use crate::args::{CaptureArgs, RequisitesArg};

/// `capture`
pub(crate) struct Capture {
    /// Into which archive.
    pub(crate) archive: PathBuf,
    /// What, and how.
    pub(crate) options: CaptureOptions,
    /// Rules in place of the built-in ones.
    pub(crate) rules: Option<PathBuf>,
    /// Threads; `None` is one a core.
    pub(crate) jobs: Option<usize>,
    /// How events are told.
    pub(crate) log: Form,
    /// Where to list what was not fetched.
    pub(crate) skipped: Option<PathBuf>,
}

pub(super) fn capture(args: CaptureArgs) -> Capture {
    Capture {
        archive: archive(&args.archive),
        options: CaptureOptions {
            what: args.what,
            contact: args.contact,
            allow_private: args.allow_private,
            capture_only: args.capture_only,
            pace: args.pace,
            pages: args.pages,
            time: args.max_time,
            portion: args.portion,
            requisites: args.requisites.map(|what| match what {
                RequisitesArg::None => Requisites::None,
                RequisitesArg::Documents => Requisites::Documents,
                RequisitesArg::All => Requisites::All,
            }),
            refresh: None,
        },
        rules: args.rules.rules,
        jobs: args.jobs.map(usize::from),
        log: if args.log.is_some() { Form::Json } else { Form::Text },
        skipped: args.skipped,
    }
}
