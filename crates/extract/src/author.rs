//! Who writes or speaks in the first person: the byline of text or headline, the signature, the label before what each
//! of several says.

use chancery_rules::{Doc, Range};
use chancery_text::{Shape, fold};
use rustc_hash::FxHashMap;

use crate::State;
use crate::fields::{Fields, entry};
use crate::items::blocks;
use crate::ranges::Ranges;
use crate::subjects::Actor;

/// A byline stands among so many first lines, a signature among so many last ones.
const LINES: usize = 4;
/// Forms of address stand among so many first lines.
const OPENING: usize = 10;
/// No byline, signature or label has more tokens, but for a byline that says what is spoken.
const LINE: usize = 24;
const LABEL: usize = 7;
/// Between `speech by` and the name stand so many tokens of titles at most; the line has no more.
const TITLES: usize = 40;
const SPOKEN: usize = 120;

/// Who is `I`, from which token on.
#[derive(Debug, Default)]
pub(crate) struct Authors {
    /// Whoever writes the text, if one person does.
    writer: Option<Actor>,
    /// Labels by their first token; of those that name nobody known nobody is the speaker.
    labels: Vec<(usize, Option<Actor>)>,
}

impl Authors {
    pub(crate) fn of(fields: &Fields<'_>, doc: &Doc<'_>, state: &State, people: &Ranges) -> Self {
        let headline = state.headline.as_ref();
        if state.people.is_empty() && headline.is_none() {
            return Self::default();
        }
        let lines = Lines { fields, doc, state, people, blocks: blocks(doc) };
        let writer = lines.byline().map(Actor::Person);
        let writer = writer.or_else(|| headline.map(|headline| headline.actor(state)));
        let writer = writer.or_else(|| lines.signature().map(Actor::Person));
        Self { writer, labels: lines.labels() }
    }

    /// Who is `I` at a token.
    pub(crate) fn at(&self, token: usize) -> Option<&Actor> {
        match self.labels.partition_point(|(start, _)| *start <= token).checked_sub(1) {
            Some(label) => self.labels[label].1.as_ref(),
            None => self.writer.as_ref(),
        }
    }
}

/// Whom a headline names as the one who speaks: `Speech by Minister Ray at the Port`.
#[derive(Debug)]
pub(crate) struct Headline {
    name: String,
    /// The words of the name and of each title, folded.
    words: Vec<String>,
    titles: Vec<Vec<String>>,
}

impl Headline {
    /// The speaker, if the headline is a byline and names one person in it.
    pub(crate) fn of(fields: &Fields<'_>, headline: &str) -> Option<Self> {
        let doc = Doc::new(headline, fields.rules);
        let line = Range::new(0, doc.tokens().len());
        spoken(fields, &doc, line)?;
        let (doc, state) = crate::run(fields, State::default(), headline, None);
        let people = people(&state);
        let whole = Range::new(0, doc.tokens().len());
        let lines = Lines { fields, doc: &doc, state: &state, people: &people, blocks: vec![whole] };
        let Some(person) = lines.by(whole) else {
            let title = lines.titled(whole)?;
            let name = doc.words(title).to_owned();
            return Some(Self { name, words: folded(&doc, title), titles: Vec::new() });
        };
        let person = &state.people[person];
        let titles = person.posts.iter().filter_map(|held| held.title);
        let titles = titles.map(|title| folded(&doc, title)).collect();
        Some(Self { name: person.name.clone(), words: person.words.clone(), titles })
    }

    /// The one person of the text with these words in the name; else the name.
    fn actor(&self, state: &State) -> Actor {
        let same = |words: &[String]| {
            let all = |of: &[String], words: &[String]| of.iter().all(|word| words.contains(word));
            all(&self.words, words) || all(words, &self.words)
        };
        let mut found = state.people.iter().enumerate().filter(|(_, person)| same(&person.words));
        match (found.next(), found.next()) {
            (Some((n, _)), None) => Actor::Person(n),
            _ => Actor::Words(self.name.clone()),
        }
    }
}

/// Where persons are named.
fn people(state: &State) -> Ranges {
    let people = state.people.iter().enumerate();
    people.flat_map(|(n, person)| person.mentions.iter().map(move |(range, _)| (*range, n))).collect()
}

fn folded(doc: &Doc<'_>, range: Range) -> Vec<String> {
    (range.start..range.end).map(|at| fold(doc.word(at))).collect()
}

/// Where in a line the name of a speaker may begin: after `statement from`, or after `by` where a word such as `speech`
/// stands before.
fn spoken(fields: &Fields<'_>, doc: &Doc<'_>, line: Range) -> Option<usize> {
    let mut speech = false;
    for at in line.start..line.end {
        if let Some(end) = entry(doc, fields, fields.lists.byline, at)
            && (speech || end > at + 1)
        {
            return Some(end);
        }
        speech |= doc.begins(&[fields.lists.spoken], at);
    }
    None
}

