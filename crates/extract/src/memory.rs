//! Whom a text named so far: what pronouns and titles that stand alone can take up, found at once however much it was.

use chancery_rules::Symbol;
use chancery_text::fold;
use rustc_hash::FxHashMap;

use crate::latest::{Latest, Mentions};
use crate::subjects::Actor;
use crate::what::What;

/// One that was named, as a pronoun may take it up.
pub(crate) struct Seen {
    pub(crate) actor: Actor,
    pub(crate) what: Option<What>,
    /// Subject of its clause.
    pub(crate) acts: bool,
    /// Who says the clause in which it stands, by the order of naming.
    pub(crate) under: Option<usize>,
    pub(crate) sentence: usize,
    pub(crate) block: usize,
}

/// Where in the order of naming something last was, and last acted.
#[derive(Clone, Copy, Debug, Default)]
struct Last {
    named: Option<usize>,
    acted: Option<usize>,
}

impl Last {
    fn see(&mut self, at: usize, acts: bool) {
        self.named = Some(at);
        if acts {
            self.acted = Some(at);
        }
    }

    fn or(self, other: Self) -> Self {
        Self { named: self.named.max(other.named), acted: self.acted.max(other.acted) }
    }
}

/// Everybody and everything named so far, in the order of the text.
#[derive(Default)]
pub(crate) struct Memory {
    all: Vec<Seen>,
    /// What is known of the gender of persons.
    genders: FxHashMap<usize, Symbol>,
    persons: FxHashMap<usize, Last>,
    anybody: Last,
    of_gender: FxHashMap<Symbol, Last>,
    /// Persons whose gender was not known then; where it is known now, they stand in `of_gender` too.
    others: Vec<usize>,
    other_actors: Vec<usize>,
    /// The last name that acted of which nothing else is known.
    stranger: Option<usize>,
    things: Last,
    /// Somebody without a name by the first word of what they are called: `spokesman for the Board`.
    unnamed: FxHashMap<String, usize>,
    /// Collectives of people, and whatever `they` may mean.
    people: Last,
    groups: Option<usize>,
}

impl Memory {
    /// A memory of nobody, with what is known of genders.
    pub(crate) fn of(genders: FxHashMap<usize, Symbol>) -> Self {
        Self { genders, ..Self::default() }
    }

    /// Adds what is named next; its place in the order of naming.
    pub(crate) fn see(&mut self, seen: Seen) -> usize {
        let at = self.all.len();
        match seen.actor {
            Actor::Person(n) => {
                self.persons.entry(n).or_default().see(at, seen.acts);
                self.anybody.see(at, seen.acts);
                if let Some(gender) = self.genders.get(&n) {
                    self.of_gender.entry(*gender).or_default().see(at, seen.acts);
                } else {
                    self.others.push(at);
                    self.other_actors.extend(Some(at).filter(|_| seen.acts));
                }
            }
            Actor::Body(_) => self.things.see(at, seen.acts),
            Actor::Words(ref words) => {
                if seen.what.is_some_and(What::is_thing) {
                    self.things.see(at, seen.acts);
                }
                if seen.what.is_some_and(What::is_group)
                    && let Some((head, _)) = words.split_once(' ')
                {
                    self.unnamed.insert(fold(head), at);
                }
                if seen.what.is_some_and(What::is_group) {
                    self.groups = Some(at);
                    if seen.what != Some(What::Body) {
                        self.people.see(at, seen.acts);
                    }
                }
            }
        }
        if seen.acts && seen.what == Some(What::Unknown) && !matches!(seen.actor, Actor::Person(_)) {
            self.stranger = Some(at);
        }
        self.all.push(seen);
        at
    }

    /// The person a pronoun takes up: the last who acted, in this paragraph or near before; else one just named. What
    /// a quotation calls somebody tells nothing of those outside: `learns` is false there.
    pub(crate) fn he(&mut self, gender: Option<Symbol>, sentence: usize, learns: bool) -> Option<Actor> {
        let persons = match gender {
            None => self.anybody,
            Some(gender) => self.of_gender.get(&gender).copied().unwrap_or_default().or(self.others()),
        };
        let last = persons.or(Last { named: self.stranger, acted: self.stranger });
        let near = |at: &usize, far: usize| self.all[*at].sentence + far >= sentence;
        let found = last
            .acted
            .filter(|at| near(at, 3))
            .or(last.named.filter(|at| near(at, 1)))
            .or(last.acted)
            .or(last.named)?;
        let found = self.above(found, |main| self.may_be(main, found, gender));
        let actor = self.all[found].actor.clone();
        if let (true, Actor::Person(n), Some(gender)) = (learns, &actor, gender)
            && !self.genders.contains_key(n)
        {
            self.genders.insert(*n, gender);
            let known = self.persons.get(n).copied().unwrap_or_default();
            let of_gender = self.of_gender.entry(gender).or_default();
            *of_gender = of_gender.or(known);
        }
        Some(actor)
    }

