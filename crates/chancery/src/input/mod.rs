//! Paths to captures: files, folders, tars, files of lines and standard input, one after the other, in an order
//! that depends on names alone. Nothing that cannot be read stops the rest: it is told as a [`Skip`].

mod identity;
mod kind;
mod lines;
mod skip;
mod stdin;
mod tape;
mod walk;
mod warc;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chancery_capture::plan;
use chancery_record::{Capture, Media, Meta, WarcPlace};

use crate::sources::Sources;
pub use identity::{Basis, canonical_url, digest};
pub(crate) use identity::{hex, short_digest};
use kind::{Holds, Kind};
pub use skip::{LONG_TEXT, NO_DATE, Place, Skip, SkipCounts, SkipReason};
pub use warc::{InWarc, Page};
pub(crate) use warc::{open as open_warc, payload, read as read_in_warc, reason};

/// The largest page, text or line that is taken in, in bytes: 64 MB.
pub const MAX_PAGE: u64 = 64 << 20;

/// One argument of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A file or folder.
    Path(PathBuf),
    /// `-`.
    Stdin,
}

impl From<PathBuf> for Input {
    fn from(path: PathBuf) -> Self {
        if path.as_os_str() == "-" { Self::Stdin } else { Self::Path(path) }
    }
}

/// A capture with its place in the inputs and what its identity rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// The bytes, with what the input and the flags say of them, and nothing else.
    pub capture: Capture,
    /// Where it was found.
    pub place: Place,
    /// What `capture.id` rests on.
    pub basis: Basis,
    /// Its record, where it lies in a WARC file that the user has.
    pub page: Option<Page>,
    /// Where its record lies for an archive that has it already.
    pub kept: Option<WarcPlace>,
}

/// One thing met in the inputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A release.
    Capture(Box<Incoming>),
    /// Something that is none, or that cannot be read.
    Skip(Skip),
}

/// Whether the one who takes the items wants more.
pub type Flow = ControlFlow<()>;

/// The inputs of one run, to be gone through once with [`Inputs::each`].
pub struct Inputs {
    inputs: Vec<Input>,
    flags: Meta,
    sources: Sources,
    stdin: Box<dyn Read + Send>,
    bytes: Arc<AtomicU64>,
    resume: Resume,
    ends: Ends,
    until: BTreeMap<PathBuf, u64>,
}

/// Where a run goes on in a WARC file, in bytes.
pub(crate) type Resume = Box<dyn Fn(&InWarc) -> u64 + Send>;
/// The WARC files that were gone through to their ends, with their lengths.
pub(crate) type Ends = Arc<Mutex<Vec<(InWarc, u64)>>>;

impl Inputs {
    /// `inputs` in their order. `flags` fill what an input does not say; `sources` name the source of an address.
    #[must_use]
    pub fn new(inputs: Vec<Input>, flags: Meta, sources: &Sources) -> Self {
        let bytes = Arc::default();
        let (stdin, resume) = (Box::new(io::stdin()), Box::new(|_: &InWarc| 0));
        let (ends, until) = (Ends::default(), BTreeMap::new());
        Self { inputs, flags, sources: sources.clone(), stdin, bytes, resume, ends, until }
    }

    /// The same; WARC files that somebody writes to are read as far as this, in bytes.
    pub(crate) fn until(mut self, until: BTreeMap<PathBuf, u64>) -> Self {
        self.until = until;
        self
    }

    /// The same, going on in WARC files where `resume` says.
    pub(crate) fn resumed(mut self, resume: Resume) -> Self {
        self.resume = resume;
        self
    }

    /// The WARC files that were gone through; counts on while [`Inputs::each`] runs.
    pub(crate) fn ends(&self) -> Ends {
        Arc::clone(&self.ends)
    }

    /// The same, with another standard input.
    #[must_use]
    pub fn with_stdin(mut self, stdin: Box<dyn Read + Send>) -> Self {
        self.stdin = stdin;
        self
    }

    /// Whether an input is this file, or the folder of it; `path` is absolute and without links.
    pub(crate) fn name(&self, path: &Path) -> bool {
        let is = |input: &Input| match input {
            Input::Path(of) => std::fs::canonicalize(of).is_ok_and(|of| path.starts_with(of)),
            Input::Stdin => false,
        };
        self.inputs.iter().any(is)
    }

