//! `review`: the doubtful facts of an archive, one after the other, to be called right or wrong; in a pipe a list of them.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal};
use std::sync::{Arc, OnceLock};

use anstyle::Style;
use chancery::archive::{Archive, ReviewedFact, Verdict};
use chancery::rulesets::Rulesets;
use chancery_extract::Grounds;
use chancery_record::{Record, Span};
use chancery_rules::RuleSet;
use console::{Key, Term};
use serde_json::json;

use crate::command::{Form, Review};
use crate::exit::{Exit, Failure, Outcome};
use crate::grounds;
use crate::phrase;
use crate::screen::Screen;
use crate::show::carets;
use crate::show::marks::{self, Fact, Kind, Mark};
use crate::told;
use crate::wrap;

const BOLD: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();
/// What stands before a numbered line: `123 | `.
const MARGIN: usize = 6;
const KEYS: &str = "y right   n wrong   s skip   q quit   u take the last verdict back";

/// A doubtful fact.
struct Doubtful {
    record: Arc<Record>,
    told: Arc<Told>,
    fact: ReviewedFact,
    /// Id of the fact in its record, and the span of a post.
    id: String,
    post: Option<Span>,
    span: Span,
    confidence: u8,
}

/// What the confidence of the facts of a record is made of: its text is read again for it, so not before somebody asks.
#[derive(Default)]
struct Told {
    set: Option<Arc<RuleSet>>,
    grounds: OnceLock<Vec<Grounds>>,
}

impl Told {
    fn of(&self, record: &Record) -> &[Grounds] {
        let read = || self.set.as_deref().map_or_else(Vec::new, |set| grounds::of(record, set));
        self.grounds.get_or_init(read)
    }
}

/// Walks through the doubtful facts that have no verdict yet, or lists them.
pub(crate) fn run(job: &Review, screen: &mut Screen) -> Outcome {
    let archive = Archive::open_read(&job.archive)?;
    if job.undo {
        return undo(&archive, screen);
    }
    let rules = Rulesets::load(None, Some(&job.archive))?;
    let walks = screen.is_terminal() && io::stdin().is_terminal() && job.form == Form::Text;
    let known = archive.reviewed()?;
    let mut all = doubtful(&archive, &rules, job.below, &known)?;
    all.sort_by(|a, b| a.confidence.cmp(&b.confidence).then_with(|| a.fact.cmp(&b.fact)));
    if walks {
        return walk(&archive, &all, screen);
    }
    for one in &all {
        match job.form {
            Form::Json => screen.line(&one.json())?,
            Form::Text => one.line(screen)?,
        }
    }
    screen.flush()?;
    if all.is_empty() {
        told::say(&format!("no fact below {} is without a verdict", job.below));
    }
    Ok(Exit::Well)
}

/// Every fact that is less sure than `below`, but for those `known`.
fn doubtful(
    archive: &Archive,
    rules: &Rulesets,
    below: u8,
    known: &BTreeSet<ReviewedFact>,
) -> Outcome<Vec<Doubtful>> {
    let mut all = Vec::new();
    for record in archive.records()? {
        let record = Arc::new(record?);
        let mut here = of_record(&record, below);
        here.retain(|one| !known.contains(&one.fact));
        if here.is_empty() {
            continue;
        }
        let set: Option<Arc<RuleSet>> = match &record.release.language {
            Some(language) => rules.of_language(language)?,
            None => None,
        };
        let told = Arc::new(Told { set, grounds: OnceLock::new() });
        here.iter_mut().for_each(|one| one.told = Arc::clone(&told));
        all.extend(here);
    }
    Ok(all)
}

