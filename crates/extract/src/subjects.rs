//! Who speaks: noun phrases that can, each resolved to a person, a body or a collective's words.

use std::collections::BTreeMap;

use chancery_rules::{Doc, Range, RuleSet, Symbol};
use chancery_text::{LONGEST_SENTENCE, Shape};

use crate::State;
use crate::bodies::one_line;
use crate::fields::{Fields, entry};
use crate::people::Human;
use crate::reference::{it, they};

/// Who acts in a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Actor {
    Person(usize),
    Body(usize),
    /// A collective, a country, an unknown: the words as they stand.
    Words(String),
}

/// A noun phrase that can speak, with who it is.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    pub(crate) range: Range,
    pub(crate) actor: Option<Actor>,
    pub(crate) pronoun: bool,
    /// Not after a preposition: may be the subject of its sentence.
    pub(crate) free: bool,
    /// One body that words stand for: another name of it may follow.
    alone: bool,
    /// A name that nothing else is known of.
    name: bool,
    /// A person by name, not by a title.
    named: bool,
    /// A collective, a document, a meeting.
    group: bool,
}

impl Subject {
    /// A person by name, or a body: who may sign a quotation.
    pub(crate) fn speaks(&self) -> bool {
        self.named || self.name || matches!(self.actor, Some(Actor::Body(_)))
    }

    /// A person, or a name that nothing else is known of.
    fn person(&self) -> bool {
        self.name || matches!(self.actor, Some(Actor::Person(_)))
    }
}

/// All subjects of a document, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Subjects {
    pub(crate) all: Vec<Subject>,
}

/// How many tokens may stand between a head and what a preposition hangs on it.
const LINK: usize = 14;

impl Subjects {
    /// The subject that covers this range, or begins in it.
    fn at(&self, range: Range) -> Option<usize> {
        // Subjects stand in the order of their beginnings, and none is longer than a sentence.
        let from = self.all.partition_point(|s| s.range.start + LONGEST_SENTENCE < range.start);
        let to = self.all.partition_point(|s| s.range.start < range.end);
        let exact = (from..to).find(|n| self.all[*n].range == range);
        exact.or_else(|| {
            let touching = (from..to).filter(|n| self.all[*n].range.overlaps(&range));
            touching.max_by_key(|n| self.all[*n].range.len())
        })
    }

    /// Who speaks where a rule captured `range` before the verb at `cue`: the head of `X of Y`, the person in an
    /// apposition.
    pub(crate) fn speaker(
        &self,
        doc: &Doc<'_>,
        rules: &RuleSet,
        range: Range,
        cue: Range,
    ) -> Option<&Subject> {
        let n = self.at(range)?;
        let found = &self.all[n];
        if found.pronoun {
            return Some(found);
        }
        // `…, said the Chair of the Board, Ms Monte`: the person after the comma.
        if cue.start < found.range.start {
            let apposed = self.all.get(n + 1).filter(|s| s.named && s.range.start == found.range.end + 1);
            let held = !found.person() && !found.group && doc.word(found.range.end) == ",";
            return Some(apposed.filter(|_| held).unwrap_or(found));
        }
        // `a review by Lord Ray, a former judge, who found`: a person, not the head of the whole phrase.
        let relative = (found.range.end..cue.start).any(|at| entry(doc, rules, "doc-human", at).is_some());
        let who = if relative { self.antecedent(doc, n) } else { None };
        let head = who.unwrap_or_else(|| self.head(doc, rules, n));
        if self.all[head].person() {
            return Some(&self.all[head]);
        }
        // `The Speaker of the Assembly, Ms Monte, welcomed`: the person between the commas.
        let apposed = self.all[n + 1..].iter().take_while(|s| s.range.end <= cue.start).find(|s| {
            let comma = s.range.start.checked_sub(1).filter(|at| *at >= found.range.end);
            (s.person() || matches!(s.actor, Some(Actor::Body(_))) && self.all[head].alone)
                && comma.is_some_and(|at| doc.word(at) == ",")
                && !s.pronoun
        });
        Some(apposed.unwrap_or(&self.all[head]))
    }

