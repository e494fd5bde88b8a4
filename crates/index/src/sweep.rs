//! Plain words over one segment, stretch by stretch of its documents: each list of each word is gone through by itself and
//! adds what it has to the documents of the stretch, which takes a few instructions a posting, where going from document to
//! document and asking every list takes dozens. Where few documents can still be found, they are looked up instead.
//!
//! What a document can be worth at most is known before its forms and its phrases are looked up. Once as many documents as
//! are wanted are known to be worth more, that is left out (after Howard Turtle, James Flood: *Query evaluation: strategies
//! and optimizations*, 1995, known as MaxScore), and words that cannot lift a document above those no longer find any.

use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::Scorer;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED};

use crate::bits::{Bits, NONE, WIDEST, count, has, leave_out, places};
use crate::blocks::Blocks;
use crate::bm25f::{Bm25fWeight, Formula, Holds, Met};
use crate::exact::{STEP, on_grid};
use crate::lift::Lift;
use crate::over::List;
use crate::ranking::RANKING;

/// Documents of a stretch at first: who seeks one document does not want two thousand.
const NARROWEST: usize = 64;

/// To look a document up takes as long as to go through so many postings.
const LOOKED_UP: usize = 8;

/// More than the errors of rounding of a sum of some products.
const ROUNDED: Score = 1.000_01;

/// One field of a word in one segment.
struct Field {
    postings: List,
    lengths: Option<FieldNormReader>,
    discounts: Arc<[Score; 256]>,
    lift: Score,
    finds: bool,
    holds: Holds,
}

/// Which fields of a word are asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// Those where it is found.
    Finding,
    /// Those where it counts beside what was found.
    Beside,
    All,
}

impl Asked {
    fn has(self, field: &Field) -> bool {
        self == Self::All || (self == Self::Finding) == field.finds
    }
}

/// A word in one segment.
pub(crate) struct Swept {
    /// Those that find come first.
    fields: Vec<Field>,
    exact: Option<Blocks>,
    formula: Formula,
    /// What it is worth at most.
    most: Score,
    /// Postings of its longest list.
    size: u32,
    /// What was met in the stretch, by place in it; holds where it is touched.
    met: Vec<Met>,
    touched: Bits,
    found: Bits,
}

impl Swept {
    /// `None` where the segment does not have the word.
    pub(crate) fn of(
        word: &Bm25fWeight,
        reader: &SegmentReader,
        boost: Score,
    ) -> tantivy::Result<Option<Self>> {
        let mut fields = Vec::with_capacity(word.parts.len());
        let mut size = 0;
        for (part, discounts, at) in &word.parts {
            let Some(postings) = List::of(part, at, reader)? else { continue };
            let lengths = part.length.map(|_| reader.get_fieldnorms_reader(part.term.field())).transpose()?;
            size = size.max(postings.count());
            fields.push(Field {
                postings,
                lengths,
                discounts: Arc::clone(discounts),
                lift: part.lift,
                finds: part.finds,
                holds: part.holds,
            });
        }
        if fields.is_empty() {
            return Ok(None);
        }
        // A document is of one language, so that what it has is added up in the same order as before.
        fields.sort_by_key(|field| !field.finds);
        let exact = word.exact_at.blocks(&word.exact, reader)?;
        let formula = word.formula.boosted(boost);
        let lift = fields.iter().map(|field| field.lift).fold(1.0, Score::max);
        Ok(Some(Self {
            fields,
            exact,
            formula,
            most: formula.limit(lift),
            size,
            met: Vec::new(),
            touched: NONE,
            found: NONE,
        }))
    }

    /// The first document from `target` on that one of the fields has.
    fn first(&mut self, target: DocId, asked: Asked) -> DocId {
        let fields = self.fields.iter_mut().filter(|field| asked.has(field));
        fields.map(|field| field.postings.seek(target)).min().unwrap_or(TERMINATED)
    }

