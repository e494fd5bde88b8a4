//! tantivy alone, over the same documents: what this crate adds to its times and sizes is measured against it
//! (`cargo xtask bench search`).

use std::path::{Path, PathBuf};

use chancery_record::Record;
use tantivy::collector::TopDocs;
use tantivy::indexer::{IndexWriterOptions, UserOperation};
use tantivy::query::QueryParser;
use tantivy::{Index as Tantivy, IndexWriter, TantivyError};

use crate::analysis::tokenizers;
use crate::document::Documents;
use crate::records::Place;
use crate::schema::{Version, schema, settings, version};
use crate::{Index, IndexError};

/// The documents of a record, as tantivy takes them.
pub struct Prepared(Vec<UserOperation>);

/// An index that tantivy writes without anything between: no identities are looked up, nothing is replaced.
pub struct Bare {
    dir: PathBuf,
    documents: Documents,
    writer: IndexWriter,
}

impl Bare {
    /// Makes an empty one in the folder `dir`.
    ///
    /// # Errors
    /// Where an index lies there, or the system refuses to write.
    pub fn create(dir: &Path, memory_bytes: usize, threads: usize) -> Result<Self, IndexError> {
        let fault = |error| IndexError::write(dir, error);
        let mut inner = Tantivy::builder().schema(schema()).settings(settings());
        inner = inner.tokenizers(tokenizers());
        let inner = inner.create_in_dir(dir).map_err(fault)?;
        let options = IndexWriterOptions::builder()
            .num_worker_threads(threads)
            .memory_budget_per_thread(memory_bytes / threads)
            .num_merge_threads(1)
            .build();
        let writer = inner.writer_with_options(options).map_err(fault)?;
        let Version::Known(fields) = version(&inner.schema()) else {
            return Err(IndexError::damaged(dir, &"the schema just made is not known"));
        };
        let documents = Documents(fields);
        Ok(Self { dir: dir.into(), documents, writer })
    }

    /// Makes the documents of a record that lies at `place`.
    #[must_use]
    pub fn prepare(&self, record: &Record, place: Place) -> Prepared {
        Prepared(self.documents.of(record, place))
    }

    /// Takes documents in.
    ///
    /// # Errors
    /// Where the system refuses to write.
    pub fn add(&self, prepared: Prepared) -> Result<(), IndexError> {
        self.writer.run(prepared.0).map(drop).map_err(|error| IndexError::write(&self.dir, error))
    }

    /// Commits.
    ///
    /// # Errors
    /// Where the system refuses to write.
    pub fn commit(&mut self) -> Result<(), IndexError> {
        self.writer.commit().map(drop).map_err(|error| IndexError::write(&self.dir, error))
    }

    /// Commits, and waits until the merging of segments has ended.
    ///
    /// # Errors
    /// Where the system refuses to write.
    pub fn close(mut self) -> Result<(), IndexError> {
        self.commit()?;
        self.writer.wait_merging_threads().map_err(|error| IndexError::write(&self.dir, error))
    }
}

impl Index {
    /// The best documents for plain words as tantivy's own parser, BM25 and collector have them, with the identities of their
    /// releases: all words, each in one of the `stem_` fields of passages, texts, headlines and posts or in names.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn bare_words(&self, words: &str, limit: usize) -> Result<Vec<(String, f32)>, IndexError> {
        let fields = &self.fields;
        let of = vec![fields.passage, fields.stem_text, fields.headline, fields.post, fields.names];
        self.bare(of, words, limit).map_err(|error| IndexError::read(&self.dir, error))
    }

    /// The same over the text of releases alone.
    ///
    /// # Errors
    /// As above.
    pub fn bare_text(&self, words: &str, limit: usize) -> Result<Vec<(String, f32)>, IndexError> {
        let of = vec![self.fields.stem_text];
        self.bare(of, words, limit).map_err(|error| IndexError::read(&self.dir, error))
    }

    fn bare(
        &self,
        fields: Vec<tantivy::schema::Field>,
        words: &str,
        limit: usize,
    ) -> tantivy::Result<Vec<(String, f32)>> {
        let mut parser = QueryParser::for_index(&self.inner, fields);
        parser.set_conjunction_by_default();
        let (query, _) = parser.parse_query_lenient(words);
        let searcher = self.reader.searcher();
        let sizes = self.sizes(&searcher).map_err(|why| TantivyError::InternalError(why.to_string()))?;
        let best = searcher.search(&query, &TopDocs::with_limit(limit).order_by_score())?;
        let mut found = Vec::with_capacity(best.len());
        for (score, address) in best {
            let ids = searcher.segment_reader(address.segment_ord).fast_fields().str("id")?;
            let mut id = String::new();
            if let Some((ids, columns)) = ids.zip(sizes.columns.get(address.segment_ord as usize)) {
                let release = columns.releases.over(address.doc_id);
                let ord = ids.ords().first(release).unwrap_or_default();
                let _ = ids.ord_to_str(ord, &mut id);
            }
            found.push((id, score));
        }
        Ok(found)
    }
}
