//! `read`: what was typed, and what it means.

use std::path::{Path, PathBuf};

use chancery::input::Input;
use chancery::pages::Grounds;
use chancery_record::Meta;

use super::{archive, meta};
use crate::args::ReadArgs;

/// `read`
pub(crate) struct ReadPages {
    /// Which pages.
    pub(crate) pages: Vec<Wanted>,
    /// The archive in which references are looked up.
    pub(crate) archive: PathBuf,
    /// Whether it says where each part comes from.
    pub(crate) grounds: Grounds,
    /// How pages are printed.
    pub(crate) look: PageLook,
    /// Threads; `None` is one a core.
    pub(crate) jobs: Option<usize>,
    /// Where to list what was skipped.
    pub(crate) skipped: Option<PathBuf>,
    /// What the inputs do not say themselves.
    pub(crate) meta: Meta,
}

/// One argument of `read`.
pub(crate) enum Wanted {
    /// A file, a folder or standard input.
    Input(Input),
    /// What a release of the archive is called.
    Reference(String),
}

/// How a page is printed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageLook {
    /// To be read.
    Text,
    /// As one JSON object with all that is known.
    Json,
    /// As one short JSON object.
    Line,
}

impl From<ReadArgs> for ReadPages {
    fn from(args: ReadArgs) -> Self {
        let look = match (args.json, args.ndjson) {
            (_, true) => PageLook::Line,
            (true, _) => PageLook::Json,
            _ => PageLook::Text,
        };
        Self {
            pages: args.pages.into_iter().map(wanted).collect(),
            archive: archive(&args.archive),
            grounds: if args.explain { Grounds::Gathered } else { Grounds::Left },
            look,
            jobs: args.jobs.map(usize::from),
            skipped: args.skipped,
            meta: meta(args.meta),
        }
    }
}

/// What is here as a file is that file.
fn wanted(page: String) -> Wanted {
    if page == "-" || Path::new(&page).exists() {
        Wanted::Input(Input::from(PathBuf::from(page)))
    } else {
        Wanted::Reference(page)
    }
}
