//! Words near each other, in any order. tantivy's own slop charges two for swapped words (0.27); here only what stands
//! between counts, so that `"a b"~3` and `"b a"~3` are the same question.

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, Term};

/// The words, folded, and how many others may stand between them in all.
#[derive(Clone, Debug)]
pub(crate) struct Near {
    pub(crate) field: Field,
    pub(crate) words: Vec<String>,
    pub(crate) between: usize,
}

/// Each different word with how often it is wanted.
pub(crate) fn wanted(words: &[String]) -> Vec<(&String, usize)> {
    let mut wanted: Vec<(&String, usize)> = Vec::new();
    for word in words {
        match wanted.iter_mut().find(|(known, _)| *known == word) {
            Some((_, times)) => *times += 1,
            None => wanted.push((word, 1)),
        }
    }
    wanted
}

/// The shortest stretches of `places` (position, index of the word; in order of position) that hold each word as often as
/// `times` says, and no more than `reach` positions; each as a range of `places`.
pub(crate) fn stretches(places: &[(u32, usize)], times: &[usize], reach: usize) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut held = vec![0_usize; times.len()];
    let mut start = 0;
    for (end, (position, word)) in places.iter().enumerate() {
        if let Some(held) = held.get_mut(*word) {
            *held += 1;
        }
        // The stretch begins as late as it can: at a word that it cannot do without.
        while let Some((from, first)) = places.get(start) {
            let spare = held.get(*first) > times.get(*first);
            if !spare && ((position - from) as usize) < reach {
                break;
            }
            if let Some(held) = held.get_mut(*first) {
                *held -= 1;
            }
            start += 1;
        }
        if held.iter().zip(times).all(|(held, times)| held >= times) {
            found.push((start, end + 1));
        }
    }
    found
}

impl Query for Near {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(NearWeight(self.clone())))
    }

    fn query_terms<'a>(&'a self, _: &mut dyn FnMut(&'a Term, bool)) {}
}

struct NearWeight(Near);

impl Weight for NearWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let inverted = reader.inverted_index(self.0.field)?;
        let (mut postings, mut times) = (Vec::new(), Vec::new());
        for (word, often) in wanted(&self.0.words) {
            let term = Term::from_field_text(self.0.field, word);
            match inverted.read_postings(&term, IndexRecordOption::WithFreqsAndPositions)? {
                Some(found) => postings.push(found),
                None => return Ok(Box::new(EmptyScorer)),
            }
            times.push(often);
        }
        if postings.is_empty() {
            return Ok(Box::new(EmptyScorer));
        }
        let reach = self.0.words.len() + self.0.between;
        let mut scorer = NearScorer { postings, times, reach, doc: 0, boost };
        scorer.settle(0);
        Ok(Box::new(scorer))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        Ok(Explanation::new("words near each other", if scorer.seek(doc) == doc { 1.0 } else { 0.0 }))
    }
}

struct NearScorer {
    postings: Vec<SegmentPostings>,
    times: Vec<usize>,
    reach: usize,
    doc: DocId,
    boost: Score,
}

impl NearScorer {
    /// Stands at the first document from `target` on that matches.
    fn settle(&mut self, target: DocId) -> DocId {
        let mut target = target;
        self.doc = loop {
            let mut furthest = target;
            for postings in &mut self.postings {
                if postings.doc() < furthest {
                    postings.seek(furthest);
                }
                furthest = furthest.max(postings.doc());
            }
            if furthest == TERMINATED {
                break TERMINATED;
            }
            if self.postings.iter().all(|postings| postings.doc() == furthest) {
                if self.is_near() {
                    break furthest;
                }
                furthest += 1;
            }
            target = furthest;
        };
        self.doc
    }

    fn is_near(&mut self) -> bool {
        let mut places = Vec::new();
        let mut positions = Vec::new();
        for (word, postings) in self.postings.iter_mut().enumerate() {
            postings.positions(&mut positions);
            places.extend(positions.iter().map(|position| (*position, word)));
        }
        places.sort_unstable();
        !stretches(&places, &self.times, self.reach).is_empty()
    }
}

impl DocSet for NearScorer {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED { TERMINATED } else { self.settle(self.doc + 1) }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target { self.doc } else { self.settle(target) }
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.postings.iter().map(DocSet::size_hint).min().unwrap_or(0)
    }
}

impl Scorer for NearScorer {
    fn score(&mut self) -> Score {
        self.boost
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_is_as_short_as_it_can_be() {
        let places = [(0, 0), (4, 0), (6, 1), (7, 0), (20, 1)];
        assert_eq!(stretches(&places, &[1, 1], 3), [(1, 3), (2, 4)]);
        assert_eq!(stretches(&places, &[2, 1], 4), [(1, 4)]);
        assert_eq!(stretches(&places, &[1, 1], 2), [(2, 4)]);
        assert_eq!(stretches(&[], &[1], 2), []);
    }
}
