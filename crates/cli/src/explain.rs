//! `explain`: which rule made a fact, where it stands, what it says of itself, and what it found; which matches lost
//! there, and why; and where there is no fact, which rules came nearest.

use anstyle::{AnsiColor, Style};
use chancery::archive::Archive;
use chancery::pipeline::PROGRAM;
use chancery::rulesets::Rulesets;
use chancery_extract::Grounds;
use chancery_record::{Post, Record, Release, Span};
use chancery_rules::{RuleSet, Weights};

use crate::command::{Doubt, Form, Subject, Where};
use crate::exit::{Exit, Failure, Outcome};
use crate::grounds;
use crate::phrase;
use crate::screen::Screen;
use crate::show::marks::{self, Fact, Kind, Mark};
use crate::wrap;

mod drawn;
mod json;
mod why;

use why::Why;

const BOLD: Style = Style::new().bold();
const RULE: Style = AnsiColor::Cyan.on_default();

/// Explains every fact at a place of a release or of a text, or why there is none.
pub(crate) fn run(doubt: &Doubt, screen: &mut Screen) -> Outcome {
    let rules = Rulesets::load(doubt.rules.as_deref(), doubt.subject.archive())?;
    let (record, hit) = record(&doubt.subject, &rules)?;
    let set = match &record.release.language {
        Some(language) => rules.of_language(language)?,
        None => None,
    };
    let facts = marks::facts(&record);
    let text = &record.release.text;
    let (places, meant): (Vec<Span>, Vec<(&Fact, &Mark)>) = match &doubt.place {
        Where::Hit => whole(&facts, &hit.ok_or_else(which_words)?),
        // `show`, `review` and `cite` call a fact by its id, unless the text has these words.
        Where::Words(id) if occurrences(text, id).is_empty() && facts.iter().any(|fact| fact.id == *id) => {
            whole(&facts, id)
        }
        place => {
            let places = places(text, place)?;
            let meant = facts.iter().filter_map(|fact| Some((fact, touched(fact, &places)?))).collect();
            (places, meant)
        }
    };
    let all_on = record.release.language.as_deref().map(|tag| rules.all_on(tag)).transpose()?.flatten();
    let why = set.as_deref().map(|set| Why::of(set, all_on.as_ref(), text, &places, &facts, &meant));
    let grounds = set.as_deref().map_or_else(Vec::new, |set| grounds::of(&record, set));
    let answer = Answer { record: &record, set: set.as_deref(), facts: &facts, places, meant, grounds, why };
    match doubt.form {
        Form::Text => answer.tell(screen)?,
        Form::Json => screen.line(&json::of(&answer).to_string())?,
    }
    let in_force = record.release.language.as_deref().and_then(|language| rules.digest_of(language));
    if matches!(doubt.subject, Subject::Release(..)) && record.produced_by.rules != in_force {
        crate::told::say(
            "the record was made with other rules than those in force; `chancery ingest --again` brings it up to date",
        );
    }
    Ok(Exit::Well)
}

/// The record that is asked about, and the fact that was hit.
fn record(subject: &Subject, rules: &Rulesets) -> Outcome<(Record, Option<String>)> {
    match subject {
        Subject::Release(dir, id) => {
            let archive = Archive::open_read(dir)?;
            let found = archive.find(id)?;
            Ok((archive.record(&found.id)?, found.fact))
        }
        Subject::Text { text, language, archive } => {
            if let Some(archive) = archive {
                Archive::open_read(archive)?;
            }
            let Some(set) = rules.of_language(language)? else {
                let known: Vec<&str> = rules.languages().into_iter().collect();
                let help = format!("--lang takes one of: {}", known.join(", "));
                return Err(Failure::Usage(
                    format!("there are no rules for the language `{language}`"),
                    help,
                ));
            };
            let (text, language) = (text.clone(), Some(language.clone()));
            let release = Release { text, language, ..Release::default() };
            Ok((chancery_extract::extract(&release, &set, PROGRAM), None))
        }
    }
}

/// Everything that is to be told.
struct Answer<'a> {
    record: &'a Record,
    set: Option<&'a RuleSet>,
    facts: &'a [Fact],
    /// Where the words stand.
    places: Vec<Span>,
    /// The facts there, each with the stretch that was touched.
    meant: Vec<(&'a Fact, &'a Mark)>,
    /// What the confidence of every fact is made of.
    grounds: Vec<Grounds>,
    /// Why; `None` where no rule set knows the language.
    why: Option<Why<'a>>,
}