    /// The person that `who` after the noun phrase at `n` takes up: itself, or the one whose apposition it is.
    fn antecedent(&self, doc: &Doc<'_>, n: usize) -> Option<usize> {
        let near = |m: &usize| self.all[*m].range.end + LINK >= self.all[n].range.start;
        let before = (n.saturating_sub(3)..n).rev().filter(near);
        let named = |m: &usize| self.all[*m].named && doc.word(self.all[*m].range.end) == ",";
        if self.all[n].person() { Some(n) } else { before.into_iter().find(named) }
    }

    /// The noun phrase that governs the one at `n`: what stands before its preposition or comma.
    fn head(&self, doc: &Doc<'_>, rules: &RuleSet, mut n: usize) -> usize {
        let sentence = doc.sentences()[doc.sentence_of(self.all[n].range.start)];
        while let Some(before) = n.checked_sub(1) {
            let (this, that) = (&self.all[n], &self.all[before]);
            let gap = Range::new(that.range.end, this.range.start);
            if that.range.start < sentence.start || gap.len() > LINK || gap.end < gap.start || that.pronoun {
                break;
            }
            let comma = (gap.start..gap.end).any(|at| doc.word(at) == ",");
            let quiet = (gap.start..gap.end).all(|at| link(doc, rules, at));
            let governed = !this.free && quiet && (that.free || before > 0);
            let apposed = comma && quiet && that.person() && that.free && !this.named;
            if !(governed && (!comma || that.person()) || apposed) {
                break;
            }
            n = before;
        }
        n
    }

    /// The subject of a sentence before `limit`: the first that no preposition governs.
    pub(crate) fn first(
        &self,
        doc: &Doc<'_>,
        rules: &RuleSet,
        start: usize,
        limit: usize,
    ) -> Option<&Subject> {
        let from = self.all.partition_point(|s| s.range.start < start);
        let mut ahead = self.all[from..].iter().take_while(|s| s.range.start < limit);
        let first = ahead.find(|s| s.range.end <= limit && s.free)?;
        self.speaker(doc, rules, first.range, Range::new(limit, limit))
    }
}

/// Whether a token may stand inside a noun phrase: no verb, no stop.
fn link(doc: &Doc<'_>, rules: &RuleSet, at: usize) -> bool {
    let shape = doc.tokens()[at].shape;
    let word = doc.word(at);
    matches!(word, "," | "(" | ")" | "&" | "/")
        || shape.has(Shape::CAP)
        || shape.has(Shape::POSS)
        || ["doc-preposition", "article", "doc-article", "posthon", "doc-link"]
            .iter()
            .any(|list| entry(doc, rules, list, at).is_some())
}

/// Resolves what the rules marked as able to speak.
pub(crate) fn find(rules: &RuleSet, fields: &Fields, doc: &mut Doc<'_>, state: &mut State) {
    let found: Vec<Found> = doc
        .of_kind(fields.subject)
        .into_iter()
        .map(|(_, a)| Found {
            who: a.capture(fields.who).unwrap_or(a.range),
            range: a.range,
            collective: a.value(fields.k) == Some(fields.collective),
            what: a.value(fields.what).map(|s| rules.word(s).to_owned()),
            pronoun: a.value(fields.pronoun).map(|p| rules.word(p).to_owned()),
        })
        .collect();
    let finder = Finder { rules, fields, doc, state };
    let all = finder.resolve_all(&found);
    state.speakers = Subjects { all };
}

/// A match of a subject rule.
pub(crate) struct Found {
    pub(crate) who: Range,
    pub(crate) range: Range,
    pub(crate) collective: bool,
    pub(crate) what: Option<String>,
    pub(crate) pronoun: Option<String>,
}

/// One that was named, as a pronoun may take it up.
pub(crate) struct Seen {
    pub(crate) actor: Actor,
    /// People, a body, a document, a meeting.
    pub(crate) what: Option<String>,
    /// Subject of its clause.
    pub(crate) acts: bool,
    pub(crate) sentence: usize,
    pub(crate) block: usize,
}

