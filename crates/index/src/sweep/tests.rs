//! Stretch by stretch finds what going from document to document finds, worth the same to the last bit.

use chancery_record::{Cue, Record, Release, Span, Statement};
use proptest::prelude::*;
use rustc_hash::FxHashMap;
use tantivy::postings::Postings as _;
use tantivy::query::{EnableScoring, Query as _};
use tantivy::schema::IndexRecordOption;
use tantivy::{SegmentReader, Term};

use super::*;
use crate::bag::{Bag, Lifting, Most};
use crate::leaf::row;
use crate::records::tests::{Kept, put};
use crate::statistics::Statistics;
use crate::{Index, Query};

const WORDS: [&str; 7] = ["pier", "piers", "harbour", "harbours", "mill", "bakery", "lighthouse"];

/// A release: its words, those of its headline, and how many of the first are said by somebody.
type Wanted = (Vec<usize>, Vec<usize>, usize);

fn text(words: &[usize]) -> String {
    words.iter().filter_map(|word| WORDS.get(*word)).copied().collect::<Vec<_>>().join(" ")
}

fn record(number: usize, (words, headline, said): &Wanted) -> Record {
    let release = Release {
        id: format!("r{number}"),
        headline: Some(text(headline)),
        text: text(words),
        ..Release::default()
    };
    let whole = text(words.get(..*said).unwrap_or(words));
    let mut record = Record::new(release, "test");
    if *said > 0 && !whole.is_empty() {
        record.statements.push(Statement {
            id: "s1".into(),
            key: "k1".into(),
            confidence: 90,
            speaker: Some("Pier Harbour".into()),
            speaker_id: None,
            act: "state".into(),
            cue: Cue { span: Span::new(0, 2), text: "mill".into() },
            span: Span::new(0, whole.len()),
            text: whole,
            direct: false,
            rule: "test".into(),
        });
    }
    record
}

fn index(folder: &std::path::Path, releases: &[Wanted]) -> Index {
    let index = Index::create(folder).unwrap();
    let mut writer = index.writer(15_000_000).unwrap();
    for (number, wanted) in releases.iter().enumerate() {
        put(&mut writer, &record(number, wanted), number as u64 + 1);
        if number == releases.len() / 3 {
            writer.commit().unwrap();
        }
    }
    writer.commit().unwrap();
    index
}

/// How often each document of a segment has a term.
fn times(reader: &SegmentReader, term: &Term) -> FxHashMap<DocId, u32> {
    let inverted = reader.inverted_index(term.field()).unwrap();
    let postings = inverted.read_postings(term, IndexRecordOption::WithFreqs).unwrap();
    let mut times = FxHashMap::default();
    let Some(mut postings) = postings else { return times };
    while postings.doc() != TERMINATED {
        times.insert(postings.doc(), postings.term_freq());
        postings.advance();
    }
    times
}

/// What the bag finds in a segment, document by document.
fn slowly(bag: &Bag, scoring: EnableScoring<'_>, reader: &SegmentReader) -> Vec<(DocId, Score)> {
    let words: Vec<Bm25fWeight> = bag.words.iter().map(|word| word.prepared(scoring).unwrap()).collect();
    let lists = words.iter().map(|word| {
        let parts = word.parts.iter().map(|(part, ..)| times(reader, &part.term)).collect::<Vec<_>>();
        (times(reader, &word.exact), parts)
    });
    let lists: Vec<_> = lists.collect();
    let mut all = Vec::new();
    let is_release =
        times(reader, &Term::from_field_text(reader.schema().get_field("kind").unwrap(), "release"));
    let mut release = 0;
    for doc in 0..reader.max_doc() {
        release = if is_release.contains_key(&doc) { doc } else { release };
        let (mut sum, mut count, mut is_found) = (0.0, 0, false);
        for (word, (exact, parts)) in words.iter().zip(&lists) {
            let mut met = Met::default();
            let mut has_any = false;
            for ((part, discounts, _), times) in word.parts.iter().zip(parts) {
                // What stands over a fact stands in its release.
                let at = if part.over.is_some() { release } else { doc };
                let Some(times) = times.get(&at).filter(|_| part.over.is_none() || release < doc) else {
                    continue;
                };
                let length = part.length.map(|_| reader.get_fieldnorms_reader(part.term.field()).unwrap());
                let code = length.map_or(0, |length| length.fieldnorm_id(at));
                met.add(part.holds, *times, discounts[usize::from(code)], part.lift);
                (has_any, is_found) = (true, is_found || part.finds);
            }
            if has_any {
                sum += on_grid(word.formula.score(&met, exact.get(&doc).copied().unwrap_or(0)));
                count += 1;
            }
        }
        if !is_found || count < bag.least.max(1) {
            continue;
        }
        let share = count as Score / words.len() as Score;
        let mut score = on_grid(sum * share.powf(RANKING.coordination));
        for lift in &bag.lifts {
            let mut scorer = lift.query.weight(scoring).unwrap().scorer(reader, 1.0).unwrap();
            if scorer.doc() == doc || scorer.doc() < doc && scorer.seek(doc) == doc {
                score += scorer.score();
            }
        }
        all.push((doc, score));
    }
    all
}

