//! One word looked for in all fields at once, weighed by BM25F: its occurrences are added up over the fields, each field
//! with a weight and a length of its own, and only the sum is saturated.
//!
//! Stephen Robertson, Hugo Zaragoza, Michael Taylor: *Simple BM25 extension to multiple weighted fields*, CIKM 2004. A
//! word is thus worth little more where it stands in headline and text than where it stands in one of them twice; summing
//! scores of fields, as tantivy's own queries do, would count it as two words.
//!
//! Fields hold stems, and one stem may stand for words that have little to do with each other (`housing` and the House):
//! an occurrence in another form than was asked for counts less, and so does a document that has no other.

use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, Term};

use crate::holders::Holders;
use crate::over::List;
use crate::schema::OVER;
use crate::whereabouts::Whereabouts;

/// Where a word is looked for.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) term: Term,
    /// What an occurrence is worth in this field.
    pub(crate) weight: Score,
    /// What the score of the document is multiplied by where the word is found here: a fact is worth more than a release.
    pub(crate) lift: Score,
    /// How much the length of the field matters, 0 to 1; `None` where lengths are not known.
    pub(crate) length: Option<Score>,
    /// Whether the field is one of releases: by these it is told how rare a word is.
    pub(crate) is_of_releases: bool,
    /// Whether finding it here is finding it; else it only counts beside what was found.
    pub(crate) finds: bool,
    /// What the field holds of the word.
    pub(crate) holds: Holds,
    /// The releases, where the field is one of theirs and looked at over their facts; such a part finds nothing.
    pub(crate) over: Option<Arc<Holders>>,
}

/// What a field holds of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    /// The word as it stands, because names have no stems.
    Name,
    /// The stem of what the field of [`Bm25f::exact`] holds as it stands.
    Stem,
    /// The stem of what stands beside that.
    Beside,
}

/// A word, all whose parts are looked for at once.
#[derive(Clone, Debug)]
pub(crate) struct Bm25f {
    pub(crate) parts: Vec<Part>,
    /// The word as it was asked for, in the field that holds words as they stand; never found here alone.
    pub(crate) exact: Term,
    /// What another form counts, of 1.
    pub(crate) other_form: Score,
    pub(crate) boost: Score,
    /// How soon more occurrences stop to matter.
    pub(crate) k1: Score,
    /// What all releases have, to count them by.
    pub(crate) releases: Term,
}

impl Query for Bm25f {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.prepared(scoring)?))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.parts.iter().for_each(|part| visitor(&part.term, false));
    }
}

impl Bm25f {
    pub(crate) fn prepared(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Bm25fWeight> {
        let mut parts: Vec<PreparedPart> = Vec::with_capacity(self.parts.len());
        let (mut in_releases, mut in_facts) = (0, 0);
        for part in &self.parts {
            // The headline is asked twice: for releases, and over their facts.
            let known = parts.iter().find(|(known, ..)| known.term == part.term);
            let at = match known {
                Some((_, _, at)) => at.clone(),
                None => Whereabouts::of(&part.term, scoring)?,
            };
            if at.is_nowhere() {
                continue;
            }
            if part.is_of_releases {
                in_releases = at.count(&part.term, scoring)?.max(in_releases);
            } else if part.finds {
                in_facts = at.count(&part.term, scoring)?.max(in_facts);
            }
            parts.push((part.clone(), part.discounts(scoring)?, at));
        }
        // A word is as rare as the releases that have it are; one that none has may still be a name of a fact.
        let in_any = if in_releases > 0 { in_releases } else { in_facts };
        let worth = match scoring {
            EnableScoring::Enabled { statistics_provider, .. } if !parts.is_empty() => {
                inverse_frequency(in_any, statistics_provider.doc_freq(&self.releases)?) * self.boost
            }
            _ => 0.0,
        };
        let formula = Formula { other_form: self.other_form, worth, k1: self.k1 };
        let exact_at = Whereabouts::of(&self.exact, scoring)?;
        Ok(Bm25fWeight { parts, exact: self.exact.clone(), exact_at, formula })
    }
}

/// `ln(1 + (N - n + 1/2) / (n + 1/2))`.
fn inverse_frequency(found: u64, all: u64) -> Score {
    let found = found.min(all);
    (1.0 + ((all - found) as Score + 0.5) / (found as Score + 0.5)).ln()
}

impl Part {
    /// By which lengths its own is long or short.
    fn sized_by(&self) -> Field {
        if self.over.is_some() { OVER } else { self.term.field() }
    }