pub(crate) struct Finder<'a, 't> {
    pub(crate) rules: &'a RuleSet,
    pub(crate) fields: &'a Fields,
    pub(crate) doc: &'a Doc<'t>,
    pub(crate) state: &'a State,
}

impl Finder<'_, '_> {
    fn resolve_all(&self, found: &[Found]) -> Vec<Subject> {
        let doc = self.doc;
        let mut all: Vec<Subject> = Vec::new();
        let mut seen: Vec<Seen> = Vec::new();
        let mut genders: BTreeMap<usize, Symbol> = BTreeMap::new();
        let mut held: BTreeMap<String, usize> = BTreeMap::new();
        for f in found {
            if self.by_name(f)
                && let Some(Actor::Person(n)) = self.resolve(f, &[], &mut BTreeMap::new())
                && let Some(gender) = self.gender(f.range)
            {
                genders.insert(n, gender);
            }
        }
        for f in found {
            let sentence = doc.sentence_of(f.range.start);
            let block = doc.sentences()[sentence].block;
            let free = self.free(f.range.start);
            let unknown = f.what.as_deref() == Some("unknown");
            let start = doc.sentences()[sentence].start;
            let earlier = all.iter().find(|s| s.free && !s.name && s.range.start >= start);
            let actor = match f.pronoun.as_deref() {
                Some("he") => self.he(f, &seen, &mut genders, sentence),
                Some("it") => it(&seen, sentence),
                Some("they") => Some(they(&seen, block).unwrap_or_else(|| self.words(f.who))),
                Some(_) => Some(self.words(f.who)),
                None => self.resolve(f, &seen, &mut held),
            };
            let named = matches!(actor, Some(Actor::Person(_))) && self.by_name(f);
            // `the Chair of the Board, Ms Monte, said`: the person of the phrase that begins the sentence acts too.
            let first = earlier.is_none_or(|s| named && !s.named && self.quiet(s.range.end, f.range.start));
            let acts = ((free || self.relative(f.range.start))
                && ((first && !unknown) || self.verb_beside(f.range)))
                || self.voiced(f.range);
            if let Some(actor) = actor.clone() {
                let plural = self.plural(f.who);
                let what = f.what.clone().or_else(|| plural.then(|| "people".to_owned()));
                let group = f.collective && !plural && what.as_deref() == Some("people");
                let what = if group { Some("group".to_owned()) } else { what };
                seen.push(Seen { actor, what, acts, sentence, block });
            }
            let alone = f.what.as_deref() == Some("body");
            let name = f.what.as_deref() == Some("unknown");
            all.push(Subject {
                range: f.range,
                actor,
                pronoun: f.pronoun.is_some(),
                free,
                alone,
                name,
                named,
                group: f.collective,
            });
        }
        all
    }

    /// Whether no preposition governs what begins at a token, over an article and small words before it.
    fn free(&self, start: usize) -> bool {
        for at in (start.saturating_sub(3)..start).rev() {
            if entry(self.doc, self.rules, "doc-preposition", at).is_some() {
                return false;
            }
            let article = entry(self.doc, self.rules, "doc-article", at).is_some();
            let small = self.doc.tokens()[at].shape.has(Shape::LOWER) && !self.verb(at);
            if !article && !small {
                return true;
            }
        }
        true
    }

    fn verb(&self, at: usize) -> bool {
        let lists = ["doc-speech", "doc-act", "doc-deed", "doc-stand", "doc-propose", "doc-and"];
        lists.iter().any(|list| entry(self.doc, self.rules, list, at).is_some())
    }

    /// Whether the last word is a collective's in the plural: `the Ministers`.
    fn plural(&self, who: Range) -> bool {
        let mut entries = self.doc.entries(self.rules, "collective", who.end - 1);
        entries.any(|(_, data)| data.contains(&(self.fields.number, self.fields.plural)))
    }

    fn words(&self, who: Range) -> Actor {
        Actor::Words(one_line(self.doc.words(who)))
    }

