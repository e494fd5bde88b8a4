//! How sure each fact is: the evidence that the extraction has of it, weighed by the rule set.
//!
//! Evidence is a sort and a value, such as `tie` `before` (the post stands right before the name). What it is worth stands
//! in the rule set's `[[confidence]]` blocks; a rule set without them holds every fact for even.

use chancery_rules::{Doc, Range, RuleSet, Weights, confidence};
use chancery_text::Shape;

use crate::State;
use crate::bodies::Body;
use crate::facts::Fact;
use crate::fields::{Fields, entry};
use crate::people::Human;
use crate::posts::Held;

/// What the confidence of one fact is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grounds {
    /// `official`, `person`, `organization`, `proposal` or `statement`.
    pub kind: &'static str,
    /// Id of the fact in its record; of a post, the id of its holder.
    pub id: String,
    /// Which of the holder's posts.
    pub post: Option<usize>,
    /// Log odds of a fact of this kind before any evidence, in hundredths.
    pub start: i32,
    /// What speaks for and against it.
    pub evidence: Vec<Evidence>,
    /// What the record says: 0 to 100.
    pub confidence: u8,
}

/// A piece of evidence with its worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Its sort: `rule`, `tie`, `mentions`, …
    pub of: &'static str,
    /// Its value.
    pub value: String,
    /// Log odds that it adds, in hundredths.
    pub weight: i32,
}

/// Sorts of evidence with their values.
type Seen<'a> = Vec<(&'static str, &'a str)>;

const EVEN: u8 = 50;
/// A name so many tokens behind a title is beside it.
const NEAR: usize = 6;

