//! A folder of WARC files of bounded size: `prefix-timestamp-serial.warc.gz`, one open at a time.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use crate::{Reader, RecordKind, WarcError, WarcRecord, Writer, read_at};

/// The ending of the files.
pub const ENDING: &str = ".warc.gz";
/// A file is closed when it is longer than this, in bytes: 1 GB, as the standard advises (ISO 28500:2017, annex C).
pub const FILE_LIMIT: u64 = 1_000_000_000;

/// What is written and how the files are called.
#[derive(Clone, Debug)]
pub struct RollOptions {
    /// How names begin; letters, digits and hyphens.
    pub prefix: String,
    /// A file is closed when it is longer than this, in bytes ([`FILE_LIMIT`]).
    pub limit: u64,
    /// The fields of `warcinfo`, in their order: `software`, `operator`, `robots`, …
    pub info: Vec<(String, String)>,
}

/// Where a record was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The name of the file in its folder.
    pub file: String,
    /// Where its member begins, in bytes.
    pub offset: u64,
    /// Bytes of its member.
    pub length: u64,
}

/// What was cut off at the end of a file that a crash had torn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The file.
    pub path: PathBuf,
    /// Bytes of whole records, which stay.
    pub kept: u64,
    /// Bytes that were cut off behind them.
    pub lost: u64,
}

/// A file or folder that could not be written or read.
#[derive(Debug, thiserror::Error)]
#[error("{}: {cause}", path.display())]
pub struct RollError {
    /// The file or folder.
    pub path: PathBuf,
    /// What is wrong with it.
    #[source]
    pub cause: WarcError,
}

impl RollError {
    fn io(path: &Path, cause: io::Error) -> Self {
        Self { path: path.to_owned(), cause: WarcError::Io { offset: 0, cause } }
    }

    fn of(path: &Path, cause: WarcError) -> Self {
        Self { path: path.to_owned(), cause }
    }
}

impl Writer<File> {
    /// Opens the file at `path` to go on behind its last whole record; makes it where there is none. What a crash left
    /// behind that record is cut off and reported. The first `known` bytes are taken for whole and not looked at: 0, or
    /// where a record ends that was made durable.
    ///
    /// # Errors
    /// [`WarcError::Io`] where the file cannot be read or written; the error of a damaged record that whole records
    /// follow, which is no torn end: nothing is cut off then.
    pub fn open_append(path: &Path, known: u64) -> Result<(Self, Option<Cut>), WarcError> {
        let fault = |cause| WarcError::Io { offset: known, cause };
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        let file = file.map_err(fault)?;
        let length = file.metadata().map_err(fault)?.len();
        let from = known.min(length);
        let kept = if from == length {
            length
        } else {
            Reader::from_offset(BufReader::new(&file), from)?.scan_end()?
        };
        let lost = length - kept;
        if lost > 0 {
            file.set_len(kept).map_err(fault)?;
        }
        let cut = (lost > 0).then(|| Cut { path: path.to_owned(), kept, lost });
        Ok((Self::new(file)?, cut))
    }
}

/// Appends records to the newest file of a folder, and begins a new one where that is full or tells of other fields.
pub struct Rolling {
    folder: PathBuf,
    options: RollOptions,
    serial: u64,
    open: Option<Open>,
}

struct Open {
    name: String,
    writer: Writer<File>,
    /// The id of the file's `warcinfo`.
    info: String,
}

impl Rolling {
    /// Opens the folder, which is made where there is none. The newest file of the same prefix is gone on with where it
    /// is not full and its `warcinfo` says the same; a torn end is cut off it first, behind the `known` bytes of
    /// the file of that name (see [`Writer::open_append`]).
    ///
    /// # Errors
    /// Where folder or file cannot be read or written, or the newest file is damaged before its end.
    pub fn open(
        folder: &Path,
        options: RollOptions,
        known: impl Fn(&str) -> u64,
    ) -> Result<(Self, Option<Cut>), RollError> {
        fs::create_dir_all(folder).map_err(|cause| RollError::io(folder, cause))?;
        let newest = newest(folder, &options.prefix)?;
        let serial = newest.as_ref().map_or(0, |(serial, _)| *serial);
        let mut rolling = Self { folder: folder.to_owned(), options, serial, open: None };
        let Some((_, name)) = newest else { return Ok((rolling, None)) };
        let path = folder.join(&name);
        let fault = |cause| RollError::of(&path, cause);
        let (writer, cut) = Writer::open_append(&path, known(&name)).map_err(fault)?;
        if writer.end() == 0 {
            // Not even its `warcinfo` was written: it is as if it had never been begun.
            fs::remove_file(&path).map_err(|cause| RollError::io(&path, cause))?;
            rolling.serial -= 1;
        } else if writer.end() < rolling.options.limit {
            let first = read_at(BufReader::new(writer.get_ref()), 0).map_err(fault)?;
            let same = WarcRecord::warcinfo(&name, first.date().unwrap_or_default(), &rolling.fields());
            if first.kind == RecordKind::Warcinfo && first.body == same.body {
                let info = first.record_id().unwrap_or_default().to_owned();
                rolling.open = Some(Open { name, writer, info });
            }
        }
        Ok((rolling, cut))
    }

