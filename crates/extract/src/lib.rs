//! A release in, a record out: who holds which post, which bodies are named, what was proposed and said.
//!
//! The rule set finds; this crate holds the document logic between its layers, which is the same in every
//! language: acronyms tied to bodies, short names to persons, posts to their holders, pronouns and titles to
//! speakers. The order of layers and steps stands in the rule set's `layers.toml`.
//!
//! ```
//! use chancery_record::Release;
//! use chancery_rules::{RuleFile, RuleSet};
//!
//! let files = [
//!     RuleFile { path: "en/layers.toml".into(), text: "layers = ['names', 'step:people']".into() },
//!     RuleFile { path: "en/names.toml".into(), text: r#"
//!         [[rule]]
//!         id = "mr"
//!         layer = "names"
//!         finds = "person"
//!         when = 'mr name:([Cap]+)'
//!         spans = "name"
//!         say = "After Mr stands a name."
//!         yes = ["Mr Ray left."]
//!     "#.into() },
//! ];
//! let rules = RuleSet::compile("en", &files).unwrap();
//! let release = Release { text: "They met Mr Ali Ray.".into(), ..Release::default() };
//! let record = chancery_extract::extract(&release, &rules, "chancery");
//! assert_eq!(record.persons[0].name, "Ali Ray");
//! ```
//!
//! Invariants: `extract` never fails: a sentence it cannot read yields fewer facts, not an error. No title, cue, name or
//! country stands in this crate. No I/O, no clock, no thread.

mod accused;
mod acronyms;
mod actors;
mod antecedents;
mod author;
mod bodies;
mod build;
mod called;
mod chain;
mod clauses;
mod confidence;
mod countries;
mod definitions;
mod facts;
mod fields;
mod heading;
mod introduced;
mod items;
mod joined;
mod latest;
mod listed;
mod many;
mod members;
mod memory;
mod named;
mod names;
mod namesakes;
mod nested;
mod offices;
mod overlap;
mod pairing;
mod partial;
mod passages;
mod people;
mod phrases;
mod posts;
mod quotations;
mod ranges;
mod readings;
mod reference;
mod roles;
mod shortforms;
mod speech;
mod subjects;
mod tails;
#[cfg(test)]
mod told;
mod unheaded;
mod what;
mod wholes;

use chancery_record::{Record, Release, Span};
use chancery_rules::{Doc, RuleSet, RuleTest, Trace, Weights};

pub use confidence::{Evidence, Grounds};
use fields::Fields;
pub use readings::READINGS;

/// Everything known of a document beside its annotations.
#[derive(Default)]
pub(crate) struct State {
    /// The name of the body that issues the text, where the input says it.
    pub(crate) issuer: Option<String>,
    /// Who speaks by the headline.
    pub(crate) headline: Option<author::Headline>,
    pub(crate) definitions: Vec<definitions::Definition>,
    pub(crate) bodies: Vec<bodies::Body>,
    /// Where each body is named.
    pub(crate) named_bodies: ranges::Ranges,
    pub(crate) people: Vec<people::Human>,
    pub(crate) titles: Vec<people::TitleMention>,
    pub(crate) speakers: subjects::Subjects,
    /// Who acts in the items of lists.
    pub(crate) items: items::Items,
}

/// The record of a release: its facts by the rules of its language. `program` names the program and version.
#[must_use]
pub fn extract(release: &Release, rules: &RuleSet, program: &str) -> Record {
    let mut record = extract_all(release, rules, program);
    leave_out(&mut record, rules);
    record
}

/// As [`extract`], with the facts that are so little sure that the rules leave them out of records.
#[must_use]
pub fn extract_all(release: &Release, rules: &RuleSet, program: &str) -> Record {
    let fields = Fields::of(rules);
    let (doc, state) = read(&fields, release);
    let facts = facts::facts(&fields, &doc, &state);
    build::record(release, &fields, &doc, &state, &facts, program)
}

/// Takes out what is less sure than the `least` of its kind in the rules.
fn leave_out(record: &mut Record, rules: &RuleSet) {
    record.leave_out_doubtful(|kind| rules.weights(kind).map_or(0, Weights::least));
}

/// As [`extract`], with what the confidence of every fact is made of.
#[must_use]
pub fn extract_with_grounds(release: &Release, rules: &RuleSet, program: &str) -> (Record, Vec<Grounds>) {
    let fields = Fields::of(rules);
    let (doc, state) = read(&fields, release);
    let facts = facts::facts(&fields, &doc, &state);
    let grounds = confidence::Witness::of(&fields, &doc).grounds(&state, &facts);
    let mut record = build::record(release, &fields, &doc, &state, &facts, program);
    leave_out(&mut record, rules);
    (record, grounds)
}

/// A text with all annotations that the layers and steps leave on it.
#[must_use]
pub fn annotate<'t>(rules: &RuleSet, text: &'t str) -> Doc<'t> {
    run(&Fields::of(rules), State::default(), text, None).0
}

/// As [`annotate`], with what happened at some places of the text: which matches lost there and why, what the document
/// logic took back, and which rules came nearest at the first place.
#[must_use]
pub fn annotate_traced<'t>(rules: &RuleSet, text: &'t str, places: &[Span]) -> (Doc<'t>, Trace) {
    let doc = Doc::new(text, rules);
    let tokens = places.iter().map(|place| doc.tokens_between(place.start, place.end));
    let mut trace = Trace::of(tokens.collect()).with_nearest();
    let (doc, _) = run(&Fields::of(rules), State::default(), text, Some(&mut trace));
    (doc, trace)
}

/// Runs every rule's own examples through all layers and steps.
#[must_use]
pub fn test_rules(rules: &RuleSet) -> Vec<RuleTest> {
    rules.test(annotate)
}

/// The text of a release, read with what its headline says of who speaks.
fn read<'t>(fields: &Fields<'_>, release: &'t Release) -> (Doc<'t>, State) {
    let headline = release.headline.as_deref().and_then(|line| author::Headline::of(fields, line));
    let issuer = release.issuer.clone();
    run(fields, State { issuer, headline, ..State::default() }, &release.text, None)
}

fn run<'t>(
    fields: &Fields<'_>,
    mut state: State,
    text: &'t str,
    trace: Option<&mut Trace>,
) -> (Doc<'t>, State) {
    let rules = fields.rules;
    let mut doc = Doc::new(text, rules);
    let mut steps = |step: &str, doc: &mut Doc<'_>| match step {
        "definitions" => definitions::find(fields, doc, &mut state),
        "bodies" => bodies::find(fields, doc, &mut state),
        "people" => people::find(fields, doc, &mut state),
        "subjects" => subjects::find(fields, doc, &mut state),
        // A rule set may name a step of a later program: its layers still run.
        _ => {}
    };
    match trace {
        None => rules.annotate(&mut doc, &mut steps),
        Some(trace) => rules.annotate_traced(&mut doc, &mut steps, trace),
    }
    (doc, state)
}