    fn begin(&mut self, stretch: &Stretch) {
        (self.touched, self.found) = (NONE, NONE);
        if self.met.len() < stretch.width() {
            self.met.resize(stretch.width(), Met::default());
        }
    }

    /// Adds what the fields have of the documents of `stretch`; of all of them, or of those among `wanted`.
    fn ask(&mut self, asked: Asked, stretch: &Stretch, wanted: Option<(&Bits, usize)>) {
        let Self { fields, met, touched, found, .. } = self;
        for field in fields.iter_mut().filter(|field| asked.has(field)) {
            let Field { postings, lengths, discounts, lift, finds, holds } = field;
            let mut add = |doc: DocId, freq: u32, at: DocId| {
                let place = (doc - stretch.base) as usize;
                let (word, bit) = (place / 64, 1_u64 << (place % 64));
                let (Some(met), Some(touched)) = (met.get_mut(place), touched.get_mut(word)) else { return };
                if *touched & bit == 0 {
                    *touched |= bit;
                    *met = Met::default();
                }
                if *finds && let Some(found) = found.get_mut(word) {
                    *found |= bit;
                }
                let code = lengths.as_ref().map_or(0, |lengths| lengths.fieldnorm_id(at));
                met.add(*holds, freq, discounts.get(usize::from(code)).copied().unwrap_or(1.0), *lift);
            };
            let Some((wanted, count)) = wanted else {
                postings.seek(stretch.start);
                postings.each(stretch.end, add);
                continue;
            };
            let expected = postings.count() as usize * stretch.width() / stretch.of.max(1) as usize;
            if count * LOOKED_UP < expected {
                for place in places(wanted) {
                    let doc = stretch.base + place as DocId;
                    let (freq, at) = postings.in_doc(doc);
                    if freq > 0 {
                        add(doc, freq, at);
                    }
                }
            } else {
                postings.seek(stretch.start);
                postings.each(stretch.end, |doc, freq, at| {
                    if has(wanted, (doc - stretch.base) as usize) {
                        add(doc, freq, at);
                    }
                });
            }
        }
    }
}

/// Some documents of a segment that lie side by side.
struct Stretch {
    /// A multiple of 64; what lies before `start` is of the stretch before.
    base: DocId,
    start: DocId,
    end: DocId,
    /// Documents of the segment.
    of: DocId,
}

impl Stretch {
    fn width(&self) -> usize {
        (self.end - self.base) as usize
    }
}

/// See the module.
pub(crate) struct Sweep {
    /// Those that the segment has, the rarest first.
    words: Vec<Swept>,
    least: usize,
    /// What the sum is multiplied by, by how many of the words are found.
    shares: Vec<Score>,
    lifts: Vec<Lift>,
    /// Documents that are never found.
    without: Option<Arc<[u64]>>,
    /// So many of the words, from the first on, find documents: the others alone are worth too little.
    finding: usize,
    /// What a document must be worth at least to be wanted.
    floor: Score,
    stretch: Stretch,
    width: usize,
    /// What was found in the stretch and still lies ahead.
    ahead: Bits,
    doc: DocId,
    /// The score of `doc`, once it is known.
    score: Option<Score>,
}

impl Sweep {
    /// The words of one segment with `max_doc` documents, of which so many must be found, of so many that are looked for.
    pub(crate) fn new(
        mut words: Vec<Swept>,
        (least, all): (usize, usize),
        lifts: Vec<Lift>,
        without: Option<Arc<[u64]>>,
        max_doc: DocId,
    ) -> Self {
        // The rarest leads. Sums are exact, so the order changes no score.
        words.sort_by_key(|word| word.size);
        let share = |count: usize| (count as Score / all.max(1) as Score).powf(RANKING.coordination);
        let mut sweep = Self {
            finding: words.len(),
            shares: (0..=words.len()).map(share).collect(),
            words,
            least: least.max(1),
            lifts,
            without,
            floor: 0.0,
            stretch: Stretch { base: 0, start: 0, end: 0, of: max_doc },
            width: NARROWEST,
            ahead: NONE,
            doc: 0,
            score: None,
        };
        sweep.refill(0);
        sweep
    }