fn of_record(record: &Arc<Record>, below: u8) -> Vec<Doubtful> {
    let mut all = Vec::new();
    let mut add = |kind: &str, id: &str, post: Option<Span>, span: Span, says: String, confidence: u8| {
        if confidence < below {
            let fact = ReviewedFact::of(record, kind, span, says);
            let (record, told) = (Arc::clone(record), Arc::default());
            all.push(Doubtful { record, told, fact, id: id.to_owned(), post, span, confidence });
        }
    };
    for person in record.people() {
        if let Some(first) = person.mentions.first() {
            add("person", &person.id, None, first.span, person.name.clone(), person.confidence);
        }
        for post in &person.posts {
            let says = format!("{}: {}", person.name, phrase::post(record, post));
            add("official", &person.id, Some(post.span), post.span, says, post.confidence);
        }
    }
    for body in &record.organizations {
        if let Some(first) = body.mentions.first() {
            add("organization", &body.id, None, first.span, phrase::body(body), body.confidence);
        }
    }
    for put in &record.proposals {
        let who = phrase::actor(put.proposer.as_ref()).to_owned();
        add("proposal", &put.id, None, put.span, who, put.confidence);
    }
    for said in &record.statements {
        let who = phrase::actor(said.speaker.as_ref()).to_owned();
        add("statement", &said.id, None, said.span, who, said.confidence);
    }
    all
}

impl Doubtful {
    fn ground(&self) -> Option<&Grounds> {
        grounds::find(self.told.of(&self.record), &self.record, &self.id, self.post)
    }

    fn name(&self) -> &str {
        let release = &self.record.release;
        release.alias.as_deref().unwrap_or(&release.id)
    }

    fn json(&self) -> String {
        let fact = &self.fact;
        json!({
            "release_id": fact.id, "alias": self.record.release.alias, "kind": fact.kind, "fact": self.id,
            "says": fact.says, "passage": self.span.of(&self.record.release.text),
            "span": { "start": fact.start, "end": fact.end }, "confidence": self.confidence,
            "sure": self.ground().map(grounds::in_json),
        })
        .to_string()
    }

    /// `41  statement s2  Ana Roe: “the pier opens in May”  no-tides/2023-05-04/new-pier`
    fn line(&self, screen: &mut Screen) -> Outcome<()> {
        let words = self.span.of(&self.record.release.text);
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let line = format!(
            "{:>3}  {} {}  {}: “{words}”  {}",
            self.confidence,
            self.fact.kind,
            self.id,
            self.fact.says,
            self.name()
        );
        let line = screen.web(&line).into_owned();
        screen.line(&line)
    }

    /// The paragraphs it stands in, with the fact marked, and what its confidence is made of.
    fn show(&self, head: &str, screen: &mut Screen) -> Outcome<()> {
        let text = &self.record.release.text;
        let fact = self.marked();
        let head = screen.paint(BOLD, &screen.web(&format!("{head}  {}: {}", fact.label, self.fact.says)));
        screen.line(&head)?;
        let name = screen.paint(FAINT, &screen.web(self.name()));
        screen.line(&name)?;
        screen.line("")?;
        let near = self.paragraphs();
        for (number, line) in wrap::lines(text, screen.width() - MARGIN).into_iter().enumerate() {
            if line.overlaps(&near) {
                let facts = std::slice::from_ref(&fact);
                for line in carets::lines(screen, text, number + 1, line, facts) {
                    screen.line(&line)?;
                }
            }
        }
        screen.line("")?;
        let sure = self
            .ground()
            .map_or_else(|| format!("{} in 100; other rules made it", self.confidence), grounds::in_words);
        for line in wrap::lines(&sure, screen.width()) {
            screen.line(line.of(&sure))?;
        }
        screen.line(KEYS)?;
        screen.flush()
    }

    /// The fact with its stretches: of a person's post only that post and the name.
    fn marked(&self) -> Fact {
        let found = marks::facts(&self.record).into_iter().find(|fact| fact.id == self.id);
        let mut fact =
            found.unwrap_or_else(|| Fact { label: String::new(), id: String::new(), marks: Vec::new() });
        let span = self.post;
        fact.marks.retain(|mark: &Mark| mark.kind != Kind::Post || Some(mark.span) == span);
        fact
    }

