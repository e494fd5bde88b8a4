//! What BM25 asks of the collection, counted so that the same releases give the same numbers however they came in.
//!
//! tantivy's own numbers count replaced documents until their segment is merged, and a merge estimates lengths. Here only
//! living documents count. Lengths are compared with the average of the documents that have the field.

use std::cell::RefCell;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, Searcher, Term};

use crate::analysis::Stemming;
use crate::columns::Columns;
use crate::facet::Numberings;
use crate::hit::Kind;
use crate::holders::Holders;
use crate::leaf::Leaves;
use crate::over::Releases;
use crate::schema::{Fields, OVER};

/// The sizes of a collection; costly to count, so kept for as long as the searcher.
#[derive(Debug)]
pub(crate) struct Sizes {
    pub(crate) generation: u64,
    pub(crate) documents: u64,
    /// How words of the languages of the releases become stems; English is always among them.
    pub(crate) stemmings: Vec<Stemming>,
    /// For each field with lengths: words in all, and documents that have it.
    fields: Vec<(Field, u64, u64)>,
    pub(crate) numberings: Numberings,
    /// By segment.
    pub(crate) columns: Vec<Columns>,
    /// The bodies: found only where they are asked for.
    pub(crate) bodies: Arc<Holders>,
    /// The releases: what they have stands over their facts.
    pub(crate) releases: Arc<Holders>,
}

impl Sizes {
    pub(crate) fn of(searcher: &Searcher, fields: &Fields) -> tantivy::Result<Self> {
        let mut sizes = Vec::new();
        let of_lengths = [fields.words, fields.passage, fields.stem_text, fields.headline, fields.post];
        for field in of_lengths {
            let (mut words, mut documents) = (0, 0);
            for segment in searcher.segment_readers() {
                let lengths = segment.get_fieldnorms_reader(field)?;
                for length in segment.doc_ids_alive().map(|doc| u64::from(lengths.fieldnorm(doc))) {
                    words += length;
                    documents += u64::from(length > 0);
                }
            }
            sizes.push((field, words, documents));
        }
        let of_kind = |kind: Kind| {
            let term = Term::from_field_text(fields.kind, kind.as_str());
            Holders::new(term, searcher.segment_readers()).map(Arc::new)
        };
        let releases = of_kind(Kind::Release)?;
        sizes.push(over_facts(searcher, fields, &releases)?);
        let columns = searcher.segment_readers().iter().map(|segment| Columns::of(segment, &releases));
        let columns = columns.collect::<tantivy::Result<_>>()?;
        let generation = searcher.generation().generation_id();
        let stemmings = stemmings(searcher, fields)?;
        Ok(Self {
            generation,
            documents: searcher.num_docs(),
            stemmings,
            fields: sizes,
            numberings: Numberings::default(),
            bodies: of_kind(Kind::Body)?,
            releases,
            columns,
        })
    }

    /// How words are looked for in such a collection.
    pub(crate) const fn leaves<'a>(&'a self, fields: &'a Fields) -> Leaves<'a> {
        Leaves {
            fields,
            stemmings: self.stemmings.as_slice(),
            bodies: &self.bodies,
            releases: &self.releases,
        }
    }
}

/// The lengths of headlines over living facts.
fn over_facts(
    searcher: &Searcher,
    fields: &Fields,
    releases: &Holders,
) -> tantivy::Result<(Field, u64, u64)> {
    let (mut words, mut documents) = (0, 0);
    for segment in searcher.segment_readers() {
        let lengths = segment.get_fieldnorms_reader(fields.headline)?;
        let releases = Releases::of(releases, segment)?;
        let (mut over, mut length) = (None, 0);
        for doc in segment.doc_ids_alive() {
            let release = releases.over(doc);
            if over != Some(release) {
                (over, length) = (Some(release), u64::from(lengths.fieldnorm(release)));
            }
            if release < doc {
                words += length;
                documents += u64::from(length > 0);
            }
        }
    }
    Ok((OVER, words, documents))
}

fn stemmings(searcher: &Searcher, fields: &Fields) -> tantivy::Result<Vec<Stemming>> {
    let mut found = vec![Stemming::of(None)];
    for segment in searcher.segment_readers() {
        let inverted = segment.inverted_index(fields.lang)?;
        let mut tags = inverted.terms().stream()?;
        while tags.advance() {
            let stemming = Stemming::of(std::str::from_utf8(tags.key()).ok());
            if !found.contains(&stemming) {
                found.push(stemming);
            }
        }
    }
    found.sort_by_key(Stemming::language);
    Ok(found)
}

/// The statistics of one search.
pub(crate) struct Statistics<'s> {
    searcher: &'s Searcher,
    sizes: &'s Sizes,
    known: RefCell<FxHashMap<Term, u64>>,
}

impl<'s> Statistics<'s> {
    pub(crate) fn new(searcher: &'s Searcher, sizes: &'s Sizes) -> Self {
        Self { searcher, sizes, known: RefCell::default() }
    }

    /// In how many living documents the term stands.
    fn living(&self, term: &Term) -> tantivy::Result<u64> {
        if let Some(count) = self.known.borrow().get(term) {
            return Ok(*count);
        }
        let mut count = 0;
        for segment in self.searcher.segment_readers() {
            let inverted = segment.inverted_index(term.field())?;
            count += u64::from(match segment.alive_bitset() {
                None => inverted.doc_freq(term)?,
                Some(alive) => inverted
                    .read_postings(term, IndexRecordOption::Basic)?
                    .map_or(0, |mut postings| postings.count(alive)),
            });
        }
        self.known.borrow_mut().insert(term.clone(), count);
        Ok(count)
    }
}

impl Bm25StatisticsProvider for Statistics<'_> {
    /// Such that tantivy's division by the number of documents gives the average of those that have the field;
    /// 1 for fields without lengths.
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        let all = self.sizes.documents;
        let sizes = self.sizes.fields.iter().find(|(of, _, documents)| *of == field && *documents > 0);
        Ok(sizes.map_or(all, |(_, words, documents)| words.saturating_mul(all) / documents))
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.sizes.documents)
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        Ok(self.living(term)?.min(self.sizes.documents))
    }
}
