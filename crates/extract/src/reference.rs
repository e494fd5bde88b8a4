//! What takes up somebody named before: pronouns, titles that stand alone, `the Foundation`.

use std::collections::BTreeMap;

use chancery_rules::{Range, Symbol};
use chancery_text::{Shape, fold};

use crate::fields::entry;
use crate::subjects::{Actor, Finder, Found, Seen};

impl Finder<'_, '_> {
    /// The person a pronoun takes up: the last who acted, in this paragraph or near before; else one just named.
    pub(crate) fn he(
        &self,
        f: &Found,
        seen: &[Seen],
        genders: &mut BTreeMap<usize, Symbol>,
        sentence: usize,
    ) -> Option<Actor> {
        let gender = self.gender(f.range);
        let fits = |s: &&Seen| match &s.actor {
            Actor::Person(n) => gender.is_none() || genders.get(n).is_none_or(|g| Some(*g) == gender),
            _ => s.acts && s.what.as_deref() == Some("unknown"),
        };
        let persons = || seen.iter().rev().filter(fits);
        let found = persons()
            .find(|s| s.acts && s.sentence + 3 >= sentence)
            .or_else(|| persons().find(|s| s.sentence + 1 >= sentence))
            .or_else(|| persons().find(|s| s.acts))
            .or_else(|| persons().next())?;
        if let (Actor::Person(n), Some(gender)) = (&found.actor, gender) {
            genders.entry(*n).or_insert(gender);
        }
        Some(found.actor.clone())
    }

    /// Whom a short title that stands alone means: whom it meant before, unless another holder acted in this paragraph;
    /// else the last holder who acted, else the last who was named.
    pub(crate) fn holder(
        &self,
        f: &Found,
        title: Range,
        seen: &[Seen],
        held: &mut BTreeMap<String, usize>,
    ) -> Option<usize> {
        let doc = self.doc;
        let words: Vec<String> = (title.start..title.end).map(|at| fold(doc.word(at))).collect();
        if words.len() > 2 {
            return None;
        }
        let rank = |n: usize| self.rank(n, &words);
        let best = (0..self.state.people.len()).map(rank).max().filter(|best| *best > 0)?;
        let fits = |n: &usize| rank(*n) == best;
        let block = doc.sentences()[doc.sentence_of(f.range.start)].block;
        let acted = |here: bool| {
            seen.iter().rev().filter(|s| s.acts && (!here || s.block == block)).find_map(|s| match s.actor {
                Actor::Person(n) if fits(&n) => Some(n),
                _ => None,
            })
        };
        let key = words.join(" ");
        let named = |n: &usize| {
            let mentions = self.state.people[*n].mentions.iter();
            mentions.map(|(r, _)| r.start).filter(|s| *s < title.start).max()
        };
        let last =
            || (0..self.state.people.len()).filter(fits).max_by_key(|n| (named(n), std::cmp::Reverse(*n)));
        let before = held.get(&key).copied();
        let found = acted(true).or(before).or_else(|| acted(false)).or_else(last)?;
        held.insert(key, found);
        Some(found)
    }

    /// How well a person's post fits the words of a title: 2 the same role, whatever field or words around it, 1
    /// another rank of it, 0 not at all.
    fn rank(&self, person: usize, words: &[String]) -> usize {
        let doc = self.doc;
        let fit = |title: Range| {
            let head = (title.start..title.end)
                .find(|at| *at > title.start && entry(doc, self.rules, "doc-preposition", *at).is_some())
                .unwrap_or(title.end);
            let start = head.checked_sub(words.len()).filter(|s| *s >= title.start);
            let same = |s: usize| (s..head).zip(words).all(|(at, word)| fold(doc.word(at)) == *word);
            let other = |at: usize| entry(doc, self.rules, "doc-other-rank", at).is_some();
            start.filter(|s| same(*s)).map_or(0, |s| 2 - usize::from((title.start..s).any(other)))
        };
        self.state.people[person].posts.iter().filter_map(|p| p.title).map(fit).max().unwrap_or(0)
    }

    /// `the Foundation`: the last body with that word in its name; `the new minister`: the last holder of such a post.
    pub(crate) fn by_head(&self, f: &Found, seen: &[Seen]) -> Option<Actor> {
        let who = f.who;
        let definite = entry(self.doc, self.rules, "doc-definite", f.range.start).is_some()
            || (who.len() == 1 && self.doc.tokens()[who.start].shape.has(Shape::CAP));
        if !definite || who.len() > 3 {
            return None;
        }
        let head = fold(self.doc.word(who.end - 1));
        let has = |name: &str| name.split_whitespace().any(|w| fold(w) == head);
        if f.what.as_deref() == Some("body") && who.len() <= 2 {
            let named = |n: &usize| {
                let body = &self.state.bodies[*n];
                body.mentions.iter().map(|(r, _)| r.start).filter(|s| *s < who.start).max()
            };
            // Without an article a body by its last word comes first: `Council` is rather a City Council.
            let last = |n: &usize| {
                who.len() == 1
                    && self.state.bodies[*n].name.split_whitespace().last().is_some_and(|w| fold(w) == head)
            };
            let bodies = (0..self.state.bodies.len()).filter(|n| has(&self.state.bodies[*n].name));
            let bodies = bodies.filter(|n| named(n).is_some());
            return bodies.max_by_key(|n| (last(n), named(n))).map(Actor::Body);
        }
        entry(self.doc, self.rules, "role", who.end - 1)?;
        let holds = |n: &usize| {
            self.state.people[*n].posts.iter().any(|p| p.title.is_some_and(|t| has(self.doc.words(t))))
        };
        let spoke = seen.iter().rev().find_map(|s| match s.actor {
            Actor::Person(n) if s.acts && holds(&n) => Some(n),
            _ => None,
        });
        let named = |n: &usize| {
            let mentions = self.state.people[*n].mentions.iter();
            mentions.map(|(r, _)| r.start).filter(|s| *s < who.start).max()
        };
        let holders = || (0..self.state.people.len()).filter(|n| holds(n) && named(n).is_some());
        spoke.or_else(|| holders().max_by_key(|n| named(n))).map(Actor::Person)
    }
}

/// The body, document or meeting that `it` takes up: the last subject, else the last named.
pub(crate) fn it(seen: &[Seen], sentence: usize) -> Option<Actor> {
    let fits = |s: &&Seen| match s.actor {
        Actor::Person(_) => false,
        Actor::Body(_) => true,
        Actor::Words(_) => {
            matches!(s.what.as_deref(), Some("body" | "group" | "document" | "meeting" | "country"))
        }
    };
    let things = || seen.iter().rev().filter(fits);
    let near = things().find(|s| s.acts && s.sentence + 2 >= sentence);
    near.or_else(|| things().next()).map(|s| s.actor.clone())
}

/// The collective of this paragraph that `they` takes up: the last subject, else the last named.
pub(crate) fn they(seen: &[Seen], block: usize) -> Option<Actor> {
    let speaks = |s: &&Seen| {
        s.block == block
            && matches!(s.actor, Actor::Words(_))
            && matches!(s.what.as_deref(), Some("people" | "group" | "pair" | "body"))
    };
    let groups = || seen.iter().rev().filter(speaks);
    let people = |s: &&Seen| s.what.as_deref() != Some("body");
    groups()
        .find(|s| s.acts && people(s))
        .or_else(|| groups().find(people))
        .or_else(|| groups().next())
        .map(|s| s.actor.clone())
}