struct Lines<'a, 't> {
    fields: &'a Fields<'a>,
    doc: &'a Doc<'t>,
    state: &'a State,
    people: &'a Ranges,
    blocks: Vec<Range>,
}

impl Lines<'_, '_> {
    /// `Statement by Minister Ray` among the first lines, else `Ada Ray, Minister of Ports`, if these name one person. A
    /// name on a line of its own may be that of somebody who is addressed.
    fn byline(&self) -> Option<usize> {
        let lines = || self.blocks.iter().take(LINES).copied();
        let first = || lines().filter(|block| block.len() <= LINE);
        let one = |mut named: Vec<usize>| {
            named.dedup();
            if let [one] = named[..] { Some(one) } else { None }
        };
        let addresses =
            |line: &Range| entry(self.doc, self.fields, self.fields.lists.salute, line.start).is_some();
        let by: Vec<usize> = lines().filter_map(|block| self.by(block)).collect();
        if !by.is_empty() || self.blocks.iter().take(OPENING).any(addresses) {
            return one(by);
        }
        // `Joint release with`: whoever stands below does not write it alone.
        let with = |line: &Range| self.doc.begins(&[self.fields.lists.preposition], line.end - 1);
        one(first().take_while(|line| !with(line)).filter_map(|block| self.signed(block)).collect())
    }

    /// Whom a line names that is no sentence, first of all.
    fn signed(&self, line: Range) -> Option<usize> {
        if self.stopped(line) {
            return None;
        }
        let hon = |at: usize| entry(self.doc, self.fields, self.fields.lists.hon, at);
        let start = std::iter::successors(Some(line.start), |at| hon(*at)).last()?;
        let (name, person) = self.people.inside(line).find(|(range, _)| range.start == start)?;
        (self.named_to(name.end) == line.end || self.doc.word(name.end) == ",").then_some(person)
    }

    /// One past the letters after a name: `, MP`.
    fn named_to(&self, mut end: usize) -> usize {
        let lists = &self.fields.lists;
        while end < self.doc.tokens().len() {
            let letters = end + usize::from(self.doc.word(end) == ",");
            match entry(self.doc, self.fields, lists.posthon, letters) {
                Some(after) => end = after,
                None => break,
            }
        }
        end
    }

    /// The one person that a line names after words such as `statement by`; where it says what is spoken, others may be
    /// named further on: `at the opening of the Ray Library`.
    fn by(&self, line: Range) -> Option<usize> {
        let Self { fields, doc, .. } = *self;
        let said = spoken(fields, doc, line).filter(|_| line.len() <= SPOKEN);
        let by = || (line.start..line.end).find_map(|at| entry(doc, fields, fields.lists.byline, at));
        let by = said.or_else(|| by().filter(|_| line.len() <= LINE))?;
        let mut named = self.people.inside(Range::new(by, line.end));
        let (first, person) = named.next()?;
        let place = |at: &usize| doc.begins(&[fields.lists.at], *at);
        let after = |at: &usize| place(at) || doc.begins(&[fields.lists.topic], *at);
        let end = (first.end..line.end).find(after).filter(|_| said.is_some()).unwrap_or(line.end);
        let near = said.is_none() || (first.start <= by + TITLES && !(by..first.start).any(|at| place(&at)));
        // `Statement by the President on the choice of Ada Ray`: she is only spoken about.
        let near = near && said.is_none_or(|by| self.office(by, first.start).is_none());
        let one = named.take_while(|(range, _)| range.start < end).all(|(_, other)| other == person);
        (near && one && !self.stopped(line)).then_some(person)
    }

    /// The title between two tokens that what is spoken about follows.
    fn office(&self, start: usize, end: usize) -> Option<Range> {
        let Self { fields, doc, .. } = *self;
        let start = start + usize::from(doc.begins(&[fields.lists.doc_article], start));
        let topic = (start + 1..end).find(|at| doc.begins(&[fields.lists.topic], *at))?;
        let role = (start..topic).any(|at| entry(doc, fields, fields.lists.role, at) == Some(topic));
        role.then_some(Range::new(start, topic))
    }

    /// The title of whoever speaks, where a headline names nobody: `Statement by the President on the Port`.
    fn titled(&self, line: Range) -> Option<Range> {
        let start = spoken(self.fields, self.doc, line)?;
        self.office(start, line.end.min(start + TITLES)).filter(|_| line.len() <= SPOKEN)
    }

    /// Whether a line ends as a sentence does.
    fn stopped(&self, line: Range) -> bool {
        matches!(self.doc.word(line.end - 1), "." | "!" | "?" | ":" | ";")
    }