impl Answer<'_> {
    fn tell(&self, screen: &mut Screen) -> Outcome<()> {
        for (fact, mark) in &self.meant {
            self.explain(fact, mark, screen)?;
        }
        let text = &self.record.release.text;
        if self.meant.is_empty() {
            nothing(text, &self.places, self.facts, screen)?;
            self.left_out(screen)?;
        }
        match &self.why {
            Some(why) => drawn::tell(why, text, self.meant.is_empty(), screen),
            None => Ok(()),
        }
    }

    /// The persons, posts and bodies at the words that were found but are too little sure to be given out.
    fn left_out(&self, screen: &mut Screen) -> Outcome<()> {
        let Some(set) = self.set else { return Ok(()) };
        let all = chancery_extract::extract_all(&self.record.release, set, PROGRAM);
        let told = |kind: &str, name: &str, confidence: u8| {
            let least = set.weights(kind).map_or(0, Weights::least);
            format!(
                "left out as too little sure: {name}, {confidence} in 100, where {least} is the least for its kind ({kind})"
            )
        };
        let here = |span: &Span| self.places.iter().any(|place| place.overlaps(span));
        let mut lines = Vec::new();
        for person in all.officials.iter().chain(&all.persons) {
            let kept = self.record.person(&person.id);
            if kept.is_none() && person.mentions.iter().any(|mention| here(&mention.span)) {
                lines.push(told("person", &person.name, person.confidence));
            }
            let missing =
                |post: &&Post| kept.is_none_or(|kept| kept.posts.iter().all(|other| other.span != post.span));
            for post in person.posts.iter().filter(|post| here(&post.span)).filter(missing) {
                lines.push(told(
                    "official",
                    &format!("{}, {}", person.name, phrase::post(&all, post)),
                    post.confidence,
                ));
            }
        }
        let bodies = all.organizations.iter().filter(|body| self.record.organization(&body.id).is_none());
        for body in bodies.filter(|body| body.mentions.iter().any(|mention| here(&mention.span))) {
            lines.push(told("organization", &body.name, body.confidence));
        }
        lines.iter().try_for_each(|line| screen.line(&screen.web(line)))
    }

    /// What the confidence of a fact is made of, of a post where its words are meant.
    fn grounds(&self, fact: &Fact, mark: &Mark) -> Option<&Grounds> {
        let post = Some(mark.span).filter(|_| mark.kind == Kind::Post);
        grounds::find(&self.grounds, self.record, &fact.id, post)
    }

    fn explain(&self, fact: &Fact, mark: &Mark, screen: &mut Screen) -> Outcome<()> {
        let head = screen.paint(BOLD, &screen.web(&called(fact, mark)));
        screen.line(&head)?;
        for (name, words) in captures(self.record, fact) {
            let line = format!("  {name:<10}{}", screen.web(&words));
            screen.line(&line)?;
        }
        if let Some(grounds) = self.grounds(fact, mark) {
            labelled("sure", &grounds::in_words(grounds), screen)?;
        }
        let id = screen.paint(RULE, &mark.rule);
        match self.set.and_then(|set| set.rule(&mark.rule)) {
            Some(info) => {
                let place = format!("{}:{}, layer {}", info.file, info.line, info.layer);
                screen.line(&format!("  rule      {id}  ({place})"))?;
                labelled("says", &info.say, screen)?;
            }
            None => {
                screen.line(&format!(
                    "  rule      {id}  (a step of the document logic, or no rule in force)"
                ))?;
            }
        }
        screen.line("")
    }
}

/// What a fact is called at a stretch of it.
fn called(fact: &Fact, mark: &Mark) -> String {
    if mark.kind == Kind::Post { format!("post of {}", fact.id) } else { fact.label.clone() }
}

/// The fact of this id, and where it stands.
fn whole<'f>(facts: &'f [Fact], id: &str) -> (Vec<Span>, Vec<(&'f Fact, &'f Mark)>) {
    let fact = facts.iter().find(|fact| fact.id == id);
    let meant: Vec<_> = fact.and_then(|fact| Some((fact, fact.marks.first()?))).into_iter().collect();
    (meant.iter().map(|(_, mark)| mark.span).collect(), meant)
}

fn which_words() -> Failure {
    let message = "which words of the release are to be explained?";
    Failure::Usage(message.into(), "give words of its text, or the number of a hit that is a fact".into())
}

/// The stretch of a fact that lies at one of the places: the innermost, so that a post is told before its person.
fn touched<'f>(fact: &'f Fact, places: &[Span]) -> Option<&'f Mark> {
    let marks = fact.marks.iter().filter(|mark| places.iter().any(|place| place.overlaps(&mark.span)));
    marks.min_by_key(|mark| mark.span.len())
}

