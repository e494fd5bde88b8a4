//! Whether a name is the one that was asked for.

use std::cell::Cell;

use super::tables::NameTables;
use super::typo::edits;
use super::unit::{Script, Unit, words};
use crate::fold::fold;

/// How near a name is to what was asked for; the nearest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Likeness {
    /// The same words; letter case, order, hyphens and apostrophes apart.
    Same,
    /// The same but for diacritics, or for what is written as one word.
    Spelling,
    /// Another spelling of the same name: `El-Attar` for `Alattar`, `خالد` for `Khaled`.
    Variant,
    /// A name whose initials fit.
    Initials,
    /// A name with letters mistyped, as many as the length of the word allows.
    Typo,
}

/// Two words with more letters than that, together, are never written as one.
const JOINED: usize = 14;

/// Which units of a name were found already.
type Taken = [bool];

/// So many ways to pair the words of two names are tried: names of many words that are all alike have more than anybody
/// can wait for, and the first ways are the likely ones.
const MOST_WAYS: u32 = 2_000;

impl NameTables {
    /// How near `name` is to `asked`; `None` where it is another. All words asked for must be found in the name, in any
    /// order, so that a surname finds the whole name; titles before it (`Minister Talaat`) and particles need not.
    ///
    /// ```no_run
    /// # use chancery_text::{Likeness, NameTables};
    /// # fn likeness(tables: &NameTables) {
    /// assert_eq!(tables.compare("khalid alattar", "Khaled El-Attar"), Some(Likeness::Variant));
    /// assert_eq!(tables.compare("attar", "Hala Zayed"), None);
    /// # }
    /// ```
    #[must_use]
    pub fn compare(&self, asked: &str, name: &str) -> Option<Likeness> {
        self.asked(asked).likeness(name)
    }

    /// A name that is asked for, ready to be compared with many.
    #[must_use]
    pub fn asked(&self, asked: &str) -> Asked<'_> {
        Asked { text: asked.into(), tables: self, units: self.units(asked), may_be_mistyped: true }
    }

    /// What `name` is looked up by, each once, in order: all names that are alike, typing mistakes apart, share a key
    /// with it for every word.
    #[must_use]
    pub fn keys(&self, name: &str) -> Vec<String> {
        let units = self.units(name);
        let joins = self.joins(&units).into_iter().map(|(unit, ..)| unit);
        let all = units.iter().chain(units.iter().flat_map(|unit| &unit.parts)).cloned().chain(joins);
        let mut keys: Vec<String> = all.flat_map(|unit| self.keys_of(&unit, Side::Name)).collect();
        keys.sort();
        keys.dedup();
        keys
    }

    /// What several spellings of one name share, and hardly any two names: to group by. Empty where there is no letter.
    #[must_use]
    pub fn group(&self, name: &str) -> String {
        let units = self.units(name);
        let plain = units.iter().any(|unit| !unit.particle);
        let told = units.iter().filter(|unit| !plain || !unit.particle);
        told.map(Unit::shared).collect::<Vec<_>>().join(" ")
    }

    /// What several spellings of one title or body share: as [`NameTables::group`], of every word in its place. A title
    /// before a name is no part of the name, but `Deputy` before `Minister` makes another post. Empty where there is no
    /// letter.
    #[must_use]
    pub fn wording(&self, text: &str) -> String {
        let words = words(text);
        let sounds = words.iter().map(|word| self.unit(&word.written, &word.folded).shared().to_owned());
        sounds.collect::<Vec<_>>().join(" ")
    }

    /// Whether `word` may be `meant` with as many letters mistyped as its length allows; no other spelling of it counts.
    #[must_use]
    pub fn is_mistyped(&self, word: &str, meant: &str) -> bool {
        let folded = |word: &str| fold(word).replace(' ', "");
        let unit = |word: &str| self.unit(&word.to_lowercase(), &folded(word));
        let most = self.typos(word).into();
        let near = word != meant && edits(&folded(word), &folded(meant), most).is_some();
        near && self.mistyped(&unit(word), &unit(meant))
    }

    /// The keys of a word. Words of few consonants share them with very many others, and are alike only where they sound the
    /// same: such keys (`=li`) are those of the sound, and the others are there for who asks in a script without vowels. Names
    /// in Arabic and Hebrew script have keys of their own (`@l`), which everybody asks for.
    fn keys_of(&self, unit: &Unit, side: Side) -> Vec<String> {
        let mut keys: Vec<String> = unit.group.iter().map(|group| format!("+{group}")).collect();
        if side == Side::Name {
            keys.extend(first_key(unit));
            keys.extend(initial_key(unit).filter(|_| unit.initial));
        }
        let abjad = |key: String| format!("@{key}");
        if unit.script == Script::Abjad {
            let all = self.abjad_keys(&unit.plain);
            keys.extend(all.iter().cloned().map(abjad));
            keys.extend(all.into_iter().filter(|_| side == Side::Asked));
            return keys;
        }
        for sound in unit.sounds.iter().chain(&unit.bare) {
            let key = self.lookup_key(sound);
            let few = sound.chars().filter(|c| !self.is_vowel(*c)).count() < super::alike::CONSONANTS;
            keys.extend(few.then(|| format!("={sound}")));
            keys.extend((side == Side::Asked).then(|| abjad(key.clone())));
            keys.extend((!few || side == Side::Name).then_some(key));
        }
        keys
    }

    /// Neighbours as one word, with the places of the first and the last; all but the last of a longer run are particles.
    fn joins(&self, units: &[Unit]) -> Vec<(Unit, usize, usize)> {
        let mut joins = Vec::new();
        for first in 0..units.len() {
            let Some(mut joined) = units.get(first).map(|unit| (unit.written.clone(), unit.folded.clone()))
            else {
                break;
            };
            for last in first + 1..units.len() {
                let Some(unit) = units.get(last) else { break };
                joined.0 += &unit.written;
                joined.1 += &unit.folded;
                if joined.1.chars().count() > JOINED {
                    break;
                }
                joins.push((self.unit(&joined.0, &joined.1), first, last));
                let particles = units.get(first..=last).unwrap_or_default().iter().all(|unit| unit.particle);
                if !particles {
                    break;
                }
            }
        }
        joins
    }
}

