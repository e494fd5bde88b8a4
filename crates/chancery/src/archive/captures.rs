//! Captures on disk: `captures/*.warc.gz`, one WARC `resource` record each, append-only. What the input said of a
//! capture stands in a header of its record, so that everything can be made again from these files alone.
//!
//! Of a page that lies in another WARC file only a note is written, a `metadata` record that says where.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};

use chancery_record::{Capture, Media, Meta, WarcPlace};
use chancery_warc::{Reader, RecordKind, WarcError, WarcRecord, read_at};
use serde::{Deserialize, Serialize};

use super::registered::Registered;
use super::segments::{names, next_name, open_to_append};
use super::state::{CaptureRow, Fingerprint};
use crate::Error;
use crate::input::{Basis, InWarc, Incoming, Place, SkipReason, digest, payload, read_in_warc};
use crate::pipeline::PROGRAM;

/// The folder of the captures.
pub(super) const FOLDER: &str = "captures";
const ENDING: &str = ".warc.gz";
/// The header of what the input said, as JSON.
pub(super) const HEADER: &str = "Chancery-Capture";
/// A file is closed when it is longer than this, in bytes: 1 GB.
const FILE: u64 = 1 << 30;

/// The time that captures name until one is set.
const EPOCH: &str = "1970-01-01T00:00:00Z";

/// What is kept of a capture besides its bytes.
#[derive(Serialize, Deserialize)]
struct Said {
    id: String,
    basis: String,
    media: Media,
    charset: Option<String>,
    captured: Option<String>,
    meta: Meta,
    /// Where the page lies, in a note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<At>,
}

/// Where a page lies that the archive did not write itself.
#[derive(Serialize, Deserialize)]
struct At {
    /// Its record.
    record: WarcPlace,
    /// The record that holds its content, where that is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payload: Option<WarcPlace>,
    /// The digest of its content.
    digest: String,
}

/// A capture as it is found in the files.
pub(super) struct Found {
    /// Where the page's record lies.
    pub(super) place: WarcPlace,
    /// Where the note of it lies, where the page lies in another file.
    pub(super) note: Option<WarcPlace>,
    pub(super) row: CaptureRow,
    pub(super) print: Fingerprint,
}