    /// Who says the clause in which one stands that was found, if a pronoun may take them up.
    fn above(&self, found: usize, may: impl Fn(&Seen) -> bool) -> usize {
        self.all[found].under.filter(|main| may(&self.all[*main])).unwrap_or(found)
    }

    /// Whether a pronoun of this gender may rather mean the one who says something than whom they tell of.
    fn may_be(&self, main: &Seen, told: usize, gender: Option<Symbol>) -> bool {
        let of = |seen: &Seen| match seen.actor {
            Actor::Person(n) => self.genders.get(&n).copied(),
            _ => None,
        };
        let known = of(main);
        let person = matches!(main.actor, Actor::Person(_)) || main.what == Some(What::Unknown);
        // Where only the other is known to be of that gender, it is the other.
        let fits = gender.is_none() || known == gender || known.is_none() && of(&self.all[told]) != gender;
        person && fits
    }

    /// The last of those whose gender is still not known.
    fn others(&mut self) -> Last {
        let known =
            |at: &mut usize| matches!(self.all[*at].actor, Actor::Person(n) if self.genders.contains_key(&n));
        while self.others.pop_if(known).is_some() {}
        while self.other_actors.pop_if(known).is_some() {}
        Last { named: self.others.last().copied(), acted: self.other_actors.last().copied() }
    }

    /// The body, document or meeting that `it` takes up: the last subject, else the last named.
    pub(crate) fn it(&self, sentence: usize) -> Option<Actor> {
        let near = self.things.acted.filter(|at| self.all[*at].sentence + 2 >= sentence);
        let found = near.or(self.things.named)?;
        let main = self.above(found, |main| matches!(main.actor, Actor::Body(_)));
        Some(self.all[main].actor.clone())
    }

    /// Somebody without a name whom one word takes up: `the spokesman`, of a `spokesman for the Board`.
    pub(crate) fn again(&self, word: &str) -> Option<Actor> {
        self.unnamed.get(&fold(word)).map(|at| self.all[*at].actor.clone())
    }

    /// The collective of this paragraph that `they` takes up: the last subject, else the last named.
    pub(crate) fn they(&self, block: usize) -> Option<Actor> {
        let here = |at: &usize| self.all[*at].block == block;
        let people = self.people.acted.filter(here).or(self.people.named.filter(here));
        people.or(self.groups.filter(here)).map(|at| self.all[at].actor.clone())
    }
}

/// Persons who may be meant by the same words.
pub(crate) struct Candidates {
    latest: Latest,
    /// How much of the memory was looked through, and who of them acted last in it.
    looked: usize,
    acted: Option<usize>,
}

/// So many candidates are asked one by one when they acted.
const FEW: usize = 32;

impl Candidates {
    /// These persons, in the order of the list, each once.
    pub(crate) fn of<'m>(persons: Vec<usize>, mentions: impl Fn(usize) -> &'m Mentions) -> Self {
        Self { latest: Latest::of(persons, mentions), looked: 0, acted: None }
    }

    pub(crate) const fn latest(&self) -> &Latest {
        &self.latest
    }

    /// Who of them acted last, and in which block.
    pub(crate) fn acted(&mut self, memory: &Memory) -> Option<(usize, usize)> {
        let persons = self.latest.members();
        let last = if persons.len() <= FEW {
            persons.iter().filter_map(|n| memory.persons.get(n)?.acted).max()
        } else {
            for (at, seen) in memory.all.iter().enumerate().skip(self.looked) {
                if seen.acts && matches!(seen.actor, Actor::Person(n) if persons.binary_search(&n).is_ok()) {
                    self.acted = Some(at);
                }
            }
            self.looked = memory.all.len();
            self.acted
        };
        let seen = &memory.all[last?];
        match seen.actor {
            Actor::Person(n) => Some((n, seen.block)),
            _ => None,
        }
    }
}
