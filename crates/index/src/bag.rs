//! Plain words side by side: so many of them must be found, and one of those in the document itself. What stands around a
//! fact (the headline over it) counts as found beside what the fact says: who asks for `cable outage apology` wants the
//! apology under the headline of the outage, and not every sentence under that headline.

use std::sync::Arc;

use tantivy::query::{Bm25Weight, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, Term};

use crate::bm25f::{Bm25f, Bm25fWeight};
use crate::holders::Holders;
use crate::leaf::Leaf;
use crate::lift::{Lift, Pair};
use crate::sweep::{Sweep, Swept};
use crate::whereabouts::Whereabouts;

/// The words, and how many of them must be found.
#[derive(Clone, Debug)]
pub(crate) struct Bag {
    pub(crate) words: Vec<Bm25f>,
    pub(crate) least: usize,
    /// What a document is worth besides where it has these too.
    pub(crate) lifts: Vec<Lifting>,
    /// Documents that are never found.
    pub(crate) without: Option<Arc<Holders>>,
}

/// A lift, and what it is worth at most.
#[derive(Debug)]
pub(crate) struct Lifting {
    pub(crate) query: Leaf,
    pub(crate) most: Most,
}

/// What a lift is worth at most.
#[derive(Clone, Debug)]
pub(crate) enum Most {
    /// So much.
    Is(Score),
    /// What a phrase of these two words is worth at most, so many times; the query is that phrase.
    OfPair([Term; 2], Score),
}

impl Clone for Lifting {
    fn clone(&self) -> Self {
        Self { query: self.query.box_clone(), most: self.most.clone() }
    }
}

impl Query for Bag {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let words = self.words.iter().map(|word| word.prepared(scoring));
        let words = words.collect::<tantivy::Result<Vec<_>>>()?;
        let mut lifts = Vec::new();
        if let EnableScoring::Enabled { statistics_provider, .. } = scoring {
            for Lifting { query, most } in &self.lifts {
                lifts.push(match most {
                    Most::Is(most) => LiftWeight::Query(query.weight(scoring)?, *most),
                    Most::OfPair(terms, boost) => {
                        let weight = Bm25Weight::for_terms(statistics_provider, terms)?;
                        let at = |term: &Term| match words.iter().find(|word| word.exact == *term) {
                            Some(word) => Ok(word.exact_at.clone()),
                            None => Whereabouts::of(term, scoring),
                        };
                        let [first, second] = terms;
                        let terms = [(first.clone(), at(first)?), (second.clone(), at(second)?)];
                        LiftWeight::Pair(terms, weight, *boost)
                    }
                });
            }
        }
        Ok(Box::new(BagWeight { words, least: self.least, lifts, without: self.without.clone() }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.words.iter().for_each(|word| word.query_terms(visitor));
    }
}

struct BagWeight {
    words: Vec<Bm25fWeight>,
    least: usize,
    lifts: Vec<LiftWeight>,
    without: Option<Arc<Holders>>,
}

/// A lift in one collection.
enum LiftWeight {
    /// With what it is worth at most.
    Query(Box<dyn Weight>, Score),
    /// With what it is multiplied by.
    Pair([(Term, Whereabouts); 2], Bm25Weight, Score),
}

impl LiftWeight {
    /// In one segment; `None` where nothing there is lifted.
    fn within(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Option<Lift>> {
        match self {
            Self::Query(weight, most) => {
                Ok(Some(Lift::by_query(weight.scorer(reader, boost)?, most * boost)))
            }
            Self::Pair(terms, weight, times) => {
                let pair = Pair::of(terms, weight.boost_by(boost * times), reader)?;
                Ok(pair.map(|pair| Lift::by_pair(pair, weight.max_score() * times * boost)))
            }
        }
    }
}

impl Weight for BagWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut words = Vec::with_capacity(self.words.len());
        for word in &self.words {
            words.extend(Swept::of(word, reader, boost)?);
        }
        if words.len() < self.least || words.is_empty() {
            return Ok(Box::new(EmptyScorer));
        }
        let mut lifts = Vec::with_capacity(self.lifts.len());
        for lift in &self.lifts {
            lifts.extend(lift.within(reader, boost)?);
        }
        let without = self.without.as_ref().map(|without| without.of(reader)).transpose()?;
        let all = self.words.len();
        Ok(Box::new(Sweep::new(words, (self.least, all), lifts, without, reader.max_doc())))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        let score = if scorer.seek(doc) == doc { scorer.score() } else { 0.0 };
        Ok(Explanation::new("words side by side, each by BM25F", score))
    }
}
