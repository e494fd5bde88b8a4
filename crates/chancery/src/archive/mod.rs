//! The folder that a user keeps: captures, what is derived from them, and the state that says where each lies.
//!
//! Reading needs no lock ([`Archive::open_read`]); writing takes the one lock ([`Archive::create_or_open`]).

mod again;
mod browse;
mod called;
mod captures;
mod changes;
mod cite;
mod export;
mod find;
mod format;
mod holdings;
mod ingest;
mod known;
mod last_search;
mod lists;
mod locate;
mod lock;
mod recover;
mod registered;
mod removals;
mod renew;
mod reviews;
mod segments;
mod shelf;
mod state;
mod status;
mod used_rules;
mod verify;
mod writer;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use chancery_index::{Hits, Index, IndexError, Place, Query, Records};
use chancery_record::Record;

use crate::Error;
use crate::input::{Incoming, canonical_url};
pub use again::AgainReport;
pub use browse::{
    ActCount, BodyLine, Extent, Filter, Holder, Listing, NameFound, Order, PersonLine, Portrait,
    PortraitPost, PostLine, ProposalLine, Suggestion, Together, UnknownValue,
};
use captures::Captures;
pub use changes::{Arrival, Edit, EditInFull};
pub use cite::{Citation, CitedVersion};
pub use export::{ExportOptions, ExportReport, NOWHERE};
pub use find::{Found, FoundBy};
pub use ingest::{Conflict, IngestOptions, IngestReport};
pub use last_search::LastHit;
pub use locate::locate;
pub use removals::{Act, Decision, Grounds};
pub use renew::ReindexReport;
pub use reviews::{ReviewedFact, Verdict};
use segments::Segments;
use shelf::Shelf;
use state::State;
pub use state::{Facts, Run, Version};
pub use status::{Disk, PageCounts, SourceStatus, Status};
pub use verify::{Fault, VerifyReport};
pub use writer::Writer;

/// The newest format of an archive that this program knows; it writes this one.
pub const FORMAT: u64 = 1;

/// The folder of an archive's captures.
#[must_use]
pub fn captures_folder(dir: &Path) -> PathBuf {
    dir.join(captures::FOLDER)
}

/// Whether an archive lies at `dir`.
#[must_use]
pub fn lies_at(dir: &Path) -> bool {
    dir.join(format::FILE).exists()
}

/// Whom the keepers of sites may write to, as `archive.toml` says.
///
/// # Errors
/// Where the file cannot be read.
pub fn contact_of(dir: &Path) -> Result<Option<String>, Error> {
    format::contact(dir)
}

/// An archive, open to be read. Needs no lock and writes nothing but the memory of the last search.
pub struct Archive {
    dir: PathBuf,
    state: State,
    /// What may be suggested, with the state of the archive that it was made of; read when it is first needed.
    ready: RefCell<Option<(String, Rc<browse::Ready>)>>,
    /// The index, once words of texts were suggested.
    index: RefCell<Option<Index>>,
    /// How many names may still be compared for the question at hand.
    patience: called::Patience,
    /// The records that hits are read from.
    shelf: Shelf,
}

/// Releases that are no longer on their sites.
pub struct Gone(chancery_capture::Gone);

impl Gone {
    /// Whether the release at this address is one of them.
    #[must_use]
    pub fn has(&self, url: Option<&str>) -> bool {
        url.and_then(|url| url::Url::parse(url).ok()).is_some_and(|url| self.0.has(&url))
    }
}

impl Archive {
    /// Opens the archive at `dir` to be read. Where `state.sqlite` is missing or damaged it is made again from
    /// captures and records: on disk, or in memory where `dir` may not be written or somebody writes to it.
    ///
    /// # Errors
    /// Where `dir` is no archive, one of a newer format, or cannot be read.
    pub fn open_read(dir: &Path) -> Result<Self, Error> {
        format::check(dir)?;
        let state = match State::open_read(dir)? {
            Some(state) => state,
            None => recover::state_for_reading(dir)?,
        };
        Ok(Self {
            dir: dir.to_owned(),
            state,
            ready: RefCell::default(),
            index: RefCell::default(),
            patience: called::Patience::default(),
            shelf: Shelf::new(dir),
        })
    }

