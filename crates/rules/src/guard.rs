//! A look before a sweep: what every match has, in its order, with gaps where a match may have this or that.
//!
//! A sweep goes through all steps of a program; most sentences lack something that every match has, or have it in another
//! order. The guard of a program is the program without its loops and its optional parts: where it finds nothing, the
//! program finds nothing, and where it finds something the program is swept.

use crate::lane::{Context, Lane};
use crate::places::Places;
use crate::program::{Kind, Program, Step, Test};
use crate::ruleset::RuleSet;

/// A part of a guard. Guards are swept as programs are, the last part first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Guard {
    /// A token that passes the test.
    Test(u32),
    /// Any number of tokens that pass the test.
    Run(u32),
    /// An entry, an annotation or a quotation.
    Item(u32),
    /// So many tokens, whatever they are.
    Gap {
        least: u32,
        most: Option<u32>,
    },
    /// The next token passes the test, or does not.
    Here {
        negative: bool,
        test: u32,
    },
    Start,
    End,
    Either(Box<[Box<[Guard]>]>),
}

/// A program of fewer operations is swept at once.
const LEAST_OPS: usize = 8;
/// A guard costs at most this part of its program's operations.
const SHARE: usize = 2;
/// The guard of a phrase of more parts is a gap where the phrase is used.
const MOST_INLINE: usize = 12;
/// A longer gap is taken to be of any length.
const MOST_GAP: u32 = 6;

/// What a stretch of steps has for certain, and how many tokens it takes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Piece {
    /// The first first.
    parts: Vec<Guard>,
    least: u32,
    most: Option<u32>,
}

impl Piece {
    fn new() -> Self {
        Self { most: Some(0), ..Self::default() }
    }

    fn add(&mut self, part: Guard, least: u32, most: Option<u32>) {
        self.least = self.least.saturating_add(least);
        self.most = self.most.zip(most).map(|(a, b)| a.saturating_add(b));
        match (self.parts.last_mut(), part) {
            (_, Guard::Gap { most: Some(0), .. }) => {}
            (Some(Guard::Gap { least, most }), Guard::Gap { least: more_least, most: more_most }) => {
                *least = least.saturating_add(more_least);
                *most = most.zip(more_most).map(|(a, b)| a.saturating_add(b));
            }
            (_, part) => self.parts.push(part),
        }
    }

    fn gap(&mut self, least: u32, most: Option<u32>) {
        self.add(Guard::Gap { least, most }, least, most);
    }

    fn append(&mut self, other: &Self) {
        let (least, most) = (self.least, self.most);
        for part in &other.parts {
            self.add(part.clone(), 0, Some(0));
        }
        self.least = least.saturating_add(other.least);
        self.most = most.zip(other.most).map(|(a, b)| a.saturating_add(b));
    }

    fn tells_nothing(&self) -> bool {
        self.parts.iter().all(|part| matches!(part, Guard::Gap { .. }))
    }

    /// The parts in the order of a sweep, if they are worth looking at before so many operations.
    pub(crate) fn guard(&self, ops: usize) -> Box<[Guard]> {
        if ops < LEAST_OPS || self.tells_nothing() || size(&self.parts) * SHARE > ops {
            return Box::default();
        }
        turned(&self.parts)
    }
}

fn size(parts: &[Guard]) -> usize {
    let of = |part: &Guard| match part {
        Guard::Either(all) => 1 + all.iter().map(|parts| size(parts)).sum::<usize>(),
        _ => 1,
    };
    parts.iter().map(of).sum()
}

fn turned(parts: &[Guard]) -> Box<[Guard]> {
    let turn = |part: &Guard| match part {
        Guard::Either(all) => Guard::Either(all.iter().map(|parts| turned(parts)).collect()),
        other => other.clone(),
    };
    parts.iter().rev().map(turn).collect()
}

/// Reads the steps of programs. Guards are made when they are first asked for: loading is quicker, and most runs see few
/// of the programs.
#[derive(Clone, Copy)]
struct Reader<'r> {
    rules: &'r RuleSet,
}

impl<'r> Reader<'r> {
    fn guard(self, program: &'r Program) -> &'r [Guard] {
        program.guard.get_or_init(|| self.piece(program).guard(program.ops.len()))
    }

    /// The piece of a phrase; a phrase holds none that holds it.
    fn phrase(self, phrase: u32) -> Option<&'r Piece> {
        let shared = self.rules.phrases.get(phrase as usize)?;
        Some(shared.piece.get_or_init(|| self.piece(&shared.program)))
    }

    fn piece(self, program: &Program) -> Piece {
        let whole = self.stretch(&program.steps, 0, program.steps.len());
        whole.unwrap_or_else(|| Piece {
            parts: vec![Guard::Gap { least: 0, most: None }],
            least: 0,
            most: None,
        })
    }

