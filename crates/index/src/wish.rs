//! What a query wants to be found in words, and which words of a hit fulfil it: so that what is marked is what matched.

use chancery_record::Span;

use crate::highlight::Match;
use crate::hit::Kind;
use crate::pattern::{Cut, Pattern, Stems};
use crate::wording::kind_called;

/// Where a pattern is looked for, and so marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Passage or text, headline of a release, posts and names of the speaker.
    Anywhere,
    /// The name of the speaker.
    Name,
    /// The speaker's post.
    Post,
    /// The passage, or the headline of a release.
    Passage,
    /// Wherever bodies are named.
    Bodies,
}

/// What is wanted by the positive clauses of a query.
#[derive(Debug)]
pub(crate) enum Wish {
    /// One pattern.
    One(Pattern, Place),
    /// At least so many of these.
    Several(usize, Vec<Wish>),
    /// At least so many of these, and one of them in the hit itself: the headline over a fact counts for the others.
    Bag(usize, Vec<Word>),
    /// The first of these that is fulfilled.
    First(Vec<Wish>),
    /// A name in another spelling than it is asked for.
    Variant(Box<Wish>),
    /// What no word shows: a date, a kind, what is not there.
    Given,
}

/// A plain word.
#[derive(Debug)]
pub(crate) struct Word {
    pub(crate) pattern: Pattern,
    /// Words of names that are other spellings of it.
    pub(crate) spelt: Pattern,
    /// The kind of fact that it names.
    pub(crate) kind: Option<Kind>,
}

impl Word {
    /// A folded word in any form, or in other spellings where it is a name.
    pub(crate) fn of(folded: &str, spelt: &[String]) -> Self {
        Self {
            pattern: Pattern::Stem(folded.to_owned()),
            spelt: Pattern::Any(spelt.to_vec()),
            kind: kind_called(folded),
        }
    }
}

/// The parts of a hit in which words can be marked.
pub(crate) struct Shown {
    pub(crate) kind: Kind,
    pub(crate) passage: Cut,
    /// Of a release.
    pub(crate) headline: Option<Cut>,
    pub(crate) name: Option<Cut>,
    pub(crate) post: Option<Cut>,
    pub(crate) cue: Option<Cut>,
    /// What counts beside a match and is not marked: the headline over a fact.
    pub(crate) around: Option<Cut>,
}

/// A part of a hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum In {
    Passage,
    Headline,
    Name,
    Post,
    Cue,
}

/// A word or row of words that is to be marked.
pub(crate) type Mark = (In, Match);

impl Shown {
    pub(crate) fn of(kind: Kind, stems: &Stems, passage: &str, others: [Option<&str>; 5]) -> Self {
        let [headline, name, post, cue, around] = others.map(|text| text.map(|text| Cut::of(text, stems)));
        Self { kind, passage: Cut::of(passage, stems), headline, name, post, cue, around }
    }

    /// The words that make the hit one, in order.
    pub(crate) fn marks(&self, wish: &Wish) -> Vec<Mark> {
        let mut clause = 0;
        let mut marks = self.fulfil(wish, &mut clause).unwrap_or_else(|| {
            // What is not shown (another post of the speaker) may fulfil a clause: the others are marked all the same.
            let Wish::Several(_, parts) = wish else { return Vec::new() };
            parts.iter().filter_map(|part| self.fulfil(part, &mut clause)).flatten().collect()
        });
        marks.sort_unstable();
        marks.dedup();
        marks
    }

    /// Whether somebody was asked for in another spelling than the hit has.
    pub(crate) fn is_variant(&self, wish: &Wish) -> bool {
        let is_fulfilled = |wish: &Wish| self.fulfil(wish, &mut 0).is_some();
        match wish {
            Wish::First(parts) => {
                parts.iter().find(|part| is_fulfilled(part)).is_some_and(|part| self.is_variant(part))
            }
            Wish::Variant(_) => true,
            Wish::Several(_, parts) => {
                parts.iter().filter(|part| is_fulfilled(part)).any(|part| self.is_variant(part))
            }
            Wish::Bag(_, words) => words.iter().any(|word| {
                let is_in = |pattern, place| !self.find(pattern, place, 0).is_empty();
                is_in(&word.spelt, Place::Name) && !is_in(&word.pattern, Place::Anywhere)
            }),
            Wish::One(..) | Wish::Given => false,
        }
    }

    /// The words that fulfil `wish`; `None` where it is not fulfilled.
    fn fulfil(&self, wish: &Wish, clause: &mut usize) -> Option<Vec<Mark>> {
        match wish {
            Wish::Given => Some(Vec::new()),
            Wish::One(pattern, place) => {
                *clause += 1;
                let found = self.find(pattern, *place, *clause);
                (!found.is_empty()).then_some(found)
            }
            Wish::First(parts) => parts.iter().find_map(|part| self.fulfil(part, clause)),
            Wish::Variant(name) => self.fulfil(name, clause),
            Wish::Bag(least, words) => self.bag(*least, words, clause),
            Wish::Several(least, parts) => {
                let found: Vec<_> = parts.iter().filter_map(|part| self.fulfil(part, clause)).collect();
                (found.len() >= *least).then(|| found.into_iter().flatten().collect())
            }
        }
    }

    fn bag(&self, least: usize, words: &[Word], clause: &mut usize) -> Option<Vec<Mark>> {
        let (mut count, mut marks) = (0, Vec::new());
        for Word { pattern, spelt, kind } in words {
            *clause += 1;
            let mut found = self.find(pattern, Place::Anywhere, *clause);
            found.extend(self.find(spelt, Place::Name, *clause));
            let around = || self.around.as_ref().is_some_and(|cut| !pattern.matches(cut).is_empty());
            count += usize::from(!found.is_empty() || *kind == Some(self.kind) || around());
            marks.extend(found);
        }
        (count >= least && !marks.is_empty()).then_some(marks)
    }

    fn find(&self, pattern: &Pattern, place: Place, clause: usize) -> Vec<Mark> {
        let parts = [
            (In::Passage, Some(&self.passage), !matches!(place, Place::Name | Place::Post)),
            (In::Headline, self.headline.as_ref(), matches!(place, Place::Anywhere | Place::Passage)),
            (In::Name, self.name.as_ref(), !matches!(place, Place::Post | Place::Passage)),
            (In::Post, self.post.as_ref(), !matches!(place, Place::Name | Place::Passage)),
            // Of a cue only forms of a plain word are looked for.
            (In::Cue, self.cue.as_ref(), place == Place::Anywhere && matches!(pattern, Pattern::Stem(_))),
        ];
        let mut marks = Vec::new();
        for (part, cut, _) in parts.into_iter().filter(|(.., is_place)| *is_place) {
            let Some(cut) = cut else { continue };
            // Names have no stems.
            let spans = match (pattern, part) {
                (Pattern::Stem(word), In::Name) => Pattern::Any(vec![word.clone()]).matches(cut),
                _ => pattern.matches(cut),
            };
            marks.extend(spans.into_iter().flatten().map(|span| (part, Match { span, clause })));
        }
        marks
    }
}

/// The marks of one part.
pub(crate) fn of_part(marks: &[Mark], part: In) -> Vec<Match> {
    marks.iter().filter(|(of, _)| *of == part).map(|(_, found)| *found).collect()
}

/// The same as spans, without overlap.
pub(crate) fn spans(marks: &[Mark], part: In, length: usize) -> Vec<Span> {
    crate::highlight::highlights(&of_part(marks, part), Span::new(0, length))
}