    /// What an occurrence counts, by the code of the field's length.
    fn discounts(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Arc<[Score; 256]>> {
        let EnableScoring::Enabled { statistics_provider, .. } = scoring else {
            return Ok(Arc::new([1.0; 256]));
        };
        let words = statistics_provider.total_num_tokens(self.sized_by())?;
        let average = words as Score / statistics_provider.total_num_docs()?.max(1) as Score;
        let mut discounts = [self.weight; 256];
        if let Some(b) = self.length.filter(|_| average > 0.0) {
            for (code, discount) in (0..=u8::MAX).zip(&mut discounts) {
                let length = FieldNormReader::id_to_fieldnorm(code) as Score;
                *discount = self.weight / (1.0 - b + b * length / average);
            }
        }
        Ok(Arc::new(discounts))
    }
}

/// A part with what its occurrences count, and where they are.
pub(crate) type PreparedPart = (Part, Arc<[Score; 256]>, Whereabouts);

/// A word with its worth in one collection.
pub(crate) struct Bm25fWeight {
    /// Those that any document has.
    pub(crate) parts: Vec<PreparedPart>,
    pub(crate) exact: Term,
    pub(crate) exact_at: Whereabouts,
    pub(crate) formula: Formula,
}

/// How occurrences of a word become its score.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Formula {
    /// What a form other than the one asked for counts, of 1.
    other_form: Score,
    /// How rare the word is, times what it is asked to be worth.
    worth: Score,
    k1: Score,
}

/// What was met of a word in one document.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Met {
    /// Occurrences in any form, each with what it is worth where it stands.
    pub(crate) of_stem: Score,
    /// The same of names, and of what stands beside.
    pub(crate) beside: Score,
    /// What the score is multiplied by; 0 is 1.
    pub(crate) lift: Score,
    /// Occurrences in any form.
    times: u32,
}

/// The bit of [`Met::times`] that says that a name was met.
const NAMED: u32 = 1 << 31;

impl Met {
    /// Adds what one field has: `found` occurrences, each worth `discount`.
    pub(crate) fn add(&mut self, holds: Holds, found: u32, discount: Score, lift: Score) {
        let worth = found as Score * discount;
        if holds == Holds::Stem {
            self.of_stem += worth;
            self.times += found;
        } else {
            self.beside += worth;
        }
        if holds == Holds::Name {
            self.times |= NAMED;
        }
        self.lift = lift.max(self.lift);
    }

    fn lift(&self) -> Score {
        self.lift.max(1.0)
    }
}

impl Formula {
    pub(crate) fn boosted(self, boost: Score) -> Self {
        Self { worth: self.worth * boost, ..self }
    }

    /// The score of a document that has the word `exact` times as it was asked for.
    pub(crate) fn score(&self, met: &Met, exact: u32) -> Score {
        let times = met.times & !NAMED;
        let exact = exact.min(times);
        let (mut worth, mut of_stem) = (self.worth * met.lift(), met.of_stem);
        if exact > 0 {
            let share = exact as Score / times as Score;
            of_stem *= self.other_form + (1.0 - self.other_form) * share;
        } else if met.times & NAMED == 0 {
            worth *= self.other_form;
        }
        let occurrences = met.beside + of_stem;
        worth * (self.k1 + 1.0) * occurrences / (self.k1 + occurrences)
    }

    /// What the score can be at most, in whatever form the word stands there; without the errors of rounding.
    pub(crate) fn at_most(&self, met: &Met) -> Score {
        let occurrences = met.beside + met.of_stem;
        self.worth * met.lift() * (self.k1 + 1.0) * occurrences / (self.k1 + occurrences)
    }

    /// What it can be at most in any document.
    pub(crate) fn limit(&self, lift: Score) -> Score {
        self.worth * lift.max(1.0) * (self.k1 + 1.0)
    }
}

