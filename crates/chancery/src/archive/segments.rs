//! Records on disk: `records/*.ndjson.zst`, lines in independent zstd frames of about 1 MB, so that one record is
//! read without the rest. Segments only grow; a frame that a crash tore is cut off by the next writer.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use chancery_record::Record;

use crate::Error;

/// The folder of the segments.
pub(super) const FOLDER: &str = "records";
const ENDING: &str = ".ndjson.zst";
/// A frame is closed when its lines are longer than this, in bytes.
const FRAME: usize = 1 << 20;
/// A segment is closed when it is longer than this, in bytes.
const SEGMENT: u64 = 256 << 20;
const LEVEL: i32 = 3;

/// Where a record lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The segment's file name.
    pub(super) segment: String,
    /// Where its frame begins, in bytes of the file.
    pub(super) frame: u64,
    /// Its line in the frame, from 0.
    pub(super) line: u32,
}

/// Names of the files in `folder` with `ending`, in order; none where there is no folder.
pub(super) fn names(folder: &Path, ending: &str) -> Result<Vec<String>, Error> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(Error::io(folder, "read", cause)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.map_err(|cause| Error::io(folder, "read", cause))?.file_name();
        names.extend(name.to_str().filter(|name| name.ends_with(ending)).map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

/// The file name after `last`: numbers of six digits, from 1.
pub(super) fn next_name(last: Option<&str>, ending: &str) -> String {
    let number = last.and_then(|name| name.strip_suffix(ending)).and_then(|stem| stem.parse::<u64>().ok());
    format!("{:06}{ending}", number.unwrap_or(0) + 1)
}

/// Reads records; keeps the frame that it read last.
pub(super) struct Segments {
    folder: PathBuf,
    open: Option<Frame>,
}

/// A frame, unpacked.
struct Frame {
    segment: String,
    offset: u64,
    lines: Vec<u8>,
    /// Where each line ends: a frame has hundreds, and all are asked for one after the other.
    ends: Vec<usize>,
}

impl Frame {
    fn line(&self, at: usize) -> Option<&str> {
        let start = at.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).map(|end| end + 1))?;
        std::str::from_utf8(self.lines.get(start..*self.ends.get(at)?)?).ok()
    }
}

impl Segments {
    pub(super) fn new(dir: &Path) -> Self {
        Self { folder: dir.join(FOLDER), open: None }
    }

    /// Names of the segments, in order.
    pub(super) fn names(&self) -> Result<Vec<String>, Error> {
        names(&self.folder, ENDING)
    }

    pub(super) fn path(&self, segment: &str) -> PathBuf {
        self.folder.join(segment)
    }

    /// The record at `place`.
    pub(super) fn record(&mut self, place: &Place) -> Result<Record, Error> {
        let path = self.path(&place.segment);
        let fault = |cause: String| Error::Segment { path: path.clone(), offset: place.frame, cause };
        let is_it = |open: &Frame| open.segment == place.segment && open.offset == place.frame;
        if !self.open.as_ref().is_some_and(is_it) {
            let mut file = File::open(&path).map_err(|cause| match cause.kind() {
                io::ErrorKind::NotFound => fault("the file is missing".into()),
                _ => Error::io(&path, "read", cause),
            })?;
            file.seek(SeekFrom::Start(place.frame)).map_err(|cause| Error::io(&path, "read", cause))?;
            let lines = unpack(&mut BufReader::new(file)).map_err(|cause| fault(cause.to_string()))?;
            let ends = lines.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at);
            let (segment, offset, ends) = (place.segment.clone(), place.frame, ends.collect());
            self.open = Some(Frame { segment, offset, lines, ends });
        }
        let line = self.open.as_ref().and_then(|frame| frame.line(place.line as usize));
        let line = line.ok_or_else(|| fault(format!("the frame has no line {}", place.line)))?;
        Record::from_json(line).map_err(|cause| fault(cause.to_string()))
    }

    /// Goes through the frames of a segment from `offset` on. Returns where the last whole frame ends, and what is
    /// wrong behind it, if anything is.
    pub(super) fn scan(
        &self,
        segment: &str,
        offset: u64,
        mut each: impl FnMut(&Place, Record) -> Result<(), Error>,
    ) -> Result<(u64, Option<String>), Error> {
        let path = self.path(segment);
        let fault = |cause| Error::io(&path, "read", cause);
        let mut file = BufReader::new(File::open(&path).map_err(fault)?);
        file.seek(SeekFrom::Start(offset)).map_err(fault)?;
        let mut end = offset;
        loop {
            let mut more = [0];
            if file.read(&mut more).map_err(fault)? == 0 {
                return Ok((end, None));
            }
            file.seek_relative(-1).map_err(fault)?;
            let lines = match unpack(&mut file) {
                Ok(lines) => lines,
                Err(cause) => return Ok((end, Some(cause.to_string()))),
            };
            for (number, line) in
                (0..).zip(lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()))
            {
                let place = Place { segment: segment.to_owned(), frame: end, line: number };
                let line = String::from_utf8_lossy(line);
                match Record::from_json(&line) {
                    Ok(record) => each(&place, record)?,
                    Err(cause) => return Ok((end, Some(cause.to_string()))),
                }
            }
            end = file.stream_position().map_err(fault)?;
        }
    }
}