    /// The name below `Sincerely,`, or alone on the last line.
    fn signature(&self) -> Option<usize> {
        let last = self.blocks.len().saturating_sub(LINES);
        let closes =
            |at: usize| entry(self.doc, self.fields, self.fields.lists.closing, self.blocks[at].start);
        let Some((closing, end)) = (last..self.blocks.len()).find_map(|at| Some((at, closes(at)?))) else {
            let (last, above) = (self.blocks.get(1..)?.last()?, self.blocks.len().saturating_sub(2));
            // Above the title of whoever signs.
            let titled = || {
                let line = self.blocks.get(above).filter(|_| above > 0 && last.len() <= LINE)?;
                let held = |n: &usize| self.state.people[*n].posts.iter().filter_map(|held| held.title);
                self.alone(*line).filter(|n| held(n).any(|title| last.contains(&title)))
            };
            return self.alone(*last).or_else(titled);
        };
        // On the same line, or on the next.
        let rest = Range::new(end, self.blocks[closing].end);
        let below = self.blocks.get(closing + 1).copied();
        let after = |line: Range| self.people.inside(line).next().map(|(_, person)| person);
        after(rest).or_else(|| below.filter(|line| line.len() <= LINE).and_then(after))
    }

    /// Whose full name is all of a line.
    fn alone(&self, line: Range) -> Option<usize> {
        let (name, person) = self.people.inside(line).next()?;
        let stop = usize::from(self.doc.word(line.end - 1) == ".");
        let hon = |at: usize| entry(self.doc, self.fields, self.fields.lists.hon, at);
        let start = std::iter::successors(Some(line.start), |at| hon(*at)).last()?;
        let whole = name.len() > 1 && name.start == start && self.named_to(name.end) + stop >= line.end;
        whole.then_some(person)
    }

    /// `MINISTER RAY:` at the beginning of paragraphs; whom they name. What a name in capitals begins, or one that comes
    /// again, goes on up to the next.
    fn labels(&self) -> Vec<(usize, Option<Actor>)> {
        let found: Vec<(Range, Label)> =
            self.blocks.iter().filter_map(|block| Some((*block, self.label(*block)?))).collect();
        let mut times: FxHashMap<usize, usize> = FxHashMap::default();
        found.iter().filter_map(|(_, label)| label.person).for_each(|n| *times.entry(n).or_default() += 1);
        let unknown = found.iter().any(|(_, label)| label.person.is_none());
        let holders = if unknown { self.holders() } else { FxHashMap::default() };
        let mut labels = Vec::new();
        for (block, label) in found {
            let titled = || holders.get(&self.untitled(label.words)).cloned().flatten();
            labels.push((block.start, label.person.map(Actor::Person).or_else(titled)));
            let again = label.person.is_some_and(|n| times[&n] > 1);
            if !label.capitals && !again {
                labels.push((block.end, None));
            }
        }
        labels
    }

    /// Who alone holds a post, by the words of its title: `THE PRESIDENT:`.
    fn holders(&self) -> FxHashMap<Vec<String>, Option<Actor>> {
        let mut holders: FxHashMap<Vec<String>, Option<Actor>> = FxHashMap::default();
        for (n, person) in self.state.people.iter().enumerate() {
            for title in person.posts.iter().filter_map(|held| held.title) {
                let one = Some(Actor::Person(n));
                let holder = holders.entry(folded(self.doc, title)).or_insert_with(|| one.clone());
                if *holder != one {
                    *holder = None;
                }
            }
        }
        let headline = self.state.headline.iter();
        let titles = headline.flat_map(|headline| headline.titles.iter().map(move |title| (title, headline)));
        holders.extend(titles.map(|(title, headline)| (title.clone(), Some(headline.actor(self.state)))));
        holders
    }

    /// The words of a label without its article, folded.
    fn untitled(&self, label: Range) -> Vec<String> {
        let article = self.doc.begins(&[self.fields.lists.doc_article], label.start);
        folded(self.doc, Range::new(label.start + usize::from(article), label.end))
    }

    fn label(&self, block: Range) -> Option<Label> {
        let limit = block.end.min(block.start + LABEL);
        let colon = (block.start + 1..limit).find(|at| self.doc.word(*at) == ":")?;
        let label = Range::new(block.start, colon);
        let shape = |at: usize| self.doc.tokens()[at].shape;
        // A person, or words in capitals of which nobody is known.
        let person =
            self.people.inside(label).find(|(range, _)| range.end == colon).map(|(_, person)| person);
        let capitals = (label.start..label.end).all(|at| {
            shape(at).has(Shape::UPPER) || shape(at).has(Shape::INIT) || shape(at).has(Shape::PUNCT)
        });
        (colon + 1 < block.end && (person.is_some() || capitals)).then_some(Label {
            words: label,
            person,
            capitals,
        })
    }
}

/// Whom a label before a colon names.
struct Label {
    words: Range,
    person: Option<usize>,
    capitals: bool,
}
