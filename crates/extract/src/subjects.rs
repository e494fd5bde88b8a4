//! Who speaks: noun phrases that can, each resolved to a person, a body or a collective's words.

use chancery_rules::{Doc, Range, Symbol};
use chancery_text::Shape;
use rustc_hash::FxHashMap;

use crate::State;
use crate::author::Authors;
use crate::bodies::one_line;
use crate::clauses::Clauses;
use crate::facts::Voice;
use crate::fields::{Fields, told};
use crate::items;
use crate::memory::{Memory, Seen};
use crate::quotations::quotation;
use crate::ranges::Ranges;
use crate::reference::References;
use crate::unheaded::opens;
use crate::what::{Pronoun, What};

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
    /// `I`, of whom no byline tells who it is.
    pub(crate) first_person: bool,
    /// `we`.
    pub(crate) we: bool,
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
    /// A person by name behind a title and a comma.
    pub(crate) titled: bool,
}

impl Subject {
    /// A person by name, or a body: who may sign a quotation.
    pub(crate) fn speaks(&self) -> bool {
        self.named || self.name || matches!(self.actor, Some(Actor::Body(_)))
    }

    /// A person by name, not by a title.
    pub(crate) const fn named(&self) -> bool {
        self.named
    }

    /// A collective, a document, a meeting.
    pub(crate) const fn group(&self) -> bool {
        self.group
    }

    /// How it is known who this is.
    pub(crate) const fn voice(&self) -> Voice {
        match self.actor {
            Some(Actor::Words(_)) if self.pronoun => Voice::Anybody,
            _ if self.pronoun => Voice::Pronoun,
            _ if self.named => Voice::Name,
            Some(Actor::Person(_)) => Voice::Title,
            Some(Actor::Body(_)) => Voice::Body,
            _ if self.name => Voice::Stranger,
            _ => Voice::Group,
        }
    }

    /// A person, or a name that nothing else is known of.
    pub(crate) fn person(&self) -> bool {
        self.name || matches!(self.actor, Some(Actor::Person(_)))
    }
}

/// All subjects of a document, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Subjects {
    pub(crate) all: Vec<Subject>,
    /// How many tokens the longest has.
    longest: usize,
}

/// How many tokens a title between a country and its holder has at most.
const TITLE: usize = 24;
/// How many tokens may stand between a head and what a preposition hangs on it.
pub(crate) const LINK: usize = 14;

impl Subjects {
    fn of(all: Vec<Subject>) -> Self {
        let longest = all.iter().map(|s| s.range.len()).max().unwrap_or(0);
        Self { all, longest }
    }

    /// Those that begin at a token or after it.
    pub(crate) fn from(&self, start: usize) -> &[Subject] {
        &self.all[self.all.partition_point(|s| s.range.start < start)..]
    }

    /// The subject that covers this range, or begins in it.
    fn at(&self, range: Range) -> Option<usize> {
        let from = self.all.partition_point(|s| s.range.start + self.longest <= range.start);
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
        fields: &Fields<'_>,
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
            // `said Norway's Minister for Ports and Roads, Ms Monte`.
            let behind = self.all[n + 1..].iter().find(|s| s.named).filter(|s| {
                let title = Range::new(found.range.end, s.range.start);
                let owned = title.len() > 1 && doc.tokens()[title.start].shape.has(Shape::POSS);
                owned && title.len() <= TITLE && (title.start..title.end).all(|at| link(doc, fields, at))
            });
            return Some(apposed.filter(|_| held).or(behind.filter(|_| !found.person())).unwrap_or(found));
        }
        // `a review by Lord Ray, a former judge, who found`: a person, not the head of the whole phrase.
        let relative = (found.range.end..cue.start).any(|at| doc.begins(&[fields.lists.human], at));
        let who = if relative { self.antecedent(doc, n) } else { None };
        let which = (found.range.end..cue.start).any(|at| doc.begins(&[fields.lists.which], at));
        let thing = if which && who.is_none() { self.thing(doc, n) } else { None };
        if let Some(agent) = self.doer(doc, fields, n, cue) {
            return Some(agent);
        }
        let head = thing.or(who).unwrap_or_else(|| self.head(doc, fields, n));
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