    /// Whether a verb of acting stands right after, or a verb of speaking right before in `…, said X`.
    fn verb_beside(&self, range: Range) -> bool {
        let and = |at: usize| entry(self.doc, self.rules, "doc-and", at).is_some();
        let end = (range.end..(range.end + 6).min(self.doc.tokens().len()))
            .find(|at| self.doc.word(*at) != "," && entry(self.doc, self.rules, "posthon", *at).is_none())
            .unwrap_or(range.end);
        // `X, said Y`: Y speaks.
        let name = |at: usize| {
            at < self.doc.tokens().len()
                && (self.doc.tokens()[at].shape.has(Shape::CAP)
                    || entry(self.doc, self.rules, "doc-article", at).is_some())
        };
        let inverted = end == range.end + 1 && self.doc.word(range.end) == "," && name(end + 1);
        let after = end < self.doc.tokens().len() && self.verb(end) && !and(end) && !inverted;
        let before = range.start >= 2
            && entry(self.doc, self.rules, "doc-speech", range.start - 1).is_some()
            && !self.doc.tokens()[range.start - 2].shape.has(Shape::WORD);
        after || before
    }

    /// Whether `whose` stands right before.
    fn relative(&self, start: usize) -> bool {
        start.checked_sub(1).is_some_and(|at| entry(self.doc, self.rules, "doc-human", at).is_some())
    }

    /// Whether words like `according to` stand a few words before.
    fn voiced(&self, range: Range) -> bool {
        let voice = |at: usize| entry(self.doc, self.rules, "doc-voice", at);
        (range.start.saturating_sub(LINK)..range.start)
            .filter_map(voice)
            .any(|end| end <= range.start && (end..range.start).all(|at| !self.verb(at)))
    }

    /// What a form of address or a pronoun tells: the `g` of a list entry.
    pub(crate) fn gender(&self, range: Range) -> Option<Symbol> {
        (range.start..range.end).find_map(|at| {
            ["doc-gender", "doc-gender-f", "pronoun"].iter().find_map(|list| {
                let mut entries = self.doc.entries(self.rules, list, at);
                entries.find_map(|(_, data)| {
                    data.iter().find(|(key, _)| *key == self.fields.gender).map(|(_, value)| *value)
                })
            })
        })
    }

    /// Whether a person is named at a range.
    fn by_name(&self, f: &Found) -> bool {
        let mentions = self.state.people.iter().flat_map(|p| p.mentions.iter());
        f.pronoun.is_none() && mentions.into_iter().any(|(r, _)| f.who.contains(r))
    }

    /// Whether nothing but names, commas and small words stands between two tokens.
    fn quiet(&self, start: usize, end: usize) -> bool {
        (start..end).all(|at| link(self.doc, self.rules, at))
    }

    /// The person, body or holder that stands at a range; else the words. `held` keeps whom a title meant before.
    fn resolve(&self, f: &Found, seen: &[Seen], held: &mut BTreeMap<String, usize>) -> Option<Actor> {
        let who = f.who;
        if f.pronoun.is_some() {
            return None;
        }
        if !f.collective {
            let state = self.state;
            let person = state.people.iter().position(|p| p.mentions.iter().any(|(r, _)| who.contains(r)));
            if let Some(n) = person {
                return Some(Actor::Person(n));
            }
            if let Some(title) =
                state.titles.iter().find(|t| who.contains(&t.range) || t.range.contains(&who))
            {
                let holder = self.holder(f, title.range, seen, held);
                return Some(Actor::Person(holder.unwrap_or(title.person)));
            }
            let post = |p: &Human| p.posts.iter().any(|h| h.title.is_some_and(|t| t == who));
            if let Some(n) = state.people.iter().position(post) {
                return Some(Actor::Person(n));
            }
            let body = state.bodies.iter().position(|b| b.mentions.iter().any(|(r, _)| who.contains(r)));
            if let Some(n) = body {
                return Some(Actor::Body(n));
            }
        }
        self.by_head(f, seen).or_else(|| Some(self.words(who)).filter(|w| *w != Actor::Words(String::new())))
    }
}