    /// From now on only documents worth `floor` are wanted; the others may be passed over.
    pub(crate) fn only_from(&mut self, floor: Score) {
        self.floor = floor;
        while self.finding > 1 && self.at_most_without_leading(self.finding - 1) < floor {
            self.finding -= 1;
        }
    }

    /// What a document is worth at most that has none of the first words.
    fn at_most_without_leading(&self, first: usize) -> Score {
        let others = self.words.get(first..).unwrap_or_default();
        let sum: Score = others.iter().map(|word| word.most + STEP).sum();
        self.whole_at_most(sum, others.len())
    }

    fn whole_at_most(&self, sum: Score, count: usize) -> Score {
        let share = self.shares.get(count).copied().unwrap_or(1.0);
        (sum * share + self.lifts.iter().map(|lift| lift.most).sum::<Score>() + STEP) * ROUNDED
    }

    /// Whether the document where it stands may be worth `floor`.
    pub(crate) fn may_reach(&self, floor: Score) -> bool {
        let place = (self.doc - self.stretch.base) as usize;
        let (mut sum, mut count) = (0.0, 0);
        for word in self.words.iter().filter(|word| has(&word.touched, place)) {
            sum += word.met.get(place).map_or(0.0, |met| word.formula.at_most(met)) + STEP;
            count += 1;
        }
        self.whole_at_most(sum, count) >= floor
    }

    /// The score of the document where it stands; `None` where it is less than `floor` whatever lifts it, which is then not looked
    /// for.
    pub(crate) fn score_from(&mut self, floor: Score) -> Option<Score> {
        let score = self.of_words();
        let lifts: Score = self.lifts.iter().map(|lift| lift.most).sum();
        ((score + lifts) * ROUNDED >= floor).then(|| self.lifted(score))
    }

    /// What the words are worth in the document where it stands.
    fn of_words(&mut self) -> Score {
        let place = (self.doc - self.stretch.base) as usize;
        let (mut count, mut sum) = (0, 0.0);
        for word in self.words.iter_mut().filter(|word| has(&word.touched, place)) {
            let Some(met) = word.met.get(place) else { continue };
            let exact = word.exact.as_mut().map_or(0, |exact| exact.in_doc(self.doc));
            sum += on_grid(word.formula.score(met, exact));
            count += 1;
        }
        on_grid(sum * self.shares.get(count).copied().unwrap_or(1.0))
    }

    fn lifted(&mut self, mut score: Score) -> Score {
        for lift in &mut self.lifts {
            score += lift.score(self.doc);
        }
        self.score = Some(score);
        score
    }

    /// Stands at the first document from `target` on.
    fn refill(&mut self, target: DocId) {
        let (mut target, asks_all) = (target, self.least == self.words.len() && self.least > 1);
        self.score = None;
        loop {
            let (finding, asked) = match (asks_all, self.finding < self.words.len()) {
                (true, _) => (1, Asked::All),
                (false, true) => (self.finding, Asked::All),
                (false, false) => (self.finding, Asked::Finding),
            };
            let words = self.words.iter_mut().take(finding);
            let first = words.map(|word| word.first(target, asked)).min().unwrap_or(TERMINATED);
            if first == TERMINATED {
                (self.doc, self.ahead) = (TERMINATED, NONE);
                return;
            }
            let base = first - first % 64;
            let end = base.saturating_add(self.width as DocId).min(TERMINATED);
            self.stretch = Stretch { base, start: target.max(base), end, of: self.stretch.of };
            self.width = (self.width * 2).min(WIDEST);
            self.ahead = if asks_all { self.all() } else { self.some(finding, asked) };
            if let Some(place) = places(&self.ahead).next() {
                self.doc = base + place as DocId;
                return;
            }
            target = end;
        }
    }

