//! Everything said of one release. Fields follow `chancery/1`, the record format.

use serde::{Deserialize, Serialize};

use crate::{Release, Span};

/// The confidence of a fact that nobody weighed: records of older programs have none.
const fn unweighed() -> u8 {
    50
}

/// How a mention names its person or body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MentionKind {
    /// The fullest form of the name.
    Full,
    /// A shorter form of the name.
    Short,
    /// The short form that the text defines (`ENPO`).
    Acronym,
    /// A post alone (`the Minister`).
    Title,
    /// A pronoun.
    Pronoun,
}

/// One place in the text that names a person or a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// Where it stands.
    #[serde(flatten)]
    pub span: Span,
    /// How it names.
    pub kind: MentionKind,
}

/// A role in a body or for a portfolio, held by a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// The words of the post as they stand; null for somebody `from` a body.
    pub title: Option<String>,
    /// Id of an organization of the same record.
    pub organization: Option<String>,
    /// English name of the country that the post's words or its body's name tell.
    pub country: Option<String>,
    /// Class of the title, independent of wording: `deputy-minister`.
    pub role: Option<String>,
    /// `acting`, `interim`.
    pub acting: bool,
    /// `former`, `outgoing`.
    pub former: bool,
    /// How sure it is that this person holds this post, in words and body as given: 0 to 100.
    #[serde(default = "unweighed")]
    pub confidence: u8,
    /// Where the title stands (the body, where there is no title).
    #[serde(flatten)]
    pub span: Span,
    /// Id of the rule that found it.
    pub rule: String,
}

/// A named human being; an official where `posts` is not empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// `p1`, `p2`, … local to the record, in order of first mention.
    pub id: String,
    /// The fullest form in the text.
    pub name: String,
    /// Where the text names the person, in order.
    pub mentions: Vec<Mention>,
    /// Posts that the text gives; empty for persons that are no officials.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub posts: Vec<Post>,
    /// How sure it is that this is a person's whole name: 0 to 100.
    #[serde(default = "unweighed")]
    pub confidence: u8,
    /// Id of the rule that found the first mention.
    pub rule: String,
}

/// A named body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// `g1`, `g2`, … local to the record, in order of first mention.
    pub id: String,
    /// The fullest form in the text.
    pub name: String,
    /// The short form that the text ties to it.
    pub acronym: Option<String>,
    /// Class of the head noun: `ministry`, `agency`, `company`, …
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Country that its words, or those beside it, name.
    pub country: Option<String>,
    /// Id of the body that it is part of.
    pub parent: Option<String>,
    /// Where the text names it, in order.
    pub mentions: Vec<Mention>,
    /// How sure it is that this is a body, under its whole name and acronym: 0 to 100.
    #[serde(default = "unweighed")]
    pub confidence: u8,
    /// Id of the rule that found it.
    pub rule: String,
}

/// The word that makes a passage a statement or a proposal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cue {
    /// Where it stands.
    #[serde(flatten)]
    pub span: Span,
    /// Its words.
    pub text: String,
}

/// A passage in which an actor puts forward a course of action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// `q1`, `q2`, … local to the record.
    pub id: String,
    /// Digest of release, kind, normalized passage and its occurrence: survives a change of rules.
    pub key: String,
    /// How sure it is that this actor proposes just this passage: 0 to 100.
    pub confidence: u8,
    /// Canonical name of the person or body, or a collective's words.
    pub proposer: Option<String>,
    /// Id of the person or body; null for a collective.
    pub proposer_id: Option<String>,
    /// `propose`, `recommend`, `call`, `offer`, `request`, `invite` or `instruct`.
    pub act: String,
    /// The words that make it a proposal.
    pub cue: Cue,
    /// What is proposed.
    #[serde(flatten)]
    pub span: Span,
    /// Its words.
    pub text: String,
    /// Whom it is put to, as the text names them.
    pub to: Vec<String>,
    /// Ids of bodies named in the passage.
    pub about: Vec<String>,
    /// Whether it stands in quotation marks.
    pub direct: bool,
    /// Id of the rule that found it.
    pub rule: String,
}

