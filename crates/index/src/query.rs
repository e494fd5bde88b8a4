//! What can be asked.

use crate::hit::Kind;

/// A question to the index. What is `None` does not narrow; an empty `words` with a filter lists what the filter
/// leaves, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Words that must all be found (by their stem), `"phrases"` as they stand, `-word` or `-"phrase"` not to be found.
    ///
    /// A fact is found by its passage, by the names of its speaker and by the speaker's posts; a release by its headline and text.
    pub words: String,
    /// Only documents of this kind.
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
    /// Only releases of an issuer of this country, by its English name.
    pub country: Option<String>,
    /// Only facts that are at least so sure, 0 to 100: whole releases are none.
    pub min_confidence: Option<u8>,
    /// How many hits to give; 0 only counts.
    pub limit: usize,
    /// How many hits to pass over first.
    pub offset: usize,
}

impl Default for Query {
    /// Asks for nothing yet, and for the first ten hits of it.
    fn default() -> Self {
        Self {
            words: String::new(),
            kind: None,
            by: None,
            org: None,
            since: None,
            until: None,
            source: None,
            country: None,
            min_confidence: None,
            limit: 10,
            offset: 0,
        }
    }
}
