//! Records into the index.

use std::hash::BuildHasher;
use std::path::PathBuf;

use chancery_record::Record;
use rustc_hash::{FxBuildHasher, FxHashSet};
use tantivy::indexer::{IndexWriterOptions, UserOperation};
use tantivy::{IndexReader, IndexWriter, TantivyError};

use crate::document::Documents;
use crate::key::key_term;
use crate::records::Place;
use crate::{Index, IndexError};

/// What tantivy asks of memory for a thread at least, and at most.
const THREAD_MEMORY: std::ops::RangeInclusive<usize> = 15_000_000..=4_000_000_000;

/// Takes records into an index. Nothing can be found before [`Writer::commit`]; what a writer has taken in when it is dropped
/// without it is as if it had never been.
pub struct Writer {
    dir: PathBuf,
    inner: IndexWriter,
    reader: IndexReader,
    documents: Documents,
    last_seq: Option<u64>,
    /// Hashes of the identities put in since the last commit. Two that clash cost a needless deletion, nothing else.
    put: FxHashSet<u64>,
}

impl Writer {
    pub(crate) fn open(index: &Index, memory_bytes: usize, threads: usize) -> Result<Self, IndexError> {
        let (least, most) = (*THREAD_MEMORY.start(), *THREAD_MEMORY.end());
        let threads = threads.clamp(1, (memory_bytes / least).max(1));
        let options = IndexWriterOptions::builder()
            .num_worker_threads(threads)
            .memory_budget_per_thread((memory_bytes / threads).clamp(least, most))
            .num_merge_threads(1)
            .build();
        let dir = index.dir.clone();
        let inner =
            index.inner.writer_with_options(options).map_err(|error| IndexError::write(&dir, error))?;
        // The lock is ours now: what the reader sees here is what this writer builds on.
        index.reload()?;
        let last_seq = index.last_seq()?;
        let (reader, documents) = (index.reader.clone(), Documents(index.fields));
        Ok(Self { dir, inner, reader, documents, last_seq, put: FxHashSet::default() })
    }

    /// Takes in `record`, which has the sequence number `seq` in its archive and lies at `place`, in place of everything that
    /// the index holds of its release. What is committed is shown from there: the record must be on the disk by then.
    ///
    /// # Errors
    /// Where the system refuses to write; nothing committed is lost.
    pub fn put(&mut self, record: &Record, seq: u64, place: Place) -> Result<(), IndexError> {
        let id = &record.release.id;
        let new = self.put.insert(FxBuildHasher.hash_one(id));
        let mut all = self.documents.of(record, place);
        if !new || self.committed(id)? {
            all.insert(0, UserOperation::Delete(key_term(self.documents.0.key, id)));
        }
        // What is run at once comes to lie together.
        if let Err(error) = self.inner.run(all) {
            return Err(self.cause(error));
        }
        self.last_seq = self.last_seq.max(Some(seq));
        Ok(())
    }

    /// Takes the release `id` and all its facts out; nothing where the index does not hold it.
    ///
    /// # Errors
    /// Where the index cannot be read; a failure to write shows at the commit.
    pub fn remove(&mut self, id: &str) -> Result<(), IndexError> {
        if self.put.contains(&FxBuildHasher.hash_one(id)) || self.committed(id)? {
            self.inner.delete_term(key_term(self.documents.0.key, id));
        }
        Ok(())
    }

    /// Makes all that was taken in findable, at once and for good, together with the last sequence number.
    ///
    /// # Errors
    /// Where the system refuses to write; the index is then as it was at the last commit.
    pub fn commit(&mut self) -> Result<(), IndexError> {
        let done = self.inner.prepare_commit().and_then(|mut prepared| {
            if let Some(seq) = self.last_seq {
                prepared.set_payload(&seq.to_string());
            }
            prepared.commit()
        });
        done.and_then(|_| self.reader.reload()).map_err(|error| IndexError::write(&self.dir, error))?;
        self.put.clear();
        Ok(())
    }

    /// Commits, then waits until the merging of segments has ended, which dropping would cut short.
    ///
    /// # Errors
    /// As for [`Writer::commit`].
    pub fn close(mut self) -> Result<(), IndexError> {
        self.commit()?;
        self.inner.wait_merging_threads().map_err(|error| IndexError::write(&self.dir, error))?;
        self.reader.reload().map_err(|error| IndexError::read(&self.dir, error))
    }

    /// Whether the last commit holds the release. Asking is cheaper than deleting what is not there from every segment.
    fn committed(&self, id: &str) -> Result<bool, IndexError> {
        let term = key_term(self.documents.0.key, id);
        let found = self.reader.searcher().doc_freq(&term);
        found.map(|count| count > 0).map_err(|error| IndexError::read(&self.dir, error))
    }

    /// tantivy says that a thread has ended; why it has, only the next commit would say.
    fn cause(&mut self, error: TantivyError) -> IndexError {
        let cause = match self.inner.prepare_commit() {
            Err(cause) => cause,
            Ok(prepared) => prepared.abort().err().unwrap_or(error),
        };
        IndexError::write(&self.dir, cause)
    }
}