/// Whether a file of this name is one that [`CaptureWriter`] writes.
pub(super) fn is_own(name: &str) -> bool {
    name.strip_suffix(ENDING)
        .is_some_and(|stem| !stem.is_empty() && stem.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The files of captures, to be read.
pub(super) struct Captures {
    folder: PathBuf,
    registered: Registered,
}

impl Captures {
    pub(super) fn new(dir: &Path) -> Result<Self, Error> {
        Ok(Self { folder: dir.join(FOLDER), registered: Registered::load(dir)? })
    }

    /// Names of the files that the archive wrote, in order.
    pub(super) fn names(&self) -> Result<Vec<String>, Error> {
        Ok(names(&self.folder, ENDING)?.into_iter().filter(|name| is_own(name)).collect())
    }

    pub(super) fn path(&self, file: &str) -> PathBuf {
        self.folder.join(file)
    }

    fn open(&self, file: &str) -> Result<(PathBuf, BufReader<File>), Error> {
        let path = self.path(file);
        let open = File::open(&path).map_err(|cause| Error::io(&path, "read", cause))?;
        Ok((path, BufReader::new(open)))
    }

    /// The capture that was written, or noted, at `place`.
    pub(super) fn read(&self, place: &WarcPlace) -> Result<Incoming, Error> {
        let (path, file) = self.open(&place.file)?;
        let record = read_at(file, place.offset).map_err(|cause| Error::warc(&path, cause))?;
        let Some((said, basis)) = said_of(&record) else {
            let found = "a record that is no capture".to_owned();
            return Err(Error::warc(&path, WarcError::NotARecord { offset: place.offset, found }));
        };
        match &said.at {
            None => {
                let shown = Place { offset: Some(place.offset), ..Place::of(path.display().to_string()) };
                Ok(incoming_of(said, basis, record.body, shown, place.clone()))
            }
            Some(at) => {
                let holds = self.registered.find(at.payload.as_ref().unwrap_or(&at.record));
                let bytes = content_at(&holds, &at.digest)?;
                let shown =
                    Place { offset: Some(holds.offset), ..Place::of(holds.path.display().to_string()) };
                let kept = at.record.clone();
                Ok(incoming_of(said, basis, bytes, shown, kept))
            }
        }
    }

    /// Goes through the captures of a file from `offset` on. Returns where the last whole record ends, and the first
    /// damage that was met, if any was; whole records behind a damage are still handed over.
    pub(super) fn scan(
        &self,
        file: &str,
        offset: u64,
        mut each: impl FnMut(Found) -> Result<(), Error>,
    ) -> Result<(u64, Option<WarcError>), Error> {
        let (path, open) = self.open(file)?;
        let fault = |cause| Error::warc(&path, cause);
        let mut last = offset;
        let mut damage = None;
        for record in Reader::from_offset(open, offset).map_err(fault)? {
            match record {
                Ok((at, record)) => {
                    last = at;
                    let lies = WarcPlace { file: file.to_owned(), offset: at };
                    if let Some((said, _)) = said_of(&record) {
                        each(found(said, &record.body, lies))?;
                    }
                }
                Err(cause @ WarcError::Io { .. }) => return Err(fault(cause)),
                Err(cause) => damage = damage.or(Some(cause)),
            }
        }
        let (_, open) = self.open(file)?;
        let end = Reader::from_offset(open, last).and_then(Reader::scan_end).map_err(fault)?;
        Ok((end, damage))
    }
}

/// Whether a record is only the note of a capture that lies in another file.
pub(super) fn is_note(record: &WarcRecord) -> bool {
    said_of(record).is_some_and(|(said, _)| said.at.is_some())
}

/// A record of somebody else, which may be an archive like this one: what it says of its capture is not said here.
pub(super) fn not_own(record: &WarcRecord) -> WarcRecord {
    let mut record = record.clone();
    record.headers.retain(|(name, _)| !name.eq_ignore_ascii_case(HEADER));
    record
}

fn said_of(record: &WarcRecord) -> Option<(Said, Basis)> {
    let said: Said = serde_json::from_str(record.header(HEADER)?).ok()?;
    let kind = if said.at.is_some() { RecordKind::Metadata } else { RecordKind::Resource };
    let basis = [Basis::Given, Basis::Url, Basis::Path, Basis::Bytes];
    let basis = basis.into_iter().find(|basis| basis.name() == said.basis)?;
    (record.kind == kind).then_some((said, basis))
}

fn found(said: Said, body: &[u8], lies: WarcPlace) -> Found {
    let (charset, captured) = (&said.charset, &said.captured);
    let print = match &said.at {
        None => Fingerprint::new(digest(body), &said.meta, charset.as_ref(), captured.as_ref()),
        // A page found again at another time is the same.
        Some(at) => Fingerprint::new(at.digest.clone(), &said.meta, charset.as_ref(), None),
    };
    let (place, note) = match said.at {
        None => (lies, None),
        Some(at) => (at.record, Some(lies)),
    };
    let row = CaptureRow::new(said.id, said.media, said.meta.source, said.captured);
    Found { place, note, row, print }
}

fn incoming_of(said: Said, basis: Basis, bytes: Vec<u8>, place: Place, kept: WarcPlace) -> Incoming {
    let Said { id, media, charset, captured, meta, .. } = said;
    let capture = Capture { id, meta, media, bytes, charset, captured, rendering: None };
    Incoming { capture, place, basis, page: None, kept: Some(kept) }
}

/// The content of the page at `at`, which must have this digest.
fn content_at(at: &InWarc, wanted: &str) -> Result<Vec<u8>, Error> {
    let fault = |why: String| Error::Registered { path: at.path.clone(), offset: at.offset, why };
    let scanned = read_in_warc(at).map_err(|reason| match reason {
        SkipReason::Unreadable(why) => fault(why),
        reason => fault(reason.to_string()),
    })?;
    let (bytes, _) = payload(&scanned.record).map_err(|reason| fault(reason.to_string()))?;
    let got = digest(&bytes);
    if got == wanted { Ok(bytes) } else { Err(fault(format!("the page has the digest {got}, not {wanted}"))) }
}

/// Appends captures.
pub(super) struct CaptureWriter {
    folder: PathBuf,
    name: String,
    writer: Option<chancery_warc::Writer<File>>,
    /// Bytes of whole records in the file.
    end: u64,
    /// The time of the run, RFC 3339 in UTC.
    date: String,
    /// Files that were closed since the last commit, with their lengths.
    closed: Vec<(String, u64)>,
}

impl CaptureWriter {
    /// Begins a new file after the file `last`, which must not be written on.
    pub(super) fn after(dir: &Path, last: &str) -> Result<Self, Error> {
        Self::open(dir, Some((next_name(Some(last), ENDING), 0)))
    }

    /// Appends behind the first `end` bytes of `last`; what stands behind them was torn and is cut off.
    pub(super) fn open(dir: &Path, last: Option<(String, u64)>) -> Result<Self, Error> {
        let folder = dir.join(FOLDER);
        fs::create_dir_all(&folder).map_err(|cause| Error::io(&folder, "create", cause))?;
        let (name, end) = last.unwrap_or_else(|| (next_name(None, ENDING), 0));
        let mut writer = Self { folder, name, writer: None, end, date: EPOCH.to_owned(), closed: Vec::new() };
        if writer.path().exists() {
            writer.writer()?;
        }
        Ok(writer)
    }

    fn path(&self) -> PathBuf {
        self.folder.join(&self.name)
    }

    /// Sets the time that the next captures name.
    pub(super) fn set_date(&mut self, date: &str) {
        date.clone_into(&mut self.date);
    }

    fn writer(&mut self) -> Result<&mut chancery_warc::Writer<File>, Error> {
        let path = self.path();
        let writer = match self.writer.take() {
            Some(writer) => writer,
            None => {
                let file = open_to_append(&path, self.end)?;
                let mut writer =
                    chancery_warc::Writer::new(file).map_err(|cause| Error::warc(&path, cause))?;
                if writer.end() == 0 {
                    let fields = [("software", PROGRAM), ("format", "WARC File Format 1.1")];
                    let about = WarcRecord::warcinfo(&self.name, &self.date, &fields);
                    writer.append(&about).map_err(|cause| Error::warc(&path, cause))?;
                }
                writer
            }
        };
        Ok(self.writer.insert(writer))
    }

    /// Writes one capture and says where it lies.
    pub(super) fn append(&mut self, incoming: Incoming) -> Result<WarcPlace, Error> {
        let Incoming { capture, basis, .. } = incoming;
        let uri = capture.meta.url.clone().filter(|url| url::Url::parse(url).is_ok());
        let uri = uri.unwrap_or_else(|| urn_of(&capture.id));
        let media_type = media_type(&capture);
        let said = Said {
            id: capture.id,
            basis: basis.name().to_owned(),
            media: capture.media,
            charset: capture.charset,
            captured: capture.captured,
            meta: capture.meta,
            at: None,
        };
        let record = WarcRecord::resource(&uri, &self.date, &media_type, capture.bytes);
        self.write(record, &said)
    }

    /// Writes a note of a capture that lies in another WARC file, and says where the note lies.
    pub(super) fn append_note(
        &mut self,
        incoming: &Incoming,
        record_id: &str,
        (record, payload): (WarcPlace, Option<WarcPlace>),
        digest: &str,
    ) -> Result<WarcPlace, Error> {
        let capture = &incoming.capture;
        let said = Said {
            id: capture.id.clone(),
            basis: incoming.basis.name().to_owned(),
            media: capture.media,
            charset: capture.charset.clone(),
            captured: capture.captured.clone(),
            meta: capture.meta.clone(),
            at: Some(At { record, payload, digest: digest.to_owned() }),
        };
        let uri = capture.meta.url.as_deref().unwrap_or_default();
        let lies = said.at.as_ref().map(|at| format!("{}:{}", at.record.file, at.record.offset));
        let note =
            WarcRecord::metadata(uri, &self.date, record_id, &[("lies-at", &lies.unwrap_or_default())]);
        self.write(note, &said)
    }

    fn write(&mut self, record: WarcRecord, said: &Said) -> Result<WarcPlace, Error> {
        let said = serde_json::to_string(said).expect("what an input says is only strings");
        self.put(&record.with(HEADER, &said))
    }

    /// Writes a record as it stands, and says where it lies.
    pub(super) fn put(&mut self, record: &WarcRecord) -> Result<WarcPlace, Error> {
        if self.end >= FILE {
            self.sync()?;
            self.closed.push((self.name.clone(), self.end));
            self.name = next_name(Some(&self.name), ENDING);
            (self.writer, self.end) = (None, 0);
        }
        let path = self.path();
        let writer = self.writer()?;
        let offset = writer.append(record).map_err(|cause| Error::warc(&path, cause))?;
        self.end = writer.end();
        Ok(WarcPlace { file: self.name.clone(), offset })
    }

    fn sync(&mut self) -> Result<(), Error> {
        match &self.writer {
            Some(writer) => {
                writer.get_ref().sync_data().map_err(|cause| Error::io(self.path(), "write", cause))
            }
            None => Ok(()),
        }
    }

    /// Waits until all is on the disk. Returns the files written to since the last commit, with their lengths.
    pub(super) fn commit(&mut self) -> Result<Vec<(String, u64)>, Error> {
        self.sync()?;
        let mut written = std::mem::take(&mut self.closed);
        written.push((self.name.clone(), self.end));
        Ok(written)
    }
}

fn media_type(capture: &Capture) -> String {
    let media = match capture.media {
        Media::Html => "text/html",
        Media::Text => "text/plain",
        Media::Pdf => "application/pdf",
    };
    match &capture.charset {
        Some(charset) => format!("{media}; charset={charset}"),
        None => media.to_owned(),
    }
}

/// A URI for what has no address on the web.
fn urn_of(id: &str) -> String {
    let id: String = url::form_urlencoded::byte_serialize(id.as_bytes()).collect();
    format!("urn:chancery:{id}")
}
