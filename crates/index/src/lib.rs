//! The tantivy index: one document a fact and one a release, so that a statement is a hit.
//!
//! A [`Writer`] takes in records, each with the [`Place`] where it lies; [`Index::search`] answers a [`Query`] with [`Hits`], which
//! it reads from there: the index holds what is looked for, the [`Records`] what is shown.
//!
//! ```
//! use chancery_index::{Index, Kind, Place, Query, Records};
//! use chancery_record::{Cue, Record, Release, Span, Statement};
//!
//! /// Records in memory; an archive has them on the disk.
//! struct Kept(Vec<Record>);
//!
//! impl Records for Kept {
//!     fn record(&self, place: Place) -> Result<Record, Box<dyn std::error::Error + Send + Sync>> {
//!         Ok(self.0.get(place.line as usize).cloned().ok_or("there is no such record")?)
//!     }
//! }
//!
//! let text = "The Minister said that postal services will reach every village.";
//! let release = Release { id: "r1".into(), text: text.into(), ..Release::default() };
//! let mut record = Record::new(release, "example");
//! record.statements.push(Statement {
//!     id: "s1".into(), key: "k1".into(), confidence: 90, speaker: Some("The Minister".into()), speaker_id: None,
//!     act: "state".into(), cue: Cue { span: Span::new(13, 17), text: "said".into() }, span: Span::new(23, 63),
//!     text: "postal services will reach every village".into(), direct: false, rule: "en/statements/that".into(),
//! });
//!
//! let folder = tempfile::tempdir()?;
//! let index = Index::create(folder.path())?;
//! let mut writer = index.writer(15_000_000)?;
//! writer.put(&record, 1, Place::default())?;
//! writer.commit()?;
//!
//! let kept = Kept(vec![record]);
//! let answer = index.search(&Query { words: "villages".into(), ..Query::default() }, &kept)?;
//! assert_eq!(answer.total, 2); // the statement, and after it the release that it stands in
//! let hit = &answer.hits[0];
//! assert_eq!((hit.kind, hit.speaker.as_deref()), (Kind::Statement, Some("The Minister")));
//! assert_eq!(hit.highlights[0].of(&hit.passage), "village");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Invariants: the index is derived from records and never the only copy of anything. The same records give the same
//! hits, scores and order, whatever the number of threads, commits and replaced records.

// What is asked and what is answered.
mod hit;
mod known;
mod language;
mod lists;
mod query;
mod records;

// The index on disk: opened, laid out, written.
mod error;
mod files;
mod index;
mod schema;
mod space;
mod writer;

// What it is measured against.
mod bare;

// From a record to documents.
mod affixes;
mod analysis;
mod card;
mod census;
mod characters;
mod document;
mod entry;
mod fact;

// From a query to hits.
mod bag;
mod bits;
mod blocks;
mod bm25f;
mod columns;
mod cost;
mod exact;
mod facet;
mod gather;
mod highlight;
mod holders;
mod key;
mod leaf;
mod lift;
mod near;
mod over;
mod pattern;
mod period;
mod plan;
mod rank;
mod ranking;
mod search;
mod statistics;
mod sweep;
mod under;
mod vocabulary;
mod whereabouts;
mod wish;
mod wording;

pub use bare::{Bare, Prepared};
pub use census::documents_of;
pub use error::IndexError;
pub use hit::{Count, Counts, FacetCounts, Hit, Hits, Kind, Marks, Month, Unshown};
pub use index::Index;
pub use known::{Holder, KnownAs, NamesAsked};
pub use language::{Expr, Field, Leaf, Mistake, Reading, Value, parse, parse_forgiving};
pub use lists::Lists;
pub use period::period;
pub use query::{Damage, Facet, Grouping, Mode, Query, Sort};
pub use records::{Place, Records};
pub use space::Space;
pub use vocabulary::WordCount;
pub use writer::Writer;
