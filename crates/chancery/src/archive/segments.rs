//! Records on disk: `records/*.ndjson.zst`, lines in independent zstd frames, so that one record is read without the rest: hits
//! are shown from there. Segments only grow; a frame that a crash tore is cut off by the next writer.

use std::collections::VecDeque;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use chancery_index::Place as Shown;
use chancery_record::Record;

use crate::Error;

/// The folder of the segments.
pub(super) const FOLDER: &str = "records";
const ENDING: &str = ".ndjson.zst";
/// A frame is closed when its lines are longer than this, in bytes: some four records, unpacked in less than a tenth of a
/// millisecond. Archives of older programs have frames of 1 MB.
const FRAME: usize = 1 << 15;
/// A segment is closed when it is longer than this, in bytes.
const SEGMENT: u64 = 256 << 20;
/// How hard zstd tries: small frames take more room, and this gives two thirds of it back.
const LEVEL: i32 = 6;
/// So many bytes of unpacked frames are kept, and the last one whatever its length.
const KEPT: usize = 4 << 20;
/// What is read of a frame at once: most are shorter.
const READ: usize = 1 << 14;

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

impl Place {
    /// The place as an index keeps it, with a checksum of the line that lies there.
    fn shown(&self, line: &str) -> Result<Shown, String> {
        let number = self.segment.strip_suffix(ENDING).and_then(|stem| stem.parse().ok());
        let file = number.filter(|number| name_of(*number) == self.segment);
        let file = file.ok_or("its name is no number of six digits, as those of segments are")?;
        Ok(Shown { file, offset: self.frame, line: self.line, check: crc32fast::hash(line.as_bytes()) })
    }
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

/// The file name of the segment with this number.
fn name_of(number: u32) -> String {
    format!("{number:06}{ENDING}")
}

/// Reads records; keeps the frames that it read last.
pub(super) struct Segments {
    folder: PathBuf,
    /// The file that was read last.
    file: Option<(String, File)>,
    /// The last one first.
    frames: VecDeque<Frame>,
}

/// A frame, unpacked.
struct Frame {
    segment: String,
    offset: u64,
    lines: Vec<u8>,
    /// Where each line ends.
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
        Self { folder: dir.join(FOLDER), file: None, frames: VecDeque::new() }
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
        self.read(place, |_| Ok(()))
    }

    /// The record at `place`, with the place as an index keeps it.
    pub(super) fn placed(&mut self, place: &Place) -> Result<(Record, Shown), Error> {
        let mut shown = Shown::default();
        let record = self.read(place, |line| {
            shown = place.shown(line)?;
            Ok(())
        })?;
        Ok((record, shown))
    }

    /// The record at the place that an index has kept.
    pub(super) fn shown(&mut self, shown: Shown) -> Result<Record, Error> {
        let place = Place { segment: name_of(shown.file), frame: shown.offset, line: shown.line };
        self.read(&place, |line| match crc32fast::hash(line.as_bytes()) == shown.check {
            true => Ok(()),
            false => Err(format!("line {} is another than was indexed", place.line)),
        })
    }

    /// Forgets what it has read: the files may be others by now.
    pub(super) fn forget(&mut self) {
        self.file = None;
        self.frames.clear();
    }

    fn read(
        &mut self,
        place: &Place,
        mut check: impl FnMut(&str) -> Result<(), String>,
    ) -> Result<Record, Error> {
        let path = self.path(&place.segment);
        let fault = |cause: String| Error::Segment { path, offset: place.frame, cause };
        let line = self.frame(place)?.line(place.line as usize);
        let Some(line) = line else { return Err(fault(format!("the frame has no line {}", place.line))) };
        match check(line).and_then(|()| Record::from_json(line).map_err(|cause| cause.to_string())) {
            Ok(record) => Ok(record),
            Err(cause) => Err(fault(cause)),
        }
    }

    /// The frame of `place`, kept or read.
    fn frame(&mut self, place: &Place) -> Result<&Frame, Error> {
        let is_it = |frame: &Frame| frame.offset == place.frame && frame.segment == place.segment;
        let frame = match self.frames.iter().position(is_it).and_then(|at| self.frames.remove(at)) {
            Some(frame) => frame,
            None => self.unpacked(place)?,
        };
        self.frames.push_front(frame);
        let mut bytes = 0;
        let fits = self.frames.iter().take_while(|frame| {
            bytes += frame.lines.len();
            bytes <= KEPT
        });
        let fits = fits.count().max(1);
        self.frames.truncate(fits);
        Ok(&self.frames[0])
    }

