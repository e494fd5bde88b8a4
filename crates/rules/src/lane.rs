//! What is known of the current sentence: where its tokens pass tests, where items stand, as sets of places.
//!
//! Everything is worked out when it is first asked for, and once: what depends on words alone for all layers up to the
//! next step, what depends on annotations until some are added.

use chancery_text::{Sentence, Shape};

use crate::doc::{Doc, Range};
use crate::known::{Gate, Known, Listed, OfWords, Tested};
use crate::places::Places;
use crate::program::{Item, Kind, Test};
use crate::ruleset::RuleSet;
use crate::search::Search;
use crate::spelling::{Expression, Spelling};
use crate::sweep::Answer;
use crate::trigger::{Asked, Present};

/// What all parts of a sweep look at.
#[derive(Clone, Copy)]
pub(crate) struct Context<'c, 't> {
    pub(crate) rules: &'c RuleSet,
    pub(crate) doc: &'c Doc<'t>,
    pub(crate) present: &'c Present,
}

/// An item that stands in the sentence: where it begins and ends, as places.
type Edge = (u16, u16);

const NONE: u32 = u32::MAX;

/// So many answers of a phrase are kept: patterns ask for it again and again after other parts.
const ANSWERS: usize = 4;

/// Everything that is known of the current sentence. Sentences of fewer than `64 * W` tokens fit.
#[derive(Debug)]
pub(crate) struct Lane<const W: usize> {
    pub(crate) sentence: Range,
    /// Counts sentences and changes of annotations. What depends on words alone holds since `begun`, what depends on
    /// annotations since `changed`.
    pub(crate) clock: u32,
    begun: u32,
    changed: u32,
    pub(crate) every: Places<W>,
    /// Where a token begins: every place but the end.
    pub(crate) tokens: Places<W>,
    /// The tokens of each shape, and those at which an entry of each list begins; there once asked for.
    prepared: u32,
    shapes: [Places<W>; Shape::COUNT],
    lists: Vec<Known<Listed<W>>>,
    /// For each entry of the sentence the one of the same list before it.
    before: Vec<u32>,
    spelling: Spelling,
    /// Where each of the words stands that tests ask for.
    words: Vec<Known<Places<W>>>,
    tests: Vec<Tested<W>>,
    gates: Vec<Gate>,
    /// What was worked out of the words of each sentence of the text, which holds for the layers after a step as well.
    of_sentences: Vec<OfWords<W>>,
    /// The current sentence by its number.
    number: usize,
    /// The current stretch of layers, as a bit.
    stretch: u16,
    pub(crate) items: Vec<Known<Vec<Edge>>>,
    /// Of each phrase what the last sweeps to given ends gave.
    pub(crate) answers: Vec<[Known<Answer<W>>; ANSWERS]>,
    /// Of each phrase the places at which none ends, as far as that was found out.
    pub(crate) barren: Vec<Known<Places<W>>>,
    /// Whether all that each phrase needs stands in the sentence.
    pub(crate) open: Vec<Known<bool>>,
    /// Rules that match in the sentence, with what their sweep gave: a shorter match may yet be asked for.
    pub(crate) kept: Vec<(usize, Vec<Places<W>>)>,
    /// Memory for sweeps within sweeps.
    pub(crate) spare: Vec<Vec<Places<W>>>,
    pub(crate) search: Search<W>,
}

impl<const W: usize> Lane<W> {
    pub(crate) fn new(rules: &RuleSet) -> Self {
        Self {
            sentence: Range::default(),
            clock: 0,
            begun: 0,
            changed: 0,
            every: Places::NONE,
            tokens: Places::NONE,
            prepared: 0,
            shapes: [Places::NONE; Shape::COUNT],
            lists: vec![Known::default(); rules.list_numbers.len()],
            before: Vec::new(),
            spelling: Spelling::default(),
            words: vec![Known::default(); rules.asking.count()],
            tests: rules.natures.iter().map(|n| Tested { moving: n.moving, ..Tested::default() }).collect(),
            gates: rules.triggers.moving().iter().map(|m| Gate { moving: *m, ..Gate::default() }).collect(),
            of_sentences: Vec::new(),
            number: 0,
            stretch: 0,
            items: vec![Known::default(); rules.items.len()],
            answers: vec![Default::default(); rules.phrases.len()],
            barren: vec![Known::default(); rules.phrases.len()],
            open: vec![Known::default(); rules.phrases.len()],
            kept: Vec::new(),
            spare: Vec::new(),
            search: Search::new(rules.phrases.len()),
        }
    }