    /// Reads the steps `from..to`; `None` where their shape is not known.
    fn stretch(self, steps: &[Step], from: usize, to: usize) -> Option<Piece> {
        let mut piece = Piece::new();
        let mut pc = from;
        while pc < to {
            pc = match &steps[pc] {
                Step::Test(test) => {
                    self.token(&mut piece, *test);
                    pc + 1
                }
                Step::Item(item) => {
                    self.item(&mut piece, *item);
                    pc + 1
                }
                // The end of a loop: the last round was read, those before it may be there.
                Step::Split(body, _) if (*body as usize) < pc => {
                    match self.one_test(steps.get(*body as usize..pc)?) {
                        Some(test) => piece.add(Guard::Run(test), 0, None),
                        None => piece.gap(0, None),
                    }
                    pc + 1
                }
                Step::Split(_, second) => self.split(&mut piece, steps, pc, *second as usize)?,
                Step::Look { negative, body, next } => {
                    if let [Step::Test(test), Step::Accept] = steps.get(*body as usize..*next as usize)? {
                        piece.add(Guard::Here { negative: *negative, test: *test }, 0, Some(0));
                    }
                    *next as usize
                }
                Step::Start => {
                    piece.add(Guard::Start, 0, Some(0));
                    pc + 1
                }
                Step::End => {
                    piece.add(Guard::End, 0, Some(0));
                    pc + 1
                }
                Step::Open(_) | Step::Close(_) | Step::Accept => pc + 1,
                Step::Jump(_) => return None,
            };
        }
        (pc == to).then_some(piece)
    }

    /// A split that leads on: alternatives, or a part that may be left out. Gives the step after it.
    fn split(self, piece: &mut Piece, steps: &[Step], pc: usize, second: usize) -> Option<usize> {
        if let Step::Jump(out) = steps.get(second.checked_sub(1)?)?
            && *out as usize >= second
        {
            let out = *out as usize;
            let one = self.stretch(steps, pc + 1, second - 1)?;
            let other = self.stretch(steps, second, out)?;
            let least = one.least.min(other.least);
            let most = one.most.zip(other.most).map(|(a, b)| a.max(b));
            if one.tells_nothing() || other.tells_nothing() {
                piece.gap(least, most);
            } else {
                let mut all = vec![one.parts.into_boxed_slice()];
                match <[Guard; 1]>::try_from(other.parts) {
                    Ok([Guard::Either(more)]) => all.extend(more),
                    Ok(parts) => all.push(parts.into()),
                    Err(parts) => all.push(parts.into_boxed_slice()),
                }
                piece.add(Guard::Either(all.into()), least, most);
            }
            return Some(out);
        }
        let inner = self.stretch(steps, pc + 1, second)?;
        match self.one_test(steps.get(pc + 1..second)?) {
            Some(test) => piece.add(Guard::Run(test), 0, inner.most),
            None => piece.gap(0, inner.most),
        }
        Some(second)
    }

    /// The one test that all tokens of these steps pass, where it is soon asked of all tokens.
    fn one_test(self, steps: &[Step]) -> Option<u32> {
        let mut found = None;
        for step in steps {
            match step {
                Step::Test(test) if found.is_none_or(|known| known == *test) => found = Some(*test),
                Step::Split(..) => {}
                _ => return None,
            }
        }
        found.filter(|test| !self.is_any(*test) && !self.rules.natures[*test as usize].costly)
    }

    fn is_any(self, test: u32) -> bool {
        matches!(self.rules.tests[test as usize], Test::Any)
    }

    fn token(self, piece: &mut Piece, test: u32) {
        if self.is_any(test) {
            piece.gap(1, Some(1));
        } else {
            piece.add(Guard::Test(test), 1, Some(1));
        }
    }

    fn item(self, piece: &mut Piece, item: u32) {
        let Kind::Phrase(phrase) = self.rules.items[item as usize].kind else {
            return piece.add(Guard::Item(item), 1, None);
        };
        match self.phrase(phrase) {
            Some(inner) if size(&inner.parts) <= MOST_INLINE => piece.append(inner),
            Some(inner) => piece.gap(inner.least, inner.most),
            None => piece.gap(0, None),
        }
    }
}

impl<const W: usize> Lane<W> {
    /// Whether a program that ends at one of `ends` may match, as far as its guard can tell.
    pub(crate) fn may_match(&mut self, cx: Context<'_, '_>, program: &Program, ends: Places<W>) -> bool {
        let guard = Reader { rules: cx.rules }.guard(program);
        guard.is_empty() || !self.guarded(cx, guard, ends).is_empty()
    }

    /// The places where a match may begin that ends at one of `ends`.
    fn guarded(&mut self, cx: Context<'_, '_>, guard: &[Guard], mut ends: Places<W>) -> Places<W> {
        for part in guard {
            if ends.is_empty() {
                break;
            }
            ends = match part {
                Guard::Test(test) => self.test(cx, *test, ends.back().and(self.tokens)),
                Guard::Run(test) => {
                    let class = self.test(cx, *test, self.tokens);
                    ends.back_through(class)
                }
                Guard::Item(item) => self.over(cx, *item, ends),
                Guard::Gap { least, most } => self.gap(*least, *most, ends),
                Guard::Here { negative, test } => {
                    let here = self.test(cx, *test, ends.and(self.tokens));
                    if *negative { ends.without(here) } else { here }
                }
                Guard::Start => ends.and(Places::one(self.sentence.len())),
                Guard::End => ends.and(Places::one(0)),
                Guard::Either(all) => {
                    let each = all.iter().map(|parts| self.guarded(cx, parts, ends));
                    each.reduce(Places::or).unwrap_or(Places::NONE)
                }
            };
        }
        ends
    }

    fn gap(&self, least: u32, most: Option<u32>, ends: Places<W>) -> Places<W> {
        let mut found = ends;
        for _ in 0..least.min(u32::try_from(self.sentence.len()).unwrap_or(u32::MAX).saturating_add(1)) {
            found = found.back();
        }
        match most.map(|most| most.saturating_sub(least)) {
            Some(more) if more <= MOST_GAP => {
                for _ in 0..more {
                    found = found.or(found.back());
                }
            }
            _ => found = found.and_before(),
        }
        found.and(self.every)
    }
}