    /// The documents of the stretch that have all words.
    fn all(&mut self) -> Bits {
        let Some((leader, others)) = self.words.split_first_mut() else { return NONE };
        leader.begin(&self.stretch);
        leader.ask(Asked::All, &self.stretch, None);
        let (mut left, mut found) = (leader.touched, leader.found);
        leave_out(&mut left, self.without.as_deref(), self.stretch.base);
        for word in others {
            word.begin(&self.stretch);
            let count = count(&left);
            if count == 0 {
                return NONE;
            }
            word.ask(Asked::All, &self.stretch, Some((&left, count)));
            for ((left, found), word) in
                left.iter_mut().zip(&mut found).zip(word.touched.iter().zip(&word.found))
            {
                *left &= word.0;
                *found |= word.1;
            }
        }
        left.iter_mut().zip(found).for_each(|(left, found)| *left &= found);
        left
    }

    /// The documents of the stretch that have enough of the words, and one of the first.
    fn some(&mut self, finding: usize, asked: Asked) -> Bits {
        let (first, others) = self.words.split_at_mut(finding);
        let mut left = NONE;
        for word in first.iter_mut() {
            word.begin(&self.stretch);
            word.ask(asked, &self.stretch, None);
            let touched = if asked == Asked::All { &word.touched } else { &word.found };
            left.iter_mut().zip(touched).for_each(|(left, touched)| *left |= touched);
        }
        leave_out(&mut left, self.without.as_deref(), self.stretch.base);
        let wanted = count(&left);
        for word in others.iter_mut() {
            word.begin(&self.stretch);
            if wanted > 0 {
                word.ask(Asked::All, &self.stretch, Some((&left, wanted)));
            }
        }
        if wanted == 0 {
            return NONE;
        }
        if asked == Asked::Finding {
            for word in first.iter_mut() {
                word.ask(Asked::Beside, &self.stretch, Some((&left, wanted)));
            }
        }
        let mut found = NONE;
        for word in &self.words {
            found.iter_mut().zip(&word.found).for_each(|(found, word)| *found |= word);
        }
        left.iter_mut().zip(found).for_each(|(left, found)| *left &= found);
        if self.least > 1 {
            for place in places(&left.clone()) {
                let words = self.words.iter().filter(|word| has(&word.touched, place)).count();
                if words < self.least
                    && let Some(bits) = left.get_mut(place / 64)
                {
                    *bits &= !(1 << (place % 64));
                }
            }
        }
        left
    }
}

impl DocSet for Sweep {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED { TERMINATED } else { self.seek(self.doc + 1) }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target {
            return self.doc;
        }
        self.score = None;
        if target >= self.stretch.end {
            // Who leaps wants few documents.
            if target > self.stretch.end {
                self.width = NARROWEST;
            }
            self.refill(target);
            return self.doc;
        }
        let place = (target - self.stretch.base) as usize;
        let (word, rest) = (place / 64, u64::MAX << (place % 64));
        self.ahead.iter_mut().take(word).for_each(|bits| *bits = 0);
        if let Some(bits) = self.ahead.get_mut(word) {
            *bits &= rest;
        }
        let found = self.ahead.get(word..).unwrap_or_default().iter().position(|bits| *bits != 0);
        match found.and_then(|at| Some((word + at, self.ahead.get(word + at)?))) {
            Some((word, bits)) => {
                self.doc = self.stretch.base + word as DocId * 64 + bits.trailing_zeros();
            }
            None => self.refill(self.stretch.end),
        }
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        let sizes = self.words.iter().map(|word| word.size);
        if self.least == self.words.len() {
            sizes.min().unwrap_or(0)
        } else {
            sizes.fold(0, u32::saturating_add)
        }
    }
}

impl Scorer for Sweep {
    fn score(&mut self) -> Score {
        if let Some(score) = self.score {
            return score;
        }
        let score = self.of_words();
        self.lifted(score)
    }
}

#[cfg(test)]
mod tests;