    /// The noun phrase that governs the one at `n`: what stands before its preposition or comma.
    fn head(&self, doc: &Doc<'_>, fields: &Fields<'_>, mut n: usize) -> usize {
        let sentence = doc.sentences()[doc.sentence_of(self.all[n].range.start)];
        while let Some(before) = n.checked_sub(1) {
            let (this, that) = (&self.all[n], &self.all[before]);
            let gap = Range::new(that.range.end, this.range.start);
            if that.range.start < sentence.start || gap.len() > LINK || gap.end < gap.start || that.pronoun {
                break;
            }
            let comma = (gap.start..gap.end).any(|at| doc.word(at) == ",");
            let quiet = (gap.start..gap.end).all(|at| link(doc, fields, at));
            // `Giving her talk as Minister of Ports, Ms Ray said`: the preposition governs her title alone.
            let quiet = quiet && (!this.titled || opens(doc, fields, that.range));
            let governed = !this.free && quiet && !gap.is_empty() && (that.free || before > 0);
            // `…, Mr Lim, the Minister said`: where she is somebody else, she is no apposition.
            let another = matches!(this.actor, Some(Actor::Person(_))) && this.actor != that.actor;
            let apposed = comma && quiet && that.person() && that.free && !this.named && !another;
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
        fields: &Fields<'_>,
        start: usize,
        limit: usize,
    ) -> Option<&Subject> {
        let mut ahead = self.from(start).iter().take_while(|s| s.range.start < limit);
        let first = ahead.find(|s| s.range.end <= limit && s.free)?;
        self.speaker(doc, fields, first.range, Range::new(limit, limit))
    }
}

/// Whether a token may stand inside a noun phrase: no verb, no stop.
pub(crate) fn link(doc: &Doc<'_>, fields: &Fields<'_>, at: usize) -> bool {
    let lists = &fields.lists;
    let shape = doc.tokens()[at].shape;
    let word = doc.word(at);
    matches!(word, "," | "(" | ")" | "&" | "/")
        || shape.has(Shape::CAP)
        || shape.has(Shape::POSS)
        || doc.begins(&[lists.preposition, lists.article, lists.doc_article, lists.posthon, lists.link], at)
}

/// Resolves what the rules marked as able to speak.
pub(crate) fn find(fields: &Fields<'_>, doc: &mut Doc<'_>, state: &mut State) {
    let found: Vec<Found> = doc
        .of_kind(fields.subject)
        .into_iter()
        .map(|(_, a)| Found {
            who: a.capture(fields.who).unwrap_or(a.range),
            range: a.range,
            collective: a.value(fields.k) == Some(fields.collective),
            what: a.value(fields.what).map(|s| What::of(fields.rules.word(s))),
            pronoun: a.value(fields.pronoun).map(|p| Pronoun::of(fields.rules.word(p))),
        })
        .collect();
    let all = Finder::of(fields, doc, state).resolve_all(&found);
    state.speakers = Subjects::of(all);
    state.items = items::find(fields, doc, state);
}

/// A match of a subject rule.
pub(crate) struct Found {
    pub(crate) who: Range,
    pub(crate) range: Range,
    collective: bool,
    pub(crate) what: Option<What>,
    pronoun: Option<Pronoun>,
}

/// What the resolving of subjects reads.
pub(crate) struct Finder<'a, 't> {
    pub(crate) fields: &'a Fields<'a>,
    pub(crate) doc: &'a Doc<'t>,
    state: &'a State,
    people: Ranges,
    titles: Ranges,
    /// Who holds the post whose title stands at a range.
    holders: FxHashMap<Range, usize>,
}

impl<'a, 't> Finder<'a, 't> {
    fn of(fields: &'a Fields<'a>, doc: &'a Doc<'t>, state: &'a State) -> Self {
        let people = state.people.iter().enumerate();
        let mut holders = FxHashMap::default();
        for (n, person) in people.clone() {
            person.posts.iter().filter_map(|held| held.title).for_each(|title| {
                holders.entry(title).or_insert(n);
            });
        }
        Self {
            fields,
            doc,
            state,
            people: people.flat_map(|(n, p)| p.mentions.iter().map(move |(r, _)| (*r, n))).collect(),
            titles: state.titles.iter().enumerate().map(|(n, title)| (title.range, n)).collect(),
            holders,
        }
    }