/// Everywhere the words stand; exactly, else in any case and with any white space.
fn places(text: &str, place: &Where) -> Outcome<Vec<Span>> {
    match place {
        Where::Hit => Ok(Vec::new()),
        Where::Everywhere => Ok(vec![Span::new(0, text.len())]),
        Where::Characters(start, end) => {
            let byte = |at: usize| text.char_indices().map(|(byte, _)| byte).chain([text.len()]).nth(at);
            match (byte(*start), byte(*end)) {
                (Some(start), Some(end)) => Ok(vec![Span::new(start, end)]),
                _ => {
                    let length = text.chars().count();
                    let message = format!("the text has {length} characters, none from {start} to {end}");
                    Err(Failure::Usage(
                        message,
                        "`chancery show ID --json` has the spans of every fact".into(),
                    ))
                }
            }
        }
        Where::Words(words) => {
            let found = occurrences(text, words);
            if found.is_empty() {
                let message = format!("`{words}` does not stand in the text");
                let help = "copy words from it; `chancery show ID` prints the text of a release";
                return Err(Failure::new(message, help));
            }
            Ok(found)
        }
    }
}

fn occurrences(text: &str, words: &str) -> Vec<Span> {
    let exact: Vec<Span> =
        text.match_indices(words).map(|(at, found)| Span::new(at, at + found.len())).collect();
    if !exact.is_empty() {
        return exact;
    }
    let wanted: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    let tokens: Vec<(usize, &str)> = wrap::words(text).collect();
    let fits = |window: &[(usize, &str)]| {
        window.iter().zip(&wanted).all(|((_, token), word)| {
            let token = token.to_lowercase();
            token == *word || token.trim_matches(|c: char| !c.is_alphanumeric()) == word
        })
    };
    let windows = tokens.windows(wanted.len().max(1)).filter(|window| !wanted.is_empty() && fits(window));
    windows
        .filter_map(|window| {
            let ((start, _), (last, token)) = (window.first()?, window.last()?);
            Some(Span::new(*start, last + token.len()))
        })
        .collect()
}

/// Words behind a label, in as many lines as they need.
fn labelled(label: &str, words: &str, screen: &mut Screen) -> Outcome<()> {
    for (index, line) in wrap::lines(words, screen.width() - 12).iter().enumerate() {
        let label = if index == 0 { label } else { "" };
        screen.line(&format!("  {label:<10}{}", line.of(words)))?;
    }
    Ok(())
}

/// What the rule took from the text, by name.
fn captures(record: &Record, fact: &Fact) -> Vec<(&'static str, String)> {
    let id = fact.id.as_str();
    let flat = |words: &str| words.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some(person) = record.person(id) {
        let posts = person.posts.iter().map(|post| ("post", phrase::post(record, post)));
        return [("name", person.name.clone())].into_iter().chain(posts).collect();
    }
    if let Some(body) = record.organization(id) {
        return vec![("name", phrase::body(body))];
    }
    if let Some(said) = record.statements.iter().find(|said| said.id == id) {
        let who = phrase::actor(said.speaker.as_ref()).to_owned();
        return vec![
            ("speaker", who),
            ("cue", flat(&said.cue.text)),
            ("act", said.act.clone()),
            ("passage", flat(&said.text)),
        ];
    }
    let put = record.proposals.iter().find(|put| put.id == id);
    put.map_or_else(Vec::new, |put| {
        let who = phrase::actor(put.proposer.as_ref()).to_owned();
        vec![
            ("proposer", who),
            ("cue", flat(&put.cue.text)),
            ("act", put.act.clone()),
            ("passage", flat(&put.text)),
        ]
    })
}

/// No rule found anything there; the nearest facts of the paragraph may be what was meant.
fn nothing(text: &str, places: &[Span], facts: &[Fact], screen: &mut Screen) -> Outcome<()> {
    screen.line("no rule found a fact at these words")?;
    let Some(place) = places.first() else { return Ok(()) };
    let before = Span::new(0, place.start).of(text).rfind('\n').map_or(0, |at| at + 1);
    let after = Span::new(place.end, text.len()).of(text).find('\n').map_or(text.len(), |at| place.end + at);
    let paragraph = Span::new(before, after);
    let near: Vec<&str> = facts
        .iter()
        .filter(|fact| fact.marks.iter().any(|mark| mark.span.overlaps(&paragraph)))
        .map(|fact| fact.label.as_str())
        .collect();
    if near.is_empty() {
        return screen.line("nor any in this paragraph");
    }
    let near = format!("in this paragraph: {}", near.join(", "));
    let near = screen.web(&near).into_owned();
    screen.line(&near)
}