    /// Bytes taken in so far, as they lie on disk; counts on while [`Inputs::each`] runs.
    #[must_use]
    pub fn bytes_read(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.bytes)
    }

    /// Bytes of all inputs as they lie on disk; `None` where standard input is among them.
    #[must_use]
    pub fn total_bytes(&self) -> Option<u64> {
        self.inputs.iter().try_fold(0, |sum, input| match input {
            Input::Path(path) => Some(sum + walk::size(path)),
            Input::Stdin => None,
        })
    }

    /// Hands over each item in the order of the inputs; folders by byte order of their paths. At most one page or
    /// line is held at a time. Ends early where `take` breaks.
    pub fn each(self, mut take: impl FnMut(Item) -> Flow) {
        let mut run = Run {
            flags: &self.flags,
            sources: &self.sources,
            bytes: &self.bytes,
            resume: &self.resume,
            until: &self.until,
            ends: Vec::new(),
            met: warc::Met::default(),
            take: &mut take,
        };
        for input in &self.inputs {
            if let Input::Path(path) = input {
                run.expect(path);
            }
        }
        let mut stdin = Some(self.stdin);
        for input in &self.inputs {
            let flow = match input {
                Input::Stdin => match stdin.take() {
                    Some(stdin) => run.stdin(stdin),
                    None => Flow::Continue(()),
                },
                Input::Path(path) => run.path(path),
            };
            if flow.is_break() {
                return;
            }
            self.ends.lock().unwrap_or_else(PoisonError::into_inner).append(&mut run.ends);
        }
    }
}

/// What each step of a run needs.
struct Run<'r> {
    flags: &'r Meta,
    sources: &'r Sources,
    bytes: &'r AtomicU64,
    resume: &'r Resume,
    until: &'r BTreeMap<PathBuf, u64>,
    ends: Vec<(InWarc, u64)>,
    met: warc::Met,
    take: &'r mut dyn FnMut(Item) -> Flow,
}

/// How a file is called to the user, and in the identity of what it holds.
struct Name<'n> {
    /// To the user.
    shown: &'n str,
    /// Relative to the argument, without ending, with `/`.
    identity: &'n str,
}

