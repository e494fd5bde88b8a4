//! The index on disk: made, opened, counted.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::collector::Count;
use tantivy::directory::error::OpenDirectoryError;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{Index as Tantivy, IndexReader, ReloadPolicy, Searcher, TantivyError, Term};

use crate::analysis::tokenizers;
use crate::files::Files;
use crate::hit::{Counts, Kind};
use crate::schema::{Fields, VERSION, Version, schema, settings, version};
use crate::statistics::Sizes;
use crate::{IndexError, Writer};

/// An index in a folder. Cheap to clone; clones share what they have open.
#[derive(Clone)]
pub struct Index {
    pub(crate) dir: PathBuf,
    pub(crate) inner: Tantivy,
    pub(crate) reader: IndexReader,
    pub(crate) fields: Fields,
    sizes: Arc<Mutex<Option<Arc<Sizes>>>>,
}

impl Index {
    /// Makes an empty index in `dir`, and the folder where it is missing.
    ///
    /// # Errors
    /// Where an index lies there already, or the system refuses to write.
    pub fn create(dir: impl AsRef<Path>) -> Result<Self, IndexError> {
        let dir = dir.as_ref();
        std::fs::create_dir_all(dir).map_err(|error| IndexError::write(dir, error.into()))?;
        let files = Files::open(dir).map_err(|error| IndexError::write(dir, error.into()))?;
        match Tantivy::exists(&files) {
            Ok(false) => {}
            Ok(true) => return Err(IndexError::Exists { dir: dir.into() }),
            Err(error) => return Err(IndexError::read(dir, error.into())),
        }
        let inner = Tantivy::create(files, schema(), settings());
        Self::of(dir, inner.map_err(|error| IndexError::write(dir, error))?)
    }

    /// Opens the index in `dir`.
    ///
    /// # Errors
    /// Where there is none, it is of another version of the layout, it is damaged, or the system refuses to read it.
    pub fn open(dir: impl AsRef<Path>) -> Result<Self, IndexError> {
        let dir = dir.as_ref();
        let missing = || IndexError::Missing { dir: dir.into() };
        let files = match Files::open(dir) {
            Ok(files) => files,
            Err(OpenDirectoryError::DoesNotExist(_)) => return Err(missing()),
            Err(error) => return Err(IndexError::read(dir, error.into())),
        };
        match Tantivy::exists(&files) {
            Ok(true) => {}
            Ok(false) => return Err(missing()),
            Err(error) => return Err(IndexError::read(dir, error.into())),
        }
        match Tantivy::open(files) {
            Ok(inner) => Self::of(dir, inner),
            Err(TantivyError::IncompatibleIndex(what)) => {
                Err(IndexError::Version { dir: dir.into(), found: format!("{what:?}"), known: VERSION })
            }
            Err(error) => Err(IndexError::read(dir, error)),
        }
    }

    fn of(dir: &Path, mut inner: Tantivy) -> Result<Self, IndexError> {
        let fields = match version(&inner.schema()) {
            Version::Known(fields) => fields,
            Version::Other(found) => {
                return Err(IndexError::Version { dir: dir.into(), found, known: VERSION });
            }
        };
        inner.set_tokenizers(tokenizers());
        let reader = inner.reader_builder().reload_policy(ReloadPolicy::Manual).try_into();
        let reader = reader.map_err(|error| IndexError::read(dir, error))?;
        Ok(Self { dir: dir.into(), inner, reader, fields, sizes: Arc::default() })
    }

    /// A writer with one thread. There can be one writer at a time; searching goes on meanwhile.
    ///
    /// # Errors
    /// Where another writer is at work, or the system refuses to write.
    pub fn writer(&self, memory_bytes: usize) -> Result<Writer, IndexError> {
        self.writer_with_threads(memory_bytes, 1)
    }

    /// A writer with up to `threads` threads, as many as `memory_bytes` allows at 15 MB each (one takes that in any case). Besides,
    /// up to 10,000 records wait in line. What is found afterwards does not depend on either number.
    ///
    /// # Errors
    /// As for [`Index::writer`].
    pub fn writer_with_threads(&self, memory_bytes: usize, threads: usize) -> Result<Writer, IndexError> {
        Writer::open(self, memory_bytes, threads)
    }

    /// The last sequence number that was taken in and committed; `None` where nothing was.
    ///
    /// # Errors
    /// Where the index is damaged or the system refuses to read it.
    pub fn last_seq(&self) -> Result<Option<u64>, IndexError> {
        let metas = self.inner.load_metas().map_err(|error| IndexError::read(&self.dir, error))?;
        let number = |payload: String| {
            let wrong =
                |error| IndexError::damaged(&self.dir, &format!("sequence number `{payload}`: {error}"));
            payload.parse().map_err(wrong)
        };
        metas.payload.map(number).transpose()
    }

    /// Sees what other programs have committed since the index was opened. What a [`Writer`] of this index commits is
    /// seen without.
    ///
    /// # Errors
    /// Where the index is damaged or the system refuses to read it.
    pub fn reload(&self) -> Result<(), IndexError> {
        self.reader.reload().map_err(|error| IndexError::read(&self.dir, error))
    }

    /// How many documents of each kind there are.
    ///
    /// # Errors
    /// Where the index is damaged or the system refuses to read it.
    pub fn counts(&self) -> Result<Counts, IndexError> {
        let searcher = self.reader.searcher();
        let count = |kind: Kind| {
            let term = Term::from_field_text(self.fields.kind, kind.as_str());
            let found = searcher.search(&TermQuery::new(term, IndexRecordOption::Basic), &Count);
            found.map(|count| count as u64).map_err(|error| IndexError::read(&self.dir, error))
        };
        Ok(Counts {
            releases: count(Kind::Release)?,
            statements: count(Kind::Statement)?,
            proposals: count(Kind::Proposal)?,
            officials: count(Kind::Official)?,
            bodies: count(Kind::Body)?,
        })
    }

    /// The sizes of what `searcher` sees, counted once for each state of the index.
    pub(crate) fn sizes(&self, searcher: &Searcher) -> Result<Arc<Sizes>, IndexError> {
        // A thread that panicked while it held the lock has left either old sizes or none: both are fine.
        let mut known = self.sizes.lock().unwrap_or_else(PoisonError::into_inner);
        let generation = searcher.generation().generation_id();
        match known.as_ref() {
            Some(sizes) if sizes.generation == generation => Ok(Arc::clone(sizes)),
            _ => {
                let sizes = Sizes::of(searcher, &self.fields).map(Arc::new);
                let sizes = sizes.map_err(|error| IndexError::read(&self.dir, error))?;
                *known = Some(Arc::clone(&sizes));
                Ok(sizes)
            }
        }
    }
}