fn check(index: &Index, asked: &[usize], least: usize, leap: u32) {
    let searcher = index.reader.searcher();
    let sizes = index.sizes(&searcher).unwrap();
    let leaves = sizes.leaves(&index.fields);
    let word = |word: &usize| WORDS[*word].to_owned();
    let lifts = asked.windows(2).map(|pair| {
        let words: Vec<String> = pair.iter().map(word).collect();
        let terms = [0, 1].map(|at: usize| Term::from_field_text(index.fields.words, &words[at]));
        Lifting { query: row(index.fields.words, &words, 0.25), most: Most::OfPair(terms, 0.25) }
    });
    let bag = Bag {
        words: asked.iter().map(|asked| leaves.bm25f(&word(asked), &[], 1.0)).collect(),
        least,
        lifts: lifts.collect(),
        without: None,
    };
    let statistics = Statistics::new(&searcher, &sizes);
    let scoring = EnableScoring::enabled_from_statistics_provider(&statistics, &searcher);
    for reader in searcher.segment_readers() {
        let known = slowly(&bag, scoring, reader);
        let weight = bag.weight(scoring).unwrap();
        let mut scorer = weight.scorer(reader, 1.0).unwrap();
        let mut found = Vec::new();
        while scorer.doc() != TERMINATED {
            found.push((scorer.doc(), scorer.score()));
            scorer.advance();
        }
        assert_eq!(found, known, "one after the other");

        let mut scorer = weight.scorer(reader, 1.0).unwrap();
        for target in (0..reader.max_doc()).step_by(leap as usize) {
            let next = known.iter().find(|(doc, _)| *doc >= target.max(scorer.doc()));
            scorer.seek(target.max(scorer.doc()));
            assert_eq!(scorer.doc(), next.map_or(TERMINATED, |(doc, _)| *doc), "from {target} on");
            if let Some((_, score)) = next {
                assert_eq!(scorer.score(), *score);
            }
        }

        let mut scores: Vec<Score> = known.iter().map(|(_, score)| *score).collect();
        scores.sort_by(Score::total_cmp);
        let Some(floor) = scores.get(scores.len() * 3 / 4).copied() else { continue };
        let mut scorer = weight.scorer(reader, 1.0).unwrap();
        let sweep = scorer.downcast_mut::<Sweep>().unwrap();
        sweep.only_from(floor);
        let mut best = Vec::new();
        while sweep.doc() != TERMINATED {
            if sweep.may_reach(floor) {
                best.push((sweep.doc(), sweep.score()));
            }
            sweep.advance();
        }
        for wanted in known.iter().filter(|(_, score)| *score >= floor) {
            assert!(best.contains(wanted), "{wanted:?} is worth {floor} and was passed over");
        }
        assert!(best.iter().all(|found| known.contains(found)));
    }
}

fn releases() -> impl Strategy<Value = Vec<Wanted>> {
    let word = || proptest::sample::select(vec![0, 0, 0, 0, 1, 2, 2, 3, 4, 5, 6]);
    let words = |most| proptest::collection::vec(word(), 0..most);
    proptest::collection::vec((words(9), words(3), 0_usize..5), 1..300)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_or_worth_less(
        releases in releases(),
        asked in proptest::sample::subsequence(vec![0_usize, 1, 2, 4, 5, 6], 1..5),
        least in 1_usize..5,
        leap in 1_u32..90,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let index = index(folder.path(), &releases);
        check(&index, &asked, least.min(asked.len()), leap);
    }

    #[test]
    fn the_best_are_those_of_all(
        releases in releases(),
        asked in proptest::sample::subsequence((0..WORDS.len()).collect::<Vec<_>>(), 1..6),
        limit in 1_usize..12,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let index = index(folder.path(), &releases);
        let query = |limit| Query { words: text(&asked), limit, ..Query::default() };
        let all = index.search(&query(10_000), &Kept).unwrap();
        let all: Vec<_> = all.hits.into_iter().map(|hit| (hit.release_id, hit.score)).take(limit).collect();
        prop_assert_eq!(index.ids(&query(limit)).unwrap(), all.clone());
        let shown = index.search(&query(limit), &Kept).unwrap();
        let shown: Vec<_> = shown.hits.into_iter().map(|hit| (hit.release_id, hit.score)).collect();
        prop_assert_eq!(shown, all);
    }
}

#[test]
fn stretches_are_left_and_entered_at_their_borders() {
    let folder = tempfile::tempdir().unwrap();
    let wanted = |number: usize| match number % 97 {
        _ if number % 700 < 80 => (vec![6, 2, 4], vec![], 1),
        0 => (vec![4, 2], vec![], 0),
        n if n % 3 == 0 => (vec![0, 2, 0], vec![5], 2),
        n => (vec![0, n % 2], vec![], 0),
    };
    let index = index(folder.path(), &(0..4000).map(wanted).collect::<Vec<_>>());
    for (asked, least) in [
        (vec![0], 1),
        (vec![4, 2], 2),
        (vec![0, 2], 2),
        (vec![0, 2, 4], 1),
        (vec![5, 0], 2),
        (vec![6, 2], 2),
        (vec![6, 2, 0], 1),
    ] {
        check(&index, &asked, least, 61);
    }
}