    /// Opens the archive at `dir` to be written, and makes it where there is none: in a new or empty folder, or one
    /// that holds only `rules/`, `sources/` or `decisions/`.
    ///
    /// # Errors
    /// Where another process writes to it (the error names it), the folder holds something else, the archive is of a
    /// newer format, or the folder cannot be written.
    pub fn create_or_open(dir: &Path) -> Result<Writer, Error> {
        Writer::open(dir)
    }

    /// Where it lies.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The hits of a query, from the index; whom it names is found in every spelling that the archive knows.
    ///
    /// # Errors
    /// Where the query is none, or the index is missing or damaged.
    pub fn search(&self, query: &Query) -> Result<Hits, Error> {
        let dir = self.dir.join(writer::INDEX);
        let fault = |cause| Error::index(&dir, cause);
        let index = Index::open(&dir).map_err(fault)?;
        let lists = self.lists(&index.unheld(query))?;
        let gone = if query.asks_for_gone() { self.gone_ids()? } else { Vec::new() };
        // Who names somebody needs the index too.
        self.index.replace(Some(index));
        let query = Query { known_as: self.known_as(query)?, lists, gone, ..query.clone() };
        let index = self.index.take().map_or_else(|| Index::open(&dir), Ok).map_err(fault)?;
        let answer = match index.search(&query, &self.shelf) {
            // Records that were damaged may have been made again meanwhile, elsewhere: the index of now knows where.
            Err(IndexError::Damaged { .. }) => {
                index.reload().map_err(fault)?;
                index.search(&query, &self.shelf)
            }
            answer => answer,
        };
        self.index.replace(Some(index));
        answer.map_err(fault)
    }

    /// When a page of each source was last asked for, by the crawls into the archive at `dir`; nothing where there were
    /// none.
    #[must_use]
    pub fn visits(dir: &Path) -> std::collections::BTreeMap<String, jiff::Timestamp> {
        chancery_capture::visits(&dir.join(captures::FOLDER), jiff::Timestamp::now())
    }

    /// When each source may be gone on with that a crawl had to leave because a host asked for a longer pause than a run waits, or
    /// because the time of the run was over.
    #[must_use]
    pub fn resumes(dir: &Path) -> std::collections::BTreeMap<String, jiff::Timestamp> {
        chancery_capture::resumes(&dir.join(captures::FOLDER), jiff::Timestamp::now())
    }

    /// The releases that a crawl found missing on two visits, by their addresses: they stay searchable, marked.
    #[must_use]
    pub fn gone(&self) -> Gone {
        Gone(chancery_capture::Gone::open(&self.dir.join(captures::FOLDER)))
    }

    /// The ids of these releases, in the order of their addresses in the crawl.
    ///
    /// # Errors
    /// Where the state cannot be read.
    pub fn gone_ids(&self) -> Result<Vec<String>, Error> {
        let mut ids = Vec::new();
        for url in self.gone().0.all() {
            // A site that moved from http to https since the release came is the same site.
            let other = url.strip_prefix("https:").map(|rest| format!("http:{rest}"));
            let spellings = [Some(url), other].into_iter().flatten().filter_map(|url| canonical_url(&url));
            for url in spellings {
                ids.extend(
                    self.state.named(state::Column::Url, url.as_str())?.into_iter().map(|named| named.id),
                );
            }
        }
        Ok(ids)
    }

    /// Remembers the hits of a search, so that their numbers mean something to [`Archive::find`]: in the archive, or,
    /// where that may not be written, in the home folder of the user. Whether either was possible.
    pub fn remember(&self, hits: &[LastHit]) -> bool {
        last_search::remember(&self.dir, hits)
    }