/// The lines of the frame that begins where `file` stands, which then stands behind it.
fn unpack(file: &mut BufReader<File>) -> io::Result<Vec<u8>> {
    let mut lines = Vec::new();
    zstd::Decoder::with_buffer(file)?.single_frame().read_to_end(&mut lines)?;
    Ok(lines)
}

/// Appends records.
pub(super) struct SegmentWriter {
    folder: PathBuf,
    name: String,
    file: Option<File>,
    /// Bytes of whole frames in the segment.
    end: u64,
    lines: Vec<u8>,
    count: u32,
    /// Segments that were closed since the last commit, with their lengths.
    closed: Vec<(String, u64)>,
}

impl SegmentWriter {
    /// Appends behind the first `end` bytes of `last`; what stands behind them is cut off.
    pub(super) fn open(dir: &Path, last: Option<(String, u64)>) -> Result<Self, Error> {
        let folder = dir.join(FOLDER);
        fs::create_dir_all(&folder).map_err(|cause| Error::io(&folder, "create", cause))?;
        let (name, end) = last.unwrap_or_else(|| (next_name(None, ENDING), 0));
        let mut writer =
            Self { folder, name, file: None, end, lines: Vec::new(), count: 0, closed: Vec::new() };
        if writer.path().exists() {
            writer.file()?;
        }
        Ok(writer)
    }

    fn path(&self) -> PathBuf {
        self.folder.join(&self.name)
    }

    /// The open segment, cut to its whole frames.
    fn file(&mut self) -> Result<&mut File, Error> {
        let path = self.path();
        let file = match self.file.take() {
            Some(file) => file,
            None => open_to_append(&path, self.end)?,
        };
        Ok(self.file.insert(file))
    }

    /// Takes one record and says where it will lie.
    pub(super) fn append(&mut self, record: &Record) -> Result<Place, Error> {
        if self.lines.len() >= FRAME {
            self.close_frame()?;
        }
        if self.lines.is_empty() && self.end >= SEGMENT {
            self.sync_file()?;
            self.closed.push((self.name.clone(), self.end));
            self.name = next_name(Some(&self.name), ENDING);
            (self.file, self.end) = (None, 0);
        }
        let place = Place { segment: self.name.clone(), frame: self.end, line: self.count };
        self.lines.extend_from_slice(record.to_json().as_bytes());
        self.lines.push(b'\n');
        self.count += 1;
        Ok(place)
    }

    fn close_frame(&mut self) -> Result<(), Error> {
        if self.lines.is_empty() {
            return Ok(());
        }
        let frame = pack(&self.lines).map_err(|cause| Error::io(self.path(), "pack", cause))?;
        self.lines.clear();
        self.count = 0;
        let path = self.path();
        self.file()?.write_all(&frame).map_err(|cause| Error::io(path, "write", cause))?;
        self.end += frame.len() as u64;
        Ok(())
    }

    fn sync_file(&mut self) -> Result<(), Error> {
        match &self.file {
            Some(file) => file.sync_data().map_err(|cause| Error::io(self.path(), "write", cause)),
            None => Ok(()),
        }
    }

    /// Closes the frame and waits until all is on the disk. Returns the segments written to since the last commit, with
    /// their lengths.
    pub(super) fn commit(&mut self) -> Result<Vec<(String, u64)>, Error> {
        self.close_frame()?;
        self.sync_file()?;
        let mut written = std::mem::take(&mut self.closed);
        written.push((self.name.clone(), self.end));
        Ok(written)
    }
}

fn pack(lines: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = zstd::Encoder::new(Vec::new(), LEVEL)?;
    encoder.include_checksum(true)?;
    encoder.write_all(lines)?;
    encoder.finish()
}

/// Opens a file that only grows, cut to the `end` bytes that are whole.
pub(super) fn open_to_append(path: &Path, end: u64) -> Result<File, Error> {
    let open = || -> io::Result<File> {
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        if file.metadata()?.len() > end {
            file.set_len(end)?;
        }
        file.seek(SeekFrom::Start(end))?;
        Ok(file)
    };
    open().map_err(|cause| Error::io(path, "write", cause))
}
