//! WARC and WACZ files that an archive refers to without having written them: `captures/registered.toml` says where each
//! lies, how long it is and what its digest is. A user who moves a file changes its `path` there.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufReader, Read as _};
use std::path::{Path, PathBuf};

use chancery_record::WarcPlace;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::captures;
use super::format::write_whole;
use crate::Error;
use crate::input::{InWarc, hex};

/// The file that lists them, in the folder of the captures.
pub(super) const FILE: &str = "registered.toml";
const HEAD: &str = "# WARC and WACZ files that this archive reads in place. Where one is moved, change its path here;\n\
    # `chancery verify` tells whether each is as it was.\n";

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// What the archive calls it.
    pub(super) name: String,
    /// Where it lies: relative to the archive's folder, or absolute.
    pub(super) path: PathBuf,
    pub(super) bytes: u64,
    pub(super) sha256: String,
}

#[derive(Default, Serialize, Deserialize)]
struct List {
    #[serde(default)]
    file: Vec<Entry>,
}

/// All files that are registered.
pub(super) struct Registered {
    dir: PathBuf,
    list: List,
    /// What the archive calls the file at an absolute path without links: each that is listed, and those of this run that
    /// are copies of one.
    names: HashMap<PathBuf, String>,
}

impl Registered {
    /// Reads the list of the archive at `dir`; an empty one where there is none.
    pub(super) fn load(dir: &Path) -> Result<Self, Error> {
        let path = dir.join(captures::FOLDER).join(FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => String::new(),
            Err(cause) => return Err(Error::io(&path, "read", cause)),
        };
        let list: List = toml::from_str(&text).map_err(|cause| {
            let at = cause.span().map_or(0, |span| span.start);
            let (line, column) = crate::sources::line_and_column(&text, at);
            Error::ArchiveFile { path, line, column, message: cause.message().to_owned() }
        })?;
        let at = |entry: &Entry| Some((fs::canonicalize(dir.join(&entry.path)).ok()?, entry.name.clone()));
        let names = list.file.iter().filter_map(at).collect();
        Ok(Self { dir: dir.to_owned(), list, names })
    }

    pub(super) fn entries(&self) -> &[Entry] {
        &self.list.file
    }

    /// Where an entry's file lies.
    pub(super) fn path(&self, entry: &Entry) -> PathBuf {
        self.dir.join(&entry.path)
    }

    /// Where the record at `place` is to be read.
    pub(super) fn find(&self, place: &WarcPlace) -> InWarc {
        let offset = place.offset;
        for entry in &self.list.file {
            let Some(rest) = place.file.strip_prefix(&entry.name) else { continue };
            let member = rest.strip_prefix('/').map(str::to_owned);
            if rest.is_empty() || member.is_some() {
                return InWarc { path: self.path(entry), member, offset };
            }
        }
        InWarc { path: self.dir.join(captures::FOLDER).join(&place.file), member: None, offset }
    }

    /// What the archive calls the record at `at`, where its file is known.
    pub(super) fn known(&self, at: &InWarc) -> Option<WarcPlace> {
        let path = fs::canonicalize(&at.path).ok()?;
        let name = match self.names.get(&path) {
            Some(name) => name.clone(),
            None => {
                let folder = fs::canonicalize(self.dir.join(captures::FOLDER)).ok()?;
                path.strip_prefix(folder).ok()?.to_str()?.to_owned()
            }
        };
        let file = match &at.member {
            Some(member) => format!("{name}/{member}"),
            None => name,
        };
        Some(WarcPlace { file, offset: at.offset })
    }

    /// Whether the file at `path`, an absolute one without links, is listed.
    pub(super) fn lists(&self, path: &Path) -> bool {
        self.names.contains_key(path)
    }