    /// Writes records that belong together (a response, its request, its metadata) into one file, and says where each
    /// lies. `WARC-Warcinfo-ID` is added. `now`, RFC 3339 in UTC, is the time that a new file names.
    ///
    /// # Errors
    /// Where a header cannot be written, or the disk refuses. None of the records is kept then: what was written of them is cut
    /// off again.
    pub fn append(&mut self, records: &[WarcRecord], now: &str) -> Result<Vec<Written>, RollError> {
        let open = match self.open.take() {
            Some(open) if open.writer.end() < self.options.limit => self.open.insert(open),
            full => {
                if let Some(open) = full {
                    sync(&self.folder, &open)?;
                }
                let open = self.begin(now)?;
                self.open.insert(open)
            }
        };
        let path = self.folder.join(&open.name);
        let fault = |cause| RollError::of(&path, cause);
        let group: Vec<WarcRecord> =
            records.iter().map(|record| record.clone().with("WARC-Warcinfo-ID", &open.info)).collect();
        let offsets = match open.writer.append_all(&group) {
            Ok(offsets) => offsets,
            Err(cause) => {
                // A disk that is full may refuse this too: then the next opening cuts the torn end off.
                let _ = open.writer.get_ref().set_len(open.writer.end());
                return Err(fault(cause));
            }
        };
        let ends = offsets.iter().skip(1).copied().chain([open.writer.end()]);
        let written = offsets.iter().zip(ends).map(|(offset, end)| Written {
            file: open.name.clone(),
            offset: *offset,
            length: end - offset,
        });
        Ok(written.collect())
    }

    /// Waits until all that was written is on the disk. Returns the open file and its length.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub fn sync(&mut self) -> Result<Option<(String, u64)>, RollError> {
        let Some(open) = &self.open else { return Ok(None) };
        sync(&self.folder, open)?;
        Ok(Some((open.name.clone(), open.writer.end())))
    }

    fn begin(&mut self, now: &str) -> Result<Open, RollError> {
        self.serial += 1;
        let digits: String = now.chars().filter(char::is_ascii_digit).take(14).collect();
        let name = format!("{}-{digits}-{:05}{ENDING}", self.options.prefix, self.serial);
        let path = self.folder.join(&name);
        let file = OpenOptions::new().read(true).write(true).create_new(true).open(&path);
        let file = file.map_err(|cause| RollError::io(&path, cause))?;
        let about = WarcRecord::warcinfo(&name, now, &self.fields());
        let fault = |cause| RollError::of(&path, cause);
        let mut writer = Writer::new(file).map_err(fault)?;
        writer.append(&about).map_err(fault)?;
        Ok(Open { name, writer, info: about.record_id().unwrap_or_default().to_owned() })
    }

    fn fields(&self) -> Vec<(&str, &str)> {
        self.options.info.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }
}

fn sync(folder: &Path, open: &Open) -> Result<(), RollError> {
    let done = open.writer.get_ref().sync_data();
    done.map_err(|cause| RollError::io(&folder.join(&open.name), cause))
}

/// The file of this prefix with the highest serial number.
fn newest(folder: &Path, prefix: &str) -> Result<Option<(u64, String)>, RollError> {
    let mut newest = None;
    for entry in fs::read_dir(folder).map_err(|cause| RollError::io(folder, cause))? {
        let name = entry.map_err(|cause| RollError::io(folder, cause))?.file_name();
        let Some(name) = name.to_str() else { continue };
        let serial = name
            .strip_prefix(prefix)
            .and_then(|rest| rest.strip_prefix('-'))
            .and_then(|rest| rest.strip_suffix(ENDING))
            .and_then(|rest| rest.split_once('-'))
            .filter(|(time, _)| time.len() == 14 && time.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|(_, serial)| serial.parse::<u64>().ok());
        newest = newest.max(serial.map(|serial| (serial, name.to_owned())));
    }
    Ok(newest)
}