    /// From the beginning of the paragraph where it begins to the end of that where it ends.
    fn paragraphs(&self) -> Span {
        let text = &self.record.release.text;
        let start = Span::new(0, self.span.start).of(text).rfind('\n').map_or(0, |at| at + 1);
        let end = Span::new(self.span.end, text.len()).of(text).find('\n');
        Span::new(start, end.map_or(text.len(), |at| self.span.end + at))
    }
}

/// Takes the last verdict back and says which it was.
fn undo(archive: &Archive, screen: &mut Screen) -> Outcome {
    let Some((fact, verdict)) = archive.take_back()? else {
        let help = "`chancery review` walks through the doubtful facts";
        return Err(Failure::new("no verdict stands that could be taken back", help));
    };
    let was = if verdict == Verdict::Right { "right" } else { "wrong" };
    let line = format!("no longer called {was}: {} {}, in {}", fact.kind, fact.says, fact.id);
    let line = screen.web(&line).into_owned();
    screen.line(&line)?;
    Ok(Exit::Well)
}

fn walk(archive: &Archive, all: &[Doubtful], screen: &mut Screen) -> Outcome {
    if all.is_empty() {
        screen.line("no doubtful fact is without a verdict")?;
        return Ok(Exit::Well);
    }
    let keyboard = Term::stdout();
    // The verdicts of this walk, by the number of their fact.
    let mut given: Vec<(usize, Verdict)> = Vec::new();
    let mut number = 0;
    while let Some(one) = all.get(number) {
        one.show(&format!("{} of {}", number + 1, all.len()), screen)?;
        let verdict = match answer(&keyboard)? {
            Answer::Right => Verdict::Right,
            Answer::Wrong => Verdict::Wrong,
            Answer::Skip => {
                number += 1;
                screen.line("")?;
                continue;
            }
            Answer::Back => {
                match given.pop() {
                    Some((last, _)) => {
                        archive.review(&all[last].fact, Verdict::Withdrawn, all[last].confidence)?;
                        number = last;
                        screen.line("taken back")?;
                    }
                    None => screen.line(
                        "no verdict of this walk is left; `chancery review --undo` takes earlier ones back",
                    )?,
                }
                screen.line("")?;
                continue;
            }
            Answer::Quit => break,
        };
        archive.review(&one.fact, verdict, one.confidence)?;
        given.push((number, verdict));
        number += 1;
        screen.line("")?;
    }
    if given.is_empty() {
        screen.line("no verdict was given")?;
        return Ok(Exit::Well);
    }
    let right = given.iter().filter(|(_, verdict)| *verdict == Verdict::Right).count();
    screen.line(&format!(
        "{right} called right, {} wrong; kept in {}",
        given.len() - right,
        archive.dir().join("reviews.ndjson").display()
    ))?;
    Ok(Exit::Well)
}

enum Answer {
    Right,
    Wrong,
    Skip,
    Back,
    Quit,
}

/// The next key that means something.
fn answer(keyboard: &Term) -> Outcome<Answer> {
    loop {
        match keyboard.read_key() {
            Ok(Key::Char('y' | 'Y')) => return Ok(Answer::Right),
            Ok(Key::Char('n' | 'N')) => return Ok(Answer::Wrong),
            Ok(Key::Char('s' | 'S') | Key::ArrowRight) => return Ok(Answer::Skip),
            Ok(Key::Char('u' | 'U') | Key::ArrowLeft | Key::Backspace) => return Ok(Answer::Back),
            Ok(Key::Char('q' | 'Q') | Key::Escape) => return Ok(Answer::Quit),
            Ok(_) => {}
            Err(why) if why.kind() == io::ErrorKind::Interrupted => {
                return Err(Failure::Interrupted("the verdicts given so far are kept"));
            }
            // Nobody is there any more.
            Err(why) if why.kind() == io::ErrorKind::UnexpectedEof => return Ok(Answer::Quit),
            Err(why) => {
                let help = "run it in a terminal, or list the facts with --json";
                return Err(Failure::new(format!("cannot read a key: {why}"), help));
            }
        }
    }
}