    fn unpacked(&mut self, place: &Place) -> Result<Frame, Error> {
        let path = self.path(&place.segment);
        let fault = |cause: String| Error::Segment { path: path.clone(), offset: place.frame, cause };
        let file = match self.file.take().filter(|(name, _)| *name == place.segment) {
            Some((_, file)) => file,
            None => File::open(&path).map_err(|cause| match cause.kind() {
                io::ErrorKind::NotFound => fault("the file is missing".into()),
                _ => Error::io(&path, "read", cause),
            })?,
        };
        let (_, file) = self.file.insert((place.segment.clone(), file));
        file.seek(SeekFrom::Start(place.frame)).map_err(|cause| Error::io(&path, "read", cause))?;
        let mut packed = BufReader::with_capacity(READ, file);
        let lines = unpack(&mut packed).map_err(|cause| fault(cause.to_string()))?;
        let ends = memchr::memchr_iter(b'\n', &lines).collect();
        Ok(Frame { segment: place.segment.clone(), offset: place.frame, lines, ends })
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
fn unpack(file: &mut impl BufRead) -> io::Result<Vec<u8>> {
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

    /// Takes one record and says where it will lie, and how an index keeps that.
    pub(super) fn append(&mut self, record: &Record) -> Result<(Place, Shown), Error> {
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
        let line = record.to_json();
        let shown = place.shown(&line).map_err(|cause| Error::Segment {
            path: self.path(),
            offset: self.end,
            cause,
        })?;
        self.lines.extend_from_slice(line.as_bytes());
        self.lines.push(b'\n');
        self.count += 1;
        Ok((place, shown))
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
    // Else it makes ready for far more than a frame holds, which takes longer than packing it.
    encoder.set_pledged_src_size(Some(lines.len() as u64))?;
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

#[cfg(test)]
mod tests {
    use chancery_record::Release;

    use super::*;

    fn record(id: &str, text: &str) -> Record {
        Record::new(Release { id: id.into(), text: text.into(), ..Release::default() }, "test")
    }

    /// Writes `records` to an archive in `dir`, and tells where an index finds each.
    fn write(dir: &Path, records: &[Record]) -> Vec<Shown> {
        let mut writer = SegmentWriter::open(dir, None).unwrap();
        let placed = records.iter().map(|record| writer.append(record).unwrap().1).collect();
        writer.commit().unwrap();
        placed
    }

    #[test]
    fn records_are_read_in_any_order_where_they_were_written() {
        let folder = tempfile::tempdir().unwrap();
        let records: Vec<Record> = (0..400)
            .map(|number| record(&format!("r{number}"), &format!("Émile {number}. ").repeat(number)))
            .collect();
        let placed = write(folder.path(), &records);
        assert!(placed.iter().any(|place| place.offset > 0), "there are several frames");
        let mut segments = Segments::new(folder.path());
        for at in (0..400).map(|step| step * 37 % 400) {
            assert_eq!(segments.shown(placed[at]).unwrap(), records[at]);
        }
    }

    #[test]
    fn a_long_frame_of_an_older_program_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let records: Vec<Record> =
            (0..300).map(|number| record(&format!("r{number}"), &"mill ".repeat(900))).collect();
        let lines: Vec<u8> =
            records.iter().flat_map(|record| (record.to_json() + "\n").into_bytes()).collect();
        assert!(lines.len() > 1 << 20);
        let mut packed = zstd::Encoder::new(Vec::new(), 3).unwrap();
        packed.write_all(&lines).unwrap();
        fs::create_dir(folder.path().join(FOLDER)).unwrap();
        fs::write(folder.path().join(FOLDER).join("000001.ndjson.zst"), packed.finish().unwrap()).unwrap();
        let mut segments = Segments::new(folder.path());
        let place = Place { segment: "000001.ndjson.zst".into(), frame: 0, line: 299 };
        let (read, shown) = segments.placed(&place).unwrap();
        assert_eq!((&read, &segments.shown(shown).unwrap()), (&records[299], &records[299]));
    }

    #[test]
    fn another_record_in_its_place_is_not_taken_for_it() {
        let (before, after) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let placed = write(before.path(), &[record("r1", "The pier opens."), record("r2", "It rains.")]);
        write(after.path(), &[record("r1", "The pier shuts.")]);
        let mut segments = Segments::new(after.path());
        let told =
            placed.iter().map(|place| segments.shown(*place).unwrap_err().to_string()).collect::<Vec<_>>();
        assert!(told[0].ends_with("line 0 is another than was indexed"), "{told:?}");
        assert!(told[1].ends_with("the frame has no line 1"), "{told:?}");
    }
}
