//! Values counted over all found documents: by their numbers within each segment, block by block; only those that are told
//! become words.
//!
//! Segments number the same values differently. Few values are brought together by their words; where there are many, by one
//! numbering of all values of the index, which is made when it is first needed and kept for as long as the searcher.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;
use tantivy::DocId;
use tantivy::columnar::StrColumn;

use crate::hit::Count;
use crate::over::Releases;
use crate::query::Facet;

/// More values than this are brought together by their numbers.
const FEW: usize = 1000;

/// How often each value of one facet was met in one segment.
pub(crate) struct Values {
    column: Option<StrColumn>,
    counts: Vec<u32>,
}

/// Where fewer than one in so many values were met, these are sorted; else there is a sum for each value.
const SPARSE: usize = 16;

/// Memory that blocks of documents share.
#[derive(Default)]
pub(crate) struct Scratch {
    docs: Vec<DocId>,
    rows: Vec<u32>,
    numbers: Vec<u64>,
}

/// The values that are told, and how many there are besides.
pub(crate) type Told = (Vec<Count>, u64);

impl Values {
    pub(crate) fn of(column: Option<StrColumn>) -> Self {
        let values = column.as_ref().map_or(0, |column| column.num_terms());
        Self { column, counts: vec![0; values] }
    }

    /// Counts the values of some documents.
    pub(crate) fn count(&mut self, docs: &[DocId], scratch: &mut Scratch) {
        let Some(column) = &self.column else { return };
        scratch.docs.clear();
        scratch.rows.clear();
        column.ords().row_ids_for_docs(docs, &mut scratch.docs, &mut scratch.rows);
        scratch.numbers.resize(scratch.rows.len(), 0);
        column.ords().values.get_vals(&scratch.rows, &mut scratch.numbers);
        for (at, number) in scratch.numbers.iter().enumerate() {
            // A document that has a value twice (two posts of one class) is one.
            let doc = scratch.docs.get(at);
            let mut of_doc = (0..at).rev().take_while(|before| scratch.docs.get(*before) == doc);
            if of_doc.any(|before| scratch.numbers.get(before) == Some(number)) {
                continue;
            }
            if let Some(count) = usize::try_from(*number).ok().and_then(|at| self.counts.get_mut(at)) {
                *count += 1;
            }
        }
    }

    /// The same for a facet of which only releases have values, and each one: facts have those of theirs.
    pub(crate) fn count_of_releases(&mut self, docs: &[DocId], releases: &Releases) {
        let Some(column) = &self.column else { return };
        let mut at = (DocId::MAX, None);
        for doc in docs {
            let release = releases.over(*doc);
            if at.0 != release {
                at = (release, column.ords().first(release));
            }
            let count = at.1.and_then(|number| self.counts.get_mut(usize::try_from(number).ok()?));
            if let Some(count) = count {
                *count += 1;
            }
        }
    }

    fn met(&self) -> usize {
        self.counts.iter().filter(|count| **count > 0).count()
    }

    /// The word of a value; a dictionary that cannot be read gives none, and the cards of the hits say that it is damaged.
    fn word(&self, number: u32) -> String {
        let mut word = String::new();
        if let Some(column) = &self.column {
            let _ = column.ord_to_str(number.into(), &mut word);
        }
        word
    }
}

/// One numbering of all values of a facet, in the order of their words.
struct Numbering {
    /// By segment, by number within it.
    of_segment: Vec<Vec<u32>>,
    /// By number: a segment and a number within it.
    places: Vec<(u32, u32)>,
    /// The words of values that were told before: the most frequent are told again and again.
    words: Mutex<FxHashMap<u32, String>>,
}

impl Numbering {
    fn of(parts: &[Values]) -> std::io::Result<Self> {
        let mut streams = Vec::with_capacity(parts.len());
        for part in parts {
            streams.push(part.column.as_ref().map(|column| column.dictionary().stream()).transpose()?);
        }
        let mut heads = Vec::with_capacity(streams.len());
        for stream in &mut streams {
            heads.push(match stream {
                Some(stream) => stream.advance(),
                None => false,
            });
        }
        let mut of_segment: Vec<Vec<u32>> =
            parts.iter().map(|part| Vec::with_capacity(part.counts.len())).collect();
        let mut places = Vec::new();
        let mut least: Vec<u8> = Vec::new();
        loop {
            let keys = streams.iter().zip(&heads).filter_map(|(stream, head)| match stream {
                Some(stream) if *head => Some(stream.key()),
                _ => None,
            });
            let Some(key) = keys.min() else { break };
            least.clear();
            least.extend_from_slice(key);
            let number = places.len() as u32;
            let all = streams.iter_mut().zip(&mut heads).zip(&mut of_segment);
            for (segment, ((stream, head), numbers)) in (0..).zip(all) {
                let Some(stream) = stream.as_mut().filter(|stream| *head && stream.key() == least) else {
                    continue;
                };
                if places.len() as u32 == number {
                    places.push((segment, numbers.len() as u32));
                }
                numbers.push(number);
                *head = stream.advance();
            }
        }
        Ok(Self { of_segment, places, words: Mutex::default() })
    }