/// How sure a fact of a kind is, of which this is seen.
fn sure(rules: &RuleSet, kind: &str, seen: &Seen<'_>) -> u8 {
    let Some(weights) = rules.weights(kind) else { return EVEN };
    let worth = |(of, value): &(&'static str, &str)| weights.weight(of, value);
    confidence(weights.start() + seen.iter().map(worth).sum::<i32>())
}

/// Who looks at the facts of a document.
pub(crate) struct Witness<'a, 't> {
    fields: &'a Fields<'a>,
    doc: &'a Doc<'t>,
    /// Whether the text has any possessive or quotation: some pages have lost all such signs.
    marks: &'static str,
}

impl<'a, 't> Witness<'a, 't> {
    pub(crate) fn of(fields: &'a Fields<'a>, doc: &'a Doc<'t>) -> Self {
        let mut tokens = doc.tokens().iter();
        let marked = !doc.tokens().quotations().is_empty() || tokens.any(|t| t.shape.has(Shape::POSS));
        Self { fields, doc, marks: if marked { "some" } else { "none" } }
    }

    /// How sure a person's name is.
    pub(crate) fn person(&self, human: &Human) -> u8 {
        sure(self.fields.rules, "person", &self.of_person(human))
    }

    /// How sure a post of a person is.
    pub(crate) fn post(&self, human: &Human, held: &Held) -> u8 {
        sure(self.fields.rules, "official", &self.of_post(human, held))
    }

    /// How sure a body is.
    pub(crate) fn body(&self, body: &Body) -> u8 {
        sure(self.fields.rules, "organization", &self.of_body(body))
    }

    /// How sure a proposal or statement is.
    pub(crate) fn fact(&self, fact: &Fact) -> u8 {
        sure(self.fields.rules, kind(fact), &self.of_fact(fact))
    }

    /// The grounds of every fact, in the order of the record.
    pub(crate) fn grounds(&self, state: &State, facts: &[Fact]) -> Vec<Grounds> {
        let mut all = Vec::new();
        for (n, human) in state.people.iter().enumerate() {
            let id = format!("p{}", n + 1);
            all.push(self.told("person", id.clone(), None, &self.of_person(human)));
            for (m, held) in human.posts.iter().enumerate() {
                all.push(self.told("official", id.clone(), Some(m), &self.of_post(human, held)));
            }
        }
        for (n, body) in state.bodies.iter().enumerate() {
            all.push(self.told("organization", format!("g{}", n + 1), None, &self.of_body(body)));
        }
        let mut counts = [0, 0];
        for fact in facts {
            let count = &mut counts[usize::from(fact.proposal)];
            *count += 1;
            let id = format!("{}{count}", if fact.proposal { "q" } else { "s" });
            all.push(self.told(kind(fact), id, None, &self.of_fact(fact)));
        }
        all
    }

    fn told(&self, kind: &'static str, id: String, post: Option<usize>, seen: &Seen<'_>) -> Grounds {
        let rules = self.fields.rules;
        let weights = rules.weights(kind);
        let worth = |of: &str, value: &str| weights.map_or(0, |weights| weights.weight(of, value));
        let evidence = seen.iter().map(|(of, value)| Evidence {
            of,
            value: (*value).to_owned(),
            weight: worth(of, value),
        });
        let start = weights.map_or(0, Weights::start);
        Grounds { kind, id, post, start, evidence: evidence.collect(), confidence: sure(rules, kind, seen) }
    }

    fn of_person(&self, human: &Human) -> Seen<'a> {
        let first = human.mentions.first().map_or(Range::default(), |(range, _)| *range);
        vec![
            ("rule", self.rule(human.rule)),
            ("posts", few(human.posts.len())),
            ("mentions", few(human.mentions.len())),
            ("words", few(human.words.len())),
            ("shape", self.shape(first)),
            ("before", self.beside(first.start.checked_sub(1), first)),
            ("after", self.beside(Some(self.past_letters(first.end)), first)),
            ("sentence", self.sentence(first)),
            ("marks", self.marks),
        ]
    }

    /// Past letters after a name, such as `MP`, which say nothing against it.
    fn past_letters(&self, end: usize) -> usize {
        entry(self.doc, self.fields, self.fields.lists.posthon, end).unwrap_or(end)
    }

    fn of_post(&self, human: &Human, held: &Held) -> Seen<'a> {
        let title = held.title.or(held.body).unwrap_or_default();
        // A name right behind the title belongs to it: what follows both may be a body that was overlooked.
        let from = human.mentions.partition_point(|(name, _)| name.start < title.end);
        let name = human.mentions.get(from).map(|(name, _)| *name);
        let end = name.filter(|name| name.start <= title.end + NEAR).map_or(title.end, |name| name.end);
        let after = self.beside(Some(end), title);
        // Where a preposition follows, a body may have been overlooked; where signs are lost, its name may have taken one in.
        let body = match held.body {
            Some(_) if self.marks == "some" => "named",
            Some(_) => "named-unmarked",
            None if after == "preposition" => "behind",
            None => "none",
        };
        let state = match (held.acting, held.former) {
            (true, _) => "acting",
            (_, true) => "former",
            _ => "held",
        };
        vec![
            ("rule", self.rule(held.rule)),
            ("name", self.rule(human.rule)),
            ("tie", held.tie.name()),
            ("body", body),
            ("country", if held.country.is_some() { "named" } else { "none" }),
            ("state", state),
            ("words", length(title.len())),
            ("shape", self.shape(title)),
            ("posts", few(human.posts.len())),
            ("mentions", few(human.mentions.len())),
            ("before", self.beside(title.start.checked_sub(1), title)),
            ("after", after),
            ("sentence", self.sentence(title)),
            ("marks", self.marks),
        ]
    }

    fn of_body(&self, body: &Body) -> Seen<'a> {
        let (fields, doc, name) = (self.fields, self.doc, body.first());
        let lists = &fields.lists;
        let inside = |list| (name.start..name.end).any(|at| doc.begins(&[list], at));
        let form = match (inside(lists.of), inside(lists.and)) {
            (true, true) => "of-and",
            (true, false) => "of",
            (false, true) => "and",
            (false, false) => "plain",
        };
        let known = entry(doc, fields, lists.known, name.start) == Some(name.end);
        // A head noun in another form, such as one that has lost its apostrophe, is none.
        let heads = [lists.head, lists.head_strong];
        let last = name.end.saturating_sub(1);
        let headed = heads.iter().any(|list| entry(doc, fields, *list, last) == Some(name.end));
        vec![
            ("rule", self.rule(body.rule)),
            ("type", body.kind.map_or("none", |kind| fields.rules.word(kind))),
            ("acronym", if body.acronym.is_some() { "tied" } else { "none" }),
            ("mentions", few(body.mentions.len())),
            ("words", length(name.len())),
            ("shape", self.shape(name)),
            ("form", form),
            ("last", if headed { "head" } else { "other" }),
            ("known", if known { "yes" } else { "no" }),
            ("before", self.beside(name.start.checked_sub(1), name)),
            ("after", self.beside(Some(name.end), name)),
            ("sentence", self.sentence(name)),
            ("marks", self.marks),
        ]
    }

    fn of_fact<'f>(&self, fact: &'f Fact) -> Seen<'f>
    where
        'a: 'f,
    {
        let sentence = self.doc.sentences()[self.doc.sentence_of(fact.text.end.saturating_sub(1))];
        let ends = match self.doc.tokens().get(fact.text.end) {
            _ if fact.text.end + 1 >= sentence.end => "sentence",
            Some(token) if token.shape.has(Shape::PUNCT) => "sign",
            _ => "word",
        };
        let mut seen = vec![
            ("rule", self.rule(fact.rule)),
            ("voice", fact.voice.name()),
            ("who", fact.who.map_or("none", |who| self.shape(who))),
            ("gap", gap(fact)),
            ("act", fact.act.as_str()),
            ("direct", if fact.direct { "yes" } else { "no" }),
            ("words", length(fact.text.len())),
            ("ends", ends),
            ("sentence", self.sentence(fact.text)),
            ("marks", self.marks),
        ];
        if fact.proposal {
            seen.push(("to", if fact.to.is_empty() { "none" } else { "named" }));
        }
        seen
    }

    /// What stands at a token beside a stretch of its sentence.
    fn beside(&self, at: Option<usize>, stretch: Range) -> &'static str {
        let doc = self.doc;
        let sentence = doc.sentences()[doc.sentence_of(stretch.start)];
        let Some(at) = at.filter(|at| (sentence.start..sentence.end).contains(at)) else { return "border" };
        let (lists, shape) = (&self.fields.lists, doc.tokens()[at].shape);
        match () {
            () if doc.begins(&[lists.doc_article], at) => "article",
            () if doc.begins(&[lists.and], at) => "and",
            () if doc.begins(&[lists.preposition], at) => "preposition",
            () if shape.has(Shape::CAP) => "capital",
            () if shape.has(Shape::LOWER) => "small",
            () => "sign",
        }
    }

    /// How long the sentence is: one without an end is several that have lost their stops.
    fn sentence(&self, stretch: Range) -> &'static str {
        match self.doc.sentences()[self.doc.sentence_of(stretch.start)] {
            sentence if sentence.end - sentence.start <= 45 => "short",
            sentence if sentence.end - sentence.start <= 90 => "long",
            _ => "endless",
        }
    }

    fn rule(&self, rule: Option<usize>) -> &'a str {
        rule.map_or("document", |rule| self.fields.rules.info(rule).id.as_str())
    }

    /// How words are written: in capitals, each with a capital, some of them, none.
    fn shape(&self, range: Range) -> &'static str {
        let shapes = || (range.start..range.end).map(|at| self.doc.tokens()[at].shape);
        let words = || shapes().filter(|shape| shape.has(Shape::WORD));
        let all = |bit| words().next().is_some() && words().all(|shape| shape.has(bit));
        if range.len() == 1 && all(Shape::UPPER) {
            "letters"
        } else if all(Shape::UPPER) {
            "capitals"
        } else if all(Shape::CAP) {
            "capitalized"
        } else if words().any(|shape| shape.has(Shape::CAP)) {
            "mixed"
        } else {
            "small"
        }
    }
}

const fn kind(fact: &Fact) -> &'static str {
    if fact.proposal { "proposal" } else { "statement" }
}

fn few(count: usize) -> &'static str {
    ["0", "1", "2", "3"].get(count).unwrap_or(&"4+")
}

fn length(tokens: usize) -> &'static str {
    match tokens {
        0..=3 => ["0", "1", "2", "3"][tokens],
        4..=6 => "4-6",
        7..=12 => "7-12",
        13..=24 => "13-24",
        25..=48 => "25-48",
        _ => "49+",
    }
}

/// How many tokens stand between who speaks and the cue.
fn gap(fact: &Fact) -> &'static str {
    let Some(who) = fact.who else { return "none" };
    let tokens = fact.said.start.saturating_sub(who.end).max(who.start.saturating_sub(fact.said.end));
    match tokens {
        0 => "0",
        1..=3 => "1-3",
        4..=10 => "4-10",
        _ => "11+",
    }
}