/// Whose keys are wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Name,
    Asked,
}

/// What words that begin with a letter are looked up by, where only the letter is asked for.
fn first_key(unit: &Unit) -> Option<String> {
    unit.plain.chars().next().filter(char::is_ascii_alphabetic).map(|first| format!("{first}."))
}

/// What initials are looked up by, where a word is asked for: a key of their own, because very many words begin with the letter.
fn initial_key(unit: &Unit) -> Option<String> {
    first_key(unit).map(|first| first.replace('.', ":"))
}

/// A name that is asked for.
#[derive(Clone, Debug)]
pub struct Asked<'t> {
    text: String,
    tables: &'t NameTables,
    units: Vec<Unit>,
    may_be_mistyped: bool,
}

impl Asked<'_> {
    /// The same, where letters that are mistyped make another name: to look for them takes most of the time of a comparison.
    #[must_use]
    pub fn rightly_typed(self) -> Self {
        Self { may_be_mistyped: false, ..self }
    }

    /// As it was asked.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether there is a word to look for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    /// For each word that must be found the keys of which a name that is alike, typing mistakes apart, has at least one.
    #[must_use]
    pub fn keys(&self) -> Vec<Vec<String>> {
        let joins = self.tables.joins(&self.units);
        let mut all = Vec::new();
        for (at, unit) in self.units.iter().enumerate().filter(|(_, unit)| self.counts(unit)) {
            let mut keys = if unit.initial { Vec::new() } else { self.tables.keys_of(unit, Side::Asked) };
            keys.extend(if unit.initial { first_key(unit) } else { initial_key(unit) });
            for (join, first, last) in &joins {
                if (*first..=*last).contains(&at) {
                    keys.extend(self.tables.keys_of(join, Side::Asked));
                }
            }
            keys.sort();
            keys.dedup();
            all.push(keys);
        }
        all
    }

    /// Particles count only where there is nothing else.
    fn counts(&self, unit: &Unit) -> bool {
        !unit.particle || self.units.iter().all(|unit| unit.particle)
    }

    /// As [`NameTables::compare`].
    #[must_use]
    pub fn likeness(&self, name: &str) -> Option<Likeness> {
        let units = self.tables.units(name);
        let wanted: Vec<usize> =
            (0..self.units.len()).filter(|at| self.units.get(*at).is_some_and(|u| self.counts(u))).collect();
        if wanted.is_empty() {
            return None;
        }
        let sides = Sides::new(self, &units);
        let best = sides.best(&wanted, &vec![false; units.len()])?;
        let likeness = best.worst;
        if !best.whole || best.mistyped > 1 {
            return None;
        }
        // Articles and particles that the name does not have make it another spelling.
        let lacks = |unit: &&Unit| unit.particle && !units.iter().any(|other| other.folded == unit.folded);
        Some(if self.units.iter().any(|unit| lacks(&unit)) {
            likeness.max(Likeness::Variant)
        } else {
            likeness
        })
    }
}

/// Neighbours of one name as one word, found as one word of the other: the places of the first and the last.
struct Joined {
    first: usize,
    last: usize,
    /// How near the words of the other name are, by their places.
    near: Vec<Option<Likeness>>,
}