    /// The word of a value.
    fn word(&self, parts: &[Values], number: u32) -> String {
        // A thread that panicked while it held the lock has left whole words.
        let mut words = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        let word = words.entry(number).or_insert_with(|| {
            let place = self.places.get(number as usize);
            let part = place.and_then(|(segment, within)| Some((parts.get(*segment as usize)?, *within)));
            part.map(|(part, within)| part.word(within)).unwrap_or_default()
        });
        word.clone()
    }
}

/// The numberings that were made so far.
#[derive(Default)]
pub(crate) struct Numberings([Mutex<Option<Arc<Numbering>>>; Facet::ALL.len()]);

impl std::fmt::Debug for Numberings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Numberings")
    }
}

impl Numberings {
    /// The most frequent values of a facet over all segments, at most `most`; equals in the order of their words.
    pub(crate) fn told(&self, facet: Facet, parts: &[Values], most: usize) -> tantivy::Result<Told> {
        let met: usize = parts.iter().map(Values::met).sum();
        let with: Vec<&Values> = parts.iter().filter(|part| part.met() > 0).collect();
        if let [part] = with[..] {
            // Within a segment, values are numbered in the order of their words.
            let met = part.counts.iter().zip(0..).filter(|(count, _)| **count > 0);
            let met = met.map(|(count, number)| (u64::from(*count), number));
            return Ok(most_frequent(met.collect(), most, |number| part.word(number)));
        }
        if met <= FEW && !self.has_numbering(facet) {
            return Ok(by_words(&with, most));
        }
        Ok(by_numbers(parts, &*self.numbering(facet, parts)?, most))
    }

    fn has_numbering(&self, facet: Facet) -> bool {
        let kept = self.0.get(facet.number());
        kept.is_some_and(|kept| kept.lock().unwrap_or_else(PoisonError::into_inner).is_some())
    }

    fn numbering(&self, facet: Facet, parts: &[Values]) -> tantivy::Result<Arc<Numbering>> {
        let Some(kept) = self.0.get(facet.number()) else { return Ok(Arc::new(Numbering::of(parts)?)) };
        // A thread that panicked while it held the lock has left either a whole numbering or none.
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        match kept.as_ref() {
            Some(numbering) => Ok(Arc::clone(numbering)),
            None => Ok(Arc::clone(kept.insert(Arc::new(Numbering::of(parts)?)))),
        }
    }
}

/// The most frequent of values that are numbered in the order of their words.
fn most_frequent(mut met: Vec<(u64, u32)>, most: usize, word: impl Fn(u32) -> String) -> Told {
    let order = |(count, number): &(u64, u32)| (std::cmp::Reverse(*count), *number);
    if met.len() > most && most > 0 {
        met.select_nth_unstable_by_key(most - 1, order);
    }
    let more = met.len().saturating_sub(most);
    met.truncate(most);
    met.sort_unstable_by_key(order);
    let told = met.into_iter().map(|(count, number)| Count { value: word(number), count });
    (told.collect(), more as u64)
}

fn by_numbers(parts: &[Values], numbering: &Numbering, most: usize) -> Told {
    let met: usize = parts.iter().map(Values::met).sum();
    let counts = parts.iter().zip(&numbering.of_segment).flat_map(|(part, numbers)| {
        let met = part.counts.iter().zip(numbers).filter(|(count, _)| **count > 0);
        met.map(|(count, number)| (*number, u64::from(*count)))
    });
    if met * SPARSE < numbering.places.len() {
        let mut counts: Vec<(u32, u64)> = counts.collect();
        counts.sort_unstable();
        counts.dedup_by(|next, kept| {
            let is_same = next.0 == kept.0;
            kept.1 += if is_same { next.1 } else { 0 };
            is_same
        });
        let counts = counts.into_iter().map(|(number, count)| (count, number));
        return most_frequent(counts.collect(), most, |number| numbering.word(parts, number));
    }
    let mut sums = vec![0_u64; numbering.places.len()];
    for (number, count) in counts {
        if let Some(sum) = sums.get_mut(number as usize) {
            *sum += count;
        }
    }
    let met = sums.into_iter().zip(0..).filter(|(count, _)| *count > 0);
    most_frequent(met.collect(), most, |number| numbering.word(parts, number))
}

