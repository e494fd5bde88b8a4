//! What commands about ministries' sites mean.

use std::path::PathBuf;
use std::time::Duration;

use super::{Form, archive, form};
use crate::args::{ChangesArgs, SourceCheckArgs, SourceNewArgs, TypedSourceAction, WatchArgs};
use crate::exit::{Failure, Outcome};
use url::Url;

/// `source`
pub(crate) enum SourceAction {
    /// Tell all mistakes of a file, and what it gives on a page.
    Check(CheckSource),
    /// List all, those of this archive too.
    List(PathBuf, Form),
    /// Write a first file.
    New(Box<NewSource>),
}

/// `source check`
pub(crate) struct CheckSource {
    /// The source file.
    pub(crate) file: PathBuf,
    /// A page to try it on.
    pub(crate) page: Option<PathBuf>,
    /// Where the page was, if that was said.
    pub(crate) url: Option<Url>,
    /// How it is told.
    pub(crate) form: Form,
}

/// Where a new source file goes.
pub(crate) enum Out {
    /// To standard output.
    Screen,
    /// To this file.
    File(PathBuf),
    /// Into the folder of sources of this archive.
    Archive(PathBuf),
}

/// Where the pages of a site come from.
pub(crate) enum Site {
    /// Files that were saved before.
    Saved {
        /// The list page.
        page: PathBuf,
        /// A release.
        release: Option<PathBuf>,
        /// robots.txt.
        robots: Option<PathBuf>,
    },
    /// The site itself.
    Asked {
        /// Whom its keepers may write to.
        contact: String,
        /// Whether its address may be private.
        allow_private: bool,
    },
}

/// `source new`
pub(crate) struct NewSource {
    /// The list page.
    pub(crate) url: Url,
    /// Where the pages come from.
    pub(crate) site: Site,
    /// Where it is written.
    pub(crate) out: Out,
}

/// `changes`
pub(crate) struct Changes {
    /// Of which archive.
    pub(crate) archive: PathBuf,
    /// Of one release, with what was edited.
    pub(crate) id: Option<String>,
    /// How it is told.
    pub(crate) form: Form,
}

/// `watch`
pub(crate) struct Watching {
    /// Which archive.
    pub(crate) archive: PathBuf,
    /// Ids of sources; none for those that the archive has captures of.
    pub(crate) sources: Vec<String>,
    /// Whether it ends after one visit.
    pub(crate) once: bool,
    /// Whether it is one visit to all, due or not, and to every release.
    pub(crate) now: bool,
    /// How long a visit may take.
    pub(crate) time: Option<Duration>,
    /// Whom the keepers of sites may write to.
    pub(crate) contact: Option<String>,
    /// Whether hosts of sources may have private addresses.
    pub(crate) allow_private: bool,
    /// How it is told.
    pub(crate) form: Form,
    /// Threads; `None` is one a core.
    pub(crate) jobs: Option<usize>,
}

pub(super) fn watching(args: WatchArgs) -> Watching {
    Watching {
        archive: archive(&args.archive),
        sources: args.sources,
        once: args.once,
        now: args.now,
        time: args.max_time,
        contact: args.contact,
        allow_private: args.allow_private,
        form: form(args.json),
        jobs: args.jobs.map(usize::from),
    }
}

/// What was typed after `source`, understood.
pub(super) fn source(action: TypedSourceAction) -> Outcome<SourceAction> {
    Ok(match action {
        TypedSourceAction::Check(args) => SourceAction::Check(check(args)?),
        TypedSourceAction::List(args) => SourceAction::List(archive(&args.archive), form(args.json)),
        TypedSourceAction::New(args) => SourceAction::New(Box::new(new(args)?)),
    })
}

fn check(args: SourceCheckArgs) -> Outcome<CheckSource> {
    let url = args.url.as_deref().map(address).transpose()?;
    Ok(CheckSource { file: args.file, page: args.page, url, form: form(args.json) })
}

fn new(args: SourceNewArgs) -> Outcome<NewSource> {
    let out = match args.out {
        Some(path) if path.as_os_str() == "-" => Out::Screen,
        Some(path) => Out::File(path),
        None => Out::Archive(archive(&args.archive)),
    };
    let site = match args.page {
        Some(page) => Site::Saved { page, release: args.release, robots: args.robots },
        None => {
            let contact = args.contact.unwrap_or_default();
            if contact.trim().is_empty() {
                let mend = "write --contact ADDRESS, an address of mail or of a page with one";
                let message = "nobody says whom the site's keepers may write to";
                return Err(Failure::Usage(message.into(), mend.into()));
            }
            Site::Asked { contact, allow_private: args.allow_private }
        }
    };
    Ok(NewSource { url: address(&args.url)?, site, out })
}

pub(super) fn changes(args: ChangesArgs) -> Changes {
    Changes { archive: archive(&args.archive), id: args.id, form: form(args.json) }
}

/// An address of the web.
fn address(text: &str) -> Outcome<Url> {
    let mend = || "write it whole, like https://www.ministry.example/news".to_owned();
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(url),
        Ok(_) => Err(Failure::Usage(format!("`{text}` is no address of the web"), mend())),
        Err(why) => Err(Failure::Usage(format!("`{text}` is no address: {why}"), mend())),
    }
}
