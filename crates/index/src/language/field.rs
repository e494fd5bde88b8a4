//! The fields that a query can name.

/// A field, written `name:value`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// Statements of this speaker.
    SaidBy,
    /// Proposals of this proposer.
    ProposedBy,
    /// What somebody says, proposes or holds.
    Who,
    /// Words of the title or body of the speaker's post.
    Post,
    /// Class of that post: `minister`, `deputy-minister`, …
    Role,
    /// A body: what it says, what its people say, and what names it.
    Org,
    /// Country of the speaker's post or body, else of the issuer.
    Country,
    /// Kind of what is found.
    Kind,
    /// Class of the cue: `stress`, `pledge`, `propose`, …
    Act,
    /// Whether the passage stands in quotation marks.
    Direct,
    /// Id of the source.
    Source,
    /// Language of the release.
    Lang,
    /// To whom a proposal is put.
    AddressedTo,
    /// Released on this day or later.
    Since,
    /// Released on this day or earlier.
    Until,
    /// Released on this day, or in this month or year.
    On,
    /// What the passage, or the headline of a release, speaks of.
    About,
    /// What the release has.
    Has,
    /// Type of the release.
    Type,
    /// How sure a fact is.
    Confidence,
}

/// Each field: its name, other names that are understood, an example of a value.
const NAMES: [(Field, &str, &[&str], &str); 20] = [
    (Field::SaidBy, "said-by", &["speaker"], "Talaat"),
    (Field::ProposedBy, "proposed-by", &["proposer"], "Talaat"),
    (Field::Who, "who", &["by"], "\"Adel Talaat\""),
    (Field::Post, "post", &["title"], "\"health minister\""),
    (Field::Role, "role", &[], "minister"),
    (Field::Org, "org", &["organization", "body"], "NPA"),
    (Field::Country, "country", &[], "Egypt"),
    (Field::Kind, "kind", &[], "statement"),
    (Field::Act, "act", &[], "pledge"),
    (Field::Direct, "direct", &[], "yes"),
    (Field::Source, "source", &[], "eg-mcit"),
    (Field::Lang, "lang", &["language"], "en"),
    (Field::AddressedTo, "addressed-to", &["to"], "Parliament"),
    (Field::Since, "since", &["from"], "2021-03"),
    (Field::Until, "until", &[], "2021-03-31"),
    (Field::On, "on", &["date"], "2021-03"),
    (Field::About, "about", &[], "harbour"),
    (Field::Has, "has", &[], "proposal"),
    (Field::Type, "type", &[], "speech"),
    (Field::Confidence, "confidence", &[], ">80"),
];

impl Field {
    /// All fields, in the order in which they are explained.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|(field, ..)| *field)
    }

    fn row(self) -> &'static (Self, &'static str, &'static [&'static str], &'static str) {
        NAMES.iter().find(|(field, ..)| *field == self).expect("every field has a row")
    }

    /// As it is written before the colon.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// A value that it may have, as it is written behind the colon.
    #[must_use]
    pub fn example(self) -> &'static str {
        self.row().3
    }

    /// The field of this name, whatever its case; `_` is read as `-`.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase().replace('_', "-");
        let row =
            NAMES.iter().find(|(_, known, others, _)| *known == name || others.contains(&name.as_str()));
        row.map(|(field, ..)| *field)
    }

    /// The name of a field that is spelt like `name`, if there is one.
    pub(crate) fn near(name: &str) -> Option<&'static str> {
        nearest(&name.to_lowercase(), NAMES.iter().map(|(_, known, ..)| *known))
    }
}

/// The word that is spelt most like `word`, where one is near enough to be meant, else one that is part of it or of which
/// it is part.
pub(crate) fn nearest<'w>(word: &str, words: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let all: Vec<&str> = words.into_iter().collect();
    let near = all.iter().map(|known| (strsim::osa_distance(word, &known.to_lowercase()), *known));
    let (distance, known) = near.min_by_key(|(distance, known)| (*distance, *known))?;
    if distance <= known.chars().count().div_ceil(4) {
        return Some(known);
    }
    let has = |whole: &str, part: &str| part.chars().count() > 1 && whole.starts_with(part);
    let begins = |known: &&str| has(&known.to_lowercase(), word) || has(word, &known.to_lowercase());
    all.into_iter().filter(begins).min_by_key(|known| known.len())
}
