//! The files of a folder in memory, from the disk or from inside the program, and their one digest.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::path::Path;
use std::{fmt, fs};

use include_dir::{Dir, DirEntry};
use sha2::{Digest as _, Sha256};

use crate::Error;
use crate::input::hex;

/// Text files by their path relative to the folder, with `/`, in byte order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Folder {
    pub(crate) files: BTreeMap<String, Text>,
}

/// The text of a file. One that the program carries stays where it is: a run asks for few of them, and the others take no
/// memory.
#[derive(Clone)]
pub(crate) enum Text {
    /// Of the program.
    Carried(&'static [u8]),
    /// Read from the disk, or changed.
    Own(String),
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Carried(bytes) => str::from_utf8(bytes).unwrap_or_default(),
            Self::Own(text) => text,
        }
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::Own(text)
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Text {}

impl fmt::Debug for Text {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, out)
    }
}

/// The text of a file, without a mark of its byte order.
fn text_of(path: &Path) -> Result<String, Error> {
    let bytes = fs::read(path).map_err(|cause| Error::io(path, "read", cause))?;
    let text = String::from_utf8(bytes).map_err(|why| {
        let good = why.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(why.as_bytes().get(..good).unwrap_or_default()).into_owned();
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Error::NotUtf8 { path: path.to_owned(), line: before.matches('\n').count() + 1, column }
    })?;
    Ok(text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), str::to_owned))
}

impl Folder {
    /// What `wanted` says of the files that the program carries.
    pub(crate) fn embedded(dir: &'static Dir<'static>, wanted: fn(&str) -> bool) -> Self {
        let mut folder = Self::default();
        folder.add_embedded(dir, wanted);
        folder
    }

    fn add_embedded(&mut self, dir: &'static Dir<'static>, wanted: fn(&str) -> bool) {
        for entry in dir.entries() {
            match entry {
                DirEntry::Dir(below) => self.add_embedded(below, wanted),
                DirEntry::File(file) => {
                    let path = file.path().to_string_lossy().replace('\\', "/");
                    if wanted(&path) {
                        self.files.insert(path, Text::Carried(file.contents()));
                    }
                }
            }
        }
    }

    /// What `wanted` says of the files below `dir`; hidden ones are passed over.
    pub(crate) fn read(dir: &Path, wanted: fn(&str) -> bool) -> Result<Self, Error> {
        let mut folder = Self::default();
        folder.add(dir, "", wanted)?;
        Ok(folder)
    }

    fn add(&mut self, dir: &Path, prefix: &str, wanted: fn(&str) -> bool) -> Result<(), Error> {
        let entries = fs::read_dir(dir).map_err(|cause| Error::io(dir, "read", cause))?;
        for entry in entries {
            let entry = entry.map_err(|cause| Error::io(dir, "read", cause))?;
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            let relative = format!("{prefix}{name}");
            if name.starts_with('.') {
                continue;
            }
            if path.is_dir() {
                self.add(&path, &format!("{relative}/"), wanted)?;
            } else if wanted(&relative) {
                self.files.insert(relative, text_of(&path)?.into());
            }
        }
        Ok(())
    }

    /// Writes all files below `dir`, which must be new or empty.
    pub(crate) fn write(&self, dir: &Path) -> Result<(), Error> {
        if fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some()) {
            return Err(Error::NotEmpty { path: dir.to_owned() });
        }
        for (relative, text) in &self.files {
            let path = dir.join(relative);
            let parent = path.parent().unwrap_or(dir);
            fs::create_dir_all(parent).map_err(|cause| Error::io(parent, "create", cause))?;
            fs::write(&path, text.as_bytes()).map_err(|cause| Error::io(&path, "write", cause))?;
        }
        Ok(())
    }

    /// `sha256:…` over the relative paths, in order, and bytes of the files that `part_of` takes.
    pub(crate) fn digest(&self, part_of: impl Fn(&str) -> bool) -> String {
        let mut hash = Sha256::new();
        for (path, text) in self.files.iter().filter(|(path, _)| part_of(path)) {
            for part in [path.as_str(), &**text] {
                hash.update((part.len() as u64).to_le_bytes());
                hash.update(part);
            }
        }
        format!("sha256:{}", hex(&hash.finalize()))
    }
}