/// A passage that the text attributes to a speaker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// `s1`, `s2`, … local to the record.
    pub id: String,
    /// As for a proposal.
    pub key: String,
    /// How sure it is that this speaker says just this passage: 0 to 100.
    pub confidence: u8,
    /// Canonical name of the person or body, or a collective's words.
    pub speaker: Option<String>,
    /// Id of the person or body; null for a collective.
    pub speaker_id: Option<String>,
    /// Class of the cue: `state`, `stress`, `explain`, `praise`, …
    pub act: String,
    /// The reporting word.
    pub cue: Cue,
    /// What is said, without quotation marks at its ends.
    #[serde(flatten)]
    pub span: Span,
    /// Its words.
    pub text: String,
    /// Whether it stands in quotation marks.
    pub direct: bool,
    /// Id of the rule that found it.
    pub rule: String,
}

/// The place and date at the head of a text: `CAIRO, 2 March 2021 –`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dateline {
    /// The place, as it stands.
    pub place: String,
    /// The date, `YYYY-MM-DD`; null where it has no year.
    pub date: Option<String>,
    /// Where both stand.
    #[serde(flatten)]
    pub span: Span,
    /// Id of the rule that found it.
    pub rule: String,
}

/// What a record was made with: digests over sorted relative paths and bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProducedBy {
    /// Program and version.
    pub program: String,
    /// Digest of the rule set; null where no rule set knows the language.
    pub rules: Option<String>,
    /// Digest of the sources.
    pub sources: Option<String>,
    /// Digest of the human decisions.
    pub decisions: Option<String>,
}

/// Everything said of one release, as one line of JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// `chancery/1`.
    pub schema: String,
    /// The release itself.
    #[serde(flatten)]
    pub release: Release,
    /// Place and date at the head of the text.
    #[serde(default)]
    pub dateline: Option<Dateline>,
    /// Named persons with a post.
    pub officials: Vec<Person>,
    /// Named persons without one.
    pub persons: Vec<Person>,
    /// Named bodies.
    pub organizations: Vec<Organization>,
    /// What was proposed.
    pub proposals: Vec<Proposal>,
    /// What was said.
    pub statements: Vec<Statement>,
    /// What made this record.
    pub produced_by: ProducedBy,
}

impl Record {
    /// The schema's name.
    pub const SCHEMA: &'static str = "chancery/1";

    /// A record of `release` without facts.
    #[must_use]
    pub fn new(release: Release, program: &str) -> Self {
        Self {
            schema: Self::SCHEMA.into(),
            release,
            dateline: None,
            officials: Vec::new(),
            persons: Vec::new(),
            organizations: Vec::new(),
            proposals: Vec::new(),
            statements: Vec::new(),
            produced_by: ProducedBy { program: program.into(), ..ProducedBy::default() },
        }
    }

    /// Officials and persons, in that order.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        self.officials.iter().chain(&self.persons)
    }

    /// The person with this id.
    #[must_use]
    pub fn person(&self, id: &str) -> Option<&Person> {
        self.people().find(|person| person.id == id)
    }

    /// The body with this id.
    #[must_use]
    pub fn organization(&self, id: &str) -> Option<&Organization> {
        self.organizations.iter().find(|body| body.id == id)
    }

    /// Every span of the record, to be rewritten in place.
    pub(crate) fn each_span(&mut self, mut visit: impl FnMut(&mut Span)) {
        self.dateline.iter_mut().for_each(|line| visit(&mut line.span));
        for person in self.officials.iter_mut().chain(&mut self.persons) {
            person.mentions.iter_mut().for_each(|m| visit(&mut m.span));
            person.posts.iter_mut().for_each(|p| visit(&mut p.span));
        }
        for body in &mut self.organizations {
            body.mentions.iter_mut().for_each(|m| visit(&mut m.span));
        }
        for p in &mut self.proposals {
            visit(&mut p.cue.span);
            visit(&mut p.span);
        }
        for s in &mut self.statements {
            visit(&mut s.cue.span);
            visit(&mut s.span);
        }
    }
}