    /// The release that `reference` means: the number of a hit of the last search; an id; a readable id; an address;
    /// the unique beginning of an id or a readable id. `id:` before it says that it is an id and nothing else.
    ///
    /// # Errors
    /// [`Error::NotFound`] with what is near it, [`Error::Ambiguous`] with what it may mean, [`Error::NoHit`].
    pub fn find(&self, reference: &str) -> Result<Found, Error> {
        find::find(&self.dir, &self.state, reference)
    }

    /// The current record of a release, by its exact id; of one that is taken out, the record that was.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is none, or the segment it lies in is damaged.
    pub fn record(&self, id: &str) -> Result<Record, Error> {
        let place = self.state.current_place(id)?;
        let place =
            place.ok_or_else(|| Error::NotFound { reference: id.to_owned(), suggestions: Vec::new() })?;
        Segments::new(&self.dir).record(&place)
    }

    /// The capture of which the current record of a release was made.
    ///
    /// # Errors
    /// As for [`Archive::record`], or where the capture cannot be read.
    pub fn capture(&self, id: &str) -> Result<Incoming, Error> {
        let current = self.versions(id)?.into_iter().find(|version| version.latest);
        let current =
            current.ok_or_else(|| Error::NotFound { reference: id.to_owned(), suggestions: Vec::new() })?;
        Captures::new(&self.dir)?.read(&current.noted)
    }

    /// The record of one version of a release, from 1.
    ///
    /// # Errors
    /// As for [`Archive::record`].
    pub fn record_of_version(&self, id: &str, version: u32) -> Result<Record, Error> {
        let place = self.state.version_place(id, version)?;
        let missing =
            || Error::NotFound { reference: format!("{id}, version {version}"), suggestions: Vec::new() };
        Segments::new(&self.dir).record(&place.ok_or_else(missing)?)
    }

    /// The versions of a release, oldest first; empty where there is no such release.
    ///
    /// # Errors
    /// Where the state cannot be read.
    pub fn versions(&self, id: &str) -> Result<Vec<Version>, Error> {
        self.state.versions(id)
    }

    /// The current records of all releases, in the order in which they were written.
    ///
    /// # Errors
    /// Where the state cannot be read; each record may be an error of its own.
    pub fn records(&self) -> Result<impl Iterator<Item = Result<Record, Error>> + use<>, Error> {
        let places = self.state.current_places(0)?;
        let mut segments = Segments::new(&self.dir);
        Ok(places.into_iter().map(move |(_, place)| segments.record(&place)))
    }

    /// The same, each with the place where an index is told that it lies.
    ///
    /// # Errors
    /// As for [`Archive::records`].
    pub fn placed_records(
        &self,
    ) -> Result<impl Iterator<Item = Result<(Record, Place), Error>> + use<>, Error> {
        let places = self.state.current_places(0)?;
        let mut segments = Segments::new(&self.dir);
        Ok(places.into_iter().map(move |(_, place)| segments.placed(&place)))
    }

    /// The records as an index reads them.
    #[must_use]
    pub fn shelf(&self) -> &dyn Records {
        &self.shelf
    }

    /// The facts that somebody gave a verdict on.
    ///
    /// # Errors
    /// Where the file of reviews cannot be read.
    pub fn reviewed(&self) -> Result<BTreeSet<ReviewedFact>, Error> {
        reviews::read(&self.dir)
    }

    /// Keeps a verdict on a fact, of which the record was so sure. Needs no lock: a verdict is one line added.
    ///
    /// # Errors
    /// Where the archive may not be written.
    pub fn review(&self, fact: &ReviewedFact, verdict: Verdict, confidence: u8) -> Result<(), Error> {
        reviews::add(&self.dir, fact, verdict, confidence)
    }

    /// Takes the last verdict back that stands: of which fact, and what it was; `None` where none stands.
    ///
    /// # Errors
    /// Where the file of verdicts cannot be read or written.
    pub fn take_back(&self) -> Result<Option<(ReviewedFact, Verdict)>, Error> {
        let Some((fact, verdict, confidence)) = reviews::last(&self.dir)? else { return Ok(None) };
        reviews::add(&self.dir, &fact, Verdict::Withdrawn, confidence)?;
        Ok(Some((fact, verdict)))
    }
}