    fn resolve_all(&self, found: &[Found]) -> Vec<Subject> {
        let doc = self.doc;
        let mut references = References::of(self.fields, doc, self.state);
        let authors = Authors::of(self.fields, doc, self.state, &self.people);
        let mut all: Vec<Subject> = Vec::with_capacity(found.len());
        let mut memory = Memory::of(self.genders(found, &mut references));
        let mut clauses = Clauses::default();
        for f in found {
            let sentence = doc.sentence_of(f.range.start);
            let block = doc.sentences()[sentence].block;
            let free = self.free(f.range.start);
            let unknown = f.what == Some(What::Unknown);
            let here = all.partition_point(|s: &Subject| s.range.start < doc.sentences()[sentence].start);
            let earlier = all[here..].iter().find(|s| s.free && !s.name);
            // Of whom a quotation tells is not who speaks around it.
            let open = quotation(doc, f.range).is_none();
            let actor = match f.pronoun {
                Some(Pronoun::He) => memory.he(self.gender(f.range), sentence, open),
                Some(Pronoun::Office) => Some(self.office(f, &mut memory, &mut references)),
                Some(Pronoun::It) => memory.it(sentence),
                Some(Pronoun::They) => Some(memory.they(block).unwrap_or_else(|| self.words(f.who))),
                Some(Pronoun::I) => Some(self.writer(&authors, f.who)),
                Some(Pronoun::Other) => Some(self.pronoun(f.who)),
                None => self.resolve(f, &memory, &mut references),
            };
            let named = matches!(actor, Some(Actor::Person(_))) && self.by_name(f);
            // `the Chair of the Board, Ms Monte, said`: the person of the phrase that begins the sentence acts too.
            let first = earlier.is_none_or(|s| named && !s.named && self.quiet(s.range.end, f.range.start));
            let begins = free || self.relative(f.range.start);
            clauses.read(self.fields, doc, sentence, f.range.start);
            let alone = || !all[here..].iter().any(|s| s.free && s.person());
            let agent = named && self.agent(f.range.start) && alone();
            let acts = begins && ((first && !unknown) || self.verb_beside(f.range)) || self.voiced(f.range);
            let acts = open && (acts && !clauses.attending() || agent);
            if let Some(actor) = actor.clone() {
                let untold = self.title_alone(f, &actor).then_some(What::Unknown);
                let what = untold.or_else(|| self.what(f));
                let under = clauses.under(self, f.range);
                let seen = memory.see(Seen { actor, what, acts, under, sentence, block });
                // Who says `I`, and who is named before a colon, is nobody of whom is told.
                let first_person = matches!(f.pronoun, Some(Pronoun::I | Pronoun::Other));
                if acts && !first_person && doc.word(f.range.end) != ":" {
                    clauses.acts(seen);
                }
            }
            all.push(Subject {
                range: f.range,
                actor,
                pronoun: f.pronoun.is_some(),
                first_person: f.pronoun == Some(Pronoun::I) && authors.at(f.who.start).is_none(),
                we: f.pronoun == Some(Pronoun::Other),
                free,
                alone: f.what == Some(What::Body),
                name: unknown,
                named,
                group: f.collective,
                titled: named && (f.range.start..f.who.start).any(|at| doc.word(at) == ","),
            });
        }
        all
    }

    /// Whom an office means: whoever holds such a post, else as `he` does; nobody of another body than it names.
    fn office(&self, f: &Found, memory: &mut Memory, references: &mut References<'_, '_>) -> Actor {
        let sentence = self.doc.sentence_of(f.range.start);
        let holder = references.by_initials(f.who).map(Actor::Person);
        let last = holder.or_else(|| memory.he(None, sentence, false));
        last.filter(|actor| !references.elsewhere(f.who, actor)).unwrap_or_else(|| self.words(f.who))
    }

    /// Whether a title is that of nobody who is named.
    fn title_alone(&self, f: &Found, actor: &Actor) -> bool {
        let words = matches!(actor, Actor::Words(_)) && f.pronoun.is_none();
        let told = f.collective || f.what.is_some() || self.plural(f.who);
        let post = |at: usize| self.doc.starting(at).any(|(_, a)| a.kind == self.fields.post);
        let article = self.doc.begins(&[self.fields.lists.definite], f.range.start);
        words && !told && article && (f.who.start..f.who.end).any(post)
    }

    /// What a noun phrase is: people where it is in the plural, people that act as one where it is not.
    fn what(&self, f: &Found) -> Option<What> {
        let plural = self.plural(f.who);
        let what = f.what.or(Some(What::People).filter(|_| plural));
        let group = f.collective && !plural && what == Some(What::People);
        if group { Some(What::Group) } else { what }
    }

