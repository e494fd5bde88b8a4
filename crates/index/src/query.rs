//! What can be asked.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::hit::Kind;
use crate::known::KnownAs;
use crate::lists::Lists;

/// A question to the index. What is `None` does not narrow; an empty `words` with a filter lists what the filter
/// leaves, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// A query of the query language ([`crate::parse`]): words, `"phrases"`, fields such as `who:Talaat`.
    ///
    /// A fact is found by its passage, by the names of its speaker and by the speaker's posts; a release by its headline and text.
    pub words: String,
    /// What else those are called whom it names; see [`Query::names_asked`].
    pub known_as: KnownAs,
    /// What its fields may ask for beside what the index holds; see [`crate::Index::unheld`].
    pub lists: Lists,
    /// The ids of the releases that are gone from their sites, for `has:gone`; see [`Query::asks_for_gone`].
    pub gone: Vec<String>,
    /// What to do with mistakes in it.
    pub mode: Mode,
    /// Only documents of this kind. Bodies are found only where they are asked for, here or by `kind:body`.
    pub kind: Option<Kind>,
    /// Only facts by this speaker, proposer or official: all words of the name, in any order and spelling.
    pub by: Option<String>,
    /// Only what this body says, what its people say, and what names it: acronym, or words of one of its names.
    pub org: Option<String>,
    /// Only releases of this day or later: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. Undated releases are left out.
    pub since: Option<String>,
    /// Only releases of this day or earlier, written alike; an incomplete date includes its last day.
    pub until: Option<String>,
    /// Only releases of the source with this id.
    pub source: Option<String>,
    /// Only what is of this country, by its English name: that of the speaker's post or body, else of the issuer.
    pub country: Option<String>,
    /// Only facts that are at least so sure, 0 to 100: whole releases are none.
    pub min_confidence: Option<u8>,
    /// The order of the hits.
    pub sort: Sort,
    /// Whether hits of one release come together.
    pub grouping: Grouping,
    /// Only what comes after this place, the `next` of an earlier answer.
    pub after: Option<String>,
    /// What to count the values of.
    pub facets: Vec<Facet>,
    /// Whether to count by month.
    pub timeline: bool,
    /// How many hits to give (releases, where they are grouped); 0 only counts.
    pub limit: usize,
    /// How many hits to pass over first.
    pub offset: usize,
    /// What to do with hits whose record cannot be read.
    pub damage: Damage,
}

impl Default for Query {
    /// Asks for nothing yet, and for the first ten hits of it.
    fn default() -> Self {
        Self {
            words: String::new(),
            known_as: KnownAs::default(),
            lists: Lists::default(),
            gone: Vec::new(),
            mode: Mode::Strict,
            kind: None,
            by: None,
            org: None,
            since: None,
            until: None,
            source: None,
            country: None,
            min_confidence: None,
            sort: Sort::Relevance,
            grouping: Grouping::None,
            after: None,
            facets: Vec::new(),
            timeline: false,
            limit: 10,
            offset: 0,
            damage: Damage::Fails,
        }
    }
}

/// What to do with hits whose record cannot be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Damage {
    /// The answer is an error: the index can be made again, and knows then where the record lies.
    #[default]
    Fails,
    /// They are left out and told beside the answer: for archives that may not be written.
    IsTold,
}

/// What to do with mistakes in a query.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// They are errors.
    #[default]
    Strict,
    /// They are mended or left out, and told beside the answer: for search boxes.
    Forgiving,
}

/// Whether hits of one release come together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Grouping {
    /// Each for itself.
    #[default]
    None,
    /// Releases in the order of their best hits, each with its first hits.
    Release,
}

/// The order of hits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Best first; where only filters were given, newest first.
    #[default]
    Relevance,
    /// Newest first, undated last.
    Newest,
    /// Oldest first, undated last.
    Oldest,
    /// Surest first, releases last.
    Confidence,
    /// By the identity of the release: an order that no new release changes for the others.
    Id,
}

/// What can be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Facet {
    /// Kind of hit.
    Kind,
    /// Speaker, proposer or official, as named.
    Speaker,
    /// Class of the speaker's posts.
    Role,
    /// Body of the speaker.
    Body,
    /// Country of the speaker's post or body, else of the issuer.
    Country,
    /// Class of the cue.
    Act,
    /// Id of the source.
    Source,
    /// Year of the release.
    Year,
    /// Language of the release.
    Language,
}

impl Sort {
    /// All orders.
    pub const ALL: [Self; 5] = [Self::Relevance, Self::Newest, Self::Oldest, Self::Confidence, Self::Id];

    /// The word for it, as in `--sort`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Relevance => "relevance",
            Self::Newest => "newest",
            Self::Oldest => "oldest",
            Self::Confidence => "confidence",
            Self::Id => "id",
        }
    }
}

impl FromStr for Sort {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|sort| sort.as_str() == word);
        known.ok_or_else(|| {
            format!("there is no order `{word}`: write relevance, newest, oldest, confidence or id")
        })
    }
}

impl Facet {
    /// All facets, in the order in which they are told.
    pub const ALL: [Self; 9] = [
        Self::Kind,
        Self::Speaker,
        Self::Role,
        Self::Body,
        Self::Country,
        Self::Act,
        Self::Source,
        Self::Year,
        Self::Language,
    ];

    /// The word for it, as in `--facets`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Speaker => "speaker",
            Self::Role => "role",
            Self::Body => "body",
            Self::Country => "country",
            Self::Act => "act",
            Self::Source => "source",
            Self::Year => "year",
            Self::Language => "language",
        }
    }

    /// Its place in [`Facet::ALL`].
    pub(crate) fn number(self) -> usize {
        Self::ALL.iter().position(|facet| *facet == self).unwrap_or_default()
    }

    /// Whether only releases have it, each one value: facts have that of their release.
    pub(crate) const fn is_of_releases(self) -> bool {
        matches!(self, Self::Source)
    }

    /// The column of the index that holds its values; years are counted from dates.
    pub(crate) const fn column(self) -> Option<&'static str> {
        match self {
            Self::Kind => Some("kind"),
            Self::Speaker => Some("speaker"),
            Self::Role => Some("role"),
            Self::Body => Some("body"),
            Self::Country => Some("country_name"),
            Self::Act => Some("act"),
            Self::Source => Some("source"),
            Self::Year => None,
            Self::Language => Some("lang"),
        }
    }
}

impl fmt::Display for Facet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Facet {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|facet| facet.as_str() == word);
        known.ok_or_else(|| {
            let all = Self::ALL.map(Self::as_str).join(", ");
            format!("there is no facet `{word}`: write one or more of {all}")
        })
    }
}
