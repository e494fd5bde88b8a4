//! Records into the index.

use std::hash::BuildHasher;
use std::path::PathBuf;

use chancery_record::Record;
use chancery_text::fold;
use rustc_hash::{FxBuildHasher, FxHashSet};
use tantivy::indexer::IndexWriterOptions;
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{IndexReader, IndexWriter, TantivyDocument, TantivyError, Term};

use crate::analysis::{PART, PART_GAP, Stemming};
use crate::entry::{Entry, entries};
use crate::hit::Kind;
use crate::period::day;
use crate::schema::Fields;
use crate::{Index, IndexError};

/// What tantivy asks of memory for a thread at least, and at most.
const THREAD_MEMORY: std::ops::RangeInclusive<usize> = 15_000_000..=4_000_000_000;

/// Takes records into an index. Nothing can be found before [`Writer::commit`]; what a writer has taken in when it is dropped
/// without it is as if it had never been.
pub struct Writer {
    dir: PathBuf,
    inner: IndexWriter,
    reader: IndexReader,
    fields: Fields,
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
        let (reader, fields) = (index.reader.clone(), index.fields);
        Ok(Self { dir, inner, reader, fields, last_seq, put: FxHashSet::default() })
    }

    /// Takes in `record`, which has the sequence number `seq` in its archive, in place of everything that the index holds of
    /// its release.
    ///
    /// # Errors
    /// Where the system refuses to write; nothing committed is lost.
    pub fn put(&mut self, record: &Record, seq: u64) -> Result<(), IndexError> {
        let id = &record.release.id;
        let new = self.put.insert(FxBuildHasher.hash_one(id));
        if !new || self.committed(id)? {
            self.inner.delete_term(Term::from_field_text(self.fields.id, id));
        }
        for (position, entry) in (0..).zip(entries(record)) {
            let document = self.document(record, &entry, position)?;
            if let Err(error) = self.inner.add_document(document) {
                return Err(self.cause(error));
            }
        }
        self.last_seq = self.last_seq.max(Some(seq));
        Ok(())
    }

    /// Takes the release `id` and all its facts out; nothing where the index does not hold it.
    ///
    /// # Errors
    /// Never today; a failure to write shows at the commit.
    pub fn remove(&mut self, id: &str) -> Result<(), IndexError> {
        self.inner.delete_term(Term::from_field_text(self.fields.id, id));
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
        let term = Term::from_field_text(self.fields.id, id);
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

    fn document(&self, record: &Record, entry: &Entry, position: u64) -> Result<TantivyDocument, IndexError> {
        let (fields, release, card) = (&self.fields, &record.release, &entry.card);
        let mut document = TantivyDocument::new();
        document.add_text(fields.id, &release.id);
        document.add_u64(fields.position, position);
        self.add_properties(&mut document, record, entry);
        let language = Stemming::of(release.language.as_deref());
        let headline = release.headline.as_deref().unwrap_or_default();
        if card.kind == Kind::Release {
            document.add_text(fields.text, &release.text);
            document.add_text(fields.words, parts([&*release.text, headline]));
            document.add_text(fields.stem_text, language.marked(&release.text));
            document.add_text(fields.headline, language.marked(headline));
        } else {
            let posts = entry.post_words.iter().map(String::as_str);
            document.add_text(fields.words, parts([&*card.passage].into_iter().chain(posts.clone())));
            document.add_text(fields.passage, language.marked(&card.passage));
            document.add_text(fields.context, language.marked(headline));
            document.add_text(fields.post, language.marked(&parts(posts)));
            if let Some(cue) = &card.cue {
                document.add_text(fields.cue, language.marked(cue));
            }
        }
        document.add_pre_tokenized_text(fields.names, in_rows([&entry.names]));
        for (field, rows) in [
            (fields.bodies, &entry.bodies),
            (fields.about, &entry.about),
            (fields.addressed, &entry.addressed),
        ] {
            if !rows.is_empty() {
                document.add_pre_tokenized_text(field, in_rows(rows));
            }
        }
        let card = serde_json::to_vec(card).map_err(|error| IndexError::damaged(&self.dir, &error))?;
        document.add_bytes(fields.card, &card);
        Ok(document)
    }

    /// What is asked for as a whole: by a filter, or to be counted.
    fn add_properties(&self, document: &mut TantivyDocument, record: &Record, entry: &Entry) {
        let (fields, release, card) = (&self.fields, &record.release, &entry.card);
        document.add_text(fields.kind, card.kind.as_str());
        document.add_text(fields.release_type, &release.kind);
        let lang = release.language.as_deref().and_then(|tag| tag.split(['-', '_']).next());
        for (field, value) in [
            (fields.source, release.source.as_deref()),
            (fields.lang, lang),
            (fields.country_name, card.country.as_deref()),
            (fields.act, card.act.as_deref()),
            (fields.speaker, card.speaker.as_deref()),
            (fields.body, card.organization.as_deref()),
        ] {
            if let Some(value) = value {
                document.add_text(field, value);
            }
        }
        if let Some(country) = &card.country {
            document.add_text(fields.country, fold(country));
        }
        if let Some(day) = release.published.as_deref().and_then(day) {
            document.add_u64(fields.published, day);
        }
        if let Some(confidence) = card.confidence {
            document.add_u64(fields.confidence, confidence.into());
        }
        if matches!(card.kind, Kind::Statement | Kind::Proposal) {
            document.add_text(fields.direct, if card.direct { "yes" } else { "no" });
        }
        entry.roles.iter().for_each(|role| document.add_text(fields.role, role));
        entry.has.iter().for_each(|what| document.add_text(fields.has, what));
    }
}

/// Parts of one field, with a gap between them that no phrase runs over.
fn parts<'p>(parts: impl IntoIterator<Item = &'p str>) -> String {
    let mut whole = String::new();
    for (at, part) in parts.into_iter().enumerate() {
        if at > 0 {
            whole.push(PART);
        }
        whole.push_str(part);
    }
    whole
}

/// Rows of words that no phrase spans: [`PART_GAP`] positions lie between them.
fn in_rows<'w>(rows: impl IntoIterator<Item = &'w Vec<String>>) -> PreTokenizedString {
    let mut tokens = Vec::new();
    for (row, words) in rows.into_iter().enumerate() {
        for (column, word) in words.iter().enumerate() {
            let position = row * PART_GAP + column;
            tokens.push(Token { text: word.clone(), position, position_length: 1, ..Token::default() });
        }
    }
    PreTokenizedString { text: String::new(), tokens }
}