    /// Begins a text.
    pub(crate) fn begin_text(&mut self) {
        self.spelling.begin();
        self.of_sentences.iter_mut().for_each(OfWords::clear);
    }

    /// Begins the `number`th sentence in the `stretch`th stretch of layers: forgets all of the last one.
    pub(crate) fn begin(&mut self, sentence: &Sentence, number: usize, stretch: usize) {
        let end = sentence.end.min(sentence.start + Places::<W>::MOST_TOKENS);
        self.sentence = Range::new(sentence.start, end);
        self.every = Places::up_to(self.sentence.len());
        self.tokens = self.every.without(Places::one(0));
        self.clock += 1;
        (self.begun, self.changed) = (self.clock, self.clock);
        self.search.begin();
        self.drop_kept();
        self.number = number;
        self.stretch = 1 << (stretch % 16);
        if self.of_sentences.len() <= number {
            self.of_sentences.resize_with(number + 1, OfWords::default);
        }
    }

    /// Forgets what depends on annotations, after some were added.
    pub(crate) fn change(&mut self) {
        self.drop_kept();
        self.clock += 1;
        self.changed = self.clock;
    }

    /// Whether what was worked out at this time still holds.
    pub(crate) fn holds(&self, at: u32, moving: bool) -> bool {
        at >= if moving { self.changed } else { self.begun }
    }

    pub(crate) fn now(&self) -> u32 {
        self.clock
    }

    /// The place before token `at`.
    #[inline]
    pub(crate) fn place(&self, at: usize) -> usize {
        self.sentence.end - at
    }

    /// The token after a place.
    #[inline]
    pub(crate) fn token(&self, place: usize) -> usize {
        self.sentence.end - place
    }

    /// Works out where an item stands in the sentence.
    pub(crate) fn edges(&mut self, cx: Context<'_, '_>, number: u32, item: &Item) {
        let known = &self.items[number as usize];
        if self.holds(known.at, matches!(item.kind, Kind::Annotation(_))) {
            return;
        }
        let mut edges = std::mem::take(&mut self.items[number as usize].what);
        edges.clear();
        let last = self.sentence.end;
        self.each_item(cx, item, |start, end| {
            if end <= last {
                edges.push((narrow(last - start), narrow(last - end)));
            }
        });
        self.items[number as usize] = Known { at: self.clock, what: edges };
    }

    /// Whether of each group of triggers one stands in the sentence.
    pub(crate) fn opens(&mut self, cx: Context<'_, '_>, gates: &[u32]) -> bool {
        gates.iter().all(|group| {
            let known = self.gates[*group as usize];
            if self.holds(known.at, known.moving) {
                return known.open;
            }
            let open = cx.rules.triggers.group(*group).iter().any(|trigger| self.stands(cx, *trigger));
            self.gates[*group as usize] = Gate { at: self.clock, open, ..known };
            open
        })
    }

    /// Whether a trigger stands in the sentence.
    fn stands(&mut self, cx: Context<'_, '_>, trigger: u32) -> bool {
        match cx.rules.triggers.asked(trigger) {
            Some(Asked::Test(test)) => !self.test(cx, test, self.tokens).is_empty(),
            Some(Asked::Item(item)) => {
                self.edges(cx, item, &cx.rules.items[item as usize]);
                !self.items[item as usize].what.is_empty()
            }
            Some(Asked::Opening(test)) => !self.test(cx, test, Places::one(self.sentence.len())).is_empty(),
            Some(Asked::Pair(pair)) => {
                let (first, then) = cx.rules.pairs[pair as usize];
                let first = self.test(cx, first, self.tokens);
                !first.is_empty() && !self.test(cx, then, self.tokens).back().and(first).is_empty()
            }
            None => cx.present.has(trigger),
        }
    }

    /// Those of the tokens `among` that pass a test, each marked at the place where it begins.
    #[inline]
    pub(crate) fn test(&mut self, cx: Context<'_, '_>, test: u32, among: Places<W>) -> Places<W> {
        let known = &self.tests[test as usize];
        if self.holds(known.at, known.moving) { known.what.and(among) } else { self.asked(cx, test, among) }
    }

