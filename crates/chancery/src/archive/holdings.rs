//! All WARC files of an archive: those that it wrote, those that lie in its folder, and those that are registered.

use std::fs;
use std::path::Path;

use chancery_record::WarcPlace;
use chancery_warc::members;

use super::captures;
use super::registered::{Entry, Registered};
use crate::Error;
use crate::input::InWarc;

/// One WARC file.
#[derive(Clone, Debug)]
pub(super) struct Holding {
    /// What the archive calls it.
    pub(super) name: String,
    /// Where it lies.
    pub(super) at: InWarc,
    /// Whether it is packed by gzip.
    pub(super) is_gzip: bool,
}

impl Holding {
    fn new(name: String, at: InWarc) -> Self {
        let is_gzip = name.ends_with(".gz");
        Self { name, at, is_gzip }
    }
}

/// All of them, in the order of their names: those of the archive's folder, then those registered. A WACZ that cannot be read
/// counts as one file.
pub(super) fn holdings(dir: &Path) -> Result<Vec<Holding>, Error> {
    let registered = Registered::load(dir)?;
    let mut holdings = Vec::new();
    for name in inside(dir)? {
        if !registered.entries().iter().any(|entry| entry.name == name) {
            let at = registered.find(&WarcPlace { file: name.clone(), offset: 0 });
            holdings.push(Holding::new(name, at));
        }
    }
    for entry in registered.entries() {
        holdings.extend(of_entry(&registered, entry));
    }
    Ok(holdings)
}

/// The WARC files of a registered file.
pub(super) fn of_entry(registered: &Registered, entry: &Entry) -> Vec<Holding> {
    let path = registered.path(entry);
    let whole =
        || vec![Holding::new(entry.name.clone(), InWarc { path: path.clone(), member: None, offset: 0 })];
    if !entry.name.to_lowercase().ends_with(".wacz") {
        return whole();
    }
    let Ok(found) = fs::File::open(&path).map_err(drop).and_then(|file| members(file).map_err(drop)) else {
        return whole();
    };
    let member = |name: String| {
        let at = InWarc { path: path.clone(), member: Some(name.clone()), offset: 0 };
        Holding::new(format!("{}/{name}", entry.name), at)
    };
    found.into_iter().filter(|member| member.stored).map(|found| member(found.name)).collect()
}

/// Names of the WARC files in the folder of captures.
pub(super) fn inside(dir: &Path) -> Result<Vec<String>, Error> {
    let folder = dir.join(captures::FOLDER);
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).map_err(|cause| Error::io(&folder, "read", cause))? {
        let name = entry.map_err(|cause| Error::io(&folder, "read", cause))?.file_name();
        let is_warc =
            |name: &str| [".warc", ".warc.gz", ".warc.zst"].iter().any(|ending| name.ends_with(ending));
        names.extend(name.to_str().filter(|name| is_warc(name)).map(str::to_owned));
    }
    names.sort();
    Ok(names)
}