/// How near the words of two names are.
struct Sides {
    /// Of each word asked for the likeness of each word found.
    near: Vec<Vec<Option<Likeness>>>,
    /// Neighbours of the name asked for, against the words found.
    asked_joins: Vec<Joined>,
    /// Neighbours of the name found, against the words asked for.
    found_joins: Vec<Joined>,
    /// How many ways were tried.
    ways: Cell<u32>,
}

/// How the words of one name were found in another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Best {
    worst: Likeness,
    mistyped: usize,
    /// Whether a whole word was found, not only initials; `false` sorts first, and is mended by what comes after.
    whole: bool,
}

impl Sides {
    fn new(of: &Asked<'_>, found: &[Unit]) -> Self {
        let (tables, asked) = (of.tables, of.units.as_slice());
        let near = |a: &Unit, f: &Unit| {
            let mistyped = || of.may_be_mistyped && !a.initial && !f.initial && tables.mistyped(a, f);
            tables.near(a, f).or_else(|| mistyped().then_some(Likeness::Typo))
        };
        let joins = |side: &[Unit], other: &[Unit]| {
            // One letter stands for one word.
            let alike = |unit: &Unit, join: &Unit| if unit.initial { None } else { tables.alike(unit, join) };
            let near = |join: &Unit| other.iter().map(|unit| alike(unit, join)).collect();
            let all = tables.joins(side).into_iter();
            all.map(|(join, first, last)| Joined { first, last, near: near(&join) }).collect()
        };
        Self {
            near: asked.iter().map(|a| found.iter().map(|f| near(a, f)).collect()).collect(),
            asked_joins: joins(asked, found),
            found_joins: joins(found, asked),
            ways: Cell::new(0),
        }
    }

    /// The best way to find the `wanted` words among those that are not taken.
    fn best(&self, wanted: &[usize], taken: &Taken) -> Option<Best> {
        let Some((at, rest)) = wanted.split_first() else {
            return Some(Best { worst: Likeness::Same, mistyped: 0, whole: false });
        };
        let mut best: Option<Best> = None;
        let mut offer = |likeness: Likeness, rest: &[usize], places: std::ops::RangeInclusive<usize>| {
            self.ways.set(self.ways.get() + 1);
            if self.ways.get() > MOST_WAYS || best.is_some_and(|best| best.worst <= likeness && best.whole) {
                return;
            }
            let mut taken = taken.to_vec();
            taken
                .iter_mut()
                .enumerate()
                .filter(|(at, _)| places.contains(at))
                .for_each(|(_, taken)| *taken = true);
            let Some(after) = self.best(rest, &taken) else { return };
            let found = Best {
                worst: after.worst.max(likeness),
                mistyped: after.mistyped + usize::from(likeness == Likeness::Typo),
                whole: after.whole || likeness != Likeness::Initials,
            };
            let better = |best: Best| (!found.whole, found.worst) < (!best.whole, best.worst);
            if best.is_none_or(better) {
                best = Some(found);
            }
        };
        let free = |places: std::ops::RangeInclusive<usize>| {
            taken.get(places).is_some_and(|places| places.iter().all(|taken| !taken))
        };
        for (place, likeness) in self.near.get(*at)?.iter().enumerate() {
            if let Some(likeness) = likeness.filter(|_| free(place..=place)) {
                offer(likeness, rest, place..=place);
            }
        }
        for join in &self.found_joins {
            let likeness = join.near.get(*at).copied().flatten();
            if let Some(likeness) = likeness.filter(|_| free(join.first..=join.last)) {
                offer(likeness.max(Likeness::Spelling), rest, join.first..=join.last);
            }
        }
        for join in self.asked_joins.iter().filter(|join| (join.first..=join.last).contains(at)) {
            let rest: Vec<usize> =
                rest.iter().copied().filter(|at| !(join.first..=join.last).contains(at)).collect();
            for (place, likeness) in join.near.iter().enumerate() {
                if let Some(likeness) = likeness.filter(|_| free(place..=place)) {
                    offer(likeness.max(Likeness::Spelling), &rest, place..=place);
                }
            }
        }
        best
    }
}

impl NameTables {
    /// How near two words are, typing mistakes apart; a part of a hyphenated word is found by itself.
    fn near(&self, asked: &Unit, found: &Unit) -> Option<Likeness> {
        if asked.initial || found.initial {
            let first = |unit: &Unit| unit.plain.chars().next();
            let likeness = if asked.initial && found.initial { Likeness::Same } else { Likeness::Initials };
            return (first(asked) == first(found)).then_some(likeness);
        }
        let whole = self.alike(asked, found);
        let part = found.parts.iter().filter_map(|part| self.alike(asked, part)).min();
        whole.into_iter().chain(part).min()
    }
}