    /// As [`Lane::test`], for a test of which nothing is known.
    fn asked(&mut self, cx: Context<'_, '_>, test: u32, among: Places<W>) -> Places<W> {
        let number = test as usize;
        let nature = cx.rules.natures[number];
        if nature.costly && among != self.tokens {
            return self.ask(cx, test, among);
        }
        let what = self.ask(cx, test, self.tokens);
        let known = &mut self.tests[number];
        (known.at, known.what) = (self.clock, what);
        known.asked_in |= self.stretch;
        // What is asked in one stretch alone need not be called back in the others.
        if !nature.moving && known.asked_in != self.stretch {
            self.of_sentences[self.number].tests.push((test, what));
        }
        what.and(among)
    }

    fn ask(&mut self, cx: Context<'_, '_>, number: u32, among: Places<W>) -> Places<W> {
        let doc = cx.doc;
        match &cx.rules.tests[number as usize] {
            Test::Any => among,
            Test::Shape(shape) => self.shaped(*shape, Shape::default(), among),
            Test::Words(_) => self.with_words(cx, number),
            Test::Word(numbers) => self.each_token(among, |at| doc.numbers(at) == &**numbers),
            Test::Exact(word, parts) if parts.len() == 1 => {
                let among = self.with_words(cx, number).and(among);
                self.each_token(among, |at| doc.word(at) == &**word)
            }
            Test::Exact(word, numbers) => {
                self.each_token(among, |at| doc.numbers(at) == &**numbers && doc.word(at) == &**word)
            }
            Test::Regex(expression) => self.spelled(doc, expression, among),
            Test::Begins(item) => self.item_places(cx, *item, false),
            Test::Inside(item) => self.item_places(cx, *item, true),
            Test::All(bits, rest) => {
                let mut all = self.shaped(bits.shape, bits.no_shape, among);
                bits.lists.each(|list| all = all.and(self.listed(list)));
                bits.no_lists.each(|list| all = all.without(self.listed(list)));
                for (negative, test) in rest {
                    if all.is_empty() {
                        break;
                    }
                    let one = self.test(cx, *test, all);
                    all = if *negative { all.without(one) } else { one };
                }
                all
            }
            Test::AnyOf(lists, rest) => {
                let mut any = Places::NONE;
                lists.each(|list| any = any.or(self.listed(list)));
                for test in rest {
                    any = any.or(self.test(cx, *test, among.without(any)));
                }
                any.and(among)
            }
        }
    }

    /// Looks at the words, shapes and entries of the sentence, or calls back what was known of them, if that was not
    /// done yet.
    #[inline]
    pub(crate) fn prepare(&mut self, cx: Context<'_, '_>) {
        if self.prepared < self.begun {
            self.look_or_recall(cx);
        }
    }

    fn look_or_recall(&mut self, cx: Context<'_, '_>) {
        self.prepared = self.clock;
        if self.of_sentences[self.number].shapes.is_empty() {
            self.look(cx.doc);
        }
        self.mark(cx);
        let known = &self.of_sentences[self.number];
        for (test, what) in &known.tests {
            let test = &mut self.tests[*test as usize];
            (test.at, test.what) = (self.clock, *what);
        }
        self.shapes.copy_from_slice(&known.shapes);
        for (list, what) in &known.lists {
            self.lists[*list as usize] = Known { at: self.clock, what: *what };
        }
        self.before.clone_from(&known.before);
    }

    /// Looks at the tokens of a new sentence.
    fn look(&mut self, doc: &Doc<'_>) {
        let known = &mut self.of_sentences[self.number];
        known.shapes.resize(Shape::COUNT, Places::NONE);
        let last = self.sentence.end;
        known.ends.extend((self.sentence.start..last).rev().map(|at| doc.ends_of_word(at)));
        for (place, token) in doc.tokens_in(self.sentence).iter().rev().enumerate() {
            let mut bits = token.shape.bits();
            while let Some(shape) = bits.checked_ilog2() {
                bits ^= 1 << shape;
                known.shapes[shape as usize].insert(place + 1);
            }
        }
        for (number, hit) in (0..).zip(doc.hits_in(self.sentence)) {
            let list = &mut self.lists[hit.list as usize];
            if list.at < self.begun {
                *list = Known { at: self.clock, what: Listed::default() };
                known.lists.push((hit.list, Listed::default()));
            }
            list.what.places.insert(last - hit.at as usize);
            known.before.push(std::mem::replace(&mut list.what.last, number));
        }
        for (list, what) in &mut known.lists {
            *what = self.lists[*list as usize].what;
        }
    }