impl Bm25fWeight {
    /// The word in one segment; `None` where it is found nowhere in it.
    fn word(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Option<Bm25fScorer>> {
        let mut parts = Vec::new();
        for (part, discounts, at) in &self.parts {
            let Some(postings) = Found::of(part, at, reader)? else { continue };
            let lengths = part.length.map(|_| reader.get_fieldnorms_reader(part.term.field())).transpose()?;
            parts.push(SegmentPart {
                postings,
                lengths,
                discounts: Arc::clone(discounts),
                lift: part.lift,
                holds: part.holds,
            });
        }
        if !parts.iter().any(|part| part.postings.finding().is_some()) {
            return Ok(None);
        }
        let exact = self.exact_at.postings(&self.exact, reader, IndexRecordOption::WithFreqs)?;
        let mut scorer = Bm25fScorer { parts, exact, doc: 0, formula: self.formula.boosted(boost) };
        scorer.settle();
        Ok(Some(scorer))
    }
}

impl Weight for Bm25fWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(match self.word(reader, boost)? {
            Some(scorer) => Box::new(scorer),
            None => Box::new(EmptyScorer),
        })
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        let score = if scorer.seek(doc) == doc { scorer.score() } else { 0.0 };
        Ok(Explanation::new("BM25F", score))
    }
}

/// Where one field of one segment has a word.
enum Found {
    /// Finding it here is finding it.
    Finding(Box<SegmentPostings>),
    /// It counts beside what was found.
    Beside(List),
}

impl Found {
    /// `None` where it has it nowhere.
    fn of(part: &Part, at: &Whereabouts, reader: &SegmentReader) -> tantivy::Result<Option<Self>> {
        if part.finds {
            let postings = at.postings(&part.term, reader, IndexRecordOption::WithFreqs)?;
            return Ok(postings.map(|postings| Self::Finding(Box::new(postings))));
        }
        List::of(part, at, reader).map(|list| list.map(Self::Beside))
    }

    const fn finding(&self) -> Option<&SegmentPostings> {
        match self {
            Self::Finding(postings) => Some(postings),
            Self::Beside(_) => None,
        }
    }

    /// How often the word stands in or over `doc`, and in which document.
    fn in_doc(&mut self, doc: DocId) -> (u32, DocId) {
        match self {
            Self::Finding(postings) if postings.doc() == doc => (postings.term_freq(), doc),
            Self::Finding(_) => (0, doc),
            Self::Beside(list) => list.in_doc(doc),
        }
    }
}

/// One field of one segment.
struct SegmentPart {
    postings: Found,
    lengths: Option<FieldNormReader>,
    discounts: Arc<[Score; 256]>,
    lift: Score,
    holds: Holds,
}

/// A word in one segment: stops where a part that finds has it.
struct Bm25fScorer {
    parts: Vec<SegmentPart>,
    exact: Option<SegmentPostings>,
    doc: DocId,
    formula: Formula,
}

impl Bm25fScorer {
    /// Where it is found.
    fn finding(&mut self) -> impl Iterator<Item = &mut SegmentPostings> {
        self.parts.iter_mut().filter_map(|part| match &mut part.postings {
            Found::Finding(postings) => Some(&mut **postings),
            Found::Beside(_) => None,
        })
    }

    /// Stands at the first document in which the word is found.
    fn settle(&mut self) -> DocId {
        self.doc = self.finding().map(|postings| postings.doc()).min().unwrap_or(TERMINATED);
        self.doc
    }

    /// How often the word stands there as it was asked for.
    fn as_asked(&mut self) -> u32 {
        let Some(postings) = &mut self.exact else { return 0 };
        if postings.doc() < self.doc {
            postings.seek(self.doc);
        }
        if postings.doc() == self.doc { postings.term_freq() } else { 0 }
    }
}

impl DocSet for Bm25fScorer {
    fn advance(&mut self) -> DocId {
        let doc = self.doc;
        for postings in self.finding() {
            if postings.doc() == doc {
                postings.advance();
            }
        }
        self.settle()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        for postings in self.finding() {
            if postings.doc() < target {
                postings.seek(target);
            }
        }
        self.settle()
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        let finding = self.parts.iter().filter_map(|part| part.postings.finding());
        finding.map(DocSet::size_hint).max().unwrap_or(0)
    }
}

impl Scorer for Bm25fScorer {
    fn score(&mut self) -> Score {
        let mut met = Met::default();
        for part in &mut self.parts {
            let (times, at) = part.postings.in_doc(self.doc);
            if times > 0 {
                let code = part.lengths.as_ref().map_or(0, |lengths| lengths.fieldnorm_id(at));
                let discount = part.discounts.get(usize::from(code)).copied().unwrap_or(1.0);
                met.add(part.holds, times, discount, part.lift);
            }
        }
        let exact = self.as_asked();
        self.formula.score(&met, exact)
    }
}