fn by_words(parts: &[&Values], most: usize) -> Told {
    let mut sums: FxHashMap<String, u64> = FxHashMap::default();
    for part in parts {
        let Some(column) = &part.column else { continue };
        let met: Vec<u64> =
            (0..).zip(&part.counts).filter(|(_, count)| **count > 0).map(|(at, _)| at).collect();
        let mut counts = part.counts.iter().filter(|count| **count > 0);
        // As above: what cannot be read gives no values.
        let _ = column.dictionary().sorted_ords_to_term_cb(&met, |word| {
            let count = counts.next().copied().unwrap_or_default();
            *sums.entry(String::from_utf8_lossy(word).into_owned()).or_default() += u64::from(count);
        });
    }
    let mut all: Vec<Count> = sums.into_iter().map(|(value, count)| Count { value, count }).collect();
    all.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
    let more = all.len().saturating_sub(most);
    all.truncate(most);
    (all, more as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Index, Place};
    use chancery_record::{Cue, Person, Post, Record, Release, Span, Statement};

    #[test]
    fn numbers_and_words_tell_the_same_over_several_segments() {
        let folder = tempfile::tempdir().unwrap();
        let index = Index::create(folder.path()).unwrap();
        let mut writer = index.writer(15_000_000).unwrap();
        for commit in 0..4_u64 {
            for number in 0..40 {
                // Of one of them there is no source: its segment has no such column.
                let source = (commit < 3).then(|| format!("s{}", (number * number + commit * 11) % 50));
                let id = format!("{commit}/{number}");
                let release = Release { id, source, text: "pier".into(), ..Release::default() };
                writer
                    .put(&Record::new(release, "test"), commit * 40 + number + 1, Place::default())
                    .unwrap();
            }
            writer.commit().unwrap();
        }
        let searcher = index.reader.searcher();
        assert!(searcher.segment_readers().len() > 2);
        let mut parts = Vec::new();
        for segment in searcher.segment_readers() {
            let mut values = Values::of(segment.fast_fields().str("source").unwrap());
            let docs: Vec<DocId> = segment.doc_ids_alive().collect();
            values.count(&docs, &mut Scratch::default());
            parts.push(values);
        }
        let numbering = Numbering::of(&parts).unwrap();
        for most in [0, 1, 7, 20, 100] {
            let words = by_words(&parts.iter().collect::<Vec<_>>(), most);
            assert_eq!(by_numbers(&parts, &numbering, most), words, "{most}");
            assert_eq!(words.0.len() + usize::try_from(words.1).unwrap(), numbering.places.len());
        }
        let all = by_numbers(&parts, &numbering, 100).0;
        assert_eq!(all.iter().map(|value| value.count).sum::<u64>(), 120);
    }

    #[test]
    fn a_document_that_has_a_value_twice_is_counted_once() {
        let folder = tempfile::tempdir().unwrap();
        let index = Index::create(folder.path()).unwrap();
        let mut writer = index.writer(15_000_000).unwrap();
        let mut record =
            Record::new(Release { id: "r".into(), text: "pier".into(), ..Release::default() }, "test");
        let post = |role: &str| Post {
            title: Some(role.into()),
            organization: None,
            country: None,
            role: Some(role.into()),
            acting: false,
            former: false,
            confidence: 90,
            span: Span::new(0, 4),
            rule: "test".into(),
        };
        record.officials.push(Person {
            id: "p1".into(),
            name: "Ana Roe".into(),
            mentions: Vec::new(),
            posts: vec![post("minister"), post("chair"), post("minister")],
            confidence: 90,
            rule: "test".into(),
        });
        record.statements.push(Statement {
            id: "s1".into(),
            key: "k1".into(),
            confidence: 90,
            speaker: Some("Ana Roe".into()),
            speaker_id: Some("p1".into()),
            act: "state".into(),
            cue: Cue { span: Span::new(0, 4), text: "pier".into() },
            span: Span::new(0, 4),
            text: "pier".into(),
            direct: false,
            rule: "test".into(),
        });
        writer.put(&record, 1, Place::default()).unwrap();
        writer.commit().unwrap();
        let searcher = index.reader.searcher();
        let mut told = Vec::new();
        for segment in searcher.segment_readers() {
            let mut values = Values::of(segment.fast_fields().str("role").unwrap());
            let docs: Vec<DocId> = segment.doc_ids_alive().collect();
            values.count(&docs, &mut Scratch::default());
            told.extend(by_words(&[&values], 10).0);
        }
        let of = |role: &str| told.iter().find(|count| count.value == role).unwrap().count;
        // Each post is a document of its own; what the holder of all three says is one more.
        assert_eq!((of("minister"), of("chair")), (3, 2), "{told:?}");
    }
}