    /// The tokens of one part that have one of the words of a test.
    fn with_words(&self, cx: Context<'_, '_>, test: u32) -> Places<W> {
        let words = cx.rules.asking.of(test).iter().map(|word| &self.words[*word as usize]);
        let here = words.filter(|word| word.at >= self.begun);
        here.fold(Places::NONE, |all, word| all.or(word.what))
    }

    /// Marks where the words stand that tests ask for.
    fn mark(&mut self, cx: Context<'_, '_>) {
        for (place, word) in cx.doc.single_numbers(self.sentence).iter().rev().enumerate() {
            if let Some(number) = cx.rules.asking.number(*word) {
                let known = &mut self.words[number];
                if known.at < self.begun {
                    *known = Known { at: self.clock, what: Places::NONE };
                }
                known.what.insert(place + 1);
            }
        }
    }

    /// The tokens at which an entry of a list begins.
    pub(crate) fn listed(&self, list: u32) -> Places<W> {
        let known = &self.lists[list as usize];
        if known.at >= self.begun { known.what.places } else { Places::NONE }
    }

    /// Calls `each` with the first and one past the last token of every place where the item begins in the sentence.
    fn each_item(&self, cx: Context<'_, '_>, item: &Item, mut each: impl FnMut(usize, usize)) {
        match item.kind {
            Kind::List(list) => {
                let known = &self.lists[list as usize];
                let mut number = if known.at >= self.begun { known.what.last } else { NONE };
                let hits = cx.doc.hits_in(self.sentence);
                while let Some(hit) = hits.get(number as usize) {
                    if cx.rules.passes(hit, item) {
                        each(hit.at as usize, hit.end as usize);
                    }
                    number = self.before[number as usize];
                }
            }
            Kind::Annotation(kind) => {
                for (found, range, index) in cx.present.annotations() {
                    if *found == kind && item.fits(&cx.doc.annotation(*index).data) {
                        each(range.start, range.end);
                    }
                }
            }
            Kind::Quote => {
                for quote in cx.doc.quotations_in(self.sentence) {
                    each(quote.open, quote.close + 1);
                }
            }
            // Swept, not looked up.
            Kind::Phrase(_) => {}
        }
    }

    /// Those of the tokens `among` that have all shapes of one set and none of another.
    fn shaped(&self, shape: Shape, no_shape: Shape, among: Places<W>) -> Places<W> {
        let mut found = among;
        each_bit(shape.bits(), |n| found = found.and(self.shapes[n as usize]));
        each_bit(no_shape.bits(), |n| found = found.without(self.shapes[n as usize]));
        found
    }

    /// Those of the tokens `among` that a regular expression matches.
    fn spelled(&mut self, doc: &Doc<'_>, expression: &Expression, among: Places<W>) -> Places<W> {
        let mut found = Places::NONE;
        let Self { of_sentences, spelling, sentence, .. } = self;
        let ends = &of_sentences[self.number].ends;
        for place in among.in_order() {
            let at = sentence.end - place;
            // Most tokens begin or end with another letter, and need not be looked at whole.
            if expression.may_match(ends.get(place.wrapping_sub(1)).copied().flatten())
                && spelling.matches(at, || doc.word(at), expression)
            {
                found.insert(place);
            }
        }
        found
    }

    /// Those of the tokens `among` that pass.
    fn each_token(&self, among: Places<W>, passes: impl Fn(usize) -> bool) -> Places<W> {
        let mut found = Places::NONE;
        for place in among.in_order() {
            if passes(self.token(place)) {
                found.insert(place);
            }
        }
        found
    }

    /// The tokens at which an item begins and ends in the sentence; or those that lie inside one, wherever it ends.
    fn item_places(&self, cx: Context<'_, '_>, item: u32, inside: bool) -> Places<W> {
        let last = self.sentence.end;
        let mut found = Places::NONE;
        self.each_item(cx, &cx.rules.items[item as usize], |start, end| {
            if inside {
                for at in start..end.min(last) {
                    found.insert(last - at);
                }
            } else if end <= last {
                found.insert(last - start);
            }
        });
        found
    }
}

/// Calls `each` with every bit of a set.
#[inline]
fn each_bit(mut set: u16, mut each: impl FnMut(u32)) {
    while set != 0 {
        let bit = set.trailing_zeros();
        set &= set - 1;
        each(bit);
    }
}

fn narrow(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}