impl Run<'_> {
    fn path(&mut self, path: &Path) -> Flow {
        let shown = path.display().to_string();
        match std::fs::metadata(path) {
            Ok(meta) if meta.is_dir() => walk::folder(self, path),
            Ok(_) => {
                let name =
                    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                self.file(path, &shown, &name, true)
            }
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
                self.error(Place::of(shown), SkipReason::Missing)
            }
            Err(cause) => self.error(Place::of(shown), SkipReason::Unreadable(cause.to_string())),
        }
    }

    /// Notes a WARC file that will be come to: what is met before may refer to it.
    fn expect(&mut self, path: &Path) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if kind::of_name(&name).is_some_and(|(_, kind)| kind.holds == Holds::Warc) && path.is_file() {
            self.met.expect(InWarc { path: path.to_owned(), member: None, offset: 0 });
        }
    }

    /// One file, called `relative` below the argument. Where it was `asked` for by name, another kind is an error.
    fn file(&mut self, path: &Path, shown: &str, relative: &str, asked: bool) -> Flow {
        let Some((stem, kind)) = kind::of_name(relative) else {
            let reason = SkipReason::OtherKind;
            return self.skip(Skip { place: Place::of(shown), reason, is_error: asked });
        };
        if let Holds::Warc | Holds::Wacz = kind.holds {
            return warc::each(self, path, shown, kind.holds == Holds::Wacz);
        }
        // A tar that was asked for by name is the folder of its members; one met in a folder is a folder in it.
        let identity = if asked && kind.holds == Holds::Tar { "" } else { stem };
        match File::open(path) {
            Ok(file) => {
                let counted = Counted { inner: file, bytes: self.bytes };
                self.packed(counted, kind, &Name { shown, identity })
            }
            Err(cause) => self.error(Place::of(shown), SkipReason::Unreadable(cause.to_string())),
        }
    }

    /// The bytes of a file as they lie on disk.
    fn packed(&mut self, raw: impl Read, kind: Kind, name: &Name<'_>) -> Flow {
        let open = match kind.packing.open(raw) {
            Ok(open) => open,
            Err(cause) => return self.error(Place::of(name.shown), SkipReason::Damaged(cause.to_string())),
        };
        match kind.holds {
            Holds::Page(media) => self.page(open, media, name, Place::of(name.shown)),
            Holds::Lines => lines::each(self, io::BufReader::with_capacity(1 << 16, open), name),
            Holds::Tar => tape::each(self, open, name),
            // They are read by [`Run::file`], from a file alone.
            Holds::Warc | Holds::Wacz => self.error(Place::of(name.shown), SkipReason::OtherKind),
        }
    }

    /// Whether a page is no release of the source that the user names, by what the source says of addresses.
    fn is_no_release(&self, url: &str) -> bool {
        let source = self.flags.source.as_deref().and_then(|id| self.sources.get(id));
        let source = source.map(|source| &source.plan).filter(|plan| !plan.release.is_empty());
        let url = url::Url::parse(url).ok();
        source.is_some_and(|plan| url.is_none_or(|url| plan.kind_of(&url) != plan::Kind::Release))
    }

    /// A page of a WARC file.
    fn page_of_warc(&mut self, capture: Capture, place: Place, page: Page) -> Flow {
        let digits = page.record_id.clone();
        self.any_capture(capture, place, Some(page), None, &digits)
    }

    /// One page or text that fills `bytes`.
    fn page(&mut self, bytes: impl Read, media: Media, name: &Name<'_>, place: Place) -> Flow {
        let mut page = Vec::new();
        match bytes.take(MAX_PAGE + 1).read_to_end(&mut page) {
            Err(cause) => self.error(place, unread(&cause)),
            Ok(_) if page.len() as u64 > MAX_PAGE => self.error(place, SkipReason::TooLarge),
            Ok(_) => {
                let capture = Capture { media, bytes: page, ..Capture::default() };
                self.capture(capture, place, Some(name.identity), name.identity)
            }
        }
    }

    /// Fills what flags say, decides the identity, and hands the capture over.
    fn capture(&mut self, capture: Capture, place: Place, path: Option<&str>, within: &str) -> Flow {
        self.any_capture(capture, place, None, path, within)
    }

    fn any_capture(
        &mut self,
        mut capture: Capture,
        place: Place,
        page: Option<Page>,
        path: Option<&str>,
        within: &str,
    ) -> Flow {
        if capture.bytes.iter().all(u8::is_ascii_whitespace) {
            return self.error(place, SkipReason::Empty);
        }
        capture.meta = std::mem::take(&mut capture.meta).or(self.flags);
        let host = || capture.meta.url.as_deref().and_then(|url| self.sources.of_url(url));
        let source = capture.meta.source.as_deref().or_else(|| host().map(|source| source.id.as_str()));
        let (id, basis) = identity::of(&capture.meta, source, path, within, &capture.bytes);
        capture.id = id;
        (self.take)(Item::Capture(Box::new(Incoming { capture, place, basis, page, kept: None })))
    }

    fn error(&mut self, place: Place, reason: SkipReason) -> Flow {
        self.skip(Skip::error(place, reason))
    }

    fn skip(&mut self, skip: Skip) -> Flow {
        (self.take)(Item::Skip(skip))
    }
}

/// Why bytes could not be read: the system names its errors by number; what has none comes from the unpacker.
fn unread(cause: &io::Error) -> SkipReason {
    match cause.raw_os_error() {
        Some(_) => SkipReason::Unreadable(cause.to_string()),
        None => SkipReason::Damaged(cause.to_string()),
    }
}

/// Counts the bytes that are read through it.
struct Counted<'c, R> {
    inner: R,
    bytes: &'c AtomicU64,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.bytes.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// Reads up to and with the next line end into `line`, at most [`MAX_PAGE`] bytes; a longer line is passed over and
/// answered with `Long`.
fn bounded_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<LineRead> {
    line.clear();
    let n = input.by_ref().take(MAX_PAGE + 1).read_until(b'\n', line)? as u64;
    if n == 0 {
        return Ok(LineRead::End);
    }
    if n <= MAX_PAGE || line.last() == Some(&b'\n') {
        return Ok(LineRead::Line(n));
    }
    line.clear();
    line.shrink_to_fit();
    let rest = input.skip_until(b'\n')? as u64;
    Ok(LineRead::Long(n + rest))
}

enum LineRead {
    /// A line of so many bytes.
    Line(u64),
    /// A line of so many bytes, which are too many.
    Long(u64),
    /// The end.
    End,
}