    /// What the forms of address beside names tell of persons.
    fn genders(&self, found: &[Found], references: &mut References<'_, '_>) -> FxHashMap<usize, Symbol> {
        let mut genders = FxHashMap::default();
        for f in found.iter().filter(|f| self.by_name(f)) {
            if let Some(Actor::Person(n)) = self.resolve(f, &Memory::default(), references)
                && let Some(gender) = self.gender(f.range)
            {
                genders.insert(n, gender);
            }
        }
        // Where no form of address tells, the forename may.
        for (n, person) in self.state.people.iter().enumerate() {
            let forename = person.mentions.iter().map(|(range, _)| range).find(|range| range.len() > 1);
            if let Some(gender) = forename
                .and_then(|range| told(self.doc, self.fields, &[self.fields.lists.forename], range.start))
            {
                genders.entry(n).or_insert(gender);
            }
        }
        genders
    }

    /// Whether the last word is a collective's in the plural: `the Ministers`.
    fn plural(&self, who: Range) -> bool {
        let mut entries = self.doc.entries(self.fields.rules, self.fields.lists.collective, who.end - 1);
        entries.any(|(_, data)| data.contains(&(self.fields.number, self.fields.plural)))
    }

    /// Who writes or speaks in the first person; in a quotation that is not known here.
    fn writer(&self, authors: &Authors, who: Range) -> Actor {
        let writer = authors.at(who.start).filter(|_| quotation(self.doc, who).is_none());
        writer.cloned().unwrap_or_else(|| self.pronoun(who))
    }

    /// A pronoun as it stands, without the verb that is drawn together with it: `I’ve`.
    fn pronoun(&self, who: Range) -> Actor {
        let words = self.doc.words(who);
        Actor::Words(words.split(['\'', '\u{2019}']).next().unwrap_or(words).to_owned())
    }

    fn words(&self, who: Range) -> Actor {
        Actor::Words(one_line(self.doc.words(who)))
    }

    /// What a form of address or a pronoun tells: the `g` of a list entry.
    fn gender(&self, range: Range) -> Option<Symbol> {
        let lists = &self.fields.lists;
        let told = |at| told(self.doc, self.fields, &[lists.gender, lists.gender_f, lists.pronoun], at);
        (range.start..range.end).find_map(told)
    }

    /// Whether a person is named at a range.
    fn by_name(&self, f: &Found) -> bool {
        f.pronoun.is_none() && self.people.inside(f.who).next().is_some()
    }

    /// Whether nothing but names, commas and small words stands between two tokens.
    fn quiet(&self, start: usize, end: usize) -> bool {
        (start..end).all(|at| link(self.doc, self.fields, at))
    }

    /// Whom a noun phrase means; a title that another country's official holds means its own words.
    fn resolve(&self, f: &Found, memory: &Memory, references: &mut References<'_, '_>) -> Option<Actor> {
        match self.referent(f, memory, references)? {
            Actor::Person(n) if !self.by_name(f) => {
                let holder = references.offices.holder(f.range, n);
                Some(holder.map_or_else(|| self.words(f.range), Actor::Person))
            }
            actor => Some(actor),
        }
    }

    /// `the spokesman`: whoever without a name was called so before.
    fn again(&self, f: &Found, memory: &Memory) -> Option<Actor> {
        let Self { doc, fields, .. } = *self;
        let at = f.who.end - 1;
        let start =
            if doc.begins(&[fields.lists.definite], f.who.start) { f.who.start + 1 } else { f.who.start };
        let definite = start > f.who.start || doc.begins(&[fields.lists.definite], f.range.start);
        (definite && start == at && doc.begins(&[fields.lists.role], at))
            .then(|| memory.again(doc.word(at)))?
    }

    /// The person, body or holder that stands at a range; else the words.
    fn referent(&self, f: &Found, memory: &Memory, references: &mut References<'_, '_>) -> Option<Actor> {
        let who = f.who;
        if f.pronoun.is_some() {
            return None;
        }
        if !f.collective {
            if let Some(n) = self.people.first_inside(who) {
                return Some(Actor::Person(n));
            }
            let around = self.titles.around(who).into_iter().map(|(_, n)| n).min();
            let title = self.titles.first_inside(who).into_iter().chain(around).min();
            if let Some(title) = title.map(|n| self.state.titles[n]) {
                let holder = references.holder(f, title.range, memory);
                return Some(Actor::Person(holder.unwrap_or(title.person)));
            }
            if let Some(n) = self.holders.get(&who).copied().or_else(|| references.by_initials(who)) {
                return Some(Actor::Person(n));
            }
            if let Some(n) = self.state.named_bodies.first_inside(who) {
                return Some(Actor::Body(n));
            }
        }
        let words = || Some(self.words(who)).filter(|words| *words != Actor::Words(String::new()));
        references.by_head(f, memory).or_else(|| self.again(f, memory)).or_else(words)
    }
}
