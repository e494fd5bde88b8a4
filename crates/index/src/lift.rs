//! What lifts a document that was found: two words side by side, a year.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{Bm25Weight, Scorer};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet as _, Score, SeekDangerResult, SegmentReader, Term};

use crate::exact::{STEP, on_grid};
use crate::whereabouts::Whereabouts;

/// See the module.
pub(crate) struct Lift {
    by: By,
    /// What it is worth at most.
    pub(crate) most: Score,
    /// It stands in no document before this one that was not asked for yet.
    next: DocId,
}

enum By {
    Pair(Box<Pair>),
    Query(Box<dyn Scorer>),
}

impl Lift {
    pub(crate) fn by_query(scorer: Box<dyn Scorer>, most: Score) -> Self {
        let next = scorer.doc();
        Self { by: By::Query(scorer), most: most + STEP, next }
    }

    pub(crate) fn by_pair(pair: Pair, most: Score) -> Self {
        Self { by: By::Pair(Box::new(pair)), most: most + STEP, next: 0 }
    }

    /// What it adds to `doc`, which none asked for before lies behind.
    pub(crate) fn score(&mut self, doc: DocId) -> Score {
        if doc < self.next {
            return 0.0;
        }
        let (score, next) = match &mut self.by {
            By::Pair(pair) => pair.score(doc),
            By::Query(scorer) => match scorer.seek_danger(doc) {
                SeekDangerResult::Found => (scorer.score(), doc),
                SeekDangerResult::SeekLowerBound(next) => (0.0, next),
            },
        };
        self.next = next;
        score
    }
}

/// Two words side by side, weighed as tantivy weighs a phrase. Its own scorer looks for the first document that has it before
/// it is asked for any; here nothing is looked at but what is asked for.
pub(crate) struct Pair {
    words: [SegmentPostings; 2],
    places: [Vec<u32>; 2],
    lengths: FieldNormReader,
    weight: Bm25Weight,
}

impl Pair {
    /// `None` where the segment lacks one of the words.
    pub(crate) fn of(
        terms: &[(Term, Whereabouts); 2],
        weight: Bm25Weight,
        reader: &SegmentReader,
    ) -> tantivy::Result<Option<Self>> {
        let [(first, first_at), (second, second_at)] = terms;
        let places = IndexRecordOption::WithFreqsAndPositions;
        let Some(first_postings) = first_at.postings(first, reader, places)? else { return Ok(None) };
        let Some(second_postings) = second_at.postings(second, reader, places)? else { return Ok(None) };
        let lengths = reader.get_fieldnorms_reader(first.field())?;
        let words = [first_postings, second_postings];
        Ok(Some(Self { words, places: Default::default(), lengths, weight }))
    }

    /// What it is worth in `doc`, and the first document from there on that may have it.
    fn score(&mut self, doc: DocId) -> (Score, DocId) {
        for word in &mut self.words {
            if word.doc() < doc {
                word.seek(doc);
            }
            if word.doc() > doc {
                return (0.0, word.doc());
            }
        }
        let [first, second] = &mut self.words;
        let [before, behind] = &mut self.places;
        first.positions_with_offset(1, before);
        second.positions(behind);
        let count = common(before, behind);
        let score = if count > 0 { self.weight.score(self.lengths.fieldnorm_id(doc), count) } else { 0.0 };
        (on_grid(score), doc)
    }
}

/// How many numbers two rising lists share.
fn common(one: &[u32], other: &[u32]) -> u32 {
    let (mut count, mut rest) = (0, other);
    for number in one {
        rest = rest.get(rest.partition_point(|other| other < number)..).unwrap_or_default();
        count += u32::from(rest.first() == Some(number));
    }
    count
}