    /// Registers the file at `path` where it is not known yet; with `copy`, a copy of it in the archive. A file that was
    /// moved, by its digest, keeps its name.
    pub(super) fn add(&mut self, path: &Path, copy: bool) -> Result<(), Error> {
        let fault = |cause| Error::io(path, "read", cause);
        let found = fs::canonicalize(path).map_err(fault)?;
        let folder = self.dir.join(captures::FOLDER);
        let inside = fs::canonicalize(&folder).is_ok_and(|folder| found.starts_with(folder));
        if inside || self.lists(&found) {
            return Ok(());
        }
        let (bytes, sha256) = digest_of(path).map_err(fault)?;
        if let Some(moved) = self.list.file.iter_mut().find(|entry| entry.sha256 == sha256) {
            self.names.insert(found.clone(), moved.name.clone());
            if self.dir.join(&moved.path).exists() {
                return Ok(());
            }
            moved.path = found;
            return self.write();
        }
        let name = self.free_name(path, &sha256);
        self.names.insert(found.clone(), name.clone());
        let lies = if copy {
            let to = folder.join(&name);
            let new = folder.join(format!("{name}.new"));
            let copied = fs::copy(path, &new)
                .and_then(|_| File::open(&new)?.sync_all())
                .and_then(|()| fs::rename(&new, &to));
            if let Err(cause) = copied {
                // What was copied of it is no file of the archive.
                let _ = fs::remove_file(&new);
                return Err(Error::io(&to, "write", cause));
            }
            Path::new(captures::FOLDER).join(&name)
        } else {
            found
        };
        self.list.file.push(Entry { name, path: lies, bytes, sha256 });
        self.write()
    }

    /// Notes length and digest anew of a listed file that was gone through again and has another length. Returns its name
    /// where it had.
    pub(super) fn renew(&mut self, path: &Path) -> Result<Option<String>, Error> {
        let fault = |cause| Error::io(path, "read", cause);
        let found = fs::canonicalize(path).map_err(fault)?;
        let length = fs::metadata(&found).map_err(fault)?.len();
        let dir = self.dir.clone();
        let is_it =
            |entry: &&mut Entry| fs::canonicalize(dir.join(&entry.path)).is_ok_and(|its| its == found);
        let Some(entry) = self.list.file.iter_mut().find(is_it) else { return Ok(None) };
        if entry.bytes == length {
            return Ok(None);
        }
        (entry.bytes, entry.sha256) = digest_of(&found).map_err(fault)?;
        let name = entry.name.clone();
        self.write().map(|()| Some(name))
    }

    /// The file's own name, or with a part of its digest where another has it.
    fn free_name(&self, path: &Path, sha256: &str) -> String {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let is_taken = |name: &str| {
            captures::is_own(name)
                || name == FILE
                || self.dir.join(captures::FOLDER).join(name).exists()
                || self.list.file.iter().any(|entry| entry.name == name)
        };
        if !is_taken(&name) {
            return name;
        }
        let digits: String = sha256.chars().take(8).collect();
        match name.split_once('.') {
            Some((stem, ending)) => format!("{stem}~{digits}.{ending}"),
            None => format!("{name}~{digits}"),
        }
    }

    fn write(&self) -> Result<(), Error> {
        let path = self.dir.join(captures::FOLDER).join(FILE);
        let list = toml::to_string(&self.list)
            .map_err(|cause| Error::io(&path, "write", io::Error::other(cause.to_string())))?;
        write_whole(&path, format!("{HEAD}\n{list}").as_bytes())
    }
}

/// Length and SHA-256 of a file.
pub(super) fn digest_of(path: &Path) -> io::Result<(u64, String)> {
    let mut file = BufReader::with_capacity(1 << 20, File::open(path)?);
    let mut hash = Sha256::new();
    let mut bytes = 0;
    let mut part = vec![0; 1 << 20];
    loop {
        let n = file.read(&mut part)?;
        if n == 0 {
            return Ok((bytes, hex(&hash.finalize())));
        }
        bytes += n as u64;
        hash.update(part.get(..n).unwrap_or_default());
    }
}
